"""A service takes what it can act upon, and has the right refusal ready for all else (F3, F4, F13, F14 and R21)."""

from __future__ import annotations

import base64
import datetime
import gzip
import io
from collections.abc import Iterator
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.exchange.diagnosis_cases import CASES, DATA, LINK, control, controls, ev, operation, operations, rq
from tests.properties.support import examples

from iec61968_9 import DecodeError, Dialect, Limits, from_xml, to_xml
from iec61968_9.exchange import (
    Accepted,
    Conversation,
    Form,
    Memory,
    OutcomeKind,
    PayloadFile,
    Refused,
    Service,
    SoapVersion,
    State,
    Style,
    System,
    create,
    diagnose,
    finding_kinds,
    get,
    inflated,
    read_message,
    write_message,
)
from iec61968_9.exchange.building import compression
from iec61968_9.profiles import (
    FaultMessage,
    GetMeterReadings,
    MeterConfig,
    MeterReadings,
    RequestMessage,
    ResponseMessage,
)
from iec61968_9.profiles.envelope import ReplayDetection, Result
from iec61968_9.profiles.get_meter_readings import EndDevice
from iec61968_9.testing import instances

NOW = datetime.datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
MESSAGES = sorted((Path(__file__).parents[1] / "messages").glob("*.xml"))


def system(**defaults: Any) -> System:
    numbers: Iterator[int] = iter(range(10_000))
    return System(clock=lambda: NOW, new_id=lambda: f"hes-{next(numbers)}", **defaults)


def service(**options: Any) -> Service:
    return Service(system(source="HES"), **options)


def asking(**fields: Any) -> RequestMessage[GetMeterReadings]:
    fields = {"source": "MDMS", "message_id": "m-1", "correlation_id": "c-1", "timestamp": NOW, **fields}
    return get(GetMeterReadings(end_device=[EndDevice(mrid="meter-1")]), **fields)


def refused(result: Accepted | Refused) -> Refused:
    assert isinstance(result, Refused)
    return result


def answer(result: Accepted | Refused) -> ResponseMessage[Any]:
    """The reply of a refusal, as its receiver reads it: valid, and nothing that a diagnosis would object to."""
    sent = refused(result).answer
    assert isinstance(sent, ResponseMessage)
    received = from_xml(to_xml(sent), ResponseMessage)
    objected = [one.kind for one in diagnose(received) if one.level != "note"]
    assert set(objected) <= {"noun-unknown"}  # a reply repeats whatever noun was asked for
    assert received.reply.result is Result.FAILED
    return received


def codes(reply: ResponseMessage[Any] | FaultMessage) -> list[str]:
    return [one.code for one in reply.reply.error]


# -- what is served ------------------------------------------------------------------------------------------------


def test_a_request_that_is_as_it_should_be_is_accepted() -> None:
    result = service(offers={MeterReadings: {"get"}}, context="PRODUCTION").check(to_xml(asking(context="production")))
    assert isinstance(result, Accepted)
    assert result.wants_reply
    assert result.findings == ()
    assert result.message == asking(context="production")


@pytest.mark.parametrize("path", MESSAGES, ids=lambda path: path.stem.partition("_")[0])
def test_the_messages_of_the_scenarios_are_accepted_unless_they_are_answers(path: Path) -> None:
    result = service().check(path, now=NOW)
    if path.read_text(encoding="utf-8").count("<Reply>"):
        assert refused(result).answer is None
        assert [one.kind for one in refused(result).findings] == ["not-a-request"]
    else:
        assert isinstance(result, Accepted)
        assert result.wants_reply == ("<RequestMessage" in path.read_text(encoding="utf-8"))


def test_a_message_that_was_read_already_can_be_checked() -> None:
    request = asking()
    result = service().check(request)
    assert isinstance(result, Accepted)
    assert result.message is result.request is request
    assert result.form is None
    event = service().check(ev("created", "MeterReadings", DATA))
    assert isinstance(event, Accepted)
    with pytest.raises(LookupError, match="EventMessage is no request"):
        _ = event.request


def test_remarks_come_with_an_accepted_message() -> None:
    legacy = next(path for path in MESSAGES if path.name.startswith("A4-1"))
    result = service().check(legacy, now=NOW)
    assert isinstance(result, Accepted)
    assert [one.kind for one in result.findings] == ["legacy-read-request"]


