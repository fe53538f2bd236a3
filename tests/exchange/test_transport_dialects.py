"""What real systems send around their messages: each read leniently, reported, and written back without a loss.

In strict mode each is an error that says where and what. One that a dialect explains is strict again with the dialect.
"""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
from lxml import etree

from iec61968_9 import DecodeError, Dialect, EncodeError, Finding, Report, from_xml
from iec61968_9.exchange import Form, Received, SoapVersion, Style, iter_message, read_message, write_message
from iec61968_9.profiles import MeterReadings
from iec61968_9.profiles.envelope import EventMessage, FaultMessage, RequestMessage, ResponseMessage

MESSAGE = "http://iec.ch/TC57/2011/schema/message"
SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
ABSTRACT = "http://iec.ch/TC57/2011/abstract"
READINGS = "http://iec.ch/TC57/2011/MeterReadings"
EVENT = '<EndDeviceEvents xmlns="http://iec.ch/TC57/2011/EndDeviceEvents#"/>'
ANY_YEAR = Dialect(
    aliases={
        "http://www.iec.ch/TC57/*": "http://iec.ch/TC57/*",
        "http://iec.ch/TC57/2010/*": "http://iec.ch/TC57/2011/*",
        "http://iec.ch/TC57/2017/*": "http://iec.ch/TC57/2011/*",
    }
)


def header(verb: str, noun: str = "MeterReadings", prefix: str = "m:") -> str:
    """The children of a header."""
    return f"<{prefix}Verb>{verb}</{prefix}Verb><{prefix}Noun>{noun}</{prefix}Noun>"


def soap(body: str) -> str:
    return f'<s:Envelope xmlns:s="{SOAP11}" xmlns:m="{MESSAGE}"><s:Header/><s:Body>{body}</s:Body></s:Envelope>'


def typed(name: str, body: str, namespace: str = READINGS + "Message", message: str = MESSAGE) -> str:
    return f'<w:{name} xmlns:w="{namespace}" xmlns:m="{message}">{body}</w:{name}>'


def event(verb: str, noun: str = "MeterReadings", name: str = "CreatedMeterReadings") -> str:
    payload = f'<w:Payload><MeterReadings xmlns="{READINGS}#"/></w:Payload>'
    return typed(name, f"<w:Header>{header(verb, noun)}</w:Header>{payload}")


REPLY = "<m:Reply><m:Result>OK</m:Result></m:Reply>"
PLAIN = (
    f'<m:EventMessage xmlns:m="{MESSAGE}"><m:Header>{header("created", "EndDeviceEvents")}</m:Header></m:EventMessage>'
)
ESCAPED = PLAIN.replace("&", "&amp;").replace("<", "&lt;")
CONTENT = f"<m:Header>{header('created', 'EndDeviceEvents')}</m:Header><m:Payload>{EVENT}</m:Payload>"
REQUEST = f"<m:Header>{header('get')}</m:Header><m:Request><m:ID>a</m:ID></m:Request>"


@dataclass(frozen=True)
class Variant:
    """A document, the kind of message in it, and the kinds of findings."""

    name: str
    source: str
    kind: type[RequestMessage] | type[ResponseMessage] | type[EventMessage] | type[FaultMessage]
    findings: tuple[str, ...]


