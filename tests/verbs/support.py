"""Messages and comparisons that the tests of the verbs share."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

from lxml import etree

from iec61968_9 import DecodeError, Record, Report, from_xml, to_xml

if TYPE_CHECKING:
    Element: TypeAlias = etree._Element  # pyright: ignore[reportPrivateUsage]  # lxml's class has no other name

NAMESPACE = "http://iec.ch/TC57/2011/{}#"
READINGS = NAMESPACE.format("MeterReadings")
MESSAGE = "http://iec.ch/TC57/2011/schema/message"
XSI = "http://www.w3.org/2001/XMLSchema-instance"

READING = """\
  <MeterReading>
    <IntervalBlocks>
      <IntervalReadings>
        <timeStamp>2026-03-02T00:15:00Z</timeStamp>
        <value>0.125</value>
        <ReadingQualities><ReadingQualityType ref="1.0.0"/></ReadingQualities>
      </IntervalReadings>
      <ReadingType ref="0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0"/>
    </IntervalBlocks>
    <Meter>
      <mRID>0b6e9e35-65c1-4a5c-8c52-2fd1b3c19a7e</mRID>
      <Names><name>M-1</name><NameType><name>MeterBadgeNumber</name></NameType></Names>
    </Meter>
    <Readings>
      <reason>billing</reason>
      <timeStamp>2026-03-02T08:00:00.1234567+01:00</timeStamp>
      <value>1234.5</value>
      <ReadingType ref="0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.3.72.0"/>
    </Readings>
    <valuesInterval><end>2026-03-03T00:00:00Z</end><start>2026-03-02T00:00:00Z</start></valuesInterval>
  </MeterReading>
"""


def readings(inside: str = READING, namespace: str = READINGS) -> str:
    """A payload of MeterReadings."""
    return f'<MeterReadings xmlns="{namespace}">\n{inside}</MeterReadings>'


def event(payload: str = "", *, header: str = "", noun: str = "MeterReadings", namespace: str = MESSAGE) -> str:
    """An EventMessage around a payload."""
    around = f"<Payload>{payload}</Payload>" if payload else ""
    return (
        f'<EventMessage xmlns="{namespace}"><Header><Verb>created</Verb><Noun>{noun}</Noun>'
        f"<Timestamp>2026-03-02T08:00:00Z</Timestamp>{header}</Header>{around}</EventMessage>"
    )


def request(inside: str = "", *, noun: str = "MeterReadings", verb: str = "get") -> str:
    """A RequestMessage."""
    return (
        f'<RequestMessage xmlns="{MESSAGE}"><Header><Verb>{verb}</Verb><Noun>{noun}</Noun></Header>'
        f"{inside}</RequestMessage>"
    )


def tree(source: str | bytes) -> Element:
    """A document as a tree, by lxml alone."""
    return etree.fromstring(source if isinstance(source, bytes) else source.encode())


def pieces(root: Element) -> Counter[tuple[str, ...]]:
    """Everything in a document that says something, with how often it is there: elements, attributes, texts.

    White space alone says nothing here, and neither do hints where a schema may be found. Each attribute and each text
    counts with the name of the element that it stands in, each element with the name of its parent.
    """
    found: Counter[tuple[str, ...]] = Counter()
    for element in root.iter("*"):
        name = str(element.tag)
        parent = element.getparent()
        found["element", name, "" if parent is None else str(parent.tag)] += 1
        for attribute, value in element.items():
            if "schemaLocation" not in attribute:
                found["attribute", name, str(attribute), str(value)] += 1
        for text in [element.text, *(child.tail for child in element)]:
            if text and text.strip(" \t\r\n"):
                found["text", name, text] += 1
    return found


def says_nothing(root: Element) -> bool:
    """Whether something in a document reads as absent: an empty element, or a placeholder."""
    return any(
        not len(node) and (node.text or "") in {"", "?", "String", "NONE", "None", "Default"} and not node.get("ref")
        for node in root.iter("*")
    )


REMARKS = frozenset(
    {
        "epoch-time",
        "header-extension",
        "id-beside-query",
        "id-kind-missing",
        "operation-noun-missing",
        "operation-verb-case",
        "operation-verb-missing",
        "payload-empty",
        "placeholder",
        "profile-in-request",
        "query-in-payload",
        "query-without-get",
        "reply-address",
        "several-payloads",
        "unknown-profile",
    }
)
"""What lenient reading remarks on in documents that their schemas let pass."""


AMBIGUOUS = ("two operations have the same operationId", "a message carries one payload")
"""What lenient reading refuses in documents that their schemas let pass (T26, T27)."""


def assert_both_modes_agree(source: bytes, value: Record) -> None:
    """A valid document means the same in lenient mode, but that placeholders are absent; it is written as it was.

    What would have two meanings is refused.
    """
    report = Report()
    try:
        tolerated = from_xml(source, mode="lenient", report=report)
    except DecodeError as error:
        if error.message.startswith(AMBIGUOUS):
            return
        raise
    assert {finding.kind for finding in report} <= REMARKS
    root = tree(source)
    assert tolerated == value or says_nothing(root)
    assert canonical(to_xml(tolerated, mode="lenient")) == canonical(to_xml(value))


def canonical(source: str | bytes) -> bytes:
    """A document in the form in which two that say the same are equal: C14N 2.0, prefixes rewritten, no comments, no
    element-only white space.
    """
    root = tree(source)
    for element in root.iter("*"):
        if len(element) and not any(
            text and text.strip(" \t\r\n") for text in [element.text, *(child.tail for child in element)]
        ):
            element.text = None
            for child in element:
                child.tail = None
        for attribute in [name for name in element.keys() if "schemaLocation" in name]:  # noqa: SIM118  # lxml's
            del element.attrib[attribute]
    text = etree.tostring(root, encoding="unicode")
    return etree.canonicalize(text, with_comments=False, rewrite_prefixes=True).encode()


def prefixed(source: str, prefix: str = "m") -> str:
    """The same document with a prefix on every name of its default namespace."""
    root = tree(source)
    namespace = str(root.tag)[1:].partition("}")[0]
    text = re.sub(r"<(/?)(?=[\w])(?![\w.-]+:)", rf"<\1{prefix}:", source)
    text = text.replace(f'xmlns="{namespace}"', f'xmlns:{prefix}="{namespace}"')
    assert tree(text).tag == root.tag
    return text
