"""The server's side: look at what comes in, and have the refusal ready where it cannot be acted upon.

What cannot be read is answered with a fault, unless the trouble lies in the content alone: then the header can be read,
and a reply says what is wrong (IEC 61968-100, 6.7). What can be read passes the service's own rules: environment,
agreed header fields, source, revision, and what is compressed; then the diagnosis, of which the kinds with a reply code
refuse; then what is offered; last whether it was received before. Nothing is ever answered to an event, to a one-way
request, or to the repetition of a request.

A service remembers the messages that it accepted (``Memory``). Sending is the caller's.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Final, TypeAlias, cast

import attrs

from iec61968_9._verbs import Mode
from iec61968_9.errors import DecodeError, ExchangeError, SchemaError
from iec61968_9.exchange.building.compression import content_of
from iec61968_9.exchange.building.nouns import noun_of, payload_noun
from iec61968_9.exchange.building.replies import error
from iec61968_9.exchange.building.system import System
from iec61968_9.exchange.diagnosis import diagnose_inflated
from iec61968_9.exchange.forms.form import Form
from iec61968_9.exchange.forms.transport import AnyMessage, Received, read_message
from iec61968_9.exchange.rules import finding, finding_kinds
from iec61968_9.exchange.serving.memory import Memory
from iec61968_9.exchange.verbs import standard_verb
from iec61968_9.profiles.envelope import (
    Error,
    EventMessage,
    FaultMessage,
    Header,
    Message,
    Operation,
    OperationSet,
    Payload,
    RequestMessage,
    ResponseMessage,
    Verb,
)
from iec61968_9.xml.dialect import Dialect
from iec61968_9.xml.limits import DEFAULT_LIMITS, Limits
from iec61968_9.xml.naming import member_name
from iec61968_9.xml.parser import Source, bytes_of
from iec61968_9.xml.record import Record
from iec61968_9.xml.report import Finding

__all__ = ["Accepted", "Offers", "Refused", "Service"]

Offers: TypeAlias = Mapping[Any, Collection[str]]
"""What a service does: for each noun, or class of its payload, the verbs of requests and of events that it takes."""

NOT_VALID: Final = "1.8"
BAD_NOUN: Final = "2.5"
BAD_VERB: Final = "2.9"
NOT_ATTEMPTED: Final = "5.2"
ROLLED_BACK: Final = "5.9"
ENVELOPE: Final = "Message"
"""The schema of the envelope, as issues name it."""
MANY: Final = 20
"""How many findings an answer tells of; all are on the refusal. Of operations it names every one."""


@attrs.frozen(kw_only=True)
class Accepted:
    """A message that the service can act upon.

    Attributes:
        message: The message: a request, or an event.
        findings: What the diagnosis remarks on, and what lenient reading tolerated.
        form: How it travelled, where it was read here; ``form.answering()`` is the form of the reply.
        wants_reply: Whether a reply is to be sent: not after an event or a one-way request.
    """

    message: AnyMessage
    findings: tuple[Finding, ...] = ()
    form: Form | None = None
    wants_reply: bool = True

    @property
    def request(self) -> RequestMessage[Any]:
        """The message, where it is a request.

        Raises:
            LookupError: It is an event.
        """
        if isinstance(self.message, RequestMessage):
            return self.message
        raise LookupError(f"a {type(self.message).__name__} is no request")


@attrs.frozen(kw_only=True)
class Refused:
    """A message that is not acted upon.

    Attributes:
        code: The reply code that says why: ``2.9``. A reply or a fault, which no code is for, has that of a bad verb.
        reason: The same in a sentence.
        answer: What to send back: a reply where the request's header can be read, else a fault. None where nothing is
            sent: to events, one-way requests, replies and faults, and to a request that was accepted before, whose
            sender would take it for the answer to that.
        findings: Everything that was found, for the log.
        message: What could be read of the message, or None.
        form: How it travelled, where that is known.
        cause: The error with which reading ended, or None.
    """

    code: str
    reason: str
    answer: ResponseMessage[Any] | FaultMessage | None
    findings: tuple[Finding, ...] = ()
    message: AnyMessage | None = None
    form: Form | None = None
    cause: DecodeError | None = None


@attrs.frozen
class _Verdict:
    """What came of looking at a message.

    Attributes:
        findings: Everything that was found.
        refusing: Those for which it is refused; none where it is accepted.
        errors: What the answer says, where that is more than the refusing findings.
        cause: The error with which reading ended, or None.
        dropped: Whether nothing is answered, since an answer would be taken for that to another message.
    """

    findings: tuple[Finding, ...]
    refusing: tuple[Finding, ...] = ()
    errors: tuple[Error, ...] = ()
    cause: DecodeError | None = None
    dropped: bool = False

    @classmethod
    def refused(cls, *findings: Finding, errors: Iterable[Error] = ()) -> _Verdict:
        """A refusal for each of some findings."""
        return cls(findings, findings, tuple(errors))

    @classmethod
    def unreadable(cls, cause: DecodeError) -> _Verdict:
        """A refusal of what cannot be read."""
        found = (finding("message-invalid", cause.path or "/", str(cause)),)
        return cls(found, found, (error(cause.reply_code or NOT_VALID, details=str(cause)),), cause)


class Service:
    """What a system serves, and for whom. Threads may share one.

    Args:
        system: The system that answers; its defaults are in every answer.
        offers: What it does; None for everything.
        context: The environment, such as ``PRODUCTION``: what is for another is refused (7.7). None for the system's
            own, an empty text for any. A message that says none passes, unless ``required`` has ``Context``.
        sources: The systems that it serves; None for all.
        revisions: The revisions that it reads; None for all. A message that says none has revision 1.
        required: Header fields that partners agreed to send, by their element names: ``CorrelationID``.
        memory: What remembers accepted messages; None for one of a day. Services that share work share one.
        mode: How it reads: ``lenient`` takes what real systems send, as far as it can be understood.
        dialect: The partners' namespaces.
        limits: How much it reads.
    """

    def __init__(
        self,
        system: System | None = None,
        *,
        offers: Offers | None = None,
        context: str | None = None,
        sources: Collection[str] | None = None,
        revisions: Collection[str] | None = None,
        required: Iterable[str] = (),
        memory: Memory | None = None,
        mode: Mode = "strict",
        dialect: Dialect | None = None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self.system = system or System()
        self.context = self.system.context if context is None else context or None
        self.sources = sources
        self.revisions = revisions
        self.required = tuple(required)
        self.memory = memory or Memory()
        self.mode: Mode = mode
        self.dialect = dialect
        self.limits = limits
        self.offers = None if offers is None else {noun_of(noun): _verbs(verbs) for noun, verbs in offers.items()}
        unknown = [name for name in self.required if not hasattr(Header, member_name(name))]
        if unknown:
            raise ValueError(f"a header has no {', '.join(unknown)}")

    def check(
        self, received: Source | AnyMessage, *, now: datetime.datetime | None = None, answerable: bool = True
    ) -> Accepted | Refused:
        """Look at what came in.

        Args:
            received: The document, in any form that ``read_message`` knows; or a message that was read already.
            now: The present moment, aware; None asks the system's clock.
            answerable: Whether there is a way back. A topic has none: what cannot be read is then dropped as well.

        Returns:
            The message, or the refusal with the answer to send.

        Raises:
            OSError: The source cannot be read.
        """
        now = now or self.system.clock()
        form: Form | None = None
        tolerated: tuple[Finding, ...] = ()
        if isinstance(received, Record):
            message: AnyMessage = received
        else:
            data: str | bytes = received if isinstance(received, str) else b""
            try:
                data = data or bytes_of(received, self.limits)  # a file can be read once only
                read = read_message(data, mode=self.mode, dialect=self.dialect, limits=self.limits)
            except DecodeError as cause:
                refused = self._unreadable(data, cause)
                return refused if answerable else attrs.evolve(refused, answer=None)
            message, form, tolerated = read.message, read.form, read.findings
        verdict = self._look(message, now)
        if not verdict.refusing:
            findings = tolerated + verdict.findings
            return Accepted(message=message, findings=findings, form=form, wants_reply=_wants_reply(message))
        refused = self._refused(message, verdict)
        return attrs.evolve(
            refused, findings=tolerated + refused.findings, form=form, answer=refused.answer if answerable else None
        )

    # -- reading ---------------------------------------------------------------------------------------------------

    def _unreadable(self, received: Source, cause: DecodeError) -> Refused:
        """The refusal of what cannot be read: a reply where only the content is at fault, else a fault (R21)."""
        verdict = _Verdict.unreadable(cause)
        read = self._envelope(received, cause)
        if read is None:
            return _refused(verdict, self.system.fault(*verdict.errors))
        return attrs.evolve(self._refused(read.message, verdict), form=read.form)

    def _envelope(self, received: Source, cause: DecodeError) -> Received[AnyMessage] | None:
        """The message with its faulty content, if its envelope is as it should be; and whatever is no request."""
        try:
            read = read_message(received, mode="lenient", dialect=self.dialect, limits=self.limits)
        except DecodeError:
            return None
        if not _wants_reply(read.message):
            return read
        if any(found.kind == "wrapper-and-noun-disagree" for found in read.findings):
            return None  # a reply has the message's noun, and would not fit into the wrapper
        issues = cause.issues if isinstance(cause, SchemaError) else ()
        sound = all(issue.profile != ENVELOPE for issue in issues) if issues else cause.reply_code == BAD_NOUN
        return read if sound else None

    # -- looking ---------------------------------------------------------------------------------------------------

    def _look(self, message: AnyMessage, now: datetime.datetime) -> _Verdict:
        """Hold a message to the service's rules, to those of the exchange, and to what was received before."""
        root = f"/{type(message).__name__}"
        header: Header | None = getattr(message, "header", None)
        if isinstance(message, FaultMessage | ResponseMessage):
            return _Verdict.refused(finding("not-a-request", root))
        if header is None:  # lenient reading lets it be missing
            return _Verdict.refused(finding("message-invalid", root, "the header is missing"))
        refusing = next(self._strangers(header, f"{root}/Header"), None)
        if refusing is not None:
            return _Verdict.refused(refusing)
        try:
            inflated = self._read_compressed(message)
        except DecodeError as cause:
            return _Verdict.unreadable(cause)
        found = tuple(diagnose_inflated(message, inflated, now))
        wrong = tuple(one for one in found if finding_kinds()[one.kind].code is not None)
        if wrong:
            return _Verdict(found, wrong)
        not_offered = self._not_offered(message, header, root)
        if not_offered is not None:
            return not_offered
        repeated = self.memory.repeated(header, now)
        if repeated is not None:
            verdict = _Verdict.refused(finding("replayed", f"{root}/Header/MessageID", repeated))
            return attrs.evolve(verdict, dropped=self.memory.is_again(header))
        return _Verdict(found)

    def _strangers(self, header: Header, path: str) -> Iterator[Finding]:
        """Messages for another environment, without what was agreed, of an unknown source or revision."""
        context = header.context
        if self.context is not None and context is not None and _folded(context) != _folded(self.context):
            yield finding(
                "wrong-environment", f"{path}/Context", f"this is {self.context}, the message is for {context}"
            )
        for element in self.required:
            value = getattr(header, member_name(element))
            if value is None or value == [] or (isinstance(value, str) and not value.strip()):
                yield finding("header-field-missing", f"{path}/{element}", f"{element} is missing")
        if self.sources is not None and header.source not in self.sources:
            said = f"{header.source} is not served here" if header.source is not None else "there is no Source"
            yield finding("source-not-known", f"{path}/Source", said)
        if self.revisions is not None and (header.revision or "1") not in self.revisions:
            yield finding(
                "revision-not-supported", f"{path}/Revision", f"revision {header.revision or '1'} is not read"
            )

    def _read_compressed(self, message: AnyMessage) -> object:
        """Hold compressed XML to what plain XML was held to when the message was read, and return what it is, or None.

        Raises:
            DecodeError: It cannot be inflated within the limits, is not valid, or is not what the noun says.
        """
        payload: Payload[Any] | None = getattr(message, "payload", None)
        if payload is not None and payload.compressed is not None:
            with suppress(LookupError):  # a file is the application's
                return content_of(cast("Any", message), mode=self.mode, dialect=self.dialect, limits=self.limits)
        return None

    def _not_offered(self, message: AnyMessage, header: Header, root: str) -> _Verdict | None:
        """Whether something is wanted that the service does not do, be it by one operation of a set."""
        if self.offers is None:
            return None
        kind = self._missing(header.noun, header.verb)
        if kind is not None:
            element = "Noun" if kind == "noun-not-offered" else "Verb"
            said = f"{header.verb} {header.noun} is not offered"
            return _Verdict.refused(finding(kind, f"{root}/Header/{element}", said))
        operations: OperationSet | None = getattr(getattr(message, "payload", None), "operation_set", None)
        if operations is None:
            return None
        others = ROLLED_BACK if operations.enforce_transactional_integrity else NOT_ATTEMPTED
        found: list[Finding] = []
        errors: list[Error] = []
        for number, operation in enumerate(operations.operation, 1):
            noun = _noun(operation)
            kind = self._missing(noun, operation.verb)
            if kind is None:
                errors.append(error(others, operation_id=operation.operation_id))
                continue
            step = f"Operation[{number}]" if len(operations.operation) > 1 else "Operation"
            path = f"{root}/Payload/OperationSet/{step}/{'noun' if kind == 'noun-not-offered' else 'verb'}"
            found.append(finding(kind, path, f"{operation.verb} {noun} is not offered"))
            errors.append(_error(found[-1], operation.operation_id))
        return _Verdict.refused(*found, errors=errors) if found else None

    def _missing(self, noun: str | None, verb: str | None) -> str | None:
        """Which of noun and verb the service does not offer."""
        offered = (self.offers or {}).get(noun or "")
        if offered is None:
            return "noun-not-offered"
        return None if standard_verb(verb) in offered else "verb-not-offered"

    # -- refusing --------------------------------------------------------------------------------------------------

    def _refused(self, message: AnyMessage, verdict: _Verdict) -> Refused:
        """The refusal with its answer."""
        answer: ResponseMessage[Any] | FaultMessage | None = None
        if _wants_reply(message) and not verdict.dropped:
            errors = verdict.errors or tuple(_error(one) for one in verdict.refusing[:MANY])
            try:
                answer = self.system.fail(message, *errors)  # type: ignore[arg-type]  # no fault wants a reply
            except ExchangeError:  # without a noun there is nothing to repeat
                answer = self.system.fault(*errors)
        return _refused(verdict, answer, message)


