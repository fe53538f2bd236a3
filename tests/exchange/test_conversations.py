"""Which exchange a message belongs to, when a system has many of them."""

from __future__ import annotations

import datetime
import gzip
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest

from iec61968_9 import Dialect, Limits, to_xml
from iec61968_9.errors import ExchangeError
from iec61968_9.exchange import (
    Conversation,
    Conversations,
    OutcomeKind,
    PayloadFile,
    ReceiptKind,
    State,
    System,
    error,
)
from iec61968_9.exchange.conversing.ledger import Ledger
from iec61968_9.profiles.end_device_controls import EndDevice as ControlledDevice
from iec61968_9.profiles.end_device_controls import EndDeviceControl, EndDeviceControls
from iec61968_9.profiles.end_device_events import Asset, EndDeviceEvent, EndDeviceEvents
from iec61968_9.profiles.envelope import EventMessage, Message, Payload, ResponseMessage
from iec61968_9.profiles.get_meter_readings import EndDevice, GetMeterReadings
from iec61968_9.profiles.meter_readings import Meter, MeterReading, MeterReadings
from iec61968_9.xml import Reference

NOW = datetime.datetime(2026, 3, 2, 8, tzinfo=datetime.UTC)
A1 = "6a0d5c1e-0b1f-4c55-9c0e-0000000000a1"
MDMS, HES = System(source="MDMS"), System(source="HES")


def read() -> Any:
    return MDMS.get(GetMeterReadings(end_device=[EndDevice(mrid=A1)]))


def readings() -> MeterReadings:
    return MeterReadings(meter_reading=[MeterReading(meter=Meter(mrid=A1))])


def disconnect(tracking: str | None = "SO-1") -> Any:
    control = EndDeviceControl(
        issuer_tracking_id=tracking,
        end_device_control_type=Reference(ref="3.31.0.23"),
        end_devices=[ControlledDevice(mrid=A1)],
    )
    return MDMS.create(EndDeviceControls(end_device_control=[control]))


def disconnected(tracking: str | None = "SO-1", **fields: Any) -> EventMessage[EndDeviceEvents]:
    event = EndDeviceEvent(
        created_date_time=NOW,
        issuer_tracking_id=tracking,
        assets=Asset(mrid=A1),
        end_device_event_type=Reference(ref="3.31.0.68"),
    )
    return HES.created(EndDeviceEvents(end_device_event=[event]), **fields)


@pytest.fixture
def conversations() -> Conversations:
    return Conversations()


def test_each_reply_goes_to_its_own_request(conversations: Conversations) -> None:
    requests = [read() for _ in range(3)]
    talks = [conversations.open(request) for request in requests]
    for request, talk in reversed(list(zip(requests, talks, strict=True))):
        assert conversations.receive(HES.reply(request, readings())).conversation is talk
    assert [talk.state for talk in talks] == [State.COMPLETE] * 3
    assert len(conversations) == 0


def test_a_request_without_correlation_is_answered_by_its_message_id(conversations: Conversations) -> None:
    request = read()
    request.header.correlation_id = None
    talk = conversations.open(request)
    assert conversations.receive(HES.reply(request, readings())).conversation is talk


def strange(correlation: str | None) -> Callable[[Any], ResponseMessage[Any]]:
    def make(request: Any) -> ResponseMessage[Any]:
        reply = HES.reply(request, readings())
        reply.header.correlation_id = correlation
        return reply

    return make


@pytest.mark.parametrize("make", [strange(None), strange(" "), strange("c-unknown")])
def test_a_reply_is_never_given_to_whoever_happens_to_wait(
    conversations: Conversations, make: Callable[[Any], ResponseMessage[Any]]
) -> None:
    request = read()
    talk = conversations.open(request)
    reply = make(request)
    receipt = conversations.receive(reply)
    assert (receipt.kind, receipt.conversation, talk.state) == (ReceiptKind.ORPHAN, None, State.SENT)
    (finding,) = receipt.findings
    assert (finding.kind, finding.rule, finding.path) == ("orphan", "R2", "/ResponseMessage/Header/CorrelationID")
    assert finding.source == reply.header.correlation_id


