"""Whether elements stand in the schema's order, for the report of lenient reading (T5, T23, T25, T28).

Lenient reading does not look at order, and its writing puts each element where the schema has it. So what was read is
written, and both trees are walked side by side: an element that stands behind one which is written after it was out
of order. What was kept aside has no place of its own and is passed over. A valid document needs none of this, and
libxml2 says quickly which one is valid.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from lxml import etree

from iec61968_9.xml.codec import Binding, Element
from iec61968_9.xml.document import local_name
from iec61968_9.xml.layout import assemble
from iec61968_9.xml.lenient import LenientReading
from iec61968_9.xml.limits import Limits
from iec61968_9.xml.parser import options
from iec61968_9.xml.record import Kept, Record
from iec61968_9.xml.registry import Registered
from iec61968_9.xml.writing import LenientWriting

__all__ = ["misplaced", "written", "written_item"]

EITHER = frozenset({"name", "description"})
"""The parts of a NameType, which the envelope's schema and the payloads' have in different orders (T23)."""


class _Writing(LenientWriting):
    """Lenient writing without what says nothing."""

    def keep(self, kept: Kept, start: int) -> None:
        """Put back what was kept."""
        super().keep(replace(kept, absent=()), start)


def written(record: Record, reading: LenientReading) -> Element:
    """What lenient writing makes of a document's object, as a tree."""
    writing = _Writing(reading.registry)
    writing.root(record)
    return _parsed(writing, reading.limits)


def written_item(item: Record, name: str, binding: Binding, owner: Registered, reading: LenientReading) -> Element:
    """The same of an item of a payload."""
    profile = owner.profile
    writing = _Writing(reading.registry)
    writing.namespace = writing.standard = profile.namespace
    writing.prefixed = bool(profile.prefix)
    binding.write(item, binding.written or name, writing)
    namespaces: dict[str | None, str] = {prefix: namespace for namespace, prefix in profile.prefixes}
    namespaces[profile.prefix or None] = profile.namespace
    around = etree.Element("around", nsmap=namespaces)
    head, tail = etree.tostring(around, encoding="unicode").removesuffix("/>") + ">", "</around>"
    writing.parts = [head, *writing.parts, tail]
    return _parsed(writing, reading.limits)[0]


def misplaced(
    source: Element, order: Element, aside: Collection[Element], seen: Collection[Element] = ()
) -> Iterator[tuple[Element, Element]]:
    """The first element out of order in each element, with the one before which it should stand.

    Args:
        source: The element that was read.
        order: What was written of it.
        aside: Elements inside the first that were kept and have no place.
        seen: Elements inside it that were looked at before, and need it no more.
    """
    pairs = [(source, order)]
    while pairs:
        read, made = pairs.pop()
        children = [child for child in read if child not in aside]
        if not children:
            continue
        places = _places(made)
        numbers: dict[str, int] = {}
        furthest, holder, found = -1, None, False
        inside: list[tuple[Element, Element]] = []
        for child in children:
            tag = str(child.tag)
            number = numbers[tag] = numbers.get(tag, -1) + 1
            of_tag = places.get(tag, ())
            if number >= len(of_tag):
                continue
            place, twin = of_tag[number]
            if len(child) and child not in seen:
                inside.append((child, twin))
            if place > furthest:
                furthest, holder = place, child
            elif not found and holder is not None and not _either_way(read, child, holder):
                found = True
                yield child, holder
        pairs += reversed(inside)


def _places(element: Element) -> dict[str, list[tuple[int, Element]]]:
    """The children of an element by name, each with its place."""
    places: dict[str, list[tuple[int, Element]]] = {}
    for place, child in enumerate(element):
        places.setdefault(str(child.tag), []).append((place, child))
    return places


def _either_way(parent: Element, one: Element, other: Element) -> bool:
    return local_name(parent.tag) == "NameType" and EITHER.issuperset((local_name(one.tag), local_name(other.tag)))


def _parsed(writing: LenientWriting, limits: Limits) -> Element:
    text = assemble(writing.parts).encode()
    root: Element = etree.fromstring(text, etree.XMLParser(encoding="utf-8", **options(limits)))
    return root
