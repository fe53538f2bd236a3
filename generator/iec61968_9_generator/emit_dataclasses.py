"""Prints the modules of dataclasses: one a profile, and those that several profiles share."""

from __future__ import annotations

import ast

from iec61968_9_generator.errors import GeneratorError
from iec61968_9_generator.manifest import Entry
from iec61968_9_generator.model import UNBOUNDED, Builtin, ListOf, Restriction, Shape, UnionOf
from iec61968_9_generator.plan import (
    ChoiceField,
    ClassDef,
    ClassType,
    Definition,
    EnumDef,
    EnumType,
    Field,
    FieldType,
    Key,
    NillableType,
    OtherAttributesField,
    Profile,
    QuantityDef,
    ReferenceType,
    RuledType,
    TextField,
    ValueField,
    ValueType,
    WildcardField,
    WrappedType,
    WrapperDef,
    alternatives,
)
from iec61968_9_generator.share import Layout
from iec61968_9_generator.text import HOMES, WIDTH, Imports, docstring, header, quoted, union, wrap_call
from iec61968_9_generator.words import asked

__all__ = ["emit", "provenance"]

ROLES = {"payload": "Payload", "query": "Query", "envelope": "Message envelope"}


def emit(layout: Layout, package: str) -> dict[str, str]:
    """The text of every module, by its path in the package."""
    files = {
        "profiles/_common/__init__.py": "\n".join(
            [
                *header(["what several schemas have in common"]),
                '"""Types that several profiles share; import them from the profiles."""',
                "",
            ]
        )
    }
    owners = {profile.module: profile for profile in layout.profiles.values()}
    for name, definitions in layout.modules.items():
        printer = _Module(layout, package, name, definitions, owners.get(name))
        files[f"profiles/{name.replace('.', '/')}.py"] = printer.text()
    return files


def provenance(entry: Entry) -> str:
    """How sure its authors are of a schema, for a docstring."""
    text = f"Status: {entry.status}; confidence: {entry.confidence}"
    return f"{text} ({entry.evidence})." if entry.evidence else f"{text}."


