"""The generator, over all schemas, in a fresh interpreter, into a temporary folder."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from benchmarks.harness import Section, measure, time_row

__all__ = ["run"]

MOST = 20.0
SCHEMAS = Path(__file__).resolve().parent.parent / "xsd"


def run(folder: Path, *, rounds: int) -> Section:
    """Measure."""
    command = [sys.executable, "-m", "iec61968_9_generator", "generate"]
    command += ["--schemas", str(SCHEMAS), "--out", str(folder / "iec61968_9")]
    work = {"generate": lambda: subprocess.run(command, check=True, capture_output=True)}
    times = measure(work, rounds, clock=time.perf_counter)["generate"]
    count = sum(1 for _ in SCHEMAS.rglob("*.xsd"))
    rows = [time_row(f"{count} schemas to a package", times, most=MOST)]
    return Section("Regeneration", "All schemas, in a fresh interpreter, into an empty folder.", rows)
