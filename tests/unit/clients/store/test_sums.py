"""Keyed sums: what is added and taken away, in whatever order."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from clients.store.sums import Sum, Sums

ELEMENTS = st.lists(st.binary(min_size=32, max_size=32), max_size=8)


def sums_of(elements: list[bytes]) -> Sums:
    """The sums after these rows came."""
    sums = Sums()
    for element in elements:
        sums = sums.changed("item", None, element)
    return sums


@given(ELEMENTS, st.integers())
def test_order_does_not_matter(elements: list[bytes], seed: int) -> None:
    """Rows that came in another order have the same sum."""
    other = random.Random(seed).sample(elements, len(elements))
    assert sums_of(elements) == sums_of(other)


@given(ELEMENTS, st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_what_goes_leaves_nothing(elements: list[bytes], one: bytes, two: bytes) -> None:
    """A row that was added, changed and deleted leaves the sum as it was."""
    before = sums_of(elements).changed("item", None, one)
    after = before.changed("item", one, two).changed("item", two, None)
    assert after.table("item") == sums_of(elements).table("item")


@given(ELEMENTS)
def test_sums_come_back(elements: list[bytes]) -> None:
    """What is kept is read again; each table has its own."""
    sums = sums_of(elements).changed("outbox", None, b"\xff" * 32)
    assert Sums.from_json(sums.to_json()) == sums
    assert sums.table("outbox") == Sum((1 << 256) - 1, 1)
    assert sums.table("alarm") == Sum()
