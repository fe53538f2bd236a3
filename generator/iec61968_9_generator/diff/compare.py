"""Walks two structures in step from their roots, and says what differs and whom it breaks.

Readers break where the new schemas allow a document that the old ones do not: code written for the old ones reads what
others write by the new ones. Writers break where the old ones allow a document that the new ones do not: what such code
writes is refused by others. A difference that does neither is harmless. In doubt a difference breaks.

What two types differ in is noted once, however many elements are of them. What wildcards let in is compared by the
declarations that both sets have. A document that names a type by xsi:type without need is not thought of: that would
make the mere name of a type matter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from iec61968_9_generator.diff import expression as ex
from iec61968_9_generator.diff.contents import differences
from iec61968_9_generator.diff.findings import BOTH, NEITHER, READERS, WRITERS, Finding, name_of, ordered
from iec61968_9_generator.diff.schemas import Schemas, paired
from iec61968_9_generator.diff.structure import Attribute, Declaration, Structure, Type, Wildcard
from iec61968_9_generator.diff.values import Simple, described, within

__all__ = ["compare"]

NO_TEXT = Simple(base="string", space="preserve", literals=("",))
STRICTNESS = {"skip": 0, "lax": 1, "strict": 2}


def compare(old: Path, new: Path, *, common: bool = False) -> list[Finding]:
    """All differences between two files or folders of schemas.

    Args:
        old: The schemas that code was written for.
        new: Those that it is to meet.
        common: Whether to compare only what stands under root elements that both have.

    Raises:
        GeneratorError: A set cannot be read.
    """
    after = Schemas(new)
    before = Schemas(old)
    names = paired(before, after)
    comparison = _Comparison(Structure(Schemas(old, names) if names else before), Structure(after))
    comparison.namespaces(names)
    comparison.roots(common=common)
    if not common:
        comparison.unused()
    return comparison.findings


class _Comparison:
    """One comparison.

    Attributes:
        findings: What was found.
    """

    def __init__(self, old: Structure, new: Structure) -> None:
        self.old = old
        self.new = new
        self.findings: list[Finding] = []
        self._met: dict[tuple[Type, Type], list[str]] = {}
        self._renamed: set[tuple[str, str]] = set()
        self._forms: set[tuple[bool, bool]] = set()
        self._paths: list[str] = []
        self._inside = ""
        self._namespace = ""
        self._waiting: list[tuple[Type, Type, str]] = []

    def note(self, kind: str, where: str, message: str, breaks: frozenset[str], inside: str = "") -> None:
        """Note a difference at the place that is looked at, or at something inside it."""
        self.findings.append(Finding(kind, where, message, breaks, self._namespace, self._paths, self._inside + inside))

    # -- the sets ------------------------------------------------------------------------------------------------

    def namespaces(self, names: Mapping[str, str]) -> None:
        """Namespaces that are called otherwise: one difference for all that differ alike."""
        alike: dict[tuple[str, str], list[str]] = {}
        for one, other in names.items():
            alike.setdefault(_differing(one, other), []).append(one)
        for (gone, come), several in alike.items():
            if len(several) == 1:
                message = f"the namespace {several[0]} is {names[several[0]]} now"
            else:
                message = f"{len(several)} namespaces have {come} where they had {gone}, such as {several[0]}"
            self.note("namespace", "", message, BOTH)

    def roots(self, *, common: bool) -> None:
        """Compare what documents may begin with, and all that is in them; or only with what both have."""
        for tag, root in ordered(self.old.roots, self.new.roots):
            name = name_of(tag)
            self._paths, self._inside, self._namespace = [f"/{name}"], "", ex.namespace_of(tag)
            if common and not (tag in self.new.roots and tag in self.old.roots):
                continue
            if tag not in self.new.roots:
                self.note("root-removed", name, f"the root element {name} is gone", WRITERS)
            elif tag not in self.old.roots:
                self.note("root-added", name, f"the root element {name} is new", READERS)
            else:
                self.element(root, self.new.roots[tag], name)
            while self._waiting:
                self.contents(*self._waiting.pop(0))
        self._paths, self._inside, self._namespace = [], "", ""

    def unused(self) -> None:
        """Types that no root leads to."""
        old, new = self.old.named(), self.new.named()
        for tags, others, reached, kind, word in (
            (old, new, self.old.reached(), "type-removed", "gone"),
            (new, old, self.new.reached(), "type-added", "new"),
        ):
            for tag in tags:
                if tag not in others and tag not in reached:
                    message = f"the type {name_of(tag)}, to which no root leads, is {word}"
                    self.note(kind, name_of(tag), message, NEITHER)

    # -- elements and types --------------------------------------------------------------------------------------

    def element(self, old: Declaration, new: Declaration, label: str) -> None:
        """Compare two declarations of one element."""
        if old.nillable != new.nillable:
            words = "may" if new.nillable else "may no longer"
            self.note("nillable", label, f"it {words} say xsi:nil", READERS if new.nillable else WRITERS)
        self.fixed(old.fixed, new.fixed, label)
        self.default(old, new, label)
        for constraint in sorted(old.constraints ^ new.constraints):
            added = constraint in new.constraints
            what = f"{constraint[0]} over {' and '.join(constraint[1:])}"
            message = f"the {what} is {'new' if added else 'gone'}"
            self.note("constraint", label, message, WRITERS if added else READERS)
        self.type(old.type, new.type, label)

    def fixed(self, old: str | None, new: str | None, label: str) -> None:
        """Compare the one value that is allowed."""
        if old != new:
            breaks = READERS if new is None else WRITERS if old is None else BOTH
            self.note("fixed", label, f"its only value is {_or_none(new)}, was {_or_none(old)}", breaks)

    def default(self, old: Declaration, new: Declaration, label: str) -> None:
        """Compare what an element without a value stands for. Without that it may not be allowed to have none."""
        was, now = old.default or old.fixed, new.default or new.fixed
        if was == now or (old.default is None and new.default is None and (was is None) == (now is None)):
            return
        breaks = NEITHER
        if (was is None) != (now is None):
            kinds = [one.type.simple for one in (old, new)]
            if not all(kind is not None and within(NO_TEXT, kind) for kind in kinds):
                breaks = WRITERS if now is None else READERS
        if breaks or old.default != new.default:
            self.note("default", label, f"without a value it is {_or_none(now)}, was {_or_none(was)}", breaks)

    def type(self, old: Type, new: Type, label: str) -> None:
        """Have two types compared, if they were not before."""
        path = f"{self._paths[0]}{self._inside}"
        met = self._met.get((old, new))
        if met is not None:
            met.append(path)
            return
        self._met[old, new] = [path]
        self._waiting.append((old, new, label))

    def contents(self, old: Type, new: Type, element: str) -> None:
        """Compare all of two types."""
        self._paths, self._inside = self._met[old, new], ""
        label = name_of(old.name) if old.name and not old.name.startswith("xs:") else element
        self.names(old, new, label)
        if old.is_any or new.is_any:
            self.any_type(old, new, label)
            return
        if (old.simple is None) != (new.simple is None):
            now, was = (described(one.simple) if one.simple is not None else "elements" for one in (new, old))
            self.note("kind", label, f"it holds {now}, held {was}", BOTH)
        elif old.simple is not None and new.simple is not None:
            self.values(old.simple, new.simple, label)
        else:
            self.elements(old, new, label)
        self.attributes(old, new, label)
        self.derived(old, new, label)

    def names(self, old: Type, new: Type, label: str) -> None:
        """Compare the names of two types, and whether an element of them must name another."""
        if old.abstract != new.abstract:
            words = "must" if new.abstract else "need no longer"
            self.note("abstract", label, f"it {words} name a type by xsi:type", WRITERS if new.abstract else READERS)
        pair = old.name, new.name
        if old.name == new.name or pair in self._renamed or any(name.startswith("xs:") for name in pair):
            return
        self._renamed.add(pair)
        now, was = (f"called {name_of(name)}" if name else "without a name" for name in (new.name, old.name))
        self.note("type-name", label, f"its type is {now}, was {was}", NEITHER)

    def any_type(self, old: Type, new: Type, label: str) -> None:
        """Compare with what may hold anything."""
        if not (old.is_any and new.is_any):
            words = "may hold anything" if new.is_any else "may no longer hold anything"
            self.note("kind", label, f"it {words}", READERS if new.is_any else WRITERS)

    def derived(self, old: Type, new: Type, label: str) -> None:
        """Compare the types that xsi:type may name."""
        before, after = self.old.derived_of(old), self.new.derived_of(new)
        for tag, one in ordered(before, after):
            name = name_of(tag)
            if tag not in after:
                self.note("derived-removed", label, f"xsi:type may no longer name {name}", WRITERS)
            elif tag not in before:
                self.note("derived-added", label, f"xsi:type may name {name}", READERS)
            else:
                self.type(one, after[tag], name)

    # -- values --------------------------------------------------------------------------------------------------

    def values(self, old: Simple, new: Simple, label: str) -> None:
        """Compare two kinds of values."""
        if old == new:
            return
        readers = NEITHER if within(new, old) else READERS
        writers = NEITHER if within(old, new) else WRITERS
        if old.literals and new.literals and replace(old, literals=None) == replace(new, literals=None):
            for one, others, kind, word, breaks in (
                (old.literals, new.literals, "literal-removed", "gone", writers),
                (new.literals, old.literals, "literal-added", "new", readers),
            ):
                for literal in one:
                    if literal not in others:
                        self.note(kind, label, f"the literal {literal} is {word}", breaks)
            return
        message = f"its value is {described(new)}, was {described(old)}"
        if described(new) == described(old):
            message = f"its value is otherwise restricted: {described(new)}"
        self.note("value", label, message, readers | writers)

    # -- attributes ----------------------------------------------------------------------------------------------

    def attributes(self, old: Type, new: Type, label: str) -> None:
        """Compare attributes."""
        for tag, _ in ordered(old.attributes, new.attributes):
            before, after = old.attributes.get(tag), new.attributes.get(tag)
            name = f"{label}/@{name_of(tag)}"
            if after is None and before is not None:
                breaks = WRITERS | (READERS if before.required or _admits(new.any_attribute, tag) else NEITHER)
                self.note("attribute-removed", name, f"the attribute {name_of(tag)} is gone", breaks)
            elif before is None and after is not None:
                must = "required" if after.required else "optional"
                breaks = READERS | (WRITERS if after.required or _admits(old.any_attribute, tag) else NEITHER)
                self.note("attribute-added", name, f"the {must} attribute {name_of(tag)} is new", breaks)
            elif before is not None and after is not None:
                self.attribute(before, after, name)
        if old.any_attribute != new.any_attribute:
            self.any_attribute(old.any_attribute, new.any_attribute, label)

    def attribute(self, old: Attribute, new: Attribute, label: str) -> None:
        """Compare two declarations of one attribute."""
        if old.required != new.required:
            words = ("required", "optional") if new.required else ("optional", "required")
            breaks = WRITERS if new.required else READERS
            self.note("attribute-use", label, f"it is {words[0]}, was {words[1]}", breaks)
        self.fixed(old.fixed, new.fixed, label)
        if old.default != new.default:
            message = f"its default is {_or_none(new.default)}, was {_or_none(old.default)}"
            self.note("default", label, message, NEITHER)
        self.values(old.type, new.type, label)

    def any_attribute(self, old: Wildcard | None, new: Wildcard | None, label: str) -> None:
        """Compare what other attributes may be there."""
        if new is None:
            self.note("attribute-wildcard", label, "other attributes are no longer allowed", WRITERS)
        elif old is None:
            self.note("attribute-wildcard", label, "other attributes are allowed", READERS)
        else:
            breaks = (NEITHER if _covers(old, new) else READERS) | (NEITHER if _covers(new, old) else WRITERS)
            self.note("attribute-wildcard", label, "other attributes are otherwise restricted", breaks)

    # -- elements in a content -----------------------------------------------------------------------------------

    def elements(self, old: Type, new: Type, label: str) -> None:
        """Compare what elements two types hold."""
        if old.mixed != new.mixed:
            words = "may" if new.mixed else "may no longer"
            message = f"text {words} stand between its elements"
            self.note("mixed", label, message, READERS if new.mixed else WRITERS)
        content, elements = self.same_form(old, new, label)
        for one in differences(old, replace(new, content=content, elements=elements)):
            where = f"{label}/{name_of(one.tag)}" if one.tag else label
            self.note(one.kind, where, one.message, one.breaks, f"/{name_of(one.tag)}" if one.tag else "")
        self.wildcards(old, new, label)
        for tag in ex.names(old.content):
            if tag in elements and tag in ex.names(content):
                self._inside = f"/{name_of(tag)}"
                self.element(old.elements[tag], elements[tag], f"{label}/{name_of(tag)}")
        self._inside = ""

    def same_form(self, old: Type, new: Type, label: str) -> tuple[ex.Expression, dict[str, Declaration]]:
        """The new content, with the elements that differ from old ones in their namespaces only put into those."""
        gone, come = (set(one.elements) - set(other.elements) for one, other in ((old, new), (new, old)))
        before = {name_of(tag): tag for tag in gone}
        moved = {tag: before[name_of(tag)] for tag in sorted(come) if name_of(tag) in before}
        if not moved:
            return new.content, new.elements
        forms = {(bool(ex.namespace_of(was)), bool(ex.namespace_of(now))) for now, was in moved.items()}
        for form in sorted(forms - self._forms):
            words = {(True, False): "no", (False, True): "a"}.get(form, "another")
            some = ", ".join(sorted(name_of(tag) for tag in moved)[:3])
            self.note("form", label, f"its elements are in {words} namespace now, such as {some}", BOTH)
        self._forms |= forms
        return ex.renamed(new.content, moved), {moved.get(tag, tag): one for tag, one in new.elements.items()}

    def wildcards(self, old: Type, new: Type, label: str) -> None:
        """Compare how strictly what wildcards let in is validated. What they let in, the contents say."""
        before, after = ({(one.namespaces, one.process) for one in side.wildcards} for side in (old, new))
        was, now = (sorted({process for _, process in side}) for side in (before, after))
        if not before or not after or before == after or (was == now and len(was) == 1):
            return
        breaks = BOTH
        if len(was) == len(now) == 1:
            breaks = WRITERS if STRICTNESS[now[0]] > STRICTNESS[was[0]] else READERS
        message = f"other elements are validated {' and '.join(now)}, were {' and '.join(was)}"
        self.note("wildcard-process", label, message, breaks)


# -- inside --------------------------------------------------------------------------------------------------------


def _or_none(text: str | None) -> str:
    return "none" if text is None else repr(text)


def _admits(wildcard: Wildcard | None, tag: str) -> bool:
    """Whether a wildcard lets an attribute in, whatever its value may be."""
    return wildcard is not None and ex.namespace_of(tag) in wildcard.namespaces


def _covers(one: Wildcard, other: Wildcard) -> bool:
    """Whether a wildcard lets all in that another does."""
    if STRICTNESS[one.process] > STRICTNESS[other.process]:
        return False
    mine, others = one.namespaces, other.namespaces
    if mine.others:
        return not mine.given & others.given if not others.others else mine.given <= others.given
    return not others.others and others.given <= mine.given


def _differing(one: str, other: str) -> tuple[str, str]:
    """In what two namespaces differ: a step of them, or all."""
    steps = [re.split(r"([/#:.])", namespace) for namespace in (one, other)]
    if len(steps[0]) == len(steps[1]):
        different = [pair for pair in zip(*steps, strict=True) if pair[0] != pair[1]]
        if len(different) == 1:
            return different[0]
    return one, other
