"""Slips of the pen: the name that a misspelt one is nearest to, and how a namespace departs from the standard's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from iec61968_9.xml.document import local_name, namespace_of

__all__ = ["nearest", "spelling_of"]

_YEAR = re.compile(r"/(20\d\d)/")
CUTOFF = 0.75


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that a name is a slip of, or None. Capital letters do not count."""
    from difflib import get_close_matches  # only an error needs it

    by_lower = {one.lower(): one for one in reversed(list(known))}
    near = get_close_matches(name.strip().lower(), by_lower, n=1, cutoff=CUTOFF)
    return by_lower[near[0]] if near else None


def spelling_of(tag: str, known: list[str], *, envelope: bool = False) -> tuple[str, str]:
    """How the namespace of a tag differs from those of known tags of the same name, and what to do."""
    name, namespace = local_name(tag), namespace_of(tag)
    standards = [namespace_of(one) for one in known]
    if not namespace:
        dialect = "Dialect(envelope='', payload='')" if envelope else f"Dialect(aliases={{'': '{standards[0]}'}})"
        return f"{name} is in no namespace", (
            f'Have the sender add xmlns="{standards[0]}". Until then, a dialect reads it: dialect={dialect}.'
        )
    for standard in standards:
        difference = _difference(namespace, standard)
        if difference is not None:
            alias, meant = _shortest(namespace, standard)
            return (
                f"the namespace of {name} is not the standard's, and differs from it only in {difference}",
                f"Where the partner always writes it so, a dialect reads it: "
                f"dialect=Dialect(aliases={{'{alias}': '{meant}'}}).",
            )
    alias = f"Dialect(aliases={{'{namespace}': '{standards[0]}'}})"
    dialect = (
        f"Dialect(envelope='{namespace}')"
        if envelope
        else f"{alias}, or Dialect(payload='{namespace}') for all payloads"
    )
    return f"{name} is in a namespace that is not known", (
        f"Where that is the partner's own, a dialect reads it: dialect={dialect}. "
        "Where it is another edition's, generate a package from its schemas and register it."
    )


def _difference(namespace: str, standard: str) -> str | None:
    """In what alone two namespaces differ, in words."""
    ways: tuple[tuple[str, Callable[[str], str]], ...] = (
        ("a www. before its host", lambda one: one.replace("://www.", "://")),
        ("its beginning, https for http", lambda one: one.replace("https://", "http://")),
        ("capital letters", str.lower),
        ("the # at its end", lambda one: one.rstrip("#/")),
        ("white space", lambda one: "".join(one.split())),
    )
    years = _YEAR.search(namespace), _YEAR.search(standard)
    if years[0] and years[1] and years[0][1] != years[1][1]:
        rest = namespace.replace(years[0][0], years[1][0], 1)
        also = "" if rest == standard else _difference(rest, standard)
        words = f"its year, {years[0][1]} for {years[1][1]}"
        return None if also is None else f"{words}, and {also}" if also else words
    return next((words for words, same in ways if same(namespace) == same(standard)), None)


def _shortest(namespace: str, standard: str) -> tuple[str, str]:
    """An alias and what it means, with ``*`` for what all profiles have in common with their names."""
    head, slash, tail = namespace.rpartition("/")
    other, _, rest = standard.rpartition("/")
    return (f"{head}/*", f"{other}/*") if slash and tail == rest and other.count("/") >= 4 else (namespace, standard)
