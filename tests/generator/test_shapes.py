"""Content models, derivation and what elements may say of themselves: read and written right, as others read them."""

from __future__ import annotations

import copy
import io
import pickle
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from tests.generator.conftest import canonical
from tests.generator.opinions import agree

from iec61968_9 import DecodeError, EncodeError, ForeignElement, Report, from_xml, iter_xml, open_writer, to_xml
from iec61968_9.xml import NIL, Record
from iec61968_9_generator.errors import UnsupportedError

if TYPE_CHECKING:
    from tests.generator.conftest import Package, Project

XSI = "http://www.w3.org/2001/XMLSchema-instance"


def element(name: str, kind: str = "xs:string", more: str = "") -> str:
    """A local element."""
    return f'<xs:element name="{name}" type="{kind}" {more}/>'


def some(name: str, kind: str = "xs:string") -> str:
    """One that need not be there."""
    return element(name, kind, 'minOccurs="0"')


def several(name: str, kind: str = "xs:string") -> str:
    """One that may be there often."""
    return element(name, kind, 'minOccurs="0" maxOccurs="unbounded"')


def sequence(*parts: str, bounds: str = "") -> str:
    """A sequence."""
    return f"<xs:sequence {bounds}>{''.join(parts)}</xs:sequence>"


def choice(*parts: str, bounds: str = "") -> str:
    """A choice."""
    return f"<xs:choice {bounds}>{''.join(parts)}</xs:choice>"


def type_(name: str, content: str = "", more: str = "") -> str:
    """A named complex type."""
    return f'<xs:complexType name="{name}" {more}>{content}</xs:complexType>'


def derived(name: str, base: str, content: str = "", *, how: str = "extension", kind: str = "complexContent") -> str:
    """A type that extends or restricts another."""
    return type_(name, f'<xs:{kind}><xs:{how} base="t:{base}">{content}</xs:{how}></xs:{kind}>')


def document(inner: str, attributes: str = "") -> str:
    """A document of the root ``Thing``."""
    return f'<Thing xmlns="urn:test:Thing" xmlns:xsi="{XSI}" {attributes}>{inner}</Thing>'


ANY = 'minOccurs="0" maxOccurs="unbounded"'
FAMILY = (
    type_("Base", sequence(element("a")) + '<xs:attribute name="x"/>')
    + derived("Longer", "Base", sequence(element("c")) + '<xs:attribute name="y" type="xs:integer"/>')
    + derived("Longest", "Longer", sequence(some("d")))
    + derived("Narrow", "Base", sequence(element("a")) + '<xs:attribute name="x" use="required"/>', how="restriction")
)
HEADS = (
    '<xs:element name="head" type="t:Head" abstract="true"/>'
    '<xs:element name="first" type="t:First" substitutionGroup="t:head"/>'
    '<xs:element name="second" type="t:Second" substitutionGroup="t:head"/>'
    '<xs:element name="third" substitutionGroup="t:second"/>'
    '<xs:element name="word" type="xs:string"/><xs:element name="number" substitutionGroup="t:word"/>'
    + type_("Head", more='abstract="true"')
    + derived("First", "Head", sequence(element("c")))
    + derived("Second", "Head", sequence(element("d")))
)

