"""Building events: what was done or noticed, after a request or unasked.

After a request, noun, payload and correlation are the request's (rule R11); the payload is a copy. An event may also
follow a request for something else: the readings that a schedule brings, the device's word on a control.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Unpack, cast, overload

from iec61968_9.errors import ExchangeError
from iec61968_9.exchange.building.compression import PayloadFile, packed
from iec61968_9.exchange.building.copying import copied
from iec61968_9.exchange.building.defaults import Defaults
from iec61968_9.exchange.building.headers import HeaderFields, PayloadFields, check_own, correlation_of
from iec61968_9.exchange.building.nouns import OPERATION_SET, noun_of, payload_noun
from iec61968_9.exchange.building.operations import check_tense, done, operation_set
from iec61968_9.exchange.building.replies import IDLike, object_ids
from iec61968_9.exchange.verbs import EVENT_VERBS, standard_verb
from iec61968_9.profiles.envelope import EventMessage, Header, Operation, OperationSet, Payload, RequestMessage, Verb
from iec61968_9.xml.record import Content

if TYPE_CHECKING:
    from typing_extensions import TypeVar

    P = TypeVar("P", bound=Content | PayloadFile, default=Any)
else:
    from typing import TypeVar

    P = TypeVar("P")

__all__ = ["Events"]

B = TypeVar("B")

PLAIN = frozenset(HeaderFields.__optional_keys__)
LOADED = frozenset(PayloadFields.__optional_keys__)


class Events(Defaults):
    """The part of a system that tells."""

    __slots__ = ()

    @overload
    def created(
        self, payload: P, /, *, request: RequestMessage[Any] | None = None, **fields: Unpack[PayloadFields]
    ) -> EventMessage[P]: ...

    @overload
    def created(self, /, *, request: RequestMessage[B], **fields: Unpack[HeaderFields]) -> EventMessage[B]: ...

    def created(
        self, payload: Any = None, /, *, request: RequestMessage[Any] | None = None, **fields: Unpack[PayloadFields]
    ) -> EventMessage[Any]:
        """Tell that something new exists: readings, a device's event, an object that was asked for.

        Args:
            payload: What is new. By default a copy of what the request asked to create.
            request: The request that it follows from; the event carries its correlation.
            **fields: The header's fields; ``noun``, ``compress`` and ``format`` of the payload.

        Raises:
            ExchangeError: There is no payload, the request did not ask to create, or another rule would be broken.
        """
        return self._event(Verb.CREATED, payload, request, (), fields)

    @overload
    def changed(
        self, payload: P, /, *, request: RequestMessage[Any] | None = None, **fields: Unpack[PayloadFields]
    ) -> EventMessage[P]: ...

    @overload
    def changed(self, /, *, request: RequestMessage[B], **fields: Unpack[HeaderFields]) -> EventMessage[B]: ...

    def changed(
        self, payload: Any = None, /, *, request: RequestMessage[Any] | None = None, **fields: Unpack[PayloadFields]
    ) -> EventMessage[Any]:
        """Tell that objects were changed: their identity and what is different now.

        Args:
            payload: What changed. By default a copy of what the request asked to change.
            request: As for ``created``.
            **fields: As for ``created``.

        Raises:
            ExchangeError: As for ``created``.
        """
        return self._event(Verb.CHANGED, payload, request, (), fields)

    @overload
    def deleted(
        self,
        what: P | type[P] | str,
        /,
        *,
        request: RequestMessage[Any] | None = None,
        ids: Iterable[IDLike] = (),
        **fields: Unpack[PayloadFields],
    ) -> EventMessage[P]: ...

    @overload
    def deleted(
        self, /, *, request: RequestMessage[B], ids: Iterable[IDLike] = (), **fields: Unpack[HeaderFields]
    ) -> EventMessage[B]: ...

    def deleted(
        self,
        what: Any = None,
        /,
        *,
        request: RequestMessage[Any] | None = None,
        ids: Iterable[IDLike] = (),
        **fields: Unpack[PayloadFields],
    ) -> EventMessage[Any]:
        """Tell that objects were removed.

        Args:
            what: The noun, or the payload's class, beside ``ids``; or a payload that identifies the objects. By default
                a copy of what the request names, in the way that the request names it. A request may name them in
                both ways, and an event in one only: then it is the payload that is copied.
            request: As for ``created``.
            ids: Identifiers of the objects, in place of a payload.
            **fields: As for ``created``.

        Raises:
            ExchangeError: Nothing says which objects, or the message would break another rule.
        """
        return self._event(Verb.DELETED, what, request, ids, fields)

    @overload
    def closed(
        self,
        what: P | type[P] | str,
        /,
        *,
        request: RequestMessage[Any] | None = None,
        ids: Iterable[IDLike] = (),
        **fields: Unpack[PayloadFields],
    ) -> EventMessage[P]: ...

    @overload
    def closed(
        self, /, *, request: RequestMessage[B], ids: Iterable[IDLike] = (), **fields: Unpack[HeaderFields]
    ) -> EventMessage[B]: ...

    def closed(
        self,
        what: Any = None,
        /,
        *,
        request: RequestMessage[Any] | None = None,
        ids: Iterable[IDLike] = (),
        **fields: Unpack[PayloadFields],
    ) -> EventMessage[Any]:
        """Tell that something reached the end of its life, such as a service order or an alarm.

        Args:
            what: As for ``deleted``.
            request: As for ``created``.
            ids: As for ``deleted``.
            **fields: As for ``created``.

        Raises:
            ExchangeError: Nothing says which objects, or the message would break another rule.
        """
        return self._event(Verb.CLOSED, what, request, ids, fields)

    @overload
    def canceled(
        self,
        what: P | type[P] | str,
        /,
        *,
        request: RequestMessage[Any] | None = None,
        ids: Iterable[IDLike] = (),
        **fields: Unpack[PayloadFields],
    ) -> EventMessage[P]: ...

    @overload
    def canceled(
        self, /, *, request: RequestMessage[B], ids: Iterable[IDLike] = (), **fields: Unpack[HeaderFields]
    ) -> EventMessage[B]: ...

    def canceled(
        self,
        what: Any = None,
        /,
        *,
        request: RequestMessage[Any] | None = None,
        ids: Iterable[IDLike] = (),
        **fields: Unpack[PayloadFields],
    ) -> EventMessage[Any]:
        """Tell that something was called off.

        Args:
            what: As for ``deleted``.
            request: As for ``created``.
            ids: As for ``deleted``.
            **fields: As for ``created``.

        Raises:
            ExchangeError: Nothing says which objects, or the message would break another rule.
        """
        return self._event(Verb.CANCELED, what, request, ids, fields)

    def executed(
        self,
        operations: OperationSet | Iterable[Operation] | None = None,
        /,
        *,
        request: RequestMessage[Any] | None = None,
        **fields: Unpack[HeaderFields],
    ) -> EventMessage[Any]:
        """Tell that the operations of a set were run. The event has a copy of them, with verbs in the past tense.

        Args:
            operations: The operations. By default those of the request.
            request: As for ``created``.
            **fields: The header's fields.

        Raises:
            ExchangeError: There is no operation, or the message would break another rule.
        """
        if operations is None:
            slot = _asked(Verb.EXECUTED, request).payload
            operations = slot.operation_set if slot is not None and slot.operation_set is not None else ()
        made = done(operations if isinstance(operations, OperationSet) else operation_set(operations))
        check_tense(made, past=True)
        header = self._event_header(Verb.EXECUTED, OPERATION_SET, request, cast("PayloadFields", fields), PLAIN)
        return EventMessage(header=header, payload=Payload(operation_set=made))

    def _event(
        self,
        verb: Verb,
        what: Any,
        request: RequestMessage[Any] | None,
        ids: Iterable[IDLike],
        fields: PayloadFields,
    ) -> EventMessage[Any]:
        """An event about one noun."""
        named = object_ids(ids)
        slot: Payload[Any] | None = None
        if what is None:
            asked = _asked(verb, request)
            noun = noun_of(asked.header.noun)
            slot = None if named or _is_empty(asked.payload) else copied(asked.payload)
            if not named and slot is None and asked.request is not None:
                named = copied(asked.request.id)
        elif isinstance(what, str | type):
            noun = payload_noun(what)
        else:
            noun = payload_noun(what, fields.get("noun"))
            slot = packed(what, compress=fields.get("compress", False), format=fields.get("format"))
        rule = EVENT_VERBS[verb].tells
        assert rule is not None  # noqa: S101  # the row has an event
        rule.check(f"a {verb} event", payload=slot is not None, ids=bool(named))
        if slot is not None and named:
            raise ExchangeError("an event carries its payload or identifiers, not both", rule="R11", clause="6.4")
        own = slot is not None and what is not None
        header = self._event_header(verb, noun, request, fields, LOADED if own else PLAIN)
        return EventMessage(header=header, payload=slot or Payload(id=named))

    def _event_header(
        self,
        verb: Verb,
        noun: str,
        request: RequestMessage[Any] | None,
        fields: PayloadFields,
        allowed: frozenset[str],
    ) -> Header:
        if request is None:
            return self._header(verb, noun, fields, allowed, None)
        correlation = correlation_of(request.header)
        if fields.get("correlation_id", correlation) not in {None, correlation}:
            raise ExchangeError(
                f"an event's CorrelationID is that of the request that it follows: {correlation!r}",
                rule="R11",
                clause="6.8",
                advice="without request= it may have another",
            )
        header = self._header(verb, noun, fields, allowed, correlation)
        check_own(header, request.header, "an event")
        return header


def _is_empty(payload: Payload[Any] | None) -> bool:
    """Whether there is no payload, or one that says nothing, as some senders have it beside identifiers."""
    return payload is None or payload == Payload(format=payload.format)


def _asked(verb: Verb, request: RequestMessage[Any] | None) -> RequestMessage[Any]:
    """The request whose payload an event copies: it asked for what the event tells."""
    rule = EVENT_VERBS[verb]
    if request is None:
        raise ExchangeError(f"{verb} needs what it tells of, or the request", rule="R11", clause="6.8")
    if standard_verb(request.header.verb) is not rule.request:
        raise ExchangeError(
            f"an event that says {verb} is no copy of a request that says {request.header.verb}",
            rule="R11",
            clause="6.8",
            advice="give the payload as well",
        )
    return request
