"""All of it, one after the other: ``make load``. An hour on a busy machine; each part is a module to run alone."""

from __future__ import annotations

import sys

from tests.load import messages, streams, threads


def main() -> int:
    """Print all tables; 0 if nothing was lost and every thread got what one gets."""
    return max(streams.main([]), messages.main([]), threads.main([]))


if __name__ == "__main__":
    sys.exit(main())
