"""Which events of a device end a control that is aimed at it, and which are only steps on its way.

The code of a control tells for most which event says that it was done and which that it was not
(``EndDeviceControlCode.outcome``). ``tables/endings.csv`` has those that end in more ways than these two.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

from iec61968_9.codes._tables import rows
from iec61968_9.codes.end_device import EndDeviceControlCode, EndDeviceEventCode
from iec61968_9.codes.search import Pattern, known_codes

__all__ = ["Endings", "are_awaited", "is_event", "known_endings"]

Endings: TypeAlias = Callable[[EndDeviceControlCode], Mapping[EndDeviceEventCode, bool]]
"""Which device events end a control, each with whether it is a success."""


@functools.lru_cache(256)
def known_endings(control: EndDeviceControlCode) -> Mapping[EndDeviceEventCode, bool]:
    """Return the events that end a control by the library's tables; none where nobody knows them."""
    found: dict[EndDeviceEventCode, bool] = {}
    for row in rows("endings", "iec61968_9.exchange"):
        if Pattern.parse(row["control"], EndDeviceControlCode).matches(control):
            event = Pattern.parse(row["event"], EndDeviceEventCode).fill(type=control.type)
            found[event] = row["good"] == "yes"
    if not found and control.outcome is not None:
        found = {control.outcome.success: True, control.outcome.failure: False}
    return MappingProxyType(found)


def are_awaited(ends: Mapping[EndDeviceEventCode, bool], endings: Endings) -> bool:
    """Whether a device is sure to tell how a control ended.

    That is so where the partners agreed on the events, and where the standard's list has one for success. An event that
    is only formed after the names of its parts is taken when it comes, but nobody waits for it.
    """
    return any(good and (endings is not known_endings or _is_listed(code)) for code, good in ends.items())


@functools.lru_cache(256)
def _is_listed(code: EndDeviceEventCode) -> bool:
    return any(pattern.matches(code) for pattern in known_codes(EndDeviceEventCode))


def is_event(code: EndDeviceEventCode, ending: EndDeviceEventCode) -> bool:
    """Whether a code is the expected one. The device type 0 stands for one that is not known."""
    return code.parts[1:] == ending.parts[1:] and (0 in (code.type, ending.type) or code.type == ending.type)
