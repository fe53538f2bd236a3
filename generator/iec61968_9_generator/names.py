"""Gives everything its Python name, and turns the model into the plan that the emitters print.

The rules: members are snake_case, literals UPPER_SNAKE, a class is named like its type, or like the element when it
is a root's or an anonymous type (owner first). What the rules would spell wrongly stands in ``names.toml``, reviewed
by people. Two names that collide are an error, never numbered; so is an entry of the table that nothing asks for.
"""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn, cast

from iec61968_9_generator.documents import XML
from iec61968_9_generator.errors import GeneratorError, UnsupportedError, load_sections
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
    TypeRef,
    Wildcard,
)
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
    Profile,
    QuantityDef,
    ReferenceType,
    RuledType,
    TextField,
    ValueField,
    ValueType,
    WildcardField,
    alternatives,
)
from iec61968_9_generator.simple_types import references

PLAIN = frozenset({"QName", "boolean", "date", "dateTime", "decimal", "double", "float", "integer", "string", "time"})
"""The built-in types that ``Reading`` and ``Writing`` have methods for."""

__all__ = ["PLAIN", "NameTable", "build", "is_name", "load", "snake"]

SECTIONS = ("anonymous", "choices", "classes", "literals", "members", "modules", "wildcards")

WILDCARD: Mapping[str, type] = {"many": str, "one": str, "parameter": bool, "words": str}
"""What the table says of a wildcard: names for what it holds and for the one thing in it, and what it is."""

RESERVED = frozenset({"bool", "datetime", "field", "float", "int", "kept", "list", "str"})
"""What the body of a class uses, and the base class's member, which no member may hide."""

RUNTIME = frozenset(
    {
        "Any",
        "Body",
        "Content",
        "Decimal",
        "Generic",
        "QName",
        "Query",
        "Record",
        "Reference",
        "StrEnum",
        "TypeAlias",
        "TYPE_CHECKING",
        "annotations",
        "dataclass",
        "field",
        "datetime",
        "sole",
    }
)
"""What a module of dataclasses imports under names of its own, which no class may have."""


def snake(name: str) -> str:
    """``issuerTrackingID`` → ``issuer_tracking_id``; ``IntervalBlocks`` → ``interval_blocks``; ``mRID`` → ``mrid``."""
    name = re.sub(r"^[a-z](?=[A-Z]{2,}(?![a-z]))", lambda letter: letter.group().upper(), name)
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


@dataclass(slots=True)
class NameTable:
    """The reviewed names, and which of them were used."""

    sections: Mapping[str, Mapping[str, Any]]
    used: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])

    def find(self, section: str, *keys: str) -> Any:
        """The first entry that one of the keys has, or None."""
        found: Any = None
        for key in keys:
            entry = self.sections.get(section, {}).get(key)
            if entry is not None:
                self.used.add((section, key))
                found = entry if found is None else found
        return found

    def stale(self) -> list[str]:
        """Entries that nothing asked for."""
        return sorted(
            f"[{section}] {key}"
            for section, entries in self.sections.items()
            for key in entries
            if (section, key) not in self.used
        )


def load(folder: Path) -> NameTable:
    """The reviewed names of a folder of schemas; an empty table where there is none."""
    path = folder / "names.toml"
    if not path.exists():
        return NameTable({})
    sections = load_sections(path, SECTIONS)
    for section, entries in sections.items():
        for key, entry in entries.items():
            if not (_is_wildcard(entry) if section == "wildcards" else entry and isinstance(entry, str)):
                what = f"a table of {', '.join(WILDCARD)}" if section == "wildcards" else "a name"
                raise GeneratorError(f"names.toml: [{section}] {key} = {entry!r} is not {what}")
    return NameTable(sections)


def _is_wildcard(entry: Any) -> bool:
    """Whether an entry is what the table may say of a wildcard."""
    table = cast("dict[str, object]", entry if isinstance(entry, dict) else {"": None})
    return all(isinstance(value, WILDCARD.get(one, ())) for one, value in table.items())


def is_name(name: str) -> bool:
    """Whether Python takes a name, and as it is: it folds some letters into others without a word."""
    return name.isidentifier() and not keyword.iskeyword(name) and unicodedata.normalize("NFKC", name) == name


