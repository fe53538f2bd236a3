"""A standard message to which any of the tolerated things have happened means the same, and the report says which.

Each variation changes the tree of a message, says under which rule it must be reported, and at which element; None
where it is taken without a word. Several are drawn at once.
"""

from __future__ import annotations

import dataclasses
import itertools
import random
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.lenient.support import local_pieces
from tests.verbs.support import MESSAGE, READINGS, XSI, event, readings, tree

from iec61968_9 import DecodeError, Record, Reference, Report, SchemaError, from_xml, iter_xml, to_xml

if TYPE_CHECKING:
    from tests.verbs.support import Element

    Said: TypeAlias = tuple[str, Element] | None
    Variation: TypeAlias = Callable[[random.Random, Element], Said]

READING = """\
<MeterReading>
<IntervalBlocks>
<IntervalReadings>
<timeStamp>2026-03-02T00:15:00Z</timeStamp>
<value>0.125</value>
</IntervalReadings>
<ReadingType ref="0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0"/>
</IntervalBlocks>
<Meter>
<mRID>0b6e9e35-65c1-4a5c-8c52-2fd1b3c19a7e</mRID>
<Names>
<name>M-1</name>
<NameType>
<name>MeterBadgeNumber</name>
</NameType>
</Names>
</Meter>
<Readings>
<reason>billing</reason>
<timeStamp>2026-03-02T08:00:00.1234567+01:00</timeStamp>
<value>1234.5</value>
<ReadingType ref="0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.3.72.0"/>
</Readings>
</MeterReading>
"""
HEADER = "<Source>HES</Source>\n<MessageID>m-1</MessageID>\n<CorrelationID>c-1</CorrelationID>\n"
SOURCE = event(readings(READING * 3) + "<Format>XML</Format>", header=HEADER).replace("><", ">\n<")
STANDARD = from_xml(SOURCE)
KNOWN = {str(element.tag).rpartition("}")[2] for element in tree(SOURCE).iter("*")}


def named(root: Element, name: str) -> list[Element]:
    return [element for element in root.iter("*") if str(element.tag).rpartition("}")[2] == name]


def put(parent: Element, name: str, place: int, text: str | None = None) -> Element:
    """A new element of the parent's namespace."""
    namespace = str(parent.tag).rpartition("}")[0]
    made = etree.Element(f"{namespace}}}{name}" if namespace else name)
    made.text, made.tail = text, "\n"
    parent.insert(place, made)
    return made


def respell(root: Element, old: str, new: str) -> None:
    for element in root.iter(f"{{{old}}}*"):
        element.tag = f"{{{new}}}{str(element.tag).rpartition('}')[2]}"


def shuffled(chance: random.Random, parent: Element) -> bool:
    """Put two neighbours of different names the other way round; those that the schema does not know have no place."""
    known = [one for one in parent if str(one.tag).rpartition("}")[2] in KNOWN]
    pairs = [(one, other) for one, other in itertools.pairwise(known) if one.tag != other.tag]
    if pairs:
        one, other = chance.choice(pairs)
        parent.insert(parent.index(one), other)
    return bool(pairs)


def t1_envelope(chance: random.Random, root: Element) -> Said:
    host, year = chance.choice([("www.iec.ch", "2011"), ("iec.ch", "2010"), ("www.iec.ch", "2008"), ("iec.ch", "2021")])
    respell(root, MESSAGE, MESSAGE.replace("iec.ch", host).replace("2011", year))
    return "T1", root


def t1_payload(chance: random.Random, root: Element) -> Said:
    new = READINGS.replace("2011", chance.choice(["2009", "2010", "2017"]))
    respell(root, READINGS, new)
    return "T1", named(root, "MeterReadings")[0]


def t5(chance: random.Random, root: Element) -> Said:
    header = named(root, "Header")[0]
    shuffled(chance, header)
    return "T5", header


def t6(chance: random.Random, root: Element) -> Said:
    header = named(root, "Header")[0]
    made = etree.Element("Authorization")
    made.text, made.tail = "Bearer x", "\n"
    header.insert(chance.randint(0, len(header)), made)
    return "T6", made


def t12(chance: random.Random, root: Element) -> Said:
    stamp = chance.choice([*named(root, "timeStamp"), *named(root, "Timestamp")])
    stamp.text = (stamp.text or "").replace("T", chance.choice([" ", "  "]))
    return "T12", stamp


def t13(chance: random.Random, root: Element) -> Said:
    made = put(chance.choice(named(root, "MeterReading")), "isCoincidentTrigger", 0, chance.choice(["?", ""]))
    return "T13", made


