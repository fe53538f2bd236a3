"""The library beside the alternatives: the same documents, read into objects and written again, large and small.

Each contestant runs in processes of its own, several of them, and all take turns. A process first reads and writes a
small document, so that classes and schemas are loaded, then measures; every result that was timed is counted and summed
when the clock stands still, and who comes to another count or sum than the document was made with has no time.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from benchmarks import java as jvm
from benchmarks.contestants import BARE, LENIENT, STRICT, XSDATA, Contestant, contestants
from benchmarks.harness import Row, Section, Times, ratio_row, skipped, time_row
from benchmarks.models import missing
from benchmarks.samples import QUARTER_HOURS, meter_readings, total

__all__ = ["run"]


@dataclass(frozen=True, slots=True)
class Course:
    """What is read and written.

    Attributes:
        title: What the document is called.
        meters: How many meters' days it holds.
        seconds: How long the calls of one repetition take together, about; nothing for one call.
        java: How often a JVM reads and writes it.
    """

    title: str
    meters: int
    seconds: float
    java: int

    @property
    def is_large(self) -> bool:
        """Whether it is the one that the targets are for."""
        return not self.seconds


@dataclass(slots=True)
class Found:
    """What the processes of one contestant measured.

    Attributes:
        read: The seconds of all repetitions.
        write: The same for writing.
        middles: The median of each process, reading.
        write_middles: The same, writing.
        wrong: What is lost, if anything is.
    """

    read: list[float] = field(default_factory=list[float])
    write: list[float] = field(default_factory=list[float])
    middles: list[float] = field(default_factory=list[float])
    write_middles: list[float] = field(default_factory=list[float])
    wrong: str = ""


def run(folder: Path, *, meters: int, processes: int, seconds: float, java: tuple[int, int]) -> Iterator[Section]:
    """Measure a large document and one of one meter, with files in the folder.

    Args:
        folder: Where classes are generated.
        meters: How many meters' days the large document holds.
        processes: How many processes each contestant has.
        seconds: How long the calls of one repetition on the small document take together, about.
        java: How often a JVM reads the large document, and the small one.
    """
    yield from _course(folder, Course("a day of many meters", meters, 0.0, java[0]), processes)
    yield from _course(folder, Course("a day of one meter", 1, seconds, java[1]), processes)


def _course(folder: Path, course: Course, processes: int) -> list[Section]:
    entrants = contestants()
    present = [one for one in entrants if not missing(one.needs)]
    found = {one.name: Found() for one in present}
    for _ in range(processes):
        for one in present:
            _take(found[one.name], _child(one, folder, course), one, course)
    jaxb = jvm.run(folder, course.meters, course.java)
    size = len(meter_readings(course.meters))
    shown = f"{size / 1e6:.0f} MB" if size >= 1e6 else f"{size / 1e3:.0f} KB"
    of = f"{course.meters:,} meters, 96 quarter-hours each" if course.meters > 1 else "96 quarter-hours"
    about = f"{shown} of MeterReadings: {of}, with qualities. Processes for each contestant: {processes}."
    if course.is_large:
        about += "\n\n" + "\n".join(f"- {one.reader}: {one.what}" for one in entrants)
        about += f"\n- {jvm.READER}: {jvm.WHAT}"
    reading = [*_rows(entrants, found, course, jaxb, writing=False)]
    writing = [*_rows(entrants, found, course, jaxb, writing=True)]
    return [
        Section(f"Reading {course.title}", about, reading),
        Section(f"Writing {course.title}", "The same, from objects to bytes.", writing),
    ]


# -- tables --------------------------------------------------------------------------------------------------------


def _rows(
    entrants: list[Contestant], found: dict[str, Found], course: Course, jaxb: jvm.Found, *, writing: bool
) -> Iterator[Row]:
    """The rows of one table."""
    ours = _times(found[STRICT], writing=writing, middles=True)
    for one in entrants:
        label = one.writer if writing else one.reader
        if label and one.name not in found:
            yield skipped(label, f"no {', '.join(missing(one.needs))} here")
        elif label and found[one.name].wrong:
            yield skipped(label, found[one.name].wrong)
        elif label:
            share = _share(one, course)
            part = f" (on a part of {course.meters // share:,}, multiplied by {share})" if share > 1 else ""
            beside = _times(found[one.name], writing=writing, middles=True)
            yield time_row(label + part, _times(found[one.name], writing=writing), beside=(beside, ours))
        if one.name == LENIENT and course.is_large:
            yield from _targets(found, writing=writing)
    yield from jvm.rows(jaxb, ours, writing=writing)


def _targets(found: dict[str, Found], *, writing: bool) -> Iterator[Row]:
    """Our rows that have a target."""
    bare, strict, lenient = (_times(found[name], writing=writing, middles=True) for name in (BARE, STRICT, LENIENT))
    others = [_times(one, writing=writing, middles=True) for name, one in found.items() if name.startswith(XSDATA)]
    fastest = min(others, key=lambda times: times.median, default=None)
    if not writing:
        yield ratio_row("from_xml, lenient: times a bare parse", lenient, bare, most=5)
    if fastest is not None and writing:
        yield ratio_row("to_xml, strict: times as fast as xsdata's faster", fastest, strict, least=15)
    elif fastest is not None:
        yield ratio_row("from_xml, strict: times as fast as xsdata's faster (aim: 10)", fastest, strict, least=7)
        yield ratio_row("from_xml, lenient: times as fast as xsdata's faster", fastest, lenient, least=8)


def _times(found: Found, *, writing: bool, middles: bool = False) -> Times:
    if middles:
        return Times(tuple(found.write_middles if writing else found.middles))
    return Times(tuple(found.write if writing else found.read))


def _share(one: Contestant, course: Course) -> int:
    """One part of how many a contestant gets of the document."""
    return min(one.share, course.meters)


def _take(into: Found, told: dict[str, Any], one: Contestant, course: Course) -> None:
    """Add what one process tells."""
    share = _share(one, course)
    meters = course.meters // share
    for name, seconds, middles in (
        ("read", into.read, into.middles),
        ("write", into.write, into.write_middles),
    ):
        measured = sorted(float(second) * course.meters / meters for second in told[name])
        seconds += measured
        middles += [measured[len(measured) // 2]] if measured else []
    right = [meters * QUARTER_HOURS, total(meters)]
    for tally in told["tallies"]:
        if tally != right:
            into.wrong = f"it has {tally[0]:,} readings with the sum {tally[1]:,} of {right[0]:,} with {right[1]:,}"


def _child(one: Contestant, folder: Path, course: Course) -> dict[str, Any]:
    meters = course.meters // _share(one, course)
    rounds = one.rounds if course.is_large else 3
    arguments = [one.name, str(folder), *map(str, (meters, rounds, course.seconds))]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.turn", *arguments],
        check=True,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).resolve().parent.parent,
    )
    return cast("dict[str, Any]", json.loads(done.stdout))
