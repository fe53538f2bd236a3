"""The dataclasses: what a user sees of each construct, in an editor and at run time."""

from __future__ import annotations

import ast
import dataclasses
import datetime
import itertools
import typing
from decimal import Decimal
from enum import StrEnum
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iec61968_9.xml import Query, Record, Reference
from iec61968_9_generator.errors import GeneratorError
from iec61968_9_generator.text import WIDTH, docstring

if TYPE_CHECKING:
    from tests.generator.conftest import Project

RICH = """
<xs:annotation><xs:documentation>What the schema says of it.</xs:documentation></xs:annotation>
<xs:sequence>
  <xs:element name="one" type="xs:string"/>
  <xs:element name="maybe" type="xs:date" minOccurs="0" default="2026-01-01"/>
  <xs:element name="few" type="xs:integer" minOccurs="2" maxOccurs="3"/>
  <xs:element name="part" type="t:Thing" minOccurs="0" maxOccurs="unbounded"/>
  <xs:element name="volts" type="t:Voltage"/>
  <xs:element name="kind" type="t:Kind" minOccurs="0" sawsdl:modelReference="http://iec.ch/TC57/CIM#Thing.kind"/>
  <xs:element name="about" type="t:About" minOccurs="0"/>
  <xs:any namespace="##other" processContents="skip" minOccurs="0"/>
</xs:sequence>
<xs:attribute name="version" type="xs:boolean" use="required"/>
"""
TYPES = """
<xs:simpleType name="Voltage"><xs:restriction base="xs:decimal"/></xs:simpleType>
<xs:simpleType name="Kind" sawsdl:modelReference="http://iec.ch/TC57/CIM#KindOfThing">
  <xs:restriction base="xs:string"><xs:enumeration value="aB"/><xs:enumeration value="c d"/></xs:restriction>
</xs:simpleType>
<xs:complexType name="About"><xs:attribute name="ref" type="xs:string"/></xs:complexType>
"""


@pytest.fixture
def rich(project: Project) -> ModuleType:
    """The module of a schema with many kinds of member."""
    project.thing(RICH, TYPES)
    return project.package().profile("thing")


def about(module: ModuleType, member: str, class_: str = "Thing") -> str:
    """The docstring below a member, its lines joined."""
    assert module.__file__ is not None
    with open(module.__file__, encoding="utf-8") as stream:  # noqa: PTH123  # a module's file is a text
        tree = ast.parse(stream.read())
    body = next(node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == class_)
    for node, after in itertools.pairwise(body):
        target = (
            node.target
            if isinstance(node, ast.AnnAssign)
            else node.targets[0]
            if isinstance(node, ast.Assign)
            else None
        )
        if isinstance(target, ast.Name) and target.id == member and isinstance(after, ast.Expr):
            assert isinstance(after.value, ast.Constant)
            return " ".join(str(after.value.value).split())
    raise AssertionError(f"{class_}.{member} has no docstring")


def test_members_are_typed_by_their_cardinality(rich: ModuleType) -> None:
    """Required ones plainly, optional ones with None, repeated ones as lists."""
    hints = {
        name: str(hint).replace(f"{rich.__name__}.", "") for name, hint in typing.get_type_hints(rich.Thing).items()
    }
    assert hints == {
        "kept": "iec61968_9.xml.record.Kept | None",
        "version": "<class 'bool'>",
        "one": "<class 'str'>",
        "maybe": "datetime.date | None",
        "few": "list[int]",
        "part": "list[Thing]",
        "volts": "<class 'decimal.Decimal'>",
        "kind": "Kind | None",
        "about": "iec61968_9.xml.record.Reference | None",
        "other": "iec61968_9.xml.record.Record | iec61968_9.xml.record.ForeignElement | None",
    }


def test_what_is_required_has_no_default_and_absent_is_none(rich: ModuleType) -> None:
    """Never the schema's default; lists are empty, and each object's own."""
    required = {one.name for one in dataclasses.fields(rich.Thing) if one.default is one.default_factory}
    assert required == {"version", "one", "volts"}
    first, second = (rich.Thing(version=True, one="1", volts=Decimal(1)) for _ in range(2))
    assert (first.maybe, first.kind, first.few, first.other) == (None, None, [], None)
    assert first == second
    first.part.append(second)
    assert second.part == []


