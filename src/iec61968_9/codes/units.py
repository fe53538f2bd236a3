"""What a unit of a reading type is: its symbol, its quantity, its dimension and its size.

The table of units tells for each number which prefixes it can carry: 10^3 Wh is kWh, but 10^3 m³ is not km³, and a
thousand BTU is not kBTU to everybody. Where no prefix may stand, the power of ten is written out.
"""

from __future__ import annotations

import functools
from fractions import Fraction

import attrs

from iec61968_9.codes._tables import row
from iec61968_9.codes.reading_type_enums import Unit

__all__ = ["UnitFacts", "prefixed", "unit_facts"]


@attrs.frozen
class UnitFacts:
    """What the table says of a unit.

    Attributes:
        code: Its number.
        name: The literal of the standard.
        label: Its name in words.
        symbol: Its symbol, without a power of ten.
        takes_prefix: Whether an SI prefix can stand before the symbol.
        quantity: The quantity that it measures, or None where it measures none (a time stamp, a status).
        dimension: The exponents of length L, mass M, time T, current I, temperature K, amount N and luminous
            intensity J (``L2 M T-2``), ``1`` for a number, or None where there is none or the table does not know.
        factor: How many coherent SI units one of it is, or None where no factor does (degrees Celsius, bel),
            where it is irrational or measured, and where authorities differ (BTU, therm, rod).
        pint: The same unit as pint writes it, or None.
    """

    code: int
    name: str
    label: str
    symbol: str
    takes_prefix: bool
    quantity: str | None
    dimension: str | None
    factor: Fraction | None
    pint: str | None


@functools.cache
def unit_facts(unit: Unit) -> UnitFacts:
    """Return the facts of a known unit (IEC 61968-9 Annex C, part 17)."""
    line = row("reading_type/unit", int(unit))
    if line is None:
        msg = f"no such unit: {unit!r}"
        raise KeyError(msg)
    above, _, below = line["factor"].partition("/")
    return UnitFacts(
        int(unit),
        line["name"],
        line["label"],
        line["symbol"],
        line["prefix"] == "yes",
        line["quantity"] or None,
        line["dimension"] or None,
        Fraction(above) / Fraction(below or 1) if above else None,
        line["pint"] or None,
    )


def prefixed(symbol: str, power: int, *, takes_prefix: bool) -> str:
    """Return a symbol with its power of ten: ``kWh``, or ``10^3 m³`` where a prefix would say something else."""
    if not power:
        return symbol
    line = row("reading_type/multiplier", power) if takes_prefix and symbol else None
    return f"{line['symbol']}{symbol}" if line is not None else f"10^{power} {symbol}".rstrip()
