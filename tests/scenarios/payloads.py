"""What the scenes carry: meters, queries, readings, load profiles, a control, events."""

from __future__ import annotations

import datetime
from typing import Any

from tests.scenarios.stage import START, uuid

from iec61968_9 import Reference
from iec61968_9.exchange import Conversation
from iec61968_9.identity import Identity, ObjectName, names
from iec61968_9.profiles import (
    EndDeviceControls,
    EndDeviceEvents,
    GetMeterReadings,
    MeterConfig,
    MeterReadings,
    end_device_controls,
    get_meter_readings,
    meter_config,
)
from iec61968_9.profiles.end_device_events import Asset, EndDeviceEvent, EndDeviceEventDetail
from iec61968_9.profiles.meter_readings import (
    DateTimeInterval,
    IntervalBlock,
    IntervalReading,
    Meter,
    MeterReading,
    Reading,
    ReadingQuality,
    ReadingReasonKind,
)

KWH = "0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.3.72.0"
KWH_BY_QUARTER = "0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0"
UNSUPPORTED = "8.8.0.6.1.1.8.0.0.0.0.0.0.0.0.3.38.0"
VALID, PARTIAL, MISSING, ESTIMATED = "1.0.0", "1.4.2", "2.5.259", "3.8.0"
A1, A2, A3, B1 = uuid("a1"), uuid("a2"), uuid("a3"), uuid("b1")
QUEUE = "queue:MDMS.REPLIES"
DAY, QUARTER = datetime.timedelta(days=1), datetime.timedelta(minutes=15)
YESTERDAY = DateTimeInterval(
    start=datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC), end=datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC)
)


def badge(text: str) -> Identity:
    """A meter by its badge."""
    return Identity(names=(ObjectName(text, "MeterBadgeNumber", "ExampleUtility"),), object_type="Meter")


def meter(mrid: str) -> Identity:
    """A meter by its mRID."""
    return Identity(mrid=mrid, object_type="Meter")


def query_for(
    *asked: str | Identity, code: str = KWH, reason: str = "inquiry", period: DateTimeInterval | None = None
) -> GetMeterReadings:
    """Ask for one reading type of meters, each by its mRID or its badge."""
    devices = [
        get_meter_readings.EndDevice(mrid=one)
        if isinstance(one, str)
        else get_meter_readings.EndDevice(
            names=names(one.names[0].name, name_type="MeterBadgeNumber", authority="ExampleUtility")
        )
        for one in asked
    ]
    return GetMeterReadings(
        end_device=devices,
        reading=[get_meter_readings.Reading(reason=ReadingReasonKind(reason), time_period=period)],
        reading_type=[get_meter_readings.ReadingType(names=names(code))],
    )


def reading(code: str = KWH, *, reason: str = "inquiry", at: datetime.datetime = START, **more: Any) -> Reading:
    """A value as a head end reads it."""
    return Reading(
        reason=ReadingReasonKind(reason),
        source="HES",
        time_stamp=at,
        value="1234.5",
        reading_qualities=[ReadingQuality(reading_quality_type=Reference(ref=VALID))],
        reading_type=Reference(ref=code),
        **more,
    )


def readings_of(*meters: str, code: str = KWH, **more: Any) -> MeterReadings:
    """One value of each meter."""
    return MeterReadings(
        meter_reading=[MeterReading(meter=Meter(mrid=meter), readings=[reading(code, **more)]) for meter in meters]
    )


def interval(end: datetime.datetime, value: str, quality: str = VALID) -> IntervalReading:
    """The value of the interval that ends at a time."""
    qualities = [ReadingQuality(reading_quality_type=Reference(ref=quality))]
    return IntervalReading(time_stamp=end, value=value, reading_qualities=qualities)


def profile(meter: str, start: datetime.datetime | None, *values: IntervalReading) -> MeterReading:
    """A load profile of a meter: given values, or a day of quarter hours from a start."""
    if not values:
        assert start is not None
        values = tuple(interval(start + QUARTER * number, f"0.{number}") for number in range(1, 97))
    times = [one.time_stamp for one in values if one.time_stamp is not None]
    return MeterReading(
        meter=Meter(mrid=meter),
        interval_blocks=[IntervalBlock(interval_readings=list(values), reading_type=Reference(ref=KWH_BY_QUARTER))],
        values_interval=None if start is None else DateTimeInterval(start=start, end=max(times)),
    )


def meters(*badges: str) -> MeterConfig:
    """New meters."""
    return MeterConfig(
        meter=[
            meter_config.Meter(
                serial_number=one, names=names(one, name_type="MeterBadgeNumber", authority="ExampleUtility")
            )
            for one in badges
        ]
    )


def disconnect(*devices: str) -> EndDeviceControls:
    """Switch devices off."""
    control = end_device_controls.EndDeviceControl(
        mrid=uuid("c1"),
        issuer_tracking_id="SO-1",
        end_device_control_type=Reference(ref="3.31.0.23"),
        end_devices=[end_device_controls.EndDevice(mrid=one) for one in devices],
    )
    return EndDeviceControls(end_device_control=[control])


def codes_of(talk: Conversation[Any]) -> list[list[str]]:
    """The codes of each object's errors."""
    return [[one.code for one in outcome.errors] for outcome in talk.outcomes.values()]


def kinds_in(talk: Conversation[Any]) -> list[str]:
    """What became of each object."""
    return [str(outcome.kind) for outcome in talk.outcomes.values()]


def events(
    code: str, *devices: str, tracking: str | None = None, at: datetime.datetime = START, details: str | None = None
) -> EndDeviceEvents:
    """One event of each device, as a head end tells it."""
    why = [] if details is None else [EndDeviceEventDetail(name="reason", value=details)]
    return EndDeviceEvents(
        end_device_event=[
            EndDeviceEvent(
                mrid=uuid(f"e{number}"),
                created_date_time=at,
                issuer_tracking_id=tracking,
                assets=Asset(mrid=device),
                end_device_event_details=list(why),
                end_device_event_type=Reference(ref=code),
            )
            for number, device in enumerate(devices)
        ]
    )


def all_of(*payloads: EndDeviceEvents) -> EndDeviceEvents:
    """Events in one payload, numbered anew."""
    found = [event for payload in payloads for event in payload.end_device_event]
    for number, event in enumerate(found):
        event.mrid = uuid(f"e{number}")
    return EndDeviceEvents(end_device_event=found)
