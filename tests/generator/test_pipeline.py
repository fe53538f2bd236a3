"""The whole: golden files, the same bytes everywhere, a user's package in use, and random schemas against libxml2."""

from __future__ import annotations

import contextlib
import difflib
import importlib
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.verbs.support import says_nothing

import iec61968_9
from iec61968_9 import (
    DecodeError,
    EncodeError,
    Iec61968Error,
    Report,
    SchemaError,
    from_xml,
    iter_xml,
    register,
    to_xml,
    validate,
)
from iec61968_9.profiles.envelope import EventMessage, Header, Payload, Verb
from iec61968_9_generator import files, pipeline

if TYPE_CHECKING:
    from tests.generator.conftest import Project

HERE = Path(__file__).parent
SCHEMAS = HERE / "schemas" / "acme"
GOLDEN = HERE / "golden" / "acme"
GOLDEN_PACKAGE = "tests.generator.golden.acme"
"""Where the golden package could be imported from, so that `make check` looks at it with ruff, mypy and pyright."""
XSD = HERE.parents[1] / "xsd"

MakeProject = Callable[[], contextlib.AbstractContextManager["Project"]]


# -- golden files ------------------------------------------------------------------------------------------------------


def test_the_emitted_text_is_the_reviewed_one(request: pytest.FixtureRequest) -> None:
    """Byte by byte; ``pytest tests/generator --update-golden`` takes over what is emitted now, for review as a diff."""
    emitted = pipeline.generate(SCHEMAS, GOLDEN_PACKAGE)
    if request.config.getoption("--update-golden", default=False):
        files.put(GOLDEN, emitted)
    golden = {
        path.relative_to(GOLDEN).as_posix(): path.read_bytes().decode()
        for path in GOLDEN.rglob("*")
        if path.suffix in {".py", ".xsd"}
    }
    assert sorted(golden) == sorted(emitted)
    for name, text in emitted.items():
        if text != golden[name]:
            difference = difflib.unified_diff(
                golden[name].splitlines(), text.splitlines(), "golden", "emitted", lineterm=""
            )
            pytest.fail(f"{name} differs:\n" + "\n".join(difference))


# -- the same bytes ----------------------------------------------------------------------------------------------------


def generate_elsewhere(schemas: str, out: Path, seed: str, cwd: Path) -> dict[str, bytes]:
    """What another process writes."""
    line = [sys.executable, "-m", "iec61968_9_generator", "generate", "--package", "acme", "--schemas", schemas]
    subprocess.run(
        [*line, "--out", str(out)], check=True, capture_output=True, cwd=cwd, env={**os.environ, "PYTHONHASHSEED": seed}
    )
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


@pytest.mark.parametrize("schemas", [pytest.param(SCHEMAS, id="acme"), pytest.param(XSD, id="the standard's")])
def test_the_same_bytes_come_out_with_any_hash_seed_and_in_any_folder(tmp_path: Path, schemas: Path) -> None:
    """No set's order and no machine's path is in them."""
    (tmp_path / "cwd").mkdir()
    relative = os.path.relpath(schemas, tmp_path / "cwd")
    first = generate_elsewhere(str(schemas), tmp_path / "first", "1", tmp_path)
    second = generate_elsewhere(relative, tmp_path / "second", "2", tmp_path / "cwd")
    assert first == second
    assert not [name for name, text in first.items() if str(schemas).encode() in text or str(tmp_path).encode() in text]
    here = {name: text.encode() for name, text in pipeline.generate(schemas, "acme").items()}
    assert {name: text for name, text in first.items() if name != "__init__.py"} == here


def test_what_is_shipped_is_what_the_schemas_give(record_property: Callable[[str, object], None]) -> None:
    """The installed package holds every file as a fresh run emits it, and no other of the generator's."""
    start = time.perf_counter()
    emitted = pipeline.generate(XSD, "iec61968_9")
    record_property("seconds to regenerate everything", round(time.perf_counter() - start, 2))
    assert files.differences(Path(iec61968_9.__file__).parent, emitted) == []


# -- a user's own package ----------------------------------------------------------------------------------------------

