"""Noting what arrives, under the subjects that it is about.

Replies bring errors and data, events bring data and the ends of controls. Each is put down under the subjects that it
names, by the rules of identity; what names several different ones is put down under none, since nobody may guess (R25).
A ledger only takes notes and makes findings; ``outcomes`` says what they amount to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from iec61968_9.codes.end_device import EndDeviceEventCode
from iec61968_9.codes.reading_type import ReadingTypeCode
from iec61968_9.codes.resolver import CodeResolver
from iec61968_9.exchange.building.replies import LAST, NO_ERROR, is_failure
from iec61968_9.exchange.conversing.outcomes import GOOD, Notes, Outcome, OutcomeKind, Whole, kind_of, outcome_of
from iec61968_9.exchange.conversing.signs import Sign
from iec61968_9.exchange.conversing.subjects import Demand, DemandKind, Subject, about, items_of
from iec61968_9.exchange.rules import finding
from iec61968_9.identity import Identity, identify
from iec61968_9.profiles.envelope import Error, OperationSet, Payload, Reply, Result
from iec61968_9.xml.record import Record
from iec61968_9.xml.report import Finding

__all__ = ["Ledger"]


@attrs.define
class Ledger:
    """What is known of each subject of a request.

    Attributes:
        demand: What was asked for.
        whole: What is known of the exchange as a whole.
        others: Data for objects that the request does not name, as for the members of a group.
        returned: The IDs that replies gave back.
    """

    demand: Demand
    whole: Whole = attrs.Factory(Whole)
    others: list[Any] = attrs.Factory(list[Any])
    returned: list[Identity] = attrs.Factory(list[Identity])
    kinds: dict[Subject, OutcomeKind] = attrs.field(init=False)
    _notes: dict[Subject, Notes] = attrs.field(init=False)
    _by_key: dict[str, list[Notes]] = attrs.field(init=False)
    _by_operation: dict[int, Notes] = attrs.field(init=False)
    _touched: dict[Notes, None] = attrs.field(init=False)
    _known: tuple[object, ...] = attrs.field(init=False)
    _count: Counter[OutcomeKind] = attrs.field(init=False)
    _open: set[Subject] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self._notes = {asked.subject: Notes(asked) for asked in self.demand.asked}
        self._by_key = {}
        self._by_operation = {}
        self._touched = {}
        for subject, notes in self._notes.items():
            for key in subject.identity.keys:
                self._by_key.setdefault(key, []).append(notes)
            if subject.operation is not None:
                self._by_operation[subject.operation] = notes
        self.kinds = {subject: self._kind(notes) for subject, notes in self._notes.items()}
        self._count = Counter(self.kinds.values())
        self._open = set(self._notes)
        self._known = self._facts()

    # What it amounts to

    def changes(self) -> tuple[Subject, ...]:
        """Return the subjects whose outcome is another than at the last call, and remember the new ones.

        Only what was touched is looked at, so that a part of a bulk answer costs what it is long.
        """
        facts = self._facts()
        if facts != self._known or self.demand.kind is DemandKind.OPERATIONS:
            self._touched = dict.fromkeys(self._notes.values())
        new = {notes.asked.subject: self._kind(notes) for notes in self._touched}
        changed = [subject for subject, kind in new.items() if kind is not self.kinds[subject]]
        self._count.subtract(self.kinds[subject] for subject in changed)
        self._count.update(new[subject] for subject in changed)
        self._open.difference_update(notes.asked.subject for notes in self._touched if notes.is_answered)
        self.kinds.update(new)
        self._touched.clear()
        self._known = facts
        return tuple(changed)

    def _kind(self, notes: Notes) -> OutcomeKind:
        return kind_of(notes, self.whole, self.demand, self._notes)

    def _facts(self) -> tuple[object, ...]:
        """Return what concerns all subjects."""
        whole = self.whole
        numbers = (len(whole.errors), len(whole.strays), whole.fault is not None)
        return (whole.ended, whole.for_all, whole.failed, whole.unclear, whole.silent, whole.one_way, *numbers)

    def is_over(self) -> bool:
        """Whether all that will come has come: a reply says that it is the last, or all that was asked for is answered.

        The reply to a control says nothing about the device, so there only the outcomes count; and where a control is
        aimed at what cannot be listed, nothing tells but a refusal.
        """
        whole = self.whole
        if self.demand.kind is not DemandKind.CONTROL:
            return whole.ended or self.is_answered()
        if self.demand.unlisted:
            return whole.ended and (bool(whole.errors) or (whole.failed and not whole.strays))
        return bool(self.kinds) and not self._count[OutcomeKind.OUTSTANDING]

    def is_refused(self) -> bool:
        """Whether something failed, and nothing is known to have succeeded."""
        whole = self.whole
        failed = whole.failed or whole.unclear or whole.errors or whole.strays or self._count[OutcomeKind.FAILED] > 0
        return bool(failed) and not any(self._count[kind] for kind in (*GOOD, OutcomeKind.CONTRADICTED))

    def has_answers(self) -> bool:
        """Whether anything is known of any subject."""
        return self._count[OutcomeKind.OUTSTANDING] < len(self.kinds)

    def outcomes(self) -> dict[Subject, Outcome[Any]]:
        """Return the outcome of each subject."""
        return {
            subject: outcome_of(notes, self.whole, self.demand, self._notes) for subject, notes in self._notes.items()
        }

    def is_answered(self) -> bool:
        """Whether all subjects are answered, and there is nothing beside them that could not be listed (R6, R7)."""
        return bool(self._notes) and not self.demand.unlisted and not self._open

    def unanswered(self) -> Iterator[tuple[Subject, str]]:
        """Yield the subjects that ought to have been answered and are not, or not in full, in words."""
        if self.demand.kind is DemandKind.DATA and not any(
            notes.items or notes.direct for notes in self._notes.values()
        ):
            return  # no match at all is an answer (R20)
        for subject, notes in self._notes.items():
            kind = self.kinds[subject]
            if kind is OutcomeKind.UNANSWERED and notes.asked.certain:
                yield subject, f"{subject} was asked for, and there is neither data nor an error for it"
            elif kind is OutcomeKind.DATA and notes.missing:
                codes = ", ".join(sorted(map(str, notes.missing)))
                yield subject, f"{subject} was answered without the reading types {codes}"

    # Replies

    def take_reply(self, reply: Reply, sign: Sign) -> Iterator[Finding]:
        """Note the errors of a reply, and what it says by not naming something.

        Args:
            reply: The reply.
            sign: Where it stands.
        """
        self.returned += [identity for one in reply.id if (identity := identify(one)) and identity not in self.returned]
        failing: set[int] = set()
        spoken_of: set[int] = set() if reply.operation_id is None else {reply.operation_id}
        for number, error in enumerate(reply.error, 1):
            path = f"/ResponseMessage/Reply/Error[{number}]"
            bad = _fails(error, reply)
            operation = error.operation_id if error.operation_id is not None else reply.operation_id
            if self.demand.kind is DemandKind.OPERATIONS and operation is not None:
                spoken_of.add(operation)
                if bad and operation in self._by_operation:
                    failing.add(operation)
                    _add(self._by_operation[operation].direct, error)
            elif bad:
                yield from self._take_error(error, path)
            elif error.code.strip() == NO_ERROR:
                for notes in self._meant(identify(error)):
                    notes.done = notes.done or self.demand.kind is DemandKind.TRANSACTION
        if self.demand.kind is DemandKind.OPERATIONS and sign is not Sign.ACKNOWLEDGEMENT:
            yield from self._take_operations(spoken_of, failing)
        if sign in (Sign.LAST, Sign.FINAL):
            self._take_end(reply, spoken_of)

    def _take_operations(self, spoken_of: Iterable[int], failing: set[int]) -> Iterator[Finding]:
        for operation in sorted(spoken_of):
            notes = self._by_operation.get(operation)
            path = "/ResponseMessage/Reply/operationId"
            if notes is None:
                yield finding("operation-unknown", path, f"the request has no operation {operation}", str(operation))
                continue
            if notes.answers:
                yield finding("operation-answered-twice", path, f"operation {operation} was answered before")
            notes.answers += 1
            notes.done = notes.done or operation not in failing
        if self.demand.all_or_nothing:
            done = any(notes.done for notes in self._notes.values())
            if done and any(notes.direct for notes in self._notes.values()):
                yield finding("integrity-broken", "/ResponseMessage/Reply")

    def _take_end(self, reply: Reply, spoken_of: set[int]) -> None:
        whole = self.whole
        if self.demand.kind is DemandKind.OPERATIONS and reply.operation_id is not None:
            # It speaks for one operation; only 0.2 says that no other reply follows.
            whole.ended = whole.ended or any(error.code.strip() == LAST for error in reply.error)
            return
        whole.ended = True
        whole.for_all = reply.operation_id is None
        known: str | None = reply.result
        failing = any(_fails(error, reply) for error in reply.error)
        whole.failed = whole.failed or (known or "").upper() in ("FAILED", "FATAL")
        whole.unclear = whole.unclear or (not known and not failing and not reply.error)

    def _take_error(self, error: Error, path: str) -> Iterator[Finding]:
        """Note a failure under what it is about."""
        identities = [
            identity for one in (error.id, error.object, error.related_id) if one and (identity := identify(one))
        ]
        if not identities:
            _add(self.whole.errors, error)
            return
        for identity in identities:
            meant = self._meant(identity, identities)
            if meant:
                for notes in meant:
                    _add(notes.direct, error)
                return
            if self._is_ambiguous(identity):
                _add(self.whole.strays, error)
                message = f"the error could be about several objects: {identity}"
                yield finding("answer-ambiguous", f"{path}/ID", message)
                return
        inside = [
            notes
            for notes in self._notes.values()
            if any(one.matches(identity) for one in notes.asked.inside for identity in identities)
        ]
        if len(inside) == 1 and self.demand.kind is DemandKind.OPERATIONS:
            self._touched.update(dict.fromkeys(inside))
            _add(inside[0].direct, error)
        elif inside:
            self._touched.update(dict.fromkeys(inside))
            for notes in inside:
                _add(notes.indirect, error)
        else:
            _add(self.whole.strays, error)
            if not self.demand.unlisted:
                message = f"the error is about {identities[0]}, which the request does not name"
                yield finding("object-not-asked", f"{path}/ID", message)

    # Data

    def take_data(self, content: object, path: str) -> Iterator[Finding]:
        """Note the items of a payload under what they are about."""
        resolver = CodeResolver(content)
        for item in items_of(content):
            identities = list(about(item))
            found: list[Notes] = []
            for identity in identities:
                found += [notes for notes in self._meant(identity) if notes not in found]
            for notes in found:
                notes.items.append((content, item))
                if notes.asked.codes:
                    notes.codes |= _codes_in(item, resolver)
            if not found and self._ought_to_be_asked(identities):
                self.others.append(item)
                if not self.demand.unlisted:
                    message = f"there are data for {identities[0]}, which the request does not name"
                    yield finding("object-not-asked", path, message)
            elif not found and self.demand.unlisted:
                self.others.append(item)
        if not isinstance(content, Record):
            self.others.append(content)

    def _ought_to_be_asked(self, identities: list[Identity]) -> bool:
        """Whether objects are of the classes that the request names, so that they should be among them."""
        return any(
            identity.can_be(subject.identity.object_type)
            for identity in identities
            if identity.object_type is not None
            for subject in self._notes
        )

    # Events

    def take_echo(self, payload: Payload[Any], contents: Iterable[object]) -> None:
        """Note that an event tells that what was asked for was done.

        Args:
            payload: The event's payload.
            contents: What it carries.
        """
        operations: OperationSet | None = payload.operation_set
        for operation in operations.operation if operations is not None else ():
            notes = self._by_operation.get(operation.operation_id)
            if notes is not None:
                notes.done = True
        identities = [identify(one) for one in payload.id]
        for content in contents:
            for item in items_of(content):
                own = identify(item)
                identities += [own] if own else list(about(item))
        for identity in identities:
            for notes in self._meant(identity):
                notes.done = True

    def take_events(self, events: Iterable[tuple[Any, object]], path: str) -> Iterator[Finding]:
        """Note device events under the controls that they end.

        Args:
            events: Each event, with the payload that it stands in.
            path: Where they stand.
        """
        resolvers: dict[int, CodeResolver] = {}
        for event, content in events:
            resolver = resolvers.setdefault(id(content), CodeResolver(content))
            tied = self.tied(event)
            if not tied:
                device = next(iter(_devices(event)), Identity())
                if not self.demand.unlisted:
                    yield finding("object-not-asked", path, f"an event is about {device}, which no control aims at")
                continue
            cited = resolver.cite(event.end_device_event_type, EndDeviceEventCode)
            ends = [
                (notes, good)
                for notes in tied
                for ending, good in notes.asked.endings
                if cited.is_readable and _is_event(cited.code, ending)
            ]
            if not ends or len({id(notes) for notes, _ in ends}) > 1:
                for notes in tied:
                    notes.others.append(event)
                if ends:
                    message = f"the event {cited.code} could end several controls of one device"
                    yield finding("answer-ambiguous", path, message)
                continue
            notes, good = ends[0]
            listed = notes.succeeded if good else notes.failed
            if any(_is_repetition(event, known) for known in listed):
                continue
            if listed:
                yield finding("completion-repeated", path, f"{notes.asked.subject} has ended before")
            listed.append(event)

    def tied(self, event: Any) -> list[Notes]:
        """Return the subjects that an event can be about, by device, and by tracking number where both have one."""
        tracking = (getattr(event, "issuer_tracking_id", None) or "").strip() or None
        found: list[Notes] = []
        for identity in _devices(event):
            for notes in self._meant(identity):
                known = notes.asked.tracking_id
                if notes not in found and (tracking is None or known is None or tracking == known):
                    found.append(notes)
        return found

    # Who is meant

    def _meant(self, identity: Identity, beside: Iterable[Identity] = ()) -> list[Notes]:
        """Return the notes of the one object that is meant: one for each control that is aimed at it; none if unclear.

        Args:
            identity: The object.
            beside: What is named beside it, which may be the control.
        """
        if self._is_ambiguous(identity):
            return []
        found = self._candidates(identity)
        controls = [
            notes
            for notes in found
            if notes.asked.subject.control and any(notes.asked.subject.control.matches(one) for one in beside)
        ]
        self._touched.update(dict.fromkeys(controls or found))
        return controls or found

    def _is_ambiguous(self, identity: Identity) -> bool:
        return len({notes.asked.subject.identity for notes in self._candidates(identity)}) > 1

    def _candidates(self, identity: Identity) -> list[Notes]:
        near: list[Notes] = []
        for key in identity.keys:
            near += [notes for notes in self._by_key.get(key, ()) if not any(notes is known for known in near)]
        exact = [notes for notes in near if notes.asked.subject.identity == identity]
        return exact or [notes for notes in near if notes.asked.subject.identity.matches(identity)]


def _fails(error: Error, reply: Reply) -> bool:
    """Whether an error says that something failed: by its code (R24), or by a vendor's text without OK (T21)."""
    code = error.code or ""
    return is_failure(code) and (code.strip()[:1].isdecimal() or reply.result != Result.OK)


def _add(errors: list[Error], error: Error) -> None:
    if error not in errors:
        errors.append(error)


def _codes_in(item: Any, resolver: CodeResolver) -> set[ReadingTypeCode]:
    """Return the reading types that an item has values of."""
    found: set[ReadingTypeCode] = set()
    for member in ("readings", "interval_blocks"):
        for holder in getattr(item, member, None) or ():
            cited = resolver.cite(holder.reading_type, ReadingTypeCode)
            if cited.is_readable:
                found.add(cited.code)
    return found


def _devices(event: Any) -> Iterator[Identity]:
    """Yield what an event says that it happened to."""
    for member in ("assets", "usage_point"):
        one = getattr(event, member, None)
        if one is not None and (identity := identify(one)):
            yield identity


def _is_event(code: EndDeviceEventCode, ending: EndDeviceEventCode) -> bool:
    """Whether a code is the expected one. The device type 0 stands for one that is not known."""
    return code.parts[1:] == ending.parts[1:] and (0 in (code.type, ending.type) or code.type == ending.type)


def _is_repetition(event: Any, known: Any) -> bool:
    """Whether two events of one device and code are one, since their times are the same (C1)."""
    return bool(event.created_date_time == known.created_date_time)
