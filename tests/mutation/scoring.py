"""What the outcomes of a sample say about all mutants of a module, and how sure that is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import sqrt

__all__ = ["Score", "overall", "table"]

CERTAINTY = 1.96
"""Standard deviations of a 95 % interval."""


@dataclass
class Score:
    """A module's outcomes."""

    module: str
    all: int
    """How many mutants there are, of which some were tried."""
    outcomes: Counter[str] = field(default_factory=Counter[str])

    @property
    def tried(self) -> int:
        """How many were tried, without those that are known to change nothing."""
        return self.outcomes.total() - self.outcomes["reviewed"]

    @property
    def seen(self) -> int:
        """How many of them a test noticed."""
        return self.outcomes["killed"] + self.outcomes["timed out"]

    def interval(self) -> tuple[float, float]:
        """Between which shares of all mutants the tests notice, with 95 % certainty (Wilson's interval)."""
        if not self.tried:
            return 0.0, 1.0
        n, share, z = self.tried, self.seen / self.tried, CERTAINTY
        centre, spread = share + z * z / (2 * n), z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
        return max((centre - spread) / (1 + z * z / n), 0.0), min((centre + spread) / (1 + z * z / n), 1.0)


def overall(scores: Iterable[Score]) -> tuple[float, float]:
    """The share that the tests notice of all mutants of several modules, and how far it may be off (95 %).

    Each module counts by how many mutants it has, not by how many were tried. A module of which all were tried
    adds no doubt.
    """
    known = [one for one in scores if one.tried]
    every = sum(one.all for one in known)
    if not every:
        return 0.0, 1.0
    share = sum(one.all * one.seen / one.tried for one in known) / every
    doubt = 0.0
    for one in known:
        # two noticed and two not are added, so that a small sample without a survivor is not taken for certainty
        careful = (one.seen + 2) / (one.tried + 4)
        left = 1 - min(one.outcomes.total() / one.all, 1.0)
        doubt += (one.all / every) ** 2 * careful * (1 - careful) / one.tried * left
    return share, CERTAINTY * sqrt(doubt)


def table(scores: Iterable[Score]) -> Iterator[str]:
    """Lines to print, one a module."""
    yield f"{'module':44} {'all':>6} {'tried':>6} {'killed':>6} {'timed':>6} {'left':>6} {'known':>6}  score (95 %)"
    for one in scores:
        if not one.outcomes:
            continue
        low, high = one.interval()
        share = f"{one.seen / one.tried:4.0%} ({low:.0%} to {high:.0%})" if one.tried else "-"
        counts = (one.all, one.tried, one.outcomes["killed"], one.outcomes["timed out"], one.tried - one.seen)
        yield (
            f"{one.module:44} " + " ".join(f"{count:6}" for count in counts) + f" {one.outcomes['reviewed']:6}  {share}"
        )
