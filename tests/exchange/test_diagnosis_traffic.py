"""What several messages show together, as in a log."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from tests.exchange.diagnosis_cases import DATA, asking, compressed, device_event, device_events, ev, rq, rs, said

from iec61968_9 import Dialect, Limits, Record, from_xml
from iec61968_9.exchange import content_of, diagnose_all
from iec61968_9.exchange.diagnosis import _case

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


def at(source: str, message: str, correlation: str = "c-1") -> str:
    return f"<Source>{source}</Source>{ids(message, correlation)}"


ORDER = rq("create", "EndDeviceControls", ids=at("MDMS", "m-1"))
READ = rq("get", inside=asking(), ids=f"<Source>MDMS</Source><AsyncReplyFlag>true</AsyncReplyFlag>{ids('m-1', 'c-1')}")
DONE = device_events(device_event()).replace(ids("m-2", "c-1"), at("HES", "m-3"))


@pytest.mark.parametrize("source", ["MDMS", "OMS"])
def test_a_response_to_an_event_is_no_answer_to_the_request(source: str) -> None:
    """R12: over SOAP an event has a response, with the event's CorrelationID, which is the request's."""
    delivered = rs(noun="EndDeviceEvents", ids=at(source, "m-4"))
    assert kinds(*read(ORDER, DONE, delivered))[2] == set()
    assert kinds(*read(ORDER, delivered))[1] == {"noun-changed"}  # nothing came that it could answer
    answer = rs(noun="EndDeviceEvents", ids=at("HES", "m-4"))
    assert kinds(*read(ORDER, DONE, answer))[2] == {"noun-changed"}  # of who sent the event
    assert kinds(*read(ORDER, DONE, rs(inside=DATA, ids=at(source, "m-4"))))[2] == {"noun-changed", "payload-on-reply"}


def test_a_response_to_a_later_reply_is_no_answer_to_the_request() -> None:
    """A2: where the transport needs it, who asked says that the reply has arrived."""
    later = rs(said("OK", "0.0"), DATA, ids=at("HES", "m-2"))
    found = "acknowledgement-without-code"
    assert kinds(*read(READ, later, rs(ids=at("MDMS", "m-3"))))[2] == set()
    assert kinds(*read(READ, rs(ids=at("MDMS", "m-3"))))[1] == {found}
    assert kinds(*read(READ, later, rs(ids=at("OMS", "m-3"))))[2] == {found}  # no event, which others get too
    assert kinds(*read(READ, later, READ.replace("m-1", "m-5"), rs(ids=at("MDMS", "m-3"))))[3] == {found}


def test_a_log_is_inflated_within_limits_and_in_a_dialect_each_message_once(monkeypatch: pytest.MonkeyPatch) -> None:
    own = compressed(DATA.replace("http://iec.ch/TC57/2011/MeterReadings#", "urn:partner"))
    asked, event = read(
        rq("create", inside=own, ids=ids("m-1", "c-1")), ev("created", "MeterReadings", own, ids=ids("m-2", "c-1"))
    )
    assert kinds(asked, event) == [{"compressed-unreadable"}] * 2
    inflated: list[object] = []

    def counted(message: Any, **given: Any) -> Any:
        inflated.append(message)
        return content_of(message, **given)

    monkeypatch.setattr(_case, "content_of", counted)
    partner = Dialect(payload="urn:partner")
    assert [len(report) for report in diagnose_all([asked, event, event], dialect=partner)] == [0, 0, 0]
    assert len(inflated) == 3
    limited = diagnose_all([asked], dialect=partner, limits=Limits(inflated_bytes=10))
    assert "limit" in limited[0].findings[0].message


def test_a_log_lists_as_many_findings_of_a_kind_as_are_wanted() -> None:
    (message,) = read(rs(said("FAILED", "x", "y", "z"), ids=ids("m-1", "c-1")))
    assert diagnose_all([message])[0].count("code-not-dotted") == 3
    assert diagnose_all([message], at_most=1)[0].findings[-1].message == "2 more findings of this kind are not listed"
