"""Text in, text out: what is a code, what is none, and what the error says."""

import copy
import pickle
import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from iec61968_9.codes import (
    Commodity,
    EndDeviceControlCode,
    EndDeviceEventCode,
    MeasuringPeriod,
    ReadingQualityCode,
    ReadingTypeCode,
    ReplyCode,
    Unit,
    parse,
)
from iec61968_9.codes._dotted import (
    _READ,  # pyright: ignore[reportPrivateUsage] - its size is what is tested
    _READ_AT_MOST,  # pyright: ignore[reportPrivateUsage] - as above
    MAX_DIGITS,
    DottedCode,
)
from iec61968_9.errors import CodeError

KINDS: list[type[DottedCode]] = [
    ReadingTypeCode,
    ReadingQualityCode,
    EndDeviceEventCode,
    EndDeviceControlCode,
    ReplyCode,
]
KWH = "0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0"
PARTS = KWH.split(".")

numbers = st.one_of(st.integers(0, 300), st.integers(0, 10**MAX_DIGITS - 1))
signed = st.one_of(st.integers(-30, 30), st.integers(1 - 10**MAX_DIGITS, 10**MAX_DIGITS - 1))


def codes_of(kind: type[DottedCode]) -> st.SearchStrategy[tuple[int, ...]]:
    return st.tuples(*(signed if slot.signed else numbers for slot in kind.FORM.slots))


any_code = st.sampled_from(KINDS).flatmap(lambda kind: codes_of(kind).map(kind.from_parts))


def with_part(position: int, text: str) -> str:
    return ".".join([*PARTS[: position - 1], text, *PARTS[position:]])


@given(any_code)
def test_reading_what_was_written_gives_the_same_code(code: DottedCode) -> None:
    assert type(code).parse(str(code)) == code


@given(codes_of(ReadingTypeCode))
def test_writing_what_was_read_gives_the_same_text(parts: tuple[int, ...]) -> None:
    text = ".".join(map(str, parts))
    assert str(ReadingTypeCode.parse(text)) == text


@given(any_code)
def test_a_code_survives_pickle_copy_and_repr(code: DottedCode) -> None:
    namespace = {kind.__name__: kind for kind in KINDS}
    assert pickle.loads(pickle.dumps(code)) == copy.deepcopy(code) == eval(repr(code), namespace) == code  # noqa: S301, S307 - our own text


@given(codes_of(ReadingTypeCode), codes_of(ReadingTypeCode))
def test_codes_are_ordered_and_hashed_as_their_text(one: tuple[int, ...], two: tuple[int, ...]) -> None:
    left, right = ReadingTypeCode.from_parts(one), ReadingTypeCode.from_parts(two)
    assert (left < right, left <= right, left > right, left >= right) == (
        str(left) < str(right),
        str(left) <= str(right),
        str(left) > str(right),
        str(left) >= str(right),
    )
    assert len({left, right, ReadingTypeCode.from_parts(one)}) == len({str(left), str(right)})


def test_codes_of_different_kinds_are_neither_equal_nor_ordered() -> None:
    event: DottedCode = EndDeviceEventCode(3, 31, 0, 18)
    control: DottedCode = EndDeviceControlCode(3, 31, 0, 18)
    assert event != control
    with pytest.raises(TypeError):
        assert event < control


@given(st.text(max_size=60) | st.from_regex(r"[0-9.+\- *]{1,60}", fullmatch=True))
@example("0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0\n")
@example("\N{ARABIC-INDIC DIGIT ZERO}.0")
def test_text_is_either_exactly_a_code_or_an_error(text: str) -> None:
    for kind in KINDS:
        if re.fullmatch(_shape(kind), text):
            assert str(kind.parse(text)) == text
        else:
            with pytest.raises(CodeError) as caught:
                kind.parse(text)
            assert caught.value.code == text
            assert caught.value.expected


def _shape(kind: type[DottedCode]) -> str:
    number = "(0|[1-9][0-9]{0,17})"
    return r"\.".join("(0|-?[1-9][0-9]{0,17})" if slot.signed else number for slot in kind.FORM.slots)


