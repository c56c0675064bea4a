"""The file: private, encrypted, all or nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

import pytest

from clients.errors import LocalCode
from clients.store.database import Database, check_private, create_private
from clients.store.schema import MIGRATIONS, compare, listing
from schemas.errors import Code
from tests.support.refusals import refused

KEY = b"k" * 32


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A private file."""
    path = tmp_path / "desk" / "serai.db"
    create_private(path)
    return path


@pytest.fixture
def database(path: Path) -> Database:
    """An unlocked database."""
    database = Database(path)
    database.unlock(KEY, bytes)
    return database


def test_file_and_folder_are_private(path: Path, database: Database) -> None:
    """File, side files and folder are open to their owner only."""
    database.execute("INSERT INTO meta VALUES ('a', x'00', x'00')")
    modes = {file.name: file.stat().st_mode & 0o777 for file in (path.parent, *path.parent.iterdir())}
    assert modes == {"desk": 0o700, "serai.db": 0o600, "serai.db-wal": 0o600, "serai.db-shm": 0o600}


@pytest.mark.parametrize("name", ["desk", "desk/serai.db"])
def test_open_doors_are_refused(tmp_path: Path, path: Path, name: str) -> None:
    """A store that other users could read is not opened; the refusal says what to do."""
    (tmp_path / name).chmod(0o750)
    with refused(LocalCode.OPEN_TO_OTHERS, "open to other users"):
        Database(path)


def test_create_leaves_nothing_in_an_open_folder(tmp_path: Path) -> None:
    """Where the folder is open, no file is left behind."""
    tmp_path.chmod(0o755)
    with refused(LocalCode.OPEN_TO_OTHERS):
        create_private(tmp_path / "serai.db")
    assert list(tmp_path.iterdir()) == []


def test_private_check_passes_for_the_owner(path: Path) -> None:
    """A file made here passes its own check."""
    check_private(path)


def test_locked_database_opens_nothing(path: Path) -> None:
    """Without the store key nothing can be sealed or opened."""
    with refused(LocalCode.STORE_LOCKED, "locked"):
        Database(path).name("a")


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TRIGGER hide AFTER INSERT ON item BEGIN UPDATE item SET inbox = 0; END",
        "CREATE TRIGGER item AFTER INSERT ON item BEGIN UPDATE item SET inbox = 0; END",
        "CREATE VIEW shown AS SELECT * FROM item",
        'CREATE TABLE "their ""own" (a)',
        "CREATE INDEX theirs ON item (blob)",
    ],
)
def test_what_no_migration_makes_is_dropped(path: Path, database: Database, sql: str) -> None:
    """Before anything is written, a trigger and the like that nobody here made are dropped, and it is told."""
    told: list[str] = []
    database.on_foreign = lambda found: told.extend(each.sql for each in found)
    with database.transaction():
        pass
    with closing(sqlite3.connect(path)) as other:
        other.execute(sql)
    for _ in range(2):
        with database.transaction():
            assert compare(listing(database._connection)) == ([], [])
    assert told == [sql]


