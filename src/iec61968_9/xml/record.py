"""What generated classes are made of: their base, references, and what a schema does not name.

``Record`` is the base of all generated classes. Beside the members of its type, an object carries ``kept``: whatever
lenient reading found in its element and could not give a type, so that nothing is lost and writing can put it back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Generic, TypeAlias

if TYPE_CHECKING:
    from lxml.etree import _Element  # pyright: ignore[reportPrivateUsage]  # lxml's element class has no other name
    from typing_extensions import TypeVar

    Body = TypeVar("Body", default=Any)
    Answer = TypeVar("Answer", default=Any)
else:
    from typing import TypeVar

    Body = TypeVar("Body")
    Answer = TypeVar("Answer")

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
"""The namespace of hints to a validator, as attributes' names begin with it."""

__all__ = [
    "NIL",
    "XSI",
    "Body",
    "Content",
    "ForeignElement",
    "Kept",
    "KeptLeaf",
    "KeptNothing",
    "Nil",
    "QName",
    "Query",
    "Record",
    "Reference",
    "sole",
]


@dataclass(frozen=True, slots=True)
class QName:
    """A qualified name: a namespace (None for none) and a local name."""

    namespace: str | None
    local: str

    def __post_init__(self) -> None:
        if self.namespace == "":
            object.__setattr__(self, "namespace", None)

    def __str__(self) -> str:
        return f"{{{self.namespace}}}{self.local}" if self.namespace else self.local


class Nil(Enum):
    """What an element holds that says ``xsi:nil="true"``: it is there, and has no value."""

    NIL = "nil"

    def __repr__(self) -> str:
        return "NIL"


NIL = Nil.NIL
"""The one value of ``Nil``. A member that is None is not there at all."""


class ForeignElement:
    """An element that no known schema describes, kept as it was: immutable, comparable, picklable.

    Args:
        xml: The element as a document of its own, with all namespace declarations that it needs.

    Attributes:
        xml: The same; what has no namespace says so, so that it keeps none wherever it is written.

    Two are equal if their canonical forms (exclusive C14N) are.

    Raises:
        ValueError: ``xml`` is not one well-formed element, or has a document type declaration.
        TypeError: ``xml`` is no text.
    """

    __slots__ = ("_canonical", "xml")

    xml: str
    _canonical: bytes | None

    def __init__(self, xml: str) -> None:
        from lxml import etree

        if not isinstance(xml, str):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may put anything
            raise TypeError(f"a foreign element is made of text, not of {type(xml).__name__}")
        try:
            element = _parsed(xml)
        except etree.XMLSyntaxError as error:
            raise ValueError(f"a foreign element must be well formed: {error}") from None
        if element.getroottree().docinfo.doctype:
            raise ValueError("a foreign element must have no document type declaration")
        self._set(_standalone(element))

    @classmethod
    def of(cls, element: _Element) -> ForeignElement:
        """Take a copy of an lxml element, without its tail."""
        return _restore(_standalone(element))

    def element(self) -> _Element:
        """The element as a fresh lxml tree."""
        return _parsed(self.xml)

    def _set(self, xml: str) -> None:
        object.__setattr__(self, "xml", xml)
        object.__setattr__(self, "_canonical", None)

    @property
    def tag(self) -> str:
        """The name, as ``{namespace}local``."""
        return str(self.element().tag)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a ForeignElement does not change")

    def __delattr__(self, name: str) -> None:
        raise AttributeError("a ForeignElement does not change")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ForeignElement) and self._canonical_form() == other._canonical_form()

    def __hash__(self) -> int:
        return hash(self._canonical_form())

    def __repr__(self) -> str:
        return f"<ForeignElement {self.tag}>"

    def __reduce__(self) -> tuple[Callable[[str], ForeignElement], tuple[str]]:
        return _restore, (self.xml,)

    def _canonical_form(self) -> bytes:
        known = self._canonical
        if known is None:
            from lxml import etree

            try:
                known = bytes(etree.tostring(self.element(), method="c14n", exclusive=True))
            except etree.C14NError:  # a namespace that is a relative URI
                known = etree.canonicalize(self.xml).encode()
            object.__setattr__(self, "_canonical", known)
        return known


