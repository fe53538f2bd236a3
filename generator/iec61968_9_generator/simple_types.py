"""Reads simple types into the model: restrictions with their facets, lists, unions, and which of them are enumerations.

A restriction of texts (``xs:string``, what derives from it, and ``xs:anyURI``) to a closed list is an enumeration, and
so is one that derives from it; its literals are those that hold all facets. On any other base ``xs:enumeration`` is a
facet like the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Protocol
from xml.sax.saxutils import quoteattr

from lxml import etree
from xsdata.models import xsd
from xsdata.models.mixins import ElementBase

from iec61968_9_generator.documents import FACETS, Note
from iec61968_9_generator.errors import Place, UnsupportedError
from iec61968_9_generator.model import (
    Builtin,
    ListOf,
    Restriction,
    Shape,
    SimpleType,
    Type,
    TypeRef,
    UnionOf,
)

__all__ = [
    "BUILTINS",
    "IDENTITIES",
    "Owner",
    "builtins",
    "narrowed",
    "python_name",
    "read",
    "references",
    "white_space",
]

TEXTS: Final = frozenset({"string", "normalizedString", "token", "language", "Name", "NCName", "NMTOKEN", "anyURI"})
"""The built-ins whose enumerations are classes."""

BUILTINS: Final = (
    TEXTS
    | {"NMTOKENS", "QName", "anySimpleType", "base64Binary", "boolean", "byte", "date", "dateTime", "decimal", "double"}
    | {"duration", "float", "gDay", "gMonth", "gMonthDay", "gYear", "gYearMonth", "hexBinary", "int", "integer", "long"}
    | {"ID", "IDREF", "IDREFS"}
    | {"negativeInteger", "nonNegativeInteger", "nonPositiveInteger", "positiveInteger", "short", "time"}
    | {"unsignedByte", "unsignedInt", "unsignedLong", "unsignedShort"}
)
"""The built-in types that codecs can read and write."""

IDENTITIES: Final = ("ID", "IDREF", "IDREFS")
"""The built-ins whose values depend on others in the document."""

WHITE_SPACE: Final = {"string": "preserve", "anySimpleType": "preserve", "normalizedString": "replace"}
"""What becomes of white space in a built-in; in all others it is collapsed."""


class Owner(Protocol):
    """What holds the types of a schema while it is read."""

    types: dict[str, Type]

    def resolve(self, name: str | None, node: ElementBase, place: Place) -> TypeRef:
        """The type that a QName in the schema means."""
        ...

    def simple(self, path: str) -> SimpleType:
        """A simple type, read if it was not before."""
        ...

    def note(self, node: ElementBase) -> Note:
        """What is known of a node."""
        ...


def read(declared: xsd.SimpleType, path: str, owner: Owner) -> SimpleType:
    """The model of a simple type; the enumerations that stand inside it without a name are added to the owner's types.

    Raises:
        UnsupportedError: It is made of something that codecs cannot read and write.
    """
    return _Reader(declared, path, owner).read()


def narrowed(restriction: xsd.Restriction, base: TypeRef, path: str, owner: Owner) -> TypeRef:
    """The type of a text that is restricted further; one that comes of it is added to the owner's types.

    Args:
        restriction: What restricts it.
        base: The type of the text.
        path: The path of a type that comes of it.
        owner: What holds the types.

    Raises:
        UnsupportedError: It is made of something that codecs cannot read and write.
    """
    return _Reader(xsd.SimpleType(), path, owner).narrowed(restriction, base)


@dataclass(slots=True)
class _Made:
    """What part of a simple type comes to."""

    shape: Shape
    base: str
    white_space: str
    literals: tuple[str, ...] = ()
    words: Mapping[str, str] | None = None


class _Reader:
    """Reads one simple type."""

    def __init__(self, declared: xsd.SimpleType, path: str, owner: Owner) -> None:
        self.declared = declared
        self.path = path
        self.owner = owner

    def place(self, node: ElementBase) -> Place:
        """Where a node stands."""
        return self.owner.note(node).place

    def read(self) -> SimpleType:
        """The model of it."""
        made = self.made(self.declared)
        return self.typed(made, self.path, self.declared)

    def typed(self, made: _Made, path: str, declared: ElementBase) -> SimpleType:
        """A type of a path of its own."""
        return SimpleType(
            path=path,
            base=made.base,
            shape=made.shape,
            literals=made.literals,
            white_space=made.white_space,
            cim=self.owner.note(declared).cim,
            words=self.owner.note(declared).words,
            literal_words=dict(made.words or {}),
            place=self.place(declared),
        )

    def made(self, declared: xsd.SimpleType) -> _Made:
        """What a declaration comes to."""
        if declared.restriction is not None:
            return self.restricted(declared.restriction)
        if declared.list is not None:
            return self.listed(declared.list)
        assert declared.union is not None  # noqa: S101  # libxml2 would have refused it
        return self.united(declared.union)

    def named(self, name: str, node: ElementBase) -> _Made:
        """What a type that is referred to comes to."""
        place = self.place(node)
        return self.referred(self.owner.resolve(name, node, place))

    def narrowed(self, restriction: xsd.Restriction, base: TypeRef) -> TypeRef:
        """The type of a text that is restricted further."""
        if restriction.simple_type is not None:
            made = self.made(restriction.simple_type)
        elif not dict(_facets(restriction)):
            return base
        else:
            made = self.referred(base)
        self.owner.types[self.path] = self.typed(self.faceted(restriction, made), self.path, restriction)
        return self.path

    def referred(self, reference: TypeRef) -> _Made:
        """The same, when it was resolved."""
        if isinstance(reference, Builtin):
            return _Made(reference, reference.name, white_space(reference.name))
        found = self.owner.simple(reference)
        return _Made(reference, found.base, found.white_space, found.literals, found.literal_words)

    def part(self, declared: xsd.SimpleType, step: str) -> Shape:
        """The shape of an anonymous type inside this one; an enumeration gets a path, and so a class."""
        made = self.made(declared)
        if not made.literals:
            return made.shape
        path = f"{self.path}/{step}"
        while path in self.owner.types:
            path += "+another"  # which is no name for a class, so that people have to find one
        self.owner.types[path] = self.typed(made, path, declared)
        return path

    def restricted(self, restriction: xsd.Restriction) -> _Made:
        """A restriction."""
        if restriction.simple_type is not None:
            base = self.made(restriction.simple_type)
        else:
            base = self.named(str(restriction.base), restriction)
        return self.faceted(restriction, base)

    def faceted(self, restriction: xsd.Restriction, base: _Made) -> _Made:
        """A type with the facets of a restriction."""
        place = self.place(restriction)
        facets = dict(_facets(restriction))
        spaces = facets.get("whiteSpace", (base.white_space,))[0]
        if not facets:
            return _Made(base.shape, base.base, base.white_space, base.literals, base.words)
        if base.base == "QName":
            raise UnsupportedError(f"{', '.join(f'xs:{name}' for name in facets)} on xs:QName", place)
        if base.base in TEXTS and (base.literals or "enumeration" in facets):
            nodes = sorted(restriction.enumerations, key=lambda node: node.index)
            words = {
                _normalised(str(node.value), spaces): said for node in nodes if (said := self.owner.note(node).words)
            }
            candidates = tuple(_normalised(one, spaces) for one in facets.pop("enumeration", base.literals))
            literals = tuple(_holding(dict.fromkeys(candidates), base.base, facets))
            if not literals:
                raise UnsupportedError("an enumeration of which no literal holds the other facets", place)
            return _Made(base.shape, base.base, spaces, literals, words or base.words)
        if "enumeration" in facets:
            facets["enumeration"] = tuple(_normalised(one, spaces) for one in facets["enumeration"])
        return _Made(Restriction(base.shape, tuple(facets.items())), base.base, spaces)

    def listed(self, declared: xsd.List) -> _Made:
        """A list."""
        if declared.simple_type is not None:
            item = self.part(declared.simple_type, "item")
        else:
            item = self.named(declared.item_type, declared).shape
        self.refuse(item, "a list of", declared, "QName", "ID")
        return _Made(ListOf(item), "", "collapse")

    def united(self, declared: xsd.Union) -> _Made:
        """A union: the members that are named, then those that stand inside."""
        members = [self.named(name, declared).shape for name in (declared.member_types or "").split()]
        inside = sorted(declared.simple_types, key=lambda node: node.index)
        members += [self.part(one, "literal") for one in inside]
        for member in members:
            self.refuse(member, "a union with", declared, "QName", *IDENTITIES)
        return _Made(UnionOf(tuple(members)), "", "preserve")

    def refuse(self, shape: Shape, construct: str, node: ElementBase, *names: str) -> None:
        """Refuse what is made of built-ins that may not stand there.

        The prefixes of qualified names could not be declared, and what is an ID or refers to one must be told by type.
        """
        place = self.place(node)
        for name in names:
            if name in builtins(shape, self.owner):
                raise UnsupportedError(f"{construct} xs:{name}", place)


def _facets(restriction: xsd.Restriction) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The facets of one restriction, by name."""
    for name in FACETS:
        if name == "pattern":
            values = [one.value for one in sorted(restriction.patterns, key=lambda node: node.index)]
        elif name == "enumeration":
            values = [one.value for one in sorted(restriction.enumerations, key=lambda node: node.index)]
        else:
            facet = getattr(restriction, python_name(name))
            values = [] if facet is None else [str(facet.value).strip()]
        if values:
            yield name, tuple(str(value) for value in values)


