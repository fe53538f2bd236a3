"""Durations, and parts of dates: what Python has no type for."""

from __future__ import annotations

import copy
import datetime
import pickle
import re
from decimal import Decimal
from typing import Any

import pytest
from elementpath import datatypes
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from iec61968_9.testing._simple import simple_values
from iec61968_9.xml import builtin
from iec61968_9.xml.duration import Duration
from iec61968_9.xml.gregorian import GDay, GMonth, GMonthDay, GYear, GYearMonth

DURATIONS = simple_values(builtin.DURATION, nan=False)
PARTS = st.one_of([simple_values(kind, nan=False) for kind in builtin.TIMES if kind.python[0].__name__.startswith("G")])


@given(DURATIONS | PARTS)
def test_a_value_is_written_as_it_was_read(value: Any) -> None:
    again = value.parse(str(value))
    assert again == value
    assert str(again) == str(value)
    assert hash(again) == hash(value)
    assert pickle.loads(pickle.dumps(value)) == value == copy.deepcopy(value)  # noqa: S301  # our own


@given(DURATIONS, DURATIONS)
def test_durations_are_ordered_as_elementpath_has_it(one: Duration, other: Duration) -> None:
    """As XML Schema does: only if it is so from whichever day they are counted."""
    ours = (one == other, one < other, one <= other, one > other, one >= other)
    first, second = (datatypes.Duration.fromstring(str(value)) for value in (one, other))
    assert ours == (first == second, first < second, first <= second, first > second, first >= second)


@given(st.timedeltas())
def test_a_timedelta_is_a_duration_without_months(length: datetime.timedelta) -> None:
    assert Duration.of(length).timedelta == length
    assert Duration.parse(str(Duration.of(length))) == Duration.of(length)


@pytest.mark.parametrize(
    ("one", "other"), [("PT60M", "PT1H"), ("P12M", "P1Y"), ("-PT0S", "P0D"), ("P1DT24H", "P2D"), ("PT1.50S", "PT1.5S")]
)
def test_equal_durations_keep_their_own_parts(one: str, other: str) -> None:
    assert Duration.parse(one) == Duration.parse(other)
    assert hash(Duration.parse(one)) == hash(Duration.parse(other))


def test_months_have_no_length() -> None:
    month, days = Duration(months=1), Duration(days=30)
    assert not [month < days, month > days, month == days].count(True)
    assert month < Duration(days=32)
    with pytest.raises(ValueError, match="months"):
        _ = month.timedelta
    with pytest.raises(ValueError, match="six digits"):
        _ = Duration(seconds=Decimal("0.0000001")).timedelta


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P1", "1D", "P1YT", "P-1D", "P1.5D", "PT1.S", "PT.5S", "P1M1Y", "P1D ", "+P1D"]
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a duration, such as"):
        Duration.parse(text)


@pytest.mark.parametrize(
    "parts",
    [
        {"days": -1},
        {"seconds": Decimal("NaN")},
        {"seconds": Decimal(-1)},
        {"seconds": Decimal("1E-5000")},
    ],
)
def test_a_duration_of_impossible_parts_is_not_made(parts: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"(parts|seconds) of a duration"):
        Duration(**parts)


SCHEMA = etree.XMLSchema(
    etree.fromstring(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="v" type="xs:duration"/></xs:schema>'
    )
)
MOST = 2**63 - 1


@pytest.mark.parametrize(
    ("parts", "unit"),
    [
        ({"years": MOST // 12, "months": MOST % 12}, "months"),
        ({"months": MOST}, "months"),
        ({"days": MOST, "hours": 23, "minutes": 59, "seconds": Decimal("59.9")}, "minutes"),
        ({"hours": MOST}, "hours"),
        ({"minutes": MOST}, "minutes"),
        ({"seconds": MOST}, "seconds"),
    ],
)
@pytest.mark.parametrize("negative", [False, True])
def test_a_duration_is_as_long_as_libxml2_reads_it(parts: dict[str, Any], unit: str, negative: bool) -> None:
    """Found by fuzzing: what was longer could be written, and was refused when it was read."""
    parts = {**parts, "negative": negative}
    longest = Duration(**parts)
    assert Duration.parse(str(longest)) == longest
    assert SCHEMA.validate(element(str(longest)))
    with pytest.raises(ValueError, match="a duration has less than"):
        Duration(**parts | {unit: parts[unit] + 1})
    longer = re.sub(rf"{parts[unit]}(?={unit[0].upper()}$|{unit[0].upper()}[0-9])", str(parts[unit] + 1), str(longest))
    assert longer != str(longest)
    assert not SCHEMA.validate(element(longer))


def element(text: str) -> Any:
    made = etree.Element("v")
    made.text = text
    return made


@pytest.mark.parametrize("power", [3990, 5000])
def test_numbers_of_any_length_are_refused_at_once(power: int) -> None:
    made: list[dict[str, Any]] = [{"years": 10**power}, {"days": 10**power}, {"seconds": Decimal(10) ** 1990}]
    for parts in made:
        with pytest.raises(ValueError, match="a duration has less than"):
            Duration(**parts)


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        (GYear, ["", "26", "0000", "02026", "+2026", "2026-", "2026z", "2026+14:01", "٢٠٢٦"]),
        (GYearMonth, ["2026", "2026-13", "2026-00", "2026-1", "0000-01"]),
        (GMonth, ["03", "--13", "--3", "--03--"]),
        (GMonthDay, ["--02-30", "--04-31", "--00-01", "--01-00", "-01-01"]),
        (GDay, ["---00", "---32", "--01", "---1"]),
    ],
)
def test_what_is_no_part_of_a_date_is_refused(kind: Any, texts: list[str]) -> None:
    for text in texts:
        with pytest.raises(ValueError, match="such as"):
            kind.parse(text)


@pytest.mark.parametrize("make", [lambda: GYear(0), lambda: GMonth(13), lambda: GDay(32), lambda: GMonthDay(2, 30)])
def test_what_does_not_exist_is_not_made(make: Any) -> None:
    with pytest.raises(ValueError, match=r"year|month"):
        make()


def test_parts_of_dates_are_ordered_by_when_they_begin() -> None:
    east, west = (datetime.timezone(datetime.timedelta(hours=hours)) for hours in (12, -12))
    assert GYear(-1) < GYear(1) < GYear(2026) <= GYear(2026)
    assert GYearMonth(2025, 12) < GYearMonth(2026, 1)
    assert GMonthDay(2, 29) < GMonthDay(3, 1)
    assert GDay(2, east) < GDay(2, datetime.UTC) < GDay(2, west)
    assert GDay(1, west) != GDay(2, east)
    with pytest.raises(TypeError, match="no order"):
        _ = GYear(2026) < GYear(2026, datetime.UTC)
    with pytest.raises(TypeError, match="no order"):
        _ = GMonth(1) < GDay(1)  # type: ignore[operator]  # which is the point


def test_a_zone_is_written_as_xml_schema_has_it() -> None:
    assert [str(GYear.parse(text)) for text in ("2026", "2026Z", "2026+00:00", "2026-05:30", "-0044")] == [
        "2026",
        "2026Z",
        "2026Z",
        "2026-05:30",
        "-0044",
    ]
    with pytest.raises(ValueError, match="whole minutes"):
        GYear(2026, datetime.timezone(datetime.timedelta(seconds=1)))
