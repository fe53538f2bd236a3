"""Hostile documents: each gives what the index says, whichever call reads it, in whatever kind of source it comes."""

from __future__ import annotations

import re
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Any, cast
from xml.etree import ElementTree

import pytest
import xmlschema
from lxml import etree
from tests.hostile.corpus import (
    CALLS,
    HERE,
    SOURCES,
    Mode,
    Rule,
    document,
    fits,
    outcome,
    rewritten,
    rules,
    unpacked,
    write,
)
from tests.hostile.recipes import RECIPES

from iec61968_9 import from_xml, to_xml, validate
from iec61968_9.xml.codec import Element

RULES = rules()
KEPT = [rule for rule in RULES if rule.name not in RECIPES]
READ = [rule for rule in KEPT if re.match("reads .", rule.says.get("strict", ""))]
MODES: tuple[Mode, ...] = ("strict", "lenient")
PAYLOAD = "{http://iec.ch/TC57/2011/MeterReadings#}"
LARGE = 1_000_000
"""Documents of more bytes come in one kind of source only."""


def named(rule: Rule) -> str:
    return rule.name


def seen(rule: Rule) -> tuple[bytes, str | None]:
    """A document as other parsers take it: not all know UTF-16 without a mark."""
    data = document(rule)
    return (data.decode(rule.decode).encode(), "utf-8") if rule.decode.startswith("utf-16") else (data, None)


def test_every_document_is_in_the_index_once() -> None:
    written = [path.stem for path in (HERE / "documents").iterdir()]
    assert sorted([*written, *RECIPES]) == sorted(rule.name for rule in RULES)


def test_the_index_says_what_happens(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """``--update-golden`` writes what happens now; without it, the tests below look at each document."""
    if request.config.getoption("--update-golden"):
        write([rewritten(rule, tmp_path) for rule in RULES])
    assert all("strict" in rule.says for rule in rules())


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("rule", RULES, ids=named)
def test_every_call_gives_what_the_index_says(rule: Rule, mode: Mode, tmp_path: Path) -> None:
    data = document(rule)
    for kind, as_source in SOURCES.items():
        if (kind == "str" and not rule.decode) or (kind != "bytes" and len(data) > LARGE):
            continue
        for name, (way, call) in CALLS.items():
            found = outcome(call, as_source(data, rule, tmp_path), mode)
            expected = rule.expected(mode, way, kind)
            assert fits(expected, found), f"{name} of {kind}:\n{found}\nand not\n{expected}"


@pytest.mark.parametrize("rule", [rule for rule in RULES if "unpacked" in rule.says], ids=named)
def test_what_comes_out_of_a_compressed_payload_is_what_the_index_says(rule: Rule) -> None:
    found = unpacked(document(rule))
    assert fits(rule.says["unpacked"], found), f"{found}\nand not\n{rule.says['unpacked']}"


@pytest.mark.parametrize("rule", [rule for rule in RULES if "SchemaError" in rule.says.get("strict", "")], ids=named)
def test_validating_says_where_it_is_wrong_too(rule: Rule) -> None:
    issue = validate(document(rule))[0]
    place, _, phrase = rule.says["strict"].partition(": ")
    assert place == f"SchemaError at {issue.path}, line {issue.line}"
    assert phrase in issue.message


# -- nothing is lost, and nothing is invented ----------------------------------------------------------------------


@pytest.mark.parametrize("rule", READ, ids=named)
def test_what_is_read_is_what_other_parsers_read(rule: Rule) -> None:
    """libxml2 with its usual options and expat find the same texts; libxml2's and xmlschema's validators object not."""
    data, encoding = seen(rule)
    message = cast("Any", from_xml(document(rule)))
    ours = [
        (item.meter.mrid, *(reading.value for reading in item.readings))
        for item in message.payload.contents[0].meter_reading
    ]
    tree = etree.fromstring(data, etree.XMLParser(encoding=encoding))
    theirs = [
        tuple(
            str(one.xpath("string()"))
            for path in (f"{PAYLOAD}Meter/{PAYLOAD}mRID", f"{PAYLOAD}Readings/{PAYLOAD}value")
            for one in item.iterfind(path)
        )
        for item in tree.iterfind(f".//{{*}}Payload//{PAYLOAD}MeterReading")
    ]
    assert ours == theirs
    parser = ElementTree.XMLParser(encoding=encoding)  # what is read of the corpus has no document type
    found = ElementTree.fromstring(data, parser).find(f".//{PAYLOAD}MeterReadings")
    assert found is not None
    assert [one.text or "" for one in found.iter(f"{PAYLOAD}value")] == [one for item in ours for one in item[1:]]
    schema = xmlschema.XMLSchema(files("iec61968_9._schemas").joinpath("meter_readings.xsd").read_text("utf-8"))
    assert schema.is_valid(found)


def content(element: Element) -> Counter[str]:
    """All that an element and those in it say: each with its name, attributes and text."""
    found: Counter[str] = Counter()
    for one in element.iter("*"):
        texts = [one.text, *(child.tail for child in one)]
        text = "".join(part for part in texts if part is not None and (part.strip(" \t\r\n") or not len(one)))
        said = sorted((name, value) for name, value in one.items() if "chemaLocation" not in name)
        found[f"{one.tag!r} {said} {text!r}"] += 1
    return found


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("rule", KEPT, ids=named)
def test_what_is_read_is_written_again_whole(rule: Rule, mode: Mode) -> None:
    """Either it is refused, or what is written says all that was sent and nothing else."""
    if not rule.expected(mode, "whole", "bytes").startswith("reads"):
        return
    written = to_xml(from_xml(document(rule), mode=mode), mode=mode)
    data, encoding = seen(rule)
    sent, back = (
        etree.fromstring(one, etree.XMLParser(remove_comments=True, remove_pis=True, collect_ids=False, encoding=name))
        for one, name in ((data, encoding), (written, None))
    )
    assert content(back) == content(sent)
