"""What only two partners know: nouns, payloads, queries, members and header fields of their own."""

from __future__ import annotations

import datetime
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest

from iec61968_9 import (
    DecodeError,
    EncodeError,
    ExchangeError,
    ForeignElement,
    exchange,
    from_xml,
    register,
    to_xml,
    validate,
)
from iec61968_9._verbs import REGISTRY
from iec61968_9.exchange import (
    Accepted,
    Form,
    Service,
    SoapVersion,
    Style,
    content_of,
    diagnose,
    properties_of,
    read_message,
    write_message,
)
from iec61968_9.profiles import GetMeterReadings, MeterReadings
from iec61968_9.profiles.envelope import EventMessage, RequestMessage
from iec61968_9.profiles.meter_readings import Meter, MeterReading

TICKET = ForeignElement('<w:Ticket xmlns:w="urn:example:work" w:number="7"><w:text>  late </w:text></w:Ticket>')
ASK = ForeignElement('<w:GetTicket xmlns:w="urn:example:work"><w:number>7</w:number></w:GetTicket>')
TOKEN = ForeignElement('<a:Authorization xmlns:a="urn:example:auth">secret</a:Authorization>')


def again(message: Any) -> Any:
    """A message, written and read."""
    data = to_xml(message)
    assert validate(data) == []
    return from_xml(data)


def test_a_partners_own_exchange_is_built_like_any_other() -> None:
    request = exchange.get(ASK)
    assert request.header.noun == "Ticket"
    reply = exchange.reply(request, TICKET)
    event = exchange.created(TICKET, request=request)
    for message in (request, reply, event, exchange.reply(request, TICKET, compress=True)):
        assert again(message) == message
    assert content_of(again(exchange.reply(request, TICKET, compress=True))) == TICKET
    assert again(reply).content == again(event).content == TICKET
    assert again(request).query == ASK


def test_a_noun_of_ones_own_may_stand_over_any_element() -> None:
    message = exchange.create(TICKET, noun="WorkTicket")
    assert again(message).header.noun == "WorkTicket"
    asked = exchange.get(ASK, noun="WorkTicket")
    assert exchange.reply(asked, TICKET).header.noun == "WorkTicket"


@pytest.mark.parametrize("noun", ["Ticket", "WorkTicket"])
def test_partners_call_their_own_content_as_they_like(noun: str) -> None:
    """Then the noun is not one of the standard's, and nothing else is remarked on; a service takes it."""
    asked = exchange.get(ASK, noun=noun)
    for message in (asked, exchange.reply(asked, TICKET), exchange.create(TICKET, noun=noun)):
        assert [finding.kind for finding in diagnose(message)] == ["noun-unknown"]
    assert isinstance(Service().check(to_xml(exchange.create(TICKET, noun=noun))), Accepted)
    standard = exchange.create(MeterReadings())
    standard.header.noun = noun
    assert "noun-not-content" in {finding.kind for finding in diagnose(standard)}


def test_a_profiles_noun_stands_over_the_profile_only() -> None:
    with pytest.raises(ExchangeError, match="names a profile"):
        exchange.create(TICKET, noun="MeterReadings")
    asked: RequestMessage[Any] = exchange.get(noun="MeterReadings")
    with pytest.raises(ExchangeError, match="is something else"):
        exchange.reply(asked, TICKET)
    with pytest.raises(ExchangeError, match="the noun of MeterReadings is MeterReadings, not Readings"):
        exchange.create(MeterReadings(), noun="Readings")


def test_header_elements_and_properties_of_partners_travel() -> None:
    message = exchange.get(GetMeterReadings(), extensions=[TOKEN], properties={"MessageIndex": "1/2", "Route": None})
    read = again(message)
    assert read.header.extensions == [TOKEN]
    assert properties_of(read) == {"Route": None, "MessageIndex": "1/2"}


