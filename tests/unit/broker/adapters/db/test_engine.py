"""Opening the database: durable, one writer at a time, readers that see one moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from broker.adapters.db.engine import migrate, open_engine


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A database with a table of numbers."""
    made = open_engine(f"sqlite:///{tmp_path / 'hub.db'}")
    with made.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE numbers (number INTEGER, text TEXT)")
    yield made
    made.dispose()


def count(connection: Connection) -> int:
    """How many numbers there are."""
    return int(connection.exec_driver_sql("SELECT count(*) FROM numbers").scalar() or 0)


def insert(connection: Connection, text: str = "") -> None:
    """One more."""
    connection.exec_driver_sql("INSERT INTO numbers VALUES (1, ?)", (text,))


def test_a_commit_is_on_disk_when_it_returns(engine: Engine) -> None:
    """Every connection writes ahead and syncs at each commit, waits for a lock, and keeps references."""
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}
    with engine.connect() as first, engine.connect() as second:
        for connection in (first, second):
            found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
            assert found == wanted


def test_a_reader_sees_one_moment(engine: Engine) -> None:
    """What is committed between two looks of one reading is not seen by the second."""
    with engine.connect() as reader:
        assert count(reader) == 0
        with engine.execution_options(writes=True).begin() as writer:
            insert(writer)
        assert count(reader) == 0
    with engine.connect() as reader:
        assert count(reader) == 1


def test_a_writer_takes_the_lock_at_once(engine: Engine) -> None:
    """Who will write locks before it reads, so that nothing it read can change under it; readers do not wait."""
    writing = engine.execution_options(writes=True)
    with writing.begin() as writer:
        assert count(writer) == 0
        with engine.connect() as other:
            assert count(other) == 0
            other.exec_driver_sql("PRAGMA busy_timeout=0")
            with pytest.raises(OperationalError, match="locked"):
                insert(other)
        insert(writer)
    with engine.connect() as reader:
        assert count(reader) == 1


def test_what_breaks_is_rolled_back(engine: Engine) -> None:
    """An exception within a transaction undoes it whole, also changes of the schema."""
    with suppress(ZeroDivisionError), engine.begin() as connection:
        insert(connection)
        connection.exec_driver_sql("CREATE TABLE other (number INTEGER)")
        raise ZeroDivisionError
    with engine.connect() as connection:
        assert count(connection) == 0
        tables = connection.exec_driver_sql("SELECT name FROM sqlite_master").scalars().all()
    assert tables == ["numbers"]


def test_a_migration_that_breaks_leaves_the_schema_as_it_was(engine: Engine) -> None:
    """Schema and version change together or not at all."""
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE watch (number INTEGER)")
    with pytest.raises(OperationalError, match="already exists"):
        migrate(engine)
    with engine.begin() as connection:
        tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
        assert set(tables) == {"numbers", "watch"}
        connection.exec_driver_sql("DROP TABLE watch")
    migrate(engine)


def test_a_text_that_the_disk_changed_can_be_read(engine: Engine) -> None:
    """Bytes that are no UTF-8 any more come as a text that is another one, not as a fault."""
    with engine.begin() as connection:
        insert(connection, "grüß")
        connection.exec_driver_sql("UPDATE numbers SET text = CAST(x'61ff62' AS TEXT) WHERE number = 1")
        assert connection.exec_driver_sql("SELECT text FROM numbers").scalar() == "a\ufffdb"
