"""The readings of a message as flat records: each with its meter, code, time, interval, value and qualities.

Single readings and those of interval blocks come alike, in the order of the message. What the message says is on the
record as it stands; what is worked out (the code, the interval) says from what. A record is made of every reading, also
of one whose code cannot be read: asking it for that code is what raises. Works by the members' names, so that classes
of any generated package will do, and item by item, so that a stream of any length takes constant memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeAlias

import attrs

from iec61968_9.codes.intervals import Basis, Doubt, Stamp, covered, length_of
from iec61968_9.codes.profile_objects import Identified
from iec61968_9.codes.reading_quality import ReadingQualityCode
from iec61968_9.codes.reading_type import ReadingTypeCode
from iec61968_9.codes.resolver import Citation, CodeResolver
from iec61968_9.codes.values import Value

__all__ = ["HasMeterReadings", "HasReadings", "QualityRecord", "ReadingRecord", "iter_readings"]


_Bounds: TypeAlias = tuple[datetime | None, datetime | None]
_UNKNOWN: _Bounds = (None, None)


class HasReadings(Protocol):
    """A ``MeterReading`` of whichever profile or package."""

    @property
    def readings(self) -> Sequence[object]:
        """Its ``Readings``."""
        ...


class HasMeterReadings(Protocol):
    """A ``MeterReadings`` payload of whichever package."""

    @property
    def meter_reading(self) -> Sequence[HasReadings]:
        """Its items."""
        ...


@attrs.frozen
class QualityRecord:
    """What somebody thinks of a reading.

    Attributes:
        cited: The quality that the message cites.
        comment: What was written beside it, or None.
        source: Who judged, or None.
        time: When, or None.
    """

    cited: Citation[ReadingQualityCode]
    comment: str | None
    source: str | None
    time: datetime | None

    @property
    def code(self) -> ReadingQualityCode:
        """The quality.

        Raises:
            CodeError: What the message cites is none.
        """
        return self.cited.code

    def __str__(self) -> str:
        """The code, as the message has it."""
        return str(self.cited)


@attrs.frozen
class ReadingRecord:
    """One reading of a message.

    Attributes:
        meter: The meter, as the message has it, or None.
        usage_point: The usage point, likewise.
        cited: The reading type that the message cites.
        time: The time stamp, as it stands; None where there is none.
        start: When what was measured starts, or None where nothing tells.
        end: When it ends, or None where nothing tells.
        basis: What start and end were worked out from, the caller's choice for time stamps included.
        doubts: What in the times contradicts itself.
        text: The value, as it stands; None where there is none.
        qualities: What somebody thinks of it; none at all says nothing.
        reason: Why it was taken, or None.
        source: Where the value comes from, or None.
        reported: When the collecting system reported it, or None.
        pending: The ``PendingCalculation`` that is still to be applied to the value, or None where it is ready for use.
    """

    meter: Identified | None
    usage_point: Identified | None
    cited: Citation[ReadingTypeCode]
    time: datetime | None
    start: datetime | None
    end: datetime | None
    basis: Basis | None
    doubts: tuple[Doubt, ...]
    text: str | None
    qualities: tuple[QualityRecord, ...]
    reason: str | None
    source: str | None
    reported: datetime | None
    pending: object

    @property
    def code(self) -> ReadingTypeCode:
        """The reading type.

        Raises:
            CodeError: What the message cites is none.
        """
        return self.cited.code

    @property
    def value(self) -> Value | None:
        """The value with its meaning: an exact number in display and in base units; None where there is no value.

        Raises:
            CodeError: What the message cites is no reading type.
        """
        return None if self.text is None else Value(self.text, self.code)

    @property
    def meter_id(self) -> str | None:
        """The meter's mRID, or else its name; None where it has neither, or several names: choose from ``meter``."""
        return _identity(self.meter)

    @property
    def usage_point_id(self) -> str | None:
        """The usage point's mRID, or else its name, as with the meter."""
        return _identity(self.usage_point)


