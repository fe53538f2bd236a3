"""What messages carry, as the exchange sees it: compressed contents, counted pages, what happened to devices."""

from __future__ import annotations

import datetime
import gzip
from base64 import b64encode

import pytest

from iec61968_9 import Dialect, Limits, exchange, to_xml
from iec61968_9.exchange import PayloadFile, occurrences_in
from iec61968_9.exchange.contents import Unpacking, documents
from iec61968_9.exchange.pages import read_page
from iec61968_9.profiles import EndDeviceEvents, MeterReadings
from iec61968_9.profiles.end_device_events import Asset, EndDeviceEvent
from iec61968_9.profiles.envelope import Payload
from iec61968_9.profiles.meter_readings import EndDeviceEvent as EventOfReading
from iec61968_9.profiles.meter_readings import Meter, MeterReading
from iec61968_9.xml import Reference
from iec61968_9.xml.report import Finding

NOON = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC)
OUTAGE = Reference(ref="3.26.0.85")
NAMESPACE = "http://iec.ch/TC57/2011/MeterReadings#"
DATA = MeterReadings(meter_reading=[MeterReading(meter=Meter(mrid="m-1"))])


def outage(device: str | None = "m-1", time: datetime.datetime = NOON, code: Reference = OUTAGE) -> EndDeviceEvent:
    assets = None if device is None else Asset(mrid=device)
    return EndDeviceEvent(created_date_time=time, assets=assets, end_device_event_type=code)


def test_what_is_compressed_is_seen_as_if_it_were_not() -> None:
    seen = Unpacking().contents_of
    assert seen(exchange.created(DATA, compress=True)) == seen(exchange.created(DATA)) == [DATA]


def test_what_cannot_be_inflated_is_a_finding_of_its_place_however_often_it_is_asked_for() -> None:
    message = exchange.created(DATA)
    message.payload = Payload(compressed="AAAA", format="XML")
    unpacking, found = Unpacking(), list[Finding]()
    assert unpacking.contents_of(message) == []
    assert unpacking.contents_of(message, found) == unpacking.contents_of(message, found) == []
    one, other = found
    assert (one.kind, one.path) == ("compressed-unreadable", "/EventMessage/Payload/Compressed")
    assert "gzip" in one.message
    assert other == one


def test_what_is_compressed_is_read_as_the_partners_agreed() -> None:
    own = "http://partner.example/MeterReadings#"
    inside = to_xml(DATA).replace(NAMESPACE.encode(), own.encode())
    message = exchange.created(DATA)
    message.payload = Payload(compressed=b64encode(gzip.compress(inside)).decode("ascii"), format="XML")
    strict, found = Unpacking(dialect=Dialect(aliases={own: NAMESPACE})), list[Finding]()
    assert strict.contents_of(message, found) == [DATA]
    assert Unpacking().contents_of(message, found) == []
    bounded = Unpacking("lenient", strict.dialect, Limits(inflated_bytes=10))
    assert bounded.contents_of(message, found) == []
    assert [one.kind for one in found] == ["compressed-unreadable"] * 2
    assert "more than 10 bytes" in found[1].message


def test_what_is_inflated_is_kept_only_as_long_as_it_is_what_the_message_carries() -> None:
    unpacking = Unpacking()
    message = exchange.created(DATA, compress=True)
    (first,) = unpacking.contents_of(message)
    (again,) = unpacking.contents_of(message)
    assert again is first
    (other,) = unpacking.contents_of(exchange.created(MeterReadings(), compress=True))
    assert other == MeterReadings()
    message.header.noun = "EndDeviceEvents"
    assert unpacking.contents_of(message) == []
    assert unpacking.contents_of(exchange.created(DATA)) == [DATA]


def test_a_file_is_carried_and_nobody_looks_for_events_in_it() -> None:
    table = PayloadFile(b"meter;value\r\n", "CSV")
    carried = Unpacking().contents_of(exchange.created(table, noun="MeterReadings"))
    assert carried == [table]
    assert documents([*carried, DATA]) == [DATA]


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("1/1", (1, 1)),
        (" 2/10 ", (2, 10)),
        ("0/1", None),
        ("3/2", None),
        ("1", None),
        ("", None),
        (None, None),
        ("1/0", None),
        ("1234567890/1234567890", None),
    ],
)
def test_a_page_says_its_number_and_how_many_there_are(text: str | None, page: tuple[int, int] | None) -> None:
    assert read_page(text) == page


def test_events_of_devices_and_of_readings_are_the_same_occurrences() -> None:
    event = EventOfReading(created_date_time=NOON, end_device_event_type=OUTAGE)
    carried = MeterReadings(meter_reading=[MeterReading(meter=Meter(mrid="m-1"), end_device_events=[event])])
    (one,) = occurrences_in(EndDeviceEvents(end_device_event=[outage()]))
    (other,) = occurrences_in(carried, DATA)
    assert one == other
    assert len({one, other}) == 1
    assert other.device is not None
    assert other.device.mrid == "m-1"


def test_an_occurrence_is_another_if_device_time_or_code_differ() -> None:
    later = NOON + datetime.timedelta(seconds=1)
    restored = Reference(ref="3.26.0.216")
    events = [outage(), outage("m-2"), outage(time=later), outage(code=restored)]
    assert len(set(occurrences_in(EndDeviceEvents(end_device_event=events)))) == 4


@pytest.mark.parametrize("lacking", [outage(device=None), outage(code=Reference(ref="free text"))])
def test_what_does_not_say_enough_is_the_same_as_nothing_but_itself(lacking: EndDeviceEvent) -> None:
    (one,) = occurrences_in(EndDeviceEvents(end_device_event=[lacking]))
    (again,) = occurrences_in(EndDeviceEvents(end_device_event=[lacking]))
    (other,) = occurrences_in(EndDeviceEvents(end_device_event=[outage(device=None)]))
    assert one == again
    assert hash(one) == hash(again)
    assert one != other
    assert len({one, again, other}) == 2
