"""The kept corpus, and a short run of the fuzzer from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz import corpus
from tests.fuzz.__main__ import fuzz
from tests.fuzz.seeds import SEEDS
from tests.fuzz.targets import TARGETS

RUNS = 2_000
LARGEST_CORPUS_BYTES = 1_048_576


@pytest.mark.parametrize("target", TARGETS)
def test_the_kept_corpus(target: str) -> None:
    """No input that ever taught the fuzzer something breaks its target."""
    inputs = corpus.inputs(target)
    assert inputs
    for path in inputs:
        TARGETS[target](path.read_bytes())


def test_every_target_has_first_inputs() -> None:
    """What the vectors hold is in the kept corpus, which stays small."""
    assert SEEDS.keys() == TARGETS.keys()
    for target, seeds in SEEDS.items():
        kept = {path.read_bytes() for path in corpus.inputs(target)}
        assert set(seeds()) <= kept
        assert sum(map(len, kept)) < LARGEST_CORPUS_BYTES


@pytest.mark.slow
def test_a_short_run(tmp_path: Path) -> None:
    """So many inputs by coverage, the same in every run, break no target."""
    assert fuzz(list(TARGETS), RUNS, 1, tmp_path, tmp_path) == 0, sorted(path.name for path in tmp_path.iterdir())
