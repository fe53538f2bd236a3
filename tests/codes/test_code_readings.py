"""The readings of a message as flat records."""

import io
import pickle
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iec61968_9 import ForeignElement, Kept, Reference, from_xml, iter_xml, to_xml
from iec61968_9.codes import (
    Basis,
    CodeResolver,
    Doubt,
    ReadingQualityCode,
    ReadingRecord,
    ReadingTypeCode,
    Stamp,
    Value,
    iter_readings,
)
from iec61968_9.errors import CodeError
from iec61968_9.exchange import created
from iec61968_9.profiles import meter_service_requests
from iec61968_9.profiles.meter_readings import (
    DateTimeInterval,
    IntervalBlock,
    IntervalReading,
    Meter,
    MeterReading,
    MeterReadings,
    Name,
    PendingCalculation,
    Reading,
    ReadingQuality,
    ReadingReasonKind,
    ReadingType,
    UsagePoint,
)

KWH = ReadingTypeCode.parse("0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0")
REGISTER = ReadingTypeCode.parse("0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.3.72.0")
QUARTER = timedelta(minutes=15)
MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)
DAY = DateTimeInterval(start=MIDNIGHT, end=MIDNIGHT + timedelta(days=1))


def at(hour: int, minute: int = 0) -> datetime:
    return MIDNIGHT + timedelta(hours=hour, minutes=minute)


def cites(code: object) -> Reference:
    return Reference(ref=str(code))


def block(*readings: IntervalReading, code: object = KWH, pending: PendingCalculation | None = None) -> IntervalBlock:
    return IntervalBlock(reading_type=cites(code), interval_readings=list(readings), pending_calculation=pending)


def one(reading: IntervalReading | Reading, span: DateTimeInterval | None = None, **options: Any) -> ReadingRecord:
    """The record of the only reading of a meter."""
    item = MeterReading(values_interval=span)
    if isinstance(reading, Reading):
        item.readings.append(reading)
    else:
        item.interval_blocks.append(block(reading))
    (record,) = iter_readings(item, **options)
    return record


def judged(ref: str, **more: Any) -> ReadingQuality:
    return ReadingQuality(reading_quality_type=cites(ref), **more)


PAYLOAD = MeterReadings(
    meter_reading=[
        MeterReading(
            meter=Meter(mrid="m-1"),
            usage_point=UsagePoint(names=[Name(name="up-1")]),
            interval_blocks=[
                block(
                    IntervalReading(time_stamp=at(0, 15), value="0.11", reading_qualities=[judged("1.0.0")]),
                    IntervalReading(time_stamp=at(0, 30), value="0.12", source="HES"),
                )
            ],
            readings=[
                Reading(
                    reading_type=cites(REGISTER),
                    time_stamp=at(1),
                    value="1234.567",
                    reason=ReadingReasonKind.BILLING,
                    reported_date_time=at(2),
                )
            ],
        ),
        MeterReading(
            meter=Meter(names=[Name(name="m-2")]),
            readings=[Reading(reading_type=cites(REGISTER), time_stamp=at(1), value="5")],
        ),
    ]
)


def test_interval_values_and_single_values_come_alike_in_the_order_of_the_message() -> None:
    found = [(record.meter_id, record.code, record.time, record.text) for record in iter_readings(PAYLOAD)]
    assert found == [
        ("m-1", KWH, at(0, 15), "0.11"),
        ("m-1", KWH, at(0, 30), "0.12"),
        ("m-1", REGISTER, at(1), "1234.567"),
        ("m-2", REGISTER, at(1), "5"),
    ]


def test_a_record_has_all_that_belongs_to_a_reading() -> None:
    first, second, third, _ = iter_readings(PAYLOAD)
    assert (first.start, first.end, first.basis, first.doubts) == (at(0), at(0, 15), Basis.STAMP_AT_END, ())
    assert (first.meter, first.usage_point_id) == (Meter(mrid="m-1"), "up-1")
    assert [quality.code for quality in first.qualities] == [ReadingQualityCode(1, 0, 0)]
    assert first.value == Value("0.11", KWH)
    assert (second.source, second.qualities, second.reason) == ("HES", (), None)
    assert (third.start, third.end, third.basis) == (None, None, None)
    assert (third.reason, third.reported) == ("billing", at(2))
    assert third.value is not None
    assert (third.value.display, third.value.base) == (Decimal("1234.567"), Decimal(1234567))


