"""What a reply says: result, errors and the objects that they are about (IEC 61968-100, 6.3.4 and 6.3.5).

The first digit of a code decides whether it is a failure (rule R24), and whether there is one decides the result.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias
from uuid import UUID

from iec61968_9.codes import ReplyCode
from iec61968_9.errors import CodeError, ExchangeError
from iec61968_9.exchange.building.copying import copied
from iec61968_9.identity import Identity, is_uuid, to_object_id
from iec61968_9.profiles.envelope import Error, ErrorLevel, ObjectID, Reply, Result
from iec61968_9.xml.record import Record

__all__ = [
    "ACKNOWLEDGED",
    "LAST",
    "MORE",
    "NO_ERROR",
    "ErrorLike",
    "IDLike",
    "error",
    "ids_of",
    "is_failure",
    "is_remark",
    "object_id",
]

NO_ERROR = "0.0"
"""All is well."""
MORE = "0.1"
"""A part; more follow."""
LAST = "0.2"
"""The last part."""
ACKNOWLEDGED = "0.3"
"""The request has arrived; answers follow."""
SEQUENCE = frozenset({MORE, LAST, ACKNOWLEDGED})
PUT_OFF = frozenset({"6.2", "6.3", "6.4", "6.5"})
"""What became of an order that was accepted nevertheless."""

ErrorLike: TypeAlias = Error | ReplyCode | str
"""An error, or the code of one."""

IDLike: TypeAlias = ObjectID | Identity | Record | UUID | str
"""What names an object: an identifier, an identity, the object itself, or a UUID. A text must be a UUID, since anything
else could be a name, a transaction or something other."""


def error(
    code: ReplyCode | str,
    *,
    reason: str | None = None,
    details: str | None = None,
    of: IDLike | None = None,
    related: IDLike | None = None,
    level: ErrorLevel | None = None,
    operation_id: int | None = None,
) -> Error:
    """An entry of a reply's list of errors.

    Args:
        code: The code, ``2.4``. A partner's own text is taken, and means failure unless it begins with the number 0.
        reason: What is wrong, in a few words.
        details: The same at length.
        of: The object that it is about, such as one meter of a hundred.
        related: A second object, such as the usage point that the meter does not fit.
        level: How bad it is; by default what the library's table says of a code that means failure.
        operation_id: The operation of an operation set that it is about.

    Raises:
        ExchangeError: The code is blank, or an identifier is of no known kind.
        TypeError: The code is no code, such as a list of errors where each is an argument of its own.
    """
    if not isinstance(code, str | ReplyCode):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
        msg = f"an error is a code such as '4.1', or what error(...) makes, not a {type(code).__name__}"
        raise TypeError(msg + ("; give several one by one: *errors" if isinstance(code, list | tuple) else ""))
    text = str(code)
    _check_code(text)
    if level is None and is_failure(text):
        level = _level(text)
    return Error(
        code=text,
        level=level,
        reason=reason,
        details=details,
        id=None if of is None else object_id(of),
        related_id=None if related is None else object_id(related),
        operation_id=operation_id,
    )


def is_failure(code: Error | ReplyCode | str) -> bool:
    """Whether a code means that something was not done: its first number is not 0 (rule R24)."""
    text = code.code if isinstance(code, Error) else str(code)
    return text.strip().partition(".")[0] != "0"


def is_remark(code: str) -> bool:
    """Whether a code that is no success can stand beside OK: there are no data, or an order was put off."""
    text = code.strip()
    return is_failure(text) and (text in PUT_OFF or _level(text) not in (ErrorLevel.FATAL, ErrorLevel.CATASTROPHIC))


def object_id(value: IDLike) -> ObjectID:
    """An identifier as the envelope writes it.

    Raises:
        ExchangeError: It is blank, or a text and no UUID.
        IdentityError: It is an object that says nothing of who it is.
    """
    if isinstance(value, ObjectID):
        if not value.value.strip():
            raise ExchangeError("an identifier is blank", rule="R23", clause="6.3.3")
        return copied(value)
    if isinstance(value, str) and not is_uuid(value):
        raise ExchangeError(
            f"{value!r} is no UUID, and its kind is not known",
            rule="R23",
            clause="6.3.3",
            advice="say what it is: ObjectID(value=…, kind=IDKind.NAME, id_type=…)",
        )
    return to_object_id(value)


def object_ids(values: Iterable[IDLike]) -> list[ObjectID]:
    """Identifiers as a message lists them.

    Raises:
        ExchangeError: As ``object_id``.
        IdentityError: As ``object_id``.
        TypeError: They are a text, whose letters would be taken for identifiers.
    """
    if isinstance(values, str):
        raise TypeError(f"identifiers are listed, also one: [{values!r}]")
    return [object_id(one) for one in values]


def ids_of(message: object) -> tuple[ObjectID, ...]:
    """The identifiers by which a message names objects: of a request, a reply, or the payload of an event.

    ``identify`` says which object one means; other messages take them as ``ids``.
    """
    parts = (getattr(message, part, None) for part in ("request", "reply", "payload"))
    return tuple(one for part in parts for one in getattr(part, "id", ()))


def listed(errors: Iterable[ErrorLike]) -> list[Error]:
    """Errors as a reply lists them.

    Raises:
        ExchangeError: One has no code.
        TypeError: They are a text, whose letters would be taken for codes.
    """
    if isinstance(errors, str):
        raise TypeError(f"errors are listed, also one: [{errors!r}]")
    made = [copied(one) if isinstance(one, Error) else error(one) for one in errors]
    for one in made:
        _check_code(one.code)
    return made


def _check_code(code: str) -> None:
    if not code.strip():
        raise ExchangeError("an error must have a code", rule="R24", clause="6.3.5")


def complete(errors: Iterable[ErrorLike], ids: Iterable[IDLike], result: Result | None, operation: int | None) -> Reply:
    """A reply that comes alone. Without errors it says 0.0, as is the custom."""
    found = listed(errors)
    for one in found:
        if one.code.strip() in SEQUENCE:
            raise ExchangeError(
                f"a complete reply does not say {one.code}",
                rule="R5",
                clause="6.3.4",
                advice="acknowledge() says 0.3, partial() says 0.1 and 0.2",
            )
    failures = [one.code for one in found if is_failure(one)]
    if result is None:
        result = Result.FAILED if failures else Result.OK
    elif result is Result.OK and not all(map(is_remark, failures)):
        raise ExchangeError("the result OK stands with a failure", rule="R24", clause="6.3.4")
    elif result is not Result.OK and not failures:
        raise ExchangeError(f"the result {result} stands without a failure", rule="R24", clause="6.3.4")
    return _reply(result, found or [Error(code=NO_ERROR, operation_id=operation)], ids, operation)


def one_of_several(code: str, errors: Iterable[ErrorLike], ids: Iterable[IDLike], operation: int | None) -> Reply:
    """A reply of a series: 0.1 or 0.2 beside the errors of this part."""
    found = listed(errors)
    if any(one.code.strip() in SEQUENCE for one in found):
        raise ExchangeError("the errors of a partial reply hold 0.1, 0.2 or 0.3 already", rule="R5", clause="6.3.4")
    return _reply(Result.PARTIAL, [Error(code=code, operation_id=operation), *found], ids, operation)


def failed(errors: Iterable[ErrorLike], operation: int | None = None) -> Reply:
    """A reply that nothing came of."""
    found = listed(errors)
    if not any(map(is_failure, found)):
        raise ExchangeError("a failure needs an error with a code that says so", rule="R24", clause="6.3.4")
    return complete(found, (), Result.FAILED, operation)


def _reply(result: Result, errors: list[Error], ids: Iterable[IDLike], operation: int | None) -> Reply:
    """A reply; one that is about one operation has no errors of another."""
    others = {one.operation_id for one in errors if one.operation_id is not None} - {operation}
    if operation is not None and others:
        numbers = ", ".join(map(str, sorted(others)))
        raise ExchangeError(
            f"the reply is about operation {operation}, and an error about {numbers}", rule="R19", clause="6.10.3"
        )
    return Reply(result=result, error=errors, id=object_ids(ids), operation_id=operation)


def _level(code: str) -> ErrorLevel:
    """The level by the table of codes; what is not in it is fatal."""
    try:
        return ErrorLevel(ReplyCode.parse(code).severity)
    except CodeError:
        return ErrorLevel.FATAL
