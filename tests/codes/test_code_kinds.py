"""What each kind of code tells about itself."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iec61968_9.codes import (
    Accumulation,
    EndDeviceEventCode,
    QualityCategory,
    QualityKind,
    QualitySystem,
    ReadingQualityCode,
    ReadingTypeCode,
    ReplyCode,
    Severity,
    Stamp,
    interval_bounds,
)
from iec61968_9.codes._tables import rows
from iec61968_9.errors import CodeError

KWH = ReadingTypeCode.parse("0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0")


@pytest.mark.parametrize("accumulation", list(Accumulation))
def test_a_value_is_a_register_a_delta_momentary_or_none_of_them(accumulation: Accumulation) -> None:
    code = ReadingTypeCode(accumulation=accumulation)
    expected = {
        Accumulation.DELTA_DATA: (False, True, False),
        Accumulation.INDICATING: (False, False, True),
        Accumulation.INSTANTANEOUS: (False, False, True),
        Accumulation.NOT_APPLICABLE: (False, False, False),
        Accumulation.TIME_DELAY: (False, False, False),
    }
    assert (code.is_register, code.is_delta, code.is_momentary) == expected.get(accumulation, (True, False, False))


def test_questions_that_a_developer_asks_first() -> None:
    assert KWH.is_electricity
    assert KWH.is_interval
    assert not KWH.is_block
    assert not KWH.is_time_of_use
    assert KWH.replace(tou=1).is_time_of_use
    assert KWH.replace(aggregate=1000).is_vendor_specific
    assert not KWH.replace(phases=17153).is_vendor_specific
    assert not ReadingTypeCode(commodity=7).is_electricity


def test_harmonics_and_angles_are_fractions() -> None:
    code = KWH.replace(
        interharmonic_numerator=1, interharmonic_denominator=2, argument_numerator=120, argument_denominator=1
    )
    assert [code.interharmonic, code.argument] == [Fraction(1, 2), Fraction(120)]
    assert (KWH.interharmonic, KWH.argument) == (None, None)
    assert KWH.replace(argument_numerator=5).argument is None


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1)))
def test_the_stamp_marks_the_end_unless_agreed_otherwise(time: datetime) -> None:
    quarter = timedelta(minutes=15)
    assert interval_bounds(KWH, time) == (time - quarter, time)
    assert interval_bounds(KWH, time, Stamp.START) == (time, time + quarter)


@given(
    st.datetimes(
        min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1), timezones=st.just(ZoneInfo("Europe/Berlin"))
    )
)
def test_an_interval_keeps_its_true_length_across_summer_time(time: datetime) -> None:
    bounds = interval_bounds(KWH.replace(measuring_period=4), time)
    assert bounds is not None
    start, end = bounds
    assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=24)
    assert start.tzinfo is time.tzinfo


def test_a_code_without_a_length_has_no_interval() -> None:
    assert interval_bounds(KWH.replace(measuring_period=0), datetime(2024, 1, 1, tzinfo=UTC)) is None


@pytest.mark.parametrize("kind", list(QualityKind))
def test_a_quality_is_made_of_a_system_and_a_judgement(kind: QualityKind) -> None:
    code = ReadingQualityCode.of(QualitySystem.END_DEVICE, kind)
    assert str(code) == f"1.{kind.value}"
    assert code.kind is kind
    assert code.name.startswith("endDevice.")


def test_what_a_quality_says_at_first_glance() -> None:
    assert ReadingQualityCode.parse("1.0.0").is_valid
    assert ReadingQualityCode.parse("3.8.4").is_estimated
    assert ReadingQualityCode.parse("3.7.1").is_edited
    assert ReadingQualityCode.parse("2.5.259").is_missing
    assert ReadingQualityCode.parse("2.9.0").is_obsolete
    assert ReadingQualityCode.parse("3.8.4").category is QualityCategory.ESTIMATED


@pytest.mark.parametrize(
    ("text", "rule"), [("3.8.4", 4), ("3.6.40", 40), ("3.6.1", None), ("3.8.0", None), ("3.5.1", None)]
)
def test_open_ranges_carry_the_number_of_a_rule(text: str, rule: int | None) -> None:
    assert ReadingQualityCode.parse(text).rule == rule


@pytest.mark.parametrize("line", rows("reply/code"), ids=lambda line: line["code"])
def test_every_listed_reply_has_a_meaning_and_a_severity(line: dict[str, str]) -> None:
    code = ReplyCode.parse(line["code"])
    assert code.is_known
    assert code.meaning == line["label"]
    assert code.severity == line["severity"]
    assert line["label"] in code.describe()


def test_an_unknown_reply_is_kept_and_classed_by_its_family() -> None:
    code = ReplyCode.parse("0.9")
    assert (code.is_known, code.meaning, code.is_success, code.severity) == (False, None, True, Severity.INFORM)
    assert ReplyCode.parse("5.99").severity is Severity.FATAL
    assert ReplyCode.parse("42.1").severity is Severity.FATAL
    assert ReplyCode.parse("42.1").name == "family42.1"


def test_partial_answers_and_acknowledgements_are_told_apart() -> None:
    replies = [ReplyCode(0, number) for number in range(4)]
    assert [reply.is_partial for reply in replies] == [False, True, True, False]
    assert [reply.is_acknowledgement for reply in replies] == [False, False, False, True]
    assert not ReplyCode(5, 3).is_acknowledgement


def test_names_of_events_read_literals_and_numbers() -> None:
    assert str(EndDeviceEventCode.from_name("ElectricMeter.RCDSwitch.0.Disconnected")) == "3.31.0.68"
    assert str(EndDeviceEventCode.from_name("0.Installation.NA.ChangeOut")) == "0.6.0.27"
    assert EndDeviceEventCode.parse("99.31.0.27").name == "99.RCDSwitch.NA.ChangeOutRequired"


@pytest.mark.parametrize("name", ["ElectricMeter.RCDSwitch.Disconnected", "Toaster.RCDSwitch.NA.Connected", ""])
def test_what_is_no_name_of_an_event_is_refused(name: str) -> None:
    with pytest.raises(CodeError):
        EndDeviceEventCode.from_name(name)
