"""Controlling devices (B1, B2, B5 to B11, B12a): what each device did, as its events tell, and what was called off."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.scenarios import disorder
from tests.scenarios.disorder import Scene
from tests.scenarios.payloads import all_of, events
from tests.scenarios.stage import START, Arrival, Party, Stage, kinds_of, uuid

from iec61968_9 import Reference
from iec61968_9.codes import EndDeviceEventCode
from iec61968_9.exchange import Conversation, OutcomeKind, ReceiptKind, State, created, error, occurrences_in
from iec61968_9.identity import Identity, names
from iec61968_9.profiles import EndDeviceControls, EndDeviceEvents, MeterReadings, UsagePointConfig
from iec61968_9.profiles.end_device_controls import (
    ControlledAppliance,
    DateTimeInterval,
    EndDevice,
    EndDeviceControl,
    EndDeviceGroup,
    EndDeviceTiming,
    PanDemandResponse,
    PanDisplay,
    PanPricing,
    PanPricingDetail,
    RandomisationKind,
    TransmissionModeKind,
)
from iec61968_9.profiles.envelope import IDKind, ObjectID
from iec61968_9.profiles.meter_readings import Meter, MeterReading, Reading, ReadingReasonKind
from iec61968_9.profiles.usage_point_config import UsagePoint, UsagePointConnectedKind

A1, A2, A3 = uuid("a1"), uuid("a2"), uuid("a3")
CONTROL = uuid("c1")
CONSOLE = "https://mdms.example/cim/reply"
MINUTE = datetime.timedelta(minutes=1)
EVENING = datetime.datetime(2026, 3, 2, 17, tzinfo=datetime.UTC)

DISCONNECT, CONNECT, ARM, DER_CONNECT = "3.31.0.23", "3.31.0.18", "3.31.0.5", "2.31.0.18"
CONNECTED, CONNECT_FAILED, DISCONNECTED, DISCONNECT_FAILED = "3.31.0.42", "3.31.0.67", "3.31.0.68", "3.31.0.84"
ARMED, DER_CONNECTED = "3.31.0.11", "2.31.0.42"
LIMIT_ON, LIMIT_OFF, LIMIT_FAILED = "3.31.139.26", "3.31.139.22", "3.31.139.221"
EXCEEDED, RESTORED = "3.15.261.139", "3.15.261.216"
DEMAND_RESPONSE, DR_CREATED, OPTED_IN, OPTED_OUT = "12.15.43.300", "12.15.43.83", "12.15.43.80", "12.15.43.81"
STARTED, STOPPED, ABORTED = "12.15.17.242", "12.15.17.243", "12.15.0.1"
PRICE, PRICE_CREATED, PRICE_FAILED = "12.20.9.82", "12.20.9.83", "12.20.9.85"
DISPLAY, DISPLAYED, CANCEL_DISPLAY, DISPLAY_CANCELED = "12.13.112.77", "12.13.112.58", "12.13.112.8", "12.13.112.10"
RESET, RESET_OCCURRED, RESET_FAILED = "3.8.0.214", "3.8.0.215", "3.8.0.65"
SERVICE_ORDER = {"issuer_id": "CIS", "issuer_tracking_id": "SO-9001", "reason": "non-payment"}


def control(code: str, *devices: str, mrid: str = CONTROL, **more: Any) -> EndDeviceControls:
    """One control, aimed at devices."""
    return EndDeviceControls(
        end_device_control=[
            EndDeviceControl(
                mrid=mrid,
                end_device_control_type=Reference(ref=code),
                end_devices=[EndDevice(mrid=device) for device in devices],
                **more,
            )
        ]
    )


def timed(start: datetime.datetime, **more: Any) -> EndDeviceTiming:
    return EndDeviceTiming(interval=DateTimeInterval(start=start), **more)


def fates(talk: Conversation[Any]) -> dict[str, str]:
    """What became of each device, by the end of its mRID."""
    return {(subject.identity.mrid or "")[-2:]: str(outcome.kind) for subject, outcome in talk.outcomes.items()}


def told_of(talk: Conversation[Any], device: str) -> list[str | None]:
    """The codes that a device told, those that end its control first."""
    return [event.end_device_event_type.ref for event in talk.outcomes.of(Identity(mrid=device)).events]


# B1, B2: the switch -------------------------------------------------------------------------------------------------


def ordered(mdms: Party, hes: Party, payload: EndDeviceControls, **more: Any) -> Arrival:
    """A control that the head end has taken on, and will tell of at an address."""
    asked = mdms.send(mdms.system.create(payload, reply_to=CONSOLE, **more), hes)
    told = hes.send(hes.system.acknowledge(asked.request), mdms)
    assert (told.taken.kind, asked.talk.state) == (ReceiptKind.ACKNOWLEDGEMENT, State.ACKNOWLEDGED)
    return asked


def b1_to_the_echo(stage: Stage) -> tuple[Party, Party, Arrival]:
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    request = mdms.system.create(control(DISCONNECT, A1, **SERVICE_ORDER), reply_to=CONSOLE, correlation_id="c-b1")
    asked = mdms.send(request, hes, like="B1-1")
    assert asked.talk.state is State.SENT
    told = hes.send(hes.system.acknowledge(asked.request), mdms, like="B1-2")
    assert (told.taken.kind, asked.talk.state) == (ReceiptKind.ACKNOWLEDGEMENT, State.ACKNOWLEDGED)
    told = hes.send(hes.system.created(request=asked.request), mdms, like="B1-3")
    assert told.message.content == request.content
    assert (told.taken.kind, asked.talk.state) == (ReceiptKind.ECHO, State.ACKNOWLEDGED)
    assert fates(asked.talk) == {"a1": "outstanding"}  # nothing is said of the switch so far
    return mdms, hes, asked


def b1_disconnect() -> Scene:
    stage = Stage()
    mdms, hes, asked = b1_to_the_echo(stage)
    done = hes.system.created(events(DISCONNECTED, A1, tracking="SO-9001"), request=asked.request)
    told = hes.send(done, mdms, like="B1-4")
    assert (told.taken.kind, asked.talk.state) == (ReceiptKind.COMPLETION, State.COMPLETE)
    assert [subject.identity.mrid for subject in told.taken.changed] == [A1]
    assert (fates(asked.talk), told_of(asked.talk, A1)) == ({"a1": "done"}, [DISCONNECTED])
    assert asked.talk.findings == ()
    point = UsagePoint(mrid=uuid("b1"), connection_state=UsagePointConnectedKind.PHYSICALLY_DISCONNECTED)
    told = mdms.send(mdms.system.changed(UsagePointConfig(usage_point=[point])), stage.party("CIS"))
    assert told.receipt is not None
    assert told.receipt.kind is ReceiptKind.UNSOLICITED
    return stage, asked.talk


def b1_disconnect_in_vain() -> Scene:
    stage = Stage()
    mdms, hes, asked = b1_to_the_echo(stage)
    failed = events(DISCONNECT_FAILED, A1, tracking="SO-9001", details="switch fault")
    told = hes.send(hes.system.created(failed, request=asked.request), mdms, like="B1-4x")
    assert (told.taken.kind, asked.talk.state, fates(asked.talk)) == (
        ReceiptKind.COMPLETION,
        State.FAILED,
        {"a1": "failed"},
    )
    (event,) = asked.talk.outcomes.of(Identity(mrid=A1)).events
    assert event.end_device_event_details[0].value == "switch fault"
    return stage, asked.talk


def b1_several_devices() -> Scene:
    """One event comes with its correlation, two in one message, and one with the tracking number alone."""
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    a4 = uuid("a4")
    asked = ordered(mdms, hes, control(DISCONNECT, A1, A2, A3, a4, **SERVICE_ORDER))
    hes.send(hes.system.created(events(DISCONNECTED, A2), request=asked.request), mdms)
    assert (asked.talk.state, len(asked.talk.outstanding)) == (State.PARTIAL, 3)
    both = all_of(events(DISCONNECTED, A1), events(DISCONNECT_FAILED, A3))
    told = hes.send(hes.system.created(both, request=asked.request), mdms)
    assert len(told.taken.changed) == 2
    told = hes.send(hes.system.created(events(DISCONNECTED, a4, tracking="SO-9001")), mdms)
    assert (told.talk, told.message.header.correlation_id) == (asked.talk, None)
    assert fates(asked.talk) == {"a1": "done", "a2": "done", "a3": "failed", "a4": "done"}
    assert asked.talk.state is State.COMPLETE
    happened = {one.device: one.code for message in stage.answers_of(asked.talk) for one in told_in(message)}
    wanted = {subject.identity for subject in asked.talk.outcomes}
    good = {device for device, code in happened.items() if code == EndDeviceEventCode.parse(DISCONNECTED)}
    bad = {device for device, code in happened.items() if code == EndDeviceEventCode.parse(DISCONNECT_FAILED)}
    assert (good | bad, good & bad) == (wanted, set())
    return stage, asked.talk


def told_in(message: Any) -> list[Any]:
    """What happened to devices, by a message."""
    return list(occurrences_in(*(message.payload.contents if message.payload is not None else ())))


def b1_a_device_is_not_known() -> Scene:
    """The reply refuses one device; the other one goes on."""
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    asked = mdms.send(mdms.system.create(control(DISCONNECT, A1, A2, **SERVICE_ORDER), asynchronous=False), hes)
    unknown = error("2.4", of=ObjectID(value=A2, kind=IDKind.UUID, object_type="Meter"))
    told = hes.send(hes.system.reply(asked.request, errors=[unknown]), mdms)
    assert (told.taken.kind, told.message.reply.result, asked.talk.is_over) == (ReceiptKind.FINAL, "FAILED", False)
    assert fates(asked.talk) == {"a1": "outstanding", "a2": "failed"}
    hes.send(hes.system.created(events(DISCONNECTED, A1), request=asked.request), mdms)
    assert (asked.talk.state, fates(asked.talk)) == (State.COMPLETE, {"a1": "done", "a2": "failed"})
    return stage, asked.talk


def b1_two_controls_of_a_device() -> Scene:
    """Each event ends the control that it can end, though both are aimed at one meter."""
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    off = control(DISCONNECT, A1, issuer_tracking_id="SO-1").end_device_control
    later = timed(EVENING)
    reset = control(
        RESET, A1, mrid=uuid("c2"), issuer_tracking_id="SO-2", primary_device_timing=later
    ).end_device_control
    asked = ordered(mdms, hes, EndDeviceControls(end_device_control=[*off, *reset]))
    hes.send(hes.system.created(events(RESET_OCCURRED, A1, at=EVENING), request=asked.request), mdms)
    hes.send(hes.system.created(events(DISCONNECT_FAILED, A1), request=asked.request), mdms)
    outcomes = asked.talk.outcomes
    assert outcomes.of(Identity(mrid=A1), control=off[0]).kind is OutcomeKind.FAILED
    assert outcomes.of(Identity(mrid=A1), control=reset[0]).kind is OutcomeKind.DONE
    return stage, asked.talk


def b2_connect() -> Scene:
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    asked = mdms.send(
        mdms.system.create(control(CONNECT, A1, **SERVICE_ORDER), correlation_id="c-b2"), hes, like="B2-1"
    )
    told = hes.send(hes.system.reply(asked.request), mdms)
    assert (told.taken.kind, told.message.reply.error[0].code) == (ReceiptKind.FINAL, "0.0")
    assert (asked.talk.state, fates(asked.talk)) == (State.ACKNOWLEDGED, {"a1": "outstanding"})
    hes.send(hes.system.created(events(CONNECTED, A1, tracking="SO-9001"), request=asked.request), mdms)
    assert (asked.talk.state, fates(asked.talk)) == (State.COMPLETE, {"a1": "done"})
    return stage, asked.talk


def b2_connect_in_vain() -> Scene:
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    asked = ordered(mdms, hes, control(CONNECT, A1))
    hes.send(hes.system.created(events(CONNECT_FAILED, A1), request=asked.request), mdms)
    assert (asked.talk.state, fates(asked.talk)) == (State.FAILED, {"a1": "failed"})
    return stage, asked.talk


def b2_refused_by_name() -> Scene:
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    payload = control(CONNECT)
    payload.end_device_control[0].end_devices = [EndDevice(names=names("B-9999", name_type="MeterBadgeNumber"))]
    asked = mdms.send(mdms.system.create(payload), hes)
    unknown = ObjectID(value="B-9999", kind=IDKind.NAME, id_type="MeterBadgeNumber", object_type="Meter")
    told = hes.send(hes.system.fail(asked.request, error("2.4", reason="unknown meter", of=unknown)), mdms)
    assert (told.taken.kind, asked.talk.state) == (ReceiptKind.FINAL, State.FAILED)
    (outcome,) = asked.talk.outcomes.values()
    assert [one.reason for one in outcome.errors] == ["unknown meter"]
    return stage, asked.talk


def group_of(name: str) -> EndDeviceGroup:
    return EndDeviceGroup(names=names(name))


def b2_connect_a_group() -> Scene:
    """Who is in the group is known only by what its members tell, so the end is never certain."""
    stage = Stage()
    derms, hes = stage.party("DERMS"), stage.party("HES")
    asked = ordered(derms, hes, control(DER_CONNECT, end_device_groups=[group_of("FEEDER-7")]))
    assert asked.talk.unlisted == ("the members of EndDeviceGroup FEEDER-7",)
    assert fates(asked.talk) == {}
    hes.send(hes.system.created(events(DER_CONNECTED, A1, A2), request=asked.request), derms)
    hes.send(hes.system.created(events("2.31.0.67", A3), request=asked.request), derms)
    assert fates(asked.talk) == {"a1": "done", "a2": "done", "a3": "failed"}
    assert (asked.talk.state, asked.talk.is_over, asked.talk.findings) == (State.PARTIAL, False, ())
    return stage, asked.talk


# B5 to B7: what takes time ------------------------------------------------------------------------------------------


def b5_the_customer_completes_it() -> Scene:
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    asked = mdms.send(mdms.system.create(control(ARM, A1), correlation_id="c-b5"), hes, like="B5-1")
    hes.send(hes.system.reply(asked.request), mdms)
    told = hes.send(hes.system.created(events(ARMED, A1), request=asked.request), mdms)  # by agreement only
    assert (told.taken.kind, fates(asked.talk)) == (ReceiptKind.COMPLETION, {"a1": "outstanding"})
    stage.wait(6 * 3600)
    hes.send(hes.system.created(events(CONNECTED, A1, at=stage.now), request=asked.request), mdms)
    assert (asked.talk.state, fates(asked.talk)) == (State.COMPLETE, {"a1": "done"})
    assert told_of(asked.talk, A1) == [CONNECTED, ARMED]
    return stage, asked.talk


def b6_limit_the_supply() -> Scene:
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    payload = control(LIMIT_ON, A1, primary_device_timing=timed(EVENING, duration=120))
    asked = mdms.send(mdms.system.create(payload, correlation_id="c-b6"), hes, like="B6-1")
    assert kinds_of(asked.findings) == ["control-without-limit"]
    told = hes.send(hes.system.reply(asked.request), mdms)
    assert (told.taken.kind, asked.talk.state, fates(asked.talk)) == (
        ReceiptKind.FINAL,
        State.COMPLETE,
        {"a1": "accepted"},
    )
    for code, minutes in ((DISCONNECTED, 30), (CONNECTED, 40)):
        stage.now = EVENING + minutes * MINUTE
        told = hes.send(hes.system.created(events(code, A1, at=stage.now), request=asked.request), mdms)
        assert (told.taken.kind, told.taken.changed) == (ReceiptKind.COMPLETION, ())
    told = hes.send(hes.system.created(events(EXCEEDED, A1, at=stage.now)), mdms)
    assert told.receipt is not None
    assert told.receipt.kind is ReceiptKind.UNSOLICITED

    stage.now = EVENING + 120 * MINUTE
    off = control(LIMIT_OFF, A1)
    request = mdms.system.create(off, correlation_id="c-b6b", message_id="m-3", timestamp=START)
    ended = mdms.send(request, hes, like="B6-3")
    hes.send(hes.system.reply(ended.request), mdms)
    assert fates(ended.talk) == {"a1": "accepted"}
    trips = [one for message in stage.answers_of(asked.talk) for one in told_in(message)]
    assert [str(one.code) for one in trips] == [DISCONNECTED, CONNECTED]
    assert all(one.at is not None and EVENING <= one.at <= stage.now for one in trips)
    assert asked.talk.findings == ()
    return stage, asked.talk


def b6_a_limit_that_fails() -> Scene:
    """No event is sure to come, but one that says that it failed is believed."""
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    asked = mdms.send(mdms.system.create(control(LIMIT_ON, A1)), hes)
    hes.send(hes.system.reply(asked.request), mdms)
    hes.send(hes.system.created(events(LIMIT_FAILED, A1), request=asked.request), mdms)
    assert (asked.talk.state, fates(asked.talk)) == (State.FAILED, {"a1": "failed"})
    return stage, asked.talk


def b7_timed() -> Scene:
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    payload = control(DISCONNECT, A1, A2, primary_device_timing=timed(EVENING))
    asked = ordered(mdms, hes, payload)
    hes.send(hes.system.created(request=asked.request), mdms)
    stage.now = EVENING
    for device in (A2, A1):
        stage.wait(20)
        hes.send(hes.system.created(events(DISCONNECTED, device, at=stage.now), request=asked.request), mdms)
    assert (asked.talk.state, fates(asked.talk), asked.talk.findings) == (
        State.COMPLETE,
        {"a1": "done", "a2": "done"},
        (),
    )
    return stage, asked.talk


def b7_timed_for_a_group_and_a_device() -> Scene:
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    payload = control(
        DISCONNECT,
        A1,
        end_device_groups=[group_of("FEEDER-7")],
        primary_device_timing=timed(EVENING),
        issuer_tracking_id="SO-7",
    )
    asked = ordered(mdms, hes, payload)
    stage.now = EVENING
    told = events(DISCONNECTED, A1, A2, at=EVENING, tracking="SO-7")
    hes.send(hes.system.created(told), mdms)  # of a member, too, the tracking number is enough
    assert (fates(asked.talk), asked.talk.state) == ({"a1": "done", "a2": "done"}, State.PARTIAL)
    return stage, asked.talk


# B8 to B11: home networks and demand --------------------------------------------------------------------------------

AFTERNOON = datetime.datetime(2026, 7, 1, 16, tzinfo=datetime.UTC)


def demand_response(*devices: str) -> EndDeviceControls:
    """One of the ways to ask for less load: for a group, or for devices."""
    payload = control(
        DEMAND_RESPONSE,
        *devices,
        dr_program_level=2,
        dr_program_mandatory=False,
        issuer_id="CIS",
        issuer_tracking_id="DR-42",
        pan_demand_response=PanDemandResponse(
            avg_load_adjustment=-20,
            cooling_offset=2,
            criticality_level="3",
            duration=60,
            enrollment_group="1",
            start_date_time=AFTERNOON,
            appliance=ControlledAppliance(is_hvac_compressor_or_furnace=True),
        ),
        secondary_device_timing=EndDeviceTiming(randomisation=RandomisationKind.START_AND_END),
    )
    if not devices:
        payload.end_device_control[0].end_device_groups = [group_of("DR-GROUP-1")]
    return payload


def b8_less_load_of_a_group() -> Scene:
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    asked = mdms.send(mdms.system.create(demand_response(), correlation_id="c-b8"), hes, like="B8-1")
    hes.send(hes.system.reply(asked.request), mdms)
    assert (asked.talk.state, asked.talk.is_over) == (State.ACKNOWLEDGED, False)
    first = all_of(
        *(events(code, one, tracking="DR-42") for code, one in ((DR_CREATED, A1), (OPTED_OUT, A2), (STARTED, A3)))
    )
    hes.send(hes.system.created(first, request=asked.request, message_id="m-4"), mdms, like="B8-4")
    assert fates(asked.talk) == {"a1": "outstanding", "a2": "failed", "a3": "outstanding"}
    stage.now = AFTERNOON + 60 * MINUTE
    ends = all_of(*(events(code, one, tracking="DR-42", at=stage.now) for code, one in ((ABORTED, A1), (STOPPED, A3))))
    hes.send(hes.system.created(ends), mdms)
    assert fates(asked.talk) == {"a1": "failed", "a2": "failed", "a3": "done"}
    assert (told_of(asked.talk, A3), asked.talk.findings) == ([STOPPED, STARTED], ())
    return stage, asked.talk


def b8_less_load_of_devices() -> Scene:
    """Every step of two devices; what is between start and end is as the control and its randomisation say."""
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    asked = ordered(mdms, hes, demand_response(A1, A2, A3))
    spread = 5 * MINUTE
    steps = (
        (DR_CREATED, START, (A1, A2, A3)),
        (OPTED_IN, START + MINUTE, (A1, A2)),
        (OPTED_OUT, START + MINUTE, (A3,)),
        (STARTED, AFTERNOON - spread, (A1,)),
        (STARTED, AFTERNOON + spread, (A2,)),
        (STOPPED, AFTERNOON + 60 * MINUTE + spread, (A1, A2)),
    )
    for code, at, devices in steps:
        stage.now = at
        assert fates(asked.talk) == {"a1": "outstanding", "a2": "outstanding"} | (
            {"a3": "failed"} if at > START + MINUTE else {"a3": "outstanding" if code != STOPPED else "failed"}
        )
        hes.send(hes.system.created(events(code, *devices, tracking="DR-42", at=at), request=asked.request), mdms)
    assert fates(asked.talk) == {"a1": "done", "a2": "done", "a3": "failed"}
    assert (asked.talk.state, asked.talk.findings) == (State.COMPLETE, ())
    response = asked.message.content.end_device_control[0].pan_demand_response
    end = response.start_date_time + response.duration * MINUTE
    for one in (one for message in stage.answers_of(asked.talk) for one in told_in(message)):
        assert one.tracking_id == "DR-42"
        if str(one.code) == STARTED:
            assert one.at >= response.start_date_time - spread
        if str(one.code) == STOPPED:
            assert one.at <= end + spread
    return stage, asked.talk


def price(amount: str, start: datetime.datetime = AFTERNOON) -> PanPricing:
    detail = PanPricingDetail(
        price=Decimal(amount), price_tier=3, price_tier_count=4, rate_label="peak", unit_of_measure="kWh"
    )
    return PanPricing(duration=60, provider_id=1, start_date_time=start, pan_pricing_details=[detail])


def b9_prices() -> Scene:
    """A later message replaces the price of a period of one provider."""
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    payload = control(PRICE, A1, issuer_tracking_id="PR-7", pan_pricing=price("0.31"))
    asked = mdms.send(mdms.system.create(payload, correlation_id="c-b9"), hes, like="B9-1")
    hes.send(hes.system.reply(asked.request), mdms)
    hes.send(hes.system.created(events(PRICE_FAILED, A1), request=asked.request), mdms)
    assert fates(asked.talk) == {"a1": "failed"}
    again = control(PRICE, A1, mrid=uuid("c2"), issuer_tracking_id="PR-8", pan_pricing=price("0.29"))
    asked = mdms.send(mdms.system.create(again), hes)
    hes.send(hes.system.reply(asked.request), mdms)
    hes.send(hes.system.created(events(PRICE_CREATED, A1), request=asked.request), mdms)
    assert (asked.talk.state, fates(asked.talk)) == (State.COMPLETE, {"a1": "done"})
    valid: dict[Any, Decimal] = {}
    for arrival in stage.arrivals:
        if arrival.message.header.verb == "create":
            for one in arrival.message.content.end_device_control:
                key = (one.pan_pricing.provider_id, one.pan_pricing.start_date_time, one.pan_pricing.duration)
                valid[key] = one.pan_pricing.pan_pricing_details[0].price
    assert valid == {(1, AFTERNOON, 60): Decimal("0.29")}
    return stage, asked.talk


def b10_a_text_and_its_end() -> Scene:
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    display = PanDisplay(
        confirmation_required=True,
        duration=30,
        priority="high",
        start_date_time=START + 60 * MINUTE,
        text_message="Planned work 10-12 h",
        transmission_mode=TransmissionModeKind.NORMAL,
    )
    payload = control(DISPLAY, A1, issuer_tracking_id="TX-3", pan_display=display)
    asked = mdms.send(mdms.system.create(payload, correlation_id="c-b10"), hes, like="B10-1")
    hes.send(hes.system.reply(asked.request), mdms)
    hes.send(hes.system.created(events(DISPLAYED, A1, tracking="TX-3"), request=asked.request), mdms)
    assert (asked.talk.state, fates(asked.talk)) == (State.COMPLETE, {"a1": "done"})

    cancel = control(CANCEL_DISPLAY, A1, mrid=uuid("c2"), issuer_tracking_id="TX-3")
    ended = mdms.send(mdms.system.create(cancel), hes)
    hes.send(hes.system.reply(ended.request), mdms)
    hes.send(hes.system.created(events(DISPLAY_CANCELED, A1, tracking="TX-3"), request=ended.request), mdms)
    assert (ended.talk.state, fates(ended.talk), fates(asked.talk)) == (State.COMPLETE, {"a1": "done"}, {"a1": "done"})
    return stage, asked.talk


DEMAND = "0.0.0.6.0.1.8.0.0.0.0.0.0.0.0.3.38.0"


def demand(value: str, at: datetime.datetime, reason: ReadingReasonKind) -> MeterReadings:
    reading = Reading(reason=reason, source="HES", time_stamp=at, value=value, reading_type=Reference(ref=DEMAND))
    return MeterReadings(meter_reading=[MeterReading(meter=Meter(mrid=A1), readings=[reading])])


def b11_demand_reset() -> Scene:
    """The readings before the reset belong to it by correlation, and end nothing."""
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    asked = mdms.send(mdms.system.create(control(RESET, A1), correlation_id="c-b11"), hes, like="B11-1")
    hes.send(hes.system.reply(asked.request), mdms)
    before = demand("7.4", stage.now, ReadingReasonKind.DEMAND_RESET)
    told = hes.send(hes.system.created(before, request=asked.request), mdms)
    assert (told.taken.kind, asked.talk.state) == (ReceiptKind.NOTICE, State.ACKNOWLEDGED)
    stage.wait(5)
    reset_at = stage.now
    hes.send(hes.system.created(events(RESET_OCCURRED, A1, at=reset_at), request=asked.request), mdms)
    assert (asked.talk.state, fates(asked.talk)) == (State.COMPLETE, {"a1": "done"})
    stage.wait(5)
    hes.send(hes.system.created(demand("0", stage.now, ReadingReasonKind.INQUIRY)), mdms)
    read = [
        value
        for arrival in stage.arrivals
        if arrival.message.header.noun == "MeterReadings"
        for value in arrival.message.content.meter_reading[0].readings
    ]
    assert [(value.time_stamp < reset_at, value.value) for value in read] == [(True, "7.4"), (False, "0")]
    return stage, asked.talk


def b11_demand_reset_in_vain() -> Scene:
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    asked = mdms.send(mdms.system.create(control(RESET, A1, A2)), hes)
    hes.send(hes.system.reply(asked.request), mdms)
    hes.send(hes.system.created(events(RESET_FAILED, A1, A2), request=asked.request), mdms)
    assert (asked.talk.state, fates(asked.talk)) == (State.FAILED, {"a1": "failed", "a2": "failed"})
    return stage, asked.talk


# B12a: called off ---------------------------------------------------------------------------------------------------

NAMED = ObjectID(value=CONTROL, kind=IDKind.UUID, object_type="EndDeviceControl")


def b12_called_off() -> Scene:
    """The exchange of the cancelling request."""
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    first = ordered(mdms, hes, control(DISCONNECT, A1, primary_device_timing=timed(EVENING)))
    asked = mdms.send(
        mdms.system.cancel(EndDeviceControls, ids=[NAMED], message_id="m-5", correlation_id="c-b12"), hes, like="B12a-1"
    )
    told = hes.send(hes.system.reply(asked.request), mdms)
    assert (told.taken.kind, asked.talk.state) == (ReceiptKind.FINAL, State.COMPLETE)
    assert asked.talk.outcomes.of(NAMED).kind is OutcomeKind.DONE
    assert told.taken.others == (first.talk,)
    assert (first.talk.state, fates(first.talk)) == (State.CANCELED, {"a1": "canceled"})
    told = hes.send(hes.system.canceled(request=asked.request, message_id="m-7"), mdms, like="B12a-3")
    assert (told.taken.kind, told.talk, told.taken.changed) == (ReceiptKind.ECHO, asked.talk, ())
    assert asked.talk.findings == first.talk.findings == ()
    return stage, asked.talk


def b12_an_unknown_control() -> Scene:
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    asked = mdms.send(mdms.system.cancel(EndDeviceControls, ids=[NAMED]), hes)
    hes.send(hes.system.fail(asked.request, error("2.15", of=NAMED)), mdms)
    assert asked.talk.state is State.FAILED
    assert [one.code for one in asked.talk.outcomes.of(NAMED).errors] == ["2.15"]
    return stage, asked.talk


def b12_too_late() -> Scene:
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    first = ordered(mdms, hes, control(DISCONNECT, A1))
    hes.send(hes.system.created(events(DISCONNECTED, A1), request=first.request), mdms)
    asked = mdms.send(mdms.system.cancel(EndDeviceControls, ids=[NAMED]), hes)
    told = hes.send(hes.system.fail(asked.request, error("5.3", of=NAMED)), mdms)
    assert (asked.talk.state, told.taken.others, fates(first.talk)) == (State.FAILED, (), {"a1": "done"})
    return stage, asked.talk


def b12_two_of_which_one_is_too_late() -> Scene:
    """What no error names has succeeded (R9)."""
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    first, second = (ordered(mdms, hes, control(DISCONNECT, A1, mrid=uuid(one))) for one in ("c1", "c2"))
    ids = [Identity(mrid=uuid(one), object_type="EndDeviceControl") for one in ("c1", "c2")]
    asked = mdms.send(mdms.system.cancel(EndDeviceControls, ids=ids), hes)
    told = hes.send(hes.system.reply(asked.request, errors=[error("5.3", of=ids[0])]), mdms)
    assert [str(outcome.kind) for outcome in asked.talk.outcomes.values()] == ["failed", "done"]
    assert (told.message.reply.result, told.taken.others) == ("FAILED", (second.talk,))
    assert (first.talk.state, second.talk.state) == (State.ACKNOWLEDGED, State.CANCELED)
    return stage, asked.talk


def b12_the_head_end_gives_up() -> Scene:
    """It tells so unasked, by a copy of the control that names the devices which had not done it yet."""
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    asked = ordered(mdms, hes, control(DISCONNECT, A1, A2, A3, **SERVICE_ORDER))
    hes.send(hes.system.created(events(DISCONNECTED, A1, tracking="SO-9001"), request=asked.request), mdms)
    told = hes.send(hes.system.canceled(control(DISCONNECT, A2, A3, **SERVICE_ORDER), request=asked.request), mdms)
    assert (told.taken.kind, told.talk) == (ReceiptKind.CANCELED, asked.talk)
    assert fates(asked.talk) == {"a1": "done", "a2": "canceled", "a3": "canceled"}
    assert (asked.talk.state, asked.talk.findings) == (State.COMPLETE, ())
    return stage, asked.talk


def b12_a_group_is_called_off() -> Scene:
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    asked = ordered(mdms, hes, demand_response())
    told = hes.send(hes.system.canceled(EndDeviceControls, ids=[NAMED], request=asked.request), mdms)
    assert (told.taken.kind, asked.talk.state) == (ReceiptKind.CANCELED, State.CANCELED)
    return stage, asked.talk


SCENES: list[Callable[[], Scene]] = [
    b1_disconnect,
    b1_disconnect_in_vain,
    b1_several_devices,
    b1_a_device_is_not_known,
    b1_two_controls_of_a_device,
    b2_connect,
    b2_connect_in_vain,
    b2_refused_by_name,
    b2_connect_a_group,
    b5_the_customer_completes_it,
    b6_limit_the_supply,
    b6_a_limit_that_fails,
    b7_timed,
    b7_timed_for_a_group_and_a_device,
    b8_less_load_of_a_group,
    b8_less_load_of_devices,
    b9_prices,
    b10_a_text_and_its_end,
    b11_demand_reset,
    b11_demand_reset_in_vain,
    b12_called_off,
    b12_an_unknown_control,
    b12_too_late,
    b12_two_of_which_one_is_too_late,
    b12_the_head_end_gives_up,
    b12_a_group_is_called_off,
]
NEVER_CERTAIN = {b2_connect_a_group, b7_timed_for_a_group_and_a_device, b8_less_load_of_a_group}
"""Where a group is meant, nobody knows whether all members have told."""
each_scene = pytest.mark.parametrize("scene", SCENES, ids=[scene.__name__ for scene in SCENES])


@each_scene
def test_a_control_goes_as_the_scenario_says(scene: Callable[[], Scene]) -> None:
    _, talk = scene()
    assert talk.is_over == (scene not in NEVER_CERTAIN)


@each_scene
@settings(max_examples=25)
@given(data=st.data())
def test_a_control_that_is_told_in_disorder_ends_the_same_or_stays_open(
    scene: Callable[[], Scene], data: st.DataObject
) -> None:
    disorder.check(scene, data)


# What else must hold ------------------------------------------------------------------------------------------------


def test_b1_a_command_that_is_repeated_to_the_meter_is_done_once() -> None:
    """The head end repeats it until the meter answers; the same event again is the same, another one is reported."""
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    asked = ordered(mdms, hes, control(DISCONNECT, A1, A2))
    for seconds, reported in ((0, []), (0, []), (30, ["completion-repeated"])):
        at = START + datetime.timedelta(seconds=seconds)
        told = hes.send(hes.system.created(events(DISCONNECTED, A1, at=at), request=asked.request), mdms)
        assert kinds_of(told.taken.findings) == reported
    assert (fates(asked.talk), len(told_of(asked.talk, A1))) == ({"a1": "done", "a2": "outstanding"}, 2)


def test_b1_a_device_that_says_nothing_stays_unknown_until_it_does() -> None:
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    asked = ordered(mdms, hes, control(DISCONNECT, A1, A2))
    hes.send(hes.system.created(events(DISCONNECTED, A1), request=asked.request), mdms)
    stage.wait(3600)
    (receipt,) = mdms.talks.expire(stage.now)
    assert (receipt.kind, asked.talk.state) == (ReceiptKind.SILENCE, State.SILENT)
    assert fates(asked.talk) == {"a1": "done", "a2": "unknown"}
    told = hes.send(hes.system.created(events(DISCONNECT_FAILED, A2), request=asked.request), mdms)
    assert (told.taken.late, kinds_of(told.taken.findings)) == (True, ["late-reply"])
    assert (asked.talk.state, fates(asked.talk)) == (State.COMPLETE, {"a1": "done", "a2": "failed"})


def test_b1_a_device_at_which_nothing_was_aimed_is_reported_and_kept() -> None:
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    asked = ordered(mdms, hes, control(DISCONNECT, A1))
    told = hes.send(hes.system.created(events(DISCONNECTED, A2), request=asked.request), mdms)
    assert kinds_of(told.taken.findings) == ["object-not-asked"]
    assert (fates(asked.talk), len(asked.talk.others)) == ({"a1": "outstanding"}, 1)


def test_b1_a_device_that_says_both_is_contradicted() -> None:
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    asked = ordered(mdms, hes, control(DISCONNECT, A1))
    hes.send(hes.system.created(events(DISCONNECT_FAILED, A1), request=asked.request), mdms)
    told = hes.send(hes.system.created(events(DISCONNECTED, A1), request=asked.request), mdms)
    assert kinds_of(told.taken.findings) == ["outcome-contradicted"]
    assert (fates(asked.talk), asked.talk.state) == ({"a1": "contradicted"}, State.COMPLETE)


def test_b2_a_device_of_unknown_type_is_believed() -> None:
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    asked = ordered(mdms, hes, control(CONNECT, A1))
    hes.send(hes.system.created(events("0.31.0.42", A1), request=asked.request), mdms)
    assert fates(asked.talk) == {"a1": "done"}


def test_b6_partners_may_agree_on_the_events_that_end_a_control() -> None:
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    request = mdms.system.create(control(LIMIT_ON, A1))
    agreed = {EndDeviceEventCode.parse(RESTORED): True, EndDeviceEventCode.parse(EXCEEDED): False}
    talk: Conversation[Any] = Conversation(request, endings=lambda _: agreed)
    talk.receive(hes.system.reply(request))
    assert fates(talk) == {"a1": "outstanding"}
    talk.receive(hes.system.created(events(RESTORED, A1), request=request))
    assert (talk.state, fates(talk)) == (State.COMPLETE, {"a1": "done"})


@pytest.mark.parametrize(
    ("randomisation", "reported"),
    [
        (None, ["completion-too-early"]),
        (RandomisationKind.NONE, ["completion-too-early"]),
        (RandomisationKind.END, ["completion-too-early"]),
        (RandomisationKind.START, []),
        (RandomisationKind.START_AND_END, []),
        (RandomisationKind.DEFAULT, []),
    ],
)
def test_b7_nothing_is_done_before_its_time_unless_the_start_is_random(
    randomisation: RandomisationKind | None, reported: list[str]
) -> None:
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    asked = ordered(
        mdms, hes, control(DISCONNECT, A1, primary_device_timing=timed(EVENING, randomisation=randomisation))
    )
    early = events(DISCONNECTED, A1, at=EVENING - MINUTE)
    told = hes.send(hes.system.created(early, request=asked.request), mdms)
    assert (kinds_of(told.taken.findings), fates(asked.talk)) == (reported, {"a1": "done"})


def test_b7_a_head_end_may_want_a_start() -> None:
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    asked = mdms.send(mdms.system.create(control(DISCONNECT, A1)), hes)
    timing = asked.request.content.end_device_control[0].primary_device_timing
    assert timing is None
    hes.send(hes.system.fail(asked.request, error("5.8", reason="no start")), mdms)
    assert (asked.talk.state, fates(asked.talk)) == (State.FAILED, {"a1": "failed"})


def test_b8_what_is_said_again_is_one_event_however_often_it_is_told() -> None:
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    asked = ordered(mdms, hes, demand_response(A1))
    for _ in range(3):
        hes.send(hes.system.created(events(DR_CREATED, A1), request=asked.request), mdms)
    assert told_of(asked.talk, A1) == [DR_CREATED]


def test_b11_the_event_may_ride_on_the_readings_that_it_caused() -> None:
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    asked = ordered(mdms, hes, control(RESET, A1))
    payload = demand("7.4", START, ReadingReasonKind.DEMAND_RESET)
    (event,) = events(RESET_OCCURRED, A1).end_device_event
    event.assets = None  # it is the meter's
    payload.meter_reading[0].end_device_events = [event]
    told = hes.send(hes.system.created(payload, request=asked.request), mdms)
    assert (told.taken.kind, fates(asked.talk)) == (ReceiptKind.COMPLETION, {"a1": "done"})


@pytest.mark.parametrize(("seconds", "reported"), [(-1, []), (1, ["completion-of-canceled"])])
def test_b12_a_device_that_carries_out_what_was_called_off_is_believed_and_reported(
    seconds: int, reported: list[str]
) -> None:
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    first = ordered(mdms, hes, control(DISCONNECT, A1, A2))
    stage.wait(60)
    asked = mdms.send(mdms.system.cancel(EndDeviceControls, ids=[NAMED]), hes)
    hes.send(hes.system.reply(asked.request), mdms)
    assert fates(first.talk) == {"a1": "canceled", "a2": "canceled"}
    done = events(DISCONNECTED, A1, at=stage.now + datetime.timedelta(seconds=seconds))
    told = hes.send(hes.system.created(done, request=first.request), mdms)
    assert kinds_of(told.taken.findings) == reported
    assert (first.talk.state, fates(first.talk)) == (State.COMPLETE, {"a1": "done", "a2": "canceled"})


def test_b12_what_was_not_made_out_cannot_be_called_off() -> None:
    """An event that cites nothing and names an unknown control is nobody's."""
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    first = ordered(mdms, hes, control(DISCONNECT, A1))
    told = hes.send(hes.system.canceled(EndDeviceControls, ids=[Identity(mrid=uuid("c9"))]), mdms)
    assert told.receipt is not None
    assert (told.receipt.kind, first.talk.state) == (ReceiptKind.UNSOLICITED, State.ACKNOWLEDGED)


@pytest.mark.parametrize("wrong", [None, "3.12.0.257", [EndDeviceEvents()]])
def test_what_is_no_payload_is_no_quiet_day(wrong: object) -> None:
    with pytest.raises(TypeError, match="give payloads, such as an EndDeviceEvents"):
        list(occurrences_in(wrong))


def test_the_message_around_events_is_not_taken_for_a_payload_without_any() -> None:
    message = created(EndDeviceEvents())
    assert list(occurrences_in(message.content)) == []
    with pytest.raises(TypeError, match=r"EventMessage is no payload; give what it carries: message.content"):
        list(occurrences_in(message))
