"""What the documents show is what happens."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RUNNER = Path(__file__).with_name("run_document.py")
ELSEWHERE = {"codes-reference.md", "performance.md", "reading-types.md"}
"""Documents that have tests of their own."""

DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "xsd/README.md")),
    *sorted(path for path in (ROOT / "docs").rglob("*.md") if path.name not in ELSEWHERE),
]
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]*)(#[^)\s]*)?\)")


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def run_document(document: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a document in a folder that looks like the repository to it."""
    shutil.copytree(ROOT / "examples" / "messages", folder / "examples" / "messages")
    shutil.copytree(ROOT / "xsd", folder / "xsd")
    return subprocess.run(
        [sys.executable, "-W", "error", str(RUNNER), str(document)],
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_blocks_run_in_order_and_print_what_is_shown(document: Path, tmp_path: Path) -> None:
    result = run_document(document, tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr
    assert int(result.stdout) == document.read_text(encoding="utf-8").count("```python") + len(
        re.findall(r"^```sh\npython -m ", document.read_text(encoding="utf-8"), re.MULTILINE)
    )


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_links_lead_to_files_and_headings(document: Path) -> None:
    for target, anchor in LINK.findall(document.read_text(encoding="utf-8")):
        if target.startswith("https://"):
            continue
        path = (document.parent / target).resolve() if target else document
        assert path.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
            anchors = {"#" + re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
            assert anchor in anchors, f"{target}{anchor}"


def test_readme_shows_the_two_commands_before_any_python() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for command in ("make demo", "make test"):
        assert text.index(command) < text.index("```python")
        assert re.search(rf"^{command.removeprefix('make ')}:", makefile, re.MULTILINE)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("```python\nprint(1)\n```\n\n```text\n2\n```\n", "line 2: this is printed:\n1"),
        ("```python\nprint(1)\n```\n", "line 2: this is printed:\n1"),
        ("A\n\n```python\nx = 1\n```\n\nB\n\n```python\nassert x == 2\n```\n", "line 10"),
        ("```python\nx = 1\n```\n\n```text\n1\n```\n", "and this is shown:\n1"),
    ],
)
def test_a_document_that_lies_is_caught(text: str, fault: str, tmp_path: Path) -> None:
    document = tmp_path / "lie.md"
    document.write_text(text, encoding="utf-8")
    (tmp_path / "folder").mkdir()
    result = run_document(document, tmp_path / "folder")
    assert result.returncode != 0
    assert fault in result.stderr


def test_every_noun_is_in_the_table_with_what_the_manifest_says() -> None:
    """``xsd/README.md`` has a line for each noun, with the status and confidence of its payload and of its query."""
    import tomllib

    with (ROOT / "xsd" / "manifest.toml").open("rb") as stream:
        entries = tomllib.load(stream)["schema"]
    text = (ROOT / "xsd" / "README.md").read_text(encoding="utf-8")
    rows = {
        cells[0]: cells[1:]
        for line in text.splitlines()
        if len(cells := [cell.strip() for cell in line.strip("| ").split("|")]) == 3
    }
    said = {entry["noun"]: f"{entry['status']}, {entry['confidence']}" for entry in entries}
    payloads = [entry["noun"] for entry in entries if entry["role"] == "payload"]
    assert {noun: rows.get(noun) for noun in payloads} == {noun: [said[noun], said[f"Get{noun}"]] for noun in payloads}
