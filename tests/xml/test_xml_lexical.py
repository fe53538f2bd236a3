"""Lexical forms: which texts are values, what they mean, and how values are written.

Two strangers are asked about every text: libxml2, with a schema of one element, and the xmlschema package. What the
library accepts and they do not (or the reverse) is listed here, with the reason, and nothing else may differ.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
import xmlschema
from elementpath import datatypes
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import etree

from iec61968_9.xml import lexical

READERS: dict[str, Callable[[str], Any]] = {
    "boolean": lexical.boolean,
    "date": lexical.date,
    "dateTime": lexical.date_time,
    "decimal": lexical.decimal,
    "float": lexical.floating,
    "integer": lexical.integer,
    "string": lexical.string,
    "time": lexical.time,
}
TIMES = {"date", "dateTime", "time"}

ZONES = st.from_regex(r"|Z|[+-]\d\d:\d\d", fullmatch=True, alphabet="0123456789+-:Z")
DATES = st.builds(
    "{:04}-{:02}-{:02}".format, st.integers(0, 9999), st.integers(0, 13), st.integers(0, 32)
) | st.dates().map(str)
TIMES_OF_DAY = st.builds(
    "{:02}:{:02}:{:02}{}".format,
    st.integers(0, 25),
    st.integers(0, 60) | st.just(0),
    st.integers(0, 60) | st.just(0),
    st.just("") | st.from_regex(r"\.[0-9]{0,12}", fullmatch=True),
)
FORMS: dict[str, st.SearchStrategy[str]] = {
    "boolean": st.sampled_from(["true", "false", "1", "0"]),
    "date": st.tuples(DATES, ZONES).map("".join),
    "dateTime": st.tuples(DATES, st.just("T"), TIMES_OF_DAY, ZONES).map("".join),
    "decimal": st.from_regex(r"[+-]?[0-9]{0,30}\.?[0-9]{0,30}", fullmatch=True),
    "float": st.from_regex(r"[+-]?[0-9]{0,20}\.?[0-9]{0,20}([eE][+-]?[0-9]{1,3})?|[+-]?INF|NaN", fullmatch=True),
    "integer": st.from_regex(r"[+-]?[0-9]{0,40}", fullmatch=True),
    "time": st.tuples(TIMES_OF_DAY, ZONES).map("".join),
}
NOISE = st.sampled_from(list("0123456789+-.:TZeEINFa_ \t\n\r\x0b\x0c\u00a0\u2003٣²½trufls"))


@st.composite
def near(draw: st.DrawFn, kind: str) -> str:
    """A text of the form, or one that differs from it in a character or two."""
    text = draw(FORMS[kind])
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 1, 2]))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(NOISE | st.just("")) + text[at + draw(st.integers(0, 1)) :]
    return text


@cache
def _libxml2(kind: str) -> etree.XMLSchema:
    text = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="v" type="xs:{kind}"/></xs:schema>'
    return etree.XMLSchema(etree.fromstring(text))


@cache
def _xmlschema(kind: str) -> Any:
    return xmlschema.XMLSchema10.builtin_types()[kind]


def libxml2_accepts(kind: str, text: str) -> bool:
    element = etree.Element("v")
    element.text = text
    return bool(_libxml2(kind).validate(element))


def read(kind: str, text: str) -> Any:
    """The value, or None where the library refuses the text."""
    try:
        return READERS[kind](text)
    except ValueError:
        return None


def outside_python(kind: str, text: str) -> bool:
    """Whether a text means a year or a number that Python's types do not have; what others make of it is lost."""
    text = text.strip(lexical.WHITE_SPACE)
    if kind == "float" and re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", text, re.ASCII):
        return math.isinf(float(text))
    return kind in TIMES and re.match(r"-|[0-9]{5,}|9999-12-31T24", text) is not None


def storable(text: str) -> bool:
    """Whether lxml takes a text at all."""
    return not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f]", text)


@pytest.mark.parametrize("kind", sorted(FORMS))
def test_libxml2_agrees_which_texts_are_values(kind: str) -> None:
    @settings(max_examples=300, deadline=None)
    @given(near(kind))
    def agree(text: str) -> None:
        assume(storable(text))
        if kind in TIMES or re.search("INF|NaN", text):
            text = text.strip(lexical.WHITE_SPACE)  # libxml2 refuses white space around them, XML Schema does not
        assume(not outside_python(kind, text))
        if kind == "float" and re.search(r"[eE][+-]?\s*$", text):
            return  # libxml2 takes "1e" for a number, XML Schema does not
        assert (read(kind, text) is not None) == libxml2_accepts(kind, text), text

    agree()


