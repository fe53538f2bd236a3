"""Simple types of users' own schemas, from the schema to documents: what they become, hold and refuse.

Random simple types are generated, filled, damaged and read; xmlschema says which documents are valid. What single types
take is held to libxml2 and xmlschema in ``tests/xml/test_xml_simple.py``.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints
from xml.sax.saxutils import escape, quoteattr

import pytest
import xmlschema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.verbs.support import says_nothing, tree

from iec61968_9 import DecodeError, EncodeError, Report, SchemaError, from_xml, to_xml, validate
from iec61968_9.testing import instances
from iec61968_9.xml.duration import Duration
from iec61968_9.xml.gregorian import GDay, GMonth, GMonthDay, GYear, GYearMonth
from iec61968_9_generator.errors import GeneratorError
from iec61968_9_generator.simple_types import BUILTINS

if TYPE_CHECKING:
    from tests.generator.conftest import Project

NS = "urn:test:Thing"


def simple(name: str, content: str) -> str:
    """A named simple type."""
    return f'<xs:simpleType name="{name}">{content}</xs:simpleType>'


def restriction(base: str, **facets: str | int | tuple[str, ...]) -> str:
    """A restriction; a facet that may stand more than once has a tuple."""
    inner = "".join(
        f"<xs:{name} value={quoteattr(str(value))}/>"
        for name, values in facets.items()
        for value in (values if isinstance(values, tuple) else (values,))
    )
    return f'<xs:restriction base="{base}">{inner}</xs:restriction>'


def thing(project: Project, *types: str, kind: str = "t:X", more: str = "") -> Any:
    """A package whose ``Thing`` has an element ``x`` and an attribute ``a`` of one type."""
    project.thing(
        f'<xs:sequence><xs:element name="x" type="{kind}" minOccurs="0"/>{more}</xs:sequence>'
        f'<xs:attribute name="a" type="{kind}"/>',
        "".join(types),
    )
    package = project.package()
    package.register()
    return package.profile("thing")


def document(x: str | None = None, a: str | None = None) -> str:
    """A document with a text in the element, in the attribute, or in both."""
    attribute = "" if a is None else f" a={quoteattr(a)}"
    element = "" if x is None else f"<x>{escape(x, {chr(13): '&#13;'})}</x>"
    return f'<Thing xmlns="{NS}"{attribute}>{element}</Thing>'


def strange(project: Project) -> Any:
    """The schema, as xmlschema reads it."""
    return xmlschema.XMLSchema10((project.schemas / "Thing.xsd").read_text(encoding="utf-8"))


# -- what they become --------------------------------------------------------------------------------------------------

PYTHON: dict[str, tuple[Any, str, Any]] = {
    "anySimpleType": (str, " a ", " a "),
    "anyURI": (str, " urn:a ", "urn:a"),
    "base64Binary": (bytes, "AP 8=", b"\x00\xff"),
    "boolean": (bool, "1", True),
    "byte": (int, "-128", -128),
    "date": (datetime.date, "2026-03-02", datetime.date(2026, 3, 2)),
    "dateTime": (datetime.datetime, "2026-03-02T08:00:00", datetime.datetime(2026, 3, 2, 8)),
    "decimal": (Decimal, "1.50", Decimal("1.50")),
    "double": (float, "1.5E300", 1.5e300),
    "duration": (Duration, "P1M", Duration(months=1)),
    "float": (float, "0.1", 0.1),
    "gDay": (GDay, "---31", GDay(31)),
    "gMonth": (GMonth, "--12Z", GMonth(12, datetime.UTC)),
    "gMonthDay": (GMonthDay, "--02-29", GMonthDay(2, 29)),
    "gYear": (GYear, "-0044", GYear(-44)),
    "gYearMonth": (GYearMonth, "2026-03", GYearMonth(2026, 3)),
    "hexBinary": (bytes, "00fF", b"\x00\xff"),
    "int": (int, "2147483647", 2147483647),
    "integer": (int, "9" * 40, int("9" * 40)),
    "language": (str, "en-GB", "en-GB"),
    "long": (int, "-9223372036854775808", -(2**63)),
    "Name": (str, "a:b", "a:b"),
    "NCName": (str, "a.b", "a.b"),
    "negativeInteger": (int, "-1", -1),
    "NMTOKEN": (str, " 1a\n", "1a"),
    "NMTOKENS": (list[str], " a \n b", ["a", "b"]),
    "nonNegativeInteger": (int, "0", 0),
    "nonPositiveInteger": (int, "-0", 0),
    "normalizedString": (str, " a\tb", " a b"),
    "positiveInteger": (int, "+7", 7),
    "short": (int, "-32768", -32768),
    "string": (str, " a\tb ", " a\tb "),
    "time": (datetime.time, "24:00:00", datetime.time(0)),
    "token": (str, " a \n b ", "a b"),
    "unsignedByte": (int, "255", 255),
    "unsignedInt": (int, "4294967295", 2**32 - 1),
    "unsignedLong": (int, "18446744073709551615", 2**64 - 1),
    "unsignedShort": (int, "00065535", 65535),
}
"""For each built-in its Python type, a text, and what that means. Names with a prefix and IDs have their own tests."""


def test_every_built_in_is_in_the_table() -> None:
    assert PYTHON.keys() | {"QName", "ID", "IDREF", "IDREFS"} == BUILTINS


@pytest.mark.parametrize("name", PYTHON)
def test_a_built_in_is_a_python_type(project: Project, name: str) -> None:
    """In elements and attributes alike, by the type checkers' lights and in the objects."""
    python, text, value = PYTHON[name]
    module = thing(project, kind=f"xs:{name}")
    hints = get_type_hints(module.Thing)
    assert (hints["x"], hints["a"]) == (python | None, python | None)
    found: Any = from_xml(document(text, text))
    assert (found.x, found.a) == (value, value)
    assert isinstance(found.x, get_origin(python) or python)
    again = to_xml(found)
    assert strange(project).is_valid(again.decode().partition("?>")[2])
    assert from_xml(again) == found


