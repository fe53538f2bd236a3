"""Messages as they travel: ``read_message`` and ``write_message``, for every form that a ``Form`` can say.

``from_xml`` reads a message that is the whole document. These two also find it inside SOAP and under the roots of
Annexes C and D, give the same typed objects, say how it travelled, and write an answer in the same form. There is one
parse and one validation, by the same code; paths and lines are those of the document as it was sent.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Generic, TypeAlias, TypeVar, overload

import attrs

from iec61968_9._verbs import REGISTRY, Mode, check_mode, read_document
from iec61968_9.errors import DecodeError, EncodeError, SoapFaultError
from iec61968_9.exchange.forms.form import Form, Style
from iec61968_9.exchange.forms.soap import FaultCode, close_fault, open_fault
from iec61968_9.exchange.forms.unwrapping import Unwrapping
from iec61968_9.exchange.forms.wrappers import TypedRoot, departures, root_for
from iec61968_9.exchange.forms.wrapping import Wrapping
from iec61968_9.profiles.envelope import EventMessage, FaultMessage, Message, RequestMessage, ResponseMessage
from iec61968_9.xml.codec import Element
from iec61968_9.xml.dialect import DEFAULT_DIALECT, Dialect
from iec61968_9.xml.document import Document
from iec61968_9.xml.limits import DEFAULT_LIMITS, Limits
from iec61968_9.xml.parser import Source, check_attributes, parse
from iec61968_9.xml.record import ForeignElement
from iec61968_9.xml.report import Finding, Report
from iec61968_9.xml.soap import fault_of, soap_fault

__all__ = ["AnyMessage", "Received", "read_message", "write_fault", "write_message"]

AnyMessage: TypeAlias = Message[Any] | RequestMessage[Any] | ResponseMessage[Any] | EventMessage[Any] | FaultMessage
"""A message of any kind."""

M = TypeVar("M")

PLAIN = Form()


@attrs.frozen(kw_only=True)
class Received(Generic[M]):
    """A message with how it came.

    Attributes:
        message: The message.
        form: How it travelled; ``form.answering()`` is the form for the reply.
        headers: The header blocks of SOAP, as they were.
        findings: What was tolerated in lenient mode, and notes in either.
    """

    message: M
    form: Form
    headers: tuple[ForeignElement, ...] = ()
    findings: tuple[Finding, ...] = ()


# -- reading -------------------------------------------------------------------------------------------------------


@overload
def read_message(
    source: Source,
    expected: type[M],
    *,
    mode: Mode = "strict",
    dialect: Dialect | None = None,
    report: Report | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Received[M]: ...


@overload
def read_message(
    source: Source,
    expected: None = None,
    *,
    mode: Mode = "strict",
    dialect: Dialect | None = None,
    report: Report | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Received[AnyMessage]: ...


def read_message(
    source: Source,
    expected: type[Any] | None = None,
    *,
    mode: Mode = "strict",
    dialect: Dialect | None = None,
    report: Report | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Received[Any]:
    """Read a message in whatever form it travelled: bare, in SOAP 1.1 or 1.2, under a typed root or in an operation.

    Args:
        source: As in ``from_xml``.
        expected: The class that the message must be, such as ``ResponseMessage[MeterReadings]``.
        mode: ``strict`` takes the forms of IEC 61968-100 (8.3, Annexes C and D) and validates as ``from_xml`` does.
            ``lenient`` also takes what partners make of them, and reports it.
        dialect: As in ``from_xml``; its aliases hold for the wrappers' namespaces as well.
        report: Where findings go beside ``Received.findings``.
        limits: As in ``from_xml``.

    Raises:
        SoapFaultError: The partner answered with a SOAP fault.
        DecodeError: It is no message, in no known form, or not what was expected.
        SchemaError: The message is not valid; paths and lines are those of the whole document. Strict mode only.
        LimitError: It exceeds a limit.
        OSError: The source cannot be read.
    """
    check_mode(mode)
    dialect = dialect or DEFAULT_DIALECT
    found = Report()
    try:
        document = parse(source, limits)
        unwrapping = Unwrapping(document, dialect, strict=mode == "strict")
        unwrapping.findings = found.findings
        fault = fault_of(document.root)
        if fault is not None:
            raise fault_error(unwrapping, fault, limits)
        unwrapping.open()
        headers = header_blocks(unwrapping.document, unwrapping.soap.headers if unwrapping.soap else (), limits)
        if unwrapping.text is not None:
            document = _inner(unwrapping, unwrapping.text, limits)
        message = read_document(
            document,
            expected,
            strict=unwrapping.strict,
            dialect=dialect,
            report=found,
            limits=limits,
        )
        if unwrapping.typed is not None:
            check_typed(unwrapping, unwrapping.typed, message)
    finally:
        if report is not None:
            report.findings += found.findings
    return Received(message=message, form=unwrapping.form, headers=headers, findings=tuple(found))


def header_blocks(document: Document, blocks: Iterable[Element], limits: Limits) -> tuple[ForeignElement, ...]:
    """Header blocks of SOAP, as they are."""
    found: list[ForeignElement] = []
    for block in blocks:
        check_attributes(document, block, limits)
        found.append(ForeignElement.of(block))
    return tuple(found)


def fault_error(unwrapping: Unwrapping, fault: Element, limits: Limits) -> SoapFaultError:
    """The error for a SOAP fault, with the header blocks that came with it."""
    document = unwrapping.document
    error = soap_fault(document, fault, REGISTRY, unwrapping.dialect, limits)
    error.headers = header_blocks(document, document.root.iterfind("{*}Header/*"), limits)
    if error.envelope is None:
        unwrapping.note(fault, "fault-without-message")
    return error


def check_typed(unwrapping: Unwrapping, root: TypedRoot, message: Any) -> None:
    """Hold a message to what its typed root says and to what Annex C lets stand under one."""
    header = getattr(message, "header", None)
    verb, noun = getattr(header, "verb", None), getattr(header, "noun", None)
    if root.verb is not None and verb is not None and verb != root.verb:
        place = unwrapping.element("Header", "Verb")
        unwrapping.depart(place, "wrapper-and-verb-disagree", "the root and the Verb disagree", root.verb, str(verb))
    nouns = {root.noun, "OperationSet"} if root.operation_set else {root.noun}
    if noun is not None and noun not in nouns:
        place = unwrapping.element("Header", "Noun")
        unwrapping.depart(place, "wrapper-and-noun-disagree", "the root and the Noun disagree", root.noun, noun)
    if not root.operation_set:
        for steps, text, expected, got in departures(message, root.noun):
            unwrapping.depart(unwrapping.element(*steps), "wrapper-content", text, expected, got)
    sent = unwrapping.document.sent.get(unwrapping.document.top)
    with suppress(EncodeError):  # where there is no root for it, what was sent is not it
        if root_for(message, root.noun) == sent:
            sent = None
    unwrapping.form = attrs.evolve(unwrapping.form, root=sent)


class _Text(Document):
    """A document that is the text of an element. Paths and lines are those of the document around it."""

    __slots__ = ("_lines_before", "_outer")

    def __init__(self, inner: Document, outer: str, before: int) -> None:
        super().__init__(inner.root, inner.data, inner.encoding)
        self._outer = outer
        self._lines_before = before

    def path(self, element: Element) -> str:
        return self._outer + super().path(element)

    def line(self, element: Element) -> int | None:
        line = super().line(element)
        return None if line is None else line + self._lines_before


def _inner(unwrapping: Unwrapping, element: Element, limits: Limits) -> Document:
    """The document in an element's text."""
    path, line = unwrapping.document.path(element), unwrapping.document.line(element) or 1
    text = element.text or ""
    before = line - 1 + text[: len(text) - len(text.lstrip())].count("\n")
    try:
        return _Text(parse(text.strip(), limits), path, before)
    except DecodeError as error:
        error.path = path + (error.path or "")
        error.line = None if error.line is None else error.line + before
        raise


