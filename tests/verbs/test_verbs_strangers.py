"""What comes where a message should and is none: each kind is named, with what to do, by every verb alike."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import lzma
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.verbs.support import MESSAGE, READINGS, event, readings

from iec61968_9 import DecodeError, Dialect, Report, from_xml, iter_xml, validate
from iec61968_9.profiles import EventMessage, MeterReadings


def strict_items(source: Any, dialect: Dialect | None = None) -> object:
    return list(iter_xml(source, "MeterReading", dialect=dialect))


def lenient_items(source: Any, dialect: Dialect | None = None) -> object:
    return list(iter_xml(source, "MeterReading", mode="lenient", dialect=dialect))


def lenient(source: Any, dialect: Dialect | None = None) -> object:
    return from_xml(source, mode="lenient", report=Report(), dialect=dialect)


def strict(source: Any, dialect: Dialect | None = None) -> object:
    return from_xml(source, dialect=dialect)


VERBS: list[Callable[..., object]] = [strict, lenient, validate, strict_items, lenient_items]
LENIENT = (lenient, lenient_items)


@pytest.fixture(params=VERBS, ids=["from_xml", "lenient", "validate", "iter_xml", "lenient iter_xml"])
def verb(request: pytest.FixtureRequest) -> Callable[..., object]:
    """Every verb that reads."""
    found: Callable[..., object] = request.param
    return found


def refused(verb: Callable[..., object], source: Any) -> DecodeError:
    with pytest.raises(DecodeError) as caught:
        verb(source)
    return caught.value


def zipped() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("message.xml", readings())
    return stream.getvalue()


GOOD = readings()
HTML = "<!doctype html>\n<html>\n<head><title>502  Bad &amp; Gateway</title></head><body><p>Sorry<br></body></html>"

# what comes -> (what the error calls it, what it advises)
STRANGERS: dict[str, tuple[str | bytes, str, str]] = {
    "nothing": (b"", "the document is empty", "read already"),
    "white space": (" \n", "the document is empty", "read already"),
    "a byte order mark": (b"\xef\xbb\xbf", "the document is empty", "empty file"),
    "a declaration alone": ('<?xml version="1.0"?>\n', "nothing but a declaration", "empty file"),
    "a web page": (HTML, "HTML with the title '502 Bad & Gateway'", "HTTP status"),
    "a web page in capitals": (HTML.upper(), "HTML with the title '502 BAD & GATEWAY'", "HTTP status"),
    "a web page without a type": (HTML.partition("\n")[2], "a web page", "HTTP status"),
    "a well formed web page": ("<html><head><title>Log in</title></head></html>", "with the title 'Log in'", "proxy"),
    "XHTML": ('<html xmlns="http://www.w3.org/1999/xhtml"/>', "a web page", "proxy"),
    "JSON": ('\n{"error": "unauthorized"}', "JSON", "unauthorized"),
    "a JSON list": ("[]", "JSON", "HTTP status"),
    "gzip": (gzip.compress(GOOD.encode()), "gzip data", "gzip.decompress"),
    "zip": (zipped(), "a zip archive", "zipfile"),
    "bzip2": (bz2.compress(GOOD.encode()), "bzip2", "bz2.decompress"),
    "xz": (lzma.compress(GOOD.encode()), "xz", "lzma.decompress"),
    "base64": (base64.b64encode(gzip.compress(GOOD.encode(), mtime=0)), "gzip data in base64", "b64decode"),
    "PDF": (b"%PDF-1.7\n", "a PDF document", "XML"),
    "binary": (bytes(range(200, 210)) + b"\0\1", "binary data", "c8 c9"),
    "an HTTP response": ("HTTP/1.1 200 OK\r\n\r\n" + GOOD, "an HTTP response", "body only"),
    "MTOM": ("--uuid:1\r\nContent-Type: x\r\n\r\n" + GOOD, "multipart", "part that holds the XML"),
    "escaped": (GOOD.replace("<", "&lt;").replace(">", "&gt;"), "escaped XML", "html.unescape"),
    "escaped in an element": (
        "<string>\n" + GOOD.replace("<", "&lt;") + "</string>",
        "string holds a document as its text",
        "exchange.read_message",
    ),
    "CDATA in an element": (f"<return><![CDATA[{GOOD}]]></return>", "return holds a document", "read_message"),
    "words": ("no such device", "'no such device'", "before its first tag"),
    "words before the document": ("OK\n" + GOOD, "'OK <MeterReadings", "before its first tag"),
    "two marks": (b"\xef\xbb\xbf" * 2 + GOOD.encode(), "two byte order marks", "Remove one"),
    "a document type": ("<!DOCTYPE MeterReadings>" + GOOD, "document type declaration", "leave it out"),
    "a document type in small letters": ("<!doctype MeterReadings>" + GOOD, "document type", "leave it out"),
    "UTF-16 in name only": ('<?xml version="1.0" encoding="utf-16"?>' + GOOD, "declares UTF-16", "data.decode"),
    "an encoding that is not read": ('<?xml version="1.0" encoding="cp437"?>' + GOOD, "cp437", "data.decode"),
    "another encoding than it says": (
        readings("<MeterReading><Meter><mRID>Zähler</mRID></Meter></MeterReading>").encode("cp1252"),
        "0xE4, which is ä in windows-1252",
        "data.decode('windows-1252')",
    ),
    "an ampersand": (readings("<MeterReading><Meter><mRID>A & B"), "an & begins no reference", "&amp;"),
    "a less-than": (readings("<MeterReading><Meter><mRID>1 < 2"), "a < begins no tag", "&lt;"),
    "a name of HTML's": (readings("<a>&nbsp;</a>"), "&nbsp; is not one of XML's", "HTML"),
    "a control character": (readings("<a>\x02</a>"), "character number 2", "control characters"),
    "another end tag": (GOOD.replace("</Meter>", "</Metre>"), "expected </Meter>, got </Metre>", "misspelt"),
    "a lost declaration": ("<m:MeterReadings/>", "the prefix m of the element MeterReadings", "pieces of two"),
    "two documents": (GOOD + "\n" + GOOD, "something follows the end", "split"),
    "a late declaration": ("\n<?xml version='1.0'?>" + GOOD, "not at the very beginning", "remove"),
    "cut in a text": (GOOD[:400], "the document ends in the middle", "Content-Length"),
    "cut in a tag": (GOOD[: GOOD.index("<IntervalReadings>") + 5], "ends in the middle", "Content-Length"),
    "a schema": ('<x:schema xmlns:x="http://www.w3.org/2001/XMLSchema"/>', "an XML schema", "generator"),
    "a WSDL": ('<definitions xmlns="http://schemas.xmlsoap.org/wsdl/"/>', "a WSDL", "?wsdl"),
    "an item alone": ("<MeterReading/>", "root element is not known", "a part of MeterReadings"),
    "a slip": (f'<EventMesage xmlns="{MESSAGE}"/>', "root element is not known", "Perhaps EventMessage is meant"),
    "another case": (f'<meterreadings xmlns="{READINGS}"/>', "not known", "Perhaps MeterReadings is meant"),
}
DECLARED = {"UTF-16 in name only", "an encoding that is not read"}


@pytest.mark.parametrize("name", sorted(STRANGERS))
def test_it_is_called_by_its_name_with_advice(verb: Callable[..., object], name: str) -> None:
    source, called, advised = STRANGERS[name]
    error = refused(verb, source.encode() if isinstance(source, str) and name in DECLARED else source)
    assert called in str(error).partition("\n")[0]
    assert advised in (error.advice or "")
    assert (error.advice or "") in str(error)
    assert error.reply_code is not None


@pytest.mark.parametrize("name", sorted(STRANGERS))
def test_every_verb_says_the_same_of_a_file(tmp_path: Path, name: str) -> None:
    source, *_ = STRANGERS[name]
    path = tmp_path / "message.xml"
    path.write_bytes(source.encode() if isinstance(source, str) else source)
    texts = {str(refused(verb, path)) for verb in VERBS}
    assert len({re.sub(r", column \d+", "", text) for text in texts}) == 1


@pytest.mark.parametrize("name", ["messages/reply.xml", "reply.xml", r"C:\data\reply", "/srv/in/reply.XML", "a.zip"])
def test_a_path_as_text_is_told_to_be_one(verb: Callable[..., object], name: str) -> None:
    error = refused(verb, name)
    assert "a file's name" in str(error)
    assert "pathlib.Path" in str(error)


@given(st.text(max_size=40).filter(lambda text: not text.lstrip().startswith("<")))
def test_any_other_text_is_an_error_with_advice(text: str) -> None:
    texts: set[str] = set()
    for verb in VERBS:
        error = refused(verb, text)
        assert "\n" not in str(error).partition("\n" + (error.advice or ""))[0]
        texts.add(str(error))
    assert len(texts) == 1


# -- namespaces ------------------------------------------------------------------------------------------------------

OTHER_NAMESPACES = {
    "http://iec.ch/TC57/2010/MeterReadings#": "only in its year, 2010 for 2011",
    "http://iec.ch/TC57/2017/MeterReadings#": "only in its year, 2017 for 2011",
    "http://www.iec.ch/TC57/2010/MeterReadings#": "only in its year, 2010 for 2011, and a www. before its host",
    "http://iec.ch/TC57/2011/MeterReadings": "only in the # at its end",
    "https://iec.ch/TC57/2011/MeterReadings#": "only in its beginning, https for http",
    "http://iec.ch/tc57/2011/meterreadings#": "only in capital letters",
    "http://iec.ch/TC57/CIM-c4e#": "a namespace that is not known",
    "urn:partner": "a namespace that is not known",
    "": "in no namespace",
}


LENIENT_KNOWS = {one for one in OTHER_NAMESPACES if re.search("/20(?!11)", one) or not one}
"""Other editions and no namespace: lenient reading reads them without being told."""


def suggested(error: DecodeError) -> list[Dialect]:
    """The dialects that an error suggests."""
    calls = re.findall(r"Dialect\(((?:aliases=\{[^}]*\}|payload='[^']*'))\)", error.advice or "")
    assert calls
    return [eval(f"Dialect({call})") for call in calls]  # noqa: S307  # it is what a reader would paste


@pytest.mark.parametrize("namespace", sorted(OTHER_NAMESPACES))
def test_a_namespace_s_difference_is_named_and_the_suggested_dialect_reads_it(
    verb: Callable[..., object], namespace: str
) -> None:
    source = readings(namespace=namespace)
    if verb in LENIENT and namespace in LENIENT_KNOWS:
        verb(source)
        return
    error = refused(verb, source)
    assert error.message.endswith(OTHER_NAMESPACES[namespace])
    assert READINGS in (error.expected or "")
    for dialect in suggested(error):
        verb(source, dialect=dialect)
        assert from_xml(source, dialect=dialect) == from_xml(readings())


@pytest.mark.parametrize("namespace", sorted({*OTHER_NAMESPACES} - {""}))
@pytest.mark.parametrize("expected", [None, EventMessage[MeterReadings]])
def test_the_same_inside_a_message(namespace: str, expected: Any) -> None:
    source = event("\n" + readings(namespace=namespace))
    with pytest.raises(DecodeError) as caught:
        from_xml(source, expected)
    assert OTHER_NAMESPACES[namespace] in caught.value.message
    assert (caught.value.path, caught.value.line) == ("/EventMessage/Payload/MeterReadings", 2)
    for dialect in suggested(caught.value):
        assert from_xml(source, expected, dialect=dialect) == from_xml(event(readings()))


def test_an_envelope_of_another_year_is_read_by_the_suggested_dialect(verb: Callable[..., object]) -> None:
    source = event(readings(), namespace=MESSAGE.replace("2011", "2008"))
    if verb in LENIENT:
        verb(source)
        return
    error = refused(verb, source)
    assert "its year, 2008 for 2011" in error.message
    for dialect in suggested(error):
        verb(source, dialect=dialect)


# -- wrappers --------------------------------------------------------------------------------------------------------

TYPED = "http://iec.ch/TC57/2011/{}Message"
WRAPPERS = {
    ("CreateMeterReadings", TYPED.format("MeterReadings")),
    ("GetMeterReadings", TYPED.format("GetMeterReadings")),
    ("MeterReadingsResponseMessage", TYPED.format("MeterReadings")),
    ("MeterReadingsFaultMessage", TYPED.format("MeterReadings").replace("//iec", "//www.iec")),
    ("ExecutedEndDeviceControlsOperationSet", TYPED.format("EndDeviceControls")),
    ("CreatedEndDeviceEvents", "urn:partner"),
    ("MeterConfigResponseMessage", ""),
    ("Request", "http://iec.ch/TC57/2011/abstract"),
    ("PublishEvent", "http://www.iec.ch/TC57/2011/abstract"),
}


@pytest.mark.parametrize(("name", "namespace"), sorted(WRAPPERS))
def test_a_service_s_own_root_says_what_reads_it(verb: Callable[..., object], name: str, namespace: str) -> None:
    error = refused(verb, f'<{name} xmlns="{namespace}"><Header/></{name}>')
    assert f"{name} is the root of a service's own message" in error.message
    assert "exchange.read_message" in (error.advice or "")


@pytest.mark.parametrize("name", ["html", "HTML", "h:html"])
def test_a_well_formed_web_page_is_on_the_line_on_which_it_begins(verb: Callable[..., object], name: str) -> None:
    xmlns = ' xmlns:h="http://www.w3.org/1999/xhtml"'
    page = f"<?xml version='1.0'?>\n<!-- a page -->\n<{name}{xmlns}><head><title>Log in</title></head></{name}>"
    error = refused(verb, page)
    assert "web page" in error.message
    assert error.line == 3
