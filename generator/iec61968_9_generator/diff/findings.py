"""What a comparison finds, and the words that its parts share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

__all__ = ["BOTH", "NEITHER", "READERS", "WRITERS", "Finding", "example", "name_of", "often", "ordered"]

T = TypeVar("T")

READERS = frozenset({"readers"})
WRITERS = frozenset({"writers"})
BOTH = READERS | WRITERS
NEITHER: frozenset[str] = frozenset()

SHOWN = 6
"""How many elements an example shows."""


@dataclass(slots=True)
class Finding:
    """One difference.

    Attributes:
        kind: What kind it is, for programs: ``element-added``, ``literal-removed``, ``order``, ``namespace``, …
        where: The type, element or attribute that differs, without its namespace; empty for the set as a whole.
        message: The difference in a sentence, as seen from the old set.
        breaks: ``readers``, ``writers``, both or neither.
        namespace: The namespace in which it is, by its name in the new set; empty where there is none.
        paths: The places in documents to which it belongs.
        inside: The rest of the path below each.
    """

    kind: str
    where: str
    message: str
    breaks: frozenset[str]
    namespace: str = ""
    paths: list[str] = field(default_factory=list[str])
    inside: str = ""

    @property
    def places(self) -> list[str]:
        """Where in documents it is."""
        return [path + self.inside for path in self.paths]


def name_of(tag: str) -> str:
    """A qualified name without its namespace."""
    return tag.rpartition("}")[2]


def ordered(old: Mapping[str, T], new: Mapping[str, T]) -> Iterable[tuple[str, T]]:
    """The entries of both, those that only the second has behind the others."""
    return [*old.items(), *((key, one) for key, one in new.items() if key not in old)]


def often(least: int, most: int | None) -> str:
    """How often something may be there, in words."""
    if most is None:
        return "any number of times" if least == 0 else f"{_times(least)} or more"
    if least == most:
        return _times(least)
    return "at most once" if (least, most) == (0, 1) else f"{least} to {most} times"


def _times(number: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number} times")


def example(tags: Iterable[str]) -> str:
    """A content in words: ``<a/><b/>``; one element after the other, the same only once where it repeats much."""
    found = [f"<{name_of(tag)}/>" for tag in tags]
    if len(found) > SHOWN:
        found = [*found[: SHOWN - 1], f"… (of {len(found)})"]
    return "".join(found) or "nothing"
