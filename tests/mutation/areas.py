"""Which tests answer for which hand-written modules: ``areas.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

__all__ = ["PACKAGE", "ROOT", "Area", "areas", "hand_written"]

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "iec61968_9"
TABLE = tomllib.loads((Path(__file__).parent / "areas.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Area:
    """A part of the library with the tests that answer for it."""

    name: str
    modules: tuple[str, ...]
    """Paths under the package, such as ``codes/obis.py``."""
    tests: tuple[str, ...]


def hand_written() -> Iterator[str]:
    """Every module that people write, as a path under the package."""
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        if not any(fnmatch(name, pattern) for pattern in TABLE["needless"]):
            yield name


def areas() -> list[Area]:
    """The areas with the modules that are theirs."""
    left = list(hand_written())
    found: list[Area] = []
    for row in TABLE["area"]:
        mine = tuple(name for name in left if any(fnmatch(name, pattern) for pattern in row["modules"]))
        left = [name for name in left if name not in mine]
        found.append(Area(row["name"], mine, tuple(row["tests"])))
    if left:
        raise ValueError(f"no area of tests/mutation/areas.toml has {', '.join(left)}")
    return found
