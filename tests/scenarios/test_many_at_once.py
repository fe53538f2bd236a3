"""Many exchanges at once over one ``Conversations``, and a transport and a clock that do what they want.

Reads answered in parts or by events, new meters, controls and operation sets, about the same meters, are opened at any
time. Their answers come in any order, twice, late, under a wrong correlation, or never; waiting is given up; faults
come; what is over is forgotten in time. The model knows what the server said of each object, and which of its messages
have come: from these two everything else follows.
"""

from __future__ import annotations

import copy
import datetime
from collections.abc import Sequence
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from tests.scenarios.disorder import UNUSUAL
from tests.scenarios.payloads import QUEUE, meter, query_for, readings_of
from tests.scenarios.stage import Party, kinds_of, pair, uuid

from iec61968_9 import Reference
from iec61968_9.exchange import (
    Conversation,
    Conversations,
    OutcomeKind,
    Receipt,
    ReceiptKind,
    State,
    error,
    operation,
    operation_set,
)
from iec61968_9.profiles import EndDeviceControls, EndDeviceEvents, MeterConfig, end_device_controls, meter_config
from iec61968_9.profiles.end_device_events import Asset, EndDeviceEvent
from iec61968_9.profiles.envelope import EventMessage

REMEMBERED = 2
"""How many exchanges that are over are remembered; few, so that some are forgotten."""

AT_ONCE = 3
"""How many exchanges wait at once, at most."""

Plan = dict[int, bool]
"""What the server makes of each meter: whether it succeeds."""


def device(number: int) -> str:
    """The mRID of a meter."""
    return uuid(f"a{number}")


@attrs.frozen(eq=False)
class Answer:
    """One message of the server.

    Attributes:
        message: The message.
        kind: What it is to be taken for.
        tells: What it says of meters.
        ends: Whether nothing more is said of the others.
    """

    message: Any
    kind: ReceiptKind
    tells: Plan = attrs.Factory(dict[int, bool])
    ends: bool = False


# What the server says -----------------------------------------------------------------------------------------------


def pieces(plan: Plan, size: int) -> list[Plan]:
    """A plan in parts."""
    items = list(plan.items())
    return [dict(items[start : start + size]) for start in range(0, len(items), size)]


def read_in_parts(mdms: Party, hes: Party, plan: Plan, size: int) -> tuple[Any, list[Answer]]:
    request = mdms.system.get(query_for(*map(device, plan)), reply_to=QUEUE)
    answers = [Answer(hes.system.acknowledge(request), ReceiptKind.ACKNOWLEDGEMENT)]
    parts = pieces(plan, size)
    for part in parts:
        good = [device(number) for number, is_good in part.items() if is_good]
        errors = [error("4.1", of=meter(device(number))) for number, is_good in part.items() if not is_good]
        last = part is parts[-1]
        message = hes.system.partial(request, readings_of(*good) if good else None, errors=errors, last=last)
        answers.append(Answer(message, ReceiptKind.FINAL if last else ReceiptKind.PART, part, ends=last))
    return request, answers


def read_by_events(mdms: Party, hes: Party, plan: Plan, size: int) -> tuple[Any, list[Answer]]:
    request = mdms.system.get(query_for(*map(device, plan)), reply_to=QUEUE)
    answers = [Answer(hes.system.acknowledge(request), ReceiptKind.ACKNOWLEDGEMENT)]
    for part in pieces(dict.fromkeys(plan, True), size):
        event = hes.system.created(readings_of(*map(device, part)), request=request)
        answers.append(Answer(event, ReceiptKind.DATA, part))
    return request, answers


def new_meters(mdms: Party, hes: Party, plan: Plan, size: int) -> tuple[Any, list[Answer]]:
    config = MeterConfig(meter=[meter_config.Meter(mrid=device(number)) for number in plan])
    request = mdms.system.create(config)
    errors = [error("6.1", of=meter(device(number))) for number, is_good in plan.items() if not is_good]
    answers = [Answer(hes.system.reply(request, errors=errors), ReceiptKind.FINAL, plan, ends=True)]
    for part in pieces({number: True for number, is_good in plan.items() if is_good}, size):
        made = MeterConfig(meter=[meter_config.Meter(mrid=device(number)) for number in part])
        answers.append(Answer(hes.system.created(made, request=request), ReceiptKind.ECHO, part))
    return request, answers


