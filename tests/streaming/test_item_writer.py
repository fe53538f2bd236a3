"""Writing item by item: the same bytes as of the whole object, in little memory, and nothing half-done passes."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.streaming.support import KWH, NOON, Mode, in_event, meter_readings, payloads, unhurried

from iec61968_9 import Dialect, Kept, Record, Reference, from_xml, iter_xml, open_writer, to_xml
from iec61968_9.errors import DecodeError, EncodeError
from iec61968_9.profiles.envelope import EventMessage, Header, Payload, RequestMessage, Verb
from iec61968_9.profiles.get_meter_readings import EndDevice, GetMeterReadings
from iec61968_9.profiles.meter_readings import (
    IntervalBlock,
    IntervalReading,
    Meter,
    MeterReading,
    MeterReadings,
    Name,
    ReadingType,
)

DIALECTS = [
    Dialect(),
    Dialect(prefix="m"),
    Dialect(payload="urn:partner", envelope="urn:partner-message"),
    Dialect(payload="urn:partner", prefix="ns2"),
]


def written(skeleton: Record, items: list[Any], kind: type[Any] = MeterReading, **options: Any) -> bytes:
    target = io.BytesIO()
    with open_writer(target, skeleton, kind, **options) as writer:
        for one in items:
            writer.append(one)
    assert writer.count == len(items)
    return target.getvalue()


def reading(name: str = "A", values: int = 1) -> MeterReading:
    rows = [IntervalReading(time_stamp=NOON, value=str(number)) for number in range(values)]
    block = IntervalBlock(interval_readings=rows, reading_type=Reference(ref=KWH))
    return MeterReading(interval_blocks=[block], meter=Meter(mrid=name))


bad = MeterReading(interval_blocks=[IntervalBlock(reading_type=Reference()), IntervalBlock(reading_type=None)])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
"""A required member of its second block is missing."""

# -- the same as a whole ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", DIALECTS, ids=["standard", "prefix", "namespaces", "both"])
@pytest.mark.parametrize("mode", ["strict", "lenient"])
@unhurried
@given(content=payloads)
def test_a_bare_payload_is_written_as_if_at_once(dialect: Dialect, mode: Mode, content: MeterReadings) -> None:
    whole = to_xml(content, dialect=dialect, mode=mode)
    items, content.meter_reading = content.meter_reading, []
    assert written(content, items, dialect=dialect, mode=mode) == whole


@pytest.mark.parametrize("dialect", DIALECTS, ids=["standard", "prefix", "namespaces", "both"])
@unhurried
@given(content=payloads)
def test_a_message_is_written_as_if_at_once(dialect: Dialect, content: MeterReadings) -> None:
    message = in_event(content)
    whole = to_xml(message, dialect=dialect)
    items, content.meter_reading = content.meter_reading, []
    assert written(message, items, dialect=dialect) == whole


@unhurried
@given(content=payloads)
def test_any_item_of_the_payload_can_be_written(content: MeterReadings) -> None:
    """Also one that stands behind the others."""
    whole = to_xml(content)
    items, content.reading_type = content.reading_type, []
    assert written(content, items, ReadingType) == whole


def test_a_query_is_written_too() -> None:
    query = GetMeterReadings(end_device=[EndDevice(mrid="A"), EndDevice(mrid="B")])
    whole = to_xml(query)
    items, query.end_device = query.end_device, []
    assert written(query, items, EndDevice) == whole


def test_without_items_it_is_the_skeleton() -> None:
    for skeleton in (MeterReadings(), in_event(MeterReadings())):
        assert written(skeleton, []) == to_xml(skeleton)


def test_the_skeleton_is_left_as_it_was() -> None:
    skeleton = in_event(MeterReadings(reading_type=[ReadingType(names=[Name(name="kWh")])]))
    before = to_xml(skeleton)
    written(skeleton, [reading()])
    assert to_xml(skeleton) == before


def test_what_lenient_reading_kept_is_written_in_its_place() -> None:
    document = (
        '<MeterReadings xmlns="http://iec.ch/TC57/2011/MeterReadings#" odd="1">text<odd>1</odd><MeterReading odd="2">'
        "<Meter><odd/></Meter></MeterReading><MeterReading odd='3'/></MeterReadings>"
    )
    content = from_xml(document, MeterReadings, mode="lenient")
    whole = to_xml(content, mode="lenient")
    items, content.meter_reading = content.meter_reading, []
    assert written(content, items, mode="lenient") == whole


@unhurried
@given(st.lists(meter_readings, max_size=4))
def test_what_is_written_is_read_again(items: list[MeterReading]) -> None:
    stream = iter_xml(written(in_event(MeterReadings()), items), MeterReading)
    assert list(stream) == items


# -- many ------------------------------------------------------------------------------------------------------------


class Counting(io.RawIOBase):
    """A target that keeps nothing, and knows the largest piece that it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[int] = []

    def write(self, data: Any, /) -> int:
        self.pieces.append(len(data))
        return len(data)