@pytest.mark.parametrize("name", PYTHON)
def test_values_of_every_built_in_come_back_as_they_went(project: Project, name: str) -> None:
    module = thing(project, kind=f"xs:{name}")
    theirs = strange(project)

    @settings(max_examples=25)
    @given(instances(module.Thing))
    def there_and_back(value: Any) -> None:
        written = to_xml(value, xml_declaration=False).decode()
        assert from_xml(written) == value
        if not re.search("INF|NaN|-?[0-9]{5,}-|[\x85\xa0\u2028]|e[+-]?[0-9]{3}", written):  # where xmlschema differs
            assert theirs.is_valid(written), written

    there_and_back()


def test_texts_with_a_closed_list_are_enumerations(project: Project) -> None:
    """Whatever kind of text; one that narrows another keeps what holds its own facets."""
    module = thing(
        project,
        simple("X", restriction("xs:token", enumeration=("red", " light  red ", "blue"))),
        simple("Reddish", restriction("t:X", pattern=".*red")),
        simple("Short", restriction("t:Reddish", enumeration="red")),
    )
    assert [str(one) for one in module.X] == ["red", "light red", "blue"]
    assert [one.name for one in module.Reddish] == ["RED", "LIGHT_RED"]
    assert [one.name for one in module.Short] == ["RED"]
    found: Any = from_xml(document(" light\nred ", "blue"))
    assert (found.x, found.a) == (module.X.LIGHT_RED, module.X.BLUE)
    assert from_xml(to_xml(found)) == found


def test_other_closed_lists_keep_their_type(project: Project) -> None:
    """A number is a number; that it is one of three stands in the docstring and is held on writing."""
    module = thing(project, simple("X", restriction("xs:decimal", enumeration=("1", "2.50", "3"))))
    assert get_type_hints(module.Thing)["x"] == Decimal | None
    assert "Held to: one of 1, 2.50, 3." in project.emit()["profiles/thing.py"]
    assert from_xml(document("2.5")) == module.Thing(x=Decimal("2.5"))
    with pytest.raises(EncodeError, match=r"expected one of 1, 2\.50, 3, got '4' \(at /Thing/x\)"):
        to_xml(module.Thing(x=Decimal(4)))


