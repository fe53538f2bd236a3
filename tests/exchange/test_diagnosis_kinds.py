"""Every kind of finding is found where it must be, and not where a message merely looks like it.

``findings.txt`` has the place, the sentence and the text in question of every finding in every sample, as reviewed;
``pytest tests/exchange --update-golden`` writes what is found now, for review as a diff.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.exchange.diagnosis_cases import CASES, Sample, meter_config

from iec61968_9 import Record, Report, from_xml, validate
from iec61968_9.exchange.diagnosis import CHECKS, diagnose
from iec61968_9.exchange.rules import finding_kinds
from iec61968_9.profiles import MeterReadings, RequestMessage
from iec61968_9.profiles.envelope import Payload

GOLDEN = Path(__file__).with_name("findings.txt")
SEEN_HERE = [kind.kind for kind in finding_kinds().values() if kind.seen in {"message", "request"}]


def diagnosed(sample: Sample) -> Report:
    message, request = (sample, None) if isinstance(sample, str) else sample
    return diagnose(read(message), request=None if request is None else read(request))


def read(message: str) -> Record:
    """A message as it stands where its schemas let it pass, for lenient reading takes placeholders away."""
    return from_xml(message, mode="lenient" if validate(message) else "strict")


def test_every_kind_of_the_table_has_one_check_and_a_case_here() -> None:
    promised = [kind for check in CHECKS for kind in check.kinds]
    assert sorted(promised) == sorted(SEEN_HERE)
    assert sorted(CASES) == sorted(SEEN_HERE)


def test_a_check_needs_the_request_exactly_where_the_table_says_so() -> None:
    for check in CHECKS:
        assert {finding_kinds()[kind].seen for kind in check.kinds} == {"request" if check.paired else "message"}


@pytest.mark.parametrize("kind", SEEN_HERE)
def test_the_kind_is_found(kind: str) -> None:
    bad, _ = CASES[kind]
    report = diagnosed(bad)
    assert report.count(kind) >= 1, str(report)


@pytest.mark.parametrize("kind", SEEN_HERE)
def test_a_near_miss_is_left_alone(kind: str) -> None:
    _, good = CASES[kind]
    report = diagnosed(good)
    assert report.count(kind) == 0, str(report)


def reviewed() -> dict[str, str]:
    """What was reviewed, by the kind of finding that its samples are about."""
    sections = GOLDEN.read_text(encoding="utf-8").split("== ")
    return {head: text for head, _, text in (section.partition("\n") for section in sections if section)}


def entry(kind: str) -> str:
    """Every finding of a kind's two samples: where it is, what it says, and the text in question."""
    lines: list[str] = []
    for title, sample in zip(("bad", "near miss"), CASES[kind], strict=True):
        lines.append(f"{title}:")
        for one in diagnosed(sample):
            source = "" if one.source is None else f" <- {one.source!r}"
            lines.append(f"  {one.path}: {one.message} [{one.kind}]{source}")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("kind", SEEN_HERE)
def test_what_is_found_has_the_place_and_the_words_that_were_reviewed(
    kind: str, request: pytest.FixtureRequest
) -> None:
    if request.config.getoption("--update-golden"):
        now = (reviewed() if GOLDEN.exists() else {}) | {kind: entry(kind)}
        texts = [f"== {one}\n{now[one]}" for one in SEEN_HERE if one in now]
        GOLDEN.write_text("".join(texts), encoding="utf-8")
    assert reviewed()[kind] == entry(kind)


def test_what_was_reviewed_is_of_the_kinds_that_there_are() -> None:
    assert list(reviewed()) == SEEN_HERE


@pytest.mark.parametrize("kind", SEEN_HERE)
def test_rule_level_and_advice_are_those_of_the_table(kind: str) -> None:
    bad, _ = CASES[kind]
    known = finding_kinds()[kind]
    for found in diagnosed(bad):
        if found.kind == kind:
            assert (found.rule, found.level, found.advice) == (known.rule.id, known.level, known.advice)
            assert found.path.startswith(("/RequestMessage", "/ResponseMessage", "/EventMessage", "/FaultMessage"))
            assert found.line is None


F15 = {
    "the correlation is missing": "reply-without-correlation",
    "it is the reply's own MessageID": "correlation-is-own-message-id",
    "the noun changed": "noun-changed",
    "OK with a fatal code": "ok-with-failure-code",
    "FAILED without a code": "failed-without-code",
    "two final replies": "second-final-reply",
    "0.1 after 0.2": "part-after-last",
    "a payload with 0.3": "acknowledgement-with-payload",
    "no Result": "result-missing",
}
"""What replies do wrong (F15). The two about series are found by a conversation, the others here."""


def test_each_fault_of_a_reply_has_a_kind_of_its_own() -> None:
    kinds = finding_kinds()
    assert len(set(F15.values())) == len(F15)
    assert [name for name in F15.values() if kinds[name].seen == "exchange"] == [
        "second-final-reply",
        "part-after-last",
    ]
    for name in F15.values():
        if name in CASES:
            others = set(F15.values()) - {name}
            assert not others & {one.kind for one in diagnosed(CASES[name][0])}


def test_a_reference_is_found_under_the_element_that_it_stands_in() -> None:
    functions = '<ComFunction ref="f-1"/><SimpleEndDeviceFunction ref="f-2"/><SimpleEndDeviceFunction ref="f-3"/>'
    found = [finding.path for finding in diagnosed(meter_config(functions))]
    meter = "/RequestMessage/Payload/MeterConfig/Meter"
    assert found == [
        f"{meter}/ComFunction/@ref",
        f"{meter}/SimpleEndDeviceFunction[1]/@ref",
        f"{meter}/SimpleEndDeviceFunction[2]/@ref",
    ]


@pytest.mark.parametrize("kind", ["legacy-read-request", "code-shape", "reading-contradicted"])
def test_classes_that_are_derived_from_the_librarys_are_looked_at_alike(kind: str) -> None:
    class MyReadings(MeterReadings):
        pass

    class MyRequest(RequestMessage[MyReadings]):
        pass

    bad, _ = CASES[kind]
    assert isinstance(bad, str)
    read = from_xml(bad, RequestMessage[MeterReadings], mode="lenient")
    assert read.payload is not None
    mine = MyReadings(meter_reading=read.content.meter_reading)
    request = MyRequest(header=read.header, payload=Payload(contents=[mine]))
    assert [str(one) for one in diagnose(request)] == [str(one) for one in diagnose(read)]