@pytest.mark.parametrize("dialect", DIALECTS[:2], ids=["standard", "prefix"])
def test_thousands_of_items_do_not_pile_up(dialect: Dialect) -> None:
    """What is written at a time does not grow with the number of items."""
    largest: list[int] = []
    for count in (1_000, 5_000):
        target = Counting()
        with open_writer(target, MeterReadings(), MeterReading, dialect=dialect) as writer:  # type: ignore[arg-type]
            for number in range(count):
                writer.append(reading(str(number), 24))
        assert sum(target.pieces) > 1_500 * count
        largest.append(max(target.pieces))
    assert largest[1] < largest[0] * 1.1


@pytest.mark.parametrize("dialect", DIALECTS, ids=["standard", "prefix", "namespaces", "both"])
def test_thousands_of_items_are_the_same_as_at_once(dialect: Dialect) -> None:
    items = [reading(str(number), number % 50) for number in range(3_000)]
    whole = to_xml(in_event(MeterReadings(meter_reading=items)), dialect=dialect)
    assert written(in_event(MeterReadings()), items, dialect=dialect) == whole


# -- what goes wrong -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, 3_000])
@pytest.mark.parametrize("kind", [RuntimeError, KeyboardInterrupt, EncodeError])
def test_what_an_exception_interrupts_is_no_document(count: int, kind: type[BaseException], tmp_path: Path) -> None:
    path = tmp_path / "part.xml"

    def work() -> None:
        with open_writer(path, in_event(MeterReadings()), MeterReading) as writer:
            for _ in range(count):
                writer.append(reading(values=20))
            raise kind("stop")

    with pytest.raises(kind):
        work()
    assert path.exists()
    with pytest.raises(DecodeError):
        from_xml(path)
    with pytest.raises(DecodeError):
        list(iter_xml(path, MeterReading))


@pytest.mark.parametrize("before", [0, 1, 2_500])
@pytest.mark.parametrize("skeleton", [MeterReadings, lambda: in_event(MeterReadings())], ids=["bare", "message"])
def test_a_bad_item_is_refused_and_the_writer_goes_on(before: int, skeleton: Any) -> None:
    """The path is that in the document that is being written, however much of it has left the memory."""
    made: Record = skeleton()
    target = io.BytesIO()
    good = [reading(str(number), 20) for number in range(before)]
    start = "" if type(made) is MeterReadings else "/EventMessage/Payload"
    with open_writer(target, made, MeterReading) as writer:
        for one in good:
            writer.append(one)
        with pytest.raises(EncodeError) as caught:
            writer.append(bad)
        assert writer.count == before
        writer.append(reading("last"))
    whole = MeterReadings(meter_reading=[*good, reading("last")])
    assert target.getvalue() == to_xml(whole if start == "" else in_event(whole))
    number = "" if before == 0 else f"[{before + 1}]"
    assert caught.value.path == f"{start}/MeterReadings/MeterReading{number}/IntervalBlocks[2]/ReadingType"


class Broken(list[Name]):
    """A list of the caller's that fails when it is read."""

    def __iter__(self) -> Iterator[Name]:
        raise RuntimeError("no connection")


def test_any_error_in_an_item_leaves_no_half_of_it() -> None:
    target = io.BytesIO()
    with open_writer(target, MeterReadings(), MeterReading) as writer:
        with pytest.raises(RuntimeError):
            writer.append(MeterReading(is_coincident_trigger=True, meter=Meter(names=Broken())))
        writer.append(reading())
    assert target.getvalue() == to_xml(MeterReadings(meter_reading=[reading()]))


@pytest.mark.parametrize("wrong", [None, "text", Meter(), MeterReadings(), Reference(ref="x")])
def test_an_object_of_another_class_is_refused(wrong: Any) -> None:
    target = io.BytesIO()
    with open_writer(target, MeterReadings(), MeterReading) as writer:
        with pytest.raises(EncodeError):
            writer.append(wrong)
        writer.append(reading())
    assert target.getvalue() == to_xml(MeterReadings(meter_reading=[reading()]))


def test_strict_writing_refuses_what_lenient_reading_kept() -> None:
    with open_writer(io.BytesIO(), MeterReadings(), MeterReading) as writer, pytest.raises(EncodeError):
        writer.append(MeterReading(kept=Kept(texts=("odd",))))


