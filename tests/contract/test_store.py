"""The port `Store`: one suite, run against every adapter.

A further adapter is a further entry of `STORES`: it gives an empty store in a place of its
own, and another one over the same place.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from broker.adapters.db.store import SqlStore
from broker.core.facts import Facts, Needs
from broker.core.tree import TileId
from broker.ports import StoredHead, StoredItem
from schemas.addresses import Address
from schemas.claims import LANES, StatementType
from schemas.encoding import Digest, decode_digest, sha256
from schemas.errors import Code, SeraiError
from schemas.leaf import parse_leaf
from schemas.merkle import hash_leaf, root_of, split_hashes, verify_inclusion
from tests.contract.ledger import Broken, Item, Ledger
from tests.support.refusals import outcome, refused
from tests.support.world import KG, KZ, TJ, Sent, World, digest_of

NOTHING: Final = Needs(frozenset(), frozenset(), frozenset(), frozenset(), frozenset())
SIZE: Final = 7
"""Leaves of the world: an epoch, three members, three officers."""

Open = Callable[[], SqlStore]


def sqlite(path: Path) -> Open:
    """How to open a SQLite database in a folder."""
    return lambda: SqlStore(f"sqlite:///{path / 'hub.db'}")


STORES: Final[dict[str, Callable[[Path], Open]]] = {"sqlite": sqlite}


@pytest.fixture(params=STORES)
def reopen(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Opens the store of this test, as often as wanted; all of them are closed in the end."""
    opened: list[SqlStore] = []
    make = STORES[request.param](tmp_path)

    def open_one() -> SqlStore:
        opened.append(make())
        return opened[-1]

    yield open_one
    for store in opened:
        store.close()


@pytest.fixture
def store(reopen: Open) -> SqlStore:
    """An empty store."""
    made = reopen()
    made.migrate()
    return made


@pytest.fixture
def world() -> World:
    """KZ, KG and TJ with an officer each."""
    return World([KZ, KG, TJ])


@pytest.fixture
def ledger(store: SqlStore, world: World) -> Ledger:
    """The world's public statements in the store."""
    return Ledger(store, world)


def raw(digest: str) -> Digest:
    """A digest as bytes."""
    return decode_digest(digest)


def is_proven(item: StoredItem, sent: Sent, member: Address) -> bool:
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


# An empty store


def test_an_empty_store_has_nothing(store: SqlStore) -> None:
    """There is no head, leaf, tile, member, watch or mail."""
    assert store.head() == StoredHead(0, 0, 0, "")
    assert (store.tile(0, 0), store.leaves(0, 10), store.public(0, 10, 10)) == (b"", [], [])
    assert (store.members(), store.due_at(), store.indices([sha256(b"x")])) == ([], None, {})
    assert store.find(sha256(b"x"), KZ, auditor=True) is None
    assert store.backlog() == dict.fromkeys(LANES, 0)
    with store.transaction() as transaction:
        assert transaction.head == StoredHead(0, 0, 0, "")
        assert transaction.due(2**60, 10) == []
        assert transaction.facts(NOTHING) == Facts({}, {}, frozenset(), frozenset(), {})


def test_migrating_again_changes_nothing(ledger: Ledger, store: SqlStore) -> None:
    """A hub that starts brings the schema forward, and what is there stays."""
    head = store.head()
    store.migrate()
    assert store.head() == head


# One transaction


def test_what_was_committed_is_there_for_everybody(ledger: Ledger, reopen: Open, world: World) -> None:
    """Head, leaves, tiles and texts are read back as written, also by who opens the store anew."""
    ledger.commit(world.dispatch(KZ, [KG]))
    for store in (ledger.store, reopen()):
        head = store.head()
        assert head == StoredHead(0, SIZE + 1, world.time_ms, f"note of {SIZE + 1} — ü")
        leaves = store.leaves(0, head.size)
        assert root_of([hash_leaf(leaf) for leaf in leaves]) == ledger.edge.frontier.root()
        assert split_hashes(store.tile(0, 0)) == tuple(hash_leaf(leaf) for leaf in leaves)
        assert [item.statement for item in store.public(0, 100, 100)] == [logged.text for logged in world.log]


