"""Sets of operations (E2, E3, E7, E8, E10): several changes in one message, all or nothing, and members that go."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from tests.scenarios import test_master_data
from tests.scenarios.master_data import Master
from tests.scenarios.stage import sample, uuid
from tests.scenarios.utility import DAY_X, METER, OTHER_METER, POINT, Utility, link, operations_in

from iec61968_9 import Reference
from iec61968_9.exchange import (
    Conversation,
    OutcomeKind,
    ReceiptKind,
    State,
    event_verb,
    operation,
    operation_set,
    removal,
)
from iec61968_9.identity import names
from iec61968_9.profiles import (
    GetUsagePointConfig,
    MeterConfig,
    MeterReadings,
    UsagePointConfig,
    get_usage_point_config,
)
from iec61968_9.profiles.envelope import Error, ErrorLevel, OperationSet, Result
from iec61968_9.profiles.meter_config import Meter
from iec61968_9.profiles.meter_readings import Meter as ReadMeter
from iec61968_9.profiles.meter_readings import MeterReading, Reading, ReadingReasonKind
from iec61968_9.profiles.meter_readings import UsagePoint as ReadPoint
from iec61968_9.profiles.usage_point_config import PricingStructure, ServiceCategory, ServiceKind, UsagePoint

QUEUE = "queue:CIS.REPLIES"
SECOND = datetime.timedelta(seconds=1)
KWH = "0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.3.72.0"


def all_of(talk: Conversation[Any]) -> list[OutcomeKind]:
    """The outcomes of the operations."""
    return [outcome.kind for outcome in talk.outcomes.values()]


def codes(talk: Conversation[Any]) -> dict[int, list[str]]:
    """The codes of the errors of each operation."""
    return {
        subject.operation: [one.code for one in outcome.errors]
        for subject, outcome in talk.outcomes.items()
        if subject.operation is not None
    }


DONE, FAILED = OutcomeKind.DONE, OutcomeKind.FAILED


POINT_ASKED = GetUsagePointConfig(usage_point=[get_usage_point_config.UsagePoint(mrid=POINT)])


# E2 -----------------------------------------------------------------------------------------------------------------


def play_e2() -> Utility:
    """A usage point, a meter and their link in one message."""
    utility = Utility()
    request = utility.cis.system.execute(operations_in(sample("E2-1")), correlation_id="c-e2", ack_required=True)
    utility.ask(request, "E2-1", "E2-2", "E2-3")
    return utility


def test_e2_one_reply_speaks_for_the_whole_set() -> None:
    utility = play_e2()
    (talk,) = utility.talks
    assert (talk.state, all_of(talk), talk.findings) == (State.COMPLETE, [DONE] * 3, ())
    event = utility.stage.arrivals[-1]
    asked, told = (operations_in(one) for one in (talk.request, event.message))
    for before, after in zip(asked.operation, told.operation, strict=True):
        assert after.verb == event_verb(str(before.verb))
        assert after.noun == type(after.content).__name__
        assert (after.operation_id, after.content) == (before.operation_id, before.content)
    assert utility.master.meters_of(POINT, DAY_X) == [METER]
    assert utility.master.facts == test_master_data.play_e1().master.facts


def test_e2_a_set_that_numbers_two_operations_alike_passes_the_schema_and_not_the_service() -> None:
    utility = Utility()
    request = utility.cis.system.execute(operations_in(sample("E2-1")))
    operations_in(request).operation[1].operation_id = 1
    refused = utility.cis.send(request, utility.mdms, expects=["operation-id-repeated"]).refused
    assert refused.code == "1.8"
    assert utility.mdms.send(refused.answer, utility.cis).talk.state is State.FAILED


def test_e2_a_set_that_arrives_twice_is_run_once() -> None:
    """Who hears nothing sends again, and is not told that it failed."""
    utility = play_e2()
    before = utility.master.facts
    (talk,) = utility.talks
    again = utility.mdms.take(utility.stage.arrivals[0].document)
    assert (again.refused.code, again.refused.answer) == ("7.7", None)
    assert (talk.state, all_of(talk)) == (State.COMPLETE, [DONE] * 3)
    assert utility.master.facts == before


# E3 -----------------------------------------------------------------------------------------------------------------


def play_e3() -> Utility:
    """The same set, answered operation by operation: when the first answer goes out, all has been decided."""
    utility = Utility()
    cis, mdms = utility.cis.system, utility.mdms.system
    request = cis.execute(operations_in(sample("E2-1")), correlation_id="c-e3", reply_to=QUEUE)
    asked = utility.cis.send(request, utility.mdms)
    utility.mdms.send(mdms.acknowledge(asked.request, message_id="m-ack"), utility.cis)
    assert not any(utility.master.execute(operations_in(asked.request)).values())
    for number, like, message_id in ((1, "E3-2", "m-2"), (2, None, "m-two"), (3, "E3-3", "m-3")):
        reply = mdms.partial(asked.request, operation_id=number, last=number == 3, message_id=message_id)
        told = utility.mdms.send(reply, utility.cis, like=like)
        assert told.taken.kind is (ReceiptKind.FINAL if number == 3 else ReceiptKind.PART)
        assert all_of(told.talk) == [DONE] * number + [OutcomeKind.OUTSTANDING] * (3 - number)
    return utility


def test_e3_every_operation_is_answered_once() -> None:
    (talk,) = play_e3().talks
    assert (talk.state, all_of(talk), talk.findings) == (State.COMPLETE, [DONE] * 3, ())


def test_e3_without_the_word_last_the_set_is_complete_when_all_are_answered() -> None:
    utility = Utility()
    request = utility.cis.system.execute(operations_in(sample("E2-1")), reply_to=QUEUE)
    asked = utility.cis.send(request, utility.mdms)
    for number in (3, 1, 2):
        told = utility.mdms.send(utility.mdms.system.reply(asked.request, operation_id=number), utility.cis)
        assert told.taken.kind is (ReceiptKind.FINAL if number == 2 else ReceiptKind.PART)
    assert (asked.talk.state, all_of(asked.talk)) == (State.COMPLETE, [DONE] * 3)


def test_e3_a_success_before_the_set_was_decided_contradicts_the_rollback() -> None:
    """All or nothing was asked for: a server that reports too early is caught."""
    utility = Utility()
    request = utility.cis.system.execute(operations_in(sample("E2-1")), reply_to=QUEUE)
    asked = utility.cis.send(request, utility.mdms)
    mdms = utility.mdms.system
    utility.mdms.send(mdms.acknowledge(asked.request), utility.cis)
    utility.mdms.send(mdms.partial(asked.request, operation_id=1), utility.cis)
    errors = [
        Error(code=code, operation_id=number, level=ErrorLevel.FATAL)
        for number, code in enumerate(("5.9", "2.4", "5.9"), 1)
    ]
    told = utility.mdms.send(mdms.partial(asked.request, errors=errors, last=True), utility.cis)
    kinds = {one.kind for one in told.taken.findings}
    assert kinds >= {"integrity-broken", "outcome-contradicted"}
    assert all_of(asked.talk) == [OutcomeKind.CONTRADICTED, FAILED, FAILED]
    assert not asked.talk.outcomes.of(1).is_good


# E7 -----------------------------------------------------------------------------------------------------------------


def told_of_point(**members: Any) -> UsagePointConfig:
    return UsagePointConfig(usage_point=[UsagePoint(mrid=POINT, **members)])


def with_members() -> Utility:
    """A utility whose usage point has what can be taken away."""
    utility = Utility.at_work()
    utility.master.do(
        "change",
        told_of_point(
            read_route="R-12",
            read_cycle="monthly",
            pricing_structures=PricingStructure(mrid=uuid("e1")),
            names=names("Mill Lane 4", name_type="Nickname", authority="ExampleUtility"),
        ),
    )
    return utility


def play_e7() -> Utility:
    """An attribute is removed."""
    utility = with_members()
    request = utility.cis.system.execute(
        operation_set(
            [removal(1, told_of_point(read_route="ignored"))],
            enforce_msg_sequence=False,
            enforce_transactional_integrity=False,
        ),
        correlation_id="c-e7",
    )
    utility.ask(request, "E7-1", "E7-2")
    return utility


def test_e7_an_attribute_goes_and_the_object_stays() -> None:
    utility = play_e7()
    (talk,) = utility.talks
    assert (talk.state, all_of(talk), talk.findings) == (State.COMPLETE, [DONE], ())
    replied = utility.stage.arrivals[1]
    assert (replied.message.reply.operation_id, replied.taken.kind) == (1, ReceiptKind.FINAL)
    known, before = utility.known("UsagePointConfig"), with_members().known("UsagePointConfig")
    assert (known.read_route, before.read_route) == (None, "R-12")
    known.read_route = before.read_route
    assert known == before


@pytest.mark.parametrize(
    ("path", "member", "left"),
    [
        ({"pricing_structures": PricingStructure(mrid=uuid("e1"))}, "pricing_structures", None),
        ({"service_category": ServiceCategory(kind=ServiceKind.GAS)}, "service_category", ServiceCategory()),
        (
            {"names": names("Mill Lane 4", name_type="Nickname", authority="ExampleUtility")},
            "names",
            sample("E1-1").content.usage_point[0].names,
        ),
    ],
    ids=["association", "attribute of an object", "a name beside the mRID"],
)
def test_e7_only_what_the_path_ends_at_goes(path: dict[str, Any], member: str, left: Any) -> None:
    utility = with_members()
    talk = utility.ask(utility.cis.system.execute([removal(1, told_of_point(**path))]))
    assert talk.state is State.COMPLETE
    known, before = utility.known("UsagePointConfig"), with_members().known("UsagePointConfig")
    assert getattr(known, member) == left != getattr(before, member)
    setattr(known, member, getattr(before, member))
    assert known == before


def test_e7_a_name_that_is_all_that_tells_the_object_is_no_member_to_remove() -> None:
    utility = with_members()
    before = utility.master.facts
    name = names("Mill Lane 4", name_type="Nickname", authority="ExampleUtility")
    request = utility.cis.system.execute([removal(1, UsagePointConfig(usage_point=[UsagePoint(names=name)]))])
    talk = utility.ask(request, expects=["element-delete-without-member"])
    assert codes(talk) == {1: ["5.3"]}
    assert utility.master.facts == before


def test_e7_what_is_not_there_cannot_go() -> None:
    utility = Utility.at_work()
    talk = utility.ask(utility.cis.system.execute([removal(1, told_of_point(read_route="any"))]))
    assert (talk.state, codes(talk)) == (State.FAILED, {1: ["5.3"]})


def test_e7_an_association_is_replaced_in_one_set() -> None:
    utility = with_members()
    old, new = (PricingStructure(mrid=uuid(end)) for end in ("e1", "e2"))
    talk = utility.ask(
        utility.cis.system.execute(
            operation_set(
                [
                    removal(1, told_of_point(pricing_structures=old)),
                    operation(2, "change", told_of_point(pricing_structures=new)),
                ],
                enforce_msg_sequence=True,
                enforce_transactional_integrity=True,
            )
        )
    )
    assert all_of(talk) == [DONE, DONE]
    assert utility.known("UsagePointConfig").pricing_structures == new


# E8 -----------------------------------------------------------------------------------------------------------------


def play_e8() -> Utility:
    """A meter takes the place of another."""
    utility = Utility.at_work()
    request = utility.cis.system.execute(operations_in(sample("E8-1")), correlation_id="c-e8")
    utility.ask(request, "E8-1")
    return utility


def instants(master: Master) -> list[datetime.datetime]:
    """All moments around which something changes, from the first link on."""
    first = min(one.since for one in master.links)
    turns = {moment for one in master.links for moment in (one.since, one.until) if moment is not None}
    return [moment for turn in turns for moment in (turn - SECOND, turn, turn + SECOND) if moment >= first]


def test_e8_the_usage_point_has_exactly_one_meter_at_every_instant() -> None:
    utility = play_e8()
    (talk,) = utility.talks
    assert (talk.state, all_of(talk), talk.findings) == (State.COMPLETE, [DONE] * 3, ())
    meters = {moment: utility.master.meters_of(POINT, moment) for moment in instants(utility.master)}
    assert all(len(found) == 1 for found in meters.values())
    assert (meters[DAY_X - SECOND], meters[DAY_X]) == ([METER], [OTHER_METER])


def test_e8_the_final_reading_is_of_the_old_meter_and_the_initial_one_of_the_new() -> None:
    utility = play_e8()
    hes = utility.stage.party("HES")
    readings = [
        (METER, ReadingReasonKind.REMOVAL, DAY_X - SECOND, "1499.2"),
        (OTHER_METER, ReadingReasonKind.INSTALLATION, DAY_X, "0.0"),
    ]
    utility.stage.now = DAY_X + datetime.timedelta(hours=1)
    payload = MeterReadings(
        meter_reading=[
            MeterReading(
                meter=ReadMeter(mrid=meter),
                usage_point=ReadPoint(mrid=POINT),
                readings=[Reading(reason=reason, time_stamp=at, value=value, reading_type=Reference(ref=KWH))],
            )
            for meter, reason, at, value in readings
        ]
    )
    told = hes.send(hes.system.created(payload), utility.mdms).message.content
    for one in told.meter_reading:
        (reading,) = one.readings
        assert utility.master.meters_of(one.usage_point.mrid, reading.time_stamp) == [one.meter.mrid]


@pytest.mark.parametrize(
    ("integrity", "kinds", "found", "meters"),
    [
        (True, [FAILED] * 3, {1: ["5.9"], 2: ["6.1"], 3: ["5.9"]}, [METER]),
        (False, [DONE, FAILED, FAILED], {1: [], 2: ["6.1"], 3: ["5.2"]}, []),
    ],
    ids=["all or nothing", "as far as it goes"],
)
def test_e8_an_exchange_that_fails_leaves_the_old_meter_only_where_all_or_nothing_is_asked_for(
    integrity: bool, kinds: list[OutcomeKind], found: dict[int, list[str]], meters: list[str]
) -> None:
    """The new meter is known already, so it cannot be created."""
    utility = Utility.at_work()
    utility.master.do("create", MeterConfig(meter=[Meter(mrid=OTHER_METER)]))
    operations = operations_in(sample("E8-1"))
    operations.enforce_transactional_integrity = integrity
    talk = utility.ask(utility.cis.system.execute(operations))
    assert (all_of(talk), codes(talk)) == (kinds, found)
    assert utility.master.meters_of(POINT, DAY_X) == meters


# E10 ----------------------------------------------------------------------------------------------------------------


def with_bad_link(integrity: bool = True, sequence: bool = True) -> OperationSet:
    """The set of E2, whose link names a meter that nobody knows."""
    operations = operations_in(sample("E2-1"))
    operations.operation[2].content = link(uuid("a3"), POINT)
    operations.enforce_transactional_integrity = integrity
    operations.enforce_msg_sequence = sequence
    return operations


def play_e10() -> Utility:
    """One operation fails, and all is undone. The errors need not stand in the order of the operations."""
    utility = Utility()
    mdms = utility.mdms.system
    asked = utility.cis.send(utility.cis.system.execute(with_bad_link(), correlation_id="c-e10"), utility.mdms)
    errors = utility.master.execute(operations_in(asked.request))
    listed = [one for number in (1, 3, 2) if (one := errors[number]) is not None]
    utility.mdms.send(mdms.fail(asked.request, *listed), utility.cis, like="E10-2")
    return utility


def test_e10_all_is_undone_and_the_culprit_is_named() -> None:
    utility = play_e10()
    (talk,) = utility.talks
    assert (talk.state, all_of(talk)) == (State.FAILED, [FAILED] * 3)
    assert codes(talk) == {1: ["5.9"], 2: ["5.9"], 3: ["2.4"]}
    for query in (test_master_data.query(), POINT_ASKED):
        read = utility.ask(utility.cis.system.get(query))
        assert (read.state, read.payloads) == (State.COMPLETE, ())
    assert utility.master.facts == Master().facts


@pytest.mark.parametrize("result", [Result.FAILED, Result.PARTIAL])
def test_e10_without_integrity_what_was_done_stays(result: Result) -> None:
    """FAILED and PARTIAL both occur for the same thing (R8); the outcomes do not depend on it."""
    utility = Utility()
    asked = utility.cis.send(utility.cis.system.execute(with_bad_link(integrity=False)), utility.mdms)
    errors = [one for one in utility.master.execute(operations_in(asked.request)).values() if one is not None]
    reply = utility.mdms.system.reply(asked.request, errors=errors, result=result)
    utility.mdms.send(reply, utility.cis, expects=["partial-without-part-code"] if result is Result.PARTIAL else [])
    assert (asked.talk.state, all_of(asked.talk)) == (State.COMPLETE, [DONE, DONE, FAILED])
    read = utility.ask(utility.cis.system.get(POINT_ASKED))
    assert read.payloads == (sample("E1-1").content,)


@pytest.mark.parametrize(
    ("sequence", "found"),
    [(True, {1: ["2.4"], 2: ["5.2"], 3: ["5.2"]}), (False, {1: ["2.4"], 2: [], 3: []})],
    ids=["in order", "in any order"],
)
def test_e10_what_follows_a_failure_is_not_attempted_where_order_is_asked_for(
    sequence: bool, found: dict[int, list[str]]
) -> None:
    utility = Utility()
    point, meter, bad_link = (one.content for one in with_bad_link().operation)
    contents = [one for one in (bad_link, point, meter) if one is not None]
    operations = operation_set(
        [operation(number, "create", content) for number, content in enumerate(contents, 1)],
        enforce_msg_sequence=sequence,
        enforce_transactional_integrity=False,
    )
    talk = utility.ask(utility.cis.system.execute(operations), expects=[] if sequence else ["order-not-enforced"])
    assert codes(talk) == found
    assert [one.is_good for one in talk.outcomes.values()] == [not errors for errors in found.values()]
    assert ("MeterConfig" in utility.master.objects) is not sequence
