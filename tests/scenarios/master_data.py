"""A small master of meters, usage points and what links them: the server of the master data scenarios.

It has the meaning that the standard gives to create, change and delete (R16, R17), to sets of operations (R18) and to
links with a time: an object is kept as a payload of its own, with the definitions that came along; a change is laid
over it; the removal of members follows the path that names them. Nothing that is kept is changed in place, so a set is
undone by going back to the tables of before.
"""

from __future__ import annotations

import copy
import dataclasses
import datetime
from collections.abc import Callable, Iterator
from typing import Any

import attrs
from tests.scenarios.members import DATES, apart, laid_over, main, said, together, without

from iec61968_9.exchange import IDLike, System, content_of, error, operations_of
from iec61968_9.identity import Identity, identify, mrid
from iec61968_9.profiles.envelope import Error, EventMessage, OperationSet, RequestMessage
from iec61968_9.profiles.master_data_linkage_config import (
    ConfigurationEvent,
    MasterDataLinkageConfig,
    Meter,
    ServiceLocation,
    UsagePoint,
)

LINKS = "MasterDataLinkageConfig"
UNKNOWN = {"Meter": "2.4", "UsagePoint": "2.12", "ServiceLocation": "2.16"}
"""What is said of an object that is not there, by its class."""


class RefusedError(Exception):
    """Something cannot be done.

    Args:
        code: The reply code.
        details: Why, in words.
        of: The object that is at fault.
    """

    def __init__(self, code: str, details: str, of: IDLike | None = None) -> None:
        super().__init__(details)
        self.code, self.details, self.of = code, details, of

    def told(self, operation_id: int | None = None) -> Error:
        """The same as an error of a reply."""
        return error(self.code, details=self.details, of=self.of, operation_id=operation_id)


@attrs.frozen
class Link:
    """Two objects that belong together for a time.

    Attributes:
        ends: The two, each as its class and its mRID.
        since: From when.
        until: Until when, that moment not included; None for ever.
    """

    ends: frozenset[tuple[str, str]]
    since: datetime.datetime
    until: datetime.datetime | None = None

    def holds_at(self, moment: datetime.datetime) -> bool:
        """Whether it is in force."""
        return self.since <= moment and (self.until is None or moment < self.until)


