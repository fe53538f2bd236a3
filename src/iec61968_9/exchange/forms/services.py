"""What the WSDLs of IEC 61968-100 call things (8.3, Annexes C and D): operations, SOAP actions, services, ports.

A client that posts a message needs the action; who writes or checks a WSDL needs the rest.
"""

from __future__ import annotations

from typing import Any

import attrs

from iec61968_9.errors import EncodeError
from iec61968_9.exchange.forms.form import Form, Style
from iec61968_9.exchange.forms.unwrapping import ABSTRACT, OPERATIONS
from iec61968_9.exchange.forms.wrappers import EVENTS, MESSAGE, REQUESTS, WrapperNamespace
from iec61968_9.profiles.envelope import Verb

__all__ = ["ServiceOperation", "generic_operation", "soap_action", "typed_operation"]

BASE = "http://iec.ch/TC57/2011/"
GENERIC_ACTION = "http://iec.ch/61968/"


@attrs.frozen(kw_only=True)
class ServiceOperation:
    """An operation of a WSDL.

    Attributes:
        name: Its name.
        soap_action: Its SOAP action.
        request: The element that goes in, as ``{namespace}name``.
        response: The element that comes out.
        fault: The element in the detail of a fault.
        target_namespaces: The target namespaces that a WSDL with this operation may have.
        fault_name: The name of the fault. This and what follows is None or empty for the generic WSDL.
        port: The port.
        binding: The binding.
        services: The names that a service with this operation may have.
    """

    name: str
    soap_action: str
    request: str
    response: str
    fault: str
    target_namespaces: tuple[str, ...]
    fault_name: str | None = None
    port: str | None = None
    binding: str | None = None
    services: tuple[str, ...] = ()


def typed_operation(verb: Verb | str, noun: str) -> ServiceOperation:
    """The operation of a strongly typed service (Annex C) for a verb and a noun.

    Raises:
        ValueError: Annex C has no operation for the verb.
    """
    verb = Verb(verb)
    get = verb is Verb.GET
    if get:
        patterns: tuple[str, ...] = ("Get",)
    elif verb in REQUESTS.values():
        patterns = ("Request", "Execute")
    elif verb in EVENTS.values():
        patterns = ("Send", "Receive", "Reply")
    else:
        raise ValueError(f"Annex C has no operation for the verb {verb}")
    name = verb.value.capitalize() + noun
    namespace = WrapperNamespace(noun, get=get)
    return ServiceOperation(
        name=name,
        soap_action=f"{BASE}{'Get' if get else ''}{noun}/{name}",
        request=f"{{{namespace}}}{name}",
        response=f"{{{namespace}}}{noun}ResponseMessage",
        fault=f"{{{namespace}}}{noun}FaultMessage",
        target_namespaces=tuple(BASE + pattern + noun for pattern in patterns),
        fault_name=f"{name}Fault",
        port=f"{noun}_Port",
        binding=f"{noun}_Binding",
        services=tuple(pattern + noun for pattern in patterns),
    )


def generic_operation(name: str) -> ServiceOperation:
    """An operation of the generic WSDL (Annex D): ``Request``, ``Response`` or ``PublishEvent``.

    Raises:
        ValueError: It has no such operation.
    """
    if name not in OPERATIONS:
        raise ValueError(f"the generic WSDL has {', '.join(OPERATIONS)}, not {name}")
    return ServiceOperation(
        name=name,
        soap_action=GENERIC_ACTION + name,
        request=f"{{{MESSAGE}}}{OPERATIONS[name]}",
        response=f"{{{MESSAGE}}}ResponseMessage",
        fault=f"{{{MESSAGE}}}FaultMessage",
        target_namespaces=(ABSTRACT,),
    )


def soap_action(message: Any, form: Form) -> str:
    """The SOAP action with which a message is sent in a form.

    Raises:
        EncodeError: There is none, as for a fault, or for a reply under a typed root: that goes back on the connection
            of its request, or later as an event.
    """
    kind = type(message).__name__
    header = getattr(message, "header", None)
    if form.style is Style.TYPED:
        if header is not None and kind in {"RequestMessage", "EventMessage"}:
            try:
                return typed_operation(header.verb, header.noun).soap_action
            except ValueError as error:
                raise EncodeError(str(error), path=f"/{kind}/Header/Verb") from None
    elif kind in OPERATIONS.values():
        return next(GENERIC_ACTION + name for name, root in OPERATIONS.items() if root == kind)
    raise EncodeError("no operation sends such a message", path=f"/{kind}", got=kind)
