"""Each limit, in every way of reading: what is just at it is read, what is one over is refused with its name and place.

What a document measures is found out by other means, so that the library's own counting is held to a second opinion.
"""

from __future__ import annotations

import base64
import dataclasses
import gzip
import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from lxml.etree import _Element as Element  # pyright: ignore[reportPrivateUsage]  # lxml has no public name for it

from iec61968_9 import DecodeError, LimitError, Limits, SchemaError, from_xml, iter_xml, validate
from iec61968_9.exchange import PayloadFile, content_of, created, file_of, iter_message, read_message
from iec61968_9.profiles.envelope import EventMessage, Header, Payload, Verb
from iec61968_9.profiles.meter_readings import MeterReadings

Mode = Literal["strict", "lenient"]
MODES: list[Mode] = ["strict", "lenient"]
Read = Callable[[bytes, Mode, Limits], object]

NAMESPACE = "http://iec.ch/TC57/2011/MeterReadings#"
MESSAGE = "http://iec.ch/TC57/2011/schema/message"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
PIECE = 65_536
"""A stream takes its source in pieces of this many bytes, and sees between them how much it was."""

# -- documents -------------------------------------------------------------------------------------------------------


def bare(inside: str) -> str:
    return f'<MeterReadings xmlns="{NAMESPACE}">{inside}</MeterReadings>'


def message(inside: str) -> str:
    return (
        f'<EventMessage xmlns="{MESSAGE}"><Header><Verb>created</Verb><Noun>MeterReadings</Noun></Header>'
        f"<Payload>{bare(inside)}</Payload></EventMessage>"
    )


def soap(inside: str) -> str:
    return f'<s:Envelope xmlns:s="{SOAP}"><s:Header/><s:Body>{message(inside)}</s:Body></s:Envelope>'


WAYS: dict[str, tuple[Callable[[str], str], Read]] = {
    "from_xml": (bare, lambda data, mode, limits: from_xml(data, mode=mode, limits=limits)),
    "from_xml of a message": (message, lambda data, mode, limits: from_xml(data, mode=mode, limits=limits)),
    "validate": (message, lambda data, _, limits: validate(data, limits=limits)),
    "read_message": (soap, lambda data, mode, limits: read_message(data, mode=mode, limits=limits)),
    "iter_xml": (bare, lambda data, mode, limits: list(iter_xml(data, "MeterReading", mode=mode, limits=limits))),
    "iter_xml of a message": (
        message,
        lambda data, mode, limits: list(iter_xml(data, "MeterReading", mode=mode, limits=limits)),
    ),
    "iter_message": (
        message,
        lambda data, mode, limits: list(iter_message(data, "MeterReading", mode=mode, limits=limits)),
    ),
    "iter_message of SOAP": (
        soap,
        lambda data, mode, limits: list(iter_message(data, "MeterReading", mode=mode, limits=limits)),
    ),
}
"""Every way of reading: what it reads, and how."""

STREAMS = [way for way in WAYS if way.startswith("iter")]
WHOLE = [way for way in WAYS if way not in STREAMS]


def refusal(way: str, data: bytes, mode: Mode, limits: Limits) -> LimitError | None:
    """The refusal for a limit. A document that has things of its own is no valid one, and strict reading says so."""
    try:
        WAYS[way][1](data, mode, limits)
    except LimitError as error:
        return error
    except SchemaError:
        assert mode == "strict"
    return None


# -- the limits of a document's shape ----------------------------------------------------------------------------------


def meter(text: str) -> str:
    return f"<MeterReading><Meter><mRID>{text}</mRID></Meter></MeterReading>"


def numbered(size: int, attribute: str) -> str:
    return f"<MeterReading {' '.join(attribute.format(number) for number in range(size))}/>"


def name_of(element: Element, attribute: str) -> str:
    """An attribute's name as it was sent."""
    namespace, _, local = attribute.rpartition("}")
    prefixes = {uri: prefix for prefix, uri in element.nsmap.items() if prefix}
    return f"{prefixes[namespace[1:]]}:{local}" if namespace else local


def longest_name(element: Element) -> int:
    local = etree.QName(element).localname
    own = f"{element.prefix}:{local}" if element.prefix else local
    return max(map(len, [own, *(name_of(element, str(one)) for one in element.attrib)]))


