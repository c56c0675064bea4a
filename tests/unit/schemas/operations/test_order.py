"""The order of one member's steps, and repeated ones (rules F5 and F7)."""

from __future__ import annotations

from schemas.operations.held import EpochStart
from schemas.operations.terms import AuthorityState, ContradictionKind
from tests.support.story import Story, at_ms, digest_of


def deciding() -> Story:
    """UZ grants, then withdraws, having seen its grant."""
    story = Story()
    story.opened()
    story.decide("grant", "UZ!", "granted", 5, ["2"])
    story.decide("withdrawal", "UZ", "withdrawn", 6, ["2"], after=["grant"])
    return story


def state(story: Story, minute: float = 100_000) -> AuthorityState:
    """The authority for the second leg."""
    return next(each.state for each in story.at(minute).authority if each.leg == "2")


def repeated(story: Story) -> list[str]:
    """Steps that are by their signer's clock."""
    return [step.digest for step in story.folded().state.steps if step.repeated]


def test_what_names_another_is_later_whatever_its_number() -> None:
    """After a restore the withdrawal is admitted first: it is the later one all the same."""
    story = deciding()
    story.repeated("withdrawal", "grant")
    assert state(story) is AuthorityState.WITHDRAWN


def test_through_others_too() -> None:
    """A step that names a step of another that names an own one reaches that one."""
    story = Story()
    story.opened()
    story.decide("grant", "UZ!", "granted", 5, ["2"], number=400)
    story.add("note", "KZ", "note", 6, after=["grant"], number=300)
    story.decide("withdrawal", "UZ", "withdrawn", 7, ["2"], after=["note"], number=200)
    assert state(story) is AuthorityState.WITHDRAWN


def test_without_that_the_number_decides() -> None:
    """Two decisions that do not know of each other: the one that was admitted later."""
    story = Story()
    story.opened()
    story.decide("withdrawal", "UZ", "withdrawn", 6, ["2"])
    story.decide("grant", "UZ!", "granted", 6, ["2"])
    assert state(story) is AuthorityState.GRANTED


def test_repeated_ones_follow_their_signers_clock() -> None:
    """In whatever order they come back, and before what came fresh."""
    for order in (("grant", "withdrawal"), ("withdrawal", "grant")):
        story = Story()
        story.opened()
        story.decide("grant", "UZ!", "granted", 5, ["2"], signed=5)
        story.decide("withdrawal", "UZ", "withdrawn", 6, ["2"], signed=6)
        story.repeated(*order)
        assert state(story) is AuthorityState.WITHDRAWN
        assert {*repeated(story)} == {digest_of("grant"), digest_of("withdrawal")}


def test_a_repeated_decision_counts_from_when_it_was_signed() -> None:
    """What was permitted before the restore stays permitted; and it is shown for ever as by the signer's clock."""
    story = Story()
    story.opened()
    story.granted(5)
    story.move("cross", "UZ", "crossed", 20, content={"soil": "UZ/NFP"})
    before = [crossing.colour for crossing in story.folded().state.crossings]
    story.repeated("cross", "RU grants open", "UZ grants open", "KZ grants open")
    assert [crossing.colour for crossing in story.folded().state.crossings] == before
    assert len(repeated(story)) == 4


def test_after_seven_days_a_step_counts_from_its_acceptance() -> None:
    """Who comes later with an old date is not believed; nor is who signed after the epoch."""
    story = Story()
    story.opened()
    day = 24 * 60
    story.epochs = [EpochStart(150, at_ms(30))]
    story.decide("too late", "UZ!", "granted", 7 * day + 31, ["2"], signed=10, number=200)
    story.decide("fresh", "KZ!", "granted", 40, ["3"], signed=35, number=160)
    story.decide("repeated", "RU!", "granted", 7 * day + 29, ["4"], signed=10, number=199)
    assert repeated(story) == [digest_of("repeated")]


def test_steps_in_a_circle_are_red_and_end_nothing() -> None:
    """No honest signer names what names him; the fold goes on."""
    story = deciding()
    story.decide("one", "KZ!", "granted", 9, ["3"], after=["two"])
    story.decide("two", "KZ!", "granted", 9, ["3"], after=["one"])
    assert ContradictionKind.NAMES_IN_A_CIRCLE in [each.kind for each in story.folded().state.contradictions]
    assert state(story) is AuthorityState.WITHDRAWN


def test_what_is_later_by_reach_stays_later_though_it_was_admitted_first() -> None:
    """A withdrawal that names a grant takes it away, also where the grant is accepted after it."""
    story = Story()
    story.opened()
    story.decide("withdrawal", "UZ", "withdrawn", 7, ["2"], after=["grant"])
    story.decide("grant", "UZ!", "granted", 9, ["2"])
    assert state(story) is AuthorityState.WITHDRAWN
