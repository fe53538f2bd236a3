"""Second opinions about generated packages: libxml2 and xmlschema read the user's own schemas and the same documents.

``agree`` draws random objects of a root class. What strict writing makes of one must be valid for both, must read back
as the same object, in both modes, and must hold the values that xmlschema finds. Then both sides are damaged: a
document, of which strict reading must say what libxml2 says; and an object, which strict writing must refuse or make a
valid document of.
"""

from __future__ import annotations

import copy
import dataclasses
import importlib
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xmlschema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.generator.conftest import canonical
from tests.verbs.support import says_nothing

from iec61968_9 import DecodeError, EncodeError, ForeignElement, from_xml, to_xml
from iec61968_9.testing import instances
from iec61968_9.xml import NIL, QName, Record, Reference
from iec61968_9.xml.codec import Element

if TYPE_CHECKING:
    from tests.generator.conftest import Package, Project

QNAME = "{http://www.w3.org/2001/XMLSchema}QName"
ANY_TYPE = "{http://www.w3.org/2001/XMLSchema}anyType"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


def agree(
    project: Project,
    *roots: str,
    noun: str = "",
    examples: int = 60,
    package: Package | None = None,
    file: str = "",
) -> None:
    """Hold what the generator makes of a project's schemas to what others say of them."""
    if package is None:
        package = project.package()
        package.register()
    noun = noun or roots[0]
    path = project.schemas / (file or f"{noun}.xsd")
    theirs = xmlschema.XMLSchema(str(path))
    ours = Judge(path, theirs)
    index = importlib.import_module(f"{package.name}._codecs.index").PROFILES
    module = next(one.module for one in index if one.noun == noun)
    codec = importlib.import_module(f"{package.name}._codecs.{module}").CODEC

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )
    @given(st.data())
    def hold(data: st.DataObject) -> None:
        record = data.draw(instances(codec.roots[data.draw(st.sampled_from(roots))].kind))
        document = to_xml(record)
        tree = etree.fromstring(document)
        assert ours.validate(tree), (ours.error_log, document)
        assert theirs.is_valid(document.decode()), (list(theirs.iter_errors(document.decode())), document)
        assert from_xml(document) == record
        assert from_xml(document, mode="lenient") == record or says_nothing(tree)
        assert canonical(to_xml(from_xml(document, mode="lenient"), mode="lenient")) == canonical(document), document
        if not any(_is_open(one) for one in _records(record)):
            assert Counter(_values(record)) == Counter(_their_values(theirs.to_objects(document.decode()))), document
        if b"http://iec.ch/" not in document:  # what is known is held to its schema wherever it stands
            _hold_reading(ours, _damaged_tree(data, tree))
        _hold_writing(ours, _damaged_record(data, record))

    hold()


class Judge:
    """libxml2; and xmlschema where a schema has IDs, of which libxml2 sees a part only."""

    def __init__(self, path: Path, theirs: xmlschema.XMLSchema) -> None:
        self.schema = etree.XMLSchema(etree.parse(path))
        self.theirs = theirs if re.search('"[a-z]+:ID', path.read_text(encoding="utf-8")) else None

    @property
    def error_log(self) -> object:
        """What libxml2 has said."""
        return self.schema.error_log

    def validate(self, tree: Element) -> bool:
        """Whether a document is valid."""
        return self.schema.validate(tree) and (
            self.theirs is None or self.theirs.is_valid(etree.tostring(tree, encoding="unicode"))
        )


def _hold_reading(schema: Judge, tree: Element) -> None:
    """Strict reading and libxml2 say the same of a document."""
    document = etree.tostring(tree, encoding="utf-8")  # by default, names would hold character references
    tree = etree.fromstring(document)
    try:
        found = from_xml(document)
    except DecodeError:
        assert not schema.validate(tree), document
    else:
        assert schema.validate(tree), (schema.error_log, document)
        again = to_xml(found)
        assert from_xml(again) == found, (document, again)
        assert schema.validate(etree.fromstring(again)), (schema.error_log, again)


def _hold_writing(schema: Judge, record: Record) -> None:
    """Strict writing gives a valid document or none."""
    try:
        document = to_xml(record)
    except EncodeError:
        return
    assert schema.validate(etree.fromstring(document)), (schema.error_log, document)


# -- damage ------------------------------------------------------------------------------------------------------------


