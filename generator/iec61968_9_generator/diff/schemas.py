"""A set of schemas as declarations by name, from files or folders, with what they include and import.

Nothing is refused because the generator could not make code of it; only what leaves the meaning of the set open is an
error: a name that nothing declares, one that two files declare differently, ``xs:redefine``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from lxml import etree

from iec61968_9_generator.errors import GeneratorError, Place, UnsupportedError

__all__ = ["XS", "Node", "Schemas", "local", "paired"]

Node: TypeAlias = etree._Element  # pyright: ignore[reportPrivateUsage]  # lxml's element class

XSD = "http://www.w3.org/2001/XMLSchema"
XS = f"{{{XSD}}}"
COMPONENTS = frozenset({"element", "attribute", "complexType", "simpleType", "group", "attributeGroup"})
SPACES = {"complexType": "type", "simpleType": "type"}
"""Kinds of components that share their names."""
SILENT = frozenset({"annotation", "documentation", "appinfo"})


def local(node: Node) -> str:
    """A node's name in XML Schema."""
    return str(node.tag).rpartition("}")[2]


class Schemas:
    """The declarations of some files.

    Attributes:
        documents: The root of each file with the namespace that its declarations are in; a file without a namespace
            that several include is there for each.
    """

    def __init__(self, path: Path, rename: Mapping[str, str] | None = None) -> None:
        """Read a file, or all ``.xsd`` files of a folder and of the folders in it.

        Args:
            path: The file or folder.
            rename: Namespaces to be called by others.

        Raises:
            GeneratorError: A file cannot be read, or the set contradicts itself.
        """
        self.documents: dict[Node, str] = {}
        self._files: dict[Node, str] = {}
        self._rename = dict(rename or {})
        self._read: set[tuple[Path, str]] = set()
        self._components: dict[tuple[str, str], Node] = {}
        self._base = path if path.is_dir() else path.parent
        if not path.exists():
            raise GeneratorError(f"{path}: there is no such file or folder")
        files = sorted(path.rglob("*.xsd")) if path.is_dir() else [path]
        if not files:
            raise GeneratorError(f"{path}: there are no schemas")
        roots = {file.resolve(): self._parse(file) for file in files}
        included = {
            (file.parent / node.get("schemaLocation", "")).resolve()
            for file, root in roots.items()
            for node in root.iterchildren(f"{XS}include")
        }
        for file, root in roots.items():
            if root.get("targetNamespace") or file not in included:
                self._add(file, root, root.get("targetNamespace", ""))
        for root in self.documents:
            for node in root.iterchildren("*"):
                self._declare(root, node)

    def _parse(self, file: Path) -> Node:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
        try:
            root = etree.parse(str(file), parser).getroot()
        except (etree.XMLSyntaxError, OSError) as error:
            raise GeneratorError(f"{file}: {error}") from None
        if root.tag != f"{XS}schema":
            raise GeneratorError(f"{file}: this is no XML schema")
        return root

    def _add(self, file: Path, root: Node, namespace: str) -> None:
        """Take a file in, and what it includes and imports beside it."""
        if (file, namespace) in self._read:
            return
        self._read.add((file, namespace))
        if root in self.documents:
            root = self._parse(file)
        self.documents[root] = namespace
        self._files[root] = self._named(file)
        for node in root.iterchildren(f"{XS}redefine"):
            raise UnsupportedError("xs:redefine", self.place(node), "what it changes cannot be compared")
        for node in root.iterchildren(f"{XS}include", f"{XS}import"):
            location = node.get("schemaLocation")
            other = (file.parent / location).resolve() if location and "://" not in location else None
            if other is None or not other.is_file():
                if local(node) == "include":
                    raise GeneratorError(f"{self.place(node)}: {location} is not there")
                continue  # what it was to declare may come from another file; what does not is missed where it is used
            part = self._parse(other)
            own = part.get("targetNamespace", "")
            self._add(other, part, own or (namespace if local(node) == "include" else ""))

    def _named(self, file: Path) -> str:
        base = self._base.resolve()
        return file.resolve().relative_to(base).as_posix() if file.resolve().is_relative_to(base) else file.name

    def _declare(self, root: Node, node: Node) -> None:
        kind, name = local(node), node.get("name")
        if kind not in COMPONENTS or name is None:
            return
        key = SPACES.get(kind, kind), self.tag_in(self.documents[root], name)
        known = self._components.get(key)
        if known is not None and _text(known) != _text(node):
            raise GeneratorError(f"{self.place(node)}: {name} is declared otherwise in {self.place(known)}")
        self._components.setdefault(key, node)

    # -- finding -------------------------------------------------------------------------------------------------

    def place(self, node: Node) -> Place:
        """Where a node stands."""
        return Place(self._files.get(node.getroottree().getroot(), "?"), node.sourceline or 0)

    def namespace(self, node: Node) -> str:
        """The namespace that a node's file declares, as it was called before ``rename``."""
        return self.documents[node.getroottree().getroot()]

    def renamed(self, namespace: str) -> str:
        """A namespace by the name that it is compared under."""
        return self._rename.get(namespace, namespace)

    def tag_in(self, namespace: str, name: str) -> str:
        """A qualified name, in the namespace that it is compared under."""
        namespace = self.renamed(namespace)
        return f"{{{namespace}}}{name}" if namespace else name

    def tag(self, node: Node, kind: str) -> str:
        """The qualified name of a declared element or attribute (``kind``), global or local."""
        parent = node.getparent()
        root = node.getroottree().getroot()
        form = node.get("form") or root.get(f"{kind}FormDefault")
        qualified = parent is root or form == "qualified"
        return self.tag_in(self.documents[root] if qualified else "", node.get("name", ""))

    def all_of(self, kind: str) -> Iterator[tuple[str, Node]]:
        """The components of a kind, with their qualified names."""
        return ((tag, node) for (own, tag), node in self._components.items() if own == kind)

    def is_built_in(self, node: Node, name: str) -> bool:
        """Whether a name at a node is one of XML Schema's own types."""
        return node.nsmap.get(name.strip().rpartition(":")[0] or None) == XSD and XSD not in self.documents.values()

    def find(self, kind: str, node: Node, name: str) -> Node:
        """The component that a name at a node means.

        Raises:
            GeneratorError: Nothing declares it.
        """
        prefix, _, own = name.strip().rpartition(":")
        namespace = node.nsmap.get(prefix or None)
        if namespace is None and not prefix:
            root = node.getroottree().getroot()
            namespace = self.documents[root] if not root.get("targetNamespace") else ""
        found = None if namespace is None else self._components.get((kind, self.tag_in(namespace, own)))
        if found is None:
            raise GeneratorError(f"{self.place(node)}: {name} is declared in none of the schemas")
        return found


