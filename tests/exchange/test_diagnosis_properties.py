"""Whatever the message, a diagnosis ends, says the same each time, and points at places that are there."""

from __future__ import annotations

import copy
import dataclasses
import datetime
import re
from collections.abc import Iterator
from typing import Any, cast

import pytest
from hypothesis import given, note
from hypothesis import strategies as st
from lxml import etree
from tests.exchange.diagnosis_cases import rs, said
from tests.properties.support import examples

from iec61968_9 import Record, Report, from_xml, to_xml
from iec61968_9.exchange.diagnosis import diagnose
from iec61968_9.identity import Index
from iec61968_9.profiles import (
    EndDeviceControls,
    EndDeviceEvents,
    EventMessage,
    FaultMessage,
    GetEndDeviceEvents,
    GetMeterReadings,
    MasterDataLinkageConfig,
    Message,
    MeterConfig,
    MeterReadings,
    RequestMessage,
    ResponseMessage,
    UsagePointConfig,
)
from iec61968_9.profiles.envelope import Header, Payload, Request, Verb
from iec61968_9.profiles.meter_readings import Meter, MeterReading, Reading
from iec61968_9.testing import instances
from iec61968_9.xml import Reference

KINDS: list[Any] = [
    RequestMessage,
    RequestMessage[GetMeterReadings],
    RequestMessage[MeterReadings],
    RequestMessage[EndDeviceControls],
    RequestMessage[MeterConfig],
    ResponseMessage,
    ResponseMessage[MeterReadings],
    EventMessage,
    EventMessage[EndDeviceEvents],
    EventMessage[UsagePointConfig],
    FaultMessage,
    Message,
    MeterReadings,
]
PAYLOADS: list[Any] = [MeterReadings, EndDeviceEvents, EndDeviceControls, MeterConfig, MasterDataLinkageConfig]
QUERIES: list[Any] = [GetMeterReadings, GetEndDeviceEvents]
ENVELOPES = st.one_of([instances(kind) for kind in KINDS])
REQUESTS = st.one_of(st.none(), instances(RequestMessage))


@pytest.mark.parametrize(
    "code", ["0.00", "02.4", "2.4.1", "-1.0", "2.", "\u0662.4", "9" * 19 + ".1", "9" * 5_000 + ".1"]
)
def test_a_code_that_is_nearly_one_is_remarked_on(code: str) -> None:
    """Found by fuzzing: a number with a zero before it ended the diagnosis with a CodeError."""
    message = from_xml(rs(said("FAILED", code)))
    assert "code-not-dotted" in {finding.kind for finding in diagnose(message)}
    assert "code-not-dotted" not in {finding.kind for finding in diagnose(from_xml(rs(said("FAILED", "2.4"))))}


@pytest.mark.parametrize("digits", [1, 18, 4_000, 5_000])
def test_a_quality_of_any_length_is_looked_at(digits: int) -> None:
    """Python refuses to make a number of more than 4,300 digits."""
    quality = f'<ReadingQualities><ReadingQualityType ref="{"9" * digits}.0.0"/></ReadingQualities>'
    readings = f"<MeterReading><Readings>{quality}<value>1</value></Readings></MeterReading>"
    payload = f'<MeterReadings xmlns="http://iec.ch/TC57/2011/MeterReadings#">{readings}</MeterReadings>'
    for text in (payload, payload.replace("9", "0") if digits > 1 else payload):
        assert "quality-private" not in {finding.kind for finding in diagnose(from_xml(text, mode="lenient"))}


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_any_message_is_diagnosed_alike_twice_and_left_as_it_was(kind: Any) -> None:
    @examples(25)
    @given(message=instances(kind), request=REQUESTS)
    def holds(message: Record, request: Record | None) -> None:
        before = copy.deepcopy((message, request))
        first = diagnose(message, request=request)
        assert diagnose(message, request=request).findings == first.findings
        assert (message, request) == before

    holds()


def records(value: object) -> Iterator[Record]:
    """All objects of a message."""
    if isinstance(value, list):
        for one in cast("list[object]", value):
            yield from records(one)
    elif isinstance(value, Record):
        yield value
        for member in dataclasses.fields(value):
            yield from records(getattr(value, member.name))


