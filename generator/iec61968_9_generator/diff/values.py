"""Simple types: what texts they allow, and whether one allows all that another does.

Where that cannot be known (two different patterns, dates in another order), the answer is no: a change is rather
reported as one that breaks than passed over.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

__all__ = ["ANY_SIMPLE", "INTEGERS", "STRING", "Simple", "built_in", "described", "within"]

TEXTS = frozenset({"string", "normalizedString", "token", "anySimpleType"})
"""Built-in types that allow any text; white space is taken away before it counts."""

NUMBERS = ("integer", "decimal", "double", "float")
PARENTS = {
    "ID": "NCName",
    "IDREF": "NCName",
    "ENTITY": "NCName",
    "NCName": "Name",
    "Name": "NMTOKEN",
    "NMTOKEN": "token",
    "language": "token",
    "integer": "decimal",
    "decimal": "double",
    "float": "double",
    "double": "float",
}
"""Built-in types whose texts are all texts of another one too. All are texts of a string."""

INTEGERS: dict[str, tuple[int | None, int | None]] = {
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-128, 127),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 255),
}
LISTS = {"NMTOKENS": "NMTOKEN", "IDREFS": "IDREF", "ENTITIES": "ENTITY"}
KEPT = {"string": "preserve", "anySimpleType": "preserve", "normalizedString": "replace"}
STRENGTH = {"preserve": 0, "replace": 1, "collapse": 2}


@dataclass(frozen=True, slots=True)
class Simple:
    """A simple type, all that its derivation says put together.

    Attributes:
        base: The built-in type below it; empty for a list or a union.
        space: What happens to white space: ``preserve``, ``replace`` or ``collapse``.
        literals: Its enumeration, or None.
        patterns: For each step of the derivation that has some, the patterns of which one must fit.
        length: The least and most length, each or None.
        least: The lower bound, and whether it is itself allowed.
        most: The upper bound, likewise.
        digits: The most digits, and the most behind the point, each or None.
        item: The items' type, if it is a list.
        members: The members, if it is a union.
    """

    base: str = ""
    space: str = "collapse"
    literals: tuple[str, ...] | None = None
    patterns: tuple[frozenset[str], ...] = ()
    length: tuple[int | None, int | None] = (None, None)
    least: tuple[str, bool] | None = None
    most: tuple[str, bool] | None = None
    digits: tuple[int | None, int | None] = (None, None)
    item: Simple | None = None
    members: tuple[Simple, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether it is its base and nothing more."""
        return self == Simple(base=self.base, space=self.space)


def built_in(name: str) -> Simple:
    """A type of XML Schema itself, by its local name."""
    if name in LISTS:
        return Simple(item=built_in(LISTS[name]), length=(1, None))
    if name in INTEGERS:
        low, high = INTEGERS[name]
        return Simple(
            base="integer",
            least=None if low is None else (str(low), True),
            most=None if high is None else (str(high), True),
        )
    return Simple(base=name, space=KEPT.get(name, "collapse"))


STRING = built_in("string")
ANY_SIMPLE = built_in("anySimpleType")


def within(one: Simple, other: Simple) -> bool:
    """Whether each text that one type allows is allowed by another."""
    if one == other or other in (STRING, ANY_SIMPLE, built_in("token"), built_in("normalizedString")):
        return True
    if one.members and one.literals is None and not one.patterns:
        return all(within(member, other) for member in one.members)
    if other.members and other.literals is None and not other.patterns:
        return any(within(one, member) for member in other.members)
    if one.members or other.members:
        return False
    if (one.item is None) != (other.item is None):
        return False
    if not _facets_within(one, other):
        return False
    if one.item is not None and other.item is not None:
        same = replace(one, item=None, length=(None, None)) == replace(other, item=None, length=(None, None))
        return within(one.item, other.item) and same
    if one.literals is not None:
        return _literals_within(one, other)
    return other.literals is None and _base_within(one.base, other.base)


def _base_within(one: str, other: str) -> bool:
    if other in TEXTS:
        return True
    seen: set[str] = set()
    while one not in seen:
        if one == other:
            return True
        seen.add(one)
        one = PARENTS.get(one, one)
    return False


