"""What a server does not act upon (F3, F4, F13, F14): not offered, unreadable, repeated, for others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.scenarios import disorder
from tests.scenarios.disorder import Scene
from tests.scenarios.payloads import A1, QUEUE, codes_of, disconnect, kinds_in, meter, query_for, readings_of
from tests.scenarios.stage import START, Arrival, Party, Stage, kinds_of, pair

from iec61968_9 import ExchangeError, to_xml
from iec61968_9.exchange import Accepted, ReceiptKind, Refused, State, error
from iec61968_9.profiles import MeterConfig, MeterReadings
from iec61968_9.profiles.envelope import FaultMessage, ReplayDetection, RequestMessage, ResponseMessage

# F3: what is not offered --------------------------------------------------------------------------------------------


def answered(asked: Arrival, hes: Party, mdms: Party, **more: Any) -> Arrival:
    """The refusal of a service, sent back."""
    assert asked.refused.answer is not None
    return hes.send(asked.refused.answer, mdms, **more)


def f3_unsupported_verb() -> Scene:
    stage, mdms, hes = pair(offers={MeterReadings: {"get"}})
    asked = mdms.send(mdms.system.delete(MeterReadings, ids=[A1], correlation_id="c-f3"), hes)
    told = answered(asked, hes, mdms)
    assert type(told.message) is ResponseMessage
    assert (told.message.header.noun, told.message.reply.error[0].code) == ("MeterReadings", "2.9")
    assert (asked.talk.state, codes_of(asked.talk)) == (State.FAILED, [["2.9"]])
    return stage, asked.talk


def f3_unsupported_noun() -> Scene:
    stage, mdms, hes = pair(offers={MeterReadings: {"get"}})
    asked = mdms.send(mdms.system.get(noun="Foo", ids=[A1]), hes, expects=["noun-unknown"])
    told = answered(asked, hes, mdms, expects=["noun-unknown"])
    assert (told.message.header.noun, told.message.reply.error[0].code) == ("Foo", "2.5")
    assert asked.talk.state is State.FAILED
    return stage, asked.talk


def f3b_unsupported_revision() -> Scene:
    stage, mdms, hes = pair(revisions={"1"})
    asked = mdms.send(mdms.system.get(query_for(A1), revision="2"), hes)
    assert answered(asked, hes, mdms).message.reply.error[0].code == "1.9"
    assert asked.talk.state is State.FAILED
    return stage, asked.talk


def f3b_unsupported_source() -> Scene:
    stage, mdms, hes = pair(sources={"CIS"})
    asked = mdms.send(mdms.system.get(query_for(A1)), hes)
    assert answered(asked, hes, mdms).message.reply.error[0].code == "2.14"
    assert asked.talk.state is State.FAILED
    return stage, asked.talk


def f13_replayed() -> Scene:
    stage, mdms, hes = pair()
    asked = mdms.send(mdms.system.get(query_for(A1), replay=True), hes)
    hes.send(hes.system.reply(asked.request, readings_of(A1)), mdms)
    again = hes.take(asked.document, talk=asked.talk)
    assert (again.refused.code, kinds_of(again.refused.findings)) == ("7.7", ["replayed"])
    assert again.refused.answer is None
    assert (asked.talk.state, kinds_in(asked.talk)) == (State.COMPLETE, ["data"])
    return stage, asked.talk


def f14_wrong_environment() -> Scene:
    stage = Stage()
    testing, production = stage.party("MDMS", context="TESTING"), stage.party("HES", context="PRODUCTION")
    asked = testing.send(testing.system.get(query_for(A1)), production)
    assert (asked.refused.code, kinds_of(asked.refused.findings)) == ("7.7", ["wrong-environment"])
    assert asked.refused.answer is not None
    production.send(asked.refused.answer, testing, expects=["context-changed"])
    assert asked.talk.state is State.FAILED
    return stage, asked.talk


SCENES: list[Callable[[], Scene]] = [
    f3_unsupported_verb,
    f3_unsupported_noun,
    f3b_unsupported_revision,
    f3b_unsupported_source,
    f13_replayed,
    f14_wrong_environment,
]
each_scene = pytest.mark.parametrize("scene", SCENES, ids=[scene.__name__ for scene in SCENES])


@each_scene
def test_a_refusal_goes_as_the_scenario_says(scene: Callable[[], Scene]) -> None:
    _, talk = scene()
    assert talk.is_over


@each_scene
@settings(max_examples=15)
@given(data=st.data())
def test_a_refusal_that_comes_in_disorder_ends_the_same_or_stays_open(
    scene: Callable[[], Scene], data: st.DataObject
) -> None:
    disorder.check(scene, data)


# F4: what cannot be read --------------------------------------------------------------------------------------------


def spoiled(stage: Stage, mdms: Party, hes: Party, request: Any, old: str, new: str) -> Arrival:
    """A request that came to grief on its way, or whose sender writes what no schema allows."""
    document = to_xml(request)
    assert document.count(old.encode()) == 1
    talk = mdms.talks.open(request, sent_at=stage.now)
    verdict = hes.service.check(document.replace(old.encode(), new.encode()))
    return Arrival(document=document, message=request, findings=(), verdict=verdict, receipt=None, owner=talk)


TIME = "<Timestamp>2026-03-02T08:00:00Z</Timestamp>"
ENVELOPE = {
    "not well formed": ("</RequestMessage>", ""),
    "a time that is none": (TIME, "<Timestamp>false</Timestamp>"),
    "a misspelt element": ("<Source>MDMS</Source>", "<Source3>MDMS</Source3>"),
    "a misspelt revision": ("<Revision>1</Revision>", "<Revision_oops>1</Revision_oops>"),
    "a blank verb": ("<Verb>get</Verb>", "<Verb></Verb>"),
    "an empty boolean": ("<AsyncReplyFlag>true</AsyncReplyFlag>", "<AsyncReplyFlag></AsyncReplyFlag>"),
    "a document type": ("<RequestMessage", "<!DOCTYPE RequestMessage><RequestMessage"),
}


@pytest.mark.parametrize(("old", "new"), ENVELOPE.values(), ids=list(ENVELOPE))
def test_f4_a_request_that_cannot_be_read_ends_in_a_fault(old: str, new: str) -> None:
    stage, mdms, hes = pair()
    asked = spoiled(stage, mdms, hes, mdms.system.get(query_for(A1), reply_to=QUEUE), old, new)
    told = answered(asked, hes, mdms, talk=asked.talk)
    assert isinstance(told.message, FaultMessage)
    assert (told.taken.kind, told.message.reply.error[0].code) == (ReceiptKind.FAULT, "1.8")
    assert (asked.talk.state, kinds_in(asked.talk), codes_of(asked.talk)) == (State.FAULTED, ["failed"], [["1.8"]])

    late = hes.send(hes.system.fail(asked.message, "4.1"), mdms)
    assert late.receipt is not None
    assert (late.receipt.kind, kinds_of(late.receipt.findings)) == (ReceiptKind.SURPLUS, ["message-after-end"])
    assert codes_of(asked.talk) == [["1.8"]]


def test_f4_the_fault_of_the_scenario_is_built_by_hand() -> None:
    _, mdms, hes = pair()
    talk = mdms.talks.open(mdms.system.get(query_for(A1)))
    fault = hes.system.fault(error("1.8", details="envelope not schema valid"))
    told = hes.send(fault, mdms, like="F4", talk=talk)
    assert (told.taken.kind, talk.state) == (ReceiptKind.FAULT, State.FAULTED)
    stray = mdms.talks.receive(told.message)
    assert (stray.kind, stray.conversation) == (ReceiptKind.ORPHAN, None)  # only the connection tells whose it is


@pytest.mark.parametrize("answerable", [True, False])
def test_f4_an_event_that_cannot_be_read_is_dropped(answerable: bool) -> None:
    _, mdms, hes = pair()
    document = to_xml(hes.system.created(readings_of(A1)))
    spoilt = document.replace(b"<timeStamp>2026", b"<timeStamp>this year ")
    verdict = mdms.service.check(spoilt, answerable=answerable)
    assert isinstance(verdict, Refused)
    assert (verdict.answer, kinds_of(verdict.findings)) == (None, ["message-invalid"])
    torn = mdms.service.check(document[:-20], answerable=False)  # it came from a topic
    assert isinstance(torn, Refused)
    assert torn.answer is None


def test_f4b_a_payload_that_is_not_valid_is_refused_in_a_reply() -> None:
    stage, mdms, hes = pair()
    request = mdms.system.create(disconnect(A1))
    asked = spoiled(stage, mdms, hes, request, "<EndDevices>", "<Devices/><EndDevices>")
    told = answered(asked, hes, mdms)
    assert (told.message.header.correlation_id, told.message.reply.error[0].code) == (asked.talk.correlation_id, "1.8")
    assert "Devices" in (told.message.reply.error[0].details or "")
    assert (asked.talk.state, kinds_in(asked.talk)) == (State.FAILED, ["failed"])


@pytest.mark.parametrize(
    ("request_", "old", "new", "code"),
    [
        ("create", "payload", "", "1.7"),
        ("delete", "request", "", "1.6"),
        ("get", "<ReplyAddress>queue:MDMS.REPLIES</ReplyAddress>", "", "1.5"),
        ("create", '<EndDeviceControlType ref="3.31.0.23"/>', "<EndDeviceControlType/>", "5.8"),
        ("get", TIME, "", "1.5"),
    ],
    ids=["no payload", "no ID", "no reply address", "no control type", "no Timestamp, which was agreed"],
)
def test_f4c_what_lacks_a_required_part_is_refused_with_the_code_for_it(
    request_: str, old: str, new: str, code: str
) -> None:
    stage, mdms, hes = pair(required=["Timestamp"])
    requests: dict[str, Callable[[], RequestMessage[Any]]] = {
        "create": lambda: mdms.system.create(disconnect(A1)),
        "delete": lambda: mdms.system.delete(MeterConfig, ids=[meter(A1)]),
        "get": lambda: mdms.system.get(query_for(A1), reply_to=QUEUE),
    }
    request = requests[request_]()
    document = to_xml(request).decode()
    if old in {"payload", "request"}:
        start, end = f"<{old.capitalize()}>", f"</{old.capitalize()}>"
        old = start + document.partition(start)[2].partition(end)[0] + end
    asked = spoiled(stage, mdms, hes, request, old, new)
    told = answered(asked, hes, mdms)
    assert [one.code for one in told.message.reply.error] == [code]
    assert asked.talk.state is State.FAILED


def test_f4c_the_builders_refuse_what_lacks_a_required_part() -> None:
    _, mdms, _ = pair()
    with pytest.raises(ExchangeError, match="R10"):
        mdms.system.delete(MeterConfig)
    with pytest.raises(ExchangeError, match="R4"):
        mdms.system.get(query_for(A1), asynchronous=True)


# F13, F14: not acted upon -------------------------------------------------------------------------------------------


def test_f13_a_nonce_is_taken_once_though_the_message_has_a_new_number() -> None:
    stage, mdms, hes = pair()
    captured = ReplayDetection(nonce="n-1", created=START)
    assert isinstance(mdms.send(mdms.system.get(query_for(A1), replay=captured), hes).verdict, Accepted)
    again = mdms.send(mdms.system.get(query_for(A1), replay=captured), hes)
    assert (again.refused.code, again.refused.reason) == ("7.7", "the nonce was received before")
    answered(again, hes, mdms)
    assert again.talk.state is State.FAILED
    stage.wait(2 * 86_400)
    late = mdms.send(mdms.system.get(query_for(A1), replay=captured), hes)
    assert late.refused.code == "7.7"


def test_f13_f14_events_that_are_repeated_or_of_another_environment_are_dropped() -> None:
    stage = Stage()
    testing, production = stage.party("HES", context="TESTING"), stage.party("MDMS", context="PRODUCTION")
    event = testing.send(testing.system.created(readings_of(A1)), production)
    assert (event.refused.code, event.refused.answer) == ("7.7", None)

    own = stage.party("HES", context="PRODUCTION")
    event = own.send(own.system.created(readings_of(A1)), production)
    assert isinstance(event.verdict, Accepted)
    again = production.take(event.document)
    assert (again.refused.code, again.refused.answer) == ("7.7", None)
