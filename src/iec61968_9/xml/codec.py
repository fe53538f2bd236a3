"""What generated codecs are made with, and the tables by which they are found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from threading import Lock
from typing import Any, TypeAlias, TypeVar

from lxml import etree

from iec61968_9.xml.record import Record

__all__ = [
    "BLANK",
    "NIL_ATTRIBUTE",
    "NIL_MARK",
    "Binding",
    "Codec",
    "Element",
    "Profile",
    "compiled",
    "fits",
    "literals",
    "new",
]

Element: TypeAlias = etree._Element  # pyright: ignore[reportPrivateUsage]  # lxml's element class has no other name

E_ = TypeVar("E_", bound=StrEnum)

new = object.__new__
"""Makes an object whose members the codec then sets; half the time of a call of the class."""

BLANK: frozenset[str | None] = frozenset(
    {None, "", " ", "\n\n", *("\n" + " " * width for width in range(65)), *("\n" + "\t" * width for width in range(33))}
)
"""The white space that stands between elements in nearly all documents; one look-up tells it from text. Other white
space is looked at more closely."""


NIL_ATTRIBUTE = "{http://www.w3.org/2001/XMLSchema-instance}nil"
"""The attribute that says that an element has no value."""

NIL_MARK = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"'
"""The same as it is written."""

_COMPILING = Lock()


def fits(value: object, kind: type) -> bool:
    """``isinstance``, for classes with a type parameter, about which it would tell type checkers too little."""
    return isinstance(value, kind)


def compiled(schema: Element) -> etree.XMLSchema:
    """A compiled schema. One thread at a time: libxml2 prepares its built-in types in the first run."""
    with _COMPILING:
        return etree.XMLSchema(schema)


def literals(kind: type[E_]) -> dict[str, E_]:
    """The members of an enumeration by their literals."""
    return {str(member.value): member for member in kind}


@dataclass(frozen=True, slots=True)
class Binding:
    """A class and the functions that read and write it; for an item, also the member of the payload that lists it.

    An item has further a name as it is written, where that has a prefix; its qualified name, where it is not of the
    payload's namespace; and the qualified name of a global element of its type, where its schema has one for it.

    ``read`` takes an element and a ``Reading``; ``write`` an object, a tag and a ``Writing``. Their types are not named
    here, because what reads and writes needs the registry, and the registry needs this.
    """

    kind: type[Record]
    read: Callable[[Element, Any], Record]
    write: Callable[[object, str, Any], None]
    member: str = ""
    written: str = ""
    tag: str = ""
    alias: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Codec:
    """What a codec module offers: bindings of the roots, and of the items that can be streamed, by element name.

    For each class that ``xsi:type`` may replace, there are also those that an object in its place may be of.
    """

    roots: Mapping[str, Binding]
    items: Mapping[str, Binding]
    families: Mapping[type[Record], tuple[type[Record], ...]] = field(
        default_factory=dict[type[Record], tuple[type[Record], ...]]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One profile of a generated package's index.

    Attributes:
        noun: The schema's noun.
        role: ``payload``, ``query`` or ``envelope``.
        namespace: The target namespace.
        module: The module of its classes in ``profiles``, of its codec in ``_codecs``; its schema's name in
            ``_schemas``.
        roots: The root elements.
        items: The repeated children of the root.
        status: How the schema came to be.
        confidence: How sure the library is of it.
        asks_for: The noun of the payload that a query asks for.
        secrets: The elements and attributes whose values must not show.
        prefix: The prefix of its elements, where some elements have no namespace; else empty.
        prefixes: A prefix for each further namespace that its elements have, and for each that attributes have.
        heads: The elements of an envelope for which its roots may stand, by qualified name.
        verify: Whether what is written is validated, because its schema asks for more than classes can say.
    """

    noun: str
    role: str
    namespace: str
    module: str
    roots: tuple[str, ...]
    items: tuple[str, ...]
    status: str
    confidence: str
    asks_for: str | None
    secrets: tuple[str, ...] = ()
    prefix: str = ""
    prefixes: tuple[tuple[str, str], ...] = ()
    heads: tuple[str, ...] = ()
    verify: bool = False

    @property
    def advice(self) -> str | None:
        """What to do when a partner insists that a message is right which the schema refuses."""
        if self.status == "schema-backed":
            return None
        return (
            f"The library's schema of {self.noun} is {self.status}, its confidence {self.confidence}: the message may "
            "be right and the schema wrong. Compare with your licensed copy (xsd/README.md), or read with "
            "mode='lenient'."
        )