def _text(node: Node) -> bytes:
    """A component without what it says to people."""
    text = etree.tostring(node, method="c14n", exclusive=True, with_comments=False)
    copy = etree.fromstring(text)
    for silent in list(copy.iter(*(f"{XS}{name}" for name in SILENT))):
        parent = silent.getparent()
        if parent is not None:
            parent.remove(silent)
    for one in copy.iter("*"):
        one.text = one.tail = None
    return etree.tostring(copy, method="c14n")


def paired(old: Schemas, new: Schemas) -> dict[str, str]:
    """The namespaces of the old set that are called otherwise in the new one.

    Those that both have are the same. Of the others, two belong together if they differ only in a year, in ``www.`` or
    in their spelling; then those with the most global elements in common.
    """
    before, after = set(old.documents.values()), set(new.documents.values())
    gone, come = sorted(before - after), sorted(after - before)
    found: dict[str, str] = {}
    for one in list(gone):
        same = [other for other in come if _bare(other) == _bare(one)]
        if len(same) == 1:
            found[one] = same[0]
            gone.remove(one)
            come.remove(same[0])
    roots = {side: _roots(side) for side in (old, new)}
    while True:
        shared = [
            (len(roots[old].get(one, set()) & roots[new].get(other, set())), one, other)
            for one in gone
            for other in come
        ]
        count, one, other = max(shared, default=(0, "", ""))
        if count == 0:
            return found
        found[one] = other
        gone.remove(one)
        come.remove(other)


def _roots(schemas: Schemas) -> dict[str, set[str]]:
    """The global elements by namespace."""
    found: dict[str, set[str]] = {}
    for tag, node in schemas.all_of("element"):
        found.setdefault(schemas.namespace(node), set()).add(tag.rpartition("}")[2])
    return found


def _bare(namespace: str) -> str:
    """A namespace without what editions and spellings change."""
    steps = namespace.lower().partition("://")[2].removeprefix("www.").rstrip("#/").split("/")
    return "/".join(step for step in steps if not (len(step) == 4 and step.isdigit())) or namespace
