"""What a schema lets stand inside an element: names, order and how often, and the kinds of values.

For error texts only. libxml2 is the judge of a document; this says what it does not: all that may stand somewhere, what
a misplaced element belongs behind, which literals there are. It looks at the schema's own elements, follows types,
extensions, groups and references by name, and knows nothing about what it cannot follow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from iec61968_9.xml.codec import Element
from iec61968_9.xml.document import admitted, local_name

__all__ = ["Content", "Contents", "Place", "SimpleType"]

XSD = "http://www.w3.org/2001/XMLSchema"
XS = f"{{{XSD}}}"
XML = "http://www.w3.org/XML/1998/namespace"
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
PARTICLES = frozenset({"sequence", "choice", "all", "group", "element", "any"})
DEEPEST = 64
"""How far references are followed, so that a schema which refers to itself comes to an end."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a content an element, or what a wildcard lets in, may stand.

    Attributes:
        tag: The element's qualified name; empty for a wildcard.
        order: Its place; several have the same where their order is free.
        least: How often it must stand there.
        most: How often it may, or None for any number.
        choice: The number of the choice of which it is a branch, or None.
        group: The number of the optional sequence in which it must be if anything of that is there, or None.
        declaration: The element's declaration, or the wildcard.
    """

    tag: str
    order: int
    least: int
    most: int | None
    choice: int | None
    group: int | None
    declaration: Element

    @property
    def name(self) -> str:
        """Its name without a namespace, for a sentence."""
        return local_name(self.tag) if self.tag else "an element of another namespace"


@dataclass(slots=True)
class Content:
    """The content of an element.

    Attributes:
        own: The namespace of the schema.
        places: What may stand in it, in order.
        required: The choices of which one branch must be there.
        substitutes: The places of elements that may stand for others, by their qualified names.
    """

    own: str
    places: list[Place] = field(default_factory=list[Place])
    required: set[int] = field(default_factory=set[int])
    substitutes: dict[str, Place] = field(default_factory=dict[str, "Place"])

    @property
    def is_plain(self) -> bool:
        """Whether each name has one place, so that a place can be told by its name."""
        tags = [place.tag for place in self.places]
        return len(tags) == len(set(tags))

    def place(self, tag: str) -> Place | None:
        """The place of an element by its qualified name."""
        wildcard = None
        for place in self.places:
            if place.tag == tag:
                return place
            if (
                not place.tag
                and wildcard is None
                and admitted(tag, place.declaration.get("namespace", "##any"), self.own)
            ):
                wildcard = place
        return self.substitutes.get(tag, wildcard)


@dataclass(frozen=True, slots=True)
class SimpleType:
    """A simple type as far as a sentence needs it.

    Attributes:
        base: The built-in type below it, without a prefix; empty if it is a union.
        literals: Its enumeration, or nothing.
        is_list: Whether a value is several with blanks between them.
    """

    base: str
    literals: tuple[str, ...] = ()
    is_list: bool = False


class Contents:
    """The declarations of a schema and of the documents that belong to it. Not for two threads at a time.

    Args:
        schemas: The documents, each with the namespace that its declarations are in.
    """

    def __init__(self, schemas: Mapping[Element, str]) -> None:
        self._namespaces = dict(schemas)
        self._globals: dict[tuple[str, str], Element] = {}
        for schema, namespace in schemas.items():
            for node in schema:
                if node.get("name"):
                    self._globals.setdefault((local_name(node.tag), _tag(namespace, node.get("name", ""))), node)
        self._known: dict[Element, Content | None] = {}

    @property
    def documents(self) -> list[Element]:
        """The documents."""
        return list(self._namespaces)

    def declaration(self, root: Element, element: Element) -> Element | None:
        """The declaration of an element, by the names on the way from a root with a global one."""
        steps = [element]
        while steps[-1] is not root:
            parent = steps[-1].getparent()
            if parent is None:
                return None
            steps.append(parent)
        found = self.component("element", str(root.tag))
        for step in reversed(steps[:-1]):
            content = None if found is None else self.content(found, step.getparent())
            place = None if content is None else content.place(str(step.tag))
            local = place is not None and place.tag == step.tag
            found = place.declaration if place is not None and local else self.component("element", str(step.tag))
        return found

    def content(self, declaration: Element, element: Element | None = None) -> Content | None:
        """What may stand in an element with a declaration; None where that is a value, or not known.

        Args:
            declaration: The declaration.
            element: The element itself, whose ``xsi:type`` counts.
        """
        named = None if element is None else element.get(TYPE)
        if named is not None and element is not None:
            kind = self.find(element, named, "complexType")
        else:
            kind = self._type(declaration)
        if kind is None or local_name(kind.tag) != "complexType":
            return None
        if kind not in self._known:
            content = Content(self.namespace(kind))
            walker = _Walker(self, content)
            self._known[kind] = content if walker.walk_type(kind, 0) else None
            content.substitutes = {
                self.tag(one): place for place in content.places for one in self._substitutes(place.declaration)
            }
        return self._known[kind]

    def simple(self, declaration: Element) -> SimpleType | None:
        """The simple type of an element or attribute with a declaration, None if it has none or is not known."""
        return self._simple(declaration, (), 0, is_list=False)

    def _simple(self, node: Element, literals: tuple[str, ...], depth: int, *, is_list: bool) -> SimpleType | None:
        """The simple type that a declaration or derivation leads to."""
        name = node.get("type") or node.get("base") or node.get("itemType") or ""
        if name and self._is_built_in(node, name):
            return SimpleType(name.rpartition(":")[2], literals, is_list)
        inner = node.find(f"{XS}simpleType")
        inner = node.find(f"{XS}complexType") if inner is None else inner
        kind = self.find(node, name, "simpleType", "complexType") if name else inner
        if kind is None or depth > DEEPEST:
            return None
        derived = next(kind.iter(f"{XS}restriction", f"{XS}extension", f"{XS}list", f"{XS}union"), None)
        if derived is None:
            return None
        literals = literals or tuple(one.get("value", "") for one in derived.findall(f"{XS}enumeration"))
        if derived.tag == f"{XS}union":
            return SimpleType("", literals, is_list)
        return self._simple(derived, literals, depth + 1, is_list=is_list or derived.tag == f"{XS}list")

    def attribute(self, declaration: Element, name: str) -> Element | None:
        """The declaration of an attribute of an element with a declaration."""
        return next((one for one in self._attributes(declaration) if one.get("name") == name), None)

    def attributes(self, declaration: Element) -> list[str]:
        """The names of the attributes that an element with a declaration may have."""
        return [
            one.get("name") or local_name(one.get("ref", "").replace(":", "}")) for one in self._attributes(declaration)
        ]

    def substitutes(self, declaration: Element) -> list[str]:
        """The names of the elements that may stand for one."""
        return [one.get("name", "") for one in self._substitutes(declaration) if one.get("abstract") != "true"]

    def derived(self, declaration: Element) -> list[str]:
        """The names of the types that may stand for the type of one."""
        name = (declaration.get("type") or "").rpartition(":")[2]
        kinds = [node for (what, _), node in self._globals.items() if what == "complexType"]
        return [
            kind.get("name", "")
            for kind in kinds
            if any((one.get("base") or "").rpartition(":")[2] == name for one in kind.iterfind(f"{XS}complexContent/*"))
        ]

    # -- inside ----------------------------------------------------------------------------------------------------

    def _substitutes(self, declaration: Element) -> list[Element]:
        """The elements that may stand for a global one."""
        found: list[Element] = []
        heads: list[Element | None] = [declaration]
        members = [
            one for (kind, _), one in self._globals.items() if kind == "element" and one.get("substitutionGroup")
        ]
        for head in heads:
            more = [one for one in members if self.find(one, one.get("substitutionGroup", ""), "element") is head]
            found += more
            heads += [one for one in more if one not in heads]
        return found

    def _attributes(self, declaration: Element) -> list[Element]:
        found: list[Element] = []
        todo = [self._type(declaration)]
        for _ in range(DEEPEST):
            node = todo.pop() if todo else None
            if node is None:
                continue
            for one in node.iter(f"{XS}attribute", f"{XS}attributeGroup", f"{XS}extension", f"{XS}restriction"):
                if next(one.iterancestors(f"{XS}complexType", f"{XS}attributeGroup"), None) is not node:
                    continue
                what = local_name(one.tag)
                if what == "attribute":
                    found.append(one)
                else:
                    kind = "attributeGroup" if what == "attributeGroup" else "complexType"
                    todo.append(self.find(one, one.get("ref") or one.get("base") or "", kind))
        return found

    def _type(self, declaration: Element) -> Element | None:
        name = declaration.get("type")
        if name:
            return self.find(declaration, name, "complexType", "simpleType")
        inner = next((one for one in declaration if local_name(one.tag) in {"complexType", "simpleType"}), None)
        if inner is None and declaration.get("substitutionGroup"):
            head = self.find(declaration, declaration.get("substitutionGroup", ""), "element")
            return None if head is None else self._type(head)
        return inner

    def _is_built_in(self, node: Element, name: str) -> bool:
        return node.nsmap.get(name.rpartition(":")[0] or None) == XSD

    def namespace(self, node: Element) -> str:
        """The namespace that declarations of a node's document are in."""
        return self._namespaces.get(node.getroottree().getroot(), "")

    def component(self, kind: str, tag: str) -> Element | None:
        """A global component of one kind, by its qualified name."""
        return self._globals.get((kind, tag))

    def tag(self, declaration: Element) -> str:
        """The qualified name of an element or attribute with a local or global declaration."""
        name, form = declaration.get("name", ""), declaration.get("form")
        parent = declaration.getparent()
        is_global = parent is not None and local_name(parent.tag) == "schema"
        default = declaration.getroottree().getroot().get(f"{local_name(declaration.tag)}FormDefault")
        return _tag(self.namespace(declaration) if is_global or (form or default) == "qualified" else "", name)

    def find(self, node: Element, name: str, *kinds: str) -> Element | None:
        """A global component of one of some kinds, by a name that stands at a node of a schema."""
        prefix, _, local = name.strip().rpartition(":")
        namespace = XML if prefix == "xml" else node.nsmap.get(prefix or None)
        if namespace is None:  # in a document without a namespace that another one includes, the other's
            namespace = self.namespace(node)
        found = (self.component(kind, _tag(namespace, local)) for kind in kinds)
        return next((one for one in found if one is not None), None)


