"""The structure of every schema, from the tables in ``profiles_tables``, and documents made from nothing else.

Neither the schemas nor the generator nor the generated classes have a part in it, so what is built here is a second
opinion on all three. A table has one row for each fact; ``properties/outline.py`` says what the columns mean.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import TypeAlias

from lxml import etree

FOLDER = Path(__file__).parent / "profiles_tables"
NOUNS = sorted(path.stem for path in FOLDER.glob("*.csv"))

Element: TypeAlias = etree._Element  # pyright: ignore[reportPrivateUsage]  # lxml's element class has no other name


@dataclass(frozen=True)
class Particle:
    """A member of a type: an element, a wildcard (its name says which namespaces) or an attribute."""

    kind: str
    name: str
    type: str
    min: int
    max: int | None
    group: str


@dataclass
class Owner:
    """A complex type: its particles in order, its attributes, and what its text is if it has any."""

    particles: list[Particle] = field(default_factory=list[Particle])
    attributes: list[Particle] = field(default_factory=list[Particle])
    text: str | None = None

    def groups(self) -> Iterator[tuple[str, list[Particle]]]:
        """The particles in order, those of one choice together, with the choice's cardinality."""
        run: list[Particle] = []
        for particle in [*self.particles, None]:
            if run and (particle is None or not particle.group or particle.group != run[0].group):
                yield run[0].group, run
                run = []
            if particle is not None:
                run.append(particle)

    def particle(self, name: str) -> Particle | None:
        """The element of a name."""
        return next((one for one in self.particles if one.kind == "element" and one.name == name), None)


@dataclass(frozen=True)
class Simple:
    """A simple type: the built-in one below it, and its literals if it is an enumeration."""

    base: str
    literals: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    """An element of a document with what its table says about it; nothing inside a wildcard that nobody knows."""

    element: Element
    table: Table
    particle: Particle | None
    type: Owner | Simple


class Table:
    """One profile's table."""

    def __init__(self, noun: str) -> None:
        self.noun = noun
        self.namespace = ""
        self.roots: dict[str, str] = {}
        self.owners: dict[str, Owner] = {}
        self.simple: dict[str, Simple] = {}
        with (FOLDER / f"{noun}.csv").open(newline="", encoding="utf-8") as rows:
            for row in csv.DictReader(rows):
                self._read(row)

    def _read(self, row: dict[str, str]) -> None:
        owner, kind, name, type_ = row["owner"], row["kind"], row["name"], row["type"]
        most = None if row["max"] == "unbounded" else int(row["max"] or 1)
        particle = Particle(kind, name, type_, int(row["min"] or 0), most, row["group"])
        match kind:
            case "root" if name == "targetNamespace":
                self.namespace = type_
            case "root":
                self.roots[name] = type_ or name
            case "simple":
                self.simple[owner] = Simple(type_)
            case "enum":
                simple = self.simple[owner]
                self.simple[owner] = Simple(simple.base, (*simple.literals, name))
            case "type" | "empty":
                self.owners.setdefault(owner, Owner())
            case "extends":
                self.owners.setdefault(owner, Owner()).text = name
            case "attribute":
                self.owners.setdefault(owner, Owner()).attributes.append(particle)
            case "element" | "any":
                self.owners.setdefault(owner, Owner()).particles.append(particle)
            case _:
                raise ValueError(f"{self.noun}: a row of kind {kind}")

    def tag(self, name: str) -> str:
        """A name in the profile's namespace."""
        return f"{{{self.namespace}}}{name}"

    def path(self, owner: str, particle: Particle) -> str:
        """Where the type of an element is described."""
        return f"{owner}/{particle.name}" if particle.type == "{}" else particle.type

    def type(self, name: str) -> Owner | Simple:
        """A type by its path, its name, or its built-in name with literals behind it."""
        if name in self.owners:
            return self.owners[name]
        if name in self.simple:
            return self.simple[name]
        base, _, literals = name.partition("{")
        if not base:
            return self.owners.setdefault(name, Owner())
        return Simple(base, tuple(literals.rstrip("}").split("|")) if literals else ())

    def walk(self, root: Element) -> Iterator[Place]:
        """Every element of a valid document with its place; elements that a wildcard let in, if they are known."""
        stack: list[tuple[Element, str, Particle | None]] = [(root, self.roots[local(root)], None)]
        while stack:
            element, name, particle = stack.pop()
            kind = self.type(name)
            yield Place(element, self, particle, kind)
            for child in element:
                table = known_by_tag().get(str(child.tag))
                found = kind.particle(local(child)) if isinstance(kind, Owner) else None
                if str(child.tag).startswith(f"{{{self.namespace}}}") and found is not None:
                    stack.append((child, self.path(name, found), found))
                elif table is not None:
                    yield from table.walk(child)


