"""Environments of their own for a built wheel: which Pythons there are, and what is installed.

They are made by the pip of the interpreter that runs this, so that none of them holds more than it is meant to.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["NEWER", "ROOT", "WANTED", "Environment", "found", "interpreter", "lowest"]

ROOT = Path(__file__).resolve().parents[2]
WANTED = ("3.11", "3.12", "3.13")
NEWER = ("3.14", "3.15")
"""Tried where they are found."""


def interpreter(version: str) -> str | None:
    """A Python of a version, on the path or where pyenv keeps its own; None if there is none."""
    candidates = [on_path] if (on_path := shutil.which(f"python{version}")) else []
    if pyenv := shutil.which("pyenv"):
        root = subprocess.run([pyenv, "root"], check=True, capture_output=True, text=True).stdout.strip()
        candidates += map(str, sorted(Path(root).glob(f"versions/{version}.*/bin/python"), reverse=True))
    probe = "import sys; print('%d.%d' % sys.version_info[:2])"
    for candidate in candidates:
        done = subprocess.run([candidate, "-c", probe], check=False, capture_output=True, text=True)
        if done.stdout.strip() == version:
            return candidate
    return None


def found(versions: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """The interpreters of these versions that are here, and the versions that should be and are not."""
    here = {version: python for version in versions if (python := interpreter(version))}
    return here, [version for version in versions if version not in here and version not in NEWER]


def lowest(project: Path = ROOT / "pyproject.toml") -> list[str]:
    """The lowest version that is admitted of each dependency, of the library and of its tests, as pip constraints."""
    read = tomllib.loads(project.read_text(encoding="utf-8"))
    named: Iterable[str] = [
        *read["project"]["dependencies"],
        *(one for extra in read["project"]["optional-dependencies"].values() for one in extra),
        *read["dependency-groups"]["test"],
    ]
    return sorted({re.sub(r"\[.*?\]", "", one).replace(">=", "==") for one in named})


@dataclass(frozen=True)
class Environment:
    """A virtual environment.

    Attributes:
        folder: Where it is.
        low: Whether it gets the lowest versions of all that ``pyproject.toml`` names.
    """

    folder: Path
    low: bool = False

    @property
    def python(self) -> str:
        """Its interpreter."""
        return str(self.folder / "bin" / "python")

    def make(self, python: str) -> None:
        """Make it, with nothing in it, for an interpreter."""
        subprocess.run([python, "-m", "venv", "--without-pip", str(self.folder)], check=True)

    def install(self, *wanted: str) -> None:
        """Install what pip is told, from the root of the project."""
        constraints = self.folder / "constraints.txt"
        constraints.write_text("\n".join(lowest()) if self.low else "", encoding="utf-8")
        pip = [sys.executable, "-m", "pip", "--python", self.python, "--quiet", "--disable-pip-version-check"]
        install = [*pip, "install", "--no-compile", "--constraint", str(constraints)]
        subprocess.run([*install, *wanted], check=True, cwd=ROOT)

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Run its Python, from the root of the project, and catch what it says. Only what is installed counts."""
        done: Sequence[str] = [self.python, *map(str, command)]
        others = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        return subprocess.run(done, check=False, capture_output=True, text=True, cwd=ROOT, env=others)

    def versions(self, *names: str) -> list[str]:
        """The versions of Python and of what is installed under these names."""
        program = "import platform, sys; from importlib.metadata import version\n"
        program += "print(platform.python_version(), *(version(name) for name in sys.argv[1:]))"
        return self.run("-c", program, *names).stdout.split()