def _refused(
    verdict: _Verdict, answer: ResponseMessage[Any] | FaultMessage | None, message: AnyMessage | None = None
) -> Refused:
    """A verdict for the caller."""
    main, cause = verdict.refusing[0], verdict.cause
    code = finding_kinds()[main.kind].code or BAD_VERB if cause is None else cause.reply_code or NOT_VALID
    return Refused(
        code=code, reason=main.message, answer=answer, findings=verdict.findings, message=message, cause=cause
    )


def _verbs(verbs: Collection[str]) -> frozenset[Verb]:
    """Verbs as the standard spells them."""
    if isinstance(verbs, str):
        verbs = (verbs,)
    found = {text: standard_verb(text) for text in verbs}
    unknown = [text for text, verb in found.items() if verb is None]
    if unknown:
        raise ValueError(f"no verb of the standard: {', '.join(unknown)}")
    return frozenset(verb for verb in found.values() if verb is not None)


def _noun(operation: Operation) -> str | None:
    """The noun of an operation; that of its payload where a partner left it out, which the schema allows (T27)."""
    if operation.noun is None and operation.content is not None:
        with suppress(ExchangeError):
            return payload_noun(operation.content)
    return operation.noun


def _folded(text: str) -> str:
    return text.strip().casefold()


def _wants_reply(message: AnyMessage) -> bool:
    """Whether a message is to be answered: a request that is not one-way."""
    if isinstance(message, EventMessage | ResponseMessage | FaultMessage):
        return False
    header: Header | None = getattr(message, "header", None)  # which lenient reading lets be missing
    if header is None:
        return True
    verb = standard_verb(header.verb) if isinstance(message, Message) else None
    tells = verb is not None and (verb is Verb.REPLY or verb.endswith("ed"))
    return not tells and header.ack_required is not False


def _error(found: Finding, operation: int | None = None) -> Error:
    """An entry of the answer: code and reason from the table, the place in its details."""
    kind = finding_kinds()[found.kind]
    return error(
        kind.code or BAD_VERB, reason=kind.title, details=f"{found.message} ({found.path})", operation_id=operation
    )
