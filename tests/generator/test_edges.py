"""What must not be emitted quietly: cases beside those of one emitter, each right or refused with the way out."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from iec61968_9 import from_xml
from iec61968_9_generator import files
from iec61968_9_generator.errors import GeneratorError, UnsupportedError

if TYPE_CHECKING:
    from tests.generator.conftest import Project

REF = '<xs:complexType name="R"><xs:attribute name="ref" type="xs:string"/></xs:complexType>'


def element(name: str, kind: str = "xs:string", more: str = "") -> str:
    """A local element."""
    return f'<xs:element name="{name}" type="{kind}" {more}/>'


def type_(name: str, *members: str) -> str:
    """A named type."""
    return f'<xs:complexType name="{name}"><xs:sequence>{"".join(members)}</xs:sequence></xs:complexType>'


def mix(*branches: str) -> str:
    """A choice that repeats."""
    return f'<xs:choice maxOccurs="unbounded">{"".join(branches)}</xs:choice>'


def pair(project: Project, *members: str) -> None:
    """Two profiles with a type of the same name, ``P``; the members of the second may differ."""
    for noun, member in zip(("One", "Two"), (members[0], members[-1]), strict=True):
        project.schema(
            noun, element(noun, f"t:{noun}") + type_(noun, element("p", "t:P", 'minOccurs="0"')) + type_("P", member)
        )


def test_a_type_that_leads_to_a_root_is_not_shared(project: Project) -> None:
    """The roots are two, and so is what leads to them."""
    for noun in ("One", "Two"):
        root = element("Root", "t:Root") + type_("Root", element("p", "t:P", 'minOccurs="0"'))
        project.schema(noun, root + type_("P", element("r", "t:Root", 'minOccurs="0"')))
    package = project.package()
    package.register()
    found: Any = from_xml('<Root xmlns="urn:test:Two"><p><r/></p></Root>')
    assert type(found.p.r) is package.profile("two").Root
    assert package.profile("one").P is not package.profile("two").P


def test_types_that_differ_in_a_default_are_two_classes(project: Project) -> None:
    """The docstring says what it is."""
    pair(project, *(element("a", "xs:integer", f'minOccurs="0" default="{value}"') for value in (1, 2)))
    package = project.package()
    assert package.profile("one").P is not package.profile("two").P


def test_what_is_secret_in_one_profile_is_not_shown_by_its_class(project: Project) -> None:
    """Even if another profile has the same type without a secret."""
    pair(project, element("a"))
    members = '"One/One.p" = "x"\n"Two/Two.p" = "x"\n"One/P.a" = "x"\n"Two/P.a" = { text = "y", secret = true }\n'
    types = "".join(f'"{key}" = "x"\n' for key in ("One/One", "One/P", "Two/Two", "Two/P"))
    project.file("glossary.toml", f"[types]\n{types}[members]\n{members}")
    assert "1234" not in repr(project.package().profile("two").P(a="1234"))


def test_a_secret_in_a_choice_that_repeats_never_shows(project: Project) -> None:
    """Nor do its other branches, which are in one list with it."""
    project.thing(mix(element("a", "t:A"), element("b", "t:B")), type_("A", element("x")) + type_("B", element("y")))
    project.file(
        "glossary.toml",
        '[types]\n"Thing/Thing" = "x"\n"Thing/A" = "x"\n"Thing/B" = "x"\n[members]\n"Thing/Thing.b" = "x"\n'
        '"Thing/A.x" = "x"\n"Thing/B.y" = "x"\n"Thing/Thing.a" = { text = "x", secret = true }\n',
    )
    assert "1234" not in repr(project.round_trip('<Thing xmlns="urn:test:Thing"><a><x>1234</x></a></Thing>'))


def test_types_that_differ_in_what_a_choice_requires_cannot_be_joined(project: Project) -> None:
    """One function would hold both to the first one's rule."""
    choices = [
        f'<xs:element name="{name}"><xs:complexType><xs:choice {bounds}>{element("x")}{element("y")}</xs:choice>'
        "</xs:complexType></xs:element>"
        for name, bounds in (("a", ""), ("b", 'minOccurs="0"'))
    ]
    project.thing(f"<xs:sequence>{''.join(choices)}</xs:sequence>")
    project.file("names.toml", '[classes]\n"Thing/Thing/a" = "Id"\n"Thing/Thing/b" = "Id"\n')
    with pytest.raises(GeneratorError, match=r"Thing/a and Thing/b differ.*names\.toml"):
        project.emit()


def test_one_document_is_read_by_one_profile(project: Project) -> None:
    """Two files that declare the same global element are refused."""
    for noun in ("One", "Two"):
        project.file(
            f"{noun}.xsd",
            '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:x" targetNamespace="urn:x" '
            f'elementFormDefault="qualified">{element("Root", "t:Root")}{type_("Root", element(noun))}</xs:schema>',
        )
    with pytest.raises(GeneratorError, match=r"Two\.xsd: the global element Root of urn:x is One's too"):
        project.emit()


