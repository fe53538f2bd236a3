"""Prints one module of codecs a profile: for each class a function that reads it and one that writes it.

Reading walks the element's children once and compares each tag with the constants of the module, in the order in
which the schema names them; the object is made in one go at the end. Whatever does not belong is handed to
``reading``, which knows what to do in which mode; no branch passes anything over. Writing appends one string for each
start tag, end tag and leaf to a list. Tags carry the profile's namespace, so a profile has functions of its own also
for the types it shares.
"""

from __future__ import annotations

from iec61968_9_generator.documents import alias
from iec61968_9_generator.emit_models import BY_TYPE, Types, model
from iec61968_9_generator.emit_reading import Reading
from iec61968_9_generator.emit_rules import Call
from iec61968_9_generator.emit_writing import Writing
from iec61968_9_generator.names import snake
from iec61968_9_generator.plan import (
    ClassDef,
    ClassType,
    Profile,
    ValueField,
)
from iec61968_9_generator.share import Layout
from iec61968_9_generator.text import docstring, header, quoted, wrap_call

__all__ = ["emit"]


def emit(layout: Layout, package: str) -> dict[str, str]:
    """The text of every codec module, by its path in the package."""
    return {
        f"_codecs/{profile.module}.py": _Module(layout, package, profile).text() for profile in layout.profiles.values()
    }


class _Module(Reading, Writing):
    """One module of codecs."""

    def __init__(self, layout: Layout, package: str, profile: Profile) -> None:
        super().__init__(layout, package, profile)
        self.classes = self.distinct_classes()

    def distinct_classes(self) -> list[ClassDef]:
        """The classes to print, each once."""
        found: dict[str, ClassDef] = {}
        for definition in self.profile.definitions.values():
            if isinstance(definition, ClassDef):
                found.setdefault(definition.name, definition)
        return list(found.values())

    def text(self) -> str:
        """The whole module."""
        self.imports.aliased(f"{self.package}.profiles", self.profile.module, "profile")
        functions: list[str] = []
        types = Types(self.layout, self.profile.namespace, namespace=self.namespace, imports=self.imports)
        content_models: list[str] = []
        for definition in self.classes:
            functions += ["", "", *self.reader(definition), "", "", *self.writer(definition)]
            functions += types.functions(definition)
            if definition.model is not None:
                constant = self.model(definition)
                content_models += model(constant, definition.model, self.annotation, self.imports)
        table = self.table()
        namespace = self.profile.namespace
        constants = [
            f'_{constant} = "{xml}"'
            if not (namespace if other is None else other)
            else f'_{constant} = f"{{{{{{{self.namespace(other)}}}}}}}{xml}"'
            for (other, xml), constant in sorted(self.tags.items(), key=lambda item: (item[0][1], item[0][0] or ""))
        ]
        constants = [f"_NS_{name} = {quoted(other)}" for other, name in sorted(self.namespaces.items())] + constants
        literals = [f"_{constant} = literals(profile.{name})" for name, constant in sorted(self.enumerations.items())]
        lines = [
            *header([self.profile.entry.file]),
            *docstring(f"Reads and writes ``{self.profile.entry.noun}``."),
            "",
            *self.imports.lines(),
            "",
            '__all__ = ["CODEC"]',
            "",
            f"_NS = {quoted(namespace)}",
            *constants,
            *literals,
            *self.rules.lines(),
            *content_models,
            *functions,
            "",
            "",
            *table,
            "",
        ]
        return "\n".join(lines)

    def table(self) -> list[str]:
        """The table by which the registry finds the functions."""
        self.imports.name("iec61968_9.xml.codec", "Binding")
        self.imports.name("iec61968_9.xml.codec", "Codec")
        lines = ["CODEC = Codec(", "    roots={"]
        for element, key in self.profile.roots.items():
            lines += self.binding(element, self.profile.class_(key))
        lines.append("    },")
        items = self.profile.items
        families = self.families()
        if not items:
            return [*lines, "    items={},", *families, ")"]
        lines.append("    items={")
        for element, member in items.items():
            assert isinstance(member.type, ClassType)  # noqa: S101  # that is what makes it an item
            lines += self.binding(element, self.profile.class_(member.type.key), member)
        return [*lines, "    },", *families, ")"]

    def families(self) -> list[str]:
        """The classes that may stand for each other one."""
        lines: list[str] = []
        for definition in self.classes:
            if definition.typed:
                family = [one for one in [definition, *self.derived(definition)] if not one.abstract]
                names = [f"profile.{one.name}" for one in family]
                row = Call("", tuple(names), f"profile.{definition.name}: ")
                lines += row.lines(8, ",")
        return ["    families={", *lines, "    },"] if lines else []

    def derived(self, definition: ClassDef) -> list[ClassDef]:
        """The classes that may stand for one, but itself."""
        found = [self.layout.definition(key) for key in definition.derived]
        return [one for one in found if isinstance(one, ClassDef)]

    def binding(self, element: str, definition: ClassDef, member: ValueField | None = None) -> list[str]:
        """One row of the table."""
        function = snake(definition.name) + BY_TYPE * definition.typed
        arguments = [f"profile.{definition.name}", f"read_{function}", f"write_{function}"]
        if member is not None:
            arguments.append(f'"{member.name}"')
            if self.written_name(member) != member.xml:
                arguments.append(f'written="{self.written_name(member)}"')
            if member.namespace is not None:
                arguments.append(f"tag={self.tag(member, member.name)}")
            if element in self.profile.globals:
                namespace = self.profile.globals[element].document.namespace
                arguments.append(f"alias={quoted(f'{{{namespace}}}{alias(element)}' if namespace else alias(element))}")
        return wrap_call(f'"{element}": Binding', arguments, ",", 8)
