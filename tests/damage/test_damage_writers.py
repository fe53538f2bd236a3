"""An incremental writer that is interrupted, however that may be, leaves nothing that is taken for a whole document."""

from __future__ import annotations

import gc
import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest
from lxml import etree
from tests.streaming.support import Mode, in_event

from iec61968_9 import DecodeError, EncodeError, Record, Reference, from_xml, iter_xml, open_writer, to_xml
from iec61968_9.exchange import read_message
from iec61968_9.profiles.meter_readings import Meter, MeterReading, MeterReadings, Reading

ITEMS = [
    MeterReading(meter=Meter(mrid=name), readings=[Reading(value="1", reading_type=Reference())]) for name in "ABC"
]
BAD = MeterReading(readings=[Reading(value="1", reading_type=cast("Any", None))])
SKELETONS: dict[str, Callable[[], Record]] = {"bare": MeterReadings, "message": lambda: in_event(MeterReadings())}
MODES: tuple[Mode, ...] = ("strict", "lenient")

each_skeleton = pytest.mark.parametrize("skeleton", SKELETONS.values(), ids=SKELETONS)
each_mode = pytest.mark.parametrize("mode", MODES)


class Interrupted(Exception):  # noqa: N818  # no error of anybody's
    """What happens inside the with block."""


def written(skeleton: Callable[[], Record], items: list[MeterReading]) -> bytes:
    """The whole document."""
    target = io.BytesIO()
    with open_writer(target, skeleton(), MeterReading) as writer:
        for one in items:
            writer.append(one)
    return target.getvalue()


def is_no_document(data: bytes) -> None:
    """Nobody takes it for one: neither libxml2 nor the library, in any mode, whole or as a stream."""
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(data or b" ")
    for mode in MODES:
        with pytest.raises(DecodeError):
            from_xml(data, mode=mode)
        with pytest.raises(DecodeError):
            read_message(data, mode=mode)
        with pytest.raises(DecodeError):
            list(iter_xml(data, MeterReading, mode=mode))


@each_skeleton
@each_mode
@pytest.mark.parametrize("kind", [Interrupted, KeyboardInterrupt, SystemExit, GeneratorExit])
@pytest.mark.parametrize("count", range(len(ITEMS) + 1))
def test_an_exception_in_the_with_block_leaves_no_document(
    skeleton: Callable[[], Record], mode: Mode, kind: type[BaseException], count: int, tmp_path: Path
) -> None:
    path, target = tmp_path / "message.xml", io.BytesIO()
    for place in (path, target):
        interruption = kind()

        def writing(place: Any = place, interruption: BaseException = interruption) -> None:
            with open_writer(place, skeleton(), MeterReading, mode=mode) as writer:
                for one in ITEMS[:count]:
                    writer.append(one)
                raise interruption

        with pytest.raises(kind) as caught:
            writing()
        assert caught.value is interruption
    is_no_document(path.read_bytes())
    is_no_document(target.getvalue())


@each_skeleton
@pytest.mark.parametrize("count", range(len(ITEMS) + 1))
def test_an_item_that_cannot_be_written_leaves_no_document_and_no_part_of_itself(
    skeleton: Callable[[], Record], count: int
) -> None:
    target = io.BytesIO()

    def writing() -> None:
        with open_writer(target, skeleton(), MeterReading) as writer:
            for one in [*ITEMS[:count], BAD]:
                writer.append(one)

    with pytest.raises(EncodeError) as error:
        writing()
    number = f"[{count + 1}]" if count else ""
    assert (error.value.path or "").endswith(f"/MeterReadings/MeterReading{number}/Readings/ReadingType")
    is_no_document(target.getvalue())
    assert b"ReadingType" not in target.getvalue().removeprefix(written(skeleton, ITEMS[:count]))


class Sink(io.RawIOBase):
    """A target that takes some bytes, at most so many at a time, and then does something else."""

    def __init__(self, good: int, then: Callable[[], Any], most: int = 7) -> None:
        super().__init__()
        self.good = good
        self.then = then
        self.most = most
        self.data = b""

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> Any:
        room = min(self.most, self.good - len(self.data))
        if room <= 0:
            return self.then()
        self.data += bytes(data[:room])
        return min(room, len(data))


