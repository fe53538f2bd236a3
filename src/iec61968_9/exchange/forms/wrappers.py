"""Strongly typed roots (IEC 61968-100 Annex C): ``CreateMeterReadings``, ``MeterReadingsResponseMessage`` and so on.

A typed document has the envelope's structure under other names. The root says verb and noun; it, ``Header``,
``Request``, ``Reply``, ``Payload`` and what stands beside the payload are in the wrapper's namespace, and so are the
children of a get's ``Request``. All the rest of the envelope is in the namespace of the messages, and the payload in
its own. So reading and writing only rename a few elements; everything else is the envelope's own code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import attrs

from iec61968_9._verbs import REGISTRY
from iec61968_9.errors import EncodeError
from iec61968_9.profiles.envelope import (
    EventMessage,
    FaultMessage,
    ObjectID,
    RequestMessage,
    ResponseMessage,
    Verb,
)
from iec61968_9.xml.codec import Element, fits
from iec61968_9.xml.document import local_name
from iec61968_9.xml.record import Content, ForeignElement, Record
from iec61968_9.xml.writing import LenientWriting, Verbatim, Writing

__all__ = [
    "BELOW",
    "EVENTS",
    "MESSAGE",
    "REQUESTS",
    "YEAR",
    "LenientMarking",
    "Marking",
    "TypedRoot",
    "WrapperNamespace",
    "departures",
    "rename",
    "root_for",
    "settle",
    "typed_root",
]

MESSAGE = "http://iec.ch/TC57/2011/schema/message"
"""The namespace of the messages."""

YEAR = "2011"

REQUESTS = {verb.value.capitalize(): verb for verb in (Verb.CREATE, Verb.CHANGE, Verb.CANCEL, Verb.CLOSE, Verb.DELETE)}
EVENTS = {
    verb.value.capitalize(): verb for verb in (Verb.CREATED, Verb.CHANGED, Verb.CANCELED, Verb.CLOSED, Verb.DELETED)
}

_WRAPPER = re.compile(r"http://iec\.ch/TC57/(?P<year>[0-9]{4})/(?P<get>Get)?(?P<noun>[^/]+)Message").fullmatch
_VERB = re.compile(
    rf"(?P<verb>{'|'.join(sorted({*REQUESTS, *EVENTS}, key=len, reverse=True))}|Get)(?P<noun>[A-Z].*)"
).fullmatch
_SET = re.compile(r"(?P<verb>Executed?)(?P<noun>[A-Z].*)OperationSet").fullmatch
_SUFFIX = re.compile(
    r"(?P<noun>.+?)(?P<set>OperationSet)?(?P<kind>ResponseMessage|FaultMessage|RequestMessage)"
).fullmatch

_NAME = re.compile(r"[^\s/>]+").match

BELOW = 2
"""The first level at which nothing is the wrapper's own."""


_NOTHING: frozenset[str] = frozenset()


def _owned(level: int, parent: str, *, get: bool) -> frozenset[str]:
    """The names of the children of an element of the wrapper's own that are so as well; the root is at level 0."""
    if level == 0:
        return frozenset({"Header", "Request", "Reply", "Payload"})
    if level == 1 and parent == "Payload":
        return frozenset({"OperationSet", "Compressed", "Format", "ID"})
    if level == 1 and parent == "Request" and get:
        return frozenset({"StartTime", "EndTime", "Option", "ID"})
    return _NOTHING


@attrs.frozen
class WrapperNamespace:
    """What the namespace of a typed root says.

    Attributes:
        noun: The noun.
        get: Whether it is the namespace for getting it, in which the get's replies are as well.
        year: The year, which is ``2011`` in the standard of 2013.
    """

    noun: str
    get: bool = False
    year: str = YEAR

    @classmethod
    def parse(cls, namespace: str) -> WrapperNamespace | None:
        """Read one that is spelled without ``www``; None if it is no wrapper's."""
        match = _WRAPPER(namespace)
        if match is None:
            return None
        return cls(match["noun"], match["get"] is not None, match["year"])

    def __str__(self) -> str:
        return f"http://iec.ch/TC57/{self.year}/{'Get' if self.get else ''}{self.noun}Message"


@attrs.frozen(kw_only=True)
class TypedRoot:
    """What the name of a typed root says.

    Attributes:
        kind: The envelope's root that stands behind it: ``RequestMessage``, ``ResponseMessage``, ``EventMessage`` or
            ``FaultMessage``.
        noun: The noun.
        verb: The verb, or None where the name does not say it.
        standard: Whether Annex C has such a name. The others come from drafts and interoperability tests.
        operation_set: Whether it is about an operation set, which Annex C cannot carry.
    """

    kind: str
    noun: str
    verb: Verb | None = None
    standard: bool = True
    operation_set: bool = False


