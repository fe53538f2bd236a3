"""``python -m iec61968_9_generator diff OLD NEW``: what it prints, and with which exit code it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from iec61968_9_generator.__main__ import main

HERE = Path(__file__).parent / "diff"
OLD, NEW = HERE / "old", HERE / "new"


def run(*arguments: object) -> int:
    return main(["diff", *map(str, arguments)])


@pytest.mark.parametrize(("name", "options"), [("expected.txt", []), ("expected.json", ["--json"])])
def test_an_example_is_told_as_it_was_reviewed(
    request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str], name: str, options: list[str]
) -> None:
    """``pytest tests/generator --update-golden`` takes over what is printed now, for review as a diff."""
    assert run(OLD, NEW, *options) == 1
    printed = capsys.readouterr().out
    if request.config.getoption("--update-golden"):
        (HERE / name).write_text(printed, encoding="utf-8")
    assert printed == (HERE / name).read_text(encoding="utf-8")


def test_json_counts_and_lists_the_differences(capsys: pytest.CaptureFixture[str]) -> None:
    run(OLD, NEW, "--json")
    found = json.loads(capsys.readouterr().out)
    assert set(found) == {"counts", "differences"}
    assert set(found["counts"]) == {"breaks-readers", "breaks-writers", "harmless"}
    assert found["counts"]["harmless"] == sum(not one["breaks"] for one in found["differences"])
    assert found["counts"]["breaks-readers"] == sum("readers" in one["breaks"] for one in found["differences"])
    for one in found["differences"]:
        assert set(one) == {"kind", "breaks", "where", "message", "namespaces", "places"}


def test_no_difference_ends_with_0_whatever_it_shall_fail_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(OLD, OLD) == 0
    assert capsys.readouterr().out == "no differences\n"
    assert run(OLD / "Quotas.xsd", OLD, "--fail-on", "harmless", "--fail-on", "breaks-readers") == 0
    assert run(OLD, OLD, "--json") == 0
    assert json.loads(capsys.readouterr().out.partition("\n")[2])["differences"] == []


def edited(folder: Path, *edits: tuple[str, str]) -> Path:
    text = (OLD / "Quotas.xsd").read_text(encoding="utf-8")
    for before, after in edits:
        assert before in text
        text = text.replace(before, after)
    folder.mkdir()
    (folder / "Quotas.xsd").write_text(text, encoding="utf-8")
    return folder


CODES = [
    # the edit, then the exit code by default and with each --fail-on
    (('name="comment"', 'name="remark"'), {"": 1, "breaks-readers": 1, "breaks-writers": 1, "harmless": 0}),
    (('value="monthly"', 'value="daily "'), {"": 1, "breaks-readers": 1, "breaks-writers": 1, "harmless": 0}),
    (('<xs:enumeration value="monthly"/>', ""), {"": 1, "breaks-readers": 0, "breaks-writers": 1, "harmless": 0}),
    (
        ('name="kind" type="q:Kind"', 'name="kind" type="xs:string"'),
        {"": 1, "breaks-readers": 1, "breaks-writers": 0, "harmless": 0},
    ),
    (("q:Name", "q:Label"), {"": 0, "breaks-readers": 0, "breaks-writers": 0, "harmless": 1}),
]


@pytest.mark.parametrize(("edit", "codes"), CODES, ids=[after for (_, after), _ in CODES])
def test_the_exit_code_says_whether_there_is_what_it_shall_fail_on(
    tmp_path: Path, edit: tuple[str, str], codes: dict[str, int]
) -> None:
    edits = [edit] if edit[0] != "q:Name" else [edit, ('complexType name="Name"', 'complexType name="Label"')]
    new = edited(tmp_path / "new", *edits)
    for fail_on, code in codes.items():
        assert run(OLD, new, *(["--fail-on", fail_on] if fail_on else [])) == code, fail_on
    assert run(OLD, new, "--fail-on", "nothing") == 0
    assert run(OLD, new, "--fail-on", "breaks-readers", "--fail-on", "breaks-writers", "--fail-on", "harmless") == 1


def test_what_cannot_be_read_ends_with_2_and_says_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path / "none", NEW) == 2
    assert "there is no such file or folder" in capsys.readouterr().err
    assert run(OLD, tmp_path) == 2
    assert "there are no schemas" in capsys.readouterr().err
    new = edited(tmp_path / "new", ('type="q:Kind"', 'type="q:Sort"'))
    assert run(OLD, new) == 2
    assert capsys.readouterr() == ("", "Quotas.xsd:14: q:Sort is declared in none of the schemas\n")


def test_an_unknown_kind_to_fail_on_is_a_mistake_of_the_caller(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        run(OLD, NEW, "--fail-on", "everything")
    assert caught.value.code == 2
    assert "breaks-readers" in capsys.readouterr().err


def test_the_library_s_own_package_is_compared_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("iec61968_9", HERE.parents[2] / "xsd", "--fail-on", "harmless", "--fail-on", "breaks-writers") == 0
    assert capsys.readouterr().out == "no differences\n"
    assert run("no_such_package", OLD) == 2


def test_only_what_both_sets_have_is_compared_on_request(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = (OLD / "Quotas.xsd").read_text(encoding="utf-8").replace("Quotas", "Limits")
    new = edited(tmp_path / "new")
    (new / "Limits.xsd").write_text(other, encoding="utf-8")
    assert run(OLD, new) == 1
    assert "the root element Limits is new" in capsys.readouterr().out
    assert run(OLD, new, "--common", "--fail-on", "harmless") == 0
    assert capsys.readouterr().out == "no differences\n"
