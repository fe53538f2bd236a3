"""JAXB on the JVM, with the classes that xjc makes of the same schema: cold and warm.

``tests/interop`` has the classes made and the program that measures itself. Its clock is that on the wall, since a
JVM compiles and collects in threads beside the one that works. Where Java or Debian's libjaxb-java is missing, the
page says so.
"""

from __future__ import annotations

import statistics
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree
from tests.interop.java import JARS, classpath, compile_classes

from benchmarks.contestants import lxml_values
from benchmarks.harness import Row, Times, skipped, time_row
from benchmarks.samples import QUARTER_HOURS, meter_readings

__all__ = ["READER", "WHAT", "Found", "rows", "run", "versions"]

READER = "JAXB"
WHAT = (
    "Classes that xjc makes of the same schema, on the JVM; not validated. Cold is the first time in a fresh JVM whose "
    "context is made, warm the last third of many times. By the clock on the wall, so a busy machine is unfair."
)
ABSENT = "no Java with JAXB here (Debian's libjaxb-java and default-jdk-headless)"


@dataclass(frozen=True, slots=True)
class Found:
    """The seconds of each reading and writing of one JVM, in order; or why there are none."""

    read: list[float] = field(default_factory=list[float])
    write: list[float] = field(default_factory=list[float])
    wrong: str = ""


def run(folder: Path, meters: int, rounds: int) -> Found:
    """Measure, in one JVM."""
    libraries = classpath()
    if libraries is None:
        return Found(wrong=ABSENT)
    home = folder / "java"
    path = f"{libraries}:{home / 'classes'}" if home.exists() else compile_classes(libraries, "MeterReadings", home)
    document, written = home / "document.xml", home / "written.xml"
    document.write_bytes(meter_readings(meters))
    command = ["java", "-cp", path, "Bridge", "time", "meterreadings", str(document), str(rounds), str(written)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    pairs = [line.split() for line in done.stdout.splitlines()]
    if sum(1 for _ in lxml_values(etree.parse(written).getroot())) != meters * QUARTER_HOURS:
        return Found(wrong="it does not write all readings that the document has")
    return Found([int(read) / 1e9 for read, _ in pairs], [int(write) / 1e9 for _, write in pairs])


def rows(found: Found, ours: Times, *, writing: bool) -> Iterator[Row]:
    """The rows of one table."""
    seconds = found.write if writing else found.read
    if found.wrong:
        yield skipped(READER, found.wrong)
        return
    beside = Times((ours.median,))
    warm = seconds[-max(len(seconds) // 3, 1) :]
    for name, times in (("warm", Times(tuple(warm))), ("cold", Times((seconds[0],)))):
        yield time_row(f"{READER}, {name}", times, beside=(Times((statistics.median(times.seconds),)), beside))


def versions() -> list[tuple[str, str]]:
    """Java's, where there is one."""
    if classpath() is None:
        return [("Java", "not installed, or without JAXB")]
    told = subprocess.run(["java", "-version"], check=True, capture_output=True, text=True).stderr.splitlines()
    jars = sorted(JARS.glob("jaxb-runtime-*.jar"))
    return [("Java", told[0].replace('"', "")), ("JAXB", jars[-1].stem.rpartition("-")[2] if jars else "unknown")]
