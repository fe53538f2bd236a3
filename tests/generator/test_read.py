"""Reading: what the model says of each construct, and that everything else is refused where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iec61968_9_generator.errors import GeneratorError, UnsupportedError
from iec61968_9_generator.model import UNBOUNDED, Builtin, Choice, Element, SimpleType, Wildcard
from iec61968_9_generator.simple_types import BUILTINS

if TYPE_CHECKING:
    from tests.generator.conftest import Project

HERE = "<!-- here -->"


def line_of(text: str, mark: str = HERE) -> int:
    """The line on which a mark stands."""
    return text[: text.index(mark)].count("\n") + 1


# -- what is handled ---------------------------------------------------------------------------------------------------


def test_a_sequence_keeps_its_order_and_its_cardinalities(project: Project) -> None:
    """Whatever kinds of particle it mixes, and also where a sequence stands in a sequence."""
    project.thing(
        """
        <xs:sequence>
          <xs:element name="one" type="xs:string"/>
          <xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="4"/>
          <xs:element name="maybe" type="xs:date" minOccurs="0"/>
          <xs:sequence>
            <xs:choice minOccurs="0">
              <xs:element name="left" type="xs:string"/>
              <xs:element name="right" type="xs:string" maxOccurs="unbounded"/>
            </xs:choice>
            <xs:element name="few" type="xs:integer" minOccurs="2" maxOccurs="3" default="7"/>
          </xs:sequence>
          <xs:element name="many" type="t:Thing" maxOccurs="unbounded"/>
        </xs:sequence>
        """
    )
    one, wildcard, maybe, choice, few, many = project.read().complex("Thing").particles
    assert isinstance(wildcard, Wildcard)
    assert (wildcard.namespace, wildcard.process, wildcard.min, wildcard.max) == ("##other", "lax", 0, 4)
    assert isinstance(choice, Choice)
    assert (choice.min, choice.max, choice.repeats) == (0, 1, False)
    elements = [part for part in (one, maybe, *choice.branches, few, many) if isinstance(part, Element)]
    assert [(part.name, part.type, part.min, part.max, part.default) for part in elements] == [
        ("one", Builtin("string"), 1, 1, None),
        ("maybe", Builtin("date"), 0, 1, None),
        ("left", Builtin("string"), 1, 1, None),
        ("right", Builtin("string"), 1, UNBOUNDED, None),
        ("few", Builtin("integer"), 2, 3, "7"),
        ("many", "Thing", 1, UNBOUNDED, None),
    ]


@pytest.mark.parametrize(
    ("bounds", "found"), [('maxOccurs="5"', (1, 5)), ('minOccurs="2" maxOccurs="unbounded"', (2, UNBOUNDED))]
)
def test_a_choice_that_repeats_is_one_particle(project: Project, bounds: str, found: tuple[int, int]) -> None:
    """Also where it is all that a type holds."""
    project.thing(
        f"""
        <xs:choice {bounds}>
          <xs:element name="a" type="t:Thing"/>
          <xs:element name="b" type="t:Thing"/>
        </xs:choice>
        """
    )
    (choice,) = project.read().complex("Thing").particles
    assert isinstance(choice, Choice)
    assert choice.repeats
    assert (choice.min, choice.max) == found


def test_attributes_are_optional_required_and_of_any_simple_type(project: Project) -> None:
    """One without a type is text."""
    project.thing(
        """
        <xs:attribute name="plain"/>
        <xs:attribute name="needed" type="xs:integer" use="required"/>
        <xs:attribute name="kind" type="t:Kind" use="optional" default="a"/>
        <xs:attribute name="own">
          <xs:simpleType><xs:restriction base="xs:string"><xs:enumeration value="x"/></xs:restriction></xs:simpleType>
        </xs:attribute>
        """,
        '<xs:simpleType name="Kind"><xs:restriction base="xs:string"><xs:enumeration value="a"/></xs:restriction>'
        "</xs:simpleType>",
    )
    found = project.read().complex("Thing").attributes
    assert [(one.name, one.type, one.required, one.default) for one in found] == [
        ("plain", Builtin("string"), False, None),
        ("needed", Builtin("integer"), True, None),
        ("kind", "Kind", False, "a"),
        ("own", "Thing/@own", False, None),
    ]


def test_simple_content_is_text_with_attributes(project: Project) -> None:
    """Its text may be of a built-in or of a type of the schema."""
    project.thing(
        '<xs:simpleContent><xs:extension base="t:Amount"><xs:attribute name="unit"/></xs:extension></xs:simpleContent>',
        '<xs:simpleType name="Amount"><xs:restriction base="xs:decimal"/></xs:simpleType>',
    )
    found = project.read().complex("Thing")
    assert (found.text, [one.name for one in found.attributes], found.particles) == ("Amount", ["unit"], ())


def test_anonymous_types_stand_under_the_path_that_leads_to_them(project: Project) -> None:
    """Under the element's name, below its owner's."""
    project.schema(
        "Thing",
        """
        <xs:element name="Thing">
          <xs:complexType>
            <xs:sequence>
              <xs:element name="part">
                <xs:complexType>
                  <xs:sequence>
                    <xs:element name="kind">
                      <xs:simpleType><xs:restriction base="xs:string"><xs:enumeration value="x"/>
                      </xs:restriction></xs:simpleType>
                    </xs:element>
                  </xs:sequence>
                </xs:complexType>
              </xs:element>
            </xs:sequence>
          </xs:complexType>
        </xs:element>
        """,
    )
    assert list(project.read().types) == ["Thing", "Thing/part", "Thing/part/kind"]


def test_enumerations_and_quantities_are_simple_types(project: Project) -> None:
    """Literals keep their order and their spelling; those that differ by case are two."""
    project.thing(
        "",
        """
        <xs:simpleType name="Letter">
          <xs:restriction base="xs:string">
            <xs:enumeration value="m"/><xs:enumeration value="M"/><xs:enumeration value="b c"/>
          </xs:restriction>
        </xs:simpleType>
        <xs:simpleType name="Volts"><xs:restriction base="xs:float"/></xs:simpleType>
        """,
    )
    letter, volts = project.read().types["Letter"], project.read().types["Volts"]
    assert isinstance(letter, SimpleType)
    assert isinstance(volts, SimpleType)
    assert (letter.base, letter.literals) == ("string", ("m", "M", "b c"))
    assert (volts.base, volts.literals) == ("float", ())


def test_a_type_that_only_has_ref_is_a_reference(project: Project) -> None:
    """But not where it must be there, is no text, or does not stand alone."""
    project.thing(
        '<xs:attribute name="ref" type="xs:string"/>',
        """
        <xs:complexType name="Needed"><xs:attribute name="ref" type="xs:string" use="required"/></xs:complexType>
        <xs:complexType name="Number"><xs:attribute name="ref" type="xs:integer"/></xs:complexType>
        <xs:complexType name="More"><xs:attribute name="ref" type="xs:string"/><xs:attribute name="a"/></xs:complexType>
        """,
    )
    found = project.read()
    assert [found.complex(name).is_reference for name in found.types] == [True, False, False, False]


def test_terms_and_documentation_are_found_with_their_nodes(project: Project) -> None:
    """White space in a sentence is folded; markup and other people's elements inside do not shift anything."""
    text = project.thing(
        """
        <xs:annotation>
          <xs:documentation>Two <b>lines</b>
            of text.</xs:documentation>
          <xs:appinfo><tool xmlns="urn:other"><setting/></tool></xs:appinfo>
          <xs:documentation xml:lang="en">And more.</xs:documentation>
        </xs:annotation>
        <xs:sequence>
          <?tool ignores?>
          <!-- a comment -->
          <xs:element name="a" type="xs:string" sawsdl:modelReference="http://iec.ch/TC57/CIM#Thing.a"/> <!-- here -->
          <xs:element name="b" type="t:Kind"/>
        </xs:sequence>
        """,
        """
        <xs:simpleType name="Kind" sawsdl:modelReference="http://iec.ch/TC57/CIM#Kind">
          <xs:restriction base="xs:string">
            <xs:enumeration value="x"><xs:annotation><xs:documentation> The x. </xs:documentation>
            </xs:annotation></xs:enumeration>
            <xs:enumeration value="y"/>
          </xs:restriction>
        </xs:simpleType>
        """,
    )
    schema = project.read()
    thing, kind = schema.complex("Thing"), schema.types["Kind"]
    assert isinstance(kind, SimpleType)
    assert thing.words == "Two lines of text. And more."
    assert [(one.name, one.cim, one.words) for one in thing.elements] == [("a", "Thing.a", None), ("b", None, None)]
    assert [one.place.line for one in thing.elements] == [line_of(text), line_of(text) + 1]
    assert (kind.cim, kind.literal_words) == ("Kind", {"x": "The x."})


