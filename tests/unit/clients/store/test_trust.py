"""What is believed between two runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from clients.store import Head, Store
from clients.store.trust import NO_CURSORS
from schemas.encoding import sha256
from schemas.frames import Cursors
from schemas.merkle import Frontier
from tests.support.desk import make_store
from tests.support.world import KZ, World


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return make_store(tmp_path, World([KZ]), "KZ/NFP")


def test_newcomer_believes_nothing(store: Store) -> None:
    """An empty store wants everything and has verified nothing."""
    trust = store.trust
    assert (trust.head, trust.epochs, trust.cursors, trust.clock_offset_ms) == (None, (), NO_CURSORS, 0)
    assert trust.audited == (Frontier.empty(), 0, 0)


def test_beliefs_come_back(store: Store) -> None:
    """Head, epochs, cursors, clock and audit are what was last set."""
    trust, frontier = store.trust, Frontier.empty().extend([sha256(b"a"), sha256(b"b"), sha256(b"c")])
    for head in (Head(1, sha256(b"x"), "note"), Head(2, sha256(b"y"), None)):
        trust.set_head(head)
        assert trust.head == head
    trust.set_epochs(["e0", "e1"])
    trust.set_cursors(Cursors(public=1, urgent=2, normal=3))
    trust.set_clock_offset_ms(-5)
    trust.set_audited(frontier, 8, 9)
    assert (trust.epochs, trust.clock_offset_ms, trust.audited) == (("e0", "e1"), -5, (frontier, 8, 9))
    assert trust.cursors == Cursors(public=1, urgent=2, normal=3)


def test_views_wait_for_their_size(store: Store) -> None:
    """A view is named up to its size, once, until it is dropped."""
    for note, size in (("a", 3), ("b", 5), ("a", 3)):
        store.trust.add_view(note, size, f"statement {note}")
    assert store.trust.views(4) == [("a", "statement a")]
    assert len(store.trust.views(5)) == 2
    store.trust.drop_views(3)
    assert store.trust.views(9) == [("b", "statement b")]