def test_a_transaction_that_breaks_leaves_nothing(ledger: Ledger, store: SqlStore, world: World) -> None:
    """Neither head nor leaf nor mail nor cursor, and watches that were taken off are back."""
    ledger.commit(world.dispatch(KZ, [KG], precedence="flash"))
    before, due_at = store.head(), store.due_at()
    with suppress(Broken), store.transaction() as transaction:
        ledger.write(transaction, world.dispatch(KZ, [KG]), world.dispatch(KZ, [TJ], precedence="flash"))
        assert len(transaction.due(world.time_ms + 10**9, 100)) == 3
        transaction.keep_cursors({(KG, "main", "urgent"): 100})
        raise Broken
    assert (store.head(), store.due_at()) == (before, due_at)
    assert store.leaves(before.size, 100) == []
    assert (ledger.places(KG, "normal"), ledger.places(TJ, "urgent")) == ([], [])
    assert store.backlog()["urgent"] == 1
    ledger.commit(world.dispatch(KZ, [KG]))
    assert ledger.places(KG, "normal") == [before.size]


def test_readers_see_nothing_before_the_commit(ledger: Ledger, store: SqlStore, world: World) -> None:
    """While a transaction is under way everybody else reads what was committed before, all of it and only that."""
    before = store.head()
    sent = world.dispatch(KZ, [KG])
    with store.transaction() as transaction:
        ledger.write(transaction, sent)
        assert store.head() == before
        assert store.mailbox(KG, "normal", 0, 100, 100) == []
        assert store.find(raw(sent.digest), KG, auditor=True) is None
        assert len(store.tile(0, 0)) == 32 * SIZE
    assert store.head().size == before.size + 1
    assert len(store.mailbox(KG, "normal", 0, 100, 100)) == 1


def test_transactions_never_overlap(ledger: Ledger, reopen: Open) -> None:
    """A second writer, here or elsewhere, waits for the first and then sees its head."""
    begun, seen = threading.Event(), []

    def write_second() -> None:
        other = reopen()
        begun.set()
        with other.transaction() as transaction:
            seen.append(transaction.head)

    thread = threading.Thread(target=write_second)
    with ledger.store.transaction() as transaction:
        thread.start()
        assert begun.wait(10)
        changed = replace(transaction.head, note="changed while the other waited")
        transaction.advance(changed, {})
        thread.join(0.2)
        assert seen == []
    thread.join(10)
    assert seen == [changed]


def test_the_head_and_tiles_move_on(store: SqlStore) -> None:
    """A head replaces the one before, a wider tile the narrower one."""
    for size in (1, 2, 300):
        with store.transaction() as transaction:
            tiles = {TileId(0, 0): bytes(32 * size), TileId(1, 2**40): b"x" * size}
            transaction.advance(StoredHead(size, size, 1000 * size, f"note {size}"), tiles)
        assert store.head() == StoredHead(size, size, 1000 * size, f"note {size}")
        assert (store.tile(0, 0), store.tile(1, 2**40), store.tile(0, 1)) == (bytes(32 * size), b"x" * size, b"")


# Facts


def test_facts_tell_what_is_known(ledger: Ledger, world: World) -> None:
    """Of a digest in the ledger place, time, type, sender, lane and status are told; of another nothing."""
    sent = world.dispatch(f"{KZ}/DUTY-1", [KG], precedence="flash", status="test")
    receipt = world.receipt(KG, KZ, [sent.digest])
    ledger.commit(sent, receipt)
    wanted = {raw(sent.digest), raw(digest_of(receipt)), raw(digest_of(world.log[1].text)), sha256(b"other")}
    known = ledger.facts(replace(NOTHING, digests=frozenset(wanted))).known
    assert {(k.index, k.accepted_at, k.type, k.sender, k.lane, k.status) for k in known.values()} == {
        (SIZE, world.time_ms, StatementType.DISPATCH, KZ, "urgent", "test"),
        (SIZE + 1, world.time_ms, StatementType.RECEIPT, KG, "urgent", None),
        (1, world.time_ms, StatementType.CREDENTIAL, "ROOT", "public", None),
    }


def test_facts_tell_which_jti_was_used_for_what(ledger: Ledger, world: World) -> None:
    """A jti is its member's: the same one of another member does not matter."""
    sent = world.dispatch(f"{KZ}/DUTY-1", [KG])
    ledger.commit(sent)
    jti = sent.envelope.jti
    facts = ledger.facts(replace(NOTHING, jtis=frozenset({(KZ, jti), (KG, jti)})))
    assert facts.jtis.get((KZ, jti)) == raw(sent.digest)
    assert (KG, jti) not in facts.jtis