VARIANTS = [
    Variant(
        "interoperability tests: the get's root ends in RequestMessage",
        typed(
            "GetMeterReadingsRequestMessage",
            f'<w:Header>{header("get")}</w:Header><w:Request><GetMeterReadings xmlns="'
            'http://iec.ch/TC57/2011/GetMeterReadings#"/></w:Request>',
            "http://iec.ch/TC57/2011/GetMeterReadingsMessage",
        ),
        RequestMessage,
        ("wrapper-unusual",),
    ),
    Variant(
        "harness: a root that does not say the verb",
        event("create", name="MeterReadingsRequestMessage"),
        RequestMessage,
        ("wrapper-unusual",),
    ),
    Variant(
        "drafts: an operation set under a root of its own",
        typed(
            "ExecuteMeterReadingsOperationSet",
            f"<w:Header>{header('execute', 'OperationSet')}</w:Header><w:Payload><w:OperationSet>"
            "<m:Operation><m:operationId>1</m:operationId></m:Operation></w:OperationSet></w:Payload>",
        ),
        RequestMessage,
        ("wrapper-unusual",),
    ),
    Variant(
        "drafts: the reply to an operation set",
        typed(
            "MeterReadingsOperationSetResponseMessage",
            f"<w:Header>{header('reply', 'OperationSet')}</w:Header><w:Reply><m:Result>OK</m:Result></w:Reply>",
        ),
        ResponseMessage,
        ("wrapper-unusual",),
    ),
    Variant(
        "harness: the verb of a request under an event's root",
        event("create"),
        EventMessage,
        ("wrapper-and-verb-disagree",),
    ),
    Variant(
        "harness: the verb of a request under a reply's root",
        typed(
            "MeterReadingsResponseMessage",
            f"<w:Header>{header('create')}</w:Header><w:Reply><m:Result>OK</m:Result></w:Reply>",
        ),
        ResponseMessage,
        ("wrapper-and-verb-disagree",),
    ),
    Variant(
        "harness: another noun than the root's",
        event("created", "SendEndDeviceEvents"),
        EventMessage,
        ("wrapper-and-noun-disagree",),
    ),
    Variant(
        "the root and its namespace speak of different nouns",
        typed(
            "CreatedMeterReadings",
            f'<w:Header>{header("created")}</w:Header><w:Payload><MeterReadings xmlns="{READINGS}#"/></w:Payload>',
            "http://iec.ch/TC57/2011/EndDeviceEventsMessage",
        ),
        EventMessage,
        ("wrapper-and-noun-disagree",),
    ),
    Variant(
        "the outage document: a wrapper of 2010",
        typed(
            "CreatedMeterReadings",
            f'<w:Header>{header("created")}</w:Header><w:Payload><MeterReadings xmlns="{READINGS}#"/></w:Payload>',
            "http://www.iec.ch/TC57/2010/MeterReadingsMessage",
        ),
        EventMessage,
        ("wrapper-namespace",),
    ),
    Variant(
        "the first harness: wrapper and envelope of 2010",
        typed(
            "CreatedMeterReadings",
            f'<w:Header>{header("created")}</w:Header><w:Payload><MeterReadings xmlns="{READINGS}#"/></w:Payload>',
            "http://www.iec.ch/TC57/2010/MeterReadingsMessage",
            "http://www.iec.ch/TC57/2010/schema/message",
        ),
        EventMessage,
        ("wrapper-namespace", "wrapper-namespace"),
    ),
    Variant(
        "a create in the namespace of gets",
        typed(
            "CreateMeterReadings",
            f'<w:Header>{header("create")}</w:Header><w:Payload><MeterReadings xmlns="{READINGS}#"/></w:Payload>',
            "http://iec.ch/TC57/2011/GetMeterReadingsMessage",
        ),
        RequestMessage,
        ("wrapper-namespace",),
    ),
    Variant(
        "all of the envelope in the wrapper's namespace",
        typed(
            "CreatedMeterReadings",
            f"<w:Header>{header('created', prefix='w:')}</w:Header>"
            f'<w:Payload><MeterReadings xmlns="{READINGS}#"/></w:Payload>',
        ),
        EventMessage,
        ("wrapper-namespace", "wrapper-namespace"),
    ),
    Variant(
        "all of the envelope in the messages' namespace",
        typed(
            "CreatedMeterReadings",
            f'<m:Header>{header("created")}</m:Header><m:Payload><MeterReadings xmlns="{READINGS}#"/></m:Payload>',
        ),
        EventMessage,
        ("wrapper-namespace", "wrapper-namespace"),
    ),
    Variant(
        "an event by ID under a typed root",
        typed("DeletedMeterReadings", f"<w:Header>{header('deleted')}</w:Header><w:Payload><w:ID>a</w:ID></w:Payload>"),
        EventMessage,
        ("wrapper-content", "wrapper-content"),
    ),
    Variant(
        "a typed get by ID alone",
        typed(
            "GetMeterReadings",
            f"<w:Header>{header('get')}</w:Header><w:Request><w:ID kind='name'>a</w:ID></w:Request>",
            "http://iec.ch/TC57/2011/GetMeterReadingsMessage",
        ),
        RequestMessage,
        ("wrapper-content", "wrapper-content"),
    ),
    Variant(
        "PODIS: a part named message in the operation",
        soap(f'<a:Request xmlns:a="{ABSTRACT}"><a:message>{REQUEST}</a:message></a:Request>'),
        RequestMessage,
        ("wrapper-unusual",),
    ),
    Variant(
        "Pyramid: the part in the messages' namespace",
        soap(f'<a:PublishEvent xmlns:a="{ABSTRACT}"><m:message>{CONTENT}</m:message></a:PublishEvent>'),
        EventMessage,
        ("wrapper-unusual",),
    ),
    Variant(
        "Pyramid: operation and part named by type, in the messages' namespace",
        soap(f"<m:PublishEvent><m:EventMessageType>{CONTENT}</m:EventMessageType></m:PublishEvent>"),
        EventMessage,
        ("wrapper-namespace", "wrapper-unusual"),
    ),
    Variant(
        "an unqualified part, as RPC style has it",
        soap(f'<a:PublishEvent xmlns:a="{ABSTRACT}"><message>{CONTENT}</message></a:PublishEvent>'),
        EventMessage,
        ("wrapper-unusual",),
    ),
    Variant(
        "an operation that holds header and payload itself",
        soap(f'<a:PublishEvent xmlns:a="{ABSTRACT}">{CONTENT}</a:PublishEvent>'),
        EventMessage,
        ("wrapper-unusual",),
    ),
    Variant(
        "an unqualified operation that holds header and payload itself",
        soap(f"<PublishEvent>{CONTENT}</PublishEvent>"),
        EventMessage,
        ("wrapper-namespace", "wrapper-unusual"),
    ),
    Variant(
        "UsagePointConfig client: operation and message in one namespace",
        soap(f"<m:Request><m:RequestMessage>{REQUEST}</m:RequestMessage></m:Request>"),
        RequestMessage,
        ("wrapper-namespace",),
    ),
    Variant(
        "an operation around another kind of message",
        soap(f'<a:Request xmlns:a="{ABSTRACT}"><m:EventMessage>{CONTENT}</m:EventMessage></a:Request>'),
        EventMessage,
        ("wrapper-unusual",),
    ),
    Variant(
        "Iranian head end: the document as an argument's text",
        soap(f'<d:doCommand xmlns:d="urn:hes"><arg0>{ESCAPED}</arg0></d:doCommand>'),
        EventMessage,
        ("envelope-as-text",),
    ),
    Variant(
        "the document as CDATA in an operation's part",
        soap(f'<a:Request xmlns:a="{ABSTRACT}"><a:message><![CDATA[{PLAIN}]]></a:message></a:Request>'),
        EventMessage,
        ("envelope-as-text",),
    ),
]

