"""The codecs: each construct read and written, and nothing of a document passed over."""

from __future__ import annotations

import datetime
import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from iec61968_9 import DecodeError, EncodeError, QName, Report, from_xml, to_xml
from iec61968_9.xml import ForeignElement
from iec61968_9_generator.errors import UnsupportedError

if TYPE_CHECKING:
    from tests.generator.conftest import Project

VALUES: dict[str, tuple[str, object]] = {
    "anyURI": ("urn:x", "urn:x"),
    "boolean": ("true", True),
    "date": ("2026-01-02", datetime.date(2026, 1, 2)),
    "dateTime": ("2026-01-02T03:04:05Z", datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)),
    "decimal": ("1.50", Decimal("1.50")),
    "double": ("INF", math.inf),
    "float": ("0.5", 0.5),
    "integer": ("-3", -3),
    "QName": ("p:local", QName("urn:p", "local")),
    "string": (" a &lt; b ", " a < b "),
    "time": ("03:04:05", datetime.time(3, 4, 5)),
}


def document(content: str, attributes: str = "") -> str:
    """A document of the schema that most tests use."""
    return f'<Thing xmlns="urn:test:Thing"{attributes}>{content}</Thing>'


def refuse_both_ways(project: Project, content: str, attributes: str = "") -> None:
    """Hold that a document is refused strictly, and read leniently with a finding and written as it was."""
    with pytest.raises(DecodeError):
        from_xml(document(content, attributes))
    report = Report()
    found = from_xml(document(content, attributes), mode="lenient", report=report)
    assert report
    with pytest.raises(EncodeError):
        to_xml(found)


@pytest.mark.parametrize("name", sorted(VALUES))
@pytest.mark.parametrize("where", ["element", "repeated", "attribute", "required attribute", "text", "quantity"])
def test_each_built_in_is_read_and_written_wherever_it_may_stand(project: Project, name: str, where: str) -> None:
    """As the Python value that users expect; what could not be is refused."""
    text, value = VALUES[name]
    element = f'<xs:sequence><xs:element name="a" type="xs:{name}"/></xs:sequence>'
    content, more, xml = {
        "element": (element, "", f"<a>{text}</a>"),
        "repeated": (element.replace("/></xs", ' maxOccurs="2"/></xs'), "", f"<a>{text}</a><a>{text}</a>"),
        "attribute": (f'<xs:attribute name="a" type="xs:{name}"/>', "", ""),
        "required attribute": (f'<xs:attribute name="a" type="xs:{name}" use="required"/>', "", ""),
        "text": (f'<xs:simpleContent><xs:extension base="xs:{name}"/></xs:simpleContent>', "", text),
        "quantity": (
            element.replace(f"xs:{name}", "t:Quantity"),
            f'<xs:simpleType name="Quantity"><xs:restriction base="xs:{name}"/></xs:simpleType>',
            f"<a>{text}</a>",
        ),
    }[where]
    project.thing(content, more)
    if name == "QName" and where == "text":
        with pytest.raises(UnsupportedError, match=r"Thing\.xsd:\d+: xs:QName"):  # its prefix would be lost on the way
            project.emit()
        return
    project.package().register()
    declared = ' xmlns:p="urn:p"' if name == "QName" else ""
    attributes = f' a="{text}"' if "attribute" in where else ""
    found: Any = from_xml(document(xml, declared + attributes))
    read = found.value if where == "text" else found.a
    assert read == ([value, value] if where == "repeated" else value)
    assert from_xml(to_xml(found)) == found


