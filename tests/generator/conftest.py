"""What the tests of the generator share: folders of schemas made for one test, and the packages made from them."""

from __future__ import annotations

import contextlib
import importlib
import itertools
import sys
import textwrap
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest
from lxml import etree
from tests.verbs.support import says_nothing

from iec61968_9 import Record, _verbs, from_xml, register, to_xml
from iec61968_9_generator import files, glossary, manifest, names, pipeline, read
from iec61968_9_generator.errors import GeneratorError, UnsupportedError
from iec61968_9_generator.model import Schema
from iec61968_9_generator.plan import ClassDef, Profile

XS = "http://www.w3.org/2001/XMLSchema"
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
NUMBERS = itertools.count(1)
"""Each package that a test imports has a name of its own, as a program's packages have."""


@dataclass(frozen=True)
class Package:
    """A package that was generated, put on disk and made importable."""

    name: str
    texts: dict[str, str]

    def profile(self, module: str) -> ModuleType:
        """A module of classes."""
        return importlib.import_module(f"{self.name}.profiles.{module}")

    def register(self) -> None:
        """Make the verbs read it."""
        register(self.name)


class Project:
    """A user's folder of schemas, and what the generator makes of it."""

    def __init__(self, folder: Path) -> None:
        self.schemas = folder / "xsd"
        self.out = folder / "out"
        self.schemas.mkdir(parents=True)

    def file(self, name: str, text: str) -> str:
        """Add any file to the folder of schemas."""
        path = self.schemas / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = textwrap.dedent(text).lstrip("\n")
        path.write_text(text, encoding="utf-8")
        return text

    def schema(self, noun: str, body: str, attributes: str = 'elementFormDefault="qualified"') -> str:
        """Add a schema; in its body, ``xs:`` is XML Schema and ``t:`` are its own types."""
        namespace = f"urn:test:{noun}"
        return self.file(
            f"{noun}.xsd",
            f'<xs:schema xmlns:xs="{XS}" xmlns:t="{namespace}" xmlns:sawsdl="http://www.w3.org/ns/sawsdl" '
            f'targetNamespace="{namespace}" {attributes}>\n{textwrap.dedent(body).strip()}\n</xs:schema>\n',
        )

    def thing(self, content: str, more: str = "") -> str:
        """Add a schema with one root, ``Thing``, that holds the content given."""
        return self.schema(
            "Thing",
            '<xs:element name="Thing" type="t:Thing"/>\n<xs:complexType name="Thing">\n'
            f"{textwrap.dedent(content).strip()}\n</xs:complexType>\n{textwrap.dedent(more).strip()}",
        )

    def read(self, noun: str = "Thing") -> Schema:
        """The model of a schema."""
        return read.read(self.schemas, f"{noun}.xsd", noun)

    def plan(self, noun: str = "Thing") -> Profile:
        """The plan of a schema, with the folder's tables."""
        entry = next(one for one in manifest.load(self.schemas) if one.noun == noun)
        schema = read.read(self.schemas, entry.file, noun)
        return names.build(schema, entry, names.load(self.schemas), glossary.load(self.schemas))

    def class_(self, path: str = "Thing", noun: str = "Thing") -> ClassDef:
        """The plan of one class."""
        return self.plan(noun).class_((noun, path))

    def emit(self, package: str = "made") -> dict[str, str]:
        """The text of every file of the package."""
        return pipeline.generate(self.schemas, package)

    def package(self, name: str | None = None) -> Package:
        """The package, on disk and importable."""
        name = name or f"made_{next(NUMBERS)}"
        emitted = self.emit(name)
        files.put(self.out / name, emitted)
        importlib.invalidate_caches()
        return Package(name, emitted)

    def round_trip(self, xml: str) -> Record:
        """Read a document with the package, in both modes; hold that it is written as it was, and give it."""
        self.package().register()
        found = from_xml(xml)
        assert canonical(to_xml(found)) == canonical(xml)
        tolerated = from_xml(xml, mode="lenient")
        assert tolerated == found or says_nothing(etree.fromstring(xml.encode()))
        assert canonical(to_xml(tolerated, mode="lenient")) == canonical(xml)
        return found

    def right_or_refused(self, xml: str) -> None:
        """Hold that the schemas are refused, with the way out, or that a document of theirs reads and writes right."""
        try:
            self.emit()
        except UnsupportedError:
            pass
        except GeneratorError as error:
            assert "names.toml" in str(error)  # noqa: PT017  # both ways are right, and each is held to something
        else:
            self.round_trip(xml)


def canonical(xml: str | bytes) -> str:
    """A document as DESIGN compares them: C14N 2.0 with prefixes rewritten, those of ``xsi:type`` too."""
    root = etree.fromstring(xml.encode() if isinstance(xml, str) else xml)
    for node in root.iter("*"):
        if said := node.get(TYPE):
            prefix, _, local = said.rpartition(":")
            node.set(TYPE, f"{node.nsmap.get(prefix or None)} {local}")
    text = etree.tostring(root, encoding="unicode")
    return etree.canonicalize(text, rewrite_prefixes=True, qname_aware_tags=["{urn:acme:deliveries}about"])


@contextlib.contextmanager
def registry_as_before(project: Project) -> Generator[None, None, None]:
    """Make a project's packages importable; afterwards, forget them and put the registry back."""
    registry = _verbs.REGISTRY
    before = dict(registry.by_tag), {root: [*all_] for root, all_ in registry.by_root.items()}, dict(registry.by_module)
    sys.path.insert(0, str(project.out))
    try:
        yield
    finally:
        sys.path.remove(str(project.out))
        registry.by_tag, registry.by_root, registry.by_module = before
        packages = {path.name for path in project.out.glob("*")}
        for name in [one for one in sys.modules if one.partition(".")[0] in packages]:
            del sys.modules[name]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """An empty folder of schemas."""
    project = Project(tmp_path / "project")
    with registry_as_before(project):
        yield project


@pytest.fixture
def new_project(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], contextlib.AbstractContextManager[Project]]:
    """Makes an empty folder of schemas for each example of a property."""

    @contextlib.contextmanager
    def make() -> Generator[Project, None, None]:
        project = Project(tmp_path_factory.mktemp("project"))
        with registry_as_before(project):
            yield project

    return make


@pytest.fixture
def acme(tmp_path: Path) -> Iterator[Project]:
    """The schemas in ``tests/generator/schemas/acme``, in a folder of their own."""
    project = Project(tmp_path / "acme")
    for path in (Path(__file__).parent / "schemas" / "acme").iterdir():
        project.file(path.name, path.read_text(encoding="utf-8"))
    with registry_as_before(project):
        yield project