each_variant = pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)


def values(source: str | bytes) -> Counter[str]:
    """Every text and attribute value of a document and of the documents in its texts."""
    found: Counter[str] = Counter()
    root = etree.fromstring(source)
    for element in root.iter("*"):
        text = (element.text or "").strip()
        if text.startswith("<"):
            found += values(text)
        elif text:
            found[f"{etree.QName(element).localname}={text}"] += 1
        for name, value in element.items():
            found[f"{name}={value}"] += 1
    return found


def forms(received: Received[Any]) -> list[Finding]:
    """The findings about the form, without those about the message in it."""
    return [finding for finding in received.findings if finding.rule in {"T2", "T3"}]


@each_variant
def test_what_partners_make_of_the_forms_is_read_and_reported(variant: Variant) -> None:
    received = read_message(variant.source, mode="lenient")
    assert type(received.message) is variant.kind
    about_the_form = forms(received)
    assert tuple(finding.kind for finding in about_the_form) == variant.findings
    for finding in about_the_form:
        assert finding.path.startswith("/")
        assert finding.line == 1


@each_variant
def test_strict_mode_refuses_it_at_the_place_of_the_first_finding(variant: Variant) -> None:
    first = forms(read_message(variant.source, mode="lenient"))[0]
    with pytest.raises(DecodeError) as caught:
        read_message(variant.source)
    assert caught.value.path == first.path
    assert caught.value.line == 1
    assert caught.value.expected is not None
    assert caught.value.got is not None


