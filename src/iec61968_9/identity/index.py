"""Finding the object that is meant, within one payload.

A reference (``ref``) holds a dotted code, or the mRID or a name of an object of the same payload (R26). The objects at
the payload's root are its definitions; those further inside are mentions, which answer only where nothing is defined.
One that is mentioned a hundred times is still one object: only different objects make a reference ambiguous.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from enum import StrEnum
from typing import Any, Generic, TypeVar, overload

import attrs

from iec61968_9.codes.end_device import EndDeviceControlCode, EndDeviceEventCode
from iec61968_9.codes.profile_objects import told
from iec61968_9.codes.reading_quality import ReadingQualityCode
from iec61968_9.codes.reading_type import ReadingTypeCode
from iec61968_9.errors import CodeError, IdentityError
from iec61968_9.identity.reading import identify
from iec61968_9.identity.values import Identity, ObjectName, in_one_identity
from iec61968_9.identity.walking import content_key, held
from iec61968_9.xml import Record, Reference
from iec61968_9.xml.report import Finding

__all__ = ["Index", "Match", "MatchKind"]

_T = TypeVar("_T")

_CODES = (ReadingTypeCode, ReadingQualityCode, EndDeviceEventCode, EndDeviceControlCode)


class MatchKind(StrEnum):
    """What came of looking for an object."""

    FOUND = "found"
    """One object is meant."""
    AMBIGUOUS = "ambiguous"
    """Several different objects could be meant, or one is defined twice and differently."""
    CODE = "code"
    """No object, but the reference is a dotted code, which need not be spelled out in the payload."""
    MISSING = "missing"
    """Nothing in the payload is meant."""


@attrs.frozen
class Match(Generic[_T]):
    """What a reference means.

    Attributes:
        sought: The identity that was looked for.
        kind: What came of it.
        objects: All objects that could be meant, in document order.
    """

    sought: Identity
    kind: MatchKind
    objects: tuple[_T, ...]

    @property
    def object(self) -> _T:
        """The one object that is meant.

        Raises:
            IdentityError: There is none, or it is not clear which.
        """
        match self.kind:
            case MatchKind.FOUND:
                return self.objects[0]
            case MatchKind.AMBIGUOUS:
                raise IdentityError(f"{len(self.objects)} objects could be meant by {self.sought}", rule="R25")
            case MatchKind.CODE:
                raise IdentityError(f"{self.sought} is a code that the payload does not spell out", rule="R26")
            case MatchKind.MISSING:
                raise IdentityError(f"no object of the payload is meant by {self.sought}", rule="R26")


@attrs.frozen
class _Place:
    """A record of the payload, and where it stands: a path of Python's member names."""

    path: str
    depth: int
    record: Any
    around: _Place | None = None

    @property
    def is_inside_itself(self) -> bool:
        """Whether its record holds itself, so that going further would come to no end."""
        place = self.around
        while place is not None:
            if place.record is self.record:
                return True
            place = place.around
        return False


@attrs.frozen
class _Candidate:
    """What a text may mean.

    Attributes:
        number: How many objects of the payload come before it.
        depth: How deep in the payload it stands.
        called: Its identity, as far as the text is concerned.
        identity: Its identity.
        record: The object.
    """

    number: int
    depth: int
    called: Identity
    identity: Identity
    record: Any


