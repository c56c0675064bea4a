"""Which lines of which files have been put into the outbox: so that none is sent twice."""

from __future__ import annotations

from clients.store.database import Database
from clients.store.rows import TableRows
from clients.store.schema import META


class Imports:
    """A row for each line, and one for what it says; their names are keyed hashes: nothing tells which file it was."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rows = TableRows(database, META)

    def outgoing(self, file: str, line: int) -> int | None:
        """The row of the outbox that a line became; ``None`` if it became none.

        Args:
            file: digest of its content.
            line: number of the line.
        """
        found = self._rows.value(self._line(file, line))
        return None if found is None else int(found["outgoing"])

    def is_repeated(self, file: str, text: str) -> bool:
        """Whether a line of another file said just this.

        Args:
            file: digest of the content of this one.
            text: what the line says.
        """
        found = self._rows.value(self._text(text))
        return found is not None and found["file"] != file

    def record(self, file: str, line: int, text: str, outgoing: int) -> None:
        """Remember what a line became; belongs into the transaction that puts it into the outbox.

        Args:
            file: digest of its content.
            line: number of the line.
            text: what it says; the first file that said it is remembered.
            outgoing: row of the outbox.
        """
        self._rows.put(self._line(file, line), {"outgoing": outgoing})
        self._rows.add(self._text(text), {"file": file})

    def _line(self, file: str, line: int) -> str:
        return f"import {self._database.name('import', file, str(line)).hex()}"

    def _text(self, text: str) -> str:
        return f"imported {self._database.name('imported', text).hex()}"
