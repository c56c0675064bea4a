"""What members' tokens say of the time."""

from __future__ import annotations

from broker.core.token_times import KEPT_S, TokenTimes
from schemas.addresses import Address
from tests.support.world import KG, KZ, TJ, UZ


def test_one_member_says_nothing() -> None:
    """One or two members, wrong or lying, are no warning; nor is one against two that are right."""
    times = TokenTimes()
    for unit in range(10):
        times.note(Address(f"KZ/UNIT-{unit}"), 9_000, 0)
    times.note(KG, 9_000, 0)
    assert times.difference_s(1) == 0
    times.note(KG, 9_100, 2)
    times.note(KG, 9_200, 3)
    assert times.difference_s(4) == 0
    other = TokenTimes()
    for member, difference_s in ((KZ, 9_000), (KG, 1), (TJ, -1)):
        other.note(member, difference_s, 0)
    assert other.difference_s(1) == 1


def test_most_members_are_heard() -> None:
    """What most say is told, though each has corrected its clock by the hub's time and come again."""
    times = TokenTimes()
    for member in (KZ, KG, TJ):
        times.note(member, -3_600, 0)
        times.note(member, 0, 1)
    times.note(UZ, 0, 1)
    assert times.difference_s(2) == -3_600


def test_what_was_said_is_forgotten() -> None:
    """An hour later it counts no more, and neither does it take room."""
    times = TokenTimes()
    for member in (KZ, KG, TJ):
        times.note(member, -3_600, 0)
    assert times.difference_s(KEPT_S) == -3_600
    assert times.difference_s(KEPT_S + 1) == 0
    assert times._said == {}
    times.note(KZ, -3_600, KEPT_S + 2)
    times.note(KZ, 1, 2 * KEPT_S + 3)
    assert times._said["KZ"][0] == 1
