"""What a request is about: the objects that its outcome must be told for, one by one.

``read_demand`` reads a request once, into a ``Demand``. Its subjects are the devices and usage points that a query
names, the objects of a payload or of ``Request/ID``, each device of each control, or the operations of a set. What a
request means without naming it, such as the members of a group, cannot be listed; the demand says so in words, and
nobody counts what cannot be counted.
"""

from __future__ import annotations

import functools
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import attrs

from iec61968_9._verbs import REGISTRY
from iec61968_9.codes.end_device import EndDeviceControlCode, EndDeviceEventCode
from iec61968_9.codes.profile_objects import options
from iec61968_9.codes.reading_type import ReadingTypeCode
from iec61968_9.codes.resolver import CodeResolver
from iec61968_9.errors import CodeError
from iec61968_9.exchange.conversing.endings import Endings, are_awaited, known_endings
from iec61968_9.exchange.parts import header_of
from iec61968_9.exchange.verbs import standard_verb
from iec61968_9.identity import Identity, identify
from iec61968_9.identity.walking import held
from iec61968_9.profiles.envelope import RequestMessage, Verb
from iec61968_9.xml.record import Query, Record, Reference

__all__ = ["Demand", "DemandKind", "Subject", "read_demand"]

CONTROLS = "EndDeviceControls"
LINKS = "MasterDataLinkageConfig"
READINGS = "MeterReadings"


NOBODY: Final = Identity()


@attrs.frozen(cache_hash=True)
class Subject:
    """One thing that a request is about, and that ends in one outcome.

    Attributes:
        identity: The object. Empty for an operation.
        operation: The number of the operation, where the request is an operation set.
        control: The control that is aimed at the object, where the request is one of controls.
    """

    identity: Identity = NOBODY
    operation: int | None = None
    control: Identity | None = None

    def __str__(self) -> str:
        if self.operation is not None:
            return f"operation {self.operation}"
        return f"{self.identity} under {self.control}" if self.control else str(self.identity)


class DemandKind(StrEnum):
    """What kind of outcome a request waits for."""

    DATA = "data"
    """Data, or an error, for each object."""
    CONTROL = "control"
    """An event of each device, since the reply only says that the control was taken on."""
    TRANSACTION = "transaction"
    """A reply; the objects that it does not name in an error are done."""
    OPERATIONS = "operations"
    """Replies for the operations of a set, one by one or for all."""


@attrs.frozen(kw_only=True)
class Asked:
    """A subject, and what is needed to tell what concerns it.

    Attributes:
        subject: The subject.
        inside: The objects that the request names within it, or beside it; an error about one of them concerns it.
        codes: The reading types that are asked for.
        endings: The device events that end the control which is aimed at it, each with whether that is a success.
        awaited: Whether the device is sure to tell how that control ended.
        tracking_id: The tracking number of that control.
        starts: When that control is to begin, where it says so and not at random.
        certain: Whether it must be answered. False where a query names objects of several classes, and nobody says
            whether it means all of them or those that all criteria fit.
    """

    subject: Subject
    inside: tuple[Identity, ...] = ()
    codes: frozenset[ReadingTypeCode] = frozenset()
    endings: tuple[tuple[EndDeviceEventCode, bool], ...] = ()
    awaited: bool = False
    tracking_id: str | None = None
    starts: datetime | None = None
    certain: bool = True

    @property
    def marks(self) -> tuple[str, ...]:
        """The texts by which the control that is aimed at it is known: its mRID, its names and its tracking number."""
        control = self.subject.control
        return (*(control.keys if control is not None else ()), *filter(None, [self.tracking_id]))


@attrs.frozen(kw_only=True)
class Demand:
    """What a request asks for.

    Attributes:
        kind: What kind of outcome it waits for.
        verb: Its verb, or None where it is none of the standard's.
        noun: Its noun.
        asked: Its subjects, in the order of the request.
        unlisted: What it means without naming it, in words. While there is any, no count tells that all is answered.
        groups: The controls that are aimed at groups, each without an object: what to expect of a member.
        in_order: Whether the operations are to be run in order.
        all_or_nothing: Whether all operations are to be undone when one fails.
        legacy: Whether it is a ``create`` of MeterReadings without values, the older form of a request to read.
        joint: Whether its objects stand or fall together, since they are only to be linked with one another.
    """

    kind: DemandKind
    verb: Verb | None
    noun: str
    asked: tuple[Asked, ...] = ()
    unlisted: tuple[str, ...] = ()
    groups: tuple[Asked, ...] = ()
    in_order: bool = False
    all_or_nothing: bool = False
    legacy: bool = False
    joint: bool = False

    @property
    def controls(self) -> Iterator[Asked]:
        """What is asked of devices: of those that are named, and of the members of groups."""
        if self.kind is DemandKind.CONTROL:
            yield from self.asked
            yield from self.groups