CONTENTS: dict[str, tuple[str, str]] = {
    "an optional sequence": (sequence(sequence(element("a"), some("b"), bounds='minOccurs="0"'), element("c")), ""),
    "a sequence that repeats": (sequence(element("a"), some("b"), bounds='maxOccurs="unbounded"'), ""),
    "a sequence of bounded number": (sequence(sequence(element("a"), several("b"), bounds='maxOccurs="2"')), ""),
    "sequences in a choice": (
        choice(sequence(element("a"), some("b")), sequence(element("c"), several("d")), element("e")),
        "",
    ),
    "a choice in a sequence in a choice": (
        choice(sequence(element("a"), choice(element("b"), several("c"))), sequence(element("d"), some("e"))),
        "",
    ),
    "an optional choice of sequences": (
        choice(sequence(element("a"), element("b")), element("c"), bounds='minOccurs="0"'),
        "",
    ),
    "a choice with a branch that is nothing": (choice(element("a"), sequence(), element("b")), ""),
    "a branch that must be there twice": (
        choice(element("a", more='minOccurs="2" maxOccurs="3"'), element("b")),
        "",
    ),
    "a choice of texts that repeats": (choice(element("a"), element("b", "xs:integer"), bounds=ANY), ""),
    "a choice of one type that repeats": (
        choice(element("a", "t:P"), element("b", "t:P"), bounds='maxOccurs="4"'),
        type_("P", '<xs:attribute name="x" use="required"/>'),
    ),
    "a choice of branches that repeat": (choice(several("a"), element("b"), bounds=ANY), ""),
    "choices that repeat inside each other": (
        choice(element("a"), choice(element("b"), element("c"), bounds='maxOccurs="2"'), bounds='maxOccurs="3"'),
        "",
    ),
    "an element in two places": (sequence(element("a"), element("b"), element("a"), some("z")), ""),
    "an element in two branches": (
        choice(sequence(element("a"), element("b")), sequence(element("c"), element("b"), element("a"))),
        "",
    ),
    "all, in any order": (f"<xs:all>{element('a')}{some('b', 'xs:integer')}{some('c')}</xs:all>", ""),
    "all, or nothing": (f'<xs:all minOccurs="0">{element("a")}{element("b")}</xs:all>', ""),
    "groups": (
        sequence(element("q"), '<xs:group ref="t:G" minOccurs="0"/>') + '<xs:attributeGroup ref="t:A"/>',
        f'<xs:group name="G">{sequence(element("a"), several("b"))}</xs:group>'
        '<xs:attributeGroup name="A"><xs:attribute name="x" type="xs:integer"/><xs:attributeGroup ref="t:B"/>'
        '</xs:attributeGroup><xs:attributeGroup name="B"><xs:attribute name="y" use="required"/></xs:attributeGroup>',
    ),
    "a group that leads to itself": (
        '<xs:group ref="t:G"/>',
        f'<xs:group name="G"><xs:sequence>{element("a")}<xs:element name="inner" minOccurs="0"><xs:complexType>'
        '<xs:group ref="t:G"/></xs:complexType></xs:element></xs:sequence></xs:group>',
    ),
    "an expression": (
        '<xs:group ref="t:Value"/>',
        f'<xs:group name="Value">{choice(element("number", "xs:integer"), element("sum", "t:Sum"))}</xs:group>'
        + type_("Sum", '<xs:group ref="t:Value" minOccurs="2" maxOccurs="3"/>'),
    ),
    "global elements and attributes": (
        sequence('<xs:element ref="t:part"/>', f'<xs:element ref="t:note" {ANY}/>') + '<xs:attribute ref="t:kind"/>',
        '<xs:element name="part" type="t:Part"/><xs:element name="note" type="xs:string"/>'
        '<xs:attribute name="kind" type="xs:integer"/>' + type_("Part", sequence(element("a"))),
    ),
    "types that derive": (sequence(several("b", "t:Base"), some("o", "t:Base"), some("l", "t:Longer")), FAMILY),
    "an abstract type": (
        sequence(several("b", "t:Base"), some("c", "t:Base")),
        type_("Base", sequence(element("a")), 'abstract="true"')
        + derived("One", "Base")
        + derived("Two", "Base", sequence(element("c"))),
    ),
    "an abstract type that is only restricted": (
        sequence(element("b", "t:Base")),
        type_("Base", sequence(some("a"), some("c")), 'abstract="true"')
        + derived("One", "Base", sequence(element("a")), how="restriction")
        + derived("Two", "Base", sequence(element("c")), how="restriction"),
    ),
    "an extension that brings an element twice": (
        sequence(several("b", "t:Base")),
        type_("Base", sequence(element("a"), some("c"))) + derived("Twice", "Base", sequence(element("d"), some("a"))),
    ),
    "an extension of a choice": (
        sequence(several("b", "t:Base")),
        type_("Base", choice(element("a"), element("c"))) + derived("More", "Base", choice(element("d"), element("e"))),
    ),
    "a substitution group": (
        sequence(f'<xs:element ref="t:head" {ANY}/>', '<xs:element ref="t:word" minOccurs="0"/>'),
        HEADS,
    ),
    "a substitution group of which one is needed": (sequence('<xs:element ref="t:head"/>', element("z")), HEADS),
    "a substitution group among others": (
        choice(element("a"), '<xs:element ref="t:head"/>', bounds='maxOccurs="3"'),
        HEADS,
    ),
    "nil": (
        sequence(
            element("a", more='nillable="true"'),
            element("b", "xs:integer", 'nillable="true" minOccurs="0" maxOccurs="3"'),
            element("p", "t:P", 'nillable="true" minOccurs="0"'),
            element("q", "t:Q", 'nillable="true" minOccurs="0" maxOccurs="2"'),
            choice(element("r", more='nillable="true"'), element("s"), bounds=ANY),
        ),
        type_("P", sequence(element("x")) + '<xs:attribute name="k" type="xs:integer" use="required"/>')
        + type_("Q", sequence(element("x"))),
    ),
    "mixed content": (
        sequence(some("a"), several("b", "t:B")) + '<xs:attribute name="k"/>',
        type_("B", more='mixed="true"'),
    ),
    "attributes of any name": (
        sequence(element("a")) + '<xs:attribute name="k"/><xs:anyAttribute processContents="skip"/>',
        "",
    ),
    "attributes of other namespaces": (
        '<xs:attribute name="k"/><xs:anyAttribute namespace="##other" processContents="lax"/>',
        "",
    ),
    "attributes that have to be valid": (
        sequence(element("a")) + '<xs:anyAttribute namespace="##targetNamespace" processContents="lax"/>',
        '<xs:attribute name="note" type="xs:integer"/>',
    ),
    "wildcards among elements": (
        sequence(
            element("a"), choice(element("b"), '<xs:any namespace="##other" processContents="skip"/>', bounds=ANY)
        ),
        "",
    ),
    "wildcards in two places": (
        sequence(
            element("a"),
            f'<xs:any namespace="##other" processContents="skip" {ANY}/>',
            element("b"),
            '<xs:any namespace="##other" processContents="skip" minOccurs="0"/>',
        ),
        "",
    ),
    "a wildcard of listed namespaces behind what has to be there": (
        sequence(
            element("a"),
            '<xs:any namespace="##targetNamespace urn:example:vendor ##local" processContents="skip" minOccurs="0"/>',
        ),
        "",
    ),
}
"""Content models, each as what stands in the root's type and what else stands in the schema."""


