"""The notes on what arrives, one page for each subject of a request, and who is meant by what a message says.

Whatever a message names is looked up by the rules of identity; what could mean several different objects means none of
them, since nobody may guess (R25).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import attrs

from iec61968_9.exchange.conversing.outcomes import Beside, Named, Notes, OutcomeKind, Whole, kind_of
from iec61968_9.exchange.conversing.subjects import Asked, Demand, Subject
from iec61968_9.identity import Identity

__all__ = ["Notebook"]


@attrs.define
class Notebook:
    """What is known of each subject of a request.

    Attributes:
        demand: What was asked for.
        whole: What is known of the exchange as a whole.
        others: Data and events of objects that the request does not name.
        kinds: What became of each subject, by the last count.
    """

    demand: Demand
    whole: Whole = attrs.Factory(Whole)
    others: list[Any] = attrs.Factory(list[Any])
    kinds: dict[Subject, OutcomeKind] = attrs.field(init=False, factory=dict[Subject, OutcomeKind])
    _notes: dict[Subject, Notes] = attrs.field(init=False, factory=dict[Subject, Notes])
    _groups: list[Notes] = attrs.field(init=False, factory=list[Notes])
    _by_key: dict[str, list[Notes]] = attrs.field(init=False, factory=dict[str, list[Notes]])
    _by_control: dict[str, list[Notes]] = attrs.field(init=False, factory=dict[str, list[Notes]])
    _besides: dict[tuple[Identity, ...], Beside] = attrs.field(init=False, factory=dict[tuple[Identity, ...], Beside])
    _by_identity: dict[tuple[Identity, str | None], Named] = attrs.field(
        init=False, factory=dict[tuple[Identity, str | None], Named]
    )
    _by_inside: dict[str, list[Named]] = attrs.field(init=False, factory=dict[str, list[Named]])
    _by_operation: dict[int, Notes] = attrs.field(init=False, factory=dict[int, Notes])
    _classes: set[str | None] = attrs.field(init=False, factory=set[str | None])
    _touched: dict[Notes, None] = attrs.field(init=False, factory=dict[Notes, None])
    _touched_around: dict[Beside, None] = attrs.field(init=False, factory=dict[Beside, None])
    _count: Counter[OutcomeKind] = attrs.field(init=False, factory=Counter[OutcomeKind])
    _open: set[Subject] = attrs.field(init=False, factory=set[Subject])

    def __attrs_post_init__(self) -> None:
        self._groups = [self._noted(asked) for asked in self.demand.groups]
        for asked in self.demand.asked:
            self._add(asked)

    def _add(self, asked: Asked) -> Notes:
        """Open a page for a subject."""
        notes = self._noted(asked)
        subject = asked.subject
        self._notes[subject] = notes
        for key in subject.identity.keys:
            self._by_key.setdefault(key, []).append(notes)
        self._classes.add(subject.identity.object_type)
        if subject.operation is not None:
            self._by_operation[subject.operation] = notes
        self.kinds[subject] = self._kind(notes)
        self._count[self.kinds[subject]] += 1
        self._open.add(subject)
        return notes

    def _noted(self, asked: Asked) -> Notes:
        """Make a page that can be found by its control, and by what is named inside or beside its subject."""
        beside = self._besides.get(asked.inside)
        if beside is None:
            beside = self._besides[asked.inside] = Beside()
            for identity in asked.inside:
                self._name(identity).besides[beside] = None
        notes = Notes(asked, beside=beside)
        beside.notes.append(notes)
        for mark in asked.marks:
            self._by_control.setdefault(mark, []).append(notes)
        return notes

    def _name(self, identity: Identity) -> Named:
        """Return the object that an identity inside the request is; its class belongs to it."""
        known = self._by_identity.get((identity, identity.object_type))
        if known is None:
            known = self._by_identity[identity, identity.object_type] = Named(identity)
            for key in identity.keys:
                self._by_inside.setdefault(key, []).append(known)
        return known

    def _kind(self, notes: Notes) -> OutcomeKind:
        return kind_of(notes, self.whole, self.demand)

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
        near = dict.fromkeys(notes for key in identity.keys for notes in self._by_key.get(key, ()))
        exact = [notes for notes in near if notes.asked.subject.identity == identity]
        return exact or [notes for notes in near if notes.asked.subject.identity.matches(identity)]

    def _around(self, identities: Iterable[Identity]) -> list[Named]:
        """Return the objects within or beside subjects that are one of some."""
        return list(
            dict.fromkeys(
                named
                for identity in identities
                for key in identity.keys
                for named in self._by_inside.get(key, ())
                if named.identity.matches(identity)
            )
        )
