"""Master data (E) once more: any set of operations, and the answers of all exchanges in disorder."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import cache, partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.scenarios import disorder, test_master_data, test_operation_sets
from tests.scenarios.utility import DAY_X, METER, OTHER_METER, OTHER_POINT, POINT, Utility, link, operations_in

from iec61968_9 import from_xml, to_xml, validate
from iec61968_9.exchange import (
    Accepted,
    Conversation,
    OutcomeKind,
    Service,
    State,
    System,
    operation,
    operation_set,
    removal,
)
from iec61968_9.profiles import (
    MeterConfig,
    UsagePointConfig,
)
from iec61968_9.profiles.envelope import Error, Operation, OperationSet, ResponseMessage
from iec61968_9.profiles.meter_config import Meter
from iec61968_9.profiles.usage_point_config import UsagePoint

QUEUE = "queue:CIS.REPLIES"


# Any set ------------------------------------------------------------------------------------------------------------


def steps() -> st.SearchStrategy[tuple[str, Any, bool]]:
    """What an operation may be, in a small world in which many fail."""
    points, meters = (POINT, OTHER_POINT), (METER, OTHER_METER)
    point = st.sampled_from([UsagePointConfig(usage_point=[UsagePoint(mrid=one, read_route="R-1")]) for one in points])
    meter = st.sampled_from([MeterConfig(meter=[Meter(mrid=one, form_number="2S")]) for one in meters])
    bare = st.sampled_from([MeterConfig(meter=[Meter(mrid=one)]) for one in meters])
    days = st.sampled_from([DAY_X, DAY_X + datetime.timedelta(days=1)])
    links = st.builds(link, st.sampled_from(meters), st.sampled_from(points), days)
    return st.one_of(
        st.tuples(st.sampled_from(["create", "change"]), st.one_of(point, meter), st.just(False)),
        st.tuples(st.just("delete"), bare, st.just(False)),
        st.tuples(st.just("delete"), st.one_of(point, meter), st.just(True)),
        st.tuples(st.sampled_from(["create", "delete"]), links, st.just(False)),
    )


@st.composite
def sets(draw: st.DrawFn) -> OperationSet:
    """Sets of operations with numbers in any order."""
    found = draw(st.lists(steps(), min_size=1, max_size=5))
    numbers = draw(st.permutations(range(1, len(found) + 1)))
    made: list[Operation] = [
        removal(number, payload) if members else operation(number, verb, payload)
        for number, (verb, payload, members) in zip(numbers, found, strict=True)
    ]
    flags = st.sampled_from([None, False, True])
    return operation_set(made, enforce_msg_sequence=draw(flags), enforce_transactional_integrity=draw(flags))


def replies_to(request: Any, errors: dict[int, Error | None], how: str) -> list[ResponseMessage[Any]]:
    """The ways to answer a set: once with every error, once with the culprits only, or operation by operation."""
    system = System(source="MDMS")
    found = [one for one in errors.values() if one is not None]
    if how == "each":
        last = list(errors)[-1]
        return [system.acknowledge(request)] + [
            system.partial(request, errors=[one] if one else [], operation_id=number, last=number == last)
            for number, one in errors.items()
        ]
    if how == "culprits":
        found = [one for one in found if one.code not in {"5.2", "5.9"}]
    return [system.reply(request, errors=found)]


@settings(max_examples=60)
@given(operations=sets(), how=st.sampled_from(["all", "culprits", "each"]), data=st.data())
def test_what_the_asking_side_believes_is_what_the_master_did(operations: OperationSet, how: str, data: Any) -> None:
    """Whatever the set, its flags and the way of answering: no operation is believed done that was not, or undone."""
    master = Utility.at_work().master
    before = master.facts
    request = System(source="CIS").execute(operations, reply_to=QUEUE if how == "each" else None)
    document = to_xml(request)
    assert validate(document) == []
    arrived = Service(System(source="MDMS")).check(document)
    assert isinstance(arrived, Accepted), arrived
    errors = master.execute(operations_in(arrived.request))
    if operations.enforce_transactional_integrity and any(errors.values()):
        assert master.facts == before

    talk: Conversation[Any] = Conversation(request)
    for reply in replies_to(arrived.request, errors, how):
        document = to_xml(reply)
        assert validate(document) == []
        talk.receive(from_xml(document, ResponseMessage[Any]))
    assert talk.is_over
    assert {subject.operation for subject in talk.outcomes} == set(errors)
    for number, one in errors.items():
        believed = talk.outcomes.of(number).kind
        unsaid = how == "culprits" and one is not None and one.code == "5.2"
        assert believed is (OutcomeKind.UNKNOWN if unsaid else OutcomeKind.DONE if one is None else OutcomeKind.FAILED)
    assert (talk.state is State.FAILED) == all(errors.values())
    disorder.replay(talk, replies_to(arrived.request, errors, how), data)


# In disorder --------------------------------------------------------------------------------------------------------

PLAYS: dict[str, Callable[[], Utility]] = {
    **{f"E6{variant}": partial(test_master_data.play_e6, variant) for variant in "abcde"},
    "E1": test_master_data.play_e1,
    "E2": test_operation_sets.play_e2,
    "E3": test_operation_sets.play_e3,
    "E4": test_master_data.play_e4,
    "E5": test_master_data.play_e5,
    "E7": test_operation_sets.play_e7,
    "E8": test_operation_sets.play_e8,
    "E10": test_operation_sets.play_e10,
}


@cache
def played(name: str) -> Utility:
    """A play in order, once for all examples."""
    return PLAYS[name]()


@pytest.mark.parametrize("name", PLAYS)
@settings(max_examples=20)
@given(data=st.data())
def test_answers_in_disorder_end_the_same_or_leave_open(name: str, data: st.DataObject) -> None:
    utility = played(name)
    talk = data.draw(st.sampled_from(utility.talks), label="exchange")
    disorder.replay(talk, utility.stage.answers_of(talk), data)