def thing(project: Project, content: str, more: str = "") -> Package:
    """The package of a schema with one root, registered."""
    project.thing(content, more)
    if "mixed" in content or ('<xs:attribute name="k"/>' in content and "t:B" in content):
        text = (project.schemas / "Thing.xsd").read_text(encoding="utf-8")
        project.file(
            "Thing.xsd", text.replace('<xs:complexType name="Thing">', '<xs:complexType name="Thing" mixed="true">')
        )
    package = project.package()
    package.register()
    return package


@pytest.mark.parametrize("content", CONTENTS)
def test_random_objects_and_documents_are_judged_as_by_others(project: Project, content: str) -> None:
    """Written, they are valid; read back, they are the same; damaged, they are refused where libxml2 refuses them."""
    package = thing(project, *CONTENTS[content])
    agree(project, "Thing", package=package, examples=40)


# -- what becomes of them ----------------------------------------------------------------------------------------------


def test_what_repeats_together_is_one_list_in_order(project: Project) -> None:
    """An element whose value would not tell it from the others is a class of its own."""
    module = thing(project, *CONTENTS["a sequence that repeats"]).profile("thing")
    found: Any = from_xml(document("<a>1</a><b>2</b><a>3</a>"))
    assert found.a_or_b == [module.ThingA(value="1"), module.ThingB(value="2"), module.ThingA(value="3")]
    with pytest.raises(EncodeError, match=r"expected \(a, b\?\)\+, got b, a"):
        to_xml(module.Thing(a_or_b=[module.ThingB(value="2"), module.ThingA(value="1")]))


def test_members_that_go_together_are_held_to_it(project: Project) -> None:
    """A sequence that is optional is there as a whole or not at all."""
    module = thing(project, *CONTENTS["an optional sequence"]).profile("thing")
    assert module.Thing(c="1") == from_xml(document("<c>1</c>"))
    with pytest.raises(EncodeError, match=r"at /Thing\)") as caught:
        to_xml(module.Thing(b="2", c="1"))
    assert (caught.value.expected, caught.value.got) == ("((a, b?)?, c)", "b, c")


