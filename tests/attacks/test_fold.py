"""Participants of an operation that work against each other: what every honest client computes all the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from schemas.addresses import Address
from schemas.operations.account import account_of, judge_account
from schemas.operations.encode import state_json
from schemas.operations.held import LeafOnly
from schemas.operations.terms import AuthorityState, ClockKind, Colour, ContradictionKind, MissingHow, ResultPart
from tests.support.story import PARTS, Story, at_ms, clock, content_of, digest_of, plan_content
from tests.unit.schemas.reports.operations.builders import LEGS

FORTY = [{"group": "heroin", "name": "Heroin", "quantity": "40", "unit": "kilogram"}]


def going() -> Story:
    """An operation on which everybody has decided."""
    story = Story()
    story.opened()
    story.granted()
    return story


def authority(story: Story, minute: float, leg: str = "2") -> AuthorityState:
    """What permits a leg at a minute."""
    return next(each.state for each in story.at(minute).authority if each.leg == leg)


def kinds(story: Story) -> list[ContradictionKind]:
    """What contradicts."""
    return [each.kind for each in story.folded().state.contradictions]


# The lead


def test_goods_changed_under_an_unchanged_leg() -> None:
    """A lead that confirms another quantity under the same legs has no country's consent to it."""
    story = going()
    story.plan("second", 10, plan={"goods": FORTY})
    assert authority(story, 12) is AuthorityState.DECIDE_AGAIN
    assert not story.at(12).may_go


def test_leg_changed_under_its_name() -> None:
    """A leg that keeps its name and goes another way is another leg."""
    story = going()
    story.plan("second", 10, plan={"legs": [{**leg, "destination": {"name": "Elsewhere"}} for leg in LEGS]})
    assert authority(story, 12) is AuthorityState.DECIDE_AGAIN


def test_plan_that_one_person_confirms() -> None:
    """Who wrote a plan does not confirm it, whatever post he has."""
    story = Story()
    story.add("open", "TJ!", "open", 0, plan_content())
    story.confirm("open", 1)
    assert story.at(5).in_force is None


def test_stop_that_the_lead_plans_away() -> None:
    """A new plan does not end the stop of a country that can cancel it itself."""
    story = going()
    story.add("stop", "KZ", "stop", 10)
    story.plan("second", 20)
    story.plan("third", 30)
    assert [stop.member for stop in story.at(40).stops] == ["KZ/NFP"]


def test_stop_ended_before_its_country_was_revoked() -> None:
    """A plan from before a revocation ends nothing: the lead knew that the country could speak."""
    story = going()
    story.add("stop", "KZ", "stop", 10)
    story.plan("second", 20)
    story.revoked = {Address("KZ/NFP"): at_ms(30)}
    assert story.at(40).stops


def test_consent_by_the_leads_word() -> None:
    """What the lead says that others decided permits nothing."""
    story = Story()
    story.opened()
    earlier = [{"member": "UZ/NFP", "decision": "granted", "digest": digest_of("made up"), "legs": ["2"]}]
    story.plan("second", 10, plan={"earlier_decisions": earlier})
    assert not next(each.stands for each in story.at(12).authority if each.leg == "2")


def test_another_text_to_some() -> None:
    """A plan that is sent again with another text is red at whoever has both, and the first text counts."""
    story = going()
    story.plan("second", 10)
    other = content_of("plan", plan_content(goods=FORTY)).members
    story.add("again", "TJ", None, 20, other, refs=[("reseal", "second")], says="plan")
    assert ContradictionKind.NOT_ITS_CONTENT in kinds(story)
    assert story.at(30).may_go


# Who decides


def test_decision_for_anothers_leg() -> None:
    """Nobody grants what another answers for."""
    story = Story()
    story.opened()
    story.decide("grant", "KZ!", "granted", 5, ["2"])
    assert authority(story, 6) is AuthorityState.WAITING
    assert kinds(story) == [ContradictionKind.NOT_ITS_LEG]


def test_grant_without_the_post() -> None:
    """A hub that let it pass persuades nobody."""
    story = Story()
    story.opened()
    story.decide("grant", "UZ", "granted", 5, ["2"])
    assert authority(story, 6) is AuthorityState.WAITING
    assert kinds(story) == [ContradictionKind.NOT_PERMITTED]


