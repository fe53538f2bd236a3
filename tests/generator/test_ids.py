"""IDs and references to them: each stands once in a document, and each reference leads to one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import find
from lxml import etree
from tests.generator.conftest import Package, Project, registry_as_before
from tests.generator.opinions import agree

from iec61968_9 import DecodeError, EncodeError, SchemaError, from_xml, iter_xml, to_xml, validate
from iec61968_9.testing import instances
from iec61968_9_generator.errors import UnsupportedError

THINGS = """\
<xs:element name="Things">
  <xs:complexType>
    <xs:sequence>
      <xs:element name="Thing" type="t:Thing" minOccurs="0" maxOccurs="unbounded"/>
      <xs:element name="name" type="xs:ID" minOccurs="0" maxOccurs="unbounded"/>
      <xs:element name="first" type="xs:IDREF" minOccurs="0"/>
      <xs:element name="chosen" type="xs:IDREFS" minOccurs="0"/>
      <xs:any namespace="##other" processContents="lax" minOccurs="0"/>
    </xs:sequence>
    <xs:attribute name="best" type="xs:IDREF"/>
  </xs:complexType>
</xs:element>
<xs:complexType name="Thing">
  <xs:sequence><xs:element name="note" type="t:Note" minOccurs="0"/></xs:sequence>
  <xs:attribute name="id" type="t:Name" use="required"/>
  <xs:attribute name="like" type="t:Names"/>
</xs:complexType>
<xs:complexType name="Odd">
  <xs:complexContent>
    <xs:extension base="t:Thing"><xs:attribute name="of" type="xs:IDREF" use="required"/></xs:extension>
  </xs:complexContent>
</xs:complexType>
<xs:complexType name="Note">
  <xs:simpleContent><xs:extension base="xs:string"><xs:attributeGroup ref="t:About"/></xs:extension></xs:simpleContent>
</xs:complexType>
<xs:attributeGroup name="About"><xs:attribute name="about" type="xs:IDREF"/></xs:attributeGroup>
<xs:simpleType name="Name"><xs:restriction base="xs:ID"><xs:maxLength value="12"/></xs:restriction></xs:simpleType>
<xs:simpleType name="Names"><xs:list itemType="xs:IDREF"/></xs:simpleType>
"""
XSI = "http://www.w3.org/2001/XMLSchema-instance"
OTHER = '<o:Other xmlns:o="urn:test:Other"{}/>'


def things(inside: str, attributes: str = "") -> str:
    """A document."""
    return f'<Things xmlns="urn:test:Things" xmlns:xsi="{XSI}"{attributes}>\n{inside}\n</Things>'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A schema with IDs and references wherever they may stand."""
    project = Project(tmp_path_factory.mktemp("named"))
    project.schema("Things", THINGS)
    with registry_as_before(project):
        yield project


@pytest.fixture(scope="module")
def named(folder: Project) -> Package:
    """The package of it, registered."""
    package = folder.package("things_with_ids")
    package.register()
    return package


def test_ids_are_texts_and_references_to_several_are_lists(named: Package) -> None:
    profile = named.profile("things")
    written = things('<Thing id="a"/><Thing id="b" like="a b"/><first>a</first><chosen>b a</chosen>')
    made = profile.Things(
        thing=[profile.Thing(id="a"), profile.Thing(id="b", like=["a", "b"])], first="a", chosen=["b", "a"]
    )
    assert from_xml(written) == made
    assert from_xml(to_xml(made)) == made


RIGHT = {
    "an ID behind the reference to it": things('<Thing id="a" like="b"/><Thing id="b"/>'),
    "an ID in an element": things("<name>a</name><first>a</first>"),
    "white space around them": things('<Thing id=" a "/><chosen>\n a\ta </chosen>', ' best=" a "'),
    "no reference in a list": things('<Thing id="a" like=""/>'),
    "by an extension": things('<Thing id="a" xsi:type="Odd" of="b"/><Thing id="b"/>'),
    "what a wildcard lets in and nobody knows": things(OTHER.format(' id="a"')),
    "the same name where no ID stands": things('<Thing id="a"/>' + OTHER.format(' id="a"')),
}
WRONG = {
    "an ID twice": (things('<Thing id="a"/>\n<Thing id="b"/>\n<Thing id="a"/>'), "/Things/Thing[3]/@id", 4, "twice"),
    "but for white space": (things('<Thing id="a"/>\n<Thing id=" a"/>'), "/Things/Thing[2]/@id", 3, "twice"),
    "in an element": (things("<name>a</name>\n<name>a</name>"), "/Things/name[2]", 3, "twice"),
    "in both": (things('<Thing id="a"/>\n<name>a</name>'), "/Things/name", 3, "twice"),
    "a reference to nothing": (things('<Thing id="a"/>\n<first>b</first>'), "/Things/first", 3, "not there"),
    "in an attribute": (things('<Thing id="a"/>', ' best="b"'), "/Things/@best", 1, "not there"),
    "in a list": (things('<Thing id="a"/>\n<chosen>a b</chosen>'), "/Things/chosen", 3, "not there"),
    "in an extension": (things('<Thing id="a" xsi:type="Odd" of="b"/>'), "/Things/Thing/@of", 2, "not there"),
    "in a text's attribute": (
        things('<Thing id="a"><note about="b">c</note></Thing>'),
        "/Things/Thing/note/@about",
        2,
        "not there",
    ),
}


