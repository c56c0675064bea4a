"""TableRows of one table: the one way in which a store is written, and in which its clear columns are believed.

What is written is tagged and added to the sum of the table in the same transaction; what is read is as it was written
or is refused. A row that is not there cannot be refused: the sums tell of it (`clients.store.checking`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from clients.store.database import Database
from clients.store.schema import Table
from clients.store.seals import NONCE_BYTES, Key, damaged
from schemas.errors import SeraiError

_CLEAR, _VALUE = 0, 1  # a content is the clear columns as they were when it was sealed, and the value


class TableRows:
    """The rows of a table.

    Args:
        database: the file, unlocked.
        table: which.
    """

    def __init__(self, database: Database, table: Table) -> None:
        self._database = database
        self._table = table
        self._names: Final = (table.key, *table.clear, "stamp")

    # Reading

    def find(self, where: str, *values: Any) -> Iterator[dict[str, Any]]:
        """Clear columns of rows, without their contents, as they were written.

        Args:
            where: what comes after WHERE: a condition, and ORDER BY and LIMIT if wanted.
            values: of its question marks.

        Raises:
            SeraiError: ``damaged`` at a row that was changed from outside.
        """
        sql = f"SELECT {self._table.columns} FROM {self._table.name} WHERE {where}"  # noqa: S608 - names of columns
        for row in self._database.execute(sql, *values).fetchall():
            yield self._verified(row)

    def first(self, where: str, *values: Any) -> dict[str, Any] | None:
        """The first of what `find` gives."""
        return next(self.find(f"{where} LIMIT 1", *values), None)

    def get(self, key: Key) -> dict[str, Any] | None:
        """Clear columns of the row of a key."""
        return self.first(f"{self._table.key} = ?", key)

    def sound(self, key: Key) -> dict[str, Any] | None:
        """The same; ``None`` too if it was changed from outside, for whoever writes it anew as a whole."""
        stored = self._stored(key)
        is_sound = stored is not None and self._database.seals.is_stamped(self._table.name, stored[:-1], stored[-1])
        return dict(zip(self._names, stored, strict=True)) if stored is not None and is_sound else None

    def read(self, where: str, *values: Any) -> Iterator[tuple[dict[str, Any], Any]]:
        """Clear columns and contents of rows; arguments as for `find`.

        Raises:
            SeraiError: ``damaged`` at a row, or a content, that was changed from outside.
        """
        for found, blob in self._with_blobs(where, values):
            opened = self._database.seals.open(self._table.name, found[self._table.key], _nonce(found), blob)
            yield found, opened[_VALUE]

    def skim(self, where: str, *values: Any) -> Iterator[tuple[dict[str, Any], Any]]:
        """The same as `read`, quicker, for looking through many."""
        for found, blob in self._with_blobs(where, values):
            opened = self._database.seals.open_own(self._table.name, found[self._table.key], _nonce(found), blob)
            yield found, opened[_VALUE]

    def value(self, key: Key) -> Any:
        """The content of the row of a key; ``None`` if there is no such row."""
        return next((value for _, value in self.read(f"{self._table.key} = ?", key)), None)

    def _with_blobs(self, where: str, values: Sequence[Any]) -> Iterator[tuple[dict[str, Any], bytes]]:
        sql = f"SELECT {self._table.columns}, blob FROM {self._table.name} WHERE {where}"  # noqa: S608 - as above
        for row in self._database.execute(sql, *values).fetchall():
            yield self._verified(row[:-1]), row[-1]

    def _verified(self, row: tuple[Any, ...]) -> dict[str, Any]:
        if not self._database.seals.is_stamped(self._table.name, row[:-1], row[-1]):
            raise damaged(self._table.name)
        return dict(zip(self._names, row, strict=True))

    # Writing

    def put(self, key: Key, value: Any, **clear: Any) -> None:
        """Write a row as a whole, in place of one of the same key.

        Args:
            key: of the row.
            value: its content, JSON.
            clear: every clear column; the one that numbers rows may be left out.
        """
        with self._database.transaction():
            old = self._stored(key)
            ordered = self._ordered(clear)
            row = [_plain(ordered[name]) for name in self._table.clear]
            nonce, blob = self._database.seals.seal(self._table.name, key, [[_as_json(each) for each in row], value])
            self._write(old, (_plain(key), *row), nonce, blob)

    def add(self, key: Key, value: Any, **clear: Any) -> bool:
        """Write a row if there is none of its key; returns whether there was none. Arguments as for `put`."""
        with self._database.transaction():
            if self._stored(key) is not None:
                return False
            self.put(key, value, **clear)
        return True

    def clear(self, key: Key) -> dict[str, Any]:
        """Clear columns of a row, as `put` takes them; none if there is no such row."""
        found = self.get(key) or {}
        return {name: found[name] for name in self._table.clear if name in found}

    def put_wrapped(self, key: Key, nonce: bytes, blob: bytes) -> None:
        """Write a row whose content is not sealed under the store key."""
        with self._database.transaction():
            self._write(self._stored(key), (key,), nonce, blob)

    def change(self, key: Key, **clear: Any) -> None:
        """Change clear columns of a row; its content stays.

        Raises:
            LookupError: there is no such row.
            SeraiError: ``damaged`` if it was changed from outside: that is not made good here.
        """
        with self._database.transaction():
            found = self.get(key)
            if found is None:
                raise LookupError(f"no row {key!r} of {self._table.name}")
            self._restamp(found, {**found, **clear})

    def _restamp(self, found: Mapping[str, Any], changed: Mapping[str, Any]) -> None:
        """Change clear columns of a row that is there."""
        name, key = self._table.name, found[self._table.key]
        row = (key, *(_plain(changed[column]) for column in self._table.clear))
        stamp = self._database.seals.stamp(name, row, _nonce(found))
        assigned = ", ".join(f"{column} = ?" for column in (*self._table.clear, "stamp"))
        sql = f"UPDATE {name} SET {assigned} WHERE {self._table.key} = ?"  # noqa: S608 - names of columns
        self._database.execute(sql, *row[1:], stamp, key)
        self._account(tuple(found[column] for column in self._names), (*row, stamp))

    def drop(self, key: Key) -> None:
        """Delete a row, if there is one."""
        with self._database.transaction():
            old = self._stored(key)
            if old is None:
                return
            sql = f"DELETE FROM {self._table.name} WHERE {self._table.key} = ?"  # noqa: S608 - names of columns
            self._database.execute(sql, key)
            self._account(old, None)

    def drop_all(self, where: str, *values: Any) -> None:
        """Delete what `find` gives."""
        with self._database.transaction():
            for found in list(self.find(where, *values)):
                self.drop(found[self._table.key])

    def next_number(self, column: str) -> int:
        """The number after the greatest of a column; belongs into the transaction that writes it."""
        sql = f"SELECT coalesce(max({column}), 0) + 1 FROM {self._table.name}"  # noqa: S608 - names of columns
        return int(self._database.execute(sql).fetchone()[0])

    def rebuild(self, keys: Sequence[Key]) -> list[Key]:
        """Give rows that were changed from outside the clear columns that they were sealed with.

        Args:
            keys: of the rows.

        Returns:
            Those whose content was changed too: they have been deleted.
        """
        with self._database.transaction():
            held = [(key, self._sealed_with(key)) for key in keys]
            for key in keys:
                self.drop(key)  # all of them first: one may have the number of another
            return [key for key, sealed in held if not self._put_back(key, *sealed)]

    def _sealed_with(self, key: Key) -> tuple[list[Any] | None, bytes, bytes]:
        """The clear columns that a row was sealed with, its nonce and its blob."""
        sql = f"SELECT stamp, blob FROM {self._table.name} WHERE {self._table.key} = ?"  # noqa: S608 - as above
        stamp, blob = self._database.execute(sql, key).fetchone()
        nonce = bytes(stamp[:NONCE_BYTES])
        try:
            sealed = self._database.seals.open(self._table.name, key, nonce, blob)[_CLEAR]
            return [bytes.fromhex(each[0]) if isinstance(each, list) else each for each in sealed], nonce, blob
        except SeraiError:
            return None, nonce, blob

    def _put_back(self, key: Key, clear: list[Any] | None, nonce: bytes, blob: bytes) -> bool:
        if clear is None:
            return False
        order = self._table.order
        if order is not None and self.first(f"{order} = ?", number := clear[self._table.clear.index(order)]):
            clear = [self.next_number(order) if each is number else each for each in clear]
        try:
            self._write(None, (key, *clear), nonce, blob)
        except sqlite3.IntegrityError:  # another row has what only one may have
            return False
        return True

    def _ordered(self, clear: dict[str, Any]) -> dict[str, Any]:
        order = self._table.order
        return {order: self.next_number(order), **clear} if order is not None and order not in clear else clear

    def _stored(self, key: Key) -> tuple[Any, ...] | None:
        sql = f"SELECT {self._table.columns} FROM {self._table.name} WHERE {self._table.key} = ?"  # noqa: S608 - as above
        row: tuple[Any, ...] | None = self._database.execute(sql, key).fetchone()
        return row

    def _write(self, old: tuple[Any, ...] | None, row: tuple[Any, ...], nonce: bytes, blob: bytes) -> None:
        name, stamp = self._table.name, self._database.seals.stamp(self._table.name, row, nonce)
        columns = (*self._table.clear, "stamp", "blob")
        assigned = ", ".join(f"{column} = excluded.{column}" for column in columns)
        marks = ", ".join("?" * (len(columns) + 1))
        sql = (
            f"INSERT INTO {name} ({self._table.columns}, blob) VALUES ({marks})"  # noqa: S608 - names of columns
            f" ON CONFLICT ({self._table.key}) DO UPDATE SET {assigned}"
        )
        self._database.execute(sql, *row, stamp, blob)
        self._account(old, (*row, stamp))

    def _account(self, old: tuple[Any, ...] | None, new: tuple[Any, ...] | None) -> None:
        seals, name = self._database.seals, self._table.name
        elements = [None if row is None else seals.element(name, row[-1]) for row in (old, new)]
        self._database.account(name, *elements)


def _plain(value: Any) -> Any:
    """A value as the database gives it back: an address is text, a truth a number."""
    if isinstance(value, str):
        return str.__str__(value)
    return int(value) if isinstance(value, bool) else value


def _as_json(value: Any) -> Any:
    """A column as it stands in a sealed content: bytes are a list, which no column is."""
    return [value.hex()] if isinstance(value, bytes) else value


def _nonce(found: Mapping[str, Any]) -> bytes:
    return bytes(found["stamp"][:NONCE_BYTES])
