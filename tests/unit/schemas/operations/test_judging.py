"""Steps judged by the rules alone, as a client does before it signs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from schemas import limits
from schemas.addresses import Address
from schemas.errors import Code, SeraiError
from schemas.operations.judging import judge_step
from schemas.operations.steps import NotedOperation
from tests.support.operations import ADD, CASES, MOVE, OPEN, PARTS, STOP, Case, Draft, Rules
from tests.support.refusals import refused
from tests.support.world import KG, KZ, RU, TJ, UZ


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says.replace(" ", "-"))
def test_case(case: Case) -> None:
    """Every sentence of the table that decides has a step that is refused by it, or one that is admitted."""
    rules = Rules()
    for draft in case.before:
        rules.judge(draft)
    if case.code is None:
        rules.judge(case.step)
        return
    with pytest.raises(SeraiError) as caught:
        rules.judge(case.step)
    assert caught.value.code is case.code
    assert case.detail in caught.value.detail


def test_who_joins() -> None:
    """A request names its lead and its list, a movement one more; whoever was named before does not join again."""
    rules = Rules()
    assert rules.judge(replace(OPEN, parts={UZ: "transit", RU: "destination"})) == (KZ, UZ, RU)
    assert rules.judge(ADD) == (KG,)
    assert rules.judge(replace(ADD, name="again")) == ()


def _full(count: int) -> tuple[Rules, Draft]:
    """An operation in which so many members are named, and a movement that adds one."""
    rules = Rules()
    rules.judge(replace(OPEN, to=(UZ,), parts={UZ: "transit"}))
    for number in range(count - 2):
        added = f"KZ/U{number}"
        rules.judge(Draft(f"add {number}", UZ, (KZ, added), "move", parts={added: "transit"}))
    return rules, ADD


def test_sixty_four_are_ever_named() -> None:
    """The last one joins, nobody after; a step that adds nobody goes on."""
    rules, add = _full(limits.EVER_NAMED - 1)
    rules.judge(add)
    with refused(Code.NOT_PERMITTED, "64"):
        rules.judge(replace(add, name="further", to=(KZ, RU), parts={RU: "transit"}))
    rules.judge(replace(MOVE, to=(KZ,)))


def test_a_stop_after_a_restore() -> None:
    """Where the step that named its member may not be there again, a stop is admitted; nothing else is."""
    rules = Rules()
    rules.judge(OPEN)
    operation = NotedOperation(Address(KZ), frozenset({Address(KZ)}))
    stop, move = rules.cover(STOP), rules.cover(MOVE)
    judge_step(stop, frozenset(), operation, [], lambda _: True, restored=True)
    for cover, restored in ((stop, False), (move, True)):
        with refused(Code.NOT_A_PARTICIPANT):
            judge_step(cover, frozenset(), operation, [], lambda _: True, restored=restored)


def test_what_a_plan_names_stays_open_to_all_that_were_named() -> None:
    """A member that a later plan calls left still tells of movements: it was named."""
    rules = Rules()
    rules.judge(OPEN)
    rules.judge(
        Draft("plan", f"{KZ}/DUTY-1", (RU, TJ), "plan", parts={**PARTS, UZ: "left"}, refs=(("update", "open"),))
    )
    rules.judge(MOVE)
