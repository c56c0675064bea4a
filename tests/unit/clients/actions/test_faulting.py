"""What is wrong calls once, and again after a long time if it is still so."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.actions.faulting import _AGAIN_S, DOWN_S, FOLDED_S, UNHELD_S, FaultCalls, FaultCause, FaultWatch, Seen
from clients.actions.hooks import Hooks

GOOD = Seen(0)


def calls(watch: FaultWatch, now_s: float, **seen: Any) -> list[str]:
    """Who is called for at a time, and it is done."""
    due = watch.look(replace(GOOD, now_ms=int(1000 * now_s), **seen), now_s)
    for fault in due:
        watch.called(fault.cause, now_s)
    return [fault.cause.value for fault in due]


def test_line_calls_after_a_minute_and_again_after_an_hour() -> None:
    """A line that is back within a minute calls nobody; one that is down calls once, and again an hour later."""
    watch = FaultWatch()
    assert (calls(watch, 0, live=False), calls(watch, 59, live=False), calls(watch, 60)) == ([], [], [])
    assert (calls(watch, 100, live=False), calls(watch, 100 + DOWN_S, live=False)) == ([], ["line"])
    assert [fault.since_ms for fault in watch.standing] == [100_000]
    assert calls(watch, 161, live=False) == []
    assert calls(watch, 160 + _AGAIN_S[FaultCause.LINE], live=False) == ["line"]


def test_line_that_comes_and_goes_calls_seldom() -> None:
    """A hub that lets a line live for a moment after each minute does not make a siren of it."""
    watch, made = FaultWatch(), 0
    for second in range(3_600):
        made += len(calls(watch, second, live=second % 62 == 0))
    assert 1 <= made <= 12


def test_process_that_died_calls_soon() -> None:
    """Nobody keeps the connection: after a moment somebody is called, and again every ten minutes."""
    watch = FaultWatch()
    assert calls(watch, 0) == []
    assert (calls(watch, 1, held=False, live=False), calls(watch, 1 + UNHELD_S, held=False, live=False)) == (
        [],
        ["nobody"],
    )
    assert calls(watch, 617, held=False, live=False) == ["nobody"]


def test_seat_that_was_replaced_calls_at_once() -> None:
    """It is no line that is down, and nobody waits for it."""
    assert calls(FaultWatch(), 0, live=False, replaced=True) == ["seat"]


def test_each_new_alarm_calls() -> None:
    """A newer alarm calls, one that was closed does not, and those that came together call once."""
    watch = FaultWatch()
    assert calls(watch, 0, alarms=2, newest_alarm=2) == ["alarm"]
    assert calls(watch, 20, alarms=2, newest_alarm=2) == []
    assert calls(watch, 21, alarms=3, newest_alarm=3) == ["alarm"]
    assert calls(watch, 22, alarms=4, newest_alarm=4) == []
    assert calls(watch, 31, alarms=4, newest_alarm=4) == ["alarm"]
    assert calls(watch, 60, alarms=1, newest_alarm=1) == []
    assert calls(watch, 31 + _AGAIN_S[FaultCause.ALARM], alarms=1, newest_alarm=1) == ["alarm"]


def test_alarms_in_one_line_call_when_they_double_and_within_minutes() -> None:
    """A flood that is counted in one line calls a few times, and none of it waits longer than minutes for a call."""
    watch, folded, called_for, made = FaultWatch(), 0, 0, []
    for second in range(3_600):
        folded += 1
        if calls(watch, second, alarms=8 + folded, newest_alarm=9, folded=folded):
            made.append(second)
            called_for = folded
        assert folded - called_for <= FOLDED_S
    assert len(made) <= 3_600 / FOLDED_S + 12
    assert calls(watch, 3_600 + FOLDED_S, alarms=8 + folded, newest_alarm=9, folded=folded) == ["alarm"]
    assert calls(watch, 9_000, alarms=8 + folded, newest_alarm=9, folded=folded) == []


def test_alarm_beyond_the_bound_calls_when_it_comes_alone() -> None:
    """The tenth of one cause, hours after the ninth, is called for as soon as the times allow."""
    watch = FaultWatch()
    assert calls(watch, 0, alarms=9, newest_alarm=9) == ["alarm"]
    assert calls(watch, 4_000, alarms=10, newest_alarm=9, folded=1) == ["alarm"]
    assert calls(watch, 8_000, alarms=11, newest_alarm=9, folded=2) == ["alarm"]
    assert calls(watch, 8_020, alarms=12, newest_alarm=9, folded=3) == []
    assert calls(watch, 8_000 + FOLDED_S, alarms=12, newest_alarm=9, folded=3) == ["alarm"]


def test_after_closing_the_next_in_one_line_calls() -> None:
    """Where a person has closed a line of many, the first that is folded anew calls."""
    watch = FaultWatch()
    assert calls(watch, 0, alarms=108, newest_alarm=9, folded=100) == ["alarm"]
    assert calls(watch, 100, alarms=8, newest_alarm=8) == []
    assert calls(watch, 200, alarms=10, newest_alarm=9, folded=1) == ["alarm"]


@given(st.lists(st.tuples(st.integers(1, 40), st.booleans(), st.integers(0, 5)), max_size=200))
def test_calls_are_bounded_and_none_is_missed(steps: list[tuple[int, bool, int]]) -> None:
    """However things change: two calls of a cause are apart, and what is wrong for long has called."""
    watch, now_s, newest, made = FaultWatch(), 0.0, 0, dict[str, list[float]]()
    for step_s, live, more in steps:
        now_s, newest = now_s + step_s, newest + more
        for cause in calls(watch, now_s, live=live, alarms=newest, newest_alarm=newest):
            made.setdefault(cause, []).append(now_s)
    for cause, times in made.items():
        apart = [later - earlier for earlier, later in pairwise(times)]
        assert all(each >= (300 if cause == "line" else 10) for each in apart)
    if newest:
        assert "alarm" in made


class Busy(Hooks):
    """A program for which there is no room at first."""

    def __init__(self) -> None:
        super().__init__("siren")
        self.room = False
        self.told: list[dict[str, str]] = []

    def start(self, key: str, facts: Any) -> bool:
        """Take it, if there is room."""
        if self.room:
            self.told.append(dict(facts))
        return self.room


def test_call_that_has_no_room_is_made_later() -> None:
    """While the program for a cause still runs the call waits, and is made with what is true then."""
    hooks = Busy()
    caller = FaultCalls(hooks, lambda ms: f"at {ms}")
    assert caller.tick(replace(GOOD, alarms=1, newest_alarm=1, alarm_kind="fork"), 0) == []
    hooks.room = True
    (made,) = caller.tick(replace(GOOD, alarms=2, newest_alarm=2, alarm_kind="fork"), 1)
    assert made.cause is FaultCause.ALARM
    assert hooks.told == [{"SERAI_FAULT": "alarm", "SERAI_SINCE": "at 0", "SERAI_COUNT": "2", "SERAI_DETAIL": "fork"}]


@pytest.mark.parametrize("cause", list(FaultCause))
def test_every_cause_has_words_and_times(cause: FaultCause) -> None:
    """None is forgotten."""
    assert cause.label.en
    assert cause.label.ru
    assert _AGAIN_S[cause] >= 60
