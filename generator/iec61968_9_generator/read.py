"""Reads a schema file into the model.

xsdata parses the file; its tree keeps every node's number in document order (``index``), by which content models are
put back into order. lxml parses it a second time, for what xsdata does not keep: the line of each node, the CIM term it
refers to, its documentation. That second pass also looks at every element and attribute of the schema and refuses what
is not on the list of things that the later steps handle. So nothing can be passed over in silence.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias, cast

from lxml import etree
from xsdata.codegen.parsers.schema import SchemaParser
from xsdata.exceptions import ConverterWarning
from xsdata.models import xsd
from xsdata.models.enums import UseType
from xsdata.models.mixins import ElementBase

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

__all__ = ["BUILTINS", "read"]

Node: TypeAlias = etree._Element  # pyright: ignore[reportPrivateUsage]  # lxml's element class

XS = "{http://www.w3.org/2001/XMLSchema}"
MODEL_REFERENCE = "{http://www.w3.org/ns/sawsdl}modelReference"

BUILTINS = frozenset(
    {"anyURI", "boolean", "date", "dateTime", "decimal", "double", "float", "integer", "QName", "string", "time"}
)
"""The built-in types that codecs can read and write."""

ALLOWED: dict[str, frozenset[str]] = {
    "schema": frozenset({"targetNamespace", "elementFormDefault", "attributeFormDefault", "version", "id"}),
    "element": frozenset({"name", "type", "minOccurs", "maxOccurs", "default", "form"}),
    "complexType": frozenset({"name"}),
    "sequence": frozenset({"minOccurs", "maxOccurs"}),
    "choice": frozenset({"minOccurs", "maxOccurs"}),
    "any": frozenset({"namespace", "processContents", "minOccurs", "maxOccurs"}),
    "simpleContent": frozenset(),
    "extension": frozenset({"base"}),
    "attribute": frozenset({"name", "type", "use", "default"}),
    "simpleType": frozenset({"name"}),
    "restriction": frozenset({"base"}),
    "enumeration": frozenset({"value"}),
    "annotation": frozenset(),
    "documentation": frozenset({"source"}),
    "appinfo": frozenset({"source"}),
}
"""The elements of XML Schema, each with its attributes, that the later steps handle. All others are refused."""


@dataclass(frozen=True, slots=True)
class Note:
    """What the second pass knows about one node."""

    place: Place
    cim: str | None
    words: str | None


def read(folder: Path, file: str, noun: str) -> Schema:
    """The model of one schema file.

    Args:
        folder: The folder that holds all schemas.
        file: The schema's path in it.
        noun: The schema's noun, for messages and names.

    Raises:
        UnsupportedError: The schema uses something that the generator does not handle.
        GeneratorError: The schema is not one, or refers to a type that it does not declare.
    """
    path = folder / file
    source = path.read_bytes()
    notes = _second_pass(source, file)
    invalid = _invalid(source, file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", ConverterWarning)
            parsed = SchemaParser(location=path.resolve().as_uri()).from_bytes(source, xsd.Schema)
    except Exception as error:  # xsdata takes a schema to be valid, and what it raises otherwise says little
        raise invalid or GeneratorError(f"{file}: {error}") from error
    schema = _Builder(parsed, notes, noun, file).schema()
    if invalid is not None:  # what the builder finds, it says better
        raise invalid
    return schema


def _invalid(source: bytes, file: str) -> GeneratorError | None:
    """What libxml2 has against a schema."""
    try:
        etree.XMLSchema(etree.fromstring(source, etree.XMLParser(resolve_entities=False, no_network=True)))
    except etree.XMLSchemaParseError as error:
        first = error.error_log[0]
        return GeneratorError(f"{Place(file, first.line)}: {first.message}")
    return None


def _second_pass(source: bytes, file: str) -> list[Note]:
    """What lxml knows of each element, by its number in document order; refuses what is not handled."""
    try:
        root = etree.fromstring(source, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise GeneratorError(f"{Place(file, error.lineno or 1)}: {error.msg}") from error
    if root.tag != f"{XS}schema":
        raise GeneratorError(f"{file}: the root is {root.tag!s}, not xs:schema")
    nodes = list(root.iter("*"))
    notes = [_note(node, file) for node in nodes]
    for number, node in enumerate(nodes):
        notes[number] = replace(notes[number], words=_documentation(node))
    _require(root, "elementFormDefault", "qualified", file)
    if root.get("attributeFormDefault", "unqualified") != "unqualified":
        raise UnsupportedError("attributeFormDefault='qualified'", Place(file, root.sourceline or 0))
    if not root.get("targetNamespace"):
        raise UnsupportedError("a schema without targetNamespace", Place(file, root.sourceline or 0))
    return notes


def _note(node: Node, file: str) -> Note:
    """Line and CIM term of a node; refuses what is not handled."""
    place = Place(file, node.sourceline or 0)
    tag = str(node.tag)
    if not tag.startswith(XS):
        return Note(place, None, None)  # inside xs:appinfo or xs:documentation, where anything may stand
    name = tag.removeprefix(XS)
    if name not in ALLOWED:
        raise UnsupportedError(f"xs:{name}", place)
    for attribute, value in ((str(name), str(value)) for name, value in node.attrib.items()):
        plain = value.strip().lstrip("+0")
        refused = (attribute, plain) in {("maxOccurs", ""), ("form", "unqualified")}
        if refused or (not attribute.startswith("{") and attribute not in ALLOWED[name]):
            raise UnsupportedError(f"{attribute}={value!r} on xs:{name}", place)
    return Note(place, node.get(MODEL_REFERENCE, "").rpartition("#")[2].strip() or None, None)


def _documentation(node: Node) -> str | None:
    """The text of a node's own ``xs:documentation``, white space folded."""
    texts = [" ".join("".join(words.itertext()).split()) for words in node.findall(f"{XS}annotation/{XS}documentation")]
    return " ".join(text for text in texts if text) or None


