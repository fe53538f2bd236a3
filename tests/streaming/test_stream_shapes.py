"""What a stream gives: items, the message around them, and the rest of the payload."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.streaming.support import (
    ENVELOPES,
    HEADER,
    MESSAGE_NS,
    PAYLOAD_NS,
    QUALITY_TYPE,
    READING_TYPE,
    SHAPES,
    Mode,
    each,
    event,
    item,
    message_of,
    payload,
    request,
    response,
)

from iec61968_9 import Dialect, Query, Record, Report, from_xml, iter_xml
from iec61968_9.errors import DecodeError
from iec61968_9.profiles.envelope import Result
from iec61968_9.profiles.meter_readings import (
    EndDeviceEventType,
    Meter,
    MeterReading,
    MeterReadings,
    ReadingQualityType,
    ReadingType,
)

THREE = payload(item("A"), item("B"), item("C"), QUALITY_TYPE, READING_TYPE)
QUERY = (
    '<GetMeterReadings xmlns="http://iec.ch/TC57/2011/GetMeterReadings#"><EndDevice><mRID>A</mRID></EndDevice>'
    "<ReadingType><Names><name>kWh</name></Names></ReadingType></GetMeterReadings>"
)


def mrids(items: list[MeterReading]) -> list[str | None]:
    return [one.meter.mrid if one.meter else None for one in items]


@pytest.mark.parametrize("shape", SHAPES)
def test_items_come_in_order_by_class(shape: str) -> None:
    with iter_xml(SHAPES[shape](THREE), MeterReading) as stream:
        assert mrids(list(stream)) == ["A", "B", "C"]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("mode", ["strict", "lenient"])
def test_items_come_in_order_by_element_name(shape: str, mode: Mode) -> None:
    items = list(iter_xml(SHAPES[shape](THREE), "MeterReading", mode=mode))
    assert all(type(one) is MeterReading for one in items)
    assert mrids(items) == ["A", "B", "C"]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kind", [ReadingType, ReadingQualityType])
def test_any_repeated_child_of_the_payload_can_be_streamed(shape: str, kind: type[Record]) -> None:
    """A definition's name also stands on references deeper inside, which are no items."""
    reading = '<IntervalBlocks><ReadingType ref="R"/></IntervalBlocks>'
    document = SHAPES[shape](payload(item("A", reading), item("B", reading), QUALITY_TYPE, READING_TYPE))
    stream = iter_xml(document, kind)
    assert [type(one) for one in stream] == [kind]
    assert isinstance(stream.rest, MeterReadings)
    assert mrids(stream.rest.meter_reading) == ["A", "B"]


def test_a_class_that_is_no_item_is_refused_at_once() -> None:
    with pytest.raises(TypeError, match="Meter is no item"):
        iter_xml(THREE, Meter)


def test_a_mode_that_does_not_exist_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="mode"):
        iter_xml(THREE, MeterReading, mode="loose")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]


@pytest.mark.parametrize("shape", ENVELOPES)
def test_the_message_is_there_before_the_first_item(shape: str) -> None:
    stream = iter_xml(ENVELOPES[shape](THREE), MeterReading)
    next(stream)
    message = message_of(stream, f"{shape.capitalize()}Message")
    assert message.header.message_id == "m-1"
    assert stream.rest is None


def test_the_reply_is_there_before_the_first_item() -> None:
    stream = iter_xml(response(THREE), MeterReading)
    next(stream)
    assert message_of(stream, "ResponseMessage").reply.result is Result.OK


@pytest.mark.parametrize("shape", SHAPES)
def test_the_message_can_be_looked_at_before_an_item_is_asked_for(shape: str) -> None:
    stream, other = (iter_xml(SHAPES[shape](THREE), MeterReading) for _ in range(2))
    looked_at = stream.envelope
    first = next(other)
    assert looked_at == other.envelope
    assert (looked_at is None) == (shape == "bare")
    assert list(stream) == [first, *other]  # looking takes nothing away


