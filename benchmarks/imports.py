"""How long imports take, each in a fresh interpreter: the library, then each profile with its codec."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

from benchmarks.harness import Row, Section, Times, time_row
from iec61968_9._codecs.index import PROFILES

__all__ = ["run"]

LIBRARY_MOST = 0.060
PROFILE_MOST = 0.040
LARGEST_MOST = 0.200
LARGEST = "CustomerMeterDataSet"

_LIBRARY = """
import time
start = time.process_time()
import iec61968_9
first = time.process_time()
from iec61968_9 import from_xml
print(first - start, time.process_time() - start)
"""

_PROFILE = """
import time
from importlib import import_module
from iec61968_9 import from_xml
start = time.process_time()
import_module("iec61968_9._codecs.{}")
print(time.process_time() - start)
"""


def run(*, rounds: int, nouns: tuple[str, ...] = ()) -> Section:
    """Measure; all profiles, or those of some nouns."""
    library: list[list[float]] = []
    profiles = [one for one in PROFILES if not nouns or one.noun in nouns]
    seconds: dict[str, list[float]] = {one.noun: [] for one in profiles}
    programs = {profile.noun: _PROFILE.format(profile.module) for profile in profiles}
    with tempfile.TemporaryDirectory() as compiled:
        for program in (_LIBRARY, *programs.values()):
            _fresh(program, compiled)  # from here on the files are compiled, and in the system's cache
        for _ in range(rounds):
            library.append(_fresh(_LIBRARY, compiled))
            for noun, program in programs.items():
                seconds[noun] += _fresh(program, compiled)
    rows: list[Row] = [
        time_row("import iec61968_9", Times(tuple(one[0] for one in library)), most=LIBRARY_MOST),
        time_row(
            "from iec61968_9 import from_xml (lxml included)",
            Times(tuple(one[1] for one in library)),
            most=LIBRARY_MOST,
        ),
    ]
    rows += [
        time_row(f"then {noun}", Times(tuple(found)), most=LARGEST_MOST if noun == LARGEST else PROFILE_MOST)
        for noun, found in seconds.items()
    ]
    note = (
        "Fresh interpreters, compiled files and the system's cache warm. A profile's row is what it and its codec add."
    )
    return Section("Imports", note, rows)


def _fresh(program: str, compiled: str) -> list[float]:
    """What a program prints in an interpreter of its own, which keeps compiled files in a folder, as users' do."""
    keeping = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    keeping["PYTHONPYCACHEPREFIX"] = compiled
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, env=keeping)
    return [float(word) for word in done.stdout.split()]
