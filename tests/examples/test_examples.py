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


def test_lenient_reading_reports_each_habit_of_the_partner_and_sends_the_message_on(tmp_path: Path) -> None:
    output = run("lenient_partner.py", cwd=tmp_path).stdout
    for mark in (
        *("T1 namespace", "T5 element-order", "T6 unknown-element", "T12 blank-in-time", "T14 placeholder"),
        *("T26 format-case", "T28 element-order", "T30 unknown-element", "T30 unknown-literal"),
    ):
        assert f"[{mark}]" in output
    assert "/ResponseMessage/Header/Source, line 6: Source stands behind MessageID" in output
    standard = output.partition("in the standard's form:")[2]
    assert "<timeStamp>2026-03-02T08:00:00Z</timeStamp>" in standard
    assert "3x4mpl3" not in output


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


TOLD = {
    "custom_message.py": [
        "  the crew reads: replace the seal at B-1001; shift night; priority high",
        "  create Ticket: complete",
        "  get Ticket: complete",
        "  what came back is what was created: True",
        "  an Invoice is refused with 2.5",
        "  unknown-element at /EventMessage/Payload/MeterReadings/MeterReading/Meter/photo",
        "  read again it is the same: True",
        "  a strict reader refuses it with 1.8",
    ],
    "error_reply.py": [
        "  FaultMessage: FAILED",
        "    1.8 bad or missing element: not schema valid",
        "    2.9 invalid parameter: bad Verb",
        "    2.14 invalid parameter: bad Source",
        "    7.7 security: policy violation",
        "  no answer",
        "    2.4 invalid parameter: bad Meter",
        "  B-1001: data",
        "  B-9999: failed",
    ],
    "on_demand_read.py": [
        "  OK 0.3: acknowledgement, so it is acknowledged",
        "  PARTIAL 0.1: part, so it is partial",
        "  PARTIAL 0.1: part, so it is partial",
        "  PARTIAL 0.1: duplicate, so it is partial; duplicate-message",
        "  PARTIAL 0.2, 4.1: final, so it is complete",
        "  B-1001: data, 1234.5 kWh",
        "  B-1002: data, 877.0 kWh",
        "  B-1003: failed, 4.1 the meter did not answer",
    ],
    "provisioning.py": [
        "  reply OperationSet: final, so it is failed",
        "    operation 1: failed, 5.9",
        "    operation 3: failed, 2.4 meter unknown",
        "  objects that the master knows: 0, links: 0",
        "  reply OperationSet: final, so it is complete",
        "  executed OperationSet: echo, so it is complete",
        "    operation 3: done",
        "  objects that the master knows: 2, links: 1",
    ],
    "scheduled_read.py": [
        "  it is known as MeterReadSchedule transaction sched-77",
        "  readings: 2026-03-03 1234.5 kWh, 2026-03-05 1249.2 kWh",
        "  missing: 2026-03-04",
        "  canceled MeterReadSchedule: echo",
        "  so the request is complete",
        "  so the request is failed",
        "  deliveries after that: 0",
    ],
}
"""Lines of what the worked exchanges print, in their order."""


@pytest.mark.parametrize("example", TOLD)
def test_a_worked_exchange_ends_as_its_text_says(example: str, tmp_path: Path) -> None:
    printed = iter(run(example, cwd=tmp_path).stdout.splitlines())
    for line in TOLD[example]:
        assert line in printed, line
