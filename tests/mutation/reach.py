"""Which lines of the library a test executes, by ``sys.monitoring``: each line costs one call a test, then nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType
from typing import Any

__all__ = ["Lines", "Reach"]

Lines = dict[str, set[int]]
"""Lines by file."""


class Reach:
    """Watches the code below a folder."""

    def __init__(self, folder: str) -> None:
        if sys.version_info < (3, 12):
            raise RuntimeError("which lines a test executes can be seen with Python 3.12 or newer")
        self._folder = folder
        self._lines: Lines = {}
        self._monitoring: Any = sys.monitoring
        self._tool: int = self._monitoring.COVERAGE_ID

    @contextmanager
    def watching(self) -> Iterator[None]:
        """While this is open, lines can be seen."""
        monitoring, event = self._monitoring, self._monitoring.events.LINE
        monitoring.use_tool_id(self._tool, "mutation")
        monitoring.register_callback(self._tool, event, self._seen)
        monitoring.set_events(self._tool, event)
        try:
            yield
        finally:
            monitoring.set_events(self._tool, 0)
            monitoring.register_callback(self._tool, event, None)
            monitoring.free_tool_id(self._tool)

    def taken(self) -> Lines:
        """The lines executed since this was last asked."""
        lines, self._lines = self._lines, {}
        self._monitoring.restart_events()
        return lines

    def _seen(self, code: CodeType, line: int) -> object:
        if code.co_filename.startswith(self._folder):
            self._lines.setdefault(code.co_filename, set()).add(line)
        return self._monitoring.DISABLE
