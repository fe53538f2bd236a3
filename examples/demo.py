"""The main job, from schema to typed message, on one screen: ``make demo``.

1. The bindings are generated again from ``xsd/`` and compared with the ones that the library ships.
2. A meter data management system (MDMS) asks a head end for the quarter-hour readings of four meters.
3. The head end reads the request and answers with a day: four meters, 96 intervals each, some missing or estimated.
4. The MDMS validates and reads the answer, and makes a table of it; then it streams the same file.
5. Damaged copies of the answer are refused, with the place and the reason.

The program promises all this: it ends with an error as soon as something is not as it says. Copy from it what you need.
"""

from __future__ import annotations

import math
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import NoReturn

import iec61968_9
from iec61968_9 import DecodeError, Reference, SchemaError, from_xml, iter_xml, to_xml, validate
from iec61968_9.codes import ReadingQualityCode, ReadingTypeCode, ReplyCode, Value, interval_bounds
from iec61968_9.profiles import GetMeterReadings, MeterReadings, RequestMessage, ResponseMessage
from iec61968_9.profiles import envelope as e
from iec61968_9.profiles import get_meter_readings as q
from iec61968_9.profiles import meter_readings as m

QUARTER_HOURS = "0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0"
VALID, ESTIMATED, MISSING = "1.0.0", "2.8.0", "2.5.259"

METERS = ["MTR-104233", "MTR-104234", "MTR-104240", "MTR-104251"]
MIDNIGHT = datetime(2026, 3, 2, tzinfo=timezone(timedelta(hours=1)))
DAY = timedelta(days=1)
QUARTER = timedelta(minutes=15)
READ_AT = MIDNIGHT + timedelta(days=1, hours=6)


# -- 1. The bindings -----------------------------------------------------------------------------------------------


def show_bindings() -> None:
    """Generate the bindings afresh, and compare them with those that are installed."""
    from iec61968_9_generator import files, pipeline

    schemas = Path(__file__).parents[1] / "xsd"
    shipped = Path(iec61968_9.__file__).parent
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        made = pipeline.generate(schemas, "iec61968_9")
        files.put(Path(folder), made)
        seconds = time.perf_counter() - started
        equal = [name for name in made if (Path(folder) / name).read_bytes() == (shipped / name).read_bytes()]
    promise(len(equal) == len(made), "the generated files equal the shipped ones")
    count = len(list(schemas.rglob("*.xsd")))
    show(f"{count} schemas gave {len(made)} files in {seconds:.1f} s; all {len(equal)} equal the shipped ones.")


# -- 2. The question -----------------------------------------------------------------------------------------------


def ask() -> bytes:
    """The MDMS's request: the quarter-hour energies of some meters, for one day."""
    query = GetMeterReadings(
        end_device=[q.EndDevice(names=[q.Name(name=meter)]) for meter in METERS],
        reading_type=[q.ReadingType(names=[q.Name(name=QUARTER_HOURS)])],
        time_schedule=[q.TimeSchedule(schedule_interval=q.DateTimeInterval(start=MIDNIGHT, end=MIDNIGHT + DAY))],
    )
    request: RequestMessage[GetMeterReadings] = RequestMessage(
        header=e.Header(
            verb=e.Verb.GET,
            noun="MeterReadings",
            timestamp=READ_AT,
            source="MDMS",
            message_id="4711",
            correlation_id="4711",
        ),
        request=e.Request(queries=[query]),
    )
    return to_xml(request, pretty=True)


# -- 3. The answer -------------------------------------------------------------------------------------------------


def answer(request: bytes) -> bytes:
    """The head end's reply. What was asked for is typed: the checker knows that ``asked`` is a GetMeterReadings."""
    message = from_xml(request, RequestMessage[GetMeterReadings])
    asked = message.query
    midnight = asked.time_schedule[0].schedule_interval.start
    if midnight is None:
        broken("the request says which day")
    meters = [name.name for device in asked.end_device for name in device.names]
    readings = MeterReadings(
        meter_reading=[load_profile(meter, number, midnight) for number, meter in enumerate(meters)]
    )
    reply: ResponseMessage[MeterReadings] = ResponseMessage(
        header=e.Header(
            verb=e.Verb.REPLY,
            noun=message.header.noun,
            timestamp=READ_AT + timedelta(seconds=2),
            source="HES",
            message_id="815",
            correlation_id=message.header.correlation_id,
        ),
        reply=e.Reply(result=e.Result.OK, error=[e.Error(code="0.0")]),
        payload=e.Payload(contents=[readings]),
    )
    return to_xml(reply, pretty=True)


