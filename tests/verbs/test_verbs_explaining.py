"""All that is wrong with a document is told, each with its place, in words that need no knowledge of XML Schema."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tests.verbs.support import MESSAGE, READING, READINGS, event, readings, tree

from iec61968_9 import Limits, SchemaError, SchemaIssue, from_xml, iter_xml, validate
from iec61968_9._verbs import REGISTRY
from iec61968_9.xml.dialect import DEFAULT_DIALECT
from iec61968_9.xml.limits import DEFAULT_LIMITS
from iec61968_9.xml.parser import parse
from iec61968_9.xml.validation import issues

if TYPE_CHECKING:
    from tests.verbs.support import Element

JARGON = re.compile(
    r"\{http|xs:|facet|atomic|content type|type definition|wildcard|declaration|element-only|underruns|SCHEMA|libxml"
)

# What stands in one MeterReading, the path below it, the issue's kind, and a piece of its text.
FAULTS = [
    (
        "<Meter><mRID>1</mRID><Nmaes><name>a</name></Nmaes></Meter>",
        "Meter/Nmaes",
        "unknown-element",
        "perhaps Names is meant",
    ),
    ("<voltage>230</voltage>", "voltage", "unknown-element", "the element voltage is not expected here"),
    ("<value>1</value>", "value", "unknown-element", "it belongs inside Readings"),
    ("<Meter/><Meter/>", "Meter[2]", "repeated-element", "once only; got Meter number 2"),
    ("<valuesInterval/><Meter/>", "Meter", "misplaced-element", "expected it before valuesInterval"),
    ("<IntervalBlocks/>", "IntervalBlocks", "missing-member", "expected ReadingType in IntervalBlocks"),
    ("<isCoincidentTrigger>True</isCoincidentTrigger>", "isCoincidentTrigger", "unreadable-value", "in small letters"),
    (
        "<valuesInterval><start>2026-03-02 08:00:00</start></valuesInterval>",
        "valuesInterval/start",
        "unreadable-value",
        "a T belongs between date and time",
    ),
    (
        "<Readings><reason>Billing</reason><ReadingType ref='1'/></Readings>",
        "Readings/reason",
        "unknown-literal",
        "only the capital letters of billing differ",
    ),
    ("<Readings><ReadingType REF='1'/></Readings>", "Readings/ReadingType/@REF", "unknown-attribute", "perhaps ref"),
    ("<Meter/>text", "", "stray-text", "expected elements only, got 'text'"),
    (
        "<Meter xmlns=''/>",
        "Meter",
        "unknown-element",
        f'in no namespace: its xmlns is missing or empty; expected xmlns="{READINGS}"',
    ),
    ("<Meter xmlns='urn:x'/>", "Meter", "unknown-element", "the element Meter is in another namespace"),
]


def of_items(insides: list[str]) -> str:
    return readings("".join(f"<MeterReading>\n{inside}</MeterReading>\n" for inside in insides))


def test_as_many_faults_as_there_are_are_told_each_where_it_is() -> None:
    told = validate(of_items([inside for inside, *_ in FAULTS]))
    assert len(told) == len(FAULTS)
    for number, (issue, (_, path, kind, text)) in enumerate(zip(told, FAULTS, strict=True), 1):
        below = f"/{path}" if path else ""
        assert issue.path == f"/MeterReadings/MeterReading[{number}]{below}"
        assert issue.kind == kind
        assert text in str(issue)
        assert issue.line == 2 + 2 * (number - 1) + (0 if kind == "stray-text" else 1)


def test_they_are_told_behind_elements_that_nobody_expects_too() -> None:
    """libxml2 looks at nothing that follows an element which does not fit."""
    for stranger in ("<voltage/>", "<MeterReadng/>", "<MeterReadings/>", "<ReadingType><Names/></ReadingType>"):
        source = of_items([inside for inside, *_ in FAULTS]).replace("<MeterReading>", stranger + "<MeterReading>", 1)
        told = validate(source)
        for number, (_, path, kind, _) in enumerate(FAULTS, 1):
            below = f"/{path}" if path else ""
            assert (f"/MeterReadings/MeterReading[{number}]{below}", kind) in {(one.path, one.kind) for one in told}


def test_strict_reading_and_validating_say_the_same_in_any_packing() -> None:
    bare = of_items([inside for inside, *_ in FAULTS])
    for source in (bare, event(bare)):
        with pytest.raises(SchemaError) as caught:
            from_xml(source)
        assert list(caught.value.issues) == validate(source)
    inner = [issue.path for issue in validate(event(bare))]
    assert inner == [f"/EventMessage/Payload{issue.path}" for issue in validate(bare)]


@pytest.mark.parametrize("fault", FAULTS, ids=[f"{kind} {path}" for _, path, kind, _ in FAULTS])
def test_a_stream_says_the_same_of_an_item(fault: tuple[str, str, str, str]) -> None:
    source = of_items(["<Meter/>", fault[0]])
    with pytest.raises(SchemaError) as caught:
        list(iter_xml(source, "MeterReading"))
    assert list(caught.value.issues) == validate(source)


def test_the_lines_are_right_beyond_those_that_lxml_knows() -> None:
    source = of_items(["\n" * 70_000] + [inside for inside, *_ in FAULTS])
    short = of_items([""] + [inside for inside, *_ in FAULTS])
    assert [issue.line for issue in validate(source)] == [(one.line or 0) + 70_000 for one in validate(short)]


def test_no_more_are_told_than_are_wanted() -> None:
    source = of_items([inside for inside, *_ in FAULTS] * 3)
    for count in (1, 5, 20):
        assert len(validate(source, limits=Limits(issues=count))) == count


def test_a_header_in_disorder_is_told_whole() -> None:
    header = (
        "<Vreb>created</Vreb><Noun>MeterReadings</Noun><Timestamp>now</Timestamp><Revision>2</Revision><Colour/>"
        "<AsyncReplyFlag>?</AsyncReplyFlag><MessageID>1</MessageID><MessageID>2</MessageID>"
    )
    source = f'<EventMessage xmlns="{MESSAGE}"><Header>{header}</Header></EventMessage>'
    assert [(issue.path.rpartition("/")[2], issue.kind) for issue in validate(source)] == [
        ("Vreb", "unknown-element"),
        ("Timestamp", "unreadable-value"),
        ("Revision", "misplaced-element"),
        ("Colour", "unknown-element"),
        ("AsyncReplyFlag", "unreadable-value"),
        ("MessageID[2]", "repeated-element"),
    ]


def test_a_payload_in_the_namespace_of_the_envelope_is_told_its_own() -> None:
    for payload in ("<MeterReadings/>", '<MeterReadings xmlns=""/>'):
        (issue,) = validate(event(payload))
        assert f'expected xmlns="{READINGS}"' in str(issue)


# -- properties ------------------------------------------------------------------------------------------------------

TEXTS = ["abc", "?", "", "2026-03-02 08:00", "True", "1,5", "Billing", " billing ", "2026-02-30T00:00:00Z", "\u00a0"]


def damaged(data: st.DataObject) -> Element:
    """A valid payload or message, with some of its elements renamed, moved, doubled, removed or given another text."""
    root = tree(data.draw(st.sampled_from([readings(READING * 3), event(readings(READING * 2))])))
    for _ in range(data.draw(st.integers(1, 8))):
        node = data.draw(st.sampled_from(list(root.iter("*"))[1:] or [root]))
        parent = node.getparent()
        if parent is None:
            continue
        what = data.draw(st.sampled_from(["rename", "move", "double", "remove", "text", "attribute", "namespace"]))
        if what == "rename":
            node.tag = str(node.tag) + data.draw(st.sampled_from(["s", "_oops", "x" * 9]))
        elif what == "move":
            parent.insert(data.draw(st.integers(0, len(parent))), node)
        elif what == "double":
            parent.append(tree(etree.tostring(node)))
        elif what == "remove":
            parent.remove(node)
        elif what == "attribute":
            node.set(data.draw(st.sampled_from(["ref", "REF", "kind"])), "x")
        elif what == "namespace":
            node.tag = data.draw(st.sampled_from(["", "{urn:x}"])) + str(node.tag).rpartition("}")[2]
        else:
            node.text = data.draw(st.sampled_from(TEXTS))
    return root


@given(st.data())
def test_whatever_is_told_is_plain_and_stands_where_it_says(data: st.DataObject) -> None:
    root = damaged(data)
    told = validate(etree.tostring(root))
    places = {(issue.path, issue.kind, issue.expected, issue.message) for issue in told}
    assert len(places) == len(told)
    order: list[int] = []
    elements = list(root.iter("*"))
    for issue in told:
        assert not JARGON.search(f"{issue.message} {issue.kind}"), issue
        assert not JARGON.search((issue.expected or "").replace(READINGS, "")), issue
        steps = [
            re.sub(r"^([\w.-]+)", r"*[local-name()='\1']", step)
            for step in issue.path.split("/")[1:]
            if "@" not in step
        ]
        found = root.xpath("/" + "/".join(steps))
        assert found, issue
        order.append(elements.index(found[0]))
    inner = [place for place, issue in zip(order, told, strict=True) if issue.profile != "Message"]
    assert inner == sorted(inner)


@given(st.data())
def test_an_element_that_is_told_to_be_unknown_is_what_is_wrong(data: st.DataObject) -> None:
    """Without the last of them, one less is told."""
    root = damaged(data)

    def unknown() -> list[str]:
        issues = validate(etree.tostring(root))
        return [issue.path for issue in issues if issue.kind == "unknown-element"]

    told = unknown()
    if told:
        steps = [re.sub(r"^([\w.-]+)", r"*[local-name()='\1']", step) for step in told[-1].split("/")[1:]]
        element = next(one for one in root.xpath("/" + "/".join(steps)))
        element.getparent().remove(element)
        assert len(unknown()) == len(told) - 1


def test_an_issue_is_for_programs_too() -> None:
    (issue,) = validate(readings("<MeterReading><Meter/><Meter/></MeterReading>"))
    assert issue == SchemaIssue(
        "/MeterReadings/MeterReading/Meter[2]",
        2,
        "the element Meter may stand here once only",
        None,
        "Meter number 2",
        "MeterReadings",
        "repeated-element",
    )


@given(st.data())
def test_explaining_leaves_the_document_as_it_was(data: st.DataObject) -> None:
    """A stream goes on with the tree that was looked at, so nothing of the search for faults may stay in it."""
    root = damaged(data)
    source = etree.tostring(root)
    document = parse(source, DEFAULT_LIMITS)
    lines = [element.sourceline for element in document.root.iter("*")]
    for registered in REGISTRY:
        if str(root.tag) in map(registered.tag, registered.profile.roots):
            issues(document, registered, REGISTRY, DEFAULT_DIALECT, DEFAULT_LIMITS)
    after = etree.tostring(document.root).decode()
    assert etree.canonicalize(after, rewrite_prefixes=True) == etree.canonicalize(
        source.decode(), rewrite_prefixes=True
    )
    assert [element.sourceline for element in document.root.iter("*")] == lines


@pytest.mark.parametrize(
    "wrong",
    ["<Foo/>", "<meterReadng/>", '<MeterReading xmlns=""/>', "<ReadingType><Names><name/></Names></ReadingType>"],
)
def test_of_very_many_faults_beside_one_another_as_many_as_are_wanted_are_told(wrong: str) -> None:
    """The others are not looked into: that would take time which grows with the square of their number."""
    first = "<ReadingType><Names><name>a</name></Names></ReadingType>"
    assert len(validate(readings(first + (wrong + "<MeterReading/>") * 20_000))) == 100
