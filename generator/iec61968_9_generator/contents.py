"""Turns a content model into members.

A content model is a tree: sequences, choices and ``xs:all`` of elements and wildcards, each with its bounds. A class
has members, and writing puts them into the order of the schema. So members say all there is to say only where that
order is the one in which the children stood. This is so for each element that has one place in the tree, and stands in
no group that repeats. What stands in one that repeats, or has several places, becomes one ordered list of alternatives,
which spans no more of the tree than it must.

Where members have further rules to keep (a sequence that is optional, a choice of sequences, an ordered list), the tree
goes along, and writing holds the children to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from iec61968_9_generator.errors import Place, UnsupportedError
from iec61968_9_generator.model import UNBOUNDED, Choice, Element, Group, Particle, Tree, Wildcard

__all__ = ["Content", "lets_in", "members", "together"]


@dataclass(frozen=True, slots=True)
class Content:
    """What a content model comes to: members, and the model itself where they have more rules to keep."""

    particles: tuple[Particle, ...] = ()
    model: Group | None = None


def together(first: Group | None, second: Group | None, place: Place) -> Group | None:
    """The content of a type that extends another."""
    if first is None or second is None:
        return first or second
    return Group(kind="sequence", parts=(first, second), min=1, max=1, place=place)


def members(tree: Group | None, *, mixed: bool = False) -> Content:
    """The members that a content model comes to.

    Args:
        tree: The model.
        mixed: Whether text may stand between the elements. Then all of it is one ordered list.

    Raises:
        UnsupportedError: No members can say what the model does.
    """
    top = simplified(tree) if tree is not None else None
    if mixed:
        place = top.place if isinstance(top, Group) else Place("", 0)
        parts: tuple[Tree, ...] = () if top is None else (top,)
        model = Group(kind="sequence", parts=parts, min=1, max=1, place=place)
        return Content((_mix(model, text=True),), model)
    if top is None:
        return Content()
    _check_names(top)
    if not isinstance(top, Group) or top.kind != "sequence" or not top.single:
        top = Group(kind="sequence", parts=(top,), min=1, max=1, place=top.place)
    items = [list(_spread(part)) for part in top.parts]
    items = _without_doubles(top.parts, items)
    _check_wildcards(top, items)
    particles = tuple(particle for item in items for particle in item)
    plain = all(len(item) and _is_plain(part, item) for part, item in zip(top.parts, items, strict=True))
    return Content(particles, None if plain else top)


# -- the tree ----------------------------------------------------------------------------------------------------------


def simplified(tree: Tree) -> Tree | None:
    """The same model with fewer groups; None for one that is nothing."""
    if tree.max == 0:
        return None
    if not isinstance(tree, Group):
        return tree
    parts: list[Tree] = []
    optional = False
    for part in tree.parts:
        inner = simplified(part)
        if inner is None:
            optional = tree.kind == "choice"
        elif isinstance(inner, Group) and inner.single and inner.kind == tree.kind and inner.head is None:
            parts += inner.parts
        else:
            parts.append(inner)
    if not parts:
        return None
    least = 0 if optional else tree.min
    if len(parts) == 1 and tree.head is None:
        merged = _merged(parts[0], least, tree.max)
        if merged is not None:
            return merged
    return replace(tree, parts=tuple(parts), min=least)


def _merged(part: Tree, least: int, most: int) -> Tree | None:
    """A part that is all that a group holds, with the bounds of both; None where they cannot be joined."""
    if part.min > 1 and (least, most) != (1, 1):
        return None
    return replace(part, min=part.min * least, max=min(part.max * most, UNBOUNDED))


def leaves(tree: Tree) -> Iterator[Element | Wildcard]:
    """All elements and wildcards of a model, in document order."""
    if isinstance(tree, Group):
        for part in tree.parts:
            yield from leaves(part)
    else:
        yield tree


# -- members -----------------------------------------------------------------------------------------------------------


def _spread(tree: Tree) -> Iterator[Particle]:
    """The members of a part: each leaf, but what repeats together is one list."""
    if not isinstance(tree, Group):
        yield tree
    elif tree.head is not None:
        yield Choice(branches=tuple(leaves(tree)), min=tree.min, max=tree.max, place=tree.place, head=tree.head)
    elif tree.max > 1:
        yield _list(tree)
    elif tree.kind == "choice" and all(not isinstance(part, Group) for part in tree.parts):
        yield Choice(branches=tuple(leaves(tree)), min=tree.min, max=1, place=tree.place)
    else:
        for part in tree.parts:
            for inner in _spread(part):
                yield _optional(inner) if tree.kind == "choice" or tree.min == 0 else inner


def _optional(particle: Particle) -> Particle:
    """A member that need not be there, because of what stands around it."""
    return replace(particle, min=0)


def _list(tree: Group) -> Choice:
    """One ordered list for a group that repeats."""
    branches = tuple(leaves(tree))
    plain = tree.kind == "choice" and all(isinstance(one, Element) and one.max == 1 for one in tree.parts)
    if plain and len({_name(one) for one in branches}) == len(branches):
        return Choice(branches=branches, min=tree.min, max=tree.max, place=tree.place)
    return _mix(tree)


def _mix(tree: Group, *, text: bool = False) -> Choice:
    """One ordered list for whatever stands in a part of the tree; the model says how often."""
    branches: dict[str, Element | Wildcard] = {}
    for one in leaves(tree):
        known = branches.setdefault(_name(one), one)
        if isinstance(one, Element) and isinstance(known, Element) and _differ(one, known):
            raise UnsupportedError(f"a second element {one.name} that differs", one.place)
        if isinstance(one, Wildcard) and (one.namespace, one.own) != (known.namespace, getattr(known, "own", None)):
            raise UnsupportedError("a second wildcard for other namespaces in one list", one.place)
    single = tuple(replace(one, min=1, max=1) for one in branches.values())
    return Choice(branches=single, min=0, max=UNBOUNDED, place=tree.place, shaped=True, text=text)


def _check_names(top: Tree) -> None:
    """Refuse two elements that differ by their namespaces only: what is said of a member names it without."""
    seen: dict[str, str] = {}
    for one in leaves(top):
        if isinstance(one, Element) and seen.setdefault(one.name, one.namespace) != one.namespace:
            raise UnsupportedError(f"two elements {one.name} of different namespaces in one type", one.place)


def _differ(one: Element, other: Element) -> bool:
    keys = ("type", "default", "fixed", "nillable")
    return any(getattr(one, key) != getattr(other, key) for key in keys)


def _name(leaf: Element | Wildcard) -> str:
    return f"{{{leaf.namespace}}}{leaf.name}" if isinstance(leaf, Element) else "*"


def _names(particles: Iterable[Particle]) -> list[str]:
    return [
        _name(one)
        for particle in particles
        for one in (particle.branches if isinstance(particle, Choice) else (particle,))
    ]


def _without_doubles(parts: Sequence[Tree], items: list[list[Particle]]) -> list[list[Particle]]:
    """The members of each part; parts that have an element or a wildcard in common, and all between them, are one."""
    while True:
        count = Counter(name for item in items for name in _names(item))
        doubles = {name for name, number in count.items() if number > 1}
        if not doubles:
            return items
        double = min(doubles, key=lambda name: next(i for i, item in enumerate(items) if name in _names(item)))
        where = [number for number, item in enumerate(items) if double in _names(item)]
        first, last = where[0], where[-1]
        span = tuple(parts[first : last + 1])
        place = next(one.place for one in leaves(span[-1]) if _name(one) == double)
        joined = _mix(Group(kind="sequence", parts=span, min=1, max=1, place=place))
        items = [*items[:first], [joined], *([] for _ in range(last - first)), *items[last + 1 :]]


def _is_plain(part: Tree, item: Sequence[Particle]) -> bool:
    """Whether the members of a part have no rules to keep but their own bounds, and one branch of each choice."""
    if any(isinstance(one, Choice) and one.shaped for one in item):
        return False
    if not isinstance(part, Group):
        return True
    if part.kind == "all":
        return part.min == 1 and len(item) == len(part.parts)
    choice = item[0]
    if len(item) > 1 or not isinstance(choice, Choice):
        return False
    return choice.repeats or all(branch.min <= 1 for branch in choice.branches)


# -- wildcards ---------------------------------------------------------------------------------------------------------


def _check_wildcards(top: Group, items: Sequence[Sequence[Particle]]) -> None:
    """Refuse a wildcard that lets in an element beside it: it could not be told which of the two is meant.

    Unless the element must have come before, as often as it may.
    """
    before: list[Element] = []
    for part, item in zip(top.parts, items, strict=True):
        for wildcard in (one for one in leaves(part) if isinstance(one, Wildcard)):
            for element in (one for one in leaves(top) if isinstance(one, Element)):
                if element not in before and lets_in(wildcard, element.namespace):
                    raise UnsupportedError(
                        "a wildcard beside an element that it lets in",
                        wildcard.place,
                        f"an element {element.name} could be either",
                    )
        if isinstance(part, Element) and part.min == part.max and item:
            before.append(part)


def lets_in(wildcard: Wildcard, namespace: str) -> bool:
    """Whether a wildcard lets in elements of a namespace."""
    if wildcard.namespace == "##any":
        return True
    if wildcard.namespace == "##other":
        return namespace not in {"", wildcard.own}
    names = {"##targetNamespace": wildcard.own, "##local": ""}
    return namespace in {names.get(one, one) for one in wildcard.namespace.split()}
