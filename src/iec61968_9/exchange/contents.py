"""What a message carries, however it carries it."""

from __future__ import annotations

from typing import Any, Final

from iec61968_9._verbs import Mode
from iec61968_9.errors import DecodeError
from iec61968_9.exchange.building.compression import PayloadFile, content_of, file_of
from iec61968_9.exchange.rules import finding
from iec61968_9.profiles.envelope import Payload
from iec61968_9.xml.dialect import Dialect
from iec61968_9.xml.limits import DEFAULT_LIMITS, Limits
from iec61968_9.xml.report import Finding

__all__ = ["Unpacking", "documents"]


class Unpacking:
    """How what is compressed is read. Not for use by several threads at once.

    One message is asked for its contents several times on its way to the exchange that it belongs to, so the last that
    was inflated is kept.

    Args:
        mode, dialect, limits: As in ``content_of``.
    """

    def __init__(self, mode: Mode = "strict", dialect: Dialect | None = None, limits: Limits = DEFAULT_LIMITS) -> None:
        self.mode: Final = mode
        self.dialect: Final = dialect
        self.limits: Final = limits
        self._last: tuple[object, ...] = ()
        self._contents: list[Any] = []
        self._fault: str | None = None

    def contents_of(self, message: Any, found: list[Finding] | None = None) -> list[Any]:
        """Return what a message carries, inflated where it is compressed, be it a file.

        Args:
            message: The message.
            found: Where to note what cannot be read.
        """
        payload: Payload[Any] | None = message.payload
        if payload is None:
            return []
        if payload.compressed is None:
            return list(payload.contents)
        noun = getattr(getattr(message, "header", None), "noun", None)
        asked = (message.__class__, noun, payload)
        if asked != self._last:  # the payload's base64 is compared, which takes next to nothing
            self._contents, self._fault = [], None
            try:
                self._contents = [self._unpacked(message)]
            except (DecodeError, LookupError) as error:
                self._fault = str(error)
            self._last = asked
        if self._fault is not None and found is not None:
            path = f"/{type(message).__name__}/Payload/Compressed"
            found.append(finding("compressed-unreadable", path, self._fault))
        return list(self._contents)

    def _unpacked(self, message: Any) -> Any:
        """The object or the file that is compressed in a message."""
        try:
            return file_of(message, limits=self.limits)
        except LookupError:
            return content_of(message, mode=self.mode, dialect=self.dialect, limits=self.limits)


def documents(contents: list[Any]) -> list[Any]:
    """Return contents without files, in which nobody here can look for events."""
    return [one for one in contents if not isinstance(one, PayloadFile)]
