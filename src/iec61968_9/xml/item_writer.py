"""Writing a payload item by item, in constant memory.

The skeleton (the message or payload without items) is encoded twice: once as it is, and once with one placeholder where
the items belong. Where the two begin to differ, the items go. The end is written only when all went well, so what an
exception interrupts is not well formed, and nobody takes it for a whole document.
"""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path
from typing import IO, BinaryIO, Generic, TypeVar, cast

from iec61968_9.errors import EncodeError
from iec61968_9.xml.codec import Binding
from iec61968_9.xml.dialect import Dialect
from iec61968_9.xml.layout import DECLARATION, assemble
from iec61968_9.xml.record import Record
from iec61968_9.xml.registry import Registered, Registry
from iec61968_9.xml.writing import LenientWriting, Writing

__all__ = ["ItemWriter"]

T = TypeVar("T")

BUFFERED_PARTS = 20_000


class ItemWriter(Generic[T]):
    """Writes items one by one into a message or payload; made by ``open_writer``, used in a ``with`` statement.

    Attributes:
        count: The items that were appended so far.
    """

    def __init__(  # what open_writer takes
        self,
        target: os.PathLike[str] | BinaryIO,
        skeleton: Record,
        item: type[T],
        *,
        registry: Registry,
        strict: bool,
        dialect: Dialect,
    ) -> None:
        self.count = 0
        self._dialect = dialect
        self._item = item
        self._writing = (Writing if strict else LenientWriting)(registry, dialect)
        payload, registered, self._name, self._binding = _payload(skeleton, item, registry)
        self._writing.standard = registered.profile.namespace
        self._writing.namespace = dialect.payload or registered.profile.namespace
        self._path = ""
        self._head, self._tail, self._prefix = self._split(skeleton, payload)
        self._target = target
        self._stream: IO[bytes] | None = None

    def __enter__(self) -> ItemWriter[T]:
        target = self._target
        self._stream = Path(target).open("wb") if isinstance(target, os.PathLike) else target  # closed in __exit__
        self._stream.write((DECLARATION + self._head).encode())
        return self

    def append(self, item: T) -> None:
        """Write one item.

        Raises:
            EncodeError: The item cannot be written; what is written so far stands, and the writer can go on.
            ValueError: The writer is not open.
        """
        if self._stream is None:
            raise ValueError("the writer is not open: use it in a with statement")
        start = len(self._writing.parts)
        try:
            self._binding.write(item, self._name, self._writing)
        except BaseException as error:
            del self._writing.parts[start:]
            if isinstance(error, EncodeError):
                error.path = self._whole_path(error.path or "")
            raise
        self.count += 1
        if len(self._writing.parts) > BUFFERED_PARTS:
            self._flush(self._stream)

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        stream, self._stream = self._stream, None
        if stream is None:
            return
        try:
            if kind is None:
                self._flush(stream)
                stream.write(self._tail.encode())
        finally:
            if isinstance(self._target, os.PathLike):
                stream.close()

    def _whole_path(self, path: str) -> str:
        """A path among the items that are not written yet, as it is in the document."""
        _, behind, inside = path[1:].partition("/")
        number = f"[{self.count + 1}]" if self.count else ""
        return f"{self._path}/{self._name}{number}{behind}{inside}"

    def _flush(self, stream: IO[bytes]) -> None:
        parts = self._writing.parts
        stream.write(assemble(parts, prefix=self._prefix, regions=[(0, len(parts))]).encode())
        parts.clear()

    def _split(self, skeleton: Record, payload: Record) -> tuple[str, str, str]:
        """What stands before the items and behind them, and the prefix of their tags."""
        member = self._binding.member
        if getattr(payload, member):
            raise EncodeError("the skeleton holds items already", path=f"/{type(payload).__name__}/{self._name}")
        plain = type(self._writing)(self._writing.registry, self._dialect)
        plain.root(skeleton)
        marked = LenientWriting(self._writing.registry, self._dialect)
        getattr(payload, member).append(_placeholder(self._binding.kind))
        try:
            marked.root(skeleton)
        finally:
            getattr(payload, member).clear()
        at = next(index for index, part in enumerate(marked.parts) if part != plain.parts[index])
        self._path = _open_path(Writing(plain.registry), plain.parts[:at])
        regions = plain.regions
        head = assemble(plain.parts[:at], prefix=self._dialect.prefix, regions=[(a, min(b, at)) for a, b in regions])
        tail = assemble(
            plain.parts[at:],
            prefix=self._dialect.prefix,
            regions=[(max(a - at, 0), b - at) for a, b in regions if b > at],
        )
        inside = any(a <= at < b for a, b in regions)
        return head, tail, self._dialect.prefix if inside else ""


def _payload(skeleton: Record, item: type, registry: Registry) -> tuple[Record, Registered, str, Binding]:
    """The payload in a skeleton, its profile, and the element name and binding of its items."""
    for candidate in _records(skeleton):
        found = registry.binding(type(candidate))
        if found is not None:
            registered = found[0]
            for name, binding in registered.codec.items.items():
                if binding.kind is item:
                    return candidate, registered, name, binding
    raise EncodeError(
        "the skeleton has no payload with such items", expected=item.__name__, got=type(skeleton).__name__
    )


def _open_path(writing: Writing, parts: list[str]) -> str:
    """The path of the element in which some parts end, which a writing knows when it fails there."""
    writing.parts = parts
    try:
        writing.fail("", "")
    except EncodeError as error:
        return error.path or ""


def _records(record: Record) -> list[Record]:
    """An object and all objects inside it."""
    found = [record]
    for field in dataclasses.fields(record):
        value = getattr(record, field.name)
        for one in cast("list[object]", value) if isinstance(value, list) else [value]:
            if isinstance(one, Record):
                found += _records(one)
    return found


def _placeholder(kind: type[Record]) -> Record:
    """An object of a class with nothing in it."""
    made: Record = object.__new__(kind)
    for field in dataclasses.fields(kind):
        repeated = str(field.type).startswith("list[")
        setattr(made, field.name, [] if repeated else None)
    return made
