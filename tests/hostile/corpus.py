"""The corpus of hostile documents: the index, the documents, the calls, and what comes of each.

What a call gives is one line of text. ``reads M1 12`` says that the message was read, with the mRIDs and values in it;
``notes`` adds the kinds and lines of lenient findings. ``SchemaError at /ResponseMessage/Header, line 2: a phrase``
says that it was refused.
"""

from __future__ import annotations

import io
import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

from tests.hostile.recipes import RECIPES

from iec61968_9 import DecodeError, Report, from_xml, iter_xml
from iec61968_9.exchange import content_of, iter_message, read_message
from iec61968_9.profiles import MeterReadings

__all__ = [
    "CALLS",
    "HERE",
    "INDEX",
    "SOURCES",
    "Mode",
    "Rule",
    "Way",
    "document",
    "fits",
    "outcome",
    "rewritten",
    "rules",
    "unpacked",
    "write",
]

HERE = Path(__file__).parent
INDEX = HERE / "index.toml"
Mode: TypeAlias = Literal["strict", "lenient"]
Way: TypeAlias = Literal["whole", "stream"]

OUTCOMES = ("strict", "lenient", "stream", "lenient-stream", "text", "lenient-text", "unpacked")
"""What a rule may say, beside what is the same as in the line before."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One hostile document.

    Attributes:
        name: Its file without ``.xml``, or its recipe.
        group: The attack of which it is one form.
        what: What it is, in a few words.
        says: What each call gives; ``strict`` always, others where they differ.
        decode: The encoding by which it becomes a ``str``; empty where its bytes are no text.
    """

    name: str
    group: str
    what: str
    says: dict[str, str] = field(default_factory=dict[str, str])
    decode: str = "utf-8"

    def expected(self, mode: Mode, way: Way, source: str) -> str:
        """What a call must give."""
        keys = ["strict"]
        keys += ["stream"] if way == "stream" else []
        keys += ["lenient"] if mode == "lenient" else []
        keys += ["lenient-stream"] if mode == "lenient" and way == "stream" else []
        keys += ["text"] if source == "str" else []
        keys += ["lenient-text"] if source == "str" and mode == "lenient" else []
        return next(self.says[key] for key in reversed(keys) if key in self.says)


def rules() -> list[Rule]:
    """All rules, in the order of the index."""
    with INDEX.open("rb") as stream:
        tables = tomllib.load(stream)["rule"]
    return [
        Rule(
            one["name"],
            one["group"],
            one["what"],
            {key: one[key] for key in OUTCOMES if key in one},
            one.get("decode", "utf-8"),
        )
        for one in tables
    ]


def write(changed: list[Rule]) -> None:
    """Write the index."""
    tables: list[str] = []
    for rule in changed:
        lines = ["[[rule]]", f'name = "{rule.name}"', f"group = {json.dumps(rule.group)}"]
        lines.append(f"what = {json.dumps(rule.what, ensure_ascii=False)}")
        lines += [f'decode = "{rule.decode}"'] if rule.decode != "utf-8" else []
        lines += [f"{key} = {json.dumps(rule.says[key], ensure_ascii=False)}" for key in OUTCOMES if key in rule.says]
        tables.append("\n".join(lines) + "\n")
    beginning = INDEX.read_text(encoding="utf-8").partition("[[rule]]")[0]
    INDEX.write_text(beginning + "\n".join(tables), encoding="utf-8")


def document(rule: Rule) -> bytes:
    """A rule's document."""
    return RECIPES[rule.name]() if rule.name in RECIPES else (HERE / "documents" / f"{rule.name}.xml").read_bytes()


# -- calls -----------------------------------------------------------------------------------------------------------


def whole(source: Any, mode: Mode, report: Report) -> list[Any]:
    return items_of(from_xml(source, mode=mode, report=report))


def streamed(source: Any, mode: Mode, report: Report) -> list[Any]:
    return list(iter_xml(source, "MeterReading", mode=mode, report=report))


def received(source: Any, mode: Mode, report: Report) -> list[Any]:
    return items_of(read_message(source, mode=mode, report=report).message)


def received_items(source: Any, mode: Mode, report: Report) -> list[Any]:
    return list(iter_message(source, "MeterReading", mode=mode, report=report))


