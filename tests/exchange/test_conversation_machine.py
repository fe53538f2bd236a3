"""Replies that come twice, late, out of order, not at all, or with a wrong correlation: what is known stays right.

The model knows what a server does with each meter, and which of its messages have arrived. Whatever happened on the
way, the outcome of a meter follows from these two.
"""

from __future__ import annotations

import copy
import datetime
import itertools
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, precondition, rule

from iec61968_9.exchange import (
    Conversation,
    Conversations,
    OutcomeKind,
    ReceiptKind,
    State,
    System,
    error,
    operation,
    operation_set,
    removal,
)
from iec61968_9.identity import Identity, mrid
from iec61968_9.profiles.end_device_controls import EndDevice as ControlledDevice
from iec61968_9.profiles.end_device_controls import EndDeviceControl, EndDeviceControls
from iec61968_9.profiles.end_device_events import Asset, EndDeviceEvent, EndDeviceEvents
from iec61968_9.profiles.envelope import Header
from iec61968_9.profiles.get_meter_readings import EndDevice, GetMeterReadings
from iec61968_9.profiles.meter_config import Meter as ConfiguredMeter
from iec61968_9.profiles.meter_config import MeterConfig
from iec61968_9.profiles.meter_readings import Meter, MeterReading, MeterReadings
from iec61968_9.xml import Reference

NOW = datetime.datetime(2026, 3, 2, 8, tzinfo=datetime.UTC)


class Numbers:
    """Makes message IDs, the same in every run."""

    def __init__(self) -> None:
        self.count = itertools.count()

    def __call__(self) -> str:
        return f"m-{next(self.count)}"


NEW_ID = Numbers()
CLIENT, SERVER = (System(source=source, clock=lambda: NOW, new_id=NEW_ID) for source in ("MDMS", "HES"))
KEPT = {OutcomeKind.DATA, OutcomeKind.FAILED}


def ident(number: int) -> Identity:
    return Identity(mrid=mrid(str(number), authority="test"))


def read_of(meters: Sequence[int]) -> Any:
    devices = [EndDevice(mrid=ident(number).mrid) for number in meters]
    return CLIENT.get(GetMeterReadings(end_device=devices), asynchronous=True, reply_to="queue:REPLIES")


def parts_of(request: Any, plan: dict[int, bool], cuts: Sequence[int]) -> list[Any]:
    """The server's messages: an acknowledgement, and parts with data for some meters and errors for others."""
    meters = list(plan)
    edges = [0, *sorted({cut % (len(meters) + 1) for cut in cuts}), len(meters)]
    pieces = [meters[start:end] for start, end in itertools.pairwise(edges)]
    messages: list[Any] = [SERVER.acknowledge(request)]
    for number, piece in enumerate(pieces):
        good = [MeterReading(meter=Meter(mrid=ident(one).mrid)) for one in piece if plan[one]]
        errors = [error("4.1", of=str(ident(one).mrid)) for one in piece if not plan[one]]
        payload = MeterReadings(meter_reading=good) if good else None
        messages.append(SERVER.partial(request, payload, errors=errors, last=number == len(pieces) - 1))
    return messages


def spoken_of(message: Any) -> set[str]:
    """The meters that a message says anything about."""
    said = {one.id.value for one in message.reply.error if one.id is not None}
    if message.payload is not None:
        said |= {reading.meter.mrid for reading in message.content.meter_reading}
    return said


def verdict(conversation: Conversation[Any]) -> dict[str, tuple[OutcomeKind, int, tuple[str, ...]]]:
    """All that does not depend on the order in which messages came."""
    return {
        str(subject): (outcome.kind, len(outcome.items), tuple(sorted(one.code for one in outcome.errors)))
        for subject, outcome in conversation.outcomes.items()
    }


