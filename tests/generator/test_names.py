"""Names: what everything is called in Python, what people reviewed, and that no two things get one name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iec61968_9 import from_xml, to_xml
from iec61968_9_generator import names
from iec61968_9_generator.errors import GeneratorError
from iec61968_9_generator.model import Builtin
from iec61968_9_generator.names import snake
from iec61968_9_generator.plan import ChoiceField, EnumDef, QuantityDef, ReferenceType, ValueField

if TYPE_CHECKING:
    from tests.generator.conftest import Project


def elements(*names: str) -> str:
    """A sequence of texts."""
    return "<xs:sequence>" + "".join(f'<xs:element name="{one}" type="xs:string"/>' for one in names) + "</xs:sequence>"


def type_(name: str, *members: str) -> str:
    """A named type of texts."""
    return f'<xs:complexType name="{name}">{elements(*members)}</xs:complexType>'


def enumeration(name: str, *values: str) -> str:
    """A named enumeration."""
    literals = "".join(f'<xs:enumeration value="{value}"/>' for value in values)
    return f'<xs:simpleType name="{name}"><xs:restriction base="xs:string">{literals}</xs:restriction></xs:simpleType>'


def member(name: str, kind: str, bounds: str = "") -> str:
    """An element of a type of the schema."""
    return f'<xs:element name="{name}" type="t:{kind}" {bounds}/>'


@pytest.mark.parametrize(
    ("xml", "python"),
    [
        ("IntervalBlocks", "interval_blocks"),
        ("issuerTrackingID", "issuer_tracking_id"),
        ("MessageID", "message_id"),
        ("IDType", "id_type"),
        ("tou", "tou"),
        ("phase1", "phase1"),
        ("phase1Voltage", "phase1_voltage"),
        ("already_snake", "already_snake"),
    ],
)
def test_members_are_spelt_with_underscores(xml: str, python: str) -> None:
    """Between words; a row of capitals is one word."""
    assert snake(xml) == python


@given(st.from_regex("[A-Za-z][A-Za-z0-9]*", fullmatch=True))
def test_spelling_with_underscores_loses_nothing_but_case(name: str) -> None:
    """And does nothing to what is spelt so already."""
    assert snake(name).replace("_", "") == name.lower()
    assert snake(snake(name)) == snake(name)


OWN = ' name="own"'


def test_classes_are_named_like_their_type_their_root_or_their_owner_and_member(project: Project) -> None:
    """A root's name wins over its type's; a type without a name has its owner's before its element's."""
    project.schema(
        "Thing",
        '<xs:element name="Things" type="t:ThingsType"/><xs:complexType name="ThingsType"><xs:sequence>'
        f'<xs:element name="part"><xs:complexType>{elements("a")}</xs:complexType></xs:element>{member("kind", "Kind")}'
        '</xs:sequence><xs:attribute name="own">'
        f"{enumeration('own', 'x').replace(OWN, '')}"
        f"</xs:attribute></xs:complexType>{enumeration('Kind', 'x')}",
    )
    found = {key[1]: definition.name for key, definition in project.plan().definitions.items()}
    assert found == {
        "ThingsType": "Things",
        "ThingsType/part": "ThingsPart",
        "ThingsType/@own": "ThingsOwn",
        "Kind": "Kind",
    }


def test_types_that_no_root_leads_to_are_classes_too(project: Project) -> None:
    """A user may have a use for them."""
    project.thing(elements("a"), type_("Spare", "b") + enumeration("SpareKind", "x"))
    assert [one.name for one in project.plan().definitions.values()] == ["Thing", "Spare", "SpareKind"]


def test_a_quantity_keeps_its_name_and_its_built_in(project: Project) -> None:
    """It is a simple type without literals."""
    project.thing(
        f"<xs:sequence>{member('u', 'Voltage')}</xs:sequence>",
        '<xs:simpleType name="Voltage"><xs:restriction base="xs:float"/></xs:simpleType>',
    )
    found = project.plan().definitions["Thing", "Voltage"]
    assert isinstance(found, QuantityDef)
    assert (found.name, found.shape) == ("Voltage", Builtin("float"))


def test_a_reviewed_name_wins_for_one_member_or_for_all_of_that_spelling(project: Project) -> None:
    """The longer key first."""
    project.thing(elements("mRID", "code"), type_("Other", "mRID", "code"))
    project.file(
        "names.toml", '[members]\n"mRID" = "mrid"\n"Thing/Thing.mRID" = "identity"\n"Thing/Other.code" = "key"\n'
    )
    assert [one.name for one in project.class_("Thing").fields] == ["identity", "code"]
    assert [one.name for one in project.class_("Other").fields] == ["mrid", "key"]


def test_reviewed_names_serve_every_kind_of_thing(project: Project) -> None:
    """Types, anonymous types by the term of their member, literals, choices, wildcards and text."""
    project.thing(
        f"""
        <xs:sequence>
          <xs:element name="seal" sawsdl:modelReference="http://iec.ch/TC57/CIM#Asset.Seals"><xs:complexType>{elements("a")}
          </xs:complexType></xs:element>
          {member("kind", "KindType")}
          <xs:choice maxOccurs="unbounded">{member("left", "Left")}{member("right", "Right")}</xs:choice>
          <xs:any namespace="##other" processContents="skip" minOccurs="0" maxOccurs="unbounded"/>
        </xs:sequence>
        """,
        enumeration("KindType", "m", "M") + type_("Left", "a") + type_("Right", "b"),
    )
    project.file(
        "names.toml",
        """
        [classes]
        "Thing/KindType" = "Kind"
        [anonymous]
        "Asset.Seals" = "Seal"
        [literals]
        "Kind.m" = "MILLI"
        "Kind.M" = "MEGA"
        [choices]
        "Thing/Thing.left" = "hands"
        [wildcards]
        "Thing/Thing" = { many = "extensions" }
        """,
    )
    profile = project.plan()
    kind = profile.definitions["Thing", "KindType"]
    assert isinstance(kind, EnumDef)
    assert [(one.name, one.value) for one in kind.literals] == [("MILLI", "m"), ("MEGA", "M")]
    assert profile.definitions["Thing", "Thing/seal"].name == "Seal"
    assert [one.name for one in profile.class_(("Thing", "Thing")).fields] == ["seal", "kind", "hands", "extensions"]
    assert kind.name == "Kind"


def test_a_choice_that_repeats_is_named_after_its_branches(project: Project) -> None:
    """References in it get classes of their own, by which they can be told apart."""
    project.thing(
        '<xs:choice maxOccurs="unbounded">'
        f"{member('Left', 'Left')}{member('Mid', 'Ref')}{member('Right', 'Ref')}</xs:choice>",
        type_("Left", "a") + '<xs:complexType name="Ref"><xs:attribute name="ref" type="xs:string"/></xs:complexType>',
    )
    (choice,) = project.class_().fields
    assert isinstance(choice, ChoiceField)
    assert choice.name == "left_or_mid_or_right"
    kinds = [one.type for one in choice.alternatives[1:]]
    assert kinds == [ReferenceType("MidReference"), ReferenceType("RightReference")]


def test_branches_of_a_choice_are_optional_and_know_their_choice(project: Project) -> None:
    """One of them must be there if the choice must be made and no branch may be empty."""
    project.thing(
        """
        <xs:sequence>
          <xs:choice><xs:element name="a" type="xs:string"/><xs:element name="b" type="xs:string"/></xs:choice>
          <xs:choice minOccurs="0"><xs:element name="c" type="xs:string"/></xs:choice>
          <xs:choice><xs:element name="d" type="xs:string"/>
          <xs:element name="e" type="xs:string" minOccurs="0"/></xs:choice>
          <xs:element name="f" type="xs:string"/>
        </xs:sequence>
        """
    )
    planned = project.class_()
    found = [(one.name, one.min, one.choice) for one in planned.fields if isinstance(one, ValueField)]
    assert found == [("a", 0, 0), ("b", 0, 0), ("c", 0, None), ("d", 0, 1), ("e", 0, 1), ("f", 1, None)]
    assert planned.choices == [True, False]


# -- what is refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["class", "from", "async", "kept", "_hidden"])
def test_a_member_that_python_or_the_base_class_cannot_have_needs_a_reviewed_name(project: Project, name: str) -> None:
    """And then reads and writes under its own."""
    project.thing(elements(name, "other"))
    with pytest.raises(GeneratorError, match=rf"Thing\.xsd: Thing/Thing\.{name}: .* in names\.toml"):
        project.emit()
    project.file("names.toml", f'[members]\n"{name}" = "renamed"\n')
    found = project.round_trip(f'<Thing xmlns="urn:test:Thing"><{name}>1</{name}><other>2</other></Thing>')
    assert (getattr(found, "renamed", None), getattr(found, "other", None)) == ("1", "2")


@pytest.mark.parametrize("name", ["with-hyphen", "with.hyphen", "withHyphen"])
def test_what_python_s_names_cannot_hold_parts_words(project: Project, name: str) -> None:
    project.thing(elements(name, "other"))
    found = project.round_trip(f'<Thing xmlns="urn:test:Thing"><{name}>1</{name}><other>2</other></Thing>')
    assert (getattr(found, "with_hyphen", None), getattr(found, "other", None)) == ("1", "2")


RUN_TIME = [
    *("Any", "Body", "Content", "Decimal", "Generic", "QName", "Query", "Record", "Reference", "StrEnum", "TypeAlias"),
    *(
        "TYPE_CHECKING",
        "sole",
        "dataclass",
        "field",
        "datetime",
        "str",
        "int",
        "bool",
        "float",
        "list",
        "property",
        "object",
    ),
]
CODEC_TIME = [
    "BLANK",
    "Binding",
    "Codec",
    "Element",
    "Profile",
    "Reading",
    "Writing",
    "CODEC",
    "literals",
    "lexical",
    "new",
]


@pytest.mark.parametrize("name", [*RUN_TIME, *CODEC_TIME])
def test_a_class_named_like_something_that_emitted_code_uses_is_never_quietly_wrong(
    project: Project, name: str
) -> None:
    """Where the two would stand in one module, the class needs a reviewed name; else it reads and writes."""
    bounds = 'minOccurs="0" maxOccurs="unbounded"'
    project.thing(
        f"""
        <xs:sequence>
          {member("a", name)}{member("b", name, bounds)}
          <xs:element name="c" type="xs:decimal" minOccurs="0"/>
          <xs:element name="d" type="xs:date"/>
          <xs:any namespace="##other" processContents="skip" minOccurs="0" maxOccurs="unbounded"/>
        </xs:sequence>
        """,
        type_(name, "x") + type_("Other", "z"),
    )
    project.right_or_refused('<Thing xmlns="urn:test:Thing"><a><x>1</x></a><b><x>2</x></b><d>2026-01-01</d></Thing>')


@pytest.mark.parametrize(
    "schema",
    [
        pytest.param(elements("status", "Status"), id="case"),
        pytest.param(elements("a") + '<xs:attribute name="a"/>', id="an attribute"),
        pytest.param(elements("aB", "a_b"), id="underscore"),
        pytest.param(
            '<xs:simpleContent><xs:extension base="xs:string"><xs:attribute name="value"/></xs:extension>'
            "</xs:simpleContent>",
            id="the text",
        ),
    ],
)
def test_two_members_of_one_name_are_refused_and_never_numbered(project: Project, schema: str) -> None:
    """The message names the type, the name and the file to put a better one into."""
    project.thing(schema)
    with pytest.raises(GeneratorError, match=r"Thing\.xsd: two members of Thing .* names\.toml"):
        project.emit()


def test_two_literals_of_one_name_are_refused(project: Project) -> None:
    """``m`` and ``M`` are the standard's own example."""
    project.thing(f"<xs:sequence>{member('kind', 'Kind')}</xs:sequence>", enumeration("Kind", "m", "M"))
    with pytest.raises(GeneratorError, match=r"Thing\.xsd: two literals of Kind .* names\.toml"):
        project.emit()


