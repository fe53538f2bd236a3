"""Finding the message in what travelled: through SOAP, a typed root or a generic operation, in one parsed tree.

The message's root is given the envelope's name where it has another, and the document is told which element it is and
how it was called; from there on it is read like any other document. What departs from Annexes C and D is an error in
strict mode and a finding in lenient mode. What cannot be understood is an error in both.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NoReturn

import attrs

from iec61968_9._verbs import REGISTRY
from iec61968_9.errors import DecodeError
from iec61968_9.exchange.forms.form import Form, Style
from iec61968_9.exchange.forms.soap import SoapParts, check_elements_only, soap_parts
from iec61968_9.exchange.forms.wrappers import BELOW, MESSAGE, YEAR, TypedRoot, WrapperNamespace, settle, typed_root
from iec61968_9.exchange.rules import finding
from iec61968_9.profiles.envelope import Verb
from iec61968_9.xml.codec import Element
from iec61968_9.xml.dialect import Dialect
from iec61968_9.xml.document import Document, local_name, namespace_of
from iec61968_9.xml.registry import Registered
from iec61968_9.xml.report import Finding
from iec61968_9.xml.spelling import spelling_of

__all__ = ["ABSTRACT", "OPERATIONS", "Unwrapping"]

ABSTRACT = "http://iec.ch/TC57/2011/abstract"
"""The namespace of the generic WSDL."""

OPERATIONS = {"Request": "RequestMessage", "Response": "ResponseMessage", "PublishEvent": "EventMessage"}
"""The operations of the generic WSDL, and the envelope's root that goes with each."""

_ANY_YEAR = re.compile(r"http://iec\.ch/TC57/[0-9]{4}/schema/message").fullmatch
_PARTS = re.compile(r"message|(Request|Response|Event|Fault)?Message(Type)?").fullmatch


