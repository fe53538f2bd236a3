"""Compares what elements two types hold: each difference by the name of an element, held to the contents as wholes.

An element that is new breaks readers only where a document can have it; if a wildcard has let it in before, or the
content as a whole allows no more than it did, it does not. And where the wholes differ in what no name explains, the
shortest example is the explanation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from iec61968_9_generator.diff import expression as ex
from iec61968_9_generator.diff.findings import BOTH, NEITHER, READERS, WRITERS, example, name_of, often
from iec61968_9_generator.diff.structure import Type

__all__ = ["Difference", "differences"]


@dataclass(slots=True)
class Difference:
    """One difference between two contents; ``tag`` is the element's that it is about, or empty."""

    kind: str
    message: str
    breaks: frozenset[str]
    tag: str = ""
    moved: list[str] = field(default_factory=list[str])


def differences(old: Type, new: Type) -> list[Difference]:
    """How the contents of two types differ; the declarations of their elements are not looked into."""
    if old.content == new.content:
        return []
    return _Content(old, new).compare()


class _Content:
    """Two contents that are not written alike."""

    def __init__(self, old: Type, new: Type) -> None:
        self.old = old.content
        self.new = new.content
        self.old_names = ex.names(self.old)
        self.new_names = ex.names(self.new)
        self.wild = tuple(any(isinstance(one, ex.Any) for one in ex.parts(side)) for side in (self.old, self.new))
        self.found: list[Difference] = []
        self.certain = NEITHER

    def compare(self) -> list[Difference]:
        """All differences."""
        for tag in self.old_names:
            if tag in self.new_names:
                self.occurrence(tag)
            else:
                self.one_sided(tag, added=False)
        for tag in self.new_names:
            if tag not in self.old_names:
                self.one_sided(tag, added=True)
        if self.wild[0] != self.wild[1]:
            words = "are allowed" if self.wild[1] else "are no longer allowed"
            breaks = READERS if self.wild[1] else WRITERS
            self.found.append(Difference("wildcard", f"elements that the schema does not name {words}", breaks))
        self.order()
        allowed = self.verdict()
        for one in self.found:
            one.breaks = (one.breaks & allowed) | (one.breaks & self.certain)
        claimed = NEITHER.union(*(one.breaks for one in self.found))
        self.found += [self.unexplained(side) for side in sorted(allowed - claimed)]
        if not self.found:
            self.found.append(Difference("grouping", "its content is written otherwise and means the same", NEITHER))
        return self.found

    def verdict(self) -> frozenset[str]:
        """Whom the change of the content as a whole breaks."""
        return self.breaks_of(self.old, self.new, lambda _side, _example: None)

    def breaks_of(
        self, old: ex.Expression, new: ex.Expression, told: Callable[[str, tuple[str, ...]], None]
    ) -> frozenset[str]:
        """Whom it breaks that one content stands for another; examples are told."""
        breaks = NEITHER
        for one, other, side in ((new, old, "readers"), (old, new, "writers")):
            try:
                found = ex.counterexample(one, other)
            except ex.TooComplexError:
                breaks |= {side}
                continue
            if found is not None:
                breaks |= {side}
                told(side, found)
        return breaks

    def one_sided(self, tag: str, *, added: bool) -> None:
        """An element that only one of the contents names. What a wildcard of the other lets in has any type there."""
        mine, other = (self.new, self.old) if added else (self.old, self.new)
        here, there = (READERS, WRITERS) if added else (WRITERS, READERS)
        least, _ = ex.bounds(mine, tag)
        breaks = here | (there if least else NEITHER)
        namespace = ex.namespace_of(tag)
        if any(isinstance(one, ex.Any) and namespace in one.namespaces for one in ex.parts(other)):
            breaks = self.certain = BOTH
        kind, word = ("element-added", "new") if added else ("element-removed", "gone")
        must = "required" if least else "optional"
        self.found.append(Difference(kind, f"the {must} element {name_of(tag)} is {word}", breaks, tag))

    def occurrence(self, tag: str) -> None:
        """How often an element may be there."""
        old, new = ex.bounds(self.old, tag), ex.bounds(self.new, tag)
        if old == new:
            return
        readers = new[0] < old[0] or _more(new[1], old[1])
        writers = new[0] > old[0] or _more(old[1], new[1])
        breaks = (READERS if readers else NEITHER) | (WRITERS if writers else NEITHER)
        message = f"the element {name_of(tag)} is there {often(*new)}, was {often(*old)}"
        self.found.append(Difference("occurrence", message, breaks, tag))

    def order(self) -> None:
        """What differs beyond the elements that were named so far: another order, other choices, other wildcards."""
        named = {one.tag for one in self.found}
        still = frozenset(self.old_names) & frozenset(self.new_names) - named
        wildcards = all(self.wild)
        old, new = (ex.erased(one, still, wildcards=wildcards) for one in (self.old, self.new))
        examples: list[str] = []

        def tell(side: str, found: tuple[str, ...]) -> None:
            examples.append(f"{example(found)} is {'allowed' if side == 'readers' else 'no longer allowed'}")

        breaks = self.breaks_of(old, new, tell)
        if not breaks:
            return
        moved = _moved([tag for tag in self.old_names if tag in still], [tag for tag in self.new_names if tag in still])
        what = "its elements belong together otherwise"
        if moved:
            what = f"{' and '.join(map(name_of, moved))} {'stands' if len(moved) == 1 else 'stand'} elsewhere"
        message = f"{what}: {', '.join(examples)}" if examples else what
        self.found.append(Difference("order", message, breaks, "", moved))

    def unexplained(self, side: str) -> Difference:
        """What no difference by name explains: an example."""
        one, other, word = (
            (self.new, self.old, "allowed") if side == "readers" else (self.old, self.new, "no longer allowed")
        )
        try:
            found = ex.counterexample(one, other)
            message = f"its content is put together otherwise: {example(found or ())} is {word}"
        except ex.TooComplexError:
            message = "its content is put together otherwise, and is too large to be compared in detail"
        return Difference("grouping", message, frozenset({side}))


def _more(one: int | None, other: int | None) -> bool:
    return other is not None and (one is None or one > other)


def _moved(old: list[str], new: list[str]) -> list[str]:
    """The fewest names that stand elsewhere than they did."""
    rows = len(old), len(new)
    common = [[0] * (rows[1] + 1) for _ in range(rows[0] + 1)]
    for row in range(rows[0] - 1, -1, -1):
        for column in range(rows[1] - 1, -1, -1):
            if old[row] == new[column]:
                common[row][column] = common[row + 1][column + 1] + 1
            else:
                common[row][column] = max(common[row + 1][column], common[row][column + 1])
    kept: set[str] = set()
    row = column = 0
    while row < rows[0] and column < rows[1]:
        if old[row] == new[column]:
            kept.add(old[row])
            row, column = row + 1, column + 1
        elif common[row + 1][column] >= common[row][column + 1]:
            row += 1
        else:
            column += 1
    return [tag for tag in old if tag not in kept]
