"""Have a meter read every day, notice the day that did not come, and call the schedule off.

A schedule has no mRID: the reply gives back an ID of it, and that is what cancels it later. The deliveries are events
with the CorrelationID of the request; whoever waits for them has to know when they are due.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from iec61968_9 import Reference, from_xml, to_xml
from iec61968_9.exchange import Conversation, Conversations, System, error
from iec61968_9.identity import names
from iec61968_9.profiles import MeterReadings, MeterReadSchedule
from iec61968_9.profiles import meter_read_schedule as s
from iec61968_9.profiles import meter_readings as m
from iec61968_9.profiles.envelope import IDKind, ObjectID, RequestMessage

METER = "6a0d5c1e-0b1f-4c55-9c0e-0000000000a1"
ENERGY = "0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.3.72.0"
DAY = datetime.timedelta(days=1)
FIRST = datetime.datetime(2026, 3, 3, tzinfo=datetime.UTC)

cis, mdms = System(source="CIS"), System(source="MDMS")


# -- The side that answers -------------------------------------------------------------------------------------------


class Scheduler:
    """Reads meters by the schedules that it was given."""

    def __init__(self) -> None:
        self.schedules: dict[str, RequestMessage[MeterReadSchedule]] = {}

    def handle(self, document: bytes) -> Iterator[bytes]:
        """Take a schedule on, or stop it."""
        request: RequestMessage[Any] = from_xml(document, RequestMessage)
        if request.header.verb == "create":
            number = f"sched-{len(self.schedules) + 77}"
            self.schedules[number] = request
            yield to_xml(mdms.reply(request, ids=[schedule_id(number)]))
            return
        named = request.request.id[0] if request.request is not None else schedule_id("none")
        if self.schedules.pop(named.value, None) is None:
            yield to_xml(mdms.fail(request, error("2.15", details="no such schedule", of=named)))
        else:
            yield to_xml(mdms.reply(request))
            yield to_xml(mdms.canceled(request=request))

    def run(self, due: datetime.datetime, value: str) -> Iterator[bytes]:
        """Read what is due. The event has the request's CorrelationID, so that its receiver knows why it comes."""
        for request in self.schedules.values():
            reading = m.Reading(
                reading_type=Reference(ref=ENERGY),
                reason=m.ReadingReasonKind.BILLING,
                time_period=m.DateTimeInterval(start=due - DAY, end=due),
                time_stamp=due,
                value=value,
            )
            meters = [m.Meter(mrid=device.mrid) for device in request.content.end_device]
            readings = [m.MeterReading(meter=meter, readings=[reading]) for meter in meters]
            yield to_xml(mdms.created(MeterReadings(meter_reading=readings), request=request))


def schedule_id(number: str) -> ObjectID:
    """What names a schedule."""
    return ObjectID(value=number, kind=IDKind.TRANSACTION, object_type="MeterReadSchedule")


# -- The side that asks ----------------------------------------------------------------------------------------------


def daily_reading() -> MeterReadSchedule:
    """The registers of one meter, every day of the year. Here a meter needs its mRID; a name alone is not valid."""
    return MeterReadSchedule(
        end_device=[s.EndDevice(mrid=METER)],
        reading_type=[s.ReadingType(names=names(ENERGY))],
        time_schedule=[
            s.TimeSchedule(
                recurrence_period=int(DAY.total_seconds()),
                schedule_interval=s.DateTimeInterval(start=FIRST, end=FIRST + 365 * DAY),
            )
        ],
    )


class Diary:
    """Which deliveries have come, by the time for which they are."""

    def __init__(self) -> None:
        self.values: dict[datetime.datetime, str] = {}

    def take(self, payload: MeterReadings) -> None:
        """Note the readings of an event."""
        for reading in (one for meter in payload.meter_reading for one in meter.readings):
            if reading.time_stamp is not None and reading.value is not None:
                self.values[reading.time_stamp] = reading.value

    def missing(self, now: datetime.datetime) -> list[datetime.datetime]:
        """The days that are due and have not come."""
        days = int((now - FIRST) / DAY) + 1
        return [due for due in (FIRST + number * DAY for number in range(days)) if due not in self.values]


def receive(talks: Conversations, document: bytes, diary: Diary) -> None:
    """Take what comes in: a reply, a delivery, or the news that a schedule was called off."""
    arrived: Any = from_xml(document)
    receipt = talks.receive(arrived)
    print(f"  {arrived.header.verb} {arrived.header.noun}: {receipt.kind}")
    if arrived.header.noun == "MeterReadings":
        diary.take(arrived.content)


def main() -> None:
    """Three days of a schedule, the second of which nobody hears of."""
    talks, diary, scheduler = Conversations(), Diary(), Scheduler()

    print("A schedule is set up:")
    asked: Conversation[Any] = talks.open(cis.create(daily_reading()))
    for document in scheduler.handle(to_xml(asked.request)):
        receive(talks, document, diary)
    (schedule,) = asked.returned
    print(f"  it is known as {schedule}")

    print("Three days go by:")
    for number, value in enumerate(("1234.5", "1241.0", "1249.2")):
        for document in scheduler.run(FIRST + number * DAY, value):
            if number != 1:  # the second delivery is lost on its way
                receive(talks, document, diary)
    print(f"  readings: {', '.join(f'{due:%Y-%m-%d} {value} kWh' for due, value in diary.values.items())}")
    print(f"  missing: {', '.join(f'{due:%Y-%m-%d}' for due in diary.missing(FIRST + 2 * DAY))}")

    print("The schedule is called off, and called off again:")
    for _ in range(2):
        cancel: Conversation[Any] = talks.open(cis.cancel(MeterReadSchedule, ids=[schedule]))
        for document in scheduler.handle(to_xml(cancel.request)):
            receive(talks, document, diary)
        print(f"  so the request is {cancel.state}")
    print(f"  deliveries after that: {len(list(scheduler.run(FIRST + 3 * DAY, '1255.9')))}")


if __name__ == "__main__":
    main()
