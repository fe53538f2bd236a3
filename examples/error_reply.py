"""Say no in the way that the other side understands: faults, refusals, and replies with good and bad items.

The checks and their answers are the library's (``Service``); what a meter is, only the server knows. The side that
asked learns of each meter what became of it: the result of a message as a whole does not tell.
"""

from __future__ import annotations

import datetime
from typing import Any

from iec61968_9 import Reference, from_xml, to_xml
from iec61968_9.codes import ReplyCode
from iec61968_9.exchange import Conversation, Refused, Service, System, error, is_failure
from iec61968_9.identity import Identity, ObjectName, identify, names
from iec61968_9.profiles import GetMeterReadings, MeterReadings, RequestMessage
from iec61968_9.profiles import get_meter_readings as q
from iec61968_9.profiles import meter_readings as m
from iec61968_9.profiles.envelope import Error

ENERGY = "0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.3.72.0"
REGISTERS = {"B-1001": "1234.5"}

mdms = System(source="MDMS", context="PRODUCTION")
service = Service(System(source="HES", context="PRODUCTION"), offers={MeterReadings: {"get"}}, sources={"MDMS"})


def server(document: bytes) -> bytes | None:
    """Check a message, and answer it; None where nothing may be answered."""
    checked = service.check(document)
    if isinstance(checked, Refused):
        return None if checked.answer is None else to_xml(checked.answer)
    return to_xml(read_meters(from_xml(document, RequestMessage[GetMeterReadings])))


def read_meters(request: RequestMessage[GetMeterReadings]) -> Any:
    """Readings for the meters that are known, and an error for each of the others that names it."""
    found: list[m.MeterReading] = []
    errors: list[Error] = []
    for device in map(identify, request.query.end_device):
        value = REGISTERS.get(device.name() or "")
        if value is None:
            errors.append(error("2.4", details="unknown meter", of=device))
            continue
        reading = m.Reading(
            reading_type=Reference(ref=ENERGY), time_stamp=datetime.datetime.now(datetime.UTC), value=value
        )
        found.append(m.MeterReading(meter=m.Meter(names=names(*device.names)), readings=[reading]))
    payload = MeterReadings(meter_reading=found) if found else None
    return service.system.reply(request, payload, errors=errors)  # FAILED as soon as one item failed


def ask(*badges: str, system: System = mdms) -> RequestMessage[GetMeterReadings]:
    """A request for the registers of some meters."""
    devices = [q.EndDevice(names=names(badge, name_type="MeterBadgeNumber")) for badge in badges]
    return system.get(GetMeterReadings(end_device=devices, reading_type=[q.ReadingType(names=names(ENERGY))]))


def show(title: str, document: bytes | None) -> None:
    """What the server answered."""
    print(title)
    if document is None:
        print("  no answer")
        return
    answer: Any = from_xml(document)
    about = f" to {answer.header.correlation_id[:8]}…" if hasattr(answer, "header") else ""
    print(f"  {type(answer).__name__}{about}: {answer.reply.result}")
    for one in answer.reply.error:
        if is_failure(one):
            print(f"    {one.code} {ReplyCode.parse(one.code).describe()}")
            print(f"      {(one.details or '').splitlines()[0]}")


def main() -> None:
    """One way to go wrong after another; then a request of which one half can be answered."""
    good = to_xml(ask("B-1001"))
    show("Half a message, which cannot be read:", server(good[: len(good) // 2]))
    show("An envelope that is not valid:", server(good.replace(b"<Verb>get</Verb>", b"<Verb>fetch</Verb>")))
    show("A verb that is not offered:", server(to_xml(mdms.create(MeterReadings()))))
    show("A sender that nobody knows:", server(to_xml(ask("B-1001", system=System(source="OMS")))))
    show(
        "A message for the test system:", server(to_xml(ask("B-1001", system=System(source="MDMS", context="TESTING"))))
    )
    show("An event that is not for us, to which nothing is answered:", server(to_xml(mdms.created(MeterReadings()))))

    request = ask("B-1001", "B-9999")
    document = server(to_xml(request))
    show("Two meters, of which one is not known:", document)
    conversation = Conversation(request)
    conversation.receive(from_xml(document or b""))
    for badge in ("B-1001", "B-9999"):
        outcome = conversation.outcomes.of(Identity(names=(ObjectName(badge, "MeterBadgeNumber"),)))
        print(f"  {badge}: {outcome.kind}")


if __name__ == "__main__":
    main()
