"""Where a stream's bytes come from: slow, broken, hostile, cut off, too large."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.streaming.support import READING_TYPE, SHAPES, Failing, Mode, each, event, item, payload, pipe, unhurried

from iec61968_9 import Limits, from_xml, iter_xml
from iec61968_9.errors import DecodeError, Iec61968Error, LimitError
from iec61968_9.profiles.meter_readings import MeterReading, MeterReadings

SMALL = payload(item("Ä"), item("B"), item("€"), READING_TYPE)
DOCTYPES = [
    "<!DOCTYPE MeterReadings>",
    '<!DOCTYPE MeterReadings [<!ENTITY a "aaaa">]>',
    '<!DOCTYPE MeterReadings SYSTEM "http://127.0.0.1:9/x.dtd">',
]


def same(source: Any, document: str = SMALL) -> bool:
    stream = iter_xml(source, MeterReading)
    return list(stream) == from_xml(document, MeterReadings).meter_reading and stream.rest is not None


# -- kinds of sources ------------------------------------------------------------------------------------------------


def test_every_kind_of_source_gives_the_same(tmp_path: Path) -> None:
    data = SMALL.encode()
    path = tmp_path / "small.xml"
    path.write_bytes(data)
    assert same(SMALL)
    assert same(data)
    assert same(bytearray(data))
    assert same(memoryview(data))
    assert same(path)
    assert same(io.BytesIO(data))
    with path.open("rb") as stream:
        assert same(stream)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("step", [1, 2, 3, 17, 100_000])
@pytest.mark.parametrize("shape", SHAPES)
def test_bytes_may_come_in_any_portions(shape: str, step: int, encoding: str) -> None:
    stream = iter_xml(pipe(SHAPES[shape](SMALL).encode(encoding), step), MeterReading)
    assert list(stream) == from_xml(SMALL, MeterReadings).meter_reading
    assert isinstance(stream.rest, MeterReadings)
    assert len(stream.rest.reading_type) == 1


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252", "iso-8859-15"])
def test_a_declared_encoding_is_read(encoding: str) -> None:
    document = f'<?xml version="1.0" encoding="{encoding}"?>{payload(item("Ä"))}'
    for source in (document.encode(encoding), pipe(document.encode(encoding))):
        (only,) = iter_xml(source, MeterReading)
        assert only.meter is not None
        assert only.meter.mrid == "Ä"


@pytest.mark.parametrize("document", [f"<!-- {'-x' * 30_000} -->{SMALL}", f"<?pi {'x' * 60_000}?>\n{SMALL}"])
def test_much_may_stand_before_the_root(document: str) -> None:
    assert same(document)
    assert same(pipe(document, 1000))


def test_the_root_must_begin_in_time() -> None:
    _, error = each(iter_xml(f"<!-- {' ' * 200_000} -->{SMALL}", MeterReading))
    assert isinstance(error, LimitError)


def test_text_is_no_source_that_can_be_read() -> None:
    with pytest.raises(TypeError, match="binary mode"):
        next(iter_xml(cast("BinaryIO", io.StringIO(SMALL)), MeterReading))


@pytest.mark.parametrize("source", ["", b"", "  \n", "<!-- nothing -->"])
def test_nothing_is_an_error(source: str | bytes) -> None:
    _, error = each(iter_xml(source, MeterReading))
    assert isinstance(error, DecodeError)


def test_a_file_that_does_not_exist_is_the_systems_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        next(iter_xml(tmp_path / "none.xml", MeterReading))


# -- closing ---------------------------------------------------------------------------------------------------------


class Watched(io.BytesIO):
    """A file that counts how often it is read."""

    reads = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.reads += 1
        return super().read(size)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The files that paths open."""
    files: list[Any] = []
    original = Path.open

    def watched(self: Path, *arguments: Any, **options: Any) -> Any:
        files.append(original(self, *arguments, **options))
        return files[-1]

    monkeypatch.setattr(Path, "open", watched)
    return files


def long_path(folder: Path) -> Path:
    path = folder / "long.xml"
    path.write_bytes(payload(*(item(str(number)) for number in range(10_000))).encode())
    return path


def test_a_file_is_not_opened_before_it_is_read(opened: list[Any], tmp_path: Path) -> None:
    path = long_path(tmp_path)
    stream = iter_xml(path, MeterReading)
    assert [one for one in opened if not one.closed] == []
    stream.close()
    assert list(stream) == []


@pytest.mark.parametrize("taken", [1, 9_000, 10_000])
def test_leaving_early_closes_the_file(opened: list[Any], tmp_path: Path, taken: int) -> None:
    with iter_xml(long_path(tmp_path), MeterReading) as stream:
        for _ in range(taken):
            next(stream)
        assert [one for one in opened if not one.closed] != []
    assert [one for one in opened if not one.closed] == []
    assert list(stream) == []


