"""Whether elements stand in the schema's order, for the report of lenient reading (T5, T23, T25, T28).

Lenient reading does not look at order, and its writing puts each element where the schema has it. So what was read is
written, and both trees are walked side by side: of the children of an element, those are out of order that are not in
the longest row which stands as it is written. What was kept aside has no place of its own and is passed over. A valid
document needs none of this, and libxml2 says quickly which one is valid.
"""

from __future__ import annotations

import itertools
from bisect import bisect
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import NamedTuple

from lxml import etree

from iec61968_9.xml.codec import Binding, Element
from iec61968_9.xml.content_model import ContentModel
from iec61968_9.xml.document import local_name
from iec61968_9.xml.layout import assemble
from iec61968_9.xml.lenient import LenientReading
from iec61968_9.xml.limits import Limits
from iec61968_9.xml.parser import options
from iec61968_9.xml.record import Kept, Record
from iec61968_9.xml.registry import Registered
from iec61968_9.xml.writing import LenientWriting, Verbatim

__all__ = ["Misplaced", "longest_row", "misplaced", "written", "written_item"]

EITHER = frozenset({"name", "description"})
"""The parts of a NameType, which the envelope's schema and the payloads' have in different orders (T23)."""


DISORDER = "{urn:iec61968-9:order}disorder"
"""The mark of an element whose children are written as they were read, and fit no content model so."""


class Misplaced(NamedTuple):
    """An element out of order.

    Attributes:
        element: The element.
        other: One that stands right, and on whose other side it belongs; None if it is not the element that is out of
            order but what stands in it, where an ordered list has that as it was read.
        is_late: Whether it stands behind that one; otherwise it stands before it.
    """

    element: Element
    other: Element | None
    is_late: bool


class _Writing(LenientWriting):
    """Lenient writing without what says nothing."""

    def keep(self, kept: Kept, start: int) -> None:
        """Put back what was kept."""
        super().keep(replace(kept, absent=()), start)

    def hold(self, record: object, order: Sequence[str], model: ContentModel) -> None:
        """Mark what does not fit its content model."""
        if not model.fits(order):
            start = self.opened()
            namespace, _, local = DISORDER[1:].partition("}")
            self.parts[start] = f'{self.parts[start][:-1]} xmlns:order="{namespace}" order:{local}="">'

    def opened(self) -> int:
        """The part that begins the element that is being written."""
        depth = 0
        for index in range(len(self.parts) - 1, 0, -1):
            part = self.parts[index]
            if part.startswith("</"):
                depth += 1
            elif part.startswith("<") and not isinstance(part, Verbatim) and "</" not in part and part[-2:] != "/>":
                if not depth:
                    return index
                depth -= 1
        return 0


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
) -> Iterator[Misplaced]:
    """The fewest elements that must move for all to stand in order.

    What stands side by side and has one name moves together: the first of it is given.

    Args:
        source: The element that was read.
        order: What was written of it.
        aside: Elements inside the first that were kept and have no place.
        seen: Elements inside it that were looked at before, and need it no more.
    """
    pairs = [(source, order)]
    while pairs:
        read, made = pairs.pop()
        if made.get(DISORDER) is not None:
            yield Misplaced(read, None, is_late=False)
        children = [child for child in read if child not in aside]
        if not children:
            continue
        places = _places(made)
        numbers: dict[str, int] = {}
        placed: list[tuple[int, Element]] = []
        inside: list[tuple[Element, Element]] = []
        last = ""
        for child in children:
            tag = str(child.tag)
            number = numbers[tag] = numbers.get(tag, -1) + 1
            of_tag = places.get(tag, ())
            if number >= len(of_tag):
                continue
            place, twin = of_tag[number]
            if len(child) and child not in seen:
                inside.append((child, twin))
            if tag != last:
                placed.append((place, child))
                last = tag
        yield from _out_of_order(placed)
        pairs += reversed(inside)


def _out_of_order(placed: list[tuple[int, Element]]) -> Iterator[Misplaced]:
    """Those of some elements, each with its place, that must move for the rest to be the longest row in order."""
    places = [place for place, _ in placed]
    if all(one <= other for one, other in itertools.pairwise(places)):
        return
    wanted = longest_row(places)
    kept = [(place, element) for (place, element), stays in zip(placed, wanted, strict=True) if stays]
    before = 0
    for (place, element), stays in zip(placed, wanted, strict=True):
        if stays:
            before += 1
            continue
        belongs = bisect(kept, place, key=itemgetter(0))
        if belongs < before:
            yield Misplaced(element, kept[belongs][1], is_late=True)
        else:
            yield Misplaced(element, kept[belongs - 1][1], is_late=False)


def longest_row(places: list[int]) -> list[bool]:
    """Which numbers make the longest row that does not fall; of several such rows, the one that begins first."""
    lengths: list[int] = []
    ends: list[int] = []
    for place in reversed(places):
        length = bisect(ends, -place)
        ends[length : length + 1] = [-place]
        lengths.append(length + 1)
    wanted, least = len(ends), -1
    row: list[bool] = []
    for place, length in zip(places, reversed(lengths), strict=True):
        stays = length == wanted and place >= least
        if stays:
            wanted, least = wanted - 1, place
        row.append(stays)
    return row


def _places(element: Element) -> dict[str, list[tuple[int, Element]]]:
    """The children of an element by name, each with its place."""
    places: dict[str, list[tuple[int, Element]]] = {}
    either = None
    for place, child in enumerate(element):
        at = place
        if local_name(element.tag) == "NameType" and local_name(child.tag) in EITHER:
            at = either = place if either is None else either
        places.setdefault(str(child.tag), []).append((at, child))
    return places


def _parsed(writing: LenientWriting, limits: Limits) -> Element:
    text = assemble(writing.parts).encode()
    root: Element = etree.fromstring(text, etree.XMLParser(encoding="utf-8", **options(limits)))
    return root
