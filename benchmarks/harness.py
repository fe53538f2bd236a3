"""What all measurements share: interleaved repetitions, medians, and tables.

Contestants take turns, so that a busy machine slows all of them and not one. Each row has the median and the least
and greatest of its repetitions; a ratio is taken round by round. What runs in Python is timed by the processor's clock,
which stands still while other processes have their turn; what starts a process, by the clock on the wall. The garbage
collector stays on, as it is in use: each repetition begins with a collection that is not counted, and what it gave is
freed when its time is up. A target is shown with what was reached, and fails nothing.
"""

from __future__ import annotations

import gc
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from lxml import etree

__all__ = ["Row", "Section", "Times", "machine", "markdown", "measure", "plain", "ratio_row", "skipped", "time_row"]


@dataclass(frozen=True, slots=True)
class Times:
    """The seconds of several repetitions of one thing."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.seconds)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table.

    Attributes:
        what: What was done.
        reached: What was measured, with its unit.
        spread: The least and the greatest of the repetitions.
        beside: How many times that of the library's strict verb it is.
        target: What must be reached, or nothing.
        met: Whether it is, or None where there is no target.
    """

    what: str
    reached: str
    spread: str = ""
    target: str = ""
    met: bool | None = None
    beside: str = ""

    def cells(self) -> list[str]:
        """The texts of its columns."""
        met = {True: "yes", False: "no", None: ""}[self.met]
        return [self.what, self.reached, self.spread, self.beside, self.target, met]


@dataclass(slots=True)
class Section:
    """A table with a heading and what must be known to read it."""

    title: str
    note: str
    rows: list[Row] = field(default_factory=list[Row])

    def table(self) -> list[list[str]]:
        """The heads and the rows, without the columns in which nothing stands."""
        rows = [row.cells() for row in self.rows]
        used = [column for column in range(len(HEADS)) if any(row[column] for row in rows)]
        return [[row[column] for column in used] for row in (HEADS, *rows)]


HEADS = ["what", "median", "least to greatest", "times strict", "target", "met"]


def measure(
    contestants: Mapping[str, Callable[[], object]],
    rounds: int,
    calls: int = 1,
    clock: Callable[[], float] = time.process_time,
) -> dict[str, Times]:
    """Run each contestant once a round, in turns.

    Args:
        contestants: What to run, by name.
        rounds: How often each has its turn.
        calls: How many calls make one repetition; the time is that of one call.
        clock: What tells the time in seconds.
    """
    found: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, work in contestants.items():
            result: object = None
            gc.collect()
            start = clock()
            for _ in range(calls):
                result = work()
            found[name].append((clock() - start) / calls)
            del result  # the time to free it is not part of it
    return {name: Times(tuple(seconds)) for name, seconds in found.items()}


def time_row(
    what: str,
    times: Times,
    *,
    most: float | None = None,
    scale: float = 1.0,
    beside: tuple[Times, Times] | None = None,
) -> Row:
    """A row for a time, with a target that it must stay under, or with how many times another it is."""
    seconds = [one * scale for one in times.seconds]
    return Row(
        what,
        _seconds(times.median * scale),
        f"{_seconds(min(seconds))} to {_seconds(max(seconds))}" if len(seconds) > 1 else "",
        "" if most is None else f"≤ {_seconds(most)}",
        None if most is None else times.median * scale <= most,
        "" if beside is None else f"{_middle_ratio(*beside):.2f}",
    )


def _middle_ratio(upper: Times, lower: Times) -> float:
    return statistics.median(one / other for one, other in zip(upper.seconds, lower.seconds, strict=True))


def ratio_row(what: str, upper: Times, lower: Times, *, least: float | None = None, most: float | None = None) -> Row:
    """A row for how many times ``lower`` goes into ``upper``, round by round, with a target."""
    ratios = [one / other for one, other in zip(upper.seconds, lower.seconds, strict=True)]
    middle = statistics.median(ratios)
    target = f"≥ {least:g} times" if least is not None else f"≤ {most:g} times" if most is not None else ""
    met = middle >= least if least is not None else middle <= most if most is not None else None
    return Row(what, f"{middle:.2f} times", f"{min(ratios):.2f} to {max(ratios):.2f} times", target, met)


def skipped(what: str, why: str) -> Row:
    """A row for what could not be measured."""
    return Row(what, f"not measured: {why}")


def machine() -> list[tuple[str, str]]:
    """What the numbers depend on."""
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    packages = ("attrs", "xsdata", "xmlschema", "pydantic-xml", "pydantic", "zeep")
    return [
        ("Python", f"{platform.python_implementation()} {platform.python_version()}"),
        ("iec61968-9", _version("iec61968-9")),
        ("lxml", ".".join(map(str, etree.LXML_VERSION[:3]))),
        ("libxml2", ".".join(map(str, etree.LIBXML_VERSION))),
        *((package, _version(package)) for package in packages),
        ("machine", f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {_memory()} of memory"),
        ("processor", _processor()),
        ("load when it began", load),
    ]


def _memory() -> str:
    try:
        return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"
    except (AttributeError, OSError, ValueError):
        return "unknown size"


def _processor() -> str:
    told = Path("/proc/cpuinfo")
    if told.exists():
        for line in told.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"


def plain(section: Section) -> str:
    """A section for the terminal."""
    table = section.table()
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table]
    return "\n".join([section.title, "=" * len(section.title), section.note, "", *lines, ""])


def markdown(about: Sequence[tuple[str, str]], sections: Iterable[Section], parts: Iterable[str]) -> str:
    """All sections as a page that names the parts."""
    lines = [
        "# Performance",
        "",
        "Made by `make bench`, in ten to fifteen minutes on a quiet machine; `python -m benchmarks NAME…` measures",
        f"parts ({', '.join(parts)}). Run it on your own machine, and compare ratios rather than seconds.",
        "",
        "- A row is the median of its repetitions, in seconds of the processor where Python runs. The garbage",
        "  collector is on and set as Python sets it.",
        "- All take turns, in rounds, so that a busy machine slows all of them; ratios are taken round by round. What",
        "  else runs on the machine still shows: look at the load, and at the least and the greatest of a row. What",
        "  differs by less than they do does not differ.",
        "- Contestants run in processes of their own, several each, and read the same documents into their own",
        "  objects. What each gives is counted and summed, reading by reading; who loses one has no time but a word.",
        "- *times strict* is how many times the time of our strict verb it takes.",
        "- A target that is missed is shown as missed.",
        "",
        "| measured with | |",
        "|---|---|",
        *(f"| {name} | {value} |" for name, value in about),
    ]
    for section in sections:
        heads, *rows = section.table()
        lines += ["", f"## {section.title}", "", section.note, "", _line(heads), _line(["---"] * len(heads))]
        lines += [_line(row) for row in rows]
    return "\n".join(lines) + "\n"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def _seconds(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.2f} s"
    return f"{seconds * 1e3:.1f} ms" if seconds >= 0.001 else f"{seconds * 1e6:.1f} µs"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
