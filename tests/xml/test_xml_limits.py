"""Limits: just under is read, just over is a LimitError that names the field, in every way of reading."""

from __future__ import annotations

import dataclasses
import io
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iec61968_9 import DecodeError, LimitError, Limits, Report, SchemaError, from_xml, iter_xml, validate
from iec61968_9.profiles.meter_readings import MeterReadings

NAMESPACE = "http://iec.ch/TC57/2011/MeterReadings#"
MESSAGE = "http://iec.ch/TC57/2011/schema/message"


def document(inside: str) -> bytes:
    return f'<MeterReadings xmlns="{NAMESPACE}">{inside}</MeterReadings>'.encode()


def lenient(source: Any, limits: Limits) -> MeterReadings:
    return from_xml(source, MeterReadings, mode="lenient", report=Report(), limits=limits)


def strict(source: Any, limits: Limits) -> MeterReadings:
    return from_xml(source, MeterReadings, limits=limits)


def checked(source: Any, limits: Limits) -> object:
    return validate(source, limits=limits)


def items(source: Any, limits: Limits) -> object:
    return list(iter_xml(source, "MeterReading", limits=limits))


def lenient_items(source: Any, limits: Limits) -> object:
    return list(iter_xml(source, "MeterReading", mode="lenient", limits=limits))


WHOLE: list[Callable[[Any, Limits], object]] = [strict, lenient, checked]
ALL = [*WHOLE, items, lenient_items]
LENIENT: list[Callable[[Any, Limits], object]] = [lenient, lenient_items]


def assert_over(read: Callable[[Any, Limits], object], source: Any, limits: Limits, field: str) -> LimitError:
    with pytest.raises(LimitError) as caught:
        read(source, limits)
    assert caught.value.limit == field
    assert field in {one.name for one in dataclasses.fields(Limits)}
    assert caught.value.reply_code is not None
    return caught.value


# -- the object itself ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(Limits)])
@pytest.mark.parametrize("value", [0, -1, 1.5, True, None, "10", 10**3 + 0.0])
def test_a_limit_is_a_positive_integer(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=name):
        Limits(**{name: value})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # that is the point


def test_limits_are_a_value() -> None:
    assert Limits() == Limits(document_bytes=256 * 1024 * 1024)
    assert hash(Limits(depth=3)) == hash(Limits(depth=3))
    assert pickle.loads(pickle.dumps(Limits(depth=3))) == Limits(depth=3)  # noqa: S301  # our own
    with pytest.raises(dataclasses.FrozenInstanceError):
        Limits().depth = 3  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]  # that is the point


# -- bytes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("read", WHOLE)
def test_bytes_of_a_document(read: Callable[[Any, Limits], object], tmp_path: Path) -> None:
    raw = document("<MeterReading/>")
    path = tmp_path / "message.xml"
    path.write_bytes(raw)
    size = len(raw)
    for make in (lambda: raw, lambda: raw.decode(), lambda: path, lambda: io.BytesIO(raw), lambda: memoryview(raw)):
        read(make(), Limits(document_bytes=size))
        assert_over(read, make(), Limits(document_bytes=size - 1), "document_bytes")


@pytest.mark.parametrize("read", WHOLE)
def test_no_more_of_a_file_is_read_than_the_limit_and_one(read: Callable[[Any, Limits], object]) -> None:
    class Endless(io.RawIOBase):
        given = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            buffer[:] = b" " * len(buffer)
            self.given += len(buffer)
            return len(buffer)

    endless = Endless()
    assert_over(read, endless, Limits(document_bytes=100_000), "document_bytes")
    assert endless.given <= 100_001


