"""Headers: properties by name, reply addresses, replay detection, and what a system says once."""

from __future__ import annotations

import datetime
import itertools
import pickle
import uuid
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.exchange import drawing

from iec61968_9 import ExchangeError, ForeignElement, exchange, from_xml, to_xml
from iec61968_9.exchange import AddressKind, Properties, ReplyAddress, System, options_of, properties_of
from iec61968_9.profiles import GetMeterReadings, MeterReadings
from iec61968_9.profiles.envelope import EventMessage, ReplayDetection, User

NOON = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))
ASK = GetMeterReadings()


# -- properties ------------------------------------------------------------------------------------------------------


@given(st.dictionaries(drawing.said, st.none() | drawing.texts, max_size=4))
def test_properties_come_back_as_the_mapping_that_was_given(given_: dict[str, str | None]) -> None:
    message = from_xml(to_xml(exchange.created(MeterReadings(), properties=given_)), EventMessage[Any])
    assert properties_of(message) == given_
    assert dict(properties_of(message)) == given_
    assert [one.name for one in message.header.property] == list(given_)


@given(drawing.pairs, st.randoms())
def test_the_order_of_properties_carries_no_meaning_and_is_kept(
    pairs: list[tuple[str, str | None]], random: Any
) -> None:
    shuffled = random.sample(pairs, len(pairs))
    assert Properties(tuple(pairs)) == Properties(tuple(shuffled))
    assert hash(Properties(tuple(pairs))) == hash(Properties(tuple(shuffled)))
    assert properties_of(exchange.created(MeterReadings(), properties=pairs)).pairs == tuple(pairs)
    assert len({Properties(tuple(pairs)), Properties((*pairs, ("another", None)))}) == 2


def test_a_name_that_occurs_twice_is_no_guess() -> None:
    found = properties_of(exchange.created(MeterReadings(), properties=[("Route", "a"), ("Page", "1"), ("Route", "b")]))
    assert found.all("Route") == ("a", "b")
    assert "Route" in found
    assert "Other" not in found
    assert list(found) == ["Route", "Page"]
    assert len(found) == 2
    with pytest.raises(LookupError, match="'Route' occurs 2 times"):
        found["Route"]
    with pytest.raises(KeyError):
        found["Other"]
    assert found["Page"] == "1"
    assert found.get("Other", "-") == "-"
    assert found != {"Route": "b", "Page": "1"}


def test_properties_of_one_message_go_into_the_next() -> None:
    first = exchange.get(ASK, properties={"Route": "a", "Flag": None})
    reply = exchange.reply(first, properties=properties_of(first))
    assert properties_of(reply) == properties_of(first) == {"Route": "a", "Flag": None}


def test_a_fault_has_no_properties_and_no_options() -> None:
    assert properties_of(exchange.fault("1.8")) == {}
    assert options_of(exchange.fault("1.8")) == options_of(exchange.get(ASK)) == {}


@given(drawing.pairs)
def test_options_come_back_in_the_same_way(pairs: list[tuple[str, str | None]]) -> None:
    message = from_xml(to_xml(exchange.create(MeterReadings(), options=pairs)))
    assert options_of(message) == Properties(tuple(pairs))


@pytest.mark.parametrize("name", ["", "  "])
def test_a_property_and_an_option_must_have_a_name(name: str) -> None:
    with pytest.raises(ExchangeError, match="name of a property is blank"):
        exchange.get(ASK, properties={name: "x"})
    with pytest.raises(ExchangeError, match="name of an option is blank"):
        exchange.get(ASK, options={name: "x"})


# -- reply addresses -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("topic:PROD.REPLIES.MeterReadings", AddressKind.TOPIC, "PROD.REPLIES.MeterReadings"),
        ("queue:MDMS.REPLIES", AddressKind.QUEUE, "MDMS.REPLIES"),
        ("queue:a:b", AddressKind.QUEUE, "a:b"),
        ("https://mdms.example/cim/reply?x=1", AddressKind.URL, "https://mdms.example/cim/reply?x=1"),
        ("http://10.0.0.1:8080", AddressKind.URL, "http://10.0.0.1:8080"),
        ("HTTPS://mdms.example/", AddressKind.URL, "HTTPS://mdms.example/"),
        ("http://[::1]:80/", AddressKind.URL, "http://[::1]:80/"),
    ],
)
def test_a_reply_address_is_a_topic_a_queue_or_a_url(text: str, kind: AddressKind, name: str) -> None:
    address = ReplyAddress.parse(text)
    assert (address.kind, address.name, str(address)) == (kind, name, text)
    request = exchange.get(ASK, reply_to=address)
    assert (request.header.reply_address, request.header.async_reply_flag) == (text, True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "NONE",
        "CIS-001",
        "topic:",
        "queue: ",
        "queue:a b",
        "TOPIC:a",
        "ftp://mdms.example/",
        "http://",
        "http:///path",
        "http://mdms.example:port/",
        "https://mdms.example/a b",
        "https://mdms.example/\n",
        "jms:queue:a",
        "http://[::1",
    ],
)
def test_anything_else_is_no_reply_address(text: str) -> None:
    with pytest.raises(ExchangeError, match="is no reply address") as caught:
        exchange.get(ASK, reply_to=text)
    assert caught.value.rule == "R4"


