"""Checks of readings: whose they are, when they were taken, and whether they say anything."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Any, Final

from iec61968_9.codes.reading_quality_enums import QualitySystem
from iec61968_9.exchange.diagnosis._case import Case, Place, brief, check, found, hollow
from iec61968_9.identity import identify
from iec61968_9.xml.report import Finding

OUTSIDE: Final = QualitySystem.EXTERNALLY_SPECIFIED
"""The system under which partners number qualities of their own."""


def _meter_readings(case: Case) -> Iterator[Place]:
    for content in case.payloads("MeterReadings"):
        yield from content.place.each("MeterReading")


def _readings(meter_reading: Place) -> Iterator[tuple[Place, Any]]:
    """The readings of a MeterReading, single ones and those of blocks, each with the reading type's text."""
    for reading in meter_reading.each("Readings"):
        yield reading, reading.one("ReadingType").get("ref")
    for block in meter_reading.each("IntervalBlocks"):
        kind = block.one("ReadingType").get("ref")
        for reading in block.each("IntervalReadings"):
            yield reading, kind


@check("reading-of-nobody", "meter-repeated")
def readings_belong_to_somebody(case: Case) -> Iterator[Finding]:
    """A MeterReading names its meter or usage point (R25); several may name the same (T37)."""
    seen: set[Any] = set()
    for place in _meter_readings(case):
        if hollow(place.value):
            continue
        meter = place.one("Meter")
        if hollow(meter.value) and hollow(place.get("UsagePoint")):
            yield found("reading-of-nobody", place.path)
        if meter and not hollow(meter.value):
            identity = identify(meter.value)
            if identity in seen:
                yield found("meter-repeated", meter.path, f"{brief(identity)} has an earlier MeterReading")
            seen.add(identity)


@check("reading-without-value", "reading-without-time")
def readings_say_something(case: Case) -> Iterator[Finding]:
    """A reading has a value, and a time or a period (X1, T36)."""
    for place in _meter_readings(case):
        spanned = not hollow(place.get("valuesInterval"))
        for reading, _ in _readings(place):
            if hollow(reading.value):
                continue
            timed = reading.get("timeStamp") is not None or not hollow(reading.get("timePeriod"))
            valued = reading.text("value") is not None
            if not valued and not timed and not reading.get("ReadingQualities"):
                yield found("reading-without-value", reading.path)
            elif valued and not timed and not spanned:
                yield found("reading-without-time", reading.path)


@check("reading-times-contradict", "period-reversed")
def times_of_a_reading_agree(case: Case) -> Iterator[Finding]:
    """The time stamp is within the period and the interval of all values, and periods run forward (T36)."""
    for place in _meter_readings(case):
        around = place.one("valuesInterval")
        yield from _period(around)
        for reading, _ in _readings(place):
            stamp = reading.time("timeStamp")
            period = reading.one("timePeriod")
            yield from _period(period)
            outside = next((one.name for one in (period, around) if _is_outside(stamp, one)), None)
            if stamp is not None and outside is not None:
                said = f"the timeStamp is outside the {outside}"
                yield found("reading-times-contradict", reading.at("timeStamp"), said, stamp.isoformat())


def _is_outside(stamp: datetime.datetime | None, period: Place) -> bool:
    """Whether a time is before the start or after the end of a period, where that can be said."""
    start, end = period.time("start"), period.time("end")
    bounds = [one for one in (start, end) if one is not None]
    if stamp is None or any((one.tzinfo is None) != (stamp.tzinfo is None) for one in bounds):
        return False
    return (start is not None and stamp < start) or (end is not None and stamp > end)


def _period(period: Place) -> Iterator[Finding]:
    start, end = period.time("start"), period.time("end")
    if start is not None and end is not None and (start.tzinfo is None) == (end.tzinfo is None) and end < start:
        yield found("period-reversed", period.path, f"it ends {end.isoformat()} and starts {start.isoformat()}")


@check("reading-contradicted")
def a_reading_has_one_value(case: Case) -> Iterator[Finding]:
    """One message has one value for a meter, reading type and time (R7)."""
    values: dict[Any, str] = {}
    for place in _meter_readings(case):
        meter = place.get("Meter")
        if meter is None:
            continue
        identity = identify(meter)
        for reading, kind in _readings(place):
            stamp, value = reading.time("timeStamp"), reading.text("value")
            if stamp is None or value is None or kind is None:
                continue
            known = values.setdefault((identity, kind, stamp, reading.name), value)
            if known != value:
                yield found(
                    "reading-contradicted", reading.at("value"), f"an earlier reading says {brief(known)}", value
                )


@check("quality-with-comment", "quality-private")
def qualities_are_of_the_standard(case: Case) -> Iterator[Finding]:
    """Comments and private codes mean what partners agreed on (T38)."""
    for place in _meter_readings(case):
        for reading, _ in _readings(place):
            for quality in reading.each("ReadingQualities"):
                if quality.text("comment") is not None:
                    yield found("quality-with-comment", quality.at("comment"), source=quality.text("comment"))
                ref = quality.one("ReadingQualityType").text("ref") or ""
                match = re.fullmatch(r"0*+([0-9]*)\.([0-9]+)\.([0-9]+)", ref)
                if match and match[1] == str(int(OUTSIDE)):
                    yield found("quality-private", quality.at("ReadingQualityType/@ref"), source=ref)
