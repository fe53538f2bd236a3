"""Reads ``manifest.toml``: what each schema is, how sure we are of it, which query asks for which payload.

A folder without a manifest gets one made up: every schema file in it that no other includes or imports is a payload
of unstated status.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any, cast

from iec61968_9_generator import documents
from iec61968_9_generator.errors import GeneratorError, load_toml

__all__ = ["Entry", "load"]

ROLES = ("envelope", "payload", "query")
STATUSES = ("schema-backed", "pruned", "derived", "unstated")
CONFIDENCES = ("high", "medium-high", "medium", "low-medium", "low", "very low", "unstated")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One schema of the manifest."""

    noun: str
    file: str
    role: str
    status: str = "unstated"
    confidence: str = "unstated"
    evidence: str = ""
    asks_for: str | None = None
    standard: str = ""


def load(folder: Path) -> list[Entry]:
    """All schemas of a folder, in the order in which the manifest names them.

    Raises:
        GeneratorError: The manifest names a file that is not there, or a word that it may not use.
    """
    path = folder / "manifest.toml"
    if not path.exists():
        paths = sorted(folder.rglob("*.xsd"))
        parts = {part for path in paths for part in documents.locations(path, folder) if part != path.resolve()}
        files = [path.relative_to(folder).as_posix() for path in paths if path.resolve() not in parts]
        if not files:
            why = "that no other includes or imports; name in manifest.toml which are payloads" if paths else ""
            raise GeneratorError(f"there is no schema in {folder} {why}".rstrip())
        entries = [Entry(noun=Path(file).stem, file=file, role="payload") for file in files]
        _check_unique(entries)
        return entries
    tables: Any = load_toml(path).get("schema", [])
    if not isinstance(tables, list):
        raise GeneratorError("manifest.toml: each schema is a [[schema]], in double brackets")
    entries = [_entry(table) for table in cast("list[dict[str, object]]", tables)]
    if not entries:
        raise GeneratorError("manifest.toml: there is no [[schema]]")
    _check_unique(entries)
    nouns = {entry.noun for entry in entries}
    for entry in entries:
        for word, allowed in ((entry.role, ROLES), (entry.status, STATUSES), (entry.confidence, CONFIDENCES)):
            if word not in allowed:
                raise GeneratorError(f"manifest.toml: {entry.noun}: {word!r} is none of {', '.join(allowed)}")
        if not (folder / entry.file).is_file():
            raise GeneratorError(f"manifest.toml: {entry.noun}: there is no {entry.file}")
        if entry.asks_for is not None and entry.asks_for not in nouns:
            raise GeneratorError(
                f"manifest.toml: {entry.noun}: asks_for {entry.asks_for!r} is no noun of this manifest"
            )
    return entries


def _entry(table: dict[str, object]) -> Entry:
    """One table of the manifest."""
    what = f"manifest.toml: {table.get('noun', 'a schema without noun')}"
    known = {field.name: field.default is MISSING for field in fields(Entry)}
    for key, value in table.items():
        if key not in known or not isinstance(value, str):
            raise GeneratorError(f"{what}: {key} = {value!r} is no text under one of {', '.join(known)}")
    for key, required in known.items():
        if required and key not in table:
            raise GeneratorError(f"{what}: {key} is missing")
    return Entry(**table)  # type: ignore[arg-type]  # looked at above


def _check_unique(entries: list[Entry]) -> None:
    """Refuse two schemas of one noun."""
    seen: dict[str, Entry] = {}
    for entry in entries:
        other = seen.setdefault(entry.noun, entry)
        if other is not entry:
            raise GeneratorError(f"{entry.noun} is {other.file} and {entry.file}; give them two nouns in manifest.toml")
