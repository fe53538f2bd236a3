"""Random documents of every schema, departed from it at random: nothing is lost, and what is wrong is on the report."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tests.fuzz.documents import equal
from tests.lenient.mutations import departed, findings, hold
from tests.properties.support import PAYLOADS, ROOTS, class_of, examples

from iec61968_9 import DecodeError, Report, from_xml, iter_xml, to_xml
from iec61968_9._verbs import REGISTRY
from iec61968_9.profiles import EndDeviceEvents, GetMeterReadings, MeterReadings
from iec61968_9.profiles.envelope import EventMessage, RequestMessage, ResponseMessage
from iec61968_9.testing import instances
from iec61968_9.xml.codec import Profile

SEEDS = st.integers(0, 2**32)
COUNTS = st.integers(1, 4)
MESSAGES = [
    RequestMessage[GetMeterReadings],
    ResponseMessage[MeterReadings],
    EventMessage[EndDeviceEvents],
    EventMessage,
]


@pytest.mark.parametrize(("profile", "root"), ROOTS)
def test_whatever_departs_nothing_is_lost_and_the_report_says_so(profile: Profile, root: str) -> None:
    @examples(8)
    @given(instances(class_of(profile, root), size=12, depth=4), SEEDS, COUNTS)
    def property_(value: Any, seed: int, count: int) -> None:
        source, loud = departed(to_xml(value), seed, count)
        hold(source, loud=loud)

    property_()


@pytest.mark.parametrize("kind", MESSAGES, ids=str)
def test_messages_that_depart_are_read_whole(kind: Any) -> None:
    @examples(40)
    @given(instances(kind, size=12, depth=4), SEEDS, COUNTS)
    def property_(value: Any, seed: int, count: int) -> None:
        source, loud = departed(to_xml(value), seed, count)
        hold(source, loud=loud)

    property_()


@pytest.mark.parametrize("profile", PAYLOADS, ids=lambda profile: profile.noun)
def test_a_stream_of_what_departs_has_the_items_and_the_report_of_the_whole(profile: Profile) -> None:
    @examples(6)
    @given(instances(class_of(profile, profile.roots[0]), size=12, depth=3), SEEDS, COUNTS, st.data())
    def property_(value: Any, seed: int, count: int, data: st.DataObject) -> None:
        source, _ = departed(to_xml(value), seed, count)
        expected, report = Report(), Report()
        kind: Any = class_of(profile, profile.roots[0])
        try:
            whole = from_xml(source, kind, mode="lenient", report=expected)
        except DecodeError:
            return
        items = REGISTRY.by_module[f"iec61968_9.profiles.{profile.module}"].codec.items
        name = data.draw(st.sampled_from(sorted(items)))
        assert equal(list(iter_xml(source, name, mode="lenient", report=report)), getattr(whole, items[name].member))
        assert findings(report) == findings(expected), etree.tostring(etree.fromstring(source))

    property_()
