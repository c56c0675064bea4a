"""What is not here, what it could change, and what is of a later version (rule F8)."""

from __future__ import annotations

from schemas.operations.held import LeafOnly
from schemas.operations.terms import BlockKind, ContradictionKind, MissingHow, Phase, ResultPart
from tests.support.story import Story, at_ms, content_of, digest_of, plan_content


def opened() -> Story:
    """An operation."""
    story = Story()
    story.opened()
    story.granted()
    return story


def test_a_step_that_was_not_sent_is_named_with_what_it_could_change() -> None:
    """A leaf without its text could change anything."""
    story = opened()
    story.leaves.append(LeafOnly(digest_of("hidden"), 140, at_ms(9)))
    [missing] = story.folded().state.missing
    assert (missing.how, missing.could_change) == (MissingHow.NOT_SENT, tuple(ResultPart))
    assert story.at(10).unsure == tuple(ResultPart)


def test_a_step_that_others_name_is_missed() -> None:
    """Though no leaf tells of it: who named it is shown."""
    story = opened()
    story.add("note", "KZ", "note", 9, after=["hidden"])
    [missing] = story.folded().state.missing
    assert (missing.how, missing.named_by) == (MissingHow.NAMED_ONLY, (digest_of("note"),))


def test_content_that_is_not_here_could_change_what_such_a_step_changes() -> None:
    """A stop that was not opened stands; an exhibit could change custody alone; a note nothing."""
    story = opened()
    story.add("stop", "KZ", "stop", 9, MissingHow.NOT_OPENED)
    story.add("exhibit", "KZ", "exhibit", 9, MissingHow.NOT_KEPT)
    story.add("note", "KZ", "note", 9, MissingHow.NOT_OPENED)
    found = {each.digest: (each.how, each.could_change) for each in story.folded().state.missing}
    assert found == {
        digest_of("stop"): (MissingHow.NOT_OPENED, (ResultPart.STOPS,)),
        digest_of("exhibit"): (MissingHow.NOT_KEPT, (ResultPart.CUSTODY,)),
    }
    assert not story.at(10).may_go


def test_content_that_does_not_fit_is_missing() -> None:
    """A move without a time is shown as written; the fold says that it could not read it."""
    story = opened()
    story.add("move", "KZ", "move", 9, {"occurred_at": "yesterday"})
    [missing] = story.folded().state.missing
    assert missing.how is MissingHow.NOT_READ


def test_a_reseal_brings_the_content_that_is_not_here() -> None:
    """Sent again under a newer key: what it says counts as what was said then, and who names it names that."""
    story = opened()
    story.add("exhibit", "KZ", "exhibit", 9, MissingHow.NOT_OPENED)
    story.add("again", "KZ", None, 10, content_of("exhibit", {}).members, refs=[("reseal", "exhibit")], says="exhibit")
    story.add("note", "UZ", "note", 11, after=["again"])
    state = story.folded().state
    assert ([each.step for each in state.facts], state.missing) == ([digest_of("exhibit")], ())


def test_a_reseal_that_says_something_else_is_red() -> None:
    """Who has both sees it, and the first text counts."""
    story = opened()
    story.plan("second", 10)
    other = {**plan_content(), "persons_at_risk": "yes"}
    story.add("again", "TJ", None, 20, other, refs=[("reseal", "second")], says="plan")
    state = story.folded().state
    assert [each.kind for each in state.contradictions] == [ContradictionKind.NOT_ITS_CONTENT]
    assert story.at(30).may_go


def test_without_the_request_nothing_may_go() -> None:
    """The lead is not known, and nothing counts by it."""
    story = opened()
    story.steps = [step for step in story.steps if step.digest != digest_of("open")]
    state = story.folded().state
    assert (state.phase, state.lead) == (Phase.NOT_OPENED, None)
    assert [block.kind for block in story.at(10).blocks] == [BlockKind.NOT_OPENED, BlockKind.NOT_CONFIRMED]
    assert digest_of("open") in [each.digest for each in state.missing]


def test_words_of_a_later_version_are_named_and_without_effect() -> None:
    """A step, a part and a member that are not known here."""
    story = opened()
    before = story.at(20).blocks
    story.add("later", "KZ", "pause", 9)
    story.move("move", "KZ", "at", 10, content={"altitude": "300"})
    assert [(each.where, each.word) for each in story.folded().state.newer] == [("do", "pause"), ("altitude", "300")]
    assert story.at(20).blocks == before
    assert not story.folded().state.missing


def test_who_names_a_reseal_names_what_it_brings() -> None:
    """Where that is not here, everybody who names either is named with it."""
    story = opened()
    story.add("again", "KZ", None, 10, MissingHow.NOT_SENT, refs=[("reseal", "never here")])
    story.add("note", "UZ", "note", 11, after=["again"])
    [missing] = story.folded().state.missing
    assert (missing.digest, {*missing.named_by}) == (digest_of("never here"), {digest_of("again"), digest_of("note")})


def test_what_has_no_effect_is_not_missed() -> None:
    """The text of a stranger's stop could change nothing."""
    story = opened()
    story.add("stop", "AZ", "stop", 9, MissingHow.NOT_OPENED)
    assert story.folded().state.missing == ()


def test_a_refusal_that_cannot_be_read_refuses_all_legs_and_a_grant_grants_none() -> None:
    """The cover says which it is; what it is about is taken in the cautious way."""
    story = Story()
    story.opened()
    story.add("grant", "UZ!", "decide", 5, MissingHow.NOT_OPENED, decision="granted", refs=[("reply", "open")])
    assert {each.leg for each in story.at(6).authority if each.stands} == {"1"}
    story.granted(7)
    story.add("refusal", "KZ", "decide", 9, MissingHow.NOT_OPENED, decision="refused", refs=[("reply", "open")])
    assert {each.leg for each in story.at(10).authority if each.stands} == {"1", "2", "4"}
