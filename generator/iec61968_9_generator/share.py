"""Finds the definitions that several profiles have in common, and says in which module each one stands.

Two definitions are the same if they have the same name and the same structure: members, order, cardinality, defaults,
secrecy, and the sameness of their types, all the way down. What the words say of them does not count. A root is its
profile's own, and so is a class with a type parameter, and whatever leads to one of these. A definition that one
profile has stands in the profile's own module. One that several have stands in ``_common``, in the module of the class
that leads to it: a definition that exactly one other leads to stands beside it, so that a module has one subject and a
profile loads no more than it uses.
"""

from __future__ import annotations

import keyword
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from iec61968_9_generator.errors import GeneratorError
from iec61968_9_generator.glossary import Words
from iec61968_9_generator.model import Builtin, ListOf, Restriction, Shape, UnionOf
from iec61968_9_generator.names import NameTable, is_name, snake
from iec61968_9_generator.plan import (
    ChoiceField,
    ClassDef,
    ClassType,
    Definition,
    EnumDef,
    EnumType,
    Field,
    FieldType,
    Key,
    Model,
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
)

__all__ = ["Layout", "share"]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything stands.

    Attributes:
        profiles: All profiles, by noun.
        home: The module of each definition: a profile's (``meter_readings``) or a common one (``_common.name``).
        same: The key of the definition that stands for each definition; of several that are the same, the first.
        modules: The definitions of each module, in the order in which they are printed.
    """

    profiles: dict[str, Profile]
    home: dict[Key, str]
    same: dict[Key, Key]
    modules: dict[str, list[Definition]]

    def definition(self, key: Key) -> Definition:
        """The definition that stands for a key."""
        noun, path = self.same[key]
        return self.profiles[noun].definitions[noun, path]


def share(profiles: list[Profile], table: NameTable) -> Layout:
    """Lay out all definitions of all profiles.

    Raises:
        GeneratorError: Two types of one profile were given one name and differ.
    """
    _check_modules(profiles)
    by_noun = {profile.entry.noun: profile for profile in profiles}
    definitions = {key: found for profile in profiles for key, found in profile.definitions.items()}
    shapes = _Shapes(definitions)
    first: dict[object, Key] = {}
    same = {key: first.setdefault(shapes.of(key), key) for key in definitions}
    _check_names(definitions, same)
    _prefer_described(definitions, same)
    home = _homes(by_noun, definitions, same, table)
    modules: dict[str, list[Definition]] = defaultdict(list)
    for key in definitions:
        if same[key] == key:
            modules[home[key]].append(definitions[key])
    return Layout(
        profiles=by_noun,
        home={key: home[chosen] for key, chosen in same.items()},
        same=same,
        modules={name: modules[name] for name in sorted(modules)},
    )


class _Shapes:
    """The structure of definitions as comparable values.

    Definitions are sorted into ever finer groups, by what they hold and by the groups of what they lead to, until no
    group splits any more. So it does not matter where a circle of types is entered.
    """

    def __init__(self, definitions: dict[Key, Definition]) -> None:
        self.definitions = definitions
        self.groups: dict[Key, int] = dict.fromkeys(definitions, 0)
        count = 1
        while True:
            numbers: dict[object, int] = {}
            shapes = {key: (self.groups[key], self.shape(one)) for key, one in definitions.items()}
            self.groups = {key: numbers.setdefault(shape, len(numbers)) for key, shape in shapes.items()}
            if len(numbers) == count:
                break
            count = len(numbers)

    def of(self, key: Key) -> object:
        """The structure of one definition."""
        return self.groups[key]

    def shape(self, definition: Definition) -> object:
        """What one definition holds, and the groups of what it leads to."""
        match definition:
            case QuantityDef():
                return ("quantity", definition.name, self.simple(definition.shape, definition.key[0]))
            case EnumDef():
                literals = tuple((one.name, one.value) for one in definition.literals)
                return ("enumeration", definition.name, literals, definition.white_space)
            case ClassDef():
                own = definition.key[0] if definition.root is not None or definition.generic else ""
                fields = tuple(self.field(one) for one in definition.fields)
                family = tuple(self.groups[key] for key in definition.derived)
                base = None if definition.base is None else self.groups[definition.base]
                kind = ("class", own, definition.name, definition.abstract, definition.said, definition.nil)
                return (*kind, fields, tuple(definition.choices), base, family, self.model(definition.model))
            case WrapperDef():
                return ("wrapper", definition.name, definition.xml, definition.secret, self.type(definition.type))

    def model(self, model: Model | None) -> object:
        """The structure of a content model."""
        if model is None:
            return None
        slots = tuple((leaf, member, None if kind is None else self.type(kind)) for leaf, member, kind in model.slots)
        return model.part, slots

    def field(self, member: Field) -> object:
        """The structure of one member."""
        match member:
            case ValueField():
                kind = self.type(member.type)
                bounds = (member.min, member.max, member.choice, member.default, member.fixed)
                return (
                    member.name,
                    member.namespace,
                    member.xml,
                    kind,
                    member.attribute,
                    bounds,
                    _secret(member.words),
                )
            case TextField():
                return (member.name, self.type(member.type))
            case WildcardField():
                return (
                    member.name,
                    member.namespace,
                    member.own,
                    member.min,
                    member.max,
                    member.parameter,
                    member.choice,
                    member.head,
                )
            case ChoiceField():
                branches = tuple(
                    (one.namespace, one.xml, self.type(one.type), _secret(one.words)) for one in member.alternatives
                )
                wildcard = None if member.wildcard is None else self.field(member.wildcard)
                return (member.name, branches, member.min, member.max, wildcard, member.text)
            case OtherAttributesField():
                return (member.name, member.namespace, member.own)

    def type(self, kind: FieldType) -> object:
        """The structure of what a member is made of."""
        match kind:
            case ValueType(builtin, quantity):
                return (builtin, self.groups[quantity] if quantity else None)
            case ClassType(key, family):
                return (self.groups[key], *(self.groups[one] for one in family)) if family else self.groups[key]
            case EnumType(key) | WrappedType(key):
                return self.groups[key]
            case NillableType(inner, key):
                return ("nillable", self.type(inner), None if key is None else self.groups[key])
            case ReferenceType(class_name):
                return ("reference", class_name)
            case RuledType(noun, shape):
                return ("ruled", self.simple(shape, noun))

    def simple(self, shape: Shape, noun: str) -> object:
        """The structure of a simple type."""
        match shape:
            case Builtin(name):
                return name
            case str():
                return self.groups[noun, shape]
            case Restriction(base, facets):
                return ("restriction", self.simple(base, noun), facets)
            case ListOf(item):
                return ("list", self.simple(item, noun))
            case UnionOf(members):
                return ("union", *(self.simple(one, noun) for one in members))


def _secret(words: Words | None) -> bool:
    return words is not None and words.secret


TAKEN = frozenset({"__init__", "_common", "index"})
"""Modules of a package that are no profile's."""


