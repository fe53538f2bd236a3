"""What type checkers know. Both check this file; running it shows that the run time agrees."""

from __future__ import annotations

import datetime
from typing import Any, TypeVar, assert_type

from iec61968_9 import Query, Record, Reference, from_xml, iter_xml, to_xml
from iec61968_9.profiles.envelope import (
    EventMessage,
    Header,
    Payload,
    Reply,
    Request,
    RequestMessage,
    ResponseMessage,
    Result,
    Verb,
)
from iec61968_9.profiles.get_meter_readings import EndDevice, GetMeterReadings
from iec61968_9.profiles.meter_readings import (
    IntervalReading,
    MeterReading,
    MeterReadings,
    ReadingReasonKind,
)

Answer = TypeVar("Answer")


def ask(query: Query[Answer], reply: bytes) -> Answer:
    """Any function that takes a query knows what answers it."""
    del query
    content: Answer = from_xml(reply, ResponseMessage[Any]).content
    return content


def event(readings: MeterReadings) -> EventMessage[MeterReadings]:
    header = Header(verb=Verb.CREATED, noun="MeterReadings")
    return EventMessage(header=header, payload=Payload(contents=[readings]))


def test_the_payload_of_an_expected_message_is_known() -> None:
    data = to_xml(event(MeterReadings(meter_reading=[MeterReading()])))
    message = from_xml(data, EventMessage[MeterReadings])
    assert_type(message, EventMessage[MeterReadings])
    assert_type(message.content, MeterReadings)
    assert message.content.meter_reading == [MeterReading()]


def test_without_an_expectation_a_document_is_some_record() -> None:
    record = from_xml(to_xml(MeterReadings()))
    assert_type(record, Record)
    assert isinstance(record, MeterReadings)


def test_an_expected_payload_is_known() -> None:
    readings = from_xml(to_xml(MeterReadings()), MeterReadings)
    assert_type(readings, MeterReadings)
    assert_type(readings.meter_reading, list[MeterReading])


def test_the_items_of_a_stream_are_known() -> None:
    data = to_xml(MeterReadings(meter_reading=[MeterReading(is_coincident_trigger=True)]))
    with iter_xml(data, MeterReading) as stream:
        for reading in stream:
            assert_type(reading, MeterReading)
            assert reading.is_coincident_trigger


def test_a_query_knows_its_answer() -> None:
    query = GetMeterReadings(end_device=[EndDevice(mrid="6a0d5c1e-0b1f-4c55-9c0e-0000000000a1")])
    header = Header(verb=Verb.REPLY, noun="MeterReadings")
    reply = ResponseMessage(header=header, reply=Reply(result=Result.OK), payload=Payload(contents=[MeterReadings()]))
    answer = ask(query, to_xml(reply))
    assert_type(answer, MeterReadings)
    assert answer == MeterReadings()


def test_a_request_is_typed_by_its_query() -> None:
    header = Header(verb=Verb.GET, noun="MeterReadings")
    request = RequestMessage(header=header, request=Request(queries=[GetMeterReadings()]))
    assert_type(request, RequestMessage[GetMeterReadings])
    assert_type(request.query, GetMeterReadings)
    assert from_xml(to_xml(request), RequestMessage[GetMeterReadings]) == request


def test_members_have_the_types_of_their_schema() -> None:
    reading = IntervalReading(value="0.11", time_stamp=datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC))
    assert_type(reading.value, str | None)
    assert_type(reading.time_stamp, datetime.datetime | None)
    assert_type(ReadingReasonKind("billing"), ReadingReasonKind)
    assert_type(Reference(ref="1.0.0").ref, str | None)