class Talk(RuleBasedStateMachine):
    """Two bulk reads at a time, and a transport that does what it wants."""

    def __init__(self) -> None:
        super().__init__()
        NEW_ID.count = itertools.count()
        self.all = Conversations()
        self.talks: list[Conversation[Any]] = []
        self.plans: list[dict[int, bool]] = []
        self.sent: list[list[Any]] = []
        self.arrived: list[list[Any]] = [[], []]

    delivered = Bundle("delivered")

    @initialize(
        plans=st.tuples(*[st.dictionaries(st.integers(0, 5), st.booleans(), min_size=1, max_size=5)] * 2),
        cuts=st.tuples(*[st.lists(st.integers(0, 5), max_size=3)] * 2),
    )
    def ask(self, plans: tuple[dict[int, bool], ...], cuts: tuple[list[int], ...]) -> None:
        for plan, cut in zip(plans, cuts, strict=True):
            request = read_of(list(plan))
            self.talks.append(self.all.open(request))
            self.plans.append(plan)
            self.sent.append(parts_of(request, plan, cut))

    @rule(target=delivered, which=st.sampled_from([0, 1]), number=st.integers(0, 9))
    def deliver(self, which: int, number: int) -> Any:
        waiting = [one for one in self.sent[which] if one not in self.arrived[which]]
        message = (waiting or self.sent[which])[number % len(waiting or self.sent[which])]
        repeated = message in self.arrived[which]
        before = verdict(self.talks[1 - which])
        silent = self.talks[which].state is State.SILENT
        receipt = self.all.receive(message)
        assert receipt.conversation is self.talks[which]
        assert (receipt.kind is ReceiptKind.DUPLICATE) == repeated
        assert receipt.late == (silent and not repeated)
        if not repeated:
            self.arrived[which].append(message)
        assert verdict(self.talks[1 - which]) == before
        return which, message

    @rule(again=delivered)
    def repeat(self, again: tuple[int, Any]) -> None:
        which, message = again
        talk = self.talks[which]
        before, state = verdict(talk), talk.state
        receipt = self.all.receive(copy.deepcopy(message))
        assert (receipt.kind, receipt.changed) == (ReceiptKind.DUPLICATE, ())
        assert (verdict(talk), talk.state) == (before, state)

    @rule(which=st.sampled_from([0, 1]), number=st.integers(0, 9), own=st.booleans())
    def mislead(self, which: int, number: int, own: bool) -> None:
        """A message whose correlation leads nowhere; some senders put their own MessageID there."""
        stray = copy.deepcopy(self.sent[which][number % len(self.sent[which])])
        stray.header.message_id = NEW_ID()
        stray.header.correlation_id = stray.header.message_id if own else NEW_ID()
        before = [verdict(talk) for talk in self.talks]
        receipt = self.all.receive(stray)
        assert (receipt.kind, receipt.conversation) == (ReceiptKind.ORPHAN, None)
        assert self.all.receive(stray).kind is ReceiptKind.DUPLICATE
        assert [verdict(talk) for talk in self.talks] == before
        assert self.talks[which].receive(stray).kind is ReceiptKind.ORPHAN

    @rule(which=st.sampled_from([0, 1]))
    def wait_too_long(self, which: int) -> None:
        talk = self.talks[which]
        over = talk.is_over
        known = {subject for subject, outcome in talk.outcomes.items() if outcome.is_decided}
        receipt = talk.expire()
        assert receipt is None or not over
        if not over:
            assert talk.state is State.SILENT
            assert {talk.outcomes[subject].kind for subject in talk.outcomes if subject not in known} <= {
                OutcomeKind.UNKNOWN
            }

    @invariant()
    def each_meter_has_the_outcome_that_the_messages_tell(self) -> None:
        for talk, plan, arrived in zip(self.talks, self.plans, self.arrived, strict=False):
            assert len(talk.outcomes) == len(plan)
            said = {one for message in arrived for one in spoken_of(message)}
            for number, good in plan.items():
                outcome = talk.outcomes.of(ident(number))
                if ident(number).mrid in said:
                    assert outcome.kind is (OutcomeKind.DATA if good else OutcomeKind.FAILED)
                    assert (len(outcome.items), len(outcome.errors)) == ((1, 0) if good else (0, 1))
                else:
                    assert outcome.kind not in KEPT
                    assert outcome.items == outcome.errors == ()

    @invariant()
    def the_order_of_arrival_does_not_count(self) -> None:
        for talk, sent, arrived in zip(self.talks, self.sent, self.arrived, strict=False):
            other: Conversation[Any] = Conversation(talk.request)
            for message in sent:
                if message in arrived:
                    other.receive(message)
            if talk.state is State.SILENT:
                other.expire()
            assert verdict(other) == verdict(talk)
            assert other.is_over == talk.is_over

    @precondition(lambda self: bool(self.talks))
    @invariant()
    def who_waits_is_among_the_open_ones(self) -> None:
        waiting = [talk for talk in self.talks if not talk.is_over and talk.state is not State.SILENT]
        assert {id(talk) for talk in self.all} == {id(talk) for talk in waiting}
        assert len(self.all) == len(waiting)

    def teardown(self) -> None:
        for talk, plan, sent in zip(self.talks, self.plans, self.sent, strict=False):
            for message in sent:
                self.all.receive(message)
            kinds = {number: talk.outcomes.of(ident(number)).kind for number in plan}
            assert kinds == {number: OutcomeKind.DATA if good else OutcomeKind.FAILED for number, good in plan.items()}
            assert talk.state is (State.COMPLETE if any(plan.values()) else State.FAILED)
            assert talk.outstanding == ()


