"""One SQLite file: private, durable, every content encrypted.

A row has in the clear what is needed to find it (ledger index, digest, lane, direction,
state, times). Everything else is one blob, AES-256-GCM under the store key, its additional
data naming table and row, so that no blob can be moved to another. Names in keys that
would tell something (who answered) are replaced by a keyed hash.

Several processes may have the file open (`clients.holder` says who may do what). Each
transaction takes the write lock at its beginning, so that what it reads stays true to its end.

Against a disk that forgets: what is in the clear stands in an index too, every column of it,
and rows are compared with indexes when the file is opened; a blob is checked when it is read.
"""

from __future__ import annotations

import hmac
import json
import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from schemas.encoding import decode_json, encode_json
from schemas.errors import Code, SeraiError

MIGRATIONS: Final = (
    # Some indexes have columns that no query needs: so that each stands in the file twice.
    """
    CREATE TABLE keystore (id INTEGER PRIMARY KEY CHECK (id = 1), wrapped BLOB NOT NULL) STRICT;
    CREATE TABLE meta (name TEXT PRIMARY KEY, blob BLOB NOT NULL) STRICT;
    -- Every statement with a place in the ledger that this client has met, once.
    CREATE TABLE item (
        seq INTEGER PRIMARY KEY,
        digest TEXT NOT NULL UNIQUE,
        place INTEGER,               -- ledger index; null once a new epoch has dropped it
        accepted_at INTEGER NOT NULL,
        type INTEGER NOT NULL,
        lane TEXT NOT NULL,
        mine INTEGER NOT NULL,       -- signed by the own member
        inbox INTEGER NOT NULL,      -- a dispatch for the own member, to be shown
        taken INTEGER NOT NULL,      -- shown to the application
        met_at INTEGER NOT NULL,
        blob BLOB NOT NULL
    ) STRICT;
    CREATE INDEX item_place ON item (place, accepted_at, type, lane, mine, inbox, taken, met_at);
    CREATE INDEX item_untaken ON item (lane, seq) WHERE inbox = 1 AND taken = 0;
    -- What recipients did with a dispatch; id is a keyed hash of digest, member and outcome.
    CREATE TABLE outcome (
        id BLOB PRIMARY KEY, digest TEXT NOT NULL, outcome TEXT NOT NULL, at INTEGER NOT NULL, blob BLOB NOT NULL
    ) STRICT;
    CREATE INDEX outcome_digest ON outcome (digest, outcome, at);
    -- Recipients of own dispatches who have not confirmed yet; id is a keyed hash of digest and member.
    CREATE TABLE awaited (
        id BLOB PRIMARY KEY, digest TEXT NOT NULL, due_at INTEGER NOT NULL, blob BLOB NOT NULL
    ) STRICT;
    CREATE INDEX awaited_due ON awaited (due_at, digest);
    -- Receipts that are to be signed.
    CREATE TABLE due (
        seq INTEGER PRIMARY KEY,
        digest TEXT NOT NULL UNIQUE,
        outcome TEXT NOT NULL,
        lane TEXT NOT NULL,
        blob BLOB NOT NULL
    ) STRICT;
    CREATE INDEX due_clear ON due (outcome, lane);
    -- Recipients who asked for a dispatch under a new key.
    CREATE TABLE reseal (id BLOB PRIMARY KEY, digest TEXT NOT NULL, blob BLOB NOT NULL) STRICT;
    CREATE INDEX reseal_digest ON reseal (digest);
    CREATE TABLE outbox (
        id INTEGER PRIMARY KEY,
        rank INTEGER NOT NULL,       -- 0 urgent, 1 normal
        state TEXT NOT NULL,         -- drafted, signed, accepted, refused
        digest TEXT,
        place INTEGER,
        code TEXT,                   -- why it was refused
        made_at INTEGER NOT NULL,
        blob BLOB NOT NULL
    ) STRICT;
    CREATE INDEX outbox_waiting ON outbox (rank, id) WHERE state IN ('drafted', 'signed');
    CREATE UNIQUE INDEX outbox_digest ON outbox (digest);
    CREATE INDEX outbox_clear ON outbox (rank, state, place, code, made_at);
    -- Checkpoint notes that others have seen, until an audit has compared them.
    CREATE TABLE view (id TEXT PRIMARY KEY, size INTEGER NOT NULL, blob BLOB NOT NULL) STRICT;
    CREATE INDEX view_size ON view (size);
    CREATE TABLE alarm (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, blob BLOB NOT NULL) STRICT;
    CREATE INDEX alarm_clear ON alarm (at, kind);
    """,
    """
    -- What refers to a dispatch; target is a keyed hash of its digest, id one of target, source and relation.
    CREATE TABLE reference (id BLOB PRIMARY KEY, target TEXT NOT NULL, blob BLOB NOT NULL) STRICT;
    CREATE INDEX reference_target ON reference (target);
    """,
)
"""What makes a store from the one before; ``user_version`` counts how many have run."""

