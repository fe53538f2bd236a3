"""Reading an identity off any object: of a profile, of the envelope, a reference, or of a generated package.

Works by the members' names, as the standard has them everywhere: ``mRID``, ``Names``. What lenient reading kept in an
object counts as said, since an element is no less there for being misplaced.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from iec61968_9.codes.profile_objects import told
from iec61968_9.errors import IdentityError
from iec61968_9.identity.values import Identity, ObjectName, is_uuid
from iec61968_9.profiles.envelope import Error, IDKind, ObjectID
from iec61968_9.xml import Reference

__all__ = ["from_object_id", "identify", "same"]

MRID_TYPE = "mRID"
"""The ``idType`` of an ID that is an mRID but no UUID."""

_CIM_CLASSES = {
    "AgreementServiceCategory": "ServiceCategory",
    "ChildCharge": "Charge",
    "MeterComFunction": "ComFunction",
    "MeterConnectDisconnectFunction": "ConnectDisconnectFunction",
    "MeterSimpleEndDeviceFunction": "SimpleEndDeviceFunction",
    "RequiredReadingType": "ReadingType",
    "UsagePointServiceCategory": "ServiceCategory",
    "UsagePointServiceMultiplier": "ServiceMultiplier",
}
"""Generated classes that bear another name than their CIM class, since their module has that one as well."""


def identify(described: object) -> Identity:
    """Return what an object says about its identity; an empty identity where it says nothing.

    Args:
        described: An object of any profile; a ``Reference``, whose ``ref`` may be a name, and is an mRID as well if
            it is a UUID; an ``ObjectID``; an ``Error``, which stands for the object that it is about (``ID``, else
            ``object``, else ``relatedID``); an ``Identity``; or a UUID, also as a text.

    Raises:
        IdentityError: It is a text and no UUID: an mRID and a name of any type may look like that.
        TypeError: It is a list, such as the names of an object: give the object, or one of several.
    """
    match described:
        case Identity():
            return described
        case ObjectID():
            return from_object_id(described)
        case Error():
            return next(
                (identify(one) for one in (described.id, described.object, described.related_id) if one), NOBODY
            )
        case Reference():
            return _referred(described)
        case UUID():
            return Identity(mrid=str(described))
        case str():
            if not is_uuid(described.strip()):
                raise IdentityError(f"{described!r} is no UUID, and may be an mRID or a name of any type", rule="R23")
            return Identity(mrid=described)
        case list() | tuple():
            raise TypeError("a list of objects has no identity; give one of them")
        case _:
            return _described(described)


NOBODY = Identity()


def same(one: object, other: object) -> bool:
    """Whether two objects are the same by what they say: ``Identity.matches`` of both (R25)."""
    return identify(one).matches(identify(other))


def from_object_id(given: ObjectID) -> Identity:
    """Return the identity that an ID of a request, a reply, an event or an error means.

    Where ``kind`` is missing, a text of a UUID's shape is an mRID, and any other a name (T24), as is one that has an
    ``idType``. ``kind="mRID"``, which is not in the standard, is taken for what it says.
    """
    text = given.value.strip()
    if not text:
        return Identity(object_type=given.object_type)
    kind: str | None = given.kind
    id_type = (given.id_type or "").strip() or None
    if (
        kind == IDKind.UUID
        or (kind or "").lower() == "mrid"
        or (kind in (None, IDKind.OTHER) and id_type == MRID_TYPE)
        or (kind is None and id_type is None and is_uuid(text))
    ):
        return Identity(mrid=text, object_type=given.object_type)
    known = IDKind.NAME if kind is None else IDKind(kind) if kind in list(IDKind) else IDKind.OTHER
    name = ObjectName(text, id_type, given.id_authority, known)
    return Identity(names=(name,), object_type=given.object_type)


def _referred(reference: Reference) -> Identity:
    texts = [text for _, text in told(reference)]
    mrid = next((text for text in texts if is_uuid(text)), None)
    called = tuple(map(ObjectName, dict.fromkeys(texts)))
    kind = type(reference).__name__.removesuffix("Reference")
    return Identity(mrid=mrid, names=called, object_type=kind or None)


def _described(described: object) -> Identity:
    mrids: list[str] = [text for text in [getattr(described, "mrid", None)] if text]
    names = [found for name in _names_of(described) if (found := _named(name)) is not None]
    for local, element in _kept(described):
        if local == "mRID" and (element.text or "").strip():
            mrids.append(element.text)
        elif local in ("Names", "Name"):
            steps = ("name", "NameType/name", "NameType/NameTypeAuthority/name")
            text, *rest = (element.findtext("/".join(f"{{*}}{step}" for step in path.split("/"))) for path in steps)
            if text is not None and text.strip():
                names.append(ObjectName(text, *rest))
    kind = type(described).__name__
    object_type = getattr(described, "object_type", None) or _CIM_CLASSES.get(kind, kind)
    return Identity(
        mrid=next(iter(mrids), None),
        names=tuple(dict.fromkeys(names)),
        object_type=object_type if mrids or names or hasattr(described, "mrid") else None,
    )


def _names_of(described: object) -> Iterator[Any]:
    """Yield an object's names: ``names``, or as the envelope's ``ErrorObject`` has it, ``name``."""
    for member in ("names", "name"):
        found: Any = getattr(described, member, None)
        if isinstance(found, list):
            yield from found


def _named(name: Any) -> ObjectName | None:
    if isinstance(name, Reference):
        return ObjectName(name.ref) if name.ref is not None and name.ref.strip() else None
    if not (name.name or "").strip():
        return None
    name_type = name.name_type
    authority = name_type.name_type_authority if name_type is not None else None
    return ObjectName(name.name, name_type and name_type.name, authority and authority.name)


def _kept(described: object) -> Iterator[tuple[str, Any]]:
    """Yield what lenient reading kept in an object, with the local names."""
    kept = getattr(described, "kept", None)
    for foreign in kept.elements if kept is not None else ():
        element = foreign.element()
        yield str(element.tag).rpartition("}")[2], element
