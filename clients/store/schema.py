"""The tables of a store, what each of them has in the clear, and whether the file has just these.

A row is its key, its clear columns, a stamp and a blob. The blob is sealed; the stamp is the blob's nonce and a keyed
tag over table, key, clear columns and nonce (`clients.store.rows`). A keyed sum over all rows of each table stands in
``sums`` (`clients.store.sums`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from typing import Final

MIGRATIONS: Final = (
    # Each table has an index with all that is in the clear, key and stamp in it: so that each of these stands in the
    # file twice, and rows are counted and summed without reading a blob.
    """
    CREATE TABLE keystore (id INTEGER PRIMARY KEY CHECK (id = 1), stamp BLOB NOT NULL, blob BLOB NOT NULL) STRICT;
    CREATE INDEX keystore_clear ON keystore (stamp);
    CREATE TABLE sums (id INTEGER PRIMARY KEY CHECK (id = 1), blob BLOB NOT NULL) STRICT;
    CREATE TABLE meta (name TEXT PRIMARY KEY, stamp BLOB NOT NULL, blob BLOB NOT NULL) STRICT;
    CREATE INDEX meta_clear ON meta (name, stamp);
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
        stamp BLOB NOT NULL,
        blob BLOB NOT NULL
    ) STRICT;
    CREATE INDEX item_place ON item (place, accepted_at, type, lane, mine, inbox, taken, met_at, digest, stamp);
    CREATE INDEX item_untaken ON item (lane, seq) WHERE inbox = 1 AND taken = 0;
    -- What recipients did with a dispatch; id is a keyed hash of digest, member and outcome.
    CREATE TABLE outcome (
        seq INTEGER PRIMARY KEY,
        id BLOB NOT NULL UNIQUE,
        digest TEXT NOT NULL,
        outcome TEXT NOT NULL,
        at INTEGER NOT NULL,
        stamp BLOB NOT NULL,
        blob BLOB NOT NULL
    ) STRICT;
    CREATE INDEX outcome_digest ON outcome (digest, outcome, at, id, stamp);
    -- Who has not confirmed or answered own dispatches yet; id is a keyed hash of digest, member and what is missing.
    CREATE TABLE awaited (
        id BLOB PRIMARY KEY,
        digest TEXT NOT NULL,
        missing TEXT NOT NULL,       -- received, reply
        due_at INTEGER NOT NULL,
        stamp BLOB NOT NULL,
        blob BLOB NOT NULL
    ) STRICT;
    CREATE INDEX awaited_due ON awaited (missing, due_at, digest, id, stamp);
    -- Receipts that are to be signed.
    CREATE TABLE due (
        seq INTEGER PRIMARY KEY,
        digest TEXT NOT NULL UNIQUE,
        outcome TEXT NOT NULL,
        lane TEXT NOT NULL,
        stamp BLOB NOT NULL,
        blob BLOB NOT NULL
    ) STRICT;
    CREATE INDEX due_clear ON due (outcome, lane, digest, stamp);
    -- Recipients who asked for a dispatch under a new key.
    CREATE TABLE reseal (id BLOB PRIMARY KEY, digest TEXT NOT NULL, stamp BLOB NOT NULL, blob BLOB NOT NULL) STRICT;
    CREATE INDEX reseal_digest ON reseal (digest, id, stamp);
    CREATE TABLE outbox (
        id INTEGER PRIMARY KEY,
        rank INTEGER NOT NULL,       -- -1 before all else, 0 urgent, 1 normal
        state TEXT NOT NULL,         -- drafted, signed, accepted, refused, dropped
        digest TEXT,
        place INTEGER,
        code TEXT,                   -- why it was refused
        made_at INTEGER NOT NULL,
        part_of INTEGER,             -- the row that went to the other recipients
        stamp BLOB NOT NULL,
        blob BLOB NOT NULL
    ) STRICT;
    CREATE INDEX outbox_refused ON outbox (rank, id) WHERE state = 'refused';
    CREATE INDEX outbox_part ON outbox (part_of) WHERE part_of IS NOT NULL;
    CREATE INDEX outbox_waiting ON outbox (rank, id) WHERE state IN ('drafted', 'signed');
    CREATE UNIQUE INDEX outbox_digest ON outbox (digest);
    CREATE INDEX outbox_clear ON outbox (rank, state, place, code, made_at, part_of, digest, stamp);
    -- Checkpoint notes that others have seen, until an audit has compared them.
    CREATE TABLE view (id TEXT PRIMARY KEY, size INTEGER NOT NULL, stamp BLOB NOT NULL, blob BLOB NOT NULL) STRICT;
    CREATE INDEX view_size ON view (size, id, stamp);
    -- name and cause are keyed hashes: of what is the same alarm, and of kind and cause.
    CREATE TABLE alarm (
        id INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        kind TEXT NOT NULL,
        state TEXT NOT NULL,         -- open, closed
        name BLOB NOT NULL,
        cause BLOB NOT NULL,
        further INTEGER NOT NULL,    -- it stands for many of its kind that differ
        stamp BLOB NOT NULL,
        blob BLOB NOT NULL
    ) STRICT;
    CREATE INDEX alarm_name ON alarm (name, state);
    CREATE INDEX alarm_clear ON alarm (state, cause, kind, further, at, name, stamp);
    -- What refers to a dispatch; target is a keyed hash of its digest, id one of target, source and relation.
    CREATE TABLE reference (id BLOB PRIMARY KEY, target TEXT NOT NULL, stamp BLOB NOT NULL, blob BLOB NOT NULL) STRICT;
    CREATE INDEX reference_target ON reference (target, id, stamp);
    -- Wrong passphrases of officers, a row for those that came one after another; what was typed is nowhere.
    CREATE TABLE tries (id INTEGER PRIMARY KEY, stamp BLOB NOT NULL, blob BLOB NOT NULL) STRICT;
    CREATE INDEX tries_clear ON tries (id, stamp);
    -- Blobs that go, come, or are in the spool; id is a keyed hash of digest and size, of which a sender may lie.
    CREATE TABLE attachment (
        id BLOB PRIMARY KEY,
        digest TEXT NOT NULL,
        state TEXT NOT NULL,         -- sending, sent, wanted, kept, lost
        rank INTEGER NOT NULL,       -- 0 urgent, 1 normal
        size INTEGER NOT NULL,
        at INTEGER NOT NULL,
        stamp BLOB NOT NULL,
        blob BLOB NOT NULL
    ) STRICT;
    CREATE INDEX attachment_digest ON attachment (digest);
    CREATE INDEX attachment_clear ON attachment (state, rank, at, size, digest, id, stamp);
    -- Dispatches whose text was deleted here: never their content.
    CREATE TABLE deletion (
        digest TEXT PRIMARY KEY,
        at INTEGER NOT NULL,
        stamp BLOB NOT NULL,
        blob BLOB NOT NULL
    ) STRICT;
    CREATE INDEX deletion_clear ON deletion (at, digest, stamp);
    -- What left the system from here: never content.
    CREATE TABLE handed (
        id INTEGER PRIMARY KEY,
        digest TEXT NOT NULL,
        at INTEGER NOT NULL,
        state TEXT NOT NULL,         -- kept, changed, told
        stamp BLOB NOT NULL,
        blob BLOB NOT NULL
    ) STRICT;
    CREATE INDEX handed_clear ON handed (digest, at, state, stamp);
    -- Steps of operations: those that are here, and those that the hub has shown and nobody sent to the own member.
    CREATE TABLE step (
        digest TEXT PRIMARY KEY,
        thread TEXT NOT NULL,        -- a keyed hash of the digest of the open
        place INTEGER,               -- of one that is not here; null otherwise
        stamp BLOB NOT NULL,
        blob BLOB NOT NULL
    ) STRICT;
    CREATE INDEX step_clear ON step (thread, place, digest, stamp);
    -- What in operations a person is called for, once; id is a keyed hash of what it is.
    CREATE TABLE call (
        seq INTEGER PRIMARY KEY,
        id BLOB NOT NULL UNIQUE,
        at INTEGER NOT NULL,
        stamp BLOB NOT NULL,
        blob BLOB NOT NULL
    ) STRICT;
    CREATE INDEX call_clear ON call (at, id, stamp);
    """,
    """
    -- Who was at a screen of the desk, and who tried to be: never content, and never what was typed.
    CREATE TABLE screen (
        id INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        stamp BLOB NOT NULL,
        blob BLOB NOT NULL
    ) STRICT;
    CREATE INDEX screen_clear ON screen (at, stamp);
    """,
)
"""What makes a store from the one before; ``user_version`` counts how many have run."""


@dataclass(frozen=True, slots=True)
class Table:
    """What is known of a table.

    Attributes:
        name: of the table.
        key: the column that tells its rows apart.
        clear: every other column that lies in the clear; there are ``stamp`` and ``blob`` beside these.
        order: of ``clear``, the column that numbers rows as they come; it is given when a row is added.
    """

    name: str
    key: str
    clear: tuple[str, ...] = ()
    order: str | None = None

    @property
    def columns(self) -> str:
        """Key, clear columns and stamp, in the order in which they are tagged."""
        return ", ".join((self.key, *self.clear, "stamp"))


KEYSTORE: Final = Table("keystore", "id")
META: Final = Table("meta", "name")
ITEM: Final = Table(
    "item",
    "digest",
    ("seq", "place", "accepted_at", "type", "lane", "mine", "inbox", "taken", "met_at"),
    order="seq",
)
OUTCOME: Final = Table("outcome", "id", ("seq", "digest", "outcome", "at"), order="seq")
AWAITED: Final = Table("awaited", "id", ("digest", "missing", "due_at"))
DUE: Final = Table("due", "digest", ("seq", "outcome", "lane"), order="seq")
RESEAL: Final = Table("reseal", "id", ("digest",))
OUTBOX: Final = Table("outbox", "id", ("rank", "state", "digest", "place", "code", "made_at", "part_of"))
VIEW: Final = Table("view", "id", ("size",))
ALARM: Final = Table("alarm", "id", ("at", "kind", "state", "name", "cause", "further"))
REFERENCE: Final = Table("reference", "id", ("target",))
TRIES: Final = Table("tries", "id")
ATTACHMENT: Final = Table("attachment", "id", ("digest", "state", "rank", "size", "at"))
DELETION: Final = Table("deletion", "digest", ("at",))
HANDED: Final = Table("handed", "id", ("digest", "at", "state"))
STEP: Final = Table("step", "digest", ("thread", "place"))
CALL: Final = Table("call", "id", ("seq", "at"), order="seq")
SCREEN: Final = Table("screen", "id", ("at",))

TABLES: Final = (
    *(KEYSTORE, META, ITEM, OUTCOME, AWAITED, DUE, RESEAL, OUTBOX, VIEW, ALARM, REFERENCE, TRIES, ATTACHMENT),
    *(DELETION, HANDED, STEP, CALL, SCREEN),
)
"""Every table whose rows are summed: all but the sums."""


def statements(script: str) -> Iterator[str]:
    """The single statements of a script: `executescript` would commit before it begins."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