@pytest.mark.usefixtures("named")
@pytest.mark.parametrize("document", RIGHT.values(), ids=RIGHT)
def test_what_agrees_is_read_and_written(document: str) -> None:
    assert validate(document) == []
    found = from_xml(document)
    assert from_xml(to_xml(found)) == found


@pytest.mark.usefixtures("named")
@pytest.mark.parametrize(("document", "path", "line", "what"), WRONG.values(), ids=WRONG)
def test_what_does_not_agree_is_neither_read_nor_written(document: str, path: str, line: int, what: str) -> None:
    (issue,) = validate(document)
    assert (issue.path, issue.line) == (path, line)
    assert what in issue.message
    with pytest.raises(SchemaError) as refused:
        from_xml(document)
    assert refused.value.issues == (issue,)
    with pytest.raises(EncodeError, match=what) as caught:
        to_xml(from_xml(document, mode="lenient"))
    assert caught.value.path == path


@pytest.mark.usefixtures("named")
def test_all_that_is_wrong_is_said() -> None:
    """Beside what libxml2 finds; but for references, since what they mean may be what is wrong."""
    document = things('<Thing id="a"/>\n<Thing id="a"/>\n<Thing id="a"/>\n<Thing/>', ' best="c"')
    assert [(one.path, one.line) for one in validate(document)] == [
        ("/Things/Thing[2]/@id", 3),
        ("/Things/Thing[3]/@id", 4),
        ("/Things/Thing[4]", 5),
    ]


@pytest.mark.usefixtures("named")
def test_a_large_document_is_held_to_it_too() -> None:
    """libxml2 validates such as text, where it sees no ID at all."""
    many = "\n".join(f'<Thing id="n{number}"/>' for number in range(5000))
    assert validate(things(many)) == []
    (issue,) = validate(things(f'{many}\n<Thing id="n7"/>'))
    assert (issue.path, issue.line) == ("/Things/Thing[5001]/@id", 5002)


def test_ids_in_what_a_wildcard_lets_in_count_where_they_are_declared(project: Project) -> None:
    """A reference may lead into an element that is validated, though no member holds it."""
    project.schema(
        "Thing",
        """\
        <xs:import namespace="urn:test:Part" schemaLocation="part.xsd"/>
        <xs:element name="Thing" type="t:Thing"/>
        <xs:complexType name="Thing">
          <xs:sequence><xs:any namespace="##other" processContents="lax" maxOccurs="2"/></xs:sequence>
          <xs:attribute name="part" type="xs:IDREF"/>
        </xs:complexType>
        """,
    )
    project.file(
        "part.xsd",
        """\
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:test:Part">
          <xs:element name="Part"><xs:complexType><xs:attribute name="id" type="xs:ID"/></xs:complexType></xs:element>
        </xs:schema>
        """,
    )
    project.package().register()
    document = '<Thing xmlns="urn:test:Thing" part="{}"><p:Part xmlns:p="urn:test:Part" id="a"/>{}</Thing>'
    found = from_xml(document.format("a", ""))
    assert from_xml(to_xml(found)) == found
    assert [one.path for one in validate(document.format("b", ""))] == ["/Thing/@part"]
    again = '<o:other xmlns:o="urn:o"><p:Part xmlns:p="urn:test:Part" id="a"/></o:other>'
    assert [one.path for one in validate(document.format("a", again))] == ["/Thing/other/Part/@id"]


def test_random_objects_are_what_others_take(folder: Project, named: Package) -> None:
    agree(folder, "Things", package=named)


def test_random_objects_refer_to_one_another(named: Package) -> None:
    kind = named.profile("things").Things
    assert find(instances(kind), lambda one: one.best is not None and any(thing.like for thing in one.thing))


@pytest.mark.usefixtures("named")
def test_items_that_depend_on_one_another_are_not_streamed() -> None:
    with pytest.raises(DecodeError, match="no such items"), iter_xml(things('<Thing id="a"/>'), "Thing") as stream:
        list(stream)


@pytest.mark.usefixtures("named")
def test_lenient_reading_looks_at_single_values_only() -> None:
    for document, *_ in WRONG.values():
        found = from_xml(document, mode="lenient")
        assert etree.fromstring(to_xml(found, mode="lenient")) is not None


@pytest.mark.parametrize(
    ("body", "construct"),
    [
        ('<xs:attribute name="a" type="xs:IDREF" default="x"/>', "default or fixed with xs:IDREF"),
        ('<xs:attribute name="a" type="xs:IDREFS" fixed="x"/>', "default or fixed with xs:IDREFS"),
        (
            '<xs:attribute name="a"><xs:simpleType><xs:list itemType="xs:ID"/></xs:simpleType></xs:attribute>',
            "a list of xs:ID",
        ),
        (
            '<xs:attribute name="a"><xs:simpleType><xs:union memberTypes="xs:int xs:IDREF"/></xs:simpleType>'
            "</xs:attribute>",
            "a union with xs:IDREF",
        ),
    ],
)
def test_what_could_not_be_told_is_refused(project: Project, body: str, construct: str) -> None:
    project.thing(body)
    with pytest.raises(UnsupportedError, match=construct):
        project.emit()
