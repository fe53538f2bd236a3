"""A partner whose messages depart from the standard: read them leniently, see what was tolerated, repair it.

The message below is made up, but each of its habits is found in the field: one namespace for all payloads, members in
another order, members of the vendor's own, a literal in another case, a time without ``T``.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from iec61968_9 import Dialect, Report, SchemaError, from_xml, to_xml, validate
from iec61968_9.profiles import MeterReadings, ResponseMessage
from iec61968_9.profiles.meter_readings import Reading, ReadingReasonKind

RECEIVED = b"""\
<ResponseMessage xmlns="http://www.iec.ch/TC57/2011/schema/message">
  <Header>
    <Verb>reply</Verb>
    <Noun>MeterReadings</Noun>
    <MessageID>77</MessageID>
    <Source>HES</Source>
    <CorrelationID>76</CorrelationID>
  </Header>
  <Reply>
    <Result>OK</Result>
  </Reply>
  <Payload>
    <v:MeterReadings xmlns:v="urn:example:vendor:all-profiles">
      <v:MeterReading>
        <v:Meter>
          <v:Names>
            <v:name>MTR-104233</v:name>
          </v:Names>
          <v:timeZone>Europe/Vienna</v:timeZone>
        </v:Meter>
        <v:Readings>
          <v:reason>Billing</v:reason>
          <v:ReadingType ref="0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.3.72.0"/>
          <v:timeStamp>2026-03-02 08:00:00</v:timeStamp>
          <v:value>1234.5</v:value>
        </v:Readings>
      </v:MeterReading>
    </v:MeterReadings>
  </Payload>
</ResponseMessage>
"""

# What the partner spells differently is a value, not a setting: it serves reading, writing and validating alike.
PARTNER = Dialect(payload="urn:example:vendor:all-profiles")


def repaired(reading: Reading) -> Reading:
    """A reading with the partner's habits undone. What lenient reading could not type is in ``kept``."""
    time_stamp = reading.time_stamp
    for element in reading.kept.elements if reading.kept is not None else ():
        if element.tag.endswith("}timeStamp"):
            time_stamp = datetime.fromisoformat(element.element().text or "")
    literals = {str(literal).lower(): literal for literal in ReadingReasonKind}
    reason = literals.get(str(reading.reason).lower())
    return replace(reading, reason=reason, time_stamp=time_stamp, kept=None)


def main() -> None:
    """Refuse it strictly, read it leniently, write it leniently, repair it, write it strictly."""
    print("Strictly, it is refused:")
    try:
        from_xml(RECEIVED, dialect=PARTNER)
    except SchemaError as error:
        print(f"  {len(error.issues)} departures from the schemas, the first: {error.issues[0]}")

    report = Report()
    message = from_xml(RECEIVED, ResponseMessage[MeterReadings], mode="lenient", dialect=PARTNER, report=report)
    print("Leniently, it is read, and this was tolerated:")
    for finding in report:
        print(f"  {finding}")

    out = to_xml(message, mode="lenient")
    if from_xml(out, mode="lenient") != message:
        raise SystemExit("lenient writing promised to write what lenient reading read")
    print("Lenient writing puts it into the standard's order and namespace, and loses nothing.")
    print(f"  It still departs from the schemas in {len(validate(out))} places.")

    for meter_reading in message.content.meter_reading:
        if meter_reading.meter is not None:
            meter_reading.meter.kept = None  # the standard has no place for a time zone
        meter_reading.readings = [repaired(reading) for reading in meter_reading.readings]
    print("Repaired, it can be written strictly; this is its payload:")
    standard = to_xml(message, pretty=True)
    print("\n".join(f"  {line}" for line in standard.decode().splitlines()[13:28]))
    if validate(standard):
        raise SystemExit("to_xml promised a valid document")


if __name__ == "__main__":
    main()
