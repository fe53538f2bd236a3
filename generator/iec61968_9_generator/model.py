"""The structure that the generator works on, free of XML Schema's syntax.

A ``Schema`` holds types by their path: a named type's own name (``EndDeviceEvent``), with a prefix if it is of another
namespace (``common:Name``), or for an anonymous one the path of elements that leads to it
(``EndDeviceEvent/EndDeviceEventType``). A ``ComplexType`` is a sequence of particles, each an element, a wildcard, or a
choice of those, plus attributes and possibly text; where these do not say all, it has its whole content model too. A
``SimpleType`` restricts, lists or joins others.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from iec61968_9_generator.documents import Document, Note
from iec61968_9_generator.errors import Place

__all__ = [
    "UNBOUNDED",
    "Attribute",
    "Builtin",
    "Choice",
    "ComplexType",
    "Element",
    "Group",
    "ListOf",
    "Particle",
    "Restriction",
    "Role",
    "Root",
    "Schema",
    "Shape",
    "SimpleType",
    "Tree",
    "Type",
    "TypeRef",
    "UnionOf",
    "Wildcard",
]

UNBOUNDED: int = 2**31
"""``maxOccurs="unbounded"``."""

Role: TypeAlias = str
"""``payload``, ``query`` or ``envelope``."""


@dataclass(frozen=True, slots=True)
class Builtin:
    """A type of XML Schema itself, by its local name (``dateTime``)."""

    name: str


TypeRef: TypeAlias = "Builtin | str"
"""What an element or attribute is made of: a built-in, or the path of a type of the same schema."""


@dataclass(frozen=True, slots=True)
class Restriction:
    """A simple type with facets, by their names in XML Schema; each has one value, or several (``pattern``)."""

    base: Shape
    facets: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of items of a simple type."""

    item: Shape


@dataclass(frozen=True, slots=True)
class UnionOf:
    """A value of one of several simple types, the first that fits."""

    members: tuple[Shape, ...]


