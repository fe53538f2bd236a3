"""Who is meant: reading identities off any object, comparing them, and making what a new object needs."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
import re
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iec61968_9 import Report, from_xml, profiles, to_xml
from iec61968_9.identity import (
    MRID_NAMESPACE,
    Identity,
    IdentityError,
    Index,
    ObjectName,
    from_object_id,
    identify,
    is_uuid,
    mrid,
    names,
    same,
    to_object_id,
)
from iec61968_9.profiles import envelope
from iec61968_9.profiles.customer_meter_data_set import ServiceCategoryName
from iec61968_9.profiles.envelope import Error, ErrorObject, IDKind, ObjectID, Request, RequestMessage
from iec61968_9.profiles.meter_config import Meter, MeterConfig
from iec61968_9.profiles.meter_readings import MeterReadings
from iec61968_9.profiles.usage_point_config import ServiceMultiplierName
from iec61968_9.testing import instances
from iec61968_9.xml import Record, Reference

METER = "6a0d5c1e-0b1f-4c55-9c0e-0000000000a1"
OTHER = "6a0d5c1e-0b1f-4c55-9c0e-0000000000a2"
BADGE = ObjectName("B-1001", "MeterBadgeNumber", "ExampleUtility")

untyped_mrid: Any = mrid
"""The same for what type checkers refuse already."""

texts = st.sampled_from(["B-1001", "b-1001", "SN-7", METER, "1001"])
types = st.sampled_from([None, "MeterBadgeNumber", "SerialNumber"])
authorities = st.sampled_from([None, "ExampleUtility", "Maker"])
kinds = st.sampled_from([IDKind.NAME, IDKind.TRANSACTION, IDKind.OTHER])
object_names = st.builds(ObjectName, texts, types, authorities)
identities = st.builds(
    Identity,
    mrid=st.sampled_from([None, METER, METER.upper(), f"urn:uuid:{METER}", OTHER, "SN-7", "1001"]),
    names=st.lists(object_names, max_size=3, unique=True).map(tuple),
    object_type=st.sampled_from([None, "Meter", "EndDevice", "Asset", "UsagePoint"]),
)


def identified_classes() -> list[type[Record]]:
    """Every generated class whose objects have an mRID or names."""
    found: dict[type[Record], None] = {}
    for module in pkgutil.iter_modules(profiles.__path__):
        if not module.name.startswith("_"):
            loaded = importlib.import_module(f"{profiles.__name__}.{module.name}")
            for name in loaded.__all__:
                one: Any = getattr(loaded, name)
                if isinstance(one, type) and issubclass(one, Record):
                    members = {member.name for member in dataclasses.fields(one)}
                    if members & {"mrid", "names"}:
                        found[one] = None
    return list(found)


def cim_class(kind: type[Record]) -> str | None:
    """The CIM class that the documentation of a generated class names."""
    found = re.search(r"CIM class\s+``(\w+)``", kind.__doc__ or "")
    return found[1] if found is not None else None


CLASSES = identified_classes()
CIM_CLASSES = {cim for kind in CLASSES if (cim := cim_class(kind)) is not None}


# Reading ------------------------------------------------------------------------------------------------------------


@given(st.sampled_from(CLASSES).flatmap(instances))
def test_the_mrid_and_all_names_of_any_object_of_any_profile_are_read(described: Any) -> None:
    identity = identify(described)
    assert identity.mrid == ((described.mrid or "").strip() or None)
    written = getattr(described, "names", None)
    if written is None:
        written = getattr(described, "name", [])
    said = [(getattr(name, "name", None) or getattr(name, "ref", None) or "").strip() for name in written]
    assert {name.name for name in identity.names} == set(filter(None, said))
    for name in written:
        sort = getattr(name, "name_type", None)
        if sort is not None and name.name.strip():
            authority = sort.name_type_authority
            expected = ObjectName(name.name, sort.name, authority.name if authority is not None else None)
            assert expected in identity.names


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: f"{kind.__module__.rpartition('.')[2]}.{kind.__name__}")
def test_the_class_of_an_object_is_its_cim_class(kind: type[Record]) -> None:
    if kind is ErrorObject:
        assert identify(ErrorObject(mrid=METER, object_type="EndDevice")).object_type == "EndDevice"
        return
    blank = kind.__new__(kind)
    for member in dataclasses.fields(kind):
        object.__setattr__(blank, member.name, METER if member.name == "mrid" else None)
    expected = cim_class(kind)
    if expected is None:  # an anonymous type, named for its owner and its element
        expected = max((cim for cim in CIM_CLASSES if kind.__name__.endswith(cim)), key=len, default=kind.__name__)
    assert identify(blank).object_type == expected


def test_an_error_stands_for_the_object_that_it_is_about() -> None:
    by_id = Error(code="2.4", id=ObjectID(value=METER, kind=IDKind.UUID, object_type="Meter"))
    older = Error(code="2.4", object=ErrorObject(name=names(BADGE, kind=envelope.Name), object_type="Meter"))
    related = Error(code="2.13", related_id=ObjectID(value=METER, kind=IDKind.UUID))
    assert identify(by_id) == identify(related) == Identity(mrid=METER)
    assert identify(older) == Identity(names=(BADGE,))
    assert not identify(Error(code="0.0"))


def test_a_reference_may_hold_a_name_and_a_uuid_is_an_mrid_as_well() -> None:
    assert identify(Reference(ref="edf-1")) == Identity(names=(ObjectName("edf-1"),))
    assert identify(Reference(ref=METER)).mrid == METER
    assert not identify(Reference())


def test_what_lenient_reading_kept_counts_as_said() -> None:
    """``EndDeviceControl`` has no Names in 2013; some senders name it nevertheless."""
    document = (
        b'<EndDeviceControls xmlns="http://iec.ch/TC57/2011/EndDeviceControls#"><EndDeviceControl><Names><name>C-7</name>'
        b"<NameType><name>ControlNumber</name><NameTypeAuthority><name>CIS</name></NameTypeAuthority></NameType></Names>"
        b'<EndDeviceControlType ref="3.31.0.23"/></EndDeviceControl></EndDeviceControls>'
    )
    report = Report()
    controls = from_xml(document, profiles.EndDeviceControls, mode="lenient", report=report)
    assert identify(controls.end_device_control[0]).names == (ObjectName("C-7", "ControlNumber", "CIS"),)


def test_a_uuid_is_an_mrid_and_any_other_text_could_be_anything() -> None:
    assert identify(METER) == identify(uuid.UUID(METER)) == Identity(mrid=METER)
    assert same(METER.upper(), Meter(mrid=METER))
    assert to_object_id(uuid.UUID(METER)) == ObjectID(value=METER, kind=IDKind.UUID)
    with pytest.raises(IdentityError, match="'B-1001' is no UUID") as caught:
        same("B-1001", Meter(names=names("B-1001")))
    assert caught.value.rule == "R23"


def test_what_has_no_identity_says_so() -> None:
    assert not identify(MeterReadings())
    assert not identify(Meter(mrid="  "))
    assert str(identify(MeterReadings())) == "unidentified"


# Comparing ----------------------------------------------------------------------------------------------------------


@given(identities, identities)
def test_matching_is_symmetric_and_what_is_equal_matches(one: Identity, other: Identity) -> None:
    assert one.matches(other) == other.matches(one)
    assert one.matches(one) == bool(one)
    if one == other:
        assert hash(one) == hash(other)
        assert one.matches(other) or not one or one.object_type != other.object_type


@given(identities, identities)
def test_where_both_have_an_mrid_it_decides(one: Identity, other: Identity) -> None:
    if one.mrid and other.mrid:
        bare = [mrid.lower().removeprefix("urn:uuid:") if is_uuid(mrid) else mrid for mrid in (one.mrid, other.mrid)]
        assert one.matches(other) == (bare[0] == bare[1])


@given(object_names, object_names)
def test_a_name_is_compared_within_its_type_within_its_authority(one: ObjectName, other: ObjectName) -> None:
    contradiction = any(
        None not in (ours, theirs) and ours != theirs
        for ours, theirs in [(one.name_type, other.name_type), (one.authority, other.authority)]
    )
    assert one.matches(other) == (one.name == other.name and not contradiction)


@pytest.mark.parametrize("spelled", [METER.upper(), f"urn:uuid:{METER}", f"{{{METER}}}", f"  {METER}\n"])
def test_all_spellings_of_a_uuid_are_one_mrid(spelled: str) -> None:
    assert same(Meter(mrid=METER), Meter(mrid=spelled))
    assert {identify(Meter(mrid=METER)): 1}[identify(Meter(mrid=spelled))] == 1


def test_an_mrid_that_is_no_uuid_and_every_name_are_compared_to_the_letter() -> None:
    assert same(Meter(mrid="SN-7"), Meter(mrid="SN-7"))
    assert not same(Meter(mrid="SN-7"), Meter(mrid="sn-7"))
    assert not same(Meter(names=names("SN-7")), Meter(names=names("sn-7")))


def test_a_serial_number_as_mrid_is_found_by_an_untyped_name_of_a_related_class() -> None:
    meter = Meter(mrid="SN-7")
    assert same(meter, ObjectID(value="SN-7", object_type="EndDevice"))
    assert not same(meter, ObjectID(value="SN-7", object_type="UsagePoint"))
    assert not same(meter, ObjectID(value="SN-7", kind=IDKind.NAME, id_type="MeterBadgeNumber"))
    assert not same(meter, ObjectID(value="SN-7", kind=IDKind.TRANSACTION))


def test_untyped_names_of_unrelated_classes_are_different_objects() -> None:
    meter, asset = (Identity(names=(ObjectName("1001"),), object_type=kind) for kind in ("Meter", "Asset"))
    usage_point = Identity(names=(ObjectName("1001"),), object_type="UsagePoint")
    assert meter.matches(asset)
    assert not meter.matches(usage_point)


def test_a_name_is_looked_up_by_type_and_authority() -> None:
    meter = Meter(
        names=[
            *names({"MeterBadgeNumber": "B-1001", "SerialNumber": "SN-7"}, authority="ExampleUtility"),
            *names("SN-8", name_type="SerialNumber", authority="Maker"),
        ]
    )
    identity = identify(meter)
    assert identity.name("MeterBadgeNumber") == "B-1001"
    assert identity.name("SerialNumber", authority="Maker") == "SN-8"
    assert identity.name("Nickname") is None
    with pytest.raises(IdentityError, match=r"several names fit: SN-7 .*, SN-8") as caught:
        identity.name("SerialNumber")
    assert caught.value.rule == "R25"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (ObjectName("B-1"), "B-1"),
        (ObjectName("B-1", "Badge"), "B-1 (Badge)"),
        (ObjectName("B-1", "Badge", "Utility"), "B-1 (Badge of Utility)"),
        (ObjectName("t-1", kind=IDKind.TRANSACTION), "transaction t-1"),
    ],
)
def test_a_name_reads_with_its_type_and_authority(name: ObjectName, text: str) -> None:
    assert str(name) == text
    assert str(Identity(names=(name,), object_type="Meter")) == f"Meter {text}"


# Making -------------------------------------------------------------------------------------------------------------


@given(st.lists(st.builds(ObjectName, texts, types.filter(bool), authorities.filter(bool)), unique=True, max_size=3))
@pytest.mark.parametrize("kind", [None, ServiceMultiplierName, ServiceCategoryName, envelope.Name])
def test_names_of_every_class_say_what_they_were_made_of(kind: Any, given: list[ObjectName]) -> None:
    made: Any = names(*given) if kind is None else names(*given, kind=kind)
    assert all(kind is None or type(name) is kind for name in made)
    assert identify(ErrorObject(name=made)).names == tuple(given)


@given(st.lists(st.builds(ObjectName, texts, types.filter(bool), authorities), unique=True, max_size=3))
def test_names_stand_in_a_valid_message_and_come_back(given: list[ObjectName]) -> None:
    config = MeterConfig(meter=[Meter(mrid=METER, names=names(*given))])
    read = from_xml(to_xml(config), MeterConfig)
    assert identify(read.meter[0]) == Identity(mrid=METER, names=tuple(given))


def test_names_may_be_texts_with_one_type_or_a_mapping_of_types() -> None:
    typed = names("B-1001", name_type="MeterBadgeNumber", authority="ExampleUtility")
    assert typed == names({"MeterBadgeNumber": "B-1001"}, authority="ExampleUtility") == names(BADGE)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: names("B-1", "B-2"), "of several names each needs its type, and B-1 has none"),
        (lambda: names(BADGE, BADGE), r"B-1001 \(MeterBadgeNumber of ExampleUtility\) is given twice"),
        (lambda: names(" "), "must not be blank"),
        (lambda: names("B-1", authority="ExampleUtility"), "an authority needs a name type"),
        (lambda: names("B-1", kind=ServiceMultiplierName), "ServiceMultiplierName needs a type"),
        (lambda: names("B-1", name_type="T", kind=ServiceCategoryName), "ServiceCategoryName needs an authority"),
        (lambda: names(ObjectName("t-1", kind=IDKind.TRANSACTION)), "transaction t-1 is no name"),
        (lambda: mrid("B-1", authority=" "), "neither of them blank"),
        (lambda: mrid("\ud800", authority="x"), "is made of Unicode texts"),
        (lambda: untyped_mrid("B-1"), "needs an authority and a name"),
        (lambda: untyped_mrid(authority="ExampleUtility"), "needs an authority and a name"),
        (lambda: untyped_mrid(name_type="MeterBadgeNumber"), "needs an authority and a name"),
        (lambda: to_object_id(Meter()), "has no mRID and no name"),
        (lambda: to_object_id(Meter(mrid=METER), by="name"), "has no name"),
    ],
)
def test_what_would_not_identify_anything_is_refused(make: Any, said: str) -> None:
    with pytest.raises(IdentityError, match=said) as caught:
        make()
    assert caught.value.rule in ("R23", "R25")


@pytest.mark.parametrize("given", [["B-1", "B-2"], names("B-1")[0], None])
def test_names_are_made_of_texts_and_of_nothing_else(given: Any) -> None:
    with pytest.raises(TypeError, match="names are texts, ObjectNames or mappings"):
        names(given)


@pytest.mark.parametrize("given", [5, b"x", ["x"]])
def test_an_mrid_is_made_of_texts_and_of_nothing_else(given: Any) -> None:
    with pytest.raises(TypeError, match="a stable mRID is made of texts, not of a"):
        mrid(given, authority="x")
    with pytest.raises(TypeError, match="a stable mRID is made of texts, not of a"):
        mrid("x", authority=given)


@pytest.mark.parametrize(
    ("special", "general"),
    [
        ("ComFunction", "EndDeviceFunction"),
        ("ComModule", "Asset"),
        ("ConnectDisconnectFunction", "EndDeviceFunction"),
        ("EndDevice", "Asset"),
        ("Meter", "EndDevice"),
        ("SimpleEndDeviceFunction", "EndDeviceFunction"),
    ],
)
def test_an_object_may_be_called_by_its_class_or_by_the_one_that_this_specialises(special: str, general: str) -> None:
    one, other = (Identity(names=(ObjectName("1001"),), object_type=kind) for kind in (special, general))
    assert one.matches(other)
    assert not one.matches(Identity(names=(ObjectName("1001"),), object_type="UsagePoint"))


def test_a_random_mrid_is_a_new_uuid_every_time() -> None:
    made = {mrid() for _ in range(100)}
    assert len(made) == 100
    assert {uuid.UUID(one).version for one in made} == {4}
    assert all(is_uuid(one) and one == one.lower() for one in made)


@given(st.text(min_size=1).filter(str.strip), st.text(min_size=1).filter(str.strip))
def test_a_stable_mrid_is_the_version_5_uuid_of_the_name_in_its_authoritys_namespace(name: str, authority: str) -> None:
    expected = uuid.uuid5(uuid.uuid5(MRID_NAMESPACE, authority.strip()), name.strip())
    assert mrid(name, authority=authority) == str(expected)
    assert mrid(name, authority=authority, name_type="T") != str(expected)


def test_stable_mrids_never_change() -> None:
    """These are in other people's databases."""
    assert uuid.uuid5(uuid.NAMESPACE_URL, "http://iec.ch/TC57/2011/") == MRID_NAMESPACE
    assert mrid("B-1001", authority="ExampleUtility") == "0cd58da9-9934-5afd-938b-1a2550743dae"
    assert (
        mrid("B-1001", authority="ExampleUtility", name_type="MeterBadgeNumber")
        == "22e11745-1739-5505-adb7-23762b639e26"
    )


