"""The lexical forms of XML Schema: text to Python values and back, exactly.

Each reader checks the form by XML Schema's rules before it calls a Python constructor, because those take more
(``1_0``, Arabic digits, ``20260101T00``). It raises ``ValueError`` with the words "expected" can be made of; callers
add the place. White space around a value is not part of it. What Python's types cannot hold is kept by a subclass:
the seventh and later digits of a second (``PreciseDateTime``, ``PreciseTime``), the zone of a date (``ZonedDate``).
"""

from __future__ import annotations

import datetime
import math
import re
from decimal import Decimal
from typing import Final

from iec61968_9.xml.precise import PreciseDateTime, PreciseTime, ZonedDate

__all__ = [
    "ATTRIBUTE_ESCAPES",
    "BEYOND_DIGITS",
    "DIGITS",
    "EPOCH_YEARS",
    "TEXT_ESCAPES",
    "ZONE",
    "PreciseDateTime",
    "PreciseTime",
    "ZonedDate",
    "blank_date_time",
    "boolean",
    "boolean_text",
    "date",
    "date_text",
    "date_time",
    "date_time_text",
    "decimal",
    "decimal_text",
    "floating",
    "floating_text",
    "integer",
    "integer_text",
    "is_epoch",
    "known_date_times",
    "known_texts",
    "quoted",
    "single",
    "single_text",
    "string",
    "time",
    "time_text",
    "zone",
    "zone_text",
]

WHITE_SPACE: Final = " \t\n\r"
TEXT_ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
"""What XML reserves in a text between tags, for ``str.translate``."""
ATTRIBUTE_ESCAPES: Final = {**TEXT_ESCAPES, **str.maketrans({'"': "&quot;", "\t": "&#9;", "\n": "&#10;"})}
"""The same for the text of an attribute in double quotes."""
DIGITS: Final = 4000
"""Numbers with more digits are refused; Python converts them in quadratic time."""
BEYOND_DIGITS: Final = 10**DIGITS
"""The least integer that has more; made once, because that takes longer than to write a number."""


ZONE: Final = r"(Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
_DATE = r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
_TIME = r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
_DATE_TIME_FORM = re.compile(f"{_DATE}T{_TIME}{ZONE}")
_DATE_FORM = re.compile(_DATE + ZONE)
_TIME_FORM = re.compile(_TIME + ZONE)
_DECIMAL_FORM = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_INTEGER_FORM = re.compile(r"[+-]?[0-9]+")
_FLOAT_FORM = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|INF|-INF|NaN")
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}

_BEYOND_SINGLE = float(2**128 - 2**103)
"""The least number that rounds to infinity in single precision."""
_SINGLE = "a number that a single-precision float holds, of at most 3.4028235E38"
_BLANKS = re.compile(r"(?<=[0-9]) +(?=[0-9])")
_EPOCH = datetime.datetime(1970, 1, 1)  # compared with times whose zone is taken away
EPOCH_YEARS: Final = (1969, 1970)
"""The years in which 1970 begins, by some clock."""

_FRACTION = 6
"""The digits of a second that ``datetime`` holds."""

_CACHED = 4096
_CACHED_LENGTH = 40
known_date_times: dict[str, datetime.datetime] = {}
"""Texts that were read before, and what they mean: the same times come again and again. Bounded."""


# -- text to value -------------------------------------------------------------------------------------------------


def string(text: str) -> str:
    """Any text, as it is."""
    return text


known_texts: dict[datetime.datetime, str] = {}
"""Times in UTC, to the second, that were written before. Those of other zones equal some of them: look up no such."""


def _is_long(text: str) -> bool:
    """Whether a number has too many digits."""
    return len(text) > DIGITS and sum(letter.isdigit() for letter in text[: DIGITS + 16]) > DIGITS


def boolean(text: str) -> bool:
    """``true``, ``false``, ``1`` or ``0``."""
    try:
        return _BOOLEANS[text.strip(WHITE_SPACE)]
    except KeyError:
        raise ValueError("true, false, 1 or 0") from None


def integer(text: str) -> int:
    """An integer of any size up to 4,000 digits."""
    text = text.strip(WHITE_SPACE)
    if _is_long(text) or not _INTEGER_FORM.fullmatch(text):
        raise ValueError("an integer of at most 4,000 digits, such as 42")
    return int(text)


def decimal(text: str) -> Decimal:
    """A decimal number, without exponent."""
    text = text.strip(WHITE_SPACE)
    if _is_long(text) or not _DECIMAL_FORM.fullmatch(text):
        raise ValueError("a decimal number of at most 4,000 digits, such as 230.5")
    return Decimal(text)


