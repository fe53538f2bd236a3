"""The parts of a message, and what they say, also where lenient reading let them be missing or spelled otherwise."""

from __future__ import annotations

from typing import Any, cast

from iec61968_9.profiles.envelope import (
    Error,
    EventMessage,
    FaultMessage,
    Header,
    Message,
    Reply,
    ResponseMessage,
    Result,
)

__all__ = ["check_arrival", "code_of", "header_of", "is_reply", "reply_of", "result_of"]


def header_of(message: object) -> Header:
    """Return a message's header; one that says nothing where it has none, as a fault."""
    header: Header | None = getattr(message, "header", None)
    return header if header is not None else Header(verb=cast("Any", None), noun=cast("Any", None))


def check_arrival(message: object) -> None:
    """Raise TypeError unless something is a message for the side that asked: a reply, an event or a fault."""
    match message:
        case ResponseMessage() | EventMessage() | FaultMessage() | Message(reply=Reply()) | Message(request=None):
            pass
        case _:
            raise TypeError(f"a reply, an event or a fault can arrive, and this is a {type(message).__name__}")


def is_reply(message: object) -> bool:
    """Whether a message is a reply, be it one in which nothing is said (T20)."""
    return isinstance(message, ResponseMessage) or getattr(message, "reply", None) is not None


def reply_of(message: object) -> Reply:
    """Return the reply of a message; one without a Result where it has none."""
    reply: Reply | None = getattr(message, "reply", None)
    return reply if reply is not None else Reply(result=cast("Any", None))


def result_of(reply: Reply) -> Result | None:
    """Return what a reply's Result means; None where it is missing, or is none of the standard's.

    ``FATAL`` of older texts is FAILED, and case does not count (T20).
    """
    text = str(reply.result or "").strip().upper()
    if text == "FATAL":
        return Result.FAILED
    return Result(text) if text in set(Result) else None


def code_of(error: Error) -> str:
    """Return the code of an error; an empty text where it has none."""
    code: str | None = error.code
    return (code or "").strip()
