"""Parsing that leaves nothing behind.

libxml2 keeps each name that it has met (of an element, an attribute, a namespace, an instruction) for as long as the
thread lives that parsed it, whatever became of the document. That is well for the names of schemas. But names that are
made up anew for each message would fill the memory of a service that runs for months, even if it refuses each of them.

So a thread has an account of the names that it met beyond those of the schemas. When it is full, each document is
parsed in a thread that lives for this one only, and its names go with it; so are long documents and streams always,
for which that costs next to nothing. A small message that was read without a remark has no such names, but for the
namespaces that it declares, so that only those are looked at. All others are searched for names, when the next message
comes.
"""

from __future__ import annotations

import _thread
import re
import threading
from collections.abc import Callable, Iterator
from typing import Self, TypeVar, cast

from lxml import etree

from iec61968_9.xml.codec import Element

__all__ = ["MOST", "SMALL", "Apart", "apart", "parsed", "vouch"]

T = TypeVar("T")

SMALL = 128 * 1024
"""Bytes of a document that is parsed in the thread at hand."""

MOST = 1024 * 1024
"""Bytes that the names may take which a thread meets beyond those of the schemas: some 8,000 names."""

UPKEEP = 128
"""Bytes that each of them takes here and in libxml2, beside its letters."""

_DECLARATION = re.compile(rb"""xmlns[^<>"']*(?:"[^"]*"|'[^']*')""")
_TAGS = re.compile(rb"<([^\s/>]+)")
_VALUES = re.compile(rb"""\s*=\s*["']""")


class _Account(threading.local):
    """The names that this thread has met.

    Attributes:
        known: The names beyond those of the schemas, and declarations of namespaces, prefixes included.
        spent: How many bytes they take.
        pending: The document that was parsed last, as long as nobody has vouched for it.
    """

    def __init__(self) -> None:
        self.known: set[bytes] = set()
        self.spent = 0
        self.pending = b""

    def settle(self) -> None:
        """Search the last document for names."""
        data, self.pending = self.pending, b""
        attributes = (before.rsplit(None, 1)[-1] for before in _VALUES.split(data)[:-1] if before.strip())
        found = {*_TAGS.findall(data), *attributes, *_declarations(data)} - self.known
        self.spent += sum(map(len, found)) + UPKEEP * len(found)
        if self.spent < MOST:
            self.known |= found
        else:
            self.known.clear()


_ACCOUNT = _Account()


def parsed(data: bytes, parser: etree.XMLParser) -> Element:
    """The root of a document.

    Raises:
        etree.XMLSyntaxError: It is not well formed.
    """
    if _ACCOUNT.pending:
        _ACCOUNT.settle()
    if len(data) >= SMALL or _ACCOUNT.spent >= MOST:
        return apart(lambda: etree.fromstring(data, parser))
    _ACCOUNT.pending = data
    return etree.fromstring(data, parser)


def vouch(data: bytes) -> None:
    """Say that a document has no names but those of the schemas, as far as its reader can see."""
    if data is _ACCOUNT.pending and not _instructs(data) and _ACCOUNT.known.issuperset(_declarations(data)):
        _ACCOUNT.pending = b""


def _instructs(data: bytes) -> bool:
    """Whether a document may hold instructions, beside its declaration. One character is found far faster than two."""
    return data.find(b"?", data.find(b">") + 1) >= 0 and data.count(b"<?") > 1


def _declarations(data: bytes) -> Iterator[bytes]:
    """The declarations of namespaces in a document."""
    at = data.find(b"xmlns")
    while at >= 0:
        found = _DECLARATION.match(data, at)
        if found is not None:
            yield found.group()
        at = data.find(b"xmlns", at + 1)


def apart(work: Callable[[], T]) -> T:
    """Do one thing in a thread of its own."""
    with Apart() as thread:
        return thread.do(work)


class Apart:
    """A thread that does what it is asked, one thing at a time, and ends with the ``with`` statement.

    A tree that libxml2 makes in it may be used anywhere, and takes its names with it when it goes. A parser that is fed
    piece by piece has to be fed and closed by one thread, because lxml closes it with the names of the thread at hand;
    it can be here, and its user in any.
    """

    def __init__(self) -> None:
        self._order = _Order()

    def __enter__(self) -> Self:
        _thread.start_new_thread(self._order.serve, ())
        return self

    def do(self, work: Callable[[], T]) -> T:
        """Do a thing there, and wait for it."""
        order = self._order
        order.work = work
        order.go.release()
        order.done.acquire()
        result, error = order.result, order.error
        order.result = order.error = None
        if error is not None:
            try:
                raise error
            finally:
                del error  # which holds this frame
        return cast("T", result)

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._order.go.release()


class _Order:
    """What is to be done, and what came of it."""

    def __init__(self) -> None:
        self.work: Callable[[], object] | None = None
        self.result: object = None
        self.error: BaseException | None = None
        self.go = _thread.allocate_lock()
        self.done = _thread.allocate_lock()
        self.go.acquire()
        self.done.acquire()

    def serve(self) -> None:
        """Do what is asked, until nothing is."""
        while True:
            self.go.acquire()
            if self.work is None:
                return
            try:
                self.result = self.work()
            except BaseException as error:  # it is raised where the work was asked for
                self.error = error
            self.work = None
            self.done.release()
