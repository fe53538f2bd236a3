"""Validation by libxml2, and its words made plain.

An envelope's schema lets anything stand in a payload, so what stands there is validated by its own profile's schema.
A compiled schema keeps the log of its last run, so no two threads may use one at a time: each validation takes one
out of a pool and puts it back. libxml2 refuses white space around dates and times, which XML Schema allows; such a
refusal is checked again without it.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import cache
from typing import TYPE_CHECKING, Any

from lxml import etree

from iec61968_9.errors import SchemaError, SchemaIssue
from iec61968_9.xml import lexical
from iec61968_9.xml.codec import Element, Profile, compiled
from iec61968_9.xml.dialect import Dialect
from iec61968_9.xml.document import Document, local_name
from iec61968_9.xml.limits import Limits
from iec61968_9.xml.parser import check_attributes
from iec61968_9.xml.reading import HIDDEN, shortened
from iec61968_9.xml.registry import Registered, Registry

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

__all__ = ["embedded", "issues", "item_issues", "schema_error"]

XS = "{http://www.w3.org/2001/XMLSchema}"
PARTS = "schemas:/"
"""Where a schema's documents stand for libxml2; they are in the package."""
NOT_OF_TYPE = 1824
"""libxml2's number for a value that is not of its atomic type."""

WORDS = {
    "anyURI": "a URI",
    "boolean": "true, false, 1 or 0",
    "date": "a date, such as 2026-03-02",
    "dateTime": "a date and time, such as 2026-03-02T08:00:00Z",
    "decimal": "a decimal number, such as 230.5",
    "double": "a number, such as 230.5 or 2.305E2",
    "float": "a number, such as 230.5 or 2.305E2",
    "integer": "an integer, such as 42",
    "QName": "a qualified name whose prefix is declared",
    "time": "a time, such as 08:00:00",
}


def embedded(root: Element) -> Iterator[Element]:
    """The topmost elements inside an envelope that are in another namespace than it: what its wildcards let in."""
    namespace = str(root.tag).partition("}")[0] + "}"
    stack = [root]
    while stack:
        node = stack.pop()
        for child in node:
            if str(child.tag).startswith(namespace):
                stack.append(child)
            else:
                yield child


def issues(
    document: Document, registered: Registered, registry: Registry, dialect: Dialect, limits: Limits
) -> list[SchemaIssue]:
    """Every departure of a document from its schemas, in document order, as many as the limit says."""
    found = _run(document, document.top, registered, limits)
    if registered.profile.role == "envelope":
        for element in reversed(list(embedded(document.top))):
            inner = registry.standardise(element, dialect)
            if inner is not None and inner.profile.role != "envelope":
                found += _run(document, element, inner, limits)
    return found[: limits.issues]


def item_issues(document: Document, item: Element, registered: Registered, limits: Limits) -> list[SchemaIssue]:
    """The departures of one item of a stream."""
    return _run(document, item, registered, limits, items=True)


def schema_error(found: list[SchemaIssue], registry: Registry) -> SchemaError:
    """The error that carries a document's departures from its schemas."""
    noun = found[0].profile
    profile = next(one.profile for one in registry if one.profile.noun == noun)
    return SchemaError(found, profile=noun, status=profile.status, confidence=profile.confidence, advice=profile.advice)


def _run(
    document: Document, element: Element, registered: Registered, limits: Limits, *, items: bool = False
) -> list[SchemaIssue]:
    alias = registered.codec.items[local_name(element.tag)].alias if items else ""
    with _schema(registered, items and not alias) as schema, _named(element, alias):
        if schema.validate(element):
            return []
        while _strip_times(element, schema):
            if schema.validate(element):
                return []
        check_attributes(document, element, limits)
        return _plain(document, element, registered.profile, schema, limits)


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


@cache
def _pool(package: str, module: str, items: bool) -> deque[etree.XMLSchema]:  # noqa: ARG001  # the key
    return deque()


@contextmanager
def _schema(registered: Registered, items: bool) -> Generator[etree.XMLSchema, None, None]:  # private
    """A compiled schema that no other thread has."""
    pool = _pool(registered.package, registered.profile.module, items)
    try:
        schema = pool.pop()
    except IndexError:
        schema = compiled(_source(registered, items))
    try:
        yield schema
    finally:
        pool.append(schema)


def _source(registered: Registered, items: bool) -> Element:  # private
    """A profile's schema. For items, those are its global elements, because only such can be validated alone."""
    from importlib.resources import files  # not needed before the first validation, and dear

    profile = registered.profile
    folder = files(f"{registered.package}._schemas")
    parser = etree.XMLParser(no_network=True, resolve_entities=False)
    parser.resolvers.add(_Parts(folder))
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
    return root


class _Parts(etree.Resolver):
    """Gives libxml2 the further documents of a schema from the package, and nothing else."""

    def __init__(self, folder: Traversable) -> None:
        self.folder = folder

    def resolve(self, system_url: str | None, public_id: str | None, context: Any) -> Any:
        """The text of one document."""
        text = self.folder.joinpath(*(system_url or "").removeprefix(PARTS).split("/")).read_bytes()
        return self.resolve_string(text, context, base_url=system_url)


def _members(root: Element, element: Element) -> list[Element]:
    """The elements in the content of a global element."""
    name = (element.get("type") or "").rpartition(":")[2]
    owner = root.find(f"{XS}complexType[@name='{name}']") if name else element.find(f"{XS}complexType")
    if owner is None:
        return []
    return [one for one in owner.iter(f"{XS}element") if next(one.iterancestors(f"{XS}complexType")) is owner]


