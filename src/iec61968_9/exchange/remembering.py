"""Keys by which messages are remembered, of bounded length whatever a sender puts into an identifier."""

from __future__ import annotations

import hashlib
from typing import Final

__all__ = ["key_of"]

LONG: Final = 200
"""Longer identifiers are remembered by their digest, so that a memory is bounded in bytes as well."""


def key_of(*parts: str | None) -> str:
    """One text for some texts, and for no others."""
    key = repr(parts)
    return key if len(key) <= LONG else hashlib.sha256(key.encode("utf-8", "backslashreplace")).hexdigest()
