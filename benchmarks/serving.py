"""What both sides pay for an exchange beside their own work: checking, refusing, answering, following, diagnosing."""

from __future__ import annotations

from itertools import count

from benchmarks.harness import Section, measure, time_row
from benchmarks.samples import QUARTER_HOURS, meter_readings, request
from iec61968_9 import from_xml, to_xml
from iec61968_9.exchange import Accepted, Conversations, Refused, Service, State, System, diagnose
from iec61968_9.profiles import GetMeterReadings, MeterReadings, RequestMessage, ResponseMessage
from iec61968_9.profiles.get_meter_readings import EndDevice
from iec61968_9.profiles.meter_readings import Meter, MeterReading

__all__ = ["run"]

MOST = 0.001
METER = "6a0d5c1e-0b1f-4c55-9c0e-000000000000"


def run(*, rounds: int, calls: int, meters: int) -> Section:
    """Measure."""
    data = request()
    system = System(source="HES")
    serving = Service(system, offers={"MeterReadings": {"get"}})
    refusing = Service(system, offers={"MeterReadings": {"create"}})
    numbers = count()
    message = from_xml(data, RequestMessage)
    payload = from_xml(meter_readings(meters), MeterReadings)
    found = MeterReadings(meter_reading=[MeterReading(meter=Meter(mrid=METER))])

    def fresh() -> bytes:
        """The request with a MessageID that was not there before, as any service wants it."""
        return data.replace(b">m-1<", f">m-{next(numbers)}<".encode())

    def answer() -> bytes:
        match serving.check(fresh()):
            case Accepted() as accepted:
                return to_xml(system.reply(accepted.request, found))
            case Refused() as refused:
                raise RuntimeError(refused.reason)

    def refuse() -> bytes:
        match refusing.check(data):
            case Refused(answer=ResponseMessage() as reply):
                return to_xml(reply)
            case other:
                raise RuntimeError(f"{other} is no refusal")

    asking = System(source="MDMS")
    open_ones = Conversations()
    query = GetMeterReadings(end_device=[EndDevice(mrid=METER)])

    def converse() -> None:
        asked = asking.get(query, reply_to="queue:MDMS.REPLIES")
        conversation = open_ones.open(asked)
        open_ones.receive(system.reply(asked, found))
        if conversation.state is not State.COMPLETE:
            raise RuntimeError(f"the exchange is {conversation.state}")

    for work in (answer, refuse, converse):  # warm
        for _ in range(calls):
            work()
    times = measure(
        {
            "check: read, validate, diagnose, remember": lambda: serving.check(fresh()),
            "check, and write the answer": answer,
            "check, and write the refusal": refuse,
            "a conversation: request and reply built, the reply tied to its request and taken": converse,
            "diagnose the request": lambda: diagnose(message),
        },
        rounds,
        calls,
    )
    bulk = measure({"diagnose": lambda: diagnose(payload)}, rounds)
    readings = meters * QUARTER_HOURS
    note = (
        f"The same request, with a MessageID of its own each time; {calls:,} calls a repetition. "
        f"The last row is for a payload of {readings:,} readings."
    )
    rows = [time_row(name, one, most=MOST if "write" in name else None) for name, one in times.items()]
    rows.append(time_row("diagnose a payload, a reading", bulk["diagnose"], scale=1 / readings))
    return Section("Serving a request", note, rows)
