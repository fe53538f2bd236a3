"""How much the library takes before it refuses: named limits, one object.

The defaults let a utility's largest legitimate message pass and an attack not. Nothing but bytes can bound the parse
of a whole document; the rest is checked on the parsed tree before decoding.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

__all__ = ["DEFAULT_LIMITS", "Limits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one document, or one item of a stream, may hold. Every limit is a positive integer.

    Raises:
        ValueError: A limit is not one.
    """

    document_bytes: int = 256 * 1024 * 1024
    """Bytes of a document that is read whole. A stream has no limit in all."""

    item_bytes: int = 16 * 1024 * 1024
    """Bytes between one item of a stream and the next."""

    depth: int = 256
    """Elements inside one another."""

    elements: int = 10_000_000
    """Elements of a document that is read whole, or between one item of a stream and the next."""

    attributes: int = 64
    """Attributes of one element, namespace declarations not counted."""

    text: int = 10_000_000
    """Characters of one text or attribute value. Above 10,000,000, libxml2's own bounds are lifted too."""

    issues: int = 100
    """Departures from the schema that one error reports."""

    def __post_init__(self) -> None:
        for limit in fields(self):
            value = getattr(self, limit.name)
            if type(value) is not int or value < 1:
                raise ValueError(f"{limit.name} must be a positive integer, not {value!r}")


DEFAULT_LIMITS = Limits()
