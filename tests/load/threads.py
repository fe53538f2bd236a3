"""Eight threads at once on different messages of all profiles, valid and not: each gets what one thread alone gets.

What is compared is everything that a caller can see: the object, the bytes, each issue and finding, and of an error its
class, its text, its path and its line. Two sets of jobs are done: of each profile a valid document, the same with a
fault, the same cut off; read strictly and leniently, validated, written, streamed; and exchanges, each thread with
conversations of its own on one service that all share.

Then the first use: a new process in which eight threads begin at the same moment, before any profile, codec or schema
is loaded. And the speed: how long one thread takes for some work, and two and four for as much each.

``python -m tests.load.threads [PROCESSES]`` prints a table; without a number, 100 processes are begun.
"""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
import sysconfig
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import Any, TypeAlias

from benchmarks.samples import meter_readings
from lxml import etree
from tests.load.measuring import ROOT, environment, line, machine
from tests.tables import Maker, seeded, serialized, table

from iec61968_9 import Iec61968Error, Report, from_xml, iter_xml, to_xml, validate
from iec61968_9._codecs.index import PROFILES
from iec61968_9.exchange import Conversations, Memory, Refused, Service, System, diagnose, get, read_message
from iec61968_9.profiles import MeterReadings
from iec61968_9.profiles.get_meter_readings import EndDevice, GetMeterReadings
from iec61968_9.xml.codec import Profile

__all__ = ["THREADS", "first_use", "jobs", "main", "outcome", "share", "together"]

THREADS = 8
PROCESSES = 100
MESSAGES = ROOT / "tests" / "messages"
NOW = datetime.datetime(2026, 3, 2, 8, tzinfo=datetime.UTC)

Job: TypeAlias = "Callable[[], object]"


# -- what each gets ----------------------------------------------------------------------------------------------


def outcome(job: Job) -> object:
    """What a job gives, or all that its error says."""
    try:
        return job()
    except Iec61968Error as error:
        said = {name: value for name, value in vars(error).items() if name != "envelope"}
        return type(error), str(error), repr(sorted(said.items())), repr(getattr(error, "envelope", None))


@cache
def documents(profile: Profile) -> tuple[bytes, bytes, bytes]:
    """A valid document of a profile; the same with a fault on a line that few others have; the same cut off."""
    made = table(profile.noun)
    number = PROFILES.index(profile)
    whole = serialized(Maker(made, seeded(number), room=30).document(next(iter(made.roots))))
    tree = etree.fromstring(whole)
    tree.text = "\n" * (number + 1) + f"fault-{number}"
    tree.insert(0, etree.Element(f"unknown-{number}"))
    return whole, etree.tostring(tree), whole[: -2 - number]


def jobs(profiles: Sequence[Profile] = PROFILES) -> list[Job]:
    """All that is to be done, each job on a document of its own."""
    found: list[Job] = []
    for profile in profiles:
        for document in documents(profile):
            found += [
                partial(from_xml, document),
                partial(_lenient, document),
                partial(validate, document),
                partial(_rewritten, document),
            ]
            if profile.items and profile.role != "envelope":
                found += [partial(_streamed, document, profile.items[0], mode) for mode in ("strict", "lenient")]
    for path in sorted(MESSAGES.glob("*.xml")):
        found += [partial(_diagnosed, path.read_bytes()), partial(_lenient, path.read_bytes())]
    return found


def _lenient(document: bytes) -> object:
    report = Report()
    found = from_xml(document, mode="lenient", report=report)
    return found, list(report), to_xml(found, mode="lenient")


def _rewritten(document: bytes) -> object:
    return to_xml(from_xml(document), pretty=True)


def _streamed(document: bytes, item: str, mode: Any) -> object:
    report = Report()
    stream = iter_xml(document, item, mode=mode, report=report)
    return list(stream), stream.rest, list(report)


def _diagnosed(document: bytes) -> object:
    message = read_message(document, mode="lenient").message
    return message, list(diagnose(message))


