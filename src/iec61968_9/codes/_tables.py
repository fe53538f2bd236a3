"""The CSV tables, read when they are first asked for.

A table is a file in ``tables/``, one row a number. Everything that is more than a number and a member name (labels,
symbols, confidence, notes, the physics of a unit) is read from here, so importing the package costs none of it.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias

__all__ = ["Row", "literal", "named", "row", "rows"]

Row: TypeAlias = Mapping[str, str]
"""One line of a table: column name to text; an empty cell is the empty string."""


@functools.cache
def rows(table: str, package: str = "iec61968_9.codes") -> tuple[Row, ...]:
    """Return the rows of a package's ``tables/<table>.csv``, in the file's order."""
    from importlib import resources  # costs more than the rest of the package

    text = resources.files(package).joinpath("tables", f"{table}.csv").read_text(encoding="utf-8")
    return tuple(MappingProxyType(line) for line in csv.DictReader(text.splitlines()))


@functools.cache
def _by_code(table: str) -> Mapping[str, Row]:
    """Return the rows by their code; where several share one, the first, which is the preferred one."""
    return {line["code"]: line for line in reversed(rows(table))}


def row(table: str, code: int | str) -> Row | None:
    """Return the row of a number, or None when the table does not have it."""
    return _by_code(table).get(str(int(code)) if isinstance(code, int) else code)


def literal(table: str, code: int | str, otherwise: str) -> str:
    """Return the standard's literal for a number, or ``otherwise`` when the table does not have the number."""
    line = row(table, code)
    return line["name"] if line is not None else otherwise


@functools.cache
def named(table: str) -> Mapping[str, int]:
    """Return the numbers by their literals, and by their symbols where a symbol is nobody's literal and not shared."""
    lines = rows(table)
    symbols = [line["symbol"] for line in lines]
    found = {line["symbol"]: int(line["code"]) for line in lines if symbols.count(line["symbol"]) == 1}
    return {**found, **{line["name"]: int(line["code"]) for line in lines}}
