"""The strategies of ``iec61968_9.testing`` give all that a type allows: its bounds, the shortest and the longest."""

from __future__ import annotations

import dataclasses
import math
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.properties.support import examples

from iec61968_9 import QName, Record, to_xml
from iec61968_9.profiles.envelope import EventMessage, Header, Payload, ResponseMessage
from iec61968_9.profiles.meter_readings import Meter, MeterReading, MeterReadings, Name
from iec61968_9.testing import foreign_elements, instances
from iec61968_9.testing._patterns import matching
from iec61968_9.testing._simple import simple_values
from iec61968_9.testing._values import other_attributes, qnames, values
from iec61968_9.xml import builtin
from iec61968_9.xml.builtin import BY_NAME
from iec61968_9.xml.compound import Listed
from iec61968_9.xml.simple import Restricted, Simple


def drawn(strategy: st.SearchStrategy[Any], count: int = 100) -> list[Any]:
    """What a strategy gives, the same in each run."""
    found: list[Any] = []

    @examples(count)
    @given(strategy)
    def collect(value: Any) -> None:
        found.append(value)

    collect()
    return found


# -- patterns ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "texts"),
    [
        ("", {""}),
        ("ab", {"ab"}),
        ("ab?", {"a", "ab"}),
        ("a*", {"", "a", "aa", "aaa"}),
        ("a+b", {"ab", "aab", "aaab", "aaaab"}),
        ("a{2}", {"aa"}),
        ("a{2}b", {"aab"}),
        ("a{1,2}b", {"ab", "aab"}),
        ("a{2,}", {"aa", "aaa", "aaaa", "aaaaa"}),
        ("a{1,9}", {"a", "aa", "aaa", "aaaa"}),
        ("a{,2}", {"", "a", "aa"}),
        ("a|bc", {"a", "bc"}),
        ("(a|b)c|d|", {"ac", "bc", "d", ""}),
        ("(a(b|c)?){1}d", {"ad", "abd", "acd"}),
        ("[ab]", {"a", "b"}),
        ("[a-c-[b]]x", {"ax", "cx"}),
        (r"[\]\[]x", {"]x", "[x"}),
        (r"\.\(", {".("}),
        (r"\p{Nd}{0}x", {"x"}),
        ("[0-1]{2}", {"00", "01", "10", "11"}),
    ],
)
def test_all_texts_of_a_pattern_are_made_and_no_others(pattern: str, texts: set[str]) -> None:
    """Repetitions without an end go three beyond the beginning."""
    assert set(drawn(matching(pattern))) == texts


@pytest.mark.parametrize("pattern", ["(", "(a", "a)", "a)b", "[a", "[a-[b]", "a|)", "(a]"])
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    """With a sentence that shows it."""
    with pytest.raises(ValueError, match="is no regular expression of XML Schema") as error:
        matching(pattern)
    assert str(error.value).startswith(pattern)


def test_characters_from_everywhere_come_up() -> None:
    """Of a class that lets all in: letters, other signs, and what is beyond the usual plane."""
    texts = drawn(matching("."), 400)
    assert any(text.isascii() and text.isalnum() for text in texts)
    assert any(text.isascii() and not text.isalnum() for text in texts)
    assert any("\u007f" < text < "\u0180" for text in texts)
    assert any(text > "\uffff" for text in texts)
    assert not any(text in "\n\r" for text in texts)  # which a dot does not mean
    assert {"\t", "\n", "\r", " "} <= set(drawn(matching(r"\s"), 60))


# -- simple types ------------------------------------------------------------------------------------------------------

