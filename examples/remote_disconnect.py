"""A remote disconnection, with both sides: the order, what the head end says, what each meter did, and calling off.

The reply to a control says that it was taken on. Whether a switch has opened, only the event of its meter says. Here
one meter opens its switch, the switch of one is stuck, and one says nothing, so that its control is called off.

Messages travel as bytes, as they would over any transport; nothing is sent anywhere.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from iec61968_9 import from_xml, to_xml
from iec61968_9.codes import EndDeviceControlCode, EndDeviceEventCode
from iec61968_9.exchange import (
    Accepted,
    Conversation,
    Conversations,
    OutcomeKind,
    Receipt,
    Service,
    State,
    System,
)
from iec61968_9.identity import mrid, names
from iec61968_9.profiles import EndDeviceControls, EndDeviceEvents, EventMessage, RequestMessage, ResponseMessage
from iec61968_9.profiles.end_device_controls import EndDevice, EndDeviceControl
from iec61968_9.profiles.end_device_events import Asset, EndDeviceEvent, EndDeviceEventDetail

METERS = {badge: mrid(badge, authority="ExampleUtility") for badge in ("MTR-104233", "MTR-104234", "MTR-104240")}
DISCONNECT = EndDeviceControlCode.parse("3.31.0.23")
DONE, FAILED = EndDeviceEventCode.parse("3.31.0.68"), EndDeviceEventCode.parse("3.31.0.84")
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)

MDMS = System(source="MDMS", context="PRODUCTION", clock=lambda: NOW)
HES = System(source="HES", context="PRODUCTION", clock=lambda: NOW)


def order() -> EndDeviceControls:
    """The control: one for all meters. Its mRID serves to call it off, its tracking number to tie the events to it."""
    control = EndDeviceControl(
        mrid=mrid(),
        issuer_id="CIS",
        issuer_tracking_id="SO-9001",
        reason="non-payment",
        end_device_control_type=DISCONNECT.to_reference(),
        end_devices=[EndDevice(mrid=meter, names=names(badge)) for badge, meter in METERS.items()],
    )
    return EndDeviceControls(end_device_control=[control])


def event(badge: str, code: EndDeviceEventCode, details: str | None = None) -> EndDeviceEvents:
    """What the head end tells when a meter has answered."""
    happened = EndDeviceEvent(
        mrid=mrid(),
        created_date_time=NOW + timedelta(minutes=1),
        issuer_tracking_id="SO-9001",
        assets=Asset(mrid=METERS[badge]),
        end_device_event_details=[EndDeviceEventDetail(name="reason", value=details)] if details else [],
        end_device_event_type=code.to_reference(),
    )
    return EndDeviceEvents(end_device_event=[happened])


def accepted(service: Service, document: bytes) -> RequestMessage[EndDeviceControls]:
    """The head end's look at what came in. A refusal would have its answer ready."""
    verdict = service.check(document)
    if not isinstance(verdict, Accepted):
        raise SystemExit(f"the head end refuses: {verdict.reason}")
    return verdict.request


def arrive(conversations: Conversations, message: ResponseMessage[Any] | EventMessage[Any]) -> Receipt:
    """A reply or event comes to the side that asked."""
    receipt = conversations.receive(from_xml(to_xml(message)), NOW)
    changed = [str(subject.identity.name()) for subject in receipt.changed if subject.control is not None]
    print(f"  {message.header.verb} {message.header.noun}: {' '.join([receipt.kind, *changed])}")
    for finding in receipt.findings:
        print(f"    {finding}")
    return receipt


def show(conversation: Conversation[object]) -> None:
    """What is known of each meter."""
    print(f"  the exchange is {conversation.state}:")
    for subject, outcome in conversation.outcomes.items():
        told = [EndDeviceEventCode.parse(one.end_device_event_type.ref).describe() for one in outcome.events]
        print(f"    {subject.identity.name()} {outcome.kind} {', '.join(told)}".rstrip())


def main() -> None:
    """Order it, hear of it, wait, call off the rest."""
    head_end = Service(HES, offers={EndDeviceControls: {"create", "cancel"}})
    conversations = Conversations()

    print(f"MDMS orders: {DISCONNECT.describe()}")
    request = MDMS.create(order(), reply_to="https://mdms.example/cim/reply")
    conversation = conversations.open(request, sent_at=NOW)
    asked = accepted(head_end, to_xml(request))

    print("The head end takes it on, and repeats the control when it is planned:")
    arrive(conversations, HES.acknowledge(asked))
    arrive(conversations, HES.created(request=asked))
    show(conversation)
    if conversation.state is not State.ACKNOWLEDGED:
        raise SystemExit("nothing is known of any switch so far")

    print("The meters answer, one of them without the correlation, and one event comes twice:")
    first = HES.created(event("MTR-104234", FAILED, "switch stuck"), request=asked)
    for message in (first, HES.created(event("MTR-104233", DONE)), first):
        arrive(conversations, message)
    show(conversation)

    print("The third meter says nothing. After an hour nobody knows what it did, so its control is called off:")
    for receipt in conversations.expire(NOW + timedelta(hours=1)):
        print(f"  {receipt.kind} {', '.join(str(subject.identity.name()) for subject in receipt.changed)}")
    cancel = MDMS.cancel(EndDeviceControls, ids=request.content.end_device_control)
    conversations.open(cancel, sent_at=NOW)
    canceled = accepted(head_end, to_xml(cancel))
    receipt = arrive(conversations, HES.reply(canceled))
    if conversation not in receipt.others:
        raise SystemExit("the exchange of the control should know that it was called off")
    arrive(conversations, HES.canceled(request=canceled))
    show(conversation)

    kinds = [outcome.kind for outcome in conversation.outcomes.values()]
    if kinds != [OutcomeKind.DONE, OutcomeKind.FAILED, OutcomeKind.CANCELED]:
        raise SystemExit(f"each meter has an outcome of its own, and these are not the right ones: {kinds}")
    print("One is disconnected; send somebody to the other two.")


if __name__ == "__main__":
    main()
