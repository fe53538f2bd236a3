"""Checks of events: content, and for each event of a device a type, a time and the device."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from iec61968_9.codes import DeviceEventOrAction, EndDeviceEventCode
from iec61968_9.codes.profile_objects import told
from iec61968_9.codes.resolver import CodeResolver
from iec61968_9.exchange.diagnosis._case import Case, Place, brief, check, found, hollow
from iec61968_9.exchange.verbs import EVENT_VERBS, Presence
from iec61968_9.identity import identify
from iec61968_9.profiles.envelope import Verb
from iec61968_9.xml.report import Finding

CLEARING: Final = frozenset(str(int(one)) for one in DeviceEventOrAction if one.name.endswith("CLEARED"))
"""The last parts of codes that take an earlier event back."""


@check("event-without-payload", "event-with-ids-only", roles=("event",))
def an_event_says_what_happened(case: Case) -> Iterator[Finding]:
    """An event has content (X1); IDs do where something is gone (R10)."""
    if not case.payload:
        yield found("event-without-payload", case.payload.path)
        return
    rule = EVENT_VERBS.get(case.verb) if case.verb is not None else None
    if rule is not None and rule.tells is not None and rule.tells.ids is Presence.NONE:
        ids = list(case.payload.each("ID"))
        if ids and not case.carries:
            yield found("event-with-ids-only", ids[0].path, f"{case.verb} with IDs instead of content")


def _events(case: Case) -> Iterator[tuple[Place, Place, CodeResolver]]:
    """The events of devices, each with what holds it, and what follows its references."""
    for content in case.payloads("EndDeviceEvents"):
        resolver = CodeResolver(content.place.value)
        for event in content.place.each("EndDeviceEvent"):
            yield event, content.place, resolver
    for content in case.payloads("MeterReadings"):
        resolver = CodeResolver(content.place.value)
        for reading in content.place.each("MeterReading"):
            for event in reading.each("EndDeviceEvents"):
                yield event, reading, resolver


def _type(event: Place) -> str | None:
    """What an event's type says, wherever in it."""
    return next((text for _, text in told(event.get("EndDeviceEventType")) if text.strip()), None)


@check("event-type-missing", "event-meaning-in-reason")
def a_device_event_says_its_type(case: Case) -> Iterator[Finding]:
    """EndDeviceEventType has the code of what happened (T42)."""
    for event, _, resolver in _events(case):
        reason = event.text("reason")
        cited = None if reason is None else resolver.cite(event.get("EndDeviceEventType"), EndDeviceEventCode)
        if cited is not None and not cited.is_readable:
            yield found("event-meaning-in-reason", event.at("reason"), source=reason)
        elif _type(event) is None:
            yield found("event-type-missing", event.at("EndDeviceEventType"))


@check("event-device-type-open", "event-clearing", "event-closed")
def habits_of_device_events(case: Case) -> Iterator[Finding]:
    """Device type 0, clearing codes, and verb closed (T42)."""
    for event, _, _ in _events(case):
        parts = (_type(event) or "").split(".")
        if len(parts) == 4 and parts[0] == "0":
            yield found("event-device-type-open", event.at("EndDeviceEventType"), source=".".join(parts))
        if len(parts) == 4 and parts[3] in CLEARING:
            yield found("event-clearing", event.at("EndDeviceEventType"), source=".".join(parts))
    if case.verb is Verb.CLOSED and case.noun == "EndDeviceEvents":
        yield found("event-closed", case.header.at("Verb"))


@check("event-time-missing", "event-of-nobody")
def a_device_event_has_time_and_device(case: Case) -> Iterator[Finding]:
    """Time and device are what an event is known by (C1)."""
    for event, holder, _ in _events(case):
        if event.get("createdDateTime") is None:
            yield found("event-time-missing", event.at("createdDateTime"))
        owners = [event.get("Assets"), event.get("UsagePoints"), event.get("UsagePoint"), holder.get("Meter")]
        if all(hollow(owner) for owner in owners):
            yield found("event-of-nobody", event.at("Assets"))


@check("event-repeated")
def a_device_event_is_told_once(case: Case) -> Iterator[Finding]:
    """The same device, code and time make the same event (C1)."""
    seen: set[Any] = set()
    for event, holder, _ in _events(case):
        asset, kind, moment = event.get("Assets") or holder.get("Meter"), _type(event), event.time("createdDateTime")
        if hollow(asset) or kind is None or moment is None:
            continue
        key = (identify(asset), kind, moment)
        if key in seen:
            yield found(
                "event-repeated", event.path, f"{brief(key[0])} has {brief(kind)} at {moment.isoformat()} twice"
            )
        seen.add(key)
