"""Faults against any schema in plain words: kinds of values, facets, types that stand for others, choices, groups."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from iec61968_9._verbs import REGISTRY
from iec61968_9.xml.builtin import BY_NAME
from iec61968_9.xml.content import Contents
from iec61968_9.xml.explaining import explained
from iec61968_9.xml.limits import DEFAULT_LIMITS
from iec61968_9.xml.parser import parse
from iec61968_9.xml.words import FACETS, KINDS, hint

XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
SCHEMA = """
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t"
           elementFormDefault="qualified">
  <xs:element name="Root" type="t:Root"/>
  <xs:element name="Head" abstract="true" type="xs:string"/>
  <xs:element name="Left" substitutionGroup="t:Head" type="xs:string"/>
  <xs:element name="Right" substitutionGroup="t:Head" type="xs:string"/>
  <xs:complexType name="Device" abstract="true"/>
  <xs:complexType name="Meter"><xs:complexContent><xs:extension base="t:Device">
    <xs:sequence><xs:element name="serial" type="xs:string"/></xs:sequence>
  </xs:extension></xs:complexContent></xs:complexType>
  <xs:complexType name="Empty"/>
  <xs:group name="Pair"><xs:sequence>
    <xs:element name="first" type="xs:string"/><xs:element name="second" type="xs:string"/>
  </xs:sequence></xs:group>
  <xs:simpleType name="Unit"><xs:restriction base="xs:string">
    <xs:enumeration value="kWh"/><xs:enumeration value="V"/><xs:enumeration value="it's"/>
  </xs:restriction></xs:simpleType>
  <xs:simpleType name="Many"><xs:restriction base="xs:string">{many}</xs:restriction></xs:simpleType>
  <xs:complexType name="Base"><xs:sequence>
    <xs:element name="inherited" type="xs:string" minOccurs="0"/>
  </xs:sequence><xs:attribute name="version" type="xs:int"/></xs:complexType>
  <xs:complexType name="Value"><xs:simpleContent><xs:extension base="xs:decimal">
    <xs:attribute name="unit" type="t:Unit" use="required"/>
  </xs:extension></xs:simpleContent></xs:complexType>
  <xs:complexType name="Root"><xs:complexContent><xs:extension base="t:Base"><xs:sequence>
    <xs:element name="code" minOccurs="0"><xs:simpleType><xs:restriction base="xs:string">
      <xs:pattern value="[A-Z]{{3}}"/></xs:restriction></xs:simpleType></xs:element>
    <xs:element name="short" minOccurs="0"><xs:simpleType><xs:restriction base="xs:string">
      <xs:maxLength value="3"/></xs:restriction></xs:simpleType></xs:element>
    <xs:element name="small" minOccurs="0"><xs:simpleType><xs:restriction base="xs:int">
      <xs:maxInclusive value="5"/></xs:restriction></xs:simpleType></xs:element>
    <xs:element name="exact" minOccurs="0"><xs:simpleType><xs:restriction base="xs:decimal">
      <xs:totalDigits value="3"/><xs:fractionDigits value="1"/></xs:restriction></xs:simpleType></xs:element>
    <xs:element name="list" minOccurs="0"><xs:simpleType><xs:list itemType="xs:int"/></xs:simpleType></xs:element>
    <xs:element name="union" minOccurs="0"><xs:simpleType>
      <xs:union memberTypes="xs:int xs:boolean"/></xs:simpleType></xs:element>
    <xs:element name="fixed" minOccurs="0" fixed="x" type="xs:string"/>
    <xs:element name="byte" minOccurs="0" type="xs:unsignedByte"/>
    <xs:element name="number" minOccurs="0" nillable="true" type="xs:decimal"/>
    <xs:element name="when" minOccurs="0" type="xs:dateTime"/>
    <xs:element name="unit" minOccurs="0" type="t:Unit"/>
    <xs:element name="many" minOccurs="0" type="t:Many"/>
    <xs:element name="value" minOccurs="0" type="t:Value"/>
    <xs:element name="device" minOccurs="0" type="t:Device"/>
    <xs:element name="empty" minOccurs="0" type="t:Empty"/>
    <xs:group ref="t:Pair" minOccurs="0"/>
    <xs:choice minOccurs="0">
      <xs:element name="this" type="xs:string"/><xs:element name="that" type="xs:string"/></xs:choice>
    <xs:choice minOccurs="0" maxOccurs="unbounded">
      <xs:element name="a" type="xs:int"/><xs:element name="b" type="xs:int"/></xs:choice>
    <xs:element ref="t:Head" minOccurs="0"/>
    <xs:element name="up3" type="xs:string" minOccurs="0" maxOccurs="3"/>
    <xs:element name="Root" type="t:Root" minOccurs="0"/>
    <xs:any namespace="##other" processContents="strict" minOccurs="0"/>
  </xs:sequence></xs:extension></xs:complexContent></xs:complexType>
