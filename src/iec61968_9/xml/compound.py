"""Simple types made of others: lists, and unions, which are whatever the first member that fits says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any, cast

from iec61968_9.xml.simple import SPACES, Simple

__all__ = ["Listed", "United"]


class Listed(Simple):
    """A list of items, with white space between them.

    Args:
        item: The type of each.
    """

    python = (list, tuple)
    white_space = "collapse"
    unit = "items"

    def __init__(self, item: Simple) -> None:
        self.item = item

    @property
    def words(self) -> str:  # type: ignore[override]  # made when it is asked for
        """What each item is."""
        return f"a list, each item {self.item.words}"

    def read(self, text: str) -> list[Any]:
        """The values of the items."""
        return [self.item.value(item) for item in text.split(" ") if item]

    def explained(self, text: str) -> str:
        """What the first item that is wrong should be."""
        return next((asked for item in text.split(" ") if (asked := self.item.broken(item))), self.words)

    def accepts(self, value: object) -> bool:
        """Whether it is a list, and each of its items of the right type."""
        return isinstance(value, self.python) and all(map(self.item.accepts, cast("list[object]", value)))

    def same(self, one: Any, other: Any) -> bool:
        """Whether the items are the same."""
        return len(one) == len(other) and all(map(self.item.same, one, other))

    def forms(self, value: Any) -> Iterator[str]:
        """The items, each in the first form that fits."""
        yield self._joined(value, self.item.text)

    def loose_text(self, value: Any) -> str:
        """The same for items that need not hold their facets."""
        return self._joined(value, self.item.loose_text)

    def _joined(self, value: Iterable[Any], text: Callable[[Any], str]) -> str:
        items = [text(item) for item in value]
        if any(not item or SPACES.search(item) for item in items):
            raise ValueError("items that are not empty and hold no white space")
        return " ".join(items)

    @property
    def declaration(self) -> str:
        """A list of the item's declaration."""
        return f"<xs:simpleType><xs:list>{self.item.declaration}</xs:list></xs:simpleType>"


class United(Simple):
    """A value of the first member that a text fits.

    Args:
        members: The types, in the order of the schema.
    """

    white_space = "preserve"
    not_python = ()

    def __init__(self, *members: Simple) -> None:
        self.members = members
        self.python = tuple(dict.fromkeys(kind for member in members for kind in member.python))

    @property
    def words(self) -> str:  # type: ignore[override]  # made when it is asked for
        """What each member is."""
        return " or ".join(dict.fromkeys(member.words for member in self.members))

    def read(self, text: str) -> Any:
        """The value by the first member that the text fits; if there is none, by the first that can read it."""
        chosen = self.member(text)
        if chosen is not None:
            return chosen.value(text)
        for member in self.members:
            with suppress(ValueError):
                return member.value(text)
        raise ValueError(self.words)

    def member(self, text: str) -> Simple | None:
        """The first member that a text fits."""
        for member in self.members:
            with suppress(ValueError):
                member.value(text)
                if member.broken(text) is None:
                    return member
        return None

    def broken(self, text: str) -> str | None:
        """What the members ask, if the text fits none."""
        return None if self.member(text) is not None else self.words

    def accepts(self, value: object) -> bool:
        """Whether one of the members does."""
        return any(member.accepts(value) for member in self.members)

    def forms(self, value: Any) -> Iterator[str]:
        """The texts that the value's own member would read, before which no other one catches them."""
        for member in self.members:
            with suppress(ValueError):
                if member.accepts(value):
                    yield from (form for form in member.forms(value) if self.member(form) is member)

    def loose_text(self, value: Any) -> str:
        """The text by the first member that accepts the value."""
        with suppress(ValueError):
            return self.text(value)
        for member in self.members:
            with suppress(ValueError):
                if member.accepts(value):
                    return member.loose_text(value)
        raise ValueError(self.words)

    @property
    def declaration(self) -> str:
        """A union of the members' declarations."""
        inner = "".join(member.declaration for member in self.members)
        return f"<xs:simpleType><xs:union>{inner}</xs:union></xs:simpleType>"