def load_profile(meter: str, number: int, midnight: datetime) -> m.MeterReading:
    """A day of one meter. An interval is stamped with its end."""
    block = m.IntervalBlock(reading_type=Reference(ref=QUARTER_HOURS))
    for quarter in range(1, 97):
        quality = quality_of(number, quarter)
        block.interval_readings.append(
            m.IntervalReading(
                time_stamp=midnight + quarter * QUARTER,
                value=None if quality == MISSING else energy(number, quarter),
                reading_qualities=[m.ReadingQuality(reading_quality_type=Reference(ref=quality))],
            )
        )
    return m.MeterReading(
        interval_blocks=[block],
        meter=m.Meter(names=[m.Name(name=meter)]),
        values_interval=m.DateTimeInterval(start=midnight, end=midnight + DAY),
    )


def quality_of(number: int, quarter: int) -> str:
    """The second meter was estimated for a while, the fourth lost some intervals."""
    if number == 1 and 30 <= quarter < 38:
        return ESTIMATED
    if number == 3 and 50 <= quarter < 55:
        return MISSING
    return VALID


def energy(number: int, quarter: int) -> str:
    """What a household uses: something at any time, more in the morning, most in the evening."""
    morning, evening = (math.exp(-(((quarter - peak) / 6) ** 2)) for peak in (30, 76 + 2 * number))
    return f"{0.05 + 0.02 * number + 0.2 * morning + 0.45 * evening:.3f}"


# -- 4. What the MDMS makes of it ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Day:
    """One line of the table."""

    meter: str
    total: Decimal
    peak: Decimal
    peak_from: datetime
    peak_to: datetime
    missing: int
    estimated: int


def evaluate(reading: m.MeterReading) -> Day:
    """Add up the intervals of one meter. Values are exact decimals, in the unit of their reading type."""
    meter = reading.meter.names[0].name if reading.meter is not None else "?"
    total, missing, estimated = Decimal(0), 0, 0
    peak: tuple[Decimal, datetime, datetime] = (Decimal(-1), MIDNIGHT, MIDNIGHT)
    for block in reading.interval_blocks:
        code = ReadingTypeCode.from_reference(block.reading_type)
        for one in block.interval_readings:
            kinds = [
                ReadingQualityCode.from_reference(quality.reading_quality_type) for quality in one.reading_qualities
            ]
            estimated += any(kind.is_estimated for kind in kinds)
            if one.value is None or one.time_stamp is None:
                missing += 1
                continue
            used = Value(one.value, code).display
            bounds = interval_bounds(code, one.time_stamp)
            total += used
            if bounds is not None and used > peak[0]:
                peak = (used, *bounds)
    return Day(meter, total, *peak, missing, estimated)


def table(days: Sequence[Day]) -> str:
    """One line a meter."""
    lines = [f"{'meter':<12}{'kWh':>9}   {'peak quarter-hour':<24}{'missing':>9}{'estimated':>11}"]
    for day in days:
        peak = f"{day.peak} kWh, {day.peak_from:%H:%M}-{day.peak_to:%H:%M}"
        lines.append(f"{day.meter:<12}{day.total:>9}   {peak:<24}{day.missing or '-':>9}{day.estimated or '-':>11}")
    return "\n".join(lines)


