"""What the generator says when it cannot do what the schemas ask for."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["GeneratorError", "Place", "UnsupportedError", "load_sections", "load_toml"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in the schemas."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class GeneratorError(Exception):
    """The schemas, or what stands beside them, contradict themselves. The text names the file and the entry."""


class UnsupportedError(GeneratorError):
    """A schema uses something that the generator cannot turn into code that is right, so it refuses.

    Attributes:
        construct: What it is, in XML Schema's own word (``"xs:all"``, ``"xs:substitutionGroup"``).
        place: Where it stands.
    """

    def __init__(self, construct: str, place: Place, why: str = "") -> None:
        super().__init__(f"{place}: {construct} is not supported{': ' + why if why else ''}")
        self.construct = construct
        self.place = place


def load_toml(path: Path) -> dict[str, Any]:
    """A table that people wrote.

    Raises:
        GeneratorError: It is no TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise GeneratorError(f"{path.name}: {error}") from error


def load_sections(path: Path, allowed: Collection[str]) -> dict[str, dict[str, Any]]:
    """A table that people wrote, in sections.

    Raises:
        GeneratorError: It is no TOML, or holds anything but the sections that are allowed.
    """
    sections = load_toml(path)
    for section, entries in sections.items():
        if section not in allowed or not isinstance(entries, dict):
            raise GeneratorError(f"{path.name}: [{section}] is none of {', '.join(f'[{name}]' for name in allowed)}")
    return sections
