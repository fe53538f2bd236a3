"""OBIS codes: the names that meters of the DLMS world give their registers (IEC 62056-61), and reading types for them.

Only the common electricity registers are here, each a row of ``tables/obis.csv``; anything else is refused, never
guessed. The two worlds do not say the same things. An OBIS code says neither the power of ten nor whether electricity
is primary or secondary metered, and of a load profile not the period: the caller says them. A reading type does not say
the channel. So the conversion is exact in this sense: going to OBIS and back with the same answers gives the same code.

Where the facts come from: the meaning of C, D and E from lists of OBIS codes that grid companies and meter makers have
published (the Norwegian and Dutch customer interfaces, readouts, the DLMS User Association's public excerpts), and from
open programs that read meters; each row names its ``source``. The pairing with reading types is ours, by comparing
meanings. IEC TS 62056-6-9, which pairs them officially, is not public and was not used. No row is better than its
``confidence``. In the table's reading types C, E, M and P stand for commodity, bin, multiplier and period.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

import attrs

from iec61968_9.codes._tables import rows
from iec61968_9.codes.reading_type import ReadingTypeCode
from iec61968_9.codes.reading_type_enums import Commodity
from iec61968_9.errors import CodeError

__all__ = ["Obis", "from_obis", "to_obis"]

_TEXT = re.compile(
    r"(?:(0|[1-9][0-9]{0,2})-(0|[1-9][0-9]{0,2}):)?(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})(?:\*255)?"
)
_FORM = "A-B:C.D.E, each 0 to 255"
_OPEN = {"C": "commodity", "E": "tou", "M": "multiplier", "P": "measuring_period"}
_ELECTRICITY = (Commodity.ELECTRICITY_SECONDARY_METERED, Commodity.ELECTRICITY_PRIMARY_METERED)
_MEDIUM = 1
_TARIFFS = range(64)


@attrs.frozen(order=True)
class Obis:
    """An OBIS code without its billing period: ``A-B:C.D.E`` (IEC 62056-61).

    Attributes:
        medium: A, 1 for electricity.
        channel: B, 0 where the meter has only one.
        quantity: C, what is measured.
        processing: D, how (7 instantaneous, 8 the register, 29 the load profile).
        tariff: E, the rate, 0 for the total.
    """

    medium: int
    channel: int
    quantity: int
    processing: int
    tariff: int

    @classmethod
    def parse(cls, text: str) -> Obis:
        """Read ``1-0:1.8.0``; ``1.8.0`` is short for it, and ``*255`` (the present period) may follow.

        Raises:
            CodeError: The text is no such code; other billing periods (``*01``) are refused.
        """
        found = _TEXT.fullmatch(text)
        if found is None:
            message = f"{text[:80]!r} is no OBIS code of the present period; expected {_FORM}"
            raise CodeError(message, code=text, expected=_FORM)
        medium, channel, *register = found.groups()
        numbers = [int(medium or _MEDIUM), int(channel or 0), *map(int, register)]
        if max(numbers) > 255:
            raise CodeError(f"{text!r} has a number above 255; expected {_FORM}", code=text, expected=_FORM)
        return cls(*numbers)

    def __str__(self) -> str:
        return f"{self.medium}-{self.channel}:{self.quantity}.{self.processing}.{self.tariff}"


@attrs.frozen
class _Pair:
    """A row of the table: the numbers that are fixed, and by their slot those that the codes have in common."""

    key: tuple[int, int]
    parts: tuple[str, ...]

    @property
    def has_period(self) -> bool:
        return "P" in self.parts

    @property
    def has_tariff(self) -> bool:
        return "E" in self.parts

    def code(self, answers: Mapping[str, int]) -> ReadingTypeCode:
        return ReadingTypeCode.from_parts(
            [answers[_OPEN[part]] if part in _OPEN else int(part) for part in self.parts],
        )

    def fits(self, code: ReadingTypeCode) -> bool:
        return all(part in _OPEN or int(part) == number for part, number in zip(self.parts, code.parts, strict=True))


@functools.cache
def _pairs() -> tuple[_Pair, ...]:
    found: list[_Pair] = []
    for line in rows("obis"):
        quantity, processing = line["obis"].split(".")
        key = (int(quantity), int(processing))
        found.append(_Pair(key, tuple(line["reading_type"].split("."))))
    return tuple(found)


def from_obis(
    obis: Obis | str,
    *,
    multiplier: int,
    commodity: int = Commodity.ELECTRICITY_SECONDARY_METERED,
    measuring_period: int = 0,
) -> ReadingTypeCode:
    """Return the reading type of a register.

    Args:
        obis: The register. Its channel says which of several, not what kind; a reading type does not carry it.
        multiplier: The power of ten in which the values come (3 for kWh): the meter's scaler, which the OBIS code does
            not say.
        commodity: Whether the electricity is metered secondary (the default) or primary.
        measuring_period: For a load profile (D = 29), the period of its intervals.

    Raises:
        CodeError: The register is not in the table, or its period is needed and not given, or given and not needed.
    """
    obis = Obis.parse(obis) if isinstance(obis, str) else obis
    pair = next((pair for pair in _pairs() if pair.key == (obis.quantity, obis.processing)), None)
    if pair is None or obis.medium != _MEDIUM or obis.tariff not in (_TARIFFS if pair.has_tariff else (0,)):
        raise _refused(str(obis), f"{obis} has no reading type that is known to mean the same")
    if commodity not in _ELECTRICITY:
        raise _refused(str(obis), f"{obis} is electricity, not commodity {commodity:d}")
    if pair.has_period and not measuring_period:
        raise _refused(str(obis), f"{obis} is a load profile: its measuring period must be given")
    if measuring_period and not pair.has_period:
        raise _refused(str(obis), f"{obis} has no measuring period")
    answers = {
        "commodity": commodity,
        "tou": obis.tariff,
        "multiplier": multiplier,
        "measuring_period": measuring_period,
    }
    return pair.code(answers)


def to_obis(code: ReadingTypeCode, *, channel: int = 0) -> Obis:
    """Return the register that a reading type means.

    Args:
        code: The reading type. Its power of ten, and a load profile's period, are not part of the answer.
        channel: The channel, B, which a reading type does not say.

    Raises:
        CodeError: No register of the table means exactly the same.
    """
    pair = next((pair for pair in _pairs() if pair.fits(code)), None)
    exact = pair is not None and code.commodity in _ELECTRICITY and (not pair.has_period or code.measuring_period)
    if pair is None or not exact or code.tou not in _TARIFFS:
        raise _refused(str(code), f"{code} has no OBIS code that is known to mean the same")
    if channel not in range(256):
        raise _refused(str(code), f"there is no channel {channel}")
    return Obis(_MEDIUM, channel, *pair.key, code.tou)


def _refused(code: str, message: str) -> CodeError:
    return CodeError(message, code=code, expected="one of the common electricity registers (tables/obis.csv)")
