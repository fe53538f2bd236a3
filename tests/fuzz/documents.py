"""Oracles for documents: what ``from_xml``, ``validate`` and ``iter_xml`` promise about any bytes.

Only documented errors come out, and they say where. What strict reading takes, ``validate`` and libxml2 take; it is
written as an equal document and reads back to an equal object; and lenient reading means the same by it. What lenient
reading takes is all there when it is written again. A stream gives what reading at once gives, however its bytes come.
"""

from __future__ import annotations

import pickle
import re
import zlib
from functools import cache
from random import Random
from typing import Any, cast

from lxml import etree
from tests.documents import XSI, canonical, parsed
from tests.properties.support import verdict
from tests.streaming.support import Trickle
from tests.tables import Element, known_by_tag, seeded

from iec61968_9 import DecodeError, LimitError, Limits, Record, SchemaError, from_xml, iter_xml, to_xml, validate
from iec61968_9._codecs.index import PROFILES
from iec61968_9.xml.naming import member_name

__all__ = ["LIMITS", "Pieces", "alike", "check_document", "check_error", "check_stream", "dice", "equal", "item_in"]

LIMITS = Limits(document_bytes=1 << 20, item_bytes=1 << 18, text=100_000)
"""Small, so that they are met, and larger than a seed."""


def dice(data: bytes) -> Random:
    """Choices that are the same each time for the same input."""
    return seeded(zlib.crc32(data))


def equal(one: Any, other: Any) -> bool:
    """Whether two objects are equal, or are written alike, as those that hold NaN are."""
    return one == other or repr(one) == repr(other)


def check_error(error: DecodeError, data: bytes) -> None:
    """An error says something, names a place inside the document, and can be sent to another process."""
    assert str(error)
    lines = data.count(b"\n") + data.count(b"\r") + 1
    places = [(error.path, error.line)]
    if isinstance(error, SchemaError):
        assert error.issues
        assert len(error.issues) <= LIMITS.issues
        places += [(issue.path, issue.line) for issue in error.issues]
    for path, line in places:
        assert path is None or path.startswith("/"), path
        assert line is None or 1 <= line <= lines, (line, lines)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301  # our own


def strict(data: bytes) -> Record | DecodeError:
    """What strict reading makes of a document."""
    try:
        return from_xml(data, limits=LIMITS)
    except DecodeError as error:
        check_error(error, data)
        return error


def check_document(data: bytes) -> None:
    """Everything that is promised about one document that is read as a whole."""
    found = strict(data)
    try:
        issues = validate(data, limits=LIMITS)
    except DecodeError as error:
        assert isinstance(found, DecodeError), f"read, though validate() refuses: {error}"
        assert str(error) == str(found)
        return
    assert isinstance(found, DecodeError) == bool(issues), (found, issues)
    if isinstance(found, DecodeError):
        check_refusal(found, data)
        again = strict(data)
        assert str(again) == str(found)
        return
    written = to_xml(found)
    assert verdict(written) == []
    assert equal(from_xml(written), found)
    assert equal(from_xml(to_xml(found, pretty=True)), found)
    root = parsed(data)
    if str(root.tag) in known_by_tag():
        assert canonical(written) == canonical(etree.tostring(without_types(root), encoding="UTF-8"))


def without_types(root: Element) -> Element:
    """A valid document without the types that it says of elements that have no other: they say nothing."""
    spaces = {tag.rpartition("}")[0] for tag in known_by_tag()}
    for element in root.iter("*"):
        if str(element.tag).rpartition("}")[0] in spaces:
            element.attrib.pop(f"{XSI}type", None)
    return root


def check_refusal(error: DecodeError, data: bytes) -> None:
    """Where libxml2 has nothing against a document, the library must have a reason that libxml2 does not know."""
    if isinstance(error, LimitError) or str(parsed(data).tag) not in known_by_tag() or verdict(data):
        return
    issues = error.issues if isinstance(error, SchemaError) else (error,)
    assert all(_BEYOND_LIBXML2.search(f"{one.message} {one.expected}") for one in issues), str(error)


