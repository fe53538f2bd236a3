"""Hold the Python blocks of the documents to what a type checker says of them, as a reader's editor would.

The blocks of a document become one file, with the document's line numbers, and mypy checks it strictly. Called by
``make check`` in the repository's root.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.examples.run_document import blocks

ROOT = Path(__file__).parents[2]
ELSEWHERE = {
    "own-schemas.md",  # imports packages that it generates while it runs
}

DOCUMENTS = [
    ROOT / "README.md",
    *sorted(path for path in (ROOT / "docs").rglob("*.md") if path.name not in ELSEWHERE),
]


def program(document: Path) -> str:
    """The Python of a document, each line where the document has it."""
    lines: list[str] = []
    for block in blocks(document.read_text(encoding="utf-8")):
        if block.language == "python" and not block.text.startswith(">>>"):
            lines += [""] * (block.line - 1 - len(lines)) + block.text.splitlines()
    return "\n".join(lines) + "\n"


def main() -> int:
    """Check all documents, and give mypy's verdict."""
    with tempfile.TemporaryDirectory() as folder:
        for document in DOCUMENTS:
            name = document.relative_to(ROOT).with_suffix(".py").as_posix().replace("/", "_").replace("-", "_")
            Path(folder, name).write_text(program(document), encoding="utf-8")
        command = [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml"), folder]
        return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
