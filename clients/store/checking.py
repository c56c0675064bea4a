"""Whether a store is as Serai wrote it, and what is done where it is not.

Whoever can write the file, and has no key, can change what lies in the clear, delete rows, or put older ones back.
A changed row shows by its tag, one that is missing, added or older by the sum of its table. A file that is an older
one as a whole does not show here: the ledger tells (`clients.line.audit`).

Nothing is judged away: what was changed becomes again what it was sealed as, so that an alert that was hidden is shown
again and a statement that was kept back goes out; what is missing is fetched again from the hub. The caller tells a
person (`clients.store.Store`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from clients.store.database import Database
from clients.store.rows import TableRows
from clients.store.schema import KEYSTORE, TABLES, Table
from clients.store.seals import NONCE_BYTES, Key, digest_nonce
from clients.store.sums import Sum, Sums
from schemas.errors import SeraiError


@dataclass(frozen=True, slots=True)
class TableFault:
    """A table that is not as it was written.

    Attributes:
        table: its name.
        expected: how many rows it should have.
        found: how many it has.
        changed: keys of the rows that were changed, as text.
        lost: of these, the ones whose content was changed too.
    """

    table: str
    expected: int
    found: int
    changed: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()

    def __str__(self) -> str:
        """For people, in a line."""
        parts = [f"{self.table}: {self.found} rows, {self.expected} expected"]
        parts += [f"changed: {', '.join(self.changed)}"] if self.changed else []
        parts += [f"lost: {', '.join(self.lost)}"] if self.lost else []
        return "; ".join(parts)


def check_store(database: Database, *, contents: bool = False) -> list[TableFault]:
    """Compare every row with its tag, and the rows of each table with its sum.

    Args:
        database: unlocked.
        contents: whether each content is opened too, which reads the whole file.
    """
    with database.snapshot():
        sums = database.sums()
        if sums is None and database.execute("SELECT 1 FROM keystore").fetchone() is None:
            return []  # nothing was written yet
        found = (_check_table(database, table, sums or Sums(), contents=contents) for table in TABLES)
        return [fault for fault in found if fault is not None]


def _check_table(database: Database, table: Table, sums: Sums, *, contents: bool) -> TableFault | None:
    elements, changed = [], []
    for row, is_good in _judged(database, table, contents=contents):
        elements.append(database.seals.element(table.name, row[-1]))
        if not is_good:
            changed.append(row[0])
    expected, found = sums.table(table.name), Sum.over(elements)
    if found == expected and not changed:
        return None
    return TableFault(table.name, max(0, expected.count), found.count, tuple(map(_key_text, changed)))


def _judged(database: Database, table: Table, *, contents: bool) -> Iterator[tuple[Sequence[Any], bool]]:
    """TableRows without their blobs, and whether each is as it was written."""
    is_stamped, name = database.seals.is_stamped, table.name
    if not contents:  # from an index that has all of this
        for row in database.execute(f"SELECT {table.columns} FROM {name}"):  # noqa: S608 - names of columns
            yield row, is_stamped(name, row[:-1], row[-1])
        return
    sql = f"SELECT {table.columns}, blob FROM {name} NOT INDEXED"  # noqa: S608 - names of columns
    for *row, blob in database.execute(sql):
        yield row, is_stamped(name, row[:-1], row[-1]) and _opens(database, table, row, blob)


def _opens(database: Database, table: Table, row: Sequence[Any], blob: bytes) -> bool:
    nonce = bytes(row[-1][:NONCE_BYTES])
    if table is KEYSTORE:
        return nonce == digest_nonce(blob)
    try:
        database.seals.open_own(table.name, row[0], nonce, blob)
    except SeraiError:
        return False
    return True


def _key_text(key: Key) -> str:
    return key.hex() if isinstance(key, bytes) else str(key)


def make_good(database: Database, *, contents: bool = False) -> list[TableFault]:
    """Give changed rows the columns that they were sealed with, and believe the rows that are there.

    TableRows that are lost or missing are not made up: the caller fetches them anew, and tells a person.

    Returns:
        What was found, in the transaction in which it is made good.
    """
    with database.transaction():
        if not (faults := check_store(database, contents=contents)):
            return []
        tables = {table.name: table for table in TABLES}
        made = [_make_table_good(database, tables[fault.table], fault, contents=contents) for fault in faults]
        database.set_sums(Sums({table.name: _sum_of(database, table) for table in TABLES}))
        return made


def _make_table_good(database: Database, table: Table, fault: TableFault, *, contents: bool) -> TableFault:
    rows = TableRows(database, table)
    keys = [row[0] for row, is_good in _judged(database, table, contents=contents) if not is_good]
    if table is KEYSTORE and keys:  # it was opened with the passphrase
        (blob,) = database.execute("SELECT blob FROM keystore").fetchone()
        rows.put_wrapped(keys[0], digest_nonce(blob), blob)
        keys = []
    return replace(fault, lost=tuple(_key_text(key) for key in rows.rebuild(keys)))


def _sum_of(database: Database, table: Table) -> Sum:
    stamps = database.execute(f"SELECT stamp FROM {table.name}")  # noqa: S608 - names of columns
    return Sum.over(database.seals.element(table.name, stamp) for (stamp,) in stamps)