def longest_text(element: Element) -> int:
    return max(len(text or "") for text in [element.text, element.tail, *map(str, element.attrib.values())])


@dataclasses.dataclass(frozen=True)
class Shape:
    """A limit of a document's shape.

    Attributes:
        content: The items of a payload that have about so much of it, all in one element where it is one element's.
        measure: How much of it an element has; the most counts, or for elements themselves the sum.
        sizes: Between what the content is made.
    """

    content: Callable[[int], str]
    measure: Callable[[Element], int]
    sizes: tuple[int, int]


SHAPES = {
    "depth": Shape(
        lambda size: f"<MeterReading>{'<a>' * size}{'</a>' * size}</MeterReading>",
        lambda element: sum(1 for _ in element.iterancestors()) + 1,
        (1, 600),
    ),
    "elements": Shape(lambda size: f"<MeterReading>{'<a/>' * size}</MeterReading>", lambda _: 1, (1, 300)),
    "attributes": Shape(
        lambda size: numbered(size, 'a{}="1"'),
        lambda element: len(element.attrib),
        (1, 200),
    ),
    "namespaces": Shape(
        lambda size: numbered(size, 'xmlns:a{}="u"'),
        lambda element: len(element.nsmap),
        (1, 300),
    ),
    "name": Shape(
        lambda size: f'<MeterReading><a:{"b" * size} xmlns:a="u" a:{"c" * (size - 1)}d="1"/></MeterReading>',
        longest_name,
        (20, 2_000),
    ),
    "text": Shape(lambda size: meter("€" * size), longest_text, (1, 5_000)),
}


def tree(data: bytes) -> Element:
    return etree.fromstring(data, etree.XMLParser(huge_tree=True))


def measured(data: bytes, limit: str) -> int:
    found = [SHAPES[limit].measure(element) for element in tree(data).iter()]
    return sum(found) if limit == "elements" else max(found)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("limit", SHAPES)
@given(st.data())
@settings(max_examples=8)
def test_a_document_just_at_a_limit_is_read_and_one_over_is_refused(limit: str, way: str, data: st.DataObject) -> None:
    shape = SHAPES[limit]
    size = data.draw(st.integers(*shape.sizes), label="size")
    before, behind = (data.draw(st.sampled_from(["", meter("x")]), label=where) for where in ("before", "behind"))
    mode = data.draw(st.sampled_from(MODES), label="mode")
    source = WAYS[way][0](before + shape.content(size) + behind).encode()
    most = measured(source, limit)
    assert refusal(way, source, mode, Limits(**{limit: most})) is None
    if most > 1 and (way in WHOLE or limit != "elements"):
        error = refusal(way, source, mode, Limits(**{limit: most - 1}))
        assert error is not None
        assert error.limit == limit
        assert error.line == 1
        assert error.path is not None or (limit, most) == ("depth", 257)  # where libxml2 itself stops
        assert error.advice is not None
        assert f"limits=Limits({limit}=...)" in error.advice


@pytest.mark.parametrize("way", STREAMS)
def test_a_stream_counts_the_elements_of_each_item_and_of_what_is_left(way: str) -> None:
    mode: Mode = "lenient"
    item = SHAPES["elements"].content(20)
    rest = measured(WAYS[way][0](item).encode(), "elements")
    many = WAYS[way][0](item * 500).encode()
    assert refusal(way, many, mode, Limits(elements=rest)) is None
    error = refusal(way, many, mode, Limits(elements=rest - 1))
    assert error is not None
    assert error.limit == "elements"
    larger = WAYS[way][0](item * 5 + SHAPES["elements"].content(rest)).encode()
    error = refusal(way, larger, "lenient", Limits(elements=rest))
    assert error is not None
    assert "MeterReading[6]" in str(error.path)


@pytest.mark.parametrize("limit", SHAPES)
def test_the_defaults_hold_and_an_element_that_exceeds_one_is_named(limit: str) -> None:
    """Just under and just over each default; for elements, which would be many, a smaller limit is tried."""
    default = getattr(Limits(), limit)
    limits = Limits(elements=2_000) if limit == "elements" else Limits()
    for extra in (0, 1):
        size = (2_000 if limit == "elements" else default) + extra
        inside = SHAPES[limit].content(size)
        over = measured_size(limit, inside) - size
        data = bare(SHAPES[limit].content(size - over).replace("€", "x")).encode()
        error = refusal("from_xml", data, "lenient", limits)
        assert (error is None) == (extra == 0)
        assert error is None or error.limit == limit