def evaluate_answer(path: Path) -> None:
    """Validate, read and evaluate the answer; then do it again without ever having all of it in memory."""
    issues = validate(path)
    promise(not issues, "the answer is valid")
    reply = from_xml(path, ResponseMessage[MeterReadings])
    code = ReplyCode.parse(reply.reply.error[0].code)
    promise(code.is_success and reply.header.correlation_id == "4711", "the reply is a success, and ours")
    show(
        f"Valid. Result {reply.reply.result}, code {code} ({code.describe()}), reply to {reply.header.correlation_id}."
    )
    show(f"{QUARTER_HOURS} is: {ReadingTypeCode.parse(QUARTER_HOURS).describe()}.")

    days = [evaluate(reading) for reading in reply.content.meter_reading]  # .content is known to be a MeterReadings
    print()
    show(table(days))
    print()
    promise([day.meter for day in days] == METERS, "every meter that was asked for is there")
    promise([day.missing for day in days] == [0, 0, 0, 5], "the fourth meter lacks five intervals")
    promise([day.estimated for day in days] == [0, 8, 0, 0], "eight intervals of the second meter are estimated")

    with iter_xml(path, m.MeterReading) as stream:
        streamed = [evaluate(reading) for reading in stream]
        promise(stream.envelope is not None, "the stream knows its envelope")
    promise(streamed == days, "the stream gives the same table")
    show(f"Streamed from the file, one meter at a time: the same {len(streamed)} lines.")
    promise(from_xml(to_xml(reply)) == reply, "what is written and read again is equal")
    show("Written and read again: equal.")


# -- 5. Damage -----------------------------------------------------------------------------------------------------


def refuse_damage(data: bytes) -> None:
    """Change one time stamp into a form that is no xs:dateTime; then cut the message off."""
    good, bad = b"2026-03-02T18:45:00+01:00", b"2026-03-02 18:45"
    third = data.index(METERS[1].encode())  # behind the second meter's name the third MeterReading begins
    damaged = data[:third] + data[third:].replace(good, bad, 1)
    promise(len(validate(damaged)) == 1, "validate() finds the one departure")
    try:
        from_xml(damaged, ResponseMessage[MeterReadings])
    except SchemaError as error:
        issue = error.issues[0]
        promise(damaged.splitlines()[(issue.line or 0) - 1].strip() == b"<timeStamp>%b</timeStamp>" % bad, "the line")
        show("A time stamp was damaged. SchemaError:")
        show(f"  what:     {issue.message}")
        show(f"  where:    {issue.path}")
        show(f"  line:     {issue.line}")
        show(f"  expected: {issue.expected}")
        show(f"  got:      {issue.got}")
        show(f"  answer with reply code {error.reply_code}: {ReplyCode.parse(error.reply_code or '').describe()}")
    else:
        broken("the damaged answer is refused")

    try:
        from_xml(data[: len(data) // 2])
    except DecodeError as error:
        show(f"The second half was lost. {type(error).__name__}:\n  {error}")
    else:
        broken("half a message is refused")


# -- The program ---------------------------------------------------------------------------------------------------


def main() -> None:
    """Run the five steps."""
    started = time.perf_counter()
    step("1. The bindings, generated again from xsd/")
    show_bindings()

    step("2. MDMS to head end: the quarter-hours of four meters, please")
    request = ask()
    show(abbreviated(request, head=18, tail=12))

    step("3. Head end to MDMS: a day of readings")
    reply = answer(request)
    show(abbreviated(reply, head=26, tail=6))

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reply.xml"
        path.write_bytes(reply)
        step(f"4. The MDMS reads it: {len(reply):,} bytes")
        evaluate_answer(path)

    step("5. Damaged copies of it")
    refuse_damage(reply)

    print(f"\nAll as promised, in {time.perf_counter() - started:.1f} s.")


def promise(kept: bool, what: str) -> None:
    """End the program, with an exit code that is not zero, unless a promise is kept."""
    if not kept:
        broken(what)


def broken(what: str) -> NoReturn:
    """End the program, because a promise is not kept."""
    sys.exit(f"NOT AS PROMISED: {what}")


def step(title: str) -> None:
    """Begin a new part of the output."""
    print(f"\n{title}\n{'-' * len(title)}")


def show(text: str) -> None:
    """Print, indented."""
    print("\n".join(f"  {line}".rstrip() for line in text.splitlines()))


def abbreviated(document: bytes, head: int, tail: int) -> str:
    """The first and the last lines of a document."""
    lines = document.decode().splitlines()
    left_out = len(lines) - head - tail
    return "\n".join([*lines[:head], f"  ... {left_out:,} more lines ...", *lines[-tail:]] if left_out > 1 else lines)


if __name__ == "__main__":
    main()
