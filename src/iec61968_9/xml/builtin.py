"""The built-in types of XML Schema as objects, each with its Python class and the texts of its values.

``Reading`` and ``Writing`` have methods of their own for the plain ones; these objects are for all others, and for
types that restrict, list or join them. There is none for ``QName``, whose meaning depends on where it stands, and none
for ``ENTITY``, ``ENTITIES`` and ``NOTATION``, which no document without a document type declaration can hold.
"""

from __future__ import annotations

import base64
import datetime
import math
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any, Final

from iec61968_9.xml import lexical
from iec61968_9.xml.compound import Listed
from iec61968_9.xml.duration import Duration
from iec61968_9.xml.gregorian import GDay, GMonth, GMonthDay, GYear, GYearMonth
from iec61968_9.xml.simple import Atomic, Restricted
from iec61968_9.xml.words import KINDS

__all__ = ["BY_NAME", "TIMES"]

PADDED: Final = 20
"""Numbers are tried with zeros up to this width, for patterns that ask for them."""

FRACTION: Final = 9
"""And seconds and decimals with as many digits behind the point."""


# -- texts -------------------------------------------------------------------------------------------------------------


def _text(name: str, words: str = "", white_space: str = "collapse") -> Atomic:
    words = words or KINDS[name]
    return Atomic(name, str, lexical.string, lambda value: (str.__str__(value),), words, white_space=white_space)


_SPACED = "without tabs and line ends"
_TIDY = f"{_SPACED}, and without a space at its ends or beside another"

STRING = _text("string", "a text", "preserve")
NORMALIZED_STRING = _text("normalizedString", f"a text {_SPACED}", "replace")
TOKEN = _text("token", f"a text {_TIDY}")
LANGUAGE = _text("language")
NAME = _text("Name")
NC_NAME = _text("NCName")
NMTOKEN = _text("NMTOKEN")
ID = _text("ID")
IDREF = _text("IDREF")
ANY_URI = _text("anyURI")
NMTOKENS = Restricted(Listed(NMTOKEN), min_length=1)
IDREFS = Restricted(Listed(IDREF), min_length=1)


# -- numbers and truth -------------------------------------------------------------------------------------------------


def _boolean_forms(value: bool) -> Iterable[str]:
    return ("true", "1") if value else ("false", "0")


def _integer_forms(value: int) -> Iterator[str]:
    text = lexical.integer_text(value)
    yield text
    sign, digits = ("-", text[1:]) if value < 0 else ("", text)
    for width in range(len(digits) + 1, PADDED + 1):
        yield sign + digits.zfill(width)
    if value >= 0:
        yield f"+{digits}"


def _decimal_forms(value: Decimal) -> Iterator[str]:
    text = lexical.decimal_text(value)
    yield text
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _, fraction = digits.partition(".")
    fractions = [fraction, fraction.rstrip("0"), *(fraction.ljust(width, "0") for width in range(1, FRACTION + 1))]
    wholes = [whole, *(whole.zfill(width) for width in range(len(whole) + 1, PADDED + 1))]
    for padded in wholes:
        for digits in dict.fromkeys(fractions):
            yield f"{sign}{padded}.{digits}" if digits else f"{sign}{padded}"
    if not sign:
        yield f"+{text}"


def _single_forms(value: float) -> Iterator[str]:
    lexical.single_text(value)
    yield from _floating_forms(value)


def _floating_forms(value: float) -> Iterator[str]:
    yield lexical.floating_text(value)
    if not math.isfinite(value):
        return
    value = float(value)
    for digits in range(1, FRACTION + 1):
        yield f"{value:.{digits}f}"
    for digits in range(17):
        mantissa, _, exponent = f"{value:.{digits}E}".partition("E")
        yield f"{mantissa}E{int(exponent)}"


def _integer(name: str) -> Atomic:
    return Atomic(name, int, lexical.integer, _integer_forms, KINDS[name])