def together(work: Sequence[Job], threads: int = THREADS, turns: int = 1) -> tuple[int, int]:
    """Do all jobs in all threads at once, each in an order of its own: how many were done, how many went otherwise."""
    alone = [outcome(job) for job in work]
    begin = threading.Barrier(threads)

    def thread(number: int) -> Counter[bool]:
        begin.wait()
        seen: Counter[bool] = Counter()
        for turn in range(turns):
            for step in range(len(work)):
                at = (step + number * len(work) // threads + turn * 17) % len(work)
                seen[outcome(work[at]) == alone[at]] += 1
        return seen

    with ThreadPoolExecutor(threads) as pool:
        seen = sum(pool.map(thread, range(threads)), Counter[bool]())
    return seen.total(), seen[False]


# -- exchange ----------------------------------------------------------------------------------------------------


def share(threads: int = THREADS, exchanges: int = 50) -> tuple[int, int, int]:
    """All threads serve one client each, on one service whose memory they share; each sends every request twice.

    Returns:
        How many exchanges ended well, how many repetitions were refused, and how many there should be of each.
    """
    hes = System(source="HES", clock=lambda: NOW)
    service = Service(hes, offers={"MeterReadings": {"get"}}, memory=Memory(size=10 * threads * exchanges))
    begin = threading.Barrier(threads)
    requests = [
        get(GetMeterReadings(end_device=[EndDevice(mrid=f"meter-{at}")]), source="MDMS", timestamp=NOW)
        for at in range(threads * exchanges)
    ]

    def thread(number: int) -> tuple[int, int]:
        """Every thread sends every request: whoever comes first is served."""
        begin.wait()
        conversations = Conversations()
        served = repeated = 0
        for step in range(len(requests)):
            request = requests[(step + number * exchanges) % len(requests)]
            checked = service.check(to_xml(request), now=NOW)
            if isinstance(checked, Refused):
                repeated += checked.code == "2.12" or any("before" in one.message for one in checked.findings)
            else:
                conversation = conversations.open(request)
                conversations.receive(from_xml(to_xml(hes.reply(checked.request, MeterReadings()))))
                served += conversation.is_over
        return served, repeated

    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(thread, range(threads)))
    return sum(one for one, _ in found), sum(one for _, one in found), len(requests)


# -- first use ---------------------------------------------------------------------------------------------------

FIRST = """
import sys, threading
sys.setswitchinterval(1e-6)
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
import iec61968_9

texts = [path.read_bytes() for path in sorted(Path(sys.argv[1]).glob("*.xml"))]
begin = threading.Barrier(8)

def thread(number):
    begin.wait()
    found = []
    for text in texts[number:] + texts[:number]:
        from iec61968_9.exchange import diagnose, read_message
        from iec61968_9.codes import parse
        message = read_message(text).message
        try:
            found.append((text, repr(message), iec61968_9.to_xml(message), str(list(diagnose(message)))))
        except iec61968_9.Iec61968Error as error:
            found.append((text, repr(error), b"", str(error)))
        parse("0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0").describe()
        iec61968_9.validate(text.replace(b"</Header>", b"<x/></Header>"))
    return sorted(found)

with ThreadPoolExecutor(8) as pool:
    results = list(pool.map(thread, range(8)))
assert all(one == results[0] for one in results)
"""


def first_use(processes: int) -> list[str]:
    """Begin so many processes, one after the other: what those that failed said."""
    failures: list[str] = []
    for _ in range(processes):
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", FIRST, str(MESSAGES)],
            check=False,
            capture_output=True,
            text=True,
            env=environment(),
        )
        if done.returncode:
            failures.append(f"{done.returncode}: {done.stderr.strip()[-500:]}")
    return failures


# -- speed -------------------------------------------------------------------------------------------------------


def seconds(work: Job, threads: int) -> float:
    """How long so many threads take, each doing the work once."""
    begin = threading.Barrier(threads + 1)

    def thread() -> None:
        begin.wait()
        work()

    running = [threading.Thread(target=thread) for _ in range(threads)]
    for one in running:
        one.start()
    begin.wait()
    start = time.perf_counter()
    for one in running:
        one.join()
    return time.perf_counter() - start


def speed() -> None:
    """Print how many times as much two and four threads do in the same time."""
    data = meter_readings(200)
    found = from_xml(data)
    works: dict[str, Job] = {
        "lxml's parse alone": lambda: etree.fromstring(data, etree.XMLParser()),
        "validate": lambda: validate(data),
        "from_xml, strict": lambda: from_xml(data),
        "from_xml, lenient": lambda: from_xml(data, mode="lenient"),
        "to_xml": lambda: to_xml(found),
    }
    for name, work in works.items():
        work()
        rounds = [(seconds(work, 1), seconds(work, 2), seconds(work, 4)) for _ in range(5)]
        one, two, four = (sorted(times)[2] for times in zip(*rounds, strict=True))
        line(f"  {name}", f"{2 * one / two:.2f} times as much with 2 threads, {4 * one / four:.2f} with 4")


def main(arguments: list[str]) -> int:
    """Print the table; 0 if every thread got what one gets."""
    processes = int(arguments[0]) if arguments else PROCESSES
    locked = "without the global lock" if sysconfig.get_config_var("Py_GIL_DISABLED") else "with the global lock"
    print(f"{THREADS} threads ({machine()}; {locked}; {len(os.sched_getaffinity(0))} cores to use)")
    work = jobs()
    fail = sum(isinstance(found := outcome(job), tuple) and isinstance(found[0], type) for job in work)
    done, other = together(work, turns=2)
    line(
        "all profiles, valid and not",
        f"{len(work):,} jobs, of which {fail:,} fail; {done:,} done, {other} otherwise",
    )
    served, repeated, wanted = share()
    line("one service, one memory", f"{served:,} of {wanted:,} requests served once, {repeated:,} repetitions refused")
    failures = first_use(processes)
    line("first use in eight threads", f"{processes} processes, {len(failures)} failed")
    for failure in failures[:3]:
        print(failure)
    print("  Speed, in a document of 5 MB for each thread")
    speed()
    return bool(other or failures or served != wanted)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
