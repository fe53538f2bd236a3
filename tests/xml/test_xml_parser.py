"""The one parser: what may be handed to it, in which encodings, and what it never lets in."""

from __future__ import annotations

import codecs
import io
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, cast

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from iec61968_9 import DecodeError, LimitError, Report, from_xml, iter_xml, to_xml, validate
from iec61968_9.profiles.meter_readings import MeterReadings

NAMESPACE = "http://iec.ch/TC57/2011/MeterReadings#"
ITEM = "<MeterReading><Meter><mRID>{}</mRID></Meter></MeterReading>"


def document(inside: str = "", before: str = "") -> str:
    return f'{before}<MeterReadings xmlns="{NAMESPACE}">{inside}</MeterReadings>'


def items(source: Any) -> object:
    return list(iter_xml(source, "MeterReading"))


def lenient(source: Any) -> object:
    return from_xml(source, mode="lenient", report=Report())


ENTRIES: dict[str, Callable[[Any], object]] = {
    "from_xml": from_xml,
    "lenient": lenient,
    "validate": validate,
    "iter_xml": items,
}


@pytest.fixture(params=sorted(ENTRIES))
def entry(request: pytest.FixtureRequest) -> Callable[[Any], object]:
    """Every way into the parser."""
    return ENTRIES[str(request.param)]


def mrid(source: Any) -> str | None:
    meter = from_xml(source, MeterReadings).meter_reading[0].meter
    streamed = next(iter(iter_xml(source, "MeterReading"))).meter if not hasattr(source, "read") else meter
    assert meter is not None
    assert streamed == meter
    return meter.mrid


# -- document types and entities -----------------------------------------------------------------------------------

DOCTYPES = {
    "empty": "<!DOCTYPE MeterReadings>",
    "entity": '<!DOCTYPE MeterReadings [<!ENTITY e "EXPANDED">]>',
    "external entity": '<!DOCTYPE MeterReadings [<!ENTITY e SYSTEM "file:///etc/hostname">]>',
    "external subset": '<!DOCTYPE MeterReadings SYSTEM "http://192.0.2.1/x.dtd">',
    "public": '<!DOCTYPE MeterReadings PUBLIC "-//X//Y" "http://192.0.2.1/x.dtd">',
    "parameter entity": '<!DOCTYPE MeterReadings [<!ENTITY % p SYSTEM "http://192.0.2.1/p"> %p;]>',
    "default attribute": '<!DOCTYPE MeterReadings [<!ATTLIST MeterReadings a CDATA "d">]>',
    "laughs": '<!DOCTYPE MeterReadings [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
}
PROLOGS = {
    "nothing": "",
    "white space": " \r\n\t",
    "a comment": "<!-- <MeterReadings/> -->",
    "comments with bits of other things": "<!--><?x?>--><!-- ]]> <!DOCTYPE --><!---->",
    "a processing instruction": "<?x <!-- ?>",
    "a declaration": '<?xml version="1.0"?>\n',
    "a declaration with an encoding and a comment": "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><!--c-->",
    "much": "<!--" + "c" * 200_000 + "-->",
}
ENCODINGS = [
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "utf-32-le",
    "utf-32-be",
    "utf-7",
    "cp037",
    "cp500",
]


@pytest.mark.parametrize("doctype", sorted(DOCTYPES))
@pytest.mark.parametrize("prolog", sorted(PROLOGS))
def test_a_document_type_declaration_is_refused_whatever_stands_before_it(
    entry: Callable[[Any], object], doctype: str, prolog: str
) -> None:
    text = PROLOGS[prolog] + DOCTYPES[doctype] + document(ITEM.format("a"))
    with pytest.raises(DecodeError):
        entry(text.encode())
    with pytest.raises(DecodeError):
        entry(text)


@pytest.mark.parametrize("doctype", ["entity", "laughs", "default attribute"])
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("declared", [False, True])
def test_it_is_refused_in_every_encoding(
    entry: Callable[[Any], object], doctype: str, encoding: str, declared: bool
) -> None:
    before = f'<?xml version="1.0" encoding="{encoding}"?>' if declared else ""
    inside = '<MeterReading><Readings><ReadingType ref="&e;"/></Readings></MeterReading>'
    text = before + DOCTYPES[doctype] + document(inside)
    with pytest.raises(DecodeError):
        entry(text.encode(encoding))


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (1, 0, 3, 2), (2, 3, 0, 1)])
@pytest.mark.parametrize("mark", [False, True])
def test_it_is_refused_in_every_byte_order_of_four_byte_characters(
    entry: Callable[[Any], object], order: tuple[int, ...], mark: bool
) -> None:
    text = ("\ufeff" if mark else "") + DOCTYPES["entity"] + document()
    big = text.encode("utf-32-be")
    raw = b"".join(bytes(big[at + place] for place in order) for at in range(0, len(big), 4))
    with pytest.raises(DecodeError):
        entry(raw)


