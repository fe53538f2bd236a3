"""Which noun a message has: the name of the payload's root, or what a query asks for (IEC 61968-100, 6.3.2).

Known classes decide it; a partner's own element is named by its root, or by the caller where the partners call it
otherwise. A noun that names a profile over something else is refused here, as strict reading would refuse it, and so
is an element that the envelope has no place for.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from iec61968_9._verbs import REGISTRY
from iec61968_9.errors import ExchangeError
from iec61968_9.profiles.envelope import Header
from iec61968_9.xml.document import admitted, local_name
from iec61968_9.xml.record import Content, ForeignElement, Query, Record
from iec61968_9.xml.registry import Registered

__all__ = ["OPERATION_SET", "check_foreign", "check_noun", "noun_of", "payload_noun"]

OPERATION_SET: Final = "OperationSet"
"""The noun of execute and executed."""

CLAUSE = "6.3.2"


def noun_of(subject: object, given: str | None = None) -> str:
    """The noun of a message.

    Args:
        subject: Its payload or query, the class of one, or the noun itself.
        given: The noun that the caller says; where the class decides, it must say the same.

    Raises:
        ExchangeError: There is none, it is the name of a query, or it contradicts what the message carries.
    """
    if isinstance(subject, str):
        return _of_text(subject)
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


def payload_noun(subject: object, given: str | None = None) -> str:
    """The noun of a message that carries no query: the same, and queries are refused.

    Raises:
        ExchangeError: It is a query or the class of one, or as ``noun_of``.
    """
    kind = subject if isinstance(subject, type) else type(subject)
    if issubclass(kind, Query):
        raise ExchangeError(f"{kind.__name__} is a query, which only a get carries", rule="R10", clause="6.2.4")
    return noun_of(subject, given)


def check_foreign(contents: Iterable[Content], *, rule: str = "R10", clause: str = "6.4") -> None:
    """Hold partners' own elements to what the envelope lets stand in it: those of other namespaces.

    Args:
        contents: What is to stand in a message.
        rule: The rule, for the error.
        clause: Its clause.

    Raises:
        ExchangeError: One has no namespace, or the envelope's.
    """
    own = REGISTRY.by_module[Header.__module__].profile.namespace
    for one in contents:
        if isinstance(one, ForeignElement) and not admitted(one.tag, "##other", own):
            raise ExchangeError(
                f"{one.tag} cannot stand in a message",
                rule=rule,
                clause=clause,
                advice="give it a namespace of its own",
            )


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
    return None if registered.profile.role == "envelope" else _of_root(registered, root)


def _of_root(registered: Registered, root: str) -> str:
    """The noun of a payload's root, or of what a query asks for."""
    return registered.profile.asks_for or root.removeprefix("Get") if registered.profile.role == "query" else root


def _of_text(noun: str) -> str:
    if not noun.strip():
        raise ExchangeError("the noun is blank", clause=CLAUSE)
    known = REGISTRY.by_root.get(noun, [])
    if known and all(one.profile.role == "query" for one in known):
        meant = _of_root(known[-1], noun)
        raise ExchangeError(f"{noun} is a query, and the noun is {meant}", rule="T9", clause=CLAUSE)
    return noun


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
