"""The one parser. Every entry point of the library comes through here.

No DTD, no entities, no network, no recovery, bounded. A document type declaration is refused before lxml sees the
document, by a scan of what stands before the root element. Comments and processing instructions are not data: lxml
leaves them out, so a text around a comment arrives in one piece. White space is never discarded.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias, cast

from lxml import etree

from iec61968_9.errors import DecodeError, LimitError
from iec61968_9.xml.apart import parsed
from iec61968_9.xml.codec import Element
from iec61968_9.xml.document import Document
from iec61968_9.xml.limits import Limits
from iec61968_9.xml.malformed import other_than_xml, refused_doctype, syntax_error

__all__ = [
    "DECLARATION",
    "HEAD",
    "PROLOG_BYTES",
    "Source",
    "bytes_of",
    "check_attributes",
    "check_namespaces",
    "check_prolog",
    "check_source",
    "check_tree",
    "encoded",
    "not_utf16",
    "options",
    "parse",
    "utf16",
]

Source: TypeAlias = "bytes | bytearray | memoryview | str | os.PathLike[str] | BinaryIO"
"""Bytes or text are the document itself; a path or a binary file is where it is."""

PROLOG_BYTES = 65_536
"""How far the root element may stand from the beginning."""

HEAD = 1024
"""How much of what stands where the root should is looked at."""

LIBXML2_TEXT = 10_000_000
LIBXML2_DEPTH = 256
LIBXML2_NAME = 50_000
DEEPEST = 2048
"""Beyond, libxml2 reads nothing, whatever the limit."""

COMMON_ATTRIBUTES = 64
COMMON_NAME = 256
"""Limits below these are so strict that what the schema itself has may exceed them, and everything is looked at."""

DECLARATION = b"xmlns"

ENCODINGS = frozenset({"utf-8", "us-ascii", "ascii", "iso-8859-1", "iso-8859-15", "windows-1252"})
"""Encodings that a document may declare; UTF-16 is recognised by its first bytes."""

_DECLARATION = re.compile(rb"""<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["'][^>]*\?>""")
_START_TAG = re.compile(rb"<[^!?]")
_BEFORE_ROOT = re.compile(rb"(?:\s++|<!--.*?-->|<\?.*?\?>)*+", re.DOTALL)


def options(limits: Limits) -> dict[str, Any]:
    """The options of every parser that the library makes."""
    return {
        "resolve_entities": False,
        "load_dtd": False,
        "no_network": True,
        "dtd_validation": False,
        "attribute_defaults": False,
        "recover": False,
        "collect_ids": False,
        "remove_comments": True,
        "remove_pis": True,
        "remove_blank_text": False,
        "huge_tree": _is_huge(limits),
    }


def _is_huge(limits: Limits) -> bool:
    """Whether libxml2's own bounds must be lifted; there is one switch for all of them."""
    return limits.text > LIBXML2_TEXT or limits.depth > LIBXML2_DEPTH or limits.name > LIBXML2_NAME


def parse(source: Source, limits: Limits) -> Document:
    """Parse a whole document.

    Raises:
        DecodeError: It is empty, has a document type declaration, is in an encoding that is not known, or not well
            formed.
        LimitError: It exceeds a limit.
        OSError: The file cannot be read.
    """
    data = bytes_of(source, limits)
    if isinstance(source, str):
        encoding: str | None = "utf-8"
        data = data.removeprefix(b"\xef\xbb\xbf")
    else:
        data, encoding = _recoded(data)
    check_prolog(data, complete=True, declared=encoding is None, is_text=isinstance(source, str))
    parser = etree.XMLParser(encoding=encoding, **options(limits))
    try:
        root = parsed(data, parser)
    except etree.XMLSyntaxError as error:
        ended = not data.rstrip().endswith(b">")
        raise syntax_error(error, data[:HEAD], data, ended=ended) from None
    document = Document(root, data, encoding)
    check_tree(document, root, len(data), limits)
    if data.count(DECLARATION) > limits.namespaces:
        check_namespaces(document, root, limits)
    return document