def _check_modules(profiles: list[Profile]) -> None:
    """Refuse nouns that give no module, or one that something else has, and documents that two profiles would read."""
    modules: dict[str, str] = {}
    documents: dict[str, str] = {}
    for profile in profiles:
        noun, module = profile.entry.noun, profile.module
        if not is_name(module) or module in TAKEN:
            raise GeneratorError(f"{noun}: {module!r} cannot be its module; give it another noun in manifest.toml")
        if module in modules:
            raise GeneratorError(
                f"{modules[module]} and {noun} would both be the module {module}; change manifest.toml"
            )
        modules[module] = noun
        for root in profile.roots:
            other = documents.setdefault(f"{{{profile.namespace}}}{root}", noun)
            if other != noun:
                raise GeneratorError(
                    f"{profile.entry.file}: the global element {root} of {profile.namespace} is {other}'s too; "
                    "name in manifest.toml which schemas are meant"
                )
    for profile in profiles:
        for key in profile.roots.values():
            name = profile.definitions[key].name
            if name in modules:
                raise GeneratorError(
                    f"{profile.entry.noun}: the class {name} and a module would have one name; "
                    "give the class another in names.toml, under [classes]"
                )
        if profile.entry.asks_for is not None:
            answer = next(one for one in profiles if one.entry.noun == profile.entry.asks_for)
            if len(answer.roots) != 1:
                raise GeneratorError(
                    f"{profile.entry.noun}: asks_for {answer.entry.noun}, which has {len(answer.roots)} roots, not one"
                )


def _check_names(definitions: dict[Key, Definition], same: dict[Key, Key]) -> None:
    """Two types of one profile may have one name only if they are the same."""
    seen: dict[tuple[str, str], Key] = {}
    for key, definition in definitions.items():
        other = seen.setdefault((key[0], definition.name), key)
        if same[other] != same[key]:
            raise GeneratorError(
                f"{key[0]}: {other[1]} and {key[1]} differ, and both would be named {definition.name}; "
                "name one of them in names.toml, under [classes]"
            )


def _prefer_described(definitions: dict[Key, Definition], same: dict[Key, Key]) -> None:
    """Of definitions that are the same, let one that has words and a CIM term stand for all."""
    groups: dict[Key, list[Key]] = defaultdict(list)
    for key, chosen in same.items():
        groups[chosen].append(key)
    for keys in groups.values():
        best = min(keys, key=lambda key: (definitions[key].words is None, definitions[key].cim is None))
        for key in keys:
            same[key] = best


