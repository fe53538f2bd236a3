"""Which messages were received before: a memory of identifiers that is bounded in time and number.

A sender uses a MessageID once (R3) and a nonce once in at least a day (IEC 61968-100, 6.3.2). What is refused is not
remembered, so that its sender may mend it and what nobody acted upon takes no room.
"""

from __future__ import annotations

import datetime
import threading
from collections import OrderedDict
from collections.abc import Iterator
from typing import Final

from iec61968_9.exchange.building.headers import correlation_of
from iec61968_9.exchange.remembering import key_of
from iec61968_9.profiles.envelope import Header

__all__ = ["Memory"]

MESSAGE_ID: Final = "MessageID"


class Memory:
    """Which messages were accepted: their MessageIDs and nonces by source, for some time and up to a number.

    Where more arrive than it holds, the oldest are forgotten before their time. From then on a nonce that was made
    earlier than the last forgotten one counts as repeated, since nobody can tell. Threads may share a memory.

    Args:
        window: How long it remembers. The standard wants a nonce to be unique for at least a day.
        size: How many identifiers it holds at most.
        skew: How far a sender's clock may be ahead. A nonce from a later time would outlive the memory of it.

    Raises:
        ValueError: It would hold nothing, or for no time.
    """

    def __init__(
        self,
        window: datetime.timedelta = datetime.timedelta(days=1),
        size: int = 100_000,
        skew: datetime.timedelta = datetime.timedelta(minutes=5),
    ) -> None:
        if window <= datetime.timedelta() or size < 1:
            raise ValueError("a memory holds at least one identifier for some time")
        self.window = window
        self.size = size
        self.skew = skew
        self._seen: OrderedDict[str, tuple[datetime.datetime, str]] = OrderedDict()
        self._horizon: datetime.datetime | None = None
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._seen)

    def repeated(self, header: Header, now: datetime.datetime) -> str | None:
        """Remember a message, unless it was received before.

        Args:
            header: Its header.
            now: The present moment, aware.

        Returns:
            What is repeated, in words; None for a new message, which is then remembered.
        """
        keys = list(_identifiers(header))
        with self._lock:
            while self._seen and now - next(iter(self._seen.values()))[0] >= self.window:
                self._seen.popitem(last=False)
            for what, key in keys:
                if key in self._seen:
                    return f"the {what} was received before"
            moment = now
            if header.replay_detection is not None:
                created: datetime.datetime | None = getattr(header.replay_detection, "created", None)
                if created is None or created.tzinfo is None:
                    return "the nonce does not say when it was made, with an offset"
                if created < now - self.window or (self._horizon is not None and created <= self._horizon):
                    return "the nonce is older than this service remembers"
                if created > now + self.skew:
                    return "the nonce was made in the future"
                moment = max(now, created)
            cited = key_of(correlation_of(header))
            for _, key in keys:
                self._seen[key] = moment, cited
            while len(self._seen) > self.size:
                _, (forgotten, _) = self._seen.popitem(last=False)
                self._horizon = forgotten if self._horizon is None else max(forgotten, self._horizon)
        return None

    def is_again(self, header: Header) -> bool:
        """Whether a message is one that was accepted, once more: an answer to it would be taken for one to that."""
        cited = key_of(correlation_of(header))
        with self._lock:
            known = [self._seen.get(key) for what, key in _identifiers(header) if what == MESSAGE_ID]
        return any(one is not None and one[1] == cited for one in known)


def _identifiers(header: Header) -> Iterator[tuple[str, str]]:
    """What tells a message from all others, each with a key of bounded length that names the source as well."""
    replay = header.replay_detection
    for what, text in ((MESSAGE_ID, header.message_id), ("nonce", replay.nonce if replay is not None else None)):
        if text is not None and text.strip():
            yield what, key_of(what, header.source, text)
