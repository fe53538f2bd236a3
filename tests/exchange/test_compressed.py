"""Compressed payloads: the same content as a plain one, within the same limits, whatever a partner sends."""

from __future__ import annotations

import base64
import gzip
import tracemalloc
import zlib
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iec61968_9 import (
    DecodeError,
    EncodeError,
    ExchangeError,
    ForeignElement,
    LimitError,
    Limits,
    Reference,
    Report,
    SchemaError,
    exchange,
    from_xml,
    to_xml,
)
from iec61968_9._verbs import Mode
from iec61968_9.exchange import PayloadFile, System, content_of, file_of, inflated
from iec61968_9.profiles import EndDeviceEvents, GetMeterReadings, MeterReadings
from iec61968_9.profiles.envelope import EventMessage, Payload, ResponseMessage
from iec61968_9.profiles.meter_readings import MeterReading, Reading
from iec61968_9.testing import instances

PLACE = "/ResponseMessage/Payload/Compressed"
KWH = Reference(ref="0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.3.72.0")
READINGS = MeterReadings(
    meter_reading=[MeterReading(readings=[Reading(value=str(number), reading_type=KWH)]) for number in range(200)]
)
REQUEST = exchange.get(GetMeterReadings())
HES = System(source="HES")


def packed(data: bytes, format: str | None = "XML") -> ResponseMessage[MeterReadings]:  # noqa: A002
    """A reply with something in ``Compressed``, gzipped."""
    return with_text(base64.b64encode(gzip.compress(data, mtime=0)).decode(), format)


def with_text(text: str, format: str | None = "XML") -> ResponseMessage[MeterReadings]:  # noqa: A002
    """A reply with a text in ``Compressed``, as it comes out of a document."""
    reply = HES.reply(REQUEST)
    reply.payload = Payload(compressed=text, format=format)
    return from_xml(to_xml(reply), ResponseMessage[MeterReadings])


def test_a_compressed_reply_holds_what_a_plain_one_holds() -> None:
    plain = from_xml(to_xml(HES.reply(REQUEST, READINGS)), ResponseMessage[MeterReadings])
    small = from_xml(to_xml(HES.reply(REQUEST, READINGS, compress=True)), ResponseMessage[MeterReadings])
    assert content_of(small) == content_of(plain) == READINGS
    assert len(to_xml(small)) < len(to_xml(plain)) / 4
    assert small.payload is not None
    assert small.payload.format == "XML"


def test_the_same_object_is_compressed_to_the_same_text() -> None:
    one, other = (HES.reply(REQUEST, READINGS, compress=True).payload for _ in range(2))
    assert one == other


@given(instances(MeterReadings, size=10))
def test_any_payload_comes_back(payload: MeterReadings) -> None:
    assert content_of(HES.reply(REQUEST, payload, compress=True)) == payload


@pytest.mark.parametrize("format_", [None, "XML", "xml", " XML "])
def test_xml_is_what_stands_there_when_the_format_says_so_or_nothing(format_: str | None) -> None:
    assert content_of(packed(to_xml(READINGS), format_)) == READINGS


def test_base64_may_be_broken_into_lines() -> None:
    text = base64.encodebytes(gzip.compress(to_xml(READINGS))).decode().replace("\n", "\r\n   ")
    assert content_of(with_text(text)) == READINGS


def test_gzip_files_may_be_joined_as_gnu_gzip_allows() -> None:
    data = to_xml(READINGS)
    joined = gzip.compress(data[:100]) + gzip.compress(b"") + gzip.compress(data[100:])
    assert inflated(joined) == data


# -- hostile and broken ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["?", "false", "not base64", "H4sI====", "H4sI\u00e9A==", "ab=cd===", "QUJD RA==="])
def test_what_is_no_base64_is_refused(text: str) -> None:
    with pytest.raises(DecodeError, match="not base64") as caught:
        content_of(with_text(text))
    assert (caught.value.path, caught.value.reply_code) == (PLACE, "1.8")


@pytest.mark.parametrize("data", [b"", b"<MeterReadings/>", b"PK\x03\x04", zlib.compress(b"<a/>"), b"\x1f"])
def test_what_is_no_gzip_is_refused(data: bytes) -> None:
    with pytest.raises(DecodeError, match="is not gzip") as caught:
        content_of(with_text(base64.b64encode(data).decode()))
    assert (caught.value.path, caught.value.reply_code) == (PLACE, "1.8")
    assert caught.value.expected == "the two bytes 1F 8B with which gzip begins"


WHOLE = gzip.compress(to_xml(READINGS), mtime=0)


@given(st.integers(0, len(WHOLE) - 1))
def test_a_gzip_file_that_is_cut_anywhere_is_refused(length: int) -> None:
    with pytest.raises(DecodeError, match=r"cut off|is not gzip"):
        inflated(WHOLE[:length])