FORMS = [
    Form(soap=version, style=style)
    for version in (None, *SoapVersion)
    for style in (Style.PLAIN, Style.TYPED, Style.GENERIC)
]
METER = "6a0d5c1e-0b1f-4c55-9c0e-0000000000a1"
ASKED = exchange.get(ASK, extensions=[TOKEN], properties={"Route": "north"}, options={"timeout": "30"}, replay=True)
LATER = exchange.get(ASK, reply_to="queue:DESK")
OWN: dict[str, Any] = {
    "a get": ASKED,
    "a reply": exchange.reply(ASKED, TICKET, extensions=[TOKEN]),
    "a reply with errors": exchange.reply(ASKED, TICKET, errors=[exchange.error("4.1", of=METER)]),
    "an acknowledgement": exchange.acknowledge(LATER),
    "a part": exchange.partial(LATER, TICKET),
    "a failure": exchange.fail(ASKED, "4.1"),
    "a create": exchange.create(TICKET, extensions=[TOKEN]),
    "a create of another noun": exchange.create(TICKET, noun="WorkTicket"),
    "a delete by identifiers": exchange.delete("Ticket", ids=[METER]),
    "a cancel by payload": exchange.cancel(TICKET),
    "an event": exchange.changed(TICKET, properties={"Route": "north"}),
    "an event of identifiers": exchange.closed("Ticket", ids=[METER]),
    "a compressed create": exchange.create(TICKET, compress=True),
    "a compressed reply": exchange.reply(ASKED, TICKET, compress=True),
    "an operation set": exchange.execute([exchange.operation(1, "create", TICKET)]),
    "an executed event": exchange.executed([exchange.operation(1, "created", TICKET)]),
}
UNTYPED = {  # what Annex C has no root or no room for
    "a create of another noun",
    "an event of identifiers",
    "a compressed create",
    "an operation set",
    "an executed event",
}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.style} in SOAP {form.soap}")
@pytest.mark.parametrize("name", OWN)
def test_a_message_of_ones_own_travels_in_every_form(name: str, form: Form) -> None:
    message = OWN[name]
    blocks = [TOKEN] if form.soap is not None else []
    if form.style is Style.TYPED and name in UNTYPED:
        with pytest.raises(EncodeError, match="in plain or generic style"):
            write_message(message, form, headers=blocks)
        return
    written = write_message(message, form, headers=blocks)
    for mode in ("strict", "lenient"):
        received = read_message(written, mode=mode)
        assert received.message == message
        assert (received.form.soap, received.form.style) == (form.soap, form.style)
        assert list(received.headers) == blocks
        again_ = write_message(received.message, received.form, headers=received.headers, mode=mode)
        assert read_message(again_, mode=mode).message == message


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.style} in SOAP {form.soap}")
def test_a_partners_members_inside_a_profile_travel_in_every_form(form: Form) -> None:
    written = write_message(
        exchange.created(MeterReadings(meter_reading=[MeterReading(meter=Meter(mrid=METER))])), form
    )
    sent = written.replace(b"</mRID>", b'</mRID><v:role xmlns:v="urn:example:v">  main </v:role>')
    received = read_message(sent, EventMessage[MeterReadings], mode="lenient")
    assert b"  main </v:role>" in write_message(received.message, received.form, mode="lenient")
    forwarded = write_message(exchange.created(received.message.content), form, mode="lenient")
    assert (
        read_message(forwarded, EventMessage[MeterReadings], mode="lenient").message.content == received.message.content
    )
    with pytest.raises(DecodeError):
        read_message(sent)


def test_a_partners_members_inside_a_profile_are_carried_on() -> None:
    sent = b"""<EventMessage xmlns="http://iec.ch/TC57/2011/schema/message">
      <Header><Verb>created</Verb><Noun>MeterReadings</Noun></Header>
      <Payload><MeterReadings xmlns="http://iec.ch/TC57/2011/MeterReadings#">
        <MeterReading><v:quality xmlns:v="urn:example:v">good</v:quality></MeterReading>
      </MeterReadings></Payload></EventMessage>"""
    payload = from_xml(sent, EventMessage[MeterReadings], mode="lenient").content
    request = exchange.create(payload)
    event = exchange.created(request=request)
    for message in (request, event):
        data = to_xml(message, mode="lenient")
        assert b"good</v:quality>" in data
        assert from_xml(data, mode="lenient") == message


ACME = "tests.generator.golden.acme"


@pytest.fixture
def acme(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A package that the generator made of a partner's schemas, registered for the time of one test."""
    by_root = {root: [*known] for root, known in REGISTRY.by_root.items()}
    copies = {"by_tag": {**REGISTRY.by_tag}, "by_root": by_root, "by_module": {**REGISTRY.by_module}}
    for name, copy in {**copies, "secrets": {*REGISTRY.secrets}}.items():
        monkeypatch.setattr(REGISTRY, name, copy)
    register(ACME)
    return import_module(f"{ACME}.profiles")


def test_a_registered_packages_classes_are_payloads_and_queries(acme: ModuleType) -> None:
    placed = datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC)
    parts = import_module(f"{ACME}.profiles.orders")
    ann = parts.Party(name="Ann")
    line = parts.CatalogueReference(ref="7")
    order = parts.Order(version=1, placed=placed, customer=ann, deliver_to=ann, lines=[line])
    orders = acme.Orders(order=[order])
    request = exchange.get(acme.GetOrders())
    reply = exchange.reply(request, orders, compress=True)
    event = exchange.created(orders)
    assert {message.header.noun for message in (request, reply, event)} == {"Orders"}
    for message in (request, reply, event):
        assert again(message) == message
    assert content_of(again(reply)) == orders
    for form in FORMS:
        for message in (request, reply, event, exchange.create(orders), exchange.fail(request, "4.1")):
            assert read_message(write_message(message, form), type(message)).message == message
    changes = exchange.execute([exchange.operation(1, "create", orders), exchange.removal(2, orders)])
    assert again(changes) == changes
    assert [one.noun for one in exchange.operations_of(changes).values()] == ["Orders", "Orders"]
    assert isinstance(Service(offers={acme.Orders: {"create"}}).check(to_xml(exchange.create(orders))), Accepted)
    with pytest.raises(ExchangeError, match="GetOrders is a query, and the noun is Orders"):
        exchange.get(noun="GetOrders")
    with pytest.raises(ExchangeError, match="Deliveries is something else"):
        exchange.reply(request, acme.Deliveries())
