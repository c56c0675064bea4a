"""The port `Store`: its transactions, cursors, tokens, backup, and how it fails."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event

from broker.adapters.db.store import SqlStore
from broker.core.facts import Facts
from broker.core.tree import TileId
from broker.ports import StoredHead
from schemas.addresses import Address
from schemas.claims import LANES
from schemas.encoding import sha256
from schemas.errors import Code, SeraiError
from schemas.merkle import hash_leaf, root_of, split_hashes
from tests.contract.ledger import NOTHING, SIZE, Broken, Item, Ledger, Open, raw
from tests.support.refusals import outcome, refused
from tests.support.world import KG, KZ, TJ, World

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
        assert len(ledger.take_due(transaction, world.time_ms + 10**9, 100)) == 3
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


def test_a_reader_sees_one_moment(ledger: Ledger, reopen: Open, world: World) -> None:
    """What is committed while somebody reads in several steps is not seen in the later ones."""
    ledger.commit(world.dispatch(KZ, [KG]))
    reader = reopen()
    read: list[str] = []

    @event.listens_for(reader._engine, "after_cursor_execute")
    def commit(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT") and not read:
            read.append(statement)
            ledger.commit(world.revocation(world.party(KG)))

    assert list(reader.compare_withdrawn([(KG, SIZE + 1)])) == [f"mailbox: {SIZE} of {KG} is withdrawn, or should be"]
    assert list(reader.compare_withdrawn([(KG, SIZE + 1)])) == []


def test_answers_are_compared_with_what_the_texts_say(ledger: Ledger, store: SqlStore, world: World) -> None:
    """An answer that is waited for and should not be, or the reverse, is told; not where nobody can know."""
    asked = world.dispatch(KZ, [KG, TJ], expects={"by": world.time_s + 60})
    ledger.commit(asked, world.dispatch(KG, [KZ], refs=[{"rel": "reply", "digest": asked.digest}]))
    right: dict[tuple[int, Address], int | None] = {(SIZE, KG): SIZE + 1, (SIZE, TJ): None}
    assert store.compare_endings(right, set()) == []
    told = [f"owing: the answer of {member} to {SIZE} is waited for, or should be" for member in (KG, TJ)]
    assert store.compare_endings({(SIZE, KG): None, (SIZE, TJ): SIZE + 1}, set()) == told
    assert store.compare_endings({(SIZE, KG): None, (SIZE, TJ): SIZE + 1}, {SIZE + 1}) == []


@pytest.mark.parametrize("leaves", [0, SIZE], ids=["empty", "filled"])
def test_transactions_never_overlap(reopen: Open, store: SqlStore, world: World, leaves: int) -> None:
    """A second writer, here or elsewhere, waits for the first and then sees its head: the very first one too."""
    if leaves:
        Ledger(store, world)
    begun, seen = threading.Event(), []

    def write_second() -> None:
        other = reopen()
        begun.set()
        with other.transaction() as transaction:
            seen.append(transaction.head)

    thread = threading.Thread(target=write_second)
    with store.transaction() as transaction:
        assert transaction.head.size == leaves
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
