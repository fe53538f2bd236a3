"""What a reading or a diagnosis found: typed findings on a report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

__all__ = ["Finding", "Level", "Report"]

Level: TypeAlias = Literal["note", "warning", "error"]
"""How much a finding matters: it is usual, it may bite, or it is wrong."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that lenient reading tolerated, or that a diagnosis remarks on.

    Attributes:
        kind: What kind of thing it is: ``unknown-element``, ``missing-member``, ``reply-without-correlation``.
        path: Where it stands.
        line: The line, or None where that is not known.
        message: The same in a sentence.
        source: The text in question, shortened, or None.
        rule: The number of the rule behind it (``T30``, ``R2``), or None.
        advice: What to do about it, or None.
        level: How much it matters.
    """

    kind: str
    path: str
    line: int | None
    message: str
    source: str | None = None
    rule: str | None = None
    advice: str | None = None
    level: Level = "warning"

    def __str__(self) -> str:
        place = self.path if self.line is None else f"{self.path}, line {self.line}"
        mark = self.kind if self.rule is None else f"{self.rule} {self.kind}"
        text = f"{place}: {self.message} [{mark}]"
        return text if self.advice is None else f"{text} {self.advice}"


@dataclass(slots=True)
class Report:
    """All findings of one or several readings, in the order in which they were made."""

    findings: list[Finding] = field(default_factory=list[Finding])

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    def __str__(self) -> str:
        return "\n".join(str(finding) for finding in self.findings)

    def add(self, finding: Finding) -> None:
        """Note a finding."""
        self.findings.append(finding)

    def count(self, kind: str) -> int:
        """How many findings there are of one kind or of one rule."""
        return sum(kind in (finding.kind, finding.rule) for finding in self.findings)
