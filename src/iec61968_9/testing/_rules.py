"""What a class's members may hold, from the class itself and from the codec that writes it.

Types, and whether a member is required or repeated, stand in the class. What else its schema asks for (how many there
must be, which members exclude each other, which namespaces a wildcard lets in) stands in straight code in its codec. So
a sample of every class of a profile is shown to the codec once, and a listener in the place of the writer hears what is
asked of which member. That holds for packages that users generate as well.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from types import NoneType, UnionType
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from iec61968_9._verbs import REGISTRY
from iec61968_9.xml.builtin import BY_NAME
from iec61968_9.xml.codec import Binding
from iec61968_9.xml.content_model import ContentModel
from iec61968_9.xml.record import Record, Reference
from iec61968_9.xml.registry import Registered
from iec61968_9.xml.simple import Simple
from iec61968_9.xml.writing import Writing

__all__ = ["Member", "Rules", "family", "is_record", "members", "rules"]


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a generated class.

    Attributes:
        name: Its name.
        types: The types of its values; a ``TypeVar`` where the class leaves it open.
        repeated: Whether it is a list of them.
        required: Whether it must be given.
    """

    name: str
    types: tuple[Any, ...]
    repeated: bool
    required: bool


@dataclass(slots=True)
class Rules:
    """What a schema asks of the members of a class beside their types.

    Attributes:
        counts: How many values a repeated member has at least and at most.
        choices: Members that exclude each other, and whether one of them must be there.
        wildcards: For members that hold anything, the namespaces allowed and the schema's own.
        simple: For members whose simple type has rules of its own, that type.
        heads: For members that hold what stands for an abstract element of an envelope, that element.
        attributes: For members that hold attributes of any name, the namespaces allowed, the schema's own, and the
            names that are taken.
        anything: For members that hold an element of any type, its qualified name.
        model: The content model, where members alone do not say all.
    """

    counts: dict[str, tuple[int, int | None]] = field(default_factory=dict[str, tuple[int, int | None]])
    choices: list[tuple[tuple[str, ...], bool]] = field(default_factory=list[tuple[tuple[str, ...], bool]])
    wildcards: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    simple: dict[str, Simple] = field(default_factory=dict[str, Simple])
    heads: dict[str, str] = field(default_factory=dict[str, str])
    attributes: dict[str, tuple[str, str, tuple[str, ...]]] = field(
        default_factory=dict[str, tuple[str, str, tuple[str, ...]]]
    )
    anything: dict[str, str] = field(default_factory=dict[str, str])
    model: ContentModel | None = None


def is_record(kind: object) -> bool:
    """Whether a type is a generated class with members of its own."""
    return isinstance(kind, type) and issubclass(kind, Record)


def members(kind: type[Any]) -> tuple[Member, ...]:
    """The members of a generated class, but for what lenient reading keeps."""
    known = _MEMBERS.get(kind)
    if known is None:
        known = _MEMBERS[kind] = tuple(_members(kind))
    return known


_MEMBERS: dict[type[Any], tuple[Member, ...]] = {}


def _members(kind: type[Any]) -> Iterator[Member]:
    hints = get_type_hints(kind)
    for one in dataclasses.fields(kind):
        if one.name == "kept":
            continue
        required = one.default is dataclasses.MISSING and one.default_factory is dataclasses.MISSING
        hint = hints[one.name]
        repeated = get_origin(hint) is list and one.default_factory is not dataclasses.MISSING
        types = _alternatives(get_args(hint)[0] if repeated else hint)
        yield Member(one.name, types, repeated, required)


def family(kind: type[Any]) -> tuple[type[Any], ...]:
    """The classes that an object may be of where a schema asks for one: that one and what ``xsi:type`` may say."""
    for registered in REGISTRY:
        module = f"{registered.package}._codecs.{registered.profile.module}"
        if module in sys.modules and kind in registered.codec.families:
            return registered.codec.families[kind]
    return (kind,)


def rules(kind: type[Any]) -> Rules:
    """What the schema asks of the members of a class.

    Raises:
        TypeError: It is no generated class of a package that is known.
    """
    known = _RULES.get(kind)
    if known is None:
        _RULES.update(_heard(_home(kind)))
        known = _RULES.setdefault(kind, Rules())
    return known


_RULES: dict[type[Any], Rules] = {}


def _alternatives(hint: Any) -> tuple[Any, ...]:
    """The types of a union but None, or the one type."""
    if get_origin(hint) in {Union, UnionType}:
        return tuple(one for one in get_args(hint) if one is not NoneType)
    return (hint,)


def _home(kind: type[Any]) -> Registered:
    """A profile that a class stands in, one that is loaded if there is any."""
    name = kind.__name__
    for loaded in (True, False):
        for registered in REGISTRY:
            module = f"{registered.package}.profiles.{registered.profile.module}"
            if loaded is (module in sys.modules) and getattr(import_module(module), name, None) is kind:
                return registered
    raise TypeError(f"{kind.__module__}.{kind.__qualname__} is no class of a generated package")


