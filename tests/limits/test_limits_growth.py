"""Time in proportion to the size, held without a clock: by how often the library's own Python code is entered.

Work that lxml does inside one call is not seen here; ``make growth`` measures it, and what libxml2 is let find is
counted in the tests of crowds.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from tests.limits.growth import CASES, main

from iec61968_9 import DecodeError

SEEN = {"call", "c_call"}


def events(read: Callable[[bytes], object], data: bytes) -> int:
    """How many functions are called, of Python's and of C's, and generators resumed."""
    count = 0

    def seen(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in SEEN

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        read(data)
    except DecodeError:
        pass
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("name", CASES)
def test_four_times_as_much_takes_no_more_than_four_times_as_many_calls(name: str) -> None:
    smallest, make, read = CASES[name]
    smallest = max(smallest // 10, 400)
    read_once(read, make(smallest))
    few, many = (events(read, make(size)) for size in (smallest, 4 * smallest))
    assert many <= 5 * few + 1_000


def read_once(read: Callable[[bytes], object], data: bytes) -> None:
    """Load and compile what the first reading does."""
    try:
        read(data)
    except DecodeError:
        return


def test_the_program_prints_a_row_for_each_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--small", "--only", "digits of a second"]) in {0, 1}
    rows = capsys.readouterr().out.splitlines()
    assert len(rows) == 3
    assert rows[2].startswith("| digits of a second | 10,210 to 80,210 |")