def test_a_fault_is_known_by_its_connection_only(conversations: Conversations) -> None:
    talk = conversations.open(read())
    fault = HES.fault("1.8")
    receipt = conversations.receive(fault)
    assert receipt.kind is ReceiptKind.ORPHAN
    assert [(one.kind, one.path, one.message) for one in receipt.findings] == [
        ("orphan", "/FaultMessage", "a fault has no header that could tell whose it is")
    ]
    assert talk.receive(fault).kind is ReceiptKind.FAULT


def test_events_may_come_unasked_and_a_repetition_of_one_is_recognised(conversations: Conversations) -> None:
    event = disconnected()
    assert conversations.receive(event).kind is ReceiptKind.UNSOLICITED
    receipt = conversations.receive(event)
    assert receipt.kind is ReceiptKind.DUPLICATE
    assert [(one.kind, one.path, one.source) for one in receipt.findings] == [
        ("duplicate-message", "/EventMessage/Header/MessageID", event.header.message_id)
    ]
    assert conversations.receive(disconnected(correlation_id="batch-7")).kind is ReceiptKind.UNSOLICITED


def test_an_event_without_correlation_finds_its_control_by_tracking_number_and_device(
    conversations: Conversations,
) -> None:
    first, second = conversations.open(disconnect("SO-1")), conversations.open(disconnect("SO-2"))
    receipt = conversations.receive(disconnected("SO-2"))
    assert (receipt.kind, receipt.conversation) == (ReceiptKind.COMPLETION, second)
    assert first.state is State.SENT
    assert conversations.receive(disconnected(None)).kind is ReceiptKind.UNSOLICITED


def test_an_event_that_fits_two_controls_is_given_to_neither(conversations: Conversations) -> None:
    talks = [conversations.open(disconnect()), conversations.open(disconnect())]
    assert conversations.receive(disconnected()).kind is ReceiptKind.UNSOLICITED
    assert [talk.state for talk in talks] == [State.SENT, State.SENT]


def test_a_general_message_is_taken_for_what_it_is(conversations: Conversations) -> None:
    request = read()
    talk = conversations.open(request)
    reply = HES.reply(request, readings())
    message = Message(header=reply.header, reply=reply.reply, payload=reply.payload)
    assert conversations.receive(message).conversation is talk
    event = disconnected()
    assert conversations.receive(Message(header=event.header, payload=event.payload)).kind is ReceiptKind.UNSOLICITED
    with pytest.raises(TypeError, match="and this is a RequestMessage"):
        conversations.receive(request)
    with pytest.raises(TypeError, match="and this is a Message"):
        conversations.receive(Message(header=request.header, request=request.request))


def test_one_identifier_serves_one_open_exchange(conversations: Conversations) -> None:
    request = read()
    conversations.open(request)
    with pytest.raises(ExchangeError, match="is open already") as caught:
        conversations.open(request)
    assert caught.value.rule == "R3"
    conversations.receive(HES.reply(request, readings()))
    again = conversations.open(request)
    assert conversations.receive(HES.fail(request, error("4.1"))).conversation is again


def test_a_request_that_no_reply_could_cite_is_refused(conversations: Conversations) -> None:
    request = read()
    request.header.correlation_id = request.header.message_id = None
    with pytest.raises(ExchangeError, match="neither CorrelationID nor MessageID"):
        conversations.open(request)
    reply = HES.reply(request, readings())
    assert Conversation(request).receive(reply).kind is ReceiptKind.FINAL


def test_waiting_ends_for_those_that_heard_nothing_for_too_long(conversations: Conversations) -> None:
    requests = [
        MDMS.get(GetMeterReadings(end_device=[EndDevice(mrid=A1), EndDevice(mrid="other")]), reply_to="queue:Q")
        for _ in range(3)
    ]
    old, heard, timeless = (
        conversations.open(requests[0], sent_at=NOW),
        conversations.open(requests[1], sent_at=NOW),
        conversations.open(requests[2]),
    )
    later = NOW + datetime.timedelta(minutes=5)
    conversations.receive(HES.partial(requests[1], readings()), later)
    conversations.expire(NOW + datetime.timedelta(minutes=1))
    assert (old.state, timeless.state) == (State.SILENT, State.SENT)
    assert heard.last_heard == later
    assert list(conversations) == [heard, timeless]
    receipt = conversations.receive(HES.reply(requests[0], readings()))
    assert (receipt.late, receipt.conversation, old.state) == (True, old, State.COMPLETE)


