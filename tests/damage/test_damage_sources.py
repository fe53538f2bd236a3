"""Sources that fail half-way: their own error comes through as it is, nothing is yielded twice, and what was opened is
closed.
"""

from __future__ import annotations

import gc
import io
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest
from tests.damage.outcomes import sent
from tests.damage.samples import Sample, forms, made
from tests.streaming.support import Mode, each

from iec61968_9 import DecodeError, ItemStream, from_xml, iter_xml, validate
from iec61968_9.exchange import iter_message, read_message

SAMPLE = made("MeterReadings", "MeterReadings")
FORMS = [SAMPLE, *forms()]
MODES: tuple[Mode, ...] = ("strict", "lenient")
each_mode = pytest.mark.parametrize("mode", MODES)
each_form = pytest.mark.parametrize("sample", FORMS, ids=lambda sample: sample.name)


class Breaking(io.RawIOBase):
    """A file that gives its bytes in pieces, and from a position on does something else."""

    def __init__(self, data: bytes, good: int, then: Callable[[], Any], step: int = 50) -> None:
        super().__init__()
        self.data = data
        self.good = good
        self.then = then
        self.step = step
        self.at = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> Any:
        end = min(self.at + (self.step if size < 0 else min(size, self.step)), self.good)
        piece, self.at = self.data[self.at : end], end
        return piece or self.then()


def raising(error: BaseException) -> Callable[[], Any]:
    def raise_() -> Any:
        raise error

    return raise_


def opened(sample: Sample, source: Any, mode: Mode = "strict") -> ItemStream[Any]:
    reader = iter_xml if sample.form is None else iter_message
    return reader(source, sample.item, mode=mode)


def read(sample: Sample, source: Any, mode: Mode = "strict") -> object:
    return (from_xml if sample.form is None else read_message)(source, mode=mode)


def whole(source: Any, mode: Mode = "strict") -> object:
    return from_xml(source, mode=mode)


def streamed(source: Any, mode: Mode = "strict") -> object:
    return list(iter_xml(source, SAMPLE.item, mode=mode))


READINGS: list[Callable[[Any, Mode], object]] = [whole, streamed]


def positions(sample: Sample) -> Iterator[int]:
    yield from range(0, len(sample.data) + 1, 173)
    yield len(sample.data)


ERRORS = [
    OSError("the disk is gone"),
    ConnectionResetError("the other side is gone"),
    TimeoutError("too late"),
    ValueError("a bug of the source's"),
    KeyboardInterrupt(),
    StopIteration("of the source's"),
]


@each_mode
@each_form
def test_the_error_of_a_source_comes_through_and_what_was_yielded_is_right(sample: Sample, mode: Mode) -> None:
    items, ends = sent(sample, mode)
    for good in positions(sample):
        error = OSError("the disk is gone")
        source = Breaking(sample.data, good, raising(error))
        with opened(sample, cast("BinaryIO", source), mode) as stream:
            found, caught = each(stream, OSError)
            assert caught is error
            assert found == items[: sum(1 for end in ends if end <= good)]
            assert list(stream) == [], "after an error there is nothing more, and nothing again"
        assert not source.closed, "what the caller opened, the caller closes"
        with pytest.raises(OSError, match="the disk") as at_once:
            read(sample, Breaking(sample.data, good, raising(error)), mode)
        assert at_once.value is error


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@each_form
def test_any_error_of_a_source_is_the_same_object(sample: Sample, error: BaseException) -> None:
    readings: list[Callable[[Any], object]] = [
        lambda source: read(sample, source),
        lambda source: list(opened(sample, source)),
        validate,
    ]
    for reading in readings:
        with pytest.raises(BaseException) as caught:  # noqa: PT011  # whatever it is
            reading(Breaking(sample.data, 500, raising(error)))
        found = caught.value
        assert found is error or (isinstance(error, StopIteration) and found.__cause__ is error)


@pytest.mark.parametrize(
    "wrong", ["text", None, 0, ["list"], bytearray(b"bytes")], ids=lambda wrong: type(wrong).__name__
)
@pytest.mark.parametrize("good", [0, 500, len(SAMPLE.data)])
@each_mode
def test_a_source_that_gives_no_bytes_is_a_mistake_of_the_program(wrong: Any, good: int, mode: Mode) -> None:
    for reading in READINGS:
        with pytest.raises(TypeError, match="must give bytes"):
            reading(Breaking(SAMPLE.data, good, lambda: wrong), mode)


