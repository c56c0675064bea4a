"""Statements that go straight to the driver: compiled once, no work for each row but the driver's own.

What SQLAlchemy does around a row, or around a query that gives one row, costs several times as
much as SQLite's part. Here it makes the text of a statement and keeps the connections.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from sqlalchemy import ClauseElement, Engine
from sqlalchemy.engine.interfaces import Dialect


class RawStatement:
    """A statement with named parameters, for any dialect.

    Args:
        clause: without lists that grow when it is executed.
    """

    def __init__(self, clause: ClauseElement) -> None:
        self._clause = clause
        self._compiled: dict[str, tuple[str, dict[str, Any], tuple[str, ...]]] = {}

    def bind(self, dialect: Dialect, values: dict[str, Any]) -> tuple[str, Any]:
        """Text and parameters as the driver wants them."""
        text, fixed, names = self._compiled.get(dialect.name) or self._compile(dialect)
        given = {**fixed, **values}
        return text, tuple([given[name] for name in names]) if names else given

    def _compile(self, dialect: Dialect) -> tuple[str, dict[str, Any], tuple[str, ...]]:
        compiled = self._clause.compile(dialect=dialect)
        fixed = {name: value for name, value in (compiled.params or {}).items() if value is not None}
        made = (str(compiled), fixed, tuple(getattr(compiled, "positiontup", None) or ()))
        self._compiled[dialect.name] = made
        return made


@contextmanager
def reading(engine: Engine, statement: RawStatement, values: dict[str, Any]) -> Iterator[Any]:
    """The driver's cursor over one statement that only reads: it sees committed data, as of one moment."""
    with closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        cursor.execute(*statement.bind(engine.dialect, values))
        yield cursor
