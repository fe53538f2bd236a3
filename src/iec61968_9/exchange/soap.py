"""SOAP 1.1 and 1.2 around a message (IEC 61968-100 8.3, Annexes C and D): envelopes, faults, actions.

Only what belongs to the message is looked at: one element in the body, or a fault. Header blocks (addressing,
security) are the transport's; they are handed on as they are. A fault is never taken for an answer: it is raised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import NoReturn

import attrs

from iec61968_9.errors import DecodeError
from iec61968_9.exchange.form import SoapVersion
from iec61968_9.profiles.envelope import FaultMessage
from iec61968_9.xml.codec import Element
from iec61968_9.xml.document import local_name, namespace_of
from iec61968_9.xml.record import Content, ForeignElement, QName
from iec61968_9.xml.report import Finding
from iec61968_9.xml.writing import Verbatim, Writing

__all__ = [
    "FaultCode",
    "SoapFault",
    "SoapParts",
    "check_elements_only",
    "close_envelope",
    "close_fault",
    "open_envelope",
    "open_fault",
    "read_fault",
    "soap_parts",
]

PREFIX = "soap"


class FaultCode(StrEnum):
    """Who is to blame for a fault, in the words of SOAP 1.2."""

    SENDER = "Sender"
    """What was sent cannot be processed, however often it is sent. ``Client`` in SOAP 1.1."""

    RECEIVER = "Receiver"
    """The receiver failed; it may work later. ``Server`` in SOAP 1.1."""

    MUST_UNDERSTAND = "MustUnderstand"
    """A header block that had to be understood was not."""

    VERSION_MISMATCH = "VersionMismatch"
    """The envelope's version is not supported."""


_OLD_NAMES = {FaultCode.SENDER: "Client", FaultCode.RECEIVER: "Server"}
_BY_NAME = {**{code.value: code for code in FaultCode}, **{name: code for code, name in _OLD_NAMES.items()}}


class SoapFault(DecodeError):  # noqa: N818  # SOAP has no other word for it
    """The partner answered with a SOAP fault: the request was not processed, and there is no reply.

    What the detail holds is read leniently, because it is all that there is to know. Its ``FaultMessage`` has no
    header, so the fault belongs to the request on whose connection it came.

    Attributes:
        soap: The version of SOAP.
        code: The fault's code as it was sent, or None.
        subcodes: What SOAP 1.2 says more exactly, outermost first.
        reason: The text for people; of several languages, the first.
        actor: Who on the message's path failed, as a URI (in SOAP 1.2 the role), or None.
        element: The fault as it was sent.
        detail: What its detail holds, in order.
        fault: The ``FaultMessage`` in it, also from under a typed root; None where there is none.
        headers: The header blocks.
        findings: What was tolerated.
    """

    def __init__(self, message: str, *, path: str | None = None, line: int | None = None) -> None:
        super().__init__(message, path=path, line=line)
        self.soap = SoapVersion.V1_1
        self.code: QName | None = None
        self.subcodes: tuple[QName, ...] = ()
        self.reason = ""
        self.actor: str | None = None
        self.element: ForeignElement | None = None
        self.detail: tuple[Content, ...] = ()
        self.fault: FaultMessage | None = None
        self.headers: tuple[ForeignElement, ...] = ()
        self.findings: tuple[Finding, ...] = ()

    @property
    def blame(self) -> FaultCode | None:
        """The standard's code that ``code`` is, in either version and with a dotted suffix; None for any other."""
        return _BY_NAME.get(self.code.local.partition(".")[0]) if self.code is not None else None


@attrs.frozen(kw_only=True)
class SoapParts:
    """The parts of a SOAP envelope.

    Attributes:
        version: Its version.
        headers: The header blocks.
        content: What the body holds, or the fault.
        is_fault: Whether that is a fault.
        attributes: The attributes of the envelope, its header and its body, each with its element.
    """

    version: SoapVersion
    headers: tuple[Element, ...]
    content: Element
    is_fault: bool
    attributes: tuple[tuple[Element, str], ...]


# -- reading -------------------------------------------------------------------------------------------------------


