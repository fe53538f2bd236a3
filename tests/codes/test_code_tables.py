"""The tables: complete, unambiguous, reachable, and the source of all that is generated from them."""

import inspect
import pathlib
import re
from enum import Enum, IntEnum
from types import ModuleType
from typing import Any, cast

import attrs
import pytest

import iec61968_9.codes
from iec61968_9.codes import (
    EndDeviceControlCode,
    EndDeviceEventCode,
    QualityKind,
    ReadingQualityCode,
    ReadingTypeCode,
    ReplyCode,
    end_device_enums,
    known_codes,
    reading_quality_enums,
    reading_type_enums,
    reply_enums,
)
from iec61968_9.codes._dotted import DottedCode
from iec61968_9.codes._tables import rows
from iec61968_9_generator.code_tables import emit, reference
from iec61968_9_generator.errors import GeneratorError

TABLES = pathlib.Path(inspect.getfile(iec61968_9.codes)).parent / "tables"
REPOSITORY = pathlib.Path(__file__).parents[2]
KINDS: list[type[DottedCode]] = [
    ReadingTypeCode,
    ReadingQualityCode,
    EndDeviceEventCode,
    EndDeviceControlCode,
    ReplyCode,
]
ENUMERATED = [(slot.table, slot.members) for kind in KINDS for slot in kind.FORM.slots if slot.table and slot.members]
MODULES: list[ModuleType] = [end_device_enums, reading_quality_enums, reading_type_enums, reply_enums]
FILES = sorted(path.relative_to(TABLES).with_suffix("").as_posix() for path in TABLES.rglob("*.csv"))


@pytest.mark.parametrize("module", MODULES)
def test_the_enumerations_are_what_the_tables_give(module: ModuleType) -> None:
    path = pathlib.Path(inspect.getfile(module))
    assert path.read_text(encoding="utf-8") == emit(TABLES)[path.name]


def test_every_generated_module_is_there() -> None:
    assert set(emit(TABLES)) == {pathlib.Path(inspect.getfile(module)).name for module in MODULES}


def test_the_reference_page_is_what_the_tables_give() -> None:
    assert (REPOSITORY / "docs" / "codes-reference.md").read_text(encoding="utf-8") == reference(TABLES)


@pytest.mark.parametrize("kind", KINDS)
def test_the_fields_of_a_code_are_its_slots(kind: type[DottedCode]) -> None:
    fields = [field.name for field in attrs.fields(cast("Any", kind))]
    assert fields == [slot.name for slot in kind.FORM.slots]
    assert [slot.position for slot in kind.FORM.slots] == list(range(1, len(fields) + 1))


@pytest.mark.parametrize(("table", "members"), ENUMERATED)
def test_every_row_is_reachable_by_name_and_by_number(table: str, members: type[IntEnum]) -> None:
    for line in rows(table):
        assert members[line["member"]] == members(int(line["code"])) == int(line["code"])
    assert len(members.__members__) == len(rows(table))


@pytest.mark.parametrize(("table", "members"), ENUMERATED)
def test_names_are_unique_and_numbers_too_but_for_stated_aliases(table: str, members: type[IntEnum]) -> None:
    for column in ("member", "name"):
        names = [line[column] for line in rows(table)]
        assert len(names) == len(set(names)), column
    codes = [int(line["code"]) for line in rows(table)]
    twice = {code for code in codes if codes.count(code) > 1}
    assert twice == {"end_device/sub_domain": {126, 134, 135}, "end_device/event_or_action": {27}}.get(table, set())
    assert members(0).name in ("NOT_APPLICABLE", "NONE", "VALID", "SUCCESS")


@pytest.mark.parametrize("file", FILES)
def test_every_table_is_clean(file: str) -> None:
    for line in rows(file):
        assert all(value is not None for value in line.values()), line  # pyright: ignore[reportUnnecessaryComparison] - csv fills short lines with None
        assert None not in line, line
        assert all(value == value.strip() for value in line.values()), line
        assert line.get("confidence", "") in ("", "high", "medium-high", "medium", "low"), line


def test_where_one_number_has_two_names_the_preferred_one_is_the_member() -> None:
    assert end_device_enums.DeviceEventOrAction(27).name == "CHANGE_OUT_REQUIRED"


@pytest.mark.parametrize("kind", KINDS)
def test_every_listed_code_is_read_and_written(kind: type[DottedCode]) -> None:
    patterns = known_codes(kind)
    assert len(patterns) == len({str(pattern) for pattern in patterns}) == len(rows(kind.FORM.listed))
    for pattern, line in zip(patterns, rows(kind.FORM.listed), strict=True):
        assert str(pattern).removeprefix("*." if kind.FORM.listed_open else "") == line["code"]
        code = kind.from_parts([part or 0 for part in pattern.parts])
        assert kind.parse(str(code)) == code
        assert code.describe()
        assert code.name


def test_judgements_are_keyed_by_category_and_index() -> None:
    assert {kind.value for kind in QualityKind} == {line["code"] for line in rows("reading_quality/index")}
    for kind in QualityKind:
        assert ReadingQualityCode.of(3, kind).kind is kind


@pytest.mark.parametrize("module", MODULES)
def test_members_are_upper_snake_and_documented(module: ModuleType) -> None:
    for name in module.__all__:
        enumeration = getattr(module, name)
        assert issubclass(enumeration, Enum)
        assert enumeration.__doc__
        assert all(re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*", member) for member in enumeration.__members__)


def test_a_name_that_is_used_twice_stops_the_generator(tmp_path: pathlib.Path) -> None:
    for path in TABLES.rglob("*.csv"):
        copy = tmp_path / path.relative_to(TABLES)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    broken = tmp_path / "reading_type" / "unit.csv"
    broken.write_text(broken.read_text(encoding="utf-8").replace(",WATT_HOUR,", ",WATT,"), encoding="utf-8")
    with pytest.raises(GeneratorError, match=r"unit.csv: 'WATT' cannot be the name of 72"):
        emit(tmp_path)


def test_every_public_name_is_there() -> None:
    for name in iec61968_9.codes.__all__:
        assert getattr(iec61968_9.codes, name) is not None
    assert set(iec61968_9.codes.__all__) <= set(dir(iec61968_9.codes))
    with pytest.raises(AttributeError, match="no attribute 'Nonsense'"):
        getattr(iec61968_9.codes, "Nonsense")  # noqa: B009 - what is tested is that it is not there
