"""The page of rules and findings is made of the tables: ``UPDATE_DOCS=1`` writes it again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from iec61968_9.exchange.rules import Seen, exchange_rules, finding_kinds

PAGE = Path(__file__).parents[2] / "docs" / "guide" / "findings.md"

SIGHTS: dict[Seen, str] = {
    "message": "Seen in one message",
    "request": "Seen with the request",
    "exchange": "Seen in a whole exchange, or in a log",
    "form": "Seen in what is around the envelope",
    "service": "Seen by the service that receives it",
}


def line(*cells: str | None) -> str:
    return f"| {' | '.join((cell or '').replace('|', '&#124;') for cell in cells)} |"


def page() -> Iterator[str]:
    yield "# Rules and findings"
    yield ""
    yield "Made from the tables in `src/iec61968_9/exchange/tables`. How they are used: [diagnosis](diagnosis.md)."
    yield ""
    yield "## Rules"
    yield ""
    yield "R and a number: how messages follow one another. T: habits of real systems. Others: what single exchanges"
    yield "and payloads need. The basis is the standard itself, what follows from it, interoperability tests, or the"
    yield "field."
    yield ""
    yield line("rule", "says", "where", "basis", "advice")
    yield line(*["---"] * 5)
    for rule in exchange_rules().values():
        yield line(rule.id, rule.title, rule.clause, rule.basis, rule.advice)
    for seen, title in SIGHTS.items():
        yield ""
        yield f"## {title}"
        yield ""
        yield line("kind", "rule", "level", "code", "what", "advice")
        yield line(*["---"] * 6)
        for kind in (one for one in finding_kinds().values() if one.seen == seen):
            yield line(f"`{kind.kind}`", kind.rule.id, kind.level, kind.code, kind.title, kind.advice)
    yield ""
    yield "Where a code is given, a [service](serving.md) refuses a request with it."


def test_the_page_has_what_the_tables_have() -> None:
    text = "\n".join(page()) + "\n"
    if os.environ.get("UPDATE_DOCS"):
        PAGE.write_text(text, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == text
