"""However much is wrong with a document, the first departures are told, the same as if no more were wrong.

libxml2 needs the square of the number of faults for all of them. With the numbers here that would be minutes; what is
counted is what libxml2 is let find.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import etree
from lxml.etree import _Element as Element  # pyright: ignore[reportPrivateUsage]  # lxml has no public name for it

from iec61968_9 import Dialect, Limits, SchemaError, from_xml, iter_xml, validate
from iec61968_9._verbs import REGISTRY
from iec61968_9.xml import crowd, validation
from iec61968_9.xml.limits import DEFAULT_LIMITS
from iec61968_9.xml.parser import parse

MESSAGES = sorted((Path(__file__).parents[1] / "messages").glob("*.xml"))
MANY = 25_000


def readings(inside: str) -> bytes:
    return f'<MeterReadings xmlns="http://iec.ch/TC57/2011/MeterReadings#">{inside}</MeterReadings>'.encode()


def in_meter(inside: str) -> bytes:
    return readings(f"<MeterReading><Meter>{inside}</Meter></MeterReading>")


def in_item(inside: str) -> bytes:
    return readings(f"<MeterReading>{inside}</MeterReading>")


FLAWED = {
    "a value": (readings, "<MeterReading><isCoincidentTrigger>maybe</isCoincidentTrigger></MeterReading>"),
    "something missing": (in_meter, "<Names/>"),
    "an order": (in_meter, "<Names><NameType><name>b</name></NameType><name>a</name></Names>"),
    "something unknown": (in_meter, "<Names><name>a</name><x/></Names>"),
    "an attribute": (in_meter, '<Names x="1"><name>a</name></Names>'),
    "a value deep down": (
        in_item,
        '<Readings><timeStamp>never</timeStamp><ReadingType ref="1"/></Readings>',
    ),
}


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many faults libxml2 found in each run that asks for their paths."""
    runs: list[int] = []

    def seen(root: Element, schema: Any) -> Any:
        runs.append(len(schema.error_log))
        return strip(root, schema)

    strip = validation._strip_times  # pyright: ignore[reportPrivateUsage]  # it sees every run that found something
    monkeypatch.setattr(validation, "_strip_times", seen)
    return runs


@pytest.mark.parametrize("flaw", FLAWED)
def test_of_very_many_faults_the_first_are_told(flaw: str, found: list[int]) -> None:
    around, inside = FLAWED[flaw]
    issues = validate(around(inside * MANY))
    assert max(found) < 2_000
    few = validate(around(inside * 101))
    assert [(one.path, one.kind, one.message) for one in issues] == [(one.path, one.kind, one.message) for one in few]
    assert len(issues) == Limits().issues


@pytest.mark.parametrize("flaw", ["something missing", "an order", "a value deep down"])
def test_in_an_item_of_a_stream_too(flaw: str, found: list[int]) -> None:
    around, inside = FLAWED[flaw]
    data = around(inside * MANY)
    with pytest.raises(SchemaError) as caught:
        list(iter_xml(data, "MeterReading"))
    assert max(found) < 2_000
    assert len(caught.value.issues) == Limits().issues


def test_faults_far_down_are_found(found: list[int]) -> None:
    right, wrong = "<MeterReading/>", "<MeterReading><x/></MeterReading>"
    issues = validate(readings(right * MANY + wrong * MANY))
    assert [issue.path for issue in issues] == [
        f"/MeterReadings/MeterReading[{MANY + number}]/x" for number in range(1, 101)
    ]
    assert max(found) < 2_000
    assert [one.path for one in validate(readings(right * MANY + wrong))] == [
        f"/MeterReadings/MeterReading[{MANY + 1}]/x"
    ]
    assert not validate(readings(right * MANY))


def test_white_space_around_very_many_times_is_no_fault(found: list[int]) -> None:
    one = '<Readings><timeStamp> 2026-03-02T08:00:00Z\n</timeStamp><ReadingType ref="1"/></Readings>'
    message: Any = from_xml(in_item(one * MANY))
    assert len(message.meter_reading[0].readings) == MANY
    assert max(found) < 2_000
    issues = validate(in_item(one * MANY + one.replace("2026", "never") * 2))
    assert len(issues) == 2


