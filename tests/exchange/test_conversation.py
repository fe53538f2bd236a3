"""What a client knows of its exchange, shown with the messages of real scenarios.

``conversation_findings.txt`` has the place, the sentence and the text in question of each finding that a test asks for,
as reviewed; ``pytest tests/exchange --update-golden`` writes what is found now, for review as a diff.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from iec61968_9 import exchange, from_xml
from iec61968_9.exchange import (
    TRANSITIONS,
    Conversation,
    DemandKind,
    Happening,
    OutcomeKind,
    Receipt,
    ReceiptKind,
    State,
    Subject,
)
from iec61968_9.identity import Identity, IdentityError, ObjectName, names
from iec61968_9.profiles import EndDeviceControls, MasterDataLinkageConfig
from iec61968_9.profiles.end_device_controls import EndDevice, EndDeviceGroup, RandomisationKind
from iec61968_9.profiles.envelope import (
    Error,
    Header,
    MessageProperty,
    Reply,
    RequestMessage,
    ResponseMessage,
    Result,
    Verb,
)
from iec61968_9.profiles.master_data_linkage_config import Meter as LinkedMeter
from iec61968_9.profiles.master_data_linkage_config import UsagePoint as LinkedPoint
from iec61968_9.profiles.usage_point_config import PricingStructure, UsagePoint
from iec61968_9.xml import Reference
from iec61968_9.xml.report import Finding

GOLDEN = Path(__file__).with_name("conversation_findings.txt")
MESSAGES = Path(__file__).parents[1] / "messages"
A1, A2, A3 = (f"6a0d5c1e-0b1f-4c55-9c0e-0000000000a{number}" for number in (1, 2, 3))
B1 = "6a0d5c1e-0b1f-4c55-9c0e-0000000000b1"


def message(step: str) -> Any:
    """The message of a step, such as ``A6-1``."""
    (path,) = [path for path in MESSAGES.glob("*.xml") if path.stem.split("_")[0] == step]
    return from_xml(path)


def talk(request: str, *steps: str) -> tuple[Conversation[Any], list[Receipt]]:
    """A conversation that has been fed with the messages of steps, and what came of each."""
    conversation: Conversation[Any] = Conversation(message(request))
    return conversation, [conversation.receive(_as_if_in_one(conversation, message(step))) for step in steps]


def _as_if_in_one(conversation: Conversation[Any], arriving: Any) -> Any:
    """The examples of one scenario do not all have the same CorrelationID."""
    if hasattr(arriving, "header"):
        arriving.header.correlation_id = conversation.correlation_id
    return arriving


def kinds(conversation: Conversation[Any]) -> dict[str, str]:
    """What became of each object, by the end of its mRID."""
    return {(subject.identity.mrid or "")[-2:]: str(outcome.kind) for subject, outcome in conversation.outcomes.items()}


SEEN: list[Finding] = []
"""What the test that runs has asked for."""


def found(*receipts: Receipt) -> list[str]:
    SEEN.extend(finding for receipt in receipts for finding in receipt.findings)
    return [finding.kind for receipt in receipts for finding in receipt.findings]


def reviewed() -> dict[str, str]:
    """What was reviewed, by the test."""
    sections = GOLDEN.read_text(encoding="utf-8").split("== ")
    return {head: text for head, _, text in (section.partition("\n") for section in sections if section)}


@pytest.fixture(autouse=True)
def worded(request: pytest.FixtureRequest) -> Iterator[None]:
    """Hold what the findings of a test say to what was reviewed."""
    SEEN.clear()
    yield
    lines = [
        f"{one.path}: {one.message} [{one.kind}]" + ("" if one.source is None else f" <- {one.source!r}")
        for one in SEEN
    ]
    name, now = request.node.name, "".join(f"{line}\n" for line in lines)
    if request.config.getoption("--update-golden"):
        kept = (reviewed() if GOLDEN.exists() else {}) | {name: now}
        GOLDEN.write_text("".join(f"== {one}\n{kept[one]}" for one in sorted(kept) if kept[one]), encoding="utf-8")
    assert reviewed().get(name, "") == now


# Reads --------------------------------------------------------------------------------------------------------------


def test_a_read_at_once_gives_the_readings_of_each_meter() -> None:
    conversation, (receipt,) = talk("A1-1", "A1-2")
    assert (receipt.kind, conversation.state, found(receipt)) == (ReceiptKind.FINAL, State.COMPLETE, [])
    outcome = conversation.outcomes.of(Identity(mrid=A1))
    assert outcome.kind is OutcomeKind.DATA
    assert outcome.items == tuple(conversation.payloads[0].meter_reading)
    assert outcome.payloads == conversation.payloads
    assert receipt.changed == (Subject(Identity(mrid=A1)),)
    assert conversation.outstanding == ()


def test_an_acknowledgement_is_not_the_end() -> None:
    conversation, (receipt,) = talk("A2-1", "A2-2")
    assert (receipt.kind, conversation.state) == (ReceiptKind.ACKNOWLEDGEMENT, State.ACKNOWLEDGED)
    assert kinds(conversation) == {"a1": "outstanding"}
    assert [str(subject) for subject in conversation.outstanding] == [f"EndDevice {A1}"]
    final = conversation.receive(message("A2-3"))
    assert (final.kind, conversation.state, found(final)) == (ReceiptKind.FINAL, State.COMPLETE, [])


def test_an_acknowledgement_without_its_code_is_recognised_in_an_asynchronous_get() -> None:
    conversation: Conversation[Any] = Conversation(message("A2-1"))
    bare = message("A2-2")
    bare.reply.error = []
    assert conversation.receive(bare).kind is ReceiptKind.ACKNOWLEDGEMENT
    assert conversation.state is State.ACKNOWLEDGED


@pytest.mark.parametrize("acknowledged_first", [True, False])
def test_what_was_taken_for_the_acknowledgement_is_the_answer_once_there_is_another(acknowledged_first: bool) -> None:
    conversation: Conversation[Any] = Conversation(message("A2-1"))
    nothing = message("A2-3")
    nothing.payload = None
    first, second = (message("A2-2"), nothing) if acknowledged_first else (nothing, message("A2-2"))
    assert conversation.receive(first).kind is ReceiptKind.ACKNOWLEDGEMENT
    assert not conversation.is_over
    receipt = conversation.receive(second)
    assert (conversation.state, kinds(conversation)) == (State.COMPLETE, {"a1": "unanswered"})
    assert found(receipt) == ([] if acknowledged_first else ["acknowledgement-late"])
    surplus = nothing.__class__(header=message("A2-3").header, reply=nothing.reply)
    surplus.header.message_id = "m-another"
    assert conversation.receive(surplus).kind is ReceiptKind.SURPLUS


def test_data_that_overtake_the_acknowledgement_are_taken() -> None:
    conversation, (final, late) = talk("A2-1", "A2-3", "A2-2")
    assert conversation.state is State.COMPLETE
    assert found(final) == ["acknowledgement-missing"]
    assert found(late) == ["acknowledgement-late"]


def test_an_event_may_bring_the_data() -> None:
    conversation, receipts = talk("A2-1", "A2-2", "A3-3")
    assert receipts[-1].kind is ReceiptKind.DATA
    assert conversation.state is State.COMPLETE
    assert found(*receipts) == []


def test_an_older_create_of_readings_without_values_waits_for_data() -> None:
    conversation, (acknowledged, data) = talk("A4-1", "A2-2", "A3-3")
    assert conversation.demand.legacy
    assert conversation.demand.kind is DemandKind.DATA
    assert (acknowledged.kind, data.kind) == (ReceiptKind.ACKNOWLEDGEMENT, ReceiptKind.DATA)


def test_a_bulk_read_ends_in_data_or_an_error_for_each_meter() -> None:
    conversation, receipts = talk("A6-1", "A2-2", "A6-3", "A6-4", "A6-5")
    assert [receipt.kind for receipt in receipts] == ["acknowledgement", "part", "part", "final"]
    assert kinds(conversation) == {"a1": "data", "a2": "failed", "a3": "data"}
    assert conversation.state is State.COMPLETE
    assert found(*receipts) == []
    failed = conversation.outcomes.of(Identity(mrid=A2.upper()))
    assert [error.code for error in failed.errors] == ["4.1"]
    assert not failed.is_good


def test_a_series_whose_parts_all_say_more_is_complete_when_all_are_answered() -> None:
    conversation, _ = talk("A6-1", "A6-3")
    assert not conversation.is_over
    conversation.receive(_as_if_in_one(conversation, message("A6-4")))
    assert conversation.state is State.COMPLETE
    closing = conversation.receive(_as_if_in_one(conversation, message("A6-5")))
    assert (closing.kind, closing.changed) == (ReceiptKind.FINAL, ())


def test_what_nobody_answered_is_found_at_the_end() -> None:
    conversation, (_, last) = talk("A6-1", "A6-3", "A6-5")
    assert kinds(conversation) == {"a1": "data", "a2": "unanswered", "a3": "unanswered"}
    assert found(last) == ["object-unanswered", "object-unanswered"]
    assert {finding.rule for finding in last.findings} == {"R7"}


def test_a_part_after_the_last_one_is_put_where_it_belongs() -> None:
    conversation, receipts = talk("A6-1", "A2-2", "A6-5", "A6-3", "A6-4")
    assert kinds(conversation) == {"a1": "data", "a2": "failed", "a3": "data"}
    assert conversation.state is State.COMPLETE
    assert found(*receipts) == ["part-after-last", "object-unanswered", "object-unanswered", "part-after-last"]


def test_good_and_bad_items_in_one_reply_are_told_apart() -> None:
    conversation, (receipt,) = talk("A6-1", "F5")
    assert kinds(conversation) == {"a1": "data", "a2": "failed", "a3": "data"}
    assert conversation.state is State.COMPLETE
    assert receipt.kind is ReceiptKind.FINAL


def test_a_missing_reading_type_is_named() -> None:
    request = message("A1-1")
    asked = request.query.reading_type
    asked.append(type(asked[0])(mrid="0.0.0.1.19.1.12.0.0.0.0.0.0.0.0.3.72.0"))
    conversation = Conversation(request)
    receipt = conversation.receive(message("A1-2"))
    (missing,) = conversation.outcomes.of(Identity(mrid=A1)).missing
    assert str(missing) == "0.0.0.1.19.1.12.0.0.0.0.0.0.0.0.3.72.0"
    assert found(receipt) == ["object-unanswered"]


def test_an_error_about_the_reading_type_is_one_for_every_meter_without_data() -> None:
    request = message("A1-1")
    request.query.reading_type[0].names[0].name = "8.8.0.6.1.1.8.0.0.0.0.0.0.0.0.3.38.0"
    conversation = Conversation(request)
    conversation.receive(_as_if_in_one(conversation, message("F2")))
    assert conversation.state is State.FAILED
    assert [error.code for error in conversation.outcomes.of(Identity(mrid=A1)).errors] == ["2.10"]


def test_no_match_is_an_answer() -> None:
    conversation: Conversation[Any] = Conversation(message("A1-1"))
    empty = message("A1-2")
    empty.payload = None
    receipt = conversation.receive(empty)
    assert (conversation.state, found(receipt)) == (State.COMPLETE, [])
    assert kinds(conversation) == {"a1": "unanswered"}


def test_the_members_of_a_group_cannot_be_counted_and_this_is_said() -> None:
    request = message("A6-1")
    from iec61968_9.profiles.get_meter_readings import EndDeviceGroup

    request.query.end_device = []
    request.query.end_device_group = [EndDeviceGroup(mrid="feeder-7")]
    conversation = Conversation(request)
    assert conversation.unlisted == ("the members of EndDeviceGroup feeder-7",)
    conversation.receive(_as_if_in_one(conversation, message("A6-3")))
    assert (conversation.state, len(conversation.outcomes)) == (State.PARTIAL, 0)
    assert [reading.meter.mrid for reading in conversation.others] == [A1]
    receipt = conversation.receive(_as_if_in_one(conversation, message("A6-5")))
    assert (conversation.state, found(receipt)) == (State.COMPLETE, [])


def paged(step: str, page: str) -> Any:
    """A message that counts the pages of its answer, as some senders do."""
    arriving = message(step)
    arriving.header.property = [MessageProperty(name="MessageIndex", value=page)]
    arriving.header.message_id = f"page {page}"
    return arriving


def test_an_answer_in_counted_pages_is_complete_with_the_last_of_them() -> None:
    conversation: Conversation[Any] = Conversation(message("A2-1"))
    first = conversation.receive(_as_if_in_one(conversation, paged("A3-3", "1/2")))
    assert (first.kind, conversation.is_over, conversation.outstanding) == (ReceiptKind.DATA, False, ())
    again = _as_if_in_one(conversation, paged("A3-3", "1/2"))
    again.header.message_id = "another"
    assert found(conversation.receive(again)) == ["page-repeated"]
    conversation.receive(_as_if_in_one(conversation, paged("A3-3", "2/2")))
    assert conversation.state is State.COMPLETE


def test_a_page_that_has_not_come_is_missed_when_the_waiting_ends() -> None:
    conversation: Conversation[Any] = Conversation(message("A2-1"))
    conversation.receive(_as_if_in_one(conversation, paged("A3-3", "1/3")))
    receipt = conversation.expire()
    assert receipt is not None
    assert [finding.message for finding in receipt.findings] == ["only 1 of 3 pages have arrived"]


# Failures -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("step", "code"), [("F1", "2.4"), ("F3", "2.9"), ("F6", "4.1")])
def test_a_refusal_fails_what_was_asked(step: str, code: str) -> None:
    request = message("A1-1")
    if step == "F1":
        request.query.end_device[0].mrid = None
        request.query.end_device[0].names = [*message("E1-3").content.meter[0].names]
        request.query.end_device[0].names[0].name = "B-9999"
    conversation = Conversation(request)
    conversation.receive(_as_if_in_one(conversation, message(step)))
    assert conversation.state is State.FAILED
    (outcome,) = conversation.outcomes.values()
    assert (outcome.kind, [error.code for error in outcome.errors]) == (OutcomeKind.FAILED, [code])


def test_a_fault_ends_the_exchange() -> None:
    conversation, (receipt, after) = talk("A1-1", "F4", "A1-2")
    assert (receipt.kind, conversation.state) == (ReceiptKind.FAULT, State.FAULTED)
    assert kinds(conversation) == {"a1": "failed"}
    assert (after.kind, found(after)) == (ReceiptKind.SURPLUS, ["message-after-end"])
    again = conversation.receive(message("F4"))
    assert again.kind is ReceiptKind.DUPLICATE


def test_a_reply_without_a_result_is_unknown_and_no_success() -> None:
    conversation: Conversation[Any] = Conversation(message("E1-1"))
    reply = _as_if_in_one(conversation, message("E1-2"))
    reply.reply.result = None
    reply.reply.error = []
    conversation.receive(reply)
    assert conversation.state is State.FAILED
    assert kinds(conversation) == {"b1": "unknown"}


def test_silence_leaves_unknown_what_is_outstanding_and_a_late_reply_settles_it() -> None:
    conversation, _ = talk("A6-1", "A6-3")
    receipt = conversation.expire()
    assert receipt is not None
    assert receipt.kind is ReceiptKind.SILENCE
    assert kinds(conversation) == {"a1": "data", "a2": "unknown", "a3": "unknown"}
    assert found(receipt) == ["parts-without-end"]
    assert conversation.expire() is None
    late = conversation.receive(_as_if_in_one(conversation, message("A6-4")))
    assert late.late
    assert found(late) == ["late-reply"]
    assert kinds(conversation) == {"a1": "data", "a2": "failed", "a3": "data"}
    assert conversation.state is State.COMPLETE
    assert conversation.expire() is None


def test_a_second_final_reply_changes_nothing() -> None:
    conversation, _ = talk("A1-1", "A1-2")
    other = message("F6")
    other.header.message_id = "m-3"
    receipt = conversation.receive(_as_if_in_one(conversation, other))
    assert (receipt.kind, found(receipt)) == (ReceiptKind.SURPLUS, ["second-final-reply"])
    assert kinds(conversation) == {"a1": "data"}


def test_a_repeated_message_changes_nothing() -> None:
    conversation, receipts = talk("A6-1", "A6-3", "A6-3")
    assert (receipts[1].kind, found(receipts[1])) == (ReceiptKind.DUPLICATE, ["duplicate-message"])
    assert len(conversation.payloads) == 1


def test_two_messages_with_one_message_id_are_both_taken_and_reported() -> None:
    conversation: Conversation[Any] = Conversation(message("A6-1"))
    for step in ("A6-3", "A6-4"):
        arriving = _as_if_in_one(conversation, message(step))
        arriving.header.message_id = "always-the-same"
        receipt = conversation.receive(arriving)
    assert found(receipt) == ["message-id-repeated"]
    assert kinds(conversation) == {"a1": "data", "a2": "failed", "a3": "data"}


@pytest.mark.parametrize("correlation", ["c-other", "m-2"])
def test_a_reply_of_another_exchange_is_an_orphan(correlation: str) -> None:
    """``m-2`` is the reply's own MessageID, which some senders repeat there."""
    conversation: Conversation[Any] = Conversation(message("A1-1"))
    reply = message("A1-2")
    reply.header.correlation_id = correlation
    receipt = conversation.receive(reply)
    assert (receipt.kind, found(receipt), conversation.state) == (ReceiptKind.ORPHAN, ["orphan"], State.SENT)
    assert receipt.conversation is None


