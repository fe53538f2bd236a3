"""Copies of messages' parts: what is built from a message shares nothing with it that can change."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from typing import Any, TypeVar, cast

from iec61968_9.xml.record import Record

__all__ = ["copied"]

T = TypeVar("T")


def copied(value: T) -> T:
    """A copy with copies of all lists and objects inside; what cannot change, such as a text or a time, is shared."""
    if isinstance(value, list):
        made: Any = [copied(one) for one in cast("list[Any]", value)]
        return made  # type: ignore[no-any-return]  # a list for a list
    if not isinstance(value, Record):
        return value
    kind: Any = type(value)
    record: Any = object.__new__(kind)
    for name in _members(kind):
        member = getattr(value, name)
        setattr(record, name, copied(member) if isinstance(member, list | Record) else member)  # pyright: ignore[reportUnknownArgumentType]  # of anything
    own = getattr(value, "__dict__", None)  # of a subclass that has more
    if own:
        record.__dict__.update(own)
    return cast("T", record)


@cache
def _members(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
