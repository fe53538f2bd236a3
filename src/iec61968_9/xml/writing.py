"""What a codec writes to: a list of strings, one for each start tag, end tag and leaf.

``Writing`` is strict: what it takes is valid by the schema and exact, or it raises ``EncodeError`` with the path. It
knows the path without being told, from the tags that are open. ``LenientWriting`` also writes what lenient reading
read: missing members, unknown literals, and what was kept.
"""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, NoReturn, cast

from lxml import etree

from iec61968_9.errors import EncodeError
from iec61968_9.xml import lexical
from iec61968_9.xml.codec import NIL_MARK, compiled
from iec61968_9.xml.content_model import ContentModel
from iec61968_9.xml.dialect import DEFAULT_DIALECT, Dialect
from iec61968_9.xml.document import admitted, local_name, move, namespace_of
from iec61968_9.xml.reading import HIDDEN, foreign_payload, shortened
from iec61968_9.xml.record import XSI, Content, ForeignElement, Kept, KeptLeaf, KeptNothing, QName, Record, Reference
from iec61968_9.xml.registry import Registry
from iec61968_9.xml.simple import Simple

__all__ = ["LenientWriting", "Verbatim", "Writing"]

_CLEAN = re.compile("[^&<>\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]*").fullmatch
_CLEAN_ATTRIBUTE = re.compile('[^&<>"\x00-\x1f\ud800-\udfff\ufffe\uffff]*').fullmatch
_URI = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+").fullmatch
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]").search


_START = re.compile(r"<[^\s/>]+")

CACHED = 4096
CACHED_LENGTH = 200
"""Longer references are not remembered: a stream must not grow with them."""

LISTED = 20
XML = "http://www.w3.org/XML/1998/namespace"

RESERVED = frozenset({"http://www.w3.org/XML/1998/namespace", "http://www.w3.org/2000/xmlns/"})
"""Namespaces that have prefixes of their own."""


class Verbatim(str):
    """A part that is written as it is: a foreign element."""

    __slots__ = ()


