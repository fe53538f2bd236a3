"""The index, and the packages that load profiles when they are named."""

from __future__ import annotations

import importlib
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from iec61968_9 import from_xml, iter_xml, to_xml
from iec61968_9.xml.codec import Profile
from iec61968_9_generator.errors import GeneratorError

if TYPE_CHECKING:
    from tests.generator.conftest import Project

ROOT = '<xs:element name="{0}" type="t:{0}"/><xs:complexType name="{0}"><xs:sequence>{1}</xs:sequence></xs:complexType>'
TEXT = '<xs:element name="a" type="xs:string"/>'


def test_the_index_says_what_each_profile_is(acme: Project) -> None:
    """In the manifest's order, with roots and the items that can be streamed."""
    found = importlib.import_module(f"{acme.package().name}._codecs.index").PROFILES
    wrapper, orders, deliveries, query = found
    assert orders == Profile(
        noun="Orders",
        role="payload",
        namespace="urn:acme:orders",
        module="orders",
        roots=("Orders",),
        items=("Order",),
        status="schema-backed",
        confidence="high",
        asks_for=None,
        secrets=("cardNumber",),
    )
    assert (wrapper.module, wrapper.roots, wrapper.items) == ("envelope", ("Ask", "Wrapper"), ())
    assert (deliveries.status, deliveries.confidence) == ("derived", "low")
    assert (query.role, query.asks_for) == ("query", "Orders")


def test_the_package_names_every_message_and_loads_none(acme: Project) -> None:
    """Until it is asked for one, and then only its module."""
    name = acme.package().name
    program = (
        f"import sys, {name}.profiles as p\n"
        f"def loaded(): return sorted(m for m in sys.modules if m.startswith('{name}.profiles.'))\n"
        "print(p.__all__, sorted(set(dir(p)) & set(p.__all__)) == p.__all__, loaded())\n"
        "print(p.GetOrders.__name__, loaded())\n"
        "try: p.Nothing\n"
        "except AttributeError as error: print(error)\n"
    )
    output = subprocess.run(
        [sys.executable, "-c", program], cwd=acme.out, check=True, capture_output=True, text=True
    ).stdout.splitlines()
    assert output == [
        "['Ask', 'Deliveries', 'GetOrders', 'Orders', 'Wrapper'] True []",
        f"GetOrders ['{name}.profiles.get_orders']",
        f"module '{name}.profiles' has no attribute 'Nothing'",
    ]


def test_a_profile_with_many_roots_and_items_is_listed_whole(project: Project) -> None:
    """However long the line would be."""
    names = [f"AnElementWithQuiteALongName{number}" for number in range(9)]
    items = "".join(f'<xs:element name="{name}" type="t:Leaf" maxOccurs="unbounded"/>' for name in names)
    project.schema("Many", ROOT.format("Many", items) + '<xs:complexType name="Leaf"/>')
    package = project.package()
    (profile,) = importlib.import_module(f"{package.name}._codecs.index").PROFILES
    assert profile.items == tuple(names)
    assert max(len(line) for line in package.texts["_codecs/index.py"].splitlines()) <= 120


@pytest.mark.parametrize("namespace", ["urn:it's", "urn:a?b=%22c%22", "http://example.test/%C3%A4#"])
def test_a_namespace_may_be_any_that_a_schema_may_have(project: Project, namespace: str) -> None:
    """Its characters mean nothing to Python."""
    project.file(
        "Thing.xsd",
        f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="{namespace}" targetNamespace="{namespace}" '
        f'elementFormDefault="qualified">{ROOT.format("Thing", TEXT)}</xs:schema>',
    )
    project.round_trip(f'<Thing xmlns="{namespace}"><a>1</a></Thing>')


@pytest.mark.parametrize("noun", ["Index", "index", "Class", "my-schema", "v1.2", "2013", "Import"])
def test_a_schema_whose_name_is_none_for_a_module_works_or_is_refused(project: Project, noun: str) -> None:
    """A name that Python or the package needs for itself takes nothing's place."""
    project.schema(noun, ROOT.format("Thing", TEXT))
    try:
        project.emit()
    except GeneratorError as error:
        assert noun in str(error)  # noqa: PT017  # both ways are right
    else:
        project.round_trip(f'<Thing xmlns="urn:test:{noun}"><a>1</a></Thing>')


