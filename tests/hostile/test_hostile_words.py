"""What is said of each hostile document, word for word, with its place and the code to reply with.

``pytest tests/hostile --update-golden`` writes the texts as they are now into ``words.txt``, for review as a diff.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.hostile.corpus import HERE, Mode, Rule, document, rules

from iec61968_9 import DecodeError, Report, from_xml

GOLDEN = HERE / "words.txt"
MODES: tuple[Mode, ...] = ("strict", "lenient")


def said(rule: Rule, mode: Mode) -> list[str]:
    """What is said of a document: the error, or the findings."""
    report = Report()
    try:
        from_xml(document(rule), mode=mode, report=report)
    except DecodeError as error:
        place = f"{error.path or '-'}, line {error.line or '-'}, column {error.column or '-'}"
        return [f"{type(error).__name__}, reply code {error.reply_code}: {place}", *str(error).splitlines()]
    return [f"{one.level}: {one}" for one in report]


def entry(rule: Rule) -> Iterator[str]:
    """A document's part of the golden file; lenient reading only where it says something else."""
    strict, lenient = (said(rule, mode) for mode in MODES)
    yield f"== {rule.name}"
    yield from strict
    if lenient != strict:
        yield "-- lenient"
        yield from lenient


def reviewed() -> dict[str, str]:
    """The golden file's parts, by the names of the documents."""
    parts = f"\n{GOLDEN.read_text(encoding='utf-8')}".split("\n== ")[1:]
    return {name: f"== {part}" for part in parts for name in [part.partition("\n")[0].rstrip()]}


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.name)
def test_each_hostile_document_has_the_text_that_was_reviewed(rule: Rule, request: pytest.FixtureRequest) -> None:
    text, known = "\n".join(entry(rule)), reviewed()
    if request.config.getoption("--update-golden"):
        known[rule.name] = text
        parts = [known[one.name].rstrip("\n") for one in rules() if one.name in known]
        GOLDEN.write_text("\n".join(parts) + "\n", encoding="utf-8")
    assert text == known[rule.name].rstrip("\n")
