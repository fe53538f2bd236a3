"""The words that documents are made of, taken from the schemas when fuzzing begins, and texts that are hard to take.

A fuzzer that has to guess ``ReadingQualityType`` letter by letter never comes to the code behind it. So names and
literals come from ``xsd/``, values of the built-in types from the tests' tables, and what is hostile from here.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from lxml import etree
from tests.tables import DAMAGED, LITERALS

__all__ = ["CHARACTERS", "MARKUP", "TEXTS", "attributes", "dictionary", "literals", "namespaces", "tags"]

XSD = Path(__file__).resolve().parents[2] / "xsd"
XS = "{http://www.w3.org/2001/XMLSchema}"

CHARACTERS = "0123456789+-.:,;_*/ TZEePINFa\t\n\r\x0b\x0c\x85\u00a0\u2003\u200b\ufeff\u0663\u00b2\uff11\u00e9\U0001f50c"
"""Single characters that some parser somewhere takes for another."""

MARKUP = (
    b"<",
    b">",
    b"</",
    b"/>",
    b"&",
    b"&amp;",
    b"&#0;",
    b"&#x1F600;",
    b"&x;",
    b"<!--",
    b"-->",
    b"--",
    b"<![CDATA[",
    b"]]>",
    b"<?x y?>",
    b"<?xml version='1.0'?>",
    b'<?xml version="1.1" encoding="UTF-16"?>',
    b"<!DOCTYPE a>",
    b'<!DOCTYPE a [<!ENTITY x "y">]>',
    b'<!DOCTYPE a SYSTEM "file:///x">',
    b'xmlns=""',
    b'xmlns:a="urn:a"',
    b'xsi:nil="true"',
    b'xsi:type="x"',
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\x00",
    b"\r\n",
    b"\xc0\x80",
    b"\xed\xa0\x80",
)
"""Pieces of markup that are put anywhere."""

TEXTS = tuple(
    dict.fromkeys(
        [text for texts in (*LITERALS.values(), *DAMAGED.values()) for text in texts]
        + [
            "?",
            "String",
            "NONE",
            "None",
            "Default",
            "null",
            "NaN",
            "-0",
            "0" * 40,
            "9" * 30,
            "9" * 4100,
            "1e400",
            "1e-400",
            "3.4028236E38",
            "0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0",
            "3.31.0.23",
            "1.5.259",
            "6a0d5c1e-0b1f-4c55-9c0e-0000000000a1",
            "{6A0D5C1E-0B1F-4C55-9C0E-0000000000A1}",
            "urn:uuid:6a0d5c1e-0b1f-4c55-9c0e-0000000000a1",
            "a\u0300",
            "\u202e",
            "\ud7ff\ue000\ufffd",
            "x" * 300,
            "H4sIAAAAAAAC/wMAAAAAAAAAAAA=",
            "====",
        ]
    )
)
"""Texts of leaves and attributes."""


@cache
def _schemas() -> tuple[etree._Element, ...]:  # pyright: ignore[reportPrivateUsage]  # lxml's class has no other name
    return tuple(etree.parse(path).getroot() for path in sorted(XSD.rglob("*.xsd")))


@cache
def namespaces() -> tuple[str, ...]:
    """The namespaces of all schemas, and some that are near them."""
    own = [str(schema.get("targetNamespace")) for schema in _schemas()]
    near = [own[0].replace("://", "://www."), own[0].rstrip("#"), "urn:example:v", ""]
    soap = ["http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"]
    return tuple(own + near + soap + ["http://www.w3.org/2001/XMLSchema-instance"])


@cache
def tags(namespace: str) -> tuple[str, ...]:
    """The qualified names of a namespace's elements; of all, where it is none of a schema."""
    found = {
        f"{{{schema.get('targetNamespace')}}}{element.get('name')}"
        for schema in _schemas()
        for element in schema.iter(f"{XS}element")
        if element.get("name") and schema.get("targetNamespace") == namespace
    }
    return tuple(sorted(found)) or tuple(tag for known in namespaces()[:3] if known != namespace for tag in tags(known))


@cache
def attributes() -> tuple[str, ...]:
    """The names of all attributes, and of those that belong to XML Schema."""
    found = {str(one.get("name")) for schema in _schemas() for one in schema.iter(f"{XS}attribute") if one.get("name")}
    xsi = [f"{{http://www.w3.org/2001/XMLSchema-instance}}{name}" for name in ("nil", "type", "schemaLocation")]
    return (*sorted(found), *xsi, "colour", "{urn:example:v}ref")


@cache
def literals() -> tuple[str, ...]:
    """The literals of all enumerations."""
    found = {str(one.get("value")) for schema in _schemas() for one in schema.iter(f"{XS}enumeration")}
    return tuple(sorted(found))


@cache
def dictionary() -> tuple[bytes, ...]:
    """What libFuzzer may put anywhere in a document."""
    names = {tag.partition("}")[2] for namespace in namespaces() for tag in tags(namespace)}
    local = {name for name in attributes() if not name.startswith("{")}
    words = [*sorted(names | local), *namespaces(), *literals(), *(text for text in TEXTS if len(text) < 60)]
    return tuple(dict.fromkeys([*MARKUP, *(word.encode("utf-8", "replace") for word in words if word)]))