class _Module:
    """One module of dataclasses."""

    def __init__(
        self, layout: Layout, package: str, name: str, definitions: list[Definition], profile: Profile | None
    ) -> None:
        self.layout = layout
        self.package = package
        self.name = name
        self.definitions = definitions
        self.profile = profile
        self.imports = Imports()
        self.exported = {definition.name for definition in definitions}
        self.references: dict[str, str] = {}

    def text(self) -> str:
        """The whole module."""
        body: list[str] = []
        # A definition stands where it is first met; aliases and enumerations read best before the classes they serve.
        quantities = [one for one in self.definitions if isinstance(one, QuantityDef)]
        enumerations = [one for one in self.definitions if isinstance(one, EnumDef)]
        classes = [one for one in self.definitions if isinstance(one, ClassDef | WrapperDef)]
        for definition in self.bases_first(classes):
            printed = self.class_(definition) if isinstance(definition, ClassDef) else self.wrapper(definition)
            body += ["", "", *printed]
        markers: list[str] = []
        for class_name, element in sorted(self.references.items()):
            markers += ["", "", *self.reference_class(class_name, element)]
        for enumeration in enumerations:
            body += ["", "", *self.enumeration(enumeration)]
        aliases: list[str] = []
        for quantity in self.ordered(quantities, late=False):
            aliases += [""] * (not aliases) + self.quantity(quantity) + [""]
        late = [line for quantity in self.ordered(quantities, late=True) for line in ["", *self.quantity(quantity)]]
        if self.profile is not None:
            self.reexport()
        lines = [
            *header(self.sources()),
            *self.module_docstring(),
            "",
            *self.imports.lines(),
            "",
            *self.all(),
            *aliases[:-1],
            *markers,
            *body,
            *([""] * bool(late)),
            *late,
            "",
        ]
        self.check_imports()
        return "\n".join(lines)

    def bases_first(self, classes: list[ClassDef | WrapperDef]) -> list[ClassDef | WrapperDef]:
        """The classes, each behind the one that it derives from."""
        found: dict[Key, ClassDef | WrapperDef] = {}
        own = {one.key: one for one in classes}

        def add(definition: ClassDef | WrapperDef) -> None:
            if isinstance(definition, ClassDef) and definition.base is not None:
                base = self.layout.same[definition.base]
                if base in own:
                    add(own[base])
            found.setdefault(definition.key, definition)

        for definition in classes:
            add(definition)
        return list(found.values())

    def ordered(self, quantities: list[QuantityDef], *, late: bool) -> list[QuantityDef]:
        """The aliases, each after those that it is made of; ``late`` are those that need an enumeration of the module.

        Annotations are not evaluated where they stand, but aliases are.
        """
        own = {one.key: one for one in self.definitions}
        found: dict[Key, tuple[QuantityDef, bool]] = {}

        def add(quantity: QuantityDef) -> bool:
            if quantity.key not in found:
                needed = [own[key] for key in map(self.layout.same.__getitem__, quantity.keys) if key in own]
                waits = [not isinstance(one, QuantityDef) or add(one) for one in needed]
                found[quantity.key] = quantity, any(waits)
            return found[quantity.key][1]

        for quantity in quantities:
            add(quantity)
        return [quantity for quantity, waits in found.values() if waits is late]

    def check_imports(self) -> None:
        """Refuse a class that has the name of a value type that its module imports."""
        for definition in self.definitions:
            if any(HOMES.get(definition.name) == module for module in self.imports.names):
                noun, path = definition.key
                raise GeneratorError(
                    f"{self.layout.profiles[noun].entry.file}: {definition.name} is the class of a built-in type; give "
                    f'"{noun}/{path}" another name in names.toml, under [classes]'
                )

    def sources(self) -> list[str]:
        """The schema files that a module comes from."""
        keys = {definition.key for definition in self.definitions}
        nouns = {key[0] for key, chosen in self.layout.same.items() if chosen in keys}
        return sorted(profile.entry.file for noun, profile in self.layout.profiles.items() if noun in nouns)

    def module_docstring(self) -> list[str]:
        """What the module holds."""
        if self.profile is None:
            lead = next((one for one in self.definitions if isinstance(one, ClassDef)), self.definitions[0])
            return docstring(f"``{lead.name}``, which several profiles have in common.")
        entry = self.profile.entry
        roots = [self.profile.class_(key) for key in self.profile.roots.values()]
        about = roots[0].words if len(roots) == 1 else None
        what = f"{ROLES[entry.role]} of {entry.standard}" if entry.standard else ROLES[entry.role]
        namespace = f"namespace ``{self.profile.namespace}``" if self.profile.namespace else "no namespace"
        return docstring(
            f"{entry.noun}: {about.text}" if about else f"{entry.noun}.",
            more=[f"{what}, {namespace}.", provenance(entry)],
        )

    def all(self) -> list[str]:
        """``__all__``."""
        names = sorted(self.exported, key=lambda name: (not name.isupper() or len(name) == 1, name))
        quoted = [f'"{name}"' for name in names]
        line = f"__all__ = [{', '.join(quoted)}]"
        return [line] if len(line) <= WIDTH else ["__all__ = [", *(f"    {name}," for name in quoted), "]"]

    def reexport(self) -> None:
        """Make the shared types that a profile uses part of its public module."""
        assert self.profile is not None  # noqa: S101  # the caller looked
        modules = dict.fromkeys(self.exported, f"{self.package}.profiles.{self.name}")
        for key in self.profile.definitions:
            if self.layout.home[key] != self.name:
                definition = self.layout.definition(key)
                path = "/".join(key)
                entries = {definition.name: path}
                entries |= {name: f"{path}/{element}" for name, element in _choice_references(definition).items()}
                for name, entry in entries.items():
                    module = self.module_of(key)
                    if modules.setdefault(name, module) != module:
                        raise GeneratorError(
                            f"{self.profile.entry.file}: {name} would stand in {modules[name]} and in {module}; "
                            f'name "{entry}" otherwise in names.toml, under [classes]'
                        )
                    self.imports.name(module, name)
                    self.exported.add(name)

    def module_of(self, key: Key) -> str:
        """Where a definition is imported from."""
        return f"{self.package}.profiles.{self.layout.home[key]}"

    # -- definitions -----------------------------------------------------------------------------------------

    def quantity(self, definition: QuantityDef) -> list[str]:
        """A type alias."""
        self.imports.name("typing", "TypeAlias")
        words = definition.words
        text = words.text if words else f"A value of ``{definition.name}``."
        unit = f" Unit: {words.unit}." if words and words.unit else ""
        noun = definition.key[0]
        rules = asked(definition.shape, lambda path: self.shape((noun, path)))
        return [
            f"{definition.name}: TypeAlias = {self.made_of(definition.shape, noun)}",
            *docstring(f"{text}{unit}{f' {rules}' if rules else ''}"),
        ]

    def shape(self, key: Key) -> Shape:
        """What a simple type that has a name is made of; an enumeration is nothing but itself."""
        definition = self.layout.definition(key)
        return definition.shape if isinstance(definition, QuantityDef) else key[1]

    def made_of(self, shape: Shape, noun: str) -> str:
        """The Python type of a simple type's values."""
        match shape:
            case Builtin(name):
                return self.imports.builtin(name)
            case str():
                return self.defined((noun, shape))
            case Restriction(base):
                return self.made_of(base, noun)
            case ListOf(item):
                return f"list[{self.made_of(item, noun)}]"
            case UnionOf(members):
                return union(self.made_of(one, noun) for one in members)

    def enumeration(self, definition: EnumDef) -> list[str]:
        """A ``StrEnum``."""
        self.imports.name("enum", "StrEnum")
        text = definition.words.text if definition.words else f"The literals of ``{definition.name}``."
        lines = [f"class {definition.name}(StrEnum):", *docstring(text, 4, _cim(definition.cim)), ""]
        for literal in definition.literals:
            lines.append(f"    {literal.name} = {quoted(literal.value)}")
            if literal.words:
                lines += docstring(literal.words.text, 4)
        return lines

    def reference_class(self, class_name: str, element: str) -> list[str]:
        """A class that tells one element of a choice from the others."""
        self.imports.name("dataclasses", "dataclass")
        self.imports.name("iec61968_9.xml", "Reference")
        self.exported.add(class_name)
        return [
            "@dataclass(frozen=True, slots=True, kw_only=True)",
            f"class {class_name}(Reference):",
            *docstring(f"A reference by an element ``{element}``.", 4),
        ]

    def class_(self, definition: ClassDef) -> list[str]:
        """A dataclass."""
        self.imports.name("dataclasses", "dataclass")
        text = definition.words.text if definition.words else f"What an element of type ``{definition.key[1]}`` holds."
        more = _cim(definition.cim)
        if definition.nil:
            text = f"The attributes of an element of type ``{definition.key[1].removesuffix('#nil')}`` that is nil."
        if definition.abstract:
            more.append("Abstract: only what derives from it is written.")
        if definition.root is not None and self.profile is not None:
            more.append(f"Root element ``{definition.root}``. {provenance(self.profile.entry)}")
        lines = [
            "@dataclass(slots=True, kw_only=True)",
            f"class {definition.name}({', '.join(self.bases(definition))}):",
            *docstring(text, 4, more),
        ]
        for member in definition.fields[definition.inherited :]:
            lines += ["", *self.member(member)]
        for name, path, repeats in _shortcuts(definition, self.layout):
            lines += ["", *self.shortcut(name, path, repeats)]
        _check_body(definition, lines, self.layout.profiles[definition.key[0]].entry.file)
        return lines

    def wrapper(self, definition: WrapperDef) -> list[str]:
        """A dataclass for one element of a list of several."""
        self.imports.name("dataclasses", "dataclass")
        self.imports.name("iec61968_9.xml", "Record")
        self.field_import(definition.secret)
        text = definition.words.text if definition.words else f"An element ``{definition.xml}`` among others."
        return [
            "@dataclass(slots=True, kw_only=True)",
            f"class {definition.name}(Record):",
            *docstring(text, 4, [f"Element ``{definition.xml}``."] if definition.words else []),
            "",
            f"    value: {self.annotation(definition.type)}" + " = field(repr=False)" * definition.secret,
            *docstring("What it holds.", 4),
        ]

    def bases(self, definition: ClassDef) -> list[str]:
        """What a class derives from."""
        bases = ["Record"] if definition.base is None else [self.defined(definition.base)]
        if definition.base is None:
            self.imports.name("iec61968_9.xml", "Record")
        if definition.generic and not bases[0].endswith("]"):
            self.imports.name("typing", "Generic")
            self.imports.name("iec61968_9.xml", "Body")
            bases.append("Generic[Body]")
        if definition.root is not None and self.profile is not None and self.profile.entry.asks_for:
            answer = self.layout.profiles[self.profile.entry.asks_for]
            (root,) = answer.roots
            self.imports.name("iec61968_9.xml", "Query")
            module = f"{self.package}.profiles.{answer.module}"
            self.imports.for_checkers(module, f"{answer.class_(answer.roots[root]).name} as _Answer")
            bases.append('Query["_Answer"]')
        return bases

    def shortcut(self, name: str, path: str, repeats: bool) -> list[str]:
        """A property that reaches what the envelope carries."""
        self.imports.name("iec61968_9.xml", "Body")
        self.imports.name("iec61968_9.xml", "sole")
        held = f"self.{path}"
        holder = held.rpartition(".")[0]
        there = [f"{one} is not None" for one in ([holder] if holder != "self" else []) + ([] if repeats else [held])]
        several = held if repeats else f"[{held}]"
        if there:
            several += f" if {' and '.join(there)} else []"
        what = "asks with" if name == "query" else "carries"
        return [
            "    @property",
            f"    def {name}(self) -> Body:",
            f'        """The one object that it {what}; ``LookupError`` where there is none or more than one."""',
            *wrap_call("return sole", [several], "", 8),
        ]

    # -- members ---------------------------------------------------------------------------------------------

    def member(self, member: Field) -> list[str]:
        """One field with its docstring."""
        match member:
            case ValueField():
                return self.value(member)
            case TextField():
                annotation = self.annotation(member.type)
                return [f"    {member.name}: {annotation}", *docstring("The text of the element.", 4)]
            case WildcardField():
                return self.wildcard(member)
            case ChoiceField():
                return self.choice(member)
            case OtherAttributesField():
                return self.other_attributes(member)

    def value(self, member: ValueField) -> list[str]:
        """A field for an element or an attribute."""
        annotation = self.annotation(member.type)
        secret = member.words is not None and member.words.secret
        if member.repeats:
            return [*self.list_of(member.name, annotation, secret), *docstring(_about(member), 4)]
        if member.min:
            self.field_import(secret)
            line = f"{member.name}: {annotation}" + (" = field(repr=False)" if secret else "")
        elif secret:
            self.field_import(secret)
            line = f"{member.name}: {annotation} | None = field(default=None, repr=False)"
        else:
            line = f"{member.name}: {annotation} | None = None"
        return [f"    {line}", *docstring(_about(member), 4)]

    def wildcard(self, member: WildcardField) -> list[str]:
        """A field for a wildcard."""
        annotation = "Body" if member.parameter else "Content"
        self.imports.name("iec61968_9.xml", annotation)
        lines = [f"    {member.name}: {annotation} | None = None"]
        if member.repeats:
            lines = self.list_of(member.name, annotation)
        text = member.words.text if member.words else "Elements that the schema does not name."
        return [*lines, *docstring(f"{text} ({_occurs(member.min, member.max)})", 4)]

    def choice(self, member: ChoiceField) -> list[str]:
        """A field for a choice that repeats."""
        names: list[str] = []
        for alternative in member.alternatives:
            if isinstance(alternative.type, ReferenceType) and alternative.type.class_name:
                self.references[alternative.type.class_name] = alternative.xml
            names.append(self.annotation(alternative.type))
        if member.wildcard is not None:
            self.imports.name("iec61968_9.xml", "Content")
            names.append("Content")
        annotation = union(["str"] * member.text + names)
        said = " ".join(
            f"``{one.xml}``: {one.words.text}" if one.words else f"``{one.xml}``." for one in member.alternatives
        )
        secret = any(one.words is not None and one.words.secret for one in member.alternatives)
        if not member.repeats:
            return self.one_of(member, annotation, said, secret=secret)
        if member.text:
            said = f"Texts and elements. {said}"
        return [
            *self.list_of(member.name, annotation, secret),
            *docstring(f"Any mix of these, in order. {said} ({_occurs(member.min, member.max)})", 4),
        ]

    def one_of(self, member: ChoiceField, annotation: str, said: str, *, secret: bool) -> list[str]:
        """A field for one of several elements."""
        self.field_import(secret)
        default = "" if member.min else " | None = None"
        if secret:
            default = " = field(repr=False)" if member.min else " | None = field(default=None, repr=False)"
        line = f"    {member.name}: {annotation}{default}"
        if len(line) > WIDTH and member.min:
            line = f"    {member.name}: (\n        {annotation}\n    )"
        return [*line.split("\n"), *docstring(f"One of these. {said} ({_occurs(member.min, member.max)})", 4)]

    def other_attributes(self, member: OtherAttributesField) -> list[str]:
        """A field for attributes that the schema does not name."""
        self.field_import(needed=True)
        return [
            f"    {member.name}: dict[str, str] = field(default_factory=dict[str, str])",
            *docstring("Attributes that the schema does not name, by ``{namespace}name`` or name. (0..*)", 4),
        ]

    def list_of(self, name: str, annotation: str, secret: bool = False) -> list[str]:
        """A repeated field, laid out as a formatter would if it is too long for one line."""
        self.field_import(needed=True)
        self.imports.name("typing", "Any")
        default = "default_factory=list[Any]" + (", repr=False" if secret else "")
        head = f"    {name}: list[{annotation}] = "
        if len(f"{head}field({default})") <= WIDTH:
            return [f"{head}field({default})"]
        if len(f"{head}field(") <= WIDTH:
            return [f"{head}field(", f"        {default}", "    )"]
        if len(f"{head}(") <= WIDTH:
            return [f"{head}(", f"        field({default})", "    )"]
        return [f"    {name}: list[", f"        {annotation}", f"    ] = field({default})"]

    def field_import(self, needed: bool) -> None:  # private
        """Import ``dataclasses.field`` if a field needs it."""
        if needed:
            self.imports.name("dataclasses", "field")

    def annotation(self, kind: FieldType) -> str:
        """A field's type as it is written."""
        match kind:
            case ValueType(builtin, None):
                return self.imports.builtin(builtin)
            case ReferenceType(class_name):
                if class_name is None:
                    self.imports.name("iec61968_9.xml", "Reference")
                    return "Reference"
                return class_name
            case ValueType(_, quantity) if quantity is not None:
                return self.defined(quantity)
            case ClassType(key, family):
                return union(self.defined(one) for one in _tops([key, *family], self.layout))
            case EnumType(key) | WrappedType(key):
                return self.defined(key)
            case NillableType(inner, nil):
                if nil is not None:
                    return union([self.annotation(inner), self.defined(nil)])
                self.imports.name("iec61968_9.xml", "Nil")
                return union([self.annotation(inner), "Nil"])
            case RuledType(noun, shape):
                return self.made_of(shape, noun)
            case _:
                raise AssertionError(kind)

    def defined(self, key: Key) -> str:
        """The name of a definition, imported if it stands elsewhere."""
        definition = self.layout.definition(key)
        if self.layout.home[key] != self.name:
            self.imports.name(self.module_of(key), definition.name)
        generic = isinstance(definition, ClassDef) and definition.generic
        return f"{definition.name}[Body]" if generic else definition.name


