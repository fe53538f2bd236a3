"""An XML Schema reduced to its structural facts, in the rows that the tables have.

A row is: owner, kind, name, type, min, max, group.

* owner: the complex type that the row belongs to; ``Type/element`` for an anonymous one
* kind: root, element, attribute, any, simple, enum, extends or facet
* group: empty in a sequence, ``choice min..max`` for a member of a choice

The order of elements counts; prefixes, annotations and the order of declarations do not.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

from lxml import etree
from tests.tables import Element

XS = "{http://www.w3.org/2001/XMLSchema}"
Row = tuple[str, ...]
UNORDERED = frozenset({"attribute", "enum", "facet", "root"})


def table_rows(path: Path) -> list[Row]:
    """A table's rows, without its defaults, its CIM terms and the rows that only say that a type exists."""
    with path.open(newline="", encoding="utf-8") as lines:
        rows = list(csv.reader(lines))[1:]
    return [tuple(row[:7]) for row in rows if row[1] not in {"type", "empty"}]


def by_owner(rows: list[Row]) -> dict[str, tuple[list[Row], list[Row]]]:
    """For each owner the rows whose order counts, and the others sorted."""
    found: defaultdict[str, tuple[list[Row], list[Row]]] = defaultdict(lambda: ([], []))
    for row in rows:
        found[row[0]][row[1] in UNORDERED].append(row)
    return {owner: (ordered, sorted(unordered)) for owner, (ordered, unordered) in found.items()}


class Outline:
    """The rows of one schema."""

    def __init__(self, path: Path) -> None:
        self.root = etree.parse(path).getroot()
        self.rows: list[Row] = [("", "root", "targetNamespace", self.root.get("targetNamespace", ""), "", "", "")]
        for element in self.root.findall(f"{XS}element"):
            name = element.get("name", "")
            self.rows.append(("", "root", name, _local(element.get("type"), element), "", "", ""))
            anonymous = element.find(f"{XS}complexType")
            if anonymous is not None:
                self.content(anonymous, name)
        for kind in self.root.findall(f"{XS}complexType"):
            self.content(kind, kind.get("name", ""))
        for kind in self.root.findall(f"{XS}simpleType"):
            self.simple(kind, kind.get("name", ""))

    def simple(self, kind: Element, owner: str) -> None:
        """A named simple type."""
        restriction = _restriction(kind)
        self.rows.append((owner, "simple", "", _local(restriction.get("base"), restriction), "", "", ""))
        for facet in restriction.iterchildren(f"{XS}*"):
            name, value = str(facet.tag).removeprefix(XS), facet.get("value", "")
            if name == "enumeration":
                self.rows.append((owner, "enum", value, "", "", "", ""))
            elif name != "annotation":
                self.rows.append((owner, "facet", name, value, "", "", ""))

    def content(self, kind: Element, owner: str) -> None:
        """What a complex type holds."""
        for node in kind.iterchildren(f"{XS}*"):
            name = str(node.tag).removeprefix(XS)
            if name in {"sequence", "choice", "all"}:
                self.particles(node, owner, _group(node))
            elif name in {"complexContent", "simpleContent"}:
                for derived in node.iterchildren(f"{XS}extension", f"{XS}restriction"):
                    self.rows.append((owner, "extends", _local(derived.get("base"), derived), "", "", "", ""))
                    self.content(derived, owner)
            elif name == "attribute":
                least = "1" if node.get("use") == "required" else "0"
                self.rows.append((owner, "attribute", node.get("name", ""), _type(node), least, "1", ""))
            elif name == "attributeGroup":
                wanted = node.get("ref", "").rpartition(":")[2]
                (group,) = (one for one in self.root.findall(f"{XS}attributeGroup") if one.get("name") == wanted)
                self.content(group, owner)
            elif name == "anyAttribute":
                self.rows.append((owner, "attribute", "*", node.get("namespace", "##any"), "0", "1", ""))

    def particles(self, around: Element, owner: str, group: str) -> None:
        """The members of a sequence or choice, in order."""
        for node in around.iterchildren(f"{XS}*"):
            name = str(node.tag).removeprefix(XS)
            occurs = (node.get("minOccurs", "1"), node.get("maxOccurs", "1"))
            if name == "element":
                member = node.get("name") or _local(node.get("ref"), node)
                self.rows.append((owner, "element", member, _type(node), *occurs, group))
                anonymous = node.find(f"{XS}complexType")
                if anonymous is not None:
                    self.content(anonymous, f"{owner}/{member}")
            elif name == "any":
                namespaces, process = node.get("namespace", "##any"), node.get("processContents", "strict")
                self.rows.append((owner, "any", namespaces, process, *occurs, group))
            elif name in {"sequence", "choice"}:
                self.particles(node, owner, _group(node) or group)


def _group(node: Element) -> str:
    """How a choice's members are marked."""
    if node.tag != f"{XS}choice":
        return ""
    return f"choice {node.get('minOccurs', '1')}..{node.get('maxOccurs', '1')}"


def _type(node: Element) -> str:
    """The type of an element or attribute: its name, ``{}`` for an anonymous one, literals in braces."""
    if node.find(f"{XS}complexType") is not None:
        return "{}"
    anonymous = node.find(f"{XS}simpleType")
    if anonymous is None:
        return _local(node.get("type"), node)
    restriction = _restriction(anonymous)
    literals = "|".join(one.get("value", "") for one in restriction.findall(f"{XS}enumeration"))
    return _local(restriction.get("base"), restriction) + (f"{{{literals}}}" if literals else "")


def _restriction(simple: Element) -> Element:
    found = simple.find(f"{XS}restriction")
    assert found is not None
    return found


def _local(qname: str | None, node: Element) -> str:
    """A qualified name without its prefix; ``xs:`` stays for what XML Schema itself has."""
    prefix, _, name = (qname or "").rpartition(":")
    return f"xs:{name}" if name and node.nsmap.get(prefix or None) == XS[1:-1] else name