@each_skeleton
def test_a_target_that_fails_gives_its_own_error_and_has_no_document(skeleton: Callable[[], Record]) -> None:
    whole = written(skeleton, ITEMS)
    for good in range(len(whole.rstrip())):
        error = OSError("no space left")

        def fail(error: OSError = error) -> None:
            raise error

        sink = Sink(good, fail)

        def writing(sink: Sink = sink) -> None:
            with open_writer(cast("BinaryIO", sink), skeleton(), MeterReading) as writer:
                for one in ITEMS:
                    writer.append(one)

        with pytest.raises(OSError, match="no space") as caught:
            writing()
        assert caught.value is error
        assert whole.startswith(sink.data)
        assert len(sink.data) == good
        with pytest.raises(etree.XMLSyntaxError):
            etree.fromstring(sink.data or b" ")
        assert not sink.closed, "what the caller opened, the caller closes"


@each_skeleton
@pytest.mark.parametrize("most", [1, 7, 100_000])
def test_a_target_that_takes_a_few_bytes_at_a_time_has_all_at_the_end(
    skeleton: Callable[[], Record], most: int
) -> None:
    sink = Sink(1_000_000, lambda: None, most)
    with open_writer(cast("BinaryIO", sink), skeleton(), MeterReading) as writer:
        for one in ITEMS:
            writer.append(one)
    assert sink.data == written(skeleton, ITEMS)


@pytest.mark.parametrize("nothing", [None, 0])
def test_a_raw_target_that_takes_nothing_now_is_an_error(nothing: object) -> None:
    sink = Sink(100, lambda: nothing)
    with pytest.raises(BlockingIOError), open_writer(cast("BinaryIO", sink), MeterReadings(), MeterReading) as writer:
        writer.append(ITEMS[0])
    is_no_document(sink.data)


def test_a_target_that_does_not_say_how_much_it_took_took_all() -> None:
    class Plain:
        data = b""

        def write(self, data: bytes) -> None:
            self.data += data

    target = Plain()
    with open_writer(cast("BinaryIO", target), MeterReadings(), MeterReading) as writer:
        writer.append(ITEMS[0])
    assert target.data == written(MeterReadings, ITEMS[:1])


@pytest.mark.parametrize("count", range(len(ITEMS) + 1))
def test_a_writer_that_is_never_left_leaves_no_document(count: int, tmp_path: Path) -> None:
    target = io.BytesIO()
    writer = open_writer(target, MeterReadings(), MeterReading)
    writer.__enter__()
    for one in ITEMS[:count]:
        writer.append(one)
    del writer
    gc.collect()
    is_no_document(target.getvalue())


KILLED = """
import os, sys
from pathlib import Path
from iec61968_9 import open_writer
from iec61968_9.profiles.meter_readings import Meter, MeterReading, MeterReadings

path, count, end = sys.argv[1:]
with open_writer(Path(path), MeterReadings(), MeterReading) as writer:
    for number in range(int(count)):
        writer.append(MeterReading(meter=Meter(mrid=str(number))))
    os._exit(0) if end == "exit" else os.abort() if end == "abort" else os.kill(os.getpid(), 9)
"""


@pytest.mark.parametrize(("count", "end"), [(0, "exit"), (1, "kill"), (20_000, "exit"), (20_000, "abort")])
def test_a_process_that_is_killed_leaves_no_document(count: int, end: str, tmp_path: Path) -> None:
    path = tmp_path / "message.xml"
    subprocess.run([sys.executable, "-c", KILLED, str(path), str(count), end], check=False, capture_output=True)
    data = path.read_bytes()
    assert (len(data) > 0) == (count > 1), "enough items that some were written"
    is_no_document(data)


def test_the_whole_documents_that_these_are_compared_with_are_read() -> None:
    for skeleton in SKELETONS.values():
        assert list(iter_xml(written(skeleton, ITEMS), MeterReading)) == ITEMS
    assert from_xml(written(MeterReadings, ITEMS)) == MeterReadings(meter_reading=ITEMS)
    assert to_xml(MeterReadings(meter_reading=ITEMS)) == written(MeterReadings, ITEMS)
