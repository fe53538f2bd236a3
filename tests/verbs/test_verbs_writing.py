"""Writing: what is written is valid and exact, or it is an EncodeError that says where."""

from __future__ import annotations

import datetime
import enum
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.verbs.support import NAMESPACE, READINGS, canonical, event, pieces, readings, tree

from iec61968_9 import EncodeError, QName, Record, Reference, from_xml, open_writer, to_xml, validate
from iec61968_9.profiles import envelope as ev
from iec61968_9.profiles import meter_readings as mr
from iec61968_9.profiles.customer_config import CustomerConfig
from iec61968_9.profiles.end_device_events import EndDeviceEvent
from iec61968_9.xml.lexical import PreciseDateTime

REF = Reference(ref="1")
HEADER = ev.Header(verb=ev.Verb.CREATED, noun="MeterReadings")
NOON = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC)


def one(**members: Any) -> mr.MeterReadings:
    members.setdefault("is_coincident_trigger", False)
    return mr.MeterReadings(meter_reading=[mr.MeterReading(is_coincident_trigger=True), mr.MeterReading(**members)])


def with_mrid(text: Any) -> mr.MeterReadings:
    return one(meter=mr.Meter(mrid=text))


def calculation(**members: Any) -> mr.MeterReadings:
    block = mr.IntervalBlock(reading_type=REF, pending_calculation=mr.PendingCalculation(reading_type=REF, **members))
    return one(interval_blocks=[block])


ITEM = "/MeterReadings/MeterReading[2]"
CALCULATION = f"{ITEM}/IntervalBlocks/PendingCalculation"


def wrong(value: Any) -> Any:
    """A value of a kind that type checkers would not let through."""
    return value


WRONG: dict[str, tuple[Any, str]] = {
    "none in a required record": (one(readings=[mr.Reading(reading_type=wrong(None))]), f"{ITEM}/Readings/ReadingType"),
    "none in a required text": (one(meter=mr.Meter(names=[mr.Name(name=wrong(None))])), f"{ITEM}/Meter/Names/name"),
    "none in a list": (mr.MeterReadings(meter_reading=wrong([None])), "/MeterReadings/MeterReading"),
    "no list": (mr.MeterReadings(meter_reading=wrong(None)), "/MeterReadings/MeterReading"),
    "a record where a list belongs": (
        mr.MeterReadings(meter_reading=wrong(mr.MeterReading())),
        "/MeterReadings/MeterReading",
    ),
    "a text where a list belongs": (mr.MeterReadings(meter_reading=wrong("abc")), "/MeterReadings/MeterReading"),
    "a number as text": (with_mrid(1), f"{ITEM}/Meter/mRID"),
    "bytes as text": (with_mrid(b"m"), f"{ITEM}/Meter/mRID"),
    "text as a number": (calculation(offset="1"), f"{CALCULATION}/offset"),
    "a float as an integer": (calculation(offset=1.0), f"{CALCULATION}/offset"),
    "a truth value as an integer": (calculation(offset=True), f"{CALCULATION}/offset"),
    "a truth value as a float": (calculation(scalar_float=True), f"{CALCULATION}/scalarFloat"),
    "a decimal as a float": (calculation(scalar_float=Decimal("1.5")), f"{CALCULATION}/scalarFloat"),
    "an integer beyond floats": (calculation(scalar_float=10**400), f"{CALCULATION}/scalarFloat"),
    "an integer beyond measure": (calculation(offset=10**5000), f"{CALCULATION}/offset"),
    "an integer as a truth value": (one(is_coincident_trigger=1), f"{ITEM}/isCoincidentTrigger"),
    "text as a truth value": (one(is_coincident_trigger="true"), f"{ITEM}/isCoincidentTrigger"),
    "text as a time": (
        one(values_interval=mr.DateTimeInterval(end=wrong("2026-03-02T00:00:00Z"))),
        f"{ITEM}/valuesInterval/end",
    ),
    "a date as a time": (
        one(values_interval=mr.DateTimeInterval(end=wrong(NOON.date()))),
        f"{ITEM}/valuesInterval/end",
    ),
    "an offset of seconds": (
        one(
            values_interval=mr.DateTimeInterval(
                end=NOON.replace(tzinfo=datetime.timezone(datetime.timedelta(seconds=1)))
            )
        ),
        f"{ITEM}/valuesInterval/end",
    ),
    "another record": (one(meter=mr.Name(name="x")), f"{ITEM}/Meter"),
    "a text where a record belongs": (one(meter="M-1"), f"{ITEM}/Meter"),
    "a record of another profile": (one(meter=CustomerConfig()), f"{ITEM}/Meter"),
    "a text as a reference": (one(readings=[mr.Reading(reading_type=wrong("1"))]), f"{ITEM}/Readings/ReadingType"),
    "a number in a reference": (
        one(readings=[mr.Reading(reading_type=Reference(ref=wrong(1)))]),
        f"{ITEM}/Readings/ReadingType/@ref",
    ),
    "a literal of another enumeration": (
        one(readings=[mr.Reading(reading_type=REF, reason=wrong(ev.Verb.GET))]),
        f"{ITEM}/Readings/reason",
    ),
    "an unknown literal": (
        one(readings=[mr.Reading(reading_type=REF, reason=wrong("boredom"))]),
        f"{ITEM}/Readings/reason",
    ),
    "a literal's name": (
        one(readings=[mr.Reading(reading_type=REF, reason=wrong("BILLING"))]),
        f"{ITEM}/Readings/reason",
    ),
    "a control character": (with_mrid("a\x0bb"), f"{ITEM}/Meter/mRID"),
    "a nul": (with_mrid("\x00"), f"{ITEM}/Meter/mRID"),
    "half a character": (with_mrid("a\ud83d"), f"{ITEM}/Meter/mRID"),
    "no character": (with_mrid("\uffff"), f"{ITEM}/Meter/mRID"),
    "a control character in a reference": (
        one(readings=[mr.Reading(reading_type=Reference(ref="\x01"))]),
        f"{ITEM}/Readings/ReadingType/@ref",
    ),
    "too few": (
        mr.MeterReadings(end_device_event_type=[mr.EndDeviceEventType(names=[])]),
        "/MeterReadings/EndDeviceEventType/Names",
    ),
    "the second of several": (
        one(readings=[mr.Reading(reading_type=REF), mr.Reading(reading_type=REF, value=wrong(5))]),
        f"{ITEM}/Readings[2]/value",
    ),
}


