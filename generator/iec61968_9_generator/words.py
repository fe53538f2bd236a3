"""Says in plain words what a simple type asks of its values, for docstrings."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from iec61968_9_generator.model import Builtin, ListOf, Restriction, Shape

__all__ = ["asked"]

SHOWN = 60
"""How long a pattern or a list of values may be."""

BOUNDS = {
    "length": "exactly {} {unit}",
    "minLength": "at least {} {unit}",
    "maxLength": "at most {} {unit}",
    "minInclusive": "at least {}",
    "minExclusive": "more than {}",
    "maxInclusive": "at most {}",
    "maxExclusive": "less than {}",
    "totalDigits": "at most {} digits",
    "fractionDigits": "at most {} digits behind the point",
}


def asked(shape: Shape, find: Callable[[str], Shape]) -> str:
    """A sentence about the facets of a type, those of its bases first; empty if it has none.

    Args:
        shape: The type.
        find: Gives the shape of a type that has a name.
    """
    phrases = list(_phrases(shape, find))
    return f"Held to: {'; '.join(phrases)}." if phrases else ""


def _phrases(shape: Shape, find: Callable[[str], Shape]) -> Iterator[str]:
    match shape:
        case Restriction(base, facets):
            yield from _phrases(base, find)
            unit = _unit(base, find)
            for name, values in facets:
                if name == "pattern":
                    yield f"of the form {_shown(' or '.join(values))}"
                elif name == "enumeration":
                    yield f"one of {_shown(', '.join(values))}"
                elif name != "whiteSpace":
                    yield BOUNDS[name].format(values[0], unit=unit)
        case str():
            yield from _phrases(find(shape), find) if find(shape) != shape else ()
        case ListOf(item):
            yield from (f"each item {phrase}" for phrase in _phrases(item, find))
        case _:
            pass


def _unit(shape: Shape, find: Callable[[str], Shape]) -> str:
    """What the length of a value is counted in."""
    match shape:
        case Restriction(base):
            return _unit(base, find)
        case str() if find(shape) != shape:
            return _unit(find(shape), find)
        case Builtin("hexBinary" | "base64Binary"):
            return "bytes"
        case ListOf() | Builtin("NMTOKENS"):
            return "items"
        case _:
            return "characters"


def _shown(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