# -- libxml2's words -----------------------------------------------------------------------------------------------


def _strip_times(root: Element, schema: etree.XMLSchema) -> bool:
    """Take away the white space around dates and times for which libxml2 refused them; whether there was any."""
    stripped = False
    for entry in schema.error_log:
        element = _element(root, entry.path) if entry.type == NOT_OF_TYPE else None
        if element is None or not element.text or len(element):
            continue
        text = element.text.strip(lexical.WHITE_SPACE)
        if text != element.text and (_is_time(text) or text in {"INF", "-INF", "NaN"}):
            element.text = text
            stripped = True
    return stripped


def _is_time(text: str) -> bool:
    for read in (lexical.date_time, lexical.date, lexical.time):
        try:
            read(text)
        except ValueError:
            continue
        return True
    return False


def _element(root: Element, path: str | None) -> Element | None:
    """The element that libxml2's path means, below the element that was validated.

    A step is ``*[2]`` for the second of all children where names have no prefix, ``m:end[2]`` for the second of those
    with that prefix and name.
    """
    node: Element | None = root
    for step in (path or "").split("/")[2:]:
        match = re.fullmatch(r"(.+?)(?:\[(\d+)\])?", step)
        if node is None or match is None or step.startswith("@"):
            break
        prefix, _, name = match.group(1).rpartition(":")
        number = int(match.group(2) or 1)
        children = [
            child for child in node if name == "*" or (local_name(child.tag) == name and (child.prefix or "") == prefix)
        ]
        node = children[number - 1] if number <= len(children) else None
    return node


def _plain(
    document: Document, root: Element, profile: Profile, schema: etree.XMLSchema, limits: Limits
) -> list[SchemaIssue]:
    """libxml2's log as issues. Of two entries for one value, the first says it."""
    entries: list[tuple[Element, str]] = []
    seen: set[tuple[str, str]] = set()
    for entry in schema.error_log:
        element = _element(root, entry.path)
        if element is None:
            element = root
        text = re.sub(r"^Element '[^']*'(?:, attribute '[^']*')?: ", "", entry.message)
        about = "value" if "is not a valid value of" in text or text.startswith("[facet") else text
        if (entry.path or "", about) in seen:
            continue
        seen.add((entry.path or "", about))
        attribute = re.match(r"^Element '[^']*', attribute '([^']*)': ", entry.message)
        entries.append((element, f"@{attribute.group(1)}\n{text}" if attribute else text))
        if len(entries) >= limits.issues:
            break
    lines = document.lines([element for element, _ in entries])
    return [
        _issue(document.path(element), line, text, element, profile)
        for (element, text), line in zip(entries, lines, strict=True)
    ]


def _issue(path: str, line: int | None, text: str, element: Element, profile: Profile) -> SchemaIssue:
    """One entry of the log in plain words."""
    name = local_name(element.tag)
    if text.startswith("@"):
        attribute, _, text = text.partition("\n")
        path += f"/{attribute}"
    expected: str | None = None
    got: str | None = None
    if match := re.match(r"This element is not expected\.(?: Expected is (?:one of )?\( (.*) \)\.)?", text, re.DOTALL):
        message, got = f"the element {name} is not expected here", name
        expected = _names(match.group(1)) if match.group(1) else "no further element"
    elif match := re.match(r"Missing child element\(s\)\. Expected is (?:one of )?\( (.*) \)\.", text, re.DOTALL):
        message, expected, got = f"{name} is not complete", _names(match.group(1)), "its end"
    elif match := re.match(r"The attribute '([^']*)' is not allowed\.", text):
        message, got = f"the attribute {local_name(match.group(1))} is not expected here", local_name(match.group(1))
    elif match := re.match(r"The attribute '([^']*)' is required but missing\.", text):
        message, expected = f"the attribute {local_name(match.group(1))} is missing", local_name(match.group(1))
    elif match := re.match(
        r"\[facet 'enumeration'\] The value '(.*)' is not an element of the set \{(.*)\}\.", text, re.DOTALL
    ):
        message, got = "the value is not one of those allowed", shortened(match.group(1))
        expected = "one of " + ", ".join(re.findall(r"'([^']*)'", match.group(2)))
    elif match := re.match(r"'(.*)' is not a valid value of the (?:local )?atomic type(?: '(.*)')?\.", text, re.DOTALL):
        message, got = "the value cannot be read", shortened(match.group(1))
        kind = local_name(match.group(2) or "").rpartition(":")[2]
        expected = WORDS.get(kind, f"a value of {kind}" if kind else None)
    elif text.startswith("Character content"):
        message, expected = "there is text between the elements", "elements only"
    elif text.startswith("Element content is not allowed"):
        message, expected = f"{name} holds elements", "a value only"
    else:
        message = " ".join(text.split()).rstrip(".") if name not in profile.secrets else "the value is not valid"
    about = path.rpartition("/@")[2] if "/@" in path else name
    if about in profile.secrets and got != name:
        got = HIDDEN if got is not None else None
    return SchemaIssue(path=path, line=line, message=message, expected=expected, got=got, profile=profile.noun)


def _names(listed: str) -> str:
    """``{ns}a, {ns}b`` as ``a or b``."""
    names = [local_name(name.strip()) for name in listed.split(", ")]
    names = ["an element of another namespace" if name.startswith("##other") or name == "*" else name for name in names]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