def test_facets_of_all_steps_add_up(project: Project) -> None:
    """And are said in words where the type is named."""
    module = thing(
        project,
        simple("Y", restriction("xs:token", pattern="[A-Z]+[0-9]*", maxLength=6)),
        simple("X", restriction("t:Y", pattern=(".*[13579]", ".*0"), minLength=2)),
    )
    text = project.emit()["profiles/thing.py"]
    assert "X: TypeAlias = Y" in text
    assert "Held to: of the form [A-Z]+[0-9]*; at most 6 characters; of the form .*[13579] or .*0; at least 2" in text
    for good in ("A1", "ABCDE0"):
        assert from_xml(to_xml(module.Thing(x=good))) == module.Thing(x=good)
    for bad, asked in {
        "ABCDEF1": "at most 6 characters",
        "A2": "of the form .*[13579] or .*0",
        "1": "of the form [A-Z]+[0-9]*",
    }.items():
        with pytest.raises(EncodeError) as caught:
            to_xml(module.Thing(x=bad))
        assert asked in str(caught.value.expected)
        assert (caught.value.path, caught.value.got) == ("/Thing/x", repr(bad))
        assert validate(document(bad))


def test_lists_and_unions_are_typed(project: Project) -> None:
    """A list of any simple type, a union of any, and what they are made of without a name."""
    module = thing(
        project,
        simple("Level", restriction("xs:int", minInclusive=0, maxInclusive=9)),
        simple("Levels", '<xs:list itemType="t:Level"/>'),
        simple("Mode", restriction("xs:string", enumeration=("on", "off"))),
        simple(
            "X",
            '<xs:union memberTypes="t:Level t:Mode t:Levels">'
            f"<xs:simpleType>{restriction('xs:NMTOKEN', enumeration=('auto', 'none'))}</xs:simpleType>"
            f"<xs:simpleType>{restriction('xs:dateTime', pattern='.*Z')}</xs:simpleType></xs:union>",
        ),
    )
    assert set(get_args(get_type_hints(module.Thing)["x"])) == {
        int,
        module.Mode,
        list[int],
        module.XLiteral,
        datetime.datetime,
        type(None),
    }
    values = {
        "7": 7,
        "off": module.Mode.OFF,
        " 7 9 ": [7, 9],
        "": [],
        " auto ": module.XLiteral.AUTO,
        "2026-03-02T08:00:00Z": datetime.datetime(2026, 3, 2, 8, tzinfo=datetime.UTC),
    }
    for text, value in values.items():
        found: Any = from_xml(document(text, text))
        assert (found.x, type(found.x), found.a) == (value, type(value), value)
        assert from_xml(to_xml(found)) == found
    for bad in (10, [10], "maybe", datetime.datetime(2026, 3, 2, 8)):
        with pytest.raises(EncodeError, match=r"/Thing/x"):
            to_xml(module.Thing(x=bad))
    assert validate(document("10")) and validate(document("maybe"))  # noqa: PT018  # the same


def test_a_list_may_be_empty_in_a_choice(project: Project) -> None:
    """It is a branch that is there, and not the absence of one."""
    project.thing(
        '<xs:choice><xs:element name="x"><xs:simpleType><xs:list itemType="xs:int"/></xs:simpleType></xs:element>'
        '<xs:element name="y" type="xs:int"/></xs:choice>'
    )
    found: Any = project.round_trip(document(""))
    assert (found.x, found.y) == ([], None)
    found.y = 1
    with pytest.raises(EncodeError, match="a choice is not made once"):
        to_xml(found)


