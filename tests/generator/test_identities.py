"""What has to differ, or to agree, wherever it stands in a document: keys; and what may not stand in."""

from __future__ import annotations

import pytest
from hypothesis import find
from tests.generator.conftest import Project
from tests.generator.opinions import agree

from iec61968_9 import DecodeError, EncodeError, SchemaError, from_xml, iter_xml, to_xml, validate
from iec61968_9.testing import instances

KEYS = """\
<xs:element name="Things">
  <xs:complexType>
    <xs:sequence>
      <xs:element name="Thing" type="t:Thing" maxOccurs="unbounded"/>
      <xs:element name="first" type="xs:string" minOccurs="0"/>
    </xs:sequence>
  </xs:complexType>
  <xs:key name="number"><xs:selector xpath="t:Thing"/><xs:field xpath="t:number"/></xs:key>
  <xs:keyref name="first" refer="t:number"><xs:selector xpath="t:first"/><xs:field xpath="."/></xs:keyref>
</xs:element>
<xs:complexType name="Thing">
  <xs:sequence><xs:element name="number" type="xs:string"/></xs:sequence>
</xs:complexType>
"""


def things(*numbers: str, first: str = "") -> str:
    """A document."""
    listed = "".join(f"<Thing><number>{number}</number></Thing>" for number in numbers)
    return f'<Things xmlns="urn:test:Things">{listed}{first and f"<first>{first}</first>"}</Things>'


@pytest.fixture
def keyed(project: Project) -> Project:
    """A schema with a key and a reference to it."""
    project.schema("Things", KEYS)
    return project


def test_what_agrees_is_read_and_written(keyed: Project) -> None:
    keyed.round_trip(things("1", "2", first="2"))


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(things("1", "1"), id="two keys that are the same"),
        pytest.param(things("1", "2", first="3"), id="a reference to no key"),
    ],
)
def test_what_does_not_agree_is_neither_read_nor_written(keyed: Project, document: str) -> None:
    keyed.package().register()
    (issue,) = validate(document)
    with pytest.raises(SchemaError):
        from_xml(document)
    found = from_xml(document, mode="lenient")
    with pytest.raises(EncodeError) as caught:
        to_xml(found)
    error = caught.value
    assert str(error.path).startswith("/Things")
    assert (error.path, error.expected, error.got) == (issue.path, issue.expected, issue.got)
    assert str(error).startswith(issue.message)


def test_random_objects_meet_keys_and_refer_to_them(project: Project) -> None:
    """In attributes and elements, by several fields, from deep inside, and to something that has none."""
    project.schema(
        "Things",
        """\
        <xs:element name="Things">
          <xs:complexType>
            <xs:sequence>
              <xs:element name="group" type="t:Group" maxOccurs="2"/>
              <xs:element name="use" minOccurs="0" maxOccurs="unbounded">
                <xs:complexType>
                  <xs:attribute name="a" type="xs:byte" use="required"/>
                  <xs:attribute name="b" type="xs:string" use="required"/>
                </xs:complexType>
              </xs:element>
              <xs:element name="none" type="xs:token" minOccurs="0"/>
            </xs:sequence>
          </xs:complexType>
          <xs:key name="both"><xs:selector xpath=".//t:thing"/><xs:field xpath="@a"/><xs:field xpath="t:b"/></xs:key>
          <xs:keyref name="uses" refer="t:both">
            <xs:selector xpath="t:use"/><xs:field xpath="@a"/><xs:field xpath="@b"/>
          </xs:keyref>
          <xs:unique name="empty"><xs:selector xpath="t:nobody"/><xs:field xpath="."/></xs:unique>
          <xs:keyref name="to-nothing" refer="t:empty"><xs:selector xpath="t:none"/><xs:field xpath="."/></xs:keyref>
        </xs:element>
        <xs:complexType name="Group">
          <xs:sequence>
            <xs:element name="thing" maxOccurs="3">
              <xs:complexType>
                <xs:sequence><xs:element name="b" type="xs:string"/></xs:sequence>
                <xs:attribute name="a" type="xs:byte" use="required"/>
              </xs:complexType>
            </xs:element>
          </xs:sequence>
        </xs:complexType>
        """,
    )
    package = project.package()
    package.register()
    kind = package.profile("things").Things
    found = find(instances(kind), lambda one: len(one.use) > 1)
    assert from_xml(to_xml(found)) == found
    agree(project, "Things", package=package, examples=30)


def test_items_that_depend_on_one_another_are_not_streamed(keyed: Project) -> None:
    """Nobody who sees one at a time could hold them to that."""
    keyed.package().register()
    with pytest.raises(DecodeError, match="no such items"), iter_xml(things("1", "1"), "Thing") as stream:
        list(stream)


def test_a_derived_type_that_is_blocked_is_neither_read_nor_written(project: Project) -> None:
    project.thing(
        '<xs:sequence><xs:element name="part" type="t:Part" block="extension"/></xs:sequence>',
        """
        <xs:complexType name="Part"><xs:sequence><xs:element name="a" type="xs:string"/></xs:sequence></xs:complexType>
        <xs:complexType name="Larger">
        <xs:complexContent><xs:extension base="t:Part"/></xs:complexContent>
        </xs:complexType>
        """,
    )
    kind = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Larger"'
    document = '<Thing xmlns="urn:test:Thing"><part{}><a>1</a></part></Thing>'
    project.round_trip(document.format(""))
    with pytest.raises(SchemaError):
        from_xml(document.format(kind))
    with pytest.raises(EncodeError):
        to_xml(from_xml(document.format(kind), mode="lenient"))
