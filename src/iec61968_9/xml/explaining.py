"""libxml2's findings in words that a person can act on.

Each entry of its log becomes a fault with what is wrong, what was expected and what is there, told from the document
and the schema rather than from libxml2's sentence. Where the children of an element are not in order, all that is
wrong with them is found (``arrangement``), and libxml2 is asked again about what it had left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from lxml import etree

from iec61968_9.errors import SchemaIssue
from iec61968_9.xml import lexical
from iec61968_9.xml.arrangement import Fault, Mending, arrange, listed
from iec61968_9.xml.codec import Element, Profile
from iec61968_9.xml.content import Contents, SimpleType
from iec61968_9.xml.document import Document, local_name
from iec61968_9.xml.limits import Limits
from iec61968_9.xml.reading import HIDDEN, shortened
from iec61968_9.xml.spelling import nearest
from iec61968_9.xml.validation import Places
from iec61968_9.xml.words import FACETS, KINDS, hint, literal_hint, literals_in_words

__all__ = ["explained", "issues_of"]

WRONG_CONTENT = 1871
ROUNDS = 20
"""How often libxml2 is asked again, at most: each time it sees one level more."""


def explained(
    document: Document,
    root: Element,
    profile: Profile,
    schema: etree.XMLSchema,
    contents: Contents,
    known_roots: Mapping[str, str],
    limits: Limits,
    cut: Mending | None = None,
) -> list[SchemaIssue]:
    """What a schema has just found wrong with an element, in document order.

    Args:
        document: The document.
        root: The element that was validated.
        profile: Whose schema it is.
        schema: The schema, with its log.
        contents: The schema's declarations.
        known_roots: The qualified names of profiles' roots by their local names.
        limits: How many issues are wanted.
        cut: What was taken out of the tree before; it is put back.
    """
    mending = cut or Mending()
    teller = _Teller(root, contents)
    faults: dict[tuple[Element, str | None, str], Fault] = {}
    arranged: set[Element] = set()
    told: set[Element] = set()
    try:
        for _ in range(ROUNDS):
            again = False
            for element, entry in _told_once(root, schema):
                if not mending.inserted.isdisjoint([element, *element.iterancestors()]):
                    continue
                found: list[Fault] = []
                if entry.type == WRONG_CONTENT:
                    parent = element if "Missing child" in entry.message else element.getparent()
                    if parent is None or element is root:
                        parent = element
                    if parent in told:
                        continue
                    if parent in arranged:  # it is in order now, and still something is wrong: libxml2 says it
                        told.add(parent)
                    else:
                        arranged.add(parent)
                        found = arrange(root, parent, contents, mending, known_roots, limits.issues)
                        again = again or bool(found)
                for fault in found or [teller.tell(element, entry.message)]:
                    if fault.kind != "missing-member" or fault.element not in mending.unfinished:
                        faults.setdefault(_key(fault), fault)
                if len(faults) >= limits.issues:
                    break
            if not again or len(faults) >= limits.issues or schema.validate(root):
                break
    finally:
        mending.undo()
    return issues_of(document, root, list(faults.values()), profile, limits)


def issues_of(
    document: Document, root: Element, faults: list[Fault], profile: Profile, limits: Limits
) -> list[SchemaIssue]:
    """The issues that faults below an element are, in document order, as many as are wanted."""
    ordered = _in_order(root, faults)[: limits.issues]
    lines = document.lines([fault.element for fault in ordered])
    return [_issue(document, fault, line, profile) for fault, line in zip(ordered, lines, strict=True)]


def _told_once(root: Element, schema: etree.XMLSchema) -> Iterator[tuple[Element, Any]]:
    """The entries of a log with their elements, each sentence about an element once. The tree may change meanwhile."""
    places = Places(root)
    entries = {(entry.path, entry.message): entry for entry in schema.error_log}.values()
    found = [places.find(entry.path) for entry in entries]
    return ((root if element is None else element, entry) for element, entry in zip(found, entries, strict=True))


# -- one entry of the log ------------------------------------------------------------------------------------------

_ABOUT = re.compile(r"Element '[^']*'(?:, attribute '([^']*)')?: ")


class _Teller:
    """Tells the entries of libxml2's log about one element of a document and what is in it."""

    def __init__(self, root: Element, contents: Contents) -> None:
        self.root = root
        self.contents = contents

    def tell(self, element: Element, sentence: str) -> Fault:
        """The fault that an entry means, by libxml2's sentence about an element."""
        about = _ABOUT.match(sentence)
        attribute = local_name(about[1]) if about is not None and about[1] else None
        raw = about[1] if about is not None else None
        text = sentence[about.end() :].strip() if about is not None else sentence.strip()
        declaration = self.contents.declaration(self.root, element)
        value = (element.text or "") if raw is None else element.get(raw, "")
        if match := re.match(r"\[facet '(\w+)'\]", text):
            return self.facet(element, attribute, match[1], text, value, declaration)
        if "is not a valid value of" in text or "The QName value" in text:
            return self.unreadable(element, attribute, text, value, declaration)
        if match := re.match(r"The attribute '([^']*)' is (not allowed|required but missing)", text):
            tell = self.stray_attribute if match[2] == "not allowed" else self.missing_attribute
            return tell(element, match[1], declaration)
        for pattern, kind, message, expected in PLAIN:
            match = re.match(pattern, text, re.DOTALL)
            if match is not None:
                name = local_name(element.tag)
                got = self.found(element, text) if kind in SHOWING else name if kind == "unknown-element" else None
                expected = expected and match.expand(expected)
                if expected == "{names}":
                    expected = self.alternatives(declaration, text)
                return Fault(element, kind, message.format(name=name), expected, got, attribute)
        plain = " ".join(re.sub(r"\{[^}]*\}", "", text).split()).rstrip(".")
        return Fault(element, "other", plain[:1].lower() + plain[1:], attribute=attribute)

    def kind_of(self, declaration: Element | None, attribute: str | None) -> SimpleType | None:
        """The simple type of an element's value, or of an attribute's."""
        if declaration is not None and attribute is not None:
            declaration = self.contents.attribute(declaration, attribute)
        return None if declaration is None else self.contents.simple(declaration)

    def facet(
        self, element: Element, attribute: str | None, facet: str, text: str, value: str, declaration: Element | None
    ) -> Fault:
        """A value that its type's restriction excludes."""
        if facet == "enumeration":
            kind = self.kind_of(declaration, attribute)
            literals = kind.literals if kind is not None else ()
            literals = literals or tuple(re.findall(r"'([^']*)'", text.partition("{")[2]))
            tip = literal_hint(value, literals)
            message = "the value is not one of those allowed" + (f": {tip}" if tip else "")
            return Fault(
                element, "unknown-literal", message, literals_in_words(value, literals), shortened(value), attribute
            )
        bounds = re.findall(r"'([^']*)'", text.partition("]")[2])
        bound = bounds[-1] if bounds else ""
        expected = FACETS[facet].format(bound, unit="characters") if facet in FACETS else None
        tip = "it is empty" if not value.strip() else None
        message = "the value is not in the range that is allowed" if "clusive" in facet else "the value is not allowed"
        if tip:
            message += f": {tip}"
        return Fault(element, "unreadable-value", message, expected, shortened(value), attribute)

    def unreadable(
        self, element: Element, attribute: str | None, text: str, value: str, declaration: Element | None
    ) -> Fault:
        """A value that is none of its type."""
        named = re.search(r"type '(?:\{[^}]*\}|[\w.-]*:)?([^']*)'\.$", text)
        kind = self.kind_of(declaration, attribute)
        base = kind.base if kind is not None else ""
        if named is not None and named[1] in KINDS:
            base = named[1]
        is_list = kind.is_list if kind is not None else "list type" in text
        tip = None if is_list else hint(base, value)
        expected = KINDS.get(base) or (f"a value of {named[1]}" if named is not None else None)
        if is_list and expected is not None:
            expected = f"values with blanks between them, each {expected}"
        message = "the value cannot be read" + (f": {tip}" if tip else "")
        return Fault(element, "unreadable-value", message, expected, shortened(value), attribute)

    def stray_attribute(self, element: Element, attribute: str, declaration: Element | None) -> Fault:
        """An attribute that the schema does not name."""
        name = local_name(attribute)
        known = [] if declaration is None else self.contents.attributes(declaration)
        known = [one for one in known if one and element.get(one) is None]
        near = nearest(name, known)
        message = f"the attribute {name} is not expected here" + (f": perhaps {near} is meant" if near else "")
        expected = near or (listed(known) if known else "no attribute" if declaration is not None else None)
        return Fault(element, "unknown-attribute", message, expected, name, name)

    def missing_attribute(self, element: Element, attribute: str, declaration: Element | None) -> Fault:
        """An attribute that must be there."""
        name = local_name(attribute)
        kind = self.kind_of(declaration, name)
        words = "" if kind is None or kind.base not in KINDS else f": {KINDS[kind.base]}"
        return Fault(element, "missing-attribute", f"the attribute {name} is missing", f'{name}="..."{words}', None)

    def alternatives(self, declaration: Element | None, text: str) -> str | None:
        """What may stand where something does not."""
        among = re.search(r"Expected is (?:one of )?\( (.*) \)", text, re.DOTALL)
        if among is not None:
            return listed([_plain_name(name) for name in among[1].split(", ")])
        if "Expected" in text or "not expected" in text or declaration is None:
            return "no further element"
        if "type" in text:
            names = self.contents.derived(declaration)
            return f"xsi:type with {listed(names)}" if names else "xsi:type with a type derived from it"
        names = self.contents.substitutes(declaration)
        return listed(names) if names else "an element that stands for it"

    def found(self, element: Element, text: str) -> str | None:
        """What stands in an element where something else should."""
        if text.startswith(("Element content", "Neither")) and len(element):
            return listed([f"<{local_name(child.tag)}>" for child in element], "and")
        texts = [element.text, *(child.tail for child in element)]
        first = next((one for one in texts if one and one.strip(lexical.WHITE_SPACE)), None)
        if first is None:
            return None
        shown = shortened(first.strip(lexical.WHITE_SPACE))
        return shown if first.strip() else f"{shown}, which looks like white space and is none of XML's"


