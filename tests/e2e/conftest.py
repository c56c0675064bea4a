"""Stages for the command line: a network is made once, by its commands, and each test plays on a copy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.once import made_once
from tests.support.scenario import Stage, stage

SCENARIOS = Path(__file__).parent / "cli"


def make_network(path: Path) -> None:
    """Play ``network.txt``, and stop its hub."""
    for made in stage(path):
        made.play((SCENARIOS / "network.txt").read_text())
        made.play("hub> stop\n")
        made.keep()


@pytest.fixture(scope="session")
def network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a network: a root, a hub, two focal points with an officer each. It is only copied."""
    return made_once(tmp_path_factory, "network", make_network)


@pytest.fixture
def resting(network: Path, tmp_path: Path) -> Iterator[Stage]:
    """A stage with a network of its own whose hub does not serve."""
    for made in stage(tmp_path):
        made.copy(network)
        yield made


@pytest.fixture
def played(resting: Stage) -> Stage:
    """A stage with a network of its own whose hub serves."""
    resting.start_hub()
    return resting
