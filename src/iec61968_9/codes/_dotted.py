"""What every dotted code is: whole numbers joined by dots, each number with a place and a meaning.

A subclass is an attrs class whose fields are its parts, in order. Reading has two paths: one regular expression
accepts whatever is right, and only text that it refuses is taken apart a second time, slowly, to say what is wrong and
in which part. A number is never wrong for being unknown; it must only be a number as the standard writes them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, ClassVar, Self, TypeVar, cast

import attrs

from iec61968_9.codes._tables import named
from iec61968_9.errors import CodeError
from iec61968_9.xml.record import Reference

if TYPE_CHECKING:
    from iec61968_9.codes.check import Concern
    from iec61968_9.codes.profile_objects import Identified
    from iec61968_9.codes.words import Part, Wording

__all__ = ["MAX_DIGITS", "VENDOR_FROM", "DottedCode", "Form", "Slot"]

_P = TypeVar("_P")

MAX_DIGITS = 18
"""No part may have more digits: such a number fits into 64 bits everywhere, and no text makes work without bound."""

VENDOR_FROM = 1000
"""Numbers from here on, where a table rules, are a vendor's own."""


def _by_number(slot: Slot) -> Mapping[int, IntEnum]:
    return {} if slot.members is None else {int(member): member for member in slot.members}


@attrs.frozen
class Slot:
    """One place in a dotted code.

    Attributes:
        position: Its number, counted from 1.
        name: The field that holds it, in Python's spelling (``measuring_period``).
        cim: The member of the CIM class (``measuringPeriod``, ``interharmonic.numerator``).
        table: The table of its numbers (``reading_type/measuring_period``), or None where any number is a plain count.
        members: The enumeration of that table, or None.
        signed: Whether it may be negative.
        also_called: Another name for it that documents use, or None.
    """

    position: int
    name: str
    cim: str
    table: str | None = None
    members: type[IntEnum] | None = None
    signed: bool = False
    also_called: str | None = None
    _known: Mapping[int, IntEnum] = attrs.field(
        init=False, repr=False, eq=False, default=attrs.Factory(_by_number, takes_self=True)
    )

    def read(self, value: int) -> int:
        """Return the member of a known number, and any other number as it is.

        Raises:
            CodeError: The number is negative where none may be, or has too many digits.
            TypeError: It is not a whole number.
        """
        found = self._known.get(value)
        if found is not None and type(value) is not bool:
            return found
        if isinstance(value, bool) or not isinstance(value, int):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
            msg = f"{self.name} is a whole number, not {type(value).__name__}"
            raise TypeError(msg)
        if (value < 0 and not self.signed) or abs(value) >= 10**MAX_DIGITS:
            expected = f"a whole number of at most {MAX_DIGITS} digits" + ("" if self.signed else ", 0 or more")
            text = str(value) if value.bit_length() < 256 else "a number beyond bounds"
            message = f"{self.name} cannot be {text}; expected {expected}"
            raise CodeError(message, code=text, slot=self.name, position=self.position, expected=expected)
        return int(value)

    def number_of(self, text: str) -> int:
        """Return the number that a text stands for: a number, or a literal or symbol of the table (``Wh``, ``k``).

        Case counts, for m is not M.

        Raises:
            CodeError: It is neither.
        """
        fault = _part_fault(text, self)
        if fault is None:
            return self.read(int(text))
        found = named(self.table).get(text) if self.table is not None else None
        if found is None:
            expected = "a number" if self.table is None else "a number or a name of its table"
            message = f"{self.name} {fault}" if self.table is None else f"{self.name} has no name {_shown(text)}"
            raise CodeError(
                f"{message}; expected {expected}", code=text, slot=self.name, position=self.position, expected=expected
            )
        return self.read(found)


def _by_name(form: Form) -> Mapping[str, Slot]:
    return {name: slot for slot in form.slots for name in (slot.name, slot.cim, slot.also_called) if name is not None}


def _compiled(form: Form) -> re.Pattern[str]:
    digits = f"0|[1-9][0-9]{{0,{MAX_DIGITS - 1}}}"
    return re.compile(r"\.".join(f"(?:{'(?!-0)-?' if slot.signed else ''}(?:{digits}))" for slot in form.slots))


