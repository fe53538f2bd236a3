"""What a check looks at: a message as places, and the table of checks.

A ``Place`` is an object with its path. It is asked by the element names of the standard and never fails: what a message
lacks is a place without a value, so that a check says what it looks for and nothing about how messages can be
incomplete. It works by the members' names, so that the classes of any generated package will do, read strictly or
leniently. A check is a function that yields findings; ``check`` puts it into the table with the kinds that it finds.
"""

from __future__ import annotations

import dataclasses
import datetime
import functools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, Literal, TypeAlias, cast

import attrs

from iec61968_9._verbs import REGISTRY
from iec61968_9.errors import DecodeError
from iec61968_9.exchange.building.compression import content_of
from iec61968_9.exchange.rules import finding
from iec61968_9.exchange.verbs import standard_verb
from iec61968_9.profiles.envelope import Verb
from iec61968_9.xml.dialect import Dialect
from iec61968_9.xml.limits import DEFAULT_LIMITS, Limits
from iec61968_9.xml.naming import member_name
from iec61968_9.xml.record import ForeignElement, Kept, Query, Record, Reference
from iec61968_9.xml.report import Finding

__all__ = [
    "CHECKS",
    "FOLLOWING",
    "WITH_HEADER",
    "WITH_REPLY",
    "Case",
    "Check",
    "CheckFunction",
    "Content",
    "Place",
    "Role",
    "attribute_of",
    "brief",
    "check",
    "element_of",
    "found",
    "hollow",
    "is_query",
    "known_noun",
    "members",
    "numbers",
    "objects",
    "several",
    "times",
]

Role: TypeAlias = Literal["request", "reply", "event", "fault", "payload"]
"""What a message is. A document without an envelope is a ``payload``."""

WITH_HEADER: Final[tuple[Role, ...]] = ("request", "reply", "event")
WITH_REPLY: Final[tuple[Role, ...]] = ("reply", "fault")
FOLLOWING: Final[tuple[Role, ...]] = ("reply", "event")

ENVELOPES: Final[dict[str, Role]] = {
    "RequestMessage": "request",
    "ResponseMessage": "reply",
    "EventMessage": "event",
    "FaultMessage": "fault",
}


def root_of(kind: type) -> str:
    """The root element of a class, or of one that is derived from it."""
    return next((base.__name__ for base in kind.__mro__ if base.__name__ in REGISTRY.by_root), kind.__name__)