def test_enumerations_are_read_in_elements_attributes_and_text(project: Project) -> None:
    """As members of their class."""
    kind = (
        '<xs:simpleType name="Kind"><xs:restriction base="xs:string"><xs:enumeration value="x"/>'
        "</xs:restriction></xs:simpleType>"
    )
    project.thing(
        '<xs:sequence><xs:element name="a" type="t:Kind"/>'
        '<xs:element name="b" type="t:Text" maxOccurs="2"/></xs:sequence>'
        '<xs:attribute name="c" type="t:Kind"/>',
        f'{kind}<xs:complexType name="Text"><xs:simpleContent><xs:extension base="t:Kind"/>'
        "</xs:simpleContent></xs:complexType>",
    )
    found: Any = project.round_trip(document("<a>x</a><b>x</b>", ' c="x"'))
    assert found.a is found.b[0].value is found.c
    assert found.a.name == "X"


@pytest.fixture
def thing(project: Project) -> Project:
    """A schema with each way in which a member may repeat, registered."""
    project.thing(
        """
        <xs:sequence>
          <xs:element name="one" type="xs:string"/>
          <xs:element name="maybe" type="xs:integer" minOccurs="0"/>
          <xs:element name="few" type="t:Leaf" minOccurs="2" maxOccurs="3"/>
          <xs:choice>
            <xs:element name="left" type="xs:string"/>
            <xs:element name="right" type="xs:string"/>
          </xs:choice>
          <xs:any namespace="##other" processContents="skip" minOccurs="0" maxOccurs="1"/>
        </xs:sequence>
        <xs:attribute name="needed" type="xs:integer" use="required"/>
        """,
        '<xs:complexType name="Leaf"><xs:attribute name="id"/></xs:complexType>',
    )
    project.package().register()
    return project


GOOD = '<one>1</one><few/><few id="b"/><left>l</left>'


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(GOOD, id="least"),
        pytest.param(GOOD.replace("<few/>", "<maybe>7</maybe><few/><few/>").replace("left", "right"), id="most"),
        pytest.param(GOOD + '<o:other xmlns:o="urn:o"><deep/></o:other>', id="wildcard"),
        pytest.param(GOOD + '<other xmlns="urn:o" a="1">t</other>', id="wildcard without prefix"),
    ],
)
def test_what_the_schema_allows_comes_back_as_it_was(thing: Project, content: str) -> None:
    """In strict and in lenient mode."""
    found = from_xml(document(content, ' needed="1"'))
    assert from_xml(to_xml(found)) == found
    report = Report()
    assert from_xml(document(content, ' needed="1"'), mode="lenient", report=report) == found
    assert not report


@pytest.mark.parametrize(
    ("content", "attributes"),
    [
        pytest.param(GOOD.replace("<one>1</one>", ""), ' needed="1"', id="a required element is missing"),
        pytest.param(GOOD, "", id="a required attribute is missing"),
        pytest.param(GOOD, ' needed="1" more="2"', id="an attribute too many"),
        pytest.param(GOOD, ' needed="one"', id="an attribute that cannot be read"),
        pytest.param("<one>0</one>" + GOOD, ' needed="1"', id="a second one of a single"),
        pytest.param(GOOD.replace("<few/>", "<few/><few/><few/>"), ' needed="1"', id="too many"),
        pytest.param(GOOD.replace("<few/>", ""), ' needed="1"', id="too few"),
        pytest.param(GOOD + "<right>r</right>", ' needed="1"', id="both branches"),
        pytest.param(GOOD.replace("<left>l</left>", ""), ' needed="1"', id="no branch"),
        pytest.param(GOOD + "<unknown/>", ' needed="1"', id="an unknown element"),
        pytest.param(GOOD + "text", ' needed="1"', id="text between elements"),
        pytest.param("text" + GOOD, ' needed="1"', id="text before elements"),
        pytest.param(GOOD.replace("<few/>", "<few>text</few>"), ' needed="1"', id="text in an empty element"),
        pytest.param(GOOD.replace("<few/>", "<few><a/></few>"), ' needed="1"', id="an element in an empty element"),
        pytest.param(GOOD.replace("<one>", "<one a='b'>"), ' needed="1"', id="an attribute on a value"),
        pytest.param(GOOD.replace("<one>1", "<one>1<b/>"), ' needed="1"', id="an element in a value"),
        pytest.param(GOOD + '<a xmlns="urn:o"/><b xmlns="urn:o"/>', ' needed="1"', id="more than a wildcard holds"),
        pytest.param(GOOD + '<a xmlns=""/>', ' needed="1"', id="what a wildcard does not let in"),
    ],
)
def test_what_the_schema_does_not_allow_is_never_passed_over(thing: Project, content: str, attributes: str) -> None:
    """Strict reading refuses it; lenient reading reports it, and strict writing refuses what then was read."""
    refuse_both_ways(thing, content, attributes)


