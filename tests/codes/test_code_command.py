"""The command: ``python -m iec61968_9.codes``."""

import os
import subprocess
import sys

import pytest

from iec61968_9.codes import EndDeviceControlCode, ReadingTypeCode
from iec61968_9.codes.__main__ import main, table

KWH = "0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0"


def test_a_reading_type_is_printed_slot_by_slot(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([KWH]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == [
        f"{KWH}  (reading type)",
        "15-minute delta of forward secondary metered electricity energy, in kWh",
        "fifteenMinute.deltaData.forward.electricitySecondaryMetered.energy.kiloWh",
    ]
    assert len([line for line in lines if line[2:4] == "  "]) == 18
    assert " 3  measuring period            2  15-minutes" in lines


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("3.31.0.68", "electric meter: RCD switch, disconnected"),
        ("3.31.0.23", "done:   3.31.0.68  ElectricMeter.RCDSwitch.NA.Disconnected"),
        ("2.5.259", "metering system: known missing read"),
        ("5.7", "application: data not available"),
        ("2.9.0", "note: part 2 (category): category 9 is obsolete"),
    ],
)
def test_the_other_kinds_are_printed_likewise(text: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([text]) == 0
    assert words in capsys.readouterr().out


def test_what_is_no_code_is_said_and_the_rest_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["0.0.0.1.1.1.12.0.0.0.0", "2.4"]) == 2
    out, err = capsys.readouterr()
    assert "edition 1" in err
    assert "bad Meter" in out


def test_it_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "iec61968_9.codes", KWH], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    assert "in kWh" in done.stdout


def test_a_console_that_lacks_a_symbol_still_gets_the_rest() -> None:
    code = ReadingTypeCode(measurement_kind=58, unit=42)
    command = [sys.executable, "-m", "iec61968_9.codes", str(code)]
    ascii_only = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=ascii_only)
    assert "volume, in m?" in done.stdout


def test_importing_the_package_loads_no_kind_of_code() -> None:
    assert _loaded("import iec61968_9.codes") == {"iec61968_9", "iec61968_9.codes"}


def test_parsing_loads_no_table_of_words() -> None:
    loaded = _loaded(f"from iec61968_9.codes import ReadingTypeCode; ReadingTypeCode.parse({KWH!r})")
    assert "iec61968_9.codes.reading_type" in loaded
    assert not loaded & {"iec61968_9.codes.words", "iec61968_9.codes.end_device", "pint", "importlib.resources"}


def _loaded(script: str) -> set[str]:
    """Return which modules of ours, and which costly ones, a program has loaded at its end."""
    ours = "[name for name in sys.modules if name.startswith(('iec61968_9', 'attrs', 'pint', 'importlib.resources'))]"
    command = [sys.executable, "-c", f"import sys; {script}; print(*{ours})"]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


def test_a_control_is_printed_with_the_events_that_end_it() -> None:
    assert table(EndDeviceControlCode.parse("3.31.0.23")).splitlines() == [
        "3.31.0.23  (end device control)",
        "electric meter: RCD switch, disconnect",
        "ElectricMeter.RCDSwitch.NA.Disconnect",
        "",
        "1  device type       3  Electric Meter",
        "2  domain           31  RCD Switch",
        "3  subdomain         0  Not applicable",
        "4  event or action  23  Disconnect",
        "",
        "done:   3.31.0.68  ElectricMeter.RCDSwitch.NA.Disconnected",
        "failed: 3.31.0.84  ElectricMeter.RCDSwitch.NA.DisconnectFailed  (high confidence)",
    ]


def test_notes_stand_below_the_parts() -> None:
    assert table(ReadingTypeCode(unit=9999)).endswith("\n\nnote: part 17 (unit): 9999 is a vendor's own number\n")
    assert "note" not in table(ReadingTypeCode.parse(KWH))


def test_words_find_the_codes_that_are_about_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["TAMPER security"]) == 0
    assert "*.12.0.257   end device event  security, tamper detected, any device type" in capsys.readouterr().out


def test_words_that_find_nothing_are_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["unicorn"]) == 2
    assert capsys.readouterr().err == "no known code is about 'unicorn'\n"
