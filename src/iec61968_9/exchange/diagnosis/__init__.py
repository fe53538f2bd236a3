"""What is suspicious or wrong about a message, although it may pass every schema.

``diagnose`` looks at a message that was read strictly or leniently, alone or with the request that it answers or
follows, and gives a report: for each thing a finding with its kind, the rule behind it, its place and advice. Errors
break a rule, warnings may bite, notes are worth knowing. It never raises and changes nothing.

The checks stand in the modules of this package, one subject each, and in one table; rules, levels and advice in the
tables of ``exchange.rules``. What takes a whole exchange to see is found by ``Conversation``.
"""

from __future__ import annotations

import datetime
from collections import Counter
from typing import Final

from iec61968_9.exchange.diagnosis import (
    _controls,
    _events,
    _header,
    _identity,
    _operations,
    _pair,
    _payload,
    _readings,
    _reply,
    _request,
)
from iec61968_9.exchange.diagnosis._case import CHECKS, Case, Check
from iec61968_9.xml.record import Record
from iec61968_9.xml.report import Finding, Report

__all__ = ["AT_MOST", "CHECKS", "Check", "diagnose"]

AT_MOST: Final = 100
"""How many findings of one kind are listed by default: a million readings can have one fault in common."""

_MODULES = (_header, _request, _payload, _identity, _reply, _pair, _operations, _readings, _controls, _events)


def diagnose(
    message: Record,
    *,
    request: Record | None = None,
    now: datetime.datetime | None = None,
    at_most: int = AT_MOST,
) -> Report:
    """Say what is suspicious or wrong about a message.

    Args:
        message: An envelope with what it carries, or a payload without envelope.
        request: The request that the message answers, or that an event follows, where it is at hand.
        now: The present moment, aware, to which the times of controls are held; None for the message's Timestamp.
        at_most: How many findings of one kind are listed; beyond, one more says how many there are.

    Returns:
        A report, empty where there is nothing to say. Its findings have no line, since an object has none.
    """
    case = Case(message, None if request is None else Case(request), now)
    report = Report()
    counted: Counter[str] = Counter()
    for check in CHECKS:
        if case.role in check.roles and (request is not None or not check.paired):
            for finding in check.function(case):
                counted[finding.kind] += 1
                if counted[finding.kind] <= at_most:
                    report.add(finding)
    for kind, count in counted.items():
        if count > at_most:
            report.add(_rest(kind, count - at_most, case))
    return report


def _rest(kind: str, count: int, case: Case) -> Finding:
    """A finding that stands for those that are not listed."""
    from iec61968_9.exchange.rules import finding

    return finding(kind, case.root.path, f"{count} more findings of this kind are not listed")
