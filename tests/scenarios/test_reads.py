"""Reading meters (A1 to A3, A6, A7): at once, later, by an event, in parts, and compressed."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.scenarios import disorder
from tests.scenarios.disorder import Scene
from tests.scenarios.payloads import (
    A1,
    A2,
    A3,
    KWH,
    KWH_BY_QUARTER,
    QUEUE,
    YESTERDAY,
    profile,
    query_for,
    reading,
    readings_of,
)
from tests.scenarios.stage import Stage, kinds_of, pair, uuid

from iec61968_9 import LimitError, Limits, to_xml, validate
from iec61968_9.exchange import AddressKind, OutcomeKind, ReceiptKind, ReplyAddress, State, content_of, error
from iec61968_9.identity import names
from iec61968_9.profiles import GetMeterReadings, MeterReadings, get_meter_readings
from iec61968_9.profiles.meter_readings import Meter, MeterReading, UsagePoint

CONSOLE = "https://mdms.example/cim/reply"


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
    stage, mdms, hes = pair()
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
    stage, mdms, hes = pair()
    group = get_meter_readings.EndDeviceGroup(mrid=uuid("91"))
    asked = mdms.send(mdms.system.get(GetMeterReadings(end_device_group=[group])), hes)
    assert asked.talk.unlisted == (f"the members of EndDeviceGroup {uuid('91')}",)
    told = hes.send(hes.system.reply(asked.request, readings_of(A1, A2)), mdms)
    assert (told.taken.findings, asked.talk.state) == ((), State.COMPLETE)
    assert [one.meter.mrid for one in asked.talk.others] == [A1, A2]
    return stage, asked.talk


def a1_intervals_of_a_period() -> Scene:
    stage, mdms, hes = pair()
    query = query_for(A1, A2, code=KWH_BY_QUARTER, reason="billing", period=YESTERDAY)
    asked = mdms.send(mdms.system.get(query), hes)
    payload = MeterReadings(meter_reading=[profile(A1, YESTERDAY.start), profile(A2, YESTERDAY.start)])
    hes.send(hes.system.reply(asked.request, payload), mdms)
    assert asked.talk.state is State.COMPLETE
    assert [outcome.missing for outcome in asked.talk.outcomes.values()] == [frozenset(), frozenset()]
    return stage, asked.talk


# A2, A3: later ------------------------------------------------------------------------------------------------------


def a2_later() -> Scene:
    stage, mdms, hes = pair()
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
    stage, mdms, hes = pair()
    asked = mdms.send(mdms.system.get(query_for(A1), reply_to="topic:READS"), hes)
    hes.send(hes.system.acknowledge(asked.request), mdms)
    hes.send(hes.system.fail(asked.request, error("4.1", of=Meter(mrid=A1))), mdms)
    outcome = asked.talk.outcomes.of(Meter(mrid=A1))
    assert (asked.talk.state, outcome.kind) == (State.FAILED, OutcomeKind.FAILED)
    assert [one.code for one in outcome.errors] == ["4.1"]
    return stage, asked.talk


def a3_answered_by_an_event() -> Scene:
    stage, mdms, hes = pair()
    asked = mdms.send(mdms.system.get(query_for(A1), reply_to=QUEUE, correlation_id="c-3"), hes)
    hes.send(hes.system.acknowledge(asked.request), mdms)
    told = hes.send(hes.system.created(readings_of(A1), request=asked.request), mdms, like="A3-3")
    assert (told.taken.kind, asked.talk.state, asked.talk.findings) == (ReceiptKind.DATA, State.COMPLETE, ())
    assert asked.talk.outcomes.of(Meter(mrid=A1)).is_good
    return stage, asked.talk


def a3_answered_by_several_events() -> Scene:
    stage, mdms, hes = pair()
    asked = mdms.send(mdms.system.get(query_for(A1, A2), reply_to=QUEUE), hes)
    hes.send(hes.system.acknowledge(asked.request), mdms)
    hes.send(hes.system.created(readings_of(A2), request=asked.request), mdms)
    assert (asked.talk.state, len(asked.talk.outstanding)) == (State.PARTIAL, 1)
    hes.send(hes.system.created(readings_of(A1), request=asked.request), mdms)
    assert (asked.talk.state, asked.talk.outstanding) == (State.COMPLETE, ())
    return stage, asked.talk


# A6: in parts -------------------------------------------------------------------------------------------------------


def a6_in_parts() -> Scene:
    stage, mdms, hes = pair()
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
    answers = stage.answers_of(asked.talk)
    assert len({one.header.message_id for one in answers}) == len(answers) == 4
    assert [one.reply.error[0].code for one in answers] == ["0.3", "0.1", "0.1", "0.2"]
    assert answered_pairs(asked.talk.payloads) == asked_pairs(query) - {(A2, KWH_BY_QUARTER)}
    return stage, asked.talk


def a6_nobody_knows_the_last() -> Scene:
    stage, mdms, hes = pair()
    asked = mdms.send(mdms.system.get(query_for(A1, A2), reply_to=QUEUE), hes)
    hes.send(hes.system.acknowledge(asked.request), mdms)
    hes.send(hes.system.partial(asked.request, readings_of(A1)), mdms)
    assert asked.talk.state is State.PARTIAL
    hes.send(hes.system.partial(asked.request, readings_of(A2)), mdms)
    assert (asked.talk.state, asked.talk.findings) == (State.COMPLETE, ())
    return stage, asked.talk


def a6_the_last_says_ok() -> Scene:
    stage, mdms, hes = pair()
    asked = mdms.send(mdms.system.get(query_for(A1, A2), reply_to=QUEUE), hes)
    hes.send(hes.system.partial(asked.request, readings_of(A1)), mdms)
    told = hes.send(hes.system.reply(asked.request, readings_of(A2)), mdms)
    assert (told.taken.kind, asked.talk.state) == (ReceiptKind.FINAL, State.COMPLETE)
    return stage, asked.talk


def a6_a_group_in_parts() -> Scene:
    stage, mdms, hes = pair()
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
    stage, mdms, hes = pair()
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
]
each_scene = pytest.mark.parametrize("scene", SCENES, ids=[scene.__name__ for scene in SCENES])


@each_scene
def test_a_read_goes_as_the_scenario_says(scene: Callable[[], Scene]) -> None:
    _, talk = scene()
    assert talk.is_over


@each_scene
@settings(max_examples=15)
@given(data=st.data())
def test_a_read_that_comes_in_disorder_ends_the_same_or_stays_open(
    scene: Callable[[], Scene], data: st.DataObject
) -> None:
    disorder.check(scene, data)


# What else must hold --------------------------------------------------------------------------------------------------


def test_a6_nothing_comes_after_the_last_part_and_a_part_that_does_is_told() -> None:
    _, mdms, hes = pair()
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
    stage, mdms, hes = pair()
    asked = mdms.send(mdms.system.get(query_for(A1, A2), reply_to=QUEUE), hes)
    hes.send(hes.system.acknowledge(asked.request), mdms)
    hes.send(hes.system.partial(asked.request, readings_of(A1)), mdms)
    stage.wait(3600)
    (receipt,) = mdms.talks.expire(stage.now)
    assert (receipt.conversation, kinds_of(receipt.findings)) == (asked.talk, ["parts-without-end"])
    assert [outcome.kind for outcome in asked.talk.outcomes.values()] == ["data", "unknown"]
    told = hes.send(hes.system.partial(asked.request, readings_of(A2)), mdms)
    assert (told.taken.late, asked.talk.state) == (True, State.COMPLETE)


def test_a1_what_a_query_cannot_say_is_refused_before_it_is_sent() -> None:
    """GetMeterReadings names meters in EndDevice, and its ReadingType has no ref."""
    with pytest.raises(TypeError):
        get_meter_readings.ReadingType(ref=KWH)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # on purpose
    assert not hasattr(GetMeterReadings(), "meter")
