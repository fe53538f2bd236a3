"""Messages built and written: what a system pays for each message that it sends, beside the payload."""

from __future__ import annotations

from benchmarks.harness import Section, measure, time_row
from iec61968_9 import Reference, to_xml
from iec61968_9.exchange import System, error, operation
from iec61968_9.profiles import GetMeterReadings, MeterConfig, MeterReadings
from iec61968_9.profiles.get_meter_readings import EndDevice
from iec61968_9.profiles.meter_readings import Meter, MeterReading, Reading

__all__ = ["run"]

MOST = 0.000_1
METER = "6a0d5c1e-0b1f-4c55-9c0e-0000000000a1"


def run(*, rounds: int, calls: int) -> Section:
    """Measure."""
    mdms = System(source="MDMS", revision="1", context="PRODUCTION")
    query = GetMeterReadings(end_device=[EndDevice(mrid=METER)])
    kwh = Reference(ref="0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.3.72.0")
    reading = MeterReading(meter=Meter(mrid=METER), readings=[Reading(value="1234.5", reading_type=kwh)])
    readings = MeterReadings(meter_reading=[reading])
    request = mdms.get(query, reply_to="queue:MDMS.REPLIES")
    failure = error("4.1", of=METER)
    changes = mdms.execute([operation(1, "create", MeterConfig()), operation(2, "change", MeterConfig())])
    found = measure(
        {
            "a request, built": lambda: mdms.get(query, reply_to="queue:MDMS.REPLIES"),
            "a request, built and written": lambda: to_xml(mdms.get(query, reply_to="queue:MDMS.REPLIES")),
            "a reply with a reading and an error, built and written": lambda: to_xml(
                mdms.partial(request, readings, errors=[failure])
            ),
            "a reply with the reading compressed, built and written": lambda: to_xml(
                mdms.reply(request, readings, compress=True)
            ),
            "an event from a request of two operations, built and written": lambda: to_xml(
                mdms.executed(request=changes)
            ),
        },
        rounds,
        calls,
    )
    note = f"One meter's query and one reading; identifiers are random UUIDs; {calls:,} calls a repetition."
    goal = "a request, built and written"
    return Section(
        "Messages built",
        note,
        [time_row(name, times, most=MOST if name == goal else None) for name, times in found.items()],
    )
