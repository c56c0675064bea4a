"""Tables of the hub's database, as SQLModel models.

The ledger is `StatementRow`, `TileRow` and `HeadRow`; everything else can be computed from it but
for `CursorRow` (a hint), `TokenRow` (used session tokens), the entries in `MailboxRow`, and what is
known of attachments (`BlobRow`, `BlobDayRow`, which blob a `LinkRow` leads to).
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, SmallInteger, Text
from sqlmodel import Field, SQLModel

# SQLite gives a 64-bit row id only to a column declared INTEGER.
METADATA = SQLModel.metadata
"""All tables, for the migrations."""

_Big = BigInteger().with_variant(Integer(), "sqlite")


class HeadRow(SQLModel, table=True):
    """The one row that every transaction locks."""

    __tablename__ = "head"
    id: int = Field(primary_key=True)
    epoch: int
    size: int = Field(sa_type=BigInteger)
    accepted_at: int = Field(sa_type=BigInteger)
    note: str = Field(sa_type=Text)


class StatementRow(SQLModel, table=True):
    """A leaf, the statement's text, and the sealed body of a dispatch, each stored once."""

    __tablename__ = "statement"
    __table_args__ = (
        Index("ix_statement_digest", "digest", unique=True),
        Index("ix_statement_jti", "jti", "sender", unique=True),
        Index("ix_statement_public", "index", sqlite_where=Column("lane") == 0, postgresql_where=Column("lane") == 0),
    )
    index: int = Field(sa_column=Column("index", _Big, primary_key=True, autoincrement=False))
    digest: bytes = Field(sa_type=LargeBinary)
    leaf: bytes = Field(sa_type=LargeBinary)
    type: int = Field(sa_type=SmallInteger)
    sender: str
    jti: str
    lane: int = Field(sa_type=SmallInteger)
    status: str | None = None
    content_digest: bytes | None = Field(default=None, sa_type=LargeBinary)
    entries_root: bytes | None = Field(default=None, sa_type=LargeBinary)
    entries: int | None = None
    text: str | None = Field(default=None, sa_type=Text)
    body: bytes | None = Field(default=None, sa_type=LargeBinary)
    origin: int | None = Field(default=None, sa_type=BigInteger)
    erased: int | None = Field(default=None, sa_type=BigInteger)


class MailboxRow(SQLModel, table=True):
    """A statement in a member's mailbox, with the member's own entry."""

    __tablename__ = "mailbox"
    __table_args__ = (Index("ix_mailbox_index", "index"),)
    member: str = Field(primary_key=True)
    lane: int = Field(sa_column=Column("lane", SmallInteger, primary_key=True, autoincrement=False))
    index: int = Field(sa_column=Column("index", BigInteger, primary_key=True, autoincrement=False))
    addressed: bool
    withdrawn: bool = False
    position: int | None = Field(default=None, sa_type=SmallInteger)
    entry: bytes | None = Field(default=None, sa_type=LargeBinary)
    entry_proof: bytes | None = Field(default=None, sa_type=LargeBinary)


class TileRow(SQLModel, table=True):
    """Hashes of the Merkle tree, 256 to a tile."""

    __tablename__ = "tile"
    level: int = Field(sa_column=Column("level", SmallInteger, primary_key=True, autoincrement=False))
    number: int = Field(sa_column=Column("number", BigInteger, primary_key=True, autoincrement=False))
    hashes: bytes = Field(sa_type=LargeBinary)


class OutcomeRow(SQLModel, table=True):
    """What a recipient has said of a dispatch: one row for each member and outcome."""

    __tablename__ = "outcome"
    target: int = Field(sa_column=Column("target", BigInteger, primary_key=True, autoincrement=False))
    member: str = Field(primary_key=True)
    outcome: str = Field(primary_key=True)
    index: int = Field(sa_type=BigInteger)


class ReferenceRow(SQLModel, table=True):
    """A dispatch refers to an earlier one."""

    __tablename__ = "reference"
    target: int = Field(sa_column=Column("target", BigInteger, primary_key=True, autoincrement=False))
    index: int = Field(sa_column=Column("index", BigInteger, primary_key=True, autoincrement=False))
    rel: str = Field(primary_key=True)
    member: str


