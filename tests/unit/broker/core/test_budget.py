"""Budgets: no more is spent than was there."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from broker.core.budget import Budget

STEPS = st.lists(st.tuples(st.floats(0, 5), st.integers(1, 4)), max_size=40)
"""Seconds that pass, and what is then asked for."""


@given(STEPS, st.integers(1, 10), st.floats(0, 3))
def test_never_more_is_spent_than_burst_and_time_give(steps: list[tuple[float, int]], burst: int, per_s: float) -> None:
    """From any moment on, what is spent is at most the burst and what the time since brought."""
    budget, now_s, spent = Budget(burst, per_s), 100.0, []
    for passed_s, cost in steps:
        now_s += passed_s
        if budget.spend(cost, now_s):
            spent.append((now_s, cost))
    for at, (since_s, _) in enumerate(spent):
        for until in range(at, len(spent)):
            total = sum(cost for _, cost in spent[at : until + 1])
            assert total <= burst + per_s * (spent[until][0] - since_s) + 1e-6


@given(STEPS, st.integers(4, 10), st.floats(0.1, 3))
def test_what_time_has_brought_can_be_spent(steps: list[tuple[float, int]], burst: int, per_s: float) -> None:
    """A refusal spends nothing: whoever waits until the budget is full again has all of it."""
    budget, now_s = Budget(burst, per_s), 100.0
    for passed_s, cost in steps:
        now_s += passed_s
        budget.spend(cost, now_s)
    now_s += burst / per_s + 1
    assert budget.is_full(now_s)
    assert budget.spend(burst, now_s)
    assert not budget.is_full(now_s)
    assert not budget.spend(1, now_s)


def test_what_is_given_back_is_there_again_and_no_more() -> None:
    """Giving back undoes spending, and never gives more than the burst."""
    budget = Budget(3, 0)
    assert [budget.spend(1, 5.0) for _ in range(4)] == [True, True, True, False]
    budget.give_back(1)
    assert [budget.spend(1, 5.0) for _ in range(2)] == [True, False]
    budget.give_back(100)
    assert [budget.spend(1, 5.0) for _ in range(4)] == [True, True, True, False]


def test_a_clock_that_goes_back_brings_nothing() -> None:
    """Seconds count once, though the clock shows them twice."""
    budget = Budget(2, 1)
    assert [budget.spend(1, now_s) for now_s in (10.0, 10.0, 11.0, 10.0, 11.0, 11.5)] == [True, True, True] + [
        False
    ] * 3
