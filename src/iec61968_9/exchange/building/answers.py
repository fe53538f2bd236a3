"""Building replies: complete, an acknowledgement, one of several, a failure; and faults.

A reply repeats its request's noun (rule R1), carries the identifier that ties it to the request (R2), and has a
message ID of its own (R3). To a one-way request there is none (R14), to a synchronous one there is exactly one (R1).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol, TypeVar, Unpack, cast, overload

from iec61968_9.errors import ExchangeError
from iec61968_9.exchange.building import replies
from iec61968_9.exchange.building.compression import PayloadFile, packed
from iec61968_9.exchange.building.defaults import Defaults
from iec61968_9.exchange.building.headers import HeaderFields, PayloadFields, check_own, correlation_of
from iec61968_9.exchange.building.nouns import check_noun
from iec61968_9.exchange.building.replies import ErrorLike, IDLike
from iec61968_9.exchange.verbs import ANSWER_TO_DELIVERY, EVENT_VERBS, VERBS, standard_verb
from iec61968_9.profiles.envelope import (
    EventMessage,
    FaultMessage,
    Header,
    Message,
    Payload,
    Reply,
    RequestMessage,
    ResponseMessage,
    Result,
    Verb,
)
from iec61968_9.xml.record import Content, ForeignElement, Query

__all__ = ["Answers", "Asks"]

A = TypeVar("A")

PLAIN = frozenset(HeaderFields.__optional_keys__)
LOADED = frozenset(PayloadFields.__optional_keys__)


class Asks(Protocol[A]):
    """A request whose query says what answers it: a ``RequestMessage[GetMeterReadings]`` asks ``MeterReadings``."""

    @property
    def header(self) -> Header:
        """The request's header."""
        ...

    @property
    def query(self) -> Query[A]:
        """The query."""
        ...


