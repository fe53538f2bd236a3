"""Finds the schema documents that belong to one profile, and reads each of them twice.

xsdata parses a document; its tree keeps every node's number in document order (``index``), by which content models are
put back into order. lxml parses it a second time, for what xsdata does not keep: the line of each node, its namespaces,
the CIM term it refers to, its documentation. That second pass also looks at every element and attribute of the schema
and refuses what is not on the list of things that the later steps handle. So nothing can be passed over in silence.

What a document includes and imports is looked for beside it, never on the network. A document without a namespace of
its own takes that of the one that includes it. What all this comes to is laid out once more as a set of files
(``assemble``), in which every import of a namespace leads to all that is known of it: libxml2 follows only the first.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import unquote

from lxml import etree
from xsdata.codegen.parsers.schema import SchemaParser
from xsdata.exceptions import ConverterWarning
from xsdata.models import xsd
from xsdata.models.mixins import ElementBase

from iec61968_9_generator.errors import GeneratorError, Place, UnsupportedError

__all__ = ["FACETS", "XML", "XS", "Document", "Node", "Note", "alias", "assemble", "check", "load", "locations"]

Node: TypeAlias = etree._Element  # pyright: ignore[reportPrivateUsage]  # lxml's element class

XS = "{http://www.w3.org/2001/XMLSchema}"
XML = "http://www.w3.org/XML/1998/namespace"
XML_FILE = "xml.xsd"
XML_SCHEMA = f"""\
<xs:schema xmlns:xs="{XS[1:-1]}" targetNamespace="{XML}">
  <xs:attribute name="lang">
    <xs:annotation><xs:documentation>The language of the text, as BCP 47 names it.</xs:documentation></xs:annotation>
    <xs:simpleType>
      <xs:restriction base="xs:token"><xs:pattern value="([a-zA-Z]{{1,8}}(-[a-zA-Z0-9]{{1,8}})*)?"/></xs:restriction>
    </xs:simpleType>
  </xs:attribute>
  <xs:attribute name="space">
    <xs:annotation><xs:documentation>What white space means.</xs:documentation></xs:annotation>
    <xs:simpleType>
      <xs:restriction base="xs:NCName">
        <xs:enumeration value="default"/><xs:enumeration value="preserve"/>
      </xs:restriction>
    </xs:simpleType>
  </xs:attribute>
  <xs:attribute name="base" type="xs:anyURI">
    <xs:annotation><xs:documentation>What relative references refer to.</xs:documentation></xs:annotation>
  </xs:attribute>
  <xs:attributeGroup name="specialAttrs">
    <xs:attribute ref="xml:base"/><xs:attribute ref="xml:lang"/><xs:attribute ref="xml:space"/>
  </xs:attributeGroup>