def test_the_end_closes_the_file(opened: list[Any], tmp_path: Path) -> None:
    assert len(list(iter_xml(long_path(tmp_path), MeterReading))) == 10_000
    assert all(one.closed for one in opened)


def test_an_error_closes_the_file(opened: list[Any], tmp_path: Path) -> None:
    path = tmp_path / "bad.xml"
    path.write_text(payload(item(), "<"), encoding="utf-8")
    _, error = each(iter_xml(path, MeterReading))
    assert error is not None
    assert all(one.closed for one in opened)


def test_a_file_of_the_callers_is_left_open() -> None:
    stream = io.BytesIO(SMALL.encode())
    with iter_xml(stream, MeterReading) as items:
        next(items)
    assert not stream.closed


def test_no_more_is_read_than_is_needed() -> None:
    """Items come while the source is still being read."""
    source = Watched(payload(*(item(str(number)) for number in range(100_000))).encode())
    next(iter_xml(source, MeterReading))
    assert source.reads <= 3


# -- broken, cut off -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", [1, 100, 100_000])
@unhurried
@given(data=st.data())
def test_an_error_of_the_source_passes_through(step: int, data: st.DataObject) -> None:
    """The items until then come once, and the stream does not go on."""
    whole = SMALL.encode()
    at = data.draw(st.integers(0, len(whole) - 1))
    stream = iter_xml(cast("BinaryIO", Failing(whole[:at], step)), MeterReading)
    items, error = each(stream, ConnectionResetError)
    assert isinstance(error, ConnectionResetError)
    assert items == from_xml(SMALL, MeterReadings).meter_reading[: len(items)]
    assert list(stream) == []
    assert stream.rest is None


@pytest.mark.parametrize("mode", ["strict", "lenient"])
@pytest.mark.parametrize("shape", SHAPES)
@unhurried
@given(data=st.data())
def test_a_document_that_was_cut_is_never_a_shorter_stream(shape: str, mode: Mode, data: st.DataObject) -> None:
    document = SHAPES[shape](SMALL).encode()
    at = data.draw(st.integers(0, len(document) - 1))
    step = data.draw(st.sampled_from([1, 13, 100_000]))
    stream = iter_xml(pipe(document[:at], step), MeterReading, mode=mode)
    items, error = each(stream)
    assert isinstance(error, DecodeError)
    assert items == from_xml(SMALL, MeterReadings).meter_reading[: len(items)]
    assert stream.rest is None


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16"])
@unhurried
@given(data=st.data())
def test_utf_16_that_was_cut_is_an_error(encoding: str, data: st.DataObject) -> None:
    """Also in the middle of a character."""
    document = SMALL.encode(encoding)
    at = data.draw(st.integers(0, len(document) - 1))
    _, error = each(iter_xml(document[:at], MeterReading))
    assert isinstance(error, DecodeError)


@pytest.mark.parametrize("tail", ["x", "<more/>", SMALL, "</MeterReadings>", "\x00"])
def test_what_follows_the_root_is_an_error(tail: str) -> None:
    _, error = each(iter_xml(SMALL + tail, MeterReading))
    assert isinstance(error, DecodeError)


@pytest.mark.parametrize("tail", ["\n", " \n\t", "<!-- end -->", "<?end?>\n"])
def test_what_means_nothing_may_follow_the_root(tail: str) -> None:
    assert same(SMALL + tail)


# -- hostile ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("doctype", DOCTYPES)
@pytest.mark.parametrize("step", [1, 2, 3, 100_000])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_document_type_is_refused_however_the_bytes_arrive(doctype: str, step: int, encoding: str) -> None:
    document = f"<!-- first -->\n{doctype}\n{SMALL}"
    items, error = each(iter_xml(pipe(document.encode(encoding), step), MeterReading))
    assert items == []
    assert isinstance(error, DecodeError)
    assert "document type" in error.message
    assert error.line == 2


@pytest.mark.parametrize(
    "document",
    [
        '<?xml version="1.0" encoding="UTF-8"?>' + payload("<MeterReading><Meter>\udcff\udcff</Meter></MeterReading>"),
        payload(item("\udce4b")),
        payload(item("&x;")),
        payload(item(), "</MeterReading>"),
        payload(item())[:-1] + " " * 30,
    ],
    ids=["declared and other bytes", "other bytes", "an entity", "a tag too many", "an end that does not come"],
)
@pytest.mark.parametrize("step", [1, 7, 200])
def test_what_is_not_well_formed_is_said_in_the_same_words_however_the_bytes_arrive(document: str, step: int) -> None:
    """Found by fuzzing: in small pieces, a declaration was forgotten before the bytes that break it came."""
    data = document.encode("utf-8", "surrogateescape")
    _, at_once = each(iter_xml(data, MeterReading), DecodeError)
    _, in_pieces = each(iter_xml(pipe(data, step), MeterReading), DecodeError)
    assert at_once is not None
    assert str(in_pieces) == str(at_once)


