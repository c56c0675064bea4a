"""One SQLite file: private, durable, every content encrypted.

A row has in the clear what is needed to find it (ledger index, digest, lane, direction,
state, times). Everything else is one blob, AES-256-GCM under the store key, its additional
data naming table and row, so that no blob can be moved to another. Names in keys that
would tell something (who answered) are replaced by a keyed hash.

What is in the clear is believed because it is tagged, row by row (`clients.store.rows`), and
because a keyed sum over the rows of each table is kept in the transaction that changes them.

Several processes may have the file open (`clients.line.lock` says who may do what). Each
transaction takes the write lock at its beginning, so that what it reads stays true to its end.

Against a disk that forgets: what is in the clear stands in an index too, every column of it,
and rows are compared with indexes when the file is opened; a blob is checked when it is read.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from clients.errors import ClientError, LocalCode
from clients.store.schema import MIGRATIONS, Foreign, compare, listing, statements
from clients.store.seals import NONCE_BYTES, Seals
from clients.store.sums import Sums
from schemas.errors import Code, SeraiError

_CORRUPT: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
PATIENCE_S: Final = 5.0
"""How long is waited for others who write."""

_BUSY: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_SUMS: Final = "sums"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def check_private(path: Path) -> None:
    """Refuse a store that other users of the machine could read.

    Raises:
        SeraiError: ``not_permitted``, saying what to do.
    """
    for target, mode in ((path.parent, "700"), (path, "600")):
        if target.stat().st_mode & _OTHERS:
            raise ClientError(LocalCode.OPEN_TO_OTHERS, path=target, mode=mode)


def create_private(path: Path) -> None:
    """Make an empty file 0600, in a folder 0700 if there was none.

    Raises:
        SeraiError: ``not_permitted`` if the folder is open to others.
        FileExistsError: there is such a file.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        check_private(path)
    except SeraiError:
        path.unlink()
        raise


@contextmanager
def _translated() -> Iterator[None]:
    """The one place where the database library's errors become ours; a wrong statement stays a fault of the program."""
    try:
        yield
    except UnicodeDecodeError as error:  # the driver cannot even tell what is wrong
        raise SeraiError(Code.DAMAGED, "the own store: not UTF-8") from error
    except sqlite3.DatabaseError as error:
        # Without a code it comes from the driver, which met a text that is none.
        if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF in _CORRUPT:
            raise SeraiError(Code.DAMAGED, f"the own store: {error}") from error
        if not isinstance(error, sqlite3.OperationalError):
            raise
        raise SeraiError(Code.STORAGE_FAILED, f"the own store: {error}") from error


class _Cursor(sqlite3.Cursor):
    """A cursor that speaks our errors also where it reads on."""

    def fetchone(self) -> Any:
        with _translated():
            return super().fetchone()

    def fetchall(self) -> list[Any]:
        with _translated():
            return super().fetchall()

    def __next__(self) -> Any:
        with _translated():
            return super().__next__()