def test_facts_tell_who_was_sent_what_and_what_they_said(ledger: Ledger, world: World) -> None:
    """Recipients are readers, the sender is not; each outcome counts by member, whichever officer gave it."""
    sent = world.dispatch(KZ, [KG, TJ])
    ledger.commit(sent, world.receipt(f"{KG}/DUTY-1", KZ, [sent.digest], "acknowledged"))
    digest = raw(sent.digest)
    needs = replace(
        NOTHING,
        digests=frozenset({digest}),
        readers=frozenset((digest, member) for member in (KZ, KG, TJ)),
        outcomes=frozenset((digest, member, said) for member in (KG, TJ) for said in ("received", "acknowledged")),
    )
    facts = ledger.facts(needs)
    assert facts.readers == {(digest, KG), (digest, TJ)}
    assert facts.outcomes == {(digest, KG, "acknowledged")}


def test_facts_answer_a_large_batch(ledger: Ledger, world: World) -> None:
    """However much is asked at once, it is answered."""
    sent = [world.dispatch(KZ, [KG, TJ]) for _ in range(40)]
    ledger.commit(*sent)
    digests = {raw(each.digest) for each in sent}
    unknown = {sha256(str(number).encode()) for number in range(2_500)}
    needs = Needs(
        frozenset(digests | unknown),
        frozenset((KZ, each.envelope.jti) for each in sent) | {(KZ, str(number)) for number in range(2_500)},
        frozenset((digest, member) for digest in digests | unknown for member in (KG, TJ)),
        frozenset((digest, member, "received") for digest in digests | unknown for member in (KG, TJ)),
        frozenset(),
    )
    facts = ledger.facts(needs)
    assert set(facts.known) == digests
    assert {facts.jtis[KZ, each.envelope.jti] for each in sent} == digests
    assert facts.readers == {(digest, member) for digest in digests for member in (KG, TJ)}


def test_facts_tell_what_a_member_has_not_confirmed(ledger: Ledger, world: World) -> None:
    """Dispatches of which the member said nothing at all are told, in the order of the ledger."""
    sent = [world.dispatch(KZ, [KG], precedence=p) for p in ("routine", "flash", "routine", "priority")]
    ledger.commit(
        *sent,
        world.receipt(KG, KZ, [sent[0].digest]),
        world.receipt(f"{KG}/DUTY-1", KZ, [sent[2].digest], "declined", reason="not_ours"),
        world.dispatch(KZ, [TJ]),
    )
    unreceived = ledger.facts(replace(NOTHING, ceasing=frozenset({KG}))).unreceived[KG]
    told = [(item.index, item.digest, item.sender, item.lane) for item in unreceived]
    assert told == [(SIZE + 1, raw(sent[1].digest), KZ, "urgent"), (SIZE + 3, raw(sent[3].digest), KZ, "normal")]


# Watches


def test_watches_fall_due_in_order_and_once(ledger: Ledger, world: World) -> None:
    """The oldest come first, at most as many as asked for, none before its time, none twice."""
    reply_by = world.time_s + 60
    sent = [world.dispatch(KZ, [KG]), world.dispatch(KZ, [KG, TJ], precedence="flash", reply_by=reply_by)]
    ledger.commit(*sent)
    assert ledger.store.due_at() == 1000 * reply_by
    assert ledger.due(59) == []
    assert [(due.watch.missing, due.digest, due.silent) for due in ledger.due(10**6, limit=2)] == [
        ("reply", raw(sent[1].digest), (KG, TJ)),
        ("received", raw(sent[1].digest), (KG, TJ)),
    ]
    [last] = ledger.due(10**6)
    assert (last.sender, last.lane, last.watch.due_ms) == (KZ, "normal", world.time_ms + 86_400_000)
    assert (ledger.due(10**9), ledger.store.due_at()) == ([], None)


def test_who_answered_is_not_silent(ledger: Ledger, world: World) -> None:
    """Any receipt counts as received, only a reply as a reply, and only from the member itself."""
    sent = world.dispatch(KZ, [KG, TJ], reply_by=world.time_s + 60)
    ledger.commit(
        sent,
        world.receipt(KG, KZ, [sent.digest], "rejected", step=9, reason="decryption_failed"),
        world.dispatch(TJ, [KZ], refs=[{"rel": "reply", "digest": sent.digest}]),
        world.dispatch(KG, [KZ], refs=[{"rel": "related", "digest": sent.digest}]),
    )
    silent = {due.watch.missing: due.silent for due in ledger.due(10**6) if due.digest == raw(sent.digest)}
    assert silent == {"reply": (KG,), "received": (TJ,)}


# Mailboxes


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
    assert all(KG not in due.silent for due in ledger.due(10**6))


