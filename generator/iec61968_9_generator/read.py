"""Reads the schema documents of a profile into the model.

``documents`` has found and parsed them; here the names that they give to types, elements and groups are resolved, and
their content models are put into the order in which a reader meets them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from xsdata.models import xsd
from xsdata.models.mixins import ElementBase

from iec61968_9_generator import complex_types, documents, simple_types
from iec61968_9_generator.documents import XS, Document, Note
from iec61968_9_generator.errors import GeneratorError, Place, UnsupportedError
from iec61968_9_generator.model import Builtin, ComplexType, Root, Schema, SimpleType, Type, TypeRef

__all__ = ["own_roots", "read"]


def read(folder: Path, file: str, noun: str, *, envelope: bool = False) -> Schema:
    """The model of one profile.

    Args:
        folder: The folder that holds all schemas.
        file: The path in it of the profile's own document; what that includes and imports belongs to it.
        noun: The schema's noun, for messages and names.
        envelope: Whether other profiles' roots may stand for its abstract elements.

    Raises:
        UnsupportedError: The schema uses something that the generator does not handle.
        GeneratorError: The schema is not one, or refers to a type that it does not declare.
    """
    found = documents.load(folder, file)
    schema = Builder(found, noun, envelope=envelope).schema()
    invalid = documents.check(found)
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


class Builder:
    """Turns xsdata's trees into the model."""

    def __init__(self, found: list[Document], noun: str, *, envelope: bool = False) -> None:
        self.documents = found
        self.envelope = envelope
        self.namespace = found[0].namespace
        self.noun = noun
        self.notes = {key: note for document in found for key, note in document.notes().items()}
        self.prefixes = _prefixes(found)
        self.names: dict[str, xsd.ComplexType | xsd.SimpleType] = {}
        self.types: dict[str, Type] = {}
        self.open: set[str] = set()
        self.complex_types = complex_types.Reader(self)
        self.globals = {
            (kind, document.namespace, str(node.name)): node
            for document in found
            for kind, nodes in _globals(document.parsed).items()
            for node in nodes
        }

    def schema(self) -> Schema:
        """Build everything."""
        if self.envelope and not self.namespace:
            raise UnsupportedError(
                "an envelope without targetNamespace", self.documents[0].place(self.documents[0].root)
            )
        for document in self.documents:
            named: list[xsd.ComplexType | xsd.SimpleType] = [
                *document.parsed.complex_types,
                *document.parsed.simple_types,
            ]
            self.names.update((self.path(document.namespace, str(one.name)), one) for one in named)
        for path, declared in sorted(self.names.items(), key=lambda item: self.order(item[1])):
            if isinstance(declared, xsd.ComplexType):
                self.complex_types.read(declared, path)
            else:
                self.simple_type(declared, path)
        main = self.documents[0]
        for (kind, namespace, name), element in self.globals.items():
            if kind == "element":
                self.type_of(element, self.path(namespace, name), self.note(element).place)
        self.complex_types.relate()
        roots = self.roots()
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

    def roots(self) -> list[Root]:
        """What a document may begin with: the global elements of the profile's own namespace.

        Abstract ones never stand in a document. Of several that have one type, those that others refer to are mere
        parts; of the rest, the one that has the type's name is of its class, and each other of one that derives from
        it. One of a simple type is a part too where others refer to it; any other gets a class for its text.
        """
        main = self.documents[0]
        found: list[tuple[xsd.Element, TypeRef]] = []
        for (kind, namespace, name), element in self.globals.items():
            if kind == "element" and namespace == self.namespace and not element.abstract:
                found.append((element, self.type_of(element, self.path(namespace, name), self.note(element).place)))
        several = Counter(reference for _, reference in found)
        roots: list[Root] = []
        for element, reference in found:
            alone = several[reference] == 1 and self.is_class(reference)
            named = str(element.name).lower() == str(reference).lower() and self.is_class(reference)
            if element.name in self.parts and (not alone or self.is_reference(reference)):
                continue
            path = str(reference) if alone or named else self.made(element, reference)
            note = self.note(element)
            roots.append(Root(str(element.name), path, note.document is main, note.place, tuple(self.heads(element))))
        return roots

    def heads(self, element: xsd.Element) -> Iterator[str]:
        """The elements for which one may stand."""
        while element.substitution_group is not None:
            namespace, name = self.note(element).resolve(element.substitution_group)
            yield f"{{{namespace}}}{name}"
            element = self.referred("element", element.substitution_group, element)

    @cached_property
    def parts(self) -> set[str]:
        """The names of the profile's own elements that others refer to, or that belong to a substitution group."""
        found: set[str] = set()
        for document in self.documents:
            for node in document.root.iter(f"{XS}element"):
                for name in (node.get("ref"), node.get("substitutionGroup")):
                    if name is not None:
                        found.add(name.rpartition(":")[2])
                        found.add(node.get("name", ""))
        return found

    def is_class(self, reference: TypeRef) -> bool:
        """Whether a type is a complex one."""
        return not isinstance(reference, Builtin) and isinstance(self.types[reference], ComplexType)

    def is_reference(self, reference: TypeRef) -> bool:
        """Whether a type only carries ``ref``."""
        found = None if isinstance(reference, Builtin) else self.types[reference]
        return isinstance(found, ComplexType) and found.is_reference

    def made(self, element: xsd.Element, reference: TypeRef) -> str:
        """A type for one global element alone."""
        note = self.note(element)
        path = f"<{element.name}>"
        found = None if isinstance(reference, Builtin) else self.types[reference]
        if not isinstance(found, ComplexType):
            if reference == Builtin("anyType"):
                raise UnsupportedError("a global element of xs:anyType that no other refers to", note.place)
            if element.default is not None or element.fixed is not None:
                raise UnsupportedError("default or fixed on an element that a document may begin with", note.place)
            self.types[path] = ComplexType(
                path=path, cim=note.cim, words=note.words, particles=(), attributes=(), text=reference, place=note.place
            )
            return path
        if found.is_reference:
            raise UnsupportedError("a global element that only carries ref", note.place)
        if found.derived or found.abstract:
            raise UnsupportedError(
                f"the global element {element.name}",
                note.place,
                "another is of the same type, from which others derive, and so would its object be",
            )
        words = note.words or found.words
        self.types[path] = replace(
            found, path=path, cim=note.cim or found.cim, words=words, base=found.path, derives=None, derived=[]
        )
        return path

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

    def type_of(self, node: xsd.Element | xsd.Attribute, path: str, place: Place) -> TypeRef:
        """What an element or attribute is made of; anonymous types are added under their path."""
        if path in self.names and (node.simple_type is not None or getattr(node, "complex_type", None) is not None):
            raise UnsupportedError(f"a global element with a type of its own, beside another type {node.name}", place)
        if isinstance(node, xsd.Element) and node.complex_type is not None:
            self.complex_types.read(node.complex_type, path)
            return path
        if node.simple_type is not None:
            self.simple_type(node.simple_type, path)
            return path
        if node.type is None:
            if isinstance(node, xsd.Attribute):
                return Builtin("string")  # as texts, any simple type is one
            if node.substitution_group is not None:
                head = self.referred("element", node.substitution_group, node)
                return self.type_of(head, self.path(self.note(head).document.namespace, str(head.name)), place)
            return Builtin("anyType")
        if isinstance(node, xsd.Element) and self.note(node).resolve(node.type) == (XS[1:-1], "anyType"):
            return Builtin("anyType")
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

    def referred(self, kind: str, name: str, node: ElementBase) -> Any:
        """The global declaration that a node refers to: element, attribute, group or attributeGroup."""
        note = self.note(node)
        found = self.globals.get((kind, *note.resolve(name)))
        if found is None:
            raise GeneratorError(f"{note.place}: there is no {kind} {name}")
        return found

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


def _globals(parsed: xsd.Schema) -> dict[str, list[Any]]:
    """What a schema declares beside types, in document order."""
    kinds: dict[str, list[Any]] = {
        "element": parsed.elements,
        "attribute": parsed.attributes,
        "group": parsed.groups,
        "attributeGroup": parsed.attribute_groups,
    }
    return {kind: sorted(nodes, key=lambda node: node.index) for kind, nodes in kinds.items()}


def _prefixes(found: list[Document]) -> dict[str, str]:
    """A prefix for each namespace: the first by which a document knows it, or else one with a number."""
    prefixes = {found[0].namespace: ""}
    for document in found:
        namespace = document.namespace
        if namespace not in prefixes:
            bound = (
                prefix for one in found for prefix, meant in one.root.nsmap.items() if prefix and meant == namespace
            )
            taken = {*prefixes.values(), "q", "xsi", "xsit"}
            prefixes[namespace] = next((prefix for prefix in bound if prefix not in taken), f"ns{len(prefixes)}")
    return prefixes
