"""What identifies an object, as values that can be compared, kept and looked up.

Two questions are kept apart. ``==`` asks whether two identities say the same, and serves dictionaries. ``matches`` asks
whether two identities mean the same object, though one may say less than the other. What is absent contradicts nothing,
so ``matches`` is not transitive: a name without a type may fit two objects. Whoever looks among several must be ready
for that; ``Index`` is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import attrs

from iec61968_9.errors import IdentityError
from iec61968_9.profiles.envelope import IDKind

__all__ = ["Identity", "ObjectName", "is_uuid"]

_UUID = re.compile(r"(?:urn:uuid:)?\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?", re.IGNORECASE | re.ASCII)

_WIDER = {
    "comfunction": "enddevicefunction",
    "commodule": "asset",
    "connectdisconnectfunction": "enddevicefunction",
    "enddevice": "asset",
    "meter": "enddevice",
    "simpleenddevicefunction": "enddevicefunction",
}
"""The class that each class specialises in the CIM, where messages use both for one object."""


def is_uuid(text: str) -> bool:
    """Whether a text is a UUID: five groups of hexadecimal digits of either case, ``urn:uuid:`` and braces allowed."""
    return _UUID.fullmatch(text) is not None


def spelling(text: str | None) -> str | None:
    """Return one spelling for all texts that are the same mRID. Only UUIDs have several."""
    found = _UUID.fullmatch(text) if text is not None else None
    return found[1].lower() if found is not None else text


def _bare(text: str) -> str:
    return text.strip()


def _said(text: str | None) -> str | None:
    """Return a text without white space around it, or None where nothing is left."""
    return (text.strip() or None) if text is not None else None


@attrs.frozen
class ObjectName:
    """What an object is called: a name, unique within its type, which is unique within its authority.

    White space around a text does not count, and a blank one is absent.

    Attributes:
        name: The name itself.
        name_type: What sort of name it is (``NameType.name``, ``idType``), or None.
        authority: Who issues names of that sort (``NameTypeAuthority.name``, ``idAuthority``), or None.
        kind: ``NAME``; or ``TRANSACTION`` or ``OTHER``, which occur in IDs of requests, replies and errors only.

    Raises:
        IdentityError: The name is blank.
    """

    name: str = attrs.field(converter=_bare)
    name_type: str | None = attrs.field(default=None, converter=_said)
    authority: str | None = attrs.field(default=None, converter=_said)
    kind: IDKind = IDKind.NAME

    def __attrs_post_init__(self) -> None:
        if not self.name:
            raise IdentityError("a name must not be blank", rule="R25")

    def matches(self, other: ObjectName) -> bool:
        """Whether both may be the same name: equal texts, and neither type nor authority contradict (R25).

        Names are compared to the letter; ``b-1001`` is not ``B-1001``.
        """
        return (
            (self.name, self.kind) == (other.name, other.kind)
            and _agree(self.name_type, other.name_type)
            and _agree(self.authority, other.authority)
        )

    def __str__(self) -> str:
        name = self.name if self.kind is IDKind.NAME else f"{self.kind} {self.name}"
        origin = " ".join(filter(None, [self.name_type, self.authority and f"of {self.authority}"]))
        return f"{name} ({origin})" if origin else name


@attrs.frozen(kw_only=True, cache_hash=True)
class Identity:
    """Which object is meant.

    Attributes:
        mrid: The ``mRID`` as it was written, or None. Spellings of one UUID are equal.
        names: What it is called, in the order in which it was said.
        object_type: The CIM class (``Meter``), where known. Not part of the comparison by ``==``.
    """

    mrid: str | None = attrs.field(default=None, converter=_said, eq=spelling)
    names: tuple[ObjectName, ...] = ()
    object_type: str | None = attrs.field(default=None, converter=_said, eq=False)

    def __bool__(self) -> bool:
        """Whether it says anything about which object is meant."""
        return self.mrid is not None or bool(self.names)

    def matches(self, other: Identity) -> bool:
        """Whether both mean the same object, as far as they say (R25).

        The mRID first: where both have one, it decides. Else a name that they share, within its type, within its
        authority. A name without a type says less: then the classes must agree as well, and the name may stand for an
        mRID that is no UUID, since some senders put serial numbers there. Identities that have nothing in common,
        such as one with only an mRID and one with only names, do not match.
        """
        if self.mrid is not None and other.mrid is not None:
            return spelling(self.mrid) == spelling(other.mrid)
        related = self.can_be(other.object_type)
        if self.names and other.names and _share_a_name(self.names, other.names, typed=not related):
            return True
        return related and (self._is_called(other.mrid) or other._is_called(self.mrid))

    @property
    def keys(self) -> tuple[str, ...]:
        """The texts to look it up by: identities that match have one in common."""
        mrid = spelling(self.mrid)
        return tuple(dict.fromkeys([*filter(None, [mrid]), *(name.name for name in self.names)]))

    def can_be(self, object_type: str | None) -> bool:
        """Whether the object can be of a class: either class is not known, or one is the other or a kind of it.

        A ``Meter`` is an ``EndDevice``, and an ``Asset`` can be one.
        """
        return _related(self.object_type, object_type)

    def name(self, name_type: str | None = None, *, authority: str | None = None) -> str | None:
        """Return the name of one type, or the only name; None where there is no such name.

        Args:
            name_type: The type; without one, the names of every type.
            authority: The authority; without one, those of every authority.

        Raises:
            IdentityError: Several different names fit.
        """
        found = {
            one.name: one
            for one in self.names
            if one.kind is IDKind.NAME and name_type in (None, one.name_type) and authority in (None, one.authority)
        }
        if len(found) > 1:
            raise IdentityError(f"several names fit: {', '.join(map(str, found.values()))}", rule="R25")
        return next(iter(found), None)

    def _is_called(self, mrid: str | None) -> bool:
        """Whether an mRID that is no UUID is also an untyped name here."""
        if mrid is None or is_uuid(mrid):
            return False
        return any(one.name == mrid and one.name_type is None and one.kind is IDKind.NAME for one in self.names)

    def __str__(self) -> str:
        said = ", ".join([*filter(None, [self.mrid]), *map(str, self.names)]) or "unidentified"
        return f"{self.object_type} {said}" if self.object_type else said


ANY: Final = object()
"""Stands for a type or an authority that is not asked for."""

COMPARED: Final = 50
"""So many different identities are compared with all others, so that each takes as long among many as among few."""


def in_one_identity(identities: Iterable[Identity]) -> bool:
    """Whether all identities match each other; of very many different ones, whether all match the first of them."""
    seen: set[Identity] = set()
    compared: list[Identity] = []
    for identity in identities:
        if identity in seen:
            continue
        if not all(identity.matches(other) for other in compared):
            return False
        seen.add(identity)
        if len(compared) < COMPARED:
            compared.append(identity)
    return True


def _share_a_name(ours: Iterable[ObjectName], theirs: Iterable[ObjectName], *, typed: bool) -> bool:
    """Whether two objects have matching names; ``typed`` where only names count of which both have a type."""
    offered = {
        (one.name, one.kind, name_type, authority)
        for one in theirs
        for name_type in (one.name_type, ANY)
        for authority in (one.authority, ANY)
    }
    for one in ours:
        if typed and one.name_type is None:
            continue
        types = [one.name_type] if typed else [ANY] if one.name_type is None else [one.name_type, None]
        authorities = [ANY] if one.authority is None else [one.authority, None]
        if any((one.name, one.kind, a_type, authority) in offered for a_type in types for authority in authorities):
            return True
    return False


def _agree(ours: str | None, theirs: str | None) -> bool:
    return ours is None or theirs is None or ours == theirs


def _related(ours: str | None, theirs: str | None) -> bool:
    """Whether an object can be of both classes: either is absent, or one is the other or a kind of it."""
    if ours is None or theirs is None or ours == theirs:
        return True
    return ours.lower() in _chain(theirs) or theirs.lower() in _chain(ours)


def _chain(object_type: str) -> list[str]:
    found: str | None = object_type.lower()
    chain: list[str] = []
    while found is not None:
        chain.append(found)
        found = _WIDER.get(found)
    return chain