def test_lists_repeat(project: Project) -> None:
    """A repeated element of a list type is a list of lists."""
    project.thing('<xs:sequence><xs:element name="x" type="xs:NMTOKENS" maxOccurs="unbounded"/></xs:sequence>')
    found: Any = project.round_trip(f'<Thing xmlns="{NS}"><x>a b</x><x>c</x></Thing>')
    assert found.x == [["a", "b"], ["c"]]


def test_a_text_with_attributes_is_of_any_simple_type(project: Project) -> None:
    """Value and attributes are held to their facets alike."""
    project.thing(
        '<xs:sequence><xs:element name="x" type="t:Amount"/></xs:sequence>',
        simple(
            "Few", f"<xs:list><xs:simpleType>{restriction('xs:decimal', fractionDigits=1)}</xs:simpleType></xs:list>"
        )
        + '<xs:complexType name="Amount"><xs:simpleContent><xs:extension base="t:Few">'
        '<xs:attribute name="unit" type="t:Unit" use="required"/></xs:extension></xs:simpleContent></xs:complexType>'
        + simple("Unit", restriction("xs:token", pattern="k?W")),
    )
    found: Any = project.round_trip(f'<Thing xmlns="{NS}"><x unit="kW">1.5 2</x></Thing>')
    assert (found.x.value, found.x.unit) == ([Decimal("1.5"), Decimal(2)], "kW")
    found.x.value = [Decimal("1.25")]
    with pytest.raises(EncodeError, match="at most 1 digits behind the point"):
        to_xml(found)
    found.x.value, found.x.unit = [], "MW"
    with pytest.raises(EncodeError, match=r"of the form k\?W, got 'MW'"):
        to_xml(found)


@pytest.mark.parametrize("base", ["xs:string", "xs:token"])
def test_a_text_with_attributes_may_be_a_literal(project: Project, base: str) -> None:
    """Known ones are members of enumerations; others are refused, or kept as they are and reported with their place."""
    project.thing(
        '<xs:sequence><xs:element name="x" type="t:Amount"/></xs:sequence>',
        simple("Unit", restriction(base, enumeration=("kWh", "V")))
        + simple("Kind", restriction(base, enumeration=("sum", "mean")))
        + '<xs:complexType name="Amount"><xs:simpleContent><xs:extension base="t:Unit">'
        '<xs:attribute name="kind" type="t:Kind"/></xs:extension></xs:simpleContent></xs:complexType>',
    )
    found: Any = project.round_trip(f'<Thing xmlns="{NS}"><x kind="mean">V</x></Thing>')
    assert (type(found.x.value).__name__, found.x.value) == ("Unit", "V")
    assert (type(found.x.kind).__name__, found.x.kind) == ("Kind", "mean")
    odd = f'<Thing xmlns="{NS}"><x kind="median">A</x></Thing>'
    with pytest.raises(SchemaError):
        from_xml(odd)
    report = Report()
    found = from_xml(odd, mode="lenient", report=report)
    assert (found.x.value, found.x.kind) == ("A", "median")
    assert sorted((one.kind, one.path, one.source) for one in report) == [
        ("unknown-literal", "/Thing/x", "'A'"),
        ("unknown-literal", "/Thing/x/@kind", "'median'"),
    ]
    assert from_xml(to_xml(found, mode="lenient"), mode="lenient") == found
    with pytest.raises(EncodeError):
        to_xml(found)


@pytest.mark.parametrize("kind", ["dateTime", "date", "time", "gYear", "duration"])
def test_white_space_around_a_time_is_legal_in_an_attribute_too(project: Project, kind: str) -> None:
    """libxml2 refuses it, and another fault beside it is told alone."""
    text = {
        "dateTime": "2026-03-02T08:00:00Z",
        "date": "2026-03-02",
        "time": "08:00:00",
        "gYear": "2026",
        "duration": "P1D",
    }[kind]
    project.thing(
        '<xs:sequence><xs:element name="x" type="xs:int"/></xs:sequence>'
        f'<xs:attribute name="a" type="xs:{kind}"/><xs:attribute name="b" type="xs:int"/>'
    )
    project.package().register()
    plain = f'<Thing xmlns="{NS}" a="{text}"><x>1</x></Thing>'
    spaced = plain.replace(text, f" {text}\n")
    assert from_xml(spaced) == from_xml(plain)
    assert validate(spaced) == []
    (issue,) = validate(spaced.replace("<x>1", "<x>one"))
    assert issue.path == "/Thing/x"


