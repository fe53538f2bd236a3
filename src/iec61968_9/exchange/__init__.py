"""Messages that systems exchange: building them and understanding them (IEC 61968-100, without any I/O)."""
