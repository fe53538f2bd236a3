"""Codes and the objects of the profiles that spell them out, both ways."""

import dataclasses
import importlib
import pkgutil
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iec61968_9 import ForeignElement, Kept, profiles
from iec61968_9.codes import (
    EndDeviceControlCode,
    EndDeviceEventCode,
    MeasuringPeriod,
    ReadingQualityCode,
    ReadingTypeCode,
    Unit,
)
from iec61968_9.codes._dotted import DottedCode
from iec61968_9.codes._tables import rows
from iec61968_9.errors import CodeError
from iec61968_9.profiles import end_device_controls, meter_read_schedule
from iec61968_9.profiles.meter_readings import (
    Name,
    RationalNumber,
    ReadingInterharmonic,
    ReadingQualityType,
    ReadingType,
)

KWH = ReadingTypeCode.parse("0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0")
CLASSES: dict[str, type[DottedCode]] = {
    "ReadingType": ReadingTypeCode,
    "ReadingQualityType": ReadingQualityCode,
    "EndDeviceEventType": EndDeviceEventCode,
    "EndDeviceControlType": EndDeviceControlCode,
}


def everywhere() -> list[tuple[type[Any], type[DottedCode]]]:
    """Every class of every profile that describes a code, with the code's class."""
    found: dict[type[Any], type[DottedCode]] = {}
    for module in pkgutil.iter_modules(profiles.__path__, "iec61968_9.profiles."):
        if not module.name.endswith("_common"):
            names = vars(importlib.import_module(module.name))
            found.update(
                {names[name]: kind for name, kind in CLASSES.items() if dataclasses.is_dataclass(names.get(name))}
            )
    return list(found.items())


EVERYWHERE = everywhere()
SPELLED = [pair for pair in EVERYWHERE if len(dataclasses.fields(pair[0])) > 3]
numbers = st.one_of(st.integers(0, 300), st.integers(0, 10**18 - 1))
signed = st.integers(-30, 30)


def codes_of(kind: type[DottedCode]) -> st.SearchStrategy[Any]:
    return st.tuples(*(signed if slot.signed else numbers for slot in kind.FORM.slots)).map(kind.from_parts)


def named(*texts: str) -> list[Name]:
    return [Name(name=text) for text in texts]


def test_every_profile_with_reading_types_is_tried() -> None:
    assert {kind for _, kind in EVERYWHERE} == set(CLASSES.values())
    assert {kind for _, kind in SPELLED} == set(CLASSES.values())


@given(st.data(), st.sampled_from(EVERYWHERE))
def test_what_a_code_becomes_in_any_profile_says_the_code(
    data: st.DataObject, pair: tuple[type[Any], type[DottedCode]]
) -> None:
    kind, code_kind = pair
    code = data.draw(codes_of(code_kind))
    assert code_kind.from_profile(code.to_profile(kind)) == code


@given(st.data(), st.sampled_from(SPELLED))
def test_the_parts_alone_say_the_code(data: st.DataObject, pair: tuple[type[Any], type[DottedCode]]) -> None:
    kind, code_kind = pair
    code = data.draw(codes_of(code_kind))
    assert code_kind.from_profile(code.to_profile(kind, names=[])) == code


def test_all_eighteen_members_are_filled_in() -> None:
    made = KWH.to_profile(ReadingType, mrid="rt-1")
    assert made == ReadingType(
        mrid="rt-1",
        names=named(str(KWH)),
        macro_period="0",
        aggregate="0",
        measuring_period="2",
        accumulation="4",
        flow_direction="1",
        commodity="1",
        measurement_kind="12",
        interharmonic=ReadingInterharmonic(numerator=0, denominator=0),
        argument=RationalNumber(numerator=0, denominator=0),
        tou=0,
        cpp=0,
        consumption_tier=0,
        phases="0",
        multiplier="3",
        unit="72",
        currency="0",
    )


def test_a_profile_that_knows_reading_types_by_name_only_gets_the_name() -> None:
    made = KWH.to_profile(meter_read_schedule.ReadingType)
    assert made == meter_read_schedule.ReadingType(names=named(str(KWH)))