def test_classes_are_records_with_slots_and_keywords_only(rich: ModuleType) -> None:
    """So a misspelt member is an error at once."""
    thing = rich.Thing(version=True, one="1", volts=Decimal(1))
    assert isinstance(thing, Record)
    with pytest.raises(AttributeError):
        setattr(thing, "vesion", False)  # noqa: B010  # as text, because a type checker sees it, too
    with pytest.raises(TypeError):
        rich.Thing(True, "1")


def test_enumerations_are_text_with_names(rich: ModuleType) -> None:
    """In the schema's order."""
    assert issubclass(rich.Kind, StrEnum)
    assert [(one.name, one.value) for one in rich.Kind] == [("A_B", "aB"), ("C_D", "c d")]


def test_quantities_keep_their_name_and_a_reference_is_no_class_of_the_schema(rich: ModuleType) -> None:
    """``Voltage`` is ``Decimal`` under a name that says more; an element with only ``ref`` is a ``Reference``."""
    assert rich.Voltage is Decimal
    assert rich.__all__ == ["Kind", "Thing", "Voltage"]
    assert rich.Thing(version=True, one="1", volts=Decimal(1), about=Reference(ref="a")).about.ref == "a"


def test_docstrings_tell_cardinality_default_term_and_spelling(rich: ModuleType) -> None:
    """Whatever else is known of a member."""
    assert about(rich, "one") == "``one``. (``one`` 1..1)"
    assert about(rich, "maybe") == "``maybe``. Absent means ``2026-01-01``. (``maybe`` 0..1)"
    assert about(rich, "few") == "``few``. (``few`` 2..3)"
    assert about(rich, "part") == "``part``. (``part`` 0..*)"
    assert about(rich, "version") == "``version``. (``@version`` 1..1)"
    assert about(rich, "kind") == "``kind``. (``kind`` 0..1, CIM ``Thing.kind``)"
    assert about(rich, "other").endswith("(0..1)")
    assert "CIM class ``KindOfThing``." in str(rich.Kind.__doc__)


def test_docstrings_tell_status_and_confidence_at_the_root_and_the_module(project: Project) -> None:
    """A user must see how sure the library is before a partner's message is refused."""
    project.thing(RICH, TYPES)
    project.file(
        "manifest.toml",
        '[[schema]]\nnoun = "Thing"\nfile = "Thing.xsd"\nrole = "payload"\nstatus = "derived"\nconfidence = "low"\n'
        'evidence = "a guess"\n',
    )
    module = project.package().profile("thing")
    for text in (module.__doc__, module.Thing.__doc__):
        assert "Status: derived; confidence: low (a guess)." in str(text)
    assert "Root element ``Thing``." in str(module.Thing.__doc__)
    assert "urn:test:Thing" in str(module.__doc__)


def test_a_user_s_own_schemas_are_not_said_to_be_the_standard_s(rich: ModuleType) -> None:
    """The namespace and the file say where they are from."""
    assert "IEC 61968-9:2013" not in str(rich.__doc__)
    assert "iec " not in str(rich.__doc__)


def test_the_schema_s_own_documentation_wins_over_the_glossary(project: Project) -> None:
    """Its words, with the glossary's unit."""
    project.thing(
        """
        <xs:annotation><xs:documentation>The schema's class.</xs:documentation></xs:annotation>
        <xs:sequence>
          <xs:element name="a" type="xs:string">
            <xs:annotation><xs:documentation>The schema's member.</xs:documentation></xs:annotation>
          </xs:element>
          <xs:element name="b" type="xs:string"/>
        </xs:sequence>
        """
    )
    project.file(
        "glossary.toml",
        '[types]\n"Thing/Thing" = "The glossary\'s class."\n[members]\n'
        '"Thing/Thing.a" = { text = "The glossary\'s member.", unit = "V" }\n"Thing/Thing.b" = '
        '"The glossary\'s other."\n',
    )
    module = project.package().profile("thing")
    assert str(module.Thing.__doc__).startswith("The schema's class.")
    assert about(module, "a") == "The schema's member. Unit: V. (``a`` 1..1)"
    assert about(module, "b") == "The glossary's other. (``b`` 1..1)"


