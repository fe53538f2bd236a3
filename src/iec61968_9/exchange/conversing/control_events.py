"""Noting what devices and head ends say of controls: how they ended, and that they were called off.

An event is about a device and a code. It ends the one control, of those that are aimed at the device, that such a code
can end; any other event is a step on the way. A device that no control names can still be a member of a group at which
one is aimed: what is heard of it opens a page for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import attrs

from iec61968_9.codes.end_device import EndDeviceEventCode
from iec61968_9.exchange.conversing.endings import is_event
from iec61968_9.exchange.conversing.notebook import Notebook
from iec61968_9.exchange.conversing.outcomes import Notes
from iec61968_9.exchange.conversing.subjects import CONTROL_MEMBER, Asked, Subject
from iec61968_9.exchange.occurrences import Occurrence
from iec61968_9.exchange.rules import finding
from iec61968_9.identity import Identity, identify
from iec61968_9.profiles.envelope import Payload
from iec61968_9.xml.report import Finding

__all__ = ["Canceled", "ControlEvents", "canceled_in"]


@attrs.frozen(kw_only=True)
class Canceled:
    """A control that was called off, as a message names it.

    Attributes:
        identity: Its mRID and names; empty where only devices are named.
        tracking_id: Its tracking number.
        devices: The devices for which it was called off; none for all.
        groups: Whether it was called off for groups as well.
    """

    identity: Identity = attrs.field(factory=Identity)
    tracking_id: str | None = None
    devices: tuple[Identity, ...] = ()
    groups: bool = False

    @property
    def marks(self) -> tuple[str, ...]:
        """The texts by which its request can be looked up."""
        return (*self.identity.keys, *filter(None, [self.tracking_id]))

    def names(self, asked: Asked) -> bool:
        """Whether it is the control that something was asked by: by identity, or by the tracking number."""
        control = asked.subject.control
        if self.identity and control is not None and control.matches(self.identity):
            return True
        numbers = {self.tracking_id, *(name.name for name in self.identity.names)}
        return asked.tracking_id is not None and asked.tracking_id in numbers

    @property
    def covers_all(self) -> bool:
        """Whether it was called off for all that it is aimed at."""
        return not self.devices or self.groups


def canceled_in(payload: Payload[Any] | None, contents: Iterable[object]) -> Iterator[Canceled]:
    """Yield the controls that a payload names, by identifiers or by a copy."""
    for one in payload.id if payload is not None else ():
        yield Canceled(identity=identify(one))
    for content in contents:
        for control in getattr(content, CONTROL_MEMBER, None) or ():
            aimed = (identify(one) for one in (*control.end_devices, *control.usage_points))
            yield Canceled(
                identity=identify(control),
                tracking_id=(control.issuer_tracking_id or "").strip() or None,
                devices=tuple(one for one in aimed if one),
                groups=bool(control.end_device_groups or control.usage_point_groups),
            )


@attrs.define
class ControlEvents(Notebook):
    """The part of the notes that is about controls."""

    _happened: set[tuple[Occurrence, str | None]] = attrs.field(init=False, factory=set[tuple[Occurrence, str | None]])

    def take_events(self, found: Iterable[Occurrence], path: str) -> Iterator[Finding]:
        """Note what happened to devices under the controls that it ends.

        Args:
            found: What happened.
            path: Where that stands.
        """
        for one in found:
            if (one, one.tracking_id) in self._happened:
                continue
            self._happened.add((one, one.tracking_id))
            tied = self.tied(one)
            if not tied:
                groups = self._groups_for(one)
                tied = self._join(one.device, groups[0]) if len(groups) == 1 else []
                if not tied:
                    self.others.append(one.event)
                    yield from self._strange(one, groups, path)
            ends = [(notes, good) for notes in tied for ending, good in notes.asked.endings if _is_ending(one, ending)]
            if len({id(notes) for notes, _ in ends}) == 1:
                yield from self._end(*ends[0], one, path)
                continue
            for notes in tied:
                notes.others.append(one.event)
            if ends:
                message = f"the event {one.code} could end several controls of one device"
                yield finding("answer-ambiguous", path, message)

    def _end(self, notes: Notes, good: bool, one: Occurrence, path: str) -> Iterator[Finding]:
        """Note that a control ended for a device."""
        listed = notes.succeeded if good else notes.failed
        if (one.at, good) in notes.ends:
            return  # the same, said with and without its tracking number
        notes.ends.add((one.at, good))
        if listed:
            yield finding("completion-repeated", path, f"{notes.asked.subject} has ended before")
        listed.append(one.event)
        if good:
            if _is_before(one.at, notes.asked.starts):
                message = f"{notes.asked.subject} was done before it was to begin"
                yield finding("completion-too-early", path, message)
            yield from _done_after_all(notes, one.event, path)

    def tied(self, one: Occurrence) -> list[Notes]:
        """Return the subjects that an event can be about, by device, and by tracking number where both have one."""
        meant = (notes for identity in one.devices for notes in self._meant(identity))
        return [notes for notes in dict.fromkeys(meant) if _can_cite(one, notes)]

    def ties(self, one: Occurrence) -> bool:
        """Whether an event without correlation belongs here: it cites the tracking number of a control of its device.

        The device of a control of a group cannot be held to anything, so there the number is enough.
        """
        return one.tracking_id is not None and any(
            notes.asked.tracking_id == one.tracking_id for notes in (*self.tied(one), *self._groups_for(one))
        )

    def take_canceled(self, named: Iterable[Canceled], at: datetime | None, path: str) -> Iterator[Finding]:
        """Note that controls were called off. What a device had done before stays done.

        Args:
            named: The controls.
            at: When, as far as that is known.
            path: Where that is said.
        """
        for notes in self.canceled_by(named):
            notes.canceled = True
            notes.canceled_at = at
            self._touched[notes] = None
            for event in notes.succeeded:
                yield from _done_after_all(notes, event, path)

    def canceled_by(self, named: Iterable[Canceled]) -> list[Notes]:
        """Return the pages of the controls that a message calls off, those of groups included."""
        found: dict[Notes, None] = {}
        for one in named:
            meant = self._named(one) if one.covers_all else self._aimed_at(one.devices)
            found.update((notes, None) for notes in meant if not one.marks or one.names(notes.asked))
        return list(found)

    def _named(self, one: Canceled) -> Iterable[Notes]:
        """Return the pages of the controls that may be meant, by the texts that name one; of all, where none does."""
        if not one.marks:
            return [*self._notes.values(), *self._groups]
        return (notes for mark in one.marks for notes in self._by_control.get(mark, ()))

    def _aimed_at(self, devices: Iterable[Identity]) -> Iterator[Notes]:
        """Yield the pages of all controls that are aimed at some devices."""
        for device in devices:
            for key in device.keys:
                yield from (one for one in self._by_key.get(key, ()) if one.asked.subject.identity.matches(device))

    def _groups_for(self, one: Occurrence) -> list[Notes]:
        """Return the controls of groups that an event can be about; those that it ends, where there are such."""
        found = [notes for notes in self._groups if _can_cite(one, notes)]
        ended = [notes for notes in found if any(_is_ending(one, ending) for ending, _ in notes.asked.endings)]
        return ended or found

    def _member(self, identities: Iterable[Identity]) -> list[Notes]:
        """Open a page for what must be a member of the one group, if such an object is among some."""
        for identity in identities if len(self._groups) == 1 else ():
            if identity.object_type is not None and any(map(identity.can_be, ("EndDevice", "UsagePoint"))):
                return self._join(identity, self._groups[0])
        return []

    def _join(self, device: Identity | None, group: Notes) -> list[Notes]:
        """Open a page for a member of a group, which is not known before something is said of it."""
        if device is None or self._is_ambiguous(device):
            return []
        subject = Subject(device, control=group.asked.subject.control)
        notes = self._add(attrs.evolve(group.asked, subject=subject))
        notes.canceled, notes.canceled_at = group.canceled, group.canceled_at
        self._touched[notes] = None
        return [notes]

    def _strange(self, one: Occurrence, groups: list[Notes], path: str) -> Iterator[Finding]:
        """Say that an event is about nothing that was asked for, if one can tell."""
        device = one.device or Identity()
        if len(groups) > 1:
            yield finding("answer-ambiguous", path, f"the event of {device} could be about several controls of groups")
        elif not self.demand.unlisted:
            yield finding("object-not-asked", path, f"an event is about {device}, which no control aims at")


def _can_cite(one: Occurrence, notes: Notes) -> bool:
    """Whether an event's tracking number and that of a control agree, or one of them is not said."""
    known = notes.asked.tracking_id
    return one.tracking_id is None or known is None or one.tracking_id == known


def _is_ending(one: Occurrence, ending: EndDeviceEventCode) -> bool:
    return one.code is not None and is_event(one.code, ending)


def _done_after_all(notes: Notes, event: Any, path: str) -> Iterator[Finding]:
    """Say that a device did what had been called off before."""
    if notes.canceled and _is_before(notes.canceled_at, event.created_date_time):
        yield finding("completion-of-canceled", path, f"{notes.asked.subject} was done after it had been called off")


def _is_before(time: datetime | None, other: datetime | None) -> bool:
    """Whether one moment is before another, where both are known."""
    if time is None or other is None or time.utcoffset() is None or other.utcoffset() is None:
        return False
    return time < other