@pytest.mark.parametrize("name", sorted(BUILTINS))
def test_a_built_in_is_known_by_its_namespace_whatever_its_prefix(project: Project, name: str) -> None:
    """A schema may use XML Schema's namespace without a prefix and its own with one, or the other way round."""
    project.file(
        "Thing.xsd",
        f"""
        <schema xmlns="http://www.w3.org/2001/XMLSchema" xmlns:own="urn:test:Thing" targetNamespace="urn:test:Thing"
            elementFormDefault="qualified">
          <element name="Thing" type="own:Thing"/>
          <complexType name="Thing"><sequence><element name="a" type="{name}"/></sequence></complexType>
        </schema>
        """,
    )
    assert [one.type for one in project.read().complex("Thing").elements] == [Builtin(name)]


# -- what is refused ---------------------------------------------------------------------------------------------------

ELEMENT = '<xs:element name="a" type="xs:string"/>'
STRING = '<xs:restriction base="xs:string">'


def inside(construct: str) -> str:
    """A construct among the members of a type."""
    return f"<xs:sequence>\n{construct}\n</xs:sequence>"


CONTENTS = {
    "notNamespace='urn:x' on xs:any": inside(f'<xs:any notNamespace="urn:x"/> {HERE}'),
    "xs:openContent": f"<xs:openContent> {HERE}\n<xs:any/>\n</xs:openContent>",
    "xs:assert": f'<xs:assert test="a"/> {HERE}',
    "xs:alternative": inside(
        f'<xs:element name="a" type="xs:string">\n<xs:alternative test="@b"/> {HERE}\n</xs:element>'
    ),
}
"""What may not stand inside a complex type."""

