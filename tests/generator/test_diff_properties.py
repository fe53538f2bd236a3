"""What the comparison promises, held to libxml2 on random schemas, random changes of them and random documents.

If nothing is said to break writers, every document by the old schema is valid by the new one; if nothing is said to
break readers, the other way round. A change that only writes the same otherwise is harmless.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import etree

from iec61968_9_generator import diff
from iec61968_9_generator.diff import expression as ex

SCHEMAS = Path(__file__).parents[2] / "xsd"
DOCUMENTS = 12


@dataclass(frozen=True)
class Value:
    """A kind of values, with some of them."""

    base: str
    facets: tuple[tuple[str, str], ...] = ()
    samples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Item:
    """An element of a content."""

    name: str
    least: int
    most: int | None
    kind: Kind


@dataclass(frozen=True)
class Group:
    """A sequence or choice."""

    what: str
    least: int
    most: int | None
    parts: tuple[Item | Group, ...]


@dataclass(frozen=True)
class Kind:
    """A type: a value or a content, and attributes by name with whether they are required."""

    value: Value | None = None
    content: Group | None = None
    attributes: tuple[tuple[str, bool, Value], ...] = field(default=())


Part: TypeAlias = "Item | Group"

VALUES = (
    Value("string", (), ("", "a", " x  y ", "1")),
    Value("token", (), ("", "a b", " c ")),
    Value("string", (("enumeration", "x"), ("enumeration", "y")), ("x", "y")),
    Value("string", (("enumeration", "y"), ("enumeration", "z")), ("y", "z")),
    Value("token", (("enumeration", "x"),), ("x", " x ")),
    Value("string", (("maxLength", "3"),), ("", "abc")),
    Value("string", (("minLength", "1"), ("maxLength", "3")), ("a", "abc")),
    Value("string", (("pattern", "[a-z]+"),), ("a", "abc")),
    Value("token", (("pattern", "[a-z]+"), ("maxLength", "3")), ("ab", " abc ")),
    Value("int", (), ("0", "-7", "+12", " 5 ", "2147483647")),
    Value("integer", (), ("0", "99999999999999999999")),
    Value("unsignedByte", (), ("0", "255")),
    Value("int", (("minInclusive", "3"), ("maxExclusive", "10")), ("3", "9")),
    Value("int", (("minExclusive", "3"),), ("4", "11")),
    Value("decimal", (), ("1.5", "-0.25", "7", ".5")),
    Value("decimal", (("fractionDigits", "1"),), ("1.5", "2")),
    Value("decimal", (("enumeration", "1"), ("enumeration", "2.5")), ("1", "1.0", "2.50")),
    Value("double", (), ("1e5", "INF", "-2.5")),
    Value("float", (), ("1e5", "NaN")),
    Value("boolean", (), ("true", "0")),
    Value("dateTime", (), ("2026-03-02T08:00:00Z", "2026-03-02T08:00:00.5+01:00")),
    Value("date", (), ("2026-03-02",)),
    Value("NMTOKEN", (), ("a", "1.2")),
    Value("NCName", (), ("a", "a1")),
    Value("anyURI", (), ("http://a/b", "a")),
)
values = st.sampled_from(VALUES)
bounds = st.sampled_from([(0, 1), (1, 1), (0, None), (1, None), (2, 3), (0, 5)])
around = st.sampled_from([(0, 1), (1, 1)])
"""How often groups are there: libxml2 refuses some valid documents where what may be empty repeats in a repetition."""


@st.composite
def kinds(draw: st.DrawFn, depth: int = 2) -> Kind:
    names = draw(st.lists(st.sampled_from(["p", "q"]), unique=True, max_size=2))
    attributes = tuple((name, draw(st.booleans()), draw(values)) for name in names)
    if depth == 0 or draw(st.booleans()):
        return Kind(draw(values), None, attributes)
    return Kind(None, draw(groups(depth)), attributes)


@st.composite
def groups(draw: st.DrawFn, depth: int) -> Group:
    """A content in which each name stands once, so that it is deterministic."""
    names = draw(st.lists(st.sampled_from("abcdef"), unique=True, min_size=1, max_size=5))
    parts: list[Part] = [Item(name, *draw(bounds), draw(kinds(depth - 1))) for name in names]
    while len(parts) > 1 and draw(st.booleans()):
        at = draw(st.integers(0, len(parts) - 2))
        upto = draw(st.integers(at + 1, len(parts)))
        parts[at:upto] = [Group(draw(st.sampled_from(["sequence", "choice"])), *draw(around), tuple(parts[at:upto]))]
    return Group(draw(st.sampled_from(["sequence", "sequence", "choice"])), 1, 1, tuple(parts))


# -- changes ---------------------------------------------------------------------------------------------------------


def changed(kind: Kind, data: st.DataObject, depth: int = 0) -> Kind:
    """A type with one change somewhere in it."""
    what = data.draw(st.sampled_from(["value", "attributes", "content", "inside", "inside"]))
    if what == "attributes":
        more = [one for one in kind.attributes if one[0] != "p"]
        return replace(
            kind,
            attributes=(
                *more,
                *data.draw(st.sampled_from([(), (("p", data.draw(st.booleans()), data.draw(values)),)])),
            ),
        )
    if kind.content is None or what == "value":
        return replace(kind, value=data.draw(values), content=None)
    if what == "inside" and depth < 3:
        return replace(kind, content=inside(kind.content, data, depth))
    return replace(kind, content=rearranged(kind.content, data))


def inside(group: Group, data: st.DataObject, depth: int) -> Group:
    at = data.draw(st.integers(0, len(group.parts) - 1))
    part = group.parts[at]
    made = (
        inside(part, data, depth)
        if isinstance(part, Group)
        else replace(part, kind=changed(part.kind, data, depth + 1))
    )
    return replace(group, parts=(*group.parts[:at], made, *group.parts[at + 1 :]))


def rearranged(group: Group, data: st.DataObject) -> Group:
    parts = list(group.parts)
    at = data.draw(st.integers(0, len(parts) - 1))
    what = data.draw(st.sampled_from(["bounds", "remove", "add", "swap", "kind", "wrap"]))
    if what == "bounds":
        least, most = data.draw(bounds if isinstance(parts[at], Item) else around)
        parts[at] = replace(parts[at], least=least, most=most)
    elif what == "remove" and len(parts) > 1:
        del parts[at]
    elif what == "add":
        parts.insert(at, Item("new", *data.draw(bounds), Kind(data.draw(values))))
    elif what == "swap":
        other = data.draw(st.integers(0, len(parts) - 1))
        parts[at], parts[other] = parts[other], parts[at]
    elif what == "wrap":
        parts[at] = Group(data.draw(st.sampled_from(["sequence", "choice"])), *data.draw(around), (parts[at],))
    else:
        return replace(group, what="choice" if group.what == "sequence" else "sequence")
    return replace(group, parts=tuple(parts))


# -- schemas and documents -------------------------------------------------------------------------------------------


class Printer:
    """Writes a type as a schema; ``style`` says which of the ways that mean the same."""

    def __init__(self, style: random.Random | None) -> None:
        self.style = style
        self.globals: list[str] = []

    def often(self) -> bool:
        return self.style is not None and self.style.random() < 0.5

    def schema(self, kind: Kind) -> str:
        root = self.element(Item("Root", 1, 1, kind), is_global=True)
        body = root + "".join(self.globals)
        return (
            '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t" '
            f'elementFormDefault="qualified">{body}</xs:schema>'
        )

    def name(self) -> str:
        return f"N{len(self.globals)}"

    def element(self, item: Item, *, is_global: bool = False) -> str:
        occurs = "" if is_global else self.occurs(item.least, item.most)
        if item.kind.value is not None and not item.kind.attributes and not item.kind.value.facets:
            return f'<xs:element name="{item.name}" type="xs:{item.kind.value.base}"{occurs}/>'
        if self.often():
            self.globals.append("")
            at, name = len(self.globals) - 1, self.name()
            self.globals[at] = self.type(item.kind, f' name="{name}"')
            return f'<xs:element name="{item.name}" type="t:{name}"{occurs}/>'
        return f'<xs:element name="{item.name}"{occurs}>{self.type(item.kind, "")}</xs:element>'

    def occurs(self, least: int, most: int | None) -> str:
        return f' minOccurs="{least}" maxOccurs="{"unbounded" if most is None else most}"'

    def type(self, kind: Kind, name: str) -> str:
        if kind.value is not None and not kind.attributes:
            return self.simple(kind.value, name)
        attributes = "".join(
            f'<xs:attribute name="{one}"{" use=" + chr(34) + "required" + chr(34) if required else ""}>'
            f"{self.simple(value, '')}</xs:attribute>"
            for one, required, value in kind.attributes
        )
        if attributes and self.often():
            self.globals.append("")
            at, group = len(self.globals) - 1, self.name()
            self.globals[at] = f'<xs:attributeGroup name="{group}">{attributes}</xs:attributeGroup>'
            attributes = f'<xs:attributeGroup ref="t:{group}"/>'
        if kind.value is not None:
            self.globals.append("")
            at, base = len(self.globals) - 1, self.name()
            self.globals[at] = self.simple(kind.value, f' name="{base}"')
            inner = f'<xs:simpleContent><xs:extension base="t:{base}">{attributes}</xs:extension></xs:simpleContent>'
            return f"<xs:complexType{name}>{inner}</xs:complexType>"
        assert kind.content is not None
        return f"<xs:complexType{name}>{self.group(kind.content)}{attributes}</xs:complexType>"

    def simple(self, value: Value, name: str) -> str:
        facets = "".join(f'<xs:{facet} value="{text}"/>' for facet, text in value.facets)
        return f'<xs:simpleType{name}><xs:restriction base="xs:{value.base}">{facets}</xs:restriction></xs:simpleType>'

    def group(self, group: Group) -> str:
        parts = "".join(self.group(one) if isinstance(one, Group) else self.element(one) for one in group.parts)
        text = f"<xs:{group.what}{{}}>{parts}</xs:{group.what}>"
        if self.often():
            self.globals.append("")
            at, name = len(self.globals) - 1, self.name()
            self.globals[at] = f'<xs:group name="{name}">{text.format("")}</xs:group>'
            return f'<xs:group ref="t:{name}"{self.occurs(group.least, group.most)}/>'
        return text.format(self.occurs(group.least, group.most))


def document(name: str, kind: Kind, dice: random.Random) -> str:
    """A random document of a type."""
    attributes = "".join(
        f' {one}="{dice.choice(value.samples)}"'
        for one, required, value in kind.attributes
        if required or dice.random() < 0.5
    )
    inside = dice.choice(kind.value.samples) if kind.value is not None else content(kind.content, dice)
    return f"<{name}{attributes}>{inside}</{name}>"


def content(part: Part | None, dice: random.Random) -> str:
    if part is None:
        return ""
    most = part.least + 2 if part.most is None else part.most
    texts: list[str] = []
    for _ in range(dice.randint(part.least, most)):
        if isinstance(part, Item):
            texts.append(document(part.name, part.kind, dice))
        elif part.what == "choice":
            texts.append(content(dice.choice(part.parts), dice))
        else:
            texts += [content(one, dice) for one in part.parts]
    return "".join(texts)


def compiled(text: str) -> etree.XMLSchema:
    try:
        return etree.XMLSchema(etree.fromstring(text))
    except etree.XMLSchemaParseError:
        assume(condition=False)
        raise


def documents(kind: Kind, schema: etree.XMLSchema, seed: int) -> list[etree._Element]:  # pyright: ignore[reportPrivateUsage]  # lxml's class has no other name
    """Random documents; each is valid by its own schema."""
    dice = random.Random(seed)  # noqa: S311  # no secret
    roots = [
        etree.fromstring(document("Root", kind, dice).replace("<Root", '<Root xmlns="urn:t"', 1))
        for _ in range(DOCUMENTS)
    ]
    for root in roots:
        schema.assertValid(root)
    return roots


@settings(max_examples=60)
@given(kinds(), st.data(), st.integers(0, 1000), st.integers(1, 2))
def test_what_is_not_said_to_break_does_not_break(
    tmp_path_factory: pytest.TempPathFactory, kind: Kind, data: st.DataObject, seed: int, changes: int
) -> None:
    other = kind
    for _ in range(changes):
        other = changed(other, data)
    style = random.Random(seed)  # noqa: S311  # no secret
    texts = [Printer(style).schema(kind), Printer(None).schema(other)]
    schemas = [compiled(text) for text in texts]
    folder = tmp_path_factory.mktemp("diff")
    paths = [folder / "old.xsd", folder / "new.xsd"]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    broken = {side for one in diff.compare(*paths) for side in one.breaks}
    old, new = (documents(one, schema, seed) for one, schema in zip((kind, other), schemas, strict=True))
    if "writers" not in broken:
        for root in old:
            assert schemas[1].validate(root), schemas[1].error_log
    if "readers" not in broken:
        for root in new:
            assert schemas[0].validate(root), schemas[0].error_log


@settings(max_examples=60)
@given(kinds(), st.integers(0, 1000))
def test_what_is_only_written_otherwise_is_harmless(
    tmp_path_factory: pytest.TempPathFactory, kind: Kind, seed: int
) -> None:
    """Types with names or without, groups, groups of attributes: all the same to a document."""
    folder = tmp_path_factory.mktemp("diff")
    (folder / "old.xsd").write_text(Printer(None).schema(kind), encoding="utf-8")
    style = random.Random(seed)  # noqa: S311  # no secret
    (folder / "new.xsd").write_text(Printer(style).schema(kind), encoding="utf-8")
    assert {side for one in diff.compare(folder / "old.xsd", folder / "new.xsd") for side in one.breaks} == set()
    assert diff.compare(folder / "new.xsd", folder / "new.xsd") == []


def expression(group: Part) -> ex.Expression:
    """A content as the comparison sees it."""
    if isinstance(group, Item):
        return ex.rep(ex.Name(group.name), group.least, group.most)
    parts = [expression(part) for part in group.parts]
    return ex.rep(ex.seq(*parts) if group.what == "sequence" else ex.alt(parts), group.least, group.most)


def plain(group: Group) -> Group:
    """The same content with empty elements."""
    empty = Kind(Value("string", (), ("",)))
    parts = tuple(plain(one) if isinstance(one, Group) else replace(one, kind=empty) for one in group.parts)
    return replace(group, parts=parts)


@settings(max_examples=60)
@given(groups(1), groups(1))
def test_an_example_is_valid_by_one_schema_and_not_by_the_other(one: Group, other: Group) -> None:
    """And where there is none, no document of the first is refused by the second."""
    one, other = plain(one), plain(other)
    kinds = [Kind(None, group) for group in (one, other)]
    schemas = [compiled(Printer(None).schema(kind)) for kind in kinds]
    found = ex.counterexample(expression(one), expression(other))
    if found is None:
        for root in documents(kinds[0], schemas[0], 1):
            assert schemas[1].validate(root)
    else:
        inside = "".join(f"<{name}/>" for name in found)
        root = etree.fromstring(f'<Root xmlns="urn:t">{inside}</Root>')
        assert schemas[0].validate(root)
        assert not schemas[1].validate(root)


def test_the_library_s_own_schemas_do_not_differ_from_themselves() -> None:
    assert diff.compare(SCHEMAS, SCHEMAS) == []
