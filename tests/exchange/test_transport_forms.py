"""Every message in every form that Annexes C and D have for it: written right, read back equal, answered in kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import pytest
from lxml import etree
from tests.exchange import annex_c
from tests.tables import Element

from iec61968_9 import EncodeError, SoapFaultError, from_xml, to_xml
from iec61968_9.exchange import Form, SoapVersion, Style, read_message, write_message
from iec61968_9.profiles.envelope import FaultMessage, RequestMessage, ResponseMessage, Verb

MESSAGES = sorted((Path(__file__).parents[1] / "messages").glob("*.xml"))
OPERATIONS = {"RequestMessage": "Request", "ResponseMessage": "Response", "EventMessage": "PublishEvent"}
VERSIONS = [None, SoapVersion.V1_1, SoapVersion.V1_2]

MODES: list[Literal["strict", "lenient"]] = ["strict", "lenient"]

each_message = pytest.mark.parametrize("path", MESSAGES, ids=lambda path: path.stem)
each_version = pytest.mark.parametrize("version", VERSIONS, ids=str)


def message_of(path: Path) -> Any:
    return from_xml(path)


def plain(message: Any) -> Element:
    return etree.fromstring(to_xml(message))


def typed_name(message: Any) -> tuple[str, str] | None:
    """The root and namespace that Annex C has for a message, by hand; None if it has none."""
    if isinstance(message, FaultMessage):
        return "MeterReadingsFaultMessage", annex_c.wrapper("MeterReadings")
    noun, verb = message.header.noun, message.header.verb
    if noun == "OperationSet" or (message.payload is not None and message.payload.id):
        return None
    if verb == Verb.GET:
        return f"Get{noun}", annex_c.wrapper(noun, get=True)
    if verb == Verb.REPLY:
        return f"{noun}ResponseMessage", annex_c.wrapper(noun, get=noun == "MeterReadings")
    return verb.value.capitalize() + noun, annex_c.wrapper(noun)


def forms_of(message: Any, version: SoapVersion | None) -> list[tuple[Form, Element]]:
    """The forms that are there for a message, each with the document as it must be."""
    kind = type(message).__name__
    found = [(Form(soap=version), plain(message))]
    if kind in OPERATIONS:
        form = Form(soap=version, style=Style.GENERIC)
        found.append((form, annex_c.generic(plain(message), OPERATIONS[kind])))
    name = typed_name(message)
    if name is not None:
        form = Form(soap=version, style=Style.TYPED, namespace=name[1])
        found.append((form, annex_c.typed(plain(message), *name)))
    return found


@each_version
@each_message
def test_a_message_is_written_as_the_annexes_have_it_and_read_back_equal(
    path: Path, version: SoapVersion | None
) -> None:
    message = message_of(path)
    for form, inner in forms_of(message, version):
        if version is not None and isinstance(message, FaultMessage):
            continue
        expected = annex_c.in_soap(inner, version.value) if version is not None else inner
        for pretty in (False, True):
            data = write_message(message, form, pretty=pretty)
            assert annex_c.canonical(etree.fromstring(data)) == annex_c.canonical(expected)
            received = read_message(data)
            assert received.message == message
            assert received.form == form
            assert received.findings == ()


@each_version
@each_message
def test_a_document_that_the_annexes_describe_is_read_like_the_plain_message(
    path: Path, version: SoapVersion | None
) -> None:
    message = message_of(path)
    for form, inner in forms_of(message, version):
        if version is not None and isinstance(message, FaultMessage):
            continue
        document = annex_c.in_soap(inner, version.value) if version is not None else inner
        data = etree.tostring(document)
        assert read_message(data).message == message
        lenient = read_message(data, mode="lenient")
        assert (lenient.message, lenient.form, lenient.findings) == (message, form, ())


@pytest.mark.parametrize("noun", ["MeterReadings", "EndDeviceControls", "MeterConfig"])
def test_what_is_written_under_a_typed_root_is_valid_by_the_schemas_of_a_wsdl(noun: str) -> None:
    seen = 0
    for path in MESSAGES:
        message = message_of(path)
        name = typed_name(message)
        if name is None or isinstance(message, FaultMessage) or message.header.noun != noun:
            continue
        data = write_message(message, Form(style=Style.TYPED, namespace=name[1]))
        annex_c.schema(noun, get="/Get" in name[1]).validate(data.decode())
        seen += 1
    assert seen >= 2


@each_message
def test_what_annex_c_has_no_root_for_is_refused_with_the_place(path: Path) -> None:
    message = message_of(path)
    name = typed_name(message)
    if name is not None:
        assert write_message(message, Form(style=Style.TYPED, namespace=name[1]))
        return
    with pytest.raises(EncodeError, match=r"Annex C has no typed root|a typed payload holds its noun") as caught:
        write_message(message, Form(style=Style.TYPED))
    assert "plain or generic style" in caught.value.message
    assert caught.value.path is not None


@pytest.mark.parametrize("version", [SoapVersion.V1_1, SoapVersion.V1_2])
def test_a_fault_message_travels_in_a_soap_fault_and_is_raised_when_it_is_read(version: SoapVersion) -> None:
    fault = from_xml(next(path for path in MESSAGES if path.stem.startswith("F4")), FaultMessage)
    typed = Form(soap=version, style=Style.TYPED, namespace=annex_c.wrapper("MeterReadings"))
    for form in (Form(soap=version), typed):
        for mode in MODES:
            with pytest.raises(SoapFaultError) as caught:
                read_message(write_message(fault, form), mode=mode)
            assert caught.value.envelope == fault
            assert caught.value.version == version


def test_a_reply_goes_out_in_the_form_in_which_the_request_came_in() -> None:
    request = from_xml(next(path for path in MESSAGES if path.stem.startswith("A1-1")), RequestMessage)
    reply = from_xml(next(path for path in MESSAGES if path.stem.startswith("A1-2")), ResponseMessage)
    for form, _ in forms_of(request, SoapVersion.V1_2):
        received = read_message(write_message(request, form))
        answered = read_message(write_message(reply, received.form.answering()))
        assert answered.message == reply
        assert (answered.form.soap, answered.form.style) == (form.soap, form.style)
        assert answered.form.namespace == received.form.namespace


def test_a_form_is_a_value() -> None:
    assert Form(soap=SoapVersion.V1_1) == Form(soap=SoapVersion.V1_1)
    assert len({Form(), Form(style=Style.TYPED), Form()}) == 2