@pytest.mark.parametrize("kind", sorted(FORMS))
def test_xmlschema_agrees_which_texts_are_values_and_what_they_mean(kind: str) -> None:
    @settings(max_examples=200, deadline=None)
    @given(near(kind))
    def agree(text: str) -> None:
        assume(storable(text) and text.isascii() and not outside_python(kind, text))
        assume("_" not in text)  # xmlschema lets Python's int() decide, and it takes 1_0
        assume(kind != "decimal" or not re.search(r"\S\s+\S", text))  # elementpath forgets spaces inside
        found, theirs = read(kind, text), _xmlschema(kind)
        assert (found is not None) == theirs.is_valid(text), text
        if found is not None:
            assert same(kind, found, text, theirs), (text, found)

    agree()


DAY = ("year", "month", "day")
TIME = ("hour", "minute", "second", "microsecond")


def same(kind: str, found: Any, text: str, theirs: Any) -> bool:
    """Whether a value is the one that xmlschema, or elementpath below it, reads."""
    text = text.strip(lexical.WHITE_SPACE)
    if kind not in TIMES:
        other = theirs.decode(text)
        if kind == "float" and isinstance(other, float) and math.isnan(other):
            return math.isnan(found)
        return bool(type(found)(other) == found)
    text = re.sub(r"(\.[0-9]{6})[0-9]+", r"\1", text)  # elementpath rounds what is finer
    readers: dict[str, Any] = {"date": datatypes.Date10, "dateTime": datatypes.DateTime10, "time": datatypes.Time}
    value = readers[kind].fromstring(text)
    names = {"date": DAY, "dateTime": DAY + TIME, "time": TIME}[kind]
    parts = [(getattr(found, name), getattr(value, name)) for name in names]
    parts.append((offset(found), offset(value)))
    return all(ours == other for ours, other in parts)


def offset(value: Any) -> Any:
    """The offset of a zone of its own, or None."""
    zone = getattr(value, "tzinfo", None)
    return None if zone is None else zone.utcoffset(None)


@pytest.mark.parametrize("kind", [kind for kind in sorted(FORMS) if kind not in TIMES])
def test_white_space_around_a_value_is_not_part_of_it(kind: str) -> None:
    text = {"boolean": "true", "decimal": "1.5", "float": "1.5", "integer": "15"}[kind]
    assert read(kind, f" \t\r\n{text}\n\t ") == read(kind, text) is not None


@pytest.mark.parametrize("space", ["\u00a0", "\u2003", "\u200b", "\ufeff", "\x0b", "\x0c", "\x1c", "\x85"])
@pytest.mark.parametrize("kind", sorted(FORMS))
def test_only_the_four_white_space_characters_of_xml_are_white_space(kind: str, space: str) -> None:
    text = {
        "boolean": "true",
        "date": "2026-03-02",
        "dateTime": "2026-03-02T08:00:00Z",
        "decimal": "1.5",
        "float": "1.5",
        "integer": "15",
        "time": "08:00:00",
    }[kind]
    assert read(kind, text) is not None
    assert read(kind, space + text) is None
    assert read(kind, text + space) is None


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("boolean", "True"),
        ("boolean", "yes"),
        ("boolean", ""),
        ("boolean", "１"),  # noqa: RUF001  # a fullwidth digit is meant
        ("integer", "1_0"),
        ("integer", "٣"),
        ("integer", "²"),
        ("integer", "1.0"),
        ("integer", "1e3"),
        ("integer", "0x1F"),
        ("integer", "--1"),
        ("integer", "1 0"),
        ("decimal", "1_0.5"),
        ("decimal", "1e3"),
        ("decimal", "NaN"),
        ("decimal", "Infinity"),
        ("decimal", "1,5"),
        ("decimal", "٣.٣"),
        ("float", "+INF"),
        ("float", "Infinity"),
        ("float", "inf"),
        ("float", "nan"),
        ("float", "1_0.0"),
        ("float", "0x1p3"),
        ("float", "٣"),
        ("float", "1e"),
        ("dateTime", "20260101T00"),
        ("dateTime", "2026-01-01"),
        ("dateTime", "2026-01-01 00:00:00"),
        ("dateTime", "2026-01-01T00:00"),
        ("dateTime", "2026-W01-1T00:00:00"),
        ("dateTime", "2026-01-01T00:00:00,5"),
        ("dateTime", "2026-01-01T00:00:00+0100"),
        ("dateTime", "2026-01-01T00:00:00+01"),
        ("dateTime", "2026-01-01T00:00:00+14:01"),
        ("dateTime", "2026-01-01T00:00:00z"),
        ("dateTime", "٢٠٢٦-01-01T00:00:00"),
        ("dateTime", "2026-01-01T24:00:01"),
        ("dateTime", "2026-01-01T24:00:00.000001"),
        ("dateTime", "2026-02-29T00:00:00"),
        ("dateTime", "0000-01-01T00:00:00"),
        ("dateTime", "2026-01-01T23:59:60"),
        ("date", "20260101"),
        ("date", "2026-1-1"),
        ("date", "2026-02-30"),
        ("date", "2026-01-01T00:00:00"),
        ("time", "08:00"),
        ("time", "8:00:00"),
        ("time", "24:00:01"),
        ("time", "080000"),
    ],
)
def test_what_python_would_take_and_xml_schema_does_not_is_refused(kind: str, text: str) -> None:
    assert read(kind, text) is None


