"""The glossary: whose words win, and that no entry is missing, stale or misspelt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iec61968_9_generator import glossary
from iec61968_9_generator.errors import GeneratorError
from iec61968_9_generator.glossary import Glossary, Words

if TYPE_CHECKING:
    from tests.generator.conftest import Project

ENTRIES = Glossary(
    {
        "classes": {"Meter": Words("a meter")},
        "types": {"Thing/Meter": Words("this meter")},
        "attributes": {"Meter.load": Words("by term", unit="W", secret=True)},
        "members": {"Thing/Meter.load": Words("by path")},
        "literals": {"Kind.a": Words("the letter a")},
    }
)


@pytest.fixture
def words() -> Glossary:
    """A fresh glossary."""
    return Glossary(ENTRIES.sections)


def test_a_schema_says_best_what_its_members_mean(words: Glossary) -> None:
    """Its own documentation wins; the glossary adds what documentation has no place for: unit and secrecy."""
    assert words.member("Thing", "Meter", "load", "Meter.load", "own") == Words("own", unit="W", secret=True)


def test_without_documentation_the_cim_term_speaks_and_then_the_path(words: Glossary) -> None:
    """A term means the same in every schema; a path is for what has no term."""
    assert words.member("Thing", "Meter", "load", "Meter.load", None) == Words("by term", unit="W", secret=True)
    assert words.member("Thing", "Meter", "load", None, None) == Words("by path")
    assert words.type("Thing", "Meter", "Meter", None) == Words("a meter")
    assert words.type("Thing", "Meter", None, None) == Words("this meter")
    assert words.literal("Kind", "a", None) == Words("the letter a")


def test_what_is_not_there_is_noted_under_the_key_to_be_written(words: Glossary) -> None:
    """So that the message can be copied into the glossary."""
    assert words.member("Thing", "Meter", "unit", "Meter.unit", None) is None
    assert words.member("Thing", "Meter", "note", None, None) is None
    assert words.literal("Kind", "b", None) is None
    assert words.missing == {"[attributes] Meter.unit", "[members] Thing/Meter.note", "[literals] Kind.b"}


def test_what_the_schema_says_itself_is_not_missing(words: Glossary) -> None:
    """The glossary is for what schemas leave out."""
    assert words.type("Thing", "Other", None, "own") == Words("own")
    assert words.missing == set()


def test_entries_that_nothing_asked_for_are_stale(words: Glossary) -> None:
    """One that lost against documentation is in use all the same: it may hold a unit."""
    words.member("Thing", "Meter", "load", "Meter.load", "own")
    words.type("Thing", "Meter", "Meter", None)
    assert words.stale() == ["[literals] Kind.a"]


def test_the_file_holds_sentences_or_tables_with_units_and_secrets(project: Project) -> None:
    """Both forms may stand in one section."""
    project.file(
        "glossary.toml",
        """
        [classes]
        "A" = "one"
        "B" = { text = "two", unit = "V", secret = true }
        """,
    )
    found = glossary.load(project.schemas)
    assert found.sections == {"classes": {"A": Words("one"), "B": Words("two", "V", secret=True)}}


def test_a_folder_without_a_glossary_has_no_words_and_misses_none(project: Project) -> None:
    """Whoever has none gets a package without sentences, not an error."""
    project.thing('<xs:sequence><xs:element name="a" type="xs:string"/></xs:sequence>')
    assert "``a``. (``a`` 1..1)" in project.emit()["profiles/thing.py"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param('[types]\n"Thing/Thing" = "x"\n', "there is no [members] Thing/Thing.a", id="missing"),
        pytest.param(
            '[types]\n"Thing/Thing" = "x"\n[members]\n"Thing/Thing.a" = "x"\n"Thing/Thing.b" = "x"\n',
            "nothing uses [members] Thing/Thing.b",
            id="stale",
        ),
        pytest.param('[member]\n"Thing/Thing.a" = "x"\n', "[member]", id="no such section"),
        pytest.param('[members]\n"Thing/Thing.a" = { txt = "x" }\n', "Thing/Thing.a", id="no such key"),
        pytest.param('[members]\n"Thing/Thing.a" = { unit = "V" }\n', "Thing/Thing.a", id="a unit without a text"),
        pytest.param(
            '[types]\n"Thing/Thing" = "x"\n[members]\n"Thing/Thing.a" = ""\n', "Thing/Thing.a", id="an empty sentence"
        ),
        pytest.param("[members\n", "glossary.toml", id="no TOML"),
    ],
)
def test_a_glossary_that_does_not_fit_is_refused_with_the_entry(project: Project, text: str, said: str) -> None:
    """A glossary is complete, or it fails."""
    project.thing('<xs:sequence><xs:element name="a" type="xs:string"/></xs:sequence>')
    project.file("glossary.toml", text)
    with pytest.raises(GeneratorError, match=r"glossary\.toml") as caught:
        project.emit()
    assert said in str(caught.value)
