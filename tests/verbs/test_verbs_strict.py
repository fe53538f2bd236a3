"""Strict reading: what is valid in whatever clothes is read, what is not is refused."""

from __future__ import annotations

from typing import Any

import pytest
from tests.verbs.support import MESSAGE, READINGS, XSI, event, prefixed, readings, request

from iec61968_9 import DecodeError, ForeignElement, SchemaError, from_xml, iter_xml, validate
from iec61968_9.profiles.customer_config import CustomerConfig
from iec61968_9.profiles.envelope import EventMessage, RequestMessage
from iec61968_9.profiles.get_meter_readings import GetMeterReadings
from iec61968_9.profiles.meter_readings import MeterReadings


def mrid(text: str, attributes: str = "") -> str:
    return readings(f"<MeterReading><Meter><mRID{attributes}>{text}</mRID></Meter></MeterReading>")


def read_mrid(source: str) -> str | None:
    meter = from_xml(source, MeterReadings).meter_reading[0].meter
    assert meter is not None
    return meter.mrid


# -- clothes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ab", "ab"),
        ("a<!-- c -->b", "ab"),
        ("<!-- c -->ab<!-- c -->", "ab"),
        ("a<?p i?>b", "ab"),
        ("<![CDATA[a<b]]>", "a<b"),
        ("a<![CDATA[ ]]>b", "a b"),
        ("<![CDATA[]]>", ""),
        ("", ""),
        (" ", " "),
        ("\n a \t", "\n a \t"),
        ("<!-- only -->", ""),
        ("\u00a0", "\u00a0"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("&#13;&#10;", "\r\n"),
    ],
)
@pytest.mark.parametrize("mode", ["strict", "lenient"])
def test_a_text_is_read_to_the_letter(text: str, value: str, mode: Any) -> None:
    source = mrid(text)
    assert read_mrid(source) == value
    meter = from_xml(source, MeterReadings, mode=mode).meter_reading[0].meter
    assert meter is not None
    assert meter.mrid == (value if value or mode == "strict" else None)


def test_comments_instructions_and_cdata_between_elements_say_nothing() -> None:
    source = readings().replace("\n", "\n<!-- c --><?p i?>\n").replace("</Meter>", " <![CDATA[ ]]></Meter>")
    assert from_xml(source) == from_xml(readings())
    assert list(iter_xml(source, "MeterReading")) == from_xml(readings(), MeterReadings).meter_reading


def test_comments_inside_numbers_and_times_are_no_part_of_them() -> None:
    source = readings(
        "<MeterReading><valuesInterval><end>2026-<!-- c -->03-02T<?p?>00:00:00Z</end></valuesInterval></MeterReading>"
    )
    found = from_xml(source, MeterReadings).meter_reading[0].values_interval
    assert found is not None
    assert found.end is not None
    assert found.end.month == 3


@pytest.mark.parametrize(
    "attribute",
    [
        f'xsi:schemaLocation="{READINGS} MeterReadings.xsd"',
        f'xsi:schemaLocation="{READINGS} http://192.0.2.1/evil.xsd"',
        'xsi:noNamespaceSchemaLocation="file:///etc/passwd"',
        'xsi:type="m:MeterReadings"',
    ],
)
def test_hints_at_the_root_are_read_over(attribute: str) -> None:
    head = f'<MeterReadings xmlns="{READINGS}" xmlns:m="{READINGS}" xmlns:xsi="{XSI}" {attribute}>'
    source = readings().replace(f'<MeterReadings xmlns="{READINGS}">', head)
    assert from_xml(source) == from_xml(readings())
    assert validate(source) == []


