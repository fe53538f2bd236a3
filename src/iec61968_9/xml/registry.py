"""Which profiles there are, and which codec reads what: generated packages by the qualified names of their roots.

A package's index is small and says where everything stands; classes and codecs are imported when they are first needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import cast

from iec61968_9.xml.codec import Binding, Codec, Element, Profile
from iec61968_9.xml.dialect import Dialect
from iec61968_9.xml.document import local_name, move, namespace_of

__all__ = ["Registered", "Registry"]


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


@dataclass(slots=True)
class Registry:
    """All profiles that the verbs know, and the elements and attributes whose values are secret."""

    by_tag: dict[str, Registered] = field(default_factory=dict[str, Registered])
    by_root: dict[str, list[Registered]] = field(default_factory=dict[str, list[Registered]])
    by_module: dict[str, Registered] = field(default_factory=dict[str, Registered])
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

    def find(self, tag: str, dialect: Dialect) -> Registered | None:
        """The profile whose root has a tag, in its own namespace or in an alias of it."""
        known = self.by_tag.get(tag)
        if known is not None:
            return known
        namespace, name = namespace_of(tag), local_name(tag)
        found = [
            one
            for one in self.by_root.get(name, ())
            if dialect.standard(namespace) == one.profile.namespace
            or namespace == (dialect.envelope if one.profile.role == "envelope" else dialect.payload)
        ]
        return found[0] if len(found) == 1 else None

    def standardise(self, element: Element, dialect: Dialect) -> Registered | None:
        """The profile whose root an element is. One in an alias of its namespace is put into the namespace itself."""
        tag = str(element.tag)
        found = self.find(tag, dialect)
        if found is not None:
            move(element, namespace_of(tag), found.profile.namespace)
        return found

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
            raise TypeError(f"{kind.__name__} is no item of any payload")
        return found
