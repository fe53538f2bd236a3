"""Several documents for one profile: includes, imports, namespaces, and local names with and without one."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from tests.generator.conftest import canonical
from tests.generator.opinions import agree

from iec61968_9 import DecodeError, Dialect, EncodeError, SchemaError, from_xml, iter_xml, open_writer, to_xml
from iec61968_9.profiles.envelope import EventMessage, Header, Payload, Verb
from iec61968_9_generator.errors import GeneratorError

if TYPE_CHECKING:
    from tests.generator.conftest import Project

XS = 'xmlns:xs="http://www.w3.org/2001/XMLSchema"'

COMMON = f"""
<xs:schema {XS} xmlns:c="urn:common" targetNamespace="urn:common" elementFormDefault="qualified"
    attributeFormDefault="qualified">
  <xs:include schemaLocation="kinds.xsd"/>
  <xs:complexType name="Party">
    <xs:sequence>
      <xs:element name="name" type="xs:string"/>
      <xs:element name="kind" type="c:Kind" minOccurs="0" maxOccurs="unbounded"/>
      <xs:element name="parent" type="c:Party" minOccurs="0"/>
    </xs:sequence>
    <xs:attribute name="id" type="xs:integer"/>
  </xs:complexType>
</xs:schema>
"""
KINDS = f"""
<xs:schema {XS}>
  <xs:simpleType name="Kind">
    <xs:restriction base="xs:string"><xs:enumeration value="person"/><xs:enumeration value="firm"/></xs:restriction>
  </xs:simpleType>
  <xs:complexType name="Kinds">
    <xs:sequence><xs:element name="kind" type="Kind" maxOccurs="unbounded"/></xs:sequence>
  </xs:complexType>
</xs:schema>
"""
ORDERS = f"""
<xs:schema {XS} xmlns:o="urn:orders" xmlns:c="urn:common" targetNamespace="urn:orders"
    elementFormDefault="qualified">
  <xs:import namespace="urn:common" schemaLocation="parts/common.xsd"/>
  <xs:include schemaLocation="parts/lines.xsd"/>
  <xs:element name="Orders" type="o:Orders"/>
  <xs:complexType name="Orders">
    <xs:sequence>
      <xs:element name="buyer" type="c:Party"/>
      <xs:element name="note" type="xs:string" form="unqualified" minOccurs="0"/>
      <xs:element name="Line" type="o:Line" minOccurs="0" maxOccurs="unbounded"/>
    </xs:sequence>
    <xs:attribute name="version" type="xs:integer" form="qualified"/>
    <xs:attribute name="plain" type="xs:string"/>
  </xs:complexType>
</xs:schema>
"""
LINES = f"""
<xs:schema {XS} xmlns:o="urn:orders" xmlns:co="urn:common" targetNamespace="urn:orders">
  <xs:import namespace="urn:common" schemaLocation="common.xsd"/>
  <xs:include schemaLocation="../Orders.xsd"/>
  <xs:complexType name="Line">
    <xs:sequence>
      <xs:element name="amount" type="xs:decimal"/>
      <xs:element name="maker" type="co:Party" minOccurs="0"/>
    </xs:sequence>
  </xs:complexType>
</xs:schema>
"""
DOCUMENT = """
<o:Orders xmlns:o="urn:orders" xmlns:c="urn:common" o:version="3" plain="x"><o:buyer c:id="7"><c:name>A</c:name>
<c:kind>firm</c:kind><c:parent><c:name>B</c:name></c:parent></o:buyer><note>n</note><o:Line><amount>1.5</amount>
<maker><c:name>M</c:name></maker></o:Line><o:Line><amount>2</amount></o:Line></o:Orders>
""".replace("\n", "")


@pytest.fixture
def orders(project: Project) -> Project:
    """Two namespaces in four documents, one of them without a namespace, in a circle."""
    project.file("manifest.toml", '[[schema]]\nnoun = "Orders"\nfile = "Orders.xsd"\nrole = "payload"\n')
    project.file("Orders.xsd", ORDERS)
    project.file("parts/lines.xsd", LINES)
    project.file("parts/common.xsd", COMMON)
    project.file("parts/kinds.xsd", KINDS)
    return project


def test_documents_of_two_namespaces_are_one_profile(orders: Project) -> None:
    """Qualified and unqualified names, includes and imports in a circle, a document that takes its includer's."""
    found: Any = orders.round_trip(DOCUMENT)
    assert (found.version, found.plain, found.note) == (3, "x", "n")
    assert (found.buyer.id, found.buyer.name, found.buyer.parent.name) == (7, "A", "B")
    assert [line.amount for line in found.line] == [1.5, 2]
    assert found.line[0].maker.name == "M"
    assert type(found.line[0].maker) is type(found.buyer)