</xs:schema>
"""
"""The attributes of XML itself, whatever copy of their schema stands in the folder."""

MODEL_REFERENCE = "{http://www.w3.org/ns/sawsdl}modelReference"

FACETS = (
    "whiteSpace",
    "pattern",
    "enumeration",
    "length",
    "minLength",
    "maxLength",
    "minInclusive",
    "minExclusive",
    "maxInclusive",
    "maxExclusive",
    "totalDigits",
    "fractionDigits",
)
"""All facets of XML Schema 1.0, in the order in which they are printed."""

OCCURS = frozenset({"minOccurs", "maxOccurs", "id"})

ALLOWED: dict[str, frozenset[str]] = {
    "schema": frozenset(
        {
            "targetNamespace",
            "elementFormDefault",
            "attributeFormDefault",
            "blockDefault",
            "finalDefault",
            "version",
            "id",
        }
    ),
    "include": frozenset({"schemaLocation", "id"}),
    "import": frozenset({"namespace", "schemaLocation", "id"}),
    "element": OCCURS
    | {
        "name",
        "ref",
        "type",
        "default",
        "fixed",
        "form",
        "nillable",
        "abstract",
        "substitutionGroup",
        "block",
        "final",
    },
    "complexType": frozenset({"name", "abstract", "mixed", "block", "final", "id"}),
    "sequence": OCCURS,
    "choice": OCCURS,
    "all": OCCURS,
    "group": OCCURS | {"name", "ref"},
    "attributeGroup": frozenset({"name", "ref", "id"}),
    "any": OCCURS | {"namespace", "processContents"},
    "anyAttribute": frozenset({"namespace", "processContents", "id"}),
    **dict.fromkeys(("key", "unique"), frozenset({"name", "id"})),
    "keyref": frozenset({"name", "refer", "id"}),
    **dict.fromkeys(("selector", "field"), frozenset({"xpath", "id"})),
    "complexContent": frozenset({"mixed", "id"}),
    "simpleContent": frozenset({"id"}),
    "extension": frozenset({"base", "id"}),
    "attribute": frozenset({"name", "ref", "type", "use", "default", "fixed", "form", "id"}),
    "simpleType": frozenset({"name", "final", "id"}),
    "restriction": frozenset({"base", "id"}),
    "list": frozenset({"itemType", "id"}),
    "union": frozenset({"memberTypes", "id"}),
    **dict.fromkeys(FACETS, frozenset({"value", "fixed", "id"})),
    "enumeration": frozenset({"value", "id"}),
    "pattern": frozenset({"value", "id"}),
    "annotation": frozenset(),
    "documentation": frozenset({"source"}),
    "appinfo": frozenset({"source"}),
}
"""The elements of XML Schema, each with its attributes, that the later steps handle. All others are refused."""


@dataclass(frozen=True, slots=True)
class Note:
    """What the second pass knows about one node.

    Attributes:
        place: Where it stands.
        cim: The CIM term that it refers to.
        words: Its documentation.
        node: The node itself, in lxml's tree.
        document: The document that it stands in.
    """

    place: Place
    cim: str | None
    words: str | None
    node: Node
    document: Document

    def resolve(self, name: str) -> tuple[str, str]:
        """The namespace and the local name that a qualified name at this node means."""
        return self.document.means(self.node, name)


@dataclass(slots=True, eq=False)
class Document:
    """One schema document, as one namespace has it.

    Attributes:
        file: Its path in the folder of schemas.
        namespace: Its target namespace; empty for none.
        chameleon: Whether it has that namespace only from the document that includes it.
        root: lxml's tree.
        parsed: xsdata's.
        targets: The documents that its includes and imports lead to, by the node.
        opened: The references to elements in it that are validated as wildcards.
    """

    file: str
    namespace: str
    chameleon: bool
    root: Node
    parsed: xsd.Schema
    targets: dict[Node, Document] = field(default_factory=dict[Node, "Document"])
    opened: list[Node] = field(default_factory=list[Node])

    def place(self, node: Node) -> Place:
        """Where a node stands."""
        return Place(self.file, node.sourceline or 0)

    def means(self, node: Node, name: str) -> tuple[str, str]:
        """The namespace and the local name that a qualified name at a node means."""
        prefix, colon, local = name.strip().rpartition(":")
        namespace = {"xml": XML, **node.nsmap}.get(prefix if colon else None)
        if colon and namespace is None:
            return f"{prefix}:", local  # which nothing has
        return namespace or (self.namespace if self.chameleon else ""), local

    def qualified(self, kind: str) -> bool:
        """Whether local elements or attributes (``element``, ``attribute``) have the target namespace by default."""
        return self.root.get(f"{kind}FormDefault") == "qualified"

    @property
    def refers(self) -> bool:
        """Whether its types consist of parts that stand elsewhere in it."""
        parts = {f"{XS}group", f"{XS}complexContent"}
        return any(node.tag in parts or node.get("ref") for node in self.root.iter("*"))

    @property
    def identifies(self) -> bool:
        """Whether values in it have to be unique, or to refer to such: keys, and IDs."""
        return next(self.root.iter(f"{XS}key", f"{XS}unique", f"{XS}keyref"), None) is not None or any(
            self.means(node, name) in {(XS[1:-1], one) for one in ("ID", "IDREF", "IDREFS")}
            for node in self.root.iter(f"{XS}*")
            for attribute in ("type", "base", "itemType")
            for name in [node.get(attribute)]
            if name is not None
        )

    @property
    def blocks(self) -> bool:
        """Whether it says where derived types or other elements may not stand."""
        return bool(self.root.get("blockDefault")) or any(node.get("block") for node in self.root.iter("*"))

    def links(self, kind: str) -> Iterator[Node]:
        """Its includes, or its imports."""
        return self.root.iterchildren(f"{XS}{kind}")

    def notes(self) -> dict[int, Note]:
        """What the second pass knows of each of xsdata's nodes, by its identity."""
        nodes = list(self.root.iter("*"))
        found: dict[int, Note] = {}
        waiting: list[ElementBase] = [self.parsed]
        while waiting:
            one = waiting.pop()
            if 0 < one.index <= len(nodes):
                node = nodes[one.index - 1]
                term = node.get(MODEL_REFERENCE, "").rpartition("#")[2].strip() or None
                found[id(one)] = Note(self.place(node), term, _documentation(node), node, self)
            waiting += one.children()  # pyright: ignore[reportUnknownMemberType]  # xsdata's own
        return found


