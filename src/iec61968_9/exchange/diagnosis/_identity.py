"""Checks of how objects are named: the envelope's IDs, names, and references within the payload."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from iec61968_9._verbs import REGISTRY
from iec61968_9.exchange.diagnosis._case import Case, Place, brief, check, found, objects, several
from iec61968_9.identity import Index, MatchKind, is_uuid
from iec61968_9.profiles.envelope import IDKind
from iec61968_9.xml.record import Record, Reference
from iec61968_9.xml.report import Finding

CODED: Final = frozenset({"ReadingType", "ReadingQualityType", "EndDeviceEventType", "EndDeviceControlType"})
"""Objects whose name is a code of the standard, so that it needs no type."""

PARTS: Final = {
    "reading_type": ("reading type", 18),
    "reading_quality_type": ("reading quality", 3),
    "end_device_event_type": ("event", 4),
    "end_device_control_type": ("control", 4),
}
"""The members that cite a code, with the number of its parts."""

IEC: Final = "http://iec.ch/TC57/"
"""How the namespaces of the IEC's profiles begin."""

DOTTED: Final = re.compile(r"-?[0-9]+(\.-?[0-9]+)+")


def _ids(case: Case) -> Iterator[Place]:
    """The IDs of the envelope."""
    for part in (case.request, case.reply, case.payload):
        yield from part.each("ID")
    for error in case.errors:
        yield from error.each("ID")
        yield from error.each("relatedID")


@check(
    "id-blank",
    "id-kind-missing",
    "id-kind-unknown",
    "id-not-uuid",
    "id-name-without-type",
    "id-attribute-blank",
)
def ids_say_what_they_are(case: Case) -> Iterator[Finding]:
    """An ID has a kind, and a name has a type (R23, T24)."""
    for place in _ids(case):
        kind, value = place.text("kind"), place.text("value")
        if value is None:
            yield found("id-blank", place.path)
        if kind is None:
            yield found("id-kind-missing", place.path, source=value)
        elif kind not in set(IDKind):
            yield found("id-kind-unknown", place.at("@kind"), source=kind)
        elif kind == IDKind.UUID and value is not None and not is_uuid(value):
            yield found("id-not-uuid", place.path, source=value)
        elif kind == IDKind.NAME and place.text("idType") is None and place.text("objectType") not in CODED:
            yield found("id-name-without-type", place.at("@idType"), source=value)
        for attribute in ("idType", "idAuthority", "objectType"):
            if place.get(attribute) is not None and place.text(attribute) is None:
                yield found("id-attribute-blank", place.at(f"@{attribute}"), f"{attribute} is blank")


@check("names-without-type", "names-ambiguous")
def several_names_have_types(case: Case) -> Iterator[Finding]:
    """Who has several names says of each what it is (R25)."""
    for content in case.contents:
        if not isinstance(content.place.value, Record):
            continue
        for _, place in objects(content.place):
            if len(several(place.get("Names"))) < 2:
                continue
            names = place.each("Names")
            seen: set[tuple[str | None, str | None]] = set()
            for name in names:
                kind = name.one("NameType")
                key = (kind.text("name"), kind.one("NameTypeAuthority").text("name"))
                if key[0] is None:
                    yield found("names-without-type", name.path, source=name.text("name"))
                elif key in seen:
                    said = f"a second name of type {brief(key[0])}"
                    yield found("names-ambiguous", name.path, said, name.text("name"))
                seen.add(key)


@check("code-shape", "unresolved-reference", "ambiguous-reference")
def references_can_be_followed(case: Case) -> Iterator[Finding]:
    """A reference is a code of its slot, or means one object of the same payload (R26, T33).

    What a ``ref`` means in partners' own schemas is between them.
    """
    for content in case.contents:
        root = content.place.value
        if not isinstance(root, Record) or not _is_of_the_iec(root):
            continue
        index: Index | None = None
        known: set[tuple[str, str]] = set()
        for member, place in objects(content.place):
            cited = place.value
            if not isinstance(cited, Reference) or not cited.ref or (member, cited.ref) in known:
                continue
            ref = cited.ref.strip()
            what, parts = PARTS.get(member, ("", 0))
            dotted = DOTTED.fullmatch(ref)
            if not ref or (dotted and ref.count(".") == parts - 1):
                known.add((member, cited.ref))
                continue
            index = index or Index(root)
            match = index.find(cited)
            if match.kind is MatchKind.AMBIGUOUS:
                said = f"the reference could mean {len(match.objects)} objects of the payload"
                yield found("ambiguous-reference", place.at("@ref"), said, ref)
            elif match.kind is not MatchKind.FOUND:
                if dotted and parts:
                    said = f"a {what} code has {parts} parts, and this one has {ref.count('.') + 1}"
                    yield found("code-shape", place.at("@ref"), said, ref)
                else:
                    yield found("unresolved-reference", place.at("@ref"), source=ref)


def _is_of_the_iec(root: Record) -> bool:
    """Whether a payload is of a namespace of the IEC's, whichever year or edition, and not of a partner's."""
    found = REGISTRY.binding(type(root))
    return found is not None and found[0].profile.namespace.startswith(IEC)
