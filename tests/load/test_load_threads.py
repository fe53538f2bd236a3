"""Eight threads at once get what one gets: messages of all profiles, exchanges on one service, the first use."""

from __future__ import annotations

import pytest
from tests.load.threads import THREADS, first_use, jobs, outcome, share, together

from iec61968_9._codecs.index import PROFILES


def test_eight_threads_get_what_one_gets_of_every_profile() -> None:
    """Objects, bytes, reports, and errors with their texts, paths and lines."""
    work = jobs(PROFILES)
    done, other = together(work[::3])
    assert done == THREADS * len(work[::3])
    assert other == 0


def test_the_jobs_differ() -> None:
    """If two of them said the same, nobody would notice that one had got the other's."""
    said = [repr(outcome(job)) for job in jobs(PROFILES)[:120]]
    assert len(set(said)) > 50


def test_threads_share_a_service_and_its_memory() -> None:
    """Each request comes from every thread at about the same time, and is served once."""
    served, repeated, wanted = share(exchanges=5)
    assert served == wanted
    assert repeated == (THREADS - 1) * wanted


@pytest.mark.parametrize("processes", [2])
def test_the_first_use_of_everything_may_be_in_threads(processes: int) -> None:
    """Profiles, codecs, schemas and tables are loaded by whichever thread needs them first."""
    assert first_use(processes) == []
