"""Random departures of a document from its schema, and what lenient reading promises whatever they are.

A departure knows nothing of the schema: it moves, adds, takes away, renames and respells at random. Most of what comes
of several is far from any message that was ever sent; the promises hold all the same.
"""

from __future__ import annotations

import copy
import random
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from lxml import etree
from tests.fuzz.documents import equal
from tests.fuzz.lenient import all_that_is_said
from tests.verbs.support import REMARKS, XSI

from iec61968_9 import DecodeError, Record, Report, SchemaIssue, from_xml, to_xml, validate

if TYPE_CHECKING:
    from tests.verbs.support import Element

    Departure: TypeAlias = Callable[[random.Random, Element], None]

__all__ = ["departed", "hold"]

NAMES = ("timeZone", "vendor", "mRID")
TEXTS = ("stray", "\xa0", " 1 ", "?", "a\r\nb", "]]>")
PLACEHOLDERS = ("?", "String", "NONE", "None", "Default", "", " ? ", "false")
ATTRIBUTES = ("colour", "{urn:x}b", "{http://www.w3.org/XML/1998/namespace}lang", "ref", "kind")


def elements(root: Element) -> list[Element]:
    return list(root.iter("*"))


def leaves(root: Element) -> list[Element]:
    return [one for one in root.iter("*") if next(one.iterchildren("*"), None) is None]


def inner(root: Element) -> list[Element]:
    """All but the root; the root where there is nothing else."""
    return elements(root)[1:] or [root]


def name_in(namespace: str, local: str) -> str:
    return f"{{{namespace}}}{local}" if namespace else local


def namespace_of(element: Element) -> str:
    return etree.QName(element).namespace or ""


def put(chance: random.Random, parent: Element, element: Element) -> None:
    element.tail = None
    parent.insert(chance.randint(0, len(parent)), element)


def shuffle(chance: random.Random, root: Element) -> None:
    """The children of an element in another order."""
    element = chance.choice(elements(root))
    children = list(element)
    chance.shuffle(children)
    element[:] = children


def add_element(chance: random.Random, root: Element) -> None:
    """An element that the schema may not know."""
    parent = chance.choice(elements(root))
    namespace = chance.choice([namespace_of(parent), "", "urn:x"])
    made = etree.Element(name_in(namespace, chance.choice(NAMES)))
    made.text = chance.choice(["v", "?", None, " a "])
    if chance.random() < 0.5:
        within = etree.SubElement(made, name_in(chance.choice([namespace, "urn:y"]), "inner"))
        within.text, within.tail = "t", chance.choice([None, "tail"])
    put(chance, parent, made)


def add_attribute(chance: random.Random, root: Element) -> None:
    chance.choice(elements(root)).set(chance.choice(ATTRIBUTES), chance.choice(["", "x", "a:b", "1"]))


def add_hint(chance: random.Random, root: Element) -> None:
    """What is silent: a type that nobody knows, a comment, an instruction."""
    element = chance.choice(elements(root))
    element.set(f"{{{XSI}}}type", "unknown")
    put(chance, element, chance.choice([etree.Comment("c"), etree.ProcessingInstruction("pi", "x")]))


def add_text(chance: random.Random, root: Element) -> None:
    element, text = chance.choice(elements(root)), chance.choice(TEXTS)
    if len(element) and chance.random() < 0.6:
        child = chance.choice(list(element))
        child.tail = (child.tail or "") + text
    else:
        element.text = (element.text or "") + text


def placeholder(chance: random.Random, root: Element) -> None:
    chance.choice(leaves(root)).text = chance.choice(PLACEHOLDERS)


def respell(chance: random.Random, root: Element) -> None:
    """A value in other letters, with a blank for a T, or with white space around it."""
    leaf = chance.choice(leaves(root))
    text = leaf.text or ""
    leaf.text = chance.choice([text.upper(), text.lower(), text.title(), text.replace("T", " "), f"\n {text}\t"])


def take_away(chance: random.Random, root: Element) -> None:
    element = chance.choice(inner(root))
    parent = element.getparent()
    if parent is not None:
        element.tail = None
        parent.remove(element)


