"""The habits of real systems in payloads, one after the other by their numbers (T12 to T14, T28 to T35, T39)."""

from __future__ import annotations

import datetime
import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.lenient.support import lenient, rules, written
from tests.verbs.support import MESSAGE, NAMESPACE, READINGS, XSI, canonical, event, pieces, readings, request, tree

from iec61968_9 import Dialect, EncodeError, Reference, from_xml, iter_xml, to_xml
from iec61968_9.profiles import MeterReadings
from iec61968_9.profiles.meter_readings import MeterReading, ReadingReasonKind
from iec61968_9.xml import order
from iec61968_9.xml.precise import PreciseDateTime

ITEM = "/MeterReadings/MeterReading"
TYPE = '<ReadingType ref="1"/>'
CODE = "0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0"
UTC = datetime.UTC


def item(inside: str) -> str:
    return readings(f"<MeterReading>{inside}</MeterReading>")


def reading(inside: str) -> str:
    return item(f"<Readings>{inside}{TYPE}</Readings>")


def only(found: Any) -> Any:
    """The one reading of a document."""
    return found.meter_reading[0].readings[0]


def stamp(text: str) -> str:
    return reading(f"<timeStamp>{text}</timeStamp><value>1</value>")


# -- T12: times --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-03-02T08:00:00", datetime.datetime(2026, 3, 2, 8)),  # of no zone: nobody knows the moment
        ("2026-03-02T08:00:00.1234567Z", datetime.datetime(2026, 3, 2, 8, 0, 0, 123456, UTC)),
        ("\n 2026-03-02T08:00:00Z\t", datetime.datetime(2026, 3, 2, 8, tzinfo=UTC)),
        ("2026-03-02T24:00:00Z", datetime.datetime(2026, 3, 3, tzinfo=UTC)),
    ],
)
def test_t12_what_is_a_time_all_the_same_is_taken_without_a_word(text: str, value: datetime.datetime) -> None:
    found = from_xml(stamp(text), MeterReadings, mode="lenient").meter_reading[0].readings[0].time_stamp
    assert isinstance(found, datetime.datetime)
    assert (found.plain if isinstance(found, PreciseDateTime) else found) == value
    assert found.tzinfo == value.tzinfo
    if text == text.strip() and "24:" not in text:
        assert lenient(stamp(text))[1] == []


@pytest.mark.parametrize(
    ("text", "standard"),
    [
        ("2026-03-02 08:00:00", "2026-03-02T08:00:00"),
        ("2026-03-02  08:00:00.5", "2026-03-02T08:00:00.5"),
        ("2026-03-02 08:00:00Z", "2026-03-02T08:00:00Z"),
        ("2026-03-02 08:00:00.1234567+01:00", "2026-03-02T08:00:00.1234567+01:00"),
    ],
)
def test_t12_a_blank_for_t_is_read_reported_and_written_back(text: str, standard: str) -> None:
    found, findings = lenient(stamp(text))
    assert only(found).time_stamp == only(from_xml(stamp(standard))).time_stamp
    assert rules(findings) == [("T12", "blank-in-time", f"{ITEM}/Readings/timeStamp")]
    assert findings[0].source == repr(" ".join(text.split()))
    assert f"<timeStamp>{standard}</timeStamp>" in to_xml(found).decode()


def test_t12_a_time_that_was_changed_is_not_written_as_it_was() -> None:
    found, _ = lenient(stamp("2026-03-02 08:00:00"))
    only(found).time_stamp = datetime.datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert "<timeStamp>2026-03-02T09:00:00Z</timeStamp>" in written(found)


@pytest.mark.parametrize("text", ["1970-01-01T00:00:00Z", "1970-01-01T00:00:00", "1970-01-01T01:00:00+01:00"])
def test_t12_the_beginning_of_1970_is_a_time_and_reported(text: str) -> None:
    for _ in range(2):  # also when it was seen before
        found, findings = lenient(stamp(text))
        assert only(found).time_stamp is not None
        assert rules(findings) == [("T12", "epoch-time", f"{ITEM}/Readings/timeStamp")]
    assert lenient(stamp("1970-01-02T00:00:00Z"))[1] == []