def measured_size(limit: str, inside: str) -> int:
    if limit == "text":
        return len(inside) - len(meter(""))
    if limit == "elements":
        return inside.count("<a/>") + 2
    return max(SHAPES[limit].measure(element) for element in tree(bare(inside).encode()).iter())


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    "inside", ['<MeterReading {}="1"/>', '<MeterReading><Meter><mRID {}="1">x</mRID></Meter></MeterReading>']
)
def test_an_attribute_of_a_known_element_has_no_longer_name_either(inside: str, mode: Mode, way: str) -> None:
    for size, fits in ((1_000, True), (1_001, False)):
        error = refusal(way, WAYS[way][0](inside.format("a" * size)).encode(), mode, Limits())
        assert (error is None) == fits
        assert error is None or error.limit == "name"


# -- bytes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", WHOLE)
@pytest.mark.parametrize("mode", ["strict", "lenient"])
def test_bytes_of_a_whole_document(way: str, mode: Mode) -> None:
    data = WAYS[way][0](meter("x")).encode()
    assert refusal(way, data, mode, Limits(document_bytes=len(data))) is None
    error = refusal(way, data, mode, Limits(document_bytes=len(data) - 1))
    assert error is not None
    assert error.limit == "document_bytes"
    assert error.advice is not None
    assert "limits=Limits(document_bytes=...)" in error.advice


@pytest.mark.parametrize("way", STREAMS)
@pytest.mark.parametrize("mode", ["strict", "lenient"])
@pytest.mark.parametrize("limit", [3 * PIECE, 10 * PIECE])
def test_bytes_from_one_item_of_a_stream_to_the_next(way: str, mode: Mode, limit: int) -> None:
    """It is held to the piece: what is two smaller is read, what is two larger is not."""
    limits = Limits(item_bytes=limit, document_bytes=1)
    small, large = meter("x" * (limit - 2 * PIECE)), meter("x" * (limit + 2 * PIECE))
    assert refusal(way, WAYS[way][0](small).encode(), mode, limits) is None
    between = f"<!--{'x' * (limit + 2 * PIECE)}-->"
    for inside in (large, meter("y") + large, meter("y") + between + meter("y"), meter("y") + between):
        error = refusal(way, WAYS[way][0](inside).encode(), mode, limits)
        assert error is not None
        assert error.limit == "item_bytes"
        assert error.path is None or error.path.endswith("/MeterReadings")


@pytest.mark.parametrize("way", STREAMS)
def test_a_stream_has_no_limit_in_all(way: str) -> None:
    limits = Limits(item_bytes=2 * PIECE, document_bytes=1)
    assert refusal(way, WAYS[way][0](meter("x" * 1000) * 1000).encode(), "strict", limits) is None


# -- what is packed --------------------------------------------------------------------------------------------------

READINGS = bare(meter("x" * 100)).encode()


def packed(data: bytes) -> EventMessage[MeterReadings]:
    text = base64.b64encode(gzip.compress(data, mtime=0)).decode()
    header = Header(verb=Verb.CREATED, noun="MeterReadings")
    return EventMessage(header=header, payload=Payload(compressed=text))


def inflation(data: bytes, limits: Limits, *, as_file: bool) -> LimitError | None:
    try:
        if as_file:
            assert file_of(created(PayloadFile(data, "CSV"), noun="X"), limits=limits).data == data
        else:
            content_of(packed(data), limits=limits)
    except LimitError as error:
        return error
    return None


@pytest.mark.parametrize("as_file", [False, True])
@pytest.mark.parametrize("limit", ["inflated_bytes", "document_bytes"])
def test_bytes_that_a_compressed_payload_inflates_to(limit: str, as_file: bool) -> None:
    assert inflation(READINGS, Limits(**{limit: len(READINGS)}), as_file=as_file) is None
    error = inflation(READINGS, Limits(**{limit: len(READINGS) - 1}), as_file=as_file)
    assert error is not None
    assert error.limit == limit
    assert str(error.path).endswith("Message/Payload/Compressed")