def test_the_error_says_what_it_is_and_on_which_line() -> None:
    with pytest.raises(DecodeError, match="document type declaration") as caught:
        from_xml("<!-- one\n -->\n" + DOCTYPES["entity"] + document())
    assert caught.value.line == 3


def test_what_looks_like_a_document_type_declaration_inside_text_is_text() -> None:
    assert mrid(document("<!-- <!DOCTYPE a> -->" + ITEM.format("<![CDATA[<!DOCTYPE a>]]>"))) == "<!DOCTYPE a>"


@pytest.mark.parametrize("reference", ["&e;", "&nbsp;", "&#0;", "&#x1;", "&#xFFFE;", "&#xD800;", "&amp", "&"])
def test_entities_that_xml_does_not_know_are_not_well_formed(entry: Callable[[Any], object], reference: str) -> None:
    with pytest.raises(DecodeError, match="not well formed"):
        entry(document(ITEM.format(reference)))


def test_the_entities_of_xml_itself_are_read() -> None:
    assert mrid(document(ITEM.format("&lt;&amp;&gt;&quot;&apos;&#65;&#x1F600;"))) == "<&>\"'A\U0001f600"


def test_xinclude_is_an_element_like_any_other() -> None:
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/hostname" parse="text"/>'
    with pytest.raises(DecodeError, match="not expected"):
        from_xml(document(include))


@pytest.mark.parametrize("size", [0, 1, 7, 100])
def test_nothing_follows_the_root(entry: Callable[[Any], object], size: int) -> None:
    with pytest.raises(DecodeError):
        entry(document() + document()[: size + 1])


# -- encodings -------------------------------------------------------------------------------------------------------

TEXT = "Zähler €"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_recognised_by_its_first_bytes(encoding: str) -> None:
    assert mrid(document(ITEM.format(TEXT)).encode(encoding)) == TEXT


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_utf16_with_a_mark_and_a_declaration(mark: bytes) -> None:
    text = document(ITEM.format(TEXT), '<?xml version="1.0" encoding="UTF-16"?>')
    assert mrid(mark + text.encode("utf-16-le" if mark == codecs.BOM_UTF16_LE else "utf-16-be")) == TEXT


@pytest.mark.parametrize(
    ("declared", "codec"),
    [
        ("UTF-8", "utf-8"),
        ("utf-8", "utf-8"),
        ("ISO-8859-1", "latin-1"),
        ("iso-8859-15", "iso-8859-15"),
        ("windows-1252", "windows-1252"),
        ("Windows-1252", "windows-1252"),
        ("US-ASCII", "ascii"),
    ],
)
def test_encodings_that_partners_declare_are_read(declared: str, codec: str) -> None:
    text = {"latin-1": "Zähler", "ascii": "Zaehler"}.get(codec, TEXT)
    before = f'<?xml version="1.0" encoding="{declared}"?>'
    assert mrid(document(ITEM.format(text), before).encode(codec)) == text


@pytest.mark.parametrize(
    "declared", ["UTF-7", "UTF-32", "UCS-4", "EBCDIC-CP-US", "shift_jis", "GB18030", "x", "UTF-16"]
)
def test_other_encodings_are_refused_by_name(entry: Callable[[Any], object], declared: str) -> None:
    before = f'<?xml version="1.0" encoding="{declared}"?>'
    with pytest.raises(DecodeError) as caught:
        entry(document(before=before).encode())
    assert caught.value.expected == "UTF-8"
    assert caught.value.got == declared.lower()


@pytest.mark.parametrize("encoding", ["utf-32", "utf-32-le", "utf-32-be", "cp037"])
def test_bytes_in_an_encoding_that_is_not_read_are_refused(entry: Callable[[Any], object], encoding: str) -> None:
    with pytest.raises(DecodeError):
        entry(document(ITEM.format("a")).encode(encoding))


def test_utf7_is_not_guessed() -> None:
    assert mrid(document(ITEM.format("+ADw-x+AD4-")).encode("ascii")) == "+ADw-x+AD4-"


