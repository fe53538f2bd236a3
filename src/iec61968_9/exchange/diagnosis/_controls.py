"""Checks of controls: one type, a target, a time ahead, and the meaning where it belongs."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any, Final

from iec61968_9.codes import EndDeviceControlCode
from iec61968_9.codes.profile_objects import told
from iec61968_9.codes.resolver import CodeResolver
from iec61968_9.codes.search import Pattern
from iec61968_9.exchange.diagnosis._case import Case, Place, brief, check, found, hollow
from iec61968_9.identity import identify
from iec61968_9.profiles.envelope import Verb
from iec61968_9.xml.report import Finding

TARGETS: Final = ("EndDevices", "EndDeviceGroups", "UsagePoints", "UsagePointGroups")
ACTIONS: Final = ("PanDemandResponse", "PanDisplay", "PanPricing")
LIMITS: Final = ("*.31.139.26", "*.31.138.26")
"""Controls that switch a limit on the supply."""


def _controls(case: Case) -> Iterator[Place]:
    return (control for control, _ in _resolved_controls(case))


def _resolved_controls(case: Case) -> Iterator[tuple[Place, CodeResolver]]:
    """The controls, each with what follows its references."""
    for content in case.payloads("EndDeviceControls"):
        resolver = CodeResolver(content.place.value)
        for control in content.place.each("EndDeviceControl"):
            yield control, resolver


def _type(control: Place) -> str | None:
    """What a control's type says, wherever in it."""
    return next((text for _, text in told(control.get("EndDeviceControlType")) if text.strip()), None)


def _elsewhere(control: Place) -> Iterator[tuple[str, str]]:
    """Where else a control may say what it does: places and what they are."""
    for device in control.each("EndDevices"):
        for name in device.each("Names"):
            if (name.one("NameType").text("name") or "").casefold() == "controltype":
                yield name.path, "a name of type ControlType"
    for element in control.kept_elements():
        if element in {"EndDeviceAction", "RCDSwitchState"}:
            yield control.at(element), f"the element {element}"


@check("control-type-missing", "control-type-repeated", "control-meaning-elsewhere")
def a_control_says_its_type(case: Case) -> Iterator[Finding]:
    """EndDeviceControlType has the code of what is to be done (B1), and nothing else does (T34)."""
    for control, resolver in _resolved_controls(case):
        path = control.at("EndDeviceControlType")
        places = list(_elsewhere(control))
        if _type(control) is None:
            yield found("control-type-missing", path)
        cited = resolver.cite(control.get("EndDeviceControlType"), EndDeviceControlCode)
        if control.text("reason") is not None and not cited.is_readable:
            places.append((control.at("reason"), "the reason"))
        if "EndDeviceControlType" in control.kept_elements():
            yield found("control-type-repeated", path)
        for place, what in places:
            yield found("control-meaning-elsewhere", place, f"{what} says what the control does")


@check("control-without-target", "control-device-repeated")
def a_control_names_its_devices(case: Case) -> Iterator[Finding]:
    """A control has targets, each once (B1)."""
    for control in _controls(case):
        if all(hollow(control.get(element)) for element in TARGETS):
            if case.verb in {None, Verb.CREATE, Verb.CREATED}:
                yield found("control-without-target", control.path)
            continue
        seen: set[Any] = set()
        for device in control.each("EndDevices"):
            if hollow(device.value):
                continue
            identity = identify(device.value)
            if identity in seen:
                yield found("control-device-repeated", device.path, f"{brief(identity)} stands there a second time")
            seen.add(identity)


@check("controls-contradict")
def controls_of_one_message_agree(case: Case) -> Iterator[Finding]:
    """A device has one control at a time (B1)."""
    asked: dict[Any, str] = {}
    for control in _controls(case):
        kind, start = _type(control), control.one("primaryDeviceTiming").one("interval").time("start")
        if kind is None or any(control.get(action) is not None for action in ACTIONS):
            continue
        for device in control.each("EndDevices"):
            if hollow(device.value):
                continue
            known = asked.setdefault((identify(device.value), start), kind)
            if known != kind:
                said = "an earlier control of this message for the same device and time is"
                said = f"{said} {brief(known)}, this one {brief(kind)}"
                yield found("controls-contradict", device.path, said)


@check("several-actions", "duration-contradicts", "control-without-identity", "demand-response-without-key")
def a_control_is_one_thing(case: Case) -> Iterator[Finding]:
    """One action, one duration, and an identity by which it can be cancelled (B1, B7, B8)."""
    for control in _controls(case):
        actions = [action for action in ACTIONS if control.get(action) is not None]
        if len(actions) > 1:
            yield found("several-actions", control.path, f"the control has {' and '.join(actions)}")
        for element in (*actions, "primaryDeviceTiming", "secondaryDeviceTiming"):
            timing = control.one(element)
            if timing.get("durationIndefinite") is True and timing.get("duration") is not None:
                yield found("duration-contradicts", timing.at("duration"))
        key = control.text("issuerTrackingID")
        if key is None and control.text("mRID") is None:
            yield found("control-without-identity", control.path)
        if key is None and "PanDemandResponse" in actions:
            yield found("demand-response-without-key", control.at("issuerTrackingID"))


@check("control-without-limit")
def a_supply_limit_is_set_elsewhere(case: Case) -> Iterator[Finding]:
    """The schema has no slot for the limit's value (B6)."""
    for control in _controls(case):
        kind = _type(control) or ""
        if kind.count(".") == 3 and kind.replace(".", "").isascii() and kind.replace(".", "").isdigit():
            code = EndDeviceControlCode.parse(kind)
            if any(Pattern.parse(one, EndDeviceControlCode).matches(code) for one in LIMITS):
                yield found("control-without-limit", control.at("EndDeviceControlType"), source=kind)


@check("control-in-the-past", "control-period-reversed")
def a_timed_control_lies_ahead(case: Case) -> Iterator[Finding]:
    """A control starts after it was sent, and ends after it starts (B7)."""
    sent = case.now or case.header.time("Timestamp")
    for control in _controls(case):
        for element in ("primaryDeviceTiming", "secondaryDeviceTiming"):
            interval = control.one(element).one("interval")
            start, end = interval.time("start"), interval.time("end")
            if _before(end, start):
                yield found("control-period-reversed", interval.path)
            if case.role == "request" and _before(start, sent):
                yield _past(interval.at("start"), start)
        for action in ACTIONS:
            start = control.one(action).time("startDateTime")
            if case.role == "request" and _before(start, sent):
                yield _past(control.one(action).at("startDateTime"), start)


def _past(path: str, start: datetime.datetime | None) -> Finding:
    return found("control-in-the-past", path, source=None if start is None else start.isoformat())


def _before(one: datetime.datetime | None, other: datetime.datetime | None) -> bool:
    """Whether a time is before another, where that can be said."""
    if one is None or other is None or (one.tzinfo is None) != (other.tzinfo is None):
        return False
    return one < other
