"""IDs, each of which stands once in a document, and references to them, each of which leads to one.

libxml2 sees a part of that: IDs in attributes, as long as it validates a tree, but none in elements, and no reference
that leads nowhere. So it is not asked. Its schemas have plain names in their place (``unidentified``), and here a
document is walked along its schema's declarations, from each element to the type that it has by its place, by
``xsi:type`` or by a wildcard that is not skipped, and all IDs and references are collected.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

from iec61968_9.xml.arrangement import Fault
from iec61968_9.xml.codec import Element
from iec61968_9.xml.content import TYPE, XS, XSD, Contents
from iec61968_9.xml.document import admitted, local_name
from iec61968_9.xml.reading import shortened

__all__ = ["Identities", "Mention", "unidentified"]

CONSTRAINTS: Final = (f"{XS}key", f"{XS}unique", f"{XS}keyref")
NAMING: Final = ("type", "base", "itemType", "memberTypes")
"""The attributes that name types."""

ROLES: Final = {"ID": "ID", "IDREF": "IDREF", "IDREFS": "IDREF"}
"""What a value of a built-in type is, or each of its items."""

Type: TypeAlias = "Element | str | None"
"""A type's definition, or a built-in's name; None for ``xs:anyType``."""


def unidentified(schema: Element) -> Element:
    """A schema document that has plain names in place of IDs."""
    for node in schema.iter(f"{XS}*"):
        for attribute in NAMING:
            names = node.get(attribute, "").split()
            if any(_built_in(node, name) == "ID" for name in names):
                plain = [f"{name[:-2]}NCName" if _built_in(node, name) == "ID" else name for name in names]
                node.set(attribute, " ".join(plain))
    return schema


class Mention(NamedTuple):
    """An ID, or a reference to one.

    Attributes:
        element: Where it stands.
        attribute: In which attribute of the element, by its qualified name; None for the element's text.
        role: ``ID`` or ``IDREF``.
        value: The name.
    """

    element: Element
    attribute: str | None
    role: str
    value: str


@dataclass(slots=True)
class _Kind:
    """What a type says of IDs, and of the way to more of them.

    Attributes:
        role: What the text of an element is.
        attributes: What attributes are, by their qualified names.
        children: The declarations of the elements that it names.
        wildcards: The namespaces that wildcards let in whose content is validated, and the schema's own.
        open_to: The same of wildcards for attributes.
    """

    role: str = ""
    attributes: dict[str, str] = field(default_factory=dict[str, str])
    children: dict[str, Element] = field(default_factory=dict[str, "Element"])
    wildcards: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    open_to: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])


_ANYTHING = _Kind(wildcards=[("##any", "")], open_to=[("##any", "")])


class Identities:
    """Where the documents of a schema have IDs and references. Not for two threads at a time."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents
        self._kinds: dict[Element | str, _Kind] = {}
        self._any = any(_mentions(document) for document in contents.documents)

    def faults(self, root: Element, *, references: bool) -> Iterator[Fault]:
        """The IDs that stand in a document once more and, if asked for, the references that lead nowhere."""
        found = list(self.mentions(root)) if self._any else []
        known: set[str] = set()
        for one in found:
            if one.role == "ID" and one.value in known:
                yield _fault(one, "the value must be unique and is there twice", "another")
            if one.role == "ID":
                known.add(one.value)
        for one in found if references else ():
            if one.role == "IDREF" and one.value not in known:
                yield _fault(one, "the value refers to something that is not there", "an ID of this document")

    def mentions(self, root: Element) -> Iterator[Mention]:
        """All IDs and references below an element with a global declaration, in document order."""
        for element, _, kind in self._walk(root):
            if kind.attributes or kind.open_to:
                for name, text in element.items():
                    role = kind.attributes.get(name) or self._open_role(kind, name)
                    for value in text.split() if role else ():
                        yield Mention(element, name, role, value)
            if kind.role:
                for value in "".join(element.itertext()).split():
                    yield Mention(element, None, kind.role, value)

    def constraints(self, root: Element) -> Iterator[tuple[Element, Element]]:
        """All elements inside which values have to be unique or to refer to others, each with what says so."""
        for element, declaration, _ in self._walk(root):
            for one in () if declaration is None else declaration.iterchildren(*CONSTRAINTS):
                yield element, one

    def _walk(self, root: Element) -> Iterator[tuple[Element, Element | None, _Kind]]:
        """All elements that are validated, in document order, with their declarations and types."""
        waiting: list[tuple[Element, Element | None]] = [(root, self._contents.component("element", str(root.tag)))]
        while waiting:
            element, declaration = waiting.pop()
            kind = self._kind(self._type_of(element, declaration))
            yield element, declaration, kind
            if kind.children or kind.wildcards:
                inner = [(child, self._child(kind, str(child.tag))) for child in element.iterchildren("*")]
                waiting += [(child, found) for child, (is_known, found) in reversed(inner) if is_known]

    def _child(self, kind: _Kind, tag: str) -> tuple[bool, Element | None]:
        """Whether a child is validated, and its declaration, if there is one."""
        found = kind.children.get(tag)
        if found is not None:
            return True, found
        found = head = self._contents.component("element", tag)
        while head is not None and head.get("substitutionGroup"):
            head = self._contents.find(head, head.get("substitutionGroup", ""), "element")
            if head is not None and kind.children.get(self._contents.tag(head)) is head:
                return True, found
        return any(admitted(tag, *one) for one in kind.wildcards), found

    def _open_role(self, kind: _Kind, name: str) -> str:
        """What an attribute is that a wildcard lets in."""
        if not any(admitted(name, *one) for one in kind.open_to):
            return ""
        found = self._contents.component("attribute", name)
        return "" if found is None else self._kind(self._declared(found)).role

    # -- types ---------------------------------------------------------------------------------------------------------

    def _type_of(self, element: Element, declaration: Element | None) -> Type:
        """The type of an element."""
        said = element.get(TYPE)
        if said is not None:
            prefix, _, name = said.strip().rpartition(":")
            namespace = element.nsmap.get(prefix or None) or ""
            if namespace == XSD:
                return None if name == "anyType" else name
            found = self._contents.find(element, said, "complexType", "simpleType")
            if found is not None:
                return found
        return None if declaration is None else self._declared(declaration)

    def _declared(self, declaration: Element) -> Type:
        """The type that an element or an attribute is declared with."""
        inner = next((one for one in declaration if one.tag in {f"{XS}complexType", f"{XS}simpleType"}), None)
        head = declaration.get("substitutionGroup")
        if declaration.get("type") or inner is not None or not head:
            return self._reference(declaration, declaration.get("type"), inner)
        found = self._contents.find(declaration, head, "element")
        return None if found is None else self._declared(found)

    def _reference(self, node: Element, name: str | None, inner: Element | None = None) -> Type:
        """The type that a name means, or one that stands there itself."""
        if not name:
            return inner
        known = _built_in(node, name)
        if known:
            return None if known == "anyType" else known
        return self._contents.find(node, name, "complexType", "simpleType")

    def _kind(self, found: Type) -> _Kind:
        """What a type says."""
        if found is None:
            return _ANYTHING
        known = self._kinds.get(found)
        if known is None:
            known = self._kinds[found] = _Kind()
            if isinstance(found, str):
                known.role = ROLES.get(found, "")
            elif found.tag == f"{XS}simpleType":
                known.role = self._simple_role(found)
            else:
                self._fill(known, found)
        return known

    def _simple_role(self, node: Element) -> str:
        """What the values of a simple type are. Unions with IDs are none that the generator takes."""
        made = next(node.iterchildren(f"{XS}restriction", f"{XS}list"), None)
        if made is None:
            return ""
        inner = made.find(f"{XS}simpleType")
        return self._kind(self._reference(made, made.get("base") or made.get("itemType"), inner)).role

    def _fill(self, kind: _Kind, node: Element) -> None:
        """Note what a complex type says, that from which it derives first."""
        derived = next(node.iterfind("*/*"), None)
        if derived is None or derived.tag not in {f"{XS}extension", f"{XS}restriction"}:
            derived = None
        owner = node if derived is None else derived
        if derived is not None:
            base = self._reference(derived, derived.get("base"))
            above = self._kind(base)
            inner = derived.find(f"{XS}simpleType")
            kind.role = above.role if inner is None else self._simple_role(inner)
            kind.attributes.update(above.attributes)
            if derived.tag == f"{XS}extension":
                kind.children.update(above.children)
                kind.wildcards += above.wildcards
                kind.open_to += above.open_to
        self._attributes(kind, owner, set())
        self._particles(kind, owner, set())

    def _attributes(self, kind: _Kind, owner: Element, seen: set[Element]) -> None:
        """Note the attributes that stand in a type or a group."""
        for one in owner:
            if one.tag == f"{XS}attribute":
                declared = self._contents.find(one, one.get("ref", ""), "attribute") if one.get("ref") else one
                if declared is not None:
                    kind.attributes[self._contents.tag(declared)] = self._kind(self._declared(declared)).role
            elif one.tag == f"{XS}attributeGroup":
                group = self._contents.find(one, one.get("ref", ""), "attributeGroup")
                if group is not None and group not in seen:
                    seen.add(group)
                    self._attributes(kind, group, seen)
            elif one.tag == f"{XS}anyAttribute" and one.get("processContents") != "skip":
                kind.open_to.append((one.get("namespace", "##any"), self._contents.namespace(one)))

    def _particles(self, kind: _Kind, owner: Element, seen: set[Element]) -> None:
        """Note the elements and wildcards that stand in a type, a group or a part of one."""
        for one in owner:
            what = local_name(str(one.tag))
            if what in {"sequence", "choice", "all"}:
                self._particles(kind, one, seen)
            elif what == "group":
                group = self._contents.find(one, one.get("ref", ""), "group")
                if group is not None and group not in seen:
                    seen.add(group)
                    self._particles(kind, group, seen)
            elif what == "element":
                declared = self._contents.find(one, one.get("ref", ""), "element") if one.get("ref") else one
                if declared is not None:
                    kind.children[self._contents.tag(declared)] = declared
            elif what == "any" and one.get("processContents") != "skip":
                kind.wildcards.append((one.get("namespace", "##any"), self._contents.namespace(one)))


def _mentions(schema: Element) -> bool:
    """Whether a schema document has types for IDs or references."""
    nodes = ((node, node.get(attribute, "")) for node in schema.iter(f"{XS}*") for attribute in NAMING)
    return any(_built_in(node, name) in ROLES for node, names in nodes for name in names.split())


def _fault(one: Mention, message: str, expected: str) -> Fault:
    attribute = None if one.attribute is None else local_name(one.attribute)
    return Fault(one.element, "other", message, expected, shortened(one.value), attribute)


def _built_in(node: Element, name: str) -> str:
    """The local name of a built-in type that a name at a node of a schema means; empty for any other."""
    prefix, colon, local = name.strip().rpartition(":")
    return local if node.nsmap.get(prefix if colon else None) == XSD else ""