@pytest.mark.parametrize(("value", "name"), [("1", "VALUE_1"), ("1-2", "VALUE_1_2"), ("3D", "VALUE_3_D")])
def test_a_literal_that_begins_with_a_digit_says_that_it_is_a_value(project: Project, value: str, name: str) -> None:
    project.thing(f"<xs:sequence>{member('kind', 'Kind')}</xs:sequence>", enumeration("Kind", value, "x"))
    found = project.round_trip(f'<Thing xmlns="urn:test:Thing"><kind>{value}</kind></Thing>')
    assert getattr(found, "kind").name == name  # noqa: B009  # type checkers do not know the class


@pytest.mark.parametrize("value", ["", "+"])
def test_a_literal_that_gives_no_name_needs_a_reviewed_one(project: Project, value: str) -> None:
    """And then reads and writes as the schema has it."""
    project.thing(f"<xs:sequence>{member('kind', 'Kind')}</xs:sequence>", enumeration("Kind", value, "x"))
    with pytest.raises(GeneratorError, match=r"names\.toml"):
        project.emit()
    project.file("names.toml", f'[literals]\n"Kind.{value}" = "REVIEWED"\n')
    found = project.round_trip(f'<Thing xmlns="urn:test:Thing"><kind>{value}</kind></Thing>')
    assert getattr(found, "kind", None) == value


