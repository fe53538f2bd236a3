"""Times with more digits, and dates with zones, behave as their standard relatives do, and lose nothing."""

from __future__ import annotations

import copy
import datetime
import pickle
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iec61968_9.xml.lexical import (
    PreciseDateTime,
    PreciseTime,
    ZonedDate,
    date,
    date_text,
    date_time,
    date_time_text,
    time,
    time_text,
)

HOUR = datetime.timedelta(hours=1)
CET = datetime.timezone(HOUR)

SAMPLES = [
    date_time("2026-03-02T08:00:00.1234567Z"),
    date_time("2026-03-02T08:00:00.1234567"),
    time("08:00:00.1234567+01:00"),
    time("08:00:00.1234567"),
    date("2026-03-02Z"),
    date("2026-03-02+01:00"),
]


def text_of(value: Any) -> str:
    if isinstance(value, datetime.datetime):
        return date_time_text(value)
    return time_text(value) if isinstance(value, datetime.time) else date_text(value)


@pytest.mark.parametrize("value", SAMPLES, ids=text_of)
def test_copies_and_pickles_are_equal_and_written_alike(value: Any) -> None:
    pickled = [pickle.loads(pickle.dumps(value, protocol)) for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1)]  # noqa: S301  # our own
    for other in [copy.copy(value), copy.deepcopy(value), *pickled]:
        assert other == value
        assert hash(other) == hash(value)
        assert type(other) is type(value)
        assert text_of(other) == text_of(value)


@pytest.mark.parametrize("value", SAMPLES, ids=text_of)
@pytest.mark.parametrize("other", [None, "2026-03-02", 1, object(), datetime.timedelta(1)])
def test_comparing_with_something_else_is_no_error(value: Any, other: object) -> None:
    assert not value == other  # noqa: SIM201  # both operators are meant
    assert value != other
    assert other != value


UNEQUAL = [
    (date_time("2026-03-02T08:00:00.1234567Z"), date_time("2026-03-02T08:00:00.1234568Z")),
    (date_time("2026-03-02T08:00:00.1234567Z"), date_time("2026-03-02T08:00:00.123456Z")),
    (date_time("2026-03-02T08:00:00.1234567Z"), date_time("2026-03-02T08:00:00.1234567")),
    (time("08:00:00.1234567"), time("08:00:00.123456")),
    (time("08:00:00.1234567"), time("08:00:00.12345671")),
    (date("2026-03-02Z"), date("2026-03-02")),
    (date("2026-03-02Z"), date("2026-03-02+01:00")),
    (date("2026-03-02Z"), date("2026-03-03Z")),
]


@pytest.mark.parametrize(("one", "other"), UNEQUAL, ids=str)
def test_unequal_values_are_unequal_by_both_operators_and_from_both_sides(one: Any, other: Any) -> None:
    assert not one == other  # noqa: SIM201  # both operators are meant
    assert not other == one  # noqa: SIM201
    assert one != other
    assert other != one


@pytest.mark.parametrize("value", SAMPLES, ids=text_of)
def test_equal_values_are_not_unequal(value: Any) -> None:
    again = pickle.loads(pickle.dumps(value))  # noqa: S301  # our own
    assert value == again
    assert not value != again  # noqa: SIM202  # both operators are meant


def test_the_same_moment_in_two_zones_is_equal() -> None:
    one, other = date_time("2026-03-02T08:00:00.1234567Z"), date_time("2026-03-02T09:00:00.1234567+01:00")
    assert one == other
    assert hash(one) == hash(other)


FRACTIONS = st.from_regex("[0-9]{6}[0-9]{0,6}", fullmatch=True)


@given(FRACTIONS, FRACTIONS)
def test_order_agrees_with_equality_and_with_the_digits(one: str, other: str) -> None:
    for head, read in (("2026-03-02T08:00:00.", date_time), ("08:00:00.", time)):
        first: Any = read(head + one)
        second: Any = read(head + other)
        left, right = one.rstrip("0"), other.rstrip("0")
        assert (first < second) == (left < right)
        assert (first <= second) == (left <= right)
        assert (first > second) == (left > right)
        assert (first >= second) == (left >= right)