def test_a_record_is_plain_data() -> None:
    record = next(iter_readings(PAYLOAD))
    assert pickle.loads(pickle.dumps(record)) == record  # noqa: S301 - our own bytes
    assert attrs.asdict(record, recurse=False)["text"] == "0.11"


# Where records come from ----------------------------------------------------------------------------------------------


def test_payload_items_and_stream_give_the_same_records() -> None:
    whole = list(iter_readings(PAYLOAD))
    assert [record for item in PAYLOAD.meter_reading for record in iter_readings(item)] == whole
    assert list(iter_readings(PAYLOAD.meter_reading)) == whole
    with iter_xml(io.BytesIO(to_xml(PAYLOAD)), MeterReading) as stream:
        assert list(iter_readings(stream)) == whole


def test_a_stream_is_read_one_item_at_a_time() -> None:
    taken: list[int] = []

    def items() -> Any:
        for number in range(1000):
            taken.append(number)
            yield PAYLOAD.meter_reading[1]

    records = iter_readings(items())
    next(records)
    next(records)
    assert len(taken) == 2


def test_making_records_loads_no_profile_and_no_parser() -> None:
    script = (
        "import sys; from iec61968_9.codes import iter_readings, CodeResolver; "
        "print([name for name in sys.modules if name.startswith(('lxml', 'iec61968_9.profiles', 'iec61968_9._'))])"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"


def test_definitions_at_the_root_of_the_payload_are_known() -> None:
    payload = MeterReadings(
        meter_reading=[MeterReading(interval_blocks=[block(IntervalReading(value="1"), code="rt-1")])],
        reading_type=[KWH.to_profile(ReadingType, mrid="rt-1")],
    )
    (record,) = iter_readings(payload)
    assert record.code == KWH
    (alone,) = iter_readings(payload.meter_reading[0])
    assert not alone.cited.is_readable
    (helped,) = iter_readings(payload.meter_reading[0], resolver=CodeResolver(payload))
    assert helped == record


def test_other_profiles_have_readings_as_well() -> None:
    item = meter_service_requests.MeterReading(
        readings=[meter_service_requests.Reading(reading_type=cites(REGISTER), value="7", time_stamp=at(3))]
    )
    (record,) = iter_readings(item)
    assert (record.code, record.text, record.meter, record.usage_point) == (REGISTER, "7", None, None)


def test_empty_shells_and_requests_have_no_readings() -> None:
    empty: Any = Reading(reading_type=None)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] - as lenient reading leaves it
    request = MeterReading(meter=Meter(mrid="m-1"), readings=[empty], interval_blocks=[block(IntervalReading())])
    assert list(iter_readings(MeterReadings(meter_reading=[request]))) == []


@pytest.mark.parametrize(
    "reading",
    [
        IntervalReading(reading_qualities=[judged("3.7.3")]),
        IntervalReading(time_stamp=MIDNIGHT),
        IntervalReading(value=""),
        IntervalReading(time_period=DAY),
        IntervalReading(source="HES"),
        IntervalReading(reported_date_time=MIDNIGHT),
        IntervalReading(kept=Kept(elements=(ForeignElement("<value>1<x/></value>"),))),
    ],
)
def test_a_reading_that_says_anything_at_all_has_a_record(reading: IntervalReading) -> None:
    assert one(reading).text == reading.value


# Identity, codes, qualities -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("meter", "identity"),
    [
        (None, None),
        (Meter(), None),
        (Meter(mrid="m-1", names=[Name(name="badge")]), "m-1"),
        (Meter(names=[Name(name="badge")]), "badge"),
        (Meter(names=[Name(name="badge"), Name(name="badge")]), "badge"),
        (Meter(names=[Name(name="badge"), Name(name="serial")]), None),
    ],
)
def test_of_several_names_none_is_chosen(meter: Meter | None, identity: str | None) -> None:
    item = MeterReading(meter=meter, readings=[Reading(reading_type=cites(KWH), value="1")])
    (record,) = iter_readings(item)
    assert record.meter_id == identity
    assert record.meter is meter