# -- pipes -------------------------------------------------------------------------------------------------------------

HALF = len(SAMPLE.data) // 2
KILLED = "import os, signal, sys; sys.stdout.buffer.write(sys.stdin.buffer.read()); sys.stdout.flush(); " + (
    "os.kill(os.getpid(), signal.SIGKILL)"
)


@pytest.mark.parametrize("good", [0, 1, HALF, len(SAMPLE.data) - 1])
@each_mode
def test_a_pipe_whose_writer_is_killed_is_a_document_cut_short(good: int, mode: Mode) -> None:
    items, ends = sent(SAMPLE, mode)
    for reading in ("whole", "stream"):
        with subprocess.Popen([sys.executable, "-c", KILLED], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
            assert writer.stdin is not None
            assert writer.stdout is not None
            writer.stdin.write(SAMPLE.data[:good])
            writer.stdin.close()
            source = cast("BinaryIO", writer.stdout)
            if reading == "whole":
                with pytest.raises(DecodeError):
                    from_xml(source, mode=mode)
            else:
                found, error = each(iter_xml(source, SAMPLE.item, mode=mode), DecodeError)
                assert error is not None
                assert found == items[: sum(1 for end in ends if end <= good)]


@each_mode
def test_a_connection_that_is_reset_gives_its_own_error(mode: Mode) -> None:
    items, ends = sent(SAMPLE, mode)
    here, there = socket.socketpair()
    here.settimeout(0.05)
    with here, there, here.makefile("rb", buffering=0) as source:
        there.sendall(SAMPLE.data[:HALF])
        found, error = each(iter_xml(cast("BinaryIO", source), SAMPLE.item, mode=mode), OSError)
        assert isinstance(error, TimeoutError), "nothing more comes, and the connection stays open"
        assert found == items[: sum(1 for end in ends if end <= HALF)]


# -- files -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every file that a path is opened for."""
    found: list[Any] = []
    real = Path.open

    def recording(path: Path, *given: Any, **named: Any) -> Any:
        found.append(real(path, *given, **named))
        return found[-1]

    monkeypatch.setattr(Path, "open", recording)
    return found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "message.xml"
    found.write_bytes(SAMPLE.data)
    return found


@each_mode
def test_files_that_the_library_opened_are_closed_whatever_happens(path: Path, files: list[Any], mode: Mode) -> None:
    from_xml(path, mode=mode)
    list(iter_xml(path, SAMPLE.item, mode=mode))
    with iter_xml(path, SAMPLE.item, mode=mode) as stream:
        next(stream)
    abandoned = iter_xml(path, SAMPLE.item, mode=mode)
    next(abandoned)
    del abandoned
    gc.collect()
    path.write_bytes(SAMPLE.data[:HALF])
    for reading in READINGS:
        with pytest.raises(DecodeError):
            reading(path, mode)
    assert len(files) >= 6
    assert all(one.closed for one in files)


@each_mode
def test_a_file_that_is_not_there_is_the_systems_error(tmp_path: Path, mode: Mode) -> None:
    for gone in (tmp_path / "gone.xml", tmp_path):
        for reading in READINGS:
            with pytest.raises(OSError) as error:  # noqa: PT011  # FileNotFoundError or IsADirectoryError
                reading(gone, mode)
            assert error.value.filename == str(gone)


@each_mode
def test_a_file_that_vanishes_while_it_is_read_is_read_to_its_end(path: Path, mode: Mode) -> None:
    items, _ = sent(SAMPLE, mode)
    with iter_xml(path, SAMPLE.item, mode=mode) as stream:
        first = next(stream)
        path.unlink()
        assert [first, *stream] == items


MANY = 1000


@each_mode
def test_a_file_that_is_truncated_while_it_is_read_is_refused(path: Path, files: list[Any], mode: Mode) -> None:
    items, ends = sent(SAMPLE, mode)
    start = SAMPLE.data.index(f"<{SAMPLE.item}>".encode())
    item = SAMPLE.data[start : ends[0]]
    path.write_bytes(SAMPLE.data[:start] + item * MANY + SAMPLE.data[start:])
    found: list[Any] = []

    def reading() -> None:
        with iter_xml(path, SAMPLE.item, mode=mode) as stream:
            for one in stream:
                found.append(one)
                os.truncate(path, 1000)

    with pytest.raises(DecodeError):
        reading()
    assert found == [items[0]] * len(found)
    assert 0 < len(found) < MANY
    assert all(one.closed for one in files)