@pytest.mark.parametrize("shape", ENVELOPES)
def test_an_item_that_is_wrong_is_its_own_error_and_not_the_messages(shape: str) -> None:
    stream = iter_xml(ENVELOPES[shape](payload("<MeterReading><wrong/></MeterReading>")), MeterReading)
    assert message_of(stream, f"{shape.capitalize()}Message").header.message_id == "m-1"
    items, error = each(stream)
    assert items == []
    assert isinstance(error, DecodeError)


@pytest.mark.parametrize(
    ("shape", "named"), [("bare", "Its items are"), ("event", "It carries a MeterReadings. Its items are")]
)
def test_who_asks_for_other_items_is_told_those_that_there_are(shape: str, named: str) -> None:
    items, error = each(iter_xml(SHAPES[shape](THREE), "EndDeviceEvent"))
    assert items == []
    assert isinstance(error, DecodeError)
    assert error.advice == f"{named} EndDeviceEventType, MeterReading, ReadingQualityType, ReadingType."


def test_where_nothing_is_carried_nothing_is_advised() -> None:
    _, error = each(iter_xml(response(""), MeterReading))
    assert isinstance(error, DecodeError)
    assert error.advice is None


def test_what_has_no_message_says_so_when_that_is_looked_at_and_is_no_empty_stream_after_that() -> None:
    stream = iter_xml("<EventMessage", MeterReading)
    with pytest.raises(DecodeError) as looked:
        _ = stream.envelope
    items, error = each(stream)
    assert items == []
    assert error is looked.value


def test_a_stream_that_was_closed_gives_nothing_that_it_had_read_ahead() -> None:
    stream = iter_xml(response(THREE), MeterReading)
    assert stream.envelope is not None
    stream.close()
    assert list(stream) == []


def test_a_bare_payload_has_no_envelope() -> None:
    stream = iter_xml(THREE, MeterReading)
    assert len(list(stream)) == 3
    assert stream.envelope is None


@pytest.mark.parametrize("shape", SHAPES)
def test_the_rest_is_everything_but_the_items(shape: str) -> None:
    document = SHAPES[shape](THREE)
    stream = iter_xml(document, MeterReading)
    items = list(stream)
    whole = from_xml(THREE, MeterReadings)
    assert isinstance(stream.rest, MeterReadings)
    assert stream.rest.meter_reading == []
    stream.rest.meter_reading = items
    assert stream.rest == whole


@pytest.mark.parametrize("shape", ENVELOPES)
def test_the_message_is_whole_after_the_last_item(shape: str) -> None:
    document = ENVELOPES[shape](THREE)
    stream = iter_xml(document, MeterReading)
    items = list(stream)
    assert isinstance(stream.rest, MeterReadings)
    stream.rest.meter_reading.extend(items)  # the rest is in the message, so this completes it
    assert stream.envelope == from_xml(document)


def test_what_follows_the_payload_is_in_the_message_after_the_last_item() -> None:
    stream = iter_xml(event(THREE, "<Format>XML</Format>"), MeterReading)
    assert len(list(stream)) == 3
    assert message_of(stream, "EventMessage").payload.format == "XML"


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("text", ["", "\n  ", READING_TYPE])
def test_a_payload_without_items_is_an_empty_stream(shape: str, text: str) -> None:
    stream = iter_xml(SHAPES[shape](payload(text)), MeterReading)
    assert list(stream) == []
    assert isinstance(stream.rest, MeterReadings)
    assert (stream.envelope is None) == (shape == "bare")


@pytest.mark.parametrize(
    "message",
    [
        f'<ResponseMessage xmlns="{MESSAGE_NS}">{HEADER}<Reply><Result>FAILED</Result></Reply></ResponseMessage>',
        f'<EventMessage xmlns="{MESSAGE_NS}">{HEADER}</EventMessage>',
        event(""),
        event("<ID>m-1</ID>"),
        event('<other xmlns="urn:other"/>', header=HEADER.replace("MeterReadings", "Other")),
    ],
)
@pytest.mark.parametrize("wanted", [MeterReading, "MeterReading"])
@pytest.mark.parametrize("mode", ["strict", "lenient"])
def test_a_message_without_the_payload_is_an_error_that_carries_the_message(
    message: str, wanted: type[MeterReading] | str, mode: Mode
) -> None:
    items, error = each(iter_xml(message, wanted, mode=mode))
    assert items == []
    assert isinstance(error, DecodeError)
    assert error.envelope == from_xml(message)
    assert error.expected == "MeterReading"


