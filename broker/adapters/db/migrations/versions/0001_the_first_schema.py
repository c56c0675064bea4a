"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    _create_operations()
    op.create_table(
        "cursor",
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("seat", sa.String(), nullable=False),
        sa.Column("lane", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("next", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("member", "seat", "lane"),
    )
    op.create_table(
        "head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("accepted_at", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "mailbox",
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("lane", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("addressed", sa.Boolean(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=True),
        sa.Column("entry", sa.LargeBinary(), nullable=True),
        sa.Column("entry_proof", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("member", "lane", "index"),
    )
    with op.batch_alter_table("mailbox", schema=None) as batch_op:
        batch_op.create_index("ix_mailbox_index", ["index"], unique=False)

    op.create_table(
        "outcome",
        sa.Column("target", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("target", "member", "outcome"),
    )
    op.create_table(
        "owing",
        sa.Column("index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("ended", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("index", "member"),
    )
    op.create_table(
        "reference",
        sa.Column("target", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("rel", sa.String(), nullable=False),
        sa.Column("member", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("target", "index", "rel"),
    )
    op.create_table(
        "retention",
        sa.Column("index", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("since_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("index"),
    )
    with op.batch_alter_table("retention", schema=None) as batch_op:
        batch_op.create_index("ix_retention_since", ["kind", "since_ms", "index"], unique=False)

    op.create_table(
        "statement",
        sa.Column("index", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("type", sa.SmallInteger(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("jti", sa.String(), nullable=False),
        sa.Column("lane", sa.SmallInteger(), nullable=False),
        sa.Column("status", sa.String(), nullable=True),
        sa.Column("content_digest", sa.LargeBinary(), nullable=True),
        sa.Column("entries_root", sa.LargeBinary(), nullable=True),
        sa.Column("entries", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("origin", sa.BigInteger(), nullable=True),
        sa.Column("erased", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("index"),
    )
    with op.batch_alter_table("statement", schema=None) as batch_op:
        batch_op.create_index("ix_statement_digest", ["digest"], unique=True)
        batch_op.create_index("ix_statement_jti", ["jti", "sender"], unique=True)
        batch_op.create_index(
            "ix_statement_public",
            ["index"],
            unique=False,
            sqlite_where=sa.text("lane = 0"),
            postgresql_where=sa.text("lane = 0"),
        )

    op.create_table(
        "tile",
        sa.Column("level", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "number"),
    )
    op.create_table(
        "token",
        sa.Column("kid", sa.String(), nullable=False),
        sa.Column("jti", sa.String(), nullable=False),
        sa.Column("expires_s", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kid", "jti"),
    )
    with op.batch_alter_table("token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_token_expires_s"), ["expires_s"], unique=False)

    op.create_table(
        "watch",
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("due_ms", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("missing", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("sender", "due_ms", "index", "missing"),
    )
    with op.batch_alter_table("watch", schema=None) as batch_op:
        batch_op.create_index("ix_watch_due", ["due_ms", "index", "missing", "sender"], unique=False)


def _create_operations() -> None:
    op.create_table(
        "operation",
        sa.Column("operation", sa.LargeBinary(), nullable=False),
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("lead", sa.Boolean(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("operation", "member"),
    )
    with op.batch_alter_table("operation", schema=None) as batch_op:
        batch_op.create_index("ix_operation_index", ["index"], unique=False)

    op.create_table(
        "step",
        sa.Column("index", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("operation", sa.LargeBinary(), nullable=False),
        sa.Column("do", sa.String(), nullable=True),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("signer", sa.String(), nullable=False),
        sa.Column("parts", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("to_all", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("index"),
    )
    with op.batch_alter_table("step", schema=None) as batch_op:
        batch_op.create_index("ix_step_do", ["operation", "do", "index"], unique=False)
        batch_op.create_index("ix_step_operation", ["operation", "index"], unique=False)


def downgrade() -> None:
    """Take the schema back."""
    _drop_operations()
    with op.batch_alter_table("watch", schema=None) as batch_op:
        batch_op.drop_index("ix_watch_due")

    op.drop_table("watch")
    with op.batch_alter_table("token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_token_expires_s"))

    op.drop_table("token")
    op.drop_table("tile")
    with op.batch_alter_table("statement", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_statement_public", sqlite_where=sa.text("lane = 0"), postgresql_where=sa.text("lane = 0")
        )
        batch_op.drop_index("ix_statement_jti")
        batch_op.drop_index("ix_statement_digest")

    op.drop_table("statement")
    with op.batch_alter_table("retention", schema=None) as batch_op:
        batch_op.drop_index("ix_retention_since")

    op.drop_table("retention")
    op.drop_table("reference")
    op.drop_table("owing")
    op.drop_table("outcome")
    with op.batch_alter_table("mailbox", schema=None) as batch_op:
        batch_op.drop_index("ix_mailbox_index")

    op.drop_table("mailbox")
    op.drop_table("head")
    op.drop_table("cursor")


def _drop_operations() -> None:
    with op.batch_alter_table("step", schema=None) as batch_op:
        batch_op.drop_index("ix_step_operation")
        batch_op.drop_index("ix_step_do")

    op.drop_table("step")
    with op.batch_alter_table("operation", schema=None) as batch_op:
        batch_op.drop_index("ix_operation_index")

    op.drop_table("operation")
