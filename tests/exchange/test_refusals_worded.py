"""What builders refuse, with the sentence that a developer gets to read: what is wrong, what to do, and the rule.

``refusals.txt`` has the texts as reviewed; ``pytest tests/exchange --update-golden`` writes them as they are now, for
review as a diff. A text ends with the number of the rule and the clause, which are on the error as well.
"""

from __future__ import annotations

import datetime
import gzip
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from iec61968_9 import ExchangeError, ForeignElement, exchange
from iec61968_9.exchange import Conversations, PayloadFile, ReplyAddress, System
from iec61968_9.exchange.rules import exchange_rules
from iec61968_9.profiles import EndDeviceControls, GetMeterReadings, MeterConfig, MeterReadings
from iec61968_9.profiles.envelope import Error, ObjectID, Operation, OperationSet, ReplayDetection, Result
from iec61968_9.profiles.meter_readings import MeterReading

GOLDEN = Path(__file__).with_name("refusals.txt")
METER = "6a0d5c1e-0b1f-4c55-9c0e-0000000000a1"
DATA = MeterReadings(meter_reading=[MeterReading()])
ASK = exchange.get(GetMeterReadings(), message_id="m-1", correlation_id="c-1")
LATER = exchange.get(GetMeterReadings(), reply_to="queue:A")
ONE_WAY = exchange.create(DATA, ack_required=False)
MADE = exchange.create(MeterConfig())
SET = exchange.execute([exchange.operation(1, "create", MeterConfig())])
NOON = datetime.datetime(2026, 3, 2, 12)
UTC = datetime.UTC
ENVELOPE = "http://iec.ch/TC57/2011/schema/message"
PAGES = ForeignElement('<Pages xmlns="urn:example:partner"/>')
STOLEN = ForeignElement('<MeterReadings xmlns="urn:example:partner"/>')
untyped: Any = exchange
"""The same for what type checkers refuse already."""


def sent(verb: str | None, noun: str | None = "MeterReadings") -> Any:
    """A request with a header that no builder makes."""
    made: Any = exchange.get(GetMeterReadings())
    made.header.verb, made.header.noun = verb, noun
    return made


def numbered(verb: str, *, members: bool | None = None, content: Any = MeterConfig(), number: int = 1) -> Operation:  # noqa: B008
    """An operation that no builder makes."""
    return Operation(operation_id=number, noun="MeterConfig", verb=verb, element_operation=members, content=content)


def opened_twice() -> None:
    conversations = Conversations()
    conversations.open(ASK)
    conversations.open(ASK)


