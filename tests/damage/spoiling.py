"""Objects that a program got wrong: one member of a valid object becomes something else, and then it is written.

There are two ways out: ``EncodeError`` whose path leads to the member, or bytes that libxml2 takes and that are read
back as an equal object, by the library and, where it is asked, by xsdata. ``spoil`` looks for a third.
"""

from __future__ import annotations

import dataclasses
import datetime
import enum
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from random import Random
from typing import Any, TypeAlias, cast

from tests.documents import canonical
from tests.properties.support import verdict

from iec61968_9 import EncodeError, ForeignElement, Kept, QName, Record, Reference, from_xml, to_xml
from iec61968_9.profiles.envelope import ErrorLevel, Header, Verb
from iec61968_9.profiles.meter_readings import Meter, MeterReadings, ReadingReasonKind

__all__ = ["NASTY", "Second", "Spot", "spoil", "spots"]

Second = Callable[[Any, bytes], None]
"""A second opinion: raises where bytes do not hold what an object does."""


class Loud(str):
    """A text that shows itself as another."""

    __slots__ = ()

    def __str__(self) -> str:
        return "<loud>"

    def __format__(self, _: str) -> str:
        return "<loud>"


class Number(int):
    """An integer that shows itself as another."""

    def __str__(self) -> str:
        return "<number>"

    __repr__ = __format__ = lambda self, *_: "<number>"  # type: ignore[assignment]


class Colour(enum.StrEnum):
    """An enumeration of nobody's, with a literal that some of the library's have."""

    BILLING = "billing"
    CREATED = "created"
    BLUE = "blue"


class Rank(enum.IntEnum):
    """Numbers with names."""

    FIRST = 1


@dataclasses.dataclass(slots=True, kw_only=True)
class Derived(Meter):
    """A class of a program's own below one of the library's, with a member that no schema has: none is written."""

    colour: str = "blue"


class Nowhere(datetime.tzinfo):
    """A zone that has no offset, one that is none, or that fails when it is asked."""

    def __init__(self, offset: Any = None) -> None:
        self.offset = offset

    def utcoffset(self, _: datetime.datetime | None) -> Any:
        if isinstance(self.offset, Exception):
            raise self.offset
        return self.offset

    def dst(self, _: datetime.datetime | None) -> None:
        return None

    def tzname(self, _: datetime.datetime | None) -> str:
        return "nowhere"


def _zone(**offset: int) -> datetime.timezone:
    return datetime.timezone(datetime.timedelta(**offset))


_CIRCLE: list[Any] = []
_CIRCLE.append(_CIRCLE)

NASTY: list[Any] = [
    *(None, True, False, 0, -0, 1, -1, 10**40, 10**5000, Number(7), Rank.FIRST),
    *(1.5, -0.0, 1e300, 3.5e38, 5e-324, math.nan, math.inf, -math.inf),
    *map(Decimal, ("NaN", "sNaN", "Infinity", "-0", "1.50", "1E+5000", "1E-5000", "1E+20", "1E-30", "-0.000")),
    *("", " ", "\r", "\r\n", "\t\n", " a ", "a\tb", "]]>", "a&b<c>\"'", "&#13;", "<!--", "\u2028\x85\x7f", "\ufeff"),
    *("\x00", "a\x0bb", "\x1f", "\ud800", "\udfff\ud800", "\ufffe", "\uffff", "\U0001f50c", "\U0010ffff", "e\u0301"),
    *("2026-03-02T08:00:00Z", "1", "true", "NaN", "billing", "created", "blue", Loud("loud"), Loud("created")),
    *(b"bytes", bytearray(b"x"), Colour.BILLING, Colour.CREATED, Colour.BLUE, Verb.CREATED, ErrorLevel.WARNING),
    *(ReadingReasonKind.BILLING, Verb, ReadingReasonKind),
    datetime.datetime(2026, 3, 2),
    datetime.datetime(2026, 3, 2, 8, 0, 0, 120_000, tzinfo=datetime.UTC),
    datetime.datetime(1, 1, 1, tzinfo=_zone(hours=14)),
    datetime.datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=_zone(hours=-14)),
    datetime.datetime(2026, 3, 2, tzinfo=_zone(seconds=1)),
    datetime.datetime(2026, 3, 2, tzinfo=_zone(hours=15)),
    *(datetime.datetime(2026, 3, 2, tzinfo=Nowhere(one)) for one in (None, 5, RuntimeError("no"))),
    *(datetime.time(8, tzinfo=Nowhere(one)) for one in (5, RuntimeError("no"))),
    datetime.datetime(2026, 10, 25, 2, 30, fold=1),
    *(datetime.date(2026, 3, 2), datetime.time(8), datetime.time(8, tzinfo=_zone(seconds=1)), datetime.timedelta(1)),
    *([], [None], [[]], (), ("a",), {}, set[str](), ["a", 1], [True], [Verb.CREATED], "abc", _CIRCLE, range(2)),
    *(object(), int, len, ..., NotImplemented, 1j, memoryview(b"x"), iter(["a"])),
    *(Reference(), Reference(ref="a\r\n\t\"'<&>"), Reference(ref="\x00"), Reference(ref=1)),  # type: ignore[arg-type]
    *(MeterReadings(), [MeterReadings()], Meter(mrid="m"), Derived(mrid="m"), [Derived()]),
    *(Header(verb=Verb.GET, noun="n"), ForeignElement("<a/>"), [ForeignElement('<a xmlns="urn:a"/>')]),
    *(QName(None, "a"), QName("urn:a", "1 b"), QName("a b", "a"), QName("urn:a", "b")),
    *(Kept(), Kept(texts=("x",)), Kept(attributes=(("a", "b"),)), Kept(elements=(ForeignElement("<a/>"),))),
]
"""What a member becomes: of every wrong type, at the edge of a right one, or right and hard to write."""


