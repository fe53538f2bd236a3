"""What a new object needs to be identified: an mRID and names, of any profile's class; and IDs for the envelope."""

from __future__ import annotations

import functools
import types
import typing
import uuid
from collections import Counter
from collections.abc import Mapping
from typing import Any, Literal, TypeVar, overload

from iec61968_9.codes.profile_objects import Named, class_of, options
from iec61968_9.errors import IdentityError
from iec61968_9.identity.reading import MRID_TYPE, identify
from iec61968_9.identity.values import ObjectName, is_uuid
from iec61968_9.profiles._common.name import Name
from iec61968_9.profiles.envelope import IDKind, ObjectID

__all__ = ["MRID_NAMESPACE", "mrid", "names", "to_object_id"]

MRID_NAMESPACE = uuid.UUID("72b52d99-1229-512d-9d61-80a7dd120d17")
"""The namespace in which ``mrid`` makes stable UUIDs: the version 5 UUID of the URL ``http://iec.ch/TC57/2011/``."""

_N = TypeVar("_N", bound=Named)


@overload
def mrid() -> str: ...
@overload
def mrid(name: str, /, *, authority: str, name_type: str | None = None) -> str: ...
def mrid(name: str | None = None, /, *, authority: str | None = None, name_type: str | None = None) -> str:
    """Make an mRID: a UUID in small letters, as RFC 9562 writes it.

    Without arguments it is random (version 4). With a name and its authority it is always the same for these (version
    5), so that systems that know an object by its name agree on its mRID without asking each other: the UUID of the
    name, in the namespace that is the UUID of its type where one is given, in the namespace that is the UUID of the
    authority in ``MRID_NAMESPACE``.

    Args:
        name: The name.
        authority: Who issues it.
        name_type: What sort of name it is, where the authority issues several.

    Raises:
        IdentityError: A text is blank or no Unicode, or there is only one of name and authority.
        TypeError: One of them is no text.
    """
    if (name, authority, name_type) == (None, None, None):
        return str(uuid.uuid4())
    place = MRID_NAMESPACE
    for text in (authority, name_type, name) if name_type is not None else (authority, name):
        if text is not None and not isinstance(text, str):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may pass anything
            raise TypeError(f"a stable mRID is made of texts, not of a {type(text).__name__}")
        if text is None or not text.strip():
            raise IdentityError("a stable mRID needs an authority and a name, neither of them blank", rule="R25")
        try:
            place = uuid.uuid5(place, text.strip())
        except UnicodeEncodeError:
            raise IdentityError(f"a stable mRID is made of Unicode texts, and {text!r} is none", rule="R25") from None
    return str(place)


@overload
def names(
    *given: str | ObjectName | Mapping[str, str], name_type: str | None = None, authority: str | None = None
) -> list[Name]: ...
@overload
def names(
    *given: str | ObjectName | Mapping[str, str],
    name_type: str | None = None,
    authority: str | None = None,
    kind: type[_N],
) -> list[_N]: ...
def names(
    *given: str | ObjectName | Mapping[str, str],
    name_type: str | None = None,
    authority: str | None = None,
    kind: type[Any] = Name,
) -> list[Any]:
    """Make the ``Names`` of an object, with their ``NameType`` and ``NameTypeAuthority``.

    Args:
        given: Each a name, an ``ObjectName``, or a mapping of name types to names.
        name_type: The type of those names that come without one.
        authority: The authority of those that come without one.
        kind: The profile's class of names. Nearly all profiles share the default; the other classes are
            ``usage_point_config.ServiceMultiplierName``, ``customer_meter_data_set.ServiceCategoryName`` and
            ``envelope.Name``. A class of a generated package will do.

    Raises:
        IdentityError: There is more than one name and one of them has no type; a name is given twice, or is an ID that
            is no name; or the class demands a type or an authority that is not given.
        TypeError: Something else is given as a name, such as a list: give several one by one.
    """
    flat: list[ObjectName] = []
    for one in given:
        match one:
            case str():
                flat.append(ObjectName(one, name_type, authority))
            case ObjectName():
                flat.append(ObjectName(one.name, one.name_type or name_type, one.authority or authority, one.kind))
            case Mapping():
                flat += [ObjectName(text, sort, authority) for sort, text in one.items()]
            case _:  # pyright: ignore[reportUnnecessaryComparison]  # callers may pass anything
                raise TypeError(f"names are texts, ObjectNames or mappings of types to names, not {type(one).__name__}")
    count = Counter(flat)
    for one in flat:
        if one.kind is not IDKind.NAME:
            raise IdentityError(f"{one} is no name", rule="R23")
        if one.name_type is None and len(flat) > 1:
            raise IdentityError(f"of several names each needs its type, and {one} has none", rule="R25")
        if count[one] > 1:
            raise IdentityError(f"{one} is given twice", rule="R25")
    return [_name(one, kind) for one in flat]


def _name(given: ObjectName, kind: Any) -> Any:
    """Return a name as a profile's class has it."""
    sort_class, sort_needed, authority_class, authority_needed = _classes(kind)
    sort = None
    if given.name_type is not None:
        authority = authority_class(name=given.authority) if given.authority is not None else None
        if authority is None and authority_needed:
            raise IdentityError(f"{kind.__name__} needs an authority, and {given} has none", rule="R25")
        sort = sort_class(name=given.name_type, name_type_authority=authority)
    elif sort_needed or given.authority is not None:
        needs = f"{kind.__name__} needs a type" if sort_needed else "an authority needs a name type"
        raise IdentityError(f"{needs}, and {given} has none", rule="R25")
    return kind(name=given.name, name_type=sort)


@functools.cache
def _classes(kind: Any) -> tuple[Any, bool, Any, bool]:
    """Return the classes of a name's type and authority, each with whether it is required."""
    sort: Any = typing.get_type_hints(kind)["name_type"]
    authority: Any = typing.get_type_hints(class_of(sort))["name_type_authority"]
    none = types.NoneType
    return class_of(sort), none not in options(sort), class_of(authority), none not in options(authority)


def to_object_id(described: object, *, by: Literal["mrid", "name"] | None = None) -> ObjectID:
    """Return the ID by which a request, a reply or an error names an object.

    Args:
        described: The object, or its identity.
        by: Whether to name it by its mRID (``kind="uuid"``) or by its first name (``kind="name"`` with ``idType`` and
            ``idAuthority``). Where that is left open, a UUID is preferred, then a name, then any other mRID, which is
            written with ``kind="other"`` and ``idType="mRID"``.

    Raises:
        IdentityError: The object says nothing of the kind.
    """
    identity = identify(described)
    text = identity.mrid if by != "name" else None
    name = next(iter(identity.names), None) if by != "mrid" else None
    if text is not None and is_uuid(text):
        return ObjectID(value=text, kind=IDKind.UUID, object_type=identity.object_type)
    if name is not None:
        sort, authority = name.name_type, name.authority
        return ObjectID(
            value=name.name, kind=name.kind, id_type=sort, id_authority=authority, object_type=identity.object_type
        )
    if text is not None:
        return ObjectID(value=text, kind=IDKind.OTHER, id_type=MRID_TYPE, object_type=identity.object_type)
    missing = {"mrid": "mRID", "name": "name"}.get(by or "", "mRID and no name")
    raise IdentityError(f"an ID cannot be made of what has no {missing}: {identity}", rule="R23")