@pytest.mark.parametrize("text", ["-0001-01-01T00:00:00", "10000-01-01T00:00:00", "9999-12-31T24:00:00"])
def test_a_year_that_python_does_not_have_is_an_error_and_says_so(text: str) -> None:
    assert libxml2_accepts("dateTime", text)
    with pytest.raises(ValueError, match="a date and time"):
        lexical.date_time(text)


def test_the_end_of_a_day_is_the_beginning_of_the_next() -> None:
    assert lexical.date_time("2026-02-28T24:00:00Z") == lexical.date_time("2026-03-01T00:00:00Z")
    assert lexical.date_time("2024-12-31T24:00:00.000") == datetime.datetime(2025, 1, 1)  # naive
    assert lexical.time("24:00:00Z") == datetime.time(0, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02T08:00:00.1234567Z",
        "2026-03-02T08:00:00.0000001+01:00",
        "2026-03-02T08:00:00.9999999",
        "0001-01-01T00:00:00.12345678901234567890123456789-14:00",
    ],
)
def test_more_than_six_digits_of_a_second_come_back(text: str) -> None:
    assert lexical.date_time_text(lexical.date_time(text)) == text
    time = text.partition("T")[2]
    assert lexical.time_text(lexical.time(time)) == time


def test_trailing_zeros_of_a_second_say_nothing() -> None:
    assert lexical.date_time("2026-03-02T08:00:00.1234560000Z") == lexical.date_time("2026-03-02T08:00:00.123456Z")
    assert type(lexical.date_time("2026-03-02T08:00:00.0000000Z")) is datetime.datetime


@pytest.mark.parametrize(
    ("text", "offset"),
    [("Z", 0), ("+00:00", 0), ("-00:00", 0), ("+14:00", 840), ("-14:00", -840), ("+05:30", 330), ("-03:30", -210)],
)
def test_zones_are_read_wherever_a_time_or_a_date_may_have_one(text: str, offset: int) -> None:
    expected = datetime.timedelta(minutes=offset)
    assert lexical.date_time(f"2026-03-02T08:00:00{text}").utcoffset() == expected
    assert lexical.time(f"08:00:00{text}").utcoffset() == expected
    date = lexical.date(f"2026-03-02{text}")
    assert isinstance(date, lexical.ZonedDate)
    assert date.tzinfo.utcoffset(None) == expected


def test_without_a_zone_there_is_none() -> None:
    assert lexical.date_time("2026-03-02T08:00:00").tzinfo is None
    assert lexical.time("08:00:00").tzinfo is None
    assert type(lexical.date("2026-03-02")) is datetime.date


OFFSETS = st.none() | st.integers(-840, 840).map(lambda minutes: datetime.timezone(datetime.timedelta(minutes=minutes)))
FINER = st.from_regex("[0-9]{0,20}[1-9]", fullmatch=True)
VALUES: dict[str, tuple[st.SearchStrategy[Any], Callable[[Any], str]]] = {
    "boolean": (st.booleans(), lexical.boolean_text),
    "integer": (st.integers() | st.integers(-(10**3999) + 1, 10**3999 - 1), lexical.integer_text),
    "decimal": (st.decimals(allow_nan=False, allow_infinity=False), lexical.decimal_text),
    "float": (st.floats(allow_nan=False), lexical.floating_text),
    "date": (
        st.dates() | st.builds(lexical.ZonedDate.of, st.dates(), OFFSETS.filter(lambda zone: zone is not None)),
        lexical.date_text,
    ),
    "dateTime": (
        st.datetimes(timezones=OFFSETS) | st.builds(lexical.PreciseDateTime.of, st.datetimes(timezones=OFFSETS), FINER),
        lexical.date_time_text,
    ),
    "time": (
        st.times(timezones=OFFSETS) | st.builds(lexical.PreciseTime.of, st.times(timezones=OFFSETS), FINER),
        lexical.time_text,
    ),
}


def agreed_zone(value: Any) -> Any:
    return value.utcoffset() if hasattr(value, "utcoffset") else None


