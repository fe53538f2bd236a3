"""The same habit in the several shapes in which systems have it, and what looks like it and is none."""

from __future__ import annotations

import pytest
from tests.exchange.diagnosis_cases import (
    DATA,
    carried,
    compressed,
    control,
    controls,
    device_event,
    device_events,
    executed,
    meter_reading,
    operation,
    operations,
    reading,
    readings,
    rq,
)

from iec61968_9 import Dialect, Limits, from_xml
from iec61968_9.exchange import Refused, Service, diagnose
from iec61968_9.profiles import RequestMessage

REASON = "<reason>disconnect</reason><mRID>c-1</mRID>"
AROUND = "<valuesInterval><end>2026-03-02T{}:00:00Z</end></valuesInterval>"


def kinds(document: str) -> list[str]:
    return [one.kind for one in diagnose(from_xml(document, mode="lenient"))]


@pytest.mark.parametrize("code", ["?", "String", "1.2", "disconnect"])
def test_the_reason_tells_what_a_control_does_where_its_type_is_no_code(code: str) -> None:
    """T34, D12: test tools write a placeholder for the code, and what is meant into the reason."""
    found = kinds(controls(control(kind=code, key=REASON)))
    assert "control-meaning-elsewhere" in found
    assert "control-meaning-elsewhere" not in kinds(controls(control(key=REASON)))


@pytest.mark.parametrize("code", ["?", "1a7", "outage"])
def test_the_reason_tells_what_happened_where_the_type_is_no_code(code: str) -> None:
    found = kinds(device_events(device_event(code, inside="<reason>outage</reason>")))
    assert "event-meaning-in-reason" in found
    assert "event-meaning-in-reason" not in kinds(device_events(device_event(code)))


@pytest.mark.parametrize(("hour", "found"), [("07", ["reading-times-contradict"]), ("08", []), ("09", [])])
def test_a_time_is_within_the_interval_of_all_values(hour: str, found: list[str]) -> None:
    """T36: the valuesInterval speaks of every value of its MeterReading."""
    assert kinds(rq("create", inside=readings(meter_reading(reading() + AROUND.format(hour))))) == found


BAD = carried("EndDeviceControls", "<EndDeviceControl><EndDeviceControlType/></EndDeviceControl>")


def test_what_is_compressed_is_looked_at_as_if_it_were_not() -> None:
    """A7: packing a payload hides nothing from the diagnosis, nor from a service that would refuse it."""
    documents = (rq("create", "EndDeviceControls", inside=one) for one in (BAD, compressed(BAD)))
    plain, packed = (from_xml(one, RequestMessage) for one in documents)
    found, same = diagnose(plain), diagnose(packed)
    assert [one.kind for one in found] == [one.kind for one in same] != []
    where = "/RequestMessage/Payload/EndDeviceControls/EndDeviceControl/EndDeviceControlType"
    assert (found.findings[0].path, same.findings[0].path) == (
        where,
        where.replace("/Payload/", "/Payload/Compressed/"),
    )
    for message in (plain, packed):
        verdict = Service().check(message)
        assert isinstance(verdict, Refused)
        assert verdict.code == "5.8"


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ("hello", "is not XML"),
        ("", "is empty"),
        (BAD, "MeterReadings"),
    ],
    ids=["no XML", "nothing", "another noun"],
)
def test_compressed_xml_that_is_not_what_the_noun_says_is_found(inside: str, said: str) -> None:
    (found,) = diagnose(from_xml(rq("create", inside=compressed(inside))))
    assert (found.kind, found.path) == ("compressed-unreadable", "/RequestMessage/Payload/Compressed")
    assert said in found.message


def test_what_is_compressed_is_inflated_within_limits_and_in_a_dialect() -> None:
    own = DATA.replace("http://iec.ch/TC57/2011/MeterReadings#", "urn:partner")
    message = from_xml(rq("create", inside=compressed(own)))
    assert [one.kind for one in diagnose(message)] == ["compressed-unreadable"]
    assert not diagnose(message, dialect=Dialect(payload="urn:partner"))
    (found,) = diagnose(message, dialect=Dialect(payload="urn:partner"), limits=Limits(inflated_bytes=10))
    assert "limit" in found.message


@pytest.mark.parametrize("form", ["CSV", "PDF", "BINARY", ""])
def test_a_file_is_not_looked_at(form: str) -> None:
    text = f"<Payload><Compressed>abcd</Compressed>{f'<Format>{form}</Format>' if form else ''}</Payload>"
    assert set(kinds(rq("create", inside=text))) <= {"compressed-without-format"}


@pytest.mark.parametrize(
    ("says", "found"),
    [
        ("<mRID>m</mRID>", ["change-without-change"]),
        ("<Names><name>n</name></Names>", ["change-without-change"]),
        ("<mRID>m</mRID><Names><name>n</name></Names>", []),
        ("<Names><name>n</name></Names><serialNumber>1</serialNumber>", []),
    ],
)
def test_a_change_may_add_a_name_to_what_its_mrid_tells(says: str, found: list[str]) -> None:
    """E5: a change adds; a name alone tells which object is meant."""
    assert kinds(rq("change", "MeterConfig", carried("MeterConfig", f"<Meter>{says}</Meter>"))) == found


def differs(event: str, flags: str = "") -> bool:
    """Whether an event is said to differ from a request of two operations."""
    request = from_xml(operations(operation("1"), operation("2"), flags=flags), mode="lenient")
    report = diagnose(from_xml(event, mode="lenient"), request=request)
    return report.count("event-differs-from-request") == 1


def test_an_event_repeats_the_operations_of_its_request() -> None:
    """R11: in the past tense; some of them alone, unless all or none are to be done (R18)."""
    done = [operation(number, "created") for number in "12"]
    whole = "<enforceTransactionalIntegrity>true</enforceTransactionalIntegrity>"
    for flags in ("", whole):
        assert not differs(executed(*done), flags)
        assert not differs(executed(*reversed(done)), flags)
        assert not differs(executed(operation("1"), operation("2", "Created")), flags)  # found as what it is
        assert differs(executed(done[0], operation("2", "changed")), flags)
        assert differs(executed(done[0], operation("2", "created", inside="<Meter><mRID>n</mRID></Meter>")), flags)
        assert differs(executed(done[0], operation("3", "created")), flags)
        assert differs(executed(*done, operation("3", "created")), flags)
        assert not differs(executed(), flags)
        assert not differs(executed(done[0], done[1].replace("<noun>MeterConfig</noun>", "")), flags)
    assert not differs(executed(done[1]))
    assert differs(executed(done[1]), whole)
