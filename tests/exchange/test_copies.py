"""What is built from a message is equal to it and independent of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st
from tests.exchange import drawing

from iec61968_9 import Record, exchange
from iec61968_9.exchange.building.copying import copied
from iec61968_9.profiles import MeterReadings
from iec61968_9.profiles.envelope import RequestMessage
from iec61968_9.testing import instances


def changeable(value: object) -> Iterator[int]:
    """The identities of all lists and objects inside."""
    if isinstance(value, list):
        yield id(value)  # pyright: ignore[reportUnknownArgumentType]  # of anything
        for one in cast("list[object]", value):
            yield from changeable(one)
    elif isinstance(value, Record):
        yield id(value)
        for field in fields(value):
            yield from changeable(getattr(value, field.name))


@given(instances(RequestMessage[Any]))
def test_a_copy_is_equal_and_shares_nothing_that_can_change(message: RequestMessage[Any]) -> None:
    copy = copied(message)
    assert copy == message
    assert type(copy) is type(message)
    assert not set(changeable(copy)) & set(changeable(message))


@given(drawing.contents())
def test_an_event_shares_nothing_with_its_request(content: tuple[Any, dict[str, Any]]) -> None:
    payload, more = content
    request = exchange.create(payload, **more)
    event = exchange.created(request=request)
    assert event.payload == request.payload
    assert not set(changeable(event)) & set(changeable(request))


@given(st.text())
def test_what_a_program_adds_to_a_class_of_its_own_is_copied_with_it(note: str) -> None:
    @dataclass
    class Noted(MeterReadings):
        note: str = ""

    value = Noted(note=note)
    value.extra = [note]  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]  # a subclass may have more
    copy = copied(value)
    assert (copy, copy.note) == (value, note)
    assert copy.extra == [note]  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]  # the same
