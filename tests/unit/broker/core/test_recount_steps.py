"""What is noted of steps, by the recount's own rules and by admission's: the same, case by case."""

from __future__ import annotations

import pytest

from broker.core.admission.effects import Admitted
from broker.core.recount import Recount
from broker.core.recount_steps import StepRecount, answers
from schemas.addresses import Address
from tests.support.operations import (
    ADD,
    CASES,
    CONFIRM,
    GRANT,
    MOVE,
    NOTE,
    OPEN,
    REFUSE,
    Case,
    Rules,
    Thread,
    operating_world,
)
from tests.support.world import KZ, RU, TJ, UZ
from tests.unit.broker.core.book import Book


def taken_again(book: Book) -> list[Admitted]:
    """The ledger of a book, recounted."""
    recount = Recount(book.world.network)
    return [recount.take(index, item.leaf, item.text, b"") for index, item in enumerate(book.world.log)]


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.code is None], ids=lambda case: case.says.replace(" ", "-")
)
def test_case(case: Case) -> None:
    """Note, references, what is waited for and what is withdrawn are what was written with each step."""
    world = operating_world()
    book, thread = Book(world), Thread(world)
    expects = {"by": world.time_s + 60}
    admitted = [each for draft in (*case.before, case.step) for each in book.admit(thread.make(draft, expects=expects))]
    recounted = taken_again(book)[-len(admitted) :]
    for found, written in zip(recounted, admitted, strict=True):
        assert found.step == written.step
        assert (found.references, found.owing, found.watches) == (written.references, written.owing, written.watches)


def test_what_answers_ended() -> None:
    """Each answer that admission counts is one of the recount's, and no other."""
    world = operating_world()
    book, thread = Book(world), Thread(world)
    expects = {"by": world.time_s + 60, "from": [KZ, UZ, RU]}
    (opened,) = book.admit(thread.make(OPEN, expects=expects))
    later = book.admit(*[thread.make(draft) for draft in (NOTE, MOVE, CONFIRM, REFUSE)])
    declined = world.receipt(f"{RU}/DUTY-1", KZ, [thread.digests["open"]], "declined", reason="not_ours")
    book.admit(declined)
    recount = Recount(world.network)
    for index, item in enumerate(world.log):
        recount.take(index, item.leaf, item.text, b"")
    ended = {member: by for (target, member), by in recount.ended.items() if target == opened.index}
    assert ended == {KZ: later[2].index, UZ: later[3].index, RU: None}


def test_what_is_believed_of_a_text_that_is_gone() -> None:
    """Later steps are judged by it, as if it had been read."""
    rules = Rules()
    rules.judge(OPEN)
    first, again = StepRecount(), StepRecount()
    note = first.take(rules.cover(OPEN), b"open", 1, [])  # type: ignore[arg-type]
    again.trust(1, note)
    for recount in (first, again):
        recount.trust(2, None)
    assert again.steps == first.steps
    granted = [recount.take(rules.cover(GRANT), b"grant", 3, [1]) for recount in (first, again)]  # type: ignore[arg-type]
    assert granted[0] == granted[1]
    assert granted[0] is not None
    assert set(granted[0].step.audience) == {Address(each) for each in (KZ, UZ, RU, TJ)}


def test_which_dispatch_answers() -> None:
    """A step that replies does, and an own countersignature; what is no step does not."""
    rules = Rules()
    rules.judge(OPEN)
    rules.judge(ADD)
    assert answers(rules.cover(REFUSE), "reply", own=False)
    assert answers(rules.cover(CONFIRM), "countersign", own=True)
    assert not answers(rules.cover(CONFIRM), "countersign", own=False)
    assert not answers(rules.cover(NOTE), "related", own=True)
