"""Simple types: texts become values here, are checked, and come back.

Codecs read the plain built-in types by themselves; for all others they hand one of these objects to ``Reading`` and
``Writing``. There are five kinds: a built-in (``Atomic``; the table is in ``builtin``), a type with facets
(``Restricted``), a closed list of texts that has a class (``Enumerated``), and, in ``compound``, a list of another type
and one of several.

libxml2 decides whether a text holds all facets: each type is compiled as a small schema of its own, so that writing and
strict reading agree on what every pattern means. What a text is in Python is decided here. A value is written in the
first of its lexical forms that holds the facets and reads back as the same value; so a facet that is broken, a union
whose other member would catch the text, or white space that a reader would take away is an error and never a loss.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from enum import StrEnum
from functools import cached_property
from itertools import islice
from typing import Any, Final

from lxml import etree

from iec61968_9.xml import lexical
from iec61968_9.xml.codec import compiled, literals
from iec61968_9.xml.words import FACETS

__all__ = ["Atomic", "Enumerated", "Restricted", "Simple"]

SPACES: Final = re.compile("[ \t\n\r]+")
"""White space between items."""

XS: Final = "http://www.w3.org/2001/XMLSchema"
FORMS: Final = 500
"""How many lexical forms of one value are tried."""

SHOWN: Final = 300
"""How long a list of literals or a pattern in an error may be."""

_ONE_BY_ONE = {ord(space): " " for space in "\t\n\r"}


class Simple(ABC):
    """A simple type.

    Attributes:
        python: The classes of its values.
        not_python: Classes derived from those whose objects are no values of this type.
        white_space: What becomes of white space in a text: ``preserve``, ``replace`` or ``collapse``.
        words: What its values are, for an error.
        unit: What its length is counted in.
    """

    python: tuple[type, ...]
    not_python: tuple[type, ...] = (bool,)
    white_space: str
    words: str
    unit: str = "characters"

    # -- text to value -------------------------------------------------------------------------------------------------

    def value(self, text: str) -> Any:
        """The value of a text, whether it holds the facets or not.

        Raises:
            ValueError: It has none; the message says what is expected.
        """
        return self.read(self.normalised(text))

    @abstractmethod
    def read(self, text: str) -> Any:
        """The value of a text whose white space is as it should be."""

    def broken(self, text: str) -> str | None:
        """What is asked of a text and does not hold, in plain words; None if everything does."""
        text = self.normalised(text)
        return None if self.holds(text) else self.explained(text)

    def holds(self, text: str) -> bool:
        """Whether a text whose white space is as it should be holds all facets, in libxml2's eyes."""
        probe = etree.Element("v")
        try:
            probe.text = text
        except ValueError:  # characters that no document can hold
            return False
        return self._schema.validate(probe)

    def explained(self, text: str) -> str:
        """What is asked of a text that is not of this type."""
        return self.words

    def normalised(self, text: str) -> str:
        """The text after XML Schema's white space processing."""
        if self.white_space == "preserve":
            return text
        if self.white_space == "replace":
            return text.translate(_ONE_BY_ONE)
        return SPACES.sub(" ", text).strip(" ")

    # -- value to text -------------------------------------------------------------------------------------------------

    def accepts(self, value: object) -> bool:
        """Whether a value is of the right Python type."""
        return isinstance(value, self.python) and not isinstance(value, self.not_python)

    @abstractmethod
    def forms(self, value: Any) -> Iterator[str]:
        """The texts that mean a value of the right Python type, the usual one first.

        Raises:
            ValueError: There is none; the message says what is expected.
        """

    def same(self, one: Any, other: Any) -> bool:
        """Whether two values are the same; NaN is the same as NaN."""
        return bool(one == other or (one != one and other != other))

    def text(self, value: Any) -> str:
        """The text of a value of the right Python type.

        Raises:
            ValueError: No text of this type means it; the message says what is expected.
        """
        problem: str | None = None
        for form in islice(self.forms(value), FORMS):
            broken = self.broken(form)
            if broken is None and self.same(self.value(form), value):
                return form
            problem = problem or broken
        raise ValueError(problem or self.words)

    def loose_text(self, value: Any) -> str:
        """The same for a value that need not hold the facets."""
        with suppress(ValueError):
            return self.text(value)
        form = next(self.forms(value), None)
        if form is None:
            raise ValueError(self.words)
        return form

    # -- the schema ----------------------------------------------------------------------------------------------------

    @property
    @abstractmethod
    def declaration(self) -> str:
        """The type as XML Schema declares it."""

    @cached_property
    def _schema(self) -> etree.XMLSchema:
        text = f'<xs:schema xmlns:xs="{XS}"><xs:element name="v">{self.declaration}</xs:element></xs:schema>'
        return compiled(
            etree.fromstring(text, etree.XMLParser(no_network=True, resolve_entities=False, huge_tree=True))
        )


