"""Who is meant: mRID, names, name types and their authorities.

``identify`` reads what any object of any profile says about which object it is, as an ``Identity``; ``same`` compares
two by the standard's rules. ``names`` and ``mrid`` make what a new object needs, ``to_object_id`` and
``from_object_id`` speak for the IDs of requests and errors, and an ``Index`` finds the object that a reference in a
payload means.
"""

from __future__ import annotations

from iec61968_9.errors import IdentityError
from iec61968_9.identity.index import Index, Match, MatchKind
from iec61968_9.identity.making import MRID_NAMESPACE, mrid, names, to_object_id
from iec61968_9.identity.reading import from_object_id, identify, same
from iec61968_9.identity.values import Identity, ObjectName, is_uuid

__all__ = [
    "MRID_NAMESPACE",
    "Identity",
    "IdentityError",
    "Index",
    "Match",
    "MatchKind",
    "ObjectName",
    "from_object_id",
    "identify",
    "is_uuid",
    "mrid",
    "names",
    "same",
    "to_object_id",
]
