"""JMS (IEC 61968-100 8.4): the message header's fields as a JMS message has them, and back.

The body of a JMS text message is the message itself, as ``write_message`` gives it. Beside it, some fields of the
header stand on the JMS message too, so that brokers and consumers can select by them. Nothing here needs a broker.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import attrs

from iec61968_9.errors import DecodeError, EncodeError
from iec61968_9.profiles.envelope import EventMessage, Header, MessageProperty, RequestMessage
from iec61968_9.xml.codec import fits

__all__ = ["JmsFields", "complete", "destination", "jms_fields"]

_IDENTIFIER = re.compile(r"[^\W\d]\w*").fullmatch
_RESERVED = frozenset({"NULL", "TRUE", "FALSE", "NOT", "AND", "OR", "BETWEEN", "LIKE", "IN", "IS", "ESCAPE"})
_DESTINATIONS = {"REQUESTS": RequestMessage, "EVENTS": EventMessage}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@attrs.frozen(kw_only=True)
class JmsFields:
    """The fields of a JMS message that mirror a header.

    Attributes:
        message_id: ``JMSMessageID``. Most brokers set one of their own when they send; then it says nothing here.
        timestamp: ``JMSTimestamp``, in milliseconds since 1970-01-01 00:00 UTC.
        correlation_id: ``JMSCorrelationID``.
        reply_to: ``JMSReplyTo``, as ``topic:NAME`` or ``queue:NAME``.
        properties: The message's properties by name.
    """

    message_id: str | None = None
    timestamp: int | None = None
    correlation_id: str | None = None
    reply_to: str | None = None
    properties: Mapping[str, str] = attrs.field(factory=dict[str, str], hash=False)


def jms_fields(header: Header) -> JmsFields:
    """The JMS fields that mirror a header. A reply address that is a URL has no place there.

    Raises:
        EncodeError: The header's time has no zone, or a property's name is repeated or none that JMS allows.
    """
    timestamp: int | None = None
    if header.timestamp is not None:
        if header.timestamp.tzinfo is None:
            raise EncodeError("a time without a zone has no JMSTimestamp", path="/Header/Timestamp")
        timestamp = (header.timestamp - _EPOCH) // timedelta(milliseconds=1)
    properties: dict[str, str] = {}
    for number, one in enumerate(header.property, 1):
        path = f"/Header/Property[{number}]/Name"
        name = cast("str | None", one.name)  # which lenient reading lets be missing
        if name is None or not _IDENTIFIER(name) or name.upper() in _RESERVED or name.startswith("JMS"):
            raise EncodeError("JMS allows no such property", path=path, expected="a Java identifier", got=name)
        if name in properties:
            raise EncodeError("a JMS message has a property once", path=path, got=name)
        properties[name] = one.value or ""
    address = header.reply_address
    return JmsFields(
        message_id=header.message_id,
        timestamp=timestamp,
        correlation_id=header.correlation_id,
        reply_to=address if address is not None and address.startswith(("topic:", "queue:")) else None,
        properties=properties,
    )


def complete(header: Header, fields: JmsFields) -> Header:
    """A header with what it lacks taken from the JMS message. What it has stands, whatever the JMS message says.

    Raises:
        DecodeError: The header lacks its time, and JMSTimestamp is none that it can say.
    """
    known = {one.name for one in header.property}
    added = [MessageProperty(name=name, value=value) for name, value in fields.properties.items() if name not in known]
    changes: dict[str, Any] = {
        "message_id": header.message_id or fields.message_id,
        "correlation_id": header.correlation_id or fields.correlation_id,
        "timestamp": header.timestamp or _time(fields.timestamp),
        "reply_address": header.reply_address or fields.reply_to,
        "property": [*header.property, *added],
    }
    return replace(header, **changes)


def _time(timestamp: int | None) -> datetime | None:
    """The time that a JMSTimestamp says."""
    try:
        return None if timestamp is None else _EPOCH + timedelta(milliseconds=timestamp)
    except OverflowError:
        raise DecodeError(
            "this JMSTimestamp is no time of the years 1 to 9999",
            path="/Header/Timestamp",
            expected="milliseconds since 1970-01-01 00:00 UTC",
            got=str(timestamp),
        ) from None


def destination(message: Any, *, context: str | None = None) -> str:
    """The name of a destination as the standard's example forms it: ``PRODUCTION.REQUESTS.MeterReadings.get``.

    Args:
        message: A request, or an event.
        context: The environment; None takes the header's.

    Raises:
        EncodeError: It is a reply, which goes to the reply address of its request; or it has no verb or no noun.
    """
    kind = next((name for name, root in _DESTINATIONS.items() if fits(message, root)), None)
    if kind is None:
        raise EncodeError(
            "only requests and events have a destination of their own",
            path=f"/{type(message).__name__}",
            expected="a RequestMessage or an EventMessage",
            got=type(message).__name__,
        )
    header: Header = message.header
    for element in ("Verb", "Noun"):
        if not getattr(header, element.lower(), None):  # lenient reading lets it be missing, and the header
            path = f"/{type(message).__name__}/Header/{element}"
            raise EncodeError(f"a destination is named by verb and noun, and there is no {element}", path=path)
    return ".".join([*filter(None, [context or header.context]), kind, header.noun, str(header.verb)])
