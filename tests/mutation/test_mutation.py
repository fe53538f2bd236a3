"""Mutation testing can be relied on: it forgets no module, it notices what tests notice, and it says how sure it is."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from pathlib import Path

import pytest
from tests.mutation.areas import ROOT, areas, hand_written
from tests.mutation.mutants import Mutant, statement_lines
from tests.mutation.patching import changed_functions
from tests.mutation.running import Result, Run, forked, run_area, within
from tests.mutation.scoring import Score, overall
from tests.mutation.survivors import outdated, reviewed

LIBRARY = """
TABLE = {"a": 1}


def halved(number):
    return number // 2


class Meter:
    @property
    def full(self):
        return TABLE["a"] > 0


def endless(number):
    while number:
        number -= 1
    return number


def nobody():
    return 0
"""

TESTS = """
from iec61968_9.room import Meter, endless, halved


def test_halved():
    assert halved(4) == 2


def test_full():
    assert Meter().full


def test_endless():
    assert endless(3) == 0
"""


def test_every_hand_written_module_has_an_area_with_tests() -> None:
    found = areas()
    assert sorted(module for area in found for module in area.modules) == sorted(hand_written())
    assert all(area.modules for area in found)
    assert all(list((ROOT / test).parent.glob(Path(test).name)) for area in found for test in area.tests)


def test_what_was_reviewed_still_stands_in_the_code_and_has_its_reason() -> None:
    texts = {module: (ROOT / "src" / "iec61968_9" / module).read_text(encoding="utf-8") for module in hand_written()}
    assert not list(outdated(texts))
    assert all(len(why.split()) > 3 for why in reviewed().values())


@pytest.mark.parametrize(
    ("line", "after", "outcome"),
    [
        (6, "    return number / 3", "killed"),
        (6, "    return int(number / 2)", "survived"),
        (12, '        return TABLE["a"] < 0', "killed"),
        (2, 'TABLE = {"a": 0}', "killed"),
        (2, 'TABLE = {"a": 2}', "survived"),
        (17, "        number += 1", "timed out"),
        (22, "    return 1", "not reached"),
    ],
)
def test_a_change_is_told_by_what_the_tests_make_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: int, after: str, outcome: str
) -> None:
    package = tmp_path / "iec61968_9"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "room.py").write_text(LIBRARY, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]", encoding="utf-8")
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path)
    (tmp_path / "test_room.py").write_text(TESTS, encoding="utf-8")
    lines: list[str] = list(LIBRARY.splitlines())
    before, lines[line - 1] = lines[line - 1], after
    mutant = Mutant("room.py", line, before, after, "\n".join(lines))
    told = tmp_path / "told"

    def work() -> int:
        for name in [name for name in sys.modules if name.partition(".")[0] == "iec61968_9"]:
            del sys.modules[name]
        monkeypatch.chdir(tmp_path)
        run = Run(tmp_path, ("test_room.py",), [mutant], 1.0, lambda result: _tell(told, result), patience=1.0)
        return run_area(run)

    assert forked(work, 60) == 0
    assert told.read_text(encoding="utf-8") == outcome


def _tell(told: Path, result: Result) -> None:
    told.write_text(result.outcome, encoding="utf-8")


def test_a_change_while_a_module_is_loaded_cannot_be_put_in_later() -> None:
    assert changed_functions("x", "def f(): return 1\n", "def f(): return 2\n")
    assert changed_functions("x", "a = 1\ndef f(): return 1\n", "a = 2\ndef f(): return 1\n") is None
    assert changed_functions("x", "def f(a=1): return a\n", "def f(a=2): return a\n") is None
    assert changed_functions("x", "class A:\n    b = 1\n", "class A:\n    b = True\n") is None
    assert changed_functions("x", "a = 1\n", "a = 1\n") == []


def test_a_statement_has_all_its_lines_and_a_compound_one_its_head() -> None:
    source = "def f(\n    a,\n):\n    if (\n        a\n    ):\n        return [\n            a,\n        ]\n"
    assert [list(statement_lines(source, line)) for line in (2, 5, 8)] == [[1, 2, 3], [4, 5, 6], [7, 8, 9]]


def test_of_each_test_function_one_case_comes_first_and_quick_ones_before_slow_ones() -> None:
    times = {"a[1]": 0.1, "a[2]": 0.2, "b": 0.3, "slow": 5.0}
    assert within(10, times, list(times)) == ["a[1]", "b", "slow", "a[2]"]
    assert within(1, times, list(times)) == ["a[1]", "b", "a[2]"]
    assert within(0, times, ["slow"]) == ["slow"]


def test_a_small_sample_without_a_survivor_is_no_certainty() -> None:
    few = Score("few", 100, Counter({"killed": 10}))
    whole = Score("whole", 10, Counter({"killed": 8, "timed out": 1, "survived": 1}))
    low, high = few.interval()
    assert low == pytest.approx(0.722, abs=0.001)
    assert high == 1
    assert overall([few])[1] > 0.05
    assert overall([whole]) == pytest.approx((0.9, 0.0))
    assert overall([few, whole])[0] == pytest.approx((100 * 1 + 10 * 0.9) / 110)


def test_a_reviewed_change_counts_neither_way() -> None:
    score = Score("one", 10, Counter({"killed": 4, "reviewed": 2, "not reached": 1}))
    assert (score.tried, score.seen) == (5, 4)
