"""Operation sets: several changes in one message (IEC 61968-100, 6.10).

An operation has a number, by which replies and errors speak of it; a verb; and a payload, from which its noun follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from iec61968_9.errors import ExchangeError
from iec61968_9.exchange.building.copying import copied
from iec61968_9.exchange.building.nouns import check_foreign, payload_noun
from iec61968_9.exchange.verbs import OPERATION_VERBS, standard_verb
from iec61968_9.profiles.envelope import (
    Error,
    EventMessage,
    Message,
    Operation,
    OperationSet,
    Reply,
    RequestMessage,
    Verb,
)
from iec61968_9.xml.record import Content, ForeignElement, Record

__all__ = ["errors_by_operation", "operation", "operation_set", "operations_of", "removal"]

CLAUSE = "6.10.1"
PAST = frozenset(OPERATION_VERBS.values())


def operation(operation_id: int, verb: str, payload: Content, /, *, noun: str | None = None) -> Operation:
    """One operation: create, change or delete an object.

    Args:
        operation_id: Its number, which no other of the set has.
        verb: ``create``, ``change`` or ``delete``; in an event ``created``, ``changed`` or ``deleted``.
        payload: What it is about. To change or delete, identity and what changes are enough (rule R16).
        noun: The noun of a partner's own payload.

    Raises:
        ExchangeError: The verb is none of these, the payload is a query, or the noun is not the payload's.
        TypeError: It is no payload; files do not stand in operations.
    """
    known = standard_verb(verb)
    if known not in OPERATION_VERBS and known not in PAST:
        raise ExchangeError(
            f"an operation does not {verb}",
            rule="R17",
            clause=CLAUSE,
            advice="it is to create, change or delete; in an event it has created, changed or deleted",
        )
    return Operation(
        operation_id=operation_id, noun=_noun_of_operation(payload, noun), verb=str(known), content=payload
    )


def removal(operation_id: int, payload: Content, /, *, noun: str | None = None) -> Operation:
    """An operation that takes members away from an object and leaves the object (rule R17).

    Args:
        operation_id: Its number, which no other of the set has.
        payload: The object with its identity and the members that go. Their values only have to be valid; they are not
            looked at.
        noun: The noun of a partner's own payload.

    Raises:
        ExchangeError: As ``operation``.
        TypeError: As ``operation``.
    """
    made = operation(operation_id, Verb.DELETE, payload, noun=noun)
    made.element_operation = True
    return made


def operation_set(
    operations: Iterable[Operation],
    *,
    enforce_msg_sequence: bool | None = None,
    enforce_transactional_integrity: bool | None = None,
) -> OperationSet:
    """A set of operations.

    Args:
        operations: The operations.
        enforce_msg_sequence: Whether they are to be run in the order of their numbers. Absent means no (rule R18).
        enforce_transactional_integrity: Whether all are to be undone when one fails. Absent means no.

    Raises:
        ExchangeError: There is none, two have the same number, or one is not as it must be.
    """
    made = OperationSet(
        enforce_msg_sequence=enforce_msg_sequence,
        enforce_transactional_integrity=enforce_transactional_integrity,
        operation=list(operations),
    )
    operations_of(made)
    return made


def operations_of(
    operations: OperationSet | RequestMessage[Any] | EventMessage[Any] | Message[Any],
) -> Mapping[int, Operation]:
    """The operations of a set, or of the message that carries one, by number.

    They are in the order of their numbers if that is enforced, else as they stand.

    Raises:
        ExchangeError: There is none, two have the same number, or one says to remove members and not to delete.
    """
    if not isinstance(operations, OperationSet):
        slot = operations.payload
        operations = slot.operation_set if slot is not None and slot.operation_set is not None else OperationSet()
    if not operations.operation:
        raise ExchangeError("an operation set must have an operation", rule="R10", clause=CLAUSE)
    found: dict[int, Operation] = {}
    for one in operations.operation:
        if not isinstance(one, Operation):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may pass anything
            raise TypeError(f"a set has operations, not {type(one).__name__}; operation() makes one")
        if one.operation_id in found:
            raise ExchangeError(f"two operations have the number {one.operation_id}", rule="R18", clause=CLAUSE)
        if one.element_operation and standard_verb(one.verb) not in {Verb.DELETE, Verb.DELETED}:
            raise ExchangeError(
                f"operation {one.operation_id} removes members, so its verb must be delete, not {one.verb}",
                rule="R17",
                clause=CLAUSE,
            )
        found[one.operation_id] = one
    return MappingProxyType(dict(sorted(found.items())) if operations.enforce_msg_sequence else found)


def done(operations: OperationSet) -> OperationSet:
    """A copy of a set whose verbs are in the past tense, for the event that it was executed.

    Where a partner left out a noun, which the schema allows, it is that of the payload.
    """
    made = copied(operations)
    for one in made.operation:
        known = standard_verb(one.verb)
        if known is not None:
            one.verb = str(OPERATION_VERBS.get(known, known))
        if one.noun is None and one.content is not None:
            one.noun = _noun_of_operation(one.content, None)
    return made


def check_tense(operations: OperationSet, *, past: bool) -> None:
    """Hold a set to the tense of its message, and each operation to what it must have.

    Raises:
        ExchangeError: One is in the other tense, has no noun or payload, or as ``operations_of``.
    """
    allowed = PAST if past else frozenset(OPERATION_VERBS)
    for number, one in operations_of(operations).items():
        if one.verb not in allowed:
            raise ExchangeError(
                f"operation {number} says {one.verb}" if one.verb else f"operation {number} has no verb",
                rule="R17",
                clause=CLAUSE,
                advice=f"it must say one of {', '.join(sorted(allowed))}",
            )
        if one.content is None:
            raise ExchangeError(f"operation {number} has no payload", rule="R10", clause=CLAUSE)
        if one.noun is None:
            raise ExchangeError(f"operation {number} has no noun", rule="R10", clause=CLAUSE)
        _noun_of_operation(one.content, one.noun)


def _noun_of_operation(payload: Content, noun: str | None) -> str:
    """The noun of an operation, whose payload stands in it as XML."""
    if not isinstance(payload, Record | ForeignElement):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may pass anything
        raise TypeError(
            f"an operation's payload is an object of a profile or a ForeignElement, not {type(payload).__name__}"
        )
    check_foreign([payload])
    return payload_noun(payload, noun)


def errors_by_operation(reply: Reply) -> Mapping[int | None, tuple[Error, ...]]:
    """The errors of a reply by the operation that they speak of; None stands for the whole set (rule R19)."""
    found: dict[int | None, list[Error]] = {}
    for one in reply.error:
        number = one.operation_id if one.operation_id is not None else reply.operation_id
        found.setdefault(number, []).append(one)
    return MappingProxyType({number: tuple(errors) for number, errors in found.items()})