@pytest.mark.parametrize("value", ['a"b', "a'b", r"a\tb", "a\\", "{a}", "a b", "ä", "a%sb"])
def test_a_literal_is_emitted_as_it_is_whatever_python_reads_into_it(project: Project, value: str) -> None:
    """Quotation marks and backslashes among them."""
    escaped = value.replace('"', "&quot;")
    project.thing(f"<xs:sequence>{member('kind', 'Kind')}</xs:sequence>", enumeration("Kind", escaped, "x"))
    project.right_or_refused(f'<Thing xmlns="urn:test:Thing"><kind>{escaped}</kind></Thing>')


def test_a_root_and_another_type_of_one_name_are_refused(project: Project) -> None:
    """The root would be called like the type, which is another."""
    project.schema("Thing", f'<xs:element name="Foo" type="t:FooType"/>{type_("FooType", "x")}{type_("Foo", "y")}')
    with pytest.raises(GeneratorError, match=r"Foo and FooType|FooType and Foo") as caught:
        project.emit()
    assert "names.toml" in str(caught.value)


def test_a_class_and_an_enumeration_of_one_name_are_refused(project: Project) -> None:
    """An anonymous type may come to be called like a named one."""
    project.thing(
        f'<xs:sequence><xs:element name="kind"><xs:complexType>{elements("a")}</xs:complexType>'
        "</xs:element></xs:sequence>",
        enumeration("ThingKind", "x"),
    )
    with pytest.raises(GeneratorError, match=r"ThingKind"):
        project.emit()


