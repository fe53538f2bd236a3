"""Mutation testing of the hand-written modules: which small changes of the library do its tests not notice?

``python -m tests.mutation`` (``make mutate``) needs the dependency group ``mutate``, and Linux. It takes a sample of
the mutants of each module (``mutants``), runs against each those tests of the module's area (``areas.toml``) that
execute the changed statement (``running``), and prints what became of them, with every change that no test noticed.
Changes in ``survivors.toml`` have been looked at, and are not tried.

What was noticed before is not tried again as long as the module has not changed; ``build/mutation`` keeps it, and
forgets it with ``make clean``. ``--minutes`` ends each area early, for either of the two ways in which ``running``
tries; what is tried first does not depend on it.
"""

from __future__ import annotations

import argparse
import compileall
import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from itertools import zip_longest
from pathlib import Path

from tests.mutation.areas import PACKAGE, ROOT, Area, areas
from tests.mutation.mutants import Mutant, chosen
from tests.mutation.running import Result, Run, run_area
from tests.mutation.scoring import Score, overall, table
from tests.mutation.survivors import as_row, reviewed

__all__ = ["main"]

KEPT = ROOT / "build" / "mutation"


class Kept:
    """What became of mutants, over several runs."""

    def __init__(self, area: Area) -> None:
        self.path = KEPT / f"{area.name}.jsonl"
        self.texts = {module: digest(PACKAGE / module) for module in area.modules}
        self.known: dict[tuple[str, str, str, str], str] = {}
        if self.path.exists():
            for line in self.path.read_text(encoding="utf-8").splitlines():
                *key, outcome = json.loads(line)
                module, before, after, text = map(str, key)
                self.known[module, before, after, text] = str(outcome)

    def outcome(self, mutant: Mutant) -> str | None:
        """What became of a mutant if a test noticed it; what was not noticed is always tried again."""
        outcome = self.known.get((*mutant.key, self.texts[mutant.module]))
        return outcome if outcome in ("killed", "timed out") else None

    def keep(self, result: Result) -> None:
        """Write down what became of a mutant."""
        KEPT.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            row = [*result.mutant.key, self.texts[result.mutant.module], result.outcome]
            print(json.dumps(row, ensure_ascii=False), file=file)


def digest(path: Path) -> str:
    """What a file says, in short."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def interleaved(lists: Sequence[Sequence[Mutant]]) -> Iterator[Mutant]:
    """The first of each list, the second of each, and so on."""
    for row in zip_longest(*lists):
        yield from (one for one in row if one is not None)


def try_area(area: Area, modules: Sequence[str], options: argparse.Namespace) -> tuple[list[Score], list[Result], bool]:
    """Try a sample of an area's mutants: the scores, what was not noticed, and whether the tests could be run."""
    wanted = [chosen(module, options.sample or None, options.seed) for module in modules]
    scores = {module: Score(module, count) for module, (count, _) in zip(modules, wanted, strict=True)}
    known, kept = reviewed(), Kept(area)
    left: list[Result] = []
    fresh: list[Mutant] = []
    for mutant in interleaved([sample for _, sample in wanted]):
        outcome = "reviewed" if mutant.key in known else kept.outcome(mutant)
        if outcome is None:
            fresh.append(mutant)
        else:
            scores[mutant.module].outcomes[outcome] += 1

    def report(result: Result) -> None:
        kept.keep(result)
        scores[result.mutant.module].outcomes[result.outcome] += 1
        if result.outcome in ("survived", "not reached"):
            left.append(result)
            print(f"{result.mutant.module}:{result.mutant.line}: {result.outcome}", flush=True)
            for sign, text in (("-", result.mutant.before), ("+", result.mutant.after)):
                print(*(f"  {sign} {line}" for line in text.splitlines()), sep="\n", flush=True)

    passed = True
    if fresh:
        with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
            copy = Path(folder)
            shutil.copytree(PACKAGE, copy / PACKAGE.name, ignore=shutil.ignore_patterns("__pycache__"))
            compileall.compile_dir(copy, quiet=1)
            run = Run(copy, area.tests, fresh, options.seconds, report, minutes=options.minutes)
            passed = run_area(run) == 0 and not run.failures
            print(*run.failures, sep="\n")
    return list(scores.values()), left, passed


def summary(name: str, scores: Sequence[Score]) -> str:
    """The score of several modules, each counted by its number of mutants."""
    share, doubt = overall(scores)
    tried, every = sum(one.tried for one in scores), sum(one.all for one in scores)
    return f"{name}: {tried:,} of {every:,} mutants tried, noticed {share:.1%} ± {doubt:.1%}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Try what is asked for; 0 unless the tests do not even pass without a change."""
    parser = argparse.ArgumentParser(prog="tests.mutation", description=__doc__)
    parser.add_argument("modules", nargs="*", help="patterns such as 'exchange/*' (default: every module)")
    parser.add_argument("--sample", type=int, default=20, help="how many mutants of each module (0: all)")
    parser.add_argument("--seed", type=int, default=1, help="which ones")
    parser.add_argument("--seconds", type=float, default=3.0, help="processor time for the tests of one mutant")
    parser.add_argument(
        "--minutes", type=float, default=0, help="how long to try in an area, for either way (0: to the end)"
    )
    options = parser.parse_args(arguments)
    os.chdir(ROOT)
    start = time.monotonic()
    scores: list[Score] = []
    left: list[Result] = []
    failed: list[str] = []
    summaries: list[str] = []
    for area in areas():
        modules = [one for one in area.modules if not options.modules or any(fnmatch(one, x) for x in options.modules)]
        if modules:
            found, survived, passed = try_area(area, modules, options)
            scores += found
            summaries.append(summary(area.name, found))
            left += survived
            failed += [] if passed else [area.name]
    KEPT.mkdir(parents=True, exist_ok=True)
    (KEPT / "survivors.toml").write_text("\n".join(as_row(one.mutant) for one in left), encoding="utf-8")
    print("\n".join(table(scores)))
    print(*summaries, summary("in all", scores), f"{time.monotonic() - start:.0f} s", sep="\n")
    for name in failed:
        print(f"{name}: the tests do not pass without a change")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
