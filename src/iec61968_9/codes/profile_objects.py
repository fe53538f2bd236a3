"""Codes and the objects of the profiles that spell them out: ``ReadingType``, ``EndDeviceEventType`` and their kind.

Such an object can say its code in its members, a part each, and whole, as its ``mRID`` or one of its ``Names``. All
that it says must agree; what it does not say is not made up. Works by the members' names, so that classes of any
generated package will do. What lenient reading kept in an object counts as said: an element is no less there for being
misplaced or mistyped.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, Protocol, TypeVar

from iec61968_9.codes._dotted import DottedCode, Slot
from iec61968_9.errors import CodeError
from iec61968_9.xml.naming import member_name

__all__ = ["Identified", "Named", "class_of", "options", "read", "told", "write"]

_C = TypeVar("_C", bound=DottedCode)
_P = TypeVar("_P")


class Named(Protocol):
    """A name, as every profile has it."""

    @property
    def name(self) -> str:
        """The name itself."""
        ...


class Identified(Protocol):
    """An object that is known by its mRID or its names, as every profile has it."""

    @property
    def mrid(self) -> str | None:
        """Its ``mRID``."""
        ...

    @property
    def names(self) -> Sequence[Named]:
        """Its ``Names``."""
        ...


def read(
    kind: type[_C], described: object, *, fill: bool = False, look_up: Callable[[str], Iterable[_C]] = lambda _: ()
) -> _C:
    """Return the one code that an object or a reference says.

    Args:
        kind: The class of the code.
        described: The object or reference.
        fill: Whether parts that it leaves out count as 0.
        look_up: Gives the codes of what else an mRID, a name or a ``ref`` may mean.

    Raises:
        CodeError: It says none, or not all of it, or two different ones; or a part cannot be read.
    """
    whole, others = _whole(kind, described, look_up)
    given = _parts(kind, described)
    code = kind.from_texts(given)
    if not whole:
        missing = [slot.cim for slot in kind.FORM.slots if slot.name not in given]
        if missing and not (fill and given):
            raise _incomplete(kind, others, missing if given else [])
        return code
    found, where = next(iter(whole.items()))
    if len(whole) > 1:
        (second, elsewhere), *_ = list(whole.items())[1:]
        message = f"what says its code twice contradicts itself: {where} says {found}, {elsewhere} says {second}"
        raise CodeError(message, code=str(found), expected=f"one {kind.FORM.kind} code")
    for slot, ours, theirs in zip(kind.FORM.slots, found.parts, code.parts, strict=True):
        if slot.name in given and ours != theirs:
            message = f"what says its code twice contradicts itself: {where} says {found}, {slot.cim} says {theirs:d}"
            raise CodeError(message, code=str(found), slot=slot.name, position=slot.position, expected=f"{ours:d}")
    return found


def _whole(
    kind: type[_C], described: object, look_up: Callable[[str], Iterable[_C]]
) -> tuple[dict[_C, str], dict[str, CodeError]]:
    """Return the whole codes with where they stand, and the texts that are none, with the reason."""
    codes: dict[_C, str] = {}
    others: dict[str, CodeError] = {}
    for where, text in told(described):
        found = list(look_up(text))
        if not found:
            try:
                found = [kind.parse(text)]
            except CodeError as error:
                others[text] = error
        for code in found:
            codes.setdefault(code, where)
    return codes, others


def _incomplete(kind: type[DottedCode], others: Mapping[str, CodeError], missing: Sequence[str]) -> CodeError:
    """Say why there is no code."""
    expected = f"{kind.FORM.one} code, or all its parts"
    if missing:
        slot = kind.FORM.slot(missing[0])
        message = f"the {kind.FORM.kind} leaves out {', '.join(missing)}; expected {expected}"
        return CodeError(message, code="", slot=slot.name, position=slot.position, expected=expected)
    if not others:
        return CodeError(f"no {kind.FORM.kind} is named at all; expected {expected}", code="", expected=expected)
    text, error = next(iter(others.items()))
    return CodeError(str(error), code=text, slot=error.slot, position=error.position, expected=error.expected)


# What an object says ----------------------------------------------------------------------------------------------


def told(described: object) -> Iterator[tuple[str, str]]:
    """Yield the texts that may be a whole code, or name an object that has one, each with where it stands."""
    for where in ("ref", "mRID", "Names/name"):
        for text in _texts(described, *where.split("/")):
            yield where, text


def _parts(kind: type[DottedCode], described: object) -> dict[str, str]:
    """Return the texts of the parts that an object has as members, by the part's name."""
    given: dict[str, str] = {}
    for slot in kind.FORM.slots:
        for name in filter(None, (slot.cim, slot.also_called)):
            for text in _texts(described, *name.split(".")):
                if given.setdefault(slot.name, text) != text:
                    message = f"{slot.cim} is said twice, and differently: {given[slot.name]!r} and {text!r}"
                    raise CodeError(message, code=text, slot=slot.name, position=slot.position, expected="one value")
    return given


