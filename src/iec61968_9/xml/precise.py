"""Times with more digits than Python holds, and dates with a zone: subclasses that lose nothing.

They behave as their standard relatives do: compare, move and change like them, and keep what is theirs. Digits beyond
the sixth of a second are exact and do not take part in arithmetic.
"""

from __future__ import annotations

import datetime
from typing import Any

__all__ = ["PreciseDateTime", "PreciseTime", "ZonedDate"]


class PreciseDateTime(datetime.datetime):
    """A ``datetime`` whose second has more than six decimal digits, as .NET systems send them.

    Attributes:
        finer: The seventh and later digits, without trailing zeros.
    """

    finer: str = ""

    @classmethod
    def of(cls, value: datetime.datetime, finer: str) -> PreciseDateTime:
        """The value with finer digits of its second."""
        made = cls(*_parts(value), fold=value.fold)
        made.finer = finer
        return made

    @property
    def plain(self) -> datetime.datetime:
        """The value without the finer digits."""
        return datetime.datetime(*_parts(self), fold=self.fold)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, datetime.datetime):
            return NotImplemented
        return self.plain == _plain(other) and self.finer == _finer(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __lt__(self, other: datetime.datetime) -> bool:  # type: ignore[override]  # only times of day with a date compare
        return (self.plain, self.finer) < (_plain(other), _finer(other))

    def __le__(self, other: datetime.datetime) -> bool:  # type: ignore[override]  # likewise
        return (self.plain, self.finer) <= (_plain(other), _finer(other))

    def __gt__(self, other: datetime.datetime) -> bool:  # type: ignore[override]  # likewise
        return (self.plain, self.finer) > (_plain(other), _finer(other))

    def __ge__(self, other: datetime.datetime) -> bool:  # type: ignore[override]  # likewise
        return (self.plain, self.finer) >= (_plain(other), _finer(other))

    def __hash__(self) -> int:
        return hash((self.plain, self.finer))

    def __add__(self, other: datetime.timedelta) -> PreciseDateTime:
        return PreciseDateTime.of(self.plain + other, self.finer)

    def __radd__(self, other: datetime.timedelta) -> PreciseDateTime:
        return self + other

    def __sub__(self, other: Any) -> Any:
        if isinstance(other, datetime.timedelta):
            return PreciseDateTime.of(self.plain - other, self.finer)
        return self.plain - _plain(other)

    def astimezone(self, tz: datetime.tzinfo | None = None) -> PreciseDateTime:
        """The same moment in another zone."""
        return PreciseDateTime.of(self.plain.astimezone(tz), self.finer)

    def replace(self, *args: Any, **changes: Any) -> PreciseDateTime:
        """The value with other parts; another microsecond replaces the whole fraction."""
        fraction = "microsecond" in changes or len(args) > 6  # its place among the parts
        return PreciseDateTime.of(self.plain.replace(*args, **changes), "" if fraction else self.finer)

    def __reduce_ex__(self, protocol: object) -> tuple[object, ...]:
        return PreciseDateTime.of, (self.plain, self.finer)


class PreciseTime(datetime.time):
    """A ``time`` whose second has more than six decimal digits.

    Attributes:
        finer: The seventh and later digits, without trailing zeros.
    """

    finer: str = ""

    @classmethod
    def of(cls, value: datetime.time, finer: str) -> PreciseTime:
        """The value with finer digits of its second."""
        parts = (value.hour, value.minute, value.second, value.microsecond, value.tzinfo)
        made = cls(*parts, fold=value.fold)
        made.finer = finer
        return made

    @property
    def plain(self) -> datetime.time:
        """The value without the finer digits."""
        return datetime.time(self.hour, self.minute, self.second, self.microsecond, self.tzinfo, fold=self.fold)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, datetime.time):
            return NotImplemented
        return self.plain == _plain(other) and self.finer == _finer(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __lt__(self, other: datetime.time) -> bool:
        return (self.plain, self.finer) < (_plain(other), _finer(other))

    def __le__(self, other: datetime.time) -> bool:
        return (self.plain, self.finer) <= (_plain(other), _finer(other))

    def __gt__(self, other: datetime.time) -> bool:
        return (self.plain, self.finer) > (_plain(other), _finer(other))

    def __ge__(self, other: datetime.time) -> bool:
        return (self.plain, self.finer) >= (_plain(other), _finer(other))

    def __hash__(self) -> int:
        return hash((self.plain, self.finer))

    def replace(self, *args: Any, **changes: Any) -> PreciseTime:
        """The value with other parts; another microsecond replaces the whole fraction."""
        fraction = "microsecond" in changes or len(args) > 3  # its place among the parts
        return PreciseTime.of(self.plain.replace(*args, **changes), "" if fraction else self.finer)

    def __reduce_ex__(self, protocol: object) -> tuple[object, ...]:
        return PreciseTime.of, (self.plain, self.finer)


class ZonedDate(datetime.date):
    """A ``date`` with a zone, as XML Schema has it (``2026-03-02Z``). Equal only to a date with the same zone.

    Attributes:
        tzinfo: The zone.
    """

    tzinfo: datetime.timezone = datetime.UTC

    @classmethod
    def of(cls, value: datetime.date, zone: datetime.timezone) -> ZonedDate:
        """The date with a zone."""
        made = cls(value.year, value.month, value.day)
        made.tzinfo = zone
        return made

    @property
    def plain(self) -> datetime.date:
        """The date without the zone."""
        return datetime.date(self.year, self.month, self.day)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, datetime.date):
            return NotImplemented
        return isinstance(other, ZonedDate) and self.plain == other.plain and self.tzinfo == other.tzinfo

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((self.plain, self.tzinfo))

    def __add__(self, other: datetime.timedelta) -> ZonedDate:
        return ZonedDate.of(self.plain + other, self.tzinfo)

    def __radd__(self, other: datetime.timedelta) -> ZonedDate:
        return self + other

    def __sub__(self, other: Any) -> Any:
        if isinstance(other, datetime.timedelta):
            return ZonedDate.of(self.plain - other, self.tzinfo)
        return self.plain - (other.plain if isinstance(other, ZonedDate) else other)

    def replace(self, *args: Any, **changes: Any) -> ZonedDate:
        """The date with other parts, in the same zone."""
        return ZonedDate.of(self.plain.replace(*args, **changes), self.tzinfo)

    def __reduce_ex__(self, protocol: object) -> tuple[object, ...]:
        return ZonedDate.of, (self.plain, self.tzinfo)


def _parts(
    value: datetime.datetime,
) -> tuple[int, int, int, int, int, int, int, datetime.tzinfo | None]:
    seconds = (value.hour, value.minute, value.second, value.microsecond)
    return (value.year, value.month, value.day, *seconds, value.tzinfo)


def _plain(value: Any) -> Any:
    return value.plain if isinstance(value, PreciseDateTime | PreciseTime) else value


def _finer(value: object) -> str:
    return value.finer if isinstance(value, PreciseDateTime | PreciseTime) else ""
