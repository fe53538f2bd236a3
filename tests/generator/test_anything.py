"""Elements of any type: what stands in them is kept as it is, and written back with nothing lost."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from typing import Literal

import pytest
from lxml import etree
from tests.generator.conftest import Package, Project, canonical, registry_as_before
from tests.generator.opinions import agree

from iec61968_9 import Dialect, EncodeError, ForeignElement, SchemaError, from_xml, to_xml
from iec61968_9_generator.errors import UnsupportedError

BOX = """\
<xs:element name="Box">
  <xs:complexType>
    <xs:sequence>
      <xs:element name="value"/>
      <xs:element name="more" type="xs:anyType" nillable="true" minOccurs="0" maxOccurs="unbounded"/>
      <xs:choice minOccurs="0" maxOccurs="unbounded">
        <xs:element name="one"/>
        <xs:element name="two" type="xs:int"/>
        <xs:element ref="t:Global"/>
      </xs:choice>
      <xs:element name="plain" form="unqualified" minOccurs="0"/>
      <xs:element ref="t:head" minOccurs="0"/>
    </xs:sequence>
  </xs:complexType>
</xs:element>
<xs:element name="Global"/>
<xs:element name="head" abstract="true"/>
<xs:element name="first" type="xs:int" substitutionGroup="t:head"/>
<xs:element name="second" type="t:Counted" substitutionGroup="t:head"/>
<xs:element name="Known" type="t:Counted"/>
<xs:complexType name="Counted"><xs:attribute name="count" type="xs:int" use="required"/></xs:complexType>
"""
NAMESPACES = 'xmlns="urn:test:Box" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


def document(inside: str, namespaces: str = NAMESPACES) -> str:
    """A document, its own elements with a prefix."""
    return f'<a:Box xmlns:a="urn:test:Box" {namespaces}>{inside}</a:Box>'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A schema with elements of any type wherever they may stand."""
    project = Project(tmp_path_factory.mktemp("any"))
    project.schema("Box", BOX)
    with registry_as_before(project):
        yield project


@pytest.fixture(scope="module")
def made(folder: Project) -> Package:
    """The package of it, registered."""
    package = folder.package("anything_at_all")
    package.register()
    return package


VALUES = {
    "a text": "<value> 5 </value>",
    "nothing": "<value/>",
    "attributes": '<value a="1" xml:lang="en" b:c="2" xmlns:b="urn:b"/>',
    "elements and texts": "<value>x<b:y xmlns:b='urn:b'> y </b:y> <z xmlns=''>w</z>v</value>",
    "a type of XML Schema": '<value xmlns:xs="http://www.w3.org/2001/XMLSchema" xsi:type="xs:int">5</value>',
    "a type of the schema": '<value xsi:type="Counted" count="5"/>',
    "an element that is declared": '<value><Known count="5"/></value>',
    "nil": '<value/><more xsi:nil="true" a="1"/><more>1</more>',
    "a list of several": "<value/><two>1</two><one>2</one><Global>3</Global><one><two/></one>",
    "without a namespace": "<value/><plain xmlns=''>1</plain>",
    "what stands for a head": "<value/><first>1</first>",
}


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("inside", VALUES.values(), ids=VALUES)
def test_all_of_it_is_read_and_written(inside: str) -> None:
    modes: tuple[Literal["strict", "lenient"], ...] = ("strict", "lenient")
    for mode in modes:
        found = from_xml(document(inside), mode=mode)
        written = to_xml(found, mode=mode)
        assert canonical(written) == canonical(document(inside))
        assert from_xml(written) == found


def test_a_value_is_the_element_itself(made: Package) -> None:
    """Immutable, comparable and picklable, as all that no schema describes."""
    found = from_xml(document('<value a="1">5</value>'), made.profile("box").Box)
    assert found.value == ForeignElement('<value xmlns="urn:test:Box" a="1">5</value>')
    assert pickle.loads(pickle.dumps(found.value)) == found.value  # noqa: S301  # made here
    assert found.value.element().text == "5"


WRONG = {
    "a type that is not there": '<value xsi:type="Nothing"/>',
    "a value that is not of the type that is said": '<value xsi:type="Counted" count="x"/>',
    "a known element that is not valid": "<value><Known/></value>",
    "nil where that is not allowed": '<value xsi:nil="true"/>',
    "none where one is needed": "<more/>",
}


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("inside", WRONG.values(), ids=WRONG)
def test_what_is_declared_must_be_valid_in_it_too(inside: str) -> None:
    with pytest.raises(SchemaError) as refused:
        from_xml(document(inside))
    assert refused.value.issues[0].path.startswith("/Box")
    with pytest.raises(EncodeError):
        to_xml(from_xml(document(inside), mode="lenient"))


def test_another_element_is_not_written(made: Package) -> None:
    module = made.profile("box")
    right = ForeignElement('<value xmlns="urn:test:Box"/>')
    for value in (ForeignElement("<value/>"), ForeignElement('<more xmlns="urn:test:Box"/>'), "5", None):
        with pytest.raises(EncodeError) as refused:
            to_xml(module.Box(value=value))
        assert refused.value.path == "/Box/value"
    more = [ForeignElement('<more xmlns="urn:test:Box"/>'), right]
    with pytest.raises(EncodeError) as refused:
        to_xml(module.Box(value=right, more=more))
    assert refused.value.path == "/Box/more[2]"


def test_a_partners_namespace_reaches_it(made: Package) -> None:
    """It is the schema's namespace in the object, and the partner's in the document."""
    partner = Dialect(payload="urn:partner", prefix="p")
    value = ForeignElement('<value xmlns="urn:test:Box"><inner/></value>')
    one = made.profile("box").Box(value=value)
    data = to_xml(one, dialect=partner)
    assert {etree.QName(node).namespace for node in etree.fromstring(data).iter("*")} == {"urn:partner"}
    assert from_xml(data, dialect=partner) == one


def test_random_objects_are_what_others_take(folder: Project, made: Package) -> None:
    agree(folder, "Box", package=made)


@pytest.mark.parametrize(
    ("content", "more", "construct"),
    [
        ('<xs:sequence><xs:element name="a" default="x"/></xs:sequence>', "", "default or fixed with xs:anyType"),
        ("", '<xs:element name="Other"/>', "a global element of xs:anyType that no other refers to"),
    ],
)
def test_what_could_not_be_right_is_refused(project: Project, content: str, more: str, construct: str) -> None:
    project.thing(content, more)
    with pytest.raises(UnsupportedError, match=construct):
        project.emit()
