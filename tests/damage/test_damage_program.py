"""The program that makes the figures (``make damage``) runs, counts, and says when something was lost."""

from __future__ import annotations

import subprocess
import sys

import pytest
from tests.damage import __main__ as program
from tests.properties.support import TESTS


def test_the_program_prints_a_table_and_the_number_of_losses() -> None:
    command = [sys.executable, "-m", "tests.damage", "--step", "5000", "--kinds", "cut", "nul", "--objects", "0"]
    done = subprocess.run(command, cwd=TESTS.parent, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines[1:5]] == ["damage", "cut", "nul", "all"]
    tried, raised = lines[2].split()[1:3]
    assert tried == raised != "0"
    assert lines[5].startswith("0 lost; ")


def test_a_loss_is_counted_and_shown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def lose(*_: object) -> None:
        raise AssertionError("something is gone")

    monkeypatch.setattr(program, "check", lose)
    kind, found, losses = program.count((0, "cut", 1000))
    assert kind == "cut"
    assert found["", "lost"] == found["", "tried"] == len(losses) > 0
    assert program.report(losses) == 1
    assert "Message, cut: AssertionError: something is gone" in capsys.readouterr().out
    assert program.report([]) == 0
