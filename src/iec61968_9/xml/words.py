"""XML Schema's types in plain words with an example, and what commonly goes wrong in a value of each."""

from __future__ import annotations

import re

from iec61968_9.xml import lexical
from iec61968_9.xml.spelling import nearest

__all__ = ["FACETS", "KINDS", "SHOWN_LITERALS", "hint", "literal_hint", "literals_in_words"]

SHOWN_LITERALS = 15
"""Up to how many literals of an enumeration are all listed."""
NEAREST = 5

NUMBER = "a number, such as 230.5 or 2.305E2"
KINDS = {
    "anyURI": "a URI, such as http://example.org/a",
    "base64Binary": "bytes in base64, such as SGVsbG8=",
    "boolean": "true, false, 1 or 0",
    "byte": "an integer from -128 to 127",
    "date": "a date, such as 2026-03-02",
    "dateTime": "a date and time, such as 2026-03-02T08:00:00Z",
    "decimal": "a decimal number, such as 230.5",
    "double": NUMBER,
    "duration": "a duration, such as PT15M for fifteen minutes or P1D for a day",
    "float": NUMBER,
    "gDay": "a day of a month, such as ---02",
    "gMonth": "a month, such as --03",
    "gMonthDay": "a day of a year, such as --03-02",
    "gYear": "a year, such as 2026",
    "gYearMonth": "a year and month, such as 2026-03",
    "hexBinary": "bytes in pairs of hexadecimal digits, such as 0AFF",
    "int": "an integer from -2147483648 to 2147483647, such as 42",
    "integer": "an integer, such as 42",
    "language": "a language's code, such as en",
    "long": "an integer of at most 64 bits, such as 42",
    "negativeInteger": "an integer below zero, such as -42",
    "nonNegativeInteger": "an integer that is not negative, such as 42",
    "nonPositiveInteger": "an integer that is not positive, such as -42",
    "positiveInteger": "an integer above zero, such as 42",
    "QName": "a qualified name whose prefix is declared",
    "short": "an integer from -32768 to 32767",
    "time": "a time, such as 08:00:00",
    "unsignedByte": "an integer from 0 to 255",
    "unsignedInt": "an integer from 0 to 4294967295, such as 42",
    "unsignedLong": "an integer from 0 to 18446744073709551615, such as 42",
    "unsignedShort": "an integer from 0 to 65535",
    **dict.fromkeys(("ID", "IDREF", "ENTITY", "NCName"), "a name without a colon or blank, such as meter-1"),
    "Name": "a name without a blank, such as meter-1",
    "NMTOKEN": "a word without a blank, such as meter-1",
    **dict.fromkeys(("IDREFS", "ENTITIES", "NMTOKENS"), "words with blanks between them"),
}
"""The built-in types that can be misread, by their names."""

FACETS = {
    "length": "exactly {} {unit}",
    "minLength": "at least {} {unit}",
    "maxLength": "at most {} {unit}",
    "pattern": "a text of the form {}",
    "minInclusive": "at least {}",
    "maxInclusive": "at most {}",
    "minExclusive": "more than {}",
    "maxExclusive": "less than {}",
    "totalDigits": "at most {} digits",
    "fractionDigits": "at most {} digits behind the point",
}
"""What each facet asks; ``unit`` is what a length is counted in."""

PLACEHOLDERS = frozenset({"?", "string", "none", "null", "nil", "n/a", "na", "default", "-", "unknown", "nan"})
INTEGERS = frozenset(kind for kind, words in KINDS.items() if words.startswith("an integer"))
NUMBERS = INTEGERS | {"decimal", "double", "float"}

