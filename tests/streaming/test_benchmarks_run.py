"""The benchmarks run from beginning to end, and make their page; how fast is not asked here."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from benchmarks import contest
from benchmarks.__main__ import main
from benchmarks.contestants import Contestant, contestants
from benchmarks.samples import total


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The page of a quick run, without Java and without the classes that xsdata would have to generate."""
    monkeypatch.setattr("benchmarks.models.XSDATA_NEEDS", ("a_package_that_nobody_has",))
    monkeypatch.setattr("benchmarks.java.classpath", lambda: None)
    assert main(["--quick", "--page", str(tmp_path / "performance.md")]) == 0
    return (tmp_path / "performance.md").read_text(encoding="utf-8")


def test_a_quick_run_measures_every_subject_and_makes_the_page(page: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Also where other libraries are missing: their rows say so. Those that are there read what we read."""
    titles = re.findall(r"^## (.*)$", page, re.MULTILINE)
    assert titles == [
        "Reading a day of many meters",
        "Writing a day of many meters",
        "Reading a day of one meter",
        "Writing a day of one meter",
        "Where the time goes",
        "Reading item by item",
        "A small request",
        "A request in its forms",
        "Messages built",
        "Serving a request",
        "Imports",
        "Codes",
    ]
    assert "| xsdata, LxmlEventHandler | not measured: no a_package_that_nobody_has here" in page
    assert "| JAXB | not measured: no Java with JAXB here" in page
    assert re.search(r"^\| xmlschema, to_dict[^|]*\| [0-9.]+ m?s \|", page, re.MULTILINE)
    exact = [line for line in page.splitlines() if "readings, and their sum" in line]
    assert len(exact) == 2
    assert all(line.endswith("| exact | yes |") for line in exact)
    assert "docs/performance.md" not in capsys.readouterr().out


def test_a_contestant_that_loses_a_reading_has_no_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its row says what is lost instead."""
    whole = contest._child  # pyright: ignore[reportPrivateUsage] - what a process tells is changed

    def one_less(one: Contestant, folder: Path, course: contest.Course) -> dict[str, Any]:
        told = whole(one, folder, course)
        if one.name == "lenient":
            told["tallies"][0][0] -= 1
        return told

    strict_and_lenient = [one for one in contestants() if one.name in {"lxml", "strict", "lenient"}]
    monkeypatch.setattr(contest, "contestants", lambda: strict_and_lenient)
    monkeypatch.setattr(contest, "_child", one_less)
    monkeypatch.setattr("benchmarks.java.classpath", lambda: None)
    sections = contest.run(tmp_path, meters=2, processes=1, seconds=0.001, java=(1, 1))
    rows = {row.what: row.reached for row in next(iter(sections)).rows}
    assert re.fullmatch(r"[0-9.]+ m?s", rows["from_xml, strict"])
    assert (
        rows["from_xml, lenient"]
        == f"not measured: it has 191 readings with the sum {total(2):,} of 192 with {total(2):,}"
    )
