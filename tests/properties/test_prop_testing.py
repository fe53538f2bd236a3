"""The strategies of ``iec61968_9.testing``, as a user's tests meet them."""

from __future__ import annotations

import dataclasses
import datetime
import math
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tests.properties.support import examples

from iec61968_9 import EncodeError, ForeignElement, QName, Record, Reference, from_xml, to_xml, validate
from iec61968_9.profiles.customer_meter_data_set import CustomerMeterDataSet
from iec61968_9.profiles.end_device_config import EndDeviceConfig
from iec61968_9.profiles.envelope import Error, FaultMessage, Reply, RequestMessage, ResponseMessage, Result
from iec61968_9.profiles.get_meter_readings import GetMeterReadings
from iec61968_9.profiles.meter_readings import Meter, MeterReadings, ReadingReasonKind, ReadingType
from iec61968_9.testing import foreign_elements, instances


def parts(value: Any) -> Iterator[object]:
    """An object with all that is in it."""
    yield value
    if isinstance(value, list):
        for item in value:  # pyright: ignore[reportUnknownVariableType]  # of anything
            yield from parts(item)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from parts(getattr(value, field.name))


@examples(50)
@given(st.from_type(MeterReadings), st.from_type(RequestMessage[GetMeterReadings]), st.from_type(EndDeviceConfig))
def test_hypothesis_resolves_generated_classes_by_their_type(
    payload: MeterReadings, request: RequestMessage[GetMeterReadings], mixed: EndDeviceConfig
) -> None:
    """Once the module is imported, ``st.from_type`` needs no more than the class."""
    for value in (payload, request, mixed):
        assert validate(to_xml(value)) == []
    assert all(isinstance(one, GetMeterReadings) for one in (request.request.queries if request.request else []))


@examples(30)
@given(st.builds(ResponseMessage), st.from_type(Meter), st.from_type(Reference), st.from_type(Record))
def test_what_is_inside_a_message_is_resolved_as_well(
    message: ResponseMessage[Any], meter: Meter, reference: Reference, anything: Record
) -> None:
    """Required members that a user does not give, single classes, and any payload or query."""
    assert from_xml(to_xml(message)) == message
    assert type(meter) is Meter
    assert type(reference) is Reference
    assert from_xml(to_xml(anything)) == anything


def test_no_profile_is_loaded_before_it_is_asked_for() -> None:
    """Importing the module loads none; one that is loaded later is resolved all the same, and no other with it."""
    program = """
import sys
import iec61968_9.testing
loaded = lambda: [name for name in sys.modules if name.startswith("iec61968_9.profiles.") and "_common" not in name]
assert loaded() == [], loaded()
from hypothesis import strategies as st
from iec61968_9.profiles.service_category_config import ServiceCategoryConfig, ServiceCategory
st.from_type(ServiceCategoryConfig).validate()
st.from_type(ServiceCategory).validate()
assert loaded() == ["iec61968_9.profiles.service_category_config"], loaded()
assert "instances" in repr(iec61968_9.testing.instances)
"""
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True)


@examples(100)
@given(instances(CustomerMeterDataSet, size=10))
def test_size_bounds_what_is_optional(value: CustomerMeterDataSet) -> None:
    """Not more optional elements than asked for, each with what it requires."""
    assert len(list(etree.fromstring(to_xml(value)).iter())) <= 60


@examples(20)
@given(instances(MeterReadings, size=0), instances(ResponseMessage, size=0), instances(ReadingType, size=0))
def test_size_zero_leaves_what_is_required(
    payload: MeterReadings, message: ResponseMessage[Any], kind: ReadingType
) -> None:
    """The smallest legal objects."""
    assert payload == MeterReadings()
    assert message == ResponseMessage(header=message.header, reply=Reply(result=message.reply.result))
    assert len(kind.names) == 1, "a reading type has at least one name"


@examples(60)
@given(instances(MeterReadings, depth=0))
def test_depth_bounds_how_deep_optional_elements_stand(value: MeterReadings) -> None:
    """At depth 0, no member that holds others is filled in."""
    assert value == MeterReadings()