@given(drawing.texts)
def test_an_address_is_read_as_it_is_written_or_refused(text: str) -> None:
    try:
        address = ReplyAddress.parse(text)
    except ExchangeError:
        return
    assert str(address) == text
    assert ReplyAddress.parse(str(address)) == address


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"asynchronous": True}, "R4"),
        ({"asynchronous": False, "reply_to": "queue:A"}, "R4"),
        ({"reply_to": "queue:A", "ack_required": False}, "R14"),
        ({"ack_required": False}, "R14"),
    ],
)
def test_a_get_is_answered_at_once_or_at_an_address(fields: dict[str, Any], rule: str) -> None:
    with pytest.raises(ExchangeError) as caught:
        exchange.get(ASK, **fields)
    assert caught.value.rule == rule


def test_the_flag_can_be_left_out_beside_an_address() -> None:
    request = exchange.get(ASK, reply_to="queue:A", asynchronous=None)
    assert (request.header.reply_address, request.header.async_reply_flag) == ("queue:A", None)
    assert exchange.acknowledge(request).reply.error[0].code == "0.3"


@pytest.mark.parametrize("name", ["reply_to", "asynchronous", "ack_required", "options"])
def test_a_reply_and_an_event_have_no_fields_of_requests(name: str) -> None:
    fields: Any = {name: None}
    for call in (
        lambda: exchange.reply(exchange.get(ASK), **fields),
        lambda: exchange.created(MeterReadings(), **fields),
    ):
        with pytest.raises(TypeError, match=f"takes no {name}"):
            call()


# -- what a system says once -----------------------------------------------------------------------------------------


def test_a_systems_defaults_are_in_every_message_unless_it_says_otherwise() -> None:
    system = System(source="MDMS", revision="2", context="TESTING", user="ann", clock=lambda: NOON)
    for message in (system.get(ASK), system.created(MeterReadings()), system.reply(exchange.get(ASK))):
        header = message.header
        assert (header.source, header.revision, header.context) == ("MDMS", "2", "TESTING")
        assert (header.user, header.timestamp) == (User(user_id="ann"), NOON)
    said = system.get(ASK, source="ESB", revision=None, context=None, user=User(user_id="bo", organization="X")).header
    assert (said.source, said.revision, said.context, said.user) == (
        "ESB",
        None,
        None,
        User(user_id="bo", organization="X"),
    )


def test_every_field_of_a_header_can_be_said() -> None:
    route = ForeignElement('<Route xmlns="urn:example:routes">north</Route>')
    replay = ReplayDetection(nonce="n-1", created=NOON)
    for message in (
        exchange.get(ASK, comment="asked again", extensions=[route], replay=replay, timestamp=NOON),
        exchange.created(MeterReadings(), comment="asked again", extensions=[route], replay=replay, timestamp=NOON),
    ):
        header = message.header
        assert (header.comment, header.extensions, header.timestamp) == ("asked again", [route], NOON)
        assert header.replay_detection == replay
        assert header.replay_detection is not replay


def test_messages_do_not_share_the_user() -> None:
    user = User(user_id="ann")
    system = System(user=user)
    one, other = system.get(ASK).header, system.get(ASK).header
    assert one.user == other.user == user
    assert len({id(one.user), id(other.user), id(user)}) == 3


def test_identifiers_come_from_the_systems_factory_and_are_never_used_twice() -> None:
    numbers = itertools.count(1)
    system = System(new_id=lambda: f"m-{next(numbers)}")
    request = system.get(ASK)
    reply = system.reply(request)
    used = [request.header.message_id, request.header.correlation_id, reply.header.message_id]
    assert len(set(used)) == 3
    assert reply.header.correlation_id == request.header.correlation_id


def test_a_reply_with_the_message_id_of_its_request_is_refused() -> None:
    system = System(new_id=lambda: "same")
    request = exchange.get(ASK, message_id="same")
    with pytest.raises(ExchangeError) as caught:
        system.reply(request)
    assert caught.value.rule == "R3"


