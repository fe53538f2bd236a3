"""Reading a payload item by item, in constant memory.

lxml's pull parser is fed with pieces of the source. An item is validated (strict mode), decoded and yielded; it
leaves the tree when the next one has come, because only then the text behind it is complete. Of each run of items the
first stays, so that what is left at the end is a small document of the same shape, which is validated as a whole: an
item in a wrong place, a part that is missing, text between items show there. What stands outside items is bounded.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from copy import deepcopy
from typing import Any, Generic, TypeVar, cast

from lxml import etree

from iec61968_9.errors import DecodeError, LimitError
from iec61968_9.xml.codec import Element
from iec61968_9.xml.dialect import Dialect
from iec61968_9.xml.document import LAST_LINE, Document, local_name, path_of
from iec61968_9.xml.limits import Limits
from iec61968_9.xml.parser import Source, check_tree, options, syntax_error
from iec61968_9.xml.reading import LenientReading, Reading, check_carried
from iec61968_9.xml.record import Record
from iec61968_9.xml.registry import Registered, Registry
from iec61968_9.xml.report import Report
from iec61968_9.xml.source import StreamSource
from iec61968_9.xml.validation import embedded, issues, item_issues, schema_error

__all__ = ["ItemStream"]

T = TypeVar("T")


class ItemStream(Generic[T]):
    """The items of a payload, one by one; made by ``iter_xml``.

    Attributes:
        envelope: The message around the payload, there before the first item is yielded; until the last one its payload
            has no content, then it has ``rest``. None for a bare payload.
        rest: The payload without its items; there after the last.
    """

    def __init__(  # what iter_xml takes
        self,
        source: Source,
        item: type[T] | str,
        *,
        registry: Registry,
        strict: bool,
        dialect: Dialect,
        report: Report | None,
        limits: Limits,
    ) -> None:
        self.envelope: Record | None = None
        self.rest: Record | None = None
        self._run = _Run(self, StreamSource(source), item, registry, strict, dialect, report, limits)
        self._items = self._run.items()

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        return cast("T", next(self._items))

    def __enter__(self) -> ItemStream[T]:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop reading; a file that was opened from a path is closed."""
        self._items.close()
        self._run.source.close()


class _StreamDocument(Document):
    """The document as far as it is in the tree. Paths and lines count the items that are no longer there."""

    __slots__ = ("numbers", "source")

    def __init__(self, root: Element, source: StreamSource) -> None:
        super().__init__(root, b"", source.encoding)
        self.source = source
        self.numbers: dict[Element, int] = {}

    def _item(self, element: Element) -> Element | None:
        node: Element | None = element
        while node is not None and node not in self.numbers:
            node = node.getparent()
        return node

    def path(self, element: Element) -> str:
        """Where an element stands in the source."""
        path = path_of(element)
        item = self._item(element)
        parent = item.getparent() if item is not None else None
        if item is None or parent is None:
            return path
        return f"{path_of(parent)}/{local_name(item.tag)}[{self.numbers[item]}]{path[len(path_of(item)) :]}"

    def lines(self, elements: Iterable[Element]) -> list[int | None]:
        """The lines on which elements begin; None where lxml's end and the source cannot be read again."""
        return [self._line(element) for element in elements]

    def _line(self, element: Element) -> int | None:
        line = element.sourceline
        if line is not None and line < LAST_LINE:
            return line
        item = self._item(element)
        if item is None:
            return None
        inside = next((number for number, node in enumerate(item.iter("*")) if node is element), 0)
        return self.source.line(local_name(item.tag), self.numbers[item], inside)


