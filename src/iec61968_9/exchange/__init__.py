"""Messages that systems exchange: building them and understanding them (IEC 61968-100, without any I/O).

A name is loaded when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iec61968_9.exchange.form import Form, SoapVersion, Style
    from iec61968_9.exchange.soap import FaultCode
    from iec61968_9.exchange.transport import AnyMessage, Received, read_message, write_fault, write_message

__all__ = [
    "AnyMessage",
    "FaultCode",
    "Form",
    "Received",
    "SoapVersion",
    "Style",
    "read_message",
    "write_fault",
    "write_message",
]

_HOME = {
    "form": ("Form", "SoapVersion", "Style"),
    "soap": ("FaultCode",),
    "transport": ("AnyMessage", "Received", "read_message", "write_fault", "write_message"),
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