@pytest.mark.parametrize(
    ("element", "attribute"),
    [
        ("Meter", 'xsi:type="m:Name"'),
        ("Meter", 'xsi:type="m:Nothing"'),
        ("Meter", 'xsi:type="xs:string"'),
        ("mRID", 'xsi:type="xs:integer"'),
        ("Meter", 'xsi:nil="true"'),
        ("mRID", 'xsi:nil="true"'),
        ("mRID", 'xsi:nil="false"'),
        ("MeterReading", 'xsi:nonsense="1"'),
    ],
)
def test_other_types_and_nil_are_refused(element: str, attribute: str) -> None:
    names = f'xmlns:xsi="{XSI}" xmlns:m="{READINGS}" xmlns:xs="http://www.w3.org/2001/XMLSchema"'
    source = mrid("a").replace(f"<{element}>", f"<{element} {names} {attribute}>")
    with pytest.raises(DecodeError):
        from_xml(source)
    assert validate(source) != []
    with pytest.raises(DecodeError):
        list(iter_xml(source, "MeterReading"))


def test_the_declared_type_may_be_said_inside_too() -> None:
    names = f'xmlns:xsi="{XSI}" xmlns:m="{READINGS}" xmlns:xs="http://www.w3.org/2001/XMLSchema"'
    source = mrid("a").replace("<Meter>", f'<Meter {names} xsi:type="m:Meter">')
    source = source.replace("<mRID>", f'<mRID {names} xsi:type="xs:string">')
    assert from_xml(source) == from_xml(mrid("a"))


@pytest.mark.parametrize("prefix", ["m", "ns0", "q-1.x"])
def test_prefixes_make_no_difference(prefix: str) -> None:
    source = prefixed(readings(), prefix)
    assert from_xml(source) == from_xml(readings())
    assert list(iter_xml(source, "MeterReading")) == from_xml(readings(), MeterReadings).meter_reading
    assert validate(source) == []


# -- white space around values ---------------------------------------------------------------------------------------

PADDED = {
    "dateTime": "<MeterReading><valuesInterval><end>{}</end></valuesInterval></MeterReading>",
    "boolean": "<MeterReading><isCoincidentTrigger>{}</isCoincidentTrigger></MeterReading>",
    "integer": '<MeterReading><IntervalBlocks><PendingCalculation><offset>{}</offset><ReadingType ref="1"/>'
    '</PendingCalculation><ReadingType ref="1"/></IntervalBlocks></MeterReading>',
    "float": '<MeterReading><IntervalBlocks><PendingCalculation><scalarFloat>{}</scalarFloat><ReadingType ref="1"/>'
    '</PendingCalculation><ReadingType ref="1"/></IntervalBlocks></MeterReading>',
}


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("dateTime", "2026-03-02T08:00:00Z"),
        ("dateTime", "2026-03-02T24:00:00"),
        ("dateTime", "2026-03-02T08:00:00.1234567+14:00"),
        ("boolean", "true"),
        ("boolean", "0"),
        ("integer", "-42"),
        ("integer", "+" + "9" * 30),
        ("float", "2.305E2"),
        ("float", "INF"),
        ("float", "-INF"),
    ],
)
def test_white_space_around_a_value_is_legal(kind: str, value: str) -> None:
    plain = from_xml(readings(PADDED[kind].format(value)))
    for padded in (f" {value}", f"{value} ", f"\n\t  {value}\r\n ", f"<!-- c --> {value}"):
        source = readings(PADDED[kind].format(padded))
        assert from_xml(source) == plain
        assert validate(source) == []
        assert next(iter_xml(source, "MeterReading")) == from_xml(source, MeterReadings).meter_reading[0]
        assert from_xml(prefixed(source)) == plain
        assert from_xml(event(prefixed(source)), EventMessage[MeterReadings]).content == plain


def test_white_space_is_legal_around_many_times_at_once_beside_a_fault_that_is_reported() -> None:
    item = PADDED["dateTime"].format(" 2026-03-02T08:00:00Z ")
    assert len(from_xml(readings(item * 300), MeterReadings).meter_reading) == 300
    with pytest.raises(SchemaError) as caught:
        from_xml(readings(item * 300 + "\n" + PADDED["boolean"].format("maybe")))
    assert [issue.line for issue in caught.value.issues] == [3]


