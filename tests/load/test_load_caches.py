"""Whatever is remembered between messages is bounded: in number, and in the length of each piece."""

from __future__ import annotations

import ast
import functools
import gc
import io
import pkgutil
import sys
import tracemalloc
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest
from tests.load.messages import Stage

import iec61968_9
from iec61968_9 import Reference, iter_xml, open_writer
from iec61968_9.codes import ReadingTypeCode
from iec61968_9.exchange import Conversations, System
from iec61968_9.profiles.meter_readings import IntervalBlock, MeterReading, MeterReadings
from iec61968_9.xml import lexical

UNBOUNDED = {
    "codes._tables._by_code": "tables",
    "codes._tables.named": "tables",
    "codes._tables.rows": "tables",
    "codes.anycode._imperatives": "no arguments",
    "codes.obis._pairs": "no arguments",
    "codes.units.unit_facts": "members of an enumeration; for others it raises",
    "codes.values._registry": "no arguments",
    "codes.words.load_wording": "languages of which there are words; for others it raises",
    "exchange.building.copying._members": "classes",
    "exchange.diagnosis._case.attribute_of": "names of members of classes",
    "exchange.diagnosis._case.element_of": "names of members of classes",
    "exchange.diagnosis._looks": "roles",
    "exchange.conversing.subjects._spoken_of": "classes",
    "exchange.rules.exchange_rules": "no arguments",
    "exchange.rules.finding_kinds": "no arguments",
    "identity.making._classes": "classes",
    "xml.naming.member_name": "names of elements in the library's own code and tables",
    "xml.registry._declared": "packages that are registered",
    "xml.validation._pool": "profiles; each pool has as many schemas as threads validated at once",
    "xml.writing._name_schema": "no arguments",
    "xml.writing._readable": "no arguments",
}
"""Caches without a bound of their own, and what bounds them: what they are asked for."""


def sources() -> Iterator[tuple[str, ast.Module]]:
    """All modules that people wrote, as they are installed. Strategies for tests are not part of a service."""
    folder = Path(iec61968_9.__file__).parent
    for path in sorted(folder.rglob("*.py")):
        name = ".".join(path.relative_to(folder).with_suffix("").parts).removesuffix(".__init__")
        if name.partition(".")[0] not in {"profiles", "_codecs", "_schemas", "testing"}:
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def unbounded() -> Iterator[str]:
    """The functions that remember all that they were ever asked."""
    for module, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                for one in map(ast.unparse, node.decorator_list):
                    if one in {"cache", "functools.cache"} or one.replace("maxsize=", "").endswith("lru_cache(None)"):
                        yield f"{module}.{node.name}"


def test_a_cache_is_bounded_or_was_looked_at() -> None:
    """Who adds one says here what bounds it."""
    assert sorted(unbounded()) == sorted(UNBOUNDED)


def remembered() -> dict[str, int]:
    """The sizes of everything that lives as long as the library: caches, and containers of modules."""
    found: dict[str, int] = {}
    for name, module in sorted(sys.modules.items()):
        if name.partition(".")[0] == "iec61968_9" and ".testing" not in name:
            for key, value in vars(module).items():
                if isinstance(value, functools._lru_cache_wrapper):  # pyright: ignore[reportPrivateUsage]  # what it makes has no other name
                    found[f"{name}.{key}"] = value.cache_info().currsize
                elif isinstance(value, dict | list | set) and not key.startswith("__"):
                    found[f"{name}.{key}"] = len(value)  # pyright: ignore[reportUnknownArgumentType]  # of anything
    return found


def bounds() -> dict[str, int]:
    """How large those may get that messages fill."""
    found = {
        "iec61968_9.xml.lexical.known_date_times": 4096,
        "iec61968_9.xml.lenient._known_date_times": 4096,
        "iec61968_9.xml.reading._known_date_times": 4096,
        "iec61968_9.xml.lexical.known_texts": 4096,
        "iec61968_9.xml.writing._known_texts": 4096,
        "iec61968_9.codes._dotted._READ": 8192,
    }
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "iec61968_9":
            for key, value in vars(module).items():
                if isinstance(value, functools._lru_cache_wrapper):  # pyright: ignore[reportPrivateUsage]  # as above
                    most = cast("int | None", value.cache_parameters()["maxsize"])
                    if most is not None:
                        found[f"{name}.{key}"] = most
    return found


