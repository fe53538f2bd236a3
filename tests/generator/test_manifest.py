"""The manifest: what each schema is, and what is wrong with a manifest that says something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iec61968_9_generator import manifest
from iec61968_9_generator.errors import GeneratorError

if TYPE_CHECKING:
    from tests.generator.conftest import Project

GOOD = '[[schema]]\nnoun = "Thing"\nfile = "Thing.xsd"\nrole = "payload"\n'


def test_a_folder_without_a_manifest_holds_payloads_of_unstated_status(project: Project) -> None:
    """Every schema in it, also in folders below, is one, in the order of their paths."""
    project.file("two/B.xsd", "")
    project.file("A.xsd", "")
    project.file("readme.txt", "")
    found = [(one.noun, one.file, one.role, one.status, one.confidence) for one in manifest.load(project.schemas)]
    assert found == [
        ("A", "A.xsd", "payload", "unstated", "unstated"),
        ("B", "two/B.xsd", "payload", "unstated", "unstated"),
    ]


def test_the_manifest_says_which_schemas_there_are_and_in_which_order(project: Project) -> None:
    """A file that it does not name is none of the package's."""
    for name in ("Other", "Thing", "GetThing"):
        project.file(f"{name}.xsd", "")
    project.file(
        "manifest.toml",
        GOOD
        + """
        [[schema]]
        noun = "GetThing"
        file = "GetThing.xsd"
        role = "query"
        status = "derived"
        confidence = "very low"
        evidence = "nobody has seen one"
        asks_for = "Thing"
        """.replace("        ", ""),
    )
    thing, query = manifest.load(project.schemas)
    assert (thing.noun, thing.status, thing.asks_for) == ("Thing", "unstated", None)
    assert (query.role, query.status, query.confidence) == ("query", "derived", "very low")
    assert (query.evidence, query.asks_for) == ("nobody has seen one", "Thing")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(GOOD.replace("payload", "paylod"), ["Thing", "paylod", "payload, query"], id="role"),
        pytest.param(GOOD + 'status = "sure"', ["Thing", "sure", "derived"], id="status"),
        pytest.param(GOOD + 'confidence = "100 %"', ["Thing", "100 %", "very low"], id="confidence"),
        pytest.param(GOOD.replace("Thing.xsd", "Thin.xsd"), ["Thing", "Thin.xsd"], id="no such file"),
        pytest.param(GOOD + 'asks_for = "Thong"', ["Thing", "asks_for", "Thong"], id="asks for what is not there"),
        pytest.param(GOOD + 'staus = "derived"', ["Thing", "staus"], id="a key that there is not"),
        pytest.param(GOOD.replace('role = "payload"', ""), ["Thing", "role"], id="a key that is missing"),
        pytest.param(GOOD + GOOD, ["Thing"], id="one noun twice"),
        pytest.param('noun = "Thing"', ["[[schema]]"], id="no schema at all"),
        pytest.param("[[schema]", ["manifest.toml"], id="no TOML"),
    ],
)
def test_a_manifest_that_cannot_be_is_refused_with_the_file_and_the_word(
    project: Project, text: str, said: list[str]
) -> None:
    """People write manifests, so what is wrong is said in their words and never as a traceback."""
    project.file("Thing.xsd", "")
    project.file("manifest.toml", text)
    with pytest.raises(GeneratorError, match=r"manifest\.toml") as caught:
        manifest.load(project.schemas)
    assert [word for word in said if word not in str(caught.value)] == []


def test_two_schemas_of_one_name_are_refused_where_there_is_no_manifest_to_tell_them_apart(project: Project) -> None:
    """Neither is left out in silence."""
    project.file("old/Thing.xsd", "")
    project.file("new/Thing.xsd", "")
    with pytest.raises(GeneratorError, match=r"Thing"):
        manifest.load(project.schemas)