class Answers(Defaults):
    """The part of a system that answers."""

    __slots__ = ()

    @overload
    def reply(
        self,
        request: Asks[A],
        payload: A | PayloadFile | None = None,
        /,
        *,
        errors: Iterable[ErrorLike] = (),
        ids: Iterable[IDLike] = (),
        result: Result | None = None,
        operation_id: int | None = None,
        **fields: Unpack[PayloadFields],
    ) -> ResponseMessage[A]: ...

    @overload
    def reply(
        self,
        request: RequestMessage[ForeignElement],
        payload: Content | PayloadFile | None = None,
        /,
        *,
        errors: Iterable[ErrorLike] = (),
        ids: Iterable[IDLike] = (),
        result: Result | None = None,
        operation_id: int | None = None,
        **fields: Unpack[PayloadFields],
    ) -> ResponseMessage[Any]: ...

    @overload
    def reply(
        self,
        request: RequestMessage[Any] | EventMessage[Any] | ResponseMessage[Any] | Message[Any],
        payload: None = None,
        /,
        *,
        errors: Iterable[ErrorLike] = (),
        ids: Iterable[IDLike] = (),
        result: Result | None = None,
        operation_id: int | None = None,
        **fields: Unpack[PayloadFields],
    ) -> ResponseMessage[Any]: ...

    def reply(
        self,
        request: Any,
        payload: Any = None,
        /,
        *,
        errors: Iterable[ErrorLike] = (),
        ids: Iterable[IDLike] = (),
        result: Result | None = None,
        operation_id: int | None = None,
        **fields: Unpack[PayloadFields],
    ) -> ResponseMessage[Any]:
        """Answer a request completely.

        Events are not answered (rule R12), and neither are replies; but SOAP asks for a response whenever it delivers
        one of them, be it a reply that it brings to a reply address.

        Args:
            request: The request; or the event or reply that SOAP delivered.
            payload: What a ``get`` asked for. No other verb is answered with a payload.
            errors: What failed, each naming its object where not all did; what no error names succeeded (rule R9).
                Without any, the reply says 0.0.
            ids: Identifiers that the answer gives back, such as those of created objects.
            result: OK without a failure and FAILED with one, unless it is said. PARTIAL beside a failure is another
                reading of the standard (rule R8); OK may stand beside a remark, such as 5.7 where there are no data.
            operation_id: The operation that is answered, of a set of which each is answered alone (rule R19).
            **fields: The header's fields; ``compress`` and ``format`` of the payload.

        Raises:
            ExchangeError: The message would break a rule.
        """
        found = replies.complete(errors, ids, None if result is None else Result(result), operation_id)
        return self._answer(request, found, payload, fields)

    def acknowledge(self, request: RequestMessage[Any], /, **fields: Unpack[HeaderFields]) -> ResponseMessage[Any]:
        """Tell that an asynchronous request has arrived: OK with 0.3. The answers follow at its reply address.

        Args:
            request: The request.
            **fields: The header's fields.

        Raises:
            ExchangeError: The request is not asynchronous, or the message would break another rule.
        """
        if not _is_asynchronous(request):
            raise ExchangeError(
                "only an asynchronous request is acknowledged",
                rule="R4",
                clause="5.2.5",
                advice="answer it with reply()",
            )
        reply = Reply(result=Result.OK, error=replies.listed([replies.ACKNOWLEDGED]))
        return self._answer(request, reply, None, cast("PayloadFields", fields), PLAIN)

    @overload
    def partial(
        self,
        request: Asks[A],
        payload: A | PayloadFile | None = None,
        /,
        *,
        errors: Iterable[ErrorLike] = (),
        ids: Iterable[IDLike] = (),
        last: bool = False,
        operation_id: int | None = None,
        **fields: Unpack[PayloadFields],
    ) -> ResponseMessage[A]: ...

    @overload
    def partial(
        self,
        request: RequestMessage[ForeignElement],
        payload: Content | PayloadFile | None = None,
        /,
        *,
        errors: Iterable[ErrorLike] = (),
        ids: Iterable[IDLike] = (),
        last: bool = False,
        operation_id: int | None = None,
        **fields: Unpack[PayloadFields],
    ) -> ResponseMessage[Any]: ...

    @overload
    def partial(
        self,
        request: RequestMessage[Any],
        payload: None = None,
        /,
        *,
        errors: Iterable[ErrorLike] = (),
        ids: Iterable[IDLike] = (),
        last: bool = False,
        operation_id: int | None = None,
        **fields: Unpack[PayloadFields],
    ) -> ResponseMessage[Any]: ...

    def partial(
        self,
        request: Any,
        payload: Any = None,
        /,
        *,
        errors: Iterable[ErrorLike] = (),
        ids: Iterable[IDLike] = (),
        last: bool = False,
        operation_id: int | None = None,
        **fields: Unpack[PayloadFields],
    ) -> ResponseMessage[Any]:
        """Answer an asynchronous request in part: PARTIAL with 0.1, or 0.2 in the last part.

        Args:
            request: The request.
            payload: A part of what a ``get`` asked for.
            errors: What failed in this part, each naming its object.
            ids: As for ``reply``.
            last: Whether nothing follows. A sender that cannot know says no (rule R6).
            operation_id: The operation that is answered, of a set.
            **fields: The header's fields; ``compress`` and ``format`` of the payload.

        Raises:
            ExchangeError: The request is synchronous, or the message would break another rule.
        """
        if not _is_asynchronous(request):
            raise ExchangeError(
                "only an asynchronous request has several responses",
                rule="R1",
                clause="6.2.2",
                advice="answer it with one reply(), or ask with reply_to=",
            )
        code = replies.LAST if last else replies.MORE
        return self._answer(request, replies.one_of_several(code, errors, ids, operation_id), payload, fields)

    def fail(
        self,
        request: RequestMessage[Any] | EventMessage[Any] | ResponseMessage[Any] | Message[Any],
        /,
        *errors: ErrorLike,
        operation_id: int | None = None,
        **fields: Unpack[HeaderFields],
    ) -> ResponseMessage[Any]:
        """Tell that nothing came of a request.

        Args:
            request: The request, also one whose verb or noun is not known; or the event or reply that SOAP delivered.
            *errors: What was wrong; at least one is a failure.
            operation_id: The operation of a set that failed.
            **fields: The header's fields.

        Raises:
            ExchangeError: No error is a failure, or the message would break another rule.
        """
        found = replies.failed(errors, operation_id)
        return self._answer(request, found, None, cast("PayloadFields", fields), PLAIN, known=False)

    def fault(self, *errors: ErrorLike) -> FaultMessage:
        """Refuse a message that cannot be read: it has no header, and travels back on the same connection (rule R21).

        Args:
            *errors: What was wrong; at least one is a failure.

        Raises:
            ExchangeError: No error is a failure.
        """
        return FaultMessage(reply=replies.failed(errors))

    def _answer(
        self,
        request: Any,
        reply: Reply,
        payload: Any,
        fields: PayloadFields,
        allowed: frozenset[str] = LOADED,
        *,
        known: bool = True,
    ) -> ResponseMessage[Any]:
        asked: Header | None = getattr(request, "header", None)
        if asked is None or not (asked.noun or "").strip():
            raise ExchangeError("what is to be answered has no header with a noun", rule="R1", clause="6.2.2")
        if asked.ack_required is False:
            raise ExchangeError("a one-way request (AckRequired is false) has no reply", rule="R14", clause="4.5")
        _check_carried(request, asked, reply, payload, known=known)
        correlation = correlation_of(asked)
        if fields.get("correlation_id", correlation) != correlation:
            raise ExchangeError(
                f"a reply's CorrelationID is the request's CorrelationID or MessageID: {correlation!r}",
                rule="R2",
                clause="6.9",
            )
        if fields.get("noun", asked.noun) != asked.noun:
            raise ExchangeError(f"a reply repeats the noun of its request, {asked.noun}", rule="R1", clause="6.2.2")
        header = self._header(Verb.REPLY, asked.noun, fields, allowed, correlation)
        check_own(header, asked, "a reply")
        if payload is None:
            return ResponseMessage(header=header, reply=reply)
        slot = packed(payload, compress=fields.get("compress", False), format=fields.get("format"))
        return ResponseMessage(header=header, reply=reply, payload=slot)


