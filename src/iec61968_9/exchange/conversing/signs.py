"""Where a reply stands among the replies to one request."""

from __future__ import annotations

from enum import StrEnum

from iec61968_9.exchange.building.replies import ACKNOWLEDGED, LAST, MORE, is_failure
from iec61968_9.exchange.conversing.subjects import Demand, DemandKind
from iec61968_9.exchange.parts import code_of, result_of
from iec61968_9.profiles.envelope import Reply, Result

__all__ = ["Sign", "sign_of"]


class Sign(StrEnum):
    """Where a reply stands among the replies to one request (R5)."""

    ACKNOWLEDGEMENT = "acknowledgement"
    """The request has arrived, and no more is said."""
    MORE = "more"
    """A part; more follow."""
    LAST = "last"
    """The last part."""
    FINAL = "final"
    """The one complete reply, or the last one of a series that says OK."""


def sign_of(reply: Reply, *, demand: Demand, asynchronous: bool, empty: bool, acknowledged: bool) -> Sign:
    """Return where a reply stands.

    The codes decide. Without them PARTIAL is a part of an asynchronous answer, and a complete reply with mixed outcomes
    to a synchronous request, which gets only one (R8); and OK without data acknowledges an asynchronous ``get`` (R5),
    as does a reply that says nothing at all (T20).

    Args:
        reply: The reply.
        demand: What was asked for.
        asynchronous: Whether the request asked for replies later.
        empty: Whether the reply has no payload.
        acknowledged: Whether an acknowledgement has come already.
    """
    codes = {code for error in reply.error if (code := code_of(error))}
    result = result_of(reply)
    if ACKNOWLEDGED in codes:
        return Sign.ACKNOWLEDGEMENT
    if LAST in codes:
        return Sign.LAST
    if MORE in codes or (asynchronous and result is Result.PARTIAL):
        return Sign.MORE
    waiting = demand.legacy or (asynchronous and demand.kind is DemandKind.DATA)
    well = result is Result.OK or not reply.result
    if waiting and empty and not acknowledged and well and not any(map(is_failure, codes)):
        return Sign.ACKNOWLEDGEMENT
    return Sign.FINAL
