"""Opening the database: pragmas, and the schema by migration."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, inspect, make_url

from schemas.errors import Code, SeraiError

MIGRATIONS = Path(__file__).parent / "migrations"
NEWEST = max(path.name for path in (MIGRATIONS / "versions").glob("*.py")).partition("_")[0]
"""The schema's version that this program works with, by the name of its migration."""


def open_engine(url: str) -> Engine:
    """An engine for reading a database: each transaction sees one moment of it.

    SQLite gets a write-ahead log and a sync at each commit.

    Args:
        url: SQLAlchemy URL.
    """
    pool: dict[str, Any] = {"pool_size": 4, "max_overflow": 4}
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, isolation_level="REPEATABLE READ", **pool)
    engine = create_engine(url, **pool)
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def for_writing(engine: Engine) -> Engine:
    """The same engine for transactions that write, one after the other.

    SQLite locks the database when they begin. In PostgreSQL the head row is the lock, and who has waited
    for it must see what was committed meanwhile: at the level of the reader that would be an error.

    Args:
        engine: of `open_engine`.
    """
    if engine.dialect.name == "sqlite":
        return engine.execution_options(writes=True)
    return engine.execution_options(isolation_level="READ COMMITTED")


def _configure_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not open transactions by itself: `_begin_sqlite` does, so that reads see one snapshot.
    connection.isolation_level = None
    # A text that the disk changed must be readable, so that it can be told from its leaf.
    connection.text_factory = _decode_text
    cursor = connection.cursor()
    for pragma in (
        "page_size=16384",  # of a new database: a statement with its content fits into one
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",  # what is erased is not to be found in the file
        "busy_timeout=10000",
        "cache_size=-65536",
        "wal_autocheckpoint=4000",  # a `Checkpointer` comes first, unless it is outrun
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _decode_text(data: bytes) -> str:
    return data.decode(errors="replace")


def _begin_sqlite(connection: Any) -> None:
    options = connection.get_execution_options()
    if options.get("isolation_level") != "AUTOCOMMIT":  # a backup cannot be made within a transaction
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")


def migrate(engine: Engine) -> None:
    """Bring the schema to the newest version.

    Raises:
        SeraiError: ``storage_failed`` if a later version of this program has written it.
    """
    if _version(engine) != NEWEST:
        _upgrade(engine)


def _version(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        versions: Any = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all()
    return versions[0] if len(versions) == 1 else None


def _upgrade(engine: Engine) -> None:
    # Alembic takes a tenth of the time in which a hub starts, and is hardly ever needed.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util.exc import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except CommandError as error:
        raise SeraiError(Code.STORAGE_FAILED, f"the database is of another version: {error}") from error
