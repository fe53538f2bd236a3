"""A hundred thousand small messages in a row, as a service meets them: no growth, no slowdown.

Each turn is another kind of message: a request that is read, checked, answered and written; one that its schema
refuses; one of an unknown namespace; one that breaks off; one with a verb that is not offered; one read leniently and
written back; one in SOAP whose exchange ends; a validation. Each has identifiers, times, names and namespaces of its
own, so that whatever is remembered of them shows. The service's memory of MessageIDs is small here (the default one
holds 100,000, and would be growing for as long).

``python -m tests.load.messages [COUNT]`` prints a table.
"""

from __future__ import annotations

import datetime
import gc
import itertools
import json
import sys
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

from benchmarks.samples import request
from tests.load.measuring import Figures, child, line, machine, memory, slope, spread

from iec61968_9 import Iec61968Error, Reference, Report, from_xml, to_xml, validate
from iec61968_9.exchange import (
    Accepted,
    Conversations,
    Form,
    Memory,
    Refused,
    Service,
    SoapVersion,
    System,
    read_message,
    write_message,
)
from iec61968_9.profiles import MeterReadings
from iec61968_9.profiles.get_meter_readings import EndDevice, GetMeterReadings
from iec61968_9.profiles.meter_readings import Meter, MeterReading, Reading

__all__ = ["COUNT", "Stage", "main", "run"]

COUNT = 100_000
PART = 5
"""The parts of the run, in percent, after which memory is looked at."""

_START = datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC)


class Stage:
    """A service, a client, and what they send each other."""

    def __init__(self) -> None:
        self.now = _START
        self.number = 0
        ids = itertools.count()
        self.hes = System(source="HES", clock=lambda: self.now, new_id=lambda: f"hes-{next(ids)}")
        self.mdms = System(source="MDMS", clock=lambda: self.now, new_id=lambda: f"mdms-{next(ids)}")
        self.service = Service(self.hes, offers={"MeterReadings": {"get"}}, memory=Memory(size=100))
        self.conversations = Conversations(remembered=10)
        self.document = request().decode()
        self.turns: list[Callable[[], bool]] = [
            self.answered,
            self.invalid,
            self.unknown,
            self.broken,
            self.not_offered,
            self.lenient,
            self.soap,
            self.validated,
        ]

    def turn(self, number: int) -> None:
        """One message."""
        self.number = number
        self.now = _START + datetime.timedelta(seconds=number)
        work = self.turns[number % len(self.turns)]
        if not work():
            raise AssertionError(f"{work.__name__} of message {number} did not end as it should")

    def text(self) -> str:
        """A request of 2 KB like no other."""
        fresh = self.document.replace("m-1", f"m-{self.number}").replace("c-1", f"c-{self.number}")
        return fresh.replace("6a0d5c1e", f"{self.number:08x}").replace(
            "2026-03-02T08:00:00Z", f"{self.now:%Y-%m-%dT%H:%M:%SZ}"
        )

    def readings(self) -> MeterReadings:
        """What is answered."""
        kind = Reference(ref="0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0")
        reading = Reading(time_stamp=self.now, value=f"{self.number}.5", reading_type=kind)
        return MeterReadings(meter_reading=[MeterReading(meter=Meter(mrid=f"meter-{self.number}"), readings=[reading])])

    def answered(self) -> bool:
        """Read, check, answer, write."""
        checked = self.service.check(self.text(), now=self.now)
        if not isinstance(checked, Accepted):
            return False
        return to_xml(self.hes.reply(checked.request, self.readings())).startswith(b"<?xml")

    def invalid(self) -> bool:
        """Its schema refuses it, and so says the answer."""
        text = self.text().replace("<EndDevice>", f"<EndDevice><made-up-{self.number}/>", 1)
        checked = self.service.check(text, now=self.now)
        return isinstance(checked, Refused) and checked.answer is not None and bool(to_xml(checked.answer))

    def unknown(self) -> bool:
        """Nobody knows its namespace."""
        return self.fails(self.text().replace("http://iec.ch/TC57/2011/schema/", f"urn:unknown:{self.number}:"))

    def broken(self) -> bool:
        """It breaks off."""
        return self.fails(self.text()[: -2 - self.number % 500])

    def not_offered(self) -> bool:
        """The service does not do that."""
        checked = self.service.check(self.text().replace(">get<", ">change<"), now=self.now)
        return isinstance(checked, Refused) and checked.answer is not None and bool(to_xml(checked.answer))

    def lenient(self) -> bool:
        """What its schema does not know is kept, noted and written back."""
        report = Report()
        extra = f'<v:made-up-{self.number} xmlns:v="urn:vendor:{self.number}">{self.number}</v:made-up-{self.number}>'
        text = self.text().replace("<EndDevice>", f"<EndDevice>{extra}", 1)
        found = from_xml(text, mode="lenient", report=report)
        return len(report) > 0 and f"<v:made-up-{self.number} ".encode() in to_xml(found, mode="lenient")

    def soap(self) -> bool:
        """An exchange is opened, answered in SOAP, and over."""
        asked = GetMeterReadings(end_device=[EndDevice(mrid=f"meter-{self.number}")])
        sent = self.mdms.get(asked)
        conversation = self.conversations.open(sent)
        answer = write_message(self.hes.reply(sent, self.readings()), Form(soap=SoapVersion.V1_1))
        self.conversations.receive(read_message(answer).message)
        return conversation.is_over

    def validated(self) -> bool:
        """What is wrong with it is listed."""
        return len(validate(self.text().replace("<start>", f"<start>{self.number}", 1))) == 1

    def fails(self, text: str) -> bool:
        """Whether reading refuses it."""
        try:
            from_xml(text)
        except Iec61968Error:
            return True
        return False


