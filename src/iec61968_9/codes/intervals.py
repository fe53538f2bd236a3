"""From what a message says of a reading's time to the interval that the reading covers.

A message gives an interval reading one time stamp, a period, or both. By the standard's convention the stamp is the
interval's end; some systems agree on its start, so the choice is the caller's and visible. A period that the message
states wins over what would follow from the stamp, and where the two differ, that is said. The length comes from the
reading type. Across a change to or from summer time an interval keeps its true length.
"""

from __future__ import annotations

import functools
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import NamedTuple

from iec61968_9.codes.reading_type import ReadingTypeCode
from iec61968_9.codes.reading_type_enums import MacroPeriod

__all__ = ["Basis", "Covered", "Doubt", "Stamp", "covered", "interval_bounds", "length_of"]

_NO_CALENDAR = frozenset({MacroPeriod.NOT_APPLICABLE, MacroPeriod.SPECIFIED_PERIOD})


class Stamp(StrEnum):
    """What the time stamp of an interval reading marks."""

    END = "end"
    """The end of the interval: the convention."""
    START = "start"
    """The start of the interval, where the partners agreed on it."""


class Basis(StrEnum):
    """Where the start and the end of a reading come from."""

    TIME_PERIOD = "timePeriod"
    """The reading's own ``timePeriod``; if it has only one bound, the other by the length that the code tells."""
    STAMP_AT_END = "timeStamp at the end"
    """The time stamp, taken as the end, and the length that the code tells."""
    STAMP_AT_START = "timeStamp at the start"
    """The time stamp, taken as the start, and the length that the code tells."""
    VALUES_INTERVAL = "valuesInterval"
    """The span of the whole set: the reading has no time of its own, and falls somewhere into it."""


class Doubt(StrEnum):
    """What in a reading's times contradicts itself."""

    STAMP = "the time stamp is not where the timePeriod has it"
    """``timeStamp`` is not the bound of ``timePeriod`` that it should mark; ``timePeriod`` was taken."""
    LENGTH = "the timePeriod is not as long as the reading type says"
    """``timePeriod`` was taken."""
    ORDER = "the timePeriod ends before it starts"
    """It was taken as it stands."""
    ZONE = "the times are given with a zone and without"
    """They cannot be compared."""


class Covered(NamedTuple):
    """The time that a reading covers.

    Attributes:
        start: When it starts; None where nothing tells.
        end: When it ends; None where nothing tells.
        basis: What they were worked out from; None where there is nothing.
        doubts: What contradicts itself.
    """

    start: datetime | None
    end: datetime | None
    basis: Basis | None
    doubts: tuple[Doubt, ...] = ()


_NOTHING = Covered(None, None, None)


def interval_bounds(
    code: ReadingTypeCode, time: datetime, stamp: Stamp = Stamp.END
) -> tuple[datetime, datetime] | None:
    """Return the start and the end of the interval of a reading, or None where the code tells no length for it.

    Args:
        code: The reading type.
        time: The reading's time stamp. The bounds are in its time zone; one without a zone is counted as it stands.
        stamp: What the time stamp marks.
    """
    length = length_of(code)
    if length is None:
        return None
    other = _moved(time, -length if stamp is Stamp.END else length)
    if other is None:
        return None
    return (other, time) if stamp is Stamp.END else (time, other)


@functools.lru_cache(maxsize=1024)
def length_of(code: ReadingTypeCode) -> timedelta | None:
    """Return how long the interval of a reading is, or None where the code does not tell.

    A value that speaks of a day, a month or a billing period covers that, whatever the period of its measurement; and
    none of these has a fixed length.
    """
    return code.interval if code.macro_period in _NO_CALENDAR else None


def covered(
    length: timedelta | None,
    stamp: Stamp,
    time: datetime | None,
    period: tuple[datetime | None, datetime | None],
    span: tuple[datetime | None, datetime | None],
) -> Covered:
    """Work out what time a reading covers.

    Args:
        length: How long its interval is, by its code; None where that tells none.
        stamp: What the time stamp of an interval reading marks.
        time: Its ``timeStamp``.
        period: Start and end of its ``timePeriod``.
        span: Start and end of the ``valuesInterval`` of the set that it belongs to.
    """
    if period != (None, None):
        return _stated(length, stamp, time, *period)
    if time is not None:
        if length is None:
            return _NOTHING
        if stamp is Stamp.END:
            return Covered(_moved(time, -length), time, Basis.STAMP_AT_END)
        return Covered(time, _moved(time, length), Basis.STAMP_AT_START)
    start, end = span
    whole = start is not None and end is not None and _elapsed(start, end) == length
    return (
        Covered(start, end, Basis.VALUES_INTERVAL) if span != (None, None) and (whole or length is None) else _NOTHING
    )


def _stated(
    length: timedelta | None, stamp: Stamp, time: datetime | None, start: datetime | None, end: datetime | None
) -> Covered:
    """Take the bounds from a ``timePeriod``, and hold them to the length and the time stamp."""
    doubts: list[Doubt] = []
    if start is not None and end is not None:
        elapsed = _elapsed(start, end)
        if elapsed is None:
            doubts.append(Doubt.ZONE)
        elif elapsed < timedelta(0):
            doubts.append(Doubt.ORDER)
        elif length is not None and elapsed != length:
            doubts.append(Doubt.LENGTH)
    elif length is not None and end is not None:
        start = _moved(end, -length)
    elif length is not None and start is not None:
        end = _moved(start, length)
    marked = end if stamp is Stamp.END else start
    if length is not None and time is not None and marked is not None:
        apart = _elapsed(marked, time)
        if apart is None and Doubt.ZONE not in doubts:
            doubts.append(Doubt.ZONE)
        elif apart:
            doubts.append(Doubt.STAMP)
    return Covered(start, end, Basis.TIME_PERIOD, tuple(doubts))


def _moved(time: datetime, by: timedelta) -> datetime | None:
    """Return a time moved by what really elapses, or None where the calendar ends (the year 1, sent for "never")."""
    try:
        if time.tzinfo is None or isinstance(time.tzinfo, timezone):
            return time + by
        return (time.astimezone(UTC) + by).astimezone(time.tzinfo)
    except OverflowError:
        return None


def _elapsed(start: datetime, end: datetime) -> timedelta | None:
    """Return what really elapses between two times, or None where one has a zone and the other has not."""
    if (start.tzinfo is None) != (end.tzinfo is None):
        return None
    if start.tzinfo is not end.tzinfo or start.tzinfo is None:
        return end - start
    return end.replace(tzinfo=None) - start.replace(tzinfo=None) + (_offset(start) - _offset(end))


def _offset(time: datetime) -> timedelta:
    return time.utcoffset() or timedelta(0)
