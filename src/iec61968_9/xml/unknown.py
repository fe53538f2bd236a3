"""What a document is whose root no profile has, and what its reader can do.

The root's name and namespace tell most of it: a known name in a namespace that is spelt differently, a SOAP envelope
or fault, the wrapper of a strongly typed service, a schema or a web page in the place of a message, a slip in the name.
"""

from __future__ import annotations

import re

from iec61968_9.errors import DecodeError
from iec61968_9.xml.dialect import Dialect
from iec61968_9.xml.document import Document, local_name, namespace_of
from iec61968_9.xml.limits import Limits
from iec61968_9.xml.malformed import web_page
from iec61968_9.xml.parser import check_attributes
from iec61968_9.xml.registry import Registry
from iec61968_9.xml.soap import VERSIONS, body_of, fault_of, soap_fault
from iec61968_9.xml.spelling import nearest, spelling_of

__all__ = ["unknown_root"]

READ_MESSAGE = "iec61968_9.exchange.read_message reads it, and says which form it had."
"""What to do with a message that is packed in something else."""

_SERVICE = "It comes where ?wsdl is asked for: send a message to the service's address."
OTHERS = {
    "{http://www.w3.org/2001/XMLSchema}schema": ("an XML schema", "The generator makes classes from schemas."),
    "{http://schemas.xmlsoap.org/wsdl/}definitions": ("a WSDL, the description of a service", _SERVICE),
    "{http://www.w3.org/ns/wsdl}description": ("a WSDL, the description of a service", _SERVICE),
}
"""Documents that come instead of messages: what they are, and what to do."""

_WRAPPER = re.compile(r"https?://(?:www\.)?iec\.ch/TC57/\d{4}/(?:\w+Message|abstract)")
_VERBS = "Created?|Changed?|Cancel(?:ed)?|Closed?|Deleted?|Executed?|Get|Reply|Request|Send|Receive|Show"
_TYPED = re.compile(
    rf"(?:{_VERBS})?((?!d[A-Z])\w+?)(?:RequestMessage|ResponseMessage|EventMessage|FaultMessage|OperationSet)?"
)
_TEXT = re.compile(rb">\s*(?:&lt;|<!\[CDATA\[\s*<)")
HEAD = 1024


def unknown_root(document: Document, registry: Registry, dialect: Dialect, limits: Limits) -> DecodeError:
    """The error for a document with a root that no profile has.

    Raises:
        LimitError: It exceeds a limit that holds for what no schema knows.
    """
    root = document.root
    check_attributes(document, root, limits)
    tag, name = str(root.tag), local_name(root.tag)
    fault = fault_of(root)
    if fault is not None:
        return soap_fault(document, fault, registry, dialect, limits)
    if name.lower() == "html":
        return web_page(document.data, document.line(root) or 1)
    owners = registry.by_root.get(name, ())
    known = [one.tag(name) for one in owners]
    advice: str | None
    if known and not _WRAPPER.fullmatch(namespace_of(tag)):
        message, advice = spelling_of(tag, known, envelope=any(one.profile.role == "envelope" for one in owners))
        expected, code = " or ".join(known), "1.8"
    else:
        packed = _packed(document, registry)
        message, advice = packed or ("the root element is not known", _perhaps(name, registry))
        envelopes = [root for one in registry if one.profile.role == "envelope" for root in one.profile.roots]
        payloads = sum(one.profile.role != "envelope" for one in registry)
        expected = f"{', '.join(envelopes)} or one of {payloads} payloads and queries"
        expected, code = "a message alone, such as a RequestMessage" if packed else expected, "2.5"
    return DecodeError(
        message,
        path=f"/{name}",
        line=document.line(root),
        expected=expected,
        got=tag,
        reply_code=code,
        advice=advice,
    )


def _packed(document: Document, registry: Registry) -> tuple[str, str] | None:
    """What a document is that holds a message, or comes instead of one."""
    root = document.root
    tag, name, namespace = str(root.tag), local_name(root.tag), namespace_of(root.tag)
    if namespace in VERSIONS and name == "Envelope":
        inside = ", ".join(local_name(child.tag) for child in body_of(root))
        return f"this is a SOAP {VERSIONS[namespace]} envelope around {inside or 'nothing'}", READ_MESSAGE
    if tag in OTHERS:
        return f"this is {OTHERS[tag][0]}, not a message", OTHERS[tag][1]
    typed = _TYPED.fullmatch(name)
    if _WRAPPER.fullmatch(namespace) or (typed is not None and typed[1] in registry.by_root and typed[1] != name):
        return f"{name} is the root of a service's own message, around header, payload or reply", READ_MESSAGE
    if _TEXT.search(document.data, 0, HEAD):
        return f"{name} holds a document as its text", (
            "Take that text with an XML parser and pass it alone, or let iec61968_9.exchange.read_message do so."
        )
    return None


def _perhaps(name: str, registry: Registry) -> str | None:
    """What the root may have been meant to be."""
    owners = sorted({one.profile.noun for one in registry if name in one.profile.items})
    if owners:
        shown = f"{', '.join(owners[:3])} and others" if len(owners) > 3 else " and ".join(owners)
        return f"{name} is a part of {shown}, and must stand inside one."
    near = nearest(name, registry.by_root)
    return f"Perhaps {near} is meant." if near else None
