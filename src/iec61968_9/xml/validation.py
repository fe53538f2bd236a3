"""Validation by libxml2.

An envelope's schema lets anything stand in a payload, so what stands there is validated by its own profile's schema.
A compiled schema keeps the log of its last run, so no two threads may use one at a time: each validation takes one
out of a pool and puts it back. libxml2 refuses white space around dates and times, which XML Schema allows; such a
refusal is checked again without it.
"""

from __future__ import annotations

import posixpath
import re
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from lxml import etree

from iec61968_9.errors import SchemaError, SchemaIssue
from iec61968_9.xml import lexical
from iec61968_9.xml.codec import Element, compiled
from iec61968_9.xml.crowd import LARGE, cut_behind, faults_of, is_cuttable, narrowed, tags_of
from iec61968_9.xml.dialect import Dialect
from iec61968_9.xml.document import Document, local_name
from iec61968_9.xml.limits import Limits
from iec61968_9.xml.parser import check_attributes
from iec61968_9.xml.registry import Registered, Registry

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from iec61968_9.xml.arrangement import Mending
    from iec61968_9.xml.content import Contents
    from iec61968_9.xml.identities import Identities

__all__ = ["Places", "departs", "embedded", "identities", "issues", "item_departs", "item_issues", "schema_error"]

XS = "{http://www.w3.org/2001/XMLSchema}"
_STEP = re.compile(r"(.+?)(?:\[(\d+)\])?")
PARTS = "schemas:/"
"""Where a schema's documents stand for libxml2; they are in the package."""
Change: TypeAlias = Callable[[Element], Element]
"""What is done to a schema document before libxml2 gets it."""
FAULTS_AN_ISSUE = 4
"""How many faults libxml2 may find for one issue that is told."""
NOT_OF_TYPE = 1824
"""libxml2's number for a value that is not of its atomic type."""


def embedded(root: Element) -> Iterator[Element]:
    """The topmost elements inside an envelope that are in another namespace than it: what its wildcards let in.

    In document order.
    """
    namespace = str(root.tag).partition("}")[0] + "}"
    stack = list(reversed(root))
    while stack:
        node = stack.pop()
        if str(node.tag).startswith(namespace):
            stack.extend(reversed(node))
        else:
            yield node


def issues(
    document: Document,
    registered: Registered,
    registry: Registry,
    dialect: Dialect,
    limits: Limits,
    size: int | None = None,
) -> list[SchemaIssue]:
    """Every departure of a document from its schemas, in document order, as many as the limit says.

    Args:
        document: The document.
        registered: Its root's profile.
        registry: All profiles, for what is inside.
        dialect: The partner's namespaces.
        limits: How many are wanted.
        size: How many bytes it has, at most; by default those of the document.
    """
    size = len(document.data) if size is None else size
    found: list[SchemaIssue] = []
    for element, one in _held(document, registered, registry, dialect):
        found += _run(document, element, one, registry, limits, size)
    return found[: limits.issues]


def departs(document: Document, registered: Registered, registry: Registry, dialect: Dialect, limits: Limits) -> bool:
    """Whether a document departs from its schemas."""
    held = _held(document, registered, registry, dialect)
    return any(_departs(element, one, limits, len(document.data)) for element, one in held)


def _held(
    document: Document, registered: Registered, registry: Registry, dialect: Dialect
) -> Iterator[tuple[Element, Registered]]:
    """What is held to a schema: the root of a document, and the payloads and queries in an envelope."""
    yield document.top, registered
    if registered.profile.role == "envelope":
        for element in list(embedded(document.top)):
            inner = registry.standardise(element, dialect)
            if inner is not None and inner.profile.role != "envelope":
                yield element, inner


def item_issues(
    document: Document, item: Element, registered: Registered, registry: Registry, limits: Limits, size: int
) -> list[SchemaIssue]:
    """The departures of one item of a stream, of at most some bytes."""
    return _run(document, item, registered, registry, limits, size, items=True)


def item_departs(item: Element, registered: Registered, limits: Limits, size: int) -> bool:
    """Whether an item of a stream, of at most some bytes, departs from its schema."""
    return _departs(item, registered, limits, size, items=True)