def load(folder: Path, file: str) -> list[Document]:
    """The documents of one profile: its own first, then what it includes and imports, in the order of their links.

    Raises:
        UnsupportedError: One uses something that the generator does not handle.
        GeneratorError: One is no schema, or not there.
    """
    return _Loader(folder.resolve()).load(file)


class _Loader:
    """Follows the links from one document."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.found: dict[tuple[str, str], Document] = {}
        self.broken: list[tuple[str, GeneratorError]] = []

    def load(self, file: str) -> list[Document]:
        """All that one document leads to."""
        root = _parse(self.folder / file, file)
        waiting = [self.document(file, root, root.get("targetNamespace", ""))]
        while waiting:
            waiting = [one for document in waiting for one in self.linked(document)]
        present = {document.namespace for document in self.found.values()}
        for namespace, error in self.broken:
            if namespace not in present:
                raise error
        return list(self.found.values())

    def document(self, file: str, root: Node, namespace: str, source: bytes | None = None) -> Document:
        """Take up a document."""
        parsed = _parsed(self.folder / file, file, source)
        document = Document(file, namespace, not root.get("targetNamespace") and bool(namespace), root, parsed)
        self.found[file, namespace] = document
        return document

    def linked(self, document: Document) -> Iterator[Document]:
        """The documents that one leads to and that were not known before."""
        for kind in ("include", "import"):
            for link in document.links(kind):
                place = document.place(link)
                namespace = document.namespace if kind == "include" else link.get("namespace", "")
                if namespace == XML:
                    document.targets[link] = self.found.get((XML_FILE, XML)) or self.document(
                        XML_FILE, _tree(XML_SCHEMA.encode(), XML_FILE), XML, XML_SCHEMA.encode()
                    )
                    continue
                try:
                    path = self.path(document, link)
                except GeneratorError as error:
                    if kind == "include":
                        raise
                    self.broken.append((namespace, error))  # another import may say where it is
                    continue
                if path is None:
                    continue
                file = path.relative_to(self.folder).as_posix()
                known = self.found.get((file, namespace))
                root = _parse(path, file) if known is None else known.root
                own = root.get("targetNamespace", "")
                if own != namespace and (own or kind == "import"):
                    raise GeneratorError(f"{place}: {file} is a schema of {own or 'no namespace'}, not of {namespace}")
                if known is None:
                    known = self.document(file, root, namespace)
                    yield known
                document.targets[link] = known

    def path(self, document: Document, link: Node) -> Path | None:
        """The file that a link leads to; None where it names none.

        Raises:
            GeneratorError: It is not there, or it is no file of the folder.
        """
        location = link.get("schemaLocation")
        if location is None:
            return None
        place = document.place(link)
        if ABSOLUTE.match(location):
            found = list(_copies(self.folder, link, document.namespace))  # of what the network has
            if len(found) == 1:
                return found[0]
            names = ", ".join(path.relative_to(self.folder).as_posix() for path in found)
            raise GeneratorError(
                f"{place}: {location} is not looked for: nothing is fetched from a network; "
                + (
                    f"there are several files of that namespace, {names}: name one by its relative path"
                    if found
                    else "put a copy into the folder"
                )
            )
        path = (self.folder / document.file).parent.joinpath(unquote(location)).resolve()
        if not path.is_relative_to(self.folder):
            raise GeneratorError(f"{place}: {location} lies outside the folder of schemas")
        if not path.is_file():
            raise GeneratorError(f"{place}: there is no file {location}")
        return path


ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:|/")
"""How an address begins that does not lead into the folder."""


def _copies(folder: Path, link: Node, own: str) -> Iterator[Path]:
    """The files of a folder that may be what a link to the network means: those of its namespace.

    If one of them has the name that the address ends with, it is meant. What is included, of which there may be many
    parts, must have it.
    """
    if not link.get("schemaLocation", "").lower().startswith(("http:", "https:")):
        return
    namespaces = {own, ""} if link.tag == f"{XS}include" else {link.get("namespace", "")}
    name = unquote(link.get("schemaLocation", "")).rstrip("/").rpartition("/")[2]
    known = [path.resolve() for path in sorted(folder.rglob("*.xsd")) if _declared(path) in namespaces]
    named = [path for path in known if path.name == name]
    yield from named[:1] or ([] if link.tag == f"{XS}include" else known)


def _declared(path: Path) -> str | None:
    """The target namespace of a schema document; None if it is none."""
    try:
        with path.open("rb") as file:
            _, root = next(etree.iterparse(file, events=("start",), resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, StopIteration):
        return None
    return str(root.get("targetNamespace", "")) if root.tag == f"{XS}schema" else None


def locations(path: Path, folder: Path) -> Iterator[Path]:
    """The files of a folder that a schema document names as included or imported, whether they are there or not."""
    try:
        root = etree.fromstring(path.read_bytes(), etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return  # which is said where it is read
    for link in root.iterchildren(f"{XS}include", f"{XS}import", f"{XS}redefine", f"{XS}override"):
        location = link.get("schemaLocation", "")
        if ABSOLUTE.match(location):
            yield from _copies(folder, link, root.get("targetNamespace", ""))
        else:
            yield path.parent.joinpath(unquote(location)).resolve()


# -- one document ------------------------------------------------------------------------------------------------------


def _parse(path: Path, file: str) -> Node:
    """The tree of a document in a file; refuses what is not handled."""
    return _tree(path.read_bytes(), file)


def _tree(source: bytes, file: str) -> Node:
    """The same of a document's text."""
    try:
        root = etree.fromstring(source, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise GeneratorError(f"{Place(file, error.lineno or 1)}: {error.msg}") from error
    if root.tag != f"{XS}schema":
        raise GeneratorError(f"{file}: the root is {root.tag!s}, not xs:schema")
    for node in root.iter("*"):
        _check(node, Place(file, node.sourceline or 0))
    return root


def _parsed(path: Path, file: str, source: bytes | None = None) -> xsd.Schema:
    """The tree that xsdata makes of a document, in a file or given."""
    source = path.read_bytes() if source is None else source
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", ConverterWarning)
            return SchemaParser(location=path.as_uri()).from_bytes(source, xsd.Schema)
    except Exception as error:  # xsdata takes a schema to be valid, and what it raises otherwise says little
        raise _invalid_alone(source, file) or GeneratorError(f"{file}: {error}") from error


def _check(node: Node, place: Place) -> None:
    """Refuse what is not handled."""
    tag = str(node.tag)
    if not tag.startswith(XS):
        return  # inside xs:appinfo or xs:documentation, where anything may stand
    name = tag.removeprefix(XS)
    if name not in ALLOWED:
        raise UnsupportedError(f"xs:{name}", place)
    for attribute, value in ((str(name), str(value)) for name, value in node.attrib.items()):
        if not attribute.startswith("{") and attribute not in ALLOWED[name]:
            raise UnsupportedError(f"{attribute}={value!r} on xs:{name}", place)


def _documentation(node: Node) -> str | None:
    """The text of a node's own ``xs:documentation``, white space folded."""
    texts = [" ".join("".join(words.itertext()).split()) for words in node.findall(f"{XS}annotation/{XS}documentation")]
    return " ".join(text for text in texts if text) or None


# -- all of them -------------------------------------------------------------------------------------------------------


def alias(name: str) -> str:
    """The name of the global element by which a local one is validated."""
    return f"{name}.item"


def assemble(
    documents: list[Document], stem: str, more: Mapping[str, Note] | None = None
) -> dict[str, tuple[Node, str]]:
    """The documents of a profile as files that lead to one another: ``stem.xsd``, and others in the folder ``stem``.

    Args:
        documents: The documents, the profile's own first.
        stem: The name of the first file.
        more: Local elements, by their names, to which to add a global one of the same type.

    Returns:
        The tree of each file, and the path of the document that it comes from.
    """
    main = documents[0]
    names = {id(one): f"{stem}/{one.file.replace('/', '.')}" for one in documents[1:]}
    names[id(main)] = f"{stem}.xsd"
    entries = _entries(documents)
    drivers = {namespace: f"{stem}/all-{number}.xsd" for number, namespace in enumerate(entries)}
    trees: dict[str, tuple[Node, str]] = {}
    for document in documents:
        name = names[id(document)]
        tree = deepcopy(document.root)
        nodes = list(tree.iter("*"))
        for node in document.opened:
            copied = nodes[list(document.root.iter("*")).index(node)]
            copied.tag = f"{XS}any"
            del copied.attrib["ref"]
            copied.set("namespace", "##other")
            copied.set("processContents", "skip")
        for local, note in (more or {}).items():
            if note.document is document:
                declared = deepcopy(nodes[list(document.root.iter("*")).index(note.node)])
                declared.tail = None
                for attribute in ("minOccurs", "maxOccurs", "form"):
                    declared.attrib.pop(attribute, None)
                declared.set("name", alias(local))
                tree.append(declared)
        for link, copy in zip(_links(document.root), _links(tree), strict=True):
            target = document.targets.get(link)
            namespace = str(link.get("namespace", ""))
            if target is document:  # which means nothing, and libxml2 refuses it
                tree.remove(copy)
                continue
            if link.tag == f"{XS}import":
                several = entries.get(namespace, [])
                target = several[0] if len(several) == 1 else None
                location = names[id(target)] if target is not None else drivers[namespace] if several else None
                if namespace == main.namespace:
                    location = names[id(main)]
            else:
                location = names[id(target)] if target is not None else None
            copy.attrib.pop("schemaLocation", None)
            if location is not None:
                copy.set("schemaLocation", location if document is main else f"../{location}")
        trees[name] = tree, document.file
    for namespace, several in entries.items():
        links = "".join(f'<xs:include schemaLocation="../{names[id(one)]}"/>' for one in several)
        if namespace == main.namespace:
            for one in several:
                link = etree.Element(f"{XS}include", schemaLocation=names[id(one)])
                trees[names[id(main)]][0].insert(0, link)
        elif len(several) > 1:
            target_namespace = f' targetNamespace="{namespace}"' if namespace else ""
            driver = etree.fromstring(f'<xs:schema xmlns:xs="{XS[1:-1]}"{target_namespace}>{links}</xs:schema>')
            trees[drivers[namespace]] = driver, main.file
    return trees


def _links(root: Node) -> list[Node]:
    return [*root.iterchildren(f"{XS}include", f"{XS}import")]


def _entries(documents: list[Document]) -> dict[str, list[Document]]:
    """For each namespace, the documents that an import has to lead to, so that all that is known of it is found."""
    included: set[int] = set()

    def follow(document: Document) -> None:
        for link, target in document.targets.items():
            if link.tag == f"{XS}include" and id(target) not in included and target is not documents[0]:
                included.add(id(target))
                follow(target)

    entries: dict[str, list[Document]] = {}
    follow(documents[0])
    for document in documents[1:]:
        if id(document) not in included:
            included.add(id(document))
            follow(document)
            entries.setdefault(document.namespace, []).append(document)
    return entries


class _Files(etree.Resolver):
    """Gives libxml2 the files of a set, and nothing else."""

    def __init__(self, texts: dict[str, bytes]) -> None:
        self.texts = texts

    def resolve(self, system_url: str | None, public_id: str | None, context: Any) -> Any:
        """The text of one file."""
        text = self.texts.get((system_url or "").removeprefix("set:/"), b"")
        return self.resolve_string(text, context, base_url=system_url)


def check(documents: list[Document]) -> GeneratorError | None:
    """What libxml2 has against the schemas of a profile."""
    trees = assemble(documents, "main")
    texts = {name: etree.tostring(tree) for name, (tree, _) in trees.items()}
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    parser.resolvers.add(_Files(texts))
    try:
        etree.XMLSchema(etree.fromstring(texts["main.xsd"], parser, base_url="set:/main.xsd"))
    except etree.XMLSchemaParseError as error:
        first = error.error_log[0]
        _, file = trees.get(str(first.filename).removeprefix("set:/"), (None, documents[0].file))
        return GeneratorError(f"{Place(file, first.line)}: {first.message}")
    return None


def _invalid_alone(source: bytes, file: str) -> GeneratorError | None:
    """What libxml2 has against a document that xsdata cannot read."""
    root = etree.fromstring(source, etree.XMLParser(resolve_entities=False, no_network=True))
    for link in _links(root):
        root.remove(link)
    try:
        etree.XMLSchema(root)
    except etree.XMLSchemaParseError as error:
        first = error.error_log[0]
        return GeneratorError(f"{Place(file, first.line)}: {first.message}")
    return None