class Index:
    """Knows the objects of one payload by their mRIDs and names.

    Args:
        payload: The payload. Each operation of an operation set has one of its own.
    """

    def __init__(self, payload: Record) -> None:
        self._payload = payload
        self._by_text: dict[str, list[_Candidate]] = {}
        self._known: dict[Hashable, tuple[MatchKind, tuple[Any, ...]]] = {}
        self._contents: dict[int, int] = {}
        self._equal: dict[Hashable, int] = {}
        for number, place in enumerate(_walk(payload)):
            if isinstance(place.record, Reference):
                continue
            identity = identify(place.record)
            for text, called in _by_key(identity).items():
                candidate = _Candidate(number, place.depth, called, identity, place.record)
                self._by_text.setdefault(text, []).append(candidate)

    @overload
    def find(self, meant: object) -> Match[Record]: ...
    @overload
    def find(self, meant: object, kind: type[_T]) -> Match[_T]: ...
    def find(self, meant: object, kind: type[Any] = Record) -> Match[Any]:
        """Return what is meant, and whether that is clear.

        Args:
            meant: A reference; or the text of one, which is an mRID or a name; an identity, an ID of the envelope, or
                an object of another payload, which is looked for by the rules of ``Identity.matches``.
            kind: The class of the object, where it is known.

        Raises:
            TypeError: A list is given, such as the ``names`` of an object: give the object, or a name's text.
        """
        if isinstance(meant, str):
            meant = Reference(ref=meant)
        sought = identify(meant)
        asked = tuple((text, called) for text, called in _by_key(sought).items() if text in self._by_text)
        key = (asked, sought.object_type, kind)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._meant(asked, sought.object_type, kind)
        found, objects = known
        if found is MatchKind.MISSING and isinstance(meant, Reference) and _is_code(meant):
            found = MatchKind.CODE
        return Match(sought, found, objects)

    def _meant(
        self, asked: Iterable[tuple[str, Identity]], object_type: str | None, kind: type[Any]
    ) -> tuple[MatchKind, tuple[Any, ...]]:
        """What can be meant by some texts, each with the identity that is looked for, and whether that is clear."""
        found = {
            one.number: one
            for text, called in asked
            for one in self._by_text[text]
            if isinstance(one.record, kind) and called.matches(one.called)
        }
        typed = {number: one for number, one in found.items() if one.identity.object_type == object_type}
        if object_type is not None and typed:
            found = typed
        top = min((one.depth for one in found.values()), default=0)
        candidates = [one for _, one in sorted(found.items()) if top != 1 or one.depth == 1]
        objects = self._distinct([one.record for one in candidates])
        if not objects:
            return MatchKind.MISSING, ()
        clear = len(objects) == 1 if top == 1 else in_one_identity(one.identity for one in candidates)
        return MatchKind.FOUND if clear else MatchKind.AMBIGUOUS, tuple(objects)

    def _distinct(self, records: list[Any]) -> list[Any]:
        """Objects without those that equal an earlier one."""
        if len(records) < 2:
            return records
        distinct: dict[int, Any] = {}
        for one in records:
            content = self._contents.get(id(one))
            if content is None:
                content = self._contents[id(one)] = self._equal.setdefault(content_key(one), len(self._equal))
            distinct.setdefault(content, one)
        return list(distinct.values())

    def findings(self) -> Iterator[Finding]:
        """Yield a finding for each reference of the payload that means nothing in it, or several things (R26)."""
        for place in _walk(self._payload):
            if not isinstance(place.record, Reference) or not any(told(place.record)):
                continue
            match = self.find(place.record)
            text = place.record.ref
            if match.kind is MatchKind.MISSING:
                message = f"the reference {text!r} is no code, and no object of the payload has this mRID or name"
                yield Finding("unresolved-reference", place.path, None, message, text, "R26", level="error")
            elif match.kind is MatchKind.AMBIGUOUS:
                message = f"the reference {text!r} could mean {len(match.objects)} objects of the payload"
                yield Finding("ambiguous-reference", place.path, None, message, text, "R25", level="error")


def _by_key(identity: Identity) -> dict[str, Identity]:
    """The texts by which an identity is looked up, each with as much of it as can match by that text."""
    keys = identity.keys
    if len(keys) < 2:
        return dict.fromkeys(keys, identity)
    names: dict[str, list[ObjectName]] = {}
    for name in identity.names:
        names.setdefault(name.name, []).append(name)
    return {text: attrs.evolve(identity, names=tuple(names.get(text, ()))) for text in keys}


def _is_code(reference: Reference) -> bool:
    for _, text in told(reference):
        for kind in _CODES:
            try:
                kind.parse(text)
            except CodeError:
                continue
            return True
    return False


def _walk(root: Record) -> Iterator[_Place]:
    """Yield every record and reference below the root, in document order."""
    todo = [_Place(f"/{type(root).__name__}", 0, root)]
    while todo:
        place = todo.pop()
        if place.depth:
            yield place
        if place.is_inside_itself:
            continue
        below = [
            _Place(f"{place.path}/{member}" + (f"[{number}]" if number else ""), place.depth + 1, one, place)
            for member, number, one in held(place.record)
        ]
        todo += reversed(below)
