"""What is no message, or a damaged one, is refused with its place, in every form; limits hold, lines are right."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iec61968_9 import (
    DecodeError,
    EncodeError,
    ForeignElement,
    LimitError,
    Limits,
    QName,
    Report,
    SchemaError,
    from_xml,
)
from iec61968_9.exchange import Form, SoapVersion, Style, read_message, write_fault, write_message
from iec61968_9.profiles import MeterReadings
from iec61968_9.profiles.envelope import EventMessage, Message, RequestMessage, ResponseMessage

MESSAGES = Path(__file__).parents[1] / "messages"
CREATED = from_xml(MESSAGES / "A3-3_created_MeterReadings_event.xml", EventMessage[MeterReadings])
REPLIED = from_xml(MESSAGES / "A1-2_reply_MeterReadings_OK.xml", ResponseMessage[MeterReadings])
ASKED = from_xml(MESSAGES / "A1-1_get_MeterReadings_sync.xml", RequestMessage)
TYPED = Form(soap=SoapVersion.V1_1, style=Style.TYPED)
FORMS = [Form(soap=soap, style=style) for soap in (None, *SoapVersion) for style in list(Style)[:3]]
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
MESSAGE = "http://iec.ch/TC57/2011/schema/message"

each_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.style}-{form.soap}")


def text(form: Form, message: EventMessage[MeterReadings] = CREATED) -> str:
    return write_message(message, form, pretty=True).decode()


def place(form: Form, below: str) -> str:
    """The path of something below the message's root, in a form."""
    root = {
        Style.PLAIN: "/EventMessage",
        Style.TYPED: "/CreatedMeterReadings",
        Style.GENERIC: "/PublishEvent/EventMessage",
    }
    return ("/Envelope/Body" if form.soap else "") + root[form.style] + below


def refused(source: str | bytes, limits: Limits = Limits()) -> DecodeError:  # noqa: B008  # immutable
    """The error that both modes raise for a document."""
    with pytest.raises(DecodeError) as strict:
        read_message(source, limits=limits)
    with pytest.raises(DecodeError) as lenient:
        read_message(source, mode="lenient", limits=limits)
    assert (lenient.value.message, lenient.value.path) == (strict.value.message, strict.value.path)
    return strict.value


def soap(body: str, header: str = "", tail: str = "") -> str:
    return f'<s:Envelope xmlns:s="{SOAP}" xmlns:m="{MESSAGE}">{header}<s:Body>{body}</s:Body>{tail}</s:Envelope>'


BARE = '<MeterReadings xmlns="http://iec.ch/TC57/2011/MeterReadings#"/>'
EVENT = "<m:EventMessage><m:Header><m:Verb>created</m:Verb><m:Noun>X</m:Noun></m:Header></m:EventMessage>"

DAMAGED = [
    ("an empty body", soap(""), "the Body holds one message", "/Envelope/Body"),
    ("two messages", soap(EVENT + EVENT), "the Body holds one message", "/Envelope/Body"),
    ("text in the body", soap("x" + EVENT), "there is text between the elements", "/Envelope/Body"),
    ("no body", f'<s:Envelope xmlns:s="{SOAP}"/>', "a SOAP envelope has one Body", "/Envelope"),
    ("a header behind the body", soap(EVENT, tail="<s:Header/>"), "a SOAP envelope has one Body", "/Envelope"),
    (
        "an unknown version of SOAP",
        soap(EVENT).replace(SOAP, "urn:x"),
        "this version of SOAP is not known",
        "/Envelope",
    ),
    ("a payload in the body", soap(BARE), "a payload stands here without an envelope", "/Envelope/Body/MeterReadings"),
    ("a bare payload", BARE, "a payload stands here without an envelope", "/MeterReadings"),
    ("something else", soap("<x/>"), "this is no message", "/Envelope/Body/x"),
    (
        "a misspelt namespace",
        soap('<EventMessage xmlns="http://iec.ch/TC57/2011/schema/massage"/>'),
        "EventMessage is in a namespace that is not known",
        "/Envelope/Body/EventMessage",
    ),
    (
        "an empty operation",
        soap('<a:Request xmlns:a="http://iec.ch/TC57/2011/abstract"/>'),
        "this is no message",
        "/Envelope/Body/Request",
    ),
    (
        "two messages in an operation",
        soap(f'<a:PublishEvent xmlns:a="http://iec.ch/TC57/2011/abstract">{EVENT}{EVENT}</a:PublishEvent>'),
        "an operation holds one message",
        "/Envelope/Body/PublishEvent",
    ),
    (
        "an operation that Annex D does not have",
        soap(f'<a:Ask xmlns:a="http://iec.ch/TC57/2011/abstract">{EVENT}</a:Ask>'),
        "this is no message",
        "/Envelope/Body/Ask",
    ),
    (
        "a root that names no verb",
        soap('<w:MeterReadings xmlns:w="http://iec.ch/TC57/2011/MeterReadingsMessage"/>'),
        "MeterReadings is in a namespace that is not known",
        "/Envelope/Body/MeterReadings",
    ),
    (
        "a noun alone",
        soap('<w:Turn xmlns:w="http://iec.ch/TC57/2011/TurnMessage"/>'),
        "this is no message",
        "/Envelope/Body/Turn",
    ),
]


