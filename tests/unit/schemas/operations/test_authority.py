"""Authority by leg and moment (rule F2)."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.operations.terms import AuthorityState as State
from schemas.operations.terms import ContradictionKind, OwedKind
from tests.support.story import PARTS, Story, clock, digest_of
from tests.unit.schemas.reports.operations.builders import LEGS


def state(story: Story, minute: float, leg: str = "2") -> State:
    """The authority for a leg at a minute."""
    return next(each.state for each in story.at(minute).authority if each.leg == leg)


def opened() -> Story:
    """An operation that is confirmed, and on which nobody has decided."""
    story = Story()
    story.opened()
    return story


def test_all_legs_that_lie_ahead_need_authority() -> None:
    """The goods may go when every country has granted; the lead's confirm is its own decision."""
    story = opened()
    assert not story.at(3).may_go
    assert state(story, 3, "1") is State.GRANTED
    story.granted(5)
    assert story.at(6).may_go


def test_a_decision_counts_from_its_acceptance() -> None:
    """A grant that is dated back permits nothing before it was accepted."""
    story = opened()
    story.decide("grant", "UZ!", "granted", 30, ["2"], signed=10, content={"valid_from": clock(5)})
    assert (state(story, 29), state(story, 30)) == (State.WAITING, State.GRANTED)


def test_a_grant_without_the_post_is_none() -> None:
    """A duty officer grants nothing; he may refuse."""
    story = opened()
    story.decide("grant", "UZ", "granted", 5, ["2"])
    assert state(story, 6) is State.WAITING
    story.decide("refusal", "UZ", "refused", 7, ["2"])
    assert state(story, 8) is State.REFUSED


def test_conditions_are_confirmed_by_the_lead() -> None:
    """A conditional grant stands when the lead's post has confirmed the conditions."""
    story = opened()
    story.decide("grant", "UZ!", "conditional", 5, ["2"])
    assert state(story, 6) is State.CONDITIONAL
    assert next((each.member, each.kind) for each in story.at(6).whose_move) == ("TJ/NFP", OwedKind.CONFIRM_CONDITIONS)
    story.confirm("conditions", 9, refs=[("reply", "grant")])
    assert (state(story, 8), state(story, 9)) == (State.CONDITIONAL, State.CONFIRMED)


def test_authority_begins_and_ends_by_its_own_words() -> None:
    """From, to; shown as ending two hours before."""
    story = opened()
    story.decide("grant", "UZ!", "granted", 5, ["2"], content={"valid_from": clock(60), "valid_until": clock(600)})
    found = [state(story, minute) for minute in (6, 60, 480, 599, 600)]
    assert found == [State.NOT_YET, State.GRANTED, State.ENDING, State.ENDING, State.ENDED]


def oral(until: float) -> dict[str, Any]:
    """The content of an oral grant."""
    spoken = {"spoken_by": "Prosecutor", "received_by": "Duty officer", "spoken_at": clock(0)}
    return {"manner": "oral", "oral": {**spoken, "confirmed_until": clock(until)}}


def test_an_oral_grant_lapses_and_cannot_be_extended() -> None:
    """A second oral one ends when the first does; a written one does not."""
    story = opened()
    story.decide("oral", "UZ!", "granted", 5, ["2"], content=oral(300))
    story.decide("again", "UZ!", "granted", 10, ["2"], content=oral(900))
    assert (state(story, 11), state(story, 300)) == (State.GRANTED, State.LAPSED)
    story.decide("written", "UZ!", "granted", 200, ["2"])
    assert state(story, 301) is State.GRANTED


def test_the_newest_decision_counts() -> None:
    """A withdrawal after a grant, and a grant after that."""
    story = opened()
    story.decide("grant", "UZ!", "granted", 5, ["2"])
    story.decide("withdrawal", "UZ", "withdrawn", 6, ["2"])
    assert state(story, 7) is State.WITHDRAWN
    story.decide("anew", "UZ!", "granted", 8, ["2"])
    assert state(story, 9) is State.GRANTED