class OwingRow(SQLModel, table=True):
    """A member owes an answer to a dispatch, or did until something ended that."""

    __tablename__ = "owing"
    index: int = Field(sa_column=Column("index", BigInteger, primary_key=True, autoincrement=False))
    member: str = Field(primary_key=True)
    ended: int | None = Field(default=None, sa_type=BigInteger)


class OperationRow(SQLModel, table=True):
    """A member was named in an operation, known by the digest of what opened it: by which step first."""

    __tablename__ = "operation"
    __table_args__ = (Index("ix_operation_index", "index"),)
    operation: bytes = Field(primary_key=True)
    member: str = Field(primary_key=True)
    lead: bool
    index: int = Field(sa_column=Column("index", BigInteger, nullable=False))


class StepRow(SQLModel, table=True):
    """What is noted of a step of an operation; it outlives the text."""

    __tablename__ = "step"
    __table_args__ = (Index("ix_step_operation", "operation", "index"), Index("ix_step_do", "operation", "do", "index"))
    index: int = Field(sa_column=Column("index", _Big, primary_key=True, autoincrement=False))
    operation: bytes = Field(sa_type=LargeBinary)
    do: str | None = None
    decision: str | None = None
    signer: str
    parts: str = Field(sa_type=Text)
    audience: str = Field(sa_type=Text)
    to_all: bool


class WatchRow(SQLModel, table=True):
    """Something is due to a sender."""

    __tablename__ = "watch"
    __table_args__ = (Index("ix_watch_due", "due_ms", "index", "missing", "sender"),)
    sender: str = Field(primary_key=True)
    due_ms: int = Field(sa_column=Column("due_ms", BigInteger, primary_key=True, autoincrement=False))
    index: int = Field(sa_column=Column("index", BigInteger, primary_key=True, autoincrement=False))
    missing: str = Field(primary_key=True)


class RetentionRow(SQLModel, table=True):
    """A text that is not kept for ever, perhaps: since when its days are counted."""

    __tablename__ = "retention"
    __table_args__ = (Index("ix_retention_since", "kind", "since_ms", "index"),)
    index: int = Field(sa_column=Column("index", _Big, primary_key=True, autoincrement=False))
    kind: int = Field(sa_type=SmallInteger)
    since_ms: int | None = Field(default=None, sa_type=BigInteger)


class BlobRow(SQLModel, table=True):
    """What a member has uploaded under a digest: a file, whole or not."""

    __tablename__ = "blob"
    __table_args__ = (
        Index("ix_blob_upload", "member", "digest", unique=True),
        Index("ix_blob_since", "whole", "since_ms"),
    )
    id: int | None = Field(default=None, sa_column=Column("id", _Big, primary_key=True))
    member: str
    digest: bytes = Field(sa_type=LargeBinary)
    file: str
    size: int = Field(sa_type=BigInteger)
    whole: bool = False
    since_ms: int = Field(sa_type=BigInteger)


class LinkRow(SQLModel, table=True):
    """A dispatch names a blob; which row has it, or none if its days are over."""

    __tablename__ = "link"
    __table_args__ = (Index("ix_link_index", "index"), Index("ix_link_blob", "blob"))
    digest: bytes = Field(primary_key=True)
    index: int = Field(sa_column=Column("index", BigInteger, primary_key=True, autoincrement=False))
    blob: int | None = Field(default=None, sa_type=BigInteger)


class BlobDayRow(SQLModel, table=True):
    """How many bytes of blobs a member has begun to upload in a day, counted from 1970."""

    __tablename__ = "blob_day"
    member: str = Field(primary_key=True)
    day: int
    size: int = Field(sa_type=BigInteger)


class CursorRow(SQLModel, table=True):
    """Where a seat last said it stands."""

    __tablename__ = "cursor"
    member: str = Field(primary_key=True)
    seat: str = Field(primary_key=True)
    lane: int = Field(sa_column=Column("lane", SmallInteger, primary_key=True, autoincrement=False))
    next: int = Field(sa_type=BigInteger)


class TokenRow(SQLModel, table=True):
    """A session token that was used."""

    __tablename__ = "token"
    kid: str = Field(primary_key=True)
    jti: str = Field(primary_key=True)
    expires_s: int = Field(sa_type=BigInteger, index=True)
