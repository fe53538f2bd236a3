"""Each kind of difference between two schemas: how it is told, and whether it breaks readers, writers, both or none."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from iec61968_9_generator import diff
from iec61968_9_generator.errors import GeneratorError

HEAD = (
    '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="{ns}" targetNamespace="{ns}" '
    'elementFormDefault="qualified">\n{body}\n</xs:schema>\n'
)


def written(folder: Path, name: str, body: str, ns: str = "urn:t") -> Path:
    path = folder / name / "T.xsd"
    path.parent.mkdir(parents=True)
    path.write_text(HEAD.format(ns=ns, body=textwrap.dedent(body)), encoding="utf-8")
    return path


def thing(content: str, more: str = "") -> str:
    return f'<xs:element name="Thing" type="t:Thing"/>\n<xs:complexType name="Thing">{content}</xs:complexType>\n{more}'


def seq(*elements: str) -> str:
    return f"<xs:sequence>{''.join(elements)}</xs:sequence>"


def el(name: str, rest: str = 'type="xs:string"', inner: str = "") -> str:
    return f'<xs:element name="{name}" {rest}>{inner}</xs:element>'


def optional(name: str, kind: str = "xs:string") -> str:
    return el(name, f'type="{kind}" minOccurs="0"')


def simple(facets: str, base: str = "xs:string") -> str:
    return f'<xs:simpleType><xs:restriction base="{base}">{facets}</xs:restriction></xs:simpleType>'


def literals(*texts: str) -> str:
    return simple("".join(f'<xs:enumeration value="{text}"/>' for text in texts))


def of(kind: str) -> str:
    return thing(seq(el("a", f'type="{kind}"')))


def restricted(facets: str, base: str = "xs:string") -> str:
    return thing(seq(el("a", "", simple(facets, base))))


def attributes(*declared: str) -> str:
    return thing("".join(declared))


A, B, C = el("a"), el("b"), el("c")
DERIVED = (
    '<xs:complexType name="{}"><xs:complexContent><xs:extension base="t:Base"><xs:sequence>{}</xs:sequence>'
    "</xs:extension></xs:complexContent></xs:complexType>"
)
BASE = '<xs:complexType name="Base"><xs:sequence><xs:element name="a" type="xs:string"/></xs:sequence></xs:complexType>'
OF_BASE = thing(seq(el("item", 'type="t:Base"')))
HEAD_ELEMENT = '<xs:element name="Head" abstract="true" type="xs:string"/>'
MEMBER = '<xs:element name="{}" substitutionGroup="t:Head" type="xs:string"/>'
OF_HEAD = thing(seq('<xs:element ref="t:Head"/>'))

# what changes -> (old, new, what is told: kind, where, breaks and a piece of the message)
KINDS: dict[str, tuple[str, str, list[tuple[str, str, str, str]]]] = {
    "an optional element more": (
        thing(seq(A)),
        thing(seq(A, optional("b"))),
        [("element-added", "Thing/b", "readers", "the optional element b is new")],
    ),
    "a required element more": (
        thing(seq(A)),
        thing(seq(A, B)),
        [("element-added", "Thing/b", "readers writers", "the required element b is new")],
    ),
    "an optional element less": (
        thing(seq(A, optional("b"))),
        thing(seq(A)),
        [("element-removed", "Thing/b", "writers", "the optional element b is gone")],
    ),
    "a required element less": (
        thing(seq(A, B)),
        thing(seq(A)),
        [("element-removed", "Thing/b", "readers writers", "the required element b is gone")],
    ),
    "required": (
        thing(seq(optional("a"))),
        thing(seq(A)),
        [("occurrence", "Thing/a", "writers", "the element a is there once, was at most once")],
    ),
    "optional": (
        thing(seq(A)),
        thing(seq(optional("a"))),
        [("occurrence", "Thing/a", "readers", "the element a is there at most once, was once")],
    ),
    "repeated": (
        thing(seq(A)),
        thing(seq(el("a", 'type="xs:string" maxOccurs="unbounded"'))),
        [("occurrence", "Thing/a", "readers", "once or more, was once")],
    ),
    "a large bound": (
        thing(seq(el("a", 'type="xs:string" maxOccurs="100000"'))),
        thing(seq(el("a", 'type="xs:string" maxOccurs="99999"'))),
        [("occurrence", "Thing/a", "writers", "1 to 99999 times, was 1 to 100000 times")],
    ),
    "another order": (
        thing(seq(A, B, C)),
        thing(seq(B, C, A)),
        [
            (
                "order",
                "Thing",
                "readers writers",
                "a stands elsewhere: <b/><c/><a/> is allowed, <a/><b/><c/> is no",
            )
        ],
    ),
    "order no longer matters": (
        thing(seq(A, B)),
        thing(f"<xs:all>{A}{B}</xs:all>"),
        [("order", "Thing", "readers", "<b/><a/> is allowed")],
    ),
    "a choice instead of a sequence": (
        thing(seq(A, B)),
        thing(f"<xs:choice>{A}{B}</xs:choice>"),
        [
            ("occurrence", "Thing/a", "readers", "at most once, was once"),
            ("occurrence", "Thing/b", "readers", "at most once, was once"),
            ("grouping", "Thing", "writers", "<a/><b/> is no longer allowed"),
        ],
    ),
    "together or not at all": (
        thing(seq(optional("a"), optional("b"))),
        thing(f'<xs:sequence minOccurs="0">{A}{B}</xs:sequence>'),
        [("order", "Thing", "writers", "<a/> is no longer allowed")],
    ),
    "a sequence in a sequence": (
        thing(seq(A, B)),
        thing(seq(A, seq(B))),
        [],
    ),
    "a choice of one": (thing(seq(A)), thing(f"<xs:choice>{A}</xs:choice>"), []),
    "the same in other words": (
        thing(f'<xs:choice maxOccurs="unbounded">{A}{B}</xs:choice>'),
        thing(f'<xs:choice><xs:choice maxOccurs="unbounded">{A}{B}</xs:choice></xs:choice>'),
        [],
    ),
    "another kind of value": (
        of("xs:string"),
        of("xs:dateTime"),
        [("value", "Thing/a", "writers", "its value is xs:dateTime, was xs:string")],
    ),
    "a wider number": (
        of("xs:integer"),
        of("xs:decimal"),
        [("value", "Thing/a", "readers", "xs:decimal, was xs:integer")],
    ),
    "a kind that has nothing to do with it": (
        of("xs:boolean"),
        of("xs:dateTime"),
        [("value", "Thing/a", "readers writers", "xs:dateTime, was xs:boolean")],
    ),
    "white space that counts for nothing": (of("xs:string"), of("xs:token"), [("value", "Thing/a", "", "xs:token")]),
    "a shorter text": (
        restricted('<xs:maxLength value="10"/>'),
        restricted('<xs:maxLength value="5"/>'),
        [("value", "Thing/a", "writers", "of length 0 to 5, was xs:string, of length 0 to 10")],
    ),
    "a pattern": (
        of("xs:string"),
        restricted('<xs:pattern value="[A-Z]+"/>'),
        [("value", "Thing/a", "writers", "of the form [A-Z]+")],
    ),
    "another pattern": (
        restricted('<xs:pattern value="[A-Z]+"/>'),
        restricted('<xs:pattern value="[A-Z]*"/>'),
        [("value", "Thing/a", "readers writers", "of the form [A-Z]*")],
    ),
    "a smaller range": (
        restricted('<xs:maxInclusive value="10"/>', "xs:int"),
        restricted('<xs:maxExclusive value="10"/>', "xs:int"),
        [("value", "Thing/a", "writers", "below 10")],
    ),
    "a range that is the type's own": (
        restricted('<xs:minInclusive value="-128"/><xs:maxInclusive value="127"/>', "xs:integer"),
        of("xs:byte"),
        [],
    ),
    "fewer digits": (
        restricted('<xs:totalDigits value="9"/><xs:fractionDigits value="2"/>', "xs:decimal"),
        restricted('<xs:totalDigits value="9"/><xs:fractionDigits value="1"/>', "xs:decimal"),
        [("value", "Thing/a", "writers", "at most 1 digits behind the point")],
    ),
    "literals": (
        thing(seq(el("a", "", literals("x", "y")))),
        thing(seq(el("a", "", literals("y", "z")))),
        [
            ("literal-removed", "Thing/a", "writers", "the literal x is gone"),
            ("literal-added", "Thing/a", "readers", "the literal z is new"),
        ],
    ),
    "literals in another order": (
        thing(seq(el("a", "", literals("x", "y")))),
        thing(seq(el("a", "", literals("y", "x")))),
        [],
    ),
    "no longer literals only": (
        thing(seq(el("a", "", literals("x")))),
        of("xs:string"),
        [("value", "Thing/a", "readers", "its value is xs:string, was xs:string, one of 1 literals")],
    ),
    "a union": (
        of("xs:int"),
        thing(seq(el("a", "", '<xs:simpleType><xs:union memberTypes="xs:int xs:boolean"/></xs:simpleType>'))),
        [("value", "Thing/a", "readers", "xs:boolean")],
    ),
    "a list": (
        of("xs:int"),
        thing(seq(el("a", "", '<xs:simpleType><xs:list itemType="xs:int"/></xs:simpleType>'))),
        [("value", "Thing/a", "readers writers", "a list of")],
    ),
    "a value instead of elements": (
        thing(seq(el("a", "", f"<xs:complexType>{seq(B)}</xs:complexType>"))),
        of("xs:string"),
        [("kind", "Thing/a", "readers writers", "it holds xs:string, held elements")],
    ),
    "mixed": (
        thing(seq(A)),
        thing(seq(A)).replace('name="Thing">', 'name="Thing" mixed="true">'),
        [("mixed", "Thing", "readers", "text may stand between")],
    ),
    "an optional attribute more": (
        attributes(),
        attributes('<xs:attribute name="ref" type="xs:string"/>'),
        [("attribute-added", "Thing/@ref", "readers", "the optional attribute ref is new")],
    ),
    "a required attribute more": (
        attributes(),
        attributes('<xs:attribute name="ref" use="required"/>'),
        [("attribute-added", "Thing/@ref", "readers writers", "the required attribute ref is new")],
    ),
    "an attribute less": (
        attributes('<xs:attribute name="ref"/>'),
        attributes(),
        [("attribute-removed", "Thing/@ref", "writers", "the attribute ref is gone")],
    ),
    "an attribute that must be there": (
        attributes('<xs:attribute name="ref"/>'),
        attributes('<xs:attribute name="ref" use="required"/>'),
        [("attribute-use", "Thing/@ref", "writers", "it is required, was optional")],
    ),
    "an attribute's value": (
        attributes('<xs:attribute name="ref" type="xs:int"/>'),
        attributes('<xs:attribute name="ref" type="xs:long"/>'),
        [("value", "Thing/@ref", "readers", "xs:integer")],
    ),
    "an attribute's default": (
        attributes('<xs:attribute name="ref" default="1"/>'),
        attributes('<xs:attribute name="ref"/>'),
        [("default", "Thing/@ref", "", "its default is none, was '1'")],
    ),
    "other attributes": (
        attributes(),
        attributes('<xs:anyAttribute namespace="##other"/>'),
        [("attribute-wildcard", "Thing", "readers", "other attributes are allowed")],
    ),
    "fewer other attributes": (
        attributes('<xs:anyAttribute namespace="##any"/>'),
        attributes('<xs:anyAttribute namespace="##other"/>'),
        [("attribute-wildcard", "Thing", "writers", "otherwise restricted")],
    ),
    "an attribute that a wildcard let in": (
        attributes('<xs:anyAttribute namespace="##any" processContents="skip"/>'),
        attributes('<xs:attribute name="n" type="xs:int"/><xs:anyAttribute namespace="##any" processContents="skip"/>'),
        [("attribute-added", "Thing/@n", "readers writers", "the optional attribute n is new")],
    ),
    "other elements": (
        thing(seq(A)),
        thing(seq(A, '<xs:any namespace="##other" minOccurs="0" processContents="lax"/>')),
        [("wildcard", "Thing", "readers", "elements that the schema does not name are allowed")],
    ),
    "other elements of fewer namespaces": (
        thing(seq(A, '<xs:any namespace="##other" processContents="skip"/>')),
        thing(seq(A, '<xs:any namespace="urn:x" processContents="skip"/>')),
        [("order", "Thing", "writers", "<anything/> is no longer allowed")],
    ),
    "other elements held to their schemas": (
        thing(seq('<xs:any namespace="##other" processContents="skip"/>')),
        thing(seq('<xs:any namespace="##other" processContents="strict"/>')),
        [("wildcard-process", "Thing", "writers", "other elements are validated strict, were skip")],
    ),
    "xsi:nil": (
        of("xs:string"),
        thing(seq(el("a", 'type="xs:string" nillable="true"'))),
        [("nillable", "Thing/a", "readers", "it may say xsi:nil")],
    ),
    "a fixed value": (
        of("xs:string"),
        thing(seq(el("a", 'type="xs:string" fixed="x"'))),
        [("fixed", "Thing/a", "writers", "its only value is 'x', was none")],
    ),
    "a default of what may not be empty": (
        of("xs:int"),
        thing(seq(el("a", 'type="xs:int" default="1"'))),
        [("default", "Thing/a", "readers", "without a value it is '1', was none")],
    ),
    "another default": (
        thing(seq(el("a", 'type="xs:int" default="1"'))),
        thing(seq(el("a", 'type="xs:int" default="2"'))),
        [("default", "Thing/a", "", "without a value it is '2', was '1'")],
    ),
    "a key": (
        thing(seq(el("a", 'type="xs:string" maxOccurs="9"'))),
        thing(seq(el("a", 'type="xs:string" maxOccurs="9"'))).replace(
            'type="t:Thing"/>',
            'type="t:Thing"><xs:unique name="u"><xs:selector xpath="t:a"/><xs:field xpath="."/></xs:unique>'
            "</xs:element>",
        ),
        [("constraint", "Thing", "writers", "the unique over a and . is new")],
    ),
    "a root more": (
        thing(seq(A)),
        thing(seq(A), '<xs:element name="Other" type="xs:string"/>'),
        [("root-added", "Other", "readers", "the root element Other is new")],
    ),
    "a root less": (
        thing(seq(A), '<xs:element name="Other" type="xs:string"/>'),
        thing(seq(A)),
        [("root-removed", "Other", "writers", "the root element Other is gone")],
    ),
    "a type that nothing uses": (
        thing(seq(A)),
        thing(seq(A), '<xs:complexType name="Spare"/>'),
        [("type-added", "Spare", "", "to which no root leads, is new")],
    ),
    "a type's name": (
        thing(seq(el("a", 'type="t:One"')), f'<xs:complexType name="One">{seq(B)}</xs:complexType>'),
        thing(seq(el("a", 'type="t:Two"')), f'<xs:complexType name="Two">{seq(B)}</xs:complexType>'),
        [("type-name", "One", "", "its type is called Two, was called One")],
    ),
    "a type without a name": (
        thing(seq(el("a", 'type="t:One"')), f'<xs:complexType name="One">{seq(B)}</xs:complexType>'),
        thing(seq(el("a", "", f"<xs:complexType>{seq(B)}</xs:complexType>"))),
        [("type-name", "One", "", "its type is without a name, was called One")],
    ),
    "a group": (
        thing(seq(A, B)),
        thing(seq(A, '<xs:group ref="t:G"/>'), f'<xs:group name="G">{seq(B)}</xs:group>'),
        [],
    ),
    "a reference": (
        thing(seq(A), '<xs:element name="b" type="xs:string"/>'),
        thing(seq(A), '<xs:element name="b" type="xs:string"/>'),
        [],
    ),
    "a group of attributes": (
        attributes('<xs:attribute name="x"/>'),
        attributes('<xs:attributeGroup ref="t:G"/>')
        + '<xs:attributeGroup name="G"><xs:attribute name="x"/></xs:attributeGroup>',
        [],
    ),
    "an extension": (
        thing(seq(A, B)),
        thing(f'<xs:complexContent><xs:extension base="t:Base">{seq(B)}</xs:extension></xs:complexContent>', BASE),
        [],
    ),
    "a restriction": (
        thing(seq(A)),
        thing(
            f'<xs:complexContent><xs:restriction base="t:Wide">{seq(A)}</xs:restriction></xs:complexContent>',
            f'<xs:complexType name="Wide">{seq(A, optional("b"))}</xs:complexType>',
        ),
        [("type-added", "Wide", "", "no root leads")],
    ),
    "a type more for xsi:type": (
        OF_BASE + BASE,
        OF_BASE + BASE + DERIVED.format("More", B),
        [("derived-added", "Base", "readers", "xsi:type may name More")],
    ),
    "inside a type for xsi:type": (
        OF_BASE + BASE + DERIVED.format("More", B),
        OF_BASE + BASE + DERIVED.format("More", B + C),
        [("element-added", "More/c", "readers writers", "the required element c is new")],
    ),
    "xsi:type is needed": (
        OF_BASE + BASE + DERIVED.format("More", B),
        OF_BASE + BASE.replace('"Base"', '"Base" abstract="true"') + DERIVED.format("More", B),
        [("abstract", "Base", "writers", "it must name a type by xsi:type")],
    ),
    "a substitute more": (
        OF_HEAD + HEAD_ELEMENT + MEMBER.format("b"),
        OF_HEAD + HEAD_ELEMENT + MEMBER.format("b") + MEMBER.format("c"),
        [
            ("occurrence", "Thing/b", "readers", "at most once, was once"),
            ("element-added", "Thing/c", "readers", "the optional element c is new"),
            ("root-added", "c", "readers", "the root element c is new"),
        ],
    ),
    "anything": (
        thing(seq(el("a", 'type="xs:string"'))),
        thing(seq(el("a", 'type="xs:anyType"'))),
        [("kind", "Thing/a", "readers", "it may hold anything")],
    ),
    "words for people": (
        thing(seq(A)),
        thing(
            "<xs:annotation><xs:documentation>A thing.</xs:documentation></xs:annotation>"
            + seq(el("a", 'type="xs:string" id="x"', "<xs:annotation><xs:appinfo>x</xs:appinfo></xs:annotation>"))
        ),
        [],
    ),
}
SWAPPED = {"readers": "writers", "writers": "readers"}


def told(old: Path, new: Path) -> list[tuple[str, str, str, str]]:
    return [(one.kind, one.where, " ".join(sorted(one.breaks)), one.message) for one in diff.compare(old, new)]


@pytest.mark.parametrize("name", sorted(KINDS))
def test_it_is_told_with_what_it_breaks(tmp_path: Path, name: str) -> None:
    old, new, expected = KINDS[name]
    found = told(written(tmp_path, "old", old), written(tmp_path, "new", new))
    found = [one for one in found if one[0] != "grouping" or one[2] or expected]
    assert [one[:3] for one in found if one[2] or expected] == [one[:3] for one in expected], found
    for one, other in zip([one for one in found if one[2] or expected], expected, strict=True):
        assert other[3] in one[3]


@pytest.mark.parametrize("name", sorted(KINDS))
def test_the_other_way_round_readers_and_writers_change_places(tmp_path: Path, name: str) -> None:
    old, new, _ = KINDS[name]
    paths = written(tmp_path, "old", old), written(tmp_path, "new", new)
    there = {side for one in diff.compare(*paths) for side in one.breaks}
    back = {side for one in diff.compare(*reversed(paths)) for side in one.breaks}
    assert back == {SWAPPED[side] for side in there}


@pytest.mark.parametrize("name", sorted(KINDS))
def test_a_set_does_not_differ_from_itself(tmp_path: Path, name: str) -> None:
    for number, text in enumerate(KINDS[name][:2]):
        path = written(tmp_path, str(number), text)
        assert diff.compare(path, path) == []


# -- sets of files -----------------------------------------------------------------------------------------------------


def test_another_year_in_all_namespaces_is_one_difference(tmp_path: Path) -> None:
    for side, year in (("old", 2011), ("new", 2017)):
        for noun in ("One", "Two", "Three"):
            written(tmp_path / side, noun, thing(seq(A)), f"http://example.org/{year}/{noun}#")
    (one,) = diff.compare(tmp_path / "old", tmp_path / "new")
    assert (one.kind, sorted(one.breaks)) == ("namespace", ["readers", "writers"])
    assert one.message == "3 namespaces have 2017 where they had 2011, such as http://example.org/2011/One#"


def test_a_namespace_with_another_name_is_found_by_its_roots(tmp_path: Path) -> None:
    old, new = (
        written(tmp_path, "old", thing(seq(A)), "urn:a"),
        written(tmp_path, "new", thing(seq(A, B)), "http://b/c"),
    )
    assert [(one.kind, one.where) for one in diff.compare(old, new)] == [
        ("namespace", ""),
        ("element-added", "Thing/b"),
    ]


def test_elements_that_lose_their_namespace_are_one_difference(tmp_path: Path) -> None:
    old = written(
        tmp_path, "old", thing(seq(A, el("b", 'type="t:B"')), f'<xs:complexType name="B">{seq(C)}</xs:complexType>')
    )
    new = tmp_path / "new.xsd"
    new.write_text(old.read_text().replace('elementFormDefault="qualified"', ""))
    (one,) = diff.compare(old, new)
    assert (one.kind, one.message) == ("form", "its elements are in no namespace now, such as a, b")


def test_includes_and_imports_are_followed_and_do_not_show(tmp_path: Path) -> None:
    kind = f'<xs:complexType name="B">{seq(C)}</xs:complexType>'
    old = written(tmp_path, "old", thing(seq(el("b", 'type="t:B"')), kind))
    new = written(tmp_path, "new", '<xs:include schemaLocation="parts/B.xsd"/>' + thing(seq(el("b", 'type="t:B"'))))
    part = new.parent / "parts" / "B.xsd"
    part.parent.mkdir()
    part.write_text(HEAD.format(ns="urn:t", body=kind))
    assert diff.compare(old, new) == []
    assert diff.compare(old, new.parent) == []
    part.write_text(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified">' + kind + "</xs:schema>"
    )
    assert diff.compare(old, new.parent) == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (thing(seq(el("a", 'type="t:Nothing"'))), "T.xsd:3: t:Nothing is declared in none of the schemas"),
        ('<xs:redefine schemaLocation="T.xsd"/>', "xs:redefine"),
        ('<xs:include schemaLocation="none.xsd"/>', "none.xsd is not there"),
        ("<xs:element", "T.xsd"),
    ],
)
def test_a_set_that_is_not_whole_is_an_error_with_its_place(tmp_path: Path, body: str, words: str) -> None:
    old, new = written(tmp_path, "old", thing(seq(A))), written(tmp_path, "new", body)
    with pytest.raises(GeneratorError, match=re.escape(words)):
        diff.compare(old, new)


def test_two_files_that_declare_one_name_differently_are_an_error(tmp_path: Path) -> None:
    written(tmp_path / "old", "one", thing(seq(A)))
    written(tmp_path / "old", "two", thing(seq(B)))
    with pytest.raises(GeneratorError, match=r"Thing is declared otherwise in one/T\.xsd:3"):
        diff.compare(tmp_path / "old", tmp_path / "old")


def test_a_type_that_many_elements_have_is_told_once_with_its_places(tmp_path: Path) -> None:
    body = thing(seq(el("x", 'type="t:B"'), el("y", 'type="t:B"')), '<xs:complexType name="B">{}</xs:complexType>')
    old, new = (
        written(tmp_path, "old", body.format(seq(A))),
        written(tmp_path, "new", body.format(seq(A, optional("b")))),
    )
    (one,) = diff.compare(old, new)
    assert one.places == ["/Thing/x/b", "/Thing/y/b"]


def test_types_that_hold_themselves_come_to_an_end(tmp_path: Path) -> None:
    body = thing(seq(el("Thing", 'type="t:Thing" minOccurs="0"'), optional("a"), "{}"))
    old, new = written(tmp_path, "old", body.format("")), written(tmp_path, "new", body.format(optional("b")))
    assert [one.where for one in diff.compare(old, new)] == ["Thing/b"]