def iter_readings(
    source: HasMeterReadings | HasReadings | Iterable[HasReadings],
    *,
    stamp: Stamp = Stamp.END,
    resolver: CodeResolver | None = None,
) -> Iterator[ReadingRecord]:
    """Yield the readings of a message as flat records.

    Args:
        source: The payload; or a ``MeterReading``; or any number of them, such as the stream that ``iter_xml`` gives.
        stamp: What the time stamp of an interval reading marks: its end, unless the partners agreed on its start. A
            ``timePeriod`` in the message wins; ``basis`` on the record says which was used.
        resolver: Knows the codes that are not dotted codes but point at definitions. By default it is made of the
            payload; to a single ``MeterReading`` or a stream, only dotted codes are known without one.

    Raises:
        TypeError: The source is none of these; of a message, give what it carries, ``message.content``.
    """
    items: Any = source
    if hasattr(source, "meter_reading"):
        items = items.meter_reading
        resolver = resolver or CodeResolver(source)
    elif hasattr(source, "readings"):
        items = (source,)
    elif not isinstance(source, Iterable):
        msg = f"{type(source).__name__} is no payload with readings, no MeterReading, and not several of these"
        raise TypeError(msg + ("; give what it carries: message.content" if hasattr(source, "payload") else ""))
    resolver = resolver or CodeResolver()
    for item in items:
        yield from _records(item, resolver, stamp)


def _records(item: Any, resolver: CodeResolver, stamp: Stamp) -> Iterator[ReadingRecord]:
    """Yield the records of a ``MeterReading``."""
    whose = getattr(item, "meter", None), getattr(item, "usage_point", None)
    span = _bounds(getattr(item, "values_interval", None))
    for block in getattr(item, "interval_blocks", ()):
        cited = resolver.cite(block.reading_type, ReadingTypeCode)
        for reading in block.interval_readings:
            if not _is_empty(reading):
                yield _record(reading, whose, cited, block.pending_calculation, span, resolver, stamp)
    for reading in item.readings:
        if reading.reading_type is not None or not _is_empty(reading):
            cited = resolver.cite(reading.reading_type, ReadingTypeCode)
            yield _record(reading, whose, cited, None, span, resolver, stamp)


def _record(
    reading: Any,
    whose: tuple[Identified | None, Identified | None],
    cited: Citation[ReadingTypeCode],
    pending: object,
    span: _Bounds,
    resolver: CodeResolver,
    stamp: Stamp,
) -> ReadingRecord:
    """Make the record of a ``Reading`` or an ``IntervalReading``."""
    length = length_of(cited.code) if cited.is_readable else None
    start, end, basis, doubts = covered(length, stamp, reading.time_stamp, _bounds(reading.time_period), span)
    return ReadingRecord(
        *whose,
        cited,
        reading.time_stamp,
        start,
        end,
        basis,
        doubts,
        reading.value,
        tuple(_quality(quality, resolver) for quality in reading.reading_qualities),
        getattr(reading, "reason", None),
        reading.source,
        reading.reported_date_time,
        pending,
    )


def _quality(quality: Any, resolver: CodeResolver) -> QualityRecord:
    """Make the record of a ``ReadingQuality``."""
    cited = resolver.cite(quality.reading_quality_type, ReadingQualityCode)
    return QualityRecord(cited, quality.comment, quality.source, quality.time_stamp)


def _bounds(period: Any) -> _Bounds:
    """Return the start and the end of a ``DateTimeInterval``."""
    return _UNKNOWN if period is None else (period.start, period.end)


def _is_empty(reading: Any) -> bool:
    """Whether a reading is an empty shell, as some systems send them: it says nothing at all."""
    if reading.value is not None or reading.reading_qualities or reading.kept is not None:
        return False
    others = (reading.time_stamp, reading.time_period, reading.source, reading.reported_date_time)
    return all(other is None for other in others)


def _identity(described: Identified | None) -> str | None:
    if described is None or described.mrid:
        return None if described is None else described.mrid
    names = {name.name for name in described.names if name.name}
    return names.pop() if len(names) == 1 else None
