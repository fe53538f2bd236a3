"""Finding codes: patterns with wildcards, and the known codes nearest to one that is not known.

A pattern is a code in which some parts are open, written ``*``. It stands for all codes that agree in the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

import attrs

from iec61968_9.codes._dotted import DottedCode
from iec61968_9.codes._tables import literal, row, rows
from iec61968_9.errors import CodeError

if TYPE_CHECKING:
    from iec61968_9.codes.words import Wording

__all__ = ["Pattern", "known_codes", "nearest"]

_C = TypeVar("_C", bound=DottedCode)
_K = TypeVar("_K", bound=DottedCode)

_ANY = "*"


@attrs.frozen
class Pattern(Generic[_C]):
    """All codes of one kind that agree in the parts that are not open.

    Attributes:
        kind: The class of the codes.
        parts: The numbers, in order; None where any will do.
    """

    kind: type[_C]
    parts: tuple[int | None, ...]

    @staticmethod
    def parse(text: str, kind: type[_K]) -> Pattern[_K]:
        """Read a pattern: the text of a code in which ``*`` may stand for any part.

        Raises:
            CodeError: A part is neither a number nor ``*``, or there are too many parts or too few.
        """
        parts = text.split(".")
        try:
            filled = kind.parse(".".join("0" if part == _ANY else part for part in parts))
        except CodeError:
            raise kind.FORM.fault(text, _ANY) from None
        return Pattern(
            kind, tuple(None if part == _ANY else value for part, value in zip(parts, filled.parts, strict=True))
        )

    @staticmethod
    def like(code: _K, *names: str) -> Pattern[_K]:
        """Return the pattern of all codes like ``code`` but for the named parts.

        Raises:
            CodeError: There is no part of such a name.
        """
        opened = {code.FORM.slot(name) for name in names}
        parts = (None if slot in opened else part for slot, part in zip(code.FORM.slots, code.parts, strict=True))
        return Pattern(type(code), tuple(parts))

    def matches(self, code: _C | str) -> bool:
        """Whether the code agrees in every part that is not open. Text that is no such code does not match."""
        if isinstance(code, str):
            try:
                code = self.kind.parse(code)
            except CodeError:
                return False
        return type(code) is self.kind and all(
            mine is None or mine == part for mine, part in zip(self.parts, code.parts, strict=True)
        )

    def filter(self, codes: Iterable[_C | str]) -> Iterator[_C]:
        """Yield the codes that match, as codes, in their order."""
        for code in codes:
            if self.matches(code):
                yield self.kind.parse(code) if isinstance(code, str) else code

    def fill(self, **parts: int) -> _C:
        """Return the code that has the given numbers in the open parts.

        Raises:
            CodeError: An open part is not given.
            TypeError: A given part is not open.
        """
        slots = self.kind.FORM.slots
        missing = [slot.name for slot, mine in zip(slots, self.parts, strict=True) if mine is None]
        if extra := [name for name in parts if name not in missing]:
            msg = f"{self} leaves {', '.join(missing) or 'nothing'} open, not {', '.join(extra)}"
            raise TypeError(msg)
        if lacking := [name for name in missing if name not in parts]:
            expected = f"a number for {', '.join(lacking)}"
            message = f"{self} leaves {', '.join(lacking)} open; expected {expected}"
            raise CodeError(message, code=str(self), slot=lacking[0], expected=expected)
        numbers = [parts[slot.name] if mine is None else mine for slot, mine in zip(slots, self.parts, strict=True)]
        return self.kind.from_parts(numbers)

    @property
    def name(self) -> str:
        """The literals of the standard, ``*`` where a part is open: ``*.RCDSwitch.NA.Disconnected``."""
        return ".".join(
            _ANY if part is None else literal(slot.table, part, f"{part:d}") if slot.table else f"{part:d}"
            for slot, part in zip(self.kind.FORM.slots, self.parts, strict=True)
        )

    def describe(self, wording: Wording | None = None) -> str:
        """Say in one line what the codes have in common."""
        from iec61968_9.codes.words import describe_pattern

        return describe_pattern(self.kind, self.parts, wording)

    def __str__(self) -> str:
        return ".".join(_ANY if part is None else f"{part:d}" for part in self.parts)


_KNOWN: dict[type[DottedCode], Sequence[object]] = {}


def known_codes(kind: type[_C], about: str = "") -> tuple[Pattern[_C], ...]:
    """Return the whole codes of a kind that the library knows, in the order of their table.

    Of events and controls these are the standard's lists, of reading types those that are seen in use, of qualities
    and replies all that have a meaning of their own. A part that the list leaves open is open in the pattern.

    Args:
        kind: The class of the codes.
        about: Words that must all occur in what a code is called, by the standard or by ``describe``, in whatever case:
            ``known_codes(EndDeviceEventCode, about="tamper")``. Parts of words will do.
    """
    found = _KNOWN.get(kind)
    if found is None:
        lead = f"{_ANY}." * kind.FORM.listed_open
        found = tuple(Pattern.parse(lead + line["code"], kind) for line in rows(kind.FORM.listed))
        _KNOWN[kind] = found
    known = cast("tuple[Pattern[_C], ...]", found)
    words = about.casefold().split()
    return tuple(one for one in known if _is_about(one, words)) if words else known


def _is_about(pattern: Pattern[Any], words: Sequence[str]) -> bool:
    """Whether all the words occur in what a pattern's codes are called."""
    called = f"{pattern.name} {pattern.describe()}".casefold()
    return all(word in called for word in words)


def nearest(code: _C, known: Iterable[_C] | None = None, limit: int = 5) -> list[_C]:
    """Return the known codes that are nearest to ``code``, nearest first.

    Nearest is what differs in the fewest parts; a part of ``code`` that its table does not know differs from
    everything, and so decides nothing. Codes that differ in every part that could decide are left out. Among equals
    the order is that of their text.

    Args:
        code: The code to look for; its unknown parts are why one asks.
        known: Where to look; by default ``known_codes``, an open part taken from ``code``.
        limit: How many to return at most.
    """
    slots = code.FORM.slots
    deciding = [
        not slot.table or row(slot.table, part) is not None for slot, part in zip(slots, code.parts, strict=True)
    ]
    if known is None:
        known = (
            code.from_parts(
                [part if mine is None else mine for mine, part in zip(pattern.parts, code.parts, strict=True)]
            )
            for pattern in known_codes(type(code))
        )
    found: list[tuple[int, str, _C]] = []
    for other in known:
        pairs = zip(deciding, code.parts, other.parts, strict=True)
        distance = sum(mine != its for decides, mine, its in pairs if decides)
        if distance < sum(deciding):
            found.append((distance, str(other), other))
    return [other for _, _, other in sorted(found, key=lambda entry: entry[:2])[:limit]]