@pytest.mark.parametrize("correlation", [None, " ", "m-1"])
def test_a_reply_that_cites_the_message_id_or_nothing_is_taken(correlation: str | None) -> None:
    """Where nothing is cited the connection has told whose the reply is."""
    conversation: Conversation[Any] = Conversation(message("A1-1"))
    reply = message("A1-2")
    reply.header.correlation_id = correlation
    assert conversation.receive(reply).is_taken


def test_an_object_with_data_and_an_error_is_contradicted() -> None:
    conversation, _ = talk("A6-1", "A6-3")
    error = _as_if_in_one(conversation, message("A6-4"))
    error.reply.error[1].id.value = A1
    receipt = conversation.receive(error)
    assert "outcome-contradicted" in found(receipt)
    assert kinds(conversation) == {"a1": "contradicted", "a2": "outstanding", "a3": "data"}


def test_data_and_errors_for_what_was_not_asked_are_reported() -> None:
    conversation, (data,) = talk("A1-1", "F5")
    assert found(data) == ["object-not-asked", "object-not-asked"]
    assert kinds(conversation) == {"a1": "data"}
    assert [reading.meter.mrid for reading in conversation.others] == [A3]
    assert [error.code for error in conversation.errors] == ["2.4"]


def test_data_of_others_make_no_success_of_a_failure() -> None:
    conversation: Conversation[Any] = Conversation(message("A1-1"))
    data = message("A2-3").content
    data.meter_reading[0].meter.mrid = A3
    reply = exchange.reply(conversation.request, data, errors=[exchange.error("2.4", of=exchange.object_id(A1))])
    conversation.receive(reply)
    assert (conversation.state, kinds(conversation)) == (State.FAILED, {"a1": "failed"})
    assert conversation.payloads == (data,)


