"""Written documents held to their schemas by libxml2, where straight code cannot tell.

Emitted code writes nothing that its schema refuses, but for three things: what stands in a wildcard that is not
skipped has to be valid by whatever declaration its schema has for it; values may have to be unique in a document, or
to refer to others; a schema may block types or elements that otherwise could stand somewhere. The profiles where that
is so say it (``Profile.verify``), and what strict writing makes of them is validated before it is given away.
"""

from __future__ import annotations

from lxml import etree

from iec61968_9.errors import EncodeError
from iec61968_9.xml.apart import parsed
from iec61968_9.xml.dialect import Dialect
from iec61968_9.xml.document import Document
from iec61968_9.xml.limits import DEFAULT_LIMITS
from iec61968_9.xml.registry import Registry
from iec61968_9.xml.validation import issues

__all__ = ["verify"]


def verify(data: bytes, registry: Registry, dialect: Dialect) -> None:
    """Hold a document that was written to its schemas.

    Raises:
        EncodeError: It is not valid.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, collect_ids=False)
    document = Document(parsed(data, parser), data, None)
    registered = registry.standardise(document.root, dialect)
    assert registered is not None  # noqa: S101  # it was written by a profile
    found = issues(document, registered, registry, dialect, DEFAULT_LIMITS)
    if found:
        first = found[0]
        raise EncodeError(first.message, path=first.path, expected=first.expected, got=first.got)