def test_a_member_of_a_type_takes_what_extends_it(project: Project) -> None:
    """Its class derives from the other's, and ``xsi:type`` says which it is."""
    module = thing(project, *CONTENTS["types that derive"]).profile("thing")
    assert issubclass(module.Longest, module.Longer)
    assert issubclass(module.Longer, module.Base)
    assert not issubclass(module.Narrow, module.Base)
    assert module.Thing.__annotations__["o"] == "Base | Narrow | None"
    found: Any = from_xml(
        document(
            '<b x="1"><a>1</a></b><b xmlns:p="urn:test:Thing" xsi:type="p:Longest" y="2"><a>1</a><c>2</c></b>'
            '<b xsi:type="Narrow" x="3"><a>4</a></b><l xsi:type="Longer"><a>5</a><c>6</c></l>'
        )
    )
    assert [type(one) for one in found.b] == [module.Base, module.Longest, module.Narrow]
    assert (found.b[1].y, found.b[1].a, found.b[2].x) == (2, "1", "3")
    assert from_xml(to_xml(found)) == found


@pytest.mark.parametrize("kind", ["Nothing", "Thing", "p:Longer", "xs:string"])
def test_a_type_that_may_not_stand_there_is_an_error(project: Project, kind: str) -> None:
    """One that nobody knows, one that does not derive, one of another namespace; lenient reading keeps the element."""
    thing(project, *CONTENTS["types that derive"])
    spaces = 'xmlns:p="urn:p" xmlns:xs="http://www.w3.org/2001/XMLSchema"'
    text = document(f'<o {spaces} xsi:type="{kind}"><a>1</a></o>')
    with pytest.raises(DecodeError, match="/Thing/o"):
        from_xml(text)
    report = Report()
    found: Any = from_xml(text, mode="lenient", report=report)
    assert found.o is None
    assert [finding.path for finding in report] == ["/Thing/o"]
    assert canonical(to_xml(found, mode="lenient")) == canonical(text)


def test_an_abstract_class_is_not_written_and_not_read(project: Project) -> None:
    """Only what derives from it is."""
    module = thing(project, *CONTENTS["an abstract type"]).profile("thing")
    with pytest.raises(EncodeError, match="One or Two"):
        to_xml(module.Thing(b=[module.Base(a="1")]))
    with pytest.raises(DecodeError, match="b needs a type"):
        from_xml(document("<b><a>1</a></b>"))
    found: Any = from_xml(document("<b><a>1</a></b>"), mode="lenient")
    assert found.b == []


def test_a_class_derived_by_a_user_is_written_as_its_base(project: Project) -> None:
    """A program may add to a generated class what no schema knows."""
    module = thing(project, *CONTENTS["types that derive"]).profile("thing")

    class Mine(module.Longer):  # type: ignore[misc, name-defined]  # known at run time only
        pass

    again: Any = from_xml(to_xml(module.Thing(o=Mine(a="1", c="2"))))
    assert again.o == module.Longer(a="1", c="2")


def test_a_family_is_shared_only_as_a_whole(project: Project) -> None:
    """A type that others extend in one profile alone is that profile's own: no member is lost in the other."""
    for noun, more in (("One", ""), ("Two", derived("Longer", "Base", sequence(element("c"))))):
        root = element(noun, f"t:{noun}") + type_(noun, sequence(element("b", "t:Base")))
        project.schema(noun, root + type_("Base", sequence(element("a"))) + more)
    package = project.package()
    package.register()
    one, two = package.profile("one"), package.profile("two")
    assert one.Base is not two.Base
    with pytest.raises(EncodeError):
        to_xml(one.One(b=two.Longer(a="1", c="2")))


def test_a_family_that_two_profiles_have_is_shared(project: Project) -> None:
    """Base and derived classes alike."""
    for noun in ("One", "Two"):
        root = element(noun, f"t:{noun}") + type_(noun, sequence(element("b", "t:Base")))
        family = derived("Longer", "Base", sequence(element("c"))) + type_("Base", sequence(element("a")))
        project.schema(noun, root + family)
    package = project.package()
    package.register()
    one, two = package.profile("one"), package.profile("two")
    assert one.Longer is two.Longer
    for noun, module in (("One", one), ("Two", two)):
        made = getattr(module, noun)(b=module.Longer(a="1", c="2"))
        assert from_xml(to_xml(made)) == made


