"""What became of each object of a request.

Whatever arrives is only noted here: data, errors and events for a subject, and a few facts about the exchange as a
whole. An outcome is worked out from these notes when somebody asks. So it does not depend on the order in which the
messages came, and a message that arrives late changes what it is about and nothing else (rules R7, R8, R9, R13).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

import attrs

from iec61968_9.codes.reading_type import ReadingTypeCode
from iec61968_9.errors import IdentityError
from iec61968_9.exchange.conversing.subjects import Asked, Demand, DemandKind, Subject
from iec61968_9.identity import Identity, identify
from iec61968_9.identity.walking import content_key
from iec61968_9.profiles.envelope import Error

__all__ = ["Outcome", "OutcomeKind", "Outcomes"]

A_co = TypeVar("A_co", covariant=True)


class OutcomeKind(StrEnum):
    """What became of an object."""

    OUTSTANDING = "outstanding"
    """Nothing is known yet, and it may still come."""
    DATA = "data"
    """There are data for it."""
    DONE = "done"
    """What was asked for was done."""
    ACCEPTED = "accepted"
    """The receiver took it on, and no event is known by which the device is sure to tell how it ended."""
    FAILED = "failed"
    """An error says that it failed, or an event of the device does."""
    CANCELED = "canceled"
    """It was called off before it was done."""
    CONTRADICTED = "contradicted"
    """It is said to have succeeded and to have failed."""
    UNANSWERED = "unanswered"
    """The exchange ended without data and without an error for it."""
    UNKNOWN = "unknown"
    """Nobody can tell: silence, a reply without a result, or a failure that does not say what it is about."""


GOOD = frozenset({OutcomeKind.DATA, OutcomeKind.DONE, OutcomeKind.ACCEPTED})
UNDECIDED = frozenset({OutcomeKind.OUTSTANDING, OutcomeKind.UNKNOWN})


@attrs.frozen(kw_only=True)
class Outcome(Generic[A_co]):
    """What became of one object.

    Attributes:
        kind: What became of it.
        payloads: The payloads that hold data for it, in the order of arrival.
        items: The parts of these payloads that are about it: each ``MeterReading`` of the meter.
        said: The errors, as the subjects of a request share them.
        events: The device events that are about it.
        missing: The reading types that were asked for and have not come.
    """

    kind: OutcomeKind
    payloads: tuple[A_co, ...] = ()
    items: tuple[Any, ...] = ()
    said: tuple[tuple[Error, ...], ...] = ()
    events: tuple[Any, ...] = ()
    missing: frozenset[ReadingTypeCode] = frozenset()

    @property
    def errors(self) -> tuple[Error, ...]:
        """The errors that are about it, and what a reply remarks on it, such as that an order was put off (6.2)."""
        return tuple({id(one): one for some in self.said for one in some}.values())

    @property
    def is_good(self) -> bool:
        """Whether it succeeded: there are data, it is done, or at least accepted."""
        return self.kind in GOOD

    @property
    def is_decided(self) -> bool:
        """Whether it is known, as far as it ever will be unless something unexpected arrives."""
        return self.kind not in UNDECIDED


class Outcomes(Mapping[Subject, Outcome[A_co]]):
    """The outcomes of all subjects of a request, in its order."""

    __slots__ = ("_found",)

    def __init__(self, found: Mapping[Subject, Outcome[A_co]]) -> None:
        self._found = found

    def __getitem__(self, subject: Subject) -> Outcome[A_co]:
        return self._found[subject]

    def __iter__(self) -> Iterator[Subject]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def __repr__(self) -> str:
        return f"<Outcomes { ({str(subject): str(outcome.kind) for subject, outcome in self._found.items()}) }>"

    def of(self, meant: object, *, control: object = None) -> Outcome[A_co]:
        """Return the outcome of one object or operation.

        Args:
            meant: The object: of any profile, an ID, or an identity; or the number of an operation.
            control: The control that is aimed at it, where several are.

        Raises:
            IdentityError: The request is about no such object, or about several.
        """
        if isinstance(meant, int):
            found = [subject for subject in self if subject.operation == meant]
        else:
            identity = identify(meant)
            exact = [subject for subject in self if subject.identity == identity and identity]
            found = exact or [subject for subject in self if subject.identity.matches(identity)]
        if control is not None:
            aimed = identify(control)
            found = [one for one in found if one.control is not None and one.control.matches(aimed)]
        if len(found) != 1:
            said = ", ".join(map(str, found)) if found else "nothing of the kind"
            raise IdentityError(f"one object of the request was to be meant, and there is: {said}", rule="R7")
        return self[found[0]]


# The notes ----------------------------------------------------------------------------------------------------------


class Errors:
    """Errors in the order in which they came, each once."""

    __slots__ = ("_added", "_all")

    def __init__(self) -> None:
        self._added: dict[object, Error] = {}
        self._all: tuple[Error, ...] = ()

    def add(self, error: Error) -> None:
        """Add an error, unless the same was added before."""
        self._added.setdefault(content_key(error), error)

    @property
    def all(self) -> tuple[Error, ...]:
        """All errors so far; the same tuple as long as there are no others."""
        if len(self._all) != len(self._added):
            self._all = tuple(self._added.values())
        return self._all

    def __iter__(self) -> Iterator[Error]:
        return iter(self._added.values())

    def __len__(self) -> int:
        return len(self._added)


@attrs.define(eq=False)
class Beside:
    """What subjects share: the objects that the request names within or beside them, and the errors about these.

    Attributes:
        notes: The notes on the subjects.
        errors: The errors about each of these objects that failed.
    """

    notes: list[Notes] = attrs.Factory(list["Notes"])
    errors: dict[Errors, None] = attrs.Factory(dict[Errors, None])


@attrs.define(eq=False)
class Named:
    """An object that the request names within or beside subjects, be it in a thousand places.

    Attributes:
        identity: The object.
        besides: Where it is named.
        errors: The errors about it.
    """

    identity: Identity
    besides: dict[Beside, None] = attrs.Factory(dict[Beside, None])
    errors: Errors = attrs.Factory(Errors)


@attrs.define(eq=False)
class Notes:
    """What arrived about one subject.

    Attributes:
        asked: The subject.
        items: Data, each with the payload that it stands in.
        direct: Errors that name it.
        remarks: What replies say of it that is no failure.
        beside: What it has in common with others: errors that name something inside it, or beside it in the query.
        done: Whether a reply or an event says that it was done.
        echoed: Whether an event that repeats the request says so, which is sent after success only (R11).
        succeeded: Events of the device that say so.
        failed: Events of the device that say that it failed.
        ends: When the device ended it, by these events, and whether well.
        others: Other events of the device.
        canceled: Whether it was called off.
        canceled_at: When, as far as that is known.
        codes: The reading types of the data.
        answers: How many replies spoke of it by its number.
        refused: Whether one for it alone says FAILED, and not why.
        unclear: Whether one for it alone says neither that it succeeded nor that it failed.
    """

    asked: Asked
    items: list[tuple[Any, Any]] = attrs.Factory(list[tuple[Any, Any]])
    direct: Errors = attrs.Factory(Errors)
    remarks: Errors = attrs.Factory(Errors)
    beside: Beside = attrs.Factory(Beside)
    done: bool = False
    echoed: bool = False
    succeeded: list[Any] = attrs.Factory(list[Any])
    failed: list[Any] = attrs.Factory(list[Any])
    ends: set[tuple[datetime | None, bool]] = attrs.Factory(set[tuple[datetime | None, bool]])
    others: list[Any] = attrs.Factory(list[Any])
    canceled: bool = False
    canceled_at: datetime | None = None
    codes: set[ReadingTypeCode] = attrs.Factory(set[ReadingTypeCode])
    answers: int = 0
    refused: bool = False
    unclear: bool = False

    @property
    def missing(self) -> frozenset[ReadingTypeCode]:
        """The reading types that were asked for and have not come."""
        return self.asked.codes - self.codes

    @property
    def is_answered(self) -> bool:
        """Whether nothing more need come for it, whether or not the exchange has ended."""
        said = self.is_bad or self.done or self.unclear or self.canceled or bool(self.succeeded)
        return said or (bool(self.items) and not self.missing)

    @property
    def is_bad(self) -> bool:
        """Whether it is said to have failed."""
        return bool(self.direct or self.failed) or self.refused


@attrs.define
class Whole:
    """What is known about the exchange as a whole.

    Attributes:
        ended: Whether a reply says that it is the last.
        for_all: Whether the last reply speaks for all operations of a set.
        failed: Whether a last reply says FAILED.
        unclear: Whether a last reply says neither that it succeeded nor that it failed.
        errors: Failures that name no object.
        matched: Whether there are data or a failure of an object by name.
        strays: Failures that name an object which the request does not.
        remarks: What replies say of no object that is no failure.
        blamed: Whether some failure names a subject.
        first_failed: The lowest number of an operation that failed, where they are run in order.
        joint: The failures of subjects that stand or fall together.
        fault: The errors of a fault, or None.
        silent: Whether the timer ran out.
        one_way: Whether nobody is to answer.
    """

    ended: bool = False
    for_all: bool = False
    failed: bool = False
    unclear: bool = False
    errors: Errors = attrs.Factory(Errors)
    matched: bool = False
    strays: Errors = attrs.Factory(Errors)
    remarks: Errors = attrs.Factory(Errors)
    blamed: bool = False
    first_failed: int | None = None
    joint: Errors = attrs.Factory(Errors)
    fault: tuple[Error, ...] | None = None
    silent: bool = False
    one_way: bool = False


def kind_of(notes: Notes, whole: Whole, demand: Demand) -> OutcomeKind:
    """Return what became of a subject, by all that is known.

    Args:
        notes: What is known of it.
        whole: What is known of the exchange.
        demand: What was asked for.
    """
    good = bool(notes.items) or notes.done or bool(notes.succeeded)
    tied = notes.done and demand.all_or_nothing  # to what became of the other operations
    told = notes.echoed or tied or bool(notes.succeeded)
    bad = notes.is_bad or (tied and whole.blamed)
    bad = bad or (told and _by_the_last_reply(notes, whole, demand) is OutcomeKind.FAILED)
    if good and bad:
        return OutcomeKind.CONTRADICTED
    if bad or (whole.fault is not None and not good):
        return OutcomeKind.FAILED
    if good:
        return OutcomeKind.DATA if notes.items else OutcomeKind.DONE
    if notes.canceled:
        return OutcomeKind.CANCELED
    return _by_the_last_reply(notes, whole, demand)


def _by_the_last_reply(notes: Notes, whole: Whole, demand: Demand) -> OutcomeKind:
    """Return what the end of the exchange means for a subject of which nothing else is known."""
    if not whole.ended:
        return OutcomeKind.UNKNOWN if whole.silent or whole.one_way or notes.unclear else OutcomeKind.OUTSTANDING
    if notes.beside.errors or whole.errors or whole.joint or (whole.blamed and demand.all_or_nothing):
        return OutcomeKind.FAILED
    if whole.strays or whole.unclear or (notes.unclear and not whole.for_all):
        return OutcomeKind.UNKNOWN
    if demand.kind is DemandKind.DATA or (demand.kind is DemandKind.OPERATIONS and not whole.for_all):
        return OutcomeKind.UNANSWERED
    if whole.failed and not whole.blamed:
        return OutcomeKind.FAILED
    if demand.kind is DemandKind.OPERATIONS:
        return _of_operation(notes, whole, demand)
    if demand.kind is DemandKind.CONTROL:
        if not notes.asked.awaited:
            return OutcomeKind.ACCEPTED
        return OutcomeKind.UNKNOWN if whole.silent else OutcomeKind.OUTSTANDING
    return OutcomeKind.DONE


def _of_operation(notes: Notes, whole: Whole, demand: Demand) -> OutcomeKind:
    """Return what became of an operation that no error names, of a set that has ended (R9, R18)."""
    first = whole.first_failed
    if demand.in_order and first is not None and first < (notes.asked.subject.operation or 0):
        return OutcomeKind.UNKNOWN
    return OutcomeKind.DONE


def outcome_of(notes: Notes, whole: Whole, demand: Demand, beside: tuple[tuple[Error, ...], ...]) -> Outcome[Any]:
    """Return the outcome of a subject, with all that belongs to it.

    Args:
        notes: What is known of it.
        whole: What is known of the exchange.
        demand: What was asked for.
        beside: The errors about what is named within or beside it.
    """
    kind = kind_of(notes, whole, demand)
    said = [notes.direct.all, *beside, whole.joint.all, notes.remarks.all]
    if kind is OutcomeKind.FAILED and not notes.direct:
        said += [whole.errors.all, whole.fault or ()]
    return Outcome(
        kind=kind,
        payloads=tuple({id(payload): payload for payload, _ in notes.items}.values()),
        items=tuple(item for _, item in notes.items),
        said=tuple(filter(None, said)),
        events=(*notes.succeeded, *notes.failed, *notes.others),
        missing=notes.missing if kind is OutcomeKind.DATA else frozenset(),
    )