def test_a_name_that_two_profiles_have_is_found_in_their_modules_only(project: Project) -> None:
    """The package does not decide which is meant."""
    for noun in ("One", "Two"):
        project.schema(noun, element("Root", "t:Root") + type_("Root", element("a")))
    profiles = importlib.import_module(f"{project.package().name}.profiles")
    assert profiles.__all__ == []
    with pytest.raises(AttributeError, match=r"Root"):
        _ = profiles.Root


def test_a_shortcut_hides_no_member(project: Project) -> None:
    """It would take the member's place in the class."""
    project.schema(
        "Env",
        element("Env", "t:Env")
        + type_("Env", element("content"), '<xs:any namespace="##other" processContents="skip" minOccurs="0"/>'),
    )
    project.file("manifest.toml", '[[schema]]\nnoun = "Env"\nfile = "Env.xsd"\nrole = "envelope"\n')
    project.file("names.toml", '[wildcards]\n"Env/Env" = { many = "holds", one = "content", parameter = true }\n')
    with pytest.raises(GeneratorError, match=r"Env\.xsd: Env/Env\.content: .*names\.toml"):
        project.emit()


def test_a_member_hides_no_type_that_its_class_names_further_down(project: Project) -> None:
    """A type checker would take the member for it."""
    literal = '<xs:restriction base="xs:string"><xs:enumeration value="a"/></xs:restriction>'
    kind = f'<xs:simpleType name="kind">{literal}</xs:simpleType>'
    several = element("kind", "t:kind", 'maxOccurs="2"')
    more = element("more", "t:kind", 'minOccurs="0"')
    project.thing(f"<xs:sequence>{several}{more}</xs:sequence>", kind)
    with pytest.raises(GeneratorError, match=r"Thing\.xsd: Thing/Thing\.kind: .*names\.toml"):
        project.emit()
    project.thing(f"<xs:sequence>{several}</xs:sequence>", kind)
    project.round_trip('<Thing xmlns="urn:test:Thing"><kind>a</kind></Thing>')


def test_references_of_one_name_in_two_modules_need_a_reviewed_name(project: Project) -> None:
    """A profile could only give one of them."""
    for noun in ("One", "Two"):
        types = "".join(
            f'<xs:complexType name="{name}">{mix(element("a", "t:R"), element("b", f"t:{name}B"))}</xs:complexType>'
            + type_(f"{name}B", element(f"x{name}"))
            for name in ("C", "D")
        )
        both = [element("c", "t:C"), element("d", "t:D")]
        root = element(noun, f"t:{noun}") + type_(noun, *both, element("x", "t:X")) + type_("X", *both)
        project.schema(noun, root + types + REF)
    with pytest.raises(GeneratorError, match=r'One\.xsd: aReference would stand in .*"One/D/a".*names\.toml'):
        project.emit()
    project.file("names.toml", '[classes]\n"One/D/a" = "DReference"\n"Two/D/a" = "DReference"\n')
    inner = '<c><a ref="1"/></c><d><a ref="1"/></d>'
    project.round_trip(f'<One xmlns="urn:test:One">{inner}<x>{inner}</x></One>')


def test_a_reference_of_a_choice_may_be_given_a_name(project: Project) -> None:
    """Where its own is none, or is taken by a class that stands elsewhere."""
    choice = mix(element("my-a", "t:R"), element("b", "t:R"))
    project.thing(
        f"<xs:sequence>{choice}{element('c', 't:bReference')}</xs:sequence>", REF + type_("bReference", element("x"))
    )
    project.file("names.toml", '[choices]\n"Thing/Thing.my-a" = "mix"\n')
    with pytest.raises(GeneratorError, match=r"Thing/Thing/my-a: .*names\.toml"):
        project.emit()
    table = '[choices]\n"Thing/Thing.my-a" = "mix"\n[classes]\n"Thing/Thing/my-a" = "ARef"\n'
    project.file("names.toml", table)
    with pytest.raises(GeneratorError, match=r'bReference.*"Thing/Thing/b" in names\.toml'):
        project.emit()
    project.file("names.toml", table + '"Thing/Thing/b" = "BRef"\n')
    project.round_trip('<Thing xmlns="urn:test:Thing"><my-a ref="1"/><b/><c><x>1</x></c></Thing>')