ORDER = (
    '<Order priority="nextDay" version="2"><placed>2026-03-02T08:00:00.1234567+01:00</placed><due>2026-03-03</due>'
    "<customer><name>Ada</name><address><line>1 Road</line><latitude>51.5</latitude></address></customer>"
    '<class>1</class><cardNumber>4111</cardNumber><remark>soon</remark><price currency="EUR">9.90</price>'
    "<pickUp>09:00:00</pickUp><Catalogue ref='7'/><Article><mRID>a</mRID><unit>M</unit><Part><mRID>b</mRID></Part>"
    '</Article><Catalogue/><agent ref="x"/><x:note xmlns:x="urn:x">gift</x:note></Order>'
)
ORDERS = f'<Orders xmlns="urn:acme:orders">{ORDER}{ORDER.replace("Ada", "Bob")}</Orders>'
DELIVERIES = (
    '<Deliveries xmlns="urn:acme:deliveries"><Delivery><to><name>Ada</name></to><weight>1.5</weight>'
    '<note><text>left</text><about xmlns:o="urn:acme:orders">o:Order</about></note></Delivery></Deliveries>'
)
QUERY = '<GetOrders xmlns="urn:acme:get-orders"><Order><mRID>1</mRID></Order></GetOrders>'


@pytest.fixture
def acme_profiles(acme: Project) -> Any:
    """The package, registered."""
    package = acme.package("acme_profiles")
    register(importlib.import_module(package.name))
    return package


@pytest.mark.parametrize("document", [ORDERS, DELIVERIES, QUERY], ids=["orders", "deliveries", "query"])
def test_a_user_s_documents_are_read_and_written(acme: Project, document: str) -> None:
    """As they were."""
    acme.round_trip(document)
    assert validate(document) == []


def test_a_user_s_classes_are_what_reading_gives(acme_profiles: Any) -> None:
    """With all values typed, and shared classes the same in both profiles."""
    orders, deliveries = acme_profiles.profile("orders"), acme_profiles.profile("deliveries")
    order = from_xml(ORDERS, orders.Orders).order[0]
    assert order.priority is orders.Priority.NEXT_DAY
    assert [type(line).__name__ for line in order.lines] == ["CatalogueReference", "Article", "CatalogueReference"]
    assert order.lines[1].unit is orders.UnitMultiplier.MEGA
    assert type(order.customer) is deliveries.Party
    assert "4111" not in repr(order)
    with pytest.raises(DecodeError):
        from_xml(ORDERS, deliveries.Deliveries)


def test_a_user_s_payload_travels_in_the_standard_s_envelope(acme_profiles: Any) -> None:
    """Typed and validated there, too."""
    orders = acme_profiles.profile("orders")
    payload = from_xml(ORDERS, orders.Orders)
    message = EventMessage(header=Header(verb=Verb.CREATED, noun="Orders"), payload=Payload(contents=[payload]))
    data = to_xml(message)
    assert validate(data) == []
    envelope: Any = EventMessage
    assert from_xml(data, envelope[orders.Orders]).content == payload
    (issue,) = validate(data.replace(b"nextDay", b"yesterday", 1))
    assert (issue.profile, issue.expected) == ("Orders", "one of normal, nextDay")
    assert issue.path == "/EventMessage/Payload/Orders/Order[1]/@priority"


def test_the_standard_s_payload_travels_in_a_user_s_envelope(acme_profiles: Any) -> None:
    """An envelope is one by its role."""
    inner = '<MeterReadings xmlns="http://iec.ch/TC57/2011/MeterReadings#"/>'
    document = f'<Wrapper xmlns="urn:acme:wrapper"><Header><Noun>x</Noun></Header><Body>{inner}{QUERY}</Body></Wrapper>'
    found: Any = from_xml(document)
    assert [type(one).__name__ for one in found.body.contents] == ["MeterReadings", "GetOrders"]
    assert from_xml(to_xml(found)) == found
    with pytest.raises(SchemaError):
        from_xml(document.replace("<mRID>1</mRID>", "<number>1</number>"))
    found.body.packed = "both"
    with pytest.raises(EncodeError):
        to_xml(found)


