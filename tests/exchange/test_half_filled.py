"""Messages with holes, as lenient reading gives them: whatever is missing, each side says what it can and never breaks.

What is left out is drawn from the 63 messages; which message meets which request is drawn as well. Nothing that a taken
message says may be lost, and nothing may count as over while something is outstanding.
"""

from __future__ import annotations

import contextlib
import functools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from lxml import etree

from iec61968_9 import DecodeError, ExchangeError, from_xml
from iec61968_9.exchange import (
    Accepted,
    Conversation,
    Conversations,
    OutcomeKind,
    Receipt,
    ReceiptKind,
    Refused,
    Service,
    State,
    System,
    diagnose,
    diagnose_all,
    error,
)
from iec61968_9.profiles.envelope import FaultMessage, ResponseMessage

FOLDER = Path(__file__).parents[1] / "messages"
NAMESPACE = "http://iec.ch/TC57/2011/schema/message"
FILES = sorted(FOLDER.glob("*.xml"))
REQUESTS = [path for path in FILES if b"<RequestMessage" in path.read_bytes()]
ANSWERS = [path for path in FILES if path not in REQUESTS]


@functools.cache
def read(path: Path) -> Any:
    return from_xml(path)


@st.composite
def with_holes(draw: st.DrawFn, paths: list[Path], cite: str | None = None) -> Any:
    """A message without some of its elements and without the text of others.

    Args:
        draw: Draws them.
        paths: Where the messages are.
        cite: The CorrelationID that it has, unless that is left out, too.
    """
    root = etree.fromstring(draw(st.sampled_from(paths)).read_bytes())
    for one in root.iter(f"{{{NAMESPACE}}}CorrelationID") if cite is not None else ():
        one.text = cite
    for _ in range(draw(st.integers(0, 4))):
        elements = [one for one in root.iter("{*}*") if one is not root]
        one = draw(st.sampled_from(elements)) if elements else root
        match draw(st.sampled_from(["out", "empty", "blank", "odd", "twice"])):
            case "out":
                parent = one.getparent()
                if parent is not None:
                    parent.remove(one)
            case "empty":
                one.clear()
            case "blank":
                one.text = "  "
            case "twice":
                one.append(etree.fromstring(etree.tostring(one)))
            case _:
                one.text = draw(st.sampled_from(["?", "0.3", "PARTIAL", "1", "Create", "FATAL", "c-1"]))
    try:
        return from_xml(etree.tostring(root), mode="lenient")
    except DecodeError:  # such as two operations of one number, which lenient reading refuses as well
        reject()


def said_of(talk: Conversation[Any]) -> list[Any]:
    """All errors of an exchange, wherever they stand."""
    return [*talk.errors, *(one for outcome in talk.outcomes.values() for one in outcome.errors)]


def check(talk: Conversation[Any], receipt: Receipt, message: Any) -> None:
    """Hold an exchange to what is true of every one."""
    kinds = {outcome.kind for outcome in talk.outcomes.values()}
    assert not (talk.is_over and OutcomeKind.OUTSTANDING in kinds)
    assert set(talk.outstanding) <= set(talk.outcomes)
    assert talk.state is not State.COMPLETE or kinds != {OutcomeKind.FAILED}
    if receipt.is_taken and receipt.conversation is talk:
        reply = getattr(message, "reply", None)
        for one in () if reply is None else reply.error:
            assert one in said_of(talk) or (one.code or "").strip().startswith("0")


@settings(max_examples=150)
@given(data=st.data())
def test_an_exchange_takes_what_has_holes_and_loses_nothing(data: st.DataObject) -> None:
    request = data.draw(with_holes(REQUESTS) | st.sampled_from(REQUESTS).map(read), label="request")
    talk: Conversation[Any] = Conversation(request)
    cite = next(iter(sorted(talk.keys)), None)
    for message in data.draw(st.lists(with_holes(ANSWERS, cite), max_size=4), label="answers"):
        check(talk, talk.receive(message), message)
        if data.draw(st.integers(0, 5)) == 0:
            talk.expire()
    assert repr(talk)


@settings(max_examples=100)
@given(data=st.data())
def test_many_exchanges_take_what_has_holes(data: st.DataObject) -> None:
    talks = Conversations(remembered=1)
    opened: list[Conversation[Any]] = []
    for request in data.draw(st.lists(with_holes(REQUESTS), max_size=3)):
        with contextlib.suppress(ExchangeError):  # nothing could cite it, or it has the identifiers of another
            opened.append(talks.open(request))
    keys = sorted({key for talk in opened for key in talk.keys}) or ["c-1"]
    for message in data.draw(st.lists(with_holes(ANSWERS, data.draw(st.sampled_from(keys))), max_size=4)):
        receipt = talks.receive(message)
        for talk in opened:
            check(talk, receipt, message)


