"""How messages travel: bare, inside SOAP, under typed roots, as fields of a message queue."""
