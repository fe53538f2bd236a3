"""A source that is read piece by piece, and a second time for the lines beyond lxml's last one.

A path and a file that can seek are read again from where they began, only when an error needs it. A pipe cannot be, and
then a line beyond 65,534 is not known.
"""

from __future__ import annotations

import codecs
import io
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, cast
from xml.parsers import expat

from iec61968_9.errors import DecodeError, LimitError
from iec61968_9.xml.parser import PROLOG_BYTES, Source, check_prolog, encoded, utf16

__all__ = ["StreamSource"]

CHUNK = 64 * 1024


class StreamSource:
    """A source as pieces of bytes.

    Attributes:
        encoding: What the parser must be told, or None if the document says it; known once the first piece was given.
        root: The root element as ``{namespace}local``, known likewise.
        root_line: The line on which it begins.
    """

    def __init__(self, source: Source) -> None:
        self.encoding: str | None = None
        self.root = ""
        self.root_line = 1
        self._path = Path(source) if isinstance(source, os.PathLike) else None
        self._stream: IO[bytes] | None = None
        self._start: int | None = None
        if isinstance(source, str):
            self.encoding = "utf-8"
            self._stream = io.BytesIO(encoded(source).removeprefix(b"\xef\xbb\xbf"))
        elif isinstance(source, bytes | bytearray | memoryview):
            self._stream = io.BytesIO(bytes(source))
        elif not isinstance(source, os.PathLike):
            self._stream = cast("IO[bytes]", source)

    def pieces(self) -> Iterator[bytes]:
        """The source in UTF-8 or as it declares, the first piece long enough to hold the root's start tag.

        Raises:
            DecodeError: What stands before the root is not allowed, or there is no root.
            LimitError: The root does not begin in time.
        """
        stream = self._open()
        try:
            pieces = self._recoded(stream)
            head = b""
            for piece in pieces:
                head += piece
                if self._seen_root(head, complete=False):
                    yield head
                    yield from pieces
                    return
                if len(head) > PROLOG_BYTES + CHUNK:
                    raise LimitError("the root element does not begin in time", limit="item_bytes")
            self._seen_root(head, complete=True)
            yield head
        finally:
            self.close()

    def close(self) -> None:
        """Close the file, if it was opened here."""
        if self._path is not None and self._stream is not None:
            self._stream.close()

    def line(self, item: str, number: int, inside: int) -> int | None:
        """The line of an element in an item, or None if the source cannot be read twice.

        Args:
            item: The item's element name.
            number: Which item it is, counted from 1.
            inside: Which element of the item it is, counted from 0, the item itself.
        """
        with suppress(OSError):
            if self._path is not None:
                with self._path.open("rb") as again:
                    return _scan(self._recoded(again), item, number, inside)
            if self._start is not None and self._stream is not None:
                self._stream.seek(self._start)
                return _scan(self._recoded(self._stream), item, number, inside)
        return None

    def _open(self) -> IO[bytes]:
        if self._path is not None:
            self._stream = self._path.open("rb")
        assert self._stream is not None  # noqa: S101  # __init__ set it where there is no path
        with suppress(AttributeError, OSError):
            self._start = self._stream.tell() if self._stream.seekable() else None
        return self._stream

    def _recoded(self, stream: IO[bytes]) -> Iterator[bytes]:
        """The stream's pieces; UTF-16 as UTF-8."""
        first = _read(stream)
        name = utf16(first)
        if name is None:
            while first:
                yield first
                first = _read(stream)
            return
        self.encoding = "utf-8"
        decoder = codecs.getincrementaldecoder(name)()
        while True:
            try:
                text = decoder.decode(first, final=not first)
            except UnicodeError as error:
                raise DecodeError(f"the document is not {name}: {error}", reply_code="1.8") from error
            if text:
                yield text.encode()
            if not first:
                return
            first = _read(stream)

    def _seen_root(self, head: bytes, *, complete: bool) -> bool:
        """Look for the root's start tag."""
        if not check_prolog(head, complete=complete, declared=self.encoding is None):
            return False
        scanner = expat.ParserCreate(self.encoding, "}")
        found: list[tuple[str, int]] = []

        def start(name: str, _attributes: object) -> None:
            if not found:
                found.append((name, scanner.CurrentLineNumber))

        scanner.StartElementHandler = start
        with suppress(expat.ExpatError):  # lxml says it better
            scanner.Parse(head, False)  # positional only
        if found:
            name, self.root_line = found[0]
            self.root = "{" + name if "}" in name else name
        return bool(found) or complete


def _read(stream: IO[bytes]) -> bytes:
    piece = stream.read(CHUNK)
    if not isinstance(piece, bytes):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may pass anything
        raise TypeError(f"source.read() must give bytes, not {type(piece).__name__}: open the file in binary mode")
    return piece


def _scan(pieces: Iterator[bytes], item: str, number: int, inside: int) -> int | None:
    """The line of the ``inside``-th element of the ``number``-th outermost element of a name."""
    seen, depth, item_depth, left = 0, 0, 0, -1
    found: int | None = None

    def start(name: str, _attributes: object) -> None:
        nonlocal seen, depth, item_depth, left, found
        depth += 1
        if left > 0:
            left -= 1
        elif left < 0 and name.rpartition(":")[2] == item and item_depth in {0, depth}:
            item_depth, seen = depth, seen + 1
            left = inside if seen == number else -1
        if left == 0 and found is None:
            found = scanner.CurrentLineNumber

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    scanner = expat.ParserCreate()
    scanner.StartElementHandler = start
    scanner.EndElementHandler = cast("Callable[[str], object]", end)
    with suppress(expat.ExpatError):
        for piece in pieces:
            scanner.Parse(piece, False)  # positional only
            if found is not None:
                break
    return found