@cache
def table(noun: str) -> Table:
    """A profile's table by its noun."""
    return Table(noun)


@cache
def known_by_tag() -> dict[str, Table]:
    """All tables by the qualified names of their roots."""
    return {one.tag(root): one for one in map(table, NOUNS) for root in one.roots}


def local(element: Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


# -- documents -----------------------------------------------------------------------------------------------------

TEXTS = (
    "",
    " ",
    "text",
    " two  words\t",
    "é日\U0001f50c",
    "<&>]]>\"'",
    "\r\n",
    "0.0.2.4.1.1.12",
    "2026-03-02T08:00:00Z",
)

LITERALS: dict[str, tuple[str, ...]] = {
    "xs:string": TEXTS,
    "xs:boolean": ("true", "false", "1", "0", " true "),
    "xs:integer": ("0", "-1", "+7", "0042", "123456789012345678901234567890", " 5\n"),
    "xs:decimal": ("0", "-1.50", "+.5", "7.", "00123.4500", "12345678901234567890.000000000000000001", "\t1.0"),
    "xs:float": ("0", "-0.0", "1.5", "+3.E2", "1e-7", ".5E10", "INF", "-INF", "1234.5678901", " 2.5 "),
    "xs:dateTime": (
        "2026-03-02T08:00:00Z",
        "2026-03-02T08:00:00",
        "2026-03-02T08:00:00.0000001+05:30",
        "2026-03-02T08:00:00.120-14:00",
        "2026-12-31T24:00:00Z",
        "0001-01-01T00:00:00",
        "9999-12-31T23:59:59.999999999Z",
    ),
    "xs:date": ("2026-03-02", "2026-03-02Z", "2024-02-29+14:00", "0001-01-01", "9999-12-31-00:30"),
    "xs:time": ("08:00:00", "08:00:00.5Z", "24:00:00", "23:59:59.1234567-03:30"),
    "xs:QName": ("m:Meter", "Meter", " m:_x.y-1 "),
}
"""Legal literals of each built-in type."""

DAMAGED: dict[str, tuple[str, ...]] = {
    "xs:boolean": ("", "yes", "True", "2", "true false"),
    "xs:integer": ("", "1.0", "1_0", "\u0663", "--1", "0x1", "1e3", "one", "1 0"),
    "xs:decimal": ("", ".", "1e3", "1_0", "INF", "NaN", "1,5", "\u0661.5", "1.2.3"),
    "xs:float": ("", ".", "+INF", "inf", "nan", "infinity", "1_0", "0x1p3", "1.5f", "\u0663"),
    "xs:dateTime": (
        "",
        "2026-03-02",
        "2026-02-30T00:00:00",
        "2026-03-02T08:00",
        "2026-03-02 08:00:00",
        "20260302T080000Z",
        "2026-03-02T08:00:00+15:00",
        "2026-03-02T08:00:00+0100",
        "2026-03-02T24:00:01Z",
        "2026-03-02T08:00:60Z",
        "2026-03-02T08:00:00.Z",
        "2026-03-02T08:00:00z",
        "26-03-02T08:00:00Z",
        "2026-W10-1T08:00:00",
        "\u0662026-03-02T08:00:00Z",
    ),
    "xs:date": ("", "2026-02-29", "20260302", "2026-03-02T00:00:00", "2026-3-2", "2026-03-02+15:00"),
    "xs:time": ("", "8:00:00", "08:00", "24:00:01", "08:00:00+14:01", "T08:00:00"),
    "xs:QName": ("", "undeclared:Meter", "m:", ":Meter", "a:b:c", "1x", "//m:Meter[1]"),
}
"""Literals that are none, though a programming language's own constructor takes some of them."""


class Maker:
    """Builds documents from a table.

    Args:
        made: The table.
        random: Where choices come from.
        room: How many optional elements there may be, about.
        whole: Whether every member of every type stands in the document at least once, instead of a random few.
    """

    def __init__(self, made: Table, random: Random, *, room: int = 25, whole: bool = False) -> None:
        self.table = made
        self.random = random
        self.room = room
        self.whole = whole
        self.expanded: set[str] = set()

    def document(self, root: str) -> Element:
        """A document with one of the table's roots."""
        prefix = None if self.whole else self.random.choice((None, "m", "ns0"))
        nsmap: dict[str | None, str] = {"m": "urn:example:m"}
        nsmap[prefix] = self.table.namespace
        element = etree.Element(self.table.tag(root), nsmap=nsmap)
        self.fill(element, self.table.roots[root])
        return element

    def fill(self, element: Element, name: str) -> None:
        """Give an element the content of its type."""
        kind = self.table.type(name)
        if isinstance(kind, Simple):
            element.text = self.literal(kind)
            return
        whole = self.whole and name not in self.expanded
        self.expanded.add(name)
        for attribute in kind.attributes:
            if whole or attribute.min or self.random.random() < 0.5:
                simple = self.table.type(attribute.type)
                assert isinstance(simple, Simple)
                element.set(attribute.name, self.literal(simple))
        if kind.text is not None:
            element.text = self.literal(Simple(kind.text))
        for group, particles in kind.groups():
            if not group:
                self.add(element, name, particles[0], whole)
                continue
            least, _, most = group.split()[1].partition("..")
            if most == "unbounded" and whole:
                branches = particles
            else:
                count = self.random.randint(int(least), 3 if most == "unbounded" else int(most))
                branches = [
                    self.random.choice(particles) for _ in range(count if whole or self.room > 0 else int(least))
                ]
            for branch in branches:
                self.add(element, name, branch, whole)

    def add(self, element: Element, owner: str, particle: Particle, whole: bool) -> None:
        """Add an element's children for one particle."""
        count = particle.min
        if whole:
            count = max(count, 1)
        elif self.room > 0 and not self.whole and self.random.random() < 0.35:
            count = self.random.randint(max(count, 1), max(count, 1) if particle.max == 1 else 3)
        self.room -= count
        for _ in range(count):
            if particle.kind == "any":
                element.append(self.foreign())
            else:
                child = etree.SubElement(element, self.table.tag(particle.name))
                self.fill(child, self.table.path(owner, particle))

    def foreign(self) -> Element:
        """What stands in a wildcard: a known payload, or an element that nobody knows."""
        nouns = [noun for noun in NOUNS if noun != self.table.noun]
        if self.random.random() < 0.5:
            noun = self.random.choice(nouns)
            return Maker(table(noun), self.random, room=5).document(next(iter(table(noun).roots)))
        return etree.fromstring('<v:Note xmlns:v="urn:example:v" v:a="1">  <b xmlns="">x</b> tail </v:Note>')

    def literal(self, kind: Simple) -> str:
        """A literal of a type."""
        return self.random.choice(kind.literals or LITERALS[kind.base])


def seeded(seed: int) -> Random:
    """A source of choices that makes the same ones each time."""
    return Random(seed)  # noqa: S311  # nothing is to be guarded here


def serialized(element: Element, random: Random | None = None) -> bytes:
    """A document's bytes; with a random source sometimes indented, with a comment, in another encoding."""
    if random is None or not random.randrange(2):
        return etree.tostring(element)
    etree.indent(element, random.choice(("", "  ", "\t")))
    if random.randrange(2):
        element.insert(0, etree.Comment(" made from a table "))
    encoding = random.choice(("UTF-8", "UTF-16", "ISO-8859-1"))
    return etree.tostring(element, xml_declaration=True, encoding=encoding)
