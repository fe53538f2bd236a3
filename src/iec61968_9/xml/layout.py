"""The last step of writing: parts to bytes, with indentation and a prefix where they are asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from iec61968_9.errors import EncodeError
from iec61968_9.xml.writing import Verbatim

__all__ = ["DECLARATION", "assemble", "encoded"]

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

_TAG = re.compile(r"<(/?)(?=[^/\s>:]+[\s/>])")
"""A tag that has no prefix of its own."""


def assemble(
    parts: Sequence[str],
    *,
    prefix: str = "",
    regions: Iterable[tuple[int, int]] = (),
    pretty: bool = False,
    depth: int = 0,
) -> str:
    """The text of a document.

    Args:
        parts: One string for each start tag, end tag and leaf.
        prefix: The prefix for the tags of some parts.
        regions: Which parts those are, as (first, behind the last).
        pretty: Whether each element stands on a line of its own, indented.
        depth: How deep the first part stands.
    """
    if prefix:
        parts = list(parts)
        for start, end in regions:
            for index in range(start, end):
                if not isinstance(parts[index], Verbatim):
                    parts[index] = _TAG.sub(rf"<\g<1>{prefix}:", parts[index])
    return "".join(_indented(parts, depth) if pretty else parts)


def encoded(text: str) -> bytes:
    """The bytes of a document's text.

    Raises:
        EncodeError: It holds half of a surrogate pair. Only what was kept verbatim was not looked at before.
    """
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise EncodeError("the document holds a character that no XML document may hold") from error


def _indented(parts: Sequence[str], depth: int) -> Iterable[str]:
    """Each part on a line of its own; nothing is moved where lenient reading kept text between elements."""
    if not all(isinstance(part, Verbatim) or part.startswith("<") for part in parts):
        yield from parts
        return
    index = 0
    while index < len(parts):
        part = parts[index]
        leaf = isinstance(part, Verbatim) or part.endswith("/>") or "</" in part[1:]
        if part.startswith("</"):
            depth -= 1
            yield f"{'  ' * depth}{part}\n"
        elif leaf:
            yield f"{'  ' * depth}{part}\n"
        elif index + 1 < len(parts) and parts[index + 1].startswith("</"):
            yield f"{'  ' * depth}{part[:-1]}/>\n"  # an element with nothing in it
            index += 1
        else:
            yield f"{'  ' * depth}{part}\n"
            depth += 1
        index += 1
