"""Lenient streams: what the schema does not allow is kept and reported, the same as in a whole document."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.streaming.support import (
    BAD_ITEM,
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

from iec61968_9 import Record, Report, from_xml, iter_xml, to_xml
from iec61968_9.profiles.meter_readings import EndDeviceEventType, MeterReading, MeterReadings, ReadingType

ODD = [
    item("A"),
    BAD_ITEM,
    item("B", "<isCoincidentTrigger>maybe</isCoincidentTrigger>"),
    item("C", "text"),
    item("D", "<Readings><value>1</value></Readings>"),
    item("E").replace("<MeterReading>", '<MeterReading odd="1">'),
    item("F").replace("<mRID>", '<mRID odd="1">'),
    READING_TYPE,
    QUALITY_TYPE,
    "<unknown><deep>1</deep></unknown>",
    '<x:unknown xmlns:x="urn:other" x:a="1">text</x:unknown>',
    "stray",
    "<![CDATA[ stray ]]>",
    "1<!-- -->0",
    "\n  ",
]

odd_attributes = st.sampled_from(["", ' odd="1"', ' xmlns:x="urn:x" x:odd="1"'])
odd_payloads = st.tuples(st.lists(st.sampled_from(ODD), max_size=8), odd_attributes).map(
    lambda drawn: payload(*drawn[0], attributes=drawn[1])
)
MEMBERS: dict[type[Record], str] = {
    MeterReading: "meter_reading",
    ReadingType: "reading_type",
    EndDeviceEventType: "end_device_event_type",
}


def whole(document: str) -> tuple[Any, Report]:
    report = Report()
    return from_xml(document, mode="lenient", report=report), report


def findings(report: Report) -> Counter[tuple[str, str, int | None, str, str | None]]:
    """The findings; a stream does not know whether an item is the only one, so ``[1]`` says no more than nothing."""
    return Counter((one.kind, one.path.replace("[1]", ""), one.line, one.message, one.source) for one in report)


@pytest.mark.parametrize("kind", MEMBERS)
@unhurried
@given(document=odd_payloads)
def test_items_and_rest_are_those_of_the_whole_document(kind: type[Record], document: str) -> None:
    expected, _ = whole(document)
    stream = iter_xml(document, kind, mode="lenient")
    assert list(stream) == getattr(expected, MEMBERS[kind])
    setattr(expected, MEMBERS[kind], [])
    assert stream.rest is not None
    assert kept(stream.rest) == kept(expected)
    stream.rest.kept = expected.kept
    assert stream.rest == expected


def kept(record: Record) -> tuple[Counter[Any], ...]:
    """What was kept, whatever the order in which it was found."""
    if record.kept is None:
        return ()
    texts = "".join(record.kept.texts)
    return Counter(record.kept.attributes), Counter(texts), Counter(record.kept.elements), Counter(record.kept.leaves)


@pytest.mark.parametrize("kind", [MeterReading, ReadingType])
@pytest.mark.parametrize("shape", ["bare", "event"])
@unhurried
@given(document=odd_payloads)
def test_the_report_is_that_of_the_whole_document(kind: type[Record], shape: str, document: str) -> None:
    """Each finding once, with the same path and line; only their order may differ."""
    made = SHAPES[shape](document)
    report = Report()
    list(iter_xml(made, kind, mode="lenient", report=report))
    assert findings(report) == findings(whole(made)[1])


@unhurried
@given(document=odd_payloads)
def test_the_report_is_the_same_however_the_bytes_arrive(document: str) -> None:
    at_once, trickled = Report(), Report()
    first = list(iter_xml(document, MeterReading, mode="lenient", report=at_once))
    assert list(iter_xml(pipe(document), MeterReading, mode="lenient", report=trickled)) == first
    assert findings(trickled) == findings(at_once)


@unhurried
@given(document=odd_payloads)
def test_what_was_kept_is_written_again(document: str) -> None:
    stream = iter_xml(document, MeterReading, mode="lenient")
    items = list(stream)
    assert isinstance(stream.rest, MeterReadings)
    stream.rest.meter_reading = items
    again = from_xml(to_xml(stream.rest, mode="lenient"), MeterReadings, mode="lenient")
    assert again.meter_reading == items
    assert kept(again) == kept(stream.rest)


PROGRAM = "<DemandResponseProgram>{}</DemandResponseProgram>"


@pytest.mark.parametrize("inside", [("", "<mRID>a</mRID>"), ("", " ", "<mRID>a</mRID>", "", "<mRID>b</mRID>")])
def test_what_stands_behind_its_place_is_named_though_empty_shells_stand_before_it(inside: tuple[str, ...]) -> None:
    """A shell has no place, so the first that says something is the one to look at."""
    programs = "".join(map(PROGRAM.format, inside))
    namespace = "http://iec.ch/TC57/2011/GetEndDeviceGroups#"
    document = f'<GetEndDeviceGroups xmlns="{namespace}"><Meter><mRID>m</mRID></Meter>{programs}</GetEndDeviceGroups>'
    report = Report()
    items = list(iter_xml(document, "DemandResponseProgram", mode="lenient", report=report))
    found, expected = whole(document)
    assert items == found.demand_response_program
    assert findings(report) == findings(expected)
    assert report.count("T28") == 1


def test_elements_of_another_namespace_with_an_item_s_name_are_counted_with_the_items() -> None:
    other = '<x:MeterReading xmlns:x="urn:x"/>'
    document = payload(other, BAD_ITEM, BAD_ITEM, other, item("A"), BAD_ITEM, BAD_ITEM, other)
    report = Report()
    list(iter_xml(document, MeterReading, mode="lenient", report=report))
    assert findings(report) == findings(whole(document)[1])
    assert [one.path for one in report if one.source] == [f"/MeterReadings/MeterReading[{at}]" for at in (1, 4, 8)]


def test_shells_in_a_payload_in_the_envelope_s_namespace_are_no_items() -> None:
    document = payload("<MeterReading/>", item("A"), namespace="http://iec.ch/TC57/2011/schema/message")
    report = Report()
    items = list(iter_xml(document, MeterReading, mode="lenient", report=report))
    found, expected = whole(document)
    assert items == found.meter_reading
    assert findings(report) == findings(expected)


def test_attributes_of_the_payload_are_kept_on_the_rest() -> None:
    document = payload(item("A"), item("B"), attributes=' xmlns:x="urn:x" odd="1" x:odd="2"')
    report = Report()
    stream = iter_xml(document, MeterReading, mode="lenient", report=report)
    assert len(list(stream)) == 2
    assert stream.rest is not None
    assert stream.rest.kept is not None
    assert stream.rest.kept.attributes == (("odd", "1"), ("{urn:x}odd", "2"))
    assert report.count("unknown-attribute") == 2


def test_what_the_message_has_too_much_is_kept_on_the_message() -> None:
    document = event(payload(item("A")), "<Odd>1</Odd>").replace("<Verb>", "<Odd>2</Odd><Verb>")
    report = Report()
    stream = iter_xml(document, MeterReading, mode="lenient", report=report)
    assert len(list(stream)) == 1
    expected, said = whole(document)
    assert findings(report) == findings(said)
    assert report.count("unknown-element") == 2
    assert stream.envelope is not None
    assert stream.rest is not None
    assert isinstance(stream.rest, MeterReadings)
    stream.rest.meter_reading = expected.payload.contents[0].meter_reading
    assert stream.envelope == expected


def test_what_cannot_be_typed_is_still_an_error() -> None:
    items, error = each(iter_xml(payload(item("A")) + "<", MeterReading, mode="lenient"))
    assert error is not None
    assert len(items) <= 1


def long_odd() -> str:
    """Odd items before and behind lxml's last line, so long that they come in many pieces."""
    odd = item("odd", "\n<odd>1</odd>\n")
    good = item("A", "\n" * 20_000)
    long = item("long", "\n<odd>1</odd>\n" + "\n" * 200_000)
    return payload(
        good, odd, good, good, good, odd, long, item("B", "\n" * 200_000), odd, item("C"), odd, long, item("D")
    )