class _Run:
    """One pass over a source."""

    def __init__(  # what iter_xml takes
        self,
        stream: ItemStream[Any],
        source: StreamSource,
        item: type[Any] | str,
        registry: Registry,
        strict: bool,  # private
        dialect: Dialect,
        report: Report | None,
        limits: Limits,
    ) -> None:
        self.stream = stream
        self.source = source
        self.item = item
        self.registry = registry
        self.strict = strict
        self.dialect = dialect
        self.report = report
        self.limits = limits
        self.names = {item} if isinstance(item, str) else registry.item_names(item)
        self.document: _StreamDocument | None = None
        self.reading: Reading | None = None
        self.payload: Element | None = None
        self.registered: Registered | None = None
        self.leaving: Element | None = None
        self.number = 0
        self.since_item = 0
        self.outside = 0

    def items(self) -> Generator[Any, None, None]:
        """The items, in order."""
        parser: etree.XMLPullParser | None = None
        for piece in self.source.pieces():
            if parser is None:
                self.check_root()
                parser = self.parser()
            self.since_item += len(piece)
            try:
                parser.feed(piece)
            except etree.XMLSyntaxError as error:
                raise syntax_error(error) from None
            yield from self.events(parser)
            if self.since_item > self.limits.item_bytes:
                raise LimitError(
                    f"there is no end of an item within {self.limits.item_bytes:,} bytes", limit="item_bytes"
                )
        assert parser is not None  # noqa: S101  # pieces() raises where there is nothing
        try:
            root = parser.close()
        except etree.XMLSyntaxError as error:
            raise syntax_error(error) from None
        yield from self.events(parser)
        self.finish(root)

    def parser(self) -> etree.XMLPullParser:
        """A parser that tells of items only."""
        return etree.XMLPullParser(
            events=("start", "end"),
            tag=[f"{{*}}{name}" for name in sorted(self.names)],
            encoding=self.source.encoding,
            **options(self.limits),
        )

    def check_root(self) -> None:
        """Refuse a document whose root is not known before the rest of it is read."""
        if self.source.root and self.registry.find(self.source.root, self.dialect) is None:
            raise self.registry.unknown(self.source.root, self.source.root_line)

    def events(self, parser: etree.XMLPullParser) -> Iterator[Any]:
        """The items that ended in what was fed."""
        for event, element in parser.read_events():
            assert isinstance(element, Element)  # noqa: S101  # start and end tell of elements
            if event == "start":
                if self.payload is None:
                    self.begin(element)
            elif element.getparent() is self.payload:
                yield self.taken(element)

    def begin(self, element: Element) -> None:
        """See whether this is the first item; then the payload is known, and the envelope can be read."""
        parent = element.getparent()
        if parent is None:
            return
        root = parent.getroottree().getroot()
        registered = self.registry.standardise(parent, self.dialect)
        if registered is None or local_name(element.tag) not in registered.profile.items:
            return
        self.accept(registered, root, parent)
        if parent is not root:
            self.read_envelope(root, parent)

    def accept(self, registered: Registered, root: Element, payload: Element) -> None:
        """Remember the payload, once it is one that has the wanted items."""
        self.document = _StreamDocument(root, self.source)
        if self.strict:
            self.reading = Reading(self.document, self.registry, self.dialect)
        else:
            self.reading = LenientReading(self.document, self.registry, self.dialect, self.report)
        kinds = [registered.codec.items[name].kind for name in self.names if name in registered.codec.items]
        if not kinds or (not isinstance(self.item, str) and self.item not in kinds):
            raise DecodeError(
                "the payload has no such items",
                path=path_of(payload),
                line=self.document.line(payload),
                expected=self.item if isinstance(self.item, str) else self.item.__name__,
                got=local_name(payload.tag),
                reply_code="2.5",
            )
        self.payload = payload
        self.registered = registered

    def read_envelope(self, root: Element, payload: Element) -> None:
        """Read what stands before the payload: a copy of the message, its payload taken out."""
        copy = deepcopy(root)
        original, mirrored = root, copy
        for step in reversed([payload, *payload.iterancestors()][:-1]):
            mirrored = mirrored[original.index(step)]
            original = step
        above = mirrored.getparent()
        assert above is not None  # noqa: S101  # the payload is not the root
        above.remove(mirrored)
        document = Document(copy, b"", None)
        self.stream.envelope = self.decode_root(document, self.plain_reading(document), check=self.strict)

    def plain_reading(self, document: Document) -> Reading:
        """A reading of a copy, which reports nothing a second time."""
        if self.strict:
            return Reading(document, self.registry, self.dialect)
        return LenientReading(document, self.registry, self.dialect)

    def decode_root(self, document: Document, reading: Reading, *, check: bool) -> Record:
        """Validate and decode a whole document."""
        registered = self.registry.standardise(document.root, self.dialect)
        if registered is None:
            raise self.registry.unknown(str(document.root.tag), document.root.sourceline)
        if check:
            found = issues(document, registered, self.registry, self.dialect, self.limits)
            if found:
                raise schema_error(found, self.registry)
        result = registered.codec.roots[local_name(document.root.tag)].read(document.root, reading)
        check_carried(result, reading, (), strict=self.strict)
        return result

    def taken(self, element: Element) -> Any:
        """Validate and decode one item, and let go of the one before."""
        assert self.document is not None  # noqa: S101  # begin() came first
        assert self.reading is not None  # noqa: S101
        assert self.registered is not None  # noqa: S101
        self.number += 1
        self.let_go()
        self.registry.standardise_inside(element, self.registered, self.dialect)
        self.document.numbers[element] = self.number
        before = element.getprevious()
        if before is not None and before in self.document.numbers:
            self.leaving = element
        else:
            self.outside += self.since_item
            if self.outside > self.limits.item_bytes:
                raise LimitError(
                    f"more than {self.limits.item_bytes:,} bytes stand outside the items", limit="item_bytes"
                )
        check_tree(self.document, element, self.since_item, self.limits)
        self.since_item = 0
        if self.strict:
            found = item_issues(self.document, element, self.registered, self.limits)
            if found:
                raise schema_error(found, self.registry)
        return self.registered.codec.items[local_name(element.tag)].read(element, self.reading)

    def let_go(self) -> None:
        """Take the item before out of the tree."""
        gone = self.leaving
        if gone is None or self.document is None or self.reading is None or self.payload is None:
            return
        self.reading.stray_tail(gone)
        self.payload.remove(gone)
        del self.document.numbers[gone]
        self.leaving = None

    def finish(self, root: Element) -> None:
        """Read what is left: the payload without items, the message around it."""
        self.let_go()
        if self.payload is None:
            self.find_payload(root)
        assert self.document is not None  # noqa: S101  # find_payload() raises otherwise
        assert self.reading is not None  # noqa: S101
        assert self.payload is not None  # noqa: S101
        check_tree(self.document, root, self.outside + self.since_item, self.limits)
        registered = self.registry.standardise(root, self.dialect)
        if registered is None:
            raise self.registry.unknown(str(root.tag), root.sourceline)
        if self.strict:
            found = issues(self.document, registered, self.registry, self.dialect, self.limits)
            if found:
                raise schema_error(found, self.registry)
        for element in list(self.document.numbers):
            self.reading.stray_tail(element)
            self.payload.remove(element)
        self.reading.absent_items = frozenset(self.names)
        result = self.decode_root(self.document, self.reading, check=False)
        if self.payload is root:
            self.stream.rest = result
        else:
            self.stream.envelope = result
            self.stream.rest = next(one for one in self.reading.carried if isinstance(one, Record))

    def find_payload(self, root: Element) -> None:
        """Find a payload that has no items, or say what there is instead."""
        registered = self.registry.standardise(root, self.dialect)
        if registered is None:
            raise self.registry.unknown(str(root.tag), root.sourceline)
        if registered.profile.role != "envelope":
            return self.accept(registered, root, root)
        for element in embedded(root):
            inner = self.registry.standardise(element, self.dialect)
            if inner is not None and self.names & set(inner.profile.items):
                return self.accept(inner, root, element)
        document = _StreamDocument(root, self.source)
        envelope = self.decode_root(document, self.plain_reading(document), check=self.strict)
        wanted = self.item if isinstance(self.item, str) else self.item.__name__
        error = DecodeError(
            "the message has no payload with such items", path=path_of(root), expected=wanted, reply_code="1.7"
        )
        error.envelope = envelope
        raise error