def _require(root: Node, attribute: str, value: str, file: str) -> None:
    if root.get(attribute) != value:
        raise UnsupportedError(f"{attribute}={root.get(attribute)!r} on xs:schema", Place(file, root.sourceline or 0))


class _Builder:
    """Turns one xsdata tree into the model."""

    def __init__(self, parsed: xsd.Schema, notes: list[Note], noun: str, file: str) -> None:
        self.parsed = parsed
        self.notes = notes
        self.noun = noun
        self.file = file
        self.names: dict[str, xsd.ComplexType | xsd.SimpleType] = {}
        self.types: dict[str, ComplexType | SimpleType] = {}

    def schema(self) -> Schema:
        """Build everything."""
        named: list[xsd.ComplexType | xsd.SimpleType] = [*self.parsed.complex_types, *self.parsed.simple_types]
        self.names = {str(declared.name): declared for declared in named}
        for declared in sorted(named, key=lambda node: node.index):
            if isinstance(declared, xsd.ComplexType):
                self.complex_type(declared, str(declared.name))
            else:
                self.simple_type(declared, str(declared.name))
        roots: list[Root] = []
        for element in sorted(self.parsed.elements, key=lambda node: node.index):
            place = self.note(element).place
            if element.complex_type is not None and element.name in self.names:
                raise UnsupportedError(
                    f"a global element with a type of its own, beside another type {element.name}", place
                )
            reference = self.type_of(element, str(element.name), place)
            if isinstance(reference, Builtin) or not isinstance(self.types[reference], ComplexType):
                raise UnsupportedError("a global element of a simple type", place)
            roots.append(Root(str(element.name), reference, place))
        if not roots:
            raise UnsupportedError("a schema without a global element", self.notes[0].place)
        return Schema(
            noun=self.noun,
            file=self.file,
            namespace=str(self.parsed.target_namespace),
            roots=tuple(roots),
            types=self.types,
        )

    def note(self, node: ElementBase) -> Note:
        """What the second pass knows of a node."""
        return self.notes[node.index - 1]

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
        declared = None if isinstance(reference, Builtin) else self.names.get(reference)
        if isinstance(declared, xsd.SimpleType) and declared.restriction is not None:
            return str(declared.restriction.base).rpartition(":")[2] == "QName"
        return reference == Builtin("QName")

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
            type=self.type_of(node, f"{path}/{node.name}", note.place),
            min=node.min_occurs,
            max=_maximum(node.max_occurs),
            default=node.default,
            cim=note.cim,
            words=note.words,
            place=note.place,
        )

    def wildcard(self, node: xsd.Any) -> Wildcard:
        """An element wildcard."""
        return Wildcard(
            namespace=node.namespace,
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
            type=kind,
            required=node.use is UseType.REQUIRED,
            default=node.default,
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
                return Builtin("string")
            raise UnsupportedError("an element without a type", place)
        return self.resolve(node.type, node, place)

    def resolve(self, name: str | None, node: ElementBase, place: Place) -> TypeRef:
        """The type that a QName in the schema means."""
        prefix, _, local = (name or "").rpartition(":")
        namespaces = cast("dict[str | None, str]", node.ns_map)  # xsdata keeps None for the default
        namespace = namespaces.get(prefix) if prefix else namespaces.get(None, namespaces.get(""))
        if f"{{{namespace}}}" == XS:
            if local not in BUILTINS:
                raise UnsupportedError(f"xs:{local}", place)
            return Builtin(local)
        if namespace != self.parsed.target_namespace or local not in self.names:
            raise GeneratorError(f"{place}: there is no type {name}")
        return local

    def simple_type(self, declared: xsd.SimpleType, path: str) -> None:
        """Add a simple type."""
        note = self.note(declared)
        restriction = declared.restriction
        if restriction is None:
            raise UnsupportedError("a simple type that is no restriction", note.place)
        if restriction.base is None:
            raise UnsupportedError("a restriction of an anonymous simple type", note.place)
        base = self.resolve(restriction.base, restriction, note.place)
        if not isinstance(base, Builtin):
            raise UnsupportedError("a restriction of a simple type that is no built-in", note.place)
        literals = sorted(restriction.enumerations, key=lambda node: node.index)
        if literals and base.name != "string":
            raise UnsupportedError(f"an enumeration of xs:{base.name}", note.place)
        self.types[path] = SimpleType(
            path=path,
            base=base.name,
            literals=tuple(str(literal.value) for literal in literals),
            cim=note.cim,
            words=note.words,
            literal_words={str(node.value): words for node in literals if (words := self.note(node).words)},
            place=note.place,
        )


def _children(model: ElementBase) -> list[ElementBase]:
    """The nodes of a content model in document order."""
    children: Iterable[ElementBase] = model.children()  # pyright: ignore[reportUnknownMemberType]  # xsdata's own
    return sorted(children, key=lambda node: node.index)


def _maximum(value: str | int) -> int:
    return UNBOUNDED if not isinstance(value, int) or value >= UNBOUNDED else value