def typed_root(name: str) -> TypedRoot | None:
    """Read the name of a typed root; None if it is none."""
    if match := _SUFFIX(name):
        kind, noun = match["kind"], match["noun"]
        if kind == "RequestMessage":
            get = noun.startswith("Get")
            noun = noun.removeprefix("Get")
            return TypedRoot(kind=kind, noun=noun, verb=Verb.GET if get else None, standard=False) if noun else None
        verb = Verb.REPLY if kind == "ResponseMessage" else None
        is_set = match["set"] is not None
        return TypedRoot(kind=kind, noun=noun, verb=verb, standard=not is_set, operation_set=is_set)
    if match := _SET(name):
        request = match["verb"] == "Execute"
        return TypedRoot(
            kind="RequestMessage" if request else "EventMessage",
            noun=match["noun"],
            verb=Verb.EXECUTE if request else Verb.EXECUTED,
            standard=False,
            operation_set=True,
        )
    if match := _VERB(name):
        verb = Verb(match["verb"].lower())
        return TypedRoot(
            kind="EventMessage" if match["verb"] in EVENTS else "RequestMessage", noun=match["noun"], verb=verb
        )
    return None


# -- reading -------------------------------------------------------------------------------------------------------


def settle(
    top: Element,
    own: str,
    *,
    is_message: Callable[[str, Element], bool],
    depart: Callable[[Element, str], None],
    level: int = 0,
    get: bool = False,
) -> None:
    """Put the envelope's elements under a wrapper, whose own name is settled already, into the messages' namespace.

    Payload, query and extensions stay as they are.

    Args:
        top: The wrapper.
        own: The wrapper's namespace, as it is spelled there.
        is_message: Whether a namespace, which is that of an element, is the messages', in any known spelling.
        depart: Told of each element that stands in the one namespace and belongs into the other, and where it belongs.
        level: 0 for a typed root; ``BELOW`` for a wrapper under which nothing else is its own.
        get: Whether it is the root of a get.
    """
    known = {MESSAGE: True}
    stack = [(child, _owned(level, "", get=get), level) for child in reversed(top)]
    while stack:
        element, owned, level = stack.pop()
        namespace, _, name = str(element.tag).rpartition("}")
        namespace = namespace[1:]
        in_message = known.get(namespace)
        if in_message is None:
            in_message = known[namespace] = is_message(namespace, element)
        if namespace != own and not in_message:
            continue
        is_owned = name in owned
        if in_message == is_owned:
            depart(element, own if is_owned else MESSAGE)
        if namespace != MESSAGE:
            element.tag = f"{{{MESSAGE}}}{name}"
        if len(element):
            level = level + 1 if is_owned else BELOW
            inner = _owned(level, name, get=get) if level < BELOW else _NOTHING
            stack += [(child, inner, level) for child in reversed(element)]


# -- what Annex C demands beyond the envelope's schema -----------------------------------------------------------


def departures(message: Any, noun: str) -> Iterator[tuple[tuple[str, ...], str, str, str]]:
    """Where a message does not fit under a typed root of a noun: path below the root, what, expected and found."""
    header = getattr(message, "header", None)
    request, payload = getattr(message, "request", None), getattr(message, "payload", None)
    if fits(message, RequestMessage) and getattr(header, "verb", None) == Verb.GET:
        queries: list[Any] = [] if request is None else request.queries
        if not any(name_of(query) == f"Get{noun}" for query in queries):
            found = ", ".join(map(name_of, queries)) or "none"
            yield ("Request",), "a typed get asks with the query of its noun", f"Get{noun}", found
        ids: list[ObjectID] = [] if request is None else request.id
        if any((one.id_type, one.id_authority, one.kind, one.object_type) != (None,) * 4 for one in ids):
            yield ("Request", "ID"), "an ID of a typed get has no attributes", "a text only", "attributes"
    if payload is None:
        return
    names = [name_of(content) for content in payload.contents]
    optional = fits(message, ResponseMessage) and payload.operation_set is None
    if names != [noun] and not (optional and not names):
        others = {"OperationSet": payload.operation_set, "Compressed": payload.compressed, "ID": payload.id}
        found = ", ".join(names or [name for name, there in others.items() if there]) or "nothing"
        yield ("Payload",), "a typed payload holds its noun", noun, found
    if payload.id:
        yield ("Payload", "ID"), "a typed payload has no ID", noun, "ID"


