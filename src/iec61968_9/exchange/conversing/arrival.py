"""A message on its way to the exchange that it belongs to: what it says is looked up once, whoever asks."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from iec61968_9.exchange.contents import Unpacking, documents
from iec61968_9.exchange.conversing.control_events import Canceled, canceled_in
from iec61968_9.exchange.conversing.subjects import CONTROLS
from iec61968_9.exchange.occurrences import Occurrence, occurrences_in
from iec61968_9.exchange.parts import header_of
from iec61968_9.exchange.verbs import standard_verb
from iec61968_9.profiles.envelope import Payload, Verb
from iec61968_9.xml.report import Finding

__all__ = ["Arrival"]


class Arrival:
    """A message that has arrived.

    Args:
        message: The message.
        unpacking: How what is compressed in it is read.
    """

    def __init__(self, message: Any, unpacking: Unpacking) -> None:
        self.message = message
        self.header = header_of(message)
        self.cited = (self.header.correlation_id or "").strip()
        self.number = (self.header.message_id or "").strip()
        self.path = f"/{type(message).__name__}"
        self.unreadable: list[Finding] = []
        self._unpacking = unpacking

    @property
    def payload(self) -> Payload[Any] | None:
        """Its payload; None also where the message has no place for one."""
        payload: Payload[Any] | None = getattr(self.message, "payload", None)
        return payload

    @cached_property
    def contents(self) -> list[Any]:
        """What it carries; what cannot be read of it is ``unreadable`` then."""
        return self._unpacking.contents_of(self.message, self.unreadable) if self.payload is not None else []

    @cached_property
    def occurrences(self) -> tuple[Occurrence, ...]:
        """What it says that happened to devices."""
        return tuple(occurrences_in(*documents(self.contents)))

    @cached_property
    def canceled(self) -> tuple[Canceled, ...]:
        """The controls that it says were called off."""
        if standard_verb(self.header.verb) is not Verb.CANCELED or self.header.noun != CONTROLS:
            return ()
        return tuple(canceled_in(self.payload, self.contents))

    def with_canceled(self, canceled: Iterable[Canceled]) -> Arrival:
        """The same message, of which only some controls concern who gets it."""
        found = copy.copy(self)
        found.canceled = tuple(canceled)
        return found
