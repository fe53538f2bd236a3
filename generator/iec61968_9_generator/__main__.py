"""The command line: ``python -m iec61968_9_generator generate`` and ``check``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from iec61968_9_generator import files, pipeline
from iec61968_9_generator.errors import GeneratorError

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit code is 0 when all is well, 1 when ``check`` finds a difference, 2 on an error."""
    parser = argparse.ArgumentParser(prog="iec61968_9_generator", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (
        ("generate", "write the package"),
        ("check", "say how the package on disk differs from a fresh run"),
    ):
        command = commands.add_parser(name, help=text)
        command.add_argument("--schemas", type=Path, default=Path("xsd"), help="the folder of schemas (default: xsd)")
        command.add_argument("--package", default="iec61968_9", help="the package's name (default: iec61968_9)")
        command.add_argument("--out", type=Path, help="the package's folder (default: src/NAME)")
    options = parser.parse_args(arguments)
    package = str(options.package)
    folder = Path(options.out) if options.out else Path("src", *package.split("."))
    try:
        made = pipeline.generate(Path(options.schemas), package)
        if options.command == "generate":
            files.put(folder, made)
            print(f"{len(made)} files in {folder}")
            return 0
        found = files.differences(folder, made)
    except GeneratorError as error:
        print(error, file=sys.stderr)
        return 2
    for line in found:
        print(line)
    if found:
        print("The package on disk is not what the schemas give: run `make generate`.", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
