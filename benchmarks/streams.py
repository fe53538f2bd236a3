"""A gigabyte read item by item: how fast beside reading in memory, and in how much memory.

Each run is a process of its own: idle means that the library, the profile and its codec are imported and nothing is
read. The count and the sum of the readings are held to what the document was made from.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from lxml import etree

from benchmarks.harness import Row, Section, Times, ratio_row, time_row
from benchmarks.samples import NAMESPACE, QUARTER_HOURS, meter_readings, total, write_meter_readings

__all__ = ["run"]

ROUNDS = 3
MEMORY_METERS = 1_000
MOST_MEMORY = 60.0


def run(folder: Path, *, meters: int) -> Section:
    """Measure, with files in the folder."""
    rows: list[Row] = []
    size = 0
    for enveloped in (False, True):
        path = folder / "stream.xml"
        size = write_meter_readings(path, meters, enveloped=enveloped)
        rows += _rows("inside an EventMessage" if enveloped else "bare", path, size, meters)
        path.unlink()
    note = (
        f"{size / 1e6:,.0f} MB of MeterReadings: {meters:,} meters, 96 quarter-hours each, with qualities. Strict. The "
        f"in-memory speed is that of from_xml, strict, on {min(meters, MEMORY_METERS):,} meters, before and after."
    )
    return Section("Reading item by item", note, rows)


def _rows(where: str, path: Path, size: int, meters: int) -> list[Row]:
    part = min(meters, MEMORY_METERS)
    before = _child("memory", str(part))["seconds"]
    found = _child("stream", str(path))
    after = _child("memory", str(part))["seconds"]
    whole = (found["count"], found["sum"]) == (meters * QUARTER_HOURS, total(meters))
    seconds = float(found["seconds"])
    speeds = [one["size"] / second for one in (before, after) for second in one["each"]]
    memory = Times(tuple(size / speed for speed in speeds))
    above = (found["peak"] - found["idle"]) / 1024
    floor = _child("floor", str(path))
    return [
        time_row(f"lxml.etree.iterparse, {where}, nothing decoded", Times((float(floor["seconds"]),))),
        time_row(f"iter_xml, {where}", Times((seconds,))),
        ratio_row(f"iter_xml, {where}: times the in-memory speed", memory, Times((seconds,) * len(speeds)), least=0.8),
        Row(
            f"iter_xml, {where}: peak memory above idle ({found['idle'] / 1024:.0f} MB)",
            f"{above:.1f} MB",
            "",
            f"≤ {MOST_MEMORY:.0f} MB",
            above <= MOST_MEMORY,
        ),
        Row(
            f"iter_xml, {where}: readings, and their sum",
            f"{found['count']:,}, {found['sum'] / 1000:,.3f}",
            "",
            "exact",
            whole,
        ),
    ]


def _child(*arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.streams", *arguments],
        check=True,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).resolve().parent.parent,
    )
    return cast("dict[str, Any]", json.loads(done.stdout))


# -- in the process that is measured -----------------------------------------------------------------------------


def _memory(field: str) -> int:
    """The resident memory of this process in KB: now (``VmRSS``) or at its peak (``VmHWM``)."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform == "darwin" else 1)
    line = next(one for one in status.read_text().splitlines() if one.startswith(field))
    return int(line.split()[1])


def _stream(path: Path) -> dict[str, object]:
    from iec61968_9 import iter_xml
    from iec61968_9.profiles.meter_readings import MeterReading

    for codec in ("envelope", "meter_readings"):
        import_module(f"iec61968_9._codecs.{codec}")
    idle = _memory("VmRSS")
    count = thousandths = 0
    start = time.process_time()
    with iter_xml(path, MeterReading) as stream:
        for item in stream:
            for block in item.interval_blocks:
                count += len(block.interval_readings)
                for reading in block.interval_readings:
                    thousandths += int((reading.value or "").replace(".", ""))
    seconds = time.process_time() - start
    return {"seconds": seconds, "idle": idle, "peak": _memory("VmHWM"), "count": count, "sum": thousandths}


def _floor(path: Path) -> dict[str, object]:
    """The same document, element by element, each item forgotten when it ends."""
    start = time.process_time()
    for _, item in etree.iterparse(path, events=("end",), tag=f"{{{NAMESPACE}}}MeterReading"):
        item.clear()
        parent = item.getparent()
        while parent is not None and item.getprevious() is not None:
            del parent[0]
    return {"seconds": time.process_time() - start}


def _in_memory(meters: int) -> dict[str, object]:
    from iec61968_9 import from_xml

    data = meter_readings(meters)
    from_xml(data)  # the first has to ask the system for memory
    each: list[float] = []
    for _ in range(ROUNDS):
        start = time.process_time()
        from_xml(data)
        each.append(time.process_time() - start)
    return {"seconds": {"size": len(data), "each": each}}


if __name__ == "__main__":
    what, subject = sys.argv[1:]
    if what == "memory":
        print(json.dumps(_in_memory(int(subject))))
    else:
        print(json.dumps((_stream if what == "stream" else _floor)(Path(subject))))
