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

__all__ = ["BY_NAME"]

PADDED: Final = 20
"""Numbers are tried with zeros up to this width, for patterns that ask for them."""

FRACTION: Final = 9
"""And seconds and decimals with as many digits behind the point."""


# -- texts -------------------------------------------------------------------------------------------------------------


def _text(name: str, words: str, white_space: str = "collapse") -> Atomic:
    return Atomic(name, str, lexical.string, lambda value: (str.__str__(value),), words, white_space=white_space)


_SPACED = "without tabs and line ends"
_TIDY = f"{_SPACED}, and without a space at its ends or beside another"

STRING = _text("string", "a text", "preserve")
NORMALIZED_STRING = _text("normalizedString", f"a text {_SPACED}", "replace")
TOKEN = _text("token", f"a text {_TIDY}")
LANGUAGE = _text("language", "a language, such as en or en-GB")
NAME = _text("Name", "an XML name, such as a:b")
NC_NAME = _text("NCName", "an XML name without a colon")
NMTOKEN = _text("NMTOKEN", "letters, digits, '.', ':', '-' and '_'")
ID = _text("ID", "an XML name without a colon")
IDREF = _text("IDREF", "an XML name without a colon")
ANY_URI = _text("anyURI", "a URI")
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


def _integer(name: str, words: str) -> Atomic:
    return Atomic(name, int, lexical.integer, _integer_forms, words)


def _bounded(name: str, bits: int, *, signed: bool) -> Atomic:
    least, most = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
    return _integer(name, f"an integer from {least} to {most}")


BOOLEAN = Atomic("boolean", bool, lexical.boolean, _boolean_forms, "true, false, 1 or 0", not_python=())
DECIMAL = Atomic("decimal", Decimal, lexical.decimal, _decimal_forms, "a decimal number, such as 230.5")
DOUBLE = Atomic("double", (float, int), lexical.floating, _floating_forms, "a number, such as 230.5 or 2.305E2")
FLOAT = Atomic("float", (float, int), lexical.single, _single_forms, "a number, such as 230.5 or 2.305E2")
INTEGER = _integer("integer", "an integer, such as 42")
NON_NEGATIVE_INTEGER = _integer("nonNegativeInteger", "an integer of at least 0")
NON_POSITIVE_INTEGER = _integer("nonPositiveInteger", "an integer of at most 0")
NEGATIVE_INTEGER = _integer("negativeInteger", "an integer below 0")
POSITIVE_INTEGER = _integer("positiveInteger", "an integer above 0")
LONG = _bounded("long", 64, signed=True)
INT = _bounded("int", 32, signed=True)
SHORT = _bounded("short", 16, signed=True)
BYTE = _bounded("byte", 8, signed=True)
UNSIGNED_LONG = _bounded("unsignedLong", 64, signed=False)
UNSIGNED_INT = _bounded("unsignedInt", 32, signed=False)
UNSIGNED_SHORT = _bounded("unsignedShort", 16, signed=False)
UNSIGNED_BYTE = _bounded("unsignedByte", 8, signed=False)


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


DATE_TIME = Atomic(
    "dateTime",
    datetime.datetime,
    lexical.date_time,
    _clock_forms(lexical.date_time_text),
    "a date and time, such as 2026-03-02T08:00:00Z",
)
DATE = Atomic(
    "date",
    datetime.date,
    lexical.date,
    _written(lexical.date_text),
    "a date, such as 2026-03-02",
    not_python=(datetime.datetime,),
)
TIME = Atomic("time", datetime.time, lexical.time, _clock_forms(lexical.time_text), "a time, such as 08:00:00")
DURATION = Atomic(
    "duration", Duration, Duration.parse, lambda value: (str(value),), "a duration, such as P1DT2H or PT15M"
)
G_YEAR = Atomic("gYear", GYear, GYear.parse, _written(str), "a year, such as 2026")
G_YEAR_MONTH = Atomic("gYearMonth", GYearMonth, GYearMonth.parse, _written(str), "a month of a year, such as 2026-03")
G_MONTH = Atomic("gMonth", GMonth, GMonth.parse, _written(str), "a month, such as --03")
G_MONTH_DAY = Atomic("gMonthDay", GMonthDay, GMonthDay.parse, _written(str), "a day of a year, such as --03-02")
G_DAY = Atomic("gDay", GDay, GDay.parse, _written(str), "a day of a month, such as ---02")


# -- octets ------------------------------------------------------------------------------------------------------------


def _hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise ValueError(_HEX_WORDS) from None


def _hex_forms(value: bytes) -> Iterable[str]:
    return value.hex().upper(), value.hex()


def _base64(text: str) -> bytes:
    try:
        return base64.b64decode(text.replace(" ", ""), validate=True)
    except ValueError:
        raise ValueError(_BASE64_WORDS) from None


def _base64_forms(value: bytes) -> Iterable[str]:
    return (base64.b64encode(value).decode(),)


_HEX_WORDS = "octets as pairs of hexadecimal digits, such as 0AFF"
_BASE64_WORDS = "octets in base64, such as Cv8="

HEX_BINARY = Atomic("hexBinary", bytes, _hex, _hex_forms, _HEX_WORDS, unit="octets")
BASE64_BINARY = Atomic("base64Binary", bytes, _base64, _base64_forms, _BASE64_WORDS, unit="octets")

BY_NAME: Final = {one.name: one for one in list(globals().values()) if isinstance(one, Atomic)} | {
    "NMTOKENS": NMTOKENS,
    "IDREFS": IDREFS,
    "anySimpleType": STRING,
}
"""All of them, by their names in XML Schema."""
