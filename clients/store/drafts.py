"""What a person has begun to write and not sent yet: it survives a crash."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clients.store.database import Database


class Drafts:
    """One unfinished draft of each name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self, name: str) -> dict[str, Any]:
        """What was kept; empty if nothing was."""
        row = self._database.execute("SELECT blob FROM meta WHERE name = ?", self._row(name)).fetchone()
        return {} if row is None else dict(self._database.open("meta", self._row(name), row[0]))

    def save(self, name: str, value: Mapping[str, Any]) -> None:
        """Keep it; on disk when this returns."""
        blob = self._database.seal("meta", self._row(name), dict(value))
        self._database.execute("INSERT OR REPLACE INTO meta (name, blob) VALUES (?, ?)", self._row(name), blob)

    def drop(self, name: str) -> None:
        """Forget it: it was sent, or is not wanted."""
        self._database.execute("DELETE FROM meta WHERE name = ?", self._row(name))

    def _row(self, name: str) -> str:
        """A keyed hash: a name says which dispatch is about to be cancelled."""
        return f"draft {self._database.name('draft', name).hex()}"
