"""Search: patterns, neighbours, outcomes and objections."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iec61968_9.codes import (
    EndDeviceControlCode,
    EndDeviceEventCode,
    Pattern,
    Problem,
    ReadingQualityCode,
    ReadingTypeCode,
    ReplyCode,
    known_codes,
    nearest,
)
from iec61968_9.codes._dotted import DottedCode
from iec61968_9.errors import CodeError

KWH = ReadingTypeCode.parse("0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0")


def test_all_codes_like_this_one_but_for_the_phase() -> None:
    others = [KWH.replace(phases=128), KWH, KWH.replace(phases=64, unit=73), KWH.replace(phases=99999)]
    assert list(KWH.varying("phases").filter(others)) == [others[0], KWH, others[3]]


def test_a_pattern_filters_text_and_skips_what_is_no_code() -> None:
    pattern = Pattern.parse("*.0.*.4.1.1.12.*.*.*.*.*.*.*.*.*.72.0", ReadingTypeCode)
    assert list(pattern.filter([str(KWH), "kWh", "1.2.3", str(KWH.replace(unit=73))])) == [KWH]


@given(st.lists(st.sampled_from([slot.name for slot in ReadingTypeCode.FORM.slots]), unique=True))
def test_a_pattern_is_written_as_it_is_read_and_matches_its_own_code(names: list[str]) -> None:
    pattern = KWH.varying(*names)
    assert Pattern.parse(str(pattern), ReadingTypeCode) == pattern
    assert pattern.matches(KWH)
    assert pattern.fill(**{name: getattr(KWH, name) for name in names}) == KWH


@pytest.mark.parametrize(
    ("text", "message"),
    [("*.31.0", "has 3 parts"), ("*.31.0.x", "part 4"), ("**.31.0.1", "part 1"), ("*.31.01.*", "leading zeros")],
)
def test_what_is_no_pattern_is_refused(text: str, message: str) -> None:
    with pytest.raises(CodeError, match=message) as caught:
        Pattern.parse(text, EndDeviceEventCode)
    assert caught.value.code == text


def test_a_pattern_does_not_match_codes_of_another_kind() -> None:
    assert not Pattern.parse("*.31.0.18", EndDeviceControlCode).matches(
        EndDeviceEventCode(3, 31, 0, 18)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - the point
    )


def test_filling_wants_every_open_part_and_no_other() -> None:
    pattern = Pattern.parse("*.31.0.18", EndDeviceControlCode)
    assert str(pattern.fill(type=3)) == "3.31.0.18"
    with pytest.raises(CodeError, match="leaves type open"):
        pattern.fill()
    with pytest.raises(TypeError, match="leaves type open, not domain"):
        pattern.fill(domain=3)


def test_a_part_that_there_is_not_cannot_vary() -> None:
    with pytest.raises(CodeError, match="no part 'phase'"):
        KWH.varying("phase")


def test_a_pattern_in_words() -> None:
    assert Pattern.parse("*.31.0.68", EndDeviceEventCode).describe() == "RCD switch, disconnected, any device type"
    assert KWH.varying("phases").describe().endswith("in kWh, any phases")


def test_a_code_with_an_unknown_part_finds_its_neighbours() -> None:
    assert nearest(KWH.replace(measuring_period=8))[0] == KWH
    assert nearest(EndDeviceEventCode.parse("3.31.0.999"), limit=4) == [
        EndDeviceEventCode.parse(text) for text in ("3.31.0.42", "3.31.0.67", "3.31.0.68", "3.31.0.84")
    ]


def test_neighbours_are_sought_where_the_caller_says() -> None:
    mine = [KWH.replace(unit=73), KWH.replace(unit=73, phases=128), ReadingTypeCode(commodity=7, measurement_kind=58)]
    assert nearest(KWH.replace(unit=999), mine, limit=2) == mine[:2]
    assert nearest(KWH, [], limit=3) == []


@given(
    st.sampled_from([pattern.fill(type=3) for pattern in known_codes(EndDeviceEventCode) if pattern.parts[0] is None])
)
def test_a_known_code_is_its_own_nearest(code: EndDeviceEventCode) -> None:
    assert nearest(code)[0] == code


@pytest.mark.parametrize(
    ("control", "success", "failure"),
    [
        ("3.31.0.23", "3.31.0.68", "3.31.0.84"),
        ("3.31.0.18", "3.31.0.42", "3.31.0.67"),
        ("12.15.43.8", "12.15.43.10", "12.15.43.86"),
        ("3.8.0.214", "3.8.0.215", "3.8.0.65"),
        ("12.20.9.82", "12.20.9.83", "12.20.9.85"),
        ("7.10.73.298", "7.10.73.39", "7.10.0.85"),
        ("3.31.139.22", "3.31.139.66", "3.31.139.220"),
    ],
)
def test_a_control_knows_the_events_that_report_its_end(control: str, success: str, failure: str) -> None:
    outcome = EndDeviceControlCode.parse(control).outcome
    assert outcome is not None
    assert (str(outcome.success), str(outcome.failure)) == (success, failure)


def test_every_listed_control_but_the_empty_one_has_an_outcome_of_known_parts() -> None:
    for pattern in known_codes(EndDeviceControlCode):
        control = pattern.fill(type=3) if pattern.parts[0] is None else pattern.fill()
        outcome = control.outcome
        assert (outcome is None) == (not any(control.parts))
        if outcome is not None:
            assert outcome.success != outcome.failure
            assert not outcome.success.check()
            assert not outcome.failure.check()
            assert outcome.success.type == control.type


def test_an_outcome_of_high_confidence_is_of_listed_events_wherever_the_control_is_listed() -> None:
    listed = known_codes(EndDeviceEventCode)
    for pattern in known_codes(EndDeviceControlCode):
        outcome = None if pattern.parts[0] is not None else pattern.fill(type=3).outcome
        if outcome is not None and outcome.confidence == "high":
            assert any(event.matches(outcome.success) for event in listed), pattern
            assert any(event.matches(outcome.failure) for event in listed), pattern


def test_a_control_that_nobody_knows_has_no_outcome() -> None:
    assert EndDeviceControlCode(3, 31, 0, 999).outcome is None


@pytest.mark.parametrize(
    ("code", "concerns"),
    [
        (KWH, []),
        (KWH.replace(aggregate=99), [(2, Problem.UNKNOWN)]),
        (KWH.replace(aggregate=1000), [(2, Problem.VENDOR)]),
        (KWH.replace(commodity=41), [(6, Problem.LOW_CONFIDENCE)]),
        (KWH.replace(phases=784), [(15, Problem.SUPERSEDED)]),
        (KWH.replace(phases=1152), []),
        (KWH.replace(phases=32768), [(15, Problem.UNKNOWN)]),
        (KWH.replace(interharmonic_numerator=3), [(9, Problem.UNDEFINED)]),
        (KWH.replace(multiplier=4, tou=77), [(16, Problem.UNKNOWN)]),
        (KWH.replace(multiplier=-5), [(16, Problem.UNKNOWN)]),
        (ReadingQualityCode(3, 8, 0), []),
        (ReadingQualityCode(3, 6, 44), []),
        (ReadingQualityCode(3, 9, 0), [(2, Problem.SUPERSEDED)]),
        (ReadingQualityCode(7, 5, 1), [(1, Problem.UNKNOWN), (3, Problem.UNKNOWN)]),
        (EndDeviceEventCode(3, 31, 0, 68), []),
        (EndDeviceEventCode(99, 31, 0, 68), [(1, Problem.UNKNOWN)]),
        (ReplyCode(2, 4), []),
        (ReplyCode(2, 99), [(2, Problem.UNKNOWN)]),
    ],
)
def test_the_strict_check_lists_what_a_careful_reader_objects_to(
    code: DottedCode, concerns: list[tuple[int, Problem]]
) -> None:
    assert [(concern.position, concern.problem) for concern in code.check()] == concerns
    assert all(str(concern).startswith(f"part {concern.position} (") for concern in code.check())


@given(st.sampled_from(known_codes(EndDeviceEventCode)), st.data())
def test_a_known_code_is_found_by_any_words_of_its_description(
    pattern: Pattern[EndDeviceEventCode], data: st.DataObject
) -> None:
    words = st.sampled_from(pattern.describe().replace(",", " ").split())
    about = " ".join(data.draw(st.lists(words, min_size=1, max_size=3))).upper()
    assert pattern in known_codes(EndDeviceEventCode, about=about)


def test_all_words_must_occur() -> None:
    tampers = known_codes(EndDeviceEventCode, about="tamper")
    assert Pattern.parse("*.12.0.257", EndDeviceEventCode) in tampers
    assert all("tamper" in one.describe().casefold() or "tamper" in one.name.casefold() for one in tampers)
    assert set(known_codes(EndDeviceEventCode, about="tamper magnetic")) < set(tampers)
    assert known_codes(EndDeviceEventCode, about="tamper unicorn") == ()
    assert known_codes(EndDeviceEventCode, about=" ") == known_codes(EndDeviceEventCode)
