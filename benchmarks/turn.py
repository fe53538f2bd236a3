"""One contestant's turn, in a process that does nothing else and loads nothing else.

``python -m benchmarks.turn NAME FOLDER METERS ROUNDS SECONDS`` prints the seconds of each repetition, and the count and
the sum of what each gave.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from lxml import etree

from benchmarks.contestants import contestants, lxml_values
from benchmarks.samples import meter_readings

__all__: list[str] = []

WARM_UP = 2
"""The meters of the document with which it warms up."""


def _tally(values: Iterable[str]) -> list[int]:
    """How many readings, and their sum in thousandths."""
    found = [int(Decimal(value) * 1000) for value in values]
    return [len(found), sum(found)]


def _measure(name: str, folder: Path, meters: int, rounds: int, seconds: float) -> dict[str, object]:
    player = next(one for one in contestants() if one.name == name).make(folder)
    small = meter_readings(WARM_UP)
    made = player.read(small)
    if player.write is not None:
        player.write(made)
    del made
    data = meter_readings(meters)
    read: list[float] = []
    write: list[float] = []
    tallies: list[list[int]] = []
    for _ in range(rounds):
        second, made = _timed(partial(player.read, data), seconds)
        read.append(second)
        tallies.append(_tally(player.values(made)))
        if player.write is not None:
            second, written = _timed(partial(player.write, made), seconds)
            write.append(second)
            tallies.append(_tally(lxml_values(etree.fromstring(written))))
        del made
    return {"read": read, "write": write, "tallies": tallies}


def _timed(work: Callable[[], Any], seconds: float) -> tuple[float, Any]:
    """The seconds of one call, of as many as take about so long; and the last one's result."""
    calls = 1
    gc.collect()
    start = time.process_time()
    result = work()
    taken = time.process_time() - start
    if seconds:
        calls = max(1, min(2_000, int(seconds / max(taken, 1e-6))))
        gc.collect()
        start = time.process_time()
        for _ in range(calls):
            result = work()
        taken = time.process_time() - start
    return taken / calls, result


if __name__ == "__main__":
    told = _measure(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5]))
    print(json.dumps(told))
