"""Which lines of which files have been put into the outbox: so that none is sent twice."""

from __future__ import annotations

from typing import Any

from clients.store.database import Database


class Imports:
    """A row for each line, and one for what it says; their names are keyed hashes: nothing tells which file it was."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def outgoing(self, file: str, line: int) -> int | None:
        """The row of the outbox that a line became; ``None`` if it became none.

        Args:
            file: digest of its content.
            line: number of the line.
        """
        found = self._load(self._line(file, line))
        return None if found is None else int(found["outgoing"])

    def is_repeated(self, file: str, text: str) -> bool:
        """Whether a line of another file said just this.

        Args:
            file: digest of the content of this one.
            text: what the line says.
        """
        found = self._load(self._text(text))
        return found is not None and found["file"] != file

    def record(self, file: str, line: int, text: str, outgoing: int) -> None:
        """Remember what a line became; belongs into the transaction that puts it into the outbox.

        Args:
            file: digest of its content.
            line: number of the line.
            text: what it says; the first file that said it is remembered.
            outgoing: row of the outbox.
        """
        self._save(self._line(file, line), {"outgoing": outgoing})
        if self._load(self._text(text)) is None:
            self._save(self._text(text), {"file": file})

    def _line(self, file: str, line: int) -> str:
        return f"import {self._database.name('import', file, str(line)).hex()}"

    def _text(self, text: str) -> str:
        return f"imported {self._database.name('imported', text).hex()}"

    def _load(self, name: str) -> Any:
        row = self._database.execute("SELECT blob FROM meta WHERE name = ?", name).fetchone()
        return None if row is None else self._database.open("meta", name, row[0])

    def _save(self, name: str, value: dict[str, Any]) -> None:
        blob = self._database.seal("meta", name, value)
        self._database.execute("INSERT OR REPLACE INTO meta (name, blob) VALUES (?, ?)", name, blob)
