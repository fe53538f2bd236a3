"""A parsed document, and where in it an element stands.

lxml's line numbers end at 65,535. Beyond, the document is scanned once more, by expat, for the lines of the elements
that an error names; that costs time only where there is an error.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple
from xml.parsers import expat

from lxml import etree

if TYPE_CHECKING:
    from iec61968_9.xml.codec import Element

__all__ = ["Document", "admitted", "local_name", "move", "namespace_of", "number_of", "path_of", "position"]

TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"

LAST_LINE = 65_535
"""Where lxml's line numbers stick."""

COUNTED = 100
"""Among how many siblings one is counted for a path; where there are more, they are numbered."""

LOOKED_UP = 200
"""How many lines beyond that are looked up for one document."""

_NUMBER = etree.XPath("count(preceding::*) + count(ancestor::*)")


def local_name(tag: object) -> str:
    """A tag without its namespace."""
    return str(tag).rpartition("}")[2]


def position(element: Element) -> int:
    """How many siblings of the same name stand before an element."""
    return len(list(element.itersiblings(str(element.tag), preceding=True)))


def namespace_of(tag: object) -> str:
    """The namespace of a tag; empty if it has none."""
    return str(tag)[1:].rpartition("}")[0]


def admitted(tag: object, allowed: str, own: str) -> bool:
    """Whether a wildcard lets an element in: ``##any``, ``##other``, ``##local``, or a list of namespaces."""
    namespace = namespace_of(tag)
    if allowed == "##any":
        return True
    if allowed == "##other":
        return namespace not in {"", own}
    names = {"##targetNamespace": own, "##local": ""}
    return namespace in {names.get(one, one) for one in allowed.split()}


def move(element: Element, namespace: str, target: str, types: Container[str] | None = None) -> None:
    """Put an element and all elements of its namespace inside it into another, with their attributes of it.

    Args:
        element: The element.
        namespace: Its namespace; an empty text is none.
        target: The other namespace, likewise.
        types: The types whose names in ``xsi:type`` are put there, too; None for all.
    """
    if namespace != target:
        for node in list(element.iter("*")):
            typed = node.get(TYPE)
            prefix, _, local = (typed or "").strip().rpartition(":")
            moved = typed is not None and (node.nsmap.get(prefix or None) or "") == namespace
            moved = moved and (types is None or local in types)
            if namespace_of(node.tag) == namespace:
                _rename(node, namespace, target)
            if moved:
                known = next((f"{one}:" for one, meant in node.nsmap.items() if one and meant == target), "")
                node.set(TYPE, f"{known}{local}")


def _rename(node: Element, namespace: str, target: str) -> None:
    """Put an element and its attributes of one namespace into another."""
    node.tag = _in(target, node.tag)
    for name in node.keys() if namespace else ():  # lxml's own
        if namespace_of(name) == namespace:
            node.set(_in(target, name), node.attrib.pop(name))


def _in(namespace: str, name: object) -> str:
    """A name in a namespace."""
    return f"{{{namespace}}}{local_name(name)}" if namespace else local_name(name)


def number_of(element: Element) -> int:
    """How many elements of its tree begin before one."""
    return int(float(str(_NUMBER(element))))


_AS_THEY_ARE: Mapping[Element, str] = {}


def _number(element: Element) -> int:
    """Which of its siblings of the same local name an element is, counted from 1; 0 if it is the only one."""
    same = f"{{*}}{local_name(element.tag)}"
    before = sum(1 for _ in element.itersiblings(same, preceding=True))
    return before + 1 if before or next(element.itersiblings(same), None) is not None else 0


def path_of(
    element: Element, sent: Mapping[Element, str] = _AS_THEY_ARE, number: Callable[[Element], int] = _number
) -> str:
    """Where an element stands, as names with positions where there are several: ``/MeterReadings/MeterReading[2]``.

    Namespaces do not count: of two elements that differ in them only, the second has position 2.

    Args:
        element: The element.
        sent: The names of elements that the source had otherwise.
        number: Tells which of its siblings of the same local name an element is, counted from 1; 0 for the only one.
    """
    steps: list[str] = []
    node: Element | None = element
    while node is not None:
        parent = node.getparent()
        step = sent.get(node) or local_name(node.tag)
        one = 0 if parent is None else number(node)
        steps.append(f"{step}[{one}]" if one else step)
        node = parent
    return "/" + "/".join(reversed(steps))


