"""SOAP as far as a reader must know it: what an envelope holds, and the fault that is never an empty result.

Both versions, by namespace and name alone; nothing here needs a SOAP schema. A fault becomes a ``SoapFaultError`` with
its code, its words and, typed, the ``FaultMessage`` in its detail, also where that is in a strongly typed wrapper.
"""

from __future__ import annotations

import re
from copy import deepcopy
from functools import partial

from lxml import etree

from iec61968_9.errors import Iec61968Error, SoapFaultError
from iec61968_9.xml import lexical
from iec61968_9.xml.apart import apart
from iec61968_9.xml.codec import Element
from iec61968_9.xml.dialect import Dialect
from iec61968_9.xml.document import Document, local_name, move, namespace_of
from iec61968_9.xml.lenient import LenientReading
from iec61968_9.xml.limits import Limits
from iec61968_9.xml.record import Record
from iec61968_9.xml.registry import Registry

__all__ = ["VERSIONS", "body_of", "fault_of", "soap_fault"]

VERSIONS = {
    "http://schemas.xmlsoap.org/soap/envelope/": "1.1",
    "http://www.w3.org/2003/05/soap-envelope": "1.2",
}
"""The namespaces of SOAP, and its versions."""

FAULT_MESSAGE = "FaultMessage"

_OURS = " By that code the request is at fault: sent again as it is, it will fail again."
_THEIRS = " By that code the other side is at fault: the same request may succeed later."
_BLAME = {
    "Client": _OURS,
    "Sender": _OURS,
    "Server": _THEIRS,
    "Receiver": _THEIRS,
    "MustUnderstand": " By that code it does not know a header block that says mustUnderstand.",
    "VersionMismatch": " By that code it speaks another version of SOAP than the request.",
}
"""Whose fault it is, by the first part of a fault's code in either version."""


def fault_of(root: Element) -> Element | None:
    """The fault that a document is or holds, or None."""
    namespace = namespace_of(root.tag)
    if namespace not in VERSIONS:
        return None
    return root if local_name(root.tag) == "Fault" else root.find(f"{{{namespace}}}Body/{{{namespace}}}Fault")


def body_of(root: Element) -> list[Element]:
    """What stands in the body of a SOAP envelope."""
    body = root.find(f"{{{namespace_of(root.tag)}}}Body")
    return [] if body is None else list(body)


def soap_fault(
    document: Document, fault: Element, registry: Registry, dialect: Dialect, limits: Limits
) -> SoapFaultError:
    """The error that says what a fault says."""
    version = VERSIONS[namespace_of(fault.tag)]
    if version == "1.1":
        code = _text(fault, "faultcode").rpartition(":")[2]
        reason, actor = _text(fault, "faultstring"), _text(fault, "faultactor")
        detail = _child(fault, "detail")
    else:
        codes: list[str] = []
        node = _child(fault, "Code")
        while node is not None:
            codes.append(_text(node, "Value").rpartition(":")[2])
            node = _child(node, "Subcode")
        code = "/".join(codes)
        words = _child(fault, "Reason")
        reason = "" if words is None else _text(words, "Text")
        actor = _text(fault, "Role") or _text(fault, "Node")
        detail = _child(fault, "Detail")
    carried = None if detail is None else _carried(document, detail, registry, dialect, limits)
    said = f"{code}: {reason}" if code and reason else code or reason or "no code and no words"
    error = SoapFaultError(
        f"a SOAP {version} fault: {said}{_errors(carried, reason)}",
        version=version,
        fault_code=code,
        reason=reason,
        actor=actor or None,
        detail=None if detail is None else _content(detail),
        path=document.path(fault),
        line=document.line(fault),
        advice="The other side refuses, and nothing else was answered: its code and words are on the error"
        + (", its FaultMessage as envelope." if carried is not None else ".")
        + _BLAME.get(re.split(r"[./]", code, maxsplit=1)[0], ""),
    )
    error.envelope = carried
    return error


def _child(element: Element, name: str) -> Element | None:
    """A child, in any namespace: those of SOAP 1.1 have none, and some systems give them SOAP's."""
    return next((child for child in element if local_name(child.tag) == name), None)


def _text(element: Element, name: str) -> str:
    child = _child(element, name)
    return "" if child is None else " ".join("".join(str(text) for text in child.itertext()).split())


def _content(element: Element) -> str:
    """What stands between an element's tags, as XML."""
    children = (etree.tostring(child, encoding="unicode") for child in element)
    return "".join([(element.text or "").translate(lexical.TEXT_ESCAPES), *children])


def _carried(
    document: Document, detail: Element, registry: Registry, dialect: Dialect, limits: Limits
) -> Record | None:
    """The FaultMessage in a fault's detail, read leniently: bare, or in the wrapper of a strongly typed service."""
    found = next((one for one in detail.iter("*") if local_name(one.tag).endswith(FAULT_MESSAGE)), None)
    envelope = next(iter(registry.by_root.get(FAULT_MESSAGE, ())), None)
    if found is None or envelope is None:
        return None
    message = apart(partial(deepcopy, found))
    message.tail = None
    if registry.standardise(message, dialect) is None:
        move(message, namespace_of(message.tag), envelope.profile.namespace)
        message.tag = envelope.tag(FAULT_MESSAGE)
    reading = LenientReading(Document(message, document.data, document.encoding), registry, dialect, None, limits)
    try:
        return envelope.codec.roots[FAULT_MESSAGE].read(message, reading)
    except Iec61968Error:
        return None  # its text is still on the error


def _errors(carried: Record | None, reason: str) -> str:
    """The errors of a FaultMessage's reply, for a sentence that has the fault's reason already."""
    reply = getattr(carried, "reply", None)
    said = [
        " ".join(
            str(part)
            for part in (error.code, error.reason, error.details)
            if part and " ".join(str(part).split()) != reason
        )
        for error in getattr(reply, "error", ())
    ]
    return f" ({'; '.join(said)})" if said else ""
