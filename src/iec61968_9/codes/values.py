"""Numbers for values: a reading's text and its reading type give an exact decimal, and a unit.

The text stands in the unit of the reading type with its power of ten (kWh): that is the display value. Without the
power of ten it is the base value (Wh). Both are made by moving the decimal exponent, never by arithmetic, so nothing
is rounded whatever the context's precision. Text that is no number (a date, nothing at all) stays text.
"""

from __future__ import annotations

import functools
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

import attrs

from iec61968_9.codes.reading_type import ReadingTypeCode
from iec61968_9.codes.reading_type_enums import Unit
from iec61968_9.errors import CodeError

if TYPE_CHECKING:
    import pint
    from pint.facets.plain import PlainQuantity

__all__ = ["Value", "define_units"]

_NUMBER = re.compile(r"[ \t\r\n]*([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?)[ \t\r\n]*")

_DEFINITIONS = {
    "volt_ampere_reactive": "volt_ampere_reactive = volt * ampere = var",
}


@attrs.frozen
class Value:
    """A reading's value with what it means.

    Attributes:
        text: The value as it stands in the message.
        code: Its reading type.
    """

    text: str
    code: ReadingTypeCode

    @property
    def number(self) -> Decimal | None:
        """The number that the text is, in the unit with its power of ten; None where the text is no number.

        Decimals and floats of XML Schema are read, but not INF and NaN, which no meter measures.
        """
        return _decimal(self.text)

    @property
    def display(self) -> Decimal:
        """The number in the unit with its power of ten (kWh), exactly as the message has it.

        Raises:
            ValueError: The text is no number.
        """
        number = self.number
        if number is None:
            msg = f"{self.text[:80]!r} is no number"
            raise ValueError(msg)
        return number

    @property
    def base(self) -> Decimal:
        """The number in the unit without its power of ten (Wh), exactly.

        Raises:
            ValueError: The text is no number.
        """
        sign, digits, exponent = self.display.as_tuple()
        if not isinstance(exponent, int):
            raise TypeError
        return Decimal((sign, digits, exponent + self.code.power_of_ten))

    def quantity(self, registry: pint.UnitRegistry[Any] | None = None) -> PlainQuantity[Any]:
        """Return the base value as a quantity of pint, which knows its dimension and converts it.

        Reactive and apparent energy keep units of their own names (volt_ampere_reactive, volt_ampere), a currency is a
        dimension of its own. By default the quantity belongs to a registry of the library that counts in Decimal; a
        registry of the caller's is given the units that it lacks, as ``define_units`` would.

        Raises:
            ModuleNotFoundError: pint is not installed (``pip install iec61968-9[units]``).
            ValueError: The text is no number.
            CodeError: The unit has no counterpart in pint: it is unknown, not a quantity, logarithmic, or not settled
                between authorities; or the currency is not of ISO 4217.
        """
        unit = _pint_unit(self.code)
        chosen = _registry() if registry is None else registry
        define_units(chosen, self.code)
        make: Any = chosen.Quantity  # pint leaves its class half typed
        return cast("PlainQuantity[Any]", make(self.base, unit))

    def __str__(self) -> str:
        symbol = self.code.unit_symbol
        return f"{self.text} {symbol}" if symbol else self.text


def _decimal(text: str) -> Decimal | None:
    found = _NUMBER.fullmatch(text)
    return Decimal(found[1]) if found is not None else None


def _pint_unit(code: ReadingTypeCode) -> str:
    """Return how pint writes the unit of a reading type."""
    expected = "a unit that pint has as well"
    if code.unit == Unit.MONEY:
        if (currency := code.currency_code) is not None:
            return f"currency_{currency}"
        message = f"{code} is in money, but {code.currency:d} is no currency of ISO 4217"
        raise CodeError(message, code=str(code), slot="currency", position=18, expected="a currency of ISO 4217")
    facts = code.unit_facts
    if facts is None or facts.pint is None:
        name = f"unknown ({code.unit:d})" if facts is None else facts.label
        message = f"the unit of {code} has no counterpart in pint: {name}"
        raise CodeError(message, code=str(code), slot="unit", position=17, expected=expected)
    return facts.pint


def define_units(registry: pint.UnitRegistry[Any], code: ReadingTypeCode) -> None:
    """Give a registry the units that a reading type needs and pint does not have: var, and the code's currency."""
    unit = _pint_unit(code)
    wanted = {name: text for name, text in _DEFINITIONS.items() if name in unit}
    if unit.startswith("currency_"):
        wanted[unit] = f"{unit} = [{unit}]"
    for name, definition in wanted.items():
        if name not in registry:
            registry.define(definition)


@functools.cache
def _registry() -> pint.UnitRegistry[Any]:
    try:
        import pint
    except ModuleNotFoundError as error:
        msg = "quantities need pint: pip install 'iec61968-9[units]'"
        raise ModuleNotFoundError(msg, name=error.name) from error
    exact: Any = Decimal
    registry: pint.UnitRegistry[Any] = pint.UnitRegistry(non_int_type=exact)
    return registry