def run(count: int, *, traced: bool) -> Figures:
    """Take so many turns. Traced, Python's own memory and objects are counted too, which takes time."""
    stage = Stage()
    samples: list[tuple[int, int]] = []
    python: list[tuple[int, int]] = []
    objects: list[tuple[int, int]] = []
    times: list[float] = []
    if traced:
        tracemalloc.start()
    part = max(count * PART // 100, 1)
    begun = time.process_time()
    for number in range(count):
        stage.turn(number)
        if (number + 1) % part == 0:
            times.append((time.process_time() - begun) / part * 1000)
            gc.collect()
            samples.append((number + 1, memory()))
            if traced:
                python.append((number + 1, tracemalloc.get_traced_memory()[0]))
                objects.append((number + 1, len(gc.get_objects())))
            begun = time.process_time()
    tracemalloc.stop()
    return {"samples": samples, "python": python, "objects": objects, "times": times}


def main(arguments: list[str]) -> int:
    """Print the table."""
    count = int(arguments[0]) if arguments else COUNT
    print(f"{count:,} small messages in a row, an eighth of each kind ({machine()})")
    found = child("tests.load.messages", "run", str(count))
    times = found["times"]
    line("resident memory", spread(found["samples"], "a message"))
    line(
        "processor time for a thousand",
        f"{times[1]:.2f} s near the beginning, {times[-1]:.2f} s at the end, {min(times):.2f} to {max(times):.2f} s",
    )
    few = max(count // 5, 1)
    traced: dict[str, Any] = child("tests.load.messages", "traced", str(few))
    line(f"Python's memory, {few:,} messages, traced", spread(traced["python"], "a message"))
    later = traced["objects"][len(traced["objects"]) // 5 :]
    line(
        "objects that the garbage collector knows",
        f"{min(y for _, y in later):,} to {max(y for _, y in later):,}, {slope(later):+.4f} a message",
    )
    return 0


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in {"run", "traced"}:
        print(json.dumps(run(int(sys.argv[2]), traced=sys.argv[1] == "traced")))
    else:
        sys.exit(main(sys.argv[1:]))