@each_variant
def test_written_back_nothing_is_lost(variant: Variant) -> None:
    received = read_message(variant.source, mode="lenient")
    data = write_message(received.message, received.form, mode="lenient")
    assert values(data) == values(variant.source)
    again = read_message(data, mode="lenient")
    assert (again.message, again.form) == (received.message, received.form)
    roots = [etree.fromstring(one).xpath("//*[local-name()='Body']/* | /*")[-1].tag for one in (data, variant.source)]
    assert roots[0] == roots[1]


@each_variant
def test_strict_writing_keeps_to_the_annexes(variant: Variant) -> None:
    received = read_message(variant.source, mode="lenient")
    with suppress(EncodeError):
        assert read_message(write_message(received.message, received.form)).message == received.message


def test_other_years_are_strict_with_a_dialect_that_knows_them() -> None:
    source = typed(
        "CreatedMeterReadings",
        f'<w:Header>{header("created")}</w:Header><w:Payload><MeterReadings xmlns="{READINGS}#"/></w:Payload>',
        "http://iec.ch/TC57/2017/MeterReadingsMessage",
    )
    received = read_message(source, EventMessage, dialect=ANY_YEAR)
    assert received.findings == ()
    assert received.form.namespace == "http://iec.ch/TC57/2017/MeterReadingsMessage"
    assert write_message(received.message, received.form, dialect=ANY_YEAR)
    with pytest.raises(EncodeError, match="namespace does not fit"):
        write_message(received.message, received.form)


def test_the_www_spelling_is_known_without_a_dialect_and_kept_in_the_answer() -> None:
    www = "http://www.iec.ch/TC57/2011/"
    source = typed(
        "CreateMeterReadings",
        f'<w:Header>{header("create")}</w:Header><w:Payload><MeterReadings xmlns="{READINGS}#"/></w:Payload>',
        www + "MeterReadingsMessage",
        www + "schema/message",
    )
    received = read_message(source, RequestMessage)
    assert received.findings == ()
    assert received.form.answering().namespace == www + "MeterReadingsMessage"


def test_the_envelope_of_a_partners_dialect_is_known_inside_soap_and_under_typed_roots() -> None:
    partner = Dialect(envelope="urn:partner:envelope", payload="urn:partner:payloads", prefix="m")
    message = read_message(event("created"), EventMessage).message
    for style in Style.PLAIN, Style.TYPED, Style.GENERIC:
        form = Form(soap=SoapVersion.V1_2, style=style)
        data = write_message(message, form, dialect=partner)
        assert b"urn:partner:envelope" in data
        assert b"<m:MeterReadings " in data
        assert read_message(data, dialect=partner).message == message


