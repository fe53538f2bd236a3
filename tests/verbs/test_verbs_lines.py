"""Lines are right, also beyond 65,535, where lxml's own numbers end: in a whole document and in a stream."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.streaming.support import pipe as trickle
from tests.verbs.support import READINGS, event, prefixed

from iec61968_9 import DecodeError, Limits, Report, SchemaError, from_xml, iter_xml, validate
from iec61968_9.profiles.meter_readings import MeterReadings

ITEM_LINES = 7
ITEMS = 10_000
ITEM = "<MeterReading>\n<Meter>\n<mRID>m</mRID>\n</Meter>\n<valuesInterval>\n</valuesInterval>\n</MeterReading>\n"
FAULTS = {
    # in an item: (text to be replaced, its replacement, line inside the item counted from 0, path below the item)
    "unknown element": ("<mRID>m</mRID>", "<mrid>m</mrid>", 2, "/Meter/mrid"),
    "bad date": ("<valuesInterval>\n", "<valuesInterval><end>\n2026-13-02</end>", 4, "/valuesInterval/end"),
    "missing year": (
        "<valuesInterval>\n",
        "<valuesInterval>\n<end>12026-01-01T00:00:00Z</end>",
        5,
        "/valuesInterval/end",
    ),
    "attribute": ("<MeterReading>", '<MeterReading x="1">', 0, "/@x"),
    "stray text": ("<Meter>\n", "<Meter>x\n", 1, "/Meter"),
}


def document(faults: dict[int, str]) -> str:
    """A payload of 70,000 lines and more; faults by the number of the item, counted from 1."""
    items = [ITEM] * ITEMS
    for number, name in faults.items():
        old, new, *_ = FAULTS[name]
        assert old in ITEM
        items[number - 1] = ITEM.replace(old, new)
    return f'<MeterReadings xmlns="{READINGS}">\n{"".join(items)}</MeterReadings>'


def place(number: int, name: str) -> tuple[str, int]:
    _, _, inside, path = FAULTS[name]
    return f"/MeterReadings/MeterReading[{number}]{path}", 2 + (number - 1) * ITEM_LINES + inside


def test_the_document_is_as_long_as_it_should_be() -> None:
    assert document({}).count("\n") == ITEMS * ITEM_LINES + 1
    assert place(9_400, "unknown element")[1] > 65_535
    assert validate(document({})) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1252"])
def test_a_whole_document_tells_the_lines_of_all_its_faults(encoding: str) -> None:
    faults = {
        5: "unknown element",
        9_362: "unknown element",
        9_363: "attribute",
        9_500: "bad date",
        10_000: "stray text",
    }
    before = '<?xml version="1.0" encoding="windows-1252"?>' if encoding == "windows-1252" else ""
    raw = (before + document(faults)).encode(encoding)
    expected = [place(number, name) for number, name in faults.items()]
    assert [(issue.path, issue.line) for issue in validate(raw)] == expected
    with pytest.raises(SchemaError) as caught:
        from_xml(raw)
    assert [(issue.path, issue.line) for issue in caught.value.issues] == expected


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_every_kind_of_fault_has_its_line(name: str) -> None:
    for number in (10, 9_999):
        with pytest.raises(DecodeError) as caught:
            from_xml(document({number: name}))
        assert (caught.value.path, caught.value.line) == place(number, name)


def test_lenient_reading_tells_the_same_lines() -> None:
    report = Report()
    faults = {7: "unknown element", 9_400: "bad date", 9_500: "attribute", 10_000: "stray text"}
    from_xml(document(faults), mode="lenient", report=report)
    places = [(finding.path, finding.line) for finding in report]
    expected = [place(number, name) for number, name in faults.items()]
    assert [(path.removesuffix("/@x"), line) for path, line in places] == [
        (path.removesuffix("/@x"), line) for path, line in expected
    ]


class Pipe(io.RawIOBase):
    """A source that can be read once only."""

    def __init__(self, data: bytes) -> None:
        self.stream = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self.stream.readinto(buffer)


def pipe(data: bytes) -> BinaryIO:
    return cast("BinaryIO", Pipe(data))


def sources(tmp_path: Path) -> dict[str, Callable[[bytes], Any]]:
    def path(raw: bytes) -> Path:
        made = tmp_path / "message.xml"
        made.write_bytes(raw)
        return made

    def shifted(raw: bytes) -> io.BytesIO:
        made = io.BytesIO(b"\n\n\nheader" + raw)
        made.seek(9)
        return made

    return {"bytes": bytes, "text": bytes.decode, "path": path, "file": io.BytesIO, "shifted": shifted}


@pytest.mark.parametrize("kind", ["bytes", "text", "path", "file", "shifted"])
@pytest.mark.parametrize("name", ["unknown element", "missing year"])
@pytest.mark.parametrize("number", [3, 9_362, 10_000])
def test_a_stream_tells_the_line(tmp_path: Path, kind: str, name: str, number: int) -> None:
    source = sources(tmp_path)[kind](document({number: name}).encode())
    stream = iter_xml(source, "MeterReading")
    for _ in range(number - 1):
        next(stream)
    with pytest.raises(DecodeError) as caught:
        next(stream)
    assert (caught.value.path, caught.value.line) == place(number, name)


@pytest.mark.parametrize("name", ["attribute", "stray text"])
def test_a_stream_tells_the_line_of_the_others_too(name: str) -> None:
    with pytest.raises(DecodeError) as caught:
        list(iter_xml(document({9_999: name}), "MeterReading"))
    assert (caught.value.path, caught.value.line) == place(9_999, name)


def test_a_stream_inside_an_envelope_tells_the_line_of_the_whole() -> None:
    source = event("\n\n" + prefixed(document({9_999: "unknown element"}), "MeterReading"))
    with pytest.raises(DecodeError) as caught:
        list(iter_xml(source, "MeterReading"))
    path, line = place(9_999, "unknown element")
    assert (caught.value.path, caught.value.line) == (f"/EventMessage/Payload{path}", line + 2)


def test_an_element_of_the_item_s_name_elsewhere_does_not_count() -> None:
    """A line is found again by counting items; what only has the same name must not be counted."""
    extension = "<x:Other xmlns:x='urn:x'>\n<x:MeterReading>\n<x:MeterReading/></x:MeterReading></x:Other>"
    source = event(document({9_999: "unknown element"}), header=extension)
    with pytest.raises(DecodeError) as caught:
        list(iter_xml(source, "MeterReading"))
    path, line = place(9_999, "unknown element")
    assert (caught.value.path, caught.value.line) == (f"/EventMessage/Payload{path}", line + 2)


def test_a_pipe_tells_the_line_as_long_as_lxml_knows_it_and_then_none() -> None:
    with pytest.raises(DecodeError) as caught:
        list(iter_xml(pipe(document({9_000: "bad date"}).encode()), "MeterReading"))
    assert (caught.value.path, caught.value.line) == place(9_000, "bad date")
    with pytest.raises(DecodeError) as caught:
        list(iter_xml(pipe(document({9_999: "bad date"}).encode()), "MeterReading"))
    assert (caught.value.path, caught.value.line) == (place(9_999, "bad date")[0], None)


def test_a_lenient_stream_reports_the_lines() -> None:
    report = Report()
    faults = {7: "unknown element", 9_400: "bad date", 9_999: "stray text"}
    list(iter_xml(document(faults), "MeterReading", mode="lenient", report=report))
    assert [(finding.path, finding.line) for finding in report] == [place(*fault) for fault in faults.items()]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_line_endings_of_windows_count_once(ending: str) -> None:
    source = document({9_999: "unknown element"}).replace("\n", ending)
    with pytest.raises(DecodeError) as whole:
        from_xml(source)
    with pytest.raises(DecodeError) as streamed:
        list(iter_xml(source, "MeterReading"))
    assert whole.value.line == streamed.value.line == place(9_999, "unknown element")[1]


def test_a_syntax_error_beyond_has_its_line_too() -> None:
    source = document({})[: -len("</MeterReadings>")] + "</MeterReading>"
    with pytest.raises(DecodeError, match="not well formed") as caught:
        from_xml(source, MeterReadings)
    assert caught.value.line == ITEMS * ITEM_LINES + 2


@given(number=st.integers(1, ITEMS), step=st.sampled_from([700, 5_000, 100_000]))
@settings(max_examples=5)
@pytest.mark.parametrize(
    ("encoding", "wrong"),
    [
        ("us-ascii", b"\xe4"),
        ("windows-1252", b"\x81"),
        ("utf-8", b"\xe4"),
        ("utf-16-le", b"\x00\xd8"),
        ("utf-16-be", b"\xd8\x00"),
    ],
)
def test_bytes_that_are_not_in_the_encoding_have_their_line_too(
    number: int, step: int, encoding: str, wrong: bytes
) -> None:
    whole = f'<?xml version="1.0" encoding="{encoding}"?>\n' + document({number: "bad date"})
    before, _, after = whole.partition("2026-13-02")
    source = before.encode(encoding) + wrong + after.encode(encoding)
    with pytest.raises(DecodeError, match="the document is not in") as at_once:
        from_xml(source)
    with pytest.raises(DecodeError, match="the document is not in") as streamed:
        list(iter_xml(trickle(source, step), "MeterReading"))
    assert at_once.value.line == streamed.value.line == before.count("\n") + 1
    assert at_once.value.got == streamed.value.got


def test_a_limit_beyond_has_its_line_too() -> None:
    source = document({}).replace(
        "<mRID>m</mRID>\n</Meter>\n<valuesInterval>\n</valuesInterval>\n</MeterReading>\n</",
        "<mRID>" + "m" * 50 + "</mRID></Meter></MeterReading></",
    )
    with pytest.raises(DecodeError) as caught:
        from_xml(source, limits=Limits(text=40))
    assert caught.value.line == 2 + (ITEMS - 1) * ITEM_LINES + 2
