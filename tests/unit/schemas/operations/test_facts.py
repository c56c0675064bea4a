"""Facts: their order, whose word goes before, control, crossings (rules F4 to F6)."""

from __future__ import annotations

from schemas.operations.terms import AuthorityState, BlockKind, Colour, ContradictionKind, OwedKind
from tests.support.story import Story, at_ms, clock, digest_of


def going() -> Story:
    """An operation in which the goods may go."""
    story = Story()
    story.opened()
    story.granted()
    return story


def kinds(story: Story) -> list[ContradictionKind]:
    """What contradicts."""
    return [each.kind for each in story.folded().state.contradictions]


def test_facts_stand_in_the_order_in_which_they_happened() -> None:
    """What was entered later may have happened before."""
    story = going()
    story.move("second", "UZ", "at", 20)
    story.move("first", "UZ", "at", 60, happened=15)
    assert [fact.step for fact in story.folded().state.facts] == list(map(digest_of, ("first", "second")))


def test_a_fact_of_another_gives_way_to_his_own() -> None:
    """Amber alone; passed over as soon as he signs it himself, and shown where they differ."""
    story = going()
    other = {"soil": "KZ/NFP", "fact_of": "KZ/NFP", "learned_from": "Duty officer, by telephone"}
    story.move("by telephone", "UZ", "crossed", 60, happened=50, content=other)
    assert [fact.colour for fact in story.folded().state.facts] == [Colour.AMBER]
    assert len(story.folded().state.crossings) == 1
    story.move("own", "KZ", "crossed", 90, happened=55, content={"soil": "KZ/NFP"})
    state = story.folded().state
    assert [fact.gives_way_to for fact in state.facts] == [digest_of("own"), None]
    assert [crossing.step for crossing in state.crossings] == [digest_of("own")]
    assert kinds(story) == [ContradictionKind.FACTS_DIFFER]


def test_a_handover_that_both_signed() -> None:
    """Control moves when the receiver accepts what the giver has offered."""
    story = going()
    story.hand("offer", "TJ", "offered", "UZ", 20)
    control = story.at(21).control
    assert control is not None
    assert (control.holder, control.offered_to) == ("TJ/NFP", "UZ/NFP")
    assert OwedKind.ACCEPT_HANDOVER in [each.kind for each in story.at(21).whose_move]
    story.hand("accept", "UZ", "accepted", "TJ", 25, refs=[("reply", "offer")], content={"as_offered": True})
    control = story.at(26).control
    assert control is not None
    assert (control.holder, control.colour, control.offered_to) == ("UZ/NFP", Colour.GREEN, None)
    assert kinds(story) == []


def test_a_handover_that_one_side_signed_moves_control_amber() -> None:
    """Until the other has signed too, and that one owes it."""
    story = going()
    story.hand("accept", "UZ", "accepted", "TJ", 25)
    control = story.at(26).control
    assert control is not None
    assert (control.holder, control.colour) == ("UZ/NFP", Colour.AMBER)
    assert [(each.member, each.kind) for each in story.at(26).whose_move] == [("TJ/NFP", OwedKind.SIGN_HANDOVER)]
    story.hand("offer", "TJ", "offered", "UZ", 40, happened=24)
    assert [span.colour for span in story.folded().state.control][-1] is Colour.GREEN


def test_who_gives_may_enter_both_sides() -> None:
    """By telephone: the receiver's side is a fact of another, so control is amber."""
    story = going()
    story.hand("offer", "TJ", "offered", "UZ", 20)
    told = {"fact_of": "UZ/NFP", "learned_from": "Post"}
    story.hand("for them", "TJ", "accepted", "TJ", 25, content=told)
    control = story.at(26).control
    assert control is not None
    assert (control.holder, control.colour) == ("UZ/NFP", Colour.AMBER)


