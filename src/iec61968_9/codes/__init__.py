"""The dotted codes: reading types, reading qualities, events, controls and replies (IEC 61968-9 Annexes B to F).

``ReadingTypeCode.parse(text).describe()`` is the short of it. Every kind of code is a value that is read with
``parse``, written with ``str``, put into words with ``describe`` and ``explain``, and checked with ``check``; patterns
find codes, ``Value`` gives a reading's text its number and unit, and ``from_obis`` and ``to_obis`` speak to meters of
the DLMS world. ``iter_readings`` makes flat records of a message's readings, and ``CodeResolver`` finds the code behind
any reference. A name is loaded when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iec61968_9.codes.anycode import parse
    from iec61968_9.codes.check import Concern, Problem
    from iec61968_9.codes.end_device import EndDeviceControlCode, EndDeviceEventCode, Outcome
    from iec61968_9.codes.end_device_enums import DeviceDomain, DeviceEventOrAction, DeviceSubDomain, DeviceType
    from iec61968_9.codes.intervals import Basis, Doubt, Stamp, interval_bounds
    from iec61968_9.codes.obis import Obis, from_obis, to_obis
    from iec61968_9.codes.phases import PhaseSet
    from iec61968_9.codes.profile_objects import Identified, Named
    from iec61968_9.codes.reading_quality import ReadingQualityCode
    from iec61968_9.codes.reading_quality_enums import QualityCategory, QualityKind, QualitySystem
    from iec61968_9.codes.reading_type import ReadingTypeCode
    from iec61968_9.codes.reading_type_enums import (
        Accumulation,
        Aggregate,
        Commodity,
        Currency,
        FlowDirection,
        MacroPeriod,
        MeasurementKind,
        MeasuringPeriod,
        Multiplier,
        Phases,
        Unit,
    )
    from iec61968_9.codes.readings import QualityRecord, ReadingRecord, iter_readings
    from iec61968_9.codes.reply import ReplyCode, Severity
    from iec61968_9.codes.reply_enums import ReplyFamily
    from iec61968_9.codes.resolver import Citation, CodeResolver
    from iec61968_9.codes.search import Pattern, known_codes, nearest
    from iec61968_9.codes.units import UnitFacts
    from iec61968_9.codes.values import Value, define_units
    from iec61968_9.codes.words import Part, Wording, load_wording, read_wording

__all__ = [
    "Accumulation",
    "Aggregate",
    "Basis",
    "Citation",
    "CodeResolver",
    "Commodity",
    "Concern",
    "Currency",
    "DeviceDomain",
    "DeviceEventOrAction",
    "DeviceSubDomain",
    "DeviceType",
    "Doubt",
    "EndDeviceControlCode",
    "EndDeviceEventCode",
    "FlowDirection",
    "Identified",
    "MacroPeriod",
    "MeasurementKind",
    "MeasuringPeriod",
    "Multiplier",
    "Named",
    "Obis",
    "Outcome",
    "Part",
    "Pattern",
    "PhaseSet",
    "Phases",
    "Problem",
    "QualityCategory",
    "QualityKind",
    "QualityRecord",
    "QualitySystem",
    "ReadingQualityCode",
    "ReadingRecord",
    "ReadingTypeCode",
    "ReplyCode",
    "ReplyFamily",
    "Severity",
    "Stamp",
    "Unit",
    "UnitFacts",
    "Value",
    "Wording",
    "define_units",
    "from_obis",
    "interval_bounds",
    "iter_readings",
    "known_codes",
    "load_wording",
    "nearest",
    "parse",
    "read_wording",
    "to_obis",
]

_HOME = {
    "anycode": ("parse",),
    "check": ("Concern", "Problem"),
    "end_device": ("EndDeviceControlCode", "EndDeviceEventCode", "Outcome"),
    "end_device_enums": ("DeviceDomain", "DeviceEventOrAction", "DeviceSubDomain", "DeviceType"),
    "intervals": ("Basis", "Doubt", "Stamp", "interval_bounds"),
    "obis": ("Obis", "from_obis", "to_obis"),
    "phases": ("PhaseSet",),
    "profile_objects": ("Identified", "Named"),
    "reading_quality": ("ReadingQualityCode",),
    "reading_quality_enums": ("QualityCategory", "QualityKind", "QualitySystem"),
    "reading_type": ("ReadingTypeCode",),
    "reading_type_enums": (
        "Accumulation",
        "Aggregate",
        "Commodity",
        "Currency",
        "FlowDirection",
        "MacroPeriod",
        "MeasurementKind",
        "MeasuringPeriod",
        "Multiplier",
        "Phases",
        "Unit",
    ),
    "readings": ("QualityRecord", "ReadingRecord", "iter_readings"),
    "reply": ("ReplyCode", "Severity"),
    "reply_enums": ("ReplyFamily",),
    "resolver": ("Citation", "CodeResolver"),
    "search": ("Pattern", "known_codes", "nearest"),
    "units": ("UnitFacts",),
    "values": ("Value", "define_units"),
    "words": ("Part", "Wording", "load_wording", "read_wording"),
}


if not TYPE_CHECKING:  # to a type checker a name that is not imported above is an error

    def __getattr__(name: str) -> object:
        for module, names in _HOME.items():
            if name in names:
                value: object = getattr(importlib.import_module(f"{__name__}.{module}"), name)
                globals()[name] = value
                return value
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