class Master:
    """What is known of the objects and their links.

    Attributes:
        objects: The objects by noun, each as a payload that holds it alone.
        links: The links, those that have ended as well.
    """

    def __init__(self) -> None:
        self.objects: dict[str, tuple[Any, ...]] = {}
        self.links: tuple[Link, ...] = ()

    # Looking

    def find(self, meant: Any) -> Any:
        """The object that an object, an ID or an identity means; None where there is none."""
        sought = identify(meant)
        return next((one for _, one in self._each() if self._is_meant(sought, identify(one))), None)

    def meters_of(self, usage_point: str, moment: datetime.datetime) -> list[str]:
        """The mRIDs of the meters that serve a usage point at a moment."""
        end = ("UsagePoint", usage_point)
        return sorted(
            other
            for link in self.links
            if end in link.ends and link.holds_at(moment)
            for kind, other in link.ends
            if kind == "Meter"
        )

    @property
    def facts(self) -> object:
        """All that is known, to compare with."""
        return {noun: sorted(map(repr, every)) for noun, every in self.objects.items() if every}, frozenset(self.links)

    def _each(self) -> Iterator[tuple[Any, Any]]:
        for every in self.objects.values():
            for payload in every:
                yield payload, main(payload)[0]

    @staticmethod
    def _is_meant(sought: Identity, known: Identity) -> bool:
        return sought.can_be(known.object_type) and sought.matches(known)

    def _index(self, one: Any, noun: str) -> int:
        """Where an object is kept."""
        sought = identify(one)
        for number, payload in enumerate(self.objects.get(noun, ())):
            if self._is_meant(sought, identify(main(payload)[0])):
                return number
        kind = noun.removesuffix("Config")
        raise RefusedError(UNKNOWN[kind], f"{kind.lower()} unknown", one)

    # Acting

    def do(self, verb: str, payload: Any, *, members: bool = False) -> None:
        """Create, change or delete what a payload holds, or remove members of it; or else change nothing at all.

        Raises:
            RefusedError: It cannot be done.
        """
        before = self.objects, self.links
        try:
            if isinstance(payload, MasterDataLinkageConfig):
                (self._unlink if verb == "delete" else self._link)(payload)
                return
            act: Callable[[Any], None] = {
                "create": self._create,
                "change": self._change,
                "delete": self._remove if members else self._delete,
            }[verb]
            for one in apart(payload):
                act(one)
        except RefusedError:
            self.objects, self.links = before
            raise

    def execute(self, operations: OperationSet) -> dict[int, Error | None]:
        """Run a set of operations; give for each its error, or None where it was done (R18)."""
        before = self.objects, self.links
        found: dict[int, Error | None] = {}
        for number, one in operations_of(operations).items():
            if operations.enforce_msg_sequence and any(found.values()):
                found[number] = RefusedError("5.2", "not attempted").told(number)
                continue
            try:
                self.do(str(one.verb), one.content, members=one.element_operation is True)
                found[number] = None
            except RefusedError as refusal:
                found[number] = refusal.told(number)
        if operations.enforce_transactional_integrity and any(found.values()):
            self.objects, self.links = before
            for number, known in found.items():
                if known is None or known.code == "5.2":
                    found[number] = RefusedError("5.9", "rolled back").told(number)
        return found

    def _create(self, payload: Any) -> None:
        one, _ = main(payload)
        if self.find(one) is not None:
            raise RefusedError("6.1", "already exists", one)
        if one.mrid is None:
            name = identify(one).names[0]
            one.mrid = mrid(name.name, authority=name.authority or "CIS", name_type=name.name_type)
        self._put(payload)

    def _put(self, payload: Any) -> None:
        noun = type(payload).__name__
        self.objects = {**self.objects, noun: (*self.objects.get(noun, ()), payload)}

    def _replace(self, noun: str, number: int, *others: Any) -> None:
        every = self.objects[noun]
        self.objects = {**self.objects, noun: (*every[:number], *others, *every[number + 1 :])}

    def _change(self, payload: Any) -> None:
        noun = type(payload).__name__
        number = self._index(main(payload)[0], noun)
        self._replace(noun, number, laid_over(self.objects[noun][number], payload))

    def _delete(self, payload: Any) -> None:
        one, _ = main(payload)
        noun = type(payload).__name__
        number = self._index(one, noun)
        known, _ = main(self.objects[noun][number])
        if any(link.until is None and (type(known).__name__, known.mrid) in link.ends for link in self.links):
            raise RefusedError("2.29", "still linked", one)
        self._replace(noun, number)

    def _remove(self, payload: Any) -> None:
        one, member = main(payload)
        noun = type(payload).__name__
        number = self._index(one, noun)
        kept = self.objects[noun][number]
        known, _ = main(kept)
        try:
            left = without(known, one)
        except LookupError as error:
            raise RefusedError("5.3", str(error), one) from None
        self._replace(noun, number, dataclasses.replace(kept, **{member: [left]}))

    def _link(self, payload: MasterDataLinkageConfig) -> None:
        link = Link(self._ends(payload), _since(payload))
        for known in self.links:
            shared = known.ends & link.ends
            rival = shared and {kind for kind, _ in known.ends} == {kind for kind, _ in link.ends} == {
                "Meter",
                "UsagePoint",
            }
            if (rival or known.ends == link.ends) and (known.until is None or known.until > link.since):
                raise RefusedError("2.13", "linked already", payload.meter[0] if payload.meter else None)
        self.links = (*self.links, link)

    def _unlink(self, payload: MasterDataLinkageConfig) -> None:
        ends, until = self._ends(payload), _since(payload)
        for number, known in enumerate(self.links):
            if known.ends == ends and known.until is None and known.since <= until:
                ended = attrs.evolve(known, until=until)
                self.links = (*self.links[:number], ended, *self.links[number + 1 :])
                return
        raise RefusedError("2.13", "not linked", payload.meter[0] if payload.meter else None)

    def _ends(self, payload: MasterDataLinkageConfig) -> frozenset[tuple[str, str]]:
        """The two objects that a payload links. What several of one class mean, the standard does not say."""
        ends: list[tuple[str, str]] = []
        for name, value in said(payload):
            for one in value if name not in DATES else ():
                known = self.find(one)
                if known is None:
                    kind = type(one).__name__
                    raise RefusedError(UNKNOWN[kind], f"{kind.lower()} unknown", one)
                ends.append((type(known).__name__, known.mrid))
        if len(ends) != 2:
            raise RefusedError("2.29", "a link has two ends")
        return frozenset(ends)

    # Answering, and following

    def answer(self, system: System, request: RequestMessage[Any]) -> Iterator[Any]:
        """Do what a request asks for; give the reply, and after a success the event that tells of it."""
        noun, verb = request.header.noun, str(request.header.verb)
        operations = None if request.payload is None else request.payload.operation_set
        if verb == "get":
            yield system.reply(request, self._queried(noun, request.query))
        elif operations is not None:
            found = self.execute(operations)
            errors = [one for one in found.values() if one is not None]
            yield system.reply(request, errors=errors, operation_id=next(iter(found)) if len(found) == 1 else None)
            if not errors:
                yield system.executed(request=request)
        else:
            before = self.objects, self.links
            try:
                for payload in self._meant_by(request):
                    self.do("delete" if verb == "close" else verb, payload)
            except RefusedError as refusal:
                self.objects, self.links = before
                yield system.fail(request, refusal.told())
                return
            yield system.reply(request, ids=self._assigned(request))
            if verb in {"create", "change"}:
                yield (system.created if verb == "create" else system.changed)(request=request)
            else:
                what = self._skeletons(request)
                told: Any = system.deleted if verb == "delete" else system.closed
                yield told(noun, request=request, ids=what) if what else told(request=request)

    @staticmethod
    def _skeletons(request: RequestMessage[Any]) -> list[Any]:
        """The objects of profiles that stand in Request, where IDs belong."""
        return [] if request.request is None else [main(one)[0] for one in request.request.queries]

    def _meant_by(self, request: RequestMessage[Any]) -> Iterator[Any]:
        """The payloads of a request, or skeletons of what it names by ID."""
        asking = request.request
        for one in () if asking is None else asking.id:
            found = [payload for payload, known in self._each() if self._is_meant(identify(one), identify(known))]
            if not found:
                raise RefusedError("2.15", "no such object", one)
            yield found[0]
        yield from () if asking is None else asking.queries
        if request.payload is not None:
            yield content_of(request)

    def _assigned(self, request: RequestMessage[Any]) -> list[Identity]:
        """The identities of what a request has created."""
        if request.header.verb != "create" or request.header.noun == LINKS:
            return []
        mains = [main(one)[0] for one in apart(content_of(request))]
        return [Identity(mrid=self.find(one).mrid, object_type=type(one).__name__) for one in mains]

    def _queried(self, noun: str, query: Any) -> Any:
        """The one payload that a query finds, or None."""
        sought = [(name, identify(one)) for name, value in said(query) for one in value]
        if noun == LINKS:
            ends = {(one.object_type, one.mrid) for _, one in sought}
            link = next((one for one in self.links if one.until is None and ends <= one.ends), None)
            return None if link is None else _payload_of(link)
        found = [
            payload
            for payload, one in self._each()
            if any(name == main(payload)[1] and self._is_meant(wanted, identify(one)) for name, wanted in sought)
        ]
        return together(found) if found else None

    def follow(self, event: EventMessage[Any]) -> None:
        """Take over what a master tells; what is known already changes nothing.

        Raises:
            RefusedError: It is about something unknown, so that something was missed.
        """
        operations = None if event.payload is None else event.payload.operation_set
        if operations is not None:
            for one in operations_of(operations).values():
                self._follow(str(one.verb), one.content, members=one.element_operation is True)
            return
        if event.payload is not None and event.payload.id:
            for named in event.payload.id:
                known = self.find(named)
                if known is not None:
                    noun = str(event.header.noun)
                    self._replace(noun, self._index(known, noun))
            return
        self._follow(str(event.header.verb), content_of(event))

    def _follow(self, told: str, payload: Any, *, members: bool = False) -> None:
        verb = {"created": "create", "changed": "change", "deleted": "delete", "closed": "delete"}[told]
        done_before = {"create": {"6.1", "2.13"}, "change": set[str](), "delete": {*UNKNOWN.values(), "2.13", "5.3"}}
        try:
            self.do(verb, copy.deepcopy(payload), members=members)
        except RefusedError as refusal:
            if refusal.code not in done_before[verb]:
                raise


def _since(payload: MasterDataLinkageConfig) -> datetime.datetime:
    event = payload.configuration_event
    if event is None or event.effective_date_time is None:
        raise RefusedError("5.8", "no date")
    return event.effective_date_time


def _payload_of(link: Link) -> MasterDataLinkageConfig:
    made = MasterDataLinkageConfig(configuration_event=ConfigurationEvent(effective_date_time=link.since))
    for kind, one in link.ends:
        match kind:
            case "Meter":
                made.meter.append(Meter(mrid=one))
            case "UsagePoint":
                made.usage_point.append(UsagePoint(mrid=one))
            case _:
                made.service_location.append(ServiceLocation(mrid=one))
    return made
