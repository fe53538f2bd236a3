"""How time grows with the size of inputs that were made to be slow: ``make growth`` prints it.

Each input is made in four sizes, each twice the one before. Where the time is in proportion to the size, it doubles
each time too. The last column says how many times as long the largest takes as the smallest: eight where time is in
proportion, 64 where it grows with the square. Times are of the processor, the best of three.

    python -m tests.limits.growth            # the sizes of the table in docs/safety.md
    python -m tests.limits.growth --small    # a tenth
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import gc
import gzip
import io
import time
from collections.abc import Callable
from typing import BinaryIO, cast

from iec61968_9 import DecodeError, Dialect, Report, from_xml, iter_xml, to_xml, validate
from iec61968_9.exchange import diagnose, inflated
from iec61968_9.profiles.envelope import ResponseMessage

__all__ = ["CASES", "main", "seconds"]

DOUBLINGS = 3
"""The largest of the sizes is two to the power of this times the smallest."""

SQUARE = 30
"""From so many times as long on, where the size is eight times as large, time is not in proportion."""

NAMESPACE = "http://iec.ch/TC57/2011/MeterReadings#"
HEADER = "<Header><Verb>created</Verb><Noun>MeterReadings</Noun></Header>"
FOREIGN_SET = '<OperationSet xmlns="urn:x"/>'
OPERATION = f'<Operation><MeterReadings xmlns="{NAMESPACE}"/></Operation>x'
READING = '<Readings><timeStamp>2026-03-02T08:00:00Z</timeStamp><value>{}</value><ReadingType ref="1"/></Readings>'


def payload(inside: str, attributes: str = "") -> bytes:
    return f'<MeterReadings xmlns="{NAMESPACE}"{attributes}>{inside}</MeterReadings>'.encode()


def item(inside: str) -> bytes:
    return payload(f"<MeterReading>{inside}</MeterReading>")


def meter(inside: str) -> bytes:
    return item(f"<Meter>{inside}</Meter>")


# -- ways of reading ---------------------------------------------------------------------------------------------------


def strict(data: bytes) -> object:
    return from_xml(data)


def lenient(data: bytes) -> object:
    return from_xml(data, mode="lenient", report=Report())


def written_leniently(data: bytes) -> object:
    return to_xml(from_xml(data, mode="lenient"), mode="lenient", dialect=Dialect(prefix="m"))


def streamed(data: bytes) -> object:
    return list(iter_xml(data, "MeterReading"))


def streamed_leniently(data: bytes) -> object:
    return list(iter_xml(data, "MeterReading", mode="lenient", report=Report()))


class Dripping(io.RawIOBase):
    """Gives few bytes at a time, as a slow sender does."""

    def __init__(self, data: bytes, at_a_time: int) -> None:
        self._data = data
        self._at_a_time = at_a_time
        self._at = 0

    def read(self, size: int = -1) -> bytes:
        """A few bytes."""
        piece = self._data[self._at : self._at + self._at_a_time]
        self._at += len(piece)
        return piece


def dripped(data: bytes) -> object:
    return list(iter_xml(cast("BinaryIO", Dripping(data, 64)), "MeterReading"))


def diagnosed(data: bytes) -> object:
    return diagnose(from_xml(data, ResponseMessage, mode="lenient"))


# -- inputs ------------------------------------------------------------------------------------------------------------


def message(inside: str) -> bytes:
    return f'<EventMessage xmlns="http://iec.ch/TC57/2011/schema/message">{HEADER}{inside}</EventMessage>'.encode()


def reply(inside: str) -> bytes:
    return (
        '<ResponseMessage xmlns="http://iec.ch/TC57/2011/schema/message">'
        f"{HEADER.replace('created', 'reply')}<Reply><Result>FAILED</Result>{inside}</Reply></ResponseMessage>"
    ).encode()


def request(inside: str) -> bytes:
    return (
        '<RequestMessage xmlns="http://iec.ch/TC57/2011/schema/message">'
        f"{HEADER.replace('created', 'get')}<Request>{inside}</Request></RequestMessage>"
    ).encode()


def operation(digits: str) -> bytes:
    return reply(f"<operationId>{digits}</operationId>")


Case = tuple[int, Callable[[int], bytes], Callable[[bytes], object]]

CASES: dict[str, Case] = {
    "readings, all right": (4_000, lambda n: item(READING.format("1") * n), strict),
    "items, all right, as a stream": (4_000, lambda n: payload("<MeterReading/>" * n), streamed),
    "wrong values": (4_000, lambda n: item(READING.format("1").replace("2026", "never") * n), validate),
    "parts missing": (10_000, lambda n: meter("<Names/>" * n), validate),
    "parts out of order": (
        4_000,
        lambda n: meter("<Names><NameType><name>b</name></NameType><name>a</name></Names>" * n),
        validate,
    ),
    "unknown elements, each of another name": (4_000, lambda n: item("".join(f"<a{i}/>" for i in range(n))), validate),
    "items of which the second half is wrong": (
        4_000,
        lambda n: payload("<MeterReading/>" * n + "<MeterReading><x/></MeterReading>" * n),
        validate,
    ),
    "one wrong item behind many, as a stream": (
        4_000,
        lambda n: payload("<MeterReading/>" * n + "<MeterReading><x/></MeterReading>"),
        streamed,
    ),
    "blanks around times": (4_000, lambda n: item(READING.format("1").replace("Z<", "Z <") * n), strict),
    "lenient: unknown elements of one name": (500, lambda n: item("<a/>" * n), lenient),
    "lenient: unknown elements of other names": (
        500,
        lambda n: item("".join(f"<a{i}/>" for i in range(n))),
        lenient,
    ),
    "lenient: wrong values": (500, lambda n: item(READING.format("1").replace("2026", "never") * n), lenient),
    "lenient: text between elements": (500, lambda n: item((READING.format("1") + "x") * n), lenient),
    "lenient: attributes on values": (
        500,
        lambda n: meter('<Names><name a="1">x</name></Names>' * n),
        lenient,
    ),
    "lenient: odd items, as a stream": (
        500,
        lambda n: payload("<MeterReading><x/></MeterReading>" * n),
        streamed_leniently,
    ),
    "lenient: formats in lower case": (2_000, lambda n: message(f"<Payload>{'<format/>' * n}</Payload>"), lenient),
    "lenient: operation sets in another namespace": (
        2_000,
        lambda n: message(f"<Payload>{FOREIGN_SET * n}</Payload>"),
        lenient,
    ),
    "lenient: ids and payloads in a request": (
        2_000,
        lambda n: request(f'<ID kind="uuid">1</ID><MeterReadings xmlns="{NAMESPACE}"/>' * n),
        lenient,
    ),
    "lenient: text between operations, written with a prefix": (
        200,
        lambda n: message(f"<Payload><OperationSet>{OPERATION * n}</OperationSet></Payload>"),
        written_leniently,
    ),
    "comments in a text": (20_000, lambda n: meter(f"<mRID>{'x<!---->' * n}</mRID>"), strict),
    "comments before the root, dripping": (1_000, lambda n: b"<!--x-->" * n + payload("<MeterReading/>"), dripped),
    "items, dripping": (2_000, lambda n: payload("<MeterReading/>" * n), dripped),
    "namespaces on one element": (
        4_000,
        lambda n: payload("<MeterReading/>", "".join(f' xmlns:a{i}="urn:{i}"' for i in range(n))),
        strict,
    ),
    "namespaces, one an item": (
        4_000,
        lambda n: payload("".join(f'<MeterReading xmlns:a{i}="urn:{i}"/>' for i in range(n))),
        strict,
    ),
    "attributes on one element": (
        4_000,
        lambda n: payload(f"<MeterReading{''.join(f' a{i}=' + chr(34) * 2 for i in range(n))}/>"),
        strict,
    ),
    "digits of a number": (100_000, lambda n: operation("1" * n), strict),
    "digits of a number, lenient": (100_000, lambda n: operation("1" * n), lenient),
    "digits of a second": (
        100_000,
        lambda n: item(READING.format("1").replace("00Z", f"00.{'1' * n}Z")),
        strict,
    ),
    "a long line of base64": (
        400_000,
        lambda n: message(f"<Payload><Compressed>{base64.b64encode(bytes(n)).decode()}</Compressed></Payload>"),
        strict,
    ),
    "gzip members": (100, lambda n: gzip.compress(b"x", mtime=0) * n, inflated),
    "errors in a reply, diagnosed": (500, lambda n: reply("<Error><code>0.0</code></Error>" * n), diagnosed),
    "ids in a reply, diagnosed": (
        500,
        lambda n: reply("".join(f'<ID kind="uuid">{i}</ID>' for i in range(n))),
        diagnosed,
    ),
}
"""For each, the smallest size, how the input is made, and what reads it."""


def seconds(read: Callable[[bytes], object], data: bytes, times: int = 3) -> float:
    """How long something takes, the best of a few times; refusing counts as much as reading."""
    best = float("inf")
    for _ in range(times):
        gc.collect()
        began = time.process_time()
        with contextlib.suppress(DecodeError):
            read(data)
        best = min(best, time.process_time() - began)
    return best


def main(arguments: list[str] | None = None) -> int:
    """Measure and print the table; 1 if anything grows with the square."""
    options = argparse.ArgumentParser(description="How time grows with the size of inputs that were made to be slow.")
    options.add_argument("--small", action="store_true", help="a tenth of the sizes")
    options.add_argument("--only", default="", help="cases whose name holds this")
    chosen = options.parse_args(arguments)
    print("| input | bytes, least and most | time, least and most | times as long for eight times as many |")
    print("|---|---|---|---|")
    square = False
    for name, (smallest, make, read) in CASES.items():
        if chosen.only not in name:
            continue
        sizes = [(smallest // (10 if chosen.small else 1)) << step for step in range(DOUBLINGS + 1)]
        inputs = [make(size) for size in sizes]
        took = [seconds(read, data) for data in inputs]
        times = took[-1] / max(took[0], 1e-4)
        square = square or times > SQUARE
        print(
            f"| {name} | {len(inputs[0]):,} to {len(inputs[-1]):,} | "
            f"{took[0] * 1000:,.1f} to {took[-1] * 1000:,.1f} ms | {times:.1f} |",
            flush=True,
        )
    return int(square)


if __name__ == "__main__":
    raise SystemExit(main())
