"""What several messages show together, as in a log."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from tests.exchange.diagnosis_cases import DATA, ev, rq, rs

from iec61968_9 import Record, from_xml
from iec61968_9.exchange import diagnose_all

MESSAGES = Path(__file__).parents[1] / "messages"


def read(*documents: str) -> list[Record]:
    return [from_xml(one, mode="lenient") for one in documents]


def kinds(*messages: Any) -> list[set[str]]:
    return [{one.kind for one in report if one.level != "note"} for report in diagnose_all(messages)]


def told(*messages: Any) -> list[tuple[str, str, str | None]]:
    """Where each finding is, what it says, and the text in question."""
    every = (one for report in diagnose_all(messages) for one in report if one.level != "note")
    return [(one.path, one.message, one.source) for one in every]


def ids(message: str, correlation: str) -> str:
    return f"<MessageID>{message}</MessageID><CorrelationID>{correlation}</CorrelationID>"


def page(number: int, last: int, message: str) -> str:
    index = f"<Property><Name>MessageIndex</Name><Value>{number}/{last}</Value></Property>"
    return ev("created", "MeterReadings", DATA, index, ids(message, "c-1"))


def test_an_exchange_as_it_should_be_raises_no_alarm() -> None:
    names = ("A2-1_get", "A2-2_reply", "A2-3_reply", "A10-1_created")
    messages = [from_xml(next(MESSAGES.glob(f"{name}*"))) for name in names[:3]]
    assert kinds(*messages) == [set(), set(), set()]


def test_a_reply_is_held_to_its_request() -> None:
    found = kinds(*read(rq("create", inside=DATA, ids=ids("m-1", "c-1")), rs(inside=DATA, ids=ids("m-2", "c-1"))))
    assert found == [set(), {"payload-on-reply"}]
    assert kinds(*read(rs(inside=DATA, ids=ids("m-2", "c-1")))) == [set()]


def from_system(source: str, ids: str) -> str:
    return rq("create", inside=DATA, more=f"<Source>{source}</Source>", ids=ids)


def test_a_relay_that_passes_identifiers_on_is_found() -> None:
    """R15: what goes from the CIS to the MDMS, and from there to the HES, are two exchanges."""
    first, passed, mapped = read(
        from_system("CIS", ids("m-1", "c-1")),
        from_system("MDMS", ids("m-1", "c-1")),
        from_system("MDMS", ids("m-2", "c-2")),
    )
    assert kinds(first, mapped) == [set(), set()]
    assert kinds(first, passed) == [set(), {"identifier-passed-through"}]
    header = "/RequestMessage/Header"
    assert told(first, passed) == [
        (f"{header}/{name}", "CIS has used it before", f"'{text}'")
        for name, text in (("MessageID", "m-1"), ("CorrelationID", "c-1"))
    ]
    answers = read(rs(ids=ids("m-3", "c-1"), more="<Source>HES</Source>"))  # what answers cites it, as it should
    assert kinds(first, *answers) == [set(), set()]


def test_a_message_id_that_is_used_again_is_told_from_a_message_that_comes_twice() -> None:
    first, second = read(
        ev("created", "MeterReadings", DATA, ids=ids("m-1", "c-1")),
        ev("changed", "MeterReadings", DATA, ids=ids("m-1", "c-2")),
    )
    assert kinds(first, second) == [set(), {"message-id-repeated"}]
    path = "/EventMessage/Header/MessageID"
    assert told(first, second) == [(path, "a sender used a MessageID for two messages", "'m-1'")]
    assert kinds(first, copy.deepcopy(first)) == [set(), {"duplicate-message"}]
    assert told(first, copy.deepcopy(first)) == [(path, "a message arrived twice", "'m-1'")]
    other = copy.deepcopy(second)
    other.header.source = "CIS"  # type: ignore[attr-defined]  # an envelope
    assert kinds(first, other) == [set(), set()]


def test_a_correlation_id_that_all_requests_share_is_a_habit() -> None:
    same = [rq("create", inside=DATA, ids=ids(f"m-{number}", "1001")) for number in range(4)]
    constant = {"correlation-constant"}
    assert kinds(*read(*same)) == [set(), set(), constant, constant]
    said = "the last {} requests of this source have the same CorrelationID"
    path = "/RequestMessage/Header/CorrelationID"
    assert told(*read(*same)) == [(path, said.format(count), "'1001'") for count in (3, 4)]
    assert kinds(*read(*same[:2], rq("create", inside=DATA, ids=ids("m-9", "1002")))) == [set(), set(), set()]


def test_pages_that_are_missing_or_come_twice_are_told() -> None:
    assert kinds(*read(page(2, 2, "m-1"), page(1, 2, "m-2"))) == [set(), set()]
    assert kinds(*read(page(1, 3, "m-1"), page(3, 3, "m-2"))) == [set(), {"page-missing"}]
    assert kinds(*read(page(1, 2, "m-1"), page(1, 2, "m-2"), page(2, 2, "m-3"))) == [set(), {"page-repeated"}, set()]
    path = "/EventMessage/Header/Property/Value"
    assert told(*read(page(1, 4, "m-1"), page(3, 4, "m-2"))) == [
        (path, "2 of 4 pages have not come, the first of them is page 2", None)
    ]
    assert told(*read(page(1, 2, "m-1"), page(1, 2, "m-2"), page(2, 2, "m-3"))) == [
        (path, "page 1 of 2 came before", "'1/2'")
    ]


def test_a_fault_and_a_payload_have_no_place_among_exchanges() -> None:
    fault = from_xml(next(MESSAGES.glob("F4_*")))
    payload = from_xml('<MeterReadings xmlns="http://iec.ch/TC57/2011/MeterReadings#"/>')
    assert kinds(fault, payload) == [set(), {"payload-without-content"}]
