"""``python -m iec61968_9.codes CODE ...``: say what codes mean, slot by slot.

Takes codes of every kind, and tells the kind by the number of parts. Exits with 2 when a code cannot be read.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from iec61968_9.codes._dotted import DottedCode
from iec61968_9.codes.anycode import parse
from iec61968_9.codes.end_device import EndDeviceControlCode
from iec61968_9.errors import CodeError


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table of each code that is given; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m iec61968_9.codes", description="Say what dotted codes mean.")
    parser.add_argument(
        "code",
        nargs="+",
        help="a reading type (18 parts), an event or control (4), a reading quality (3) or a reply code (2)",
    )
    status = 0
    for text in parser.parse_args(arguments).code:
        try:
            print(table(parse(text)))
        except CodeError as error:
            print(error, file=sys.stderr)
            status = 2
    return status


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