@attrs.frozen
class Form:
    """The form of one kind of code.

    Attributes:
        kind: What it is called in sentences (``"reading type"``).
        slots: Its places.
        listed: The table of the whole codes that are known.
        listed_open: How many leading parts that table leaves out.
        hints: For a wrong number of parts, what the code probably is.
    """

    kind: str
    slots: tuple[Slot, ...]
    listed: str
    listed_open: int = 0
    hints: Mapping[int, str] = attrs.field(factory=dict[int, str], eq=False)
    _slots: Mapping[str, Slot] = attrs.field(
        init=False, repr=False, eq=False, default=attrs.Factory(_by_name, takes_self=True)
    )
    _pattern: re.Pattern[str] = attrs.field(
        init=False, repr=False, eq=False, default=attrs.Factory(_compiled, takes_self=True)
    )

    @property
    def one(self) -> str:
        """One of the kind, in a sentence: ``an end device event``."""
        return f"{'an' if self.kind[0] in 'aeiou' else 'a'} {self.kind}"

    def slot(self, name: str) -> Slot:
        """Return the place of a name: the standard's, Python's, or another that documents use.

        Raises:
            CodeError: There is no such place.
        """
        found = self._slots.get(name)
        if found is None:
            expected = f"one of {', '.join(slot.cim for slot in self.slots)}"
            message = f"{self.one} has no part {name!r}; expected {expected}"
            raise CodeError(message, code=name, slot=name, expected=expected)
        return found

    def numbers(self, text: str) -> list[int]:
        """Read the parts of a code.

        Raises:
            CodeError: The text is not such a code; says in which part and why.
            TypeError: It is not text.
        """
        if not isinstance(text, str):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
            msg = f"{self.one} code is text, not {type(text).__name__}"
            raise TypeError(msg)
        if self._pattern.fullmatch(text):
            return [int(part) for part in text.split(".")]
        raise self.fault(text)

    def fault(self, text: str, wildcard: str | None = None) -> CodeError:
        """Say what is wrong with a text that is not such a code; parts that are ``wildcard`` are right."""
        count = len(self.slots)
        expected = f"{count} whole numbers joined by dots"
        shown = _shown(text)
        if not text:
            return CodeError(f"{self.one} code is empty; expected {expected}", code=text, expected=expected)
        if len(text) > (MAX_DIGITS + 2) * count:
            message = f"{shown} is no {self.kind} code: {len(text)} characters are too many; expected {expected}"
            return CodeError(message, code=text, expected=expected)
        if text.strip() != text:
            message = f"{shown} has white space around it; expected {expected}"
            return CodeError(message, code=text, expected=expected)
        parts = text.split(".")
        if len(parts) != count:
            hint = self.hints.get(len(parts), "")
            message = f"{shown} has {len(parts)} part{'' if len(parts) == 1 else 's'}{hint}; expected {expected}"
            return CodeError(message, code=text, expected=expected)
        for slot, part in zip(self.slots, parts, strict=True):
            if part != wildcard and (reason := _part_fault(part, slot)):
                wanted = "a whole number" if slot.signed else "a whole number, 0 or more"
                message = f"{shown}: part {slot.position} ({slot.name}) {reason}; expected {wanted}"
                return CodeError(message, code=text, slot=slot.name, position=slot.position, expected=wanted)
        return CodeError(f"{shown} is no {self.kind} code; expected {expected}", code=text, expected=expected)


def _shown(text: str) -> str:
    return repr(text if len(text) <= 80 else text[:77] + "...")


def _part_fault(part: str, slot: Slot) -> str | None:
    """Say what is wrong with the text of one part, or return None when it is right."""
    digits = part.removeprefix("-")
    if not part:
        return "is empty"
    if any(char.isspace() for char in part):
        return f"has a space in it: {_shown(part)}"
    if part.startswith("+"):
        return f"has a sign: {_shown(part)}"
    if part.startswith("-") and digits.isascii() and digits.isdigit():
        if not slot.signed:
            return f"is negative, which only a multiplier may be: {_shown(part)}"
        if not digits.strip("0"):
            return "is minus zero"
    if not digits.isascii() and digits.isdigit():
        return f"has digits other than 0 to 9: {_shown(part)}"
    if not (digits.isascii() and digits.isdigit()):
        return f"is not a whole number: {_shown(part)}"
    if len(digits) > 1 and digits.startswith("0"):
        return f"has leading zeros: {_shown(part)}"
    if len(digits) > MAX_DIGITS:
        return f"has {len(digits)} digits; the most are {MAX_DIGITS}"
    return None


_READ: dict[tuple[type[DottedCode], str], DottedCode] = {}
_READ_AT_MOST = 8192


