"""Run the Python blocks of a Markdown file in order, in one namespace, and hold each to the output that the file shows.

A ``text`` block that follows a ``python`` block is what the latter prints. ``sh`` blocks are run where every line of
them is a ``python -m`` command. Called as ``python run_document.py FILE``, in a folder of its own.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block.

    Attributes:
        language: What stands behind the opening fence.
        text: What stands between the fences.
        line: The line of its first line in the file.
        follows: Whether nothing but white space stands between the block before and this one.
    """

    language: str
    text: str
    line: int
    follows: bool


def blocks(document: str) -> Iterator[Block]:
    """The fenced blocks of a document."""
    end = 0
    for match in FENCE.finditer(document):
        line = document.count("\n", 0, match.start(2)) + 1
        yield Block(match[1], match[2], line, not document[end : match.start()].strip())
        end = match.end()


def shown_outputs(found: list[Block]) -> Iterator[tuple[Block, str | None]]:
    """The blocks that are run, each with the output that is shown behind it."""
    for number, block in enumerate(found):
        after = found[number + 1] if number + 1 < len(found) else None
        commands = block.text.splitlines()
        if block.language == "python" or (
            block.language == "sh" and all(command.startswith("python -m ") for command in commands)
        ):
            shown = after is not None and after.language == "text" and after.follows
            yield block, after.text if shown and after is not None else None


def run(path: Path) -> int:
    """Run a document, and give the number of blocks that were run."""
    namespace: dict[str, object] = {"__name__": path.stem}
    count = 0
    for block, shown in shown_outputs(list(blocks(path.read_text(encoding="utf-8")))):
        printed = python(block, path, namespace) if block.language == "python" else shell(block)
        if printed.strip() != (shown or "").strip():
            sys.exit(f"{path.name}, line {block.line}: this is printed:\n{printed}\nand this is shown:\n{shown}")
        count += 1
    return count


def python(block: Block, path: Path, namespace: dict[str, object]) -> str:
    """What a Python block prints. Errors have the lines of the document."""
    source = "\n" * (block.line - 1) + block.text
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(source, str(path), "exec"), namespace)  # noqa: S102  # our own documents
    return output.getvalue()


def shell(block: Block) -> str:
    """What the commands of a shell block print."""
    output = ""
    for command in block.text.splitlines():
        words = [sys.executable, *shlex.split(command)[1:]]
        output += subprocess.run(words, check=False, capture_output=True, text=True, timeout=60).stdout
    return output


if __name__ == "__main__":
    sys.path.insert(0, "")
    print(run(Path(sys.argv[1])))
