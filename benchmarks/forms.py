"""Messages as they travel: what SOAP and the wrappers around a message cost, beside the bare one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from benchmarks.harness import Section, measure, time_row
from benchmarks.samples import request
from iec61968_9 import from_xml
from iec61968_9.exchange import Form, SoapVersion, Style, read_message, write_message
from iec61968_9.profiles import RequestMessage

__all__ = ["run"]

MOST = 0.000_5

FORMS = {
    "bare": Form(),
    "in SOAP 1.1": Form(soap=SoapVersion.V1_1),
    "in SOAP 1.2": Form(soap=SoapVersion.V1_2),
    "under a strongly typed root (Annex C), in SOAP 1.1": Form(soap=SoapVersion.V1_1, style=Style.TYPED),
    "in a generic operation (Annex D), in SOAP 1.1": Form(soap=SoapVersion.V1_1, style=Style.GENERIC),
}


def run(*, rounds: int, calls: int) -> Section:
    """Measure; what is read is what was written in the same form, and must be the same message."""
    message = from_xml(request(), RequestMessage)
    works: dict[str, Callable[[], object]] = {}
    for name, form in FORMS.items():
        data = write_message(message, form)
        if read_message(data).message != message:
            raise RuntimeError(f"what was written {name} is read as something else")
        works[f"read_message, {name}"] = partial(read_message, data)
        works[f"write_message, {name}"] = partial(write_message, message, form)
    found = measure(works, rounds, calls)
    note = f"The same request in the forms of IEC 61968-100, strict; {calls:,} calls a repetition."
    return Section("A request in its forms", note, [time_row(name, times, most=MOST) for name, times in found.items()])