@pytest.mark.parametrize("text", ["soon", "2026-02-30 08:00:00", "2026-03-02 8:00", "02.03.2026 08:00:00"])
def test_t12_what_is_no_time_is_none_and_kept(text: str) -> None:
    found, findings = lenient(stamp(text))
    assert only(found).time_stamp is None
    assert rules(findings) == [("T12", "unreadable-value", f"{ITEM}/Readings/timeStamp")]
    with pytest.raises(EncodeError):
        to_xml(found)


# -- T13, T14: truth values and placeholders ---------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "value"), [("true", True), ("1", True), ("false", False), ("0", False)])
def test_t13_a_truth_value_in_either_form_is_taken_without_a_word(text: str, value: bool) -> None:
    source = item(f"<isCoincidentTrigger>{text}</isCoincidentTrigger>")
    assert from_xml(source, MeterReadings, mode="lenient").meter_reading[0].is_coincident_trigger is value


@pytest.mark.parametrize("text", ["?", "", " ? "])
def test_t13_a_placeholder_for_a_truth_value_is_none(text: str) -> None:
    found, findings = lenient(item(f"<isCoincidentTrigger>{text}</isCoincidentTrigger><Meter><mRID>m</mRID></Meter>"))
    assert found.meter_reading[0].is_coincident_trigger is None
    assert rules(findings) == [("T13", "placeholder", f"{ITEM}/isCoincidentTrigger")]
    assert b"isCoincidentTrigger" not in to_xml(found)


PLACEHOLDERS = ["?", "String", "NONE", "None", "Default", ""]


@pytest.mark.parametrize("text", PLACEHOLDERS)
@pytest.mark.parametrize("name", ["Source", "ReplyAddress", "MessageID", "CorrelationID", "Comment"])
def test_t14_a_placeholder_for_an_optional_text_is_none_and_written_back_where_it_was(name: str, text: str) -> None:
    source = event(readings(), header=f"<{name}>{text}</{name}>")
    found, findings = lenient(source)
    assert found == from_xml(event(readings())) or found.header.kept.absent
    header = found.header
    assert {header.source, header.reply_address, header.message_id, header.correlation_id, header.comment} == {None}
    assert rules(findings) == [("T14", "placeholder", f"/EventMessage/Header/{name}")]
    assert canonical(written(found)) == canonical(source)
    assert f"<{name}>".encode() not in to_xml(found)


@pytest.mark.parametrize("text", ["?", "None", ""])
@pytest.mark.parametrize("place", ["timePeriod/start", "reason", "value"])
def test_t14_the_same_for_values_of_other_types(text: str, place: str) -> None:
    outer, _, inner = place.rpartition("/")
    around = (f"<{outer}>", f"</{outer}>") if outer else ("", "")
    value = f"{around[0]}<{inner}>{text}</{inner}>{around[1]}"
    found, findings = lenient(item(f"<Readings>{TYPE}{value}</Readings>") if outer else reading(value))
    one = only(found)
    if (place, text) == ("value", ""):
        assert (one.value, findings) == ("", [])  # T35
        return
    assert (one.time_period.start if outer else getattr(one, inner)) is None
    assert rules(findings) == [("T14", "placeholder", f"{ITEM}/Readings/{place}")]
    assert from_xml(to_xml(found))


@pytest.mark.parametrize("text", PLACEHOLDERS)
def test_t14_a_placeholder_for_a_required_text_stays_text_and_is_reported(text: str) -> None:
    found, findings = lenient(item(f"<Meter><Names><name>{text}</name></Names></Meter>"))
    assert found.meter_reading[0].meter.names[0].name == text
    assert rules(findings) == [("T14", "placeholder", f"{ITEM}/Meter/Names/name")]
    assert to_xml(found)


