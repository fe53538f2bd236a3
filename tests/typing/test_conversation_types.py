"""What type checkers know of a conversation. Both check this file; running it shows that the run time agrees."""

from __future__ import annotations

from typing import Any, assert_type

from iec61968_9.exchange import Conversation, Conversations, Outcome, Outcomes, create, get, reply
from iec61968_9.identity import Identity, Index, Match, identify, names
from iec61968_9.profiles.get_meter_readings import EndDevice, GetMeterReadings
from iec61968_9.profiles.meter_config import Meter, MeterConfig
from iec61968_9.profiles.meter_config import Name as MeterName
from iec61968_9.profiles.meter_readings import Meter as ReadMeter
from iec61968_9.profiles.meter_readings import MeterReading, MeterReadings
from iec61968_9.profiles.usage_point_config import ServiceMultiplierName
from iec61968_9.xml import Record


def test_a_conversation_knows_what_answers_its_query() -> None:
    request = get(GetMeterReadings(end_device=[EndDevice(mrid="a")]))
    conversation = Conversation(request)
    assert_type(conversation, Conversation[MeterReadings])
    conversation.receive(reply(request, MeterReadings(meter_reading=[MeterReading(meter=ReadMeter(mrid="a"))])))
    assert_type(conversation.payloads, tuple[MeterReadings, ...])
    assert_type(conversation.outcomes, Outcomes[MeterReadings])
    outcome = conversation.outcomes.of(Identity(mrid="a"))
    assert_type(outcome, Outcome[MeterReadings])
    assert_type(outcome.payloads, tuple[MeterReadings, ...])
    assert outcome.payloads == conversation.payloads


def test_many_conversations_know_it_as_well() -> None:
    conversations = Conversations()
    assert_type(conversations.open(get(GetMeterReadings())), Conversation[MeterReadings])


def test_a_request_without_a_query_may_be_answered_by_anything() -> None:
    conversation = Conversation(create(MeterConfig(meter=[Meter(mrid="a")])))
    assert_type(conversation, Conversation[Any])
    assert conversation.payloads == ()


def test_names_are_of_the_class_that_is_asked_for() -> None:
    assert_type(names("B-1"), list[MeterName])
    assert_type(names("B-1", name_type="T", kind=ServiceMultiplierName), list[ServiceMultiplierName])
    assert_type(Meter(names=names("B-1")).names, list[MeterName])
    assert_type(identify(Meter(names=names("B-1"))).name(), str | None)


def test_an_index_gives_objects_of_the_class_that_is_asked_for() -> None:
    index = Index(MeterConfig(meter=[Meter(mrid="a")]))
    assert_type(index.find("a", Meter), Match[Meter])
    assert_type(index.find("a", Meter).object, Meter)
    assert_type(index.find("a").object, Record)
    assert index.find("a").object is index.find("a", Meter).object