# -- writing -------------------------------------------------------------------------------------------------------


def write_message(
    message: AnyMessage,
    form: Form = PLAIN,
    *,
    headers: Iterable[ForeignElement] = (),
    mode: Mode = "strict",
    dialect: Dialect | None = None,
    pretty: bool = False,
    xml_declaration: bool = True,
) -> bytes:
    """Write a message in a form.

    Args:
        message: The message. A ``FaultMessage`` in a form with SOAP becomes the detail of a SOAP fault.
        form: How it travels; ``received.form.answering()`` answers in the same way.
        headers: Header blocks of SOAP.
        mode: ``strict`` gives what IEC 61968-100 has, schema-valid; ``lenient`` writes what lenient reading read.
        dialect: As in ``to_xml``.
        pretty: As in ``to_xml``.
        xml_declaration: As in ``to_xml``.

    Raises:
        EncodeError: The message cannot be written, or not in this form.
    """
    if isinstance(message, FaultMessage) and form.soap is not None and form.style is not Style.TEXT:
        return write_fault(
            message,
            form,
            headers=headers,
            mode=mode,
            dialect=dialect,
            pretty=pretty,
            xml_declaration=xml_declaration,
        )
    writing = Wrapping(message, form, mode, dialect)
    return writing.written(headers, writing.message, pretty=pretty, xml_declaration=xml_declaration)


def write_fault(
    fault: FaultMessage | None,
    form: Form,
    *,
    code: FaultCode = FaultCode.SENDER,
    reason: str | None = None,
    actor: str | None = None,
    headers: Iterable[ForeignElement] = (),
    mode: Mode = "strict",
    dialect: Dialect | None = None,
    pretty: bool = False,
    xml_declaration: bool = True,
) -> bytes:
    """Write a SOAP fault.

    Args:
        fault: The message for its detail; None where the fault has nothing to do with the message.
        form: A form with SOAP. In typed style the detail holds ``<Noun>FaultMessage``, and the form must have the
            namespace, as ``received.form.answering()`` has.
        code: Who is to blame. The default fits what faults are for: a request that is not well formed or not valid.
        reason: A text for people; None takes the reason of the message's first error.
        actor: Who failed, as a URI, if that is not the receiver the request was meant for.
        headers: Header blocks of SOAP.
        mode: As in ``write_message``.
        dialect: As in ``write_message``.
        pretty: As in ``write_message``.
        xml_declaration: As in ``write_message``.

    Raises:
        EncodeError: The message cannot be written, or the form has no SOAP.
    """
    version = form.soap
    if version is None:
        raise EncodeError("a SOAP fault needs a form with SOAP", path="/")
    if reason is None:
        errors = fault.reply.error if fault is not None else []
        texts = [text for error in errors for text in (error.reason, error.details) if text]
        reason = texts[0] if texts else "The message could not be processed"
    writing = Wrapping(fault, form, mode, dialect)

    def body() -> None:
        open_fault(writing.writing, version, code, reason, actor)
        if fault is not None:
            writing.message()
        close_fault(writing.writing, version)

    return writing.written(headers, body, pretty=pretty, xml_declaration=xml_declaration)
