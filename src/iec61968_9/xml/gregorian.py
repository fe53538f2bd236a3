"""Parts of dates as XML Schema has them: years, months, days, and months and days of any year.

Each is a frozen value that is written as it was read, with its zone if it has one. Two are equal if all their parts
are, the zone's offset among them. They are ordered by when they begin, as dates with zones are; one with a zone and one
without have no order, as in ``datetime``.
"""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass
from typing import ClassVar, Final, TypeVar

from iec61968_9.xml.lexical import ZONE, zone, zone_text

__all__ = ["GDay", "GMonth", "GMonthDay", "GYear", "GYearMonth", "days_before"]

G = TypeVar("G", bound="_Part")

YEAR_DIGITS: Final = 18
"""A year with more digits is refused; libxml2 holds no more."""

LEAP_YEAR: Final = 2000
"""The year in which a month and a day without a year are looked at."""


class _Part:
    """What the five have in common."""

    __slots__ = ()

    _form: ClassVar[re.Pattern[str]]
    _words: ClassVar[str]
    tzinfo: datetime.timezone | None

    @classmethod
    def parse(cls: type[G], text: str) -> G:
        """The value that a text means.

        Raises:
            ValueError: It means none.
        """
        match = cls._form.fullmatch(text)
        if match is None:
            raise ValueError(cls._words)
        *parts, offset = match.groups()
        try:
            return cls(*(int(part) for part in parts), zone(offset))  # type: ignore[call-arg]  # its own fields
        except ValueError:
            raise ValueError(cls._words) from None

    def _parts(self) -> tuple[int, int, int]:
        """Year, month and day at which it begins."""
        raise NotImplementedError

    def _check(self) -> None:
        year, month, day = self._parts()
        if year == 0 or len(str(abs(year))) > YEAR_DIGITS:
            raise ValueError("a year is not 0 and has at most 18 digits")
        if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(LEAP_YEAR, month)[1]:
            raise ValueError("there is no such month or day")
        zone_text(self.tzinfo)

    def _begins(self, other: object) -> tuple[int, int]:
        """The second at which it begins, in UTC, and its zone; ``other`` is what it is compared with."""
        if type(other) is not type(self):
            raise TypeError(f"{type(self).__name__} and {type(other).__name__} have no order")
        assert isinstance(other, _Part)  # noqa: S101  # it is of this very class
        if (self.tzinfo is None) != (other.tzinfo is None):
            raise TypeError("a value with a zone and one without have no order")
        year, month, day = self._parts()
        offset = int(self.tzinfo.utcoffset(None).total_seconds()) if self.tzinfo else 0
        return (days_before(year, month) + day) * 86_400 - offset, offset

    def __lt__(self: G, other: G) -> bool:
        return self._begins(other) < other._begins(self)

    def __le__(self: G, other: G) -> bool:
        return self._begins(other) <= other._begins(self)

    def __gt__(self: G, other: G) -> bool:
        return self._begins(other) > other._begins(self)

    def __ge__(self: G, other: G) -> bool:
        return self._begins(other) >= other._begins(self)


def days_before(year: int, month: int) -> int:
    """The days before the first of a month, from a day of the year 0 on. Any year has some."""
    year, month = (year, month - 3) if month > 2 else (year - 1, month + 9)  # a year begins in March
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * month + 2) // 5


def _year_text(year: int) -> str:
    return f"{'-' if year < 0 else ''}{abs(year):04}"


_YEAR = r"(-?(?:[1-9][0-9]{4,17}|[0-9]{4}))"


@dataclass(frozen=True, slots=True)
class GYear(_Part):
    """A year of the Gregorian calendar, before Christ if negative; there is no year 0."""

    year: int
    tzinfo: datetime.timezone | None = None

    _form = re.compile(_YEAR + ZONE)
    _words = "a year, such as 2026"

    def __post_init__(self) -> None:
        self._check()

    def _parts(self) -> tuple[int, int, int]:
        return self.year, 1, 1

    def __str__(self) -> str:
        return _year_text(self.year) + zone_text(self.tzinfo)


@dataclass(frozen=True, slots=True)
class GYearMonth(_Part):
    """A month of a year."""

    year: int
    month: int
    tzinfo: datetime.timezone | None = None

    _form = re.compile(f"{_YEAR}-([0-9]{{2}}){ZONE}")
    _words = "a month of a year, such as 2026-03"

    def __post_init__(self) -> None:
        self._check()

    def _parts(self) -> tuple[int, int, int]:
        return self.year, self.month, 1

    def __str__(self) -> str:
        return f"{_year_text(self.year)}-{self.month:02}{zone_text(self.tzinfo)}"


@dataclass(frozen=True, slots=True)
class GMonth(_Part):
    """A month of every year."""

    month: int
    tzinfo: datetime.timezone | None = None

    _form = re.compile(f"--([0-9]{{2}}){ZONE}")
    _words = "a month, such as --03"

    def __post_init__(self) -> None:
        self._check()

    def _parts(self) -> tuple[int, int, int]:
        return LEAP_YEAR, self.month, 1

    def __str__(self) -> str:
        return f"--{self.month:02}{zone_text(self.tzinfo)}"


@dataclass(frozen=True, slots=True)
class GMonthDay(_Part):
    """A day of every year, the 29th of February among them."""

    month: int
    day: int
    tzinfo: datetime.timezone | None = None

    _form = re.compile(f"--([0-9]{{2}})-([0-9]{{2}}){ZONE}")
    _words = "a day of a year, such as --03-02"

    def __post_init__(self) -> None:
        self._check()

    def _parts(self) -> tuple[int, int, int]:
        return LEAP_YEAR, self.month, self.day

    def __str__(self) -> str:
        return f"--{self.month:02}-{self.day:02}{zone_text(self.tzinfo)}"


@dataclass(frozen=True, slots=True)
class GDay(_Part):
    """A day of every month, up to the 31st."""

    day: int
    tzinfo: datetime.timezone | None = None

    _form = re.compile(f"---([0-9]{{2}}){ZONE}")
    _words = "a day of a month, such as ---02"

    def __post_init__(self) -> None:
        self._check()

    def _parts(self) -> tuple[int, int, int]:
        return LEAP_YEAR, 1, self.day

    def __str__(self) -> str:
        return f"---{self.day:02}{zone_text(self.tzinfo)}"