def build(schema: Schema, entry: Entry, table: NameTable, glossary: Glossary) -> Profile:
    """The plan of one schema.

    Raises:
        GeneratorError: Two names collide, or a name is none in Python.
    """
    return _Namer(schema, entry, table, glossary).profile()


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
            **self.prefixes(),
        )

    def prefixes(self) -> dict[str, Any]:
        """How elements and attributes of several namespaces, or of none, are written."""
        types = [one for one in self.schema.types.values() if isinstance(one, ComplexType)]
        elements = {element.namespace for one in types for element in one.elements}
        attributes = {attribute.namespace for one in types for attribute in one.attributes} - {"", XML}
        own = self.schema.namespace
        main = self.schema.documents[0].root.nsmap
        prefixes = {one: prefix for one, prefix in self.schema.prefixes.items() if one != own}
        plain = [prefix for prefix, namespace in main.items() if prefix and namespace == own]
        prefixes[own] = next(prefix for prefix in [*plain, "own", "own1"] if prefix not in prefixes.values())
        others = sorted((elements - {"", own}) | attributes)
        return {
            "prefix": prefixes[own] if "" in elements else "",
            "prefixes": {one: prefixes[one] for one in others if one != own or "" not in elements},
        }

    def namespace(self, element: Element) -> str | None:
        """An element's namespace; None for the profile's own."""
        return None if element.namespace == self.schema.namespace else element.namespace

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
        )
        self.definitions[key] = planned
        planned.fields = list(self.fields(declared, planned))
        for reference in self.references(declared):
            if not isinstance(reference, Builtin):
                self.define(reference)

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
        if self.checked(name, key) in RUNTIME or hasattr(builtins, name):
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
            return self.root_names[path]
        if not owner:
            return path.rpartition(":")[2]
        element = element.removeprefix("@")
        return self.class_name(owner) + element[:1].upper() + element[1:]

    def member_term(self, owner: str, element: str) -> str | None:
        """The CIM term of the member that an anonymous type belongs to."""
        declared = self.schema.types[owner]
        if not isinstance(declared, ComplexType):
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

    def checked(self, name: str, what: str) -> str:
        """The name, if it is one in Python."""
        if not is_name(name) or name in RESERVED or name.startswith("_"):
            self.refuse(f"{what}: {name!r} is no name for Python, or one that is taken; give it one in names.toml")
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
        return self.checked(name, f"{owner}.{literal}")

    # -- members -----------------------------------------------------------------------------------------------

    def fields(self, declared: ComplexType, planned: ClassDef) -> Iterable[Field]:
        """The members of a class, in document order."""
        path = declared.path
        names: dict[str, str] = {}
        for planned_field in self._fields(declared, planned):
            if planned_field.name in names:
                self.refuse(f"two members of {path} would be named {planned_field.name}; name them in names.toml")
            names[planned_field.name] = path
            yield planned_field

    def _fields(self, declared: ComplexType, planned: ClassDef) -> Iterable[Field]:
        path = declared.path
        if declared.text is not None:
            key = f"{self.noun}/{path}.#text"
            name = self.checked(str(self.table.find("members", key, "#text") or "value"), key)
            yield TextField(name=name, type=self.type(declared.text), words=None)
        for attribute in declared.attributes:
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
        for particle in declared.particles:
            match particle:
                case Element():
                    yield self.element(path, particle)
                case Wildcard():
                    yield self.wildcard(path, particle)
                case Choice() if particle.repeats:
                    yield self.repeated_choice(path, particle)
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
            namespace=self.namespace(element),
            type=self.type(element.type),
            min=element.min if choice is None else 0,
            max=element.max,
            attribute=False,
            default=element.default,
            cim=element.cim,
            words=self.words(path, element.name, element.cim, element.words),
            choice=choice,
            note=element.note,
        )

    def wildcard(self, path: str, wildcard: Wildcard, choice: int | None = None) -> WildcardField:
        """A member for what the schema does not name."""
        key = f"{self.noun}/{path}"
        reviewed: dict[str, Any] = self.table.find("wildcards", key) or {}
        return WildcardField(
            name=self.checked(str(reviewed.get("many", "others" if wildcard.repeats else "other")), key),
            one=self.checked(reviewed["one"], key) if "one" in reviewed else None,
            min=wildcard.min if choice is None else 0,
            max=wildcard.max,
            parameter=bool(reviewed.get("parameter")),
            namespace=wildcard.namespace,
            own=None if wildcard.own == self.schema.namespace else wildcard.own,
            words=Words(str(reviewed["words"])) if "words" in reviewed else None,
            choice=choice,
        )

    def repeated_choice(self, path: str, choice: Choice) -> ChoiceField:
        """A member for a choice that repeats."""
        elements = [branch for branch in choice.branches if isinstance(branch, Element)]
        default = "_or_".join(snake(element.name) for element in elements)
        name = str(self.table.find("choices", f"{self.noun}/{path}.{elements[0].name}") or default)
        alternatives: list[Alternative] = []
        least = 0 if any(element.min == 0 for element in elements) else choice.min
        for element in elements:
            kind = self.type(element.type)
            if isinstance(kind, ReferenceType):
                key = f"{self.noun}/{path}/{element.name}"
                kind = ReferenceType(
                    self.checked_class(str(self.table.find("classes", key) or f"{element.name}Reference"), key)
                )
            elif not isinstance(kind, ClassType):
                raise UnsupportedError("a simple type in a choice that repeats", element.place)
            words = self.words(path, element.name, element.cim, element.words)
            alternatives.append(
                Alternative(
                    xml=element.name, namespace=self.namespace(element), type=kind, cim=element.cim, words=words
                )
            )
        if len({self.type_name(alternative.type) for alternative in alternatives}) != len(alternatives):
            raise UnsupportedError("one type for two branches of a choice that repeats", choice.place)
        return ChoiceField(
            name=self.checked(name, f"{self.noun}/{path}"),
            alternatives=tuple(alternatives),
            min=least,
            max=choice.max,
        )

    def type_name(self, kind: FieldType) -> str:
        """A name that tells the types of a choice apart."""
        return (
            kind.class_name or ""
            if isinstance(kind, ReferenceType)
            else self.class_name(kind.key[1])
            if isinstance(kind, ClassType)
            else ""
        )

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
            return ReferenceType() if declared.is_reference else ClassType(key)
        if declared.literals:
            return EnumType(key)
        if isinstance(declared.shape, Builtin) and declared.base in PLAIN:
            return ValueType(declared.base, key)
        return RuledType(self.noun, reference, "")

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