def test_random_objects_of_several_namespaces_read_and_write(orders: Project) -> None:
    """And a second and a third reader see the same."""
    agree(orders, "Orders")


@pytest.mark.parametrize("mode", ["strict", "lenient"])
def test_items_without_a_namespace_are_streamed(orders: Project, mode: Any) -> None:
    """Read and written one by one, and each of them validated."""
    orders.file("Orders.xsd", ORDERS.replace('elementFormDefault="qualified"', ""))
    package = orders.package()
    package.register()
    module = package.profile("orders")
    document = DOCUMENT.replace("o:buyer", "buyer").replace("o:Line", "Line")
    with iter_xml(document, module.Line, mode=mode) as stream:
        lines = list(stream)
    whole: Any = from_xml(document)
    assert lines == whole.line
    whole.line = []
    target = io.BytesIO()
    with open_writer(target, whole, module.Line, mode=mode) as writer:
        for line in lines:
            writer.append(line)
    assert canonical(target.getvalue()) == canonical(document)
    with pytest.raises(DecodeError, match="amount"):
        list(iter_xml(document.replace("<amount>2</amount>", ""), "Line"))


def test_a_payload_of_several_namespaces_stands_in_a_message(orders: Project) -> None:
    """Where another namespace is the default."""
    orders.package().register()
    found: Any = from_xml(DOCUMENT)
    message = EventMessage(header=Header(verb=Verb.CREATED, noun="Orders"), payload=Payload[Any](contents=[found]))
    again: Any = from_xml(to_xml(message))
    assert again.payload.contents == [found]
    assert from_xml(to_xml(message, pretty=True)) == message


def test_a_dialect_moves_the_own_namespace_alone(orders: Project) -> None:
    """Attributes go with their elements; what has another namespace, or none, stays."""
    orders.package().register()
    found: Any = from_xml(DOCUMENT)
    dialect = Dialect(payload="urn:partner", aliases={"urn:old": "urn:orders"})
    spelt = to_xml(found, dialect=dialect)
    assert canonical(spelt) == canonical(DOCUMENT.replace("urn:orders", "urn:partner"))
    assert from_xml(spelt, dialect=dialect) == found
    assert from_xml(DOCUMENT.replace("urn:orders", "urn:old"), dialect=dialect) == found
    assert canonical(to_xml(found, dialect=Dialect(prefix="m"))) == canonical(DOCUMENT)
    with pytest.raises(EncodeError, match="prefix c "):
        to_xml(found, dialect=Dialect(prefix="c"))


def test_two_profiles_share_what_both_include(project: Project) -> None:
    """Their classes are one, and the global elements of the shared document are neither's."""
    member = "<xs:sequence><xs:element name='a' type='xs:string'/></xs:sequence>"
    shared = f"<xs:complexType name='Part'>{member}</xs:complexType>"
    head = f'<xs:schema {XS} xmlns:s="urn:s" targetNamespace="urn:s" elementFormDefault="qualified">'
    project.file("shared.xsd", f"{head}{shared}<xs:element name='Both' type='s:Part'/></xs:schema>")
    for noun in ("One", "Two"):
        project.file(
            f"{noun}.xsd",
            f'{head}<xs:include schemaLocation="shared.xsd"/><xs:element name="{noun}" type="s:{noun}"/>'
            f'<xs:complexType name="{noun}"><xs:sequence><xs:element name="part" type="s:Part"/></xs:sequence>'
            "</xs:complexType></xs:schema>",
        )
    package = project.package()
    package.register()
    assert package.profile("one").Part is package.profile("two").Part
    assert from_xml('<One xmlns="urn:s"><part><a>1</a></part></One>').part.a == "1"  # type: ignore[attr-defined]  # pyright: ignore
    with pytest.raises(DecodeError, match="not known"):
        from_xml('<Both xmlns="urn:s"><a>1</a></Both>')


def test_several_documents_of_an_imported_namespace_are_all_found(project: Project) -> None:
    """libxml2 alone would follow the first import only."""
    for name, kind in (("a", "string"), ("b", "integer")):
        project.file(
            f"{name}.xsd",
            f'<xs:schema {XS} targetNamespace="urn:parts"><xs:simpleType name="{name.upper()}">'
            f'<xs:restriction base="xs:{kind}"/></xs:simpleType></xs:schema>',
        )
    project.file(
        "Thing.xsd",
        f'<xs:schema {XS} xmlns:p="urn:parts" targetNamespace="urn:test:Thing" elementFormDefault="qualified">'
        '<xs:import namespace="urn:parts" schemaLocation="a.xsd"/>'
        '<xs:import namespace="urn:parts" schemaLocation="b.xsd"/>'
        '<xs:element name="Thing"><xs:complexType><xs:sequence><xs:element name="a" type="p:A"/>'
        '<xs:element name="b" type="p:B"/></xs:sequence></xs:complexType></xs:element></xs:schema>',
    )
    found: Any = project.round_trip('<Thing xmlns="urn:test:Thing"><a>x</a><b>7</b></Thing>')
    assert (found.a, found.b) == ("x", 7)