GLOBALS = {
    "xs:redefine": f'<xs:redefine schemaLocation="other.xsd"/> {HERE}',
    "xs:override": f'<xs:override schemaLocation="other.xsd"/> {HERE}',
    "xs:notation": f'<xs:notation name="n" public="p"/> {HERE}',
    "a list of xs:QName": f'<xs:simpleType name="X">\n<xs:list itemType="xs:QName"/> {HERE}\n</xs:simpleType>',
    "a union with xs:QName": (
        f'<xs:simpleType name="X">\n<xs:union memberTypes="xs:string xs:QName"/> {HERE}\n</xs:simpleType>'
    ),
    "xs:pattern on xs:QName": (
        f'<xs:simpleType name="X">\n<xs:restriction base="xs:QName"> {HERE}\n<xs:pattern value="a"/>\n'
        "</xs:restriction>\n</xs:simpleType>"
    ),
    "an enumeration of which no literal holds the other facets": (
        f'<xs:simpleType name="X">\n<xs:restriction base="xs:string"> {HERE}\n<xs:enumeration value="a"/>\n'
        '<xs:pattern value="b"/>\n</xs:restriction>\n</xs:simpleType>'
    ),
    "an attribute of a complex type": (
        f'<xs:complexType name="X">\n<xs:attribute name="a" type="t:Thing"/> {HERE}\n</xs:complexType>'
    ),
}
"""What may not stand at the top of a schema."""


