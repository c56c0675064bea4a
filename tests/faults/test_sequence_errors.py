"""Each write of a commit fails once, done or not done, and the hub goes on or is opened anew.

After each case every report is with its recipients once, every client has verified every proof,
and the whole ledger is read and recomputed (Sunlight's `TestSequenceErrors` is the model).
"""

from __future__ import annotations

import asyncio
import shutil
from itertools import product
from pathlib import Path

import pytest

from broker.settings import HubFolder
from clients.mail.sent import Acceptance
from tests.support.faulty import PLACES, Fault, register_faults
from tests.support.harbour import (
    PARTIES,
    Harbour,
    check_all,
    check_points,
    lengthen,
    make_stores,
    points_at,
    present_world,
    send,
    showing,
    talk,
)
from tests.support.history import History
from tests.support.hub import make_folder
from tests.support.world import AZ, KZ, TJ, UZ, World

TIMEOUT_S = 120.0
LASTING = ("token", "commit", "register")
"""Writes that may outlive the hub's memory; what fails before them is rolled back, opened anew or not."""


@pytest.mark.parametrize(
    ("place", "persisted", "reopened"),
    [
        *((place, persisted, False) for place, persisted in product(PLACES, (False, True))),
        *((place, persisted, True) for place, persisted in product(LASTING, (False, True))),
    ],
)
async def test_a_write_fails(
    folder: HubFolder, world: World, tmp_path: Path, place: str, persisted: bool, reopened: bool
) -> None:
    """Whatever write fails, done or not, nothing is lost, and the hub goes on, opened anew or not."""
    stores = make_stores(tmp_path, world)
    fault, history = Fault(place, persisted), History()
    harbour = Harbour(folder, fault.bend)
    with register_faults(fault):
        async with asyncio.timeout(TIMEOUT_S), points_at(harbour, stores) as points, showing(points, history):
            await harbour.start()
            await talk(points, history, 1)
            fault.armed = True
            talking = asyncio.create_task(talk(points, history, 2))
            if place in ("token", "read"):  # these happen when a line is opened
                await harbour.stop()
                await harbour.start()
            await fault.strikes()
            if reopened:
                await harbour.stop()
                await harbour.start()
            await talking
            await talk(points, history, 3)
            await check_points(points, history)
        await harbour.stop()
    check_all(folder, stores, history)


@pytest.fixture(scope="module")
def long_template(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Path]:
    """A network two leaves short of a full tile, and its hub's folder."""
    members = [*PARTIES, AZ]  # none may certify more than 64 officers in a day
    world = present_world(members)
    folder = make_folder(tmp_path_factory.mktemp("long") / "hub", world)
    start = len(world.log)
    for number in range(254 - start):
        world.enrol(f"{members[number % 4]}/POST-{number}")
    lengthen(folder, world, start)
    return world, folder.path


@pytest.mark.parametrize("place", ["commit", "register"])
async def test_nobody_can_see_what_became_of_a_commit(
    long_template: tuple[World, Path], tmp_path: Path, place: str
) -> None:
    """A commit is done, the hub is told it failed and cannot look: it finds out later and serves every proof.

    The commit fills a tile, so a hub that went on with what it had in memory would have half a tree.
    """
    world, template = long_template
    folder = HubFolder(Path(shutil.copytree(template, tmp_path / "hub")))
    stores = make_stores(tmp_path, world)
    fault, history = Fault(place, persisted=True, blind=3), History()
    harbour = Harbour(folder, fault.bend)
    with register_faults(fault):
        async with asyncio.timeout(TIMEOUT_S):
            await harbour.start()
            async with points_at(harbour, {KZ: stores[KZ]}) as alone:
                await send(alone[KZ], history, "A", [UZ, TJ])
                fault.armed = True
                await send(alone[KZ], history, "B", [UZ, TJ])
                assert fault.struck
            async with points_at(harbour, stores) as points:
                await talk(points, history, 1)
                await check_points(points, history)
            await harbour.stop()
    check_all(folder, stores, history)


async def test_recipients_hear_of_a_commit_that_seemed_to_fail(folder: HubFolder, world: World, tmp_path: Path) -> None:
    """What a commit brought that seemed to fail reaches its recipients though its sender never asks again."""
    stores = make_stores(tmp_path, world)
    fault, history = Fault("register", persisted=True, blind=1), History()
    harbour = Harbour(folder, fault.bend)
    with register_faults(fault):
        async with asyncio.timeout(TIMEOUT_S):
            await harbour.start()
            async with points_at(harbour, {UZ: stores[UZ], TJ: stores[TJ]}) as others:
                for point in others.values():
                    await point.wait_live()
                async with points_at(harbour, {KZ: stores[KZ]}) as alone:
                    await alone[KZ].wait_live()
                    fault.armed = True
                    sending = asyncio.create_task(send(alone[KZ], history, "A", [UZ, TJ]))
                    await fault.strikes()
                sending.cancel()
                await asyncio.gather(sending, return_exceptions=True)
                for point in others.values():
                    await point.until(lambda point=point: bool(point.state.store.items.inbox(1)))  # type: ignore[misc]
            async with points_at(harbour, stores) as points:
                await points[KZ].until(lambda: not stores[KZ].outbox.waiting_count())
                outgoing = stores[KZ].outbox.all(1)[0]
                assert outgoing.digest is not None
                assert outgoing.index is not None
                history.told["A"] = Acceptance(outgoing.digest, outgoing.index)
                await check_points(points, history)
            await harbour.stop()
    check_all(folder, stores, history)
