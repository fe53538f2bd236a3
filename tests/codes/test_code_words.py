"""Words: what a person is told about a code."""

import pathlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iec61968_9.codes import (
    EndDeviceControlCode,
    EndDeviceEventCode,
    ReadingQualityCode,
    ReadingTypeCode,
    ReplyCode,
    known_codes,
    load_wording,
    read_wording,
)
from iec61968_9.codes._dotted import DottedCode
from iec61968_9.codes._tables import rows

KWH = "0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.3.72.0",
            "bulk quantity of forward secondary metered electricity energy, in kWh",
        ),
        (KWH, "15-minute delta of forward secondary metered electricity energy, in kWh"),
        (
            "0.0.7.6.19.1.12.0.0.0.0.0.0.0.0.3.73.0",
            "hourly indicating reverse secondary metered electricity energy, in kVArh",
        ),
        (
            "32.0.2.4.1.2.37.0.0.0.0.0.0.0.0.3.38.0",
            "specified-period 15-minute delta of forward primary metered electricity power, in kW",
        ),
        (
            "0.26.0.1.1.1.12.0.0.0.0.1.0.1.224.3.72.0",
            "sum of bulk quantity of forward secondary metered electricity energy,"
            " phases ABC, TOU bin 1, tier 1, in kWh",
        ),
        ("0.0.0.6.0.3.115.0.0.0.0.0.0.0.0.-1.79.0", "indicating communication signal strength, in dB"),
    ],
)
def test_the_published_examples_read_as_published(text: str, words: str) -> None:
    assert ReadingTypeCode.parse(text).describe() == words


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (ReadingTypeCode(), "nothing specified"),
        (ReadingTypeCode(unit=42, multiplier=3), "unspecified quantity, in 10^3 m³"),
        (ReadingTypeCode(measurement_kind=4, phases=129), "current, phase A to N"),
        (ReadingTypeCode(measurement_kind=4, phases=225), "current, phases ABC to N"),
        (ReadingTypeCode(measurement_kind=4, phases=40), "current, phase C to A"),
        (ReadingTypeCode(measurement_kind=4, phases=17), "current, neutral"),
        (ReadingTypeCode(measurement_kind=4, phases=769), "current, phases S1 S2 to N"),
        (ReadingTypeCode(measurement_kind=4, phases=17153), "current, networked S1 S2 N"),
        (ReadingTypeCode(measurement_kind=4, phases=1024 + 128), "current, phase A wye"),
        (ReadingTypeCode(measurement_kind=4, phases=32768), "current, unknown phases 32768"),
        (
            ReadingTypeCode(measurement_kind=54, interharmonic_numerator=2, interharmonic_denominator=1, unit=29),
            "RMS voltage, harmonic 2, in V",
        ),
        (
            ReadingTypeCode(measurement_kind=54, interharmonic_numerator=1, interharmonic_denominator=2),
            "RMS voltage, harmonic 1/2",
        ),
        (
            ReadingTypeCode(measurement_kind=5, argument_numerator=120, argument_denominator=1, unit=9),
            "current angle, at 120 degrees, in °",
        ),
        (ReadingTypeCode(measurement_kind=5, argument_numerator=1), "current angle, undefined argument 1/0"),
        (ReadingTypeCode(measurement_kind=45, unit=80, currency=978), "tariff rate, in EUR"),
        (ReadingTypeCode(measurement_kind=45, unit=80, multiplier=-2, currency=978), "tariff rate, in 10^-2 EUR"),
        (ReadingTypeCode(measurement_kind=45, unit=80, currency=1), "tariff rate, in ¤, in currency 1"),
        (ReadingTypeCode(measurement_kind=12, unit=72, currency=840), "energy, in Wh, in currency USD"),
        (ReadingTypeCode(measurement_kind=41, unit=111), "sag, as a count"),
        (ReadingTypeCode(measurement_kind=41, unit=111, multiplier=3), "sag, as a count, x 10^3"),
        (ReadingTypeCode(measurement_kind=12, unit=999, multiplier=3), "energy, in unknown unit 999, x 10^3"),
        (ReadingTypeCode(measurement_kind=12, multiplier=3), "energy, x 10^3"),
        (ReadingTypeCode(aggregate=99, measurement_kind=12), "unknown aggregate 99 energy"),
        (
            ReadingTypeCode(measuring_period=1001, measurement_kind=12),
            "vendor-specific measuring period 1001 energy",
        ),
        (ReadingTypeCode(measurement_kind=8, cpp=2, unit=38), "demand, CPP bin 2, in W"),
        (ReadingQualityCode(3, 8, 0), "meter data management system: estimated"),
        (ReadingQualityCode(3, 8, 17), "meter data management system: estimated by rule 17"),
        (ReadingQualityCode(2, 6, 40), "metering system: failed validation by rule 40"),
        (ReadingQualityCode(2, 5, 259), "metering system: known missing read"),
        (ReadingQualityCode(0, 0, 0), "data valid"),
        (ReadingQualityCode(1, 5, 1), "end device: reasonability, unknown index 1"),
        (EndDeviceEventCode(3, 31, 0, 68), "electric meter: RCD switch, disconnected"),
        (EndDeviceEventCode(0, 26, 131, 223), "power, phase A voltage, sag started"),
        (EndDeviceEventCode(0, 0, 0, 0), "nothing specified"),
        (EndDeviceControlCode(77, 31, 0, 23), "unknown device type 77: RCD switch, disconnect"),
        (ReplyCode(2, 4), "invalid parameter: bad Meter"),
        (ReplyCode(2, 99), "invalid parameter: unknown number 99"),
        (ReplyCode(9, 1), "unknown family 9: unknown number 1"),
    ],
)
def test_a_code_in_one_line(code: DottedCode, words: str) -> None:
    assert code.describe() == words


