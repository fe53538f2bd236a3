"""Reading a message's payload item by item, in constant memory, in whatever form the message travels.

The items are read as ``iter_xml`` reads them. What stands around them is unwrapped twice: as far as it is there before
the first item, so that the message's header is known, and at the end, when all but the items is there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar, cast, overload

from iec61968_9._verbs import REGISTRY, Mode, check_mode
from iec61968_9.errors import DecodeError
from iec61968_9.exchange.forms.form import Form
from iec61968_9.exchange.forms.transport import check_typed, fault_error, header_blocks
from iec61968_9.exchange.forms.unwrapping import Unwrapping
from iec61968_9.xml.codec import Element
from iec61968_9.xml.dialect import DEFAULT_DIALECT, Dialect
from iec61968_9.xml.document import Document, local_name
from iec61968_9.xml.limits import DEFAULT_LIMITS, Limits
from iec61968_9.xml.parser import Source
from iec61968_9.xml.record import ForeignElement
from iec61968_9.xml.report import Finding, Report
from iec61968_9.xml.soap import fault_of
from iec61968_9.xml.streaming import ItemStream, Run, Stage

__all__ = ["MessageStream", "iter_message"]

T = TypeVar("T")


class _MessageRun(Run):
    """One pass over a message that may travel inside something else."""

    unwrapping: Unwrapping | None = None

    def check_root(self, piece: bytes, pieces: Iterator[bytes]) -> None:
        """Refuse what is no message. Nothing is known yet of most roots: they may be wrappers, or a fault's."""
        registered = self.find(self.source.root)
        if registered is not None and registered.profile.role != "envelope":
            raise DecodeError(
                f"a {registered.profile.role} stands here without an envelope",
                path=f"/{local_name(self.source.root)}",
                line=self.source.root_line,
                expected="a message",
                got=local_name(self.source.root),
                reply_code="2.5",
                advice="iter_xml reads the items of a payload that is a document of its own.",
            )

    def reach(self, document: Document, stage: Stage) -> None:
        """Find the message in SOAP, under a typed root or in an operation."""
        strict = self.strict and stage != "outline"
        unwrapping = Unwrapping(document, self.dialect, strict=strict, truncated=stage != "end")
        if stage == "outline":
            try:
                unwrapping.open()
            except DecodeError:  # it will be said when there is more than names
                document.top = document.root
            return
        if stage == "end":
            self.unwrapping = unwrapping
            fault = fault_of(document.root)
            if fault is not None:
                raise fault_error(unwrapping, fault, self.limits)
        unwrapping.open()
        if unwrapping.text is not None:
            unwrapping.refuse(
                unwrapping.text,
                "a message that is the text of an element has no items to stream",
                advice="read_message reads it as a whole.",
            )
        stream = cast("MessageStream[Any]", self.stream)
        stream.form = unwrapping.form
        blocks = unwrapping.soap.headers if unwrapping.soap is not None else ()
        stream.headers = header_blocks(document, blocks, self.limits)

    def finish(self, root: Element) -> None:
        """Read what is left, and hold it to the wrapper."""
        super().finish(root)
        stream, unwrapping = cast("MessageStream[Any]", self.stream), self.unwrapping
        assert unwrapping is not None  # noqa: S101  # reach() has been there
        if unwrapping.typed is not None:
            check_typed(unwrapping, unwrapping.typed, stream.envelope)
        stream.form, stream.findings = unwrapping.form, tuple(unwrapping.findings)
        if self.report is not None:
            self.report.findings += unwrapping.findings


class MessageStream(ItemStream[T]):
    """The items of a message's payload, one by one; made by ``iter_message``.

    Attributes:
        findings: What the wrappers gave to remark on; there after the last item.
    """

    run = _MessageRun
    findings: tuple[Finding, ...] = ()
    _form = Form()
    _headers: tuple[ForeignElement, ...] = ()

    @property
    def form(self) -> Form:
        """How the message travels. It can be looked at before the first item, as ``envelope`` can."""
        self.begin()
        return self._form

    @form.setter
    def form(self, form: Form) -> None:
        self._form = form

    @property
    def headers(self) -> tuple[ForeignElement, ...]:
        """The header blocks of SOAP; likewise."""
        self.begin()
        return self._headers

    @headers.setter
    def headers(self, headers: tuple[ForeignElement, ...]) -> None:
        self._headers = headers


@overload
def iter_message(
    source: Source,
    item: type[T],
    *,
    mode: Mode = "strict",
    dialect: Dialect | None = None,
    report: Report | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> MessageStream[T]: ...


@overload
def iter_message(
    source: Source,
    item: str,
    *,
    mode: Mode = "strict",
    dialect: Dialect | None = None,
    report: Report | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> MessageStream[Any]: ...


def iter_message(
    source: Source,
    item: type[Any] | str,
    *,
    mode: Mode = "strict",
    dialect: Dialect | None = None,
    report: Report | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> MessageStream[Any]:
    """Read the items of a message's payload one by one, in constant memory, in whatever form the message travels.

    Args:
        source: As in ``iter_xml``.
        item: As in ``iter_xml``: ``MeterReading`` or its element's name.
        mode: As in ``read_message``.
        dialect: As in ``read_message``.
        report: As in ``read_message``.
        limits: As in ``iter_xml``.

    Returns:
        A stream as ``iter_xml`` gives it, which also says how the message travels.

    Raises:
        DecodeError: As ``iter_xml`` and ``read_message``, while iterating; ``SoapFaultError`` for a SOAP fault.
    """
    check_mode(mode)
    return MessageStream(
        source,
        item,
        registry=REGISTRY,
        strict=mode == "strict",
        dialect=dialect or DEFAULT_DIALECT,
        report=report,
        limits=limits,
    )