def test_an_error_that_fits_two_objects_is_attached_to_neither() -> None:
    request = message("A6-1")
    devices = request.query.end_device
    for device, kind in zip(devices, ("SerialNumber", "MeterBadgeNumber", "Other"), strict=True):
        device.mrid = None
        device.names = [*message("E1-3").content.meter[0].names]
        device.names[0].name = "1001"
        device.names[0].name_type.name = kind
    conversation = Conversation(request)
    reply = _as_if_in_one(conversation, message("F1"))
    reply.reply.error[0].id.value = "1001"
    reply.reply.error[0].id.id_type = None
    receipt = conversation.receive(reply)
    assert found(receipt) == ["answer-ambiguous"]
    assert {outcome.kind for outcome in conversation.outcomes.values()} == {OutcomeKind.UNKNOWN}
    with pytest.raises(IdentityError, match="one object of the request was to be meant"):
        conversation.outcomes.of(Identity(names=(ObjectName("1001"),)))


# Transactions -------------------------------------------------------------------------------------------------------


def test_what_no_error_names_succeeded() -> None:
    request = message("E1-3")
    other = message("E1-3").content.meter[0]
    other.mrid, other.names = A2, []
    request.content.meter.append(other)
    conversation = Conversation(request)
    conversation.receive(_as_if_in_one(conversation, message("F8")))
    assert kinds(conversation) == {"a1": "failed", "a2": "done", "-1": "done"}
    assert conversation.state is State.COMPLETE


