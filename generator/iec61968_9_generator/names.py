"""Gives everything its Python name, and turns the model into the plan that the emitters print.

The rules: members are snake_case, literals UPPER_SNAKE, a class is named like its type, or like the element when it
is a root's or an anonymous type (owner first). What the rules would spell wrongly stands in ``names.toml``, reviewed
by people. Two names that collide are an error, never numbered; so is an entry of the table that nothing asks for.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NoReturn

from iec61968_9_generator import models
from iec61968_9_generator.contents import lets_in
from iec61968_9_generator.documents import XML, XS
from iec61968_9_generator.errors import GeneratorError, UnsupportedError
from iec61968_9_generator.glossary import Glossary, Words
from iec61968_9_generator.manifest import Entry
from iec61968_9_generator.model import (
    Attribute,
    Builtin,
    Choice,
    ComplexType,
    Element,
    Restriction,
    Schema,
    SimpleType,
    Type,
    TypeRef,
    Wildcard,
)
from iec61968_9_generator.name_table import RESERVED, RUNTIME, SPELT, USED, NameTable, camel, is_name, load, snake
from iec61968_9_generator.plan import (
    Alternative,
    ChoiceField,
    ClassDef,
    ClassType,
    Definition,
    EnumDef,
    EnumType,
    Field,
    FieldType,
    Key,
    Literal,
    NillableType,
    OtherAttributesField,
    Profile,
    QuantityDef,
    ReferenceType,
    RuledType,
    TextField,
    ValueField,
    ValueType,
    WildcardField,
    WrappedType,
    WrapperDef,
    alternatives,
)
from iec61968_9_generator.simple_types import references

PLAIN = frozenset(
    {"QName", "anyType", "boolean", "date", "dateTime", "decimal", "double", "float", "integer", "string", "time"}
)
"""The built-in types that ``Reading`` and ``Writing`` have methods for."""

__all__ = ["PLAIN", "NameTable", "build", "is_name", "load", "snake"]


def build(schema: Schema, entry: Entry, table: NameTable, glossary: Glossary) -> Profile:
    """The plan of one schema.

    Raises:
        GeneratorError: Two names collide, or a name is none in Python.
    """
    return _Namer(schema, entry, table, glossary).profile()


def is_qname(kind: FieldType) -> bool:
    """Whether a member holds a qualified name."""
    return isinstance(kind, ValueType) and kind.builtin == "QName"


class _Namer:
    def __init__(self, schema: Schema, entry: Entry, table: NameTable, glossary: Glossary) -> None:
        self.schema = schema
        self.noun = entry.noun
        self.entry = entry
        self.table = table
        self.glossary = glossary
        self.root_names = self._root_names()
        self.class_names: dict[str, str] = {}
        self.definitions: dict[Key, Definition] = {}
        self.filled: set[str] = set()

    def _root_names(self) -> dict[str, str]:
        """The root element of each type that has exactly one."""
        elements: dict[str, list[str]] = {}
        for root in self.schema.roots:
            elements.setdefault(root.type, []).append(root.name)
        return {path: names[0] for path, names in elements.items() if len(names) == 1}

    def profile(self) -> Profile:
        """Plan everything that the roots lead to, in the order in which a reader meets it, then what they do not."""
        for root in self.schema.roots:
            self.define(root.type)
        for path in self.schema.types:
            if ":" not in path.partition("/")[0]:  # of what is imported, a profile has what it uses
                self.define(path)
        self.check_collisions()
        self.check_roots()
        for definition in self.definitions.values():
            if isinstance(definition, ClassDef):
                definition.generic = self.is_generic(definition, set())
        return Profile(
            entry=self.entry,
            namespace=self.schema.namespace,
            module=snake(self.noun) if self.entry.role != "envelope" else "envelope",
            roots={root.name: (self.noun, root.type) for root in self.schema.roots},
            definitions=self.definitions,
            documents=self.schema.documents,
            verify=self.is_verified(),
            heads=tuple(dict.fromkeys(head for root in self.schema.roots for head in root.heads)),
            **self.prefixes(),
        )

    def prefixes(self) -> dict[str, Any]:
        """How elements and attributes of several namespaces, or of none, are written."""
        classes = [one for one in self.definitions.values() if isinstance(one, ClassDef)]
        fields = [member for one in classes for member in one.fields]
        found = {one.namespace for one in fields if isinstance(one, ValueField) and not one.attribute}
        found |= {one.namespace for each in classes for one in alternatives(each)}
        elements = {self.schema.namespace if one is None else one for one in found}
        attributes = {one.namespace or "" for one in fields if isinstance(one, ValueField) and one.attribute} - {
            "",
            XML,
        }
        own = self.schema.namespace
        main = self.schema.documents[0].root.nsmap
        prefixes = {one: prefix for one, prefix in self.schema.prefixes.items() if one != own}
        plain = [prefix for prefix, namespace in main.items() if prefix and namespace == own]
        prefixes[own] = next(prefix for prefix in [*plain, "own", "own1"] if prefix not in {*prefixes.values(), *USED})
        others = sorted((elements - {"", own}) | attributes)
        # A name without a namespace that stands in an attribute can be written only where no namespace is the default.
        named = any(isinstance(one, ValueField) and one.attribute and is_qname(one.type) for one in fields)
        prefix = prefixes[own] if own and ("" in elements or named) else ""
        return {"prefix": prefix, "prefixes": {one: prefixes[one] for one in others if one != own or not prefix}}

    def is_verified(self) -> bool:
        """Whether what is written has to be validated, because classes and emitted code cannot say all."""
        documents = self.schema.documents
        return any(one.identifies or one.blocks for one in documents) or any(
            self.holds_valid(declared) for declared in self.schema.types.values()
        )

    def holds_valid(self, declared: Type) -> bool:
        """Whether what stands in a wildcard of a type, or is of any type, has to be valid by these schemas."""
        if not isinstance(declared, ComplexType):
            return False
        particles = [
            one for each in declared.particles for one in (each.branches if isinstance(each, Choice) else (each,))
        ]
        wildcards = [one for one in particles if isinstance(one, Wildcard)]
        found = any(self.is_declared(one, "element") for one in wildcards)
        found = found or any(one.type == Builtin("anyType") for one in declared.elements)
        return found or (declared.other is not None and self.is_declared(declared.other, "attribute"))

    def is_declared(self, wildcard: Wildcard, kind: str) -> bool:
        """Whether a wildcard lets in what has to be declared, or what is."""
        known = {one.namespace for one in self.schema.documents if one.root.find(f"{XS}{kind}") is not None}
        lax = wildcard.process == "lax" and any(lets_in(wildcard, namespace) for namespace in known)
        return wildcard.process == "strict" or lax

    def other_namespace(self, namespace: str) -> str | None:
        """A namespace; None for the profile's own."""
        return None if namespace == self.schema.namespace else namespace

    def define(self, path: str) -> None:
        """Plan a type and all that it leads to."""
        key = (self.noun, path)
        declared = self.schema.types[path]
        if key in self.definitions or (isinstance(declared, ComplexType) and declared.is_reference):
            return
        name = self.class_name(path)
        if isinstance(declared, SimpleType):
            self.definitions[key] = self.simple(declared, key, name)
            for path in () if declared.literals else references(declared.shape):
                self.define(path)
            return
        planned = ClassDef(
            key=key,
            name=name,
            fields=[],
            choices=[],
            cim=declared.cim,
            words=self.type_words(path, declared.cim, declared.words),
            root=self.root_names.get(path),
            abstract=declared.abstract,
            derived=tuple((self.noun, one) for one in declared.derived),
            said=self.said(declared),
        )
        self.definitions[key] = planned
        if declared.base is not None:
            self.define(declared.base)
        self.fill(declared)
        for reference in (*self.references(declared), *declared.derived):
            if not isinstance(reference, Builtin):
                self.define(reference)

    def fill(self, declared: ComplexType) -> None:
        """Give a planned class its members, once its base has them: one that derives from it may be met before."""
        if declared.path in self.filled:
            return
        self.filled.add(declared.path)
        planned = self.definitions[self.noun, declared.path]
        assert isinstance(planned, ClassDef)  # noqa: S101  # define() made it one
        if declared.base is not None:
            self.fill(self.schema.complex(declared.base))
            base = self.definitions[self.noun, declared.base]
            assert isinstance(base, ClassDef)  # noqa: S101  # read.py found it to be one
            planned.base, planned.inherited = base.key, len(base.fields)
            planned.fields, planned.choices = list(base.fields), list(base.choices)
        self.add_members(declared, planned)

    def said(self, declared: ComplexType) -> tuple[str | None, str] | None:
        """How ``xsi:type`` names a type, if it may."""
        if declared.derives is None and not declared.derived:
            return None
        prefix, _, name = declared.path.rpartition(":")
        namespace = next(one for one, known in self.schema.prefixes.items() if known == prefix)
        if not namespace and self.schema.namespace and declared.derives is not None:
            raise UnsupportedError("a type without a namespace that derives from another", declared.place)
        return self.other_namespace(namespace), name

    def references(self, declared: ComplexType) -> Iterable[TypeRef]:
        """The types that a type's members are made of."""
        yield from (element.type for element in declared.elements)
        yield from (attribute.type for attribute in declared.attributes)
        if declared.text is not None:
            yield declared.text

    # -- names -----------------------------------------------------------------------------------------------

    def class_name(self, path: str) -> str:
        """The class of a type."""
        if path not in self.class_names:
            self.class_names[path] = self.checked_class(self.plain_class_name(path), f"{self.noun}/{path}")
        return self.class_names[path]

    def checked_class(self, name: str, key: str) -> str:
        """The name, if a class may have it."""
        if self.checked(name, key, "classes") in RUNTIME or hasattr(builtins, name):
            self.refuse(f'{name} is taken; give "{key}" another name in names.toml, under [classes]')
        return name

    def plain_class_name(self, path: str) -> str:
        owner, _, element = path.rpartition("/")
        reviewed = self.table.find("classes", f"{self.noun}/{path}")
        if reviewed is None and owner:
            reviewed = self.table.find("anonymous", self.member_term(owner, element) or "")
        if reviewed is not None:
            return str(reviewed)
        if path in self.root_names:
            name = self.root_names[path]
            return camel(name)
        if not owner:
            name = path.rpartition(":")[2].removesuffix("()")
            return camel(name.lstrip("@")) if re.search(r"^@|[-.]", name) else name
        element = element.lstrip("@#")
        return self.class_name(owner) + camel(element)

    def member_term(self, owner: str, element: str) -> str | None:
        """The CIM term of the member that an anonymous type belongs to."""
        declared = self.schema.types.get(owner)
        if not isinstance(declared, ComplexType):  # what stands in a group has no owner
            return None
        members: list[Element | Attribute] = [*declared.elements, *declared.attributes]
        return next((member.cim for member in members if member.name == element.removeprefix("@")), None)

    def type_words(self, path: str, cim: str | None, own: str | None) -> Words | None:
        """What the glossary says of a type; an anonymous one without words of its own has those of its member."""
        owner, _, element = path.rpartition("/")
        if owner and not self.glossary.knows_type(self.noun, path):
            return (
                Words(own)
                if own
                else self.glossary.member(
                    self.noun, owner, element.removeprefix("@"), self.member_term(owner, element), None
                )
            )
        return self.glossary.type(self.noun, path, cim, own)

    def member_name(self, path: str, name: str) -> str:
        """The Python name of a member."""
        key = f"{self.noun}/{path}.{name}"
        return self.checked(str(self.table.find("members", key, name) or snake(name)), key)

    def checked(self, name: str, key: str, section: str = "members") -> str:
        """The name, if it is one in Python.

        Args:
            name: The name.
            key: What ``names.toml`` calls that which bears it.
            section: The section there.
        """
        if not is_name(name) or name in RESERVED or name.startswith("_"):
            entry = '{ many = "...", one = "..." }' if section == "wildcards" else '"..."'
            self.refuse(
                f"{key}: {name!r} is no name for Python, or one that is taken; give it another in names.toml, in the "
                f'folder of the schemas, under [{section}]: "{key}" = {entry}'
            )
        return name

    def check_collisions(self) -> None:
        """Two types of one schema may share a name only if they are meant to be one."""
        seen: dict[str, Definition] = {}
        for definition in self.definitions.values():
            other = seen.setdefault(definition.name, definition)
            if type(other) is not type(definition):
                self.refuse(
                    f"{definition.key[1]} and {other.key[1]} would both be named {definition.name}; "
                    "name one of them in names.toml, under [classes]"
                )
        for definition in self.definitions.values():
            for alternative in alternatives(definition):
                reference = alternative.type.class_name if isinstance(alternative.type, ReferenceType) else None
                if reference in seen:
                    key = f"{self.noun}/{definition.key[1]}/{alternative.xml}"
                    self.refuse(
                        f'{reference} is the class of {seen[reference].key[1]}; name "{key}" in names.toml, '
                        "under [classes]"
                    )
        codes: dict[tuple[type, str], str] = {}
        for definition in self.definitions.values():
            other_name = codes.setdefault((type(definition), snake(definition.name)), definition.name)
            if other_name != definition.name and not isinstance(definition, QuantityDef):
                self.refuse(
                    f"{other_name} and {definition.name} would be read by functions of one name; "
                    "name one of them in names.toml, under [classes]"
                )

    def check_roots(self) -> None:
        """Refuse roots that an object could not tell apart, and items that a stream could not."""
        by_type: dict[str, str] = {}
        items: dict[str, TypeRef] = {}
        for root in self.schema.roots:
            if self.schema.complex(root.type).is_reference:
                raise UnsupportedError("a global element that only carries ref", root.place)
            other = by_type.setdefault(root.type, root.name)
            if other != root.name:
                raise UnsupportedError(
                    f"the global element {root.name}",
                    root.place,
                    f"{other} is of the same type, and so would its object be",
                )
            for element in self.schema.complex(root.type).elements:
                if element.repeats and items.setdefault(element.name, element.type) != element.type:
                    raise UnsupportedError(
                        f"the repeated element {element.name}", element.place, "another root has one of another type"
                    )

    def refuse(self, message: str) -> NoReturn:
        """Stop, naming the schema."""
        raise GeneratorError(f"{self.schema.file}: {message}")

    # -- simple types ------------------------------------------------------------------------------------------

    def simple(self, declared: SimpleType, key: Key, name: str) -> EnumDef | QuantityDef:
        """An enumeration, or a quantity."""
        owner, _, element = declared.path.rpartition("/")
        cim = declared.cim
        words = self.type_words(declared.path, cim, declared.words)
        if not declared.literals:
            return QuantityDef(key=key, name=name, shape=declared.shape, cim=cim, words=words)
        if owner:
            member = f"{self.noun}/{owner}.{element}"
            term = name if self.table.find("anonymous", self.member_term(owner, element) or "") else member
        else:
            term = cim or f"{self.noun}/{declared.path}"
        literals = tuple(
            Literal(
                self.literal_name(name, literal),
                literal,
                self.glossary.literal(term, literal, declared.literal_words.get(literal)),
            )
            for literal in declared.literals
        )
        if len({literal.name for literal in literals}) != len(literals):
            self.refuse(f"two literals of {name} would have one name; give them names in names.toml")
        return EnumDef(key=key, name=name, literals=literals, white_space=declared.white_space, cim=cim, words=words)

    def literal_name(self, owner: str, literal: str) -> str:
        """The Python name of a literal."""
        reviewed = self.table.find("literals", f"{owner}.{literal}")
        name = str(reviewed) if reviewed else re.sub(r"\W+", "_", snake(literal)).upper()
        if name[:1].isdigit():
            name = f"VALUE_{name}"
        return self.checked(name, f"{owner}.{literal}", "literals")

    # -- members -----------------------------------------------------------------------------------------------

    def add_members(self, declared: ComplexType, planned: ClassDef) -> None:
        """Give a class its members, those that it inherits first, then in document order."""
        names = {one.name for one in planned.fields}
        for planned_field in self.fields(declared, planned):
            if planned_field.name in names:
                self.refuse(
                    f"two members of {declared.path} would be named {planned_field.name}; name them in names.toml"
                )
            names.add(planned_field.name)
            planned.fields.append(planned_field)
        if declared.model is not None:
            planned.model = models.model(declared.model, planned, self.schema)

    def fields(self, declared: ComplexType, planned: ClassDef) -> Iterable[Field]:
        """The members that a class has beside those that it inherits."""
        path = declared.path
        base = self.schema.complex(declared.base) if declared.base is not None else None
        if declared.text is not None and base is None:
            key = f"{self.noun}/{path}.#text"
            name = self.checked(str(self.table.find("members", key, "#text") or "value"), key)
            yield TextField(name=name, type=self.type(declared.text), words=None)
        for attribute in declared.attributes[len(base.attributes) if base is not None else 0 :]:
            yield ValueField(
                name=self.member_name(path, attribute.name),
                xml=attribute.name,
                namespace=attribute.namespace,
                type=self.attribute_type(attribute, path),
                min=int(attribute.required),
                max=1,
                attribute=True,
                default=attribute.default,
                fixed=attribute.fixed,
                cim=attribute.cim,
                words=self.words(path, attribute.name, attribute.cim, attribute.words),
            )
        if declared.other is not None and (base is None or base.other is None):
            key = f"{self.noun}/{path}.@*"
            yield OtherAttributesField(
                name=self.checked(str(self.table.find("members", key, "@*") or "other_attributes"), key),
                namespace=declared.other.namespace,
                own=self.other_namespace(declared.other.own),
            )
        for particle in declared.particles[len(base.particles) if base is not None else 0 :]:
            match particle:
                case Element():
                    yield self.element(path, particle)
                case Wildcard():
                    yield self.wildcard(path, particle)
                case Choice() if particle.repeats or particle.head is not None:
                    yield self.one_of_several(path, particle)
                case Choice():
                    number = len(planned.choices)
                    planned.choices.append(particle.min > 0 and all(branch.min > 0 for branch in particle.branches))
                    for branch in particle.branches:
                        if isinstance(branch, Element):
                            yield self.element(path, branch, number)
                        else:
                            yield self.wildcard(path, branch, number)

    def element(self, path: str, element: Element, choice: int | None = None) -> ValueField:
        """A member for an element."""
        return ValueField(
            name=self.member_name(path, element.name),
            xml=element.name,
            namespace=self.other_namespace(element.namespace),
            type=self.element_type(element, path),
            min=element.min if choice is None else 0,
            max=element.max,
            attribute=False,
            default=element.default,
            fixed=element.fixed,
            cim=element.cim,
            words=self.words(path, element.name, element.cim, element.words),
            choice=choice,
            note=element.note,
        )

    def wildcard(self, path: str, wildcard: Wildcard, choice: int | None = None) -> WildcardField:
        """A member for what the schema does not name."""
        key = f"{self.noun}/{path}"
        reviewed: dict[str, Any] = self.table.find("wildcards", key) or {}
        default = "others" if wildcard.repeats else "other"
        if wildcard.head is not None:
            default = snake(wildcard.head.rpartition("}")[2])
        return WildcardField(
            name=self.checked(str(reviewed.get("many", default)), key, "wildcards"),
            one=self.checked(reviewed["one"], key, "wildcards") if "one" in reviewed else None,
            min=wildcard.min if choice is None else 0,
            max=wildcard.max,
            parameter=bool(reviewed.get("parameter", wildcard.head is not None)),
            head=wildcard.head,
            namespace=wildcard.namespace,
            own=self.other_namespace(wildcard.own),
            words=Words(str(reviewed["words"])) if "words" in reviewed else None,
            choice=choice,
        )

    def one_of_several(self, path: str, choice: Choice) -> ChoiceField:
        """A member for a choice that repeats, or for a substitution group."""
        elements = [branch for branch in choice.branches if isinstance(branch, Element)]
        wildcards = [branch for branch in choice.branches if isinstance(branch, Wildcard)]
        least = 0 if any(element.min == 0 for element in elements) else choice.min
        types = self.told_apart(path, elements, anything=bool(wildcards))
        alternatives = [
            Alternative(
                xml=element.name,
                namespace=self.other_namespace(element.namespace),
                type=kind,
                cim=element.cim,
                words=self.words(path, element.name, element.cim, element.words),
                default=element.default if element.default is not None else element.fixed,
            )
            for element, kind in zip(elements, types, strict=True)
        ]
        return ChoiceField(
            name=self.choice_name(path, choice, [element.name for element in elements]),
            alternatives=tuple(alternatives),
            min=least,
            max=choice.max,
            wildcard=self.wildcard(path, replace(wildcards[0], max=choice.max)) if wildcards else None,
            text=choice.text,
        )

    def choice_name(self, path: str, choice: Choice, elements: list[str]) -> str:
        """The name of a member that one of several elements, or a list of them, stands in."""
        reviewed = self.table.find("choices", *(f"{self.noun}/{path}.{name}" for name in elements[:1] or ["#text"]))
        if choice.head is not None:
            default = snake(choice.head)
        elif choice.text or len(choice.branches) > len(elements) or (choice.shaped and len(elements) > SPELT):
            default = "content"
        else:
            default = "_or_".join(snake(name) for name in elements)
        first = elements[0] if elements else "#text"
        return self.checked(str(reviewed or default), f"{self.noun}/{path}.{first}", "choices")

    def told_apart(self, path: str, elements: list[Element], *, anything: bool) -> list[FieldType]:
        """A type for each of several elements, so that an object of it says which of them it is.

        Where the types of the elements do not, classes are made that do.
        """
        plain = [self.element_type(element, path) for element in elements]
        made: list[FieldType] = []
        for number, (element, kind) in enumerate(zip(elements, plain, strict=True)):
            others = [other for place, other in enumerate(plain) if place != number]
            others += [self.type(root.type) for root in self.schema.roots if anything]
            key = f"{self.noun}/{path}/{element.name}"
            if isinstance(kind, ReferenceType):
                reviewed = self.table.find("classes", key)
                kind = ReferenceType(self.checked_class(str(reviewed or f"{element.name}Reference"), key))
            elif not isinstance(kind, ClassType) or any(self.alike(kind, other) for other in others):
                kind = self.wrapped(path, element, kind)
            made.append(kind)
        return made

    def alike(self, one: ClassType, other: FieldType) -> bool:
        """Whether an object of one type may be taken for one of another, as classes go."""
        if not isinstance(other, ClassType):
            return False
        first, second = {one.key, *one.family}, {other.key, *other.family}
        return bool(first & self.above(second) or second & self.above(first))

    def above(self, keys: Iterable[Key]) -> set[Key]:
        """Some classes, and all that they derive from."""
        found: set[Key] = set()
        for _, path in keys:
            step: str | None = path
            while step is not None:
                found.add((self.noun, step))
                step = self.schema.complex(step).base
        return found

    def wrapped(self, path: str, element: Element, kind: FieldType) -> WrappedType:
        """A class for one element of several, with its value."""
        key = f"{self.noun}/{path}/{element.name}"
        default = f"{self.class_name(path)}{camel(element.name)}"
        words = self.words(path, element.name, element.cim, element.words)
        definition = WrapperDef(
            key=(self.noun, f"{path}/{element.name}="),
            name=self.checked_class(str(self.table.find("classes", key) or default), key),
            xml=element.name,
            type=kind,
            secret=words is not None and words.secret,
            words=words,
        )
        self.definitions[definition.key] = definition
        return WrappedType(definition.key)

    def words(self, path: str, name: str, cim: str | None, own: str | None) -> Words | None:
        """What the glossary says of a member."""
        return self.glossary.member(self.noun, path, name, cim, own)

    def type(self, reference: TypeRef) -> FieldType:
        """What a member is made of."""
        if isinstance(reference, Builtin):
            return ValueType(reference.name) if reference.name in PLAIN else RuledType(self.noun, reference, "")
        declared = self.schema.types[reference]
        key = (self.noun, reference)
        if isinstance(declared, ComplexType):
            if declared.is_reference:
                return ReferenceType()
            return ClassType(key, tuple((self.noun, one) for one in declared.derived))
        if declared.literals:
            return EnumType(key)
        if isinstance(declared.shape, Builtin) and declared.base in PLAIN:
            return ValueType(declared.base, key)
        return RuledType(self.noun, reference, "")

    def element_type(self, element: Element, path: str) -> FieldType:
        """What an element is made of."""
        kind = self.type(element.type)
        if element.fixed is not None:
            if isinstance(kind, ClassType | ReferenceType):
                raise UnsupportedError("fixed on an element of a complex type", element.place)
            facets = (("enumeration", (element.fixed,)),)
            kind = RuledType(self.noun, Restriction(element.type, facets), f"{self.class_name(path)}_{element.name}")
        if element.default is not None and isinstance(kind, ClassType | ReferenceType):
            raise UnsupportedError("default on an element of a complex type", element.place)
        return self.nillable(element, kind) if element.nillable else kind

    def nillable(self, element: Element, kind: FieldType) -> FieldType:
        """The same, where it may be nil. What may be anything may say so itself."""
        if kind == ValueType("anyType"):
            return kind
        if isinstance(kind, ReferenceType):
            raise UnsupportedError("nillable on an element that only carries ref", element.place)
        if not isinstance(kind, ClassType):
            return NillableType(kind, None)
        declared = self.schema.complex(kind.key[1])
        if declared.derived or declared.abstract:
            raise UnsupportedError("nillable on an element whose type others derive from", element.place)
        if not declared.attributes and declared.other is None:
            return NillableType(kind, None)
        key = (self.noun, f"{kind.key[1]}#nil")
        if key not in self.definitions:
            name = self.checked_class(
                str(self.table.find("classes", "/".join(key)) or f"{self.class_name(kind.key[1])}Nil"), "/".join(key)
            )
            planned = ClassDef(key=key, name=name, fields=[], choices=[], cim=None, words=None, nil=True)
            self.definitions[key] = planned
            self.add_members(replace(declared, particles=(), text=None, model=None, base=None), planned)
        return NillableType(kind, key)

    def attribute_type(self, attribute: Attribute, path: str) -> FieldType:
        """What an attribute is made of. One with a fixed value is held to it."""
        if attribute.fixed is None:
            return self.type(attribute.type)
        facets = (("enumeration", (attribute.fixed,)),)
        return RuledType(self.noun, Restriction(attribute.type, facets), f"{self.class_name(path)}_{attribute.name}")

    def is_generic(self, planned: ClassDef, seen: set[Key]) -> bool:
        """Whether a class holds, at any depth, a wildcard that is the envelope's type parameter."""
        if planned.key in seen:
            return False
        seen.add(planned.key)
        for member in planned.fields:
            if isinstance(member, WildcardField) and member.parameter:
                return True
            if isinstance(member, ValueField) and isinstance(member.type, ClassType):
                inner = self.definitions[member.type.key]
                if isinstance(inner, ClassDef) and self.is_generic(inner, seen):
                    return True
        return False