def test_thousands_of_messages_leave_nothing_behind() -> None:
    """Read, refused, answered, lenient, in SOAP, in conversations: with new identifiers, names and namespaces each."""
    for module in pkgutil.walk_packages(iec61968_9.__path__, "iec61968_9."):
        if not module.name.startswith("iec61968_9.testing") and not module.name.endswith("__main__"):
            import_module(module.name)
    stage = Stage()
    for number in range(400):
        stage.turn(number)
    gc.collect()
    before, objects = remembered(), len(gc.get_objects())
    for number in range(400, 2400):
        stage.turn(number)
    gc.collect()
    grown = {name: (before.get(name, 0), size) for name, size in remembered().items() if size > before.get(name, 0)}
    allowed = bounds()
    assert {name for name in grown if name not in allowed} == set(), grown
    assert all(size <= allowed[name] for name, (_, size) in grown.items()), grown
    # An object of a bounded cache is one, and so is what it is made of; nothing else may come to stay.
    cached = sum(after - then for then, after in grown.values())
    assert len(gc.get_objects()) - objects <= 4 * cached + 200, (len(gc.get_objects()) - objects, grown)


def test_times_that_never_come_again_are_forgotten() -> None:
    for second in range(10_000):
        lexical.date_time(f"2026-03-02T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z")
    assert len(lexical.known_date_times) <= 4096
    known = len(lexical.known_date_times)
    lexical.date_time("2026-03-02T00:00:00." + "0" * 10_000 + "Z")
    assert len(lexical.known_date_times) == known


def test_codes_that_never_come_again_are_forgotten() -> None:
    from iec61968_9.codes import _dotted

    for number in range(20_000):
        ReadingTypeCode.parse(f"0.0.2.4.1.1.12.0.0.0.0.{number}.0.0.0.3.72.0")
    assert len(_dotted._READ) <= 8192  # pyright: ignore[reportPrivateUsage]  # what is to be bounded


LONG_REFERENCES = 400
LENGTH = 100_000


def peak_of(work: Any) -> int:
    """How much memory some work takes at its peak."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


class Endless(io.RawIOBase):
    """A source of items with long references, each another."""

    def __init__(self) -> None:
        self.count = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        self.count += 1
        if self.count == 1:
            return b'<MeterReadings xmlns="http://iec.ch/TC57/2011/MeterReadings#">'
        if self.count <= LONG_REFERENCES:
            kind = f'<ReadingType ref="{self.count:0{LENGTH}}"/>'
            return f"<MeterReading><IntervalBlocks>{kind}</IntervalBlocks></MeterReading>".encode()
        return b"</MeterReadings>" if self.count == LONG_REFERENCES + 1 else b""


def test_a_stream_does_not_remember_long_references() -> None:
    """40 MB of them, each another: what is seen once would else be kept for its return."""

    def read() -> None:
        with iter_xml(cast("BinaryIO", Endless()), MeterReading, mode="lenient") as stream:
            assert sum(1 for _ in stream) == LONG_REFERENCES - 1

    assert peak_of(read) < 5_000_000


def test_a_writer_does_not_remember_long_references(tmp_path: Path) -> None:
    def write() -> None:
        with open_writer(tmp_path / "long.xml", MeterReadings(), MeterReading) as writer:
            for number in range(LONG_REFERENCES):
                kind = Reference(ref=f"{number:0{LENGTH}}")
                writer.append(MeterReading(interval_blocks=[IntervalBlock(reading_type=kind)]))

    assert peak_of(write) < 5_000_000


@pytest.mark.parametrize("length", [1, LENGTH])
def test_strays_are_remembered_by_short_keys(length: int) -> None:
    """An orphan is known when it comes again, however long its identifier, which nobody keeps."""
    system = System(source="HES")
    conversations = Conversations()
    messages = [system.created(MeterReadings(), message_id=f"{number:0{length}}") for number in range(1, 9)]
    kinds = [str(conversations.receive(one).kind) for one in [*messages, *messages]]
    assert kinds == ["unsolicited"] * 8 + ["duplicate"] * 8
    kept = [one for one in gc.get_referents(conversations._strays) if isinstance(one, str)]  # pyright: ignore[reportPrivateUsage]  # what is to be bounded
    assert len(kept) == 8
    assert max(map(len, kept)) <= 200
