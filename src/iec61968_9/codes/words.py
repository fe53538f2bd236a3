"""Words for codes: one line, or slot by slot.

What to say is data: ``tables/words/<language>.csv`` holds for each kind of part the phrase of each number, the names of
the parts, and the templates by which phrases become a sentence, order included. Another language is another file of
that form, inside the package or a caller's own. A number without a phrase is said to be unknown, with its part.
"""

from __future__ import annotations

import csv
import functools
import pathlib
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from fractions import Fraction

import attrs

from iec61968_9.codes._dotted import VENDOR_FROM, DottedCode, Slot
from iec61968_9.codes._tables import row, rows
from iec61968_9.codes.end_device import EndDeviceControlCode, EndDeviceEventCode
from iec61968_9.codes.phases import phase_set
from iec61968_9.codes.reading_quality import ReadingQualityCode
from iec61968_9.codes.reading_type import ReadingTypeCode
from iec61968_9.codes.reading_type_enums import Unit
from iec61968_9.codes.reply import ReplyCode

__all__ = ["ENGLISH", "Part", "Wording", "describe", "describe_pattern", "explain", "load_wording", "read_wording"]

ENGLISH = "en"
"""The language that the package brings along."""

_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}").fullmatch
"""Matches what may be the tag of a language, and so the name of a file."""


@attrs.frozen(eq=False)
class Wording:
    """The phrases of one language.

    Attributes:
        language: Its tag (``en``).
        phrases: For each kind of part, the phrase of each number. ``template`` and ``slot`` are kinds as well.
    """

    language: str
    phrases: Mapping[str, Mapping[int | str, str]] = attrs.field(repr=False)

    def phrase(self, kind: str, code: int | str) -> str | None:
        """Return the phrase of a number, or None where the language has none."""
        found = self.phrases.get(kind)
        return found.get(code) if found is not None else None

    def say(self, template: str, **values: object) -> str:
        """Return a template with its places filled."""
        return self.phrases["template"][template].format(**values)

    def slot(self, name: str) -> str:
        """Return what a part is called."""
        return self.phrases["slot"].get(name, name)

    def order(self, template: str) -> tuple[str, ...]:
        """Return the parts that a template lists, in the language's order."""
        return tuple(self.phrases["template"][template].split())


@functools.cache
def load_wording(language: str) -> Wording:
    """Return a wording that the package brings along.

    Raises:
        LookupError: There is none for the language.
    """
    if _TAG(language):
        with suppress(FileNotFoundError):
            return _wording(language, rows(f"words/{language}"))
    raise LookupError(f"no wording for {language[:80]!r}; read one of your own with read_wording")


def read_wording(path: pathlib.Path, language: str) -> Wording:
    """Read a wording from a CSV file with the columns kind, code and phrase.

    It needs not be complete: what it leaves out is said in English.
    """
    with path.open(encoding="utf-8", newline="") as file:
        return _wording(language, [*rows(f"words/{ENGLISH}"), *csv.DictReader(file)])


def _wording(language: str, lines: Iterable[Mapping[str, str]]) -> Wording:
    phrases: dict[str, dict[int | str, str]] = {}
    for line in lines:
        code = line["code"]
        key = int(code) if code.removeprefix("-").isdigit() else code
        phrases.setdefault(line["kind"], {})[key] = line["phrase"]
    return Wording(language, phrases)


@attrs.frozen
class Part:
    """One part of a code, explained.

    Attributes:
        position: Its number, counted from 1.
        slot: The field that holds it (``measuring_period``).
        title: What it is called, in words.
        number: What stands there.
        meaning: What that means, in words.
        is_known: Whether the number has a meaning.
    """

    position: int
    slot: str
    title: str
    number: int
    meaning: str
    is_known: bool


def describe(code: DottedCode, wording: Wording | None = None) -> str:
    """Say in one line what a code means; in English, unless a wording is given. Codes that repeat are worded once."""
    return _described(code, wording or load_wording(ENGLISH))


@functools.lru_cache(maxsize=4096)
def _described(code: DottedCode, wording: Wording) -> str:
    match code:
        case ReadingTypeCode():
            return _reading_type(code, wording)
        case ReadingQualityCode():
            return _reading_quality(code, wording)
        case EndDeviceEventCode() | EndDeviceControlCode():
            return _end_device(code, wording)
        case ReplyCode():
            what = wording.phrase("reply", str(code)) or _unknown(wording, code.FORM.slots[1], code.number)
            return wording.say("of", subject=_phrase(wording, code.FORM.slots[0], code.family), what=what)
        case _:
            return str(code)


def describe_pattern(kind: type[DottedCode], parts: Iterable[int | None], wording: Wording | None = None) -> str:
    """Say in one line what the codes of a pattern have in common, and what is open."""
    wording = wording or load_wording(ENGLISH)
    numbers = list(parts)
    code = kind.from_parts([number or 0 for number in numbers])
    opened = [slot.name for slot, number in zip(kind.FORM.slots, numbers, strict=True) if number is None]
    return ", ".join([describe(code, wording), *(wording.say("any", slot=wording.slot(name)) for name in opened)])


def explain(code: DottedCode, wording: Wording | None = None) -> tuple[Part, ...]:
    """Say what each part of a code means, in order; in English, unless a wording is given."""
    wording = wording or load_wording(ENGLISH)
    return tuple(_part(code, slot, part, wording) for slot, part in zip(code.FORM.slots, code.parts, strict=True))


