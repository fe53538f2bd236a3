"""What values are beside their texts: their order, their arithmetic, their words in errors, their rarer spellings."""

from __future__ import annotations

import datetime
import operator
from datetime import UTC, date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iec61968_9.xml import builtin, lexical
from iec61968_9.xml.compound import Listed, United
from iec61968_9.xml.gregorian import GDay, GMonthDay, GYear, GYearMonth, days_before
from iec61968_9.xml.precise import PreciseDateTime, PreciseTime, ZonedDate
from iec61968_9.xml.simple import Restricted

ORDERS = (operator.lt, operator.le, operator.gt, operator.ge)
EAST = datetime.timezone(timedelta(hours=2))


def test_days_are_counted_as_python_counts_them() -> None:
    first = days_before(1, 1)
    for year in (1, 4, 99, 100, 101, 400, 1900, 2000, 2024, 2026, 9999):
        for month in range(1, 13):
            found = days_before(year, month) - first + 1
            assert isinstance(found, int)
            assert found == date(year, month, 1).toordinal()


@given(st.dates(), st.dates())
def test_parts_of_dates_have_the_order_of_their_dates(one: date, other: date) -> None:
    for order in ORDERS:
        assert order(GYear(one.year), GYear(other.year)) == order(one.year, other.year)
        months = [(day.year, day.month) for day in (one, other)]
        assert order(*(GYearMonth(*month) for month in months)) == order(*months)
        days = [(day.month, day.day) for day in (one, other)]
        assert order(*(GMonthDay(*day) for day in days)) == order(*days)
        assert order(GDay(one.day), GDay(other.day)) == order(one.day, other.day)


def test_what_begins_earlier_by_the_clock_of_another_zone_is_less() -> None:
    for order, expected in zip(ORDERS, (True, True, False, False), strict=True):
        assert order(GYear(2026, EAST), GYear(2026, UTC)) == expected


def test_dates_with_a_zone_are_counted_with() -> None:
    day = ZonedDate.of(date(2026, 3, 2), EAST)
    assert day - date(2026, 3, 1) == day - ZonedDate.of(date(2026, 3, 1), EAST) == timedelta(days=1)
    assert day - timedelta(days=1) == ZonedDate.of(date(2026, 3, 1), EAST)


def test_finer_digits_go_with_the_fraction_and_stay_with_the_rest() -> None:
    moment = PreciseDateTime.of(datetime.datetime(2026, 3, 2, 8, 0, 1, 5, fold=1), "7")
    assert moment.replace(2025, 1, 1, 1, 1, 1).finer == "7"
    assert moment.replace(2025, 1, 1, 1, 1, 1, 6) == datetime.datetime(2025, 1, 1, 1, 1, 1, 6, fold=1)
    assert PreciseTime.of(datetime.time(2, 30, fold=1), "7").plain.fold == 1


def test_only_the_blank_between_date_and_time_is_read_as_t() -> None:
    assert lexical.blank_date_time(" 2026-03-02 08:00:00Z ") == datetime.datetime(2026, 3, 2, 8, tzinfo=UTC)
    with pytest.raises(ValueError, match="a date and time, such as"):
        lexical.blank_date_time("2026-03-02 08:00:00 00")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01T00:00:00", True),
        ("1970-01-01T00:00:00Z", True),
        ("1969-12-31T23:00:00-01:00", True),
        ("1970-01-01T01:00:00+01:00", True),
        ("1970-01-01T00:00:01Z", False),
        ("1971-01-01T00:00:00Z", False),
    ],
)
def test_where_clocks_begin(text: str, expected: bool) -> None:
    assert lexical.is_epoch(lexical.date_time(text)) is expected


@pytest.mark.parametrize(
    ("read", "text", "words"),
    [
        (lexical.date, "2026", "a date, such as 2026-03-02"),
        (lexical.floating, "1E400", "a number that a double holds, of at most 1.7976931348623157E308"),
        (Restricted(builtin.STRING, max_length=3).text, "long", "at most 3 characters"),
        (Restricted(builtin.HEX_BINARY, max_length=1).text, b"ab", "at most 1 bytes"),
        (Restricted(builtin.TOKEN, pattern=("A",)).text, "B", "a text of the form A"),
        (United(builtin.INTEGER, builtin.DATE).text, "x", f"{builtin.INTEGER.words} or {builtin.DATE.words}"),
    ],
)
def test_what_is_asked_for_is_said_in_full(read: Any, text: Any, words: str) -> None:
    with pytest.raises(ValueError, match=r".+") as refused:
        read(text)
    assert str(refused.value) == words


def test_a_long_list_of_what_is_asked_for_is_shortened() -> None:
    kind = Restricted(builtin.STRING, enumeration=tuple(f"literal number {number}" for number in range(100)))
    asked = kind.broken("x")
    assert asked is not None
    assert asked.startswith("one of literal number 0, literal number 1, ")
    assert asked.endswith("…")
    assert len(asked) < 400


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (Restricted(builtin.INTEGER, pattern=(r"\+\d",)), 0, "+0"),
        (Restricted(builtin.INTEGER, pattern=(r"\+\d",)), 7, "+7"),
        (Restricted(builtin.INTEGER, pattern=(r"-\d{3}",)), -7, "-007"),
        (Restricted(builtin.DECIMAL, pattern=(r"\d\.\d{2}",)), Decimal("1.5"), "1.50"),
        (Restricted(builtin.LANGUAGE, max_length=2), "en", "en"),
    ],
)
def test_a_value_is_written_as_its_pattern_asks(kind: Restricted, value: Any, text: str) -> None:
    assert kind.text(value) == text


def test_lists_are_the_same_item_by_item() -> None:
    kind = Listed(builtin.DOUBLE)
    assert kind.same([1.0, float("nan")], [1.0, float("nan")])
    assert not kind.same([1.0, 2.0], [1.0, 3.0])
    assert not kind.same([1.0], [1.0, 2.0])


def test_a_union_writes_what_it_can_by_a_member_that_need_not_hold_its_facets() -> None:
    kind = United(Restricted(builtin.INTEGER, max_inclusive="9"), builtin.BOOLEAN)
    assert kind.loose_text(True) == "true"
    assert kind.loose_text(12) == "12"
    with pytest.raises(ValueError, match="or"):
        kind.loose_text(b"x")
