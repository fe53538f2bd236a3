"""Read whatever comes in, and say what it is: a request, a reply, an event, a fault, or a payload without envelope.

Without arguments it reads the messages beside it; with arguments, those files.
"""

# pyright: reportUnknownVariableType=false, reportUnknownMemberType=false, reportUnknownArgumentType=false
# What an envelope of any kind carries is as open to a type checker as to us: the classes are told apart below.

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from iec61968_9 import DecodeError, Record, from_xml
from iec61968_9.codes import EndDeviceControlCode, EndDeviceEventCode, ReplyCode
from iec61968_9.profiles import (
    EndDeviceControls,
    EndDeviceEvents,
    EventMessage,
    FaultMessage,
    GetMeterReadings,
    MeterReadings,
    RequestMessage,
    ResponseMessage,
)
from iec61968_9.profiles.envelope import Error, Payload

MESSAGES = Path(__file__).parent / "messages"


def describe(message: Record) -> Iterable[str]:
    """What a message says, a line each."""
    match message:
        case RequestMessage(header=header, request=request, payload=payload):
            yield f"asks to {header.verb} {header.noun}"
            for query in request.queries if request is not None else []:
                yield from describe(query)
            yield from describe_payload(payload)
        case ResponseMessage(header=header, reply=reply, payload=payload):
            yield f"replies to {header.correlation_id} about {header.noun}: {reply.result}"
            yield from describe_errors(reply.error)
            yield from describe_payload(payload)
        case EventMessage(header=header, payload=payload):
            yield f"tells that {header.noun} were {header.verb}"
            yield from describe_payload(payload)
        case FaultMessage():
            yield f"refuses: {message.reply.result}"
            yield from describe_errors(message.reply.error)
        case GetMeterReadings():
            names = [name.name for reading_type in message.reading_type for name in reading_type.names]
            yield f"devices: {len(message.end_device)}; reading types: {', '.join(names)}"
        case MeterReadings():
            for reading in message.meter_reading:
                values = [one.value for one in reading.readings if one.value is not None]
                yield f"meter {reading.meter.mrid if reading.meter else '?'}: {', '.join(values)}"
        case EndDeviceEvents():
            for event in message.end_device_event:
                code = EndDeviceEventCode.from_reference(event.end_device_event_type)
                yield f"{event.created_date_time:%H:%M} {code} is: {code.describe()}"
        case EndDeviceControls():
            for control in message.end_device_control:
                what = EndDeviceControlCode.from_reference(control.end_device_control_type)
                yield f"{what} is: {what.describe()}; reason given: {control.reason}"
        case _:
            yield f"is a {type(message).__name__}"


def describe_payload(payload: Payload[Any] | None) -> Iterable[str]:
    """What an envelope carries: objects of the payloads' own classes, or a set of operations."""
    if payload is None:
        return
    for content in payload.contents:
        yield from describe(content)
    if payload.operation_set is not None:
        for operation in payload.operation_set.operation:
            yield f"operation {operation.operation_id}: {operation.verb} {operation.noun}"


def describe_errors(errors: Iterable[Error]) -> Iterable[str]:
    """The entries of a reply; a success is one, too."""
    for error in errors:
        about = f" ({error.details})" if error.details else ""
        yield f"{error.code} is: {ReplyCode.parse(error.code).describe()}{about}"


def main(arguments: list[str]) -> int:
    """Describe every file; the exit code says whether all could be read."""
    unreadable = 0
    for path in map(Path, arguments) if arguments else sorted(MESSAGES.glob("*.xml")):
        print(path.name)
        try:
            message = from_xml(path)
        except DecodeError as error:
            unreadable += 1
            print(f"  cannot be read: {error}")
        else:
            for line in describe(message):
                print(f"  {line}")
    return 1 if unreadable else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