def test_a_known_number_is_a_member_and_an_unknown_one_is_kept() -> None:
    code = ReadingTypeCode.parse(with_part(3, "999"))
    assert code.unit is Unit.WATT_HOUR
    assert code.measuring_period == 999
    assert type(code.measuring_period) is int


def test_a_plain_number_given_for_a_known_one_becomes_its_member() -> None:
    assert ReadingTypeCode(commodity=1).commodity is Commodity.ELECTRICITY_SECONDARY_METERED


def test_a_code_made_of_keywords_has_nothing_applicable_but_these() -> None:
    code = ReadingTypeCode(measuring_period=MeasuringPeriod.FIFTEEN_MINUTE, unit=Unit.WATT)
    assert str(code) == "0.0.2.0.0.0.0.0.0.0.0.0.0.0.0.0.38.0"


def test_replacing_changes_the_named_parts_only() -> None:
    code = ReadingTypeCode.parse(KWH)
    assert str(code.replace(phases=128, tou=2)) == "0.0.2.4.1.1.12.0.0.0.0.2.0.0.128.3.72.0"
    assert str(code) == KWH


def test_replacing_a_part_that_there_is_not_is_refused() -> None:
    with pytest.raises(TypeError, match="no part phase"):
        ReadingTypeCode.parse(KWH).replace(phase=1)


def test_repeated_text_gives_the_same_object() -> None:
    assert ReadingTypeCode.parse(KWH) is ReadingTypeCode.parse(KWH)


def test_what_is_remembered_is_bounded_and_always_right() -> None:
    texts = [with_part(12, str(number)) for number in range(2 * _READ_AT_MOST)]
    assert [str(ReadingTypeCode.parse(text)) for text in texts] == texts
    assert len(_READ) <= _READ_AT_MOST


def test_a_code_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        ReadingTypeCode.parse(KWH).unit = Unit.WATT  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue] - the point


@pytest.mark.parametrize(
    ("text", "slot", "position", "message"),
    [
        ("", None, None, "is empty"),
        ("1.2.3", None, None, "has 3 parts; expected 18"),
        ("7", None, None, "has 1 part; expected 18"),
        ("0.0.0.1.1.1.12.0.0.0.0", None, None, "has 11 parts: it is a code of edition 1 (2009)"),
        (KWH + ".0", None, None, "has 19 parts"),
        (" " + KWH, None, None, "has white space around it"),
        (KWH + "\n", None, None, "has white space around it"),
        ("9" * 10_000, None, None, "10000 characters are too many"),
        (with_part(3, "02"), "measuring_period", 3, "has leading zeros: '02'"),
        (with_part(3, "00"), "measuring_period", 3, "has leading zeros: '00'"),
        (with_part(3, ""), "measuring_period", 3, "is empty"),
        (with_part(3, "1a7"), "measuring_period", 3, "is not a whole number: '1a7'"),
        (with_part(3, "1_0"), "measuring_period", 3, "is not a whole number: '1_0'"),
        (with_part(3, "*"), "measuring_period", 3, "is not a whole number: '*'"),
        (with_part(3, "-"), "measuring_period", 3, "is not a whole number: '-'"),
        (with_part(3, "+2"), "measuring_period", 3, "has a sign: '+2'"),
        (with_part(3, "-2"), "measuring_period", 3, "is negative, which only a multiplier may be"),
        (with_part(3, "2 "), "measuring_period", 3, "has a space in it: '2 '"),
        (with_part(3, "٢"), "measuring_period", 3, "has digits other than 0 to 9"),
        (with_part(3, "²"), "measuring_period", 3, "has digits other than 0 to 9"),
        (with_part(3, "1" * 19), "measuring_period", 3, "has 19 digits; the most are 18"),
        (with_part(16, "-0"), "multiplier", 16, "is minus zero"),
        (with_part(16, "-03"), "multiplier", 16, "has leading zeros"),
        (with_part(16, "+3"), "multiplier", 16, "has a sign"),
        (with_part(8, "x"), "interharmonic_numerator", 8, "is not a whole number"),
    ],
)
def test_what_is_no_reading_type_is_refused_with_the_part_and_the_reason(
    text: str, slot: str | None, position: int | None, message: str
) -> None:
    with pytest.raises(CodeError, match=re.escape(message)) as caught:
        ReadingTypeCode.parse(text)
    assert (caught.value.code, caught.value.slot, caught.value.position) == (text, slot, position)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("kind", KINDS)
