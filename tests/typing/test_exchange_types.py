"""What type checkers know of an exchange: a query's answer, a request's payload, an event's subject."""

from __future__ import annotations

from typing import Any, assert_type

from iec61968_9 import ForeignElement, Query, exchange, from_xml, to_xml
from iec61968_9.exchange import Asks, PayloadFile, Properties, System, content_of, properties_of
from iec61968_9.profiles import EndDeviceEvents, GetMeterReadings, MeterConfig, MeterReadings
from iec61968_9.profiles.envelope import EventMessage, FaultMessage, RequestMessage, ResponseMessage

METER = "6a0d5c1e-0b1f-4c55-9c0e-0000000000a1"
TICKET = ForeignElement('<w:Ticket xmlns:w="urn:example:work"/>')
MDMS = System(source="MDMS")


def test_a_get_is_known_to_be_answered_by_what_its_query_asks_for() -> None:
    request = exchange.get(GetMeterReadings())
    assert_type(request, RequestMessage[GetMeterReadings])
    assert_type(request.query, GetMeterReadings)
    reply = exchange.reply(request, MeterReadings())
    assert_type(reply, ResponseMessage[MeterReadings])
    assert_type(reply.content, MeterReadings)
    assert_type(content_of(reply), MeterReadings)
    asynchronous = MDMS.get(GetMeterReadings(), reply_to="queue:A")
    assert_type(MDMS.partial(asynchronous, MeterReadings(), last=True), ResponseMessage[MeterReadings])
    assert_type(exchange.partial(asynchronous), ResponseMessage[MeterReadings])


def test_a_get_by_noun_is_known_to_be_answered_by_that_class() -> None:
    request = exchange.get(noun=MeterReadings, ids=[METER])
    assert_type(request, RequestMessage[Query[MeterReadings]])
    reply = exchange.reply(request, MeterReadings())
    assert_type(reply, ResponseMessage[MeterReadings])
    assert_type(exchange.get(noun="MeterReadings"), RequestMessage[Any])
    assert reply.content == MeterReadings()


def answered(request: Asks[MeterReadings]) -> ResponseMessage[MeterReadings]:
    """A function of a server that answers whatever asks for readings."""
    return MDMS.reply(request, MeterReadings())


def test_a_function_may_take_whatever_asks_for_something() -> None:
    assert answered(exchange.get(GetMeterReadings())).content == MeterReadings()
    received = from_xml(to_xml(exchange.get(GetMeterReadings())), RequestMessage[GetMeterReadings])
    assert answered(received).content == MeterReadings()


def test_other_requests_carry_their_payload_and_are_answered_without() -> None:
    create = exchange.create(MeterConfig())
    assert_type(create, RequestMessage[MeterConfig])
    assert_type(create.content, MeterConfig)
    assert_type(exchange.reply(create), ResponseMessage[Any])
    assert_type(exchange.delete(MeterConfig, ids=[METER]), RequestMessage[MeterConfig])
    assert_type(exchange.cancel(MeterConfig()), RequestMessage[MeterConfig])
    assert_type(exchange.close("MeterConfig", ids=[METER]), RequestMessage[Any])
    assert_type(exchange.create(TICKET), RequestMessage[ForeignElement])
    assert_type(exchange.create(PayloadFile(b"", "CSV"), noun="Own"), RequestMessage[PayloadFile])
    assert_type(exchange.execute([exchange.operation(1, "create", MeterConfig())]), RequestMessage[Any])


def test_events_are_typed_by_their_payload_or_by_the_request_that_they_copy() -> None:
    create = exchange.create(MeterConfig())
    assert_type(exchange.created(request=create), EventMessage[MeterConfig])
    assert_type(exchange.created(request=create).content, MeterConfig)
    assert_type(exchange.created(EndDeviceEvents(), request=create), EventMessage[EndDeviceEvents])
    assert_type(exchange.deleted(MeterConfig, ids=[METER]), EventMessage[MeterConfig])
    assert_type(exchange.deleted("MeterConfig", ids=[METER]), EventMessage[Any])
    delete = exchange.delete(MeterConfig, ids=[METER])
    assert_type(exchange.deleted(request=delete), EventMessage[MeterConfig])


def test_what_is_not_an_answer_is_no_answer_to_a_type_checker_either() -> None:
    """Each ignored line is one that a checker refuses; an ignore that is not needed is an error."""
    request = exchange.get(GetMeterReadings())
    create = exchange.create(MeterConfig())
    for call in (
        lambda: exchange.reply(request, MeterConfig()),  # type: ignore[misc]  # pyright: ignore[reportArgumentType, reportCallIssue]  # the test's point
        lambda: exchange.reply(create, MeterConfig()),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType, reportCallIssue]  # the test's point
        lambda: exchange.reply(request, reply_to="queue:A"),  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]  # the test's point
        lambda: exchange.get(request),  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]  # the test's point
    ):
        refused = False
        try:
            call()
        except (ValueError, TypeError):
            refused = True
        assert refused


def test_the_rest_is_what_it_is_said_to_be() -> None:
    request = MDMS.get(GetMeterReadings(), reply_to="queue:A", properties={"a": "b"})
    assert_type(MDMS.acknowledge(request), ResponseMessage[Any])
    assert_type(MDMS.fail(request, "5.7"), ResponseMessage[Any])
    delivered = exchange.created(MeterReadings())
    assert_type(MDMS.fail(delivered, "1.8"), ResponseMessage[Any])
    assert_type(MDMS.reply(delivered), ResponseMessage[Any])
    assert_type(MDMS.fail(MDMS.reply(delivered), "1.8"), ResponseMessage[Any])
    assert_type(MDMS.fault("1.8"), FaultMessage)
    assert_type(properties_of(request), Properties)
    assert_type(content_of(MDMS.created(MeterReadings()), MeterReadings), MeterReadings)
