"""What only several messages show: identifiers that are used again, and pages that are missing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs

from iec61968_9.exchange.diagnosis._case import Case, brief, found
from iec61968_9.exchange.pages import PAGE_PROPERTY, read_page
from iec61968_9.xml.record import Record
from iec61968_9.xml.report import Finding

__all__ = ["Traffic"]

ENOUGH: Final = 3
"""So many requests with one CorrelationID, and none with another, are a habit."""


@attrs.define
class _Sender:
    """What is known of a system that sends.

    Attributes:
        messages: Its messages by their MessageID.
        correlations: The CorrelationIDs of its requests.
        requests: How many requests it has sent.
    """

    messages: dict[str, Record] = attrs.field(factory=dict[str, Record])
    correlations: set[str] = attrs.field(factory=set[str])
    requests: int = 0


@attrs.define
class _Pages:
    """Pages of one source under one CorrelationID: those that came, how many there are, and who said so last."""

    came: set[int]
    last: int
    message: int
    path: str


class Traffic:
    """Messages in the order in which they were sent."""

    def __init__(self) -> None:
        self._senders: dict[str | None, _Sender] = {}
        self._requests: dict[str, Case] = {}
        self._followed: dict[str, dict[str, bool]] = {}
        self._users: dict[tuple[str, str], str] = {}
        self._pages: dict[tuple[str | None, str | None, int], _Pages] = {}
        self._count = 0

    def request_of(self, case: Case) -> Case | None:
        """The latest request that a reply or event leads back to."""
        cited = case.header.text("CorrelationID")
        asked = self._requests.get(cited) if cited is not None and case.role in {"reply", "event"} else None
        return None if asked is None or self._tells_of_delivery(case, asked) else asked

    def _tells_of_delivery(self, case: Case, asked: Case) -> bool:
        """Whether a response answers what followed a request under its CorrelationID, and not the request (R12).

        It carries nothing, and its source has answered nothing before: it is the system that asked, to which others
        have replied, or a further one, where there was an event.
        """
        source = case.header.text("Source")
        followed = self._followed.get(case.header.text("CorrelationID") or "", {})
        if case.role != "reply" or case.carries or source is None or source in followed:
            return False
        return any(followed.values()) or (bool(followed) and source == asked.header.text("Source"))

    def add(self, case: Case) -> Iterator[Finding]:
        """Take the next message, and say what it shows beside those before."""
        number, self._count = self._count, self._count + 1
        if not case.header:
            return
        sender = self._senders.setdefault(case.header.text("Source"), _Sender())
        yield from _repeated(case, sender)
        if case.role == "request":
            yield from _constant(case, sender)
            yield from self._passed_through(case)
            cited = case.header.text("CorrelationID") or case.header.text("MessageID")
            if cited is not None:
                self._requests[cited] = case
                self._followed[cited] = {}
        elif self.request_of(case) is not None:
            self._follows(case)
        yield from self._page(case, number)

    def _follows(self, case: Case) -> None:
        """Remember who has answered a request, and whether by an event."""
        cited, source = case.header.text("CorrelationID"), case.header.text("Source")
        if cited is not None and source is not None:
            sources = self._followed[cited]
            sources[source] = sources.get(source, False) or case.role == "event"

    def _passed_through(self, case: Case) -> Iterator[Finding]:
        """Identifiers that another system has used for a request of its own (R15)."""
        source = case.header.text("Source")
        for element in ("MessageID", "CorrelationID"):
            text = case.header.text(element)
            if text is None or source is None:
                continue
            user = self._users.setdefault((element, text), source)
            if user != source:
                yield found(
                    "identifier-passed-through", case.header.at(element), f"{brief(user)} has used it before", text
                )

    def _page(self, case: Case, number: int) -> Iterator[Finding]:
        """A page that came before (T41)."""
        for place in case.header.each("Property"):
            counted = read_page(place.text("Value"))
            if place.text("Name") != PAGE_PROPERTY or counted is None:
                continue
            page, last = counted
            key = (case.header.text("Source"), case.header.text("CorrelationID"), last)
            pages = self._pages.setdefault(key, _Pages(set(), last, number, place.at("Value")))
            if page in pages.came and last > 1:
                yield found(
                    "page-repeated", place.at("Value"), f"page {page} of {last} came before", place.text("Value")
                )
            pages.came.add(page)
            pages.message, pages.path = number, place.at("Value")

    def missing_pages(self) -> Iterator[tuple[int, Finding]]:
        """Pages that have not come, each at the last message of its series, by its number (T41)."""
        for pages in self._pages.values():
            missing = pages.last - len(pages.came)
            if missing:
                first = next(page for page in range(1, pages.last + 1) if page not in pages.came)
                said = f"{missing} of {pages.last} pages have not come, the first of them is page {first}"
                yield pages.message, found("page-missing", pages.path, said)


def _repeated(case: Case, sender: _Sender) -> Iterator[Finding]:
    """A MessageID that its sender used before (R3); or the same message once more."""
    text, path = case.header.text("MessageID"), case.header.at("MessageID")
    if text is None:
        return
    earlier = sender.messages.setdefault(text, case.root.value)
    if earlier is not case.root.value:
        same = earlier == case.root.value
        yield found("duplicate-message" if same else "message-id-repeated", path, source=text)


def _constant(case: Case, sender: _Sender) -> Iterator[Finding]:
    """A CorrelationID that all requests of a sender share (T17)."""
    text = case.header.text("CorrelationID")
    if text is None:
        return
    sender.requests += 1
    sender.correlations.add(text)
    if sender.requests >= ENOUGH and len(sender.correlations) == 1:
        said = f"the last {sender.requests} requests of this source have the same CorrelationID"
        yield found("correlation-constant", case.header.at("CorrelationID"), said, text)
