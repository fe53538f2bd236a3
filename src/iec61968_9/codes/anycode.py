"""Reading a code of any kind: the number of its parts tells which it is.

Eighteen parts are a reading type, three a quality, two a reply. Four are an event or a control, whose form is the same;
only the meaning of the last part tells them apart.
"""

from __future__ import annotations

import functools

from iec61968_9.codes._dotted import DottedCode
from iec61968_9.codes._tables import rows
from iec61968_9.codes.end_device import EndDeviceControlCode, EndDeviceEventCode
from iec61968_9.codes.reading_quality import ReadingQualityCode
from iec61968_9.codes.reading_type import ReadingTypeCode
from iec61968_9.codes.reply import ReplyCode
from iec61968_9.codes.search import Pattern, known_codes

__all__ = ["parse"]

_KINDS: dict[int, type[DottedCode]] = {
    2: ReplyCode,
    3: ReadingQualityCode,
    4: EndDeviceEventCode,
}


def parse(text: str) -> DottedCode:
    """Read a code of whichever kind its number of parts says.

    Of four parts it is a control where the standard lists it as one, or where its last part is the imperative of an
    action and it is not listed as an event; else an event.

    Raises:
        CodeError: The text is no code of that kind. Where the number of parts fits none, it is read as a reading type,
            so that the error says what a reading type would need.
    """
    kind = _KINDS.get(text.count(".") + 1, ReadingTypeCode)
    code = kind.parse(text)
    if isinstance(code, EndDeviceEventCode):
        control = EndDeviceControlCode.from_parts(code.parts)
        if any(pattern.matches(control) for pattern in known_codes(EndDeviceControlCode)):
            return control
        listed = any(pattern.matches(code) for pattern in known_codes(EndDeviceEventCode))
        if not listed and any(pattern.matches(control) for pattern in _imperatives()):
            return control
    return code


@functools.cache
def _imperatives() -> tuple[Pattern[EndDeviceControlCode], ...]:
    return tuple(Pattern.parse(line["control"], EndDeviceControlCode) for line in rows("end_device/outcomes"))