@pytest.mark.parametrize(
    ("schema", "more", "document"),
    [
        pytest.param(
            f"<xs:sequence>{member('a', 'MeterID')}{member('b', 'MeterId')}</xs:sequence>",
            type_("MeterID", "x") + type_("MeterId", "y"),
            "<a><x>1</x></a><b><y>2</y></b>",
            id="classes whose functions would have one name",
        ),
        pytest.param(
            f"<xs:sequence>{member('a', 'KindID')}{member('b', 'KindId')}</xs:sequence>",
            enumeration("KindID", "x") + enumeration("KindId", "y"),
            "<a>x</a><b>y</b>",
            id="enumerations whose tables would have one name",
        ),
        pytest.param(
            f'<xs:sequence><xs:element name="StatusLiterals" type="xs:string"/>{member("b", "Status")}</xs:sequence>',
            enumeration("Status", "x"),
            "<StatusLiterals>1</StatusLiterals><b>x</b>",
            id="an element named like an enumeration's table",
        ),
        pytest.param(
            '<xs:choice maxOccurs="unbounded">'
            f"{member('a', 'R')}{member('b', 'R')}{member('c', 'aReference')}</xs:choice>",
            '<xs:complexType name="R"><xs:attribute name="ref" type="xs:string"/></xs:complexType>'
            + type_("aReference", "x"),
            '<a ref="1"/><c><x>1</x></c><b/>',
            id="a class named like the reference of a branch",
        ),
        pytest.param(
            f'<xs:choice maxOccurs="unbounded">{member("my-a", "A")}{member("b", "B")}</xs:choice>',
            type_("A", "x") + type_("B", "y"),
            "<b><y>1</y></b><my-a><x>1</x></my-a>",
            id="a branch whose name is none for Python",
        ),
        pytest.param(
            f'<xs:choice maxOccurs="unbounded">{member("my-a", "R")}{member("b", "R")}</xs:choice>',
            '<xs:complexType name="R"><xs:attribute name="ref" type="xs:string"/></xs:complexType>',
            '<b ref="1"/><my-a/>',
            id="a reference whose name is none for Python",
        ),
    ],
)
def test_names_that_collide_in_emitted_code_only_are_never_quietly_wrong(
    project: Project, schema: str, more: str, document: str
) -> None:
    """Neither takes the other's place."""
    project.thing(schema, more)
    if "my-a" in schema:
        project.file("names.toml", '[choices]\n"Thing/Thing.my-a" = "mix"\n')
    project.right_or_refused(f'<Thing xmlns="urn:test:Thing">{document}</Thing>')