_CORRUPT: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_NONCE_BYTES = 12
_MAX_MEMBERS = 1 << 20
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def check_private(path: Path) -> None:
    """Refuse a store that other users of the machine could read.

    Raises:
        SeraiError: ``not_permitted``, saying what to do.
    """
    for target, mode in ((path.parent, "700"), (path, "600")):
        if target.stat().st_mode & _OTHERS:
            raise SeraiError(Code.NOT_PERMITTED, f"{target} is open to other users; chmod {mode} {target}")


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

    Raises:
        SeraiError: ``not_permitted``; ``storage_failed``, from any method, if the disk is full or
            fails; ``damaged`` if a newer version of the program wrote it, or it is none.
    """

    def __init__(self, path: Path, *, check: bool = True) -> None:
        check_private(path)
        self.path = path
        with _translated():
            self._connection = sqlite3.connect(path, isolation_level=None, timeout=5.0)
        self._depth = 0
        self._cipher: AESGCM | None = None
        self._name_key = b""
        self._entropy: Callable[[int], bytes] | None = None
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
            raise SeraiError(Code.DAMAGED, f"a store of version {version}; this program knows {len(MIGRATIONS)}")
        if version < len(MIGRATIONS):
            self._migrate()
        if check:
            (found,) = self._connection.execute("PRAGMA integrity_check(1)").fetchone()
            if found != "ok":
                raise SeraiError(Code.DAMAGED, f"the own store: {found}")

    def _migrate(self) -> None:
        """Bring the tables up to date; of several processes that want to, one does."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            (version,) = self._connection.execute("PRAGMA user_version").fetchone()
            for script in MIGRATIONS[version:]:
                for statement in _statements(script):
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
        """Give the key of the blobs, once it has been unwrapped."""
        self._cipher = AESGCM(store_key)
        self._name_key = hmac.digest(store_key, b"serai names of rows", "sha256")
        self._entropy = entropy

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
            yield
            self.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:  # a full disk may have rolled it back already
                self.execute("ROLLBACK")
            raise
        finally:
            self._depth = 0

    def name(self, *parts: str) -> bytes:
        """A keyed hash that stands for names in the key of a row."""
        return hmac.digest(self._name_key, "\0".join(parts).encode(), "sha256")

    def seal(self, table: str, row: str | bytes | int, value: Any) -> bytes:
        """The blob of a JSON value that belongs into one row of one table."""
        cipher, entropy = self._unlocked()
        nonce = entropy(_NONCE_BYTES)
        return nonce + cipher.encrypt(nonce, encode_json(value).encode(), _bound(table, row))

    def open(self, table: str, row: str | bytes | int, blob: bytes) -> Any:
        """The value of a blob.

        Raises:
            SeraiError: ``damaged`` if it was changed or belongs elsewhere.
        """
        return decode_json(self._decrypt(table, row, blob), _MAX_MEMBERS)

    def open_own(self, table: str, row: str | bytes | int, blob: bytes) -> Any:
        """The same, four times as quick, for looking through many: what was sealed here is not judged as JSON anew.

        Raises:
            SeraiError: ``damaged`` as by `open`.
        """
        return json.loads(self._decrypt(table, row, blob))

    def _decrypt(self, table: str, row: str | bytes | int, blob: bytes) -> bytes:
        try:
            return self._unlocked()[0].decrypt(blob[:_NONCE_BYTES], blob[_NONCE_BYTES:], _bound(table, row))
        except (InvalidTag, ValueError):
            raise SeraiError(Code.DAMAGED, f"a row of {table} in the own store") from None

    def _unlocked(self) -> tuple[AESGCM, Callable[[int], bytes]]:
        if self._cipher is None or self._entropy is None:
            raise SeraiError(Code.NOT_PERMITTED, "the store is locked")
        return self._cipher, self._entropy


def _statements(script: str) -> Iterator[str]:
    """The single statements of a script: `executescript` would commit before it begins."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _bound(table: str, row: str | bytes | int) -> bytes:
    return f"serai store 1\0{table}\0".encode() + (row if isinstance(row, bytes) else str(row).encode())
