"""What changes and removals mean for the members of a payload (R16, R17), by the members' names."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Iterable, Iterator
from typing import Any, TypeGuard

from iec61968_9.identity import identify
from iec61968_9.xml import Record

IDENTITY = {"mrid", "names"}
DATES = {"configuration_events", "configuration_event"}


def said(record: Any) -> Iterator[tuple[str, Any]]:
    """The members that an object has."""
    for field in dataclasses.fields(record):
        value = getattr(record, field.name)
        if value is not None and value != []:
            yield field.name, value


def several(value: Any) -> TypeGuard[list[Any]]:
    """Whether a member is a list."""
    return isinstance(value, list)


def main(payload: Any) -> tuple[Any, str]:
    """The first object that a payload is about, with the member that holds it; the others are definitions."""
    kind = type(payload).__name__.removesuffix("Config")
    return next((value[0], name) for name, value in said(payload) if several(value) and type(value[0]).__name__ == kind)


def apart(payload: Any) -> Iterator[Any]:
    """Copies of a payload, each with one of its objects and all definitions."""
    _, member = main(payload)
    for one in getattr(payload, member):
        yield copy.deepcopy(dataclasses.replace(payload, **{member: [one]}))


def together(payloads: Iterable[Any]) -> Any:
    """One payload of several."""
    first, *others = copy.deepcopy(list(payloads))
    for one in others:
        first = laid_over(first, one)
    return first


def laid_over(known: Any, change: Any) -> Any:
    """A copy of an object with a change laid over it: what the change omits stays, and lists grow (R16)."""
    made = {name: _merged(getattr(known, name), value) for name, value in said(change)}
    return dataclasses.replace(known, **made)


def _merged(known: Any, value: Any) -> Any:
    if several(known):
        every = [*known]
        for one in value:
            place = next((number for number, other in enumerate(every) if _is_same(other, one)), None)
            if place is None:
                every.append(one)
            else:
                every[place] = _merged(every[place], one)
        return every
    if isinstance(known, Record) and type(known) is type(value):
        return laid_over(known, value)
    return value


def _is_same(one: Any, other: Any) -> bool:
    """Whether two members of a list are one: by identity, or because they are equal."""
    ours, theirs = identify(one), identify(other)
    return ours.matches(theirs) if ours and theirs and isinstance(one, Record) else bool(one == other)


def _targets(path: Any) -> dict[str, Any]:
    """The members that a path names to be removed: all but identity, which selects, and the date of the change.

    Names beside an mRID go themselves where nothing else does.
    """
    given = dict(said(path))
    found = {name: value for name, value in given.items() if name not in IDENTITY | DATES}
    return found or ({"names": given["names"]} if given.keys() >= IDENTITY else {})


def without(known: Any, path: Any) -> Any:
    """A copy of an object without what a path names (R17).

    Raises:
        LookupError: Something that is to go is not there, or nothing is to go.
    """
    targets = _targets(path)
    if not targets:
        raise LookupError("nothing is to go")
    made: dict[str, Any] = {}
    for name, value in targets.items():
        now: Any = getattr(known, name)
        made[name] = _left(now, value) if several(now) else without(now, value) if now and _leads_on(value) else None
        if made[name] == now:
            raise LookupError(f"there is no {name}")
    return dataclasses.replace(known, **made)


def _left(now: list[Any], paths: list[Any]) -> list[Any]:
    """What is left of a list: all but the members at which a path ends."""
    found: list[Any] = []
    for one in now:
        path = next((other for other in paths if _is_same(other, one)), None)
        if path is None:
            found.append(one)
        elif identify(path) and _leads_on(path):
            found.append(without(one, path))
    return found


def _leads_on(path: Any) -> bool:
    """Whether a path goes on to members of this object."""
    return isinstance(path, Record) and bool(_targets(path))
