"""Who reads and writes the same documents: the library, and what else a Python program may take.

Each contestant turns bytes into objects of its own and those into bytes, as its documentation shows for a schema that
is at hand. ``values`` lists the readings that its objects hold, so that nobody is timed for less than the others do.
All but lxml are imported when they are asked for, because none of them is needed to use the library.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from operator import getitem
from pathlib import Path
from typing import Any

from lxml import etree

from benchmarks import models
from benchmarks.models import SCHEMA, pydantic_class, xsdata_class
from benchmarks.samples import NAMESPACE
from iec61968_9 import from_xml, to_xml
from iec61968_9.profiles.meter_readings import MeterReadings

__all__ = ["BARE", "LENIENT", "STRICT", "XSDATA", "Contestant", "Player", "contestants", "lxml_values"]

BARE, STRICT, LENIENT, XSDATA = "lxml", "strict", "lenient", "xsdata-"
"""The names by which targets know them; of xsdata, what the names begin with."""

VALUE = f"{{{NAMESPACE}}}value"


@dataclass(frozen=True, slots=True)
class Player:
    """A contestant that is ready.

    Attributes:
        read: Bytes to objects.
        values: The readings in such objects.
        write: Objects to bytes, if it can.
    """

    read: Callable[[bytes], Any]
    values: Callable[[Any], Iterable[str]]
    write: Callable[[Any], bytes] | None = None


@dataclass(frozen=True, slots=True)
class Contestant:
    """One way to read and write.

    Attributes:
        name: How the process that measures it is told.
        reader: What its row is called where it reads.
        writer: The same where it writes; empty if it does not.
        what: What it does, for those who compare.
        make: Gets it ready, with a folder for classes that it needs.
        needs: The packages that must be there.
        share: How much of a large document it gets: one part of so many, its time multiplied.
        rounds: How often each process measures a large document.
    """

    name: str
    reader: str
    writer: str
    what: str
    make: Callable[[Path], Player]
    needs: tuple[str, ...] = ()
    share: int = 1
    rounds: int = 3


def contestants() -> list[Contestant]:
    """All of them, those to compare with first."""
    return [
        Contestant(
            BARE,
            "lxml.etree.fromstring",
            "lxml.etree.tostring",
            "The floor: a tree of elements; nothing is typed, nothing is checked.",
            lambda _: Player(etree.fromstring, lxml_values, etree.tostring),
        ),
        Contestant(
            STRICT,
            "from_xml, strict",
            "to_xml, strict",
            "Validated by the schema, then typed objects; what is written is valid.",
            lambda _: Player(lambda data: from_xml(data, MeterReadings), _values, to_xml),
        ),
        Contestant(
            LENIENT,
            "from_xml, lenient",
            "to_xml, lenient",
            "Typed objects; what the schema does not know is kept.",
            lambda _: Player(
                lambda data: from_xml(data, MeterReadings, mode="lenient"),
                _values,
                lambda payload: to_xml(payload, mode="lenient"),
            ),
        ),
        *(
            Contestant(
                f"{XSDATA}{parser}",
                f"xsdata, {parser}EventHandler",
                f"xsdata, {parser}EventWriter",
                f"Dataclasses that it generates from the same schema, {how}; not validated.",
                _xsdata(parser),
                models.XSDATA_NEEDS,
                rounds=1,
            )
            for parser, how in (("Lxml", "by lxml"), ("Xml", "by Python's own expat"))
        ),
        Contestant(
            "pydantic-xml",
            "pydantic-xml",
            "pydantic-xml, to_xml",
            "Models written by hand for the members that the document uses; types are checked, the schema is not.",
            _pydantic,
            models.PYDANTIC_NEEDS,
            rounds=1,
        ),
        Contestant(
            "xmlschema-dict",
            "xmlschema, to_dict",
            "xmlschema, encode",
            "Dictionaries and lists; validated by the same schema.",
            _xmlschema_dict,
            ("xmlschema",),
            share=20,
            rounds=1,
        ),
        Contestant(
            "xmlschema-objects",
            "xmlschema, to_objects",
            "",
            "Objects of classes that it makes of the same schema while running (with_bindings); validated.",
            _xmlschema_objects,
            ("xmlschema",),
            share=20,
            rounds=1,
        ),
        Contestant(
            "zeep",
            "zeep, Element.parse",
            "zeep, Element.render",
            "What its SOAP client does with a body: values of the types of the same schema; not validated.",
            _zeep,
            ("zeep",),
            share=4,
            rounds=1,
        ),
    ]


def lxml_values(root: Any) -> Iterator[str]:
    """The readings in a tree."""
    return (element.text for element in root.iter(VALUE))


def _values(payload: Any) -> Iterator[str]:
    """The readings in objects whose members have Python's names."""
    return _walk(payload, getattr, ("meter_reading", "interval_blocks", "interval_readings", "value"))


def _walk(node: Any, get: Callable[[Any, str], Any], names: tuple[str, ...]) -> Iterator[str]:
    """The values at the end of some names, each of which gives a list but the last."""
    found = get(node, names[0])
    if len(names) == 1:
        yield str(found)
    else:
        for one in found:
            yield from _walk(one, get, names[1:])


_NAMES = ("MeterReading", "IntervalBlocks", "IntervalReadings", "value")
"""The same names in the schema's spelling."""


def _xsdata(parser: str) -> Callable[[Path], Player]:
    def make(folder: Path) -> Player:
        kind = xsdata_class(folder)
        handlers = import_module("xsdata.formats.dataclass.parsers.handlers")
        writers = import_module("xsdata.formats.dataclass.serializers.writers")
        reader = import_module("xsdata.formats.dataclass.parsers").XmlParser(
            handler=getattr(handlers, f"{parser}EventHandler")
        )
        writer = import_module("xsdata.formats.dataclass.serializers").XmlSerializer(
            writer=getattr(writers, f"{parser}EventWriter")
        )
        return Player(lambda data: reader.from_bytes(data, kind), _values, lambda made: writer.render(made).encode())

    return make


def _pydantic(folder: Path) -> Player:
    kind = pydantic_class(folder)
    return Player(kind.from_xml, _values, lambda made: made.to_xml())


def _xmlschema_dict(_: Path) -> Player:
    schema = import_module("xmlschema").XMLSchema(str(SCHEMA))

    def write(made: Any) -> bytes:
        return etree.tostring(schema.encode(made, path="MeterReadings", etree_element_class=etree.Element))

    return Player(lambda data: schema.to_dict(data.decode()), lambda made: _walk(made, getitem, _NAMES), write)


def _xmlschema_objects(_: Path) -> Player:
    schema = import_module("xmlschema").XMLSchema(str(SCHEMA))
    return Player(
        lambda data: schema.to_objects(data.decode(), with_bindings=True),
        lambda made: (one.value for one in made.iter() if one.tag == VALUE),
    )


def _zeep(_: Path) -> Player:
    settings = import_module("zeep.settings").Settings()
    root = etree.parse(SCHEMA).getroot()
    schema = import_module("zeep.xsd").Schema(root, location=str(SCHEMA), settings=settings)
    element = schema.get_element(f"{{{NAMESPACE}}}MeterReadings")

    def write(made: Any) -> bytes:
        body = etree.Element("body")
        element.render(body, made)
        return etree.tostring(body[0])

    return Player(
        lambda data: element.parse(etree.fromstring(data), schema), lambda made: _walk(made, getattr, _NAMES), write
    )
