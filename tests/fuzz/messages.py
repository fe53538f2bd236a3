"""Oracles for messages as they travel: ``read_message`` and all that is done with what it gives, and ``Compressed``.

A message that is read can be diagnosed, served, and told to a conversation, and none of these ever fails; what a
service answers can be written in the form in which it was asked. What is packed is unpacked as gzip itself does it, or
refused for a reason that is documented.
"""

from __future__ import annotations

import base64
import gzip
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from tests.fuzz.damage import bytes_damage, text_damage, tree_damage
from tests.fuzz.documents import LIMITS, check_error, equal

from iec61968_9 import DecodeError, EncodeError, LimitError, SoapFaultError, from_xml, to_xml
from iec61968_9.exchange import (
    Conversation,
    PayloadFile,
    Refused,
    Service,
    System,
    content_of,
    diagnose,
    file_of,
    inflated,
    read_message,
    write_message,
)
from iec61968_9.profiles.envelope import (
    EventMessage,
    FaultMessage,
    Header,
    Payload,
    RequestMessage,
    Verb,
)

__all__ = ["check_message", "check_packed", "pack_damage", "packed_seeds"]

MESSAGES = Path(__file__).resolve().parents[1] / "messages"
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


@cache
def _requests() -> tuple[RequestMessage[Any], ...]:
    """Requests whose conversations are told whatever arrives."""
    found = [next(MESSAGES.glob(f"{number}_*.xml")) for number in ("A1-1", "B1-1", "E2-1")]
    return tuple(from_xml(path, RequestMessage) for path in found)


def check_message(data: bytes) -> None:
    """Everything that is promised about one document that is read as a message."""
    try:
        received = read_message(data, limits=LIMITS)
    except SoapFaultError as error:
        assert str(error)
        return
    except DecodeError as error:
        check_error(error, data)
    else:
        written = write_message(received.message, received.form, headers=received.headers)
        again = read_message(written)
        assert equal(again.message, received.message)
        assert again.form == received.form
        assert equal(again.headers, received.headers)
        check_use(received.message)
    check_service(data)


def check_use(message: Any) -> None:
    """What can be done with a message that was read."""
    report = diagnose(message, now=NOW)
    assert all(finding.path.startswith("/") and str(finding) for finding in report)
    for request in _requests():
        assert str(diagnose(message, request=request, now=NOW)) is not None
    kind = type(message).__name__
    if kind == "RequestMessage":
        Conversation(message)
    elif kind in {"ResponseMessage", "EventMessage", "FaultMessage"}:
        for request in _requests():
            conversation = Conversation(request)
            first, second = conversation.receive(message), conversation.receive(message)
            assert str(first)
            assert str(second)
            assert conversation.outcomes is not None


def check_service(data: bytes) -> None:
    """A service takes any bytes, and what it answers can be sent."""
    service = Service(System(source="HES", clock=lambda: NOW), limits=LIMITS)
    verdict = service.check(data, now=NOW)
    if not isinstance(verdict, Refused):
        assert verdict.message is not None
        return
    assert verdict.reason
    if verdict.answer is None:
        return
    plain = to_xml(verdict.answer)
    assert equal(from_xml(plain), verdict.answer)
    if verdict.form is not None:
        try:
            write_message(verdict.answer, verdict.form.answering())
        except EncodeError as error:
            assert isinstance(verdict.answer, FaultMessage), error


# -- what is packed ------------------------------------------------------------------------------------------------

AS_TEXT, AS_GZIP, AS_XML = b"t", b"g", b"x"
"""How an input begins: the rest is the text of ``Compressed``, or a gzip file, or a document that is to be packed."""


def packed_seeds(documents: Sequence[bytes]) -> list[bytes]:
    """Payloads that are packed well."""
    found: list[bytes] = []
    for data in documents:
        packed = gzip.compress(data, mtime=0)
        found += [AS_XML + data, AS_GZIP + packed, AS_TEXT + base64.b64encode(packed)]
    joined = gzip.compress(documents[0][:100], mtime=0) + gzip.compress(documents[0][100:], mtime=0)
    bomb = gzip.compress(b"<a>" + b" " * 3_000_000 + b"</a>", mtime=0)
    return [*found, AS_GZIP + joined, AS_GZIP + bomb, AS_GZIP, AS_TEXT]


def pack_damage(data: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """Damage to what is packed, to the packing, or to its text."""
    kind, rest = data[:1], data[1:]
    if random.random() < 0.1:
        return random.choice((AS_TEXT, AS_GZIP, AS_XML)) + rest
    same = [one[1:] for one in others if one[:1] == kind]
    if kind == AS_XML:
        return kind + tree_damage(rest, random, same)
    if kind == AS_GZIP and random.random() < 0.3:
        pieces = [gzip.compress(rest[:40], mtime=0), rest, b"\0" * 8, b"x", b"\x1f\x8b", *same[:20]]
        random.shuffle(pieces)
        return kind + b"".join(pieces[: random.randint(1, 3)])
    return kind + (text_damage if kind == AS_TEXT and random.random() < 0.3 else bytes_damage)(rest, random, same)


def check_packed(data: bytes) -> None:
    """Everything that is promised about the content of ``Compressed``."""
    kind, rest = data[:1], data[1:]
    if kind == AS_TEXT:
        text = rest.decode("utf-8", "replace")
    else:
        packed = gzip.compress(rest, mtime=0) if kind == AS_XML else rest
        check_inflated(packed)
        text = base64.b64encode(packed).decode()
    message = EventMessage[Any](
        header=Header(verb=Verb.CREATED, noun="MeterReadings"), payload=Payload(compressed=text, format="XML")
    )
    try:
        content = content_of(message, limits=LIMITS)
    except DecodeError as error:
        assert str(error)
        assert error.path is not None
        assert error.path.startswith("/EventMessage/Payload/Compressed")
        if kind == AS_XML and not isinstance(error, LimitError):
            refused(rest)
    else:
        if kind == AS_XML:
            assert equal(content, from_xml(rest))
    check_file(text)


def refused(data: bytes) -> None:
    """A document that cannot be content cannot be read, or is none of the noun."""
    try:
        found = from_xml(data, limits=LIMITS)
    except DecodeError:
        return
    assert type(found).__name__ != "MeterReadings"


def check_inflated(packed: bytes) -> None:
    """What comes out is what Python's own reader of gzip files gets."""
    try:
        expected = gzip.decompress(packed)
    except (OSError, EOFError, zlib.error):
        expected = None
    try:
        found = inflated(packed, LIMITS)
    except LimitError:
        assert expected is None or len(expected) > LIMITS.document_bytes
    except DecodeError:
        # Python passes over zeros behind the last member, and takes nothing for an empty file.
        assert expected is None or not packed or packed.endswith(b"\0")
    else:
        assert found == expected


def check_file(text: str) -> None:
    """A file comes out as it went in, or is refused."""
    for name in ("CSV", "BINARY", "GZIP"):
        message = EventMessage[Any](
            header=Header(verb=Verb.CREATED, noun="MeterReadings"), payload=Payload(compressed=text, format=name)
        )
        try:
            file = file_of(message, limits=LIMITS)
        except DecodeError as error:
            assert str(error)
            continue
        again = file_of(EventMessage[Any](header=message.header, payload=file.payload()), limits=LIMITS)
        assert again == file
        assert again == PayloadFile(file.data, name, gzipped=file.gzipped)
