"""A report can be counted, grouped, printed and logged; what is printed is bounded, of one line each, and no secret."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.verbs.support import NAMESPACE, event, readings

from iec61968_9 import DecodeError, Finding, Report, from_xml

ODD = readings(
    "".join(
        f"\n<MeterReading><Readings><reason>Billing</reason><ReadingType ref='1'/></Readings><v{one}/></MeterReading>"
        for one in range(3)
    )
)


def reported(source: str) -> Report:
    report = Report()
    from_xml(source, mode="lenient", report=report)
    return report


def test_findings_are_counted_by_kind_and_by_rule_and_grouped_by_either() -> None:
    report = reported(ODD)
    assert len(report) == report.count("T30") == 6
    assert report.count("unknown-literal") == report.count("unknown-element") == 3
    assert report.count("T1") == 0
    assert {kind: len(found) for kind, found in report.by_kind().items()} == {
        "unknown-literal": 3,
        "unknown-element": 3,
    }
    assert {rule: len(found) for rule, found in report.by_rule().items()} == {"T30": 6}


def test_the_summary_says_how_often_and_where_first() -> None:
    lines = reported(ODD).summary().splitlines()
    assert lines[0] == "6 findings"
    assert lines[1].split() == [
        *("3", "T30", "unknown-literal", "first", "at"),
        *("/MeterReadings/MeterReading[1]/Readings/reason,", "line", "3"),
    ]
    assert len(lines) == 3
    assert Report().summary() == "0 findings"


def test_the_full_listing_has_a_line_for_each() -> None:
    report = reported(ODD)
    assert str(report).splitlines() == [str(finding) for finding in report]
    assert str(report.findings[0]) == (
        "/MeterReadings/MeterReading[1]/Readings/reason, line 3: the literal is not known, got 'Billing' "
        "[T30 unknown-literal] The schema has 'billing'."
    )


def test_json_lines_say_the_same() -> None:
    report = reported(ODD)
    lines = [json.loads(line) for line in report.json_lines().splitlines()]
    assert lines == [finding.as_dict() for finding in report]
    assert lines[0] == {
        "kind": "unknown-literal",
        "path": "/MeterReadings/MeterReading[1]/Readings/reason",
        "line": 3,
        "message": "the literal is not known, got 'Billing'",
        "source": "'Billing'",
        "rule": "T30",
        "advice": "The schema has 'billing'.",
        "level": "warning",
    }
    assert Finding("k", "/p", None, "m").as_dict() == {"kind": "k", "path": "/p", "message": "m", "level": "warning"}


texts = st.text(max_size=2000)


@given(texts, texts, texts, texts, st.integers(1, 10**9))
def test_whatever_a_document_holds_a_line_is_one_line_and_has_an_end(
    path: str, message: str, source: str, advice: str, line: int
) -> None:
    finding = Finding("kind", "/" + path, line, message, source, rule="T30", advice=advice)
    assert len(str(finding).splitlines()) == 1
    assert len(str(finding)) < 500
    assert str(finding).isprintable()
    assert len(json.dumps(finding.as_dict())) < 8000
    report = Report([finding, finding])
    assert len(str(report).splitlines()) == 2
    assert len(report.summary().splitlines()) == 2
    assert len(report.json_lines().splitlines()) == 2
    assert report.json_lines().isascii()


def test_a_long_name_is_cut_in_the_middle_and_the_attributes_have_it_whole() -> None:
    name = "n" * 999
    (finding,) = reported(readings(f"<MeterReading><{name}/></MeterReading>"))
    assert finding.path.endswith(name)
    assert len(str(finding)) < 500
    assert "…" in str(finding)


SECRETS = {
    "a credential in the header": event(header="<Authorization xmlns=''>hunter2</Authorization>"),
    "an extension": event(header="<x:Token xmlns:x='urn:x' key='hunter2'>hunter2</x:Token>"),
    "a member that nobody knows": readings("<MeterReading><pin note='hunter2'>hunter2</pin></MeterReading>"),
    "an attribute that nobody knows": readings("<MeterReading pin='hunter2'/>"),
    "a marked member with an unknown child": (
        f'<EndDeviceConfig xmlns="{NAMESPACE.format("EndDeviceConfig")}"><ComFunction><mRID>m</mRID>'
        "<password>hunter2<x/></password></ComFunction></EndDeviceConfig>"
    ),
}


@pytest.mark.parametrize("name", SECRETS)
def test_no_secret_is_on_a_report(name: str) -> None:
    report = reported(SECRETS[name])
    assert len(report) > 0
    for said in (str(report), report.summary(), report.json_lines(), repr(report)):
        assert "hunter2" not in said


def test_a_report_is_a_value() -> None:
    report: Any = reported(ODD)
    assert pickle.loads(pickle.dumps(report)) == report  # noqa: S301  # our own


# -- never -------------------------------------------------------------------------------------------------------------

FAULT = '<s:Fault xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><faultcode>s:Server</faultcode></s:Fault>'
NEVER = {
    "a document type": "<!DOCTYPE MeterReadings>" + readings(),
    "an entity": '<!DOCTYPE a [<!ENTITY b "c">]>'
    + readings("<MeterReading><Meter><mRID>&b;</mRID></Meter></MeterReading>"),
    "an entity that nobody declares": readings("<MeterReading><Meter><mRID>&b;</mRID></Meter></MeterReading>"),
    "a document that was cut": readings()[:-5],
    "a document with more behind it": readings() + "<a/>",
    "a root of unknown meaning": "<Readings><value>1</value></Readings>",
    "a root of unknown meaning in a known namespace": readings().replace("MeterReadings", "MeterThings"),
    "a fault": FAULT,
    "a fault in the payload": event(FAULT),
    "a payload in an unknown namespace": event(readings(namespace="urn:x")),
    "a bare one": readings(namespace="urn:x"),
    "an envelope in a payload's namespace": event(namespace=NAMESPACE.format("MeterReadings")),
    "a namespace of another profile over a name that says nothing": readings("", NAMESPACE.format("X")),
}


@pytest.mark.parametrize("name", NEVER)
def test_what_is_never_tolerated_is_refused_in_lenient_mode_too(name: str) -> None:
    with pytest.raises(DecodeError):
        from_xml(NEVER[name], mode="lenient", report=Report())


def test_a_long_text_shows_its_beginning_and_its_end() -> None:
    def shown(message: str) -> str:
        return str(Finding("kind", "/place", 1, message)).removeprefix("/place, line 1: ").removesuffix(" [kind]")

    message = "".join(f"{number:04}" for number in range(1000))
    found = shown(message)
    beginning, _, end = found.partition("\u2026")
    assert message.startswith(beginning)
    assert message.endswith(end)
    assert len(beginning) == len(end) + 1
    assert shown(message[: len(found)]) == message[: len(found)]
    assert len(shown(message[: len(found) + 1])) == len(found)
