"""Replies that break the rules (F15): each fault has a finding of its own, on the side that asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.scenarios.payloads import A1, A2, QUEUE, kinds_in, meter, meters, query_for, readings_of
from tests.scenarios.stage import kinds_of, pair

from iec61968_9 import from_xml, to_xml, validate
from iec61968_9.exchange import Conversation, State, diagnose, error
from iec61968_9.profiles.envelope import Error, ResponseMessage, Result


def without_correlation(reply: ResponseMessage[Any]) -> None:
    reply.header.correlation_id = None


def own_correlation(reply: ResponseMessage[Any]) -> None:
    reply.header.correlation_id = reply.header.message_id


def other_noun(reply: ResponseMessage[Any]) -> None:
    reply.header.noun = "EndDeviceEvents"
    reply.payload = None
    reply.reply.result, reply.reply.error = Result.FAILED, [Error(code="2.4")]


def ok_with_a_fatal_code(reply: ResponseMessage[Any]) -> None:
    reply.reply.error = [error("4.1", of=meter(A1))]
    reply.payload = None


def failed_without_a_code(reply: ResponseMessage[Any]) -> None:
    reply.reply.result, reply.reply.error = Result.FAILED, []
    reply.payload = None


def payload_on_an_acknowledgement(reply: ResponseMessage[Any]) -> None:
    reply.reply.error = [Error(code="0.3")]


def no_result(reply: ResponseMessage[Any]) -> None:
    reply.reply.result = None  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]  # as lenient reading gives it


BROKEN: dict[str, tuple[Callable[[ResponseMessage[Any]], None], State]] = {
    "reply-without-correlation": (without_correlation, State.COMPLETE),  # the connection may tell whose it is
    "correlation-is-own-message-id": (own_correlation, State.SENT),
    "noun-changed": (other_noun, State.FAILED),
    "ok-with-failure-code": (ok_with_a_fatal_code, State.FAILED),
    "failed-without-code": (failed_without_a_code, State.FAILED),
    "acknowledgement-with-payload": (payload_on_an_acknowledgement, State.COMPLETE),  # data are data
    "result-missing": (no_result, State.COMPLETE),
}
"""What is wrong with a single reply, by the finding that says so; and what its exchange amounts to."""


def found_in(reply: ResponseMessage[Any], talk: Conversation[Any]) -> set[str]:
    """What is found about a reply: as a message, and as one of its exchange."""
    receipt = talk.receive(reply)
    diagnosis = diagnose(reply, request=talk.request)
    return {one.kind for one in (*diagnosis, *receipt.findings) if one.level != "note"}


def test_f15_each_fault_of_a_reply_has_a_finding_of_its_own() -> None:
    _, mdms, hes = pair()
    found: dict[str, set[str]] = {}
    for kind, (spoil, state) in BROKEN.items():
        request = mdms.system.get(query_for(A1), reply_to=QUEUE)
        reply = hes.system.reply(request, readings_of(A1))
        assert found_in(reply, Conversation(request)) == set()
        spoil(reply)
        document = to_xml(reply, mode="lenient")
        assert (validate(document) == []) == (kind != "result-missing")  # the schema sees one of them
        talk = Conversation(request)
        found[kind] = found_in(from_xml(document, ResponseMessage, mode="lenient"), talk)
        assert talk.state is state
    assert {kind: [other for other, kinds in found.items() if kind in kinds] for kind in BROKEN} == {
        kind: [kind] for kind in BROKEN
    }


def test_f15_a_reply_without_a_result_is_no_success() -> None:
    _, mdms, hes = pair()
    request = mdms.system.create(meters("B-1001"))
    reply = hes.system.reply(request)
    no_result(reply)
    reply.reply.error = []
    document = to_xml(reply, mode="lenient")
    talk = Conversation(request)
    talk.receive(from_xml(document, ResponseMessage, mode="lenient"))
    assert (talk.state, kinds_in(talk)) == (State.FAILED, ["unknown"])


def test_f15_two_final_replies() -> None:
    _, mdms, hes = pair()
    asked = mdms.send(mdms.system.get(query_for(A1)), hes)
    hes.send(hes.system.reply(asked.request, readings_of(A1)), mdms)
    second = hes.send(hes.system.fail(asked.request, error("4.1", of=meter(A1))), mdms)
    assert second.receipt is not None
    assert kinds_of(second.receipt.findings) == ["second-final-reply"]
    assert kinds_in(asked.talk) == ["data"]


def test_f15_more_after_the_last() -> None:
    _, mdms, hes = pair()
    asked = mdms.send(mdms.system.get(query_for(A1, A2), reply_to=QUEUE), hes)
    hes.send(hes.system.acknowledge(asked.request), mdms)
    hes.send(hes.system.partial(asked.request, readings_of(A1, A2), last=True), mdms)
    more = hes.send(hes.system.partial(asked.request, errors=[error("4.1", of=meter(A2))]), mdms)
    assert kinds_of(more.taken.findings) == ["part-after-last", "outcome-contradicted"]
    assert kinds_in(asked.talk) == ["data", "contradicted"]
