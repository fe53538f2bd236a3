"""What damage has shown once, as examples."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree
from tests.streaming.support import Mode, event, item, payload, pipe

from iec61968_9 import DecodeError, ForeignElement, from_xml, iter_xml, to_xml
from iec61968_9.profiles import MeterReadings
from iec61968_9.profiles.meter_readings import MeterReading
from iec61968_9.xml import apart, streaming

MODES: tuple[Mode, ...] = ("strict", "lenient")
NO_URI = payload(item("A"), item("B"), attributes=' xmlns:m="ur~:example:m"')
each_mode = pytest.mark.parametrize("mode", MODES)


@each_mode
@pytest.mark.parametrize("name", ["m:EventMessage", "m:Payload", "m:MeterReadings"])
def test_a_stream_refuses_a_prefix_that_is_not_declared_with_its_line(mode: Mode, name: str) -> None:
    source = event(f"\n{payload(item())}").replace(name[2:], name)
    with pytest.raises(DecodeError, match="prefix") as error:
        list(iter_xml(source, "MeterReading", mode=mode))
    assert error.value.line is not None


@each_mode
@pytest.mark.parametrize(
    "inside",
    [
        "<no:x/>",
        "<x><y><no:z/></y></x>",
        "<no:Meter><mRID>1</mRID></no:Meter>",
        '<Meter no:x="1"/>',
        '<Meter><mRID no:x="">1</mRID></Meter>',
        '<Readings><ReadingType ref="1" no:x="2"/></Readings>',
        '<Readings xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><value no:x="" i:nil="true"/></Readings>',
        '<x xmlns:a="urn:a"><a:b:c/></x>',
        "<:x/>",
        "<x:/>",
        '<Meter xmlns:b="urn:b" b:c:d="1"/>',
        '<b:x xmlns:b="no uri"/>',
        '<x xmlns:b="http:\n//own"/>',
        '<Meter xmlns:b="urn:b" xmlns:c="urn:b" b:d="1" c:d="1"/>',
    ],
)
def test_a_stream_gives_no_item_with_a_name_that_means_nothing(mode: Mode, inside: str) -> None:
    """A parser that is fed tells of such names at the end only; the items before are right."""
    odd = f"<MeterReading><Meter><mRID>2</mRID></Meter>{inside}</MeterReading>"
    source = event(f"\n{payload(item('1'), odd, item('3'))}")
    with pytest.raises(DecodeError) as whole:
        from_xml(source, mode=mode)
    stream = iter_xml(source, "MeterReading", mode=mode)
    found = [next(stream)]
    with pytest.raises(DecodeError) as error:
        next(stream)
    assert found == list(iter_xml(event(payload(item("1"))), "MeterReading", mode=mode))
    assert (error.value.line, error.value.message) == (whole.value.line, whole.value.message)
    assert (error.value.expected, error.value.reply_code) == (whole.value.expected, whole.value.reply_code)
    assert error.value.advice == whole.value.advice


@each_mode
def test_a_name_that_means_nothing_is_found_behind_any_number_of_warnings(mode: Mode) -> None:
    """libxml2 tells of so many warnings and as many errors; a namespace that is no absolute URI is a warning."""
    warned = item("1").replace("<Meter>", '<Meter><x xmlns="relative"/>') if mode == "lenient" else item("1")
    source = event(payload(*[warned] * 150, item("2", inside="<no:x/>")))
    stream = iter_xml(source, "MeterReading", mode=mode)
    assert len([next(stream) for _ in range(150)]) == 150
    with pytest.raises(DecodeError, match="prefix no of the element x is not declared"):
        next(stream)


@each_mode
@pytest.mark.parametrize("step", [1, 7, 1000])
def test_what_a_stream_says_of_namespaces_does_not_depend_on_how_its_bytes_arrive(mode: Mode, step: int) -> None:
    """Of two wrong names the first is told, as soon as an item has one."""
    odd = [item(str(number), inside=f"<no{number}:x/>") for number in (3, 4)]
    source = event(f"\n{payload(item('1'), item('2'), *odd)}")
    with pytest.raises(DecodeError, match="prefix no3 of the element x is not declared") as whole:
        from_xml(source, mode=mode)
    stream = iter_xml(pipe(source, step), MeterReading, mode=mode)
    assert [next(stream), next(stream)] == from_xml(payload(item("1"), item("2")), MeterReadings).meter_reading
    with pytest.raises(DecodeError) as error:
        next(stream)
    assert (error.value.line, error.value.message) == (whole.value.line, whole.value.message)


@each_mode
@pytest.mark.parametrize("step", [1, 7, 1000])
def test_a_declaration_of_no_namespace_is_refused_at_the_end(mode: Mode, step: int) -> None:
    """Nothing of it is in any item."""
    source = payload(item("1"), item("2"), attributes=' xmlns:b=""')
    stream = iter_xml(pipe(source, step), "MeterReading", mode=mode)
    assert [next(stream), next(stream)] == from_xml(payload(item("1"), item("2")), MeterReadings).meter_reading
    with pytest.raises(DecodeError, match="the prefix b is declared with an empty namespace"):
        next(stream)


@each_mode
def test_what_is_declared_around_items_is_not_parsed_again_with_each(
    mode: Mode, monkeypatch: pytest.MonkeyPatch
) -> None:
    def counted(data: bytes, parser: etree.XMLParser) -> Any:
        sizes.append(len(data))
        return parsed(data, parser)

    sizes: list[int] = []
    parsed = apart.parsed
    monkeypatch.setattr(streaming, "parsed", counted)
    source = payload("<MeterReading/>" * 200, attributes=f' xmlns:a="urn:{"x" * 20_000}" xmlns:b=""')
    with pytest.raises(DecodeError, match="the prefix b is declared with an empty namespace"):
        list(iter_xml(source, "MeterReading", mode=mode))
    assert len(sizes) == 200
    assert sum(sizes) < 2 * len(source)


@each_mode
@pytest.mark.parametrize("source", [NO_URI, event(NO_URI), event(payload(item(), namespace="ur~:example>m"))])
def test_a_stream_refuses_a_namespace_that_is_no_uri_as_reading_at_once_does(mode: Mode, source: str) -> None:
    with pytest.raises(DecodeError) as whole:
        from_xml(source, mode=mode)
    with pytest.raises(DecodeError) as error:
        list(iter_xml(source, "MeterReading", mode=mode))
    assert (error.value.line, error.value.message) == (whole.value.line, whole.value.message)


@each_mode
def test_a_message_without_such_items_is_refused_with_its_path_and_line(mode: Mode) -> None:
    source = "\n" + event(payload(item(), namespace="urn:other")).replace("<Noun>MeterReadings", "<Noun>Other")
    with pytest.raises(DecodeError, match="no payload with such items") as error:
        list(iter_xml(source, "MeterReading", mode=mode))
    assert (error.value.path, error.value.line) == ("/EventMessage", 2)


def test_foreign_elements_in_a_namespace_that_is_a_relative_uri_can_be_compared() -> None:
    one, other = (ForeignElement(f'<{prefix}:a xmlns:{prefix}="http;//iec.ch"/>') for prefix in ("p", "p"))
    assert one == other
    assert hash(one) == hash(other)
    assert one != ForeignElement('<p:b xmlns:p="http;//iec.ch"/>')


@pytest.mark.parametrize("between", ["", "<reason>inquiry</reason>", "<reason>inquiry</reason><source>HES</source>"])
def test_an_element_that_says_nothing_is_not_written_before_one_of_its_name(between: str) -> None:
    """Found by fuzzing: in the schema's order, the empty one came first, which counts."""
    sent = payload(f"<MeterReading><Readings><value>1</value>{between}<value/></Readings></MeterReading>")
    readings = from_xml(sent, MeterReadings, mode="lenient")
    again = from_xml(to_xml(readings, mode="lenient"), MeterReadings, mode="lenient")
    assert again == readings
    assert again.meter_reading[0].readings[0].value == "1"