def test_a_repeated_jti_or_digest_is_never_written(ledger: Ledger, world: World) -> None:
    """Should a writer err, the store itself refuses a second statement of the same identity and keeps nothing of it."""
    sent = world.dispatch(KZ, [KG])
    [admitted] = ledger.commit(sent)
    again = replace(admitted, index=SIZE + 1, statement=replace(admitted.statement, digest=sha256(b"another")))
    for twice in (replace(admitted, index=SIZE + 1), again):
        with refused(Code.STORAGE_FAILED), ledger.store.transaction() as transaction:
            transaction.append([twice], [])
    assert len(ledger.store.leaves(0, 100)) == SIZE + 1


# Cursors


def test_what_a_seat_has_acknowledged_is_no_backlog(ledger: Ledger, world: World) -> None:
    """Statements addressed to a member wait until the most advanced of its seats has them; own copies do not count."""
    items: list[Item] = [world.dispatch(KZ, [KG, TJ], precedence=p) for p in ("flash", "routine", "routine")]
    ledger.commit(*items)
    store = ledger.store
    assert store.backlog() == {"public": 0, "urgent": 2, "normal": 4}
    steps: list[tuple[Address, str, int, int]] = [
        (KG, "a", SIZE + 2, 3),
        (KG, "b", SIZE + 1, 3),
        (KG, "b", SIZE + 3, 2),
    ]
    for member, seat, following, waiting in steps:
        with store.transaction() as transaction:
            transaction.keep_cursors({(member, seat, "normal"): following})
        assert store.backlog()["normal"] == waiting
    with store.transaction() as transaction:
        transaction.keep_cursors({(member, "a", lane): 100 for member in (KG, TJ) for lane in LANES})
    assert store.backlog() == dict.fromkeys(LANES, 0)


# Tokens


def test_a_token_is_used_once(store: SqlStore, reopen: Open) -> None:
    """A second use is told, also elsewhere and after a restart; another key's or another token is another one."""
    assert store.use_token("key", "one", 1_000, 0)
    for each in (store, reopen()):
        assert not each.use_token("key", "one", 1_000, 0)
    assert store.use_token("other key", "one", 1_000, 0)
    assert store.use_token("key", "two", 1_000, 0)


def test_used_tokens_are_forgotten_when_they_are_over(store: SqlStore) -> None:
    """A token is kept up to its end and no longer, so that they do not pile up."""
    assert store.use_token("key", "one", 1_000, 0)
    assert not store.use_token("key", "one", 1_000, 1_000)
    assert store.use_token("key", "two", 9_999, 1_001)
    assert store.use_token("key", "one", 1_000, 1_000)


def test_of_those_who_use_a_token_at_once_one_gets_in(store: SqlStore, reopen: Open) -> None:
    """However many nodes see it in the same moment."""
    stores = [store, reopen()]
    with ThreadPoolExecutor(8) as pool:
        for turn in range(10):
            used = list(pool.map(lambda n, jti=str(turn): stores[n % 2].use_token("key", jti, 10, 0), range(8)))
            assert sum(used) == 1


# Backup, failure


def test_a_backup_is_the_whole_store_at_a_moment(ledger: Ledger, tmp_path: Path, world: World) -> None:
    """Made while the store is in use, it holds what was committed; stores with tools of their own say so."""
    ledger.commit(world.dispatch(KZ, [KG]))
    target = tmp_path / "copy.db"
    with ledger.store.transaction() as transaction:
        ledger.write(transaction, world.dispatch(KZ, [KG]))
        told = outcome(lambda: ledger.store.backup(target))
    if told is Code.NOT_PERMITTED:
        return
    copy = SqlStore(f"sqlite:///{target}")
    try:
        assert copy.head().size == SIZE + 1
        assert list(copy.leaves(0, 100)) == list(ledger.store.leaves(0, SIZE + 1))
        assert len(copy.mailbox(KG, "normal", 0, 100, 100)) == 1
    finally:
        copy.close()
    with pytest.raises(SeraiError):
        ledger.store.backup(target)


def test_a_store_without_schema_fails_in_our_words(reopen: Open) -> None:
    """Whatever the database says, reading and writing fail with one code."""
    store = reopen()
    for ask in (store.head, store.members, store.backlog, store.due_at, lambda: store.use_token("key", "one", 1, 0)):
        assert outcome(ask) is Code.STORAGE_FAILED
    with refused(Code.STORAGE_FAILED), store.transaction():
        pass
