"""Validation in a time that grows with the document, and not with its square, however much is wrong with it.

libxml2 validates a tree in one pass. But of each fault lxml asks it for the path, for which libxml2 counts all siblings
before: faults times siblings. So what is large is first held to a narrow schema, in which each ``unbounded`` has a
bound: it is as fast, and looks at no more siblings than that. What it takes is valid. What it refuses is wrong, or only
wide, and is validated as text. That takes longer, but asks for no paths, and ends as soon as more is wrong than an
error reports. Then the tree is cut behind that for a moment, and only what stands before is told of.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from lxml import etree

from iec61968_9.xml.codec import Element
from iec61968_9.xml.document import TYPE

if TYPE_CHECKING:
    from iec61968_9.xml.arrangement import Mending

__all__ = ["LARGE", "Faults", "cut_behind", "faults_of", "is_cuttable", "narrowed", "tags_of"]

LARGE = 16 * 1024
"""From so many bytes on, a document can be so wide that it matters: below, the square is a fraction of a second."""

WIDE = 4_000
"""How many of a kind the narrow schema lets stand in a row."""

PIECE = 4_096

XS = "{http://www.w3.org/2001/XMLSchema}"


def narrowed(schema: Element) -> Element:
    """A schema document that takes less: nothing that is looked at without a bound, in wildcards nothing unknown."""
    for node in schema.iter(f"{XS}*"):
        if node.get("maxOccurs") == "unbounded" and node.get("processContents") != "skip":
            node.set("maxOccurs", str(max(WIDE, int(node.get("minOccurs") or 1))))
        if node.get("processContents") == "lax":
            node.set("processContents", "strict")
    return schema


def is_cuttable(schema: Element) -> bool:
    """Whether a valid document stays valid to what is cut off; not where values refer to others."""
    return next(schema.iter(f"{XS}keyref"), None) is None


class Faults(NamedTuple):
    """What validation as text found.

    Attributes:
        number: How many faults, up to about as many as were asked for.
        elements: In how many elements from the beginning; None if in all of them.
    """

    number: int
    elements: int | None


class _Nothing:
    """Takes what the parser sees, and builds nothing."""

    def close(self) -> None:
        """The end."""


def faults_of(element: Element, schema: etree.XMLSchema, most: int) -> Faults:
    """How many faults a schema finds in an element, counted up to about a number.

    Args:
        element: The element.
        schema: The schema, with a declaration of it.
        most: The number.
    """
    data = etree.tostring(element, encoding="utf-8", xml_declaration=False, with_tail=False)
    target: Any = _Nothing()  # lxml asks a target for no more than it has
    parser = etree.XMLParser(
        target=target, schema=schema, resolve_entities=False, no_network=True, huge_tree=True, collect_ids=False
    )
    for at in range(0, len(data), PIECE):
        parser.feed(data[at : at + PIECE])
        if len(parser.feed_error_log) > most:
            return Faults(len(parser.feed_error_log), _elements(data[: at + PIECE]))
    return Faults(len(parser.feed_error_log), None)


def _elements(data: bytes) -> int:
    """How many elements begin in the beginning of a document."""
    parser = etree.XMLPullParser(
        events=("start",), resolve_entities=False, no_network=True, huge_tree=True, collect_ids=False
    )
    parser.feed(data)
    return sum(1 for _ in parser.read_events())


def cut_behind(element: Element, number: int) -> Mending:
    """Take out of a tree all that stands behind one of its elements, until the mending is undone.

    Args:
        element: The tree's root.
        number: Which element it is, counted from 1 in document order.
    """
    from iec61968_9.xml.arrangement import Mending  # only where very much is wrong

    cut = Mending()
    node = next(islice(element.iter("*"), number - 1, None), None)
    while node is not None and node is not element:
        cut.unfinished.add(node)
        parent = node.getparent()
        if parent is None:
            break
        children = list(parent)
        if children[-1] is not node:
            cut.rearrange(parent, children, children[: parent.index(node) + 1])
        node = parent
    cut.unfinished.add(element)
    return cut


def tags_of(element: Element, root: Element) -> tuple[tuple[object, str | None], ...]:
    """The names, and said types, from an element out to a root: elements for which they are the same have one type."""
    found: list[tuple[object, str | None]] = []
    node: Element | None = element
    while node is not None and node is not root:
        found.append((node.tag, node.get(TYPE)))
        node = node.getparent()
    return tuple(found)