def _restore(xml: str) -> ForeignElement:
    """A foreign element from text that is known to be right."""
    made = ForeignElement.__new__(ForeignElement)
    made._set(xml)  # pyright: ignore[reportPrivateUsage]  # of this module
    return made


def _parsed(xml: str) -> _Element:
    from lxml import etree

    from iec61968_9.xml.apart import parsed

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, collect_ids=False, encoding="utf-8"
    )
    return parsed(xml.encode(), parser)


def _standalone(element: _Element) -> str:
    """An element as text that means the same wherever it stands."""
    from lxml import etree

    xml = etree.tostring(element, encoding="unicode", with_tail=False)
    if None in element.nsmap:
        return xml
    # What has no namespace must not inherit one.
    local = str(element.tag).rpartition("}")[2]
    name = f"{element.prefix}:{local}" if element.prefix else local
    return f'<{name} xmlns=""{xml[1 + len(name) :]}'


@dataclass(frozen=True, slots=True)
class KeptLeaf:
    """How lenient reading found an element that holds one value, where that is not how the schema has it.

    Attributes:
        element: The element's name.
        number: Which one it is among its siblings of that name, counted from 0.
        attributes: Attributes that it should not have, as (``{namespace}local``, value).
        text: Its text in the standard's form and as it was found, if those differ and mean the same. The latter is
            written as long as the member has the value that it stands for.
        name: Its name as it was found, if that is another one.
    """

    element: str
    number: int
    attributes: tuple[tuple[str, str], ...] = ()
    text: tuple[str, str] | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class KeptNothing:
    """An element that says nothing: a placeholder (``?``) or an empty shell. Its member is absent.

    Attributes:
        element: The element.
        after: The name of the last element before it that says something; empty if there is none.
        number: Which one of that name that is, counted from 0.
        namesakes: How many elements of its own name before it say something. Written before one of them, it would be
            read in its place.

    Two are equal if their elements are, wherever they stand.
    """

    element: ForeignElement
    after: str = field(default="", compare=False)
    number: int = field(default=0, compare=False)
    namesakes: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Kept:
    """What lenient reading found in an element and could not give a type. Lenient writing puts it back.

    Attributes:
        attributes: Attributes that the schema does not name, as (``{namespace}local``, value).
        texts: Text where no text belongs.
        elements: Elements that the schema does not name there, second ones of what may stand once, and those whose
            value could not be read.
        leaves: Elements that hold one value, and have attributes or are spelt in a way of their own.
        absent: Elements that say nothing. Strict writing leaves them out; lenient writing puts each behind the element
            that it stood behind.
    """

    attributes: tuple[tuple[str, str], ...] = ()
    texts: tuple[str, ...] = ()
    elements: tuple[ForeignElement, ...] = ()
    leaves: tuple[KeptLeaf, ...] = ()
    absent: tuple[KeptNothing, ...] = ()

    @property
    def says_more(self) -> bool:
        """Whether it says anything that the members do not: more than placeholders, spellings, and ``xsi:`` hints."""
        named = [*self.attributes, *(attribute for leaf in self.leaves for attribute in leaf.attributes)]
        return bool(self.texts or self.elements) or any(not name.startswith(XSI) for name, _ in named)


@dataclass(slots=True, kw_only=True)
class Record:
    """The base of all generated classes."""

    kept: Kept | None = field(default=None, repr=False)
    """What lenient reading found here beside the members of the type; None if there was nothing, and in strict mode."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """An element that only says, by its attribute ``ref``, which object or code is meant.

    Immutable, so one object may stand in many places; replace it to change it.
    """

    ref: str | None = None
    """The code (``0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0``), or the mRID or name of an object in the same payload."""

    kept: Kept | None = field(default=None, repr=False)
    """As in ``Record``."""


Content: TypeAlias = Record | ForeignElement
"""What stands where a schema lets anything stand: an object of a known class, or the element as it is."""


class Query(Generic[Answer]):
    """The base of the queries: ``GetMeterReadings`` is a ``Query[MeterReadings]``, it asks for ``MeterReadings``."""

    __slots__ = ()


def sole(several: Sequence[Body]) -> Body:
    """The one element of a sequence.

    Raises:
        LookupError: There is none, or more than one.
    """
    if len(several) != 1:
        raise LookupError(f"there are {len(several)} objects" if several else "there is no object")
    return several[0]
