"""What holds for every generated class: roots say how sure their schema is, secrets never show."""

from __future__ import annotations

import dataclasses
import inspect
from typing import Any

import pytest
from hypothesis import given
from tests.properties.support import ROOTS, class_of, examples

from iec61968_9 import DecodeError, EncodeError, from_xml, to_xml
from iec61968_9.profiles.com_module_config import ComFunction
from iec61968_9.profiles.receipt_record import Card
from iec61968_9.testing import instances
from iec61968_9.xml.codec import Profile

SECRETS = [(Card, "pan"), (Card, "cv_number"), (ComFunction, "password")]


NUMBER = "4000 0012 3456 7899"


@pytest.mark.parametrize(("profile", "root"), ROOTS)
def test_a_root_says_how_sure_its_schema_is(profile: Profile, root: str) -> None:
    """Status and confidence stand in the class's docstring, where editors show them."""
    text = " ".join((inspect.getdoc(class_of(profile, root)) or "").split())
    assert f"Status: {profile.status}; confidence: {profile.confidence}" in text
    assert f"``{root}``" in text


@pytest.mark.parametrize(("kind", "member"), SECRETS)
def test_a_secret_shows_in_no_repr(kind: type[Any], member: str) -> None:
    """Card numbers and passwords may be printed by accident, so a repr does not hold them."""

    @examples(25)
    @given(instances(kind))
    def property_(value: Any) -> None:
        setattr(value, member, NUMBER)
        assert NUMBER not in repr(value)
        assert NUMBER not in f"{[value]}"

    property_()


def passwords(kind: type[Any], seen: set[type[Any]]) -> list[tuple[type[Any], str]]:
    """The members of a class and of those inside it whose name says that they are secret."""
    from iec61968_9.testing._rules import is_record, members

    if kind in seen:
        return []
    seen.add(kind)
    found: list[tuple[type[Any], str]] = []
    for member in members(kind):
        if member.name in {"password", "pan", "cv_number"}:
            found.append((kind, member.name))
        for inner in member.types:
            if is_record(inner):
                found += passwords(inner, seen)
    return found


def test_every_password_and_card_number_is_marked() -> None:
    """In whatever profile it stands."""
    found: list[tuple[type[Any], str]] = []
    seen: set[type[Any]] = set()
    for parameter in ROOTS:
        profile, root = parameter.values
        assert isinstance(profile, Profile)
        found += passwords(class_of(profile, str(root)), seen)
    assert {member for _, member in found} == {"password", "pan", "cv_number"}
    for kind, member in found:
        shown = {field.name: field.repr for field in dataclasses.fields(kind)}
        assert shown[member] is False, f"{kind.__qualname__}.{member}"


@pytest.mark.parametrize("member", ["pan", "cv_number"])
def test_a_secret_shows_in_no_error(member: str) -> None:
    """Neither what cannot be written nor what cannot be read is repeated in the error."""
    from iec61968_9.profiles.receipt_record import Receipt, ReceiptRecord, Tender

    card = Card()
    setattr(card, member, f"{NUMBER}\x01")
    value = ReceiptRecord(receipt=[Receipt(tenders=[Tender(card=card)])])
    with pytest.raises(EncodeError) as caught:
        to_xml(value)
    assert "4000" not in str(caught.value)
    setattr(card, member, NUMBER)
    data = to_xml(value)
    name = {"pan": b"pan", "cv_number": b"cvNumber"}[member]
    assert b"<" + name + b">" in data
    damaged = data.replace(NUMBER.encode(), NUMBER.encode() + b"<x/>")
    with pytest.raises(DecodeError) as refused:
        from_xml(damaged)
    assert "4000" not in str(refused.value)