@pytest.mark.parametrize("result", [Result.FAILED, Result.PARTIAL])
def test_an_error_about_something_inside_one_object_spares_the_others(result: Result) -> None:
    """Whatever the Result: what no error names, and nothing inside it either, succeeded (R8, R9)."""
    request = message("E1-1")
    (point,) = request.content.usage_point
    point.pricing_structures = PricingStructure(mrid="tariff-1")
    request.content.usage_point.append(UsagePoint(mrid=B1[:-1] + "2", is_sdp=True))
    conversation = Conversation(request)
    unknown = exchange.error("2.33", of=point.pricing_structures)
    conversation.receive(exchange.reply(request, errors=[unknown], result=result))
    assert (kinds(conversation), conversation.state) == ({"b1": "failed", "b2": "done"}, State.COMPLETE)
    assert [outcome.errors for outcome in conversation.outcomes.values()] == [(unknown,), ()]


def test_an_error_about_a_device_spares_the_other_controls_that_were_to_be_canceled() -> None:
    first, second = two_controls()
    request = exchange.cancel(EndDeviceControls(end_device_control=[first, second]))
    conversation = Conversation(request)
    conversation.receive(exchange.fail(request, exchange.error("5.3", of=first.end_devices[0])))
    assert kinds(conversation) == {"-1": "failed", "-2": "done"}


def test_what_is_inside_a_link_fails_all_links() -> None:
    """They stand or fall together, whatever the Result."""
    meter = LinkedMeter(mrid=A1)
    request = exchange.create(MasterDataLinkageConfig(meter=[meter], usage_point=[LinkedPoint(mrid=B1)]))
    for result in (Result.FAILED, Result.PARTIAL):
        conversation = Conversation(request)
        conversation.receive(exchange.reply(request, errors=[exchange.error("2.4", of=meter)], result=result))
        assert kinds(conversation) == {"a1": "failed", "b1": "failed"}


@pytest.mark.parametrize("code", ["6.2", "6.3", "6.4", "6.5", "SIM0017"])
def test_what_ok_only_remarks_on_an_object_is_no_failure_and_is_kept(code: str) -> None:
    """An order that was put off was taken on; its reply says OK and why (R24)."""
    conversation: Conversation[Any] = Conversation(message("E6a-1"))
    named, unnamed = Error(code=code, id=exchange.object_id(A1)), Error(code=code, reason="unnamed")
    reply = ResponseMessage[Any](
        header=Header(verb=Verb.REPLY, noun="MeterConfig"), reply=Reply(result=Result.OK, error=[named, unnamed])
    )
    conversation.receive(_as_if_in_one(conversation, reply))
    (outcome,) = conversation.outcomes.values()
    assert (conversation.state, outcome.kind) == (State.COMPLETE, OutcomeKind.DONE)
    assert (outcome.errors, conversation.errors) == ((named,), (unnamed,))


def test_no_data_is_what_became_of_an_object_whatever_the_result() -> None:
    conversation: Conversation[Any] = Conversation(message("A1-1"))
    reply = exchange.reply(conversation.request)
    none = reply.reply.error[0] = Error(code="5.7", id=exchange.object_id(A1))
    conversation.receive(reply)
    (outcome,) = conversation.outcomes.values()
    assert (conversation.state, outcome.kind, outcome.errors) == (State.FAILED, OutcomeKind.FAILED, (none,))


def test_the_failure_of_an_operation_that_the_request_does_not_have_is_kept() -> None:
    """Nobody knows which one is meant, so nothing is known of the others."""
    conversation: Conversation[Any] = Conversation(message("E2-1"))
    reply = exchange.fail(conversation.request, "2.4")
    reply.reply.error[0].operation_id = 9
    receipt = conversation.receive(reply)
    assert found(receipt) == ["operation-unknown"]
    assert (conversation.errors, conversation.state) == (tuple(reply.reply.error), State.FAILED)
    assert {outcome.kind for outcome in conversation.outcomes.values()} == {OutcomeKind.UNKNOWN}


def test_what_ok_remarks_on_an_operation_is_kept_with_it() -> None:
    conversation: Conversation[Any] = Conversation(message("E2-1"))
    reply = exchange.reply(conversation.request)
    put_off = reply.reply.error[0] = Error(code="6.4", operation_id=2)
    conversation.receive(reply)
    assert conversation.state is State.COMPLETE
    assert conversation.outcomes.of(2).errors == (put_off,)
    assert [outcome.kind for outcome in conversation.outcomes.values()] == [OutcomeKind.DONE] * 3


@pytest.mark.parametrize("event_first", [False, True])
@pytest.mark.parametrize("code", ["5.1", None])
def test_an_event_of_success_contradicts_the_refusal_of_everything(event_first: bool, code: str | None) -> None:
    """Such an event is published after success only (R11), whichever of the two comes first."""
    conversation: Conversation[Any] = Conversation(message("E1-1"))
    refusal = exchange.fail(conversation.request, code or "5.1")
    refusal.reply.error = refusal.reply.error if code is not None else []
    coming = [refusal, exchange.created(request=conversation.request)]
    receipts = [conversation.receive(one) for one in (reversed(coming) if event_first else coming)]
    assert {outcome.kind for outcome in conversation.outcomes.values()} == {OutcomeKind.CONTRADICTED}
    assert found(*receipts) == ["outcome-contradicted"]


@pytest.mark.parametrize("event_first", [False, True])
def test_a_device_that_did_what_was_refused_as_a_whole_is_contradicted(event_first: bool) -> None:
    conversation: Conversation[Any] = Conversation(message("B1-1"))
    coming = [exchange.fail(conversation.request, "5.1"), _as_if_in_one(conversation, message("B1-4"))]
    receipts = [conversation.receive(one) for one in (reversed(coming) if event_first else coming)]
    assert kinds(conversation) == {"a1": "contradicted"}
    assert found(*receipts) == ["outcome-contradicted"]


