"""The verbs: which event follows which request, and what each message of an exchange carries (IEC 61968-100 Table 1).

``VERBS`` has one row a request verb, and every other module asks it: building refuses what no row allows, diagnosis
reports it. Where the standard contradicts itself the row takes the reading that more of its text supports, and the
comment says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

import attrs

from iec61968_9.errors import ExchangeError
from iec61968_9.profiles.envelope import Verb

__all__ = [
    "ANSWER_TO_DELIVERY",
    "EVENT_VERBS",
    "OPERATION_VERBS",
    "REQUEST_VERBS",
    "SYNONYMS",
    "VERBS",
    "WITHDRAWN",
    "Carries",
    "Presence",
    "VerbRule",
    "event_verb",
    "rule_of",
    "standard_verb",
]


class Presence(StrEnum):
    """Whether a message has a part."""

    REQUIRED = "required"
    """Always."""
    OPTIONAL = "optional"
    """It may."""
    NONE = "none"
    """Never."""


@attrs.frozen(kw_only=True)
class Carries:
    """What one kind of message carries.

    Attributes:
        payload: A business document in ``Payload``: a profile, a partner's own element, or a file.
        query: A ``Get`` profile in ``Request``, or a time window.
        ids: Identifiers of objects: in a request's ``Request``, a reply's ``Reply``, an event's ``Payload``.
        operation_set: An ``OperationSet`` in ``Payload``.
        subject: Whether it must name its subject in one of these ways, where none alone is required.
        rule: The rule that says so.
        clause: The clause that it stands in.
    """

    payload: Presence = Presence.NONE
    query: Presence = Presence.NONE
    ids: Presence = Presence.NONE
    operation_set: Presence = Presence.NONE
    subject: bool = False
    rule: str = "R10"
    clause: str = "6.2.4"

    def check(self, what: str, *, payload: bool, ids: bool, query: bool = False, operation_set: bool = False) -> None:
        """Hold the parts of a message to the row.

        Args:
            what: The message, for the error: ``a delete request``.
            payload: Whether it has a payload.
            ids: Whether it has identifiers.
            query: Whether it has a query.
            operation_set: Whether it has an operation set.

        Raises:
            ExchangeError: A part is missing, or there is one that does not belong.
        """
        given = {"payload": payload, "query": query, "identifiers": ids, "operation set": operation_set}
        allowed = {
            "payload": self.payload,
            "query": self.query,
            "identifiers": self.ids,
            "operation set": self.operation_set,
        }
        for part, present in given.items():
            if present and allowed[part] is Presence.NONE:
                raise ExchangeError(f"{what} carries no {part}", rule=self.rule, clause=self.clause)
            if not present and allowed[part] is Presence.REQUIRED:
                raise ExchangeError(f"{what} needs its {part}", rule=self.rule, clause=self.clause)
        if self.subject and not any(given.values()):
            parts = " or ".join(part for part, presence in allowed.items() if presence is Presence.OPTIONAL)
            raise ExchangeError(f"{what} must say what it is about, by {parts}", rule=self.rule, clause=self.clause)


@attrs.frozen(kw_only=True)
class VerbRule:
    """One row: a request verb, the event that tells of its success, and what the messages carry.

    Attributes:
        request: The verb of the request; the reply's is always ``reply``.
        event: The verb of the event, or None where there is none.
        asks: What the request carries.
        answers: What a successful reply carries. None but a ``get``'s has a payload.
        tells: What the event carries, or None where there is none.
    """

    request: Verb
    event: Verb | None
    asks: Carries
    answers: Carries
    tells: Carries | None


def _on_objects(request: Verb, event: Verb) -> VerbRule:
    """Delete, close and cancel: they name objects, most often by identifiers alone.

    Events always carry a payload by one clause and may do without by another (6.8): one of payload and identifiers,
    which the schema makes a choice.
    """
    return VerbRule(
        request=request,
        event=event,
        asks=Carries(payload=Presence.OPTIONAL, ids=Presence.OPTIONAL, subject=True),
        answers=Carries(ids=Presence.OPTIONAL),
        tells=Carries(payload=Presence.OPTIONAL, ids=Presence.OPTIONAL, subject=True, rule="R11", clause="6.8"),
    )


def _on_data(request: Verb, event: Verb) -> VerbRule:
    """Create and change: they carry data. Annex B makes a change's payload optional, 6.3 requires it."""
    return VerbRule(
        request=request,
        event=event,
        asks=Carries(payload=Presence.REQUIRED),
        answers=Carries(ids=Presence.OPTIONAL),
        tells=Carries(payload=Presence.REQUIRED, rule="R11", clause="6.8"),
    )