def test_fixed_and_default_attributes_are_documented_and_never_invented(project: Project) -> None:
    """What is absent is None, and another value than the fixed one is written by nobody."""
    project.thing(
        '<xs:attribute name="version" type="xs:decimal" fixed="2.0"/>'
        '<xs:attribute name="mode" type="xs:token" default="auto"/>'
    )
    package = project.package()
    package.register()
    text = package.texts["profiles/thing.py"]
    assert "Always ``2.0``, which absent means too." in text
    assert "Absent means ``auto``." in text
    kind: Any = package.profile("thing").Thing
    empty = f'<Thing xmlns="{NS}"/>'
    assert from_xml(empty) == kind() == from_xml(empty, mode="lenient")
    assert from_xml(f'<Thing xmlns="{NS}" version="2.00"/>') == kind(version=Decimal("2.00"))
    assert from_xml(to_xml(kind(version=Decimal(2)))) == kind(version=Decimal(2))
    with pytest.raises(EncodeError, match=r"expected one of 2\.0, got '2\.1'"):
        to_xml(kind(version=Decimal("2.1")))
    with pytest.raises(SchemaError):
        from_xml(f'<Thing xmlns="{NS}" version="2.1"/>')


# -- lenient, secrets, names -------------------------------------------------------------------------------------------


def test_lenient_reading_keeps_a_value_that_breaks_a_facet_and_reports_it(project: Project) -> None:
    """What cannot be read at all is kept as it was."""
    module = thing(
        project,
        simple("X", restriction("xs:int", maxInclusive=9)),
        more='<xs:element name="y" type="xs:gYear" minOccurs="0"/>',
    )
    report = Report()
    odd = document("10", "12").replace("</Thing>", "<y>26</y></Thing>")
    found: Any = from_xml(odd, mode="lenient", report=report)
    assert (found.x, found.a, found.y) == (10, 12, None)
    assert [(one.kind, one.path) for one in report] == [
        ("broken-facet", "/Thing/@a"),
        ("broken-facet", "/Thing/x"),
        ("unreadable-value", "/Thing/y"),
    ]
    written = to_xml(found, mode="lenient").decode()
    assert ("<x>10</x>" in written, 'a="12"' in written, ">26</y>" in written) == (True, True, True)
    with pytest.raises(EncodeError):
        to_xml(module.Thing(x=10))


def test_a_secret_is_not_shown_where_it_breaks_a_facet(project: Project) -> None:
    """Neither when it is read nor when it is written."""
    project.file(
        "glossary.toml",
        '[types]\n"Thing/Thing" = "A thing."\n"Thing/X" = "A number."\n[members]\n'
        '"Thing/Thing.x" = { text = "A card.", secret = true }\n"Thing/Thing.a" = "No secret."\n',
    )
    module = thing(project, simple("X", restriction("xs:string", pattern="[0-9]{4}")))
    report = Report()
    from_xml(document("hunter2"), mode="lenient", report=report)
    for failing in (lambda: to_xml(module.Thing(x="hunter2")), lambda: from_xml(document("hunter2"))):
        with pytest.raises((EncodeError, DecodeError)) as caught:
            failing()
        assert "hunter2" not in str(caught.value)
    assert "hunter2" not in str(report) + repr(report)
    assert len(report) == 1


def test_a_second_enumeration_inside_a_union_needs_a_name(project: Project) -> None:
    """Nothing is numbered; the message says which entry to write."""
    parts = "".join(f"<xs:simpleType>{restriction('xs:string', enumeration=one)}</xs:simpleType>" for one in "ab")
    project.thing(
        '<xs:sequence><xs:element name="x" type="t:X"/></xs:sequence>', simple("X", f"<xs:union>{parts}</xs:union>")
    )
    with pytest.raises(GeneratorError, match=r"Thing/X/literal\+another.*names\.toml"):
        project.emit()
    project.file("names.toml", '[classes]\n"Thing/X/literal+another" = "OtherX"\n')
    found: Any = project.round_trip(document("b"))
    assert type(found.x).__name__ == "OtherX"