class Place:
    """An object of a message, or the lack of it, with its path.

    Attributes:
        value: The object; None where the message has none here.
    """

    __slots__ = ("_element", "_number", "_parent", "value")

    def __init__(self, value: Any, element: str, parent: Place | None = None, number: int = 0) -> None:
        self.value = value
        self._element = element
        self._parent = parent
        self._number = number

    def __bool__(self) -> bool:
        return self.value is not None

    @property
    def path(self) -> str:
        """Where it stands, or would stand."""
        steps: list[str] = []
        place: Place | None = self
        while place is not None:
            steps.append(f"{place._element}[{place._number}]" if place._number else place._element)
            place = place._parent
        return "/" + "/".join(reversed(steps))

    @property
    def name(self) -> str:
        """The element's name."""
        return self._element

    @property
    def is_inside_itself(self) -> bool:
        """Whether its object holds itself, so that going further would come to no end."""
        place = self._parent
        while place is not None:
            if place.value is self.value:
                return True
            place = place._parent
        return False

    def get(self, element: str) -> Any:
        """The value of a child; None where there is none."""
        return getattr(self.value, member_name(element), None)

    def text(self, element: str) -> str | None:
        """The value of a child as text, without the white space around it; None where it is blank or absent."""
        value = self.get(element)
        return None if value is None else str(value).strip() or None

    def time(self, element: str) -> datetime.datetime | None:
        """The value of a child if it is a time."""
        value = self.get(element)
        return value if isinstance(value, datetime.datetime) else None

    def at(self, element: str) -> str:
        """The path of a child."""
        return f"{self.path}/{element}"

    def one(self, element: str) -> Place:
        """A child that stands at most once."""
        return Place(self.get(element), element, self)

    def each(self, element: str) -> Iterator[Place]:
        """The children of a name."""
        values = several(self.get(element))
        for number, one in enumerate(values, 1):
            yield Place(one, element, self, number if len(values) > 1 else 0)

    def wild(self, member: str) -> Iterator[Place]:
        """What stands in a wildcard, each under its own name."""
        yield from self.named(several(getattr(self.value, member, None)))

    def named(self, values: list[Any]) -> Iterator[Place]:
        """Objects as if they stood here, each under its own name."""
        names = [
            one.tag.rpartition("}")[2] if isinstance(one, ForeignElement) else root_of(one.__class__) for one in values
        ]
        yield from self._named(values, names)

    def chosen(self, member: str) -> Iterator[Place]:
        """The references of a choice, each under the name of what it refers to."""
        values = several(getattr(self.value, member, None))
        yield from self._named(values, [type(one).__name__.removesuffix("Reference") for one in values])

    def _named(self, values: list[Any], names: list[str]) -> Iterator[Place]:
        for one, name, number in zip(values, names, numbers(names), strict=True):
            yield Place(one, name, self, number)

    def kept(self, part: Literal["attributes", "texts", "elements", "leaves"]) -> tuple[Any, ...]:
        """What lenient reading kept here."""
        found: tuple[Any, ...] = getattr(getattr(self.value, "kept", None), part, ())
        return found

    def kept_elements(self) -> list[str]:
        """The names of the elements that lenient reading kept here."""
        return [str(one.tag).rpartition("}")[2] for one in self.kept("elements")]


@attrs.frozen
class Content:
    """A business document of a message.

    Attributes:
        place: Its root.
        verb: What is done or has been done to it: the header's verb or the operation's.
        noun: What the header or the operation calls it.
    """

    place: Place
    verb: Verb | None
    noun: str | None


class Case:
    """A message that is looked at.

    Attributes:
        message: The message as it was given.
        role: What it is.
        root: Its root.
        header, request, reply, payload: Its parts, by the standard's names.
        verb: What its verb means, however it is spelled; None where it means nothing.
        noun: Its noun, or None.
        asked: The message that it answers or follows, where that is known.
        now: The present moment, where the caller says it.
    """

    def __init__(
        self,
        message: object,
        asked: Case | None = None,
        now: datetime.datetime | None = None,
        dialect: Dialect | None = None,
        limits: Limits = DEFAULT_LIMITS,
        inflated: object = None,
    ) -> None:
        self.message = message
        name = root_of(type(message))
        self.root = Place(message, name)
        self.header = self.root.one("Header")
        self.request = self.root.one("Request")
        self.reply = self.root.one("Reply")
        self.payload = self.root.one("Payload")
        self.verb = standard_verb(self.header.get("Verb"))
        self.noun = self.header.text("Noun")
        self.asked = asked
        self.now = now
        self.role: Role = ENVELOPES.get(name) or self._role(name)
        self._dialect = dialect
        self._limits = limits
        self._given = inflated

    @functools.cached_property
    def _inside(self) -> tuple[list[Any], DecodeError | None]:
        """What is inside compressed XML, if there is any, and why it cannot be read, if it cannot."""
        if self._given is not None:
            return [self._given], None
        if self.payload.get("Compressed") is None:
            return [], None
        message = cast("Any", self.message)
        try:
            return [content_of(message, mode="lenient", dialect=self._dialect, limits=self._limits)], None
        except LookupError:  # a file
            return [], None
        except DecodeError as error:
            return [], error

    @property
    def unreadable(self) -> DecodeError | None:
        """Why compressed XML cannot be read; None where it can, and where there is none."""
        return self._inside[1]

    def _role(self, name: str) -> Role:
        """What a general message is: its parts and its verb tell."""
        if name != "Message":
            return "payload"
        if self.reply or self.verb is Verb.REPLY:
            return "reply"
        return "event" if self.verb is not None and self.verb.endswith("ed") else "request"

    @property
    def one_way(self) -> bool:
        """Whether no reply is wanted."""
        return self.header.get("AckRequired") is False

    @functools.cached_property
    def contents(self) -> list[Content]:
        """The business documents: the payload's, compressed or not, and those of its operations."""
        if self.role == "payload":
            return [Content(self.root, None, None)]
        compressed = self.payload.one("Compressed").named(self._inside[0])
        found = [Content(place, self.verb, self.noun) for place in (*self.payload.wild("contents"), *compressed)]
        for operation in self.operations:
            verb = standard_verb(operation.text("verb"))
            found += [Content(place, verb, operation.text("noun")) for place in operation.wild("content")]
        return found

    @functools.cached_property
    def queries(self) -> list[Place]:
        """What the request asks with."""
        return list(self.request.wild("queries"))

    @functools.cached_property
    def operations(self) -> list[Place]:
        """The operations of the operation set."""
        return list(self.payload.one("OperationSet").each("Operation"))

    @functools.cached_property
    def errors(self) -> list[Place]:
        """The entries of the reply."""
        return list(self.reply.each("Error"))

    def payloads(self, noun: str) -> Iterator[Content]:
        """The business documents of one noun."""
        return (content for content in self.contents if content.place.name == noun and not _foreign(content.place))

    @property
    def carries(self) -> bool:
        """Whether there is any business content: a document, an operation set or compressed content."""
        return bool(
            self.payload.get("contents")
            or self.payload.get("OperationSet") is not None
            or self.payload.get("Compressed") is not None
        )


