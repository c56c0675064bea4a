"""Exhibits and their balances."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.operations.books import Balance, Exhibit, Measure
from schemas.operations.terms import Colour, ContradictionKind, OwedKind
from tests.support.story import Story

HEROIN = Measure("heroin", "", "kilogram")


def kg(quantity: str) -> list[dict[str, Any]]:
    """So much heroin."""
    return [{"group": "heroin", "quantity": quantity, "unit": "kilogram"}]


def registered(quantity: str = "12") -> Story:
    """An operation with one exhibit."""
    story = Story()
    story.opened()
    story.granted()
    story.exhibit("in", "TJ", "registered", "TJ-1", 10, amounts=kg(quantity))
    return story


def exhibits(story: Story) -> dict[str, Exhibit]:
    """All exhibits by name."""
    return {each.name: each for each in story.folded().state.custody.exhibits}


def balance(story: Story) -> Balance:
    """The only balance."""
    [found] = story.folded().state.custody.balances
    return found


def kinds(story: Story) -> list[ContradictionKind]:
    """What contradicts."""
    return [each.kind for each in story.folded().state.contradictions]


def test_what_comes_in_comes_out() -> None:
    """In = seized + samples + removed + destroyed + lost, to the last digit."""
    story = registered("12.000000000000000000000000000000000001")
    story.exhibit("sample", "TJ", "sampled", "TJ-1", 11, parts=[{"exhibit": "TJ-1/S", "amounts": kg("0.1")}])
    story.exhibit("split", "TJ", "split", "TJ-1", 12, parts=[{"exhibit": "TJ-1/A", "amounts": kg("5")}])
    story.exhibit("burn", "TJ", "destroyed", "TJ-1/A", 13, amounts=kg("1"))
    story.exhibit("gone", "TJ", "lost", "TJ-1/A", 14, amounts=kg("1"))
    story.exhibit("seize A", "RU", "seized", "TJ-1/A", 15)
    found = balance(story)
    assert (found.samples, found.destroyed, found.lost, found.seized) == tuple(map(Decimal, ("0.1", "1", "1", "3")))
    assert found.difference == Decimal("6.900000000000000000000000000000000001")
    story.exhibit("seize", "RU", "seized", "TJ-1", 16)
    assert balance(story).difference == 0
    assert exhibits(story)["TJ-1"].ended == "seized"
    assert kinds(story) == []


def test_the_tree_says_what_comes_of_what() -> None:
    """A piece hangs on what it was cut from; a sample stays with who took it."""
    story = registered()
    story.exhibit("sample", "TJ", "sampled", "TJ-1", 11, amounts=kg("1"))
    story.hand("offer", "TJ", "offered", "UZ", 20)
    story.hand("accept", "UZ", "accepted", "TJ", 21)
    found = exhibits(story)
    sample = next(each for each in found.values() if each.relation == "sample")
    assert (sample.parent, sample.holder, sample.stays) == ("TJ-1", "TJ/NFP", True)
    assert (found["TJ-1"].holder, found["TJ-1"].remaining) == ("UZ/NFP", {HEROIN: Decimal(11)})


def test_a_dummy_travels_and_the_goods_stay() -> None:
    """After a substitution the real goods stay where they are; the dummy is another exhibit and balances nothing."""
    story = registered()
    story.exhibit("swap", "TJ", "substituted", "TJ-1", 11, parts=[{"exhibit": "TJ-1/D", "amounts": kg("12")}])
    story.hand("accept", "UZ", "accepted", "TJ", 21)
    found = exhibits(story)
    assert (found["TJ-1"].holder, found["TJ-1/D"].holder) == ("TJ/NFP", "UZ/NFP")
    assert balance(story).came_in == 12


def test_a_difference_is_printed() -> None:
    """A weighing that differs from the books is red, with the difference."""
    story = registered()
    story.exhibit("weigh", "UZ", "weighed", "TJ-1", 30, amounts=kg("11.5"))
    [found] = story.folded().state.contradictions
    assert (found.kind, found.colour) == (ContradictionKind.WEIGHS_DIFFERENT, Colour.RED)
    assert (found.about, found.difference) == ("TJ-1", ((HEROIN, Decimal("-0.5")),))


def test_more_out_than_in_is_red() -> None:
    """Nobody takes out what was never in it."""
    story = registered("1")
    story.exhibit("sample", "TJ", "sampled", "TJ-1", 11, amounts=kg("2"))
    assert kinds(story) == [ContradictionKind.MORE_OUT_THAN_IN]


def test_not_counted_yet_is_an_answer_and_silence_is_a_gap() -> None:
    """Who says why nothing is counted owes nothing; who is silent does. A weighing counts it at last."""
    story = Story()
    story.opened()
    story.exhibit("silent", "TJ", "registered", "TJ-1", 10)
    story.exhibit("because", "TJ", "registered", "TJ-2", 10, not_counted_because="In the tank until Tashkent")
    assert kinds(story) == [ContradictionKind.NOT_COUNTED]
    for name in ("TJ-1", "TJ-2"):
        story.exhibit(f"weigh {name}", "TJ", "weighed", name, 20, amounts=kg("6"))
    assert kinds(story) == []
    assert balance(story).came_in == 12


def test_kinds_and_units_are_never_added() -> None:
    """Grams are not kilograms, and cash is no heroin."""
    story = registered()
    cash = [{"group": "other", "name": "Cash,  USD", "quantity": "500", "unit": "other", "unit_as_written": "USD"}]
    story.exhibit("cash", "TJ", "registered", "TJ-2", 11, amounts=cash)
    found = story.folded().state.custody.balances
    assert [each.measure for each in found] == [HEROIN, Measure("other", "cash, usd", "usd")]


def test_more_than_was_agreed_is_red() -> None:
    """The quantity at most of the plan in force."""
    story = Story()
    story.opened(quantity_at_most=kg("10"))
    story.exhibit("in", "TJ", "registered", "TJ-1", 10, amounts=kg("12"))
    assert kinds(story) == [ContradictionKind.QUANTITY_EXCEEDED]


def test_names_stand_for_one_exhibit() -> None:
    """A name that is used again, or was never registered, is red, and changes nothing."""
    story = registered()
    story.exhibit("again", "UZ", "registered", "TJ-1", 20, amounts=kg("5"))
    story.exhibit("other", "UZ", "seized", "UZ-9", 20)
    assert {*kinds(story)} == {ContradictionKind.EXHIBIT_TWICE, ContradictionKind.EXHIBIT_UNKNOWN}
    assert balance(story).came_in == 12


def test_what_was_lost_and_found_is_in_the_books_again() -> None:
    """It balances as if it had never been lost."""
    story = registered()
    story.exhibit("lost", "TJ", "lost", "TJ-1", 20)
    assert balance(story).lost == 12
    assert balance(story).difference == 0
    story.exhibit("found", "UZ", "found", "TJ-1", 30)
    assert balance(story).lost == 0
    assert exhibits(story)["TJ-1"].holder == "UZ/NFP"


def test_goods_that_are_accounted_for_nowhere_at_the_close_are_red() -> None:
    """The lead has to say where they are."""
    story = registered()
    story.add("close", "TJ", "close", 50, refs=[("reply", "open")])
    assert kinds(story) == [ContradictionKind.DOES_NOT_BALANCE]
    story.exhibit("seize", "RU", "seized", "TJ-1", 60)
    assert kinds(story) == []


def test_a_sample_that_is_destroyed_is_in_one_column() -> None:
    """It came out as a sample: what becomes of it later is not counted twice."""
    story = registered()
    story.exhibit("sample", "TJ", "sampled", "TJ-1", 11, parts=[{"exhibit": "TJ-1/S", "amounts": kg("1")}])
    story.exhibit("burn", "TJ", "destroyed", "TJ-1/S", 12)
    assert balance(story).samples == 1
    assert balance(story).destroyed == 0
    assert balance(story).difference == 11


def test_what_came_out_before_the_first_count_was_in_it_too() -> None:
    """A sample of what nobody had weighed, then the weight of the rest."""
    story = Story()
    story.opened()
    story.exhibit("in", "TJ", "registered", "TJ-1", 10, not_counted_because="In the tank")
    story.exhibit("sample", "TJ", "sampled", "TJ-1", 11, amounts=kg("1"))
    story.exhibit("weigh", "TJ", "weighed", "TJ-1", 12, amounts=kg("9"))
    assert balance(story).came_in == 10
    assert balance(story).difference == 9


def test_a_difference_with_a_reason_is_no_contradiction() -> None:
    """At the close, where somebody says what is not counted."""
    story = registered()
    story.exhibit("because", "TJ", "registered", "TJ-2", 20, not_counted_because="At the laboratory")
    story.add("close", "TJ", "close", 50, refs=[("reply", "open")])
    assert kinds(story) == []
    assert balance(story).difference == 12


def lost_and_open(story: Story) -> tuple[str, str]:
    """How much is lost, and how much is accounted for nowhere."""
    found = balance(story)
    return str(found.lost), str(found.difference)


def test_what_was_found_is_what_was_lost() -> None:
    """A sample that was taken before the loss is found with nothing; a part that was lost can be found too."""
    story = registered()
    story.exhibit("sample", "TJ", "sampled", "TJ-1", 11, amounts=kg("1"))
    story.exhibit("lost", "TJ", "lost", "TJ-1", 12)
    story.exhibit("found", "TJ", "found", "TJ-1", 13)
    assert lost_and_open(story) == ("0", "11")
    story.exhibit("part lost", "TJ", "lost", "TJ-1", 14, amounts=kg("3"))
    story.exhibit("part found", "TJ", "found", "TJ-1", 15, amounts=kg("2"))
    assert lost_and_open(story) == ("1", "10")
    assert kinds(story) == []
    story.exhibit("too much", "TJ", "found", "TJ-1", 16, amounts=kg("2"))
    assert lost_and_open(story) == ("0", "11")
    assert kinds(story) == [ContradictionKind.WEIGHS_DIFFERENT]


def sampled() -> Story:
    """Ten grams went out of it as a sample, under a seal, to a laboratory."""
    story = registered()
    part = [{"exhibit": "S", "amounts": kg("0.01")}]
    story.exhibit("sample", "TJ", "sampled", "TJ-1", 11, parts=part, seals=["S-1"], laboratory_reference="L-7")
    return story


def test_an_exhibit_is_handed_over_by_its_name() -> None:
    """It alone changes hands: green if both have signed, and control of the goods stays where it is."""
    story = sampled()
    assert (exhibits(story)["S"].seals, exhibits(story)["S"].laboratory) == (("S-1",), "L-7")
    assert (exhibits(story)["TJ-1"].seals, exhibits(story)["TJ-1"].laboratory) == ((), None)
    story.hand("offer", "TJ", "offered", "RU", 20, content={"exhibits": ["S"]})
    assert (exhibits(story)["S"].offered_to, exhibits(story)["S"].holder) == ("RU/NFP", "TJ/NFP")
    owed = [(each.member, each.kind, each.about) for each in story.at(20).whose_move]
    assert ("RU/NFP", OwedKind.ACCEPT_HANDOVER, "S") in owed
    story.hand("accept", "RU", "accepted", "TJ", 21, content={"exhibits": ["S"]})
    found = exhibits(story)["S"]
    assert (found.holder, found.colour, found.offered_to) == ("RU/NFP", Colour.GREEN, None)
    assert story.at(22).control is not None
    assert story.at(22).control.holder == "TJ/NFP"  # type: ignore[union-attr]
    assert kinds(story) == []


def test_one_side_alone_has_signed_for_an_exhibit() -> None:
    """It is in the hands of who says so, amber, and the other side owes its signature."""
    story = sampled()
    story.hand("accept", "RU", "accepted", "TJ", 21, content={"exhibits": ["S"]})
    assert (exhibits(story)["S"].holder, exhibits(story)["S"].colour) == ("RU/NFP", Colour.AMBER)
    assert ("TJ/NFP", OwedKind.SIGN_HANDOVER, "S") in [(o.member, o.kind, o.about) for o in story.at(22).whose_move]
    story.hand("late", "TJ", "offered", "RU", 30, happened=20, content={"exhibits": ["S"]})
    assert exhibits(story)["S"].colour is Colour.GREEN
    assert kinds(story) == []


def test_what_somebody_has_not_got_he_does_not_hand_on() -> None:
    """Accepted from the wrong side, or offered by it: red, and the exhibit stays where it is."""
    story = sampled()
    story.hand("accept", "RU", "accepted", "KZ", 21, content={"exhibits": ["S"]})
    story.hand("offer", "UZ", "offered", "KZ", 22, content={"exhibits": ["S"]})
    assert exhibits(story)["S"].holder == "TJ/NFP"
    assert kinds(story) == [ContradictionKind.HANDOVER_NOT_HELD] * 2


def test_another_seal_than_was_offered() -> None:
    """Numbers that differ are red, for an exhibit as for the whole consignment, and the giver has to explain them."""
    story = sampled()
    for exhibit, minute in ((["S"], 20), ([], 30)):
        named = {"exhibits": exhibit} if exhibit else {}
        story.hand(f"offer {exhibit}", "TJ", "offered", "RU", minute, content={**named, "seals": ["S-1"]})
        story.hand(f"accept {exhibit}", "RU", "accepted", "TJ", minute + 1, content={**named, "seals": ["S-2"]})
    found = story.folded().state.contradictions
    assert [(each.kind, each.owner) for each in found] == [(ContradictionKind.HANDOVER_DIFFERS, "TJ/NFP")] * 2
    assert exhibits(story)["S"].seals == ("S-2",)


def test_goods_that_stay_are_not_what_arrives() -> None:
    """Who enters the number of the goods and has the dummy in hand changes nothing of the goods, and that is red."""
    story = registered()
    story.exhibit("swap", "TJ", "substituted", "TJ-1", 11, amounts=kg("12"), parts=[{"exhibit": "D"}])
    assert exhibits(story)["D"].amounts == {}
    story.hand("offer", "TJ", "offered", "RU", 20)
    story.hand("accept", "RU", "accepted", "TJ", 21)
    story.exhibit("wrong", "RU", "seized", "TJ-1", 30)
    assert balance(story).seized == 0
    assert exhibits(story)["TJ-1"].ended is None
    assert kinds(story) == [ContradictionKind.EXHIBIT_ELSEWHERE]


EVENTS = ("sampled", "split", "removed", "substituted", "weighed", "seized", "destroyed", "lost", "found")
DONE = st.tuples(
    st.sampled_from(EVENTS), st.sampled_from(["A", "B", "C", "D"]), st.integers(0, 20), st.sampled_from("ABCD")
)


@settings(max_examples=400)
@given(st.lists(DONE, max_size=12), st.booleans())
def test_nothing_is_lost_in_the_books(done: list[tuple[str, str, int, str]], is_counted: bool) -> None:
    """Whatever is done to exhibits: what the books do not account for is in exhibits still, to the last gram."""
    story = Story()
    story.opened()
    story.exhibit("in", "TJ", "registered", "A", 10, **({"amounts": kg("12")} if is_counted else {}))
    for at, (event, exhibit, amount, part) in enumerate(done):
        content: dict[str, Any] = {"amounts": kg(str(amount))} if amount else {}
        if event in ("sampled", "split", "removed", "substituted"):
            content["parts"] = [{"exhibit": part, **content}]
        story.exhibit(f"{at}", "TJ", event, exhibit, 11 + at, **content)
    custody = story.folded().state.custody
    by_name = {each.name: each for each in custody.exhibits}

    def is_apart(found: Exhibit) -> bool:
        return found.relation not in ("root", "piece") or (found.parent is not None and is_apart(by_name[found.parent]))

    left = sum((each.remaining.get(HEROIN, Decimal(0)) for each in custody.exhibits if not is_apart(each)), Decimal(0))
    assert [each.difference for each in custody.balances] in ([], [left])


@pytest.mark.parametrize("event", ["sampled", "split", "removed"])
def test_a_sample_is_counted_once(event: str) -> None:
    """What comes out of a sample was out of the goods already, and so is all that becomes of it."""
    story = registered()
    story.exhibit("first", "TJ", "sampled", "TJ-1", 11, parts=[{"exhibit": "S", "amounts": kg("2")}])
    story.exhibit("second", "TJ", event, "S", 12, parts=[{"exhibit": "S-1", "amounts": kg("1")}])
    story.exhibit("end", "TJ", "destroyed", "S-1", 13)
    found = balance(story)
    assert [found.samples, found.removed, found.destroyed, found.difference] == [2, 0, 0, 10]