class _Numbered(NamedTuple):
    """The children of an element: the first, the last, the number of each among all of its local name, those names."""

    first: Element
    last: Element
    numbers: dict[Element, int]
    counts: Counter[str]

    def holds(self, parent: Element, element: Element) -> bool:
        """Whether it holds for an element: the first and the last are the same, and it was there."""
        return self.first is parent[0] and self.last is parent[-1] and element in self.numbers


def _numbered(parent: Element) -> _Numbered:
    """The children of an element, each with its number."""
    counts = Counter[str]()
    numbers: dict[Element, int] = {}
    for child in parent.iterchildren("*"):
        name = local_name(child.tag)
        counts[name] += 1
        numbers[child] = counts[name]
    return _Numbered(parent[0], parent[-1], numbers, counts)


class Document:
    """A parsed document with its source.

    Attributes:
        root: The root element.
        top: The element that is read: the root, or in a message that travels inside something else, the message.
        data: The bytes that were parsed.
        encoding: The encoding that the parser was told, or None if the document says it.
        sent: The names that elements had in the source, where they have others now.
    """

    __slots__ = ("_late_lines", "_looked_up", "_numbered", "data", "encoding", "root", "sent", "top")

    def __init__(self, root: Element, data: bytes, encoding: str | None) -> None:
        self.root = self.top = root
        self.sent: dict[Element, str] = {}
        self.data = data
        self.encoding = encoding
        self._late_lines: array[int] | None = None
        self._looked_up = 0
        self._numbered: dict[Element, _Numbered] = {}

    def path(self, element: Element) -> str:
        """Where an element stands."""
        return path_of(element, self.sent, self._number)

    def _number(self, element: Element) -> int:
        """Which of its siblings of the same local name an element is, counted from 1; 0 if it is the only one.

        Where its siblings are many, all are numbered once, since there may be as many paths. That counts as long as the
        first and the last of them are the same.
        """
        parent = element.getparent()
        known = None if parent is None else self._numbered.get(parent)
        if parent is None or (known is None and next(islice(parent.iterchildren(), COUNTED, None), None) is None):
            return _number(element)
        if known is None or not known.holds(parent, element):
            known = self._numbered[parent] = _numbered(parent)
        number = known.numbers[element]
        return number if known.counts[local_name(element.tag)] > 1 else 0

    def forget(self) -> None:
        """Let go of what was counted, because elements leave the tree."""
        self._numbered.clear()

    def line(self, element: Element) -> int | None:
        """The line on which an element begins, or None where that is not known."""
        line = element.sourceline
        return line if line is not None and line < LAST_LINE else self._late_line(element)

    def lines(self, elements: Iterable[Element]) -> list[int | None]:
        """The lines on which elements begin."""
        return [self.line(element) for element in elements]

    def _late_line(self, element: Element) -> int | None:
        """A line that lxml does not know. Where very many places are wrong, not all are looked up."""
        if self._looked_up >= LOOKED_UP:
            return None
        self._looked_up += 1
        if self._late_lines is None:
            self._late_lines = all_lines(self.data, self.encoding)
        number = number_of(element)
        return self._late_lines[number] if number < len(self._late_lines) else None


def all_lines(data: bytes, encoding: str | None) -> array[int]:
    """The line of each element of a document, in document order."""
    found = array("L")

    def start(_name: str, _attributes: object) -> None:
        found.append(scanner.CurrentLineNumber)

    scanner = expat.ParserCreate(encoding)
    scanner.StartElementHandler = start
    with suppress(expat.ExpatError):  # lxml read it; what expat does not know has no line
        scanner.Parse(data, True)  # positional only
    return found
