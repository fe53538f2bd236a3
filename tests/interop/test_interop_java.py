"""The comparison with Java sees what it is to see, and says so where there is no Java."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from tests.interop import java

from iec61968_9 import from_xml, to_xml
from iec61968_9.profiles.end_device_controls import EndDeviceControls
from iec61968_9.profiles.envelope import EventMessage
from iec61968_9.profiles.meter_readings import MeterReadings
from iec61968_9.testing import instances


@settings(max_examples=10)
@given(instances(MeterReadings) | instances(EventMessage[EndDeviceControls]))
def test_any_value_that_changes_on_the_way_is_noticed(one: Any) -> None:
    data = to_xml(one)
    kind: type[Any] = one.__class__
    assert list(java.differing(one, from_xml(data), "")) == []
    for changed in java.spoilt(data):
        assert java.noticed(kind, one, changed), changed


def test_a_change_is_told_with_its_path() -> None:
    document = (
        '<MeterReadings xmlns="http://iec.ch/TC57/2011/MeterReadings#"><MeterReading><Meter><mRID>{}</mRID></Meter>'
    )
    document += "</MeterReading></MeterReadings>"
    one, other = (from_xml(document.format(mrid), MeterReadings) for mrid in ("a", "b"))
    assert list(java.differing(one, other, "it")) == ["it.meter_reading[0].meter.mrid was 'a' and is 'b'"]


def test_without_java_it_says_what_to_install_and_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(java, "JARS", tmp_path)
    assert java.main() == 2
    assert "install libjaxb-java and default-jdk-headless" in capsys.readouterr().out
