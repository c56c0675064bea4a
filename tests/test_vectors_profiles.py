"""The vectors of profiles: which of them counts."""

from __future__ import annotations

import json

from schemas.operations.held import EpochStart
from tests.vectors.generate import DIRECTORY
from tests.vectors.profiles import held_of, result


def test_which_profile_counts() -> None:
    """Of each case those count that it names, within each status, whatever the order in which they are held."""
    cases = json.loads((DIRECTORY / "profiles.json").read_text(encoding="utf-8"))["cases"]
    for case in cases:
        held, epochs = [held_of(each) for each in case["dispatches"]], [EpochStart(**each) for each in case["epochs"]]
        for status, expected in case["counts"].items():
            for order in (held, held[::-1]):
                assert result(order, status, case["moment_ms"], epochs) == expected, case["name"]
