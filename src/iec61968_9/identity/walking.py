"""Going through the objects that an object holds."""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable, Iterator
from typing import Any, cast

from iec61968_9.xml import Record, Reference

__all__ = ["content_key", "held"]


def held(holder: object) -> Iterator[tuple[str, int | None, Any]]:
    """Yield the records and references that an object holds directly, in the order of its members.

    Each comes with the member's name and, where the member is a list, its number in it, counted from 1. What is no
    object of a generated class holds nothing.
    """
    if not isinstance(holder, Record):
        return
    for field in dataclasses.fields(holder):
        value: Any = getattr(holder, field.name)
        several = isinstance(value, list)
        for number, one in enumerate(cast("list[Any]", value) if several else [value], 1):
            if isinstance(one, Record | Reference):
                yield field.name, number if several else None, one


def content_key(value: object) -> Hashable:
    """Return what is equal for equal values, and can be looked up. What lenient reading kept counts as well."""
    if isinstance(value, Record):
        return type(value), tuple(content_key(getattr(value, field.name)) for field in dataclasses.fields(value))
    if isinstance(value, list):
        return tuple(map(content_key, cast("list[object]", value)))
    return value
