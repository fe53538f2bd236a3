"""Every exception that the library raises on purpose, split by who is at fault.

``DecodeError`` says that the input is wrong, ``EncodeError`` that the caller's object is, ``CodeError`` that a dotted
code is, ``IdentityError`` that an object cannot be told, ``ExchangeError`` that a message would break the rules of an
exchange. Each carries what happened as attributes, so that a program can act on it; the text is made
from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = [
    "CodeError",
    "DecodeError",
    "EncodeError",
    "ExchangeError",
    "IdentityError",
    "Iec61968Error",
    "LimitError",
    "SchemaError",
    "SchemaIssue",
    "SoapFaultError",
]


class Iec61968Error(Exception):
    """The root of the family: catch it to catch all that the library raises on purpose."""

    def __reduce__(self) -> tuple[object, ...]:
        return _restore, (type(self), self.args, self.__dict__)


def _restore(cls: type[Iec61968Error], args: tuple[object, ...], state: dict[str, object]) -> Iec61968Error:
    """Rebuild a pickled error without running its ``__init__`` again."""
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class _LocatedError(Iec61968Error):
    """An error at a place in a document.

    Attributes:
        message: What is wrong, in one sentence, without the place.
        path: Where, as a path of element names with positions (``/MeterReadings/MeterReading[2]/Meter``), or None.
        line: The line of the document, counted from 1, or None where it is not known.
        column: The column, counted from 1; known for syntax errors only.
        expected: What should have stood there, or None.
        got: What stood there, or None. Never the value of a member that holds a secret.
        reply_code: The code (IEC 61968-9 Annex B) with which a server would answer, or None.
        advice: What to do next, in a sentence or two, or None.
    """

    def __init__(
        self,
        message: str,
        *,
        path: str | None = None,
        line: int | None = None,
        column: int | None = None,
        expected: str | None = None,
        got: str | None = None,
        reply_code: str | None = None,
        advice: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.line = line
        self.column = column
        self.expected = expected
        self.got = got
        self.reply_code = reply_code
        self.advice = advice

    def __str__(self) -> str:
        text = self.message
        if self.expected is not None:
            text += f"; expected {self.expected}"
        if self.got is not None:
            text += f", got {self.got}" if self.expected is not None else f"; got {self.got}"
        place = [f"at {self.path}"] if self.path else []
        if self.line is not None:
            place.append(f"line {self.line}" if self.column is None else f"line {self.line}, column {self.column}")
        text = f"{text} ({', '.join(place)})" if place else text
        return f"{text}\n{self.advice}" if self.advice else text


class DecodeError(_LocatedError):
    """The input is at fault: it is not well formed, not of a known kind, or does not hold what it must.

    Attributes:
        envelope: The message, where one could be read but does not carry what was asked for, or None.
    """

    envelope: object | None = None


class LimitError(DecodeError):
    """The input exceeds a limit.

    Attributes:
        limit: The field of ``Limits`` that it exceeds.
    """

    def __init__(self, message: str, *, limit: str, path: str | None = None, line: int | None = None) -> None:
        advice = f"Where the sender is trusted, pass limits=Limits({limit}=...) with more."
        super().__init__(message, path=path, line=line, reply_code="3.1", advice=advice)
        self.limit = limit


class SoapFaultError(DecodeError):
    """The document is a SOAP fault: the other side refuses, and this is its answer.

    Attributes:
        version: The version of SOAP: ``"1.1"`` or ``"1.2"``.
        fault_code: Its code, without a prefix: ``"Server"``, ``"Client"``, ``"Receiver"``; with subcodes, separated by
            slashes. Empty if it has none.
        reason: What it says in words: SOAP 1.1's ``faultstring``, the first ``Text`` of SOAP 1.2. Empty if there are
            none.
        actor: Who says it (``faultactor``; ``Role`` or ``Node``), or None.
        detail: The content of its ``detail`` as XML, texts and elements, or None. What attributes ``detail`` itself has
            is not told.
        envelope: The ``FaultMessage`` in its detail, typed, or None.
        headers: The blocks of the envelope's header as ``ForeignElement``s, where ``exchange.read_message`` read it.
    """

    headers: tuple[object, ...] = ()

    def __init__(
        self,
        message: str,
        *,
        version: str,
        fault_code: str,
        reason: str,
        actor: str | None = None,
        detail: str | None = None,
        path: str | None = None,
        line: int | None = None,
        advice: str | None = None,
    ) -> None:
        super().__init__(message, path=path, line=line, advice=advice)
        self.version = version
        self.fault_code = fault_code
        self.reason = reason
        self.actor = actor
        self.detail = detail


@dataclass(frozen=True, slots=True)
class SchemaIssue:
    """One way in which a document departs from its schema.

    Attributes:
        path: Where, as a path of element names with positions.
        line: The line of the document, counted from 1, or None where it is not known.
        message: What is wrong, in one sentence.
        expected: What the schema allows there, or None.
        got: What stood there, or None.
        profile: The noun of the schema that says so (``"MeterReadings"``, ``"Message"``).
        kind: What kind of departure it is, for programs; lenient reading's findings have the same kinds.
            ``unknown-element``, ``unknown-attribute``, ``stray-text``, ``repeated-element``, ``misplaced-element``,
            ``missing-member``, ``unreadable-value``, ``unknown-literal``, ``several-branches``, ``other``.
    """

    path: str
    line: int | None
    message: str
    expected: str | None
    got: str | None
    profile: str
    kind: str = "other"

    def __str__(self) -> str:
        text = self.message
        if self.expected is not None:
            text += f"; expected {self.expected}"
        if self.got is not None:
            text += f", got {self.got}" if self.expected is not None else f"; got {self.got}"
        return f"{self.path}, line {self.line}: {text}" if self.line is not None else f"{self.path}: {text}"


class SchemaError(DecodeError):
    """A document does not have the structure that its schema demands.

    Attributes:
        issues: Every departure that was found, in document order.
        profile: The noun of the first issue's schema.
        status: How that schema came to be: ``"schema-backed"``, ``"pruned"`` or ``"derived"``.
        confidence: How sure the library is of it: ``"high"`` … ``"very low"``.
        advice: What to do when the sender insists that the message is right, or None.
    """

    def __init__(
        self, issues: Sequence[SchemaIssue], *, profile: str, status: str, confidence: str, advice: str | None = None
    ) -> None:
        first = issues[0]
        super().__init__(
            first.message,
            path=first.path,
            line=first.line,
            expected=first.expected,
            got=first.got,
            reply_code="1.8",
            advice=advice,
        )
        self.issues = tuple(issues)
        self.profile = profile
        self.status = status
        self.confidence = confidence

    def __str__(self) -> str:
        count = len(self.issues)
        head = f"not a valid {self.profile}: " if count == 1 else f"not a valid {self.profile}, {count} issues:\n  "
        text = head + "\n  ".join(str(issue) for issue in self.issues)
        return f"{text}\n{self.advice}" if self.advice else text


class EncodeError(_LocatedError):
    """The caller's object is at fault: it cannot be written as a valid document."""


