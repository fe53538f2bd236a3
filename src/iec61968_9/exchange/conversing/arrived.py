"""Which messages of one exchange have arrived, so that a repetition is known for one. The memory is bounded."""

from __future__ import annotations

from collections import OrderedDict, deque
from enum import Enum
from typing import Final

import attrs

__all__ = ["Arrived", "News"]

MESSAGES_REMEMBERED: Final = 1024
"""How many messages are remembered by their MessageID."""

UNNUMBERED_REMEMBERED: Final = 64
"""How many messages without a MessageID are remembered; they are compared in full."""


class News(Enum):
    """What is new about a message."""

    NONE = 0
    """It has arrived before."""
    NUMBER_REPEATED = 1
    """It is new, and another message had its MessageID."""
    ALL = 2
    """It is new."""


@attrs.define
class Arrived:
    """The messages that have arrived, and were taken."""

    _numbered: OrderedDict[str, object] = attrs.field(init=False, factory=OrderedDict[str, object])
    _unnumbered: deque[object] = attrs.field(init=False, factory=lambda: deque[object](maxlen=UNNUMBERED_REMEMBERED))

    def news(self, message: object, number: str) -> News:
        """Say what is new about a message.

        Args:
            message: The message.
            number: Its MessageID; empty where it has none.
        """
        if not number:
            return News.NONE if message in self._unnumbered else News.ALL
        if number in self._numbered:
            return News.NONE if message == self._numbered[number] else News.NUMBER_REPEATED
        return News.ALL

    def add(self, message: object, number: str) -> None:
        """Remember a message; of several with one MessageID the first."""
        if not number:
            self._unnumbered.append(message)
            return
        self._numbered.setdefault(number, message)
        if len(self._numbered) > MESSAGES_REMEMBERED:
            self._numbered.popitem(last=False)