class Database:
    """The file, open.

    Args:
        path: of the file, which exists.
        check: whether rows are compared with indexes, which takes as long as the file is large.

    Attributes:
        on_foreign: called inside the transaction in which triggers and the like were found and dropped that nobody
            here made.

    Raises:
        SeraiError: ``not_permitted``; ``storage_failed``, from any method, if the disk is full or
            fails; ``damaged`` if it is none, or one of its tables or indexes is not as it was made; ``store_newer``,
            ``store_in_use`` if it is of another version, and this one cannot go on with it.
    """

    def __init__(self, path: Path, *, check: bool = True) -> None:
        check_private(path)
        self.path = path
        with _translated():
            self._connection = sqlite3.connect(path, isolation_level=None, timeout=PATIENCE_S)
        self._depth = 0
        self._seals: Seals | None = None
        self._sums: Sums | None = None
        self._schema_version = -1
        self.on_foreign: Callable[[Sequence[Foreign]], None] = lambda _: None
        try:
            with _translated():
                self._prepare(check=check)
        except BaseException:
            self._connection.close()
            raise

    def _prepare(self, *, check: bool) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "temp_store=MEMORY"):
            self._connection.execute(f"PRAGMA {pragma}")
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        if version > len(MIGRATIONS):
            raise ClientError(LocalCode.STORE_NEWER, found=version, known=len(MIGRATIONS))
        if 0 < version < len(MIGRATIONS):
            self._migrate_alone()
        elif not version:
            self._migrate()
        if lacking := compare(listing(self._connection))[1]:
            raise SeraiError(Code.DAMAGED, f"the own store: {lacking[0]} is not as it was made")
        if check:
            (found,) = self._connection.execute("PRAGMA integrity_check(1)").fetchone()
            if found != "ok":
                raise SeraiError(Code.DAMAGED, f"the own store: {found}")

    def _migrate_alone(self) -> None:
        """Bring a store up to date while no other process has it: an older program would go on with what it knew.

        SQLite leaves its write-ahead log only where no other connection has the file (sqlite.org/pragma.html).
        """
        self._connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        try:
            (mode,) = self._connection.execute("PRAGMA journal_mode=DELETE").fetchone()
            if mode != "delete":
                raise ClientError(LocalCode.STORE_IN_USE)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in _BUSY:
                raise
            raise ClientError(LocalCode.STORE_IN_USE) from error
        self._migrate()
        for pragma in ("locking_mode=NORMAL", "journal_mode=WAL"):
            self._connection.execute(f"PRAGMA {pragma}").fetchone()

    def _migrate(self) -> None:
        """Bring the tables up to date; of several processes that want to, one does."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            (version,) = self._connection.execute("PRAGMA user_version").fetchone()
            for script in MIGRATIONS[version:]:
                for statement in statements(script):
                    self._connection.execute(statement)
            self._connection.execute(f"PRAGMA user_version={len(MIGRATIONS)}")
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def version(self) -> int:
        """A number that is another after another process, or connection, has changed the file."""
        return int(self.execute("PRAGMA data_version").fetchone()[0])

    def copy_to(self, target: Path) -> None:
        """A consistent copy in another file, which must be empty; others may go on writing.

        Args:
            target: made by `create_private`.
        """
        with _translated(), closing(sqlite3.connect(target)) as copy:
            self._connection.backup(copy)

    def unlock(self, store_key: bytes, entropy: Callable[[int], bytes]) -> None:
        """Give the key of rows and blobs, once it has been unwrapped."""
        self._seals = Seals(store_key, entropy)

    @property
    def seals(self) -> Seals:
        """What seals and tags rows.

        Raises:
            ClientError: ``store_locked``.
        """
        if self._seals is None:
            raise ClientError(LocalCode.STORE_LOCKED)
        return self._seals

    def forget(self) -> None:
        """Overwrite what was deleted or replaced, in the log beside the file too, as far as other readers let it."""
        self.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    def close(self) -> None:
        """Close the file; it must not be used after."""
        self._connection.close()

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        """Run one statement; outside a `transaction` it commits by itself."""
        with _translated():
            return self._connection.cursor(_Cursor).execute(sql, values)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside is on disk after, or nothing of it; may be nested."""
        if self._depth:
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
            return
        self.execute("BEGIN IMMEDIATE")
        self._depth = 1
        try:
            self._drop_foreign()
            yield
            self._keep_sums()
            self.execute("COMMIT")
        except BaseException:
            self._schema_version = -1
            if self._connection.in_transaction:  # a full disk may have rolled it back already
                self.execute("ROLLBACK")
            raise
        finally:
            self._depth = 0
            self._sums = None

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All that is read inside is of one moment; nothing may be written."""
        if self._depth:
            yield
            return
        self.execute("BEGIN")
        try:
            yield
        finally:
            self.execute("ROLLBACK")

    def drop_foreign(self) -> None:
        """Drop what no migration makes: a trigger would work on what is written, a view or table may pass for ours."""
        with _translated():
            foreign, _ = compare(listing(self._connection))
        if foreign:
            with self.transaction():
                """A transaction begins with it."""

    def _drop_foreign(self) -> None:
        """Nothing in the file works on what is written here but what a migration has made."""
        (version,) = self.execute("PRAGMA schema_version").fetchone()
        if version == self._schema_version:
            return
        with _translated():
            foreign, _ = compare(listing(self._connection))
        for each in foreign:
            name = each.name.replace('"', '""')
            self.execute(f'DROP {each.kind} IF EXISTS "{name}"')
        (self._schema_version,) = self.execute("PRAGMA schema_version").fetchone()
        if foreign:
            self.on_foreign(foreign)

    # Sums

    def account(self, table: str, old: bytes | None, new: bytes | None) -> None:
        """Take a row that was changed inside a transaction into the sums (`Sums.changed`)."""
        if self._sums is None:
            self._sums = self.sums() or Sums()
        self._sums = self._sums.changed(table, old, new)

    def set_sums(self, sums: Sums) -> None:
        """Believe other sums, inside a transaction."""
        self._sums = sums

    def sums(self) -> Sums | None:
        """The sums that are kept; ``None`` if there are none, or none of this store's."""
        row = self.execute("SELECT blob FROM sums").fetchone()
        if row is None:
            return None
        blob = bytes(row[0])
        try:
            return Sums.from_json(self.seals.open(_SUMS, 1, blob[:NONCE_BYTES], blob[NONCE_BYTES:]))
        except SeraiError:
            return None

    def _keep_sums(self) -> None:
        if self._sums is None:
            return
        sql = "INSERT INTO sums (id, blob) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET blob = excluded.blob"
        self.execute(sql, b"".join(self.seals.seal(_SUMS, 1, self._sums.to_json())))

    def name(self, *parts: str) -> bytes:
        """A keyed hash that stands for names in the key of a row."""
        return self.seals.name(*parts)
