"""The examples run as they stand, from anywhere, and do what they say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


def run(name: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", str(EXAMPLES / name), *arguments],
        cwd=cwd,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize("example", sorted(path.name for path in EXAMPLES.glob("*.py")))
def test_example_runs_without_arguments(example: str, tmp_path: Path) -> None:
    result = run(example, cwd=tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout
    assert not list(tmp_path.iterdir())


def test_demo_shows_a_line_for_each_meter_and_where_the_damage_is(tmp_path: Path) -> None:
    output = run("demo.py", cwd=tmp_path).stdout
    for meter in ("MTR-104233", "MTR-104234", "MTR-104240", "MTR-104251"):
        assert any(line.strip().startswith(meter) and "kWh" in line for line in output.splitlines())
    assert "/ResponseMessage/Payload/MeterReadings/MeterReading[3]/IntervalBlocks/" in output
    assert "15-minute delta" in output
    assert "equal the shipped ones" in output


def test_demo_fails_when_a_promise_is_broken(tmp_path: Path) -> None:
    """A demo that always ends well would be no smoke test."""
    program = (
        "import runpy, sys\n"
        "import iec61968_9\n"
        "iec61968_9.validate = lambda *a, **k: ['an issue']\n"
        f"runpy.run_path({str(EXAMPLES / 'demo.py')!r}, run_name='__main__')\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, check=False, capture_output=True, text=True, timeout=120
    )
    assert result.returncode != 0
    assert "NOT AS PROMISED: the answer is valid" in result.stderr


def test_every_sample_message_is_read_and_described(tmp_path: Path) -> None:
    lines = run("read_messages.py", cwd=tmp_path).stdout.splitlines()
    for path in sorted((EXAMPLES / "messages").glob("*.xml")):
        after = lines[lines.index(path.name) + 1]
        assert after.startswith("  ")
        assert "cannot be read" not in after


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.xml"
    broken.write_text("<MeterReadings", encoding="utf-8")
    result = run("read_messages.py", str(broken), cwd=tmp_path)
    assert result.returncode == 1
    assert "broken.xml\n  cannot be read: not well formed" in result.stdout


def test_streaming_adds_up_a_file_of_ones_own(tmp_path: Path) -> None:
    payload = tmp_path / "payload.xml"
    payload.write_text(
        '<MeterReadings xmlns="http://iec.ch/TC57/2011/MeterReadings#"><MeterReading><IntervalBlocks>'
        "<IntervalReadings><value>0.25</value></IntervalReadings><IntervalReadings><value>0.5</value>"
        '</IntervalReadings><ReadingType ref="0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0"/></IntervalBlocks>'
        "</MeterReading></MeterReadings>",
        encoding="utf-8",
    )
    result = run("stream_readings.py", str(payload), cwd=tmp_path)
    assert "1 meters, 0.75 kWh" in result.stdout, result.stderr


def test_lenient_reading_reports_each_habit_of_the_partner(tmp_path: Path) -> None:
    output = run("lenient_partner.py", cwd=tmp_path).stdout
    for rule in ("unknown-element", "unknown-literal", "unreadable-value"):
        assert f"[{rule}]" in output
    assert "/ResponseMessage/Header/Source, line 6: the element Source stands in the wrong place" in output
    assert "<timeStamp>2026-03-02T08:00:00</timeStamp>" in output


def test_remote_disconnection_ends_with_an_outcome_for_each_meter(tmp_path: Path) -> None:
    lines = [line.strip() for line in run("remote_disconnect.py", cwd=tmp_path).stdout.splitlines()]
    assert "MTR-104233 done electric meter: RCD switch, disconnected" in lines
    assert "MTR-104234 failed electric meter: RCD switch, disconnect failed" in lines
    assert lines.index("silence MTR-104240") < lines.index("MTR-104240 canceled")
    assert "created EndDeviceEvents: duplicate" in lines


def test_tamper_event_is_new_once_and_known_whenever_it_is_told_again(tmp_path: Path) -> None:
    lines = run("tamper_event.py", cwd=tmp_path).stdout.splitlines()
    removed = [line.strip() for line in lines if line.endswith("03:12 electric meter: security, cover, removed")]
    assert [line.split(" 03:12")[0] for line in removed] == ["MDMS: new:", "MDMS: known:", "MDMS: known:", "CIS: new:"]
