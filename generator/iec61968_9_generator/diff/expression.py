"""Content models as regular expressions over element names, and whether all that one allows another allows too.

An expression is a value: a name, a wildcard, a sequence, a choice, a repetition, or a set in any order. Its derivative
by a name is what may follow once that name was read. So two expressions are compared by reading all names in step,
without building automata first; the first place where one may end and the other may not is the shortest example.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

__all__ = [
    "ANY",
    "EMPTY",
    "NOTHING",
    "All",
    "Alt",
    "Any",
    "Empty",
    "Expression",
    "Name",
    "Namespaces",
    "Nothing",
    "Rep",
    "Seq",
    "TooComplexError",
    "alt",
    "bounds",
    "counterexample",
    "erased",
    "every",
    "names",
    "namespace_of",
    "parts",
    "renamed",
    "rep",
    "seq",
    "without_large_bounds",
]

STATES = 20_000
"""After so many pairs of expressions a comparison is given up."""

LARGE = 24
"""Bounds above this are brought together, where that changes no verdict."""


class TooComplexError(Exception):
    """Two expressions cannot be compared in bounded time."""


@dataclass(frozen=True, slots=True)
class Namespaces:
    """The namespaces that a wildcard admits: those given, or with ``others`` all but those."""

    given: frozenset[str]
    others: bool = False

    def __contains__(self, namespace: object) -> bool:
        return (namespace in self.given) != self.others


ANY = Namespaces(frozenset(), others=True)


@dataclass(frozen=True, slots=True)
class Nothing:
    """What no content fits."""


@dataclass(frozen=True, slots=True)
class Empty:
    """No element."""


@dataclass(frozen=True, slots=True)
class Name:
    """An element, as ``{namespace}local``."""

    tag: str


@dataclass(frozen=True, slots=True)
class Any:
    """Any element of some namespaces."""

    namespaces: Namespaces


@dataclass(frozen=True, slots=True)
class Seq:
    """One behind the other."""

    first: Expression
    rest: Expression


@dataclass(frozen=True, slots=True)
class Alt:
    """One of several."""

    branches: frozenset[Expression]


@dataclass(frozen=True, slots=True)
class Rep:
    """One several times; ``most`` is None for any number."""

    inner: Expression
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class All:
    """All of several, in any order; each at most once."""

    items: frozenset[Expression]


Expression: TypeAlias = "Nothing | Empty | Name | Any | Seq | Alt | Rep | All"
NOTHING, EMPTY = Nothing(), Empty()


def seq(*parts: Expression) -> Expression:
    """Some behind one another."""
    found: Expression = EMPTY
    for part in reversed(parts):
        if part == NOTHING or found == NOTHING:
            return NOTHING
        if isinstance(part, Seq):
            found = Seq(part.first, seq(part.rest, found))
        elif part != EMPTY:
            found = part if found == EMPTY else Seq(part, found)
    return found


def alt(branches: Iterable[Expression]) -> Expression:
    """One of some."""
    found: set[Expression] = set()
    for branch in branches:
        found |= branch.branches if isinstance(branch, Alt) else {branch}
    found.discard(NOTHING)
    if EMPTY in found and any(_nullable(one) for one in found if one != EMPTY):
        found.discard(EMPTY)
    return NOTHING if not found else found.pop() if len(found) == 1 else Alt(frozenset(found))


def rep(inner: Expression, least: int, most: int | None) -> Expression:
    """One some times."""
    if most == 0 or inner == EMPTY:
        return EMPTY
    if inner == NOTHING:
        return EMPTY if least == 0 else NOTHING
    if least == most == 1:
        return inner
    return Rep(inner, 0 if _nullable(inner) else least, most)


def every(items: Iterable[Expression]) -> Expression:
    """All of some in any order."""
    found = frozenset(one for one in items if one != EMPTY)
    return EMPTY if not found else next(iter(found)) if len(found) == 1 else All(found)


@lru_cache(maxsize=65_536)
def _nullable(one: Expression) -> bool:
    match one:
        case Empty():
            return True
        case Seq(first, rest):
            return _nullable(first) and _nullable(rest)
        case Alt(branches):
            return any(map(_nullable, branches))
        case Rep(inner, least, _):
            return least == 0 or _nullable(inner)
        case All(items):
            return all(map(_nullable, items))
        case _:
            return False


@lru_cache(maxsize=65_536)
def _after(one: Expression, tag: str) -> Expression:
    """What may follow once an element was read."""
    match one:
        case Name(own):
            return EMPTY if own == tag else NOTHING
        case Any(namespaces):
            return EMPTY if namespace_of(tag) in namespaces else NOTHING
        case Seq(first, rest):
            found = seq(_after(first, tag), rest)
            return alt((found, _after(rest, tag))) if _nullable(first) else found
        case Alt(branches):
            return alt(_after(branch, tag) for branch in branches)
        case Rep(inner, least, most):
            following = rep(inner, max(least - 1, 0), None if most is None else most - 1)
            return seq(_after(inner, tag), following)
        case All(items):
            return alt(seq(_after(item, tag), every(items - {item})) for item in items)
        case _:
            return NOTHING


def namespace_of(tag: str) -> str:
    """The namespace of ``{namespace}local``."""
    return tag[1:].partition("}")[0] if tag.startswith("{") else ""


def parts(one: Expression) -> Iterator[Expression]:
    """An expression and all that is in it."""
    yield one
    match one:
        case Seq(first, rest):
            inner: Iterable[Expression] = (first, rest)
        case Alt(several) | All(several):
            inner = several
        case Rep(repeated, _, _):
            inner = (repeated,)
        case _:
            inner = ()
    for part in inner:
        yield from parts(part)


def names(one: Expression) -> list[str]:
    """The elements of an expression, in order; those of a choice by name."""
    match one:
        case Name(tag):
            return [tag]
        case Seq(first, rest):
            return list(dict.fromkeys(names(first) + names(rest)))
        case Rep(inner, _, _):
            return names(inner)
        case Alt(several) | All(several):
            return sorted({tag for part in several for tag in names(part)})
        case _:
            return []


def bounds(one: Expression, tag: str) -> tuple[int, int | None]:
    """How often an element occurs at least and at most; None for any number."""
    match one:
        case Name(own):
            return (1, 1) if own == tag else (0, 0)
        case Seq(first, rest):
            several = [bounds(first, tag), bounds(rest, tag)]
            return sum(least for least, _ in several), _sum([most for _, most in several])
        case All(items):
            several = [bounds(item, tag) for item in items]
            return sum(least for least, _ in several), _sum([most for _, most in several])
        case Alt(branches):
            several = [bounds(branch, tag) for branch in branches]
            mosts = [most for _, most in several]
            return min(least for least, _ in several), None if None in mosts else max(most or 0 for most in mosts)
        case Rep(inner, least, most):
            low, high = bounds(inner, tag)
            return low * least, 0 if high == 0 else None if high is None or most is None else high * most
        case _:
            return 0, 0


def _sum(numbers: list[int | None]) -> int | None:
    return None if None in numbers else sum(number or 0 for number in numbers)


def erased(one: Expression, kept: frozenset[str], *, wildcards: bool) -> Expression:
    """An expression without the elements that are not to be kept."""
    match one:
        case Name(tag):
            return one if tag in kept else EMPTY
        case Any():
            return one if wildcards else EMPTY
        case Seq(first, rest):
            return seq(erased(first, kept, wildcards=wildcards), erased(rest, kept, wildcards=wildcards))
        case Alt(branches):
            return alt(erased(branch, kept, wildcards=wildcards) for branch in branches)
        case Rep(inner, least, most):
            return rep(erased(inner, kept, wildcards=wildcards), least, most)
        case All(items):
            return every(erased(item, kept, wildcards=wildcards) for item in items)
        case _:
            return one


def without_large_bounds(*several: Expression) -> list[Expression]:
    """Expressions whose large bounds are smaller ones in the same order, which leaves their comparison as it is.

    Only where what repeats so often is one element or a choice of some, and does not repeat as part of something else:
    elsewhere bounds multiply.
    """
    found: set[int] = set()
    for one in several:
        found |= set(_large(one, inside=False))
    if -1 in found:
        return list(several)
    smaller = {number: LARGE + rank for rank, number in enumerate(sorted(found), 1)}
    return [_replaced(one, smaller) for one in several]


def _large(one: Expression, *, inside: bool) -> Iterator[int]:
    """The large bounds of an expression; -1 where one must stay."""
    match one:
        case Rep(inner, least, most):
            simple = isinstance(inner, Name | Any) or (
                isinstance(inner, Alt) and all(isinstance(branch, Name | Any) for branch in inner.branches)
            )
            for number in (least, most or 0):
                if number > LARGE:
                    yield number if simple and not inside else -1
            yield from _large(inner, inside=True)
        case Seq(first, rest):
            yield from _large(first, inside=inside)
            yield from _large(rest, inside=inside)
        case Alt(several) | All(several):
            for part in several:
                yield from _large(part, inside=inside)
        case _:
            return


def _replaced(one: Expression, smaller: Mapping[int, int]) -> Expression:
    match one:
        case Rep(inner, least, most):
            return rep(
                _replaced(inner, smaller), smaller.get(least, least), None if most is None else smaller.get(most, most)
            )
        case Seq(first, rest):
            return seq(_replaced(first, smaller), _replaced(rest, smaller))
        case Alt(branches):
            return alt(_replaced(branch, smaller) for branch in branches)
        case All(items):
            return every(_replaced(item, smaller) for item in items)
        case _:
            return one


def counterexample(one: Expression, other: Expression) -> tuple[str, ...] | None:
    """The shortest content that one expression allows and another does not; None if the other allows all of it.

    Raises:
        TooComplexError: That is not found out in bounded time.
    """
    one, other = without_large_bounds(one, other)
    letters = _letters(one, other)
    start = one, other
    before: dict[tuple[Expression, Expression], tuple[tuple[Expression, Expression], str] | None] = {start: None}
    waiting = deque([start])
    while waiting:
        pair = waiting.popleft()
        if _nullable(pair[0]) and not _nullable(pair[1]):
            word: list[str] = []
            step = before[pair]
            while step is not None:
                word.append(step[1])
                step = before[step[0]]
            return tuple(reversed(word))
        for letter in letters:
            after = _after(pair[0], letter)
            if after == NOTHING:
                continue
            following = after, _after(pair[1], letter)
            if following not in before:
                if len(before) > STATES:
                    raise TooComplexError
                before[following] = pair, letter
                waiting.append(following)
    return None


def _letters(*several: Expression) -> list[str]:
    """Elements that tell all cases apart: those named, and an unknown one for each namespace that a wildcard knows."""
    tags: dict[str, None] = {}
    spaces: set[str] = set()
    for one in several:
        tags.update(dict.fromkeys(names(one)))
        for part in parts(one):
            if isinstance(part, Any):
                spaces |= part.namespaces.given | {"", "urn:any"}
    spaces |= {namespace_of(tag) for tag in tags} if spaces else set()
    return [*tags, *(f"{{{space}}}anything" if space else "anything" for space in sorted(spaces))]


def renamed(one: Expression, tags: Mapping[str, str]) -> Expression:
    """An expression with other names."""
    match one:
        case Name(tag):
            return Name(tags.get(tag, tag))
        case Seq(first, rest):
            return seq(renamed(first, tags), renamed(rest, tags))
        case Alt(branches):
            return alt(renamed(branch, tags) for branch in branches)
        case Rep(inner, least, most):
            return rep(renamed(inner, tags), least, most)
        case All(items):
            return every(renamed(item, tags) for item in items)
        case _:
            return one