@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_a_byte_that_was_changed_never_changes_the_content(place: int, change: int) -> None:
    damaged = bytearray(WHOLE)
    damaged[place] ^= change
    found = b""
    with suppress(DecodeError):
        found = inflated(bytes(damaged))
    assert found in {b"", to_xml(READINGS)}  # the latter for a byte that says when or where it was packed


@pytest.mark.parametrize("tail", [b"\0", b"<more/>", b"\x1f", WHOLE[:-1]])
def test_nothing_may_follow_the_gzip_file(tail: bytes) -> None:
    with pytest.raises(DecodeError, match=r"something follows|cut off"):
        inflated(WHOLE + tail)


def test_a_bomb_is_stopped_at_the_limit_and_takes_no_more_memory_than_that() -> None:
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join([*(packer.compress(bytes(1_000_000)) for _ in range(100)), packer.flush()])
    limit = 2_000_000
    message = with_text(base64.b64encode(bomb).decode())
    tracemalloc.start()
    with pytest.raises(LimitError, match="inflates to more than 2,000,000 bytes") as caught:
        content_of(message, limits=Limits(document_bytes=limit))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 4 * limit
    assert (caught.value.limit, caught.value.path, caught.value.reply_code) == ("document_bytes", PLACE, "3.1")


def test_what_just_fits_the_limit_is_taken() -> None:
    data = to_xml(READINGS)
    assert inflated(gzip.compress(data), Limits(document_bytes=len(data))) == data
    with pytest.raises(LimitError):
        inflated(gzip.compress(data), Limits(document_bytes=len(data) - 1))


def test_a_file_of_a_thousand_empty_files_is_an_attack() -> None:
    with pytest.raises(DecodeError, match="more than 1,000 gzip members"):
        inflated(gzip.compress(b"", mtime=0) * 1_001)


def test_the_other_limits_hold_inside_as_well() -> None:
    with pytest.raises(LimitError) as caught:
        content_of(packed(to_xml(READINGS)), limits=Limits(elements=10))
    assert caught.value.limit == "elements"
    assert caught.value.path is not None
    assert caught.value.path.startswith(PLACE)


@pytest.mark.parametrize(
    ("inside", "reply_code"),
    [
        (to_xml(EndDeviceEvents()), "2.5"),
        (b"<own:Thing xmlns:own='urn:example'/>", "2.5"),
        (b"<MeterReadings/>", "1.8"),
        (b"<!DOCTYPE a><a/>", "1.8"),
        (b"<MeterReadings", "1.8"),
        (b"", "1.8"),
        (b"GIF89a", "1.8"),
        (to_xml(HES.reply(REQUEST)), "2.5"),
    ],
    ids=["other", "foreign", "bare", "doctype", "cut", "empty", "image", "message"],  # a message has a time
)
def test_what_is_inside_must_be_what_the_noun_says(inside: bytes, reply_code: str) -> None:
    with pytest.raises(DecodeError) as caught:
        content_of(packed(inside))
    assert caught.value.reply_code == reply_code
    assert caught.value.path is not None
    assert caught.value.path.startswith(PLACE)


@pytest.mark.parametrize("noun", ["MeterReadings", "PartnersOwn", None])
@pytest.mark.parametrize("mode", ["strict", "lenient"])
def test_a_message_is_no_payload_whatever_the_noun(noun: str | None, mode: Mode) -> None:
    for inside in (HES.fault("1.8"), HES.reply(REQUEST), HES.created(READINGS)):
        message = packed(to_xml(inside))
        message.header.noun = noun  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]  # lenient reading lets it be missing
        with pytest.raises(DecodeError, match="the compressed payload is a message of its own") as caught:
            content_of(message, mode=mode)
        assert (caught.value.reply_code, caught.value.path) == ("2.5", PLACE)
        assert (caught.value.expected, caught.value.got) == (noun or "a payload", type(inside).__name__)


def test_what_is_inside_is_validated_and_the_places_are_said() -> None:
    inside = b'<MeterReadings xmlns="http://iec.ch/TC57/2011/MeterReadings#"><Stray/></MeterReadings>'
    with pytest.raises(SchemaError) as caught:
        content_of(packed(inside))
    assert caught.value.path == f"{PLACE}/MeterReadings/Stray"
    assert [issue.path for issue in caught.value.issues] == [f"{PLACE}/MeterReadings/Stray"]
    report = Report()
    lenient = content_of(packed(inside), mode="lenient", report=report)
    assert isinstance(lenient, MeterReadings)
    assert lenient.kept is not None
    assert len(report) == 1


def test_the_caller_may_say_what_he_expects() -> None:
    for message in (HES.reply(REQUEST, READINGS), packed(to_xml(READINGS))):
        assert content_of(message, MeterReadings) == READINGS
        with pytest.raises(DecodeError, match="does not carry what was expected") as caught:
            content_of(message, EndDeviceEvents)
        assert (caught.value.expected, caught.value.got) == ("EndDeviceEvents", "MeterReadings")


