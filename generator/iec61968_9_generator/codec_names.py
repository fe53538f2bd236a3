"""What the functions of a codec module name: tags, types, constants, and the variables that collect members."""

from __future__ import annotations

import re

from iec61968_9_generator.documents import XML
from iec61968_9_generator.emit_models import BY_TYPE
from iec61968_9_generator.emit_rules import SUFFIX, Rules
from iec61968_9_generator.names import snake
from iec61968_9_generator.plan import (
    Alternative,
    ClassDef,
    ClassType,
    EnumDef,
    EnumType,
    Field,
    FieldType,
    Key,
    NillableType,
    Profile,
    ReferenceType,
    RuledType,
    ValueField,
    ValueType,
    WildcardField,
    WrappedType,
    WrapperDef,
)
from iec61968_9_generator.share import Layout
from iec61968_9_generator.text import Imports, wrap_call

__all__ = ["LEAVES", "MODEL", "Names", "local"]

MODEL = "_CONTENT"
"""What the names of content models end with."""

LEAVES = {
    "anyType": "anything",
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


class Names:
    """The names of one module, and what it imports for them."""

    def __init__(self, layout: Layout, package: str, profile: Profile) -> None:
        self.layout = layout
        self.package = package
        self.profile = profile
        self.imports = Imports()
        self.tags: dict[tuple[str | None, str], str] = {}
        self.namespaces: dict[str, str] = {}
        self.enumerations: dict[str, str] = {}
        self.rules = Rules(layout, profile, self.imports)

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