def test_an_event_of_success_confirms_what_a_partial_failure_does_not_name() -> None:
    conversation: Conversation[Any] = Conversation(message("E1-3"))
    badge, function = conversation.outcomes
    conversation.receive(exchange.fail(conversation.request, exchange.error("6.1", of=function.identity)))
    conversation.receive(exchange.created(exchange.content_of(conversation.request), request=conversation.request))
    outcomes = conversation.outcomes
    assert (outcomes[badge].kind, outcomes[function].kind) == (OutcomeKind.DONE, OutcomeKind.CONTRADICTED)


def test_a_created_object_may_be_told_by_the_event_alone() -> None:
    request = message("E1-1")
    conversation = Conversation(request)
    event = message("E2-3")
    event.header.verb, event.header.noun, event.header.correlation_id = Verb.CREATED, "UsagePointConfig", "c-e1"
    event.payload.operation_set = None
    event.payload.contents = [request.content]
    assert conversation.receive(event).kind is ReceiptKind.ECHO
    assert conversation.state is State.COMPLETE


def test_the_id_of_a_new_schedule_is_kept_and_deliveries_are_noted() -> None:
    conversation, receipts = talk("A8-1", "A8-2", "A8-3")
    assert [receipt.kind for receipt in receipts] == [ReceiptKind.FINAL, ReceiptKind.NOTICE]
    assert conversation.state is State.COMPLETE
    assert [str(one) for one in conversation.returned] == ["MeterReadSchedule transaction sched-77"]


def test_an_id_that_is_given_back_several_times_is_one() -> None:
    conversation: Conversation[Any] = Conversation(message("A8-1"))
    reply = _as_if_in_one(conversation, message("A8-2"))
    reply.reply.id = [*reply.reply.id, exchange.object_id(A1), *reply.reply.id]
    conversation.receive(reply)
    assert [str(one) for one in conversation.returned] == ["MeterReadSchedule transaction sched-77", A1]


@pytest.mark.parametrize("step", ["E6a-1", "E6b-1", "A9-1", "B12a-1"])
def test_objects_that_are_named_by_id_are_done_when_the_reply_says_so(step: str) -> None:
    request: RequestMessage[Any] = message(step)
    conversation = Conversation(request)
    header = Header(verb=Verb.REPLY, noun=request.header.noun, correlation_id=conversation.correlation_id)
    conversation.receive(ResponseMessage[Any](header=header, reply=Reply(result=Result.OK, error=[Error(code="0.0")])))
    assert [outcome.kind for outcome in conversation.outcomes.values()] == [OutcomeKind.DONE]


def test_ids_in_an_event_tell_what_was_done() -> None:
    conversation, (receipt,) = talk("E6a-1", "E6-3")
    assert (receipt.kind, conversation.state) == (ReceiptKind.ECHO, State.COMPLETE)


def test_nothing_is_expected_of_a_one_way_request() -> None:
    request = message("E4-1")
    request.header.ack_required = False
    conversation = Conversation(request)
    assert (conversation.state, conversation.expire()) == (State.ONE_WAY, None)
    assert kinds(conversation) == {"b1": "unknown"}


# Operation sets -----------------------------------------------------------------------------------------------------


def test_one_reply_speaks_for_the_whole_set() -> None:
    conversation, receipts = talk("E2-1", "E2-2", "E2-3")
    assert [receipt.kind for receipt in receipts] == [ReceiptKind.FINAL, ReceiptKind.ECHO]
    assert [str(outcome.kind) for outcome in conversation.outcomes.values()] == ["done", "done", "done"]
    assert conversation.outcomes.of(2).is_good


def test_an_event_about_an_operation_that_the_request_does_not_have_is_reported() -> None:
    conversation: Conversation[Any] = Conversation(message("E2-1"))
    event = _as_if_in_one(conversation, message("E2-3"))
    event.payload.operation_set.operation[1].operation_id = 7
    receipt = conversation.receive(event)
    assert (receipt.kind, found(receipt)) == (ReceiptKind.ECHO, ["operation-unknown"])
    assert [str(outcome.kind) for outcome in conversation.outcomes.values()] == ["done", "outstanding", "done"]


def test_operations_are_answered_one_by_one() -> None:
    conversation, (first, last) = talk("E2-1", "E3-2", "E3-3")
    assert (first.kind, last.kind) == (ReceiptKind.PART, ReceiptKind.FINAL)
    assert [str(outcome.kind) for outcome in conversation.outcomes.values()] == ["done", "unanswered", "done"]
    assert found(first, last) == ["object-unanswered"]


def test_the_answer_to_the_last_operation_that_is_outstanding_is_the_last() -> None:
    """Also where no reply says 0.2, as for a set of one (E7)."""
    conversation, (only,) = talk("E7-1", "E7-2")
    assert (only.kind, conversation.state) == (ReceiptKind.FINAL, State.COMPLETE)
    conversation, _ = talk("E2-1")
    replies = [exchange.reply(conversation.request, operation_id=number) for number in (2, 3, 1)]
    kinds = [conversation.receive(reply).kind for reply in replies]
    assert kinds == [ReceiptKind.PART, ReceiptKind.PART, ReceiptKind.FINAL]


def test_an_operation_that_is_answered_twice_is_reported() -> None:
    conversation, _ = talk("E2-1", "E3-2")
    again = _as_if_in_one(conversation, message("E3-2"))
    again.header.message_id = "m-other"
    receipt = conversation.receive(again)
    assert found(receipt) == ["operation-answered-twice"]
    again = _as_if_in_one(conversation, message("E3-2"))
    again.header.message_id, again.reply.operation_id, again.reply.error[0].operation_id = "m-9", 9, 9
    assert found(conversation.receive(again)) == ["operation-unknown"]


def test_a_rollback_names_the_culprit_and_the_others() -> None:
    conversation, _ = talk("E2-1", "E10-2")
    assert conversation.state is State.FAILED
    codes = [[error.code for error in outcome.errors] for outcome in conversation.outcomes.values()]
    assert codes == [["5.9"], ["5.9"], ["2.4"]]


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (Result.FAILED, OutcomeKind.FAILED),
        (None, OutcomeKind.UNKNOWN),
        (Result.PARTIAL, OutcomeKind.DONE),
        (Result.OK, OutcomeKind.DONE),
    ],
)
def test_a_reply_for_one_operation_without_an_error_says_what_its_result_says(
    result: Result | None, expected: OutcomeKind
) -> None:
    conversation = Conversation(exchanging(all_or_nothing=False))
    for number in (2, 1, 3):
        reply = exchange.reply(conversation.request, operation_id=number)
        reply.reply.error = []
        reply.reply.result = result if number == 2 else Result.OK  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]  # lenient reading lets it be missing
        conversation.receive(reply)
        assert conversation.outcomes.of(number).kind is (expected if number == 2 else OutcomeKind.DONE)
    assert (conversation.state, conversation.outcomes.of(2).kind) == (State.COMPLETE, expected)