@pytest.mark.parametrize("change", ["leg", "goods", "stop_rule"])
def test_what_changes_has_to_be_decided_again(change: str) -> None:
    """A leg, or anything of the common part, that is other than what was decided on takes the decision away."""
    legs = [{**leg, "leaves": "2026-11-25T00:00Z"} if leg["leg"] == "2" else leg for leg in LEGS]
    plans: dict[str, dict[str, Any]] = {
        "leg": {"legs": legs},
        "goods": {"goods": [{"group": "heroin", "name": "Heroin", "quantity": "40", "unit": "kilogram"}]},
        "stop_rule": {"stop_rule": {"when": "Never", "decided_by": "TJ/NFP"}},
    }
    story = opened()
    story.granted(5)
    story.plan("second", 10, plan=plans[change])
    assert state(story, 10.5) is State.GRANTED
    assert state(story, 11) is State.DECIDE_AGAIN
    assert (state(story, 11, "3") is State.GRANTED) == (change == "leg")
    assert not story.at(11).may_go


def test_a_member_of_a_later_version_in_a_leg_changes_it() -> None:
    """The digest is over the leg as written: an unknown condition that is added takes the decision away."""
    story = opened()
    story.granted(5)
    story.plan("second", 10, plan={"legs": [{**leg, "escort": "none"} for leg in LEGS]})
    assert state(story, 11) is State.DECIDE_AGAIN


def test_what_is_unchanged_stays_decided() -> None:
    """Another place and other words are no reason to decide again."""
    story = opened()
    story.granted(5)
    story.plan("second", 10, plan={"place": {"name": "On the road"}, "changes": "Another lorry"})
    assert story.at(12).may_go


def test_nobody_decides_on_anothers_leg() -> None:
    """A grant of another's leg counts for nothing and is red."""
    story = opened()
    story.decide("grant", "KZ!", "granted", 5, ["2"])
    assert state(story, 6) is State.WAITING
    assert [each.kind for each in story.folded().state.contradictions] == [ContradictionKind.NOT_ITS_LEG]


def test_a_decision_on_what_no_plan_has_is_red() -> None:
    """Digests of nothing permit nothing."""
    story = opened()
    for name, content in (
        ("leg", {"legs": [{"leg": "2", "digest": digest_of("nothing")}]}),
        ("common", {"common": digest_of("nothing")}),
    ):
        story.decide(name, "UZ!", "granted", 5, ["2"], content=content)
    assert not next(each.stands for each in story.at(6).authority if each.leg == "2")
    kinds = [each.kind for each in story.folded().state.contradictions]
    assert kinds == [ContradictionKind.UNKNOWN_DIGEST] * 2


def test_a_refusal_counts_though_the_leg_has_changed() -> None:
    """A country that refused a leg by name has not granted the leg that the lead put back."""
    story = opened()
    story.granted(5)
    story.plan("second", 10, plan={"legs": [{**leg, "mode": {"code": "rail"}} for leg in LEGS]})
    story.decide("refusal", "UZ", "refused", 20, ["2"], plan="second")
    story.plan("third", 30)
    assert state(story, 32) is State.REFUSED


def test_a_word_of_a_later_version_grants_nothing() -> None:
    """A decision whose word is not known takes the place of a grant and permits nothing."""
    story = opened()
    story.decide("grant", "UZ!", "granted", 5, ["2"])
    story.decide("later", "UZ!", "deferred", 6, ["2"])
    assert not next(each for each in story.at(7).authority if each.leg == "2").stands


def test_who_joins_sees_earlier_decisions_by_the_leads_word() -> None:
    """They are shown as such, and do not let the goods go."""
    story = opened()
    earlier = [{"member": "UZ/NFP", "decision": "granted", "digest": digest_of("unseen"), "legs": ["2"]}]
    story.plan("second", 10, parts={**PARTS, "KG/NFP": "observer"}, plan={"earlier_decisions": earlier})
    assert state(story, 12) is State.LEADS_WORD
    assert not story.at(12).may_go


def test_a_move_that_adds_a_country_asks_it() -> None:
    """The country that a movement adds decides on that movement."""
    story = opened()
    story.granted()
    story.move("into", "UZ", "crossed", 20, parts={"KG/NFP": "transit"}, content={"soil": "KG/NFP", "ground": "urgent"})
    [of_move] = [each for each in story.at(21).authority if each.move]
    assert (of_move.member, of_move.state) == ("KG/NFP", State.WAITING)
    story.add("grant", "KG!", "decide", 25, decision="granted", refs=[("reply", "into")])
    assert [each.state for each in story.at(26).authority if each.move] == [State.GRANTED]