def test_the_form_comes_along_and_answers_travel_in_it() -> None:
    form = Form(style=Style.GENERIC, soap=SoapVersion.V1_2)
    result = refused(service(offers={}).check(write_message(asking(), form)))
    assert result.form is not None
    sent = write_message(result.answer, result.form.answering())  # type: ignore[arg-type]  # there is one
    assert isinstance(read_message(sent).message, ResponseMessage)


# -- F3: what the service does not do ------------------------------------------------------------------------------


def test_an_unsupported_verb_is_answered_with_2_9() -> None:
    request = rq("delete", "MeterReadings", "<Request><ID kind='transaction'>1</ID></Request>")
    result = service(offers={"MeterReadings": "get"}).check(request)
    reply = answer(result)
    assert codes(reply) == ["2.9"]
    assert refused(result).code == "2.9"
    assert refused(result).reason == "delete MeterReadings is not offered"
    assert (reply.header.noun, reply.header.correlation_id, reply.header.source) == ("MeterReadings", "c-1", "HES")


def test_a_verb_that_is_none_of_a_request_is_answered_with_2_9() -> None:
    assert codes(answer(service().check(rq("created", inside=DATA)))) == ["2.9"]


@pytest.mark.parametrize("noun", ["", " "])
def test_a_request_without_a_noun_gets_a_fault_since_a_reply_would_have_to_repeat_it(noun: str) -> None:
    request = asking()
    request.header.noun = noun
    assert isinstance(refused(service().check(request)).answer, FaultMessage)


def test_an_unsupported_noun_is_answered_with_2_5() -> None:
    reply = answer(service(offers={"MeterReadings": {"get"}}).check(rq("get", "Foo", "<Request><ID>1</ID></Request>")))
    assert codes(reply) == ["2.5"]
    assert reply.header.noun == "Foo"


def test_an_operation_that_is_not_offered_fails_the_set_and_is_named() -> None:
    offers = {"OperationSet": {"execute"}, MeterConfig: {"create"}}
    linked = operation("2", noun="MasterDataLinkageConfig", inside=LINK)
    for flag, others in (("true", "5.9"), ("false", "5.2")):
        flags = f"<enforceTransactionalIntegrity>{flag}</enforceTransactionalIntegrity>"
        request = from_xml(operations(operation("1"), linked, operation("3", "delete"), flags=flags))
        reply = answer(service(offers=offers).check(request))  # type: ignore[arg-type]  # an envelope
        found = [(one.code, one.operation_id) for one in reply.reply.error]
        assert found == [(others, 1), ("2.5", 2), ("2.9", 3)]


def test_an_operation_without_a_noun_has_that_of_its_payload() -> None:
    """T27: the schema lets the noun be missing."""
    request: Any = from_xml(operations(operation("1").replace("<noun>MeterConfig</noun>", "")))
    assert isinstance(service(offers={"OperationSet": {"execute"}, MeterConfig: {"create"}}).check(request), Accepted)
    refusal = refused(service(offers={"OperationSet": {"execute"}}).check(request))
    assert (refusal.code, refusal.reason) == ("2.5", "create MeterConfig is not offered")


@pytest.mark.parametrize(("flag", "others"), [("true", "5.9"), ("false", "5.2")])
def test_the_refusal_of_a_large_set_names_every_operation_so_that_none_seems_done(flag: str, others: str) -> None:
    flags = f"<enforceTransactionalIntegrity>{flag}</enforceTransactionalIntegrity>"
    steps = [operation(str(number), "delete" if number == 25 else "create") for number in range(1, 31)]
    request: Any = from_xml(operations(*steps, flags=flags))
    reply = answer(service(offers={"OperationSet": {"execute"}, MeterConfig: {"create"}}).check(request))
    assert [(one.code, one.operation_id) for one in reply.reply.error] == [
        ("2.9" if number == 25 else others, number) for number in range(1, 31)
    ]
    talk: Conversation[Any] = Conversation(request)
    talk.receive(reply)
    assert (talk.state, {outcome.kind for outcome in talk.outcomes.values()}) == (State.FAILED, {OutcomeKind.FAILED})


def test_an_answer_tells_of_twenty_findings_and_the_refusal_of_all() -> None:
    bare = [control(devices="") for _ in range(30)]
    result = service().check(controls(*bare))
    assert (len(answer(result).reply.error), len(refused(result).findings)) == (20, 30)


def test_offers_know_classes_synonyms_and_events() -> None:
    readings = service(offers={MeterReadings: {"create", "update", "created"}})
    assert isinstance(readings.check(rq("change", inside=DATA)), Accepted)
    assert isinstance(readings.check(ev("created", "MeterReadings", DATA)), Accepted)
    with pytest.raises(ValueError, match="no verb of the standard: read"):
        service(offers={MeterReadings: {"read"}})


