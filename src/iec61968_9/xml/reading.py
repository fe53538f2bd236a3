"""What a codec asks while it walks a tree: the value of a leaf, and what to do with what does not belong.

``Reading`` is strict: whatever the schema does not allow is a ``DecodeError`` with path and line. ``LenientReading``
(in ``lenient``) keeps it instead, verbatim, for the object of the element in which it was found, and notes it on the
caller's report. Both go through ``_refuse``, so there is one list of things that can be wrong. White space between
elements is nothing; any other text, element or attribute always ends up in a member, in ``kept``, or in an error.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from decimal import Decimal
from typing import Any, NoReturn, TypeVar, cast

from iec61968_9.errors import DecodeError
from iec61968_9.xml import lexical
from iec61968_9.xml.codec import NIL_ATTRIBUTE, Element
from iec61968_9.xml.dialect import DEFAULT_DIALECT, Dialect
from iec61968_9.xml.document import Document, admitted, local_name
from iec61968_9.xml.limits import DEFAULT_LIMITS, Limits
from iec61968_9.xml.parser import check_attributes
from iec61968_9.xml.record import NIL, XSI, ForeignElement, Kept, KeptLeaf, KeptNothing, Nil, QName, Record, Reference
from iec61968_9.xml.registry import Registered, Registry
from iec61968_9.xml.report import Level
from iec61968_9.xml.simple import Enumerated, Simple
from iec61968_9.xml.spelling import spelling_of

__all__ = ["HIDDEN", "Absent", "Keeper", "Reading", "check_carried", "foreign_payload", "shortened"]

T = TypeVar("T")
R = TypeVar("R", bound=Reference)
W = TypeVar("W", bound=Record)

HINTS = frozenset({f"{XSI}schemaLocation", f"{XSI}noNamespaceSchemaLocation"})
"""Attributes that say nothing about the object."""

TYPE = f"{XSI}type"
"""What strict validation has found to be the declared type; lenient reading keeps it without a word."""

TRUE = frozenset({"true", "1"})

HIDDEN = "something secret"
CACHED = 4096
CACHED_LENGTH = 200
"""Longer references are not remembered: a stream must not grow with them."""

SHOWN = 80

_known_date_times = lexical.known_date_times


@dataclass(slots=True, frozen=True)
class Absent:
    """An element that says nothing.

    Attributes:
        element: The element as it was.
        text: The text that was taken for a placeholder, if it was one.
        kind: The class that an object of it would have, if it is an empty shell.
    """

    element: ForeignElement
    text: str | None = None
    kind: type[object] | None = None

    @property
    def is_enough(self) -> bool:
        """Whether an empty shell is all that its class asks for."""
        return self.kind is not None and all(
            one.default is not MISSING or one.default_factory is not MISSING for one in fields(cast("Any", self.kind))
        )


@dataclass(slots=True)
class Keeper:
    """Collects what will be the ``kept`` of one object.

    Attributes:
        attributes: As in ``Kept``, like ``texts``, ``elements`` and ``leaves``.
        absent: Elements that say nothing.
        unknown: The names of elements that the schema does not have here.
        tags: The names of all elements that were kept.
        firsts: The first element of each name, where one was looked for.
        has_hollows: Whether empty shells were among them.
    """

    attributes: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    texts: list[str] = field(default_factory=list[str])
    elements: list[ForeignElement] = field(default_factory=list[ForeignElement])
    leaves: list[KeptLeaf] = field(default_factory=list[KeptLeaf])
    absent: dict[Element, Absent] = field(default_factory=dict[Element, Absent])
    unknown: set[str] = field(default_factory=set[str])
    tags: list[str] = field(default_factory=list[str])
    firsts: dict[str, Element] = field(default_factory=dict[str, Element])
    has_hollows: bool = False

    def kept(self) -> Kept:
        """What the object will hold."""
        absent = tuple(sorted(self._placed(), key=lambda one: (one.after, one.number)))
        return Kept(tuple(self.attributes), tuple(self.texts), tuple(self.elements), tuple(self.leaves), absent)

    def _placed(self) -> Iterator[KeptNothing]:
        """The elements that say nothing, each with the last one before it that says something."""
        parent = next(iter(self.absent)).getparent() if self.absent else None
        last, counts = "", dict[str, int]()
        waiting = dict(self.absent)
        for child in parent if parent is not None else ():
            name = local_name(child.tag)
            if child in waiting:
                yield KeptNothing(waiting.pop(child).element, last, counts.get(last, 0), counts.get(name, -1) + 1)
            else:
                last = name
                counts[last] = counts.get(last, -1) + 1
        for absent in waiting.values():  # an item of a stream, which has left the tree
            yield KeptNothing(absent.element)


class Reading:
    """Strict reading of one document.

    Attributes:
        document: The document, for paths and lines.
        registry: The profiles by which wildcards' content is known.
        dialect: The partner's spelling of namespaces.
        kept: What was kept so far, by the element whose object will hold it. Always empty in strict mode.
        carried: What the envelope's type parameter stands for: the contents and queries that were read.
        limits: How much is taken of what no schema bounds.
        by_type: The element whose class ``xsi:type`` has decided.
        nillable: The element that may say whether it is nil, and says that it is not.
        strange: Whether names were met that no schema has.
    """

    __slots__ = (
        "by_type",
        "carried",
        "dialect",
        "document",
        "kept",
        "limits",
        "nillable",
        "references",
        "registry",
        "strange",
    )

    def __init__(
        self,
        document: Document,
        registry: Registry,
        dialect: Dialect = DEFAULT_DIALECT,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self.document = document
        self.limits = limits
        self.registry = registry
        self.dialect = dialect
        self.kept: dict[Element, Keeper] = {}
        self.carried: list[Record | ForeignElement] = []
        self.references: dict[str, Reference] = {}
        self.by_type: Element | None = None
        self.nillable: Element | None = None
        self.strange = False

    # -- leaves ------------------------------------------------------------------------------------------------

    def string(self, element: Element) -> str | None:
        """The text of an element."""
        if len(element) or element.keys():
            return self._leaf(element, lexical.string)
        return element.text or ""

    def date_time(self, element: Element) -> datetime.datetime | None:
        """The date and time that an element holds. Most were seen before."""
        found = _known_date_times.get(element.text or "")
        if found is not None and not len(element) and not element.keys():
            return found
        return self._value(element, lexical.date_time)

    def date(self, element: Element) -> datetime.date | None:
        """The date that an element holds."""
        return self._value(element, lexical.date)

    def time(self, element: Element) -> datetime.time | None:
        """The time of day that an element holds."""
        return self._value(element, lexical.time)

    def boolean(self, element: Element) -> bool | None:
        """The truth value that an element holds."""
        return self._value(element, lexical.boolean)

    def integer(self, element: Element) -> int | None:
        """The integer that an element holds."""
        return self._value(element, lexical.integer)

    def decimal(self, element: Element) -> Decimal | None:
        """The decimal number that an element holds."""
        return self._value(element, lexical.decimal)

    def floating(self, element: Element) -> float | None:
        """The floating-point number that an element holds."""
        return self._value(element, lexical.floating)

    def single(self, element: Element) -> float | None:
        """The floating-point number of single precision that an element holds."""
        return self._value(element, lexical.single)

    def simple(self, element: Element, kind: Simple) -> Any:
        """The value of an element whose type has rules of its own. In lenient mode, it need not hold all."""
        value = self._value(element, kind.value)
        if value is not None:
            self._hold(element, element.text or "", kind)
        return value

    def qname(self, element: Element) -> QName | None:
        """The qualified name that an element holds, its prefix resolved."""
        return self._value(element, self.qualified(element))

    def qualified(self, element: Element) -> Callable[[str], QName]:
        """What makes qualified names of texts that stand at an element."""
        return lambda text: _qname(element, text)

    def literal(self, element: Element, table: Mapping[str, T]) -> T | None:
        """The member of an enumeration that an element holds. In lenient mode, an unknown literal comes as it is."""
        found = table.get(element.text or "")
        if found is not None and not len(element) and not element.keys():
            return found
        text = self.string(element)
        if text is None:
            return None
        found = table.get(text)
        return cast("T", self.unknown_literal(element, text, table)) if found is None else found

    def reference(self, element: Element, kind: type[R] = Reference) -> R:  # type: ignore[assignment]  # its own bound
        """A reference. Those that say the same are one object."""
        attributes = element.items()
        if len(attributes) == 1 and not len(element) and element.text is None:
            name, ref = attributes[0]
            if name == "ref":
                known = self.references.get(ref)
                if known.__class__ is not kind:
                    if len(ref) > CACHED_LENGTH:
                        return kind(ref=ref)
                    if len(self.references) >= CACHED:
                        self.references.clear()
                    known = self.references[ref] = kind(ref=ref)
                return known  # pyright: ignore[reportReturnType]  # its class was looked at
        if not len(element) and self.is_hollow(element):
            return self.nothing(kind)
        for name, text in attributes:
            if name != "ref":
                self.stray_attribute(element, name, text)
        self.stray_text(element)
        for child in element:
            self.unexpected(child, "T33")
            self.stray_tail(child)
        return kind(ref=element.get("ref"), kept=self.take(element))

    def text(self, element: Element, convert: Callable[[str], Any]) -> Any:
        """The text of an element whose attributes the codec reads itself."""
        text = element.text or ""
        for child in element:
            self.unexpected(child)
            self.stray_tail(child)
        try:
            return convert(text)
        except ValueError as error:
            self._refuse(element, "unreadable-value", "the text cannot be read", expected=str(error), got=text)
            self._keep(element).texts.append(text)
            return None

    def text_literal(self, element: Element, table: Mapping[str, T]) -> Any:
        """The member of an enumeration that is the text of an element whose attributes the codec reads itself."""
        text = self.text(element, lexical.string)
        found = table.get(text)
        return self.unknown_literal(element, text, table) if found is None else found

    def simple_text(self, element: Element, kind: Simple) -> Any:
        """The same for the text of an element whose attributes the codec reads itself."""
        value = self.text(element, kind.value)
        if value is not None:
            self._hold(element, element.text or "", kind)
        return value

    def simple_attribute(self, element: Element, name: str, text: str, kind: Simple) -> Any:
        """The same for an attribute."""
        value = self.attribute(element, name, text, kind.value)
        if value is not None:
            self._hold(element, text, kind, f"@{name}")
        return value

    def attribute(self, element: Element, name: str, text: str, convert: Callable[[str], T]) -> T | None:
        """The value of an attribute."""
        try:
            return convert(text)
        except ValueError as error:
            message = f"the attribute {name} cannot be read"
            self._refuse(element, "unreadable-value", message, expected=str(error), got=text)
            self._keep(element).attributes.append((name, text))
            return None

    def attribute_literal(self, element: Element, name: str, text: str, table: Mapping[str, T]) -> T | None:
        """The member of an enumeration that an attribute holds."""
        found = table.get(text)
        return cast("T", self.unknown_literal(element, text, table, f"@{name}")) if found is None else found

    def add(self, values: list[T], value: T | None) -> None:
        """Append a value to a list, unless it could not be read."""
        if value is not None:
            values.append(value)

    def filled(self, element: Element, default: str) -> Element:
        """An element that, if it is empty, has its default value."""
        if not element.text and not len(element) and not self.is_nil(element):
            element.text = default
        return element

    def wrapped(self, kind: type[W], value: Any) -> W | None:
        """An object that says which element of several a value is of; None if there is no value."""
        return None if value is None else kind(value=value)  # type: ignore[call-arg]  # which such a class has

    # -- nil and xsi:type --------------------------------------------------------------------------------------

    def is_nil(self, element: Element) -> bool:
        """Whether an element says that it has no value, and has none."""
        said = element.get(NIL_ATTRIBUTE)
        if said is None:
            return False
        if said.strip() in TRUE and not element.text and not len(element):
            return True
        self.nillable = element if said.strip() not in TRUE else None
        return False

    def nil(self, element: Element) -> Nil:
        """What an element holds that has no value."""
        attributes = tuple(one for one in element.items() if one[0] != NIL_ATTRIBUTE and one[0] not in HINTS)
        for name, _ in attributes:
            if name != TYPE:
                self._refuse(element, "unknown-attribute", f"the attribute {local_name(name)} is not expected here")
        if attributes:
            self._keep_leaf(element, attributes=attributes)
        return NIL

    def kind(self, element: Element) -> str | None:
        """The qualified name of the type that an element says it is of."""
        said = element.get(TYPE)
        if said is None:
            return None
        prefix, _, local = said.strip(lexical.WHITE_SPACE).rpartition(":")
        namespace = element.nsmap.get(prefix or None)
        return f"{{{namespace}}}{local}" if namespace else local

    def typed(self, element: Element) -> Element:
        """An element whose class its type has decided, so that nothing needs to be kept of that."""
        self.by_type = element
        return element

    def unknown_type(self, element: Element, names: str) -> Any:
        """An element that is of no type which may stand there, or does not say of which."""
        said = element.get(TYPE)
        message = "the type is not one that may stand here" if said else "the type is not said"
        self._refuse(element, "unknown-type", message, expected=f"xsi:type, one of {names}", got=said)
        self._keep_element(element)

    # -- wildcards ---------------------------------------------------------------------------------------------

    def admits(self, element: Element, allowed: str, own: str) -> bool:
        """Whether a wildcard lets an element in: ``##any``, ``##other``, ``##local``, or a list of namespaces."""
        return admitted(element.tag, allowed, own)

    def admits_attribute(self, name: str, allowed: str, own: str) -> bool:
        """Whether a wildcard lets an attribute in. What XML Schema itself says of an element is none of its own."""
        self.strange = True
        return not name.startswith(XSI) and admitted(name, allowed, own)

    def standardise(self, element: Element) -> Registered | None:
        """The profile whose root an element is; the element is put into the standard's namespace."""
        return self.registry.standardise(element, self.dialect)

    def content(self, element: Element) -> Record | ForeignElement:
        """What a wildcard lets in: an object of a known class, or the element as it is."""
        registered = self.standardise(element)
        if registered is None:
            return self.anything(element)
        return registered.codec.roots[local_name(element.tag)].read(element, self)

    def anything(self, element: Element) -> ForeignElement:
        """An element of any type, as it is."""
        self.strange = True
        check_attributes(self.document, element, self.limits)
        return ForeignElement.of(element)

    def carry(self, element: Element) -> Any:
        """The same, where the envelope's type parameter says what it is."""
        content = self.content(element)
        self.carried.append(content)
        return content

    def substitute(self, element: Element, head: str) -> Any:
        """What stands for an abstract element of an envelope: an object of a profile that says so of its roots."""
        registered = self.registry.find(str(element.tag), self.dialect)
        if registered is None or head not in registered.profile.heads:
            name = local_name(head)
            self._refuse(
                element, "unknown-element", f"{local_name(element.tag)} does not stand for {name}", expected=name
            )
        return self.carry(element)

    # -- what does not belong ----------------------------------------------------------------------------------

    def stray(self, element: Element) -> None:
        """Look at the text and the attributes of an element that should have neither."""
        self.stray_text(element)
        self.stray_attributes(element)

    def stray_text(self, element: Element) -> None:
        """Look at the text before an element's first child, where none belongs."""
        self._stray(element, element.text)

    def stray_tail(self, child: Element) -> None:
        """Look at the text behind a child, where none belongs."""
        parent = child.getparent()
        if parent is not None:
            self._stray(parent, child.tail)

    def stray_attributes(self, element: Element) -> None:
        """Look at the attributes of an element that should have none."""
        for name, text in element.items():
            self.stray_attribute(element, name, text)

    def stray_attribute(self, element: Element, name: str, text: str) -> None:
        """Look at an attribute that the schema does not name."""
        if name in HINTS:
            return
        if len(element.keys()) > self.limits.attributes or len(name) > self.limits.name:
            check_attributes(self.document, element, self.limits)
        if name == TYPE and element is self.by_type:
            return
        self._refuse_attribute(element, name)
        self._keep_attribute(element, name, text)

    def unexpected(self, child: Element, rule: str | None = None) -> None:
        """Look at an element that the schema does not expect, or not once more."""
        name = local_name(child.tag)
        if self._is_repeated(child):
            self._refuse(child, "repeated-element", f"the element {name} may stand once only", rule=rule)
        else:
            self._refuse(child, "unknown-element", f"the element {name} is not expected here", rule=rule)
            parent = child.getparent()
            if parent is not None:
                self._keep(parent).unknown.add(str(child.tag))
        self._keep_element(child)

    def _is_repeated(self, child: Element) -> bool:
        """Whether an element stands there once more: one of its name is there that is not itself unknown."""
        parent = child.getparent()
        if parent is None:
            return False
        keeper, tag = self._keep(parent), str(child.tag)
        if tag in keeper.unknown:
            return False
        if not keeper.firsts:
            for one in parent.iterchildren("*"):
                keeper.firsts.setdefault(str(one.tag), one)
        return keeper.firsts.setdefault(tag, child) is not child

    def unknown_literal(self, element: Element, text: str, table: Mapping[str, T], where: str = "") -> Any:
        """A literal that the enumeration does not have."""
        expected = f"one of {', '.join(table)}"
        self._refuse(element, "unknown-literal", "the literal is not known", expected=expected, got=text, where=where)
        return text

    def missing(self, element: Element, name: str, *, several: bool = False) -> Any:
        """A required member that is not there, or one of which there must be several."""
        self._refuse(element, "missing-member", f"{name} is missing", expected=name)

    def choice(
        self, element: Element, branches: Mapping[str, object], *, required: bool, lists: tuple[str, ...] = ()
    ) -> None:
        """Hold a choice to one branch. An empty list is none, but for the members in ``lists``, whose value is one."""
        present = [name for name, one in branches.items() if one is not None and (one != [] or name in lists)]
        if len(present) > 1:
            message = f"{' and '.join(present)} exclude each other"
            self._refuse(element, "several-branches", message, expected=f"one of {', '.join(branches)}")
        elif required and not present:
            self._refuse(element, "missing-member", "a choice is missing", expected=f"one of {', '.join(branches)}")

    def solid(self, element: Element) -> Element:
        """An element that says something even if nothing is in it: which branch of a choice was taken."""
        return element

    def is_hollow(self, element: Element) -> bool:
        """Whether an element without children stands for nothing, so that no object is made of it."""
        return False

    def nothing(self, kind: type[T]) -> T:
        """What is read instead of an object that stands for nothing."""
        return cast("T", None)

    def take(self, element: Element, record: Record | None = None) -> Kept | None:
        """What was kept for the object of an element."""
        keeper = self.kept.pop(element, None)
        return keeper.kept() if keeper is not None else None

    # -- inside --------------------------------------------------------------------------------------------------

    def _hold(self, element: Element, text: str, kind: Simple, where: str = "") -> None:
        """Hold a text to the facets of its type."""
        asked = kind.broken(text)
        if asked is None:
            return
        if isinstance(kind, Enumerated):
            self.unknown_literal(element, text, kind.table, where)
        else:
            message = "the value is not allowed"
            self._refuse(element, "broken-facet", message, expected=asked, got=text, where=where)

    def _value(self, element: Element, convert: Callable[[str], T]) -> T | None:
        """The value of an element that holds nothing else."""
        if len(element) or element.keys():
            return self._leaf(element, convert)
        return self._converted(element, convert)

    def _converted(self, element: Element, convert: Callable[[str], T]) -> T | None:
        """The value of an element's text; None, and the element kept, if it cannot be read."""
        text = element.text or ""
        try:
            return convert(text)
        except ValueError as error:
            return self._unreadable(element, convert, text, str(error))

    def _unreadable(self, element: Element, convert: Callable[[str], T], text: str, expected: str) -> T | None:
        """An element whose text is no value of its type."""
        self._refuse(element, "unreadable-value", "the value cannot be read", expected=expected, got=text)
        self._keep_element(element)
        return None

    def _leaf(self, element: Element, convert: Callable[[str], T]) -> T | None:
        """The value of an element that has attributes or children and should not. None if it is more than a value."""
        if len(element):
            self._refuse(element, "unreadable-value", f"{local_name(element.tag)} holds elements", expected="a value")
            self._keep_element(element)
            return None
        attributes = [(name, text) for name, text in element.items() if name not in HINTS]
        if len(attributes) > self.limits.attributes or any(len(name) > self.limits.name for name, _ in attributes):
            check_attributes(self.document, element, self.limits)
        for name, _ in attributes:
            self._refuse_attribute(element, name)
        value = self._converted(element, convert)
        if attributes and value is not None:
            self._keep_leaf(element, attributes=tuple(attributes))
        return value

    def _stray(self, element: Element, text: str | None) -> None:
        if text is not None and text.strip(lexical.WHITE_SPACE):
            self._refuse(
                element, "stray-text", "there is text between the elements", expected="elements only", got=text
            )
            self._keep(element).texts.append(text)

    def _refuse_attribute(self, element: Element, name: str) -> None:
        if name != TYPE and not (name == NIL_ATTRIBUTE and element is self.nillable):
            self._refuse(element, "unknown-attribute", f"the attribute {local_name(name)} is not expected here")

    def _keep(self, element: Element) -> Keeper:
        self.strange = True
        return self.kept.setdefault(element, Keeper())

    def _keep_attribute(self, element: Element, name: str, text: str) -> None:
        """Keep an attribute. In strict mode only a type comes here, which says nothing new."""

    def _keep_leaf(
        self, element: Element, *, attributes: tuple[tuple[str, str], ...] = (), text: tuple[str, str] | None = None
    ) -> None:
        """Keep how an element that holds one value was spelt; in strict mode, likewise."""

    def _keep_element(self, child: Element) -> None:
        parent = child.getparent()
        if parent is not None:
            check_attributes(self.document, child, self.limits)
            keeper = self._keep(parent)
            keeper.elements.append(ForeignElement.of(child))
            keeper.tags.append(str(child.tag))

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
        """Raise; or, in lenient mode, note it and come back."""
        self.refuse(element, message, expected=expected, got=got, where=where)

    def refuse(
        self, element: Element, message: str, *, expected: str | None = None, got: str | None = None, where: str = ""
    ) -> NoReturn:
        """Raise an error at an element, in either mode."""
        path = self.document.path(element) + (f"/{where}" if where else "")
        raise DecodeError(
            message,
            path=path,
            line=self.document.line(element),
            expected=expected,
            got=None if got is None else self.shown(element, got),
            reply_code="1.8",
        )

    def note(  # what a finding has
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
        """Note what lenient reading tolerated."""

    def shown(self, element: Element, text: str) -> str:
        """A piece of the document for an error text, unless it is a secret."""
        return HIDDEN if local_name(element.tag) in self.registry.secrets else shortened(text)


def check_carried(result: Record, reading: Reading, wanted: tuple[Any, ...], *, strict: bool) -> None:
    """Hold what an envelope carries to the classes that the caller expects, and to its own noun.

    Raises:
        DecodeError: It carries something else.
    """
    wanted = tuple(one for one in wanted if one is not Any and not isinstance(one, TypeVar))
    for content in reading.carried:
        if wanted and not isinstance(content, wanted):
            expected = " or ".join(getattr(one, "__name__", str(one)) for one in wanted)
            name = local_name(content.tag) if isinstance(content, ForeignElement) else ""
            tags = [one.tag(name) for one in reading.registry.by_root.get(name, ())]
            raise _not_carried(content, reading, "the message does not carry what was expected", expected, tags)
    found = foreign_payload(result, reading.registry)
    if found is not None:
        foreign, message, tags = found
        error = _not_carried(foreign, reading, message, " or ".join(tags), tags)
        error.advice = error.advice or "One of the two is wrong; mode='lenient' keeps the payload as it is."
        if strict or local_name(foreign.tag) in reading.registry.by_root:
            raise error
        reading.note("foreign-payload", str(error.path), error.line, error.message, error.got)


def foreign_payload(message: object, registry: Registry) -> tuple[ForeignElement, str, list[str]] | None:
    """What a message carries that its own Noun does not name, what is wrong with that, and the tags that it names."""
    payload: list[object] = getattr(getattr(message, "payload", None), "contents", [])
    foreign = next((content for content in payload if isinstance(content, ForeignElement)), None)
    if foreign is None:
        return None
    noun = str(getattr(getattr(message, "header", None), "noun", ""))
    known = registry.of_noun(noun)
    if known is None:
        return None
    wrong = f"the Noun {noun} names a profile, and the payload is something else"
    return foreign, wrong, [known.tag(root) for root in known.profile.roots]


def _not_carried(
    content: Record | ForeignElement, reading: Reading, message: str, expected: str, tags: list[str]
) -> DecodeError:
    """The error for what a message carries: where it is, and how its namespace departs from that of some tags."""
    document = reading.document
    advice = None
    known = reading.registry.binding(type(content)) if isinstance(content, Record) else None
    tag = content.tag if isinstance(content, ForeignElement) else "" if known is None else known[0].tag(known[1])
    element = next(document.top.iter(tag or None), document.top)
    path, line = document.path(element), document.line(element)
    if isinstance(content, ForeignElement) and local_name(tag) in map(local_name, tags):
        message, advice = spelling_of(tag, tags)
        expected = " or ".join(tags)
    return DecodeError(
        message,
        path=path,
        line=line,
        expected=expected,
        got=content.tag if isinstance(content, ForeignElement) else type(content).__name__,
        reply_code="2.5",
        advice=advice,
    )


def shortened(text: str) -> str:
    """A piece of a document for an error text, on one line."""
    text = " ".join(text.split()) if text.strip() else text
    return repr(text if len(text) <= SHOWN else f"{text[:SHOWN]}…")


def _qname(element: Element, text: str) -> QName:
    prefix, colon, local = text.strip(lexical.WHITE_SPACE).rpartition(":")
    namespace = element.nsmap.get(prefix or None)
    if not local.replace("-", "_").replace(".", "_").isidentifier() or (colon and (not prefix or namespace is None)):
        raise ValueError("a qualified name whose prefix is declared")
    return QName(namespace, local)
