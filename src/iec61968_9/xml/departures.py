"""What a lenient reader sees of a message as a whole: before its codec reads it, and afterwards.

Before, what the codec could not find is put where it looks: an operation set in a wrapper's namespace, ``format`` for
``Format``. Afterwards, the envelope is looked at for what every schema lets pass: IDs without kind, queries in the
payload, operations without noun (T15, T24 to T27). What cannot be read with one meaning is refused: two payloads, two
operations of one number, a SOAP fault where data should be. Last comes the order of the elements (``order``).
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from iec61968_9.xml.codec import Element
from iec61968_9.xml.document import local_name, move, namespace_of
from iec61968_9.xml.lenient import LenientReading, is_placeholder
from iec61968_9.xml.order import misplaced, written
from iec61968_9.xml.record import Record
from iec61968_9.xml.registry import Registered
from iec61968_9.xml.report import Level
from iec61968_9.xml.soap import fault_of, soap_fault
from iec61968_9.xml.validation import departs

__all__ = ["finish", "inspect", "note_order", "prepare"]

FORMAT = "Format"
PAYLOAD = "Payload"
OPERATION_SET = "OperationSet"
OPERATION_VERBS = frozenset({"create", "change", "delete", "created", "changed", "deleted"})
ORDER_RULES = {"Header": "T5", "Request": "T25"}
"""The rules of order in parts of the envelope; everywhere else it is T28."""

_ADDRESS = re.compile(r"(?:topic|queue):\S.*|https?://(?!ip[:/])[^\s/:]+(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE)
_UUID = re.compile(r"(?:urn:uuid:)?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)


def prepare(reading: LenientReading) -> None:
    """Put what an envelope's codec would not find where it looks.

    Raises:
        SoapFaultError: A SOAP fault stands in the payload.
    """
    root = reading.document.top
    envelope = namespace_of(root.tag)
    if not reading.registry.is_envelope(envelope):
        return
    for payload in root.iterchildren(f"{{{envelope}}}Payload"):
        names = Counter(local_name(child.tag) for child in payload)
        for child in payload:
            name, namespace = local_name(child.tag), namespace_of(child.tag)
            fault = fault_of(child)
            if fault is not None:
                raise soap_fault(reading.document, fault, reading.registry, reading.dialect, reading.limits)
            if name == OPERATION_SET and namespace not in {"", envelope} and names[name] == 1:
                message = "OperationSet is in another namespace than the envelope's"
                reading.remark(child, "namespace", message, got=namespace, rule="T27")
                move(child, namespace, envelope)
            elif child.tag == f"{{{envelope}}}{FORMAT.lower()}" and _is_alone(child, names):
                reading.remark(child, "format-case", "Format is written in lower case", rule="T26")
                reading.document.sent[child] = str(child.tag)
                child.tag = f"{{{envelope}}}{FORMAT}"
                reading.keep_name(child, name)


def _is_alone(child: Element, names: Mapping[str, int]) -> bool:
    """Whether a format in lower case says something, and nothing else says the same."""
    return FORMAT not in names and names[FORMAT.lower()] == 1 and not is_placeholder(child.text)


def finish(reading: LenientReading, result: Record, registered: Registered) -> None:
    """Look at a document that was read.

    Raises:
        DecodeError: It carries two payloads, or two operations of one number.
    """
    document = reading.document
    inspect(reading)
    if reading.report is None:
        return
    if _has_late(document.top) or departs(document, registered, reading.registry, reading.dialect, reading.limits):
        note_order(reading, document.top, written(result, reading))


def _has_late(root: Element) -> bool:
    """Whether an element of the envelope stands behind a foreign one, which libxml2 lets some do that must not."""
    namespace = namespace_of(root.tag)
    parts = [part for part in root if namespace_of(part.tag) == namespace and local_name(part.tag) != PAYLOAD]
    return any(
        namespace_of(one.tag) != namespace and namespace_of(other.tag) == namespace
        for part in parts
        for one, other in itertools.pairwise(part)
    )


def note_order(reading: LenientReading, source: Element, order: Element, seen: Collection[Element] = ()) -> None:
    """Note the elements out of order, by what was written of the same; not inside those seen."""
    for element, other, is_late in misplaced(source, order, reading.aside, seen):
        parent = element.getparent()
        rule = "T28"
        if parent is not None and reading.registry.is_envelope(namespace_of(parent.tag)):
            rule = ORDER_RULES.get(local_name(parent.tag), rule)
        if other is None:
            if not reading.noted.intersection((element, *element)):  # which would say more
                message = (
                    f"what stands in {local_name(element.tag)} is not in an order, or number, that the schema allows"
                )
                reading.remark(element, "element-order", message, rule="T28")
            continue
        sides = ("behind", "before") if is_late else ("before", "behind")
        message = f"{local_name(element.tag)} stands {sides[0]} {local_name(other.tag)}, and belongs {sides[1]} it"
        reading.remark(element, "element-order", message, rule=rule)


def inspect(reading: LenientReading) -> None:
    """Look at an envelope.

    Raises:
        DecodeError: It carries two payloads, or two operations of one number.
    """
    root = reading.document.top
    envelope = namespace_of(root.tag)
    if not reading.registry.is_envelope(envelope):
        return
    parts = {local_name(part.tag): part for part in reversed(root) if namespace_of(part.tag) == envelope}
    header, request, reply, payload = (parts.get(name) for name in ("Header", "Request", "Reply", "Payload"))
    verb = "" if header is None else (header.findtext(f"{{{envelope}}}Verb") or "").strip().lower()
    if payload is not None:
        _refuse_payloads(reading, payload)
        for operations in payload.iterchildren(f"{{{envelope}}}{OPERATION_SET}"):
            _inspect_operations(reading, operations, envelope)
    if reading.report is None:
        return
    if header is not None:
        _inspect_address(reading, header.find(f"{{{envelope}}}ReplyAddress"))
    if request is not None:
        _inspect_request(reading, request, verb)
    if payload is not None:
        _inspect_payload(reading, payload, verb if local_name(root.tag) == "RequestMessage" else "")
    for part in (request, reply, payload):
        for element in _ids(part, envelope):
            if not element.get("kind"):
                _note_kind(reading, element)


def _role(reading: LenientReading, element: Element) -> str | None:
    """Whether an element is a payload or a query; None if nobody knows it."""
    registered = reading.registry.by_tag.get(str(element.tag))
    return None if registered is None else registered.profile.role


def _refuse_payloads(reading: LenientReading, payload: Element) -> None:
    found = [child for child in payload if _role(reading, child) == "payload"]
    if len(found) > 1:
        got = " and ".join(local_name(child.tag) for child in found[:3])
        message = "a message carries one payload, and this one carries several"
        reading.refuse(found[1], message, expected="one payload", got=got)


def _inspect_address(reading: LenientReading, address: Element | None) -> None:
    text = "" if address is None else (address.text or "").strip()
    if address is not None and text and not is_placeholder(text) and not _ADDRESS.fullmatch(text):
        message = "ReplyAddress is no address that a reply can be sent to"
        expected = "topic:NAME, queue:NAME or a URL"
        reading.remark(address, "reply-address", message, expected=expected, got=text, rule="T15")


def _inspect_request(reading: LenientReading, request: Element, verb: str) -> None:
    roles = [_role(reading, child) for child in request]
    has_query = "query" in roles
    for child, role in zip(request, roles, strict=True):
        name = local_name(child.tag)
        if role == "payload" and verb == "get":
            message = f"a get asks with {name}, which is no Get profile"
            reading.remark(child, "query-without-get", message, rule="T25")
        elif role == "payload":
            message = f"{name} stands in Request, where IDs belong"
            reading.remark(child, "profile-in-request", message, rule="T25")
        elif name == "ID" and role is None and has_query:
            reading.remark(child, "id-beside-query", "an ID stands beside a query, and the query counts", rule="T25")


def _inspect_payload(reading: LenientReading, payload: Element, verb: str) -> None:
    if not len(payload) and not (payload.text or "").strip():
        reading.remark(payload, "payload-empty", "the payload is empty", rule="T26")
    contents = [child for child in payload if namespace_of(child.tag) != namespace_of(payload.tag)]
    if len(contents) > 1:
        reading.remark(contents[1], "several-payloads", "the payload has several roots", rule="T26")
    for child in contents:
        role = _role(reading, child)
        if role == "query" or (role == "payload" and verb == "get"):
            message = f"{local_name(child.tag)} stands in Payload; what a get asks with belongs into Request"
            reading.remark(child, "query-in-payload", message, rule="T25")


def _inspect_operations(reading: LenientReading, operations: Element, envelope: str) -> None:
    seen: set[str] = set()
    for operation in operations.iterchildren(f"{{{envelope}}}Operation"):
        number = (operation.findtext(f"{{{envelope}}}operationId") or "").strip().lstrip("+0")
        if number and number in seen:
            message = "two operations have the same operationId"
            reading.refuse(operation, message, expected="a number of its own", got=number)
        seen.add(number)
        contents = [local_name(child.tag) for child in operation if _role(reading, child) is not None]
        for name in ("noun", "verb"):
            if operation.find(f"{{{envelope}}}{name}") is None:
                of = f"; it carries {contents[0]}" if contents and name == "noun" else ""
                reading.remark(operation, f"operation-{name}-missing", f"an operation has no {name}{of}", rule="T27")
        verb = operation.find(f"{{{envelope}}}verb")
        text = "" if verb is None else (verb.text or "").strip()
        if verb is not None and text not in OPERATION_VERBS and text.lower() in OPERATION_VERBS:
            message = "the operation's verb is not in lower case"
            reading.remark(verb, "operation-verb-case", message, got=text, rule="T27")


def _ids(part: Element | None, envelope: str) -> Iterator[Element]:
    """The IDs in a part of an envelope, and in the errors of a reply."""
    if part is not None:
        yield from part.iterchildren(f"{{{envelope}}}ID", f"{{{envelope}}}relatedID")
        for error in part.iterchildren(f"{{{envelope}}}Error"):
            yield from (one for one in _ids(error, envelope) if one.get("kind") is None)  # an empty one is usual: T22


def _note_kind(reading: LenientReading, element: Element) -> None:
    is_uuid = _UUID.fullmatch((element.text or "").strip()) is not None
    message = f"the ID does not say its kind; by its shape it is a {'uuid' if is_uuid else 'name'}"
    level: Level = "note" if is_uuid else "warning"
    reading.remark(element, "id-kind-missing", message, got=element.text or "", rule="T24", level=level)
