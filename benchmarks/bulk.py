"""A day of a thousand meters, read and written whole: ours beside a bare parse, xsdata, pydantic-xml and xmlschema."""

from __future__ import annotations

import gc
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import cast

from lxml import etree

from benchmarks.harness import Row, Section, Times, measure, ratio_row, skipped, time_row
from benchmarks.models import PYDANTIC_NEEDS, SCHEMA, XSDATA_NEEDS, missing, pydantic_class, xsdata_class
from benchmarks.samples import meter_readings
from iec61968_9 import from_xml, to_xml
from iec61968_9.profiles.meter_readings import MeterReadings

__all__ = ["run"]

SLOW = 20
"""The slowest alternatives get this part of the document, and their times are multiplied."""


def run(folder: Path, *, meters: int, rounds: int) -> list[Section]:
    """Measure; classes of other libraries are made in the folder."""
    data = meter_readings(meters)
    decoding: dict[str, Callable[[], object]] = {
        "bare lxml.etree.fromstring": lambda: etree.fromstring(data),
        "strict": lambda: from_xml(data, MeterReadings),
        "lenient": lambda: from_xml(data, MeterReadings, mode="lenient"),
    }
    payload = from_xml(data, MeterReadings)
    encoding: dict[str, Callable[[], object]] = {"to_xml": lambda: to_xml(payload)}
    needed = missing(XSDATA_NEEDS)
    if not needed:
        decoding |= _xsdata_decoding(folder, data)
        encoding |= _xsdata_encoding(data)
    gc.freeze()  # what stays for all repetitions must not slow the collections within them
    try:
        read = measure(decoding, rounds)
        written = measure(encoding, rounds)
    finally:
        gc.unfreeze()
    size = f"{len(data) / 1e6:.0f} MB of MeterReadings: {meters:,} meters, 96 quarter-hours each, with qualities."
    return [
        Section("Reading a whole document", size, [*_reading_rows(read, needed), *_slow_rows(folder, meters)]),
        Section("Writing a whole document", size, _writing_rows(written, needed)),
    ]


def _xsdata_decoding(folder: Path, data: bytes) -> dict[str, Callable[[], object]]:
    parsers = import_module("xsdata.formats.dataclass.parsers")
    handlers = import_module("xsdata.formats.dataclass.parsers.handlers")
    kind = xsdata_class(folder)

    def reader(handler: str) -> Callable[[], object]:
        parser = parsers.XmlParser(handler=getattr(handlers, handler))
        return lambda: cast("object", parser.from_bytes(data, kind))

    return {f"xsdata, {handler}": reader(handler) for handler in ("LxmlEventHandler", "XmlEventHandler")}


def _xsdata_encoding(data: bytes) -> dict[str, Callable[[], object]]:
    parsers = import_module("xsdata.formats.dataclass.parsers")
    serializers = import_module("xsdata.formats.dataclass.serializers")
    theirs = parsers.XmlParser().from_bytes(data, import_module("made_by_xsdata.meter_readings").MeterReadings)
    serializer = serializers.XmlSerializer()
    return {"xsdata, XmlSerializer": lambda: cast("object", serializer.render(theirs).encode())}


def _reading_rows(read: dict[str, Times], needed: list[str]) -> list[Row]:
    bare, strict, lenient = (read[name] for name in ("bare lxml.etree.fromstring", "strict", "lenient"))
    rows = [
        time_row("bare lxml.etree.fromstring, nothing decoded", bare),
        time_row("from_xml, strict", strict),
        time_row("from_xml, lenient", lenient),
        ratio_row("from_xml, lenient: times a bare parse", lenient, bare, most=5),
    ]
    if needed:
        return [*rows, skipped("xsdata", f"no {', '.join(needed)} (pip install 'xsdata[cli]')")]
    others = {name: times for name, times in read.items() if name.startswith("xsdata")}
    fastest = min(others.values(), key=lambda times: times.median)
    return [
        *rows,
        *(time_row(name, times) for name, times in others.items()),
        ratio_row("strict: times as fast as xsdata's fastest (aim: 10)", fastest, strict, least=7),
        ratio_row("lenient: times as fast as xsdata's fastest", fastest, lenient, least=8),
    ]


def _writing_rows(written: dict[str, Times], needed: list[str]) -> list[Row]:
    ours = written["to_xml"]
    rows = [time_row("to_xml, strict", ours)]
    if needed:
        return [*rows, skipped("xsdata, XmlSerializer", f"no {', '.join(needed)} (pip install 'xsdata[cli]')")]
    theirs = written["xsdata, XmlSerializer"]
    return [
        *rows,
        time_row("xsdata, XmlSerializer", theirs),
        ratio_row("to_xml: times as fast as xsdata", theirs, ours, least=15),
    ]


def _slow_rows(folder: Path, meters: int) -> list[Row]:
    """What is too slow for the whole document."""
    part = max(meters // SLOW, 1)
    scale = meters / part
    data = meter_readings(part)
    said = f"on {part:,} meters, multiplied by {scale:g}"
    rows: list[Row] = []
    for name, packages, made in (
        ("pydantic-xml", PYDANTIC_NEEDS, _pydantic_reader),
        ("xmlschema, to_dict", ("xmlschema",), _xmlschema_reader),
    ):
        if missing(packages):
            rows.append(skipped(name, f"{', '.join(packages)} is not installed"))
        else:
            times = measure({name: made(folder, data)}, 3)[name]
            rows.append(time_row(f"{name} ({said})", times, scale=scale))
    return rows


def _pydantic_reader(folder: Path, data: bytes) -> Callable[[], object]:
    kind = pydantic_class(folder)
    return lambda: cast("object", kind.from_xml(data))


def _xmlschema_reader(_folder: Path, data: bytes) -> Callable[[], object]:
    schema = import_module("xmlschema").XMLSchema(str(SCHEMA))
    text = data.decode()
    return lambda: cast("object", schema.to_dict(text))
