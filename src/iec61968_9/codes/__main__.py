"""``python -m iec61968_9.codes CODE ...``: say what codes mean, slot by slot; or find the codes that words are about.

Takes codes of every kind, and tells the kind by the number of parts. What has letters and no dot is words to look for.
Exits with 2 when a code cannot be read or nothing is found.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from iec61968_9.codes._dotted import DottedCode
from iec61968_9.codes.anycode import parse
from iec61968_9.codes.end_device import EndDeviceControlCode, EndDeviceEventCode
from iec61968_9.codes.reading_quality import ReadingQualityCode
from iec61968_9.codes.reading_type import ReadingTypeCode
from iec61968_9.codes.reply import ReplyCode
from iec61968_9.codes.search import known_codes
from iec61968_9.errors import CodeError


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table of each code that is given; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m iec61968_9.codes", description="Say what dotted codes mean, or find them."
    )
    parser.add_argument(
        "code",
        nargs="+",
        help="a reading type (18 parts), an event or control (4), a reading quality (3) or a reply code (2); "
        "or words to find known codes by: tamper, 'rcd switch'",
    )
    status = 0
    for text in parser.parse_args(arguments).code:
        try:
            print(found(text) if is_words(text) else table(parse(text)))
        except CodeError as error:
            print(error, file=sys.stderr)
            status = 2
    return status


def is_words(text: str) -> bool:
    """Whether a text is no code that was mistyped, but words."""
    return "." not in text and any(letter.isalpha() for letter in text)


def found(words: str) -> str:
    """Return the known codes of every kind that words are about, one a line."""
    kinds = (ReadingTypeCode, EndDeviceEventCode, EndDeviceControlCode, ReadingQualityCode, ReplyCode)
    lines = [(str(one), kind.FORM.kind, one.describe()) for kind in kinds for one in known_codes(kind, about=words)]
    if not lines:
        raise CodeError(f"no known code is about {words!r}", code=words)
    widths = [max(len(line[column]) for line in lines) for column in range(2)]
    return "\n".join(f"{code:<{widths[0]}}  {kind:<{widths[1]}}  {text}" for code, kind, text in lines) + "\n"


def table(code: DottedCode) -> str:
    """Return the code in one line, then its parts, one a line, then what a strict check has to say."""
    parts = [(str(part.position), part.title, str(part.number), part.meaning) for part in code.explain()]
    widths = [max(len(line[column]) for line in parts) for column in range(3)]
    lines = [f"{code}  ({code.FORM.kind})", code.describe(), code.name, ""]
    lines += [
        f"{place:>{widths[0]}}  {title:<{widths[1]}}  {number:>{widths[2]}}  {meaning}"
        for place, title, number, meaning in parts
    ]
    if isinstance(code, EndDeviceControlCode) and (outcome := code.outcome) is not None:
        lines += ["", f"done:   {outcome.success}  {outcome.success.name}"]
        lines += [f"failed: {outcome.failure}  {outcome.failure.name}  ({outcome.confidence} confidence)"]
    lines += ["", *(f"note: {concern}" for concern in code.check())] if code.check() else []
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")  # a console that lacks m³ or Ω is no reason to stop
    sys.exit(main())
