"""Messages that systems build: each is valid, says what it must, and shares nothing with what it is built from."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from iec61968_9 import ExchangeError, exchange, from_xml, to_xml
from iec61968_9.exchange import System
from iec61968_9.profiles import EndDeviceControls, GetMeterReadings, MeterConfig, MeterReadings
from iec61968_9.profiles.envelope import Payload, RequestMessage, Result, Verb
from iec61968_9.profiles.meter_readings import MeterReading

METER = "6a0d5c1e-0b1f-4c55-9c0e-0000000000a1"
untyped: Any = exchange
"""The same for what type checkers refuse already."""

READINGS = MeterReadings(meter_reading=[MeterReading(is_coincident_trigger=True)])


def codes(message: Any) -> list[str]:
    return [error.code for error in message.reply.error]


@pytest.fixture
def mdms() -> System:
    return System(source="MDMS", context="TESTING")


def test_a_get_and_its_reply_are_tied_and_typed(mdms: System) -> None:
    request = mdms.get(GetMeterReadings())
    reply = System(source="HES").reply(request, READINGS)
    assert (request.header.verb, request.header.noun) == (Verb.GET, "MeterReadings")
    assert (reply.header.verb, reply.header.noun) == (Verb.REPLY, "MeterReadings")
    assert reply.header.correlation_id == request.header.correlation_id
    assert reply.header.message_id not in {None, request.header.message_id}
    assert (reply.reply.result, codes(reply)) == (Result.OK, ["0.0"])
    assert from_xml(to_xml(reply)) == reply


def test_an_asynchronous_request_is_acknowledged_and_answered_in_parts(mdms: System) -> None:
    request = mdms.get(GetMeterReadings(), reply_to="queue:MDMS.REPLIES")
    assert request.header.async_reply_flag is True
    acknowledged = exchange.acknowledge(request)
    first = exchange.partial(request, READINGS, errors=[exchange.error("4.1", of=METER)])
    last = exchange.partial(request, last=True)
    assert (acknowledged.reply.result, codes(acknowledged)) == (Result.OK, ["0.3"])
    assert (first.reply.result, codes(first)) == (Result.PARTIAL, ["0.1", "4.1"])
    assert (last.reply.result, codes(last)) == (Result.PARTIAL, ["0.2"])


@pytest.mark.parametrize(
    ("correlation", "message", "expected"),
    [("c", "m", "c"), (None, "m", "m"), ("", "m", "m"), ("  ", "m", "m"), (None, None, None)],
)
def test_a_reply_is_correlated_by_rule_r2(correlation: str | None, message: str | None, expected: str | None) -> None:
    request = exchange.get(GetMeterReadings(), message_id=message)
    request.header.correlation_id = correlation
    assert exchange.reply(request).header.correlation_id == expected


def test_an_event_copies_what_the_request_carried() -> None:
    request = exchange.create(MeterReadings(meter_reading=[MeterReading()]))
    event = exchange.created(request=request)
    assert event.header.correlation_id == request.header.correlation_id
    event.content.meter_reading[0].is_coincident_trigger = True
    assert request.content.meter_reading[0].is_coincident_trigger is None


def test_an_empty_payload_beside_identifiers_is_none() -> None:
    """Some senders write ``<Payload/>`` always; an event that copied it would say nothing of the objects."""
    request = exchange.delete(MeterConfig, ids=[METER])
    request.payload = Payload()
    event = exchange.deleted(request=from_xml(to_xml(request), RequestMessage[MeterConfig]))
    assert exchange.ids_of(event) == exchange.ids_of(request)
    made = exchange.create(MeterConfig())
    made.payload = Payload()
    with pytest.raises(ExchangeError, match="a created event needs its payload"):
        exchange.created(request=made)


def test_objects_are_deleted_by_their_identifiers() -> None:
    request = exchange.delete(MeterConfig, ids=[METER])
    event = exchange.deleted(request=request)
    assert event.payload is not None
    assert request.request is not None
    assert event.payload.id == request.request.id
    assert event.payload.id[0] is not request.request.id[0]


@pytest.mark.parametrize(
    ("built", "rule"),
    [
        (lambda: untyped.reply(exchange.create(READINGS), READINGS), "R10"),
        (lambda: exchange.delete(MeterConfig), "R10"),
        (lambda: exchange.get(GetMeterReadings(), reply_to="CIS-001"), "R4"),
        (lambda: exchange.partial(exchange.get(GetMeterReadings())), "R1"),
        (lambda: exchange.acknowledge(exchange.get(GetMeterReadings())), "R4"),
        (lambda: exchange.deleted(MeterConfig(), ids=[METER]), "R11"),
        (lambda: exchange.reply(exchange.create(READINGS, ack_required=False)), "R14"),
        (lambda: exchange.created(request=exchange.change(READINGS)), "R11"),
        (lambda: exchange.fail(exchange.get(GetMeterReadings()), "0.0"), "R24"),
        (lambda: untyped.reply(exchange.get(GetMeterReadings()), EndDeviceControls()), "R1"),
    ],
)
def test_a_combination_that_the_standard_does_not_have_is_refused(built: Any, rule: str) -> None:
    with pytest.raises(ExchangeError) as caught:
        built()
    assert caught.value.rule == rule
    assert rule in str(caught.value)


def test_a_field_that_no_header_has_is_refused() -> None:
    fields: Any = {"correlationid": "c-1"}
    with pytest.raises(TypeError, match="takes no correlationid"):
        exchange.get(GetMeterReadings(), **fields)


def test_the_clock_must_know_its_zone() -> None:
    system = System(clock=lambda: datetime.datetime(2026, 3, 2))
    with pytest.raises(ExchangeError, match="no time zone"):
        system.get(GetMeterReadings())


def test_an_executed_event_says_what_was_done() -> None:
    request: RequestMessage[Any] = exchange.execute([exchange.operation(1, "create", MeterConfig())])
    event = exchange.executed(request=request)
    assert event.payload is not None
    assert event.payload.operation_set is not None
    assert [one.verb for one in event.payload.operation_set.operation] == ["created"]
