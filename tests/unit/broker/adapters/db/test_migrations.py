"""The schema: every migration up and down with rows in every table, and the models are where it leads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from broker.adapters.db import tables
from broker.adapters.db.engine import MIGRATIONS, NEWEST, migrate, open_engine
from broker.adapters.db.store import SqlStore
from schemas.errors import Code
from tests.support.refusals import refused

SCRIPTS = ScriptDirectory(str(MIGRATIONS))
REVISIONS = [script.revision for script in reversed(list(SCRIPTS.walk_revisions()))]
"""From the first to the newest."""

VALUES: dict[type, Any] = {
    sa.LargeBinary: lambda n: bytes([n]) * 43,
    sa.Boolean: lambda n: bool(n % 2),
    sa.Integer: lambda n: n,
    sa.String: lambda n: f"text {n} ü",
}
"""What stands in a column of a kind in the nth row."""


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An empty database."""
    made = open_engine(f"sqlite:///{tmp_path / 'hub.db'}")
    yield made
    made.dispose()


def move(engine: Engine, direction: str, revision: str) -> None:
    """Bring the schema up or down to a revision."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        {"up": command.upgrade, "down": command.downgrade}[direction](config, revision)


def value_of(column: sa.Column[Any], number: int) -> Any:
    """A value for a column, by its kind."""
    return next(make(number) for kind, make in VALUES.items() if isinstance(column.type, kind))


def ours(connection: Connection) -> list[sa.Table]:
    """The tables that are there, but for Alembic's own."""
    found = sa.MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def fill(engine: Engine) -> dict[str, list[Any]]:
    """Put three rows into every table that has none; gives all rows by table."""
    with engine.begin() as connection:
        for table in ours(connection):
            if connection.execute(sa.select(sa.func.count()).select_from(table)).scalar() == 0:
                rows = [{column.name: value_of(column, n) for column in table.c} for n in (1, 2, 3)]
                connection.execute(sa.insert(table), rows)
    return rows_of(engine)


def rows_of(engine: Engine) -> dict[str, list[Any]]:
    """Every row of every table."""
    with engine.begin() as connection:
        return {table.name: sorted(map(tuple, connection.execute(sa.select(table)))) for table in ours(connection)}


def test_revisions_follow_each_other() -> None:
    """There is one way from the first to the newest, numbered in order."""
    assert SCRIPTS.get_heads() == [REVISIONS[-1]] == [NEWEST]
    assert [f"{number:04d}" for number in range(1, len(REVISIONS) + 1)] == REVISIONS


@pytest.mark.parametrize("revision", REVISIONS)
def test_each_migration_goes_up_and_down_with_rows(engine: Engine, revision: str) -> None:
    """Rows that were there before a migration survive it both ways, and rows that it makes room for do not stop it."""
    at = REVISIONS.index(revision)
    before = REVISIONS[at - 1] if at else "base"
    move(engine, "up", before if at else revision)
    kept = fill(engine) if at else {}
    move(engine, "up", revision)
    filled = fill(engine)
    assert all(len(rows) == 3 for rows in filled.values())
    assert set(filled) >= set(kept)
    move(engine, "down", before)
    assert rows_of(engine) == kept
    move(engine, "up", revision)
    assert set(rows_of(engine)) == set(filled)


def test_the_models_are_what_the_migrations_lead_to(engine: Engine) -> None:
    """Nothing is in the models that no migration makes, and nothing is made that no model knows."""
    migrate(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, tables.METADATA) == []


def test_rows_come_through_the_whole_way(engine: Engine) -> None:
    """What a hub of the first version wrote is there at the newest."""
    move(engine, "up", REVISIONS[0])
    first = fill(engine)
    migrate(engine)
    now = rows_of(engine)
    assert {name: len(rows) for name, rows in first.items()} == {name: len(now[name]) for name in first}
    migrate(engine)
    assert rows_of(engine) == now


def test_a_database_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    """A program that does not know the schema says so, and changes nothing."""
    store = SqlStore(f"sqlite:///{tmp_path / 'hub.db'}")
    store.migrate()
    with store._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    for _ in range(2):
        with refused(Code.STORAGE_FAILED, "another version"):
            store.migrate()
    with store._engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == "9999"
    store.close()


def test_a_file_that_is_no_database_is_told_so(tmp_path: Path) -> None:
    """What is there is not taken for an empty database."""
    path = tmp_path / "hub.db"
    path.write_bytes(b"something else" * 1_000)
    store = SqlStore(f"sqlite:///{path}")
    with refused(Code.STORAGE_FAILED):
        store.migrate()
    store.close()
    assert path.read_bytes() == b"something else" * 1_000