def _tag(namespace: str, name: str) -> str:
    return f"{{{namespace}}}{name}" if namespace else name


class _Walker:
    """Lays out the particles of a type, in order."""

    def __init__(self, contents: Contents, content: Content) -> None:
        self.contents = contents
        self.content = content
        self.order = 0
        self.choices = 0
        self.groups = 0

    def walk_type(self, kind: Element, depth: int) -> bool:
        """The particles of a complex type; False if they are not all known, or it holds a value."""
        if depth > DEEPEST or kind.find(f"{XS}simpleContent") is not None:
            return False
        derived = next(kind.iterfind(f"{XS}complexContent/*"), None)
        if derived is not None and local_name(derived.tag) == "extension":
            base = self.contents.find(derived, derived.get("base", ""), "complexType")
            if base is None or not self.walk_type(base, depth + 1):
                return False
        owner = kind if derived is None else derived
        return all(self.walk(node, depth, optional=False) for node in self.particles(owner))

    def particles(self, owner: Element) -> Iterator[Element]:
        """The particles that stand directly in something."""
        return (node for node in owner if isinstance(node.tag, str) and local_name(node.tag) in PARTICLES)

    def is_single(self, node: Element) -> bool:
        """Whether a particle is an element or a wildcard, with a sequence of its own perhaps."""
        if local_name(node.tag) == "sequence" and len(node) == 1:
            node = node[0]
        return local_name(node.tag) in {"element", "any"}

    def walk(
        self,
        node: Element,
        depth: int,
        *,
        optional: bool,
        repeated: bool = False,
        order: int | None = None,
        choice: int | None = None,
        group: int | None = None,
    ) -> bool:
        """One particle with what is in it; False if it is not all known."""
        what = local_name(node.tag)
        least, most = int(node.get("minOccurs", "1")), node.get("maxOccurs", "1")
        if depth > DEEPEST:
            return False
        if most == "0":
            return True
        if what in {"element", "any"}:
            declaration = node
            if node.get("ref"):
                referred = self.contents.find(node, node.get("ref", ""), "element")
                if referred is None:
                    return False
                declaration = referred
            self.content.places.append(
                Place(
                    self.contents.tag(declaration) if what == "element" else "",
                    self._next() if order is None else order,
                    0 if optional or repeated else least,
                    None if repeated or most == "unbounded" else int(most),
                    choice,
                    None if least == 0 else group,
                    declaration,
                )
            )
            return True
        if (
            (optional or least == 0)
            and not repeated
            and most == "1"
            and what in {"group", "sequence"}
            and group is None
        ):
            group = self.groups = self.groups + 1
        if what == "group":
            definition = self.contents.find(node, node.get("ref", ""), "group")
            inner = None if definition is None else next(self.particles(definition), None)
            return inner is not None and self.walk(
                inner,
                depth + 1,
                optional=optional or least == 0,
                repeated=repeated or most != "1",
                order=order,
                group=group,
            )
        optional, repeated = optional or least == 0, repeated or most != "1"
        number = choice
        if what != "sequence" or repeated:
            order = self._next() if order is None else order
        if what == "choice" and not repeated and all(map(self.is_single, node)):
            number = self.choices = self.choices + 1
            if not optional and all(one.get("minOccurs") != "0" for one in node):
                self.content.required.add(number)
        return all(
            self.walk(
                one,
                depth + 1,
                optional=optional or what == "choice",
                repeated=repeated,
                order=order,
                choice=number,
                group=group if what == "sequence" and not repeated else None,
            )
            for one in self.particles(node)
        )

    def _next(self) -> int:
        self.order += 1
        return self.order
