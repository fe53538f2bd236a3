"""Errors: what is wrong, where, what should have stood there, and what did; for every kind of fault."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from tests.verbs.support import MESSAGE, NAMESPACE, READINGS, event, prefixed, readings

from iec61968_9 import (
    CodeError,
    DecodeError,
    EncodeError,
    Iec61968Error,
    LimitError,
    Limits,
    SchemaError,
    SchemaIssue,
    from_xml,
    iter_xml,
    register,
    to_xml,
    validate,
)
from iec61968_9._codecs.index import PROFILES
from iec61968_9.codes import ReadingTypeCode
from iec61968_9.profiles.customer_config import CustomerConfig
from iec61968_9.profiles.envelope import EventMessage, RequestMessage
from iec61968_9.profiles.meter_readings import MeterReading, MeterReadings

ITEM = "/MeterReadings/MeterReading"
BLOCK = '<ReadingType ref="1"/>'

# name -> (what stands in the root, path, line, expected contains, got contains)
FAULTS: dict[str, tuple[str, str, int, str | None, str | None]] = {
    "unknown element": (
        "<MeterReading>\n<voltage>230</voltage></MeterReading>",
        f"{ITEM}/voltage",
        3,
        "Meter",
        "voltage",
    ),
    "unknown element of another namespace": (
        "<MeterReading>\n<x:voltage xmlns:x='urn:x'/></MeterReading>",
        f"{ITEM}/voltage",
        3,
        "Meter",
        "voltage",
    ),
    "unknown attribute": ('<MeterReading\n colour="red"/>', f"{ITEM}/@colour", 3, None, "colour"),
    "unknown attribute on a leaf": (
        '<MeterReading><Meter>\n<mRID\n colour="red">a</mRID></Meter></MeterReading>',
        f"{ITEM}/Meter/mRID/@colour",
        4,
        None,
        "colour",
    ),
    "missing": (
        "<MeterReading>\n<IntervalBlocks>\n</IntervalBlocks></MeterReading>",
        f"{ITEM}/IntervalBlocks",
        3,
        "ReadingType",
        None,
    ),
    "duplicate": (
        "<MeterReading><Meter/>\n<Meter/></MeterReading>",
        f"{ITEM}/Meter[2]",
        3,
        None,
        "Meter number 2",
    ),
    "wrong order": (
        "<MeterReading><valuesInterval/>\n<Meter/></MeterReading>",
        f"{ITEM}/Meter",
        3,
        "it before valuesInterval",
        "it behind valuesInterval",
    ),
    "stray text": ("<MeterReading>\nabc<Meter/></MeterReading>", ITEM, 2, "elements only", None),
    "stray text behind a child": ("<MeterReading>\n<Meter/>abc</MeterReading>", ITEM, 2, "elements only", None),
    "stray no-break space": ("<MeterReading>\u00a0<Meter/>\n</MeterReading>", ITEM, 2, "elements only", None),
    "stray CDATA": ("<MeterReading><![CDATA[x]]></MeterReading>", ITEM, 2, "elements only", None),
    "elements in a value": (
        "<MeterReading><Meter>\n<mRID>a<b/></mRID></Meter></MeterReading>",
        f"{ITEM}/Meter/mRID",
        3,
        "a value",
        None,
    ),
    "bad literal": (
        f"<MeterReading><Readings>\n<reason>boredom</reason>{BLOCK}</Readings></MeterReading>",
        f"{ITEM}/Readings/reason",
        3,
        "billing",
        "boredom",
    ),
    "literal with white space": (
        f"<MeterReading><Readings>\n<reason> billing </reason>{BLOCK}</Readings></MeterReading>",
        f"{ITEM}/Readings/reason",
        3,
        "billing",
        "billing",
    ),
    "bad date": (
        "<MeterReading><valuesInterval>\n<end>2026-02-30T00:00:00Z</end></valuesInterval></MeterReading>",
        f"{ITEM}/valuesInterval/end",
        3,
        "a date and time",
        "2026-02-30T00:00:00Z",
    ),
    "bad number": (
        f"<MeterReading><IntervalBlocks><PendingCalculation>\n<offset>1.5</offset>{BLOCK}</PendingCalculation>{BLOCK}"
        "</IntervalBlocks></MeterReading>",
        f"{ITEM}/IntervalBlocks/PendingCalculation/offset",
        3,
        "an integer",
        "1.5",
    ),
    "bad boolean": (
        "<MeterReading>\n<isCoincidentTrigger>maybe</isCoincidentTrigger></MeterReading>",
        f"{ITEM}/isCoincidentTrigger",
        3,
        "true, false, 1 or 0",
        "maybe",
    ),
    "empty number": (
        "<MeterReading>\n<isCoincidentTrigger/></MeterReading>",
        f"{ITEM}/isCoincidentTrigger",
        3,
        "true, false, 1 or 0",
        "''",
    ),
    "wrong case": ("<MeterReading>\n<meter/></MeterReading>", f"{ITEM}/meter", 3, "Meter", "meter"),
    "no namespace": (
        '<MeterReading>\n<Meter xmlns=""/></MeterReading>',
        f"{ITEM}/Meter",
        3,
        f'xmlns="{READINGS}"',
        None,
    ),
}


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_every_fault_is_told_with_its_place(name: str) -> None:
    inside, path, line, expected, got = FAULTS[name]
    source = readings(inside)
    with pytest.raises(SchemaError) as caught:
        from_xml(source)
    error = caught.value
    assert (error.path, error.line) == (path, line)
    assert (expected or "") in (error.expected or "")
    assert (got or "") in (error.got or "")
    assert error.reply_code is not None
    assert path in str(error)
    assert f"line {line}" in str(error)
    issues = validate(source)
    assert list(error.issues) == issues
    assert (issues[0].path, issues[0].line, issues[0].profile) == (path, line, "MeterReadings")


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_inside_an_envelope_the_place_counts_from_its_root(name: str) -> None:
    inside, path, line, *_ = FAULTS[name]
    with pytest.raises(SchemaError) as caught:
        from_xml(event("\n" + readings(inside)))
    assert (caught.value.path, caught.value.line) == (f"/EventMessage/Payload{path}", line + 1)


@pytest.mark.parametrize("name", sorted(set(FAULTS) - {"no namespace"}))
def test_a_prefix_changes_nothing_about_the_place(name: str) -> None:
    inside, path, line, expected, got = FAULTS[name]
    good = "<MeterReading/>" * 3
    for source in (prefixed(readings(good + inside)), event(prefixed(readings(good + inside)))):
        with pytest.raises(SchemaError) as caught:
            from_xml(source)
        error = caught.value
        around = "/EventMessage/Payload" if "EventMessage" in source else ""
        assert (error.path, error.line) == (around + path.replace(ITEM, f"{ITEM}[4]"), line)
        assert (expected or "") in (error.expected or "")
        assert (got or "") in (error.got or "")


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_a_stream_tells_the_same_place(name: str) -> None:
    inside, path, line, *_ = FAULTS[name]
    good = "<MeterReading/>" * 3
    with pytest.raises(DecodeError) as caught:
        list(iter_xml(readings(good + inside), "MeterReading"))
    assert (caught.value.path, caught.value.line) == (path.replace(ITEM, f"{ITEM}[4]"), line)


def test_no_text_of_libxml2_comes_through() -> None:
    for inside, *_ in FAULTS.values():
        for issue in validate(readings(inside)):
            text = f"{issue.message} {issue.expected} {issue.got}"
            assert "atomic type" not in text
            assert "facet" not in text
            assert "{http" not in text
            assert "Element '" not in text


def test_several_faults_are_told_at_once_in_the_order_of_the_document() -> None:
    bad = "<MeterReading>\n<isCoincidentTrigger>maybe</isCoincidentTrigger>\n</MeterReading>\n"
    source = event(readings(bad * 4), header="").replace("<Verb>created", "\n<Verb>CREATED")
    with pytest.raises(SchemaError) as caught:
        from_xml(source)
    issues = caught.value.issues
    assert [issue.profile for issue in issues] == ["Message"] + ["MeterReadings"] * 4
    assert [issue.line for issue in issues] == [2, 4, 7, 10, 13]
    assert len({issue.path for issue in issues}) == 5
    text = str(caught.value)
    assert "5 issues" in text
    assert all(str(issue) in text for issue in issues)


def test_one_fault_is_one_issue() -> None:
    for name in ("bad literal", "bad date", "bad boolean", "bad number", "unknown attribute", "unknown element"):
        assert len(validate(readings(FAULTS[name][0]))) == 1, name


# -- roots -----------------------------------------------------------------------------------------------------------

VERBS: list[Callable[[str], object]] = [
    from_xml,
    validate,
    lambda source: from_xml(source, mode="lenient"),
    lambda source: list(iter_xml(source, "MeterReading")),
]
STRICT_VERBS = [VERBS[0], VERBS[1], VERBS[3]]


@pytest.mark.parametrize("verb", VERBS)
def test_an_unknown_root_is_an_error_that_says_what_is_known(verb: Callable[[str], object]) -> None:
    with pytest.raises(DecodeError) as caught:
        verb('\n<Envelope xmlns="urn:x"/>')
    assert (caught.value.path, caught.value.line, caught.value.got) == ("/Envelope", 2, "{urn:x}Envelope")
    assert "RequestMessage" in (caught.value.expected or "")


@pytest.mark.parametrize(
    ("verb", "namespace"),
    [(verb, namespace) for verb in VERBS for namespace in ("urn:x", READINGS[:-1], READINGS.upper())]
    + [(verb, READINGS.replace("2011", "2017")) for verb in STRICT_VERBS],
)
def test_a_wrong_namespace_is_an_error_that_names_the_known_ones(verb: Callable[[str], object], namespace: str) -> None:
    with pytest.raises(DecodeError) as caught:
        verb(readings(namespace=namespace))
    assert caught.value.expected == f"{{{READINGS}}}MeterReadings"
    assert caught.value.got == f"{{{namespace}}}MeterReadings"
    assert READINGS in str(caught.value)


@pytest.mark.parametrize("verb", STRICT_VERBS)
def test_no_namespace_is_a_wrong_one(verb: Callable[[str], object]) -> None:
    with pytest.raises(DecodeError) as caught:
        verb("<MeterReadings/>")
    assert caught.value.got == "MeterReadings"
    assert caught.value.expected == f"{{{READINGS}}}MeterReadings"


@pytest.mark.parametrize("mode", ["strict", "lenient"])
def test_another_root_than_the_expected_one_is_an_error(mode: Any) -> None:
    with pytest.raises(DecodeError) as caught:
        from_xml("\n" + readings(), CustomerConfig, mode=mode)
    error = caught.value
    assert (error.path, error.line, error.expected, error.got) == (
        "/MeterReadings",
        2,
        "CustomerConfig",
        "MeterReadings",
    )
    with pytest.raises(DecodeError):
        from_xml(event(readings()), MeterReadings, mode=mode)
    with pytest.raises(DecodeError):
        from_xml(readings(), EventMessage[MeterReadings], mode=mode)
    with pytest.raises(DecodeError):
        from_xml(readings(), MeterReading, mode=mode)


def test_an_item_that_does_not_exist_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(TypeError, match="EventMessage"):
        iter_xml(readings(), EventMessage)
    with pytest.raises((TypeError, ValueError, DecodeError)):
        list(iter_xml(readings(), "Nonsense"))


# -- status and confidence -------------------------------------------------------------------------------------------

PAYLOADS = [profile for profile in PROFILES if profile.role != "envelope"]


@pytest.mark.parametrize("profile", PAYLOADS, ids=lambda profile: profile.noun)
def test_a_schema_error_says_how_sure_the_schema_is_and_what_to_do(profile: Any) -> None:
    root = profile.roots[0]
    source = f'<{root} xmlns="{NAMESPACE.format(profile.noun)}"><nonsense/></{root}>'
    with pytest.raises(SchemaError) as caught:
        from_xml(source)
    error = caught.value
    assert (error.profile, error.status, error.confidence) == (profile.noun, profile.status, profile.confidence)
    if profile.status == "schema-backed":
        assert error.advice is None
    else:
        assert error.advice is not None
        assert "lenient" in error.advice
        assert profile.status in error.advice
        assert profile.confidence in error.advice
        assert error.advice in str(error)


def test_there_are_profiles_of_either_kind() -> None:
    assert {profile.status for profile in PAYLOADS} >= {"schema-backed", "derived"}


def test_inside_an_envelope_the_payload_s_schema_counts() -> None:
    derived = next(profile for profile in PAYLOADS if profile.status == "derived" and profile.role == "payload")
    inside = f'<{derived.noun} xmlns="{NAMESPACE.format(derived.noun)}"><nonsense/></{derived.noun}>'
    with pytest.raises(SchemaError) as caught:
        from_xml(event(inside, noun=derived.noun))
    assert caught.value.profile == derived.noun
    assert caught.value.advice is not None


# -- the family ------------------------------------------------------------------------------------------------------


def raised(call: Callable[[], object]) -> Iec61968Error:
    with pytest.raises(Iec61968Error) as caught:
        call()
    return caught.value


def _no_payload() -> object:
    return list(iter_xml(event(), "MeterReading"))


ERRORS: dict[str, tuple[type[Iec61968Error], Callable[[], object]]] = {
    "syntax": (DecodeError, lambda: from_xml("<a>")),
    "root": (DecodeError, lambda: from_xml("<a/>")),
    "schema": (SchemaError, lambda: from_xml(readings("<a/>" * 3))),
    "derived schema": (
        SchemaError,
        lambda: from_xml(f'<CustomerConfig xmlns="{NAMESPACE.format("CustomerConfig")}"><a/></CustomerConfig>'),
    ),
    "limit": (LimitError, lambda: from_xml(readings(), limits=Limits(elements=1))),
    "encode": (EncodeError, lambda: to_xml(MeterReadings(meter_reading=[None]))),  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]  # the point
    "code": (CodeError, lambda: ReadingTypeCode.parse("1.2.3")),
    "no payload": (DecodeError, _no_payload),
}


@pytest.mark.parametrize("name", sorted(ERRORS))
def test_every_error_survives_pickling_and_copying(name: str) -> None:
    kind, call = ERRORS[name]
    error = raised(call)
    assert type(error) is kind
    error.add_note("seen at the gate")
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(error, protocol))  # noqa: S301  # our own
        assert type(again) is kind
        assert str(again) == str(error)
        assert again.args == error.args
        assert vars(again) == vars(error)
    assert str(copy.copy(error)) == str(error)
    assert vars(copy.deepcopy(error)) == vars(error)


def test_a_message_without_payload_comes_with_the_error() -> None:
    error = raised(_no_payload)
    assert isinstance(error, DecodeError)
    assert error.envelope == from_xml(event())
    assert error.reply_code is not None


def test_other_errors_have_no_envelope() -> None:
    error = raised(lambda: from_xml(readings("<a/>")))
    assert isinstance(error, DecodeError)
    assert error.envelope is None


def test_the_input_and_the_caller_are_told_apart() -> None:
    for error in (SchemaError, LimitError):
        assert issubclass(error, DecodeError)
    assert not issubclass(EncodeError, DecodeError)
    for one in (DecodeError, EncodeError, CodeError):
        assert issubclass(one, Iec61968Error)
    assert issubclass(CodeError, ValueError)


def test_an_issue_reads_well() -> None:
    issue = SchemaIssue("/a/b", 3, "it is wrong", "right", "wrong", "X")
    assert str(issue) == "/a/b, line 3: it is wrong; expected right, got wrong"
    assert pickle.loads(pickle.dumps(issue)) == issue  # noqa: S301  # our own


def test_an_error_shows_a_long_text_shortened_and_on_one_line() -> None:
    long = "x\n" * 5000
    issue = validate(readings(f"<MeterReading><isCoincidentTrigger>{long}</isCoincidentTrigger></MeterReading>"))[0]
    assert issue.got is not None
    assert len(issue.got) < 120
    assert "\n" not in str(issue)


@pytest.mark.parametrize(
    "text", ["'", "''", "'is not a valid value of the atomic type 'x'.", "} ] ) '", "\\", "%s {0}"]
)
def test_quotes_in_a_value_do_not_confuse_the_error(text: str) -> None:
    issue = validate(readings(f"<MeterReading><isCoincidentTrigger>{text}</isCoincidentTrigger></MeterReading>"))[0]
    assert issue.got == repr(text)
    assert issue.expected == "true, false, 1 or 0"


def test_the_namespace_of_the_envelope_counts_too() -> None:
    with pytest.raises(DecodeError) as caught:
        from_xml(event(namespace="urn:x"))
    assert MESSAGE in (caught.value.expected or "")


def test_who_expects_a_payload_and_gets_the_message_around_it_is_told_what_to_expect() -> None:
    with pytest.raises(DecodeError) as caught:
        from_xml(event(readings("")), MeterReadings)
    assert caught.value.advice is not None
    assert "expect EventMessage[MeterReadings], which has it as its content" in caught.value.advice


def test_who_expects_a_message_and_gets_a_bare_payload_is_told_what_to_expect() -> None:
    with pytest.raises(DecodeError) as caught:
        from_xml(readings(""), EventMessage[MeterReadings])
    assert caught.value.advice == "What a message carries came without a message around it: expect MeterReadings."


def test_who_expects_another_message_or_payload_gets_no_advice() -> None:
    for document, expected in ((event(readings("")), RequestMessage), (readings(""), CustomerConfig)):
        with pytest.raises(DecodeError) as caught:
            from_xml(document, expected)
        assert caught.value.advice is None


@pytest.mark.parametrize("expected", ["MeterReadings", MeterReadings(), 7])
def test_what_is_expected_is_a_class(expected: Any) -> None:
    with pytest.raises(TypeError, match=r"such as MeterReadings or ResponseMessage\[MeterReadings\], not "):
        from_xml(readings(""), expected)


def test_who_asks_for_what_is_no_item_is_told_the_items() -> None:
    with pytest.raises(TypeError, match=r"those of MeterReadings are .*MeterReading, ReadingQualityType"):
        iter_xml(readings(""), MeterReadings)
    with pytest.raises(TypeError, match="a class that repeats right under a payload's root, such as MeterReading"):
        iter_xml(readings(""), EventMessage)


def test_a_package_that_the_generator_did_not_make_is_told_apart_from_none() -> None:
    with pytest.raises(ImportError, match="json was not made by the generator"):
        register("json")
    with pytest.raises(ImportError, match="No module named 'no_such_package'"):
        register("no_such_package")