def test_a_substitution_group_is_one_member(project: Project) -> None:
    """Named after its head; elements of one type are classes of their own."""
    module = thing(project, *CONTENTS["a substitution group"]).profile("thing")
    found: Any = from_xml(document("<first><c>1</c></first><third><d>2</d></third><number>3</number>"))
    assert found.head == [module.First(c="1"), module.ThingThird(value=module.Second(d="2"))]
    assert found.word == module.ThingNumber(value="3")
    assert "list[First | ThingSecond | ThingThird]" in module.Thing.__annotations__["head"]


def test_nil_is_a_value_of_its_own(project: Project) -> None:
    """Not None, which is absent; and it stays itself."""
    module = thing(project, *CONTENTS["nil"]).profile("thing")
    found: Any = from_xml(document('<a xsi:nil="true"/><b>1</b><b xsi:nil="1"/><p k="1" xsi:nil="true"/>'))
    assert found == module.Thing(a=NIL, b=[1, NIL], p=module.PNil(k=1))
    assert repr(found.a) == "NIL"
    assert copy.deepcopy(found).a is NIL
    assert pickle.loads(pickle.dumps(found)).a is NIL  # noqa: S301  # our own bytes
    assert from_xml(document('<a xsi:nil="false">x</a>')) == module.Thing(a="x")
    with pytest.raises(DecodeError, match="nil"):
        from_xml(document('<a xsi:nil="true">x</a>'))
    with pytest.raises(EncodeError, match="/Thing/p"):
        to_xml(module.Thing(a=NIL, p=NIL))


def test_an_empty_element_has_its_default_and_an_absent_one_has_none(project: Project) -> None:
    """As XML Schema says; a fixed value is held to."""
    module = thing(
        project,
        sequence(element("a", "xs:integer", 'default="7" minOccurs="0"'), element("b", more='fixed="x" minOccurs="0"'))
        + '<xs:attribute name="f" fixed="1"/><xs:attribute name="d" default="2"/>',
    ).profile("thing")
    assert from_xml(document("<a/><b/>")) == module.Thing(a=7, b="x")
    assert from_xml(document("")) == module.Thing()
    for wrong in (module.Thing(b="y"), module.Thing(f="2")):
        with pytest.raises(EncodeError):
            to_xml(wrong)
    with pytest.raises(DecodeError):
        from_xml(document("<b>y</b>"))


def test_mixed_content_keeps_its_texts_where_they_stand(project: Project) -> None:
    """Also where a document is laid out for people."""
    module = thing(project, *CONTENTS["mixed content"]).profile("thing")
    text = document("one <a>x</a> <b>two</b>, three<b/>")
    found: Any = from_xml(text)
    bold = module.B(content=["two"])
    assert found.content == ["one ", module.ThingA(value="x"), " ", bold, ", three", module.B()]
    assert from_xml(to_xml(found, pretty=True)) == found
    assert from_xml(text, mode="lenient") == found


def test_attributes_of_any_name_are_a_mapping(project: Project) -> None:
    """By qualified name; those that the schema names, or that a namespace does not let in, are none of it."""
    module = thing(project, *CONTENTS["attributes of any name"]).profile("thing")
    text = document("<a>1</a>", 'k="1" l="2" xmlns:v="urn:v" v:m="3" xml:lang="en" xsi:schemaLocation="x y"')
    found: Any = from_xml(text)
    assert found.k == "1"
    assert found.other_attributes == {"l": "2", "{urn:v}m": "3", "{http://www.w3.org/XML/1998/namespace}lang": "en"}
    assert canonical(to_xml(found)) == canonical(text.replace('xsi:schemaLocation="x y"', ""))
    for wrong in ({"k": "2"}, {"a b": "1"}, {"l": 1}, {"xmlns": "urn:x"}, {f"{{{XSI}}}nil": "true"}, {1: "x"}, "x"):
        with pytest.raises(EncodeError, match="/Thing/@"):
            to_xml(module.Thing(a="1", other_attributes=wrong))


