"""The names of the WSDLs, and the header's fields on a JMS message."""

from __future__ import annotations

import copy
import pickle
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iec61968_9 import DecodeError, EncodeError, from_xml
from iec61968_9.exchange import (
    Form,
    JmsFields,
    SoapVersion,
    Style,
    fault,
    generic_operation,
    jms_fields,
    reply,
    soap_action,
    typed_operation,
)
from iec61968_9.exchange.forms.jms import complete, destination
from iec61968_9.profiles.envelope import EventMessage, FaultMessage, Header, MessageProperty, RequestMessage, Verb

MESSAGES = Path(__file__).parents[1] / "messages"
REQUEST = from_xml(MESSAGES / "A2-1_get_MeterReadings_async.xml", RequestMessage)
EVENT = from_xml(MESSAGES / "A3-3_created_MeterReadings_event.xml", EventMessage)
FAULT = from_xml(MESSAGES / "F4_FaultMessage_not_schema_valid.xml", FaultMessage)
YEAR = "http://iec.ch/TC57/2011"


def test_a_typed_operation_has_the_names_of_annex_c() -> None:
    create = typed_operation("create", "EndDeviceControls")
    assert create.name == "CreateEndDeviceControls"
    assert create.soap_action == f"{YEAR}/EndDeviceControls/CreateEndDeviceControls"
    assert create.request == f"{{{YEAR}/EndDeviceControlsMessage}}CreateEndDeviceControls"
    assert create.response == f"{{{YEAR}/EndDeviceControlsMessage}}EndDeviceControlsResponseMessage"
    assert create.fault == f"{{{YEAR}/EndDeviceControlsMessage}}EndDeviceControlsFaultMessage"
    assert create.fault_name == "CreateEndDeviceControlsFault"
    assert (create.port, create.binding) == ("EndDeviceControls_Port", "EndDeviceControls_Binding")
    assert create.services == ("RequestEndDeviceControls", "ExecuteEndDeviceControls")
    assert create.target_namespaces == (f"{YEAR}/RequestEndDeviceControls", f"{YEAR}/ExecuteEndDeviceControls")
    get = typed_operation(Verb.GET, "MeterReadings")
    assert get.soap_action == f"{YEAR}/GetMeterReadings/GetMeterReadings"
    assert get.response == f"{{{YEAR}/GetMeterReadingsMessage}}MeterReadingsResponseMessage"
    assert get.services == ("GetMeterReadings",)
    assert typed_operation("created", "MeterReadings").services == (
        "SendMeterReadings",
        "ReceiveMeterReadings",
        "ReplyMeterReadings",
    )


def test_verbs_without_an_operation_are_refused() -> None:
    for verb in (Verb.REPLY, Verb.EXECUTE, Verb.EXECUTED):
        with pytest.raises(ValueError, match="no operation for the verb"):
            typed_operation(verb, "MeterReadings")
    with pytest.raises(ValueError, match="Request, Response, PublishEvent"):
        generic_operation("Ask")


def test_the_action_follows_from_message_and_form() -> None:
    plain, typed = Form(soap=SoapVersion.V1_1), Form(soap=SoapVersion.V1_1, style=Style.TYPED)
    assert soap_action(REQUEST, plain) == "http://iec.ch/61968/Request" == generic_operation("Request").soap_action
    assert soap_action(EVENT, plain) == "http://iec.ch/61968/PublishEvent"
    assert soap_action(EVENT, typed) == f"{YEAR}/MeterReadings/CreatedMeterReadings"
    for form in (plain, typed):
        with pytest.raises(EncodeError):
            soap_action(FAULT, form)
    with pytest.raises(EncodeError):
        soap_action(RequestMessage(header=Header(verb=Verb.EXECUTE, noun="OperationSet")), typed)


