"""The port `Store`: who finds which statement, and which copy of it."""

from __future__ import annotations

from dataclasses import replace

from broker.ports import LedgerItem
from schemas.addresses import Address
from schemas.encoding import sha256
from schemas.errors import Code
from schemas.leaf import parse_leaf
from schemas.merkle import hash_leaf, split_hashes, verify_inclusion
from tests.contract.ledger import SIZE, Item, Ledger, raw
from tests.support.refusals import refused
from tests.support.world import KG, KZ, TJ, Sent, World, digest_of


def is_proven(item: LedgerItem, sent: Sent, member: Address) -> bool:
    """Whether an item is a member's whole copy of a dispatch."""
    copy = item.copy
    if copy is None or item.statement != sent.text or copy.entry != sent.copy(member).entry.to_bytes():
        return False
    proof = split_hashes(copy.entry_proof)
    verify_inclusion(hash_leaf(copy.entry), copy.position, copy.entries, proof, copy.entries_root)
    return (copy.body, copy.content_digest, copy.entries_root) == (
        sent.sealed.body.to_bytes(),
        sent.claim.digest,
        sent.claim.entries,
    )


def test_each_member_gets_its_own_copy(ledger: Ledger, world: World) -> None:
    """Recipients and the sender's member find the shared content with their own entry and its proof."""
    sent = world.dispatch(f"{KZ}/DUTY-1", [TJ, KG], b"\x00\xff" * 500)
    ledger.commit(sent)
    for member in (KZ, KG, TJ):
        [item] = ledger.store.mailbox(member, "normal", 0, 100, 100)
        assert (item.lane, item.index, parse_leaf(item.leaf).digest) == ("normal", SIZE, raw(sent.digest))
        assert is_proven(item, sent, member)
    assert set(ledger.store.members()) == {KZ, KG, TJ}


def test_lanes_are_apart_and_read_by_range(ledger: Ledger, world: World) -> None:
    """A page holds one lane, within its bounds, in order, at most as many as asked for."""
    precedences = ("routine", "flash", "priority", "immediate", "routine", "flash")
    items: list[Item] = [world.dispatch(KZ, [KG], precedence=precedence) for precedence in precedences]
    ledger.commit(*items[:3])
    ledger.commit(*items[3:], world.revocation(world.party(f"{TJ}/DUTY-1")))
    store = ledger.store
    assert ledger.places(KG, "urgent") == [SIZE + 1, SIZE + 3, SIZE + 5]
    assert ledger.places(KG, "normal") == [SIZE, SIZE + 2, SIZE + 4]
    assert ledger.places(KG, "normal", limit=2) == [SIZE, SIZE + 2]
    page = store.mailbox(KG, "urgent", SIZE + 1, SIZE + 5, 100)
    assert [item.index for item in page] == [SIZE + 1, SIZE + 3]
    assert store.mailbox(TJ, "urgent", 0, 100, 100) == []
    assert [item.index for item in store.public(SIZE - 1, 100, 100)] == [SIZE - 1, SIZE + 6]
    assert [item.index for item in store.public(0, SIZE + 6, 3)] == [0, 1, 2]
    assert [len(store.leaves(*bounds)) for bounds in ((0, 4), (SIZE, 100), (5, 5))] == [4, 7, 0]


def test_receipts_and_events_have_no_content(ledger: Ledger, world: World) -> None:
    """They lie in the mailboxes of those they are for, as text alone."""
    sent = world.dispatch(KZ, [KG], precedence="flash")
    ledger.commit(sent)
    world.wait(400)
    with ledger.store.transaction() as transaction:
        admitter, due = ledger.write(transaction, world.receipt(KG, KZ, [sent.digest]), watches=10)
        ledger.take(admitter)
    assert len(due) == 1
    items = ledger.store.mailbox(KZ, "urgent", SIZE + 1, 100, 100)
    assert [(item.index, item.copy) for item in items] == [(SIZE + 1, None), (SIZE + 2, None)]
    assert ledger.places(KG, "urgent") == [SIZE, SIZE + 2]


def test_a_statement_is_found_by_who_may_have_it(ledger: Ledger, world: World) -> None:
    """Members find theirs with their entry, auditors every text, everybody the public ones; others nothing."""
    sent, text = world.dispatch(KZ, [KG]), world.log[2].text
    ledger.commit(sent)
    for member in (KZ, KG):
        item = ledger.store.find(raw(sent.digest), member, auditor=False)
        assert item is not None
        assert is_proven(item, sent, member)
    for reader in (TJ, None):
        assert ledger.store.find(raw(sent.digest), reader, auditor=False) is None
        audited = ledger.store.find(raw(sent.digest), reader, auditor=True)
        assert audited is not None
        assert (audited.statement, audited.copy) == (sent.text, None)
        public = ledger.store.find(raw(digest_of(text)), reader, auditor=False)
        assert public is not None
        assert (public.lane, public.index, public.statement) == ("public", 2, text)


def test_places_are_told_by_digest(ledger: Ledger, world: World) -> None:
    """Only of what is there."""
    digests = [raw(digest_of(logged.text)) for logged in world.log]
    assert ledger.store.indices([*digests, sha256(b"x")]) == {digest: index for index, digest in enumerate(digests)}


def test_mail_of_a_member_that_ceased_is_withdrawn(ledger: Ledger, world: World) -> None:
    """What it had not confirmed is neither delivered nor found any more; what it had, and receipts to it, stay."""
    heard, unheard, own = world.dispatch(KZ, [KG, TJ]), world.dispatch(KZ, [KG]), world.dispatch(KG, [KZ])
    ledger.commit(heard, unheard, own, world.receipt(KG, KZ, [heard.digest]), world.receipt(KZ, KG, [own.digest]))
    revocation = world.revocation(world.party(KG))
    *_, undeliverable = ledger.commit(revocation)
    assert undeliverable.statement.claims.event == "undeliverable"  # type: ignore[attr-defined]
    assert ledger.places(KG, "normal") == [SIZE, SIZE + 2, SIZE + 3, SIZE + 4]
    assert ledger.places(KZ, "normal") == [*range(SIZE, SIZE + 5), SIZE + 6]
    assert ledger.places(TJ, "normal") == [SIZE]
    assert ledger.store.find(raw(unheard.digest), KG, auditor=False) is None
    assert ledger.store.find(raw(unheard.digest), KZ, auditor=False) is not None
    assert all(KG not in silent for _, silent in ledger.due(10**6))


def test_a_repeated_jti_or_digest_is_never_written(ledger: Ledger, world: World) -> None:
    """Should a writer err, the store itself refuses a second statement of the same identity and keeps nothing of it."""
    sent = world.dispatch(KZ, [KG])
    [admitted] = ledger.commit(sent)
    again = replace(admitted, index=SIZE + 1, statement=replace(admitted.statement, digest=sha256(b"another")))
    for twice in (replace(admitted, index=SIZE + 1), again):
        with refused(Code.STORAGE_FAILED), ledger.store.transaction() as transaction:
            transaction.append([twice], [])
    assert len(ledger.store.leaves(0, 100)) == SIZE + 1