Talk.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestTalk = pytest.mark.filterwarnings("error")(Talk.TestCase)


# Controls and operation sets ----------------------------------------------------------------------------------------


@given(st.dictionaries(st.integers(0, 5), st.booleans(), min_size=1, max_size=5), st.data())
def test_the_events_of_a_control_may_come_in_any_order_and_any_number(
    plan: dict[int, bool], data: st.DataObject
) -> None:
    control = EndDeviceControl(
        mrid=mrid(),
        issuer_tracking_id="SO-1",
        end_device_control_type=Reference(ref="3.31.0.23"),
        end_devices=[ControlledDevice(mrid=ident(number).mrid) for number in plan],
    )
    request = CLIENT.create(EndDeviceControls(end_device_control=[control]), asynchronous=True, reply_to="topic:T")
    time = request.header.timestamp
    assert time is not None
    events = [
        SERVER.created(
            EndDeviceEvents(
                end_device_event=[
                    EndDeviceEvent(
                        created_date_time=time,
                        issuer_tracking_id="SO-1",
                        assets=Asset(mrid=ident(number).mrid),
                        end_device_event_type=Reference(ref="3.31.0.68" if good else "3.31.0.84"),
                    )
                ]
            ),
            request=request,
        )
        for number, good in plan.items()
    ]
    others = [SERVER.acknowledge(request), SERVER.created(request=request)]
    conversation = Conversation(request)
    order = data.draw(st.permutations([*events, *others, *data.draw(st.lists(st.sampled_from(events), max_size=4))]))
    told: set[int] = set()
    for message in order:
        conversation.receive(message)
        told |= {number for number, event in zip(plan, events, strict=True) if event is message}
        assert {number for number in plan if conversation.outcomes.of(ident(number)).is_decided} == told
        assert conversation.is_over == (told == set(plan))
    assert conversation.state is (State.COMPLETE if any(plan.values()) else State.FAILED)
    assert {number: conversation.outcomes.of(ident(number)).is_good for number in plan} == plan
    assert all(len(outcome.events) == 1 for outcome in conversation.outcomes.values())


@given(st.dictionaries(st.integers(1, 6), st.booleans(), min_size=1, max_size=6), st.data())
def test_operations_may_be_answered_in_any_order(plan: dict[int, bool], data: st.DataObject) -> None:
    operations = [
        operation(number, "create", MeterConfig(meter=[ConfiguredMeter(mrid=ident(number).mrid)])) for number in plan
    ]
    request = CLIENT.execute(operation_set(operations), asynchronous=True, reply_to="topic:T")
    answers = [
        SERVER.partial(
            request,
            errors=[] if good else [error("6.1", operation_id=number)],
            operation_id=number,
            last=number == list(plan)[-1],
        )
        for number, good in plan.items()
    ]
    conversation = Conversation(request)
    for message in data.draw(st.permutations(answers)):
        conversation.receive(message)
    assert {number: conversation.outcomes.of(number).is_good for number in plan} == plan
    assert conversation.state is (State.COMPLETE if any(plan.values()) else State.FAILED)
    assert "operation-answered-twice" not in [one.kind for one in conversation.findings]


def test_removals_are_operations_like_any_other() -> None:
    request = CLIENT.execute([removal(1, MeterConfig(meter=[ConfiguredMeter(mrid=mrid())]))])
    conversation = Conversation(request)
    conversation.receive(SERVER.reply(request, operation_id=1))
    assert conversation.state is State.COMPLETE


def test_what_is_remembered_is_bounded() -> None:
    """A partner may send as much as he wants: only data for what was asked for is kept."""
    conversations = Conversations(remembered=3)
    requests = [read_of([number]) for number in range(6)]
    talks = [conversations.open(request) for request in requests]
    for request in requests:
        conversations.receive(SERVER.reply(request, errors=["2.4"]))
    assert [talk.state for talk in talks] == [State.FAILED] * 6
    again = [conversations.receive(SERVER.reply(request, errors=["2.4"])).kind for request in requests]
    assert again == [ReceiptKind.ORPHAN] * 3 + [ReceiptKind.SURPLUS] * 3
    talk = talks[-1]
    for _ in range(1100):
        talk.receive(SERVER.reply(requests[-1], errors=["2.4"]))
    assert len(talk.findings) == 1024


def test_a_header_alone_is_no_message() -> None:
    with pytest.raises(TypeError, match="a reply, an event or a fault can arrive, and this is a Header"):
        Conversations().receive(Header(verb="reply", noun="MeterReadings"))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # on purpose
