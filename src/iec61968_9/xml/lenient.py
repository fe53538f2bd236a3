"""Lenient reading: what real systems send is typed as far as it says anything, kept as it was, and noted.

Emitted codecs ask ``LenientReading`` where they would ask ``Reading``. Four things differ. What the schema does not
allow goes to ``kept``. What stands for nothing (a placeholder, an empty shell) reads as absent, and its element is
kept apart. What is spelt in another way (a time with a blank) is typed, and its spelling kept. A payload's root is
known by its name also where its namespace is wrong. All of it is noted with the number of the rule of real systems
that it comes under (T1 to T42; ``docs/lenient.md`` lists them), but for what those rules let pass without a word.

Nothing here looks at an element that is as the schema has it, beyond one look into a set for each text.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, TypeVar, cast

from iec61968_9.xml import lexical
from iec61968_9.xml.codec import Element
from iec61968_9.xml.dialect import DEFAULT_DIALECT, Dialect
from iec61968_9.xml.document import Document, local_name, namespace_of, position
from iec61968_9.xml.limits import DEFAULT_LIMITS, Limits
from iec61968_9.xml.parser import check_attributes
from iec61968_9.xml.reading import HINTS, TRUE, TYPE, Absent, Reading, shortened
from iec61968_9.xml.record import XSI, ForeignElement, Kept, KeptLeaf, Record
from iec61968_9.xml.registry import CARRIERS, Registered, Registry
from iec61968_9.xml.report import Finding, Level, Report
from iec61968_9.xml.simple import Enumerated, Simple

__all__ = ["LenientReading", "is_placeholder"]

T = TypeVar("T")
W = TypeVar("W", bound=Record)

PLACEHOLDERS = frozenset({"", "?", "String", "NONE", "None", "Default"})
"""What tools and people write where they have nothing to say (T14)."""

_LOOKED_AT = PLACEHOLDERS | {"false"}
COMPRESSED = "Compressed"
"""The element in which ``false`` is one more (T26)."""

MEANT = frozenset({"Revision", "Context"})
"""Elements in which any text is meant (T10, T11)."""

READINGS = frozenset({"IntervalReadings", "Reading", "Readings"})
"""Elements whose value may be empty (T35)."""

NIL = f"{XSI}nil"

_known_date_times = lexical.known_date_times

RULES: Mapping[str, str] = {
    "foreign-payload": "T26",
    "missing-member": "T29",
    "repeated-element": "T30",
    "stray-text": "T30",
    "unknown-attribute": "T30",
    "unknown-element": "T30",
    "unknown-literal": "T30",
}
"""The rules that the kinds of findings come under."""

ENVELOPE_RULES: Mapping[tuple[str, str], str] = {
    ("missing-member", "Reply"): "T20",
    ("missing-member", "Result"): "T20",
    ("missing-member", "code"): "T21",
    ("missing-member", "operationId"): "T27",
    ("several-branches", "Payload"): "T26",
    ("unknown-element", "Header"): "T6",
    ("unknown-element", "Operation"): "T27",
    ("unknown-element", "OperationSet"): "T27",
    ("unknown-element", "Payload"): "T26",
    ("unknown-element", "Request"): "T25",
    ("unknown-literal", "@kind"): "T24",
    ("unknown-literal", "Result"): "T20",
    ("unknown-literal", "Verb"): "T8",
    ("unknown-literal", "level"): "T21",
}
"""The same in an envelope, by kind and by the name of what is missing, of what holds the unknown, or of the literal."""


class LenientReading(Reading):
    """Lenient reading of one document.

    Attributes:
        report: Where findings are noted, if anywhere.
        aside: The elements that were kept and have no member, so that their order says nothing.
        noted: The elements about which something is on the report.
    """

    __slots__ = ("_placed", "_shell", "_solid", "aside", "noted", "report")

    def __init__(
        self,
        document: Document,
        registry: Registry,
        dialect: Dialect = DEFAULT_DIALECT,
        report: Report | None = None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        super().__init__(document, registry, dialect, limits)
        self.report = report
        self.aside: set[Element] = set()
        self.noted: set[Element] = set()
        self._solid: Element | None = None
        self._placed: Element | None = None
        self._shell: Element | None = None

    # -- values --------------------------------------------------------------------------------------------------

    def string(self, element: Element) -> str | None:
        """The text of an element; None, and the element kept, if it is a placeholder."""
        if len(element) or element.keys():
            return self._leaf(element, lexical.string)
        text = element.text or ""
        return self._placeholder(element, text) if text in _LOOKED_AT else text

    def simple(self, element: Element, kind: Simple) -> Any:
        """The value of an element whose type has rules of its own; None for a placeholder, whatever those say."""
        text = element.text or ""
        is_meant = kind.python != (str,) or (isinstance(kind, Enumerated) and text in kind.table)
        if text in PLACEHOLDERS and not is_meant and not len(element) and _has_hints_only(element):
            return self._placeholder(element, text)
        return super().simple(element, kind)

    def date_time(self, element: Element) -> datetime.datetime | None:
        """The date and time that an element holds. The beginning of 1970 is noted; it is never among those known."""
        found = _known_date_times.get(element.text or "")
        if found is not None and not len(element) and not element.keys():
            return found
        found = self._value(element, lexical.date_time)
        if found is not None and found.year in lexical.EPOCH_YEARS and lexical.is_epoch(found):
            message = "a time at which many clocks begin, and which often stands for never"
            self._refuse(element, "epoch-time", message, got=element.text, rule="T12")
        return found

    def _leaf(self, element: Element, convert: Callable[[str], T]) -> T | None:
        text = element.text or ""
        if convert is lexical.string and text in _LOOKED_AT and not len(element) and _has_hints_only(element):
            meant = self._placeholder(element, text)
            if meant is None:
                return None  # otherwise its attributes are looked at, too
        return super()._leaf(element, convert)

    def _unreadable(self, element: Element, convert: Callable[[str], T], text: str, expected: str) -> T | None:
        """Try what a time may look like, and a placeholder; what is neither is kept."""
        rule = "T12" if convert is lexical.date_time else "T13" if convert is lexical.boolean else None
        if convert is lexical.date_time:
            try:
                value = lexical.blank_date_time(text)
            except ValueError:
                pass
            else:
                self._refuse(element, "blank-in-time", "a blank stands where T must", got=text, rule=rule)
                self._keep_leaf(element, text=(lexical.date_time_text(value), text))
                return value  # type: ignore[return-value]  # convert says that T is datetime
        if text.strip(lexical.WHITE_SPACE) in PLACEHOLDERS:
            self._note_placeholder(element, text, "T13" if rule == "T13" else "T14")
            self._set_aside(element)
            return None
        self._refuse(element, "unreadable-value", "the value cannot be read", expected=expected, got=text, rule=rule)
        self._keep_element(element)
        return None

    def _placeholder(self, element: Element, text: str) -> str | None:
        """None, and the element kept, unless the text is meant where it stands."""
        name = local_name(element.tag)
        if name in MEANT or (text == "false" and name != COMPRESSED):
            return text
        parent = element.getparent()
        is_empty_value = not text and name == "value" and parent is not None and local_name(parent.tag) in READINGS
        if parent is None or (is_empty_value and not _says_nil(element)):
            return text
        self._note_placeholder(element, text, "T26" if name == COMPRESSED else "T14")
        self._set_aside(element, text)
        return None

    def _note_placeholder(self, element: Element, text: str, rule: str) -> None:
        if not _says_nil(element):
            self._refuse(element, "placeholder", "a placeholder stands for the value", got=text, rule=rule)

    def attribute_literal(self, element: Element, name: str, text: str, table: Mapping[str, T]) -> T | None:
        """The member of an enumeration that an attribute holds; an empty one says nothing (T22)."""
        return super().attribute_literal(element, name, text, table) if text else text  # type: ignore[return-value]  # as an unknown literal is

    # -- namespaces ----------------------------------------------------------------------------------------------

    def standardise(self, element: Element) -> Registered | None:
        """The profile whose root an element is, by its name where its namespace is not the standard's."""
        before = str(element.tag)
        found = self.registry.standardise(element, self.dialect, lenient=True)
        if found is not None and element.tag != before:
            self._note_namespace(element, namespace_of(before), found)
        return found

    def _note_namespace(self, element: Element, namespace: str, found: Registered) -> None:
        name, envelope = local_name(element.tag), found.profile.role == "envelope"
        message = f"{name} is in another namespace than the standard's"
        inside = element is not self.document.top and local_name(_parent(element).tag) == "Payload"
        level: Level = "warning"
        kind, rule = "namespace", "T1"
        if namespace == self.dialect.own(name, envelope=envelope):
            level = "note"  # the caller knows
        elif not namespace:
            message, kind = f"{name} is in no namespace", "namespace-missing"
        elif self.registry.is_envelope(namespace):
            message, kind = f"{name} is in the envelope's namespace, and has one of its own", "namespace-wrong"
        elif namespace in self.registry.namespaces:
            message, kind = f"{name} is in the namespace of another profile", "namespace-wrong"
        if inside and kind != "namespace":
            rule = "T26"
        self._refuse(element, kind, message, got=namespace, rule=rule, level=level)

    def admits(self, element: Element, allowed: str, own: str) -> bool:
        """Whether a wildcard lets an element in; also a payload or query in no namespace, or in the envelope's."""
        if super().admits(element, allowed, own):
            return True
        parent = element.getparent()
        if allowed != "##other" or parent is None or local_name(parent.tag) not in CARRIERS:
            return False
        found = self.registry.find(str(element.tag), self.dialect, lenient=True)
        return found is not None and found.profile.role != "envelope"

    def content(self, element: Element) -> Record | ForeignElement:
        """What a wildcard lets in. What is of a partner's own is noted."""
        content = super().content(element)
        if isinstance(content, ForeignElement) and self.report is not None:
            self._note_foreign(element)
        return content

    def _note_foreign(self, element: Element) -> None:
        parent = element.getparent()
        name, namespace = local_name(element.tag), namespace_of(element.tag)
        place = "" if parent is None else local_name(parent.tag)
        if place == "Header":
            message = f"{name} is an extension of the header"
            self._refuse(element, "header-extension", message, got=namespace, rule="T6", level="note")
        elif place in CARRIERS and name in self.registry.by_root:
            message = f"{name} is in a namespace that is not known"
            self._refuse(element, "namespace-unknown", message, got=namespace, rule="T1")
        elif place in CARRIERS and (
            namespace in self.registry.namespaces or namespace == self.dialect.own(name, envelope=False)
        ):
            self._refuse(element, "unknown-profile", f"no profile has the root {name}", got=namespace, rule="T30")

    # -- what does not belong ------------------------------------------------------------------------------------

    def unexpected(self, child: Element, rule: str | None = None) -> None:
        """Keep an element that the schema does not expect. An empty one that is there already says nothing (T31)."""
        parent = child.getparent()
        in_envelope = self.registry.is_envelope(namespace_of(child.tag))
        if parent is not None and in_envelope and _place(child) == ("object", "serialNumber"):
            self._keep_element(child)  # T22
        elif not in_envelope and _is_empty(child) and self._is_repeated(child):
            self._set_aside(child)
        else:
            super().unexpected(child, rule)

    def solid(self, element: Element) -> Element:
        """An element of a choice, which is no shell."""
        self._solid = element
        return element

    def is_hollow(self, element: Element) -> bool:
        """Whether an element is an empty shell; it is kept then (T31). A payload's root is none."""
        parent = element.getparent()
        if parent is None or element is self._solid or self.is_of_envelope(parent) or not _is_empty(element):
            return False
        self.kept.pop(element, None)
        self._set_aside(element)
        self._keep(parent).has_hollows = True
        self._shell = element
        return True

    def is_of_envelope(self, element: Element) -> bool:
        """Whether an element is one of an envelope's own."""
        return self.registry.is_envelope(namespace_of(element.tag))

    def nothing(self, kind: type[T]) -> T:
        """None. Which class the object would have been of is remembered, for a place where one must be."""
        if self._shell is not None:
            keeper = self._keep(_parent(self._shell))
            keeper.absent[self._shell] = Absent(keeper.absent[self._shell].element, kind=kind)
        return super().nothing(kind)

    def missing(self, element: Element, name: str, *, several: bool = False) -> Any:
        """A required member that is not there: None, unless a placeholder or a shell was taken for nothing too soon."""
        keeper = self.kept.get(element)
        for found, absent in keeper.absent.items() if keeper is not None else ():
            if local_name(found.tag) != name:
                continue
            if absent.text is not None or absent.is_enough or not _is_shell(found):  # it was noted, or is allowed
                return None if several else self._restored(found)
        return super().missing(element, name, several=several)

    def wrapped(self, kind: type[W], value: Any) -> W | None:
        """An object that says which element of several a value is of. A placeholder in it is a text after all."""
        found = self._placed
        if value is None and found is not None:
            value = self._restored(found)
        return super().wrapped(kind, value)

    def _restored(self, found: Element) -> Any:
        """What must not be absent: the text of a placeholder, or the object of a shell."""
        keeper = self._keep(_parent(found))
        absent = keeper.absent[found]
        if absent.text is None and not absent.is_enough:
            return None
        del keeper.absent[found]
        keeper.tags.remove(str(found.tag))
        self.aside.discard(found)
        self._placed = None
        hints = tuple((name, text) for name, text in found.items() if name not in HINTS)
        if absent.kind is None:
            if hints:
                self._keep_leaf(found, attributes=hints)
            return absent.text
        if not hints:
            return absent.kind()
        kept = Kept(attributes=tuple((name, self._as_sent(found, name, text)) for name, text in hints))
        return cast("Any", absent.kind)(kept=kept)

    def take(self, element: Element, record: Record | None = None) -> Kept | None:
        """What was kept for the object of an element. Empty shells leave its lists."""
        keeper = self.kept.pop(element, None)
        if keeper is None:
            return None
        if keeper.has_hollows and record is not None:
            for one in fields(record):
                values = getattr(record, one.name, None)
                if isinstance(values, list) and None in values:
                    setattr(record, one.name, [value for value in values if value is not None])  # pyright: ignore[reportUnknownVariableType]  # of anything
        kept = keeper.kept()
        return kept if kept != Kept() else None

    # -- keeping -------------------------------------------------------------------------------------------------

    def _refuse_attribute(self, element: Element, name: str) -> None:
        if not name.startswith(XSI):  # T32
            super()._refuse_attribute(element, name)

    def _keep_attribute(self, element: Element, name: str, text: str) -> None:
        self._keep(element).attributes.append((name, self._as_sent(element, name, text)))

    def _as_sent(self, element: Element, name: str, text: str) -> str:
        """An attribute's text. The prefix of a type changes when a dialect's namespace becomes the standard's."""
        prefix, _, local = text.rpartition(":")
        if name != TYPE or self.dialect is DEFAULT_DIALECT:
            return text
        meant = element.nsmap.get(prefix or None)
        for sent, namespace in element.nsmap.items():
            if namespace != meant and meant in (
                self.dialect.standard(namespace),
                self._standard_of(namespace, element),
            ):
                return f"{sent}:{local}" if sent else local
        return text

    def _standard_of(self, namespace: str, element: Element) -> str | None:
        """The namespace of an element, if the dialect has this one for it."""
        return namespace_of(element.tag) if namespace in (self.dialect.payload, self.dialect.envelope) else None

    def _keep_leaf(
        self, element: Element, *, attributes: tuple[tuple[str, str], ...] = (), text: tuple[str, str] | None = None
    ) -> None:
        parent = element.getparent()
        if parent is not None:
            keeper = self._keep(parent)
            number = position(element) - keeper.tags.count(str(element.tag))
            attributes = tuple((name, self._as_sent(element, name, said)) for name, said in attributes)
            keeper.leaves.append(KeptLeaf(local_name(element.tag), number, attributes, text))

    def keep_name(self, element: Element, name: str) -> None:
        """Keep the name of a leaf that was given another, for it to be written with."""
        parent = element.getparent()
        if parent is not None:
            self._keep(parent).leaves.append(KeptLeaf(local_name(element.tag), 0, name=name))

    def _keep_element(self, child: Element) -> None:
        super()._keep_element(child)
        self.aside.add(child)
        self._placed = None

    def _set_aside(self, child: Element, text: str | None = None) -> None:
        """Keep an element that stands for nothing; one with attributes of its own says something after all."""
        parent = child.getparent()
        if parent is None or not _has_hints_only(child):
            self._keep_element(child)
            return
        check_attributes(self.document, child, self.limits)
        keeper = self._keep(parent)
        keeper.absent[child] = Absent(ForeignElement.of(child), text)
        self._placed = child if text is not None else None
        keeper.tags.append(str(child.tag))
        self.aside.add(child)

    # -- noting --------------------------------------------------------------------------------------------------

    def _refuse(  # what a finding has
        self,
        element: Element,
        kind: str,
        message: str,
        *,
        expected: str | None = None,
        got: str | None = None,
        where: str = "",
        rule: str | None = None,
        level: Level = "warning",
    ) -> None:
        self.remark(element, kind, message, expected=expected, got=got, where=where, rule=rule, level=level)

    def remark(  # likewise
        self,
        element: Element,
        kind: str,
        message: str,
        *,
        expected: str | None = None,
        got: str | None = None,
        where: str = "",
        rule: str | None = None,
        level: Level = "warning",
    ) -> None:
        """Note something about an element."""
        if self.report is None:
            return
        self.noted.add(element)
        path = self.document.path(element) + (f"/{where}" if where else "")
        source = None if got is None else self.shown(element, got)
        if kind == "unknown-element" and namespace_of(element.tag) != namespace_of(_parent(element).tag):
            source = shortened(str(element.tag))
        rule = rule or self._rule(element, kind, expected if kind == "missing-member" else where)
        if source is not None:
            message = f"{message}, got {source}"
        advice = None
        if kind == "unknown-literal" and got is not None and expected is not None:
            advice = _advice(got, expected)
        self.note(kind, path, self.document.line(element), message, source, rule=rule, advice=advice, level=level)

    def _rule(self, element: Element, kind: str, about: str | None) -> str | None:
        """The rule that a finding comes under."""
        owner = element.getparent() if kind == "unknown-element" else element
        if owner is not None and self.registry.is_envelope(namespace_of(owner.tag)):
            return ENVELOPE_RULES.get((kind, about or local_name(owner.tag)), RULES.get(kind))
        return RULES.get(kind)

    def note(
        self,
        kind: str,
        path: str,
        line: int | None,
        message: str,
        source: str | None,
        *,
        rule: str | None = None,
        advice: str | None = None,
        level: Level = "warning",
    ) -> None:
        """Put it on the report."""
        if self.report is not None:
            rule = rule or RULES.get(kind)
            self.report.add(Finding(kind, path, line, message, source, rule=rule, advice=advice, level=level))