def t14(chance: random.Random, root: Element) -> Said:
    header = named(root, "Header")[0]
    place = header.index(named(root, "CorrelationID")[0]) + 1
    return "T14", put(header, "Comment", place, chance.choice(["?", "String", "NONE", "None", "Default", ""]))


def t26(chance: random.Random, root: Element) -> Said:
    found = named(root, "Format")[0]
    found.tag = str(found.tag).replace("Format", "format")
    return "T26", found


def t28(chance: random.Random, root: Element) -> Said:
    parent = chance.choice([*named(root, "MeterReading"), *named(root, "Readings"), *named(root, "Names")])
    return ("T28", parent) if shuffled(chance, parent) else None


def t30_element(chance: random.Random, root: Element) -> Said:
    parent = chance.choice([*named(root, "Meter"), *named(root, "IntervalBlocks")])
    return "T30", put(parent, "timeZone", chance.randint(0, len(parent)), "Europe/Berlin")


def t30_attribute(chance: random.Random, root: Element) -> Said:
    element = chance.choice([*named(root, "Meter"), *named(root, "value"), *named(root, "ReadingType")])
    element.set("colour", "blue")
    return "T30", element


def t31(chance: random.Random, root: Element) -> Said:
    parent = chance.choice(named(root, "Readings"))
    put(parent, "timePeriod", len(parent))
    return None


def t32(chance: random.Random, root: Element) -> Said:
    element = chance.choice([*named(root, "Meter"), *named(root, "value")])
    element.set(f"{{{XSI}}}type", "unknown")
    element.addprevious(etree.Comment("of nobody"))
    return None


VARIATIONS: list[Variation] = [
    t1_envelope, t1_payload, t5, t6, t12, t13, t14, t26, t28, t30_element, t30_attribute, t31, t32,
]  # fmt: skip
# Names of elements are looked for by local name, so that they can follow one another in any order.


def plain(value: Any) -> Any:
    """An object and all in it without what was kept."""
    if isinstance(value, list):
        return [plain(one) for one in value]  # pyright: ignore[reportUnknownVariableType]  # of anything
    if isinstance(value, Record | Reference):
        changes = {one.name: plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
        return dataclasses.replace(value, **{**changes, "kept": None})
    return value


def place(element: Element) -> str:
    """Where an element stands, worked out anew."""
    steps: list[str] = []
    node: Element | None = element
    while node is not None:
        parent = node.getparent()
        name = str(node.tag).rpartition("}")[2]
        twins = [] if parent is None else [one for one in parent if one.tag == node.tag]
        steps.insert(0, f"{name}[{twins.index(node) + 1}]" if len(twins) > 1 else name)
        node = parent
    return "/" + "/".join(steps)


@settings(max_examples=150)
@given(st.lists(st.sampled_from(VARIATIONS), min_size=1, max_size=5, unique=True), st.integers(0, 2**32))
def test_a_varied_message_means_the_same_and_each_variation_is_reported(chosen: list[Variation], seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # no secret
    root = tree(SOURCE)
    said = [one for one in (vary(chance, root) for vary in chosen) if one is not None]
    source = etree.tostring(root)
    numbers = {element: number for number, element in enumerate(root.iter("*"))}
    again = list(tree(source).iter("*"))

    report = Report()
    found = from_xml(source, mode="lenient", report=report)
    assert plain(found) == plain(STANDARD)
    back = to_xml(found, mode="lenient")
    assert local_pieces(back) == local_pieces(source)
    assert from_xml(back, mode="lenient") == found

    for rule, element in said:
        there = again[numbers[element]]
        if rule in {"T5", "T28"}:
            assert any(one.rule == rule and one.path.startswith(place(there) + "/") for one in report), str(report)
        else:
            assert (rule, place(there), there.sourceline) in {(one.rule, one.path, one.line) for one in report}, str(
                report
            )
    assert {one.rule for one in report} <= {rule for rule, _ in said} | {
        "T5",
        "T28",
    }  # what is put in may be out of order
    if not said:
        assert len(report) == 0

    streamed = Report()
    items = list(iter_xml(source, "MeterReading", mode="lenient", report=streamed))
    assert items == found.payload.contents[0].meter_reading  # type: ignore[attr-defined]
    assert {(one.rule, one.path, one.line) for one in streamed} == {(one.rule, one.path, one.line) for one in report}


@pytest.mark.parametrize("vary", [one for one in VARIATIONS if one not in {t1_envelope, t31, t13, t14}])
def test_strict_reading_refuses_each_but_hosts_and_what_the_schemas_let_pass(vary: Variation) -> None:
    root = tree(SOURCE)
    vary(random.Random(1), root)  # noqa: S311  # no secret
    with pytest.raises((SchemaError, DecodeError)):
        from_xml(etree.tostring(root))