@pytest.mark.parametrize("as_file", [False, True])
@pytest.mark.parametrize("size", [1_100_000, 3_000_000])
def test_how_many_times_its_size_a_compressed_payload_inflates_to(size: int, as_file: bool) -> None:
    data = bare(meter("x" * 100) * (size // 150)).encode()
    ratio = -(-len(data) // len(gzip.compress(data, mtime=0)))
    assert inflation(data, Limits(inflated_ratio=ratio), as_file=as_file) is None
    error = inflation(data, Limits(inflated_ratio=ratio - 1), as_file=as_file)
    assert error is not None
    assert error.limit == "inflated_ratio"
    assert str(error.path).endswith("Message/Payload/Compressed")
    assert f"{ratio - 1:,} times its own size" in error.message


def test_less_than_a_mebibyte_may_come_out_of_however_little() -> None:
    for size, fits in ((1024 * 1024, True), (1024 * 1024 + 1, False)):
        error = inflation(bytes(size), Limits(inflated_ratio=1), as_file=True)
        assert (error is None) == fits


def test_readings_that_are_all_the_same_pass_and_a_bomb_does_not() -> None:
    """The most that real readings shrink, and what gzip can do at most."""
    same = "<Readings><timeStamp>2026-03-02T00:00:00Z</timeStamp><value>0</value></Readings>"
    assert inflation(bare(f"<MeterReading>{same * 50}</MeterReading>" * 500).encode(), Limits(), as_file=True) is None
    error = inflation(bytes(20_000_000), Limits(), as_file=True)
    assert error is not None
    assert error.limit == "inflated_ratio"


# -- issues ------------------------------------------------------------------------------------------------------------


@given(count=st.integers(1, 60), limit=st.integers(1, 60))
def test_departures_that_one_error_reports(count: int, limit: int) -> None:
    wrong = "<MeterReading><isCoincidentTrigger>maybe</isCoincidentTrigger></MeterReading>"
    data = bare(wrong * count)
    assert len(validate(data, limits=Limits(issues=limit))) == min(count, limit)
    for read in (
        lambda: from_xml(data, limits=Limits(issues=limit)),
        lambda: read_message(message(wrong * count), limits=Limits(issues=limit)),
    ):
        with pytest.raises(SchemaError) as caught:
            read()
        assert len(caught.value.issues) == min(count, limit)


@pytest.mark.parametrize("limit", [1, 7, 100])
def test_departures_that_one_item_of_a_stream_reports(limit: int) -> None:
    wrong = "<Readings><timeStamp>never</timeStamp></Readings>" * 30  # two things are wrong with each
    for way in STREAMS:
        with pytest.raises(SchemaError) as caught:
            WAYS[way][1](WAYS[way][0](f"<MeterReading>{wrong}</MeterReading>").encode(), "strict", Limits(issues=limit))
        assert len(caught.value.issues) == min(limit, 60)


# -- all of them -------------------------------------------------------------------------------------------------------

TRIED = {*SHAPES, "document_bytes", "item_bytes", "inflated_bytes", "inflated_ratio", "issues"}


def test_every_limit_is_tried_here() -> None:
    assert {field.name for field in dataclasses.fields(Limits)} == TRIED


def test_comments_and_instructions_have_no_limit_but_bytes() -> None:
    crowd = "<!---->" * 50_000 + "<?p?>" * 50_000
    limits = Limits(elements=20, depth=10, attributes=1, namespaces=3, text=100)
    for way in WAYS:
        assert refusal(way, WAYS[way][0](crowd + meter("x")).encode(), "strict", limits) is None


def test_a_limit_error_is_a_decode_error_that_a_server_answers_with_3_1() -> None:
    error = refusal("from_xml", READINGS, "strict", Limits(elements=1))
    assert isinstance(error, DecodeError)
    assert error.reply_code == "3.1"


def test_the_page_on_safety_says_the_defaults() -> None:
    page = (Path(__file__).parents[2] / "docs" / "safety.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| ([\d,]+)( MiB)? \|", page, re.MULTILINE)
    said = {name: int(number.replace(",", "")) * (1024**2 if unit else 1) for name, number, unit in rows}
    assert said == dataclasses.asdict(Limits())