def test_the_text_of_a_type_has_a_name_of_its_own_in_the_table(project: Project) -> None:
    """For all types, or for one."""
    project.thing(
        '<xs:simpleContent><xs:extension base="xs:string"><xs:attribute name="value"/></xs:extension>'
        "</xs:simpleContent>"
    )
    project.file("names.toml", '[members]\n"Thing/Thing.#text" = "class"\n')
    with pytest.raises(GeneratorError, match=r"Thing/Thing\.#text"):
        project.emit()
    project.file("names.toml", '[members]\n"Thing/Thing.#text" = "text"\n')
    project.round_trip('<Thing xmlns="urn:test:Thing" value="2">1</Thing>')


@pytest.mark.parametrize(
    ("content", "construct"),
    [
        pytest.param(element("Thing", "t:R") + REF, "a global element that only carries ref", id="reference"),
        pytest.param(type_("Thing", element("a")), "a schema without a global element", id="no root"),
    ],
)
def test_a_schema_must_have_a_root_that_an_object_can_be(project: Project, content: str, construct: str) -> None:
    """Or there is nothing to read."""
    project.schema("Thing", content)
    with pytest.raises(UnsupportedError, match=construct):
        project.emit()


@pytest.mark.parametrize(
    "members",
    [
        pytest.param(element("a", more='minOccurs="x"'), id="minOccurs"),
        pytest.param(element("a", more='maxOccurs="many"'), id="maxOccurs"),
        pytest.param('<xs:any processContents="maybe"/>', id="processContents"),
    ],
)
def test_a_value_that_no_schema_may_have_is_an_error_with_its_line(project: Project, members: str) -> None:
    """Not one of a parser that takes the schema to be valid."""
    project.thing(f"<xs:sequence>{members}</xs:sequence>")
    with pytest.raises(GeneratorError, match=r"Thing\.xsd:4: "):
        project.emit()


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("names.toml", '[wildcards]\n"Thing/Thing" = "x"\n'),
        ("names.toml", '[wildcards]\n"Thing/Thing" = { mny = "x" }\n'),
        ("names.toml", 'members = "x"\n'),
        ("names.toml", '[members]\n"a" = 1\n'),
        ("names.toml", '[members]\n"a" = ""\n'),
        ("names.toml", '[modules]\n"Thing/Thing" = ""\n'),
        ("glossary.toml", 'members = "x"\n'),
        ("glossary.toml", '[members]\n"Thing/Thing.a" = 3\n'),
        ("manifest.toml", 'schema = "x"\n'),
        ("manifest.toml", '[schema]\nnoun = "Thing"\n'),
    ],
)
def test_a_table_of_another_shape_is_refused_with_its_file(project: Project, file: str, text: str) -> None:
    """Nothing in it is passed over."""
    project.thing(f"<xs:sequence>{element('a')}</xs:sequence>")
    project.file(file, text)
    with pytest.raises(GeneratorError, match=file):
        project.emit()


def test_a_file_where_a_folder_belongs_is_an_error(tmp_path: Path) -> None:
    """It stays."""
    (tmp_path / "profiles").write_text("mine", encoding="utf-8")
    with pytest.raises(GeneratorError, match=r"profiles was not written"):
        files.put(tmp_path, {"profiles/a.py": "x"})
    assert (tmp_path / "profiles").read_text(encoding="utf-8") == "mine"


def test_quotation_marks_in_what_people_wrote_end_no_docstring(project: Project) -> None:
    """At the start, at the end and three in a row, in the glossary and in the manifest."""
    project.thing(f"<xs:sequence>{element('k')}</xs:sequence>")
    project.file(
        "manifest.toml",
        '[[schema]]\nnoun = "Thing"\nfile = "Thing.xsd"\nrole = "payload"\nevidence = \'a """ quote\\\'\n',
    )
    project.file(
        "glossary.toml",
        '[types]\n"Thing/Thing" = \'"quoted" at the start\'\n[members]\n"Thing/Thing.k" = \'"k" and \\\'\n',
    )
    module = project.package().profile("thing")
    assert '(a """ quote\\)' in str(module.__doc__)
    assert '"quoted" at the start' in str(module.Thing.__doc__)


def test_an_envelope_reaches_one_object_two_steps_down(project: Project) -> None:
    """Also where its wildcard holds one only."""
    wildcard = '<xs:any namespace="##other" processContents="skip" minOccurs="0"/>'
    body = element("Body", "t:B", 'minOccurs="0"')
    project.schema("Env", element("Env", "t:Env") + type_("Env", body) + type_("B", wildcard))
    project.file("manifest.toml", '[[schema]]\nnoun = "Env"\nfile = "Env.xsd"\nrole = "envelope"\n')
    project.file("names.toml", '[wildcards]\n"Env/B" = { many = "holds", one = "content", parameter = true }\n')
    found: Any = project.round_trip('<Env xmlns="urn:test:Env"><Body><o:o xmlns:o="urn:o"/></Body></Env>')
    assert found.content is found.body.holds
    found.body.holds = None
    with pytest.raises(LookupError):
        _ = found.content
