"""One small message at a time, warm: what a service pays for each request."""

from __future__ import annotations

from benchmarks.harness import Section, measure, time_row
from benchmarks.samples import request
from iec61968_9 import from_xml, to_xml

__all__ = ["run"]

MOST = 0.000_3


def run(*, rounds: int, calls: int) -> Section:
    """Measure."""
    data = request()
    message = from_xml(data)
    for _ in range(calls):  # warm
        from_xml(data)
    found = measure(
        {
            "from_xml, strict": lambda: from_xml(data),
            "from_xml, lenient": lambda: from_xml(data, mode="lenient"),
            "to_xml, strict": lambda: to_xml(message),
        },
        rounds,
        calls,
    )
    note = f"A request for the readings of 14 meters, {len(data):,} bytes, warm; {calls:,} calls a repetition."
    rows = [time_row(name, times, most=None if "lenient" in name else MOST) for name, times in found.items()]
    return Section("A small request", note, rows)