@pytest.mark.parametrize("kind", ["bytes", "file", "path"])
def test_a_report_beyond_lxmls_last_line_disturbs_nothing(kind: str, tmp_path: Path) -> None:
    """To find a line, the source is read again; the stream must then go on where it was."""
    document = long_odd()
    path = tmp_path / "long.xml"
    path.write_text(document, encoding="utf-8")
    expected, said = whole(document)
    report = Report()
    sources: dict[str, bytes | io.BytesIO | Path] = {
        "bytes": document.encode(),
        "file": io.BytesIO(document.encode()),
        "path": path,
    }
    items, error = each(iter_xml(sources[kind], MeterReading, mode="lenient", report=report))
    assert error is None
    assert items == expected.meter_reading
    assert findings(report) == findings(said)


def test_a_report_from_a_pipe_has_no_line_where_it_is_not_known() -> None:
    document = long_odd()
    expected, said = whole(document)
    report = Report()
    items, error = each(iter_xml(pipe(document, 10_000), MeterReading, mode="lenient", report=report))
    assert error is None
    assert items == expected.meter_reading
    lines = [one.line if one.line is not None and one.line < 65_535 else None for one in said]
    assert [one.line for one in report] == lines


class Watched(io.BytesIO):
    """A file that counts how much of it is read."""

    given = 0

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        self.given += len(piece)
        return piece


def test_many_findings_beyond_lxmls_last_line_do_not_each_read_the_source_again() -> None:
    """A partner's own element in every item must not turn a second's work into hours."""
    odd = item("odd", "\n<odd>1</odd>\n")
    document = payload(item("A", "\n" * 70_000), *[odd] * 5_000)
    source = Watched(document.encode())
    report = Report()
    items, error = each(iter_xml(source, MeterReading, mode="lenient", report=report))
    assert (len(items), error) == (5_001, None)
    assert [one.line for one in report] == [70_002 + 2 * number for number in range(5_000)]
    assert source.given <= 3 * len(document)