def test_the_tree_is_afterwards_as_it_was() -> None:
    for around, inside in FLAWED.values():
        document = parse(around(f"\n {inside}" * 3_000), DEFAULT_LIMITS)
        before = etree.tostring(document.root)
        registered = REGISTRY.standardise(document.root, Dialect())
        assert registered is not None
        assert validation.issues(document, registered, REGISTRY, Dialect(), DEFAULT_LIMITS)
        assert etree.tostring(document.root) == before


@pytest.mark.parametrize(
    ("inside", "cuttable"),
    [
        ('<xs:element name="a" type="xs:ID"/>', True),
        ('<xs:element name="a" type="xs:IDREF"/>', True),  # which the library holds itself, to the whole document
        ('<xs:element name="a"><xs:keyref name="b" refer="c"/></xs:element>', False),
        ('<xs:element name="a"><xs:key name="b"/></xs:element>', True),
    ],
)
def test_what_refers_to_something_else_is_not_cut(inside: str, cuttable: bool) -> None:
    schema = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t">{inside}<xs:any/></xs:schema>'
    assert crowd.is_cuttable(etree.fromstring(schema)) is cuttable


@given(st.data())
@settings(max_examples=40)
def test_what_is_cut_leaves_the_first_elements_and_comes_back(data: st.DataObject) -> None:
    root = etree.fromstring(data.draw(st.sampled_from(MESSAGES), label="message").read_bytes())
    before, elements = etree.tostring(root), list(root.iter("*"))
    number = data.draw(st.integers(1, len(elements) + 1), label="number")
    cut = crowd.cut_behind(root, number)
    if number <= len(elements):
        inside = [*elements[:number], *elements[number - 1].iterdescendants("*")]
        assert list(root.iter("*")) == inside
        assert cut.unfinished == {elements[number - 1], *elements[number - 1].iterancestors(), root}
    else:
        assert etree.tostring(root) == before
    cut.undo()
    assert etree.tostring(root) == before


@pytest.mark.parametrize("wrong", [0, 1, 2, 500])
def test_faults_are_counted_up_to_a_number_with_the_elements_before_them(wrong: int) -> None:
    right = "<MeterReading/>" * 1_000
    root = etree.fromstring(readings(right + "<MeterReading><x/></MeterReading>" * wrong + right))
    registered = REGISTRY.standardise(root, Dialect())
    assert registered is not None
    compiled = validation._Compiled(registered, False)  # pyright: ignore[reportPrivateUsage]  # no other way to it
    assert crowd.faults_of(root, compiled.schema, 500) == (wrong, None)
    found = crowd.faults_of(root, compiled.schema, 1)
    if wrong < 2:
        assert found == (wrong, None)
    else:
        assert found.number >= 2
        assert found.elements is not None
        assert 1_001 + 2 * 2 <= found.elements <= 1_001 + 2 * 500 + crowd.PIECE / len("<MeterReading/>")


@given(st.data())
@settings(max_examples=60)
def test_the_narrow_schema_takes_what_the_schema_takes_as_long_as_nothing_is_wide(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(MESSAGES), label="message")
    root = etree.fromstring(path.read_bytes())
    target = next(iter(validation.embedded(root)), root)
    registered = REGISTRY.standardise(target, Dialect())
    assume(registered is not None)
    assert registered is not None
    target = etree.fromstring(etree.tostring(target, with_tail=False))
    compiled = validation._Compiled(registered, False)  # pyright: ignore[reportPrivateUsage]  # no other way to both
    assert compiled.narrow.validate(target) == compiled.schema.validate(target)
    for _ in range(data.draw(st.integers(1, 3), label="changes")):
        elements = [one for one in target.iter() if one is not target]
        if not elements:
            return
        one = data.draw(st.sampled_from(range(len(elements))), label="element")
        parent = elements[one].getparent()
        assert parent is not None
        change = data.draw(st.sampled_from(["remove", "repeat", "move", "value", "rename"]), label="change")
        if change == "remove":
            parent.remove(elements[one])
        elif change == "repeat":
            parent.append(etree.fromstring(etree.tostring(elements[one], with_tail=False)))
        elif change == "move":
            parent.insert(0, elements[one])
        elif change == "value":
            elements[one].text = "x"
        else:
            elements[one].tag = f"{elements[one].tag!s}x"
        plain = compiled.schema.validate(target)
        assert compiled.narrow.validate(target) == plain
        assert (crowd.faults_of(target, compiled.schema, 1).number == 0) == plain
