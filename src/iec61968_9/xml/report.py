"""What lenient reading tolerated: typed findings on a report that the caller passes in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

__all__ = ["Finding", "Report"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that lenient reading tolerated.

    Attributes:
        rule: What kind of thing it is: ``unknown-element``, ``unknown-attribute``, ``stray-text``,
            ``repeated-element``, ``missing-member``, ``unreadable-value``, ``unknown-literal``, ``several-branches``,
            ``foreign-payload``.
        path: Where it stands.
        line: The line, or None where that is not known.
        message: The same in a sentence.
        source: The text in question, shortened, or None.
    """

    rule: str
    path: str
    line: int | None
    message: str
    source: str | None = None

    def __str__(self) -> str:
        place = self.path if self.line is None else f"{self.path}, line {self.line}"
        return f"{place}: {self.message} [{self.rule}]"


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

    def count(self, rule: str) -> int:
        """How many findings of one kind there are."""
        return sum(finding.rule == rule for finding in self.findings)