Step: TypeAlias = tuple[str | None, int | None]
"""A step of a path: its name as ``plain`` makes it, and its position; None where the object of several decides it."""


@dataclasses.dataclass(frozen=True)
class Spot:
    """A member of an object inside another.

    Attributes:
        owner: The object that has the member.
        name: The member.
        number: Which one of a list; None for the member itself.
        steps: How a path comes to the owner.
        free: Whether it is no element of its own name: what was kept, a choice that repeats, a wildcard, a text.
    """

    owner: Any
    name: str
    number: int | None
    steps: tuple[Step, ...]
    free: bool

    def get(self) -> Any:
        """What stands there."""
        value = getattr(self.owner, self.name)
        return value if self.number is None else value[self.number]

    def put(self, value: object) -> None:
        """Put something there."""
        if self.number is None:
            object.__setattr__(self.owner, self.name, value)  # a reference does not change by itself
        else:
            getattr(self.owner, self.name)[self.number] = value

    def fits(self, error: EncodeError) -> bool:
        """Whether an error leads here: its path ends at the member; or at its owner, where the member is no element of
        its own or the error is about several members and names this one.
        """
        matches = [re.fullmatch(r"@?(.+?)(?:\[([0-9]+)\])?", step) for step in (error.path or "").split("/")[1:]]
        steps = [(plain(one[1]), int(one[2] or 1)) for one in matches if one is not None]
        here = len(self.steps)
        for (name, number), (said, position) in zip(self.steps, steps, strict=False):
            if name not in {None, said} or number not in {None, position}:
                return False
        if len(steps) < here:
            return False
        if len(steps) > here and steps[here][0] == plain(self.name):
            return self.number is None or steps[here][1] == self.number + 1
        return self.free or plain(self.name) in plain(f"{error.expected} {error.got} {error.message}")


def plain(name: str) -> str:
    """A name without what Python's spelling adds or takes."""
    return re.sub("[^0-9a-z]", "", name.lower())


def spots(value: Any, steps: tuple[Step, ...] = ()) -> Iterator[Spot]:
    """Every member of an object and of those inside it."""
    steps = steps or ((plain(type(value).__name__), 1),)
    for field in dataclasses.fields(value):
        inside: Any = getattr(value, field.name)
        several = isinstance(inside, list)
        kind = str(field.type).replace(" | None", "")
        free = field.name in {"kept", "value"} or re.search(r"\||Body|Content|Answer|Record", kind) is not None
        yield Spot(value, field.name, None, steps, free)
        for number, one in enumerate(cast("list[Any]", inside) if several else [inside]):
            if several:
                yield Spot(value, field.name, number, steps, free)
            if isinstance(one, Record | Reference):
                yield from spots(one, (*steps, (None, None) if free else (plain(field.name), number + 1)))


def spoil(value: Any, random: Random, count: int, second: Second | None = None) -> Counter[str]:
    """Change one member of an object at a time, write it, and hold what comes out to the rules.

    Returns:
        How many were ``tried``, ``raised`` and ``written``.

    Raises:
        AssertionError: There was a third way out.
    """
    found: Counter[str] = Counter()
    everything = list(spots(value))
    for _ in range(count):
        spot = random.choice(everything)
        before = spot.get()
        nasty = random.choice([*NASTY, value, spot.owner, [value], (before,), [before, before]])
        spot.put(nasty)
        try:
            found["tried"] += 1
            found[_outcome(value, spot, second)] += 1
        except Exception as error:
            raise AssertionError(
                f"{type(value).__name__}: {spot.name} of {type(spot.owner).__name__}: {type(nasty).__name__}"
            ) from error
        finally:
            spot.put(before)
    return found


def _outcome(value: Any, spot: Spot, second: Second | None) -> str:
    refusal: EncodeError | None = None
    data = b""
    try:
        data = to_xml(value)
    except EncodeError as error:
        refusal = error
    if refusal is not None:
        assert spot.fits(refusal), f"the path does not lead to the member: {refusal}"
        return "raised"
    assert verdict(data) == [], "libxml2 calls invalid what was written"
    back = from_xml(data)
    assert alike(back, value), "what is read back is another object"
    assert canonical(to_xml(back)) == canonical(data)
    if second is not None:
        second(back, data)
    return "written"


def alike(one: Any, other: Any) -> bool:
    """Whether two values are equal, offsets and NaN included. A tuple counts as a list, a program's own subclass as
    its class, and that nothing was kept as None.
    """
    if isinstance(one, Record | Reference):
        names = [field.name for field in dataclasses.fields(one)]
        return isinstance(other, type(one)) and all(alike(getattr(one, name), getattr(other, name)) for name in names)
    if isinstance(one, list):
        left, right = cast("Any", one), other
        return isinstance(other, list | tuple) and len(left) == len(right) and all(map(alike, left, right))
    if isinstance(one, float) and math.isnan(one):
        return math.isnan(other)
    if isinstance(one, datetime.datetime | datetime.time):
        return bool(one == other) and one.utcoffset() == other.utcoffset()
    if isinstance(other, Kept):
        return one is None and not other.says_more
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)
