"""All steps in their order: from a folder of schemas to the texts of a package."""

from __future__ import annotations

from pathlib import Path

from iec61968_9_generator import (
    emit_codecs,
    emit_dataclasses,
    emit_index,
    emit_schemas,
    glossary,
    manifest,
    names,
    read,
    share,
)
from iec61968_9_generator.errors import GeneratorError

__all__ = ["generate"]


def generate(schemas: Path, package: str) -> dict[str, str]:
    """The text of every generated file of a package, by its path in it.

    Args:
        schemas: The folder of schemas, with ``manifest.toml``, ``glossary.toml`` and ``names.toml`` where there are
            any.
        package: The package's name, as it is imported.

    Raises:
        UnsupportedError: A schema uses something that the generator does not handle.
        GeneratorError: The schemas contradict themselves, or an entry of a table is missing or stale.
    """
    table = names.load(schemas)
    words = glossary.load(schemas)
    entries = manifest.load(schemas)
    models = read.own_roots(
        [read.read(schemas, entry.file, entry.noun, envelope=entry.role == "envelope") for entry in entries]
    )
    profiles = [names.build(schema, entry, table, words) for schema, entry in zip(models, entries, strict=True)]
    layout = share.share(profiles, table)
    _check_tables(table, words)
    return {
        **emit_dataclasses.emit(layout, package),
        **emit_codecs.emit(layout, package),
        **emit_schemas.emit(layout),
        **emit_index.emit(layout, package),
    }


def _check_tables(table: names.NameTable, words: glossary.Glossary) -> None:
    """Refuse entries that nothing uses and, where there is a glossary, things that it leaves out."""
    problems = [f"names.toml: nothing uses {entry}" for entry in table.stale()]
    problems += [f"glossary.toml: nothing uses {entry}" for entry in words.stale()]
    if words.sections:
        problems += [f"glossary.toml: there is no {entry}" for entry in sorted(words.missing)]
    if problems:
        raise GeneratorError("\n".join(problems))