def _damaged_tree(data: st.DataObject, tree: Element) -> Element:
    """A document with one or two things changed."""
    tree = copy.deepcopy(tree)
    for _ in range(data.draw(st.integers(1, 2))):
        nodes = list(tree.iter("*"))
        node = data.draw(st.sampled_from(nodes))
        other = data.draw(st.sampled_from(nodes))
        parent = node.getparent()
        match data.draw(
            st.sampled_from(["drop", "twice", "swap", "rename", "attribute", "text", "move", "nil", "type"])
        ):
            case "drop" if parent is not None:
                parent.remove(node)
            case "twice" if parent is not None:
                node.addnext(copy.deepcopy(node))
            case "swap" if (after := node.getnext()) is not None:
                after.addnext(node)
            case "rename" if parent is not None:
                node.tag = other.tag
            case "move" if parent is not None:
                target = copy.deepcopy(other)
                parent.insert(0, target)
            case "attribute":
                if node.attrib and data.draw(st.booleans()):
                    del node.attrib[data.draw(st.sampled_from(sorted(node.attrib)))]
                else:
                    node.set("stray", "1")
            case "nil":
                node.set(f"{XSI}nil", data.draw(st.sampled_from(["true", "false", "1", "x"])))
            case "type" if other.get(f"{XSI}type"):
                node.set(f"{XSI}type", str(other.get(f"{XSI}type")))
            case _:
                node.text = (node.text or "") + data.draw(st.sampled_from(["x", " ", "7", ""]))
    return tree


def _records(value: object) -> Iterator[Record]:
    """An object and all objects inside it."""
    for one in value if isinstance(value, list) else [value]:  # pyright: ignore[reportUnknownVariableType]
        if isinstance(one, Record):
            yield one
            for field in dataclasses.fields(one):
                yield from _records(getattr(one, field.name))


def _damaged_record(data: st.DataObject, record: Record) -> Record:
    """An object with one or two members changed."""
    record = copy.deepcopy(record)
    for _ in range(data.draw(st.integers(1, 2))):
        owner: Any = data.draw(st.sampled_from(list(_records(record))))
        names = [field.name for field in dataclasses.fields(owner) if field.name != "kept"]
        if not names:
            continue
        name = data.draw(st.sampled_from(names))
        value: Any = getattr(owner, name)
        several: list[Any] = value if type(value) is list else []  # pyright: ignore[reportUnknownVariableType]
        if several:
            match data.draw(st.sampled_from(["drop", "twice", "swap", "empty"])):
                case "drop":
                    several.pop(data.draw(st.integers(0, len(several) - 1)))
                case "twice":
                    several.append(copy.deepcopy(data.draw(st.sampled_from(several))))
                case "swap":
                    several.reverse()
                case _:
                    several.clear()
        elif data.draw(st.booleans()):
            setattr(owner, name, None)
        else:
            others: list[Any] = [one for each in _records(record) for one in [getattr(each, name, None)] if one]
            setattr(owner, name, copy.deepcopy(data.draw(st.sampled_from([*others, "x", 1, None]))))
    return record


# -- values ------------------------------------------------------------------------------------------------------------


def _values(value: object) -> Iterator[str]:
    """All values in an object, as texts that can be compared."""
    if isinstance(value, list):
        for one in value:  # pyright: ignore[reportUnknownVariableType]
            yield from _values(one)  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(value, Record | Reference) and not type(value).__module__.startswith("iec61968_9."):
        for field in dataclasses.fields(value):
            held = getattr(value, field.name)
            if field.name == "content" and isinstance(held, list):  # the texts of mixed content have no type
                held = [one for one in held if not isinstance(one, str)]  # pyright: ignore[reportUnknownVariableType]
            yield from _values(held)
    elif (
        value is not None
        and value is not NIL
        and not isinstance(value, dict | ForeignElement | QName | Record | Reference)
    ):
        yield from _text(value)


def _their_values(element: Any) -> Iterator[str]:
    """All values that xmlschema finds."""
    for name, value in element.attrib.items():
        if not name.startswith((XSI, "xsi:", "xmlns")) and not _is_qname(element, name):
            yield from _text(value)
    untyped = getattr(element.xsd_type, "mixed", False) or element.xsd_type.name == QNAME
    if element.value is not None and not untyped:
        yield from _text(element.value)
    for child in element:
        if child.tag.startswith("{http://iec.ch/"):
            continue  # a payload of the library's own
        if child.xsd_type is not None and child.xsd_type.name != ANY_TYPE:  # what stands in a wildcard has none
            yield from _their_values(child)


def _is_qname(element: Any, attribute: str) -> bool:
    """Whether an attribute holds a qualified name."""
    local = re.split("[:}]", attribute)[-1]
    known = getattr(element.xsd_type, "attributes", {})
    return any(known[name].type.root_type.name == QNAME for name in known if name and name.endswith(local))


def _is_open(record: Record) -> bool:
    """Whether an object holds attributes of any name, of which only some have a type."""
    return any(isinstance(getattr(record, field.name), dict) for field in dataclasses.fields(record))


def _text(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:  # pyright: ignore[reportUnknownVariableType]
            yield from _text(one)  # pyright: ignore[reportUnknownArgumentType]
        return
    value = value.value if isinstance(value, Enum) else value
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        yield str(value).lower() if isinstance(value, bool) else str(value)
    elif isinstance(value, str):
        if value.strip():  # which xmlschema does not always tell from nothing
            yield value.replace("\r\n", "\n").replace("\r", "\n")
    else:
        yield str(Decimal(str(value)).normalize())
