"""A parsed document, and where in it an element stands.

lxml's line numbers end at 65,535. Beyond, the document is scanned once more, by expat, for the lines of the elements
that an error names; that costs time only where there is an error.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from xml.parsers import expat

from lxml import etree

if TYPE_CHECKING:
    from iec61968_9.xml.codec import Element

__all__ = ["Document", "local_name", "path_of", "position", "scan_lines"]

LAST_LINE = 65_535
"""Where lxml's line numbers stick."""

_NUMBER = etree.XPath("count(preceding::*) + count(ancestor::*)")


def local_name(tag: object) -> str:
    """A tag without its namespace."""
    return str(tag).rpartition("}")[2]


def position(element: Element) -> int:
    """How many siblings of the same name stand before an element."""
    return len(list(element.itersiblings(str(element.tag), preceding=True)))


def path_of(element: Element) -> str:
    """Where an element stands, as names with positions where there are several: ``/MeterReadings/MeterReading[2]``."""
    steps: list[str] = []
    node: Element | None = element
    while node is not None:
        parent = node.getparent()
        step = local_name(node.tag)
        if parent is not None:
            before = position(node)
            if before or next(node.itersiblings(str(node.tag)), None) is not None:
                step += f"[{before + 1}]"
        steps.append(step)
        node = parent
    return "/" + "/".join(reversed(steps))


class Document:
    """A parsed document with its source.

    Attributes:
        root: The root element.
        data: The bytes that were parsed.
        encoding: The encoding that the parser was told, or None if the document says it.
    """

    __slots__ = ("data", "encoding", "root")

    def __init__(self, root: Element, data: bytes, encoding: str | None) -> None:
        self.root = root
        self.data = data
        self.encoding = encoding

    def path(self, element: Element) -> str:
        """Where an element stands."""
        return path_of(element)

    def line(self, element: Element) -> int | None:
        """The line on which an element begins, or None where that cannot be known."""
        return self.lines([element])[0]

    def lines(self, elements: Iterable[Element]) -> list[int | None]:
        """The lines on which elements begin."""
        wanted = list(elements)
        found = [element.sourceline for element in wanted]
        late = {
            int(float(str(_NUMBER(element)))): index
            for index, element in enumerate(wanted)
            if (known := found[index]) is None or known >= LAST_LINE
        }
        if late:
            lines = scan_lines([self.data], late, self.encoding)
            for index, element in enumerate(wanted):
                if (known := found[index]) is None or known >= LAST_LINE:
                    found[index] = lines.get(int(float(str(_NUMBER(element)))))
        return found


def scan_lines(chunks: Iterable[bytes], numbers: Iterable[int], encoding: str | None) -> dict[int, int]:
    """The lines of elements by their numbers in document order, counted from 0."""
    wanted = set(numbers)
    last = max(wanted, default=-1)
    found: dict[int, int] = {}
    count = -1

    def start(_name: str, _attributes: object) -> None:
        nonlocal count
        count += 1
        if count in wanted:
            found[count] = scanner.CurrentLineNumber

    scanner = expat.ParserCreate(encoding)
    scanner.StartElementHandler = start
    try:
        for chunk in chunks:
            scanner.Parse(chunk, False)  # positional only
            if count >= last:
                break
    except expat.ExpatError:
        pass  # lxml read it; what expat does not know has no line
    return found