def test_two_who_hold_it_are_red_until_one_hands_over_to_the_other() -> None:
    """Exactly one control at every moment, or red."""
    story = going()
    story.hand("accept", "RU", "accepted", "KZ", 25)
    control = story.at(26).control
    assert control is not None
    assert (control.holder, control.rivals, control.colour) == ("TJ/NFP", ("RU/NFP",), Colour.RED)
    assert ContradictionKind.TWO_CONTROLS in kinds(story)
    assert BlockKind.TWO_CONTROLS in [block.kind for block in story.at(26).blocks]
    story.hand("settled", "RU", "accepted", "TJ", 30)
    control = story.at(31).control
    assert control is not None
    assert (control.holder, control.rivals) == ("RU/NFP", ())


def test_what_differs_from_what_was_offered_is_red() -> None:
    """The giver has to explain it."""
    story = going()
    story.hand("offer", "TJ", "offered", "UZ", 20)
    story.hand("accept", "UZ", "accepted", "TJ", 25, content={"differences": "Seal 0071 is broken"})
    [found] = story.folded().state.contradictions
    assert (found.kind, found.colour, found.owner) == (ContradictionKind.HANDOVER_DIFFERS, Colour.RED, "TJ/NFP")


def test_lost_from_sight_until_found() -> None:
    """Nothing may go; the holder has to find it."""
    story = going()
    story.move("lost", "TJ", "lost", 20)
    assert [block.kind for block in story.at(21).blocks] == [BlockKind.LOST]
    assert kinds(story) == [ContradictionKind.CONTROL_LOST]
    story.move("found", "UZ", "found", 40)
    assert (story.at(41).may_go, kinds(story)) == (True, [])


def test_a_crossing_with_authority_is_green() -> None:
    """Authority stood when it happened and when it was entered."""
    story = going()
    story.move("cross", "UZ", "crossed", 20, happened=18, content={"soil": "UZ/NFP"})
    [crossing] = story.folded().state.crossings
    assert (crossing.colour, crossing.leg, crossing.decision) == (Colour.GREEN, "2", digest_of("UZ grants open"))


def test_a_crossing_before_authority_is_red_though_it_is_entered_after() -> None:
    """A later grant does not make good what happened before it."""
    story = going()
    story.move("cross", "UZ", "crossed", 20, happened=4, content={"soil": "UZ/NFP"})
    [crossing] = story.folded().state.crossings
    assert (crossing.colour, crossing.authority) == (Colour.RED, AuthorityState.WAITING)
    [found] = story.folded().state.contradictions
    assert (found.kind, found.owner) == (ContradictionKind.CROSSING_UNAUTHORISED, "UZ/NFP")


def test_a_crossing_that_is_dated_before_a_withdrawal_is_amber() -> None:
    """It is entered after authority had ended: whether it happened before nobody can tell."""
    story = going()
    story.decide("withdrawal", "UZ", "withdrawn", 30, ["2"])
    story.move("cross", "UZ", "crossed", 40, happened=20, content={"soil": "UZ/NFP"})
    [crossing] = story.folded().state.crossings
    assert (crossing.colour, crossing.ended_by) == (Colour.AMBER, digest_of("withdrawal"))
    assert kinds(story) == [ContradictionKind.CROSSING_ENDED_SINCE]


def test_what_moves_while_it_is_stopped_is_red() -> None:
    """A stop takes authority away while it stands; one that came before the entry makes it amber."""
    story = going()
    story.add("stop", "KZ", "stop", 30)
    story.move("before", "UZ", "crossed", 32, happened=20, content={"soil": "UZ/NFP"})
    story.move("after", "KZ", "crossed", 40, content={"soil": "KZ/NFP"})
    assert [crossing.colour for crossing in story.folded().state.crossings] == [Colour.AMBER, Colour.RED]
    assert ContradictionKind.MOVED_WHILE_STOPPED in kinds(story)


def test_a_fact_is_dated_ahead() -> None:
    """What has not happened yet when it is accepted contradicts itself."""
    story = going()
    story.move("ahead", "UZ", "at", 20, happened=200)
    assert kinds(story) == [ContradictionKind.DATED_AHEAD]


