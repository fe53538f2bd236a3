"""An object that a program got wrong is refused with the path of what is wrong, or written exactly; no third way.

``make damage`` does the same with thousands of objects of each class, and asks xsdata too.
"""

from __future__ import annotations

import datetime
import math
from decimal import Decimal
from random import Random
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.damage.spoiling import Colour, Loud, Nowhere, spoil
from tests.documents import parsed
from tests.properties.support import ROOTS, class_of, examples

from iec61968_9 import EncodeError, ForeignElement, Kept, Reference, from_xml, to_xml
from iec61968_9.profiles.envelope import (
    Error,
    EventMessage,
    FaultMessage,
    Header,
    ObjectID,
    Payload,
    Reply,
    Result,
    Verb,
)
from iec61968_9.profiles.meter_readings import (
    IntervalBlock,
    Meter,
    MeterReading,
    MeterReadings,
    PendingCalculation,
    Reading,
)
from iec61968_9.testing import instances
from iec61968_9.xml.codec import Profile

SEEDS = st.integers(0, 2**32)


@pytest.mark.parametrize(("profile", "root"), ROOTS)
def test_one_member_that_is_something_else_is_named_or_written_exactly(profile: Profile, root: str) -> None:
    @examples(5)
    @given(instances(class_of(profile, root)), SEEDS)
    def property_(value: Any, seed: int) -> None:
        spoil(value, Random(seed), 15)  # noqa: S311  # no secret

    property_()


def event(*contents: Any, noun: str = "MeterReadings") -> EventMessage[Any]:
    return EventMessage(header=Header(verb=Verb.CREATED, noun=noun), payload=Payload(contents=list(contents)))


def reading(**members: Any) -> MeterReadings:
    members.setdefault("reading_type", Reference(ref="0.0.0.1"))
    readings = [Reading(reading_type=Reference()), Reading(**members)]
    return MeterReadings(meter_reading=[MeterReading(), MeterReading(readings=readings)])


READING = "/MeterReadings/MeterReading[2]/Readings[2]"

ODD = datetime.timezone(datetime.timedelta(seconds=1))
WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("None in a required member", {"reading_type": None}, "/ReadingType"),
    ("a number for a text", {"value": 1}, "/value"),
    ("bytes for a text", {"value": b"1"}, "/value"),
    ("an enumeration member of another class", {"reason": Colour.BLUE}, "/reason"),
    ("a literal that is none", {"reason": "blue"}, "/reason"),
    ("a text for a time", {"time_stamp": "2026-03-02T08:00:00Z"}, "/timeStamp"),
    ("a date for a time", {"time_stamp": datetime.date(2026, 3, 2)}, "/timeStamp"),
    ("a zone with seconds", {"time_stamp": datetime.datetime(2026, 3, 2, tzinfo=ODD)}, "/timeStamp"),
    *(
        (f"a zone with {one!r}", {"time_stamp": datetime.datetime(2026, 3, 2, tzinfo=Nowhere(one))}, "/timeStamp")
        for one in (None, 5, datetime.timedelta(hours=24), RuntimeError("no"), KeyError("no"))
    ),
    ("a control character", {"value": "\x01"}, "/value"),
    ("half of a surrogate pair", {"value": "\ud83d"}, "/value"),
    ("a character that is none", {"value": "\uffff"}, "/value"),
    ("a reference to a list", {"reading_type": Reference(ref=[])}, "/ReadingType/@ref"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # the point
    ("a control character in an attribute", {"reading_type": Reference(ref="\x01")}, "/ReadingType/@ref"),
    ("something kept on a reference", {"reading_type": Reference(kept=Kept(texts=("x",)))}, "/ReadingType"),
    ("something kept", {"kept": Kept(texts=("x",))}, ""),
    ("one object for several", {"reading_qualities": Reference()}, "/ReadingQualities"),
    ("None among several", {"reading_qualities": [None]}, "/ReadingQualities"),
    ("another object", {"reading_type": Meter()}, "/ReadingType"),
]  # fmt: skip


@pytest.mark.parametrize(("members", "path"), [one[1:] for one in WRONG], ids=[one[0] for one in WRONG])
def test_what_cannot_be_written_is_refused_with_its_path(members: dict[str, Any], path: str) -> None:
    with pytest.raises(EncodeError) as error:
        to_xml(reading(**members))
    assert error.value.path == READING + path


def calculated(**members: Any) -> MeterReadings:
    calculation = PendingCalculation(reading_type=Reference(), **members)
    block = IntervalBlock(reading_type=Reference(), pending_calculation=calculation)
    return MeterReadings(meter_reading=[MeterReading(interval_blocks=[block])])


@pytest.mark.parametrize("value", [True, 1.5, "1", Decimal(1), 10**4000])
def test_what_is_no_integer_is_refused(value: Any) -> None:
    with pytest.raises(EncodeError) as error:
        to_xml(calculated(offset=value))
    assert (error.value.path or "").endswith("/PendingCalculation/offset")


