"""What a message carries, however it carries it."""

from __future__ import annotations

from typing import Any

from iec61968_9.errors import DecodeError
from iec61968_9.exchange.building.compression import content_of
from iec61968_9.exchange.rules import finding
from iec61968_9.profiles.envelope import Payload
from iec61968_9.xml.report import Finding

__all__ = ["contents_of"]


def contents_of(message: Any, found: list[Finding] | None = None) -> list[Any]:
    """Return what a message carries, inflated where it is compressed; what cannot be read becomes a finding."""
    payload: Payload[Any] | None = message.payload
    if payload is None:
        return []
    if payload.compressed is None:
        return list(payload.contents)
    try:
        return [content_of(message)]
    except (DecodeError, LookupError) as error:
        if found is not None:
            path = f"/{type(message).__name__}/Payload/Compressed"
            found.append(finding("compressed-unreadable", path, str(error)))
        return []