# IDs of the envelope ------------------------------------------------------------------------------------------------


@given(identities.filter(bool))
def test_an_id_made_of_an_identity_means_the_same_object(identity: Identity) -> None:
    made = to_object_id(identity)
    assert from_object_id(made).matches(identity)
    assert from_object_id(made).object_type == identity.object_type
    assert to_object_id(from_object_id(made)) == made
    header = envelope.Header(verb=envelope.Verb.DELETE, noun="MeterConfig")
    message = RequestMessage[Any](header=header, request=Request(id=[made]))
    read = from_xml(to_xml(message), RequestMessage[Any])
    assert read.request is not None
    assert read.request.id == [made]


@given(instances(ObjectID))
def test_no_id_is_refused(given: ObjectID) -> None:
    identity = from_object_id(given)
    assert bool(identity) == bool(given.value.strip())


def test_ids_say_kind_type_authority_and_class() -> None:
    meter = Meter(mrid=METER, names=names(BADGE))
    assert to_object_id(meter) == ObjectID(value=METER, kind=IDKind.UUID, object_type="Meter")
    assert to_object_id(meter, by="name") == ObjectID(
        value="B-1001",
        kind=IDKind.NAME,
        id_type="MeterBadgeNumber",
        id_authority="ExampleUtility",
        object_type="Meter",
    )