class Sentence(NamedTuple):
    """How a sentence of libxml2 begins, and the issue to make of it; ``{names}`` stands for what may stand there."""

    pattern: str
    kind: str
    message: str
    expected: str | None


SHOWING = frozenset({"stray-text", "unreadable-value", "unknown-literal", "other"})
"""The kinds of faults that show what stands in the document."""

PLAIN = (
    Sentence("Character content .*element-only", "stray-text", "there is text between the elements", "elements only"),
    Sentence("Character content .*empty", "stray-text", "{name} must be empty and holds text", "nothing in it"),
    Sentence("Element content .*empty", "unknown-element", "{name} must be empty and holds elements", "nothing in it"),
    Sentence("Element content", "unreadable-value", "{name} holds elements", "a value only"),
    Sentence("Neither character", "unreadable-value", "{name} says xsi:nil and holds something", "nothing in it"),
    Sentence("The element is not 'nillable'", "unknown-attribute", "xsi:nil is not allowed here", "a value"),
    Sentence("The type definition is abstract", "missing-attribute", "{name} needs a type", "{names}"),
    Sentence("The element declaration is abstract", "unknown-element", "{name} only stands for others", "{names}"),
    Sentence("No matching global element", "unknown-element", "the element {name} is not known", "a known element"),
    Sentence(
        "The (?:actual )?value '.*' does not match the fixed value constraint '(.*)'",
        "unreadable-value",
        "only one value is allowed here",
        r"\1",
    ),
    Sentence("The type definition", "unknown-attribute", "the xsi:type does not fit {name}", None),
    Sentence(r"Duplicate key-sequence (\[.*?\])", "other", "the value must be unique and is there twice", "another"),
    Sentence(
        r"No match found for key-sequence (\[.*?\])",
        "other",
        "the value refers to something that is not there",
        r"something with \1",
    ),
    Sentence("Missing child element", "missing-member", "{name} is not complete", "{names}"),
    Sentence("This element is not expected", "unknown-element", "the element {name} is not expected here", "{names}"),
)
"""libxml2's sentences without more to be found out; the first that fits counts."""


