"""Operations in a court's file are computed again from the file alone."""

from __future__ import annotations

import pytest

from schemas.operations.proven import operations_in
from schemas.operations.terms import AuthorityState, MissingHow, Phase
from tests.support.court import Courtroom


@pytest.fixture(scope="module")
def court() -> Courtroom:
    """An operation on which everybody has decided."""
    found = Courtroom()
    found.opened()
    return found


def test_what_is_disclosed_is_folded_again(court: Courtroom) -> None:
    """Of a whole file the plan is in force and each leg granted, by covers, posts and contents in it."""
    (operation,) = operations_in(court.read())
    assert operation.held.id == court.digest("open")
    assert operation.folded.state.phase is Phase.CONFIRMED
    states = {each.leg: each.state for each in operation.picture.authority}
    assert [states[leg] for leg in "234"] == [AuthorityState.GRANTED] * 3
    assert operation.folded.state.missing == ()
    assert operation.seen_up_to == len(court.world.log) - 1


def test_what_is_not_disclosed_permits_nothing(court: Courtroom) -> None:
    """Without keys each step is there and says nothing, and the result names what that could change."""
    (operation,) = operations_in(court.read(disclosed=False))
    assert {each.how for each in operation.folded.state.missing} == {MissingHow.NOT_DISCLOSED}
    assert not operation.picture.may_go


def test_a_file_without_steps_has_no_operation(court: Courtroom) -> None:
    """The request left out, the operation is known by those that name it, and the request is missing."""
    (operation,) = operations_in(court.read(without=["open"]))
    assert operation.held.id == court.digest("open")
    assert operation.folded.state.phase is Phase.NOT_OPENED
    assert court.digest("open") in {each.digest for each in operation.folded.state.missing}
