"""Texts that fit a regular expression of XML Schema.

The expression is parsed for its shape only. What a class of characters (such as ``[a-z-[aeiou]]``) holds is asked of
libxml2, one character after the other, over a choice of characters from all over Unicode; so there is no table that
could differ from what documents are validated with.
"""

from __future__ import annotations

import sys
import unicodedata
from functools import lru_cache

from hypothesis import strategies as st

from iec61968_9.xml.builtin import STRING
from iec61968_9.xml.simple import Restricted

__all__ = ["matching"]

MORE = 3
"""How many repetitions there are at most beyond those that are asked for."""

STEP = 61
"""Of characters beyond the usual ones, every so-manieth is tried."""

NONE = frozenset({"Cc", "Cn", "Co", "Cs"})
"""Characters that are not tried: controls, and what was not assigned in the Unicode of XML Schema's time. libxml2 takes
what it does not know for letters (``\\w``), and others do not."""

_CANDIDATES = [
    *"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    *(chr(code) for code in range(0x20, 0x7F) if not chr(code).isalnum()),
    *(chr(code) for code in range(0xA0, 0x180)),
    *"\t\n\r",
    *(
        chr(code)
        for code in range(0x180, sys.maxunicode, STEP)
        if unicodedata.ucd_3_2_0.category(chr(code)) not in NONE
    ),
]


@lru_cache(maxsize=256)
def matching(pattern: str) -> st.SearchStrategy[str]:
    """Texts that fit a pattern, or nearly: whoever draws them looks again.

    Raises:
        ValueError: The pattern cannot be parsed.
    """
    parser = _Parser(pattern)
    found = parser.choice()
    if parser.at < len(pattern):
        raise ValueError(f"{pattern} is no regular expression of XML Schema")
    return found


class _Parser:
    """Parses one pattern."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def peek(self) -> str:
        """The next character; empty at the end."""
        return self.pattern[self.at : self.at + 1]

    def choice(self) -> st.SearchStrategy[str]:
        """Branches with ``|`` between them."""
        branches = [self.branch()]
        while self.peek() == "|":
            self.at += 1
            branches.append(self.branch())
        return st.one_of(branches)

    def branch(self) -> st.SearchStrategy[str]:
        """Pieces one behind the other."""
        pieces: list[st.SearchStrategy[str]] = []
        while self.peek() not in {"", "|", ")"}:
            pieces.append(self.repeated(self.atom()))
        return st.tuples(*pieces).map("".join)

    def repeated(self, atom: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        """An atom with what stands behind it."""
        quantifier = self.peek()
        if quantifier == "" or quantifier not in "?*+{":
            return atom
        self.at += 1
        least, most = {"?": (0, 1), "*": (0, MORE), "+": (1, 1 + MORE)}.get(quantifier) or self.counts()
        return st.lists(atom, min_size=least, max_size=min(most, least + MORE)).map("".join)

    def counts(self) -> tuple[int, int]:
        """What stands between braces: ``3``, ``3,`` or ``3,5``."""
        end = self.pattern.index("}", self.at)
        least, comma, most = self.pattern[self.at : end].partition(",")
        self.at = end + 1
        first = int(least or 0)
        return first, int(most) if most else first + MORE if comma else first

    def atom(self) -> st.SearchStrategy[str]:
        """A character, a class of characters, or what stands between parentheses."""
        start, letter = self.at, self.peek()
        self.at += 1
        if letter == "(":
            inner = self.choice()
            if self.peek() != ")":
                raise ValueError(f"{self.pattern} is no regular expression of XML Schema")
            self.at += 1
            return inner
        if letter == "[":
            self.skip_class()
        elif letter == "\\":
            if self.peek() in {"p", "P"}:
                self.at = self.pattern.index("}", self.at)
            self.at += 1
        elif letter != ".":
            return st.just(letter)
        return _characters(self.pattern[start : self.at])

    def skip_class(self) -> None:
        """Go behind the bracket that closes the one before; a class may hold another, which it subtracts."""
        depth = 1
        while depth:
            letter = self.peek()
            if not letter:
                raise ValueError(f"{self.pattern} is no regular expression of XML Schema")
            self.at += 2 if letter == "\\" else 1
            depth += {"[": 1, "]": -1}.get(letter, 0)


def _characters(pattern: str) -> st.SearchStrategy[str]:
    """The characters that fit a class."""
    kind = Restricted(STRING, pattern=(pattern,))
    found = [letter for letter in _CANDIDATES if kind.holds(letter)]
    return st.sampled_from(found) if found else st.nothing()
