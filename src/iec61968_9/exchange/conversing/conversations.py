"""All exchanges of one system, and which of them a message belongs to.

A reply belongs to the exchange whose request had its CorrelationID, or else its MessageID (R2). It is never given to an
exchange because that one happens to be waiting: what cannot be tied is an orphan. Events may come unasked (R11), so one
that cannot be tied is unsolicited, unless it cites the tracking number of a control and is about a device of it (B1),
or calls a control off. Where a request to cancel controls has succeeded, the exchanges of these controls are told.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final, TypeVar, overload

import attrs

from iec61968_9._verbs import Mode
from iec61968_9.errors import ExchangeError
from iec61968_9.exchange.building.answers import Asks
from iec61968_9.exchange.contents import Unpacking
from iec61968_9.exchange.conversing.arrival import Arrival
from iec61968_9.exchange.conversing.conversation import Conversation
from iec61968_9.exchange.conversing.endings import Endings, known_endings
from iec61968_9.exchange.conversing.outcomes import OutcomeKind
from iec61968_9.exchange.conversing.states import Receipt, ReceiptKind, State
from iec61968_9.exchange.conversing.subjects import CONTROLS
from iec61968_9.exchange.parts import check_arrival, header_of, is_reply
from iec61968_9.exchange.remembering import key_of
from iec61968_9.exchange.rules import finding
from iec61968_9.profiles.envelope import FaultMessage, RequestMessage, Verb
from iec61968_9.xml.dialect import Dialect
from iec61968_9.xml.limits import DEFAULT_LIMITS, Limits

__all__ = ["Conversations"]

A = TypeVar("A")
S = TypeVar("S")

OVER_REMEMBERED: Final = 256
"""How many exchanges that are over are remembered, unless the caller says otherwise."""

STRAYS_REMEMBERED: Final = 4096
"""How many messages of no exchange are remembered by their MessageID, to recognise their repetitions."""


class Conversations:
    """The exchanges that a system has opened.

    Args:
        remembered: How many exchanges that are over, or were given up as silent, are remembered, with their data. What
            comes for them is recognised as late, repeated or surplus; what comes for older ones is an orphan.
        mode, dialect, limits: How compressed payloads are read, as in ``content_of``.

    Exchanges that are not over are kept until they are, or until ``forget``. Of messages that belong to no exchange,
    the MessageIDs of the last 4096 are kept. Not for use by several threads at once.
    """

    def __init__(
        self,
        *,
        remembered: int = OVER_REMEMBERED,
        mode: Mode = "strict",
        dialect: Dialect | None = None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self._remembered = remembered
        self._unpacking = Unpacking(mode, dialect, limits)
        self._by_key: dict[str, Conversation[Any]] = {}
        self._open: dict[int, Conversation[Any]] = {}
        self._over: OrderedDict[int, Conversation[Any]] = OrderedDict()
        self._by_mark: dict[str, dict[int, Conversation[Any]]] = {}
        self._strays: OrderedDict[str, None] = OrderedDict()

    def __iter__(self) -> Iterator[Conversation[Any]]:
        """The exchanges that are not over and not silent. One that was silent and has woken up late is the last."""
        return iter(list(self._open.values()))

    def __len__(self) -> int:
        """How many exchanges are not over and not silent."""
        return len(self._open)

    @overload
    def open(
        self, request: Asks[A], /, *, sent_at: datetime | None = None, endings: Endings = known_endings
    ) -> Conversation[A]: ...
    @overload
    def open(
        self, request: RequestMessage[Any], /, *, sent_at: datetime | None = None, endings: Endings = known_endings
    ) -> Conversation[Any]: ...
    def open(
        self, request: Any, /, *, sent_at: datetime | None = None, endings: Endings = known_endings
    ) -> Conversation[Any]:
        """Open an exchange with the request that was sent; the arguments are those of ``Conversation``.

        Raises:
            ExchangeError: The request has neither CorrelationID nor MessageID, so that no reply could be tied to it; or
                one of them is that of another exchange, which is still open.
        """
        conversation: Conversation[Any] = Conversation(request, sent_at=sent_at, endings=endings)
        conversation.unpacking = self._unpacking
        if not conversation.keys:
            raise ExchangeError(
                "the request has neither CorrelationID nor MessageID, so no reply can be tied to it",
                rule="R2",
                clause="6.9",
                advice="give it one, or feed a Conversation by the connection on which replies come",
            )
        for key in sorted(conversation.keys):
            known = self._by_key.get(key)
            if known is not None and id(known) in self._open:
                raise ExchangeError(
                    f"an exchange with the identifier {key} is open already",
                    rule="R3",
                    clause="6.3.2",
                    advice="use a new MessageID and CorrelationID for every request",
                )
        for key in conversation.keys:
            self._by_key[key] = conversation
        for number in _marks_of(conversation):
            self._by_mark.setdefault(number, {})[id(conversation)] = conversation
        self._open[id(conversation)] = conversation
        conversation.watch = self._settle
        return conversation

    def receive(self, message: object, at: datetime | None = None) -> Receipt:
        """Take a message that has arrived, give it to its exchange, and say what came of it.

        A fault has no header, so it is an orphan here: give it to the ``Conversation`` of the connection.

        Raises:
            TypeError: It is a request, or no message.
        """
        check_arrival(message)
        owners = self._owners(Arrival(message, self._unpacking))
        if not owners:
            return self._stray(message)
        first, arrival = owners[0]
        receipt = first.take(arrival, at)
        others = [other for other, arrival in owners[1:] if other.take(arrival, at).is_taken]
        if receipt.is_taken:
            others += self._called_off(receipt, message)
        return attrs.evolve(receipt, others=tuple(others)) if others else receipt

    def expire(self, before: datetime) -> tuple[Receipt, ...]:
        """Give up waiting in all exchanges that have heard nothing since a moment, and say what that amounts to.

        Exchanges of which no time was ever said are not concerned.
        """
        receipts: list[Receipt] = []
        for conversation in self:
            if conversation.last_heard is not None and conversation.last_heard < before:
                receipt = conversation.expire()
                if receipt is not None:
                    receipts.append(receipt)
        return tuple(receipts)

    def forget(self, conversation: Conversation[Any]) -> None:
        """Drop an exchange; what comes for it from now on is an orphan."""
        self._open.pop(id(conversation), None)
        self._over.pop(id(conversation), None)
        for key in conversation.keys:
            if self._by_key.get(key) is conversation:
                del self._by_key[key]
        for number in _marks_of(conversation):
            known = self._by_mark.get(number, {})
            known.pop(id(conversation), None)
            if not known:
                self._by_mark.pop(number, None)

    def _owners(self, arrival: Arrival) -> list[tuple[Conversation[Any], Arrival]]:
        """Return the exchange that a message belongs to. One that calls controls off may concern several.

        Each gets what concerns it: a message about many exchanges is not read through for every one of them.
        """
        if isinstance(arrival.message, FaultMessage):
            return []
        if arrival.cited in self._by_key:
            return [(self._by_key[arrival.cited], arrival)]
        if is_reply(arrival.message):
            return []
        cited = self._marked((one, filter(None, [one.tracking_id])) for one in arrival.occurrences)
        tied = [(one, arrival) for one, happened in cited if one.has_cited(happened)]
        if tied:
            return tied if len(tied) == 1 else []
        named = self._marked((one, one.marks) for one in arrival.canceled)
        return [(one, arrival.with_canceled(canceled)) for one, canceled in named if one.has_called_off(canceled)]

    def _marked(self, said: Iterable[tuple[S, Iterable[str]]]) -> Iterable[tuple[Conversation[Any], list[S]]]:
        """Return the exchanges of controls that may be meant, each with what is said with a mark of its controls."""
        found: dict[int, tuple[Conversation[Any], list[S]]] = {}
        for one, marks in said:
            meant = {key: known for mark in marks for key, known in self._by_mark.get(mark, {}).items()}
            for key, known in meant.items():
                found.setdefault(key, (known, []))[1].append(one)
        return found.values()

    def _called_off(self, receipt: Receipt, message: Any) -> Iterator[Conversation[Any]]:
        """Tell the exchanges of controls that were called off, by the answer to a request to cancel them."""
        canceling = receipt.conversation
        if canceling is None or (canceling.demand.verb, canceling.demand.noun) != (Verb.CANCEL, CONTROLS):
            return
        for subject in receipt.changed:
            if canceling.kinds[subject] is OutcomeKind.DONE:
                for mark in subject.identity.keys:
                    for one in list(self._by_mark.get(mark, {}).values()):
                        if one.called_off(subject.identity, header_of(message).timestamp) is not None:
                            yield one

    def _stray(self, message: object) -> Receipt:
        """Say what a message is that belongs to no exchange."""
        root = type(message).__name__
        if isinstance(message, FaultMessage):
            found = finding("orphan", "/FaultMessage", "a fault has no header that could tell whose it is")
            return Receipt(kind=ReceiptKind.ORPHAN, conversation=None, findings=(found,))
        header = header_of(message)
        number = (header.message_id or "").strip()
        if number:
            stray = key_of(header.source, number)
            if stray in self._strays:
                found = finding("duplicate-message", f"/{root}/Header/MessageID", source=number)
                return Receipt(kind=ReceiptKind.DUPLICATE, conversation=None, findings=(found,))
            self._strays[stray] = None
            if len(self._strays) > STRAYS_REMEMBERED:
                self._strays.popitem(last=False)
        if not is_reply(message):
            return Receipt(kind=ReceiptKind.UNSOLICITED, conversation=None)
        found = finding("orphan", f"/{root}/Header/CorrelationID", source=header.correlation_id)
        return Receipt(kind=ReceiptKind.ORPHAN, conversation=None, findings=(found,))

    def _settle(self, conversation: Conversation[Any]) -> None:
        """Put an exchange among the open ones, or among those that are over, of which few are kept."""
        key = id(conversation)
        if conversation.is_over or conversation.state is State.SILENT:
            if self._open.pop(key, None) is not None:
                self._over[key] = conversation
            while len(self._over) > self._remembered:
                _, oldest = self._over.popitem(last=False)
                self.forget(oldest)
        elif self._over.pop(key, None) is not None:
            self._open[key] = conversation


def _marks_of(conversation: Conversation[Any]) -> set[str]:
    """Return the tracking numbers, mRIDs and names of the controls of a request."""
    return {mark for asked in conversation.demand.controls for mark in asked.marks}