def test_an_object_that_the_schema_does_not_allow_is_not_written(thing: Project) -> None:
    """Whichever of its members is wrong."""
    good: Any = from_xml(document(GOOD, ' needed="1"'))
    wrong: dict[str, object] = {
        "one": None,
        "maybe": "7",
        "few": [],
        "right": "too",
        "left": None,
        "needed": None,
        "other": ForeignElement('<a xmlns="urn:test:Thing"/>'),
    }
    for member, value in wrong.items():
        changed: Any = from_xml(document(GOOD, ' needed="1"'))
        setattr(changed, member, value)
        with pytest.raises(EncodeError):
            to_xml(changed)
    assert to_xml(good)


def test_a_choice_that_repeats_keeps_its_order(project: Project) -> None:
    """References and objects mixed."""
    project.thing(
        '<xs:choice minOccurs="2" maxOccurs="4"><xs:element name="a" type="t:A"/><xs:element name="b" type="t:R"/>'
        '<xs:element name="c" type="t:R"/></xs:choice>',
        '<xs:complexType name="A"/><xs:complexType name="R"><xs:attribute name="ref" type="xs:string"/>'
        "</xs:complexType>",
    )
    found: Any = project.round_trip(document('<b/><a/><c ref="1"/><b ref="1"/>'))
    assert [type(one).__name__ for one in found.a_or_b_or_c] == ["bReference", "A", "cReference", "bReference"]
    for wrong in ("<a/>", '<b ref="1"/>' * 5):
        refuse_both_ways(project, wrong)
    found.a_or_b_or_c = [object()] * 2
    with pytest.raises(EncodeError, match=r"a or b or c"):
        to_xml(found)


@pytest.mark.parametrize("content", ["", "<b/>", "<a/><b/><a/>"])
def test_a_choice_that_repeats_may_be_made_of_a_branch_that_is_optional(project: Project, content: str) -> None:
    """Then the type may be empty, as the schema says."""
    project.thing(
        '<xs:choice maxOccurs="unbounded"><xs:element name="a" type="t:A" minOccurs="0"/>'
        '<xs:element name="b" type="t:B"/>'
        "</xs:choice>",
        '<xs:complexType name="A"/><xs:complexType name="B"/>',
    )
    project.right_or_refused(document(content))


@pytest.mark.parametrize(
    ("namespace", "inside", "outside"),
    [
        ("##any", ['<a xmlns="urn:o"/>', '<a xmlns=""/>', "<a/>"], []),
        ("##other", ['<a xmlns="urn:o"/>'], ['<a xmlns=""/>', "<a/>"]),
        ("##local", ['<a xmlns=""/>'], ['<a xmlns="urn:o"/>', "<a/>"]),
        ("##targetNamespace", ["<a/>"], ['<a xmlns="urn:o"/>', '<a xmlns=""/>']),
        ("urn:o ##local", ['<a xmlns="urn:o"/>', '<a xmlns=""/>'], ['<a xmlns="urn:p"/>', "<a/>"]),
    ],
)
def test_a_wildcard_lets_in_the_namespaces_that_it_names(
    project: Project, namespace: str, inside: list[str], outside: list[str]
) -> None:
    """And no others."""
    project.thing(f'<xs:sequence><xs:any namespace="{namespace}" processContents="skip" maxOccurs="3"/></xs:sequence>')
    project.package().register()
    for content in inside:
        found = from_xml(document(content))
        assert from_xml(to_xml(found)) == found
    for content in outside:
        refuse_both_ways(project, content)


