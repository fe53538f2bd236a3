"""Reading by schedule (A8, A9): asked for once, delivered when due, called off, closed, paused."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.scenarios import disorder
from tests.scenarios.disorder import Scene
from tests.scenarios.payloads import A1, DAY, KWH, MISSING, VALID, readings_of
from tests.scenarios.stage import START, Arrival, Party, Stage

from iec61968_9 import Reference
from iec61968_9.exchange import OutcomeKind, ReceiptKind, State, error
from iec61968_9.identity import names
from iec61968_9.profiles import MeterReadings, MeterReadSchedule, meter_read_schedule
from iec61968_9.profiles.envelope import IDKind, ObjectID
from iec61968_9.profiles.meter_readings import DateTimeInterval, Reading, ReadingQuality


def schedule_for(meter: str, **more: Any) -> MeterReadSchedule:
    """Daily readings of a meter, from the next day to the end of the year."""
    interval = DateTimeInterval(
        start=datetime.datetime(2026, 3, 3, tzinfo=datetime.UTC),
        end=datetime.datetime(2026, 12, 31, 23, tzinfo=datetime.UTC),
    )
    times = meter_read_schedule.TimeSchedule(
        disabled=False, recurrence_period=86400, schedule_interval=interval, **more
    )
    return MeterReadSchedule(
        end_device=[meter_read_schedule.EndDevice(mrid=meter)],
        reading_type=[meter_read_schedule.ReadingType(names=names(KWH))],
        time_schedule=[times],
    )


def due_times(schedule: MeterReadSchedule, until: datetime.datetime) -> list[datetime.datetime]:
    """When a schedule wants readings."""
    (times,) = schedule.time_schedule
    assert times.schedule_interval is not None
    assert times.schedule_interval.start is not None
    assert times.recurrence_period is not None
    step = datetime.timedelta(seconds=float(times.recurrence_period))
    start = times.schedule_interval.start
    return [start + step * number for number in range((until - start) // step + 1)]


def delivery_for(due: datetime.datetime, *, missing: bool = False) -> MeterReadings:
    """What a head end delivers at a due time: the day before it; or that it is known to be missing."""
    payload = readings_of(A1, reason="billing", at=due, time_period=DateTimeInterval(start=due - DAY, end=due))
    if missing:
        value = payload.meter_reading[0].readings[0]
        value.value = None
        value.reading_qualities = [ReadingQuality(reading_quality_type=Reference(ref=MISSING))]
    return payload


SCHEDULE = ObjectID(value="sched-77", kind=IDKind.TRANSACTION, object_type="MeterReadSchedule")


def scheduled(cis: Party, mdms: Party) -> Arrival:
    """The request for a schedule, answered with its identifier."""
    request = cis.system.create(schedule_for(A1), asynchronous=False, correlation_id="c-8")
    asked = cis.send(request, mdms, like="A8-1")
    told = mdms.send(mdms.system.reply(asked.request, ids=[SCHEDULE]), cis, like="A8-2")
    assert (told.taken.kind, asked.talk.state) == (ReceiptKind.FINAL, State.COMPLETE)
    assert [str(one) for one in asked.talk.returned] == ["MeterReadSchedule transaction sched-77"]
    return asked


def a8_by_schedule() -> Scene:
    stage = Stage()
    cis, mdms = stage.party("CIS"), stage.party("MDMS")
    asked = scheduled(cis, mdms)
    delivered: list[Reading] = []
    days = due_times(schedule_for(A1), START + 4 * DAY)
    for due in days[:3]:
        stage.now = due
        payload = delivery_for(due, missing=due == days[1])
        told = mdms.send(mdms.system.created(payload, request=asked.request), cis)
        assert (told.taken.kind, asked.talk.state) == (ReceiptKind.NOTICE, State.COMPLETE)
        delivered += told.message.content.meter_reading[0].readings
    assert asked.talk.findings == ()
    periods = [one.time_period for one in delivered if one.time_period is not None]
    assert [period.start for period in periods[1:]] == [period.end for period in periods[:-1]]
    assert [one.reading_qualities[0].reading_quality_type.ref for one in delivered] == [VALID, MISSING, VALID]

    stage.now = START + 4 * DAY  # with the last delivery, nothing came
    assert [due for due in days if due not in {period.end for period in periods}] == [days[3]]
    return stage, asked.talk


def a9_called_off() -> Scene:
    stage = Stage()
    cis, mdms = stage.party("CIS"), stage.party("MDMS")
    (known,) = scheduled(cis, mdms).talk.returned
    request = cis.system.cancel(MeterReadSchedule, ids=[known], message_id="m-9", correlation_id="c-9")
    asked = cis.send(request, mdms, like="A9-1")
    told = mdms.send(mdms.system.reply(asked.request), cis)
    assert (told.taken.kind, asked.talk.state) == (ReceiptKind.FINAL, State.COMPLETE)
    assert asked.talk.outcomes.of(known).kind is OutcomeKind.DONE

    event = mdms.send(mdms.system.canceled(request=asked.request), cis)
    assert (event.message.payload.id, event.taken.kind) == ([SCHEDULE], ReceiptKind.ECHO)
    assert asked.talk.findings == ()
    return stage, asked.talk


def a9_an_unknown_one() -> Scene:
    stage = Stage()
    cis, mdms = stage.party("CIS"), stage.party("MDMS")
    asked = cis.send(cis.system.close(MeterReadSchedule, ids=[SCHEDULE]), mdms)
    mdms.send(mdms.system.fail(asked.request, error("2.15", of=SCHEDULE)), cis)
    assert asked.talk.state is State.FAILED
    assert [one.code for one in asked.talk.outcomes.of(SCHEDULE).errors] == ["2.15"]
    return stage, asked.talk


def a9_paused() -> Scene:
    stage = Stage()
    cis, mdms = stage.party("CIS"), stage.party("MDMS")
    paused = MeterReadSchedule(
        end_device=[meter_read_schedule.EndDevice(mrid=A1)],
        time_schedule=[meter_read_schedule.TimeSchedule(disabled=True)],
    )
    asked = cis.send(cis.system.change(paused), mdms)
    mdms.send(mdms.system.reply(asked.request), cis)
    told = mdms.send(mdms.system.changed(request=asked.request), cis)
    assert (told.taken.kind, told.message.content, asked.talk.state) == (ReceiptKind.ECHO, paused, State.COMPLETE)
    assert asked.talk.findings == ()
    return stage, asked.talk


SCENES: list[Callable[[], Scene]] = [
    a8_by_schedule,
    a9_called_off,
    a9_an_unknown_one,
    a9_paused,
]
each_scene = pytest.mark.parametrize("scene", SCENES, ids=[scene.__name__ for scene in SCENES])


@each_scene
def test_a_schedule_goes_as_the_scenario_says(scene: Callable[[], Scene]) -> None:
    _, talk = scene()
    assert talk.is_over


@each_scene
@settings(max_examples=15)
@given(data=st.data())
def test_a_schedule_that_comes_in_disorder_ends_the_same_or_stays_open(
    scene: Callable[[], Scene], data: st.DataObject
) -> None:
    disorder.check(scene, data)


def test_a9_a_delivery_that_was_under_way_still_belongs_to_its_schedule() -> None:
    stage = Stage()
    cis, mdms = stage.party("CIS"), stage.party("MDMS")
    first = scheduled(cis, mdms)
    (due,) = due_times(schedule_for(A1), START + DAY)
    stage.now = due
    under_way = mdms.system.created(delivery_for(due), request=first.request)
    stage.wait(10)
    canceled = cis.send(cis.system.cancel(MeterReadSchedule, ids=first.talk.returned), mdms)
    mdms.send(mdms.system.reply(canceled.request), cis)
    told = mdms.send(under_way, cis)
    assert (told.talk, told.taken.kind, canceled.talk.state) == (first.talk, ReceiptKind.NOTICE, State.COMPLETE)
    (value,) = told.message.content.meter_reading[0].readings
    assert value.time_period.end < canceled.message.header.timestamp  # one that was due later would break the rule
