"""What is to be emitted: classes, enumerations and aliases with their Python names, one ``Profile`` a schema.

``names`` makes it from the model; ``share`` says in which module each definition stands; the emitters print it. A
definition's ``key`` (noun, path) is where it comes from. Two definitions that ``share`` finds to be the same keep
their keys, and stand in one module under one name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from iec61968_9_generator.documents import Document, Note
from iec61968_9_generator.glossary import Words
from iec61968_9_generator.manifest import Entry
from iec61968_9_generator.model import Shape
from iec61968_9_generator.simple_types import references

__all__ = [
    "Alternative",
    "ChoiceField",
    "ClassDef",
    "ClassType",
    "Definition",
    "EnumDef",
    "EnumType",
    "Field",
    "FieldType",
    "Key",
    "Literal",
    "Model",
    "ModelPart",
    "NillableType",
    "OtherAttributesField",
    "Profile",
    "QuantityDef",
    "ReferenceType",
    "RuledType",
    "TextField",
    "ValueField",
    "ValueType",
    "WildcardField",
    "WrappedType",
    "WrapperDef",
    "alternatives",
]

Key: TypeAlias = tuple[str, str]
"""A schema's noun and a type's path."""


@dataclass(frozen=True, slots=True)
class ValueType:
    """A built-in type, under its own name or under that of a quantity."""

    builtin: str
    quantity: Key | None = None


@dataclass(frozen=True, slots=True)
class EnumType:
    """A closed list of literals."""

    key: Key


@dataclass(frozen=True, slots=True)
class ClassType:
    """A class with members.

    Attributes:
        key: The class.
        family: Those that ``xsi:type`` may put in its place.
    """

    key: Key
    family: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class ReferenceType:
    """An element that only carries ``ref``. In a choice that repeats, a class of its own tells the elements apart."""

    class_name: str | None = None


@dataclass(frozen=True, slots=True)
class RuledType:
    """A simple type that codecs handle by an object: with facets, a list, a union, or a built-in that is not plain.

    Attributes:
        noun: The noun of the schema that ``shape`` names types of.
        shape: What it is made of; a path where it has a name.
        label: What a constant for it is named after.
    """

    noun: str
    shape: Shape
    label: str = field(compare=False)

    @property
    def keys(self) -> Iterator[Key]:
        """The definitions that it leads to."""
        return ((self.noun, path) for path in references(self.shape))


@dataclass(frozen=True, slots=True)
class WrappedType:
    """An element whose value alone would not tell it from others of its list: a class of its own has the value."""

    key: Key


@dataclass(frozen=True, slots=True)
class NillableType:
    """What may be ``xsi:nil``; where that may have attributes, it is a class of its own."""

    inner: FieldType
    nil: Key | None


FieldType: TypeAlias = "ValueType | EnumType | ClassType | ReferenceType | RuledType | WrappedType | NillableType"


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueField:
    """An element, whose namespace is None where it is the profile's own; or an attribute."""

    name: str
    xml: str
    namespace: str | None
    type: FieldType
    min: int
    max: int
    attribute: bool
    default: str | None
    fixed: str | None = None
    cim: str | None
    words: Words | None
    choice: int | None = None
    note: Note | None = field(default=None, compare=False, repr=False)
    """Where it is declared."""

    @property
    def repeats(self) -> bool:
        """Whether it is a list."""
        return self.max > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TextField:
    """The text of a type with simple content."""

    name: str
    type: FieldType
    words: Words | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WildcardField:
    """A place for elements that the schema does not name."""

    name: str
    one: str | None
    min: int
    max: int
    parameter: bool
    namespace: str
    own: str | None
    """The namespace that ``##other`` leaves out; None for the profile's own."""
    words: Words | None
    choice: int | None = None
    head: str | None = None
    """The element for which the roots of other profiles stand here, if they do."""

    @property
    def repeats(self) -> bool:
        """Whether it is a list."""
        return self.max > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherAttributesField:
    """Attributes that the schema does not name."""

    name: str
    namespace: str
    own: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """One branch of a choice that one member stands for; its namespace is None where it is the profile's own."""

    xml: str
    namespace: str | None
    type: FieldType
    cim: str | None
    words: Words | None
    default: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceField:
    """One of several elements, or an ordered list of them.

    Attributes:
        name: The member.
        alternatives: The elements.
        min: How many there must be.
        max: How many there may be.
        wildcard: What else may stand among them.
        text: Whether text may, too.
    """

    name: str
    alternatives: tuple[Alternative, ...]
    min: int
    max: int
    wildcard: WildcardField | None = None
    text: bool = False

    @property
    def repeats(self) -> bool:
        """Whether it is a list."""
        return self.max > 1

    @property
    def names(self) -> str:
        """Its elements, for a message."""
        names = [one.xml for one in self.alternatives] + ["another element"] * (self.wildcard is not None)
        return " or ".join(names)


