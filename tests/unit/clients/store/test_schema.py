"""What the tables have in the clear."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from clients.store.schema import MIGRATIONS, TABLES


def test_every_table_is_summed() -> None:
    """No table, and no column of one, lies in the clear without being tagged and summed."""
    with closing(sqlite3.connect(":memory:")) as fresh:
        for script in MIGRATIONS:
            fresh.executescript(script)
        names = {name for (name,) in fresh.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        columns = {name: {row[1] for row in fresh.execute(f"PRAGMA table_info({name})")} for name in names - {"sums"}}
    assert columns == {table.name: {table.key, *table.clear, "stamp", "blob"} for table in TABLES}
