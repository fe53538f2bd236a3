"""What type checkers know of messages that travel. Both check this file; running it shows that the run time agrees."""

from __future__ import annotations

from typing import Any, assert_type

from iec61968_9.exchange import (
    AnyMessage,
    Form,
    MessageStream,
    Received,
    SoapVersion,
    create,
    created,
    iter_message,
    read_message,
    write_message,
)
from iec61968_9.profiles.envelope import EventMessage, RequestMessage
from iec61968_9.profiles.meter_readings import MeterReading, MeterReadings

SOAP = Form(soap=SoapVersion.V1_2)


def test_an_expected_message_is_known_with_its_payload() -> None:
    data = write_message(created(MeterReadings(meter_reading=[MeterReading()])), SOAP)
    received = read_message(data, EventMessage[MeterReadings])
    assert_type(received, Received[EventMessage[MeterReadings]])
    assert_type(received.message.content.meter_reading, list[MeterReading])
    assert_type(received.form.answering(), Form)
    assert received.message.content.meter_reading == [MeterReading()]


def test_without_an_expectation_a_message_is_one_of_the_five() -> None:
    received = read_message(write_message(create(MeterReadings()), SOAP))
    assert_type(received, Received[AnyMessage])
    assert isinstance(received.message, RequestMessage)
    assert_type(received.message, RequestMessage[Any])


def test_the_items_of_a_stream_are_known() -> None:
    data = write_message(created(MeterReadings(meter_reading=[MeterReading()])), SOAP)
    with iter_message(data, MeterReading) as stream:
        assert_type(stream, MessageStream[MeterReading])
        assert_type(next(stream), MeterReading)
        assert stream.form == SOAP
