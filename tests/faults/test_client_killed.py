"""SIGKILL of a focal point: at each step of what it sends and takes in, and at random."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from clients.store import Store
from tests.support.crash import CLIENT_STEPS, Death, Errand, MortalClient, MortalHub
from tests.support.harbour import check_all, check_points, is_told, make_stores, note_told, points_at, send, showing
from tests.support.history import History
from tests.support.world import KZ, TJ, UZ, World

TIMEOUT_S = 120.0
COMMITS = (1, 2, 3, 4, 5, 6)
"""Which commits of a client's store it is killed before and after."""

ROUNDS = 6
EACH = 8
"""Reports that each life of a client is to send, killed at random."""


class Life:
    """A focal point whose process dies; a new one then takes its store over.

    Args:
        path: folder of its journal.
        store: its file.
        hub: where to dial.
        history: what it did is noted there.
    """

    def __init__(self, path: Path, store: Path, hub: str, history: History) -> None:
        self._path, self._store, self._hub, self._history = path, store, hub, history
        self._count = 0

    def client(self, references: Iterable[str]) -> MortalClient:
        """The next process."""
        self._count += 1
        journal = self._path / f"journal-{self._count}"
        return MortalClient(Errand(self._store, self._hub, tuple(references), (UZ, TJ), journal))

    def note(self, client: MortalClient) -> None:
        """Take what it did into the history."""
        self._history.may_repeat.add(KZ)
        for kind, name in client.notes():
            if kind == "attempt":
                self._history.attempt(name, [UZ, TJ])
            elif kind == "kept":
                self._history.kept.add(name)
            else:
                self._history.shown[KZ, name] += 1


def store_path(store: Store) -> Path:
    """The file of a store."""
    row = store._database.execute("PRAGMA database_list").fetchone()
    return Path(row[2])


@asynccontextmanager
async def at_work(hub: MortalHub, world: World, path: Path, history: History) -> AsyncIterator[Life]:
    """The others at work; when the block ends the member that died comes back, and all is checked."""
    stores = make_stores(path, world)
    file = store_path(stores[KZ])
    stores.pop(KZ).close()
    await asyncio.to_thread(hub.start)
    try:
        async with asyncio.timeout(TIMEOUT_S), points_at(hub.origin, stores) as others, showing(others, history):
            await send(others[UZ], history, "from UZ", [KZ, TJ])
            yield Life(path, file, hub.origin, history)
            stores[KZ] = Store.open(file, "toy")
            async with points_at(hub.origin, {KZ: stores[KZ]}) as again, showing(again, history):
                points = {**again, **others}
                await send(points[TJ], history, "from TJ", [KZ, UZ])
                await points[KZ].until(lambda: is_told(stores[KZ]))
                note_told(history, stores[KZ])
                await check_points(points, history)
                await points[KZ].until(lambda: _all_shown(history, stores[KZ]))
    finally:
        hub.stop()
    check_all(hub.folder, stores, history)


def _all_shown(history: History, store: Store) -> bool:
    return all(history.shown[KZ, item.digest] for item in store.items.inbox(1 << 20))


@pytest.mark.parametrize("step", CLIENT_STEPS)
async def test_killed_at_a_step(hub: MortalHub, world: World, tmp_path: Path, step: str) -> None:
    """Wherever a client dies between drafting and acknowledging, what it took on is sent once and is shown."""
    history = History()
    async with at_work(hub, world, tmp_path, history) as life:
        client = life.client(["A", "B", "C"])
        client.start(Death(step, 2 if step.startswith("deliver") else 1))
        await client.died()
        life.note(client)


@pytest.mark.parametrize("step", ["commit", "committed"])
async def test_killed_at_its_commits(hub: MortalHub, world: World, tmp_path: Path, step: str) -> None:
    """Killed before or after this commit and that of its store, life after life, a client loses and repeats nothing."""
    history = History()
    async with at_work(hub, world, tmp_path, history) as life:
        for passage in COMMITS:
            client = life.client([f"{passage}-{number}" for number in range(4)])
            client.start(Death(step, passage))
            await client.died()
            life.note(client)


async def test_killed_at_random(hub: MortalHub, world: World, tmp_path: Path) -> None:
    """Killed again and again while it sends and is sent to, a client loses and repeats nothing."""
    history, chance = History(), random.Random(3)
    async with at_work(hub, world, tmp_path, history) as life:
        for round_ in range(ROUNDS):
            client = life.client([f"{round_}-{number}" for number in range(EACH)])
            client.start()
            await asyncio.sleep(chance.uniform(0.1, 0.5))
            client.kill()
            life.note(client)
