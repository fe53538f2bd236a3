"""The server's side: what comes in is checked, and the refusal is ready."""
