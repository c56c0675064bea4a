"""An operation as of a moment."""

from __future__ import annotations

from schemas.operations.terms import BlockKind, ClockKind, MissingHow, OwedKind
from tests.support.story import Story, at_ms, clock, digest_of


def test_whose_move_it_is_from_request_to_grant() -> None:
    """First the lead's post, then each country, with the clock of the request."""
    story = Story()
    story.add("open", "TJ", "open", 0, by=60)
    owed = [(each.member, each.kind) for each in story.at(0.5).whose_move]
    assert owed[0] == ("TJ/NFP", OwedKind.CONFIRM_PLAN)
    story = Story()
    story.opened()
    assert [(each.member, each.kind, each.about) for each in story.at(2).whose_move] == [
        ("UZ/NFP", OwedKind.DECIDE, "2"),
        ("KZ/NFP", OwedKind.DECIDE, "3"),
        ("RU/NFP", OwedKind.DECIDE, "4"),
    ]


def test_an_answer_is_due_until_the_table_s_answer_comes() -> None:
    """A note stops no clock; a decision does, of who decided."""
    story = Story()
    story.add("open", "TJ", "open", 0, {"legs": []}, by=60)
    story.add("note", "UZ", "note", 5, refs=[("reply", "open")])
    [running] = [each for each in story.at(10).running if each.kind is ClockKind.ANSWER]
    assert running.owing(at_ms(10)) == ("UZ/NFP", "KZ/NFP", "RU/NFP")
    story.decide("refusal", "UZ", "refused", 20)
    assert story.at(30).running[0].owing(at_ms(30)) == ("KZ/NFP", "RU/NFP")
    assert [each.kind for each in story.at(60).overdue] == [ClockKind.ANSWER]
    assert story.at(59).overdue == ()


def test_what_ends_the_asking() -> None:
    """A close ends what was asked before it, and a plan that asks anew what the plan before it asked."""
    story = Story()
    story.add("open", "TJ", "open", 0, {"legs": []}, by=60)
    story.plan("second", 10, plan={"legs": []}, by=90)
    assert [(each.step, each.kind) for each in story.at(70).running] == [(digest_of("second"), ClockKind.ANSWER)]
    story.add("close", "TJ", "close", 20, refs=[("reply", "second")])
    assert story.at(70).running == ()


def test_people_are_warned_before_an_authority_ends() -> None:
    """Two hours and half an hour before: holder, lead and that country."""
    story = Story()
    story.opened()
    story.decide("grant", "UZ!", "granted", 5, ["2"], content={"valid_until": clock(600)})
    story.hand("accept", "KZ", "accepted", "TJ", 20)
    found = story.at(30).warnings
    assert [each.at_ms for each in found] == [at_ms(480), at_ms(570)]
    assert {each.to for each in found} == {("KZ/NFP", "TJ/NFP", "UZ/NFP")}
    assert story.at(600).warnings == ()


def test_legs_behind_the_goods_are_not_asked_for() -> None:
    """An authority that ended where the goods have been does not hold them up."""
    story = Story()
    story.opened()
    story.granted()
    story.move("in KZ", "KZ", "crossed", 100, content={"soil": "KZ/NFP"})
    story.decide("withdrawal", "UZ", "withdrawn", 110, ["2"])
    assert story.at(120).may_go
    assert story.at(120).whose_move == ()
    story.decide("refusal", "RU", "refused", 130, ["4"])
    assert [block.leg for block in story.at(131).blocks] == ["4"]


def test_a_moment_before_is_as_it_was_then() -> None:
    """What came later does not reach back."""
    story = Story()
    story.opened()
    story.granted()
    story.add("stop", "KZ", "stop", 50)
    assert (story.at(49).may_go, story.at(51).may_go) == (True, False)
    assert story.at(51).stops[0].step == digest_of("stop")


def test_a_handover_meets_a_promised_report() -> None:
    """Who hands the goods over has reported, and owes nothing more."""
    story = Story()
    story.opened()
    story.granted()
    story.move("off", "TJ", "departed", 20, content={"next_report": clock(50)})
    story.hand("offer", "TJ", "offered", "UZ", 40)
    assert [each.kind for each in story.at(60).whose_move] == [OwedKind.ACCEPT_HANDOVER]


def test_an_authority_that_begins_before_the_goods_come_is_enough() -> None:
    """Expected on the second leg at minute 420: a grant from 300 on lets them set out, one from 500 does not."""
    for begins, may_go in ((300, True), (500, False)):
        story = Story()
        story.opened()
        story.granted()
        story.decide("later", "UZ!", "granted", 10, ["2"], content={"valid_from": clock(begins)})
        assert story.at(20).may_go is may_go


def test_an_authority_that_ends_before_the_goods_come_is_not_enough() -> None:
    """Expected on the second leg at minute 420: a grant that ends at 300 stops them here, and is that country's move.

    Once they are on that leg what counts is that it stands.
    """
    for ends, may_go in ((300, False), (500, True)):
        story = Story()
        story.opened()
        story.granted()
        story.decide("short", "UZ!", "granted", 10, ["2"], content={"valid_until": clock(ends)})
        assert story.at(20).may_go is may_go
        owed = [(each.member, each.kind, each.about) for each in story.at(20).whose_move]
        assert owed == ([] if may_go else [("UZ/NFP", OwedKind.DECIDE_AGAIN, "2")])
        story.move("in UZ", "UZ", "crossed", 30, content={"soil": "UZ/NFP", "leg": "2"})
        assert story.at(40).may_go


def test_a_plan_that_cannot_be_read_lets_nothing_go() -> None:
    """Its legs are not known here: that is named, and not taken for a plan without legs."""
    story = Story()
    story.add("open", "TJ", "open", 0, MissingHow.NOT_OPENED)
    story.confirm("open", 1)
    assert [block.kind for block in story.at(2).blocks] == [BlockKind.NOT_SURE]