@pytest.mark.parametrize(
    ("link", "message"),
    [
        ('<xs:include schemaLocation="no.xsd"/>', r"Thing\.xsd:2: there is no file no\.xsd"),
        ('<xs:import namespace="urn:x" schemaLocation="no.xsd"/>', r"Thing\.xsd:2: there is no file no\.xsd"),
        ('<xs:import namespace="urn:x" schemaLocation="http://example.org/x.xsd"/>', r"Thing\.xsd:2: http://example"),
        ('<xs:include schemaLocation="https://example.org/x.xsd"/>', r"Thing\.xsd:2: https://example.*network"),
        ('<xs:include schemaLocation="../../x.xsd"/>', r"Thing\.xsd:2: \.\./\.\./x\.xsd lies outside"),
        ('<xs:include schemaLocation="/x.xsd"/>', r"Thing\.xsd:2: /x\.xsd is not looked for"),
        (
            '<xs:include schemaLocation="other.xsd"/>',
            r"Thing\.xsd:2: other\.xsd is a schema of urn:other, not of urn:t",
        ),
        ('<xs:import namespace="urn:x" schemaLocation="other.xsd"/>', r"Thing\.xsd:2: other\.xsd is .*not of urn:x"),
        ('<xs:import schemaLocation="other.xsd"/>', r"Thing\.xsd:2: other\.xsd is a schema of urn:other, not of "),
        ('<xs:include schemaLocation="broken.xsd"/>', r"broken\.xsd:1: "),
        ('<xs:include schemaLocation="refused.xsd"/>', r"refused\.xsd:3: xs:notation is not supported"),
        ('<xs:redefine schemaLocation="other.xsd"/>', r"Thing\.xsd:2: xs:redefine is not supported"),
    ],
)
def test_a_link_that_leads_nowhere_is_an_error_where_it_stands(project: Project, link: str, message: str) -> None:
    """Nothing is guessed, and nothing fetched."""
    project.file("manifest.toml", '[[schema]]\nnoun = "Thing"\nfile = "Thing.xsd"\nrole = "payload"\n')
    project.file("other.xsd", f'<xs:schema {XS} targetNamespace="urn:other"/>')
    project.file("broken.xsd", "<xs:schema")
    project.file("refused.xsd", f'<xs:schema {XS}>\n\n<xs:notation name="n" public="p"/></xs:schema>')
    project.schema("Thing", link + '<xs:element name="Thing"><xs:complexType/></xs:element>')
    with pytest.raises(GeneratorError, match=message):
        project.emit()


def test_what_another_document_says_of_a_namespace_need_not_be_fetched(project: Project) -> None:
    """A location on the network is no error where the namespace is known from the folder."""
    project.file(
        "x.xsd",
        f'<xs:schema {XS} targetNamespace="urn:x"><xs:simpleType name="X"><xs:restriction base="xs:string"/>'
        "</xs:simpleType></xs:schema>",
    )
    project.file(
        "part.xsd",
        f'<xs:schema {XS} xmlns:x="urn:x" targetNamespace="urn:test:Thing" elementFormDefault="qualified">'
        '<xs:import namespace="urn:x" schemaLocation="http://example.org/x.xsd"/>'
        '<xs:complexType name="Part"><xs:sequence><xs:element name="a" type="x:X"/></xs:sequence></xs:complexType>'
        "</xs:schema>",
    )
    project.schema(
        "Thing",
        '<xs:import namespace="urn:x" schemaLocation="x.xsd"/><xs:include schemaLocation="part.xsd"/>'
        '<xs:element name="Thing" type="t:Part"/>',
    )
    project.round_trip('<Thing xmlns="urn:test:Thing"><a>x</a></Thing>')


PART = f"""<xs:schema {XS} targetNamespace="urn:x">
<xs:simpleType name="X"><xs:restriction base="xs:string"><xs:maxLength value="{{}}"/></xs:restriction></xs:simpleType>
</xs:schema>"""
IMPORTING = """\
<xs:import namespace="urn:x" schemaLocation="http://example.org/schemas/x.xsd"/>
<xs:element name="Thing">
  <xs:complexType><xs:attribute name="a" type="x:X" xmlns:x="urn:x"/></xs:complexType>
</xs:element>
"""