@pytest.mark.parametrize(("result", "kind"), [(Result.FAILED, "failed"), (None, "unknown")])
def test_the_only_operation_of_which_no_success_is_told_ends_the_exchange_as_failed(
    result: Result | None, kind: str
) -> None:
    conversation: Conversation[Any] = Conversation(message("E7-1"))
    reply = exchange.reply(conversation.request, operation_id=1)
    reply.reply.result, reply.reply.error = result, []  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]  # as above
    receipt = conversation.receive(reply)
    assert (receipt.kind, conversation.state, conversation.outcomes.of(1).kind) == ("final", State.FAILED, kind)


def test_a_reply_for_one_operation_whose_error_is_about_another_is_no_failure_of_the_one() -> None:
    conversation = Conversation(exchanging(all_or_nothing=False))
    reply = exchange.fail(conversation.request, exchange.error("2.4", operation_id=3))
    reply.reply.operation_id = 1
    conversation.receive(reply)
    assert [str(outcome.kind) for outcome in conversation.outcomes.values()] == ["done", "outstanding", "failed"]


def exchanging(all_or_nothing: bool, in_order: bool = True, **options: Any) -> RequestMessage[Any]:
    """A meter exchange; the new meter stands in the second operation and in the third."""
    request = exchange.execute(message("E8-1").payload.operation_set, **options)
    request.payload.operation_set.enforce_transactional_integrity = all_or_nothing  # type: ignore[union-attr]  # pyright: ignore[reportOptionalMemberAccess]  # it has one
    request.payload.operation_set.enforce_msg_sequence = in_order  # type: ignore[union-attr]  # pyright: ignore[reportOptionalMemberAccess]
    return request


@pytest.mark.parametrize("result", [Result.FAILED, Result.PARTIAL])
@pytest.mark.parametrize("in_order", [True, False])
@pytest.mark.parametrize(("all_or_nothing", "first"), [(True, "failed"), (False, "done")])
def test_an_error_about_an_object_of_two_operations_spares_the_third_unless_it_is_all_or_nothing(
    result: Result, in_order: bool, all_or_nothing: bool, first: str
) -> None:
    request = exchanging(all_or_nothing, in_order)
    unknown = exchange.error("2.4", of=request.payload.operation_set.operation[1].content.meter[0])  # type: ignore[union-attr]  # pyright: ignore
    conversation = Conversation(request)
    conversation.receive(exchange.reply(request, errors=[unknown], result=result))
    outcomes = conversation.outcomes
    assert [str(outcome.kind) for outcome in outcomes.values()] == [first, "failed", "failed"]
    assert outcomes.of(2).errors == outcomes.of(3).errors == (unknown,)
    assert conversation.state is (State.FAILED if all_or_nothing else State.COMPLETE)

    series = Conversation(exchanging(all_or_nothing, in_order, reply_to="queue:Q"))
    series.receive(exchange.acknowledge(series.request))
    series.receive(exchange.partial(series.request, errors=[unknown], last=True))
    assert [str(outcome.kind) for outcome in series.outcomes.values()] == [first, "failed", "failed"]


@pytest.mark.parametrize("success_first", [True, False])
@pytest.mark.parametrize("culprit", [None, 3])
def test_a_success_within_a_set_that_failed_as_a_whole_is_contradicted_if_it_was_all_or_nothing(
    success_first: bool, culprit: int | None
) -> None:
    for all_or_nothing in (True, False):
        request = exchanging(all_or_nothing, reply_to="queue:Q")
        conversation = Conversation(request)
        early = exchange.partial(request, operation_id=1)
        refusal = exchange.fail(request, exchange.error("2.4", operation_id=culprit))
        order = [early, refusal] if success_first else [refusal, early]
        kinds = {one.kind for told in order for one in conversation.receive(told).findings}
        assert conversation.outcomes.of(1).kind is (OutcomeKind.CONTRADICTED if all_or_nothing else OutcomeKind.DONE)
        assert ("integrity-broken" in kinds) == ("outcome-contradicted" in kinds) == all_or_nothing


@pytest.mark.parametrize(("all_or_nothing", "third"), [(True, "failed"), (False, "unanswered")])
def test_an_operation_of_which_nobody_speaks_failed_with_the_set_if_it_was_all_or_nothing(
    all_or_nothing: bool, third: str
) -> None:
    request = exchanging(all_or_nothing, reply_to="queue:Q")
    conversation = Conversation(request)
    conversation.receive(exchange.acknowledge(request))
    conversation.receive(exchange.partial(request, errors=[exchange.error("5.9")], operation_id=1))
    conversation.receive(exchange.partial(request, errors=[exchange.error("2.4")], operation_id=2, last=True))
    assert [str(outcome.kind) for outcome in conversation.outcomes.values()] == ["failed", "failed", third]


@pytest.mark.parametrize(
    ("all_or_nothing", "in_order", "expected"),
    [
        (True, True, ["failed", "failed", "failed"]),
        (False, True, ["done", "failed", "unknown"]),
        (False, False, ["done", "failed", "done"]),
    ],
)
def test_what_an_error_of_one_operation_means_for_the_others_depends_on_the_flags(
    all_or_nothing: bool, in_order: bool, expected: list[str]
) -> None:
    request = message("E2-1")
    request.payload.operation_set.enforce_transactional_integrity = all_or_nothing
    request.payload.operation_set.enforce_msg_sequence = in_order
    conversation = Conversation(request)
    reply = _as_if_in_one(conversation, message("E10-2"))
    reply.reply.error = [Error(code="2.4", operation_id=2)]
    conversation.receive(reply)
    assert [str(outcome.kind) for outcome in conversation.outcomes.values()] == expected


# Controls -----------------------------------------------------------------------------------------------------------


def test_only_the_event_of_the_device_ends_a_control() -> None:
    conversation, receipts = talk("B1-1", "B1-2", "B1-3")
    assert [receipt.kind for receipt in receipts] == ["acknowledgement", "echo"]
    assert (conversation.state, kinds(conversation)["a1"]) == (State.ACKNOWLEDGED, "outstanding")
    receipt = conversation.receive(message("B1-4"))
    assert (receipt.kind, conversation.state) == (ReceiptKind.COMPLETION, State.COMPLETE)
    outcome = conversation.outcomes.of(Identity(mrid=A1))
    assert outcome.kind is OutcomeKind.DONE
    assert [event.end_device_event_type.ref for event in outcome.events] == ["3.31.0.68"]