def test_a_message_with_another_payload_is_an_error_that_carries_the_message() -> None:
    message = event('<MeterConfig xmlns="http://iec.ch/TC57/2011/MeterConfig#"/>', header=HEADER)
    _, error = each(iter_xml(message, MeterReading))
    assert isinstance(error, DecodeError)
    assert error.envelope == from_xml(message)


def test_a_bare_payload_of_another_kind_is_refused() -> None:
    items, error = each(iter_xml('<MeterConfig xmlns="http://iec.ch/TC57/2011/MeterConfig#"/>', MeterReading))
    assert items == []
    assert isinstance(error, DecodeError)
    assert (error.expected, error.got) == ("MeterReading", "MeterConfig")


@pytest.mark.parametrize("wanted", ["MeterReadings", "Meter", "Nonsense"])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_name_that_is_no_item_of_the_payload_is_refused(shape: str, wanted: str) -> None:
    """The payload's own name, a member deeper inside, a name that does not exist."""
    items, error = each(iter_xml(SHAPES[shape](THREE), wanted))
    assert items == []
    assert isinstance(error, DecodeError)


def test_an_unknown_root_is_refused_before_the_document_is_read() -> None:
    _, error = each(iter_xml("<nonsense>" + "x" * 1000, MeterReading))
    assert isinstance(error, DecodeError)
    assert error.path == "/nonsense"


# -- several candidates in one message -------------------------------------------------------------------------------


def test_a_query_beside_the_payload_is_not_taken_for_it() -> None:
    """A request may hold both; a query's members have the names of a payload's."""
    stream = iter_xml(request(THREE, QUERY), ReadingType)
    items, error = each(stream)
    assert error is None
    assert [one.mrid for one in items] == ["R"]


def test_the_rest_is_the_payload_also_beside_a_query() -> None:
    stream = iter_xml(request(THREE, QUERY), MeterReading)
    assert len(list(stream)) == 3
    assert isinstance(stream.rest, MeterReadings)
    assert not isinstance(stream.rest, Query)
    assert len(stream.rest.reading_type) == 1


def test_the_rest_is_the_streamed_payload_also_behind_another() -> None:
    first = '<EndDeviceEvents xmlns="http://iec.ch/TC57/2011/EndDeviceEvents#"/>'
    stream = iter_xml(event(first + THREE), MeterReading)
    assert len(list(stream)) == 3
    assert isinstance(stream.rest, MeterReadings)


def test_no_reading_of_a_second_payload_is_lost() -> None:
    """A message may hold two payloads: what does not come as an item is in the message at the end."""
    message = event(payload(item("A")) + payload(item("B"), item("C")))
    stream = iter_xml(message, MeterReading)
    items, error = each(stream)
    if error is None:
        contents: list[MeterReadings] = message_of(stream, "EventMessage").payload.contents
        assert mrids(items) + mrids([one for each_ in contents for one in each_.meter_reading]) == ["A", "B", "C"]


@pytest.mark.parametrize("mode", ["strict", "lenient"])
def test_a_payload_in_an_operation_is_streamed_too(mode: Mode) -> None:
    """The operations of a set hold their payloads one level deeper."""
    operation = "<operationId>1</operationId><noun>MeterReadings</noun><verb>create</verb>"
    message = request(f"<OperationSet><Operation>{operation}{THREE}</Operation></OperationSet>")
    stream = iter_xml(message, MeterReading, mode=mode)
    items, error = each(stream)
    assert error is None
    assert mrids(items) == ["A", "B", "C"]
    assert isinstance(stream.rest, MeterReadings)
    stream.rest.meter_reading = items
    assert stream.envelope == from_xml(message)