def test_a_type_may_have_the_name_of_a_value_type_until_both_are_needed(project: Project) -> None:
    """Then the user is asked to name it."""
    duration = simple("Duration", restriction("xs:string", maxLength=3))
    project.thing('<xs:sequence><xs:element name="x" type="t:Duration"/></xs:sequence>', duration)
    project.round_trip(document("abc"))
    project.thing(
        '<xs:sequence><xs:element name="x" type="t:Duration"/></xs:sequence>'
        '<xs:attribute name="a" type="xs:duration"/>',
        duration,
    )
    with pytest.raises(GeneratorError, match=r'"Thing/Duration" another name in names\.toml'):
        project.emit()


def test_a_type_that_is_made_of_itself_is_an_error(project: Project) -> None:
    """Of the schema's, not of the generator's stack."""
    project.thing(
        '<xs:sequence><xs:element name="x" type="t:X"/></xs:sequence>',
        simple("X", restriction("t:Y", maxLength=1)) + simple("Y", restriction("t:X", maxLength=2)),
    )
    with pytest.raises(GeneratorError, match=r"Thing\.xsd:\d+: .*(itself|circular)"):
        project.emit()


# -- random types ------------------------------------------------------------------------------------------------------

ORDERED: dict[str, st.SearchStrategy[tuple[str, str]]] = {
    name: st.lists(values, min_size=2, max_size=2).map(lambda two: (str(min(two)), str(max(two))))  # type: ignore[type-var]
    for name, values in {
        "xs:int": st.integers(-100, 100),
        "xs:unsignedByte": st.integers(0, 255),
        "xs:decimal": st.decimals(-100, 100, places=1),
        "xs:date": st.dates(datetime.date(1990, 1, 1), datetime.date(2040, 1, 1)),
        "xs:double": st.integers(-1000, 1000),
    }.items()
}
PATTERNS = ("[a-c]{1,3}", r"\p{Lu}\d?", "(x|yy)*z?", r"[^\s]+", "[0-9a-z-[aeiou]]{2,}")


@st.composite
def simple_types(draw: st.DrawFn, depth: int = 2) -> str:
    """The content of a simple type: facets over a built-in, a list, or a union."""
    kinds = ["bounds", "length", "pattern", "literals", "digits", *(["list", "union"] if depth else [])]
    kind = draw(st.sampled_from(kinds))
    match kind:
        case "bounds":
            base = draw(st.sampled_from(sorted(ORDERED)))
            low, high = draw(ORDERED[base])
            return restriction(base, minInclusive=low, maxInclusive=high)
        case "length":
            base = draw(st.sampled_from(["xs:string", "xs:token", "xs:hexBinary", "xs:base64Binary", "xs:NMTOKENS"]))
            least = draw(st.integers(1, 4))
            return restriction(base, minLength=least, maxLength=least + draw(st.integers(0, 3)))
        case "pattern":
            base = draw(st.sampled_from(["xs:string", "xs:normalizedString", "xs:token"]))
            return restriction(base, pattern=tuple(draw(st.lists(st.sampled_from(PATTERNS), min_size=1, max_size=2))))
        case "literals":
            base = draw(st.sampled_from(["xs:string", "xs:NMTOKEN", "xs:byte", "xs:gYear"]))
            literals = ("2000", "1999") if base == "xs:gYear" else ("1", "7") if base == "xs:byte" else ("red", "Blue")
            return restriction(base, enumeration=literals)
        case "digits":
            return restriction(
                "xs:decimal", totalDigits=draw(st.integers(2, 6)), fractionDigits=draw(st.integers(0, 2))
            )
        case "list":
            inner = draw(simple_types(depth=depth - 1).filter(is_no_list))
            return f"<xs:list><xs:simpleType>{inner}</xs:simpleType></xs:list>"
        case _:
            members = draw(st.lists(simple_types(depth=depth - 1).filter(is_apart), min_size=1, max_size=3))
            return f"<xs:union>{''.join(f'<xs:simpleType>{one}</xs:simpleType>' for one in members)}</xs:union>"