# -- F3b: revision and source --------------------------------------------------------------------------------------


def test_an_unsupported_revision_is_answered_with_1_9() -> None:
    strict = service(revisions={"1"})
    assert codes(answer(strict.check(asking(revision="2")))) == ["1.9"]
    assert isinstance(strict.check(asking()), Accepted)


def test_an_unknown_source_is_answered_with_2_14() -> None:
    known = service(sources={"MDMS"})
    assert isinstance(known.check(asking()), Accepted)
    assert codes(answer(known.check(asking(source="CIS")))) == ["2.14"]
    assert codes(answer(known.check(asking(source=None)))) == ["2.14"]


# -- F4: what cannot be read ---------------------------------------------------------------------------------------

NOT_READABLE = {
    "not well formed": "<RequestMessage",
    "a bad Timestamp": rq("get", more="<Timestamp>false</Timestamp>"),
    "a misspelt element": rq("get", more="<Source3>x</Source3>"),
    "a misspelt revision": rq("get", more="<Revision_oops>1</Revision_oops>"),
    "a blank verb": rq(""),
    "an empty boolean": rq("get", more="<AsyncReplyFlag/>"),
    "another document": "<html/>",
    "nothing": "",
    "a payload without envelope": '<MeterReadings xmlns="http://iec.ch/TC57/2011/MeterReadings#"/>',
}


@pytest.mark.parametrize("document", NOT_READABLE.values(), ids=list(NOT_READABLE))
def test_what_cannot_be_read_is_answered_with_a_fault(document: str) -> None:
    result = refused(service().check(document))
    assert isinstance(result.answer, FaultMessage)
    fault = from_xml(to_xml(result.answer), FaultMessage)
    assert fault.reply.result is Result.FAILED
    assert codes(fault) == [result.code]
    assert result.code in {"1.8", "2.5"}
    assert isinstance(result.cause, DecodeError)
    assert [str(one) for one in diagnose(fault) if one.level != "note"] == []


@pytest.mark.parametrize("mode", ["strict", "lenient"])
@pytest.mark.parametrize("kind", ["RequestMessage", "Message"])
def test_a_request_without_a_header_gets_a_fault(kind: str, mode: Any) -> None:
    """Found by fuzzing: looking for the header's flags ended in an AttributeError."""
    result = refused(service(mode=mode).check(f'<{kind} xmlns="http://iec.ch/TC57/2011/schema/message"/>'))
    assert result.code == "1.8"
    assert "eader is missing" in result.reason
    assert isinstance(result.answer, FaultMessage)
    assert codes(from_xml(to_xml(result.answer), FaultMessage)) == ["1.8"]


def test_a_noun_that_the_wrapper_contradicts_gets_a_fault_since_a_reply_would_not_fit_into_the_wrapper() -> None:
    """Found by fuzzing: the reply repeated the noun, and could not be written in the form of the request."""
    sent = write_message(create(MeterConfig()), Form(style=Style.TYPED, soap=SoapVersion.V1_1))
    damaged = sent.replace(b"<Noun>MeterConfig<", b"<Noun>MeterTables<").replace(
        b"></MeterConfig>", b"><x/></MeterConfig>"
    )
    result = refused(service().check(damaged))
    assert (result.code, "x is not expected" in result.reason) == ("1.8", True)
    assert isinstance(result.answer, FaultMessage)


def test_on_a_channel_without_a_way_back_nothing_is_answered() -> None:
    assert refused(service().check("<RequestMessage", answerable=False)).answer is None
    assert refused(service(offers={}).check(to_xml(asking()), answerable=False)).answer is None


def test_an_invalid_payload_is_answered_with_a_reply_since_the_header_can_be_read() -> None:
    result = service().check(rq("create", inside=DATA.replace("<timeStamp>2026", "<timeStamp>March 2026")))
    reply = answer(result)
    assert codes(reply) == ["1.8"]
    assert reply.header.correlation_id == "c-1"
    assert "timeStamp" in (reply.reply.error[0].details or "")
    assert isinstance(refused(result).cause, DecodeError)
    assert refused(result).message is not None


def test_a_payload_that_the_noun_does_not_name_is_answered_with_2_5() -> None:
    request = rq("create", "MeterReadings", '<Payload><Other xmlns="urn:example:other"/></Payload>')
    assert codes(answer(service().check(request))) == ["2.5"]


