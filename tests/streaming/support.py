"""Documents and sources that the tests of this folder share."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable, Iterable
from typing import Any, BinaryIO, Literal, cast

from hypothesis import settings
from hypothesis import strategies as st

from iec61968_9 import ItemStream, Reference
from iec61968_9.errors import Iec61968Error
from iec61968_9.profiles.envelope import EventMessage, Header, Payload, Verb
from iec61968_9.profiles.meter_readings import (
    IntervalBlock,
    IntervalReading,
    Meter,
    MeterReading,
    MeterReadings,
    Name,
    Reading,
    ReadingQuality,
    ReadingType,
)

Mode = Literal["strict", "lenient"]

unhurried = settings(deadline=None, max_examples=60)
"""For properties: how long an example takes says nothing here."""

PAYLOAD_NS = "http://iec.ch/TC57/2011/MeterReadings#"
MESSAGE_NS = "http://iec.ch/TC57/2011/schema/message"
KWH = "0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0"
NOON = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC)

HEADER = "<Header><Verb>created</Verb><Noun>MeterReadings</Noun><MessageID>m-1</MessageID></Header>"
REPLY = "<Reply><Result>OK</Result></Reply>"


def item(name: str = "A", inside: str = "") -> str:
    """One MeterReading, with something in the place of its values."""
    return f"<MeterReading>{inside}<Meter><mRID>{name}</mRID></Meter></MeterReading>"


BAD_ITEM = "<MeterReading><Meter><mrid>wrong</mrid></Meter></MeterReading>"
"""An item that its schema refuses, at its Meter's first child."""

READING_TYPE = "<ReadingType><mRID>R</mRID><Names><name>kWh</name></Names></ReadingType>"
QUALITY_TYPE = "<ReadingQualityType><category>0</category><Names><name>valid</name></Names></ReadingQualityType>"


def payload(*parts: str, attributes: str = "", namespace: str = PAYLOAD_NS) -> str:
    """A bare MeterReadings of some parts."""
    return f'<MeterReadings xmlns="{namespace}"{attributes}>{"".join(parts)}</MeterReadings>'


def event(content: str, after: str = "", header: str = HEADER) -> str:
    """An EventMessage around a payload."""
    return f'<EventMessage xmlns="{MESSAGE_NS}">{header}<Payload>{content}{after}</Payload></EventMessage>'


def response(content: str, after: str = "") -> str:
    """A ResponseMessage around a payload."""
    header = HEADER.replace("created", "reply")
    return f'<ResponseMessage xmlns="{MESSAGE_NS}">{header}{REPLY}<Payload>{content}{after}</Payload></ResponseMessage>'


def request(content: str, asked: str = "") -> str:
    """A RequestMessage around a payload, and around a query where one is given."""
    header = HEADER.replace("created", "create")
    query = f"<Request>{asked}</Request>" if asked else ""
    return f'<RequestMessage xmlns="{MESSAGE_NS}">{header}{query}<Payload>{content}</Payload></RequestMessage>'


ENVELOPES: dict[str, Callable[[str], str]] = {"event": event, "response": response, "request": request}
SHAPES: dict[str, Callable[[str], str]] = {"bare": str, **ENVELOPES}


class Trickle(io.RawIOBase):
    """A pipe: it gives some bytes at a time and cannot seek."""

    def __init__(self, data: bytes, step: int = 1) -> None:
        super().__init__()
        self.data = data
        self.step = step
        self.at = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        count = self.step if size < 0 else min(size, self.step)
        piece = self.data[self.at : self.at + count]
        self.at += len(piece)
        return piece


class Failing(Trickle):
    """A pipe that breaks when all of its bytes were given."""

    def read(self, size: int = -1, /) -> bytes:
        piece = super().read(size)
        if not piece:
            raise ConnectionResetError("the other side is gone")
        return piece


def pipe(data: bytes | str, step: int = 1) -> BinaryIO:
    """A source that gives a few bytes at a time."""
    return cast("BinaryIO", Trickle(data.encode() if isinstance(data, str) else data, step))


def each(stream: Iterable[Any], kind: type[Exception] = Iec61968Error) -> tuple[list[Any], Exception | None]:
    """What a stream yields up to its end or to an error of a kind, the library's if not said; and the error."""
    items: list[Any] = []
    try:
        for one in stream:
            items.append(one)  # noqa: PERF402  # extend() would drop them on an error
    except kind as error:
        return items, error
    return items, None


def message_of(stream: ItemStream[Any], kind: str) -> Any:
    """A stream's message, which is of a kind."""
    assert type(stream.envelope).__name__ == kind
    return stream.envelope


# -- random objects --------------------------------------------------------------------------------------------------

texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"), max_size=8
)
times = st.datetimes(datetime.datetime(2000, 1, 1), datetime.datetime(2100, 1, 1), timezones=st.just(datetime.UTC))
names = st.lists(st.builds(Name, name=texts), max_size=2)
references = st.builds(Reference, ref=st.none() | texts)
qualities = st.builds(ReadingQuality, reading_quality_type=references, comment=st.none() | texts)
interval_readings = st.builds(
    IntervalReading,
    time_stamp=st.none() | times,
    value=st.none() | texts,
    reading_qualities=st.lists(qualities, max_size=2),
)
blocks = st.builds(IntervalBlock, interval_readings=st.lists(interval_readings, max_size=3), reading_type=references)
meters = st.builds(Meter, mrid=st.none() | texts, names=names)
meter_readings = st.builds(
    MeterReading,
    interval_blocks=st.lists(blocks, max_size=2),
    meter=st.none() | meters,
    readings=st.lists(st.builds(Reading, value=st.none() | texts, reading_type=references), max_size=2),
)
reading_types = st.builds(
    ReadingType, mrid=st.none() | texts, names=st.lists(st.builds(Name, name=texts), min_size=1, max_size=2)
)
payloads = st.builds(
    MeterReadings,
    meter_reading=st.lists(meter_readings, max_size=5),
    reading_type=st.lists(reading_types, max_size=2),
)


def in_event(content: MeterReadings) -> EventMessage[MeterReadings]:
    return EventMessage(
        header=Header(verb=Verb.CREATED, noun="MeterReadings", timestamp=NOON),
        payload=Payload(contents=[content], format="XML"),
    )
