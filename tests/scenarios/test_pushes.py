"""Load profiles that nobody asked for (A10): pages, a correction, and a query afterwards."""

from __future__ import annotations

import datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.scenarios.payloads import (
    A1,
    ESTIMATED,
    KWH_BY_QUARTER,
    MISSING,
    PARTIAL,
    QUARTER,
    interval,
    profile,
    query_for,
)
from tests.scenarios.stage import Stage, kinds_of

from iec61968_9.exchange import ReceiptKind, State, diagnose_all, properties_of
from iec61968_9.profiles import MeterReadings
from iec61968_9.profiles.meter_readings import DateTimeInterval, IntervalReading, Meter

MIDNIGHT = datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC)
FIRST = profile(
    A1,
    MIDNIGHT,
    interval(MIDNIGHT + QUARTER, "0.11"),
    interval(MIDNIGHT + 2 * QUARTER, "0.12", PARTIAL),
    interval(MIDNIGHT + 3 * QUARTER, "0", MISSING),
)
SECOND = profile(A1, MIDNIGHT + 3 * QUARTER, interval(MIDNIGHT + 4 * QUARTER, "0.13"))

Key = tuple[str | None, str | None, datetime.datetime | None]


class Store:
    """What a receiver keeps of load profiles: the value of the interval that ends at a time."""

    def __init__(self) -> None:
        self.values: dict[Key, IntervalReading] = {}

    def take(self, event: Any) -> None:
        """Take the values of an event; a change is of values that are there."""
        for one in event.content.meter_reading:
            for block in one.interval_blocks:
                for value in block.interval_readings:
                    key = (one.meter.mrid, block.reading_type.ref, value.time_stamp)
                    assert (key in self.values) == (event.header.verb == "changed")
                    self.values[key] = value


@settings(max_examples=25)
@given(order=st.permutations([0, 1]), again=st.lists(st.sampled_from([0, 1]), max_size=2))
def test_a10_pages_come_in_any_order_and_count_once_and_a_correction_replaces(
    order: list[int], again: list[int]
) -> None:
    stage, store = Stage(), Store()
    hes, mdms, cis = stage.party("HES"), stage.party("MDMS"), stage.party("CIS")
    pages = [
        hes.system.created(
            MeterReadings(meter_reading=[part]), correlation_id="c-10", properties={"MessageIndex": f"{number}/2"}
        )
        for number, part in enumerate((FIRST, SECOND), 1)
    ]
    seen: set[int] = set()
    for number in (*order, *again):
        told = hes.send(pages[number], mdms, like="A10-1" if number == 0 else None)
        assert told.receipt is not None
        if number in seen:
            assert told.receipt.kind is ReceiptKind.DUPLICATE
            assert told.refused.answer is None
            continue
        assert (told.receipt.kind, kinds_of(told.findings)) == (ReceiptKind.UNSOLICITED, ["page-of-many"])
        assert properties_of(told.message)["MessageIndex"] == f"{number + 1}/2"
        store.take(told.message)
        seen.add(number)
    assert len(store.values) == 4
    log = [one.message for one in stage.arrivals]
    assert {kind for report in diagnose_all(log) for kind in kinds_of(report)} <= {
        "page-of-many",
        "page-repeated",
        "duplicate-message",
    }

    replaced = profile(A1, None, interval(MIDNIGHT + 3 * QUARTER, "0.115", ESTIMATED))
    correction = mdms.system.changed(MeterReadings(meter_reading=[replaced]), message_id="m-3")
    corrected = mdms.send(correction, cis, like="A10-3")
    assert corrected.receipt is not None
    assert corrected.receipt.kind is ReceiptKind.UNSOLICITED
    store.take(corrected.message)
    assert len(store.values) == 4

    query = query_for(A1, code=KWH_BY_QUARTER, period=DateTimeInterval(start=MIDNIGHT, end=MIDNIGHT + 4 * QUARTER))
    asked = cis.send(cis.system.get(query), mdms)
    values = [store.values[key] for key in sorted(store.values, key=str)]
    mdms.send(mdms.system.reply(asked.request, MeterReadings(meter_reading=[profile(A1, MIDNIGHT, *values)])), cis)
    (item,) = asked.talk.outcomes.of(Meter(mrid=A1)).items
    assert [one.value for one in item.interval_blocks[0].interval_readings] == ["0.11", "0.12", "0.115", "0.13"]
    assert asked.talk.state is State.COMPLETE


def test_a10_a_page_that_is_lost_shows_in_the_log() -> None:
    stage = Stage()
    hes, mdms = stage.party("HES"), stage.party("MDMS")
    payload = MeterReadings(meter_reading=[FIRST])
    hes.send(hes.system.created(payload, correlation_id="c-10", properties={"MessageIndex": "1/2"}), mdms)
    (report,) = diagnose_all(one.message for one in stage.arrivals)
    assert kinds_of(report) == ["page-of-many", "page-missing"]
