"""Reading a payload item by item, in constant memory.

lxml's pull parser is fed with pieces of the source. An item is validated (strict mode), decoded and yielded; it
leaves the tree when the next one has come, because only then the text behind it is complete. Of each run of items the
first stays, so that what is left at the end is a small document of the same shape, which is validated as a whole: an
item in a wrong place, a part that is missing, text between items show there. What stands outside items is bounded.

The parser is always ahead of the items, by as much as a piece holds. So that a stream does not depend on how its bytes
arrive, nothing looks at what stands behind the item at hand.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from copy import deepcopy
from functools import partial
from typing import Any, ClassVar, Generic, Literal, Self, TypeAlias, TypeVar, cast

from lxml import etree

from iec61968_9.errors import DecodeError, EncodeError, LimitError, SchemaIssue
from iec61968_9.xml import lexical
from iec61968_9.xml.apart import Apart, apart, parsed
from iec61968_9.xml.codec import BLANK, Binding, Element
from iec61968_9.xml.departures import inspect, note_order, prepare
from iec61968_9.xml.dialect import Dialect
from iec61968_9.xml.document import LOOKED_UP, Document, local_name, move, namespace_of, number_of
from iec61968_9.xml.lenient import LenientReading
from iec61968_9.xml.limits import Limits
from iec61968_9.xml.malformed import syntax_error
from iec61968_9.xml.order import written, written_item
from iec61968_9.xml.parser import (
    DECLARATION,
    DEEPEST,
    HEAD,
    LIBXML2_DEPTH,
    Source,
    check_namespaces,
    check_tree,
    options,
)
from iec61968_9.xml.reading import Reading, check_carried
from iec61968_9.xml.record import ForeignElement, Record
from iec61968_9.xml.registry import Registered, Registry, Types
from iec61968_9.xml.report import Report
from iec61968_9.xml.soap import VERSIONS
from iec61968_9.xml.source import StreamSource
from iec61968_9.xml.unknown import unknown_root
from iec61968_9.xml.validation import embedded, issues, item_departs, item_issues, schema_error

__all__ = ["ItemStream", "Run", "Stage", "StreamDocument"]

NAMESPACES = frozenset({99, 200, 201, 202, 203, 204})
"""The numbers of libxml2's errors with which a parser that is fed does not stop."""

T = TypeVar("T")

Stage: TypeAlias = Literal["outline", "beginning", "end"]
"""How much of a document there is: names only, what stands before the payload, or all but the items."""


