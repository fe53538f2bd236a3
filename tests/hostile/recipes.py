"""Hostile documents that are too large to keep: how each is made."""

from __future__ import annotations

import base64
import gzip
import io
from collections.abc import Callable

__all__ = ["RECIPES"]

READING = (
    b"<Readings><timeStamp>2026-03-02T08:00:00Z</timeStamp><value>12</value>"
    b'<ReadingType ref="0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.3.72.0"/></Readings>'
)
HEAD = (
    b'<ResponseMessage xmlns="http://iec.ch/TC57/2011/schema/message">\n'
    b"<Header><Verb>reply</Verb><Noun>MeterReadings</Noun></Header>\n"
    b"<Reply><Result>OK</Result></Reply>\n<Payload>"
)
TAIL = b"</Payload>\n</ResponseMessage>\n"


def message(item: bytes = b"", *, mrid: bytes = b"M1", attributes: bytes = b"", payload: bytes = b"") -> bytes:
    """A reply with one meter's reading; an item's content, a meter's name and attributes put into it."""
    return (
        HEAD
        + b'<MeterReadings xmlns="http://iec.ch/TC57/2011/MeterReadings#"'
        + payload
        + b">\n<MeterReading"
        + attributes
        + b">"
        + item
        + b"\n<Meter><mRID>"
        + mrid
        + b"</mRID></Meter>\n"
        + READING
        + b"\n</MeterReading>\n</MeterReadings>"
        + TAIL
    )


def packed(data: bytes) -> bytes:
    """A reply with something in ``Compressed``."""
    return HEAD + b"<Compressed>" + base64.b64encode(data) + b"</Compressed><Format>XML</Format>" + TAIL


def zeros(size: int) -> bytes:
    """A gzip file of an element that holds very many blanks."""
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0) as stream:
        stream.write(b"<a>")
        for _ in range(size // 1_000_000):
            stream.write(b" " * 1_000_000)
    return buffer.getvalue()


def numbered(count: int, form: str) -> bytes:
    """Attributes or declarations, each with a number."""
    return "".join(form.format(number) for number in range(count)).encode()


RECIPES: dict[str, Callable[[], bytes]] = {
    "huge-text": lambda: message(mrid=b"M" * 11_000_000),
    "huge-attribute": lambda: message(attributes=b' a="' + b"a" * 11_000_000 + b'"'),
    "huge-comment": lambda: message(b"<!--" + b"c" * 11_000_000 + b"-->"),
    "huge-instruction": lambda: message(b"<?x " + b"c" * 11_000_000 + b"?>"),
    "huge-cdata": lambda: message(mrid=b"<![CDATA[" + b"M" * 11_000_000 + b"]]>"),
    "huge-name": lambda: message(b"<" + b"a" * 60_000 + b"/>"),
    "huge-namespace": lambda: message(b'<a xmlns="' + b"a" * 11_000_000 + b'"/>'),
    "namespaces-nested": lambda: message(numbered(200, '<a xmlns:n{0}="urn:{0}">') + b"</a>" * 200),
    "depth": lambda: message(b"<a>" * 300 + b"</a>" * 300),
    "depth-flood": lambda: message(b"<a>" * 200_000),
    "comments-flood": lambda: message(b"<!---->" * 100_000),
    "instructions-flood": lambda: message(b"<?x?>" * 100_000),
    "prolog-flood": lambda: b"<!-- -->\n" * 100_000 + message(),
    "less-than-flood": lambda: b"<" * 1_000_000,
    "compressed-bomb": lambda: packed(zeros(300_000_000)),
    "compressed-members-flood": lambda: packed(gzip.compress(b"", mtime=0) * 1_001),
}
"""A document for each name."""
