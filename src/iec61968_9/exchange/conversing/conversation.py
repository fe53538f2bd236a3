"""One exchange, seen by the side that asked: a state machine that is fed with messages and knows what they amount to.

It does no input and no output, has no clock and no timer: the caller says what was sent, what has arrived, and when
nothing arrived in time. ``TRANSITIONS`` is the whole machine. What a message means is noted per object in the ledger;
the state only says how far the exchange has come.

Messages that arrive twice, late, out of order or from another exchange are the usual case here. A repetition changes
nothing. A part that overtook another is put where it belongs. A late answer is taken, and said to be late. What belongs
to another exchange is never taken, whatever the order in which it came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, Generic, TypeVar, overload

from iec61968_9._verbs import Mode
from iec61968_9.exchange.building.answers import Asks
from iec61968_9.exchange.building.headers import correlation_of
from iec61968_9.exchange.building.replies import ACKNOWLEDGED
from iec61968_9.exchange.contents import Unpacking
from iec61968_9.exchange.conversing.arrival import Arrival
from iec61968_9.exchange.conversing.arrived import Arrived, News
from iec61968_9.exchange.conversing.control_events import Canceled
from iec61968_9.exchange.conversing.endings import Endings, known_endings
from iec61968_9.exchange.conversing.ledger import Ledger
from iec61968_9.exchange.conversing.outcomes import UNDECIDED, OutcomeKind, Outcomes
from iec61968_9.exchange.conversing.signs import Sign, sign_of
from iec61968_9.exchange.conversing.states import OVER, TRANSITIONS, UNTAKEN, Happening, Receipt, ReceiptKind, State
from iec61968_9.exchange.conversing.subjects import Demand, DemandKind, Subject, read_demand
from iec61968_9.exchange.occurrences import Occurrence
from iec61968_9.exchange.pages import Pages
from iec61968_9.exchange.parts import check_arrival, code_of, header_of, is_reply, reply_of, result_of
from iec61968_9.exchange.rules import finding
from iec61968_9.exchange.verbs import VERBS, standard_verb
from iec61968_9.identity import Identity, identify
from iec61968_9.profiles.envelope import (
    Error,
    FaultMessage,
    Message,
    Payload,
    Reply,
    RequestMessage,
    ResponseMessage,
    Result,
    Verb,
)
from iec61968_9.xml.dialect import Dialect
from iec61968_9.xml.limits import DEFAULT_LIMITS, Limits
from iec61968_9.xml.report import Finding

__all__ = ["Conversation"]

A = TypeVar("A")

FINDINGS_KEPT: Final = 1024
"""How many findings a conversation keeps; each receipt has its own in any case."""


class Conversation(Generic[A]):
    """One exchange, on the side that asked.

    Args:
        request: The request, as it was sent. It must not change afterwards.
        sent_at: When it was sent, if that is of interest.
        endings: Which device events end a control, where the partners have agreed on others than the library's table.
        mode, dialect, limits: How compressed payloads are read, as in ``content_of``.

    It keeps the data that it is given, until it is dropped itself. To recognise repetitions it remembers the last 1024
    messages, and 64 of those that have no MessageID. Not for use by several threads at once.
    """

    @overload
    def __init__(
        self,
        request: Asks[A],
        /,
        *,
        sent_at: datetime | None = None,
        endings: Endings = known_endings,
        mode: Mode = "strict",
        dialect: Dialect | None = None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None: ...
    @overload
    def __init__(
        self: Conversation[Any],
        request: RequestMessage[Any],
        /,
        *,
        sent_at: datetime | None = None,
        endings: Endings = known_endings,
        mode: Mode = "strict",
        dialect: Dialect | None = None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None: ...
    def __init__(
        self,
        request: Any,
        /,
        *,
        sent_at: datetime | None = None,
        endings: Endings = known_endings,
        mode: Mode = "strict",
        dialect: Dialect | None = None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        header = header_of(request)
        self._request: RequestMessage[Any] = request
        self._ledger = Ledger(read_demand(request, endings))
        self._ledger.whole.one_way = header.ack_required is False and self.demand.verb is not Verb.GET
        self._ledger.changes()
        self._state = State.ONE_WAY if self._ledger.whole.one_way else State.SENT
        self.keys: frozenset[str] = frozenset(
            text.strip() for text in (header.correlation_id, header.message_id) if text and text.strip()
        )
        """What replies may cite: the request's CorrelationID, and its MessageID."""
        self.unpacking = Unpacking(mode, dialect, limits)
        """How compressed payloads are read."""
        self._arrived = Arrived()
        self._payloads: list[Any] = []
        self._findings: list[Finding] = []
        self._missed: set[Subject] | None = None
        """The subjects that were said to lack an answer; None before the end, when all are looked at."""
        self._acknowledged = False
        self._presumed: Reply | None = None
        """The reply that was taken for the acknowledgement, though it does not say so."""
        self._heard = False
        self._parts = False
        self._pages = Pages()
        self.sent_at = sent_at
        """When the request was sent, if that was said."""
        self.last_heard: datetime | None = sent_at
        """When the last message that counted came, or the request was sent, as far as that was said."""
        self.watch: Callable[[Conversation[Any]], None] | None = None
        """Called whenever the state may have changed. ``Conversations`` watches those that it has opened."""

    # What is known

    @property
    def request(self) -> RequestMessage[Any]:
        """The request."""
        return self._request

    @property
    def demand(self) -> Demand:
        """What the request asks for."""
        return self._ledger.demand

    @property
    def correlation_id(self) -> str | None:
        """By what the messages of this exchange are known: the request's CorrelationID, else its MessageID (R2)."""
        return correlation_of(header_of(self._request))

    @property
    def state(self) -> State:
        """How far it has come."""
        return self._state

    @property
    def is_over(self) -> bool:
        """Whether all that will come has come. Silence does not end an exchange: an answer may still come late."""
        return self._state in OVER

    @property
    def outcomes(self) -> Outcomes[A]:
        """What became of each subject, in the order of the request."""
        return Outcomes(self._ledger.outcomes())

    @property
    def kinds(self) -> Mapping[Subject, OutcomeKind]:
        """The kind of each outcome, as it is at any time."""
        return MappingProxyType(self._ledger.kinds)

    @property
    def outstanding(self) -> tuple[Subject, ...]:
        """The subjects of which nothing is known yet."""
        return tuple(subject for subject, kind in self.kinds.items() if kind in UNDECIDED)

    @property
    def unlisted(self) -> tuple[str, ...]:
        """What the request means without naming it, in words, such as the members of a group.

        While there is any, only a reply can say that all has come; and of a control of a group, nothing can.
        """
        return self.demand.unlisted

    @property
    def payloads(self) -> tuple[A, ...]:
        """The payloads with data that have come."""
        return tuple(self._payloads)

    @property
    def others(self) -> tuple[Any, ...]:
        """Data about objects that the request does not name, such as the members of a group."""
        return tuple(self._ledger.others)

    @property
    def errors(self) -> tuple[Error, ...]:
        """What replies say that is about no subject: it names nothing, a group, or what the request does not name.

        Failures come first, then what is only remarked, such as 6.4 beside OK.
        """
        return tuple(self._ledger.errors)

    @property
    def returned(self) -> tuple[Identity, ...]:
        """The IDs that replies gave back, such as that of a new schedule, which is needed to cancel it."""
        return tuple(self._ledger.returned)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was wrong or unusual about the messages' coming, the first 1024."""
        return tuple(self._findings)

    def __repr__(self) -> str:
        header = header_of(self._request)
        return f"<Conversation {header.verb} {header.noun} {self.correlation_id}: {self._state}>"

    # What happens

    def receive(self, message: object, at: datetime | None = None) -> Receipt:
        """Take a message that has arrived for this exchange, or that may have.

        A reply without a CorrelationID is taken too, since the connection may have told whose it is; one with the
        CorrelationID of another exchange is an orphan. An event without the right CorrelationID is taken only if it is
        about a device at which a control of the request was aimed, and cites the control's tracking number (B1).

        Args:
            message: A ``ResponseMessage``, an ``EventMessage``, a general ``Message`` that is one of them, or a
                ``FaultMessage``, which has no header and is known by the connection on which it came.
            at: When it arrived, if that is of interest.

        Raises:
            TypeError: It is a request, or no message.
        """
        check_arrival(message)
        return self.take(Arrival(message, self.unpacking), at)

    def take(self, arrival: Arrival, at: datetime | None = None) -> Receipt:
        """Do what ``receive`` does, for a message of which others may have looked up something already."""
        found: list[Finding] = []
        late = self._state is State.SILENT
        match arrival.message:
            case FaultMessage():
                kind = self._take_fault(arrival.message, found)
            case ResponseMessage() | Message(reply=Reply()):
                kind = self._unless_repeated(arrival, found) or self._take_reply(arrival, found)
                self._remember(arrival, kind)
            case _:
                kind = self._unless_repeated(arrival, found) or self._take_event(arrival, found)
                self._remember(arrival, kind)
        if kind in UNTAKEN:
            self._keep(found)
            owner = None if kind is ReceiptKind.ORPHAN else self
            return Receipt(kind=kind, conversation=owner, findings=tuple(found))
        if late:
            self._ledger.whole.silent = False
            found.append(finding("late-reply", arrival.path))
        self._ledger.whole.one_way = False
        self.last_heard = at or self.last_heard
        return self._advance(kind, found, late)

    def expire(self) -> Receipt | None:
        """Say that the time to wait is over; return what that amounts to, or None where it amounts to nothing.

        What is outstanding is then unknown, not failed: a request that nobody answered may have been carried out. An
        answer that comes nevertheless is taken, and said to be late.
        """
        if Happening.SILENCE not in TRANSITIONS[self._state] or self._state in (State.SILENT, State.ONE_WAY):
            return None
        self._ledger.whole.silent = True
        self._state = TRANSITIONS[self._state][Happening.SILENCE]
        found = [finding("parts-without-end", "/ResponseMessage/Reply")] if self._parts else []
        found += self._missing_pages()
        return self._receipt(ReceiptKind.SILENCE, found, self._ledger.changes())

    def called_off(self, control: object, at: datetime | None = None) -> Receipt | None:
        """Say that a control of this request was called off, as the answer to a request to cancel it tells.

        ``Conversations`` does so by itself. What a device had done before stays done.

        Args:
            control: The control: itself, its ID, or its identity.
            at: When, aware, if that is known. A device that is done later is reported.

        Returns:
            What that amounts to, or None where the request has no such control.
        """
        named = Canceled(identity=identify(control))
        if self.demand.kind is not DemandKind.CONTROL or not self._ledger.canceled_by([named]):
            return None
        found = list(self._ledger.take_canceled([named], at, "/RequestMessage"))
        return self._advance(ReceiptKind.CANCELED, found, late=False)

    def ties(self, message: object) -> bool:
        """Whether an event belongs here by what it says, whatever its correlation.

        Either it is about a device at which a control was aimed, and cites that control's tracking number; or it calls
        that control off.
        """
        arrival = Arrival(message, self.unpacking)
        return self.has_called_off(arrival.canceled) or self.has_cited(arrival.occurrences)

    def has_cited(self, occurrences: Iterable[Occurrence]) -> bool:
        """Whether something that happened to a device cites the tracking number of a control of it."""
        return self.demand.kind is DemandKind.CONTROL and any(map(self._ledger.ties, occurrences))

    def has_called_off(self, named: Iterable[Canceled]) -> bool:
        """Whether controls of this request are among some that are named by more than their devices."""
        marked = (one for one in named if one.marks)
        return self.demand.kind is DemandKind.CONTROL and bool(self._ledger.canceled_by(marked))

    # How it is done

    def _unless_repeated(self, arrival: Arrival, found: list[Finding]) -> ReceiptKind | None:
        """Return the kind of a message that does not count: it is of another exchange, or had come before."""
        path = f"{arrival.path}/Header"
        if not self._is_meant(arrival):
            found.append(finding("orphan", f"{path}/CorrelationID", source=arrival.cited or None))
            return ReceiptKind.ORPHAN
        number = arrival.number
        news = self._arrived.news(arrival.message, number)
        if news is News.NONE:
            found.append(finding("duplicate-message", f"{path}/MessageID", source=number or None))
            return ReceiptKind.DUPLICATE
        if news is News.NUMBER_REPEATED:
            found.append(finding("message-id-repeated", f"{path}/MessageID", source=number))
        return None

    def _remember(self, arrival: Arrival, kind: ReceiptKind) -> None:
        """Remember a message that has been dealt with."""
        if kind not in (ReceiptKind.ORPHAN, ReceiptKind.DUPLICATE):
            self._arrived.add(arrival.message, arrival.number)

    def _is_meant(self, arrival: Arrival) -> bool:
        """Whether a message may be of this exchange.

        Only the connection can tell whose a reply is if it, or its request, had nothing to cite.
        """
        if arrival.cited in self.keys:
            return True
        if is_reply(arrival.message):
            return not arrival.cited or not self.keys
        return self.has_called_off(arrival.canceled) or self.has_cited(arrival.occurrences)

    def _take_fault(self, message: FaultMessage, found: list[Finding]) -> ReceiptKind:
        whole = self._ledger.whole
        errors = tuple(reply_of(message).error)
        if self.is_over or whole.ended:
            if whole.fault == errors:
                found.append(finding("duplicate-message", "/FaultMessage"))
                return ReceiptKind.DUPLICATE
            found.append(finding("message-after-end", "/FaultMessage"))
            return ReceiptKind.SURPLUS
        whole.fault = errors
        return ReceiptKind.FAULT

    def _take_reply(self, arrival: Arrival, found: list[Finding]) -> ReceiptKind:
        reply = reply_of(arrival.message)
        whole = self._ledger.whole
        path = f"{arrival.path}/Reply"
        contents = arrival.contents
        found += arrival.unreadable
        sign = sign_of(
            reply,
            demand=self.demand,
            asynchronous=self._is_asynchronous,
            empty=not contents,
            acknowledged=self._acknowledged,
        )
        for_one = self.demand.kind is DemandKind.OPERATIONS and reply.operation_id is not None
        if self._state is State.FAULTED:
            found.append(finding("message-after-end", path))
            return ReceiptKind.SURPLUS
        if whole.ended and (sign is Sign.LAST or (sign is Sign.FINAL and not for_one)):
            found.append(finding("second-final-reply", path))
            return ReceiptKind.SURPLUS
        if sign is Sign.ACKNOWLEDGEMENT:
            if self._heard:
                found.append(finding("acknowledgement-late", path))
            self._take_acknowledgement(reply, path, found)
        elif whole.ended:
            found.append(finding("part-after-last", path))
        elif sign is not Sign.FINAL or result_of(reply) is not Result.FAILED:  # a refusal needs no acknowledgement
            self._miss_acknowledgement(path, found)
        self._heard = self._heard or sign is not Sign.ACKNOWLEDGEMENT
        self._parts = self._parts or sign is Sign.MORE
        found += self._ledger.take_reply(reply, sign)
        self._take_contents(arrival, found)
        if sign is Sign.ACKNOWLEDGEMENT:
            return ReceiptKind.ACKNOWLEDGEMENT
        return ReceiptKind.PART if sign is Sign.MORE else ReceiptKind.FINAL

    def _take_acknowledgement(self, reply: Reply, path: str, found: list[Finding]) -> None:
        """Note that the request has arrived. If the reply before it was taken for that, it was the answer."""
        says_so = any(code_of(error) == ACKNOWLEDGED for error in reply.error)
        if says_so and self._presumed is not None and not self._heard:
            self._ledger.end(self._presumed)
            self._heard = True
            found.append(finding("acknowledgement-late", path))
        self._presumed = None if says_so else reply
        self._acknowledged = True

    def _take_event(self, arrival: Arrival, found: list[Finding]) -> ReceiptKind:
        header, contents = arrival.header, arrival.contents
        path = f"{arrival.path}/Payload"
        found += arrival.unreadable
        verb = standard_verb(header.verb)
        if verb is not None and verb in VERBS:  # older senders write the present tense in events
            verb = VERBS[verb].event
        if self._state is State.FAULTED:
            found.append(finding("message-after-end", path))
            return ReceiptKind.SURPLUS
        if self.demand.kind is DemandKind.DATA and contents and (verb in (Verb.CREATED, Verb.CHANGED)):
            self._miss_acknowledgement(path, found)
            self._heard = True
            self._take_contents(arrival, found)
            return ReceiptKind.DATA
        if self.demand.kind is DemandKind.CONTROL and arrival.occurrences:
            self._heard = True
            found += self._ledger.take_events(arrival.occurrences, path)
            return ReceiptKind.COMPLETION
        if self.demand.kind is DemandKind.CONTROL and arrival.canceled:
            # Without correlation a control is known by what names it, never by its devices alone.
            named = [one for one in arrival.canceled if one.marks or arrival.cited in self.keys]
            if self._ledger.canceled_by(named):
                self._heard = True
                found += self._ledger.take_canceled(named, header.timestamp, path)
                return ReceiptKind.CANCELED
        asked = self.demand.verb
        if asked is not None and asked in VERBS and VERBS[asked].event is verb and header.noun == self.demand.noun:
            if self.demand.kind is not DemandKind.CONTROL:
                found += self._ledger.take_echo(arrival.payload or Payload[Any](), contents, path)
            elif self._heard:
                found.append(finding("echo-late", path))
            return ReceiptKind.ECHO
        return ReceiptKind.NOTICE

    def _missing_pages(self) -> Iterator[Finding]:
        if self._pages.are_missing:
            yield finding("page-missing", "/Header/Property", f"only {self._pages} have arrived")

    def _take_contents(self, arrival: Arrival, found: list[Finding]) -> None:
        if self.demand.kind is DemandKind.DATA:
            if self._pages.take(arrival.header):
                found.append(finding("page-repeated", f"{arrival.path}/Header/Property"))
            for content in arrival.contents:
                self._payloads.append(content)
                found += self._ledger.take_data(content, f"{arrival.path}/Payload")

    @property
    def _is_asynchronous(self) -> bool:
        return header_of(self._request).async_reply_flag is True

    def _miss_acknowledgement(self, path: str, found: list[Finding]) -> None:
        if self._is_asynchronous and not self._acknowledged and not self._heard:
            found.append(finding("acknowledgement-missing", path))

    def _advance(self, kind: ReceiptKind, found: list[Finding], late: bool) -> Receipt:
        """Move to the state in which a message that was taken leaves the exchange."""
        changed = self._ledger.changes()
        was_over = self.is_over
        if kind is ReceiptKind.FINAL and self.demand.kind is DemandKind.OPERATIONS and not self._ledger.is_over():
            kind = ReceiptKind.PART  # it was the answer to one operation, and others are outstanding
        happening = self._happening(kind)
        if happening is not None:
            self._state = TRANSITIONS[self._state].get(happening, self._state)
        found += self._contradictions(changed)
        if self.is_over and not was_over:
            found += self._missing_pages()
        if self.is_over and not self._ledger.is_no_match:
            among = changed
            if self._missed is None:
                among, self._missed = tuple(self.kinds), set()
            for subject, message in self._ledger.unanswered(among):
                if subject not in self._missed:
                    self._missed.add(subject)
                    found.append(finding("object-unanswered", "/RequestMessage", message))
        return self._receipt(kind, found, changed, late)

    def _receipt(
        self, kind: ReceiptKind, found: list[Finding], changed: tuple[Subject, ...], late: bool = False
    ) -> Receipt:
        self._keep(found)
        if self.watch is not None:
            self.watch(self)
        return Receipt(kind=kind, conversation=self, findings=tuple(found), changed=changed, late=late)

    def _happening(self, kind: ReceiptKind) -> Happening | None:
        ledger = self._ledger
        if kind is ReceiptKind.FAULT:
            return Happening.FAULT
        if ledger.is_over() and (ledger.whole.ended or not self._pages.are_missing):
            if ledger.is_refused() and not (self._payloads and self.demand.unlisted):
                return Happening.REFUSED
            return Happening.CANCELED if ledger.is_canceled() else Happening.ANSWERED
        if kind is ReceiptKind.NOTICE:
            return None
        if self._payloads or kind is ReceiptKind.PART or ledger.has_answers():
            return Happening.MORE
        return Happening.ACKNOWLEDGED

    def _contradictions(self, changed: tuple[Subject, ...]) -> Iterator[Finding]:
        contradicted = [subject for subject in changed if self._ledger.kinds[subject] is OutcomeKind.CONTRADICTED]
        for subject in contradicted:
            yield finding("outcome-contradicted", "/RequestMessage", f"{subject} is said to have done well and ill")
        if contradicted and self.demand.all_or_nothing:
            yield finding("integrity-broken", "/RequestMessage/Payload/OperationSet")

    def _keep(self, found: list[Finding]) -> None:
        self._findings += found[: FINDINGS_KEPT - len(self._findings)]