def test_what_stands_in_a_wildcard_has_to_be_valid_where_the_schema_says_so(project: Project) -> None:
    """Strict writing looks at it too."""
    project.file(
        "other.xsd",
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:other">'
        '<xs:element name="number" type="xs:integer"/></xs:schema>',
    )
    package = thing_with_import(project)
    module = package.profile("thing")
    right = module.Thing(other=ForeignElement('<number xmlns="urn:other">7</number>'))
    assert from_xml(to_xml(right)) == right
    with pytest.raises(EncodeError, match="/Thing/number"):
        to_xml(module.Thing(other=ForeignElement('<number xmlns="urn:other">seven</number>')))
    assert b"seven" in to_xml(
        module.Thing(other=ForeignElement('<number xmlns="urn:other">seven</number>')), mode="lenient"
    )


def thing_with_import(project: Project) -> Package:
    """A wildcard for what another schema declares."""
    project.schema(
        "Thing",
        '<xs:import namespace="urn:other" schemaLocation="other.xsd"/>'
        '<xs:element name="Thing"><xs:complexType><xs:sequence>'
        '<xs:any namespace="##other" processContents="lax" minOccurs="0"/></xs:sequence></xs:complexType></xs:element>',
    )
    package = project.package()
    package.register()
    return package


def test_a_class_has_its_bases_members_wherever_it_is_met_first(project: Project) -> None:
    """From the middle of a family, the ways lead to the end of it before they lead back."""
    package = thing(project, sequence(element("b", "t:Longer")), FAMILY)
    xml = document('<b xsi:type="Longest" x="1" y="2"><a>1</a><c>2</c><d>3</d></b>')
    assert canonical(to_xml(from_xml(xml))) == canonical(xml)
    agree(project, "Thing", examples=20, package=package)


def test_elements_of_one_type_are_roots_of_their_own_classes(project: Project) -> None:
    """Derived from the type's, and so is one that holds a text."""
    project.schema(
        "Thing",
        element("Thing", "t:T")
        + element("Other", "t:T")
        + element("Amount", "xs:decimal")
        + type_("T", sequence(element("a"), some("t", "t:T"))),
    )
    package = project.package()
    package.register()
    module = package.profile("thing")
    found: Any = from_xml('<Other xmlns="urn:test:Thing"><a>1</a><t><a>2</a></t></Other>')
    assert (type(found), type(found.t)) == (module.Other, module.T)
    assert issubclass(module.Other, module.T)
    assert from_xml('<Amount xmlns="urn:test:Thing">1.50</Amount>') == module.Amount(value=Decimal("1.50"))
    agree(project, "Thing", "Other", "Amount", noun="Thing", package=package, examples=30)


def test_the_attributes_of_xml_itself_are_known(project: Project) -> None:
    """Without a copy of their schema, and whatever copy there is."""
    module = thing_in(
        project,
        '<xs:import namespace="http://www.w3.org/XML/1998/namespace" schemaLocation="http://www.w3.org/2001/xml.xsd"/>',
        sequence(element("a")) + '<xs:attribute ref="xml:lang" use="required"/><xs:attribute ref="xml:space"/>',
    )
    text = document("<a>1</a>", 'xml:lang="de-CH" xml:space="preserve"')
    found: Any = from_xml(text)
    assert (found.lang, found.space) == ("de-CH", "preserve")
    assert canonical(to_xml(found)) == canonical(text)
    with pytest.raises(DecodeError):
        from_xml(text.replace("de-CH", "d e"))
    with pytest.raises(EncodeError):
        to_xml(module.Thing(a="1", lang="d e"))


def thing_in(project: Project, before: str, content: str) -> Any:
    """The module of a schema that begins with something."""
    project.schema("Thing", before + '<xs:element name="Thing" type="t:Thing"/>' + type_("Thing", content))
    package = project.package()
    package.register()
    return package.profile("thing")


def test_types_under_another_name_space_move_with_it(project: Project) -> None:
    """A partner's spelling of the namespace holds for ``xsi:type`` too."""
    from iec61968_9 import Dialect

    module = thing(project, *CONTENTS["types that derive"]).profile("thing")
    made = module.Thing(o=module.Longer(a="1", c="2"))
    dialect = Dialect(payload="urn:partner")
    spelt = to_xml(made, dialect=dialect)
    assert b"urn:test:Thing" not in spelt
    assert from_xml(spelt, dialect=dialect) == made
    assert from_xml(spelt, dialect=dialect, mode="lenient") == made


