"""The file: private, encrypted, all or nothing."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from clients.store.database import MIGRATIONS, Database, check_private, create_private
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
    database.execute("INSERT INTO meta VALUES ('a', x'00')")
    modes = {file.name: file.stat().st_mode & 0o777 for file in (path.parent, *path.parent.iterdir())}
    assert modes == {"desk": 0o700, "serai.db": 0o600, "serai.db-wal": 0o600, "serai.db-shm": 0o600}


@pytest.mark.parametrize("name", ["desk", "desk/serai.db"])
def test_open_doors_are_refused(tmp_path: Path, path: Path, name: str) -> None:
    """A store that other users could read is not opened; the refusal says what to do."""
    (tmp_path / name).chmod(0o750)
    with refused(Code.NOT_PERMITTED, "chmod"):
        Database(path)


def test_create_leaves_nothing_in_an_open_folder(tmp_path: Path) -> None:
    """Where the folder is open, no file is left behind."""
    tmp_path.chmod(0o755)
    with refused(Code.NOT_PERMITTED):
        create_private(tmp_path / "serai.db")
    assert list(tmp_path.iterdir()) == []


def test_private_check_passes_for_the_owner(path: Path) -> None:
    """A file made here passes its own check."""
    check_private(path)


def test_blob_comes_back(database: Database) -> None:
    """What was sealed for a row is opened for that row."""
    assert database.open("item", "a", database.seal("item", "a", {"x": [1, "ж"]})) == {"x": [1, "ж"]}


@pytest.mark.parametrize(("table", "row"), [("item", "b"), ("outbox", "a"), ("item", 7), ("item", b"\xff")])
def test_blob_cannot_be_moved(database: Database, table: str, row: str | int | bytes) -> None:
    """A blob opens in no other row and no other table."""
    blob = database.seal("item", "a", 1)
    with refused(Code.DAMAGED, table):
        database.open(table, row, blob)


def test_changed_blob_is_damage(database: Database) -> None:
    """A flipped bit is noticed."""
    blob = bytearray(database.seal("item", "a", 1))
    blob[-1] ^= 1
    with refused(Code.DAMAGED):
        database.open("item", "a", bytes(blob))


def test_locked_database_opens_nothing(path: Path) -> None:
    """Without the store key nothing can be sealed or opened."""
    with refused(Code.NOT_PERMITTED, "locked"):
        Database(path).seal("item", "a", 1)


def test_names_are_hidden_and_steady(database: Database, path: Path) -> None:
    """The same parts give the same name, others another, and under another key too."""
    other = Database(path)
    other.unlock(b"o" * 32, bytes)
    assert database.name("a", "b") == database.name("a", "b")
    assert len({database.name("a", "b"), database.name("ab"), database.name("b", "a"), other.name("a", "b")}) == 4


def test_transaction_is_all_or_nothing(database: Database) -> None:
    """A fault inside undoes everything, what an inner transaction wrote included."""

    def fail() -> None:
        with database.transaction():
            with database.transaction():
                database.execute("INSERT INTO meta VALUES ('a', x'00')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert database.execute("SELECT count(*) FROM meta").fetchone() == (0,)
    with database.transaction():
        database.execute("INSERT INTO meta VALUES ('a', x'00')")
    assert database.execute("SELECT count(*) FROM meta").fetchone() == (1,)


def test_writes_are_durable(database: Database) -> None:
    """Every commit waits for the disk."""
    assert database.execute("PRAGMA synchronous").fetchone() == (2,)
    assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_newer_store_is_not_opened(path: Path, database: Database) -> None:
    """A store that a later program wrote is refused, not guessed at."""
    database.execute(f"PRAGMA user_version={len(MIGRATIONS) + 1}")
    database.close()
    with refused(Code.DAMAGED, "version"):
        Database(path)


def test_migrations_run_once(path: Path, database: Database) -> None:
    """Opening again keeps what is there."""
    database.execute("INSERT INTO meta VALUES ('a', x'00')")
    database.close()
    assert Database(path).execute("SELECT name FROM meta").fetchall() == [("a",)]
    assert sqlite3.connect(path).execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)


def test_several_processes_may_make_the_tables(path: Path) -> None:
    """Whoever comes second finds the tables made, and leaves them."""
    first, second = Database(path), Database(path)
    before = second.version()
    first.execute("INSERT INTO meta VALUES ('a', x'00')")
    assert second.version() != before
    assert second.execute("SELECT count(*) FROM meta").fetchone() == (1,)
