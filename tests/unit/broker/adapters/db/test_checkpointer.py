"""The write-ahead log is moved into the database beside the writer."""

from __future__ import annotations

import shutil
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, PoolProxiedConnection
from structlog.testing import capture_logs

from broker.adapters.db.checkpointer import Checkpointer
from broker.adapters.db.store import SqlStore
from tests.contract.ledger import Ledger
from tests.support.world import KG, KZ, World

PATIENCE_S = 30.0


def size_without_log(database: Path, folder: Path) -> int:
    """What the database's own file says is the size of the ledger, its write-ahead log left out."""
    alone = Path(shutil.copy(database, folder / "alone.db"))
    with closing(sqlite3.connect(alone)) as connection:
        try:
            row = connection.execute("SELECT size FROM head").fetchone()
        except sqlite3.Error:  # copied while it was being written
            row = None
    return row[0] if row else 0


def wait_for(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    until = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < until, "it never held"
        time.sleep(0.02)


def threads() -> list[threading.Thread]:
    """Checkpointers at work."""
    return [thread for thread in threading.enumerate() if thread.name == "checkpointer"]


def test_what_is_committed_reaches_the_database_without_a_further_commit(
    ledger: Ledger, world: World, tmp_path: Path
) -> None:
    """A hub that falls silent does not leave its last commits in the log alone."""
    folder = tmp_path / "copy"
    folder.mkdir()
    ledger.commit(world.dispatch(KZ, [KG]))
    wait_for(lambda: size_without_log(tmp_path / "hub.db", folder) == len(world.log) + 1)


def test_it_ends_with_its_store(tmp_path: Path, world: World) -> None:
    """A closed store leaves no thread behind, and one that was never written to has none."""
    before = threads()
    idle, busy = SqlStore(f"sqlite:///{tmp_path / 'idle.db'}"), SqlStore(f"sqlite:///{tmp_path / 'busy.db'}")
    for store in (idle, busy):
        store.migrate()
    Ledger(busy, world)
    assert len(threads()) == len(before) + 1
    busy.close()
    idle.close()
    assert threads() == before


class _Fickle:
    """An engine whose database can be opened only when it is told so."""

    def __init__(self, engine: Engine, fault: Exception) -> None:
        self._engine = engine
        self._fault = fault
        self.tries = 0
        self.broken = True

    def raw_connection(self) -> PoolProxiedConnection:
        """A connection, if there is one."""
        self.tries += 1
        if self.broken:
            raise self._fault
        return self._engine.raw_connection()


@pytest.mark.parametrize("fault", [sqlite3.OperationalError("disk I/O error"), ZeroDivisionError("a mistake")])
def test_a_checkpoint_that_fails_is_tried_again_and_told_once(store: SqlStore, fault: Exception) -> None:
    """A full disk is one line in the log, not ten a second, and so is its end; the thread outlives a mistake, too."""
    engine = _Fickle(store._engine, fault)
    checkpointer = Checkpointer(engine)  # type: ignore[arg-type]
    with capture_logs() as said:
        checkpointer.note_commit()
        wait_for(lambda: engine.tries > 2)
        engine.broken = False
        wait_for(lambda: len(said) > 1)
        checkpointer.stop()
    assert [line["event"] for line in said] == ["checkpoint_failed", "checkpoint_recovered"]
