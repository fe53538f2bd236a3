"""One target under atheris: ``python -m tests.fuzz.guided TARGET FOLDER [libFuzzer's options and folders]``.

A process of its own, since libFuzzer ends the one that it runs in. A finding does not end it: the smallest input of
each kind of failure is written to FOLDER, with what went wrong beside it, and fuzzing goes on. Failures are of one kind
if they end at one line of the library, or of an oracle.

Only the library is instrumented, and of the generated code the codecs of a few profiles: the others are more of the
same and would slow everything down.
"""

from __future__ import annotations

import importlib
import sys
import traceback
from pathlib import Path
from typing import Any

__all__ = ["Findings", "main"]

PACKAGE = "iec61968_9"
CODECS = ("envelope", "meter_readings", "get_meter_readings", "end_device_controls", "end_device_events")
"""The generated codecs that are instrumented."""


def left_out() -> list[str]:
    """The modules that are not instrumented: classes, tables of names, the other codecs."""
    folder = Path(__file__).resolve().parents[2] / "src" / PACKAGE
    modules = [".".join((PACKAGE, *path.relative_to(folder).with_suffix("").parts)) for path in folder.rglob("*.py")]
    found = [name for name in modules if ".profiles." in name or name.endswith("_enums") or ".testing." in name]
    return found + [name for name in modules if "._codecs." in name and name.rpartition(".")[2] not in CODECS]


class Findings:
    """What went wrong, the smallest input of each kind.

    Args:
        folder: Where it is written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.found: dict[str, int] = {}

    def add(self, data: bytes, error: BaseException) -> str:
        """Note a failure, and return its kind."""
        frames = [
            frame
            for frame in traceback.extract_tb(error.__traceback__)
            if f"/{PACKAGE}/" in frame.filename or "/tests/fuzz/" in frame.filename
        ]
        kind = "-".join([type(error).__name__, *(f"{Path(one.filename).stem}-{one.lineno}" for one in frames[-1:])])
        if kind not in self.found or len(data) < self.found[kind]:
            self.found[kind] = len(data)
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / kind).write_bytes(data)
            (self.folder / f"{kind}.txt").write_text("".join(traceback.format_exception(error)), errors="replace")
        return kind


def main(arguments: list[str]) -> None:
    """Fuzz one target until libFuzzer ends the process."""
    atheris: Any = importlib.import_module("atheris")
    name, folder, *options = arguments
    with atheris.instrument_imports(include=[PACKAGE], exclude=left_out()):
        target = importlib.import_module("tests.fuzz.targets").TARGETS[name]
        seeded = importlib.import_module("tests.tables").seeded
        findings = Findings(Path(folder))
        for data in target.seeds:  # what the library loads when it is first used is loaded, and instrumented, here
            run(target.check, data, findings)

    def damage(data: bytes, most: int, seed: int) -> bytes:
        random = seeded(seed)
        if random.random() < 0.3:
            return bytes(atheris.Mutate(data, most))
        return bytes(target.damaged(data, random)[:most])

    def tried(data: bytes) -> None:
        run(target.check, data, findings)

    atheris.Setup([sys.argv[0], *options], tried, custom_mutator=damage)
    atheris.Fuzz()


def run(check: Any, data: bytes, findings: Findings) -> None:
    """Hold one input to the oracle."""
    try:
        check(data)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # whatever it is, it is a finding
        findings.add(data, error)


if __name__ == "__main__":
    main(sys.argv[1:])