Field: TypeAlias = "ValueField | TextField | WildcardField | ChoiceField | OtherAttributesField"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPart:
    """A part of a content model: a ``leaf`` with the name by which writing calls it, a ``sequence`` or a ``choice``."""

    kind: str
    name: str
    parts: tuple[ModelPart, ...]
    min: int
    max: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A content model, and what its leaves are in Python.

    Attributes:
        part: The model.
        slots: Each leaf, the member that holds it and, where that is a list of several, its type there.
    """

    part: ModelPart
    slots: tuple[tuple[str, str, FieldType | None], ...]


@dataclass(slots=True, kw_only=True)
class ClassDef:
    """A dataclass."""

    key: Key
    name: str
    fields: list[Field]
    choices: list[bool]
    """One entry for each choice that does not repeat: whether one of its branches must be there."""
    cim: str | None
    words: Words | None
    root: str | None = None
    generic: bool = False
    base: Key | None = None
    """The class that it derives from."""
    inherited: int = 0
    """How many of the members are that one's; they come first."""
    abstract: bool = False
    derived: tuple[Key, ...] = ()
    """The classes that ``xsi:type`` may put in its place."""
    model: Model | None = None
    said: tuple[str | None, str] | None = None
    """The namespace and name by which ``xsi:type`` means it; None for the profile's own namespace."""
    nil: bool = False
    """Whether it is what remains of another class's element that is nil: its attributes."""

    @property
    def typed(self) -> bool:
        """Whether ``xsi:type`` decides which class an element of this type is."""
        return self.abstract or bool(self.derived)


@dataclass(slots=True, kw_only=True)
class WrapperDef:
    """A class for one element of a list of several, with its value."""

    key: Key
    name: str
    xml: str
    type: FieldType
    secret: bool
    words: Words | None
    cim: str | None = None


@dataclass(frozen=True, slots=True)
class Literal:
    """A member of an enumeration."""

    name: str
    value: str
    words: Words | None


@dataclass(slots=True, kw_only=True)
class EnumDef:
    """An enumeration."""

    key: Key
    name: str
    literals: tuple[Literal, ...]
    white_space: str
    cim: str | None
    words: Words | None


@dataclass(slots=True, kw_only=True)
class QuantityDef:
    """A simple type under a name of its own: a built-in that the name says more of, or one with rules."""

    key: Key
    name: str
    shape: Shape
    cim: str | None
    words: Words | None

    @property
    def keys(self) -> Iterator[Key]:
        """The definitions that it leads to."""
        return ((self.key[0], path) for path in references(self.shape))


Definition: TypeAlias = "ClassDef | EnumDef | QuantityDef | WrapperDef"


def alternatives(definition: Definition) -> list[Alternative]:
    """All branches of the choices of a class that repeat."""
    if not isinstance(definition, ClassDef):
        return []
    return [one for member in definition.fields if isinstance(member, ChoiceField) for one in member.alternatives]


@dataclass(slots=True, kw_only=True)
class Profile:
    """One schema: its place in the manifest and its definitions, roots first, each before what only it needs."""

    entry: Entry
    namespace: str
    module: str
    roots: dict[str, Key]
    """Root element to class."""
    definitions: dict[Key, Definition] = field(default_factory=dict[Key, "Definition"])
    documents: tuple[Document, ...] = ()
    """The schema documents, its own first."""
    prefix: str = ""
    """The prefix of elements of the profile's own namespace; empty where that is the default."""
    verify: bool = False
    """Whether what is written has to be validated, because classes and emitted code cannot say all."""
    heads: tuple[str, ...] = ()
    """The elements of other schemas for which its roots may stand."""
    prefixes: dict[str, str] = field(default_factory=dict[str, str])
    """The prefix of each other namespace that elements have, and of each that attributes have."""

    def class_(self, key: Key) -> ClassDef:
        """The class of a key."""
        found = self.definitions[key]
        assert isinstance(found, ClassDef)  # noqa: S101  # names.py made it one
        return found

    @property
    def secrets(self) -> tuple[str, ...]:
        """The elements and attributes whose values must not show."""
        found = {
            one.xml
            for definition in self.definitions.values()
            if isinstance(definition, ClassDef)
            for one in (*definition.fields, *alternatives(definition))
            if isinstance(one, ValueField | Alternative) and one.words is not None and one.words.secret
        }
        return tuple(sorted(found))

    @property
    def items(self) -> dict[str, ValueField]:
        """What can be streamed: the repeated members of the payload's root, by element name."""
        found: dict[str, ValueField] = {}
        if self.entry.role != "envelope" and not any(document.identifies for document in self.documents):
            for key in self.roots.values():
                for candidate in self.class_(key).fields if self.class_(key).model is None else ():
                    if (
                        isinstance(candidate, ValueField)
                        and candidate.repeats
                        and isinstance(candidate.type, ClassType)
                    ):
                        found[candidate.xml] = candidate
        return found

    @property
    def globals(self) -> dict[str, Note]:
        """The items that are given a global element of their own to be validated by, and where they are declared.

        In a schema of one document without references, the run time finds them itself.
        """
        if len(self.documents) == 1 and not self.documents[0].refers and not self.prefix:
            return {}
        return {name: item.note for name, item in self.items.items() if item.note is not None}
