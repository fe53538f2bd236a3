"""Strict streams: each item is valid before it is yielded, and an error says where in the whole document it is."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.streaming.support import (
    BAD_ITEM,
    ENVELOPES,
    QUALITY_TYPE,
    READING_TYPE,
    SHAPES,
    each,
    event,
    item,
    payload,
    pipe,
    unhurried,
)

from iec61968_9 import from_xml, iter_xml
from iec61968_9.errors import DecodeError, SchemaError
from iec61968_9.profiles.meter_readings import MeterReading, MeterReadings, ReadingType

BEFORE = {"bare": "/MeterReadings", "event": "/EventMessage/Payload/MeterReadings"}


@pytest.mark.parametrize("shape", BEFORE)
@unhurried
@given(good=st.integers(0, 6), after=st.integers(0, 3))
def test_exactly_the_items_before_the_bad_one_are_yielded(shape: str, good: int, after: int) -> None:
    parts = [*(item(f"A{number}") for number in range(good)), BAD_ITEM, *(item("Z") for _ in range(after))]
    items, error = each(iter_xml(SHAPES[shape](payload(*parts)), MeterReading))
    assert [one.meter.mrid for one in items if one.meter] == [f"A{number}" for number in range(good)]
    assert isinstance(error, SchemaError)
    assert error.path == f"{BEFORE[shape]}/MeterReading[{good + 1}]/Meter/mrid"
    assert error.profile == "MeterReadings"


def test_the_path_counts_the_items_that_are_gone() -> None:
    document = payload(item("A"), item("B"), BAD_ITEM)
    _, error = each(iter_xml(document, MeterReading))
    with pytest.raises(SchemaError) as whole:
        from_xml(document)
    assert isinstance(error, SchemaError)
    assert error.path == whole.value.path == "/MeterReadings/MeterReading[3]/Meter/mrid"
    assert (error.message, error.expected, error.got) == (
        whole.value.message,
        whole.value.expected,
        whole.value.got,
    )


def test_an_item_that_only_the_codec_refuses_is_not_yielded() -> None:
    """libxml2 takes years beyond 9999, which Python does not have."""
    created = "<createdDateTime>12026-03-02T00:00:00Z</createdDateTime>"
    late = f"<EndDeviceEvents>{created}<EndDeviceEventType/></EndDeviceEvents>"
    items, error = each(iter_xml(payload(item("A"), item("B"), item("C", late)), MeterReading))
    assert len(items) == 2
    assert isinstance(error, DecodeError)
    assert error.path is not None
    assert error.path.startswith("/MeterReadings/MeterReading[3]/EndDeviceEvents")


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    "parts",
    [
        [READING_TYPE, item("A"), item("B")],  # the definitions belong behind the items
        [item("A"), item("B"), READING_TYPE, item("C")],  # two runs
        [item("A"), READING_TYPE, QUALITY_TYPE],
        [item("A"), "<unknown/>", item("B")],
        [item("A"), item("B"), '<x:unknown xmlns:x="urn:other">text</x:unknown>'],
        ["<unknown/>", item("A")],
        ["text", item("A"), item("B")],
        [item("A"), "text", item("B")],
        [item("A"), item("B"), "text", item("C"), item("D")],
        [item("A"), item("B"), "text"],
        [item("A"), "text"],
        [item("A"), item("B"), "<![CDATA[text]]>"],
        [item("A"), item("B"), "1<!-- a comment -->", item("C")],
        [item("A"), item("B"), "<ReadingType><mRID>no name</mRID></ReadingType>"],
    ],
)
def test_what_is_wrong_outside_the_items_is_an_error_in_the_end(shape: str, parts: list[str]) -> None:
    """And what is yielded until then is what stands there, in order."""
    document = SHAPES[shape](payload(*parts))
    with pytest.raises(DecodeError):
        from_xml(document)
    stream = iter_xml(document, MeterReading)
    items, error = each(stream)
    assert isinstance(error, DecodeError)
    assert [one.meter.mrid for one in items if one.meter] == ["A", "B", "C", "D"][: len(items)]
    assert stream.rest is None


@pytest.mark.parametrize("attributes", [' foreign="1"', ' xmlns:x="urn:x" x:foreign="1"', ' xml:lang="en"'])
def test_an_attribute_of_the_payload_is_an_error_in_the_end(attributes: str) -> None:
    items, error = each(iter_xml(payload(item("A"), item("B"), attributes=attributes), MeterReading))
    assert isinstance(error, SchemaError)
    assert len(items) <= 2


def test_a_hint_at_a_schema_is_nothing() -> None:
    hint = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:a b.xsd"'
    stream = iter_xml(payload(item("A"), item("B"), attributes=hint), MeterReading)
    assert len(list(stream)) == 2
    assert stream.rest == MeterReadings()


@pytest.mark.parametrize("shape", ENVELOPES)
def test_a_header_that_is_wrong_is_an_error_before_the_first_item(shape: str) -> None:
    document = ENVELOPES[shape](payload(item("A"))).replace("<Verb>", "<Verb>no").replace("no", "none", 1)
    items, error = each(iter_xml(document, MeterReading))
    assert items == []
    assert isinstance(error, SchemaError)
    assert error.profile == "Message"


@pytest.mark.parametrize("step", [1, 100_000])
def test_what_is_wrong_behind_the_payload_is_an_error_behind_the_items(step: int) -> None:
    """However the bytes arrive: the items are good, and were validated, so they are yielded."""
    document = event(payload(item("A"), item("B")), "<Format>XML</Format><Format>XML</Format>")
    items, error = each(iter_xml(pipe(document, step), MeterReading))
    assert isinstance(error, SchemaError)
    assert len(items) == 2


@pytest.mark.parametrize("step", [1, 7, 100_000])
def test_the_early_message_does_not_depend_on_how_the_bytes_arrive(step: int) -> None:
    stream = iter_xml(pipe(event(payload(item("A")), "<Format>XML</Format>"), step), MeterReading)
    next(stream)
    expected = from_xml(event("").replace("<Payload></Payload>", "<Payload/>"))
    assert stream.envelope == expected


def test_text_around_the_payload_is_an_error() -> None:
    for document in (event(f"text{payload(item())}"), event(payload(item()), "text")):
        _, error = each(iter_xml(document, MeterReading))
        assert isinstance(error, SchemaError)


# -- lines -----------------------------------------------------------------------------------------------------------

LINES = 70_000
"""Beyond 65,535, lxml does not know the line of an element."""


def long_document(*, line: int = LINES, prolog: str = "", newline: str = "\n") -> str:
    """A payload whose bad value stands on a line, its items on the lines before."""
    good = newline.join(["<MeterReading>", "<Meter>", "<mRID>A</mRID>", "</Meter>", "</MeterReading>", ""])
    start = prolog + payload(newline, item("first"), newline).removesuffix("</MeterReadings>")
    bad = newline.join(["<MeterReading>", "<isCoincidentTrigger>maybe</isCoincidentTrigger>", "</MeterReading>"])
    count, blank = divmod(line - 2 - start.count(newline), 5)
    return start + good * count + newline * blank + bad + "</MeterReadings>"


def line_of(document: str, text: str) -> int:
    return document[: document.index(text)].count("\n") + 1


@pytest.mark.parametrize("line", [10, 65_533, 65_534, 65_535, 65_536, LINES])
def test_the_line_is_right_however_far_down(line: int) -> None:
    document = long_document(line=line)
    assert line_of(document, "maybe") == line
    _, error = each(iter_xml(document.encode(), MeterReading))
    assert isinstance(error, SchemaError)
    assert error.line == line


@pytest.mark.parametrize("step", [1000, 100_000])
@pytest.mark.parametrize("line", [10, 65_534, 65_535, LINES])
def test_a_pipe_knows_the_line_or_says_that_it_does_not(line: int, step: int) -> None:
    _, error = each(iter_xml(pipe(long_document(line=line), step), MeterReading))
    assert isinstance(error, SchemaError)
    assert error.line == (line if line < 65_535 else None)
    assert error.path is not None
    assert error.path.endswith("]/isCoincidentTrigger")


def test_the_line_is_right_for_a_path_and_for_a_file(tmp_path: Path) -> None:
    path = tmp_path / "long.xml"
    path.write_text(long_document(), encoding="utf-8")
    _, error = each(iter_xml(path, MeterReading))
    assert isinstance(error, SchemaError)
    assert error.line == LINES
    with path.open("rb") as stream:
        _, error = each(iter_xml(stream, MeterReading))
    assert isinstance(error, SchemaError)
    assert error.line == LINES


def test_a_file_is_read_from_where_it_stands() -> None:
    stream = io.BytesIO(b"something else" + long_document().encode())
    stream.seek(14)
    _, error = each(iter_xml(stream, MeterReading))
    assert isinstance(error, SchemaError)
    assert error.line == LINES


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_the_line_is_right_in_utf_16(encoding: str) -> None:
    document = long_document(prolog='<?xml version="1.0" encoding="UTF-16"?>')
    _, error = each(iter_xml(document.encode(encoding), MeterReading))
    assert isinstance(error, SchemaError)
    assert error.line == LINES


@pytest.mark.parametrize("declared", ["UTF-16", "ISO-8859-1", "UTF-8"])
def test_the_line_is_right_in_a_text_whatever_it_declares(declared: str) -> None:
    document = long_document(prolog=f'<?xml version="1.0" encoding="{declared}"?>')
    _, error = each(iter_xml(document, MeterReading))
    assert isinstance(error, SchemaError)
    assert error.line == LINES


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252", "us-ascii"])
def test_the_line_is_right_in_an_old_encoding(encoding: str) -> None:
    document = long_document(prolog=f'<?xml version="1.0" encoding="{encoding}"?>')
    _, error = each(iter_xml(document.encode(encoding), MeterReading))
    assert isinstance(error, SchemaError)
    assert error.line == LINES


def test_the_line_is_not_that_of_a_member_with_the_same_name() -> None:
    """ReadingType is an item, and a reference inside other items too."""
    block = "<IntervalBlocks>\n<ReadingType/>\n</IntervalBlocks>\n"
    document = payload("\n", item("A", block * 25_000), "\n<ReadingType>\n<tou>no</tou>\n</ReadingType>")
    _, error = each(iter_xml(document.encode(), ReadingType))
    assert isinstance(error, SchemaError)
    assert error.path is not None
    assert error.path.startswith("/MeterReadings/ReadingType")
    assert [issue.line for issue in error.issues if issue.path.endswith("/tou")] == [line_of(document, "<tou>")]


def test_the_line_of_what_is_no_item_is_right_or_not_known() -> None:
    document = (
        long_document()
        .replace("maybe", "true")
        .replace("</MeterReadings>", "\n<ReadingType>\n<tou>no</tou>\n</ReadingType></MeterReadings>")
    )
    _, error = each(iter_xml(document.encode(), MeterReading))
    assert isinstance(error, SchemaError)
    lines = {issue.line for issue in error.issues if issue.path.endswith("/tou")}
    assert lines <= {None, line_of(document, "<tou>")}


def test_the_line_of_a_syntax_error_is_right_beyond_lxmls_last() -> None:
    document = long_document().replace("</isCoincidentTrigger>", "</is>")
    _, error = each(iter_xml(pipe(document, 5000), MeterReading))
    assert isinstance(error, DecodeError)
    assert error.line == LINES
