"""Checks of any payload: one thing, something in it, Format and Compressed in agreement, times that say when."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Final, cast

from iec61968_9.exchange.diagnosis._case import (
    Case,
    attribute_of,
    brief,
    check,
    found,
    hollow,
    members,
    objects,
    several,
    times,
)
from iec61968_9.xml.record import Record
from iec61968_9.xml.report import Finding

BASE64: Final = re.compile(r"[A-Za-z0-9+/]+={0,2}")
XML_FORMS: Final = frozenset({"XML", "RDF"})


@check("payload-choice", "payload-empty", "several-payloads")
def a_payload_holds_one_thing(case: Case) -> Iterator[Finding]:
    """XML, an operation set, compressed content and IDs exclude each other (X2)."""
    payload = case.payload
    if not payload:
        return
    held = [name for name, member in _BRANCHES if payload.get(member) not in (None, [])]
    if len(held) > 1:
        yield found("payload-choice", payload.path, f"the payload holds {' and '.join(held)}")
    elif not held and not payload.kept_elements():
        yield found("payload-empty", payload.path)
    contents = list(payload.wild("contents"))
    if len(contents) > 1:
        names = " and ".join(brief(place.name) for place in contents[:5])
        yield found("several-payloads", payload.path, f"the payload has {len(contents)} roots: {names}")


_BRANCHES: Final = (
    ("XML", "contents"),
    ("an operation set", "OperationSet"),
    ("compressed content", "Compressed"),
    ("IDs", "ID"),
)


@check("payload-without-content")
def content_says_something(case: Case) -> Iterator[Finding]:
    """A payload in which every member is absent passes every schema (X1)."""
    for content in case.contents:
        if hollow(content.place.value):
            yield found("payload-without-content", content.place.path, f"the {brief(content.place.name)} says nothing")


@check("compressed-unreadable", "compressed-without-format", "format-without-compressed")
def compressed_content_says_what_it_is(case: Case) -> Iterator[Finding]:
    """Compressed is base64 text of what can be read, and Format says of what (X2, T26, A7)."""
    text: str | None = case.payload.get("Compressed")
    form = case.payload.text("Format")
    if text is not None:
        bare = "".join(text.split())
        if len(bare) % 4 or not BASE64.fullmatch(bare):
            yield found("compressed-unreadable", case.payload.at("Compressed"), source=text[:80])
        elif case.unreadable is not None and form is not None:
            yield found("compressed-unreadable", case.payload.at("Compressed"), str(case.unreadable))
        if form is None:
            yield found("compressed-without-format", case.payload.at("Format"))
    elif form is not None and form.upper() not in XML_FORMS and case.payload.get("contents"):
        yield found("format-without-compressed", case.payload.at("Format"), source=form)


@check("time-without-offset")
def times_have_an_offset(case: Case) -> Iterator[Finding]:
    """Without an offset nobody knows the moment (X3)."""
    for root in [*(content.place for content in case.contents), *case.queries]:
        if not _has_bare_time(root.value):
            continue
        for place in (root, *(place for _, place in objects(root))):
            holder = cast("Record", place.value)
            for member in times(type(holder)):
                moments = several(getattr(holder, member))
                for number, moment in enumerate(moments, 1):
                    if _is_bare(moment):
                        path = place.at(attribute_of(member)) + (f"[{number}]" if len(moments) > 1 else "")
                        yield found("time-without-offset", path, source=moment.isoformat())


def _is_bare(moment: object) -> bool:
    return isinstance(moment, datetime.datetime) and moment.tzinfo is None


def _has_bare_time(root: object) -> bool:
    """Whether there is a time without an offset anywhere: most payloads have none, and need no places."""
    todo = [root]
    seen: set[int] = set()
    while todo:
        value = todo.pop()
        if value.__class__ is list:
            todo += cast("list[object]", value)
        elif isinstance(value, Record) and id(value) not in seen:
            seen.add(id(value))
            kind = type(value)
            if any(_is_bare(moment) for member in times(kind) for moment in several(getattr(value, member))):
                return True
            todo += [getattr(value, member) for member in members(kind)]
    return False