def test_only_a_multiplier_may_be_negative(kind: type[DottedCode]) -> None:
    for place, slot in enumerate(kind.FORM.slots):
        parts = [0] * len(kind.FORM.slots)
        parts[place] = -1
        if slot.signed:
            assert kind.from_parts(parts).parts[place] == -1
        else:
            with pytest.raises(CodeError, match="cannot be -1") as caught:
                kind.from_parts(parts)
            assert caught.value.slot == slot.name


@pytest.mark.parametrize("value", [10**MAX_DIGITS, -(10**MAX_DIGITS), 10**100_000], ids=["high", "low", "absurd"])
def test_numbers_beyond_bounds_cannot_be_made_either(value: int) -> None:
    with pytest.raises(CodeError, match="multiplier cannot be"):
        ReadingTypeCode(multiplier=value)


@pytest.mark.parametrize("value", ["2", 2.5, None, True])
def test_what_is_no_whole_number_cannot_stand_in_a_code(value: object) -> None:
    with pytest.raises(TypeError, match="tou is a whole number"):
        ReadingTypeCode(tou=value)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - the point


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(TypeError, match="is text, not int"):
        ReadingTypeCode.parse(12)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - the point


@pytest.mark.parametrize("count", [1, 3, 17])
def test_the_wrong_number_of_numbers_is_refused(count: int) -> None:
    for kind in KINDS:
        if count != len(kind.FORM.slots):
            with pytest.raises(ValueError, match=r"zip|unpack"):
                kind.from_parts([0] * count)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (KWH, ReadingTypeCode),
        ("3.8.0", ReadingQualityCode),
        ("2.4", ReplyCode),
        ("3.31.0.68", EndDeviceEventCode),
        ("3.31.0.23", EndDeviceControlCode),
        ("3.8.0.214", EndDeviceControlCode),
        ("3.36.34.214", EndDeviceEventCode),
        ("3.20.0.22", EndDeviceControlCode),
        ("3.99.99.999", EndDeviceEventCode),
    ],
)
def test_the_number_of_parts_tells_the_kind(text: str, kind: type[DottedCode]) -> None:
    code = parse(text)
    assert type(code) is kind
    assert str(code) == text


@given(st.integers(1, 25))
def test_text_of_no_kind_is_refused_as_a_reading_type(count: int) -> None:
    assume(count not in (2, 3, 4, 18))
    with pytest.raises(CodeError, match="expected 18"):
        parse(".".join(["0"] * count))


@pytest.mark.parametrize(
    ("part", "text", "number"),
    [
        ("measuringPeriod", "fifteenMinute", 2),
        ("measuring_period", "2", 2),
        ("timeAttribute", "2", 2),
        ("multiplier", "k", 3),
        ("multiplier", "m", -3),
        ("multiplier", "M", 6),
        ("multiplier", "-3", -3),
        ("unit", "Wh", 72),
        ("unit", "kWh", None),
        ("unit", "t", 37),
        ("unit", "W/m²", 179),
        ("unit", "mₑ", None),
        ("currency", "EUR", 978),
        ("phases", "ABCN", 225),
        ("commodity", "none", 0),
        ("commodity", "", None),
        ("tou", "2", 2),
        ("tou", "two", None),
        ("argument.numerator", "120", 120),
        ("measuringTime", "2", None),
    ],
)
def test_a_part_may_be_given_by_its_number_its_literal_or_its_symbol(part: str, text: str, number: int | None) -> None:
    if number is None:
        with pytest.raises(CodeError) as caught:
            ReadingTypeCode.from_texts({part: text})
        assert caught.value.slot == part
    else:
        assert sum(ReadingTypeCode.from_texts({part: text}).parts) == number


@given(codes_of(ReadingTypeCode))
def test_a_code_is_made_of_the_texts_of_its_parts(parts: tuple[int, ...]) -> None:
    code = ReadingTypeCode.from_parts(parts)
    assert (
        ReadingTypeCode.from_texts({slot.cim: str(part) for slot, part in zip(code.FORM.slots, parts, strict=True)})
        == code
    )
