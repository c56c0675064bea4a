"""Who was at a screen of the desk, and who tried to be: windows, officers, wrong passphrases, locks.

Never content, and never what was typed. The newest entries are kept, so many that no guessing pushes out a shift.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from clients.store.database import Database
from clients.store.rows import TableRows
from clients.store.schema import SCREEN
from schemas.addresses import Address

MOST: Final = 10_000
"""Entries that are kept."""


class ScreenEvent(StrEnum):
    """What happened at a screen."""

    OPENED = "opened"
    """A window was opened by a code."""

    CODE_REFUSED = "code_refused"
    """A code was wrong, or was used before."""

    UNLOCKED = "unlocked"
    """An officer has typed the right passphrase."""

    REFUSED = "refused"
    """A passphrase was wrong."""

    LOCKED = "locked"
    """The officer has locked it, or the desk has ended."""

    LEFT = "left"
    """It locked by itself: nobody pressed a key for too long."""

    TAKEN_OVER = "taken_over"
    """It was locked because an officer has unlocked another one."""


@dataclass(frozen=True, slots=True)
class ScreenEntry:
    """An entry of the log.

    Attributes:
        at_ms: when, milliseconds since 1970 UTC.
        event: what.
        officer: of whom; ``None`` of a window.
    """

    at_ms: int
    event: ScreenEvent
    officer: Address | None = None


class ScreenLog:
    """The log; tagged and summed as every table of a store."""

    def __init__(self, database: Database) -> None:
        self._rows = TableRows(database, SCREEN)
        self._database = database

    def add(self, entry: ScreenEntry) -> None:
        """Keep an entry; the oldest beyond `MOST` is forgotten."""
        with self._database.transaction():
            row = self._rows.next_number("id")
            self._rows.drop_all("id <= ?", row - MOST)
            self._rows.put(row, {"event": entry.event.value, "officer": entry.officer}, at=entry.at_ms)

    def newest(self, limit: int) -> list[ScreenEntry]:
        """Entries, the newest first."""
        return list(self._select("1 ORDER BY id DESC LIMIT ?", limit))

    def count(self) -> int:
        """How many there are."""
        return int(self._database.execute("SELECT count(*) FROM screen").fetchone()[0])

    def _select(self, where: str, *values: Any) -> Iterator[ScreenEntry]:
        for row, value in list(self._rows.read(where, *values)):
            officer = Address(value["officer"]) if value["officer"] else None
            yield ScreenEntry(row["at"], ScreenEvent(value["event"]), officer)