def numbers(names: Iterable[str]) -> Iterator[int]:
    """Which one of its name each is, counted from 1; 0 for one that is alone of its name."""
    names = list(names)
    count, seen = Counter(names), Counter[str]()
    for name in names:
        seen[name] += 1
        yield seen[name] if count[name] > 1 else 0


def _foreign(place: Place) -> bool:
    return isinstance(place.value, ForeignElement)


def is_query(place: Place) -> bool:
    """Whether something is a query: by its class, or by its name where nobody knows the class."""
    return isinstance(place.value, Query) or (_foreign(place) and place.name.startswith("Get"))


def known_noun(noun: str) -> bool:
    """Whether a noun is one of the standard's, or of a registered package."""
    return noun == "OperationSet" or any(one.profile.role == "payload" for one in REGISTRY.by_root.get(noun, ()))


def hollow(value: object) -> bool:
    """Whether an object says nothing at all, however many empty objects it is made of, or only that it holds itself."""
    try:
        return _hollow(value)
    except RecursionError:
        return True


def _hollow(value: object) -> bool:
    if value is None:
        return True
    if isinstance(value, list):
        return all(_hollow(one) for one in cast("list[object]", value))
    if isinstance(value, Kept):
        return not value.says_more
    if isinstance(value, Record):
        return all(_hollow(getattr(value, name)) for name in members(type(value)))
    return False


_MEMBERS: dict[type, tuple[str, ...]] = {}


def members(kind: type[Record]) -> tuple[str, ...]:
    """The names of all members of a class, ``kept`` included."""
    known = _MEMBERS.get(kind)
    if known is None:
        known = _MEMBERS[kind] = tuple(member.name for member in dataclasses.fields(kind))
    return known


_TIMES: dict[type, tuple[str, ...]] = {}


def times(kind: type[Record]) -> tuple[str, ...]:
    """The names of the members of a class that hold times."""
    known = _TIMES.get(kind)
    if known is None:
        hints = {member.name: str(member.type) for member in dataclasses.fields(kind)}
        known = _TIMES[kind] = tuple(name for name, hint in hints.items() if "datetime.datetime" in hint)
    return known


def several(value: Any) -> list[Any]:
    """The value of a member as a list: of none, one or several."""
    return value if isinstance(value, list) else [] if value is None else [value]  # pyright: ignore[reportUnknownVariableType]  # of Any