def test_t14_a_placeholder_for_a_required_value_is_none() -> None:
    detection = "<ReplayDetection><Nonce>?</Nonce><Created>?</Created></ReplayDetection>"
    found, findings = lenient(event().replace("<Timestamp>", f"{detection}<Timestamp>"))
    assert (found.header.replay_detection.nonce, found.header.replay_detection.created) == ("?", None)
    assert [one.rule for one in findings] == ["T14", "T14"]


def test_t14_what_only_begins_like_a_placeholder_is_a_text() -> None:
    found, findings = lenient(item("<Meter><mRID>String-1</mRID></Meter>"))
    assert found.meter_reading[0].meter.mrid == "String-1"
    assert findings == []


def test_t14_the_first_that_says_something_counts() -> None:
    found, findings = lenient(item("<Meter><mRID>?</mRID><mRID>m</mRID></Meter>"))
    assert found.meter_reading[0].meter.mrid == "m"
    assert [one.rule for one in findings] == ["T14"]


# -- T28 to T32: members -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inside", "path"),
    [
        ("<Meter><mRID>m</mRID></Meter><IntervalBlocks>" + TYPE + "</IntervalBlocks>", "/IntervalBlocks"),
        (f"<Readings><value>1</value><source>s</source>{TYPE}</Readings>", "/Readings/source"),
        (f"<Readings>{TYPE}<value>1</value></Readings>", "/Readings/value"),
        ("<Meter><Names><name>n</name></Names><mRID>m</mRID></Meter>", "/Meter/mRID"),
    ],
)
def test_t28_members_in_any_order_mean_the_same_and_are_written_in_the_schema_s(inside: str, path: str) -> None:
    found, findings = lenient(item(inside))
    assert rules(findings) == [("T28", "element-order", ITEM + path)]
    assert "belongs before it" in findings[0].message
    assert from_xml(to_xml(found)) == found


def test_t28_each_object_out_of_order_is_named() -> None:
    one = f"<MeterReading><Readings>\n<value>1</value><source>s</source>{TYPE}</Readings></MeterReading>"
    _, findings = lenient(readings(one * 3))
    assert [(found.path, found.line) for found in findings] == [
        (f"{ITEM}[{number}]/Readings/source", 2 + number) for number in (1, 2, 3)
    ]


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        (
            f"<Readings>{TYPE}<reason>billing</reason><source>s</source><value>1</value></Readings>",
            {"/Readings/ReadingType": "ReadingType stands before value, and belongs behind it"},
        ),
        (
            f"<Readings><value>1</value>{TYPE}<source>s</source><reason>billing</reason></Readings>",
            {
                "/Readings/source": "source stands behind value, and belongs before it",
                "/Readings/reason": "reason stands behind value, and belongs before it",
            },
        ),
        (
            f"<Readings>{TYPE}</Readings><Readings>{TYPE}</Readings><Meter><mRID>m</mRID></Meter>",
            {"/Meter": "Meter stands behind Readings, and belongs before it"},
        ),
        (
            f"<Meter><mRID>m</mRID></Meter><valuesInterval><start>2026-03-02T00:00:00Z</start></valuesInterval>"
            f"<Readings>{TYPE}</Readings><Readings>{TYPE}</Readings>",
            {"/Readings[1]": "Readings stands behind valuesInterval, and belongs before it"},
        ),
    ],
)
def test_t28_the_fewest_that_must_move_are_named_each_with_where_it_belongs(inside: str, said: dict[str, str]) -> None:
    _, findings = lenient(item(inside))
    assert {one.path.removeprefix(ITEM): one.message for one in findings} == said
    assert {one.rule for one in findings} == {"T28"}


def test_t5_each_member_of_a_header_that_is_out_of_order_is_named() -> None:
    fields = (
        "<MessageID>m</MessageID><Timestamp>2026-03-02T08:00:00Z</Timestamp><Source>s</Source><Revision>2</Revision>"
    )
    source = event(header=fields).replace("<Timestamp>2026-03-02T08:00:00Z</Timestamp><MessageID>", "<MessageID>")
    _, findings = lenient(source)
    assert {(one.rule, one.path.rpartition("/")[2]) for one in findings} == {("T5", "MessageID"), ("T5", "Revision")}