@pytest.mark.parametrize("kind", sorted(VALUES))
def test_a_value_is_written_as_text_that_means_it_again(kind: str) -> None:
    values, write = VALUES[kind]

    @settings(max_examples=200, deadline=None)
    @given(values)
    def back(value: Any) -> None:
        try:
            text = write(value)
        except ValueError:
            # Only numbers of thousands of digits have no text.
            assert kind == "decimal"
            assert abs(value.adjusted()) > 3000 or value.as_tuple().exponent < -3000
            return
        again = READERS[kind](text)
        assert again == value
        assert type(again) is type(value)
        assert agreed_zone(again) == agreed_zone(value)
        assert write(again) == text
        assert libxml2_accepts(kind, text)

    back()


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("digits", [3999, 4000, 4001])
def test_a_long_integer_is_refused_or_read_back(sign: str, digits: int) -> None:
    value = int(sign + "9" * digits)
    try:
        text = lexical.integer_text(value)
    except ValueError:
        assert digits >= 4000
        return
    assert lexical.integer(text) == value


@pytest.mark.parametrize(
    "value", ["1E-4000", "-1E-4000", "1E+4000", "-1E+3999", "1.5E-4000", "0E-9999999", "0E+9999999"]
)
def test_a_decimal_is_refused_or_read_back(value: str) -> None:
    number = Decimal(value)
    try:
        text = lexical.decimal_text(number)
    except ValueError:
        return
    assert lexical.decimal(text) == number


@pytest.mark.parametrize("text", ["NaN", "INF", "-INF", "0", "-0", "1.7976931348623157E308", "-1e-400"])
def test_floats_beyond_the_finite_ones_are_spelt_as_xml_schema_does(text: str) -> None:
    value = lexical.floating(text)
    again = lexical.floating(lexical.floating_text(value))
    assert (
        math.isnan(again) if math.isnan(value) else (again, math.copysign(1, again)) == (value, math.copysign(1, value))
    )


@pytest.mark.parametrize("text", ["1E400", "-1.8e308"])
def test_a_number_that_would_become_infinite_is_refused(text: str) -> None:
    assert read("float", text) is None


@pytest.mark.parametrize("text", ["3.4028235677973362E38", "-1e-50", "0.1", "INF", "-INF"])
def test_what_a_single_precision_float_holds_or_rounds_is_read_and_written(text: str) -> None:
    """Its digits stay as they are: no number of the sender's is changed."""
    assert lexical.single(lexical.single_text(lexical.single(text))) == float(text.replace("INF", "inf"))


@pytest.mark.parametrize("value", [3.4028235677973366e38, -1e39, 1e308])
def test_what_would_be_infinite_in_single_precision_is_neither_read_nor_written(value: float) -> None:
    with pytest.raises(ValueError, match="single-precision"):
        lexical.single(repr(value))
    with pytest.raises(ValueError, match="single-precision"):
        lexical.single_text(value)


@pytest.mark.parametrize("number", [Decimal("NaN"), Decimal("Infinity"), Decimal("1E+5000"), Decimal("1E-5000")])
def test_a_decimal_that_has_no_text_is_refused(number: Decimal) -> None:
    with pytest.raises(ValueError, match="finite decimal"):
        lexical.decimal_text(number)


def test_an_integer_too_large_for_a_float_is_refused_as_a_value() -> None:
    with pytest.raises(ValueError, match="number"):
        lexical.floating_text(10**400)


@pytest.mark.parametrize("kind", ["integer", "decimal", "float"])
@pytest.mark.parametrize("digits", [4001, 10_000_000])
def test_huge_numbers_are_refused_before_they_are_converted(kind: str, digits: int) -> None:
    # Python would convert ten million digits for hours.
    assert read(kind, "9" * digits) is None


@pytest.mark.parametrize("write", [lexical.date_time_text, lexical.time_text])
@pytest.mark.parametrize(
    "offset", [datetime.timedelta(seconds=30), datetime.timedelta(hours=14, minutes=1), datetime.timedelta(hours=-15)]
)
def test_an_offset_that_xml_schema_cannot_write_is_refused(
    write: Callable[[Any], str], offset: datetime.timedelta
) -> None:
    zone = datetime.timezone(offset)
    value = datetime.datetime(2026, 3, 2, tzinfo=zone)
    with pytest.raises(ValueError, match="offset"):
        write(value if write is lexical.date_time_text else value.timetz())


def test_a_long_text_does_not_stay_in_memory() -> None:
    """What was read before is remembered, but never what an attacker blew up: 4,096 texts of ten megabytes are forty
    gigabytes.
    """
    padded = " " * 100_000 + "2026-03-02T08:00:00Z"
    long = "2026-03-02T08:00:00." + "1" * 100_000 + "Z"
    lexical.date_time(padded)
    lexical.date_time(long)
    assert max(map(len, lexical.known_date_times)) < 1_000


def test_what_is_remembered_is_bounded_in_number() -> None:
    for second in range(10_000):
        lexical.date_time(f"2026-03-02T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z")
    assert len(lexical.known_date_times) <= 4_096
