"""SOAP 1.1 and 1.2 around a message (IEC 61968-100 8.3, Annexes C and D): envelopes, faults, actions.

Only what belongs to the message is looked at: one element in the body, or a fault. Header blocks (addressing,
security) are the transport's; they are handed on as they are. Reading a fault is the XML floor's, because every verb
may meet one; writing one is here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import NoReturn

import attrs

from iec61968_9.exchange.forms.form import SoapVersion
from iec61968_9.xml.codec import Element
from iec61968_9.xml.document import local_name, namespace_of
from iec61968_9.xml.record import ForeignElement
from iec61968_9.xml.soap import VERSIONS
from iec61968_9.xml.writing import Verbatim, Writing

__all__ = [
    "FaultCode",
    "SoapParts",
    "check_elements_only",
    "close_envelope",
    "close_fault",
    "open_envelope",
    "open_fault",
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


@attrs.frozen(kw_only=True)
class SoapParts:
    """The parts of a SOAP envelope.

    Attributes:
        version: Its version.
        headers: The header blocks.
        content: What the body holds.
        attributes: The attributes of the envelope, its header and its body, each with its element.
    """

    version: SoapVersion
    headers: tuple[Element, ...]
    content: Element
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
    if namespace not in VERSIONS:
        refuse(root, "this version of SOAP is not known", expected=" or ".join(VERSIONS), got=namespace or "none")
    names = [local_name(child.tag) if namespace_of(child.tag) == namespace else str(child.tag) for child in root]
    if names not in (["Body"], ["Header", "Body"]):
        found = ", ".join(names) or "nothing"
        refuse(root, "a SOAP envelope has one Body, and may have a Header before it", expected="Body", got=found)
    header, body = (root[0] if len(root) > 1 else None), root[-1]
    named = [root, body] if header is None else [root, header, body]
    for one in named:
        check_elements_only(one, refuse)
    content = list(body)
    if len(content) != 1 and not (truncated and content):
        found = ", ".join(local_name(one.tag) for one in content) or "nothing"
        refuse(body, "the Body holds one message", expected="one element", got=found)
    return SoapParts(
        version=SoapVersion(VERSIONS[namespace]),
        headers=tuple(header) if header is not None else (),
        content=content[0],
        attributes=tuple((one, str(name)) for one in named for name in one.attrib),
    )


def check_elements_only(element: Element, refuse: Callable[..., NoReturn]) -> None:
    """Refuse text between the children of an element."""
    for text in (element.text, *(child.tail for child in element)):
        if text and text.strip():
            refuse(element, "there is text between the elements", expected="elements only", got=repr(text.strip()[:80]))


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