@dataclass(frozen=True, slots=True)
class Foreign:
    """A part of the file that no migration makes.

    Attributes:
        kind: ``trigger``, ``view``, ``table``, ``index``.
        name: of it.
        sql: what made it.
    """

    kind: str
    name: str
    sql: str


_LISTED: Final = "SELECT type, name, coalesce(sql, '') FROM sqlite_master WHERE type != 'index' OR sql IS NOT NULL"
"""All but what the database makes by itself for a key. A name says nothing: whoever writes the file chooses it."""


@cache
def _made() -> frozenset[tuple[str, str, str]]:
    with closing(sqlite3.connect(":memory:")) as fresh:
        for script in MIGRATIONS:
            fresh.executescript(script)
        return frozenset(fresh.execute(_LISTED).fetchall())


def compare(listed: frozenset[tuple[str, str, str]]) -> tuple[list[Foreign], list[str]]:
    """What the file has too much, and the names of what it lacks, or has in another form.

    Args:
        listed: what `listing` reads from the file.
    """
    names = {(kind, name) for kind, name, _ in _made()}  # a trigger may have the name of a table
    foreign = [Foreign(*each) for each in sorted(listed - _made()) if each[:2] not in names]
    return foreign, sorted(name for _, name, _ in _made() - listed)


def listing(connection: sqlite3.Connection) -> frozenset[tuple[str, str, str]]:
    """Kind, name and making of all that the file has."""
    return frozenset(connection.execute(_LISTED).fetchall())