def double(chance: random.Random, root: Element) -> None:
    """An element once more, there or somewhere else."""
    element = chance.choice(inner(root))
    parent = element.getparent() if chance.random() < 0.7 else chance.choice(elements(root))
    if parent is not None:
        put(chance, parent, copy.deepcopy(element))


def empty(chance: random.Random, root: Element) -> None:
    """An element without its content, or an empty one beside it."""
    element = chance.choice(inner(root))
    parent = element.getparent()
    if chance.random() < 0.5 or parent is None:
        element[:] = []
        element.text = chance.choice([None, "  "])
    else:
        put(chance, parent, etree.Element(element.tag))


def rename(chance: random.Random, root: Element) -> None:
    """An element, or also what is in it, in another namespace; or its name in other letters."""
    element = chance.choice(elements(root))
    old, new = namespace_of(element), chance.choice(["", "urn:x", namespace_of(root)])
    local = etree.QName(element).localname
    if chance.random() < 0.4:
        element.tag = name_in(old, chance.choice([local.lower(), local.upper(), local[0].swapcase() + local[1:]]))
        return
    for one in elements(element) if chance.random() < 0.5 else [element]:
        if namespace_of(one) == old:
            one.tag = name_in(new, etree.QName(one).localname)


def nest(chance: random.Random, root: Element) -> None:
    """A value inside an element inside the element."""
    leaf = chance.choice(leaves(root))
    within = etree.SubElement(leaf, name_in(namespace_of(leaf), chance.choice(NAMES)))
    within.text, leaf.text = leaf.text, chance.choice([None, "x"])


DEPARTURES: list[Departure] = [
    shuffle, add_element, add_attribute, add_hint, add_text, placeholder, respell, take_away, double, empty, rename,
    nest,
]  # fmt: skip
QUIET = {add_hint, empty, placeholder, double, nest, respell}
"""Departures that a schema may refuse and the rules of real systems let pass: shells, hints, values that are empty."""


def departed(data: bytes, seed: int, count: int) -> tuple[bytes, bool]:
    """A document after some departures, and whether each of them that the schema refuses must be on a report."""
    chance = random.Random(seed)  # noqa: S311  # no secret
    root = etree.fromstring(data)
    chosen = [chance.choice(DEPARTURES) for _ in range(count)]
    for departure in chosen:
        departure(chance, root)
    return etree.tostring(root, encoding="utf-8"), QUIET.isdisjoint(chosen)


def hold(source: bytes, *, loud: bool) -> tuple[Record, Report] | None:
    """What a document means and what was tolerated, held to all promises; None if it is refused, as it may be."""
    report = Report()
    try:
        found = from_xml(source, mode="lenient", report=report)
    except DecodeError:
        return None
    wrong = any(one.kind.startswith("namespace") for one in report)  # which is put right
    said = all_that_is_said(source, local=wrong)
    for pretty in (False, True):
        written = to_xml(found, mode="lenient", pretty=pretty)
        assert all_that_is_said(written, local=wrong) == said
        assert equal(from_xml(written, mode="lenient"), found)
    assert equal(from_xml(source, mode="lenient"), found), "a report changes nothing"
    for one in report:
        assert one.path.startswith("/")
        assert one.line is not None
        assert len(str(one)) < 1_000
    departures = issues(source)
    if departures and loud and not says_nothing_much(source):
        assert len(report) > 0, departures
    if not departures:
        assert {one.kind for one in report} <= REMARKS, str(report)
    return found, report


def issues(source: bytes) -> list[SchemaIssue] | list[str]:
    """Why strict reading refuses a document; empty if it does not."""
    try:
        return validate(source)
    except DecodeError as error:
        return [str(error)]


def says_nothing_much(source: bytes) -> bool:
    """Whether a document has empty elements, which are absent and so in no order."""
    return any(not len(one) and not (one.text or "").strip() for one in etree.fromstring(source).iter("*"))


def findings(report: Report) -> Counter[tuple[str, str, int | None, str]]:
    """The findings of a report, as a stream and a whole reading have to agree on them."""
    return Counter((one.kind, one.path.replace("[1]", ""), one.line, one.message) for one in report)
