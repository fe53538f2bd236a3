"""The rules by which names become Python's, and the table of names that people reviewed."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from iec61968_9_generator.errors import GeneratorError, load_sections

__all__ = ["RESERVED", "RUNTIME", "SPELT", "USED", "NameTable", "is_name", "load", "snake"]

SECTIONS = ("anonymous", "choices", "classes", "literals", "members", "modules", "wildcards")

WILDCARD: Mapping[str, type] = {"many": str, "one": str, "parameter": bool, "words": str}
"""What the table says of a wildcard: names for what it holds and for the one thing in it, and what it is."""

USED = frozenset({"q", "xml", "xmlns", "xsi", "xsit"})
"""Prefixes that have a meaning of their own where documents are written."""

SPELT = 3
"""How many elements the name of an ordered list names at most."""

RESERVED = frozenset({"bool", "datetime", "field", "float", "int", "kept", "list", "str"})
"""What the body of a class uses, and the base class's member, which no member may hide."""

RUNTIME = frozenset(
    {
        "Any",
        "Body",
        "Content",
        "Decimal",
        "Generic",
        "QName",
        "Query",
        "NIL",
        "Nil",
        "Record",
        "Reference",
        "StrEnum",
        "TypeAlias",
        "TYPE_CHECKING",
        "annotations",
        "dataclass",
        "field",
        "datetime",
        "sole",
    }
)
"""What a module of dataclasses imports under names of its own, which no class may have."""


JOINTS = str.maketrans("-.", "__")
"""What may stand inside the names of XML and not inside Python's."""


def snake(name: str) -> str:
    """``issuerTrackingID`` → ``issuer_tracking_id``; ``mRID`` → ``mrid``; ``mime-type`` → ``mime_type``."""
    name = re.sub(r"^[a-z](?=[A-Z]{2,}(?![a-z]))", lambda letter: letter.group().upper(), name)
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower().translate(JOINTS)


def camel(name: str) -> str:
    """A name as that of a class: ``meterReading`` → ``MeterReading``; ``mime-type`` → ``MimeType``."""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[-.]", name))


@dataclass(slots=True)
class NameTable:
    """The reviewed names, and which of them were used."""

    sections: Mapping[str, Mapping[str, Any]]
    used: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])

    def find(self, section: str, *keys: str) -> Any:
        """The first entry that one of the keys has, or None."""
        found: Any = None
        for key in keys:
            entry = self.sections.get(section, {}).get(key)
            if entry is not None:
                self.used.add((section, key))
                found = entry if found is None else found
        return found

    def stale(self) -> list[str]:
        """Entries that nothing asked for."""
        return sorted(
            f"[{section}] {key}"
            for section, entries in self.sections.items()
            for key in entries
            if (section, key) not in self.used
        )


def load(folder: Path) -> NameTable:
    """The reviewed names of a folder of schemas; an empty table where there is none."""
    path = folder / "names.toml"
    if not path.exists():
        return NameTable({})
    sections = load_sections(path, SECTIONS)
    for section, entries in sections.items():
        for key, entry in entries.items():
            if not (_is_wildcard(entry) if section == "wildcards" else entry and isinstance(entry, str)):
                what = f"a table of {', '.join(WILDCARD)}" if section == "wildcards" else "a name"
                raise GeneratorError(f"names.toml: [{section}] {key} = {entry!r} is not {what}")
    return NameTable(sections)


def _is_wildcard(entry: Any) -> bool:
    """Whether an entry is what the table may say of a wildcard."""
    table = cast("dict[str, object]", entry if isinstance(entry, dict) else {"": None})
    return all(isinstance(value, WILDCARD.get(one, ())) for one, value in table.items())


def is_name(name: str) -> bool:
    """Whether Python takes a name, and as it is: it folds some letters into others without a word."""
    return name.isidentifier() and not keyword.iskeyword(name) and unicodedata.normalize("NFKC", name) == name
