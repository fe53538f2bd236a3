"""What partners spell differently: namespaces on reading and writing, a prefix on writing.

A ``Dialect`` is a value that a caller passes along; nothing global changes. Reading puts the elements of a known alias
into the standard's namespace before anything else looks at them; writing does the reverse as its last step.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

__all__ = ["DEFAULT_DIALECT", "Dialect"]


_PREFIX = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*").fullmatch


def _www() -> Mapping[str, str]:
    return MappingProxyType({"http://www.iec.ch/TC57/*": "http://iec.ch/TC57/*"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How a partner's messages depart from the standard in namespaces and prefixes.

    Attributes:
        payload: One namespace in which the partner puts all payloads and queries, or None for the standard's. It is
            read beside the standard's and written instead of them; the root's name decides which profile it is.
        envelope: The same for the envelope.
        prefix: The prefix with which payloads and queries are written (``m``), or an empty string for none.
        aliases: Further namespaces that are read: each with the standard's that it means. Both may end in ``*``, which
            stands for the same rest on both sides. The default knows the ``www.iec.ch`` spelling.

    Raises:
        ValueError: The prefix is none.
    """

    payload: str | None = None
    envelope: str | None = None
    prefix: str = ""
    aliases: Mapping[str, str] = field(default_factory=_www)

    def __post_init__(self) -> None:
        if self.prefix and (not _PREFIX(self.prefix) or self.prefix.lower().startswith("xml")):
            raise ValueError(f"{self.prefix!r} is no prefix that a namespace may have")
        object.__setattr__(self, "aliases", MappingProxyType(dict(self.aliases)))

    def __reduce__(self) -> tuple[object, ...]:
        return _restored, (self.payload, self.envelope, self.prefix, dict(self.aliases))

    def standard(self, namespace: str) -> str:
        """The standard's namespace that one of ``aliases`` means; any other as it is."""
        exact = self.aliases.get(namespace)
        if exact is not None:
            return exact
        for alias, meant in self.aliases.items():
            if alias.endswith("*") and namespace.startswith(alias[:-1]):
                return meant.removesuffix("*") + namespace[len(alias) - 1 :]
        return namespace


def _restored(payload: str | None, envelope: str | None, prefix: str, aliases: dict[str, str]) -> Dialect:
    return Dialect(payload=payload, envelope=envelope, prefix=prefix, aliases=aliases)


DEFAULT_DIALECT = Dialect()