def test_elements_that_were_given_one_name_in_several_classes_stay_apart(project: Project) -> None:
    """Each class may call its own ``code``."""
    project.thing(
        f"<xs:sequence>{member('a', 'A')}{member('b', 'B')}{member('c', 'C')}</xs:sequence>",
        type_("A", "x") + type_("B", "y") + type_("C", "z"),
    )
    project.file("names.toml", '[members]\n"x" = "code"\n"y" = "code"\n"z" = "code"\n')
    project.round_trip('<Thing xmlns="urn:test:Thing"><a><x>1</x></a><b><y>2</y></b><c><z>3</z></c></Thing>')


def test_two_roots_of_one_type_are_written_under_the_name_they_were_read_under_or_refused(project: Project) -> None:
    """An object of the one class cannot tell which root it was."""
    project.schema(
        "Thing",
        f'<xs:element name="First" type="t:Both"/><xs:element name="Second" type="t:Both"/>{type_("Both", "x")}',
    )
    try:
        project.emit()
    except GeneratorError as error:
        assert "Second" in str(error)  # noqa: PT017  # both ways are right
    else:
        project.round_trip('<Second xmlns="urn:test:Thing"><x>1</x></Second>')


def test_an_element_that_stands_in_two_places_makes_one_list(project: Project) -> None:
    """A class has no two members for it; its order is kept."""
    project.thing(
        f"""
        <xs:sequence>
          <xs:choice minOccurs="0" maxOccurs="unbounded">{member("a", "A")}{member("b", "B")}</xs:choice>
          <xs:element name="c" type="t:C"/>
          {member("a", "A")}
        </xs:sequence>
        """,
        type_("A", "x") + type_("B", "y") + type_("C", "z"),
    )
    (planned,) = project.class_().fields
    assert isinstance(planned, ChoiceField)
    assert (planned.name, [one.xml for one in planned.alternatives]) == ("a_or_b_or_c", ["a", "b", "c"])


def test_a_list_of_several_may_be_given_a_name(project: Project) -> None:
    """By the first of its elements; its classes by their elements."""
    project.thing(f'<xs:choice maxOccurs="unbounded">{elements("a", "b")[13:-14]}</xs:choice>')
    project.file("names.toml", '[choices]\n"Thing/Thing.a" = "mix"\n[classes]\n"Thing/Thing/b" = "Bee"\n')
    package = project.package()
    package.register()
    module = package.profile("thing")
    made = module.Thing(mix=[module.Bee(value="1"), module.ThingA(value="2")])
    assert from_xml(to_xml(made)) == made


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('[members]\n"Thing/Thing.b" = "c"\n', id="member"),
        pytest.param('[classes]\n"Thing/Other" = "c"\n', id="class"),
        pytest.param('[literals]\n"Kind.b" = "C"\n', id="literal"),
        pytest.param('[wildcards]\n"Thing/Thing" = { many = "c" }\n', id="wildcard"),
        pytest.param('[modules]\n"Thing/Thing" = "c"\n', id="module"),
    ],
)
def test_an_entry_that_nothing_asks_for_fails_the_build(project: Project, text: str) -> None:
    """So the table never holds what is no longer so."""
    project.thing(elements("a"))
    project.file("names.toml", text)
    section, key, *_ = text.replace('"', "").replace("]\n", "] ").split(" ")
    with pytest.raises(GeneratorError, match=r"names\.toml: nothing uses") as caught:
        project.emit()
    assert f"{section} {key}" in str(caught.value)


@pytest.mark.parametrize(
    "text", [pytest.param("[member]\n", id="no such section"), pytest.param("[members\n", id="no TOML")]
)
def test_a_table_that_cannot_be_read_is_an_error_that_names_it(project: Project, text: str) -> None:
    """And the sections that there are."""
    project.file("names.toml", text)
    with pytest.raises(GeneratorError, match=r"names\.toml"):
        names.load(project.schemas)


def test_the_message_about_a_name_that_python_cannot_have_is_the_entry_to_write(project: Project) -> None:
    """It can be copied into the table as it stands, but for the name."""
    project.thing(elements("from"))
    with pytest.raises(GeneratorError, match="in the folder of the schemas") as caught:
        project.emit()
    section, _, entry = str(caught.value).partition(", under ")[2].partition(": ")
    project.file("names.toml", f"{section}\n{entry.replace('...', 'since')}\n")
    assert "since: str" in "".join(project.emit().values())
