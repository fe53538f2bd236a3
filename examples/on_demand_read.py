"""Read meters on demand: the answer comes later, in parts, and each meter has an outcome of its own.

A meter data management system (MDMS) asks a head end (HES) for the registers of three meters. The head end says at once
that it has understood, and reads; what it has, it sends to the address that the request names. Here the bytes go from
one function to the other; a transport of yours would carry them.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from iec61968_9 import Reference, from_xml, to_xml
from iec61968_9.exchange import Conversations, Refused, Service, System, error
from iec61968_9.identity import Identity, ObjectName, identify, names
from iec61968_9.profiles import GetMeterReadings, MeterReadings, RequestMessage
from iec61968_9.profiles import get_meter_readings as q
from iec61968_9.profiles import meter_readings as m

ENERGY = "0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.3.72.0"  # bulk quantity, forward, electricity, kWh
BADGE, UTILITY = "MeterBadgeNumber", "ExampleUtility"

REGISTERS = {"B-1001": "1234.5", "B-1002": "877.0"}
"""What the head end can read. A third meter does not answer."""


# -- The side that asks ----------------------------------------------------------------------------------------------

mdms = System(source="MDMS", context="TESTING")


def ask(badges: list[str]) -> RequestMessage[GetMeterReadings]:
    """The request. An address for replies makes it asynchronous."""
    query = GetMeterReadings(
        end_device=[q.EndDevice(names=names(badge, name_type=BADGE, authority=UTILITY)) for badge in badges],
        reading_type=[q.ReadingType(names=names(ENERGY))],
    )
    return mdms.get(query, reply_to="queue:MDMS.REPLIES")


# -- The side that answers -------------------------------------------------------------------------------------------

service = Service(System(source="HES", context="TESTING"), offers={MeterReadings: {"get"}})


def head_end(document: bytes) -> Iterator[bytes]:
    """Answer a request: the first message on the same connection, the others to the reply address."""
    checked = service.check(document)
    if isinstance(checked, Refused):
        if checked.answer is not None:
            yield to_xml(checked.answer)
        return
    hes, request = service.system, from_xml(document, RequestMessage[GetMeterReadings])
    yield to_xml(hes.acknowledge(request))
    devices = [identify(device) for device in request.query.end_device]
    for number, device in enumerate(devices, 1):
        value = REGISTERS.get(device.name(BADGE) or "")
        last = number == len(devices)
        if value is None:
            silent = error("4.1", details="the meter did not answer", of=device)
            yield to_xml(hes.partial(request, errors=[silent], last=last))
        else:
            yield to_xml(hes.partial(request, MeterReadings(meter_reading=[reading_of(device, value)]), last=last))


def reading_of(device: Identity, value: str) -> m.MeterReading:
    """One register of one meter, as it stands now."""
    reading = m.Reading(
        reading_type=Reference(ref=ENERGY),
        reason=m.ReadingReasonKind.INQUIRY,
        time_stamp=datetime.datetime.now(datetime.UTC),
        value=value,
    )
    return m.MeterReading(meter=m.Meter(names=names(*device.names)), readings=[reading])


# -- The exchange ----------------------------------------------------------------------------------------------------


def main() -> None:
    """Ask, take what comes in whatever order, and see what became of each meter."""
    badges = ["B-1001", "B-1002", "B-1003"]
    request = ask(badges)
    conversations = Conversations()  # all exchanges of this system; a reply finds its own by CorrelationID
    conversation = conversations.open(request)
    print(f"asked for {len(badges)} meters, answers to {request.header.reply_address}")

    acknowledgement, first, second, last = head_end(to_xml(request))
    for document in (acknowledgement, second, first, second, last):  # a bad transport: not in order, and one twice
        arrived: Any = from_xml(document)
        receipt = conversations.receive(arrived)
        codes = ", ".join(one.code for one in arrived.reply.error)
        remarks = "".join(f"; {finding.kind}" for finding in receipt.findings)
        print(f"  {arrived.reply.result} {codes}: {receipt.kind}, so it is {conversation.state}{remarks}")

    print("what became of each meter:")
    for badge in badges:
        outcome = conversation.outcomes.of(Identity(names=(ObjectName(badge, BADGE, UTILITY),)))
        values = [one.value for item in outcome.items for one in item.readings]
        told = (
            f"{', '.join(map(str, values))} kWh" if values else f"{outcome.errors[0].code} {outcome.errors[0].details}"
        )
        print(f"  {badge}: {outcome.kind}, {told}")


if __name__ == "__main__":
    main()
