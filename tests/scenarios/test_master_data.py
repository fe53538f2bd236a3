"""Master data (E1, E4 to E6, E9): meters, usage points and their links, created, changed, deleted, and published."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.scenarios.master_data import Master, RefusedError
from tests.scenarios.stage import Stage, sample, uuid
from tests.scenarios.utility import DAY_X, LONG_AGO, METER, OTHER_METER, OTHER_POINT, POINT, Utility, link

from iec61968_9 import to_xml, validate
from iec61968_9.exchange import OutcomeKind, ReceiptKind, State, operation
from iec61968_9.identity import Identity, ObjectName, names, same
from iec61968_9.profiles import (
    GetMasterDataLinkageConfig,
    GetMeterConfig,
    GetUsagePointConfig,
    MeterConfig,
    ServiceLocationConfig,
    UsagePointConfig,
    get_master_data_linkage_config,
    get_meter_config,
    get_usage_point_config,
    master_data_linkage_config,
)
from iec61968_9.profiles.envelope import Error, Request, RequestMessage
from iec61968_9.profiles.meter_config import Meter, SimpleEndDeviceFunction, SimpleEndDeviceFunctionReference
from iec61968_9.profiles.service_location_config import ServiceLocation
from iec61968_9.profiles.usage_point_config import UsagePoint

BADGE = Identity(names=(ObjectName("B-1001", "MeterBadgeNumber", "ExampleUtility"),), object_type="Meter")


def errors_of(utility: Utility) -> list[Error]:
    """What the last reply says to have failed."""
    return [one for one in utility.stage.arrivals[-1].message.reply.error if one.code != "0.0"]


def query(meter: str | Identity = METER) -> GetMeterConfig:
    """Asks for a meter, by its mRID or by its badge."""
    if isinstance(meter, str):
        return GetMeterConfig(meter=[get_meter_config.Meter(mrid=meter)])
    return GetMeterConfig(meter=[get_meter_config.Meter(names=names(*meter.names))])


# E1 -----------------------------------------------------------------------------------------------------------------


def play_e1() -> Utility:
    """Three requests, one after the other; the events follow in the end."""
    utility = Utility()
    cis = utility.cis.system
    utility.ask(cis.create(sample("E1-1").content, correlation_id="c-e1"), "E1-1", "E1-2", tells=False)
    utility.ask(cis.create(sample("E1-3").content, correlation_id="c-e1b"), "E1-3", tells=False)
    utility.ask(cis.create(sample("E1-5").content, correlation_id="c-e1c"), "E1-5", tells=False)
    utility.tell()
    return utility


def test_e1_item_by_item_each_in_an_exchange_of_its_own() -> None:
    utility = play_e1()
    assert len({talk.correlation_id for talk in utility.talks}) == 3
    for talk in utility.talks:
        assert (talk.state, talk.findings) == (State.COMPLETE, ())
        assert {outcome.kind for outcome in talk.outcomes.values()} == {OutcomeKind.DONE}
    point, meter, _ = utility.talks
    assert point.returned == (Identity(mrid=POINT),)
    assert point.outcomes.of(UsagePoint(mrid=POINT)).is_good
    assert meter.outcomes.of(BADGE).is_good
    events = [one.message for one in utility.stage.arrivals if one.message.header.verb == "created"]
    assert [event.content for event in events] == [sample(step).content for step in ("E1-1", "E1-3", "E1-5")]
    day_before = DAY_X - datetime.timedelta(seconds=1)
    assert (utility.master.meters_of(POINT, day_before), utility.master.meters_of(POINT, DAY_X)) == ([], [METER])


@pytest.mark.parametrize("by", [METER, BADGE], ids=["mRID", "name"])
def test_e1b_what_was_stored_is_read_back(by: str | Identity) -> None:
    utility = play_e1()
    talk = utility.ask(utility.cis.system.get(query(by)))
    assert talk.state is State.COMPLETE
    assert talk.payloads == (sample("E1-3").content,)


def test_e1b_a_link_is_read_back_by_one_of_its_ends() -> None:
    utility = play_e1()
    point = get_master_data_linkage_config.UsagePoint(mrid=POINT)
    talk = utility.ask(utility.cis.system.get(GetMasterDataLinkageConfig(usage_point=[point])))
    assert talk.payloads == (sample("E1-5").content,)


@pytest.mark.parametrize(
    ("payload", "code", "culprit"),
    [
        (link(uuid("a9"), POINT), "2.4", uuid("a9")),
        (link(METER, uuid("b9")), "2.12", uuid("b9")),
        (link(OTHER_METER, POINT), "2.13", OTHER_METER),
        (link(METER, OTHER_POINT), "2.13", METER),
        (MeterConfig(meter=[Meter(names=names(*BADGE.names))]), "6.1", "B-1001"),
    ],
    ids=["meter unknown", "usage point unknown", "point has a meter", "meter has a point", "exists"],
)
def test_e1_what_does_not_fit_is_refused_and_changes_nothing(payload: Any, code: str, culprit: str) -> None:
    utility = play_e1()
    utility.master.do("create", MeterConfig(meter=[Meter(mrid=OTHER_METER)]))
    utility.master.do("create", UsagePointConfig(usage_point=[UsagePoint(mrid=OTHER_POINT)]))
    before = utility.master.facts
    talk = utility.ask(utility.cis.system.create(payload))
    (error,) = errors_of(utility)
    assert (error.code, error.id and error.id.value) == (code, culprit)
    assert talk.state is State.FAILED
    assert talk.outcomes.of(error).errors == (error,)
    assert utility.master.facts == before


def test_e1_a_reference_to_nothing_never_reaches_the_master() -> None:
    utility = Utility()
    payload = MeterConfig(
        meter=[Meter(mrid=METER, end_device_functions=[SimpleEndDeviceFunctionReference(ref="edf-9")])]
    )
    request = utility.cis.system.create(payload)
    refused = utility.cis.send(request, utility.mdms, expects=["unresolved-reference"]).refused
    assert refused.code == "2.29"
    told = utility.mdms.send(refused.answer, utility.cis)
    assert told.talk.state is State.FAILED


def test_e1_a_master_may_assign_the_identity() -> None:
    utility = Utility()
    payload = MeterConfig(meter=[Meter(names=names(*BADGE.names))])
    (assigned,) = utility.ask(utility.cis.system.create(payload)).returned
    assert assigned.mrid is not None
    (found,) = utility.ask(utility.cis.system.get(query(assigned.mrid))).payloads
    assert same(found.meter[0], BADGE)


# E4 -----------------------------------------------------------------------------------------------------------------

MEMBERS: dict[str, Any] = {
    "connection_state": "physicallyDisconnected",
    "grounded": False,
    "is_sdp": False,
    "is_virtual": True,
    "outage_region": "north",
    "read_cycle": "monthly",
    "read_route": "R-12",
}


def play_e4() -> Utility:
    """A usage point is disconnected."""
    utility = Utility.at_work()
    request = utility.cis.system.change(sample("E4-1").content, correlation_id="c-e4")
    utility.ask(request, "E4-1")
    return utility


def test_e4_a_change_says_what_changes_and_nothing_else() -> None:
    utility = play_e4()
    (talk,) = utility.talks
    assert (talk.state, talk.outcomes.of(UsagePoint(mrid=POINT)).kind) == (State.COMPLETE, OutcomeKind.DONE)
    event = utility.stage.arrivals[-1]
    assert (event.taken.kind, event.message.content) == (ReceiptKind.ECHO, sample("E4-1").content)
    assert utility.known("UsagePointConfig") == dataclasses.replace(
        sample("E1-1").content.usage_point[0], connection_state="physicallyDisconnected"
    )


@settings(max_examples=20)
@given(changes=st.sets(st.sampled_from(sorted(MEMBERS)), min_size=1))
def test_e4_members_that_are_not_named_stay(changes: set[str]) -> None:
    """What is absent stays absent on its way: no default of the schema becomes a change."""
    utility = Utility.at_work()
    before = utility.known("UsagePointConfig")
    said = {name: MEMBERS[name] for name in changes}
    utility.ask(utility.cis.system.change(UsagePointConfig(usage_point=[UsagePoint(mrid=POINT, **said)])))
    assert utility.known("UsagePointConfig") == dataclasses.replace(before, **said)


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (UsagePointConfig(usage_point=[UsagePoint(mrid=uuid("b9"), read_route="R-12")]), "2.12"),
        (MeterConfig(meter=[Meter(mrid=uuid("a9"), form_number="3S")]), "2.4"),
        (UsagePointConfig(usage_point=[UsagePoint(mrid=uuid(end), read_route="R-12") for end in ("b1", "b9")]), "2.12"),
    ],
    ids=["usage point", "meter", "one of two"],
)
def test_e4_an_unknown_object_cannot_be_changed(payload: Any, code: str) -> None:
    utility = Utility.at_work()
    before = utility.master.facts
    talk = utility.ask(utility.cis.system.change(payload))
    (error,) = errors_of(utility)
    assert (error.code, talk.outcomes.of(error).kind) == (code, OutcomeKind.FAILED)
    assert utility.master.facts == before


def test_e4_a_change_of_nothing_is_reported_and_changes_nothing() -> None:
    utility = Utility.at_work()
    before = utility.master.facts
    payload = UsagePointConfig(usage_point=[UsagePoint(mrid=POINT)])
    talk = utility.ask(utility.cis.system.change(payload), expects=["change-without-change"])
    assert talk.state is State.COMPLETE
    assert utility.master.facts == before


# E5 -----------------------------------------------------------------------------------------------------------------


def play_e5() -> Utility:
    """A meter gets a second function, a second name, and its usage point two service locations."""
    utility = Utility.at_work()
    cis = utility.cis.system
    function = SimpleEndDeviceFunction(mrid="edf-2", enabled=False)
    meter = Meter(mrid=METER, end_device_functions=[SimpleEndDeviceFunctionReference(ref="edf-2")])
    utility.ask(cis.change(MeterConfig(meter=[meter], simple_end_device_function=[function])))
    serial = names("SN-1", name_type="SerialNumber", authority="ExampleMaker")
    utility.ask(cis.change(MeterConfig(meter=[Meter(mrid=METER, names=serial)])))
    for end in ("d1", "d2"):
        utility.master.do("create", ServiceLocationConfig(service_location=[ServiceLocation(mrid=uuid(end))]))
        place = dataclasses.replace(link(METER, POINT), meter=[])
        place.service_location = [master_data_linkage_config.ServiceLocation(mrid=uuid(end))]
        utility.ask(cis.change(place))
    return utility


def test_e5_what_is_added_stands_beside_what_was_there() -> None:
    utility = play_e5()
    assert [talk.state for talk in utility.talks] == [State.COMPLETE] * 4
    (payload,) = utility.master.objects["MeterConfig"]
    assert [one.ref for one in payload.meter[0].end_device_functions] == ["edf-1", "edf-2"]
    assert [one.mrid for one in payload.simple_end_device_function] == ["edf-1", "edf-2"]
    assert [one.name for one in payload.meter[0].names] == ["B-1001", "SN-1"]
    assert payload.meter[0].serial_number == "SN-1"
    ends = [kind for one in utility.master.links for kind, _ in one.ends]
    assert sorted(ends) == ["Meter", "ServiceLocation", "ServiceLocation", *["UsagePoint"] * 3]


# E6 -----------------------------------------------------------------------------------------------------------------


SKELETON = MeterConfig(meter=[Meter(mrid=METER)])
NAMED = MeterConfig(meter=[Meter(names=names(*BADGE.names))])


def deletion(utility: Utility, variant: str) -> RequestMessage[Any]:
    """The ways to say which meter is to be deleted."""
    cis = utility.cis.system
    match variant:
        case "a":
            return cis.delete(MeterConfig, ids=[Meter(mrid=METER)], correlation_id="c-e6")
        case "b":
            return cis.delete(MeterConfig, ids=[BADGE], correlation_id="c-e6b")
        case "c":
            return cis.delete(SKELETON)
        case "c by name":
            return cis.delete(NAMED)
        case "d":  # what some systems send: a profile in Request
            request: RequestMessage[Any] = cis.delete(MeterConfig, ids=[METER])
            request.request = Request(queries=[SKELETON])
            return request
        case _:
            return cis.execute([operation(1, "delete", SKELETON)])


LIKE = {"a": ("E6a-1", None, "E6-3"), "b": ("E6b-1",)}
each_deletion = pytest.mark.parametrize("variant", ["a", "b", "c", "c by name", "d", "e"])


def play_e6(variant: str) -> Utility:
    """A meter is deleted that serves no usage point any longer; then again."""
    utility = Utility.at_work()
    utility.master.do("delete", link(METER, POINT))
    expects = ["profile-in-request"] if variant == "d" else []
    utility.ask(deletion(utility, variant), *LIKE.get(variant, ()), expects=expects)
    again = deletion(utility, variant)
    again.header.correlation_id = again.header.message_id
    utility.ask(again, expects=expects)
    return utility


@each_deletion
def test_e6_an_object_is_deleted_once(variant: str) -> None:
    utility = play_e6(variant)
    talk, again = utility.talks
    assert (talk.state, again.state) == (State.COMPLETE, State.FAILED)
    assert {outcome.kind for outcome in talk.outcomes.values()} == {OutcomeKind.DONE}
    assert {outcome.kind for outcome in again.outcomes.values()} == {OutcomeKind.FAILED}
    assert [one.code for one in errors_of(utility)] == ["2.15" if variant in {"a", "b"} else "2.4"]
    assert not utility.master.objects["MeterConfig"]


def test_e6_what_was_deleted_is_not_found() -> None:
    utility = play_e6("a")
    talk = utility.ask(utility.cis.system.get(query()))
    assert (talk.state, talk.payloads) == (State.COMPLETE, ())
    assert talk.outcomes.of(Meter(mrid=METER)).kind is OutcomeKind.UNANSWERED


def test_e6_what_is_linked_is_not_deleted() -> None:
    utility = Utility.at_work()
    before = utility.master.facts
    talk = utility.ask(utility.cis.system.delete(MeterConfig, ids=[BADGE]))
    assert (talk.state, [one.code for one in errors_of(utility)]) == (State.FAILED, ["2.29"])
    assert utility.master.facts == before


@pytest.mark.parametrize("verb", ["delete", "close"])
def test_e6_a_link_ends_on_its_day_and_its_history_stays(verb: str) -> None:
    utility = Utility.at_work()
    request = getattr(utility.cis.system, verb)(link(METER, POINT, DAY_X))
    talk = utility.ask(request)
    assert talk.state is State.COMPLETE
    assert utility.stage.arrivals[-1].message.header.verb == f"{verb}d"
    second = datetime.timedelta(seconds=1)
    assert [utility.master.meters_of(POINT, at) for at in (LONG_AGO, DAY_X - second, DAY_X)] == [[METER], [METER], []]


# E9 -----------------------------------------------------------------------------------------------------------------


def published() -> tuple[Master, list[Any]]:
    """What a master tells in the course of time, without being asked; and what it knows in the end."""
    stage = Stage()
    mdms, master = stage.party("MDMS").system, Master()
    events: list[Any] = []

    def tell(verb: str, payload: Any) -> None:
        stage.wait(60)
        master.do(verb, payload)
        events.append(getattr(mdms, f"{verb}d")(payload))

    tell("create", sample("E1-1").content)
    tell("create", sample("E1-3").content)
    tell("create", link(METER, POINT, LONG_AGO))
    tell("change", sample("E4-1").content)
    stage.wait(60)
    exchange = sample("E8-1").payload.operation_set
    assert not any(master.execute(exchange).values())
    events.append(mdms.executed(exchange))
    stage.wait(60)
    master.do("delete", SKELETON)
    events.append(mdms.deleted(MeterConfig, ids=[BADGE]))
    return master, events


MASTER, EVENTS = published()


def follow(events: list[Any]) -> Master:
    """What a system knows that takes events in the order in which they were made, whenever they arrive."""
    stage = Stage()
    listener, copy = stage.party("OMS"), Master()
    stage.wait(3600)
    accepted: list[Any] = []
    for event in events:
        document = to_xml(event)
        assert validate(document) == []
        arrival = listener.take(document)
        if arrival.receipt is not None and arrival.receipt.kind is ReceiptKind.UNSOLICITED:
            accepted.append(arrival.message)
        else:
            assert arrival.refused.answer is None
    for event in sorted(accepted, key=lambda one: one.header.timestamp):
        copy.follow(event)
    return copy


@settings(max_examples=20)
@given(order=st.permutations(range(len(EVENTS))), again=st.lists(st.sampled_from(range(len(EVENTS))), max_size=3))
def test_e9_whoever_follows_the_events_knows_what_the_master_knows(order: list[int], again: list[int]) -> None:
    assert follow([EVENTS[number] for number in (*order, *again)]).facts == MASTER.facts


def test_e9_events_that_are_published_once_more_change_nothing() -> None:
    master, events = published()
    for event in events:
        event.header.message_id = f"again-{event.header.message_id}"
        event.header.timestamp += datetime.timedelta(minutes=30)
    assert follow([*EVENTS, *events]).facts == master.facts


def test_e9_who_missed_an_event_notices_and_asks() -> None:
    master, events = published()
    with pytest.raises(RefusedError) as gap:
        follow(events[1:])
    assert gap.value.code == "2.12"
    utility = Utility()
    utility.master = master
    point = get_usage_point_config.UsagePoint(mrid=POINT)
    talk = utility.ask(utility.cis.system.get(GetUsagePointConfig(usage_point=[point])))
    assert talk.payloads == master.objects["UsagePointConfig"]