class Atomic(Simple):
    """A built-in type.

    Args:
        name: Its name in XML Schema.
        python: The class of its values, or the classes.
        read: From a text to a value; raises ``ValueError``.
        forms: From a value to its texts, the usual one first; raises ``ValueError``.
        words: What its values are.
        white_space: What becomes of white space in a text.
        unit: What its length is counted in.
        not_python: Classes derived from ``python`` whose objects are no values.
    """

    def __init__(
        self,
        name: str,
        python: type | tuple[type, ...],
        read: Callable[[str], Any],
        forms: Callable[[Any], Iterable[str]],
        words: str,
        *,
        white_space: str = "collapse",
        unit: str = "characters",
        not_python: tuple[type, ...] = (bool,),
    ) -> None:
        self.name = name
        self.python = python if isinstance(python, tuple) else (python,)
        self.not_python = not_python
        self.white_space = white_space
        self.words = words
        self.unit = unit
        self._read = read
        self._forms = forms

    def read(self, text: str) -> Any:
        """The value of a text."""
        return self._read(text)

    def forms(self, value: Any) -> Iterator[str]:
        """The texts of a value."""
        seen: set[str] = set()  # most values are written in their first form, so no further one is made before
        for form in self._forms(value):
            if form not in seen:
                seen.add(form)
                yield form

    @property
    def declaration(self) -> str:
        """A restriction that restricts nothing."""
        return f'<xs:simpleType><xs:restriction base="xs:{self.name}"/></xs:simpleType>'


class Restricted(Simple):
    """A type with facets, beside those of its base.

    Args:
        base: What is restricted.
        white_space: What becomes of white space, if it is not what the base says.
        pattern: Regular expressions of XML Schema; a text fits one of them.
        enumeration: The only values, as texts.
        length: How long exactly, in characters, octets or items.
        min_length: How long at least.
        max_length: How long at most.
        min_inclusive: The least value, as a text; the other bounds likewise.
        min_exclusive: What values are more than.
        max_inclusive: The greatest value.
        max_exclusive: What values are less than.
        total_digits: How many digits a number has at most.
        fraction_digits: How many of them stand behind the point at most.
    """

    def __init__(
        self,
        base: Simple,
        *,
        white_space: str | None = None,
        pattern: tuple[str, ...] = (),
        enumeration: tuple[str, ...] = (),
        length: int | None = None,
        min_length: int | None = None,
        max_length: int | None = None,
        min_inclusive: str | None = None,
        min_exclusive: str | None = None,
        max_inclusive: str | None = None,
        max_exclusive: str | None = None,
        total_digits: int | None = None,
        fraction_digits: int | None = None,
    ) -> None:
        self.base = base
        self.python = base.python
        self.not_python = base.not_python
        self.unit = base.unit
        self.white_space = white_space or base.white_space
        facets: dict[str, str | int | tuple[str, ...] | None] = {
            "whiteSpace": white_space,
            "pattern": pattern or None,
            "enumeration": enumeration or None,
            "length": length,
            "minLength": min_length,
            "maxLength": max_length,
            "minInclusive": min_inclusive,
            "minExclusive": min_exclusive,
            "maxInclusive": max_inclusive,
            "maxExclusive": max_exclusive,
            "totalDigits": total_digits,
            "fractionDigits": fraction_digits,
        }
        self.facets = {
            name: facet if isinstance(facet, tuple) else (str(facet),)
            for name, facet in facets.items()
            if facet is not None
        }

    @property
    def words(self) -> str:  # type: ignore[override]  # made when it is asked for
        """What the base asks, and every facet."""
        asked = [asked for name, values in self.facets.items() if (asked := _asked(name, values, self.unit))]
        return ", ".join([self.base.words, *asked])

    def read(self, text: str) -> Any:
        """The value of a text."""
        return self.base.read(text)

    def forms(self, value: Any) -> Iterator[str]:
        """The texts of a value, of which not all hold the facets."""
        return self.base.forms(value)

    def loose_text(self, value: Any) -> str:
        """The text of a value, or that which the base has for it."""
        with suppress(ValueError):
            return self.text(value)
        return self.base.loose_text(value)

    def accepts(self, value: object) -> bool:
        """As the base does."""
        return self.base.accepts(value)

    def same(self, one: Any, other: Any) -> bool:
        """As the base does."""
        return self.base.same(one, other)

    def explained(self, text: str) -> str:
        """What the base asks or the first facet that the text breaks."""
        found = self.base.broken(text)
        for name, one in () if found else self._one_by_one.items():
            if not one.holds(text):
                found = _asked(name, self.facets[name], self.unit)
                break
        return found or self.words

    @property
    def declaration(self) -> str:
        """A restriction of the base's declaration."""
        return self._declared(self.facets)

    def _declared(self, facets: dict[str, tuple[str, ...]]) -> str:
        inner = "".join(
            f"<xs:{name} value={lexical.quoted(value)}/>" for name, values in facets.items() for value in values
        )
        return f"<xs:simpleType><xs:restriction>{self.base.declaration}{inner}</xs:restriction></xs:simpleType>"

    @cached_property
    def _one_by_one(self) -> dict[str, Simple]:
        """The base with each of the facets alone."""
        return {name: _Declared(self, self._declared({name: values})) for name, values in self.facets.items()}


