"""Pages: one answer in several messages that a header property counts, as in 2/3 (T41)."""

from __future__ import annotations

import re
from typing import Final

import attrs

from iec61968_9.profiles.envelope import Header

__all__ = ["PAGE_PROPERTY", "Pages", "read_page"]

PAGE_PROPERTY: Final = "MessageIndex"
"""The name of the property, by custom of its users; the standard has none."""

_PAGE: Final = re.compile(r"([0-9]{1,9})/([0-9]{1,9})", re.ASCII)


def read_page(text: str | None) -> tuple[int, int] | None:
    """Return the number of a page and how many there are, or None where a text does not say so."""
    match = _PAGE.fullmatch((text or "").strip())
    number, last = (int(match[1]), int(match[2])) if match is not None else (0, 0)
    return (number, last) if 1 <= number <= last else None


@attrs.define
class Pages:
    """The pages of one answer that have come.

    Attributes:
        came: Their numbers.
        last: How many there are, by what they say; 0 where nobody counts.
    """

    came: set[int] = attrs.Factory(set[int])
    last: int = 0

    def take(self, header: Header) -> bool:
        """Note which page a message is; return whether that page had come before."""
        for one in header.property:
            page = read_page(one.value) if one.name == PAGE_PROPERTY else None
            if page is not None:
                number, last = page
                repeated = number in self.came
                self.came.add(number)
                self.last = max(self.last, last)
                return repeated
        return False

    @property
    def are_missing(self) -> bool:
        """Whether a page has not come. Cheap, however many pages a message speaks of."""
        return len(self.came) < self.last

    def __str__(self) -> str:
        """How many have come, of how many."""
        return f"{len(self.came)} of {self.last} pages"