class Unwrapping:
    """The way to the message in one document.

    Attributes:
        document: The document; its ``top`` becomes the message.
        dialect: The partner's spelling of namespaces.
        strict: Whether departures are errors.
        findings: What was tolerated, and what a reader should know.
        soap: The parts of the SOAP envelope, or None where there is none.
        form: How the message travelled; known afterwards.
        typed: What its typed root says, or None where it has none.
        text: The element whose text is the message's document, or None.
    """

    def __init__(self, document: Document, dialect: Dialect, *, strict: bool, truncated: bool = False) -> None:
        self.document = document
        self.dialect = dialect
        self.strict = strict
        self.truncated = truncated
        self.findings: list[Finding] = []
        self.soap: SoapParts | None = None
        self.form = Form()
        self.typed: TypedRoot | None = None
        self.text: Element | None = None

    def open(self) -> None:
        """Find the message.

        Raises:
            DecodeError: There is none, or it is in no form that is known.
        """
        root = self.document.root
        self.soap = soap_parts(root, self.refuse, truncated=self.truncated)
        if self.soap is None:
            self.message(root)
            return
        for element, name in self.soap.attributes:
            self.note(element, "transport-attribute", source=name)
        self.message(self.soap.content)
        self.form = attrs.evolve(self.form, soap=self.soap.version)

    def message(self, element: Element) -> None:
        """Find the message in what the body holds, or in the root."""
        self.document.top = element
        tag, name = str(element.tag), local_name(element.tag)
        spelt = namespace_of(tag)
        registered = self.find(tag)
        if registered is not None and registered.profile.role == "envelope":
            return
        namespace = WrapperNamespace.parse(self.dialect.standard(spelt))
        root = typed_root(name)
        if namespace is not None and root is not None:
            self.open_typed(element, spelt, namespace, root)
        elif name in OPERATIONS and (
            self.dialect.standard(spelt) == ABSTRACT or self.is_message(spelt, element) or not spelt
        ):
            self.open_operation(element, spelt)
        elif registered is not None:
            self.refuse(
                element,
                f"a {registered.profile.role} stands here without an envelope",
                expected="a message",
                got=name,
                reply_code="2.5",
                advice="from_xml reads a payload or query that is a document of its own.",
            )
        else:
            self.open_text(element)

    def find(self, tag: str) -> Registered | None:
        """The profile whose root has a tag, as reading will know it."""
        return REGISTRY.find(tag, self.dialect, lenient=not self.strict)

    def is_message(self, namespace: str, element: Element) -> bool:
        """Whether a namespace, which is that of an element, is the messages'; that of another year is a departure."""
        meant = self.dialect.standard(namespace)
        if meant == MESSAGE or namespace == self.dialect.envelope:
            return True
        if _ANY_YEAR(meant) is None:
            return False
        message = "the envelope's namespace is not the standard's"
        self.depart(element, "wrapper-namespace", message, MESSAGE, namespace)
        return True

    # -- typed roots -----------------------------------------------------------------------------------------------

    def open_typed(self, element: Element, spelt: str, namespace: WrapperNamespace, root: TypedRoot) -> None:
        """Give a typed root the envelope's names."""
        name = local_name(element.tag)
        if namespace.year != YEAR:
            meant = str(attrs.evolve(namespace, year=YEAR))
            self.depart(element, "wrapper-namespace", "the wrapper's namespace is not the standard's", meant, spelt)
        if not root.standard:
            self.depart(element, "wrapper-unusual", "Annex C has no such root", "a verb and a noun", name)
        if root.noun != namespace.noun:
            message = "the root and its namespace speak of different nouns"
            self.depart(element, "wrapper-and-noun-disagree", message, namespace.noun, root.noun)
        if (root.verb is Verb.GET) != namespace.get and root.kind in {"RequestMessage", "EventMessage"}:
            message = "a get, and nothing else that is sent unasked, stands in the namespace of a get"
            meant = str(attrs.evolve(namespace, get=root.verb is Verb.GET))
            self.depart(element, "wrapper-namespace", message, meant, spelt)
        self.typed = root
        self.form = Form(style=Style.TYPED, namespace=spelt)
        self.rename(element, root.kind)
        settle(
            element,
            spelt,
            is_message=self.is_message,
            depart=self.misplaced,
            get=namespace.get or root.verb is Verb.GET,
        )

    def misplaced(self, element: Element, namespace: str) -> None:
        """An element of the envelope in the wrong of two namespaces."""
        message = f"{local_name(element.tag)} is in the wrong namespace"
        self.depart(element, "wrapper-namespace", message, namespace, namespace_of(element.tag))

    # -- generic operations ----------------------------------------------------------------------------------------

    def open_operation(self, element: Element, spelt: str) -> None:
        """Look into an operation of the generic WSDL."""
        operation = local_name(element.tag)
        if self.dialect.standard(spelt) != ABSTRACT:
            message = "the operation is not in the namespace of the generic WSDL"
            self.depart(element, "wrapper-namespace", message, ABSTRACT, spelt or "no namespace")
        self.form = Form(style=Style.GENERIC, namespace=spelt if spelt != ABSTRACT else None, root=operation)
        children = list(element)
        if not children:
            self.open_text(element)
            return
        inner = children[0]
        registered = self.find(str(inner.tag))
        is_root = registered is not None and registered.profile.role == "envelope"
        is_part = not is_root and _PARTS(local_name(inner.tag)) is not None
        if is_part and not len(inner):
            self.open_text(element)
            return
        if is_root or is_part:
            check_elements_only(element, self.refuse)
            if len(children) > 1:
                found = ", ".join(local_name(child.tag) for child in children)
                self.refuse(element, "an operation holds one message", expected="one element", got=found)
            for name in element.attrib:
                self.note(element, "transport-attribute", source=str(name))
        if is_root:
            self.document.top = inner
            kind = local_name(inner.tag)
            if kind != OPERATIONS[operation]:
                message = f"the operation {operation} holds a {kind}"
                self.depart(inner, "wrapper-unusual", message, OPERATIONS[operation], kind)
            else:
                self.form = attrs.evolve(self.form, root=None)
            return
        top = inner if is_part else element
        self.form = attrs.evolve(self.form, root=None, part=str(inner.tag) if is_part else "")
        message = f"the operation {operation} holds a part instead of the message"
        self.depart(top, "wrapper-unusual", message, OPERATIONS[operation], local_name(inner.tag))
        self.document.top = top
        own = namespace_of(top.tag)
        self.rename(top, OPERATIONS[operation])
        settle(top, own, is_message=self.is_message, depart=self.misplaced, level=BELOW)

    # -- a document as text ----------------------------------------------------------------------------------------

    def open_text(self, element: Element) -> None:
        """Look for a document in an element's text; there is no other way in which a message may stand here."""
        leaves = [one for one in element.iter("*") if not len(one) and (one.text or "").strip()]
        if len(leaves) != 1 or not (leaves[0].text or "").lstrip().startswith("<"):
            self.refuse_unknown(element)
        leaf = leaves[0]
        self.depart(
            leaf, "envelope-as-text", "the message is the text of an element", "the message itself", "its document"
        )
        self.text = leaf
        steps = [leaf, *leaf.iterancestors()]
        steps = steps[: steps.index(element) + 1][::-1]
        self.form = Form(style=Style.TEXT, carrier=tuple(str(step.tag) for step in steps))

    def element(self, *steps: str) -> Element:
        """An element of the message, by its path below the root, as far as it is there."""
        found = self.document.top
        for step in steps:
            child = found.find(f"{{{MESSAGE}}}{step}")
            if child is None:
                break
            found = child
        return found

    def refuse_unknown(self, element: Element) -> NoReturn:
        """Raise the error for what is neither a message nor a wrapper of one."""
        tag, name = str(element.tag), local_name(element.tag)
        owners = REGISTRY.by_root.get(name, ())
        known = [one.tag(name) for one in owners]
        message, advice = "this is no message, and none of the wrappers in which messages travel", None
        expected = (
            "RequestMessage, ResponseMessage or EventMessage; a typed root such as CreateMeterReadings; or Request, "
            "Response or PublishEvent"
        )
        if known:
            message, advice = spelling_of(tag, known, envelope=any(one.profile.role == "envelope" for one in owners))
            expected = " or ".join(known)
        self.refuse(element, message, expected=expected, got=tag, reply_code="2.5", advice=advice)

    # -- inside ----------------------------------------------------------------------------------------------------

    def rename(self, element: Element, name: str) -> None:
        """Give the message's root the envelope's name."""
        sent = local_name(element.tag)
        if sent != name:
            self.document.sent[element] = sent
        element.tag = f"{{{MESSAGE}}}{name}"

    def depart(self, element: Element, kind: str, message: str, expected: str, got: str) -> None:
        """Something that Annexes C and D do not have: an error, or in lenient mode a finding."""
        if self.strict:
            self.refuse(element, message, expected=expected, got=got)
        self.note(element, kind, message, got)

    def note(self, element: Element, kind: str, message: str | None = None, source: str | None = None) -> None:
        """Note a finding."""
        found = finding(kind, self.document.path(element), message, source)
        self.findings.append(replace(found, line=self.document.line(element)))

    def refuse(
        self,
        element: Element,
        message: str,
        *,
        expected: str | None = None,
        got: str | None = None,
        reply_code: str = "1.8",
        advice: str | None = None,
    ) -> NoReturn:
        """Raise an error at an element."""
        raise DecodeError(
            message,
            path=self.document.path(element),
            line=self.document.line(element),
            expected=expected,
            got=got,
            reply_code=reply_code,
            advice=advice,
        )
