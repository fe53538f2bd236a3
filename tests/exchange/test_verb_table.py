"""The verb table says what the standard's Table 1 says, and refuses what it does not have."""

from __future__ import annotations

import pytest

from iec61968_9 import ExchangeError
from iec61968_9.exchange import VERBS, Presence, event_verb, rule_of, standard_verb
from iec61968_9.exchange.verbs import WITHDRAWN
from iec61968_9.profiles.envelope import Verb

PAST = {
    "create": "created",
    "change": "changed",
    "delete": "deleted",
    "close": "closed",
    "cancel": "canceled",
    "execute": "executed",
}


def test_every_verb_of_the_schema_is_that_of_a_request_an_event_or_a_reply() -> None:
    asked = set(VERBS)
    told = {rule.event for rule in VERBS.values() if rule.event is not None}
    assert asked | told | {Verb.REPLY} == set(Verb)
    assert not asked & told


@pytest.mark.parametrize(("request_verb", "event"), PAST.items())
def test_an_event_says_in_the_past_tense_what_was_asked(request_verb: str, event: str) -> None:
    assert event_verb(request_verb) == event
    assert rule_of(event) is rule_of(request_verb)


def test_no_event_follows_a_get() -> None:
    with pytest.raises(ExchangeError, match="no event follows a get") as caught:
        event_verb("get")
    assert caught.value.rule == "R11"


def test_only_a_get_is_answered_with_a_payload() -> None:
    answered = {verb for verb, rule in VERBS.items() if rule.answers.payload is not Presence.NONE}
    assert answered == {Verb.GET}


@pytest.mark.parametrize("spelling", ["update", "UPDATE", " Change ", "change", "Update"])
def test_older_spellings_mean_the_standards_verb(spelling: str) -> None:
    assert standard_verb(spelling) is Verb.CHANGE


@pytest.mark.parametrize("spelling", ["", None, "show", *sorted(WITHDRAWN), "terminate"])
def test_what_the_standard_does_not_have_is_no_verb(spelling: str | None) -> None:
    assert standard_verb(spelling) is None


@pytest.mark.parametrize("verb", ["reply", "show", ""])
def test_a_verb_without_a_row_is_refused(verb: str) -> None:
    with pytest.raises(ExchangeError, match="is no verb of a request or event"):
        rule_of(verb)
