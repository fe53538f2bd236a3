"""The programs that measure streams and messages, with little to do: nothing is lost through two processes."""

from __future__ import annotations

import pytest
from tests.load import messages, streams
from tests.load.measuring import slope

METERS = 40


@pytest.mark.parametrize("form", ["bare", "enveloped"])
@pytest.mark.parametrize("mode", ["strict", "lenient"])
def test_all_that_comes_through_a_pipe_is_read(form: str, mode: str) -> None:
    """Counted, and added up to the last digit."""
    _, found = streams.piped(["make", form, str(METERS)], ["read", mode, str(METERS)])
    assert streams.check(found, METERS)
    assert len(found["samples"]) == METERS


def test_all_that_is_written_into_a_pipe_is_read() -> None:
    maker, found = streams.written(METERS)
    assert streams.check(found, METERS)
    assert len(maker["samples"]) == METERS


def test_a_reading_that_is_lost_shows() -> None:
    """The check of the figures is one that can fail."""
    _, found = streams.piped(["make", "bare", str(METERS - 1)], ["read", "strict", str(METERS)])
    assert not streams.check(found, METERS)


def test_messages_in_a_row_are_measured() -> None:
    """Both ways; each sample has what it should."""
    for traced in (False, True):
        found = messages.run(160, traced=traced)
        assert len(found["samples"]) == len(found["times"]) == 100 // messages.PART
        assert bool(found["python"]) is traced


def test_a_slope_is_that_of_the_line_through_the_points() -> None:
    assert slope([(x, 3.0 * x + 5) for x in range(10)]) == pytest.approx(3)  # pyright: ignore[reportUnknownMemberType]  # pytest's
