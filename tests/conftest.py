"""What all tests share: how hypothesis works, and the flag that refreshes golden files.

Hypothesis has no deadlines and does not ask how long drawing takes, as a busy machine misses both; in CI it tries the
same examples every time.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "house",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    """``pytest tests/generator --update-golden`` writes what comes out now over golden files, for review as a diff."""
    parser.addoption("--update-golden", action="store_true", help="refresh the golden files of the tests that are run")
