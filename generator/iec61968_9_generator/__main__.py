"""The command line: ``python -m iec61968_9_generator generate`` and ``check``."""

from __future__ import annotations

import argparse
import keyword
import sys
from collections.abc import Sequence
from pathlib import Path

from iec61968_9_generator import code_tables, emit_index, files, pipeline
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
    if not all(part.isidentifier() and not keyword.iskeyword(part) for part in package.split(".")):
        print(f"{package!r} is no name of a package", file=sys.stderr)
        return 2
    folder = Path(options.out) if options.out else Path("src", *package.split("."))
    try:
        package_files = pipeline.generate(Path(options.schemas), package)
        if files.free(folder / "__init__.py"):  # the library's own is written by people
            package_files["__init__.py"] = emit_index.package(package)
        made = {folder: package_files, **_codes(folder, Path(options.schemas))}
        if options.command == "generate":
            for place, texts in made.items():
                files.put(place, texts)
                print(f"{len(texts)} files in {place}")
            return 0
        found = [line for place, texts in made.items() for line in files.differences(place, texts)]
    except (GeneratorError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    for line in found:
        print(line)
    if found:
        print("What is on disk is not what the schemas and tables give: generate it again.", file=sys.stderr)
    return 1 if found else 0


def _codes(folder: Path, schemas: Path) -> dict[Path, dict[str, str]]:
    """What the tables of dotted codes give, if the package has some: enumerations, and a page of the docs."""
    tables = folder / "codes" / "tables"
    if not tables.is_dir():
        return {}
    page = {"codes-reference.md": code_tables.reference(tables)}
    return {folder / "codes": code_tables.emit(tables), schemas.parent / "docs": page}


if __name__ == "__main__":
    raise SystemExit(main())