@given(st.lists(st.integers(0, 6), max_size=7))
def test_what_stays_is_a_longest_row_in_order(places: list[int]) -> None:
    stays = order.longest_row(places)
    assert len(stays) == len(places)
    kept = [place for place, one in zip(places, stays, strict=True) if one]
    assert kept == sorted(kept)
    rows = itertools.chain.from_iterable(itertools.combinations(places, length) for length in range(len(places) + 1))
    assert len(kept) == max(len(row) for row in rows if list(row) == sorted(row))


MANDATORY = {
    "createdDateTime": ('<EndDeviceEventType ref="3.12.0.85"/>', "created_date_time"),
    "EndDeviceEventType": ("<createdDateTime>2026-03-02T08:00:00Z</createdDateTime>", "end_device_event_type"),
}


@pytest.mark.parametrize("name", MANDATORY)
def test_t29_a_missing_mandatory_member_is_none_and_never_invented(name: str) -> None:
    inside, member = MANDATORY[name]
    found, findings = lenient(item(f"<EndDeviceEvents>{inside}</EndDeviceEvents>"))
    assert getattr(found.meter_reading[0].end_device_events[0], member) is None
    assert rules(findings) == [("T29", "missing-member", f"{ITEM}/EndDeviceEvents")]
    assert name in findings[0].message
    with pytest.raises(EncodeError):
        to_xml(found)


def test_t29_names_without_a_name_and_types_without_names() -> None:
    found, findings = lenient(item("<Meter><Names><NameType><name>t</name></NameType></Names></Meter>"))
    assert found.meter_reading[0].meter.names[0].name is None
    assert rules(findings) == [("T29", "missing-member", f"{ITEM}/Meter/Names")]
    _, findings = lenient(readings("<ReadingQualityType><mRID>1.0.0</mRID></ReadingQualityType>"))
    assert {one.rule for one in findings} == {"T29"}


def test_t30_unknown_members_are_kept_on_their_object_and_written_back() -> None:
    members = "<mRID>m</mRID><timeZone>Europe/Berlin</timeZone><x:y>z</x:y>"
    inside = f'<Meter role="main" xmlns:x="urn:x" x:a="b">{members}</Meter>'
    found, findings = lenient(item(inside))
    kept = found.meter_reading[0].meter.kept
    assert kept.attributes == (("role", "main"), ("{urn:x}a", "b"))
    assert [one.tag for one in kept.elements] == [f"{{{READINGS}}}timeZone", "{urn:x}y"]
    assert [(one.rule, one.kind, one.source) for one in findings] == [
        ("T30", "unknown-attribute", None),
        ("T30", "unknown-attribute", None),
        ("T30", "unknown-element", None),
        ("T30", "unknown-element", "'{urn:x}y'"),
    ]


def test_t30_an_unknown_literal_stays_text_and_the_report_says_which_is_near() -> None:
    found, findings = lenient(reading("<reason>Billing</reason>"))
    assert type(only(found).reason) is str
    assert only(found).reason == "Billing"
    assert [(one.rule, one.kind, one.advice) for one in findings] == [
        ("T30", "unknown-literal", "The schema has 'billing'.")
    ]
    only(found).reason = ReadingReasonKind.BILLING
    assert from_xml(to_xml(found)) == found


def test_t30_a_whole_payload_that_no_profile_describes_is_kept_and_reported() -> None:
    payload = f'<PageMeters xmlns="{READINGS}"><page>1</page></PageMeters>'
    found, findings = lenient(request(f"<Payload>{payload}</Payload>", noun="PageMeters"))
    assert found.payload.contents[0].tag == f"{{{READINGS}}}PageMeters"
    assert rules(findings) == [("T30", "unknown-profile", "/RequestMessage/Payload/PageMeters")]


