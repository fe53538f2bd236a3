"""Qualified names in attributes: their prefixes are resolved, and declared where they are written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import pytest
from lxml import etree
from tests.generator.conftest import Package, Project, registry_as_before
from tests.generator.opinions import agree

from iec61968_9 import DecodeError, Dialect, EncodeError, QName, Report, from_xml, to_xml
from iec61968_9_generator.errors import UnsupportedError

NAMED = """\
<xs:attribute name="id" type="xs:QName"/>
<xs:simpleType name="Kind"><xs:restriction base="xs:QName"/></xs:simpleType>
<xs:element name="Named">
  <xs:complexType>
    <xs:sequence>
      <xs:element name="part" minOccurs="0" maxOccurs="unbounded">
        <xs:complexType>
          <xs:simpleContent>
            <xs:extension base="xs:string"><xs:attribute name="kind" type="t:Kind" use="required"/></xs:extension>
          </xs:simpleContent>
        </xs:complexType>
      </xs:element>
      <xs:element name="means" type="xs:QName" minOccurs="0"/>
    </xs:sequence>
    <xs:attribute ref="t:id"/>
    <xs:attribute name="about" type="xs:QName"/>
  </xs:complexType>
</xs:element>
"""
DOCUMENT = """\
<n:Named xmlns:n="urn:test:Named" xmlns:p="urn:p" n:id="p:a" about="b"{}>
  <n:part kind="p:c">x</n:part>
  <part xmlns="urn:test:Named" kind="d"/>
</n:Named>"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A schema with qualified names in attributes."""
    project = Project(tmp_path_factory.mktemp("qnames"))
    project.schema("Named", NAMED)
    with registry_as_before(project):
        yield project


@pytest.fixture(scope="module")
def named(folder: Project) -> Package:
    """The package of it, registered."""
    package = folder.package("qnames_in_attributes")
    package.register()
    return package


def test_prefixes_are_resolved_and_declared(named: Package) -> None:
    """A name without a prefix is of the default namespace, as XML Schema says."""
    found: Any = from_xml(DOCUMENT.format(""), named.profile("named").Named)
    assert (found.id, found.about) == (QName("urn:p", "a"), QName(None, "b"))
    assert [one.kind for one in found.part] == [QName("urn:p", "c"), QName("urn:test:Named", "d")]
    modes: tuple[Literal["strict", "lenient"], ...] = ("strict", "lenient")
    for mode in modes:
        again = from_xml(to_xml(found, mode=mode), mode=mode)
        assert again == found


@pytest.mark.usefixtures("named")
def test_a_prefix_that_is_not_declared_is_an_error_with_its_place() -> None:
    wrong = DOCUMENT.replace('kind="p:c"', 'kind="r:c"').format("")
    with pytest.raises(DecodeError) as refused:
        from_xml(wrong)
    assert (refused.value.path, refused.value.line) == ("/Named/part[1]/@kind", 2)
    report = Report()
    kept = from_xml(wrong, mode="lenient", report=report)
    assert report
    assert b'kind="r:c"' in to_xml(kept, mode="lenient")


def test_what_is_no_name_is_not_written(named: Package) -> None:
    module = named.profile("named")
    for wrong in (QName("urn:p", "a b"), QName("not a URI", "a"), "p:a", None):
        with pytest.raises(EncodeError) as refused:
            to_xml(module.Named(part=[module.NamedPart(value="", kind=wrong)]))
        assert refused.value.path == "/Named/part/@kind"


@pytest.mark.parametrize("prefix", ["q", "n", "q1", ""])
def test_a_dialects_prefix_is_in_nobodys_way(named: Package, prefix: str) -> None:
    module = named.profile("named")
    part = module.NamedPart(value="", kind=QName("urn:p", "c"))
    one = module.Named(part=[part], means=QName("urn:r", "means"))
    partner = Dialect(payload="urn:partner", prefix=prefix)
    data = to_xml(one, dialect=partner)
    assert etree.QName(etree.fromstring(data)).namespace == "urn:partner"
    assert from_xml(data, dialect=partner) == one


def test_random_objects_are_what_others_take(folder: Project, named: Package) -> None:
    agree(folder, "Named", package=named)


@pytest.mark.parametrize(
    ("content", "construct"),
    [
        ('<xs:attribute name="a" type="xs:QName" fixed="t:x"/>', "fixed with xs:QName"),
        ('<xs:sequence><xs:element name="a" type="xs:QName" fixed="t:x"/></xs:sequence>', "fixed with xs:QName"),
        ('<xs:sequence><xs:element name="a" type="xs:QName" default="t:x"/></xs:sequence>', "default or fixed with"),
    ],
)
def test_what_would_need_the_schemas_prefixes_is_refused(project: Project, content: str, construct: str) -> None:
    project.thing(content)
    with pytest.raises(UnsupportedError, match=construct):
        project.emit()