# -- other formats --------------------------------------------------------------------------------------------------

FILES = [
    PayloadFile(b"meter;value\r\n1;2", "CSV"),
    PayloadFile(b"%PDF-1.7 \x00\xff", "PDF"),
    PayloadFile(b"%PDF-1.7 \x00\xff", "PDF", gzipped=False),
    PayloadFile(b'{"a": 1}', "JSON"),
    PayloadFile(bytes(range(256)), "BINARY"),
    PayloadFile(gzip.compress(b"any"), "BINARY"),
    PayloadFile(gzip.compress(b"<a/>"), "GZIP"),
    PayloadFile(b"<rdf:RDF/>", "RDF"),
    PayloadFile(b"", "TEXT"),
]


@pytest.mark.parametrize("file", FILES, ids=repr)
def test_files_of_other_formats_travel_as_they_are(file: PayloadFile) -> None:
    message = from_xml(to_xml(exchange.created(file, noun="MeterReadings")), EventMessage[Any])
    assert file_of(message) == file
    with pytest.raises(LookupError, match="a file of the format"):
        content_of(message)


def test_binary_is_not_gzipped_and_csv_is() -> None:
    binary, csv = (exchange.created(PayloadFile(b"abc", kind), noun="X").payload for kind in ("BINARY", "CSV"))
    assert binary is not None
    assert csv is not None
    assert binary.compressed == "YWJj"
    assert gzip.decompress(base64.b64decode(csv.compressed or "")) == b"abc"


@pytest.mark.parametrize("format_", ["binary", "Gzip", " BINARY ", "csv", "Json"])
def test_a_format_means_the_same_in_any_case(format_: str) -> None:
    file = PayloadFile(b"\x1f\x8b a;b", format_)
    assert file.gzipped == (format_.strip().lower() in {"csv", "json"})
    assert file_of(from_xml(to_xml(exchange.created(file, noun="Own")), EventMessage[Any])) == file


def test_a_file_that_a_reader_would_inflate_by_mistake_is_refused() -> None:
    with pytest.raises(ExchangeError, match="what gzip made"):
        PayloadFile(gzip.compress(b"a;b"), "CSV", gzipped=False)
    assert PayloadFile(gzip.compress(b"a;b"), "GZIP").gzipped is False


def test_a_file_that_is_not_gzipped_is_not_compressed_all_the_same() -> None:
    with pytest.raises(ExchangeError, match="says that it is not gzipped"):
        exchange.created(PayloadFile(b"a;b", "CSV", gzipped=False), noun="Own", compress=True)
    exchange.created(PayloadFile(b"a;b", "CSV"), noun="Own", compress=True)


def test_a_file_too_is_inflated_within_the_limit() -> None:
    message = exchange.created(PayloadFile(bytes(100_000), "CSV"), noun="X")
    with pytest.raises(LimitError):
        file_of(message, limits=Limits(document_bytes=99_999))


@pytest.mark.parametrize("format_", ["XML", "", " "])
def test_xml_is_no_file(format_: str) -> None:
    with pytest.raises(ExchangeError, match="no format of a file"):
        PayloadFile(b"", format_)


def test_binary_cannot_be_gzipped() -> None:
    with pytest.raises(ExchangeError, match="BINARY is not gzipped"):
        PayloadFile(b"", "BINARY", gzipped=True)


def test_a_profile_is_of_no_other_format() -> None:
    with pytest.raises(ExchangeError, match="not of the format CSV"):
        exchange.create(READINGS, format="CSV")


def test_rdf_is_an_element_with_its_format() -> None:
    rdf = ForeignElement('<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>')
    message = exchange.created(rdf, noun="NetworkModel", format="RDF")
    assert from_xml(to_xml(message)) == message
    assert message.payload is not None
    assert message.payload.format == "RDF"
    assert content_of(message) == rdf


def test_a_message_that_carries_nothing_has_no_content_and_no_file() -> None:
    message = HES.reply(REQUEST)
    with pytest.raises(LookupError):
        content_of(message)
    with pytest.raises(LookupError):
        file_of(message)
    with pytest.raises(LookupError, match="no file"):
        file_of(HES.reply(REQUEST, READINGS))


def test_who_looks_for_a_query_in_the_payload_is_told_where_it_is() -> None:
    with pytest.raises(LookupError, match="no payload; what the request asks with is its query"):
        content_of(REQUEST)


def test_an_object_that_cannot_be_written_cannot_be_compressed() -> None:
    broken = MeterReadings(meter_reading=[MeterReading(readings=[Reading(value="\x00", reading_type=KWH)])])
    with pytest.raises(EncodeError):
        exchange.create(broken, compress=True)
