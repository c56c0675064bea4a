"""Alembic's entry: runs the migrations on the connection that the caller brings."""

from __future__ import annotations

from alembic import context

from broker.adapters.db import tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.METADATA,
    render_as_batch=True,
)
context.run_migrations()
