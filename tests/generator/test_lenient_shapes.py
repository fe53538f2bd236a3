"""Lenient reading by users' own schemas, in all the shapes that the library's do not have."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.generator.conftest import Project
from tests.lenient.mutations import departed, hold
from tests.properties.support import examples

from iec61968_9 import Report, from_xml, to_xml
from iec61968_9.testing import instances

PART = """
    <xs:complexType name="Part"><xs:sequence>
      <xs:element name="x" type="xs:dateTime" minOccurs="0"/><xs:element name="y" type="xs:string"/>
    </xs:sequence></xs:complexType>"""
FURTHER = """
    <xs:complexType name="Further"><xs:complexContent><xs:extension base="t:Part"><xs:sequence>
      <xs:element name="z" type="xs:date"/>
    </xs:sequence></xs:extension></xs:complexContent></xs:complexType>"""
HEADS = """
    <xs:element name="head" type="t:Part" abstract="true"/>
    <xs:element name="one" type="t:Part" substitutionGroup="t:head"/>
    <xs:element name="two" type="t:Further" substitutionGroup="t:head"/>"""
MIXED = """
    <xs:complexType name="Base" mixed="true"><xs:sequence>
      <xs:element name="a" type="xs:int" minOccurs="0" maxOccurs="unbounded"/>
    </xs:sequence></xs:complexType>"""

SHAPES = {
    "a choice that repeats": (
        """<xs:choice minOccurs="0" maxOccurs="unbounded">
        <xs:element name="a" type="xs:int"/><xs:element name="b" type="xs:string"/><xs:element name="c" type="t:Part"/>
        </xs:choice><xs:attribute name="k" type="xs:boolean"/>""",
        PART,
    ),
    "a choice of sequences": (
        """<xs:choice><xs:element name="a" type="xs:int"/><xs:element name="b" type="xs:string" maxOccurs="unbounded"/>
        <xs:sequence><xs:element name="c" type="xs:string"/><xs:element name="d" type="xs:boolean" minOccurs="0"/>
        </xs:sequence></xs:choice>""",
        "",
    ),
    "a sequence that repeats": (
        """<xs:sequence minOccurs="0" maxOccurs="unbounded"><xs:element name="a" type="xs:string"/>
        <xs:element name="b" type="xs:decimal" minOccurs="0"/></xs:sequence>""",
        "",
    ),
    "mixed content": (
        """<xs:complexContent mixed="true"><xs:extension base="t:Base"><xs:sequence>
        <xs:element name="b" type="xs:string" minOccurs="0" maxOccurs="3"/>
        </xs:sequence></xs:extension></xs:complexContent>""",
        MIXED,
    ),
    "xsi:type": ('<xs:sequence><xs:element name="p" type="t:Part" maxOccurs="5"/></xs:sequence>', PART + FURTHER),
    "substitution": (
        '<xs:sequence><xs:element ref="t:head" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>',
        HEADS + PART + FURTHER,
    ),
    "wildcards": (
        """<xs:sequence><xs:element name="a" type="xs:string" minOccurs="0"/>
        <xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
        <xs:anyAttribute namespace="##other" processContents="lax"/>""",
        "",
    ),
    "nil": (
        """<xs:sequence><xs:element name="a" type="xs:int" nillable="true"/>
        <xs:element name="b" type="xs:string" nillable="true" minOccurs="0" maxOccurs="unbounded"/>
        <xs:element name="c" type="t:Part" nillable="true" minOccurs="0"/></xs:sequence>""",
        PART,
    ),
    "all in any order": (
        """<xs:all><xs:element name="a" type="xs:string"/><xs:element name="b" type="xs:time" minOccurs="0"/>
        <xs:element name="c" type="xs:gYear" minOccurs="0"/></xs:all>""",
        "",
    ),
    "recursion": (
        """<xs:sequence><xs:element name="t" type="t:Thing" minOccurs="0" maxOccurs="unbounded"/>
        <xs:element name="s" type="xs:string" minOccurs="0"/></xs:sequence>""",
        "",
    ),
}


def kind(project: Project, shape: str) -> Any:
    """The class of the root of a schema, made known to the verbs."""
    project.thing(*SHAPES[shape])
    package = project.package()
    package.register()
    return importlib.import_module(f"{package.name}.profiles.thing").Thing


@pytest.mark.parametrize("shape", SHAPES)
def test_whatever_departs_nothing_is_lost_and_the_report_says_so(project: Project, shape: str) -> None:
    @examples(30)
    @given(instances(kind(project, shape), size=12, depth=4), st.integers(0, 2**32), st.integers(1, 4))
    def property_(value: Any, seed: int, count: int) -> None:
        source, loud = departed(to_xml(value), seed, count)
        hold(source, loud=loud)

    property_()


def test_texts_of_mixed_content_stay_apart_though_what_stood_between_them_cannot_be_read(project: Project) -> None:
    kind(project, "mixed content")
    source = '<Thing xmlns="urn:test:Thing">one<a>x</a>two<a/>three</Thing>'
    found: Any = from_xml(source, mode="lenient")
    assert found.content == ["one", "two", "three"]
    back = to_xml(found, mode="lenient", xml_declaration=False).decode()
    assert back.replace(' xmlns="urn:test:Thing"', "") == "<Thing>one<a>x</a>two<a/>three</Thing>"
    assert from_xml(back, mode="lenient") == found


def test_what_an_ordered_list_has_in_no_order_of_the_schema_is_reported(project: Project) -> None:
    kind(project, "mixed content")
    report = Report()
    found: Any = from_xml('<Thing xmlns="urn:test:Thing"><b>x</b>\n<a>1</a></Thing>', mode="lenient", report=report)
    assert [type(one).__name__ for one in found.content] == ["ThingB", "str", "ThingA"]
    assert [(one.rule, one.kind, one.path, one.line) for one in report] == [("T28", "element-order", "/Thing", 1)]
