"""Faults of a hub's disk, one at a time, where the real thing would have them.

A `Fault` strikes once, at one write, and says whether what it spoilt had been done all the same:
then the caller is told of a failure and the disk holds the opposite. SQL writes fail inside the
real engine, the register inside the real file; nothing of the hub is replaced.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.exc import OperationalError

from broker.adapters.db.store import SqlStore
from broker.adapters.db.transaction import SqlTransaction
from broker.app import Ports
from broker.ports import LedgerItem, StoredHead
from schemas.errors import Code, SeraiError

TABLES = ("statement", "mailbox", "outcome", "reference", "watch", "tile", "head", "cursor", "token")
"""Tables that the hub writes while it serves."""

PLACES = ("read", "begin", *TABLES, "commit", "register")
"""Every write of the hub, in order, the lock before them, and the reading of a lane."""


def disk_error() -> OperationalError:
    """What the database library raises when the disk fails."""
    return OperationalError("a fault", None, OSError(5, "disk I/O error"))


@dataclass
class Fault:
    """A write that fails once.

    Attributes:
        place: one of `PLACES`.
        persisted: whether it was done all the same.
        blind: how many reads of the head fail after it: nobody can see what became of it.
        armed: whether it strikes the next time.
    """

    place: str
    persisted: bool
    blind: int = 0
    armed: bool = False
    _struck: Event = field(default_factory=Event, init=False)

    @property
    def struck(self) -> bool:
        """Whether it has struck."""
        return self._struck.is_set()

    async def strikes(self) -> None:
        """Wait until it has struck."""
        assert await asyncio.to_thread(self._struck.wait, 60), f"{self.place} was never written"

    def strike(self, place: str, *, done: bool) -> bool:
        """Whether to fail now, before (``done`` false) or after a write was made."""
        if not self.armed or place != self.place or done != self.persisted:
            return False
        self.armed = False
        self._struck.set()
        return True

    def bend(self, ports: Ports) -> Ports:
        """Ports that fail."""
        store = FaultyStore(ports.store, self)
        return Ports(store, ports.register, ports.signer, ports.clock, ports.files)  # type: ignore[arg-type]


class FaultyStore:
    """A store of which one write fails.

    Args:
        store: the real one.
        fault: which write.
    """

    def __init__(self, store: SqlStore, fault: Fault) -> None:
        self._store = store
        self._fault = fault
        event.listen(store._engine, "before_cursor_execute", self._before)
        event.listen(store._engine, "after_cursor_execute", self._after)
        event.listen(store._engine, "commit", self._commit)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def _before(self, connection: Connection, cursor: Any, statement: str, *_: Any) -> None:
        if (table := written(statement)) and self._fault.strike(table, done=False):
            raise disk_error()

    def _after(self, connection: Connection, cursor: Any, statement: str, *_: Any) -> None:
        if (table := written(statement)) and self._fault.strike(table, done=True):
            raise disk_error()

    def _commit(self, connection: Connection) -> None:
        if connection.get_execution_options().get("writes") and self._fault.strike("commit", done=False):
            raise disk_error()

    @contextmanager
    def transaction(self) -> Iterator[SqlTransaction]:
        """A transaction whose beginning or commit may fail."""
        if self._fault.strike("begin", done=False):
            raise SeraiError(Code.STORAGE_FAILED)
        with self._store.transaction() as transaction:
            if self._fault.strike("begin", done=True):
                raise disk_error()
            yield transaction
        if self._fault.strike("commit", done=True):
            raise SeraiError(Code.STORAGE_FAILED)

    def mailbox(self, *args: Any) -> Sequence[LedgerItem]:
        """A lane, unless it cannot be read."""
        found = self._store.mailbox(*args)
        if self._fault.strike("read", done=self._fault.persisted):
            raise SeraiError(Code.STORAGE_FAILED)
        return found

    def head(self) -> StoredHead:
        """The head, unless the fault has blinded it."""
        if self._fault.struck and self._fault.blind:
            self._fault.blind -= 1
            raise SeraiError(Code.STORAGE_FAILED)
        return self._store.head()


def written(statement: str) -> str | None:
    """The table that an SQL statement writes to."""
    words = statement.replace('"', "").split()
    verb = words[0].upper()
    if verb == "UPDATE":
        return words[1]
    return words[2] if verb in ("INSERT", "DELETE") else None


@contextmanager
def register_faults(fault: Fault) -> Iterator[None]:
    """Let the register's file fail: before its slot is written, or in the sync after it."""

    class _FailingOs:
        def __getattr__(self, name: str) -> Any:
            return getattr(os, name)

        def pwrite(self, *args: Any) -> int:
            if fault.strike("register", done=False):
                raise OSError(28, "No space left on device")
            return os.pwrite(*args)

        def fdatasync(self, fd: int) -> None:
            if fault.strike("register", done=True):
                raise OSError(5, "Input/output error")
            os.fdatasync(fd)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("broker.adapters.register.os", _FailingOs())
        yield
