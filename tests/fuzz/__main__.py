"""Coverage-guided fuzzing of what reads: ``python -m tests.fuzz [--seconds N] [--keep] [TARGET ...]`` (``make fuzz``).

Runs each target for some seconds, one after the other, and prints a table: how often the oracle ran, how many branches
of the library were reached at the start and at the end, and how many kinds of failure there were. Failures are in
``build/fuzz/findings``, and make the exit status 1. ``--keep`` puts into ``tests/fuzz/corpus`` the smallest inputs
that reached what the seeds do not. Needs atheris, which the dependency group ``fuzz`` installs where there is one for
the Python.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import platform
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.targets import TARGETS, Target

__all__ = ["main"]

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "fuzz"
KEPT_BYTES = 40_000
"""The corpus of one target holds no more: what is over is left out, the largest inputs first."""

PROGRESS = re.compile(r"^#(\d+)\s+(\w+)\s+cov: (\d+) ft: (\d+) corp: (\d+)", re.MULTILINE)


@dataclass(frozen=True)
class Outcome:
    """What came of fuzzing one target."""

    target: Target
    seconds: float
    """Of the processor, so that a busy machine does not count."""
    executions: int
    first: int
    last: int
    inputs: int
    findings: tuple[str, ...]

    def row(self) -> str:
        """One line of the table."""
        rate = self.executions / self.seconds
        grown = f"{self.first:,} to {self.last:,}"
        cells = (
            f"`{self.target.name}`",
            self.target.about,
            f"{self.executions:,}",
            f"{self.seconds:,.0f} s",
            f"{rate:,.0f}",
            grown,
            f"{self.inputs:,}",
            str(len(self.findings)),
        )
        return f"| {' | '.join(cells)} |"


def fuzz(target: Target, seconds: int) -> Outcome:
    """Fuzz one target."""
    folders = {name: BUILD / name / target.name for name in ("corpus", "seeds", "findings")}
    shutil.rmtree(folders["seeds"], ignore_errors=True)
    shutil.rmtree(folders["findings"], ignore_errors=True)
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    for data in target.seeds:
        (folders["seeds"] / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
    dictionary = BUILD / f"{target.name}.dict"
    dictionary.write_text("".join(f'"{_escaped(word)}"\n' for word in target.words() if word), encoding="ascii")
    before = processor()
    output = guided(
        target,
        f"-max_total_time={seconds}",
        f"-max_len={target.most}",
        f"-dict={dictionary}",
        f"-artifact_prefix={folders['findings']}/",
        "-timeout=20",
        "-rss_limit_mb=4096",
        "-len_control=0",
        str(folders["corpus"]),
        str(folders["seeds"]),
    )
    seen = [(int(one[0]), one[1], int(one[2]), int(one[4])) for one in PROGRESS.findall(output)]
    if not seen:
        raise SystemExit(f"{target.name} did not run:\n{output[-3000:]}")
    first = next((cover for _, what, cover, _ in seen if what == "INITED"), seen[0][2])
    found = sorted(path.name for path in folders["findings"].iterdir() if path.suffix != ".txt")
    return Outcome(target, processor() - before, seen[-1][0], first, seen[-1][2], seen[-1][3], tuple(found))


def keep(target: Target) -> int:
    """Keep the smallest inputs that libFuzzer kept, beside what was kept before; returns how many bytes they are.

    Each reached something new when it was found, and was made smaller as long as it still did.
    """
    made = {path.read_bytes() for path in (BUILD / "corpus" / target.name).glob("*")}
    kept: list[bytes] = []
    size = 0
    for data in sorted((made | set(target.kept())) - set(target.make_seeds()), key=lambda data: (len(data), data)):
        if size + len(data) <= KEPT_BYTES:
            size += len(data)
            kept.append(data)
    target.keep(kept)
    return size


def processor() -> float:
    """The processor time of all that this process has started and that has ended, in seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def guided(target: Target, *options: str) -> str:
    """Run libFuzzer on a target, and return what it says."""
    command = [sys.executable, "-m", "tests.fuzz.guided", target.name, str(BUILD / "findings" / target.name), *options]
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True, errors="replace")
    (BUILD / f"{target.name}.log").write_text(done.stderr, encoding="utf-8")
    return done.stderr


def _escaped(word: bytes) -> str:
    return "".join(chr(one) if 32 <= one < 127 and one not in b'"\\' else f"\\x{one:02X}" for one in word)


def table(outcomes: Iterable[Outcome]) -> str:
    """What came of it, as a table."""
    head = "| target | reads with | runs | processor | per second | branches reached | inputs | kinds of failure |"
    return "\n".join([head, "|---|---|---:|---:|---:|---:|---:|---:|", *(one.row() for one in outcomes)])


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz the targets; 1 if something was found, 2 if there is no atheris."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Fuzz everything that reads.")
    parser.add_argument("target", nargs="*", choices=[*TARGETS, []], help="which to fuzz; all if none is named")
    parser.add_argument("--seconds", type=int, default=60, help="how long each is fuzzed")
    parser.add_argument("--keep", action="store_true", help="keep the smallest inputs that reached more than the seeds")
    given = parser.parse_args(arguments)
    if importlib.util.find_spec("atheris") is None:
        print(f"atheris is not installed; for Python {platform.python_version()} there may be none", file=sys.stderr)
        return 2
    chosen = [TARGETS[name] for name in given.target] or list(TARGETS.values())
    outcomes: list[Outcome] = []
    for target in chosen:
        outcomes.append(fuzz(target, given.seconds))
        print(outcomes[-1].row(), flush=True)
        for kind in outcomes[-1].findings:
            print(f"  {BUILD.relative_to(ROOT) / 'findings' / target.name / kind}", flush=True)
        if given.keep:
            print(f"  {keep(target):,} bytes kept", flush=True)
    print(f"\n{table(outcomes)}")
    return 1 if any(one.findings for one in outcomes) else 0


if __name__ == "__main__":
    raise SystemExit(main())
