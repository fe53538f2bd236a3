"""Run all measurements, print them, and write docs/performance.md."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from benchmarks import building, codes, contest, forms, imports, java, messages, regeneration, serving, stages, streams
from benchmarks.harness import Row, Section, machine, markdown, plain

__all__ = ["main"]

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"

CODES_LEAST = 1_000_000 / 60
"""A million a minute, all different."""


def _codes(count: int) -> Section:
    rows: list[Row] = []
    for found in codes.run(count):
        goal = found.subject == "parse and describe, all different"
        rows.append(
            Row(
                found.subject,
                f"{found.per_second:,.0f} a second",
                "",
                f"≥ {CODES_LEAST:,.0f} a second" if goal else "",
                found.per_second >= CODES_LEAST if goal else None,
            )
        )
    return Section("Codes", f"{count:,} reading types; of three repetitions the fastest.", rows)


def _parts(folder: Path, *, quick: bool) -> dict[str, Callable[[], Iterable[Section]]]:
    """What there is to measure, by name."""
    nouns = ("MeterReadings", "GetMeterReadings") if quick else ()
    return {
        "contest": lambda: contest.run(
            folder,
            meters=20 if quick else 1_000,
            processes=1 if quick else 3,
            seconds=0.01 if quick else 0.3,
            java=(3, 3) if quick else (15, 3_000),
        ),
        "stages": lambda: [stages.run(rounds=2 if quick else 7, meters=10 if quick else 1_000)],
        "streams": lambda: [streams.run(folder, meters=40 if quick else 42_000)],
        "messages": lambda: [messages.run(rounds=3 if quick else 15, calls=20 if quick else 500)],
        "forms": lambda: [forms.run(rounds=3 if quick else 15, calls=20 if quick else 300)],
        "building": lambda: [building.run(rounds=3 if quick else 15, calls=20 if quick else 500)],
        "serving": lambda: [
            serving.run(rounds=3 if quick else 15, calls=20 if quick else 300, meters=5 if quick else 100)
        ],
        "imports": lambda: [imports.run(rounds=1 if quick else 9, nouns=nouns)],
        "regeneration": lambda: [] if quick else [regeneration.run(folder, rounds=3)],
        "codes": lambda: [_codes(500 if quick else 50_000)],
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is asked for. A missed target is shown, and is no failure."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", help="what to measure (default: everything)")
    parser.add_argument(
        "--quick", action="store_true", help="small sizes: shows that it runs, says nothing about speed"
    )
    parser.add_argument(
        "--page", type=Path, help="where to write the page (default: docs/performance.md, if all was measured in full)"
    )
    options = parser.parse_args(arguments)
    wanted: list[str] = options.parts
    page: Path | None = options.page or (None if options.quick or wanted else PAGE)
    sections: list[Section] = []
    about = [*machine(), *java.versions()]
    print(*(f"{name}: {value}" for name, value in about), "", sep="\n", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        parts = _parts(Path(folder), quick=options.quick)
        unknown = set(wanted) - set(parts)
        if unknown:
            parser.error(f"there is no {', '.join(sorted(unknown))}; there is {', '.join(parts)}")
        for name, run in parts.items():
            if not wanted or name in wanted:
                for section in run():
                    sections.append(section)
                    print(plain(section), flush=True)
    if page is not None:
        page.write_text(markdown(about, sections, parts), encoding="utf-8")
        print(f"written to {page}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