def is_no_list(text: str) -> bool:
    """Whether a list may hold a type."""
    return "xs:list" not in text and "NMTOKENS" not in text


def is_apart(text: str) -> bool:
    """Whether a union may hold a type without that people have to name a second enumeration."""
    return "red" not in text


NOISE = st.sampled_from(list("019-.,abcxzRED"))
"""No white space, which xmlschema overlooks inside decimals."""


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.data())
def test_random_types_take_and_write_what_xmlschema_takes(
    new_project: Callable[[], AbstractContextManager[Project]], data: st.DataObject
) -> None:
    """Objects come back from valid documents, and a damaged document is read if and only if it is valid."""
    types = data.draw(st.lists(simple_types(), min_size=4, max_size=8))
    with new_project() as project:
        members = "".join(f'<xs:element name="x{n}" type="t:X{n}" minOccurs="0"/>' for n in range(len(types)))
        attributes = "".join(f'<xs:attribute name="a{n}" type="t:X{n}"/>' for n in range(len(types)))
        project.thing(
            f"<xs:sequence>{members}</xs:sequence>{attributes}",
            "".join(simple(f"X{n}", content) for n, content in enumerate(types)),
        )
        package = project.package()
        package.register()
        theirs = strange(project)
        objects = instances(package.profile("thing").Thing)
        for _ in range(8):
            value = data.draw(objects)
            written = to_xml(value, xml_declaration=False).decode()
            assert from_xml(written) == value
            assert from_xml(written, mode="lenient") == value or says_nothing(tree(written))
            if re.search("[\x7f-\xff\u2028\ufeff]", written):  # what xmlschema takes for a space
                continue
            assert theirs.is_valid(written), written
            damaged = damage(data, written)
            assert is_read(damaged) == theirs.is_valid(damaged), damaged


def damage(data: st.DataObject, written: str) -> str:
    """The document with a character of one value replaced, left out or put in."""
    places = [match.span(1) for match in re.finditer(r'(?:>|\ba\d="|<x\d>)([^<>"&]+)(?=[<"])', written)]
    if not places:
        return written
    start, end = data.draw(st.sampled_from(places))
    at = data.draw(st.integers(start, end))
    return written[:at] + data.draw(NOISE | st.just("")) + written[min(at + data.draw(st.integers(0, 1)), end) :]


def is_read(text: str) -> bool:
    """Whether strict reading takes a document."""
    try:
        from_xml(text)
    except DecodeError:
        return False
    return True


def test_errors_in_attributes_and_texts_say_in_which_element(project: Project) -> None:
    """Which is not open yet when they are written."""
    project.thing(
        '<xs:sequence><xs:element name="x" type="t:Amount" maxOccurs="unbounded"/></xs:sequence>'
        '<xs:attribute name="a" type="xs:byte"/>',
        '<xs:complexType name="Amount"><xs:simpleContent><xs:extension base="xs:byte">'
        '<xs:attribute name="unit" type="xs:NMTOKEN"/></xs:extension></xs:simpleContent></xs:complexType>',
    )
    found: Any = project.round_trip(f'<Thing xmlns="{NS}" a="1"><x unit="kW">1</x><x unit="kW">2</x></Thing>')
    for change, path in (
        ({"a": 300}, "/Thing/@a"),
        ({"x": [found.x[0], replace(found.x[1], unit="k W")]}, "/Thing/x[2]/@unit"),
        ({"x": [found.x[0], replace(found.x[1], value=128)]}, "/Thing/x[2]"),
    ):
        with pytest.raises(EncodeError) as caught:
            to_xml(replace(found, **change))
        assert caught.value.path == path
