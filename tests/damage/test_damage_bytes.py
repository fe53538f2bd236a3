"""Whatever happens to the bytes of a message on their way, it is refused with an error that says where, or what is read
is all that they say.

These look at some positions of each sample; ``make damage`` looks at all of them, in all ways.
"""

from __future__ import annotations

import pytest
from tests.damage.injuries import cuts, flips, splices
from tests.damage.outcomes import check
from tests.damage.samples import Sample, forms, samples

EVERYTHING = [*samples(), *forms()]
STEP = 499

each_sample = pytest.mark.parametrize("sample", EVERYTHING, ids=lambda sample: sample.name)


@each_sample
def test_undamaged_it_is_read_in_every_way(sample: Sample) -> None:
    assert set(check(sample, sample.data).values()) == {"equal"}


@each_sample
def test_a_document_that_ends_too_early_is_refused_in_every_way(sample: Sample) -> None:
    for data in cuts(sample.data, STEP):
        assert set(check(sample, data).values()) == {"raised"}


@each_sample
def test_a_byte_that_is_another_is_seen_or_read_as_it_is(sample: Sample) -> None:
    for data in flips(sample.data, EVERYTHING.index(sample), STEP):
        check(sample, data)


@each_sample
def test_pieces_that_are_lost_doubled_or_moved_are_seen_or_read_as_they_are(sample: Sample) -> None:
    number = EVERYTHING.index(sample)
    for data in splices(sample.data, EVERYTHING[number - 1].data, number, 8):
        if data != sample.data:
            check(sample, data)
