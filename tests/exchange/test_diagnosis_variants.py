"""The same habit in the several shapes in which systems have it, and what looks like it and is none."""

from __future__ import annotations

import pytest
from tests.exchange.diagnosis_cases import (
    control,
    controls,
    device_event,
    device_events,
    meter_reading,
    reading,
    readings,
    rq,
)

from iec61968_9 import from_xml
from iec61968_9.exchange import diagnose

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
