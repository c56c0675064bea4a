"""The SQL of a commit: one lock, a number of statements that does not grow with the batch, two dialects."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from broker.adapters.db.store import SqlStore
from broker.adapters.db.transaction import (
    _HEAD,
    CURSOR,
    HEAD,
    STATEMENT,
    TILE,
    _compiled_insert,
    _compiled_upsert,
)
from broker.core.facts import Needs
from schemas.encoding import sha256
from tests.contract.ledger import Ledger
from tests.support.world import KG, KZ, World

DIALECTS = {"sqlite": sqlite.dialect(), "postgresql": postgresql.dialect()}  # type: ignore[no-untyped-call]


@contextmanager
def executed(store: SqlStore) -> Iterator[list[tuple[str, Any, bool]]]:
    """What is sent to the driver: statement, parameters, whether for many rows."""
    sent: list[tuple[str, Any, bool]] = []

    def note(_c: Any, _u: Any, statement: str, parameters: Any, _x: Any, many: bool) -> None:
        sent.append((statement, parameters, many))

    sa.event.listen(store._engine, "before_cursor_execute", note)
    yield sent
    sa.event.remove(store._engine, "before_cursor_execute", note)


def test_a_commit_costs_the_same_statements_whatever_its_size(ledger: Ledger, store: SqlStore, world: World) -> None:
    """Each table is written at once and each kind of fact asked at once, for one dispatch as for sixty."""
    counts = []
    for size in (1, 60):
        items = [world.dispatch(KZ, [KG]) for _ in range(size)]
        with executed(store) as sent:
            ledger.commit(*items)
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_no_question_has_more_values_than_databases_allow(store: SqlStore) -> None:
    """A batch that needs many facts asks for them in parts."""
    digests = frozenset(sha256(str(number).encode()) for number in range(1_000))
    needs = Needs(
        digests, frozenset((KZ, str(number)) for number in range(1_000)), frozenset(), frozenset(), frozenset()
    )
    with executed(store) as sent, store.transaction() as transaction:
        transaction.facts(needs)
    assert max(len(parameters) for _, parameters, _ in sent) <= 999
    assert sum("IN (" in statement for statement, _, _ in sent) == 8


def test_a_transaction_begins_with_the_head(ledger: Ledger, store: SqlStore) -> None:
    """Nothing is read or written before the head is locked."""
    with executed(store) as sent, store.transaction():
        pass
    statements = [statement.split()[0:2] for statement, _, _ in sent]
    assert statements[0] == ["BEGIN", "IMMEDIATE"]
    assert "FROM head" in sent[1][0]


@pytest.mark.parametrize("lock", [True, False])
def test_the_head_row_is_locked_where_rows_can_be(lock: bool) -> None:
    """On a database of several nodes a writer locks the row and a reader does not."""
    text, _ = _HEAD[lock].bind(DIALECTS["postgresql"], {})
    assert text.endswith("FOR UPDATE") == lock


@pytest.mark.parametrize("name", DIALECTS)
def test_what_grows_replaces_what_was_there(name: str) -> None:
    """On both dialects head, tiles and cursors are written over by their key, every other column renewed."""
    keys = {HEAD: ("id",), TILE: ("level", "number"), CURSOR: ("member", "seat", "lane")}
    for table, key in keys.items():
        text = str(_compiled_upsert(DIALECTS[name], table, key))
        assert f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET" in text
        renewed = text.partition("DO UPDATE SET")[2]
        for column in table.c:
            assert (f"{column.name} = excluded.{column.name}" in renewed) == (column.name not in key)


@pytest.mark.parametrize("name", DIALECTS)
def test_every_column_of_a_statement_is_written(name: str) -> None:
    """On both dialects no column is left to a default."""
    text = str(_compiled_insert(DIALECTS[name], STATEMENT))
    named = text.partition("(")[2].partition(")")[0].replace('"', "").split(", ")
    assert named == [column.name for column in STATEMENT.c]