def floating(text: str) -> float:
    """A floating-point number, ``INF``, ``-INF`` or ``NaN``."""
    text = text.strip(WHITE_SPACE)
    if _is_long(text) or not _FLOAT_FORM.fullmatch(text):
        raise ValueError("a number, such as 230.5 or 2.305E2, INF, -INF or NaN")
    value = float(text)  # Python reads INF and NaN in any case
    if math.isinf(value) and not text.endswith("F"):
        raise ValueError("a number that a double holds, of at most 1.7976931348623157E308")
    return value


def single(text: str) -> float:
    """The same in single precision: a number that would be infinite there is none. Its digits are kept as they are."""
    value = floating(text)
    if math.isfinite(value) and abs(value) >= _BEYOND_SINGLE:
        raise ValueError(_SINGLE)
    return value


def date_time(text: str) -> datetime.datetime:
    """A date and time: aware when the text has an offset, naive when it has none."""
    found = known_date_times.get(text)
    if found is None:
        found = _date_time(text.strip(WHITE_SPACE))
        if len(text) <= _CACHED_LENGTH and found.year not in EPOCH_YEARS:  # whoever looks for it must see each
            if len(known_date_times) >= _CACHED:
                known_date_times.clear()
            known_date_times[text] = found
    return found


def blank_date_time(text: str) -> datetime.datetime:
    """A date and time with blanks where XML Schema has a T, which many systems write."""
    return date_time(_BLANKS.sub("T", text.strip(WHITE_SPACE), count=1))


def is_epoch(value: datetime.datetime) -> bool:
    """Whether a time is the beginning of 1970, by its own clock or in UTC: where many systems' clocks begin."""
    if value.year not in EPOCH_YEARS:
        return False
    plain = value.replace(tzinfo=None)
    return plain == _EPOCH or (value.tzinfo is not None and plain - (value.utcoffset() or _EPOCH - _EPOCH) == _EPOCH)


def _date_time(text: str) -> datetime.datetime:
    match = _DATE_TIME_FORM.fullmatch(text)
    if match is None:
        raise ValueError("a date and time, such as 2026-03-02T08:00:00Z")
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    try:
        midnight = datetime.datetime(int(year), int(month), int(day), tzinfo=zone(offset))
        if _is_end_of_day(hour, minute, second, fraction):
            return midnight + datetime.timedelta(days=1)
        value = midnight.replace(hour=int(hour), minute=int(minute), second=int(second), microsecond=_micro(fraction))
    except (ValueError, OverflowError):
        raise ValueError("a date and time that exists, from the year 1 to 9999") from None
    finer = _finer(fraction)
    return PreciseDateTime.of(value, finer) if finer else value


def date(text: str) -> datetime.date:
    """A date; a ``ZonedDate`` when the text has a zone."""
    match = _DATE_FORM.fullmatch(text.strip(WHITE_SPACE))
    if match is None:
        raise ValueError("a date, such as 2026-03-02")
    year, month, day, offset = match.groups()
    try:
        value = datetime.date(int(year), int(month), int(day))
    except ValueError:
        raise ValueError("a date that exists, from the year 1 to 9999") from None
    tzinfo = zone(offset)
    return value if tzinfo is None else ZonedDate.of(value, tzinfo)


def time(text: str) -> datetime.time:
    """A time of day: aware when the text has an offset. ``24:00:00`` is midnight."""
    match = _TIME_FORM.fullmatch(text.strip(WHITE_SPACE))
    if match is None:
        raise ValueError("a time, such as 08:00:00")
    hour, minute, second, fraction, offset = match.groups()
    try:
        if _is_end_of_day(hour, minute, second, fraction):
            hour = "0"
        value = datetime.time(int(hour), int(minute), int(second), _micro(fraction), zone(offset))
    except ValueError:
        raise ValueError("a time that exists, from 00:00:00 to 24:00:00") from None
    finer = _finer(fraction)
    return PreciseTime.of(value, finer) if finer else value


def _is_end_of_day(hour: str, minute: str, second: str, fraction: str | None) -> bool:
    return hour == "24" and minute == second == "00" and not (fraction or "").strip("0")


def _micro(fraction: str | None) -> int:
    return int(fraction[:_FRACTION].ljust(_FRACTION, "0")) if fraction else 0


def _finer(fraction: str | None) -> str:
    return fraction[_FRACTION:].rstrip("0") if fraction else ""


def zone(text: str | None) -> datetime.timezone | None:
    """A zone as a text ends with it, ``Z`` or an offset; None for none."""
    if text is None:
        return None
    if text == "Z":
        return datetime.UTC
    minutes = int(text[1:3]) * 60 + int(text[4:])
    offset = datetime.timedelta(minutes=-minutes if text[0] == "-" else minutes)
    return datetime.timezone(offset) if offset else datetime.UTC


