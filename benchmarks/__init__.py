"""How fast the library is, side by side with the alternatives: ``python -m benchmarks``."""