@pytest.mark.parametrize("block", ["extension", "restriction", "#all", ""])
def test_blocked_types_are_refused_on_writing_too(project: Project, block: str) -> None:
    """As the schema says of an element."""
    package = thing(
        project, sequence(some("o", "t:Base"), element("p", "t:Base", f'minOccurs="0" block="{block}"')), FAMILY
    )
    module = package.profile("thing")
    longer, narrow = module.Longer(a="1", c="2"), module.Narrow(a="1", x="2")
    assert from_xml(to_xml(module.Thing(o=longer))) == module.Thing(o=longer)
    for one, refused in ((longer, block in {"extension", "#all"}), (narrow, block in {"restriction", "#all"})):
        if refused:
            with pytest.raises(EncodeError, match="/Thing/p"):
                to_xml(module.Thing(p=one))
        else:
            assert from_xml(to_xml(module.Thing(p=one))) == module.Thing(p=one)
    agree(project, "Thing", package=package, examples=30)


def test_values_that_have_to_be_unique_are_held_to_it(project: Project) -> None:
    """On reading and on writing; such a payload is not streamed, because no item shows whether it is the only one."""
    project.schema(
        "Thing",
        '<xs:element name="Thing" type="t:Thing"><xs:key name="k"><xs:selector xpath="t:b"/><xs:field xpath="@i"/>'
        '</xs:key><xs:keyref name="r" refer="t:k"><xs:selector xpath="t:c"/><xs:field xpath="."/></xs:keyref>'
        "</xs:element>"
        + type_("Thing", sequence(several("b", "t:B"), several("c", "xs:integer")))
        + type_("B", '<xs:attribute name="i" type="xs:integer" use="required"/>'),
    )
    package = project.package()
    package.register()
    module = package.profile("thing")
    made = module.Thing(b=[module.B(i=1), module.B(i=2)], c=[2, 2])
    assert from_xml(to_xml(made)) == made
    for wrong in (module.Thing(b=[module.B(i=1), module.B(i=1)]), module.Thing(c=[1])):
        with pytest.raises(EncodeError):
            to_xml(wrong)
        with pytest.raises(DecodeError):
            from_xml(to_xml(wrong, mode="lenient"))
    with pytest.raises(TypeError, match="no item"):
        iter_xml(to_xml(made), module.B)
    agree(project, "Thing", package=package, examples=30)


def test_a_text_that_is_restricted_is_held_to_it(project: Project) -> None:
    """Simple content, extended and restricted."""
    text = "simpleContent"
    base = f'<xs:{text}><xs:extension base="xs:decimal"><xs:attribute name="u"/></xs:extension></xs:{text}>'
    package = thing(
        project,
        sequence(several("b", "t:Amount")),
        type_("Amount", base)
        + derived("Noted", "Amount", '<xs:attribute name="v"/>', kind=text)
        + derived(
            "Small",
            "Amount",
            '<xs:maxInclusive value="5"/><xs:attribute name="u" use="prohibited"/>',
            how="restriction",
            kind=text,
        ),
    )
    module = package.profile("thing")
    found: Any = from_xml(document('<b>7</b><b xsi:type="Noted" v="1">8</b><b xsi:type="Small">3</b>'))
    assert found.b == [
        module.Amount(value=Decimal(7)),
        module.Noted(value=Decimal(8), v="1"),
        module.Small(value=Decimal(3)),
    ]
    with pytest.raises(EncodeError):
        to_xml(module.Thing(b=[module.Small(value=Decimal(7))]))
    agree(project, "Thing", package=package, examples=40)


def test_items_of_several_types_are_streamed(project: Project) -> None:
    """Each is validated, and is what its type says."""
    module = thing(project, *CONTENTS["types that derive"]).profile("thing")
    made = module.Thing(b=[module.Base(a="1"), module.Longest(a="1", c="2", d="3"), module.Narrow(a="4", x="5")])
    data = to_xml(made)
    with iter_xml(data, module.Base) as stream:
        items = list(stream)
    assert items == made.b
    target = io.BytesIO()
    with open_writer(target, module.Thing(), module.Base) as writer:
        for item in items:
            writer.append(item)
    assert canonical(target.getvalue()) == canonical(data)
    with pytest.raises(DecodeError, match="two"):
        list(iter_xml(data.replace(b'xsi:type="xsit:Longest"', b'xsi:type="xsit:Longest" y="two"'), "b"))


