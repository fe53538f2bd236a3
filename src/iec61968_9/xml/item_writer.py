"""Writing a payload item by item, in constant memory.

The skeleton (the message or payload without items) is encoded with a mark where the items belong. What stands before
the mark is written at once, what stands behind it only when all went well: what an exception interrupts is not well
formed, and nobody takes it for a whole document.
"""

from __future__ import annotations

import dataclasses
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, BinaryIO, Generic, TypeVar, cast

from iec61968_9.errors import EncodeError
from iec61968_9.xml.codec import Binding
from iec61968_9.xml.dialect import Dialect
from iec61968_9.xml.layout import DECLARATION, assemble, encoded
from iec61968_9.xml.record import Record
from iec61968_9.xml.registry import Registry
from iec61968_9.xml.writing import LenientWriting, Verbatim, Writing

__all__ = ["ItemWriter"]

T = TypeVar("T")

BUFFERED = 500_000
"""About how many characters wait to be written."""


class ItemWriter(Generic[T]):
    """Writes items one by one into a message or payload; made by ``open_writer``, used in one ``with`` statement.

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
        self._waiting = 0
        self._dialect = dialect
        self._item = item
        self._writing = (Writing if strict else LenientWriting)(registry, dialect)
        payload, self._name, self._binding = _payload(skeleton, item, registry)
        self._head, self._tail, self._prefix = self._split(skeleton, payload, strict=strict)
        self._target = target
        self._stream: IO[bytes] | None = None
        self._is_used = False

    def __enter__(self) -> ItemWriter[T]:
        if self._is_used:
            raise ValueError("the writer was used already: open another one")
        self._is_used = True
        target = self._target
        head = encoded(DECLARATION + self._head)
        self._stream = Path(target).open("wb") if isinstance(target, os.PathLike) else target  # closed in __exit__
        try:
            _put(self._stream, head)
        except BaseException as error:
            self.__exit__(type(error), error, None)
            raise
        return self

    def append(self, item: T) -> None:
        """Write one item.

        Raises:
            EncodeError: The item cannot be written; what is written so far stands, and the writer can go on.
            ValueError: The writer is not open.
        """
        if self._stream is None:
            raise ValueError("the writer is not open: use it in a with statement")
        if self._most is not None and self.count >= self._most:
            raise EncodeError("there are too many items", path=f"{self._path}/{self._name}", expected=f"{self._most}")
        start = len(self._writing.parts)
        try:
            self._write(item, start)
        except BaseException as error:
            del self._writing.parts[start:]
            if isinstance(error, EncodeError):
                error.path = self._whole_path(error.path or "")
            raise
        if self._strict and (self._verify or self._writing.verify):
            self._hold(start)
        self.count += 1
        self._waiting += sum(map(len, self._writing.parts[start:]))
        if self._waiting > BUFFERED:
            self._flush(self._stream)

    def _write(self, item: T, start: int) -> None:
        try:
            self._binding.write(item, self._binding.written or self._name, self._writing)
        except RecursionError:
            self._writing.too_deep(start)

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        stream, self._stream = self._stream, None
        if stream is None:
            return
        try:
            if kind is None:
                if self.count < self._least:
                    path = f"{self._path}/{self._name}"
                    raise EncodeError(
                        "there are too few items", path=path, expected=f"{self._least}", got=f"{self.count}"
                    )
                self._flush(stream)
                _put(stream, encoded(self._tail))
        finally:
            if isinstance(self._target, os.PathLike):
                stream.close()

    def _whole_path(self, path: str) -> str:
        """A path among the items that are not written yet, as it is in the document."""
        _, behind, inside = path[1:].partition("/")
        number = f"[{self.count + 1}]" if self.count else ""
        return f"{self._path}/{self._name}{number}{behind}{inside}"

    def _hold(self, start: int) -> None:
        """Hold an item to its schema, inside the skeleton, as often as items have to be there."""
        from iec61968_9.xml.verification import verify

        parts = self._writing.parts[start:]
        text = assemble(parts, prefix=self._prefix, regions=[(0, len(parts))]) * max(self._least, 1)
        try:
            verify(encoded(f"{self._head}{text}{self._tail}"), self._writing.registry, self._dialect)
        except EncodeError as error:
            del self._writing.parts[start:]
            if (error.path or "").startswith(f"{self._path}/{self._name}"):
                error.path = self._whole_path((error.path or "")[len(self._path) :])
            raise

    def _flush(self, stream: IO[bytes]) -> None:
        parts = self._writing.parts
        _put(stream, encoded(assemble(parts, prefix=self._prefix, regions=[(0, len(parts))])))
        parts.clear()
        self._writing.regions.clear()
        self._waiting = 0

    def _split(self, skeleton: Record, payload: Record, *, strict: bool) -> tuple[str, str, str]:
        """What stands before the items and behind them, and the prefix of their tags."""
        items = getattr(payload, self._binding.member)
        if items:
            raise EncodeError("the skeleton holds items already", path=f"/{type(payload).__name__}/{self._name}")
        writing = (_SkeletonWriting if strict else _LenientSkeletonWriting)(self._writing.registry, self._dialect)
        writing.name, writing.items = self._name, items
        writing.root(skeleton)
        self._strict, self._verify = strict, writing.verify
        self._least, self._most = (writing.least, writing.most) if strict else (0, None)
        self._writing.namespace, self._writing.standard, self._writing.prefixed = writing.place
        parts, regions, prefix = writing.parts, writing.regions, self._dialect.prefix
        at = next(index for index, part in enumerate(parts) if part is writing.mark)
        self._path = _open_path(Writing(writing.registry), parts[:at])
        head = assemble(parts[:at], prefix=prefix, regions=[(a, min(b, at)) for a, b in regions])
        behind = [(max(a - at - 1, 0), b - at - 1) for a, b in regions if b > at]
        tail = assemble(parts[at + 1 :], prefix=prefix, regions=behind)
        return head, tail, prefix if any(a <= at < b for a, b in regions) else ""


class _SkeletonWriting(Writing):
    """Writing of a document without its items, which leaves a mark where they belong.

    Attributes:
        name: The items' element name.
        items: The empty list that stands for them.
        mark: The part that is left in their place.
        place: The namespace there, the same as the standard has it, and whether tags have a prefix of their own.
        least: How many there must be at least.
        most: How many there may be, or None.
    """

    name = ""
    items: object = None
    mark = Verbatim()
    place = ("", "", False)
    least = 0
    most: int | None = None

    def many(self, name: str, values: object, least: int = 0, most: int | None = None) -> Iterable[Any]:
        """Leave the mark where the items would be written."""
        if name != self.name or values is not self.items:
            return super().many(name, values, least, most)
        self.parts.append(self.mark)
        self.place = self.namespace, self.standard, self.prefixed
        self.least, self.most = least, most
        return ()

    def choice(self, branches: Mapping[str, object], *, required: bool, lists: tuple[str, ...] = ()) -> None:
        """The items are a branch that is there."""
        there = {name: self.mark if value is self.items else value for name, value in branches.items()}
        super().choice(there, required=required)


class _LenientSkeletonWriting(_SkeletonWriting, LenientWriting):
    """The same, lenient."""


def _put(stream: IO[bytes], data: bytes) -> None:
    """Write all of some bytes. A raw file or a socket may take less than it is given.

    Raises:
        BlockingIOError: It takes nothing now.
    """
    while data:
        count = cast("int | None", stream.write(data))
        if count is None and not isinstance(stream, io.RawIOBase):
            return  # whatever else can write and does not say how much
        if not count:
            raise BlockingIOError("the target takes no more bytes now")
        data = data[count:]


def _payload(skeleton: Record, item: type, registry: Registry) -> tuple[Record, str, Binding]:
    """The payload in a skeleton, and the element name and binding of its items."""
    places: dict[str, tuple[Record, str, Binding]] = {}
    for candidate in _records(skeleton):
        found = registry.binding(type(candidate))
        if found is not None:
            for name, binding in found[0].codec.items.items():
                if binding.kind is item:
                    places.setdefault(found[0].profile.role, (candidate, name, binding))
    for role in ("payload", "query"):  # a message's items belong into its payload rather than into a query beside it
        if role in places:
            return places[role]
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


def _records(record: Record) -> Iterable[Record]:
    """An object and all objects inside it, each once."""
    found: dict[int, Record] = {}
    waiting = [record]
    while waiting:
        one = waiting.pop()
        if id(one) not in found:
            found[id(one)] = one
            for field in reversed(dataclasses.fields(one)):
                value = getattr(one, field.name)
                several = cast("Sequence[object]", value) if isinstance(value, list | tuple) else (value,)
                waiting += [inside for inside in reversed(several) if isinstance(inside, Record)]
    return found.values()
