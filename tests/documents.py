"""When two documents are equal: DESIGN's "Equality of documents".

Canonical XML 2.0 with prefixes rewritten; comments, processing instructions, ``xsi:schemaLocation`` and white space
between elements do not count; any other text does, to the last blank. Where the tables say that a text is a number, a
time or a qualified name, its value counts; the offset of a time is part of it.
"""

from __future__ import annotations

import datetime
import re
from decimal import Decimal

from lxml import etree
from tests.tables import Element, Owner, known_by_tag

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
WHITE_SPACE = " \t\n\r"


def parsed(data: bytes) -> Element:
    """A document without comments and processing instructions."""
    return etree.fromstring(
        data, etree.XMLParser(remove_comments=True, remove_pis=True, huge_tree=True, no_network=True)
    )


def canonical(data: bytes) -> str:
    """The one text that all equal documents share."""
    root = parsed(data)
    for element in root.iter("*"):
        for name in ("schemaLocation", "noNamespaceSchemaLocation"):
            element.attrib.pop(XSI + name, None)
    for place in list(known_by_tag()[str(root.tag)].walk(root)):
        element = place.element
        if not isinstance(place.type, Owner):
            element.text = by_value(place.type.base, element.text or "", element)
        elif place.type.text is None:
            element.text = _without_layout(element.text)
            for child in element:
                child.tail = _without_layout(child.tail)
    return etree.canonicalize(etree.tostring(root, encoding="unicode"), rewrite_prefixes=True)


def by_value(builtin: str, text: str, element: Element) -> str:
    """One text for all that mean the same value."""
    bare = text.strip(WHITE_SPACE)
    match builtin:
        case "xs:string":
            return text
        case "xs:boolean":
            return {"1": "true", "0": "false"}.get(bare, bare)
        case "xs:integer":
            return str(int(bare))
        case "xs:decimal":
            return _plain(Decimal(bare))
        case "xs:float":
            return repr(float(bare)) if bare.lstrip("-") not in {"INF", "NaN"} else bare
        case "xs:QName":
            prefix, _, name = bare.rpartition(":")
            namespace = _namespace(element, prefix)
            return f"{{{namespace}}}{name}" if namespace else name
        case "xs:dateTime" | "xs:date" | "xs:time":
            return _time(builtin, bare)
        case _:
            raise ValueError(f"no rule for {builtin}")


def _plain(number: Decimal) -> str:
    sign, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    whole = "".join(map(str, digits))
    while whole.endswith("0") and exponent < 0:
        whole, exponent = whole[:-1], exponent + 1
    whole = whole.lstrip("0") if exponent >= 0 else whole
    return f"{'-' if sign and whole.strip('0') else ''}{whole or '0'}e{exponent if whole.strip('0') else 0}"


def _time(builtin: str, text: str) -> str:
    """Without needless zeros and 24:00:00, and with one spelling of UTC."""
    match = re.fullmatch(r"(.*?)(\.[0-9]+)?(Z|[+-]\d\d:\d\d)?", text) if builtin != "xs:date" else None
    if match is None:
        return re.sub(r"(?<=.{10})[+-]00:00$", "Z", text)
    head, fraction, zone = match.groups()
    if head.endswith("24:00:00"):
        head = head.replace("24:00:00", "00:00:00")
        if builtin == "xs:dateTime":
            head = (datetime.datetime.fromisoformat(head) + datetime.timedelta(days=1)).isoformat()
    digits = (fraction or "").rstrip("0").rstrip(".")
    return head + digits + ("Z" if zone in {"+00:00", "-00:00"} else zone or "")


def _namespace(element: Element, prefix: str) -> str:
    """What a prefix means at an element."""
    return next((uri for name, uri in element.nsmap.items() if (name or "") == prefix), "") or ""


def _without_layout(text: str | None) -> str | None:
    return None if text is not None and not text.strip(WHITE_SPACE) else text