def test_a_type_with_nothing_in_it_is_an_object_all_the_same(project: Project) -> None:
    """There or not there is what it says."""
    project.thing(
        '<xs:sequence><xs:element name="a" type="t:Empty" minOccurs="0"/></xs:sequence>',
        '<xs:complexType name="Empty"/>',
    )
    found: Any = project.round_trip(document("<a/>"))
    assert type(found.a).__name__ == "Empty"


def test_types_lead_to_themselves_as_deep_as_a_document_goes(project: Project) -> None:
    """Through another type, too."""
    project.thing(
        '<xs:sequence><xs:element name="a" type="t:Thing" minOccurs="0" maxOccurs="2"/>'
        '<xs:element name="b" type="t:Via" minOccurs="0"/></xs:sequence>',
        '<xs:complexType name="Via"><xs:sequence><xs:element name="a" type="t:Thing"/></xs:sequence></xs:complexType>',
    )
    project.round_trip(document("<a><a/><a><b><a><a/></a></b></a></a><b><a/></b>"))


@pytest.mark.parametrize("name", ["ns", "NS", "literals", "codec", "blank", "reading"])
def test_an_element_s_constant_takes_no_other_constant_s_place(project: Project, name: str) -> None:
    """Tags are constants of the codec's module, beside others that it needs."""
    project.thing(
        f'<xs:sequence><xs:element name="{name}" type="xs:string"/>'
        '<xs:element name="zz" type="xs:string"/></xs:sequence>'
    )
    project.round_trip(document(f"<{name}>1</{name}><zz>2</zz>"))


@pytest.mark.parametrize("name", ["readMeter", "writeMeter", "read_meter"])
def test_a_member_may_be_named_like_a_function_of_the_codec(project: Project, name: str) -> None:
    """The function is still found."""
    project.thing(
        f'<xs:sequence><xs:element name="{name}" type="xs:string"/>'
        '<xs:element name="Meter" type="t:Meter"/></xs:sequence>',
        '<xs:complexType name="Meter"/>',
    )
    project.round_trip(document(f"<{name}>1</{name}><Meter/>"))


def test_names_that_differ_by_case_have_constants_that_differ(project: Project) -> None:
    """In one type with reviewed names, or in two."""
    project.thing(
        '<xs:sequence><xs:element name="status" type="xs:string"/>'
        '<xs:element name="Status" type="t:Status"/></xs:sequence>',
        '<xs:complexType name="Status"><xs:sequence><xs:element name="STATUS" type="xs:string"/>'
        "</xs:sequence></xs:complexType>",
    )
    project.file("names.toml", '[members]\n"Thing/Thing.Status" = "status_object"\n')
    project.round_trip(document("<status>1</status><Status><STATUS>2</STATUS></Status>"))


def test_long_names_are_laid_out_in_lines_that_fit(project: Project) -> None:
    """The emitted text is what a formatter would leave."""
    long = "a" + "VeryLongName" * 6
    project.thing(
        f"""
        <xs:sequence>
          <xs:element name="{long}1" type="xs:string"/>
          <xs:choice>
            <xs:element name="{long}2" type="xs:string"/>
            <xs:element name="{long}3" type="t:{long}"/>
          </xs:choice>
        </xs:sequence>
        <xs:attribute name="{long}4" type="xs:integer" use="required"/>
        """,
        f'<xs:complexType name="{long}"><xs:sequence>'
        '<xs:element name="a" type="xs:string" maxOccurs="unbounded"/></xs:sequence>'
        "</xs:complexType>",
    )
    project.round_trip(document(f"<{long}1>1</{long}1><{long}3><a>2</a></{long}3>", f' {long}4="3"'))