def _homes(
    profiles: dict[str, Profile],
    definitions: dict[Key, Definition],
    same: dict[Key, Key],
    table: NameTable,
) -> dict[Key, str]:
    """The module of each definition that stands for others or for itself."""
    users: dict[Key, set[str]] = defaultdict(set)
    for key in definitions:
        users[same[key]].add(key[0])
    referrers: dict[Key, set[Key]] = defaultdict(set)
    for key, definition in definitions.items():
        for target in _targets(definition):
            if same[target] != same[key]:
                referrers[same[target]].add(same[key])
    shared = [key for key in definitions if same[key] == key and len(users[key]) > 1]

    circles = _circles(definitions, same, shared)

    def lead(key: Key) -> Key:
        """The class in whose module a shared definition stands; those that lead to each other share one."""
        key = circles[key]
        seen = {key}
        while True:
            above = {
                circles.get(one, one) for other, first in circles.items() if first == key for one in referrers[other]
            }
            above -= {key}
            if len(above) != 1:
                return key
            (only,) = above
            if only in seen or len(users[only]) < 2 or users[only] != users[key]:  # two profiles share
                return key
            seen.add(only)
            key = only

    leads = {key: lead(key) for key in shared}
    names = _module_names({leads[key] for key in shared}, definitions, users, table)
    home: dict[Key, str] = {}
    for key in definitions:
        if same[key] == key:
            home[key] = f"_common.{names[leads[key]]}" if key in leads else profiles[key[0]].module
    return home


def _circles(definitions: dict[Key, Definition], same: dict[Key, Key], shared: list[Key]) -> dict[Key, Key]:
    """For each shared definition, the first of those that lead to it and that it leads to; mostly itself."""
    below: dict[Key, set[Key]] = {}
    for key in shared:
        found: set[Key] = set()
        waiting = [key]
        while waiting:
            for target in _targets(definitions[waiting.pop()]):
                if same[target] not in found:
                    found.add(same[target])
                    waiting.append(same[target])
        below[key] = found
    return {
        key: next(one for one in shared if one == key or (one in below[key] and key in below[one])) for key in shared
    }


def _module_names(
    leads: set[Key], definitions: dict[Key, Definition], users: dict[Key, set[str]], table: NameTable
) -> dict[Key, str]:
    """A name for each common module.

    It is that of its leading class. Where several classes share that name, the one that most profiles use has it, and
    the others are named in the table, or after the first profile that uses them.
    """
    variants: dict[str, list[Key]] = defaultdict(list)
    for key in sorted(leads):
        variants[definitions[key].name].append(key)
    names: dict[Key, str] = {}
    for name, keys in variants.items():
        most = max(len(users[key]) for key in keys)
        for key in keys:
            reviewed = [
                found for noun in sorted(users[key]) if (found := table.find("modules", f"{noun}/{name}")) is not None
            ]
            plain = len(users[key]) == most and sum(len(users[other]) == most for other in keys) == 1
            module = f"{snake(name)}_" if keyword.iskeyword(snake(name)) else snake(name)
            fallback = module if plain else f"{snake(name)}_of_{snake(min(users[key]))}"
            names[key] = str(reviewed[0]) if reviewed else fallback
    seen: dict[str, str] = {}
    for key, module in names.items():
        entry = f'"{key[0]}/{definitions[key].name}"'
        if not is_name(module) or module == "__init__":
            raise GeneratorError(f"names.toml: {module!r} cannot be a module; name {entry} otherwise, under [modules]")
        if module in seen:
            raise GeneratorError(
                f"two common modules would be named {module}; name {seen[module]} or {entry} in names.toml, under "
                "[modules]"
            )
        seen[module] = entry
    return names


def _targets(definition: Definition) -> Iterator[Key]:
    """The definitions that a definition leads to."""
    if isinstance(definition, QuantityDef):
        yield from definition.keys
    if isinstance(definition, WrapperDef):
        yield from _keys(definition.type)
    if isinstance(definition, ClassDef):
        yield from definition.derived
        if definition.base is not None:
            yield definition.base
    for member in definition.fields if isinstance(definition, ClassDef) else ():
        match member:
            case ValueField() | TextField():
                yield from _keys(member.type)
            case ChoiceField():
                for alternative in member.alternatives:
                    yield from _keys(alternative.type)
            case WildcardField() | OtherAttributesField():
                pass


def _keys(kind: FieldType) -> Iterator[Key]:
    match kind:
        case ValueType(_, quantity) if quantity is not None:
            yield quantity
        case ClassType(key, family):
            yield key
            yield from family
        case EnumType(key) | WrappedType(key):
            yield key
        case NillableType(inner, nil):
            yield from _keys(inner)
            if nil is not None:
                yield nil
        case RuledType():
            yield from kind.keys
        case _:
            pass