def test_a_code_that_cannot_be_read_spoils_only_what_needs_it() -> None:
    bad = Reading(reading_type=Reference(ref="kWh"), value="1.5", time_stamp=at(1))
    good = Reading(reading_type=cites(KWH), value="2", time_stamp=at(1))
    spoilt, sound = iter_readings(MeterReading(readings=[bad, good]))
    assert (spoilt.text, spoilt.time, spoilt.cited.text) == ("1.5", at(1), "kWh")
    assert (spoilt.start, spoilt.end, spoilt.basis) == (None, None, None)
    with pytest.raises(CodeError, match="kWh"):
        _ = spoilt.code
    with pytest.raises(CodeError, match="kWh"):
        _ = spoilt.value
    assert sound.code == KWH


def test_qualities_come_with_what_was_written_beside_them() -> None:
    qualities = [judged("5.4.260", comment="0815", source="HES", time_stamp=at(2)), judged("bad"), judged("1.0.0")]
    found = one(IntervalReading(value="1", reading_qualities=qualities)).qualities
    assert [(quality.cited.text, quality.comment) for quality in found] == [
        ("5.4.260", "0815"),
        ("bad", None),
        ("1.0.0", None),
    ]
    assert (found[0].code, found[0].source, found[0].time) == (ReadingQualityCode(5, 4, 260), "HES", at(2))
    with pytest.raises(CodeError):
        _ = found[1].code


@pytest.mark.parametrize("text", [None, "", "1.5", "3.14159E0", "2026-03-02", "n/a"])
def test_the_value_stands_as_it_was_sent(text: str | None) -> None:
    record = one(IntervalReading(time_stamp=at(1), value=text))
    assert record.text == text
    assert record.value == (None if text is None else Value(text, KWH))


def test_a_calculation_that_is_still_to_be_done_is_not_hidden() -> None:
    pending = PendingCalculation(reading_type=cites(KWH), scalar_numerator=5, scalar_denominator=100)
    item = MeterReading(interval_blocks=[block(IntervalReading(value="20"), pending=pending)])
    (record,) = iter_readings(item)
    assert (record.text, record.pending) == ("20", pending)


# Intervals ------------------------------------------------------------------------------------------------------------

zones: st.SearchStrategy[tzinfo] = st.one_of(
    st.just(UTC),
    st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
    st.sampled_from(["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe"]).map(ZoneInfo),
)
years = (datetime(1970, 1, 1), datetime(2100, 1, 1))
times = st.one_of(st.datetimes(*years), st.datetimes(*years, timezones=zones))
periods = st.sampled_from([2, 4, 5, 7])


@given(times, periods, st.sampled_from(Stamp))
def test_an_interval_is_as_long_as_its_code_says_and_ends_or_starts_at_its_stamp(
    time: datetime, period: int, stamp: Stamp
) -> None:
    code = KWH.replace(measuring_period=period)
    (record,) = iter_readings(
        MeterReading(interval_blocks=[block(IntervalReading(time_stamp=time, value="1"), code=code)]), stamp=stamp
    )
    assert record.start is not None
    assert record.end is not None
    elapsed = record.end.astimezone(UTC) - record.start.astimezone(UTC) if time.tzinfo else record.end - record.start
    assert elapsed == code.interval
    assert (record.end if stamp is Stamp.END else record.start) == time
    assert record.basis is (Basis.STAMP_AT_END if stamp is Stamp.END else Basis.STAMP_AT_START)


@given(times, st.sampled_from(Stamp))
def test_what_the_message_states_about_an_interval_is_never_changed(time: datetime, stamp: Stamp) -> None:
    period = DateTimeInterval(start=time, end=time + timedelta(hours=5))
    record = one(IntervalReading(time_stamp=time, time_period=period, value="1"), stamp=stamp)
    assert (record.time, record.start, record.end, record.basis) == (time, period.start, period.end, Basis.TIME_PERIOD)


def interval(start: datetime | None, end: datetime | None) -> DateTimeInterval:
    return DateTimeInterval(start=start, end=end)