class Writing:
    """Strict writing of one document.

    Attributes:
        parts: The strings so far.
        registry: The profiles by which an object's root is known.
        dialect: The partner's spelling of namespaces and prefix.
        references: How the references were written so far; the same codes come again and again.
        regions: The parts that get the dialect's prefix, as (first, behind the last), in order.
        namespace: The namespace of tags that the codecs write at this point.
        standard: The same as the standard has it; another one where the dialect says so.
        prefixed: Whether the codecs put a prefix of their own before tags in that namespace.
        verify: Whether a profile that was written asks for validation of what came out.
    """

    __slots__ = ("dialect", "namespace", "parts", "prefixed", "references", "regions", "registry", "standard", "verify")

    def __init__(self, registry: Registry, dialect: Dialect = DEFAULT_DIALECT) -> None:
        self.parts: list[str] = []
        self.registry = registry
        self.dialect = dialect
        self.regions: list[tuple[int, int]] = []
        self.references: dict[tuple[str, str], str] = {}
        self.namespace = ""
        self.standard = ""
        self.prefixed: bool = False
        self.verify: bool = False

    # -- leaves --------------------------------------------------------------------------------------------------

    def string(self, tag: str, value: object) -> None:
        """Write a text."""
        if not isinstance(value, str):
            return self.mismatch(value, str, tag)
        if value.__class__ is not str:  # which may show itself as something else
            value = str.__str__(value)
        text = value if _CLEAN(value) else self._escaped(value, lexical.TEXT_ESCAPES, tag)
        self.parts.append(f"<{tag}>{text}</{tag}>")
        return None

    def date_time(self, tag: str, value: object) -> None:
        """Write a date and time."""
        if not isinstance(value, datetime.datetime):
            return self.mismatch(value, datetime.datetime, tag)
        if value.tzinfo is datetime.UTC:
            text = lexical.known_texts.get(value)
            if text is not None:
                self.parts.append(f"<{tag}>{text}</{tag}>")
                return None
        return self._leaf(tag, value, lexical.date_time_text)

    def date(self, tag: str, value: object) -> None:
        """Write a date."""
        if not isinstance(value, datetime.date) or isinstance(value, datetime.datetime):
            return self.mismatch(value, datetime.date, tag)
        return self._leaf(tag, value, lexical.date_text)

    def time(self, tag: str, value: object) -> None:
        """Write a time of day."""
        if not isinstance(value, datetime.time):
            return self.mismatch(value, datetime.time, tag)
        return self._leaf(tag, value, lexical.time_text)

    def boolean(self, tag: str, value: object) -> None:
        """Write a truth value."""
        if not isinstance(value, bool):
            return self.mismatch(value, bool, tag)
        return self._leaf(tag, value, lexical.boolean_text)

    def integer(self, tag: str, value: object) -> None:
        """Write an integer."""
        if not isinstance(value, int) or isinstance(value, bool):
            return self.mismatch(value, int, tag)
        return self._leaf(tag, value, lexical.integer_text)

    def decimal(self, tag: str, value: object) -> None:
        """Write a decimal number."""
        if not isinstance(value, Decimal):
            return self.mismatch(value, Decimal, tag)
        return self._leaf(tag, value, lexical.decimal_text)

    def floating(self, tag: str, value: object) -> None:
        """Write a floating-point number."""
        if not isinstance(value, float | int) or isinstance(value, bool):
            return self.mismatch(value, float, tag)
        return self._leaf(tag, value, lexical.floating_text)

    def single(self, tag: str, value: object) -> None:
        """Write a floating-point number of single precision."""
        if not isinstance(value, float | int) or isinstance(value, bool):
            return self.mismatch(value, float, tag)
        return self._leaf(tag, value, lexical.single_text)

    def simple(self, tag: str, value: object, kind: Simple) -> None:
        """Write a value of a type with rules of its own."""
        text = self._ruled(tag, value, kind)
        if text is not None:
            self.parts.append(f"<{tag}>{self.plain(text, tag)}</{tag}>")

    def qname(self, tag: str, value: object) -> None:
        """Write a qualified name, with the declaration that it needs."""
        if not isinstance(value, QName):
            return self.mismatch(value, QName, tag)
        local = self._local_name(value, tag)
        if value.namespace is None and (self.prefixed or ":" in tag or not self.namespace):
            self.parts.append(f'<{tag} xmlns="">{local}</{tag}>')
        elif value.namespace is None and not self.namespace:
            self.parts.append(f"<{tag}>{local}</{tag}>")
        elif value.namespace is None:
            self.parts.append(f'<ns0:{tag} xmlns:ns0="{self.namespace}" xmlns="">{local}</ns0:{tag}>')
        else:
            namespace = self.attribute_text(value.namespace, tag)
            prefix = self._prefix("q")
            self.parts.append(f'<{tag} xmlns:{prefix}="{namespace}">{prefix}:{local}</{tag}>')
        return None

    def _prefix(self, name: str) -> str:
        """A prefix for one element, which must not be the dialect's."""
        return f"{name}." if name == self.dialect.prefix else name

    def _local_name(self, value: QName, where: str) -> str:
        """The local part of a qualified name that a document can hold."""
        if not _is_name(value.local):
            self.fail(where, "the name is none that XML has", expected="letters, digits, '.', '-' and '_'")
        if value.namespace is not None and (not _URI(value.namespace) or value.namespace in RESERVED):
            self.fail(where, "the namespace is none that a prefix can stand for", expected="a URI in ASCII")
        return value.local

    def _qname_attribute(self, name: str, value: object, where: str) -> str:
        """An attribute that holds a qualified name, with the declaration that it needs.

        No namespace is the default in a profile that has such attributes.
        """
        if not isinstance(value, QName):
            self.mismatch(value, QName, where)
            return ""
        local = self._local_name(value, where)
        if value.namespace is None:
            return f' {name}="{local}"'
        prefix = self._prefix(f"q.{name.replace(':', '.')}")
        return f' xmlns:{prefix}="{self.attribute_text(value.namespace, where)}" {name}="{prefix}:{local}"'

    def literal(self, tag: str, value: object, kind: type[StrEnum]) -> None:
        """Write a member of an enumeration."""
        text = self._literal(tag, value, kind)
        if text is not None:
            self.parts.append(f"<{tag}>{self.plain(text, tag)}</{tag}>")

    def reference(self, tag: str, value: object) -> None:
        """Write a reference."""
        if not isinstance(value, Reference):
            return self.mismatch(value, Reference, tag)
        start = len(self.parts)
        if value.ref is None:
            self.parts.append(f"<{tag}/>")
        elif not isinstance(value.ref, str):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may put anything
            self.mismatch(value.ref, str, f"{tag}/@ref")
        else:
            known = self.references.get((tag, value.ref))
            if known is None:
                known = f'<{tag} ref="{self.attribute_text(value.ref, f"{tag}/@ref")}"/>'
                if len(value.ref) <= CACHED_LENGTH:
                    if len(self.references) >= CACHED:
                        self.references.clear()
                    self.references[tag, value.ref] = known
            self.parts.append(known)
        if value.kept is not None:
            self.keep(value.kept, start)
        return None

    # -- attributes and simple content ---------------------------------------------------------------------------

    def attribute(
        self,
        name: str,
        value: object,
        tag: str,
        kind: type[StrEnum] | Simple | str = "string",
        *,
        required: bool = False,
    ) -> str:
        """An attribute as it stands in the start tag of an element that is not open yet, or nothing if it is absent."""
        if value is None:
            if required:
                self.mismatch(value, str, f"{tag}/@{name}")
            return ""
        where = f"{tag}/@{name}"
        if kind == "qname":
            return self._qname_attribute(name, value, where)
        return f' {name}="{self.attribute_text(self._text(value, kind, where), where)}"'

    def text(self, value: object, tag: str, kind: type[StrEnum] | Simple | str) -> str:
        """The text of an element with simple content, which is not open yet."""
        return self.plain(self._text(value, kind, tag) or "", tag)

    def simple_text(self, value: object, kind: str, where: str) -> str:
        """A value of a built-in type as text, not yet escaped."""
        python, text = _SIMPLE[kind]
        if not isinstance(value, python) or (isinstance(value, bool) and python is not bool):
            self.mismatch(value, python, where)
            return ""
        try:
            return text(value)
        except ValueError as error:
            self.fail(where, "the value cannot be written", expected=str(error))

    def other_attributes(self, values: object, tag: str, allowed: str, own: str, taken: tuple[str, ...]) -> str:
        """Attributes that the schema does not name, as they stand in a start tag.

        Args:
            values: The attributes, by ``{namespace}name`` or name.
            tag: The element, which is not open yet.
            allowed: The namespaces that the wildcard lets in.
            own: The namespace that ``##other`` leaves out.
            taken: The names of those that the schema names.
        """
        if not isinstance(values, Mapping):
            self.mismatch(values, dict, f"{tag}/@*")
            return ""
        found = ""
        for number, (name, value) in enumerate(cast("Mapping[object, object]", values).items()):
            if not isinstance(name, str) or name in taken or name.startswith(XSI) or not admitted(name, allowed, own):
                self.fail(f"{tag}/@*", "an attribute may not stand here", expected=f"one of a namespace in {allowed}")
            namespace, local = namespace_of(name) if name.startswith("{") else "", local_name(name)
            where = f"{tag}/@{local}"
            if not _is_name(local) or local == "xmlns" or (namespace and not _URI(namespace)):
                self.fail(f"{tag}/@*", "the name of an attribute is none that XML has")
            text = self.attribute_text(value, where)
            if namespace == XML:
                found += f' xml:{local}="{text}"'
            elif namespace:
                meant = self.namespace if namespace == self.standard else namespace
                prefix = self._prefix(f"o{number}")
                found += f' xmlns:{prefix}="{self.attribute_text(meant, where)}" {prefix}:{local}="{text}"'
            else:
                found += f' {local}="{text}"'
        return found

    # -- structure -------------------------------------------------------------------------------------------------

    def many(self, name: str, values: object, least: int = 0, most: int | None = None) -> Iterable[Any]:
        """The values of a repeated member, once their number is checked."""
        if not isinstance(values, list | tuple):
            self.mismatch(values, list, name)
            return ()
        count = len(values)  # pyright: ignore[reportUnknownArgumentType]  # of anything
        if count < least or (most is not None and count > most):
            self._wrong_count(name, count, least, most)
        return values  # pyright: ignore[reportUnknownVariableType]  # of anything

    def one(self, value: object, needed: str = "") -> Iterable[Any]:
        """The value of a member that one of several elements stands in, if there is one.

        Args:
            value: The value.
            needed: The elements, where one of them has to be there.
        """
        if value is None and needed:
            self.mismatch(value, Record, needed)
        return () if value is None else (value,)

    def choice(self, branches: Mapping[str, object], *, required: bool, lists: tuple[str, ...] = ()) -> None:
        """Hold a choice to one branch. An empty list is none, but for the members in ``lists``, whose value is one."""
        present = [name for name, one in branches.items() if one is not None and (one != [] or name in lists)]
        if len(present) > 1 or (required and not present):
            expected = f"one of {', '.join(branches)}"
            self.fail("", "a choice is not made once", expected=expected, got=" and ".join(present) or "none")

    def mixed(self, value: str) -> None:
        """Write a text between elements. Its own part, even if empty, keeps white space away that would be text."""
        self.parts.append(self.plain(value, "text()"))

    def nil(self, tag: str) -> None:
        """Write an element that has no value."""
        self.parts.append(f"<{tag}{NIL_MARK}/>")

    def typed(self, start: int, name: str, namespace: str) -> None:
        """Say in the start tag of what was written which type it is of."""
        if start < len(self.parts):
            meant = self.namespace if namespace == self.standard else namespace
            said = f'xmlns:xsit="{self.attribute_text(meant, name)}" xsi:type="xsit:{name}"'
            if not meant:
                said = f'xsi:type="{name}"'
            self.parts[start] = _START.sub(rf'\g<0> xmlns:xsi="{XSI[1:-1]}" {said}', self.parts[start], count=1)

    def hold(self, record: object, order: Sequence[str], model: ContentModel) -> None:
        """Hold what was written of an object to its content model."""
        if not model.fits(order):
            self.fail(
                "",
                "the members do not make a content that the schema allows",
                expected=str(model.model),
                got=_listed(order),
            )

    def content(self, value: Content, allowed: str, own: str) -> None:
        """Write what stands in a wildcard."""
        if isinstance(value, ForeignElement):
            self._check_admitted(value.tag, allowed, own)
            self.parts.append(Verbatim(value.xml))
        else:
            self.root(value, allowed, own)

    def anything(self, tag: str, value: object, namespace: str) -> None:
        """Write an element of any type, which has its name and namespace itself."""
        if not isinstance(value, ForeignElement):
            return self.mismatch(value, ForeignElement, tag)
        local = tag.rpartition(":")[2]
        expected = f"{{{namespace}}}{local}" if namespace else local
        if value.tag != expected:
            self.fail(tag, "the element is another than the one that belongs here", expected=expected, got=value.tag)
        self.parts.append(Verbatim(self._respelt(value)))
        return None

    def substitute(self, value: object, head: str) -> None:
        """Write what stands for an abstract element of an envelope."""
        found = self.registry.binding(type(value))
        if found is None or head not in found[0].profile.heads:
            self.foreign_substitute(value, head)
        self.content(value, "##any", "")  # type: ignore[arg-type]  # root() looks at what it is

    def foreign_substitute(self, value: object, head: str) -> None:
        """What does not say that it stands for an element."""
        self.fail("", "an element may not stand here", expected=f"what stands for {local_name(head)}", got=_kind(value))

    def root(self, value: object, allowed: str = "##any", own: str = "") -> None:
        """Write an object of a root class, with its namespace."""
        found = self.registry.binding(type(value))
        if found is None:
            self.fail("", "no document can begin with this", expected="a payload, query or envelope", got=_kind(value))
        registered, name, binding = found
        self._check_admitted(registered.tag(name), allowed, own)
        profile = registered.profile
        theirs = self.dialect.own(name, envelope=profile.role == "envelope")
        namespace = profile.namespace if theirs is None else theirs
        self.verify = self.verify or profile.verify
        start = len(self.parts)
        outer = self.namespace, self.standard, self.prefixed
        self.namespace, self.standard, self.prefixed = namespace, profile.namespace, bool(profile.prefix)
        tag = f"{profile.prefix}:{name}" if profile.prefix else name
        try:
            binding.write(value, tag, self)
        except RecursionError:
            if outer[0]:
                raise  # the outermost says it
            self.too_deep(start)
        if profile.role == "envelope":
            self.check_carried(value, name, start)
        self.namespace, self.standard, self.prefixed = outer
        declaration = f'xmlns="{self.attribute_text(namespace, name)}"'
        if profile.prefix:
            declaration = declaration.replace("xmlns", f"xmlns:{profile.prefix}", 1) + ' xmlns=""' * bool(outer[0])
        elif not namespace:
            declaration = 'xmlns=""' * bool(outer[0])
        elif self.dialect.prefix and profile.role != "envelope":
            declaration = declaration.replace("xmlns", f"xmlns:{self.dialect.prefix}", 1)
            while self.regions and self.regions[-1][0] >= start:  # what lies inside is covered
                self.regions.pop()
            self.regions.append((start, len(self.parts)))
        for other, prefix in profile.prefixes:
            if prefix == self.dialect.prefix:
                self.fail("", f"the dialect's prefix {prefix} stands for another namespace in {profile.noun}")
            meant = namespace if other == profile.namespace else other
            declaration += f' xmlns:{prefix}="{self.attribute_text(meant, name)}"'
        declaration = f" {declaration.strip()}" if declaration else ""
        self.parts[start] = f"<{tag}{declaration}{self.parts[start][1 + len(tag) :]}"

    def check_carried(self, message: object, name: str, start: int) -> None:
        """Hold what a message carries to its own Noun, as strict reading does. ``start`` is the place of its tag."""
        found = foreign_payload(message, self.registry)
        if found is not None:
            foreign, wrong, tags = found
            del self.parts[start:]
            self.fail(f"{name}/Payload/{local_name(foreign.tag)}", wrong, expected=" or ".join(tags), got=foreign.tag)

    def keep(self, kept: Kept, start: int) -> None:
        """Put back what lenient reading kept: ``start`` is the place of the object's start tag."""
        is_kept = isinstance(kept, Kept)  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may put anything
        if not is_kept or kept.says_more:
            tag = self.parts[start]
            if tag.endswith("/>") or "</" in tag:  # an element that is one part is closed already
                tag = re.split(r"[\s/>]", tag[1:], maxsplit=1)[0]
                del self.parts[start:]
            else:
                tag = ""
            self.fail(tag, "the object holds content that its schema does not allow; mode='lenient' writes it")

    def mismatch(self, value: object, kind: type | tuple[type, ...], tag: str) -> None:
        """A member that is not what it must be."""
        kinds = kind if isinstance(kind, tuple) else (kind,)
        expected = " or ".join(one.__name__ for one in kinds)
        if value is None:
            self.fail(tag, "a required member is missing", expected=expected, got="None")
        self.fail(tag, "a member is of the wrong type", expected=expected, got=_kind(value))

    def too_deep(self, start: int) -> NoReturn:
        """Objects that stand inside one another without end; ``start`` is the place of the outermost one's tag."""
        del self.parts[start + LISTED :]
        self.fail("", "objects stand too deep inside one another, or in a circle")

    def no_branch(self, value: object, names: str) -> NoReturn:
        """An object in a choice that is of none of its branches."""
        self.fail("", "the object is none that the choice knows", expected=names, got=_kind(value))

    def fail(self, tag: str, message: str, *, expected: str | None = None, got: str | None = None) -> NoReturn:
        """Raise an error at the element that is being written."""
        raise EncodeError(message, path=_open_path(self.parts, tag), expected=expected, got=got)

    def plain(self, value: str, tag: str) -> str:
        """A text, escaped."""
        if value.__class__ is not str:  # which may show itself as something else
            if not isinstance(value, str):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may put anything
                Writing.mismatch(self, value, str, tag)
            value = str.__str__(value)
        return value if _CLEAN(value) else self._escaped(value, lexical.TEXT_ESCAPES, tag)

    # -- inside ----------------------------------------------------------------------------------------------------

    def _respelt(self, element: ForeignElement) -> str:
        """An element that was kept, in the namespace that the dialect has for the payload's."""
        if not isinstance(element, ForeignElement):  # pyright: ignore[reportUnnecessaryIsInstance]  # likewise
            Writing.mismatch(self, element, ForeignElement, "")
        if self.namespace == self.standard:
            return element.xml
        copy = element.element()
        move(copy, self.standard, self.namespace)
        return ForeignElement.of(copy).xml

    def _leaf(self, tag: str, value: Any, text: Callable[[Any], str]) -> None:
        try:
            self.parts.append(f"<{tag}>{text(value)}</{tag}>")
        except ValueError as error:
            self.fail(tag, "the value cannot be written", expected=str(error))

    def _text(self, value: object, kind: type[StrEnum] | Simple | str, where: str) -> str | None:
        """A value as text, not yet escaped; None if it is missing where that is tolerated."""
        if isinstance(kind, str):
            return self.simple_text(value, kind, where)
        return self._ruled(where, value, kind) if isinstance(kind, Simple) else self._literal(where, value, kind)

    def _ruled(self, tag: str, value: object, kind: Simple) -> str | None:
        """A value of a type with rules, not yet escaped; None if it is missing where that is tolerated."""
        if value is None or not kind.accepts(value):
            self.mismatch(value, kind.python, tag)
            return None
        try:
            return self._form(value, kind)
        except ValueError as error:
            self.fail(tag, "the value is not allowed", expected=str(error), got=self._shown(tag, value))

    def _form(self, value: object, kind: Simple) -> str:
        return kind.text(value)

    def _shown(self, tag: str, value: object) -> str:
        """A value for an error text, unless it is a secret."""
        secret = any(step.removeprefix("@") in self.registry.secrets for step in tag.split("/"))
        return HIDDEN if secret else shortened(str(value))

    def _literal(self, tag: str, value: object, kind: type[StrEnum]) -> str | None:
        """The literal, not yet escaped; None if it is missing where that is tolerated."""
        if isinstance(value, kind):
            return str(value.value)
        if type(value) is str and value in kind.__members__.values():
            return value
        self.mismatch(value, kind, tag)
        return None

    def attribute_text(self, value: object, tag: str) -> str:
        """A text as it stands in an attribute, escaped."""
        if not isinstance(value, str):
            self.mismatch(value, str, tag)
            return ""
        if value.__class__ is not str:
            value = str.__str__(value)
        return value if _CLEAN_ATTRIBUTE(value) else self._escaped(value, lexical.ATTRIBUTE_ESCAPES, tag)

    def _escaped(self, text: str, escapes: Mapping[int, str], tag: str) -> str:
        """Text with what XML reserves replaced; an error for what XML cannot hold."""
        impossible = _IMPOSSIBLE(text)
        if impossible is not None:
            got = f"U+{ord(impossible.group()):04X}"
            self.fail(tag, "the text holds a character that no XML document may hold", got=got)
        return text.translate(escapes)

    def _wrong_count(self, name: str, count: int, least: int, most: int | None) -> None:
        most_text = "any number" if most is None else str(most)
        self.fail(
            name, "a member repeats too often or not often enough", expected=f"{least} to {most_text}", got=str(count)
        )

    def _check_admitted(self, tag: str, allowed: str, own: str) -> None:
        if not admitted(tag, allowed, own):
            self.fail("", "an element may not stand here", expected=f"an element of a namespace in {allowed}", got=tag)