REFUSED: dict[str, Callable[[], object]] = {
    # requests
    "a get for nothing": lambda: untyped.get(),
    "a get for a query's class": lambda: untyped.get(noun=GetMeterReadings),
    "a get with a payload for a query": lambda: untyped.get(DATA),
    "a get with a query and identifiers": lambda: untyped.get(GetMeterReadings(), ids=[METER]),
    "a get without end zone": lambda: exchange.get(noun="MeterReadings", end=NOON),
    "a get without start zone": lambda: exchange.get(noun="MeterReadings", start=NOON),
    "a get whose noun is not its query's": lambda: untyped.get(GetMeterReadings(), noun="MeterConfig"),
    "a one-way get": lambda: exchange.get(GetMeterReadings(), ack_required=False),
    "a get by the name of its query": lambda: exchange.get(noun="GetMeterReadings"),
    "a get whose end is before its start": lambda: exchange.get(
        noun="MeterReadings", start=NOON.replace(tzinfo=UTC), end=NOON.replace(tzinfo=UTC, hour=11)
    ),
    "a get of operation sets": lambda: exchange.get(noun="OperationSet"),
    "a create of a query": lambda: untyped.create(GetMeterReadings()),
    "a create of an element without a namespace": lambda: exchange.create(ForeignElement("<Pages/>")),
    "a create of an element of the envelope": lambda: exchange.create(ForeignElement(f'<Pages xmlns="{ENVELOPE}"/>')),
    "a create of a part of a payload": lambda: untyped.create(MeterReading()),
    "a create of another noun": lambda: untyped.create(DATA, noun="MeterConfig"),
    "a create of a stranger that takes a profile's noun": lambda: untyped.create(STOLEN),
    "a delete of nothing": lambda: exchange.delete(MeterConfig),
    "a noun that is blank": lambda: exchange.delete(" ", ids=[METER]),
    "a delete by a query's class": lambda: exchange.delete(GetMeterReadings, ids=[METER]),
    "an identifier that is blank": lambda: exchange.delete(MeterConfig, ids=[ObjectID(value=" ")]),
    "an identifier of unknown kind": lambda: exchange.delete(MeterConfig, ids=["B-1001"]),
    # headers
    "an asynchronous request without address": lambda: exchange.get(GetMeterReadings(), asynchronous=True),
    "a synchronous request with an address": lambda: untyped.get(
        GetMeterReadings(), asynchronous=False, reply_to="queue:A"
    ),
    "a one-way request with an address": lambda: untyped.create(DATA, ack_required=False, reply_to="queue:A"),
    "an address of no kind": lambda: exchange.get(GetMeterReadings(), reply_to="CIS-001"),
    "an address without a name": lambda: ReplyAddress.parse("topic:"),
    "an address with a space": lambda: ReplyAddress.parse("queue:A B"),
    "an address without a host": lambda: ReplyAddress.parse("https:///reply"),
    "a message ID that is blank": lambda: exchange.get(GetMeterReadings(), message_id=" "),
    "a correlation ID that is blank": lambda: exchange.get(GetMeterReadings(), correlation_id=""),
    "a property without a name": lambda: exchange.get(GetMeterReadings(), properties={" ": "1"}),
    "an option without a name": lambda: exchange.get(GetMeterReadings(), options={"": "1"}),
    "a time without a zone": lambda: exchange.get(GetMeterReadings(), timestamp=NOON),
    "a replay detection without a zone": lambda: exchange.get(
        GetMeterReadings(), replay=ReplayDetection(nonce="n-1", created=NOON)
    ),
    "a nonce that is blank": lambda: System(new_nonce=lambda: " ").get(GetMeterReadings(), replay=True),
    "a factory of one identifier": lambda: System(new_id=lambda: "m-1").get(GetMeterReadings()),
    "a header element without a namespace": lambda: exchange.get(
        GetMeterReadings(), extensions=[ForeignElement("<Authorization/>")]
    ),
    # files
    "a file that is XML": lambda: PayloadFile(b"<a/>", "XML"),
    "a file of a blank format": lambda: PayloadFile(b"", " "),
    "a binary file that is gzipped": lambda: PayloadFile(b"", "BINARY", gzipped=True),
    "a plain file that gzip made": lambda: PayloadFile(gzip.compress(b"a;b"), "CSV", gzipped=False),
    "a plain file that is to be compressed": lambda: exchange.create(
        PayloadFile(b"a;b", "BINARY"), noun="MeterReadings", compress=True
    ),
    "a file that is given another format": lambda: exchange.create(
        PayloadFile(b"a;b", "CSV"), noun="MeterReadings", format="PDF"
    ),
    "a file without a noun": lambda: untyped.create(PayloadFile(b"a;b", "CSV")),
    "an object in a format of files": lambda: exchange.create(DATA, format="CSV"),
    # replies
    "a reply to no request": lambda: untyped.reply(object()),
    "a reply to a request without a noun": lambda: exchange.reply(sent("get", " ")),
    "a reply to a one-way request": lambda: exchange.reply(ONE_WAY),
    "a reply to a verb of nobody": lambda: exchange.reply(sent("subscribe")),
    "a reply to a create, with data": lambda: untyped.reply(MADE, DATA),
    "a reply with data of another noun": lambda: untyped.reply(ASK, EndDeviceControls()),
    "a reply that cites another message": lambda: exchange.reply(ASK, correlation_id="c-9"),
    "a reply of another noun": lambda: exchange.reply(ASK, noun="MeterConfig"),
    "a reply with the request's own ID": lambda: exchange.reply(ASK, message_id="m-1"),
    "a reply for an operation that was not asked": lambda: exchange.reply(SET, errors=["2.4"], operation_id=7),
    "an error for operations that were not asked": lambda: exchange.reply(
        SET, errors=[exchange.error("2.4", operation_id=number) for number in (3, 2, 1)]
    ),
    "an acknowledgement of a synchronous request": lambda: exchange.acknowledge(ASK),
    "a part for a synchronous request": lambda: exchange.partial(ASK),
    "an error for another operation than the reply": lambda: exchange.reply(
        SET, errors=[exchange.error("2.4", operation_id=2)], operation_id=1
    ),
    "an acknowledgement of an event": lambda: untyped.acknowledge(exchange.created(DATA)),
    "a part that says so itself": lambda: exchange.partial(LATER, errors=["0.1"]),
    "a complete reply that says more follows": lambda: exchange.reply(ASK, errors=["0.1"]),
    "OK with a failure": lambda: exchange.reply(ASK, errors=["2.4"], result=Result.OK),
    "FAILED without a failure": lambda: exchange.reply(ASK, result=Result.FAILED),
    "a failure whose code says success": lambda: exchange.fail(ASK, "0.0"),
    "a fault without an error": lambda: exchange.fault(),
    "an error without a code": lambda: exchange.error(" "),
    "an error that somebody made without a code": lambda: exchange.reply(ASK, errors=[Error(code="")]),
    # events
    "an event about nothing": lambda: untyped.created(),
    "an event that copies another request": lambda: exchange.created(request=exchange.change(DATA)),
    "an event with its payload and identifiers": lambda: untyped.deleted(MeterConfig(), ids=[METER]),
    "an event with neither": lambda: untyped.created(MeterReadings, request=MADE),
    "an event of a query": lambda: untyped.created(GetMeterReadings()),
    "an event with the MessageID of its request": lambda: exchange.created(DATA, request=ASK, message_id="m-1"),
    "an event with another correlation than its request": lambda: exchange.created(
        DATA, request=ASK, correlation_id="c-9"
    ),
    "the event of a get": lambda: exchange.event_verb("get"),
    "the event of a reply": lambda: exchange.event_verb("reply"),
    # operation sets
    "a set without operations": lambda: exchange.operation_set([]),
    "two operations of one number": lambda: exchange.operation_set([numbered("create"), numbered("delete")]),
    "an operation that is none": lambda: exchange.operation(1, "get", MeterConfig()),
    "members removed by a change": lambda: exchange.operation_set([numbered("change", members=True)]),
    "a request with operations that are done": lambda: exchange.execute(OperationSet(operation=[numbered("created")])),
    "an operation without content": lambda: exchange.execute(
        OperationSet(operation=[numbered("create", content=None)])
    ),
    "an operation without a noun": lambda: exchange.execute([Operation(operation_id=1, verb="create", content=DATA)]),
    "an operation without a verb": lambda: exchange.execute([Operation(operation_id=1, noun="X", content=DATA)]),
    "an operation on a query": lambda: exchange.operation(1, "create", GetMeterReadings()),
    "an operation on another noun": lambda: untyped.operation(1, "create", MeterConfig(), noun="MeterReadings"),
    # conversations
    "an exchange that nothing can be tied to": lambda: Conversations().open(
        exchange.get(GetMeterReadings(), message_id=None, correlation_id=None)
    ),
    "an exchange that is open already": opened_twice,
}


def reviewed() -> dict[str, str]:
    """What was reviewed, by what is refused."""
    sections = GOLDEN.read_text(encoding="utf-8").split("== ")
    return {head: text.strip() for head, _, text in (section.partition("\n") for section in sections if section)}


@pytest.mark.parametrize("what", REFUSED)
def test_the_refusal_has_the_text_that_was_reviewed(what: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(ExchangeError) as caught:
        REFUSED[what]()
    if request.config.getoption("--update-golden"):
        now = (reviewed() if GOLDEN.exists() else {}) | {what: str(caught.value)}
        GOLDEN.write_text("\n".join(f"== {one}\n{now[one]}\n" for one in REFUSED if one in now), encoding="utf-8")
    assert reviewed()[what] == str(caught.value)


@pytest.mark.parametrize("what", REFUSED)
def test_the_rule_and_the_clause_are_known_ones(what: str) -> None:
    with pytest.raises(ExchangeError) as caught:
        REFUSED[what]()
    error = caught.value
    assert error.rule is None or error.rule in exchange_rules()
    assert re.fullmatch(r"[4-9](\.[0-9]+)+", error.clause or "")


def test_what_was_reviewed_is_what_is_refused_here() -> None:
    assert list(reviewed()) == list(REFUSED)
