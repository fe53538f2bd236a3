"""A message that is cut short is never taken for a whole one."""

from __future__ import annotations

import io

import pytest
from tests.properties.support import NOUNS, PAYLOADS, check_cuts
from tests.tables import Maker, seeded, serialized, table

from iec61968_9 import DecodeError, iter_xml
from iec61968_9.xml.codec import Profile

SMALL = 3000


def sample(noun: str) -> bytes:
    """A valid document of a profile, small but not empty."""
    for seed in range(100):
        root = next(iter(table(noun).roots))
        data = serialized(Maker(table(noun), seeded(seed), room=20).document(root))
        if 600 < len(data) < SMALL:
            return data
    raise AssertionError(f"no seed gives a small {noun}")


@pytest.mark.parametrize("noun", NOUNS)
def test_a_document_cut_anywhere_is_refused(noun: str) -> None:
    """Every position before the root's last ``>``, in both modes."""
    check_cuts(sample(noun), step=1)


@pytest.mark.parametrize("profile", PAYLOADS, ids=lambda profile: profile.noun)
def test_a_stream_cut_anywhere_is_refused(profile: Profile) -> None:
    """A stream may give the items before the cut, but ends in an error."""
    data = sample(profile.noun)
    for cut in range(0, data.rindex(b">") + 1, 11):
        with pytest.raises(DecodeError), iter_xml(io.BytesIO(data[:cut]), profile.items[0]) as stream:
            list(stream)
