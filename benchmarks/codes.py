"""How fast dotted codes are read and put into words, and messages flattened into records, on one core.

The goal is a million reading types a minute, parsed and described, none of them seen before. So the first rows go
round the caches; the next shows what a code costs that repeats, as nearly all do. The last makes flat records of a
message of interval readings, each with its interval and a quality.
"""

from __future__ import annotations

import datetime
import random
import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from iec61968_9 import Reference
from iec61968_9.codes import ReadingTypeCode, iter_readings, load_wording
from iec61968_9.codes.words import _described  # pyright: ignore[reportPrivateUsage] - to go round its cache
from iec61968_9.profiles.meter_readings import (
    IntervalBlock,
    IntervalReading,
    MeterReading,
    MeterReadings,
    ReadingQuality,
)


class Row(NamedTuple):
    """One measurement: what was done, and how often a second."""

    subject: str
    per_second: float


def run(count: int = 50_000, rounds: int = 3) -> list[Row]:
    """Measure; of several rounds the fastest counts."""
    texts = _texts(count)
    codes = [_fresh(text) for text in texts]
    wording = load_wording("en")
    word = _described.__wrapped__
    few = [texts[place % 20] for place in range(count)]
    message = _message(count)
    subjects: list[tuple[str, Callable[[], object]]] = [
        ("parse, all different", lambda: [_fresh(text) for text in texts]),
        ("describe, all different", lambda: [word(code, wording) for code in codes]),
        ("parse and describe, all different", lambda: [word(_fresh(text), wording) for text in texts]),
        ("parse and describe, twenty that repeat", lambda: [ReadingTypeCode.parse(text).describe() for text in few]),
        ("flatten, interval readings", lambda: deque(iter_readings(message), maxlen=0)),
    ]
    return [Row(subject, count / min(_seconds(work) for _ in range(rounds))) for subject, work in subjects]


def _fresh(text: str) -> ReadingTypeCode:
    return ReadingTypeCode.from_parts(ReadingTypeCode.FORM.numbers(text))


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _texts(count: int) -> list[str]:
    """Return reading types like those of real meters, all different, the same on every run."""
    chance = random.Random(9)  # noqa: S311 - to vary, not to protect
    choices = ((0, 8, 11, 13), (0, 2, 8, 9, 26), (0, 1, 2, 5, 7, 53), (1, 4, 6, 12), (0, 1, 4, 15, 19), (1, 2, 7, 9))
    ends = ((0, 128, 129, 224, 225, 769), (-3, 0, 3, 6), (5, 29, 38, 42, 63, 72, 73), (0, 840, 978))
    found: dict[str, None] = {}
    while len(found) < count:
        start = [chance.choice(numbers) for numbers in choices]
        kind = chance.choice((4, 8, 12, 37, 54, 58))
        bins = [chance.randrange(4), chance.randrange(3), chance.randrange(4)]
        end = [chance.choice(numbers) for numbers in ends]
        found[".".join(map(str, [*start, kind, 0, 0, 0, 0, *bins, *end]))] = None
    return list(found)


def _message(count: int) -> MeterReadings:
    """Return a message with as many quarter-hour readings, of one meter."""
    start = datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC)
    valid = ReadingQuality(reading_quality_type=Reference(ref="1.0.0"))
    readings = [
        IntervalReading(
            time_stamp=start + place * datetime.timedelta(minutes=15), value="0.11", reading_qualities=[valid]
        )
        for place in range(count)
    ]
    block = IntervalBlock(
        reading_type=Reference(ref="0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0"), interval_readings=readings
    )
    return MeterReadings(meter_reading=[MeterReading(interval_blocks=[block])])


def main() -> None:
    """Print the measurements."""
    for row in run():
        print(f"{row.subject:<40} {row.per_second:>12,.0f} a second {row.per_second * 60 / 1e6:>8.1f} million a minute")


if __name__ == "__main__":
    main()
