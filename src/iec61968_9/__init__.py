"""IEC 61968-9 (meter reading and control) messages as ordinary typed Python.

The four verbs are ``from_xml``, ``to_xml``, ``iter_xml`` and ``validate``; ``open_writer`` is ``iter_xml``'s
counterpart, and ``register`` makes them read packages that the generator made from other schemas. The messages are in
``iec61968_9.profiles``, the dotted codes in ``iec61968_9.codes``. Nothing is loaded before it is named.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iec61968_9._verbs import from_xml, iter_xml, open_writer, register, to_xml, validate
    from iec61968_9.errors import (
        CodeError,
        DecodeError,
        EncodeError,
        ExchangeError,
        IdentityError,
        Iec61968Error,
        LimitError,
        SchemaError,
        SchemaIssue,
        SoapFaultError,
    )
    from iec61968_9.xml.dialect import Dialect
    from iec61968_9.xml.duration import Duration
    from iec61968_9.xml.gregorian import GDay, GMonth, GMonthDay, GYear, GYearMonth
    from iec61968_9.xml.item_writer import ItemWriter
    from iec61968_9.xml.limits import Limits
    from iec61968_9.xml.record import ForeignElement, Kept, QName, Query, Record, Reference
    from iec61968_9.xml.report import Finding, Report
    from iec61968_9.xml.streaming import ItemStream

__all__ = [
    "CodeError",
    "DecodeError",
    "Dialect",
    "Duration",
    "EncodeError",
    "ExchangeError",
    "Finding",
    "ForeignElement",
    "GDay",
    "GMonth",
    "GMonthDay",
    "GYear",
    "GYearMonth",
    "IdentityError",
    "Iec61968Error",
    "ItemStream",
    "ItemWriter",
    "Kept",
    "LimitError",
    "Limits",
    "QName",
    "Query",
    "Record",
    "Reference",
    "Report",
    "SchemaError",
    "SchemaIssue",
    "SoapFaultError",
    "from_xml",
    "iter_xml",
    "open_writer",
    "register",
    "to_xml",
    "validate",
]

__version__ = "0.1.0"

_HOMES = {
    "_verbs": ("from_xml", "iter_xml", "open_writer", "register", "to_xml", "validate"),
    "errors": (
        "CodeError",
        "DecodeError",
        "EncodeError",
        "ExchangeError",
        "IdentityError",
        "Iec61968Error",
        "LimitError",
        "SchemaError",
        "SchemaIssue",
        "SoapFaultError",
    ),
    "xml.dialect": ("Dialect",),
    "xml.duration": ("Duration",),
    "xml.gregorian": ("GDay", "GMonth", "GMonthDay", "GYear", "GYearMonth"),
    "xml.item_writer": ("ItemWriter",),
    "xml.limits": ("Limits",),
    "xml.record": ("ForeignElement", "Kept", "QName", "Query", "Record", "Reference"),
    "xml.report": ("Finding", "Report"),
    "xml.streaming": ("ItemStream",),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
