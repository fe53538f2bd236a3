"""Checks of operation sets, and of what changes and deletions carry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from iec61968_9.exchange.diagnosis._case import Case, Place, brief, check, found, hollow, members, several
from iec61968_9.exchange.verbs import OPERATION_VERBS, standard_verb
from iec61968_9.profiles.envelope import Verb
from iec61968_9.xml.record import Record
from iec61968_9.xml.report import Finding

IDENTITY: Final = frozenset({"mrid", "names"})
"""Members by which an object is known."""

DATES: Final = frozenset({"configuration_event", "configuration_events"})
"""Members that say when a change takes effect."""

_LINKS = "MasterDataLinkageConfig"


@check("operation-set-empty")
def a_set_has_operations(case: Case) -> Iterator[Finding]:
    """An empty set passes every schema (X1)."""
    operations = case.payload.one("OperationSet")
    if operations and not case.operations:
        yield found("operation-set-empty", operations.path)


@check("operation-id-missing", "operation-id-repeated")
def operations_are_numbered(case: Case) -> Iterator[Finding]:
    """An operationId tells an operation from the others (R19, T27)."""
    seen: set[int] = set()
    for operation in case.operations:
        number = operation.get("operationId")
        if number is None:
            yield found("operation-id-missing", operation.path)
            continue
        if number in seen:
            yield found("operation-id-repeated", operation.at("operationId"), source=number)
        seen.add(number)


@check("operation-verb-missing", "operation-verb-case", "operation-verb")
def operations_create_change_and_delete(case: Case) -> Iterator[Finding]:
    """An operation has one of three verbs, in the tense of its message (6.10.1)."""
    tells = case.verb is Verb.EXECUTED or (case.role == "event" and case.verb is not Verb.EXECUTE)
    allowed = set(OPERATION_VERBS.values()) if tells else set(OPERATION_VERBS)
    for operation in case.operations:
        text, path = operation.text("verb"), operation.at("verb")
        verb = standard_verb(text)
        if text is None:
            yield found("operation-verb-missing", path)
        elif verb not in allowed:
            names = ", ".join(sorted(allowed))
            said = f"the operation's verb is {brief(text)}, and here it is one of {names}"
            yield found("operation-verb", path, said, text)
        elif text != verb:
            yield found("operation-verb-case", path, f"the operation's verb means {verb}", text)


@check("operation-noun-missing", "operation-noun-not-content", "operation-without-content")
def operations_name_their_content(case: Case) -> Iterator[Finding]:
    """An operation's noun is the root of its payload (T27)."""
    for operation in case.operations:
        noun = operation.text("noun")
        contents = list(operation.wild("content"))
        if noun is None:
            yield found("operation-noun-missing", operation.at("noun"))
        for content in contents:
            if noun is not None and content.name != noun:
                said = f"its content is {brief(content.name)}"
                yield found("operation-noun-not-content", operation.at("noun"), said, noun)
        if not contents:
            yield found("operation-without-content", operation.path)


@check("operations-not-ascending", "order-not-enforced", "integrity-not-stated", roles=("request",))
def flags_say_what_is_meant(case: Case) -> Iterator[Finding]:
    """Order and all-or-nothing hold only where the set says so (R18)."""
    operations = case.payload.one("OperationSet")
    if not case.operations:
        return
    numbers = [number for one in case.operations if (number := one.get("operationId")) is not None]
    if operations.get("enforceMsgSequence") is True:
        if numbers != sorted(numbers):
            yield found("operations-not-ascending", operations.path)
    else:
        nouns = [one.text("noun") for one in case.operations if standard_verb(one.text("verb")) is Verb.CREATE]
        if _LINKS in nouns and set(nouns) - {_LINKS}:
            yield found("order-not-enforced", operations.at("enforceMsgSequence"))
    if operations.get("enforceTransactionalIntegrity") is None and len(case.operations) > 1:
        yield found("integrity-not-stated", operations.at("enforceTransactionalIntegrity"))


@check("element-operation-without-delete", "element-delete-without-member", "delete-with-members")
def members_are_removed_by_element_operations(case: Case) -> Iterator[Finding]:
    """Delete with elementOperation removes members, without it the object (R17)."""
    for operation in case.operations:
        deletes = standard_verb(operation.text("verb")) in {Verb.DELETE, Verb.DELETED}
        members = operation.get("elementOperation") is True
        if members and not deletes:
            if operation.text("verb") is not None:
                yield found("element-operation-without-delete", operation.at("elementOperation"))
            continue
        for content in operation.wild("content"):
            if not deletes or content.name == _LINKS:
                continue
            more = _says_more(content)
            if more is None:
                continue
            if members and not more and not _names_beside_mrid(content):
                yield found("element-delete-without-member", content.path)
            elif more and not members:
                yield found("delete-with-members", content.path, f"{more[0]} goes with the object that is deleted")


@check("change-without-change", roles=("request",))
def a_change_changes_something(case: Case) -> Iterator[Finding]:
    """A change carries the identity and what changes (R16), which a name beside the mRID may be (E5)."""
    for content in case.contents:
        place = content.place
        if content.verb is not Verb.CHANGE or place.name == _LINKS or hollow(place.value):
            continue
        if _says_more(place) == [] and not _names_beside_mrid(place):
            yield found("change-without-change", place.path)


def _says_more(root: Place) -> list[str] | None:
    """The members, beside identity and dates, that the objects of a master data payload say.

    None for other payloads, and where nothing is said of any object.
    """
    if not root.name.endswith("Config") or not isinstance(root.value, Record):
        return None
    found: list[str] = []
    any_object = False
    for one in _values(root.value):
        if isinstance(one, Record):
            any_object = True
            found += [name for name, value in _said(one) if name not in IDENTITY | DATES and not hollow(value)]
    return found if any_object else None


def _names_beside_mrid(root: Place) -> bool:
    """Whether an object has names that need not tell which one it is, so that they may be what comes or goes."""
    return isinstance(root.value, Record) and any(
        isinstance(one, Record) and dict(_said(one)).keys() >= IDENTITY for one in _values(root.value)
    )


def _values(record: Record) -> Iterator[Any]:
    """The objects at a payload's root, without those that only say when."""
    for name, value in _said(record):
        if name not in DATES:
            yield from several(value)


def _said(record: Record) -> Iterator[tuple[str, Any]]:
    """The members that an object has, by name."""
    for name in members(type(record)):
        value = getattr(record, name)
        if value is not None and value != []:
            yield name, value
