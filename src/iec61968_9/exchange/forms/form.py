"""How a message travels: what stands around it, as a value.

The same message may go as it is, under a strongly typed root (IEC 61968-100 Annex C), inside an operation of the
generic WSDL (Annex D), and each of these inside a SOAP envelope or without. A ``Form`` says which. It is what reading
found and what writing needs, so that a reply goes out as the request came in.
"""

from __future__ import annotations

from enum import StrEnum

import attrs

from iec61968_9.xml.soap import VERSIONS

__all__ = ["Form", "SoapVersion", "Style"]


class SoapVersion(StrEnum):
    """A version of SOAP."""

    V1_1 = "1.1"
    V1_2 = "1.2"

    @property
    def namespace(self) -> str:
        """The namespace of its envelope."""
        return _NAMESPACES[self]

    @property
    def content_type(self) -> str:
        """The media type with which it travels over HTTP.

        Version 1.1 names its action in the header ``SOAPAction``, version 1.2 in the media type's ``action``.
        """
        return "text/xml; charset=utf-8" if self is SoapVersion.V1_1 else "application/soap+xml; charset=utf-8"


_NAMESPACES = {SoapVersion(version): namespace for namespace, version in VERSIONS.items()}


class Style(StrEnum):
    """What names the message."""

    PLAIN = "plain"
    """The envelope's own root: ``RequestMessage`` and its like. The body of the generic WSDL (Annex D)."""

    TYPED = "typed"
    """A root of its own for each verb and noun: ``CreateMeterReadings`` (Annex C)."""

    GENERIC = "generic"
    """An operation of the generic WSDL around it: ``Request``, ``Response``, ``PublishEvent``."""

    TEXT = "text"
    """An element's text is the whole document, escaped. Not the standard's; lenient mode only."""


@attrs.frozen(kw_only=True)
class Form:
    """How a message travels. ``Form()`` is the bare envelope.

    Attributes:
        soap: The version of the SOAP envelope around it; None for none.
        style: What names the message.
        namespace: For typed and generic style, the namespace of the wrapper as the partner spells it; None for the
            standard's. A reply to a get stands in the get's namespace, which only this can say.
        root: The wrapper's name where it is not the one that the message demands, as some partners have it.
        part: In generic style, the ``{namespace}name`` of what stands in the operation where that is not the envelope's
            own root; empty where the operation holds header and payload itself.
        carrier: In text style, the elements from the outermost to the one that holds the text, as ``{namespace}name``.
    """

    soap: SoapVersion | None = None
    style: Style = Style.PLAIN
    namespace: str | None = None
    root: str | None = None
    part: str | None = None
    carrier: tuple[str, ...] = ()

    def answering(self) -> Form:
        """The form in which a reply to a message of this form goes out.

        The same, but for names that only fit the request. In text style the names around the reply are those of the
        partner's WSDL; put them into ``carrier``.
        """
        part = self.part
        if part is not None and part.rpartition("}")[2] not in {"", "message"}:
            part = None
        return attrs.evolve(self, root=None, part=part, carrier=())
