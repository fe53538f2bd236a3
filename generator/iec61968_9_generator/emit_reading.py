"""Prints the functions that read: one walk over an element's children, one comparison each, no branch that forgets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from iec61968_9_generator.codec_names import LEAVES, Names, local
from iec61968_9_generator.model import UNBOUNDED
from iec61968_9_generator.names import snake
from iec61968_9_generator.plan import (
    Alternative,
    ChoiceField,
    ClassDef,
    ClassType,
    EnumType,
    Field,
    FieldType,
    NillableType,
    OtherAttributesField,
    ReferenceType,
    RuledType,
    TextField,
    ValueField,
    ValueType,
    WildcardField,
    WrappedType,
)
from iec61968_9_generator.text import WIDTH, quoted, wrap_call

__all__ = ["Reading"]


class Reading(Names):
    """The reading half of a module of codecs."""

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
        target = self.filled(member)
        call = self.leaf_call(member.type, target if member.choice is None else self.solid(member.type, target))
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
            target = self.filled(alternative)
            call = self.leaf_call(alternative.type, target if member.repeats else self.solid(alternative.type, target))
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

    def solid(self, kind: FieldType, element: str) -> str:
        """The expression for an element that tells which branch was taken, even if nothing is in it; no reference."""
        return f"reading.solid({element})" if isinstance(kind, ClassType) else element

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
            case ValueType("QName"):
                return "reading.attribute(element, name, text, reading.qualified(element))"
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

    def cardinalities(self, definition: ClassDef) -> Iterable[str]:
        """Hold lists to their least length; single members are held to it where they are assigned."""
        for member in definition.fields:
            if isinstance(member, ValueField | WildcardField) and member.repeats and member.min:
                xml = member.xml if isinstance(member, ValueField) else "another element"
                condition = f"not {local(member)}" if member.min == 1 else f"len({local(member)}) < {member.min}"
                yield f"    if {condition}:"
                yield f'        reading.missing(element, "{xml}", several=True)'
            elif isinstance(member, ChoiceField) and member.min and member.repeats:
                yield f"    if len({local(member)}) < {member.min}:"
                yield f'        reading.missing(element, "{member.names}", several=True)'

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