def test_items_that_have_to_be_valid_are_held_to_it_when_they_are_written(project: Project) -> None:
    """One by one, each inside its message."""
    wildcard = '<xs:anyAttribute namespace="##targetNamespace" processContents="lax"/>'
    package = thing(
        project,
        sequence(element("b", "t:B", 'maxOccurs="unbounded"'), some("z")),
        type_("B", wildcard) + '<xs:attribute name="note" type="xs:integer"/>',
    )
    module = package.profile("thing")
    target = io.BytesIO()
    right = module.B(other_attributes={"{urn:test:Thing}note": "7"})
    with open_writer(target, module.Thing(z="z"), module.B) as writer:
        writer.append(right)
        with pytest.raises(EncodeError, match=r"/Thing/b\[2\]/@note"):
            writer.append(module.B(other_attributes={"{urn:test:Thing}note": "seven"}))
        writer.append(right)
    assert from_xml(target.getvalue()) == module.Thing(b=[right, right], z="z")


# -- what is refused ---------------------------------------------------------------------------------------------------

REFUSED = {
    "two elements a of different namespaces": sequence(element("a"), element("a", more='form="unqualified"')),
    "a wildcard beside an element that it lets in": sequence(
        some("a"), element("b"), '<xs:any namespace="##any" processContents="skip" minOccurs="0"/>'
    ),
    "a second wildcard for other namespaces in one list": choice(
        '<xs:any namespace="urn:a" processContents="skip"/>',
        '<xs:any namespace="urn:b" processContents="skip"/>',
        bounds=ANY,
    ),
    "nillable on an element whose type others derive from": sequence(element("b", "t:Base", 'nillable="true"')),
    "fixed on an element of a complex type": sequence(element("b", "t:Amount", 'fixed="1"')),
    "default on an element of a complex type": sequence(element("b", "t:Amount", 'default="1"')),
    "nillable on an element that only carries ref": sequence(element("b", "t:Ref", 'nillable="true"')),
    "an abstract element for which no other may stand": sequence('<xs:element ref="t:nobody"/>'),
    "default or fixed with xs:anyType": sequence(element("a", "xs:anyType", 'default="1"')),
    "an extension of xs:anyType": '<xs:complexContent><xs:extension base="xs:anyType"/></xs:complexContent>',
    "two xs:anyAttribute for other namespaces": (
        '<xs:attributeGroup ref="t:A"/><xs:anyAttribute namespace="##local" processContents="skip"/>'
    ),
}
MORE = (
    FAMILY
    + type_(
        "Amount",
        '<xs:simpleContent><xs:extension base="xs:integer"><xs:attribute name="u"/></xs:extension></xs:simpleContent>',
    )
    + type_("Ref", '<xs:attribute name="ref" type="xs:string"/>')
    + '<xs:element name="nobody" type="t:Base" abstract="true"/>'
    '<xs:attributeGroup name="A"><xs:anyAttribute namespace="##other" processContents="skip"/></xs:attributeGroup>'
)


@pytest.mark.parametrize("construct", REFUSED)
def test_what_no_class_can_say_is_refused_with_its_place(project: Project, construct: str) -> None:
    """By name, file and line."""
    project.thing(REFUSED[construct], MORE)
    with pytest.raises(UnsupportedError, match=r"^Thing\.xsd:4: ") as caught:
        project.emit()
    assert construct in str(caught.value)


def test_records_are_what_they_were() -> None:
    """The base of all classes has nothing but what was kept."""
    assert [*Record.__dataclass_fields__] == ["kept"]


def test_objects_that_stand_inside_themselves_are_refused(project: Project) -> None:
    """A type that holds itself lets a program make a circle; whole, and as an item of a stream."""
    part = type_("Part", sequence(some("o", "t:Part")))
    module = thing(project, sequence(several("o", "t:Part")), part).profile("thing")
    circle = module.Part()
    circle.o = circle
    with pytest.raises(EncodeError, match="in a circle") as error:
        to_xml(module.Thing(o=[module.Part(), circle]))
    assert (error.value.path or "").startswith("/Thing/o[2]/o/o/o")
    with open_writer(io.BytesIO(), module.Thing(), module.Part) as writer:
        writer.append(module.Part())
        with pytest.raises(EncodeError, match="in a circle") as error:
            writer.append(circle)
        assert (error.value.path or "").startswith("/Thing/o[2]/o/o/o")
