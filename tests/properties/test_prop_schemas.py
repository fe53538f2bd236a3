"""The schemas say what the tables say, no more and no less."""

from __future__ import annotations

import pytest
from tests.properties.outline import Outline, by_owner, table_rows
from tests.properties.support import NOUNS, XSD
from tests.tables import FOLDER
from tests.tables import NOUNS as TABLES

from iec61968_9._codecs.index import PROFILES


def test_every_table_has_its_schema_and_its_profile() -> None:
    """51 of each."""
    assert len(TABLES) == 51
    assert sorted(path.stem for path in XSD.rglob("*.xsd")) == TABLES
    assert sorted(profile.noun for profile in PROFILES) == TABLES


@pytest.mark.parametrize("noun", NOUNS)
def test_a_schema_has_the_structure_of_its_table(noun: str) -> None:
    """The same types with the same members in the same order, as often, of the same type, with the same literals."""
    (path,) = XSD.rglob(f"{noun}.xsd")
    assert by_owner(Outline(path).rows) == by_owner(table_rows(FOLDER / f"{noun}.csv"))
