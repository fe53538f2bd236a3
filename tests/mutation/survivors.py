"""The changes that were looked at and change nothing that a user could see: ``survivors.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path

from tests.mutation.mutants import Mutant

__all__ = ["TABLE", "outdated", "reviewed"]

TABLE = Path(__file__).parent / "survivors.toml"


def reviewed() -> dict[tuple[str, str, str], str]:
    """Why each changes nothing, by module, what was changed, and what it became."""
    rows = tomllib.loads(TABLE.read_text(encoding="utf-8")).get("survivor", [])
    return {(row["module"], row["before"], row["after"]): row["why"] for row in rows}


def outdated(texts: dict[str, str]) -> Iterable[tuple[str, str, str]]:
    """Those whose module, by its text, no longer says what was changed."""
    for key in reviewed():
        module, before, _ = key
        lines = {line.strip() for line in texts.get(module, "").splitlines()}
        if not set(before.splitlines()) <= lines:
            yield key


def as_row(mutant: Mutant) -> str:
    """A mutant as an entry for the table, its reason to be filled in."""
    return (
        f"[[survivor]]\nmodule = '{mutant.module}'\nbefore = '''{mutant.before}'''\n"
        f"after = '''{mutant.after}'''\nwhy = ''\n"
    )