@given(st.tuples(*[st.integers(0, 300)] * 15, st.integers(-30, 30), st.integers(0, 300), st.integers(0, 1000)))
def test_there_are_words_for_any_reading_type(parts: tuple[int, ...]) -> None:
    code = ReadingTypeCode.from_parts(parts)
    assert code.describe()
    assert code.name
    assert len(code.explain()) == 18


@pytest.mark.parametrize(
    ("kind", "count"), [(EndDeviceEventCode, 399), (EndDeviceControlCode, 24)], ids=["events", "controls"]
)
def test_every_listed_code_reads_names_and_describes_itself(
    kind: type[EndDeviceEventCode] | type[EndDeviceControlCode], count: int
) -> None:
    table = rows(kind.FORM.listed)
    patterns = list(known_codes(kind))
    assert len(patterns) == len(table) == count
    for pattern, line in zip(patterns, table, strict=True):
        code = pattern.fill(type=3) if pattern.parts[0] is None else pattern.fill()
        assert str(pattern) == line["code"]
        assert pattern.name == line["name"]
        assert code.name == line["name"].replace("*", "ElectricMeter")
        assert kind.from_name(code.name) == code == kind.parse(str(code))
        assert pattern.matches(code)
        assert "unknown" not in code.describe()
        assert all(part.is_known for part in code.explain())


@pytest.mark.parametrize(
    "kind",
    [
        "macro_period",
        "aggregate",
        "measuring_period",
        "accumulation",
        "flow_direction",
        "commodity",
        "measurement_kind",
        "unit",
    ],
)
def test_english_has_a_phrase_for_every_number_of_a_reading_type(kind: str) -> None:
    english = load_wording("en")
    assert [
        line["code"] for line in rows(f"reading_type/{kind}")[1:] if not english.phrase(kind, int(line["code"]))
    ] == []


@pytest.mark.parametrize("table", ["reading_quality/system", "reading_quality/category", "reply/family"])
def test_english_has_a_phrase_for_every_number_of_the_small_tables(table: str) -> None:
    english = load_wording("en")
    assert all(english.phrase(table.rpartition("/")[2], int(line["code"])) for line in rows(table))


