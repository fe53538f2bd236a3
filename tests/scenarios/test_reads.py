"""Reading meters (A): at once, later, in parts, by schedule, and unasked."""

from __future__ import annotations

from tests.scenarios.stage import Stage, sample, uuid

from iec61968_9.exchange import OutcomeKind, ReceiptKind, State
from iec61968_9.profiles.meter_readings import Meter


def test_a1_a_read_is_answered_at_once() -> None:
    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    request = mdms.system.get(sample("A1-1").query, asynchronous=False, correlation_id="c-1")
    asked = mdms.send(request, hes, like="A1-1")
    assert asked.talk.state is State.SENT
    told = hes.send(hes.system.reply(asked.request, sample("A1-2").content), mdms, like="A1-2")
    assert (told.taken.kind, asked.talk.state, told.taken.findings) == (ReceiptKind.FINAL, State.COMPLETE, ())
    assert asked.talk.outcomes.of(Meter(mrid=uuid("a1"))).kind is OutcomeKind.DATA
