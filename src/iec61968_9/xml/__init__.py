"""The XML floor: one hardened parser, lexical forms, validation, streaming, and what generated classes rest on.

Importing the package loads only the latter (``Record`` and its kin), so that a profile costs no more than its classes.
"""

from __future__ import annotations

from iec61968_9.xml.record import (
    NIL,
    Body,
    Content,
    ForeignElement,
    Kept,
    KeptLeaf,
    KeptNothing,
    Nil,
    QName,
    Query,
    Record,
    Reference,
    sole,
)

__all__ = [
    "NIL",
    "Body",
    "Content",
    "ForeignElement",
    "Kept",
    "KeptLeaf",
    "KeptNothing",
    "Nil",
    "QName",
    "Query",
    "Record",
    "Reference",
    "sole",
]