WHOLE = {name for name in BY_NAME if int in BY_NAME[name].python and float not in BY_NAME[name].python} - {"boolean"}
BOUNDS: dict[str, tuple[int | None, int | None]] = {
    "byte": (-128, 127),
    "short": (-32_768, 32_767),
    "int": (-2_147_483_648, 2_147_483_647),
    "long": (-9_223_372_036_854_775_808, 9_223_372_036_854_775_807),
    "unsignedByte": (0, 255),
    "unsignedShort": (0, 65_535),
    "unsignedInt": (0, 4_294_967_295),
    "unsignedLong": (0, 18_446_744_073_709_551_615),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "integer": (None, None),
}


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_the_bounds_of_integers_are_reached(name: str) -> None:
    """And where there are none, numbers beyond 64 bits."""
    least, most = BOUNDS[name]
    found = drawn(simple_values(BY_NAME[name], nan=False), 250)
    assert min(found) == least if least is not None else min(found) < -(2**64)
    assert max(found) == most if most is not None else max(found) > 2**64


def whole(base: Simple = builtin.INT, **facets: Any) -> Restricted:
    """A restriction of integers."""
    return Restricted(base, **facets)


@pytest.mark.parametrize(
    ("kind", "numbers"),
    [
        (whole(min_inclusive="3", max_inclusive="5"), range(3, 6)),
        (whole(min_exclusive="3", max_exclusive="6"), range(4, 6)),
        (whole(whole(min_inclusive="3", max_inclusive="9"), max_inclusive="4"), range(3, 5)),
        (whole(whole(min_inclusive="3", max_inclusive="5"), min_exclusive="3"), range(4, 6)),
        (whole(total_digits=1), range(-9, 10)),
        (whole(builtin.UNSIGNED_BYTE, total_digits=1), range(10)),
        (whole(total_digits=1, min_inclusive="7"), range(7, 10)),
        (whole(builtin.BYTE, min_inclusive="126"), range(126, 128)),
        (whole(enumeration=("1", "02", "+5")), [1, 2, 5]),
    ],
)
def test_all_integers_within_facets_come_up(kind: Restricted, numbers: range | list[int]) -> None:
    """And none beyond."""
    assert set(drawn(simple_values(kind, nan=False), 150)) == set(numbers)


@pytest.mark.parametrize(
    ("facets", "least", "most", "places"),
    [
        ({"total_digits": 2}, "-9.9", "9.9", 2),
        ({"total_digits": 4, "fraction_digits": 1}, "-999.9", "999.9", 1),
        ({"total_digits": 3, "fraction_digits": 0, "min_inclusive": "-5"}, "-5", "999", 0),
        ({"min_inclusive": "1.5", "max_inclusive": "2", "fraction_digits": 1}, "1.5", "2.0", 1),
        ({"total_digits": 1, "fraction_digits": 1}, "-0.9", "0.9", 1),
    ],
)
def test_decimals_use_their_digits(facets: dict[str, Any], least: str, most: str, places: int) -> None:
    """The greatest and the least, and the last digit behind the point."""
    kind = Restricted(builtin.DECIMAL, **facets)
    found = drawn(simple_values(kind, nan=False), 150)
    if places != 2:
        assert (min(found), max(found)) == (Decimal(least), Decimal(most))
    assert any(value.quantize(Decimal(1).scaleb(-places)) == value for value in found)
    assert {value.as_tuple().exponent for value in found} <= set(range(-places, 1))
    assert any(value != value.to_integral_value() for value in found) == (places > 0)


@pytest.mark.parametrize("name", ["double", "float"])
def test_all_numbers_that_are_no_numbers_come_up(name: str) -> None:
    """Both infinities, and NaN where it is asked for."""
    kind = BY_NAME[name]
    found = drawn(simple_values(kind, nan=False), 150)
    assert {math.inf, -math.inf} <= set(found)
    assert not any(map(math.isnan, found))
    assert any(map(math.isnan, drawn(simple_values(kind, nan=True), 150)))
    bounded = drawn(simple_values(Restricted(kind, min_inclusive="1", max_inclusive="2"), nan=True), 150)
    assert (min(bounded), max(bounded)) == (1.0, 2.0)


