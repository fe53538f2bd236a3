"""A second opinion: pint on the units, the rule of the bits on the phases, arithmetic on the periods."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pint
import pytest

from iec61968_9.codes import MeasuringPeriod, Multiplier, Phases, ReadingTypeCode, Unit
from iec61968_9.codes._tables import rows
from iec61968_9.codes.phases import phase_set
from iec61968_9.codes.units import unit_facts

_BASE = {
    "L": "[length]",
    "M": "[mass]",
    "T": "[time]",
    "I": "[current]",
    "K": "[temperature]",
    "N": "[substance]",
    "J": "[luminosity]",
}
WITH_PINT = [unit for unit in Unit if unit_facts(unit).pint]


@pytest.fixture(scope="module")
def registry() -> Any:
    make: Any = pint.UnitRegistry
    registry = make()
    registry.define("volt_ampere_reactive = volt * ampere")
    return registry


def exponents(dimension: str) -> dict[str, int]:
    return {_BASE[word[0]]: int(word[1:] or 1) for word in dimension.split() if word != "1"}


@pytest.mark.parametrize("unit", WITH_PINT)
def test_pint_agrees_on_the_dimension(unit: Unit, registry: Any) -> None:
    facts = unit_facts(unit)
    assert facts.dimension is not None
    assert dict(registry.Unit(facts.pint).dimensionality) == pytest.approx(exponents(facts.dimension))


@pytest.mark.parametrize("unit", [unit for unit in WITH_PINT if unit_facts(unit).factor])
def test_pint_agrees_on_the_size(unit: Unit, registry: Any) -> None:
    facts = unit_facts(unit)
    assert facts.factor is not None
    pints = registry.Quantity(1, facts.pint).to_base_units().magnitude
    assert pints == pytest.approx(float(facts.factor), rel=1e-7)


def test_every_unit_has_a_counterpart_or_a_reason() -> None:
    without = {line["member"] for line in rows("reading_type/unit") if not line["pint"]}
    assert without == {
        "NOT_APPLICABLE",
        "BEL",
        "BEL_MILLIWATT",
        "BEL_MICROVOLT",
        "NEPER",
        "MONEY",
        "QUANTITY_POWER",
        "QUANTITY_ENERGY",
        "QUANTITY_POWER_45",
        "QUANTITY_POWER_60",
        "QUANTITY_ENERGY_45",
        "QUANTITY_ENERGY_60",
        "TIME_STAMP",
        "BOOLEAN",
        "BOOLEAN_ARRAY",
        "ENCODED_VALUE",
        "END_DEVICE_EVENT_CODE",
        "MILE_PER_US_GALLON_EQUIVALENT",
        "SKY_COVER",
        "SECTION_OF_LAND",
        "TOWNSHIP",
    }


@pytest.mark.parametrize(
    ("unit", "quantity", "factor"),
    [
        (Unit.WATT_HOUR, "energy", 3600),
        (Unit.VOLT_AMPERE_REACTIVE_HOUR, "reactive energy", 3600),
        (Unit.VOLT_AMPERE_HOUR, "apparent energy", 3600),
        (Unit.GRAM_METER, "mass length", Fraction(1, 1000)),
        (Unit.GRAM_PER_CUBIC_METER, "density", Fraction(1, 1000)),
        (Unit.GRAM_METER_SQUARED, "moment of inertia", Fraction(1, 1000)),
        (Unit.PART_PER_MILLION, "ratio", Fraction(1, 10**6)),
        (Unit.HUMIDITY, "relative humidity", Fraction(1, 100)),
        (Unit.CUBIC_METER_PER_HOUR, "volumetric flow", Fraction(1, 3600)),
        (Unit.COUNT, "count", 1),
        (Unit.BEL, "logarithmic level", None),
        (Unit.DEGREE_CELSIUS, "temperature", None),
        (Unit.TONNE, "mass", 1000),
    ],
)
def test_the_units_that_are_easily_got_wrong(unit: Unit, quantity: str, factor: Fraction | int | None) -> None:
    facts = unit_facts(unit)
    assert (facts.quantity, facts.factor) == (quantity, factor)


@pytest.mark.parametrize(
    ("unit", "power", "symbol", "name"),
    [
        (Unit.WATT_HOUR, 3, "kWh", "kilowatt hours"),
        (Unit.WATT_HOUR, 0, "Wh", "watt hours"),
        (Unit.VOLT_AMPERE_REACTIVE_HOUR, 6, "MVArh", "megavolt ampere reactive hours"),
        (Unit.VOLT, -3, "mV", "millivolt"),
        (Unit.BEL, -1, "dB", "decibel"),
        (Unit.GRAM, 3, "kg", "kilogram"),
        (Unit.CUBIC_METER, 3, "10^3 m³", "10^3 cubic meter"),
        (Unit.BRITISH_THERMAL_UNIT, 6, "10^6 BTU", "10^6 British thermal units"),
        (Unit.WATT_HOUR, 4, "10^4 Wh", "10^4 watt hours"),
        (Unit.COUNT, 2, "10^2 count", "10^2 count"),
    ],
)
def test_a_prefix_stands_only_where_it_says_what_the_power_says(unit: Unit, power: int, symbol: str, name: str) -> None:
    code = ReadingTypeCode(unit=unit, multiplier=power)
    assert (code.unit_symbol, code.unit_name, code.power_of_ten) == (symbol, name, power)


def test_no_symbol_with_a_power_takes_a_prefix() -> None:
    """10^3 m³ is not km³: a prefix before a power would be raised with it."""
    for unit in Unit:
        facts = unit_facts(unit)
        if facts.takes_prefix:
            first = facts.symbol.split("/")[0]
            assert not first[:2].endswith(("²", "³")), unit
            assert facts.symbol[:1].isalpha() or facts.symbol[:1] == "Ω", unit


@pytest.mark.parametrize("multiplier", list(Multiplier))
def test_the_prefixes_are_those_of_si(multiplier: Multiplier, registry: Any) -> None:
    line = next(line for line in rows("reading_type/multiplier") if int(line["code"]) == multiplier)
    prefix = "" if multiplier is Multiplier.NONE else line["name"]
    assert Decimal(str(registry.Quantity(1, f"{prefix}gram").to("gram").magnitude)) == pytest.approx(
        Decimal(10) ** int(multiplier), rel=Decimal("1e-9")
    )


def test_an_unknown_unit_has_no_facts() -> None:
    code = ReadingTypeCode(unit=999, currency=840)
    assert (code.unit_facts, code.unit_symbol, code.unit_name, code.base_unit_symbol) == (None, None, None, None)
    assert ReadingTypeCode().unit_symbol is None


@pytest.mark.parametrize("unit", list(Unit))
def test_money_alone_takes_its_symbol_from_the_currency(unit: Unit) -> None:
    code = ReadingTypeCode(unit=unit, currency=978)
    assert (code.unit_symbol == "EUR") == (unit is Unit.MONEY)
    assert code.currency_code == "EUR"


def test_a_currency_that_iso_does_not_list_has_no_letters() -> None:
    assert ReadingTypeCode(unit=Unit.MONEY, currency=1).currency_code is None
    assert ReadingTypeCode(unit=Unit.MONEY).unit_symbol == "¤"


@pytest.mark.parametrize("phases", [phases for phases in Phases if phases])
def test_the_rule_of_the_bits_derives_every_row_of_the_phases_table(phases: Phases) -> None:
    line = next(line for line in rows("reading_type/phases") if int(line["code"]) == phases)
    derived = phase_set(int(phases))
    literal = line["name"].split("_")[0].replace("BC96", "BC")  # 96, 272, 528 and 784 repeat the name of another number
    assert derived.name == literal
    assert derived.rest == 0


@pytest.mark.parametrize(
    ("code", "measured", "reference"),
    [
        (129, ("A",), ("N",)),
        (132, ("A",), ("B",)),
        (224, ("A", "B", "C"), ()),
        (225, ("A", "B", "C"), ("N",)),
        (40, ("C",), ("A",)),
        (17, ("N",), ("N",)),
        (96, ("B", "C"), ()),
        (17153, ("S1", "S2"), ("N",)),
    ],
)
def test_phases_say_what_is_measured_against_what(
    code: int, measured: tuple[str, ...], reference: tuple[str, ...]
) -> None:
    phases = ReadingTypeCode(phases=code).phase_set
    assert (phases.measured, phases.reference) == (measured, reference)


def test_every_number_of_phases_is_the_sum_of_its_bits() -> None:
    bits = {line["name"]: int(line["bit"]) for line in rows("reading_type/phase_bits")}
    for code in range(32768):
        found = phase_set(code)
        total = sum(bits[name if name.startswith("S") else name + "1"] for name in found.measured)
        total += sum(bits[name + "2"] for name in found.reference) + sum(bits[name] for name in found.circuit)
        assert total + found.rest == code
        assert found.rest == 0
        assert found.name


@pytest.mark.parametrize(("old", "new"), [(272, 257), (528, 513), (784, 769), (129, 129), (0, 0), (5000, 5000)])
def test_older_split_phase_numbers_are_written_as_todays(old: int, new: int) -> None:
    assert ReadingTypeCode(phases=old).canonical().phases == new


@pytest.mark.parametrize("period", list(MeasuringPeriod))
def test_a_period_is_as_long_as_its_label_says(period: MeasuringPeriod) -> None:
    code = ReadingTypeCode(measuring_period=period)
    label = next(line["label"] for line in rows("reading_type/measuring_period") if int(line["code"]) == period)
    lengths = [
        timedelta(**{word.lower() + "s": int(number)})
        for number, _, word in (
            part.partition("-")
            for part in label.replace("Hours", "Hour")
            .replace("hours", "hour")
            .replace("Minutes", "Minute")
            .replace("minutes", "minute")
            .split()
        )
        if number.isdigit()
    ]
    assert [length for length in (code.interval, code.sub_interval) if length is not None] == lengths
    assert code.is_block == ("lock" in label)
    assert code.is_interval == bool(lengths)
