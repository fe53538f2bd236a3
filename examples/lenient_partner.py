"""A partner whose messages depart from the standard: read leniently, see what was tolerated, send on strictly.

The message below is made up, but each of its habits is found in the field: the envelope's namespace of a draft, one
namespace for all payloads, a token in the header, members in another order, placeholders, a time with a blank for its
T and without a zone, an empty shell, a literal in another case, a member of the vendor's own.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

from iec61968_9 import Dialect, EncodeError, Report, SchemaError, from_xml, to_xml, validate
from iec61968_9.profiles import MeterReadings, ResponseMessage
from iec61968_9.profiles.meter_readings import Reading, ReadingReasonKind

RECEIVED = b"""\
<ResponseMessage xmlns="http://www.iec.ch/TC57/2010/schema/message">
  <Header>
    <Verb>reply</Verb>
    <Noun>MeterReadings</Noun>
    <MessageID>77</MessageID>
    <Source>HES</Source>
    <CorrelationID>76</CorrelationID>
    <Comment>?</Comment>
    <Authorization xmlns="">Bearer 3x4mpl3</Authorization>
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
          <v:timePeriod/>
          <v:timeStamp>2026-03-02 08:00:00</v:timeStamp>
          <v:value>1234.5</v:value>
        </v:Readings>
      </v:MeterReading>
    </v:MeterReadings>
    <format>XML</format>
  </Payload>
</ResponseMessage>
"""

# What the partner spells differently is a value, not a setting: it serves reading, writing and validating alike.
PARTNER = Dialect(payload="urn:example:vendor:all-profiles")


def repaired(reading: Reading) -> Reading:
    """A reading with what the library cannot know: that Billing means billing, and that the partner's clock is UTC."""
    literals = {str(literal).lower(): literal for literal in ReadingReasonKind}
    time_stamp = reading.time_stamp
    if time_stamp is not None and time_stamp.tzinfo is None:
        time_stamp = time_stamp.replace(tzinfo=UTC)
    return replace(reading, reason=literals.get(str(reading.reason).lower()), time_stamp=time_stamp)


def main() -> None:
    """Refuse it strictly, read it leniently, show the report, write it leniently, repair it, send it on strictly."""
    print("Strictly, it is refused:")
    try:
        from_xml(RECEIVED, dialect=replace(PARTNER, envelope="http://www.iec.ch/TC57/2010/schema/message"))
    except SchemaError as error:
        print(f"  {len(error.issues)} departures from the schemas, the first: {error.issues[0]}")

    report = Report()
    message = from_xml(RECEIVED, ResponseMessage[MeterReadings], mode="lenient", dialect=PARTNER, report=report)
    print("Leniently, it is read, and this was tolerated:")
    print("\n".join(f"  {line}" for line in report.summary().splitlines()))
    print("One by one, as for a log:")
    for finding in report:
        print(f"  {finding}")
    if "3x4mpl3" in str(report) + report.json_lines():
        raise SystemExit("a report promised to hold no value that nobody knows")

    back = to_xml(message, mode="lenient")
    if from_xml(back, mode="lenient") != message:
        raise SystemExit("lenient writing promised to write what lenient reading read")
    print("Lenient writing puts it into the standard's order and namespaces, and loses nothing.")
    print(f"  It still departs from the schemas in {len(validate(back))} places.")

    try:
        to_xml(message)
    except EncodeError as error:
        print(f"Strict writing leaves out what says nothing, and asks about the rest: {error}")
    message.header.kept = None  # the token was for us
    for meter_reading in message.content.meter_reading:
        if meter_reading.meter is not None:
            meter_reading.meter.kept = None  # the standard has no place for a time zone
        meter_reading.readings = [repaired(reading) for reading in meter_reading.readings]
    standard = to_xml(message, pretty=True)
    if validate(standard):
        raise SystemExit("to_xml promised a valid document")
    print("Repaired, it is sent on in the standard's form:")
    print("\n".join(f"  {line}" for line in standard.decode().splitlines()[1:]))


if __name__ == "__main__":
    main()