def test_grant_dated_back() -> None:
    """A decision permits nothing before it was accepted, whatever it says: the crossing before it is red."""
    story = Story()
    story.opened()
    story.move("cross", "UZ", "crossed", 10, content={"soil": "UZ/NFP"})
    story.decide("grant", "UZ!", "granted", 20, ["2"], signed=5, content={"valid_from": clock(2)})
    assert [crossing.colour for crossing in story.folded().state.crossings] == [Colour.RED]
    assert authority(story, 15) is AuthorityState.WAITING


def test_oral_grant_that_is_never_written() -> None:
    """Oral grants do not add up to a written one."""
    story = Story()
    story.opened()
    spoken = {"spoken_by": "Prosecutor", "received_by": "Duty officer", "spoken_at": clock(0)}
    for at in (5, 100, 200):
        oral: dict[str, Any] = {"manner": "oral", "oral": {**spoken, "confirmed_until": clock(at + 120)}}
        story.decide(f"oral {at}", "UZ!", "granted", at, ["2"], content=oral)
    assert authority(story, 210) is AuthorityState.LAPSED


# Who reports


def test_crossing_dated_back() -> None:
    """A crossing that is said to be before a withdrawal, and comes after it, is amber and names the withdrawal."""
    story = going()
    story.decide("withdrawal", "UZ", "withdrawn", 30, ["2"])
    story.move("cross", "UZ", "crossed", 40, happened=20, content={"soil": "UZ/NFP"})
    [crossing] = story.folded().state.crossings
    assert (crossing.colour, crossing.ended_by) == (Colour.AMBER, digest_of("withdrawal"))


def test_word_of_another_against_ones_own() -> None:
    """Who says where another's goods are does not prevail over what that one signs."""
    story = going()
    other = {"soil": "RU/NFP", "fact_of": "KZ/NFP", "movement": "crossed"}
    story.move("slander", "UZ", "crossed", 60, happened=50, content=other)
    story.move("own", "KZ", "crossed", 70, happened=52, content={"soil": "RU/NFP"})
    assert [crossing.step for crossing in story.folded().state.crossings] == [digest_of("own")]


def test_handover_of_one_side() -> None:
    """Who says that he has received, or that another has, is not believed until both have signed."""
    story = going()
    story.hand("for them", "TJ", "accepted", "TJ", 20, content={"fact_of": "UZ/NFP"})
    control = story.at(21).control
    assert control is not None
    assert control.colour is Colour.AMBER
    assert ContradictionKind.ONE_SIDED_HANDOVER in kinds(story)


def test_handover_by_who_does_not_hold() -> None:
    """A second custodian is a contradiction, never a change of hands."""
    story = going()
    story.hand("offer", "RU", "offered", "KZ", 20)
    story.hand("accept", "KZ", "accepted", "RU", 21)
    control = story.at(22).control
    assert control is not None
    assert (control.holder, control.colour) == ("TJ/NFP", Colour.RED)
    assert not story.at(22).may_go


def _sampled() -> Story:
    """Ten grams are a sample in the hands of TJ."""
    story = going()
    story.exhibit("in", "TJ", "registered", "T-1", 10, amounts=_kg("12"))
    story.exhibit("sample", "TJ", "sampled", "T-1", 11, parts=[{"exhibit": "S", "amounts": _kg("0.01")}])
    return story


def test_sample_that_one_side_took_over() -> None:
    """Who says that a sample was given to him is not believed until who gave it has signed too."""
    story = _sampled()
    story.hand("accept", "RU", "accepted", "TJ", 20, content={"exhibits": ["S"]})
    (sample,) = [each for each in story.folded().state.custody.exhibits if each.name == "S"]
    assert sample.colour is Colour.AMBER
    assert kinds(story) == [ContradictionKind.ONE_SIDED_HANDOVER]


def test_sample_from_who_has_it_not() -> None:
    """Two countries that agree on a handover of what neither has move nothing."""
    story = _sampled()
    story.hand("offer", "UZ", "offered", "KZ", 20, content={"exhibits": ["S"]})
    story.hand("accept", "KZ", "accepted", "UZ", 21, content={"exhibits": ["S"]})
    (sample,) = [each for each in story.folded().state.custody.exhibits if each.name == "S"]
    assert sample.holder == "TJ/NFP"
    assert kinds(story) == [ContradictionKind.HANDOVER_NOT_HELD] * 2


