"""Eight threads at once get what one thread gets: no log, cache or pool is shared between them."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.verbs.support import event, prefixed, readings, request

from iec61968_9 import Dialect, EncodeError, Iec61968Error, Reference, Report, from_xml, iter_xml, to_xml, validate
from iec61968_9.profiles.meter_readings import MeterReading, MeterReadings, Reading

THREADS = 8
VENDOR = Dialect(payload="urn:vendor", prefix="v")


def bad(number: int) -> str:
    """A payload whose faults say which one it is."""
    inside = "".join(
        f"\n<MeterReading><isCoincidentTrigger>bad-{number}-{at}</isCoincidentTrigger></MeterReading>"
        for at in range(number + 1)
    )
    return readings(inside)


def good(number: int) -> str:
    return readings(f"<MeterReading><Meter><mRID>m-{number}</mRID></Meter></MeterReading>" * (number + 1))


def outcome(call: Callable[[], Any]) -> Any:
    """What a call gives, or all that its error says."""
    try:
        return call()
    except Iec61968Error as error:
        return type(error), str(error), repr(vars(error))


def reported(source: str) -> Any:
    report = Report()
    found = from_xml(source, mode="lenient", report=report)
    return found, report, to_xml(found, mode="lenient")


def unwritable(number: int) -> Any:
    items = [MeterReading()] * number + [MeterReading(readings=[Reading(reading_type=Reference(ref="\x00"))])]
    return to_xml(MeterReadings(meter_reading=items))


def jobs(number: int) -> list[Callable[[], Any]]:
    source, broken = good(number), bad(number)
    return [
        lambda: from_xml(source),
        lambda: from_xml(broken),
        lambda: validate(broken),
        lambda: validate(event(broken)),
        lambda: from_xml(event(prefixed(source))),
        lambda: from_xml(event(broken)),
        lambda: reported(event(broken)),
        lambda: list(iter_xml(source, "MeterReading")),
        lambda: list(iter_xml(broken, "MeterReading")),
        lambda: to_xml(from_xml(source), dialect=VENDOR),
        lambda: from_xml(to_xml(from_xml(source), dialect=VENDOR), dialect=VENDOR),
        lambda: from_xml(source, dialect=Dialect(aliases={})),
        lambda: from_xml(request("<Request><nonsense/></Request>", noun=f"N{number}")),
        lambda: unwritable(number),
        lambda: from_xml(source[: -number - 1]),
    ]


def test_eight_threads_get_what_one_gets() -> None:
    work = [job for number in range(THREADS) for job in jobs(number)]
    alone = [outcome(job) for job in work]
    assert len({str(one) for one in alone}) > THREADS * 8
    start = threading.Barrier(THREADS)

    def thread(number: int) -> list[bool]:
        start.wait()
        same: list[bool] = []
        for turn in range(6):
            for step in range(len(work)):
                at = (step * 7 + number * 13 + turn) % len(work)
                same.append(outcome(work[at]) == alone[at])
        return same

    with ThreadPoolExecutor(THREADS) as pool:
        results = list(pool.map(thread, range(THREADS)))
    assert all(all(one) for one in results)
    assert sum(map(len, results)) == THREADS * 6 * len(work)


def test_the_first_use_may_be_in_many_threads_at_once() -> None:
    """Profiles, codecs and schemas are loaded when they are first needed: by whichever thread that is."""
    program = (
        "import threading, sys\n"
        "sys.setswitchinterval(1e-6)\n"
        "from concurrent.futures import ThreadPoolExecutor\n"
        "import iec61968_9\n"
        "from pathlib import Path\n"
        f"source = {event(readings())!r}\n"
        f"start = threading.Barrier({THREADS})\n"
        "def read(_):\n"
        "    start.wait()\n"
        "    found = iec61968_9.from_xml(source)\n"
        "    return iec61968_9.to_xml(found), iec61968_9.validate(source)\n"
        f"with ThreadPoolExecutor({THREADS}) as pool:\n"
        f"    results = list(pool.map(read, range({THREADS})))\n"
        "assert all(one == results[0] for one in results), results\n"
        "assert results[0][1] == []\n"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_an_error_in_one_thread_leaves_the_others_alone() -> None:
    """After as many failures as you like, the next good message is read."""

    def fail(number: int) -> Any:
        return outcome(lambda: unwritable(number))

    def check(number: int) -> bool:
        return validate(good(number % 5)) == []

    with ThreadPoolExecutor(THREADS) as pool:
        failures = list(pool.map(fail, range(100)))
        assert all(one[0] is EncodeError for one in failures)
        assert all(pool.map(check, range(100)))
