"""xsdata's reading of a document, to be held against the library's: the classes that it makes of the same schemas, and
when two values of the two mean the same.
"""

from __future__ import annotations

import dataclasses
import datetime
import importlib
import math
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Any

from tests.properties.support import XSD
from tests.tables import NOUNS, table
from xsdata.formats.dataclass.models.generics import AnyElement
from xsdata.models.datatype import XmlDate, XmlDateTime, XmlTime

from iec61968_9 import ForeignElement, QName
from iec61968_9.xml.codec import Profile

__all__ = ["FINER", "made_in", "same", "their_class"]

PACKAGE = "made_by_xsdata"
NANOSECONDS = 9
FINER = re.compile(rb"(:[0-9]{2}\.[0-9]{9})[0-9]+")
"""xsdata reads no finer digits of a second."""


@contextmanager
def made_in(folder: Path, nouns: Sequence[str] = NOUNS) -> Generator[str, None, None]:
    """The package of classes that xsdata makes of schemas, in a folder; importable inside the ``with`` block."""
    generate(folder, "mixed", [noun for noun in nouns if keeps_order(noun)], "--compound-fields")
    generate(folder, "plain", [noun for noun in nouns if not keeps_order(noun)])
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    yield PACKAGE
    sys.path.remove(str(folder))


def keeps_order(noun: str) -> bool:
    """Whether a schema has a choice that repeats, which needs one list for all its branches."""
    return any(one.group.endswith("unbounded") for owner in table(noun).owners.values() for one in owner.particles)


def generate(folder: Path, name: str, nouns: list[str], *options: str) -> None:
    """Let xsdata make a package of some schemas."""
    schemas = folder / name
    schemas.mkdir()
    for path in XSD.rglob("*.xsd"):
        if path.stem in nouns:
            shutil.copy(path, schemas)
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])  # it calls ruff
    subprocess.run(
        [sys.executable, "-m", "xsdata", "generate", name, "--package", f"{PACKAGE}.{name}", *options],
        cwd=folder,
        env={**os.environ, "PATH": programs},
        check=True,
        capture_output=True,
    )


def their_class(package: str, profile: Profile, root: str) -> type[Any]:
    """xsdata's class for a root element."""
    name = profile.module if profile.role != "envelope" else "message"
    module = importlib.import_module(f"{package}.{'mixed' if keeps_order(profile.noun) else 'plain'}.{name}")
    found: type[Any] = getattr(module, root)
    return found


def same(ours: Any, theirs: Any, where: str) -> None:
    """Two values mean the same; objects are compared member by member, in the order of the schema."""
    match ours:
        case None:
            assert theirs is None or theirs == [], where
        case list():
            assert isinstance(theirs, list), where
            assert len(ours) == len(theirs), where  # pyright: ignore[reportUnknownArgumentType]  # of anything
            for number, (one, other) in enumerate(zip(ours, theirs, strict=True)):  # pyright: ignore
                same(one, other, f"{where}[{number}]")
        case QName():
            assert str(ours) == str(theirs), where
        case Enum():
            assert ours.value == theirs.value, where
        case datetime.datetime() | datetime.date() | datetime.time():
            assert moment(ours) == moment(theirs), where
        case float():
            assert theirs == ours or (math.isnan(ours) and math.isnan(theirs)), where
        case _ if dataclasses.is_dataclass(ours):
            same_members(ours, theirs, where)
        case _:
            assert type(ours) is type(theirs), where
            assert ours == theirs, where


def same_members(ours: Any, theirs: Any, where: str) -> None:
    """Two objects have the same members with the same names and values."""
    left = [field for field in dataclasses.fields(ours) if field.name != "kept"]
    right = list(dataclasses.fields(theirs))
    assert len(left) == len(right), (where, [one.name for one in left], [one.name for one in right])
    for our_field, their_field in zip(left, right, strict=True):
        place = f"{where}/{our_field.name}"
        name = str(their_field.metadata.get("name") or their_field.name)
        kind = their_field.metadata.get("type")
        if kind in {"Element", "Attribute"}:
            assert plain(our_field.name) == plain(name), place
        value = getattr(theirs, their_field.name)
        if kind == "Wildcard":
            same_names(getattr(ours, our_field.name), value, place)
            continue
        if kind == "Elements" and value is not None and not isinstance(value, list):
            value = [value]
        same(getattr(ours, our_field.name), value, place)


def same_names(ours: Any, theirs: Any, where: str) -> None:
    """Two wildcards hold elements of the same names; xsdata leaves open what is in them."""
    left, right = listed(ours), listed(theirs)
    names = [one.tag.rpartition("}")[2] if isinstance(one, ForeignElement) else type(one).__name__ for one in left]
    found = [str(one.qname).rpartition("}")[2] if isinstance(one, AnyElement) else type(one).__name__ for one in right]
    assert names == found, where


def listed(value: Any) -> list[Any]:
    """A value as a list of those that are there."""
    if isinstance(value, list):
        return value  # pyright: ignore[reportUnknownVariableType]  # of anything
    return [] if value is None else [value]


def plain(name: str) -> str:
    """A name without what Python's spelling adds or takes."""
    return name.replace("_", "").lower()


def moment(value: Any) -> tuple[Any, ...]:
    """A time as numbers: date, time of day with nanoseconds, offset in minutes."""
    if isinstance(value, XmlDateTime | XmlTime) and value.hour == 24:
        assert (value.minute, value.second, value.fractional_second) == (0, 0, 0)
        if isinstance(value, XmlTime):
            return (0, 0, 0, 0, value.offset)
        day = datetime.datetime(value.year, value.month, value.day) + datetime.timedelta(days=1)
        return (day.year, day.month, day.day, 0, 0, 0, 0, value.offset)
    parts = [
        getattr(value, name) for name in ("year", "month", "day", "hour", "minute", "second") if hasattr(value, name)
    ]
    if isinstance(value, XmlDateTime | XmlTime):
        return (*parts, value.fractional_second, value.offset)
    if isinstance(value, XmlDate):
        return (*parts, value.offset)
    offset = value.tzinfo.utcoffset(None) if getattr(value, "tzinfo", None) is not None else None
    minutes = None if offset is None else offset // datetime.timedelta(minutes=1)
    if not hasattr(value, "microsecond"):
        return (*parts, minutes)
    digits = f"{value.microsecond:06}{getattr(value, 'finer', '')}".ljust(NANOSECONDS, "0")[:NANOSECONDS]
    return (*parts, int(digits), minutes)
