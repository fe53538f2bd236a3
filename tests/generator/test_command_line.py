"""The command: what it writes, what it says, and with which exit code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iec61968_9_generator.__main__ import main

if TYPE_CHECKING:
    from tests.generator.conftest import Project


def arguments(project: Project, command: str, package: str = "acme") -> list[str]:
    """A command line for a project."""
    return [command, "--schemas", str(project.schemas), "--package", package, "--out", str(project.out / package)]


def test_generate_writes_the_package_and_check_finds_it_as_it_should_be(
    acme: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both end with 0."""
    assert main(arguments(acme, "generate")) == 0
    assert capsys.readouterr().out == f"20 files in {acme.out / 'acme'}\n"
    assert main(arguments(acme, "check")) == 0
    assert capsys.readouterr() == ("", "")


def test_check_ends_with_1_and_names_what_differs(acme: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """One line each; it writes nothing, and generating once more puts all of it right."""
    main(arguments(acme, "generate"))
    folder = acme.out / "acme"
    (folder / "profiles" / "orders.py").unlink()
    (folder / "_codecs" / "orders.py").write_text("edited\n", encoding="utf-8")
    old = (folder / "_codecs" / "index.py").read_bytes()
    (folder / "_codecs" / "gone.py").write_bytes(old)
    capsys.readouterr()
    assert main(arguments(acme, "check")) == 1
    output = capsys.readouterr()
    assert output.out.splitlines() == [
        "differs: _codecs/orders.py",
        "missing: profiles/orders.py",
        "no longer generated: _codecs/gone.py",
    ]
    assert "generate" in output.err
    (folder / "_codecs" / "orders.py").write_bytes(old)
    assert main(arguments(acme, "generate")) == 0
    assert main(arguments(acme, "check")) == 0


@pytest.mark.parametrize("command", ["generate", "check"])
def test_a_schema_that_cannot_be_handled_ends_with_2_and_its_place(
    project: Project, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    """Nothing is written."""
    project.thing('<xs:notation name="n"/>')
    assert main(arguments(project, command)) == 2
    assert capsys.readouterr() == ("", "Thing.xsd:4: xs:notation is not supported\n")
    assert not project.out.exists()


def test_a_file_in_the_way_ends_with_2(acme: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """It stays as it is."""
    path = acme.out / "acme" / "profiles" / "orders.py"
    path.parent.mkdir(parents=True)
    path.write_text("mine\n", encoding="utf-8")
    assert main(arguments(acme, "generate")) == 2
    assert "orders.py was not written by the generator" in capsys.readouterr().err
    assert path.read_text(encoding="utf-8") == "mine\n"


@pytest.mark.parametrize("folder", ["", "nowhere"])
@pytest.mark.parametrize("command", ["generate", "check"])
def test_a_folder_without_schemas_ends_with_2_and_leaves_the_package_alone(
    acme: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, folder: str
) -> None:
    """A mistyped folder does not empty a package."""
    main(arguments(acme, "generate"))
    (tmp_path / "empty").mkdir()
    line = arguments(acme, command)
    line[2] = str(tmp_path / "empty" / folder)
    assert main(line) == 2
    assert line[2] in capsys.readouterr().err
    assert main(arguments(acme, "check")) == 0


@pytest.mark.parametrize("file", ["manifest.toml", "glossary.toml", "names.toml", "Orders.xsd"])
def test_a_file_that_cannot_be_parsed_ends_with_2_and_its_name(
    acme: Project, capsys: pytest.CaptureFixture[str], file: str
) -> None:
    """Not with a traceback."""
    acme.file(file, "[[[")
    assert main(arguments(acme, "generate")) == 2
    assert file in capsys.readouterr().err


def test_the_package_s_folder_follows_from_its_name(
    acme: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In ``src``, with a folder for each part of the name."""
    monkeypatch.chdir(tmp_path)
    assert main(["generate", "--schemas", str(acme.schemas), "--package", "acme.messages"]) == 0
    folder = tmp_path / "src" / "acme" / "messages"
    assert "from acme.messages.profiles import orders as profile" in (folder / "_codecs" / "orders.py").read_text()


@pytest.mark.parametrize("package", ["my-package", "acme.", "2nd", "acme.class", ""])
def test_a_package_s_name_must_be_one_that_can_be_imported(
    acme: Project, capsys: pytest.CaptureFixture[str], package: str
) -> None:
    """Or nothing in it could be."""
    line = ["generate", "--schemas", str(acme.schemas), "--package", package, "--out", str(acme.out / "p")]
    assert main(line) == 2
    assert "package" in capsys.readouterr().err
    assert not acme.out.exists()


def test_an_unknown_command_is_refused_with_the_ones_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    """As every command line does."""
    with pytest.raises(SystemExit) as caught:
        main(["destroy"])
    assert caught.value.code == 2
    assert "generate" in capsys.readouterr().err