@pytest.mark.parametrize(
    "inside",
    [
        "<Meter/>",
        "<Meter></Meter>",
        "<Meter>\n </Meter>",
        f"<Readings><timePeriod/>{TYPE}</Readings>",
        "<Meter><mRID>m</mRID></Meter><Meter/>",
        "<EndDeviceEvents/>",
        f"<Meter xmlns:xsi='{XSI}' xsi:nil='true'/>",
    ],
)
def test_t31_empty_shells_are_dropped_without_a_word_and_written_back_where_they_were(inside: str) -> None:
    source = item(f"<isCoincidentTrigger>true</isCoincidentTrigger>{inside}" if "EndDevice" not in inside else inside)
    found, findings = lenient(source)
    assert findings == []
    one = found.meter_reading[0]
    assert one.end_device_events == []
    assert one.meter is None or one.meter.mrid == "m"
    assert all(each.time_period is None for each in one.readings)
    assert from_xml(to_xml(found), MeterReadings)


def test_t31_shells_of_whole_items_are_dropped_too_in_streams_as_well() -> None:
    shell = "<MeterReading/>"
    source = readings(f"{shell}<MeterReading><Meter><mRID>m</mRID></Meter></MeterReading>{shell}")
    found, findings = lenient(source)
    assert [one.meter.mrid for one in found.meter_reading] == ["m"]
    assert findings == []
    stream = iter_xml(source, MeterReading, mode="lenient")
    assert list(stream) == found.meter_reading
    assert stream.rest is not None
    assert stream.rest.kept is not None
    assert [one.element for one in stream.rest.kept.absent] == [one.element for one in found.kept.absent]


def test_t31_a_shell_that_is_required_is_read_as_it_stands() -> None:
    source = item("<Readings><value>1</value><ReadingType/></Readings>")
    found, findings = lenient(source)
    assert found == from_xml(source)
    assert only(found).reading_type == Reference()
    assert findings == []


def test_t31_a_shell_that_is_required_and_would_need_members_is_missing() -> None:
    source = (
        f'<UsagePointConfig xmlns="{NAMESPACE.format("UsagePointConfig")}"><UsagePoint><ServiceMultipliers><Names>'
        "<name>n</name><NameType/></Names></ServiceMultipliers></UsagePoint></UsagePointConfig>"
    )
    found, findings = lenient(source)
    assert found.usage_point[0].service_multipliers[0].names[0].name_type is None
    assert [(one.rule, one.kind) for one in findings] == [("T29", "missing-member")]
    assert pieces(tree(written(found))) == pieces(tree(source))


def test_t31_a_shell_with_an_attribute_or_a_text_says_something() -> None:
    for inside in ('<Meter a="1"/>', "<Meter>text</Meter>"):
        found, findings = lenient(item(inside))
        assert found.meter_reading[0].meter.kept.says_more
        assert [one.rule for one in findings] == ["T30"]


def test_t32_hints_to_validators_comments_and_instructions_say_nothing() -> None:
    inside = (
        f"<!-- c --><Meter xmlns:xsi='{XSI}' xmlns:v='urn:v' xsi:type='v:Unknown' xsi:schemaLocation='urn:a b.xsd'>"
        "<?p i?><mRID xsi:nil='false' xsi:type='v:Other'>m<!-- c --></mRID></Meter>"
    )
    found, findings = lenient(item(inside))
    assert found.meter_reading[0].meter.mrid == "m"
    assert findings == []
    assert from_xml(to_xml(found)) == from_xml(item("<Meter><mRID>m</mRID></Meter>"))
    assert "v:Unknown" in written(found)