def _literals_within(one: Simple, other: Simple) -> bool:
    """Whether all values of an enumeration are allowed. Others than texts can be written in several ways."""
    literals = one.literals or ()
    if one.base not in TEXTS:
        if not _base_within(one.base, other.base):
            return False
        if other.literals is None:
            return True
        return one.base == other.base and {_value(one, text) for text in literals} <= {
            _value(other, text) for text in other.literals
        }
    if STRENGTH[one.space] > STRENGTH[other.space] and (other.literals is not None or other.base not in TEXTS):
        return False
    if other.literals is not None:
        return {_value(one, text) for text in literals} <= {_value(other, text) for text in other.literals}
    return other.base in TEXTS or all(_is_number(text, other.base) for text in literals)


def _is_number(text: str, base: str) -> bool:
    """Whether a text is a number of a base for certain."""
    if base not in NUMBERS:
        return False
    digits = text.strip().removeprefix("-")
    whole, point, fraction = digits.partition(".")
    numeric = whole.isascii() and whole.isdigit() and (not point or (fraction.isascii() and fraction.isdigit()))
    return numeric and not (base == "integer" and point)


def _value(one: Simple, text: str) -> str:
    """A literal as it counts."""
    text = text if one.space == "preserve" else " ".join(text.split()) if one.space == "collapse" else text
    number = _number(text) if one.base in NUMBERS else None
    return text if number is None else str(number.normalize())


def _number(text: str) -> Decimal | None:
    try:
        found = Decimal(text.strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _facets_within(one: Simple, other: Simple) -> bool:
    """Whether what restricts the other type restricts this one as much."""
    textual = other.patterns or other.length != (None, None)
    if textual and one.literals is None and one.space != other.space:
        return False
    patterns = all(any(mine <= step for mine in one.patterns) for step in other.patterns)
    if one.literals is not None and other.length != (None, None) and other.item is None and not other.patterns:
        return (
            one.base in TEXTS
            and one.space == other.space
            and all(_between(len(text), other.length) for text in one.literals)
        )
    return (
        patterns
        and _narrower(one.length[0], other.length[0], up=True)
        and _narrower(one.length[1], other.length[1], up=False)
        and (other.length == (None, None) or one.base == other.base or {one.base, other.base} <= TEXTS)
        and _bound_within(one, other, up=True)
        and _bound_within(one, other, up=False)
        and _narrower(one.digits[0], other.digits[0], up=False)
        and (_narrower(one.digits[1], other.digits[1], up=False) or one.base == "integer")
    )


def _between(number: int, length: tuple[int | None, int | None]) -> bool:
    return (length[0] is None or number >= length[0]) and (length[1] is None or number <= length[1])


def _narrower(one: int | None, other: int | None, *, up: bool) -> bool:
    if other is None:
        return True
    return one is not None and (one >= other if up else one <= other)


def _bound_within(one: Simple, other: Simple, *, up: bool) -> bool:
    mine, bound = (one.least, other.least) if up else (one.most, other.most)
    if bound is None:
        return True
    values = [(text, True) for text in one.literals or ()] if one.literals is not None else [mine] if mine else []
    return bool(values) and all(_inside(value, bound, up=up) for value in values)


def _inside(mine: tuple[str, bool], bound: tuple[str, bool], *, up: bool) -> bool:
    if mine == bound:
        return True
    left, right = _number(mine[0]), _number(bound[0])
    if left is None or right is None:
        return False
    return (left > right if up else left < right) or (left == right and (bound[1] or not mine[1]))


# -- in words ------------------------------------------------------------------------------------------------------


def described(one: Simple) -> str:
    """A type in words."""
    if one.members:
        words = " or ".join(dict.fromkeys(described(member) for member in one.members))
    elif one.item is not None:
        words = f"a list of {described(one.item)}"
    else:
        words = f"xs:{one.base}"
    limits: list[str] = []
    if one.literals is not None:
        limits.append(f"one of {len(one.literals)} literals")
    limits += [f"of the form {' or '.join(sorted(step))}" for step in one.patterns]
    low, high = one.length
    if low is not None or high is not None:
        exact = f"of length {low}" if low == high else None
        limits.append(exact or f"of length {low or 0} to {'any' if high is None else high}")
    if one.least is not None:
        limits.append(f"{'from' if one.least[1] else 'above'} {one.least[0]}")
    if one.most is not None:
        limits.append(f"{'to' if one.most[1] else 'below'} {one.most[0]}")
    if one.digits[0] is not None:
        limits.append(f"of at most {one.digits[0]} digits")
    if one.digits[1] is not None:
        limits.append(f"of at most {one.digits[1]} digits behind the point")
    return ", ".join([words, *limits])