def test_a_later_time_in_the_same_second_sorts_later() -> None:
    texts = [f"2026-03-02T08:00:00.123456{digit}Z" for digit in "9173"]
    assert [date_time_text(value) for value in sorted(map(date_time, texts))] == sorted(texts)


def test_moving_a_time_keeps_the_digits_that_python_does_not_have() -> None:
    value = date_time("2026-03-02T08:00:00.1234567Z")
    assert date_time_text(value + HOUR) == "2026-03-02T09:00:00.1234567Z"
    assert date_time_text(HOUR + value) == "2026-03-02T09:00:00.1234567Z"
    assert date_time_text(value - HOUR) == "2026-03-02T07:00:00.1234567Z"


def test_the_same_moment_in_another_zone_keeps_them_too() -> None:
    value = date_time("2026-03-02T08:00:00.1234567Z")
    assert date_time_text(value.astimezone(CET)) == "2026-03-02T09:00:00.1234567+01:00"


def test_replacing_another_part_keeps_them_too() -> None:
    naive = date_time("2026-03-02T08:00:00.1234567")
    assert date_time_text(naive.replace(tzinfo=datetime.UTC)) == "2026-03-02T08:00:00.1234567Z"
    assert time_text(time("08:00:00.1234567").replace(tzinfo=CET)) == "08:00:00.1234567+01:00"


def test_replacing_the_microsecond_replaces_all_of_the_fraction() -> None:
    value = date_time("2026-03-02T08:00:00.1234567Z").replace(microsecond=5)
    assert date_time_text(value) == "2026-03-02T08:00:00.000005Z"


def test_the_difference_of_two_times_is_a_duration() -> None:
    assert date_time("2026-03-02T09:00:00.1234567Z") - date_time("2026-03-02T08:00:00.1234567Z") == HOUR


def test_moving_a_date_keeps_its_zone() -> None:
    value = date("2026-03-02+01:00")
    assert date_text(value + datetime.timedelta(days=1)) == "2026-03-03+01:00"
    assert date_text(value - datetime.timedelta(days=1)) == "2026-03-01+01:00"
    assert date_text(value.replace(day=5)) == "2026-03-05+01:00"


def test_a_date_made_by_its_class_can_be_compared_hashed_and_written() -> None:
    made = ZonedDate(2026, 3, 2)
    assert made == made  # __eq__ is what is looked at
    assert hash(made) == hash(ZonedDate(2026, 3, 2))
    assert date_text(made).startswith("2026-03-02")


def test_the_second_of_two_equal_hours_stays_the_second() -> None:
    """In autumn an hour comes twice; ``fold`` tells which, and with it the offset."""
    berlin = ZoneInfo("Europe/Berlin")
    value = PreciseDateTime.of(datetime.datetime(2026, 10, 25, 2, 30, tzinfo=berlin, fold=1), "7")
    assert value.utcoffset() == HOUR
    again = pickle.loads(pickle.dumps(value))  # noqa: S301  # our own
    assert again.utcoffset() == HOUR
    assert date_time_text(again) == "2026-10-25T02:30:00.0000007+01:00"


def test_a_time_whose_zone_depends_on_the_day_is_not_written_as_one_without_zone() -> None:
    value = datetime.time(8, tzinfo=ZoneInfo("Europe/Berlin"))
    with pytest.raises(ValueError, match="offset"):
        time_text(value)


@pytest.mark.parametrize("value", SAMPLES, ids=text_of)
def test_they_are_what_the_standard_library_expects(value: Any) -> None:
    kinds: dict[type, type] = {
        PreciseDateTime: datetime.datetime,
        PreciseTime: datetime.time,
        ZonedDate: datetime.date,
    }
    assert issubclass(type(value), kinds[type(value)])
    assert value.isoformat().startswith(("2026-03-02", "08:00:00"))
    assert value.strftime("%Y") in {"2026", "1900"}