@examples(200)
@given(instances(MeterReadings))
def test_nan_is_left_out_unless_it_is_asked_for(value: MeterReadings) -> None:
    """By default an object equals itself."""
    assert value == value  # NaN does not
    assert not any(isinstance(part, float) and math.isnan(part) for part in parts(value))


def test_the_values_are_awkward_on_purpose() -> None:
    """Carriage returns, blanks, characters beyond the basic plane, times of all kinds: all come up."""
    texts: list[str] = []
    times: list[datetime.datetime] = []
    kinds: set[type[Any]] = set()

    @examples(300)
    @given(instances(ResponseMessage[MeterReadings]))
    def collect(value: Any) -> None:
        for part in parts(value):
            kind = type(part)
            kinds.add(kind)
            if type(part) is str:
                texts.append(part)
            if isinstance(part, datetime.datetime):
                times.append(part)

    collect()
    assert any("\r" in text for text in texts)
    assert any("]]>" in text for text in texts)
    assert any(text != text.strip() for text in texts)
    assert any(max(text, default="") > "\uffff" for text in texts)
    assert "" in texts
    assert any(time.tzinfo is None for time in times)
    assert any(time.tzinfo not in {None, datetime.UTC} for time in times)
    assert any(getattr(time, "finer", "") for time in times)
    assert {ForeignElement, QName, MeterReadings} <= kinds


def is_filled(value: object) -> bool:
    """Whether a member holds something."""
    return value is not None and not (isinstance(value, list) and not value)


def test_all_members_come_up() -> None:
    """Every member of every class of a profile is filled in by some example."""
    seen: set[tuple[type[Any], str]] = set()

    @examples(300)
    @given(instances(MeterReadings, size=80))
    def collect(value: Any) -> None:
        for part in parts(value):
            if isinstance(part, Record):
                names = {field.name for field in dataclasses.fields(part)} - {"kept"}
                seen.update((type(part), name) for name in names if is_filled(getattr(part, name)))

    collect()
    classes = {kind for kind, _ in seen}
    wanted = {(kind, one.name) for kind in classes for one in dataclasses.fields(kind)} - {
        (one, "kept") for one in classes
    }
    assert {f"{kind.__name__}.{name}" for kind, name in wanted - seen} == set()
    assert len(classes) > 20


@examples(60)
@given(st.data())
def test_foreign_elements_respect_the_wildcard(data: st.DataObject) -> None:
    """Only namespaces that the wildcard lets in."""
    own = "urn:example:vendor"
    for allowed, fitting in (("##local", {""}), ("urn:a urn:b", {"urn:a", "urn:b"}), ("##targetNamespace", {own})):
        element = data.draw(foreign_elements(allowed, own)).element()
        assert (etree.QName(element).namespace or "") in fitting
    other = data.draw(foreign_elements("##other", own)).element()
    assert etree.QName(other).namespace not in {None, "", own}


@examples(60)
@given(instances(MeterReadings))
def test_any_value_can_be_compared_with_anything(value: MeterReadings) -> None:
    """Comparing is never an error or a warning, whatever stands on the other side."""
    for part in parts(value):
        assert (part == object()) is False
        assert (part != object()) is True


@pytest.mark.parametrize("kind", [int, dict, object, list[MeterReadings]])
def test_other_types_are_refused(kind: Any) -> None:
    """At once, with a sentence."""
    with pytest.raises(TypeError, match="no generated class"):
        instances(kind)


def test_enumerations_and_references_have_instances_too() -> None:
    """All that stands in a profile's module can be asked for."""
    instances(ReadingReasonKind).validate()
    instances(Reference).validate()


@examples(300)
@given(st.none() | st.text(max_size=8) | st.sampled_from(["urn:a", "urn:größe"]), st.text(max_size=5) | st.just("A"))
def test_a_qualified_name_is_written_so_that_it_can_be_read_or_not_at_all(namespace: str | None, local: str) -> None:
    """A name that no document can hold is an EncodeError, never a document that nobody can read."""
    error = Error(code="1.8", xpath=QName(namespace, local))
    message = FaultMessage(reply=Reply(result=Result.FAILED, error=[error]))
    try:
        data = to_xml(message)
    except EncodeError:
        return
    assert from_xml(data) == message
