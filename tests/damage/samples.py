"""Documents to be damaged: one for each root of each profile, and one for each form in which a message travels.

A sample has every member of every type of its profile at least once, made from the tables alone, so none is spared. A
profile whose members do not fit into a few kilobytes gives the random document that has most of them instead. Each has
a declaration, a comment and lines, and a payload has at least two items to be streamed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from lxml import etree
from tests.tables import Element, Maker, Owner, local, seeded, table

from iec61968_9 import Reference, from_xml
from iec61968_9._codecs.index import PROFILES
from iec61968_9.exchange import Form, SoapVersion, Style, write_message
from iec61968_9.profiles import MeterReadings
from iec61968_9.profiles.envelope import EventMessage
from iec61968_9.profiles.meter_readings import Reading
from iec61968_9.xml.codec import Profile

__all__ = ["FORMS", "Sample", "forms", "messages", "samples"]

MESSAGES = Path(__file__).resolve().parents[1] / "messages"
MOST = 7000
"""The bytes of a sample, at most."""

FORMS = [Form(soap=soap, style=style) for soap in (None, *SoapVersion) for style in list(Style)[:3]]
"""Bare, in SOAP 1.1 and 1.2; plain, under a typed root, in an operation."""


@dataclass(frozen=True)
class Sample:
    """A document.

    Attributes:
        name: What it is called in reports.
        data: Its bytes.
        item: The name of its items, if it has a payload that can be streamed; else empty.
        form: How it travels, if ``read_message`` reads it; None where ``from_xml`` does.
    """

    name: str
    data: bytes
    item: str = ""
    form: Form | None = None


def samples() -> list[Sample]:
    """One for each root of each profile: 25 payloads, 25 queries, 5 envelopes."""
    return [made(profile.noun, root) for profile in PROFILES for root in profile.roots]


@cache
def made(noun: str, root: str) -> Sample:
    """A document that has as much as fits."""
    profile = next(one for one in PROFILES if one.noun == noun)
    item = profile.items[0] if profile.items and profile.role != "envelope" else ""
    document = _whole(profile, root)
    if len(etree.tostring(document)) > MOST:
        document = max(_random(profile, root), key=_variety)
    return Sample(root, _bytes(document), item)


def _whole(profile: Profile, root: str) -> Element:
    """A document with every member, and with two items at least."""
    found = table(profile.noun)
    document = Maker(found, seeded(1), whole=True).document(root)
    if profile.items and profile.role != "envelope":
        name = profile.items[0]
        first = next(child for child in document if local(child) == name)
        another = etree.Element(first.tag)
        owner = found.type(found.roots[root])
        particle = owner.particle(name) if isinstance(owner, Owner) else None
        assert particle is not None
        Maker(found, seeded(2), room=4).fill(another, found.path(found.roots[root], particle))
        first.addnext(another)
    return document


def _random(profile: Profile, root: str) -> Iterator[Element]:
    """Random documents that are small enough, with at least two items."""
    for seed in range(60):
        document = Maker(table(profile.noun), seeded(seed), room=30).document(root)
        items = [child for child in document if local(child) == profile.items[0]]
        if len(items) > 1 and len(etree.tostring(document)) <= MOST // 2:
            yield document


def _variety(document: Element) -> int:
    return len({(local(element), len(list(element.iterancestors()))) for element in document.iter("*")})


def _bytes(document: Element) -> bytes:
    """With a declaration, a comment, and each element on a line of its own."""
    etree.indent(document, "")
    document.insert(0, etree.Comment(" sample "))
    return etree.tostring(document, xml_declaration=True, encoding="UTF-8")


@cache
def messages() -> tuple[Sample, ...]:
    """The messages of known exchanges."""
    return tuple(Sample(path.stem, path.read_bytes()) for path in sorted(MESSAGES.glob("*.xml")))


@cache
def forms() -> tuple[Sample, ...]:
    """One message in each form in which it can travel."""
    message = from_xml(MESSAGES / "A10-1_created_MeterReadings_intervals_page1of2.xml", EventMessage[MeterReadings])
    readings = message.content.meter_reading
    for block in readings[0].interval_blocks:
        del block.interval_readings[1:]
    readings.append(replace(readings[0], readings=[Reading(value="1", reading_type=Reference(ref="0.0.0.1"))]))
    return tuple(
        Sample(f"{form.style} {form.soap or 'bare'}", write_message(message, form, pretty=True), "MeterReading", form)
        for form in FORMS
    )
