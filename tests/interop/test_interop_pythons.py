"""What is tried on other Pythons leaves no test out, and the wheel alone is held to what it should be."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections import Counter
from typing import Any

import pytest
from tests.interop import installed, pythons, smoke
from tests.interop.environments import NEWER, ROOT, WANTED, lowest

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def collected(row: pythons.Row) -> Counter[str]:
    """The tests that the runner finds for a row, by file, and by name where one is asked for or left out."""
    found: Counter[str] = Counter()
    for path, *others in pythons.parts(row):
        ignored = {other.removeprefix("--ignore=") for other in others}
        files = [path] if not (ROOT / path).is_dir() else map(str, (ROOT / path).rglob("test_*.py"))
        found.update(one for file in files if (one := file.removeprefix(f"{ROOT}/")) not in ignored)
        found.subtract(other.removeprefix("--deselect=") for other in others if other.startswith("--deselect="))
    return found


def test_every_test_runs_once_on_each_python() -> None:
    core, extras = map(collected, pythons.chosen(["3.12"]))
    files = {str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("test_*.py")}
    core.update(extras)
    assert {name for name, times in core.items() if times} == files
    assert {times for times in core.values() if times} == {1}


def test_what_is_left_out_by_name_is_there() -> None:
    for name in (one for one in pythons.BEYOND if "::" in one):
        file, _, rest = name.partition("::")
        test, _, case = rest.removesuffix("]").partition("[")
        assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8")
        assert not case or any((folder / case).exists() for folder in (ROOT, ROOT / "examples"))


def test_all_admitted_pythons_are_tried_and_named() -> None:
    names = [f"{version}-{which}" for version in (*NEWER, *WANTED) for which in ("core", "extras")]
    assert {*names, "3.11-lowest-core", "3.11-lowest-extras"} == {str(row) for row in pythons.chosen([])}
    said = re.findall(r"Python :: (3\.\d+)", " ".join(PROJECT["classifiers"]))
    assert (*WANTED, *NEWER)[: len(said)] == tuple(said)
    assert set(WANTED) <= set(said)
    assert PROJECT["requires-python"] == f">={WANTED[0]}"


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("3.12", ["3.12-core", "3.12-extras"]),
        ("3.11-lowest", ["3.11-lowest-core", "3.11-lowest-extras"]),
        ("3.13-extras", ["3.13-extras"]),
    ],
)
def test_rows_may_be_chosen(name: str, rows: list[str]) -> None:
    assert [str(row) for row in pythons.chosen([name])] == rows


def test_a_row_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(SystemExit, match=r"no such row.*3\.12-core"):
        pythons.chosen(["3.1"])


def test_the_lowest_versions_are_those_that_the_project_admits() -> None:
    for wanted in (
        *PROJECT["dependencies"],
        *(one for some in PROJECT["optional-dependencies"].values() for one in some),
    ):
        assert wanted.replace(">=", "==") in lowest()
    assert all(re.fullmatch(r"[\w-]+==[\d.]+", one) for one in lowest())


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ("....\n4 passed in 2.31s\n", {"passed": 4}),
        ("2 failed, 1 passed, 1 warning, 3 errors in 0:12", {"failed": 2, "passed": 1, "warning": 1, "error": 3}),
        ("", {}),
    ],
)
def test_the_runners_last_line_is_counted(said: str, count: dict[str, int]) -> None:
    assert {name: number for name, number in pythons.counted(said).items() if name != "in"} == count


def test_the_table_has_a_line_for_each_environment() -> None:
    row = pythons.Row("3.11", low=True, extras=False)
    *_, line = pythons.table([(row, Counter(passed=1234, failed=1), ["3.11.7", "6.1.0", "23.2.0"])])
    assert line == "| 3.11.7 | lowest | 6.1.0 | 23.2.0 | the core alone | 1,234 | 1 |"


RIGHT = {
    "iec61968_9/py.typed": b"",
    "iec61968_9/__init__.py": b"",
    "iec61968_9_generator/__main__.py": b"",
    "iec61968_9-0.1.0.dist-info/licenses/LICENSE": b"",
}


def test_a_wheel_that_is_right_has_nothing_said_of_it() -> None:
    assert list(smoke.shipped(RIGHT)) == []


@pytest.mark.parametrize(
    "name", ["tests/test_a.py", "iec61968_9/test_a.py", "iec61968_9/conftest.py", "pyproject.toml", "iec61968_9/a.pyc"]
)
def test_a_file_that_users_do_not_need_is_named(name: str) -> None:
    assert list(smoke.shipped({**RIGHT, name: b""})) == [f"{name} has no business in the wheel"]


@pytest.mark.parametrize("name", RIGHT)
def test_a_file_that_is_missing_is_named(name: str) -> None:
    (said,) = smoke.shipped({other: b"" for other in RIGHT if other != name})
    assert "is not in the wheel" in said


REPORT: dict[str, Any] = {
    "python": "3.11.7",
    "installed": ["attrs 1", "iec61968-9 0.1.0", "lxml 6.1"],
    "without": [],
    "names": 1,
    "texts": 2,
    "digest": "ab",
}


@pytest.mark.parametrize(
    "other",
    [
        {"installed": ["attrs 1", "iec61968-9 0.1.0", "lxml 6.1", "pint 1"]},
        {"without": ["units: No module named 'pint'"]},
        {"names": 2},
        {"texts": 3},
        {"digest": "cd"},
    ],
)
def test_what_is_otherwise_in_one_environment_is_told(other: dict[str, Any]) -> None:
    assert list(smoke.complaints(REPORT, REPORT)) == []
    assert len(list(smoke.complaints({**REPORT, **other}, REPORT))) == 1


@pytest.mark.parametrize(("extra", "package"), [("generator", "xsdata"), ("testing", "hypothesis"), ("units", "pint")])
def test_what_needs_an_extra_says_how_to_install_it(extra: str, package: str) -> None:
    program = f"import sys\nsys.modules[{package!r}] = None\n{installed.EXTRAS[extra]}"
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], check=False, capture_output=True, text=True)
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("ModuleNotFoundError")
    assert last.endswith(f"pip install 'iec61968-9[{extra}]'")


def test_what_has_its_extra_is_told_as_not_missing_and_all_public_names_are_there() -> None:
    assert "testing: nothing was missing" in list(installed.without())
    assert installed.imported() > 1000


def test_what_comes_of_messages_is_the_same_each_time() -> None:
    once, again = (list(installed.results(ROOT / "tests" / "messages")) for _ in range(2))
    assert once == again
    assert len(once) > 200