@pytest.mark.parametrize("name", sorted(WRONG))
def test_what_cannot_be_written_is_an_error_with_its_path(name: str) -> None:
    record, path = WRONG[name]
    with pytest.raises(EncodeError) as caught:
        to_xml(record)
    assert caught.value.path == path
    assert path in str(caught.value)


@pytest.mark.parametrize("name", sorted(WRONG))
def test_inside_a_message_the_path_counts_from_its_root(name: str) -> None:
    record, path = WRONG[name]
    with pytest.raises(EncodeError) as caught:
        to_xml(ev.EventMessage(header=HEADER, payload=ev.Payload(contents=[record])))
    assert caught.value.path == f"/EventMessage/Payload{path}"


def test_the_error_says_what_was_expected_and_of_what_kind_the_value_is_not_the_value() -> None:
    with pytest.raises(EncodeError) as caught:
        to_xml(with_mrid(20260302))
    assert (caught.value.expected, caught.value.got) == ("str", "int")
    assert "20260302" not in str(caught.value)


@pytest.mark.parametrize(
    ("character", "shown"),
    [("\0", "U+0000"), ("\x08", "U+0008"), ("\x1f", "U+001F"), ("\ufffe", "U+FFFE"), ("\ud800", "U+D800")],
)
def test_a_character_that_xml_has_not_is_named_by_its_number(character: str, shown: str) -> None:
    with pytest.raises(EncodeError, match="a character that no XML document may hold") as caught:
        to_xml(with_mrid(f"a{character}b\0"))
    assert caught.value.got == shown


@pytest.mark.parametrize("root", [None, 1, "<a/>", {}, mr.MeterReading(), mr.Meter(), Record(), HEADER, EndDeviceEvent])
def test_what_is_no_root_is_refused_by_its_class(root: Any) -> None:
    modes: tuple[Literal["strict", "lenient"], ...] = ("strict", "lenient")
    for mode in modes:
        with pytest.raises(EncodeError, match="no document can begin with this") as caught:
            to_xml(root, mode=mode)
        assert caught.value.expected == "a payload, query or envelope"
        assert caught.value.got == type(root).__name__


def test_a_payload_of_two_kinds_is_refused() -> None:
    for payload in (
        ev.Payload(contents=[one()], compressed="H4sI"),
        ev.Payload(operation_set=ev.OperationSet(), compressed="H4sI"),
        ev.Payload(contents=[one()], operation_set=ev.OperationSet()),
    ):
        with pytest.raises(EncodeError) as caught:
            to_xml(ev.EventMessage(header=HEADER, payload=payload))
        assert caught.value.path == "/EventMessage/Payload"


def test_an_envelope_is_no_payload() -> None:
    inner = ev.EventMessage[Any](header=HEADER)
    with pytest.raises(EncodeError):
        to_xml(ev.EventMessage(header=HEADER, payload=ev.Payload(contents=[inner])))


