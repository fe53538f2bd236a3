"""Building requests: get, create, change, delete, close, cancel, execute."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Unpack, cast, overload

from iec61968_9.errors import ExchangeError
from iec61968_9.exchange.building.compression import PayloadFile, packed
from iec61968_9.exchange.building.defaults import Defaults, aware
from iec61968_9.exchange.building.headers import PayloadRequestFields, RequestFields, request_options
from iec61968_9.exchange.building.nouns import OPERATION_SET, check_foreign, noun_of, payload_noun
from iec61968_9.exchange.building.operations import check_tense, operation_set
from iec61968_9.exchange.building.replies import IDLike, object_ids
from iec61968_9.exchange.verbs import VERBS
from iec61968_9.profiles.envelope import ObjectID, Operation, OperationSet, Payload, Request, RequestMessage, Verb
from iec61968_9.xml.document import local_name
from iec61968_9.xml.record import Content, ForeignElement, Query, Record

if TYPE_CHECKING:
    from typing_extensions import TypeVar

    P = TypeVar("P", bound=Content | PayloadFile, default=Any)
else:
    from typing import TypeVar

    P = TypeVar("P")

__all__ = ["Requests"]

Q = TypeVar("Q", bound="Query[Any] | ForeignElement")
R = TypeVar("R", bound=Record)

PLAIN = frozenset(RequestFields.__optional_keys__)
LOADED = frozenset(PayloadRequestFields.__optional_keys__)


class Requests(Defaults):
    """The part of a system that asks."""

    __slots__ = ()

    @overload
    def get(self, query: Q, /, *, noun: str | None = None, **fields: Unpack[RequestFields]) -> RequestMessage[Q]: ...

    @overload
    def get(
        self,
        /,
        *,
        noun: type[R],
        ids: Iterable[IDLike] = (),
        start: datetime.datetime | None = None,
        end: datetime.datetime | None = None,
        **fields: Unpack[RequestFields],
    ) -> RequestMessage[Query[R]]: ...

    @overload
    def get(
        self,
        /,
        *,
        noun: str,
        ids: Iterable[IDLike] = (),
        start: datetime.datetime | None = None,
        end: datetime.datetime | None = None,
        **fields: Unpack[RequestFields],
    ) -> RequestMessage[Any]: ...

    def get(
        self,
        query: Query[Any] | ForeignElement | None = None,
        /,
        *,
        noun: str | type[Record] | None = None,
        ids: Iterable[IDLike] = (),
        start: datetime.datetime | None = None,
        end: datetime.datetime | None = None,
        **fields: Unpack[RequestFields],
    ) -> RequestMessage[Any]:
        """Ask for something: with a query, or with identifiers and a time window.

        Args:
            query: A query profile, such as ``GetMeterReadings``; or a partner's own, as an element.
            noun: What is asked for, where there is no query: a payload's class, or its noun. Beside a partner's own
                query, the noun where it is not the element's name.
            ids: Identifiers of objects.
            start: Begin of the time window, aware.
            end: Its end.
            **fields: The header's fields, and ``options``.

        Raises:
            ExchangeError: There is no noun; a query stands beside identifiers or times, which it would override; the
                times are naive or the end is before the start; or the message would break another rule.
        """
        named = object_ids(ids)
        if query is not None and (named or start is not None or end is not None):
            raise ExchangeError(
                "a query overrides identifiers and times beside it",
                rule="R20",
                clause="6.3.3",
                advice="say them in the query",
            )
        name = _noun(noun) if query is None else _asked(query, noun)
        request = _request(fields, named, [] if query is None else [query], start, end)
        return RequestMessage(header=self._request_header(Verb.GET, name, fields, PLAIN), request=request)

    def create(self, payload: P, /, **fields: Unpack[PayloadRequestFields]) -> RequestMessage[P]:
        """Ask that what the payload describes be made.

        Args:
            payload: A profile, a partner's own element, or a file. It is carried as it is, not copied.
            **fields: The header's fields; ``options``; ``noun``, ``compress`` and ``format`` of the payload.

        Raises:
            ExchangeError: The message would break a rule.
        """
        return self._with_payload(Verb.CREATE, payload, fields)

    def change(self, payload: P, /, **fields: Unpack[PayloadRequestFields]) -> RequestMessage[P]:
        """Ask that objects be changed: the payload holds their identity and what changes, and all else stays (R16).

        Args:
            payload: As for ``create``.
            **fields: As for ``create``.

        Raises:
            ExchangeError: The message would break a rule.
        """
        return self._with_payload(Verb.CHANGE, payload, fields)

    def delete(
        self, what: P | type[P] | str, /, *, ids: Iterable[IDLike] = (), **fields: Unpack[PayloadRequestFields]
    ) -> RequestMessage[P]:
        """Ask that objects be removed from the systems.

        Args:
            what: The noun, or the payload's class, beside ``ids``; or a payload that identifies the objects.
            ids: Identifiers of the objects, the usual way to name them.
            **fields: As for ``create``.

        Raises:
            ExchangeError: Nothing says which objects, or the message would break another rule.
        """
        return self._on_objects(Verb.DELETE, what, ids, fields)

    def close(
        self, what: P | type[P] | str, /, *, ids: Iterable[IDLike] = (), **fields: Unpack[PayloadRequestFields]
    ) -> RequestMessage[P]:
        """Ask that the life of something finished be ended, such as a service order.

        Args:
            what: As for ``delete``.
            ids: As for ``delete``.
            **fields: As for ``create``.

        Raises:
            ExchangeError: Nothing says which objects, or the message would break another rule.
        """
        return self._on_objects(Verb.CLOSE, what, ids, fields)

    def cancel(
        self, what: P | type[P] | str, /, *, ids: Iterable[IDLike] = (), **fields: Unpack[PayloadRequestFields]
    ) -> RequestMessage[P]:
        """Ask that something be called off that is no longer valid, such as a control that is not yet executed.

        Args:
            what: As for ``delete``.
            ids: As for ``delete``.
            **fields: As for ``create``.

        Raises:
            ExchangeError: Nothing says which objects, or the message would break another rule.
        """
        return self._on_objects(Verb.CANCEL, what, ids, fields)

    def execute(
        self, operations: OperationSet | Iterable[Operation], /, **fields: Unpack[RequestFields]
    ) -> RequestMessage[Any]:
        """Ask that the operations of a set be run.

        Args:
            operations: The set, or its operations where no order and no integrity is asked for.
            **fields: The header's fields, and ``options``.

        Raises:
            ExchangeError: The set is empty, numbers repeat, or an operation is not one of a request.
        """
        made = operations if isinstance(operations, OperationSet) else operation_set(operations)
        check_tense(made, past=False)
        return RequestMessage(
            header=self._request_header(Verb.EXECUTE, OPERATION_SET, fields, PLAIN),
            request=_request(fields),
            payload=Payload(operation_set=made),
        )

    def _with_payload(self, verb: Verb, payload: Any, fields: PayloadRequestFields) -> RequestMessage[Any]:
        noun = payload_noun(payload, fields.get("noun"))
        return RequestMessage(
            header=self._request_header(verb, noun, fields, LOADED),
            request=_request(fields),
            payload=packed(payload, compress=fields.get("compress", False), format=fields.get("format")),
        )

    def _on_objects(
        self, verb: Verb, what: object, ids: Iterable[IDLike], fields: PayloadRequestFields
    ) -> RequestMessage[Any]:
        named = object_ids(ids)
        bare = isinstance(what, str | type)
        VERBS[verb].asks.check(f"a {verb} request", payload=not bare, ids=bool(named))
        if bare:
            noun = payload_noun(what)
            return RequestMessage(
                header=self._request_header(verb, noun, fields, PLAIN), request=_request(fields, named)
            )
        made = self._with_payload(verb, what, fields)
        made.request = _request(fields, named)
        return made


def _asked(query: Query[Any] | ForeignElement, noun: str | type[Record] | None) -> str:
    """The noun of a get with a query. A partner's own query named ``GetPages`` asks for ``Pages``."""
    given = None if noun is None else _noun(noun)
    if isinstance(query, ForeignElement):
        check_foreign([query])
        return given or noun_of(local_name(query.tag).removeprefix("Get"))
    if not isinstance(query, Query):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may pass anything
        raise ExchangeError(
            f"{type(query).__name__} is no query",
            rule="R10",
            clause="6.2.4",
            advice="ask with a Get profile, or by noun=",
        )
    return noun_of(query, given)


def _noun(noun: str | type[Record] | None) -> str:
    if noun is None or (isinstance(noun, type) and issubclass(noun, Query)):
        raise ExchangeError("a get needs a query, or the noun of what it asks for", rule="R10", clause="6.2.4")
    return noun_of(noun)


def _request(
    fields: RequestFields,
    ids: Iterable[ObjectID] = (),
    queries: Iterable[Any] = (),
    start: datetime.datetime | None = None,
    end: datetime.datetime | None = None,
) -> Request[Any] | None:
    """A message's ``Request``, or None where it would be empty."""
    made: Request[Any] = Request(
        start_time=aware(start, "the start"),
        end_time=aware(end, "the end"),
        option=request_options(cast("Any", fields.get("options", ()))),
        id=list(ids),
        queries=list(queries),
    )
    if start is not None and end is not None and end < start:
        raise ExchangeError("the end is before the start", rule="X1", clause="6.3.3")
    return made if made != Request() else None