def is_placeholder(text: str | None) -> bool:
    """Whether a text is what is written where there is nothing to say."""
    return (text or "").strip(lexical.WHITE_SPACE) in PLACEHOLDERS


def _has_hints_only(element: Element) -> bool:
    """Whether an element has no attributes but hints to a validator."""
    return all(str(name).startswith(XSI) for name in element.keys())  # noqa: SIM118  # lxml's elements hold children


def _says_nil(element: Element) -> bool:
    """Whether an element says itself that it has no value."""
    return (element.get(NIL) or "").strip(lexical.WHITE_SPACE) in TRUE


def _is_shell(element: Element) -> bool:
    """Whether an element holds nothing."""
    return not len(element) and not (element.text or "").strip(lexical.WHITE_SPACE)


def _is_empty(element: Element) -> bool:
    """Whether an element holds nothing and has no attributes."""
    return _is_shell(element) and _has_hints_only(element)


def _parent(element: Element) -> Element:
    """An element's parent; the element itself if it has none."""
    parent = element.getparent()
    return element if parent is None else parent


def _place(element: Element) -> tuple[str, str]:
    """The names of an element's parent and its own."""
    return local_name(_parent(element).tag), local_name(element.tag)


def _advice(got: str, expected: str) -> str | None:
    """The literal that was meant, if only the case of its letters differs."""
    near = [one for one in expected.removeprefix("one of ").split(", ") if one.lower() == got.strip().lower()]
    return f"The schema has {near[0]!r}." if len(near) == 1 else None