@pytest.mark.parametrize(
    ("stamp", "time", "period", "bounds", "doubts"),
    [
        (Stamp.END, at(1, 15), interval(at(1), at(1, 15)), (at(1), at(1, 15)), []),
        (Stamp.START, at(1), interval(at(1), at(1, 15)), (at(1), at(1, 15)), []),
        (Stamp.END, None, interval(at(1), at(1, 15)), (at(1), at(1, 15)), []),
        (Stamp.END, at(1), interval(at(1), at(1, 15)), (at(1), at(1, 15)), [Doubt.STAMP]),
        (Stamp.START, at(1, 15), interval(at(1), at(1, 15)), (at(1), at(1, 15)), [Doubt.STAMP]),
        (Stamp.END, at(2), interval(at(1), at(2)), (at(1), at(2)), [Doubt.LENGTH]),
        (Stamp.END, at(3), interval(at(1), at(2)), (at(1), at(2)), [Doubt.LENGTH, Doubt.STAMP]),
        (Stamp.END, at(1), interval(at(2), at(1)), (at(2), at(1)), [Doubt.ORDER]),
        (Stamp.END, at(1, 15), interval(None, at(1, 15)), (at(1), at(1, 15)), []),
        (Stamp.END, at(1, 15), interval(at(1), None), (at(1), at(1, 15)), []),
        (Stamp.END, at(1), interval(at(1), None), (at(1), at(1, 15)), [Doubt.STAMP]),
        (Stamp.END, at(1), interval(None, None), (at(0, 45), at(1)), []),
    ],
)
def test_a_time_period_wins_and_contradictions_are_reported(
    stamp: Stamp,
    time: datetime | None,
    period: DateTimeInterval,
    bounds: tuple[datetime, datetime],
    doubts: Sequence[Doubt],
) -> None:
    record = one(IntervalReading(time_stamp=time, time_period=period, value="1"), stamp=stamp)
    assert (record.start, record.end) == bounds
    assert record.doubts == tuple(doubts)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (datetime(2026, 3, 29, 1, 45), datetime(2026, 3, 29, 3)),
        (datetime(2026, 10, 25, 2, 45), datetime(2026, 10, 25, 2, fold=1)),
    ],
)
def test_an_interval_over_a_change_of_the_clocks_is_as_long_as_what_elapsed(start: datetime, end: datetime) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    start, end = start.replace(tzinfo=berlin), end.replace(tzinfo=berlin)
    record = one(IntervalReading(time_stamp=end, time_period=interval(start, end), value="1"))
    assert (record.start, record.end, record.doubts) == (start, end, ())
    hour = end + timedelta(hours=1)
    record = one(IntervalReading(time_stamp=hour, time_period=interval(start, hour), value="1"))
    assert record.doubts == (Doubt.LENGTH,)


def test_times_with_and_without_a_zone_are_not_compared() -> None:
    naive = at(1).replace(tzinfo=None)
    record = one(IntervalReading(time_stamp=naive, time_period=interval(at(0, 45), at(1)), value="1"))
    assert record.doubts == (Doubt.ZONE,)
    record = one(IntervalReading(time_stamp=naive, time_period=interval(at(0, 45), naive), value="1"))
    assert record.doubts == (Doubt.ZONE,)


def test_a_register_value_covers_only_what_its_message_says() -> None:
    stamped = one(Reading(reading_type=cites(REGISTER), time_stamp=at(1), value="1"))
    assert (stamped.start, stamped.end, stamped.basis) == (None, None, None)
    stated = one(Reading(reading_type=cites(REGISTER), time_stamp=at(1), time_period=DAY, value="1"))
    assert (stated.start, stated.end, stated.basis, stated.doubts) == (DAY.start, DAY.end, Basis.TIME_PERIOD, ())


@pytest.mark.parametrize("macro_period", [8, 11, 13, 22, 24])
def test_a_value_of_a_day_or_a_month_does_not_cover_the_quarter_hour_that_it_was_measured_in(macro_period: int) -> None:
    peak = KWH.replace(macro_period=macro_period, aggregate=8)
    stamped = one(Reading(reading_type=cites(peak), time_stamp=at(18), value="1"))
    assert (stamped.start, stamped.end, stamped.basis) == (None, None, None)
    stated = one(Reading(reading_type=cites(peak), time_stamp=at(18), time_period=DAY, value="1"))
    assert (stated.start, stated.end, stated.basis, stated.doubts) == (DAY.start, DAY.end, Basis.TIME_PERIOD, ())