def test_goods_that_a_dummy_stands_for() -> None:
    """Who has a dummy in hand seizes no goods by entering their number."""
    story = going()
    story.exhibit("in", "TJ", "registered", "T-1", 10, amounts=_kg("12"))
    story.exhibit("swap", "TJ", "substituted", "T-1", 11, parts=[{"exhibit": "D"}])
    story.exhibit("seized", "RU", "seized", "T-1", 20)
    (balance,) = story.folded().state.custody.balances
    assert (str(balance.seized), str(balance.difference)) == ("0", "12")
    assert kinds(story) == [ContradictionKind.EXHIBIT_ELSEWHERE]


def test_seal_that_was_changed() -> None:
    """Another number than was offered is red, though who received it says nothing of it."""
    story = going()
    story.hand("offer", "TJ", "offered", "UZ", 20, content={"seals": ["S-1"]})
    story.hand("accept", "UZ", "accepted", "TJ", 21, content={"seals": ["S-2"]})
    assert kinds(story) == [ContradictionKind.HANDOVER_DIFFERS]


def test_goods_that_grow_when_they_are_found() -> None:
    """Who loses a little and finds much brings no more back than was lost."""
    story = going()
    story.exhibit("in", "TJ", "registered", "T-1", 10, amounts=_kg("12"))
    story.exhibit("lost", "TJ", "lost", "T-1", 20, amounts=_kg("1"))
    story.exhibit("found", "TJ", "found", "T-1", 21, amounts=_kg("5"))
    (balance,) = story.folded().state.custody.balances
    assert (str(balance.lost), str(balance.difference)) == ("0", "12")
    assert kinds(story) == [ContradictionKind.WEIGHS_DIFFERENT]


def test_goods_that_shrink_on_the_way() -> None:
    """What is weighed less than it was is red, by how much, and so is a sample that nothing could be taken from."""
    story = going()
    story.exhibit("in", "TJ", "registered", "T-1", 10, amounts=_kg("12"))
    story.exhibit("weighed", "UZ", "weighed", "T-1", 20, amounts=_kg("11"))
    story.exhibit("sample", "UZ", "sampled", "T-1", 21, amounts=_kg("13"))
    found = {each.kind: str(each.difference[0][1]) for each in story.folded().state.contradictions}
    assert found == {ContradictionKind.WEIGHS_DIFFERENT: "-1", ContradictionKind.MORE_OUT_THAN_IN: "-1"}


def _kg(quantity: str) -> list[dict[str, Any]]:
    return [{"group": "heroin", "quantity": quantity, "unit": "kilogram"}]


# What is hidden


def test_fact_that_was_sent_to_some() -> None:
    """A step that one participant names and another was never sent is named as missing, with what it could change."""
    story = going()
    story.add("note", "KZ", "note", 20, after=["kept from us"])
    missing = [(each.digest, each.named_by) for each in story.folded().state.missing]
    assert missing == [(digest_of("kept from us"), (digest_of("note"),))]
    assert ResultPart.CONTROL in story.at(21).unsure


def test_step_that_is_a_leaf_alone() -> None:
    """A step that the ledger has and nobody sent us could change everything, and is said to."""
    story = going()
    story.leaves.append(LeafOnly(digest_of("hidden"), 140, at_ms(9)))
    assert story.at(10).unsure == tuple(ResultPart)


def test_stop_whose_text_cannot_be_read() -> None:
    """A stop sealed so that nobody can open it, or over another text, stops all the same."""
    story = going()
    story.add("stop", "KZ", "stop", 10, says="note")
    assert not story.at(11).may_go


def test_content_of_another_step_in_the_fold() -> None:
    """Content that does something else than its cover is counted as nothing, though a reader let it pass."""
    story = going()
    content = {"movement": "lost", "occurred_at": clock(10)}
    story.add("note", "UZ", "exhibit", 11, content, says="move")
    assert kinds(story) == [ContradictionKind.NOT_ITS_CONTENT]


def test_stop_that_comes_late() -> None:
    """It counts from when it came: what had crossed before stays as it was judged, and nothing goes on."""
    story = going()
    story.move("cross", "UZ", "crossed", 10, content={"soil": "UZ/NFP"})
    story.add("stop", "KZ", "stop", 60, signed=5)
    assert [crossing.colour for crossing in story.folded().state.crossings] == [Colour.GREEN]
    assert not story.at(61).may_go


