"""What left the system from here: printed, exported, passed on; by whom, when, as what, and where it was permitted.

Never content. An entry outlives the text (`clients.store.deletions`), and knows when the dispatch was changed since.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from clients.store.database import Database
from clients.store.rows import TableRows
from clients.store.schema import HANDED
from schemas.addresses import Address


class HandedState(StrEnum):
    """What is to be done about an entry."""

    KEPT = "kept"
    """Nothing: the dispatch is as it was."""

    CHANGED = "changed"
    """Its provider has changed it since, and nobody here has looked at that."""

    TOLD = "told"
    """Somebody has."""


@dataclass(frozen=True, slots=True)
class HandedOut:
    """An entry of the log.

    Attributes:
        digest: of the dispatch, base64url.
        at_ms: when, milliseconds since 1970 UTC.
        by: the officer, or the member at a client without officers.
        way: ``print``, ``export``, ``forward``.
        form: kind of file: ``paper``, ``json``, ``ids-csv``, ``cap``; ``dispatch`` where it was passed on.
        number: of the dispatch in the ledger.
        status: ``actual``, ``exercise``, ``test``.
        sender: the member that sent it, who may change it.
        use: for what: ``own``, ``others``, ``court``.
        permission: where its provider has permitted that, in words; empty where nobody said so.
        to: members to whom it was passed on.
        changed_by: digests of what has cancelled or corrected it since.
        state: what is to be done.
        row: number of the entry; 0 before it is kept.
    """

    digest: str
    at_ms: int
    by: Address
    way: str
    form: str
    number: int | None
    status: str
    sender: Address
    use: str = ""
    permission: str = ""
    to: tuple[Address, ...] = ()
    changed_by: tuple[str, ...] = ()
    state: HandedState = HandedState.KEPT
    row: int = field(default=0, compare=False)


class HandedLog:
    """The log; tagged and summed as every table of a store."""

    def __init__(self, database: Database) -> None:
        self._rows = TableRows(database, HANDED)
        self._database = database

    def add(self, entries: Iterable[HandedOut]) -> None:
        """Keep entries, all or none."""
        with self._database.transaction():
            for entry in entries:
                self._write(replace(entry, row=self._rows.next_number("id")))

    def of(self, digest: str) -> list[HandedOut]:
        """The entries of a dispatch, the oldest first."""
        return list(self._select("digest = ? ORDER BY id", digest))

    def newest(self, limit: int) -> list[HandedOut]:
        """Entries: those that were changed since and nobody has looked at first, then the newest first."""
        return list(self._select("1 ORDER BY state = 'changed' DESC, id DESC LIMIT ?", limit))

    def count(self) -> int:
        """How many there are."""
        return int(self._database.execute("SELECT count(*) FROM handed").fetchone()[0])

    def changed_count(self) -> int:
        """How many dispatches were changed since they left, and nobody has looked at that."""
        sql = "SELECT count(DISTINCT digest) FROM handed WHERE state = 'changed'"
        return int(self._database.execute(sql).fetchone()[0])

    def change(self, digest: str, by: str, sender: Address, status: str) -> bool:
        """A dispatch was changed; whether that is new of something that has left.

        Args:
            digest: of the dispatch.
            by: digest of what cancels or corrects it.
            sender: the member that did so: only its own is changed.
            status: of that: what is an exercise changes nothing that is real.
        """
        with self._database.transaction():
            entries = [each for each in self.of(digest) if (each.sender, each.status) == (sender, status)]
            entries = [each for each in entries if by not in each.changed_by]
            for each in entries:
                self._write(replace(each, changed_by=(*each.changed_by, by), state=HandedState.CHANGED))
        return bool(entries)

    def tell(self, entries: Iterable[HandedOut]) -> None:
        """Somebody has looked at entries that were changed; what has changed meanwhile stays to be looked at."""
        with self._database.transaction():
            for each in entries:
                if each.state is HandedState.CHANGED and each in self._select("id = ?", each.row):
                    self._write(replace(each, state=HandedState.TOLD))

    def _write(self, entry: HandedOut) -> None:
        value = {
            "by": entry.by,
            "way": entry.way,
            "form": entry.form,
            "number": entry.number,
            "status": entry.status,
            "sender": entry.sender,
            "use": entry.use,
            "permission": entry.permission,
            "to": list(entry.to),
            "changed_by": list(entry.changed_by),
        }
        self._rows.put(entry.row, value, digest=entry.digest, at=entry.at_ms, state=entry.state.value)

    def _select(self, where: str, *values: Any) -> Iterator[HandedOut]:
        for row, value in list(self._rows.read(where, *values)):
            people = {name: Address(value[name]) for name in ("by", "sender")}
            lists = {"to": tuple(map(Address, value["to"])), "changed_by": tuple(value["changed_by"])}
            kept = {**value, **people, **lists}
            yield HandedOut(row["digest"], row["at"], **kept, state=HandedState(row["state"]), row=row["id"])
