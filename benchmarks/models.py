"""The alternatives' classes: what xsdata generates itself from our schemas, and a slice for pydantic-xml by hand."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

__all__ = ["PYDANTIC_NEEDS", "SCHEMA", "XSDATA_NEEDS", "missing", "pydantic_class", "xsdata_class"]

SCHEMA = Path(__file__).resolve().parent.parent / "xsd" / "iec61968-9" / "2013" / "payload" / "MeterReadings.xsd"

XSDATA_NEEDS = ("click", "jinja2", "toposort")
"""What ``xsdata[cli]`` brings; without them xsdata reads and writes, but generates no classes."""

PYDANTIC_NEEDS = ("pydantic_xml",)

_PYDANTIC = '''
"""The members of MeterReadings that the measured document uses."""

import datetime

from pydantic_xml import BaseXmlModel, attr, element

NAMESPACE = {"": "http://iec.ch/TC57/2011/MeterReadings#"}


class Reference(BaseXmlModel, nsmap=NAMESPACE):
    ref: str | None = attr(default=None)


class ReadingQuality(BaseXmlModel, tag="ReadingQualities", nsmap=NAMESPACE):
    reading_quality_type: Reference = element(tag="ReadingQualityType")


class IntervalReading(BaseXmlModel, tag="IntervalReadings", nsmap=NAMESPACE):
    time_stamp: datetime.datetime | None = element(tag="timeStamp", default=None)
    value: str | None = element(tag="value", default=None)
    reading_qualities: list[ReadingQuality] = element(tag="ReadingQualities", default=[])


class IntervalBlock(BaseXmlModel, tag="IntervalBlocks", nsmap=NAMESPACE):
    interval_readings: list[IntervalReading] = element(tag="IntervalReadings", default=[])
    reading_type: Reference = element(tag="ReadingType")


class Name(BaseXmlModel, tag="Names", nsmap=NAMESPACE):
    name: str = element(tag="name")


class Meter(BaseXmlModel, tag="Meter", nsmap=NAMESPACE):
    names: list[Name] = element(tag="Names", default=[])


class DateTimeInterval(BaseXmlModel, tag="valuesInterval", nsmap=NAMESPACE):
    end: datetime.datetime | None = element(tag="end", default=None)
    start: datetime.datetime | None = element(tag="start", default=None)


class MeterReading(BaseXmlModel, tag="MeterReading", nsmap=NAMESPACE):
    interval_blocks: list[IntervalBlock] = element(tag="IntervalBlocks", default=[])
    meter: Meter | None = element(tag="Meter", default=None)
    values_interval: DateTimeInterval | None = element(tag="valuesInterval", default=None)


class MeterReadings(BaseXmlModel, tag="MeterReadings", nsmap=NAMESPACE):
    meter_reading: list[MeterReading] = element(tag="MeterReading", default=[])
'''


def missing(packages: tuple[str, ...]) -> list[str]:
    """Which of some packages cannot be imported here."""
    return [package for package in packages if importlib.util.find_spec(package) is None]


def xsdata_class(folder: Path) -> Any:
    """The class that xsdata makes of MeterReadings, generated into a folder unless it is there."""
    if (folder / "made_by_xsdata").exists():
        return _import(folder, "made_by_xsdata.meter_readings").MeterReadings
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])  # it calls ruff
    subprocess.run(
        [sys.executable, "-m", "xsdata", "generate", str(SCHEMA), "--package", "made_by_xsdata.meter_readings"],
        cwd=folder,
        env={**os.environ, "PATH": path},
        check=True,
        capture_output=True,
    )
    return _import(folder, "made_by_xsdata.meter_readings").MeterReadings


def pydantic_class(folder: Path) -> Any:
    """The class for pydantic-xml."""
    (folder / "made_for_pydantic.py").write_text(_PYDANTIC, encoding="utf-8")
    return _import(folder, "made_for_pydantic").MeterReadings


def _import(folder: Path, name: str) -> Any:
    sys.path.insert(0, str(folder))
    try:
        return import_module(name)
    finally:
        sys.path.remove(str(folder))