def _part(code: DottedCode, slot: Slot, part: int, wording: Wording) -> Part:
    kind, key = slot.table, int(part)
    meaning: str | None
    if isinstance(code, ReadingQualityCode) and slot.name == "index":
        meaning = _label(wording, "reading_quality/index", f"{code.category:d}.{part:d}")
        if meaning is None and code.rule is not None:
            category = _phrase(wording, code.FORM.slots[1], code.category)
            meaning = wording.say("rule", category=category, number=code.rule)
    elif isinstance(code, ReplyCode) and slot.name == "number":
        meaning = wording.phrase("reply", str(code))
    elif slot.name == "phases" and part:
        meaning = _phases(wording, key)
    elif kind is not None:
        meaning = _label(wording, kind, key)
    else:
        meaning = str(key) if part else wording.say("zero")
    known = meaning is not None and not (slot.name == "phases" and phase_set(key).rest)
    return Part(slot.position, slot.name, wording.slot(slot.name), key, meaning or _unknown(wording, slot, key), known)


def _label(wording: Wording, table: str, code: int | str) -> str | None:
    """Return a number's label, which stands alone: the wording's own, else the table's."""
    line = row(table, code)
    if line is None:
        return None
    label = wording.phrase(f"label {table.rpartition('/')[2]}", code) or line["label"]
    symbol = line.get("symbol")
    return f"{label} ({symbol})" if symbol and symbol != label else label


def _unknown(wording: Wording, slot: Slot, part: int) -> str:
    template = "vendor" if slot.table and part >= VENDOR_FROM else "unknown"
    return wording.say(template, slot=wording.slot(slot.name), number=int(part))


def _phrase(wording: Wording, slot: Slot, part: int) -> str:
    """Return a number's phrase, which is made to stand in a sentence."""
    return wording.phrase(slot.name, int(part)) or _unknown(wording, slot, part)


# Reading types


def _reading_type(code: ReadingTypeCode, wording: Wording) -> str:
    if not any(code.parts):
        return wording.say("nothing")
    slots = {slot.name: slot for slot in code.FORM.slots}
    values = dict(zip(slots, code.parts, strict=True))
    head = [_phrase(wording, slots[name], values[name]) for name in wording.order("head") if values[name]]
    if not code.commodity and not code.measurement_kind:
        head.append(wording.say("unspecified"))
    tail: list[str] = []
    for name in wording.order("tail"):
        match name:
            case "interharmonic":
                tail += _ratio(wording, name, code.interharmonic_numerator, code.interharmonic_denominator)
            case "argument":
                tail += _ratio(wording, name, code.argument_numerator, code.argument_denominator)
            case "phases":
                tail += [_phases(wording, int(code.phases))] if code.phases else []
            case _:
                tail += [wording.say(name, number=values[name])] if values[name] else []
    return ", ".join([" ".join(head), *tail, *_unit(code, wording)])


def _ratio(wording: Wording, name: str, above: int, below: int) -> list[str]:
    if below:
        return [wording.say(name, ratio=Fraction(above, below))]
    return [wording.say("ratio", slot=wording.slot(name), ratio=f"{above}/{below}")] if above else []


def _phases(wording: Wording, number: int) -> str:
    if (phrase := wording.phrase("phases", number)) is not None:
        return phrase
    bits = phase_set(number)
    if bits.rest or not bits.measured:
        return wording.say("unknown", slot=wording.slot("phases"), number=number)
    joint = "" if len("".join(bits.measured)) == len(bits.measured) else " "
    measured = joint.join(bits.measured)
    if bits.reference:
        measured = wording.say("against", measured=measured, reference="".join(bits.reference))
    if bits.circuit:
        measured = wording.say("circuit", measured=measured, circuit=" ".join(bits.circuit))
    return wording.say("phase" if len(bits.measured) == 1 else "phases", measured=measured)


def _unit(code: ReadingTypeCode, wording: Wording) -> list[str]:
    found: list[str] = []
    special = wording.phrase("unit_in", int(code.unit))
    symbol = code.unit_symbol
    if code.unit and special is None:
        slot = code.FORM.slots[16]
        found.append(wording.say("unit", unit=symbol if symbol is not None else _unknown(wording, slot, code.unit)))
    elif special is not None:
        found.append(special)
    if code.multiplier and (special is not None or symbol is None):
        found.append(wording.say("scale", power=code.power_of_ten))
    if code.currency and (code.unit != Unit.MONEY or code.currency_code is None):
        found.append(wording.say("currency", currency=code.currency_code or int(code.currency)))
    return found


# The other kinds


def _reading_quality(code: ReadingQualityCode, wording: Wording) -> str:
    system, category, index = code.FORM.slots
    what = wording.phrase("index", f"{code.category:d}.{code.index:d}")
    if what is None and code.rule is not None:
        what = wording.say("rule", category=_phrase(wording, category, code.category), number=code.rule)
    elif what is None:
        what = f"{_phrase(wording, category, code.category)}, {_unknown(wording, index, code.index)}"
    return wording.say("of", subject=_phrase(wording, system, code.system), what=what) if code.system else what


def _end_device(code: EndDeviceEventCode | EndDeviceControlCode, wording: Wording) -> str:
    phrases = [
        _phrase(wording, slot, part) for slot, part in zip(code.FORM.slots[1:], code.parts[1:], strict=True) if part
    ]
    what = ", ".join(phrases) or wording.say("nothing")
    return wording.say("of", subject=_phrase(wording, code.FORM.slots[0], code.type), what=what) if code.type else what
