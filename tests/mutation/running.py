"""Runs the tests of one area against mutants, each in a forked process.

A pytest plugin takes the place of pytest's loop over the tests. First it runs every test once as the library is, and
keeps how long each took and which lines it executed. Then, for each mutant, it picks the tests that execute the changed
statement: one case of each test function first, quick ones before slow ones, until they would take a stated number of
seconds; and runs them until one fails.

- A change inside functions is put into a fork of the process that has loaded all (``patching``).
- A change of what runs while a module is loaded, or while tests are collected, is written into the module's file (of a
  copy of the package, which is what is tested here), and the tests run in a fork of a process that had not loaded it;
  for three times as long others of the area too, since any may use what was made then.

Tests that take more than four times the processor time that they took before, and ten seconds, are in an endless loop;
those that do nothing for long wait for what does not come. Both count as noticed.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import resource
import select
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from hypothesis import Phase, settings
from tests.mutation.mutants import Mutant, statement_lines
from tests.mutation.patching import Functions, changed_functions, functions_of
from tests.mutation.reach import Lines, Reach

__all__ = ["Result", "Run", "forked", "run_area"]

MEMORY = 4 << 30
WAITING = 40
"""Seconds in which a process that does nothing at all is taken to wait for ever."""

EXAMPLES = 15
ASKED = "_hypothesis_internal_use_settings"
"""Where hypothesis keeps what ``@settings`` says of a test."""

KILLED, SURVIVED, FAILED_TO_RUN = 1, 0, 2
OPTIONS = ("-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", "-W", "ignore::pytest.PytestAssertRewriteWarning")


@dataclass(frozen=True)
class Result:
    """What became of a mutant: ``killed``, ``timed out``, ``survived`` or ``not reached``."""

    mutant: Mutant
    outcome: str


@dataclass
class Run:
    """One area: what is to be tried, and how."""

    folder: Path
    """The copy of the sources that is tested; its ``iec61968_9`` is the package."""
    tests: tuple[str, ...]
    mutants: Sequence[Mutant]
    seconds: float
    """Processor time for the tests of one mutant, by what they took without a change."""
    report: Callable[[Result], None]
    patience: float = 10.0
    """Processor time beyond four times what the tests took, after which a mutant is in an endless loop."""
    minutes: float = 0
    """How long to go on trying, once for what can be put in and once for the rest; 0 is to the end."""
    times: dict[str, float] = field(default_factory=dict[str, float])
    lines: dict[str, Lines] = field(default_factory=dict[str, Lines])
    """For each test that passes, the lines that it executes; under the empty name those of loading and collecting."""

    failures: list[str] = field(default_factory=list[str])
    """The tests that do not pass without a change; none of them is asked about a mutant."""

    @property
    def package(self) -> Path:
        """Where the package is that is tested."""
        return self.folder / "iec61968_9"

    def in_time(self, mutants: Iterable[Mutant]) -> Iterator[Mutant]:
        """Mutants, as long as there is time."""
        end = time.monotonic() + 60 * self.minutes if self.minutes else float("inf")
        return takewhile(lambda _: time.monotonic() < end, mutants)

    def tests_of(self, mutant: Mutant) -> list[str]:
        """The tests that execute the changed statement, in the order in which they are tried."""
        path = str(self.package / mutant.module)
        wanted = set(statement_lines((self.package / mutant.module).read_text(encoding="utf-8"), mutant.line))
        seen = [name for name in self.times if wanted & self.lines[name].get(path, set())]
        if not seen and self.when_loading(mutant):
            seen = [name for name in self.times if path in self.lines[name]] or list(self.times)
        return within(self.seconds, self.times, seen)

    def when_loading(self, mutant: Mutant) -> bool:
        """Whether the changed statement is executed when the package is loaded or the tests are collected."""
        path = str(self.package / mutant.module)
        wanted = statement_lines((self.package / mutant.module).read_text(encoding="utf-8"), mutant.line)
        return not self.lines[""].get(path, set()).isdisjoint(wanted)


def within(seconds: float, times: dict[str, float], names: Sequence[str]) -> list[str]:
    """As many tests as fit the time, at least one: a case of each function before its second, quick before slow."""
    rank: dict[str, int] = {}
    ordered: list[tuple[int, float, str]] = []
    for name in sorted(names, key=lambda name: times[name]):
        function = name.partition("[")[0]
        rank[function] = rank.get(function, 0) + 1
        ordered.append((rank[function], times[name], name))
    taken: list[str] = []
    left = seconds
    for _, cost, name in sorted(ordered):
        if taken and cost > left:
            continue
        taken.append(name)
        left -= cost
    return taken


def forked(work: Callable[[], int], seconds: float) -> int | None:
    """What a function gives (0 to 255) in a process of its own; None if it took too long or was stopped."""
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if not child:
        code = FAILED_TO_RUN
        try:
            nothing = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(nothing, stream)
            _limit(resource.RLIMIT_CPU, int(seconds) + 1)
            _limit(resource.RLIMIT_AS, MEMORY)
            code = work()
        finally:
            os._exit(code)
    watched = os.pidfd_open(child)
    try:
        worked = -1
        while not select.select([watched], [], [], WAITING)[0]:
            before, worked = worked, _ticks(child)
            if worked == before:  # it waits for what does not come
                os.kill(child, signal.SIGKILL)
                break
        _, status = os.waitpid(child, 0)
    finally:
        os.close(watched)
    return os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else None


def _ticks(process: int) -> int:
    """The processor time that a process has used, in ticks."""
    after_name = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return int(after_name[11]) + int(after_name[12])


def _limit(what: int, most: int) -> None:
    """Allow this process only so much; what it may not have anyway stays."""
    hard = resource.getrlimit(what)[1]
    resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def run_area(run: Run) -> int:
    """Try all mutants of an area; the runner's exit code. Runs in a process that has not loaded the package."""
    sys.path.insert(0, str(run.folder))
    os.environ["PYTHONPATH"] = os.pathsep.join([str(run.folder), os.environ.get("PYTHONPATH", "")])
    os.environ["CI"] = "true"
    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    waiting: list[Mutant] = []
    read, write = os.pipe()
    # the loaded process tells this one what it saw, and what has to be tried afresh
    child = os.fork()
    if not child:
        os.close(read)
        code = 1
        try:
            with os.fdopen(write, "w", encoding="utf-8") as pipe:
                code = int(pytest.main([*OPTIONS, *run.tests], plugins=[Loaded(run, pipe)]))
        finally:
            os._exit(code)
    os.close(write)
    made = iter(run.mutants)
    with os.fdopen(read, encoding="utf-8") as pipe:
        for line in pipe:
            told: dict[str, Any] = json.loads(line)
            match told:
                case {"times": times, "lines": lines, "failures": failures}:
                    run.times, run.failures = times, failures
                    run.lines = {
                        name: {path: set(numbers) for path, numbers in seen.items()} for name, seen in lines.items()
                    }
                case {"outcome": "afresh"}:
                    waiting.append(next(made))
                case {"outcome": outcome}:
                    run.report(Result(next(made), outcome))
                case _:
                    raise ValueError(line)
    _, status = os.waitpid(child, 0)
    for mutant in run.in_time(waiting):
        run.report(Result(mutant, afresh(run, mutant)))
    return os.waitstatus_to_exitcode(status)


