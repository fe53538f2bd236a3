"""How the standard's names are spelled in Python, for code that works by names on the classes of any package."""

from __future__ import annotations

import functools
import re

__all__ = ["member_name"]


@functools.cache
def member_name(element: str) -> str:
    """The member that holds an element: ``IntervalBlocks`` in ``interval_blocks``, ``mRID`` in ``mrid``."""
    element = re.sub(r"^[a-z](?=[A-Z]{2,}(?![a-z]))", lambda letter: letter.group().upper(), element)
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", element).lower()