@settings(max_examples=150)
@given(message=with_holes(FILES), other=with_holes(FILES))
def test_a_service_and_the_diagnosis_have_an_answer_to_what_has_holes(message: Any, other: Any) -> None:
    service = Service(System(source="HES"), offers={"MeterReadings": {"get"}}, required=["Source"])
    verdict = service.check(message)
    assert isinstance(verdict, Accepted | Refused)
    if isinstance(verdict, Refused):
        assert verdict.answer is None or isinstance(verdict.answer, ResponseMessage | FaultMessage)
    assert all(one.rule and one.advice for one in (*diagnose(message), *diagnose(message, request=other)))
    assert len(diagnose_all([message, other, message])) == 3


EMPTY = {
    "no header": "<ResponseMessage xmlns='{}'><Reply><Result>OK</Result></Reply></ResponseMessage>",
    "no reply": "<ResponseMessage xmlns='{}'><Header><CorrelationID>c</CorrelationID></Header></ResponseMessage>",
    "nothing": "<ResponseMessage xmlns='{}'/>",
    "nothing in general": "<Message xmlns='{}'/>",
    "no event": "<EventMessage xmlns='{}'/>",
    "no fault": "<FaultMessage xmlns='{}'/>",
}


def empty(what: str) -> Any:
    return from_xml(EMPTY[what].format(NAMESPACE), mode="lenient")


@pytest.mark.parametrize(
    ("what", "kind"),
    [
        ("no header", ReceiptKind.ORPHAN),
        ("no reply", ReceiptKind.ORPHAN),
        ("nothing", ReceiptKind.ORPHAN),
        ("nothing in general", ReceiptKind.UNSOLICITED),
        ("no event", ReceiptKind.UNSOLICITED),
        ("no fault", ReceiptKind.ORPHAN),
    ],
)
def test_what_says_nothing_belongs_to_no_exchange(what: str, kind: ReceiptKind) -> None:
    receipt = Conversations().receive(empty(what))
    assert (receipt.kind, receipt.conversation) == (kind, None)


@pytest.mark.parametrize("what", ["no header", "no reply", "nothing"])
def test_a_reply_that_says_nothing_acknowledges_an_asynchronous_get_and_the_data_still_count(what: str) -> None:
    """Test tools answer without a Reply; that is no answer, and must not keep the real one out (T20)."""
    request = read(FOLDER / "A2-1_get_MeterReadings_async.xml")
    request.header.correlation_id = "c"
    talk: Conversation[Any] = Conversation(request)
    assert talk.receive(empty(what)).kind is ReceiptKind.ACKNOWLEDGEMENT
    data = read(FOLDER / "A2-3_reply_async_final_OK.xml")
    data.header.correlation_id = "c"
    assert talk.receive(data).kind is ReceiptKind.FINAL
    assert [outcome.kind for outcome in talk.outcomes.values()] == [OutcomeKind.DATA]


def test_a_reply_to_a_transaction_that_says_nothing_leaves_the_outcome_unknown() -> None:
    request = read(FOLDER / "E6a-1_delete_MeterConfig_by_ID_uuid.xml")
    talk: Conversation[Any] = Conversation(request)
    assert talk.receive(empty("nothing")).kind is ReceiptKind.FINAL
    assert [outcome.kind for outcome in talk.outcomes.values()] == [OutcomeKind.UNKNOWN]


@pytest.mark.parametrize("result", ["ok", "Ok", "FATAL", "failed", "partial"])
def test_a_result_that_is_spelled_otherwise_means_the_same(result: str) -> None:
    """T20: older texts say FATAL, and case does not count."""
    request = read(FOLDER / "E1-3_create_MeterConfig.xml")
    text = (FOLDER / "F8_reply_FAILED_duplicate_create.xml").read_text()
    talks: list[Conversation[Any]] = [Conversation(request), Conversation(request)]
    standard = {"FATAL": "FAILED"}.get(result, result.upper())
    for talk, said in zip(talks, (result, standard), strict=True):
        reply = from_xml(text.replace("FAILED", said), ResponseMessage, mode="lenient")
        reply.header.correlation_id = talk.correlation_id
        reply.reply.error = [error("2.4"), error("SIM0017")]
        talk.receive(reply)
    odd, plain = talks
    assert (odd.state, len(odd.outcomes)) == (plain.state, len(plain.outcomes))
    assert [one.kind for one in odd.outcomes.values()] == [one.kind for one in plain.outcomes.values()]
    assert odd.errors == plain.errors
