"""Java reads what we write, and we read what Java writes, value for value.

xjc makes classes of the schemas in ``xsd/``. Random instances are written by the library, read and written again by
those classes under JAXB (with Java's own validation, and no complaint let through), and read back by the library: the
objects must be equal. Three things are Java's own: its ``xs:float`` has 32 bits where ours has 64, so floats are
compared after rounding to 32; inside elements that no schema describes JAXB drops texts that are blank; and where it
has to take back the default namespace for a qualified name without one, it may write the element under the name of
another, so such messages are counted and left out.

That the comparison sees what it is to see is tried each time: in some of what Java wrote each text and each attribute
is changed, one at a time, and every change must be refused by the schema or found by the comparison.

``python -m tests.interop.java`` (``make interop``) runs it with Debian's packages ``libjaxb-java`` and
``default-jdk-headless``, and says so where they are missing.
"""

from __future__ import annotations

import dataclasses
import shutil
import struct
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from lxml import etree

from iec61968_9 import DecodeError, ForeignElement, from_xml, to_xml
from iec61968_9.profiles.end_device_controls import EndDeviceControls
from iec61968_9.profiles.envelope import EventMessage, FaultMessage, RequestMessage, ResponseMessage
from iec61968_9.profiles.meter_config import MeterConfig
from iec61968_9.profiles.meter_readings import MeterReadings
from iec61968_9.testing import instances
from iec61968_9.xml import Record

__all__ = ["classpath", "compile_classes", "differing", "main", "noticed", "spoilt"]

XSD = Path(__file__).resolve().parents[2] / "xsd"
JARS = Path("/usr/share/java")
"""Where Debian keeps Java's libraries."""

NEEDED = (
    "jaxb-api",
    "jaxb-core",
    "jaxb-runtime",
    "jaxb-xjc",
    "istack-commons-runtime",
    "istack-commons-tools",
    "txw2",
    "xsom",
    "rngom",
    "codemodel",
    "codemodel-annotation-compiler",
    "dtd-parser",
    "relaxngDatatype",
    "FastInfoset",
    "stax-ex",
    "javax.activation",
)
EXAMPLES = 500
SPOILT = 20
"""In how many documents of each kind each value is changed on purpose."""

KINDS: tuple[tuple[str, type[Any], Any], ...] = (
    ("MeterReadings", MeterReadings, MeterReadings),
    ("EndDeviceControls", EndDeviceControls, EndDeviceControls),
    ("MeterConfig", MeterConfig, MeterConfig),
    ("Message", RequestMessage, RequestMessage[Any]),
    ("Message", ResponseMessage, ResponseMessage[MeterReadings]),
    ("Message", EventMessage, EventMessage[EndDeviceControls]),
    ("Message", FaultMessage, FaultMessage),
)
"""What is compared: the schema, the class and what is drawn."""


def classpath() -> str | None:
    """The libraries of JAXB as Debian installs them; None if one of them, or Java itself, is missing."""
    jars = [JARS / f"{name}.jar" for name in NEEDED]
    if not all(jar.exists() for jar in jars) or not shutil.which("java") or not shutil.which("javac"):
        return None
    return ":".join(map(str, jars))


def compile_classes(libraries: str, noun: str, folder: Path) -> str:
    """Let xjc make the classes of one schema, compile them and the bridge, and give the class path for both."""
    schema = next(XSD.rglob(f"{noun}.xsd"))
    sources = folder / "sources"
    classes = folder / "classes"
    for made in (sources, classes):
        made.mkdir(parents=True)
    xjc = ["java", "-cp", libraries, "com.sun.tools.xjc.XJCFacade", "-quiet", "-d", str(sources), "-p", noun.lower()]
    subprocess.run([*xjc, str(schema)], check=True)
    bridge = Path(__file__).with_name("Bridge.java")
    files = [str(bridge), *map(str, sources.rglob("*.java"))]
    quiet = ["-encoding", "UTF-8", "-nowarn", "-Xlint:none"]
    subprocess.run(["javac", *quiet, "-cp", libraries, "-d", str(classes), *files], check=True)
    return f"{libraries}:{classes}"


def drawn(kind: Any, count: int) -> list[Record]:
    """Random instances, always the same."""
    found: list[Record] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    )
    @given(instances(kind))
    def draw(one: Record) -> None:
        found.append(one)

    draw()
    return found


def differing(ours: Any, theirs: Any, path: str) -> Iterator[str]:
    """Where two objects differ, in words."""
    if issubclass(type(ours), Record) and type(ours) is type(theirs):
        for member in dataclasses.fields(ours):
            yield from differing(getattr(ours, member.name), getattr(theirs, member.name), f"{path}.{member.name}")
        return
    if ours.__class__ is list and theirs.__class__ is list and len(ours) == len(theirs):
        for number, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            yield from differing(one, other, f"{path}[{number}]")
    elif ours != theirs and comparable(ours) != comparable(theirs):
        yield f"{path} was {shown(ours)} and is {shown(theirs)}"