def disconnect(mdms: Party, hes: Party, plan: Plan, size: int) -> tuple[Any, list[Answer]]:
    """Every other event has no correlation, and is known by tracking number and device."""
    tracking = f"SO-{mdms.system.new_id()}"
    control = end_device_controls.EndDeviceControl(
        mrid=uuid("c1"),
        issuer_tracking_id=tracking,
        end_device_control_type=Reference(ref="3.31.0.23"),
        end_devices=[end_device_controls.EndDevice(mrid=device(number)) for number in plan],
    )
    request = mdms.system.create(EndDeviceControls(end_device_control=[control]), reply_to=QUEUE)
    answers = [Answer(hes.system.acknowledge(request), ReceiptKind.ACKNOWLEDGEMENT)]
    for count, part in enumerate(pieces(plan, size)):
        events = [
            EndDeviceEvent(
                created_date_time=hes.system.clock(),
                issuer_tracking_id=tracking,
                assets=Asset(mrid=device(number)),
                end_device_event_type=Reference(ref="3.31.0.68" if is_good else "3.31.0.84"),
            )
            for number, is_good in part.items()
        ]
        event = hes.system.created(EndDeviceEvents(end_device_event=events), request=request if count % 2 else None)
        answers.append(Answer(event, ReceiptKind.COMPLETION, part))
    return request, answers


def operations(mdms: Party, hes: Party, plan: Plan, size: int) -> tuple[Any, list[Answer]]:
    made = [
        operation(number, "create", MeterConfig(meter=[meter_config.Meter(mrid=device(number))])) for number in plan
    ]
    request = mdms.system.execute(operation_set(made), reply_to=QUEUE)
    answers = [Answer(hes.system.acknowledge(request), ReceiptKind.ACKNOWLEDGEMENT)]
    parts = pieces(plan, 1)
    for part in parts:
        ((number, is_good),) = part.items()
        errors = [] if is_good else [error("6.1", operation_id=number)]
        last = part is parts[-1]
        message = hes.system.partial(request, errors=errors, operation_id=number, last=last)
        answers.append(Answer(message, ReceiptKind.FINAL if last else ReceiptKind.PART, part, ends=last))
    return request, answers


SERVERS = [read_in_parts, read_by_events, new_meters, disconnect, operations]


# What the client ought to know --------------------------------------------------------------------------------------


@attrs.define(eq=False)
class Exchange:
    """An exchange as the model knows it.

    Attributes:
        talk: The exchange as the library knows it.
        answers: All that the server says.
        meters: What was asked for.
        data: Whether data were asked for.
        numbered: Whether operations were asked for.
        heard: When it last heard anything.
        came: The answers that have come and counted.
        refused: The answers that came after a fault.
        silent: Whether waiting was given up, and nothing has come since.
        faulted: Whether a fault has come.
    """

    talk: Conversation[Any]
    answers: Sequence[Answer]
    meters: Sequence[int]
    data: bool
    numbered: bool
    heard: datetime.datetime
    came: list[Answer] = attrs.Factory(list[Answer])
    refused: list[Answer] = attrs.Factory(list[Answer])
    silent: bool = False
    faulted: bool = False

    @property
    def told(self) -> Plan:
        """What is known of meters."""
        return {number: is_good for answer in self.came for number, is_good in answer.tells.items()}

    @property
    def ended(self) -> bool:
        return any(answer.ends for answer in self.came)

    @property
    def is_over(self) -> bool:
        return self.faulted or self.ended or set(self.told) == set(self.meters)

    def outcome(self, number: int) -> OutcomeKind:
        """What became of a meter."""
        if self.told.get(number):
            return OutcomeKind.DATA if self.data else OutcomeKind.DONE
        if number in self.told or self.faulted:
            return OutcomeKind.FAILED
        if self.ended:
            return OutcomeKind.UNANSWERED
        return OutcomeKind.UNKNOWN if self.silent else OutcomeKind.OUTSTANDING

    @property
    def state(self) -> State:
        if self.faulted:
            return State.FAULTED
        if self.is_over:
            return State.FAILED if self.told and not any(self.told.values()) else State.COMPLETE
        if self.silent:
            return State.SILENT
        if self.came:
            return State.PARTIAL if self.told else State.ACKNOWLEDGED
        return State.SENT

    def known_outcome(self, number: int) -> Any:
        """What the library says became of a meter."""
        return self.talk.outcomes.of(number if self.numbered else meter(device(number)))


