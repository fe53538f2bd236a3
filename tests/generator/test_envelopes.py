"""An envelope whose payloads stand for an abstract element of it, as the edition of 2024 of Part 100 has them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from tests.generator.conftest import canonical

from iec61968_9 import DecodeError, EncodeError, ForeignElement, from_xml, iter_xml, open_writer, to_xml, validate

if TYPE_CHECKING:
    from tests.generator.conftest import Package, Project

XS = 'xmlns:xs="http://www.w3.org/2001/XMLSchema"'

MESSAGE = f"""
<xs:schema {XS} xmlns:m="urn:message" targetNamespace="urn:message" elementFormDefault="qualified">
  <xs:element name="AbstractPayload" type="m:AbstractPayload" abstract="true"/>
  <xs:complexType name="AbstractPayload" abstract="true"/>
  <xs:element name="Request" type="m:Request"/>
  <xs:complexType name="Request">
    <xs:sequence>
      <xs:element name="Header"><xs:complexType><xs:sequence>
        <xs:element name="Noun" type="xs:string"/>
      </xs:sequence></xs:complexType></xs:element>
      <xs:element name="Payload" minOccurs="0"><xs:complexType><xs:sequence>
        <xs:element ref="m:AbstractPayload" maxOccurs="unbounded"/>
        <xs:element name="Format" type="xs:string" minOccurs="0"/>
      </xs:sequence></xs:complexType></xs:element>
    </xs:sequence>
  </xs:complexType>
</xs:schema>
"""
READINGS = f"""
<xs:schema {XS} xmlns:r="urn:readings" xmlns:m="urn:message" targetNamespace="urn:readings"
    elementFormDefault="qualified">
  <xs:import namespace="urn:message" schemaLocation="Message.xsd"/>
  <xs:element name="Readings" type="r:Readings" substitutionGroup="m:AbstractPayload"/>
  <xs:complexType name="Readings">
    <xs:complexContent>
      <xs:extension base="m:AbstractPayload">
        <xs:sequence><xs:element name="Reading" type="r:Reading" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
      </xs:extension>
    </xs:complexContent>
  </xs:complexType>
  <xs:complexType name="Reading">
    <xs:sequence><xs:element name="value" type="xs:decimal"/></xs:sequence>
  </xs:complexType>
</xs:schema>
"""
OTHER = f"""
<xs:schema {XS} xmlns:o="urn:other" targetNamespace="urn:other" elementFormDefault="qualified">
  <xs:element name="Other"><xs:complexType><xs:sequence><xs:element name="a" type="xs:string"/></xs:sequence>
  </xs:complexType></xs:element>
</xs:schema>
"""
MANIFEST = """
[[schema]]
noun = "Message"
file = "Message.xsd"
role = "envelope"

[[schema]]
noun = "Readings"
file = "Readings.xsd"
role = "payload"

[[schema]]
noun = "Other"
file = "Other.xsd"
role = "payload"
"""
NAMES = '[wildcards]\n"Message/Request/Payload" = { many = "contents", one = "content", parameter = true }\n'
DOCUMENT = (
    '<Request xmlns="urn:message"><Header><Noun>Readings</Noun></Header><Payload><Readings xmlns="urn:readings">'
    "<Reading><value>1.5</value></Reading><Reading><value>2</value></Reading></Readings><Format>XML</Format></Payload>"
    "</Request>"
)


@pytest.fixture
def package(project: Project) -> Package:
    """The envelope, a payload that stands for its abstract element, and one that does not."""
    for name, text in (("Message", MESSAGE), ("Readings", READINGS), ("Other", OTHER)):
        project.file(f"{name}.xsd", text)
    project.file("manifest.toml", MANIFEST)
    project.file("names.toml", NAMES)
    made = project.package()
    made.register()
    return made


def test_a_payload_comes_back_typed_in_its_envelope(package: Package) -> None:
    """And is written as it was; type checkers know the message by what it carries."""
    found: Any = from_xml(DOCUMENT)
    readings = package.profile("readings")
    assert isinstance(found.content, readings.Readings)
    assert [one.value for one in found.content.reading] == [1.5, 2]
    assert canonical(to_xml(found)) == canonical(DOCUMENT)
    assert from_xml(DOCUMENT, package.profile("envelope").Request[readings.Readings]) == found
    assert from_xml(DOCUMENT, mode="lenient") == found
    assert validate(DOCUMENT) == []


def test_a_payload_in_its_envelope_is_validated_by_its_own_schema(package: Package) -> None:
    """With its path and line."""
    broken = DOCUMENT.replace("<value>2</value>", "<value>two</value>")
    (issue,) = validate(broken)
    assert issue.path == "/Request/Payload/Readings/Reading[2]/value"
    with pytest.raises(DecodeError, match="two"):
        from_xml(broken)


def test_the_items_of_such_a_payload_are_streamed(package: Package) -> None:
    """Out of the envelope and into it."""
    readings = package.profile("readings")
    with iter_xml(DOCUMENT, readings.Reading) as stream:
        items = list(stream)
    assert [one.value for one in items] == [1.5, 2]
    skeleton: Any = from_xml(DOCUMENT)
    skeleton.content.reading = []
    target = io.BytesIO()
    with open_writer(target, skeleton, readings.Reading) as writer:
        for one in items:
            writer.append(one)
    assert canonical(target.getvalue()) == canonical(DOCUMENT)


@pytest.mark.parametrize("payload", ['<Other xmlns="urn:other"><a>1</a></Other>', '<x:y xmlns:x="urn:x"/>'])
def test_what_does_not_stand_for_the_abstract_element_is_refused(package: Package, payload: str) -> None:
    """A payload of which the schema does not say so, and an unknown element."""
    document = DOCUMENT[: DOCUMENT.index("<Readings xml")] + payload + DOCUMENT[DOCUMENT.index("<Format>") :]
    with pytest.raises(DecodeError):
        from_xml(document)
    found: Any = from_xml(document, mode="lenient")
    assert canonical(to_xml(found, mode="lenient")) == canonical(document)
    with pytest.raises(EncodeError):
        to_xml(found)


def test_writing_refuses_what_does_not_stand_for_the_abstract_element(package: Package) -> None:
    """An object of another profile, and a foreign element."""
    found: Any = from_xml(DOCUMENT)
    for wrong in (package.profile("other").Other(a="1"), ForeignElement("<x/>"), None, "x"):
        found.payload.contents = [wrong]
        with pytest.raises(EncodeError, match="AbstractPayload"):
            to_xml(found)
