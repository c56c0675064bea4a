"""Which profile of a country counts, and which is a draft."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from schemas.operations.held import EpochStart
from schemas.operations.terms import MissingHow
from tests.support.profiles import Papers
from tests.support.story import at_ms, digest_of


def test_nothing_counts_that_nobody_has_countersigned() -> None:
    """A first profile is a draft, and nothing is known until another officer has signed."""
    papers = Papers()
    papers.add("first", "KZ/NFP/DUTY-1", 1)
    assert papers.counts() is None
    assert (draft := papers.at(5).draft) is not None
    assert draft.digest == digest_of("first")
    papers.countersign("first", "KZ/NFP/SUPERVISOR", 9)
    assert papers.counts(8) is None
    assert (profile := papers.at(9)).counts is not None
    assert (profile.counts.counts_from_ms, profile.counts.countersigned_by) == (at_ms(9), "KZ/NFP/SUPERVISOR")
    assert profile.draft is None


def test_a_draft_stands_beside_the_one_before() -> None:
    """A newer one changes nothing until it is countersigned."""
    papers = Papers()
    papers.confirmed("first", 1)
    papers.add("second", "KZ/NFP/DUTY-1", 5, refs=[("update", "first")])
    profile = papers.at(6)
    assert profile.counts is not None
    assert profile.draft is not None
    assert (profile.counts.digest, profile.draft.digest) == (digest_of("first"), digest_of("second"))


def test_the_newer_one_counts_in_whatever_order_they_are_countersigned() -> None:
    """Who countersigns an old profile at last does not bring it back."""
    papers = Papers()
    papers.add("first", "KZ/NFP/DUTY-1", 1)
    papers.confirmed("second", 2)
    papers.countersign("first", "KZ/NFP/CHIEF", 9)
    assert papers.counts() == digest_of("second")


def test_what_is_taken_back_leaves_nothing() -> None:
    """Whether the profile or its countersignature is cancelled: what it had replaced does not count again."""
    for named in ("second", "KZ/NFP/CHIEF signs second"):
        papers = Papers()
        papers.confirmed("first", 1)
        papers.confirmed("second", 3)
        papers.add("cancel", "KZ/NFP/DUTY-1", 5, kind="feedback", refs=[("cancel", named)])
        assert papers.counts(4.5) == digest_of("second")
        assert papers.counts() is None
        papers.confirmed("third", 7)
        assert papers.counts() == digest_of("third")


def test_a_draft_that_is_taken_back_is_not_there() -> None:
    """The one before it goes on counting, and no draft is shown."""
    papers = Papers()
    papers.confirmed("first", 1)
    papers.add("second", "KZ/NFP/DUTY-1", 3)
    papers.add("cancel", "KZ/NFP/DUTY-1", 5, kind="feedback", refs=[("cancel", "second")])
    assert papers.counts() == digest_of("first")
    assert papers.at(9).draft is None


def test_others_take_nothing_back() -> None:
    """A cancel of another member has no effect on a profile."""
    papers = Papers()
    papers.confirmed("first", 1)
    papers.add("cancel", "UZ/NFP/DUTY-1", 5, kind="feedback", refs=[("cancel", "first")])
    assert papers.counts() == digest_of("first")


def test_what_is_repeated_after_an_epoch_comes_first() -> None:
    """Two profiles that are sent again in another order count as they were signed."""
    papers = Papers()
    papers.add("new", "KZ/NFP/DUTY-1", 5, number=80, signed=2)
    papers.add("old", "KZ/NFP/DUTY-1", 6, number=90, signed=1)
    papers.countersign("old", "KZ/NFP/CHIEF", 7)
    papers.countersign("new", "KZ/NFP/CHIEF", 8)
    assert papers.counts() == digest_of("old")
    papers.epochs.append(EpochStart(70, at_ms(4)))
    assert papers.counts() == digest_of("new")


def test_what_cannot_be_read_counts_and_says_nothing() -> None:
    """A profile that does not open here hides the one before it, and has no form."""
    papers = Papers()
    papers.confirmed("first", 1)
    papers.confirmed("second", 3)
    papers.held[2] = replace(papers.held[2], content=MissingHow.NOT_OPENED)
    counts = papers.at(9).counts
    assert counts is not None
    assert (counts.digest, counts.form) == (digest_of("second"), None)


@given(st.permutations(range(9)))
def test_order_of_holding_does_not_matter(order: list[int]) -> None:
    """Whatever comes first here, the same counts, and the same is a draft."""
    papers = Papers()
    papers.confirmed("first", 1)
    papers.confirmed("second", 3)
    papers.add("third", "KZ/NFP/DUTY-1", 5)
    papers.confirmed("played", 6, status="exercise")
    papers.add("cancel", "UZ/NFP/DUTY-1", 8, refs=[("cancel", "second")])
    papers.countersign("third", "UZ/NFP/CHIEF", 9)
    papers.held = [papers.held[at] for at in order]
    profile = papers.at(20)
    assert profile.counts is not None
    assert profile.draft is not None
    assert (profile.counts.digest, profile.draft.digest) == (digest_of("second"), digest_of("third"))
