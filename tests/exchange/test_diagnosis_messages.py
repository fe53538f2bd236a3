"""The messages of the scenarios raise no false alarm; a vendor's dialect is read, and its deviations are named."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from iec61968_9 import Dialect, Report, from_xml
from iec61968_9._codecs.index import PROFILES
from iec61968_9.exchange.diagnosis import diagnose
from iec61968_9.profiles import RequestMessage

ROOT = Path(__file__).parents[2]
MESSAGES = sorted((ROOT / "tests" / "messages").glob("*.xml"))
VENDOR = ROOT.parent / "shared" / "samples" / "vendor-dialect"
"""A vendor's published messages, which stand beside the project where it is developed and are no part of it."""

METER_ASKED_FOR = re.compile(r"<m:GetMeterReadings>\s*<m:Meter>")
PROFILE_FOR_DELETE = re.compile(r"<msg:Verb>delete</msg:Verb>.*<msg:Request>\s*<m:", re.DOTALL)
NOUN = re.compile(r"<msg:Noun>(\w+)</msg:Noun>")
NOUNS = {"OperationSet", *(profile.noun for profile in PROFILES if profile.role == "payload")}

EXPECTED = {"A4-1": {"legacy-read-request": "warning"}}
"""What is more than a note in the scenarios' messages."""

NOTED = {"A10-1": "page-of-many", "B6-1": "control-without-limit"}

PAIRS = [
    ("A1-1", "A1-2"),
    ("A2-1", "A2-2"),
    ("A2-1", "A2-3"),
    ("A2-1", "A3-3"),
    ("A6-1", "A6-3"),
    ("A6-1", "A6-4"),
    ("A6-1", "A6-5"),
    ("A8-1", "A8-2"),
    ("A8-1", "A8-3"),
    ("B1-1", "B1-2"),
    ("B1-1", "B1-3"),
    ("B1-1", "B1-4"),
    ("B1-1", "B1-4x"),
    ("B8-1", "B8-4"),
    ("B12a-1", "B12a-3"),
    ("E1-1", "E1-2"),
    ("E2-1", "E2-2"),
    ("E2-1", "E2-3"),
    ("E6a-1", "E6-3"),
    ("E7-1", "E7-2"),
]
"""Requests with what answers or follows them."""

OTHER_EXCHANGE = {("A2-1", "A3-3")}
"""A3 is the exchange of A2 with another end; its event has a CorrelationID of its own."""


def number(path: Path) -> str:
    return path.stem.partition("_")[0]


def message(name: str) -> Path:
    (found,) = (path for path in MESSAGES if number(path) == name)
    return found


def alarms(report: Report) -> dict[str, str]:
    return {finding.kind: finding.level for finding in report if finding.level != "note"}


def test_all_messages_are_there() -> None:
    assert len(MESSAGES) == 63


@pytest.mark.parametrize("mode", ["strict", "lenient"])
@pytest.mark.parametrize("path", MESSAGES, ids=number)
def test_no_false_alarm_in_the_messages_of_the_scenarios(path: Path, mode: str) -> None:
    report = diagnose(from_xml(path, mode="strict" if mode == "strict" else "lenient"))
    assert alarms(report) == EXPECTED.get(number(path), {}), str(report)
    assert [finding.kind for finding in report if finding.level == "note"] == [
        kind for name, kind in NOTED.items() if name == number(path)
    ]


@pytest.mark.parametrize(("request_name", "name"), PAIRS)
def test_no_false_alarm_where_the_request_is_known(request_name: str, name: str) -> None:
    asked = from_xml(message(request_name), RequestMessage)
    report = diagnose(from_xml(message(name)), request=asked)
    expected = {"correlation-mismatch": "error"} if (request_name, name) in OTHER_EXCHANGE else {}
    assert alarms(report) == expected, str(report)


def test_a_vendors_dialect_is_read_and_its_deviations_are_named() -> None:
    """Each deviation is named in as many messages as have it, by a plain search of their texts."""
    paths = sorted(VENDOR.glob("*.xml"))
    if not paths:
        print(f"not looked at: there are no messages in {VENDOR.relative_to(ROOT.parent)} beside the project")
        return
    dialect = Dialect(payload="http://iec.ch/TC57/CIM-c4e#", prefix="m")
    counted: Counter[str] = Counter()
    for path in paths:
        read = from_xml(path, RequestMessage, mode="lenient", dialect=dialect)
        counted.update({finding.kind for finding in diagnose(read)})
    texts = [path.read_text(encoding="utf-8") for path in paths]
    assert len(paths) == 78
    assert counted["message-id-missing"] == sum("MessageID>" not in text for text in texts) == 78
    assert counted["unknown-content"] == sum("timesliceOperation>" in text for text in texts) > 0
    assert counted["page-marker"] == sum("$page.marker" in text for text in texts) > 0
    assert counted["query-meter-element"] == sum(bool(METER_ASKED_FOR.search(text)) for text in texts) > 0
    assert counted["noun-variant"] == sum(">DeleteMeterReadings<" in text for text in texts) > 0
    assert counted["profile-in-request"] == sum(bool(PROFILE_FOR_DELETE.search(text)) for text in texts) > 0
    vendors = [noun[1] for text in texts if (noun := NOUN.search(text)) and noun[1] not in NOUNS]
    assert counted["noun-unknown"] + counted["noun-variant"] == len(vendors) > 0