DATATYPES = frozenset(
    {"appliance", "argument", "bank_account_detail", "capability", "doc_status", "due", "electronic_address"}
    | {"fixed_portion", "interharmonic", "interval", "kind", "last_credit", "last_debit", "lifecycle", "line"}
    | {"main_address", "object", "phone1", "phone2", "postal_address", "primary_device_timing", "rcd_info"}
    | {"schedule_interval", "secondary_address", "secondary_device_timing", "status", "street_address"}
    | {"street_detail", "time_period", "tou_tier", "town_detail", "validity_interval", "values_interval", "window"}
)
"""Members whose objects are of what CIM calls datatypes and compounds. It writes those with a small letter."""


@functools.cache
def attribute_of(member: str) -> str:
    """The element of a member that holds a value: CIM writes attributes with a small letter."""
    first, *others = member.split("_")
    return first + "".join(map(str.capitalize, others))


@functools.cache
def element_of(member: str) -> str:
    """The element of a member that holds an object: CIM writes classes and roles with a capital, datatypes without."""
    if member in {"id", "related_id"}:
        return {"id": "ID", "related_id": "relatedID"}[member]
    return attribute_of(member) if member in DATATYPES else "".join(map(str.capitalize, member.split("_")))


def objects(root: Place) -> Iterator[tuple[str, Place]]:
    """All objects and references inside a document, each with the member that holds it, in the schema's order."""
    todo = [("", root)]
    while todo:
        member, place = todo.pop()
        if place is not root:
            yield member, place
        holder: object = place.value
        if not isinstance(holder, Record) or place.is_inside_itself:
            continue
        inside: list[tuple[str, Place]] = []
        for name in members(type(holder)):
            value: Any = getattr(holder, name)
            several_of = value[0].__class__ if value.__class__ is list and value else None
            if several_of is not None and several_of is not Reference and issubclass(several_of, Reference):
                inside += [(name, one) for one in place.chosen(name)]
            elif value.__class__ is list:
                number = 1 if len(value) > 1 else 0
                for one in value:
                    if isinstance(one, (Record, Reference)):
                        inside.append((name, Place(one, element_of(name), place, number)))
                    number += 1
            elif isinstance(value, (Record, Reference)):
                inside.append((name, Place(value, element_of(name), place)))
        inside.reverse()
        todo += inside


# The table ----------------------------------------------------------------------------------------------------------

CheckFunction: TypeAlias = Callable[[Case], Iterable[Finding]]


@attrs.frozen
class Check:
    """A check.

    Attributes:
        function: What looks, and yields findings.
        kinds: The kinds of findings that it makes.
        roles: The messages that it looks at.
        paired: Whether it looks at the request as well.
    """

    function: CheckFunction
    kinds: tuple[str, ...]
    roles: frozenset[Role]
    paired: bool


CHECKS: Final[list[Check]] = []
"""All checks, in the order in which they look."""

_ALL: Final[tuple[Role, ...]] = ("request", "reply", "event", "fault", "payload")


def check(
    *kinds: str, roles: tuple[Role, ...] = _ALL, paired: bool = False
) -> Callable[[CheckFunction], CheckFunction]:
    """Put a check into the table."""

    def put(function: CheckFunction) -> CheckFunction:
        CHECKS.append(Check(function, kinds, frozenset(roles), paired))
        return function

    return put


def found(kind: str, path: str, message: str | None = None, source: object = None) -> Finding:
    """A finding whose source is shown on one line, shortened."""
    return finding(kind, path, message, None if source is None else repr(brief(source)))


def brief(value: object) -> str:
    """What a message says, for a sentence: on one line, shortened, however long it is."""
    from iec61968_9.xml.reading import SHOWN

    text = str(value)
    start = text[: 10 * SHOWN]
    line = " ".join(start.split()) or start
    return line if len(line) <= SHOWN and len(start) == len(text) else f"{line[:SHOWN]}…"
