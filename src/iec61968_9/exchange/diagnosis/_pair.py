"""Checks of a reply or an event together with the request that it answers or follows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from iec61968_9.exchange.building.replies import ACKNOWLEDGED, LAST, MORE
from iec61968_9.exchange.diagnosis._case import FOLLOWING, Case, brief, check, found
from iec61968_9.exchange.diagnosis._reply import codes, fails, result_of, said
from iec61968_9.exchange.verbs import EVENT_VERBS, OPERATION_VERBS, VERBS, standard_verb
from iec61968_9.profiles.envelope import Result, Verb
from iec61968_9.xml.report import Finding

ENDS: Final = frozenset({Verb.CANCELED, Verb.CLOSED, Verb.DELETED})
"""Verbs of events that end what a request had asked for."""


def _correlation(asked: Case) -> str | None:
    """What leads back to a request."""
    return asked.header.text("CorrelationID") or asked.header.text("MessageID")


@check("noun-changed", roles=("reply",), paired=True)
def a_reply_repeats_the_noun(case: Case) -> Iterator[Finding]:
    """The noun of a reply is its request's (R1)."""
    asked = case.asked
    if asked is not None and asked.noun is not None and case.noun != asked.noun:
        yield found("noun-changed", case.header.at("Noun"), f"the request's noun is {brief(asked.noun)}", case.noun)


@check("correlation-mismatch", "correlation-invented", "event-without-correlation", roles=FOLLOWING, paired=True)
def the_correlation_id_leads_back(case: Case) -> Iterator[Finding]:
    """A reply has the CorrelationID of its request, or its MessageID (R2); an event if possible (R11)."""
    if case.asked is None:
        return
    path = case.header.at("CorrelationID")
    meant, text = _correlation(case.asked), case.header.text("CorrelationID")
    if text is None:
        if case.role == "event" and meant is not None:
            yield found("event-without-correlation", path)
    elif meant is None:
        if case.role == "reply":
            yield found("correlation-invented", path, source=text)
    elif text != meant:
        yield found("correlation-mismatch", path, f"the request's is {brief(meant)}", text)


@check("message-id-reused", roles=FOLLOWING, paired=True)
def each_message_has_its_own_id(case: Case) -> Iterator[Finding]:
    """No message has the MessageID of its request (R3)."""
    text = case.header.text("MessageID")
    if case.asked is not None and text is not None and text == case.asked.header.text("MessageID"):
        yield found("message-id-reused", case.header.at("MessageID"), source=text)


@check("reply-to-one-way", roles=("reply",), paired=True)
def a_one_way_request_has_no_reply(case: Case) -> Iterator[Finding]:
    """AckRequired false means that nobody answers (R14, T16)."""
    if case.asked is not None and case.asked.one_way:
        yield found("reply-to-one-way", case.root.path)


@check("payload-on-reply", roles=("reply",), paired=True)
def only_a_get_is_answered_with_data(case: Case) -> Iterator[Finding]:
    """Replies to all other verbs say an outcome (R10)."""
    if case.asked is not None and case.asked.verb in VERBS and case.asked.verb is not Verb.GET and case.carries:
        yield found("payload-on-reply", case.payload.path, f"the reply to {case.asked.verb} has a payload")


@check("acknowledgement-not-asked", "acknowledgement-without-code", "get-without-data", roles=("reply",), paired=True)
def an_acknowledgement_is_told_from_an_answer(case: Case) -> Iterator[Finding]:
    """0.3 is for asynchronous requests (R4); without it, an OK without data may be either (R5, R20)."""
    asked = case.asked
    if asked is None:
        return
    later = asked.header.get("AsyncReplyFlag") is True
    every = said(case)
    if ACKNOWLEDGED in every:
        if not later:
            yield found("acknowledgement-not-asked", case.reply.path)
    elif asked.verb is Verb.GET and result_of(case) is Result.OK and not case.carries and not every & {MORE, LAST}:
        yield found("acknowledgement-without-code" if later else "get-without-data", case.reply.path)


@check("context-changed", roles=FOLLOWING, paired=True)
def the_environment_stays(case: Case) -> Iterator[Finding]:
    """A message and its request are for one environment (R27)."""
    if case.asked is None:
        return
    ours, theirs = case.header.text("Context"), case.asked.header.text("Context")
    if ours is not None and theirs is not None and ours.casefold() != theirs.casefold():
        yield found("context-changed", case.header.at("Context"), f"the request is for {brief(theirs)}", ours)


