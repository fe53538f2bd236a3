"""What is no code, with the sentence that says so and what stands on the error beside it.

``refusals.txt`` has the texts as reviewed; ``pytest tests/codes --update-golden`` writes them as they are now, for
review as a diff.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from iec61968_9.codes import (
    EndDeviceControlCode,
    EndDeviceEventCode,
    Pattern,
    ReadingQualityCode,
    ReadingTypeCode,
    ReplyCode,
    parse,
)
from iec61968_9.errors import CodeError

GOLDEN = Path(__file__).with_name("refusals.txt")
KWH = "0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0"


def with_part(number: int, text: str) -> str:
    """A reading type with another text for one of its parts, counted from 1."""
    parts: list[str] = [*KWH.split(".")]
    parts[number - 1] = text
    return ".".join(parts)


REFUSED: dict[str, Callable[[], object]] = {
    "nothing": lambda: ReadingTypeCode.parse(""),
    "white space around it": lambda: ReadingTypeCode.parse(f" {KWH}"),
    "too few parts": lambda: ReadingTypeCode.parse("0.0.2.4"),
    "a part too many": lambda: ReadingTypeCode.parse(f"{KWH}.0"),
    "eleven parts, as an older edition had": lambda: ReadingTypeCode.parse("0.0.2.4.1.1.12.0.0.0.0"),
    "a text without an end": lambda: ReadingTypeCode.parse("1" * 5000),
    "an empty part": lambda: ReadingTypeCode.parse(with_part(3, "")),
    "a space in a part": lambda: ReadingTypeCode.parse(with_part(3, "1 2")),
    "a plus sign": lambda: ReadingTypeCode.parse(with_part(16, "+3")),
    "a negative part": lambda: ReadingTypeCode.parse(with_part(17, "-72")),
    "minus zero": lambda: ReadingTypeCode.parse(with_part(16, "-0")),
    "digits of another script": lambda: ReadingTypeCode.parse(with_part(17, "\u0667\u0662")),
    "a word for a number": lambda: ReadingTypeCode.parse(with_part(17, "kWh")),
    "leading zeros": lambda: ReadingTypeCode.parse(with_part(17, "072")),
    "too many digits": lambda: ReadingTypeCode.parse(with_part(17, "1" * 19)),
    "a part that is not there": lambda: ReadingTypeCode.parse(KWH).varying("phase"),
    "a number that a part cannot have": lambda: ReadingTypeCode(unit=-1),
    "a name that a part does not have": lambda: ReadingTypeCode.from_texts({"unit": "parsec"}),
    "an event with three parts": lambda: EndDeviceEventCode.parse("3.26.0"),
    "a control with a word": lambda: EndDeviceControlCode.parse("3.31.0.disconnect"),
    "a quality with two parts": lambda: ReadingQualityCode.parse("1.5"),
    "a reply code with three parts": lambda: ReplyCode.parse("1.2.3"),
    "a code of no kind": lambda: parse("1.2.3.4.5"),
    "a pattern whose open part is not said": lambda: Pattern.parse(with_part(15, "*"), ReadingTypeCode).fill(),
}


def told(what: str) -> str:
    """What the error says, and what stands on it."""
    with pytest.raises(CodeError) as caught:
        REFUSED[what]()
    error = caught.value
    return f"{error}\n  code {error.code[:60]!r}, part {error.position} {error.slot}, expected {error.expected}"


def reviewed() -> dict[str, str]:
    """What was reviewed, by what is refused."""
    sections = GOLDEN.read_text(encoding="utf-8").split("== ")
    return {head: text.strip() for head, _, text in (section.partition("\n") for section in sections if section)}


@pytest.mark.parametrize("what", REFUSED)
def test_the_error_says_what_was_reviewed(what: str, request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update-golden"):
        now = (reviewed() if GOLDEN.exists() else {}) | {what: told(what)}
        GOLDEN.write_text("\n".join(f"== {one}\n{now[one]}\n" for one in REFUSED if one in now), encoding="utf-8")
    assert reviewed()[what] == told(what)


def test_what_was_reviewed_is_what_is_refused_here() -> None:
    assert list(reviewed()) == list(REFUSED)
