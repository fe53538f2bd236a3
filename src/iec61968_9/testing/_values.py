"""Strategies for single values: texts, times, numbers, names, foreign elements. All are legal, many are awkward."""

from __future__ import annotations

import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from hypothesis import strategies as st

from iec61968_9.xml.document import admitted, local_name, namespace_of
from iec61968_9.xml.lexical import PreciseDateTime, PreciseTime, ZonedDate
from iec61968_9.xml.record import NIL, ForeignElement, Nil, QName, Reference

__all__ = ["anything", "foreign_elements", "other_attributes", "qnames", "texts", "values", "zones"]

_CHARACTERS = st.characters(
    exclude_categories=["Cs"],
    exclude_characters=[chr(code) for code in range(32) if chr(code) not in "\t\n\r"] + ["\ufffe", "\uffff"],
)
_AWKWARD = (
    "",
    " ",
    "\r",
    "\n",
    " lead and trail\t",
    "a\r\nb",
    "]]>",
    "<a>&amp;</a>",
    "<!-- no -->",
    "\"'",
    "\x7f\x85\u2028",
    "\ufeffmark",
    "\U0001f50c \U0010ffff",
    "e\u0301 \u05d0",
    "0",
    "NaN",
    "2026-03-02T08:00:00Z",
    "0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0",
)

_MINUTES = 14 * 60
_ZONES = st.one_of(
    st.just(datetime.UTC),
    st.integers(-_MINUTES, _MINUTES).map(
        lambda minutes: datetime.timezone(datetime.timedelta(minutes=minutes)) if minutes else datetime.UTC
    ),
)
_FINER = st.from_regex(r"[0-9]{0,5}[1-9]", fullmatch=True)


def texts() -> st.SearchStrategy[str]:
    """Texts that XML can hold."""
    return _TEXTS


_TEXTS = st.one_of(st.sampled_from(_AWKWARD), st.text(_CHARACTERS, max_size=12))


def zones() -> st.SearchStrategy[datetime.timezone]:
    """The zones that XML Schema can write."""
    return _ZONES


def _date_times() -> st.SearchStrategy[datetime.datetime]:
    plain = st.datetimes(timezones=st.none() | _ZONES)
    return st.one_of(plain, plain.map(lambda value: value.replace(microsecond=0)), _precise_date_times(plain))


def _precise_date_times(plain: st.SearchStrategy[datetime.datetime]) -> st.SearchStrategy[datetime.datetime]:
    return st.builds(PreciseDateTime.of, plain, _FINER)


def _times() -> st.SearchStrategy[datetime.time]:
    plain = st.times(timezones=st.none() | _ZONES)
    return st.one_of(
        plain, plain.map(lambda value: value.replace(microsecond=0)), st.builds(PreciseTime.of, plain, _FINER)
    )


def _dates() -> st.SearchStrategy[datetime.date]:
    return st.one_of(st.dates(), st.builds(ZonedDate.of, st.dates(), _ZONES))


def _integers() -> st.SearchStrategy[int]:
    return st.one_of(st.integers(-1000, 1000), st.integers(), st.sampled_from((2**63, -(2**64), 10**40)))


def _decimals() -> st.SearchStrategy[Decimal]:
    awkward = ("0", "-0", "0.000", "1E+20", "1E-30", "-12345678901234567890.123456789012345678901234567890", "230.50")
    return st.one_of(
        st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9),
        st.sampled_from([Decimal(text) for text in awkward]),
    )


def qnames() -> st.SearchStrategy[QName]:
    """Qualified names, with and without a namespace."""
    local = st.from_regex(r"[A-Za-z_é日][A-Za-z0-9_.é日-]{0,8}", fullmatch=True)
    return st.builds(QName, st.none() | st.sampled_from(_NAMESPACES), local)


_NAMESPACES = (
    "urn:example:vendor",
    "http://example.org/extensions?version=1&kind=a",
    "urn:example:gr%C3%B6sse",
    "http://iec.ch/TC57/2011/Unknown#",
)