@examples(150)
@given(message=ENVELOPES, request=REQUESTS, data=st.data())
def test_what_lenient_reading_may_leave_behind_does_not_raise(
    message: Record, request: Record | None, data: st.DataObject
) -> None:
    """Lenient reading leaves required members out, and unknown literals as text."""
    for one in (message, request):
        everything = list(records(one))
        for record in data.draw(st.lists(st.sampled_from(everything), max_size=4)) if everything else []:
            name = data.draw(st.sampled_from([member.name for member in dataclasses.fields(record)]))
            value = getattr(record, name)
            if isinstance(value, str):
                setattr(record, name, data.draw(st.sampled_from([None, "", " ", "Create", "cancelled", "FATAL", "?"])))
            elif not isinstance(value, list):
                setattr(record, name, None)
    report = diagnose(message, request=request)
    assert all(finding.path.startswith("/") and finding.message for finding in report)


@examples(100)
@given(message=ENVELOPES)
def test_each_place_is_in_the_document_or_is_what_it_lacks(message: Record) -> None:
    """The path leads to one element of the written message, or to where what is missing would stand."""
    root = etree.fromstring(to_xml(message))
    for finding in diagnose(message):
        note(str(finding))
        path = re.sub(r"/@\w+$", "", finding.path)
        steps = [re.sub(r"([\w.-]+)(\[\d+\])?$", r"*[local-name()='\1']\2", step) for step in path.split("/")[1:]]
        there = [root.xpath("/" + "/".join(steps[:length])) for length in range(len(steps), 0, -1)]
        assert any(there[:3]), finding.path
        assert all(len(cast("list[object]", one)) == 1 for one in there if one), finding.path


def bare_times(value: object) -> int:
    """How many times inside an object have no offset."""
    if isinstance(value, list):
        return sum(map(bare_times, cast("list[object]", value)))
    if isinstance(value, Record):
        return sum(bare_times(getattr(value, member.name)) for member in dataclasses.fields(value))
    return isinstance(value, datetime.datetime) and value.tzinfo is None


@given(st.one_of([instances(kind) for kind in (*PAYLOADS, *QUERIES)]))
@examples(60)
def test_each_time_without_an_offset_is_found(content: Any) -> None:
    asks = type(content) in QUERIES
    whole: RequestMessage[Any] = RequestMessage(
        header=Header(verb=Verb.CREATE, noun=type(content).__name__.removeprefix("Get")),
        request=Request(queries=[content]) if asks else None,
        payload=None if asks else Payload(contents=[content]),
    )
    report = diagnose(whole, at_most=1_000_000)
    assert report.count("time-without-offset") == bare_times(content)


def test_many_findings_of_one_kind_are_counted_and_not_listed() -> None:
    reading = "<Readings><value>1</value><timeStamp>2026-03-02T08:00:00</timeStamp></Readings>"
    message = from_xml(
        '<MeterReadings xmlns="http://iec.ch/TC57/2011/MeterReadings#"><MeterReading><Meter><mRID>m</mRID></Meter>'
        f"{reading * 250}</MeterReading></MeterReadings>",
        mode="lenient",
    )
    report = diagnose(message)
    assert report.count("time-without-offset") == 101
    assert report.findings[-1].message == "150 more findings of this kind are not listed"
    assert diagnose(message, at_most=300).count("time-without-offset") == 250


def test_a_payload_that_holds_itself_is_looked_at_once() -> None:
    """Only a program can make one; no document is like that."""
    outer: Any = MeterReading()
    outer.values_interval = outer
    assert [one.kind for one in diagnose(MeterReadings(meter_reading=[outer]))] == ["payload-without-content"]
    outer.meter = Meter(mrid="m")
    outer.readings = [outer, Reading(value="1", reading_type=Reference(ref="x"))]
    found = diagnose(MeterReadings(meter_reading=[outer]))
    (unresolved,) = (one for one in found if one.kind == "unresolved-reference")
    assert unresolved.path == "/MeterReadings/MeterReading/Readings[2]/ReadingType/@ref"
    (same,) = Index(MeterReadings(meter_reading=[outer])).findings()
    assert same.path == "/MeterReadings/meter_reading[1]/readings[2]/reading_type"


def test_a_payload_without_an_envelope_is_looked_at_as_far_as_it_goes() -> None:
    report: Report = diagnose(MeterReadings())
    assert [finding.kind for finding in report] == ["payload-without-content"]
    assert report.findings[0].path == "/MeterReadings"
