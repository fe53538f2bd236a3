"""What is in a payload, whether it stands there as XML, as compressed XML, or as a file (IEC 61968-100, 6.4).

``Compressed`` is base64 around gzip; the content is read by the same rules as if it stood in the message, within the
same limits. It is inflated piece by piece, and inflating stops where a limit is passed.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import gzip
import re
import zlib
from typing import Any, Final, Protocol, TypeVar, overload

import attrs

from iec61968_9._verbs import REGISTRY, Mode, from_xml, to_xml
from iec61968_9.errors import DecodeError, ExchangeError, LimitError, SchemaError
from iec61968_9.exchange.building.nouns import check_foreign
from iec61968_9.profiles.envelope import Payload
from iec61968_9.xml.dialect import DEFAULT_DIALECT, Dialect
from iec61968_9.xml.limits import DEFAULT_LIMITS, Limits
from iec61968_9.xml.parser import parse
from iec61968_9.xml.record import Content, ForeignElement, Record, sole
from iec61968_9.xml.report import Report

__all__ = ["PayloadFile", "compressed", "content_of", "file_of", "inflated", "packed"]

B_co = TypeVar("B_co", covariant=True)
T = TypeVar("T")

XML: Final = "XML"
NOT_GZIPPED: Final = frozenset({"BINARY", "GZIP"})
"""Formats whose content is base64 alone: any bytes, and what is an archive already."""

GZIP = b"\x1f\x8b"
CHUNK = 65_536
FREE = 1024 * 1024
"""So many bytes may come out of however few."""
MEMBERS = 1_000
"""How many gzip members one payload may have. GNU gzip lets files be joined; more than a few is an attack."""

_SPACE = re.compile(r"[ \t\r\n]+")


@attrs.frozen
class PayloadFile:
    """Content that is no XML: a file of a format that partners agreed on.

    Attributes:
        data: The file's bytes.
        format: What it is, as ``Payload/Format`` says, in any case: ``CSV``, ``PDF``, ``JSON``, ``BINARY``, …
        gzipped: Whether it travels gzipped. By default it does, but for ``BINARY`` and ``GZIP``.

    Raises:
        ExchangeError: The format is blank or XML; or a reader could not tell from it whether the data are gzipped.
    """

    data: bytes = attrs.field(repr=lambda data: f"<{len(data):,} bytes>")
    format: str
    gzipped: bool = attrs.field(
        default=attrs.Factory(lambda self: _format(self.format) not in NOT_GZIPPED, takes_self=True), kw_only=True
    )

    def __attrs_post_init__(self) -> None:
        if _format(self.format) == XML:
            raise ExchangeError(
                f"{self.format!r} is no format of a file",
                clause="6.4",
                advice="XML is given as an object, or as a ForeignElement",
            )
        if self.gzipped and _format(self.format) in NOT_GZIPPED:
            raise ExchangeError(f"{self.format} is not gzipped", clause="6.4")
        if not self.gzipped and _format(self.format) not in NOT_GZIPPED and self.data.startswith(GZIP):
            raise ExchangeError(
                f"who reads it takes what gzip made for a {self.format} file that is gzipped",
                clause="6.4",
                advice="give what is inside, or the format GZIP",
            )

    def payload(self) -> Payload[Any]:
        """The file as a message carries it."""
        data = gzip.compress(self.data, mtime=0) if self.gzipped else self.data
        return Payload(compressed=base64.b64encode(data).decode("ascii"), format=self.format)


def compressed(content: Content, format: str = XML) -> Payload[Any]:  # noqa: A002  # the standard's word
    """XML as a message carries it compressed: gzipped, then in base64.

    Args:
        content: The object or element.
        format: ``XML``, or ``RDF`` for a document of that kind.

    Raises:
        EncodeError: The object cannot be written.
    """
    data = content.xml.encode() if isinstance(content, ForeignElement) else to_xml(content)
    return Payload(compressed=base64.b64encode(gzip.compress(data, mtime=0)).decode("ascii"), format=format)


def packed(content: Content | PayloadFile, *, compress: bool = False, format: str | None = None) -> Payload[Any]:  # noqa: A002
    """Content as a message carries it.

    Raises:
        TypeError: It is no content.
        ExchangeError: The format is none for content of this kind.
        EncodeError: It is to be compressed and cannot be written.
    """
    if isinstance(content, PayloadFile):
        if format is not None and format != content.format:
            raise ExchangeError(f"a {content.format} file is not of the format {format}", clause="6.4")
        if compress and not content.gzipped:
            raise ExchangeError(f"the {content.format} file says that it is not gzipped", clause="6.4")
        return content.payload()
    if not isinstance(content, Record | ForeignElement):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may pass anything
        raise TypeError(
            f"a payload is an object of a profile, a ForeignElement or a PayloadFile, not {type(content).__name__}"
        )
    allowed = {None, XML, "RDF"} if isinstance(content, ForeignElement) else {None, XML}
    if format not in allowed:
        raise ExchangeError(
            f"{type(content).__name__} is not of the format {format}", clause="6.4", advice="a file is a PayloadFile"
        )
    if compress:
        return compressed(content, format or XML)
    check_foreign([content])
    return Payload(contents=[content], format=format)


class Carrier(Protocol[B_co]):
    """A message that carries something."""

    @property
    def content(self) -> B_co:
        """The one object that it carries."""
        ...


@overload
def content_of(
    message: Carrier[B_co],
    expected: None = None,
    *,
    mode: Mode = "strict",
    dialect: Dialect | None = None,
    report: Report | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> B_co: ...


@overload
def content_of(
    message: Carrier[Any],
    expected: type[T],
    *,
    mode: Mode = "strict",
    dialect: Dialect | None = None,
    report: Report | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> T: ...


def content_of(
    message: Carrier[Any],
    expected: type[Any] | None = None,
    *,
    mode: Mode = "strict",
    dialect: Dialect | None = None,
    report: Report | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Any:
    """The one object that a message carries, whether it stands there as XML or compressed.

    What stands as XML was read with the message, and is given as it is. Compressed XML is inflated and read as
    ``from_xml`` reads; its root must be the one that the header's noun names. What no profile has is a
    ``ForeignElement``.

    Args:
        message: The message.
        expected: The class that it must be of; by default what the message's type says, which is not checked.
        mode: How compressed XML is read, as in ``from_xml``.
        dialect: As in ``from_xml``.
        report: As in ``from_xml``.
        limits: As in ``from_xml``; ``inflated_bytes``, ``inflated_ratio`` and ``document_bytes`` bound what is
            inflated.

    Raises:
        LookupError: The message carries no object or more than one, or a file, which ``file_of`` gives.
        DecodeError: ``Compressed`` is not base64, not gzip, cut off, or followed by something; or what is inside cannot
            be read, or is not expected. The path begins with the place of ``Compressed``; lines are those of what was
            inflated.
        LimitError: It exceeds a limit.
    """
    payload, path = _payload(message)
    if payload.compressed is None:
        content: Any = sole(payload.contents)
        path = f"/{type(message).__name__}/Payload"
    elif _format(payload.format) != XML:
        raise LookupError(f"there is no object but a file of the format {payload.format}")
    else:
        noun = getattr(getattr(message, "header", None), "noun", None)
        data = inflated(_decoded(payload.compressed, path), limits, path=path)
        try:
            content = _read(data, noun, mode, dialect, report, limits)
        except DecodeError as error:
            _put_below(error, path)
            raise
    if expected is not None and not isinstance(content, expected):
        raise DecodeError(
            "the message does not carry what was expected",
            path=path,
            expected=expected.__name__,
            got=content.tag if isinstance(content, ForeignElement) else type(content).__name__,
            reply_code="2.5",
        )
    return content


def file_of(message: Carrier[Any], *, limits: Limits = DEFAULT_LIMITS) -> PayloadFile:
    """The file that a message carries: what is in ``Compressed`` where ``Format`` says that it is no XML.

    Args:
        message: The message.
        limits: ``inflated_bytes``, ``inflated_ratio`` and ``document_bytes`` bound what is inflated.

    Raises:
        LookupError: The message carries no file.
        DecodeError: ``Compressed`` is not base64; or it begins as gzip does, and is cut off, damaged, or followed by
            something.
        LimitError: It exceeds a limit.
    """
    payload, path = _payload(message)
    if payload.compressed is None or payload.format is None or _format(payload.format) == XML:
        raise LookupError("there is no file")
    data = _decoded(payload.compressed, path)
    gzipped = _format(payload.format) not in NOT_GZIPPED and data.startswith(GZIP)
    return PayloadFile(inflated(data, limits, path=path) if gzipped else data, payload.format, gzipped=gzipped)


def inflated(data: bytes, limits: Limits = DEFAULT_LIMITS, *, path: str | None = None) -> bytes:
    """What gzip has packed.

    Args:
        data: A gzip file: one member, or several that were joined.
        limits: ``inflated_bytes``, ``inflated_ratio`` and ``document_bytes`` bound what may come out.
        path: Where it stands in the message, for errors.

    Raises:
        DecodeError: It is no gzip file, is cut off or damaged, or something else follows.
        LimitError: More comes out than a limit allows.
    """
    pieces: list[bytes] = []
    most, limit = min(
        (limits.document_bytes, "document_bytes"),
        (limits.inflated_bytes, "inflated_bytes"),
        (max(FREE, limits.inflated_ratio * len(data)), "inflated_ratio"),
    )
    room = most
    place = members = 0
    view = memoryview(data)
    while place < len(data) or not members:
        members += 1
        if members > MEMBERS:
            message = f"the compressed payload has more than {MEMBERS:,} gzip members"
            raise DecodeError(message, path=path, reply_code="3.1")
        if data[place : place + 2] != GZIP:
            raise DecodeError(
                "something follows the compressed payload" if members > 1 else "the compressed payload is not gzip",
                path=path,
                expected="its end" if members > 1 else "the two bytes 1F 8B with which gzip begins",
                got=data[place : place + 2].hex(" ").upper() or "nothing",
                reply_code="1.8",
            )
        member = zlib.decompressobj(wbits=31)
        try:
            while not member.eof and place < len(data):
                fed = view[place : place + CHUNK]
                piece = member.decompress(fed, room + 1)
                place += len(fed) - len(member.unused_data) - len(member.unconsumed_tail)
                room -= len(piece)
                if room < 0:
                    message = f"the compressed payload inflates to more than {most:,} bytes"
                    if limit == "inflated_ratio":
                        message += f", {limits.inflated_ratio:,} times its own size"
                    raise LimitError(message, limit=limit, path=path)
                pieces.append(piece)
        except zlib.error as error:
            raise DecodeError(
                "the compressed payload is damaged", path=path, expected="gzip", got=str(error), reply_code="1.8"
            ) from None
        if not member.eof:
            raise DecodeError(
                "the compressed payload is cut off", path=path, expected="the end of the gzip file", reply_code="1.8"
            )
    return b"".join(pieces)


def _payload(message: object) -> tuple[Payload[Any], str]:
    """A message's payload, and the path of what is compressed in it."""
    payload: Payload[Any] | None = getattr(message, "payload", None)
    if payload is None:
        asks = getattr(getattr(message, "request", None), "queries", None)
        raise LookupError(f"there is no payload{'; what the request asks with is its query' if asks else ''}")
    if payload.compressed is not None and (payload.contents or payload.operation_set is not None):
        raise LookupError("there is a compressed object beside another one")
    return payload, f"/{type(message).__name__}/Payload/Compressed"


