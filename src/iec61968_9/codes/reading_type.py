"""Reading types: the eighteen numbers that say what a reading is (IEC 61968-9 Annex C).

``ReadingTypeCode`` is a value. Each part is a member of its enumeration when the number is known, and the plain number
when it is not; an unknown number is never an error, it only has no words. Parsing is cached, for messages repeat the
same few codes; the cache is bounded. What takes tables (words, symbols) loads them when it is first asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar, Self

import attrs

from iec61968_9.codes._dotted import VENDOR_FROM, DottedCode, Form, Slot
from iec61968_9.codes._tables import literal, row
from iec61968_9.codes.reading_type_enums import (
    Accumulation,
    Aggregate,
    Commodity,
    Currency,
    FlowDirection,
    MacroPeriod,
    MeasurementKind,
    MeasuringPeriod,
    Multiplier,
    Phases,
    Unit,
)

if TYPE_CHECKING:
    from iec61968_9.codes.phases import PhaseSet
    from iec61968_9.codes.search import Pattern
    from iec61968_9.codes.units import UnitFacts

__all__ = ["ReadingTypeCode"]

_FORM = Form(
    "reading type",
    (
        Slot(
            1,
            "macro_period",
            "macroPeriod",
            "reading_type/macro_period",
            MacroPeriod,
            also_called="timePeriodOfInterest",
        ),
        Slot(2, "aggregate", "aggregate", "reading_type/aggregate", Aggregate, also_called="dataQualifier"),
        Slot(
            3,
            "measuring_period",
            "measuringPeriod",
            "reading_type/measuring_period",
            MeasuringPeriod,
            also_called="timeAttribute",
        ),
        Slot(
            4,
            "accumulation",
            "accumulation",
            "reading_type/accumulation",
            Accumulation,
            also_called="accumulationBehaviour",
        ),
        Slot(5, "flow_direction", "flowDirection", "reading_type/flow_direction", FlowDirection),
        Slot(6, "commodity", "commodity", "reading_type/commodity", Commodity),
        Slot(
            7,
            "measurement_kind",
            "measurementKind",
            "reading_type/measurement_kind",
            MeasurementKind,
            also_called="kind",
        ),
        Slot(8, "interharmonic_numerator", "interharmonic.numerator"),
        Slot(9, "interharmonic_denominator", "interharmonic.denominator"),
        Slot(10, "argument_numerator", "argument.numerator"),
        Slot(11, "argument_denominator", "argument.denominator"),
        Slot(12, "tou", "tou"),
        Slot(13, "cpp", "cpp"),
        Slot(14, "consumption_tier", "consumptionTier"),
        Slot(15, "phases", "phases", "reading_type/phases", Phases),
        Slot(
            16,
            "multiplier",
            "multiplier",
            "reading_type/multiplier",
            Multiplier,
            signed=True,
            also_called="powerOfTenMultiplier",
        ),
        Slot(17, "unit", "unit", "reading_type/unit", Unit, also_called="uom"),
        Slot(18, "currency", "currency", "reading_type/currency", Currency),
    ),
    "reading_type/known",
    hints={11: ": it is a code of edition 1 (2009), which cannot be converted without loss"},
)

_SLOTS = {slot.name: slot for slot in _FORM.slots}
_NAMES = tuple(_SLOTS)
_REGISTERS = frozenset(
    {
        Accumulation.BULK_QUANTITY,
        Accumulation.CONTINUOUS_CUMULATIVE,
        Accumulation.CUMULATIVE,
        Accumulation.SUMMATION,
        Accumulation.LATCHING_QUANTITY,
        Accumulation.BOUNDED_QUANTITY,
    }
)
_MOMENTARY = frozenset({Accumulation.INDICATING, Accumulation.INSTANTANEOUS})
_ELECTRICITY = frozenset({Commodity.ELECTRICITY_SECONDARY_METERED, Commodity.ELECTRICITY_PRIMARY_METERED})


@attrs.frozen(kw_only=True, order=False, repr=False, cache_hash=True)
class ReadingTypeCode(DottedCode):
    """A reading type: eighteen numbers (IEC 61968-9 Annex C).

    Every part defaults to 0, "not applicable". ``parse`` and ``str`` are exact inverses.

    Attributes:
        macro_period: The calendar period that the reading speaks of (daily, monthly, billing period).
        aggregate: How several values became one (maximum, average, sum).
        measuring_period: The time over which the meter measured (15 minutes, a rolling block).
        accumulation: How the value behaves over time (a register, a delta, an instantaneous value).
        flow_direction: The direction of the flow (forward is towards the customer), or its quadrants.
        commodity: What was measured (electricity, natural gas, potable water).
        measurement_kind: Which property of it (energy, power, voltage).
        interharmonic_numerator: With the denominator, the harmonic's order: 2/1 is the second; 0/0 is none.
        interharmonic_denominator: See there.
        argument_numerator: With the denominator, an angle in degrees: 120/1; 0/0 is none.
        argument_denominator: See there.
        tou: The time-of-use bin, 1 or more as the tariff numbers them; 0 is the total.
        cpp: The critical peak bin, likewise.
        consumption_tier: The consumption tier, likewise.
        phases: Which phases, bit-coded.
        multiplier: The power of ten: the value is in 10^multiplier times the unit. The only part that may be negative.
        unit: The unit, without its power of ten.
        currency: The currency's ISO 4217 number.

    Raises:
        CodeError: A number is negative where none may be, or has more than 18 digits.
        TypeError: A part is not a whole number.
    """

    FORM: ClassVar[Form] = _FORM

    macro_period: MacroPeriod | int = 0
    aggregate: Aggregate | int = 0
    measuring_period: MeasuringPeriod | int = 0
    accumulation: Accumulation | int = 0
    flow_direction: FlowDirection | int = 0
    commodity: Commodity | int = 0
    measurement_kind: MeasurementKind | int = 0
    interharmonic_numerator: int = 0
    interharmonic_denominator: int = 0
    argument_numerator: int = 0
    argument_denominator: int = 0
    tou: int = 0
    cpp: int = 0
    consumption_tier: int = 0
    phases: Phases | int = 0
    multiplier: Multiplier | int = 0
    unit: Unit | int = 0
    currency: Currency | int = 0

    @classmethod
    def from_parts(cls, parts: Sequence[int]) -> Self:
        """Make a reading type of its eighteen numbers, in order."""
        return cls(**dict(zip(_NAMES, parts, strict=True)))

    @property
    def parts(self) -> tuple[int, ...]:
        """The eighteen numbers, in order; known ones are enumeration members."""
        return (
            self.macro_period,
            self.aggregate,
            self.measuring_period,
            self.accumulation,
            self.flow_direction,
            self.commodity,
            self.measurement_kind,
            self.interharmonic_numerator,
            self.interharmonic_denominator,
            self.argument_numerator,
            self.argument_denominator,
            self.tou,
            self.cpp,
            self.consumption_tier,
            self.phases,
            self.multiplier,
            self.unit,
            self.currency,
        )

    @property
    def name(self) -> str:
        """The identifier-style name: ``fifteenMinute.deltaData.forward.electricitySecondaryMetered.energy.kiloWh``.

        Made of the literals of the tables, without the parts that do not apply; a number without a literal is written
        with its part's name (``tou1``, ``aggregate99``). It names the code; it is not read back.
        """
        ratios = (
            ("interharmonic", self.interharmonic_numerator, self.interharmonic_denominator),
            ("argument", self.argument_numerator, self.argument_denominator),
        )
        unit = self._literal("unit")
        if isinstance(self.multiplier, Multiplier) and isinstance(self.unit, Unit) and self.unit:
            unit = self._literal("multiplier") + unit
        elif self.multiplier:
            unit = f"{self._literal('multiplier')}.{unit}".rstrip(".")
        names = [
            *(self._literal(name) for name in _NAMES[:7]),
            *(f"{name}{above}_{below}" if above or below else "" for name, above, below in ratios),
            *(self._literal(name) for name in _NAMES[11:15]),
            unit,
            self._literal("currency"),
        ]
        return ".".join(filter(None, names)) or "none"

    def _literal(self, name: str) -> str:
        """Return the literal of a part; nothing where it does not apply."""
        number: int = getattr(self, name)
        slot = _SLOTS[name]
        if not number:
            return ""
        unknown = f"{slot.cim}{number:d}"
        return literal(slot.table, number, unknown) if slot.table else unknown

    # Time

    @property
    def interval(self) -> timedelta | None:
        """The length of what was measured: the measuring period, or the block of a block demand.

        None where the code does not say (present, previous, specified, unknown, not applicable). A macro period has
        no fixed length (a day may have 23 hours) and is never an interval.
        """
        return _duration(self.measuring_period, "minutes")

    @property
    def sub_interval(self) -> timedelta | None:
        """The sub-interval of a rolling block, or None."""
        return _duration(self.measuring_period, "sub_minutes")

    @property
    def is_interval(self) -> bool:
        """Whether it is one value an interval, of a length that the code tells."""
        return self.interval is not None

    @property
    def is_block(self) -> bool:
        """Whether it is a demand over a fixed or rolling block."""
        line = row("reading_type/measuring_period", self.measuring_period)
        return line is not None and line["shape"] in ("fixed block", "rolling block")

    # Behaviour

    @property
    def is_register(self) -> bool:
        """Whether the value is a total that goes on from reading to reading, as on a meter's dial."""
        return self.accumulation in _REGISTERS

    @property
    def is_delta(self) -> bool:
        """Whether the value is what was added during the interval."""
        return self.accumulation == Accumulation.DELTA_DATA

    @property
    def is_momentary(self) -> bool:
        """Whether the value is that of a moment (indicating or instantaneous)."""
        return self.accumulation in _MOMENTARY

    @property
    def is_electricity(self) -> bool:
        """Whether it is about electricity, primary or secondary metered."""
        return self.commodity in _ELECTRICITY

    @property
    def is_time_of_use(self) -> bool:
        """Whether it belongs to a time-of-use bin, a critical peak bin or a consumption tier rather than the total."""
        return bool(self.tou or self.cpp or self.consumption_tier)

    @property
    def is_vendor_specific(self) -> bool:
        """Whether a part that has a table carries a vendor's own number (1000 or more; phases are bits, not a list)."""
        return any(
            part >= VENDOR_FROM
            for slot, part in zip(self.FORM.slots, self.parts, strict=True)
            if slot.table and slot.name not in ("phases", "multiplier")
        )

    # Measure

    @property
    def unit_facts(self) -> UnitFacts | None:
        """What is known of the unit (symbol, quantity, dimension, size), or None where the number is unknown."""
        if not isinstance(self.unit, Unit):
            return None
        from iec61968_9.codes.units import unit_facts

        return unit_facts(self.unit)

    @property
    def power_of_ten(self) -> int:
        """The power of ten by which the value is to be multiplied, as a plain number."""
        return int(self.multiplier)

    @property
    def base_unit_symbol(self) -> str | None:
        """The symbol of the unit without its power of ten: ``Wh``, ``EUR``. None where it is unknown."""
        facts = self.unit_facts
        if facts is None or not self.unit:
            return None
        return self.currency_code or facts.symbol if self.unit == Unit.MONEY else facts.symbol

    @property
    def unit_symbol(self) -> str | None:
        """The symbol of the unit with its power of ten: ``kWh``, ``10^3 m³``. None where the unit is unknown."""
        symbol, facts = self.base_unit_symbol, self.unit_facts
        if symbol is None or facts is None:
            return None
        from iec61968_9.codes.units import prefixed

        return prefixed(symbol, self.power_of_ten, takes_prefix=facts.takes_prefix)

    @property
    def unit_name(self) -> str | None:
        """The name of the unit in English with its power of ten: ``kilowatt hours``. None where it is unknown."""
        facts = self.unit_facts
        if facts is None or not self.unit:
            return None
        from iec61968_9.codes.words import ENGLISH, load_wording

        name = load_wording(ENGLISH).phrase("unit", int(self.unit)) or facts.label
        if not self.multiplier:
            return name
        line = row("reading_type/multiplier", self.multiplier) if facts.takes_prefix else None
        return f"{line['name']}{name}" if line is not None else f"10^{self.power_of_ten} {name}"

    @property
    def currency_code(self) -> str | None:
        """The currency's ISO 4217 letters, or None where there is none or the number is not of that list."""
        line = row("reading_type/currency", self.currency) if self.currency else None
        return line["symbol"] if line is not None else None

    # Phases, harmonics, angles

    @property
    def phase_set(self) -> PhaseSet:
        """The phases, taken apart into what is measured and against what."""
        from iec61968_9.codes.phases import phase_set

        return phase_set(int(self.phases))

    @property
    def interharmonic(self) -> Fraction | None:
        """The order of the harmonic, or None when there is none or its denominator is 0."""
        if not self.interharmonic_denominator:
            return None
        return Fraction(self.interharmonic_numerator, self.interharmonic_denominator)

    @property
    def argument(self) -> Fraction | None:
        """The angle in degrees, or None when there is none or its denominator is 0."""
        return Fraction(self.argument_numerator, self.argument_denominator) if self.argument_denominator else None

    # Others like it

    def canonical(self) -> Self:
        """Return the code as it should be written: older split-phase numbers become today's."""
        return self.replace(phases=self.phase_set.canonical)

    def varying(self, *names: str) -> Pattern[Self]:
        """Return the pattern of all codes like this one but for the named parts.

        Raises:
            CodeError: There is no part of such a name.
        """
        from iec61968_9.codes.search import Pattern

        return Pattern.like(self, *names)


def _duration(period: int, column: str) -> timedelta | None:
    line = row("reading_type/measuring_period", period)
    return timedelta(minutes=int(line[column])) if line is not None and line[column] else None
