"""By when recipients are to confirm and to reply."""

from __future__ import annotations

import pytest

from schemas.rules.deadlines import answers_due_ms, received_due_ms
from tests.support.world import KZ, UZ, World, cover_of


@pytest.mark.parametrize(
    ("precedence", "due_s"),
    [("flash", 300), ("immediate", 1_800), ("priority", 14_400), ("routine", 86_400), ("x", 1_800)],
)
def test_receipts_are_due_by_precedence(precedence: str, due_s: int) -> None:
    """Five minutes, half an hour, four hours, a day after acceptance; a later word is as immediate."""
    world = World([KZ, UZ])
    cover = cover_of(world.verified(world.dispatch(KZ, [UZ], precedence=precedence).text))
    assert received_due_ms(cover, 7) == 7 + 1000 * due_s


def test_answers_are_due_when_the_cover_says() -> None:
    """In seconds on the cover, in milliseconds for the clock; nothing is due where nothing is asked."""
    world = World([KZ, UZ])
    asked, plain = world.dispatch(KZ, [UZ], expects={"by": world.time_s + 60}), world.dispatch(KZ, [UZ])
    assert answers_due_ms(cover_of(world.verified(asked.text))) == 1000 * (world.time_s + 60)
    assert answers_due_ms(cover_of(world.verified(plain.text))) is None
