"""Which lines of the library a test executes.

``sys.monitoring`` tells it for one call a line and test. Before Python 3.12 there is only ``sys.settrace``, which is
called for each line each time, and some ten times slower.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any

__all__ = ["Lines", "Reach"]

Lines = dict[str, set[int]]
"""Lines by file."""

MONITORING: Any = getattr(sys, "monitoring", None)


class Reach:
    """Watches the code below a folder."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._lines: Lines = {}

    @contextmanager
    def watching(self) -> Generator[None]:
        """While this is open, lines can be seen."""
        self._watch(on=True)
        try:
            yield
        finally:
            self._watch(on=False)

    def taken(self) -> Lines:
        """The lines executed since this was last asked."""
        lines, self._lines = self._lines, {}
        if MONITORING is not None:
            MONITORING.restart_events()
        return lines

    def _watch(self, *, on: bool) -> None:
        if MONITORING is None:
            sys.settrace(self._called if on else None)
            threading.settrace(self._called if on else None)
            return
        tool, line = MONITORING.COVERAGE_ID, MONITORING.events.LINE
        if on:
            MONITORING.use_tool_id(tool, "mutation")
            MONITORING.register_callback(tool, line, self._seen)
            MONITORING.set_events(tool, line)
        else:
            MONITORING.set_events(tool, 0)
            MONITORING.register_callback(tool, line, None)
            MONITORING.free_tool_id(tool)

    def _seen(self, code: CodeType, line: int) -> object:
        if code.co_filename.startswith(self._folder):
            self._lines.setdefault(code.co_filename, set()).add(line)
        return MONITORING.DISABLE

    def _called(self, frame: FrameType, event: str, argument: object) -> Any:
        return self._passed if frame.f_code.co_filename.startswith(self._folder) else None

    def _passed(self, frame: FrameType, event: str, argument: object) -> Any:
        if event == "line":
            self._lines.setdefault(frame.f_code.co_filename, set()).add(frame.f_lineno)
        return self._passed