CALLS: dict[str, tuple[Way, Callable[[Any, Mode, Report], list[Any]]]] = {
    "from_xml": ("whole", whole),
    "read_message": ("whole", received),
    "iter_xml": ("stream", streamed),
    "iter_message": ("stream", received_items),
}
"""Every way in, and whether it reads item by item."""


def as_bytes(data: bytes, _rule: Rule, _folder: Path) -> object:
    return data


def as_text(data: bytes, rule: Rule, _folder: Path) -> object:
    return data.decode(rule.decode)


def as_path(data: bytes, _rule: Rule, folder: Path) -> object:
    path = folder / "message.xml"
    path.write_bytes(data)
    return path


def as_file(data: bytes, _rule: Rule, _folder: Path) -> object:
    return io.BytesIO(data)


SOURCES: dict[str, Callable[[bytes, Rule, Path], object]] = {
    "bytes": as_bytes,
    "str": as_text,
    "path": as_path,
    "file": as_file,
}


def items_of(message: Any) -> list[Any]:
    """The meter readings in a message."""
    contents: list[Any] = message.payload.contents if message.payload is not None else []
    return [item for one in contents if isinstance(one, MeterReadings) for item in one.meter_reading]


def shown(items: list[Any]) -> str:
    """The mRIDs and values in items."""
    words: list[str] = []
    for item in items:
        words.append("-" if item.meter is None or item.meter.mrid is None else item.meter.mrid)
        words += ["-" if reading.value is None else reading.value for reading in item.readings]
    return " ".join(ascii(word)[1:-1] if len(word) < 60 else f"({len(word):,} characters)" for word in words)


def refusal(error: DecodeError) -> str:
    """An error as one line."""
    place = f" at {error.path}" if error.path else ""
    # A stream numbers an item before it knows whether it is the only one.
    place = place.replace("MeterReading[1]", "MeterReading")
    line = "" if error.line is None else f", line {error.line}"
    return f"{type(error).__name__}{place}{line}: {error.message}"


def outcome(call: Callable[[Any, Mode, Report], list[Any]], source: Any, mode: Mode) -> str:
    """What a call gives."""
    report = Report()
    try:
        items = call(source, mode, report)
    except DecodeError as error:
        return refusal(error)
    read = f"reads {shown(items)}".rstrip()
    notes = sorted({f"{one.kind}, line {one.line}" for one in report})
    return f"{read}; notes {'; '.join(notes)}" if notes else read


def unpacked(data: bytes) -> str:
    """What comes out of ``Compressed``, or why nothing does."""
    try:
        message: Any = read_message(data).message
        content: object = content_of(message)
    except DecodeError as error:
        return refusal(error)
    assert isinstance(content, MeterReadings)
    return f"reads {shown(list(content.meter_reading))}".rstrip()


def fits(expected: str, found: str) -> bool:
    """Whether what was found is what was expected: of an error, its class, path and line, and a phrase of it."""
    head, colon, phrase = expected.partition(": ")
    if not re.match(r"\w+Error\b", expected) or not colon:
        return expected == found
    other, _, message = found.partition(": ")
    return head == other and phrase in message


def rewritten(rule: Rule, folder: Path) -> Rule:
    """A rule with what each call gives now. An outcome that still fits stays as it is."""
    data = document(rule)
    now = Rule(rule.name, rule.group, rule.what, {}, rule.decode)

    def say(key: str, found: str) -> None:
        known = rule.says.get(key)
        now.says[key] = known if known is not None and fits(known, found) else found

    for kind in ("bytes", "str") if rule.decode else ("bytes",):
        for mode in ("strict", "lenient"):
            for name, key in (("from_xml", ""), ("iter_xml", "stream")):
                way, call = CALLS[name]
                found = outcome(call, SOURCES[kind](data, rule, folder), mode)
                expected = now.expected(mode, way, kind) if now.says else None
                if expected is not None and fits(expected, found):
                    continue
                key = "text" if kind == "str" else key
                key = "-".join(part for part in ("lenient" if mode == "lenient" else "", key) if part) or "strict"
                say(key, found)
    if rule.name.startswith("compressed") and now.says["strict"].startswith("reads"):
        say("unpacked", unpacked(data))
    return now
