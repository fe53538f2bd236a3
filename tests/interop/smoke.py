"""The wheel alone on every Python that is here, with the newest and the lowest versions of the core's dependencies.

It takes a minute, so ``make test`` has it (``make smoke``), where ``tests.interop.pythons`` has all tests on each. Each
environment holds the wheel, lxml and attrs, and nothing else; what happens in it is in ``tests.interop.installed``.
Everywhere the same must come of the same messages. The wheel itself must be what a wheel made of the source
distribution is, and hold no test.

``python -m tests.interop.smoke WHEEL``
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.interop.environments import NEWER, ROOT, WANTED, Environment, found

__all__ = ["complaints", "content", "main", "shipped"]

MESSAGES = ROOT / "tests" / "messages"
WITHIN = ("iec61968_9/", "iec61968_9_generator/")


def content(wheel: Path) -> dict[str, bytes]:
    """The files of a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


def shipped(files: Mapping[str, bytes]) -> Iterator[str]:
    """What is wrong with the files of a wheel."""
    for name in files:
        within = name.startswith(WITHIN) or ".dist-info/" in name
        if not within or re.search(r"(^|/)(conftest|test_\w+)\.py$|\.(pyc|orig|toml)$", name):
            yield f"{name} has no business in the wheel"
    for name in ("iec61968_9/py.typed", "iec61968_9/__init__.py", "iec61968_9_generator/__main__.py"):
        if name not in files:
            yield f"{name} is not in the wheel"
    if not any(name.endswith("licenses/LICENSE") for name in files):
        yield "the licence is not in the wheel"


def rebuilt(folder: Path) -> Path:
    """The wheel that is made of the source distribution, in an environment of its own."""
    environment = Environment(folder / "build")
    environment.make(sys.executable)
    environment.install("hatchling")
    build = [environment.python, "-m", "hatchling", "build", "--target"]
    subprocess.run([*build, "sdist", "--directory", str(folder)], check=True, cwd=ROOT, capture_output=True)
    source = next(folder.glob("*.tar.gz"))
    subprocess.run(["tar", "-xzf", str(source), "-C", str(folder)], check=True)
    unpacked = folder / source.name.removesuffix(".tar.gz")
    subprocess.run([*build, "wheel", "--directory", str(folder)], check=True, cwd=unpacked, capture_output=True)
    return next(folder.glob("*.whl"))


def complaints(report: Mapping[str, Any], standard: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with what was found in one environment, held to what was found in the first."""
    alone = {name.split()[0] for name in report["installed"]}
    if alone != {"attrs", "iec61968-9", "lxml"}:
        yield f"the environment holds {', '.join(sorted(alone))}"
    yield from report["without"]
    for what in ("names", "texts", "digest"):
        if report[what] != standard[what]:
            yield f"{what}: {report[what]}, but {standard[what]} with Python {standard['python']}"


def tried(wheel: Path, python: str, folder: Path, *, low: bool) -> tuple[dict[str, Any] | None, str]:
    """What is found in a new environment, or None and what it said."""
    environment = Environment(folder, low=low)
    environment.make(python)
    environment.install(str(wheel))
    done = environment.run("-W", "error", "-I", Path(__file__).with_name("installed.py"), MESSAGES)
    return (json.loads(done.stdout), "") if done.returncode == 0 else (None, done.stderr)


def main(arguments: list[str]) -> int:
    """Try all, two environments at a time; 0 if all is well."""
    wheel = Path(arguments[0]).resolve()
    wrong = list(shipped(content(wheel)))
    here, missing = found((*WANTED, *NEWER))
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        again = pool.submit(rebuilt, Path(folder))
        waiting = {
            f"Python {version}, {'lowest' if low else 'newest'} versions": pool.submit(
                tried, wheel, python, Path(folder, f"{version}-{low}"), low=low
            )
            for version, python in here.items()
            for low in (False, True)
        }
        if content(again.result()) != content(wheel):
            wrong.append("the wheel that is made of the source distribution is another")
        outcomes = {name: one.result() for name, one in waiting.items()}
    reports = {name: report for name, (report, _) in outcomes.items() if report is not None}
    wrong += [f"{name}: {said}" for name, (report, said) in outcomes.items() if report is None]
    for name, report in reports.items():
        wrong += [f"{name}: {one}" for one in complaints(report, next(iter(reports.values())))]
        print(f"{name}: {', '.join(report['installed'])}; {report['names']:,} names, {report['texts']:,} texts")
    if missing:
        print(f"not found, so not tried: Python {', '.join(missing)}")
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return bool(wrong or not reports)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
