"""Whatever a builder is given, the message that comes out is valid, and reading it gives an equal one."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.exchange import drawing

from iec61968_9 import ExchangeError, exchange, from_xml, to_xml, validate
from iec61968_9.exchange import PayloadFile, System
from iec61968_9.profiles import MeterConfig
from iec61968_9.profiles.envelope import Error, EventMessage, ObjectID, RequestMessage, Result
from iec61968_9.testing import instances

RANDOM = settings(max_examples=60)


def round_trips(message: Any) -> Any:
    """Hold a message to its schemas, and give what is read of it."""
    data = to_xml(message)
    assert validate(data) == []
    read = from_xml(data)
    assert read == message
    return read


@RANDOM
@given(drawing.systems, st.sampled_from(drawing.QUERIES), drawing.transaction_fields(), st.data())
def test_every_query_is_asked_and_answered(
    system: System, kind: type[Any], fields: dict[str, Any], data: st.DataObject
) -> None:
    fields = {name: value for name, value in fields.items() if name != "ack_required"}
    request: RequestMessage[Any] = system.get(data.draw(instances(kind, size=8)), **fields)
    assert request.header.noun == kind.__name__.removeprefix("Get")
    round_trips(request)
    answer = data.draw(instances(drawing.PAYLOADS[drawing.QUERIES.index(kind)], size=8))
    more = data.draw(drawing.answer_fields(request, compress=st.booleans()))
    failed = data.draw(st.lists(drawing.errors, max_size=2))
    reply = round_trips(system.reply(request, answer, errors=failed, ids=data.draw(drawing.ids), **more))
    assert exchange.content_of(reply) == answer
    assert reply.reply.result == ("FAILED" if failed else "OK")
    assert reply.header.correlation_id == exchange.correlation_of(request.header)
    if request.header.async_reply_flag:
        round_trips(system.acknowledge(request, **data.draw(drawing.answer_fields(request))))
        last = data.draw(st.booleans())
        part = round_trips(system.partial(request, answer, errors=failed, last=last, **more))
        assert part.reply.error[0].code == ("0.2" if last else "0.1")


@RANDOM
@given(
    drawing.systems,
    st.sampled_from(drawing.PAYLOADS),
    drawing.transaction_fields(),
    drawing.ids,
    st.none() | drawing.times,
    st.none() | drawing.times,
)
def test_what_is_asked_by_noun_names_objects_and_times(
    system: System, kind: type[Any], fields: dict[str, Any], ids: Any, start: Any, end: Any
) -> None:
    fields.pop("ack_required", None)
    if start is not None and end is not None:
        start, end = sorted([start, end])
    request = round_trips(system.get(noun=kind, ids=ids, start=start, end=end, **fields))
    assert (request.request is None) == (not ids and start is None and end is None and not fields.get("options"))


@RANDOM
@given(drawing.systems, st.sampled_from(["create", "change"]), drawing.contents(), drawing.transaction_fields())
def test_every_payload_is_carried_and_told_of(
    system: System, verb: str, content: tuple[Any, dict[str, Any]], fields: dict[str, Any]
) -> None:
    payload, more = content
    message = round_trips(getattr(system, verb)(payload, **more, **fields))
    if isinstance(payload, PayloadFile):
        assert exchange.file_of(message) == payload
    elif more == {**more, "format": "RDF", "compress": True}:
        assert exchange.file_of(message) == PayloadFile(payload.xml.encode(), "RDF")
    else:
        assert exchange.content_of(message) == payload
    event = round_trips(getattr(system, exchange.event_verb(verb))(request=message))
    assert event.payload == message.payload
    assert event.payload is not message.payload
    if message.header.ack_required is not False:
        round_trips(system.reply(message))


@RANDOM
@given(
    drawing.systems,
    st.sampled_from(["delete", "close", "cancel"]),
    st.sampled_from(drawing.PAYLOADS),
    drawing.some_ids,
    drawing.transaction_fields(),
    st.data(),
)
def test_objects_are_named_by_identifiers_or_by_a_payload(
    system: System, verb: str, kind: type[Any], ids: Any, fields: dict[str, Any], data: st.DataObject
) -> None:
    what = data.draw(st.sampled_from([kind, kind.__name__]) | instances(kind, size=8))
    named = ids if isinstance(what, type | str) else data.draw(st.sampled_from([ids, []]))
    request = round_trips(getattr(system, verb)(what, ids=named, **fields))
    assert request.header.noun == kind.__name__
    tell = getattr(system, exchange.event_verb(verb))
    event = round_trips(tell(request=request))
    if isinstance(what, type | str):
        assert event.payload.id == request.request.id
    else:
        assert event.payload.contents == [what]
    round_trips(tell(kind, ids=ids, **data.draw(drawing.fields(correlation_id=st.none() | drawing.said))))


@RANDOM
@given(drawing.systems, drawing.operation_sets(), drawing.transaction_fields(), st.data())
def test_operation_sets_are_executed_and_answered_one_by_one(
    system: System, operations: Any, fields: dict[str, Any], data: st.DataObject
) -> None:
    request = round_trips(system.execute(operations, **fields))
    event = round_trips(system.executed(request=request))
    for asked, told in zip(operations.operation, event.payload.operation_set.operation, strict=True):
        assert told.verb == asked.verb + "d"
        assert told.content == asked.content
        assert told.content is not asked.content
    if request.header.ack_required is not False:
        number = data.draw(st.sampled_from(sorted(exchange.operations_of(operations))))
        reply = round_trips(system.reply(request, operation_id=number))
        assert set(exchange.errors_by_operation(reply.reply)) == {number}
        error = exchange.error("5.9", operation_id=number)
        round_trips(system.fail(request, error, *data.draw(st.lists(drawing.failures, max_size=2))))


@RANDOM
@given(drawing.systems, drawing.operation_sets(past=True), drawing.fields())
def test_what_was_executed_unasked_is_told(system: System, operations: Any, fields: dict[str, Any]) -> None:
    round_trips(system.executed(operations, **fields))


@given(drawing.systems, st.lists(drawing.errors, min_size=1, max_size=3))
def test_a_fault_has_its_errors(system: System, errors: Any) -> None:
    assert round_trips(system.fault(*errors)).reply.error == errors


_METHODS = [
    "get",
    "create",
    "change",
    "delete",
    "close",
    "cancel",
    "execute",
    "created",
    "changed",
    "deleted",
    "closed",
    "canceled",
    "executed",
]


what = (
    st.none()
    | st.sampled_from([*drawing.PAYLOADS, *drawing.QUERIES, "MeterConfig", "GetMeterConfig", "OperationSet", "Own", ""])
    | st.sampled_from([*drawing.PAYLOADS, *drawing.QUERIES]).flatmap(lambda kind: instances(kind, size=3))
    | drawing.foreign
    | st.booleans().flatmap(lambda past: drawing.operation_sets(past=past))
)
any_ids = st.lists(instances(ObjectID) | st.uuids(), max_size=3)
requests: st.SearchStrategy[Any] = (
    instances(RequestMessage, size=6)
    | st.sampled_from(drawing.QUERIES).map(lambda kind: exchange.get(kind(), reply_to="queue:A"))
    | drawing.transaction_fields().map(lambda fields: exchange.create(MeterConfig(), **fields))
    | drawing.operation_sets().map(exchange.execute)
)


def built_right(message: Any, request: Any) -> None:
    """Hold a message to its schemas, and to the diagnosis: what it says of the envelope is no error."""
    round_trips(message)
    for finding in exchange.diagnose(message, request=request):
        inside = re.match(r"/\w+/(Payload/\w+|Request/Get)", finding.path) and "/ID" not in finding.path
        assert finding.level != "error" or inside, finding


@settings(max_examples=200)
@given(st.sampled_from(_METHODS), what, st.data())
def test_any_call_is_refused_with_the_rule_or_gives_a_right_message(
    method: str, what: Any, data: st.DataObject
) -> None:
    """Arguments that need not fit one another."""
    chosen: dict[str, Any] = data.draw(
        drawing.fields(
            correlation_id=st.none() | drawing.texts,
            reply_to=drawing.addresses | drawing.texts,
            asynchronous=st.sampled_from([True, False, None]),
            ack_required=st.sampled_from([True, False, None]),
            ids=any_ids,
            request=requests,
            noun=st.sampled_from(["MeterConfig", "Own", "OperationSet"]),
            compress=st.booleans(),
            start=drawing.times | st.datetimes(),
            end=drawing.times,
        )
    )
    try:
        message = getattr(exchange, method)(*([] if what is None else [what]), **chosen)
    except (ExchangeError, TypeError):
        return
    built_right(message, chosen.get("request"))


@settings(max_examples=200)
@given(
    st.sampled_from(["reply", "partial", "acknowledge", "fail"]), requests | instances(EventMessage, size=6), st.data()
)
def test_any_answer_is_refused_with_the_rule_or_is_right(method: str, request: Any, data: st.DataObject) -> None:
    """The same for answers, also to requests that nobody should have sent."""
    more: dict[str, st.SearchStrategy[Any]] = {"operation_id": st.sampled_from([None, 1, 2])}
    given_ = st.lists(drawing.errors | instances(Error, size=2) | drawing.codes, max_size=2)
    if method in {"reply", "partial"}:
        more |= {"errors": given_, "ids": any_ids, "compress": st.booleans()}
        more |= {"result": st.sampled_from([None, *Result])} if method == "reply" else {"last": st.booleans()}
    contents: dict[str, st.SearchStrategy[list[Any]]] = {"fail": given_, "acknowledge": st.just([])}
    content = data.draw(contents.get(method, what.map(lambda one: [one])))
    chosen: dict[str, Any] = data.draw(drawing.fields(correlation_id=st.none() | drawing.texts, **more))
    try:
        message = getattr(exchange, method)(request, *content, **chosen)
    except (ExchangeError, TypeError):
        return
    built_right(message, request)