@pytest.mark.parametrize("bounds", ["", 'minOccurs="0"', 'minOccurs="0" maxOccurs="unbounded"', 'maxOccurs="3"'])
def test_a_secret_never_shows_in_a_repr(project: Project, bounds: str) -> None:
    """However often it may stand."""
    project.thing(f'<xs:sequence><xs:element name="pin" type="xs:string" {bounds}/></xs:sequence>')
    project.file(
        "glossary.toml",
        '[types]\n"Thing/Thing" = "A."\n[members]\n"Thing/Thing.pin" = { text = "B.", secret = true }\n',
    )
    found = project.round_trip('<Thing xmlns="urn:test:Thing"><pin>1234</pin></Thing>')
    assert "1234" not in repr(found)
    assert "1234" in str(getattr(found, "pin", None))


def test_a_choice_that_repeats_is_one_list_of_its_branches(project: Project) -> None:
    """References in it are told apart by classes that are references all the same."""
    project.thing(
        '<xs:choice maxOccurs="unbounded"><xs:element name="Left" type="t:Left"/>'
        '<xs:element name="Right" type="t:Ref"/>'
        "</xs:choice>",
        '<xs:complexType name="Left"/><xs:complexType name="Ref">'
        '<xs:attribute name="ref" type="xs:string"/></xs:complexType>',
    )
    module = project.package().profile("thing")
    hint = typing.get_type_hints(module.Thing)["left_or_right"]
    assert typing.get_args(typing.get_args(hint)[0]) == (module.Left, module.RightReference)
    assert issubclass(module.RightReference, Reference)
    assert {"Left", "RightReference", "Thing"} == set(module.__all__)


def test_a_query_is_known_to_ask_for_its_payload(acme: Project) -> None:
    """To type checkers and to readers, without loading it."""
    package = acme.package()
    text = package.texts["profiles/get_orders.py"]
    assert 'class GetOrders(Record, Query["_Answer"]):' in text
    assert f"if TYPE_CHECKING:\n    from {package.name}.profiles.orders import Orders as _Answer\n" in text
    assert issubclass(package.profile("get_orders").GetOrders, Query)


def test_an_envelope_has_a_type_parameter_for_what_it_carries(acme: Project) -> None:
    """Wherever its wildcard stands, and a short way to the one object in it."""
    envelope = acme.package().profile("envelope")
    for class_ in (envelope.Wrapper, envelope.BodyType, envelope.Ask):
        assert class_[int] is not None
    header = envelope.Header(noun="Orders")
    payload = Record()
    assert envelope.Wrapper(header=header, body=envelope.BodyType(contents=[payload])).content is payload
    assert envelope.Ask(header=header, queries=[payload]).query is payload
    for empty in (envelope.Wrapper(header=header), envelope.Wrapper(header=header, body=envelope.BodyType())):
        with pytest.raises(LookupError, match=r"no object"):
            _ = empty.content
    with pytest.raises(LookupError, match=r"2 objects"):
        _ = envelope.Ask(header=header, queries=[payload, payload]).query


def test_an_envelope_that_holds_one_object_only_gives_it(project: Project) -> None:
    """Its wildcard need not repeat."""
    project.schema(
        "Env",
        '<xs:element name="Env" type="t:Env"/><xs:complexType name="Env"><xs:sequence>'
        '<xs:any namespace="##other" processContents="skip" minOccurs="0"/></xs:sequence></xs:complexType>',
    )
    project.file("manifest.toml", '[[schema]]\nnoun = "Env"\nfile = "Env.xsd"\nrole = "envelope"\n')
    project.file("names.toml", '[wildcards]\n"Env/Env" = { many = "holds", one = "content", parameter = true }\n')
    found: Any = project.round_trip('<Env xmlns="urn:test:Env"><o:other xmlns:o="urn:o"/></Env>')
    assert found.content is found.holds


