"""The order of every list, whatever is in it and however short it is."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from clients.actions.listing import ListEntry, Rank, cut, fill

ENTRIES = st.lists(
    st.builds(
        ListEntry,
        digest=st.uuids().map(str),
        index=st.none() | st.integers(0, 1 << 40),
        rank=st.sampled_from(Rank),
        due_ms=st.integers(0, 100),
    ),
    max_size=40,
    unique_by=(lambda entry: entry.digest, lambda entry: entry.index or entry.digest),
)


@given(ENTRIES, st.integers(1, 45))
def test_urgent_goes_first_whatever_the_limit(entries: list[ListEntry], limit: int) -> None:
    """Nothing that is not urgent is shown while something urgent is left out, and flash stands before all else."""
    page = cut(entries, limit)
    ranks = [entry.rank for entry in page.shown]
    assert ranks == sorted(ranks)
    urgent = [entry for entry in entries if entry.is_urgent]
    assert sum(entry.is_urgent for entry in page.shown) == min(limit, len(urgent))
    assert page.urgent_left_out == len(urgent) - min(limit, len(urgent))


@given(ENTRIES, st.integers(1, 45))
def test_nothing_is_lost_or_shown_twice(entries: list[ListEntry], limit: int) -> None:
    """As many as have room are shown, each once, and the rest is counted."""
    page = cut(entries, limit)
    assert len({entry.digest for entry in page.shown}) == len(page.shown) == min(limit, len(entries))
    assert (page.total, set(page.shown) <= set(entries)) == (len(entries), True)


@given(ENTRIES, st.integers(2, 45))
def test_oldest_urgent_is_always_shown(entries: list[ListEntry], limit: int) -> None:
    """However many newer and more urgent there are."""
    shown = [entry.age_index for entry in cut(entries, limit).shown if entry.is_urgent]
    assert min(shown, default=None) == min((entry.age_index for entry in entries if entry.is_urgent), default=None)


@given(ENTRIES)
def test_equals_stand_by_their_number(entries: list[ListEntry]) -> None:
    """The higher number first; of what is due, the sooner."""
    shown = cut(entries, 50).shown
    for before, after in pairwise(shown):
        if before.rank is after.rank is not Rank.DUE:
            assert before.age_index >= after.age_index
        elif before.rank is after.rank:
            assert before.due_ms <= after.due_ms


@given(ENTRIES, st.lists(st.uuids().map(str), max_size=20), st.integers(1, 45))
def test_rest_fills_the_room_that_is_left(entries: list[ListEntry], newest: list[str], limit: int) -> None:
    """What was read of the rest comes after, and what was not read is counted."""
    page = fill(entries, newest, len(entries) + len(newest), limit)
    first = [entry.digest for entry in cut(entries, limit).shown]
    assert list(page.shown) == (first + newest)[:limit]
    assert page.total == len(entries) + len(newest)
