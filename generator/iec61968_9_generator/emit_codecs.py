"""Prints one module of codecs a profile: for each class a function that reads it and one that writes it.

Reading walks the element's children once and compares each tag with the constants of the module, in the order in
which the schema names them; the object is made in one go at the end. Whatever does not belong is handed to
``reading``, which knows what to do in which mode; no branch passes anything over. Writing appends one string for each
start tag, end tag and leaf to a list. Tags carry the profile's namespace, so a profile has functions of its own also
for the types it shares.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from iec61968_9_generator import models
from iec61968_9_generator.documents import XML, alias
from iec61968_9_generator.emit_models import BY_TYPE, Types, model
from iec61968_9_generator.emit_rules import SUFFIX, Call, Rules
from iec61968_9_generator.model import UNBOUNDED
from iec61968_9_generator.names import snake
from iec61968_9_generator.plan import (
    Alternative,
    ChoiceField,
    ClassDef,
    ClassType,
    EnumDef,
    EnumType,
    Field,
    FieldType,
    Key,
    NillableType,
    OtherAttributesField,
    Profile,
    ReferenceType,
    RuledType,
    TextField,
    ValueField,
    ValueType,
    WildcardField,
    WrappedType,
    WrapperDef,
)
from iec61968_9_generator.share import Layout
from iec61968_9_generator.text import WIDTH, Imports, docstring, header, quoted, wrap_call

__all__ = ["emit"]

MODEL = "_CONTENT"
"""What the names of content models end with."""

LEAVES = {
    "boolean": "boolean",
    "date": "date",
    "dateTime": "date_time",
    "decimal": "decimal",
    "double": "floating",
    "float": "single",
    "integer": "integer",
    "QName": "qname",
    "string": "string",
    "time": "time",
}
"""The methods of ``Reading`` and ``Writing`` that handle a built-in type."""


def emit(layout: Layout, package: str) -> dict[str, str]:
    """The text of every codec module, by its path in the package."""
    return {
        f"_codecs/{profile.module}.py": _Module(layout, package, profile).text() for profile in layout.profiles.values()
    }


class _Module:
    """One module of codecs."""

    def __init__(self, layout: Layout, package: str, profile: Profile) -> None:
        self.layout = layout
        self.package = package
        self.profile = profile
        self.imports = Imports()
        self.tags: dict[tuple[str | None, str], str] = {}
        self.namespaces: dict[str, str] = {}
        self.enumerations: dict[str, str] = {}
        self.rules = Rules(layout, profile, self.imports)
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

    def namespace(self, other: str | None) -> str:
        """The constant for a namespace: the profile's own, or another one's."""
        if other is None:
            return "_NS"
        name = re.sub(r"\W", "_", self.profile.prefixes.get(other, f"ns{len(self.namespaces)}")).upper()
        return f"_NS_{self.namespaces.setdefault(other, name)}"

    def written_name(self, member: ValueField | Alternative) -> str:
        """An element's or attribute's name as it stands in a document."""
        own = self.profile.prefix
        prefixes: dict[str | None, str] = {None: own, self.profile.namespace: own, XML: "xml"}
        prefixes.update(self.profile.prefixes)
        prefix = prefixes.get(member.namespace)
        return f"{prefix}:{member.xml}" if prefix else member.xml

    # -- reading ---------------------------------------------------------------------------------------------

    def reader(self, definition: ClassDef) -> list[str]:
        """The function that reads a class."""
        self.imports.name("iec61968_9.xml.codec", "Element")
        self.imports.name("iec61968_9.xml.codec", "new")
        self.imports.name("iec61968_9.xml.reading", "Reading")
        kind = f"profile.{definition.name}"
        if definition.generic:
            self.imports.name("typing", "Any")
            kind += "[Any]"
        function = f"def read_{snake(definition.name)}"
        lines = [
            *wrap_call(function, ["element: Element", "reading: Reading"], f" -> {kind}:", 0),
            f'    """Read a ``{definition.name}``."""',
        ]
        attributes = [one for one in definition.fields if isinstance(one, ValueField) and one.attribute]
        texts = [one for one in definition.fields if isinstance(one, TextField)]
        children = [one for one in definition.fields if one not in attributes and not isinstance(one, TextField)]
        for member in definition.fields:
            lines += self.variable(member)
        other = next((one for one in definition.fields if isinstance(one, OtherAttributesField)), None)
        mixed = next((one for one in definition.fields if isinstance(one, ChoiceField) and one.text), None)
        if texts:
            lines.append(f"    {local(texts[0])} = {self.text_call(texts[0].type)}")
            lines += self.attribute_loop(attributes, other)
        elif mixed is not None:
            lines += ["    if element.text:", f"        {local(mixed)}.append(element.text)"]
            lines += self.attribute_loop(attributes, other)
        elif attributes or other or definition.nil:
            self.imports.name("iec61968_9.xml.codec", "BLANK")
            lines += ["    if element.text not in BLANK:", "        reading.stray_text(element)"]
            lines += self.attribute_loop(attributes, other, nil=definition.nil)
        else:
            self.imports.name("iec61968_9.xml.codec", "BLANK")
            lines += ["    if element.text not in BLANK or element.keys():", "        reading.stray(element)"]
        if not texts:
            lines += self.child_loop(definition, children)
        lines += self.choices_read(definition)
        lines += self.cardinalities(definition)
        annotation = f": {kind}" if definition.generic else ""
        lines.append(f"    record{annotation} = new(profile.{definition.name})")
        for member in definition.fields:
            lines += self.assignment(member)
        lines += ["    record.kept = reading.take(element, record) if reading.kept else None", "    return record"]
        return lines

    def variable(self, member: Field) -> Iterable[str]:
        """The variable that collects a member."""
        match member:
            case TextField():
                return
            case ValueField():
                annotation = self.annotation(member.type)
            case WildcardField():
                self.imports.name("typing", "Any")
                annotation = "Any"
            case ChoiceField():
                self.imports.name("typing", "Any")
                annotation = "Any"
            case OtherAttributesField():
                yield f"    {local(member)}: dict[str, str] = {{}}"
                return
        if member.repeats:
            yield f"    {local(member)}: list[{annotation}] = []"
        elif annotation == "Any":
            yield f"    {local(member)}: Any = None"
        else:
            yield f"    {local(member)}: {annotation} | None = None"

    def attribute_loop(
        self, attributes: list[ValueField], other: OtherAttributesField | None = None, *, nil: bool = False
    ) -> Iterable[str]:
        """Read the attributes that the schema names, and those that its wildcard lets in."""
        if not (attributes or other or nil):
            yield "    if element.keys():"
            yield "        reading.stray_attributes(element)"
            return
        yield "    for name, text in element.items():"
        for number, member in enumerate(attributes):
            name = f"{{{member.namespace}}}{member.xml}" if member.namespace else member.xml
            yield f"        {'elif' if number else 'if'} name == {quoted(name)}:"
            yield f"            {local(member)} = {self.attribute_call(member.type)}"
        if nil:
            self.imports.name("iec61968_9.xml.codec", "NIL_ATTRIBUTE")
            yield f"        {'elif' if attributes else 'if'} name == NIL_ATTRIBUTE:"
            yield "            continue"
        if other is not None:
            admits = f"reading.admits_attribute(name, {quoted(other.namespace)}, {self.namespace(other.own)})"
            yield f"        {'elif' if attributes or nil else 'if'} {admits}:"
            yield f"            {local(other)}[name] = text"
        yield "        else:"
        yield "            reading.stray_attribute(element, name, text)"

    def child_loop(self, definition: ClassDef, children: Sequence[Field]) -> Iterable[str]:
        """Read the elements. An element of a payload that has none may stand for nothing."""
        branches: list[tuple[str, str]] = []
        wildcards: list[tuple[str, str]] = []
        for member in children:
            match member:
                case ValueField():
                    branches.append(self.element_branch(member))
                case ChoiceField():
                    branches += self.choice_branches(member)
                    if member.wildcard is not None:
                        wildcards.append(self.wildcard_branch(member.wildcard, local(member)))
                case WildcardField():
                    wildcards.append(self.wildcard_branch(member, local(member)))
                case TextField() | OtherAttributesField():
                    pass
        branches += wildcards
        if branches and self.profile.entry.role != "envelope":
            yield "    children = element[:]"
            yield "    if not children and reading.is_hollow(element):"
            yield f"        return reading.nothing(profile.{definition.name})"
            yield "    for child in children:"
        else:
            yield "    for child in element[:]:"
        if not branches:
            yield "        reading.unexpected(child)"
        else:
            if len(branches) > len(wildcards):
                yield "        tag = child.tag"
            for number, (condition, statement) in enumerate(branches):
                yield f"        {'elif' if number else 'if'} {condition}:"
                yield f"            {statement}"
            yield "        else:"
            yield "            reading.unexpected(child)"
        mixed = next((one for one in children if isinstance(one, ChoiceField) and one.text), None)
        if mixed is not None:
            yield "        if child.tail:"
            yield f"            {local(mixed)}.append(child.tail)"
            return
        self.imports.name("iec61968_9.xml.codec", "BLANK")
        yield "        if child.tail not in BLANK:"
        yield "            reading.stray_tail(child)"

    def element_branch(self, member: ValueField) -> tuple[str, str]:
        """How one element is recognised, and what is done with it."""
        tag = self.tag(member, member.name)
        variable = local(member)
        call = self.leaf_call(member.type, self.filled(member))
        if not member.repeats:
            return f"tag == {tag} and {variable} is None", f"{variable} = {call}"
        condition = f"tag == {tag}" + ("" if member.max == UNBOUNDED else f" and len({variable}) < {member.max}")
        if self.may_fail(member.type):
            return condition, f"reading.add({variable}, {call})"
        return condition, f"{variable}.append({call})"

    def choice_branches(self, member: ChoiceField) -> Iterable[tuple[str, str]]:
        """How the branches of a choice that one member stands for are recognised."""
        variable = local(member)
        limit = "" if member.max == UNBOUNDED else f" and len({variable}) < {member.max}"
        for alternative in member.alternatives:
            call = self.leaf_call(alternative.type, self.filled(alternative))
            tag = self.tag(alternative, snake(alternative.xml))
            if not member.repeats:
                yield f"tag == {tag} and {variable} is None", f"{variable} = {call}"
            elif self.may_fail(alternative.type):
                yield f"tag == {tag}{limit}", f"reading.add({variable}, {call})"
            else:
                yield f"tag == {tag}{limit}", f"{variable}.append({call})"

    def may_fail(self, kind: FieldType) -> bool:
        """Whether reading may come back without a value."""
        if isinstance(kind, ClassType):
            found = self.layout.definition(kind.key)
            return isinstance(found, ClassDef) and found.typed
        return not isinstance(kind, ReferenceType)

    def filled(self, member: ValueField | Alternative) -> str:
        """The expression for an element; one that is empty has its default value."""
        default = member.default
        if isinstance(member, ValueField) and member.fixed is not None:
            default = member.fixed
        if default is None:
            return "child"
        return f"reading.filled(child, {quoted(default)})"

    def wildcard_branch(self, member: WildcardField, variable: str) -> tuple[str, str]:
        """How an element that the schema does not name is recognised."""
        condition = f"reading.admits(child, {quoted(member.namespace)}, {self.namespace(member.own)})"
        call = f"reading.{'carry' if member.parameter else 'content'}(child)"
        if member.head is not None:
            call = f"reading.substitute(child, {quoted(member.head)})"
        if not member.repeats:
            return f"{variable} is None and {condition}", f"{variable} = {call}"
        limit = "" if member.max == UNBOUNDED else f"len({variable}) < {member.max} and "
        return f"{limit}{condition}", f"{variable}.append({call})"

    def text_call(self, kind: FieldType) -> str:
        """The expression that reads the text of an element with simple content."""
        match kind:
            case ValueType(builtin):
                self.imports.name("iec61968_9.xml", "lexical")
                return f"reading.text(element, lexical.{LEAVES[builtin]})"
            case RuledType() | EnumType() if self.is_ruled(kind):
                return f"reading.simple_text(element, {self.rules.of(kind)})"
            case EnumType():
                return f"reading.text_literal(element, {self.enumeration(kind)})"
            case _:
                raise AssertionError(kind)

    def leaf_call(self, kind: FieldType, element: str) -> str:
        """The expression that reads an element."""
        match kind:
            case ValueType(builtin):
                return f"reading.{LEAVES[builtin]}({element})"
            case RuledType() | EnumType() if self.is_ruled(kind):
                return f"reading.simple({element}, {self.rules.of(kind)})"
            case EnumType():
                return f"reading.literal({element}, {self.enumeration(kind)})"
            case ClassType(key):
                return f"read_{self.function(key)}({element}, reading)"
            case WrappedType(key):
                wrapper = self.wrapper(key)
                return f"reading.wrapped(profile.{wrapper.name}, {self.leaf_call(wrapper.type, element)})"
            case NillableType(inner, nil):
                told = "reading.nil(child)" if nil is None else self.leaf_call(ClassType(nil), "child")
                return f"{told} if reading.is_nil(child) else {self.leaf_call(inner, element)}"
            case ReferenceType(None):
                return f"reading.reference({element})"
            case ReferenceType(class_name):
                return f"reading.reference({element}, profile.{class_name})"
            case _:
                raise AssertionError(kind)

    def attribute_call(self, kind: FieldType) -> str:
        """The expression that reads an attribute."""
        match kind:
            case ValueType(builtin) if LEAVES[builtin] == "string":
                return "text"
            case ValueType(builtin):
                self.imports.name("iec61968_9.xml", "lexical")
                return f"reading.attribute(element, name, text, lexical.{LEAVES[builtin]})"
            case RuledType() | EnumType() if self.is_ruled(kind):
                return f"reading.simple_attribute(element, name, text, {self.rules.of(kind)})"
            case EnumType():
                return f"reading.attribute_literal(element, name, text, {self.enumeration(kind)})"
            case _:
                raise AssertionError(kind)

    def choices_read(self, definition: ClassDef) -> Iterable[str]:
        """Hold a choice to one of its branches."""
        for number, required in enumerate(definition.choices):
            yield from self.choice_call("reading.choice", ["element"], definition, number, required=required)

    def choice_call(
        self, function: str, arguments: list[str], definition: ClassDef, number: int, *, required: bool
    ) -> list[str]:
        """The statement that holds a choice to one of its branches."""
        pairs: list[str] = []
        lists: list[str] = []
        for member in definition.fields:
            if isinstance(member, ValueField | WildcardField) and member.choice == number:
                xml = member.xml if isinstance(member, ValueField) else "another element"
                pairs.append(f'"{xml}": {local(member) if arguments else f"record.{member.name}"}')
                if isinstance(member, ValueField) and not member.repeats and self.may_be_list(member.type):
                    lists.append(f'"{xml}"')
        last = [f"required={required}", *([f"lists=({', '.join(lists)},)"] if lists else [])]
        return wrap_call(function, [*arguments, f"{{{', '.join(pairs)}}}", *last], "", 4)

    def cardinalities(self, definition: ClassDef) -> Iterable[str]:
        """Hold lists to their least length; single members are held to it where they are assigned."""
        for member in definition.fields:
            if isinstance(member, ValueField | WildcardField) and member.repeats and member.min:
                xml = member.xml if isinstance(member, ValueField) else "another element"
                condition = f"not {local(member)}" if member.min == 1 else f"len({local(member)}) < {member.min}"
                yield f"    if {condition}:"
                yield f'        reading.missing(element, "{xml}")'
            elif isinstance(member, ChoiceField) and member.min and member.repeats:
                yield f"    if len({local(member)}) < {member.min}:"
                yield f'        reading.missing(element, "{member.names}")'

    def assignment(self, member: Field) -> list[str]:
        """The statement that sets a member."""
        variable = local(member)
        if isinstance(member, TextField | OtherAttributesField) or not member.min or member.repeats:
            return [f"    record.{member.name} = {variable}"]
        match member:
            case WildcardField():
                xml = "another element"
            case ChoiceField():
                xml = member.names
            case ValueField():
                xml = f"{'@' * member.attribute}{member.xml}"
        value = f'{variable} if {variable} is not None else reading.missing(element, "{xml}")'
        line = f"    record.{member.name} = {value}"
        if len(line) <= WIDTH:
            return [line]
        if len(value) + 8 <= WIDTH:
            return [f"    record.{member.name} = (", f"        {value}", "    )"]
        pieces = value.replace(" if ", "\n        if ", 1).replace(" else ", "\n        else ", 1)
        return [f"    record.{member.name} = (", f"        {pieces}", "    )"]

    # -- writing ---------------------------------------------------------------------------------------------

    def writer(self, definition: ClassDef) -> list[str]:
        """The function that writes a class."""
        self.imports.name("iec61968_9.xml.writing", "Writing")
        check = "isinstance"
        if definition.generic:  # which isinstance would narrow to a class of unknown parameter
            check = "fits"
            self.imports.name("iec61968_9.xml.codec", "fits")
        record = f"record: {'Any' if definition.generic else 'object'}"
        function = f"def write_{snake(definition.name)}"
        lines = [
            *wrap_call(function, [record, "tag: str", "writing: Writing"], " -> None:", 0),
            f'    """Write a ``{definition.name}``."""',
            f"    if not {check}(record, profile.{definition.name}):",
            f"        return writing.mismatch(record, profile.{definition.name}, tag)",
            "    parts = writing.parts",
            "    start = len(parts)",
        ]
        attributes = [one for one in definition.fields if isinstance(one, ValueField) and one.attribute]
        texts = [one for one in definition.fields if isinstance(one, TextField)]
        mixed = any(isinstance(one, ChoiceField) and one.text for one in definition.fields)
        opening = "<{tag}" + "".join(
            "{"
            + f"writing.attribute('{self.written_name(one)}', record.{one.name}, tag{self.attribute_check(one)})"
            + "}"
            for one in attributes
        )
        if definition.nil:
            self.imports.name("iec61968_9.xml.codec", "NIL_MARK")
            opening += "{NIL_MARK}"
        for one in definition.fields:
            if isinstance(one, OtherAttributesField):
                taken = "".join(f"{self.attribute_name(known)}, " for known in attributes)
                arguments = f"{quoted(one.namespace)}, {self.namespace(one.own)}, ({taken.strip()})"
                opening += f"{{writing.other_attributes(record.{one.name}, {arguments})}}".replace('"', "'")
        if texts:
            lines += self.simple_content(opening, texts[0])
        else:
            lines.append(f'    parts.append(f"{opening}>")')
            for number, required in enumerate(definition.choices):
                lines += self.choice_call("writing.choice", [], definition, number, required=required)
            if definition.model is not None:
                lines.append("    order: list[str] = []")
            if mixed:
                lines.append('    writing.mixed("")')
            for member in definition.fields:
                if member not in attributes:
                    lines += self.written(member, shaped=definition.model is not None)
            if definition.model is not None:
                lines.append(f"    writing.hold(record, order, {self.model(definition)})")
        lines += ["    if record.kept is not None:", "        writing.keep(record.kept, start)"]
        if not texts:
            lines.append('    parts.append(f"</{tag}>")')
        lines.append("    return None")
        return [line for text in lines for line in _folded(text)]

    def attribute_name(self, member: ValueField) -> str:
        """The name of an attribute as reading sees it."""
        return quoted(f"{{{member.namespace}}}{member.xml}" if member.namespace else member.xml)

    def function(self, key: Key) -> str:
        """What the functions that read and write a class are named after."""
        found = self.layout.definition(key)
        return snake(found.name) + BY_TYPE * (isinstance(found, ClassDef) and found.typed)

    def wrapper(self, key: Key) -> WrapperDef:
        """The class of one element of several."""
        found = self.layout.definition(key)
        assert isinstance(found, WrapperDef)  # noqa: S101  # that is what the key means
        return found

    def model(self, definition: ClassDef) -> str:
        """The constant of a content model."""
        return f"_{snake(definition.name).upper()}{MODEL}"

    def simple_content(self, opening: str, member: TextField) -> list[str]:
        """The one part of an element that holds text."""
        match member.type:
            case ValueType(builtin):
                call = f"writing.text(record.{member.name}, tag, '{LEAVES[builtin]}')"
            case RuledType():
                call = f"writing.text(record.{member.name}, tag, {self.rules.of(member.type)})"
            case EnumType():
                call = f"writing.text(record.{member.name}, tag, {self.enumeration(member.type, 'class')})"
            case _:
                raise AssertionError(member)
        return [f'    parts.append(f"{opening}>{{{call}}}</{{tag}}>")']

    def attribute_check(self, member: ValueField) -> str:
        """Further arguments by which an attribute is checked."""
        if isinstance(member.type, EnumType):
            kind = f", {self.enumeration(member.type, 'class')}"
        elif isinstance(member.type, RuledType):
            kind = f", {self.rules.of(member.type)}"
        else:
            assert isinstance(member.type, ValueType)  # noqa: S101  # read.py refuses others
            leaf = LEAVES[member.type.builtin]
            kind = "" if leaf == "string" else f", '{leaf}'"
        return kind + (", required=True" if member.min else "")

    def written(self, member: Field, *, shaped: bool) -> list[str]:
        """The statements that write one member."""
        match member:
            case ValueField():
                record = "item" if member.repeats else f"record.{member.name}"
                inner = self.write_call(member.type, self.written_name(member), record)
                called = models.name(member, self.profile.prefixes)
                many = self.many(member.xml, member)
            case WildcardField():
                inner = [self.content_call(member, "item" if member.repeats else f"record.{member.name}")]
                called, many = models.WILDCARD, self.many("another element", member)
            case ChoiceField():
                return self.written_choice(member, shaped=shaped)
            case TextField() | OtherAttributesField():
                return []
        if shaped:
            inner.append(f"order.append({quoted(called)})")
        if member.repeats:
            return [f"    for item in {many}:", *(f"        {line}" for line in inner)]
        if member.min and isinstance(member, ValueField):
            return [f"    {line}" for line in inner]
        return [f"    if record.{member.name} is not None:", *(f"        {line}" for line in inner)]

    def content_call(self, member: WildcardField, value: str) -> str:
        """The statement that writes what stands in a wildcard."""
        if member.head is not None:
            return f"writing.substitute({value}, {quoted(member.head)})"
        return f"writing.content({value}, {quoted(member.namespace)}, {self.namespace(member.own)})"

    def many(self, xml: str, member: ValueField | WildcardField | ChoiceField) -> str:
        """The expression that checks a list and yields it."""
        bounds = f", {member.min}" if member.min or member.max != UNBOUNDED else ""
        bounds += f", {member.max}" if member.max != UNBOUNDED else ""
        return f'writing.many("{xml}", record.{member.name}{bounds})'

    def written_choice(self, member: ChoiceField, *, shaped: bool) -> list[str]:
        """The statements that write one of several elements, or a list of them."""
        branches: list[tuple[str, list[str], str]] = []
        for alternative in member.alternatives:
            kind = f"isinstance(item, {self.tested(alternative.type)})"
            written = self.write_call(alternative.type, self.written_name(alternative), "item")
            branches.append((kind, written, models.name(alternative, self.profile.prefixes)))
        if member.text:
            branches.append(("isinstance(item, str)", ["writing.mixed(item)"], ""))
        lines: list[str] = []
        for number, (condition, written, called) in enumerate(branches):
            lines += [f"{'elif' if number else 'if'} {condition}:", *(f"    {line}" for line in written)]
            if shaped and called:
                lines.append(f"    order.append({quoted(called)})")
        otherwise = [f'writing.no_branch(item, "{member.names}")']
        if member.wildcard is not None:
            otherwise = [self.content_call(member.wildcard, "item")]
            otherwise += [f"order.append({quoted(models.WILDCARD)})"] * shaped
        lines += ["else:", *(f"    {line}" for line in otherwise)] if branches else otherwise
        items = self.many(member.name, member)
        if not member.repeats:
            needed = f", {quoted(member.names)}" if member.min else ""
            items = f"writing.one(record.{member.name}{needed})"
        return [f"    for item in {items}:", *(f"        {line}" for line in lines)]

    def tested(self, kind: FieldType) -> str:
        """The class, or the classes, of which an alternative's objects are."""
        match kind:
            case ClassType(key, family):
                own = [f"profile.{self.layout.definition(one).name}" for one in (key, *family)]
                return own[0] if len(own) == 1 else f"({', '.join(own)})"
            case WrappedType(key):
                return f"profile.{self.layout.definition(key).name}"
            case _:
                return self.annotation(kind)

    def write_call(self, kind: FieldType, xml: str, value: str) -> list[str]:
        """The statements that write one element."""
        match kind:
            case ValueType(builtin):
                return [f'writing.{LEAVES[builtin]}("{xml}", {value})']
            case RuledType():
                return [f'writing.simple("{xml}", {value}, {self.rules.of(kind)})']
            case EnumType():
                return [f'writing.literal("{xml}", {value}, {self.enumeration(kind, "class")})']
            case ClassType(key):
                return [f'write_{self.function(key)}({value}, "{xml}", writing)']
            case ReferenceType():
                return [f'writing.reference("{xml}", {value})']
            case WrappedType(key):
                return self.write_call(self.wrapper(key).type, xml, f"{value}.value")
            case NillableType(inner, nil) if nil is None:
                self.imports.name("iec61968_9.xml", "Nil")
                told = [f"if isinstance({value}, Nil):", f'    writing.nil("{xml}")']
                return [*told, "else:", *(f"    {line}" for line in self.write_call(inner, xml, value))]
            case NillableType(inner, nil) if nil is not None:
                name = self.layout.definition(nil).name
                told = [
                    f"if isinstance({value}, profile.{name}):",
                    f'    write_{snake(name)}({value}, "{xml}", writing)',
                ]
                return [*told, "else:", *(f"    {line}" for line in self.write_call(inner, xml, value))]
            case _:
                raise AssertionError(kind)

    # -- names -----------------------------------------------------------------------------------------------

    def tag(self, member: ValueField | Alternative, name: str) -> str:
        """The constant for an element's tag, named like the member; names that differ by case only are told apart."""
        xml = member.xml
        constant = self.tags.get((member.namespace, xml))
        if constant is None:
            constant = re.sub(r"\W", "_", name).upper()
            if member.namespace:
                constant = f"{self.namespace(member.namespace).removeprefix('_NS_')}_{constant}"
            if constant == "NS" or constant.startswith("NS_") or constant.endswith(("_LITERALS", MODEL, SUFFIX)):
                constant = f"{constant}_TAG"
            if constant in self.tags.values():
                constant = f"{constant}_{''.join('U' if letter.isupper() else 'l' for letter in xml)}"
            while constant in self.tags.values():  # elements that people gave one name
                constant += "_"
            self.tags[member.namespace, xml] = constant
        return f"_{constant}"

    def enumeration(self, kind: EnumType, what: str = "table") -> str:
        """An enumeration's class, or the table of its literals."""
        definition = self.layout.definition(kind.key)
        assert isinstance(definition, EnumDef)  # noqa: S101  # that is what the key means
        if what == "class":
            return f"profile.{definition.name}"
        self.imports.name("iec61968_9.xml.codec", "literals")
        return "_" + self.enumerations.setdefault(definition.name, f"{snake(definition.name).upper()}_LITERALS")

    def annotation(self, kind: FieldType) -> str:
        """A type as it is written in an annotation."""
        match kind:
            case ValueType(builtin):
                return self.imports.builtin(builtin)
            case EnumType():
                return self.enumeration(kind, "class")
            case ClassType(_, family) if family:
                self.imports.name("typing", "Any")
                return "Any"
            case ClassType(key):
                definition = self.layout.definition(key)
                assert isinstance(definition, ClassDef)  # noqa: S101  # that is what the key means
                if definition.generic:
                    self.imports.name("typing", "Any")
                return f"profile.{definition.name}" + ("[Any]" if definition.generic else "")
            case ReferenceType(None):
                self.imports.name("iec61968_9.xml", "Reference")
                return "Reference"
            case ReferenceType(class_name):
                return f"profile.{class_name}"
            case RuledType(_, shape):
                return self.rules.annotation(shape)
            case WrappedType(key):
                return f"profile.{self.layout.definition(key).name}"
            case NillableType(inner, nil) if nil is None:
                self.imports.name("iec61968_9.xml", "Nil")
                return f"{self.annotation(inner)} | Nil"
            case NillableType(inner, nil) if nil is not None:
                return f"{self.annotation(inner)} | profile.{self.layout.definition(nil).name}"
            case _:
                raise AssertionError(kind)

    def may_be_list(self, kind: FieldType) -> bool:
        """Whether one value may be a list, of which an empty one is there too."""
        return isinstance(kind, RuledType) and "list[" in self.rules.annotation(kind.shape)

    def is_ruled(self, kind: RuledType | EnumType) -> bool:
        """Whether a type is read by an object: all with rules, and enumerations whose white space is not kept."""
        definition = None if isinstance(kind, RuledType) else self.layout.definition(kind.key)
        return not isinstance(definition, EnumDef) or definition.white_space != "preserve"


INFRASTRUCTURE = frozenset(
    {
        "builtin",
        "child",
        "children",
        "datetime",
        "element",
        "len",
        "lexical",
        "literals",
        "name",
        "new",
        "profile",
        "reading",
        "record",
        "tag",
        "text",
    }
)
"""Names that a reading function uses for itself."""


def local(member: Field) -> str:
    """The variable that collects a member."""
    plain = member.name.rstrip("_")
    return f"{member.name}_" if plain in INFRASTRUCTURE or plain.startswith("read_") else member.name


def _folded(line: str) -> list[str]:
    """A statement that is too long, one argument a line."""
    if len(line) <= WIDTH:
        return [line]
    indent = len(line) - len(line.lstrip())
    if line.strip().startswith("parts.append(f"):
        pad = " " * indent
        text = line.strip()[len('parts.append(f"') : -2]
        pieces = text.replace("}{writing.", "}\n{writing.").replace("}>{writing.", "}>\n{writing.").split("\n")
        return [f"{pad}parts.append(", *(f'{pad}    f"{piece}"' for piece in pieces), f"{pad})"]
    return [line]