def check_prolog(data: bytes, *, complete: bool, declared: bool = True, is_text: bool = False) -> bool:
    """Look at what stands before the root element, and refuse what must not.

    Args:
        data: The document's beginning, in an encoding that shares ASCII's characters.
        complete: Whether the document ends where ``data`` does.
        declared: Whether an encoding that the document declares counts.
        is_text: Whether the caller passed the document as ``str``.

    Returns:
        Whether all of it was seen; if not, call again with more.

    Raises:
        DecodeError: A document type declaration, an unknown encoding, something that is no XML, or nothing at all.
    """
    start = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    declaration = _DECLARATION.match(data, start)
    if declared and declaration is not None:
        name = declaration.group(1).decode("ascii").lower()
        if name not in ENCODINGS:
            raise DecodeError(
                "the document declares an encoding that is not read"
                if not name.startswith("utf-16")
                else "the document declares UTF-16, and its bytes are not in it",
                expected="UTF-8",
                got=name,
                line=1,
                reply_code="1.8",
                advice="Have the sender declare what it writes, or pass text, whose declaration does not count: "
                "data.decode('utf-8').",
            )
    before = _BEFORE_ROOT.match(data, start)
    assert before is not None  # noqa: S101  # the pattern matches nothing, too
    end = before.end()
    line = data.count(b"\n", 0, end) + 1
    if end >= len(data):
        if complete:
            raise DecodeError(
                "there is no document" if data[start:].strip() else "the document is empty",
                expected="an XML document",
                got="nothing" if not data[start:].strip() else "nothing but a declaration or comments",
                reply_code="1.8",
                advice="Look at where it comes from: an empty file or response body, or one that was read already.",
            )
        return False
    if not complete and len(data) - end < HEAD and not _START_TAG.match(data, end):
        return False
    if data[end : end + 9].upper() == b"<!DOCTYPE":
        raise refused_doctype(data[end:], line)
    if not data.startswith(b"<", end):
        raise other_than_xml(data[end:], line, is_text=is_text)
    # A comment or declaration that has begun may go on.
    return complete or not data.startswith((b"<!--", b"<?"), end)


def bytes_of(source: Source, limits: Limits) -> bytes:
    """The bytes of a document, at most as many as the limit allows."""
    if isinstance(source, str):
        data = encoded(source)
    elif isinstance(source, bytes | bytearray | memoryview):
        data = bytes(source)
    elif isinstance(source, os.PathLike):
        with Path(source).open("rb") as stream:
            data = stream.read(limits.document_bytes + 1)
    else:
        check_source(source)
        data = _read_up_to(source, limits.document_bytes + 1)
    if len(data) > limits.document_bytes:
        raise LimitError(f"the document has more than {limits.document_bytes:,} bytes", limit="document_bytes")
    return data


def check_source(source: object) -> None:
    """Refuse what is no source.

    Raises:
        TypeError: It is neither a document nor a place where one is.
    """
    if not callable(getattr(source, "read", None)):
        raise TypeError(
            f"a source is bytes or text, a path, or a file open for reading bytes, not {type(source).__name__}"
        )


def encoded(text: str) -> bytes:
    """A document's text as UTF-8.

    Raises:
        DecodeError: It holds half of a surrogate pair.
    """
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise DecodeError("the text holds a character that no XML document may hold", reply_code="1.8") from error


def _read_up_to(stream: BinaryIO, count: int) -> bytes:
    """Read a binary file to its end or to a number of bytes; a raw one may give less than asked for at a time."""
    pieces: list[bytes] = []
    while count > 0:
        piece = stream.read(count)
        if not isinstance(piece, bytes):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may pass anything
            raise TypeError(f"source.read() must give bytes, not {type(piece).__name__}: open the file in binary mode")
        if not piece:
            break
        pieces.append(piece)
        count -= len(piece)
    return b"".join(pieces)


def utf16(data: bytes) -> str | None:
    """The name of UTF-16, if a document begins in it.

    Raises:
        DecodeError: It begins in UTF-32.
    """
    if data.startswith((b"\xff\xfe\x00\x00", b"\x00\x00", b"<\x00\x00", b"\x00<\x00\x00")):
        raise DecodeError("the document is in UTF-32, which is not read", line=1, expected="UTF-8", reply_code="1.8")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    return "utf-16-le" if data.startswith(b"<\x00") else "utf-16-be" if data.startswith(b"\x00<") else None


def _recoded(data: bytes) -> tuple[bytes, str | None]:
    """UTF-16 as UTF-8, with the encoding that the parser must then assume; other bytes as they are."""
    name = utf16(data)
    if name is None:
        return data, None
    try:
        return data.decode(name).encode(), "utf-8"
    except UnicodeError as error:
        raise not_utf16(error) from error


def not_utf16(error: UnicodeError, lines: int = 0) -> DecodeError:
    """The error for a document that begins in UTF-16 and does not go on in it.

    Args:
        error: What the decoder raised.
        lines: How many lines ended before the bytes that it was given.
    """
    got, line = None, None
    if isinstance(error, UnicodeDecodeError):
        got, line = error.reason, lines + error.object[: error.start].decode(error.encoding).count("\n") + 1
    return DecodeError(
        "the document is not in UTF-16, in which it begins", line=line, expected="UTF-16", got=got, reply_code="1.8"
    )


