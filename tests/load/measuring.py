"""What the programs of this folder share: memory read off the process, lines through points, children, tables.

A child prints one line of JSON when it is done. Memory is what is resident; a slope is that of the straight line that
fits the samples best, in bytes for one unit of work, so that growth shows however much the samples jump.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from lxml import etree

__all__ = ["ROOT", "Figures", "child", "line", "machine", "memory", "slope", "spread"]

ROOT = Path(__file__).resolve().parents[2]

Figures = dict[str, Any]
"""What a child found, as JSON has it."""


def memory() -> int:
    """The resident memory of this process, in bytes."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGESIZE")


def slope(samples: Sequence[tuple[float, float]]) -> float:
    """The slope of the line that fits some points best, by least squares."""
    count = len(samples)
    middle = sum(x for x, _ in samples) / count
    height = sum(y for _, y in samples) / count
    return sum((x - middle) * (y - height) for x, y in samples) / sum((x - middle) ** 2 for x, _ in samples)


def spread(samples: Sequence[tuple[float, float]], unit: str, count: float = 1.0) -> str:
    """Memory over time in words. The first fifth, in which everything is loaded and filled, does not count."""
    later = samples[len(samples) // 5 :]
    heights = [y / 1e6 for _, y in later]
    return f"{min(heights):.1f} to {max(heights):.1f} MB, {slope(later) * count:+.2f} bytes {unit}"


def child(*arguments: str, stdin: Any = None) -> Figures:
    """Run a module of this folder in a process of its own: what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", *arguments], check=True, stdin=stdin, stdout=subprocess.PIPE, cwd=ROOT, env=environment()
    )
    return cast("Figures", json.loads(done.stdout))


def environment() -> dict[str, str]:
    """Variables for a child that finds this project's programs, and the library where this process found it."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(one for one in sys.path if one)}


def machine() -> str:
    """What the figures depend on."""
    loaded = os.getloadavg()[0]
    return (
        f"{platform.python_implementation()} {platform.python_version()}, lxml {etree.__version__}, libxml2 "
        f"{'.'.join(map(str, etree.LIBXML_VERSION))}, {os.cpu_count()} cores, load {loaded:.1f} when it began"
    )


def line(*cells: str) -> None:
    """Print a row of a table."""
    print(f"  {cells[0]:<44}{'  '.join(cells[1:])}", flush=True)
