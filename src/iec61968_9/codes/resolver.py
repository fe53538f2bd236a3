"""The code behind what a message cites: a ``ref``, or wherever else its sender puts the code.

A reference is a dotted code, or the mRID or a name of an object at the root of the same payload that spells the code
out; and some systems write the code into child elements instead. A resolver knows the definitions of one payload and
answers for all its references. What it cannot read, or what is said twice and differently, is an error.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Generic, TypeVar, cast

import attrs

from iec61968_9.codes._dotted import DottedCode
from iec61968_9.codes.end_device import EndDeviceControlCode, EndDeviceEventCode
from iec61968_9.codes.profile_objects import Identified, read, told
from iec61968_9.codes.reading_quality import ReadingQualityCode
from iec61968_9.codes.reading_type import ReadingTypeCode
from iec61968_9.errors import CodeError
from iec61968_9.xml import Reference

__all__ = ["Citation", "CodeResolver"]

_C = TypeVar("_C", bound=DottedCode)

_CITED_AT_MOST = 8192

_DEFINITIONS: dict[type[DottedCode], str] = {
    ReadingTypeCode: "reading_type",
    ReadingQualityCode: "reading_quality_type",
    EndDeviceEventCode: "end_device_event_type",
    EndDeviceControlCode: "end_device_control_type",
}
"""Where the root of a payload has the objects that spell a kind of code out."""


@attrs.frozen
class Citation(Generic[_C]):
    """What a message cites, and the code that it means.

    Attributes:
        text: What stands in the message: the ``ref``, or the mRID or name instead of it. None where nothing does.
        error: Why there is no code, or None where there is one.
    """

    text: str | None
    _code: _C | None
    error: CodeError | None = attrs.field(default=None, eq=False)

    @property
    def is_readable(self) -> bool:
        """Whether there is a code."""
        return self.error is None

    @property
    def code(self) -> _C:
        """The code.

        Raises:
            CodeError: What stands in the message is none.
        """
        if self._code is None:
            raise cast("CodeError", self.error).with_traceback(None)
        return self._code

    def __str__(self) -> str:
        return str(self.text if self._code is None else self._code)


class CodeResolver:
    """Finds the codes behind the references of one payload.

    Args:
        payload: The payload, whose root may hold definitions of codes; without one, only dotted codes are known.
        fill: Whether parts that a definition leaves out count as 0, "not applicable". Only who knows the sender can
            say so.
    """

    def __init__(self, payload: object = None, *, fill: bool = False) -> None:
        self._fill = fill
        self._definitions: dict[tuple[type[DottedCode], str], list[Identified]] = {}
        self._defined: dict[tuple[type[DottedCode], str], tuple[DottedCode, ...] | CodeError] = {}
        self._spelled: dict[int, DottedCode | CodeError] = {}
        self._cited: dict[tuple[type[DottedCode], str | None], Citation[Any]] = {}
        for kind, member in _DEFINITIONS.items():
            found: Iterable[Identified] = getattr(payload, member, None) or ()
            for definition in found:
                for text in dict.fromkeys(text for _, text in told(definition)):
                    self._definitions.setdefault((kind, text), []).append(definition)

    def resolve(self, cited: Reference | Identified | None, kind: type[_C]) -> _C:
        """Return the code that a message cites.

        Args:
            cited: The reference; or, as in queries, the object that stands in its place.
            kind: What it cites: ``ReadingTypeCode``, ``ReadingQualityCode``, ``EndDeviceEventCode`` or
                ``EndDeviceControlCode``.

        Raises:
            CodeError: Neither it nor what it points at says such a code, or they contradict each other.
        """
        return self.cite(cited, kind).code

    def cite(self, cited: Reference | Identified | None, kind: type[_C]) -> Citation[_C]:
        """Return what a message cites with its code, or with the reason why there is none; never raises."""
        if isinstance(cited, Reference) and cited.kept is None:
            known = self._cited.get((kind, cited.ref))
            if known is None:
                if len(self._cited) >= _CITED_AT_MOST:
                    self._cited.clear()
                known = self._cited[kind, cited.ref] = self._read(cited, kind)
            return known
        return self._read(cited, kind)

    def _read(self, cited: object, kind: type[_C]) -> Citation[_C]:
        text = next((text for _, text in told(cited)), None)
        try:
            return Citation(text, read(kind, cited, fill=self._fill, look_up=lambda text: self._look_up(text, kind)))
        except CodeError as error:
            return Citation(text, None, error)

    def _look_up(self, text: str, kind: type[_C]) -> tuple[_C, ...]:
        """The codes that the definitions of a name spell out: one, or two where they contradict each other.

        Raises:
            CodeError: A definition does not spell out a code.
        """
        known = self._defined.get((kind, text))
        if known is None:
            codes = dict.fromkeys(self._spelled_out(one, kind) for one in self._definitions.get((kind, text), ()))
            error = next((code for code in codes if isinstance(code, CodeError)), None)
            known = self._defined[kind, text] = error or cast("tuple[DottedCode, ...]", tuple(codes)[:2])
        if isinstance(known, CodeError):
            raise known.with_traceback(None)
        return cast("tuple[_C, ...]", known)

    def _spelled_out(self, definition: Identified, kind: type[DottedCode]) -> DottedCode | CodeError:
        """The code of a definition, or why it has none; each is read once, however many names it has."""
        known = self._spelled.get(id(definition))
        if known is None:
            try:
                known = read(kind, definition, fill=self._fill)
            except CodeError as error:
                known = error
            self._spelled[id(definition)] = known
        return known