class LenientWriting(Writing):
    """Lenient writing: what lenient reading read goes out again."""

    __slots__ = ()

    def hold(self, record: object, order: Sequence[str], model: ContentModel) -> None:
        """What was read is written as it was read."""

    def foreign_substitute(self, value: object, head: str) -> None:
        """What was read there is written there."""

    def mismatch(self, value: object, kind: type | tuple[type, ...], tag: str) -> None:
        """A missing member is left out; one of a wrong type is an error here too."""
        if value is not None:
            super().mismatch(value, kind, tag)

    def choice(self, branches: Mapping[str, object], *, required: bool, lists: tuple[str, ...] = ()) -> None:
        """Branches that exclude each other are written as they were read."""

    def check_carried(self, message: object, name: str, start: int) -> None:
        """What was read is written as it was read."""

    def keep(self, kept: Kept, start: int) -> None:
        """Put back what was kept."""
        if not isinstance(kept, Kept):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may put anything
            self.mismatch(kept, Kept, "kept")
        parts = self.parts
        for leaf in kept.leaves:
            self._put_on_leaf(leaf, start)
        if kept.attributes:
            parts[start] = self._with_attributes(parts[start], kept.attributes)
        elements = [Verbatim(self._respelt(element)) for element in kept.elements]
        opening = parts[start]
        if len(parts) == start + 1 and (opening.endswith("/>") or "</" in opening):
            self._open_up(start, kept.texts, elements)
            return
        absent = list(kept.absent)
        self._part_texts(start, elements, absent)
        parts.extend(elements)
        if absent:
            self._put_behind(start, absent)
        if kept.texts:
            self._spread(start, [self.plain(text, "text()") for text in kept.texts])

    def _open_up(self, start: int, texts: Iterable[str], elements: list[Verbatim]) -> None:
        """Put texts and elements into an element that is one part: a reference, or simple content."""
        part = self.parts[start]
        if not elements and not any(texts):
            return
        end = part.index(">")
        empty = part.endswith("/>")
        name = re.split(r"[\s/>]", part[1:], maxsplit=1)[0]
        text = "" if empty else part[end + 1 : part.rindex("</")]
        self.parts[start:] = [part[: end - 1] + ">" if empty else part[: end + 1]]
        self.parts += elements
        self._spread(start, [*([] if empty else [text]), *(self.plain(one, "text()") for one in texts)])
        self.parts.append(f"</{name}>")

    def _spread(self, start: int, texts: list[str]) -> None:
        """Put each text behind another child, so that they stay apart: the first before all, as far as they go."""
        children = list(self._children(start))
        waiting = iter(texts)
        first = [text for text in [next(waiting, None)] if text is not None]
        behind = [[text for text in [next(waiting, None)] if text is not None] for _ in children]
        self._rebuild(start, children, first, behind)
        self.parts += waiting

    def _part_texts(self, start: int, elements: list[Verbatim], absent: list[KeptNothing]) -> None:
        """Put elements that were kept where one text follows another: so they stood, in mixed content."""
        if not any(map(_are_texts, self.parts[start + 1 :], self.parts[start + 2 :])):
            return
        children = list(self._children(start))
        behind: list[list[str]] = [[] for _ in children]
        for place, (one, other) in enumerate(itertools.pairwise(children)):
            if len(one) == len(other) == 1 and _are_texts(one[0], other[0]):
                if elements:
                    behind[place].append(elements.pop(0))
                elif absent:
                    behind[place].append(Verbatim(self._respelt(absent.pop(0).element)))
        if any(behind):
            self._rebuild(start, children, [], behind)

    def _put_behind(self, start: int, absent: Iterable[KeptNothing]) -> None:
        """Put each element that says nothing behind the child that it stood behind, or before all."""
        children = list(self._children(start))
        places: dict[str, list[int]] = {}
        for place, child in enumerate(children):
            places.setdefault(_local(child[0]), []).append(place)
        first: list[str] = []
        behind: list[list[str]] = [[] for _ in children]
        for one in absent:
            known = places.get(one.after, [len(children) - 1])
            place = known[min(one.number, len(known) - 1)] if one.after else -1
            named = places.get(local_name(one.element.tag), []) if one.namesakes else []
            if named:
                place = max(place, named[min(one.namesakes, len(named)) - 1])
            (first if place < 0 else behind[place]).append(Verbatim(self._respelt(one.element)))
        self._rebuild(start, children, first, behind)

    def _rebuild(
        self, start: int, children: Iterable[Sequence[str]], first: Iterable[str], behind: Iterable[Iterable[str]]
    ) -> None:
        """Put parts before the first child of the object that began at ``start``, and behind each child."""
        parts = [self.parts[start], *first]
        places = [start]
        for child, added in zip(children, behind, strict=True):
            place = start + len(parts)
            places += range(place, place + len(child))
            parts += [*child, *added]
        for index in reversed(range(len(self.regions))):
            begin, end = self.regions[index]
            if begin < start:
                break
            self.regions[index] = places[begin - start], places[end - 1 - start] + 1
        self.parts[start:] = parts

    def _children(self, start: int) -> Iterable[Sequence[str]]:
        """The parts of each child of the object that began at ``start``."""
        depth, first = 0, start + 1
        for index in range(start + 1, len(self.parts)):
            part = self.parts[index]
            if not isinstance(part, Verbatim) and part.startswith("<"):
                if part.startswith("</"):
                    depth -= 1
                elif not part.endswith("/>") and "</" not in part:
                    depth += 1
            if depth == 0:
                yield self.parts[first : index + 1]
                first = index + 1

    def _literal(self, tag: str, value: object, kind: type[StrEnum]) -> str | None:
        if isinstance(value, str) and not isinstance(value, StrEnum):
            return value
        return super()._literal(tag, value, kind)

    def _form(self, value: object, kind: Simple) -> str:
        return kind.loose_text(value)

    def _wrong_count(self, name: str, count: int, least: int, most: int | None) -> None:
        pass

    def _check_admitted(self, tag: str, allowed: str, own: str) -> None:
        pass

    def _put_on_leaf(self, leaf: KeptLeaf, start: int) -> None:
        """Write a leaf among the direct children of the object that began at ``start`` as it was found."""
        depth, number = 0, leaf.number
        for index in range(start + 1, len(self.parts)):
            part = self.parts[index]
            if isinstance(part, Verbatim) or not part.startswith("<"):
                continue
            if part.startswith("</"):
                depth -= 1
            elif not part.endswith("/>") and "</" not in part:
                depth += 1
            elif depth == 0 and re.match(rf"<(?:[^\s:>]+:)?{re.escape(leaf.element)}[ />]", part):
                if number == 0:
                    self.parts[index] = self._with_attributes(self._as_found(part, leaf), leaf.attributes)
                    return
                number -= 1

    def _as_found(self, part: str, leaf: KeptLeaf) -> str:
        """A leaf with the text and the name that it was found with."""
        if leaf.text is not None:
            standard, found = (self.plain(text, leaf.element) for text in leaf.text)
            part = part.replace(f">{standard}</", f">{found}</", 1)
        if leaf.name is not None:
            part = re.sub(rf"(?<=<)(/?){re.escape(leaf.element)}(?=[\s/>])", rf"\g<1>{leaf.name}", part)
        return part

    def _with_attributes(self, tag: str, attributes: Iterable[tuple[str, str]]) -> str:
        """A start tag or leaf with further attributes, their namespaces declared."""
        added = ""
        there = set(re.findall(r'(?<= )([^\s=:]+)="', tag.partition(">")[0]))
        for count, (name, value) in enumerate(attributes):
            namespace, _, local = name[1:].rpartition("}") if name.startswith("{") else ("", "", name)
            text = self.attribute_text(value, f"@{local}")
            if not _is_readable(local) or name == "xmlns" or name in there:
                self.fail("@*", "an attribute that was kept has a name that XML does not have, or stands there already")
            there.add(name)
            if namespace == "http://www.w3.org/XML/1998/namespace":
                added += f' xml:{local}="{text}"'
            elif namespace:
                prefix = self._prefix(f"a{count}")
                added += f' xmlns:{prefix}="{self.attribute_text(namespace, local)}" {prefix}:{local}="{text}"'
            else:
                added += f' {local}="{text}"'
        match = re.match(r"<[^\s/>]+", tag)
        end = match.end() if match else len(tag)
        return tag[:end] + added + tag[end:]


