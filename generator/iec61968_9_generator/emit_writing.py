"""Prints the functions that write: one string for each start tag, end tag and leaf, in the order of the schema."""

from __future__ import annotations

from iec61968_9_generator import models
from iec61968_9_generator.codec_names import LEAVES, Names
from iec61968_9_generator.model import UNBOUNDED
from iec61968_9_generator.names import snake
from iec61968_9_generator.plan import (
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

__all__ = ["Writing"]


class Writing(Names):
    """The writing half of a module of codecs."""

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
                arguments = f"tag, {quoted(one.namespace)}, {self.namespace(one.own)}, ({taken.strip()})"
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
                inner = self.write_call(member.type, self.written_name(member), record, member.namespace)
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
            written = self.write_call(alternative.type, self.written_name(alternative), "item", alternative.namespace)
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

    def write_call(self, kind: FieldType, xml: str, value: str, namespace: str | None) -> list[str]:
        """The statements that write one element of a namespace; None is the profile's own."""
        match kind:
            case ValueType("anyType"):
                return [f'writing.anything("{xml}", {value}, {self.namespace(namespace)})']
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
                return self.write_call(self.wrapper(key).type, xml, f"{value}.value", namespace)
            case NillableType(inner, nil) if nil is None:
                self.imports.name("iec61968_9.xml", "Nil")
                told = [f"if isinstance({value}, Nil):", f'    writing.nil("{xml}")']
                return [*told, "else:", *(f"    {line}" for line in self.write_call(inner, xml, value, namespace))]
            case NillableType(inner, nil) if nil is not None:
                name = self.layout.definition(nil).name
                told = [
                    f"if isinstance({value}, profile.{name}):",
                    f'    write_{snake(name)}({value}, "{xml}", writing)',
                ]
                return [*told, "else:", *(f"    {line}" for line in self.write_call(inner, xml, value, namespace))]
            case _:
                raise AssertionError(kind)


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