def _tops(keys: list[Key], layout: Layout) -> list[Key]:
    """Of a class and those that may stand for it, the ones that an annotation has to name.

    A base class names those that derive from it; an abstract one without any is never met.
    """
    keys = [layout.same[key] for key in keys]
    bases = {key: _base(layout, key) for key in keys}
    found: list[Key] = []
    for key in keys:
        definition = layout.definition(key)
        empty = isinstance(definition, ClassDef) and definition.abstract and key not in bases.values()
        if bases[key] not in keys and not empty:
            found.append(key)
    return found or keys[:1]


def _base(layout: Layout, key: Key) -> Key | None:
    """The class that one derives from."""
    definition = layout.definition(key)
    base = definition.base if isinstance(definition, ClassDef) else None
    return None if base is None else layout.same[base]


def _check_body(definition: ClassDef, lines: list[str], file: str) -> None:
    """Refuse a member that hides what the body of its class uses further down, or that a shortcut would hide."""
    (class_,) = ast.parse("\n".join(lines)).body
    assert isinstance(class_, ast.ClassDef)  # noqa: S101  # that is what the lines are
    noun, path = definition.key
    keys = {one.name: f"{noun}/{path}.{one.xml}" for one in definition.fields if isinstance(one, ValueField)}
    hiding: set[str] = set()
    for statement in class_.body:
        used = {one.id for one in ast.walk(statement) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)}
        if isinstance(statement, ast.FunctionDef):
            used.add(statement.name)
        for name in sorted(used & hiding):
            raise GeneratorError(
                f"{file}: {keys.get(name, f'{noun}/{path}')}: the class uses the name {name} itself; "
                "give the member another in names.toml"
            )
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            hiding.add(statement.target.id)
        elif isinstance(statement, ast.FunctionDef):
            hiding.add(statement.name)


