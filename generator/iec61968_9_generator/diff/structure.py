"""What an element may really hold: references, groups, extensions and anonymous types followed to their end.

A ``Type`` is what matters to documents: attributes, and either a kind of value or an expression over the names of
elements, each with its own declaration. Whether a type has a name, stands in a group, or is derived from another does
not show in it; only where ``xsi:type`` may name another type, those types are known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from iec61968_9_generator.diff import expression as ex
from iec61968_9_generator.diff.schemas import XS, Node, Schemas, local
from iec61968_9_generator.diff.values import ANY_SIMPLE, STRING, Simple, built_in
from iec61968_9_generator.errors import GeneratorError

__all__ = ["Attribute", "Declaration", "Structure", "Type", "Wildcard"]

DEEPEST = 100


@dataclass(frozen=True, slots=True)
class Wildcard:
    """What ``xs:any`` and ``xs:anyAttribute`` admit: from which namespaces, and how it is validated."""

    namespaces: ex.Namespaces
    process: str


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of a type."""

    required: bool
    type: Simple
    default: str | None
    fixed: str | None


class Declaration:
    """The declaration of an element, global or local."""

    def __init__(self, structure: Structure, node: Node) -> None:
        self.node = node
        self._structure = structure
        self.tag = structure.schemas.tag(node, "element")
        self.nillable = node.get("nillable") in {"true", "1"}
        self.abstract = node.get("abstract") in {"true", "1"}
        self.default = node.get("default")
        self.fixed = node.get("fixed")

    @cached_property
    def type(self) -> Type:
        """Its type."""
        return self._structure.type_of(self.node)

    @cached_property
    def constraints(self) -> frozenset[tuple[str, ...]]:
        """Its keys and what must be unique in it: the kind, the selector and the fields, prefixes left out."""
        found: set[tuple[str, ...]] = set()
        for kind in ("key", "unique", "keyref"):
            for node in self.node.iterchildren(f"{XS}{kind}"):
                paths = [one.get("xpath", "") for one in node.iterchildren(f"{XS}selector", f"{XS}field")]
                found.add((kind, *(re.sub(r"[\w.-]+:(?!:)", "", path) for path in paths)))
        return frozenset(found)


@dataclass(slots=True, eq=False)
class Type:
    """What an element may hold.

    Attributes:
        name: Its qualified name; empty if it has none.
        simple: The kind of its value; None if it holds elements.
        content: The elements that it holds.
        elements: The declarations of those, by their qualified names.
        wildcards: The wildcards in its content.
        mixed: Whether text may stand between the elements.
        attributes: Its attributes.
        any_attribute: What other attributes it may have.
        abstract: Whether an element must name another type by ``xsi:type``.
        node: Its definition, or None for one of XML Schema's own.
    """

    name: str = ""
    simple: Simple | None = None
    content: ex.Expression = ex.EMPTY
    elements: dict[str, Declaration] = field(default_factory=dict[str, Declaration])
    wildcards: list[Wildcard] = field(default_factory=list[Wildcard])
    mixed: bool = False
    attributes: dict[str, Attribute] = field(default_factory=dict[str, Attribute])
    any_attribute: Wildcard | None = None
    abstract: bool = False
    node: Node | None = None

    @property
    def is_any(self) -> bool:
        """Whether it is ``xs:anyType``."""
        return self.name == "xs:anyType"


def _any_type() -> Type:
    wildcard = Wildcard(ex.ANY, "lax")
    return Type(
        name="xs:anyType",
        content=ex.rep(ex.Any(ex.ANY), 0, None),
        wildcards=[wildcard],
        mixed=True,
        any_attribute=wildcard,
    )


