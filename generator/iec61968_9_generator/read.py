"""Reads the schema documents of a profile into the model.

``documents`` has found and parsed them; here the names that they give to types, elements and groups are resolved, and
their content models are put into the order in which a reader meets them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from xsdata.models import xsd
from xsdata.models.enums import UseType
from xsdata.models.mixins import ElementBase

from iec61968_9_generator import documents, simple_types
from iec61968_9_generator.documents import XS, Document, Note
from iec61968_9_generator.errors import GeneratorError, Place, UnsupportedError
from iec61968_9_generator.model import (
    UNBOUNDED,
    Attribute,
    Builtin,
    Choice,
    ComplexType,
    Element,
    Particle,
    Root,
    Schema,
    SimpleType,
    TypeRef,
    Wildcard,
)

__all__ = ["own_roots", "read"]


def read(folder: Path, file: str, noun: str) -> Schema:
    """The model of one profile.

    Args:
        folder: The folder that holds all schemas.
        file: The path in it of the profile's own document; what that includes and imports belongs to it.
        noun: The schema's noun, for messages and names.

    Raises:
        UnsupportedError: The schema uses something that the generator does not handle.
        GeneratorError: The schema is not one, or refers to a type that it does not declare.
    """
    found = documents.load(folder, file)
    invalid = documents.check(found)
    schema = _Builder(found, noun).schema()
    if invalid is not None:  # what the builder finds, it says better
        raise invalid
    return schema


def own_roots(schemas: list[Schema]) -> list[Schema]:
    """The profiles, each without the global elements of included documents that another profile has too."""
    count = Counter((schema.namespace, root.name) for schema in schemas for root in schema.roots)
    for schema in schemas:
        roots = [root for root in schema.roots if root.own or count[schema.namespace, root.name] == 1]
        if not roots:
            raise GeneratorError(
                f"{schema.file}: other profiles include its global elements too; it has none of its own"
            )
        schema.roots = tuple(roots)
    return schemas


class _Builder:
    """Turns xsdata's trees into the model."""

    def __init__(self, found: list[Document], noun: str) -> None:
        self.documents = found
        self.namespace = found[0].namespace
        self.noun = noun
        self.notes = {key: note for document in found for key, note in document.notes().items()}
        self.prefixes = _prefixes(found)
        self.names: dict[str, xsd.ComplexType | xsd.SimpleType] = {}
        self.types: dict[str, ComplexType | SimpleType] = {}
        self.open: set[str] = set()

    def schema(self) -> Schema:
        """Build everything."""
        for document in self.documents:
            named: list[xsd.ComplexType | xsd.SimpleType] = [
                *document.parsed.complex_types,
                *document.parsed.simple_types,
            ]
            self.names.update((self.path(document.namespace, str(one.name)), one) for one in named)
        for path, declared in sorted(self.names.items(), key=lambda item: self.order(item[1])):
            if isinstance(declared, xsd.ComplexType):
                self.complex_type(declared, path)
            else:
                self.simple_type(declared, path)
        main = self.documents[0]
        roots = [
            self.root(element, own=document is main)
            for document in self.documents
            if document.namespace == self.namespace
            for element in sorted(document.parsed.elements, key=lambda node: node.index)
        ]
        if not roots:
            raise UnsupportedError("a schema without a global element", main.place(main.root))
        return Schema(
            noun=self.noun,
            file=main.file,
            namespace=self.namespace,
            roots=tuple(roots),
            types=self.types,
            documents=tuple(self.documents),
            prefixes=self.prefixes,
        )

    def root(self, element: xsd.Element, *, own: bool) -> Root:
        """A global element of the profile's own namespace."""
        place = self.note(element).place
        if element.complex_type is not None and element.name in self.names:
            raise UnsupportedError(
                f"a global element with a type of its own, beside another type {element.name}", place
            )
        reference = self.type_of(element, str(element.name), place)
        if isinstance(reference, Builtin) or not isinstance(self.types[reference], ComplexType):
            raise UnsupportedError("a global element of a simple type", place)
        return Root(str(element.name), reference, own, place)

    def note(self, node: ElementBase) -> Note:
        """What the second pass knows of a node."""
        return self.notes[id(node)]

    def order(self, node: ElementBase) -> tuple[int, int]:
        """By which declarations of several documents are sorted as a reader meets them."""
        return self.documents.index(self.note(node).document), node.index

    def path(self, namespace: str, name: str) -> str:
        """The path of a named type: its name, with a prefix if it is not of the profile's own namespace."""
        return name if namespace == self.namespace else f"{self.prefixes[namespace]}:{name}"

    def qualified(self, node: xsd.Element | xsd.Attribute, kind: str) -> str:
        """The namespace of a local element or attribute."""
        note = self.note(node)
        form = note.node.get("form")
        qualified = form == "qualified" if form is not None else note.document.qualified(kind)
        return note.document.namespace if qualified else ""

    def complex_type(self, declared: xsd.ComplexType, path: str) -> None:
        """Add a complex type and the anonymous types inside it."""
        note = self.note(declared)
        content: xsd.ComplexType | xsd.Extension = declared
        text: TypeRef | None = None
        if declared.simple_content is not None:
            extension = declared.simple_content.extension
            if extension is None:
                restriction = declared.simple_content.restriction
                place = self.note(restriction).place if restriction is not None else note.place
                raise UnsupportedError("xs:restriction of simple content", place)
            text = self.resolve(extension.base, extension, self.note(extension).place)
            if self.is_complex(text):
                raise UnsupportedError("an extension of a complex type", self.note(extension).place)
            if self.is_qname(text):
                raise UnsupportedError("xs:QName as the text of a type with attributes", self.note(extension).place)
            content = extension
        model = declared.sequence or declared.choice
        attributes = tuple(
            self.attribute(node, path) for node in sorted(content.attributes, key=lambda node: node.index)
        )
        # Before its members, so that types stand in the order in which a reader meets them.
        self.types[path] = ComplexType(
            path=path, cim=note.cim, words=note.words, particles=(), attributes=attributes, text=text, place=note.place
        )
        particles = tuple(self.particles(model, path)) if model is not None else ()
        built = self.types[path]
        assert isinstance(built, ComplexType)  # noqa: S101  # put there three lines above
        self.check_places(particles)
        built.particles = particles

    def check_places(self, particles: Iterable[Particle]) -> None:
        """Refuse what has two places in one type: a class has one member for both, and their order would be lost."""
        seen: set[str] = set()
        for particle in particles:
            for branch in particle.branches if isinstance(particle, Choice) else (particle,):
                name = branch.name if isinstance(branch, Element) else "*"
                if name in seen:
                    what = "a second wildcard" if name == "*" else f"a second element {name}"
                    raise UnsupportedError(f"{what} in one type", branch.place)
                seen.add(name)

    def is_complex(self, reference: TypeRef) -> bool:
        """Whether a named type of the schema is a complex one."""
        return not isinstance(reference, Builtin) and isinstance(self.names.get(reference), xsd.ComplexType)

    def is_qname(self, reference: TypeRef) -> bool:
        """Whether a type is xs:QName, under its own name or another."""
        if self.is_complex(reference):
            return False
        return Builtin("QName") == reference or (isinstance(reference, str) and self.simple(reference).base == "QName")

    def particles(self, model: xsd.Sequence | xsd.Choice, path: str) -> Iterable[Particle]:
        """The particles of a sequence, nested sequences flattened, in document order."""
        if isinstance(model, xsd.Choice):
            yield self.choice(model, path)
            return
        place = self.note(model).place
        if (model.min_occurs, _maximum(model.max_occurs)) != (1, 1):
            raise UnsupportedError("a sequence that is optional or repeats", place)
        for node in _children(model):
            match node:
                case xsd.Element():
                    yield self.element(node, path)
                case xsd.Any():
                    yield self.wildcard(node)
                case xsd.Choice():
                    yield self.choice(node, path)
                case xsd.Sequence():
                    yield from self.particles(node, path)
                case xsd.Annotation():
                    pass
                case _:
                    raise UnsupportedError(type(node).__name__, self.note(node).place)

    def choice(self, model: xsd.Choice, path: str) -> Choice:
        """A choice whose branches are elements and wildcards."""
        branches: list[Element | Wildcard] = []
        for node in _children(model):
            match node:
                case xsd.Element():
                    branches.append(self.element(node, path))
                case xsd.Any():
                    branches.append(self.wildcard(node))
                case xsd.Annotation():
                    pass
                case _:
                    raise UnsupportedError(f"xs:{type(node).__name__.lower()} in a choice", self.note(node).place)
        choice = Choice(
            branches=tuple(branches),
            min=model.min_occurs,
            max=_maximum(model.max_occurs),
            place=self.note(model).place,
        )
        for branch in branches:
            if branch.min > 1:
                raise UnsupportedError("a branch of a choice that must be there more than once", branch.place)
        if choice.repeats and any(isinstance(branch, Wildcard) or branch.max != 1 for branch in branches):
            raise UnsupportedError("a choice that repeats, of wildcards or branches that repeat", choice.place)
        return choice

    def element(self, node: xsd.Element, path: str) -> Element:
        """A local element."""
        note = self.note(node)
        return Element(
            name=str(node.name),
            namespace=self.qualified(node, "element"),
            type=self.type_of(node, f"{path}/{node.name}", note.place),
            min=node.min_occurs,
            max=_maximum(node.max_occurs),
            default=node.default,
            cim=note.cim,
            words=note.words,
            note=note,
        )

    def wildcard(self, node: xsd.Any) -> Wildcard:
        """An element wildcard."""
        return Wildcard(
            namespace=node.namespace,
            own=self.note(node).document.namespace,
            process=node.process_contents.value,
            min=node.min_occurs,
            max=_maximum(node.max_occurs),
            place=self.note(node).place,
        )

    def attribute(self, node: xsd.Attribute, path: str) -> Attribute:
        """An attribute."""
        note = self.note(node)
        if node.use not in (None, UseType.OPTIONAL, UseType.REQUIRED):
            raise UnsupportedError("use='prohibited' on xs:attribute", note.place)
        kind = self.type_of(node, f"{path}/@{node.name}", note.place)
        if self.is_complex(kind):
            raise UnsupportedError("an attribute of a complex type", note.place)
        if self.is_qname(kind):
            raise UnsupportedError("xs:QName as the type of an attribute", note.place)
        return Attribute(
            name=str(node.name),
            namespace=self.qualified(node, "attribute"),
            type=kind,
            required=node.use is UseType.REQUIRED,
            default=node.default,
            fixed=node.fixed,
            cim=note.cim,
            words=note.words,
            place=note.place,
        )

    def type_of(self, node: xsd.Element | xsd.Attribute, path: str, place: Place) -> TypeRef:
        """What an element or attribute is made of; anonymous types are added under their path."""
        if isinstance(node, xsd.Element) and node.complex_type is not None:
            self.complex_type(node.complex_type, path)
            return path
        if node.simple_type is not None:
            self.simple_type(node.simple_type, path)
            return path
        if node.type is None:
            if isinstance(node, xsd.Attribute):
                return Builtin("string")  # as texts, any simple type is one
            raise UnsupportedError("an element without a type", place)
        return self.resolve(node.type, node, place)

    def resolve(self, name: str | None, node: ElementBase, place: Place) -> TypeRef:
        """The type that a QName in the schema means."""
        namespace, local = self.note(node).resolve(name or "")
        if f"{{{namespace}}}" == XS:
            if local not in simple_types.BUILTINS:
                raise UnsupportedError(f"xs:{local}", place)
            return Builtin(local)
        path = self.path(namespace, local) if namespace in self.prefixes else ""
        if path not in self.names:
            raise GeneratorError(f"{place}: there is no type {name}")
        return path

    def simple_type(self, declared: xsd.SimpleType, path: str) -> None:
        """Add a simple type."""
        if path in self.open:
            raise GeneratorError(f"{self.note(declared).place}: the type {path} is made of itself")
        if path not in self.types:
            self.open.add(path)
            self.types[path] = simple_types.read(declared, path, self)
            self.open.remove(path)

    def simple(self, path: str) -> SimpleType:
        """A simple type, read if it was not before."""
        declared = self.names.get(path)
        if isinstance(declared, xsd.SimpleType):
            self.simple_type(declared, path)
        found = self.types[path]
        assert isinstance(found, SimpleType)  # noqa: S101  # libxml2 would have refused another
        return found


def _children(model: ElementBase) -> list[ElementBase]:
    """The nodes of a content model in document order."""
    children: Iterable[ElementBase] = model.children()  # pyright: ignore[reportUnknownMemberType]  # xsdata's own
    return sorted(children, key=lambda node: node.index)


def _maximum(value: str | int) -> int:
    return UNBOUNDED if not isinstance(value, int) or value >= UNBOUNDED else value


def _prefixes(found: list[Document]) -> dict[str, str]:
    """A prefix for each namespace: the first by which a document knows it, or else one with a number."""
    prefixes = {found[0].namespace: ""}
    for document in found:
        namespace = document.namespace
        if namespace not in prefixes:
            bound = (
                prefix for one in found for prefix, meant in one.root.nsmap.items() if prefix and meant == namespace
            )
            prefixes[namespace] = next(
                (prefix for prefix in bound if prefix not in prefixes.values()), f"ns{len(prefixes)}"
            )
    return prefixes
