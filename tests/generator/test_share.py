"""Sharing: what several profiles have in common is one class, and every module can be imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iec61968_9_generator.errors import GeneratorError

if TYPE_CHECKING:
    from tests.generator.conftest import Project

NAME = """
<xs:complexType name="Name">
  <xs:sequence>
    <xs:element name="name" type="xs:string"/>
    <xs:element name="kind" type="t:Kind" minOccurs="0"/>
  </xs:sequence>
</xs:complexType>
<xs:simpleType name="Kind"><xs:restriction base="xs:string"><xs:enumeration value="a"/></xs:restriction></xs:simpleType>
"""


def add(project: Project, noun: str, members: str, types: str = NAME) -> None:
    """A schema whose root has the members given."""
    project.schema(
        noun,
        f'<xs:element name="{noun}" type="t:{noun}"/>\n<xs:complexType name="{noun}">\n<xs:sequence>'
        f"{members}</xs:sequence>"
        f"\n</xs:complexType>\n{types}",
    )


def test_types_of_one_name_and_structure_are_one_class(project: Project) -> None:
    """In each profile's public module, and with the types that they lead to."""
    for noun in ("One", "Two"):
        add(project, noun, '<xs:element name="n" type="t:Name"/>')
    package = project.package()
    one, two = package.profile("one"), package.profile("two")
    assert one.Name is two.Name
    assert one.Kind is two.Kind
    assert one.One is not getattr(two, "Two", None)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(('minOccurs="0"', ""), id="cardinality"),
        pytest.param(('value="a"', 'value="b"'), id="a type further down"),
        pytest.param(('name="name" type="xs:string"', 'name="name" type="xs:anyURI"'), id="type"),
        pytest.param(('name="name"', 'name="nom"'), id="name"),
        pytest.param(("</xs:sequence>", '</xs:sequence><xs:attribute name="a"/>'), id="an attribute"),
    ],
)
def test_types_that_differ_are_two_classes(project: Project, change: tuple[str, str]) -> None:
    """However small the difference: each profile keeps its own."""
    add(project, "One", '<xs:element name="n" type="t:Name"/>')
    add(project, "Two", '<xs:element name="n" type="t:Name"/>', NAME.replace(*change))
    package = project.package()
    assert package.profile("one").Name is not package.profile("two").Name


def test_order_is_a_difference(project: Project) -> None:
    """A codec writes members in the order of its class."""
    for noun, order in (("One", "ab"), ("Two", "ba")):
        members = "".join(f'<xs:element name="{one}" type="xs:string"/>' for one in order)
        types = f'<xs:complexType name="Pair"><xs:sequence>{members}</xs:sequence></xs:complexType>'
        add(project, noun, '<xs:element name="p" type="t:Pair"/>', types)
    package = project.package()
    assert package.profile("one").Pair is not package.profile("two").Pair


def test_words_are_no_difference_and_the_one_that_has_some_is_kept(project: Project) -> None:
    """A class is documented if any of its profiles documents it."""
    add(project, "One", '<xs:element name="n" type="t:Name"/>')
    documented = NAME.replace(
        '"Name">', '"Name"><xs:annotation><xs:documentation>What it is called.</xs:documentation></xs:annotation>'
    )
    add(project, "Two", '<xs:element name="n" type="t:Name"/>', documented)
    texts = project.emit()
    assert "What it is called." in texts["profiles/_common/name.py"]


def test_roots_are_each_profile_s_own(project: Project) -> None:
    """Two documents of one structure in two namespaces are of two classes, or writing could not tell which."""
    for noun in ("One", "Two"):
        project.schema(
            noun,
            '<xs:element name="Root" type="t:Root"/><xs:complexType name="Root"><xs:sequence>'
            '<xs:element name="a" type="xs:string"/></xs:sequence></xs:complexType>',
        )
    package = project.package()
    assert package.profile("one").Root is not package.profile("two").Root


def test_a_profile_loads_the_modules_of_what_it_uses_and_no_others(project: Project) -> None:
    """A shared class stands with the one that alone leads to it; others have modules of their own."""
    pair = (
        '<xs:complexType name="Pair"><xs:sequence><xs:element name="a" type="xs:string"/></xs:sequence>'
        "</xs:complexType>"
    )
    for noun in ("One", "Two"):
        add(project, noun, '<xs:element name="n" type="t:Name"/><xs:element name="p" type="t:Pair"/>', NAME + pair)
    add(project, "Three", '<xs:element name="p" type="t:Pair"/>', pair)
    texts = project.emit()
    assert sorted(path for path in texts if "_common" in path) == [
        "profiles/_common/__init__.py",
        "profiles/_common/name.py",
        "profiles/_common/pair.py",
    ]
    assert "class Kind" in texts["profiles/_common/name.py"]
    assert "_common.name" not in texts["profiles/three.py"]


