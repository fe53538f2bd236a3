"""Damages every sample at every position, and counts what becomes of it: ``python -m tests.damage`` (``make damage``).

Each sample is cut at every position, each of its bytes is flipped in up to five ways, and pieces of it are lost,
doubled, moved and mixed with another sample's. Each result is read in four ways: whole and as a stream, strict and
lenient. Then one member after another of random objects of each root's class becomes something else, and they are
written; xsdata reads what comes out, too. One line is printed for each kind; whatever was lost is printed with what
lost it, and the program ends with 1.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.damage.injuries import FLIPS, cuts, flips, splices
from tests.damage.outcomes import check
from tests.damage.samples import Sample, forms, messages, samples
from tests.damage.spoiling import spoil
from tests.properties.support import ROOTS, class_of, examples
from tests.properties.xsdata_opinion import FINER, made_in, same, their_class
from xsdata.formats.dataclass.parsers import XmlParser

from iec61968_9.testing import instances
from iec61968_9.xml.codec import Profile

SPLICES = 300
"""The splices of a sample."""

SPOILT = 30
"""How often each object is spoilt."""

KINDS = ("cut", *FLIPS, "splice")
WAYS = ("strict", "lenient", "stream strict", "stream lenient")


def injured(number: int, kind: str, step: int) -> Iterator[tuple[Sample, bytes]]:
    """One sample, damaged in one way at each so many-th position."""
    everything = [*samples(), *forms(), *(messages() if kind == "cut" else ())]
    sample = everything[number]
    other = everything[(number * 7 + 3) % len(everything)]
    made = {
        "cut": lambda: cuts(sample.data, step),
        "splice": lambda: splices(sample.data, other.data, number, SPLICES // step),
    }
    for data in made[kind]() if kind in made else flips(sample.data, number, step, (kind,)):
        if data != sample.data:
            yield sample, data


def count(task: tuple[int, str, int]) -> tuple[str, Counter[tuple[str, str]], list[str]]:
    """What becomes of one sample: how often each outcome of each way, and what was lost."""
    number, kind, step = task
    found: Counter[tuple[str, str]] = Counter()
    losses: list[str] = []
    for sample, data in injured(number, kind, step):
        found["", "tried"] += 1
        try:
            for way, outcome in check(sample, data).items():
                found[way, outcome] += 1
        except Exception as error:  # whatever it is, it is what this program looks for
            found["", "lost"] += 1
            losses.append(f"{sample.name}, {kind}: {type(error).__name__}: {str(error)[:500]}\n  {data!r}")
    return kind, found, losses


def count_objects(task: tuple[int, int]) -> tuple[Counter[str], list[str]]:
    """What becomes of a number of random objects of one root's class, each spoilt many times."""
    number, objects = task
    profile, root = ROOTS[number].values
    assert isinstance(profile, Profile)
    assert isinstance(root, str)
    theirs = their_class("made_by_xsdata", profile, root)
    found: Counter[str] = Counter()

    def second(back: Any, data: bytes) -> None:
        same(back, XmlParser().from_bytes(FINER.sub(rb"\1", data), theirs), f"/{root}")

    @examples(objects)
    @given(instances(class_of(profile, root)), st.integers(0, 2**32))
    def spoilt(value: Any, seed: int) -> None:
        found.update(spoil(value, Random(seed), SPOILT, second))  # noqa: S311  # no secret

    try:
        spoilt()
    except Exception as error:  # several failures come as a group
        return found, [f"{root}: {''.join(traceback.format_exception(error))[:2000]}"]
    return found, []


def main() -> int:
    """Damage everything; 1 if anything was lost."""
    parser = argparse.ArgumentParser(prog="python -m tests.damage", description=__doc__)
    parser.add_argument("--step", type=int, default=1, help="look at each so many-th position only")
    parser.add_argument("--kinds", nargs="+", default=KINDS, choices=KINDS, help="the kinds of damage")
    parser.add_argument("--jobs", type=int, default=None, help="how many processes, one for each processor if not said")
    parser.add_argument("--objects", type=int, default=100, help="how many random objects of each root's class")
    options = parser.parse_args()
    started = time.monotonic()
    totals: dict[str, Counter[tuple[str, str]]] = {kind: Counter() for kind in options.kinds}
    losses: list[str] = []
    everything = len(samples()) + len(forms())
    tasks = [(number, kind, options.step) for kind in totals for number in range(everything)]
    if "cut" in totals:
        tasks += [(number, "cut", options.step) for number in range(everything, everything + len(messages()))]
    with multiprocessing.Pool(options.jobs) as pool:
        for kind, found, lost in pool.imap_unordered(count, tasks):
            totals[kind] += found
            losses += lost
    size = sum(len(one.data) for one in (*samples(), *forms()))
    print(f"{everything} samples, {size:,} bytes, and {len(messages())} messages to be cut; step {options.step}")
    print_table(totals)
    print(f"{len(losses)} lost; {time.monotonic() - started:.0f} s", flush=True)
    written: Counter[str] = Counter()
    if not options.objects:
        return report(losses)
    with tempfile.TemporaryDirectory() as folder, made_in(Path(folder)), multiprocessing.Pool(options.jobs) as pool:
        for made, lost in pool.imap_unordered(count_objects, [(one, options.objects) for one in range(len(ROOTS))]):
            written += made
            losses += lost
    print(
        f"objects: {written['tried']:,} tried, {written['raised']:,} refused with the path of what is wrong,", end=" "
    )
    print(f"{written['written']:,} written exactly; {time.monotonic() - started:.0f} s in all")
    return report(losses)


def report(losses: list[str]) -> int:
    """Print the first losses; 1 if there are any."""
    print("\n".join(losses[:20]))
    return 1 if losses else 0


def print_table(totals: dict[str, Counter[tuple[str, str]]]) -> None:
    """A line for each kind of damage, and one for all."""
    whole: Counter[tuple[str, str]] = Counter()
    heads = (f"{way}: raised/equal" for way in WAYS)
    print(f"{'damage':10} {'tried':>9} {' '.join(f'{head:>29}' for head in heads)} {'lost':>5}")
    for kind, found in totals.items():
        whole += found
        print_row(kind, found)
    print_row("all", whole)


def print_row(kind: str, found: Counter[tuple[str, str]]) -> None:
    """One line."""
    ways = (f"{found[way, 'raised']:,} / {found[way, 'equal']:,}" for way in WAYS)
    tried, lost = found["", "tried"], found["", "lost"]
    print(f"{kind:10} {tried:>9,} {' '.join(f'{way:>29}' for way in ways)} {lost:>5}")


if __name__ == "__main__":
    sys.exit(main())