def _choice_references(definition: Definition) -> dict[str, str]:
    """The reference classes that a class's choices brought forth, with their elements."""
    return {
        one.type.class_name: one.xml
        for one in alternatives(definition)
        if isinstance(one.type, ReferenceType) and one.type.class_name
    }


def _shortcuts(definition: ClassDef, layout: Layout) -> list[tuple[str, str, bool]]:
    """Properties that lead to the wildcards that are the envelope's parameter, each with its path of attributes."""
    found: list[tuple[str, str, bool]] = []
    for member in definition.fields:
        if isinstance(member, WildcardField) and member.parameter and member.one:
            found.append((member.one, member.name, member.repeats))
        elif isinstance(member, ValueField) and not member.repeats and isinstance(member.type, ClassType):
            inner = layout.definition(member.type.key)
            if isinstance(inner, ClassDef) and inner.generic:
                found += [
                    (name, f"{member.name}.{path}", repeats)
                    for name, path, repeats in _shortcuts(inner, layout)
                    if "." not in path
                ]
    return found


def _about(member: ValueField) -> str:
    """What a member means, with its unit, its XML name, its cardinality and its CIM term."""
    words = member.words
    text = words.text if words else f"``{member.xml}``."
    if words and words.unit:
        text += f" Unit: {words.unit}."
    if member.default is not None:
        text += f" Absent means ``{member.default}``."
    if member.fixed is not None:
        text += f" Always ``{member.fixed}``, which absent means too."
    place = f"``@{member.xml}``" if member.attribute else f"``{member.xml}``"
    term = f", CIM ``{member.cim}``" if member.cim else ""
    return f"{text} ({place} {_occurs(member.min, member.max)}{term})"


def _occurs(least: int, most: int) -> str:
    return f"{least}..{'*' if most == UNBOUNDED else most}"


def _cim(term: str | None) -> list[str]:
    return [f"CIM class ``{term}``."] if term else []
