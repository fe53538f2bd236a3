"""The code behind what a message cites."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iec61968_9 import ForeignElement, Kept, Reference, Report, from_xml
from iec61968_9.codes import (
    Citation,
    CodeResolver,
    EndDeviceControlCode,
    EndDeviceEventCode,
    ReadingQualityCode,
    ReadingTypeCode,
)
from iec61968_9.codes._dotted import DottedCode
from iec61968_9.errors import CodeError
from iec61968_9.profiles.end_device_controls import EndDeviceControls, EndDeviceControlType
from iec61968_9.profiles.end_device_events import EndDeviceEvents
from iec61968_9.profiles.get_meter_readings import ReadingType as AskedType
from iec61968_9.profiles.meter_readings import EndDeviceEventType, MeterReadings, Name, ReadingQualityType, ReadingType

KWH = ReadingTypeCode.parse("0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0")
KINDS: list[type[DottedCode]] = [ReadingTypeCode, ReadingQualityCode, EndDeviceEventCode, EndDeviceControlCode]


def named(*texts: str) -> list[Name]:
    return [Name(name=text) for text in texts]


def kept(*elements: str) -> Kept:
    return Kept(elements=tuple(map(ForeignElement, elements)))


@given(st.data(), st.sampled_from(KINDS))
def test_a_dotted_code_needs_no_definition(data: st.DataObject, kind: type[DottedCode]) -> None:
    code = kind.from_parts(data.draw(st.tuples(*(st.integers(0, 300) for _ in kind.FORM.slots))))
    assert code.to_reference() == Reference(ref=str(code))
    assert kind.from_reference(code.to_reference()) == code
    assert CodeResolver().resolve(code.to_reference(), kind) == code


@pytest.mark.parametrize("reference", [None, Reference(), Reference(ref="")])
@pytest.mark.parametrize("kind", KINDS)
def test_a_reference_that_cites_nothing_is_refused(kind: type[DottedCode], reference: Reference | None) -> None:
    with pytest.raises(CodeError, match=f"no {kind.FORM.kind} is named at all"):
        kind.from_reference(reference)


@pytest.mark.parametrize("text", ["kWh", "1.2", "rt-1"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_reference_to_something_else_is_refused(kind: type[DottedCode], text: str) -> None:
    with pytest.raises(CodeError, match=f"{text}.* has . parts?") as caught:
        kind.from_reference(Reference(ref=text))
    assert caught.value.code == text


def test_a_reference_may_spell_its_code_out_as_some_systems_do() -> None:
    spelt = Reference(kept=kept(f"<a><Names><name>{KWH}</name></Names></a>", "<mRID>3.31.0.68</mRID>"))
    assert EndDeviceEventCode.from_reference(spelt) == EndDeviceEventCode.parse("3.31.0.68")


PAYLOAD = MeterReadings(
    reading_type=[
        KWH.to_profile(ReadingType, mrid="7f-01", names=named("kWh", "energy")),
        KWH.replace(unit=73).to_profile(ReadingType, names=named(str(KWH.replace(unit=73)))),
    ],
    reading_quality_type=[
        ReadingQualityType(mrid="q1", system_id="2", category="5", sub_category="259", names=named("missing"))
    ],
    end_device_event_type=[EndDeviceEventType(mrid="3.31.0.68", names=named("switched off"))],
)
CONTROLS = EndDeviceControls(
    end_device_control_type=[
        EndDeviceControlType(type="3", domain="31", sub_domain="0", event_or_action="23", names=named("off"))
    ]
)


@pytest.mark.parametrize(
    ("payload", "ref", "code"),
    [
        (PAYLOAD, "7f-01", KWH),
        (PAYLOAD, "kWh", KWH),
        (PAYLOAD, "energy", KWH),
        (PAYLOAD, "q1", ReadingQualityCode(2, 5, 259)),
        (PAYLOAD, "missing", ReadingQualityCode(2, 5, 259)),
        (PAYLOAD, "switched off", EndDeviceEventCode(3, 31, 0, 68)),
        (CONTROLS, "off", EndDeviceControlCode(3, 31, 0, 23)),
    ],
)
def test_a_reference_may_point_at_a_definition_by_mrid_or_name(payload: object, ref: str, code: DottedCode) -> None:
    assert CodeResolver(payload).resolve(Reference(ref=ref), type(code)) == code


def test_a_definition_serves_only_its_own_kind() -> None:
    with pytest.raises(CodeError):
        CodeResolver(PAYLOAD).resolve(Reference(ref="q1"), ReadingTypeCode)


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        (Reference(ref="kWh"), "'kWh' has 1 part"),
        (Reference(ref="1-0:1.8.0"), "has 3 parts"),
        (Reference(ref="3.0.129.160"), "has 4 parts"),
        (Reference(ref="?"), "has 1 part"),
        (Reference(ref=""), "no reading type is named at all"),
        (Reference(), "no reading type is named at all"),
        (None, "no reading type is named at all"),
    ],
)
def test_what_is_no_code_is_an_error_and_its_text_is_kept(reference: Reference | None, message: str) -> None:
    cited = CodeResolver().cite(reference, ReadingTypeCode)
    assert not cited.is_readable
    assert (cited.text or "") == (reference.ref or "" if reference is not None else "")
    for _ in range(2):
        with pytest.raises(CodeError, match=message):
            _ = cited.code


@pytest.mark.parametrize(
    "definition",
    [
        KWH.replace(unit=73).to_profile(ReadingType, mrid=str(KWH), names=named("odd")),
        KWH.to_profile(ReadingType, mrid=str(KWH.replace(unit=73)), names=named(str(KWH))),
        KWH.to_profile(ReadingType, unit="furlong"),
    ],
)
def test_a_definition_that_contradicts_its_own_code_is_an_error_for_all_who_cite_it(definition: ReadingType) -> None:
    with pytest.raises(CodeError):
        CodeResolver(MeterReadings(reading_type=[definition])).resolve(Reference(ref=str(KWH)), ReadingTypeCode)


def test_a_name_of_two_definitions_is_an_error_unless_they_say_the_same() -> None:
    same = [KWH.to_profile(ReadingType, names=named("energy")) for _ in range(2)]
    cited = Reference(ref="energy")
    assert CodeResolver(MeterReadings(reading_type=same)).resolve(cited, ReadingTypeCode) == KWH
    other = KWH.replace(unit=73).to_profile(ReadingType, names=named("energy"))
    with pytest.raises(CodeError, match="contradicts itself"):
        CodeResolver(MeterReadings(reading_type=[*same, other])).resolve(cited, ReadingTypeCode)


def test_a_partly_filled_definition_counts_only_if_the_caller_says_how() -> None:
    payload = MeterReadings(reading_type=[ReadingType(unit="72", names=named("energy"))])
    with pytest.raises(CodeError, match="leaves out"):
        CodeResolver(payload).resolve(Reference(ref="energy"), ReadingTypeCode)
    found = CodeResolver(payload, fill=True).resolve(Reference(ref="energy"), ReadingTypeCode)
    assert found == ReadingTypeCode(unit=72)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (AskedType(names=named(str(KWH))), KWH),
        (AskedType(mrid=str(KWH)), KWH),
        (AskedType(mrid="7f-01"), KWH),
        (AskedType(mrid="7f-99", names=named("kWh")), KWH),
    ],
)
def test_queries_name_a_type_where_messages_cite_it(asked: AskedType, code: ReadingTypeCode) -> None:
    assert CodeResolver(PAYLOAD).resolve(asked, ReadingTypeCode) == code


@pytest.mark.parametrize(
    "reference",
    [
        Reference(kept=kept("<mRID>3.31.0.68</mRID>")),
        Reference(kept=kept("<m:Names xmlns:m='urn:m'><m:name>3.31.0.68</m:name></m:Names>")),
        Reference(kept=kept("<Names><name>switched off</name></Names>")),
        Reference(ref="3.31.0.68", kept=kept("<mRID>3.31.0.68</mRID>")),
        Reference(
            kept=kept(
                "<type>3</type>", "<domain>31</domain>", "<subDomain>0</subDomain>", "<eventOrAction>68</eventOrAction>"
            )
        ),
    ],
)
def test_a_code_in_child_elements_instead_of_the_attribute_is_found(reference: Reference) -> None:
    assert str(CodeResolver(PAYLOAD).resolve(reference, EndDeviceEventCode)) == "3.31.0.68"


def test_child_elements_that_contradict_the_attribute_are_an_error() -> None:
    reference = Reference(ref="3.31.0.68", kept=kept("<mRID>3.31.0.42</mRID>"))
    with pytest.raises(CodeError, match="contradicts itself"):
        CodeResolver().resolve(reference, EndDeviceEventCode)


def test_the_way_some_head_ends_write_event_types_is_understood() -> None:
    xml = """<EndDeviceEvents xmlns="http://iec.ch/TC57/2011/EndDeviceEvents#"><EndDeviceEvent>
        <createdDateTime>2026-03-02T00:00:00Z</createdDateTime>
        <EndDeviceEventType><mRID>3.31.0.68</mRID></EndDeviceEventType>
        </EndDeviceEvent></EndDeviceEvents>"""
    report = Report()
    events = from_xml(xml, EndDeviceEvents, mode="lenient", report=report)
    cited: Any = events.end_device_event[0].end_device_event_type
    assert str(CodeResolver(events).resolve(cited, EndDeviceEventCode)) == "3.31.0.68"
    assert report.findings


def test_what_repeats_is_looked_up_once() -> None:
    resolver = CodeResolver(PAYLOAD)
    first = resolver.cite(Reference(ref="kWh"), ReadingTypeCode)
    assert isinstance(first, Citation)
    assert resolver.cite(Reference(ref="kWh"), ReadingTypeCode) is first