_BEYOND_LIBXML2 = re.compile(
    "from the year 1 to 9999"  # Python's dates end there
    "|4,000 digits|a double holds|single-precision"  # and numbers are bounded
    "|such as 230"  # "1e" is a number to libxml2
    "|noun|payload|in a namespace"  # what a message carries must be what its header says
)


# -- streams -------------------------------------------------------------------------------------------------------


@cache
def _items() -> dict[str, tuple[str, ...]]:
    return {one.noun: tuple(one.items) for one in PROFILES if one.role != "envelope" and one.items}


@cache
def _nouns() -> re.Pattern[bytes]:
    return re.compile(rf"<(?:[\w.-]+:)?({'|'.join(_items())})(?=[\s/>])".encode())


def item_in(data: bytes, random: Random) -> str:
    """The name of an item of the first payload that a document names, or of some payload."""
    named = _nouns().findall(data)
    return random.choice(_items()[named[0].decode() if named else "MeterReadings"])


class Pieces(Trickle):
    """A pipe that gives a few bytes, then many, then few again."""

    def __init__(self, data: bytes, random: Random) -> None:
        super().__init__(data)
        self.random = random

    def read(self, size: int = -1, /) -> bytes:
        self.step = self.random.choice((1, 2, 3, 7, 50, 400, 5_000, 70_000))
        return super().read(size)


def streamed(source: Any, item: str) -> tuple[list[Any], Record | None, Record | None, DecodeError | None]:
    """The items, what was around them, and the error that ended it."""
    found: list[Any] = []
    with iter_xml(source, item, limits=LIMITS) as stream:
        try:
            for one in stream:
                found.append(one)  # noqa: PERF402  # extend() would drop them on an error
        except DecodeError as error:
            return found, stream.envelope, stream.rest, error
    return found, stream.envelope, stream.rest, None


def alike(one: DecodeError | None, other: DecodeError | None) -> bool:
    """Whether two errors of one document are the same.

    What is said of a root that is not known depends on how much has come; and of two faults in a document that libxml2
    recodes before it parses, it finds one or the other first.
    """
    if one is None or other is None or str(one) == str(other):
        return str(one) == str(other)
    if {one.path, other.path} == {None} and any(" the document is not in " in str(error) for error in (one, other)):
        return all(str(error).startswith("not well formed: ") for error in (one, other))
    of_root = one.path is not None and one.path.count("/") == 1 and one.reply_code == other.reply_code
    return (one.path, type(one)) == (other.path, type(other)) and (of_root or one.message == other.message)


def check_stream(data: bytes) -> None:
    """Everything that is promised about one document that is read item by item."""
    random = dice(data)
    item = item_in(data, random)
    items, envelope, rest, error = streamed(data, item)
    again, _, _, its = streamed(cast("Any", Pieces(data, random)), item)
    assert len(again) == len(items)
    assert all(map(equal, items, again))
    assert alike(its, error), f"bytes that come in pieces are other bytes: {its} and {error}"
    whole = strict(data)
    if isinstance(whole, DecodeError):
        assert error is not None or isinstance(whole, LimitError), f"{len(items)} items, though refused: {whole}"
        if error is not None:
            check_error(error, data)
        return
    payloads = [one for one in _carried(whole) if item in _items().get(type(one).__name__, ())]
    if len(payloads) != 1:
        return
    assert error is None, f"read at once, but streaming says: {error}"
    member = member_name(item)
    assert equal(getattr(payloads[0], member), items)
    assert rest is not None
    setattr(rest, member, items)
    assert equal(rest, payloads[0])
    assert whole is payloads[0] or equal(envelope, whole)


def _carried(whole: Any) -> list[Any]:
    """All that a document is or carries, queries where there is nothing else."""
    payload, request = getattr(whole, "payload", None), getattr(whole, "request", None)
    contents: list[Any] = payload.contents if payload is not None else []
    queries: list[Any] = request.queries if request is not None else []
    return [whole, *(contents or queries)]
