"""The runbook for a ledger that is ahead of its time, as deploy/README.md has it (PROTOCOL 8)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from clients.focalpoint import FocalPoint
from clients.store import OutState, Store
from schemas.addresses import Address
from schemas.errors import Code
from tests.faults.test_moved_clock import Moved, hub_copy, now_ms, run, said
from tests.faults.test_restore import sign_epoch
from tests.support.dial import HOUR, YEAR
from tests.support.harbour import (
    check_folder,
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
from tests.support.world import KZ, TJ, UZ, World

TIMEOUT_S = 180.0


@pytest.fixture
def moved(template: Path, tmp_path: Path) -> Iterator[Moved]:
    """A hub under a clock that the test moves, not yet started."""
    hub = hub_copy(template, tmp_path)
    yield hub
    if hub.process is not None:
        hub.stop()


def kinds(store: Store) -> set[str]:
    """The kinds of the alarms that a member has, silent recipients aside."""
    return {alarm.kind for alarm in store.alarms.raised()} - {"overdue"}


def time_told(ahead_ms: int) -> str:
    """The alarm about the time: a hub that is days away is not followed, the leaves of one that is hours away are."""
    return "clock" if ahead_ms > 24 * HOUR else "bad_time"


async def get_ahead(moved: Moved, ahead_ms: int, sender: Store) -> None:
    """Start the hub with a wrong clock, and let its operator confirm what that shows: it appends an event by itself.

    The member to which the event is sent is told that the time is wrong.
    """
    size = len(moved.leaves())
    moved.clock.set(ahead_ms)
    await asyncio.to_thread(moved.start, until="live")
    assert moved.ready()["status"] == "not ready"
    word = await asyncio.to_thread(run, "time", moved.folder.path, "--confirm", said(now_ms() + ahead_ms))
    assert word.exit_code == 0, word
    async with asyncio.timeout(60):
        while '"type": "event"' not in moved.log or time_told(ahead_ms) not in kinds(sender):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert moved.stop() == 0
    assert len(moved.leaves()) > size
    assert moved.leaves()[-1] > now_ms() + ahead_ms - HOUR


def follow_runbook(moved: Moved, backup: Path, world: World, path: Path) -> None:
    """Step by step, as the operator and the root do it, until the hub may be started."""
    folder, ahead, file = moved.folder.path, path / "ahead", path / "epoch.jws"
    moved.clock.set(0)  # 1
    shown = run("time", folder)  # 2
    assert shown.exit_code == 1
    [number] = [line.split()[2] for line in shown.stdout.splitlines() if line.startswith("From number")]
    assert moved.leaves()[int(number)] > now_ms() > moved.leaves()[int(number) - 1]
    assert run("backup", folder, ahead).exit_code == 0
    assert run("restore", folder, ahead).exit_code == 0  # not this one: it is what the register knows
    first = run("restore", folder, backup)  # 3
    assert (first.exit_code, Code.INCONSISTENT_LEDGER.value in first.stderr) == (1, True)
    assert "its newest leaf is of " in first.stderr
    need = json.loads(first.stdout)["needs_epoch"]
    assert need["index"] <= int(number)
    file.write_text(sign_epoch(world, need, world.log[0].text))
    early = run("restore", folder, backup, "--epoch", file)
    assert (early.exit_code, "confirm the time" in early.stderr) == (1, True)
    assert run("time", folder, "--confirm", said(now_ms())).exit_code == 0  # 4
    done = run("restore", folder, backup, "--epoch", file)  # 5
    assert done.exit_code == 0, done.stderr


async def all_offered(points: dict[Address, FocalPoint], history: History) -> None:
    """Wait until every member has said again what it had said."""
    for point in points.values():
        store = point.state.store
        await point.until(lambda point=point, store=store: len(point.state.epochs) == 2 and is_told(store))  # type: ignore[misc]
        note_told(history, store)


@pytest.mark.parametrize("ahead_ms", [3 * YEAR, 20 * HOUR], ids=["3y", "20h"])
async def test_the_runbook(moved: Moved, world: World, tmp_path: Path, ahead_ms: int) -> None:
    """After a wrong word the ledger goes on from before the first bad leaf; nothing that members said is lost.

    Members' clients are told of the time while it is wrong, take no time from the hub that is years away, and
    work on afterwards.
    """
    history, backup = History(), tmp_path / "backup"
    stores = make_stores(tmp_path, world)
    await asyncio.to_thread(moved.start)
    async with asyncio.timeout(TIMEOUT_S), AsyncExitStack() as stack:
        at_work = {member: stores[member] for member in (KZ, UZ)}
        points = await stack.enter_async_context(points_at(moved.origin, at_work))
        await stack.enter_async_context(showing(points, history))
        digest = await send(points[KZ], history, "owed", [UZ, TJ], precedence="flash")  # TJ is away
        await points[KZ].wait_answer(digest, UZ, "received")
        assert run("backup", moved.folder.path, backup).exit_code == 0
        later = await send(points[UZ], history, "after the backup", [KZ])
        await points[UZ].wait_answer(later, KZ, "received")
        await points[KZ].until(lambda: is_told(stores[KZ]))
        assert moved.stop() == 0
        await get_ahead(moved, ahead_ms, stores[KZ])
        await asyncio.to_thread(follow_runbook, moved, backup, world, tmp_path)
        await asyncio.to_thread(moved.start)
        points |= await stack.enter_async_context(points_at(moved.origin, {TJ: stores[TJ]}))
        await all_offered(points, history)
        await talk(points, history, 2)
        await check_points(points, history)
        for point in points.values():
            assert abs(point.state.system.clock.time_ms() - now_ms()) < HOUR
    assert moved.stop() == 0
    assert check_folder(moved.folder).epoch == 1
    assert max(moved.leaves()) <= now_ms()
    check_told(stores, ahead_ms)


def check_told(stores: dict[Address, Store], ahead_ms: int) -> None:
    """Who was there has been told of the time and of the epoch; everything anybody said is accepted."""
    for member, store in stores.items():
        due: set[str] = {KZ: {"epoch", time_told(ahead_ms)}, UZ: {"epoch"}, TJ: set()}[member]
        may = {time_told(ahead_ms)} if member == UZ else set()  # it may have been connected just then
        assert due <= kinds(store) <= due | may, (member, store.alarms.raised())
        refused = [(row.draft, row.code) for row in store.outbox.all(1 << 20) if row.state is not OutState.ACCEPTED]
        assert refused == [], member


def test_an_epoch_from_after_the_bad_leaf_is_refused(moved: Moved, world: World, tmp_path: Path) -> None:
    """A backup that is ahead of the clock itself is no ground for an epoch, also after the operator's word."""
    folder, ahead, file = moved.folder.path, tmp_path / "ahead", tmp_path / "epoch.jws"
    moved.clock.set(3 * YEAR)
    moved.start(until="live")
    assert run("time", folder, "--confirm", said(now_ms() + 3 * YEAR)).exit_code == 0
    assert run("suspend", folder, TJ).exit_code == 0
    assert run("backup", folder, ahead).exit_code == 0
    assert run("suspend", folder, UZ).exit_code == 0
    assert moved.stop() == 0
    moved.clock.set(0)
    need = json.loads(run("restore", folder, ahead).stdout)["needs_epoch"]
    file.write_text(sign_epoch(world, need, world.log[0].text))
    assert run("time", folder, "--confirm", said(now_ms())).exit_code == 0
    refused = run("restore", folder, ahead, "--epoch", file)
    assert (refused.exit_code, Code.WRONG_EPOCH.value in refused.stderr) == (1, True)
    assert "restore a backup made before the ledger was ahead" in refused.stderr
