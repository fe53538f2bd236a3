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
from iec61968_9.xml import departures, document
from iec61968_9.xml.codec import Element
from iec61968_9.xml.lenient import LenientReading

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


class Compared(str):
    """A text that counts how often it is compared."""

    __slots__ = ()
    times = 0
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        Compared.times += 1
        return str.__eq__(self, other)


@pytest.mark.parametrize(
    "name",
    [
        "lenient: formats in lower case",
        "lenient: operation sets in another namespace",
        "lenient: ids and payloads in a request",
    ],
)
def test_in_an_envelope_names_are_compared_in_proportion_to_its_size(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def local_name(tag: object) -> str:
        return Compared(document.local_name(tag))

    def role(reading: LenientReading, element: Element) -> str | None:
        role = found(reading, element)
        return None if role is None else Compared(role)

    found = departures._role  # pyright: ignore[reportPrivateUsage]  # to count in it
    monkeypatch.setattr(departures, "local_name", local_name)
    monkeypatch.setattr(departures, "_role", role)

    def compared(size: int) -> int:
        Compared.times = 0
        read(make(size))
        return Compared.times

    _, make, read = CASES[name]
    assert compared(800) <= 5 * compared(200) + 1_000


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