def name_of(content: Record | ForeignElement) -> str:
    """The root element's name of what stands in a wildcard."""
    if isinstance(content, ForeignElement):
        return local_name(content.tag)
    found = REGISTRY.binding(type(content))
    return found[1] if found is not None else type(content).__name__


# -- writing -------------------------------------------------------------------------------------------------------


def root_for(message: Record, noun: str | None = None) -> str:
    """The name of the typed root that a message demands.

    Args:
        message: The message.
        noun: The noun, for a fault, which has none of its own.

    Raises:
        EncodeError: Annex C has no root for it.
    """
    header = getattr(message, "header", None)
    verb = getattr(header, "verb", None)
    if header is not None:
        noun = header.noun
    name: str | None = None
    if fits(message, FaultMessage):
        name = f"{noun}FaultMessage"
    elif fits(message, ResponseMessage):
        name = f"{noun}ResponseMessage" if verb == Verb.REPLY else None
    elif fits(message, RequestMessage):
        name = f"{str(verb).capitalize()}{noun}" if verb in {Verb.GET, *REQUESTS.values()} else None
    elif fits(message, EventMessage):
        name = f"{str(verb).capitalize()}{noun}" if verb in EVENTS.values() else None
    if name is None or not noun or noun == "OperationSet":
        raise EncodeError(
            "Annex C has no typed root for this message; write it in plain or generic style",
            path=f"/{type(message).__name__}",
            expected="a request, reply, event or fault that is about one noun",
            got=f"{type(message).__name__} with {verb} {noun}",
        )
    return name


CHILDREN = 2
"""The depth of the root's children, the root's own being 1."""


class Opening(str):
    """The part that opens the root of a payload or query, which a typed root leaves alone."""

    __slots__ = ()


class Marking(Writing):
    """Writing that marks where payloads and queries begin."""

    __slots__ = ()

    def content(self, value: Content, allowed: str, own: str) -> None:
        """The same, and mark it."""
        start = len(self.parts)
        super().content(value, allowed, own)
        if not isinstance(self.parts[start], Verbatim):
            self.parts[start] = Opening(self.parts[start])


class LenientMarking(Marking, LenientWriting):
    """The same, lenient."""

    __slots__ = ()


def rename(parts: list[str], start: int, root: str, namespace: str, *, prefix: str, typed: bool, get: bool) -> None:
    """Give the envelope that a ``Marking`` wrote another root.

    Args:
        parts: What was written.
        start: Where the envelope's root begins.
        root: The root's name.
        namespace: Its namespace as it stands in an attribute; empty for none.
        prefix: The prefix that stands for the namespace.
        typed: Whether it is a typed root, whose namespace other elements are in as well.
        get: Whether that is the root of a get.
    """
    prefix = f"{prefix}:" if namespace else ""
    outer = _declared(parts[start])  # where the root has no namespace, its children declare the messages'
    owned = [frozenset({_tag(parts[start])})]
    ends: list[str] = []
    depth = 0  # of elements of which nothing is to be changed
    for index in range(start, len(parts)):
        part = parts[index]
        if isinstance(part, Verbatim) or not part.startswith("<"):
            continue
        if part.startswith("</"):
            if depth:
                depth -= 1
            else:
                owned.pop()
                parts[index] = ends.pop()
            continue
        opens = not part.endswith("/>") and "</" not in part
        declares = not namespace and len(owned) == CHILDREN
        if depth or not (owned[-1] or declares):
            depth += opens
            continue
        tag = _tag(part)
        end = f"</{tag}>"
        is_owned = tag in owned[-1] and not isinstance(part, Opening)
        if is_owned:
            name = root if index == start else tag
            rest = part[1 + len(tag) :].removesuffix(end)
            end = f"</{prefix}{name}>"
            if index == start:
                rest = f' xmlns:{prefix[:-1]}="{namespace}"{rest}' if namespace else rest.replace(outer, "", 1)
            parts[index] = f"<{prefix}{name}{rest}{'' if opens or part.endswith('/>') else end}"
        elif declares:
            parts[index] = f"<{tag}{outer}{part[1 + len(tag) :]}"
        if opens:
            ends.append(end)
            owned.append(_owned(len(owned) - 1 if typed and is_owned else BELOW, tag, get=get))


def _declared(part: str) -> str:
    """The declaration of the default namespace in a start tag."""
    match = re.search(r' xmlns="[^"]*"', part)
    return match.group() if match is not None else ""


def _tag(part: str) -> str:
    """The name in a start tag or leaf."""
    match = _NAME(part, 1)
    return match.group() if match is not None else ""
