"""Stops and what ends them (rule F3)."""

from __future__ import annotations

from schemas.operations.terms import BlockKind, StopEnd
from tests.support.story import PARTS, Story, at_ms, clock, digest_of
from tests.unit.schemas.reports.operations.builders import LEGS

LEFT = {**PARTS, "KZ/NFP": "left"}
WITHOUT_KZ = {"legs": [leg for leg in LEGS if leg["member"] != "KZ/NFP"]}


def going() -> Story:
    """An operation in which the goods may go."""
    story = Story()
    story.opened()
    story.granted()
    return story


def ends(story: Story) -> list[StopEnd]:
    """How the stops end."""
    return [stop.how for stop in story.folded().state.stops]


def test_a_stop_stands_until_who_stopped_cancels_it() -> None:
    """Nobody else's cancel ends it, nor a machine's; each stop needs its own."""
    story = going()
    story.add("stop", "KZ", "stop", 10)
    story.add("also", "RU", "stop", 11)
    story.add("other", "UZ", None, 12, refs=[("cancel", "stop")])
    story.add("machine", "KZ.", None, 13, refs=[("cancel", "stop")])
    assert len(story.at(14).stops) == 2
    story.add("cancel", "KZ!", None, 15, refs=[("cancel", "stop")])
    assert [stop.member for stop in story.at(16).stops] == ["RU/NFP"]
    assert not story.at(16).may_go


def test_a_stop_ends_by_its_own_time() -> None:
    """Until is kept; a new stop renews it."""
    story = going()
    story.add("stop", "KZ", "stop", 10, {"until": clock(70)})
    assert (story.at(69).may_go, story.at(70).may_go) == (False, True)
    story.add("again", "KZ", "stop", 60, {"until": clock(120)})
    assert not story.at(70).may_go


def test_the_first_of_two_cancels_counts_though_it_is_repeated_last() -> None:
    """Of one member's cancels the order is that of rule F5, not that of numbers."""
    story = going()
    story.add("stop", "KZ", "stop", 10)
    story.add("cancel", "KZ", None, 15, refs=[("cancel", "stop")])
    story.add("again", "KZ", None, 20, refs=[("cancel", "stop")])
    story.repeated("again", "cancel")
    [stop] = story.folded().state.stops
    assert (stop.ended_by, stop.ended_ms) == (digest_of("cancel"), at_ms(15))


def test_a_stop_of_more_than_a_day_stands_until_it_is_cancelled() -> None:
    """Its own word is not believed where it is against the rule: the cautious way."""
    story = going()
    story.add("stop", "KZ", "stop", 10, {"until": clock(10 + 24 * 60 + 1)})
    assert not story.at(10_000).may_go


def test_a_stop_whose_content_is_not_here_stands() -> None:
    """The cover alone stops."""
    story = going()
    story.add("stop", "KZ", "stop", 10, says="note")
    assert not story.at(20).may_go


def test_a_stop_of_who_was_never_named_is_shown_and_stops_nothing() -> None:
    """It is admitted; it has no effect."""
    story = going()
    story.add("stop", "AZ", "stop", 10)
    assert story.at(20).may_go
    assert story.folded().state.contradictions


def test_a_refusal_with_the_goods_on_that_soil_is_a_stop() -> None:
    """It begins where both are true, and ends when that country decides anew."""
    story = going()
    story.decide("withdrawal", "UZ", "withdrawn", 10, ["2"])
    assert story.folded().state.stops == ()
    story.move("cross", "UZ", "crossed", 20, content={"soil": "UZ/NFP"})
    [stop] = story.at(21).stops
    assert (stop.since_ms, stop.is_decision) == (at_ms(20), True)
    story.decide("anew", "UZ!", "granted", 30, ["2"])
    assert story.at(31).stops == ()
    assert ends(story) == [StopEnd.DECIDED_ANEW]


def test_the_stop_of_who_was_revoked_ends_with_the_leads_next_plan() -> None:
    """Nobody can cancel it any more: the lead's next confirmed plan ends it, and that is shown."""
    story = going()
    story.add("stop", "KZ", "stop", 10)
    story.revoked = {step.member: at_ms(20) for step in story.folded().state.stops}
    assert not story.at(25).may_go
    story.plan("second", 30)
    assert (story.at(30.5).stops != (), story.at(31).stops) == (True, ())
    assert ends(story) == [StopEnd.ENDED_BY_LEAD]


def test_a_plan_before_the_revocation_ends_nothing() -> None:
    """Only a plan that is confirmed after it does."""
    story = going()
    story.add("stop", "KZ", "stop", 10)
    story.plan("second", 15)
    story.revoked = {stop.member: at_ms(20) for stop in story.folded().state.stops}
    assert ends(story) == [StopEnd.STANDING]


def test_the_stop_of_who_has_left_ends_with_the_plan_after_that() -> None:
    """Not by the plan that makes it leave, and not while the goods are on its soil."""
    story = going()
    story.add("stop", "KZ", "stop", 10)
    story.plan("second", 20, parts=LEFT, plan=WITHOUT_KZ)
    assert ends(story) == [StopEnd.STANDING]
    story.plan("third", 30, parts=LEFT, plan=WITHOUT_KZ)
    assert ends(story) == [StopEnd.ENDED_BY_LEAD]
    story.move("there", "RU", "at", 28, content={"soil": "KZ/NFP"})
    assert ends(story) == [StopEnd.STANDING]


def test_a_stop_of_a_dead_lead_stands() -> None:
    """Nobody plans after it: who goes on opens anew."""
    story = going()
    story.add("stop", "TJ", "stop", 10)
    story.revoked = {stop.member: at_ms(11) for stop in story.folded().state.stops}
    assert [block.kind for block in story.at(10_000).blocks] == [BlockKind.STOPPED]


def test_a_country_decides_anew_on_what_it_refused() -> None:
    """A grant of another leg does not end the stop that its refusal is."""
    story = Story()
    story.opened(legs=[*LEGS, {"leg": "5", "member": "UZ/NFP"}])
    story.move("cross", "UZ", "crossed", 8, content={"soil": "UZ/NFP"})
    story.decide("withdrawal", "UZ", "withdrawn", 10, ["2"])
    story.decide("other leg", "UZ!", "granted", 20, ["5"])
    assert ends(story) == [StopEnd.STANDING]
    story.decide("both", "UZ!", "granted", 30, ["2", "5"])
    assert ends(story) == [StopEnd.DECIDED_ANEW]


def test_who_was_added_by_who_was_added_may_stop() -> None:
    """A movement of a member that a movement has named names another: each may stop."""
    story = going()
    story.move("into KG", "UZ", "crossed", 20, parts={"KG/NFP": "transit"})
    story.move("into AZ", "KG", "crossed", 30, parts={"AZ/NFP": "transit"})
    story.add("stop", "AZ", "stop", 40)
    assert [stop.member for stop in story.at(41).stops] == ["AZ/NFP"]