@check("reply-older-than-request", roles=FOLLOWING, paired=True)
def time_runs_forward(case: Case) -> Iterator[Finding]:
    """What answers is sent later (R13)."""
    if case.asked is None:
        return
    ours, theirs = case.header.time("Timestamp"), case.asked.header.time("Timestamp")
    if ours is None or theirs is None or (ours.tzinfo is None) != (theirs.tzinfo is None):
        return
    if ours < theirs:
        said = f"the request was sent at {theirs.isoformat()}"
        yield found("reply-older-than-request", case.header.at("Timestamp"), said, ours.isoformat())


@check("operation-unknown", "integrity-broken", roles=("reply",), paired=True)
def operations_are_those_of_the_request(case: Case) -> Iterator[Finding]:
    """A reply cites the request's operations (R19), and all or nothing is meant so (R18)."""
    asked = case.asked
    if asked is None or not asked.operations:
        return
    known = {operation.get("operationId") for operation in asked.operations}
    for place in (case.reply, *case.errors):
        one = place.get("operationId")
        if one is not None and one not in known:
            yield found("operation-unknown", place.at("operationId"), source=one)
    if asked.payload.one("OperationSet").get("enforceTransactionalIntegrity") is not True:
        return
    failed = next((place for place, code in codes(case) if fails(code)), None)
    for place, code in codes(case):
        if failed is not None and str(code) == "0.0" and place.get("operationId") is not None:
            said = f"operation {brief(place.get('operationId'))} succeeded, and {failed.path} says failure"
            yield found("integrity-broken", place.path, said)


@check("event-of-other-verb", "event-differs-from-request", roles=("event",), paired=True)
def an_event_tells_what_was_asked_for(case: Case) -> Iterator[Finding]:
    """An event with the request's noun has its verb in the past tense, and its payload (R11).

    That what was asked for was called off, or has come to its end, follows from the request as well.
    """
    asked = case.asked
    if asked is None or asked.verb is None or asked.noun is None or asked.noun != case.noun:
        return
    rule = VERBS.get(asked.verb)
    meant = None if rule is None else rule.event
    if meant is None or case.verb not in EVENT_VERBS or _asks_to_read(asked):
        return
    if case.verb is not meant and case.verb not in ENDS:
        yield found("event-of-other-verb", case.header.at("Verb"), f"{meant} follows {asked.verb}", case.verb)
    elif case.verb is meant and (_documents_differ(case, asked) or _operations_differ(case, asked)):
        yield found("event-differs-from-request", case.payload.path)


def _asks_to_read(asked: Case) -> bool:
    """Whether a create of readings holds no readings: then its event cannot repeat it (A4)."""
    from iec61968_9.exchange.diagnosis._request import a_create_without_values_asks_to_read

    return any(True for _ in a_create_without_values_asks_to_read(asked))


def _documents_differ(case: Case, asked: Case) -> bool:
    """Whether an event and its request carry different XML."""
    ours, theirs = ([place.value for place in one.payload.wild("contents")] for one in (case, asked))
    return bool(ours and theirs) and ours != theirs


def _operations_differ(case: Case, asked: Case) -> bool:
    """Whether an event tells of other operations than were asked for, or of some where all or none are done (R18)."""
    ours, theirs = _operations(case), _operations(asked)
    if not ours or not theirs:
        return False
    if asked.payload.one("OperationSet").get("enforceTransactionalIntegrity") is not True:
        theirs = {key: operation for key, operation in theirs.items() if key in ours}
    return ours != theirs


def _operations(case: Case) -> dict[object, object]:
    """What each operation of a message does: by its operationId, and by which one of that it is."""
    seen = Counter[object]()
    found: dict[object, object] = {}
    for operation in case.operations:
        verb, contents = standard_verb(operation.text("verb")), list(operation.wild("content"))
        key = operation.get("operationId")
        seen[key] += 1
        found[key, seen[key]] = (
            verb and OPERATION_VERBS.get(verb, verb),
            operation.text("noun") or next((place.name for place in contents), None),
            operation.get("elementOperation") is True,
            [place.value for place in contents],
        )
    return found
