"""The root package: nothing is loaded before it is named, and everything it names is there."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle
import subprocess
import sys
import typing
from collections.abc import Iterator
from enum import StrEnum
from importlib import import_module
from typing import Any

import pytest
from tests.verbs.support import event, readings

import iec61968_9
from iec61968_9 import Query, Record, from_xml, profiles, to_xml
from iec61968_9._codecs.index import PROFILES
from iec61968_9.profiles.envelope import Header
from iec61968_9.profiles.meter_readings import Meter, MeterReading, MeterReadings


def loaded(program: str) -> set[str]:
    """The modules that a program loads in an interpreter of its own."""
    text = (
        f"import sys, json\nbefore = set(sys.modules)\n{program}\nprint(json.dumps(sorted(set(sys.modules) - before)))"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", text], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


def family(modules: set[str], *names: str) -> set[str]:
    return {module for module in modules if any(module == name or module.startswith(f"{name}.") for name in names)}


def test_importing_the_root_loads_nothing_but_itself() -> None:
    modules = loaded("import iec61968_9")
    assert family(modules, "lxml", "attrs", "attr", "xsdata", "hypothesis", "xmlschema") == set()
    assert family(modules, "iec61968_9") == {"iec61968_9"}


def test_so_does_listing_its_names() -> None:
    assert family(loaded("import iec61968_9; dir(iec61968_9); iec61968_9.__version__"), "iec61968_9") == {"iec61968_9"}


def test_importing_the_profiles_loads_none() -> None:
    modules = loaded("import iec61968_9.profiles; dir(iec61968_9.profiles)")
    assert {module for module in modules if module.startswith("iec61968_9.profiles.")} == set()
    assert family(modules, "lxml", "attr", "attrs") == set()


def test_importing_one_profile_loads_neither_lxml_nor_another_profile() -> None:
    modules = loaded("from iec61968_9.profiles import MeterReadings")
    assert family(modules, "lxml", "attr", "attrs") == set()
    own = {module.split(".")[2] for module in modules if module.startswith("iec61968_9.profiles.")}
    assert own == {"meter_readings", "_common"}


def test_reading_a_message_loads_its_profiles_only() -> None:
    modules = loaded(f"import iec61968_9; iec61968_9.from_xml({event(readings())!r})")
    own = {module.split(".")[2] for module in modules if module.startswith("iec61968_9._codecs.")}
    assert own == {"index", "envelope", "meter_readings"}
    assert family(modules, "attr", "attrs", "iec61968_9_generator", "xsdata") == set()


def test_reading_and_writing_load_nothing_that_talks_to_a_network() -> None:
    message = event(readings())
    modules = loaded(f"import iec61968_9 as i; i.to_xml(i.from_xml({message!r})); i.validate({message!r})")
    assert family(modules, "urllib.request", "http", "ssl", "socket", "email") == set()


@pytest.mark.parametrize("name", iec61968_9.__all__)
def test_every_name_of_the_root_is_there(name: str) -> None:
    found = getattr(iec61968_9, name)
    assert found.__name__ == name
    assert found.__module__.startswith("iec61968_9")
    assert found.__doc__
    assert name in dir(iec61968_9)


def test_the_names_are_sorted_and_once_each() -> None:
    names = [name for name in iec61968_9.__all__ if name[0].isupper()]
    assert names == sorted(set(names))
    assert len(set(iec61968_9.__all__)) == len(iec61968_9.__all__)


def test_the_four_verbs_are_there() -> None:
    assert {"from_xml", "to_xml", "iter_xml", "validate"} <= set(iec61968_9.__all__)


@pytest.mark.parametrize("module", [iec61968_9, profiles])
def test_a_name_that_is_not_there_is_an_attribute_error(module: Any) -> None:
    with pytest.raises(AttributeError, match="MeterReedings"):
        module.MeterReedings  # noqa: B018  # it must raise
    assert not hasattr(module, "__wrapped__")


def test_every_root_is_a_name_of_profiles() -> None:
    assert set(profiles.__all__) == {root for profile in PROFILES for root in profile.roots}
    for profile in PROFILES:
        for root in profile.roots:
            home = import_module(f"iec61968_9.profiles.{profile.module}")
            assert getattr(profiles, root) is getattr(home, root)


# -- every class of every profile ------------------------------------------------------------------------------------

MODULES = sorted({profile.module for profile in PROFILES})


def members(module: str) -> Iterator[tuple[str, Any]]:
    home = import_module(f"iec61968_9.profiles.{module}")
    for name in home.__all__:
        yield name, getattr(home, name)


@pytest.mark.parametrize("module", MODULES)
def test_hints_of_every_class_resolve(module: str) -> None:
    count = 0
    for _, kind in members(module):
        if isinstance(kind, type) and issubclass(kind, Record):
            hints = typing.get_type_hints(kind)
            assert {field.name for field in dataclasses.fields(kind)} <= set(hints)
            count += 1
    assert count


@pytest.mark.parametrize("module", MODULES)
def test_every_class_is_a_dataclass_of_the_agreed_kind(module: str) -> None:
    for name, kind in members(module):
        if not isinstance(kind, type) or not issubclass(kind, Record):
            continue
        assert kind.__doc__, name
        assert "__dict__" not in dir(kind), name
        for field in dataclasses.fields(kind):
            assert field.kw_only, f"{name}.{field.name}"
            required = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
            hint = str(field.type)
            assert required == (not hint.startswith("list[") and "None" not in hint), f"{name}.{field.name}"


@pytest.mark.parametrize("module", MODULES)
def test_every_enumeration_is_of_texts(module: str) -> None:
    for name, kind in members(module):
        if isinstance(kind, type) and issubclass(kind, StrEnum):
            assert kind.__doc__, name
            assert all(member.name == member.name.upper() and str(member) == member.value for member in kind), name


@pytest.mark.parametrize("profile", [one for one in PROFILES if one.role == "query"], ids=lambda one: one.noun)
def test_every_query_knows_what_it_asks_for(profile: Any) -> None:
    query, answer = getattr(profiles, profile.noun), getattr(profiles, profile.asks_for)
    assert issubclass(query, Query)
    assert answer.__name__ == profile.noun.removeprefix("Get")


# -- ordinary Python --------------------------------------------------------------------------------------------------


@pytest.fixture(params=[readings(), event(readings())], ids=["payload", "event"])
def message(request: pytest.FixtureRequest) -> Record:
    """A payload and an envelope with it."""
    return from_xml(str(request.param))


def test_messages_can_be_copied_and_pickled(message: Record) -> None:
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(message, protocol)) == message  # noqa: S301  # our own
    assert copy.copy(message) == message
    deep = copy.deepcopy(message)
    assert deep == message
    assert to_xml(deep) == to_xml(message)


def test_a_deep_copy_is_independent() -> None:
    one = from_xml(readings(), MeterReadings)
    other = copy.deepcopy(one)
    assert other.meter_reading[0].meter is not None
    other.meter_reading[0].meter.mrid = "another"
    assert one != other
    assert one == from_xml(readings())


def test_replace_changes_one_member() -> None:
    reading = from_xml(readings(), MeterReadings).meter_reading[0]
    changed = dataclasses.replace(reading, meter=Meter(mrid="m"))
    assert changed.meter == Meter(mrid="m")
    assert changed.readings is reading.readings
    assert changed != reading


def test_asdict_gives_plain_data(message: Record) -> None:
    data = dataclasses.asdict(message)
    assert isinstance(data, dict)
    text = repr(data)
    assert "1234.5" in text
    assert "MeterReading(" not in text


def test_messages_can_be_taken_apart_by_match() -> None:
    match from_xml(event(readings()), profiles.EventMessage[MeterReadings]):
        case profiles.EventMessage(header=Header(noun=noun), payload=payload) if payload is not None:
            assert noun == "MeterReadings"
            assert isinstance(payload.content, MeterReadings)
        case other:
            pytest.fail(f"no match for {other!r}")


def test_members_are_keywords_and_no_others_exist() -> None:
    with pytest.raises(TypeError):
        MeterReadings([MeterReading()])  # type: ignore[call-arg, arg-type]  # pyright: ignore[reportCallIssue]  # the point
    with pytest.raises(TypeError):
        MeterReadings(meter_readings=[])  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # likewise
    with pytest.raises(AttributeError):
        MeterReadings().meter_readings = []  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]  # likewise


def test_lists_are_not_shared_between_objects() -> None:
    one, other = MeterReadings(), MeterReadings()
    one.meter_reading.append(MeterReading())
    assert other.meter_reading == []