def test_a_reading_without_a_time_falls_into_the_span_of_its_set() -> None:
    record = one(Reading(reading_type=cites(REGISTER), value="1"), DAY)
    assert (record.time, record.start, record.end, record.basis) == (None, DAY.start, DAY.end, Basis.VALUES_INTERVAL)
    stamped = one(Reading(reading_type=cites(REGISTER), time_stamp=at(1), value="1"), DAY)
    assert stamped.basis is None


def test_the_span_of_a_set_is_an_interval_only_if_it_is_as_long() -> None:
    assert one(IntervalReading(value="1"), DAY).basis is None
    record = one(IntervalReading(value="1"), interval(at(1), at(1, 15)))
    assert (record.start, record.end, record.basis) == (at(1), at(1, 15), Basis.VALUES_INTERVAL)


def test_a_placeholder_at_the_start_of_the_calendar_is_no_crash() -> None:
    never = datetime(1, 1, 1, tzinfo=UTC)
    record = one(IntervalReading(time_stamp=never, value="1"))
    assert (record.time, record.start, record.end) == (never, None, never)


# Other people's packages ----------------------------------------------------------------------------------------------


@dataclass(kw_only=True)
class TheirReading:
    kept: None = None
    reading_type: Reference
    time_stamp: datetime
    value: str
    time_period: None = None
    reading_qualities: list[ReadingQuality] = field(default_factory=list[ReadingQuality])
    source: str | None = None
    reported_date_time: datetime | None = None
    vendor_note: str = ""


@dataclass(kw_only=True)
class TheirMeterReading:
    readings: list[TheirReading]
    meter: Meter


def test_classes_of_another_package_have_readings_as_well() -> None:
    item = TheirMeterReading(
        meter=Meter(mrid="m-9"), readings=[TheirReading(reading_type=cites(KWH), time_stamp=at(1), value="4")]
    )
    (record,) = iter_readings(item)
    assert (record.meter_id, record.code, record.start, record.text) == ("m-9", KWH, at(0, 45), "4")


# A message ------------------------------------------------------------------------------------------------------------

PUSH = """<MeterReadings xmlns="http://iec.ch/TC57/2011/MeterReadings#"><MeterReading>
  <IntervalBlocks>
    <IntervalReadings><timeStamp>2026-03-02T01:15:00+01:00</timeStamp><value>0.11</value>
      <ReadingQualities><ReadingQualityType ref="1.0.0"/></ReadingQualities></IntervalReadings>
    <IntervalReadings><timeStamp>2026-03-02T01:30:00+01:00</timeStamp><value>0</value>
      <ReadingQualities><ReadingQualityType ref="2.5.259"/></ReadingQualities></IntervalReadings>
    <ReadingType ref="0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0"/>
  </IntervalBlocks>
  <Meter><mRID>6a0d5c1e-0b1f-4c55-9c0e-0000000000a1</mRID></Meter>
</MeterReading></MeterReadings>"""


def test_a_pushed_load_profile_becomes_a_table() -> None:
    records = list(iter_readings(from_xml(PUSH, MeterReadings)))
    table = [
        (record.start, record.value and record.value.base, [quality.code.is_missing for quality in record.qualities])
        for record in records
    ]
    assert table == [(at(0), Decimal(110), [False]), (at(0, 15), Decimal(0), [True])]
    assert {record.meter_id for record in records} == {"6a0d5c1e-0b1f-4c55-9c0e-0000000000a1"}


def test_the_message_around_the_readings_is_told_apart_from_them() -> None:
    message: Any = created(MeterReadings())
    assert list(iter_readings(message.content)) == []
    with pytest.raises(TypeError, match=r"give what it carries: message\.content"):
        list(iter_readings(message))


@pytest.mark.parametrize("wrong", [None, 7, Meter(mrid="m-1")])
def test_what_has_no_readings_is_refused(wrong: Any) -> None:
    with pytest.raises(TypeError, match="is no payload with readings"):
        list(iter_readings(wrong))


def test_a_quality_reads_as_its_code() -> None:
    quality = ReadingQuality(reading_quality_type=cites("2.5.259"))
    reading = Reading(value="0", reading_type=cites(REGISTER), reading_qualities=[quality])
    (record,) = iter_readings(MeterReading(readings=[reading]))
    assert [str(one) for one in record.qualities] == ["2.5.259"]
