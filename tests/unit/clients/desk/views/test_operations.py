"""An operation in the pages: what is due, whose move it is, what is red, what was not sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from clients.desk.views.operations import OperationPage, look_at_operations, operation_page, operation_row
from clients.desk.views.rows import RowWords
from tests.support.crew import Crew
from tests.support.world import KZ, TJ, UZ


@pytest.fixture
def crew(tmp_path: Path) -> Crew:
    """Four countries and the Centre."""
    return Crew(tmp_path)


def page_of(crew: Crew, member: str, operation: str) -> OperationPage:
    """The page of an operation as a member has it now."""
    office = next(each for each in crew.offices.values() if each.member == member)
    return operation_page(office, office.known(operation), RowWords(office.member, crew.world.time_ms))


def test_request_is_a_strip_with_its_next_clock(crew: Crew) -> None:
    """In the list: what it is called, whether it may go, what is due next, and that we have to move."""
    operation = crew.open()
    office = crew[UZ]
    (seen,) = look_at_operations(office)
    row = operation_row(office, seen.known, RowWords(office.member, crew.world.time_ms))
    assert (row.id, row.ours, row.closed, row.exercise) == (operation, True, False, False)
    assert row.next is not None
    assert row.next.at.ms > 0
    assert row.state.value == "amber"


def test_page_says_whose_move_it_is(crew: Crew) -> None:
    """Own moves first; each leg with its authority; the stop is always there, and first once something is stopped."""
    operation = crew.open()
    page = page_of(crew, UZ, operation)
    assert page.moves[0].ours
    assert [leg.authority for leg in page.legs] == [None] * 4
    assert "stop" in [act.do for act in page.actions if act.why_not is None]
    assert [step.here for step in page.steps] == [True]
    crew.agree(operation)
    assert {leg.authority.label for leg in page_of(crew, KZ, operation).legs if leg.authority} == {"Granted"}
    crew.act(UZ, "stop", operation=operation)
    page = page_of(crew, TJ, operation)
    assert page.actions[0].do == "stop"
    assert page.head.state.value == "red"
    assert page.head.telephone


def test_closed_operation_offers_what_is_left(crew: Crew) -> None:
    """After the end a note and a result are possible, and everything else says why not."""
    operation = crew.open()
    crew.act(TJ, "close", operation=operation)
    page = page_of(crew, TJ, operation)
    assert page.head.closed
    possible = {act.do for act in page.actions if act.why_not is None}
    assert possible == {"note", "result", "stop"}
    assert look_at_operations(crew[TJ]) == []
    assert len(look_at_operations(crew[TJ], closed=True)) == 1