@pytest.mark.parametrize("text", ["\x00", "\ud800", "\ufffe"])
def test_a_character_that_xml_does_not_have_is_refused(text: str) -> None:
    with open_writer(io.BytesIO(), MeterReadings(), MeterReading) as writer, pytest.raises(EncodeError) as caught:
        writer.append(reading(text))
    assert caught.value.path is not None
    assert caught.value.path.endswith("/Meter/mRID")


def test_a_skeleton_with_items_is_refused() -> None:
    for skeleton in (MeterReadings(meter_reading=[reading()]), in_event(MeterReadings(meter_reading=[reading()]))):
        with pytest.raises(EncodeError, match="items already"):
            open_writer(io.BytesIO(), skeleton, MeterReading)


@pytest.mark.parametrize(
    "skeleton",
    [
        Meter(),
        EventMessage[Any](header=Header(verb=Verb.CREATED, noun="MeterReadings")),
        in_event(MeterReadings()).header,
        GetMeterReadings(),
    ],
)
def test_a_skeleton_without_a_place_for_the_items_is_refused(skeleton: Record) -> None:
    with pytest.raises(EncodeError):
        open_writer(io.BytesIO(), skeleton, MeterReading)


@pytest.mark.parametrize(("mode", "said"), [("strict", "may not stand here"), ("lenient", "in a circle")])
@pytest.mark.parametrize("before", [True, False])
def test_a_skeleton_in_a_circle_is_refused_in_both_modes(mode: Mode, said: str, before: bool) -> None:
    message: EventMessage[Any] = in_event(MeterReadings())
    assert message.payload is not None
    message.payload.contents.insert(0 if before else 1, message)
    with pytest.raises(EncodeError, match=said):
        open_writer(io.BytesIO(), message, MeterReading, mode=mode)


def test_a_class_that_is_no_item_is_refused() -> None:
    with pytest.raises(EncodeError):
        open_writer(io.BytesIO(), MeterReadings(), Meter)


@pytest.mark.parametrize("noun", [None, 1])
def test_a_skeleton_that_cannot_be_written_is_refused_before_the_file_is_touched(noun: Any, tmp_path: Path) -> None:
    message = EventMessage(
        header=Header(verb=Verb.CREATED, noun=noun, timestamp=datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC)),
        payload=Payload(contents=[MeterReadings()]),
    )
    with pytest.raises(EncodeError):
        open_writer(tmp_path / "none.xml", message, MeterReading)
    assert not (tmp_path / "none.xml").exists()


def test_a_writer_is_used_in_a_with_statement() -> None:
    writer = open_writer(io.BytesIO(), MeterReadings(), MeterReading)
    with pytest.raises(ValueError, match="with statement"):
        writer.append(reading())
    with writer:
        writer.append(reading())
    with pytest.raises(ValueError, match="with statement"):
        writer.append(reading())


@pytest.mark.parametrize("is_interrupted", [True, False])
def test_a_writer_is_used_once(is_interrupted: bool, tmp_path: Path) -> None:
    """What was interrupted does not become a whole document afterwards, and a file that is there stays."""
    path = tmp_path / "out.xml"
    writer = open_writer(path, MeterReadings(), MeterReading)
    with suppress(KeyError), writer:
        writer.append(reading())
        with pytest.raises(ValueError, match="used already"):
            writer.__enter__()
        if is_interrupted:
            raise KeyError
    before = path.read_bytes()
    with pytest.raises(ValueError, match="used already"), writer:
        pass
    assert path.read_bytes() == before
    assert before.endswith(b"</MeterReadings>") != is_interrupted


def test_a_file_of_the_callers_is_left_open_and_a_path_is_closed(tmp_path: Path) -> None:
    target = io.BytesIO()
    with open_writer(target, MeterReadings(), MeterReading) as writer:
        writer.append(reading())
    assert not target.closed
    with open_writer(tmp_path / "out.xml", MeterReadings(), MeterReading) as writer:
        writer.append(reading())
    assert (tmp_path / "out.xml").read_bytes() == target.getvalue()


def test_a_message_beside_whose_payload_a_query_stands() -> None:
    """The items go into the payload."""
    query = GetMeterReadings(end_device=[EndDevice(mrid="A")])
    skeleton = from_xml(
        to_xml(
            RequestMessage(
                header=Header(verb=Verb.CREATE, noun="MeterReadings"),
                payload=Payload(contents=[MeterReadings()]),
            )
        ).replace(b"<Payload>", b"<Request>" + to_xml(query, xml_declaration=False) + b"</Request><Payload>"),
        RequestMessage,
    )
    again = from_xml(written(skeleton, [reading()]), RequestMessage)
    assert again.payload is not None
    assert again.payload.contents == [MeterReadings(meter_reading=[reading()])]
    assert again.request is not None
    assert again.request.queries == [query]
