"""The state of a page: events after each other lead from any state to any other."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from clients.desk.state import apply, diff, replay

IDS = st.sampled_from(["a", "b", "c", "d", "__proto__", "constructor", ""])
ROWS = st.dictionaries(IDS, st.one_of(st.integers(0, 3), st.lists(st.integers(0, 1), max_size=1)), max_size=5)
PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 2), st.text(max_size=3), st.dictionaries(IDS, st.integers())
)


@st.composite
def lists(draw: st.DrawFn) -> dict[str, Any]:
    """A list part: its rows in some order, and how much it leaves out."""
    rows = draw(ROWS)
    return {"rows": rows, "order": draw(st.permutations(list(rows))), "left_out": draw(st.integers(0, 3))}


STATES = st.fixed_dictionaries({"line": PLAIN, "counts": PLAIN, "inbox": lists(), "sent": lists(), "news": PLAIN})


@given(st.lists(STATES, min_size=1, max_size=8))
def test_events_over_the_first_state_are_the_last(history: list[dict[str, Any]]) -> None:
    """Whatever happens between, and however often: state and events give what a new snapshot would."""
    state = history[0]
    for before, after in pairwise(history):
        state = replay(state, diff(before, after))
        assert state == after
    assert state == history[-1]


@given(STATES)
def test_nothing_is_told_of_what_is_the_same(state: dict[str, Any]) -> None:
    """A state that has not changed has no events."""
    assert diff(state, state) == []


@given(STATES, STATES)
def test_what_is_skipped_is_told_in_one_step(first: dict[str, Any], last: dict[str, Any]) -> None:
    """A page that reads slowly gets the newest state, whatever lay between."""
    assert replay(first, diff(first, last)) == last


@given(st.lists(STATES, min_size=2, max_size=2))
def test_only_rows_that_are_new_are_told(states: list[dict[str, Any]]) -> None:
    """A row that is as it was is not sent again."""
    old, new = states
    for event in diff(old, new):
        if event["kind"] == "inbox":
            known = old["inbox"]["rows"]
            assert all(key not in known or known[key] != row for key, row in event["rows"].items())


def test_part_that_was_another_is_replaced() -> None:
    """A part that becomes a list, or is none any more, is told as a whole."""
    listed = {"rows": {"a": 1}, "order": ["a"], "left_out": 0}
    assert replay({"x": 1}, diff({"x": 1}, {"x": listed})) == {"x": listed}
    assert replay({"x": listed}, diff({"x": listed}, {"x": 1})) == {"x": 1}


def test_state_is_not_changed_in_place() -> None:
    """Who holds an old state keeps it."""
    old = {"inbox": {"rows": {"a": 1}, "order": ["a"], "left_out": 0}}
    new = apply(old, {"kind": "inbox", "rows": {"b": 2}, "gone": ["a"], "order": ["b"], "left_out": 0})
    assert old["inbox"]["rows"] == {"a": 1}
    assert new["inbox"]["rows"] == {"b": 2}