class ItemStream(Generic[T]):
    """The items of a payload, one by one; made by ``iter_xml``.

    Attributes:
        rest: The payload without its items; there after the last.
    """

    run: ClassVar[type[Run]]
    """What reads the source."""

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
        self.rest: Record | None = None
        self._envelope: Record | None = None
        self._begun = False
        self._ahead: list[Any] = []
        self._failed: Exception | None = None
        self._run = self.run(self, StreamSource(source), item, registry, strict, dialect, report, limits)
        self._items = self._run.items()

    @property
    def envelope(self) -> Record | None:
        """The message around the payload; None for a bare payload.

        It can be looked at before the first item: asking for it reads that far. Until the last item its payload has no
        content, then it has ``rest``.

        Raises:
            DecodeError: The document went wrong before there was an envelope.
        """
        self.begin()
        return self._envelope

    @envelope.setter
    def envelope(self, message: Record) -> None:
        self._envelope = message

    def begin(self) -> None:
        """Read as far as the first item, unless that was done: until then nothing is known of what is around the items.

        An error of the first item itself is kept until that item is asked for.
        """
        if self._begun:
            return
        self._begun = True
        try:
            self._ahead.append(next(self._items))
        except StopIteration:
            pass
        except Exception as error:
            self._failed = error
            if self._envelope is None:
                raise

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        self._begun = True
        if self._ahead:
            return cast("T", self._ahead.pop())
        if self._failed is not None:
            failed, self._failed = self._failed, None
            raise failed
        return cast("T", next(self._items))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop reading; a file that was opened from a path is closed."""
        self._ahead.clear()
        self._failed = None
        self._items.close()
        self._run.source.close()


class StreamDocument(Document):
    """The document as far as it is in the tree. Paths and lines count the items that are no longer there.

    Attributes:
        source: Where to read again for lines.
        payload: The payload, once it is known.
        tags: The names of its items, as the source has them.
        numbers: The items in the tree, each with its local name and its number among all items of that name.
        places: The number of each of them, and of what has such a local name and is no item, among all of that name.
        open: The payload and what is around it, as long as there may be items: what follows each is not looked at.
    """

    __slots__ = ("numbers", "open", "payload", "places", "source", "tags")

    def __init__(self, root: Element, source: StreamSource) -> None:
        super().__init__(root, b"", source.encoding)
        self.source = source
        self.payload: Element | None = None
        self.tags: Collection[str] = ()
        self.numbers: dict[Element, tuple[str, int]] = {}
        self.places: dict[Element, int] = {}
        self.open: Collection[Element] = ()

    def _item(self, element: Element) -> Element | None:
        node: Element | None = element
        while node is not None and node not in self.numbers:
            node = node.getparent()
        return node

    def _number(self, element: Element) -> int:
        """The number of an item, and of what has its name and is none, counts those that have gone."""
        if element in self.open:
            before = sum(1 for _ in element.itersiblings(f"{{*}}{local_name(element.tag)}", preceding=True))
            return before + 1 if before else 0
        return self.places.get(element) or super()._number(element)

    def _late_line(self, element: Element) -> int | None:
        """A line that lxml does not know; None where the source cannot be read again."""
        payload = -1 if self.payload is None else number_of(self.payload)
        item = self._item(element)
        if item is not None:
            inside = next((number for number, node in enumerate(item.iter("*")) if node is element), 0)
            return self.source.line(payload, self.tags, self.numbers[item], inside)
        if self._looked_up >= LOOKED_UP:  # here the cost grows with what stays in the tree
            return None
        self._looked_up += 1
        number = number_of(element)
        hidden = sum(1 for one in self.numbers if number_of(one) < number for _ in one.iter("*"))
        return self.source.line(payload, self.tags, None, number - hidden)


class _StreamReading(Reading):
    """Reading of a document from which the items are taken away.

    Attributes:
        payload: Where they were.
        counts: How many there were, by name.
        rest: What is read where the payload stands.
    """

    payload: Element | None = None
    counts: Mapping[str, int] | None = None
    rest: Record | ForeignElement | None = None

    def content(self, element: Element) -> Record | ForeignElement:
        """The same, and remember the payload."""
        content = super().content(element)
        if element is self.payload:
            self.rest = content
        return content

    def missing(self, element: Element, name: str, *, several: bool = False) -> Any:
        """An item that was taken away is not missing."""
        if element is self.payload and self.counts and self.counts.get(name):
            return None
        return super().missing(element, name, several=several)

    def choice(
        self, element: Element, branches: Mapping[str, object], *, required: bool, lists: tuple[str, ...] = ()
    ) -> None:
        """Items that were taken away count as a branch."""
        if element is self.payload and self.counts:
            branches = {name: self.counts.get(name) or value for name, value in branches.items()}
        super().choice(element, branches, required=required, lists=lists)


class _LenientStreamReading(_StreamReading, LenientReading):
    """The same, lenient."""

    def is_of_envelope(self, element: Element) -> bool:
        """The payload may yet have the envelope's namespace."""
        return element is not self.payload and super().is_of_envelope(element)


class _BeginningReading(Reading):
    """Reading of a message's beginning: what its open elements lack may yet come.

    Attributes:
        open: The elements that have not ended.
    """

    open: Collection[Element] = ()

    def missing(self, element: Element, name: str, *, several: bool = False) -> Any:
        """Nothing is missing yet."""
        return None if element in self.open else super().missing(element, name, several=several)

    def choice(
        self, element: Element, branches: Mapping[str, object], *, required: bool, lists: tuple[str, ...] = ()
    ) -> None:
        """No choice is missing yet."""
        super().choice(element, branches, required=required and element not in self.open, lists=lists)


