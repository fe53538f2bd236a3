"""What the rules of an exchange are, and what a diagnosis can find: two tables that people read and correct.

``tables/rules.csv`` has the rules: R1 to R27 of how messages follow one another, the habits of real systems that
concern an exchange (T and a number), the traps of single exchanges (A1, B7, C1 and so on), and X1 to X3 for what every
schema lets pass. ``tables/findings.csv`` has the kinds of findings: each breaks or touches one rule, and says who can
see it: a look at one message, at a message with its request, at a whole exchange, at what is around the envelope, or
the service that receives it. Whoever finds something makes it with ``finding``, so that rule, advice and level are
said in one place.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, TypeAlias, cast

import attrs

from iec61968_9.codes._tables import rows
from iec61968_9.xml.report import Finding, Level

__all__ = ["FindingKind", "Rule", "Seen", "exchange_rules", "finding", "finding_kinds"]

Seen: TypeAlias = Literal["message", "request", "exchange", "form", "service"]
"""What it takes to see a finding: the message alone, the message and its request, all messages of an exchange, what
is around the envelope, or the memory and settings of the service that receives it."""

_PACKAGE = "iec61968_9.exchange"


@attrs.frozen
class Rule:
    """A rule of exchanging messages.

    Attributes:
        id: Its number in this library: ``R2``, ``T17``.
        title: The rule in one sentence.
        clause: Where the standard says so, or None where it does not, or not in one place.
        basis: Where the rule comes from: ``standard``; ``derived`` from it; ``interoperability`` tests; the ``field``.
        advice: What to do.
    """

    id: str
    title: str
    clause: str | None
    basis: str
    advice: str


@attrs.frozen
class FindingKind:
    """A kind of finding.

    Attributes:
        kind: Its name: ``reply-without-correlation``.
        rule: The rule that it breaks or touches.
        level: ``error`` where the rule is broken, ``warning`` where something may bite, ``note`` where it is usual.
        seen: What it takes to see it.
        code: The reply code with which a server refuses a request for it; None where it lets the request pass.
        title: What it is, in words.
        advice: What to do about it.
    """

    kind: str
    rule: Rule
    level: Level
    seen: Seen
    code: str | None
    title: str
    advice: str


@functools.cache
def exchange_rules() -> Mapping[str, Rule]:
    """All rules by their number, in the table's order."""
    return MappingProxyType(
        {
            row["id"]: Rule(row["id"], row["title"], row["clause"] or None, row["basis"], row["advice"])
            for row in rows("rules", _PACKAGE)
        }
    )


@functools.cache
def finding_kinds() -> Mapping[str, FindingKind]:
    """All kinds of findings by their name, in the table's order."""
    return MappingProxyType(
        {
            row["kind"]: FindingKind(
                row["kind"],
                exchange_rules()[row["rule"]],
                cast("Level", row["level"]),
                cast("Seen", row["seen"]),
                row["code"] or None,
                row["title"],
                row["advice"],
            )
            for row in rows("findings", _PACKAGE)
        }
    )


def finding(kind: str, path: str, message: str | None = None, source: str | None = None) -> Finding:
    """Make a finding of a kind that the table has.

    Args:
        kind: The kind; its rule, advice and level come from the table.
        path: The place, as in ``/ResponseMessage/Reply/Error[2]/code``.
        message: What is the case here, in a sentence; None for the title of the kind.
        source: The text in question, or None.

    Raises:
        KeyError: The table does not have the kind.
    """
    known = finding_kinds()[kind]
    return Finding(
        kind, path, None, message or known.title, source, rule=known.rule.id, advice=known.advice, level=known.level
    )
