"""Prints the simple types that codecs read and write by objects: a constant for each that has a name, once a module.

The objects are those of ``iec61968_9.xml.simple`` and ``compound``; what is plain (a built-in that ``Reading`` has a
method for, an enumeration of ``xs:string``) needs none.
"""

from __future__ import annotations

from dataclasses import dataclass

from iec61968_9_generator.model import Builtin, ListOf, Restriction, Shape, UnionOf
from iec61968_9_generator.names import snake
from iec61968_9_generator.plan import EnumDef, EnumType, Profile, QuantityDef, RuledType
from iec61968_9_generator.share import Layout
from iec61968_9_generator.simple_types import python_name
from iec61968_9_generator.text import WIDTH, Imports, quoted, union

__all__ = ["SUFFIX", "Call", "Rules"]

SUFFIX = "_RULES"
"""What the constants' names end with."""

CONSTANTS = {
    "ID": "ID",
    "IDREF": "IDREF",
    "IDREFS": "IDREFS",
    "NCName": "NC_NAME",
    "NMTOKEN": "NMTOKEN",
    "NMTOKENS": "NMTOKENS",
    "anySimpleType": "STRING",
    "anyURI": "ANY_URI",
    "base64Binary": "BASE64_BINARY",
}
"""The names of built-ins in ``iec61968_9.xml.builtin`` that do not follow the rule."""

NUMERIC = frozenset({"length", "minLength", "maxLength", "totalDigits", "fractionDigits"})
SEVERAL = frozenset({"pattern", "enumeration"})


@dataclass(frozen=True, slots=True)
class Call:
    """A call or, without a name, a tuple; ``before`` is what stands in front of it."""

    name: str
    arguments: tuple[Call | str, ...]
    before: str = ""

    def line(self) -> str:
        """It on one line."""
        inside = ", ".join(one if isinstance(one, str) else one.line() for one in self.arguments)
        comma = "," if not self.name and len(self.arguments) == 1 else ""
        return f"{self.before}{self.name}({inside}{comma})"

    def lines(self, indent: int, after: str) -> list[str]:
        """It as a formatter would lay it out."""
        pad = " " * indent
        line = f"{pad}{self.line()}{after}"
        if len(line) <= WIDTH:
            return [line]
        inside = ", ".join(one if isinstance(one, str) else one.line() for one in self.arguments)
        if self.name and indent + 4 + len(inside) <= WIDTH:
            return [f"{pad}{self.before}{self.name}(", f"{pad}    {inside}", f"{pad}){after}"]
        lines = [f"{pad}{self.before}{self.name}("]
        for one in self.arguments:
            lines += [f"{pad}    {one},"] if isinstance(one, str) else one.lines(indent + 4, ",")
        return [*lines, f"{pad}){after}"]


class Rules:
    """The constants of one module."""

    def __init__(self, layout: Layout, profile: Profile, imports: Imports) -> None:
        self.layout = layout
        self.profile = profile
        self.imports = imports
        self.constants: dict[str, Call] = {}

    def lines(self) -> list[str]:
        """The constants, each after those that it is made of."""
        return [line for name, call in self.constants.items() for line in _named(call, f"{name} = ").lines(0, "")]

    def of(self, kind: RuledType | EnumType) -> str:
        """The expression that means a type inside a function."""
        if isinstance(kind, EnumType):
            return self.enumeration(self.layout.definition(kind.key))
        found = self.made(kind.shape)
        return found if isinstance(found, str) else self.constant(kind.label, found)

    def constant(self, label: str, call: Call) -> str:
        """The name of a constant."""
        name = f"_{snake(label).upper()}{SUFFIX}"
        while self.constants.setdefault(name, call) != call:
            name = f"{name}_"  # another member that is spelt alike
        return name

    def enumeration(self, definition: object) -> str:
        """The constant of an enumeration."""
        assert isinstance(definition, EnumDef)  # noqa: S101  # that is what its key means
        self.imports.name("iec61968_9.xml.simple", "Enumerated")
        arguments = [f"profile.{definition.name}"]
        if definition.white_space != "preserve":
            arguments.append(quoted(definition.white_space))
        return self.constant(definition.name, Call("Enumerated", tuple(arguments)))

    def made(self, shape: Shape) -> Call | str:
        """The expression that makes a type."""
        match shape:
            case Builtin(name):
                self.imports.name("iec61968_9.xml", "builtin")
                return f"builtin.{CONSTANTS.get(name) or python_name(name).upper().lstrip('_')}"
            case str():
                definition = self.profile.definitions[self.profile.entry.noun, shape]
                if not isinstance(definition, QuantityDef):
                    return self.enumeration(self.layout.definition(definition.key))
                found = self.made(definition.shape)
                return found if isinstance(found, str) else self.constant(definition.name, found)
            case Restriction(base, facets):
                self.imports.name("iec61968_9.xml.simple", "Restricted")
                return Call("Restricted", (self.made(base), *(_facet(*facet) for facet in facets)))
            case ListOf(item):
                self.imports.name("iec61968_9.xml.compound", "Listed")
                return Call("Listed", (self.made(item),))
            case UnionOf(members):
                self.imports.name("iec61968_9.xml.compound", "United")
                return Call("United", tuple(self.made(one) for one in members))

    def annotation(self, shape: Shape) -> str:
        """The Python type of a type's values."""
        match shape:
            case Builtin(name):
                return self.imports.builtin(name)
            case str():
                definition = self.profile.definitions[self.profile.entry.noun, shape]
                if isinstance(definition, QuantityDef):
                    return self.annotation(definition.shape)
                return f"profile.{self.layout.definition(definition.key).name}"
            case Restriction(base):
                return self.annotation(base)
            case ListOf(item):
                return f"list[{self.annotation(item)}]"
            case UnionOf(members):
                return union(self.annotation(one) for one in members)


def _named(call: Call, before: str) -> Call:
    return Call(call.name, call.arguments, before)


def _facet(name: str, values: tuple[str, ...]) -> Call | str:
    """A facet as a keyword argument."""
    keyword = f"{python_name(name)}="
    if name in SEVERAL:
        return Call("", tuple(quoted(value) for value in values), keyword)
    return keyword + (str(int(values[0])) if name in NUMERIC else quoted(values[0]))