# -- exact text ------------------------------------------------------------------------------------------------------

TRICKY = [
    "\r",
    "\n",
    "\t",
    "\r\n",
    " ",
    "  a  ",
    "]]>",
    "<a>&amp;</a>",
    "'\"",
    "\x85",
    "\u2028",
    "\ufeff",
    "\ufffd",
    "\U0001f600",
    "",
    "&#13;",
]


@pytest.mark.parametrize("text", TRICKY)
@pytest.mark.parametrize("pretty", [False, True])
@pytest.mark.parametrize("mode", ["strict", "lenient"])
def test_texts_and_attributes_come_back_to_the_letter(text: str, pretty: bool, mode: Any) -> None:
    record = one(meter=mr.Meter(mrid=text), readings=[mr.Reading(reading_type=Reference(ref=text))])
    message = ev.RequestMessage[Any](
        header=HEADER, request=ev.Request(id=[ev.ObjectID(value=text, id_type=text, kind=ev.IDKind.NAME)])
    )
    for obj in (record, message):
        written = to_xml(obj, pretty=pretty, mode=mode)
        assert validate(written) == []
        found = from_xml(written, mode=mode)
        if text or mode == "strict":
            assert found == obj
        assert pieces(tree(to_xml(found, mode=mode))) == pieces(tree(written))  # an empty text may read as absent


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=20), st.text(max_size=20))
def test_any_text_comes_back_or_is_refused(text: str, attribute: str) -> None:
    record = one(meter=mr.Meter(mrid=text), readings=[mr.Reading(reading_type=Reference(ref=attribute))])
    impossible = any(
        (character < " " and character not in "\t\n\r") or character in "\ufffe\uffff" for character in text + attribute
    )
    try:
        written = to_xml(record)
    except EncodeError:
        assert impossible
        return
    assert not impossible
    assert from_xml(written) == record


def test_the_bytes_are_what_they_are_said_to_be() -> None:
    record = with_mrid("Zähler €")
    written = to_xml(record)
    assert written.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<MeterReadings xmlns=')
    assert "Zähler €".encode() in written
    assert to_xml(record, xml_declaration=False) == written.partition(b"\n")[2]


@pytest.mark.parametrize("mode", ["strict", "lenient"])
def test_pretty_printing_changes_nothing_but_white_space_between_elements(mode: Any) -> None:
    for source in (readings(), event(readings())):
        found = from_xml(source)
        pretty = to_xml(found, pretty=True, mode=mode)
        assert from_xml(pretty) == found
        assert canonical(pretty) == canonical(to_xml(found)) == canonical(source)
        lines = pretty.decode().splitlines()
        assert len(lines) > 20
        assert all(line.strip().startswith("<") for line in lines)


def test_pretty_printing_indents_by_depth() -> None:
    lines = to_xml(with_mrid("a"), pretty=True, xml_declaration=False).decode().splitlines()
    assert [lines[4], *lines[6:8]] == ["  <MeterReading>", "    <Meter>", "      <mRID>a</mRID>"]


# -- what may stand where --------------------------------------------------------------------------------------------


def test_a_plain_text_is_accepted_where_it_is_a_literal() -> None:
    reading = mr.Reading(reading_type=REF, reason="billing")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # the point
    written = to_xml(one(readings=[reading]))
    assert from_xml(written, mr.MeterReadings).meter_reading[1].readings[0].reason is mr.ReadingReasonKind.BILLING


class Level(str, enum.Enum):  # noqa: UP042  # many programs have such enumerations
    """An enumeration as it was before Python had ``StrEnum``."""

    HIGH = "high-level"


class Text(str):
    """A text that shows itself differently."""

    __slots__ = ()

    def __str__(self) -> str:
        return "shown"

    def __format__(self, spec: str) -> str:
        return "formatted"


@pytest.mark.parametrize(("text", "value"), [(Level.HIGH, "high-level"), (Text("inner"), "inner")])
def test_a_subclass_of_str_is_written_as_the_text_it_is(text: str, value: str) -> None:
    record = one(meter=mr.Meter(mrid=text), readings=[mr.Reading(reading_type=Reference(ref=text))])
    written = to_xml(record)
    assert from_xml(written) == one(
        meter=mr.Meter(mrid=value), readings=[mr.Reading(reading_type=Reference(ref=value))]
    )


class Number(enum.IntEnum):
    """An integer with a name."""

    FIVE = 5


def test_subclasses_of_numbers_are_written_as_numbers() -> None:
    assert from_xml(to_xml(calculation(offset=Number.FIVE, scalar_float=5))) == calculation(offset=5, scalar_float=5.0)