def schema_error(found: list[SchemaIssue], registry: Registry) -> SchemaError:
    """The error that carries a document's departures from its schemas."""
    noun = found[0].profile
    profile = next(one.profile for one in registry if one.profile.noun == noun)
    return SchemaError(found, profile=noun, status=profile.status, confidence=profile.confidence, advice=profile.advice)


def _run(
    document: Document,
    element: Element,
    registered: Registered,
    registry: Registry,
    limits: Limits,
    size: int,
    *,
    items: bool = False,
) -> list[SchemaIssue]:
    """The departures of an element from a profile's schema: what libxml2 finds, and what IDs and references lack."""
    with _judged(element, registered, limits, size, items=items) as (compiled_schema, is_valid, cut):
        found = [] if is_valid else _explained(document, element, registered, registry, compiled_schema, limits, cut)
    if registered.profile.verify and not items:  # no schema with IDs has items
        from iec61968_9.xml.explaining import issues_of  # both are for schemas of users only

        with identities(registered) as one:
            faults = list(one.faults(element, references=not found))  # what is wrong may be what they mean
        if faults:
            found += issues_of(document, element, faults, registered.profile, limits)
            found.sort(key=lambda issue: issue.line or 0)
    return found


def _departs(element: Element, registered: Registered, limits: Limits, size: int, *, items: bool = False) -> bool:
    """Whether an element departs from its schema, IDs aside; what is wrong is not looked for."""
    with _judged(element, registered, limits, size, items=items) as (_, is_valid, _cut):
        return not is_valid


@contextmanager
def _judged(
    element: Element, registered: Registered, limits: Limits, size: int, *, items: bool
) -> Generator[tuple[_Compiled, bool, Mending | None], None, None]:
    """A schema that has looked at an element; whether that is valid, and what is cut off it until the end."""
    alias = registered.codec.items[local_name(element.tag)].alias if items else ""
    with _schema(registered, items and not alias) as one:
        cut: Mending | None = None
        try:
            with _named(element, alias):
                first = one.narrow if size > LARGE else one.schema
                is_valid = first.validate(element)
                if not is_valid and size > LARGE:
                    is_valid, cut = _look_from_afar(element, one, limits)
                if not is_valid and cut is None:
                    is_valid = _is_valid(element, one.schema)
            yield one, is_valid, cut
        finally:
            if cut is not None:
                cut.undo()


def _is_valid(element: Element, schema: etree.XMLSchema) -> bool:
    """Whether an element is valid, white space around times taken away."""
    while not schema.validate(element):
        if not _strip_times(element, schema):
            return False
    return True


def _look_from_afar(element: Element, one: _Compiled, limits: Limits) -> tuple[bool, Mending | None]:
    """Whether a large element is valid; and where more is wrong with it than can be told, what was cut off behind."""
    most = FAULTS_AN_ISSUE * limits.issues
    while True:
        faults, elements = faults_of(element, one.schema, most)
        if not faults:
            return True, None
        if elements is None or not one.is_cuttable:
            return False, None
        cut = cut_behind(element, elements)
        stripped: list[tuple[Element, str | None]] = []
        while not one.schema.validate(element):
            found = _strip_times(element, one.schema)
            if not found:
                return False, cut
            stripped += found
        cut.undo()
        if not stripped:
            return False, None
        _strip_alike(element, stripped)


def _explained(
    document: Document,
    element: Element,
    registered: Registered,
    registry: Registry,
    one: _Compiled,
    limits: Limits,
    cut: Mending | None,
) -> list[SchemaIssue]:
    """What a schema has just found wrong with an element, of which a part may be cut off."""
    from iec61968_9.xml.explaining import explained  # only an error needs it, and it imports this module

    roots = {one: known[0].tag(one) for one, known in registry.by_root.items()}
    check_attributes(document, element, limits)
    found = explained(document, element, registered.profile, one.schema, one.contents, roots, limits, cut)
    if not found and cut is not None:  # nothing but what the cut did
        one.schema.validate(element)
        found = explained(document, element, registered.profile, one.schema, one.contents, roots, limits)
    return found


@contextmanager
def _named(element: Element, alias: str) -> Generator[None, None, None]:  # private
    """An element under the name of a global element, by which alone it can be validated."""
    tag = element.tag
    element.tag = alias or tag
    try:
        yield
    finally:
        element.tag = tag


