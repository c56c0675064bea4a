"""Moves what SQLite's write-ahead log holds into the database, beside the one writer.

SQLite would do it within a commit of the writer, which would then wait for thousands of
pages. Here a thread with a connection of its own does it soon after each commit. A writer
that never pauses can outrun it; then SQLite's own limit holds (``wal_autocheckpoint``), and
the writer moves what little is left.
"""

from __future__ import annotations

import threading
from contextlib import closing

import structlog
from sqlalchemy import Engine

EVERY_S = 0.1
"""How long commits gather: a page that several of them wrote is moved once."""

log = structlog.get_logger("serai.database")


class Checkpointer:
    """The thread; it starts with the first commit.

    Args:
        engine: of a SQLite database.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._committed = threading.Event()
        self._over = threading.Event()
        self._failing = False
        self._thread = threading.Thread(target=self._run, name="checkpointer", daemon=True)

    def note_commit(self) -> None:
        """There is something to move."""
        self._committed.set()
        if self._thread.ident is None:
            self._thread.start()

    def stop(self) -> None:
        """Wait for what is under way; the rest is moved by whoever closes the database."""
        self._over.set()
        self._committed.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        while True:
            self._committed.wait()
            self._over.wait(EVERY_S)
            if self._over.is_set():
                return
            self._committed.clear()
            self._move()

    def _move(self) -> None:
        try:
            with closing(self._engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
                cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
        except Exception:
            # Nothing is lost: the log keeps it, and the writer will meet the same disk. Whatever it is, this
            # thread must not die of it: the log would grow, and nobody would know.
            if not self._failing:
                log.exception("checkpoint_failed")
            self._failing = True
            self._committed.set()
            return
        if self._failing:
            log.info("checkpoint_recovered")
        self._failing = False
