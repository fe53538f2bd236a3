"""The strict check: what a careful reader would object to in a code that is well formed.

Reading never fails for an unknown number. Who wants to know, asks here, and gets a list.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

import attrs

from iec61968_9.codes._dotted import VENDOR_FROM, DottedCode, Slot
from iec61968_9.codes._tables import row
from iec61968_9.codes.phases import phase_set
from iec61968_9.codes.reading_quality import ReadingQualityCode
from iec61968_9.codes.reading_type import ReadingTypeCode
from iec61968_9.codes.reply import ReplyCode

__all__ = ["Concern", "Problem", "check"]


class Problem(StrEnum):
    """The kinds of objection."""

    UNKNOWN = "unknown"
    """The number is in no table."""
    VENDOR = "vendor"
    """The number is from the range that belongs to vendors."""
    LOW_CONFIDENCE = "low confidence"
    """The table has the number, but sources contradict each other."""
    SUPERSEDED = "superseded"
    """The number is read but no longer written; another has its meaning."""
    UNDEFINED = "undefined"
    """The numbers do not make sense together."""


@attrs.frozen
class Concern:
    """One objection to one part of a code.

    Attributes:
        position: The part's number, counted from 1.
        slot: The part's name.
        number: What stands there.
        problem: The kind of objection.
        message: The objection, in one sentence.
    """

    position: int
    slot: str
    number: int
    problem: Problem
    message: str

    def __str__(self) -> str:
        return f"part {self.position} ({self.slot}): {self.message}"


def check(code: DottedCode) -> tuple[Concern, ...]:
    """List the objections to a code, in the order of its parts."""
    found = [concern for slot, part in zip(code.FORM.slots, code.parts, strict=True) for concern in _part(slot, part)]
    match code:
        case ReadingTypeCode():
            found += _ratios(code)
        case ReadingQualityCode():
            found += _quality(code)
        case ReplyCode() if not code.is_known:
            message = f"no public list has {code}"
            found.append(Concern(2, "number", code.number, Problem.UNKNOWN, message))
        case _:
            pass
    return tuple(sorted(found, key=lambda concern: concern.position))


def _part(slot: Slot, part: int) -> Iterator[Concern]:
    if slot.table is None:
        return
    line = row(slot.table, part)
    if slot.name == "phases" and line is None:
        if phase_set(part).rest:
            yield _concern(slot, part, Problem.UNKNOWN, f"{part:d} has bits without a meaning")
    elif line is None and part >= VENDOR_FROM:
        yield _concern(slot, part, Problem.VENDOR, f"{part:d} is a vendor's own number")
    elif line is None:
        yield _concern(slot, part, Problem.UNKNOWN, f"{part:d} is in no table")
    elif line.get("write"):
        yield _concern(slot, part, Problem.SUPERSEDED, f"{part:d} is written {line['write']} today")
    elif line["confidence"] == "low":
        note = f": {line['note']}" if line["note"] else ""
        yield _concern(slot, part, Problem.LOW_CONFIDENCE, f"sources contradict each other on {part:d}{note}")


def _concern(slot: Slot, part: int, problem: Problem, message: str) -> Concern:
    return Concern(slot.position, slot.name, int(part), problem, message)


def _ratios(code: ReadingTypeCode) -> Iterator[Concern]:
    ratios = (
        (8, "interharmonic", code.interharmonic_numerator, code.interharmonic_denominator),
        (10, "argument", code.argument_numerator, code.argument_denominator),
    )
    for position, name, above, below in ratios:
        if above and not below:
            message = f"{above}/0 is no ratio"
            yield Concern(position + 1, f"{name}_denominator", below, Problem.UNDEFINED, message)


def _quality(code: ReadingQualityCode) -> Iterator[Concern]:
    slot = code.FORM.slots[2]
    if code.is_obsolete:
        yield _concern(code.FORM.slots[1], code.category, Problem.SUPERSEDED, "category 9 is obsolete")
    elif code.kind is None and code.rule is None:
        yield _concern(slot, code.index, Problem.UNKNOWN, f"category {code.category:d} has no index {code.index:d}")