class Run:
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
        self.document: StreamDocument | None = None
        self.reached: StreamDocument | None = None
        """The whole document, once the message in it was looked for."""
        self.reading: _StreamReading | None = None
        self.payload: Element | None = None
        self.registered: Registered | None = None
        self.spelling = ""
        self.tags: frozenset[str] = frozenset()
        self.too_deep: etree.XPath | None = None
        self.declarations = 0
        self.leaving: Element | None = None
        self.staying: list[tuple[Element, Record | None]] = []
        """Items that stay in the tree until the end, where there is a report; None for empty shells."""
        self.is_hollow_run = False
        """Whether the run of items at hand had nothing but empty shells."""
        self.taken_out: dict[Element, tuple[str, int]] = {}
        self.counts: dict[str, int] = {}
        self.others: dict[str, int] = {}
        """How many elements of each item's name were no items."""
        self.fed = 0
        """Bytes that the parser was given."""
        self.fed_before = 0
        """The same without the last piece."""
        self.ended = 0
        """The bytes that it had been given when the last item was taken."""
        self.begun = 0
        """The same without the piece in which that item ended: from here on, the next one may have begun."""
        self.outside = 0
        """Bytes that stay in the tree, about."""
        self.prefixes = 0
        """The namespace prefixes that are declared around an item."""
        self.misread: etree.XMLSyntaxError | None = None
        """The first error that the parser did not end with."""
        self.declared = self.declared_before = self.declared_begun = 0
        """Namespace declarations in the bytes that ``fed``, ``fed_before`` and ``begun`` count, at most."""

    def items(self) -> Generator[Any, None, None]:
        """The items, in order."""
        parser: etree.XMLPullParser | None = None
        around, line = b"", 1
        with Apart() as thread, closing(cast("Generator[bytes, None, None]", self.source.pieces())) as pieces:
            for piece in pieces:
                if parser is None:
                    self.check_root(piece, pieces)
                    parser = self.parser()
                self.fed_before, self.declared_before = self.fed, self.declared
                self.fed += len(piece)
                self.declared += (around[1 - len(DECLARATION) :] + piece).count(DECLARATION)
                try:
                    thread.do(partial(self.feed, parser, piece))
                except etree.XMLSyntaxError as error:
                    yield from self.events(parser)  # what ended before that was right
                    raise syntax_error(error, self.source.head, around + piece, ended=False, first_line=line) from None
                line += around.count(b"\n") + piece.count(b"\n")
                around = piece if len(piece) >= HEAD else (around + piece)[-HEAD:]  # for what an error looks at
                line -= around.count(b"\n")
                yield from self.events(parser)
                if self.fed - self.ended > self.limits.item_bytes:
                    self.refuse_size("there is no end of an item within")
            assert parser is not None  # noqa: S101  # pieces() raises where there is nothing
            try:
                root = thread.do(parser.close)
            except etree.XMLSyntaxError as error:
                yield from self.events(parser)
                ended = not around.rstrip().endswith(b">")
                raise syntax_error(error, self.source.head, around, ended=ended, first_line=line) from None
        yield from self.events(parser)
        if self.payload is None:
            for element in self.find_payload(root):
                item = self.taken(element)
                if item is not None:
                    yield item
        self.finish(root)

    def feed(self, parser: etree.XMLPullParser, piece: bytes) -> None:
        """Have a piece parsed, and look at what the parser found. Of wrong namespaces it tells at the end only."""
        try:
            parser.feed(piece)
        finally:
            if self.misread is None:
                errors = (one for one in parser.feed_error_log if one.type in NAMESPACES)
                self.misread = next(
                    (etree.XMLSyntaxError(one.message, one.type, one.line, one.column) for one in errors), None
                )

    def check_names(self, element: Element) -> None:
        """Hold an element to namespaces in XML, if any is not as it should be: each is parsed on its own, then.

        The declarations around it that it does not use are left out, because they may be long, and elements many. A
        declaration of no namespace (``xmlns:b=""``) has left nothing in the tree, and is told of at the end.

        Raises:
            DecodeError: A prefix is not declared, a namespace is no URI, and the like.
        """
        if self.misread is not None:
            copy = apart(partial(deepcopy, element))
            try:
                parsed(etree.tostring(copy, with_tail=False), etree.XMLParser(**options(self.limits)))
            except etree.XMLSyntaxError as error:
                if error.code in NAMESPACES:  # of all that was fed, the first is told, as reading at once does
                    raise syntax_error(self.misread, self.source.head, b"", ended=False) from None

    def parser(self) -> etree.XMLPullParser:
        """A parser that tells of items only.

        It is to resolve the entities that a document declares, of which there are none, since declarations are refused.
        A parser that is not to passes over one that is not declared: it ends there without a word, and takes what it is
        fed next for another document.
        """
        given: dict[str, Any] = options(self.limits) | {"resolve_entities": "internal"}
        return etree.XMLPullParser(
            events=("start", "end"),
            tag=[f"{{*}}{name}" for name in sorted(self.names)],
            encoding=self.source.encoding,
            **given,
        )

    def check_root(self, piece: bytes, pieces: Iterator[bytes]) -> None:
        """Refuse a document whose root cannot lead to items before the rest of it is read."""
        root = self.source.root
        registered = self.find(root)
        if root and registered is None:
            raise unknown_root(self.whole(piece, pieces), self.registry, self.dialect, self.limits)
        if registered is not None and registered.profile.role != "envelope" and not self.wanted(registered):
            raise self.no_such_items(root, self.source.root_line)

    def whole(self, piece: bytes, pieces: Iterator[bytes]) -> Document:
        """A document with a root that is not known: all of a SOAP envelope, for the fault in it, or the root only."""
        tag, encoding = self.source.root, self.source.encoding
        head = self.source.head
        if namespace_of(tag) in VERSIONS:
            data = piece
            while len(data) <= self.limits.item_bytes and (piece := next(pieces, b"")):
                data += piece
            if len(data) > self.limits.item_bytes:
                self.refuse_size("a SOAP envelope has more than")
            head = data
        else:
            start = f"<{local_name(tag)} xmlns={lexical.quoted(namespace_of(tag))}/>"
            data, encoding = ("\n" * (self.source.root_line - 1) + start).encode(), "utf-8"
        try:
            root = parsed(data, etree.XMLParser(encoding=encoding, **options(self.limits)))
        except etree.XMLSyntaxError as error:
            raise syntax_error(error, head, data, ended=not data.rstrip().endswith(b">")) from None
        return Document(root, head, encoding)

    def find(self, tag: str) -> Registered | None:
        """The profile whose root has a tag."""
        return self.registry.find(tag, self.dialect, lenient=not self.strict)

    def wanted(self, registered: Registered) -> set[str]:
        """The names of a payload's items that are asked for."""
        items = registered.codec.items
        return {name for name in self.names & set(items) if isinstance(self.item, str) or items[name].kind is self.item}

    def no_such_items(self, root: str, line: int | None) -> DecodeError:
        """The error for a bare payload that has other items."""
        return DecodeError(
            "the payload has no such items",
            path=f"/{local_name(root)}",
            line=line,
            expected=self.item if isinstance(self.item, str) else self.item.__name__,
            got=local_name(root),
            reply_code="2.5",
            advice=self.items_of(self.find(root)),
        )

    def items_of(self, registered: Registered | None) -> str | None:
        """What may be asked for in a payload, as advice."""
        names = registered.codec.items if registered is not None and registered.profile.role != "envelope" else ()
        return f"Its items are {', '.join(sorted(names))}." if names else None

    def refuse_size(self, message: str) -> None:
        """Refuse what is larger than an item may be; in the payload, or where that is not known in the document."""
        document, payload = self.document, self.payload
        path = document.path(payload) if document is not None and payload is not None else None
        raise LimitError(f"{message} {self.limits.item_bytes:,} bytes", limit="item_bytes", path=path)

    # -- the payload -------------------------------------------------------------------------------------------

    def events(self, parser: etree.XMLPullParser) -> Iterator[Any]:
        """The items that ended in what was fed."""
        for event, element in parser.read_events():
            assert isinstance(element, Element)  # noqa: S101  # start and end tell of elements
            if event == "start":
                if self.payload is None:
                    self.begin(element)
            elif element.getparent() is self.payload and element.tag in self.tags:
                item = self.taken(element)
                if item is not None:
                    yield item

    def begin(self, element: Element) -> None:
        """See whether this is the first item; then the payload is known, and the envelope can be read."""
        parent = element.getparent()
        if parent is None:
            return
        root = parent.getroottree().getroot()
        registered = self.streamable(root, parent)
        # In a message, items are those of the payload: of a query beside it only if there turn out to be none.
        if registered is None or (parent is not root and registered.profile.role == "query"):
            return
        if element.tag in self.item_tags(registered, parent):
            self.accept(registered, root, parent)
            if parent is not root:
                self.read_envelope(root, parent)

    def streamable(self, root: Element, payload: Element) -> Registered | None:
        """The profile of an element, if that is the document's payload or one of them, and has the wanted items."""
        registered = self.find(str(payload.tag))
        if registered is None or registered.profile.role == "envelope" or not self.wanted(registered):
            return None
        if payload is root:
            return registered
        steps = [payload, *payload.iterancestors()][::-1]
        return registered if all(self.is_carried(steps, twins=twins) for twins in (False, True)) else None

    def is_carried(self, steps: list[Element], *, twins: bool) -> bool:
        """Whether the message's codec comes to its payload, tried with the payload and its ancestors alone.

        Args:
            steps: The elements from the root to the payload.
            twins: Whether to put one before each that has one before it, which matters where only one may stand.
        """
        try:
            outline = node = steps[0].makeelement(steps[0].tag)
            for step in steps[1:]:
                if twins and next(step.itersiblings(str(step.tag), preceding=True), None) is not None:
                    etree.SubElement(node, step.tag)
                node = etree.SubElement(node, step.tag)
        except ValueError:  # no name or namespace at all: what has it is not known, or not well formed further on
            return False
        document = Document(outline, b"", None)
        self.reach(document, "outline")
        inside = [step for step in node.iterancestors() if step is document.top or document.top in step.iterancestors()]
        namespace = namespace_of(document.top.tag)
        if not inside or (self.strict and namespace_of(node.tag) == namespace):
            return False
        if any(namespace_of(step.tag) != namespace for step in inside):
            return False
        envelope = self.registry.standardise(document.top, self.dialect, lenient=not self.strict)
        if envelope is None or envelope.profile.role != "envelope":
            return False
        reading = _LenientStreamReading(document, self.registry, self.dialect, None, self.limits)
        reading.payload = node
        envelope.codec.roots[local_name(document.top.tag)].read(document.top, reading)
        return reading.rest is not None

    def reach(self, document: Document, stage: Stage) -> None:
        """Find the message in a document where it is not the root, make it the document's top, and give it its name.

        Raises:
            DecodeError: There is none. Not for an outline.
        """

    def item_tags(self, registered: Registered, payload: Element) -> frozenset[str]:
        """The items' names, as the source may have them: spelt like the payload or like the standard."""
        namespaces = {namespace_of(payload.tag), registered.profile.namespace}
        items = registered.codec.items
        return frozenset(
            items[name].tag or (f"{{{namespace}}}{name}" if namespace else name)
            for namespace in namespaces
            for name in self.wanted(registered)
        )

    def accept(self, registered: Registered, root: Element, payload: Element) -> None:
        """Remember the payload."""
        self.document = self.reached or StreamDocument(root, self.source)
        if self.strict:
            self.reading = _StreamReading(self.document, self.registry, self.dialect, self.limits)
        else:
            self.reading = _LenientStreamReading(self.document, self.registry, self.dialect, self.report, self.limits)
        self.reading.payload = self.document.payload = self.payload = payload
        self.document.open = {payload, *payload.iterancestors()}
        self.reading.counts = self.counts
        self.registered = registered
        self.spelling = namespace_of(payload.tag)
        self.tags = self.document.tags = self.item_tags(registered, payload)
        self.declarations = sum(
            len(f" xmlns:{prefix}={lexical.quoted(meant)}") for prefix, meant in payload.nsmap.items()
        )
        depth = self.limits.depth - sum(1 for _ in payload.iterancestors()) - 1
        if self.limits.depth != LIBXML2_DEPTH and depth < DEEPEST:  # where libxml2 does not hold it itself
            self.too_deep = etree.XPath(f"(self::*{'/*' * depth})[1]")

    # -- the message -------------------------------------------------------------------------------------------

    def read_envelope(self, root: Element, payload: Element) -> None:
        """Read what stands before the payload: a copy of the message that ends there."""
        copy = apart(partial(deepcopy, root))
        document = Document(copy, b"", None)
        original, mirrored = root, copy
        for step in reversed([payload, *payload.iterancestors()][:-1]):
            mirrored = mirrored[original.index(step)]
            original = step
            if self.reached is not None and step is self.reached.top:  # the copy has the names that were given already
                document.top = mirrored
                for name in self.reached.sent.values():
                    document.sent[mirrored] = name
        last = mirrored.getparent()
        assert last is not None  # noqa: S101  # the payload is not the root
        del last[last.index(mirrored) :]
        opened = [last, *last.iterancestors()]
        for step in opened[:-1]:
            above = step.getparent()
            assert above is not None  # noqa: S101  # the last is the root
            del above[above.index(step) + 1 :]
            step.tail = None
        self.outside += len(etree.tostring(copy))
        self.check_names(copy)
        if self.reached is None:
            self.reach(document, "beginning")
        reading: Reading
        if self.strict:
            reading = _BeginningReading(document, self.registry, self.dialect, self.limits)
            reading.open = opened
        else:
            reading = LenientReading(document, self.registry, self.dialect, None, self.limits)
        self.stream.envelope = self.decode_root(document, reading, unfinished={document.path(step) for step in opened})

    def decode_root(self, document: Document, reading: Reading, *, unfinished: Collection[str] = ()) -> Record:
        """Validate and decode a whole document, or one that ends inside the elements with some paths."""
        registered = reading.standardise(document.top)
        if registered is None:
            raise unknown_root(document, self.registry, self.dialect, self.limits)
        if self.strict:
            found = issues(document, registered, self.registry, self.dialect, self.limits, self.fed)
            found = [issue for issue in found if not (issue.path in unfinished and _is_incomplete(issue))]
            if found:
                raise schema_error(found, self.registry)
        if isinstance(reading, LenientReading):
            prepare(reading)
        stayed = self.take_items(reading) if isinstance(reading, _StreamReading) else None
        result = registered.codec.roots[local_name(document.top.tag)].read(document.top, reading)
        check_carried(result, reading, (), strict=self.strict)
        if isinstance(reading, LenientReading):
            inspect(reading)
            if reading.report is not None:
                with self.put_back(reading, result, stayed):
                    note_order(reading, document.top, written(result, reading), self.taken_out)
        return result

    # -- items -------------------------------------------------------------------------------------------------

    def taken(self, element: Element) -> Any:
        """Validate and decode one item, and let go of the one before."""
        assert self.document is not None  # noqa: S101  # begin() came first
        assert self.reading is not None  # noqa: S101
        assert self.registered is not None  # noqa: S101
        self.let_go()
        self.check_names(element)
        types = None if self.strict else Types(self.registered.package)
        move(element, self.spelling, self.registered.profile.namespace, types)
        name = local_name(element.tag)
        before = element.getprevious()
        if before is not None and before in self.document.numbers:
            self.leaving = element
        else:
            self.number_others(before)
        number = self.counts[name] = self.counts.get(name, 0) + 1
        self.document.numbers[element] = name, number
        self.document.places[element] = number + self.others.get(name, 0)
        if element is not self.leaving:
            self.add_staying(element)
        size = self.fed - self.begun
        self.check_item(element, size)
        self.ended, self.begun, self.declared_begun = self.fed, self.fed_before, self.declared_before
        if self.strict:
            found = item_issues(self.document, element, self.registered, self.registry, self.limits, size)
            if found:
                raise schema_error(found, self.registry)
        binding = self.registered.codec.items[name]
        item = cast("Record | None", binding.read(element, self.reading))
        if isinstance(self.reading, LenientReading):
            self.look_at(element, name, binding, item, self.reading, size)
        return item

    def look_at(
        self,
        element: Element,
        name: str,
        binding: Binding,
        item: Record | None,
        reading: LenientReading,
        size: int,
    ) -> None:
        """Note the order of an item's elements, and remember an item that stays in the tree."""
        assert self.registered is not None  # noqa: S101  # begin() came first
        if item is None:
            self.outside += len(etree.tostring(element, with_tail=False))
            self.check_outside()
        if element is not self.leaving:
            self.is_hollow_run = item is None
        elif self.is_hollow_run and item is not None:  # the first that says something, and has a place
            self.is_hollow_run = False
            self.leaving = None
            self.add_staying(element)
        if reading.report is not None:
            if element is not self.leaving:
                self.staying.append((element, item))
            if item is not None and item_departs(element, self.registered, self.limits, size):
                # An undeclared prefix makes no document, and is refused at the end; a text may be too long.
                with suppress(EncodeError, etree.XMLSyntaxError):
                    note_order(reading, element, written_item(item, name, binding, self.registered, reading))
        reading.aside.clear()
        reading.noted.clear()

    def check_item(self, element: Element, size: int) -> None:
        """Hold an item of at most some bytes to the limits."""
        assert self.document is not None  # noqa: S101  # begin() came first
        check_tree(self.document, element, size, self.limits)
        if self.prefixes + self.declared - self.declared_begun > self.limits.namespaces:
            check_namespaces(self.document, element, self.limits)
        found = self.too_deep(element) if self.too_deep is not None else None
        if isinstance(found, list) and found:
            deep = cast("Element", found[0])
            raise LimitError(
                f"more than {self.limits.depth} elements stand inside one another",
                limit="depth",
                path=self.document.path(deep),
                line=self.document.line(deep),
            )

    def number_others(self, node: Element | None) -> None:
        """Number what is no item and has the name of one, from an element back to an item."""
        assert self.document is not None  # noqa: S101  # begin() came first
        found: list[Element] = []
        while node is not None and node not in self.document.numbers:
            if local_name(node.tag) in self.names:
                found.append(node)
            node = node.getprevious()
        for one in reversed(found):
            name = local_name(one.tag)
            self.others[name] = self.others.get(name, 0) + 1
            self.document.places[one] = self.others[name] + self.counts.get(name, 0)

    def add_staying(self, element: Element) -> None:
        """Count an item that stays in the tree, and what stands between the item before and it."""
        assert self.document is not None  # noqa: S101  # begin() came first
        node: Element | None = element
        while node is not None and (node is element or node not in self.document.numbers):
            self.outside += max(len(etree.tostring(node)) - self.declarations, 4)
            node = node.getprevious()
        self.check_outside()

    def check_outside(self) -> None:
        """Refuse a document that makes the tree grow."""
        if self.outside > self.limits.item_bytes:
            self.refuse_size("outside the items stand more than")

    def let_go(self) -> None:
        """Take the item before out of the tree."""
        gone = self.leaving
        if gone is None or self.document is None or self.reading is None or self.payload is None:
            return
        tail = gone.tail
        if tail not in BLANK:
            self.check_tail(tail or "")
            self.reading.stray_tail(gone)
        self.payload.remove(gone)
        del self.document.numbers[gone]
        del self.document.places[gone]
        self.document.forget()
        self.leaving = None

    def check_tail(self, tail: str) -> None:
        """Hold the text behind an item to the limits."""
        assert self.document is not None  # noqa: S101  # begin() came first
        assert self.payload is not None  # noqa: S101
        if len(tail) > self.limits.text:
            message = f"a text has more than {self.limits.text:,} characters"
            line = self.document.line(self.payload)
            raise LimitError(message, limit="text", path=self.document.path(self.payload), line=line)
        self.outside += len(tail.strip(lexical.WHITE_SPACE))
        self.check_outside()

    # -- the end -----------------------------------------------------------------------------------------------

    def finish(self, root: Element) -> None:
        """Read what is left: the payload without items, the message around it."""
        self.let_go()
        assert self.document is not None  # noqa: S101  # find_payload() raises otherwise
        assert self.reading is not None  # noqa: S101
        self.document.open = ()
        self.check_rest(self.document, root)
        if self.reached is None:
            self.reach(self.document, "end")
        result = self.decode_root(self.document, self.reading)
        if self.payload is root:
            self.stream.rest = result
        else:
            self.stream.envelope = result
            self.stream.rest = cast("Record", self.reading.rest)  # streamable() has seen that it is carried

    def check_rest(self, document: Document, root: Element) -> None:
        """Hold what is left of a document to the limits."""
        check_tree(document, root, self.fed, self.limits)
        if self.declared > self.limits.namespaces:
            check_namespaces(document, root, self.limits)

    def items_carried(self, envelope: Record) -> str | None:
        """What may be asked for in what a message carries, as advice."""
        carried: list[object] = getattr(getattr(envelope, "payload", None), "contents", [])
        known = [binding[0] for one in carried if (binding := self.registry.binding(type(one))) is not None]
        advice = self.items_of(known[0]) if len(known) == 1 else None
        return advice and f"It carries a {known[0].profile.noun}. {advice}"

    def take_items(self, reading: _StreamReading) -> list[Element]:
        """Take out the items that had stayed; gives all that stood in the payload."""
        if self.document is None or self.payload is None:
            return []
        stayed = list(self.payload)
        self.number_others(stayed[-1] if stayed else None)
        self.document.forget()
        for element in self.document.numbers:
            reading.stray_tail(element)
            self.payload.remove(element)
        self.taken_out, self.document.numbers = self.document.numbers, {}
        return stayed

    @contextmanager
    def put_back(
        self, reading: LenientReading, result: Record, stayed: list[Element] | None
    ) -> Generator[None, None, None]:
        """Have the items that had stayed in the tree and on the payload's object, for their order to be seen."""
        if not stayed or self.document is None or self.payload is None or self.registered is None:
            yield
            return
        rest = reading.rest if isinstance(reading, _StreamReading) and self.payload is not self.document.top else result
        members = {self.registered.codec.items[name].member for name in self.wanted(self.registered)}
        before = {member: getattr(rest, member) for member in members}
        self.payload[:] = stayed
        self.document.forget()
        self.document.numbers = self.taken_out
        for member in members:
            setattr(rest, member, [*before[member]])
        for element, item in self.staying:
            if item is None:
                reading.aside.add(element)
            else:
                getattr(rest, self.registered.codec.items[local_name(element.tag)].member).append(item)
        yield
        for member in members:
            setattr(rest, member, before[member])

    def find_payload(self, root: Element) -> list[Element]:
        """Find a payload that has no items, or a query that has some, and give those; or say what there is instead."""
        document = self.reached = StreamDocument(root, self.source)
        self.reach(document, "end")
        registered = self.find(str(document.top.tag))
        if registered is None:
            raise unknown_root(document, self.registry, self.dialect, self.limits)
        if registered.profile.role != "envelope":
            if not self.wanted(registered):
                raise self.no_such_items(str(root.tag), root.sourceline)
            self.accept(registered, root, root)
            return []
        found = [(self.streamable(root, element), element) for element in embedded(document.top)]
        for role in ("payload", "query"):
            for inner, element in found:
                if inner is not None and inner.profile.role == role:
                    self.accept(inner, root, element)
                    items = [child for child in element if child.tag in self.tags]
                    if items:
                        self.fed_before = self.begun = 0
                        self.declared_before = self.declared_begun = (
                            0  # all that was read stands before the end of each
                        )
                        self.read_envelope(root, element)
                    return items
        reading: Reading
        if self.strict:
            reading = Reading(document, self.registry, self.dialect, self.limits)
        else:
            reading = LenientReading(document, self.registry, self.dialect, self.report, self.limits)
        self.check_rest(document, root)
        envelope = self.decode_root(document, reading)
        wanted = self.item if isinstance(self.item, str) else self.item.__name__
        error = DecodeError(
            "the message has no payload with such items",
            path=document.path(document.top),
            line=document.line(document.top),
            expected=wanted,
            reply_code="1.7",
            advice=self.items_carried(envelope),
        )
        error.envelope = envelope
        raise error


ItemStream.run = Run


def _is_incomplete(issue: SchemaIssue) -> bool:
    """Whether an issue says that something has not come."""
    return issue.kind == "missing-member"
