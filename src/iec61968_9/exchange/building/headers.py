"""What a header says beside verb and noun: keywords for building it, properties by name, and reply addresses.

A keyword that is left out takes the system's default; None leaves the field out of the message. ``HeaderFields`` is
what every message takes, ``RequestFields`` adds what only requests have.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Self, TypeAlias, TypedDict, cast
from urllib.parse import urlsplit

import attrs

from iec61968_9.errors import ExchangeError
from iec61968_9.profiles.envelope import Header, MessageProperty, Option, ReplayDetection, Request, User
from iec61968_9.xml.record import Content

__all__ = [
    "AddressKind",
    "HeaderFields",
    "PayloadFields",
    "PayloadRequestFields",
    "Properties",
    "PropertiesLike",
    "ReplyAddress",
    "RequestFields",
    "correlation_of",
    "options_of",
    "properties_of",
]


class AddressKind(StrEnum):
    """How replies travel to an address."""

    TOPIC = "topic"
    QUEUE = "queue"
    URL = "url"


@attrs.frozen
class ReplyAddress:
    """Where the replies to an asynchronous request go: a topic, a queue or a URL (IEC 61968-100, 5.2.5).

    Attributes:
        kind: Which of them.
        name: The topic's or queue's name, or the whole URL.

    Raises:
        ExchangeError: The name is blank, or the URL none of http or https with a host.
    """

    kind: AddressKind = attrs.field(converter=AddressKind)
    name: str

    def __attrs_post_init__(self) -> None:
        if not self.name or _BLANK(self.name):
            raise _no_address(str(self))
        if self.kind is AddressKind.URL and not _is_url(self.name):
            raise _no_address(self.name)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an address as the header writes it: ``topic:NAME``, ``queue:NAME``, or an http(s) URL.

        Raises:
            ExchangeError: It is none.
        """
        kind, colon, name = text.partition(":")
        if colon and kind in {"topic", "queue"}:
            return cls(AddressKind(kind), name)
        if colon and kind.lower() in {"http", "https"}:
            return cls(AddressKind.URL, text)
        raise _no_address(text)

    def __str__(self) -> str:
        return self.name if self.kind is AddressKind.URL else f"{self.kind}:{self.name}"


_BLANK = re.compile(r"[\s\x00-\x1f]").search


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises if it is no number
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _no_address(text: str) -> ExchangeError:
    return ExchangeError(
        f"{text!r} is no reply address",
        rule="R4",
        clause="5.2.5",
        advice="it must be topic:NAME, queue:NAME or an http(s) URL with a host, without white space",
    )


@attrs.frozen(eq=False)
class Properties(Mapping[str, str | None]):
    """A header's properties, or a request's options, by name (IEC 61968-100, 6.3.2 and 6.3.3).

    Their order carries no meaning, so it does not count.

    A name may occur several times. Then ``properties[name]`` raises ``LookupError``, as any choice would be a guess;
    ``all(name)`` gives every value.

    Attributes:
        pairs: Every property as (name, value), in the order of the message. A value may be None.
    """

    pairs: tuple[tuple[str, str | None], ...] = ()

    def all(self, name: str) -> tuple[str | None, ...]:
        """Every value of a name, in the order of the message."""
        return tuple(value for one, value in self.pairs if one == name)

    def __getitem__(self, name: str) -> str | None:
        found = self.all(name)
        if len(found) == 1:
            return found[0]
        raise LookupError(f"the property {name!r} occurs {len(found)} times") if found else KeyError(name)

    def __contains__(self, name: object) -> bool:
        return any(one == name for one, _ in self.pairs)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(name for name, _ in self.pairs))

    def __len__(self) -> int:
        return len({name for name, _ in self.pairs})

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Properties):
            return Counter(self.pairs) == Counter(other.pairs)
        return dict(self.pairs) == other and len(self) == len(self.pairs)

    def __hash__(self) -> int:
        return hash(frozenset(Counter(self.pairs).items()))


