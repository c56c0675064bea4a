"""The tables: what they hold, what they refuse, and that the hub's questions are answered by an index."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from broker.adapters.db import tables
from broker.adapters.db.store import SqlStore
from broker.core.facts import Needs
from schemas.encoding import Digest, decode_digest, sha256
from tests.contract.ledger import Ledger
from tests.support.world import KG, KZ, World


def test_there_are_just_these_tables() -> None:
    """Ledger, mailboxes, effects, cursors, tokens, what is known of attachments; and no content but sealed."""
    assert sorted(tables.METADATA.tables) == [
        "blob", "blob_day", "cursor", "head", "link", "mailbox", "operation", "outcome", "owing", "reference",
        "retention", "statement", "step", "tile", "token", "watch",
    ]  # fmt: skip
    texts = [
        f"{table.name}.{column.name}"
        for table in tables.METADATA.sorted_tables
        for column in table.c
        if isinstance(column.type, sa.Text | sa.LargeBinary)
    ]
    assert sorted(texts) == [
        "blob.digest", "head.note", "link.digest", "mailbox.entry", "mailbox.entry_proof",
        "operation.operation", "statement.body", "statement.content_digest", "statement.digest",
        "statement.entries_root",
        "statement.leaf", "statement.text", "step.audience", "step.operation", "step.parts",
        "tile.hashes",
    ]  # fmt: skip


CONSTANT = {"SCAN CONSTANT ROW", "SCAN 1 CONSTANT ROW"}
"""What SQLite calls values that stand in the question itself."""

REST = (
    'lane, status, content_digest, entries_root, entries, text, body, origin, erased FROM statement WHERE "index" = 6'
)
TWICE = {
    "digest": f"""INSERT INTO statement SELECT 99, digest, leaf, type, sender, jti || 'x', {REST}""",
    "jti": f"""INSERT INTO statement SELECT 99, x'00', leaf, type, sender, jti, {REST}""",
    "mailbox": "INSERT INTO mailbox SELECT * FROM mailbox LIMIT 1",
    "outcome": "INSERT INTO outcome SELECT * FROM outcome LIMIT 1",
    "watch": "INSERT INTO watch SELECT * FROM watch LIMIT 1",
    "head": "INSERT INTO head SELECT * FROM head",
    "tile": "INSERT INTO tile SELECT * FROM tile LIMIT 1",
    "no leaf": 'UPDATE statement SET leaf = NULL WHERE "index" = 1',
    "no note": "UPDATE head SET note = NULL",
}


@pytest.mark.parametrize("name", TWICE)
def test_nothing_stands_there_twice_or_half(ledger: Ledger, store: SqlStore, world: World, name: str) -> None:
    """Whatever the program does, the database keeps identities apart and refuses what lacks its essentials."""
    sent = world.dispatch(KZ, [KG])
    ledger.commit(sent, world.receipt(KG, KZ, [sent.digest]))
    with pytest.raises(IntegrityError), store._engine.begin() as connection:
        connection.exec_driver_sql(TWICE[name])


def test_places_and_times_have_64_bits(store: SqlStore) -> None:
    """Nothing that grows is bounded by 32 bits, on any database."""
    big = {"index", "size", "accepted_at", "number", "target", "due_ms", "next", "expires_s"}
    found = {column.name for table in tables.METADATA.sorted_tables for column in table.c if column.name in big}
    assert found == big
    postgres = sa.dialects.postgresql.dialect()  # type: ignore[no-untyped-call]
    for table in tables.METADATA.sorted_tables:
        for column in table.c:
            if column.name in big:
                assert column.type.compile(postgres) == "BIGINT"


def begun(ledger: Ledger, world: World) -> Digest:
    """An operation in which something is asked."""
    opening = {"do": "open", "participants": [{"member": KG, "part": "transit"}]}
    opened = world.dispatch(f"{KZ}/DUTY-1", [KG], kind="operation", operation=opening, expects={"by": world.time_s})
    ledger.commit(opened)
    return decode_digest(opened.digest)


def ask_everything(store: SqlStore, digest: Digest, opened: Digest) -> None:
    """What is asked outside of commits."""
    store.public(0, 8, 100)
    store.mailbox(KG, "normal", 0, 8, 100)
    store.find(digest, KG, auditor=False)
    store.indices([digest])
    store.leaves(0, 8)
    assert store.operation_steps(opened, KG, 0, 99, 100)
    store.tile(0, 0)
    store.due_at()
    store.use_token("key", "one", 1_000, 0)


def test_every_question_of_the_hub_has_its_index(ledger: Ledger, store: SqlStore, world: World) -> None:
    """Pages, facts, watches and tokens are found by an index; none of them reads a whole table."""
    sent = world.dispatch(KZ, [KG], expects={"by": world.time_s})
    ledger.commit(sent, world.receipt(KG, KZ, [sent.digest]))
    digest = decode_digest(sent.digest)
    needs = Needs(
        frozenset({digest, sha256(b"x")}),
        frozenset({(KZ, "j")}),
        frozenset({(digest, KG)}),
        frozenset({(digest, KG, "received")}),
        frozenset({KG}),
        operations=frozenset({digest}),
        steps=frozenset({digest}),
        resealed=frozenset({(digest, KG)}),
    )
    opened = begun(ledger, world)
    asked: list[str] = []

    def note(statement: str) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            asked.append(statement)

    def trace(connection: Any, _record: Any, _proxy: Any) -> None:
        connection.set_trace_callback(note)  # of the driver: not every question goes through SQLAlchemy

    sa.event.listen(store._engine, "checkout", trace)
    ask_everything(store, digest, opened)
    with store.transaction() as transaction:
        transaction.facts(needs)
        assert len(ledger.take_due(transaction, world.time_ms + 10**9, 1)) == 1
        assert len(ledger.take_due(transaction, world.time_ms + 10**9, 100)) == 3
    sa.event.remove(store._engine, "checkout", trace)
    assert len(asked) >= 15
    with store._engine.connect() as connection:
        for statement in [*asked]:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}").all()
            scans = [row[-1] for row in plan if row[-1].startswith("SCAN") and row[-1] not in CONSTANT]
            assert (statement, scans) == (statement, [])