Shape: TypeAlias = "TypeRef | Restriction | ListOf | UnionOf"
"""What a simple type is made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One element of a content model; its namespace is empty if it has none."""

    name: str
    namespace: str
    type: TypeRef
    min: int
    max: int
    default: str | None
    fixed: str | None
    nillable: bool
    cim: str | None
    words: str | None
    note: Note

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.note.place

    @property
    def repeats(self) -> bool:
        """Whether it may occur more than once."""
        return self.max > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Wildcard:
    """A place for elements that the schema does not name."""

    namespace: str
    own: str
    """The target namespace of the document that it stands in."""
    process: str
    min: int
    max: int
    place: Place
    head: str | None = None
    """The qualified name of the abstract element for which the roots of other profiles stand here, if it is one."""

    @property
    def repeats(self) -> bool:
        """Whether it may hold more than one element."""
        return self.max > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A choice between branches. One that repeats is an ordered mix of them.

    Attributes:
        branches: The branches.
        min: How often it must be made at least.
        max: How often it may be made at most.
        place: Where it is declared.
        head: The element for which the branches stand, if they are a substitution group; then one member has them.
        shaped: Whether it is a mix of what stands in a larger part of the content model, which alone says how often.
        text: Whether text may stand between the elements of a mix.
    """

    branches: tuple[Element | Wildcard, ...]
    min: int
    max: int
    place: Place
    head: str | None = None
    shaped: bool = False
    text: bool = False

    @property
    def repeats(self) -> bool:
        """Whether the choice may be made more than once."""
        return self.max > 1


Particle: TypeAlias = "Element | Wildcard | Choice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """An inner node of a content model.

    Attributes:
        kind: ``sequence``, ``choice`` or ``all``.
        parts: What it consists of.
        min: How often it stands there at least.
        max: How often at most.
        place: Where it is declared.
        head: The element for which the branches of a choice may stand, if they are a substitution group.
    """

    kind: str
    parts: tuple[Tree, ...]
    min: int
    max: int
    place: Place
    head: str | None = None

    @property
    def single(self) -> bool:
        """Whether it stands there exactly once."""
        return (self.min, self.max) == (1, 1)


Tree: TypeAlias = "Element | Wildcard | Group"
"""A content model, or a part of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One attribute of a complex type; its namespace is empty if it has none."""

    name: str
    namespace: str
    type: TypeRef
    required: bool
    default: str | None
    fixed: str | None
    cim: str | None
    words: str | None
    place: Place


@dataclass(slots=True, kw_only=True)
class ComplexType:
    """A type with members.

    Attributes:
        path: Its name, or the path that leads to it.
        cim: The CIM term that it refers to.
        words: Its documentation.
        particles: Its elements and wildcards, those of the type that it extends first.
        attributes: Its attributes, likewise.
        text: The type of its text, if it has some.
        place: Where it is declared.
        model: Its content model, where the particles do not say all.
        other: The wildcard by which it has further attributes.
        derives: The type that it extends or restricts.
        base: The same, where its class derives from that one's class too, and begins with its particles.
        abstract: Whether only types that derive from it are to be found in documents.
        derived: The named types that derive from it, at any depth, by which ``xsi:type`` may replace it.
        related: Whether any type derives from it.
    """

    path: str
    cim: str | None
    words: str | None
    particles: tuple[Particle, ...]
    attributes: tuple[Attribute, ...]
    text: TypeRef | None
    place: Place
    model: Group | None = None
    other: Wildcard | None = None
    derives: str | None = None
    base: str | None = None
    abstract: bool = False
    derived: list[str] = field(default_factory=list[str])
    related: bool = False

    @property
    def is_reference(self) -> bool:
        """Whether it is nothing but an optional attribute ``ref``: a reference to an object described elsewhere."""
        return (
            not self.particles
            and self.text is None
            and self.other is None
            and self.derives is None
            and not (self.related or self.abstract)
            and [(a.name, a.type, a.required) for a in self.attributes] == [("ref", Builtin("string"), False)]
        )

    @property
    def elements(self) -> list[Element]:
        """All elements in document order, those of choices included."""
        found: list[Element] = []
        for particle in self.particles:
            branches = particle.branches if isinstance(particle, Choice) else (particle,)
            found.extend(branch for branch in branches if isinstance(branch, Element))
        return found


@dataclass(slots=True, kw_only=True)
class SimpleType:
    """A simple type of the schema's own.

    Attributes:
        path: Its name, or the path that leads to it.
        base: The built-in at the bottom; empty for a list or a union.
        shape: What it is made of.
        literals: The texts of a closed list, which becomes an enumeration; else empty.
        white_space: What becomes of white space in its texts: ``preserve``, ``replace`` or ``collapse``.
        cim: The CIM term that it refers to.
        words: Its documentation.
        literal_words: The documentation of its literals.
        place: Where it is declared.
    """

    path: str
    base: str
    shape: Shape
    literals: tuple[str, ...]
    white_space: str
    cim: str | None
    words: str | None
    literal_words: dict[str, str]
    place: Place


Type: TypeAlias = "ComplexType | SimpleType"


@dataclass(frozen=True, slots=True)
class Root:
    """A global element: what a document may begin with.

    Attributes:
        name: Its local name.
        type: The path of its type.
        own: Whether the profile's own document declares it, rather than one that is included.
        place: Where it stands.
        heads: The qualified names of the elements for which it may stand.
    """

    name: str
    type: str
    own: bool
    place: Place
    heads: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class Schema:
    """One profile: its roots and types, and the documents that they come from, its own first."""

    noun: str
    file: str
    namespace: str
    roots: tuple[Root, ...]
    types: dict[str, Type] = field(default_factory=dict[str, "Type"])
    documents: tuple[Document, ...] = ()
    prefixes: dict[str, str] = field(default_factory=dict[str, str])
    """A prefix for each of its namespaces; the profile's own may have an empty one."""

    def complex(self, path: str) -> ComplexType:
        """The complex type at a path."""
        found = self.types[path]
        assert isinstance(found, ComplexType)  # noqa: S101  # read.py resolved it as one
        return found