# -- schemas -------------------------------------------------------------------------------------------------------


class _Compiled:
    """A compiled schema, and its declarations for the texts of errors."""

    def __init__(self, registered: Registered, items: bool) -> None:  # private
        self._registered, self._items = registered, items
        self._source = _source(registered, items)
        self._changes: tuple[Change, ...] = ()
        if registered.profile.verify:
            from iec61968_9.xml.identities import unidentified  # for schemas of users only

            self._changes = (unidentified,)
        self.schema = compiled(_source(registered, items, self._changes) if self._changes else self._source)

    @cached_property
    def narrow(self) -> etree.XMLSchema:
        """The schema that a large document is held to first."""
        return compiled(_source(self._registered, self._items, (*self._changes, narrowed)))

    @cached_property
    def identities(self) -> Identities:
        """Where it has IDs and references to them."""
        from iec61968_9.xml.identities import Identities

        return Identities(self.contents)

    @cached_property
    def is_cuttable(self) -> bool:
        """Whether a document can be validated without its end."""
        return all(map(is_cuttable, self.contents.documents))

    @cached_property
    def contents(self) -> Contents:
        """The declarations, of the further documents too."""
        from iec61968_9.xml.content import Contents  # only an error needs them

        folder = _folder(self._registered)
        found = {self._source: self._source.get("targetNamespace", "")}
        names = {f"{self._registered.profile.module}.xsd"}
        todo = [("", self._source, found[self._source])]
        for place, schema, namespace in todo:
            for node in schema.iterfind("*[@schemaLocation]"):
                name = posixpath.normpath(posixpath.join(place, node.get("schemaLocation", "")))
                if name not in names:
                    names.add(name)
                    part = etree.fromstring(folder.joinpath(*name.split("/")).read_bytes(), _parser())
                    own = part.get("targetNamespace") or ("" if node.tag == f"{XS}import" else namespace)
                    found[part] = own
                    todo.append((posixpath.dirname(name), part, own))
        return Contents(found)


@cache
def _pool(package: str, module: str, items: bool) -> deque[_Compiled]:  # noqa: ARG001  # the key
    return deque()


@contextmanager
def identities(registered: Registered) -> Generator[Identities, None, None]:  # private
    """Where a profile's schema asks for values that are unique, or that refer to others; for one thread."""
    with _schema(registered, items=False) as one:
        yield one.identities


@contextmanager
def _schema(registered: Registered, items: bool) -> Generator[_Compiled, None, None]:  # private
    """A compiled schema that no other thread has."""
    pool = _pool(registered.package, registered.profile.module, items)
    try:
        schema = pool.pop()
    except IndexError:
        schema = _Compiled(registered, items)
    try:
        yield schema
    finally:
        pool.append(schema)


def _source(registered: Registered, items: bool, changes: tuple[Change, ...] = ()) -> Element:  # private
    """A profile's schema, changed. For items, its global elements are those: only such can be validated alone."""
    profile = registered.profile
    folder = _folder(registered)
    parser = _parser()
    parser.resolvers.add(_Parts(folder, changes))
    name = f"{profile.module}.xsd"
    root = etree.fromstring(folder.joinpath(name).read_bytes(), parser, base_url=f"{PARTS}{name}")
    if items:
        by_name = {element.get("name"): element for element in root.findall(f"{XS}element")}
        local = [
            element
            for name in profile.roots
            for element in _members(root, by_name[name])
            if element.get("name") in profile.items
        ]
        for element in by_name.values():
            root.remove(element)
        for element in local:
            declared = deepcopy(element)
            for attribute in ("minOccurs", "maxOccurs"):
                declared.attrib.pop(attribute, None)
            root.append(declared)
    return _changed(root, changes)


def _changed(schema: Element, changes: tuple[Change, ...]) -> Element:
    """A schema document, changed."""
    for change in changes:
        schema = change(schema)
    return schema


def _folder(registered: Registered) -> Traversable:
    """Where a package's schemas are."""
    from importlib.resources import files  # not needed before the first validation, and dear

    return files(f"{registered.package}._schemas")


def _parser() -> etree.XMLParser:
    """A parser for schemas."""
    return etree.XMLParser(no_network=True, resolve_entities=False)


