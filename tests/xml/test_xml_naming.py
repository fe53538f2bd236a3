"""Code that works by the standard's names finds the members that the generated classes have."""

from __future__ import annotations

import dataclasses
from importlib import import_module

import pytest
from lxml import etree
from tests.properties.support import XSD

from iec61968_9 import Record
from iec61968_9._codecs.index import PROFILES
from iec61968_9.xml.codec import Profile
from iec61968_9.xml.naming import member_name

ELEMENT = "{http://www.w3.org/2001/XMLSchema}element"

TOGETHER = {
    "CustomerMeterDataSet": {
        "ComFunction",
        "ComModule",
        "ConnectDisconnectFunction",
        "EndDevice",
        "SimpleEndDeviceFunction",
    }
}
"""Elements of several names that one member holds, in their order."""


@pytest.mark.parametrize(
    ("element", "member"),
    [
        ("mRID", "mrid"),
        ("relatedID", "related_id"),
        ("IntervalBlocks", "interval_blocks"),
        ("isCoincidentTrigger", "is_coincident_trigger"),
        ("Name", "name"),
        ("AsyncReplyFlag", "async_reply_flag"),
        ("SDPLocations", "sdp_locations"),
        ("value", "value"),
        ("ID", "id"),
    ],
)
def test_a_name_is_spelled_as_python_spells_names(element: str, member: str) -> None:
    assert member_name(element) == member


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.noun)
def test_every_element_of_a_schema_is_found_by_its_name(profile: Profile) -> None:
    (path,) = XSD.rglob(f"{profile.noun}.xsd")
    held = vars(import_module(f"iec61968_9.profiles.{profile.module}"))
    classes = [one for one in held.values() if isinstance(one, type) and issubclass(one, Record)]
    members = {field.name for one in classes for field in dataclasses.fields(one)}
    names = {str(one.get("name")) for one in etree.parse(path).iter(ELEMENT) if one.get("name") is not None}
    missing = {name for name in names - set(profile.roots) if member_name(name) not in members}
    assert missing == TOGETHER.get(profile.noun, set())
