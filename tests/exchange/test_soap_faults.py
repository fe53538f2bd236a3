"""SOAP faults as ``read_message`` meets them and ``write_fault`` makes them, held to the structure of both versions."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree
from tests.exchange.annex_c import SOAP

from iec61968_9 import DecodeError, EncodeError, ForeignElement, Report, SoapFaultError, from_xml
from iec61968_9.exchange import (
    FaultCode,
    Form,
    SoapVersion,
    Style,
    error,
    fault,
    read_message,
    write_fault,
    write_message,
)
from iec61968_9.profiles.envelope import FaultMessage, ResponseMessage

MESSAGES = Path(__file__).parents[1] / "messages"
FAULT = from_xml(MESSAGES / "F4_FaultMessage_not_schema_valid.xml", FaultMessage)
WRAPPER = "http://iec.ch/TC57/2011/MeterReadingsMessage"

each_version = pytest.mark.parametrize("version", list(SoapVersion))
each_code = pytest.mark.parametrize("code", list(FaultCode))


def raised(data: bytes | str, report: Report | None = None) -> SoapFaultError:
    with pytest.raises(SoapFaultError) as caught:
        read_message(data, ResponseMessage, report=report)
    return caught.value


@each_code
def test_a_fault_of_soap_1_1_has_unqualified_parts_in_order(code: FaultCode) -> None:
    root = etree.fromstring(write_fault(FAULT, Form(soap=SoapVersion.V1_1), code=code, reason="no", actor="urn:a"))
    fault = root.find(f"{{{SOAP['1.1']}}}Body/{{{SOAP['1.1']}}}Fault")
    assert fault is not None
    assert [child.tag for child in fault] == ["faultcode", "faultstring", "faultactor", "detail"]
    old = {"Sender": "Client", "Receiver": "Server"}
    prefix, _, local = str(fault[0].text).partition(":")
    assert (fault[0].nsmap[prefix], local) == (SOAP["1.1"], old.get(code, str(code)))
    assert [child.tag for child in fault[3]] == ["{http://iec.ch/TC57/2011/schema/message}FaultMessage"]


@each_code
def test_a_fault_of_soap_1_2_has_qualified_parts_in_order(code: FaultCode) -> None:
    root = etree.fromstring(write_fault(FAULT, Form(soap=SoapVersion.V1_2), code=code, reason="no", actor="urn:a"))
    ns = f"{{{SOAP['1.2']}}}"
    fault = root.find(f"{ns}Body/{ns}Fault")
    assert fault is not None
    assert [child.tag for child in fault] == [ns + name for name in ("Code", "Reason", "Role", "Detail")]
    prefix, _, local = str(fault.findtext(f"{ns}Code/{ns}Value")).partition(":")
    assert (fault.nsmap[prefix], local) == (SOAP["1.2"], str(code))
    text = fault.find(f"{ns}Reason/{ns}Text")
    assert text is not None
    assert text.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"


@each_version
@each_code
def test_a_fault_is_raised_with_all_that_it_says(version: SoapVersion, code: FaultCode) -> None:
    block = ForeignElement('<t:RelatesTo xmlns:t="urn:addressing">m-1</t:RelatesTo>')
    data = write_fault(FAULT, Form(soap=version), code=code, reason="too <late>", actor="urn:a", headers=[block])
    error = raised(data)
    old = {"Sender": "Client", "Receiver": "Server"}
    assert error.fault_code == (old.get(code, str(code)) if version is SoapVersion.V1_1 else code)
    assert (error.reason, error.actor, error.envelope, error.headers) == ("too <late>", "urn:a", FAULT, (block,))
    assert error.path == "/Envelope/Body/Fault"
    assert error.line is not None


@each_version
def test_a_fault_message_travels_under_its_typed_root_in_the_answer_to_a_typed_request(version: SoapVersion) -> None:
    form = Form(soap=version, style=Style.TYPED, namespace=WRAPPER)
    data = write_message(FAULT, form)
    assert f"<w:MeterReadingsFaultMessage xmlns:w={WRAPPER!r}".replace("'", '"').encode() in data
    assert raised(data).envelope == FAULT
    bare = write_message(FAULT, Form(style=Style.TYPED, namespace=WRAPPER))
    assert read_message(bare).message == FAULT
    with pytest.raises(EncodeError, match="namespace of its root"):
        write_message(FAULT, Form(soap=version, style=Style.TYPED))


@each_version
def test_the_reason_is_that_of_the_first_error_unless_one_is_given(version: SoapVersion) -> None:
    assert raised(write_message(FAULT, Form(soap=version))).reason == FAULT.reply.error[0].details
    assert raised(write_fault(None, Form(soap=version))).reason == "The message could not be processed"


@each_version
def test_a_fault_without_a_fault_message_is_one_all_the_same_and_is_noted(version: SoapVersion) -> None:
    report = Report()
    error = raised(write_fault(None, Form(soap=version), code=FaultCode.RECEIVER, reason="down"), report)
    assert error.envelope is None
    (noted,) = report
    assert (noted.kind, noted.rule, noted.path) == ("fault-without-message", "T4", "/Envelope/Body/Fault")


def test_a_fault_is_never_data_whatever_else_the_body_holds() -> None:
    message = from_xml(MESSAGES / "A1-2_reply_MeterReadings_OK.xml", ResponseMessage)
    whole = write_message(message, Form(soap=SoapVersion.V1_1)).decode()
    beside = whole.replace("</soap:Body>", "<soap:Fault><faultstring>no</faultstring></soap:Fault></soap:Body>")
    assert raised(beside).reason == "no"
    foreign = whole.replace("<ResponseMessage", "<Fault").replace("</ResponseMessage", "</Fault")
    with pytest.raises(DecodeError):
        read_message(foreign, mode="lenient")


def test_a_soap_fault_needs_soap() -> None:
    with pytest.raises(EncodeError, match="needs a form with SOAP"):
        write_fault(FAULT, Form())
    assert read_message(write_message(FAULT), FaultMessage).message == FAULT


def test_words_that_the_fault_and_its_message_share_are_said_once() -> None:
    words = "the Timestamp\n has no offset"
    said = str(raised(write_message(fault(error("1.8", details=words)), Form(soap=SoapVersion.V1_1))))
    assert said.count("has no offset") == 1
    assert "(1.8)" in said
