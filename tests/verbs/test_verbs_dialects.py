"""Dialects: what a partner spells differently is read, written and validated; nothing global changes."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.verbs.support import (
    MESSAGE,
    NAMESPACE,
    READINGS,
    canonical,
    event,
    pieces,
    prefixed,
    readings,
    request,
    tree,
)

from iec61968_9 import DecodeError, Dialect, EncodeError, SchemaError, from_xml, iter_xml, open_writer, to_xml, validate
from iec61968_9._codecs.index import PROFILES
from iec61968_9.profiles.envelope import EventMessage, RequestMessage
from iec61968_9.profiles.get_meter_readings import GetMeterReadings
from iec61968_9.profiles.meter_readings import MeterReading, MeterReadings

SHARED = "http://iec.ch/TC57/CIM-vendor#"
VENDOR = Dialect(payload=SHARED, envelope="urn:vendor:message", prefix="m")
PAYLOADS = [profile for profile in PROFILES if profile.role != "envelope"]


@pytest.fixture(autouse=True)
def nothing_global_changes() -> Iterator[None]:
    """What one call was told, no other call knows."""
    yield
    assert validate(event(readings())) == []
    with pytest.raises(DecodeError):
        from_xml(readings(namespace=SHARED))
    assert to_xml(MeterReadings(), xml_declaration=False).startswith(f'<MeterReadings xmlns="{READINGS}"'.encode())


# -- the spelling with www -------------------------------------------------------------------------------------------


def www(namespace: str) -> str:
    return namespace.replace("http://iec.ch", "http://www.iec.ch")


def test_the_www_spelling_is_known_of_payload_and_envelope() -> None:
    plain = from_xml(event(readings()))
    for source in (
        event(readings(), namespace=www(MESSAGE)),
        event(readings(namespace=www(READINGS))),
        event(readings(namespace=www(READINGS)), namespace=www(MESSAGE)),
        event(prefixed(readings(namespace=www(READINGS))), namespace=www(MESSAGE)),
    ):
        assert from_xml(source) == plain
        assert from_xml(source, mode="lenient") == plain
        assert validate(source) == []
        assert list(iter_xml(source, "MeterReading")) == from_xml(readings(), MeterReadings).meter_reading


def test_it_is_written_as_the_standard_spells_it() -> None:
    source = event(readings(namespace=www(READINGS)), namespace=www(MESSAGE))
    assert to_xml(from_xml(source)) == to_xml(from_xml(event(readings())))


def test_it_is_validated_all_the_same() -> None:
    source = readings("<nonsense/>", namespace=www(READINGS))
    with pytest.raises(SchemaError) as caught:
        from_xml(source)
    assert caught.value.path == "/MeterReadings/nonsense"
    assert len(validate(event(source, namespace=www(MESSAGE)))) == 1


def test_without_aliases_it_is_not_known() -> None:
    with pytest.raises(DecodeError, match="namespace"):
        from_xml(readings(namespace=www(READINGS)), dialect=Dialect(aliases={}))


@pytest.mark.parametrize("profile", PAYLOADS, ids=lambda profile: profile.noun)
def test_every_profile_can_be_in_one_shared_namespace(profile: Any) -> None:
    root = profile.roots[0]
    source = f'<{root} xmlns="{{}}"/>'
    plain = from_xml(source.format(NAMESPACE.format(profile.noun)), mode="lenient")
    found = from_xml(source.format(SHARED), mode="lenient", dialect=VENDOR)
    assert found == plain
    written = to_xml(found, mode="lenient", dialect=VENDOR)
    assert tree(written).tag == f"{{{SHARED}}}{root}"
    assert from_xml(written, mode="lenient", dialect=VENDOR) == plain


# -- reading and writing in a partner's namespaces -------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["strict", "lenient"])
@pytest.mark.parametrize("pretty", [False, True])
@pytest.mark.parametrize(
    "dialect",
    [
        Dialect(),
        Dialect(prefix="m"),
        Dialect(payload=SHARED),
        Dialect(payload=SHARED, prefix="c4e"),
        Dialect(envelope="urn:e"),
        VENDOR,
        Dialect(payload="urn:a?b=1&c='2'", envelope="urn:'"),
    ],
)
def test_what_is_written_in_a_dialect_is_read_in_it(dialect: Dialect, pretty: bool, mode: Any) -> None:
    query = f'<Request><GetMeterReadings xmlns="{NAMESPACE.format("GetMeterReadings")}"/></Request>'
    for source in (readings(), event(readings()), request(query)):
        found = from_xml(source)
        written = to_xml(found, dialect=dialect, mode=mode, pretty=pretty)
        assert validate(written, dialect=dialect) == []
        assert from_xml(written, dialect=dialect, mode=mode) == found
    with_payload = tree(to_xml(from_xml(event(readings())), dialect=dialect))
    assert with_payload.tag == f"{{{dialect.envelope or MESSAGE}}}EventMessage"
    inside = with_payload[1][0]
    assert inside.tag == f"{{{dialect.payload or READINGS}}}MeterReadings"
    assert inside.prefix == (dialect.prefix or None)
    assert {node.prefix for node in inside.iter("*")} == {dialect.prefix or None}
    assert with_payload.prefix is None


def test_a_prefix_changes_spelling_only() -> None:
    found = from_xml(event(readings()))
    assert canonical(to_xml(found, dialect=Dialect(prefix="m"))) == canonical(to_xml(found))


def test_values_that_look_like_tags_get_no_prefix() -> None:
    source = readings("<MeterReading><Meter><mRID>&lt;a>&lt;/b></mRID></Meter></MeterReading>")
    found = from_xml(source)
    assert from_xml(to_xml(found, dialect=VENDOR), dialect=VENDOR) == found


def test_the_standard_s_namespaces_are_read_beside_the_partner_s() -> None:
    for source in (readings(), event(readings()), event(readings(namespace=SHARED))):
        assert from_xml(source, dialect=VENDOR) == from_xml(source.replace(SHARED, READINGS))


def test_streams_and_writers_know_dialects(tmp_path: Path) -> None:
    expected = from_xml(readings(), MeterReadings).meter_reading
    source = event(readings(namespace=SHARED), namespace="urn:vendor:message")
    assert list(iter_xml(source, MeterReading, dialect=VENDOR)) == expected
    skeleton = from_xml(event('<MeterReadings xmlns="' + READINGS + '"/>'))
    with open_writer(tmp_path / "out.xml", skeleton, MeterReading, dialect=VENDOR) as writer:
        for one in expected:
            writer.append(one)
    assert from_xml(tmp_path / "out.xml", dialect=VENDOR) == from_xml(event(readings()))


def test_typed_envelopes_are_typed_in_a_dialect_too() -> None:
    source = event(readings(namespace=SHARED), namespace="urn:vendor:message")
    assert from_xml(source, EventMessage[MeterReadings], dialect=VENDOR).content == from_xml(readings())
    asked = request(f'<Request><GetMeterReadings xmlns="{SHARED}"/></Request>')
    assert from_xml(asked, RequestMessage[GetMeterReadings], dialect=VENDOR).query == GetMeterReadings()


@pytest.mark.parametrize(
    "inside", ["<nonsense/>", "\n<MeterReading><isCoincidentTrigger>x</isCoincidentTrigger></MeterReading>"]
)
def test_validation_in_a_dialect_says_the_same_as_without(inside: str) -> None:
    plain = validate(event(readings(inside)))
    assert plain
    assert validate(event(readings(inside, SHARED), namespace="urn:vendor:message"), dialect=VENDOR) == plain
    assert validate(prefixed(readings(inside, SHARED)), dialect=VENDOR) == validate(readings(inside))


def test_an_unknown_namespace_is_an_error_that_names_the_known_ones() -> None:
    for dialect in (None, VENDOR):
        with pytest.raises(DecodeError) as caught:
            from_xml(readings(namespace="urn:other"), dialect=dialect)
        assert f"{{{READINGS}}}MeterReadings" in (caught.value.expected or "")
        assert caught.value.got == "{urn:other}MeterReadings"


def test_a_name_that_no_profile_has_is_unknown_in_the_shared_namespace_too() -> None:
    with pytest.raises(DecodeError):
        from_xml(f'<ReadingProfile xmlns="{SHARED}"/>', dialect=VENDOR)
    found = from_xml(
        event(f'<ReadingProfile xmlns="{SHARED}"/>', noun="ReadingProfile"), EventMessage[Any], dialect=VENDOR
    )
    assert found.content.tag == f"{{{SHARED}}}ReadingProfile"


# -- what a vendor adds ----------------------------------------------------------------------------------------------

ADDED = (
    "<MeterReading a='1'><timeZone b='2'>CET<part/></timeZone><Meter><mRID>m</mRID><mRID>n</mRID></Meter>"
    "</MeterReading><x/>"
)


@pytest.mark.parametrize("dialect", [Dialect(payload=SHARED), Dialect(payload=SHARED, prefix="m")])
def test_what_a_vendor_adds_goes_back_in_the_vendor_s_namespace(dialect: Dialect) -> None:
    source = event(readings(ADDED, SHARED))
    found = from_xml(source, mode="lenient", dialect=dialect)
    written = to_xml(found, mode="lenient", dialect=dialect)
    assert pieces(tree(written)) == pieces(tree(source))
    assert from_xml(written, mode="lenient", dialect=dialect) == found


def test_an_added_element_is_the_same_whatever_the_dialect_it_came_in() -> None:
    found = from_xml(readings(ADDED, SHARED), mode="lenient", dialect=VENDOR)
    again = from_xml(to_xml(found, mode="lenient"), mode="lenient")
    assert again == found


def test_www_and_added_elements() -> None:
    source = event(readings(ADDED, www(READINGS)), namespace=www(MESSAGE), header="<Priority>1</Priority>")
    found = from_xml(source, mode="lenient")
    assert from_xml(to_xml(found, mode="lenient"), mode="lenient") == found


# -- aliases -----------------------------------------------------------------------------------------------------------


def test_aliases_may_be_exact_or_patterns() -> None:
    dialect = Dialect(aliases={"urn:a": READINGS, "urn:b:*": "http://iec.ch/TC57/2011/*"})
    for namespace in ("urn:a", "urn:b:MeterReadings#"):
        assert from_xml(readings(namespace=namespace), dialect=dialect) == from_xml(readings())
    with pytest.raises(DecodeError):
        from_xml(readings(namespace="urn:b:Other#"), dialect=dialect)


def test_aliases_of_one_s_own_replace_the_default() -> None:
    with pytest.raises(DecodeError):
        from_xml(readings(namespace=www(READINGS)), dialect=Dialect(aliases={"urn:a": READINGS}))


def test_a_dialect_is_a_value() -> None:
    assert Dialect() == Dialect()
    assert Dialect() != VENDOR
    with pytest.raises(dataclasses.FrozenInstanceError):
        VENDOR.prefix = "x"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]  # that is the point
    with pytest.raises(TypeError):
        Dialect().aliases["urn:a"] = "urn:b"  # type: ignore[index]  # pyright: ignore[reportIndexIssue]  # likewise


@pytest.mark.parametrize("dialect", [Dialect(), VENDOR, Dialect(aliases={"urn:a": READINGS})])
def test_a_dialect_goes_to_other_processes(dialect: Dialect) -> None:
    assert pickle.loads(pickle.dumps(dialect)) == dialect  # noqa: S301  # our own
    assert copy.deepcopy(dialect) == dialect


def test_a_prefix_needs_a_namespace_to_stand_for() -> None:
    with pytest.raises(ValueError, match="the prefix 'm' cannot stand for no namespace"):
        Dialect(payload="", prefix="m")
    written = to_xml(MeterReadings(), dialect=Dialect(payload=""), xml_declaration=False)
    assert written == b"<MeterReadings></MeterReadings>"
    assert from_xml(written, dialect=Dialect(payload="")) == MeterReadings()


@pytest.mark.parametrize("prefix", ["1", "a b", "a:b", 'x="', "<", "xml", "xmlns", "xsi", "é>"])
def test_a_prefix_that_is_no_name_is_refused(prefix: str) -> None:
    with pytest.raises((ValueError, EncodeError)):
        to_xml(MeterReadings(), dialect=Dialect(prefix=prefix))
