"""Statements that go straight to the driver: compiled once, no work for each row but the driver's own.

What SQLAlchemy does around a row, or around a query that gives one row, costs several times as
much as SQLite's part. Here it makes the text of a statement and keeps the connections.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any, Final

from sqlalchemy import ClauseElement, ColumnElement, Engine, Select, and_, bindparam, or_
from sqlalchemy.engine.interfaces import Dialect

SIZES: Final = (1, 8, 64, 320)
"""How many keys a `RawChoice` asks for at once; with three columns each fewer than 999, which any database allows."""

Values = dict[str, Any]


class RawStatement:
    """A statement with named parameters, for any dialect.

    Args:
        clause: without lists that grow when it is executed.
    """

    def __init__(self, clause: ClauseElement) -> None:
        self._clause = clause
        self._compiled: dict[str, tuple[str, Values, tuple[str, ...]]] = {}

    def bind(self, dialect: Dialect, values: Values) -> tuple[str, Any]:
        """Text and parameters as the driver wants them."""
        text, fixed, names = self._compiled.get(dialect.name) or self._compile(dialect)
        given = {**fixed, **values}
        return text, tuple([given[name] for name in names]) if names else given

    def _compile(self, dialect: Dialect) -> tuple[str, Values, tuple[str, ...]]:
        compiled = self._clause.compile(dialect=dialect)
        fixed = {name: value for name, value in (compiled.params or {}).items() if value is not None}
        made = (str(compiled), fixed, tuple(getattr(compiled, "positiontup", None) or ()))
        self._compiled[dialect.name] = made
        return made


class RawChoice:
    """A query for the rows that have one of several keys.

    It is made for some lengths of list only; what is missing is filled up with the last key.

    Args:
        query: without the condition.
        columns: that make up a key.
    """

    def __init__(self, query: Select[Any], *columns: ColumnElement[Any]) -> None:
        self._query = query
        self._columns = columns
        self._made: dict[int, RawStatement] = {}

    def _make(self, size: int) -> RawStatement:
        names = [[_name(at, place) for place in range(len(self._columns))] for at in range(size)]
        if len(self._columns) == 1:
            return RawStatement(self._query.where(self._columns[0].in_([bindparam(name) for [name] in names])))
        # Not a list of tuples: SQLite would go through the whole table for it, whatever index there is.
        keys = [
            and_(*[each == bindparam(name) for each, name in zip(self._columns, key, strict=True)]) for key in names
        ]
        return RawStatement(self._query.where(or_(*keys)))

    def split(self, keys: Sequence[tuple[Any, ...]]) -> Iterator[tuple[RawStatement, Values]]:
        """The statements to execute for some keys, with their values; none if there is no key."""
        for start in range(0, len(keys), SIZES[-1]):
            part = keys[start : start + SIZES[-1]]
            size = next(size for size in SIZES if size >= len(part))
            filled = [*part, *[part[-1]] * (size - len(part))]
            values = {_name(at, place): value for at, key in enumerate(filled) for place, value in enumerate(key)}
            if size not in self._made:
                self._made[size] = self._make(size)
            yield self._made[size], values


def _name(at: int, place: int) -> str:
    return f"k{at}_{place}"


@contextmanager
def reading(engine: Engine, statement: RawStatement, values: Values) -> Iterator[Any]:
    """The driver's cursor over one statement that only reads: it sees committed data, as of one moment."""
    with closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        cursor.execute(*statement.bind(engine.dialect, values))
        yield cursor