</xs:schema>
"""


MANY = "".join(f'<xs:enumeration value="literal{number}"/>' for number in range(100))


@cache
def schema(text: str) -> etree._Element:  # pyright: ignore[reportPrivateUsage]  # lxml's class has no other name
    return etree.fromstring(text)


def told(inside: str, attributes: str = "", text: str = SCHEMA.format(many=MANY)) -> list[str]:
    """What is told about a document."""
    document = parse(f'<Root xmlns="urn:t" {attributes}>{inside}</Root>', DEFAULT_LIMITS)
    compiled = etree.XMLSchema(schema(text))
    if compiled.validate(document.root):
        return []
    profile, contents = next(iter(REGISTRY)).profile, Contents({schema(text): "urn:t"})
    issues = explained(document, document.root, profile, compiled, contents, {}, DEFAULT_LIMITS)
    assert issues
    return [str(issue).removeprefix("/Root").replace(", line 1", "") for issue in issues]


EMPTY = "the value cannot be read: it is empty"
FORM = "a date and time, such as 2026-03-02T08:00:00Z"
TOLD: dict[str, list[str]] = {
    "<code>abc</code>": ["/code: the value is not allowed; expected a text of the form [A-Z]{3}, got 'abc'"],
    "<code/>": ["/code: the value is not allowed: it is empty; expected a text of the form [A-Z]{3}, got ''"],
    "<short>abcd</short>": ["/short: the value is not allowed; expected at most 3 characters, got 'abcd'"],
    "<small>6</small>": ["/small: the value is not in the range that is allowed; expected at most 5, got '6'"],
    "<small>1.5</small>": [
        "/small: the value cannot be read: no fraction is allowed; expected an integer from -2147483648 to 2147483647, "
        "such as 42, got '1.5'"
    ],
    "<exact>1234</exact>": ["/exact: the value is not allowed; expected at most 3 digits, got '1234'"],
    "<exact>1.23</exact>": ["/exact: the value is not allowed; expected at most 1 digits behind the point, got '1.23'"],
    "<exact>1,2</exact>": [
        "/exact: the value cannot be read: a point, not a comma, stands before the fraction; expected a decimal "
        "number, such as 230.5, got '1,2'"
    ],
    "<list>1 x</list>": [
        "/list: the value cannot be read; expected values with blanks between them, each an integer from -2147483648 "
        "to 2147483647, such as 42, got '1 x'"
    ],
    "<union>maybe</union>": ["/union: the value cannot be read; got 'maybe'"],
    "<fixed>y</fixed>": ["/fixed: only one value is allowed here; expected x, got 'y'"],
    "<byte>300</byte>": ["/byte: the value cannot be read; expected an integer from 0 to 255, got '300'"],
    f'<number {XSI} xsi:nil="true">3</number>': [
        "/number: number says xsi:nil and holds something; expected nothing in it, got '3'"
    ],
    "<number>12 kWh</number>": [
        "/number: the value cannot be read: the number stands alone, without a unit; expected a decimal number, such "
        "as 230.5, got '12 kWh'"
    ],
    f'<byte {XSI} xsi:nil="true">1</byte>': ["/byte: xsi:nil is not allowed here; expected a value"],
    "<when/>": [f"/when: {EMPTY}; expected {FORM}, got ''"],
    "<when>?</when>": [f"/when: the value cannot be read: it looks like a placeholder; expected {FORM}, got '?'"],
    "<unit>KWH</unit>": [
        "/unit: the value is not one of those allowed: only the capital letters of kWh differ; expected one of kWh, V, "
        "it's, got 'KWH'"
    ],
    "<unit> V</unit>": [
        "/unit: the value is not one of those allowed: white space stands around it; expected one of kWh, V, it's, "
        "got 'V'"
    ],
    "<many>litteral7</many>": [
        "/many: the value is not one of those allowed: perhaps literal7 is meant; expected one of 100 literals, such "
        "as literal7, literal97, literal87, literal79, literal78, got 'litteral7'"
    ],
    "<value>1</value>": ['/value: the attribute unit is missing; expected unit="..."'],
    "<value unit='W'>1</value>": [
        "/value/@unit: the value is not one of those allowed; expected one of kWh, V, it's, got 'W'"
    ],
    "<value Unit='V' unit='V'>1</value>": [
        "/value/@Unit: the attribute Unit is not expected here; expected no attribute, got Unit"
    ],
    "<device/>": ["/device: device needs a type; expected xsi:type with Meter"],
    f'<device {XSI} xsi:type="Meter"/>': ["/device: the element serial is missing; expected serial in device"],
    f'<device {XSI} xsi:type="Root"/>': [
        "/device/@type: the xsi:type does not fit device",
        "/device: device needs a type; expected xsi:type with Meter",
    ],
    f'<device {XSI} xsi:type="Meter"><serail/></device>': [
        "/device/serail: the element serail is not expected here: perhaps serial is meant; expected serial, got serail"
    ],
    "<empty>x</empty>": ["/empty: empty must be empty and holds text; expected nothing in it, got 'x'"],
    "<empty><x/></empty>": ["/empty: empty must be empty and holds elements; expected nothing in it, got empty"],
    "<code><x/></code>": ["/code: code holds elements; expected a value only, got <x>"],
    "<Head>x</Head>": ["/Head: Head only stands for others; expected Left or Right, got Head"],
    "<Left>x</Left><Right>x</Right>": ["/Right: the element Right may stand here once only; got Right number 2"],
    "<this>1</this><that>2</that>": ["/that: that and this exclude each other; expected one of them in Root, got both"],
    "<up3/><up3/><up3/><up3/>": ["/up3[4]: the element up3 may stand here at most 3 times; got up3 number 4"],
    "<b>1</b><a>x</a><c/>": [
        "/a: the value cannot be read; expected an integer from -2147483648 to 2147483647, such as 42, got 'x'",
        "/c: the element c is not expected here; expected a, b, Head, up3, Root or an element of another "
        "namespace, got c",
    ],
    "<serial>1</serial>": [
        "/serial: the element serial is not expected here; expected inherited, code, short, small, exact, list, union, "
        "fixed, byte, number or one of 16 more, got serial"
    ],
    '<y xmlns="urn:y"/>': ["/y: the element y is not known; expected a known element, got y"],
    "<code>ABC</code><inherited/>": [
        "/inherited: the element inherited stands in the wrong place; expected it before code, got it behind code"
    ],
    "<Root><small>9</small></Root><code>ABC</code>": [
        "/Root/small: the value is not in the range that is allowed; expected at most 5, got '9'",
        "/code: the element code stands in the wrong place; expected it before Root, got it behind Root",
    ],
    "<second/><small>x</small>": [
        ": the element first is missing; expected first behind small",
        "/small: the element small stands in the wrong place; expected it before second, got it behind second",
        "/small: the value cannot be read; expected an integer from -2147483648 to 2147483647, such as 42, got 'x'",
    ],
}


WITH_PREFIX = SCHEMA.format(many=MANY)
WITHOUT_PREFIX = WITH_PREFIX.replace('"t:', '"').replace("xmlns:t=", "xmlns=")


@pytest.mark.parametrize("inside", sorted(TOLD))
@pytest.mark.parametrize("text", [WITH_PREFIX, WITHOUT_PREFIX], ids=["t:", "none"])
def test_what_is_wrong_is_told_whatever_prefix_the_schema_has_for_its_own_names(text: str, inside: str) -> None:
    assert told(inside, text=text) == TOLD[inside]


def test_a_choice_that_is_not_made_is_told_with_its_branches() -> None:
    text = (
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t" elementFormDefault="qualified">'
        '<xs:element name="Root"><xs:complexType><xs:sequence><xs:element name="a"/><xs:choice>'
        '<xs:element name="this"/><xs:element name="that"/></xs:choice><xs:element name="z"/></xs:sequence>'
        "</xs:complexType></xs:element></xs:schema>"
    )
    assert told("<a/><that/><z/>", text=text) == []
    assert told("<a/><z/>", text=text) == [": Root is not complete; expected this or that, got none of them"]
    assert told("<a/><this/><that/><z/>", text=text) == [
        "/that: that and this exclude each other; expected one of them in Root, got both"
    ]
    assert told("", text=text) == [
        ": the element a is missing; expected a in Root",
        ": the element z is missing; expected z in Root",
        ": Root is not complete; expected this or that, got none of them",
    ]


TOGETHER = {
    "a group in a sequence that repeats": '<xs:sequence maxOccurs="9"><xs:group ref="t:Pair"/></xs:sequence>',
    "a group that repeats": '<xs:sequence><xs:group ref="t:Pair" maxOccurs="unbounded"/></xs:sequence>',
    "a sequence in one that repeats": '<xs:sequence maxOccurs="9"><xs:sequence>{pair}</xs:sequence></xs:sequence>',
    "a sequence that repeats in another": '<xs:sequence><xs:sequence maxOccurs="9">{pair}</xs:sequence></xs:sequence>',
    "a choice that repeats": '<xs:choice maxOccurs="unbounded">{pair}</xs:choice>',
    "a group in a choice that repeats": '<xs:choice maxOccurs="9"><xs:group ref="t:Pair"/></xs:choice>',
}
PAIR = '<xs:element name="first" type="xs:string"/><xs:element name="second" type="xs:string"/>'


@pytest.mark.parametrize("name", TOGETHER)
def test_what_repeats_together_may_be_there_often(name: str) -> None:
    text = (
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t" '
        f'elementFormDefault="qualified"><xs:group name="Pair"><xs:sequence>{PAIR}</xs:sequence></xs:group>'
        f'<xs:element name="Root"><xs:complexType>{TOGETHER[name].format(pair=PAIR)}</xs:complexType></xs:element>'
        "</xs:schema>"
    )
    pairs = "<first>1</first><second>2</second>" * 3
    assert told(pairs, text=text) == []
    found = told(f"{pairs}<odd/>", text=text)
    assert [one.partition(":")[0] for one in found] == ["/odd"]
    assert "the element odd is not expected here" in found[0]


def test_an_attribute_that_is_declared_for_all_types_is_known() -> None:
    text = (
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t">'
        '<xs:attribute name="mark" type="xs:int"/><xs:element name="Root"><xs:complexType>'
        '<xs:attribute ref="t:mark"/><xs:attribute name="own"/></xs:complexType></xs:element></xs:schema>'
    )
    assert told("", 'xmlns:t="urn:t" t:mark="1"', text) == []
    (found,) = told("", 'xmlns:t="urn:t" odd="1"', text)
    assert found == "/@odd: the attribute odd is not expected here; expected mark or own, got odd"
    (found,) = told("", 'xmlns:t="urn:t" t:mark="x"', text)
    assert found.startswith("/@mark: the value cannot be read; expected an integer from")


def test_an_attribute_of_the_type_that_is_extended_is_known() -> None:
    assert told("", 'version="1"') == []
    assert told("", 'version="x"') == [
        "/@version: the value cannot be read; expected an integer from -2147483648 to 2147483647, such as 42, got 'x'"
    ]
    assert told("", 'verion="1"') == [
        "/@verion: the attribute verion is not expected here: perhaps version is meant; expected version, got verion"
    ]


SLIPS: dict[tuple[str, str], str | None] = {
    ("dateTime", "2026-03-02T08:00Z"): "the seconds are missing",
    ("dateTime", "2026-03-02T08:00:00 +01:00"): "no blank may stand before the offset",
    ("dateTime", "2026-03-02T08:00:00+0100"): "the offset must have hours and minutes, such as +01:00",
    ("dateTime", "2026-03-02T08:00:00CET"): "a zone is written Z or as an offset, such as +01:00",
    ("dateTime", "2026-03-02T08:00:00z"): "T and Z must be capital letters",
    ("dateTime", "2026-03-02T08:00:00,5Z"): "fractions of a second follow a point, not a comma",
    ("dateTime", "2026-03-02"): "the time is missing",
    ("dateTime", "2026-02-30T08:00:00Z"): "there is no such day or time",
    ("dateTime", "08:00:00"): "the date is missing",
    ("dateTime", "02.03.2026 08:00"): "the year comes first, then month and day",
    ("dateTime", "2026/03/02T08:00:00"): "hyphens belong between year, month and day",
    ("dateTime", "2026-3-2T08:00:00"): "month, day and hour have two digits each",
    ("dateTime", "1767254400"): "seconds or digits alone are no date and time",
    ("date", "2026-03-02T00:00:00"): "only the date belongs here, not the time",
    ("date", "2026-02-30"): "there is no such day",
    ("time", "08:00"): "the seconds are missing",
    ("time", "8:00:00"): "the hour has two digits",
    ("decimal", "1e5"): "no exponent is allowed",
    ("float", "1.234.567"): "thousands are not separated",
    ("decimal", "1,234.5"): "thousands are not separated",
    ("int", "0x1F"): "hexadecimal digits are not read",
    ("boolean", "yes"): "only true and false are known",
    ("base64Binary", "abc"): "the number of characters must be a multiple of four",
    ("base64Binary", "a_b-"): "- and _ are of another base64: + and / belong here",
    ("integer", "None"): "it looks like a placeholder",
    ("boolean", "maybe"): None,
}


@pytest.mark.parametrize(("kind", "text"), sorted(SLIPS))
def test_common_slips_are_named(kind: str, text: str) -> None:
    assert hint(kind, text) == SLIPS[kind, text]


@given(st.sampled_from(sorted(KINDS)), st.text(max_size=30))
def test_any_text_may_be_asked_about(kind: str, text: str) -> None:
    said = hint(kind, text)
    assert said is None or said == " ".join(said.split())


def test_every_example_is_a_value_of_its_kind() -> None:
    for kind, words in KINDS.items():
        example = words.partition("such as ")[2].partition(" or ")[0].partition(" for ")[0]
        if example and kind != "ENTITY":  # which names what no document here can have
            text = (
                f'<x:schema xmlns:x="http://www.w3.org/2001/XMLSchema"><x:element name="a" type="x:{kind}"/></x:schema>'
            )
            assert etree.XMLSchema(etree.fromstring(text)).validate(etree.fromstring(f"<a>{example}</a>")), kind


def test_every_built_in_type_and_every_facet_has_words() -> None:
    """But those that take any text, and those that no document without a type definition can hold."""
    assert set(BY_NAME) - set(KINDS) == {"string", "normalizedString", "token", "anySimpleType"}
    facets = {"length", "minLength", "maxLength", "pattern", "totalDigits", "fractionDigits"}
    bounds = {f"{which}{how}" for which in ("min", "max") for how in ("Inclusive", "Exclusive")}
    assert set(FACETS) == facets | bounds
    for words in FACETS.values():
        assert words.count("{}") == 1
