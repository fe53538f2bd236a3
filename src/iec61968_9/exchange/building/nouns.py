"""Which noun a message has: the name of the payload's root, or what a query asks for (IEC 61968-100, 6.3.2).

Known classes decide it; a partner's own element is named by its root, or by the caller where the partners call it
otherwise. A noun that names a profile over something else is refused here, as strict reading would refuse it.
"""

from __future__ import annotations

from typing import Final

from iec61968_9._verbs import REGISTRY
from iec61968_9.errors import ExchangeError
from iec61968_9.xml.document import local_name
from iec61968_9.xml.record import ForeignElement, Query, Record

__all__ = ["OPERATION_SET", "check_noun", "noun_of"]

OPERATION_SET: Final = "OperationSet"
"""The noun of execute and executed."""

CLAUSE = "6.3.2"


def noun_of(subject: object, given: str | None = None) -> str:
    """The noun of a message.

    Args:
        subject: Its payload or query, the class of one, or the noun itself.
        given: The noun that the caller says; where the class decides, it must say the same.

    Raises:
        ExchangeError: There is none, or it contradicts what the message carries.
    """
    if isinstance(subject, str):
        if not subject.strip():
            raise ExchangeError("the noun is blank", clause=CLAUSE)
        return subject
    if isinstance(subject, ForeignElement):
        return _of_foreign(subject, given)
    kind = subject if isinstance(subject, type) else type(subject)
    noun = _of_class(kind)
    if noun is None:
        if issubclass(kind, Record | Query):
            raise ExchangeError(
                f"{kind.__name__} is no payload and no query",
                rule="R10",
                clause=CLAUSE,
                advice="a payload is the root of a profile, such as MeterReadings",
            )
        if given is None:
            raise ExchangeError("the noun cannot be known", clause=CLAUSE, advice="say it with noun=")
        return noun_of(given)
    if given is not None and given != noun:
        raise ExchangeError(f"the noun of {kind.__name__} is {noun}, not {given}", rule="R1", clause=CLAUSE)
    return noun


def check_noun(noun: str, content: object) -> None:
    """Hold what a message carries to a noun that is set already, as a reply's is by its request.

    A noun that no profile has may stand over anything: it is the partners' own.

    Raises:
        ExchangeError: The noun names a profile, and the content is something else.
    """
    if not isinstance(content, Record | ForeignElement):
        return
    found = REGISTRY.binding(type(content)) if isinstance(content, Record) else None
    profile = found[0].profile if found is not None else None
    if profile is not None and (profile.role, profile.noun) == ("payload", noun):
        return
    if REGISTRY.of_noun(noun) is not None:
        name = content.tag if isinstance(content, ForeignElement) else type(content).__name__
        raise ExchangeError(f"the noun is {noun}, and {name} is something else", rule="R1", clause=CLAUSE)


def _of_class(kind: type) -> str | None:
    found = REGISTRY.binding(kind)
    if found is None:
        return None
    registered, root, _ = found
    if registered.profile.role == "envelope":
        return None
    return registered.profile.asks_for or root.removeprefix("Get") if registered.profile.role == "query" else root


def _of_foreign(element: ForeignElement, given: str | None) -> str:
    noun = noun_of(local_name(element.tag) if given is None else given)
    if REGISTRY.of_noun(noun) is not None:
        raise ExchangeError(
            f"the noun {noun} names a profile, and {element.tag} is not of it",
            rule="R1",
            clause=CLAUSE,
            advice=f"give the profile's own class, or another noun with noun=, or register the package that has {noun}",
        )
    return noun
