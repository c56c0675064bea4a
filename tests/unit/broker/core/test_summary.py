"""Summaries: the first of a kind at once, the others counted."""

from __future__ import annotations

from broker.core.summary import WINDOW_S, Summary


def test_one_of_a_kind_in_each_window_and_none_is_forgotten() -> None:
    """Kinds do not disturb each other, and each number counts those since the last that was logged."""
    summary = Summary()
    assert summary.take("a", 0.0) == 0
    assert [summary.take("a", 1.0), summary.take("b", 1.0), summary.take("a", WINDOW_S - 0.1)] == [None, 0, None]
    assert summary.take("a", WINDOW_S) == 2
    assert summary.take("a", WINDOW_S + 1) is None
    assert summary.take("a", 3 * WINDOW_S) == 1
    assert summary.take("a", 5 * WINDOW_S) == 0