def test_a_plain_ok_only_says_that_the_control_was_taken_on() -> None:
    conversation: Conversation[Any] = Conversation(message("B1-1"))
    reply = message("B1-2")
    reply.reply.error[0].code = "0.0"
    conversation.receive(reply)
    assert conversation.state is State.ACKNOWLEDGED
    receipt = conversation.expire()
    assert receipt is not None
    assert kinds(conversation)["a1"] == "unknown"


def test_the_failure_event_fails_the_device() -> None:
    conversation, _ = talk("B1-1", "B1-2", "B1-4x")
    assert conversation.state is State.FAILED
    assert kinds(conversation)["a1"] == "failed"


def test_an_event_without_correlation_is_tied_by_tracking_number_and_device() -> None:
    conversation, _ = talk("B1-1", "B1-2")
    event = message("B1-4")
    event.header.correlation_id = None
    other = message("B1-4")
    other.header.correlation_id = None
    other.content.end_device_event[0].issuer_tracking_id = "SO-9002"
    assert conversation.receive(other).kind is ReceiptKind.ORPHAN
    assert conversation.receive(event).kind is ReceiptKind.COMPLETION
    assert conversation.state is State.COMPLETE


def test_a_repeated_completion_is_one_and_another_time_is_reported() -> None:
    conversation, _ = talk("B1-1", "B1-4")
    same = message("B1-4")
    same.header.message_id = "m-5"
    assert found(conversation.receive(same)) == []
    later = message("B1-4")
    later.header.message_id = "m-6"
    event = later.content.end_device_event[0]
    event.created_date_time = event.created_date_time.replace(hour=9)
    assert found(conversation.receive(later)) == ["completion-repeated"]


def test_an_echo_after_the_completion_is_noted() -> None:
    _, receipts = talk("B1-1", "B1-2", "B1-4", "B1-3")
    assert found(*receipts) == ["echo-late"]


def test_an_event_of_another_device_is_reported() -> None:
    conversation: Conversation[Any] = Conversation(message("B1-1"))
    event = message("B1-4")
    event.content.end_device_event[0].assets.mrid = A2
    assert found(conversation.receive(event)) == ["object-not-asked"]
    assert conversation.outstanding != ()


def test_each_device_of_each_control_has_its_own_outcome() -> None:
    request = message("B1-1")
    control = request.content.end_device_control[0]
    other = message("B2-1").content.end_device_control[0]
    other.mrid, other.issuer_tracking_id = "control-2", "SO-9002"
    control.end_devices.append(type(control.end_devices[0])(mrid=A2))
    request.content.end_device_control.append(other)
    conversation = Conversation(request)
    assert len(conversation.outcomes) == 3
    conversation.receive(message("B1-4"))
    assert [str(outcome.kind) for outcome in conversation.outcomes.values()] == ["done", "outstanding", "outstanding"]
    assert conversation.state is State.PARTIAL
    assert conversation.outcomes.of(Identity(mrid=A1), control=other).kind is OutcomeKind.OUTSTANDING


def two_controls() -> list[Any]:
    (first,) = message("B1-1").content.end_device_control
    first.mrid, first.issuer_tracking_id = "control-1", None
    second = dataclasses.replace(first, mrid="control-2", end_devices=[EndDevice(mrid=A2)])
    return [first, second]


def test_an_error_about_one_control_spares_the_devices_of_the_others() -> None:
    request = exchange.create(EndDeviceControls(end_device_control=two_controls()))
    conversation = Conversation(request)
    conversation.receive(exchange.fail(request, exchange.error("5.3", of=request.content.end_device_control[0])))
    assert (kinds(conversation), conversation.is_over) == ({"a1": "failed", "a2": "outstanding"}, False)
    done = _as_if_in_one(conversation, message("B1-4"))
    done.content.end_device_event[0].assets.mrid = A2
    done.content.end_device_event[0].issuer_tracking_id = None
    assert found(conversation.receive(done)) == []
    assert (kinds(conversation), conversation.is_over) == ({"a1": "failed", "a2": "done"}, True)


def test_a_device_arms_and_the_customer_completes_it() -> None:
    conversation: Conversation[Any] = Conversation(message("B5-1"))
    event = message("B1-4")
    event.header.correlation_id = conversation.correlation_id
    event.content.end_device_event[0].issuer_tracking_id = None
    event.content.end_device_event[0].end_device_event_type = type(
        event.content.end_device_event[0].end_device_event_type
    )(ref="3.31.0.42")
    conversation.receive(event)
    assert conversation.state is State.COMPLETE


def test_a_control_of_a_group_is_never_counted_to_its_end() -> None:
    conversation: Conversation[Any] = Conversation(message("B8-1"))
    assert conversation.unlisted == ("the members of EndDeviceGroup DR-GROUP-1",)
    reply = _as_if_in_one(conversation, message("B1-2"))
    reply.reply.error[0].code = "0.0"
    conversation.receive(reply)
    receipt = conversation.receive(_as_if_in_one(conversation, message("B8-4")))
    assert (receipt.kind, found(receipt)) == (ReceiptKind.COMPLETION, [])
    assert conversation.state is State.PARTIAL
    assert kinds(conversation) == {"a1": "outstanding", "a2": "failed", "a3": "outstanding"}


def _to_two_groups(*devices: str) -> Conversation[Any]:
    """A control of two groups, and perhaps of devices."""
    request = message("B1-1")
    (control,) = request.content.end_device_control
    control.end_devices = [EndDevice(mrid=one) for one in devices]
    control.end_device_groups = [EndDeviceGroup(names=names(one)) for one in ("NORTH", "SOUTH")]
    return Conversation(request)


def _group(name: str) -> Identity:
    return Identity(names=(ObjectName(name),), object_type="EndDeviceGroup")


def test_a_control_of_groups_ends_when_a_reply_refuses_the_control_or_the_group() -> None:
    """The groups are no subjects; the failure stands on the exchange."""
    conversation = _to_two_groups()
    (control,) = conversation.request.content.end_device_control
    for meant in (control, _group("NORTH")):
        refused = Conversation[Any](conversation.request)
        unknown = exchange.error("2.15", of=meant)
        receipt = refused.receive(exchange.fail(refused.request, unknown))
        assert (receipt.findings, refused.state, refused.errors) == ((), State.FAILED, (unknown,))