def _plain_name(name: str) -> str:
    """A name in libxml2's list, which may be a wildcard's."""
    return "an element of another namespace" if name.strip().startswith(("##", "*")) else local_name(name.strip())


# -- issues --------------------------------------------------------------------------------------------------------


def _key(fault: Fault) -> tuple[Element, str | None, str]:
    """What makes two faults the same: of several about one value, the first says it."""
    about = "value" if fault.kind in {"unreadable-value", "unknown-literal"} else f"{fault.kind} {fault.expected}"
    return fault.element, fault.attribute, about


def _in_order(root: Element, faults: list[Fault]) -> list[Fault]:
    """Faults in the order of their elements in the document."""
    if len(faults) < 2:
        return faults
    wanted = {fault.element for fault in faults}
    numbers = {element: number for number, element in enumerate(root.iter("*")) if element in wanted}
    return sorted(faults, key=lambda fault: numbers[fault.element])


def _issue(document: Document, fault: Fault, line: int | None, profile: Profile) -> SchemaIssue:
    """A fault with its place; nothing of a secret in it."""
    path = document.path(fault.element) + (f"/@{fault.attribute}" if fault.attribute else "")
    name = local_name(fault.element.tag)
    message, expected, got = fault.message, fault.expected, fault.got
    if (fault.attribute or name) in profile.secrets and fault.kind in SHOWING:
        message = "the value is not valid" if fault.kind == "other" else message.partition(":")[0]
        got = HIDDEN if got is not None else None
    return SchemaIssue(path, line, message, expected, got, profile.noun, fault.kind)
