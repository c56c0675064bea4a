"""What a person has begun to write and not sent yet: it survives a crash."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clients.store.database import Database
from clients.store.rows import TableRows
from clients.store.schema import META


class Drafts:
    """One unfinished draft of each name."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rows = TableRows(database, META)

    def load(self, name: str) -> dict[str, Any]:
        """What was kept; empty if nothing was."""
        return dict(self._rows.value(self._row(name)) or {})

    def save(self, name: str, value: Mapping[str, Any]) -> None:
        """Keep it; on disk when this returns."""
        self._rows.put(self._row(name), dict(value))

    def drop(self, name: str) -> None:
        """Forget it: it was sent, or is not wanted."""
        self._rows.drop(self._row(name))

    def _row(self, name: str) -> str:
        """A keyed hash: a name says which dispatch is about to be cancelled."""
        return f"draft {self._database.name('draft', name).hex()}"