class House:
    """How hypothesis works here: few examples, the same every time, and the first failure is enough."""

    def pytest_sessionstart(self) -> None:
        """Takes the place of the profile that conftest loads; before tests are collected, which use it."""
        settings.register_profile(
            "mutation",
            parent=settings.get_profile("house"),
            derandomize=True,
            database=None,
            phases=(Phase.explicit, Phase.generate),
            report_multiple_bugs=False,
            max_examples=EXAMPLES,
        )
        settings.load_profile("mutation")

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Tests that ask for more examples get as many as the others."""
        for item in items:
            test: Any = getattr(item, "obj", None)
            test = getattr(test, "__func__", test)
            machine: Any = getattr(item, "cls", None)
            for owner, name in ((test, ASKED), (machine, "settings")):
                asked = getattr(owner, name, None)
                if isinstance(asked, settings):
                    setattr(owner, name, settings(asked, max_examples=min(asked.max_examples, EXAMPLES)))


class Loaded(House):
    """Collects the tests, learns which lines they execute, and tries the mutants that can be put in."""

    def __init__(self, run: Run, pipe: Any) -> None:
        self._run = run
        self._pipe = pipe
        self._reach = Reach(str(run.package))
        self._watch = self._reach.watching()
        self._watch.__enter__()  # before any conftest loads the package

    def pytest_sessionstart(self) -> None:
        """Load everything, so that a fork need not."""
        super().pytest_sessionstart()
        for module in pkgutil.walk_packages([str(self._run.package)], "iec61968_9."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Learn, then try."""
        loading = self._reach.taken()
        self._watch.__exit__(None, None, None)
        items = {item.nodeid: item for item in session.items}
        functions = functions_of(str(self._run.package))
        gc.freeze()  # so that forks share the memory
        seen = self._run.folder / "reach.json"
        code = forked(lambda: self._learn(session.items, loading, seen), 3600)
        if code != SURVIVED:
            raise pytest.UsageError("the tests took too long, or none was found")
        learnt = seen.read_text(encoding="utf-8")
        told = json.loads(learnt)
        print(learnt, file=self._pipe, flush=True)
        self._run.times = told["times"]
        self._run.lines = {
            name: {path: set(lines) for path, lines in read.items()} for name, read in told["lines"].items()
        }
        for mutant in self._run.in_time(self._run.mutants):
            print(json.dumps({"outcome": self._try(mutant, items, functions)}), file=self._pipe, flush=True)
        return True

    def _learn(self, items: Sequence[pytest.Item], loading: Lines, where: Path) -> int:
        times: dict[str, float] = {}
        lines: dict[str, Lines] = {"": loading}
        failures: list[str] = []
        with self._reach.watching():
            for item, following in _followed(items):
                self._reach.taken()
                start = time.process_time()
                failed = [one for one in runtestprotocol(item, nextitem=following, log=False) if one.failed]
                if failed:
                    failures.append(f"{item.nodeid}\n{failed[0].longreprtext}")
                    continue
                times[item.nodeid] = time.process_time() - start
                lines[item.nodeid] = self._reach.taken()
        told = {name: {path: sorted(one) for path, one in seen.items()} for name, seen in lines.items()}
        where.write_text(json.dumps({"times": times, "lines": told, "failures": failures}), encoding="utf-8")
        return SURVIVED

    def _try(self, mutant: Mutant, items: dict[str, pytest.Item], functions: Functions) -> str:
        run = self._run
        path = str(run.package / mutant.module)
        names = run.tests_of(mutant)
        if not names:
            return "not reached"
        source = (run.package / mutant.module).read_text(encoding="utf-8")
        changed = changed_functions(path, source, mutant.source)
        if changed is None:
            return "afresh"
        places = [
            (function, new)
            for old, new in changed
            for function in functions.get((path, old.co_qualname, old.co_firstlineno), ())
        ]

        def work() -> int:
            for function, code in places:
                function.__code__ = code
            for item, following in _followed([items[name] for name in names]):
                if any(one.failed for one in runtestprotocol(item, nextitem=following, log=False)):
                    return KILLED
            return SURVIVED

        code = forked(work, patience(run, names))
        if code == SURVIVED and run.when_loading(mutant):
            return "afresh"
        return _outcome(code)


