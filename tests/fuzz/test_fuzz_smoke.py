"""What fuzzing has found and kept is tried again, and a little more is damaged, without a fuzzer and always the same.

``make fuzz`` goes on from here, guided by coverage; ``docs/safety.md`` says how far it has gone.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.fuzz.targets import CORPUS, TARGETS, Target
from tests.tables import seeded

each_target = pytest.mark.parametrize("target", TARGETS.values(), ids=list(TARGETS))


@each_target
def test_every_input_that_is_kept_is_read_as_promised(target: Target) -> None:
    """Seeds and corpus: an oracle fails on none."""
    for data in target.seeds:
        target.check(data)


@each_target
def test_damaged_inputs_are_read_as_promised(target: Target) -> None:
    """Some hundred inputs that something has happened to, the same in each run."""
    for seed in range(target.smoke):
        random = seeded(seed)
        data = random.choice(target.seeds)
        for _ in range(random.choice((1, 1, 2, 3))):
            data = target.damaged(data, random)
        target.check(data)


@each_target
def test_the_same_seed_does_the_same_damage(target: Target) -> None:
    """Or what failed once could not be tried again."""
    for seed in range(50):
        data = target.seeds[seed % len(target.seeds)]
        assert target.damaged(data, seeded(seed)) == target.damaged(data, seeded(seed))


def test_the_corpus_is_small_and_holds_nothing_that_is_not_tried() -> None:
    """Well below a megabyte in all, so that it does not weigh on a checkout."""
    files = [path for path in CORPUS.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 700_000
    assert set(files) == {target.corpus for target in TARGETS.values()}
    assert all(target.kept() for target in TARGETS.values())


def test_what_is_kept_is_byte_for_byte_what_was_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the bytes; the smallest comes first, and nothing twice."""
    monkeypatch.setattr("tests.fuzz.targets.CORPUS", tmp_path)
    target = TARGETS["values"]
    assert target.kept() == []
    every = bytes(range(256))
    target.keep([every, b"\n", b"", b"\r\n\x85\xe2\x80\xa8", b"\n"])
    assert target.kept() == [b"", b"\n", b"\r\n\x85\xe2\x80\xa8", every]
