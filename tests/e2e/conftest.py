"""Stages for the command line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.scenario import Stage, stage

SCENARIOS = Path(__file__).parent / "cli"


@pytest.fixture
def played(tmp_path: Path) -> Iterator[Stage]:
    """A stage on which a network has been made."""
    for made in stage(tmp_path):
        made.play((SCENARIOS / "network.txt").read_text())
        yield made
