"""Reply codes: what an answer says of a request, ``family.number`` (IEC 61968-9 Annex B, informative).

Numbers that are missing from the table exist in no public list. An unknown code is kept, and its family says what to
do with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import ClassVar, Self

import attrs

from iec61968_9.codes._dotted import DottedCode, Form, Slot
from iec61968_9.codes._tables import literal, row
from iec61968_9.codes.reply_enums import ReplyFamily

__all__ = ["ReplyCode", "Severity"]


class Severity(StrEnum):
    """How bad an answer is, in the words of the message envelope's ``level``."""

    INFORM = "INFORM"
    """Nothing is wrong."""
    WARNING = "WARNING"
    """It may matter, or may pass."""
    FATAL = "FATAL"
    """What was asked was not done."""


@attrs.frozen(order=False, repr=False)
class ReplyCode(DottedCode):
    """A reply code: two numbers (IEC 61968-9 Annex B).

    Attributes:
        family: The kind of answer.
        number: The answer within its family.

    Raises:
        CodeError: A number is negative or has more than 18 digits.
        TypeError: A part is not a whole number.
    """

    FORM: ClassVar[Form] = Form(
        "reply", (Slot(1, "family", "family", "reply/family", ReplyFamily), Slot(2, "number", "number")), "reply/code"
    )

    family: ReplyFamily | int
    number: int

    @classmethod
    def from_parts(cls, parts: Sequence[int]) -> Self:
        """Make a reply code of its two numbers, in order."""
        family, place = parts
        return cls(family, place)

    @property
    def parts(self) -> tuple[int, ...]:
        """The two numbers, in order; a known family is an enumeration member."""
        return (self.family, self.number)

    @property
    def is_known(self) -> bool:
        """Whether the code stands in the table."""
        return row("reply/code", str(self)) is not None

    @property
    def meaning(self) -> str | None:
        """What the code means, in English, or None where no public list has it."""
        line = row("reply/code", str(self))
        return line["label"] if line is not None else None

    @property
    def severity(self) -> Severity:
        """How bad it is: by the table, else by its family; FATAL where even that is unknown.

        The standard does not state it; the library judges.
        """
        line = row("reply/code", str(self)) or row("reply/family", self.family)
        return Severity(line["severity"]) if line is not None else Severity.FATAL

    @property
    def name(self) -> str:
        """The identifier-style name: the family's literal and the number, ``parameter.4``."""
        return f"{literal('reply/family', self.family, f'family{self.family:d}')}.{self.number:d}"

    @property
    def is_success(self) -> bool:
        """Whether nothing is wrong: family 0, with all its partial answers and acknowledgements."""
        return self.family == ReplyFamily.SUCCESS

    @property
    def is_partial(self) -> bool:
        """Whether the answer comes in several messages (0.1, and 0.2 for the last)."""
        return self.is_success and self.number in (1, 2)

    @property
    def is_acknowledgement(self) -> bool:
        """Whether it says only that the request has arrived (0.3)."""
        return self.is_success and self.number == 3