def test_stop_of_a_lead_that_is_dead() -> None:
    """Nobody ends the stop of a lead whose keys were revoked: who goes on opens anew."""
    story = going()
    story.add("stop", "TJ", "stop", 10)
    [stop] = story.at(11).stops
    story.revoked = {stop.member: at_ms(12)}
    for name in ("KZ", "UZ", "RU"):
        story.add(f"cancel {name}", name, None, 20, {}, refs=[("cancel", "stop")])
    assert not story.at(100_000).may_go


def test_note_that_poses_as_an_answer() -> None:
    """A note that replies to the request answers nothing."""
    story = Story()
    story.add("open", "TJ", "open", 0, plan_content(), by=60)
    story.add("note", "UZ", "note", 5, {"summary": "Granted"}, refs=[("reply", "open")])
    [asked] = [each for each in story.at(61).overdue if each.kind is ClockKind.ANSWER]
    assert "UZ/NFP" in asked.owing(at_ms(61))


def test_stranger_who_acts() -> None:
    """Who was never named neither grants nor stops, though a hub has admitted it."""
    story = going()
    story.add("stop", "AZ", "stop", 10)
    assert story.at(11).may_go
    assert kinds(story) == [ContradictionKind.NOT_PERMITTED]
    assert "AZ/NFP" not in PARTS


# Accounts


def accounted(story: Story) -> dict[str, Any]:
    """The account of a story, as it travels."""
    value: dict[str, Any] = json.loads(json.dumps(state_json(account_of(story.held()))))
    return value


def test_forged_account() -> None:
    """An account in which anything at all is another value is not what its steps say, and where it differs is named."""
    story = going()
    story.exhibit("A", "TJ", "registered", "A", 40, amounts=FORTY)
    honest = accounted(story)
    assert judge_account(honest, story.held()).holds
    for path in _leaves(honest):
        if path[0] == "steps" and path[-1] != "number":
            continue  # another digest cites what is not here; another test
        forged = json.loads(json.dumps(honest))
        _at(forged, path[:-1])[path[-1]] = "forged"
        assert judge_account(forged, story.held()).differs == (".".join(map(str, path)),)


def test_account_that_leaves_out_a_step() -> None:
    """A step that is here and that an account does not cite is named; a step that nobody has is no excuse."""
    story = going()
    story.decide("KZ withdraws", "KZ", "withdrawn", 20, ["3"])
    story.add("note", "UZ", "note", 30)
    whole = story.held()
    story.steps = [step for step in story.steps if step.digest != digest_of("KZ withdraws")]
    judged = judge_account(accounted(story), whole)
    assert [each.digest for each in judged.left_out] == [digest_of("KZ withdraws")]
    assert not judged.holds
    forged = accounted(story)
    forged["steps"].append({"digest": digest_of("made up"), "number": 999, "is_read": True})
    assert judge_account(forged, story.held()).not_here == (digest_of("made up"),)


def test_account_that_ends_before_a_step() -> None:
    """An account that stops at the step before a withdrawal is honest up to there, and is not whole."""
    story = going()
    short = accounted(story)
    story.decide("KZ withdraws", "KZ", "withdrawn", 20, ["3"])
    judged = judge_account(short, story.held())
    assert [each.digest for each in judged.later] == [digest_of("KZ withdraws")]
    assert (judged.holds, judged.is_whole) == (True, False)


def test_account_that_will_not_have_read_a_step() -> None:
    """An account that cites a withdrawal as not read, where its content is here, does not hold."""
    story = going()
    story.decide("KZ withdraws", "KZ", "withdrawn", 20, ["3"])
    closed = [replace(step, content=MissingHow.NOT_SENT) if step is story.steps[-1] else step for step in story.steps]
    blind = json.loads(json.dumps(state_json(account_of(replace(story.held(), steps=tuple(closed))))))
    judged = judge_account(blind, story.held())
    assert (judged.differs, [each.digest for each in judged.unread]) == ((), [digest_of("KZ withdraws")])
    assert not judged.holds
    assert judge_account(blind, replace(story.held(), steps=tuple(closed))).is_whole


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value that is no list and no object."""
    if isinstance(value, (dict, list)):
        for name, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(each, (*path, name))
    else:
        yield path


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for name in path:
        value = value[name]
    return value