def test_the_long_form_says_every_part() -> None:
    parts = ReadingTypeCode.parse("0.99.2.4.1.1.12.0.0.0.0.5.0.0.129.3.72.978").explain()
    assert [(part.position, part.title, part.number, part.meaning, part.is_known) for part in parts if part.number] == [
        (2, "aggregate", 99, "unknown aggregate 99", False),
        (3, "measuring period", 2, "15-minutes", True),
        (4, "accumulation", 4, "Delta data", True),
        (5, "flow direction", 1, "Forward", True),
        (6, "commodity", 1, "Electricity secondary metered", True),
        (7, "measurement kind", 12, "Energy", True),
        (12, "time-of-use bin", 5, "5", True),
        (15, "phases", 129, "phase A to N", True),
        (16, "multiplier", 3, "x 10^3 (k)", True),
        (17, "unit", 72, "Watt hours (Wh)", True),
        (18, "currency", 978, "Euro (EUR)", True),
    ]


@pytest.mark.parametrize(
    ("code", "meaning", "known"),
    [
        (ReadingQualityCode(3, 8, 17), "estimated by rule 17", True),
        (ReadingQualityCode(3, 8, 0), "Estimated - generic", True),
        (ReadingQualityCode(3, 5, 1), "unknown index 1", False),
        (ReplyCode(2, 4), "bad Meter", True),
        (ReplyCode(2, 99), "unknown number 99", False),
    ],
)
def test_the_last_part_is_explained_by_those_before_it(code: DottedCode, meaning: str, known: bool) -> None:
    last = code.explain()[-1]
    assert (last.meaning, last.is_known) == (meaning, known)


def test_another_language_is_a_file(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "de.csv"
    path.write_text(
        "kind,code,phrase\n"
        "template,head,flow_direction measurement_kind commodity aggregate accumulation measuring_period macro_period\n"
        "template,unit,{unit}\n"
        "measuring_period,2,über 15 Minuten\naccumulation,4,als Zuwachs\nflow_direction,1,bezogene\n"
        "commodity,1,Elektrizität (sekundär gemessen)\nmeasurement_kind,12,Energie\nlabel accumulation,4,Zuwachs\n"
        "slot,accumulation,Verhalten\n",
        encoding="utf-8",
    )
    german = read_wording(path, "de")
    code = ReadingTypeCode.parse(KWH)
    assert code.describe(german) == "bezogene Energie Elektrizität (sekundär gemessen) als Zuwachs über 15 Minuten, kWh"
    assert (code.explain(german)[3].title, code.explain(german)[3].meaning) == ("Verhalten", "Zuwachs")
    assert code.describe() != code.describe(german)


def test_a_language_that_nobody_wrote_is_an_error() -> None:
    for language in ("tlh", "../words/en", "en/../en", "en.csv", "a\0b", "x" * 5_000, ""):
        with pytest.raises(LookupError, match="no wording for"):
            load_wording(language)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (KWH, "fifteenMinute.deltaData.forward.electricitySecondaryMetered.energy.kiloWh"),
        ("0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0", "none"),
        (
            "0.99.0.0.0.0.54.2.1.120.1.1.2.3.129.-3.29.978",
            "aggregate99.voltage.interharmonic2_1.argument120_1.tou1.cpp2.consumptionTier3.AN.milliV.EUR",
        ),
        ("0.0.0.0.0.0.12.0.0.0.0.0.0.0.0.7.72.0", "energy.multiplier7.Wh"),
        ("0.0.0.0.0.0.12.0.0.0.0.0.0.0.0.3.0.0", "energy.kilo"),
    ],
)
def test_the_name_is_made_of_the_standards_literals(text: str, name: str) -> None:
    assert ReadingTypeCode.parse(text).name == name


def test_no_two_known_parts_have_the_same_name() -> None:
    names = [
        ReadingTypeCode().replace(**{slot.name: int(line["code"])}).name
        for slot in ReadingTypeCode.FORM.slots
        if slot.table
        and slot.name in ("macro_period", "measuring_period", "accumulation", "flow_direction", "commodity")
        for line in rows(slot.table)[1:]
    ]
    assert len(names) == len(set(names))