class DottedCode:
    """The ground on which every kind of code stands: text, order, words and checks.

    Codes are immutable, hashable, and ordered as their text is, so that sorting codes sorts their spelling.
    """

    __slots__ = ()

    FORM: ClassVar[Form]

    def __attrs_post_init__(self) -> None:
        for slot, part in zip(self.FORM.slots, self.parts, strict=True):
            read = slot.read(part)
            if read is not part:
                object.__setattr__(self, slot.name, read)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a code from its text; ``str`` is the exact inverse. Codes that repeat are read once.

        Raises:
            CodeError: The text is not such a code; names the part that is wrong.
            TypeError: It is not text.
        """
        found = _READ.get((cls, text))
        if found is None:
            found = cls.from_parts(cls.FORM.numbers(text))
            if len(_READ) >= _READ_AT_MOST:
                _READ.clear()
            _READ[cls, text] = found
        return cast("Self", found)

    @classmethod
    def from_texts(cls, texts: Mapping[str, str]) -> Self:
        """Make a code of texts for its parts, each a number, or a literal or symbol of the part's table.

        Args:
            texts: By the part's name: the standard's (``measuringPeriod``, ``interharmonic.numerator``), Python's, or
                another that documents use (``timeAttribute``, ``uom``). A part that is left out does not apply (0).

        Raises:
            CodeError: A text is neither a number nor a name of its table, or there is no such part.
        """
        given = {(slot := cls.FORM.slot(name)).name: slot.number_of(text) for name, text in texts.items()}
        return cls.from_parts([given.get(slot.name, 0) for slot in cls.FORM.slots])

    @classmethod
    def from_reference(cls, reference: Reference | None) -> Self:
        """Read the code that a reference cites: its ``ref``, or what lenient reading kept of child elements instead.

        A ``ref`` may also name a definition at the root of the same payload; ``CodeResolver`` knows those, too.

        Raises:
            CodeError: It cites no such code, or there is no reference.
        """
        from iec61968_9.codes.profile_objects import read

        return read(cls, reference)

    def to_reference(self) -> Reference:
        """Return a reference that cites the code, for a member such as ``reading_type``."""
        return Reference(ref=str(self))

    @classmethod
    def from_profile(cls, described: Identified, *, fill: bool = False) -> Self:
        """Read the code of an object of a profile that spells it out, such as a ``ReadingType``.

        The object may have the parts as members (numbers or names), or the whole code as its ``mRID`` or as one of its
        ``Names``, as systems do; where it has both, they must agree.

        Args:
            described: The object, of whichever package's class.
            fill: Whether parts that it leaves out count as 0, "not applicable". Only who knows the sender can say so.

        Raises:
            CodeError: The object says no code, or not all of it, or two different ones; or a part cannot be read.
        """
        from iec61968_9.codes.profile_objects import read

        return read(cls, described, fill=fill)

    def to_profile(self, kind: type[_P], /, **members: object) -> _P:
        """Return the code as an object of a profile, such as ``meter_readings.ReadingType``.

        All parts for which the class has members are filled in, 0 included, and the whole code becomes its name.

        Args:
            kind: The class of the object, of whichever package.
            **members: Other members, such as ``mrid``; ``names`` replaces the name.

        Raises:
            CodeError: A member's type cannot hold the number.
        """
        from iec61968_9.codes.profile_objects import write

        return write(self, kind, members)

    @classmethod
    def from_parts(cls, parts: Sequence[int]) -> Self:
        """Make a code of its numbers, in order.

        Raises:
            CodeError: A number may not stand in its place.
            ValueError: There are too many of them, or too few.
        """
        raise NotImplementedError

    @property
    def parts(self) -> tuple[int, ...]:
        """The numbers, in order; known ones are enumeration members."""
        raise NotImplementedError

    @property
    def name(self) -> str:
        """The identifier-style name, made of the standard's own literals."""
        raise NotImplementedError

    def __str__(self) -> str:
        return ".".join(map(int.__repr__, self.parts))

    def __repr__(self) -> str:
        return f"{type(self).__name__}.parse({str(self)!r})"

    def __lt__(self, other: object) -> bool:
        return str(self) < str(other) if type(other) is type(self) else NotImplemented

    def __le__(self, other: object) -> bool:
        return str(self) <= str(other) if type(other) is type(self) else NotImplemented

    def __gt__(self, other: object) -> bool:
        return str(self) > str(other) if type(other) is type(self) else NotImplemented

    def __ge__(self, other: object) -> bool:
        return str(self) >= str(other) if type(other) is type(self) else NotImplemented

    def replace(self, **changes: int) -> Self:
        """Return the same code with other numbers in the named parts.

        Raises:
            TypeError: There is no such part.
            CodeError: A number may not stand there.
        """
        values = [changes.pop(slot.name, part) for slot, part in zip(self.FORM.slots, self.parts, strict=True)]
        if changes:
            msg = f"{self.FORM.one} code has no part {', '.join(changes)}"
            raise TypeError(msg)
        return self.from_parts(values)

    def describe(self, wording: Wording | None = None) -> str:
        """Say in one line what the code means; in English, unless a wording is given."""
        from iec61968_9.codes.words import describe

        return describe(self, wording)

    def explain(self, wording: Wording | None = None) -> tuple[Part, ...]:
        """Say what each part of the code means: the long form."""
        from iec61968_9.codes.words import explain

        return explain(self, wording)

    def check(self) -> tuple[Concern, ...]:
        """List what a strict reader would object to: unknown, doubtful and superseded parts. Empty is good."""
        from iec61968_9.codes.check import check

        return check(self)
