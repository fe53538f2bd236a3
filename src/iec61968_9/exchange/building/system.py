"""Building messages: one method a kind of message, on an object that knows a system's defaults.

Every method decides the verb and the noun, makes a fresh message ID, and holds what it is given to the verb table and
the rules of the exchange. What is built from another message shares nothing with it that can change. Nothing is sent,
and nothing is remembered. The functions of the package are the methods of a system without defaults.
"""

from __future__ import annotations

from typing import Final

from iec61968_9.exchange.building.answers import Answers
from iec61968_9.exchange.building.events import Events
from iec61968_9.exchange.building.requests import Requests

__all__ = [
    "System",
    "acknowledge",
    "cancel",
    "canceled",
    "change",
    "changed",
    "close",
    "closed",
    "create",
    "created",
    "delete",
    "deleted",
    "execute",
    "executed",
    "fail",
    "fault",
    "get",
    "partial",
    "reply",
]


class System(Requests, Answers, Events):
    """A system that exchanges messages: its defaults, and a method for each message that it may build.

    Every method takes the header's fields as keywords (``HeaderFields``, ``RequestFields``): one that is left out has
    the system's default, None leaves the field out of the message.

        mdms = System(source="MDMS", context="PRODUCTION")
        request = mdms.get(GetMeterReadings(...), reply_to="queue:MDMS.REPLIES")

    Attributes:
        source: ``Header/Source``: the name of the sending system.
        revision: ``Header/Revision``: the version of the message definition that it follows.
        context: ``Header/Context``: the environment that it belongs to.
        user: ``Header/User``: on whose behalf it sends; a text is the user's ID.
        clock: Tells the time for ``Timestamp``; aware.
        new_id: Makes identifiers for ``MessageID`` and ``CorrelationID``, no two alike.
        new_nonce: Makes nonces for replay detection, no two of a day alike.
    """

    __slots__ = ()


_PLAIN: Final = System()

get = _PLAIN.get
create = _PLAIN.create
change = _PLAIN.change
delete = _PLAIN.delete
close = _PLAIN.close
cancel = _PLAIN.cancel
execute = _PLAIN.execute
reply = _PLAIN.reply
acknowledge = _PLAIN.acknowledge
partial = _PLAIN.partial
fail = _PLAIN.fail
fault = _PLAIN.fault
created = _PLAIN.created
changed = _PLAIN.changed
deleted = _PLAIN.deleted
closed = _PLAIN.closed
canceled = _PLAIN.canceled
executed = _PLAIN.executed
