"""Makes random objects agree with the keys of their schema.

Chance meets no ``xs:keyref``. So an object is written, the values in its document are made unique or are taken from
those that they refer to, as the schema's constraints say, and it is read again. What need not be there and has nothing
to refer to is left out. Not all can be put right like that: strict writing has the last word.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from lxml import etree

from iec61968_9._verbs import REGISTRY
from iec61968_9.errors import DecodeError, EncodeError
from iec61968_9.xml.codec import Element
from iec61968_9.xml.identities import Identities
from iec61968_9.xml.layout import assemble, encoded
from iec61968_9.xml.limits import DEFAULT_LIMITS
from iec61968_9.xml.parser import parse
from iec61968_9.xml.reading import Reading
from iec61968_9.xml.record import Record
from iec61968_9.xml.validation import identities
from iec61968_9.xml.writing import Writing

__all__ = ["agreeing"]

XS = "{http://www.w3.org/2001/XMLSchema}"


@dataclass(frozen=True, slots=True)
class _Field:
    """A value that a constraint is about: an attribute, or an element's text."""

    element: Element
    attribute: str | None

    @property
    def text(self) -> str:
        """The value, as it is written: another way to write it is taken for another value, and put right."""
        return (self.element.get(self.attribute) if self.attribute else self.element.text) or ""

    def write(self, text: str) -> None:
        """Put another value there."""
        if self.attribute:
            self.element.set(self.attribute, text)
        else:
            self.element.text = text

    def remove(self) -> None:
        """Take it away."""
        parent = self.element.getparent()
        if self.attribute:
            del self.element.attrib[self.attribute]
        elif parent is not None:
            parent.remove(self.element)


def agreeing(draw: st.DrawFn, record: Record) -> Record | None:
    """An object like one, with keys that are unique and references to them; None if it cannot be."""
    found = REGISTRY.binding(type(record))
    assert found is not None  # noqa: S101  # only roots have keys
    registered, _, binding = found
    writing = Writing(REGISTRY)
    try:
        writing.root(record)
        document = parse(encoded(assemble(writing.parts)), DEFAULT_LIMITS)
        with identities(registered) as known:
            if not _agree(draw, document.top, known):
                return record
        again = parse(etree.tostring(document.top, encoding="utf-8"), DEFAULT_LIMITS)
        return binding.read(again.top, Reading(again, REGISTRY))
    except (DecodeError, EncodeError):
        return None


def _agree(draw: st.DrawFn, root: Element, known: Identities) -> bool:
    """Put the values of a document right; whether there was anything to hold them to."""
    constraints = list(known.constraints(root))
    tables: dict[str, list[tuple[str, ...]]] = {}
    for element, one in constraints:
        if one.tag != f"{XS}keyref":
            table = tables.setdefault(one.get("name", ""), [])
            own: set[tuple[str, ...]] = set()
            for row in _rows(element, one):
                first, text = row[0], row[0].text
                numbers = itertools.count(1)
                while tuple(field.text for field in row) in own:
                    first.write(f"{text}{next(numbers)}")
                own.add(tuple(field.text for field in row))
            table += own
    for element, one in constraints:
        if one.tag == f"{XS}keyref":
            table = sorted(tables.get(one.get("refer", "").rpartition(":")[2], []))
            for row in _rows(element, one):
                if tuple(field.text for field in row) in table:
                    continue
                chosen = draw(st.sampled_from(table)) if table else None
                for number, field in enumerate(row):
                    field.remove() if chosen is None else field.write(chosen[number])
    return bool(constraints)


def _rows(element: Element, constraint: Element) -> Iterator[list[_Field]]:
    """The values that a constraint is about: those of its fields, for each element that it selects and that has all."""
    prefixes = {prefix: namespace for prefix, namespace in constraint.nsmap.items() if prefix}
    selector, *fields = [one.get("xpath", "") for one in constraint.iterchildren(f"{XS}selector", f"{XS}field")]
    for selected in _found(element, selector, prefixes):
        row = [field for path in fields for field in itertools.islice(_fields(selected, path, prefixes), 1)]
        if len(row) == len(fields):
            yield row


def _fields(selected: Element, paths: str, prefixes: dict[str, str]) -> Iterator[_Field]:
    """The values that a field of a constraint means."""
    for path in paths.split("|"):
        steps, at, name = path.strip().replace("attribute::", "@").partition("@")
        for element in _found(selected, steps.rstrip("/") or ".", prefixes):
            for attribute in map(str, element.attrib) if at else ():
                prefix, _, local = name.rpartition(":")
                if attribute == (f"{{{prefixes[prefix]}}}{local}" if prefix else local):
                    yield _Field(element, attribute)
            if not at:
                yield _Field(element, None)


def _found(element: Element, path: str, prefixes: dict[str, str]) -> list[Element]:
    """The elements that a path leads to."""
    found: Any = element.xpath(path, namespaces=prefixes)
    return [one for one in found if etree.iselement(one)]