PropertiesLike: TypeAlias = Mapping[str, str | None] | Iterable[tuple[str, str | None]]
"""Properties as a mapping or, where a name occurs several times, as pairs."""


def properties_of(message: object) -> Properties:
    """The properties of a header, or of a message that has one; empty where it has none."""
    header = message if isinstance(message, Header) else getattr(message, "header", None)
    if not isinstance(header, Header):
        return Properties()
    return Properties(tuple((one.name, one.value) for one in header.property))


def options_of(message: object) -> Properties:
    """The options of a request, in the same way; empty where it has none."""
    request = getattr(message, "request", None)
    if not isinstance(request, Request):
        return Properties()
    options = cast("Request[object]", request).option
    return Properties(tuple((one.name, one.value) for one in options))


class HeaderFields(TypedDict, total=False):
    """What every message takes as keywords. One that is left out has the system's default; None means no such field."""

    message_id: str | None
    """Identifier of this message; by default a fresh one."""
    correlation_id: str | None
    """What ties the messages of an exchange together; by default a fresh one in a request, and in all that follows it
    the request's (rule R2)."""
    timestamp: datetime.datetime | None
    """When it is sent, aware; by default now."""
    source: str | None
    """The sending system."""
    revision: str | None
    """The version of the message definition."""
    context: str | None
    """The environment, such as ``PRODUCTION``."""
    user: User | str | None
    """On whose behalf; a text is the user's ID."""
    comment: str | None
    """A remark for people."""
    properties: PropertiesLike
    """Pairs of name and value that partners agreed on."""
    replay: bool | ReplayDetection
    """True adds a fresh nonce and the time, for receivers that refuse repeats."""
    extensions: Iterable[Content]
    """Header elements of other namespaces."""


class RequestFields(HeaderFields, total=False):
    """What every request takes."""

    reply_to: ReplyAddress | str | None
    """Where replies go; makes the request asynchronous."""
    asynchronous: bool | None
    """Whether the replies come later, at ``reply_to``. By default true with an address, and absent without."""
    ack_required: bool | None
    """False makes the request one-way: there will be no reply."""
    options: PropertiesLike
    """``Request/Option``: instructions to the server that partners agreed on."""


class PayloadFields(HeaderFields, total=False):
    """What messages with a payload take."""

    noun: str
    """The noun of a partner's own payload, or of a file; that of a profile follows from its class."""
    compress: bool
    """Whether the payload is written, gzipped and base64'd into ``Compressed``."""
    format: str
    """``Payload/Format``, where it is not XML: ``RDF`` for an element, or what a file is."""


class PayloadRequestFields(RequestFields, PayloadFields, total=False):
    """What requests with a payload take."""


def correlation_of(request: Header) -> str | None:
    """The CorrelationID of whatever follows a request: its own, else its MessageID, else none (rule R2).

    A blank one counts as absent.
    """
    return next((one for one in (request.correlation_id, request.message_id) if one and one.strip()), None)


def check_own(header: Header, asked: Header, what: str) -> None:
    """Hold a message to having a MessageID of its own, not that of the request that it follows.

    Raises:
        ExchangeError: It has the request's.
    """
    if header.message_id is not None and header.message_id == asked.message_id:
        raise ExchangeError(f"{what} has a MessageID of its own, not the request's", rule="R3", clause="6.3.2")


def message_properties(properties: PropertiesLike) -> list[MessageProperty]:
    """Properties as the header lists them."""
    return [MessageProperty(name=name, value=value) for name, value in _pairs(properties, "a property")]


def request_options(options: PropertiesLike) -> list[Option]:
    """Options as a request lists them."""
    return [Option(name=name, value=value) for name, value in _pairs(options, "an option")]


def _pairs(source: PropertiesLike, what: str) -> list[tuple[str, str | None]]:
    if isinstance(source, Properties):
        return list(source.pairs)
    pairs = list(cast("Mapping[str, str | None]", source).items() if isinstance(source, Mapping) else source)
    for name, _ in pairs:
        if not name.strip():
            raise ExchangeError(f"the name of {what} is blank", clause="6.3.2")
    return pairs
