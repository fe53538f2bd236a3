"""Where the time of reading goes, step by step: what a parser, a validator, Python's objects and its collector take."""

from __future__ import annotations

import gc
from collections.abc import Callable

from benchmarks.harness import Section, measure, time_row
from benchmarks.samples import QUARTER_HOURS, meter_readings
from iec61968_9._verbs import REGISTRY
from iec61968_9.xml.dialect import DEFAULT_DIALECT
from iec61968_9.xml.document import local_name
from iec61968_9.xml.limits import DEFAULT_LIMITS
from iec61968_9.xml.parser import parse
from iec61968_9.xml.reading import Reading
from iec61968_9.xml.validation import issues

__all__ = ["run"]


def run(*, rounds: int, meters: int) -> Section:
    """Measure."""
    data = meter_readings(meters)
    document = parse(data, DEFAULT_LIMITS)
    registered = REGISTRY.standardise(document.root, DEFAULT_DIALECT)
    if registered is None:
        raise RuntimeError("the document is of no known profile")
    read = registered.codec.roots[local_name(document.root.tag)].read

    def decode() -> object:
        return read(document.root, Reading(document, REGISTRY))

    found = measure(
        {
            "the bounded parser": lambda: parse(data, DEFAULT_LIMITS),
            "validation by libxml2": lambda: issues(document, registered, REGISTRY, DEFAULT_DIALECT, DEFAULT_LIMITS),
            "objects": decode,
            "objects, if Python collected no garbage meanwhile": lambda: _uncollected(decode),
        },
        rounds,
    )
    note = (
        f"The large document, strict: {meters:,} meters, {meters * QUARTER_HOURS * 5:,} elements and a few. The "
        "library leaves the collector as it is; what that takes is what any program pays in which so many objects "
        "live. The rest is some dozen calls into lxml and Python's core for each element. When all checks for what "
        "does not belong were taken out of the codecs for a trial, objects took a fifth less: losing nothing is not "
        "what costs."
    )
    return Section("Where the time goes", note, [time_row(name, times) for name, times in found.items()])


def _uncollected(work: Callable[[], object]) -> object:
    gc.disable()
    try:
        return work()
    finally:
        gc.enable()