def test_what_exceeds_a_limit_is_answered_with_3_1() -> None:
    result = refused(service(limits=Limits(document_bytes=100)).check(io.BytesIO(to_xml(asking()))))
    assert result.code == "3.1"
    assert isinstance(result.answer, FaultMessage)


def test_files_and_paths_are_read_as_bytes_are(tmp_path: Path) -> None:
    invalid = rq("create", inside=DATA.replace("<timeStamp>2026", "<timeStamp>March 2026")).encode()
    path = tmp_path / "message.xml"
    path.write_bytes(invalid)
    found = [service().check(source) for source in (invalid, path, io.BytesIO(invalid))]
    assert [codes(answer(one)) for one in found] == [["1.8"]] * 3
    with pytest.raises(FileNotFoundError):
        service().check(tmp_path / "missing.xml")


# -- F4c: required parts -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (rq("create", "MeterReadings"), "1.7"),
        (rq("execute", "OperationSet"), "1.7"),
        (rq("delete", "MeterConfig"), "1.6"),
        (rq("cancel", "EndDeviceControls"), "1.6"),
        (rq("get", more="<AsyncReplyFlag>true</AsyncReplyFlag>", inside="<Request><ID>1</ID></Request>"), "1.5"),
        (controls(control("<EndDeviceControlType/>", kind="")), "5.8"),
        (controls(control(devices="")), "5.8"),
        (
            operations(
                "<Operation><operationId>1</operationId><noun>MeterConfig</noun><verb>create</verb></Operation>"
            ),
            "1.7",
        ),
    ],
)
def test_what_lacks_a_required_part_is_refused_with_the_code_for_it(request_: str, code: str) -> None:
    result = service(mode="lenient").check(request_)
    assert codes(answer(result)) == [code]
    (found,) = [one for one in refused(result).findings if (kind := finding_kinds().get(one.kind)) and kind.code]
    assert found.path in (answer(result).reply.error[0].details or "")


def test_agreed_header_fields_are_required() -> None:
    agreed = service(required=["Timestamp", "Property"])
    assert codes(answer(agreed.check(asking()))) == ["1.5"]
    assert isinstance(agreed.check(asking(properties={"route": "north"})), Accepted)
    assert codes(answer(agreed.check(asking(timestamp=None, properties={"route": "north"})))) == ["1.5"]
    with pytest.raises(ValueError, match="a header has no Colour"):
        service(required=["Colour"])


@pytest.mark.parametrize(
    "kind", [kind.kind for kind in finding_kinds().values() if kind.code and kind.seen == "message"]
)
def test_every_kind_with_a_code_is_refused_with_it(kind: str) -> None:
    bad, good = CASES[kind]
    assert isinstance(bad, str)
    result = refused(service(mode="lenient").check(bad))
    listed = {kind_.code for one in result.findings if (kind_ := finding_kinds().get(one.kind)) and kind_.code}
    assert finding_kinds()[kind].code in listed
    assert result.code in listed
    if isinstance(good, str):
        passed = service(mode="lenient").check(good)
        assert kind not in {one.kind for one in passed.findings}


# -- F13: what was received before ---------------------------------------------------------------------------------


def test_a_message_that_was_accepted_before_is_refused_with_7_7() -> None:
    readings = service()
    assert isinstance(readings.check(asking()), Accepted)
    again = readings.check(asking())
    assert (refused(again).code, refused(again).answer) == ("7.7", None)
    assert refused(again).reason == "the MessageID was received before"
    assert codes(answer(readings.check(asking(correlation_id="c-2")))) == ["7.7"]
    assert isinstance(readings.check(asking(message_id="m-2")), Accepted)
    assert isinstance(readings.check(asking(source="CIS")), Accepted)


@pytest.mark.parametrize("correlation", ["c-1", None, " "])
def test_a_transport_that_delivers_a_request_twice_does_not_make_its_sender_believe_that_it_failed(
    correlation: str | None,
) -> None:
    """Whoever hears nothing may send the same bytes again; both would be known by the same answers (R2)."""
    readings, request = service(), asking()
    request.header.correlation_id = correlation
    accepted, again = (readings.check(to_xml(request)) for _ in range(2))
    assert isinstance(accepted, Accepted)
    talk: Conversation[Any] = Conversation(request)
    if (wrong := refused(again).answer) is not None:
        talk.receive(wrong)
    talk.receive(readings.system.reply(accepted.request))
    assert talk.state is State.COMPLETE


