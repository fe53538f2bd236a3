"""Prints what codecs need beside functions for single classes: content models, and the choice of a class by type.

A content model becomes a constant by which writing holds an object's children to what the schema allows. Where
``xsi:type`` decides which class an element is, a pair of functions looks at it, or writes it.
"""

from __future__ import annotations

from collections.abc import Callable

from iec61968_9_generator.emit_rules import Call
from iec61968_9_generator.model import UNBOUNDED
from iec61968_9_generator.names import snake
from iec61968_9_generator.plan import ClassDef, FieldType, Key, Model, ModelPart
from iec61968_9_generator.share import Layout
from iec61968_9_generator.text import Imports, quoted, wrap_call

__all__ = ["BY_TYPE", "Types", "model"]

BY_TYPE = "_by_type"
"""What the names of functions end with that look at ``xsi:type``."""


def model(constant: str, found: Model, annotation: Callable[[FieldType], str], imports: Imports) -> list[str]:
    """The constant that is a content model."""
    imports.name("iec61968_9.xml.content_model", "ContentModel")
    slots = tuple(
        Call("", (quoted(leaf), quoted(member), "None" if kind is None else annotation(kind)))
        for leaf, member, kind in found.slots
    )
    call = Call("ContentModel", (_part(found.part, imports), Call("", slots)), f"{constant} = ")
    return call.lines(0, "")


def _part(part: ModelPart, imports: Imports) -> Call:
    """One part of a content model."""
    imports.name("iec61968_9.xml.content_model", part.kind)
    most = "None" if part.max == UNBOUNDED else str(part.max)
    if part.kind == "leaf":
        bounds = [str(part.min), most][: 2 if part.max != 1 else int(part.min != 1)]
        return Call("leaf", (quoted(part.name), *bounds))
    inner: list[Call | str] = [_part(one, imports) for one in part.parts]
    if part.min != 1:
        inner.append(f"least={part.min}")
    if part.max != 1:
        inner.append(f"most={most}")
    return Call(part.kind, tuple(inner))


class Types:
    """The functions that look at ``xsi:type``, of one module."""

    def __init__(self, layout: Layout, own: str, namespace: Callable[[str | None], str], imports: Imports) -> None:
        self.layout = layout
        self.own = own
        self.namespace = namespace
        self.imports = imports

    def functions(self, definition: ClassDef) -> list[str]:
        """The two functions of a class; none where no other may stand for it."""
        if not definition.typed:
            return []
        classes = [self.class_(key) for key in definition.derived]
        concrete = [one for one in classes if not one.abstract]
        return ["", "", *self.reader(definition, concrete), "", "", *self.writer(definition, concrete)]

    def class_(self, key: Key) -> ClassDef:
        """The class of a key."""
        found = self.layout.definition(key)
        assert isinstance(found, ClassDef)  # noqa: S101  # only classes derive from classes
        return found

    def said(self, definition: ClassDef) -> str:
        """The qualified name of a type, as an expression."""
        assert definition.said is not None  # noqa: S101  # which all have that derive or are derived from
        namespace, name = definition.said
        return (
            quoted(name)
            if not (self.own if namespace is None else namespace)
            else f'f"{{{{{{{self.namespace(namespace)}}}}}}}{name}"'
        )

    def reader(self, definition: ClassDef, concrete: list[ClassDef]) -> list[str]:
        """The function that reads whatever may stand for a class."""
        self.imports.name("typing", "Any")
        function = snake(definition.name)
        lines = [
            *wrap_call(f"def read_{function}{BY_TYPE}", ["element: Element", "reading: Reading"], " -> Any:", 0),
            f'    """Read a ``{definition.name}``, or what derives from it."""',
            "    kind = reading.kind(element)",
        ]
        names = " or ".join(one.name for one in ([] if definition.abstract else [definition]) + concrete)
        if not definition.abstract:
            lines += [
                f"    if kind is None or kind == {self.said(definition)}:",
                f"        return read_{function}(element, reading)",
            ]
        for one in concrete:
            lines += [
                f"    if kind == {self.said(one)}:",
                f"        return read_{snake(one.name)}(reading.typed(element), reading)",
            ]
        return [*lines, *wrap_call("return reading.unknown_type", ["element", quoted(names)], "", 4)]

    def writer(self, definition: ClassDef, concrete: list[ClassDef]) -> list[str]:
        """The function that writes whatever may stand for a class."""
        function = snake(definition.name)
        lines = [
            *wrap_call(
                f"def write_{function}{BY_TYPE}", ["record: Any", "tag: str", "writing: Writing"], " -> None:", 0
            ),
            f'    """Write a ``{definition.name}``, or what derives from it."""',
            "    start = len(writing.parts)",
        ]
        for one in sorted(concrete, key=lambda one: -self.depth(one)):
            assert one.said is not None  # noqa: S101  # it derives from another
            namespace, name = one.said
            lines += [
                f"    if isinstance(record, profile.{one.name}):",
                f"        write_{snake(one.name)}(record, tag, writing)",
                f"        return writing.typed(start, {quoted(name)}, {self.namespace(namespace)})",
            ]
        if not definition.abstract:
            return [*lines, f"    return write_{function}(record, tag, writing)"]
        lines.remove("    start = len(writing.parts)") if not concrete else None
        names = [f"profile.{one.name}" for one in concrete] or [f"profile.{definition.name}"]
        kinds = names[0] if len(names) == 1 else f"({', '.join(names)})"
        return [*lines, *wrap_call("return writing.mismatch", ["record", kinds, "tag"], "", 4)]

    def depth(self, definition: ClassDef) -> int:
        """How many classes stand above one."""
        return 0 if definition.base is None else 1 + self.depth(self.class_(definition.base))
