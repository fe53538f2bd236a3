"""A stage on which systems exchange messages.

``Stage`` has a clock and numbers that are the same in every run, and ``Party`` is a system on it: with what builds its
messages, what serves requests and events, and the exchanges that it has opened. A message goes from one to another as
it would outside: it is built, written, validated, read by the other side, and given to that side's service or
conversation. Each is diagnosed on its way; what the scenario does not expect fails the test.

    stage = Stage()
    mdms, hes = stage.party("MDMS"), stage.party("HES")
    asked = mdms.send(mdms.system.get(query, correlation_id="c-1"), hes, like="A1-1")
    told = hes.send(hes.system.reply(asked.request, readings), mdms, like="A1-2")
    assert (told.receipt.kind, asked.talk.state) == (ReceiptKind.FINAL, State.COMPLETE)
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import attrs
from tests.documents import canonical

from iec61968_9 import from_xml, to_xml, validate
from iec61968_9.exchange import Accepted, Conversation, Conversations, Receipt, Refused, Service, System, diagnose
from iec61968_9.profiles.envelope import FaultMessage, Header, RequestMessage, ResponseMessage
from iec61968_9.xml.report import Finding

FOLDER = Path(__file__).parents[1] / "messages"
FILES = {path.name.partition("_")[0]: path for path in FOLDER.glob("*.xml")}
START = datetime.datetime(2026, 3, 2, 8, tzinfo=datetime.UTC)


def uuid(last: str) -> str:
    """The mRIDs of the messages in the folder by their end, such as ``a1`` for the first meter."""
    return f"6a0d5c1e-0b1f-4c55-9c0e-0000000000{last}"


def sample(step: str) -> Any:
    """The message of a step, such as ``A1-1``, as the folder has it."""
    return from_xml(FILES[step])


def kinds_of(findings: Iterable[Finding]) -> list[str]:
    """The kinds of findings, in their order."""
    return [finding.kind for finding in findings]


@attrs.frozen(kw_only=True)
class Arrival:
    """A message that has come to the other side.

    Attributes:
        document: The message as it travelled.
        message: The message as it was read there.
        findings: What the diagnosis says about it, notes included.
        verdict: What the receiver's service says of a request or an event; None of a reply or fault.
        receipt: What the receiver's conversations say of a reply, event or fault; None of a request.
        owner: The exchange that it belongs to, on the side that asked; None where it belongs to none.
    """

    document: bytes
    message: Any
    findings: tuple[Finding, ...]
    verdict: Accepted | Refused | None
    receipt: Receipt | None
    owner: Conversation[Any] | None

    @property
    def talk(self) -> Conversation[Any]:
        """The exchange that it belongs to, which there must be."""
        assert self.owner is not None
        return self.owner

    @property
    def request(self) -> RequestMessage[Any]:
        """The request as the server has it, which its service must have accepted."""
        assert isinstance(self.verdict, Accepted), self.verdict
        return self.verdict.request

    @property
    def refused(self) -> Refused:
        """The refusal, which the service must have made."""
        assert isinstance(self.verdict, Refused), self.verdict
        return self.verdict

    @property
    def taken(self) -> Receipt:
        """The receipt, of a message that its exchange has taken."""
        assert self.receipt is not None
        assert self.receipt.is_taken, self.receipt
        return self.receipt


class Stage:
    """Where it is what time, who is there, and what has been sent.

    Attributes:
        now: The time that all clocks show.
        arrivals: Every message that has arrived, in this order.
    """

    def __init__(self) -> None:
        self.now = START
        self.arrivals: list[Arrival] = []
        self._numbers = itertools.count(1)

    def party(self, name: str, *, context: str | None = None, **service: Any) -> Party:
        """A system on the stage; all share one sequence of numbers, as the messages of the folder do.

        Args:
            name: Its name, the ``Source`` of its messages.
            context: Its environment.
            **service: What it serves, as ``Service`` takes it; everything by default.
        """
        system = System(source=name, revision="1", context=context, clock=lambda: self.now, new_id=self._number)
        return Party(self, system, Service(system, **service))

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += datetime.timedelta(seconds=seconds)

    def answers_of(self, talk: Conversation[Any]) -> list[Any]:
        """All that has come for an exchange, in the order of arrival."""
        return [
            one.message
            for one in self.arrivals
            if one.receipt is not None and one.receipt.conversation is talk and one.receipt.is_taken
        ]

    def _number(self) -> str:
        return f"m-{next(self._numbers)}"


@attrs.define(eq=False)
class Party:
    """A system on the stage.

    Attributes:
        stage: The stage.
        system: Builds its messages.
        service: Checks the requests and events that come to it.
        talks: The exchanges that it has opened.
    """

    stage: Stage
    system: System
    service: Service
    talks: Conversations = attrs.field(factory=Conversations)

    def send(
        self,
        message: Any,
        to: Party,
        *,
        like: str | None = None,
        expects: Iterable[str] = (),
        talk: Conversation[Any] | None = None,
    ) -> Arrival:
        """Send a message; with a request the exchange is opened on this side.

        Args:
            message: The message, as it was built.
            to: Who receives it.
            like: The step of the scenarios whose document it must equal.
            expects: The kinds of findings that its diagnosis must have, above notes.
            talk: The exchange of the connection, by which a fault is known.
        """
        document = to_xml(message)
        assert validate(document) == []
        if like is not None:
            assert canonical(document) == canonical(FILES[like].read_bytes())
        if type(message) is RequestMessage:
            talk = self.talks.open(message, sent_at=self.stage.now)
        arrival = to.take(document, expects=expects, talk=talk)
        assert arrival.message == message
        if isinstance(message, ResponseMessage) and arrival.owner is not None:
            _check_reply(message.header, arrival.talk.request.header)
        return arrival

    def take(self, document: bytes, *, expects: Iterable[str] = (), talk: Conversation[Any] | None = None) -> Arrival:
        """Take a document that has arrived here.

        Args:
            document: The document.
            expects: As for ``send``.
            talk: The exchange that a request has opened, or on whose connection a fault came.
        """
        message = from_xml(document)
        receipt = self._receipt(message, talk)
        talk = talk if receipt is None else receipt.conversation
        followed = None if receipt is None or talk is None else talk.request
        arrival = Arrival(
            document=document,
            message=message,
            findings=tuple(diagnose(message, request=followed)),
            verdict=None if isinstance(message, ResponseMessage | FaultMessage) else self.service.check(document),
            receipt=receipt,
            owner=talk,
        )
        grave = {finding.kind for finding in arrival.findings if finding.level != "note"}
        assert grave == set(expects), [str(finding) for finding in arrival.findings]
        self.stage.arrivals.append(arrival)
        return arrival

    def _receipt(self, message: Any, talk: Conversation[Any] | None) -> Receipt | None:
        if isinstance(message, RequestMessage):
            return None
        if isinstance(message, FaultMessage) and talk is not None:
            return talk.receive(message, self.stage.now)
        return self.talks.receive(message, self.stage.now)


def _check_reply(reply: Header, request: Header) -> None:
    """Hold a reply's header to that of its request (R1 to R3), without the library's own rules."""
    assert (reply.verb, reply.noun) == ("reply", request.noun)
    assert reply.correlation_id == (request.correlation_id or request.message_id)
    assert reply.message_id not in {None, request.message_id}


def pair(**service: Any) -> tuple[Stage, Party, Party]:
    """A stage with an MDMS that asks and a HES that serves, with what ``Service`` takes."""
    stage = Stage()
    return stage, stage.party("MDMS"), stage.party("HES", **service)