_SIMPLE: dict[str, tuple[type, Callable[[Any], str]]] = {
    "boolean": (bool, lexical.boolean_text),
    "date": (datetime.date, lexical.date_text),
    "date_time": (datetime.datetime, lexical.date_time_text),
    "decimal": (Decimal, lexical.decimal_text),
    "floating": (float, lexical.floating_text),
    "integer": (int, lexical.integer_text),
    "single": (float, lexical.single_text),
    "string": (str, lexical.string),
    "time": (datetime.time, lexical.time_text),
}

_LETTERS = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)


def _is_readable(text: str) -> bool:
    """Whether a text is a name without prefix to libxml2, by XML's fifth edition (its schemas: fourth)."""
    return _readable().fullmatch(text) is not None


@cache
def _readable() -> re.Pattern[str]:
    """The pattern of such a name, which takes long to compile and is seldom needed."""
    return re.compile(rf"[{_LETTERS}][{_LETTERS}\-.0-9\u00b7\u0300-\u036f\u203f\u2040]*")


def _is_name(text: str) -> bool:
    """Whether a text is a name without prefix. libxml2 decides, because it is what will read it."""
    if _IMPOSSIBLE(text) or not text or text.strip(lexical.WHITE_SPACE) != text:
        return False
    element = etree.Element("name")
    element.text = text
    return _name_schema().validate(element)


