"""Reads complex types into the model: their attributes, what they extend or restrict, their content models as trees.

References to groups, attributes and elements are followed here, so that a tree consists of elements, wildcards and the
sequences and choices around them. A reference to the head of a substitution group is a choice between all elements that
may stand there. What members a tree comes to is found in ``contents``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from xsdata.models import xsd
from xsdata.models.enums import ProcessType, UseType
from xsdata.models.mixins import ElementBase

from iec61968_9_generator import contents, simple_types
from iec61968_9_generator.documents import Note
from iec61968_9_generator.errors import Place, UnsupportedError
from iec61968_9_generator.model import (
    UNBOUNDED,
    Attribute,
    Builtin,
    ComplexType,
    Element,
    Group,
    SimpleType,
    Tree,
    Type,
    TypeRef,
    Wildcard,
)

__all__ = ["Owner", "Reader"]


class Owner(Protocol):
    """What holds the types of a schema while it is read."""

    types: dict[str, Type]
    names: dict[str, xsd.ComplexType | xsd.SimpleType]
    globals: dict[tuple[str, str, str], Any]
    open: set[str]
    envelope: bool

    def note(self, node: ElementBase) -> Note:
        """What is known of a node."""
        ...

    def path(self, namespace: str, name: str) -> str:
        """The path of a named type."""
        ...

    def qualified(self, node: xsd.Element | xsd.Attribute, kind: str) -> str:
        """The namespace of a local element or attribute."""
        ...

    def type_of(self, node: xsd.Element | xsd.Attribute, path: str, place: Place) -> TypeRef:
        """What an element or attribute is made of; anonymous types are added under their path."""
        ...

    def resolve(self, name: str | None, node: ElementBase, place: Place) -> TypeRef:
        """The type that a QName in the schema means."""
        ...

    def referred(self, kind: str, name: str, node: ElementBase) -> Any:
        """The global declaration that a node refers to."""
        ...

    def simple(self, path: str) -> SimpleType:
        """A simple type, read if it was not before."""
        ...


@dataclass(slots=True)
class _Attributes:
    """The attributes of a type or of a group of attributes: those that it has, and those that it takes away."""

    found: dict[tuple[str, str], Attribute] = field(default_factory=dict[tuple[str, str], Attribute])
    prohibited: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    other: Wildcard | None = None


class Reader:
    """Reads the complex types of one profile into their owner's types."""

    def __init__(self, owner: Owner) -> None:
        self.owner = owner
        self.trees: dict[str, Group | None] = {}
        self.groups: dict[int, Tree | None] = {}
        self.mixed: set[str] = set()
        self.waiting: list[tuple[xsd.ComplexType, str]] = []
        self.in_group = 0

    def place(self, node: ElementBase) -> Place:
        """Where a node stands."""
        return self.owner.note(node).place

    def read(self, declared: xsd.ComplexType, path: str) -> None:
        """Add a complex type and the anonymous types inside it."""
        if path in self.owner.types:
            return
        note = self.owner.note(declared)
        # Before its members, so that types stand in the order in which a reader meets them.
        built = self.owner.types[path] = ComplexType(
            path=path, cim=note.cim, words=note.words, particles=(), attributes=(), text=None, place=note.place
        )
        built.abstract = declared.abstract
        if self.in_group:  # whose elements may lead back to it
            self.waiting.append((declared, path))
        else:
            self.fill(built, declared)

    def fill(self, built: ComplexType, declared: xsd.ComplexType) -> None:
        """Give a type its members."""
        self.owner.open.add(built.path)
        if declared.simple_content is not None:
            self.simple_content(built, declared.simple_content)
        elif declared.complex_content is not None:
            self.complex_content(built, declared, declared.complex_content)
        else:
            attributes = self.attributes(declared, built.path)
            built.attributes, built.other = tuple(attributes.found.values()), attributes.other
            self.content(built, self.tree_in(declared, built.path), mixed=declared.mixed)
        self.owner.open.remove(built.path)

    def relate(self) -> None:
        """Tell each type which others derive from it."""
        for path, derived in self.owner.types.items():
            above = derived.derives if isinstance(derived, ComplexType) else None
            while above is not None:
                base = self.owner.types[above]
                assert isinstance(base, ComplexType)  # noqa: S101  # only such are derived from
                base.related = True
                if path in self.owner.names:
                    base.derived.append(path)
                above = base.derives

    # -- derivation ------------------------------------------------------------------------------------------------

    def base(self, node: xsd.Extension | xsd.Restriction) -> TypeRef:
        """The type that is extended or restricted, read."""
        place = self.place(node)
        reference = self.owner.resolve(node.base, node, place)
        declared = self.owner.names.get(reference) if isinstance(reference, str) else None
        if isinstance(declared, xsd.ComplexType):
            assert isinstance(reference, str)  # noqa: S101  # looked at above
            if reference in {path for _, path in self.waiting}:
                raise UnsupportedError("a group that leads to a type which needs the group", place)
            self.read(declared, reference)
            if reference in self.owner.open:
                raise UnsupportedError("a type inside one that it derives from", place)
        return reference

    def complex_base(self, reference: TypeRef) -> ComplexType | None:
        """A base that is a complex type."""
        found = None if isinstance(reference, Builtin) else self.owner.types.get(reference)
        return found if isinstance(found, ComplexType) else None

    def inherit(self, built: ComplexType, base: ComplexType, attributes: _Attributes, place: Place) -> None:
        """Give a type that extends another its attributes and, where that is sound, its base class."""
        built.attributes = (*base.attributes, *attributes.found.values())
        built.other = base.other or attributes.other
        if base.other is not None and attributes.other is not None and not _alike(base.other, attributes.other):
            raise UnsupportedError("xs:anyAttribute with other namespaces than in the type that is extended", place)

    def simple_content(self, built: ComplexType, content: xsd.SimpleContent) -> None:
        """Text with attributes."""
        node = content.extension or content.restriction
        assert node is not None  # noqa: S101  # libxml2 would have refused it
        place = self.place(node)
        reference = self.base(node)
        base = self.complex_base(reference)
        attributes = self.attributes(node, built.path)
        if isinstance(node, xsd.Restriction):
            if base is None or base.text is None:
                raise UnsupportedError("a restriction of a type that is no text with attributes", place)
            built.derives = base.path
            built.text = simple_types.narrowed(node, base.text, f"{built.path}/#text", self.owner)
            self.restrict(built, base, attributes)
        elif base is not None:
            built.derives = base.path
            built.base = base.path if built.path in self.owner.names else None
            built.text = base.text
            self.inherit(built, base, attributes, place)
        else:
            built.text = reference
            built.attributes, built.other = tuple(attributes.found.values()), attributes.other
        if built.text is not None and self.is_qname(built.text):
            raise UnsupportedError("xs:QName as the text of a type with attributes", place)
        if built.text is None:
            raise UnsupportedError("an extension of a type without text in xs:simpleContent", place)

    def complex_content(self, built: ComplexType, declared: xsd.ComplexType, content: xsd.ComplexContent) -> None:
        """An extension or a restriction."""
        node = content.extension or content.restriction
        assert node is not None  # noqa: S101  # libxml2 would have refused it
        mixed = declared.mixed or bool(content.mixed)
        attributes = self.attributes(node, built.path)
        own = self.tree_in(node, built.path)
        if self.owner.note(node).resolve(str(node.base)) == (_XS, "anyType"):
            if isinstance(node, xsd.Extension):
                raise UnsupportedError("an extension of xs:anyType", self.place(node))
            built.attributes, built.other = tuple(attributes.found.values()), attributes.other
            self.content(built, own, mixed=mixed)
            return
        base = self.complex_base(self.base(node))
        if base is None or base.text is not None:
            raise UnsupportedError("xs:complexContent of a type that has text", self.place(node))
        built.derives = base.path
        if isinstance(node, xsd.Restriction):
            self.restrict(built, base, attributes)
            self.content(built, own, mixed=mixed)
            return
        self.inherit(built, base, attributes, self.place(node))
        mixed = mixed or (base.path in self.mixed)
        self.content(built, contents.together(self.trees[base.path], own, built.place), mixed=mixed)
        begins = built.particles[: len(base.particles)] == base.particles
        if begins and built.path in self.owner.names:  # an anonymous type has no name by which to be told from its base
            built.base = base.path

    def restrict(self, built: ComplexType, base: ComplexType, attributes: _Attributes) -> None:
        """Give a type that restricts another its attributes: the other's, but for what it says of them."""
        kept = {_key(one): one for one in base.attributes if _key(one) not in attributes.prohibited}
        built.attributes = tuple({**kept, **attributes.found}.values())
        built.other = attributes.other

    def is_qname(self, reference: TypeRef) -> bool:
        """Whether a simple type is xs:QName, under its own name or another."""
        return Builtin("QName") == reference or (
            isinstance(reference, str) and self.owner.simple(reference).base == "QName"
        )

    # -- content ---------------------------------------------------------------------------------------------------

    def content(self, built: ComplexType, tree: Group | None, *, mixed: bool) -> None:
        """Give a type the members of its content model."""
        self.trees[built.path] = tree
        if mixed:
            self.mixed.add(built.path)
        found = contents.members(tree, mixed=mixed)
        built.particles, built.model = found.particles, found.model

    def tree_in(self, node: xsd.ComplexType | xsd.Extension | xsd.Restriction, path: str) -> Group | None:
        """The content model that stands in a node."""
        model = node.sequence or node.choice or node.all or node.group
        if model is None:
            return None
        tree = self.tree(model, path)
        if tree is None or isinstance(tree, Group):
            return tree
        return Group(kind="sequence", parts=(tree,), min=1, max=1, place=self.place(model))

    def tree(self, node: ElementBase, path: str) -> Tree | None:
        """A node of a content model."""
        match node:
            case xsd.Element():
                return self.element(node, path)
            case xsd.Any():
                return Wildcard(
                    namespace=" ".join(node.namespace.split()),
                    own=self.owner.note(node).document.namespace,
                    process=_process(node.process_contents),
                    min=node.min_occurs,
                    max=_maximum(node.max_occurs),
                    place=self.place(node),
                )
            case xsd.Group():
                inner = self.group(node)
                parts = () if inner is None else (inner,)
                return self.joined("sequence", parts, node)
            case xsd.Sequence() | xsd.Choice() | xsd.All():
                found = (self.tree(one, path) for one in _children(node) if not isinstance(one, xsd.Annotation))
                return self.joined(type(node).__name__.lower(), [one for one in found if one is not None], node)
            case _:
                raise UnsupportedError(f"xs:{type(node).__name__.lower()} in a content model", self.place(node))

    def joined(self, kind: str, parts: Iterable[Tree], node: Any) -> Group:
        """A group with the bounds of a node."""
        return Group(
            kind=kind,
            parts=tuple(parts),
            min=node.min_occurs,
            max=_maximum(node.max_occurs),
            place=self.place(node),
        )

    def group(self, reference: xsd.Group) -> Tree | None:
        """The content of a named group. The types inside it are the same wherever it is used."""
        declared: xsd.Group = self.owner.referred("group", str(reference.ref), reference)
        if id(declared) not in self.groups:
            self.groups[id(declared)] = None
            path = self.owner.path(self.owner.note(declared).document.namespace, f"{declared.name}()")
            self.in_group += 1
            model = declared.sequence or declared.choice or declared.all
            self.groups[id(declared)] = self.tree(model, path) if model is not None else None
            self.in_group -= 1
            while not self.in_group and self.waiting:
                inner, inner_path = self.waiting.pop(0)
                built = self.owner.types[inner_path]
                assert isinstance(built, ComplexType)  # noqa: S101  # read() put it there
                self.fill(built, inner)
        return self.groups[id(declared)]

    # -- elements --------------------------------------------------------------------------------------------------

    def element(self, node: xsd.Element, path: str) -> Tree | None:
        """An element, or a choice between all that may stand for it."""
        if node.ref is None:
            return self.declared(node, node, f"{path}/{node.name}", self.owner.qualified(node, "element"))
        head: xsd.Element = self.owner.referred("element", node.ref, node)
        branches = [self.globally(one, node) for one in self.substitutes(head)]
        if not branches and self.owner.envelope:
            return self.open_head(head, node)
        if not branches:
            if node.min_occurs:
                raise UnsupportedError("an abstract element for which no other may stand", self.place(node))
            return None
        if len(branches) == 1:
            return replace(branches[0], min=node.min_occurs, max=_maximum(node.max_occurs))
        return replace(self.joined("choice", branches, node), head=str(head.name))

    def open_head(self, head: xsd.Element, node: xsd.Element) -> Wildcard:
        """A place for the roots of other profiles, which say that they stand for an abstract element of the envelope.

        The schemas of those profiles refer to the envelope's, and not the other way round; so what stands here is
        validated by its own schema, and the envelope's has a wildcard here.
        """
        note = self.owner.note(node)
        namespace = self.owner.note(head).document.namespace
        note.document.opened.append(note.node)
        return Wildcard(
            namespace="##other",
            own=note.document.namespace,
            process="skip",
            min=node.min_occurs,
            max=_maximum(node.max_occurs),
            place=note.place,
            head=f"{{{namespace}}}{head.name}",
        )

    def substitutes(self, head: xsd.Element) -> Iterator[xsd.Element]:
        """The elements that may stand where a global one is referred to: itself, and its substitution group."""
        if not head.abstract:
            yield head
        key = (self.owner.note(head).document.namespace, str(head.name))
        for (kind, _, _), one in self.owner.globals.items():
            group = one.substitution_group if kind == "element" and one is not head else None
            if group is not None and self.owner.note(one).resolve(group) == key:
                yield from self.substitutes(one)

    def globally(self, declared: xsd.Element, reference: xsd.Element) -> Element:
        """A global element, where it is referred to."""
        namespace = self.owner.note(declared).document.namespace
        found = self.declared(declared, reference, self.owner.path(namespace, str(declared.name)), namespace)
        return replace(found, min=1, max=1)

    def declared(self, node: xsd.Element, reference: xsd.Element, path: str, namespace: str) -> Element:
        """An element as its declaration says, and as often as a reference to it."""
        note = self.owner.note(node)
        said = self.owner.note(reference)
        kind = self.owner.type_of(node, path, note.place)
        self.check_preset(kind, node.default, node.fixed, note.place)
        if (node.default is not None or node.fixed is not None) and not self.is_complex(kind) and self.is_qname(kind):
            raise UnsupportedError("default or fixed with xs:QName", note.place)  # its prefix is the schema's
        return Element(
            name=str(node.name),
            namespace=namespace,
            type=kind,
            min=reference.min_occurs,
            max=_maximum(reference.max_occurs),
            default=node.default,
            fixed=node.fixed,
            nillable=bool(node.nillable),
            cim=said.cim or note.cim,
            words=said.words or note.words,
            note=note,
        )

    def check_preset(self, kind: TypeRef, default: str | None, fixed: str | None, place: Place) -> None:
        """Refuse a value for an absent attribute or an empty element, where it refers to another or may be anything."""
        if (default is not None or fixed is not None) and not self.is_complex(kind):
            if kind == Builtin("anyType"):
                raise UnsupportedError("default or fixed with xs:anyType", place)
            for name in simple_types.IDENTITIES:
                if name in simple_types.builtins(kind, self.owner):
                    raise UnsupportedError(f"default or fixed with xs:{name}", place)

    def is_complex(self, kind: TypeRef) -> bool:
        """Whether a type has members."""
        declared = None if isinstance(kind, Builtin) else self.owner.names.get(kind, self.owner.types.get(kind))
        return isinstance(declared, xsd.ComplexType | ComplexType)

    # -- attributes ------------------------------------------------------------------------------------------------

    def attributes(
        self, node: xsd.ComplexType | xsd.Extension | xsd.Restriction | xsd.AttributeGroup, path: str
    ) -> _Attributes:
        """The attributes that stand in a node, those of groups included."""
        result = _Attributes()
        inside: list[xsd.Attribute | xsd.AttributeGroup] = [*node.attributes, *node.attribute_groups]
        for one in sorted(inside, key=lambda one: one.index):
            if isinstance(one, xsd.AttributeGroup):
                declared: xsd.AttributeGroup = self.owner.referred("attributeGroup", str(one.ref), one)
                namespace = self.owner.note(declared).document.namespace
                group = self.attributes(declared, self.owner.path(namespace, f"{declared.name}()"))
                result.found.update(group.found)
                result.prohibited |= group.prohibited
                self.widen(result, group.other, one)
            else:
                attribute = self.attribute(one, path)
                if one.use is UseType.PROHIBITED:
                    result.prohibited.add(_key(attribute))
                else:
                    result.found[_key(attribute)] = attribute
        if node.any_attribute is not None:
            self.widen(result, self.any_attribute(node.any_attribute), node.any_attribute)
        return result

    def widen(self, result: _Attributes, other: Wildcard | None, node: ElementBase) -> None:
        """Add a wildcard for attributes; two that differ would have to be intersected."""
        if result.other is not None and other is not None and not _alike(result.other, other):
            raise UnsupportedError("two xs:anyAttribute for other namespaces in one type", self.place(node))
        result.other = result.other or other

    def any_attribute(self, node: xsd.AnyAttribute) -> Wildcard:
        """A wildcard for attributes."""
        return Wildcard(
            namespace=" ".join(node.namespace.split()),
            own=self.owner.note(node).document.namespace,
            process=_process(node.process_contents),
            min=0,
            max=UNBOUNDED,
            place=self.place(node),
        )

    def attribute(self, node: xsd.Attribute, path: str) -> Attribute:
        """An attribute, or one that is referred to."""
        declared = node
        namespace = ""
        if node.ref is None:
            namespace = self.owner.qualified(node, "attribute")
        else:
            declared = self.owner.referred("attribute", node.ref, node)
            namespace = self.owner.note(declared).document.namespace
        note, said = self.owner.note(declared), self.owner.note(node)
        prohibited = node.use is UseType.PROHIBITED
        path = f"{path}/@{declared.name}" if node.ref is None else self.owner.path(namespace, f"@{declared.name}")
        kind = Builtin("string") if prohibited else self.owner.type_of(declared, path, note.place)
        if isinstance(kind, str) and isinstance(self.owner.names.get(kind), xsd.ComplexType):
            raise UnsupportedError("an attribute of a complex type", note.place)
        default = node.default if node.default is not None else declared.default
        fixed = node.fixed if node.fixed is not None else declared.fixed
        self.check_preset(kind, default, fixed, said.place)
        if fixed is not None and self.is_qname(kind):  # an absent one stays absent, so a default does no harm
            raise UnsupportedError("fixed with xs:QName", said.place)
        return Attribute(
            name=str(declared.name),
            namespace=namespace,
            type=kind,
            required=node.use is UseType.REQUIRED,
            default=default,
            fixed=fixed,
            cim=said.cim or note.cim,
            words=said.words or note.words,
            place=said.place,
        )


_XS = "http://www.w3.org/2001/XMLSchema"


def _key(attribute: Attribute) -> tuple[str, str]:
    return attribute.namespace, attribute.name


def _alike(one: Wildcard, other: Wildcard) -> bool:
    return (one.namespace, one.own, one.process) == (other.namespace, other.own, other.process)


def _children(model: ElementBase) -> list[ElementBase]:
    """The nodes of a content model in document order."""
    children: Iterable[ElementBase] = model.children()  # pyright: ignore[reportUnknownMemberType]  # xsdata's own
    return sorted(children, key=lambda node: node.index)


def _maximum(value: str | int) -> int:
    return UNBOUNDED if not isinstance(value, int) or value >= UNBOUNDED else value


def _process(declared: ProcessType | str | None) -> str:
    """How the content of a wildcard is validated. xsdata does not always make its own type of what a schema says."""
    return str(getattr(declared, "value", declared) or "strict")