def test_a_copy_in_the_folder_stands_for_what_the_network_has(project: Project) -> None:
    """Whatever its name; with several of the namespace, the one of the name that the address ends with."""
    project.file("copies/copy.xsd", PART.format(3))
    project.schema("Thing", IMPORTING)
    found = project.round_trip('<Thing xmlns="urn:test:Thing" a="abc"/>')
    assert type(found).__name__ == "Thing"  # the copy is no payload of its own
    with pytest.raises(SchemaError):
        from_xml('<Thing xmlns="urn:test:Thing" a="abcd"/>')
    project.file("other/x.xsd", PART.format(4))
    project.file("manifest.toml", '[[schema]]\nnoun = "Thing"\nfile = "Thing.xsd"\nrole = "payload"\n')
    assert "at most 4" in project.emit()["profiles/thing.py"]


def test_copies_that_could_all_be_meant_are_named(project: Project) -> None:
    for name in ("one.xsd", "two.xsd"):
        project.file(name, PART.format(3))
    project.schema("Thing", IMPORTING)
    with pytest.raises(GeneratorError, match=r"Thing\.xsd:2: http://example.*several .*one\.xsd, two\.xsd: name one"):
        project.read()


def test_a_part_on_the_network_is_the_file_of_its_name_and_namespace(project: Project) -> None:
    project.file("copies/part.xsd", f'<xs:schema {XS}><xs:complexType name="Part"/></xs:schema>')
    project.file("copies/more.xsd", f'<xs:schema {XS}><xs:complexType name="More"/></xs:schema>')
    link = '<xs:include schemaLocation="https://example.org/{}.xsd"/>'
    project.schema("Thing", link.format("part") + '<xs:element name="Thing" type="t:Part"/>')
    assert [one.file for one in project.read().documents] == ["Thing.xsd", "copies/part.xsd"]
    project.schema("Thing", link.format("other") + '<xs:element name="Thing" type="t:Part"/>')
    with pytest.raises(GeneratorError, match="is not looked for"):
        project.read()


def test_an_error_in_an_included_document_names_that_document(project: Project) -> None:
    """Not the one that includes it."""
    project.file("part.xsd", f'<xs:schema {XS}>\n<xs:complexType name="P"/>\n<xs:complexType name="P"/>\n</xs:schema>')
    project.schema(
        "Thing", '<xs:include schemaLocation="part.xsd"/><xs:element name="Thing"><xs:complexType/></xs:element>'
    )
    with pytest.raises(GeneratorError, match=r"^part\.xsd:3: "):
        project.emit()


PLAIN = f"""
<xs:schema {XS}>
  <xs:element name="Thing" type="Thing"/>
  <xs:complexType name="Thing">
    <xs:sequence>
      <xs:element name="part" type="Part" minOccurs="0" maxOccurs="unbounded"/>
      <xs:element name="name" type="xs:QName" minOccurs="0"/>
      <xs:any namespace="##other" processContents="skip" minOccurs="0"/>
    </xs:sequence>
  </xs:complexType>
  <xs:complexType name="Part"><xs:sequence><xs:element name="a" type="xs:string"/></xs:sequence></xs:complexType>
  <xs:complexType name="Longer">
    <xs:complexContent>
      <xs:extension base="Part"><xs:sequence><xs:element name="b" type="xs:string"/></xs:sequence></xs:extension>
    </xs:complexContent>
  </xs:complexType>
</xs:schema>
"""


def test_a_schema_may_have_no_namespace(project: Project) -> None:
    """Its documents are read, written and streamed; a message that asks for another namespace cannot carry them."""
    project.file("Thing.xsd", PLAIN)
    package = project.package()
    package.register()
    module = package.profile("thing")
    text = (
        '<Thing><part><a>1</a></part><part xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type="Longer"><a>2</a>'
        "<b>3</b></part><name>plain</name></Thing>"
    )
    found: Any = from_xml(text)
    assert found.part == [module.Part(a="1"), module.Longer(a="2", b="3")]
    assert to_xml(found, xml_declaration=False).startswith(b"<Thing><part>")
    assert canonical(to_xml(found)) == canonical(text)
    message = EventMessage(header=Header(verb=Verb.CREATED, noun="Thing"), payload=Payload[Any](contents=[found]))
    with pytest.raises(EncodeError, match="##other"):
        to_xml(message)
    with iter_xml(text, module.Part) as stream:
        assert list(stream) == found.part
    dialect = Dialect(payload="urn:partner", prefix="m")
    assert from_xml(to_xml(found, dialect=dialect), dialect=dialect) == found
    agree(project, "Thing", package=package, examples=40)
