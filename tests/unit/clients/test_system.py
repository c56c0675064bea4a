"""Clock, chance and the back-off made of them."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.system import Clock, System, full_jitter_s


def test_clock_takes_over_the_hub_time() -> None:
    """A clock that is off by more than a second follows the hub from then on."""
    clock = Clock(lambda: 1_000_000)
    clock.correct(1_300_000)
    assert (clock.time_ms(), clock.time_s(), clock.offset_ms) == (1_300_000, 1_300, 300_000)


@pytest.mark.parametrize("difference_ms", [-1_000, 0, 1_000])
def test_clock_ignores_the_delay_of_a_line(difference_ms: int) -> None:
    """A difference of up to a second changes nothing."""
    clock = Clock(lambda: 1_000_000)
    clock.correct(1_000_000 + difference_ms)
    assert clock.offset_ms == 0


@given(st.binary(min_size=6, max_size=6))
def test_fraction_is_below_one(entropy: bytes) -> None:
    """Whatever the chance gives, the fraction is from 0 to below 1."""
    assert 0 <= System(entropy=lambda _: entropy).fraction() < 1


@given(st.integers(0, 10_000), st.floats(0, 1, exclude_max=True))
def test_back_off_has_full_jitter(attempt: int, fraction: float) -> None:
    """A wait is anything from nothing to half a second doubled for each attempt, at most thirty."""
    assert 0 <= full_jitter_s(attempt, fraction) <= min(30.0, 0.5 * 2 ** min(attempt, 20))


def test_back_off_reaches_its_bound() -> None:
    """After seven failures the longest wait is thirty seconds."""
    assert [full_jitter_s(n, 1.0) for n in (0, 1, 6, 7)] == [0.5, 1.0, 30.0, 30.0]


DAY_MS = 24 * 3600 * 1000


@given(st.lists(st.integers(-1000 * DAY_MS, 1000 * DAY_MS), max_size=8), st.integers(-900 * DAY_MS, 900 * DAY_MS))
def test_no_hub_moves_a_clock_by_more_than_a_day(said: list[int], confirmed_ms: int) -> None:
    """Whatever times a hub says, one after the other, the clock stays within a day of what people have set."""
    clock = Clock(lambda: 2_000 * DAY_MS)
    clock.confirmed_ms = confirmed_ms
    for ahead_ms in said:
        before = clock.offset_ms
        taken = clock.correct(2_000 * DAY_MS + ahead_ms)
        assert taken is (abs(ahead_ms) <= DAY_MS or abs(ahead_ms - confirmed_ms) <= DAY_MS)
        assert abs(clock.offset_ms - ahead_ms) <= 1_000 if taken else clock.offset_ms == before
        assert min(abs(clock.offset_ms), abs(clock.offset_ms - confirmed_ms)) <= DAY_MS


def test_a_leaf_is_ahead_of_what_people_have_set() -> None:
    """The hub's own word, by which the clock is corrected, does not count; a person's does."""
    clock = Clock(lambda: DAY_MS)
    clock.correct(2 * DAY_MS)
    assert not clock.is_ahead(DAY_MS + 3_600_000)
    assert clock.is_ahead(DAY_MS + 3_600_001)
    clock.confirmed_ms = DAY_MS
    assert not clock.is_ahead(2 * DAY_MS + 3_600_000)


def test_memory_is_hidden() -> None:
    """A program that holds keys is not dumpable, and writes no core file."""
    program = (
        "import ctypes, resource; from clients.system import hide_memory; hide_memory(); "
        "print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), resource.getrlimit(resource.RLIMIT_CORE))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout.decode() == "0 (0, 0)\n"