def read_demand(request: RequestMessage[Any], endings: Endings = known_endings) -> Demand:
    """Return what a request asks for. A request that says nothing, or in an unknown verb, has no subjects."""
    header = header_of(request)
    verb, noun = standard_verb(header.verb), header.noun
    payload, asking = request.payload, request.request
    contents = list(payload.contents) if payload is not None else []
    queries = list(asking.queries) if asking is not None else []
    ids = [identity for one in (asking.id if asking is not None else []) if (identity := identify(one))]
    if payload is not None and payload.operation_set is not None:
        operations = payload.operation_set
        asked = [
            Asked(subject=Subject(operation=one.operation_id), inside=tuple(_identities(one.content)))
            for one in operations.operation
        ]
        return Demand(
            kind=DemandKind.OPERATIONS,
            verb=verb,
            noun=noun,
            asked=_once(asked),
            in_order=bool(operations.enforce_msg_sequence),
            all_or_nothing=bool(operations.enforce_transactional_integrity),
        )
    if verb is Verb.GET:
        asked, unlisted = _queried(queries or contents, ids, noun)
        return Demand(kind=DemandKind.DATA, verb=verb, noun=noun, asked=_once(asked), unlisted=tuple(unlisted))
    if verb is Verb.CREATE and noun == READINGS and contents and all(map(_is_read_request, contents)):
        asked, unlisted = _read_by_create(contents)
        return Demand(
            kind=DemandKind.DATA, verb=verb, noun=noun, asked=_once(asked), unlisted=tuple(unlisted), legacy=True
        )
    if verb is Verb.CREATE and noun == CONTROLS:
        asked, groups, unlisted = _controlled(contents, endings)
        return Demand(
            kind=DemandKind.CONTROL,
            verb=verb,
            noun=noun,
            asked=_once(asked),
            groups=_once(groups),
            unlisted=tuple(unlisted),
        )
    asked = [Asked(subject=Subject(identity)) for identity in ids] or list(_carried(contents or queries))
    unlisted = [] if asked else ["objects without mRID and names"]
    return Demand(
        kind=DemandKind.TRANSACTION,
        verb=verb,
        noun=noun,
        asked=_once(asked),
        unlisted=tuple(unlisted),
        joint=noun == LINKS,
    )


# Queries ------------------------------------------------------------------------------------------------------------


def _queried(queries: list[Any], ids: list[Identity], noun: str) -> tuple[list[Asked], list[str]]:
    """Return the objects that a get names. A query wins over IDs (R20)."""
    if not queries:
        return [Asked(subject=Subject(identity)) for identity in ids], [] if ids else ["whatever fits the request"]
    asked: list[Asked] = []
    unlisted: list[str] = []
    for query in queries:
        if not isinstance(query, Record):
            unlisted.append(f"whatever fits {type(query).__name__}")
            continue
        answer = _answer_class(query, noun)
        spoken_of = _spoken_of(answer) if answer is not None else frozenset[str]()
        objects: list[Identity] = []
        others: list[Identity] = []
        groups: list[Identity] = []
        for _, one in _items(query):
            identity = identify(one)
            if identity:
                is_object = any(map(identity.can_be, spoken_of))
                (groups if _is_group(identity) else objects if is_object else others).append(identity)
        unlisted += [f"the members of {one}" for one in groups]
        if not objects and not groups:
            unlisted.append(f"whatever fits {type(query).__name__}")
        certain = len({one.object_type for one in objects}) == 1
        if objects and not certain:
            unlisted.append("whether all objects are meant, or those that fit all criteria")
        codes = _codes_of(getattr(query, "reading_type", None) or ())
        beside = (*others, *groups)
        asked += [Asked(subject=Subject(one), inside=beside, codes=codes, certain=certain) for one in objects]
    return asked, unlisted


def _answer_class(query: Record, noun: str) -> Any:
    """Return the class of the payload that answers a query."""
    bound = REGISTRY.binding(type(query))
    if isinstance(query, Query) and bound is not None:
        noun = bound[0].profile.asks_for or noun
    registered = REGISTRY.of_noun(noun)
    if registered is None:
        return None
    return next((binding.kind for root, binding in registered.codec.roots.items() if root == noun), None)


@functools.cache
def _spoken_of(answer: Any) -> frozenset[str]:
    """Return the classes of the objects that an answer's items are, or say that they are about."""
    found: set[str] = set()
    for item in _member_classes(answer):
        for kind in (item, *_member_classes(item)):
            if not kind.__name__.endswith(("Type", "Group")) and {"mrid", "names"} & set(typing.get_type_hints(kind)):
                found.add(kind.__name__)
    return frozenset(found)


def _member_classes(kind: type[Any]) -> Iterator[type[Any]]:
    for hint in typing.get_type_hints(kind).values():
        for option in options(hint):
            for one in options(typing.get_args(option)[0]) if typing.get_origin(option) is list else (option,):
                if isinstance(one, type) and not isinstance(one, types.GenericAlias) and issubclass(one, Record):
                    yield one


def _is_group(identity: Identity) -> bool:
    return (identity.object_type or "").endswith("Group")


