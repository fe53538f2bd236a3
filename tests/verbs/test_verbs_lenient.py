"""Lenient reading: what the schema does not allow is kept, reported and written back; nothing is dropped in silence."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from lxml import etree
from tests.verbs.support import (
    MESSAGE,
    NAMESPACE,
    READING,
    READINGS,
    XSI,
    event,
    pieces,
    prefixed,
    readings,
    request,
    tree,
)

from iec61968_9 import (
    DecodeError,
    EncodeError,
    Finding,
    ForeignElement,
    Kept,
    Record,
    Reference,
    Report,
    SchemaError,
    from_xml,
    iter_xml,
    to_xml,
)
from iec61968_9.profiles.envelope import EventMessage, RequestMessage, Verb
from iec61968_9.profiles.meter_readings import MeterReading, MeterReadings, Reading, ReadingReasonKind

ITEM = "/MeterReadings/MeterReading"
TYPE = '<ReadingType ref="1"/>'


def lenient(source: Any, expected: Any = Record) -> tuple[Any, list[Finding]]:
    report = Report()
    return from_xml(source, expected, mode="lenient", report=report), list(report)


def assert_kept(source: str) -> list[Finding]:
    """Everything in a document is in what is written of it, and reading that again gives the same object."""
    found, findings = lenient(source)
    for pretty in (False, True):
        written = to_xml(found, mode="lenient", pretty=pretty)
        assert pieces(tree(written)) == pieces(tree(source))
        again, _ = lenient(written)
        assert again == found
    return findings


def item(inside: str) -> str:
    return readings(f"<MeterReading>{inside}</MeterReading>")


# -- one kind after the other ----------------------------------------------------------------------------------------

# name -> (what stands in the item, rule, path below the item, what the finding shows)
TOLERATED: dict[str, tuple[str, str, str, str | None]] = {
    "unknown element": ("<voltage unit='V'>230<x/>y</voltage>", "unknown-element", "/voltage", None),
    "unknown element of another namespace": ("<x:a xmlns:x='urn:x' x:b='c'/>", "unknown-element", "/a", None),
    "unknown element of none": ("<a xmlns=''><b/></a>", "unknown-element", "/a", None),
    "unknown element in a value": ("<Meter><mRID>a<b/>c</mRID></Meter>", "unreadable-value", "/Meter/mRID", None),
    "unknown attribute of a leaf": ("<Meter><mRID a='1'>m</mRID></Meter>", "unknown-attribute", "/Meter/mRID", None),
    "unknown attribute with a namespace": (
        "<Meter xmlns:x='urn:x' x:a='1&lt;&quot;'/>",
        "unknown-attribute",
        "/Meter",
        None,
    ),
    "unknown attribute of a number": (
        "<isCoincidentTrigger a='1'>true</isCoincidentTrigger>",
        "unknown-attribute",
        "/isCoincidentTrigger",
        None,
    ),
    "unknown attribute of a reference": (
        "<Readings><ReadingType ref='1' name='x'/></Readings>",
        "unknown-attribute",
        "/Readings/ReadingType",
        None,
    ),
    "unknown attribute of a literal": (
        f"<Readings><reason a='1'>billing</reason>{TYPE}</Readings>",
        "unknown-attribute",
        "/Readings/reason",
        None,
    ),
    "element in a reference": (
        "<Readings><ReadingType ref='1'><mRID>m</mRID></ReadingType></Readings>",
        "unknown-element",
        "/Readings/ReadingType/mRID",
        None,
    ),
    "text in a reference": (
        "<Readings><ReadingType ref='1'>abc</ReadingType></Readings>",
        "stray-text",
        "/Readings/ReadingType",
        "'abc'",
    ),
    "stray text": ("abc<Meter/>", "stray-text", "", "'abc'"),
    "stray text behind": ("<Meter/>abc", "stray-text", "", "'abc'"),
    "stray no-break space": ("<Meter/>\u00a0", "stray-text", "", None),
    "stray text of several lines": ("a\n  b\r\nc<Meter/>", "stray-text", "", "'a b c'"),
    "bad date": (
        "<valuesInterval><end>soon</end></valuesInterval>",
        "unreadable-value",
        "/valuesInterval/end",
        "'soon'",
    ),
    "bad boolean": (
        "<isCoincidentTrigger>ja</isCoincidentTrigger>",
        "unreadable-value",
        "/isCoincidentTrigger",
        "'ja'",
    ),
    "unknown literal": (
        f"<Readings><reason>Billing</reason>{TYPE}</Readings>",
        "unknown-literal",
        "/Readings/reason",
        "'Billing'",
    ),
    "missing reference": ("<Readings><value>1</value></Readings>", "missing-member", "/Readings", None),
    "missing name": (
        "<Meter><Names><NameType><name>t</name></NameType></Names></Meter>",
        "missing-member",
        "/Meter/Names",
        None,
    ),
    "repeated record": (
        "<Meter><mRID>1</mRID></Meter><Meter><mRID>2</mRID></Meter>",
        "repeated-element",
        "/Meter[2]",
        None,
    ),
    "repeated value": (
        "<Meter><mRID>1</mRID><mRID>2</mRID></Meter>",
        "repeated-element",
        "/Meter/mRID[2]",
        None,
    ),
    "repeated reference": (
        f"<Readings>{TYPE}<ReadingType ref='2'/></Readings>",
        "repeated-element",
        "/Readings/ReadingType[2]",
        None,
    ),
}


@pytest.mark.parametrize("name", sorted(TOLERATED))
def test_each_is_kept_and_reported_with_rule_path_line_and_text(name: str) -> None:
    inside, rule, path, source = TOLERATED[name]
    findings = assert_kept(readings("\n<MeterReading>" + inside + "</MeterReading>"))
    assert [(one.kind, one.path.partition("/@")[0], one.line) for one in findings] == [(rule, ITEM + path, 3)]
    assert (source or "") in (findings[0].source or "")
    assert findings[0].kind in str(findings[0])
    assert findings[0].path in str(findings[0])


@pytest.mark.parametrize("name", sorted(TOLERATED))
def test_strict_reading_refuses_each(name: str) -> None:
    with pytest.raises(DecodeError):
        from_xml(item(TOLERATED[name][0]))


@pytest.mark.parametrize("name", sorted(TOLERATED))
def test_strict_writing_refuses_what_only_lenient_reading_read(name: str) -> None:
    found, _ = lenient(item(TOLERATED[name][0]))
    with pytest.raises(EncodeError) as caught:
        to_xml(found)
    assert caught.value.path is not None
    assert caught.value.path.startswith(ITEM)


@pytest.mark.parametrize("name", sorted(TOLERATED))
def test_a_lenient_stream_keeps_and_reports_the_same(name: str) -> None:
    source = readings("<MeterReading/>\n<MeterReading>" + TOLERATED[name][0] + "</MeterReading>")
    found, findings = lenient(source, MeterReadings)
    report = Report()
    stream = iter_xml(source, MeterReading, mode="lenient", report=report)
    assert list(stream) == found.meter_reading
    assert list(report) == findings


@pytest.mark.parametrize("name", sorted(TOLERATED))
def test_the_same_under_a_prefix(name: str) -> None:
    if "none" not in name:
        assert_kept(event(prefixed(item(TOLERATED[name][0]))))


def test_all_of_them_together() -> None:
    inside = "".join(f"<MeterReading>{inside}</MeterReading>\n" for inside, *_ in TOLERATED.values())
    findings = assert_kept(event(readings(inside)))
    assert len(findings) == len(TOLERATED)
    assert [one.line for one in findings] == sorted(one.line or 0 for one in findings)


def test_without_a_report_the_same_is_read() -> None:
    for inside, *_ in TOLERATED.values():
        assert from_xml(item(inside), mode="lenient") == lenient(item(inside))[0]


def test_a_report_collects_over_several_readings() -> None:
    report = Report()
    for inside, *_ in TOLERATED.values():
        from_xml(item(inside), mode="lenient", report=report)
    assert len(report) == len(TOLERATED)
    assert report.count("stray-text") == sum(one.kind == "stray-text" for one in report) > 3
    assert len(str(report).splitlines()) == len(report)
    assert pickle.loads(pickle.dumps(report)) == report  # noqa: S301  # our own


# -- what is where -----------------------------------------------------------------------------------------------------


def test_a_valid_document_gives_the_same_object_in_both_modes_and_no_findings() -> None:
    for source in (readings(), event(readings()), request()):
        found, findings = lenient(source)
        assert found == from_xml(source)
        assert findings == []
        assert to_xml(found) == to_xml(found, mode="lenient")


def test_unknown_content_is_on_the_object_it_was_found_in() -> None:
    found, _ = lenient(item("<Meter x='1'>abc<mRID>m</mRID><y/></Meter>"), MeterReadings)
    reading = found.meter_reading[0]
    assert reading.kept is None
    assert reading.meter.mrid == "m"
    assert reading.meter.kept.attributes == (("x", "1"),)
    assert reading.meter.kept.texts == ("abc",)
    assert [one.tag for one in reading.meter.kept.elements] == [f"{{{READINGS}}}y"]


@pytest.mark.parametrize(
    ("inside", "place"),
    [
        ('<Readings><ReadingType ref="1" odd="2"/></Readings>', "/Readings/ReadingType"),
        ('<Readings><ReadingType ref="1"><odd/></ReadingType></Readings>', "/Readings/ReadingType"),
        ("<Meter><mRID>1</mRID><odd/></Meter>", "/Meter"),
        ('<Meter><Names><name odd="1">a</name></Names></Meter>', "/Meter/Names"),
        ("<odd/>", ""),
    ],
)
def test_strict_writing_says_which_object_holds_what_was_kept(inside: str, place: str) -> None:
    found = from_xml(readings(f"<MeterReading>{inside}</MeterReading>"), mode="lenient")
    with pytest.raises(EncodeError) as caught:
        to_xml(found)
    assert caught.value.path == f"/MeterReadings/MeterReading{place}"


def test_strict_reading_keeps_nothing() -> None:
    found = from_xml(readings(), MeterReadings)
    assert found.kept is None
    assert all(reading.kept is None for reading in found.meter_reading)


def test_an_unknown_literal_stays_text_and_a_known_one_a_member() -> None:
    found, _ = lenient(item(f"<Readings><reason>boredom</reason>{TYPE}</Readings>"), MeterReadings)
    assert type(found.meter_reading[0].readings[0].reason) is str
    known, _ = lenient(item(f"<Readings><reason>billing</reason>{TYPE}</Readings>"), MeterReadings)
    assert known.meter_reading[0].readings[0].reason is ReadingReasonKind.BILLING


def test_an_unknown_literal_of_an_attribute_stays_text_too() -> None:
    source = request('<Request><ID kind="serial">m</ID></Request>')
    findings = assert_kept(source)
    assert [(one.kind, one.path, one.source) for one in findings] == [
        ("unknown-literal", "/RequestMessage/Request/ID/@kind", "'serial'")
    ]
    found, _ = lenient(source, RequestMessage[Any])
    assert found.request.id[0].kind == "serial"


@pytest.mark.parametrize("text", ["]]>", "<&>\"'", "a\tb", ""])
def test_an_unknown_literal_is_written_to_the_letter(text: str) -> None:
    root = tree(request('<Request><ID kind="name">m</ID></Request>').replace(">get<", "><"))
    root[0][0].text = text
    root[1][0].set("kind", text)
    source = etree.tostring(root, encoding="unicode")
    found, _ = lenient(source, RequestMessage[Any])
    assert (found.header.verb, found.request.id[0].kind) == (text, text)
    assert_kept(source)


def test_a_missing_required_member_is_none() -> None:
    found, findings = lenient(item("<Readings><value>1</value></Readings>"), MeterReadings)
    assert found.meter_reading[0].readings[0].reading_type is None
    assert findings[0].message == "ReadingType is missing"
    assert b"<Readings><value>1</value></Readings>" in to_xml(found, mode="lenient")


@pytest.mark.parametrize(
    "header", ["<Noun>X</Noun>", "<Verb>get</Verb>", "<Verb/><Noun/>", "<Verb>get</Verb><Noun>X</Noun><User/>"]
)
def test_what_is_missing_in_a_header_is_not_invented(header: str) -> None:
    assert_kept(f'<EventMessage xmlns="{MESSAGE}"><Header>{header}</Header></EventMessage>')


def test_a_header_may_be_missing_altogether() -> None:
    findings = assert_kept(f'<EventMessage xmlns="{MESSAGE}"/>')
    assert [(one.kind, one.path) for one in findings] == [("missing-member", "/EventMessage")]


def test_a_verb_of_its_own_is_text() -> None:
    source = event().replace("created", "CREATED")
    assert [one.kind for one in assert_kept(source)] == ["unknown-literal"]
    assert lenient(source, EventMessage[Any])[0].header.verb == "CREATED"
    assert lenient(event(), EventMessage[Any])[0].header.verb is Verb.CREATED


def test_the_first_of_repeated_ones_counts() -> None:
    found, _ = lenient(item("<Meter><mRID>1</mRID><mRID>2</mRID><mRID>3</mRID></Meter>"), MeterReadings)
    assert found.meter_reading[0].meter.mrid == "1"
    assert [one.element().text for one in found.meter_reading[0].meter.kept.elements] == ["2", "3"]


def test_an_unknown_element_that_stands_twice_is_unknown_twice() -> None:
    assert [one.kind for one in assert_kept(item("<x/><x/><x/>"))] == ["unknown-element"] * 3


def test_the_first_that_can_be_read_counts() -> None:
    source = item("<isCoincidentTrigger>ja</isCoincidentTrigger><isCoincidentTrigger>1</isCoincidentTrigger>")
    found, _ = lenient(source, MeterReadings)
    assert found.meter_reading[0].is_coincident_trigger is True
    again, _ = lenient(to_xml(found, mode="lenient"), MeterReadings)
    assert again == found


@pytest.mark.parametrize(
    "inside",
    [
        # An attribute on the second of two, whose first could not be read.
        "<isCoincidentTrigger>ja</isCoincidentTrigger><isCoincidentTrigger a='1'>true</isCoincidentTrigger>",
        # On the first, which cannot be read.
        "<isCoincidentTrigger a='1'>ja</isCoincidentTrigger>",
        "<isCoincidentTrigger a='1'>ja</isCoincidentTrigger><isCoincidentTrigger>true</isCoincidentTrigger>",
        # On a leaf behind an object that keeps text.
        "<Meter>abc<mRID>m</mRID></Meter><Readings>x<timeStamp a='1'>2026-03-02T00:00:00Z</timeStamp></Readings>",
        "<EndDeviceEvents><Assets>abc<mRID>m</mRID></Assets><userID a='1'>u</userID></EndDeviceEvents>",
        "<Meter><Names>abc<name>a</name></Names><status>def<remark a='1'>r</remark></status></Meter>",
        "<Readings><ReadingQualities>abc</ReadingQualities><value a='1'>2</value></Readings>",
        # On leaves of the same name in objects of several levels.
        "<Meter><Names><NameType><name a='1'>t</name></NameType><name b='2'>n</name></Names></Meter>",
        "<Meter><Names><name a='1'>n</name></Names><Names><name/></Names><Names><name b='2'>m</name></Names></Meter>",
        # An empty leaf, and one with what must be escaped.
        "<Meter><mRID a='&lt;&quot;&amp;&#10;'/></Meter>",
        "<Meter><mRID a='1'>&lt;/mRID></mRID></Meter>",
        # Several attributes of several namespaces, on an object and on leaves.
        f"<Meter xmlns:x='urn:x' xmlns:y='urn:y' a='0' x:a='1' y:a='2' xml:lang='de'>"
        f"<mRID x:a='1' y:a='2' xml:lang='de' xmlns:xsi='{XSI}' xsi:nil='true'>m</mRID></Meter>",
    ],
)
def test_attributes_of_leaves_stay_where_they_were(inside: str) -> None:
    assert_kept(item(inside))


@pytest.mark.parametrize(
    "header",
    [
        "<ReplayDetection>abc<Nonce>1</Nonce><Created>2026-03-02T00:00:00Z</Created></ReplayDetection>"
        "<Context a='1'>T</Context>",
        "<User>abc<UserID>u</UserID></User><MessageID a='1'>m</MessageID><Comment b='2'/>",
        "<User><UserID>u</UserID><x>/></x>abc</User><MessageID a='1'>m</MessageID>",
    ],
)
def test_attributes_of_leaves_stay_behind_an_object_that_keeps_text(header: str) -> None:
    source = event(header=header).replace("<Timestamp>2026-03-02T08:00:00Z</Timestamp>", "")
    assert_kept(source)


def test_attributes_of_a_payload_s_leaves_stay_behind_content_that_keeps_text() -> None:
    assert_kept(event(item("abc<Meter/>") + "<Format a='1'>XML</Format>"))


@pytest.mark.parametrize(
    "inside",
    [
        "abc<Meter/>def",
        "a<Meter/>b<Readings><ReadingType ref='1'/></Readings>c",
        "a<x/>b<y/>c",
        "<Meter>a<mRID>m</mRID>b</Meter>",
    ],
)
def test_texts_between_elements_stay_apart(inside: str) -> None:
    assert_kept(item(inside))


def test_a_declared_type_is_kept_without_a_word() -> None:
    names = f"xmlns:xsi='{XSI}' xmlns:m='{READINGS}'"
    assert assert_kept(item(f"<Meter {names} xsi:type='m:Meter'/>")) == []


def test_order_changes_nothing_and_is_reported() -> None:
    lines = READING.splitlines()
    start = lines.index("    <Meter>")
    end = lines.index("    </Meter>") + 1
    moved = "\n".join([lines[0], *lines[start:end], *lines[1:start], *lines[end:]])
    with pytest.raises(SchemaError):
        from_xml(readings(moved))
    found, findings = lenient(readings(moved))
    assert found == from_xml(readings())
    assert [(one.kind, one.rule, one.path) for one in findings] == [("element-order", "T28", f"{ITEM}/IntervalBlocks")]
    assert to_xml(found) == to_xml(from_xml(readings()))


def test_branches_that_exclude_each_other_are_all_kept() -> None:
    source = event(readings("") + "<Compressed>H4sI</Compressed>")
    findings = assert_kept(source)
    assert [(one.kind, one.path) for one in findings] == [("several-branches", "/EventMessage/Payload")]
    found, _ = lenient(source, EventMessage[Any])
    assert found.payload.compressed == "H4sI"
    assert len(found.payload.contents) == 1
    with pytest.raises(EncodeError) as caught:
        to_xml(found)
    assert caught.value.path == "/EventMessage/Payload"


def test_an_operation_of_a_vendor_is_kept() -> None:
    source = event("<OperationSet><timesliceOperation><operationId>1</operationId></timesliceOperation></OperationSet>")
    assert [one.kind for one in assert_kept(source)] == ["unknown-element"]


def test_elements_inside_an_element_with_a_value_of_its_own_are_kept_beside_it() -> None:
    source = request('<Request><ID kind="name" a="1">m-1<x/>tail</ID></Request>')
    assert len(assert_kept(source)) == 3
    found, _ = lenient(source, RequestMessage[Any])
    assert found.request.id[0].value == "m-1"


@pytest.mark.parametrize("value", ["m-1", ""])
def test_pretty_printing_does_not_change_such_a_value(value: str) -> None:
    source = request(f"<Request><ID>{value}<x/></ID></Request>")
    found, _ = lenient(source, RequestMessage[Any])
    again, _ = lenient(to_xml(found, mode="lenient", pretty=True), RequestMessage[Any])
    assert again.request.id[0].value == value
    assert again == found


def test_a_payload_of_nobody_is_kept() -> None:
    assert assert_kept(event("<Readings xmlns='urn:vendor'><a b='1'>c</a></Readings>", noun="Readings")) == []
    assert [one.kind for one in assert_kept(event("<Readings xmlns=''><a/></Readings>"))] == ["unknown-element"]


def test_a_payload_of_nobody_under_a_known_noun_is_reported() -> None:
    """Strict reading refuses it, so it is tolerated, and what is tolerated is on the report."""
    source = event("<Readings xmlns='urn:vendor'/>", noun="MeterReadings")
    with pytest.raises(DecodeError):
        from_xml(source)
    findings = assert_kept(source)
    assert [one.path for one in findings] in (["/EventMessage/Payload"], ["/EventMessage/Payload/Readings"])


def test_unknown_elements_of_the_envelope_are_kept_wherever_they_stand() -> None:
    for source in (
        event(readings(), header="<Priority>1</Priority>"),
        event(readings()).replace("</EventMessage>", "<Trailer/></EventMessage>"),
        event(readings()).replace("<Payload>", "<Payload>abc<Format>XML</Format><x/>"),
    ):
        assert assert_kept(source)


@pytest.mark.parametrize(
    "source",
    ["", "<a", "<a/>", readings(namespace="urn:x"), "<!DOCTYPE MeterReadings>" + readings(), event(namespace="urn:x")],
)
def test_what_cannot_be_typed_is_an_error_in_lenient_mode_too(source: str) -> None:
    with pytest.raises(DecodeError):
        lenient(source)


def test_what_was_kept_can_be_taken_away() -> None:
    found, _ = lenient(item("<x/><Readings><reason>boredom</reason></Readings>"), MeterReadings)
    reading: MeterReading = found.meter_reading[0]
    reading.kept = None
    reading.readings[0].reason = None
    reading.readings[0].reading_type = Reference(ref="1")
    assert from_xml(to_xml(found)) == found


def test_kept_content_is_an_immutable_value_and_part_of_equality() -> None:
    found, _ = lenient(item("<x a='1'/>abc"), MeterReadings)
    kept = found.meter_reading[0].kept
    assert kept == Kept(texts=("abc",), elements=(ForeignElement(f"<x xmlns='{READINGS}' a='1'/>"),))
    assert hash(kept) == hash(copy.deepcopy(kept))
    with pytest.raises(AttributeError):
        kept.texts = ()
    assert found != from_xml(item(""))
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301  # our own
    assert copy.deepcopy(found) == found


def test_an_empty_kept_is_nothing() -> None:
    plain = MeterReadings(meter_reading=[MeterReading(kept=Kept())])
    assert from_xml(to_xml(plain)) == MeterReadings(meter_reading=[MeterReading()])


def test_an_object_of_one_s_own_can_carry_extensions() -> None:
    extension = ForeignElement("<x:phase xmlns:x='urn:x'>L1</x:phase>")
    reading = Reading(
        reading_type=Reference(ref="1"), value="1", kept=Kept(elements=(extension,), attributes=(("a", "b"),))
    )
    written = to_xml(MeterReadings(meter_reading=[MeterReading(readings=[reading])]), mode="lenient")
    found, findings = lenient(written, MeterReadings)
    assert found.meter_reading[0].readings == [reading]
    assert sorted(one.kind for one in findings) == ["unknown-attribute", "unknown-element"]


def test_every_profile_keeps_what_it_does_not_know() -> None:
    for noun in ("CustomerConfig", "EndDeviceControls", "GetMeterReadings", "PricingStructureConfig"):
        findings = assert_kept(f'<{noun} xmlns="{NAMESPACE.format(noun)}" a="1">abc<x><y/></x></{noun}>')
        assert {one.kind for one in findings} >= {"unknown-attribute", "unknown-element", "stray-text"}
