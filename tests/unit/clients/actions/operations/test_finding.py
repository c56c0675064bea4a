"""Which operation a person means."""

from __future__ import annotations

from clients.actions.operations.finding import find_operation, find_step
from clients.errors import LocalCode
from tests.support.crew import Crew
from tests.support.refusals import refused
from tests.support.world import KZ, UZ


def test_an_operation_is_named_by_number_digest_or_reference(crew: Crew) -> None:
    """The number of any of its steps, its digest, or the reference of its lead, however that is typed."""
    operation = crew.open()
    stop = crew.act(UZ, "stop", operation=operation)
    number = crew[KZ].store.items.place_of(stop)
    for named in (operation, str(number), f" {number} ", "TJ-CD-7", "tj-cd-7"):
        assert find_operation(crew[KZ], named) == operation
    assert find_step(crew[KZ], operation, str(number)) == find_step(crew[KZ], operation, stop) == stop


def test_what_is_unclear_or_unknown_is_refused(crew: Crew) -> None:
    """One reference of two operations is named with both numbers; a number of something else is none."""
    operation = crew.open()
    with refused(LocalCode.NO_OPERATION, "nothing"):
        find_operation(crew[KZ], "nothing")
    with refused(LocalCode.NO_OPERATION):
        find_operation(crew[KZ], "1")
    other = crew.open()
    with refused(LocalCode.OPERATION_UNCLEAR):
        find_operation(crew[KZ], "TJ-CD-7")
    with refused(LocalCode.NO_STEP):
        find_step(crew[KZ], operation, other)
    number = crew[KZ].store.items.place_of(operation)
    with refused(LocalCode.MARKED_OTHERWISE):
        find_operation(crew[KZ], f"EX {number}")