def test_reserved_name_hides_no_trigger(path: Path, database: Database) -> None:
    """A trigger under a name that only the database may give is dropped like any other."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA writable_schema = ON")
        sql = "CREATE TRIGGER sqlite_x AFTER INSERT ON item BEGIN UPDATE item SET inbox = 0; END"
        other.execute("INSERT INTO sqlite_master VALUES ('trigger', 'sqlite_x', 'item', 0, ?)", (sql,))
        other.execute("PRAGMA schema_version = 9999")
    told: list[str] = []
    database.on_foreign = lambda found: told.extend(each.name for each in found)
    with database.transaction():
        assert compare(listing(database._connection)) == ([], [])
    assert told == ["sqlite_x"]


@pytest.mark.parametrize(
    "sql", ["DROP INDEX item_place", "ALTER TABLE item ADD COLUMN theirs TEXT", "DROP TABLE alarm"]
)
def test_table_that_is_not_as_it_was_made_is_damage(path: Path, database: Database, sql: str) -> None:
    """A store that lacks a table or index, or has it in another form, is not opened as if nothing were."""
    database.execute(sql)
    database.close()
    with refused(Code.DAMAGED, "not as it was made"):
        Database(path)


def test_snapshot_is_of_one_moment(path: Path, database: Database) -> None:
    """What others write meanwhile is not seen inside, and is seen after."""
    with database.snapshot():
        assert database.execute("SELECT count(*) FROM meta").fetchone() == (0,)
        Database(path).execute("INSERT INTO meta VALUES ('a', x'00', x'00')")
        assert database.execute("SELECT count(*) FROM meta").fetchone() == (0,)
    assert database.execute("SELECT count(*) FROM meta").fetchone() == (1,)


def test_transaction_is_all_or_nothing(database: Database) -> None:
    """A fault inside undoes everything, what an inner transaction wrote included."""

    def fail() -> None:
        with database.transaction():
            with database.transaction():
                database.execute("INSERT INTO meta VALUES ('a', x'00', x'00')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert database.execute("SELECT count(*) FROM meta").fetchone() == (0,)
    with database.transaction():
        database.execute("INSERT INTO meta VALUES ('a', x'00', x'00')")
    assert database.execute("SELECT count(*) FROM meta").fetchone() == (1,)


def test_writes_are_durable(database: Database) -> None:
    """Every commit waits for the disk."""
    assert database.execute("PRAGMA synchronous").fetchone() == (2,)
    assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_newer_store_is_not_opened(path: Path, database: Database) -> None:
    """A store that a later program wrote is refused, not guessed at."""
    database.execute(f"PRAGMA user_version={len(MIGRATIONS) + 1}")
    database.close()
    with refused(LocalCode.STORE_NEWER, str(len(MIGRATIONS) + 1)):
        Database(path)


def test_migrations_run_once(path: Path, database: Database) -> None:
    """Opening again keeps what is there."""
    database.execute("INSERT INTO meta VALUES ('a', x'00', x'00')")
    database.close()
    assert Database(path).execute("SELECT name FROM meta").fetchall() == [("a",)]
    assert sqlite3.connect(path).execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)


def test_several_processes_may_make_the_tables(path: Path) -> None:
    """Whoever comes second finds the tables made, and leaves them."""
    first, second = Database(path), Database(path)
    before = second.version()
    first.execute("INSERT INTO meta VALUES ('a', x'00', x'00')")
    assert second.version() != before
    assert second.execute("SELECT count(*) FROM meta").fetchone() == (1,)


def older(path: Path) -> None:
    """Make a store what the version before would have made."""
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("DROP TABLE screen")
        raw.execute("PRAGMA user_version=1")


def test_older_store_is_brought_up_to_date(path: Path, database: Database) -> None:
    """A newer program adds what an older store lacks, keeps what is there, and leaves it as durable as it was."""
    database.execute("INSERT INTO meta VALUES ('a', x'00', x'00')")
    database.close()
    older(path)
    with closing(Database(path)) as found, closing(Database(path)) as second:
        assert found.execute("SELECT name FROM meta").fetchall() == [("a",)]
        assert found.execute("SELECT count(*) FROM screen").fetchone() == (0,)
        second.execute("INSERT INTO meta VALUES ('b', x'00', x'00')")
        assert found.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_store_that_another_process_has_is_not_changed(path: Path, database: Database) -> None:
    """While another has an older store open, a newer program does not bring it up to date, and says why."""
    database.close()
    older(path)
    with closing(sqlite3.connect(path)) as other:
        other.execute("SELECT count(*) FROM meta").fetchone()
        with patch("clients.store.database.PATIENCE_S", 0.1), refused(LocalCode.STORE_IN_USE):
            Database(path)
        assert other.execute("PRAGMA user_version").fetchone() == (1,)
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    Database(path).close()