@pytest.mark.parametrize(
    ("member", "text", "other"),
    [
        ("measuring_period", "fifteenMinute", "2"),
        ("unit", "Wh", "72"),
        ("multiplier", "k", "3"),
        ("multiplier", "kilo", "3"),
        ("accumulation", " deltaData\n", "4"),
        ("phases", "none", "0"),
    ],
)
def test_a_part_may_be_a_name_as_well(member: str, text: str, other: str) -> None:
    by_number: Any = KWH.to_profile(ReadingType, names=[])
    assert getattr(by_number, member) == other
    assert ReadingTypeCode.from_profile(dataclasses.replace(by_number, **{member: text})) == KWH


@pytest.mark.parametrize("table", [slot.table for slot in ReadingTypeCode.FORM.slots if slot.table])
def test_every_literal_of_the_tables_is_read_as_its_number(table: str) -> None:
    slot = next(slot for slot in ReadingTypeCode.FORM.slots if slot.table == table)
    for line in rows(table):
        made = KWH.to_profile(ReadingType, names=[], **{slot.name: line["name"]})
        assert getattr(ReadingTypeCode.from_profile(made), slot.name) == int(line["code"])


@pytest.mark.parametrize("line", rows("reading_quality/index"), ids=lambda line: line["code"])
def test_every_judgement_may_be_named_in_its_category(line: dict[str, str]) -> None:
    category = line["code"].partition(".")[0]
    made = ReadingQualityType(system_id="endDevice", category=category, sub_category=line["name"], names=[])
    assert str(ReadingQualityCode.from_profile(made)) == f"1.{line['code']}"


def test_a_judgement_of_another_category_is_no_name_here() -> None:
    made = ReadingQualityType(system_id="1", category="5", sub_category="batteryLow", names=[])
    with pytest.raises(CodeError, match="index") as caught:
        ReadingQualityCode.from_profile(made)
    assert caught.value.slot == "index"


@pytest.mark.parametrize("text", ["kilowatthour", "wH", "03", "-1", "7 2", "72.0"])
def test_a_part_that_cannot_be_read_is_an_error_that_names_it(text: str) -> None:
    made = KWH.to_profile(ReadingType, names=[], unit=text)
    with pytest.raises(CodeError) as caught:
        ReadingTypeCode.from_profile(made)
    assert (caught.value.slot, caught.value.position) == ("unit", 17)


@pytest.mark.parametrize("text", ["unknown words", "Wh"])
def test_a_part_that_cannot_be_read_is_an_error_beside_a_whole_code_too(text: str) -> None:
    made = KWH.to_profile(ReadingType, measuring_period=text)
    with pytest.raises(CodeError) as caught:
        ReadingTypeCode.from_profile(made)
    assert caught.value.slot == "measuring_period"


# Where systems put the whole code -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "described",
    [
        ReadingType(mrid=str(KWH)),
        ReadingType(names=named(str(KWH))),
        ReadingType(mrid="c3d6a9de-0000-4000-8000-000000000001", names=named("kWh, quarter-hourly", str(KWH))),
        ReadingType(mrid=str(KWH), names=named(str(KWH)), unit="72", measuring_period="fifteenMinute"),
        meter_read_schedule.ReadingType(names=named(str(KWH))),
    ],
)
def test_the_whole_code_may_stand_as_mrid_or_name(described: Any) -> None:
    assert ReadingTypeCode.from_profile(described) == KWH


def test_two_whole_codes_are_a_contradiction() -> None:
    described = ReadingType(mrid=str(KWH), names=named(str(KWH.replace(unit=73))))
    with pytest.raises(CodeError, match=r"contradicts itself: mRID says .*72\.0, Names/name says .*73\.0"):
        ReadingTypeCode.from_profile(described)


@given(st.sampled_from([slot.name for slot in ReadingTypeCode.FORM.slots]), st.integers(0, 300))
def test_a_part_that_contradicts_the_whole_code_is_an_error_that_names_it(name: str, number: int) -> None:
    described = KWH.replace(**{name: number}).to_profile(ReadingType, names=named(str(KWH)))
    if getattr(KWH, name) == number:
        assert ReadingTypeCode.from_profile(described) == KWH
    else:
        with pytest.raises(CodeError, match="contradicts itself") as caught:
            ReadingTypeCode.from_profile(described)
        assert caught.value.slot == name


# What is left out -----------------------------------------------------------------------------------------------------


def test_a_partly_filled_object_is_no_code() -> None:
    described = ReadingType(unit="72", measuring_period="2", names=named("energy"))
    with pytest.raises(CodeError, match="leaves out macroPeriod, aggregate, accumulation") as caught:
        ReadingTypeCode.from_profile(described)
    assert caught.value.slot == "macro_period"