def test_a_user_s_items_are_streamed_and_written_one_by_one(acme_profiles: Any) -> None:
    """By name or class, bare and in an envelope."""
    orders = acme_profiles.profile("orders")
    whole = from_xml(ORDERS, orders.Orders)
    with iter_xml(ORDERS, "Order") as stream:
        assert list(stream) == whole.order
    message = EventMessage(header=Header(verb=Verb.CREATED, noun="Orders"), payload=Payload(contents=[whole]))
    with iter_xml(to_xml(message), orders.Order) as stream:
        assert list(stream) == whole.order


def test_a_damaged_document_of_a_user_s_is_refused_with_status_and_advice(acme_profiles: Any) -> None:
    """As the manifest has them."""
    with pytest.raises(SchemaError) as caught:
        from_xml(DELIVERIES.replace("<name>Ada</name>", ""))
    assert (caught.value.profile, caught.value.status, caught.value.confidence) == ("Deliveries", "derived", "low")
    assert "name" in str(caught.value.expected)


def test_a_name_that_two_packages_have_is_an_error_that_names_both(acme: Project) -> None:
    """Unless the later one is to replace the earlier; registering a package again is no error."""
    first, second = acme.package("acme_first"), acme.package("acme_second")
    register(first.name)
    register(first.name)
    with pytest.raises(ValueError, match=r"(?s)urn:acme.*acme_first.*acme_second"):
        register(second.name)
    assert type(from_xml(ORDERS)).__module__ == "acme_first.profiles.orders"
    register(second.name, replace=True)
    found = from_xml(ORDERS)
    assert type(found).__module__ == "acme_second.profiles.orders"
    assert from_xml(to_xml(found)) == found


def test_a_user_may_replace_a_profile_of_the_standard_s(project: Project) -> None:
    """By a schema of the same names: a licensed copy, or a partner's extension."""
    source = (XSD / "iec61968-9/2013/payload/MeterReadings.xsd").read_text(encoding="utf-8")
    project.file("MeterReadings.xsd", source)
    package = project.package()
    with pytest.raises(ValueError, match=r"MeterReadings.*iec61968_9"):
        register(package.name)
    register(package.name, replace=True)
    found = from_xml('<MeterReadings xmlns="http://iec.ch/TC57/2011/MeterReadings#"/>')
    assert type(found).__module__ == f"{package.name}.profiles.meter_readings"


def test_the_registry_is_as_it_was_after_a_test() -> None:
    """What a test registers, the next one does not see."""
    with pytest.raises(Iec61968Error):
        from_xml(ORDERS)


def test_a_package_is_used_from_another_program(acme: Project) -> None:
    """With nothing but the library, the package's folder on the path, and its name."""
    acme.package("acme_profiles")
    program = textwrap.dedent(
        f"""
        import sys
        from iec61968_9 import from_xml, register, to_xml
        register("acme_profiles")
        found = from_xml({ORDERS!r})
        assert from_xml(to_xml(found)) == found
        assert "iec61968_9_generator" not in sys.modules and "xsdata" not in sys.modules
        print(type(found).__module__, len(found.order))
        """
    )
    output = subprocess.run([sys.executable, "-c", program], cwd=acme.out, check=True, capture_output=True, text=True)
    assert output.stdout == "acme_profiles.profiles.orders 2\n"


# -- random schemas ----------------------------------------------------------------------------------------------------

BOUNDS = st.sampled_from([(1, 1), (0, 1), (0, 3), (1, None), (2, 3), (0, None)])
LEAVES = {"string": ["", "a", " b "], "integer": ["0", "-7"], "boolean": ["true", "0"], "date": ["2026-01-02Z"]}
Member = tuple[str, str, tuple[int, int | None]]


@st.composite
def contents(draw: st.DrawFn) -> list[Member]:
    """A content model: members with a kind and bounds, under names that emitted code may also use."""
    kinds = st.sampled_from([*LEAVES, "Leaf", "Ref", "choice", "mix"])
    names = draw(
        st.lists(
            st.sampled_from(["name", "text", "element", "child", "tag", "record", "type", "ns", "A", "b", "C", "d"]),
            min_size=1,
            max_size=5,
            unique=True,
        )
    )
    return [(name, draw(kinds), draw(BOUNDS)) for name in names]


