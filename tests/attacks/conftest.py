"""The hub under attack, for the tests of attacks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.attacks.arena import Arena, open_arena
from tests.support.world import KZ, RU, UZ, World


@pytest.fixture
def world() -> World:
    """A network of three members, each with an officer."""
    return World([KZ, UZ, RU])


@pytest.fixture
async def arena(tmp_path: Path, world: World) -> AsyncIterator[Arena]:
    """Their hub, which takes turns."""
    async with open_arena(tmp_path, world) as opened:
        yield opened