LENGTHS: list[tuple[dict[str, Any], set[int]]] = [
    ({"length": 2}, {2}),
    ({"min_length": 2, "max_length": 4}, {2, 3, 4}),
    ({"max_length": 1}, {0, 1}),
    ({"min_length": 10}, set(range(10, 19))),
    ({}, set(range(9))),
]


@pytest.mark.parametrize(("facets", "lengths"), LENGTHS)
@pytest.mark.parametrize("base", [builtin.HEX_BINARY, builtin.BASE64_BINARY], ids=["hex", "base64"])
def test_all_lengths_of_octets_come_up(base: Simple, facets: dict[str, Any], lengths: set[int]) -> None:
    """From the least to the greatest, or to eight more than the least."""
    kind = Restricted(base, **facets) if facets else base
    assert {len(value) for value in drawn(simple_values(kind, nan=False), 150)} == lengths


@pytest.mark.parametrize(("facets", "lengths"), LENGTHS[:4])
def test_all_lengths_of_texts_come_up(facets: dict[str, Any], lengths: set[int]) -> None:
    """The same for texts."""
    found = drawn(simple_values(Restricted(builtin.STRING, **facets), nan=False), 200)
    assert {len(value) for value in found} == lengths


@pytest.mark.parametrize(
    ("kind", "lengths"),
    [
        (Listed(builtin.INT), {0, 1, 2, 3}),
        (Restricted(Listed(builtin.INT), length=2), {2}),
        (Restricted(Listed(builtin.INT), min_length=5), {5, 6, 7, 8}),
        (Restricted(Listed(builtin.INT), max_length=1), {0, 1}),
    ],
)
def test_all_lengths_of_lists_come_up(kind: Simple, lengths: set[int]) -> None:
    """At most three, unless more are asked for."""
    assert {len(value) for value in drawn(simple_values(kind, nan=False), 200)} == lengths


@pytest.mark.parametrize("name", ["language", "Name", "NCName", "NMTOKEN", "anyURI"])
def test_names_keep_to_their_lengths(name: str) -> None:
    """Those that have a form of their own, too."""
    found = {len(value) for value in drawn(simple_values(Restricted(BY_NAME[name], max_length=2), nan=False), 150)}
    assert found <= {0, 1, 2}
    assert max(found) == 2


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("gMonth", "--03", "--10"),
        ("gYear", "1990", "2005"),
        ("gYearMonth", "1990-05", "1991-02"),
        ("gDay", "---02", "---05"),
    ],
)
def test_the_bounds_of_parts_of_dates_are_reached(name: str, least: str, most: str) -> None:
    """And not passed."""
    base = BY_NAME[name]
    kind = Restricted(base, min_inclusive=least, max_inclusive=most)
    found = [value for value in drawn(simple_values(kind, nan=False), 100) if value.tzinfo is None]
    assert base.value(least) in found
    assert base.value(most) in found


# -- single values -----------------------------------------------------------------------------------------------------


def test_qualified_names_have_a_namespace_or_none() -> None:
    """Whose local names are letters, and what may stand behind one."""
    found = drawn(qnames())
    assert {None} < {name.namespace for name in found}
    assert all(isinstance(name, QName) and name.local[0].isalpha() | (name.local[0] == "_") for name in found)
    assert len({len(name.local) for name in found}) > 3


def test_attributes_respect_the_wildcard_and_what_is_taken() -> None:
    """Its namespaces, and no name that the schema itself has."""
    own = "urn:example:own"
    local = drawn(other_attributes("##local", own, ()))
    assert {name for one in local for name in one} == {"note"}
    assert {len(one) for one in local} == {0, 1}
    assert drawn(other_attributes("##local", own, ("note",)), 20) == [{}]
    other = {name for one in drawn(other_attributes("##other", own, ())) for name in one}
    assert other
    assert not any(name.startswith(f"{{{own}}}") or not name.startswith("{") for name in other)
    everything = drawn(other_attributes("##any", own, ()), 300)
    assert {"note", f"{{{own}}}note"} <= {name for one in everything for name in one}
    assert max(map(len, everything)) == 2