def _format(said: str | None) -> str:
    """A format in one spelling; none is XML."""
    return (said or "").strip().upper() or XML


def _decoded(text: str, path: str) -> bytes:
    """The bytes that base64 text stands for. Line breaks are layout; anything else that is not base64 is refused."""
    bare = _SPACE.sub("", text)
    found = "a length that is no multiple of 4" if len(bare) % 4 else "more padding than there can be"
    if len(bare) % 4 == 0 and not bare.endswith("==="):  # which not every Python refuses
        try:
            return binascii.a2b_base64(bare.encode("ascii"), strict_mode=True)
        except (binascii.Error, UnicodeEncodeError):
            found = "other characters"
    raise DecodeError("the compressed payload is not base64", path=path, expected="base64", got=found, reply_code="1.8")


def _read(
    data: bytes, noun: str | None, mode: Mode, dialect: Dialect | None, report: Report | None, limits: Limits
) -> Content:
    """Read inflated XML as what the noun names; what no profile has comes as an element."""
    known = REGISTRY.of_noun(noun) if noun is not None else None
    if known is None:
        root = parse(data, limits).root
        if REGISTRY.find(str(root.tag), dialect or DEFAULT_DIALECT) is None:
            return ForeignElement.of(root)
    content: Record = from_xml(data, mode=mode, dialect=dialect, report=report, limits=limits)
    bound = REGISTRY.binding(type(content))
    if bound is not None and bound[0].profile.role == "envelope":
        raise DecodeError(
            "the compressed payload is a message of its own",
            path="",
            expected=noun or "a payload",
            got=type(content).__name__,
            reply_code="2.5",
        )
    if known is not None and not any(isinstance(content, root.kind) for root in known.codec.roots.values()):
        raise DecodeError(
            f"the noun is {noun}, and the compressed payload is something else",
            path="",
            expected=noun,
            got=type(content).__name__,
            reply_code="2.5",
        )
    return content


def _put_below(error: DecodeError, path: str) -> None:
    """Make the paths of an inner document paths of the message. Lines stay those of the inner document."""
    if error.path is None or not error.path.startswith(path):
        error.path = path + (error.path or "")
    if isinstance(error, SchemaError):
        error.issues = tuple(dataclasses.replace(issue, path=path + issue.path) for issue in error.issues)