def python_name(name: str) -> str:
    """A facet as Python spells it: ``maxLength`` is ``max_length``."""
    return re.sub(r"([A-Z])", r"_\1", name).lower()


def white_space(builtin: str) -> str:
    """What becomes of white space in the texts of a built-in."""
    return WHITE_SPACE.get(builtin, "collapse")


def _normalised(text: str, spaces: str) -> str:
    """A text after white space processing."""
    if spaces == "preserve":
        return text
    text = re.sub("[\t\n\r]", " ", text)
    return text if spaces == "replace" else re.sub(" +", " ", text).strip(" ")


def _holding(literals: Mapping[str, None], base: str, facets: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """The literals that hold all facets, in libxml2's eyes."""
    inner = "".join(f"<xs:{name} value={quoteattr(value)}/>" for name, values in facets.items() for value in values)
    schema = etree.XMLSchema(
        etree.fromstring(
            '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="v"><xs:simpleType>'
            f'<xs:restriction base="xs:{base}">{inner}</xs:restriction></xs:simpleType></xs:element></xs:schema>'
        )
    )
    for literal in literals:
        probe = etree.Element("v")
        probe.text = literal
        if schema.validate(probe):
            yield literal


def builtins(shape: Shape, owner: Owner) -> set[str]:
    """The built-in types that a shape is made of at the bottom."""
    match shape:
        case Builtin(name):
            return {name}
        case str():
            return builtins(owner.simple(shape).shape, owner)
        case Restriction(base):
            return builtins(base, owner)
        case ListOf(item):
            return builtins(item, owner)
        case UnionOf(members):
            return {name for member in members for name in builtins(member, owner)}


def references(shape: Shape) -> Iterator[str]:
    """The types of the schema that a shape is made of."""
    match shape:
        case str():
            yield shape
        case Restriction(base):
            yield from references(base)
        case ListOf(item):
            yield from references(item)
        case UnionOf(members):
            for member in members:
                yield from references(member)
        case Builtin():
            pass
