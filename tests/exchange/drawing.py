"""What builders are called with, drawn at random: systems, header fields, payloads, identifiers and errors."""

from __future__ import annotations

import datetime
from typing import Any

from hypothesis import strategies as st

from iec61968_9 import profiles
from iec61968_9.codes import ReplyCode, known_codes
from iec61968_9.exchange import PayloadFile, ReplyAddress, System, error, operation, operation_set, removal
from iec61968_9.profiles.envelope import (
    Error,
    MessageProperty,
    ObjectID,
    Operation,
    OperationSet,
    ReplayDetection,
    RequestMessage,
    User,
)
from iec61968_9.testing import foreign_elements, instances

QUERIES: list[type[Any]] = sorted(
    (getattr(profiles, name) for name in profiles.__all__ if name.startswith("Get")), key=lambda kind: kind.__name__
)
PAYLOADS: list[type[Any]] = [getattr(profiles, kind.__name__.removeprefix("Get")) for kind in QUERIES]
ENVELOPE = "http://iec.ch/TC57/2011/schema/message"

texts = instances(MessageProperty, size=0).map(lambda one: one.name)
"""Texts that XML can hold, awkward on purpose."""

said = texts.filter(lambda text: bool(text.strip()))
"""Texts that say something."""

times = st.datetimes(
    datetime.datetime(1971, 1, 1),
    datetime.datetime(2199, 1, 1),
    timezones=st.integers(-14 * 60, 14 * 60).map(
        lambda minutes: datetime.timezone(datetime.timedelta(minutes=minutes))
    ),
)
foreign = foreign_elements("##other", ENVELOPE)
pairs = st.lists(st.tuples(said, st.none() | texts), max_size=3)
identifiers = instances(ObjectID).filter(lambda one: bool(one.value.strip()))
ids = st.lists(identifiers | st.uuids() | st.uuids().map(str), max_size=3)
some_ids = st.lists(identifiers | st.uuids(), min_size=1, max_size=3)
codes = st.sampled_from([str(code) for code in known_codes(ReplyCode)] + ["SIM12", "9.77"])
failures = codes.filter(lambda code: not code.startswith("0."))
errors: st.SearchStrategy[Error] = st.builds(
    error, failures, reason=st.none() | texts, details=st.none() | texts, of=st.none() | st.uuids()
)
addresses = st.one_of(
    st.sampled_from(["https://mdms.example/cim/reply", "http://10.0.0.1:8080/", "topic:A.B", "queue:C"]),
    st.sampled_from([ReplyAddress.parse("queue:MDMS.REPLIES")]),
)

systems: st.SearchStrategy[System] = st.builds(
    System,
    source=st.none() | texts,
    revision=st.none() | texts,
    context=st.none() | texts,
    user=st.none() | texts | instances(User),
    clock=times.map(lambda time: lambda: time),
)

_HEADER: dict[str, st.SearchStrategy[Any]] = {
    "message_id": st.none() | said,
    "timestamp": st.none() | times,
    "source": st.none() | texts,
    "revision": st.none() | texts,
    "context": st.none() | texts,
    "user": st.none() | texts | instances(User),
    "comment": st.none() | texts,
    "properties": pairs | pairs.map(dict),
    "replay": st.booleans() | st.builds(ReplayDetection, nonce=said, created=times),
    "extensions": st.lists(foreign, max_size=2),
}


def fields(**more: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Keywords that every message takes, and some more."""
    return st.fixed_dictionaries({}, optional={**_HEADER, **more})


def answer_fields(request: RequestMessage[Any], **more: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """The same of an answer, which does not have its request's MessageID (R3)."""
    taken = request.header.message_id
    return fields(**more).filter(lambda drawn: taken is None or drawn.get("message_id") != taken)


@st.composite
def transaction_fields(draw: st.DrawFn) -> dict[str, Any]:
    """Keywords of a request: synchronous, asynchronous or one-way."""
    found = draw(fields(correlation_id=st.none() | said, options=pairs))
    match draw(st.sampled_from(["plain", "asynchronous", "one-way", "synchronous"])):
        case "asynchronous":
            found |= {"reply_to": draw(addresses), **draw(st.sampled_from([{}, {"asynchronous": True}]))}
        case "one-way":
            found |= {"ack_required": False}
        case "synchronous":
            found |= {"asynchronous": False, "ack_required": draw(st.sampled_from([True, None]))}
        case _:
            pass
    return found


@st.composite
def contents(draw: st.DrawFn) -> tuple[Any, dict[str, Any]]:
    """A payload with the keywords that it needs: a profile, a partner's own element, or a file; plain or compressed."""
    match draw(st.sampled_from(["profile", "profile", "foreign", "file"])):
        case "profile":
            kind = draw(st.sampled_from(PAYLOADS))
            return draw(instances(kind, size=8)), draw(st.sampled_from([{}, {"compress": True}, {"format": "XML"}]))
        case "foreign":
            noun = draw(said.filter(lambda text: text not in {one.__name__ for one in PAYLOADS}))
            kinds = [{}, {"compress": True}, {"format": "RDF"}, {"format": "RDF", "compress": True}]
            return draw(foreign), {"noun": noun, **draw(st.sampled_from(kinds))}
        case _:
            format_ = draw(st.sampled_from(["CSV", "PDF", "JSON", "BINARY", "GZIP", "XLS", "own format"]))
            gzipped = draw(st.booleans()) and format_ not in {"BINARY", "GZIP"}
            file = PayloadFile(draw(st.binary(max_size=50)), format_, gzipped=gzipped)
            return file, {"noun": draw(said)}


@st.composite
def operation_sets(draw: st.DrawFn, past: bool = False) -> OperationSet:
    """Operations with numbers in any order."""
    numbers = draw(st.lists(st.integers(-5, 10**12), min_size=1, max_size=3, unique=True))
    verbs = ["created", "changed", "deleted"] if past else ["create", "change", "delete", "remove"]
    made: list[Operation] = []
    for number in numbers:
        content = draw(instances(draw(st.sampled_from(PAYLOADS)), size=4))
        verb = draw(st.sampled_from(verbs))
        made.append(removal(number, content) if verb == "remove" else operation(number, verb, content))
    flags = st.sampled_from([None, True, False])
    return operation_set(made, enforce_msg_sequence=draw(flags), enforce_transactional_integrity=draw(flags))
