"""What a reading or a diagnosis found: typed findings on a report.

A finding is a value: what kind of thing it is, where it stands, which rule it comes under. A report is a list of them
that can be counted, grouped, printed and logged. What is printed is one line a finding, of bounded length, whatever
stands in the document: element names have no end of their own, and log files do.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from typing import Literal, TypeAlias, TypeVar

__all__ = ["Finding", "Level", "Report"]

K = TypeVar("K")

Level: TypeAlias = Literal["note", "warning", "error"]
"""How much a finding matters: it is usual, it may bite, or it is wrong."""

SHOWN = 200
"""The characters of a path or text that are printed."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that lenient reading tolerated, or that a diagnosis remarks on.

    Attributes:
        kind: What kind of thing it is: ``unknown-element``, ``missing-member``, ``reply-without-correlation``.
        path: Where it stands.
        line: The line, or None where that is not known.
        message: The same in a sentence.
        source: The text in question, shortened, or None. Values of elements that are marked as secret, or that nobody
            knows, are not shown.
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
        """One line: where, what, the rule and the kind, what to do."""
        place = _cut(self.path) if self.line is None else f"{_cut(self.path)}, line {self.line}"
        mark = self.kind if self.rule is None else f"{self.rule} {self.kind}"
        text = f"{place}: {_cut(self.message)} [{mark}]"
        return text if self.advice is None else f"{text} {_cut(self.advice)}"

    def as_dict(self) -> dict[str, str | int]:
        """What it says as a dictionary for structured logs: its attributes by their names, without those that are None.

        Texts are cut like those that are printed.
        """
        values: dict[str, str | int | None] = {one.name: getattr(self, one.name) for one in fields(self)}
        said = {name: value for name, value in values.items() if value is not None}
        return {name: _cut(value) if isinstance(value, str) else value for name, value in said.items()}


@dataclass(slots=True)
class Report:
    """All findings of one or several readings, in the order in which they were made."""

    findings: list[Finding] = field(default_factory=list[Finding])

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    def __str__(self) -> str:
        """All findings, one a line."""
        return "\n".join(str(finding) for finding in self.findings)

    def add(self, finding: Finding) -> None:
        """Note a finding."""
        self.findings.append(finding)

    def count(self, kind: str) -> int:
        """How many findings there are of one kind or of one rule."""
        return sum(kind in (finding.kind, finding.rule) for finding in self.findings)

    def by_kind(self) -> dict[str, list[Finding]]:
        """The findings by their kind, the kinds in the order in which they were first found."""
        return self._grouped(lambda finding: finding.kind)

    def by_rule(self) -> dict[str | None, list[Finding]]:
        """The findings by the number of their rule, the rules in the order in which they were first found."""
        return self._grouped(lambda finding: finding.rule)

    def summary(self) -> str:
        """A line for each rule and kind, the most frequent first: how often, and where first."""
        counted = Counter((finding.rule or "-", finding.kind) for finding in self.findings)
        first: dict[tuple[str, str], Finding] = {}
        for finding in self.findings:
            first.setdefault((finding.rule or "-", finding.kind), finding)
        lines: list[str] = []
        for (rule, kind), count in counted.most_common():
            found = first[rule, kind]
            place = _cut(found.path) if found.line is None else f"{_cut(found.path)}, line {found.line}"
            lines.append(f"{count:>6}  {rule:<4} {kind:<20} first at {place}")
        return "\n".join([f"{len(self.findings)} findings" if len(self.findings) != 1 else "1 finding", *lines])

    def json_lines(self) -> str:
        """The findings as JSON, one object a line, in ASCII: what log collectors read."""
        return "".join(json.dumps(finding.as_dict()) + "\n" for finding in self.findings)

    def _grouped(self, key: Callable[[Finding], K]) -> dict[K, list[Finding]]:
        found: dict[K, list[Finding]] = {}
        for finding in self.findings:
            found.setdefault(key(finding), []).append(finding)
        return found


def _cut(text: str) -> str:
    """A text on one line, its middle left out if it is long."""
    text = "".join(letter if letter.isprintable() else " " for letter in text[: 4 * SHOWN] + text[4 * SHOWN :][-SHOWN:])
    return text if len(text) <= SHOWN else f"{text[: SHOWN // 2]}…{text[1 - SHOWN // 2 :]}"
