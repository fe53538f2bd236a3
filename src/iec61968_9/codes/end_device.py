"""Events and controls: ``type.domain.subDomain.eventOrAction`` (IEC 61968-9 Annexes E and F).

One set of part tables serves both; a control speaks in the imperative (Disconnect 23), the event that reports it in
the past tense (Disconnected 68). The standard's lists of whole codes leave the device type open (``*``); a message
never does, so ``known_codes`` gives patterns, which become codes when a device type is filled in.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Self

import attrs

from iec61968_9.codes._dotted import DottedCode, Form, Slot
from iec61968_9.codes._tables import rows
from iec61968_9.codes.end_device_enums import DeviceDomain, DeviceEventOrAction, DeviceSubDomain, DeviceType
from iec61968_9.codes.search import Pattern

__all__ = ["EndDeviceControlCode", "EndDeviceEventCode", "Outcome"]

_SLOTS = (
    Slot(1, "type", "type", "end_device/type", DeviceType),
    Slot(2, "domain", "domain", "end_device/domain", DeviceDomain),
    Slot(3, "sub_domain", "subDomain", "end_device/sub_domain", DeviceSubDomain),
    Slot(4, "event_or_action", "eventOrAction", "end_device/event_or_action", DeviceEventOrAction),
)


@attrs.frozen(order=False, repr=False)
class _EndDeviceCode(DottedCode):
    type: DeviceType | int
    domain: DeviceDomain | int
    sub_domain: DeviceSubDomain | int
    event_or_action: DeviceEventOrAction | int

    @classmethod
    def from_parts(cls, parts: Sequence[int]) -> Self:
        """Make a code of its four numbers, in order."""
        device, domain, sub_domain, event_or_action = parts
        return cls(device, domain, sub_domain, event_or_action)

    @property
    def parts(self) -> tuple[int, ...]:
        """The four numbers, in order; known ones are enumeration members."""
        return (self.type, self.domain, self.sub_domain, self.event_or_action)

    @property
    def name(self) -> str:
        """The name of the standard: ``ElectricMeter.RCDSwitch.NA.Disconnected``; an unknown number stays a number."""
        return Pattern(type(self), self.parts).name

    @classmethod
    def from_name(cls, name: str) -> Self:
        """Read a code from its name; each part may be a literal of the standard or a number.

        Raises:
            CodeError: The name has not four parts, or one of them is neither.
        """
        parts = name.split(".")
        if len(parts) != len(_SLOTS):
            raise cls.FORM.fault(name)
        return cls.from_parts([slot.number_of(part) for slot, part in zip(_SLOTS, parts, strict=True)])


@attrs.frozen(order=False, repr=False)
class EndDeviceEventCode(_EndDeviceCode):
    """An event of a device: four numbers (IEC 61968-9 Annex E).

    Attributes:
        type: The kind of device; 0 where it is not known.
        domain: The area of the device that is concerned.
        sub_domain: What is concerned in that area; 0 for the area as a whole.
        event_or_action: What happened.

    Raises:
        CodeError: A number is negative or has more than 18 digits.
        TypeError: A part is not a whole number.
    """

    FORM: ClassVar[Form] = Form("end device event", _SLOTS, "end_device/events")


@attrs.frozen
class Outcome:
    """The events by which a device reports how a control ended.

    Attributes:
        success: The event that says that it was done.
        failure: The event that says that it was not.
        confidence: ``"high"`` where both stand in the standard's list or follow its own rule, else ``"medium"``.
        note: Where the pair comes from.
    """

    success: EndDeviceEventCode
    failure: EndDeviceEventCode
    confidence: str
    note: str


@attrs.frozen(order=False, repr=False)
class EndDeviceControlCode(_EndDeviceCode):
    """A control for a device: four numbers (IEC 61968-9 Annex F).

    Attributes:
        type: The kind of device; 0 where it is not known.
        domain: The area of the device that is concerned.
        sub_domain: What is concerned in that area; 0 for the area as a whole.
        event_or_action: What is to be done.

    Raises:
        CodeError: A number is negative or has more than 18 digits.
        TypeError: A part is not a whole number.
    """

    FORM: ClassVar[Form] = Form("end device control", _SLOTS, "end_device/controls")

    @property
    def outcome(self) -> Outcome | None:
        """The events that report its success and its failure, or None where nobody knows them."""
        for line in rows("end_device/outcomes"):
            if Pattern.parse(line["control"], EndDeviceControlCode).matches(self):
                success, failure = (self._event(line[column]) for column in ("success", "failure"))
                return Outcome(success, failure, line["confidence"], line["note"])
        return None

    def _event(self, text: str) -> EndDeviceEventCode:
        pattern = Pattern.parse(text, EndDeviceEventCode)
        parts = [mine if part is None else part for part, mine in zip(pattern.parts, self.parts, strict=True)]
        return EndDeviceEventCode.from_parts(parts)