@pytest.mark.parametrize("second", ["", "<Payload/>"])
@pytest.mark.parametrize("step", [1, 7, 200, 100_000])
def test_the_path_of_an_item_does_not_depend_on_what_of_the_rest_has_arrived(second: str, step: int) -> None:
    """Found by fuzzing: a second payload, which no message may have, was counted if it came in the same piece."""
    data = event(payload(item("A"), item("B", inside="<Stray/>"))).replace("</Payload>", f"</Payload>{second}")
    items, error = each(iter_xml(pipe(data.encode(), step), MeterReading))
    assert len(items) == 1
    assert isinstance(error, DecodeError)
    assert error.path == "/EventMessage/Payload/MeterReadings/MeterReading[2]/Stray"


@pytest.mark.parametrize("mode", ["strict", "lenient"])
@pytest.mark.parametrize("behind", [1, 3, 40, 65_536])
def test_an_entity_at_the_end_of_a_piece_does_not_end_the_document(behind: int, mode: Mode) -> None:
    """Found by fuzzing: the parser dropped what it had read and took what came next for another document, so that the
    stream ended after the first item as if there were no more.
    """
    first = payload(item("A")).removesuffix("</MeterReadings>") + "&x;"
    pieces = [first.encode(), payload(item("B"), item("C")).encode()]
    items, error = each(iter_xml(cast("BinaryIO", Portions(pieces, behind)), MeterReading, mode=mode), DecodeError)
    assert error is not None
    assert "the entity &x; is not one of XML's" in str(error)
    assert len(items) <= 1


class Portions(io.RawIOBase):
    """A source that gives one portion, then another in small ones."""

    def __init__(self, pieces: list[bytes], step: int) -> None:
        super().__init__()
        first, second = pieces
        self.portions = [first, *(second[at : at + step] for at in range(0, len(second), step))]

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        return self.portions.pop(0) if self.portions else b""


@unhurried
@given(st.binary(max_size=200), st.sampled_from([1, 3, 100_000]))
@example(b"\xff\xfe<\x00", 1)
@example(b"\xff\xfe\x00\x00<\x00\x00\x00", 100_000)
@example(b"<\x00\x00", 1)
def test_any_bytes_are_read_or_refused(data: bytes, step: int) -> None:
    """Never another exception than the library's, and never items."""
    items, error = each(iter_xml(pipe(data, step), MeterReading))
    assert items == []
    assert isinstance(error, Iec61968Error)


@unhurried
@given(data=st.data())
def test_a_damaged_document_is_read_or_refused(data: st.DataObject) -> None:
    document = bytearray(event(SMALL).encode())
    for _ in range(data.draw(st.integers(1, 3))):
        document[data.draw(st.integers(0, len(document) - 1))] = data.draw(st.integers(0, 255))
    whole: list[MeterReading] | None = None
    try:
        found: Any = from_xml(bytes(document))
        whole = found.payload.contents[0].meter_reading
    except Iec61968Error:
        pass
    except (AttributeError, IndexError):
        return  # it has become a message of another kind
    items, error = each(iter_xml(bytes(document), MeterReading))
    assert (error is None) == (whole is not None)
    assert whole is None or items == whole


# -- limits ----------------------------------------------------------------------------------------------------------


def test_an_item_without_end_is_refused_while_it_is_read() -> None:
    """Nobody can make the reader keep more than the limit."""
    source = pipe(payload("<MeterReading>" + "<IntervalBlocks>x</IntervalBlocks>" * 1_000_000), 65_536)
    items, error = each(iter_xml(source, MeterReading, limits=Limits(item_bytes=1_000_000)))
    assert items == []
    assert isinstance(error, LimitError)
    assert error.limit == "item_bytes"
    assert cast("Any", source).at < 1_200_000


@pytest.mark.parametrize("place", ["before", "after", "between"])
def test_what_stands_outside_items_is_limited(place: str) -> None:
    much = READING_TYPE * 20_000
    parts = {
        "before": [much, item("A")],
        "after": [item("A"), much],
        "between": [item("A"), much, item("B")],
    }[place]
    _, error = each(iter_xml(payload(*parts), MeterReading, limits=Limits(item_bytes=1_000_000), mode="lenient"))
    assert isinstance(error, LimitError)
    assert error.limit == "item_bytes"
    _, error = each(iter_xml(payload(*parts), MeterReading, limits=Limits(item_bytes=4_000_000), mode="lenient"))
    assert error is None


