"""The outbox: urgent first, in order, through every state and restart."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.store import OutState, Store
from tests.support.desk import make_store
from tests.support.world import KZ, World


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return make_store(tmp_path, World([KZ]), "KZ/NFP")


@given(st.lists(st.booleans(), max_size=30))
def test_urgent_goes_first(tmp_path_factory: pytest.TempPathFactory, urgent: list[bool]) -> None:
    """What is urgent waits for nothing that is not; among equals the order of saying holds."""
    with make_store(tmp_path_factory.mktemp("store"), World([KZ]), "KZ/NFP") as store:
        rows = [store.outbox.add({"n": n}, urgent=each, made_ms=0) for n, each in enumerate(urgent)]
        expected = sorted(rows, key=lambda row: (not urgent[rows.index(row)], row))
        assert store.outbox.waiting(100) == expected


def test_waiting_is_bounded(store: Store) -> None:
    """No more rows are named than were asked for, and all are counted."""
    rows = [store.outbox.add({}, urgent=False, made_ms=0) for _ in range(3)]
    assert store.outbox.waiting(2) == rows[:2]
    assert store.outbox.waiting_count() == 3


def test_states_follow_each_other(store: Store) -> None:
    """A row is drafted, signed and accepted; draft and bytes stay."""
    row = store.outbox.add({"say": "x"}, urgent=True, made_ms=7)
    store.outbox.set_signed(row, "jws", "digest", {"iv": "y"})
    signed = store.outbox.get(row)
    assert signed is not None
    assert (signed.state, signed.statement, signed.sealed, signed.made_ms) == (OutState.SIGNED, "jws", {"iv": "y"}, 7)
    store.outbox.set_accepted(row, 12)
    accepted = store.outbox.find("digest")
    assert accepted is not None
    assert (accepted.id, accepted.state, accepted.index) == (row, OutState.ACCEPTED, 12)
    assert (accepted.statement, accepted.sealed, accepted.draft) == ("jws", {"iv": "y"}, {"say": "x"})
    assert store.outbox.waiting(9) == []


def test_refused_keeps_what_was_signed(store: Store) -> None:
    """A refusal has its code and detail, the statement stays to look at, and it waits no more."""
    row = store.outbox.add({}, urgent=False, made_ms=0)
    store.outbox.set_signed(row, "jws", "digest", None)
    store.outbox.set_refused(row, "suspended", "KZ/NFP")
    refused = store.outbox.get(row)
    assert refused is not None
    assert (refused.state, refused.code, refused.detail, refused.statement) == (
        OutState.REFUSED,
        "suspended",
        "KZ/NFP",
        "jws",
    )
    assert store.outbox.waiting(9) == []


def test_drafted_again_has_no_bytes(store: Store) -> None:
    """What is to be signed anew is found under no digest."""
    row = store.outbox.add({"say": "x"}, urgent=False, made_ms=0)
    store.outbox.set_signed(row, "jws", "digest", None)
    store.outbox.set_drafted(row)
    again = store.outbox.get(row)
    assert again is not None
    assert (again.state, again.digest, again.statement, again.draft) == (OutState.DRAFTED, None, None, {"say": "x"})
    assert store.outbox.find("digest") is None


def test_new_epoch_resubmits_the_same_bytes(store: Store) -> None:
    """What was accepted at or above the index waits again, with the bytes it had."""
    for index in (4, 5):
        row = store.outbox.add({}, urgent=False, made_ms=0)
        store.outbox.set_signed(row, f"jws {index}", f"digest {index}", None)
        store.outbox.set_accepted(row, index)
    store.outbox.drop_places(5)
    assert store.outbox.waiting(9) == [2]
    again = store.outbox.get(2)
    assert again is not None
    assert (again.state, again.index, again.statement) == (OutState.SIGNED, None, "jws 5")


def test_outbox_survives_a_restart(store: Store, tmp_path: Path) -> None:
    """A draft is there after the program has ended."""
    store.outbox.add({"say": "x"}, urgent=True, made_ms=3)
    store.close()
    with Store.open(tmp_path / "kz-nfp.db", "toy") as again:
        assert [out.draft for out in again.outbox.all(9)] == [{"say": "x"}]


def test_states_of_rows(store: Store) -> None:
    """How far rows have got is told for those that there are, and for no others."""
    first, second = (store.outbox.add({}, urgent=False, made_ms=0) for _ in range(2))
    store.outbox.set_signed(second, "jws", "digest", None)
    assert store.outbox.states([first, second, 99]) == {first: OutState.DRAFTED, second: OutState.SIGNED}