def test_a_caller_who_knows_the_sender_can_say_that_what_is_left_out_does_not_apply() -> None:
    described = ReadingType(unit="Wh", multiplier="3", measuring_period="2", names=named("energy"))
    code = ReadingTypeCode.from_profile(described, fill=True)
    assert code == ReadingTypeCode(unit=Unit.WATT_HOUR, multiplier=3, measuring_period=MeasuringPeriod.FIFTEEN_MINUTE)


@pytest.mark.parametrize("fill", [False, True])
@pytest.mark.parametrize(
    ("described", "message"),
    [
        (ReadingType(), "no reading type is named at all"),
        (ReadingType(names=named("kWh")), "'kWh' has 1 part"),
        (ReadingType(mrid=".".join("0" * 11)), "edition 1"),
        (ReadingType(unit="  ", names=named("?")), "has 1 part"),
    ],
)
def test_an_object_that_says_nothing_is_no_code(described: ReadingType, message: str, fill: bool) -> None:
    with pytest.raises(CodeError, match=message):
        ReadingTypeCode.from_profile(described, fill=fill)


# What lenient reading kept --------------------------------------------------------------------------------------------


def kept(*elements: str) -> Kept:
    return Kept(elements=tuple(map(ForeignElement, elements)))


def test_a_part_that_was_kept_without_a_type_is_not_taken_for_absent() -> None:
    described = KWH.to_profile(ReadingType, tou=None, names=[])
    described.kept = kept("<m:tou xmlns:m='urn:m'>peak</m:tou>")
    with pytest.raises(CodeError, match="peak") as caught:
        ReadingTypeCode.from_profile(described, fill=True)
    assert caught.value.slot == "tou"


def test_a_part_that_stands_twice_must_say_the_same() -> None:
    described = KWH.to_profile(ReadingType, names=[])
    described.kept = kept("<unit>72</unit>", "<interharmonic><numerator>0</numerator></interharmonic>")
    assert ReadingTypeCode.from_profile(described) == KWH
    described.kept = kept("<interharmonic><numerator>2</numerator></interharmonic>")
    with pytest.raises(CodeError, match="said twice") as caught:
        ReadingTypeCode.from_profile(described)
    assert caught.value.slot == "interharmonic_numerator"


# Other people's packages ----------------------------------------------------------------------------------------------


class TheirUnit(StrEnum):
    WATT_HOURS = "Wh"
    VOLTS = "29"


@dataclass(kw_only=True)
class TheirName:
    name: str


@dataclass(kw_only=True)
class TheirReadingType:
    """A class as the generator makes of another edition's schema: other names, enumerations, fewer members."""

    mrid: str | None = None
    time_attribute: int
    uom: TheirUnit | None = None
    names: list[TheirName] = field(default_factory=list[TheirName])


def test_classes_of_another_package_are_read_by_their_names() -> None:
    described = TheirReadingType(time_attribute=2, uom=TheirUnit.WATT_HOURS)
    code = ReadingTypeCode(measuring_period=2, unit=72)
    assert ReadingTypeCode.from_profile(described, fill=True) == code
    assert code.to_profile(TheirReadingType, names=[]) == described


@dataclass(kw_only=True)
class TheirSpelledType:
    """The same, with enumerations for numbers."""

    unit: TheirUnit | None = None
    tou: str | None = None
    names: list[TheirName] = field(default_factory=list[TheirName])


@pytest.mark.parametrize(("unit", "literal"), [(72, TheirUnit.WATT_HOURS), (29, TheirUnit.VOLTS)])
def test_classes_of_another_package_are_written_as_they_have_it(unit: int, literal: TheirUnit) -> None:
    code = KWH.replace(unit=unit, tou=4)
    assert code.to_profile(TheirSpelledType) == TheirSpelledType(
        unit=literal, tou="4", names=[TheirName(name=str(code))]
    )


def test_a_class_that_cannot_hold_a_number_is_an_error() -> None:
    with pytest.raises(CodeError, match="unit cannot be 38") as caught:
        KWH.replace(unit=38).to_profile(TheirSpelledType)
    assert caught.value.position == 17


def test_events_and_controls_are_spelled_alike() -> None:
    described = end_device_controls.EndDeviceControlType(
        type="ElectricMeter", domain="31", sub_domain="0", event_or_action="Disconnect", names=named("off")
    )
    assert str(EndDeviceControlCode.from_profile(described)) == "3.31.0.23"
