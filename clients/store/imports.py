"""Which lines of which files have been put into the outbox: so that none is sent twice."""

from __future__ import annotations

from clients.store.database import Database


class Imports:
    """One row for each line; its name is a keyed hash, so that nothing tells which file it was."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def outgoing(self, file: str, line: int) -> int | None:
        """The row of the outbox that a line became; ``None`` if it became none.

        Args:
            file: digest of its content.
            line: number of the line.
        """
        name = self._name(file, line)
        row = self._database.execute("SELECT blob FROM meta WHERE name = ?", name).fetchone()
        return None if row is None else int(self._database.open("meta", name, row[0])["outgoing"])

    def record(self, file: str, line: int, outgoing: int) -> None:
        """Remember what a line became; belongs into the transaction that puts it into the outbox."""
        name = self._name(file, line)
        blob = self._database.seal("meta", name, {"outgoing": outgoing})
        self._database.execute("INSERT OR REPLACE INTO meta (name, blob) VALUES (?, ?)", name, blob)

    def _name(self, file: str, line: int) -> str:
        return f"import {self._database.name('import', file, str(line)).hex()}"
