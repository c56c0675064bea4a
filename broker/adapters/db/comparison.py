"""Rows as they are stored against rows as they would be written (for ``serai-hub ledger check``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Table, and_, exists, select

from broker.adapters.db.rows import effect_rows, mailbox_rows, statement_row
from broker.adapters.db.transaction import MAILBOX, OUTCOME, REFERENCE, STATEMENT, WATCH
from broker.core.admission import Admitted
from schemas.addresses import Address

_KEPT = frozenset({"text", "body", "entry", "entry_proof", "withdrawn"})
"""Columns that are the source of the others, are checked by their digests, or change later."""


def compare_rows(connection: Connection, admitted: Sequence[Admitted], now_ms: int) -> Iterator[str]:
    """Places and tables where rows of consecutive statements differ.

    Args:
        connection: to the database.
        admitted: the statements as recounted.
        now_ms: time of the newest leaf: what fell due before it may have been taken off.
    """
    places = [item.index for item in admitted]
    effects = effect_rows(admitted)
    expected = {
        STATEMENT: [statement_row(item) for item in admitted],
        MAILBOX: [row for item in admitted for row in mailbox_rows(item)],
        OUTCOME: effects["outcome"],
        REFERENCE: effects["reference"],
        WATCH: effects["watch"],
    }
    for table, rows in expected.items():
        stored, due = _stored(connection, table, places), _tuples(table, rows)
        missing, further = due - stored, stored - due
        if table is WATCH:
            at = _names(table).index("due_ms")
            missing = {row for row in missing if row[at] > now_ms}
        index = _names(table).index("index")
        for place in sorted({row[index] for row in missing | further}):
            yield f"{table.name}: not what the text at {place} says"


def _names(table: Table) -> list[str]:
    return [column.name for column in table.c if column.name not in _KEPT]


def _tuples(table: Table, rows: Iterable[dict[str, Any]]) -> set[tuple[Any, ...]]:
    names = _names(table)
    return {tuple(row[name] for name in names) for row in rows}


def _stored(connection: Connection, table: Table, places: Sequence[int]) -> set[tuple[Any, ...]]:
    columns = [table.c[name] for name in _names(table)]
    within = and_(table.c.index >= places[0], table.c.index <= places[-1])
    wanted = set(places)
    at = _names(table).index("index")
    found = {tuple(row) for row in connection.execute(select(*columns).where(within))}
    return {row for row in found if row[at] in wanted}


def compare_withdrawn(connection: Connection, ceased: Iterable[tuple[Address, int]]) -> Iterator[str]:
    """Mail that is withdrawn and should not be, or the reverse."""
    due = {row for member, index in ceased for row in _unheard(connection, member, index)}
    query = select(MAILBOX.c.member, MAILBOX.c.index).where(MAILBOX.c.withdrawn)
    stored = {(row[0], row[1]) for row in connection.execute(query)}
    for member, index in sorted(due ^ stored):
        yield f"mailbox: {index} of {member} is withdrawn, or should be"


def _unheard(connection: Connection, member: Address, index: int) -> Iterator[tuple[str, int]]:
    heard = exists().where(OUTCOME.c.target == MAILBOX.c.index, OUTCOME.c.member == member, OUTCOME.c.index < index)
    heard = heard.where(OUTCOME.c.outcome != "rejected")
    mail = (MAILBOX.c.member == member, MAILBOX.c.addressed, MAILBOX.c.index < index, ~heard)
    for row in connection.execute(select(MAILBOX.c.member, MAILBOX.c.index).where(*mail)):
        yield row[0], row[1]
