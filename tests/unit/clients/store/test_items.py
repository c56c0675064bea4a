"""Statements with a place: stored once, found again, nothing of them in the clear."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.store import Store, StoredItem
from clients.store.database import _Cursor
from schemas.claims import Lane, StatementType
from schemas.encoding import encode_base64url, sha256
from schemas.leaf import Leaf
from tests.support.desk import make_store
from tests.support.world import KZ, World


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return make_store(tmp_path, World([KZ]), "KZ/NFP")


def item(
    name: str, index: int | None = 5, *, lane: Lane = "normal", sent_by_us: bool = False, inbox: bool = True
) -> StoredItem:
    """An item that a name stands for."""
    digest = sha256(name.encode())
    kind = StatementType.CREDENTIAL if lane == "public" else StatementType.DISPATCH
    return StoredItem(
        digest=encode_base64url(digest),
        index=index,
        lane=lane,
        leaf=Leaf(1_000, kind.code, lane == "public", digest),
        statement=f"statement of {name}",
        proof="",
        note="note",
        sent_by_us=sent_by_us,
        inbox=inbox,
        met_at=2_000,
        sealed={"iv": "x"},
        entry_proof="",
        content_key=b"c" * 32,
        content='{"secret":"heroin"}',
    )


def test_item_comes_back(store: Store) -> None:
    """What was put is got, whole."""
    put = item("a")
    store.items.put(put)
    assert store.items.get(put.digest) == replace(put, seq=1)
    assert store.items.get("x" * 43) is None


def test_item_that_failed_comes_back(store: Store) -> None:
    """Step and code of a failure are kept, and what is absent stays absent."""
    put = replace(item("a"), statement=None, sealed=None, content=None, content_key=None, step=2, code="gone")
    store.items.put(put)
    assert store.items.get(put.digest) == replace(put, seq=1)


def test_nothing_is_in_the_clear(store: Store, tmp_path: Path) -> None:
    """Neither report nor statement nor key can be read in the file."""
    store.items.put(item("a"))
    store.close()
    data = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert [word for word in (b"heroin", b"statement of", b"c" * 32) if word in data] == []


def test_second_put_keeps_order_and_taken(store: Store) -> None:
    """An item that comes again is not shown again and keeps its turn."""
    for name in "ab":
        store.items.put(item(name))
    store.items.mark_taken([item("a").digest])
    store.items.put(replace(item("a", 9), content="{}"))
    found = store.items.get(item("a").digest)
    assert found is not None
    assert (found.seq, found.index, found.taken, found.content) == (1, 9, True, "{}")
    assert store.items.untaken() == [("normal", item("b").digest)]


@given(st.lists(st.sampled_from("abcdefgh"), max_size=20))
def test_exactly_once(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> None:
    """However often items come, each is untaken once, in the order of first arrival."""
    with make_store(tmp_path_factory.mktemp("store"), World([KZ]), "KZ/NFP") as store:
        for name in names:
            store.items.put(item(name))
        assert [digest for _, digest in store.items.untaken()] == [item(name).digest for name in dict.fromkeys(names)]


def test_public_items_come_in_ledger_order(store: Store) -> None:
    """The public lane is replayed by place, whatever the order of arrival."""
    for name, index in (("a", 7), ("b", 3), ("c", 5)):
        store.items.put(item(name, index, lane="public", inbox=False))
    store.items.put(item("d", 4))
    assert [found.index for found in store.items.public()] == [3, 5, 7]
    assert store.items.public_between(3, 7) == {3: item("b").digest, 5: item("c").digest}


def test_inbox_and_sent_page_backwards(store: Store) -> None:
    """The newest comes first, and a page goes on where the last one ended."""
    for name in "abc":
        store.items.put(item(name))
    store.items.put(item("d", sent_by_us=True, inbox=False))
    first = store.items.inbox(2)
    assert [found.digest for found in first] == [item("c").digest, item("b").digest]
    assert [found.digest for found in store.items.inbox(2, first[-1].seq)] == [item("a").digest]
    assert [found.digest for found in store.items.sent(9)] == [item("d").digest]


def test_dropped_places_are_not_held(store: Store) -> None:
    """From the index of a new epoch on nothing has a place, and nothing below is touched."""
    for name, index in (("a", 4), ("b", 5), ("c", 6)):
        store.items.put(item(name, index, sent_by_us=True))
    store.items.drop_places(5)
    assert [store.items.has(item(name).digest) for name in "abc"] == [True, False, False]
    assert store.items.own_between(0, 10) == {4: item("a").digest}


def test_item_is_found_by_its_place(store: Store) -> None:
    """The number in the ledger leads to the item that stands there."""
    store.items.put(item("a", 5))
    store.items.put(item("b", 6))
    found = store.items.at(6)
    assert found is not None
    assert found.digest == item("b").digest
    assert store.items.at(7) is None


def test_urgent_items_after_one(store: Store) -> None:
    """Only urgent dispatches for the own member are named, in order of arrival."""
    store.items.put(item("a", 5, lane="urgent"))
    store.items.put(item("b", 6))
    store.items.put(item("c", 7, lane="urgent", inbox=False))
    store.items.put(item("d", 8, lane="urgent"))
    assert store.items.urgent_after(0) == [(1, item("a").digest), (4, item("d").digest)]
    assert store.items.urgent_after(1) == [(4, item("d").digest)]


def test_glances_are_newest_first_and_read_a_few_at_a_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking through a large store decrypts no more than it is asked for, and a bounded number ahead."""
    with store.transaction():
        for number in range(600):
            store.items.put(item(str(number), number, sent_by_us=number % 2 == 0, inbox=number % 2 == 1))
    store.items.put(item("key", 700, lane="public", inbox=False))
    store.items.put(item("other's", 701, inbox=False))
    sizes: list[int] = []
    fetchall = _Cursor.fetchall

    def counted(cursor: _Cursor) -> list[object]:
        rows = fetchall(cursor)
        sizes.append(len(rows))
        return rows

    monkeypatch.setattr(_Cursor, "fetchall", counted)
    found = store.items.glances()
    assert next(found).digest == item("599").digest
    assert sizes == [256]
    assert [each.digest for each in found] == [item(str(number)).digest for number in range(598, -1, -1)]
    assert sizes == [256, 256, 88]


