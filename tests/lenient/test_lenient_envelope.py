"""The habits of real systems in the envelope, one after the other by their numbers (T1 to T27, T40)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.lenient.support import lenient, rules, written
from tests.verbs.support import MESSAGE, NAMESPACE, READINGS, canonical, event, readings, request, tree

from iec61968_9 import DecodeError, Dialect, EncodeError, ForeignElement, Report, from_xml, iter_xml, to_xml
from iec61968_9.profiles import EventMessage, GetMeterReadings, MeterConfig, MeterReadings, RequestMessage
from iec61968_9.profiles.envelope import IDKind, Message, ResponseMessage
from iec61968_9.xml.dialect import EDITIONS

PLAIN = from_xml(event(readings()), EventMessage[MeterReadings])
START = f'<GetMeterReadings xmlns="{NAMESPACE.format("GetMeterReadings")}">'
QUERY = f"{START}<EndDevice><mRID>m</mRID></EndDevice></GetMeterReadings>"
UUID = "0b6e9e35-65c1-4a5c-8c52-2fd1b3c19a7e"


def header(inside: str) -> str:
    """An event without payload and with further elements in its header."""
    return event(header=inside)


def reply(inside: str = "<Result>OK</Result>", payload: str = "") -> str:
    return (
        f'<ResponseMessage xmlns="{MESSAGE}"><Header><Verb>reply</Verb><Noun>MeterReadings</Noun></Header>'
        f"<Reply>{inside}</Reply>{payload}</ResponseMessage>"
    )


# -- T1: namespaces ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["http://iec.ch", "http://www.iec.ch"])
@pytest.mark.parametrize("year", ["2011", *EDITIONS])
def test_t1_other_hosts_and_years_are_read_and_reported(host: str, year: str) -> None:
    def spelt(namespace: str) -> str:
        return namespace.replace("http://iec.ch", host).replace("2011", year)

    found, findings = lenient(event(readings(namespace=spelt(READINGS)), namespace=spelt(MESSAGE)))
    assert found == PLAIN
    odd = [] if spelt(MESSAGE) == MESSAGE else ["/EventMessage", "/EventMessage/Payload/MeterReadings"]
    assert rules(findings) == [("T1", "namespace", path) for path in odd]
    assert [one.source for one in findings] == [repr(spelt(MESSAGE)), repr(spelt(READINGS))][: len(odd)]
    assert [one.level for one in findings] == ["warning"] * len(odd)


ALL_NAMESPACES: dict[str, tuple[str, str, Dialect | None]] = {
    "standard": (MESSAGE, READINGS, None),
    "harness": ("http://www.iec.ch/TC57/2011/schema/message", READINGS, None),
    "drafts": (
        "http://www.iec.ch/TC57/2010/schema/message",
        "http://iec.ch/TC57/2010/MeterReadings#",
        None,
    ),
    "first edition": ("http://www.iec.ch/TC57/2008/schema/message", "http://iec.ch/TC57/2009/MeterReadings#", None),
    "second edition": ("http://iec.ch/TC57/2021/schema/message", READINGS, None),
    "facade": ("http://xmlns.example/facade/iec", READINGS, Dialect(envelope="http://xmlns.example/facade/iec")),
    "none": ("", "", None),
    "none, written too": ("", "", Dialect(envelope="", payload="")),
    "one for all": (
        MESSAGE,
        "http://iec.ch/TC57/CIM-c4e#",
        Dialect(payload="http://iec.ch/TC57/CIM-c4e#", prefix="m"),
    ),
    "a folder for queries": (
        MESSAGE,
        "http://iec.ch/TC57/2011/schema/vendor/MeterReadings#",
        Dialect(aliases={"http://iec.ch/TC57/2011/schema/vendor/*": "http://iec.ch/TC57/2011/*"}),
    ),
    "a host of its own": (
        MESSAGE,
        "http://www.project.example/MeterReadings#",
        Dialect(payload="http://www.project.example/*#"),
    ),
}


@pytest.mark.parametrize("name", ALL_NAMESPACES)
def test_t1_every_namespace_seen_in_real_messages_is_read_at_once_or_by_a_dialect(name: str) -> None:
    envelope, payload, dialect = ALL_NAMESPACES[name]
    source = event(readings(namespace=payload), namespace=envelope)
    found, findings = lenient(source, dialect=dialect)
    assert found == PLAIN
    assert {one.rule for one in findings} <= {"T1", "T26"}
    assert bool(findings) == ((envelope, payload) != (MESSAGE, READINGS))
    assert list(iter_xml(source, "MeterReading", mode="lenient", dialect=dialect)) == PLAIN.content.meter_reading


@pytest.mark.parametrize("name", [name for name, row in ALL_NAMESPACES.items() if row[2] is not None])
def test_t1_what_a_dialect_says_is_written_too(name: str) -> None:
    envelope, payload, dialect = ALL_NAMESPACES[name]
    assert dialect is not None
    back = to_xml(PLAIN, dialect=dialect).decode()
    if dialect.envelope is not None:
        assert tree(back).tag == (f"{{{envelope}}}EventMessage" if envelope else "EventMessage")
    if dialect.payload is not None:
        inside = tree(back)[1][0]
        assert inside.tag == (f"{{{payload}}}MeterReadings" if payload else "MeterReadings")
        assert inside.prefix == (dialect.prefix or None)
    assert from_xml(back, dialect=dialect) == PLAIN


@pytest.mark.parametrize("prefix", ["a0", "a1", "a2", "o0", "ns0", "q", "q1"])
def test_t1_a_dialect_s_prefix_is_kept_apart_from_those_of_attributes(prefix: str) -> None:
    odd = ' xmlns:y="urn:y" y:b="1" y:c="2"'
    source = readings(f"<MeterReading{odd}><Meter{odd}><mRID{odd}>m</mRID></Meter></MeterReading>").replace(
        "<MeterReadings", f"<MeterReadings{odd}", 1
    )
    found = from_xml(source, mode="lenient")
    back = to_xml(found, mode="lenient", dialect=Dialect(prefix=prefix))
    assert canonical(back) == canonical(source)
    assert from_xml(back, mode="lenient") == found


def test_t1_what_the_caller_names_is_only_a_note() -> None:
    source = event(readings(namespace="urn:vendor"))
    _, findings = lenient(source, dialect=Dialect(payload="urn:vendor"))
    assert [(one.rule, one.level) for one in findings] == [("T1", "note")]


@pytest.mark.parametrize(
    "source", [readings(namespace="urn:x"), event(readings(namespace="urn:x")), event(namespace="urn:x")]
)
def test_t1_an_unknown_namespace_is_refused_and_the_known_ones_are_named(source: str) -> None:
    with pytest.raises(DecodeError, match=r"//iec\.ch/TC57/2011/"):
        from_xml(source, mode="lenient")


def test_t1_a_query_in_an_unknown_namespace_is_kept_and_reported() -> None:
    found, findings = lenient(request(f"<Request>{QUERY.replace('iec.ch', 'vendor.example')}</Request>"))
    assert isinstance(found.request.queries[0], ForeignElement)
    assert ("T1", "namespace-unknown", "/RequestMessage/Request/GetMeterReadings") in rules(findings)


def test_t1_a_query_in_the_envelope_s_namespace_is_known_by_its_name() -> None:
    found, findings = lenient(request("<Request><GetMeterReadings/></Request>"))
    assert type(found.request.queries[0]).__name__ == "GetMeterReadings"
    assert rules(findings) == [("T1", "namespace-wrong", "/RequestMessage/Request/GetMeterReadings")]
    assert "in the envelope's namespace" in findings[0].message


def test_t1_of_an_envelope_the_advice_is_about_envelopes() -> None:
    source = event(readings(), namespace="urn:facade")
    with pytest.raises(DecodeError) as caught:
        from_xml(source, mode="lenient")
    assert "dialect=Dialect(envelope='urn:facade')" in str(caught.value.advice)
    assert from_xml(source, mode="lenient", dialect=Dialect(envelope="urn:facade")) == PLAIN


# -- T5 to T19: the header --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        "<Timestamp>2026-03-02T08:00:00Z</Timestamp><CorrelationID>c</CorrelationID><Revision>2.0</Revision>",
        "<MessageID>m</MessageID><Source>s</Source>",
        "<Noun>MeterReadings</Noun><Verb>created</Verb>",
    ],
)
def test_t5_the_header_s_elements_in_any_order_mean_the_same(fields: str) -> None:
    needed = "" if "<Verb>" in fields else "<Verb>created</Verb><Noun>MeterReadings</Noun>"
    found, findings = lenient(f'<EventMessage xmlns="{MESSAGE}"><Header>{needed}{fields}</Header></EventMessage>')
    assert [(one.rule, one.kind) for one in findings] == [("T5", "element-order")]
    assert findings[0].path.startswith("/EventMessage/Header/")
    assert to_xml(found)  # strict writing puts them in order


def test_t6_further_elements_of_the_header_are_kept_and_their_values_are_not_shown() -> None:
    secret = "Bearer 5up3r"  # noqa: S105  # of nobody
    found, findings = lenient(
        header(f'<Authorization xmlns="">{secret}</Authorization><x:Key xmlns:x="urn:x">{secret}</x:Key>')
    )
    assert [(one.rule, one.kind, one.path) for one in findings if one.kind != "element-order"] == [
        ("T6", "unknown-element", "/EventMessage/Header/Authorization"),
        ("T6", "header-extension", "/EventMessage/Header/Key"),
    ]
    assert [one.tag for one in found.header.kept.elements] == ["Authorization"]
    assert [one.tag for one in found.header.extensions] == ["{urn:x}Key"]
    said = repr(found) + "".join(map(str, findings)) + "".join(str(one.as_dict()) for one in findings)
    assert "5up3r" not in said


def test_t7_a_header_of_verb_and_noun_is_enough() -> None:
    found, findings = lenient(request(noun="MeterConfig"))
    assert (found.header.message_id, found.header.correlation_id, found.header.timestamp) == (None, None, None)
    assert findings == []


@pytest.mark.parametrize("text", ["1", "1.0", "2", "2.0", "0.1", "0.1A", "14", "?"])
def test_t10_any_revision_is_taken_as_it_is(text: str) -> None:
    found, findings = lenient(
        header(f"<Revision>{text}</Revision>").replace("<Timestamp>2026-03-02T08:00:00Z</Timestamp>", "")
    )
    assert found.header.revision == text
    assert findings == []


@pytest.mark.parametrize("text", ["Testing", "test", "Not Set", "PRODUCTION", "Default"])
def test_t11_any_context_is_taken_as_it_is(text: str) -> None:
    source = header(f"<Context>{text}</Context>").replace("<Timestamp>2026-03-02T08:00:00Z</Timestamp>", "")
    found, findings = lenient(source)
    assert found.header.context == text
    assert findings == []


@pytest.mark.parametrize(
    "address", ["http://mdms.example/reply", "https://10.0.0.7:8080/r?x=1", "topic:T.A", "queue:Q"]
)
def test_t15_an_address_that_replies_can_be_sent_to_is_taken_without_a_word(address: str) -> None:
    found, findings = lenient(header(f"<ReplyAddress>{address}</ReplyAddress>"))
    assert found.header.reply_address == address
    assert findings == []


@pytest.mark.parametrize("address", ["CIS-001", "http://ip:port/reply", "http://"])
def test_t15_any_other_is_taken_and_reported(address: str) -> None:
    found, findings = lenient(header(f"<ReplyAddress>{address}</ReplyAddress>"))
    assert found.header.reply_address == address
    assert rules(findings) == [("T15", "reply-address", "/EventMessage/Header/ReplyAddress")]


def test_t19_a_user_without_organisation_and_properties_without_value_or_by_place_are_fine() -> None:
    names = ["ReadingTypeGroup", "QOSLevel", "MessageIndex", "Flag"]
    properties = "".join(f"<Property><Name>{name}</Name><Value>1</Value></Property>" for name in names[:3])
    source = header(f"<User><UserID>u</UserID></User>{properties}<Property><Name>Flag</Name></Property>")
    found, findings = lenient(source)
    assert found.header.user.organization is None
    assert [one.name for one in found.header.property] == names
    assert found.header.property[3].value is None
    assert findings == []


# -- T22 to T24: who is meant -----------------------------------------------------------------------------------------


def test_t22_an_error_may_name_its_object_in_any_of_the_ways() -> None:
    error = (
        '<Result>FAILED</Result><Error><code>2.4</code><ID idType="" idAuthority="" kind="">m</ID>'
        '<relatedID kind="name">r</relatedID><object><mRID>m</mRID><Name><name>n</name></Name>'
        "<objectType>EndDevice</objectType><serialNumber>s</serialNumber></object></Error>"
    )
    found, findings = lenient(reply(error))
    named = found.reply.error[0]
    assert (named.id.value, named.related_id.value) == ("m", "r")
    assert (named.object.mrid, named.object.name[0].name, named.object.object_type) == ("m", "n", "EndDevice")
    assert named.object.kept.elements[0].element().text == "s"
    assert findings == []


@pytest.mark.parametrize(
    "parts", ["<description>d</description><name>t</name>", "<name>t</name><description>d</description>"]
)
def test_t23_a_name_type_in_either_order_is_fine(parts: str) -> None:
    meter = f"<MeterReading><Meter><Names><name>n</name><NameType>{parts}</NameType></Names></Meter></MeterReading>"
    found, findings = lenient(readings(meter))
    assert found.meter_reading[0].meter.names[0].name_type.description == "d"
    assert findings == []
    error = f"<Name><name>n</name><NameType>{parts}</NameType></Name>"
    found, findings = lenient(reply(f"<Result>FAILED</Result><Error><code>2.4</code><object>{error}</object></Error>"))
    assert found.reply.error[0].object.name[0].name_type.name == "t"
    assert findings == []


def test_t24_an_id_without_kind_stays_without_and_the_report_says_what_it_looks_like() -> None:
    found, findings = lenient(request(f"<Request><ID>{UUID}</ID><ID>MTR-1</ID></Request>", verb="delete"))
    assert [one.kind for one in found.request.id] == [None, None]
    assert [(one.rule, one.kind, one.level) for one in findings] == [
        ("T24", "id-kind-missing", "note"),
        ("T24", "id-kind-missing", "warning"),
    ]
    assert ["uuid" in one.message for one in findings] == [True, False]


def test_t24_an_empty_kind_of_what_is_asked_about_is_none() -> None:
    found, findings = lenient(request('<Request><ID kind="">MTR-1</ID></Request>', verb="delete"))
    assert found.request.id[0].kind == ""
    assert rules(findings) == [("T24", "id-kind-missing", "/RequestMessage/Request/ID")]


def test_t24_an_unknown_kind_of_id_stays_text() -> None:
    found, findings = lenient(request('<Request><ID kind="mRID">m</ID><ID kind="name">n</ID></Request>', verb="delete"))
    assert [one.kind for one in found.request.id] == ["mRID", IDKind.NAME]
    assert rules(findings) == [("T24", "unknown-literal", "/RequestMessage/Request/ID[1]/@kind")]


# -- T25: the request -------------------------------------------------------------------------------------------------


def test_t25_a_query_may_stand_before_the_ids_and_counts() -> None:
    found, findings = lenient(
        request(f'<Request>{QUERY}<ID kind="name">m</ID></Request>'), RequestMessage[GetMeterReadings]
    )
    assert found.query.end_device[0].mrid == "m"
    assert [(one.rule, one.kind) for one in findings] == [("T25", "id-beside-query"), ("T25", "element-order")]


def test_t25_a_profile_in_the_place_of_ids_is_typed_and_reported() -> None:
    config = f'<MeterConfig xmlns="{NAMESPACE.format("MeterConfig")}"><Meter><mRID>m</mRID></Meter></MeterConfig>'
    found, findings = lenient(request(f"<Request>{config}</Request>", verb="delete"), RequestMessage[MeterConfig])
    assert found.request.queries[0].meter[0].mrid == "m"
    assert rules(findings) == [("T25", "profile-in-request", "/RequestMessage/Request/MeterConfig")]


def test_t25_a_get_without_a_get_profile_is_typed_and_reported() -> None:
    found, findings = lenient(request(f"<Request>{readings('')}</Request>"))
    assert isinstance(found.request.queries[0], MeterReadings)
    assert rules(findings) == [("T25", "query-without-get", "/RequestMessage/Request/MeterReadings")]


def test_t25_what_a_get_asks_with_may_stand_in_the_payload() -> None:
    for asked in (QUERY, readings("")):
        found, findings = lenient(request(f"<Payload>{asked}</Payload>"))
        assert isinstance(found.payload.contents[0], GetMeterReadings | MeterReadings)
        assert [(one.rule, one.kind) for one in findings] == [("T25", "query-in-payload")]


# -- T26: the payload -------------------------------------------------------------------------------------------------


def test_t26_an_empty_payload_is_reported() -> None:
    _, findings = lenient(reply(payload="<Payload/>"))
    assert rules(findings) == [("T26", "payload-empty", "/ResponseMessage/Payload")]


def test_t26_format_in_lower_case_is_the_format() -> None:
    found, findings = lenient(event(f"{readings()}<format>XML</format>"))
    assert found.payload.format == "XML"
    assert rules(findings) == [("T26", "format-case", "/EventMessage/Payload/format")]
    assert "<format>XML</format>" in written(found)
    assert b"<Format>XML</Format>" in to_xml(found)
    found.payload.format = "RDF"
    assert "<format>RDF</format>" in written(found)


def test_t26_siblings_of_the_payload_are_all_read() -> None:
    operation = "<Operation><operationId>1</operationId><noun>X</noun><verb>create</verb></Operation>"
    sets = f"<OperationSet>{operation}</OperationSet>"
    found, findings = lenient(event(f"{readings()}{sets}<Compressed>H4sI</Compressed>"))
    assert len(found.payload.contents) == len(found.payload.operation_set.operation) == 1
    assert found.payload.compressed == "H4sI"
    assert [(one.rule, one.kind) for one in findings] == [("T26", "several-branches")]


@pytest.mark.parametrize("text", ["false", "?"])
def test_t26_a_placeholder_in_compressed_is_none(text: str) -> None:
    found, findings = lenient(event(f"{readings()}<Compressed>{text}</Compressed>"))
    assert found.payload.compressed is None
    assert found.content == PLAIN.content
    assert rules(findings) == [("T26", "placeholder", "/EventMessage/Payload/Compressed")]


@pytest.mark.parametrize("namespace", ["", MESSAGE, NAMESPACE.format("EndDeviceEvents")])
def test_t26_a_payload_in_no_or_a_wrong_namespace_is_known_by_its_name(namespace: str) -> None:
    found, findings = lenient(event(readings(namespace=namespace)), EventMessage[MeterReadings])
    assert found == PLAIN
    kind = "namespace-wrong" if namespace else "namespace-missing"
    assert rules(findings) == [("T26", kind, "/EventMessage/Payload/MeterReadings")]


def test_t26_one_payload_beside_what_nobody_knows_is_read() -> None:
    found, findings = lenient(event(f'{readings()}<x:Page xmlns:x="urn:x"/>'))
    assert isinstance(found.payload.contents[0], MeterReadings)
    assert ("T26", "several-payloads", "/EventMessage/Payload/Page") in rules(findings)


def test_t26_two_payloads_are_refused() -> None:
    events = f'<EndDeviceEvents xmlns="{NAMESPACE.format("EndDeviceEvents")}"/>'
    with pytest.raises(DecodeError, match="one payload") as caught:
        from_xml(event(f"{readings()}\n{events}"), mode="lenient")
    assert caught.value.path == "/EventMessage/Payload/EndDeviceEvents"
    assert caught.value.line is not None


# -- T27: operations --------------------------------------------------------------------------------------------------


def operations(*inside: str, namespace: str = "") -> str:
    spelt = f' xmlns="{namespace}"' if namespace else ""
    listed = "".join(f"<Operation>{one}</Operation>" for one in inside)
    return event(f"<OperationSet{spelt}>{listed}</OperationSet>", noun="OperationSet")


def test_t27_an_operation_set_in_a_wrapper_s_namespace_is_typed() -> None:
    payload = readings("").replace("\n", "")
    inside = f"<operationId>7</operationId><noun>MeterReadings</noun><verb>create</verb>{payload}"
    found, findings = lenient(operations(inside, namespace="http://iec.ch/TC57/2011/MeterReadingsMessage"))
    assert found.payload.operation_set.operation[0].operation_id == 7
    assert isinstance(found.payload.operation_set.operation[0].content, MeterReadings)
    assert rules(findings) == [("T27", "namespace", "/EventMessage/Payload/OperationSet")]


def test_t27_further_members_of_an_operation_are_kept() -> None:
    flag = "<timesliceOperation>true</timesliceOperation>"
    inside = f"<operationId>1</operationId><noun>N</noun><verb>change</verb>{flag}"
    found, findings = lenient(operations(inside))
    assert found.payload.operation_set.operation[0].kept.elements[0].element().text == "true"
    place = "/EventMessage/Payload/OperationSet/Operation/timesliceOperation"
    assert rules(findings) == [("T27", "unknown-element", place)]


def test_t27_an_operation_without_noun_and_verb_keeps_its_content_s_class() -> None:
    found, findings = lenient(operations(f"<operationId>1</operationId>{readings('')}"))
    operation = found.payload.operation_set.operation[0]
    assert (operation.noun, operation.verb, type(operation.content)) == (None, None, MeterReadings)
    assert [(one.rule, one.kind) for one in findings] == [
        ("T27", "operation-noun-missing"),
        ("T27", "operation-verb-missing"),
    ]
    assert "it carries MeterReadings" in findings[0].message


def test_t27_an_operation_s_verb_in_another_case_is_reported() -> None:
    found, findings = lenient(operations("<operationId>1</operationId><noun>N</noun><verb>Create</verb>"))
    assert found.payload.operation_set.operation[0].verb == "Create"
    assert [(one.rule, one.kind) for one in findings] == [("T27", "operation-verb-case")]


@pytest.mark.parametrize("numbers", [("1", "1"), ("1", "01"), ("+2", "2")])
def test_t27_two_operations_of_one_number_are_refused(numbers: tuple[str, str]) -> None:
    with pytest.raises(DecodeError, match="operationId") as caught:
        from_xml(operations(*(f"<operationId>{number}</operationId>" for number in numbers)), mode="lenient")
    assert caught.value.path == "/EventMessage/Payload/OperationSet/Operation[2]"


BETWEEN = ["", "t", "<x/>", "t<x/>", "<Operation/>", "<Operation>?</Operation>", "<Operation> </Operation>u"]


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(BETWEEN), st.sampled_from(BETWEEN)), max_size=24))
@example([("t", "")] * 6 + [("", "")])
@example([("t", "t")] * 20)
def test_t27_a_prefix_stands_before_the_payloads_whatever_stands_between_operations(
    between: list[tuple[str, str]],
) -> None:
    """The texts are behind each operation and in each payload."""
    listed = "".join(
        f"<Operation><operationId>{number}</operationId><noun>N</noun><verb>create</verb>{readings(inside)}</Operation>{behind}"
        for number, (behind, inside) in enumerate(between, 1)
    ).replace("\n", "")
    found = from_xml(event(f"<OperationSet>{listed}</OperationSet>", noun="OperationSet"), mode="lenient")
    with_prefix = to_xml(found, mode="lenient", dialect=Dialect(prefix="p"))
    assert with_prefix.count(b"<p:MeterReadings") == len(between)
    assert canonical(with_prefix) == canonical(to_xml(found, mode="lenient"))
    assert from_xml(with_prefix, mode="lenient") == found


# -- T40: without envelope --------------------------------------------------------------------------------------------


def test_t40_a_bare_payload_of_several_meters_with_a_byte_order_mark_is_read() -> None:
    meters = "".join(f"<MeterReading><Meter><mRID>{one}</mRID></Meter></MeterReading>" for one in "ABC")
    for mark in (b"", b"\xef\xbb\xbf"):
        found, findings = lenient(mark + readings(meters).encode())
        assert [one.meter.mrid for one in found.meter_reading] == ["A", "B", "C"]
        assert findings == []


@pytest.mark.parametrize("source", [b"", b"\xef\xbb\xbf", b" \n"])
def test_t40_an_empty_file_is_refused_as_such(source: bytes) -> None:
    with pytest.raises(DecodeError, match="the document is empty"):
        from_xml(source, mode="lenient")


def test_a_message_without_namespaces_is_read_whole() -> None:
    """As a client of a building sends it: the root is Message, and nothing has a namespace."""
    source = event(readings(namespace=""), namespace="").replace("EventMessage", "Message")
    found, findings = lenient(source)
    assert type(found) is Message
    assert isinstance(found.content, MeterReadings)
    assert [(one.rule, one.kind) for one in findings][:1] == [("T1", "namespace-missing")]


def test_what_was_tolerated_in_the_envelope_can_be_sent_on_strictly() -> None:
    source = reply(payload=f"<Payload>{readings(namespace='')}<format>XML</format><Compressed>?</Compressed></Payload>")
    found: Any = from_xml(source, mode="lenient", report=Report())
    assert from_xml(to_xml(found), ResponseMessage[MeterReadings]).content == PLAIN.content
    with pytest.raises(EncodeError):
        to_xml(from_xml(source.replace("<Result>", "<Colour/><Result>"), mode="lenient"))
