"""Provision a customer's meter with one message: an operation set creates the usage point, the meter and their link.

A customer information system (CIS) asks for all or nothing. The first set links a meter that nobody knows: the master
undoes what it has done so far and says what was wrong. The second set is right, and the master tells everybody.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from iec61968_9 import from_xml, to_xml
from iec61968_9.exchange import Conversation, Refused, Service, System, error, operation, operation_set, operations_of
from iec61968_9.identity import mrid, names
from iec61968_9.profiles import MasterDataLinkageConfig, MeterConfig, RequestMessage, UsagePointConfig
from iec61968_9.profiles import master_data_linkage_config as linkage
from iec61968_9.profiles.envelope import Error, OperationSet
from iec61968_9.profiles.meter_config import Meter
from iec61968_9.profiles.usage_point_config import ServiceCategory, ServiceKind, UsagePoint

UTILITY = "ExampleUtility"
FROM = datetime.datetime(2026, 3, 10, tzinfo=datetime.UTC)


# -- The side that asks ----------------------------------------------------------------------------------------------

cis = System(source="CIS")


def provision(point: str, badge: str, *, linked: str) -> RequestMessage[Any]:
    """Ask for a usage point, a meter, and the link of the usage point with a meter.

    Both sides know the objects by name; an mRID that is made of name and authority is the same everywhere.
    """
    usage_point = UsagePoint(
        mrid=mrid(point, authority=UTILITY),
        is_sdp=True,
        names=names(point, name_type="ServiceDeliveryPointID", authority=UTILITY),
        service_category=ServiceCategory(kind=ServiceKind.ELECTRICITY),
    )
    meter = Meter(
        mrid=mrid(badge, authority=UTILITY),
        serial_number="SN-1",
        names=names(badge, name_type="MeterBadgeNumber", authority=UTILITY),
    )
    link = MasterDataLinkageConfig(
        configuration_event=linkage.ConfigurationEvent(effective_date_time=FROM),
        meter=[linkage.Meter(mrid=mrid(linked, authority=UTILITY))],
        usage_point=[linkage.UsagePoint(mrid=usage_point.mrid)],
    )
    return cis.execute(
        operation_set(
            [
                operation(1, "create", UsagePointConfig(usage_point=[usage_point])),
                operation(2, "create", MeterConfig(meter=[meter])),
                operation(3, "create", link),
            ],
            enforce_msg_sequence=True,  # in the order of the numbers
            enforce_transactional_integrity=True,  # all or nothing
        )
    )


# -- The side that answers -------------------------------------------------------------------------------------------


class Master:
    """Keeps master data, in dictionaries here."""

    def __init__(self) -> None:
        self.service = Service(System(source="MDMS"), offers={"OperationSet": {"execute"}, **OFFERS})
        self.objects: dict[str | None, Meter | UsagePoint] = {}
        self.links: dict[str | None, str | None] = {}

    def handle(self, document: bytes) -> Iterator[bytes]:
        """Run a set; give the reply, and after a success the event that tells everybody."""
        checked = self.service.check(document)  # it refuses sets that number two operations alike, and much more
        if isinstance(checked, Refused):
            if checked.answer is not None:
                yield to_xml(checked.answer)
            return
        mdms, request = self.service.system, checked.request
        operations = request.payload.operation_set if request.payload is not None else None
        errors = self.execute(operations) if operations is not None else []
        yield to_xml(mdms.reply(request, errors=errors))
        if not errors:
            yield to_xml(mdms.executed(request=request))  # the same operations, with verbs in the past tense

    def execute(self, operations: OperationSet) -> list[Error]:
        """Do all operations; or none, and say which failed (its own code) and which were undone (5.9)."""
        before = dict(self.objects), dict(self.links)
        numbered = operations_of(operations)  # in the order in which they are to be run
        for number, one in numbered.items():
            unknown = self.apply(one.content)
            if unknown is not None:
                self.objects, self.links = before
                culprit = error("2.4", details="meter unknown", of=unknown, operation_id=number)
                return [culprit, *(error("5.9", operation_id=other) for other in numbered if other != number)]
        return []

    def apply(self, content: object) -> linkage.Meter | None:
        """Do one operation; give the meter that is not known, if that is so."""
        match content:
            case UsagePointConfig(usage_point=objects) | MeterConfig(meter=objects):
                self.objects.update({one.mrid: one for one in objects})
            case MasterDataLinkageConfig(meter=[meter], usage_point=[point]):
                if meter.mrid not in self.objects:
                    return meter
                self.links[point.mrid] = meter.mrid
            case _:
                raise NotImplementedError(f"a {type(content).__name__} should not have come through the service")
        return None


OFFERS = {UsagePointConfig: {"create"}, MeterConfig: {"create"}, MasterDataLinkageConfig: {"create"}}


# -- The exchange ----------------------------------------------------------------------------------------------------


def play(master: Master, request: RequestMessage[Any]) -> None:
    """Send a request, take what comes back, and see what became of each operation."""
    conversation = Conversation(request)
    for document in master.handle(to_xml(request)):
        arrived: Any = from_xml(document)
        receipt = conversation.receive(arrived)
        print(f"  {arrived.header.verb} {arrived.header.noun}: {receipt.kind}, so it is {conversation.state}")
    for subject, outcome in conversation.outcomes.items():
        why = "".join(f", {one.code} {one.details or ''}".rstrip() for one in outcome.errors)
        print(f"    {subject}: {outcome.kind}{why}")
    print(f"  objects that the master knows: {len(master.objects)}, links: {len(master.links)}")


def main() -> None:
    """First with a slip, then as it should be."""
    master = Master()
    print("A set whose link names a meter that nobody knows:")
    play(master, provision("UP-5001", "B-1001", linked="B-1010"))
    print("The same with the right meter:")
    play(master, provision("UP-5001", "B-1001", linked="B-1001"))


if __name__ == "__main__":
    main()
