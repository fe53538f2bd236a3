"""How far an exchange has come, as a table that one can draw, and what came of each message.

The happenings are few because a message is first understood (``ledger``) and then only one question is left: was it an
acknowledgement, a part of the answer, or is nothing outstanding any longer?
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import attrs

from iec61968_9.exchange.conversing.subjects import Subject
from iec61968_9.xml.report import Finding

if TYPE_CHECKING:
    from iec61968_9.exchange.conversing.conversation import Conversation

__all__ = ["TRANSITIONS", "Happening", "Receipt", "ReceiptKind", "State"]


class State(StrEnum):
    """How far an exchange has come."""

    SENT = "sent"
    """The request is out, and nothing has come back."""
    ONE_WAY = "one-way"
    """The request is out, and nothing is to come back (R14)."""
    ACKNOWLEDGED = "acknowledged"
    """It has arrived, or a control was taken on; what was asked for is still to come."""
    PARTIAL = "partial"
    """A part of what was asked for has come."""
    COMPLETE = "complete"
    """All that will come has come, and it is no failure as a whole: something is good, or there was nothing to give."""
    FAILED = "failed"
    """All that will come has come; something failed, and nothing is good."""
    CANCELED = "canceled"
    """What was still to come was called off, and none of it was done."""
    FAULTED = "faulted"
    """The request could not be read by the other side."""
    SILENT = "silent"
    """Nothing more came in time. Nobody knows what became of what is outstanding (R22)."""


class Happening(StrEnum):
    """What moves an exchange on."""

    ACKNOWLEDGED = "acknowledged"
    """A reply or the echo of a control says that the request has arrived."""
    MORE = "more"
    """Something of what was asked for has come, and something is outstanding."""
    ANSWERED = "answered"
    """Nothing is outstanding any longer, and not all of it failed."""
    REFUSED = "refused"
    """Nothing is outstanding any longer; something failed, and nothing is good."""
    CANCELED = "canceled"
    """Nothing is outstanding any longer, nothing is good, and something was called off."""
    FAULT = "fault"
    """A fault has come."""
    SILENCE = "silence"
    """The time to wait is over."""


_ON: Final[Mapping[Happening, State]] = MappingProxyType(
    {
        Happening.ACKNOWLEDGED: State.ACKNOWLEDGED,
        Happening.MORE: State.PARTIAL,
        Happening.ANSWERED: State.COMPLETE,
        Happening.REFUSED: State.FAILED,
        Happening.CANCELED: State.CANCELED,
        Happening.FAULT: State.FAULTED,
        Happening.SILENCE: State.SILENT,
    }
)

_AFTER: Final[Mapping[Happening, State]] = MappingProxyType(
    {happening: _ON[happening] for happening in (Happening.ANSWERED, Happening.REFUSED, Happening.CANCELED)}
)

TRANSITIONS: Final[Mapping[State, Mapping[Happening, State]]] = MappingProxyType(
    {
        State.SENT: _ON,
        State.ONE_WAY: {**_ON, Happening.SILENCE: State.ONE_WAY},
        State.ACKNOWLEDGED: _ON,
        State.PARTIAL: {**_ON, Happening.ACKNOWLEDGED: State.PARTIAL},
        State.SILENT: _ON,
        State.COMPLETE: _AFTER,
        State.FAILED: _AFTER,
        State.CANCELED: _AFTER,
        State.FAULTED: {},
    }
)
"""Where each happening leads from each state; one that a state does not list leaves it as it is.

Between ``COMPLETE``, ``FAILED`` and ``CANCELED`` leads only what the last message overtook; out of ``SILENT`` whatever
comes late.
"""

OVER: Final = frozenset({State.COMPLETE, State.FAILED, State.CANCELED, State.FAULTED})


class ReceiptKind(StrEnum):
    """What a message that arrived was taken for."""

    ACKNOWLEDGEMENT = "acknowledgement"
    """The request has arrived (0.3)."""
    PART = "part"
    """One of several replies."""
    FINAL = "final"
    """The only reply, or the last one."""
    FAULT = "fault"
    """A fault."""
    DATA = "data"
    """An event that carries what was asked for."""
    ECHO = "echo"
    """An event that repeats the request, as done or as taken on."""
    COMPLETION = "completion"
    """Events of devices at which controls were aimed."""
    CANCELED = "canceled"
    """An event that calls off what was asked for, or a part of it."""
    NOTICE = "notice"
    """Another event of this exchange, such as a delivery by a schedule."""
    SILENCE = "silence"
    """No message: the time to wait is over."""
    DUPLICATE = "duplicate"
    """A message that had arrived before. Nothing changed."""
    SURPLUS = "surplus"
    """A reply or fault after the end. Nothing changed."""
    ORPHAN = "orphan"
    """A message of no exchange that is known, or of another one. Nothing changed."""
    UNSOLICITED = "unsolicited"
    """An event that nobody asked for, which is nothing unusual. Nothing changed."""


UNTAKEN: Final = frozenset(
    {ReceiptKind.DUPLICATE, ReceiptKind.SURPLUS, ReceiptKind.ORPHAN, ReceiptKind.UNSOLICITED, ReceiptKind.SILENCE}
)


@attrs.frozen(kw_only=True)
class Receipt:
    """What came of a message.

    Attributes:
        kind: What it was taken for.
        conversation: The exchange that it belongs to, or None.
        findings: What was wrong or unusual about its coming.
        changed: The subjects whose outcome is another now.
        others: The other exchanges that changed by it: those whose controls it called off.
        late: Whether it came after the exchange had been given up as silent.
    """

    kind: ReceiptKind
    conversation: Conversation[Any] | None
    findings: tuple[Finding, ...] = ()
    changed: tuple[Subject, ...] = ()
    others: tuple[Conversation[Any], ...] = ()
    late: bool = False

    @property
    def is_taken(self) -> bool:
        """Whether the message counted."""
        return self.kind not in UNTAKEN
