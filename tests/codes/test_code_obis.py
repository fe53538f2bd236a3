"""OBIS: exact or refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iec61968_9.codes import Commodity, MeasuringPeriod, Obis, ReadingTypeCode, from_obis, to_obis
from iec61968_9.codes._tables import rows
from iec61968_9.errors import CodeError

REGISTERS = [Obis.parse(f"{line['obis']}.0") for line in rows("obis")]
COMMON = "one of the common electricity registers (tables/obis.csv)"
KWH = "0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.3.72.0"


@pytest.mark.parametrize(
    ("obis", "text"),
    [
        ("1-0:1.8.0", KWH),
        ("1-0:1.8.2", "0.0.0.1.1.1.12.0.0.0.0.2.0.0.0.3.72.0"),
        ("1-0:2.8.0", "0.0.0.1.19.1.12.0.0.0.0.0.0.0.0.3.72.0"),
        ("1-0:5.8.0", "0.0.0.1.15.1.12.0.0.0.0.0.0.0.0.3.73.0"),
        ("1-0:3.7.0", "0.0.0.12.5.1.37.0.0.0.0.0.0.0.0.3.63.0"),
    ],
)
def test_common_registers_go_both_ways(obis: str, text: str) -> None:
    assert str(from_obis(obis, multiplier=3)) == text
    assert str(to_obis(ReadingTypeCode.parse(text))) == obis


@given(
    st.sampled_from(REGISTERS),
    st.integers(0, 63),
    st.integers(-3, 6),
    st.sampled_from([Commodity.ELECTRICITY_SECONDARY_METERED, Commodity.ELECTRICITY_PRIMARY_METERED]),
    st.sampled_from([period for period in MeasuringPeriod if period]),
    st.integers(0, 255),
)
def test_there_and_back_is_exact(
    register: Obis, tariff: int, multiplier: int, commodity: Commodity, period: MeasuringPeriod, channel: int
) -> None:
    tariff = tariff if register.processing == 8 else 0
    obis = Obis(1, channel, register.quantity, register.processing, tariff)
    measuring_period = period if obis.processing == 29 else 0
    code = from_obis(obis, multiplier=multiplier, commodity=commodity, measuring_period=measuring_period)
    assert to_obis(code, channel=channel) == obis
    assert not code.replace(multiplier=0).check()


def test_every_row_means_something_else() -> None:
    answers = [from_obis(obis, multiplier=0, measuring_period=2 if obis.processing == 29 else 0) for obis in REGISTERS]
    assert len(set(answers)) == len(answers) == len(set(REGISTERS))


@pytest.mark.parametrize(
    ("obis", "message"),
    [
        ("1-0:1.6.0", "no reading type that is known"),
        ("7-0:3.1.0", "no reading type that is known"),
        ("1-0:32.7.1", "no reading type that is known"),
        ("1-0:1.29.0", "measuring period must be given"),
        ("1-0:1.8.64", "no reading type that is known"),
    ],
)
def test_a_register_without_an_exact_counterpart_is_refused(obis: str, message: str) -> None:
    with pytest.raises(CodeError, match=message) as caught:
        from_obis(obis, multiplier=3)
    assert (caught.value.code, caught.value.expected) == (obis, COMMON)


def test_a_period_that_the_register_cannot_have_is_refused() -> None:
    with pytest.raises(CodeError, match="has no measuring period") as caught:
        from_obis("1-0:1.8.0", multiplier=3, measuring_period=2)
    assert caught.value.code == "1-0:1.8.0"


def test_a_commodity_that_is_no_electricity_is_refused() -> None:
    with pytest.raises(CodeError, match="is electricity, not commodity 7") as caught:
        from_obis("1-0:1.8.0", multiplier=3, commodity=Commodity.NATURAL_GAS)
    assert caught.value.code == "1-0:1.8.0"


@pytest.mark.parametrize(
    "changes",
    [{"commodity": 7}, {"aggregate": 8}, {"macro_period": 11}, {"phases": 1}, {"tou": 64}, {"measuring_period": 2}],
)
def test_a_reading_type_without_an_exact_counterpart_is_refused(changes: dict[str, int]) -> None:
    code = ReadingTypeCode.parse(KWH).replace(**changes)
    with pytest.raises(CodeError, match="no OBIS code") as caught:
        to_obis(code)
    assert (caught.value.code, caught.value.expected) == (str(code), COMMON)


@pytest.mark.parametrize("text", ["1-0:1.8.0", "1-1:2.8.4", "0-0:96.1.0", "255-255:255.255.255"])
def test_obis_text_is_read_and_written(text: str) -> None:
    assert str(Obis.parse(text)) == text
    assert Obis.parse(text + "*255") == Obis.parse(text)


def test_the_short_form_is_electricity_of_the_only_channel() -> None:
    assert Obis.parse("1.8.0") == Obis.parse("1-0:1.8.0")


@pytest.mark.parametrize(
    "text", ["", "1.8", "1-0:1.8.0*01", "1-0:1.8.256", "1-0:01.8.0", "1-0:1.8.0 ", "1.0.1.8.0.255", "1" * 999]
)
def test_what_is_no_obis_code_is_refused(text: str) -> None:
    with pytest.raises(CodeError, match=r"expected A-B:C\.D\.E") as caught:
        Obis.parse(text)
    assert (caught.value.code, caught.value.expected) == (text, "A-B:C.D.E, each 0 to 255")


def test_a_long_text_is_not_repeated_whole() -> None:
    with pytest.raises(CodeError, match=f"^'{'1' * 80}' is no OBIS code"):
        Obis.parse("1" * 999)


def test_there_is_no_channel_beyond_a_byte() -> None:
    with pytest.raises(CodeError, match="no channel 256") as caught:
        to_obis(ReadingTypeCode.parse(KWH), channel=256)
    assert caught.value.code == KWH