def check_tree(document: Document, element: Element, size: int, limits: Limits) -> None:
    """Hold an element and what is in it to the limits that the parser itself does not know.

    A valid document has no long names and not too many attributes, so ``check_attributes`` looks for those where
    something is not as the schema has it. Only where a limit is very strict they are looked for here.

    Args:
        document: The document, for paths and lines.
        element: The element.
        size: How many bytes it came from, at most.
        limits: The limits.

    Raises:
        LimitError: It exceeds one.
    """
    for limit, least, message, path in _paths(limits):
        if size >= least:
            _refuse_first(path, document, element, message, limit)


def check_attributes(document: Document, element: Element, limits: Limits) -> None:
    """Hold every element in one that the schema does not know to the limits of attributes and of names, theirs too.

    Raises:
        LimitError: One has more attributes, or a longer name.
    """
    for limit, message, path in _strange(limits):
        _refuse_first(path, document, element, message, limit)


def check_namespaces(document: Document, element: Element, limits: Limits) -> None:
    """Hold every element in an element to the limit of namespaces.

    Raises:
        LimitError: More are declared for one.
    """
    parent = element.getparent()
    prefixes = Counter(list(() if parent is None else parent.nsmap))
    opened: list[str] = []
    for event, declared in etree.iterwalk(element, events=("start-ns", "end-ns")):
        if event == "start-ns":
            opened.append(cast("tuple[str, str]", declared)[0])
            prefixes[opened[-1]] += 1
        else:
            prefix = opened.pop()
            prefixes[prefix] -= 1
            if not prefixes[prefix]:
                del prefixes[prefix]
        if len(prefixes) > limits.namespaces:
            found = next(one for one in element.iter("*") if len(one.nsmap) > limits.namespaces)
            raise LimitError(
                f"an element has more than {limits.namespaces:,} namespace prefixes",
                limit="namespaces",
                path=document.path(found),
                line=document.line(found),
            )


def _refuse_first(path: etree.XPath, document: Document, element: Element, message: str, limit: str) -> None:
    first = _first(path, element)
    if first is not None:
        raise LimitError(message, limit=limit, path=document.path(first), line=document.line(first))


def _first(path: etree.XPath, element: Element) -> Element | None:
    found = path(element)
    if not isinstance(found, list) or not found:
        return None
    first = cast("object", found[0])
    assert isinstance(first, Element)  # noqa: S101  # the paths end in an element
    return first


@lru_cache(maxsize=16)
def _paths(limits: Limits) -> list[tuple[str, int, str, etree.XPath]]:
    """For each limit, the least size of a document that can exceed it, and a path to the first element that does."""
    below = "descendant-or-self::*"
    found = [
        (
            "elements",
            4 * limits.elements,  # <a/>
            f"there are more than {limits.elements:,} elements",
            _xpath(f"({below})[{limits.elements + 1}]"),
        )
    ]
    huge = _is_huge(limits)
    if limits.depth < DEEPEST and (huge or limits.depth != LIBXML2_DEPTH):  # libxml2 holds documents to these itself
        message = f"more than {limits.depth} elements stand inside one another"
        found.append(("depth", 4 * limits.depth, message, _xpath(f"self::*{'/*' * limits.depth}")))
    if huge or limits.text != LIBXML2_TEXT:  # and texts to this length
        long = f"string-length() > {limits.text}"
        message = f"a text has more than {limits.text:,} characters"
        found.append(("text", limits.text, message, _xpath(f"{below}[text()[{long}] or @*[{long}]]")))
    strict = {"attributes": limits.attributes < COMMON_ATTRIBUTES, "name": limits.name < COMMON_NAME}
    return found + [(limit, 0, message, path) for limit, message, path in _strange(limits) if strict[limit]]


@lru_cache(maxsize=16)
def _strange(limits: Limits) -> list[tuple[str, str, etree.XPath]]:
    """The limits that only what no schema has exceeds, with a path to the first element that does."""
    below = "descendant-or-self::*"
    long = f"string-length(name()) > {limits.name}"
    return [
        (
            "attributes",
            f"an element has more than {limits.attributes:,} attributes",
            _xpath(f"{below}[@*[{limits.attributes + 1}]]"),
        ),
        ("name", f"a name has more than {limits.name:,} characters", _xpath(f"{below}[{long} or @*[{long}]]")),
    ]


@lru_cache(maxsize=64)
def _xpath(path: str) -> etree.XPath:
    return etree.XPath(f"({path})[1]")