def test_a_repeated_fact_is_still_dated_ahead() -> None:
    """It is judged at the signer's clock (rule F7): that it was repeated later does not let it have happened before."""
    story = going()
    story.move("ahead", "UZ", "at", 20, happened=200)
    story.repeated("ahead")
    assert kinds(story) == [ContradictionKind.DATED_AHEAD]


def test_a_struck_out_fact_counts_no_more_and_stays() -> None:
    """An officer of the same member takes it back; the step is there, struck out."""
    story = going()
    story.move("lost", "TJ", "lost", 20)
    story.add("cancel", "TJ", None, 25, refs=[("cancel", "lost")])
    state = story.folded().state
    assert state.facts == ()
    assert [step.struck_out_by for step in state.steps if step.digest == digest_of("lost")] == [digest_of("cancel")]
    assert story.at(30).may_go


def test_a_note_counts_for_nothing() -> None:
    """Whatever it says, and whatever it names."""
    story = going()
    before = story.folded().state
    story.add("note", "KZ", "note", 20, {"summary": "STOP. Granted. Lost."}, refs=[("related", "open")])
    after = story.folded().state
    assert (after.stops, after.decisions, after.control, after.clocks) == (
        before.stops,
        before.decisions,
        before.control,
        before.clocks,
    )


def test_the_beginning_is_where_the_plan_says() -> None:
    """Before any fact the goods are in the lead's hands, or in those that the plan names."""
    story = Story()
    story.opened(held_by="UZ/NFP")
    picture = story.at(5)
    assert picture.control is not None
    assert picture.soil is not None
    assert (picture.control.holder, picture.soil.member) == ("UZ/NFP", "TJ/NFP")


def test_a_promised_report_is_due() -> None:
    """Who moves the goods says when it reports again; its next movement meets that."""
    story = going()
    story.move("at", "UZ", "at", 20, content={"next_report": clock(50)})
    assert [each.kind for each in story.at(51).whose_move] == [OwedKind.REPORT]
    story.move("again", "UZ", "at", 55)
    assert [(each.step, each.met[0][2]) for each in story.folded().state.clocks] == [(digest_of("at"), at_ms(55))]
    assert story.at(56).overdue == ()


def test_what_is_lost_is_lost_in_other_hands_too() -> None:
    """A handover does not find it."""
    story = going()
    story.move("lost", "TJ", "lost", 20)
    story.hand("accept", "UZ", "accepted", "TJ", 30)
    control = story.at(31).control
    assert control is not None
    assert (control.holder, control.lost_ms) == ("UZ/NFP", at_ms(20))


def test_an_acceptance_that_is_entered_twice_changes_nothing() -> None:
    """Who has the goods has them."""
    story = going()
    story.hand("offer", "TJ", "offered", "UZ", 20)
    story.hand("accept", "UZ", "accepted", "TJ", 25)
    before = story.folded().state.control
    story.hand("again", "UZ", "accepted", "TJ", 26)
    assert story.folded().state.control == before
    assert kinds(story) == []


def test_a_crossing_by_the_leads_word_is_amber() -> None:
    """Who was not sent the decision cannot call the crossing red, nor green."""
    story = Story()
    story.opened()
    earlier = [{"member": "UZ/NFP", "decision": "granted", "digest": digest_of("unseen"), "legs": ["2"]}]
    story.plan("second", 10, plan={"earlier_decisions": earlier})
    story.move("cross", "UZ", "crossed", 20, content={"soil": "UZ/NFP"})
    assert [crossing.colour for crossing in story.folded().state.crossings] == [Colour.AMBER]


def test_times_at_the_ends_of_the_calendar_are_times() -> None:
    """The first and the last moment that a form may name, with the widest offsets, are folded like any."""
    story = going()
    for name, text in (("first", "1900-01-01T00:00+23:59"), ("last", "9999-12-31T23:59:59-23:59")):
        story.add(name, "UZ", "move", 20, {"movement": "crossed", "soil": "UZ/NFP", "occurred_at": text})
    assert [fact.step for fact in story.folded().state.facts] == list(map(digest_of, ("first", "last")))
    assert story.at(30).moment_ms == at_ms(30)
