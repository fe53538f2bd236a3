"""Which profiles there are, and which codec reads what: generated packages by the qualified names of their roots.

A package's index is small and says where everything stands; classes and codecs are imported when they are first needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import cast

from iec61968_9.xml.codec import Binding, Codec, Element, Profile
from iec61968_9.xml.dialect import OTHER_EDITIONS, Dialect, standard
from iec61968_9.xml.document import local_name, move, namespace_of

__all__ = ["CARRIERS", "Registered", "Registry", "Types"]

_TYPE_NAME = re.compile(r"<(?:[\w.-]+:)?(?:complex|simple)Type\b[^>]*?\sname=[\"']([^\"']+)")

CARRIERS = frozenset({"Operation", "Payload", "Request"})
"""Elements of an envelope that carry payloads and queries."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A profile of a package."""

    package: str
    profile: Profile

    @property
    def codec(self) -> Codec:
        """Its codec, imported."""
        return cast("Codec", import_module(f"{self.package}._codecs.{self.profile.module}").CODEC)

    def tag(self, root: str) -> str:
        """The qualified name of one of its roots."""
        return f"{{{self.profile.namespace}}}{root}" if self.profile.namespace else root


@dataclass(frozen=True, slots=True)
class Types:
    """The types that a package's schemas declare, looked for when they are asked for."""

    package: str

    def __contains__(self, name: object) -> bool:
        return name in _declared(self.package)


@cache
def _declared(package: str) -> frozenset[str]:
    """The names of the types in a package's schemas."""
    from importlib.resources import files  # dear, and not needed but for a type in another namespace

    found: set[str] = set()
    folders = [files(f"{package}._schemas")]
    while folders:
        for one in folders.pop().iterdir():
            if one.is_dir():
                folders.append(one)
            elif one.name.endswith(".xsd"):
                found.update(_TYPE_NAME.findall(one.read_bytes().decode("utf-8", "replace")))
    return frozenset(found)


@dataclass(slots=True)
class Registry:
    """All profiles that the verbs know, and the elements and attributes whose values are secret."""

    by_tag: dict[str, Registered] = field(default_factory=dict[str, Registered])
    by_root: dict[str, list[Registered]] = field(default_factory=dict[str, list[Registered]])
    by_module: dict[str, Registered] = field(default_factory=dict[str, Registered])
    namespaces: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    """The profiles' namespaces, each with the roles of those that have it."""
    secrets: set[str] = field(default_factory=set[str])

    def add(self, package: str, profiles: Iterable[Profile], *, replace: bool = False) -> None:
        """Make a generated package's profiles known.

        Raises:
            ValueError: A root is already known from another package, and ``replace`` was not asked for.
        """
        new = [Registered(package, profile) for profile in profiles]
        for registered in new:
            for root in registered.profile.roots:
                known = self.by_tag.get(registered.tag(root))
                if known is not None and known.package != package and not replace:
                    raise ValueError(
                        f"{registered.tag(root)} is known from {known.package}, and {package} has it too; "
                        "pass replace=True to have the latter's"
                    )
        for registered in new:
            self.secrets.update(registered.profile.secrets)
            self.by_module[f"{package}.profiles.{registered.profile.module}"] = registered
            self.namespaces.setdefault(registered.profile.namespace, set()).add(registered.profile.role)
            for root in registered.profile.roots:
                known = self.by_tag.get(registered.tag(root))
                self.by_tag[registered.tag(root)] = registered
                others = self.by_root.setdefault(root, [])
                if known in others:
                    others.remove(known)
                others.append(registered)

    def __iter__(self) -> Iterator[Registered]:
        return iter(dict.fromkeys(self.by_tag.values()))

    def of_noun(self, noun: str) -> Registered | None:
        """The payload profile that a header's noun names."""
        return next((one for one in self if one.profile.noun == noun and one.profile.role == "payload"), None)

    def binding(self, kind: type) -> tuple[Registered, str, Binding] | None:
        """The profile, root element and binding of a root class or of a subclass of one."""
        for base in kind.__mro__:
            registered = self.by_module.get(base.__module__)
            if registered is not None:
                for root, binding in registered.codec.roots.items():
                    if binding.kind is base:
                        return registered, root, binding
        return None

    def find(self, tag: str, dialect: Dialect, *, lenient: bool = False) -> Registered | None:
        """The profile whose root has a tag, in its own namespace or in an alias of it.

        Args:
            tag: The root's qualified name.
            dialect: The partner's namespaces.
            lenient: Whether the namespaces of other editions are known as well, and the root's name decides where it
                stands in no namespace or in that of another profile.
        """
        known = self.by_tag.get(tag)
        if known is not None:
            return known
        namespace, name = namespace_of(tag), local_name(tag)
        meant = dialect.standard(namespace)
        found = [
            one
            for one in self.by_root.get(name, ())
            if meant == one.profile.namespace or namespace == dialect.own(name, envelope=one.profile.role == "envelope")
        ]
        if not found and lenient:
            meant = standard(namespace, OTHER_EDITIONS)
            others = self.by_root.get(name, ())
            found = [one for one in others if meant == one.profile.namespace or self.is_misplaced(meant, one.profile)]
        return found[0] if len(found) == 1 else None

    def is_misplaced(self, namespace: str, profile: Profile) -> bool:
        """Whether a profile's root, found in a namespace that is not its own, can be meant all the same."""
        return not namespace or (namespace in self.namespaces and profile.role != "envelope")

    def is_envelope(self, namespace: str) -> bool:
        """Whether a namespace is an envelope's."""
        return "envelope" in self.namespaces.get(namespace, ())

    def standardise(self, element: Element, dialect: Dialect, *, lenient: bool = False) -> Registered | None:
        """The profile whose root an element is. One in an alias of its namespace is put into the namespace itself."""
        tag = str(element.tag)
        found = self.find(tag, dialect, lenient=lenient)
        if found is not None:
            namespace, own = namespace_of(tag), found.profile.namespace
            move(element, namespace, own, Types(found.package) if lenient else None)
            if found.profile.role == "envelope" and namespace != own and dialect.payload == namespace:
                self._part(element, own)
        return found

    def _part(self, envelope: Element, namespace: str) -> None:
        """Put the payloads and queries of an envelope that shares its namespace with them into their own."""
        for element in list(envelope.iter(f"{{{namespace}}}*")):
            parent = element.getparent()
            known = self.by_root.get(local_name(element.tag), ())
            payloads = [one for one in known if one.profile.role != "envelope"]
            if parent is not None and local_name(parent.tag) in CARRIERS and len(payloads) == 1:
                move(element, namespace, payloads[0].profile.namespace)

    def _items_instead(self, kind: type) -> str:
        """What may be asked for instead of a class that is no item: what repeats in the payload of its module."""
        registered = self.by_module.get(kind.__module__)
        items = sorted({item.kind.__name__ for item in registered.codec.items.values()}) if registered else []
        if not items:
            return ": an item is a class that repeats right under a payload's root, such as MeterReading"
        return f"; those of {registered.profile.noun} are {', '.join(items)}" if registered else ""

    def item_names(self, kind: type) -> set[str]:
        """The element names under which a class can be streamed.

        Raises:
            TypeError: It is no item of any payload.
        """
        found = {
            name
            for one in self
            if kind.__name__ in one.profile.items
            for name in one.profile.items
            if one.codec.items[name].kind is kind
        }
        found = found or {name for one in self for name in one.profile.items if one.codec.items[name].kind is kind}
        if not found:
            raise TypeError(f"{kind.__name__} is no item of any payload{self._items_instead(kind)}")
        return found