@dataclass(slots=True, kw_only=True)
class OurReadings(mr.MeterReadings):
    """A subclass with something of its own."""

    comment: str = "mine"


@dataclass(slots=True, kw_only=True)
class OurMeter(mr.Meter):
    """A subclass of a part."""


class OurEvent(ev.EventMessage[mr.MeterReadings]):
    """A subclass of an envelope, with its content said."""

    __slots__ = ()


def test_subclasses_of_generated_classes_are_written() -> None:
    ours = OurReadings(meter_reading=[mr.MeterReading(meter=OurMeter(mrid="m"))])
    plain = mr.MeterReadings(meter_reading=[mr.MeterReading(meter=mr.Meter(mrid="m"))])
    assert to_xml(ours) == to_xml(plain)
    assert from_xml(to_xml(OurEvent(header=HEADER, payload=ev.Payload(contents=[ours])))) == ev.EventMessage(
        header=HEADER, payload=ev.Payload(contents=[plain])
    )


def test_tuples_do_for_lists() -> None:
    record = mr.MeterReadings(meter_reading=(mr.MeterReading(),))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # the point
    assert from_xml(to_xml(record)) == mr.MeterReadings(meter_reading=[mr.MeterReading()])


def test_a_subscripted_class_makes_the_same_objects() -> None:
    made = ev.EventMessage[mr.MeterReadings](header=HEADER, payload=ev.Payload(contents=[one()]))
    assert from_xml(to_xml(made), ev.EventMessage[mr.MeterReadings]) == made


@pytest.mark.parametrize(
    "name",
    [
        QName("urn:x", "a"),
        QName(None, "a"),
        QName("http://iec.ch/TC57/2011/schema/message", "a"),
        QName("urn:a?b=1&c='2'", "ä-b.c"),
    ],
)
@pytest.mark.parametrize("mode", ["strict", "lenient"])
@pytest.mark.parametrize("pretty", [False, True])
def test_qualified_names_come_back(name: QName, mode: Any, pretty: bool) -> None:
    reply = ev.Reply(result=ev.Result.FAILED, error=[ev.Error(code="2.4", xpath=name, level=ev.ErrorLevel.FATAL)])
    message = ev.FaultMessage(reply=reply)
    written = to_xml(message, mode=mode, pretty=pretty)
    assert from_xml(written, mode=mode) == message


@pytest.mark.parametrize("local", ["", "a b", "1a", "a:b", "<", "a\x00"])
def test_a_qualified_name_that_is_none_is_refused(local: str) -> None:
    reply = ev.Reply(result=ev.Result.FAILED, error=[ev.Error(code="2.4", xpath=QName("urn:x", local))])
    with pytest.raises(EncodeError) as caught:
        to_xml(ev.FaultMessage(reply=reply))
    assert caught.value.path == "/FaultMessage/Reply/Error/xpath"


def test_fine_digits_of_a_second_are_written() -> None:
    end = PreciseDateTime.of(NOON, "7")
    written = to_xml(one(values_interval=mr.DateTimeInterval(end=end)))
    assert b"<end>2026-03-02T12:00:00.0000007Z</end>" in written


def test_nothing_is_written_of_what_is_absent() -> None:
    assert list(tree(to_xml(mr.MeterReadings()))) == []
    assert [child.tag for child in tree(to_xml(one()))] == [f"{{{READINGS}}}MeterReading"] * 2


def test_writing_does_not_change_the_object() -> None:
    found = from_xml(event(readings()))
    before = repr(found)
    first = to_xml(found)
    assert to_xml(found) == first
    assert repr(found) == before


# -- item by item ------------------------------------------------------------------------------------------------------


def test_an_item_that_cannot_be_written_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "out.xml"
    with open_writer(path, mr.MeterReadings(), mr.MeterReading) as writer:
        writer.append(mr.MeterReading())
        with pytest.raises(EncodeError):
            writer.append(mr.MeterReading(readings=[mr.Reading(reading_type=REF), mr.Reading(reading_type=None)]))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # the point
        with pytest.raises(EncodeError):
            writer.append(mr.Meter())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # the point
        writer.append(mr.MeterReading(is_coincident_trigger=True))
        assert writer.count == 2
    assert from_xml(path) == mr.MeterReadings(
        meter_reading=[mr.MeterReading(), mr.MeterReading(is_coincident_trigger=True)]
    )


def test_every_query_and_payload_can_be_a_root() -> None:
    made = from_xml(f'<GetMeterReadings xmlns="{NAMESPACE.format("GetMeterReadings")}"/>')
    assert tree(to_xml(made)).tag == f"{{{NAMESPACE.format('GetMeterReadings')}}}GetMeterReadings"
