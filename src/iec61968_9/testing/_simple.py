"""Strategies for values of simple types with rules of their own: facets held, lists and unions included.

Values are built so that most of them hold all facets, near the bounds on purpose; each is then looked at by the type
itself, which is what a codec writes it with.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar

from hypothesis import reject
from hypothesis import strategies as st

from iec61968_9.testing._patterns import matching
from iec61968_9.testing._values import texts, values, zones
from iec61968_9.xml.builtin import BY_NAME
from iec61968_9.xml.compound import Listed, United
from iec61968_9.xml.duration import Duration
from iec61968_9.xml.gregorian import GDay, GMonth, GMonthDay, GYear, GYearMonth
from iec61968_9.xml.simple import Atomic, Enumerated, Restricted, Simple

__all__ = ["bottom", "simple_values"]

V = TypeVar("V")

ITEMS = 3
"""How many items a list has at most, unless its type asks for more."""

TRIES = 30
"""How many values are drawn for one that holds all facets."""

LONG = 8
"""How long a text is at most, likewise."""


def bottom(kind: Simple) -> str:
    """The built-in at the bottom of a type, or of the items of a list; empty for a union."""
    while isinstance(kind, Restricted | Listed):
        kind = kind.base if isinstance(kind, Restricted) else kind.item
    return kind.name if isinstance(kind, Atomic) else ""


@lru_cache(maxsize=512)
def simple_values(kind: Simple, *, nan: bool) -> st.SearchStrategy[Any]:
    """Values of a simple type that can be written and read back."""

    def holds(value: Any) -> bool:
        if not kind.accepts(value):
            return False
        try:
            kind.text(value)
        except ValueError:
            return False
        return nan or value == value  # NaN is not

    return _searched(_values(kind, nan), holds)


@st.composite
def _searched(draw: st.DrawFn, candidates: st.SearchStrategy[V], holds: Callable[[V], bool]) -> V:
    """The first of some candidates that holds; ``filter`` would give up after three."""
    for _ in range(TRIES):
        candidate = draw(candidates)
        if holds(candidate):
            return candidate
    return reject()


def _values(kind: Simple, nan: bool) -> st.SearchStrategy[Any]:  # private
    match kind:
        case Enumerated():
            return st.sampled_from(kind.kind)
        case Listed():
            return st.lists(_items(kind, nan), max_size=ITEMS)
        case United():
            return st.one_of([simple_values(member, nan=nan) for member in kind.members])
        case Restricted():
            return _restricted(kind, nan)
        case Atomic():
            return _atomic(kind.name, {}, nan=nan)
        case _:
            raise TypeError(f"{type(kind).__name__} is no kind of simple type")


def _items(kind: Listed, nan: bool) -> st.SearchStrategy[Any]:  # private
    def stands(value: Any) -> bool:
        try:
            kind.text([value])
        except ValueError:
            return False
        return True

    return _searched(simple_values(kind.item, nan=nan), stands)


def _restricted(kind: Restricted, nan: bool) -> st.SearchStrategy[Any]:  # private
    """Values by the facet that leaves least: literals, then a pattern, then bounds and lengths."""
    facets: dict[str, tuple[str, ...]] = {}
    patterns: list[str] = []
    base: Simple = kind
    while isinstance(base, Restricted):
        patterns += base.facets.get("pattern", ())
        facets = {**base.facets, **facets}
        base = base.base
    if "enumeration" in facets:
        return st.sampled_from([kind.value(text) for text in facets["enumeration"]])
    if patterns:
        found = st.one_of([_matching(one) for one in patterns]).map(lambda text: _value(kind, text))
        return found if str in base.python or list in base.python else _unpatterned(base, facets, nan) | found
    return _unpatterned(base, facets, nan)


def _value(kind: Simple, text: str) -> Any:
    """The value of a text; None, which no type accepts, if it has none."""
    try:
        return kind.value(text)
    except ValueError:
        return None


def _unpatterned(base: Simple, facets: dict[str, tuple[str, ...]], nan: bool) -> st.SearchStrategy[Any]:  # private
    """Values within bounds and lengths."""
    least, most = _lengths(facets, ITEMS if isinstance(base, Listed) else LONG)
    match base:
        case Listed():
            return st.lists(_items(base, nan), min_size=least, max_size=most)
        case Atomic():
            return _atomic(base.name, facets, nan=nan)
        case _:
            return _values(base, nan)


def _matching(pattern: str) -> st.SearchStrategy[str]:
    try:
        return matching(pattern)
    except ValueError:
        return texts()


def _lengths(facets: dict[str, tuple[str, ...]], usual: int) -> tuple[int, int]:
    """The least and the greatest length."""
    exact = [int(text) for text in facets.get("length", ())]
    least = int(facets.get("minLength", ("0",))[0])
    most = int(facets.get("maxLength", (str(least + usual),))[0])
    return (exact[0], exact[0]) if exact else (least, min(most, least + usual))


# -- built-ins ---------------------------------------------------------------------------------------------------------


def _atomic(name: str, facets: dict[str, tuple[str, ...]], *, nan: bool) -> st.SearchStrategy[Any]:
    """Values of a built-in within bounds and lengths."""
    kind = BY_NAME[name]
    lows = [kind.value(facets[facet][0]) for facet in ("minInclusive", "minExclusive") if facet in facets]
    highs = [kind.value(facets[facet][0]) for facet in ("maxInclusive", "maxExclusive") if facet in facets]
    low, high = (max(lows) if lows else None), (min(highs) if highs else None)
    if int in kind.python and float not in kind.python:
        least, most = INTEGERS.get(name, (None, None))
        most = _tighter(min, most, high, _digits(facets))
        least = _tighter(max, least, low, None if _digits(facets) is None else -(_digits(facets) or 0))
        return _reaching(st.integers(least, most), least, most)
    if name == "decimal":
        return _decimals(low, high, facets)
    if name in {"float", "double"}:
        return _floats(name, low, high, nan=nan)
    if str in kind.python:
        return _texts(name, *_lengths(facets, LONG)) if _is_sized(facets) else _texts(name, 0, LONG)
    if bytes in kind.python:
        least, most = _lengths(facets, LONG)
        return st.integers(least, most).flatmap(lambda size: st.binary(min_size=size, max_size=size))
    usual = OTHERS[name]() if name in OTHERS else values(kind.python[0], nan=nan)
    if kind.python[0] in {datetime.datetime, datetime.time}:
        usual |= usual.map(lambda value: value.replace(microsecond=0, tzinfo=datetime.UTC))
    near = [_near(name, bound) for bound in (low, high) if bound is not None]
    return st.one_of([*near, usual]) if near else usual


def _reaching(usual: st.SearchStrategy[V], *bounds: V | None) -> st.SearchStrategy[V]:
    """Values, and every now and then one of the bounds themselves, which not each release of hypothesis reaches."""
    ends = [bound for bound in bounds if bound is not None]
    return st.one_of([*[usual] * 3, *map(st.just, ends)]) if ends else usual


INTEGERS = {
    "byte": (-(2**7), 2**7 - 1),
    "short": (-(2**15), 2**15 - 1),
    "int": (-(2**31), 2**31 - 1),
    "long": (-(2**63), 2**63 - 1),
    "unsignedByte": (0, 2**8 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedLong": (0, 2**64 - 1),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
}
"""The bounds of the built-in integers."""


def _tighter(choose: Callable[[list[V]], V], *bounds: V | None) -> V | None:
    given = [bound for bound in bounds if bound is not None]
    return choose(given) if given else None


def _is_sized(facets: dict[str, tuple[str, ...]]) -> bool:
    return bool({"length", "minLength", "maxLength"} & set(facets))


def _digits(facets: dict[str, tuple[str, ...]]) -> int | None:
    """The greatest integer that has so many digits."""
    return 10 ** int(facets["totalDigits"][0]) - 1 if "totalDigits" in facets else None


def _decimals(low: Any, high: Any, facets: dict[str, tuple[str, ...]]) -> st.SearchStrategy[Decimal]:
    """Decimals with few enough digits."""
    digits = int(facets.get("totalDigits", ("15",))[0])
    places = min(int(facets.get("fractionDigits", ("3",))[0]), digits)
    most = Decimal(10**digits - 1).scaleb(-places)
    bounds = _tighter(max, low, -most), _tighter(min, high, most)
    usual = st.decimals(*bounds, allow_nan=False, allow_infinity=False, places=places)
    return _reaching(usual, *bounds)


def _floats(name: str, low: float | None, high: float | None, *, nan: bool) -> st.SearchStrategy[float]:
    if name == "float":
        usual = st.floats(-3.4028234663852886e38, 3.4028234663852886e38) | st.sampled_from([math.inf, -math.inf])
    else:
        usual = st.floats(allow_nan=nan)
    if low is None and high is None:
        return usual | st.just(math.nan) if nan else usual
    return st.floats(low, high, allow_nan=False)


_LETTERS = st.sampled_from("abcxyzABCXYZ0189-._é日\U0001f50c")
_NC_NAME = r"[A-Za-z_é日][A-Za-z0-9_.é日-]{0,8}"
_SHAPES = {
    "language": r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8}){0,2}",
    "Name": r"[A-Za-z_:é日][A-Za-z0-9_:.é日-]{0,8}",
    **dict.fromkeys(("NCName", "ID", "IDREF"), _NC_NAME),
    "NMTOKEN": r"[A-Za-z0-9_:.é日-]{1,8}",
    "anyURI": r"(https?://[a-z]{1,8}\.example(/[a-z0-9]{0,4})?(\?a=[0-9])?|urn:[a-z]{2,8}:[a-z0-9]{1,8}|[a-z]{1,8}|)",
}


def _texts(name: str, least: int, most: int) -> st.SearchStrategy[str]:
    if name in _SHAPES:
        found = st.from_regex(_SHAPES[name], fullmatch=True)
        return found.filter(lambda text: least <= len(text)).map(lambda text: text[:most])
    plain = st.text(_LETTERS, min_size=least, max_size=most)
    if name == "string":
        return plain | texts().filter(lambda text: least <= len(text) <= most)
    spaced = BY_NAME[name].normalised
    return plain | texts().map(spaced).filter(lambda text: least <= len(text) <= most)


# -- times -------------------------------------------------------------------------------------------------------------


def _durations() -> st.SearchStrategy[Duration]:
    small = st.integers(0, 100)
    seconds = st.decimals(0, 100, places=3) | small.map(Decimal)
    return st.builds(Duration, small, small, small, small, small, seconds, st.booleans()) | st.timedeltas().map(
        Duration.of
    )


_ZONES = st.none() | zones()
_YEARS = st.integers(-9999, 99999).filter(bool)
OTHERS: dict[str, Callable[[], st.SearchStrategy[Any]]] = {
    "duration": _durations,
    "gYear": lambda: st.builds(GYear, _YEARS, _ZONES),
    "gYearMonth": lambda: st.builds(GYearMonth, _YEARS, st.integers(1, 12), _ZONES),
    "gMonth": lambda: st.builds(GMonth, st.integers(1, 12), _ZONES),
    "gMonthDay": lambda: st.builds(GMonthDay, st.integers(1, 12), st.integers(1, 29), _ZONES),
    "gDay": lambda: st.builds(GDay, st.integers(1, 31), _ZONES),
}
"""What Python has no type for."""


def _near(name: str, bound: Any) -> st.SearchStrategy[Any]:
    """Values around a bound, with its zone; the type says which of them it allows."""
    small = st.integers(-2, 2) | st.integers(-1000, 1000)
    match bound:
        case datetime.date():
            return small.map(lambda days: _moved(bound, days))
        case datetime.time():
            return st.times().map(lambda time: time.replace(tzinfo=bound.tzinfo))
        case Duration():
            months, days = st.integers(0, bound.years * 12 + bound.months + 24), st.integers(0, bound.days + 31)
            seconds = st.integers(0, 100_000).map(Decimal)
            return st.builds(Duration, months=months, days=days, seconds=seconds, negative=st.just(bound.negative))
        case GYear(year, zone):
            return st.builds(GYear, small.map(year.__add__).filter(bool), st.just(zone))
        case GYearMonth(year, _, zone):
            return st.builds(GYearMonth, small.map(year.__add__).filter(bool), st.integers(1, 12), st.just(zone))
        case _:
            return OTHERS[name]().map(lambda value: replace(value, tzinfo=bound.tzinfo))


def _moved(bound: datetime.date, days: int) -> datetime.date:
    """A date, or a date and time, some days off; itself where the calendar ends."""
    try:
        return bound + datetime.timedelta(days=days)
    except OverflowError:
        return bound