@pytest.mark.parametrize("read", [items, lenient_items])
def test_bytes_of_one_item(read: Callable[[Any, Limits], object]) -> None:
    def with_item(size: int) -> bytes:
        return document(f"<MeterReading><Meter><mRID>{'x' * size}</mRID></Meter></MeterReading>")

    limits = Limits(item_bytes=300_000)
    read(with_item(100_000), limits)
    assert_over(read, with_item(500_000), limits, "item_bytes")
    assert_over(read, document("<!--" + "x" * 500_000 + "-->"), limits, "item_bytes")


@pytest.mark.parametrize("read", [items, lenient_items])
def test_a_stream_whose_root_never_begins_is_given_up(read: Callable[[Any, Limits], object]) -> None:
    assert_over(read, b" " * 1_000_000 + document(""), Limits(), "item_bytes")


# -- shapes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("read", WHOLE)
def test_elements_of_a_document(read: Callable[[Any, Limits], object]) -> None:
    for count in (1, 2, 5, 100):
        raw = document("<MeterReading/>" * (count - 1))
        read(raw, Limits(elements=count))
        assert_over(read, document("<MeterReading/>" * count), Limits(elements=count), "elements")


@given(st.integers(1, 60), st.integers(1, 60))
def test_elements_are_counted_exactly(count: int, limit: int) -> None:
    raw = document("<a/>" * (count - 1))
    if count <= limit:
        lenient(raw, Limits(elements=limit))
    else:
        assert_over(lenient, raw, Limits(elements=limit), "elements")


@pytest.mark.parametrize("read", LENIENT)
@pytest.mark.parametrize("limit", [2, 3, 10, 255, 256, 257, 300, 1000])
def test_elements_inside_one_another(read: Callable[[Any, Limits], object], limit: int) -> None:
    def nested(depth: int) -> bytes:
        inside = depth - 2
        return document("<MeterReading>" + "<a>" * inside + "</a>" * inside + "</MeterReading>")

    read(nested(limit), Limits(depth=limit))
    assert_over(read, nested(limit + 1), Limits(depth=limit), "depth")


@pytest.mark.parametrize("read", ALL)
def test_no_limit_is_lost_when_another_is_raised(read: Callable[[Any, Limits], object]) -> None:
    """libxml2 has one switch for all its bounds; raising one of them must not lift the others."""
    deep = document("<MeterReading>" + "<a>" * 300 + "</a>" * 300 + "</MeterReading>")
    assert_over(read, deep, Limits(), "depth")
    assert_over(read, deep, Limits(text=20_000_000), "depth")
    long = document("<MeterReading><Meter><mRID>" + "x" * 10_000_001 + "</mRID></Meter></MeterReading>")
    assert_over(read, long, Limits(item_bytes=20_000_000), "text")
    assert_over(read, long, Limits(depth=300, item_bytes=20_000_000), "text")


@pytest.mark.parametrize("read", ALL)
@pytest.mark.parametrize("limit", [1, 10, 100_000])
def test_characters_of_one_text(read: Callable[[Any, Limits], object], limit: int) -> None:
    def with_text(text: str) -> bytes:
        return document(f"<MeterReading><Meter><mRID>{text}</mRID></Meter></MeterReading>")

    limits = Limits(text=limit)
    read(with_text("x" * limit), limits)
    read(with_text("€" * limit), limits)
    assert_over(read, with_text("x" * (limit + 1)), limits, "text")
    assert_over(read, with_text("<![CDATA[" + "x" * limit + "]]>x"), limits, "text")
    assert_over(read, with_text("x" * limit + "<!-- c -->x"), limits, "text")
    assert_over(read, with_text("&amp;" * limit + "x"), limits, "text")


@pytest.mark.parametrize("read", ALL)
def test_characters_of_one_attribute(read: Callable[[Any, Limits], object]) -> None:
    def with_attribute(text: str) -> bytes:
        return document(f'<MeterReading><Readings><ReadingType ref="{text}"/></Readings></MeterReading>')

    read(with_attribute("x" * 100), Limits(text=100))
    assert_over(read, with_attribute("x" * 101), Limits(text=100), "text")


