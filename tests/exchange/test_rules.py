"""The tables of rules and of findings: complete, consistent, and in words that a person can use."""

from __future__ import annotations

import re

import pytest

from iec61968_9.exchange.rules import exchange_rules, finding, finding_kinds

NUMBERED = [f"R{number}" for number in range(1, 28)]
HABITS = ["T2", "T3", "T4", "T8", "T9", "T16", "T17", "T18", "T20", "T21", "T34", "T36", "T37", "T38", "T41", "T42"]
BY_SILENCE = {"R9"}
"""The rule that no message shows broken: what it means that an object is not named."""


def test_every_rule_of_the_standard_and_every_habit_of_an_exchange_is_there() -> None:
    assert set(NUMBERED + HABITS) <= set(exchange_rules())


def test_every_rule_can_be_found_broken_or_is_one_that_no_message_shows() -> None:
    assert set(exchange_rules()) - {kind.rule.id for kind in finding_kinds().values()} == BY_SILENCE


def test_words_are_sentences_without_line_breaks() -> None:
    for rule in exchange_rules().values():
        assert rule.title
        assert rule.advice.endswith(".")
        assert not re.search(r"\s{2}|\n", rule.title + rule.advice)
    for kind in finding_kinds().values():
        assert not kind.title.endswith(".")
        assert kind.advice.endswith(".")
        assert not re.search(r"\s{2}|\n", kind.title + kind.advice)


def test_names_levels_and_sights_are_of_the_known_ones() -> None:
    for name, kind in finding_kinds().items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
        assert kind.level in {"note", "warning", "error"}
        assert kind.seen in {"message", "request", "exchange", "form", "service"}
    for rule in exchange_rules().values():
        assert rule.basis in {"standard", "derived", "interoperability", "field"}
        assert rule.clause is None or re.fullmatch(r"(derived from )?IEC 61968-100 [0-9., ]+", rule.clause)


def test_a_finding_brings_its_rule_level_and_advice_along() -> None:
    found = finding("reply-without-correlation", "/ResponseMessage/Header/CorrelationID")
    assert (found.kind, found.rule, found.level) == ("reply-without-correlation", "R2", "warning")
    assert found.message == "a reply has no CorrelationID"
    assert found.advice is not None
    assert str(found).startswith("/ResponseMessage/Header/CorrelationID: a reply has no CorrelationID [R2 ")


def test_a_kind_that_the_table_does_not_have_is_an_error_of_the_caller() -> None:
    with pytest.raises(KeyError):
        finding("no-such-kind", "/")
