"""Copies of messages' parts: what is built from a message shares nothing with it that can change."""

from __future__ import annotations

import copy
from dataclasses import fields
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
    record = copy.copy(value)
    for field in fields(value):
        member = getattr(value, field.name)
        if isinstance(member, list | Record):
            setattr(record, field.name, copied(member))  # pyright: ignore[reportUnknownArgumentType]  # of anything
    return record
