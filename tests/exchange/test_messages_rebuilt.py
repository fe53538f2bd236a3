"""The messages of real exchanges, built again from what a caller would say: each comes out as an equal document.

The builder covers all of them. ``BUILT`` has one line a message: who builds it, and the call. Payloads and queries are
those of the message itself; everything around them follows from the call. A request that is answered here is the one of
its exchange, built the same way, or where the folder has none, one that could have led to the answer.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.documents import canonical

from iec61968_9 import from_xml, to_xml
from iec61968_9.exchange import System, error, operation, operation_set, operations_of, removal
from iec61968_9.identity import Identity, ObjectName
from iec61968_9.profiles import GetMeterReadings, MeterConfig, MeterReadings, MeterReadSchedule
from iec61968_9.profiles.envelope import Error, IDKind, ObjectID, OperationSet

FOLDER = Path(__file__).parents[1] / "messages"
FILES = {path.name.partition("_")[0]: path for path in sorted(FOLDER.glob("*.xml"))}

NOW = datetime.datetime(2026, 3, 2, 8, tzinfo=datetime.UTC)
CONSOLE = "https://mdms.example/cim/reply"
QUEUE = "queue:MDMS.REPLIES"


def uuid(last: str) -> str:
    return f"6a0d5c1e-0b1f-4c55-9c0e-0000000000{last}"


@cache
def _read(name: str) -> Any:
    return from_xml(FILES[name].read_bytes())


@dataclass
class Sample:
    """A message to be built again: what the caller has in hand, and what he says otherwise than the folder."""

    name: str
    otherwise: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def message(self) -> Any:
        return _read(self.name)

    @property
    def payload(self) -> Any:
        return self.message.content

    @property
    def query(self) -> Any:
        return self.message.query

    def system(self, source: str) -> System:
        """The system that sends it, at its time and with its next number."""
        header = self.message.header
        return System(source=source, revision="1", clock=lambda: NOW, new_id=lambda: header.message_id)

    def tied(self, **more: Any) -> dict[str, Any]:
        """The identifier that the caller gave to the exchange."""
        return {"correlation_id": self.message.header.correlation_id, **more, **self.otherwise}


def of(name: str, **otherwise: Any) -> Any:
    """The message of an exchange that another one answers or tells of; or one like it, of an exchange of its own."""
    return build(name, otherwise)


def asked(correlation: str, **more: Any) -> Any:
    """A get whose message is not in the folder."""
    return System().get(GetMeterReadings(), correlation_id=correlation, **more)


def fatal(code: str, details: str, of: Any = None, **more: Any) -> Error:
    return error(code, details=details, of=of, **more)


def meter(last: str) -> ObjectID:
    return ObjectID(value=uuid(last), kind=IDKind.UUID, object_type="Meter")


def badge(name: str) -> Identity:
    return Identity(names=(ObjectName(name, "MeterBadgeNumber", "ExampleUtility"),), object_type="Meter")


SCHEDULE = ObjectID(value="sched-77", kind=IDKind.TRANSACTION, object_type="MeterReadSchedule")
CONTROL = ObjectID(value=uuid("c1"), kind=IDKind.UUID, object_type="EndDeviceControl")


def set_of(sample: Sample) -> OperationSet:
    """The operations of a message, made again one by one."""
    given: OperationSet = sample.message.payload.operation_set
    made = [
        removal(number, one.content) if one.element_operation else operation(number, str(one.verb), one.content)
        for number, one in operations_of(given).items()
        if one.content is not None
    ]
    return operation_set(
        made,
        enforce_msg_sequence=given.enforce_msg_sequence,
        enforce_transactional_integrity=given.enforce_transactional_integrity,
    )


def create(source: str, **more: Any) -> tuple[str, Callable[[System, Sample], Any]]:
    return source, lambda system, one: system.create(one.payload, **one.tied(**more))


def told(source: str, **more: Any) -> tuple[str, Callable[[System, Sample], Any]]:
    return source, lambda system, one: system.created(one.payload, **more)


BUILT: dict[str, tuple[str, Callable[[System, Sample], Any]]] = {
    "A1-1": ("MDMS", lambda mdms, one: mdms.get(one.query, asynchronous=False, **one.tied())),
    "A1-2": ("HES", lambda hes, one: hes.reply(of("A1-1"), one.payload)),
    "A2-1": ("MDMS", lambda mdms, one: mdms.get(one.query, reply_to=CONSOLE, **one.tied())),
    "A2-2": ("HES", lambda hes, one: hes.acknowledge(of("A2-1"))),
    "A2-3": ("HES", lambda hes, one: hes.reply(of("A2-1"), one.payload)),
    "A3-3": ("HES", lambda hes, one: hes.created(one.payload, request=asked("c-3"))),
    "A4-1": create("MDMS"),
    "A6-1": ("MDMS", lambda mdms, one: mdms.get(one.query, reply_to=QUEUE, **one.tied())),
    "A6-3": ("HES", lambda hes, one: hes.partial(of("A6-1"), one.payload)),
    "A6-4": (
        "HES",
        lambda hes, one: hes.partial(
            of("A6-1"), one.payload, errors=[fatal("4.1", "meter did not answer", meter("a2"))]
        ),
    ),
    "A6-5": ("HES", lambda hes, one: hes.partial(of("A6-1"), last=True)),
    "A8-1": create("CIS", asynchronous=False),
    "A8-2": ("MDMS", lambda mdms, one: mdms.reply(of("A8-1"), ids=[SCHEDULE])),
    "A8-3": ("MDMS", lambda mdms, one: mdms.created(one.payload, request=of("A8-1"))),
    "A9-1": ("CIS", lambda cis, one: cis.cancel(MeterReadSchedule, ids=[SCHEDULE], **one.tied())),
    "A10-1": told("HES", correlation_id="c-10", properties={"MessageIndex": "1/2"}),
    "A10-3": ("MDMS", lambda mdms, one: mdms.changed(one.payload)),
    "B1-1": create("MDMS", reply_to=CONSOLE),
    "B1-2": ("HES", lambda hes, one: hes.acknowledge(of("B1-1"))),
    "B1-3": ("HES", lambda hes, one: hes.created(request=of("B1-1"))),
    "B1-4": ("HES", lambda hes, one: hes.created(one.payload, request=of("B1-1"))),
    "B1-4x": ("HES", lambda hes, one: hes.created(one.payload, request=of("B1-1"))),
    "B2-1": create("MDMS"),
    "B5-1": create("MDMS"),
    "B6-1": create("MDMS"),
    "B6-3": create("MDMS"),
    "B8-1": create("MDMS"),
    "B8-4": ("HES", lambda hes, one: hes.created(one.payload, request=of("B8-1"))),
    "B9-1": create("MDMS"),
    "B10-1": create("MDMS"),
    "B11-1": create("MDMS"),
    "B12a-1": ("MDMS", lambda mdms, one: mdms.cancel("EndDeviceControls", ids=[CONTROL], **one.tied())),
    "B12a-3": ("HES", lambda hes, one: hes.canceled(request=of("B12a-1"))),
    "B12b-1": create("MDMS"),
    "C1-1": told("HES"),
    "C2-1": told("HES"),
    "C2-3": told("HES"),
    "C3-1": told("MDMS"),
    "C5-1": told("HES"),
    "E1-1": create("CIS"),
    "E1-2": (
        "MDMS",
        lambda mdms, one: mdms.reply(of("E1-1"), ids=[Identity(mrid=uuid("b1"), object_type="UsagePoint")]),
    ),
    "E1-3": create("CIS"),
    "E1-5": create("CIS"),
    "E2-1": ("CIS", lambda cis, one: cis.execute(set_of(one), **one.tied(ack_required=True))),
    "E2-2": ("MDMS", lambda mdms, one: mdms.reply(of("E2-1"))),
    "E2-3": ("MDMS", lambda mdms, one: mdms.executed(request=of("E2-1"))),
    "E3-2": (
        "MDMS",
        lambda mdms, one: mdms.partial(of("E2-1", correlation_id="c-e3", reply_to=QUEUE), operation_id=1),
    ),
    "E3-3": (
        "MDMS",
        lambda mdms, one: mdms.partial(of("E2-1", correlation_id="c-e3", reply_to=QUEUE), operation_id=3, last=True),
    ),
    "E4-1": ("CIS", lambda cis, one: cis.change(one.payload, **one.tied())),
    "E6a-1": ("CIS", lambda cis, one: cis.delete(MeterConfig, ids=[meter("a1")], **one.tied())),
    "E6b-1": ("CIS", lambda cis, one: cis.delete(MeterConfig, ids=[badge("B-1001")], **one.tied())),
    "E6-3": ("MDMS", lambda mdms, one: mdms.deleted(request=of("E6a-1"))),
    "E7-1": ("CIS", lambda cis, one: cis.execute(set_of(one), **one.tied())),
    "E7-2": ("MDMS", lambda mdms, one: mdms.reply(of("E7-1"), operation_id=1)),
    "E8-1": ("CIS", lambda cis, one: cis.execute(set_of(one), **one.tied())),
    "E10-2": (
        "MDMS",
        lambda mdms, one: mdms.fail(
            of("E2-1", correlation_id="c-e10"),
            fatal("5.9", "rolled back", operation_id=1),
            fatal("2.4", "meter unknown", meter("a3"), operation_id=3),
            fatal("5.9", "rolled back", operation_id=2),
        ),
    ),
    "F1": ("HES", lambda hes, one: hes.fail(asked("c-f1"), fatal("2.4", "unknown meter", badge("B-9999")))),
    "F2": (
        "HES",
        lambda hes, one: hes.fail(
            asked("c-f2"),
            fatal(
                "2.10",
                "not supported",
                Identity(names=(ObjectName("8.8.0.6.1.1.8.0.0.0.0.0.0.0.0.3.38.0"),), object_type="ReadingType"),
            ),
        ),
    ),
    "F3": (
        "HES",
        lambda hes, one: hes.fail(
            System().delete(MeterReadings, ids=[uuid("a1")], correlation_id="c-f3"),
            fatal("2.9", "verb not supported here"),
        ),
    ),
    "F4": ("HES", lambda hes, one: hes.fault(fatal("1.8", "envelope not schema valid"))),
    "F5": (
        "HES",
        lambda hes, one: hes.reply(asked("c-f5"), one.payload, errors=[fatal("2.4", "unknown meter", meter("a2"))]),
    ),
    "F6": ("HES", lambda hes, one: hes.fail(asked("c-f6"), fatal("4.1", "no answer from device", meter("a1")))),
    "F8": (
        "MDMS",
        lambda mdms, one: mdms.fail(of("E1-3", correlation_id="c-f8"), fatal("6.1", "already exists", badge("B-1001"))),
    ),
}


def build(name: str, otherwise: dict[str, Any] | None = None) -> Any:
    source, call = BUILT[name]
    one = Sample(name, otherwise or {})
    return call(one.system(source) if name != "F4" else System(), one)


def test_every_message_of_the_folder_is_in_the_table() -> None:
    assert len(FILES) == 63
    assert set(FILES) == set(BUILT)


@pytest.mark.parametrize("name", BUILT)
def test_a_message_built_again_is_an_equal_document(name: str) -> None:
    assert canonical(to_xml(build(name))) == canonical(FILES[name].read_bytes())