@cache
def _name_schema() -> etree.XMLSchema:
    element = '<xs:element name="name" type="xs:NCName"/>'
    schema = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{element}</xs:schema>'
    return compiled(etree.fromstring(schema))


def _listed(order: Sequence[str]) -> str:
    """The names of some children, shortened."""
    return ", ".join(order[:LISTED]) + (", …" if len(order) > LISTED else "") or "nothing"


def _are_texts(part: str, other: str) -> bool:
    """Whether two parts are texts, and none is empty."""
    return part[:1] not in {"", "<"} and other[:1] not in {"", "<"}


def _local(part: str) -> str:
    """The local name of the element that a part begins; empty for a text."""
    match = re.match(r"<(?:[^\s/>:]+:)?([^\s/>]+)", part)
    return "" if match is None else match[1]


def _kind(value: object) -> str:
    """What a value is, without what it holds, which may be secret."""
    return type(value).__name__


def _open_path(parts: list[str], tag: str) -> str:
    """The path of the element that is being written, worked out from the parts so far."""
    stack: list[tuple[str, dict[str, int]]] = [("", {})]
    for part in parts:
        if not part.startswith("<"):
            continue
        if part.startswith("</"):
            stack.pop()
            continue
        name = re.match(r"<(?:[^\s/>:]+:)?([^\s/>]+)", part)
        if name is None:
            continue
        counts = stack[-1][1]
        counts[name.group(1)] = counts.get(name.group(1), 0) + 1
        if not isinstance(part, Verbatim) and not part.endswith("/>") and "</" not in part:
            stack.append((name.group(1), {}))
    steps: list[str] = []
    for (_, counts), (open_tag, _) in itertools.pairwise(stack):
        steps.append(open_tag if counts[open_tag] == 1 else f"{open_tag}[{counts[open_tag]}]")
    if tag:
        tag, slash, attribute = tag.partition("/")
        tag = tag.rpartition(":")[2]
        attribute = re.sub("^@[^:]*:", "@", attribute)
        before = stack[-1][1].get(tag, 0)
        steps.append((f"{tag}[{before + 1}]" if before else tag) + slash + attribute)
    return "/" + "/".join(steps)