def test_variants_of_one_name_that_are_shared_are_told_apart_by_module(project: Project) -> None:
    """By the reviewed table, or after the first profile that uses one."""
    other = NAME.replace('minOccurs="0"', "")
    for noun, types in (("A", NAME), ("B", NAME), ("C", other), ("D", other)):
        add(project, noun, '<xs:element name="n" type="t:Name"/>', types)
    assert {"profiles/_common/name_of_a.py", "profiles/_common/name_of_c.py"} <= set(project.emit())
    project.file("names.toml", '[modules]\n"C/Name" = "strict_name"\n"A/Name" = "name"\n')
    assert {"profiles/_common/name.py", "profiles/_common/strict_name.py"} <= set(project.emit())


def test_two_types_of_one_profile_may_have_one_name_only_if_they_are_the_same(project: Project) -> None:
    """A reviewed name may join them, or the message says whom to name."""
    anonymous = '<xs:complexType><xs:sequence><xs:element name="x" type="xs:string"/></xs:sequence></xs:complexType>'
    add(
        project,
        "One",
        f'<xs:element name="a">{anonymous}</xs:element><xs:element name="b">{anonymous}</xs:element>',
        "",
    )
    project.file("names.toml", '[classes]\n"One/One/a" = "Id"\n"One/One/b" = "Id"\n')
    found = project.package().profile("one")
    document = project.round_trip('<One xmlns="urn:test:One"><a><x>1</x></a><b><x>2</x></b></One>')
    assert type(getattr(document, "a", None)) is type(getattr(document, "b", None))
    assert found.__all__ == ["Id", "One"]
    different = anonymous.replace('"x"', '"y"')
    add(
        project,
        "One",
        f'<xs:element name="a">{anonymous}</xs:element><xs:element name="b">{different}</xs:element>',
        "",
    )
    with pytest.raises(GeneratorError, match=r"One/a and One/b differ.*Id.*names\.toml"):
        project.emit()


SELF = (
    '<xs:complexType name="P"><xs:sequence><xs:element name="x" type="t:P" minOccurs="0"/>'
    "</xs:sequence></xs:complexType>"
)
MUTUAL = (
    '<xs:complexType name="P"><xs:sequence><xs:element name="x" type="t:Q" minOccurs="0"/>'
    "</xs:sequence></xs:complexType>"
    '<xs:complexType name="Q"><xs:sequence><xs:element name="y" type="t:P" minOccurs="0"/>'
    "</xs:sequence></xs:complexType>"
)


@pytest.mark.parametrize(
    ("members", "types", "document"),
    [
        pytest.param('<xs:element name="p" type="t:P"/>', SELF, "<p><x><x/></x></p>", id="itself"),
        pytest.param('<xs:element name="p" type="t:P"/>', MUTUAL, "<p><x><y/></x></p>", id="each other"),
        pytest.param(
            '<xs:element name="p" type="t:P"/><xs:element name="q" type="t:Q"/>',
            MUTUAL,
            "<p><x><y/></x></p><q/>",
            id="each other, and used from outside",
        ),
    ],
)
def test_shared_types_that_lead_to_themselves_can_be_imported(
    project: Project, members: str, types: str, document: str
) -> None:
    """No module waits for one that waits for it."""
    for noun in ("One", "Two"):
        add(project, noun, members, types)
    project.round_trip(f'<One xmlns="urn:test:One">{document}</One>')
    package = project.package()
    assert package.profile("one").P is package.profile("two").P


def test_recursion_is_found_the_same_wherever_it_is_entered(project: Project) -> None:
    """One profile meets the one type first, the other the other."""
    p, q = '<xs:element name="p" type="t:P" minOccurs="0"/>', '<xs:element name="q" type="t:Q" minOccurs="0"/>'
    add(project, "One", p + q, MUTUAL)
    add(project, "Two", q + p, MUTUAL)
    package = project.package()
    assert package.profile("one").P is package.profile("two").P


@pytest.mark.parametrize("name", ["Class", "Import", "Global"])
def test_a_shared_type_named_like_a_keyword_can_be_imported_or_is_refused(project: Project, name: str) -> None:
    """Its module cannot be called so."""
    types = (
        f'<xs:complexType name="{name}"><xs:sequence><xs:element name="x" type="xs:string"/>'
        "</xs:sequence></xs:complexType>"
    )
    for noun in ("One", "Two"):
        add(project, noun, f'<xs:element name="n" type="t:{name}"/>', types)
    project.right_or_refused('<One xmlns="urn:test:One"><n><x>1</x></n></One>')
