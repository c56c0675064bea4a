"""What the store key does: contents, tags, elements, names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.store.seals import NONCE_BYTES, Key, Seals
from schemas.errors import Code
from tests.support.refusals import refused

SEALS = Seals(b"k" * 32, bytes)
OTHER = Seals(b"o" * 32, bytes)
CELL = st.none() | st.integers(-(1 << 62), 1 << 62) | st.text() | st.binary()
ROW = st.lists(CELL, min_size=1, max_size=4)


def test_blob_comes_back() -> None:
    """What was sealed for a row is opened for that row."""
    nonce, blob = SEALS.seal("item", "a", {"x": [1, "ж"]})
    assert SEALS.open("item", "a", nonce, blob) == SEALS.open_own("item", "a", nonce, blob) == {"x": [1, "ж"]}


@pytest.mark.parametrize(("table", "row"), [("item", "b"), ("outbox", "a"), ("item", 7), ("item", b"\xff")])
def test_blob_cannot_be_moved(table: str, row: Key) -> None:
    """A blob opens in no other row and no other table."""
    nonce, blob = SEALS.seal("item", "a", 1)
    with refused(Code.DAMAGED, table):
        SEALS.open(table, row, nonce, blob)


def test_changed_blob_is_damage() -> None:
    """A flipped bit is noticed."""
    nonce, blob = SEALS.seal("item", "a", 1)
    with refused(Code.DAMAGED):
        SEALS.open("item", "a", nonce, blob[:-1] + bytes([blob[-1] ^ 1]))


@given(ROW, ROW, st.binary(min_size=NONCE_BYTES, max_size=NONCE_BYTES))
def test_stamp_is_of_one_row(row: list[object], other: list[object], nonce: bytes) -> None:
    """A stamp holds for the row that it was made for, and for no other row, table or key."""
    stamp = SEALS.stamp("item", row, nonce)
    assert SEALS.is_stamped("item", row, stamp)
    assert SEALS.is_stamped("item", other, stamp) == (row == other)
    assert not SEALS.is_stamped("outbox", row, stamp)
    assert not OTHER.is_stamped("item", row, stamp)
    assert not SEALS.is_stamped("item", row, stamp[:-1])


def test_names_are_hidden_and_steady() -> None:
    """The same parts give the same name, others another, and under another key too."""
    assert SEALS.name("a", "b") == SEALS.name("a", "b")
    assert len({SEALS.name("a", "b"), SEALS.name("ab"), SEALS.name("b", "a"), OTHER.name("a", "b")}) == 4
