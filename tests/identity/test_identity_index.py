"""Finding the object of a payload that is meant, and saying when that is not clear."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iec61968_9 import from_xml
from iec61968_9.identity import Identity, IdentityError, Index, MatchKind, ObjectName, identify, names, to_object_id
from iec61968_9.profiles.envelope import Payload
from iec61968_9.profiles.meter_config import (
    ComFunction,
    ComFunctionReference,
    Meter,
    MeterConfig,
    SimpleEndDeviceFunction,
    SimpleEndDeviceFunctionReference,
)
from iec61968_9.profiles.meter_readings import Meter as ReadMeter
from iec61968_9.profiles.meter_readings import MeterReading, MeterReadings, Reading
from iec61968_9.xml import Reference

MESSAGES = sorted((Path(__file__).parents[1] / "messages").glob("*.xml"))
METER = "6a0d5c1e-0b1f-4c55-9c0e-0000000000a1"

keys = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=12)


def payloads(message: Any) -> Iterator[Any]:
    payload: Payload[Any] | None = getattr(message, "payload", None)
    if payload is not None:
        yield from payload.contents
        if payload.operation_set is not None:
            yield from (operation.content for operation in payload.operation_set.operation if operation.content)


@pytest.mark.parametrize("path", MESSAGES, ids=lambda path: path.stem)
def test_every_reference_of_the_exchanges_resolves_or_is_a_code(path: Path) -> None:
    for payload in payloads(from_xml(path)):
        assert list(Index(payload).findings()) == []


@given(st.lists(keys, unique=True, min_size=1, max_size=6), st.data())
def test_each_object_is_found_by_its_mrid_and_by_its_name(texts: list[str], data: st.DataObject) -> None:
    named = data.draw(st.lists(st.booleans(), min_size=len(texts), max_size=len(texts)))
    functions = [
        SimpleEndDeviceFunction(names=names(text)) if by_name else SimpleEndDeviceFunction(mrid=text)
        for text, by_name in zip(texts, named, strict=True)
    ]
    index = Index(MeterConfig(simple_end_device_function=functions))
    for text, function in zip(texts, functions, strict=True):
        match = index.find(SimpleEndDeviceFunctionReference(ref=text), SimpleEndDeviceFunction)
        assert match.kind is MatchKind.FOUND
        assert match.object is function
        assert index.find(text).object is function
        assert index.find(to_object_id(function)).object is function
        assert index.find(identify(function)).object is function


@given(keys)
def test_two_different_objects_of_one_name_are_ambiguous_and_two_equal_ones_are_not(text: str) -> None:
    reference = SimpleEndDeviceFunctionReference(ref=text)
    meter = Meter(mrid=METER, end_device_functions=[reference])
    first = SimpleEndDeviceFunction(mrid=text, enabled=True)
    second = SimpleEndDeviceFunction(mrid=text, enabled=False)
    index = Index(MeterConfig(meter=[meter], simple_end_device_function=[first, second]))
    match = index.find(reference)
    assert (match.kind, match.objects) == (MatchKind.AMBIGUOUS, (first, second))
    with pytest.raises(IdentityError, match="2 objects could be meant by") as caught:
        _ = match.object
    assert caught.value.rule == "R25"
    (finding,) = index.findings()
    assert (finding.kind, finding.rule, finding.source) == ("ambiguous-reference", "R25", text)
    assert (finding.path, finding.line) == ("/MeterConfig/meter[1]/end_device_functions[1]", None)
    assert (finding.level, "could mean 2 objects" in finding.message) == ("error", True)
    again = Index(MeterConfig(meter=[meter], simple_end_device_function=[first, first]))
    assert again.find(reference).object is first
    assert list(again.findings()) == []


def test_a_reference_that_means_nothing_is_found_out() -> None:
    meter = Meter(mrid=METER, end_device_functions=[SimpleEndDeviceFunctionReference(ref="edf-1")])
    (finding,) = Index(MeterConfig(meter=[meter])).findings()
    assert (finding.kind, finding.rule, finding.source) == ("unresolved-reference", "R26", "edf-1")
    assert (finding.path, finding.line) == ("/MeterConfig/meter[1]/end_device_functions[1]", None)
    assert finding.level == "error"
    with pytest.raises(IdentityError, match="no object of the payload is meant by") as caught:
        _ = Index(MeterConfig()).find("edf-1").object
    assert caught.value.rule == "R26"


def test_the_path_of_a_member_that_stands_once_has_no_number() -> None:
    reading = Reading(value="1", reading_type=Reference(ref="kWh"))
    (finding,) = Index(MeterReadings(meter_reading=[MeterReading(readings=[reading])])).findings()
    assert finding.path == "/MeterReadings/meter_reading[1]/readings[1]/reading_type"


def test_a_reference_to_one_class_does_not_mean_another() -> None:
    function = SimpleEndDeviceFunction(mrid="f-1")
    communication = ComFunction(mrid="f-1")
    both = Index(MeterConfig(simple_end_device_function=[function], com_function=[communication]))
    assert both.find(ComFunctionReference(ref="f-1")).object is communication
    assert both.find(SimpleEndDeviceFunctionReference(ref="f-1")).object is function
    assert both.find("f-1").kind is MatchKind.AMBIGUOUS
    assert both.find("f-1", ComFunction).object is communication
    alone = Index(MeterConfig(simple_end_device_function=[function]))
    assert alone.find(ComFunctionReference(ref="f-1")).kind is MatchKind.MISSING


def test_a_code_need_not_be_spelled_out_in_the_payload() -> None:
    index = Index(MeterReadings())
    match = index.find(Reference(ref="0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.3.72.0"))
    assert match.kind is MatchKind.CODE
    with pytest.raises(IdentityError, match="is a code that the payload does not spell out") as caught:
        _ = match.object
    assert caught.value.rule == "R26"
    assert index.find(Reference(ref="kWh")).kind is MatchKind.MISSING


def test_an_object_that_is_mentioned_often_is_one_object() -> None:
    readings = [
        MeterReading(meter=ReadMeter(mrid=METER), readings=[Reading(value=str(number), reading_type=Reference())])
        for number in range(3)
    ]
    readings.append(MeterReading(meter=ReadMeter(mrid=METER.upper())))
    match = Index(MeterReadings(meter_reading=readings)).find(Identity(mrid=METER), ReadMeter)
    assert match.kind is MatchKind.FOUND
    assert match.object == ReadMeter(mrid=METER)


def test_a_name_that_fits_two_objects_of_different_types_is_ambiguous_until_the_type_is_said() -> None:
    meters = [
        ReadMeter(mrid=METER, names=names("1001", name_type="SerialNumber")),
        ReadMeter(mrid="other", names=names("1001", name_type="MeterBadgeNumber")),
    ]
    index = Index(MeterReadings(meter_reading=[MeterReading(meter=meter) for meter in meters]))
    assert index.find(Reference(ref="1001")).kind is MatchKind.AMBIGUOUS
    assert index.find(Identity(names=(ObjectName("1001", "SerialNumber"),))).object is meters[0]


def test_a_definition_at_the_root_wins_over_mentions() -> None:
    function = SimpleEndDeviceFunction(mrid=METER, enabled=True)
    index = Index(MeterConfig(meter=[Meter(mrid="m")], simple_end_device_function=[function]))
    assert index.find(METER).object is function
