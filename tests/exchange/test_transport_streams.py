"""Items of a message in any form: the same as ``iter_xml`` gives of the plain message, in constant memory."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Literal, cast

import pytest

from iec61968_9 import (
    DecodeError,
    EncodeError,
    ForeignElement,
    ItemStream,
    LimitError,
    Limits,
    Report,
    SoapFaultError,
    from_xml,
    iter_xml,
)
from iec61968_9.exchange import Form, SoapVersion, Style, iter_message, read_message, write_message
from iec61968_9.profiles import MeterReadings
from iec61968_9.profiles.envelope import EventMessage, FaultMessage
from iec61968_9.profiles.meter_readings import MeterReading

MESSAGES = sorted((Path(__file__).parents[1] / "messages").glob("*.xml"))
CREATED = from_xml(next(path for path in MESSAGES if path.stem.startswith("A3-3")), EventMessage[MeterReadings])
FORMS = [Form(soap=soap, style=style) for soap in (None, *SoapVersion) for style in list(Style)[:3]]
TRACE = ForeignElement('<t:Trace xmlns:t="urn:example:trace" id="7"/>')
MODES: list[Literal["strict", "lenient"]] = ["strict", "lenient"]
ITEMS = ["MeterReading", "EndDeviceEvent", "EndDeviceControl", "UsagePoint", "EndDevice"]

each_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.style}-{form.soap}")
each_mode = pytest.mark.parametrize("mode", MODES)


def outcome(stream: ItemStream[Any]) -> Any:
    """What a stream gives, or its error."""
    try:
        with stream:
            return [*stream], stream.envelope, stream.rest
    except DecodeError as error:
        return error.message, error.envelope


@each_form
def test_form_and_headers_can_be_looked_at_before_an_item_is_asked_for(form: Form) -> None:
    document = write_message(CREATED, form, headers=[TRACE] if form.soap else [])
    with iter_message(document, MeterReading) as stream:
        assert stream.headers == ((TRACE,) if form.soap else ())
        assert stream.form == read_message(document).form
        assert isinstance(stream.envelope, EventMessage)
        assert list(stream) == CREATED.content.meter_reading


@each_mode
@each_form
def test_a_stream_gives_what_iter_xml_gives_of_the_plain_message(
    form: Form, mode: Literal["strict", "lenient"]
) -> None:
    seen = 0
    for path in MESSAGES:
        message = from_xml(path)
        if isinstance(message, FaultMessage):
            continue
        try:
            data = write_message(message, form)  # type: ignore[arg-type]  # all others are messages
        except EncodeError:
            continue
        for item in ITEMS:
            stream = iter_message(data, item, mode=mode)
            assert outcome(stream) == outcome(iter_xml(path, item, mode=mode))
            assert (stream.form.soap, stream.form.style) == (form.soap, form.style)
            seen += stream.rest is not None
    assert seen > 20


@each_form
def test_the_message_and_its_form_are_known_before_the_first_item(form: Form) -> None:
    with iter_message(write_message(CREATED, form), MeterReading) as stream:
        first = next(stream)
        assert cast("EventMessage[Any]", stream.envelope).header == CREATED.header
        assert (stream.form.soap, stream.form.style) == (form.soap, form.style)
        assert [first, *stream] == CREATED.content.meter_reading


def large(form: Form, count: int) -> Iterator[bytes]:
    """A message with many items, in pieces."""
    head, item, tail = pieces(form)
    yield head
    for _ in range(count):
        yield item
    yield tail


def pieces(form: Form) -> tuple[bytes, bytes, bytes]:
    data = write_message(CREATED, form)
    start, end = data.index(b"<MeterReading>"), data.rindex(b"</MeterReading>") + len(b"</MeterReading>")
    first = data.index(b"</MeterReading>") + len(b"</MeterReading>")
    return data[:start], data[start:first], data[end:]


class Pieces(io.BufferedIOBase):
    """A source that is made while it is read, so that nothing of it stays."""

    def __init__(self, made: Iterator[bytes]) -> None:
        self.made = made
        self.left = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        size = -1 if size is None else size
        while len(self.left) < size and (piece := next(self.made, b"")):
            self.left += piece
        found, self.left = self.left[:size], self.left[size:]
        return found


@each_form
def test_memory_does_not_grow_with_the_message(form: Form) -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        try:
            with iter_message(cast("BinaryIO", Pieces(large(form, count))), MeterReading) as stream:
                assert sum(1 for _ in stream) == count
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(10)
    assert peak(4000) < 2 * peak(1000)


@each_mode
@each_form
def test_a_fault_in_an_item_is_raised_with_its_place_as_sent(form: Form, mode: Literal["strict", "lenient"]) -> None:
    head, item, tail = pieces(form)
    data = head + b"\n" * 70_000 + item + b"\n" + item.replace(b"<timeStamp>", b"<timeStamp>soon ", 1) + tail
    with pytest.raises(DecodeError) as caught:
        read_message(data)
    report = Report()
    if mode == "strict":
        with pytest.raises(DecodeError) as streamed, iter_message(data, MeterReading) as stream:
            list(stream)
        assert (streamed.value.path, streamed.value.line) == (caught.value.path, caught.value.line)
    else:
        with iter_message(data, MeterReading, mode=mode, report=report) as stream:
            assert len(list(stream)) == 2
        assert [(one.path, one.line) for one in report] == [(caught.value.path, caught.value.line)]


@each_form
def test_what_is_wrong_behind_the_items_is_refused_with_its_place_as_sent(form: Form) -> None:
    data = write_message(CREATED, form).replace(b"</MeterReadings>", b"<x/></MeterReadings>")
    with pytest.raises(DecodeError) as whole:
        read_message(data)
    with pytest.raises(DecodeError) as streamed, iter_message(data, MeterReading) as stream:
        list(stream)
    assert streamed.value.path == whole.value.path


def test_a_root_that_disagrees_with_the_header_is_refused_or_reported_at_the_end() -> None:
    data = write_message(CREATED, Form(style=Style.TYPED)).replace(b">created<", b">changed<")
    with pytest.raises(DecodeError, match="the root and the Verb disagree"), iter_message(data, MeterReading) as stream:
        list(stream)
    report = Report()
    with iter_message(data, MeterReading, mode="lenient", report=report) as stream:
        assert list(stream) == CREATED.content.meter_reading
    assert [one.kind for one in stream.findings] == ["wrapper-and-verb-disagree"]
    assert stream.findings[0].message.startswith("the root and the Verb disagree")
    assert list(report) == list(stream.findings)
    assert stream.form.root == "CreatedMeterReadings"


def test_a_soap_fault_is_never_an_empty_stream() -> None:
    fault = from_xml(next(path for path in MESSAGES if path.stem.startswith("F4")), FaultMessage)
    data = write_message(fault, Form(soap=SoapVersion.V1_2))
    for mode in MODES:
        with pytest.raises(SoapFaultError) as caught, iter_message(data, MeterReading, mode=mode) as stream:
            list(stream)
        assert caught.value.envelope == fault


def test_a_bare_payload_and_a_document_as_text_are_not_streamed_as_messages() -> None:
    bare = b'<MeterReadings xmlns="http://iec.ch/TC57/2011/MeterReadings#"/>'
    with pytest.raises(DecodeError, match="without an envelope") as caught, iter_message(bare, MeterReading) as stream:
        list(stream)
    error = caught.value
    assert error.message == "a payload stands here without an envelope"
    assert (error.path, error.line, error.expected, error.got) == ("/MeterReadings", 1, "a message", "MeterReadings")
    assert (error.reply_code, error.advice) == (
        "2.5",
        "iter_xml reads the items of a payload that is a document of its own.",
    )
    text = write_message(CREATED, xml_declaration=False).decode().replace("<", "&lt;")
    data = f'<e:Envelope xmlns:e="{SoapVersion.V1_1.namespace}"><e:Body><x>{text}</x></e:Body></e:Envelope>'
    with pytest.raises(DecodeError, match=r"^a message that is the text of an element has no items to stream"):
        list(iter_message(data, "MeterReading", mode="lenient"))


@each_form
def test_limits_hold_between_items(form: Form) -> None:
    head, item, tail = pieces(form)
    data = head + item + b"<!--" + b"x" * 300_000 + b"-->" + item + tail
    with pytest.raises(LimitError), iter_message(data, MeterReading, limits=Limits(item_bytes=70_000)) as stream:
        list(stream)
