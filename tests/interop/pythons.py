"""The tests on every Python that the library admits, and with the lowest versions of what it depends on.

For each interpreter found (on the path, or where pyenv keeps its own) the built wheel is tested in two environments:
one with the core's dependencies and what the tests are made with, for all tests but those in ``BEYOND``; one with the
extras, for those. So each test runs once, and none that can do without the extras ever sees them. The oldest Python is
tried a second time, with the lowest versions that ``pyproject.toml`` admits.

``python -m tests.interop.pythons WHEEL [ROW ...]`` (``make matrix ROWS='3.12 3.11-lowest-extras'``) prints the table of
``docs/safety.md``. Two folders of tests run at a time, and each is reported when it ends; what was not well is printed.
It takes a full run of the tests for each Python, so it is no part of ``make test``, which runs them on one and
``tests.interop.smoke`` on the others. A Python that is missing is named, and is a failure.
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.interop.environments import NEWER, ROOT, WANTED, Environment, found

__all__ = ["BEYOND", "Row", "chosen", "counted", "main", "parts", "table"]

EXTRAS = "[generator,testing,units]"
RUNNER = ("pytest", "hypothesis", "xmlschema")
"""What the tests of the core are made with."""

BEYOND = (
    "tests/generator",
    "tests/codes/test_code_tables.py",
    "tests/codes/test_code_units.py",
    "tests/codes/test_code_values.py",
    "tests/damage/test_damage_program.py",
    "tests/examples/test_documents.py::test_blocks_run_in_order_and_print_what_is_shown[docs/own-schemas.md]",
    "tests/examples/test_examples.py::test_example_runs_without_arguments[demo.py]",
    "tests/examples/test_examples.py::test_demo_shows_a_line_for_each_meter_and_where_the_damage_is",
    "tests/examples/test_examples.py::test_demo_fails_when_a_promise_is_broken",
    "tests/properties/test_prop_xsdata.py",
    "tests/xml/test_xml_simple.py",
)
"""The tests of an extra, and those that compare with what an extra brings. All others run without."""

AT_ONCE = 2


@dataclass(frozen=True)
class Row:
    """An environment: a Python, whether versions are the lowest, whether the extras are there."""

    version: str
    low: bool
    extras: bool

    def __str__(self) -> str:
        return f"{self.version}{'-lowest' if self.low else ''}-{'extras' if self.extras else 'core'}"


def chosen(names: list[str]) -> list[Row]:
    """What is tried, the most telling first: the oldest of everything, then each Python, the newest first."""
    tries = [(WANTED[0], True), *((version, False) for version in (*reversed(NEWER), *reversed(WANTED)))]
    every = [Row(version, low, extras) for version, low in tries for extras in (False, True)]
    some = [row for row in every if not names or any(f"{row}-".startswith(f"{name}-") for name in names)]
    if not some:
        raise SystemExit(f"there is no such row, but {', '.join(map(str, every))}")
    return some


def parts(row: Row) -> list[list[str]]:
    """The tests of a row, as arguments of the runner, one list for each folder."""
    if row.extras:
        return [[path] for path in BEYOND]
    folders = sorted({path.parent for path in (ROOT / "tests").rglob("test_*.py")})
    inside = [path for path in (str(folder.relative_to(ROOT)) for folder in folders) if path not in BEYOND]
    return [[path, *(_without(one) for one in BEYOND if one.startswith(f"{path}/"))] for path in inside]


def _without(path: str) -> str:
    """How the runner is told to leave out a file, or one test."""
    return f"--deselect={path}" if "::" in path else f"--ignore={path}"


def counted(said: str) -> Counter[str]:
    """What the last line of the test runner says, ``3 failed, 100 passed in 2.3s``, as numbers."""
    last = (said.strip().splitlines() or [""])[-1]
    return Counter({name.rstrip("s"): int(number) for number, name in re.findall(r"(\d+) ([a-z]+)", last)})


def part(row: Row, environment: Environment, tests: list[str]) -> Counter[str]:
    """Run the tests of one folder, and say what came of it."""
    start = time.monotonic()
    done = environment.run("-m", "pytest", "-q", "-p", "no:cacheprovider", *tests)
    count = counted(done.stdout)
    count["failed"] += count.pop("error", 0)
    if done.returncode:
        print(done.stdout[-6000:], done.stderr[-2000:])
        count["failed"] = count["failed"] or 1
    took = time.monotonic() - start
    print(f"{row}, {tests[0]}: {count['passed']:,} passed, {count['failed']:,} failed ({took:.0f} s)", flush=True)
    return count


def tried(row: Row, python: str, wheel: Path, folder: Path) -> tuple[Counter[str], list[str]]:
    """Make the environment of a row and run its tests; also the versions of Python, lxml and attrs that it has."""
    environment = Environment(folder, low=row.low)
    environment.make(python)
    environment.install(*((f"{wheel}{EXTRAS}", "--group", "test") if row.extras else (str(wheel), *RUNNER)))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        counts = pool.map(partial(part, row, environment), parts(row))
        return sum(counts, Counter[str]()), environment.versions("lxml", "attrs")


def table(lines: list[tuple[Row, Counter[str], list[str]]]) -> Iterator[str]:
    """The table of ``docs/safety.md``."""
    yield "| Python | versions | lxml | attrs | installed | passed | failed |"
    yield "|---|---|---|---|---|---|---|"
    for row, count, (python, lxml, attrs) in lines:
        which = "lowest" if row.low else "newest"
        installed = "with the extras" if row.extras else "the core alone"
        yield f"| {python} | {which} | {lxml} | {attrs} | {installed} | {count['passed']:,} | {count['failed']:,} |"


def main(arguments: list[str]) -> int:
    """Try all; 0 if all passed."""
    wheel = Path(arguments[0]).resolve()
    wanted = chosen(arguments[1:])
    here, missing = found(dict.fromkeys(row.version for row in wanted))
    for version in missing:
        print(f"Python {version}: not found")
    lines: list[tuple[Row, Counter[str], list[str]]] = []
    for row in wanted:
        if row.version in here:
            with tempfile.TemporaryDirectory() as folder:
                lines.append((row, *tried(row, here[row.version], wheel, Path(folder))))
    print(*table(lines), sep="\n")
    return bool(missing or any(count["failed"] for _, count, _ in lines))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
