"""The documents that are measured: quarter-hours of many meters, the same on every run.

A meter's day has 96 values, each with a quality, and each element stands on a line of its own. All values are whole
watt-hours in thousandths, so that a sum can be held to the last digit.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

__all__ = ["QUARTER_HOURS", "meter_reading", "meter_readings", "request", "total", "value", "write_meter_readings"]

QUARTER_HOURS = 96
NAMESPACE = "http://iec.ch/TC57/2011/MeterReadings#"
MESSAGE = "http://iec.ch/TC57/2011/schema/message"

_DAY = datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC)
_TIMES = [(_DAY + datetime.timedelta(minutes=15 * (one + 1))).strftime("%Y-%m-%dT%H:%M:%SZ") for one in range(96)]
_QUALITIES = ("1.0.0", "1.0.0", "1.0.0", "1.4.9", "3.8.1001")


def value(meter: int, quarter: int) -> int:
    """A reading in thousandths."""
    return (meter * 7_919 + quarter * 104_729) % 9_999


def total(meters: int) -> int:
    """The sum of all readings of the first meters, in thousandths."""
    return sum(value(meter, quarter) for meter in range(meters) for quarter in range(QUARTER_HOURS))


def meter_reading(meter: int) -> str:
    """One meter's day."""
    rows = [
        "        <IntervalReadings>\n"
        f"          <timeStamp>{_TIMES[quarter]}</timeStamp>\n"
        f"          <value>{(thousandths := value(meter, quarter)) // 1000}.{thousandths % 1000:03}</value>\n"
        "          <ReadingQualities>\n"
        f'            <ReadingQualityType ref="{_QUALITIES[(meter + quarter) % len(_QUALITIES)]}"/>\n'
        "          </ReadingQualities>\n"
        "        </IntervalReadings>\n"
        for quarter in range(QUARTER_HOURS)
    ]
    return (
        "    <MeterReading>\n      <IntervalBlocks>\n"
        + "".join(rows)
        + '        <ReadingType ref="0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0"/>\n      </IntervalBlocks>\n'
        + f"      <Meter>\n        <Names>\n          <name>M{meter:09}</name>\n        </Names>\n      </Meter>\n"
        + "      <valuesInterval>\n        <end>2026-03-03T00:00:00Z</end>\n"
        + "        <start>2026-03-02T00:00:00Z</start>\n      </valuesInterval>\n    </MeterReading>\n"
    )


def _pieces(meters: int, *, enveloped: bool) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    if enveloped:
        yield (
            f'<EventMessage xmlns="{MESSAGE}">\n  <Header>\n    <Verb>created</Verb>\n'
            "    <Noun>MeterReadings</Noun>\n    <Timestamp>2026-03-03T01:00:00Z</Timestamp>\n"
            "    <Source>HES</Source>\n    <MessageID>m-1</MessageID>\n  </Header>\n  <Payload>\n"
        )
    yield f'  <MeterReadings xmlns="{NAMESPACE}">\n'
    for meter in range(meters):
        yield meter_reading(meter)
    yield "  </MeterReadings>\n"
    if enveloped:
        yield "    <Format>XML</Format>\n  </Payload>\n</EventMessage>\n"


def meter_readings(meters: int) -> bytes:
    """A bare payload. A thousand meters are 24 MB."""
    return "".join(_pieces(meters, enveloped=False)).encode()


def write_meter_readings(path: Path, meters: int, *, enveloped: bool) -> int:
    """The same in a file, bare or inside an EventMessage; returns its bytes."""
    with path.open("wb") as stream:
        for piece in _pieces(meters, enveloped=enveloped):
            stream.write(piece.encode())
    return path.stat().st_size


def request(meters: int = 14) -> bytes:
    """A request of 2 KB for the readings of some meters."""
    asked = "".join(
        f"        <EndDevice>\n          <mRID>6a0d5c1e-0b1f-4c55-9c0e-{meter:012}</mRID>\n        </EndDevice>\n"
        for meter in range(meters)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<RequestMessage xmlns="{MESSAGE}">\n  <Header>\n'
        "    <Verb>get</Verb>\n    <Noun>MeterReadings</Noun>\n    <Revision>1</Revision>\n"
        "    <Timestamp>2026-03-02T08:00:00Z</Timestamp>\n    <Source>MDMS</Source>\n"
        "    <AsyncReplyFlag>false</AsyncReplyFlag>\n    <MessageID>m-1</MessageID>\n"
        "    <CorrelationID>c-1</CorrelationID>\n  </Header>\n  <Request>\n"
        '    <GetMeterReadings xmlns="http://iec.ch/TC57/2011/GetMeterReadings#">\n'
        + asked
        + "      <ReadingType>\n        <Names>\n          <name>0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0</name>\n"
        "        </Names>\n      </ReadingType>\n"
        "      <TimeSchedule>\n        <scheduleInterval>\n          <end>2026-03-03T00:00:00Z</end>\n"
        "          <start>2026-03-02T00:00:00Z</start>\n        </scheduleInterval>\n      </TimeSchedule>\n"
        "    </GetMeterReadings>\n  </Request>\n</RequestMessage>\n"
    ).encode()
