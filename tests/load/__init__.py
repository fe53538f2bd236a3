"""What the library does under load: programs that measure it, and small parts of them as tests."""