class Structure:
    """The effective structure of a set of schemas.

    Attributes:
        schemas: The set.
        roots: The global elements that a document may begin with.
    """

    def __init__(self, schemas: Schemas) -> None:
        self.schemas = schemas
        self._types: dict[Node, Type] = {}
        self._declarations: dict[Node, Declaration] = {}
        self._simple: dict[Node, Simple] = {}
        self._any = _any_type()
        self._built_in: dict[str, Type] = {}
        members: dict[Node, list[Node]] = {}
        for _, node in schemas.all_of("element"):
            if node.get("substitutionGroup"):
                members.setdefault(schemas.find("element", node, node.get("substitutionGroup", "")), []).append(node)
        self._members = members
        derived: dict[Node, list[tuple[str, Node]]] = {}
        for tag, node in schemas.all_of("type"):
            base = next(node.iterfind(f"{XS}complexContent/*[@base]"), None)
            base = next(node.iterfind(f"{XS}simpleContent/*[@base]"), None) if base is None else base
            if base is not None and not schemas.is_built_in(base, base.get("base", "")):
                derived.setdefault(schemas.find("type", base, base.get("base", "")), []).append((tag, node))
        self._derived = derived
        self.roots = {
            tag: self.declaration(node)
            for tag, node in schemas.all_of("element")
            if node.get("abstract") not in {"true", "1"}
        }

    def declaration(self, node: Node) -> Declaration:
        """The declaration at a node."""
        if node not in self._declarations:
            self._declarations[node] = Declaration(self, node)
        return self._declarations[node]

    def named(self) -> dict[str, Node]:
        """The types that have names."""
        return dict(self.schemas.all_of("type"))

    def reached(self) -> set[str]:
        """The names of the types to which the roots lead."""
        found: set[int] = set()
        names: set[str] = set()
        waiting = [root.type for root in self.roots.values()]
        while waiting:
            one = waiting.pop()
            if id(one) in found:
                continue
            found.add(id(one))
            names.add(one.name)
            waiting += [*(element.type for element in one.elements.values()), *self.derived_of(one).values()]
        return names

    # -- types ---------------------------------------------------------------------------------------------------

    def type_of(self, node: Node) -> Type:
        """The type of a declared element."""
        name = node.get("type")
        if name is not None:
            return self._named(node, name)
        inner = next(node.iterchildren(f"{XS}complexType", f"{XS}simpleType"), None)
        if inner is not None:
            return self._type(inner)
        if node.get("substitutionGroup"):
            return self.type_of(self.schemas.find("element", node, node.get("substitutionGroup", "")))
        return self._any

    def _named(self, node: Node, name: str) -> Type:
        if not self.schemas.is_built_in(node, name):
            return self._type(self.schemas.find("type", node, name))
        own = name.strip().rpartition(":")[2]
        if own == "anyType":
            return self._any
        return self._built_in.setdefault(own, Type(name=f"xs:{own}", simple=built_in(own)))

    def _type(self, node: Node) -> Type:
        """The type at a node; one that holds itself is known before it is complete."""
        known = self._types.get(node)
        if known is not None:
            return known
        made = self._types[node] = Type(node=node)
        if node.get("name"):
            made.name = self.schemas.tag_in(self.schemas.namespace(node), node.get("name", ""))
        if local(node) == "simpleType":
            made.simple = self.simple(node)
        else:
            made.abstract = node.get("abstract") in {"true", "1"}
            _Filler(self, made).fill(node)
        return made

    def derived_of(self, one: Type) -> dict[str, Type]:
        """The types that an element may name by ``xsi:type`` in a type's place, by their qualified names."""
        found: dict[str, Type] = {}
        waiting = [] if one.node is None else [one.node]
        while waiting:
            for tag, node in self._derived.get(waiting.pop(), ()):
                if tag not in found:
                    found[tag] = self._type(node)
                    waiting.append(node)
        return {tag: other for tag, other in found.items() if not other.abstract}

    def base_of(self, node: Node) -> Type:
        """The type that a derivation begins with."""
        return self._named(node, node.get("base", ""))

    def simple(self, node: Node, base: Simple | None = None) -> Simple:
        """The simple type of a definition, or of a restriction of a base."""
        if base is None and node in self._simple:
            return self._simple[node]
        step = (
            node
            if local(node) in {"restriction", "extension"}
            else next(node.iterchildren(f"{XS}restriction", f"{XS}list", f"{XS}union"), None)
        )
        if step is None:
            raise GeneratorError(f"{self.schemas.place(node)}: this type says nothing")
        inner = [self.simple(one) for one in step.iterchildren(f"{XS}simpleType")]
        if local(step) == "list":
            item = step.get("itemType")
            found = Simple(item=self.simple_named(step, item) if item else inner[0])
        elif local(step) == "union":
            names = (step.get("memberTypes") or "").split()
            found = Simple(members=(*(self.simple_named(step, name) for name in names), *inner))
        else:
            if base is None or inner:
                base = inner[0] if inner else self.simple_named(step, step.get("base", ""))
            found = _restricted(base, step)
        if local(node) == "simpleType":
            self._simple[node] = found
        return found

    def simple_named(self, node: Node, name: str) -> Simple:
        """The simple type that a name at a node means."""
        if self.schemas.is_built_in(node, name):
            return built_in(name.strip().rpartition(":")[2])
        found = self.schemas.find("type", node, name)
        return self.simple(found) if local(found) == "simpleType" else self._type(found).simple or ANY_SIMPLE

    def substitutes(self, node: Node, depth: int = 0) -> Iterator[Node]:
        """An element and all that may stand for it, but those that only others stand for."""
        if node.get("abstract") not in {"true", "1"}:
            yield node
        for one in self._members.get(node, ()) if depth < DEEPEST else ():
            yield from self.substitutes(one, depth + 1)