def test_a_factory_that_gives_one_identifier_twice_is_found_out_unless_the_caller_wants_it() -> None:
    with pytest.raises(ExchangeError, match="new_id gave 'same' twice") as caught:
        System(new_id=lambda: "same").get(ASK)
    assert caught.value.rule == "R3"
    header = exchange.get(ASK, message_id="m-1", correlation_id="m-1").header
    assert (header.message_id, header.correlation_id) == ("m-1", "m-1")


def test_what_is_no_text_or_no_time_is_said_at_once() -> None:
    factory: Any = uuid.uuid4
    with pytest.raises(TypeError, match="a message ID is a text, not a UUID"):
        System(new_id=factory).get(ASK)
    day: Any = NOON.date()
    with pytest.raises(TypeError, match="the timestamp is a datetime, not a date"):
        exchange.get(ASK, timestamp=day)


def test_an_event_carries_the_correlation_of_its_request_or_none() -> None:
    request = exchange.create(MeterReadings(), correlation_id="c-1")
    assert exchange.created(request=request).header.correlation_id == "c-1"
    assert exchange.created(request=request, correlation_id=None).header.correlation_id is None
    assert exchange.created(MeterReadings(), correlation_id="c-2").header.correlation_id == "c-2"
    with pytest.raises(ExchangeError) as caught:
        exchange.created(request=request, correlation_id="c-2")
    assert caught.value.rule == "R11"


def test_a_factory_that_gives_blank_identifiers_is_refused() -> None:
    with pytest.raises(ExchangeError, match="the message ID is blank"):
        System(new_id=lambda: " ").get(ASK)


@pytest.mark.parametrize("correlation", ["other", None])
def test_a_reply_with_another_correlation_than_its_request_is_refused(correlation: str | None) -> None:
    with pytest.raises(ExchangeError) as caught:
        exchange.reply(exchange.get(ASK), correlation_id=correlation)
    assert caught.value.rule == "R2"


@pytest.mark.parametrize("name", ["message_id", "correlation_id"])
def test_a_blank_identifier_is_refused_and_none_leaves_it_out(name: str) -> None:
    blank: Any = {name: "  "}
    with pytest.raises(ExchangeError, match=r"the (message|correlation) ID is blank"):
        exchange.get(ASK, **blank)
    absent: Any = {name: None}
    assert getattr(exchange.get(ASK, **absent).header, name) is None


def test_replay_detection_has_a_fresh_nonce_and_the_time_of_the_message() -> None:
    system = System(clock=lambda: NOON)
    one, other = (system.get(ASK, replay=True).header.replay_detection for _ in range(2))
    assert one is not None
    assert other is not None
    assert one.created == other.created == NOON
    assert one.nonce != other.nonce
    assert system.get(ASK).header.replay_detection is None
    given_ = ReplayDetection(nonce="n-1", created=NOON)
    assert system.get(ASK, replay=given_).header.replay_detection == given_
    own = System(new_nonce=lambda: "n", clock=lambda: NOON).get(ASK, replay=True).header.replay_detection
    assert own == ReplayDetection(nonce="n", created=NOON)


def test_times_without_a_zone_are_refused_wherever_they_stand() -> None:
    naive = NOON.replace(tzinfo=None)
    for call in (
        lambda: exchange.get(ASK, timestamp=naive),
        lambda: exchange.get(noun=MeterReadings, start=naive),
        lambda: exchange.get(noun=MeterReadings, end=naive),
        lambda: System(clock=lambda: naive).fail(exchange.get(ASK), "5.7"),
        lambda: exchange.get(ASK, replay=ReplayDetection(nonce="n-1", created=naive)),
    ):
        with pytest.raises(ExchangeError, match="has no time zone"):
            call()


def test_the_timestamp_is_now_and_aware() -> None:
    before = datetime.datetime.now(datetime.UTC)
    timestamp = exchange.get(ASK).header.timestamp
    assert timestamp is not None
    assert before <= timestamp <= datetime.datetime.now(datetime.UTC)


def test_a_system_is_a_value() -> None:
    system = System(source="MDMS", user="ann")
    assert system == System(source="MDMS", user=User(user_id="ann"))
    assert hash(system) == hash(System(source="MDMS", user="ann"))
    assert attrs.evolve(system, context="TESTING").get(ASK).header.context == "TESTING"
    assert pickle.loads(pickle.dumps(system)) == system  # noqa: S301  # our own
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        system.source = "X"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]  # the test's point
