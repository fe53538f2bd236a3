"""Messages that systems exchange: building them and understanding them (IEC 61968-100, without any I/O).

``System`` builds every message from a system's defaults; ``get``, ``create``, ``reply``, ``created`` and the others
are its methods for a system without any. ``error``, ``operation`` and ``removal`` make what these take, ``content_of``
gives what a message carries. A name is loaded when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iec61968_9.exchange.building.answers import Asks
    from iec61968_9.exchange.building.compression import PayloadFile, content_of, file_of, inflated
    from iec61968_9.exchange.building.headers import (
        AddressKind,
        HeaderFields,
        PayloadFields,
        PayloadRequestFields,
        Properties,
        PropertiesLike,
        ReplyAddress,
        RequestFields,
        correlation_of,
        options_of,
        properties_of,
    )
    from iec61968_9.exchange.building.nouns import noun_of
    from iec61968_9.exchange.building.operations import (
        errors_by_operation,
        operation,
        operation_set,
        operations_of,
        removal,
    )
    from iec61968_9.exchange.building.replies import ErrorLike, IDLike, error, ids_of, is_failure, object_id
    from iec61968_9.exchange.building.system import (
        System,
        acknowledge,
        cancel,
        canceled,
        change,
        changed,
        close,
        closed,
        create,
        created,
        delete,
        deleted,
        execute,
        executed,
        fail,
        fault,
        get,
        partial,
        reply,
    )
    from iec61968_9.exchange.conversing.conversation import Conversation
    from iec61968_9.exchange.conversing.conversations import Conversations
    from iec61968_9.exchange.conversing.endings import Endings, known_endings
    from iec61968_9.exchange.conversing.outcomes import Outcome, OutcomeKind, Outcomes
    from iec61968_9.exchange.conversing.states import TRANSITIONS, Happening, Receipt, ReceiptKind, State
    from iec61968_9.exchange.conversing.subjects import Demand, DemandKind, Subject
    from iec61968_9.exchange.diagnosis import diagnose, diagnose_all
    from iec61968_9.exchange.forms.form import Form, SoapVersion, Style
    from iec61968_9.exchange.forms.jms import JmsFields, jms_fields
    from iec61968_9.exchange.forms.services import ServiceOperation, generic_operation, soap_action, typed_operation
    from iec61968_9.exchange.forms.soap import FaultCode
    from iec61968_9.exchange.forms.stream import MessageStream, iter_message
    from iec61968_9.exchange.forms.transport import AnyMessage, Received, read_message, write_fault, write_message
    from iec61968_9.exchange.occurrences import Occurrence, occurrences_in
    from iec61968_9.exchange.rules import FindingKind, Rule, Seen, exchange_rules, finding, finding_kinds
    from iec61968_9.exchange.serving.memory import Memory
    from iec61968_9.exchange.serving.service import Accepted, Offers, Refused, Service
    from iec61968_9.exchange.verbs import VERBS, Carries, Presence, VerbRule, event_verb, rule_of, standard_verb

__all__ = [
    "TRANSITIONS",
    "VERBS",
    "Accepted",
    "AddressKind",
    "AnyMessage",
    "Asks",
    "Carries",
    "Conversation",
    "Conversations",
    "Demand",
    "DemandKind",
    "Endings",
    "ErrorLike",
    "FaultCode",
    "FindingKind",
    "Form",
    "Happening",
    "HeaderFields",
    "IDLike",
    "JmsFields",
    "Memory",
    "MessageStream",
    "Occurrence",
    "Offers",
    "Outcome",
    "OutcomeKind",
    "Outcomes",
    "PayloadFields",
    "PayloadFile",
    "PayloadRequestFields",
    "Presence",
    "Properties",
    "PropertiesLike",
    "Receipt",
    "ReceiptKind",
    "Received",
    "Refused",
    "ReplyAddress",
    "RequestFields",
    "Rule",
    "Seen",
    "Service",
    "ServiceOperation",
    "SoapVersion",
    "State",
    "Style",
    "Subject",
    "System",
    "VerbRule",
    "acknowledge",
    "cancel",
    "canceled",
    "change",
    "changed",
    "close",
    "closed",
    "content_of",
    "correlation_of",
    "create",
    "created",
    "delete",
    "deleted",
    "diagnose",
    "diagnose_all",
    "error",
    "errors_by_operation",
    "event_verb",
    "exchange_rules",
    "execute",
    "executed",
    "fail",
    "fault",
    "file_of",
    "finding",
    "finding_kinds",
    "generic_operation",
    "get",
    "ids_of",
    "inflated",
    "is_failure",
    "iter_message",
    "jms_fields",
    "known_endings",
    "noun_of",
    "object_id",
    "occurrences_in",
    "operation",
    "operation_set",
    "operations_of",
    "options_of",
    "partial",
    "properties_of",
    "read_message",
    "removal",
    "reply",
    "rule_of",
    "soap_action",
    "standard_verb",
    "typed_operation",
    "write_fault",
    "write_message",
]

_HOMES = {
    "building.answers": ("Asks",),
    "building.compression": (
        "PayloadFile",
        "content_of",
        "file_of",
        "inflated",
    ),
    "conversing.conversation": ("Conversation",),
    "conversing.conversations": ("Conversations",),
    "diagnosis": ("diagnose", "diagnose_all"),
    "forms.form": (
        "Form",
        "SoapVersion",
        "Style",
    ),
    "building.headers": (
        "AddressKind",
        "HeaderFields",
        "PayloadFields",
        "PayloadRequestFields",
        "Properties",
        "PropertiesLike",
        "ReplyAddress",
        "RequestFields",
        "correlation_of",
        "options_of",
        "properties_of",
    ),
    "forms.jms": (
        "JmsFields",
        "jms_fields",
    ),
    "serving.memory": ("Memory",),
    "building.nouns": ("noun_of",),
    "building.operations": (
        "errors_by_operation",
        "operation",
        "operation_set",
        "operations_of",
        "removal",
    ),
    "conversing.endings": (
        "Endings",
        "known_endings",
    ),
    "conversing.outcomes": (
        "Outcome",
        "OutcomeKind",
        "Outcomes",
    ),
    "building.replies": (
        "ErrorLike",
        "IDLike",
        "error",
        "ids_of",
        "is_failure",
        "object_id",
    ),
    "occurrences": (
        "Occurrence",
        "occurrences_in",
    ),
    "rules": (
        "FindingKind",
        "Rule",
        "Seen",
        "exchange_rules",
        "finding",
        "finding_kinds",
    ),
    "forms.services": (
        "ServiceOperation",
        "generic_operation",
        "soap_action",
        "typed_operation",
    ),
    "serving.service": (
        "Accepted",
        "Offers",
        "Refused",
        "Service",
    ),
    "forms.soap": ("FaultCode",),
    "conversing.states": (
        "TRANSITIONS",
        "Happening",
        "Receipt",
        "ReceiptKind",
        "State",
    ),
    "forms.stream": (
        "MessageStream",
        "iter_message",
    ),
    "conversing.subjects": (
        "Demand",
        "DemandKind",
        "Subject",
    ),
    "building.system": (
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
    ),
    "forms.transport": (
        "AnyMessage",
        "Received",
        "read_message",
        "write_fault",
        "write_message",
    ),
    "verbs": (
        "VERBS",
        "Carries",
        "Presence",
        "VerbRule",
        "event_verb",
        "rule_of",
        "standard_verb",
    ),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}


if not TYPE_CHECKING:  # to a type checker a name that is not imported above is an error

    def __getattr__(name: str) -> object:
        if name not in _HOME:
            msg = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(msg)
        value: object = getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