def test_a_message_that_was_refused_may_come_again() -> None:
    memory = Memory()
    assert isinstance(service(memory=memory, offers={}).check(asking()), Refused)
    assert len(memory) == 0
    assert isinstance(service(memory=memory).check(asking()), Accepted)


def test_a_nonce_counts_for_a_day() -> None:
    readings = service()
    captured = asking(replay=ReplayDetection(nonce="n-1", created=NOW))
    assert isinstance(readings.check(captured), Accepted)
    captured.header.message_id = "m-2"
    repeated = readings.check(captured, now=NOW + timedelta(hours=23))
    assert (codes(answer(repeated)), refused(repeated).reason) == (["7.7"], "the nonce was received before")
    later = refused(readings.check(captured, now=NOW + timedelta(hours=25)))
    assert later.reason == "the nonce is older than this service remembers"


def test_the_window_of_a_memory_and_its_tolerance_are_exact() -> None:
    window, skew = timedelta(hours=1), timedelta(minutes=1)
    edge = Memory(window=window, skew=skew)
    early = asking(message_id="m-1", replay=ReplayDetection(nonce="n-1", created=NOW + skew)).header
    assert edge.repeated(early, NOW) is None
    beyond = asking(message_id="m-2", replay=ReplayDetection(nonce="n-2", created=NOW + skew + timedelta(seconds=1)))
    assert edge.repeated(beyond.header, NOW) == "the nonce was made in the future"
    oldest = asking(message_id="m-3", replay=ReplayDetection(nonce="n-3", created=NOW - window)).header
    assert edge.repeated(oldest, NOW) is None
    plain = Memory(window=window)
    assert plain.repeated(asking(message_id="m-1").header, NOW) is None
    assert plain.repeated(asking(message_id="m-1").header, NOW + window - timedelta(seconds=1)) is not None
    assert plain.repeated(asking(message_id="m-1").header, NOW + window) is None


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        (b"<MeterConfig xmlns='http://iec.ch/TC57/2011/MeterConfig#'><colour/></MeterConfig>", "1.8"),
        (b"<MeterConfig xmlns='http://iec.ch/TC57/2011/MeterConfig#'>", "1.8"),
        (b"<MeterReadings xmlns='http://iec.ch/TC57/2011/MeterReadings#'/>", "2.5"),
        (b" " * 5_000_000, "3.1"),
    ],
)
def test_what_is_compressed_is_held_to_the_same_as_what_is_not(inside: bytes, code: str) -> None:
    message = create(MeterConfig(), compress=True, correlation_id="c-1")
    assert isinstance(service().check(to_xml(message)), Accepted)
    message = create(MeterConfig(), compress=True, correlation_id="c-1")
    assert message.payload is not None
    message.payload.compressed = base64.b64encode(gzip.compress(inside)).decode()
    result = refused(service().check(to_xml(message)))
    assert result.code == code
    assert isinstance(result.answer, ResponseMessage)
    assert [one.code for one in result.answer.reply.error] == [code]
    assert result.answer.header.correlation_id == "c-1"
    assert isinstance(result.cause, DecodeError)
    assert (result.cause.path or "").startswith("/RequestMessage/Payload/Compressed")


def test_what_is_compressed_is_inflated_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def counting(data: bytes, *rest: Any, **named: Any) -> bytes:
        asked.append(len(data))
        return inflated(data, *rest, **named)

    monkeypatch.setattr(compression, "inflated", counting)
    received = to_xml(create(MeterConfig(), compress=True))
    assert isinstance(service().check(received), Accepted)
    assert len(asked) == 1


def test_a_compressed_file_is_the_applications() -> None:
    file = PayloadFile(b"meter;value", "CSV")
    assert isinstance(service().check(to_xml(create(file, noun="MeterConfig"))), Accepted)


def test_a_nonce_from_the_future_or_without_offset_is_refused() -> None:
    for created, reason in (
        (NOW + timedelta(minutes=6), "the nonce was made in the future"),
        (NOW.replace(tzinfo=None), "the nonce does not say when it was made, with an offset"),
    ):
        message = asking()
        message.header.replay_detection = ReplayDetection(nonce="n", created=created)
        assert refused(service().check(message)).reason == reason
    ahead = asking(replay=ReplayDetection(nonce="n", created=NOW + timedelta(minutes=4)))
    assert isinstance(service().check(ahead), Accepted)