class CodeError(Iec61968Error, ValueError):
    """A dotted code (reading type, quality, event, control, reply) is not of its form.

    Attributes:
        code: The text that was to be read.
        slot: The name of the part that is wrong, or None when the code as a whole is.
        position: The number of that part, counted from 1, or None.
        expected: What should have stood there.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str,
        slot: str | None = None,
        position: int | None = None,
        expected: str | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.slot = slot
        self.position = position
        self.expected = expected


class ExchangeError(Iec61968Error, ValueError):
    """A message that is to be built would break a rule of the exchange (IEC 61968-100), though its schema may allow it.

    Attributes:
        message: What is wrong, in one sentence.
        rule: The rule's number in the library's list (``R10``), or None where there is none.
        clause: The clause of IEC 61968-100 that it follows from, or None.
        advice: What to do instead, or None.
    """

    def __init__(
        self, message: str, *, rule: str | None = None, clause: str | None = None, advice: str | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.rule = rule
        self.clause = clause
        self.advice = advice

    def __str__(self) -> str:
        text = f"{self.message}; {self.advice}" if self.advice else self.message
        source = [self.rule] if self.rule else []
        source += [f"IEC 61968-100, {self.clause}"] if self.clause else []
        return f"{text} ({', '.join(source)})" if source else text


class IdentityError(Iec61968Error, ValueError):
    """What should say which object is meant says it of none, or of several.

    Attributes:
        rule: The number of the rule behind it (``R25``, ``R26``), or None.
    """

    def __init__(self, message: str, *, rule: str | None = None) -> None:
        super().__init__(message)
        self.rule = rule
