"""A tampered meter: an event over SOAP that is told more than once, logged once, answered, relayed and cleared.

Nobody asks for such an event and nobody answers it, but SOAP wants a response to say that it has arrived. The head end
tells it again when that response is lost, and once more with the reading that the meter took. Device, code and time
make it the same event.

Messages travel as bytes, as they would over HTTP; nothing is sent anywhere.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from iec61968_9 import Reference
from iec61968_9.codes import EndDeviceEventCode
from iec61968_9.exchange import (
    Accepted,
    Form,
    Occurrence,
    Service,
    SoapVersion,
    Style,
    System,
    content_of,
    occurrences_in,
    read_message,
    soap_action,
    write_message,
)
from iec61968_9.identity import mrid
from iec61968_9.profiles import EndDeviceEvents, EventMessage, MeterReadings, ResponseMessage
from iec61968_9.profiles.end_device_events import Asset, EndDeviceEvent
from iec61968_9.profiles.meter_readings import Meter, MeterReading, Reading

METER = mrid("MTR-104233", authority="ExampleUtility")
COVER_REMOVED, COVER_CLEARED = (EndDeviceEventCode.parse(code) for code in ("3.12.29.212", "3.12.29.28"))
OPENED = datetime(2026, 3, 2, 3, 12, tzinfo=UTC)
TYPED = Form(soap=SoapVersion.V1_1, style=Style.TYPED)

HES, MDMS, CIS = (System(source=name, context="PRODUCTION") for name in ("HES", "MDMS", "CIS"))


def happened(code: EndDeviceEventCode, at: datetime) -> EndDeviceEvents:
    """An event of the meter."""
    event = EndDeviceEvent(
        mrid=mrid(),
        created_date_time=at,
        assets=Asset(mrid=METER),
        end_device_event_type=code.to_reference(),
    )
    return EndDeviceEvents(end_device_event=[event])


def reading() -> MeterReadings:
    """The reading that the meter took when it happened, with the event on it."""
    register = Reading(
        value="1234.5", time_stamp=OPENED, reading_type=Reference(ref="0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.3.72.0")
    )
    event = EndDeviceEvent(created_date_time=OPENED, end_device_event_type=COVER_REMOVED.to_reference())
    taken = MeterReading(
        is_coincident_trigger=True, meter=Meter(mrid=METER), readings=[register], end_device_events=[event]
    )
    return MeterReadings(meter_reading=[taken])


class Receiver:
    """A system that listens: it checks what is posted, keeps what is new, and answers that it has arrived."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.service = Service(system, offers={EndDeviceEvents: {"created"}, MeterReadings: {"created"}})
        self.log: dict[Occurrence, datetime] = {}

    def post(self, document: bytes) -> bytes | None:
        """Take what was posted; return the response, or None for what is dropped."""
        verdict = self.service.check(document)
        if not isinstance(verdict, Accepted) or not isinstance(verdict.message, EventMessage) or verdict.form is None:
            return None  # a bad event is logged and dropped, not answered
        for occurrence in occurrences_in(content_of(verdict.message)):
            if occurrence.code is None or occurrence.at is None:
                continue
            state = "known" if occurrence in self.log else "new"
            self.log.setdefault(occurrence, occurrence.at)
            print(f"  {self.system.source}: {state}: {occurrence.at:%H:%M} {occurrence.code.describe()}")
        return write_message(self.system.reply(verdict.message), verdict.form.answering())


def tell(event: EventMessage[EndDeviceEvents] | EventMessage[MeterReadings], receiver: Receiver) -> None:
    """Post an event over SOAP, and see that it has arrived."""
    print(f"  POST {soap_action(event, TYPED)}")
    answer = receiver.post(write_message(event, TYPED))
    if answer is None:
        raise SystemExit("a good event was dropped")
    response = read_message(answer, ResponseMessage[None]).message
    if response.header.correlation_id != event.header.message_id or response.reply.result != "OK":
        raise SystemExit("the response should say that this event has arrived")


def main() -> None:
    """Tell, tell again, relay, clear."""
    mdms, cis = Receiver(MDMS), Receiver(CIS)

    print("The head end tells that the cover was removed:")
    tell(HES.created(happened(COVER_REMOVED, OPENED)), mdms)
    print("The response is lost, so it tells it again, as a message of its own:")
    tell(HES.created(happened(COVER_REMOVED, OPENED)), mdms)
    print("The meter's next reading carries the event as well:")
    tell(HES.created(reading()), mdms)
    if len(mdms.log) != 1:
        raise SystemExit("one event should be one event, however often it is told")

    print("The MDMS tells the customer system, with the code and time of the meter:")
    news = EndDeviceEvents(end_device_event=[occurrence.event for occurrence in mdms.log])
    tell(MDMS.created(news), cis)

    print("Somebody has closed the cover; its code differs in the last part only:")
    tell(HES.created(happened(COVER_CLEARED, OPENED + timedelta(hours=7))), mdms)
    codes = [occurrence.code for occurrence in mdms.log if occurrence.code is not None]
    if len(codes) != 2 or codes[0].parts[:3] != codes[1].parts[:3]:
        raise SystemExit("the second event should clear the first")
    print("Cut off on the way, an event is dropped:")
    document = write_message(HES.created(happened(COVER_REMOVED, OPENED)), TYPED)
    if mdms.post(document[:-40]) is not None:
        raise SystemExit("nobody is told that an event cannot be read")
    print(f"  {len(document) - 40} of {len(document)} bytes came, and nothing is answered")


if __name__ == "__main__":
    main()