def _restricted(base: Simple, step: Node) -> Simple:
    """A simple type with the facets of a restriction."""
    found = base
    literals = [one.get("value", "") for one in step.iterchildren(f"{XS}enumeration")]
    patterns = [one.get("value", "") for one in step.iterchildren(f"{XS}pattern")]
    if literals:
        found = replace(found, literals=tuple(dict.fromkeys(literals)))
    if patterns:
        found = replace(found, patterns=(*found.patterns, frozenset(patterns)))
    for facet in step:
        name, value = local(facet), facet.get("value", "")
        if name == "whiteSpace":
            found = replace(found, space=value)
        elif name in {"length", "minLength", "maxLength"}:
            low, high = found.length
            found = replace(
                found,
                length=(low if name == "maxLength" else int(value), high if name == "minLength" else int(value)),
            )
        elif name in {"minInclusive", "minExclusive"}:
            found = replace(found, least=(value, name == "minInclusive"))
        elif name in {"maxInclusive", "maxExclusive"}:
            found = replace(found, most=(value, name == "maxInclusive"))
        elif name in {"totalDigits", "fractionDigits"}:
            whole, fraction = found.digits
            found = replace(found, digits=(int(value), fraction) if name == "totalDigits" else (whole, int(value)))
    return found


class _Filler:
    """Fills a complex type from its definition."""

    def __init__(self, structure: Structure, made: Type) -> None:
        self.structure = structure
        self.schemas = structure.schemas
        self.made = made

    def fill(self, node: Node) -> None:
        """Read a definition with what it is derived from."""
        made = self.made
        made.mixed = node.get("mixed") in {"true", "1"}
        outer = next(node.iterchildren(f"{XS}simpleContent", f"{XS}complexContent"), None)
        if outer is None:
            made.content = self.content(node)
            self.attributes(node)
            return
        step = next(outer.iterchildren(f"{XS}restriction", f"{XS}extension"))
        base = self.structure.base_of(step)
        extends = local(step) == "extension"
        if not base.is_any:
            made.attributes |= base.attributes
            made.any_attribute = base.any_attribute if extends else None
        if local(outer) == "simpleContent":
            kind = base.simple or STRING
            made.simple = kind if extends else self.structure.simple(step, kind)
        else:
            made.mixed = made.mixed or outer.get("mixed") in {"true", "1"} or (extends and base.mixed)
            made.content = self.content(step)
            if extends:
                made.content = ex.seq(base.content, made.content)
                made.elements = {**base.elements, **made.elements}
                made.wildcards = [*base.wildcards, *made.wildcards]
        self.attributes(step)

    # -- content -------------------------------------------------------------------------------------------------

    def content(self, owner: Node) -> ex.Expression:
        """The content that stands directly in something."""
        kinds = (f"{XS}{kind}" for kind in ("sequence", "choice", "all", "group"))
        return ex.seq(*(self.particle(one, 0) for one in owner.iterchildren(*kinds)))

    def particle(self, node: Node, depth: int) -> ex.Expression:
        """One particle."""
        kind, most = local(node), node.get("maxOccurs", "1")
        if depth > DEEPEST:
            raise GeneratorError(f"{self.schemas.place(node)}: a group holds itself")
        if kind == "element":
            inner = self.element(node)
        elif kind == "any":
            wildcard = self.wildcard(node)
            self.made.wildcards.append(wildcard)
            inner = ex.Any(wildcard.namespaces)
        elif kind == "group":
            group = self.schemas.find("group", node, node.get("ref", ""))
            inner = ex.seq(*(self.particle(one, depth + 1) for one in self.particles(group)))
        else:
            parts = [self.particle(one, depth + 1) for one in self.particles(node)]
            inner = ex.seq(*parts) if kind == "sequence" else ex.alt(parts) if kind == "choice" else ex.every(parts)
        return ex.rep(inner, int(node.get("minOccurs", "1")), None if most == "unbounded" else int(most))

    def particles(self, node: Node) -> Iterator[Node]:
        """The particles directly in one."""
        return node.iterchildren(*(f"{XS}{kind}" for kind in ("element", "any", "sequence", "choice", "all", "group")))

    def element(self, node: Node) -> ex.Expression:
        """An element, with those that may stand for it."""
        if node.get("ref") is None:
            found = [node]
        else:
            found = list(self.structure.substitutes(self.schemas.find("element", node, node.get("ref", ""))))
        declarations = [self.structure.declaration(one) for one in found]
        for one in declarations:
            self.made.elements.setdefault(one.tag, one)
        return ex.alt(ex.Name(one.tag) for one in declarations)

    # -- attributes ----------------------------------------------------------------------------------------------

    def attributes(self, owner: Node, depth: int = 0) -> None:
        """The attributes that stand in something, or in its groups."""
        if depth > DEEPEST:
            raise GeneratorError(f"{self.schemas.place(owner)}: a group holds itself")
        for node in owner.iterchildren(f"{XS}attribute"):
            declared = node
            if node.get("ref"):
                if node.get("ref", "").startswith("xml:"):
                    tag = f"{{http://www.w3.org/XML/1998/namespace}}{node.get('ref', '')[4:]}"
                    self.made.attributes[tag] = Attribute(node.get("use") == "required", STRING, None, None)
                    continue
                declared = self.schemas.find("attribute", node, node.get("ref", ""))
            tag = self.schemas.tag(declared, "attribute")
            if node.get("use") == "prohibited":
                self.made.attributes.pop(tag, None)
                continue
            inner = next(declared.iterchildren(f"{XS}simpleType"), None)
            name = declared.get("type")
            kind = self.structure.simple(inner) if inner is not None else ANY_SIMPLE
            self.made.attributes[tag] = Attribute(
                node.get("use") == "required",
                self.structure.simple_named(declared, name) if name else kind,
                node.get("default") or declared.get("default"),
                node.get("fixed") or declared.get("fixed"),
            )
        for node in owner.iterchildren(f"{XS}attributeGroup"):
            self.attributes(self.schemas.find("attributeGroup", node, node.get("ref", "")), depth + 1)
        for node in owner.iterchildren(f"{XS}anyAttribute"):
            self.made.any_attribute = self.wildcard(node)

    def wildcard(self, node: Node) -> Wildcard:
        """What a wildcard admits."""
        own = self.schemas.renamed(self.schemas.namespace(node))
        said = node.get("namespace", "##any")
        if said == "##any":
            spaces = ex.ANY
        elif said == "##other":
            spaces = ex.Namespaces(frozenset({own, ""}), others=True)
        else:
            special = {"##targetNamespace": own, "##local": ""}
            spaces = ex.Namespaces(frozenset(special.get(one, self.schemas.renamed(one)) for one in said.split()))
        return Wildcard(spaces, node.get("processContents", "strict"))
