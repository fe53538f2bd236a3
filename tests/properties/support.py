"""What the properties share: how many examples, all roots, and libxml2's own verdict with the schemas in ``xsd/``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from lxml import etree
from tests.documents import parsed
from tests.tables import Element, known_by_tag, local

from iec61968_9 import DecodeError, from_xml
from iec61968_9._codecs.index import PROFILES
from iec61968_9._verbs import REGISTRY
from iec61968_9.xml import Record
from iec61968_9.xml.codec import Profile

TESTS = Path(__file__).resolve().parent.parent
XSD = TESTS.parent / "xsd"

MAIN = ("MeterReadings", "GetMeterReadings", "Message")
"""The profiles that most users meet, which get the most examples."""

ROOTS = [pytest.param(profile, root, id=root) for profile in PROFILES for root in profile.roots]
"""Every root element with its profile."""

NOUNS = [pytest.param(profile.noun, id=profile.noun) for profile in PROFILES]
"""Every schema's noun."""


def examples(count: int) -> settings:
    """Deterministic settings; ``PROPERTY_EXAMPLES`` multiplies the count and makes the examples random."""
    factor = int(os.environ.get("PROPERTY_EXAMPLES", "1"))
    return settings(
        max_examples=count * factor,
        derandomize=factor == 1,
        deadline=None,
        database=None,
        print_blob=False,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    )


def for_profile(profile: Profile, *, main: int, other: int) -> settings:
    """The settings for one profile."""
    return examples(main if profile.noun in MAIN else other)


def class_of(profile: Profile, root: str) -> type[Record]:
    """The class of a root element."""
    return REGISTRY.by_module[f"iec61968_9.profiles.{profile.module}"].codec.roots[root].kind


@cache
def schema(noun: str) -> etree.XMLSchema:
    """A schema of the repository, compiled."""
    (path,) = XSD.rglob(f"{noun}.xsd")
    return etree.XMLSchema(etree.parse(path))


def verdict(data: bytes) -> list[str]:
    """libxml2's complaints about a document: by the envelope's schema and by those of what the envelope carries.

    libxml2 takes a Payload that holds several of the branches that exclude each other, so these are counted here. And
    it takes what may repeat before a repeating wildcard behind it as well, so that is looked for.
    """
    return list(complaints(parsed(data)))


def complaints(root: Element) -> Iterator[str]:
    """The same about a tree."""
    table = known_by_tag()[str(root.tag)]
    checker = schema(table.noun)
    if not checker.validate(root):
        yield from (entry.message for entry in checker.error_log)
    if table.noun != "Message":
        return
    for payload in root.iterfind(f".//{table.tag('Payload')}"):
        kinds = {local(child) if child.tag in _BRANCHES else "*" for child in payload if local(child) != "Format"}
        if len(kinds) > 1:
            yield f"a Payload holds {' and '.join(sorted(kinds))}"
    for name in ("Property", "ID"):
        for element in root.iter(table.tag(name)):
            before = (str(one.tag) for one in element.itersiblings("*", preceding=True))
            if any(not one.startswith(f"{{{table.namespace}}}") for one in before):
                yield f"{name} stands behind an extension"
    for element in _embedded(root, f"{{{table.namespace}}}"):
        if str(element.tag) in known_by_tag():
            yield from complaints(element)


_BRANCHES = {f"{{http://iec.ch/TC57/2011/schema/message}}{name}" for name in ("OperationSet", "Compressed", "ID")}


def _embedded(element: Element, own: str) -> Iterator[Element]:
    """The topmost elements of other namespaces."""
    for child in element:
        if str(child.tag).startswith(own):
            yield from _embedded(child, own)
        else:
            yield child


PAYLOADS = [profile for profile in PROFILES if profile.items and profile.role != "envelope"]
"""Profiles whose items can be streamed."""


def check_cuts(data: bytes, *, step: int) -> None:
    """A document is read whole, and refused when it ends anywhere before its root's last ``>``."""
    from_xml(data)
    for cut in range(0, data.rindex(b">") + 1, step):
        for mode in ("strict", "lenient"):
            with pytest.raises(DecodeError):
                from_xml(data[:cut], mode=mode)
