"""A conversation takes time in proportion to what arrives, whatever the answer says of whom; counted, not measured."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from tests.limits.test_limits_growth import events

from iec61968_9.exchange import Conversation, Conversations, State, System, error, operation, operation_set
from iec61968_9.identity import Identity, ObjectName, names
from iec61968_9.profiles import (
    EndDeviceControls,
    EndDeviceEvents,
    GetMeterReadings,
    MasterDataLinkageConfig,
    MeterConfig,
    MeterReadings,
    UsagePointConfig,
)
from iec61968_9.profiles.end_device_controls import EndDevice, EndDeviceControl
from iec61968_9.profiles.end_device_events import Asset, EndDeviceEvent
from iec61968_9.profiles.envelope import Error, Payload, RequestMessage
from iec61968_9.profiles.get_meter_readings import EndDevice as Asked
from iec61968_9.profiles.get_meter_readings import ReadingType
from iec61968_9.profiles.master_data_linkage_config import Meter
from iec61968_9.profiles.meter_config import Meter as Configured
from iec61968_9.profiles.meter_readings import Meter as Read
from iec61968_9.profiles.meter_readings import MeterReading, UsagePoint
from iec61968_9.profiles.usage_point_config import PricingStructure
from iec61968_9.profiles.usage_point_config import UsagePoint as Point
from iec61968_9.xml import Reference
from iec61968_9.xml.record import Kept

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


def points(size: int) -> RequestMessage[Any]:
    """Usage points of one tariff."""
    tariff = PricingStructure(mrid="tariff")
    every = [Point(mrid=uuid(number), pricing_structures=tariff) for number in range(size)]
    return HERE.create(UsagePointConfig(usage_point=every))


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


def about_the_tariff(request: Any, size: int) -> list[Any]:
    tariff = PricingStructure(mrid="tariff")
    return [HERE.reply(request, errors=[error("2.33", of=tariff, reason=str(number)) for number in range(size)])]


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


def ids(request: Any, size: int) -> list[Any]:
    halves = (range(size // 2), range(size // 2, size))
    return [HERE.partial(request, ids=[uuid(number) for number in half]) for half in halves]


def alike(request: Any, size: int) -> list[Any]:
    """Errors that differ in what lenient reading kept of them."""
    failures = [Error(code="5.4", kept=Kept(texts=(str(number),))) for number in range(size)]
    return [HERE.reply(request, errors=failures)]


def payloads(request: Any, size: int) -> list[Any]:
    answer = HERE.reply(request)
    one = [MeterReadings(meter_reading=[MeterReading(meter=Read(mrid=uuid(1)))]) for _ in range(size)]
    answer.payload = Payload(contents=one)
    return [answer]


def about_other_kinds(request: Any, size: int) -> list[Any]:
    """Data for usage points, where meters were asked for."""
    every = [MeterReading(usage_point=UsagePoint(mrid=uuid(10**6 + number))) for number in range(size)]
    return [HERE.reply(request, MeterReadings(meter_reading=every))]


def after_the_end(request: Any, size: int) -> list[Any]:
    parts = [
        HERE.partial(request, MeterReadings(meter_reading=[MeterReading(meter=Read(mrid=uuid(number)))]))
        for number in range(size)
    ]
    return [HERE.reply(request, MeterReadings(meter_reading=[MeterReading(meter=Read(mrid=uuid(0)))])), *parts]


def happened(*seen: tuple[str, int], tracked: bool = False) -> EndDeviceEvents:
    """Disconnections, each of a device and at a second."""
    return EndDeviceEvents(
        end_device_event=[
            EndDeviceEvent(
                created_date_time=NOW + datetime.timedelta(seconds=second),
                issuer_tracking_id=f"of {device}" if tracked else None,
                assets=Asset(mrid=device),
                end_device_event_type=Reference(ref="3.31.0.68"),
            )
            for device, second in seen
        ]
    )


def one_device(request: Any, size: int) -> list[Any]:
    return [HERE.created(happened(*((uuid(0), second) for second in range(size))), request=request)]


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
    "errors about what many have in common": (points, about_the_tariff),
    "a failure of controls without a code": (controls, failed),
    "controls called off by a copy": (controls, canceled_copy),
    "controls called off by their IDs": (controls, canceled_ids),
    "many devices of a control called off": (control, canceled_copy),
    "links that fail together": (links, about_each),
    "a failure of links without a code": (links, failed),
    "IDs that are given back": (read, ids),
    "errors that look alike": (read, alike),
    "payloads about one meter": (read, payloads),
    "data of another class": (read, about_other_kinds),
    "parts after the end": (read, after_the_end),
    "one device that does it again and again": (control, one_device),
}


def work(case: str, size: int) -> int:
    make, answer = CASES[case]
    request = make(size)
    messages = answer(request, size)
    talk: Conversation[Any] = Conversation(request)

    def take(_: bytes) -> object:
        receipts = [talk.receive(message) for message in messages]
        return receipts, list(talk.outcomes.values())

    return events(take, b"")


@pytest.mark.parametrize("case", CASES)
def test_four_times_as_much_takes_no_more_than_four_times_the_work(case: str) -> None:
    work(case, 40)  # what is loaded and compiled once
    few, many = (work(case, size) for size in (60, 240))
    assert many <= 5 * few + 1_000


@pytest.mark.parametrize("falling", [False, True])
def test_operations_that_are_answered_one_by_one_take_the_same_time_each(falling: bool) -> None:
    few, many = (
        [events(talk.receive, answer) for answer in answers[:-1]]  # pyright: ignore[reportArgumentType]  # what is counted takes anything
        for talk, answers in (answered_one_by_one(size, falling) for size in (20, 200))
    )
    assert max(many[2:]) <= max(few[2:]) + 50


def answered_one_by_one(size: int, falling: bool) -> tuple[Conversation[Any], list[Any]]:
    request = operations(size)
    answers = each_operation(request, size)
    return Conversation(request), answers[::-1] if falling else answers


def order(number: int) -> RequestMessage[Any]:
    """A control of one device, to be known by its mRID and by its tracking number."""
    one = EndDeviceControl(
        mrid=uuid(10**6 + number),
        issuer_tracking_id=f"of {uuid(number)}",
        end_device_control_type=Reference(ref="3.31.0.23"),
        end_devices=[EndDevice(mrid=uuid(number))],
    )
    return HERE.create(EndDeviceControls(end_device_control=[one]))


def many_tracked(orders: list[Any]) -> list[Any]:
    return [HERE.created(happened(*((uuid(number), 0) for number in range(len(orders))), tracked=True))]


def many_canceled(orders: list[Any]) -> list[Any]:
    every = [one.content.end_device_control[0] for one in orders]
    return [HERE.canceled(EndDeviceControls, ids=every), HERE.canceled(EndDeviceControls(end_device_control=every))]


@pytest.mark.parametrize("telling", [many_tracked, many_canceled])
def test_an_event_without_correlation_about_many_exchanges_is_read_once(
    telling: Callable[[list[Any]], list[Any]],
) -> None:
    def count(size: int) -> int:
        orders = [order(number) for number in range(size)]
        conversations = Conversations()
        talks = [conversations.open(one) for one in orders]
        messages = telling(orders)
        found = events(lambda _: [conversations.receive(message) for message in messages], b"")
        assert {talk.state for talk in talks} == {State.CANCELED if telling is many_canceled else State.SENT}
        return found

    count(10)  # what is loaded once
    few, many = count(60), count(240)
    assert many <= 5 * few + 1_000


def about_nothing(request: Any, size: int) -> list[Any]:
    return [HERE.reply(request, errors=[error("5.4", reason=str(number)) for number in range(size)])]


@pytest.mark.parametrize("answer", [about_nothing, about_codes])
def test_outcomes_share_the_errors_that_are_about_all_of_them(answer: Callable[[Any, int], list[Any]]) -> None:
    request = read(40)
    talk: Conversation[Any] = Conversation(request)
    (message,) = answer(request, 40)
    talk.receive(message)
    first, *others = talk.outcomes.values()
    assert first.errors == tuple(message.reply.error)
    for other in others:
        assert all(ours is theirs for ours, theirs in zip(first.said, other.said, strict=True))
