"""The oracle for lenient reading: what it takes is all there when it is written again, and reads back equal.

Whole, streamed and as a message it refuses by documented errors only.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import Any, cast

from tests.documents import parsed
from tests.fuzz.documents import LIMITS, Pieces, alike, check_error, dice, equal, item_in
from tests.verbs.support import pieces

from iec61968_9 import DecodeError, Report, SoapFaultError, from_xml, iter_xml, to_xml
from iec61968_9.exchange import diagnose, read_message, write_message
from iec61968_9.xml import lexical

__all__ = ["check_lenient"]


def check_lenient(data: bytes) -> None:
    """Everything that is promised about one document that is read leniently."""
    report = Report()
    try:
        found = from_xml(data, mode="lenient", report=report, limits=LIMITS)
    except DecodeError as error:
        check_error(error, data)
    else:
        assert all(finding.path.startswith("/") and str(finding) for finding in report)
        written = to_xml(found, mode="lenient")
        wrong = any(finding.kind.startswith("namespace") for finding in report)  # the standard's is written instead
        said = all_that_is_said(data, local=wrong)
        assert all_that_is_said(written, local=wrong) == said
        again = from_xml(written, mode="lenient")
        assert equal(again, found)
        assert all_that_is_said(to_xml(again, mode="lenient", pretty=True), local=wrong) == said
    check_lenient_stream(data)
    check_lenient_message(data)


def all_that_is_said(data: bytes, *, local: bool) -> Counter[tuple[str, ...]]:
    """The pieces of a document, with texts that mean one value in one spelling; without namespaces, if ``local``.

    Where namespaces were put right, the prefix in an ``xsi:type`` is another as well.
    """
    found: Counter[tuple[str, ...]] = Counter()
    for piece, count in pieces(parsed(data)).items():
        said = (*piece[:-1], meaning(piece[-1])) if piece[0] == "text" else piece
        if local:
            said = tuple(one.rpartition("}")[2] for one in said)
            said = (*said[:-1], said[-1].rpartition(":")[2]) if said[0] == "attribute" and said[-2] == "type" else said
        found[said] += count
    return found


def meaning(text: str) -> str:
    """What a text means, if it means a truth, a number or a time; else the text without white space around it."""
    for read in (lexical.boolean, lexical.floating, lexical.date_time, lexical.date, lexical.time):
        with suppress(ValueError):
            value = read(text)
            return repr(float(value) if isinstance(value, int) else value)
    return text.strip()


def check_lenient_stream(data: bytes) -> None:
    """A stream does not depend on how its bytes arrive."""
    random = dice(data)
    item = item_in(data, random)
    outcomes: list[tuple[list[Any], DecodeError | None]] = []
    for source in (data, Pieces(data, random)):
        items: list[Any] = []
        ended: DecodeError | None = None
        with iter_xml(cast("Any", source), item, mode="lenient", limits=LIMITS) as stream:
            try:
                for one in stream:
                    items.append(one)  # noqa: PERF402  # extend() would drop them on an error
            except DecodeError as error:
                ended = error
        outcomes.append((items, ended))
    (items, ended), (others, otherwise) = outcomes
    assert len(items) == len(others)
    assert all(map(equal, items, others))
    assert alike(ended, otherwise)


def check_lenient_message(data: bytes) -> None:
    """A message is written as it came, and can be diagnosed."""
    try:
        received = read_message(data, mode="lenient", limits=LIMITS)
    except SoapFaultError as error:
        assert str(error)
        return
    except DecodeError as error:
        check_error(error, data)
        return
    assert str(diagnose(cast("Any", received.message))) is not None
    written = write_message(received.message, received.form, headers=received.headers, mode="lenient")
    again = read_message(written, mode="lenient")
    assert equal(again.message, received.message)
    assert again.form == received.form
