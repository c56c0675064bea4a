"""Attachments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "blob",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("since_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("blob", schema=None) as batch_op:
        batch_op.create_index("ix_blob_since", ["whole", "since_ms"], unique=False)
        batch_op.create_index("ix_blob_upload", ["member", "digest"], unique=True)

    op.create_table(
        "blob_day",
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("member"),
    )
    op.create_table(
        "link",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("blob", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("digest", "index"),
    )
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.create_index("ix_link_blob", ["blob"], unique=False)
        batch_op.create_index("ix_link_index", ["index"], unique=False)


def downgrade() -> None:
    """Take the schema back."""
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.drop_index("ix_link_index")
        batch_op.drop_index("ix_link_blob")

    op.drop_table("link")
    op.drop_table("blob_day")
    with op.batch_alter_table("blob", schema=None) as batch_op:
        batch_op.drop_index("ix_blob_upload")
        batch_op.drop_index("ix_blob_since")

    op.drop_table("blob")