def test_a_text_longer_than_libxml2_takes_is_read_when_asked_for() -> None:
    raw = document("<MeterReading><Meter><mRID>" + "x" * 10_000_100 + "</mRID></Meter></MeterReading>")
    meter = strict(raw, Limits(text=10_000_100)).meter_reading[0].meter
    assert meter is not None
    assert len(meter.mrid or "") == 10_000_100
    assert_over(strict, raw, Limits(text=10_000_099), "text")


@pytest.mark.parametrize(
    "inside",
    [
        "<!--{}-->",
        "<?p {}?>",
        '<a b="{}"/>',
        '<a xmlns:b="{}"/>',
        "<a><![CDATA[{}]]></a>",
    ],
)
@pytest.mark.parametrize("read", [strict, lenient_items])
def test_whatever_is_too_long_for_libxml2_is_a_limit(read: Callable[[Any, Limits], object], inside: str) -> None:
    raw = document(inside.format("x" * 10_000_001) + "<MeterReading/>")
    assert_over(read, raw, Limits(item_bytes=20_000_000), "text")


@pytest.mark.parametrize("read", ALL)
def test_attributes_of_one_element_of_the_schema(read: Callable[[Any, Limits], object]) -> None:
    def attributes(count: int) -> bytes:
        return document("<MeterReading " + " ".join(f'a{number}="1"' for number in range(count)) + "/>")

    limits = Limits(attributes=10)
    try:
        read(attributes(10), limits)
    except SchemaError:
        assert read in (strict, items)
    error = assert_over(read, attributes(11), limits, "attributes")
    assert error.path is not None
    assert error.path.startswith("/MeterReadings/MeterReading")


@pytest.mark.parametrize("mode", ["strict", "lenient"])
def test_attributes_of_one_element_that_nobody_knows(mode: Any) -> None:
    def foreign(count: int) -> str:
        attributes = " ".join(f'a{number}="1"' for number in range(count))
        return (
            f'<EventMessage xmlns="{MESSAGE}"><Header><Verb>created</Verb><Noun>X</Noun></Header><Payload>'
            f'<x xmlns="urn:x"><y {attributes}/></x></Payload></EventMessage>'
        )

    from_xml(foreign(64), mode=mode)
    with pytest.raises(LimitError) as caught:
        from_xml(foreign(65), mode=mode)
    assert caught.value.limit == "attributes"


def test_namespace_declarations_are_no_attributes() -> None:
    declarations = " ".join(f'xmlns:n{number}="urn:{number}"' for number in range(80))
    strict(document(f"<MeterReading {declarations}/>"), Limits(attributes=1))


def test_so_many_issues_are_reported_and_no_more() -> None:
    raw = document("<MeterReading><isCoincidentTrigger>maybe</isCoincidentTrigger></MeterReading>" * 30)
    for limit, count in ((1, 1), (7, 7), (30, 30), (100, 30)):
        limits = Limits(issues=limit)
        assert len(validate(raw, limits=limits)) == count
        with pytest.raises(SchemaError) as caught:
            from_xml(raw, limits=limits)
        assert len(caught.value.issues) == count


def test_the_path_and_the_line_of_what_is_too_much_are_told() -> None:
    raw = document("\n<MeterReading/>\n<MeterReading><Meter>\n<mRID>" + "x" * 100 + "</mRID></Meter></MeterReading>")
    error = assert_over(strict, raw, Limits(text=50), "text")
    assert (error.path, error.line) == ("/MeterReadings/MeterReading[2]/Meter/mRID", 4)


def test_a_limit_error_is_a_decode_error_with_the_name_in_a_pickle_too() -> None:
    error = assert_over(strict, document("<MeterReading/>"), Limits(elements=1), "elements")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own
    assert isinstance(error, DecodeError)
    assert isinstance(again, LimitError)
    assert (again.limit, str(again)) == ("elements", str(error))