def test_an_exchange_that_wakes_up_late_is_open_again(conversations: Conversations) -> None:
    request = MDMS.get(GetMeterReadings(end_device=[EndDevice(mrid=A1), EndDevice(mrid="other")]), reply_to="queue:Q")
    talk = conversations.open(request, sent_at=NOW)
    (receipt,) = conversations.expire(NOW + datetime.timedelta(days=1))
    assert (receipt.kind, receipt.conversation, len(conversations)) == (ReceiptKind.SILENCE, talk, 0)
    conversations.receive(HES.partial(request, readings()))
    assert (talk.state, list(conversations)) == (State.PARTIAL, [talk])


def test_what_was_forgotten_gets_no_more_messages(conversations: Conversations) -> None:
    request = disconnect()
    conversations.forget(conversations.open(request))
    assert conversations.receive(HES.reply(request)).kind is ReceiptKind.ORPHAN
    assert conversations.receive(disconnected()).kind is ReceiptKind.UNSOLICITED
    assert len(conversations) == 0


def controls() -> list[Any]:
    """Two orders to disconnect, each with a control of its own."""
    orders = [disconnect("SO-1"), disconnect("SO-2")]
    for number, order in enumerate(orders):
        order.content.end_device_control[0].mrid = f"control-{number}"
    return orders


def test_a_request_to_cancel_that_succeeds_is_told_to_the_exchange_of_the_control(conversations: Conversations) -> None:
    talks = [conversations.open(order) for order in controls()]
    cancel = MDMS.cancel(EndDeviceControls, ids=[talks[0].request.content.end_device_control[0]])
    canceling = conversations.open(cancel)
    receipt = conversations.receive(HES.reply(cancel))
    assert (receipt.conversation, receipt.others) == (canceling, (talks[0],))
    assert [talk.state for talk in (*talks, canceling)] == [State.CANCELED, State.SENT, State.COMPLETE]
    receipt = conversations.receive(HES.canceled(request=cancel))
    assert (receipt.kind, receipt.others) == (ReceiptKind.ECHO, ())
    assert list(conversations) == [talks[1]]


def test_a_request_to_cancel_that_is_refused_changes_no_control(conversations: Conversations) -> None:
    talk, _ = (conversations.open(order) for order in controls())
    cancel = MDMS.cancel(EndDeviceControls, ids=[talk.request.content.end_device_control[0]])
    conversations.open(cancel)
    assert conversations.receive(HES.fail(cancel, "5.3")).others == ()
    assert talk.state is State.SENT


def test_controls_that_the_other_side_calls_off_are_found_by_what_the_event_names(
    conversations: Conversations,
) -> None:
    talks = [conversations.open(order) for order in controls()]
    named = [talk.request.content.end_device_control[0] for talk in talks]
    receipt = conversations.receive(HES.canceled(EndDeviceControls(end_device_control=named)))
    assert (receipt.kind, receipt.conversation, receipt.others) == (ReceiptKind.CANCELED, talks[0], (talks[1],))
    assert [talk.state for talk in talks] == [State.CANCELED] * 2
    stranger = EndDeviceControl(mrid="control-9", end_device_control_type=Reference(ref="3.31.0.23"))
    unknown = HES.canceled(EndDeviceControls(end_device_control=[stranger]))
    assert conversations.receive(unknown).kind is ReceiptKind.UNSOLICITED


