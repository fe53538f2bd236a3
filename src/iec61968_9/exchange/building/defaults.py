"""What a system puts into every header, and how a header is made of it and of a call's keywords."""

from __future__ import annotations

import datetime
import secrets
import uuid
from collections.abc import Callable, Iterable
from typing import Final

import attrs

from iec61968_9.errors import ExchangeError
from iec61968_9.exchange.building.copying import copied
from iec61968_9.exchange.building.headers import HeaderFields, ReplyAddress, RequestFields, message_properties
from iec61968_9.exchange.building.nouns import OPERATION_SET, check_foreign
from iec61968_9.profiles.envelope import Header, ReplayDetection, User, Verb
from iec61968_9.xml.record import Content

__all__ = ["Defaults", "aware"]

ABOUT_SETS: Final = frozenset({Verb.EXECUTE, Verb.EXECUTED, Verb.REPLY})
"""The verbs that go with the noun OperationSet."""


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _new_id() -> str:
    return str(uuid.uuid4())


def _new_nonce() -> str:
    return secrets.token_hex(16)


def _user(user: User | str | None) -> User | None:
    return User(user_id=user) if isinstance(user, str) else copied(user)


@attrs.frozen(kw_only=True)
class Defaults:
    """What a system sets once.

    Attributes:
        source: ``Header/Source``: the name of the sending system.
        revision: ``Header/Revision``: the version of the message definition that it follows.
        context: ``Header/Context``: the environment that it belongs to.
        user: ``Header/User``: on whose behalf it sends; a text is the user's ID.
        clock: Tells the time for ``Timestamp``; aware.
        new_id: Makes identifiers for ``MessageID`` and ``CorrelationID``, no two alike.
        new_nonce: Makes nonces for replay detection, no two of a day alike.
    """

    source: str | None = None
    revision: str | None = None
    context: str | None = None
    user: User | None = attrs.field(default=None, converter=_user, hash=False)
    clock: Callable[[], datetime.datetime] = _now
    new_id: Callable[[], str] = _new_id
    new_nonce: Callable[[], str] = _new_nonce

    def _header(
        self, verb: Verb, noun: str, fields: HeaderFields, allowed: frozenset[str], correlation_id: str | None
    ) -> Header:
        """A header.

        Raises:
            ExchangeError: A field breaks a rule.
            TypeError: There is no such field.
        """
        unknown = fields.keys() - allowed
        if unknown:
            raise TypeError(f"the verb {verb} takes no {', '.join(sorted(unknown))}")
        if noun == OPERATION_SET and verb not in ABOUT_SETS:
            raise ExchangeError(
                f"{OPERATION_SET} goes with execute and executed, not with {verb}", rule="T9", clause="6.10.1"
            )
        timestamp = aware(fields["timestamp"] if "timestamp" in fields else self.clock(), "the timestamp")
        user = fields.get("user", self.user)
        return Header(
            verb=verb,
            noun=noun,
            revision=fields.get("revision", self.revision),
            replay_detection=self._replay_detection(fields.get("replay", False), timestamp),
            context=fields.get("context", self.context),
            timestamp=timestamp,
            source=fields.get("source", self.source),
            user=_user(user),
            message_id=_said(fields["message_id"] if "message_id" in fields else self.new_id(), "message", "R3"),
            correlation_id=_said(fields.get("correlation_id", correlation_id), "correlation", "R2"),
            comment=fields.get("comment"),
            property=message_properties(fields.get("properties", ())),
            extensions=_extensions(fields.get("extensions", ())),
        )

    def _replay_detection(
        self, replay: bool | ReplayDetection, timestamp: datetime.datetime | None
    ) -> ReplayDetection | None:
        """What guards a message against being sent again: what the caller gives, or a fresh nonce and the time."""
        if replay is False:
            return None
        if replay is True:
            replay = ReplayDetection(nonce=self.new_nonce(), created=timestamp or self.clock())
        aware(replay.created, "the time of the replay detection")
        if not _text(replay.nonce, "a nonce").strip():
            raise ExchangeError("the nonce is blank", rule="R3", clause="6.3.2")
        return copied(replay)

    def _request_header(self, verb: Verb, noun: str, fields: RequestFields, allowed: frozenset[str]) -> Header:
        """A request's header: it may be asynchronous or one-way."""
        address = fields.get("reply_to")
        if address is not None and not isinstance(address, ReplyAddress):
            address = ReplyAddress.parse(address)
        asynchronous = fields.get("asynchronous", True if address is not None else None)
        acknowledged = fields.get("ack_required")
        if asynchronous is True and address is None:
            raise ExchangeError(
                "an asynchronous request needs an address for the replies",
                rule="R4",
                clause="5.2.5",
                advice="say where they go with reply_to=",
            )
        if asynchronous is False and address is not None:
            raise ExchangeError("a synchronous request has no address for replies", rule="R4", clause="5.2.5")
        if acknowledged is False and (address is not None or verb is Verb.GET):
            raise ExchangeError("a one-way message has no reply", rule="R14", clause="4.5")
        made = self._header(verb, noun, fields, allowed, None)
        if "correlation_id" not in fields:
            made.correlation_id = _said(self.new_id(), "correlation", "R2")
            if made.correlation_id == made.message_id and "message_id" not in fields:
                raise ExchangeError(f"new_id gave {made.message_id!r} twice", rule="R3", clause="6.3.2")
        made.async_reply_flag = asynchronous
        made.reply_address = None if address is None else str(address)
        made.ack_required = acknowledged
        return made


def aware(time: datetime.datetime | None, what: str) -> datetime.datetime | None:
    """A time, once it is known to have an offset.

    Raises:
        ExchangeError: It has none.
        TypeError: It is no time.
    """
    if time is None:
        return None
    if not isinstance(time, datetime.datetime):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may pass anything
        raise TypeError(f"{what} is a datetime, not a {type(time).__name__}")
    if time.utcoffset() is None:
        raise ExchangeError(
            f"{what} has no time zone", clause="6.3.2", advice="use an aware time: datetime.now(datetime.UTC)"
        )
    return time


def _said(value: str | None, what: str, rule: str) -> str | None:
    """An identifier; a blank one would count as absent."""
    if value is not None and not _text(value, f"a {what} ID").strip():
        raise ExchangeError(f"the {what} ID is blank", rule=rule, clause="6.9", advice="None leaves it out")
    return value


def _text(value: str, what: str) -> str:
    if not isinstance(value, str):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may pass anything
        raise TypeError(f"{what} is a text, not a {type(value).__name__}")
    return value


def _extensions(given: Iterable[Content]) -> list[Content]:
    made = copied(list(given))
    check_foreign(made, rule="T6", clause="6.3.2")
    return made