BOOLEAN = Atomic("boolean", bool, lexical.boolean, _boolean_forms, KINDS["boolean"], not_python=())
DECIMAL = Atomic("decimal", Decimal, lexical.decimal, _decimal_forms, KINDS["decimal"])
DOUBLE = Atomic("double", (float, int), lexical.floating, _floating_forms, KINDS["double"])
FLOAT = Atomic("float", (float, int), lexical.single, _single_forms, KINDS["float"])
INTEGER = _integer("integer")
NON_NEGATIVE_INTEGER = _integer("nonNegativeInteger")
NON_POSITIVE_INTEGER = _integer("nonPositiveInteger")
NEGATIVE_INTEGER = _integer("negativeInteger")
POSITIVE_INTEGER = _integer("positiveInteger")
LONG = _integer("long")
INT = _integer("int")
SHORT = _integer("short")
BYTE = _integer("byte")
UNSIGNED_LONG = _integer("unsignedLong")
UNSIGNED_INT = _integer("unsignedInt")
UNSIGNED_SHORT = _integer("unsignedShort")
UNSIGNED_BYTE = _integer("unsignedByte")


# -- times -------------------------------------------------------------------------------------------------------------


def _zoned(text: str) -> Iterator[str]:
    yield text
    if text.endswith("Z"):
        yield f"{text[:-1]}+00:00"
        yield f"{text[:-1]}-00:00"


def _clock_forms(usual: Callable[[Any], str]) -> Callable[[Any], Iterator[str]]:
    """Texts with zeros behind the second, for patterns that ask for milliseconds."""

    def forms(value: Any) -> Iterator[str]:
        text = usual(value)
        yield from _zoned(text)
        date, _, clock = text.rpartition("T")
        head = f"{date}T{clock[:8]}" if date else clock[:8]
        rest = clock[8:]
        fraction = rest.partition("Z")[0].partition("+")[0].partition("-")[0]
        offset = rest[len(fraction) :]
        digits = fraction.removeprefix(".")
        for width in range(len(digits) + 1, FRACTION + 1):
            yield from _zoned(f"{head}.{digits.ljust(width, '0')}{offset}")

    return forms


def _written(usual: Callable[[Any], str]) -> Callable[[Any], Iterator[str]]:
    return lambda value: _zoned(usual(value))


def _time(name: str, python: type, read: Callable[[str], Any], forms: Callable[[Any], Iterable[str]]) -> Atomic:
    later = (datetime.datetime,) if python is datetime.date else ()
    return Atomic(name, python, read, forms, KINDS[name], not_python=later)


def _part(name: str, python: type[GYear | GYearMonth | GMonth | GMonthDay | GDay]) -> Atomic:
    return _time(name, python, python.parse, _written(str))


DATE_TIME = _time("dateTime", datetime.datetime, lexical.date_time, _clock_forms(lexical.date_time_text))
DATE = _time("date", datetime.date, lexical.date, _written(lexical.date_text))
TIME = _time("time", datetime.time, lexical.time, _clock_forms(lexical.time_text))
DURATION = _time("duration", Duration, Duration.parse, lambda value: (str(value),))
G_YEAR = _part("gYear", GYear)
G_YEAR_MONTH = _part("gYearMonth", GYearMonth)
G_MONTH = _part("gMonth", GMonth)
G_MONTH_DAY = _part("gMonthDay", GMonthDay)
G_DAY = _part("gDay", GDay)
TIMES: Final = (DATE_TIME, DATE, TIME, DURATION, G_YEAR, G_YEAR_MONTH, G_MONTH, G_MONTH_DAY, G_DAY)
"""What means a time or a length of time."""


# -- bytes ------------------------------------------------------------------------------------------------------------


def _hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise ValueError(KINDS["hexBinary"]) from None


def _hex_forms(value: bytes) -> Iterable[str]:
    return value.hex().upper(), value.hex()


def _base64(text: str) -> bytes:
    try:
        return base64.b64decode(text.replace(" ", ""), validate=True)
    except ValueError:
        raise ValueError(KINDS["base64Binary"]) from None


def _base64_forms(value: bytes) -> Iterable[str]:
    return (base64.b64encode(value).decode(),)


HEX_BINARY = Atomic("hexBinary", bytes, _hex, _hex_forms, KINDS["hexBinary"], unit="bytes")
BASE64_BINARY = Atomic("base64Binary", bytes, _base64, _base64_forms, KINDS["base64Binary"], unit="bytes")

BY_NAME: Final = {one.name: one for one in list(globals().values()) if isinstance(one, Atomic)} | {
    "NMTOKENS": NMTOKENS,
    "IDREFS": IDREFS,
    "anySimpleType": STRING,
}
"""All of them, by their names in XML Schema."""
