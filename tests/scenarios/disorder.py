"""The answers of an exchange once more, as a bad transport would bring them.

``check`` takes an exchange that was played in order, and lets its answers come in any order, some of them never, some
several times, with others between that cite nothing known, and with waiting given up now and then. Whatever comes, the
outcome of each object is the one of the orderly exchange, or it is open: nothing is lost, and nothing is guessed.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeAlias

from hypothesis import strategies as st
from tests.scenarios.stage import Stage

from iec61968_9.exchange import Conversation, Conversations, Outcome, OutcomeKind, ReceiptKind, State
from iec61968_9.profiles.envelope import ResponseMessage

Scene: TypeAlias = tuple[Stage, Conversation[Any]]
"""What a scene leaves behind: its stage, and the exchange that it was about."""

OPEN = {OutcomeKind.OUTSTANDING, OutcomeKind.UNKNOWN}
NOTHING = {*OPEN, OutcomeKind.UNANSWERED, OutcomeKind.ACCEPTED}
UNUSUAL = {
    "acknowledgement-late",
    "acknowledgement-missing",
    "completion-repeated",
    "duplicate-message",
    "echo-late",
    "late-reply",
    "object-unanswered",
    "orphan",
    "page-missing",
    "part-after-last",
    "parts-without-end",
}
"""What may be found when messages come in disorder; nothing else may be, unless it was found before."""


def facts(talk: Conversation[Any]) -> dict[str, tuple[str, list[str], list[str], list[str]]]:
    """What is known of each object, as far as the order of arrival does not count."""
    return {str(subject): _facts(outcome) for subject, outcome in talk.outcomes.items()}


def _facts(outcome: Outcome[Any]) -> tuple[str, list[str], list[str], list[str]]:
    kind = "open" if outcome.kind in OPEN else str(outcome.kind)
    items, errors, events = (sorted(map(repr, found)) for found in (outcome.items, outcome.errors, outcome.events))
    return kind, items, errors, events


@cache
def played(scene: Callable[[], Scene]) -> Scene:
    """A scene as it went in order, played once."""
    return scene()


def check(scene: Callable[[], Scene], data: st.DataObject) -> None:
    """Play the answers of an exchange again in disorder.

    Args:
        scene: Plays it in order.
        data: Draws what happens to each answer.
    """
    stage, orderly = played(scene)
    replay(orderly, stage.answers_of(orderly), data)


def replay(orderly: Conversation[Any], answers: Sequence[Any], data: st.DataObject) -> None:
    """The same for any exchange.

    Args:
        orderly: The exchange as it went in order, at its end.
        answers: What came for it.
        data: As for ``check``.
    """
    numbers = range(len(answers))
    lost = data.draw(st.sets(st.sampled_from(numbers)) if answers else st.just(set[int]()), label="lost")
    coming = [number for number in numbers if number not in lost]
    again = data.draw(st.lists(st.sampled_from(coming), max_size=3) if coming else st.just([]), label="again")
    astray = data.draw(st.lists(st.sampled_from(numbers), max_size=2) if answers else st.just([]), label="astray")
    happenings = [*coming, *again, *(~number for number in astray), *data.draw(st.sampled_from([[], [None]]))]
    talks = Conversations()
    talk = talks.open(orderly.request)
    came: set[int] = set()
    for number in data.draw(st.permutations(happenings), label="order"):
        if number is None:
            talk.expire()
        elif number < 0:
            _go_astray(talks, talk, answers[~number])
        else:
            _arrive(talks, talk, answers[number], repeated=number in came)
            came.add(number)
    found = {finding.kind for finding in talk.findings}
    assert found <= UNUSUAL | {finding.kind for finding in orderly.findings}
    if not lost:
        assert facts(talk) == facts(orderly)
        assert talk.state is orderly.state or (talk.state is State.SILENT and not orderly.is_over)
    for subject, outcome in talk.outcomes.items():
        _tells_no_more(outcome, orderly.outcomes[subject])


def _arrive(talks: Conversations, talk: Conversation[Any], answer: Any, *, repeated: bool) -> None:
    """An answer comes, or comes again."""
    before, silent = (facts(talk), talk.state), talk.state is State.SILENT
    receipt = talks.receive(copy.deepcopy(answer))
    assert receipt.conversation is talk
    assert (receipt.kind is ReceiptKind.DUPLICATE) == repeated
    if repeated:
        assert (facts(talk), talk.state) == before
    else:
        assert receipt.is_taken
        assert receipt.late == silent


def _go_astray(talks: Conversations, talk: Conversation[Any], answer: Any) -> None:
    """A message comes with a wrong correlation; some senders write their own MessageID there."""
    stray = copy.deepcopy(answer)
    stray.header.message_id = stray.header.correlation_id = f"stray {answer.header.message_id}"
    before = (facts(talk), talk.state)
    tied = not isinstance(answer, ResponseMessage) and talk.ties(answer)  # by tracking number, as it should
    receipt = talks.receive(stray)
    if not tied and receipt.kind is not ReceiptKind.DUPLICATE:
        expected = ReceiptKind.ORPHAN if isinstance(answer, ResponseMessage) else ReceiptKind.UNSOLICITED
        assert (receipt.kind, receipt.conversation) == (expected, None)
    if not tied:
        assert (facts(talk), talk.state) == before


def _tells_no_more(found: Outcome[Any], orderly: Outcome[Any]) -> None:
    """What is known of an object is what the orderly exchange told, or less of it."""
    assert found.kind in NOTHING or found.kind is orderly.kind
    for some, every in (
        (found.items, orderly.items),
        (found.errors, orderly.errors),
        (found.events, orderly.events),
    ):
        assert all(one in every for one in some)
        assert len(some) <= len(every)