def test_t32_a_type_that_nobody_knows_stays_as_it_was_said_in_a_partner_s_namespace_too() -> None:
    said = "<v:Meter xsi:type='v:Unknown'><v:mRID>m</v:mRID><v:x xsi:type='v:Other'/></v:Meter>"
    spaces = f"xmlns:v='urn:vendor' xmlns:xsi='{XSI}'"
    source = f"<v:MeterReadings {spaces}><v:MeterReading>{said}</v:MeterReading></v:MeterReadings>"
    dialect = Dialect(payload="urn:vendor", prefix="v")
    found, findings = lenient(source, dialect=dialect)
    assert found.meter_reading[0].meter.mrid == "m"
    assert {one.rule for one in findings} == {"T1", "T30"}
    assert pieces(tree(to_xml(found, mode="lenient", dialect=dialect))) == pieces(tree(source))
    assert list(iter_xml(source, MeterReading, mode="lenient", dialect=dialect)) == found.meter_reading


def test_t32_nil_is_none_without_a_word() -> None:
    attributes = f"xmlns:xsi='{XSI}' xsi:nil='true'"
    found, findings = lenient(reading(f"<timeStamp {attributes}/><value {attributes}/>").replace("value", "comment"))
    assert only(found).time_stamp is None
    assert [one for one in findings if one.kind == "placeholder"] == []
    found, findings = lenient(item(f"<Meter><mRID {attributes}/><Names><name>n</name></Names></Meter>"))
    assert (found.meter_reading[0].meter.mrid, findings) == (None, [])
    found, findings = lenient(reading(f"<value {attributes}/>"))
    assert (only(found).value, findings) == (None, [])


# -- T33 to T39: what texts mean is not for the reader to say ----------------------------------------------------------


@pytest.mark.parametrize("ref", ["kWh", "1-1:1.29.0", "3.0.129.160", "1.2", "1a7", "?", CODE])
def test_t33_any_text_of_a_reference_is_kept(ref: str) -> None:
    found, findings = lenient(item(f'<Readings><ReadingType ref="{ref}"/></Readings>'))
    assert only(found).reading_type.ref == ref
    assert findings == []


def test_t33_elements_in_the_place_of_ref_are_kept_and_reported() -> None:
    found, findings = lenient(item("<Readings><ReadingType><mRID>1.2</mRID></ReadingType></Readings>"))
    assert only(found).reading_type.ref is None
    assert only(found).reading_type.kept.elements[0].element().text == "1.2"
    assert rules(findings) == [("T33", "unknown-element", f"{ITEM}/Readings/ReadingType/mRID")]


@pytest.mark.parametrize("text", ["1234.5", "3.14159E0", "-1e3", "2026-03-02 08:00:00", "", "on", " 1 "])
def test_t35_a_reading_s_value_is_the_text_that_was_sent(text: str) -> None:
    found, findings = lenient(reading(f"<value>{text}</value>"))
    assert only(found).value == text
    assert findings == []


def test_t35_a_reading_without_value_has_none() -> None:
    found, findings = lenient(reading("<timeStamp>2026-03-02T08:00:00Z</timeStamp>"))
    assert (only(found).value, findings) == (None, [])


@pytest.mark.parametrize("mrid", ["0B6E9E35-65C1-4A5C-8C52-2FD1B3C19A7E", "1000-77", CODE])
def test_t39_any_text_is_an_mrid(mrid: str) -> None:
    found, findings = lenient(item(f"<Meter><mRID>{mrid}</mRID></Meter>"))
    assert found.meter_reading[0].meter.mrid == mrid
    assert findings == []


# -- both modes --------------------------------------------------------------------------------------------------------


def test_a_valid_message_is_written_leniently_in_a_valid_order_whatever_reads_as_absent_in_it() -> None:
    fields = "<Revision>?</Revision><Source>?</Source><MessageID>String</MessageID><Comment/>"
    header = f"<Header><Verb>created</Verb><Noun>MeterReadings</Noun>{fields}</Header>"
    source = f'<EventMessage xmlns="{MESSAGE}">{header}<Payload>{item("<Meter/>")}</Payload></EventMessage>'
    found, _ = lenient(source)
    assert from_xml(to_xml(found, mode="lenient")) == from_xml(source)
