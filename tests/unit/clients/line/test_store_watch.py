"""All of a store is checked every day, and whoever finds that it was changed is not the only one who knows."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from clients.actions.faulting import FaultCause, FaultWatch
from clients.actions.watching import Watcher
from clients.line.store_watch import StoreWatch
from clients.store import Store
from clients.store.trust import Trust
from schemas.errors import Code, SeraiError
from tests.support.counter import Counter
from tests.support.desk import Desk
from tests.support.traffic import arrive
from tests.support.virtual import virtual

DAY_S = 86_400


def damage_content(path: Path) -> None:
    """Change a content, which only a whole check reads."""
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("UPDATE item SET blob = zeroblob(length(blob)) WHERE inbox = 1")


async def watch(desk: Desk, seconds: float) -> int:
    """Look after a store for a while; how often somebody was told."""
    told: list[int] = []
    desk.store._clock = desk.state.system.clock
    task = asyncio.create_task(StoreWatch(desk.state, lambda: told.append(1)).run())
    await asyncio.sleep(seconds)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return len(told)


@virtual
async def test_contents_are_checked_every_day(kz: Desk, uz: Desk) -> None:
    """A content that was changed is found within a day by the connected process; a second time it is not told."""
    arrive(uz, kz)
    kz.store.trust.set_store_checked(kz.hub.world.time_ms, "")
    damage_content(kz.store.path)
    await watch(kz, 400)
    assert kz.alarms() == []
    kz.hub.world.wait(DAY_S)
    await watch(kz, 400)
    assert kz.alarms() == ["store_changed"]
    at_ms, found = kz.store.trust.store_checked
    assert (at_ms >= kz.hub.world.time_ms, found) == (True, "item")
    kz.hub.world.wait(DAY_S + 1)
    await watch(kz, 400)
    assert (kz.alarms(), kz.store.trust.store_checked[1]) == (["store_changed"], "")


@virtual
async def test_file_that_is_damaged_is_an_alarm_and_ends_nothing(kz: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a whole check cannot even read calls a person; who is connected stays connected."""

    def broken(*_what: object, **_how: object) -> None:
        raise SeraiError(Code.DAMAGED, "the own store: row 7 missing from index")

    monkeypatch.setattr("clients.store.Database", broken)
    await watch(kz, 700)
    assert [alarm.detail for alarm in kz.store.alarms.raised()] == ["the own store: row 7 missing from index"]


@virtual
async def test_disk_that_fails_is_looked_at_again(kz: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """While nothing can be written a check is tried again and again, and that it was done is kept in the end."""
    is_failing, write = True, Trust.set_store_checked

    def fail(trust: Trust, at_ms: int, found: str) -> None:
        if is_failing:
            raise SeraiError(Code.STORAGE_FAILED, "disk full")
        write(trust, at_ms, found)

    monkeypatch.setattr(Trust, "set_store_checked", fail)
    await watch(kz, 400)
    assert kz.store.trust.store_checked[0] == 0
    is_failing = False
    await watch(kz, 400)
    assert kz.store.trust.store_checked[0] == kz.hub.world.time_ms


def test_alarm_of_another_process_sounds_here(kz: Desk, uz: Desk, counter: Counter) -> None:
    """What `serai doctor` finds in the store rings where `serai watch` runs, once."""
    arrive(uz, kz)
    watcher, faults = Watcher(counter), FaultWatch()
    watcher.look(20)
    assert FaultCause.ALARM not in [each.cause for each in faults.look(watcher.seen, 1.0)]
    damage_content(kz.store.path)
    with Store.open(kz.store.path, kz.passphrase, check=True):
        pass
    watcher.look(20)
    (fault,) = [each for each in faults.look(watcher.seen, 2.0) if each.cause is FaultCause.ALARM]
    assert (fault.count, fault.detail) == (1, "store_changed")
    faults.called(FaultCause.ALARM, 2.0)
    watcher.look(20)
    assert not [each for each in faults.look(watcher.seen, 60.0) if each.cause is FaultCause.ALARM]
