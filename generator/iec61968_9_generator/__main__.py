"""The command line: ``python -m iec61968_9_generator generate``, ``check`` and ``diff``."""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import keyword
import sys
from collections.abc import Sequence
from pathlib import Path

from iec61968_9_generator import code_tables, diff, emit_index, files, pipeline
from iec61968_9_generator.errors import GeneratorError

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit code is 0 when all is well, 1 when it finds a difference that matters, 2 on an error."""
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
    command = commands.add_parser("diff", help="say what differs between two sets of schemas, and whom it breaks")
    command.add_argument("old", help="a schema, a folder of schemas, or the name of a generated package")
    command.add_argument("new", help="what is compared with it, likewise")
    command.add_argument("--common", action="store_true", help="only what stands under root elements that both have")
    command.add_argument("--json", action="store_true", help="print JSON")
    command.add_argument(
        "--fail-on",
        action="append",
        choices=[*diff.CLASSES, "nothing"],
        help="end with 1 if there is such a difference; may be repeated (default: breaks-readers and breaks-writers)",
    )
    options = parser.parse_args(arguments)
    if options.command == "diff":
        return _diff(options)
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


def _diff(options: argparse.Namespace) -> int:
    """Print what differs between two sets of schemas; 1 if it is of a kind that was asked for."""
    try:
        findings = diff.compare(_schemas(options.old), _schemas(options.new), common=bool(options.common))
    except (GeneratorError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print((diff.as_json if options.json else diff.as_text)(findings), end="")
    fail_on: list[str] = options.fail_on or ["breaks-readers", "breaks-writers"]
    sides = {diff.CLASSES[name] for name in fail_on if name in diff.CLASSES}
    return int(any(sides & (one.breaks or {None}) for one in findings))


def _schemas(text: str) -> Path:
    """Where schemas are: at a path, or in a generated package."""
    path = Path(text)
    if not path.exists() and all(part.isidentifier() for part in text.split(".")):
        with contextlib.suppress(ImportError):
            found = importlib.util.find_spec(f"{text}._schemas")
            if found is not None and found.submodule_search_locations:
                return Path(next(iter(found.submodule_search_locations)))
    return path


def _codes(folder: Path, schemas: Path) -> dict[Path, dict[str, str]]:
    """What the tables of dotted codes give, if the package has some: enumerations, and a page of the docs."""
    tables = folder / "codes" / "tables"
    if not tables.is_dir():
        return {}
    page = {"codes-reference.md": code_tables.reference(tables)}
    return {folder / "codes": code_tables.emit(tables), schemas.parent / "docs": page}


if __name__ == "__main__":
    raise SystemExit(main())