def test_little_between_many_items_is_limited_in_all() -> None:
    """What stays in memory to the end adds up."""
    parts = [item("A") + READING_TYPE] * 20_000
    _, error = each(iter_xml(payload(*parts), MeterReading, limits=Limits(item_bytes=1_000_000), mode="lenient"))
    assert isinstance(error, LimitError)


def test_a_stream_may_be_longer_than_a_document() -> None:
    limits = Limits(document_bytes=10_000, item_bytes=200_000)
    document = payload(*(item(str(number)) for number in range(5_000)))
    with pytest.raises(LimitError):
        from_xml(document, limits=limits)
    items, error = each(iter_xml(document, MeterReading, limits=limits))
    assert (len(items), error) == (5_000, None)


def nested(depth: int) -> str:
    """An item in a payload whose deepest element stands that deep in the document."""
    inner = depth - 2
    return payload(item("A"), f"<MeterReading>{'<a>' * inner}{'</a>' * inner}</MeterReading>")


@pytest.mark.parametrize("limit", [10, 100, 256, 400])
def test_the_limit_of_depth_is_that_of_a_whole_document(limit: int) -> None:
    limits = Limits(depth=limit)
    for depth in (limit, limit + 1):
        document = nested(depth)
        _, found = each(iter_xml(document, MeterReading, mode="lenient", limits=limits))
        if depth <= limit:
            assert from_xml(document, mode="lenient", limits=limits)
            assert found is None
        else:
            with pytest.raises(LimitError):
                from_xml(document, mode="lenient", limits=limits)
            assert isinstance(found, LimitError)
            assert found.limit == "depth"


@pytest.mark.parametrize("count", [5, 6, 64, 65])
@pytest.mark.parametrize("mode", ["strict", "lenient"])
@pytest.mark.parametrize("where", ["<MeterReading", "<mRID", "<ReadingType", "<MeterReadings"])
def test_the_limit_of_attributes_holds_for_items_and_rest(count: int, mode: Mode, where: str) -> None:
    attributes = "".join(f' a{number}="1"' for number in range(count))
    document = payload(item("A"), item("B"), READING_TYPE).replace(f"{where}>", f"{where}{attributes}>")
    if where == "<MeterReadings":
        document = document.replace("<MeterReadings", f"<MeterReadings{attributes}", 1)
    for limits in (Limits(), Limits(attributes=5)):
        _, error = each(iter_xml(document, MeterReading, mode=mode, limits=limits))
        if count > limits.attributes:
            assert isinstance(error, LimitError)
            assert error.limit == "attributes"
        else:
            assert (error is None) == (mode == "lenient")
            assert not isinstance(error, LimitError)


@pytest.mark.parametrize("length", [100_000, 100_001])
def test_the_limit_of_text_holds(length: int) -> None:
    _, error = each(iter_xml(payload(item("x" * length)), MeterReading, limits=Limits(text=100_000)))
    if length > 100_000:
        assert isinstance(error, LimitError)
        assert error.limit == "text"
    else:
        assert error is None


def test_the_limit_of_elements_holds_for_one_item_and_not_for_all() -> None:
    block = '<IntervalBlocks><ReadingType ref="R"/></IntervalBlocks>'
    limits = Limits(elements=500)
    small = payload(*(item(str(number), block * 100) for number in range(50)))
    assert len(list(iter_xml(small, MeterReading, limits=limits))) == 50
    _, error = each(iter_xml(payload(item("A", block * 300)), MeterReading, limits=limits))
    assert isinstance(error, LimitError)
    assert error.limit == "elements"


def test_a_soap_envelope_that_is_not_in_its_encoding_is_refused_as_reading_at_once_does() -> None:
    around = '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">\n<s:Body>{}</s:Body></s:Envelope>'
    source = around.format(event(payload(item("ä")))).encode("latin-1")
    with pytest.raises(DecodeError, match="not in UTF-8") as whole:
        from_xml(source)
    with pytest.raises(DecodeError) as caught:
        list(iter_xml(source, MeterReading))
    assert str(caught.value) == str(whole.value)
    assert "0xE4" in str(caught.value)


class Changing(io.BytesIO):
    """A file that holds something else when it is read from its beginning again."""

    def seek(self, position: int, whence: int = 0, /) -> int:
        if position == 0 and whence == 0 and self.tell() > 0:
            self.truncate(super().seek(0))
            self.write(b"\xff\xfe<\x00\x00\xd8")
        return super().seek(position, whence)


def test_a_file_that_has_changed_when_a_line_is_looked_up_gives_none() -> None:
    odd = item("A").replace("<Meter>", "<Odd/><Meter>")
    source = Changing((payload("\n" * 70_000 + odd)).encode())
    with pytest.raises(DecodeError, match="Odd") as caught:
        list(iter_xml(source, MeterReading))
    assert caught.value.line is None
