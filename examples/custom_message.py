"""Exchange what the standard does not have: a noun, header fields, and members of standard objects of ones own.

Two partners have agreed on work tickets. Their messages travel in the standard's envelope, so they are checked,
answered, correlated and told of like any other. Where a standard profile fits, it carries what is special as an extra.
"""

from __future__ import annotations

from typing import Any

from iec61968_9 import ForeignElement, Kept, Report, SchemaError, from_xml, to_xml, validate
from iec61968_9.exchange import Conversation, Refused, Service, System, properties_of
from iec61968_9.identity import names
from iec61968_9.profiles import MeterReadings, RequestMessage
from iec61968_9.profiles import meter_readings as m

TICKET = ForeignElement("""\
<w:Ticket xmlns:w="urn:example:work">
  <w:number>T-7</w:number>
  <w:meter>B-1001</w:meter>
  <w:task>replace the seal</w:task>
</w:Ticket>""")
ASK = ForeignElement('<w:GetTicket xmlns:w="urn:example:work"><w:number>T-7</w:number></w:GetTicket>')
SHIFT = ForeignElement('<w:Shift xmlns:w="urn:example:work">night</w:Shift>')
PHOTO = ForeignElement('<w:photo xmlns:w="urn:example:work" href="https://crew.example/7.jpg"/>')

WORK = "{urn:example:work}"

office, crew = System(source="OMS"), System(source="CREW")
service = Service(crew, offers={"Ticket": {"create", "get"}})


def server(document: bytes) -> bytes | None:
    """The crew's side: check a request, and answer it."""
    checked = service.check(document)
    if isinstance(checked, Refused):
        return None if checked.answer is None else to_xml(checked.answer)
    request: RequestMessage[Any] = checked.request
    if request.header.verb == "get":
        return to_xml(crew.reply(request, TICKET))
    ticket = request.content.element()  # an lxml element, to look into
    (shift,) = (one.element().text for one in request.header.extensions if isinstance(one, ForeignElement))
    print(
        f"  the crew reads: {ticket.findtext(WORK + 'task')} at {ticket.findtext(WORK + 'meter')}; shift {shift}; "
        f"priority {properties_of(request)['Priority']}"
    )
    return to_xml(crew.reply(request))


def exchange(request: RequestMessage[Any]) -> Conversation[Any]:
    """Send a request, and take the answer."""
    document = to_xml(request)
    if validate(document):
        raise SystemExit("the envelope promised to be valid whatever it carries")
    conversation: Conversation[Any] = Conversation(request)
    conversation.receive(from_xml(server(document) or b""))
    print(f"  {request.header.verb} {request.header.noun}: {conversation.state}")
    return conversation


def own_noun() -> None:
    """A payload and a query of ones own. The noun is the name of the element."""
    print("A noun and header fields that only the partners know:")
    exchange(office.create(TICKET, properties={"Priority": "high"}, extensions=[SHIFT]))
    found = exchange(office.get(ASK))
    print(f"  what came back is what was created: {found.others == (TICKET,)}")
    refusal = exchange(office.create(ForeignElement('<w:Invoice xmlns:w="urn:example:work"/>')))
    print(f"  an Invoice is refused with {refusal.errors[0].code}")


def own_members() -> None:
    """A standard profile with an extra. The standard's schema does not know it, so both sides have to be lenient."""
    print("A member that only the partners know, in a standard payload:")
    meter = m.Meter(names=names("B-1001"), kept=Kept(elements=(PHOTO,)))
    event = crew.created(MeterReadings(meter_reading=[m.MeterReading(meter=meter)]))
    document = to_xml(event, mode="lenient")
    report = Report()
    read: Any = from_xml(document, mode="lenient", report=report)
    for finding in report:
        print(f"  {finding.kind} at {finding.path}")
    print(f"  read again it is the same: {read == event}")
    (photo,) = read.content.meter_reading[0].meter.kept.elements
    print(f"  the photo is at {photo.element().get('href')}")
    try:
        from_xml(document)
    except SchemaError as error:
        print(f"  a strict reader refuses it with {error.reply_code}")


if __name__ == "__main__":
    own_noun()
    own_members()
