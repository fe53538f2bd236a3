"""Noting what arrives, under the subjects that it is about.

Replies bring errors and data, events bring data and the ends of controls (``control_events``). Each is put down under
the subjects that it names. A ledger only takes notes and makes findings; ``outcomes`` says what they amount to.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from iec61968_9.codes.reading_type import ReadingTypeCode
from iec61968_9.codes.resolver import CodeResolver
from iec61968_9.exchange.building.replies import LAST, NO_ERROR, is_failure, is_remark
from iec61968_9.exchange.conversing.control_events import ControlEvents
from iec61968_9.exchange.conversing.outcomes import GOOD, Named, Notes, Outcome, OutcomeKind, outcome_of
from iec61968_9.exchange.conversing.signs import Sign
from iec61968_9.exchange.conversing.subjects import DemandKind, Subject, about, items_of
from iec61968_9.exchange.parts import code_of, result_of
from iec61968_9.exchange.rules import finding
from iec61968_9.identity import Identity, identify
from iec61968_9.profiles.envelope import Error, OperationSet, Payload, Reply, Result
from iec61968_9.xml.record import Record
from iec61968_9.xml.report import Finding

__all__ = ["Ledger"]


@attrs.define
class Ledger(ControlEvents):
    """All that is known of a request, and what it amounts to.

    Attributes:
        returned: The IDs that replies gave back.
    """

    returned: dict[Identity, None] = attrs.Factory(dict[Identity, None])
    _known: tuple[object, ...] = attrs.field(init=False)
    _numbers: list[int] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        self._numbers = sorted(self._by_operation)
        self._known = self._facts()

    # What it amounts to

    def changes(self) -> tuple[Subject, ...]:
        """Return the subjects whose outcome is another than at the last call, and remember the new ones.

        Only what was touched is looked at, so that a part of a bulk answer costs what it is long.
        """
        facts = self._facts()
        if facts != self._known:
            self._touched.update(dict.fromkeys(self._notes.values()))
        for beside in self._touched_around:
            self._touched.update(dict.fromkeys(beside.notes))
        for group in self._groups:
            self._touched.pop(group, None)  # it is no subject
        new = {notes.asked.subject: self._kind(notes) for notes in self._touched}
        changed = [subject for subject, kind in new.items() if kind is not self.kinds[subject]]
        self._count.subtract(self.kinds[subject] for subject in changed)
        self._count.update(new[subject] for subject in changed)
        self._open.difference_update(notes.asked.subject for notes in self._touched if notes.is_answered)
        self.kinds.update(new)
        self._touched.clear()
        self._touched_around.clear()
        self._known = facts
        return tuple(changed)

    def _facts(self) -> tuple[object, ...]:
        """Return what concerns all subjects."""
        whole = self.whole
        said = (whole.ended, whole.for_all, whole.failed, whole.unclear, whole.silent, whole.one_way)
        blamed = (bool(whole.errors), bool(whole.strays), whole.blamed, bool(whole.joint))
        return (*said, *blamed, whole.fault is not None)

    def is_over(self) -> bool:
        """Whether all that will come has come: a reply says that it is the last, or all that was asked for is answered.

        The reply to a control says nothing about the device, so there only the outcomes count; and where a control is
        aimed at what cannot be listed, nothing tells but a refusal.
        """
        whole = self.whole
        if self.demand.kind is not DemandKind.CONTROL:
            return whole.ended or self.is_answered()
        called_off = bool(self._groups) and all(notes.canceled for notes in self._groups)
        if self.demand.unlisted and not called_off:
            return whole.ended and (bool(whole.errors) or self._is_all_refused())
        return (bool(self.kinds) or called_off) and not self._count[OutcomeKind.OUTSTANDING]

    def _is_all_refused(self) -> bool:
        """Whether nothing is left of a request that failed: no device is outstanding, and no group was spared (R9)."""
        whole = self.whole
        if not whole.failed or whole.strays or self._count[OutcomeKind.OUTSTANDING]:
            return False
        refused = [bool(notes.beside.errors) for notes in self._groups]
        return all(refused) or not (whole.blamed or any(refused))

    def is_refused(self) -> bool:
        """Whether something failed, and nothing is known to have succeeded."""
        whole = self.whole
        bad = self._count[OutcomeKind.FAILED] + self._count[OutcomeKind.UNKNOWN]
        failed = whole.failed or whole.unclear or whole.errors or whole.strays or bad
        return bool(failed) and not any(self._count[kind] for kind in (*GOOD, OutcomeKind.CONTRADICTED))

    def is_canceled(self) -> bool:
        """Whether something was called off, and nothing is known to have succeeded."""
        canceled = self._count[OutcomeKind.CANCELED] > 0 or any(notes.canceled for notes in self._groups)
        return canceled and not any(self._count[kind] for kind in (*GOOD, OutcomeKind.CONTRADICTED))

    def has_answers(self) -> bool:
        """Whether anything is known of any subject."""
        return self._count[OutcomeKind.OUTSTANDING] < len(self.kinds)

    def outcomes(self) -> dict[Subject, Outcome[Any]]:
        """Return the outcome of each subject."""
        beside = {one: tuple(errors.all for errors in one.errors) for one in self._besides.values()}
        return {
            subject: outcome_of(notes, self.whole, self.demand, beside[notes.beside])
            for subject, notes in self._notes.items()
        }

    def is_answered(self) -> bool:
        """Whether all subjects are answered, and there is nothing beside them that could not be listed (R6, R7)."""
        return bool(self._notes) and not self.demand.unlisted and not self._open

    @property
    def is_no_match(self) -> bool:
        """Whether it is an answer that there is nothing for any subject (R20)."""
        return self.demand.kind is DemandKind.DATA and not self.whole.matched

    def unanswered(self, among: Iterable[Subject]) -> Iterator[tuple[Subject, str]]:
        """Yield those of some subjects that ought to have been answered and are not, or not in full, in words."""
        for subject in among:
            notes, kind = self._notes[subject], self.kinds[subject]
            if kind is OutcomeKind.UNANSWERED and notes.asked.certain:
                yield subject, f"{subject} was asked for, and there is neither data nor an error for it"
            elif kind is OutcomeKind.DATA and notes.missing:
                codes = ", ".join(sorted(map(str, notes.missing)))
                yield subject, f"{subject} was answered without the reading types {codes}"

    @property
    def errors(self) -> Iterator[Error]:
        """What replies and faults say that is about no subject."""
        yield from self.whole.errors
        yield from self.whole.strays
        for errors in dict.fromkeys(errors for notes in self._groups for errors in notes.beside.errors):
            yield from errors
        yield from self.whole.fault or ()
        yield from self.whole.remarks

    # Replies

    def take_reply(self, reply: Reply, sign: Sign) -> Iterator[Finding]:
        """Note the errors of a reply, and what it says by not naming something.

        Args:
            reply: The reply.
            sign: Where it stands.
        """
        self.returned.update((identity, None) for one in reply.id if (identity := identify(one)))
        failing: set[int] = set()
        spoken_of: set[int] = set() if reply.operation_id is None else {reply.operation_id}
        for number, error in enumerate(reply.error, 1):
            path = f"/ResponseMessage/Reply/Error[{number}]"
            bad = self._fails(error, reply)
            operation = error.operation_id if error.operation_id is not None else reply.operation_id
            if self.demand.kind is DemandKind.OPERATIONS and operation is not None:
                spoken_of.add(operation)
                notes = self._by_operation.get(operation)
                if notes is not None and bad:
                    failing.add(operation)
                    self._blame(notes, error)
                elif bad:
                    self.whole.strays.add(error)
                elif notes is not None and is_failure(code_of(error)):
                    notes.remarks.add(error)
            elif bad:
                yield from self._take_error(error, path)
            else:
                self._take_remark(error)
        if self.demand.kind is DemandKind.OPERATIONS and sign is not Sign.ACKNOWLEDGEMENT:
            yield from self._take_operations(reply, spoken_of, failing)
        if sign in (Sign.LAST, Sign.FINAL):
            self._take_end(reply)

    def end(self, reply: Reply) -> None:
        """Note that a reply that was taken before was the last one."""
        self._take_end(reply)

    def _take_operations(self, reply: Reply, spoken_of: Iterable[int], failing: set[int]) -> Iterator[Finding]:
        """Note what a reply says of operations by their numbers.

        One that no error names is done (R9); where there is no error at all, the result of a reply for it alone counts.
        """
        refusing = result_of(reply) is Result.FAILED and not any(self._fails(error, reply) for error in reply.error)
        for operation in sorted(spoken_of):
            notes = self._by_operation.get(operation)
            path = "/ResponseMessage/Reply/operationId"
            if notes is None:
                yield _unknown_operation(operation, path)
                continue
            if notes.answers:
                yield finding("operation-answered-twice", path, f"operation {operation} was answered before")
            notes.answers += 1
            self._touched[notes] = None
            if refusing and operation == reply.operation_id:
                notes.refused = self.whole.blamed = True
                self._fail_after(notes)
            elif says_nothing(reply):
                notes.unclear = True
            elif operation not in failing:
                notes.done = True

    def _take_end(self, reply: Reply) -> None:
        whole = self.whole
        if self.demand.kind is DemandKind.OPERATIONS and reply.operation_id is not None:
            # It speaks for one operation; only 0.2 says that no other reply follows.
            whole.ended = whole.ended or any(code_of(error) == LAST for error in reply.error)
            return
        whole.ended = True
        whole.for_all = reply.operation_id is None
        whole.failed = whole.failed or result_of(reply) is Result.FAILED
        whole.unclear = whole.unclear or says_nothing(reply)

    def _fails(self, error: Error, reply: Reply) -> bool:
        """Whether an error says that something failed: by its code (R24), or by a vendor's text without OK (T21).

        Beside OK, a code that only remarks on something, such as that an order was put off, is no failure, except
        where data were asked for: then there are none.
        """
        code, well = code_of(error), result_of(reply) is Result.OK
        if not is_failure(code) or (well and not code[:1].isdecimal()):
            return False
        return self.demand.kind is DemandKind.DATA or not (well and is_remark(code))

    def _take_remark(self, error: Error) -> None:
        """Note what is no failure: that an object is done, or that something is to be known of it."""
        meant = self._meant(identify(error))
        if code_of(error) == NO_ERROR:
            for notes in meant:
                notes.done = notes.done or self.demand.kind is DemandKind.TRANSACTION
        elif is_failure(code_of(error)):
            for remarks in [notes.remarks for notes in meant] or [self.whole.remarks]:
                remarks.add(error)

    def _blame(self, notes: Notes, error: Error) -> None:
        """Note a failure of one subject."""
        notes.direct.add(error)
        self.whole.matched = True
        self._touched[notes] = None
        self._spread(error)
        self._fail_after(notes)

    def _blame_around(self, around: Iterable[Named], error: Error) -> None:
        """Note a failure of something that is named within or beside subjects: it may be that of each of them."""
        for named in around:
            for beside in named.besides if not named.errors else ():
                beside.errors[named.errors] = None
                self._touched_around[beside] = None
                for notes in beside.notes:
                    self._fail_after(notes)
            named.errors.add(error)
        self._spread(error)

    def _sole_operation(self, around: Iterable[Named]) -> Notes | None:
        """Return the one operation within which all of some objects are named, if there is one."""
        if self.demand.kind is not DemandKind.OPERATIONS:
            return None
        inside = (notes for named in around for beside in named.besides for notes in beside.notes)
        first = next(inside, None)
        return first if all(notes is first for notes in inside) else None

    def _spread(self, error: Error) -> None:
        """Note what a failure that is somebody's means for the others."""
        self.whole.blamed = True
        if self.demand.joint:
            self.whole.joint.add(error)

    def _fail_after(self, notes: Notes) -> None:
        """Note that nobody knows of the operations after one that failed, where they are run in order."""
        number, first = notes.asked.subject.operation, self.whole.first_failed
        if number is None or not self.demand.in_order or (first is not None and first <= number):
            return
        self.whole.first_failed = number
        end = len(self._numbers) if first is None else bisect_right(self._numbers, first)
        after = self._numbers[bisect_right(self._numbers, number) : end]
        self._touched.update((self._by_operation[one], None) for one in after)

    def _take_error(self, error: Error, path: str) -> Iterator[Finding]:
        """Note a failure under what it is about."""
        identities = [
            identity for one in (error.id, error.object, error.related_id) if one and (identity := identify(one))
        ]
        if not identities:
            self.whole.errors.add(error)
            return
        for identity in identities:
            meant = self._meant(identity, identities)
            if meant:
                for notes in meant:
                    self._blame(notes, error)
                return
            if self._is_ambiguous(identity):
                self.whole.strays.add(error)
                message = f"the error could be about several objects: {identity}"
                yield finding("answer-ambiguous", f"{path}/ID", message)
                return
        around = self._around(identities)
        sole = self._sole_operation(around)
        if sole is not None:
            self._blame(sole, error)
        elif around:
            self._blame_around(around, error)
        elif members := self._member(identities):
            for notes in members:
                self._blame(notes, error)
        else:
            self.whole.strays.add(error)
            if not self.demand.unlisted:
                message = f"the error is about {identities[0]}, which the request does not name"
                yield finding("object-not-asked", f"{path}/ID", message)

    # Data

    def take_data(self, content: object, path: str) -> Iterator[Finding]:
        """Note the items of a payload under what they are about."""
        resolver = CodeResolver(content)
        for item in items_of(content):
            identities = list(about(item))
            found = dict.fromkeys(notes for identity in identities for notes in self._meant(identity))
            self.whole.matched = self.whole.matched or bool(found)
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
            identity.can_be(known)
            for identity in identities
            if identity.object_type is not None
            for known in self._classes
        )

    # Events

    def take_echo(self, payload: Payload[Any], contents: Iterable[object], path: str) -> Iterator[Finding]:
        """Note that an event tells that what was asked for was done.

        Args:
            payload: The event's payload.
            contents: What it carries.
            path: Where that stands.
        """
        operations: OperationSet | None = payload.operation_set
        for operation in operations.operation if operations is not None else ():
            number = operation.operation_id
            notes = self._by_operation.get(number)
            if notes is not None:
                notes.done = notes.echoed = True
                self._touched[notes] = None
            elif self.demand.kind is DemandKind.OPERATIONS:
                yield _unknown_operation(number, f"{path}/OperationSet")
        identities = [identify(one) for one in payload.id]
        for content in contents:
            for item in items_of(content):
                own = identify(item)
                identities += [own] if own else list(about(item))
        for identity in identities:
            for notes in self._meant(identity):
                notes.done = notes.echoed = True


def says_nothing(reply: Reply) -> bool:
    """Whether a reply says neither that something succeeded nor that it failed (T20)."""
    return not reply.result and not reply.error


def _unknown_operation(number: int, path: str) -> Finding:
    return finding("operation-unknown", path, f"the request has no operation {number}", str(number))


def _codes_in(item: Any, resolver: CodeResolver) -> set[ReadingTypeCode]:
    """Return the reading types that an item has values of."""
    found: set[ReadingTypeCode] = set()
    for member in ("readings", "interval_blocks"):
        for holder in getattr(item, member, None) or ():
            cited = resolver.cite(holder.reading_type, ReadingTypeCode)
            if cited.is_readable:
                found.add(cited.code)
    return found