_SLIPS: tuple[tuple[str, str, str], ...] = (
    ("dateTime", r"\d{4}-\d\d-\d\d +\d\d:\d\d.*", "a T belongs between date and time, not a blank"),
    ("dateTime", r"\d{4}-\d\d-\d\dT\d\d:\d\d(?!:).*", "the seconds are missing"),
    ("dateTime", r"\d{4}-\d\d-\d\dT[\d:.]+ +\S+", "no blank may stand before the offset"),
    ("dateTime", r"\d{4}-\d\d-\d\dT[\d:.]+[+-]\d{2,4}", "the offset must have hours and minutes, such as +01:00"),
    ("dateTime", r"\d{4}-\d\d-\d\dT[\d:.]+[A-Za-z]{2,}", "a zone is written Z or as an offset, such as +01:00"),
    ("dateTime", r"\d{4}-\d\d-\d\dt.*|\d{4}-\d\d-\d\dT.*z", "T and Z must be capital letters"),
    ("dateTime", r"\d{4}-\d\d-\d\dT[\d:]+,\d+.*", "fractions of a second follow a point, not a comma"),
    ("dateTime", r"\d{4}-\d\d-\d\d(?:Z|[+-]\d\d:\d\d)?", "the time is missing"),
    ("dateTime", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?", "there is no such day or time"),
    ("dateTime", r"\d{1,2}:\d\d.*", "the date is missing"),
    ("dateTime", r"\d{9,}", "seconds or digits alone are no date and time"),
    ("date", r"\d{4}-\d\d-\d\dT.*", "only the date belongs here, not the time"),
    ("date", r"\d{4}-\d\d-\d\d.*", "there is no such day"),
    ("date dateTime", r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}.*", "the year comes first, then month and day"),
    ("date dateTime", r"\d{4}[./]\d{1,2}[./]\d{1,2}.*", "hyphens belong between year, month and day"),
    ("date dateTime", r"\d{4}-\d{1,2}-\d{1,2}\D.*|\d{4}-\d{1,2}-\d{1,2}", "month, day and hour have two digits each"),
    ("time", r"\d\d:\d\d(?::?)", "the seconds are missing"),
    ("time", r"\d:\d\d.*", "the hour has two digits"),
    ("decimal double float", r"[+-]?\d{1,3}(?:[., ']\d{3}){2,}", "thousands are not separated"),
    ("decimal double float", r"[+-]?\d{1,3}(?:[., ']\d{3})+[.,]\d+", "thousands are not separated"),
    ("decimal double float", r"[+-]?\d*,\d+", "a point, not a comma, stands before the fraction"),
    ("decimal", r"[+-]?[\d.]+[eE][+-]?\d+", "no exponent is allowed"),
    ("integers", r"[+-]?\d+[.,]\d*", "no fraction is allowed"),
    ("numbers", r"0x[0-9A-Fa-f]+", "hexadecimal digits are not read"),
    ("numbers", r"[+-]?[\d.,]+ *[A-Za-zµ°%/]+\S*", "the number stands alone, without a unit"),
    ("boolean", r"(?i:true|false)", "it must be in small letters"),
    ("boolean", r"(?i:yes|no|y|n|on|off|j|ja|nein)", "only true and false are known"),
    ("base64Binary", r"[A-Za-z0-9+/\s]+=*", "the number of characters must be a multiple of four"),
    ("base64Binary", r"[A-Za-z0-9_=\s-]+", "- and _ are of another base64: + and / belong here"),
)  # fmt: skip
"""Kinds of values, what a value looks like that is none of them, and what is wrong. The first that fits counts."""


def hint(kind: str, text: str) -> str | None:
    """What is wrong with a text that is no value of a built-in type, where experience knows it; or None."""
    text = text.strip(lexical.WHITE_SPACE)
    if not text:
        return "it is empty"
    if text.lower() in PLACEHOLDERS:
        return "it looks like a placeholder"
    for kinds, pattern, words in _SLIPS:
        known = {"integers": INTEGERS, "numbers": NUMBERS}.get(kinds) or kinds.split()
        if kind in known and re.fullmatch(pattern, text):
            return words
    return None


def literal_hint(text: str, literals: tuple[str, ...]) -> str | None:
    """Which literal a text was perhaps meant to be."""
    if text.strip() in literals:
        return "white space stands around it"
    near = nearest(text, literals)
    same = near is not None and near.lower() == text.strip().lower()
    if near is None:
        return hint("", text)
    return f"only the capital letters of {near} differ" if same else f"perhaps {near} is meant"


def literals_in_words(text: str, literals: tuple[str, ...]) -> str:
    """The literals of an enumeration; of very many their number and those nearest to a text."""
    if len(literals) <= SHOWN_LITERALS:
        return f"one of {', '.join(literals)}"
    from difflib import get_close_matches  # only an error needs it

    near = get_close_matches(text, literals, n=NEAREST, cutoff=0.4) or list(literals[:NEAREST])
    return f"one of {len(literals)} literals, such as {', '.join(near)}"
