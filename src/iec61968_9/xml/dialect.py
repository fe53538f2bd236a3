"""What partners spell differently: namespaces on reading and writing, a prefix on writing.

A ``Dialect`` is a value that a caller passes along; nothing global changes. Reading puts the elements of a known alias
into the standard's namespace before anything else looks at them; writing does the reverse as its last step.

The standard's namespaces say an edition (``2011``) and were printed with two hosts. ``WWW`` is the other host, which
every dialect knows that says nothing else; ``OTHER_EDITIONS`` are the years of the drafts and later editions, whose
elements may differ: lenient reading knows them and reports them, strict reading does only where a dialect says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar

__all__ = ["DEFAULT_DIALECT", "EDITIONS", "OTHER_EDITIONS", "WWW", "Dialect"]

_PREFIX = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*").fullmatch

WWW: Mapping[str, str] = MappingProxyType({"http://www.iec.ch/TC57/*": "http://iec.ch/TC57/*"})
"""The spelling of the host that published examples have."""

EDITIONS = ("2008", "2009", "2010", "2015", "2016", "2017", "2021")
"""The years of other editions and drafts that stand in real messages in place of 2011."""

OTHER_EDITIONS: Mapping[str, str] = MappingProxyType(
    {
        **{
            f"http://{host}iec.ch/TC57/{year}/*": "http://iec.ch/TC57/2011/*"
            for host in ("", "www.")
            for year in EDITIONS
        },
        **WWW,
    }
)
"""Both hosts, and the years of other editions: ``Dialect(aliases=OTHER_EDITIONS)`` reads them in strict mode, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How a partner's messages depart from the standard in namespaces and prefixes.

    Attributes:
        payload: The namespace in which the partner puts payloads and queries, or None for the standard's. It is read
            beside the standard's and written instead of them; the root's name decides which profile it is. One
            namespace for all, or a pattern in which ``*`` stands for the root's name
            (``http://www.iec.ch/TC57/2011/*#``); an empty text is no namespace at all.
        envelope: The same for the envelope, without a pattern.
        prefix: The prefix with which payloads and queries are written (``m``), or an empty string for none.
        aliases: Further namespaces that are read: each with the standard's that it means. Both may end in ``*``, which
            stands for the same rest on both sides. The default is ``WWW``.

    Raises:
        ValueError: The prefix is none, or would stand for no namespace.
    """

    payload: str | None = None
    envelope: str | None = None
    prefix: str = ""
    aliases: Mapping[str, str] = field(default_factory=lambda: WWW)

    WWW: ClassVar[Mapping[str, str]] = WWW
    """The default of ``aliases``: the ``www.iec.ch`` spelling."""

    OTHER_EDITIONS: ClassVar[Mapping[str, str]] = OTHER_EDITIONS
    """Both hosts, and the years of other editions and drafts."""

    def __post_init__(self) -> None:
        if self.prefix and (not _PREFIX(self.prefix) or self.prefix.lower().startswith(("xml", "xsi"))):
            raise ValueError(f"{self.prefix!r} is no prefix that a namespace may have")
        if self.prefix and self.payload == "":
            raise ValueError(f"the prefix {self.prefix!r} cannot stand for no namespace")
        object.__setattr__(self, "aliases", MappingProxyType(dict(self.aliases)))

    def __reduce__(self) -> tuple[object, ...]:
        return _restored, (self.payload, self.envelope, self.prefix, dict(self.aliases))

    def standard(self, namespace: str) -> str:
        """The standard's namespace that one of ``aliases`` means; any other as it is."""
        return standard(namespace, self.aliases)

    def own(self, root: str, *, envelope: bool) -> str | None:
        """The namespace in which the partner puts a root element, or None for the standard's."""
        if envelope or self.payload is None:
            return self.envelope if envelope else None
        return self.payload.replace("*", root)


def standard(namespace: str, aliases: Mapping[str, str]) -> str:
    """The namespace that one of some aliases means; any other as it is."""
    exact = aliases.get(namespace)
    if exact is not None:
        return exact
    for alias, meant in aliases.items():
        if alias.endswith("*") and namespace.startswith(alias[:-1]):
            return meant.removesuffix("*") + namespace[len(alias) - 1 :]
    return namespace


def _restored(payload: str | None, envelope: str | None, prefix: str, aliases: dict[str, str]) -> Dialect:
    return Dialect(payload=payload, envelope=envelope, prefix=prefix, aliases=aliases)


DEFAULT_DIALECT = Dialect()
