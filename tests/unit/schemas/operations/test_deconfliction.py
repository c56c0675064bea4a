"""What a desk answers to questions, and what becomes of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from schemas.operations.deconfliction import COMPARED_DAYS, MATTERS_A_DAY, compare_questions
from schemas.reports.deconflict import ComparisonResult
from tests.support.deconflicting import CYRILLIC, LATIN, Asking
from tests.support.story import at_ms, digest_of

KZ, UZ, TJ = "KZ/NFP", "UZ/NFP", "TJ/NFP"
DAY = 24 * 60


def test_two_countries_after_one_lorry_are_told_of_each_other() -> None:
    """Who asked first hears of the second as well, once; who asks about something else hears of nobody."""
    asking = Asking()
    asking.ask(KZ, CYRILLIC)
    assert asking.answer() == {f"{KZ}-1": ("none", ())}
    asking.ask(UZ, LATIN, minute=61)
    asking.ask(TJ, "B 999 TT", minute=62)
    told = {f"{KZ}-1": ("talk_to", (UZ,)), f"{UZ}-1": ("talk_to", (KZ,)), f"{TJ}-1": ("none", ())}
    assert asking.answer(63) == told
    assert asking.due(64) == []
    (known,) = asking.known(KZ)
    assert (known.result, known.talk_to, known.desk) == (ComparisonResult.TALK_TO, (UZ,), "CENTRE/ROOM")


def test_who_asks_later_is_told_of_all_before_and_they_of_him() -> None:
    """Each further country is named to those before, who are not told again of one another."""
    asking = Asking()
    asking.ask(KZ, LATIN)
    asking.ask(UZ, LATIN, minute=1)
    asking.answer(2)
    asking.ask(TJ, LATIN, minute=3)
    assert asking.answer(4) == {
        f"{KZ}-1": ("talk_to", (TJ,)),
        f"{UZ}-1": ("talk_to", (TJ,)),
        f"{TJ}-1": ("talk_to", (KZ, UZ)),
    }
    assert asking.known(KZ)[0].talk_to == (UZ, TJ)


def test_a_member_does_not_meet_itself() -> None:
    """Two questions of one country about one lorry are no coincidence; two of its units are two members."""
    asking = Asking()
    asking.ask(KZ, LATIN)
    asking.ask(KZ, LATIN, minute=1, name="again")
    assert set(asking.answer().values()) == {("none", ())}
    asking.ask("KZ/CUSTOMS", LATIN, minute=2)
    assert asking.known("KZ/CUSTOMS")[0].result is None
    assert ("talk_to", (KZ,)) in asking.answer(61).values()


def test_a_question_that_is_withdrawn_meets_nobody() -> None:
    """What was cancelled is compared no more, and is not answered; a correction asks in its place."""
    asking = Asking()
    asking.ask(KZ, LATIN)
    asking.cancel(f"{KZ}/DUTY-2", KZ, 1)
    asking.ask(UZ, LATIN, minute=2)
    asking.ask(UZ, "B 999 TT", minute=3, name="corrected", refs=[("update", UZ)])
    asking.ask(TJ, CYRILLIC, minute=4)
    assert asking.answer() == {f"{UZ}-1": ("none", ()), f"{TJ}-1": ("none", ())}
    assert [each.is_withdrawn for each in asking.known(UZ)] == [True, False]


def test_nobody_withdraws_the_question_of_another() -> None:
    """A cancel by another member leaves it standing, whatever it names."""
    asking = Asking()
    asking.ask(KZ, LATIN)
    asking.cancel(f"{UZ}/DUTY-1", KZ, 1)
    asking.ask(UZ, LATIN, minute=2)
    assert asking.answer()[f"{KZ}-1"] == ("talk_to", (UZ,))


def test_a_question_is_compared_for_ninety_days() -> None:
    """Until its last moment it meets; after that it is as if nobody had asked."""
    asking = Asking()
    asking.ask(KZ, LATIN)
    asking.answer(1)
    asking.ask(UZ, LATIN, minute=COMPARED_DAYS * DAY - 2)
    assert [each.result for each in asking.view(COMPARED_DAYS * DAY - 1).standing] == [ComparisonResult.TALK_TO] * 2
    assert [each.result for each in asking.view(COMPARED_DAYS * DAY).standing] == [ComparisonResult.NONE]


def test_what_goes_beyond_a_day_is_not_compared_until_the_next() -> None:
    """So many matters of a member in a day are compared, in the order of the ledger; asking twice counts once."""
    asking = Asking()
    for at in range(MATTERS_A_DAY):
        asking.ask(KZ, f"A{at}", minute=at / 10, name=f"q{at}")
    asking.ask(KZ, "A0", minute=30, name="again")
    asking.ask(KZ, "B0", minute=31, name="beyond")
    asking.ask(KZ, "C0", minute=DAY + 31, name="next day")
    view = asking.view(DAY + 32)
    assert [each.digest for each in view.beyond] == [digest_of("beyond")]
    results = {each.question.digest: each.result for each in view.standing}
    assert results[digest_of("beyond")] is ComparisonResult.NOT_COMPARED
    assert results[digest_of("again")] is results[digest_of("next day")] is ComparisonResult.NONE


def test_a_question_that_cannot_be_opened_waits_for_its_next_key() -> None:
    """It is not answered until it comes again under a newer key; then it is the same question, of its first time."""
    asking = Asking()
    asking.add(KZ, f"{KZ}/DUTY-1", 0, None)
    assert asking.due() == []
    asking.ask(UZ, LATIN, minute=1)
    asking.ask(KZ, LATIN, minute=2, name="resealed", refs=[("reseal", KZ)])
    found = {each.question.digest: each for each in asking.due()}
    assert set(found) == {digest_of(KZ), digest_of(UZ)}
    assert found[digest_of(KZ)].question.accepted_ms == at_ms(0)
    assert found[digest_of(UZ)].form.talk_to == (KZ,)


def test_what_was_not_all_read_is_not_called_nobody() -> None:
    """A question with members of a later version meets by what is known; else it is not compared, and says so."""
    asking = Asking()
    asking.ask(KZ, LATIN, members={"faces": ["x"]})
    assert asking.answer(1) == {f"{KZ}-1": ("not_compared", ())}
    asking.ask(UZ, LATIN, minute=2)
    assert asking.answer(3)[f"{KZ}-1"] == ("talk_to", (UZ,))


def test_an_answer_that_comes_again_under_a_newer_key_is_read() -> None:
    """Who could not open the first copy has the answer all the same."""
    asking = Asking()
    asking.ask(KZ, LATIN)
    cover = {"kind": "deconflict_answer", "to": KZ}
    asking.add("answer", "CENTRE/ROOM", 1, None, refs=[("reply", KZ)], **cover)
    assert asking.known(KZ)[0].result is None
    said = {"report": "deconflict_answer", "version": 1, "our_reference": "D-100", "result": "none"}
    asking.add("again", "CENTRE/ROOM", 2, said, refs=[("reseal", "answer")], **cover)
    assert asking.known(KZ)[0].result is ComparisonResult.NONE


@given(st.permutations(range(6)))
def test_the_order_in_which_they_are_held_does_not_matter(order: list[int]) -> None:
    """Whatever a desk holds first, it finds the same."""
    asking = Asking()
    asking.ask(KZ, LATIN, minute=1)
    asking.ask(UZ, LATIN, minute=2)
    asking.ask(TJ, "B 1", minute=3)
    asking.cancel(f"{KZ}/DUTY-1", KZ, 4)
    asking.ask(KZ, "B 1", minute=5, name="other")
    asking.ask(UZ, "B 1", minute=6, name="more")
    shuffled = [asking.held[at] for at in order]
    assert compare_questions(shuffled, asking.held[0].cover.to[0], "actual", at_ms(60)) == asking.view()


def test_answers_give_back_the_askers_own_reference() -> None:
    """The answer names the question by the asker's own number, and the desk's by the place in the ledger."""
    asking = Asking()
    asking.ask(KZ, LATIN)
    (due,) = asking.due()
    assert (due.form.your_reference, due.form.our_reference) == (f"{KZ}-1", "D-100")
