"""Prints what a comparison found: a text for people, JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from iec61968_9_generator.diff.findings import BOTH, NEITHER, READERS, WRITERS, Finding

__all__ = ["CLASSES", "as_json", "as_text"]

SECTIONS = (
    (BOTH, "breaks readers and writers"),
    (READERS, "breaks readers"),
    (WRITERS, "breaks writers"),
    (NEITHER, "harmless"),
)
CLASSES = {"breaks-readers": "readers", "breaks-writers": "writers", "harmless": None}
"""Kinds of differences by the names that the command line has for them, with what they break."""


def _merged(findings: Sequence[Finding]) -> list[tuple[Finding, list[str], list[str]]]:
    """Findings that say the same of several namespaces put together, with those and with the places."""
    found: dict[tuple[object, ...], tuple[Finding, list[str], list[str]]] = {}
    for one in findings:
        key = one.kind, one.where, one.message, one.breaks
        _, namespaces, places = found.setdefault(key, (one, [], []))
        if one.namespace and one.namespace not in namespaces:
            namespaces.append(one.namespace)
        places += one.places
    return list(found.values())


def as_text(findings: Sequence[Finding]) -> str:
    """A text for people, most serious first."""
    if not findings:
        return "no differences\n"
    merged = _merged(findings)
    counts = [(sum(one.breaks == breaks for one, *_ in merged), title) for breaks, title in SECTIONS]
    words = ", ".join(
        f"{count} {title.replace('breaks', 'break' if count > 1 else 'breaks')}" for count, title in counts if count
    )
    lines = [f"{len(merged)} difference{'s' * (len(merged) > 1)}: {words}"]
    for breaks, title in SECTIONS:
        section = [entry for entry in merged if entry[0].breaks == breaks]
        if section:
            lines += ["", f"{title}:"]
        for one, namespaces, places in section:
            where = f"{one.where}: " if one.where else ""
            lines.append(f"  {where}{one.message}")
            if places:
                more = "" if len(places) == 1 else f" and {len(places) - 1} more"
                several = "" if len(namespaces) < 2 else f", in {len(namespaces)} namespaces"
                lines.append(f"      at {places[0]}{more}{several}")
    return "\n".join(lines) + "\n"


def as_json(findings: Sequence[Finding]) -> str:
    """The same for programs: an object with ``counts`` and ``differences``."""
    merged = _merged(findings)
    counts = {
        name: sum(side in one.breaks if side else not one.breaks for one, *_ in merged)
        for name, side in CLASSES.items()
    }
    differences: list[dict[str, Any]] = [
        {
            "kind": one.kind,
            "breaks": sorted(one.breaks),
            "where": one.where,
            "message": one.message,
            "namespaces": namespaces,
            "places": places,
        }
        for one, namespaces, places in merged
    ]
    return json.dumps({"counts": counts, "differences": differences}, indent=2, ensure_ascii=False) + "\n"
