"""Ten million readings in a gigabyte, read item by item and written item by item.

The document is made while it is read, by another process and through a pipe, which nobody can read twice. The source
knows how many readings there are and their exact sum; the reader counts and adds what it gets. Memory is looked at
after every thousandth part of the items. What is written goes through a pipe too, to a reader that counts and adds.

``python -m tests.load.streams [METERS]`` prints a table. Without a number, the meters make ten million readings.
"""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from decimal import Decimal
from typing import BinaryIO, cast

from benchmarks.samples import MESSAGE, NAMESPACE, QUARTER_HOURS, total, value
from tests.load.measuring import ROOT, Figures, environment, line, machine, memory, spread

__all__ = ["METERS", "check", "main", "read", "written"]

METERS = 105_000
"""Ten million readings, and a few more."""

SAMPLES = 1_000

_DAY = datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC)
_TIMES = [_DAY + datetime.timedelta(minutes=15 * (one + 1)) for one in range(QUARTER_HOURS)]
_BLOCK = "".join(
    f"<IntervalReadings><timeStamp>{one:%Y-%m-%dT%H:%M:%SZ}</timeStamp><value>%s</value></IntervalReadings>"
    for one in _TIMES
)
_METER = (
    f"<MeterReading><IntervalBlocks>{_BLOCK}"
    '<ReadingType ref="0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0"/></IntervalBlocks>'
    "<Meter><Names><name>M%09d</name></Names></Meter></MeterReading>\n"
)


def values(meter: int) -> Iterator[str]:
    """A meter's day as texts with three decimals."""
    for quarter in range(QUARTER_HOURS):
        thousandths = value(meter, quarter)
        yield f"{thousandths // 1000}.{thousandths % 1000:03}"


# -- in processes of their own -----------------------------------------------------------------------------------


def make(stream: BinaryIO, meters: int, *, enveloped: bool) -> None:
    """Write the document."""
    if enveloped:
        stream.write(
            f'<EventMessage xmlns="{MESSAGE}"><Header><Verb>created</Verb><Noun>MeterReadings</Noun>'
            "<Timestamp>2026-03-03T01:00:00Z</Timestamp><Source>HES</Source><MessageID>m-1</MessageID></Header>"
            "<Payload>".encode()
        )
    stream.write(f'<MeterReadings xmlns="{NAMESPACE}">\n'.encode())
    stream.writelines((_METER % (*values(meter), meter)).encode() for meter in range(meters))
    stream.write(b"</MeterReadings>")
    if enveloped:
        stream.write(b"</Payload></EventMessage>")


