"""Scenarios of the command line, at a real hub."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.scenario import Stage

SCENARIOS = Path(__file__).parent / "cli"


@pytest.mark.parametrize("name", sorted(path.name for path in SCENARIOS.glob("*.txt") if path.name != "network.txt"))
def test_scenario(played: Stage, name: str) -> None:
    """Each command of a scenario says what is written, and ends with the code that is written."""
    played.play((SCENARIOS / name).read_text())
