"""Turns the content model of a class into what writing holds its members to.

Each leaf of a model gets a name by which writing calls what it wrote: the element's, ``*`` for what stands in a
wildcard. ``slots`` says where each of them is found in an object.
"""

from __future__ import annotations

from collections.abc import Iterator

from iec61968_9_generator.model import Element, Group, Schema, Tree
from iec61968_9_generator.plan import (
    Alternative,
    ChoiceField,
    ClassDef,
    FieldType,
    Model,
    ModelPart,
    ValueField,
    WildcardField,
)

__all__ = ["WILDCARD", "model", "name"]

WILDCARD = "*"
"""What a model calls an element that stands in a wildcard."""


def name(member: ValueField | Alternative, prefixes: dict[str, str]) -> str:
    """What a model calls an element: its name, with a prefix if it is of another namespace than the profile's."""
    prefix = prefixes.get(member.namespace, "") if member.namespace else ""
    return f"{prefix}:{member.xml}" if prefix else member.xml


def model(tree: Group, planned: ClassDef, schema: Schema) -> Model:
    """The content model of a class, whose members are there already."""
    return Model(part=_part(tree, schema), slots=tuple(_slots(planned, schema)))


def _part(tree: Tree, schema: Schema) -> ModelPart:
    if isinstance(tree, Group):
        kind = "choice" if tree.kind == "choice" else "sequence"  # what stands in xs:all is written in its order
        parts = tuple(_part(part, schema) for part in tree.parts)
        return ModelPart(kind=kind, name="", parts=parts, min=tree.min, max=tree.max)
    called = WILDCARD
    if isinstance(tree, Element):
        prefix = schema.prefixes.get(tree.namespace, "") if tree.namespace else ""
        called = f"{prefix}:{tree.name}" if prefix else tree.name
    return ModelPart(kind="leaf", name=called, parts=(), min=tree.min, max=tree.max)


def _slots(planned: ClassDef, schema: Schema) -> Iterator[tuple[str, str, FieldType | None]]:
    for member in planned.fields:
        match member:
            case ValueField() if not member.attribute:
                yield name(member, schema.prefixes), member.name, None
            case WildcardField():
                yield WILDCARD, member.name, None
            case ChoiceField():
                for alternative in member.alternatives:
                    yield name(alternative, schema.prefixes), member.name, alternative.type
                if member.wildcard is not None:
                    yield WILDCARD, member.name, None
            case _:
                pass
