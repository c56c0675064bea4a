"""Statements that go straight to the driver: bound as each driver wants it, read as of one moment."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import bindparam, literal_column, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import Dialect

from broker.adapters.db import tables
from broker.adapters.db.raw import RawChoice, RawStatement, reading
from broker.adapters.db.store import SqlStore

_T: Any = tables.TileRow
_TILE = _T.__table__.c
_QUERY = select(_TILE.hashes).where(_TILE.level == bindparam("level"), _TILE.number == 7)


@pytest.mark.parametrize(
    ("dialect", "text", "values"),
    [
        (sqlite.dialect(), "tile.level = ? AND tile.number = ?", (3, 7)),
        (postgresql.dialect(), "tile.level = %(level)s", {"level": 3, "number_1": 7}),  # type: ignore[no-untyped-call]
    ],
    ids=["by place", "by name"],
)
def test_bound_for_each_driver(dialect: Dialect, text: str, values: Any) -> None:
    """Values go by place or by name, as the driver has it, with those that the statement brings along."""
    for _ in range(2):
        sql, bound = RawStatement(_QUERY).bind(dialect, {"level": 3})
        assert text in sql
        assert bound == values


@pytest.mark.parametrize("count", [1, 3, 64, 300])
def test_each_key_is_found_by_an_index(store: SqlStore, count: int) -> None:
    """Rows of many keys of several columns are found without going through the table, however long it is."""
    choice = RawChoice(select(_TILE.hashes), _TILE.level, _TILE.number)
    [(statement, values)] = choice.split([(0, number) for number in range(count)])
    text, bound = statement.bind(store._engine.dialect, values)
    with store._engine.connect() as connection:
        plan = [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", bound)]
    assert [step for step in plan if step.startswith("SCAN")] == []
    assert [step for step in plan if step.startswith("SEARCH")] != []


def test_a_cursor_that_is_left_early_lets_go(store: SqlStore) -> None:
    """Reading may end before the rows do, and the connection is used again."""
    for _ in range(20):
        with reading(
            store._engine, RawStatement(select(literal_column("1")).union_all(select(_TILE.level))), {}
        ) as rows:
            assert next(rows) == (1,)
