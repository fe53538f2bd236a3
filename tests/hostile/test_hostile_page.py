"""The catalogue of attacks is made of the index: ``pytest tests/hostile --update-golden`` writes it again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest
from tests.hostile.corpus import HERE, Rule, document, rules
from tests.hostile.recipes import RECIPES

DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "attacks.md"
SAFETY = DOCS / "safety.md"
PLAIN = (
    (HERE / "documents" / "prefix-xml-as-it-is.xml")
    .read_bytes()
    .replace(b' xmlns:xml="http://www.w3.org/XML/1998/namespace"', b"")
)
SHOWN = 56
CALLS = {
    "strict": "",
    "lenient": "lenient: ",
    "stream": "item by item: ",
    "lenient-stream": "item by item, lenient: ",
    "text": "as `str`: ",
    "lenient-text": "as `str`, lenient: ",
    "unpacked": "unpacked: ",
}


def cell(text: str) -> str:
    """A text as a table can hold it."""
    return text.replace("|", "&#124;").replace("<", "&lt;").replace("\n", " ")


def sample(rule: Rule) -> str:
    """The part of a document that is not as in any other."""
    if rule.name in RECIPES:
        return ""
    data = document(rule)
    begin = 0
    while begin < min(len(data), len(PLAIN)) and data[begin] == PLAIN[begin]:
        begin += 1
    end = 0
    while end < min(len(data), len(PLAIN)) - begin and data[-1 - end] == PLAIN[-1 - end]:
        end += 1
    part = data[max(begin - 2, 0) : len(data) - max(end - 2, 0)].strip()
    if not part:
        return ""
    shown = part[:SHOWN].decode("latin-1") + (" …" if len(part) > SHOWN else "")
    shown = re.sub(r"[^ -~…]", lambda match: f"\\x{ord(match[0]):02x}", shown)
    quotes = "``" if "`" in shown else "`"
    return f"{quotes}{shown.replace('|', '&#124;')}{quotes}"


def said(key: str, outcome: str) -> str:
    """An outcome in words."""
    found = re.fullmatch(r"(\w+Error)(?: at (\S+?))?(?:, line (\d+))?: (.*)", outcome, re.DOTALL)
    if found is None:
        read, _, notes = outcome.partition("; notes ")
        words = read.removeprefix("reads").strip()
        kinds = ", ".join(sorted({one.partition(",")[0] for one in notes.split("; ")})) if notes else ""
        return CALLS[key] + ("read" + (f" as `{words}`" if words else "") + (f", noted as {kinds}" if kinds else ""))
    name, path, line, phrase = found.groups()
    step = f" at `{path.rpartition('/')[2]}`" if path else ""
    return f"{CALLS[key]}`{name}`{step}{f', line {line}' if line else ''}: {cell(phrase)}"


def page() -> Iterator[str]:
    """The page of all attacks."""
    listed = rules()
    yield "# Attacks"
    yield ""
    yield f"The {len(listed)} hostile documents in `tests/hostile`, and what each call makes of them. Made from"
    yield "`tests/hostile/index.toml`, to which the tests hold every call, mode and kind of source. What stands alone"
    yield "holds for all of them. Of a document, the part is shown that makes it hostile; of a path, the last step."
    yield "`read as M1 12` means that the meter's mRID is M1 and the value 12. What is promised: [safety](safety.md)."
    for group, members in groupby(listed, key=lambda rule: rule.group):
        yield ""
        yield f"## {group}"
        yield ""
        yield "| document | sample | what happens |"
        yield "|---|---|---|"
        for rule in members:
            happens = "<br>".join(said(key, rule.says[key]) for key in CALLS if key in rule.says)
            yield f"| {cell(rule.what)} | {sample(rule)} | {happens} |"


def summary() -> str:
    """The table of groups on the page about safety."""
    lines = ["| attack | documents | refused | read |", "|---|---|---|---|"]
    for group, members in groupby(rules(), key=lambda rule: rule.group):
        listed = list(members)
        read = sum("unpacked" not in rule.says and rule.says["strict"].startswith("reads") for rule in listed)
        read += sum(rule.says.get("unpacked", "").startswith("reads") for rule in listed)
        lines.append(f"| [{group}](attacks.md#{anchor(group)}) | {len(listed)} | {len(listed) - read} | {read} |")
    return "\n".join(lines)


def anchor(heading: str) -> str:
    """A heading's anchor."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_the_catalogue_has_what_the_index_has(request: pytest.FixtureRequest) -> None:
    text = "\n".join(page()) + "\n"
    if request.config.getoption("--update-golden"):
        PAGE.write_text(text, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == text


def test_the_page_about_safety_counts_them(request: pytest.FixtureRequest) -> None:
    text = SAFETY.read_text(encoding="utf-8")
    table = re.compile(r"\| attack \| documents \|.*?(?=\n\n|\Z)", re.DOTALL)
    if request.config.getoption("--update-golden"):
        text = table.sub(lambda _: summary(), text)
        SAFETY.write_text(text, encoding="utf-8")
    assert summary() in text
