"""Translation between admitted statements, rows, and items."""

from __future__ import annotations

from typing import Any

import pytest

from broker.adapters.db import tables
from broker.adapters.db.rows import (
    LANE_CODES,
    MAILBOX_COLUMNS,
    STATEMENT_COLUMNS,
    effect_rows,
    item_of,
    mailbox_rows,
    statement_row,
)
from broker.ports import LedgerItem, StoredCopy
from schemas.encoding import decode_digest
from schemas.errors import Code
from tests.contract.ledger import Ledger
from tests.support.refusals import refused
from tests.support.world import KG, KZ, TJ, World


def columns(model: Any) -> set[str]:
    """Names of a table's columns."""
    return {column.name for column in model.__table__.c}


def test_lanes_keep_their_numbers() -> None:
    """What is in databases already must not change its meaning."""
    assert LANE_CODES == {"public": 0, "urgent": 1, "normal": 2}


def test_a_dispatch_is_written_once_with_what_checks_it(ledger: Ledger, world: World) -> None:
    """Its row has text, leaf and body, and the digests of the cover, by which the body is checked when read."""
    sent = world.dispatch(f"{KZ}/DUTY-1", [KG], precedence="flash", status="test")
    [admitted] = ledger.commit(sent)
    row = statement_row(admitted)
    assert set(row) == columns(tables.StatementRow)
    assert row["leaf"] == admitted.leaf.to_bytes()
    assert {name: row[name] for name in ("index", "sender", "lane", "status", "type", "jti", "entries")} == {
        "index": 7, "sender": KZ, "lane": 1, "status": "test", "type": 4, "jti": sent.envelope.jti, "entries": 2,
    }  # fmt: skip
    assert (row["digest"], row["text"], row["body"]) == (
        decode_digest(sent.digest),
        sent.text,
        sent.sealed.body.to_bytes(),
    )
    assert (row["content_digest"], row["entries_root"]) == (sent.claim.digest, sent.claim.entries)


def test_what_has_no_content_has_none_in_its_row(ledger: Ledger, world: World) -> None:
    """Public statements and receipts have a text only."""
    sent = world.dispatch(KZ, [KG])
    _, receipt = ledger.commit(sent, world.receipt(KG, KZ, [sent.digest]))
    [revocation] = ledger.commit(world.revocation(world.party(f"{TJ}/DUTY-1")))
    for admitted, lane in ((receipt, 2), (revocation, 0)):
        row = statement_row(admitted)
        assert row["lane"] == lane
        assert {row[name] for name in ("body", "content_digest", "entries_root", "entries", "status")} == {None}


def test_each_mailbox_has_its_members_own_entry(ledger: Ledger, world: World) -> None:
    """Entries lie at their position, each with its proof; the sender's own copy is not addressed to it."""
    sent = world.dispatch(KZ, [TJ, KG])
    [admitted] = ledger.commit(sent)
    rows = list(mailbox_rows(admitted))
    assert all(set(row) == columns(tables.MailboxRow) for row in rows)
    assert [(row["member"], row["addressed"], row["position"]) for row in rows] == [
        (TJ, True, 0), (KG, True, 1), (KZ, False, 2),
    ]  # fmt: skip
    assert [row["entry"] for row in rows] == [entry.to_bytes() for entry in sent.sealed.entries]
    assert all(row["withdrawn"] is False and row["entry_proof"] for row in rows)


def test_a_receipt_lies_in_mailboxes_without_entry(ledger: Ledger, world: World) -> None:
    """There is nothing sealed in it."""
    sent = world.dispatch(KZ, [KG])
    _, receipt = ledger.commit(sent, world.receipt(KG, KZ, [sent.digest]))
    rows = list(mailbox_rows(receipt))
    assert [(row["member"], row["addressed"]) for row in rows] == [(KZ, True), (KG, False)]
    assert {row[name] for row in rows for name in ("position", "entry", "entry_proof")} == {None}


def test_effects_are_rows_of_their_own(ledger: Ledger, world: World) -> None:
    """What a batch says of earlier dispatches, and what will be due, is written for the member that said it."""
    first = world.dispatch(KZ, [KG])
    ledger.commit(first)
    reply = world.dispatch(f"{KG}/DUTY-1", [KZ], refs=[{"rel": "reply", "digest": first.digest}], precedence="flash")
    batch = ledger.commit(reply, world.receipt(f"{KG}/DUTY-1", KZ, [first.digest], "acknowledged"))
    rows = effect_rows(batch)
    assert rows == {
        "reference": [{"target": 7, "index": 8, "rel": "reply", "member": KG}],
        "outcome": [{"target": 7, "member": KG, "outcome": "acknowledged", "index": 9}],
        "owing": [],
        "watch": [{"sender": KG, "due_ms": world.time_ms + 300_000, "index": 8, "missing": "received"}],
        "operation": [],
        "step": [],
    }
    for name, model in (("reference", tables.ReferenceRow), ("outcome", tables.OutcomeRow), ("watch", tables.WatchRow)):
        assert set(rows[name][0]) == columns(model)


ROW: dict[str, Any] = {
    "lane": 1, "index": 7, "leaf": b"leaf", "text": "text", "body": b"body", "content_digest": b"c" * 32,
    "entries_root": b"r" * 32, "entries": 3, "entry": b"entry", "entry_proof": b"proof", "position": 2,
}  # fmt: skip


def item(**changes: Any) -> LedgerItem:
    """The item of a row."""
    row = {**ROW, **changes}
    return item_of(tuple(row[name] for name in (*STATEMENT_COLUMNS, *MAILBOX_COLUMNS)))


def test_a_row_becomes_an_item() -> None:
    """Everything that is needed to check and deliver it is in it; without an entry there is no copy."""
    copy = StoredCopy(b"body", b"entry", b"proof", 2, 3, b"c" * 32, b"r" * 32)  # type: ignore[arg-type]
    assert item() == LedgerItem("urgent", 7, b"leaf", "text", copy)
    assert item(entry=None, entry_proof=None, position=None) == LedgerItem("urgent", 7, b"leaf", "text", None)
    assert item(text=None).statement is None


def test_an_entry_at_a_statement_without_content_shows_nothing() -> None:
    """A row of a mailbox that was moved to another's receipt gives its reader no text."""
    assert item(body=None) == LedgerItem("urgent", 7, b"leaf", None, None)


@pytest.mark.parametrize("lane", [3, -1, None, "x"])
def test_a_row_on_no_lane_is_damage(lane: Any) -> None:
    """A changed lane is told as damage, with its place."""
    with refused(Code.DAMAGED, "7"):
        item(lane=lane)
