"""A diagnosis takes time in proportion to the message, however its references and definitions repeat; counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.exchange.diagnosis_cases import ASKED, ev, rq
from tests.limits.test_limits_growth import events

from iec61968_9 import from_xml
from iec61968_9.exchange import diagnose
from iec61968_9.exchange.diagnosis._case import numbers


def readings(inside: str) -> str:
    return f'<MeterReadings xmlns="http://iec.ch/TC57/2011/MeterReadings#">{inside}</MeterReadings>'


def reading_to(ref: str) -> str:
    return f'<MeterReading><Readings><ReadingType ref="{ref}"/></Readings></MeterReading>'


def called(*names: str) -> str:
    return "".join(f"<Names><name>{name}</name></Names>" for name in names)


def typed(*names: tuple[str, str]) -> str:
    return "".join(
        f"<Names><name>{name}</name><NameType><name>{kind}</name></NameType></Names>" for name, kind in names
    )


def device_events(types: str, definitions: str) -> str:
    every = f'<EndDeviceEvents xmlns="http://iec.ch/TC57/2011/EndDeviceEvents#">{types}{definitions}</EndDeviceEvents>'
    return ev("created", "EndDeviceEvents", f"<Payload>{every}</Payload>")


def reason(kind: str) -> str:
    return f"<EndDeviceEvent><reason>r</reason>{kind}</EndDeviceEvent>"


def one_name_of_many_types(size: int) -> str:
    kinds = "".join(f"<ReadingType><mRID>m{n}</mRID>{called('x')}</ReadingType>" for n in range(size))
    return readings(reading_to("x") * size + kinds)


def many_names_of_one_type(size: int) -> str:
    names = [f"x{number}" for number in range(6 * size)]
    return readings("".join(map(reading_to, names)) + f"<ReadingType>{called(*names)}</ReadingType>")


def many_names_of_two_types(size: int) -> str:
    names = [f"x{number}" for number in range(3 * size)]
    kinds = "".join(f"<ReadingType><mRID>{mrid}</mRID>{called(*names)}</ReadingType>" for mrid in "ab")
    return readings("".join(map(reading_to, names)) + kinds)


def a_meter_that_is_mentioned(size: int) -> str:
    meter = f"<MeterReading><Meter>{called('x')}</Meter></MeterReading>"
    return readings(meter * size + reading_to("x") * size)


def meters_that_are_one(size: int) -> str:
    kinds = [typed(("x", f"t{number}"), ("y", "u")) for number in range(size)]
    meters = "".join(f"<MeterReading><Meter>{kind}</Meter></MeterReading>" for kind in kinds)
    return readings(meters + reading_to("x"))


def two_meters_of_many_names(size: int) -> str:
    meters = [typed(*((f"x{number}", kind) for number in range(4 * size))) for kind in "ab"]
    return readings("".join(f"<MeterReading><Meter>{one}</Meter></MeterReading>" for one in meters) + reading_to("x0"))


def a_code_said_often(size: int) -> str:
    definition = f"<EndDeviceEventType>{called('3.31.0.23') * size}</EndDeviceEventType>"
    return device_events(reason('<EndDeviceEventType ref="3.31.0.23"/>'), definition)


def one_name_of_many_codes(size: int) -> str:
    codes = [f"{number}.0.0.0" for number in range(size)]
    definitions = "".join(
        f"<EndDeviceEventType><mRID>{code}</mRID>{called('x')}</EndDeviceEventType>" for code in codes
    )
    return device_events(reason('<EndDeviceEventType ref="x" a="1"><b/></EndDeviceEventType>') * size, definitions)


def many_names_of_one_code(size: int) -> str:
    names = [f"x{number}" for number in range(size)]
    definition = f"<EndDeviceEventType><mRID>3.31.0.23</mRID>{called(*names)}</EndDeviceEventType>"
    return device_events("".join(reason(f'<EndDeviceEventType ref="{name}"/>') for name in names), definition)


CASES: list[Callable[[int], str]] = [
    one_name_of_many_types,
    many_names_of_one_type,
    many_names_of_two_types,
    a_meter_that_is_mentioned,
    meters_that_are_one,
    two_meters_of_many_names,
    a_code_said_often,
    one_name_of_many_codes,
    many_names_of_one_code,
]


def work(make: Callable[[int], str], size: int) -> int:
    message: Any = from_xml(make(size), mode="lenient")
    return events(lambda _: diagnose(message), b"")


@pytest.mark.parametrize("make", CASES)
def test_four_times_as_much_takes_no_more_than_four_times_the_work(make: Callable[[int], str]) -> None:
    work(make, 40)  # what is loaded and compiled once
    few, many = (work(make, size) for size in (60, 240))
    assert many <= 5 * few + 1_000


class Counted(str):
    """A name that counts how often it is compared."""

    compared = 0

    def __eq__(self, other: object) -> bool:
        Counted.compared += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__


def test_what_stands_in_a_wildcard_is_numbered_in_one_go() -> None:
    assert list(numbers(["a", "b", "a"])) == [1, 0, 2]
    assert list(numbers([Counted("a") for _ in range(500)])) == [*range(1, 501)]
    assert Counted.compared < 5_000


def a_noun_that_is_not_the_contents(text: str) -> str:
    return ev("created", text, f"<Payload>{readings('') * 50}</Payload>")


def an_operation_set_that_is_not_executed(text: str) -> str:
    operations = f"<Operation><operationId>1</operationId><noun>{text}</noun><verb>{text}</verb></Operation>"
    return rq("execute", text, f"<Payload><OperationSet>{operations}</OperationSet></Payload>")


def properties_that_are_tokens(text: str) -> str:
    return rq("get", ids=f"{ASKED}{f'<Property><Name>token{text}</Name></Property>' * 2}")


def readings_that_contradict_one(text: str) -> str:
    value = "<timeStamp>2026-03-02T08:00:00Z</timeStamp><value>{}</value>"
    every = "".join(f"<Readings>{value.format(one)}<ReadingType ref='1'/></Readings>" for one in (text, *range(50)))
    return readings(f"<MeterReading><Meter>{called(text)}</Meter>{every}</MeterReading>" * 2)


@pytest.mark.parametrize(
    "make",
    [
        a_noun_that_is_not_the_contents,
        an_operation_set_that_is_not_executed,
        properties_that_are_tokens,
        readings_that_contradict_one,
    ],
)
def test_a_long_text_of_the_message_is_said_shortened(make: Callable[[str], str]) -> None:
    short, long = (list(diagnose(from_xml(make("N" * size)))) for size in (10, 100_000))
    assert [one.kind for one in short] == [one.kind for one in long]
    assert any("…" in one.message for one in long)
    assert max(len(f"{one.message}{one.source}") for one in long) < 500
