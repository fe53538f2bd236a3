"""Reading meters (A1 to A3, A6 to A10): at once, later, by an event, in parts, compressed, by schedule, and unasked."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.scenarios import disorder
from tests.scenarios.disorder import Scene
from tests.scenarios.stage import START, Arrival, Party, Stage, kinds_of, uuid

from iec61968_9 import LimitError, Limits, Reference, to_xml, validate
from iec61968_9.exchange import (
    AddressKind,
    OutcomeKind,
    ReceiptKind,
    ReplyAddress,
    State,
    content_of,
    diagnose_all,
    error,
    properties_of,
)
from iec61968_9.identity import names
from iec61968_9.profiles import (
    GetMeterReadings,
    MeterReadings,
    MeterReadSchedule,
    get_meter_readings,
    meter_read_schedule,
)
from iec61968_9.profiles.envelope import IDKind, ObjectID
from iec61968_9.profiles.meter_readings import (
    DateTimeInterval,
    IntervalBlock,
    IntervalReading,
    Meter,
    MeterReading,
    Reading,
    ReadingQuality,
    ReadingReasonKind,
    UsagePoint,
)

KWH = "0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.3.72.0"
KWH_BY_QUARTER = "0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0"
VALID, PARTIAL, MISSING, ESTIMATED = "1.0.0", "1.4.2", "2.5.259", "3.8.0"
A1, A2, A3 = uuid("a1"), uuid("a2"), uuid("a3")
CONSOLE, QUEUE = "https://mdms.example/cim/reply", "queue:MDMS.REPLIES"
DAY, QUARTER = datetime.timedelta(days=1), datetime.timedelta(minutes=15)
YESTERDAY = DateTimeInterval(
    start=datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC), end=datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC)
)


def query_for(
    *meters: str, code: str = KWH, reason: str = "inquiry", period: DateTimeInterval | None = None
) -> GetMeterReadings:
    """Ask for one reading type of meters."""
    return GetMeterReadings(
        end_device=[get_meter_readings.EndDevice(mrid=meter) for meter in meters],
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


def asked_pairs(query: GetMeterReadings) -> set[tuple[str | None, str]]:
    """What is asked for: meters with reading types."""
    return {(device.mrid, kind.names[0].name) for device in query.end_device for kind in query.reading_type}


def answered_pairs(payloads: Iterable[MeterReadings]) -> set[tuple[str | None, str | None]]:
    """What is answered."""
    return {
        (one.meter.mrid, value.reading_type.ref)
        for payload in payloads
        for one in payload.meter_reading
        if one.meter is not None
        for value in one.readings
    }


# A1: at once --------------------------------------------------------------------------------------------------------


def a1_at_once() -> Scene:
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    request = mdms.system.get(query_for(A1), asynchronous=False, correlation_id="c-1")
    asked = mdms.send(request, hes, like="A1-1")
    assert (asked.message.payload, asked.talk.state) == (None, State.SENT)
    assert [subject.identity.mrid for subject in asked.talk.outstanding] == [A1]

    told = hes.send(hes.system.reply(asked.request, readings_of(A1)), mdms, like="A1-2")
    assert (told.taken.kind, told.taken.findings, asked.talk.state) == (ReceiptKind.FINAL, (), State.COMPLETE)
    outcome = asked.talk.outcomes.of(Meter(mrid=A1))
    assert (outcome.kind, outcome.missing, outcome.errors) == (OutcomeKind.DATA, frozenset(), ())
    assert answered_pairs(asked.talk.payloads) == asked_pairs(request.query)
    (value,) = outcome.items[0].readings
    assert value.time_stamp >= request.header.timestamp
    assert value.source == "HES"
    return stage, asked.talk


def a1_by_usage_point() -> Scene:
    stage = Stage()
    cis, hes = stage.party("CIS"), stage.party("HES")
    point = get_meter_readings.UsagePoint(names=names("SDP-7", name_type="ServiceDeliveryPointID"))
    asked = cis.send(cis.system.get(GetMeterReadings(usage_point=[point])), hes)
    payload = MeterReadings(
        meter_reading=[
            MeterReading(
                meter=Meter(mrid=A1),
                usage_point=UsagePoint(names=names("SDP-7", name_type="ServiceDeliveryPointID")),
                readings=[reading()],
            )
        ]
    )
    told = hes.send(hes.system.reply(asked.request, payload), cis)
    assert (told.taken.findings, asked.talk.state) == ((), State.COMPLETE)
    assert asked.talk.outcomes.of(point).items == tuple(told.message.content.meter_reading)
    return stage, asked.talk


def a1_by_group() -> Scene:
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    group = get_meter_readings.EndDeviceGroup(mrid=uuid("91"))
    asked = mdms.send(mdms.system.get(GetMeterReadings(end_device_group=[group])), hes)
    assert asked.talk.unlisted == (f"the members of EndDeviceGroup {uuid('91')}",)
    told = hes.send(hes.system.reply(asked.request, readings_of(A1, A2)), mdms)
    assert (told.taken.findings, asked.talk.state) == ((), State.COMPLETE)
    assert [one.meter.mrid for one in asked.talk.others] == [A1, A2]
    return stage, asked.talk


def a1_intervals_of_a_period() -> Scene:
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    query = query_for(A1, A2, code=KWH_BY_QUARTER, reason="billing", period=YESTERDAY)
    asked = mdms.send(mdms.system.get(query), hes)
    payload = MeterReadings(meter_reading=[profile(A1, YESTERDAY.start), profile(A2, YESTERDAY.start)])
    hes.send(hes.system.reply(asked.request, payload), mdms)
    assert asked.talk.state is State.COMPLETE
    assert [outcome.missing for outcome in asked.talk.outcomes.values()] == [frozenset(), frozenset()]
    return stage, asked.talk


# A2, A3: later ------------------------------------------------------------------------------------------------------


def a2_later() -> Scene:
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    asked = mdms.send(mdms.system.get(query_for(A1), reply_to=CONSOLE, correlation_id="c-2"), hes, like="A2-1")
    assert ReplyAddress.parse(asked.message.header.reply_address).kind is AddressKind.URL

    told = hes.send(hes.system.acknowledge(asked.request), mdms, like="A2-2")
    assert (told.taken.kind, asked.talk.state) == (ReceiptKind.ACKNOWLEDGEMENT, State.ACKNOWLEDGED)
    assert len(asked.talk.outstanding) == 1

    told = hes.send(hes.system.reply(asked.request, readings_of(A1)), mdms, like="A2-3")
    assert (told.taken.kind, asked.talk.state) == (ReceiptKind.FINAL, State.COMPLETE)
    assert not asked.talk.outstanding
    assert asked.talk.findings == ()

    delivered = mdms.system.reply(told.message)  # where the transport asks for a response
    assert (delivered.header.noun, delivered.reply.result, delivered.payload) == ("MeterReadings", "OK", None)
    assert validate(to_xml(delivered)) == []
    return stage, asked.talk


def a2_later_in_vain() -> Scene:
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    asked = mdms.send(mdms.system.get(query_for(A1), reply_to="topic:READS"), hes)
    hes.send(hes.system.acknowledge(asked.request), mdms)
    hes.send(hes.system.fail(asked.request, error("4.1", of=Meter(mrid=A1))), mdms)
    outcome = asked.talk.outcomes.of(Meter(mrid=A1))
    assert (asked.talk.state, outcome.kind) == (State.FAILED, OutcomeKind.FAILED)
    assert [one.code for one in outcome.errors] == ["4.1"]
    return stage, asked.talk


def a3_answered_by_an_event() -> Scene:
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    asked = mdms.send(mdms.system.get(query_for(A1), reply_to=QUEUE, correlation_id="c-3"), hes)
    hes.send(hes.system.acknowledge(asked.request), mdms)
    told = hes.send(hes.system.created(readings_of(A1), request=asked.request), mdms, like="A3-3")
    assert (told.taken.kind, asked.talk.state, asked.talk.findings) == (ReceiptKind.DATA, State.COMPLETE, ())
    assert asked.talk.outcomes.of(Meter(mrid=A1)).is_good
    return stage, asked.talk


def a3_answered_by_several_events() -> Scene:
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    asked = mdms.send(mdms.system.get(query_for(A1, A2), reply_to=QUEUE), hes)
    hes.send(hes.system.acknowledge(asked.request), mdms)
    hes.send(hes.system.created(readings_of(A2), request=asked.request), mdms)
    assert (asked.talk.state, len(asked.talk.outstanding)) == (State.PARTIAL, 1)
    hes.send(hes.system.created(readings_of(A1), request=asked.request), mdms)
    assert (asked.talk.state, asked.talk.outstanding) == (State.COMPLETE, ())
    return stage, asked.talk


# A6: in parts -------------------------------------------------------------------------------------------------------


def a6_in_parts() -> Scene:
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    query = query_for(A1, A2, A3, code=KWH_BY_QUARTER, reason="billing", period=YESTERDAY)
    asked = mdms.send(mdms.system.get(query, reply_to=QUEUE, correlation_id="c-6"), hes, like="A6-1")
    hes.send(hes.system.acknowledge(asked.request), mdms)

    part = readings_of(A1, code=KWH_BY_QUARTER)
    told = hes.send(hes.system.partial(asked.request, part), mdms, like="A6-3")
    assert (told.taken.kind, asked.talk.state) == (ReceiptKind.PART, State.PARTIAL)
    assert [subject.identity.mrid for subject in told.taken.changed] == [A1]

    silent = error("4.1", details="meter did not answer", of=Meter(mrid=A2))
    part = readings_of(A3, code=KWH_BY_QUARTER)
    told = hes.send(hes.system.partial(asked.request, part, errors=[silent]), mdms, like="A6-4")
    assert [subject.identity.mrid for subject in told.taken.changed] == [A2, A3]

    told = hes.send(hes.system.partial(asked.request, last=True), mdms, like="A6-5")
    assert (told.taken.kind, told.taken.changed, asked.talk.state) == (ReceiptKind.FINAL, (), State.COMPLETE)
    assert [outcome.kind for outcome in asked.talk.outcomes.values()] == ["data", "failed", "data"]
    assert asked.talk.findings == ()
    assert answered_pairs(asked.talk.payloads) == asked_pairs(query) - {(A2, KWH_BY_QUARTER)}
    return stage, asked.talk


def a6_nobody_knows_the_last() -> Scene:
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    asked = mdms.send(mdms.system.get(query_for(A1, A2), reply_to=QUEUE), hes)
    hes.send(hes.system.acknowledge(asked.request), mdms)
    hes.send(hes.system.partial(asked.request, readings_of(A1)), mdms)
    assert asked.talk.state is State.PARTIAL
    hes.send(hes.system.partial(asked.request, readings_of(A2)), mdms)
    assert (asked.talk.state, asked.talk.findings) == (State.COMPLETE, ())
    return stage, asked.talk


def a6_the_last_says_ok() -> Scene:
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    asked = mdms.send(mdms.system.get(query_for(A1, A2), reply_to=QUEUE), hes)
    hes.send(hes.system.partial(asked.request, readings_of(A1)), mdms)
    told = hes.send(hes.system.reply(asked.request, readings_of(A2)), mdms)
    assert (told.taken.kind, asked.talk.state) == (ReceiptKind.FINAL, State.COMPLETE)
    return stage, asked.talk


def a6_a_group_in_parts() -> Scene:
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    group = get_meter_readings.EndDeviceGroup(mrid=uuid("91"))
    query = GetMeterReadings(end_device_group=[group])
    asked = mdms.send(mdms.system.get(query, reply_to=QUEUE), hes)
    hes.send(hes.system.acknowledge(asked.request), mdms)
    for meter in (A1, A2):
        hes.send(hes.system.partial(asked.request, readings_of(meter)), mdms)
        assert asked.talk.state is State.PARTIAL
    hes.send(hes.system.partial(asked.request, last=True), mdms)
    assert (asked.talk.state, len(asked.talk.others)) == (State.COMPLETE, 2)
    return stage, asked.talk


# A7: compressed -----------------------------------------------------------------------------------------------------


def a7_compressed() -> Scene:
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    meters = [uuid(f"{number:02x}") for number in range(50)]
    asked = mdms.send(mdms.system.get(query_for(*meters)), hes)
    plain, packed = (hes.system.reply(asked.request, readings_of(*meters), compress=one) for one in (False, True))
    assert len(to_xml(packed)) < len(to_xml(plain)) / 10
    told = hes.send(packed, mdms)
    assert (told.message.payload.contents, told.message.payload.format) == ([], "XML")
    assert content_of(told.message) == plain.content
    assert type(content_of(told.message)).__name__ == told.message.header.noun
    assert (asked.talk.state, asked.talk.outstanding) == (State.COMPLETE, ())
    assert answered_pairs(asked.talk.payloads) == asked_pairs(asked.request.query)
    with pytest.raises(LimitError):
        content_of(told.message, limits=Limits(document_bytes=len(told.message.payload.compressed)))
    xml = to_xml(plain).split(b"<Payload>")[1].split(b"</Payload>")[0]
    both = told.document.replace(b"<Compressed>", xml + b"<Compressed>")
    assert validate(both) != []
    return stage, asked.talk


# A8, A9: by schedule ------------------------------------------------------------------------------------------------


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
    a1_at_once,
    a1_by_usage_point,
    a1_by_group,
    a1_intervals_of_a_period,
    a2_later,
    a2_later_in_vain,
    a3_answered_by_an_event,
    a3_answered_by_several_events,
    a6_in_parts,
    a6_nobody_knows_the_last,
    a6_the_last_says_ok,
    a6_a_group_in_parts,
    a7_compressed,
    a8_by_schedule,
    a9_called_off,
    a9_an_unknown_one,
    a9_paused,
]
each_scene = pytest.mark.parametrize("scene", SCENES, ids=[scene.__name__ for scene in SCENES])


@each_scene
def test_a_read_goes_as_the_scenario_says(scene: Callable[[], Scene]) -> None:
    _, talk = scene()
    assert talk.is_over


@each_scene
@settings(max_examples=25)
@given(data=st.data())
def test_a_read_that_comes_in_disorder_ends_the_same_or_stays_open(
    scene: Callable[[], Scene], data: st.DataObject
) -> None:
    disorder.check(scene, data)


# What else must hold --------------------------------------------------------------------------------------------------


def test_a6_nothing_comes_after_the_last_part_and_a_part_that_does_is_told() -> None:
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    asked = mdms.send(mdms.system.get(query_for(A1, A2), reply_to=QUEUE), hes)
    hes.send(hes.system.acknowledge(asked.request), mdms)
    told = hes.send(hes.system.partial(asked.request, readings_of(A1), last=True), mdms)
    assert kinds_of(told.taken.findings) == ["object-unanswered"]
    told = hes.send(hes.system.partial(asked.request, readings_of(A2)), mdms)
    assert kinds_of(told.taken.findings) == ["part-after-last"]
    assert [outcome.kind for outcome in asked.talk.outcomes.values()] == ["data", "data"]
    told = hes.send(hes.system.partial(asked.request, last=True), mdms)
    assert told.receipt is not None
    assert (told.receipt.kind, kinds_of(told.receipt.findings)) == (ReceiptKind.SURPLUS, ["second-final-reply"])


def test_a6_where_no_part_is_the_last_and_one_is_lost_only_a_timer_ends_it() -> None:
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    asked = mdms.send(mdms.system.get(query_for(A1, A2), reply_to=QUEUE), hes)
    hes.send(hes.system.acknowledge(asked.request), mdms)
    hes.send(hes.system.partial(asked.request, readings_of(A1)), mdms)
    stage.wait(3600)
    (receipt,) = mdms.talks.expire(stage.now)
    assert (receipt.conversation, kinds_of(receipt.findings)) == (asked.talk, ["parts-without-end"])
    assert [outcome.kind for outcome in asked.talk.outcomes.values()] == ["data", "unknown"]
    told = hes.send(hes.system.partial(asked.request, readings_of(A2)), mdms)
    assert (told.taken.late, asked.talk.state) == (True, State.COMPLETE)


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


# A10: unasked ---------------------------------------------------------------------------------------------------------


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


MIDNIGHT = datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC)
FIRST = profile(
    A1,
    MIDNIGHT,
    interval(MIDNIGHT + QUARTER, "0.11"),
    interval(MIDNIGHT + 2 * QUARTER, "0.12", PARTIAL),
    interval(MIDNIGHT + 3 * QUARTER, "0", MISSING),
)
SECOND = profile(A1, MIDNIGHT + 3 * QUARTER, interval(MIDNIGHT + 4 * QUARTER, "0.13"))

Key = tuple[str | None, str | None, datetime.datetime | None]


class Store:
    """What a receiver keeps of load profiles: the value of the interval that ends at a time."""

    def __init__(self) -> None:
        self.values: dict[Key, IntervalReading] = {}

    def take(self, event: Any) -> None:
        """Take the values of an event; a change is of values that are there."""
        for one in event.content.meter_reading:
            for block in one.interval_blocks:
                for value in block.interval_readings:
                    key = (one.meter.mrid, block.reading_type.ref, value.time_stamp)
                    assert (key in self.values) == (event.header.verb == "changed")
                    self.values[key] = value


@settings(max_examples=25)
@given(order=st.permutations([0, 1]), again=st.lists(st.sampled_from([0, 1]), max_size=2))
def test_a10_pages_come_in_any_order_and_count_once_and_a_correction_replaces(
    order: list[int], again: list[int]
) -> None:
    stage, store = Stage(), Store()
    hes, mdms, cis = stage.party("HES"), stage.party("MDMS"), stage.party("CIS")
    pages = [
        hes.system.created(
            MeterReadings(meter_reading=[part]), correlation_id="c-10", properties={"MessageIndex": f"{number}/2"}
        )
        for number, part in enumerate((FIRST, SECOND), 1)
    ]
    seen: set[int] = set()
    for number in (*order, *again):
        told = hes.send(pages[number], mdms, like="A10-1" if number == 0 else None)
        assert told.receipt is not None
        if number in seen:
            assert told.receipt.kind is ReceiptKind.DUPLICATE
            assert told.refused.answer is None
            continue
        assert (told.receipt.kind, kinds_of(told.findings)) == (ReceiptKind.UNSOLICITED, ["page-of-many"])
        assert properties_of(told.message)["MessageIndex"] == f"{number + 1}/2"
        store.take(told.message)
        seen.add(number)
    assert len(store.values) == 4
    log = [one.message for one in stage.arrivals]
    assert {kind for report in diagnose_all(log) for kind in kinds_of(report)} <= {
        "page-of-many",
        "page-repeated",
        "duplicate-message",
    }

    replaced = profile(A1, None, interval(MIDNIGHT + 3 * QUARTER, "0.115", ESTIMATED))
    correction = mdms.system.changed(MeterReadings(meter_reading=[replaced]), message_id="m-3")
    corrected = mdms.send(correction, cis, like="A10-3")
    assert corrected.receipt is not None
    assert corrected.receipt.kind is ReceiptKind.UNSOLICITED
    store.take(corrected.message)
    assert len(store.values) == 4

    query = query_for(A1, code=KWH_BY_QUARTER, period=DateTimeInterval(start=MIDNIGHT, end=MIDNIGHT + 4 * QUARTER))
    asked = cis.send(cis.system.get(query), mdms)
    values = [store.values[key] for key in sorted(store.values, key=str)]
    mdms.send(mdms.system.reply(asked.request, MeterReadings(meter_reading=[profile(A1, MIDNIGHT, *values)])), cis)
    (item,) = asked.talk.outcomes.of(Meter(mrid=A1)).items
    assert [one.value for one in item.interval_blocks[0].interval_readings] == ["0.11", "0.12", "0.115", "0.13"]
    assert asked.talk.state is State.COMPLETE


def test_a10_a_page_that_is_lost_shows_in_the_log() -> None:
    stage = Stage()
    hes, mdms = stage.party("HES"), stage.party("MDMS")
    payload = MeterReadings(meter_reading=[FIRST])
    hes.send(hes.system.created(payload, correlation_id="c-10", properties={"MessageIndex": "1/2"}), mdms)
    (report,) = diagnose_all(one.message for one in stage.arrivals)
    assert kinds_of(report) == ["page-of-many", "page-missing"]


def test_a1_what_a_query_cannot_say_is_refused_before_it_is_sent() -> None:
    """GetMeterReadings names meters in EndDevice, and its ReadingType has no ref."""
    with pytest.raises(TypeError):
        get_meter_readings.ReadingType(ref=KWH)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # on purpose
    assert not hasattr(GetMeterReadings(), "meter")
