"""SIGKILL at each write of the hub's commit, and at random under load."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from clients.focalpoint import FocalPoint
from schemas.addresses import Address
from tests.support.crash import HUB_STEPS, Death, MortalHub
from tests.support.harbour import check_all, check_points, make_stores, points_at, send, showing, talk
from tests.support.history import History
from tests.support.world import KZ, TJ, UZ, World

TIMEOUT_S = 120.0
KILLS = 6
EACH = 24
"""Reports that each member sends under load."""


@asynccontextmanager
async def at_work(
    hub: MortalHub, world: World, path: Path, history: History
) -> AsyncIterator[dict[Address, FocalPoint]]:
    """Focal points of every member with an application at each; the hub ends, and all is checked, after the block."""
    stores = make_stores(path, world)
    try:
        async with (
            asyncio.timeout(TIMEOUT_S),
            points_at(hub.origin, stores) as points,
            showing(points, history),
        ):
            yield points
            await check_points(points, history)
    finally:
        hub.stop()
    check_all(hub.folder, stores, history)


@pytest.mark.parametrize("step", HUB_STEPS)
async def test_killed_at_a_step(hub: MortalHub, world: World, tmp_path: Path, step: str) -> None:
    """Wherever the hub is killed in its commit, nothing is lost, duplicated or unexpected after it starts again."""
    history = History()
    async with at_work(hub, world, tmp_path, history) as points:
        await asyncio.to_thread(hub.start, Death(step))
        talking = asyncio.create_task(talk(points, history, 1))
        await hub.died()
        await asyncio.to_thread(hub.start)
        await talking
        await talk(points, history, 2)


async def test_killed_at_random(hub: MortalHub, world: World, tmp_path: Path) -> None:
    """Killed again and again while three members send at once, the hub keeps what it accepted."""
    history, chance = History(), random.Random(2)
    await asyncio.to_thread(hub.start)
    async with at_work(hub, world, tmp_path, history) as points:
        sending = [asyncio.create_task(_send_many(points, history, member)) for member in points]
        for _ in range(KILLS):
            await asyncio.sleep(chance.uniform(0.02, 0.25))
            hub.kill()
            await asyncio.to_thread(hub.start)
        await asyncio.gather(*sending)
    assert len(history.told) == EACH * len((KZ, UZ, TJ))


async def _send_many(points: dict[Address, FocalPoint], history: History, member: Address) -> None:
    others = [address for address in points if address != member]
    for number in range(EACH // 4):
        batch = [f"{member}-{number}-{part}" for part in range(4)]
        await asyncio.gather(*(send(points[member], history, reference, others) for reference in batch))