def soap_parts(root: Element, refuse: Callable[..., NoReturn], *, truncated: bool = False) -> SoapParts | None:
    """Take a SOAP envelope apart; None if the root is none.

    Args:
        root: The document's root.
        refuse: Raises an error at an element, with a message, what was expected and what was there.
        truncated: Whether the document is only read to somewhere inside the body.
    """
    if local_name(root.tag) != "Envelope":
        return None
    namespace = namespace_of(root.tag)
    version = next((one for one in SoapVersion if one.namespace == namespace), None)
    if version is None:
        expected = " or ".join(one.namespace for one in SoapVersion)
        refuse(root, "this version of SOAP is not known", expected=expected, got=namespace)
    names = [local_name(child.tag) if namespace_of(child.tag) == namespace else str(child.tag) for child in root]
    if names not in (["Body"], ["Header", "Body"]):
        found = ", ".join(names) or "nothing"
        refuse(root, "a SOAP envelope has one Body, and may have a Header before it", expected="Body", got=found)
    header, body = (root[0] if len(root) > 1 else None), root[-1]
    named = [root, body] if header is None else [root, header, body]
    for one in named:
        check_elements_only(one, refuse)
    content = list(body)
    fault = next((one for one in content if local_name(one.tag) == "Fault"), None)
    if fault is None and len(content) != 1 and not (truncated and content):
        found = ", ".join(local_name(one.tag) for one in content) or "nothing"
        refuse(body, "the Body holds one message", expected="one element", got=found)
    return SoapParts(
        version=version,
        headers=tuple(header) if header is not None else (),
        content=content[0] if fault is None else fault,
        is_fault=fault is not None,
        attributes=tuple((one, str(name)) for one in named for name in one.attrib),
    )


def check_elements_only(element: Element, refuse: Callable[..., NoReturn]) -> None:
    """Refuse text between the children of an element."""
    for text in (element.text, *(child.tail for child in element)):
        if text and text.strip():
            refuse(element, "there is text between the elements", expected="elements only", got=repr(text.strip()[:80]))


def read_fault(error: SoapFault, fault: Element, content: Callable[[Element], Content]) -> None:
    """Fill in a fault, whichever version's structure it has.

    Args:
        error: What to fill in.
        fault: The element.
        content: Reads one element of the detail.
    """
    details: list[Element] = []
    for child in fault:
        name = local_name(child.tag)
        if name == "faultcode":
            error.code = _qname(child)
        elif name == "faultstring":
            error.reason = (child.text or "").strip()
        elif name in {"faultactor", "Role"}:
            error.actor = (child.text or "").strip() or None
        elif name == "Code":
            codes = [_qname(one) for one in child.iter("{*}Value")]
            error.code = codes[0] if codes else None
            error.subcodes = tuple(code for code in codes[1:] if code is not None)
        elif name == "Reason":
            error.reason = next(((one.text or "").strip() for one in child), "")
        elif name in {"detail", "Detail"}:
            details += child
    error.element = ForeignElement.of(fault)
    error.detail = tuple(content(one) for one in details)
    error.fault = next((one for one in error.detail if isinstance(one, FaultMessage)), None)


def _qname(element: Element) -> QName | None:
    """The qualified name in an element; one whose prefix nobody declared has no namespace."""
    text = (element.text or "").strip()
    prefix, _, local = text.rpartition(":")
    return QName(element.nsmap.get(prefix or None), local) if local else None


# -- writing -------------------------------------------------------------------------------------------------------


def open_envelope(writing: Writing, version: SoapVersion, headers: Iterable[ForeignElement]) -> None:
    """Write what stands before the message."""
    writing.parts.append(f'<{PREFIX}:Envelope xmlns:{PREFIX}="{version.namespace}">')
    blocks = [Verbatim(header.xml) for header in headers]
    if blocks:
        writing.parts += [f"<{PREFIX}:Header>", *blocks, f"</{PREFIX}:Header>"]
    writing.parts.append(f"<{PREFIX}:Body>")


def close_envelope(writing: Writing) -> None:
    """Write what stands behind it."""
    writing.parts += [f"</{PREFIX}:Body>", f"</{PREFIX}:Envelope>"]


def open_fault(writing: Writing, version: SoapVersion, code: FaultCode, reason: str, actor: str | None) -> None:
    """Write a fault up to what its detail holds."""
    parts = writing.parts
    parts.append(f"<{PREFIX}:Fault>")
    if version is SoapVersion.V1_1:
        writing.string("faultcode", f"{PREFIX}:{_OLD_NAMES.get(code, code.value)}")
        writing.string("faultstring", reason)
        if actor is not None:
            writing.string("faultactor", actor)
        parts.append("<detail>")
        return
    parts.append(f"<{PREFIX}:Code>")
    writing.string(f"{PREFIX}:Value", f"{PREFIX}:{code.value}")
    parts += [f"</{PREFIX}:Code>", f"<{PREFIX}:Reason>"]
    parts.append(f'<{PREFIX}:Text xml:lang="en">{writing.plain(reason, "Text")}</{PREFIX}:Text>')
    parts.append(f"</{PREFIX}:Reason>")
    if actor is not None:
        writing.string(f"{PREFIX}:Role", actor)
    parts.append(f"<{PREFIX}:Detail>")


def close_fault(writing: Writing, version: SoapVersion) -> None:
    """Write what stands behind it."""
    detail = "detail" if version is SoapVersion.V1_1 else f"{PREFIX}:Detail"
    writing.parts += [f"</{detail}>", f"</{PREFIX}:Fault>"]