def test_glance_shows_what_is_looked_at(store: Store) -> None:
    """Statement, content, step and direction are there; bounds are by the hub's time, the later one not included."""
    store.items.put(replace(item("a", sent_by_us=True), step=7))
    (found,) = store.items.glances()
    assert (found.statement, found.content, found.step) == ("statement of a", '{"secret":"heroin"}', 7)
    assert (found.sent_by_us, found.inbox, "heroin" in repr(found)) == (True, True, False)
    assert [len(list(store.items.glances(*bounds))) for bounds in ((1_000,), (1_001,), (0, 1_000), (0, 1_001))] == [
        1,
        0,
        0,
        1,
    ]


def test_place_of_a_digest(store: Store) -> None:
    """A statement's place is known without opening it; one that is not here, or was dropped, has none."""
    store.items.put(item("a", 9))
    assert store.items.place_of(item("a").digest) == 9
    assert store.items.place_of(item("b").digest) is None
    store.items.drop_places(5)
    assert store.items.place_of(item("a").digest) is None


def test_beside_opens_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only digests are read, the highest number first, however much is left out; what has no number is last."""
    for number, place in enumerate((7, 3, None, 9)):
        store.items.put(replace(item(f"n{number}", place or 20), sent_by_us=number == 1))
    store.items.drop_places(20)
    monkeypatch.setattr(store._database.seals, "open", None)
    digests = [item(f"n{number}").digest for number in (3, 0, 1, 2)]
    assert store.items.inbox_beside(frozenset(), 9) == digests
    assert store.items.inbox_beside(frozenset(digests[:2]), 1) == digests[2:3]
    assert store.items.sent_beside(frozenset(), 9) == digests[2:3]
    assert (store.items.inbox_count(), store.items.sent_count()) == (4, 1)
