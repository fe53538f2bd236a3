"""Write a large message item by item, and read it item by item: neither side ever holds all of it.

A head end writes the quarter-hours of 300 meters into an EventMessage; an MDMS adds them up. Each meter is validated
before it arrives. Give a file of your own as argument to have its meters added up.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from iec61968_9 import Reference, iter_xml, open_writer
from iec61968_9.profiles import EventMessage, MeterReadings
from iec61968_9.profiles.envelope import Header, Payload, Verb
from iec61968_9.profiles.meter_readings import IntervalBlock, IntervalReading, Meter, MeterReading, Name

QUARTER_HOURS = Reference(ref="0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0")
MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)


def meters(count: int) -> Iterator[MeterReading]:
    """What the head end has, one meter at a time."""
    for number in range(count):
        readings = [
            IntervalReading(
                time_stamp=MIDNIGHT + quarter * timedelta(minutes=15), value=f"0.{number % 7}{quarter % 10}"
            )
            for quarter in range(1, 97)
        ]
        yield MeterReading(
            interval_blocks=[IntervalBlock(interval_readings=readings, reading_type=QUARTER_HOURS)],
            meter=Meter(names=[Name(name=f"MTR-{number:06}")]),
        )


def write(path: Path, count: int) -> None:
    """Write the message: the skeleton says everything but the items."""
    skeleton = EventMessage(
        header=Header(verb=Verb.CREATED, noun="MeterReadings", timestamp=MIDNIGHT, source="HES"),
        payload=Payload(contents=[MeterReadings()]),
    )
    with open_writer(path, skeleton, MeterReading) as writer:
        for item in meters(count):
            writer.append(item)


def read(path: Path) -> None:
    """Add up, meter by meter. The envelope is there before the first meter, the rest of the payload after the last."""
    count, total, largest = 0, Decimal(0), (Decimal(0), "none")
    with iter_xml(path, MeterReading) as stream:
        for item in stream:
            values = [one.value for block in item.interval_blocks for one in block.interval_readings]
            energy = sum((Decimal(value) for value in values if value is not None), Decimal(0))
            names = item.meter.names if item.meter is not None else []
            largest = max(largest, (energy, names[0].name if names else "unnamed"))
            count += 1
            total += energy
        match stream.envelope:
            case EventMessage(header=header):
                print(f"from {header.source}, {header.timestamp:%d %B %Y}")
            case _:
                print("from a file without envelope")
    print(f"{path.stat().st_size:,} bytes, {count} meters, {total} kWh; the most by {largest[1]}: {largest[0]} kWh")


def main(arguments: list[str]) -> None:
    """Read the given file, or one that is made for the purpose."""
    if arguments:
        return read(Path(arguments[0]))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "readings.xml"
        write(path, count=300)
        read(path)
    return None


if __name__ == "__main__":
    main(sys.argv[1:])
