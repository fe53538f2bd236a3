"""A conversation takes time in proportion to what arrives, whatever the answer says of whom; counted, not measured."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from tests.limits.test_limits_growth import events

from iec61968_9.exchange import Conversation, System, error, operation, operation_set
from iec61968_9.identity import Identity, ObjectName, names
from iec61968_9.profiles import EndDeviceControls, GetMeterReadings, MasterDataLinkageConfig, MeterConfig
from iec61968_9.profiles.end_device_controls import EndDevice, EndDeviceControl
from iec61968_9.profiles.envelope import RequestMessage
from iec61968_9.profiles.get_meter_readings import EndDevice as Asked
from iec61968_9.profiles.get_meter_readings import ReadingType
from iec61968_9.profiles.master_data_linkage_config import Meter
from iec61968_9.profiles.meter_config import Meter as Configured
from iec61968_9.xml import Reference

NOW = datetime.datetime(2026, 3, 2, 8, tzinfo=datetime.UTC)
HERE = System(source="MDMS", clock=lambda: NOW)


def uuid(number: int) -> str:
    return f"6a0d5c1e-0b1f-4c55-9c0e-{number:012x}"


def code(number: int) -> str:
    return f"0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.3.{number}.0"


def read(size: int) -> RequestMessage[Any]:
    """Ask for many reading types of many meters."""
    query = GetMeterReadings(
        end_device=[Asked(mrid=uuid(number)) for number in range(size)],
        reading_type=[ReadingType(names=names(code(number))) for number in range(size // 10)],
    )
    return HERE.get(query, reply_to="queue:Q")


def controls(size: int) -> RequestMessage[Any]:
    every = [
        EndDeviceControl(
            mrid=uuid(10**6 + number),
            end_device_control_type=Reference(ref="3.31.0.23"),
            end_devices=[EndDevice(mrid=uuid(number))],
        )
        for number in range(size)
    ]
    return HERE.create(EndDeviceControls(end_device_control=every))


def control(size: int) -> RequestMessage[Any]:
    one = EndDeviceControl(
        mrid=uuid(10**6),
        end_device_control_type=Reference(ref="3.31.0.23"),
        end_devices=[EndDevice(mrid=uuid(number)) for number in range(size)],
    )
    return HERE.create(EndDeviceControls(end_device_control=[one]))


def links(size: int) -> RequestMessage[Any]:
    return HERE.create(MasterDataLinkageConfig(meter=[Meter(mrid=uuid(number)) for number in range(size)]))


def operations(size: int) -> RequestMessage[Any]:
    every = [
        operation(number + 1, "create", MeterConfig(meter=[Configured(mrid=uuid(number))])) for number in range(size)
    ]
    return HERE.execute(
        operation_set(every, enforce_msg_sequence=True, enforce_transactional_integrity=True), reply_to="queue:Q"
    )


def strangers(request: Any, size: int) -> list[Any]:
    return [HERE.reply(request, errors=[error("2.4", of=uuid(10**6 + number)) for number in range(size)])]


def about_codes(request: Any, size: int) -> list[Any]:
    kinds = [Identity(names=(ObjectName(code(number)),), object_type="ReadingType") for number in range(size // 10)]
    return [HERE.reply(request, errors=[error("2.6", of=kind, reason=str(n)) for kind in kinds for n in range(10)])]


def about_one(request: Any, size: int) -> list[Any]:
    return [HERE.reply(request, errors=[error("4.1", of=uuid(1), reason=str(number)) for number in range(size)])]


def about_each(request: Any, size: int) -> list[Any]:
    return [HERE.reply(request, errors=[error("2.4", of=uuid(number)) for number in range(size)])]


def failed(request: Any, size: int) -> list[Any]:
    answer = HERE.fail(request, "5.4")
    answer.reply.error = []
    return [answer]


def canceled_copy(request: Any, size: int) -> list[Any]:
    return [HERE.canceled(request.content, request=request)]


def canceled_ids(request: Any, size: int) -> list[Any]:
    return [HERE.canceled(EndDeviceControls, ids=request.content.end_device_control, request=request)]


def each_operation(request: Any, size: int) -> list[Any]:
    return [
        HERE.partial(request, errors=[error("2.4", operation_id=number)], operation_id=number, last=number == size)
        for number in range(1, size + 1)
    ]


CASES: dict[str, tuple[Callable[[int], RequestMessage[Any]], Callable[[Any, int], list[Any]]]] = {
    "errors about strangers": (read, strangers),
    "errors about reading types": (read, about_codes),
    "errors about one meter": (read, about_one),
    "errors about each meter": (read, about_each),
    "a failure of controls without a code": (controls, failed),
    "controls called off by a copy": (controls, canceled_copy),
    "controls called off by their IDs": (controls, canceled_ids),
    "many devices of a control called off": (control, canceled_copy),
    "links that fail together": (links, about_each),
    "a failure of links without a code": (links, failed),
}


def work(case: str, size: int) -> int:
    make, answer = CASES[case]
    request = make(size)
    messages = answer(request, size)
    talk: Conversation[Any] = Conversation(request)

    def take(_: bytes) -> object:
        return [talk.receive(message) for message in messages]

    return events(take, b"")


@pytest.mark.parametrize("case", CASES)
def test_four_times_as_much_takes_no_more_than_four_times_the_work(case: str) -> None:
    work(case, 40)  # what is loaded and compiled once
    few, many = (work(case, size) for size in (60, 240))
    assert many <= 5 * few + 1_000


def test_operations_that_are_answered_one_by_one_take_the_same_time_each() -> None:
    request = operations(200)
    talk: Conversation[Any] = Conversation(request)
    answers = each_operation(request, 200)
    coming = iter(answers)
    counts = [events(lambda _: talk.receive(next(coming)), b"") for _ in answers[:-1]]
    assert max(counts[100:]) <= 2 * max(counts[2:20])
