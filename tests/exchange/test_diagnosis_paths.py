"""Paths in findings name elements as the schemas spell them."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from iec61968_9.exchange.diagnosis._case import element_of
from iec61968_9.xml.naming import member_name

XS = "{http://www.w3.org/2001/XMLSchema}"
XSD = Path(__file__).resolve().parents[2] / "xsd"


@pytest.mark.parametrize("schema", sorted(XSD.rglob("*.xsd")), ids=lambda path: path.stem)
def test_every_member_that_holds_an_object_is_known_by_its_element_s_name(schema: Path) -> None:
    root = etree.parse(schema).getroot()
    classes = {declared.get("name") for declared in root.iter(f"{XS}complexType")} - {None}
    for element in root.iter(f"{XS}element"):
        name = element.get("name")
        holds = element.get("type", "").rpartition(":")[2] in classes or element.find(f"{XS}complexType") is not None
        if name is not None and holds:
            assert element_of(member_name(name)) == name