def test_compressed_answers_are_read_as_was_said_when_the_exchanges_were_set_up() -> None:
    own = to_xml(readings()).replace(b"http://iec.ch/TC57/2011/MeterReadings#", b"urn:partner")
    request = read()
    reply = HES.reply(request, readings(), compress=True)
    assert reply.payload is not None
    reply.payload.compressed = b64encode(gzip.compress(own)).decode("ascii")
    dialect = Dialect(aliases={"urn:partner": "http://iec.ch/TC57/2011/MeterReadings#"})

    for talk in (Conversations(dialect=dialect).open(request), Conversation(request, dialect=dialect)):
        assert talk.receive(reply).findings == ()
        assert talk.payloads == (readings(),)
    (found,) = Conversations().open(request).receive(reply).findings
    assert found.kind == "compressed-unreadable"
    small = Limits(inflated_bytes=20)
    (found,) = Conversations(dialect=dialect, limits=small).open(request).receive(reply).findings
    assert "inflates to more than 20 bytes" in found.message


def test_a_file_as_answer_is_kept_though_nobody_can_say_of_which_objects_it_tells() -> None:
    request = read()
    conversations = Conversations()
    talk = conversations.open(request)
    table = PayloadFile(b"meter;value\r\nm-1;7\r\n", "CSV")
    receipt = conversations.receive(HES.reply(request, table))
    assert (receipt.kind, talk.state, receipt.findings) == (ReceiptKind.FINAL, State.COMPLETE, ())
    assert talk.payloads == talk.others == (table,)
    assert [outcome.kind for outcome in talk.outcomes.values()] == [OutcomeKind.UNANSWERED]


def test_an_event_that_carries_a_file_belongs_to_nobody() -> None:
    conversations = Conversations()
    conversations.open(read())
    event = HES.created(PayloadFile(b"meter;value\r\n", "CSV"), noun="EndDeviceEvents")
    assert conversations.receive(event).kind is ReceiptKind.UNSOLICITED


@pytest.mark.parametrize("noun", ["EndDeviceEvents", "PartnersOwn"])
def test_a_message_that_is_compressed_inside_an_event_cannot_be_read(noun: str) -> None:
    request = disconnect()
    for inside in (HES.fault("1.8"), HES.reply(request), disconnected()):
        event = HES.created(readings(), request=request)
        event.header.noun = noun
        event.payload = Payload(compressed=b64encode(gzip.compress(to_xml(inside))).decode("ascii"))
        conversations = Conversations()
        conversations.open(request)
        receipt = conversations.receive(event)
        assert (receipt.kind, [one.kind for one in receipt.findings]) == (ReceiptKind.NOTICE, ["compressed-unreadable"])
        event.header.correlation_id = None
        assert Conversations().receive(event).kind is ReceiptKind.UNSOLICITED


@pytest.mark.parametrize("number", ["m-1", None])
def test_a_message_that_could_not_be_taken_may_come_again(monkeypatch: pytest.MonkeyPatch, number: str | None) -> None:
    def broken(*_: object) -> None:
        raise MemoryError

    talk = Conversation(read())
    reply = HES.reply(talk.request, readings())
    reply.header.message_id = number
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "take_reply", broken)
        with pytest.raises(MemoryError):
            talk.receive(reply)
    assert talk.receive(reply).kind is ReceiptKind.FINAL


def test_an_event_without_correlation_calls_off_no_control_by_its_devices_alone() -> None:
    """Nobody knows whether it means the controls of this system (R25)."""
    orders = controls()
    orders[0].content.end_device_control.append(
        EndDeviceControl(
            mrid="control-2",
            end_device_control_type=Reference(ref="3.31.0.18"),
            end_devices=[ControlledDevice(mrid="another")],
        )
    )
    named = [
        orders[0].content.end_device_control[0],
        EndDeviceControl(
            end_device_control_type=Reference(ref="3.31.0.18"), end_devices=[ControlledDevice(mrid="another")]
        ),
    ]
    for request, kind in ((None, OutcomeKind.OUTSTANDING), (orders[0], OutcomeKind.CANCELED)):
        conversations = Conversations()
        talk = conversations.open(orders[0])
        told = HES.canceled(EndDeviceControls(end_device_control=named), request=request)
        assert conversations.receive(told).conversation is talk
        assert [outcome.kind for outcome in talk.outcomes.values()] == [OutcomeKind.CANCELED, kind]
