"""The tests on every Python that the library admits, and with the lowest versions of what it depends on.

For each interpreter found (on the path, or where pyenv keeps its own) the built wheel is tested in environments of its
own: whole, with everything; and the core's tests with nothing but the core's dependencies and the test runner. The
oldest also runs everything with the lowest versions that ``pyproject.toml`` admits. It takes minutes for each, so it is
no part of ``make test``.

``python -m tests.interop.pythons WHEEL`` (``make matrix``); a Python that is missing is named, and is a failure.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

__all__ = ["main"]

ROOT = Path(__file__).resolve().parents[2]
WANTED = ("3.11", "3.12", "3.13")
NEWER = ("3.14", "3.15")
"""Tested where they are found."""

EXTRAS = "[generator,testing,units]"
CORE = tuple(f"tests/{name}" for name in ("xml", "verbs", "streaming", "codes", "errors", "identity", "exchange"))
"""The tests of what works without any extra."""

EXTRA_TESTS = ("tests/codes/test_code_units.py", "tests/codes/test_code_values.py", "tests/xml/test_xml_simple.py")
"""Those among them that are about an extra, or compare with one."""

RUNNER = ("pytest", "pytest-xdist", "hypothesis", "xmlschema")
"""What the tests themselves are made with."""


def interpreter(version: str) -> str | None:
    """A Python of a version, or None."""
    candidates = [found] if (found := shutil.which(f"python{version}")) else []
    if pyenv := shutil.which("pyenv"):
        root = subprocess.run([pyenv, "root"], check=True, capture_output=True, text=True).stdout.strip()
        candidates += map(str, sorted(Path(root).glob(f"versions/{version}.*/bin/python"), reverse=True))
    probe = "import sys; print('%d.%d' % sys.version_info[:2])"
    for candidate in candidates:
        done = subprocess.run([candidate, "-c", probe], check=False, capture_output=True, text=True)
        if done.stdout.strip() == version:
            return candidate
    return None


def lowest(project: Path) -> list[str]:
    """The lowest version of each dependency, as pip constraints."""
    read = tomllib.loads(project.read_text(encoding="utf-8"))
    named: Iterable[str] = [
        *read["project"]["dependencies"],
        *(one for extra in read["project"]["optional-dependencies"].values() for one in extra),
        *read["dependency-groups"]["test"],
    ]
    return sorted({re.sub(r"\[.*?\]", "", one).replace(">=", "==") for one in named})


def environments(version: str) -> Iterator[tuple[str, bool, bool]]:
    """What is tried with one Python: its name, whether only the core is installed, whether versions are the lowest."""
    yield "everything", False, False
    yield "core only", True, False
    if version == WANTED[0]:
        yield "everything, lowest versions", False, True


def run(python: str, wheel: Path, folder: Path, *, core: bool, low: bool) -> tuple[bool, str]:
    """Test the wheel in a new environment; whether all passed, and the runner's last line."""
    subprocess.run([python, "-m", "venv", str(folder)], check=True)
    own = str(folder / "bin" / "python")
    install = [own, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, "--upgrade", "pip>=25.1"], check=True)
    constraints = folder / "constraints.txt"
    constraints.write_text("\n".join(lowest(ROOT / "pyproject.toml")) if low else "", encoding="utf-8")
    wanted = [str(wheel), *RUNNER] if core else [f"{wheel}{EXTRAS}", "--group", "test"]
    subprocess.run([*install, "--constraint", str(constraints), *wanted], check=True, cwd=ROOT)
    tests = [*CORE, *(f"--ignore={one}" for one in EXTRA_TESTS)] if core else []
    run = [own, "-m", "pytest", "-q", "-n", "auto", "-p", "no:cacheprovider", *tests]
    done = subprocess.run(run, check=False, capture_output=True, text=True, cwd=ROOT)
    if done.returncode:
        print(done.stdout[-4000:], done.stderr[-2000:])
    return done.returncode == 0, (done.stdout.strip().splitlines() or ["nothing ran"])[-1]


def main(arguments: list[str]) -> int:
    """Try all; 0 if all passed."""
    wheel = Path(arguments[0]).resolve()
    failed = 0
    for version in (*WANTED, *NEWER):
        python = interpreter(version)
        if python is None and version in NEWER:
            continue
        if python is None:
            print(f"Python {version}: not found")
            failed += 1
            continue
        for name, core, low in environments(version):
            start = time.monotonic()
            with tempfile.TemporaryDirectory() as folder:
                passed, summary = run(python, wheel, Path(folder), core=core, low=low)
            print(f"Python {version}, {name}: {summary} ({time.monotonic() - start:.0f} s)", flush=True)
            failed += not passed
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
