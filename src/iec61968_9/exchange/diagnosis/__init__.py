"""What is suspicious or wrong about a message, although it may pass every schema.

``diagnose`` looks at a message that was read strictly or leniently, alone or with the request that it answers or
follows, and gives a report: for each thing a finding with its kind, the rule behind it, its place and advice. Errors
break a rule, warnings may bite, notes are worth knowing. It changes nothing, and never raises where members have values
of their types or none, as after reading in either mode.

The checks stand in the modules of this package, one subject each, and in one table; rules, levels and advice in the
tables of ``exchange.rules``. ``diagnose_all`` does the same with a log of messages, and sees what several messages show
together; what happens in one exchange is told by ``Conversation``.
"""

from __future__ import annotations

import datetime
import functools
from collections import Counter
from collections.abc import Iterable
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
from iec61968_9.exchange.diagnosis._case import CHECKS, Case, Check, CheckFunction, Role
from iec61968_9.exchange.diagnosis._traffic import Traffic
from iec61968_9.exchange.rules import finding
from iec61968_9.xml.dialect import Dialect
from iec61968_9.xml.limits import DEFAULT_LIMITS, Limits
from iec61968_9.xml.record import Record
from iec61968_9.xml.report import Finding, Report

__all__ = ["AT_MOST", "CHECKS", "Check", "diagnose", "diagnose_all", "diagnose_inflated"]

AT_MOST: Final = 100
"""How many findings of one kind are listed by default: a million readings can have one fault in common."""

_MODULES = (_header, _request, _payload, _identity, _reply, _pair, _operations, _readings, _controls, _events)


def diagnose(
    message: Record,
    *,
    request: Record | None = None,
    now: datetime.datetime | None = None,
    at_most: int = AT_MOST,
    dialect: Dialect | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Report:
    """Say what is suspicious or wrong about a message.

    Args:
        message: An envelope with what it carries, or a payload without envelope.
        request: The request that the message answers, or that an event follows, where it is at hand.
        now: The present moment, aware, to which the times of controls are held; None for the message's Timestamp.
        at_most: How many findings of one kind are listed; beyond, one more says how many there are.
        dialect: The partners' namespaces in compressed XML, which is inflated to be looked at.
        limits: How much is inflated.

    Returns:
        A report, empty where there is nothing to say. Its findings have no line, since an object has none.
    """
    asked = None if request is None else Case(request, dialect=dialect, limits=limits)
    return _report(Case(message, asked, now, dialect, limits), at_most)


def diagnose_inflated(message: Record, content: object, now: datetime.datetime) -> Report:
    """Say the same of a message whose compressed XML was inflated before; None stands for no such content."""
    return _report(Case(message, None, now, inflated=content), AT_MOST)


def _report(case: Case, at_most: int) -> Report:
    """What all checks find."""
    report = Report()
    counted: Counter[str] = Counter()
    for look in _looks(case.role, paired=case.asked is not None):
        for found in look(case):
            counted[found.kind] += 1
            if counted[found.kind] <= at_most:
                report.add(found)
    for kind, count in counted.items():
        if count > at_most:
            report.add(_rest(kind, count - at_most, case))
    return report


def diagnose_all(
    messages: Iterable[Record],
    *,
    at_most: int = AT_MOST,
    dialect: Dialect | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> list[Report]:
    """Say what is suspicious or wrong about messages that were exchanged, such as those of a log.

    Each is diagnosed with its request, where an earlier message is that by its CorrelationID. Beside, a report says
    where a message uses a MessageID again (R3) or is a request with the CorrelationID of all others (T17), and where
    pages are missing or come twice (T41). A response that only says that an event or a later reply has arrived, as
    over SOAP, is not taken for an answer to the request (R12).

    Args:
        messages: Messages of any number of exchanges, in the order in which they were sent.
        at_most: How many findings of one kind a report lists; beyond, one more says how many there are.
        dialect: The partners' namespaces in compressed XML, which is inflated to be looked at.
        limits: How much is inflated of each message.

    Returns:
        A report for each message, in their order.
    """
    traffic = Traffic()
    reports: list[Report] = []
    for message in messages:
        case = Case(message, None, None, dialect, limits)
        case.asked = traffic.request_of(case)
        report = _report(case, at_most)
        report.findings += traffic.add(case)
        reports.append(report)
    for number, found in traffic.missing_pages():
        reports[number].add(found)
    return reports


@functools.cache
def _looks(role: Role, *, paired: bool) -> tuple[CheckFunction, ...]:
    """What looks at messages of a role, in the table's order."""
    return tuple(check.function for check in CHECKS if role in check.roles and (paired or not check.paired))


def _rest(kind: str, count: int, case: Case) -> Finding:
    """A finding that stands for those that are not listed."""
    return finding(kind, case.root.path, f"{count} more findings of this kind are not listed")