def test_jms_fields_mirror_the_header() -> None:
    header = replace(REQUEST.header, property=[MessageProperty(name="MessageIndex", value="1/2")])
    fields = jms_fields(header)
    assert fields == JmsFields(
        message_id="m-1",
        timestamp=1772438400000,
        correlation_id="c-2",
        reply_to=None,  # a URL is no JMS destination
        properties={"MessageIndex": "1/2"},
    )
    assert jms_fields(replace(header, reply_address="queue:MDMS.REPLIES")).reply_to == "queue:MDMS.REPLIES"
    assert destination(REQUEST) == "REQUESTS.MeterReadings.get"
    assert destination(EVENT, context="PRODUCTION") == "PRODUCTION.EVENTS.MeterReadings.created"
    for message in (reply(REQUEST), fault("1.8")):
        with pytest.raises(EncodeError, match="only requests and events"):
            destination(message)


def test_what_jms_cannot_say_is_refused() -> None:
    for name in ("with space", "1st", "JMSXGroupID", "null", "", cast("str", None)):
        with pytest.raises(EncodeError, match="no such property"):
            jms_fields(replace(REQUEST.header, property=[MessageProperty(name=name)]))
    with pytest.raises(EncodeError, match=r"^a JMS message has a property once") as caught:
        jms_fields(replace(REQUEST.header, property=[MessageProperty(name="a"), MessageProperty(name="a")]))
    assert (caught.value.path, caught.value.got) == ("/Header/Property[2]/Name", "a")
    with pytest.raises(EncodeError, match="without a zone") as caught:
        jms_fields(replace(REQUEST.header, timestamp=datetime(2026, 3, 2)))  # that is the case
    assert caught.value.path == "/Header/Timestamp"


def test_a_destination_is_named_by_verb_and_noun() -> None:
    missing = cast("Any", None)
    for header, element in (
        (None, "Verb"),
        (Header(verb=missing, noun="MeterReadings"), "Verb"),
        (Header(verb=Verb.GET, noun=missing), "Noun"),
    ):
        with pytest.raises(EncodeError, match=f"there is no {element}") as caught:
            destination(RequestMessage(header=cast("Header", header)))
        assert caught.value.path == f"/RequestMessage/Header/{element}"


@pytest.mark.parametrize("timestamp", [2**63 - 1, -(2**63), 253_402_300_800_000])
def test_a_time_that_no_header_can_say_is_refused(timestamp: int) -> None:
    bare = Header(verb=Verb.GET, noun="MeterReadings")
    fields = JmsFields(timestamp=timestamp)
    with pytest.raises(DecodeError, match="no time of the years 1 to 9999") as caught:
        complete(bare, fields)
    assert (caught.value.path, caught.value.got) == ("/Header/Timestamp", str(timestamp))
    assert complete(replace(bare, timestamp=datetime.max), fields).timestamp == datetime.max  # what it has stands


def test_fields_are_values() -> None:
    fields = jms_fields(replace(REQUEST.header, property=[MessageProperty(name="a", value="b")]))
    for same in (copy.deepcopy(fields), pickle.loads(pickle.dumps(fields))):  # noqa: S301  # our own
        assert same == fields
        assert hash(same) == hash(fields)
    assert hash(JmsFields()) == hash(JmsFields())


texts = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1)
headers = st.builds(
    Header,
    verb=st.just(Verb.CREATED),
    noun=st.just("MeterReadings"),
    message_id=st.none() | texts,
    correlation_id=st.none() | texts,
    timestamp=st.none()
    | st.integers(0, 10**13).map(lambda ms: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)),
    reply_address=st.none() | texts.map("queue:{}".format),
    property=st.dictionaries(texts.map("p{}".format), texts).map(
        lambda found: [MessageProperty(name=name, value=value) for name, value in found.items()]
    ),
)


@given(headers)
def test_what_a_header_lacks_comes_back_from_jms(header: Header) -> None:
    bare = Header(verb=header.verb, noun=header.noun)
    assert complete(bare, jms_fields(header)) == header
    assert complete(header, JmsFields(message_id="ID:other", timestamp=0, correlation_id="x")).message_id == (
        header.message_id or "ID:other"
    )
