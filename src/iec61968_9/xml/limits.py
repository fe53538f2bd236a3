"""How much the library takes before it refuses: named limits, one object.

The defaults let a utility's largest legitimate message pass and an attack not; each says what it is sized for. Only
bytes can stop the parse of a whole document: depth, and texts and names that are very long, libxml2 refuses by itself,
and all else is looked at on the parsed tree before anything is decoded. In a stream every limit but ``document_bytes``
holds from one item to the next.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

__all__ = ["DEFAULT_LIMITS", "Limits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one document, or one item of a stream, may hold. Every limit is a positive integer.

    Comments, processing instructions and white space have no limit of their own: they are bytes, and nothing of them
    is kept.

    Raises:
        ValueError: A limit is not one.
    """

    document_bytes: int = 256 * 1024 * 1024
    """Bytes of a document that is read whole. A stream has no limit in all.

    Sized for a month of quarter-hours of about 300 meters, or a day of 10,000; larger ones are for ``iter_xml``. A
    tree takes about ten times the memory of its bytes, so a server that strangers reach should take far less.
    """

    item_bytes: int = 16 * 1024 * 1024
    """Bytes between one item of a stream and the next, and of all that stands outside items.

    Sized for one meter with almost two years of quarter-hours.
    """

    inflated_bytes: int = 256 * 1024 * 1024
    """Bytes that a compressed payload may inflate to; nor may they be more than ``document_bytes``.

    Sized as ``document_bytes``.
    """

    inflated_ratio: int = 300
    """How many times as large as its gzip file a compressed payload may be, once it is larger than 1 MiB.

    Readings shrink to a fortieth, and to a two-hundredth where all are the same; a bomb to a thousandth.
    """

    depth: int = 256
    """Elements inside one another.

    Sized for libxml2's own bound. The deepest message of the standard has about 20; a partner's wrappers add a few.
    """

    elements: int = 10_000_000
    """Elements of a document that is read whole, or between one item of a stream and the next.

    Sized for ``document_bytes`` of readings, which hold one element in 60 bytes; empty ones take four.
    """

    attributes: int = 64
    """Attributes of one element, namespace declarations not counted. Those that the schema names may be more.

    Sized for extensions: no element of the standard has more than one or two.
    """

    namespaces: int = 100
    """Prefixes that are declared for one element, there or further out; the namespace without a prefix is one.

    Sized for SOAP stacks that declare all they know at the root, which are 10 to 30.
    """

    name: int = 1_000
    """Characters of the name of an element or an attribute, with its prefix. Those that the schema has may be longer.

    Sized for names of partners: the longest of the standard has 33 characters.
    """

    text: int = 10_000_000
    """Characters of one text or attribute value. At 10,000,000 libxml2 itself counts, and it counts bytes.

    Sized for a compressed payload, which is one text: it holds 7.5 MB of gzip, about 300 MB of readings.
    """

    issues: int = 100
    """Departures from the schema that one error reports.

    Sized for a person, who mends the first ones and tries again.
    """

    def __post_init__(self) -> None:
        for limit in fields(self):
            value = getattr(self, limit.name)
            if type(value) is not int or value < 1:
                raise ValueError(f"{limit.name} must be a positive integer, not {value!r}")


DEFAULT_LIMITS = Limits()
