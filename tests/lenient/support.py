"""What the tests of lenient reading share: reading with a report, and holding that nothing was lost."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.verbs.support import pieces, tree

from iec61968_9 import Dialect, Finding, Record, Report, from_xml, to_xml

__all__ = ["lenient", "local_pieces", "rules", "written"]


def lenient(source: str | bytes, expected: Any = Record, dialect: Dialect | None = None) -> tuple[Any, list[Finding]]:
    """What a document means, and what was tolerated; nothing of it may be lost on the way back."""
    report = Report()
    found = from_xml(source, expected, mode="lenient", report=report, dialect=dialect)
    for pretty in (False, True):
        back = to_xml(found, mode="lenient", dialect=dialect, pretty=pretty)
        assert local_pieces(back) == local_pieces(source)
        assert from_xml(back, mode="lenient", dialect=dialect) == found
    for finding in report:
        assert finding.path.startswith("/")
        assert finding.line is not None
        assert finding.rule is not None or finding.kind in {"unreadable-value", "several-branches"}
    return found, list(report)


def local_pieces(source: str | bytes) -> Counter[tuple[str, ...]]:
    """Everything in a document that says something, by local names: a namespace may be put right on the way."""
    return Counter(
        tuple(part.rpartition("}")[2] if part.startswith("{") else part for part in piece)
        for piece in pieces(tree(source)).elements()
    )


def rules(findings: list[Finding]) -> list[tuple[str | None, str, str]]:
    """Rule, kind and path of each finding."""
    return [(finding.rule, finding.kind, finding.path) for finding in findings]


def written(found: Record) -> str:
    """What lenient writing makes of an object."""
    return to_xml(found, mode="lenient", xml_declaration=False).decode()