@pytest.mark.parametrize(
    "raw",
    [
        document(ITEM.format("Zähler")).encode("latin-1"),
        document(ITEM.format("Zähler"), '<?xml version="1.0" encoding="UTF-8"?>').encode("latin-1"),
        document(ITEM.format("Zähler"), '<?xml version="1.0" encoding="US-ASCII"?>').encode("latin-1"),
        codecs.BOM_UTF8 + document(ITEM.format("Zähler")).encode("latin-1"),
        codecs.BOM_UTF8 + document(ITEM.format("a")).encode("utf-16-le"),
        codecs.BOM_UTF16_LE + document(ITEM.format("a")).encode(),
        document(ITEM.format("a")).encode("utf-16-le")[:-1],
        document(ITEM.format("a")).encode("utf-16-be") + b"\x00",
        document(ITEM.format("x")).encode("utf-16-le").replace(b"x\x00", b"\x00\xd8"),
        document(ITEM.format("x")).encode().replace(b">x<", b">\xed\xa0\x80<"),
        document(ITEM.format("x")).encode().replace(b">x<", b">\xc0\xbc<"),
        document(ITEM.format("x")).encode().replace(b">x<", b">\x00<"),
    ],
)
def test_bytes_that_are_not_in_the_encoding_they_claim_are_refused(entry: Callable[[Any], object], raw: bytes) -> None:
    with pytest.raises(DecodeError):
        entry(raw)


def test_a_text_is_read_whatever_encoding_it_declares() -> None:
    """A ``str`` has been decoded already; its declaration is about bytes that are gone."""
    for declared in ("ISO-8859-1", "UTF-16", "windows-1252", "x-unknown"):
        assert mrid(document(ITEM.format(TEXT), f'<?xml version="1.0" encoding="{declared}"?>')) == TEXT
    assert mrid("\ufeff" + document(ITEM.format(TEXT))) == TEXT


@pytest.mark.parametrize("text", [chr(0xD800), chr(0xDFFF), "a" + chr(0xDC80)])
def test_a_text_with_half_a_character_is_refused(entry: Callable[[Any], object], text: str) -> None:
    with pytest.raises(DecodeError):
        entry(document(ITEM.format(text)))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60), st.integers(0, 200), st.sampled_from(["utf-8", "utf-16", "utf-16-be"]))
def test_damaged_bytes_are_read_or_refused_and_nothing_else(noise: bytes, at: int, encoding: str) -> None:
    raw = document(ITEM.format("a")).encode(encoding)
    damaged = raw[:at] + noise + raw[at + len(noise) :]
    for read in ENTRIES.values():
        try:
            read(damaged)
        except DecodeError:
            continue


@given(st.text(st.characters(categories=["L", "M", "N", "P"]), min_size=1, max_size=3).map("a".__add__))
@example("\u0400mlns")
@example("a\U00010000")
@example("\u00aa")
def test_an_attribute_of_any_name_that_can_be_read_is_kept_and_written_again(name: str) -> None:
    """The parser goes by XML's fifth edition, which has more letters than the fourth."""
    text = f'<MeterReadings xmlns="http://iec.ch/TC57/2011/MeterReadings#" {name}="1"/>'
    try:
        there = list(etree.fromstring(text).attrib) == [name]
    except (etree.XMLSyntaxError, ValueError):
        there = False
    if not there:
        return
    found = from_xml(text, MeterReadings, mode="lenient")
    assert dict(etree.fromstring(to_xml(found, mode="lenient")).attrib) == {name: "1"}


# -- nothing, and kinds of sources -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "nothing",
    [
        b"",
        "",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"  \n",
        "\ufeff",
        b"<!-- -->",
        b'<?xml version="1.0"?>',
        b"<!--",
        b"x",
        b"<",
    ],
)
def test_nothing_is_no_document(entry: Callable[[Any], object], nothing: bytes | str) -> None:
    with pytest.raises(DecodeError):
        entry(nothing)


class Raw(io.RawIOBase):
    """A raw file, as a socket is one: it gives a few bytes at a time."""

    def __init__(self, data: bytes, step: int = 3) -> None:
        self.data = memoryview(data)
        self.step = step

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self.data[: min(self.step, len(buffer))]
        buffer[: len(piece)] = piece
        self.data = self.data[len(piece) :]
        return len(piece)


class Minimal:
    """Something that has ``read`` and no more."""

    def __init__(self, data: bytes) -> None:
        self.stream = io.BytesIO(data)

    def read(self, size: int = -1) -> bytes:
        return self.stream.read(size)


