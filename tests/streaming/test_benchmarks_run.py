"""The benchmarks run from beginning to end, and make their page; how fast is not asked here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from benchmarks.__main__ import main


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The page of a quick run without the classes that xsdata would have to generate."""
    monkeypatch.setattr("benchmarks.models.XSDATA_NEEDS", ("a_package_that_nobody_has",))
    monkeypatch.setattr("benchmarks.bulk.XSDATA_NEEDS", ("a_package_that_nobody_has",))
    assert main(["--quick", "--page", str(tmp_path / "performance.md")]) == 0
    return (tmp_path / "performance.md").read_text(encoding="utf-8")


def test_a_quick_run_measures_every_subject_and_makes_the_page(page: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Also where other libraries are missing: their rows say so."""
    titles = re.findall(r"^## (.*)$", page, re.MULTILINE)
    assert titles == [
        "Reading a whole document",
        "Writing a whole document",
        "Reading item by item",
        "A small request",
        "Messages built",
        "Serving a request",
        "Imports",
        "Codes",
    ]
    assert "| xsdata | not measured: no a_package_that_nobody_has" in page
    exact = [line for line in page.splitlines() if "readings, and their sum" in line]
    assert len(exact) == 2
    assert all(line.endswith("| exact | yes |") for line in exact)
    assert "docs/performance.md" not in capsys.readouterr().out