NAMES = [
    *(
        "reading",
        "element",
        "child",
        "tag",
        "record",
        "name",
        "text",
        "profile",
        "new",
        "literals",
        "lexical",
        "datetime",
    ),
    *(
        "item",
        "parts",
        "start",
        "writing",
        "kind",
        "self",
        "cls",
        "type",
        "dataclass",
        "field",
        "property",
        "list",
        "len",
    ),
    *("str", "int", "bool", "float", "object", "isinstance", "dict", "set", "match", "case", "Any", "annotations"),
]


@pytest.mark.parametrize("name", NAMES)
def test_a_member_named_like_something_that_emitted_code_uses_is_never_quietly_wrong(
    project: Project, name: str
) -> None:
    """As element, as attribute and beside simple content, it works as any other, or it needs a reviewed name."""
    project.thing(
        f"""
        <xs:sequence>
          <xs:element name="{name}" type="xs:string" minOccurs="0"/>
          <xs:element name="number" type="xs:integer" minOccurs="0"/>
          <xs:element name="day" type="xs:date"/>
          <xs:element name="bounded" type="xs:string" minOccurs="2" maxOccurs="3"/>
          <xs:element name="yes" type="xs:boolean" minOccurs="0"/>
          <xs:element name="ratio" type="xs:float" minOccurs="0"/>
          <xs:element name="amount" type="t:Amount"/>
          <xs:any namespace="##other" processContents="skip" minOccurs="0" maxOccurs="2"/>
        </xs:sequence>
        <xs:attribute name="on" type="xs:integer"/>
        """,
        f"""
        <xs:complexType name="Amount">
          <xs:simpleContent>
            <xs:extension base="xs:integer">
              <xs:attribute name="{name}" type="xs:date" use="required"/>
              <xs:attribute name="on" type="xs:boolean"/>
            </xs:extension>
          </xs:simpleContent>
        </xs:complexType>
        """,
    )
    try:
        project.emit()
    except GeneratorError as error:
        assert f"Thing/Thing.{name}" in str(error)  # noqa: PT017  # both ways are right
        assert "names.toml" in str(error)  # noqa: PT017
        project.file("names.toml", f'[members]\n"{name}" = "reviewed"\n')
    found: Any = project.round_trip(
        f'<Thing xmlns="urn:test:Thing" on="3"><{name}>x</{name}><number>1</number><day>2026-01-01</day>'
        "<bounded>1</bounded><bounded>2</bounded><yes>true</yes><ratio>0.5</ratio>"
        f'<amount {name}="2026-01-02" on="true">5'
        '</amount><o:other xmlns:o="urn:o"/></Thing>'
    )
    hints = typing.get_type_hints(found.__class__)
    assert [hints[one] for one in ("number", "day", "bounded", "yes", "ratio")] == [
        int | None,
        datetime.date,
        list[str],
        bool | None,
        float | None,
    ]
    assert type(found.amount.value) is int


@pytest.mark.parametrize("pair", [("name", "name_"), ("tag", "tag_")])
def test_members_that_differ_by_an_underscore_stay_apart(project: Project, pair: tuple[str, str]) -> None:
    """Also where emitted code uses one of the two for itself."""
    first, second = pair
    project.thing(
        f'<xs:sequence><xs:element name="{first}" type="xs:string"/>'
        f'<xs:element name="{second}" type="xs:string"/></xs:sequence>'
    )
    project.round_trip(f'<Thing xmlns="urn:test:Thing"><{first}>1</{first}><{second}>2</{second}></Thing>')


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.just(" "), min_size=1, max_size=400
).map(lambda text: " ".join(text.split()))


@given(WORDS.filter(bool), st.sampled_from([0, 4]), st.lists(WORDS.filter(bool), max_size=2))
def test_a_docstring_says_what_it_was_given_in_lines_that_fit(text: str, indent: int, more: list[str]) -> None:
    """Whatever quotation marks, backslashes and braces it holds; single backquotes become double ones."""
    lines = docstring(text, indent, more)
    literal = "\n".join(lines)
    said = ast.literal_eval(literal.strip())
    assert " ".join(str(said).split()) == " ".join(
        text.replace("`", "``").replace("````", "``").split() + " ".join(more).split()
    )
    longest = max(len(word) for word in " ".join([text, *more]).split()) * 2 + 12
    assert all(len(line) <= max(WIDTH, longest + indent) for line in lines)