class AnyPath:
    """A path that is no ``pathlib.Path``."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __fspath__(self) -> str:
        return str(self.path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_kind_of_source_gives_the_same(tmp_path: Path, encoding: str) -> None:
    text = document(ITEM.format(TEXT) * 3)
    raw = text.encode(encoding)
    path = tmp_path / "message.xml"
    path.write_bytes(raw)
    expected = from_xml(text, MeterReadings)
    makers: list[Callable[[], Any]] = [
        lambda: raw,
        lambda: bytearray(raw),
        lambda: memoryview(raw),
        lambda: memoryview(b"x" + raw)[1:],
        lambda: text,
        lambda: path,
        lambda: AnyPath(path),
        lambda: io.BytesIO(raw),
        lambda: io.BufferedReader(io.BytesIO(raw)),
        lambda: Raw(raw),
        lambda: Raw(raw, step=1),
        lambda: Minimal(raw),
    ]
    for make in makers:
        assert from_xml(make(), MeterReadings) == expected
        assert validate(make()) == []
        assert list(iter_xml(make(), "MeterReading")) == expected.meter_reading


def test_a_file_is_read_from_where_it_stands_and_stays_open(tmp_path: Path) -> None:
    path = tmp_path / "message.xml"
    path.write_bytes(b"HTTP header\r\n\r\n" + document(ITEM.format("a")).encode())
    for buffering in (0, -1):
        with path.open("rb", buffering=buffering) as stream:
            stream.seek(15)
            assert mrid(cast("IO[bytes]", stream)) == "a"
            assert not stream.closed


def test_a_text_mode_file_is_a_mistake_of_the_caller(tmp_path: Path, entry: Callable[[Any], object]) -> None:
    path = tmp_path / "message.xml"
    path.write_text(document())
    with path.open(encoding="utf-8") as stream, pytest.raises(TypeError, match="binary"):
        entry(stream)
    with pytest.raises(TypeError, match="binary"):
        entry(io.StringIO(document()))


@pytest.mark.parametrize("source", [None, 1, object(), ["<a/>"], {"a": 1}])
def test_what_is_no_source_is_a_mistake_of_the_caller(entry: Callable[[Any], object], source: object) -> None:
    with pytest.raises(TypeError):
        entry(source)


def test_a_file_name_as_text_is_not_opened(tmp_path: Path, entry: Callable[[Any], object]) -> None:
    path = tmp_path / "message.xml"
    path.write_text(document())
    for source in (str(path), os.fsencode(path)):
        with pytest.raises(DecodeError):
            entry(source)


def test_a_file_that_is_not_there_is_an_os_error(tmp_path: Path, entry: Callable[[Any], object]) -> None:
    with pytest.raises(FileNotFoundError):
        entry(tmp_path / "none.xml")


# -- what is well formed ---------------------------------------------------------------------------------------------


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_document_that_is_cut_anywhere_is_refused(data: st.DataObject) -> None:
    encoding = data.draw(st.sampled_from(["utf-8", "utf-16-le"]))
    raw = document(ITEM.format("a") * 2 + "<!-- c --><?p i?>").encode(encoding)
    end = raw.rindex(">".encode(encoding))
    cut = raw[: data.draw(st.integers(0, end))]
    for read in ENTRIES.values():
        with pytest.raises(DecodeError):
            read(cut)


@pytest.mark.parametrize("name", ["depth", "huge", "maximum", "XML_MAX", "waterDepthmaximum"])
def test_the_name_of_an_element_does_not_decide_what_kind_of_error_it_is(
    entry: Callable[[Any], object], name: str
) -> None:
    with pytest.raises(DecodeError, match="not well formed") as caught:
        entry(document(f"<{name}></other>"))
    assert not isinstance(caught.value, LimitError)


def test_a_syntax_error_says_line_and_column() -> None:
    with pytest.raises(DecodeError, match="not well formed") as caught:
        from_xml("\n".join([document()[:-16], "  <a>", "  </b>", "</MeterReadings>"]))
    assert caught.value.line == 3
    assert caught.value.column is not None
    assert re.search(r"line 3, column \d+", str(caught.value))


def test_comments_and_processing_instructions_are_no_data() -> None:
    plain = document(ITEM.format("abc"))
    with_more = document("<!-- a --><?b c?>" + ITEM.format("a<!-- b -->b<?x y?>c") + "<!-- z -->", "<!-- 0 --><?d e?>")
    assert from_xml(with_more + "<!-- end --><?end?>") == from_xml(plain)