@pytest.mark.parametrize("error_first", [False, True])
def test_an_error_about_a_member_of_a_group_is_its_outcome_whenever_it_comes(error_first: bool) -> None:
    """Its events may come before and after; neither order loses the error, and the others go on."""
    request = message("B1-1")
    request.content.end_device_control[0].end_devices = []
    request.content.end_device_control[0].end_device_groups = [EndDeviceGroup(names=names("NORTH"))]
    conversation: Conversation[Any] = Conversation(request)
    member = Identity(mrid=A2, object_type="Meter")
    refusal = exchange.partial(request, errors=[exchange.error("4.1", of=member)])
    step = _as_if_in_one(conversation, message("B1-4"))
    step.content.end_device_event[0].assets.mrid = A2
    step.content.end_device_event[0].end_device_event_type = Reference(ref="3.26.0.85")  # ends nothing
    for one in (refusal, step) if error_first else (step, refusal):
        conversation.receive(one)
    assert (kinds(conversation), conversation.errors, conversation.is_over) == ({"a2": "failed"}, (), False)


def test_the_refusal_of_a_device_is_no_refusal_of_a_group() -> None:
    conversation = _to_two_groups(A1)
    conversation.receive(exchange.fail(conversation.request, exchange.error("2.4", of=exchange.object_id(A1))))
    assert (conversation.is_over, kinds(conversation)) == (False, {"a1": "failed"})
    done = _as_if_in_one(conversation, message("B1-4"))
    done.content.end_device_event[0].assets.mrid = A2
    conversation.receive(done)
    assert (conversation.is_over, kinds(conversation)) == (False, {"a1": "failed", "a2": "done"})


def test_a_demand_response_ends_for_each_device_when_it_has_run_or_is_left() -> None:
    """Created, opted in and started are steps on the way, in whatever order they come."""
    codes = {"a1": ["83", "80", "17.242", "17.243"], "a2": ["81", "83"], "a3": ["17.242", "83", "0.1"], "a4": ["83"]}
    request = message("B8-1")
    control = request.content.end_device_control[0]
    device = message("B1-1").content.end_device_control[0].end_devices[0]
    control.end_device_groups = []
    control.end_devices = [dataclasses.replace(device, mrid=A1[:-2] + last) for last in codes]
    conversation = Conversation(request)
    for last, said in codes.items():
        for number, code in enumerate(said):
            arriving = message("B8-4")
            arriving.header.message_id = f"{last}-{number}"
            event = arriving.content.end_device_event[0]
            event.assets.mrid = A1[:-2] + last
            event.end_device_event_type = Reference(ref=f"12.15.{code if '.' in code else '43.' + code}")
            arriving.content.end_device_event = [event]
            conversation.receive(arriving)
    assert kinds(conversation) == {"a1": "done", "a2": "failed", "a3": "failed", "a4": "outstanding"}
    assert [len(outcome.events) for outcome in conversation.outcomes.values()] == [4, 2, 3, 1]


def test_a_supply_limit_is_accepted_by_the_reply_and_a_failure_that_is_told_after_all_counts() -> None:
    """The standard's list has no event that says that a limit is enabled."""
    conversation: Conversation[Any] = Conversation(message("B6-1"))
    reply = _as_if_in_one(conversation, message("B1-2"))
    reply.reply.error[0].code = "0.0"
    conversation.receive(reply)
    assert (kinds(conversation), conversation.state) == ({"a1": "accepted"}, State.COMPLETE)
    event = _as_if_in_one(conversation, message("B1-4"))
    event.content.end_device_event[0].end_device_event_type = Reference(ref="3.31.139.221")
    conversation.receive(event)
    assert (kinds(conversation), conversation.state) == ({"a1": "failed"}, State.FAILED)


def test_a_control_that_is_called_off_is_over() -> None:
    conversation, _ = talk("B1-1", "B1-2")
    receipt = conversation.receive(message("B12a-3"))
    assert (receipt.kind, conversation.state) == (ReceiptKind.CANCELED, State.CANCELED)
    assert kinds(conversation) == {"a1": "canceled"}
    assert conversation.outstanding == ()
    assert conversation.called_off(Identity(mrid=A1)) is None


@pytest.mark.parametrize(("minutes", "reported"), [(-1, []), (1, ["completion-of-canceled"])])
def test_a_device_is_believed_and_reported_if_it_carries_out_what_was_called_off(
    minutes: int, reported: list[str]
) -> None:
    event = message("B1-4")
    event.content.end_device_event[0].created_date_time += timedelta(minutes=minutes)
    for order in ([message("B12a-3"), event], [event, message("B12a-3")]):
        conversation: Conversation[Any] = Conversation(message("B1-1"))
        receipts = [conversation.receive(one) for one in order]
        assert (kinds(conversation), conversation.state) == ({"a1": "done"}, State.COMPLETE)
        assert found(*receipts) == reported


def test_a_control_of_a_group_is_called_off_for_all_members() -> None:
    conversation: Conversation[Any] = Conversation(message("B8-1"))
    conversation.receive(message("B8-4"))
    receipt = conversation.called_off(Identity(mrid=message("B8-1").content.end_device_control[0].mrid))
    assert receipt is not None
    assert kinds(conversation) == {"a1": "canceled", "a2": "failed", "a3": "canceled"}
    assert conversation.state is State.FAILED


def test_an_event_of_a_member_that_could_be_of_two_controls_is_kept_and_given_to_neither() -> None:
    request = message("B8-1")
    (control,) = request.content.end_device_control
    control.issuer_tracking_id = None
    request.content.end_device_control.append(dataclasses.replace(control, mrid="control-2"))
    conversation = Conversation(request)
    receipt = conversation.receive(message("B8-4"))
    assert set(found(receipt)) == {"answer-ambiguous"}
    assert len(conversation.others) == 3
    assert conversation.outcomes == {}


def test_a_completion_before_the_start_of_a_timed_control_is_reported() -> None:
    request = message("B1-1")
    request.content.end_device_control[0].primary_device_timing = (
        message("B6-1").content.end_device_control[0].primary_device_timing
    )
    conversation = Conversation(request)
    assert found(conversation.receive(message("B1-4"))) == ["completion-too-early"]
    request.content.end_device_control[0].primary_device_timing.randomisation = RandomisationKind.START
    assert found(Conversation(request).receive(message("B1-4"))) == []


# The machine --------------------------------------------------------------------------------------------------------


def test_the_table_leads_out_of_every_state_but_a_fault_and_never_back_to_the_start() -> None:
    assert set(TRANSITIONS) == set(State)
    reached = {state for leads in TRANSITIONS.values() for state in leads.values()}
    assert reached == set(State) - {State.SENT}
    assert TRANSITIONS[State.FAULTED] == {}
    assert all(Happening.ANSWERED in leads for state, leads in TRANSITIONS.items() if state is not State.FAULTED)


@pytest.mark.parametrize("arriving", ["A1-1", None])
def test_a_request_cannot_arrive_at_the_side_that_asks(arriving: str | None) -> None:
    conversation: Conversation[Any] = Conversation(message("A1-1"))
    with pytest.raises(TypeError, match="a reply, an event or a fault can arrive"):
        conversation.receive(message(arriving) if arriving else object())