def _texts(holder: object, name: str, *inner: str) -> Iterator[str]:
    """Yield the texts of a member, by its CIM name, or of a member of it; then those that were kept without a type."""
    value: Any = getattr(holder, member_name(name), None)
    values: list[Any] = [*value] if isinstance(value, list) else [value]
    for one in values:
        if inner:
            yield from _texts(one, *inner)
        elif one is not None and (text := str(one.value if isinstance(one, Enum) else one).strip()):
            yield text
    kept = getattr(holder, "kept", None)
    for foreign in kept.elements if kept is not None else ():
        element = foreign.element()
        if str(element.tag).rpartition("}")[2] == name:
            for found in element.iterfind("/".join(f"{{*}}{step}" for step in inner)) if inner else (element,):
                if text := (found.text or "").strip():
                    yield text


# Making an object ---------------------------------------------------------------------------------------------------


def write(code: DottedCode, kind: type[_P], members: Mapping[str, object]) -> _P:
    """Return a code as an object of a profile's class; ``members`` win over what is made here.

    Raises:
        CodeError: A member's type cannot hold the number.
    """
    hints = typing.get_type_hints(kind)
    made: dict[str, Any] = {}
    pairs: dict[str, dict[str, Any]] = {}
    for slot, number in zip(code.FORM.slots, code.parts, strict=True):
        names = [tuple(map(member_name, name.split("."))) for name in filter(None, (slot.cim, slot.also_called))]
        member, *inner = next((name for name in names if name[0] in hints), ("",))
        if not member or member in members:
            continue
        if inner:
            inner_hints = typing.get_type_hints(class_of(hints[member]))
            pairs.setdefault(member, {})[inner[0]] = _held(inner_hints[inner[0]], slot, number)
        else:
            made[member] = _held(hints[member], slot, number)
    for member, values in pairs.items():
        made[member] = class_of(hints[member])(**values)
    if "names" in hints and "names" not in members:
        (name,) = typing.get_args(hints["names"])
        made["names"] = [class_of(name)(name=str(code))]
    return kind(**made, **members)


def _held(hint: Any, slot: Slot, number: int) -> object:
    """Return a number as a member's type has it: as text, as a number, or as the literal that means it."""
    for option in options(hint):
        if option is str:
            return str(int(number))
        if option is int:
            return int(number)
        if isinstance(option, type) and issubclass(option, Enum):
            for literal in option:
                if _means(str(literal.value), slot, number):
                    return literal
    expected = f"a number that {hint} can hold"
    message = f"{slot.cim} cannot be {number:d} in this class; expected {expected}"
    raise CodeError(message, code=str(int(number)), slot=slot.name, position=slot.position, expected=expected)


def _means(text: str, slot: Slot, number: int) -> bool:
    try:
        return slot.number_of(text) == number
    except CodeError:
        return False


def class_of(hint: Any) -> Any:
    """Return the class of a member that may be absent."""
    return next(option for option in options(hint) if option is not types.NoneType)


def options(hint: Any) -> tuple[Any, ...]:
    """Return the types that a member's annotation allows."""
    return typing.get_args(hint) if typing.get_origin(hint) in (types.UnionType, typing.Union) else (hint,)