def shown(value: object) -> str:
    """A value for the list of differences."""
    return value.xml if isinstance(value, ForeignElement) else repr(value)


def comparable(value: Any) -> Any:
    """What Java's types can hold of a value."""
    if isinstance(value, float):
        return narrow(value)
    if isinstance(value, ForeignElement):
        return without_blanks(value)
    return value


def without_blanks(foreign: ForeignElement) -> bytes:
    """A foreign element in canonical form, without the blank texts that JAXB leaves out of what it does not know."""
    element = foreign.element()
    for one in element.iter():
        if not (one.text or "").strip():
            one.text = None
        if not (one.tail or "").strip():
            one.tail = None
    return etree.tostring(element, method="c14n", exclusive=True)


def has_bare_name(message: Any) -> bool:
    """Whether an error in a message has a qualified name without a namespace."""
    errors: list[Any] = getattr(getattr(message, "reply", None), "error", [])
    return any(one.xpath is not None and one.xpath.namespace is None for one in errors)


def narrow(value: float) -> float:
    """What a float of 32 bits makes of it."""
    try:
        return float(struct.unpack("f", struct.pack("f", value))[0])
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def spoilt(data: bytes) -> Iterator[bytes]:
    """A document with one text or one attribute other than it is, for each that is not blank."""
    for number, element in enumerate(etree.fromstring(data).iter("*")):
        for name in (None, *element.attrib):
            tree = etree.fromstring(data)
            one = next(islice(tree.iter("*"), number, None))
            if name is not None:
                one.set(name, other(one.attrib[name]))
            elif one.text and one.text.strip():
                one.text = other(one.text)
            else:
                continue
            yield etree.tostring(tree, encoding="utf-8")


def other(text: str | bytes) -> str:
    """A text that means something else: another number for a number, in any spelling."""
    said = str(text)
    try:
        return "8" if float(said) == 7 else "7"
    except ValueError:
        return f"x{said}"


def noticed(cls: type[Any], ours: Record, changed: bytes) -> str:
    """How a change in what Java wrote is noticed: ``refused``, ``compared``, or not at all, which is empty."""
    try:
        theirs = from_xml(changed, cls)
    except DecodeError:
        return "refused"
    return "compared" if any(differing(ours, theirs, cls.__name__)) else ""


def compare(libraries: str, noun: str, wanted: list[tuple[type[Any], Any]], folder: Path, count: int) -> Iterator[str]:
    """What is not the same after Java has read and written it, in words."""
    path = compile_classes(libraries, noun, folder)
    sent, back = folder / "sent", folder / "back"
    for made in (sent, back):
        made.mkdir()
    objects: dict[str, tuple[type[Any], Record]] = {}
    left_out = 0
    for cls, kind in wanted:
        for number, one in enumerate(drawn(kind, count)):
            if has_bare_name(one):
                left_out += 1
                continue
            name = f"{cls.__name__}-{number:05}.xml"
            (sent / name).write_bytes(to_xml(one))
            objects[name] = cls, one
    schema = next(XSD.rglob(f"{noun}.xsd"))
    run = ["java", "-cp", path, "Bridge", "again", noun.lower(), str(schema), str(sent), str(back)]
    done = subprocess.run(run, check=True, capture_output=True, encoding="utf-8")
    yield from (f"Java refuses {line}" for line in done.stdout.splitlines())
    refused = {line.partition("\t")[0] for line in done.stdout.splitlines()}
    changes: Counter[str] = Counter()
    for name, (cls, one) in objects.items():
        if name in refused:
            continue
        again = from_xml(back / name, cls)
        yield from (f"{name}: {found}" for found in differing(one, again, cls.__name__))
        if int(name.partition("-")[2].removesuffix(".xml")) < SPOILT:
            for changed in spoilt((back / name).read_bytes()):
                how = noticed(cls, one, changed)
                changes[how] += 1
                if not how:
                    yield f"{name}: nobody noticed that it was changed to {changed.decode()}"
    print(f"{noun}: {len(objects)} documents, {len(refused)} refused by Java; {left_out} left out", end="; ")
    print(
        f"{changes.total():,} values changed, {changes['refused']:,} refused, {changes['compared']:,} found", flush=True
    )


def main() -> int:
    """Compare; 0 if all is the same."""
    libraries = classpath()
    if libraries is None:
        print(
            "There is no Java with JAXB here, so nothing was compared: install libjaxb-java and default-jdk-headless."
        )
        return 2
    differences: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for noun in dict.fromkeys(noun for noun, _, _ in KINDS):
            wanted = [(cls, kind) for name, cls, kind in KINDS if name == noun]
            differences += compare(libraries, noun, wanted, Path(folder) / noun, EXAMPLES)
    for one in differences[:20]:
        print(one)
    print("no difference" if not differences else f"{len(differences)} differences")
    return bool(differences)


if __name__ == "__main__":
    sys.exit(main())
