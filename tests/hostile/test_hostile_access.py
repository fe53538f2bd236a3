"""Reading touches nothing but what it was asked to read: no file, no connection, no process."""

from __future__ import annotations

import json
import os
import select
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.hostile.access import SECRET

ROOT = Path(__file__).parents[2]


class Canary:
    """A pipe that a reader empties, and a port that a reader calls; ``touched`` says whether anybody did."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pipe = folder / "canary"
        os.mkfifo(self.pipe)
        self._end = os.open(self.pipe, os.O_RDWR | os.O_NONBLOCK)  # both ends, so that nobody waits
        os.write(self._end, SECRET.encode())
        self.port = socket.create_server(("127.0.0.1", 0))

    def touched(self) -> set[str]:
        """What was touched: ``file``, ``network``."""
        found: set[str] = set()
        ready, _, _ = select.select([self._end], [], [], 0)
        if not ready or os.read(self._end, 1024) != SECRET.encode():
            found.add("file")
        ready, _, _ = select.select([self.port.fileno()], [], [], 0)
        return found | ({"network"} if ready else set())

    def close(self) -> None:
        os.close(self._end)
        self.port.close()


@pytest.fixture
def canary(tmp_path: Path) -> Iterator[Canary]:
    made = Canary(tmp_path)
    yield made
    made.close()


def read_corpus(folder: Path, secret: Path, port: int, who: str) -> dict[str, Any]:
    """Have the corpus read in a process of its own."""
    result = subprocess.run(
        [sys.executable, "-m", "tests.hostile.access", str(folder), str(secret), str(port), who],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert result.returncode == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_the_library_opens_nothing_and_calls_nobody(canary: Canary) -> None:
    found = read_corpus(canary.folder, canary.pipe, canary.port.getsockname()[1], "library")
    assert found["documents"] > 150
    assert found["events"] == []
    assert not found["told"]
    assert canary.touched() == set()


def test_readers_that_do_what_they_are_told_are_seen(tmp_path: Path) -> None:
    """The same documents, given to parsers without a leash, tell the secret and call the port."""
    secret = tmp_path / "secret"
    secret.write_text(SECRET, encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = server.getsockname()[1]
    found = read_corpus(tmp_path, secret, closed, "careless")
    assert found["told"]
    assert any(event.startswith("socket.connect") for event in found["events"])


def test_the_canary_feels_every_touch(canary: Canary) -> None:
    with canary.pipe.open("rb", buffering=0) as stream:
        stream.read(1)
    with socket.create_connection(canary.port.getsockname()):
        assert canary.touched() == {"file", "network"}