TEXTS = ["\r", "\r\n", "\t\n", " a ", "]]>", "a&b<c>\"'", "&#13;", "\U0001f50c", "\x85\u2028", "\ufeff", "<!--", ""]


@pytest.mark.parametrize("text", TEXTS)
def test_texts_and_attributes_are_written_exactly(text: str) -> None:
    made = reading(value=text, reading_type=Reference(ref=text))
    data = to_xml(made)
    assert from_xml(data) == made
    root = parsed(data)
    assert (root.findtext(".//{*}value") or "") == text
    assert [one.get("ref") for one in root.iterfind(".//{*}ReadingType")] == [None, text]


@pytest.mark.parametrize(
    ("number", "text"), [(math.inf, "INF"), (-math.inf, "-INF"), (math.nan, "NaN"), (-0.0, "-0"), (1e22, "1e+22")]
)
def test_numbers_are_written_as_xml_schema_spells_them(number: float, text: str) -> None:
    made = calculated(scalar_float=number)
    data = to_xml(made)
    assert parsed(data).findtext(".//{*}scalarFloat") == text
    assert to_xml(from_xml(data)) == data


def test_a_text_that_shows_itself_as_another_is_written_as_it_is_everywhere() -> None:
    reply = Reply(
        result=Result.FAILED, error=[Error(code=Loud("2.4"))], id=[ObjectID(value=Loud("m"), id_type=Loud("t"))]
    )
    made = FaultMessage(reply=reply)
    assert b"loud" not in to_xml(made)
    assert from_xml(to_xml(made)) == made


def test_what_was_kept_of_an_element_with_a_text_is_refused_there() -> None:
    ids = [ObjectID(value="1"), ObjectID(value="2", kept=Kept(texts=("x",)))]
    reply = Reply(result=Result.FAILED, id=ids)
    with pytest.raises(EncodeError) as error:
        to_xml(FaultMessage(reply=reply))
    assert error.value.path == "/FaultMessage/Reply/ID[2]"


def test_a_payload_that_its_noun_does_not_name_is_refused_as_it_is_in_reading() -> None:
    message = event(ForeignElement('<a xmlns="urn:a"/>'))
    with pytest.raises(EncodeError, match="the Noun MeterReadings names a profile") as error:
        to_xml(message)
    assert error.value.path == "/EventMessage/Payload/a"
    assert from_xml(to_xml(message, mode="lenient"), mode="lenient") == message
    other = event(ForeignElement('<a xmlns="urn:a"/>'), noun="Other")
    assert from_xml(to_xml(other)) == other


def test_objects_in_a_circle_are_refused_in_both_modes() -> None:
    message = event(noun="Other")
    message.payload.contents.append(message)  # type: ignore[union-attr]  # pyright: ignore[reportOptionalMemberAccess]
    with pytest.raises(EncodeError, match="may not stand here"):
        to_xml(message)
    with pytest.raises(EncodeError, match="in a circle") as error:
        to_xml(message, mode="lenient")
    assert (error.value.path or "").startswith("/EventMessage/Payload/EventMessage/Payload")


MISFITS: list[tuple[str, Any]] = [
    ("no name", Kept(attributes=(("a b", "x"),))),
    ("a name that is more", Kept(attributes=(('a="" b', "x"),))),
    ("an empty name", Kept(attributes=(("", "x"),))),
    ("a declaration", Kept(attributes=(("xmlns", "urn:x"),))),
    ("one that stands there already", Kept(attributes=(("ref", "x"),))),
    ("twice the same", Kept(attributes=(("{urn:x}a", "1"), ("{urn:x}a", "2")))),
    ("a control character", Kept(attributes=(("a", "\x00"),))),
    ("a control character in a text", Kept(texts=("\x00",))),
    ("half of a surrogate pair in a text", Kept(texts=("\ud800",))),
    ("no text", Kept(texts=cast("Any", (1,)))),
    ("no element", Kept(elements=cast("Any", ("<a/>",)))),
    ("something else", "kept"),
]


@pytest.mark.parametrize("kept", [one[1] for one in MISFITS], ids=[one[0] for one in MISFITS])
def test_what_was_kept_by_hand_and_does_not_fit_is_refused_in_both_modes(kept: Any) -> None:
    for mode in ("strict", "lenient"):
        for made in (reading(kept=kept), reading(reading_type=Reference(ref="1", kept=kept))):
            if made.meter_reading[1].readings[1].kept == Kept(attributes=(("ref", "x"),)) and mode == "lenient":
                continue  # there it fits
            with pytest.raises(EncodeError) as error:
                to_xml(made, mode=mode)
            assert (error.value.path or "").startswith(READING)