@pytest.mark.parametrize("kind", sorted(PADDED))
@pytest.mark.parametrize("space", ["\u00a0", "\u2003", "\u200b"])
def test_other_spaces_are_not(kind: str, space: str) -> None:
    value = {"dateTime": "2026-03-02T08:00:00Z", "boolean": "true", "integer": "1", "float": "1"}[kind]
    with pytest.raises(SchemaError):
        from_xml(readings(PADDED[kind].format(value + space)))


def test_a_year_beyond_python_is_an_error_with_its_place() -> None:
    source = readings("\n" + PADDED["dateTime"].format("12026-03-02T08:00:00Z"))
    with pytest.raises(DecodeError) as caught:
        from_xml(source)
    assert caught.value.path == "/MeterReadings/MeterReading/valuesInterval/end"
    assert caught.value.line == 3
    assert [issue.path for issue in validate(source)] == [caught.value.path]


# -- envelopes -------------------------------------------------------------------------------------------------------


def test_what_an_envelope_carries_is_typed() -> None:
    found = from_xml(event(readings()), EventMessage[MeterReadings])
    assert found.content == from_xml(readings())
    query = f'<Request><GetMeterReadings xmlns="{READINGS.replace("Meter", "GetMeter")}"/></Request>'
    asked = from_xml(request(query), RequestMessage[GetMeterReadings])
    assert isinstance(asked.query, GetMeterReadings)


def test_what_an_envelope_carries_is_validated() -> None:
    inside = readings("\n<MeterReading><nonsense/></MeterReading>")
    with pytest.raises(SchemaError) as caught:
        from_xml(event(inside))
    assert caught.value.profile == "MeterReadings"
    assert caught.value.path == "/EventMessage/Payload/MeterReadings/MeterReading/nonsense"
    assert validate(event(inside))[0].path == caught.value.path


@pytest.mark.parametrize(
    "payload",
    [
        readings("") + "<Compressed>H4sI</Compressed>",
        readings("") + "<OperationSet/>",
        "<OperationSet/><Compressed>H4sI</Compressed>",
        "<Compressed>H4sI</Compressed>" + readings(""),
    ],
)
def test_a_payload_of_two_kinds_at_once_is_refused(payload: str) -> None:
    with pytest.raises(DecodeError):
        from_xml(event(payload))
    assert validate(event(payload)) != []


def test_the_error_of_two_kinds_at_once_says_where() -> None:
    with pytest.raises(DecodeError, match=r"exclude each other|not expected") as caught:
        from_xml(event(readings("") + "<Compressed>H4sI</Compressed>"))
    assert caught.value.path is not None
    assert caught.value.path.startswith("/EventMessage/Payload")


FOREIGN = '<MeterReadings xmlns="urn:vendor"><x/></MeterReadings>'


@pytest.mark.parametrize("noun", ["MeterReadings", "EndDeviceControls", "CustomerConfig"])
def test_a_noun_that_names_a_profile_is_not_kept_by_something_else(noun: str) -> None:
    with pytest.raises(DecodeError, match=noun) as caught:
        from_xml(event(FOREIGN, noun=noun))
    assert caught.value.got == "{urn:vendor}MeterReadings"
    assert noun in (caught.value.expected or "")
    assert caught.value.reply_code is not None
    assert len(validate(event(FOREIGN, noun=noun))) == 1


def test_a_noun_that_names_a_profile_may_stand_over_elements_of_others_in_the_header() -> None:
    header = '<s:Signature xmlns:s="urn:s">abc</s:Signature>'
    found = from_xml(event(readings(), header=header), EventMessage[MeterReadings])
    assert found.header.extensions == [ForeignElement(header)]
    assert found.content.meter_reading


PROPERTY = "<Property><Name>a</Name></Property>"
EXTENSION = '<s:Signature xmlns:s="urn:s">abc</s:Signature>'


@pytest.mark.parametrize("inside", [EXTENSION + PROPERTY, PROPERTY + EXTENSION + PROPERTY])
def test_an_extension_stands_behind_the_properties_as_the_schema_has_it(inside: str) -> None:
    """libxml2 alone lets what repeats before a wildcard stand behind it, so strict reading took the wrong order."""
    assert from_xml(event(readings(), header=PROPERTY + EXTENSION))
    assert [issue.kind for issue in validate(event(readings(), header=inside))] == ["misplaced-element"]
    with pytest.raises(SchemaError, match="in the wrong place"):
        from_xml(event(readings(), header=inside))


