"""Events that nobody asked for (C1 to C5): tampering, outages and restoration, over SOAP, and inside readings."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.scenarios.payloads import A1, A2, A3, all_of, events, readings_of
from tests.scenarios.stage import START, Arrival, Stage, kinds_of, uuid

from iec61968_9 import SoapFaultError, to_xml
from iec61968_9.codes import EndDeviceEventCode
from iec61968_9.exchange import (
    Accepted,
    FaultCode,
    Form,
    Occurrence,
    ReceiptKind,
    Refused,
    SoapVersion,
    State,
    Style,
    diagnose,
    error,
    occurrences_in,
    read_message,
    write_fault,
    write_message,
)
from iec61968_9.identity import Identity, names
from iec61968_9.profiles import EndDeviceEvents, EventMessage, MeterReadings, ResponseMessage
from iec61968_9.profiles.end_device_controls import EndDevice, EndDeviceControl, EndDeviceControls
from iec61968_9.profiles.end_device_events import Asset
from iec61968_9.xml import Reference

TAMPER, REVERSE_FLOW, COVER_REMOVED, COVER_CLEARED = "3.12.0.257", "3.12.48.219", "3.12.29.212", "3.12.29.28"
POWER_FAILED, POWER_RESTORED = (EndDeviceEventCode.parse(code) for code in ("3.26.0.85", "3.26.0.216"))
DISCONNECTED = EndDeviceEventCode.parse("3.31.0.68")
SECOND, MINUTE = datetime.timedelta(seconds=1), datetime.timedelta(minutes=1)


def told_in(*messages: Any) -> list[Occurrence]:
    """What happened to devices, by messages."""
    return [one for message in messages for one in occurrences_in(message.content)]


def unasked(arrival: Arrival) -> Any:
    """A message that the other side takes as an event that nobody asked for, and does not answer."""
    assert isinstance(arrival.verdict, Accepted)
    assert not arrival.verdict.wants_reply
    assert arrival.receipt is not None
    assert (arrival.receipt.kind, arrival.owner) == (ReceiptKind.UNSOLICITED, None)
    return arrival.message


# C1: tampering ------------------------------------------------------------------------------------------------------


def test_c1_a_tampered_meter_is_told_from_the_head_end_to_the_customer_system() -> None:
    stage = Stage()
    hes, mdms, cis = stage.party("HES"), stage.party("MDMS"), stage.party("CIS")
    first = unasked(hes.send(hes.system.created(events(TAMPER, A1)), mdms, like="C1-1"))
    assert first.header.correlation_id is None
    (logged,) = told_in(first)
    assert (logged.at, str(logged.code), logged.device) == (START, TAMPER, Identity(mrid=A1))
    assert logged.code is not None
    assert logged.code.describe() == "electric meter: security, tamper detected"

    stage.wait(30)
    other = unasked(hes.send(hes.system.created(events(REVERSE_FLOW, A2, at=stage.now)), mdms))
    together = unasked(mdms.send(mdms.system.created(all_of(first.content, other.content)), cis))
    assert together.header.message_id not in {first.header.message_id, other.header.message_id}
    assert told_in(together) == told_in(first, other)


class Log:
    """What a receiver keeps of events: each once, however often it is told."""

    def __init__(self) -> None:
        self.known: set[Occurrence] = set()

    def take(self, message: Any) -> list[Occurrence]:
        """Take a message; return what is new in it."""
        new = list(dict.fromkeys(one for one in told_in(message) if one not in self.known))
        self.known.update(new)
        return new


def again(event: EndDeviceEvents, how: str) -> Any:
    """The same events as another message may tell them."""
    told = copy.deepcopy(event)
    for one in told.end_device_event:
        assert one.assets is not None
        if how == "with an mRID of its own":
            one.mrid = uuid("ff")
        elif how == "with the meter's name":
            one.assets.names = names("B-1001", name_type="MeterBadgeNumber")
        elif how == "in capitals":
            one.assets.mrid = (one.assets.mrid or "").upper()
        elif how == "at another offset":
            zone = datetime.timezone(datetime.timedelta(hours=2))
            one.created_date_time = one.created_date_time.astimezone(zone)
        elif how == "inside readings":
            readings = readings_of(one.assets.mrid or "")
            one.assets = None
            readings.meter_reading[0].end_device_events = [one]
            return readings
    return told


WAYS = (
    "as it was",
    "with an mRID of its own",
    "with the meter's name",
    "in capitals",
    "at another offset",
    "inside readings",
)


@settings(max_examples=40)
@given(
    ways=st.lists(st.sampled_from(WAYS), min_size=1, max_size=4),
    others=st.permutations([TAMPER, COVER_REMOVED, "3.12.17.257"]),
)
def test_c1_an_event_that_is_told_again_is_one_event(ways: list[str], others: list[str]) -> None:
    """Device, code and time make an event, whoever tells it and in what."""
    stage, log = Stage(), Log()
    hes, mdms = stage.party("HES"), stage.party("MDMS")
    for code in others:
        log.take(unasked(hes.send(hes.system.created(events(code, A1)), mdms)))
    assert len(log.known) == 3
    for how in ways:
        stage.wait(60)
        assert log.take(unasked(hes.send(hes.system.created(again(events(TAMPER, A1), how)), mdms))) == []
    assert len(log.take(hes.system.created(events(TAMPER, A1, at=START + SECOND)))) == 1
    assert len(log.take(hes.system.created(events(TAMPER, A2)))) == 1


def test_c1_what_lacks_device_code_or_time_is_equal_to_nothing_else() -> None:
    payload = events(TAMPER, A1, A1, A1)
    payload.end_device_event[0].assets = None
    payload.end_device_event[1].end_device_event_type = Reference(ref="?")
    first, second = (list(occurrences_in(payload)) for _ in range(2))
    assert first == second
    assert len({*first, *second, *occurrences_in(copy.deepcopy(payload))}) == 5
    assert (first[0].device, first[1].code) == (None, None)
    assert first[0] != "an event"


def test_c1_the_same_message_again_is_known_on_both_ways_in() -> None:
    stage = Stage()
    hes, mdms = stage.party("HES"), stage.party("MDMS")
    event = hes.system.created(events(TAMPER, A1))
    unasked(hes.send(event, mdms))
    told = hes.send(event, mdms)
    assert told.receipt is not None
    assert (told.receipt.kind, told.refused.code, told.refused.answer) == (ReceiptKind.DUPLICATE, "7.7", None)


def test_c1_an_alarm_is_cleared_by_the_code_that_differs_in_its_last_part() -> None:
    stage = Stage()
    hes, mdms = stage.party("HES"), stage.party("MDMS")
    alarm = hes.send(hes.system.created(events(COVER_REMOVED, A1)), mdms)
    stage.wait(600)
    cleared = hes.send(hes.system.created(events(COVER_CLEARED, A1, at=stage.now)), mdms)
    assert (kinds_of(alarm.findings), kinds_of(cleared.findings)) == ([], ["event-clearing"])
    (on,), (off,) = told_in(alarm.message), told_in(cleared.message)
    assert on.code is not None
    assert off.code is not None
    assert (on.code.parts[:3], on.device) == (off.code.parts[:3], off.device)


def test_c1_a_bad_event_is_dropped_without_an_answer() -> None:
    stage = Stage()
    hes, mdms = stage.party("HES"), stage.party("MDMS")
    document = to_xml(hes.system.created(events(TAMPER, A1)))
    for bad in (document.replace(b"<createdDateTime>2026", b"<createdDateTime>2O26"), document[:-20]):
        refused = mdms.service.check(bad, answerable=False)
        assert isinstance(refused, Refused)
        assert (refused.answer, refused.code, kinds_of(refused.findings)) == (None, "1.8", ["message-invalid"])


# C2, C3: outages ----------------------------------------------------------------------------------------------------


class Outages:
    """What an outage system makes of events: by the time of the events, whatever the order of their coming."""

    def __init__(self, known: Iterable[Occurrence]) -> None:
        self.closed: list[tuple[Identity, datetime.datetime, datetime.datetime]] = []
        self.open: dict[Identity, datetime.datetime] = {}
        power = [one for one in set(known) if one.code in (POWER_FAILED, POWER_RESTORED)]
        for one in sorted(power, key=lambda one: (one.at, one.code == POWER_RESTORED)):
            assert one.device is not None
            assert one.at is not None
            if one.code == POWER_FAILED:
                self.open.setdefault(one.device, one.at)
            elif one.device in self.open:
                self.closed.append((one.device, self.open.pop(one.device), one.at))


def meter(number: int) -> str:
    return f"6a0d5c1e-0b1f-4c55-9c0e-{number:012x}"


def test_c2_power_fails_and_returns() -> None:
    stage = Stage()
    hes, oms = stage.party("HES"), stage.party("OMS")
    failed = unasked(hes.send(hes.system.created(events(str(POWER_FAILED), A1)), oms, like="C2-1"))
    assert Outages(told_in(failed)).open == {Identity(mrid=A1): START}
    back = unasked(hes.send(hes.system.created(events(str(POWER_RESTORED), A1)), oms, like="C2-3"))
    outages = Outages(told_in(back, failed))
    assert (outages.open, outages.closed) == ({}, [(Identity(mrid=A1), START, START)])


def test_c3_many_meters_fail_in_one_message() -> None:
    stage = Stage()
    mdms, oms = stage.party("MDMS"), stage.party("OMS")
    told = unasked(mdms.send(mdms.system.created(events(str(POWER_FAILED), A1, A2, A3)), oms, like="C3-1"))
    assert set(Outages(told_in(told)).open) == {Identity(mrid=one) for one in (A1, A2, A3)}


def test_c3_two_hundred_meters_fail_and_nearly_all_return_in_parts() -> None:
    """With a fault within a fault: some meters are out again before all are back."""
    stage = Stage()
    hes, oms = stage.party("HES"), stage.party("OMS")
    all_meters = [meter(number) for number in range(200)]
    heard: list[Any] = []

    def tell(code: EndDeviceEventCode, devices: list[str]) -> None:
        heard.append(unasked(hes.send(hes.system.created(events(str(code), *devices, at=stage.now)), oms)))

    for start in range(0, 200, 20):
        stage.wait(10)
        tell(POWER_FAILED, all_meters[start : start + 20])
    assert [len(told_in(message)) for message in heard] == [20] * 10
    assert len(Outages(told_in(*heard)).open) == 200
    stage.wait(300)
    tell(POWER_RESTORED, all_meters[:150])
    assert {one.mrid for one in Outages(told_in(*heard)).open} == set(all_meters[150:])
    stage.wait(60)
    tell(POWER_FAILED, all_meters[:10])
    assert {one.mrid for one in Outages(told_in(*heard)).open} == {*all_meters[:10], *all_meters[150:]}
    stage.wait(600)
    tell(POWER_RESTORED, [*all_meters[:10], *all_meters[150:198]])
    outages = Outages(told_in(*heard))
    assert {one.mrid for one in outages.open} == set(all_meters[198:])
    assert len(outages.closed) == 208
    assert all(begin <= end for _, begin, end in outages.closed)
    detected = [one for one in told_in(*heard[:10]) if one.at is not None and one.at <= START + 5 * MINUTE]
    assert len({one.device for one in detected}) == 200
    back = {device for device, _, end in outages.closed if end <= START + 30 * MINUTE} - set(outages.open)
    assert len(back) >= 0.99 * 200


def test_c3_a_known_disconnection_is_no_outage() -> None:
    """The head end relays everything; what was switched off on purpose is taken out before it is told further."""
    stage = Stage()
    hes, mdms, oms = stage.party("HES"), stage.party("MDMS"), stage.party("OMS")
    off = EndDeviceControl(
        mrid=uuid("c1"), end_device_control_type=Reference(ref="3.31.0.23"), end_devices=[EndDevice(mrid=A1)]
    )
    asked = mdms.send(mdms.system.create(EndDeviceControls(end_device_control=[off])), hes)
    hes.send(hes.system.reply(asked.request), mdms)
    hes.send(hes.system.created(events(str(DISCONNECTED), A1), request=asked.request), mdms)
    told = unasked(hes.send(hes.system.created(events(str(POWER_FAILED), A1, A2)), mdms))
    switched_off = {subject.identity for subject, outcome in asked.talk.outcomes.items() if outcome.is_good}
    real = [one.event for one in told_in(told) if one.device not in switched_off]
    told = unasked(mdms.send(mdms.system.created(EndDeviceEvents(end_device_event=real)), oms))
    assert set(Outages(told_in(told)).open) == {Identity(mrid=A2)}


FALLS = st.lists(st.integers(0, 5), unique=True, min_size=1, max_size=6)


@settings(max_examples=60)
@given(data=st.data(), falls=FALLS)
def test_c2_c3_outages_do_not_depend_on_the_order_and_number_of_the_messages(
    data: st.DataObject, falls: list[int]
) -> None:
    """Messages come late, twice, not at all, and cite what they like."""
    stage = Stage()
    hes, oms = stage.party("HES"), stage.party("OMS")
    parts = [
        [(POWER_FAILED, one, number, START + number * MINUTE) for number, one in enumerate(falls)],
        [(POWER_RESTORED, one, number, START + (10 + number) * MINUTE) for number, one in enumerate(falls)],
    ]
    cut = data.draw(st.integers(1, len(falls)))
    messages = [
        hes.system.created(
            all_of(*(events(str(code), meter(one), at=at) for code, one, _, at in piece)),
            correlation_id=data.draw(st.sampled_from([None, "c-unknown"])),
        )
        for part in parts
        for piece in (part[:cut], part[cut:])
        if piece
    ]
    lost = data.draw(st.sets(st.integers(0, len(messages) - 1)))
    coming = [one for number, one in enumerate(messages) if number not in lost]
    repeated = data.draw(st.lists(st.sampled_from(coming), max_size=3)) if coming else []
    heard: list[Any] = []
    seen: set[str | None] = set()
    for message in data.draw(st.permutations([*coming, *repeated])):
        told = hes.send(message, oms)
        assert told.receipt is not None
        expected = ReceiptKind.DUPLICATE if message.header.message_id in seen else ReceiptKind.UNSOLICITED
        assert told.receipt.kind is expected
        seen.add(message.header.message_id)
        heard.append(told.message)
    outages = Outages(told_in(*heard))
    arrived = {(one.code, one.device) for one in told_in(*coming)}
    failed, back = ({device for code, device in arrived if code == wanted} for wanted in (POWER_FAILED, POWER_RESTORED))
    assert set(outages.open) == failed - back
    assert {device for device, _, _ in outages.closed} == failed & back
    assert all(end - begin == 10 * MINUTE for _, begin, end in outages.closed)


# C4: over SOAP ------------------------------------------------------------------------------------------------------

FORMS = [
    Form(soap=version, style=style)
    for version in (SoapVersion.V1_1, SoapVersion.V1_2)
    for style in (Style.PLAIN, Style.GENERIC, Style.TYPED)
]


@pytest.mark.parametrize("form", FORMS, ids=[f"{form.soap}-{form.style}" for form in FORMS])
@pytest.mark.parametrize("correlation", ["c-7", None])
def test_c4_soap_gets_a_response_that_says_that_the_event_has_arrived(form: Form, correlation: str | None) -> None:
    stage = Stage()
    hes, mdms = stage.party("HES"), stage.party("MDMS")
    event = hes.system.created(events(TAMPER, A1), correlation_id=correlation)
    verdict = mdms.service.check(write_message(event, form))
    assert isinstance(verdict, Accepted)
    assert (verdict.message, verdict.wants_reply, verdict.findings) == (event, False, ())
    assert verdict.form is not None
    posted = read_message(write_message(event, form), EventMessage[EndDeviceEvents])
    assert posted.message == event

    answer = mdms.system.reply(posted.message)
    received = read_message(write_message(answer, posted.form.answering()), ResponseMessage[Any])
    header = received.message.header
    assert (header.verb, header.noun) == ("reply", "EndDeviceEvents")
    assert header.correlation_id == (correlation or event.header.message_id)
    assert (received.message.reply.result, received.message.payload) == ("OK", None)
    assert received.form.soap is form.soap
    assert received.form.style is form.style
    assert list(diagnose(received.message, request=event)) == []
    assert hes.talks.receive(received.message).kind is ReceiptKind.ORPHAN  # nobody asked: no exchange waits for it


def test_c4_a_delivery_that_fails_says_nothing_of_the_event() -> None:
    """The meter is disconnected, whatever becomes of the messages that tell so; told again, it is still one event."""
    stage = Stage()
    hes, mdms = stage.party("HES"), stage.party("MDMS")
    off = EndDeviceControl(
        mrid=uuid("c1"), end_device_control_type=Reference(ref="3.31.0.23"), end_devices=[EndDevice(mrid=A1)]
    )
    asked = mdms.send(mdms.system.create(EndDeviceControls(end_device_control=[off])), hes)
    form = Form(soap=SoapVersion.V1_1, style=Style.TYPED)

    def deliver() -> EventMessage[EndDeviceEvents]:
        told = hes.system.created(events(str(DISCONNECTED), A1), request=asked.request)
        return read_message(write_message(told, form), EventMessage[EndDeviceEvents]).message

    taken = deliver()
    assert mdms.talks.receive(taken).kind is ReceiptKind.COMPLETION
    lost = mdms.system.fault(error("1.1", reason="the answer was lost"))
    with pytest.raises(SoapFaultError):
        read_message(write_fault(lost, Form(soap=SoapVersion.V1_1), code=FaultCode.RECEIVER))
    refused = mdms.system.fail(taken, "3.2")
    assert refused.header.correlation_id == asked.message.header.correlation_id
    assert hes.talks.receive(refused).kind is ReceiptKind.ORPHAN

    receipt = mdms.talks.receive(deliver())
    assert (receipt.kind, receipt.findings, receipt.changed) == (ReceiptKind.COMPLETION, (), ())
    assert (asked.talk.state, len(asked.talk.outcomes.of(Identity(mrid=A1)).events)) == (State.COMPLETE, 1)


# C5: inside readings ------------------------------------------------------------------------------------------------


def with_event(code: EndDeviceEventCode, device: str, asset: str | None = None) -> MeterReadings:
    """A reading of a device, taken because of an event that rides on it."""
    payload = readings_of(device)
    (event,) = events(str(code), device).end_device_event
    event.mrid = None
    event.assets = None if asset is None else Asset(mrid=asset)
    payload.meter_reading[0].is_coincident_trigger = True
    payload.meter_reading[0].end_device_events = [event]
    return payload


def test_c5_an_event_rides_on_the_reading_of_its_meter() -> None:
    stage = Stage()
    hes, mdms = stage.party("HES"), stage.party("MDMS")
    told = unasked(hes.send(hes.system.created(with_event(POWER_RESTORED, A1)), mdms, like="C5-1"))
    (one,) = told_in(told)
    assert (one.device, one.code, one.at) == (Identity(mrid=A1), POWER_RESTORED, START)
    assert told.content.meter_reading[0].readings[0].value == "1234.5"


def test_c5_an_event_that_names_its_device_is_that_device_s() -> None:
    (one,) = occurrences_in(with_event(POWER_RESTORED, A1, asset=A2))
    assert one.device == Identity(mrid=A2)


@settings(max_examples=25)
@given(order=st.permutations([0, 1, 2, 3]))
def test_c5_an_event_inside_readings_is_the_one_that_is_told_by_itself(order: list[int]) -> None:
    stage, log = Stage(), Log()
    hes, mdms = stage.party("HES"), stage.party("MDMS")
    payloads = [
        events(str(POWER_FAILED), A1),
        with_event(POWER_FAILED, A1),
        with_event(POWER_RESTORED, A1),
        events(str(POWER_RESTORED), A1),
    ]
    for number in order:
        log.take(unasked(hes.send(hes.system.created(payloads[number]), mdms)))
    assert {one.code for one in log.known} == {POWER_FAILED, POWER_RESTORED}
    assert len(log.known) == 2
    assert Outages(log.known).open == {}
