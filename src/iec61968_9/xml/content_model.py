"""What a schema allows inside an element, where members alone cannot say it.

Most types are a list of members, each as often as its own bounds say, and straight code holds an object to that. A
sequence that is optional, a choice of sequences or an ordered list asks for more: which children may stand beside each
other, and in which order. A ``ContentModel`` is that content model. XML Schema's models are deterministic (the next
child alone decides what it is), so one pass from left to right tells whether some children fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

__all__ = ["ContentModel", "Part", "choice", "leaf", "sequence"]


class Part:
    """A child, a sequence of parts or a choice between parts, and how often it stands there.

    Attributes:
        kind: ``leaf``, ``sequence`` or ``choice``.
        name: A leaf's name.
        parts: The parts of the others.
        least: How often at least.
        most: How often at most; None for any number.
        first: The names with which it can begin.
        nullable: Whether it may be nothing.
    """

    __slots__ = ("first", "kind", "least", "most", "name", "nullable", "parts")

    def __init__(self, kind: str, name: str, parts: Sequence[Part], least: int, most: int | None) -> None:
        self.nullable: bool
        self.first: frozenset[str]
        self.kind = kind
        self.name = name
        self.parts = tuple(parts)
        self.least = least
        self.most = most
        empty = {"leaf": False, "sequence": all(one.nullable for one in parts)}
        self.nullable = least == 0 or empty.get(kind, any(one.nullable for one in parts))
        first = {name} if kind == "leaf" else set[str]()
        for part in parts:
            first |= part.first
            if kind == "sequence" and not part.nullable:
                break
        self.first = frozenset(first)

    def after(self, names: Sequence[str], start: int) -> int:
        """The place behind as many children from ``start`` as belong here; -1 if they do not fit."""
        at, count = start, 0
        while (self.most is None or count < self.most) and at < len(names) and names[at] in self.first:
            behind = self._once(names, at)
            if behind < 0:
                return -1
            at, count = behind, count + 1
        return at if count >= self.least or self.nullable else -1

    def _once(self, names: Sequence[str], at: int) -> int:
        """The same for one time, which begins with the child at ``at``."""
        if self.kind == "leaf":
            return at + 1
        if self.kind == "choice":
            return next(part for part in self.parts if names[at] in part.first).after(names, at)
        for part in self.parts:
            at = part.after(names, at)
            if at < 0:
                break
        return at

    def __str__(self) -> str:
        """As a content model is usually written: ``a, (b | c)*, d?``."""
        marks = {(1, 1): "", (0, 1): "?", (0, None): "*", (1, None): "+"}
        mark = marks.get((self.least, self.most), f"{{{self.least},{'' if self.most is None else self.most}}}")
        if self.kind == "leaf":
            return self.name + mark
        if len(self.parts) == 1 and not mark:
            return str(self.parts[0])
        inner = (", " if self.kind == "sequence" else " | ").join(str(part) for part in self.parts)
        return f"({inner}){mark}"


def leaf(name: str, least: int = 1, most: int | None = 1) -> Part:
    """A child."""
    return Part("leaf", name, (), least, most)


def sequence(*parts: Part, least: int = 1, most: int | None = 1) -> Part:
    """Parts one behind the other."""
    return Part("sequence", "", parts, least, most)


def choice(*parts: Part, least: int = 1, most: int | None = 1) -> Part:
    """One of several parts."""
    return Part("choice", "", parts, least, most)


class ContentModel:
    """The content model of a class.

    Attributes:
        model: The model.
        members: For each name in it, the member that holds it, and where that is a list of several, the class by which
            it is known there (None for what has none, such as what stands in a wildcard).
    """

    __slots__ = ("members", "model")

    def __init__(self, model: Part, members: Iterable[tuple[str, str, Any]]) -> None:
        self.model = model
        self.members = {name: (member, kind) for name, member, kind in members}

    def fits(self, names: Iterable[str]) -> bool:
        """Whether some children, in this order, are what the schema allows."""
        children = list(names)
        return self.model.after(children, 0) == len(children)