@pytest.mark.parametrize("noun", ["VendorThing", "meterreadings", "MeterReadings ", "OperationSet"])
def test_under_a_noun_that_nobody_knows_anything_may_stand(noun: str) -> None:
    found = from_xml(event(FOREIGN, noun=noun), EventMessage[ForeignElement])
    assert found.content == ForeignElement(FOREIGN)


def test_lenient_reading_keeps_what_no_profile_is_named_like_under_any_noun() -> None:
    vendor = FOREIGN.replace("MeterReadings", "VendorReadings")
    found = from_xml(event(vendor), EventMessage[ForeignElement], mode="lenient")
    assert found.content == ForeignElement(vendor)


def test_lenient_reading_does_not_pass_over_a_payload_in_a_namespace_that_it_does_not_know() -> None:
    with pytest.raises(DecodeError, match="namespace that is not known") as caught:
        from_xml(event(FOREIGN), mode="lenient")
    assert "Dialect(payload='urn:vendor')" in str(caught.value)


@pytest.mark.parametrize("expected", [EventMessage[MeterReadings], EventMessage[CustomerConfig]])
def test_an_envelope_must_carry_what_the_caller_expects(expected: Any) -> None:
    config = f'<CustomerConfig xmlns="{READINGS.replace("MeterReadings", "CustomerConfig")}"/>'
    carried = config if expected == EventMessage[MeterReadings] else readings()
    with pytest.raises(DecodeError, match="does not carry what was expected") as caught:
        from_xml(event(carried, noun="X"), expected, mode="lenient")
    assert caught.value.expected in {"MeterReadings", "CustomerConfig"}
    assert caught.value.got in {"MeterReadings", "CustomerConfig"} - {caught.value.expected}
    assert (caught.value.path, caught.value.line) == (f"/EventMessage/Payload/{caught.value.got}", 1)


def test_any_content_is_welcome_where_the_caller_does_not_say() -> None:
    for expected in (EventMessage, EventMessage[Any]):
        assert from_xml(event(readings()), expected).content == from_xml(readings())


def test_an_envelope_without_payload_has_no_content() -> None:
    found = from_xml(event(), EventMessage[MeterReadings])
    with pytest.raises(LookupError):
        assert found.content  # it must raise


def test_an_envelope_inside_a_payload_is_no_payload() -> None:
    inside = event(readings())
    with pytest.raises(SchemaError):
        from_xml(event(inside))


def test_operations_carry_typed_content_which_is_validated_too() -> None:
    operation = (
        "<OperationSet><Operation><operationId>1</operationId><noun>MeterReadings</noun>{}</Operation></OperationSet>"
    )
    found = from_xml(event(operation.format(readings()), noun="OperationSet"), EventMessage[Any])
    assert found.payload is not None
    assert found.payload.operation_set is not None
    assert found.payload.operation_set.operation[0].content == from_xml(readings())
    with pytest.raises(SchemaError):
        from_xml(event(operation.format(readings("<nonsense/>")), noun="OperationSet"))


def test_a_qualified_name_is_read_with_its_namespace() -> None:
    source = (
        f'<FaultMessage xmlns="{MESSAGE}" xmlns:m="urn:m"><Reply><Result>FAILED</Result>'
        "<Error><code>2.4</code><xpath>m:Meter</xpath></Error></Reply></FaultMessage>"
    )
    found: Any = from_xml(source)
    assert found.reply.error[0].xpath.namespace == "urn:m"
    assert found.reply.error[0].xpath.local == "Meter"
    with pytest.raises(DecodeError):
        from_xml(source.replace("m:Meter", "unknown:Meter"))


def test_mode_is_one_of_two() -> None:
    with pytest.raises(ValueError, match="mode"):
        from_xml(readings(), mode="Lenient")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]  # that is the point