def foreign_elements(allowed: str, own: str) -> st.SearchStrategy[ForeignElement]:
    """Elements of namespaces that a wildcard lets in."""
    if allowed == "##any":
        namespaces = ["", *_NAMESPACES]
    elif allowed == "##other":
        namespaces = [one for one in _NAMESPACES if one != own]
    else:
        names = {"##targetNamespace": own, "##local": ""}
        namespaces = [names.get(one, one) for one in allowed.split()]
    return st.sampled_from(namespaces).flatmap(_foreign_in)


def other_attributes(allowed: str, own: str, taken: tuple[str, ...]) -> st.SearchStrategy[dict[str, str]]:
    """Attributes that a wildcard lets in."""
    names = [*(f"{{{one}}}note" for one in (*_NAMESPACES, own)), "note", *(f"{{{one}}}größe" for one in _NAMESPACES)]
    names = [name for name in names if admitted(name, allowed, own) and name not in taken]
    return st.dictionaries(st.sampled_from(names), _TEXTS, max_size=2) if names else st.just({})


def anything(tag: str) -> st.SearchStrategy[ForeignElement]:
    """Elements of a qualified name with whatever may stand in them."""
    return _foreign_in(namespace_of(tag), st.just(local_name(tag)))


def _foreign_in(namespace: str, local: st.SearchStrategy[str] | None = None) -> st.SearchStrategy[ForeignElement]:
    name = _LOCAL if local is None else local
    return st.builds(_element, st.just(namespace), name, _ATTRIBUTES, _TEXTS, _CHILDREN).map(ForeignElement)


_LOCAL = st.sampled_from(("Note", "item", "größe", "_x.y-1", "MeterReading"))
_ATTRIBUTES = st.dictionaries(st.tuples(st.sampled_from(("", *_NAMESPACES)), _LOCAL), _TEXTS, max_size=2)


def _element(
    namespace: str, local: str, attributes: dict[tuple[str, str], str], text: str, children: list[tuple[str, str]]
) -> str:
    """An element as text, with all declarations that it needs: ``children`` are elements and the texts behind them."""
    prefixes = {"": "", namespace: "e:" if namespace else ""}
    for used, _ in attributes:
        prefixes.setdefault(used, f"a{len(prefixes)}:")
    start = f"{prefixes[namespace]}{local}" + ("" if namespace else ' xmlns=""')
    for used, prefix in prefixes.items():
        if used:
            start += f' xmlns:{prefix[:-1]}="{_escaped(used)}"'
    for (used, name), value in attributes.items():
        start += f' {prefixes[used]}{name}="{_escaped(value)}"'
    content = _escaped(text) + "".join(child + _escaped(tail) for child, tail in children)
    return f"<{start}>{content}</{prefixes[namespace]}{local}>"


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)


_ESCAPES = {ord(character): f"&#{ord(character)};" for character in '&<>"\r\n\t'}


def _branches(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    element = st.builds(_element, st.sampled_from(("", *_NAMESPACES)), _LOCAL, _ATTRIBUTES, _TEXTS, inner)
    return st.lists(st.tuples(element, _TEXTS), max_size=2)


_CHILDREN: st.SearchStrategy[Any] = st.recursive(st.lists(st.nothing()), _branches, max_leaves=3)


def values(kind: Any, *, nan: bool) -> st.SearchStrategy[Any]:
    """Values of a type that is no generated class with members.

    Raises:
        TypeError: No member has such a type.
    """
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return st.sampled_from(kind)
    if isinstance(kind, type) and issubclass(kind, Reference):
        return st.builds(kind, ref=st.none() | _TEXTS)
    if kind is float:
        return st.floats(allow_nan=nan)
    if kind not in _PLAIN:
        raise TypeError(f"{kind!r} is no type of a generated class's member")
    return _PLAIN[kind]


_PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    bool: st.booleans(),
    int: _integers(),
    str: texts(),
    Decimal: _decimals(),
    datetime.date: _dates(),
    datetime.datetime: _date_times(),
    datetime.time: _times(),
    QName: qnames(),
    ForeignElement: foreign_elements("##any", ""),
    Nil: st.just(NIL),
}