class _Declared(Simple):
    """A declaration that texts are held to, and nothing else."""

    def __init__(self, like: Simple, declaration: str) -> None:
        self.white_space = like.white_space
        self._declaration = declaration

    @property
    def declaration(self) -> str:
        return self._declaration

    def read(self, text: str) -> Any:
        return text

    def forms(self, value: Any) -> Iterator[str]:
        yield value


class Enumerated(Simple):
    """A closed list of texts that has a class. A text that is not on it stays a ``str``, and breaks the type.

    Args:
        kind: The class.
        white_space: What becomes of white space.
    """

    python = (str,)

    def __init__(self, kind: type[StrEnum], white_space: str = "preserve") -> None:
        self.kind = kind
        self.white_space = white_space
        self.table = literals(kind)

    @property
    def words(self) -> str:  # type: ignore[override]  # made when it is asked for
        """The literals."""
        return _one_of(self.table)

    def read(self, text: str) -> Any:
        """The literal's member; the text itself if there is none."""
        return self.table.get(text, text)

    def holds(self, text: str) -> bool:
        """Whether the text is a literal."""
        return text in self.table

    def accepts(self, value: object) -> bool:
        """Whether it is a member, or a plain text."""
        return isinstance(value, self.kind) or type(value) is str

    def forms(self, value: Any) -> Iterator[str]:
        """The literal."""
        yield str.__str__(value)

    @property
    def declaration(self) -> str:
        """A restriction to the literals."""
        base = {"preserve": "string", "replace": "normalizedString", "collapse": "token"}[self.white_space]
        inner = "".join(f"<xs:enumeration value={lexical.quoted(literal)}/>" for literal in self.table)
        return f'<xs:simpleType><xs:restriction base="xs:{base}">{inner}</xs:restriction></xs:simpleType>'


def _asked(name: str, values: tuple[str, ...], unit: str) -> str:
    """What a facet asks, in plain words."""
    if name == "enumeration":
        return _one_of(values)
    if name == "whiteSpace":
        return {
            "preserve": "",
            "replace": "no tabs and line ends",
            "collapse": "no tabs and line ends, and no space at its ends or beside another",
        }[values[0]]
    return _shortened(FACETS[name].format(" or ".join(values), unit=unit))


def _one_of(values: Iterable[str]) -> str:
    return _shortened(f"one of {', '.join(values)}")


def _shortened(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