# -- value to text -------------------------------------------------------------------------------------------------


def quoted(text: str) -> str:
    """A text as the value of an attribute, in its quotes."""
    return f'"{text.translate(ATTRIBUTE_ESCAPES)}"'


def boolean_text(value: bool) -> str:  # the value itself
    """``true`` or ``false``."""
    return "true" if value else "false"


def integer_text(value: int) -> str:
    """The decimal digits."""
    if abs(value) >= BEYOND_DIGITS:
        raise ValueError("an integer of at most 4,000 digits")
    return str(int(value))


def decimal_text(value: Decimal) -> str:
    """All digits, without exponent."""
    # Digits before and behind the point, without making the text, which an exponent could make endless.
    digits = max(value.adjusted(), 0) + 1 + max(-value.as_tuple().exponent, 0) if value.is_finite() else DIGITS + 1  # type: ignore[operator]  # a finite number's exponent is an integer
    if digits > DIGITS:
        raise ValueError("a finite decimal number of at most 4,000 digits")
    return format(value, "f")


def floating_text(value: float) -> str:
    """The shortest text that reads back as the same number; ``INF``, ``-INF``, ``NaN``."""
    try:
        value = float(value)
    except OverflowError:
        raise ValueError("a number that a float can hold") from None
    if math.isfinite(value):
        return repr(value).removesuffix(".0")
    return "NaN" if math.isnan(value) else "INF" if value > 0 else "-INF"


def single_text(value: float) -> str:
    """The same in single precision."""
    text = floating_text(value)
    if math.isfinite(value) and abs(value) >= _BEYOND_SINGLE:
        raise ValueError(_SINGLE)
    return text


def date_time_text(value: datetime.datetime) -> str:
    """ISO 8601 with the offset of the value, if it has one; ``Z`` for UTC."""
    offset = _offset(value, "a time whose zone has an offset")
    text = value.isoformat()
    if value.microsecond or isinstance(value, PreciseDateTime):
        return _with_fraction(text, value, offset)
    if value.tzinfo is datetime.UTC:
        if len(known_texts) >= _CACHED:
            known_texts.clear()
        known_texts[value] = text = text[:-6] + "Z"
        return text
    if text.endswith("+00:00"):
        return text[:-6] + "Z"
    return _checked_zone(text, offset)


def date_text(value: datetime.date) -> str:
    """ISO 8601, with the zone of a ``ZonedDate``."""
    return datetime.date.isoformat(value) + zone_text(value.tzinfo if isinstance(value, ZonedDate) else None)


def zone_text(value: datetime.timezone | None) -> str:
    """What a text ends with for a zone."""
    if value is None:
        return ""
    text = datetime.datetime(2000, 1, 1, tzinfo=value).isoformat()[19:]
    return _checked_zone("Z" if text == "+00:00" else text, value.utcoffset(None))


def time_text(value: datetime.time) -> str:
    """ISO 8601 with the offset of the value, if it has one."""
    offset = _offset(value, "a time whose offset does not depend on the day")
    text = value.isoformat()
    if value.microsecond or isinstance(value, PreciseTime):
        return _with_fraction(text, value, offset)
    return _checked_zone(text[:-6] + "Z" if text.endswith("+00:00") else text, offset)


def _offset(value: datetime.datetime | datetime.time, words: str) -> datetime.timedelta | None:
    """The offset of a value that has a zone, which may be a class of the program's own.

    Raises:
        ValueError: The zone has none, or fails when it is asked.
    """
    try:
        offset = value.utcoffset()
    except Exception as error:
        raise ValueError(words) from error
    if offset is None and value.tzinfo is not None:
        raise ValueError(words)
    return offset


def _with_fraction(text: str, value: datetime.datetime | datetime.time, offset: datetime.timedelta | None) -> str:
    """The text with as many digits of the second as the value has."""
    head, zone = re.fullmatch(r"(.*?:[0-9]{2}:[0-9]{2})(?:\.[0-9]+)?(.*)", text).groups()  # type: ignore[union-attr]
    digits = f"{value.microsecond:06}{getattr(value, 'finer', '')}".rstrip("0")
    text = f"{head}.{digits}" if digits else head
    return _checked_zone(text + ("Z" if zone == "+00:00" else zone), offset)


def _checked_zone(text: str, offset: datetime.timedelta | None) -> str:
    """The text, if XML Schema can write the offset: whole minutes, at most fourteen hours."""
    if offset is not None and (offset % datetime.timedelta(minutes=1) or abs(offset) > datetime.timedelta(hours=14)):
        raise ValueError("an offset of whole minutes, at most 14:00")
    return text