def test_an_envelope_without_namespaces_is_read_with_a_dialect_that_says_so() -> None:
    unqualified = Dialect(aliases={"": MESSAGE})
    operation = f'<a:PublishEvent xmlns:a="{ABSTRACT}"><message>{CONTENT.replace("m:", "")}</message></a:PublishEvent>'
    typed_event = event("created").replace("m:", "")
    for source in (soap(operation), typed_event):
        received = read_message(source, EventMessage, mode="lenient", dialect=unqualified)
        assert received.message.header.verb == "created"
        assert received.message.kept is None
    assert read_message(typed_event, EventMessage, dialect=unqualified).findings == ()


def test_a_plain_kaifa_event_in_soap_is_of_the_standards_form() -> None:
    received = read_message(soap(PLAIN), EventMessage)
    assert received.form == Form(soap=SoapVersion.V1_1)
    assert received.findings == ()


def test_the_form_for_an_answer_drops_what_only_fits_the_request() -> None:
    by_name = {variant.name: read_message(variant.source, mode="lenient").form for variant in VARIANTS}
    podis = by_name["PODIS: a part named message in the operation"].answering()
    assert podis.part == f"{{{ABSTRACT}}}message"
    pyramid = by_name["Pyramid: operation and part named by type, in the messages' namespace"].answering()
    assert (pyramid.root, pyramid.part) == (None, None)
    iran = by_name["Iranian head end: the document as an argument's text"].answering()
    reply = read_message(
        f'<m:ResponseMessage xmlns:m="{MESSAGE}"><m:Header>{header("reply")}</m:Header>{REPLY}</m:ResponseMessage>'
    ).message
    with pytest.raises(EncodeError, match="carrier"):
        write_message(reply, iran, mode="lenient")


def test_an_inner_documents_places_are_those_of_the_outer_one() -> None:
    inner = PLAIN.replace("<m:Header>", "\n<m:Header>\n").replace("created", "Created")
    source = soap(f'\n<d:doCommand xmlns:d="urn:hes">\n<arg0><![CDATA[{inner}]]></arg0></d:doCommand>')
    found = {finding.kind: finding for finding in read_message(source, mode="lenient").findings}
    place = found.get("unknown-literal") or found["verb-case"]
    assert place.path == "/Envelope/Body/doCommand/arg0/EventMessage/Header/Verb"
    assert place.line == 5
    cut = source.replace("</m:EventMessage>", "")
    with pytest.raises(DecodeError) as caught:
        read_message(cut, mode="lenient")
    assert re.fullmatch(r"/Envelope/Body/doCommand/arg0.*", str(caught.value.path))


@pytest.mark.parametrize(
    "namespace", ["", MESSAGE.replace("2011", "2010"), MESSAGE.replace("iec", "www.iec").replace("2011", "2008")]
)
@pytest.mark.parametrize("around", ["{}", soap("{}"), f'<a:PublishEvent xmlns:a="{ABSTRACT}">{{}}</a:PublishEvent>'])
def test_t1_a_message_of_another_edition_or_of_no_namespace_is_read_in_every_form(around: str, namespace: str) -> None:
    """As ``from_xml`` reads it alone, and with the same finding."""
    readings = (
        f'<MeterReadings xmlns="{READINGS}#"><MeterReading><Meter><mRID>1</mRID></Meter></MeterReading></MeterReadings>'
    )
    inside = f"<Header>{header('created', prefix='')}</Header><Payload>{readings}</Payload>"
    alone = f'<EventMessage xmlns="{namespace}">{inside}</EventMessage>'
    source = around.format(alone)
    expected, streamed = Report(), Report()
    message = from_xml(alone, EventMessage[MeterReadings], mode="lenient", report=expected)
    received = read_message(source, EventMessage[MeterReadings], mode="lenient")
    assert received.message == message
    (finding,), (alike,) = received.findings, expected
    assert (finding.rule, finding.kind, finding.message) == (alike.rule, alike.kind, alike.message)
    assert finding.rule == "T1"
    with iter_message(source, "MeterReading", mode="lenient", report=streamed) as stream:
        assert list(stream) == message.content.meter_reading
    assert list(streamed) == [finding]
    with pytest.raises(DecodeError):
        read_message(source)
