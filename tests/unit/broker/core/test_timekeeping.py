"""When a hub may believe its clock."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.core.timekeeping import (
    AWAY_MS,
    BEHIND_MS,
    LONG_AWAY_MS,
    SMALL_STEP_MS,
    STEP_MS,
    ClockDoubt,
    ClockWarning,
    Course,
    SignOfLife,
    doubt_at_start,
    follow,
    last_life_ms,
    utc,
)

T = 1_796_000_000_000
DAY = 24 * 3_600_000
YEAR = 365 * DAY


@pytest.mark.parametrize(
    ("away_ms", "alone", "synchronised"),
    [
        (0, None, None),
        (30 * 60_000, None, None),
        (AWAY_MS, None, None),
        (AWAY_MS + 1, ClockDoubt.UNSYNCHRONISED, None),
        (DAY, ClockDoubt.UNSYNCHRONISED, None),
        (LONG_AWAY_MS, ClockDoubt.UNSYNCHRONISED, None),
        (LONG_AWAY_MS + 1, ClockDoubt.UNCONFIRMED, ClockDoubt.UNCONFIRMED),
        (3 * YEAR, ClockDoubt.UNCONFIRMED, ClockDoubt.UNCONFIRMED),
        (-1, ClockDoubt.CATCHING_UP, ClockDoubt.CATCHING_UP),
        (-BEHIND_MS, ClockDoubt.CATCHING_UP, ClockDoubt.CATCHING_UP),
        (-BEHIND_MS - 1, ClockDoubt.UNCONFIRMED, ClockDoubt.UNCONFIRMED),
        (-YEAR, ClockDoubt.UNCONFIRMED, ClockDoubt.UNCONFIRMED),
    ],
)
def test_start(away_ms: int, alone: ClockDoubt | None, synchronised: ClockDoubt | None) -> None:
    """An hour is believed, a week only if the system calls its clock synchronised, a little behind is waited for."""
    assert doubt_at_start(T + away_ms, T, synchronised=False) is alone
    assert doubt_at_start(T + away_ms, T, synchronised=True) is synchronised


def test_start_with_nothing_to_go_by() -> None:
    """Without a sign of life and without a leaf no clock is believed, however well it is kept."""
    assert last_life_ms(None, 0) is None
    assert doubt_at_start(T, None, synchronised=True) is ClockDoubt.UNCONFIRMED


def test_last_life() -> None:
    """A leaf that has come since the sign counts as one; one that the sign knew of, however far ahead, does not."""
    assert last_life_ms(None, T) == T
    assert last_life_ms(SignOfLife(T, 0), 0) == T
    assert last_life_ms(SignOfLife(T, T - 9), T + 5) == T + 5
    assert last_life_ms(SignOfLife(T, T + 3 * YEAR), T + 3 * YEAR) == T
    assert last_life_ms(SignOfLife(T, T), T - 5) == T


def test_small_corrections_are_followed() -> None:
    """What a time service corrects is no step."""
    for drift_ms in (-SMALL_STEP_MS, 0, SMALL_STEP_MS):
        assert follow(Course(0, 0), drift_ms) == (Course(0, 0), 0)


def test_steps() -> None:
    """A step forward of up to an hour is gone over; back, or further in all, ends it."""
    assert follow(Course(0, 0), SMALL_STEP_MS + 1) == (Course(0, SMALL_STEP_MS + 1), SMALL_STEP_MS + 1)
    assert follow(Course(0, 0), STEP_MS) == (Course(0, STEP_MS), STEP_MS)
    assert follow(Course(0, 0), STEP_MS + 1) is None
    assert follow(Course(0, 0), -SMALL_STEP_MS - 1) is None
    assert follow(Course(0, STEP_MS), STEP_MS + SMALL_STEP_MS + 1) is None
    assert follow(Course(0, STEP_MS), 0) is None


@given(st.lists(st.integers(-2 * STEP_MS, 2 * STEP_MS), max_size=20))
def test_no_course_leads_further_than_an_hour(steps: list[int]) -> None:
    """However many steps there are, a running hub never believes more than an hour, forward or back, in all."""
    course, offset_ms = Course(0, 0), 0
    for step_ms in steps:
        offset_ms += step_ms
        if (followed := follow(course, offset_ms)) is None:
            return
        course, told_ms = followed
        assert -SMALL_STEP_MS <= offset_ms <= STEP_MS + SMALL_STEP_MS
        assert told_ms == 0 or told_ms > SMALL_STEP_MS


@given(st.integers(0, 1 << 52), st.integers(0, 1 << 52), st.booleans())
def test_no_start_leads_further_than_a_week(now_ms: int, last_ms: int, synchronised: bool) -> None:
    """Without a word no hub starts before its last sign of life, or more than a week after it."""
    if doubt_at_start(now_ms, last_ms, synchronised=synchronised) is None:
        assert 0 <= now_ms - last_ms <= (LONG_AWAY_MS if synchronised else AWAY_MS)


def test_every_word_has_both_languages() -> None:
    """Doubts and warnings are read in English and Russian."""
    for each in (*ClockDoubt, *ClockWarning):
        assert each.label.en.isascii()
        assert any("а" <= letter <= "я" for letter in each.label.ru)  # noqa: RUF001 - Russian letters


def test_any_time_can_be_told() -> None:
    """A time beyond the calendar is its number."""
    assert utc(T) == "2026-11-30 00:53:20 UTC"
    assert utc(1 << 53) == f"{1 << 53} ms"
