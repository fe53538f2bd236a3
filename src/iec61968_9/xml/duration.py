"""A length of time as XML Schema has it: months and seconds are two things, since months differ in length.

``datetime.timedelta`` has no months, so a ``Duration`` keeps the parts as they were written: ``PT60M`` is written back
as ``PT60M``, though it equals ``PT1H``.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal

from iec61968_9.xml.gregorian import days_before
from iec61968_9.xml.lexical import DIGITS

__all__ = ["Duration"]

_FORM = re.compile(
    r"(-)?P(?!$)(?:([0-9]+)Y)?(?:([0-9]+)M)?(?:([0-9]+)D)?"
    r"(?:T(?!$)(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+(?:\.[0-9]+)?)S)?)?"
)
_STARTS = ((1696, 9), (1697, 2), (1903, 3), (1903, 7))
"""The months by which XML Schema compares durations: one is longer than another only if it is from each of them."""

_WORDS = "a duration, such as P1DT2H or PT15M"
_BEYOND = 2**63
"""So many months or days libxml2 does not count, nor so many of any other part."""


@dataclass(frozen=True, slots=True, eq=False)
class Duration:
    """A duration, part by part. None of the parts is negative; ``negative`` makes the whole so.

    Two are equal if they are as many months and as many seconds. One is less than another only if it is so from
    whichever day they are counted: neither of ``P1M`` and ``P30D`` is.

    Raises:
        ValueError: A part is negative; the seconds are no finite number, or have more than 4,000 digits; or it is as
            long as libxml2 reads no more: 2 to the power of 63 months, or days with what is shorter, or of any part.
    """

    years: int = 0
    months: int = 0
    days: int = 0
    hours: int = 0
    minutes: int = 0
    seconds: Decimal = Decimal(0)
    negative: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "seconds", Decimal(self.seconds))
        whole = (self.years, self.months, self.days, self.hours, self.minutes)
        if not self.seconds.is_finite() or any(part < 0 for part in (*whole, self.seconds)):
            raise ValueError("the parts of a duration are finite and not negative")
        exponent = int(self.seconds.as_tuple().exponent)
        if abs(exponent) + abs(self.seconds.adjusted()) > DIGITS:
            raise ValueError("the seconds of a duration have at most 4,000 digits")
        is_long = max(*whole, int(self.seconds)) >= _BEYOND
        if is_long or abs(self._value[0]) >= _BEYOND or abs(int(self._value[1])) // 86_400 >= _BEYOND:
            raise ValueError(f"a duration has less than {_BEYOND:,} months, days, and of each other part")

    @classmethod
    def parse(cls, text: str) -> Duration:
        """The duration that a text such as ``P1Y2M3DT4H5M6.7S`` means.

        Raises:
            ValueError: It means none.
        """
        match = _FORM.fullmatch(text) if len(text) <= DIGITS else None
        if match is None:
            raise ValueError(_WORDS)
        sign, *whole, seconds = match.groups()
        years, months, days, hours, minutes = (int(part or 0) for part in whole)
        return cls(years, months, days, hours, minutes, Decimal(seconds or 0), sign is not None)

    @classmethod
    def of(cls, value: datetime.timedelta) -> Duration:
        """The duration of a ``timedelta``, in days, hours, minutes and seconds."""
        length = abs(value)
        minutes, seconds = divmod(length.seconds, 60)
        exact = seconds + Decimal(length.microseconds) / 1_000_000
        return cls(0, 0, length.days, minutes // 60, minutes % 60, exact, value < datetime.timedelta())

    @property
    def timedelta(self) -> datetime.timedelta:
        """The same as a ``timedelta``.

        Raises:
            ValueError: It has months or years, or more digits of a second than a ``timedelta`` holds.
            OverflowError: It is too long for one.
        """
        months, seconds = self._value
        if months:
            raise ValueError("a duration of months has no fixed length")
        microseconds = seconds * 1_000_000
        if microseconds != int(microseconds):
            raise ValueError("a timedelta has no more than six digits of a second")
        return datetime.timedelta(microseconds=int(microseconds))

    @property
    def _value(self) -> tuple[int, Decimal]:
        """Months and seconds, both negative if the duration is."""
        sign = -1 if self.negative else 1
        minutes = (self.days * 24 + self.hours) * 60 + self.minutes
        # As text, because Decimal's arithmetic would round what is longer than its context.
        whole, _, fraction = format(self.seconds, "f").partition(".")
        digits = str(minutes * 60 + int(whole)) + (f".{fraction}" if fraction else "")
        return sign * (self.years * 12 + self.months), Decimal(("-" if sign < 0 else "") + digits)

    def __str__(self) -> str:
        date = [(self.years, "Y"), (self.months, "M"), (self.days, "D")]
        time = [(self.hours, "H"), (self.minutes, "M")]
        text = ("-" if self.negative else "") + "P" + "".join(f"{part}{unit}" for part, unit in date if part)
        clock = "".join(f"{part}{unit}" for part, unit in time if part)
        if self.seconds:
            clock += f"{self.seconds:f}S"
        return text + (f"T{clock}" if clock else "" if text[-1] != "P" else "T0S")

    def __eq__(self, other: object) -> bool:
        return self._value == other._value if isinstance(other, Duration) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._value)

    def __lt__(self, other: Duration) -> bool:
        return self._shorter(other)

    def __le__(self, other: Duration) -> bool:
        return self == other or self._shorter(other)

    def __gt__(self, other: Duration) -> bool:
        return other < self

    def __ge__(self, other: Duration) -> bool:
        return other <= self

    def _shorter(self, other: Duration) -> bool:
        """Whether it is shorter from each of XML Schema's four days."""
        (months, seconds), (other_months, other_seconds) = self._value, other._value
        return all(
            (_days(start, months) - _days(start, other_months)) * 86_400 < other_seconds - seconds for start in _STARTS
        )


def _days(start: tuple[int, int], months: int) -> int:
    """How many days a number of months is from the first day of a month on."""
    count = start[0] * 12 + start[1] - 1 + months
    return days_before(count // 12, count % 12 + 1) - days_before(*start)