def _heard(registered: Registered) -> Mapping[type[Any], Rules]:
    """What a profile's codec asks of each of its classes."""
    listener = _Listener()
    for root, binding in registered.codec.roots.items():
        listener.show(root, binding)
    return listener.rules


class _Listener:
    """Stands in the place of ``Writing`` and listens; whatever else a codec calls, it does nothing."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.rules: dict[type[Any], Rules] = {}
        self.places: dict[int, tuple[Rules, str]] = {}
        self.shown: set[type[Any]] = set()
        self.more = False

    def show(self, root: str, binding: Binding) -> None:
        """Show a sample of a root class, with samples of all classes inside it, to the codec.

        Where one of several classes may stand, one sample has one of them, and the next another.
        """
        while True:
            heard = len(self.rules)
            self.shown.clear()
            self.more = False
            for kind in family(binding.kind):
                binding.write(self._sample(kind), root, cast("Writing", self))
            if not self.more or len(self.rules) == heard:
                break

    def many(self, _name: str, values: Any, least: int = 0, most: int | None = None) -> Any:
        """Hear how many values a member has."""
        rules, member = self.places[id(values)]
        rules.counts[member] = (least, most)
        return values

    def choice(self, branches: Mapping[str, object], *, required: bool, lists: tuple[str, ...] = ()) -> None:
        """Hear which members exclude each other."""
        places = [self.places[id(value)] for value in branches.values()]
        places[0][0].choices.append((tuple(member for _, member in places), required))

    def content(self, value: object, allowed: str, own: str) -> None:
        """Hear what a wildcard lets in."""
        rules, member = self.places[id(value)]
        rules.wildcards[member] = (allowed, own)

    def simple(self, _tag: str, value: object, kind: Simple) -> None:
        """Hear of the rules of a simple type."""
        rules, member = self.places[id(value)]
        rules.simple[member] = kind

    def anything(self, tag: str, value: object, namespace: str) -> None:
        """Hear of an element of any type."""
        rules, member = self.places[id(value)]
        local = tag.rpartition(":")[2]
        rules.anything[member] = f"{{{namespace}}}{local}" if namespace else local

    def single(self, tag: str, value: object) -> None:
        """Hear of a number of single precision."""
        self.simple(tag, value, BY_NAME["float"])

    def attribute(self, name: str, value: object, tag: str, kind: object = "string", *, required: bool = False) -> str:
        """Hear of the rules of an attribute."""
        return self.text(value, tag, kind)

    def text(self, value: object, tag: str, kind: object) -> str:
        """Hear of the rules of a text."""
        found = BY_NAME["float"] if kind == "single" else kind
        if isinstance(found, Simple):
            self.simple("", value, found)
        return ""

    def one(self, value: object, _needed: str = "") -> tuple[object]:
        """Go on with the one value."""
        return (value,)

    def substitute(self, value: object, head: str) -> None:
        """Hear what stands for an abstract element."""
        rules, member = self.places[id(value)]
        rules.heads[member] = head

    def other_attributes(self, values: object, _tag: str, allowed: str, own: str, taken: tuple[str, ...]) -> str:
        """Hear which attributes a wildcard lets in."""
        rules, member = self.places[id(values)]
        rules.attributes[member] = (allowed, own, taken)
        return ""

    def hold(self, record: object, order: object, model: ContentModel) -> None:
        """Hear of a content model."""
        self.rules[type(record)].model = model

    def __getattr__(self, name: str) -> Callable[..., str]:
        return _nothing

    def _sample(self, kind: type[Any]) -> object:
        """An object of a class with something in every member; a class inside it stands in one place only."""
        self.shown.add(kind)
        own = self.rules.setdefault(kind, Rules())
        own.choices.clear()
        sample = object.__new__(kind)
        sample.kept = None
        for member in members(kind):
            values = self._values(member, own)
            value: object = list(values) if member.repeated else next(values)  # of which the codec writes one
            setattr(sample, member.name, value)
            self.places[id(value)] = (own, member.name)
        return sample

    def _values(self, member: Member, own: Rules) -> Iterator[object]:
        """A value for each type of a member. One that the codec need not look into is a mere token."""
        for kind in self._kinds(member):
            plain = get_origin(kind) or kind
            if is_record(plain) and plain not in self.shown:
                value = self._sample(plain)
            elif isinstance(plain, type) and issubclass(plain, Reference):
                value = plain()
            else:
                value = _Token()
            self.places[id(value)] = (own, member.name)
            yield value

    def _kinds(self, member: Member) -> list[Any]:
        """The types of a member's values, those first of which nothing was heard yet."""
        kinds: list[Any] = []
        for kind in member.types:
            plain = get_origin(kind) or kind
            kinds += family(plain) if is_record(plain) and plain is not Record else (kind,)
        new = [kind for kind in kinds if is_record(kind) and kind is not Record and kind not in self.rules]
        self.more = self.more or (len(kinds) > 1 and bool(new))
        return [*new, *(kind for kind in kinds if kind not in new)]


class _Token:
    """Stands for a value."""


def _nothing(*_: object, **__: object) -> str:
    return ""