class _Counted:
    """A source that counts its bytes."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.size = 0

    def read(self, count: int) -> bytes:
        """The next bytes."""
        piece = self._stream.read(count)
        self.size += len(piece)
        return piece


def read(stream: BinaryIO, meters: int, *, strict: bool) -> Figures:
    """Read a document and add up its readings."""
    from iec61968_9 import iter_xml
    from iec61968_9.profiles.meter_readings import MeterReading

    source = _Counted(stream)
    count = items = 0
    sums = Decimal()
    samples: list[tuple[int, int]] = []
    every = max(meters // SAMPLES, 1)
    wall, processor = time.monotonic(), time.process_time()
    with iter_xml(cast("BinaryIO", source), MeterReading, mode="strict" if strict else "lenient") as found:
        for item in found:
            for block in item.interval_blocks:
                count += len(block.interval_readings)
                for reading in block.interval_readings:
                    sums += Decimal(reading.value or "NaN")
            items += 1
            if items % every == 0:
                samples.append((items, memory()))
    return {
        "size": source.size,
        "items": items,
        "count": count,
        "sum": str(sums),
        "seconds": time.process_time() - processor,
        "wall": time.monotonic() - wall,
        "samples": samples,
    }


def write(stream: BinaryIO, meters: int) -> Figures:
    """Write the same readings with ``open_writer``, inside an EventMessage."""
    from iec61968_9 import Reference, open_writer
    from iec61968_9.exchange import System
    from iec61968_9.profiles.meter_readings import (
        IntervalBlock,
        IntervalReading,
        Meter,
        MeterReading,
        MeterReadings,
        Name,
    )

    skeleton = System(source="HES").created(MeterReadings())
    kind = Reference(ref="0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0")
    samples: list[tuple[int, int]] = []
    every = max(meters // SAMPLES, 1)
    wall, processor = time.monotonic(), time.process_time()
    with open_writer(stream, skeleton, MeterReading) as writer:
        for meter in range(meters):
            readings = [
                IntervalReading(time_stamp=at, value=text) for at, text in zip(_TIMES, values(meter), strict=True)
            ]
            writer.append(
                MeterReading(
                    interval_blocks=[IntervalBlock(interval_readings=readings, reading_type=kind)],
                    meter=Meter(names=[Name(name=f"M{meter:09}")]),
                )
            )
            if (meter + 1) % every == 0:
                samples.append((meter + 1, memory()))
    return {"seconds": time.process_time() - processor, "wall": time.monotonic() - wall, "samples": samples}


# -- and around them ---------------------------------------------------------------------------------------------


def piped(source: list[str], reader: list[str]) -> tuple[Figures, Figures]:
    """Two steps of this module, the first's output the second's input: what each found."""
    here = [sys.executable, "-m", "tests.load.streams"]
    with subprocess.Popen(
        [*here, *source], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, env=environment()
    ) as maker:
        assert maker.stdout is not None
        assert maker.stderr is not None
        done = subprocess.run(
            [*here, *reader], stdin=maker.stdout, stdout=subprocess.PIPE, check=True, cwd=ROOT, env=environment()
        )
        maker.stdout.close()
        said = maker.stderr.read()
    if maker.returncode:
        raise ChildProcessError(said.decode())
    return json.loads(said), json.loads(done.stdout)


def check(found: Figures, meters: int) -> bool:
    """Whether nothing was lost: the readings, and their sum to the last digit."""
    expected = Decimal(total(meters)).scaleb(-3)
    return (found["items"], found["count"], Decimal(found["sum"])) == (meters, meters * QUARTER_HOURS, expected)


def written(meters: int) -> tuple[Figures, Figures]:
    """What is found when it is written item by item, and what a reader of that finds."""
    return piped(["write", str(meters)], ["read", "strict", str(meters)])


def main(arguments: list[str]) -> int:
    """Print the table; 0 if nothing was lost."""
    meters = int(arguments[0]) if arguments else METERS
    print(f"Streams of {meters:,} meters, {meters * QUARTER_HOURS:,} readings ({machine()})")
    lost = 0
    for form in ("bare", "enveloped"):
        for mode in ("strict", "lenient"):
            _, found = piped(["make", form, str(meters)], ["read", mode, str(meters)])
            lost += _row(f"iter_xml, {form}, {mode}", found, meters)
    maker, found = written(meters)
    line("open_writer, enveloped", f"{maker['seconds']:.0f} s of the processor", spread(maker["samples"], "an item"))
    lost += _row("and iter_xml on that, strict", found, meters)
    return bool(lost)


def _row(what: str, found: Figures, meters: int) -> bool:
    whole = check(found, meters)
    line(
        what,
        f"{found['size'] / 1e6:,.0f} MB in {found['seconds']:.0f} s of the processor ({found['wall']:.0f} s in all), "
        f"{found['size'] / 1e6 / found['seconds']:.1f} MB/s, {found['count'] / found['seconds'] / 1000:,.0f} thousand "
        f"readings/s; {spread(found['samples'], 'an item')};",
        f"{found['count']:,} readings, sum {Decimal(found['sum']):,}: {'exact' if whole else 'WRONG'}",
    )
    return not whole


def _step(name: str, arguments: list[str]) -> None:
    """What a child does."""
    meters = int(arguments[-1])
    if name == "make":
        make(sys.stdout.buffer, meters, enveloped=arguments[0] == "enveloped")
        print("{}", file=sys.stderr)
    elif name == "write":
        print(json.dumps(write(sys.stdout.buffer, meters)), file=sys.stderr)
    else:
        print(json.dumps(read(sys.stdin.buffer, meters, strict=arguments[0] == "strict")))


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in {"make", "write", "read"}:
        _step(sys.argv[1], sys.argv[2:])
    else:
        sys.exit(main(sys.argv[1:]))