class _Parts(etree.Resolver):
    """Gives libxml2 the further documents of a schema from the package, and nothing else."""

    def __init__(self, folder: Traversable, changes: tuple[Change, ...]) -> None:
        self.folder = folder
        self.changes = changes

    def resolve(self, system_url: str | None, public_id: str | None, context: Any) -> Any:
        """The text of one document."""
        text = self.folder.joinpath(*(system_url or "").removeprefix(PARTS).split("/")).read_bytes()
        if self.changes:
            text = etree.tostring(_changed(etree.fromstring(text, _parser()), self.changes))
        return self.resolve_string(text, context, base_url=system_url)


def _members(root: Element, element: Element) -> list[Element]:
    """The elements in the content of a global element."""
    name = (element.get("type") or "").rpartition(":")[2]
    owner = root.find(f"{XS}complexType[@name='{name}']") if name else element.find(f"{XS}complexType")
    if owner is None:
        return []
    return [one for one in owner.iter(f"{XS}element") if next(one.iterancestors(f"{XS}complexType")) is owner]


# -- white space ----------------------------------------------------------------------------------------------------


def _strip_times(root: Element, schema: etree.XMLSchema) -> list[tuple[Element, str | None]]:
    """Take away the white space around dates and times for which libxml2 refused them; of which, attributes named."""
    stripped: list[tuple[Element, str | None]] = []
    places = Places(root)
    for entry in schema.error_log:
        element = places.find(entry.path) if entry.type == NOT_OF_TYPE else None
        if element is None:
            continue
        attribute = re.match(r"Element '[^']*', attribute '([^']*)': ", entry.message)
        name = attribute.group(1) if attribute else None
        if _strip(element, name):
            stripped.append((element, name))
    return stripped


def _strip_alike(root: Element, stripped: list[tuple[Element, str | None]]) -> None:
    """Take away the white space around all times of the same types and places."""
    alike = {(tags_of(element, root), name) for element, name in stripped}
    names = {name for _, name in alike}
    for element in root.iter({str(one.tag) for one, _ in stripped}):
        tags = tags_of(element, root)
        for name in names:
            if (tags, name) in alike:
                _strip(element, name)


def _strip(element: Element, name: str | None) -> bool:
    """Take away the white space around a time that is an element's value or an attribute's; whether there was any."""
    text = element.get(name) if name else None if len(element) else element.text
    plain = (text or "").strip(lexical.WHITE_SPACE)
    if plain == (text or "") or not (_is_time(plain) or plain in {"INF", "-INF", "NaN"}):
        return False
    if name:
        element.set(name, plain)
    else:
        element.text = plain
    return True


def _is_time(text: str) -> bool:
    """Whether a text is a date, a part of one, a time or a duration."""
    from iec61968_9.xml.builtin import TIMES  # only for values that libxml2 refused

    for kind in TIMES:
        with suppress(ValueError):
            kind.value(text)
            return True
    return False


class Places:
    """Finds the elements that libxml2's paths mean, below the element that was validated.

    A step is ``*[2]`` for the second of all children where names have no prefix, ``m:end[2]`` for the second of those
    with that prefix and name. The children of each element are listed once, since there may be very many of them and a
    path to each: so this is good for one log, as long as the tree stays as it was when the log was written.
    """

    def __init__(self, root: Element) -> None:
        self._root = root
        self._children: dict[Element, list[Element]] = {}
        self._named: dict[tuple[Element, str, str], list[Element]] = {}

    def find(self, path: str | None) -> Element | None:
        """The element of a path."""
        node: Element | None = self._root
        for step in (path or "").split("/")[2:]:
            match = _STEP.fullmatch(step)
            if node is None or match is None or step.startswith("@"):
                break
            same, number = self._same(node, match[1]), int(match[2] or 1)
            node = same[number - 1] if number <= len(same) else None
        return node

    def _same(self, node: Element, said: str) -> list[Element]:
        """The children of an element that a step's name means."""
        if said == "*":
            if node not in self._children:
                self._children[node] = list(node)
            return self._children[node]
        prefix, _, name = said.rpartition(":")
        key = node, prefix, name
        if key not in self._named:
            self._named[key] = [one for one in node.iterchildren(f"{{*}}{name}") if (one.prefix or "") == prefix]
        return self._named[key]
