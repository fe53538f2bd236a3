"""A second opinion on every value: xsdata's run time, with classes that xsdata makes of the same schemas."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from tests.properties.support import ROOTS, TESTS, class_of, for_profile
from tests.properties.xsdata_opinion import FINER, made_in, same, their_class
from tests.tables import Maker, seeded, serialized, table
from xsdata.formats.dataclass.parsers import XmlParser

from iec61968_9 import from_xml, to_xml
from iec61968_9.testing import instances
from iec61968_9.xml.codec import Profile


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The package of classes that xsdata makes of all 51 schemas."""
    with made_in(tmp_path_factory.mktemp("xsdata")) as package:
        yield package


@pytest.mark.parametrize(("profile", "root"), ROOTS)
def test_xsdata_reads_the_same_values(made: str, profile: Profile, root: str) -> None:
    """From the bytes of random objects."""
    theirs = their_class(made, profile, root)
    parser = XmlParser()

    @for_profile(profile, main=150 if len(profile.roots) == 1 else 50, other=20)
    @given(instances(class_of(profile, root)))
    def property_(value: Any) -> None:
        data = FINER.sub(rb"\1", to_xml(value))
        same(from_xml(data), parser.from_bytes(data, theirs), f"/{root}")

    property_()


@pytest.mark.parametrize(("profile", "root"), ROOTS)
def test_xsdata_reads_the_same_values_of_every_member(made: str, profile: Profile, root: str) -> None:
    """From documents that have every member, in all the spellings that a literal can have."""
    theirs = their_class(made, profile, root)
    for seed in range(3):
        data = serialized(Maker(table(profile.noun), seeded(seed), whole=True).document(root))
        same(from_xml(data), XmlParser().from_bytes(data, theirs), f"/{root}")


def test_xsdata_reads_the_same_messages(made: str) -> None:
    """From the messages of known exchanges."""
    for path in sorted((TESTS / "messages").glob("*.xml")):
        data = path.read_bytes()
        ours: Any = from_xml(data)
        parameter = next(one for one in ROOTS if one.id == type(ours).__name__)
        profile, root = parameter.values
        assert isinstance(profile, Profile)
        same(ours, XmlParser().from_bytes(data, their_class(made, profile, str(root))), f"/{root}")
