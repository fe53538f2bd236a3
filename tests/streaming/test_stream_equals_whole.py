"""A stream gives what the whole document holds, whatever it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.streaming.support import Mode, in_event, payloads, pipe, unhurried

from iec61968_9 import Record, from_xml, iter_xml, to_xml
from iec61968_9.profiles.end_device_events import EndDeviceEvent, EndDeviceEvents
from iec61968_9.profiles.get_meter_readings import GetMeterReadings
from iec61968_9.profiles.meter_config import Meter as ConfiguredMeter
from iec61968_9.profiles.meter_config import MeterConfig
from iec61968_9.profiles.meter_readings import MeterReading, MeterReadings, ReadingType

MEMBERS = {"MeterReading": "meter_reading", "ReadingType": "reading_type"}
steps = st.sampled_from([1, 11, 1_000_000])


@pytest.mark.parametrize("name", MEMBERS)
@pytest.mark.parametrize("mode", ["strict", "lenient"])
@unhurried
@given(content=payloads, step=steps, pretty=st.booleans())
def test_a_bare_payload(name: str, mode: Mode, content: MeterReadings, step: int, pretty: bool) -> None:
    document = to_xml(content, pretty=pretty)
    expected = from_xml(document, MeterReadings, mode=mode)
    stream = iter_xml(pipe(document, step), name, mode=mode)
    items = list(stream)
    assert items == getattr(expected, MEMBERS[name])
    assert isinstance(stream.rest, MeterReadings)
    setattr(stream.rest, MEMBERS[name], items)
    assert stream.rest == expected
    assert mode == "lenient" or expected == content


@pytest.mark.parametrize("kind", [MeterReading, ReadingType])
@unhurried
@given(content=payloads, step=steps, pretty=st.booleans())
def test_a_payload_in_a_message(kind: type[Record], content: MeterReadings, step: int, pretty: bool) -> None:
    message = in_event(content)
    stream = iter_xml(pipe(to_xml(message, pretty=pretty), step), kind)
    items = list(stream)
    assert isinstance(stream.rest, MeterReadings)
    setattr(stream.rest, MEMBERS[kind.__name__], items)
    assert stream.envelope == message


@unhurried
@given(content=payloads)
def test_items_that_were_yielded_do_not_change(content: MeterReadings) -> None:
    """The tree that an item came from goes; the item stays."""
    kept: list[tuple[MeterReading, str]] = [
        (one, repr(one)) for one in iter_xml(to_xml(content), MeterReading, mode="lenient")
    ]
    assert [repr(one) for one, _ in kept] == [said for _, said in kept]


def test_other_payloads_and_queries_stream_too() -> None:
    """Each by its own item."""
    for root, member, name, kind in (
        (MeterConfig(), "meter", "Meter", ConfiguredMeter),
        (EndDeviceEvents(), "end_device_event", "EndDeviceEvent", EndDeviceEvent),
    ):
        empty = to_xml(root)
        assert list(iter_xml(empty, kind)) == []
        assert getattr(root, member) == []
        assert list(iter_xml(empty, name)) == []
    query = b'<GetMeterReadings xmlns="http://iec.ch/TC57/2011/GetMeterReadings#"><EndDevice/><EndDevice/></GetMeterReadings>'
    assert list(iter_xml(query, "EndDevice")) == from_xml(query, GetMeterReadings).end_device