@pytest.mark.parametrize(("source", "message", "path"), [one[1:] for one in DAMAGED], ids=[one[0] for one in DAMAGED])
def test_what_is_no_message_is_refused_in_both_modes(source: str, message: str, path: str) -> None:
    error = refused(source)
    assert error.message.startswith(message)
    assert error.path == path
    assert error.line == 1
    assert error.reply_code in {"1.8", "2.5"}


@each_form
def test_cut_anywhere_a_message_is_never_read(form: Form) -> None:
    data = write_message(CREATED, form)
    end = data.rindex(b">")
    for cut in range(0, end, max(1, end // 60)):
        with pytest.raises(DecodeError):
            read_message(data[:cut], mode="lenient")


@each_form
def test_an_invalid_payload_is_refused_with_its_path_and_line_in_the_document_as_sent(form: Form) -> None:
    source = text(form).replace("<timeStamp>2026", "<timeStamp>soon 2026", 1)
    line = source[: source.index("soon")].count("\n") + 1
    with pytest.raises(SchemaError) as caught:
        read_message(source)
    assert caught.value.path == place(form, "/Payload/MeterReadings/MeterReading/Readings/timeStamp")
    assert caught.value.line == line
    report = Report()
    received = read_message(source, mode="lenient", report=report)
    assert [(one.kind, one.path, one.line) for one in report] == [("unreadable-value", caught.value.path, line)]
    assert received.findings == tuple(report)
    written = write_message(received.message, received.form, mode="lenient")
    assert b"soon 2026" in written


@each_form
def test_an_invalid_envelope_is_refused_with_its_path_and_line(form: Form) -> None:
    source = text(form).replace("<Verb>created</Verb>", "<Verb>created</Verb>\n<Verve/>")
    error = read_error(source)
    assert isinstance(error, SchemaError)
    assert error.path == place(form, "/Header/Verve")
    assert error.line == source[: source.index("<Verve/>")].count("\n") + 1


@each_form
def test_lines_are_right_beyond_65535(form: Form) -> None:
    source = text(form).replace("<Verb>created</Verb>", "\n" * 70_000 + "<Verb>created</Verb>")
    source = source.replace("<timeStamp>2026", "<timeStamp>soon 2026", 1)
    assert read_error(source).line == source[: source.index("<timeStamp>soon")].count("\n") + 1
    finding = read_message(source, mode="lenient").findings[-1]
    assert finding.line == read_error(source).line


def read_error(source: str) -> DecodeError:
    with pytest.raises(DecodeError) as caught:
        read_message(source)
    return caught.value


@each_form
def test_another_message_than_was_expected_is_refused(form: Form) -> None:
    with pytest.raises(DecodeError) as caught:
        read_message(text(form), ResponseMessage)
    assert caught.value.path == place(form, "")
    assert caught.value.expected == "ResponseMessage"
    with pytest.raises(DecodeError, match="does not carry what was expected"):
        read_message(write_message(REPLIED, form), ResponseMessage[Message])


@each_form
def test_limits_hold(form: Form) -> None:
    data = write_message(CREATED, form)
    for limits in (Limits(document_bytes=100), Limits(depth=3), Limits(elements=5), Limits(text=10)):
        with pytest.raises(LimitError):
            read_message(data, limits=limits)


def test_limits_hold_for_header_blocks_and_for_documents_in_texts() -> None:
    attributes = " ".join(f'a{number}=""' for number in range(70))
    error = refused(soap(EVENT, header=f"<s:Header><x {attributes}/></s:Header>"))
    assert isinstance(error, LimitError)
    deep = "&lt;m>" * 300 + "&lt;/m>" * 300
    with pytest.raises(LimitError):
        read_message(soap(f"<x>{deep}</x>"), mode="lenient")


def test_declarations_are_refused_also_in_texts() -> None:
    assert "document type" in refused(f"<!DOCTYPE x>{soap(EVENT)}").message
    with pytest.raises(DecodeError, match="document type declaration"):
        read_message(soap("<x>&lt;!DOCTYPE x>&lt;x/></x>"), mode="lenient")


def test_header_blocks_are_kept_and_written() -> None:
    block = ForeignElement(
        '<t:To xmlns:t="urn:addressing" xmlns:s="urn:s" s:mustUnderstand="1" xml:id="to">here</t:To>'
    )
    for version in SoapVersion:
        data = write_message(CREATED, Form(soap=version), headers=[block, block])
        received = read_message(data)
        assert received.headers == (block, block)
        assert received.message == CREATED
    with pytest.raises(EncodeError, match="header blocks"):
        write_message(CREATED, headers=[block])


@pytest.mark.parametrize("headers", [["<a/>"], "<a/>", [None], [b"<a/>"]])
@pytest.mark.parametrize("form", [Form(soap=SoapVersion.V1_1), Form()])
def test_what_is_no_header_block_is_refused_as_such(headers: Any, form: Form) -> None:
    with pytest.raises(TypeError, match="a header block is a ForeignElement, not "):
        write_message(CREATED, form, headers=headers)
    with pytest.raises(TypeError, match="a header block is a ForeignElement, not "):
        write_fault(None, Form(soap=SoapVersion.V1_2), headers=headers)


def test_attributes_of_the_soap_envelope_are_noted() -> None:
    source = soap(EVENT).replace("<s:Body>", '<s:Body xmlns:u="urn:u" u:Id="b-1">')
    for received in (read_message(source), read_message(source, mode="lenient")):
        assert [(one.kind, one.path, one.source, one.level) for one in received.findings] == [
            ("transport-attribute", "/Envelope/Body", "{urn:u}Id", "note")
        ]


def test_prefixes_that_soap_declares_are_known_to_what_is_inside() -> None:
    reply = from_xml(MESSAGES / "F1_reply_FAILED_bad_meter.xml", ResponseMessage)
    reply.reply.error[0].xpath = QName("urn:q", "Meter")
    declared = ' xmlns:q="urn:q"'
    for form in FORMS:
        source = write_message(reply, form, xml_declaration=False).decode()
        outside = source.replace(declared, "").replace(">", f"{declared}>", 1)
        assert read_message(outside).message == reply


def test_an_error_of_writing_names_the_place_in_the_document() -> None:
    broken = from_xml(MESSAGES / "A3-3_created_MeterReadings_event.xml", EventMessage[MeterReadings])
    broken.header.noun = "MeterReadings"
    broken.content.meter_reading[0].readings[0].value = 3  # type: ignore[assignment]
    for form in FORMS:
        with pytest.raises(EncodeError) as caught:
            write_message(broken, form)
        assert caught.value.path == place(form, "/Payload/MeterReadings/MeterReading/Readings/value")


def test_the_root_of_a_general_message_is_no_typed_root_and_no_operation() -> None:
    general = Message(header=CREATED.header, payload=CREATED.payload)
    assert read_message(write_message(general, Form(soap=SoapVersion.V1_1))).message == general
    for style in (Style.TYPED, Style.GENERIC):
        with pytest.raises(EncodeError):
            write_message(general, Form(style=style))


NOISE = st.lists(
    st.sampled_from(
        ["<m:Header>", "</m:Header>", "<s:Body>", "</s:Body>", EVENT, "<m:Request>", "</m:Request>", "x", "<w:Fault/>"]
    ),
    max_size=8,
).map("".join)


@given(NOISE, st.sampled_from(["strict", "lenient"]))
def test_whatever_stands_in_a_body_is_read_or_refused_with_the_librarys_error(body: str, mode: str) -> None:
    source = soap(body).replace("<s:Envelope ", '<s:Envelope xmlns:w="urn:w" ')
    with suppress(DecodeError):
        received = read_message(source, mode="strict" if mode == "strict" else "lenient")
        assert write_message(received.message, received.form, mode="lenient")