def bounded(bounds: tuple[int, int | None]) -> str:
    """The bounds as attributes."""
    least, most = bounds
    return f'minOccurs="{least}" maxOccurs="{"unbounded" if most is None else most}"'


def particle(member: Member) -> str:
    """A member as a schema has it."""
    name, kind, bounds = member
    if kind == "choice":
        return (
            f'<xs:choice minOccurs="{min(bounds[0], 1)}"><xs:element name="{name}L" type="xs:string"/>'
            f'<xs:element name="{name}R" type="t:Leaf" maxOccurs="2"/></xs:choice>'
        )
    if kind == "mix":
        return (
            f"<xs:choice {bounded((bounds[0], bounds[1] if bounds[1] is None else max(2, bounds[1])))}>"
            f'<xs:element name="{name}L" type="t:Leaf"/><xs:element name="{name}R" type="t:Ref"/></xs:choice>'
        )
    return f'<xs:element name="{name}" type="{"xs" if kind in LEAVES else "t"}:{kind}" {bounded(bounds)}/>'


def instance(draw: st.DrawFn, member: Member) -> list[str]:
    """Elements of a member, as many as it allows."""
    name, kind, (least, most) = member
    leaf, reference = '<{0} id="1"><v>2</v></{0}>', '<{0} ref="3"/>'
    if kind == "choice":
        branches = [[f"<{name}L>x</{name}L>"], [leaf.format(f"{name}R")], [leaf.format(f"{name}R")] * 2]
        return draw(st.sampled_from(branches if least else [*branches, []]))
    if kind == "mix":
        most = None if most is None else max(2, most)
        branch = st.sampled_from([leaf.format(f"{name}L"), reference.format(f"{name}R")])
        return draw(st.lists(branch, min_size=least, max_size=most or least + 3))
    one = (
        st.sampled_from(LEAVES[kind]).map(lambda text: f"<{name}>{text}</{name}>")
        if kind in LEAVES
        else st.just((leaf if kind == "Leaf" else reference).format(name))
    )
    return draw(st.lists(one, min_size=least, max_size=most or least + 2))


TYPES = """
<xs:complexType name="Leaf">
  <xs:sequence><xs:element name="v" type="xs:decimal"/></xs:sequence><xs:attribute name="id" type="xs:integer"/>
</xs:complexType>
<xs:complexType name="Ref"><xs:attribute name="ref" type="xs:string"/></xs:complexType>
"""


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(members=contents(), data=st.data())
def test_packages_of_random_schemas_agree_with_libxml2(
    new_project: MakeProject, members: list[Member], data: st.DataObject
) -> None:
    """What it calls valid is read in both modes and written as it was; what it does not is refused."""
    with new_project() as project:
        project.thing(f"<xs:sequence>{''.join(particle(one) for one in members)}</xs:sequence>", TYPES)
        project.package().register()
        schema = etree.XMLSchema(etree.parse(project.schemas / "Thing.xsd"))
        for _ in range(3):
            children = [child for member in members for child in data.draw(st.composite(instance)(member))]
            text = f'<Thing xmlns="urn:test:Thing">{"".join(children)}</Thing>'
            assert schema.validate(etree.fromstring(text))
            found, report = from_xml(text), Report()
            tolerated = from_xml(text, mode="lenient", report=report)
            if not says_nothing(etree.fromstring(text)):
                assert tolerated == found
                assert not report
            assert schema.validate(etree.fromstring(to_xml(tolerated, mode="lenient")))
            written = to_xml(found)
            assert schema.validate(etree.fromstring(written))
            assert from_xml(written) == found
            assert [child.tag for child in etree.fromstring(written)] == [child.tag for child in etree.fromstring(text)]
            if children:
                damaged = [*children]
                place = data.draw(st.integers(0, len(children) - 1))
                match data.draw(st.sampled_from(["leave out", "double", "move", "rename"])):
                    case "leave out":
                        del damaged[place]
                    case "double":
                        damaged.insert(place, damaged[place])
                    case "move":
                        damaged.append(damaged.pop(place))
                    case _:
                        damaged[place] = "<other/>"
                text = f'<Thing xmlns="urn:test:Thing">{"".join(damaged)}</Thing>'
                assert bool(validate(text)) is not schema.validate(etree.fromstring(text))