VERBS: Final[Mapping[Verb, VerbRule]] = MappingProxyType(
    {
        rule.request: rule
        for rule in (
            VerbRule(
                request=Verb.GET,
                event=None,
                asks=Carries(query=Presence.OPTIONAL, ids=Presence.OPTIONAL),
                answers=Carries(payload=Presence.OPTIONAL, ids=Presence.OPTIONAL),
                tells=None,
            ),
            _on_data(Verb.CREATE, Verb.CREATED),
            _on_data(Verb.CHANGE, Verb.CHANGED),
            _on_objects(Verb.DELETE, Verb.DELETED),
            _on_objects(Verb.CLOSE, Verb.CLOSED),
            _on_objects(Verb.CANCEL, Verb.CANCELED),
            VerbRule(
                request=Verb.EXECUTE,
                event=Verb.EXECUTED,
                asks=Carries(operation_set=Presence.REQUIRED, clause="6.10"),
                answers=Carries(ids=Presence.OPTIONAL, clause="6.10"),
                tells=Carries(operation_set=Presence.REQUIRED, rule="R11", clause="6.10"),
            ),
        )
    }
)
"""What each message carries, by the verb of the request."""

REQUEST_VERBS: Final = frozenset(VERBS)
"""Verbs of requests."""

EVENT_VERBS: Final[Mapping[Verb, VerbRule]] = MappingProxyType(
    {rule.event: rule for rule in VERBS.values() if rule.event is not None}
)
"""The rows by the verb of the event."""

ANSWER_TO_DELIVERY: Final = Carries(rule="R12", clause="5.2.4")
"""What the response to an event, or to a reply that comes later, carries: nothing. Only SOAP asks for one."""

OPERATION_VERBS: Final[Mapping[Verb, Verb]] = MappingProxyType(
    {Verb.CREATE: Verb.CREATED, Verb.CHANGE: Verb.CHANGED, Verb.DELETE: Verb.DELETED}
)
"""What an operation of an operation set may do, each with its past tense (6.10)."""

SYNONYMS: Final[Mapping[str, Verb]] = MappingProxyType(
    {"update": Verb.CHANGE, "updated": Verb.CHANGED, "cancelled": Verb.CANCELED}
)
"""Older and other spellings that partners send; never written."""

WITHDRAWN: Final = frozenset({"show", "subscribe", "unsubscribe", "publish"})
"""Verbs of earlier drafts that the standard no longer has."""


def standard_verb(text: str | None) -> Verb | None:
    """The standard's verb that a partner's spelling means, in any case, with synonyms; None if there is none."""
    if isinstance(text, Verb):
        return text
    word = (text or "").strip().lower()
    return SYNONYMS.get(word) or next((verb for verb in Verb if verb == word), None)


def rule_of(verb: str) -> VerbRule:
    """The row of a verb, given as that of the request or of the event, in any spelling.

    Raises:
        ExchangeError: The verb has none: it is ``reply``, or not known.
    """
    found = standard_verb(verb)
    rule = None if found is None else VERBS.get(found) or EVENT_VERBS.get(found)
    if rule is None:
        asked = ", ".join(sorted(REQUEST_VERBS))
        raise ExchangeError(
            f"{str(verb)!r} is no verb of a request or event",
            rule="R1",
            clause="6.2.2",
            advice=f"requests say {asked}, and events the same in the past tense",
        )
    return rule


def event_verb(verb: str) -> Verb:
    """The verb of the event that follows a request.

    Raises:
        ExchangeError: No event follows it.
    """
    rule = rule_of(verb)
    if rule.event is None:
        raise ExchangeError(f"no event follows a {rule.request} request", rule="R11", clause="6.2.2")
    return rule.event
