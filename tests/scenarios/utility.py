"""A utility whose master data live in one place: the people of the master data scenarios."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

import attrs
from tests.scenarios.master_data import Master
from tests.scenarios.members import main
from tests.scenarios.stage import Party, Stage, sample, uuid

from iec61968_9.exchange import Conversation, ReceiptKind
from iec61968_9.profiles.envelope import OperationSet
from iec61968_9.profiles.master_data_linkage_config import (
    ConfigurationEvent,
    MasterDataLinkageConfig,
    Meter,
    UsagePoint,
)

POINT, OTHER_POINT = uuid("b1"), uuid("b2")
METER, OTHER_METER = uuid("a1"), uuid("a2")
LONG_AGO = datetime.datetime(2026, 1, 5, tzinfo=datetime.UTC)
DAY_X = datetime.datetime(2026, 3, 10, tzinfo=datetime.UTC)


def link(meter: str, point: str, since: datetime.datetime = DAY_X) -> MasterDataLinkageConfig:
    """The payload that links a meter to a usage point, or unlinks them, from a day on."""
    return MasterDataLinkageConfig(
        configuration_event=ConfigurationEvent(effective_date_time=since),
        meter=[Meter(mrid=meter)],
        usage_point=[UsagePoint(mrid=point)],
    )


def operations_in(message: Any) -> OperationSet:
    """The set of operations that a message carries."""
    found = message.payload.operation_set
    assert isinstance(found, OperationSet)
    return found


@attrs.define
class Utility:
    """A CIS that asks, and an MDMS that is the master.

    Attributes:
        stage: Where they are.
        cis: Asks.
        mdms: Answers, and tells what has happened.
        master: What the MDMS knows.
        untold: What the MDMS has still to tell.
    """

    stage: Stage = attrs.field(factory=Stage)
    cis: Party = attrs.field(init=False)
    mdms: Party = attrs.field(init=False)
    master: Master = attrs.field(factory=Master)
    untold: list[Iterator[Any]] = attrs.field(factory=list[Iterator[Any]])

    def __attrs_post_init__(self) -> None:
        self.cis, self.mdms = self.stage.party("CIS"), self.stage.party("MDMS")

    @classmethod
    def at_work(cls, since: datetime.datetime = LONG_AGO) -> Utility:
        """One that knows a meter and a usage point already, linked for some time."""
        made = cls()
        operations = operations_in(sample("E2-1"))
        operations.operation[2].content = link(METER, POINT, since)
        assert not any(made.master.execute(operations).values())
        return made

    def ask(
        self, request: Any, *like: str | None, expects: Iterable[str] = (), tells: bool = True
    ) -> Conversation[Any]:
        """Play an exchange: the CIS asks, the MDMS acts, answers, and tells of its success.

        Args:
            request: The request.
            *like: The steps whose documents the request, the reply and the event must equal, as far as given.
            expects: What the diagnosis finds in the request.
            tells: Whether the event follows at once; else ``tell`` brings it.
        """
        first, second, third, *_ = [*like, None, None, None]
        asked = self.cis.send(request, self.mdms, like=first, expects=expects)
        answers = self.master.answer(self.mdms.system, asked.request)
        replied = self.mdms.send(next(answers), self.cis, like=second)
        assert replied.taken.kind is ReceiptKind.FINAL
        self.untold.append(answers)
        if tells:
            self.tell(third)
        return asked.talk

    def known(self, noun: str) -> Any:
        """The one object that the master knows of a kind."""
        (payload,) = self.master.objects[noun]
        return main(payload)[0]

    def tell(self, like: str | None = None) -> None:
        """Publish what has happened and was not yet told."""
        for events in self.untold:
            for event in events:
                told = self.mdms.send(event, self.cis, like=like)
                assert told.taken.findings == ()
        self.untold.clear()

    @property
    def talks(self) -> list[Conversation[Any]]:
        """The exchanges that the CIS has opened, with those that are over."""
        found = [one.owner for one in self.stage.arrivals if one.verdict is not None and one.owner is not None]
        return list({id(talk): talk for talk in found}.values())