@examples(100)
@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 3000), st.integers(-2000, 2000)), max_size=30),
    st.integers(1, 4),
)
def test_no_nonce_is_ever_accepted_twice_however_small_the_memory(
    arrivals: list[tuple[int, int, int]], size: int
) -> None:
    """Messages come at any time, with clocks that are off; what is captured may come again at any time."""
    memory = Memory(size=size)
    accepted: set[tuple[int, datetime.datetime]] = set()
    now = NOW
    for nonce, minutes, off in arrivals:
        now += timedelta(minutes=minutes)
        created = now + timedelta(minutes=off)
        for captured in [*accepted, (nonce, created)]:
            header = asking(message_id=None, replay=ReplayDetection(nonce=str(captured), created=captured[1])).header
            if memory.repeated(header, now) is None:
                assert captured not in accepted
                accepted.add(captured)
        assert len(memory) <= size


def test_a_long_identifier_takes_little_room() -> None:
    memory = Memory()
    long = asking(message_id="x" * 1_000_000).header
    assert memory.repeated(long, NOW) is None
    assert memory.repeated(long, NOW) is not None
    assert all(len(key) <= 200 for key in vars(memory)["_seen"])


# -- F14: another environment --------------------------------------------------------------------------------------


def test_a_message_for_another_environment_is_refused_with_7_7() -> None:
    production = service(context="PRODUCTION")
    assert codes(answer(production.check(asking(context="TESTING")))) == ["7.7"]
    assert isinstance(production.check(asking()), Accepted)
    assert codes(answer(service(context="PRODUCTION", required=["Context"]).check(asking()))) == ["1.5"]


def test_the_environment_is_that_of_the_answering_system_unless_it_is_said() -> None:
    production = system(context="PRODUCTION")
    assert refused(Service(production).check(asking(context="TESTING"))).code == "7.7"
    assert isinstance(Service(production, context="").check(asking(context="TESTING")), Accepted)


# -- R14 and R21: to whom nothing is said --------------------------------------------------------------------------


def test_a_one_way_request_is_never_answered() -> None:
    one_way = "<AckRequired>false</AckRequired>"
    accepted = service().check(rq("create", inside=DATA, more=one_way))
    assert isinstance(accepted, Accepted)
    assert not accepted.wants_reply
    assert refused(service(offers={}).check(rq("create", inside=DATA, more=one_way))).answer is None


@pytest.mark.parametrize(
    "event",
    [
        ev("created", "MeterReadings", DATA.replace("<timeStamp>2026", "<timeStamp>March 2026")),
        ev("created", "MeterReadings", DATA, more="<Source3>x</Source3>"),
        ev("created", "Foo", DATA),
        ev("created", "MeterReadings", DATA, more="<Context>TESTING</Context>"),
    ],
)
def test_a_bad_event_is_dropped(event: str) -> None:
    result = refused(service(context="PRODUCTION", offers={"MeterReadings": {"created"}}).check(event))
    assert result.answer is None
    assert result.findings


# -- whatever comes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["strict", "lenient"])
def test_any_request_is_accepted_or_gets_a_valid_answer_of_its_own(mode: Any) -> None:
    @examples(60)
    @given(instances(RequestMessage))
    def holds(request: RequestMessage[Any]) -> None:
        for received in (request, to_xml(request)):
            result = service(offers={"MeterReadings": {"get"}}, mode=mode).check(received)
            if isinstance(result, Refused) and result.answer is not None:
                sent = from_xml(to_xml(result.answer))
                kinds = {one.kind for one in diagnose(sent, request=request) if one.level == "error"}
                assert kinds == set()
            elif isinstance(result, Refused):
                assert request.header.ack_required is False

    holds()


@examples(200)
@given(st.data())
def test_damaged_documents_never_raise(data: st.DataObject) -> None:
    whole = to_xml(create(MeterReadings(meter_reading=[]), message_id="m", correlation_id="c", timestamp=NOW))
    start, end = sorted(data.draw(st.tuples(st.integers(0, len(whole)), st.integers(0, len(whole)))))
    damaged = whole[:start] + data.draw(st.binary(max_size=5)) + whole[end:]
    result = service().check(damaged)
    assert isinstance(result, Accepted | Refused)


def test_a_vendors_dialect_is_served_leniently(tmp_path: Path) -> None:
    dialect = Dialect(payload="http://example.com/all-profiles#")
    request = rq(
        "create", inside=DATA.replace("http://iec.ch/TC57/2011/MeterReadings#", "http://example.com/all-profiles#")
    )
    result = service(mode="lenient", dialect=dialect, offers={MeterReadings: {"create"}}).check(request)
    assert isinstance(result, Accepted)