def test_foreign_elements_hold_texts_attributes_and_elements() -> None:
    """With what stands behind the latter; and some hold nothing."""
    found = [one.element() for one in drawn(foreign_elements(), 150)]
    assert any(not len(one) and not one.text for one in found)
    assert any(len(one) and any(child.tail for child in one) for one in found)
    assert any(len(one) == 2 for one in found)
    assert any(name.startswith("{") for one in found for name in one.attrib)
    assert any(not str(name).startswith("{") for one in found for name in one.attrib)
    assert any(child.tag != one.tag and len(child) for one in found for child in one)
    assert {"", "urn:example:vendor"} <= {str(one.tag).rpartition("}")[0].strip("{") for one in found}


def test_what_no_member_can_be_has_no_values() -> None:
    """It is refused by its name."""
    with pytest.raises(TypeError, match="complex"):
        values(complex, nan=False)


# -- objects -----------------------------------------------------------------------------------------------------------


def filled(value: Record) -> dict[str, Any]:
    """The members of an object that hold something."""
    found = {one.name: getattr(value, one.name) for one in dataclasses.fields(value) if one.name != "kept"}
    return {name: held for name, held in found.items() if held is not None and held != []}


def test_repeated_members_have_up_to_three_values_and_objects_up_to_six_optional_members() -> None:
    """So that wide classes stay small, and deep places are reached."""
    found = drawn(instances(MeterReadings, size=20, depth=1), 100)
    assert {len(value.meter_reading) for value in found} == {0, 1, 2, 3}
    headers = drawn(instances(Header, size=60), 60)
    optional = [len(filled(header)) - 2 for header in headers]  # verb and noun are required
    assert (min(optional), max(optional)) == (0, 6)


@pytest.mark.parametrize("size", [1, 2, 5])
def test_size_is_how_many_optional_elements_there_are_at_most(size: int) -> None:
    """And so many there are in some."""
    counts = {len(inside(value)) for value in drawn(instances(Meter, size=size), 100)}
    assert 0 in counts
    assert max(counts) >= size


def inside(value: Any) -> list[Any]:
    """What is in an object or a list, and in what that holds."""
    held = list(filled(value).values()) if isinstance(value, Record) else []
    held += value if isinstance(value, list) else []
    return [one for item in held for one in ([] if isinstance(item, list) else [item]) + inside(item)]


def test_depth_is_how_deep_optional_elements_that_hold_others_stand() -> None:
    """One level: readings of a meter, and nothing inside that holds more."""
    found = drawn(instances(MeterReadings, depth=1, size=60), 100)
    readings = [reading for value in found for reading in value.meter_reading]
    assert readings
    inner = [held for reading in readings for held in filled(reading).values()]
    assert not any(isinstance(held, Record | list) for held in inner)


def test_each_branch_of_a_choice_comes_up_and_none() -> None:
    """Payload holds an operation set, a compressed text, IDs or an object, and never two of them."""
    found = {frozenset(filled(payload)) - {"format"} for payload in drawn(instances(Payload), 80)}
    assert frozenset() in found
    assert {len(one) for one in found} == {0, 1}
    assert len(found) > 3


def test_messages_say_what_they_carry() -> None:
    """The noun is the payload's; where something foreign is carried, it is no known one's."""
    for message in drawn(instances(EventMessage[MeterReadings]), 40):
        if message.payload is not None and filled(message.payload).get("content"):
            assert message.header.noun == "MeterReadings"
    carried = drawn(instances(ResponseMessage), 60)
    assert all(to_xml(message) for message in carried)
    assert len({message.header.noun for message in carried}) > 3


def test_required_members_of_what_is_optional_are_there() -> None:
    """A name has its text, whatever else there is."""
    assert all(isinstance(value.name, str) for value in drawn(instances(Name, size=5), 60))
    assert all(to_xml(MeterReadings(meter_reading=[value])) for value in drawn(instances(MeterReading, size=9), 60))