@pytest.mark.parametrize(
    "manifest",
    [
        pytest.param(["One/envelope", "Two/envelope"], id="two envelopes"),
        pytest.param(["One/envelope", "Envelope/payload"], id="a payload called envelope"),
        pytest.param(["MeterID/payload", "MeterId/payload"], id="nouns that differ by case"),
    ],
)
def test_schemas_that_would_share_a_module_are_refused(project: Project, manifest: list[str]) -> None:
    """Neither overwrites the other."""
    text = ""
    for number, one in enumerate(manifest):
        noun, role = one.split("/")
        project.schema(noun, ROOT.format(f"Root{number}", TEXT))
        text += f'[[schema]]\nnoun = "{noun}"\nfile = "{noun}.xsd"\nrole = "{role}"\n'
    project.file("manifest.toml", text)
    with pytest.raises(GeneratorError) as caught:
        project.emit()
    assert [one for one in manifest if one.split("/")[0] not in str(caught.value)] == []


@pytest.mark.parametrize("named_first", [False, True])
def test_a_root_named_like_its_module_works_or_is_refused(project: Project, named_first: bool) -> None:
    """As in schemas whose elements are written small: the class never takes the module's place."""
    project.schema("order", ROOT.format("order", TEXT))
    try:
        package = project.package()
    except GeneratorError as error:
        assert "names.toml" in str(error)  # noqa: PT017  # both ways are right
        project.file("names.toml", '[classes]\n"order/order" = "Order"\n')
        package = project.package()
    if named_first:
        (name,) = importlib.import_module(f"{package.name}.profiles").__all__
        assert isinstance(getattr(importlib.import_module(f"{package.name}.profiles"), name), type)
    package.register()
    found = from_xml('<order xmlns="urn:test:order"><a>1</a></order>')
    assert type(found).__module__ == f"{package.name}.profiles.order"
    assert from_xml(to_xml(found)) == found


def test_two_profiles_may_have_roots_of_one_name(project: Project) -> None:
    """The namespace tells them apart, as in two editions of one schema."""
    for noun in ("First", "Second"):
        project.schema(noun, ROOT.format("Thing", TEXT))
    package = project.package()
    package.register()
    for noun in ("First", "Second"):
        found = from_xml(f'<Thing xmlns="urn:test:{noun}"><a>1</a></Thing>')
        assert type(found) is package.profile(noun.lower()).Thing


def test_items_of_two_roots_may_have_one_name_only_if_they_can_be_streamed_right(project: Project) -> None:
    """An item's name alone says how it is read."""
    project.schema(
        "Two",
        ROOT.format("A", '<xs:element name="item" type="t:X" maxOccurs="unbounded"/>')
        + ROOT.format("B", '<xs:element name="item" type="t:Y" maxOccurs="unbounded"/>')
        + '<xs:complexType name="X"><xs:attribute name="x"/></xs:complexType>'
        + '<xs:complexType name="Y"><xs:attribute name="y"/></xs:complexType>',
    )
    try:
        package = project.package()
    except GeneratorError as error:
        assert "item" in str(error)  # noqa: PT017  # both ways are right
    else:
        package.register()
        for root, attribute in (("A", "x"), ("B", "y")):
            text = f'<{root} xmlns="urn:test:Two"><item {attribute}="1"/></{root}>'
            with iter_xml(text, "item") as stream:
                assert [getattr(one, attribute, None) for one in stream] == ["1"]


def test_a_query_for_a_payload_with_several_roots_is_refused_or_emitted_whole(project: Project) -> None:
    """Which of them it asks for is not known."""
    project.schema("Two", ROOT.format("A", TEXT) + ROOT.format("B", TEXT))
    project.schema("GetTwo", ROOT.format("GetTwo", TEXT))
    project.file(
        "manifest.toml",
        '[[schema]]\nnoun = "Two"\nfile = "Two.xsd"\nrole = "payload"\n'
        '[[schema]]\nnoun = "GetTwo"\nfile = "GetTwo.xsd"\nrole = "query"\nasks_for = "Two"\n',
    )
    try:
        project.emit()
    except GeneratorError as error:
        assert "GetTwo" in str(error)  # noqa: PT017  # both ways are right
    else:
        project.round_trip('<GetTwo xmlns="urn:test:GetTwo"><a>1</a></GetTwo>')
