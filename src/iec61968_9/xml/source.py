"""A source that is read piece by piece, and a second time for the lines beyond lxml's last one.

A path and a file that can seek are read again from where they began, only when an error or a finding needs it; the
first reading goes on where it was. A pipe cannot be read again, and then a line beyond 65,534 is not known.
"""

from __future__ import annotations

import codecs
import io
import os
from array import array
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, cast
from xml.parsers import expat

from iec61968_9.errors import DecodeError, LimitError
from iec61968_9.xml.document import local_name
from iec61968_9.xml.parser import HEAD, PROLOG_BYTES, Source, check_prolog, check_source, encoded, not_utf16, utf16

__all__ = ["StreamSource"]

CHUNK = 64 * 1024
SHORT = 4096
"""A beginning that is looked at again for each piece, however small the pieces are."""
SIGNATURE = 4
"""The bytes by which an encoding is told from others."""


class StreamSource:
    """A source as pieces of bytes.

    Attributes:
        encoding: What the parser must be told, or None if the document says it; known once the first piece was given.
        root: The root element as ``{namespace}local``, known likewise.
        root_line: The line on which it begins.
        head: The document's first bytes, known likewise.
    """

    def __init__(self, source: Source) -> None:
        self.encoding: str | None = None
        self.root = ""
        self.root_line = 1
        self.head = b""
        self._path = Path(source) if isinstance(source, os.PathLike) else None
        self._stream: IO[bytes] | None = None
        self._start: int | None = None
        self._lines: _Lines | None = None
        self._is_text = isinstance(source, str)
        if isinstance(source, str):
            self.encoding = "utf-8"
            self._stream = io.BytesIO(encoded(source).removeprefix(b"\xef\xbb\xbf"))
        elif isinstance(source, bytes | bytearray | memoryview):
            self._stream = io.BytesIO(bytes(source))
        elif not isinstance(source, os.PathLike):
            check_source(source)
            self._stream = cast("IO[bytes]", source)

    def pieces(self) -> Iterator[bytes]:
        """The source in UTF-8 or as it declares, the first piece long enough to hold the root's start tag.

        Raises:
            DecodeError: What stands before the root is not allowed, or there is no root.
            LimitError: The root does not begin in time.
        """
        stream = self._open()
        try:
            pieces = self._recoded(_pieces(stream))
            head = bytearray()
            looked_at = 0
            for piece in pieces:
                head += piece
                # All of it is looked at again; in proportion to its size only if not for each of many small pieces.
                is_late = len(head) > PROLOG_BYTES + CHUNK
                if not is_late and SHORT < len(head) < 2 * looked_at:
                    continue
                looked_at = len(head)
                if self._seen_root(bytes(head), complete=False):
                    yield bytes(head)
                    yield from pieces
                    return
                if is_late:
                    raise LimitError("the root element does not begin in time", limit="item_bytes")
            self._seen_root(bytes(head), complete=True)
            yield bytes(head)
        finally:
            self.close()

    def close(self) -> None:
        """Close the file, if it was opened here."""
        if self._path is not None and self._stream is not None:
            self._stream.close()

    def line(self, payload: int, items: Collection[str], item: tuple[str, int] | None, index: int) -> int | None:
        """The line of an element, or None if the source cannot be read twice.

        Args:
            payload: Which element of the document is the payload, counted from 0.
            items: The qualified names of the children of it that are items, as ``{namespace}local``.
            item: The item in which the element stands, as its local name and number, counted from 1; or None.
            index: Which element it is in the item, counted from 0, the item itself; or which outside all items.
        """
        if self._start is None:
            return None
        with suppress(OSError, ValueError, DecodeError):
            if self._lines is None or self._lines.is_behind(item):
                self._lines = _Lines(self._recoded(self._again(self._start)), self.encoding, payload, items)
            return self._lines.find(item, index)
        return None

    def _open(self) -> IO[bytes]:
        if self._path is not None:
            self._stream = self._path.open("rb")
        assert self._stream is not None  # noqa: S101  # __init__ set it where there is no path
        with suppress(AttributeError, OSError):
            self._start = self._stream.tell() if self._stream.seekable() else None
        return self._stream

    def _again(self, at: int) -> Iterator[bytes]:
        """The source's bytes once more. A file of the caller's stands afterwards where it stood."""
        while True:
            if self._path is not None:
                with self._path.open("rb") as stream:
                    stream.seek(at)
                    piece = _read(stream)
            else:
                assert self._stream is not None  # noqa: S101  # __init__ set it where there is no path
                stood = self._stream.tell()
                try:
                    self._stream.seek(at)
                    piece = _read(self._stream)
                finally:
                    self._stream.seek(stood)
            if not piece:
                return
            at += len(piece)
            yield piece

    def _recoded(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """The pieces; UTF-16 as UTF-8."""
        first = b""
        for piece in pieces:
            first += piece
            if len(first) >= SIGNATURE:
                break
        name = None if self._is_text else utf16(first)
        if name is None:
            if first:
                yield first
            yield from pieces
            return
        self.encoding = "utf-8"
        decoder = codecs.getincrementaldecoder(name)()
        lines = 0
        for piece in _ended(first, pieces):
            try:
                text = decoder.decode(piece, final=not piece)
            except UnicodeDecodeError as error:
                text = error.object[: error.start].decode(error.encoding)
                if text:
                    yield text.encode()
                raise not_utf16(error, lines) from error
            lines += text.count("\n")
            if text:
                yield text.encode()

    def _seen_root(self, head: bytes, *, complete: bool) -> bool:
        """Look for the root's start tag."""
        declared = self.encoding is None
        if not check_prolog(head, complete=complete, declared=declared, is_text=self._is_text):
            return False
        self.head = head[:HEAD]
        scanner = expat.ParserCreate(self.encoding, "}")
        found: list[tuple[str, int]] = []

        def start(name: str, _attributes: object) -> None:
            if not found:
                found.append((_qualified(name), scanner.CurrentLineNumber))

        scanner.StartElementHandler = start
        with suppress(expat.ExpatError):  # lxml says it better
            scanner.Parse(head, False)  # positional only
        if found:
            self.root, self.root_line = found[0]
        return bool(found) or complete


class _Lines:
    """A second pass over a source, which goes as far as it is asked and goes on from there when it is asked again.

    The lines of all elements outside items are kept, and those of the items in the piece that was read last.
    """

    def __init__(self, pieces: Iterator[bytes], encoding: str | None, payload: int, items: Collection[str]) -> None:
        self._pieces = pieces
        self._payload = payload
        self._items = items
        self._depth = 0
        self._payload_depth = self._item_depth = -1
        self._numbers: dict[str, int] = {}
        self._outside = array("L")
        self._inside: dict[tuple[str, int], array[int]] = {}
        self._current: array[int] | None = None
        self._scanner = expat.ParserCreate(encoding, "}")
        self._scanner.StartElementHandler = self._begin
        self._scanner.EndElementHandler = self._finish

    def is_behind(self, item: tuple[str, int] | None) -> bool:
        """Whether an item was passed already and is forgotten."""
        return item is not None and item not in self._inside and self._numbers.get(item[0], 0) >= item[1]

    def find(self, item: tuple[str, int] | None, index: int) -> int | None:
        """The line of an element, by the item and its number in it, or by its number outside items."""
        while True:
            lines = self._outside if item is None else self._inside.get(item, ())
            if index < len(lines):
                return lines[index]
            piece = next(self._pieces, b"")
            self._inside = {key: kept for key, kept in self._inside.items() if kept is self._current}
            try:
                self._scanner.Parse(piece, not piece)  # positional only
            except expat.ExpatError:
                piece = b""  # there is no more to know than up to here
            if not piece:
                lines = self._outside if item is None else self._inside.get(item, ())
                return lines[index] if index < len(lines) else None

    def _begin(self, name: str, _attributes: object) -> None:
        self._depth += 1
        if self._current is None and self._depth == self._payload_depth + 1 and _qualified(name) in self._items:
            local = local_name(name)
            self._numbers[local] = self._numbers.get(local, 0) + 1
            self._current = self._inside[local, self._numbers[local]] = array("L")
            self._item_depth = self._depth
        if self._current is None:
            if len(self._outside) == self._payload:
                self._payload_depth = self._depth
            self._outside.append(self._scanner.CurrentLineNumber)
        else:
            self._current.append(self._scanner.CurrentLineNumber)

    def _finish(self, _name: str) -> None:
        if self._depth == self._item_depth:
            self._current, self._item_depth = None, -1
        elif self._depth == self._payload_depth:
            self._payload_depth = -1
        self._depth -= 1


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """The pieces up to the first empty one. Not by ``iter``, for which the stream's own StopIteration is its end."""
    while piece := _read(stream):
        yield piece


def _read(stream: IO[bytes]) -> bytes:
    piece = stream.read(CHUNK)
    if not isinstance(piece, bytes):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may pass anything
        raise TypeError(f"source.read() must give bytes, not {type(piece).__name__}: open the file in binary mode")
    return piece


def _ended(first: bytes, others: Iterable[bytes]) -> Iterator[bytes]:
    """Pieces, and an empty one behind the last."""
    yield first
    yield from others
    yield b""


def _qualified(name: str) -> str:
    """Expat's ``namespace}local`` as lxml has it."""
    return "{" + name if "}" in name else name