def _codes_of(reading_types: Iterable[object]) -> frozenset[ReadingTypeCode]:
    """Return the reading types that are asked for; none where one of them is no whole code."""
    found: set[ReadingTypeCode] = set()
    for reading_type in reading_types:
        identity = identify(reading_type)
        texts = [*filter(None, [identity.mrid]), *(name.name for name in identity.names)]
        try:
            found.add(ReadingTypeCode.parse(texts[0] if texts else ""))
        except CodeError:
            return frozenset()
    return frozenset(found)


# Payloads -----------------------------------------------------------------------------------------------------------


def _is_read_request(content: object) -> bool:
    readings: list[Any] | None = getattr(content, "meter_reading", None)
    return bool(readings) and not any(
        one.readings or one.interval_blocks or getattr(one, "end_device_events", None) for one in readings or ()
    )


def _read_by_create(contents: list[Any]) -> tuple[list[Asked], list[str]]:
    asked: list[Asked] = []
    for content in contents:
        codes = _codes_of(content.reading_type)
        for reading in content.meter_reading:
            asked += [Asked(subject=Subject(one), codes=codes) for one in list(about(reading))[:1]]
    return asked, [] if asked else ["meters without mRID and names"]


def _controlled(contents: list[Any], endings: Endings) -> tuple[list[Asked], list[Asked], list[str]]:
    """Return each device and usage point of each control, and each control of groups."""
    asked: list[Asked] = []
    grouped: list[Asked] = []
    unlisted: list[str] = []
    for content in contents:
        resolver = CodeResolver(content)
        for control in getattr(content, CONTROL_MEMBER, None) or ():
            cited = resolver.cite(control.end_device_control_type, EndDeviceControlCode)
            ends: Mapping[EndDeviceEventCode, bool] = endings(cited.code) if cited.is_readable else {}
            own = identify(control)
            aimed = [identify(one) for one in (*control.end_devices, *control.usage_points)]
            groups = [identify(one) for one in (*control.end_device_groups, *control.usage_point_groups)]
            unlisted += [f"the members of {one}" for one in groups]
            if not aimed and not groups:
                unlisted.append(f"the devices of {own}, which names none")
            unlisted += [f"a device of {own} without mRID and names" for one in aimed if not one]
            member = Asked(
                subject=Subject(control=own or None),
                inside=(own,),
                endings=tuple(ends.items()),
                awaited=are_awaited(ends, endings),
                tracking_id=(control.issuer_tracking_id or "").strip() or None,
                starts=_start(control),
            )
            asked += [attrs.evolve(member, subject=Subject(one, control=own or None)) for one in aimed if one]
            grouped += [attrs.evolve(member, inside=(own, *groups))] if groups else []
    return asked, grouped, unlisted


def _start(control: Any) -> datetime | None:
    """Return when a control is to begin, unless each device is to draw a time of its own, before or after that."""
    timings = [one for one in (control.primary_device_timing, control.secondary_device_timing) if one is not None]
    if any(one.randomisation not in UNVARIED for one in timings):
        return None
    timing = control.primary_device_timing
    if timing is not None and timing.interval is not None and timing.interval.start is not None:
        return _aware(timing.interval.start)
    response = control.pan_demand_response
    return None if response is None else _aware(response.start_date_time)


def _aware(time: datetime | None) -> datetime | None:
    """Return a time, unless nobody knows which moment it means."""
    return None if time is None or time.utcoffset() is None else time


CONTROL_MEMBER: Final = "end_device_control"

UNVARIED: Final = (None, "none", "end")
"""The kinds of randomisation that leave the start as it is. The default is the device's own, so nobody knows it."""


def _carried(contents: Iterable[object]) -> Iterator[Asked]:
    """Yield the objects that a payload holds: its items, or what an item without identity is about."""
    for content in contents:
        for name, item in _items(content):
            if name.endswith("_type"):
                continue
            inside = tuple(_identities(item))
            own = identify(item)
            for identity in [own] if own else list(about(item))[:1]:
                yield Asked(subject=Subject(identity), inside=inside)


def about(item: object) -> Iterator[Identity]:
    """Yield which objects an item is: itself, and what it says that it is about, such as its meter."""
    own = identify(item)
    if own:
        yield own
    for name, one in _items(item):
        if not name.endswith("_type") and (identity := identify(one)):
            yield identity


def _items(holder: object) -> Iterator[tuple[str, Any]]:
    """Yield the records that an object holds directly, with the members' names."""
    for member, _, one in held(holder):
        if isinstance(one, Record) and member != "names":
            yield member, one


def items_of(content: object) -> Iterator[Any]:
    """Yield the items of a payload: the records at its root, without definitions of codes."""
    for name, item in _items(content):
        if not name.endswith("_type"):
            yield item


def _identities(holder: object) -> Iterator[Identity]:
    """Yield every identity inside an object, its own included."""
    own = identify(holder) if isinstance(holder, Record | Reference) else None
    if own:
        yield own
    for _, one in _items(holder):
        yield from _identities(one)


def _once(asked: Iterable[Asked]) -> tuple[Asked, ...]:
    """Return what is asked without repetitions of one subject."""
    found: dict[Subject, Asked] = {}
    for one in asked:
        found.setdefault(one.subject, one)
    return tuple(found.values())
