"""Random objects of every class that a document can begin with go to valid bytes and come back equal."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from tests.documents import canonical
from tests.properties.support import ROOTS, class_of, examples, for_profile, verdict
from tests.verbs.support import assert_both_modes_agree

from iec61968_9 import from_xml, to_xml
from iec61968_9.profiles.end_device_events import EndDeviceEvents
from iec61968_9.profiles.envelope import EventMessage, Message, RequestMessage, ResponseMessage
from iec61968_9.profiles.get_meter_readings import GetMeterReadings
from iec61968_9.profiles.meter_readings import MeterReadings
from iec61968_9.testing import instances
from iec61968_9.xml.codec import Profile

TYPED = [
    Message[MeterReadings],
    RequestMessage[GetMeterReadings],
    ResponseMessage[MeterReadings],
    EventMessage[EndDeviceEvents],
]


def check(value: Any) -> None:
    """An object's bytes are valid and mean the object, plain and pretty; strict and lenient reading agree."""
    data = to_xml(value)
    assert verdict(data) == []
    back = from_xml(data)
    assert back == value
    assert canonical(to_xml(back)) == canonical(data), "what equality does not see, such as an offset, is kept too"

    pretty = to_xml(value, pretty=True)
    assert verdict(pretty) == []
    assert from_xml(pretty) == value
    assert canonical(pretty) == canonical(data)

    assert_both_modes_agree(data, value)
    assert to_xml(value, mode="lenient") == data


@pytest.mark.parametrize(("profile", "root"), ROOTS)
def test_random_objects_encode_to_valid_bytes_and_decode_to_equal_objects(profile: Profile, root: str) -> None:
    """Whatever a program builds within the types, strict writing makes valid and strict reading gives back."""

    @for_profile(profile, main=300 if len(profile.roots) == 1 else 120, other=40)
    @given(instances(class_of(profile, root)))
    def property_(value: Any) -> None:
        check(value)

    property_()


@pytest.mark.parametrize("kind", TYPED, ids=str)
def test_messages_of_a_known_payload_come_back_with_it(kind: Any) -> None:
    """A typed message holds objects of its payload's class, and comes back with them."""

    @examples(100)
    @given(instances(kind))
    def property_(value: Any) -> None:
        check(value)
        assert from_xml(to_xml(value), kind) == value

    property_()


@examples(150)
@given(instances(MeterReadings, nan=True))
def test_nan_is_written_and_read_as_nan(value: MeterReadings) -> None:
    """NaN, which equals nothing, goes to the same bytes again."""
    data = to_xml(value)
    assert verdict(data) == []
    assert to_xml(from_xml(data)) == data