class Chosen(House):
    """Runs some tests, in an order."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep what is wanted."""
        super().pytest_collection_modifyitems(items)
        place = {name: number for number, name in enumerate(self._names)}
        items[:] = sorted((item for item in items if item.nodeid in place), key=lambda item: place[item.nodeid])


def afresh(run: Run, mutant: Mutant) -> str:
    """Try a mutant with its module's file changed, in a process that loads all anew."""
    names = run.tests_of(mutant)
    if not names:
        return "not reached"
    if run.when_loading(mutant):  # what it made then may be used by any test
        names += within(3 * run.seconds, run.times, [name for name in run.times if name not in set(names)])
    path = run.package / mutant.module
    source = path.read_text(encoding="utf-8")
    files = list(dict.fromkeys(name.partition("::")[0] for name in names))
    path.write_text(mutant.source, encoding="utf-8")
    try:
        work = lambda: min(int(pytest.main([*OPTIONS, *files], plugins=[Chosen(names)])), 1)  # noqa: E731
        return _outcome(forked(work, 20 + patience(run, names)))
    finally:
        path.write_text(source, encoding="utf-8")


def patience(run: Run, names: Sequence[str]) -> float:
    """How much processor time tests may take."""
    return run.patience + 4 * sum(run.times[name] for name in names)


def _outcome(code: int | None) -> str:
    return "timed out" if code is None else "survived" if code == SURVIVED else "killed"


def _followed(items: Sequence[pytest.Item]) -> Iterator[tuple[pytest.Item, pytest.Item | None]]:
    """Each with the next, as pytest's protocol wants it."""
    return zip(items, [*items[1:], None], strict=True)
