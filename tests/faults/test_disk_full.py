"""A full disk, of hub and of client: it says so by its code, loses nothing, and goes on once there is room."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from broker.cli.commands import hub as hub_command
from broker.settings import HubFolder
from clients.focalpoint import FocalPoint
from schemas.errors import Code
from tests.support.crash import MortalHub
from tests.support.desk import cover_to, warning
from tests.support.harbour import (
    Harbour,
    check_all,
    check_points,
    is_told,
    make_stores,
    note_told,
    points_at,
    send,
    showing,
    talk,
)
from tests.support.history import History
from tests.support.refusals import refused
from tests.support.small_disk import SmallDisk, small_disk
from tests.support.world import KZ, TJ, UZ, World

TIMEOUT_S = 120.0
ROOM = (0, 8192, 40_960)
"""Bytes that are left, so that different writes are the first to fail."""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A disk of 16 MiB."""
    with small_disk(tmp_path / "disk", 16_384) as made:
        yield made


@pytest.fixture
def full_hub(hub: MortalHub, disk: SmallDisk) -> MortalHub:
    """A hub whose folder, log and all, is on the small disk."""
    path = Path(shutil.copytree(hub.folder.path, disk.path / "hub"))
    return MortalHub(HubFolder(path), hub.port)


def readiness(hub: MortalHub) -> str:
    """What the hub says of itself."""
    answer = httpx.get(f"http://127.0.0.1:{hub.port}/health/ready").json()
    return str(answer.get("code", answer["status"]))


async def becomes(hub: MortalHub, state: str) -> None:
    """Wait until the hub says so of itself."""

    def look() -> None:
        deadline = time.monotonic() + TIMEOUT_S
        while readiness(hub) != state:
            assert time.monotonic() < deadline, f"the hub is not {state}"
            time.sleep(0.05)

    await asyncio.to_thread(look)


async def send_until_full(hub: MortalHub, point: FocalPoint, history: History, number: int) -> list[asyncio.Task[str]]:
    """Send more and more, since files have room inside that they already take; what was sent may go on later."""
    sending: list[asyncio.Task[str]] = []
    while await asyncio.to_thread(readiness, hub) != Code.STORAGE_FAILED.value:
        reference = f"{number}-{len(sending)}"
        sending.append(asyncio.create_task(send(point, history, reference, [UZ, TJ])))
        await asyncio.sleep(0.01)
    return sending


async def test_hub_without_room(full_hub: MortalHub, disk: SmallDisk, world: World, tmp_path: Path) -> None:
    """However little is left, a hub that cannot write refuses with `storage_failed` and goes on once it can."""
    hub, history, stores = full_hub, History(), make_stores(tmp_path, world)
    await asyncio.to_thread(hub.start)
    try:
        async with asyncio.timeout(TIMEOUT_S), points_at(hub.origin, stores) as points, showing(points, history):
            await talk(points, history, 0)
            for number, room in enumerate(ROOM, 1):
                disk.fill(room)
                if not room:
                    disk.fill_up(hub.folder.path / "log")
                talking: list[asyncio.Task[Any]] = [asyncio.create_task(talk(points, history, number))]
                talking += await send_until_full(hub, points[KZ], history, number)
                disk.make_room()
                await asyncio.gather(*talking)
                await becomes(hub, "ready")
            await check_points(points, history)
    finally:
        hub.stop()
    check_all(hub.folder, stores, history)


def test_hub_starts_without_room(full_hub: MortalHub, disk: SmallDisk) -> None:
    """A hub that is started on a full disk serves, or says `storage_failed`; its ledger is whole afterwards."""
    disk.fill()
    result = CliRunner().invoke(hub_command, ["ledger", "check", str(full_hub.folder.path)])
    assert result.exit_code == 0 or Code.STORAGE_FAILED.value in result.stderr, result
    disk.make_room()
    full_hub.start()
    full_hub.stop()


async def test_client_without_room(folder: HubFolder, disk: SmallDisk, world: World, tmp_path: Path) -> None:
    """A client that cannot write says so to who sends, takes nothing in by halves, and catches up once it can."""
    history, stores = History(), make_stores(tmp_path, world, [UZ, TJ])
    stores |= make_stores(disk.path, world, [KZ])
    harbour = Harbour(folder)
    await harbour.start()
    async with asyncio.timeout(TIMEOUT_S), points_at(harbour, stores) as points, showing(points, history):
        await talk(points, history, 0)
        for number, room in enumerate(ROOM, 1):
            disk.fill(room)
            await send(points[UZ], history, f"to the full-{number}", [KZ])
            await points[KZ].until(lambda: _code(points[KZ]) is Code.STORAGE_FAILED)
            taken = 0
            with refused(Code.STORAGE_FAILED):
                for taken in range(1000):
                    reference = f"from the full-{number}-{taken}"
                    assert points[KZ].send(warning(reference), cover_to(UZ, TJ)).id
                    history.attempt(reference, [UZ, TJ])
                    history.kept.add(reference)
            disk.make_room()
            await talk(points, history, number)
        await points[KZ].until(lambda: is_told(stores[KZ]))
        note_told(history, stores[KZ])
        await check_points(points, history)
    await harbour.stop()
    check_all(folder, stores, history)


def _code(point: FocalPoint) -> Code | None:
    return point.fault.code if point.fault else None
