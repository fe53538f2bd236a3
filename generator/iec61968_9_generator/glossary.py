"""Reads ``glossary.toml`` and finds the words for a type, a member or a literal.

A schema's own ``xs:documentation`` wins; then the CIM term; then, where there is none, the entry under the schema's
noun and the type's path. Every entry that was looked up is noted, so that one that no schema needs can be found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

from iec61968_9_generator.errors import GeneratorError, load_sections

__all__ = ["Glossary", "Words", "load"]

SECTIONS = ("attributes", "classes", "literals", "members", "types")


@dataclass(frozen=True, slots=True)
class Words:
    """What is said about one thing."""

    text: str
    unit: str | None = None
    secret: bool = False


@dataclass(slots=True)
class Glossary:
    """All words, and which of them were used or wanted."""

    sections: Mapping[str, Mapping[str, Words]]
    used: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    missing: set[str] = field(default_factory=set[str])

    def type(self, noun: str, path: str, cim: str | None, own: str | None) -> Words | None:
        """Words for a type."""
        return self._find(own, ("classes", cim), ("types", f"{noun}/{path}"))

    def knows_type(self, noun: str, path: str) -> bool:
        """Whether there is an entry for just this type."""
        return f"{noun}/{path}" in self.sections.get("types", {})

    def member(self, noun: str, path: str, name: str, cim: str | None, own: str | None) -> Words | None:
        """Words for a member of a type."""
        return self._find(own, ("attributes", cim), ("members", f"{noun}/{path}.{name}"))

    def literal(self, owner: str, literal: str, own: str | None) -> Words | None:
        """Words for a literal of an enumeration, by its CIM class or its reviewed name."""
        return self._find(own, ("literals", f"{owner}.{literal}"))

    def stale(self) -> list[str]:
        """Entries that nothing asked for."""
        return sorted(
            f"[{section}] {key}"
            for section, entries in self.sections.items()
            for key in entries
            if (section, key) not in self.used
        )

    def _find(self, own: str | None, *keys: tuple[str, str | None]) -> Words | None:
        entries: list[Words] = []
        for section, key in keys:
            entry = self.sections.get(section, {}).get(key) if key is not None else None
            if entry is not None and key is not None:
                self.used.add((section, key))
                entries.append(entry)
        secret = any(entry.secret for entry in entries)
        if own is not None:
            return Words(own, entries[0].unit if entries else None, secret)
        if not entries:
            section, key = next((s, k) for s, k in keys if k is not None)
            self.missing.add(f"[{section}] {key}")
            return None
        return replace(entries[0], secret=secret)


def load(folder: Path) -> Glossary:
    """The glossary of a folder of schemas; an empty one where there is none."""
    path = folder / "glossary.toml"
    if not path.exists():
        return Glossary({})
    tables = load_sections(path, SECTIONS)
    return Glossary(
        {
            section: {key: _words(f"[{section}] {key}", entry) for key, entry in entries.items()}
            for section, entries in tables.items()
        }
    )


def _words(key: str, entry: Any) -> Words:
    """One entry: a sentence, or a table with its unit."""
    table = cast("dict[str, Any]", entry if isinstance(entry, dict) else {"text": entry})
    kinds = {"text": str, "unit": str, "secret": bool}
    if any(name not in kinds or not isinstance(value, kinds[name]) for name, value in table.items()):
        raise GeneratorError(f"glossary.toml: {key}: an entry holds text, unit and secret, and nothing else")
    if not str(table.get("text", "")).strip():
        raise GeneratorError(f"glossary.toml: {key}: there is no text")
    return Words(**table)