def _check_carried(request: Any, asked: Header, reply: Reply, payload: object, *, known: bool) -> None:
    """Hold a reply's payload, identifiers and operations to its request."""
    slot: Payload[Any] | None = getattr(request, "payload", None)
    verb = standard_verb(asked.verb)
    rule = VERBS.get(verb) if verb is not None else None
    if _is_delivery(request):
        ANSWER_TO_DELIVERY.check("a response to a delivery", payload=payload is not None, ids=bool(reply.id))
    elif rule is not None:
        rule.answers.check(f"a reply to {rule.request}", payload=payload is not None, ids=bool(reply.id))
    elif known:
        raise ExchangeError(
            f"{str(asked.verb)!r} is no verb of a request", rule="R1", clause="6.2.2", advice="fail() answers it"
        )
    if payload is not None:
        check_noun(asked.noun, payload)
    named = [one.operation_id for one in reply.error] + [reply.operation_id]
    asked_of = slot.operation_set.operation if slot is not None and slot.operation_set is not None else []
    missing = {number for number in named if number is not None} - {one.operation_id for one in asked_of}
    if missing:
        numbers = ", ".join(map(str, sorted(missing)))
        raise ExchangeError(f"the request has no operation {numbers}", rule="R19", clause="6.10.3")


def _is_delivery(message: Any) -> bool:
    """Whether a message is an event or a reply, which is answered only because SOAP has delivered it."""
    if isinstance(message, Message):
        verb = standard_verb(message.header.verb)
        return verb in EVENT_VERBS or verb is Verb.REPLY
    return isinstance(message, EventMessage | ResponseMessage)


def _is_asynchronous(request: Any) -> bool:
    """Whether it is a request whose replies go to an address later. Some senders give that and forget the flag."""
    header: Header | None = getattr(request, "header", None)
    if header is None or _is_delivery(request):
        return False
    flag = header.async_reply_flag
    return bool(header.reply_address) if flag is None else flag
