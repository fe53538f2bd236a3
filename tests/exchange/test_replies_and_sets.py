"""Replies: what result and codes they have. Operation sets: what is done, in which order, and how it is answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from iec61968_9 import ExchangeError, exchange, to_xml
from iec61968_9.exchange import errors_by_operation, operation, operation_set, operations_of, removal
from iec61968_9.identity import Identity, ObjectName
from iec61968_9.profiles import (
    EndDeviceControls,
    GetMeterReadings,
    MasterDataLinkageConfig,
    MeterConfig,
    MeterReadings,
    UsagePointConfig,
)
from iec61968_9.profiles.envelope import ErrorLevel, IDKind, ObjectID, Operation, OperationSet, RequestMessage, Result
from iec61968_9.profiles.meter_readings import Meter, MeterReading

METER = "6a0d5c1e-0b1f-4c55-9c0e-0000000000a1"
ASK = exchange.get(GetMeterReadings())
LATER = exchange.get(GetMeterReadings(), reply_to="queue:A")
DATA = MeterReadings(meter_reading=[MeterReading()])


def said(message: Any) -> tuple[str, list[str]]:
    return str(message.reply.result), [one.code for one in message.reply.error]


def refused(rule: str, *calls: Callable[[], object]) -> None:
    """Hold calls to be refused by a rule."""
    for call in calls:
        with pytest.raises(ExchangeError) as caught:
            call()
        assert caught.value.rule == rule


# -- results ---------------------------------------------------------------------------------------------------------


def test_no_error_is_said_by_a_code() -> None:
    assert said(exchange.reply(ASK, DATA)) == ("OK", ["0.0"])
    assert said(exchange.reply(exchange.create(MeterConfig()))) == ("OK", ["0.0"])


def test_what_was_found_and_what_failed_go_in_one_reply() -> None:
    reply = exchange.reply(ASK, DATA, errors=[exchange.error("2.4", of=METER)])
    assert said(reply) == ("FAILED", ["2.4"])
    assert reply.content == DATA


def test_partial_for_a_mixed_reply_is_the_other_reading_and_must_be_said() -> None:
    assert said(exchange.reply(ASK, DATA, errors=["4.1"], result=Result.PARTIAL)) == ("PARTIAL", ["4.1"])


@pytest.mark.parametrize(
    ("errors", "result"),
    [(["2.4"], Result.OK), ([], Result.FAILED), (["0.0"], Result.FAILED), ([], Result.PARTIAL)],
)
def test_a_result_that_its_codes_contradict_is_refused(errors: list[str], result: Result) -> None:
    with pytest.raises(ExchangeError) as caught:
        exchange.reply(ASK, errors=errors, result=result)
    assert caught.value.rule == "R24"


@pytest.mark.parametrize("code", ["5.7", "6.2", "6.5"])
def test_ok_may_stand_beside_a_remark_if_it_is_said(code: str) -> None:
    """No data for a period is no match (R20), and an order that was put off was accepted."""
    assert said(exchange.reply(ASK, errors=[code])) == ("FAILED", [code])
    reply = exchange.reply(ASK, errors=[code], result=Result.OK)
    assert said(reply) == ("OK", [code])
    assert [finding.level for finding in exchange.diagnose(reply)] == ["note"]


def test_codes_and_identifiers_are_listed_also_one() -> None:
    """A text is a list of its letters to Python and to type checkers."""
    for call in (
        lambda: exchange.reply(ASK, errors="4.1"),
        lambda: exchange.reply(ASK, ids=METER),
        lambda: exchange.delete(MeterConfig, ids=METER),
        lambda: exchange.deleted(MeterConfig, ids=METER),
        lambda: exchange.get(noun=MeterReadings, ids=METER),
    ):
        with pytest.raises(TypeError, match="are listed, also one"):
            call()


@pytest.mark.parametrize("code", ["0.1", "0.2", "0.3"])
def test_a_complete_reply_does_not_say_that_more_follows(code: str) -> None:
    refused("R5", lambda: exchange.reply(ASK, errors=[code]), lambda: exchange.partial(LATER, errors=[code]))


def test_a_get_that_finds_nothing_is_answered_without_a_payload() -> None:
    assert said(exchange.reply(ASK)) == ("OK", ["0.0"])
    assert said(exchange.fail(ASK, exchange.error("5.7", reason="no data"))) == ("FAILED", ["5.7"])


@pytest.mark.parametrize("code", ["SIM1042", "x", "2", "11.1", "2.4"])
def test_a_code_that_does_not_begin_with_0_is_a_failure(code: str) -> None:
    assert exchange.is_failure(code)
    assert said(exchange.reply(ASK, errors=[code])) == ("FAILED", [code])


def test_the_level_of_an_error_comes_from_the_table_of_codes_unless_it_is_said() -> None:
    assert exchange.error("2.4").level is ErrorLevel.FATAL
    assert exchange.error("5.7").level is ErrorLevel.WARNING
    assert exchange.error("SIM1").level is ErrorLevel.FATAL
    assert exchange.error("0.0").level is None
    assert exchange.error("2.4", level=ErrorLevel.WARNING).level is ErrorLevel.WARNING


def test_an_error_names_its_object_in_any_way_that_is_at_hand() -> None:
    expected = ObjectID(value=METER, kind=IDKind.UUID)
    assert exchange.error("2.4", of=METER).id == expected
    assert exchange.error("2.4", of=UUID(METER)).id == expected
    assert exchange.error("2.4", of=expected).id == expected
    assert exchange.error("2.4", of=Meter(mrid=METER)).id == ObjectID(
        value=METER, kind=IDKind.UUID, object_type="Meter"
    )
    badge = Identity(names=(ObjectName("B-1", "MeterBadgeNumber", "ExampleUtility"),), object_type="Meter")
    assert exchange.error("2.13", of=badge, related=METER).related_id == expected
    assert exchange.error("2.13", of=badge).id == ObjectID(
        value="B-1",
        kind=IDKind.NAME,
        id_type="MeterBadgeNumber",
        id_authority="ExampleUtility",
        object_type="Meter",
    )


def test_a_text_that_is_no_uuid_names_nothing() -> None:
    with pytest.raises(ExchangeError, match="its kind is not known") as caught:
        exchange.error("2.4", of="B-1001")
    assert caught.value.rule == "R23"


def test_the_identifiers_of_a_message_are_found_wherever_its_kind_has_them() -> None:
    request = exchange.cancel(EndDeviceControls, ids=[METER])
    messages = [
        request,
        exchange.canceled(request=request),
        exchange.reply(exchange.create(MeterConfig()), ids=[METER]),
    ]
    assert [exchange.ids_of(one) for one in messages] == [(ObjectID(value=METER, kind=IDKind.UUID),)] * 3
    assert [exchange.ids_of(one) for one in (ASK, exchange.created(DATA), exchange.fault("1.8"), DATA)] == [()] * 4


def test_an_error_given_twice_is_not_shared_by_two_messages() -> None:
    error = exchange.error("4.1", of=METER)
    one, other = exchange.fail(ASK, error), exchange.fail(ASK, error)
    assert one.reply.error == other.reply.error == [error]
    assert len({id(one.reply.error[0]), id(other.reply.error[0]), id(error)}) == 3


# -- what can be answered --------------------------------------------------------------------------------------------


def test_an_unknown_verb_is_answered_by_a_failure_only() -> None:
    request: RequestMessage[Any] = exchange.get(noun="MeterReadings")
    request.header.verb = "show"  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]  # as lenient reading gives it
    assert said(exchange.fail(request, "2.9")) == ("FAILED", ["2.9"])
    with pytest.raises(ExchangeError, match="'show' is no verb of a request"):
        exchange.reply(request)


def test_an_older_spelling_of_a_verb_is_understood() -> None:
    request = exchange.change(MeterConfig())
    request.header.verb = "Update"  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]  # the same
    assert said(exchange.reply(request)) == ("OK", ["0.0"])
    assert exchange.changed(request=request).header.verb == "changed"


def test_a_one_way_request_is_not_answered_at_all() -> None:
    request = exchange.create(EndDeviceControls(), ack_required=False)
    refused("R14", lambda: exchange.reply(request), lambda: exchange.fail(request, "2.4"))


def test_soap_answers_an_event_to_say_that_it_has_arrived() -> None:
    event = exchange.created(DATA)
    answer = exchange.reply(event)
    assert said(answer) == ("OK", ["0.0"])
    assert (answer.header.verb, answer.header.noun) == ("reply", "MeterReadings")
    assert answer.header.correlation_id == event.header.message_id
    tied = exchange.created(DATA, request=ASK)
    assert exchange.fail(tied, "1.8").header.correlation_id == ASK.header.correlation_id
    untyped: Any = exchange
    refused("R12", lambda: untyped.reply(event, DATA), lambda: untyped.reply(event, ids=[METER]))
    refused("R1", lambda: untyped.partial(event))
    refused("R4", lambda: untyped.acknowledge(event))


def test_a_set_that_is_no_set_can_still_be_refused() -> None:
    request = exchange.execute(STEPS)
    assert request.payload is not None
    assert request.payload.operation_set is not None
    request.payload.operation_set.operation *= 2
    assert said(exchange.fail(request, exchange.error("1.8", operation_id=1))) == ("FAILED", ["1.8"])


def test_what_is_said_of_a_payload_is_no_matter_where_there_is_none() -> None:
    assert exchange.reply(ASK, None, compress=True).payload is None


def test_a_query_is_no_payload_and_a_payload_no_query() -> None:
    untyped: Any = exchange
    refused("R10", lambda: untyped.create(GetMeterReadings()), lambda: untyped.get(MeterReadings()))


def test_a_part_of_a_payload_is_no_payload() -> None:
    with pytest.raises(ExchangeError, match="MeterReading is no payload"):
        exchange.create(MeterReading())


def test_a_query_beside_times_would_override_them() -> None:
    untyped: Any = exchange
    with pytest.raises(ExchangeError) as caught:
        untyped.get(GetMeterReadings(), ids=[METER])
    assert caught.value.rule == "R20"


def test_a_get_says_what_it_wants() -> None:
    untyped: Any = exchange
    refused("R10", lambda: untyped.get(), lambda: untyped.get(noun=GetMeterReadings))
    with pytest.raises(ExchangeError, match="the noun is blank"):
        exchange.get(noun=" ")


# -- operation sets --------------------------------------------------------------------------------------------------

STEPS = [
    operation(3, "create", MasterDataLinkageConfig()),
    operation(1, "create", UsagePointConfig()),
    operation(2, "change", MeterConfig()),
]


def test_operations_are_run_in_the_order_of_their_numbers_if_that_is_enforced() -> None:
    assert list(operations_of(operation_set(STEPS, enforce_msg_sequence=True))) == [1, 2, 3]
    assert list(operations_of(operation_set(STEPS))) == [3, 1, 2]


def test_the_operations_of_a_message_are_those_of_its_set() -> None:
    request = exchange.execute(operation_set(STEPS, enforce_msg_sequence=True))
    assert dict(operations_of(request)) == {one.operation_id: one for one in STEPS}
    told = operations_of(exchange.executed(request=request))
    assert {number: one.verb for number, one in told.items()} == {1: "created", 2: "changed", 3: "created"}
    refused("R10", lambda: operations_of(exchange.create(MeterConfig())), lambda: operations_of(ASK))


def test_an_operation_knows_its_noun_and_says_what_to_remove() -> None:
    assert [one.noun for one in STEPS] == ["MasterDataLinkageConfig", "UsagePointConfig", "MeterConfig"]
    gone = removal(4, UsagePointConfig())
    assert (gone.verb, gone.element_operation) == ("delete", True)
    assert b"<elementOperation>true</elementOperation>" in to_xml(exchange.execute([gone]))


@pytest.mark.parametrize(
    ("made", "rule"),
    [
        (lambda: operation_set([]), "R10"),
        (lambda: operation_set([STEPS[0], STEPS[0]]), "R18"),
        (lambda: operation(1, "get", MeterConfig()), "R17"),
        (lambda: operation(1, "cancel", MeterConfig()), "R17"),
        (lambda: operation(1, "create", MeterConfig(), noun="Meter"), "R1"),
        (lambda: exchange.execute([operation(1, "created", MeterConfig())]), "R17"),
        (lambda: exchange.execute([Operation(operation_id=1, verb="create")]), "R10"),
        (lambda: exchange.execute([Operation(operation_id=1, content=MeterConfig())]), "R17"),
        (lambda: exchange.execute([Operation(operation_id=1, verb="change", element_operation=True)]), "R17"),
        (lambda: exchange.executed(), "R11"),
        (lambda: exchange.executed(request=ASK), "R11"),
        (lambda: exchange.executed(OperationSet()), "R10"),
    ],
)
def test_an_operation_set_that_is_none_is_refused(made: Any, rule: str) -> None:
    with pytest.raises(ExchangeError) as caught:
        made()
    assert caught.value.rule == rule


def test_each_operation_is_answered_alone_or_the_set_as_a_whole() -> None:
    request = exchange.execute(STEPS, reply_to="queue:A")
    first = exchange.partial(request, operation_id=1)
    last = exchange.partial(request, errors=[exchange.error("2.4", operation_id=3)], operation_id=3, last=True)
    assert {number: [one.code for one in errors] for number, errors in errors_by_operation(first.reply).items()} == {
        1: ["0.1"]
    }
    assert {number: [one.code for one in errors] for number, errors in errors_by_operation(last.reply).items()} == {
        3: ["0.2", "2.4"]
    }
    assert set(errors_by_operation(exchange.reply(request).reply)) == {None}


def test_an_answer_to_an_operation_that_nobody_asked_for_is_refused() -> None:
    request = exchange.execute(STEPS)
    refused(
        "R19",
        lambda: exchange.reply(request, operation_id=4),
        lambda: exchange.fail(request, exchange.error("2.4", operation_id=4)),
        lambda: exchange.reply(ASK, operation_id=1),
    )


def test_an_executed_event_says_a_noun_that_the_request_left_out() -> None:
    request = exchange.execute([operation(1, "create", MeterConfig())])
    assert request.payload is not None
    assert request.payload.operation_set is not None
    request.payload.operation_set.operation[0].noun = None
    told = operations_of(exchange.executed(request=request))[1]
    assert (told.noun, told.verb) == ("MeterConfig", "created")


def test_an_executed_event_does_not_touch_the_request() -> None:
    request = exchange.execute(STEPS)
    before = to_xml(request)
    exchange.executed(request=request)
    exchange.executed(STEPS)
    assert to_xml(request) == before
    assert [one.verb for one in STEPS] == ["create", "create", "change"]


@pytest.mark.parametrize("several", [["4.1", "2.4"], ("4.1",), [exchange.error("4.1", of=METER)], None, 4.1])
def test_what_is_no_code_is_not_made_one(several: Any) -> None:
    calls: list[Callable[[Any], object]] = [exchange.error, exchange.fault, lambda code: exchange.fail(ASK, code)]
    for call in calls:
        with pytest.raises(TypeError, match=r"an error is a code such as '4\.1'"):
            call(several)


def test_a_list_of_errors_is_told_apart_from_errors() -> None:
    errors: Any = [exchange.error("4.1", of=METER), exchange.error("2.4")]
    with pytest.raises(TypeError, match="one by one"):
        exchange.fail(ASK, errors)
    assert said(exchange.fail(ASK, *errors)) == ("FAILED", ["4.1", "2.4"])