def test_an_empty_payload_before_the_one_with_items_is_not_the_rest() -> None:
    stream = iter_xml(event(payload() + THREE), MeterReading)
    assert mrids(list(stream)) == ["A", "B", "C"]
    assert isinstance(stream.rest, MeterReadings)
    assert len(stream.rest.reading_type) == 1


# -- namespaces ------------------------------------------------------------------------------------------------------


def test_the_www_spelling_is_known() -> None:
    www = payload(item("A"), item("B"), namespace=PAYLOAD_NS.replace("iec.ch", "www.iec.ch"))
    message = event(www).replace(MESSAGE_NS, MESSAGE_NS.replace("iec.ch", "www.iec.ch"))
    for document in (www, message):
        stream = iter_xml(document, MeterReading)
        assert mrids(list(stream)) == ["A", "B"]
        assert isinstance(stream.rest, MeterReadings)


@pytest.mark.parametrize("mode", ["strict", "lenient"])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_partners_namespace_is_read(shape: str, mode: Mode) -> None:
    document = SHAPES[shape](THREE.replace(PAYLOAD_NS, "urn:partner"))
    dialect = Dialect(payload="urn:partner")
    report = Report()
    stream = iter_xml(document, MeterReading, mode=mode, dialect=dialect, report=report)
    items = list(stream)
    assert items == from_xml(THREE, MeterReadings).meter_reading
    assert isinstance(stream.rest, MeterReadings)
    assert len(stream.rest.reading_type) == 1
    assert [(one.rule, one.level) for one in report] == ([] if mode == "strict" else [("T1", "note")])


def test_a_member_with_the_name_of_another_payload_is_not_taken_for_it() -> None:
    """One namespace for all payloads: the events inside a meter's readings are not the payload EndDeviceEvents."""
    events = (
        "<EndDeviceEvents><createdDateTime>2026-03-02T12:00:00Z</createdDateTime>"
        '<EndDeviceEventType ref="3.26.0.185"/></EndDeviceEvents>'
    )
    document = payload(item("A", events), namespace="urn:partner")
    dialect = Dialect(payload="urn:partner")
    whole = from_xml(document, MeterReadings, dialect=dialect)
    stream = iter_xml(document, EndDeviceEventType, dialect=dialect)
    items, error = each(stream)
    assert (items, error) == ([], None)
    assert stream.rest == whole


@pytest.mark.parametrize("prefix", ["m", "MeterReading"])
def test_prefixes_mean_nothing(prefix: str) -> None:
    document = payload(item("A"), item("B"))
    prefixed = document.replace("</", f"</{prefix}:").replace("<Me", f"<{prefix}:Me").replace("<mR", f"<{prefix}:mR")
    prefixed = prefixed.replace("xmlns=", f"xmlns:{prefix}=")
    assert mrids(list(iter_xml(prefixed, MeterReading))) == ["A", "B"]


def test_a_foreign_element_with_an_items_name_is_no_item_in_strict_mode() -> None:
    document = payload(item("A"), '<MeterReading xmlns="urn:other"/>')
    items, error = each(iter_xml(document, MeterReading))
    assert mrids(items) == ["A"]
    assert isinstance(error, DecodeError)


def test_a_foreign_element_with_an_items_name_is_kept_in_lenient_mode() -> None:
    document = payload(item("A"), '<x:MeterReading xmlns:x="urn:other"><x:y>1</x:y></x:MeterReading>', item("B"))
    whole = from_xml(document, MeterReadings, mode="lenient")
    stream = iter_xml(document, MeterReading, mode="lenient")
    assert mrids(list(stream)) == mrids(whole.meter_reading) == ["A", "B"]
    assert isinstance(stream.rest, MeterReadings)
    assert stream.rest.kept == whole.kept


@pytest.mark.parametrize("make", list(SHAPES.values()))
def test_a_stream_is_over_after_its_end(make: Callable[[str], str]) -> None:
    stream = iter_xml(make(THREE), MeterReading)
    assert len(list(stream)) == 3
    assert list(stream) == []
