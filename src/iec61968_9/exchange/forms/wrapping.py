"""Putting a message into the form in which it travels: the counterpart of finding it there.

The envelope is written by its own codec; what stands around it is put before and behind, and under a typed root a few
elements get the wrapper's prefix. So a message is written once, whatever its form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Literal, NoReturn

from iec61968_9._verbs import REGISTRY, to_xml
from iec61968_9.errors import EncodeError
from iec61968_9.exchange.forms.form import Form, Style
from iec61968_9.exchange.forms.soap import close_envelope, open_envelope
from iec61968_9.exchange.forms.unwrapping import ABSTRACT, OPERATIONS
from iec61968_9.exchange.forms.wrappers import (
    YEAR,
    LenientMarking,
    Marking,
    WrapperNamespace,
    departures,
    rename,
    root_for,
)
from iec61968_9.profiles.envelope import EventMessage, FaultMessage, RequestMessage, Verb
from iec61968_9.xml.codec import fits
from iec61968_9.xml.dialect import DEFAULT_DIALECT, Dialect
from iec61968_9.xml.document import local_name, namespace_of
from iec61968_9.xml.layout import DECLARATION, assemble, encoded
from iec61968_9.xml.record import ForeignElement

__all__ = ["Wrapping"]

PREFIX = "w"
PART_PREFIX = "p"


class Wrapping:
    """Writing of one message in one form.

    Attributes:
        writing: What has been written so far.
    """

    def __init__(self, message: Any, form: Form, mode: Literal["strict", "lenient"], dialect: Dialect | None) -> None:
        self.subject: Any = message
        self.form = form
        self.mode: Literal["strict", "lenient"] = mode
        self.strict = mode == "strict"
        self.dialect = dialect or DEFAULT_DIALECT
        self.writing = (Marking if self.strict else LenientMarking)(REGISTRY, self.dialect)
        self.root = ""

    def written(
        self, headers: Iterable[ForeignElement], body: Callable[[], None], *, pretty: bool, xml_declaration: bool
    ) -> bytes:
        """The document, with what ``body`` writes inside SOAP if the form has it."""
        headers = tuple(headers)
        for header in headers:
            if not isinstance(header, ForeignElement):  # pyright: ignore[reportUnnecessaryIsInstance]  # may be anything
                raise TypeError(f"a header block is a ForeignElement, not {type(header).__name__}")
        writing = self.writing
        if headers and self.form.soap is None:
            raise EncodeError("header blocks need a form with SOAP", path="/")
        try:
            if self.form.soap is not None:
                open_envelope(writing, self.form.soap, headers)
            body()
            if self.form.soap is not None:
                close_envelope(writing)
        except EncodeError as error:
            error.path = self.path(error.path)
            raise
        text = assemble(writing.parts, prefix=self.dialect.prefix, regions=writing.regions, pretty=pretty)
        return encoded((DECLARATION if xml_declaration else "") + text)

    def path(self, path: str | None) -> str | None:
        """A path among the parts as it will be in the document: without prefixes, with the root's name."""
        if path is None:
            return None
        path = re.sub(r"(?<=/)[^/:@\[\]]+:", "", path)
        kind = type(self.subject).__name__
        return re.sub(rf"/{kind}(?=[/\[]|$)", f"/{self.root}", path, count=1) if self.root else path

    def message(self) -> None:
        """Write the message."""
        if self.form.style is Style.TYPED:
            self.typed()
        elif self.form.style is Style.GENERIC:
            self.generic()
        elif self.form.style is Style.TEXT:
            self.as_text()
        else:
            self.writing.root(self.subject)

    def typed(self) -> None:
        """Write it under a typed root."""
        header = getattr(self.subject, "header", None)
        get = fits(self.subject, RequestMessage) and header is not None and header.verb == Verb.GET
        namespace = self.form.namespace
        if namespace is None:
            if header is None:
                self.refuse("a fault has no noun, so its form must have the namespace of its root")
            namespace = str(WrapperNamespace(str(header.noun), get=get))
        said = WrapperNamespace.parse(self.dialect.standard(namespace))
        name = self.form.root or root_for(self.subject, said.noun if said is not None else None)
        self.root = name
        if self.strict:
            self.check_typed(said, name, get=get)
        self.renamed(name, namespace, prefix=PREFIX, typed=True, get=get)

    def check_typed(self, said: WrapperNamespace | None, name: str, *, get: bool) -> None:
        """Hold the message and its form to Annex C.

        Raises:
            EncodeError: They depart from it.
        """
        demanded = root_for(self.subject, said.noun if said is not None else None)
        if name != demanded:
            self.refuse("the form has another root than the message demands", expected=demanded, got=name)
        noun = said.noun if said is not None and fits(self.subject, FaultMessage) else str(self.subject.header.noun)
        asks = fits(self.subject, RequestMessage) or fits(self.subject, EventMessage)
        if said is None or (said.noun, said.year) != (noun, YEAR) or (asks and said.get != get):
            expected = str(WrapperNamespace(noun, get=get))
            self.refuse("the form's namespace does not fit the message", expected=expected, got=self.form.namespace)
        for steps, text, expected, got in departures(self.subject, noun):
            raise EncodeError(
                f"{text}; write the message in plain or generic style",
                path="/".join(("", type(self.subject).__name__, *steps)),
                expected=expected,
                got=got,
            )

    def generic(self) -> None:
        """Write it inside an operation."""
        kind, form, writing = type(self.subject).__name__, self.form, self.writing
        namespace = ABSTRACT if form.namespace is None else form.namespace
        fitting = next((name for name, root in OPERATIONS.items() if root == kind), None)
        operation = form.root or fitting
        if operation is None:
            self.refuse("no operation of the generic WSDL carries this", expected=", ".join(OPERATIONS), got=kind)
        is_standard = self.dialect.standard(namespace) == ABSTRACT and operation == fitting and form.part is None
        if self.strict and not is_standard:
            self.refuse("the form is not that of Annex D; mode='lenient' writes it")
        if form.part == "":
            self.root = operation
            self.renamed(operation, namespace, prefix=PREFIX)
            return
        start, end = f"<{operation}>", f"</{operation}>"
        if namespace:
            declaration = f'xmlns:{PREFIX}="{writing.attribute_text(namespace, operation)}"'
            start, end = f"<{PREFIX}:{operation} {declaration}>", f"</{PREFIX}:{operation}>"
        writing.parts.append(start)
        if form.part is None:
            writing.root(self.subject)
        else:
            self.root = local_name(form.part)
            self.renamed(self.root, namespace_of(form.part), prefix=PART_PREFIX)
        writing.parts.append(end)

    def as_text(self) -> None:
        """Write it as the text of an element."""
        if self.strict:
            self.refuse("a document as text is not a form of the standard; mode='lenient' writes it")
        if not self.form.carrier:
            self.refuse("the form does not name the elements around the text", expected="carrier")
        writing = self.writing
        inner = to_xml(self.subject, mode="lenient", dialect=self.dialect, xml_declaration=False).decode()
        *outer, leaf = self.form.carrier
        ends: list[str] = []
        for tag in outer:
            start, end = self.tags(tag, len(ends))
            writing.parts.append(start)
            ends.append(end)
        start, end = self.tags(leaf, len(ends))
        writing.parts += [f"{start}{writing.plain(inner, local_name(leaf))}{end}", *reversed(ends)]

    def tags(self, tag: str, number: int) -> tuple[str, str]:
        """The start and end tag of an element."""
        namespace, name = namespace_of(tag) if tag.startswith("{") else "", local_name(tag)
        if not namespace:
            return f'<{name} xmlns="">', f"</{name}>"
        prefix = f"{PREFIX}{number}"
        declaration = f'xmlns:{prefix}="{self.writing.attribute_text(namespace, name)}"'
        return f"<{prefix}:{name} {declaration}>", f"</{prefix}:{name}>"

    def renamed(self, name: str, namespace: str, *, prefix: str, typed: bool = False, get: bool = False) -> None:
        """Write the envelope with another root."""
        start = len(self.writing.parts)
        self.writing.root(self.subject)
        text = self.writing.attribute_text(namespace, name)
        rename(self.writing.parts, start, name, text, prefix=prefix, typed=typed, get=get)

    def refuse(self, message: str, *, expected: str | None = None, got: str | None = None) -> NoReturn:
        """Raise an error about the message as a whole."""
        raise EncodeError(message, path=f"/{type(self.subject).__name__}", expected=expected, got=got)
