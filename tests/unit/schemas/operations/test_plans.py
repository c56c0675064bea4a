"""Which plan is in force (rule F1)."""

from __future__ import annotations

from schemas.operations.terms import BlockKind, ContradictionKind, Phase
from tests.support.story import Story, at_ms, digest_of


def test_a_plan_counts_when_the_second_person_has_confirmed_it() -> None:
    """Before the confirm nothing is in force and nothing may go; from it on the plan is."""
    story = Story()
    story.opened(0)
    assert story.at(0.5).in_force is None
    assert [block.kind for block in story.at(0.5).blocks] == [BlockKind.NOT_CONFIRMED]
    assert story.at(1).in_force == digest_of("open")


def test_the_last_plan_is_in_force_whatever_is_confirmed_after_it() -> None:
    """An earlier plan that is confirmed later does not come back."""
    story = Story()
    story.add("open", "TJ", "open", 0)
    story.plan("second", 10)
    story.confirm("open", 20)
    assert story.folded().state.in_force == digest_of("second")


def test_one_person_alone_confirms_nothing() -> None:
    """Who signed a plan cannot confirm it, though he has the post; that is shown, red."""
    story = Story()
    story.add("open", "TJ!", "open", 0)
    story.confirm("open", 1)
    state = story.folded().state
    assert state.in_force is None
    assert [each.kind for each in state.contradictions] == [ContradictionKind.NOT_PERMITTED]


def test_a_confirm_needs_the_post_and_the_lead() -> None:
    """A duty officer, a machine and another country confirm nothing."""
    for who in ("TJ", "TJ.", "UZ!"):
        story = Story()
        story.add("open", "TJ", "open", 0)
        story.confirm("open", 1, who=who)
        assert story.folded().state.in_force is None


def test_a_plan_of_another_is_none() -> None:
    """Only the lead makes plans."""
    story = Story()
    story.opened()
    story.add("other", "UZ", "plan", 10, refs=[("update", "open")])
    story.confirm("other", 11)
    state = story.folded().state
    assert [plan.step for plan in state.plans] == [digest_of("open")]


def test_history_keeps_what_was_in_force_when() -> None:
    """A moment before a new plan is judged by the old one."""
    story = Story()
    story.opened(0)
    story.plan("second", 10)
    plans = story.folded().plans
    assert [plan.step for plan in (plans.at(at_ms(5)), plans.at(at_ms(30))) if plan] == list(
        map(digest_of, ("open", "second"))
    )


def test_a_close_ends_and_a_later_plan_opens_again() -> None:
    """A close is the lead's; the next plan of the lead takes it back."""
    story = Story()
    story.opened()
    story.add("close", "TJ", "close", 10, refs=[("reply", "open")])
    assert story.folded().state.phase is Phase.CLOSED
    assert next(block.kind for block in story.at(11).blocks) is BlockKind.CLOSED
    story.plan("second", 20)
    assert story.folded().state.phase is Phase.CONFIRMED
