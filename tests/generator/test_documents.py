"""Several documents for one profile: includes, imports, namespaces, and local names with and without one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.generator.opinions import agree

from iec61968_9 import Dialect, EncodeError, from_xml, iter_xml, open_writer, to_xml, validate
from iec61968_9_generator.errors import GeneratorError, UnsupportedError

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
