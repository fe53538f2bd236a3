"""Errors that a server tells (F1, F2, F5 to F12): for all, for some, by silence, late, and more than once."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.scenarios import disorder
from tests.scenarios.disorder import Scene
from tests.scenarios.payloads import (
    A1,
    A2,
    A3,
    B1,
    QUEUE,
    UNSUPPORTED,
    badge,
    codes_of,
    disconnect,
    kinds_in,
    meter,
    meters,
    query_for,
    readings_of,
)
from tests.scenarios.stage import Stage, kinds_of, pair, uuid

from iec61968_9 import Limits, to_xml
from iec61968_9.exchange import Accepted, OutcomeKind, ReceiptKind, Refused, State, error
from iec61968_9.identity import Identity, ObjectName
from iec61968_9.profiles import (
    EndDeviceControls,
    GetMeterReadings,
    MasterDataLinkageConfig,
    get_meter_readings,
    master_data_linkage_config,
)
from iec61968_9.profiles.envelope import Result

# F1, F2: what is not known ------------------------------------------------------------------------------------------


def f1_unknown_meter() -> Scene:
    stage, mdms, hes = pair()
    asked = mdms.send(mdms.system.get(query_for(badge("B-9999")), correlation_id="c-f1"), hes)
    told = hes.send(
        hes.system.fail(asked.request, error("2.4", details="unknown meter", of=badge("B-9999"))), mdms, like="F1"
    )
    assert (told.taken.kind, told.message.payload, asked.talk.state) == (ReceiptKind.FINAL, None, State.FAILED)
    outcome = asked.talk.outcomes.of(badge("B-9999"))
    assert (outcome.kind, [one.code for one in outcome.errors]) == (OutcomeKind.FAILED, ["2.4"])
    return stage, asked.talk


def f1_unknown_meter_of_a_control() -> Scene:
    stage, mdms, hes = pair()
    asked = mdms.send(mdms.system.create(disconnect(A1)), hes)
    hes.send(hes.system.fail(asked.request, error("2.4", of=meter(A1))), mdms)
    assert (asked.talk.state, kinds_in(asked.talk)) == (State.FAILED, ["failed"])
    return stage, asked.talk


def f1b_unknown_usage_point() -> Scene:
    stage, mdms, hes = pair()
    query = GetMeterReadings(usage_point=[get_meter_readings.UsagePoint(mrid=B1)])
    asked = mdms.send(mdms.system.get(query), hes)
    point = Identity(mrid=B1, object_type="UsagePoint")
    hes.send(hes.system.fail(asked.request, error("2.12", of=point)), mdms)
    assert (asked.talk.state, codes_of(asked.talk)) == (State.FAILED, [["2.12"]])
    return stage, asked.talk


def f1b_mismatch() -> Scene:
    stage, mdms, hes = pair()
    link = MasterDataLinkageConfig(
        meter=[master_data_linkage_config.Meter(mrid=A1)],
        usage_point=[master_data_linkage_config.UsagePoint(mrid=B1)],
    )
    asked = mdms.send(mdms.system.create(link), hes)
    point = Identity(mrid=B1, object_type="UsagePoint")
    told = hes.send(hes.system.fail(asked.request, error("2.13", of=meter(A1), related=point)), mdms)
    assert told.message.reply.error[0].related_id.value == B1
    assert (asked.talk.state, kinds_in(asked.talk)) == (State.FAILED, ["failed", "failed"])
    return stage, asked.talk


def f2_unsupported_reading_type() -> Scene:
    stage, mdms, hes = pair()
    asked = mdms.send(mdms.system.get(query_for(A1, A2, code=UNSUPPORTED), correlation_id="c-f2"), hes)
    kind = Identity(names=(ObjectName(UNSUPPORTED),), object_type="ReadingType")
    hes.send(hes.system.fail(asked.request, error("2.10", details="not supported", of=kind)), mdms, like="F2")
    assert (asked.talk.state, codes_of(asked.talk)) == (State.FAILED, [["2.10"], ["2.10"]])
    assert asked.talk.findings == ()
    return stage, asked.talk


# F5, F12: mixed -----------------------------------------------------------------------------------------------------


def f5_good_and_bad_in_one_message() -> Scene:
    stage, mdms, hes = pair()
    asked = mdms.send(mdms.system.get(query_for(A1, A2, A3), correlation_id="c-f5"), hes)
    unknown = error("2.4", details="unknown meter", of=meter(A2))
    told = hes.send(hes.system.reply(asked.request, readings_of(A1, A3), errors=[unknown]), mdms, like="F5")
    assert told.message.reply.result is Result.FAILED
    assert (asked.talk.state, kinds_in(asked.talk)) == (State.COMPLETE, ["data", "failed", "data"])
    assert asked.talk.findings == ()
    return stage, asked.talk


def f5_the_same_as_partial() -> Scene:
    stage, mdms, hes = pair()
    asked = mdms.send(mdms.system.get(query_for(A1, A2, A3)), hes)
    mixed = hes.system.reply(
        asked.request, readings_of(A1, A3), errors=[error("2.4", of=meter(A2))], result=Result.PARTIAL
    )
    told = hes.send(mixed, mdms, expects=["partial-without-part-code"])
    assert (told.taken.kind, asked.talk.state) == (ReceiptKind.FINAL, State.COMPLETE)
    assert kinds_in(asked.talk) == ["data", "failed", "data"]
    return stage, asked.talk


def f12_each_its_own_error() -> Scene:
    stage, mdms, hes = pair()
    asked = mdms.send(mdms.system.get(query_for(A1, A2, A3)), hes)
    errors = [error(code, of=meter(one)) for code, one in (("2.4", A1), ("4.1", A2), ("5.7", A3))]
    hes.send(hes.system.fail(asked.request, *errors), mdms)
    assert (asked.talk.state, codes_of(asked.talk)) == (State.FAILED, [["2.4"], ["4.1"], ["5.7"]])
    return stage, asked.talk


def f12_one_error_for_several_kinds() -> Scene:
    stage, mdms, hes = pair()
    asked = mdms.send(mdms.system.get(query_for(A1, A2)), hes)
    hes.send(hes.system.fail(asked.request, "5.4"), mdms)
    assert (asked.talk.state, codes_of(asked.talk)) == (State.FAILED, [["5.4"], ["5.4"]])
    return stage, asked.talk


# F6: no answer ------------------------------------------------------------------------------------------------------


def f6a_the_device_is_silent() -> Scene:
    stage, mdms, hes = pair()
    asked = mdms.send(mdms.system.get(query_for(A1), correlation_id="c-f6"), hes)
    silent = error("4.1", details="no answer from device", of=meter(A1))
    hes.send(hes.system.fail(asked.request, silent), mdms, like="F6")
    assert (asked.talk.state, codes_of(asked.talk)) == (State.FAILED, [["4.1"]])
    return stage, asked.talk


def f6a_one_of_several_is_silent() -> Scene:
    stage, mdms, hes = pair()
    asked = mdms.send(mdms.system.get(query_for(A1, A2), reply_to=QUEUE), hes)
    hes.send(hes.system.acknowledge(asked.request), mdms)
    hes.send(hes.system.partial(asked.request, errors=[error("4.1", of=meter(A1))]), mdms)
    assert (asked.talk.state, kinds_in(asked.talk)) == (State.PARTIAL, ["failed", "outstanding"])
    hes.send(hes.system.partial(asked.request, readings_of(A2), last=True), mdms)
    assert (asked.talk.state, kinds_in(asked.talk)) == (State.COMPLETE, ["failed", "data"])
    return stage, asked.talk


# F7 to F11: refused for its content, or by those who do the work ----------------------------------------------------


def f8_created_before() -> Scene:
    stage = Stage()
    cis, mdms = stage.party("CIS"), stage.party("MDMS")
    asked = cis.send(cis.system.create(meters("B-1001"), correlation_id="c-f8"), mdms)
    there = error("6.1", details="already exists", of=badge("B-1001"))
    mdms.send(mdms.system.fail(asked.request, there), cis, like="F8")
    assert (asked.talk.state, codes_of(asked.talk)) == (State.FAILED, [["6.1"]])
    return stage, asked.talk


def f8_one_of_a_list_was_created_before() -> Scene:
    stage = Stage()
    cis, mdms = stage.party("CIS"), stage.party("MDMS")
    asked = cis.send(cis.system.create(meters("B-1001", "B-1002")), mdms)
    told = mdms.send(mdms.system.fail(asked.request, error("6.1", of=badge("B-1001"))), cis)
    assert told.message.reply.result is Result.FAILED
    assert (asked.talk.state, kinds_in(asked.talk)) == (State.COMPLETE, ["failed", "done"])
    return stage, asked.talk


def f9_no_data_for_the_period() -> Scene:
    stage, mdms, hes = pair()
    asked = mdms.send(mdms.system.get(query_for(A1)), hes)
    hes.send(hes.system.fail(asked.request, error("5.7", of=meter(A1))), mdms)
    assert (asked.talk.state, codes_of(asked.talk)) == (State.FAILED, [["5.7"]])
    return stage, asked.talk


def f9_no_match() -> Scene:
    stage, mdms, hes = pair()
    asked = mdms.send(mdms.system.get(query_for(A1)), hes)
    told = hes.send(hes.system.reply(asked.request), mdms)
    assert kinds_of(told.findings) == ["get-without-data"]
    assert (asked.talk.state, kinds_in(asked.talk)) == (State.COMPLETE, ["unanswered"])
    return stage, asked.talk


def f10_attempted_in_vain_and_not_attempted() -> Scene:
    stage, mdms, hes = pair()
    asked = mdms.send(mdms.system.create(disconnect(A1, A2)), hes)
    errors = [error("5.3", of=meter(A1)), error("5.2", of=meter(A2))]
    hes.send(hes.system.fail(asked.request, *errors), mdms)
    assert (asked.talk.state, codes_of(asked.talk)) == (State.FAILED, [["5.3"], ["5.2"]])
    return stage, asked.talk


SCENES: list[Callable[[], Scene]] = [
    f1_unknown_meter,
    f1_unknown_meter_of_a_control,
    f1b_unknown_usage_point,
    f1b_mismatch,
    f2_unsupported_reading_type,
    f5_good_and_bad_in_one_message,
    f5_the_same_as_partial,
    f12_each_its_own_error,
    f12_one_error_for_several_kinds,
    f6a_the_device_is_silent,
    f6a_one_of_several_is_silent,
    f8_created_before,
    f8_one_of_a_list_was_created_before,
    f9_no_data_for_the_period,
    f9_no_match,
    f10_attempted_in_vain_and_not_attempted,
]
each_scene = pytest.mark.parametrize("scene", SCENES, ids=[scene.__name__ for scene in SCENES])


@each_scene
def test_a_failure_goes_as_the_scenario_says(scene: Callable[[], Scene]) -> None:
    _, talk = scene()
    assert talk.is_over


@each_scene
@settings(max_examples=15)
@given(data=st.data())
def test_a_failure_that_comes_in_disorder_ends_the_same_or_stays_open(
    scene: Callable[[], Scene], data: st.DataObject
) -> None:
    disorder.check(scene, data)


# F6: silence --------------------------------------------------------------------------------------------------------


def test_f6b_after_silence_the_outcome_is_unknown_and_a_repetition_finds_out() -> None:
    stage = Stage()
    cis, mdms = stage.party("CIS"), stage.party("MDMS")
    first = cis.send(cis.system.create(meters("B-1001")), mdms)  # the reply is lost
    stage.wait(60)
    (silence,) = cis.talks.expire(stage.now)
    assert (silence.kind, first.talk.state, kinds_in(first.talk)) == (ReceiptKind.SILENCE, State.SILENT, ["unknown"])

    second = cis.send(cis.system.create(meters("B-1001")), mdms)  # the same key, in a new message
    assert second.message.header.message_id != first.message.header.message_id
    assert isinstance(second.verdict, Accepted)  # no replay
    there = error("6.1", of=badge("B-1001"))
    mdms.send(mdms.system.fail(second.request, there), cis)
    assert codes_of(second.talk) == [["6.1"]]  # so the first was carried out
    assert kinds_in(first.talk) == ["unknown"]


def test_f6c_after_an_acknowledgement_and_silence_the_state_is_asked_for() -> None:
    stage, mdms, hes = pair()
    asked = mdms.send(mdms.system.create(disconnect(A1), reply_to=QUEUE), hes)
    hes.send(hes.system.acknowledge(asked.request), mdms)
    stage.wait(3600)
    assert [one.conversation for one in mdms.talks.expire(stage.now)] == [asked.talk]
    assert (asked.talk.state, kinds_in(asked.talk)) == (State.SILENT, ["unknown"])

    query = mdms.send(mdms.system.get(noun=EndDeviceControls, ids=[Identity(mrid=uuid("c1"))]), hes)
    hes.send(hes.system.reply(query.request, asked.request.content), mdms)
    assert query.talk.state is State.COMPLETE  # it is still there, so it is not repeated
    assert asked.talk.state is State.SILENT


def test_f6d_a_late_reply_is_taken_once_and_said_to_be_late() -> None:
    stage, mdms, hes = pair()
    asked = mdms.send(mdms.system.get(query_for(A1)), hes)
    stage.wait(60)
    mdms.talks.expire(stage.now)
    told = hes.send(hes.system.reply(asked.request, readings_of(A1)), mdms)
    assert (told.taken.late, kinds_of(told.taken.findings)) == (True, ["late-reply"])
    assert (asked.talk.state, kinds_in(asked.talk)) == (State.COMPLETE, ["data"])
    again = mdms.take(told.document)
    assert again.receipt is not None
    assert (again.receipt.kind, again.receipt.changed, again.receipt.late) == (ReceiptKind.DUPLICATE, (), False)
    assert mdms.talks.expire(stage.now + datetime.timedelta(days=1)) == ()


def test_f6e_a_reply_that_belongs_nowhere_is_never_given_to_who_waits() -> None:
    _, mdms, hes = pair()
    waiting = mdms.send(mdms.system.get(query_for(A1)), hes)
    closed = mdms.send(mdms.system.get(query_for(A1)), hes)
    hes.send(hes.system.reply(closed.request, readings_of(A1)), mdms)

    stranger = mdms.system.get(query_for(A1))  # as another instance of the MDMS sent it
    told = hes.send(hes.system.reply(stranger, readings_of(A1)), mdms)
    assert told.receipt is not None
    assert (told.receipt.kind, told.owner, kinds_of(told.receipt.findings)) == (ReceiptKind.ORPHAN, None, ["orphan"])

    told = hes.send(hes.system.fail(closed.request, "4.1"), mdms)
    assert told.receipt is not None
    assert (told.receipt.kind, told.owner) == (ReceiptKind.SURPLUS, closed.talk)
    assert (waiting.talk.state, kinds_in(closed.talk)) == (State.SENT, ["data"])


# F7, F11: the whole request is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["3.1", "3.2", "5.1", "7.1", "7.2", "7.3", "7.4", "7.5", "7.6", "7.7"])
@pytest.mark.parametrize("asynchronous", [False, True])
def test_f7_f11_overload_and_lack_of_rights_fail_all_that_was_asked(code: str, asynchronous: bool) -> None:
    _, mdms, hes = pair()
    asked = mdms.send(mdms.system.get(query_for(A1, A2), reply_to=QUEUE if asynchronous else None), hes)
    told = hes.send(hes.system.fail(asked.request, code), mdms)
    assert (told.message.reply.result, told.message.payload) == (Result.FAILED, None)
    assert (asked.talk.state, codes_of(asked.talk)) == (State.FAILED, [[code], [code]])
    assert told.taken.findings == ()


def test_f7_what_is_longer_than_a_service_reads_is_refused_with_3_1() -> None:
    _, mdms, hes = pair(limits=Limits(document_bytes=2000))
    request = mdms.system.get(query_for(*(uuid(f"{number:02x}") for number in range(40))))
    talk = mdms.talks.open(request)
    verdict = hes.service.check(to_xml(request))
    assert isinstance(verdict, Refused)
    assert verdict.answer is not None
    hes.send(verdict.answer, mdms, talk=talk)
    assert (verdict.code, talk.state, codes_of(talk)[0]) == ("3.1", State.FAULTED, ["3.1"])