@settings(max_examples=80, stateful_step_count=30, deadline=None)
class Traffic(RuleBasedStateMachine):
    """Whatever may happen between a client and servers."""

    def __init__(self) -> None:
        super().__init__()
        self.stage, self.mdms, self.hes = pair()
        self.talks = Conversations(remembered=REMEMBERED)
        self.open: list[Exchange] = []
        self.over: list[Exchange] = []
        self.forgotten: list[Exchange] = []
        self.strays: set[str] = set()

    @property
    def known(self) -> list[Exchange]:
        return [*self.open, *self.over]

    def settle(self, exchange: Exchange) -> None:
        """Put an exchange where it belongs now, and forget the oldest of those that are over."""
        waits = not exchange.is_over and not exchange.silent
        if waits == (exchange in self.open):
            return
        (self.over if waits else self.open).remove(exchange)
        (self.open if waits else self.over).append(exchange)
        while len(self.over) > REMEMBERED:
            self.forgotten.append(self.over.pop(0))

    def verdicts(self) -> list[Any]:
        return [
            (one.talk.state, [str(outcome.kind) for outcome in one.talk.outcomes.values()], len(one.talk.payloads))
            for one in (*self.known, *self.forgotten)
        ]

    # What happens

    @precondition(lambda self: len(self.open) < AT_ONCE)
    @rule(
        server=st.sampled_from(SERVERS),
        plan=st.dictionaries(st.integers(1, 4), st.booleans(), min_size=1),
        size=st.integers(1, 3),
    )
    def ask(self, server: Any, plan: Plan, size: int) -> None:
        request, answers = server(self.mdms, self.hes, plan, size)
        talk = self.talks.open(request, sent_at=self.stage.now)
        data, numbered = server in (read_in_parts, read_by_events), server is operations
        self.open.append(Exchange(talk, answers, list(plan), data, numbered, self.stage.now))

    @precondition(lambda self: self.known or self.forgotten)
    @rule(data=st.data())
    def answers_come(self, data: st.DataObject) -> None:
        """Some answers of an exchange come, in any order, among them such as have come before."""
        exchange = data.draw(st.sampled_from([*self.known, *self.forgotten[-1:]]), label="exchange")
        for answer in data.draw(st.lists(st.sampled_from(exchange.answers), min_size=1, max_size=5), label="answers"):
            self.stage.wait(1)
            self.answer_comes(exchange, answer)

    def answer_comes(self, exchange: Exchange, answer: Answer) -> None:
        before = self.verdicts()
        receipt = self.talks.receive(copy.deepcopy(answer.message), self.stage.now)
        if exchange in self.forgotten:
            self.check_stray(answer.message, receipt)
            assert self.verdicts() == before
        elif answer in exchange.came or answer in exchange.refused:
            assert (receipt.kind, receipt.conversation, receipt.changed) == (ReceiptKind.DUPLICATE, exchange.talk, ())
            assert self.verdicts() == before
        elif exchange.faulted:
            exchange.refused.append(answer)
            assert (receipt.kind, kinds_of(receipt.findings)) == (ReceiptKind.SURPLUS, ["message-after-end"])
            assert self.verdicts() == before
        else:
            assert (receipt.kind, receipt.conversation) == (answer.kind, exchange.talk)
            assert receipt.late == exchange.silent == ("late-reply" in kinds_of(receipt.findings))
            exchange.came.append(answer)
            exchange.silent, exchange.heard = False, self.stage.now
            self.settle(exchange)

    @precondition(lambda self: self.known or self.forgotten)
    @rule(data=st.data(), own=st.booleans())
    def something_comes_under_a_wrong_correlation(self, data: st.DataObject, own: bool) -> None:
        exchange = data.draw(st.sampled_from([*self.known, *self.forgotten[-1:]]), label="exchange")
        answer = data.draw(st.sampled_from(exchange.answers), label="answer")
        stray = copy.deepcopy(answer.message)
        if answer.kind is ReceiptKind.COMPLETION:  # the tracking number would lead it home
            stray.content.end_device_event[0].issuer_tracking_id = "SO-0"
            del stray.content.end_device_event[1:]
        stray.header.message_id = self.hes.system.new_id()
        stray.header.correlation_id = stray.header.message_id if own else "c-0"
        before = self.verdicts()
        for _ in range(2):
            self.check_stray(stray, self.talks.receive(copy.deepcopy(stray), self.stage.now))
        assert exchange.talk.receive(stray, self.stage.now).kind is ReceiptKind.ORPHAN
        assert self.verdicts() == before

    def check_stray(self, message: Any, receipt: Receipt) -> None:
        number: str = message.header.message_id
        kind = ReceiptKind.UNSOLICITED if type(message) is EventMessage else ReceiptKind.ORPHAN
        if number in self.strays:
            kind = ReceiptKind.DUPLICATE
        self.strays.add(number)
        assert (receipt.kind, receipt.conversation) == (kind, None)

    @precondition(lambda self: self.open)
    @rule(data=st.data())
    def a_fault_comes(self, data: st.DataObject) -> None:
        exchange = data.draw(st.sampled_from(self.known), label="exchange")
        fault = self.hes.system.fault("1.8")
        assert self.talks.receive(fault).kind is ReceiptKind.ORPHAN
        receipt = exchange.talk.receive(fault, self.stage.now)
        if exchange.faulted:
            assert receipt.kind is ReceiptKind.DUPLICATE
        elif exchange.is_over:
            assert receipt.kind is ReceiptKind.SURPLUS
        else:
            assert (receipt.kind, receipt.late) == (ReceiptKind.FAULT, exchange.silent)
            exchange.faulted, exchange.silent = True, False
            self.settle(exchange)

    @rule(seconds=st.integers(0, 5))
    def waiting_is_given_up(self, seconds: int) -> None:
        before = self.stage.now - datetime.timedelta(seconds=seconds)
        given_up = [one for one in self.open if one.heard < before]
        receipts = self.talks.expire(before)
        assert [receipt.conversation for receipt in receipts] == [one.talk for one in given_up]
        assert {receipt.kind for receipt in receipts} <= {ReceiptKind.SILENCE}
        for exchange in given_up:
            exchange.silent = True
            self.settle(exchange)

    @precondition(lambda self: len(self.known) > AT_ONCE)
    @rule(data=st.data())
    def an_exchange_is_forgotten(self, data: st.DataObject) -> None:
        exchange = data.draw(st.sampled_from(self.known), label="exchange")
        self.talks.forget(exchange.talk)
        (self.open if exchange in self.open else self.over).remove(exchange)
        self.forgotten.append(exchange)

    # What holds

    @invariant()
    def each_exchange_is_as_far_as_its_messages_tell(self) -> None:
        for exchange in (*self.known, *self.forgotten):
            assert (exchange.talk.state, exchange.talk.is_over) == (exchange.state, exchange.is_over)

    @invariant()
    def each_object_has_the_outcome_that_was_told(self) -> None:
        for exchange in (*self.known, *self.forgotten):
            assert len(exchange.talk.outcomes) == len(exchange.meters)
            for number in exchange.meters:
                outcome = exchange.known_outcome(number)
                assert outcome.kind is exchange.outcome(number)
                assert len(outcome.items) == (outcome.kind is OutcomeKind.DATA)

    @invariant()
    def those_that_wait_are_listed_in_their_order(self) -> None:
        assert [*self.talks] == [exchange.talk for exchange in self.open]
        assert len(self.talks) == len(self.open)

    @invariant()
    def nothing_is_found_but_disorder(self) -> None:
        for exchange in (*self.known, *self.forgotten):
            assert set(kinds_of(exchange.talk.findings)) <= UNUSUAL | {"message-after-end"}


TestTraffic = pytest.mark.filterwarnings("error")(Traffic.TestCase)


@given(st.booleans(), st.booleans())
def test_a_reply_under_the_correlation_of_another_read_answers_nothing_there(is_good: bool, is_last: bool) -> None:
    """Nobody can see that it belongs elsewhere, but what it says is of meters that were not asked for."""
    _, mdms, hes = pair()
    first, second = (mdms.system.get(query_for(device(number)), reply_to=QUEUE) for number in (1, 2))
    talks = Conversations()
    waiting, other = talks.open(first), talks.open(second)
    errors = [] if is_good else [error("4.1", of=meter(device(2)))]
    crossed = hes.system.partial(second, readings_of(device(2)) if is_good else None, errors=errors, last=is_last)
    crossed.header.correlation_id = first.header.correlation_id
    receipt = talks.receive(crossed)
    assert (receipt.conversation, receipt.changed == ()) == (waiting, not is_last)
    assert "object-not-asked" in kinds_of(receipt.findings)
    assert not any(outcome.is_good or outcome.items for outcome in waiting.outcomes.values())
    assert (other.state, len(other.outstanding)) == (State.SENT, 1)
