"""What a person has begun to write and not sent yet: it survives a crash."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from clients.store.database import Database
from clients.store.rows import TableRows
from clients.store.schema import META

_LIST: Final = "list of drafts"


class Drafts:
    """One unfinished draft of each name; those that a person sees in a list stand in one, with their blobs."""

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

    def save_listed(self, name: str, value: Mapping[str, Any], blobs: Sequence[str] = ()) -> None:
        """Keep a draft that a person finds in the list of drafts; on disk when this returns.

        Args:
            name: of the draft.
            value: what is kept.
            blobs: digests of the blobs in the spool that it has; nothing sweeps them away.
        """
        with self._database.transaction():
            self.save(name, value)
            listed = {**self.listed(), name: tuple(blobs)}
            self.save(_LIST, {"drafts": {each: list(found) for each, found in listed.items()}})

    def listed(self) -> dict[str, tuple[str, ...]]:
        """The names of the drafts in the list, in the order in which they were begun, each with its blobs."""
        found: Mapping[str, Sequence[str]] = self.load(_LIST).get("drafts", {})
        there = {name: tuple(blobs) for name, blobs in found.items()}
        return {name: blobs for name, blobs in there.items() if self.load(name)}

    def blobs(self) -> set[str]:
        """Digests of the blobs that drafts have."""
        return {blob for blobs in self.listed().values() for blob in blobs}

    def _row(self, name: str) -> str:
        """A keyed hash: a name says which dispatch is about to be cancelled."""
        return f"draft {self._database.name('draft', name).hex()}"
