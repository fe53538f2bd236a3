"""What happened to devices, by payloads of events and by events that ride on readings.

Device events are repeated: by the head end until it is heard, by relays, and inside the readings that they caused. One
event is known by its device, its code and its time (C1), so occurrences are equal where these three are.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import attrs

from iec61968_9.codes.end_device import EndDeviceEventCode
from iec61968_9.codes.resolver import CodeResolver
from iec61968_9.identity import Identity, identify
from iec61968_9.profiles.envelope import EventMessage, FaultMessage, Message, RequestMessage, ResponseMessage
from iec61968_9.xml.record import ForeignElement, Record

__all__ = ["Occurrence", "occurrences_in"]

ENVELOPES = (EventMessage, FaultMessage, Message, RequestMessage, ResponseMessage)


@attrs.frozen(kw_only=True, eq=False)
class Occurrence:
    """Something that happened to a device.

    Two are equal if device, code and time are; one that lacks any of these is equal to none but itself.

    Attributes:
        event: The event, as the payload has it.
        devices: What it says that it happened to: the asset, the usage point, or the meter whose reading it rides on.
        code: What happened; None where nothing readable says so.
    """

    event: Any
    devices: tuple[Identity, ...]
    code: EndDeviceEventCode | None

    @property
    def device(self) -> Identity | None:
        """What it happened to, or None where it does not say."""
        return self.devices[0] if self.devices else None

    @property
    def at(self) -> datetime | None:
        """When it happened; in lenient reading None where that cannot be read."""
        time: datetime | None = self.event.created_date_time
        return time

    @property
    def tracking_id(self) -> str | None:
        """The tracking number of the control that caused it, or None."""
        return (self.event.issuer_tracking_id or "").strip() or None

    def _key(self) -> tuple[object, ...] | None:
        """What it is known by. An mRID is enough of a device; some senders add names to it, and some do not."""
        if self.device is None or self.code is None or self.at is None:
            return None
        device = Identity(mrid=self.device.mrid) if self.device.mrid is not None else self.device
        return device, self.code, self.at

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Occurrence):
            return NotImplemented
        key = self._key()
        return self.event is other.event if key is None else key == other._key()

    def __hash__(self) -> int:
        return hash(self._key() or id(self.event))


def occurrences_in(*payloads: object) -> Iterator[Occurrence]:
    """Yield what happened to devices, by payloads of EndDeviceEvents and of MeterReadings, in their order.

    Args:
        *payloads: The payloads; those of other nouns have none.

    Raises:
        TypeError: Something else was given, such as the message around a payload.
    """
    for payload in payloads:
        _check_payload(payload)
        events: list[Any] = getattr(payload, "end_device_event", None) or []
        readings: list[Any] = getattr(payload, "meter_reading", None) or []
        resolver = CodeResolver(payload) if events or readings else None
        for event in events:
            yield _occurrence(event, resolver)
        for reading in readings:
            for event in getattr(reading, "end_device_events", None) or ():
                yield _occurrence(event, resolver, reading.meter, reading.usage_point)


def _check_payload(given: object) -> None:
    """Refuse what is no payload: it has no events either, and that must not look like a quiet day."""
    name = type(given).__name__
    around = isinstance(given, ENVELOPES)
    if around or not isinstance(given, Record | ForeignElement):
        advice = "give what it carries: message.content" if around else "give payloads, such as an EndDeviceEvents"
        msg = f"{name} is no payload; {advice}"
        raise TypeError(msg)


def _occurrence(event: Any, resolver: CodeResolver | None, *around: Any) -> Occurrence:
    cited = (resolver or CodeResolver()).cite(event.end_device_event_type, EndDeviceEventCode)
    own = _identities(getattr(event, "assets", None), getattr(event, "usage_point", None))
    return Occurrence(event=event, devices=own or _identities(*around), code=cited.code if cited.is_readable else None)


def _identities(*objects: Any) -> tuple[Identity, ...]:
    return tuple(identity for one in objects if one is not None and (identity := identify(one)))