def assert_refused(project: Project, text: str, construct: str) -> None:
    """Hold that a schema is refused, and that the error says what, in which file and on which line."""
    with pytest.raises(UnsupportedError) as caught:
        project.emit()
    assert construct in caught.value.construct
    assert (caught.value.place.file, caught.value.place.line) == ("Thing.xsd", line_of(text))
    assert str(caught.value).startswith(f"Thing.xsd:{line_of(text)}: ")


@pytest.mark.parametrize("construct", CONTENTS)
def test_what_the_later_steps_cannot_handle_in_a_type_is_refused_where_it_stands(
    project: Project, construct: str
) -> None:
    """Rather than emitted as something that is nearly right."""
    assert_refused(project, project.thing(CONTENTS[construct]), construct)


@pytest.mark.parametrize("construct", GLOBALS)
def test_what_the_later_steps_cannot_handle_in_a_schema_is_refused_where_it_stands(
    project: Project, construct: str
) -> None:
    """Rather than passed over."""
    text = project.thing(f"<xs:sequence>\n{ELEMENT}\n</xs:sequence>", GLOBALS[construct])
    assert_refused(project, text, construct)


@pytest.mark.parametrize("name", ["ENTITY", "ENTITIES", "NOTATION", "anyAtomicType"])
def test_built_in_types_that_codecs_do_not_know_are_refused(project: Project, name: str) -> None:
    """No document without a document type declaration holds an entity."""
    text = project.thing(f'<xs:sequence>\n<xs:element name="a" type="xs:{name}"/> {HERE}\n</xs:sequence>')
    assert_refused(project, text, f"xs:{name}")


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("t:Nothing", id="own"),
        pytest.param("Nothing", id="without prefix"),
        pytest.param("u:Nothing", id="unknown prefix"),
    ],
)
def test_a_type_that_is_not_declared_is_an_error_where_it_is_named(project: Project, name: str) -> None:
    """With its name as the schema spells it."""
    text = project.thing(f'<xs:sequence>\n<xs:element name="a" type="{name}"/> {HERE}\n</xs:sequence>')
    with pytest.raises(GeneratorError, match=rf"Thing\.xsd:{line_of(text)}: there is no type {name}"):
        project.emit()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"', id="cut"),
        pytest.param("<schema/>", id="another root"),
        pytest.param("", id="empty"),
    ],
)
def test_a_file_that_is_no_schema_is_an_error_that_names_it(project: Project, text: str) -> None:
    """And not a traceback of the parser's."""
    project.file("Thing.xsd", text)
    with pytest.raises(GeneratorError, match=r"Thing\.xsd"):
        project.emit()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(inside('<xs:element name="a" type="xs:string" minOccurs="3" maxOccurs="2"/>'), id="bounds"),
        pytest.param(
            inside('<xs:element name="a" type="t:X"/>')
            + '\n</xs:complexType>\n<xs:complexType name="X"/>\n<xs:complexType name="X">',
            id="two types of one name",
        ),
        pytest.param(inside(f'<xs:any processContents="skip" minOccurs="0"/>\n{ELEMENT}'), id="ambiguous"),
        pytest.param(f'<xs:attribute name="a"/>\n{inside(ELEMENT)}', id="order"),
    ],
)
def test_a_schema_that_is_not_valid_is_an_error_of_the_generator(project: Project, content: str) -> None:
    """And not one of the package's, on the first document that it is to read."""
    project.thing(content)
    with pytest.raises(GeneratorError, match=r"Thing\.xsd"):
        project.emit()


def test_a_root_may_share_its_name_with_a_type_that_is_not_its_own(project: Project) -> None:
    """XML Schema has elements and types in separate spaces; the two are not taken for one."""
    project.schema(
        "Thing",
        """
        <xs:element name="Thing">
          <xs:complexType><xs:sequence><xs:element name="inner" type="t:Thing"/></xs:sequence></xs:complexType>
        </xs:element>
        <xs:complexType name="Thing"><xs:sequence><xs:element name="leaf" type="xs:string"/>
        </xs:sequence></xs:complexType>
        """,
    )
    project.right_or_refused('<Thing xmlns="urn:test:Thing"><inner><leaf>1</leaf></inner></Thing>')
