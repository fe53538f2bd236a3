"""Following exchanges: what is known of each, and of each object that was asked about."""