def test_a_missing_kind_is_a_uuid_by_its_shape_and_else_a_name() -> None:
    assert from_object_id(ObjectID(value=METER)) == Identity(mrid=METER)
    assert from_object_id(ObjectID(value="B-1", id_type="", id_authority="")) == Identity(names=(ObjectName("B-1"),))
    odd: Any = "mRID"
    assert from_object_id(ObjectID(value="SN-7", kind=odd)) == Identity(mrid="SN-7")


def test_an_mrid_that_is_no_uuid_says_that_it_is_an_mrid() -> None:
    made = to_object_id(Meter(mrid="SN-7"))
    assert (made.kind, made.id_type) == (IDKind.OTHER, "mRID")
    assert from_object_id(made) == Identity(mrid="SN-7")


def test_a_transaction_is_neither_an_mrid_nor_a_name() -> None:
    schedule = from_object_id(ObjectID(value="sched-77", kind=IDKind.TRANSACTION, object_type="MeterReadSchedule"))
    assert schedule.mrid is None
    assert schedule.name() is None
    assert to_object_id(schedule).kind is IDKind.TRANSACTION


@pytest.mark.parametrize("wrong", [[], [Meter(mrid=METER)], names("B-1001"), (Meter(mrid=METER),)])
def test_several_objects_are_not_one_that_says_nothing(wrong: object) -> None:
    calls: list[Callable[[object], object]] = [identify, partial(same, Meter(mrid=METER)), Index(MeterConfig()).find]
    for call in calls:
        with pytest.raises(TypeError, match="a list of objects has no identity"):
            call(wrong)


def test_names_are_given_one_by_one() -> None:
    several: Any = ["B-1001", "B-1002"]
    with pytest.raises(TypeError, match="not list"):
        names(several, name_type="MeterBadgeNumber")
    assert [one.name for one in names(*several, name_type="MeterBadgeNumber")] == several
