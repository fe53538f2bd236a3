"""Annex C a second time, for the tests: the schemas of typed roots, and a plain message put under one.

Written from the description of the annex, and of nothing in the library: every element of the typed form is named here
with its namespace, and the schemas are what a WSDL of the annex would bring along.
"""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from pathlib import Path

import xmlschema
from lxml import etree
from tests.tables import Element

XSD = Path(__file__).parents[2] / "xsd"
MESSAGE = "http://iec.ch/TC57/2011/schema/message"
M = f"{{{MESSAGE}}}"
SOAP = {"1.1": "http://schemas.xmlsoap.org/soap/envelope/", "1.2": "http://www.w3.org/2003/05/soap-envelope"}
ABSTRACT = "http://iec.ch/TC57/2011/abstract"


def wrapper(noun: str, *, get: bool = False) -> str:
    """The namespace of a noun's wrapper."""
    return f"http://iec.ch/TC57/2011/{'Get' if get else ''}{noun}Message"


def typed(plain: Element, name: str, namespace: str) -> Element:
    """A plain message under a typed root: each element that the annex declares itself, by name."""
    made = etree.Element(f"{{{namespace}}}{name}", nsmap={"w": namespace})
    for part in plain:
        own = etree.SubElement(made, f"{{{namespace}}}{etree.QName(part).localname}")
        for child in part:
            copy = deepcopy(child)
            local = etree.QName(child).localname
            if child.tag == M + local and (
                (part.tag == M + "Payload" and local in {"Compressed", "Format", "OperationSet"})
                or (part.tag == M + "Request" and name.startswith("Get"))
            ):
                copy.tag = f"{{{namespace}}}{local}"
            own.append(copy)
    return made


def generic(plain: Element, operation: str) -> Element:
    """A plain message inside an operation of the generic WSDL."""
    made = etree.Element(f"{{{ABSTRACT}}}{operation}", nsmap={"a": ABSTRACT})
    made.append(deepcopy(plain))
    return made


def in_soap(element: Element, version: str) -> Element:
    """An element in the body of a SOAP envelope."""
    made = etree.Element(f"{{{SOAP[version]}}}Envelope", nsmap={"e": SOAP[version]})
    etree.SubElement(made, f"{{{SOAP[version]}}}Body").append(element)
    return made


def canonical(element: Element) -> str:
    """A text that is the same for all documents that mean the same."""
    copy = deepcopy(element)
    for one in copy.iter():
        if not isinstance(one.tag, str):
            continue
        if len(one) and not (one.text or "").strip():
            one.text = None
        one.tail = None
    return etree.canonicalize(etree.tostring(copy, encoding="unicode"), rewrite_prefixes=True)


@cache
def schema(noun: str, *, get: bool) -> xmlschema.XMLSchema11 | xmlschema.XMLSchema:
    """The schema of a noun's typed roots, for getting it or for all else."""
    return xmlschema.XMLSchema(_TEXT(noun, get=get), locations=_locations(noun))


def _locations(noun: str) -> list[tuple[str, str]]:
    base = XSD / "iec61968-9" / "2013"
    return [
        (MESSAGE, str(XSD / "iec61968-100" / "2013" / "Message.xsd")),
        (f"http://iec.ch/TC57/2011/{noun}#", str(base / "payload" / f"{noun}.xsd")),
        (f"http://iec.ch/TC57/2011/Get{noun}#", str(base / "query" / f"Get{noun}.xsd")),
    ]


def _TEXT(noun: str, *, get: bool) -> str:  # noqa: N802
    namespace = wrapper(noun, get=get)
    requests = "" if get else _elements(("Create", "Change", "Cancel", "Close", "Delete"), noun, "Request")
    events = "" if get else _elements(("Created", "Changed", "Canceled", "Closed", "Deleted"), noun, "Event")
    imports = "".join(
        f'<xs:import namespace="{one}" schemaLocation="{where}"/>'
        for one, where in _locations(noun)
        if get or f"/Get{noun}#" not in one
    )
    asking = (
        f"""
      <xs:element name="Get{noun}" type="t:RequestMessageType"/>
      <xs:complexType name="GetRequestType"><xs:sequence>
        <xs:element name="StartTime" type="xs:dateTime" minOccurs="0"/>
        <xs:element name="EndTime" type="xs:dateTime" minOccurs="0"/>
        <xs:element name="Option" type="m:OptionType" minOccurs="0" maxOccurs="unbounded"/>
        <xs:element name="ID" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>
        <xs:element ref="q:Get{noun}"/>
        <xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
      </xs:sequence></xs:complexType>"""
        if get
        else ""
    )
    return f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="{namespace}" xmlns:m="{MESSAGE}"
        xmlns:n="http://iec.ch/TC57/2011/{noun}#" xmlns:q="http://iec.ch/TC57/2011/Get{noun}#"
        targetNamespace="{namespace}" elementFormDefault="qualified">{imports}{requests}{events}{asking}
      <xs:element name="{noun}ResponseMessage" type="t:ResponseMessageType"/>
      <xs:element name="{noun}FaultMessage" type="t:FaultMessageType"/>
      <xs:complexType name="RequestMessageType"><xs:sequence>
        <xs:element name="Header" type="m:HeaderType"/>
        <xs:element name="Request" type="{"t:GetRequestType" if get else "m:RequestType"}" minOccurs="0"/>
        <xs:element name="Payload" type="t:PayloadType" minOccurs="0"/>
      </xs:sequence></xs:complexType>
      <xs:complexType name="ResponseMessageType"><xs:sequence>
        <xs:element name="Header" type="m:HeaderType"/>
        <xs:element name="Reply" type="m:ReplyType"/>
        <xs:element name="Payload" type="t:PayloadType" minOccurs="0"/>
      </xs:sequence></xs:complexType>
      <xs:complexType name="EventMessageType"><xs:sequence>
        <xs:element name="Header" type="m:HeaderType"/>
        <xs:element name="Payload" type="t:PayloadType" minOccurs="0"/>
      </xs:sequence></xs:complexType>
      <xs:complexType name="FaultMessageType"><xs:sequence>
        <xs:element name="Reply" type="m:ReplyType"/>
      </xs:sequence></xs:complexType>
      <xs:complexType name="PayloadType"><xs:sequence>
        <xs:element ref="n:{noun}"{' minOccurs="0"' if get else ""}/>
        <xs:element name="OperationSet" type="m:OperationSet" minOccurs="0"/>
        <xs:element name="Compressed" type="xs:string" minOccurs="0"/>
        <xs:element name="Format" type="xs:string" minOccurs="0"/>
      </xs:sequence></xs:complexType>
    </xs:schema>"""


def _elements(verbs: tuple[str, ...], noun: str, kind: str) -> str:
    return "".join(f'<xs:element name="{verb}{noun}" type="t:{kind}MessageType"/>' for verb in verbs)
