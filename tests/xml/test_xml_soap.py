"""A SOAP fault is an error that says what the other side said, whichever verb it is given to."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import pytest
from tests.verbs.support import canonical

from iec61968_9 import DecodeError, Limits, Report, SoapFaultError, from_xml, iter_xml, validate
from iec61968_9.profiles.envelope import FaultMessage, Result

MESSAGE = "http://iec.ch/TC57/2011/schema/message"
REPLY = "<Result>FAILED</Result><Error><code>1.8</code><reason>Timestamp</reason></Error>"
FAULT = f'<FaultMessage xmlns="{MESSAGE}"><Reply>{REPLY}</Reply></FaultMessage>'
WRAPPER = "http://iec.ch/TC57/2011/MeterReadingsMessage"
TYPED = (
    f'<w:MeterReadingsFaultMessage xmlns:w="{WRAPPER}" xmlns="{MESSAGE}"><w:Reply>{REPLY}</w:Reply>'
    "</w:MeterReadingsFaultMessage>"
)


def soap11(
    detail: str = "", words: str = "<faultcode>s:Server</faultcode><faultstring>Out of order</faultstring>"
) -> str:
    inside = f"{words}<detail>{detail}</detail>" if detail else words
    return (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header/>\n'
        f"<s:Body><s:Fault>{inside}</s:Fault></s:Body></s:Envelope>"
    )


def soap12(detail: str = "") -> str:
    return (
        '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:v="urn:v">\n<e:Body><e:Fault><e:Code>'
        "<e:Value>e:Receiver</e:Value><e:Subcode><e:Value>v:Busy</e:Value></e:Subcode></e:Code><e:Reason>"
        '<e:Text xml:lang="en">Out of order</e:Text><e:Text xml:lang="de">Kaputt</e:Text></e:Reason>'
        f"<e:Role>urn:head-end</e:Role><e:Detail>{detail}</e:Detail></e:Fault></e:Body></e:Envelope>"
    )


def strict_items(source: Any) -> object:
    return list(iter_xml(source, "MeterReading"))


def lenient_items(source: Any) -> object:
    return list(iter_xml(source, "MeterReading", mode="lenient"))


def lenient(source: Any) -> object:
    return from_xml(source, mode="lenient", report=Report())


VERBS: list[Callable[[Any], object]] = [from_xml, lenient, validate, strict_items, lenient_items]


def fault(verb: Callable[[Any], object], source: str | bytes) -> SoapFaultError:
    with pytest.raises(SoapFaultError) as caught:
        verb(source)
    return caught.value


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_fault_is_told_with_its_code_its_words_and_its_place(verb: Callable[[Any], object], encoding: str) -> None:
    error = fault(verb, soap11().encode(encoding))
    assert (error.version, error.fault_code, error.reason) == ("1.1", "Server", "Out of order")
    assert (error.actor, error.detail, error.envelope) == (None, None, None)
    assert (error.path, error.line) == ("/Envelope/Body/Fault", 2)
    assert "SOAP 1.1 fault: Server: Out of order" in str(error)


@pytest.mark.parametrize("verb", VERBS)
def test_a_fault_of_soap_1_2_has_subcodes_and_the_first_of_its_texts(verb: Callable[[Any], object]) -> None:
    error = fault(verb, soap12())
    assert (error.version, error.fault_code, error.reason) == ("1.2", "Receiver/Busy", "Out of order")
    assert error.actor == "urn:head-end"


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("soap", [soap11, soap12])
@pytest.mark.parametrize("detail", [FAULT, TYPED, f"<x>{FAULT}</x>", FAULT.replace("//iec", "//www.iec")])
def test_the_fault_message_in_its_detail_is_typed(
    verb: Callable[[Any], object], soap: Callable[[str], str], detail: str
) -> None:
    error = fault(verb, soap(detail))
    message = error.envelope
    assert isinstance(message, FaultMessage)
    assert message.reply.result is Result.FAILED
    assert [(one.code, one.reason) for one in message.reply.error] == [("1.8", "Timestamp")]
    assert "1.8 Timestamp" in str(error)
    assert error.detail is not None
    assert "FaultMessage" in error.detail


def test_a_detail_of_another_kind_is_kept_as_it_is() -> None:
    error = fault(from_xml, soap11('<x:trouble xmlns:x="urn:x">7</x:trouble>'))
    assert error.detail is not None
    assert "trouble" in error.detail
    assert error.envelope is None


@pytest.mark.parametrize("soap", [soap11, soap12])
@pytest.mark.parametrize("detail", ["ORA-00001 in meter M7", " a &lt; b &amp; c<x>1</x>d<y/>&gt;\n", " "])
def test_the_texts_of_a_detail_are_told_with_its_elements(soap: Callable[[str], str], detail: str) -> None:
    told = fault(from_xml, soap(detail)).detail
    assert told is not None
    assert canonical(f"<d>{told}</d>") == canonical(f"<d>{detail}</d>")


@pytest.mark.parametrize("verb", VERBS)
def test_a_fault_without_anything_is_still_a_fault(verb: Callable[[Any], object]) -> None:
    error = fault(verb, soap11(words=""))
    assert (error.fault_code, error.reason) == ("", "")
    assert "no code and no words" in str(error)


def test_a_fault_whose_children_are_in_the_namespace_of_soap_is_understood() -> None:
    error = fault(from_xml, soap11(words="<s:faultcode>s:Client</s:faultcode><s:faultstring>No</s:faultstring>"))
    assert (error.fault_code, error.reason) == ("Client", "No")


def test_a_fault_alone_is_one_too() -> None:
    text = '<Fault xmlns="http://schemas.xmlsoap.org/soap/envelope/"><faultcode>Server</faultcode></Fault>'
    assert fault(from_xml, text).fault_code == "Server"


def test_it_is_a_decode_error_and_survives_pickling() -> None:
    error = fault(from_xml, soap11(FAULT))
    again = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own
    assert isinstance(again, DecodeError)
    assert (str(again), again.envelope) == (str(error), error.envelope)


@pytest.mark.parametrize("verb", VERBS)
def test_a_fault_that_is_cut_off_is_never_an_empty_result(verb: Callable[[Any], object]) -> None:
    text = soap11(FAULT)
    for end in range(len(text)):
        with pytest.raises(DecodeError):
            verb(text[:end])


def test_a_stream_reads_an_envelope_no_further_than_its_limit() -> None:
    with pytest.raises(DecodeError, match="SOAP envelope has more than"):
        list(iter_xml(soap11("x" * 100_000), "MeterReading", limits=Limits(item_bytes=70_000)))


@pytest.mark.parametrize("verb", VERBS)
def test_another_soap_envelope_says_what_reads_it(verb: Callable[[Any], object]) -> None:
    inside = f'<RequestMessage xmlns="{MESSAGE}"/>'
    text = f'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>{inside}</s:Body></s:Envelope>'
    with pytest.raises(DecodeError, match="around RequestMessage") as caught:
        verb(text)
    assert not isinstance(caught.value, SoapFaultError)
    assert "exchange.read_message" in str(caught.value)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("s:Client", "the request is at fault"),
        ("s:Client.Authentication", "the request is at fault"),
        ("s:Server", "the other side is at fault"),
        ("s:MustUnderstand", "a header block"),
        ("s:VersionMismatch", "another version"),
    ],
)
def test_the_advice_says_whose_fault_it_is(code: str, said: str) -> None:
    fault = f"<s:Fault><faultcode>{code}</faultcode><faultstring>no</faultstring></s:Fault>"
    with pytest.raises(SoapFaultError) as caught:
        from_xml(
            f'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>{fault}</s:Body></s:Envelope>'
        )
    assert said in str(caught.value.advice)
