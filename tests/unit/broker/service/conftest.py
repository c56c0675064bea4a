"""The hub that most tests of the service look at."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from broker.service.hub import Hub
from tests.support.world import World
from tests.unit.broker.edges import loaded_hub, present_world, running


@pytest.fixture
def world() -> World:
    """KZ, KG and TJ, today."""
    return present_world()


@pytest.fixture
def hub(tmp_path: Path, world: World) -> Iterator[Hub]:
    """A hub that takes no turns yet."""
    with loaded_hub(tmp_path, world) as loaded:
        yield loaded


@pytest.fixture
async def live(hub: Hub) -> AsyncIterator[Hub]:
    """The same, taking turns."""
    async with running(hub):
        yield hub
