"""Values: exact numbers, with and without pint."""

import decimal
import sys
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iec61968_9.codes import ReadingTypeCode, Unit, Value, values
from iec61968_9.codes._tables import rows
from iec61968_9.errors import CodeError

KWH = ReadingTypeCode.parse("0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0")

decimals = st.from_regex(r"[+-]?[0-9]{1,60}(\.[0-9]{0,60})?([eE][+-]?[0-9]{1,3})?", fullmatch=True)


@given(decimals, st.integers(-24, 24))
def test_nothing_is_rounded(text: str, power: int) -> None:
    value = Value(text, ReadingTypeCode(multiplier=power, unit=Unit.WATT_HOUR))
    with decimal.localcontext(prec=3):
        base, display = value.base, value.display
    assert Fraction(display) == Fraction(text)
    assert Fraction(base) == Fraction(text) * Fraction(10) ** power


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12.50", "12.50"),
        (" 12.50\n", "12.50"),
        ("-0.0", "-0.0"),
        ("+5", "5"),
        (".5", "0.5"),
        ("5.", "5"),
        ("1.5E3", "1.5E+3"),
    ],
)
def test_decimals_and_floats_of_xml_schema_are_numbers(text: str, number: str) -> None:
    assert str(Value(text, KWH).number) == number


@pytest.mark.parametrize(
    "text", ["", "  ", "2024-01-31T00:00:00Z", "NaN", "INF", "1_0", "٣", "1,5", "0x10", "1e99999", "1 2", "true"]
)
def test_what_is_no_number_stays_text(text: str) -> None:
    value = Value(text, KWH)
    assert value.number is None
    assert value.text == text
    for name in ("display", "base"):
        with pytest.raises(ValueError, match="is no number"):
            getattr(value, name)


def test_a_value_shows_itself_as_the_message_has_it() -> None:
    assert str(Value("12.50", KWH)) == "12.50 kWh"
    assert str(Value("12.50", KWH.replace(unit=0))) == "12.50"


@pytest.mark.parametrize("unit", [Unit(int(line["code"])) for line in rows("reading_type/unit") if line["pint"]])
def test_every_unit_that_pint_has_gives_a_quantity(unit: Unit) -> None:
    quantity: Any = Value("1.5", ReadingTypeCode(unit=unit)).quantity()
    assert quantity.magnitude == Decimal("1.5")


@pytest.mark.parametrize(
    ("text", "code", "target", "expected"),
    [
        ("1.2345", KWH, "joule", "4444200"),
        ("1.2345", KWH, "kilowatt_hour", "1.2345"),
        ("7", ReadingTypeCode(unit=Unit.VOLT_AMPERE_REACTIVE_HOUR, multiplier=3), "kilovar * hour", "7"),
        ("7", ReadingTypeCode(unit=Unit.VOLT_AMPERE_HOUR, multiplier=3), "volt_ampere * hour", "7000"),
        ("250", ReadingTypeCode(unit=Unit.MONEY, multiplier=-2, currency=978), "currency_EUR", "2.50"),
        ("3", ReadingTypeCode(unit=Unit.COUNT), "count", "3"),
        ("20.5", ReadingTypeCode(unit=Unit.DEGREE_CELSIUS), "kelvin", "293.65"),
        ("5", ReadingTypeCode(unit=Unit.CUBIC_METER, multiplier=3), "liter", "5000000"),
        ("40", ReadingTypeCode(unit=Unit.HUMIDITY), "dimensionless", "0.4"),
    ],
)
def test_quantities_convert_exactly(text: str, code: ReadingTypeCode, target: str, expected: str) -> None:
    quantity: Any = Value(text, code).quantity()
    converted = quantity.to(target).magnitude
    assert isinstance(converted, Decimal)
    assert converted == Decimal(expected)


def test_two_currencies_do_not_convert() -> None:
    euros: Any = Value("1", ReadingTypeCode(unit=Unit.MONEY, currency=978)).quantity()
    dollars: Any = Value("1", ReadingTypeCode(unit=Unit.MONEY, currency=840)).quantity()
    with pytest.raises(pint.DimensionalityError):
        euros.to(dollars.units)


def test_a_registry_of_the_callers_is_used_and_given_what_it_lacks() -> None:
    make: Any = pint.UnitRegistry  # half typed
    registry = make()
    quantity: Any = Value("1", ReadingTypeCode(unit=Unit.VOLT_AMPERE_REACTIVE)).quantity(registry)
    assert quantity.units == registry.volt_ampere_reactive
    assert "currency_EUR" not in registry


@pytest.mark.parametrize(
    ("code", "slot", "message"),
    [
        (ReadingTypeCode(unit=999), "unit", r"unknown \(999\)"),
        (ReadingTypeCode(unit=Unit.BEL, multiplier=-1), "unit", "Bel"),
        (ReadingTypeCode(unit=Unit.TIME_STAMP), "unit", "Time stamp"),
        (ReadingTypeCode(), "unit", "Not applicable"),
        (ReadingTypeCode(unit=Unit.MONEY, currency=1), "currency", "no currency of ISO 4217"),
        (ReadingTypeCode(unit=Unit.MONEY), "currency", "no currency of ISO 4217"),
    ],
)
def test_a_unit_is_never_guessed(code: ReadingTypeCode, slot: str, message: str) -> None:
    with pytest.raises(CodeError, match=message) as caught:
        Value("1", code).quantity()
    assert caught.value.slot == slot


@pytest.mark.parametrize(
    ("parts", "position", "expected"),
    [
        ({"unit": 80, "currency": 1}, 18, "a currency of ISO 4217"),
        ({"unit": 9999}, 17, "a unit that pint has as well"),
    ],
)
def test_the_error_names_the_code_the_part_and_what_it_should_be(
    parts: dict[str, int], position: int, expected: str
) -> None:
    code = ReadingTypeCode(**parts)
    with pytest.raises(CodeError) as caught:
        Value("1", code).quantity()
    error = caught.value
    assert (error.code, error.position, error.expected) == (str(code), position, expected)


def test_without_pint_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    values._registry.cache_clear()  # pyright: ignore[reportPrivateUsage] - else the registry is there already
    monkeypatch.setitem(sys.modules, "pint", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'iec61968-9\[units\]'"):
        Value("1", KWH).quantity()
    monkeypatch.undo()
