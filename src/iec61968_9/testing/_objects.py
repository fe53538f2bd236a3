"""Builds objects of generated classes: required members always, optional ones while there is room.

One recursive function draws everything; it carries the room that is left. At each object a few of its optional members
are picked, so that wide classes stay small and deep places are reached.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar, get_args, get_origin

from hypothesis import assume
from hypothesis import strategies as st

from iec61968_9._verbs import REGISTRY, to_xml
from iec61968_9.errors import EncodeError
from iec61968_9.testing._keys import agreeing
from iec61968_9.testing._rules import Member, Rules, family, is_record, members, rules
from iec61968_9.testing._simple import bottom, simple_values
from iec61968_9.testing._values import anything, foreign_elements, other_attributes, texts, values
from iec61968_9.xml.content_model import ContentModel, Part
from iec61968_9.xml.document import admitted
from iec61968_9.xml.record import NIL, ForeignElement, Nil, QName, Record, Reference
from iec61968_9.xml.simple import Simple

__all__ = ["objects", "roots"]

WILDCARD = "*"
"""What a content model calls an element that stands in a wildcard."""

PICKED = 6
"""How many optional members of one object there are at most."""

REPEATED = 3
"""How many values of a repeated member there are at most, unless the schema asks for more."""


def objects(kind: Any, *, nan: bool, size: int, depth: int) -> st.SearchStrategy[Any]:
    """Objects of a generated class, or of one with its type parameter filled in.

    Raises:
        TypeError: The class is no generated one.
    """
    plain = get_origin(kind) or kind
    if is_record(plain):
        rules(plain)  # a class of no known package is refused here, not when the first object is drawn
        return _objects(kind, nan, size, depth)
    if isinstance(plain, type) and issubclass(plain, Reference | StrEnum | QName | ForeignElement):
        return values(plain, nan=nan)
    raise TypeError(f"{kind!r} is no generated class")


def roots() -> st.SearchStrategy[Any]:
    """Payloads and queries of all profiles."""
    return st.sampled_from(_carried_kinds()).flatmap(
        lambda carried: objects(_root(*carried), nan=False, size=15, depth=6)
    )


@st.composite
def _objects(draw: st.DrawFn, kind: Any, nan: bool, size: int, depth: int) -> Any:  # private
    plain = get_origin(kind) or kind
    builder = _Builder(draw, nan, size, depth, bodies=get_args(kind))
    record = builder.record(plain, 0)
    builder.name(record)
    builder.refer(record)
    found = REGISTRY.binding(plain)
    if found is not None and found[0].profile.verify:  # what stands in its wildcards has to be valid
        record = agreeing(draw, record)
        assume(record is not None and _is_valid(record))
    return record


def _is_valid(record: Any) -> bool:
    """Whether strict writing takes an object."""
    try:
        to_xml(record)
    except EncodeError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Open:
    """Stands for a value that refers to an ID, until all IDs are there."""

    kind: Simple


@dataclass(slots=True)
class _Builder:
    """Draws one object.

    Attributes:
        draw: Hypothesis's.
        nan: Whether numbers may be NaN.
        room: How many optional elements may still come.
        depth: How deep optional elements that hold others may stand.
        bodies: What the type parameter stands for; empty if it is open.
        carried: What was put where the type parameter stands.
        names: The IDs so far.
    """

    draw: st.DrawFn
    nan: bool
    room: int
    depth: int
    bodies: tuple[Any, ...]
    carried: list[object] = field(default_factory=list[object])
    names: list[str] = field(default_factory=list[str])

    def record(self, kind: type[Any], level: int) -> Any:
        """An object of a class with members, or of one that may stand for it."""
        rules(kind)  # which loads what may stand for it
        kind = self.draw(st.sampled_from(family(kind)))
        asked = rules(kind)
        decided = {member for member, _ in asked.model.members.values()} if asked.model is not None else set[str]()
        modelled = self._modelled(kind, asked.model, level) if asked.model is not None else {}
        optional: list[Member] = []
        chosen: list[Member] = []
        excluded = decided | self._excluded(kind, asked, chosen, decided)
        for member in members(kind):
            if member.name in modelled or member.name in decided:
                continue
            if member.required or asked.counts.get(member.name, (0, None))[0]:
                chosen.append(member)
            elif member.name not in excluded and (
                level < self.depth or not any(is_record(one) for one in member.types)
            ):
                optional.append(member)
        most = min(len(optional), PICKED, self.room)
        if most > 0:
            picked = self.draw(st.lists(st.sampled_from(optional), max_size=most, unique=True))
            self.room -= len(picked)
            chosen += picked
        return kind(**modelled, **{member.name: self._member(member, asked, level) for member in chosen})

    def _modelled(self, kind: type[Any], model: ContentModel, level: int) -> dict[str, Any]:
        """The members of a class that its content model decides."""
        asked = rules(kind)
        by_name = {member.name: member for member in members(kind)}
        plain = {member for name, (member, there) in model.members.items() if there is None and name != WILDCARD}
        mixed = [one for one in by_name.values() if one.repeated and str in one.types and one.name not in plain]
        values: dict[str, Any] = {}
        if mixed:
            values[mixed[0].name] = self._texts()
        for name in self._children(model.model, level):
            member, kind_there = model.members[name]
            holder = by_name[member]
            if name == WILDCARD:
                value = self._content(holder, *asked.wildcards[member], level)
            elif kind_there is None:
                value = self._value(holder, asked, level)
            elif is_record(kind_there):
                value = self.record(kind_there, level + 1)
            else:
                value = self.draw(_values(kind_there, self.nan))
            if not holder.repeated:
                values[member] = value
                continue
            values.setdefault(member, []).append(value)
            if mixed:
                values[member] += self._texts()
        return values

    def _texts(self) -> list[str]:
        """A text or none."""
        text = self.draw(st.just("") | texts())
        return [text] if text else []

    def _children(self, part: Part, level: int) -> list[str]:
        """The names of some children that are what a part of a content model allows."""
        most = part.least + 2 if part.most is None else min(part.most, part.least + 2)
        if self.room <= 0 or level >= self.depth:
            most = part.least
        count = self.draw(st.integers(part.least, most))
        self.room -= count
        found: list[str] = []
        for _ in range(count):
            if part.kind == "leaf":
                found.append(part.name)
            elif part.kind == "choice":
                found += self._children(self.draw(st.sampled_from(part.parts)), level)
            else:
                for inner in part.parts:
                    found += self._children(inner, level)
        return found

    def name(self, record: Any) -> None:
        """Give a message the noun of what it carries: a known one over a foreign payload would be refused."""
        header = getattr(record, "header", None)
        if header is None or not hasattr(header, "noun"):
            return
        nouns = [registered.profile.noun for registered in REGISTRY if registered.profile.role == "payload"]
        if any(isinstance(one, ForeignElement) for one in self.carried):
            header.noun = self.draw(texts().filter(lambda noun: noun not in nouns))
        elif self.carried:
            kind = type(self.carried[0])
            found = REGISTRY.binding(kind)
            assert found is not None  # noqa: S101  # only roots are carried
            header.noun = found[0].profile.asks_for or found[0].profile.noun
        else:
            header.noun = self.draw(st.sampled_from(nouns) | texts())

    def _excluded(self, kind: type[Any], asked: Rules, chosen: list[Member], decided: set[str]) -> set[str]:
        """Decide each choice: members that are out of question; the branch that is taken is added to those chosen."""
        excluded: set[str] = set()
        for names, required in asked.choices:
            if not decided.isdisjoint(names):
                continue
            branches: list[Member | None] = [] if required else [None]
            branches += [
                member
                for member in members(kind)
                if member.name in names and (required or self.room > 0 or member.required)
            ]
            branch = self.draw(st.sampled_from(branches))
            excluded.update(names)
            if branch is not None:
                self.room -= 1
                chosen.append(branch)
        return excluded

    def _member(self, member: Member, asked: Rules, level: int) -> Any:
        """The value of a member."""
        if not member.repeated:
            return self._value(member, asked, level)
        least, most = asked.counts.get(member.name, (0, None))
        least = max(least, 1)
        upper = max(least, min(REPEATED, self.room, REPEATED if most is None else most))
        count = self.draw(st.integers(least, upper))
        self.room -= count - 1
        return [self._value(member, asked, level) for _ in range(count)]

    def _value(self, member: Member, asked: Rules, level: int) -> Any:
        """One value of a member."""
        if member.name in asked.heads:
            return self._substitute(member, asked.heads[member.name], level)
        if member.name in asked.attributes:
            return self.draw(other_attributes(*asked.attributes[member.name]))
        if Nil in member.types and self.draw(st.booleans()):
            return NIL
        if member.name in asked.wildcards:
            return self._content(member, *asked.wildcards[member.name], level)
        if member.name in asked.anything:
            return self.draw(anything(asked.anything[member.name]))
        if member.name in asked.simple:
            return self._simple(asked.simple[member.name])
        kind = member.types[0] if len(member.types) == 1 else self.draw(st.sampled_from(member.types))
        plain = get_origin(kind) or kind
        if is_record(plain):
            return self.record(plain, level + 1)
        return self.draw(_values(plain, self.nan))

    def _simple(self, kind: Simple) -> Any:
        """A value of a simple type. An ID is another one each time, and what refers to one is decided at the end."""
        if bottom(kind) == "ID":
            name = self.draw(simple_values(kind, nan=self.nan).filter(lambda one: one not in self.names))
            self.names.append(name)
            return name
        return _Open(kind) if bottom(kind) == "IDREF" else self.draw(simple_values(kind, nan=self.nan))

    def refer(self, record: Record) -> None:
        """Let what refers to an ID refer to one that is there; what need not be there is left out if there is none."""
        for member in members(type(record)):
            value: Any = getattr(record, member.name)
            each: list[Any] = list(value) if member.repeated else [value]
            for number, one in enumerate(each):
                if isinstance(one, Record):
                    self.refer(one)
                elif isinstance(one, _Open):
                    each[number] = self._reference(one.kind)
            if None in each and value is not None:
                assume(not member.required)
                each = [] if member.repeated else [None]
            setattr(record, member.name, each if member.repeated else each[0])

    def _reference(self, kind: Simple) -> Any:
        """A value that refers to an ID or, if it is a list, to some; None if it cannot."""
        if not self.names:
            return None
        if list in kind.python:
            several = self.draw(st.lists(st.sampled_from(self.names), min_size=1, max_size=REPEATED))
            return several if kind.broken(" ".join(several)) is None else None
        fitting = [name for name in self.names if kind.broken(name) is None]
        return self.draw(st.sampled_from(fitting)) if fitting else None

    def _substitute(self, member: Member, head: str, level: int) -> Any:
        """What stands for an abstract element of an envelope."""
        kinds = [kind for kind in self.bodies if kind is not Any] or [
            _root(registered.tag(root), root)
            for registered in REGISTRY
            if head in registered.profile.heads
            for root in registered.profile.roots
        ]
        value = self.record(self.draw(st.sampled_from(kinds)), level + 1)
        self.carried.append(value)
        return value

    def _content(self, member: Member, allowed: str, own: str, level: int) -> Any:
        """What stands in a wildcard."""
        open_type = any(isinstance(one, TypeVar) for one in member.types)
        if open_type and self.bodies and Any not in self.bodies:
            kind = self.draw(st.sampled_from(self.bodies))
            value = (
                self.draw(foreign_elements(allowed, own)) if kind is ForeignElement else self.record(kind, level + 1)
            )
        elif self.room > 0 and (kinds := _carried_kinds(allowed, own)) and self.draw(st.booleans()):
            value = self.record(_root(*self.draw(st.sampled_from(kinds))), level + 1)
        else:
            value = self.draw(foreign_elements(allowed, own))
        if open_type:
            self.carried.append(value)
        return value


@lru_cache(maxsize=64)
def _values(kind: Any, nan: bool) -> st.SearchStrategy[Any]:  # the key
    return values(kind, nan=nan)


def _carried_kinds(allowed: str = "##any", own: str = "") -> list[tuple[str, str]]:
    """The payloads and queries that a wildcard may hold, by qualified name; nothing is imported for it."""
    return [
        (registered.tag(root), root)
        for registered in REGISTRY
        if registered.profile.role != "envelope"
        and registered.profile.namespace != own
        and admitted(f"{{{registered.profile.namespace}}}", allowed, own)
        for root in registered.profile.roots
    ]


def _root(tag: str, root: str) -> type[Record]:
    """The class of a root element."""
    return REGISTRY.by_tag[tag].codec.roots[root].kind
