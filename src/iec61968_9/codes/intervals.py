"""From the time stamp of an interval reading to the interval itself.

A message gives an interval one time. By the standard's convention that is its end; some systems agree on its start, so
the choice is the caller's and visible. The length comes from the reading type. Across a change to or from summer time
the interval keeps its true length.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum

from iec61968_9.codes.reading_type import ReadingTypeCode

__all__ = ["Stamp", "interval_bounds"]


class Stamp(StrEnum):
    """What the time stamp of an interval reading marks."""

    END = "end"
    """The end of the interval: the convention."""
    START = "start"
    """The start of the interval, where the partners agreed on it."""


def interval_bounds(
    code: ReadingTypeCode, time: datetime, stamp: Stamp = Stamp.END
) -> tuple[datetime, datetime] | None:
    """Return the start and the end of the interval of a reading, or None where the code tells no length.

    Args:
        code: The reading type.
        time: The reading's time stamp. The bounds are in its time zone; one without a zone is counted as it stands.
        stamp: What the time stamp marks.
    """
    length = code.interval
    if length is None:
        return None
    if stamp is Stamp.START:
        length = -length
    other = time - length if time.tzinfo is None else (time.astimezone(UTC) - length).astimezone(time.tzinfo)
    return (other, time) if stamp is Stamp.END else (time, other)
