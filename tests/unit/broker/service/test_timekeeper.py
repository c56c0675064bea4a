"""The hub's time over a machine's clock that is moved."""

from __future__ import annotations

import pytest

from broker.core.timekeeping import ClockDoubt, SignOfLife
from broker.service.timekeeper import ClockDoubted, Timekeeper, WordRefused
from schemas.errors import Code
from tests.support.dial import DAY, HOUR, MINUTE, NOW, YEAR, Dial, MemoryLife
from tests.support.refusals import refused


def keeper(dial: Dial, away_ms: int = 0, newest_ms: int = 0) -> tuple[Timekeeper, MemoryLife]:
    """The time of a hub that was last at work so long ago by this clock."""
    record = MemoryLife(SignOfLife(dial.wall_ms - away_ms, newest_ms))
    return Timekeeper(dial, record, newest_ms), record


def doubt(timekeeper: Timekeeper) -> ClockDoubt | None:
    """Why it does not believe its clock."""
    return timekeeper.report().doubt


@pytest.mark.parametrize("away_ms", [DAY, 8 * DAY, 3 * YEAR, -HOUR, -3_000])
def test_a_clock_that_is_not_believed_leaves_no_sign(away_ms: int) -> None:
    """Twice in a row nothing is known of the time, and the last sign of life stays what it was."""
    dial = Dial()
    record = MemoryLife(SignOfLife(dial.wall_ms - away_ms, 0))
    for _ in range(2):
        timekeeper = Timekeeper(dial, record, 0)
        with refused(Code.HUB_NOT_READY):
            timekeeper.now_ms()
        with refused(Code.HUB_NOT_READY):
            timekeeper.keep_life(0)
        assert record.sign == SignOfLife(NOW - away_ms, 0)


def test_a_clock_a_little_behind_is_waited_for() -> None:
    """Once it has caught up with the last sign of life it is believed, without anybody's word."""
    dial = Dial()
    timekeeper, _ = keeper(dial, -3_000)
    assert doubt(timekeeper) is ClockDoubt.CATCHING_UP
    dial.pass_ms(2_999)
    assert doubt(timekeeper) is ClockDoubt.CATCHING_UP
    dial.pass_ms(1)
    assert timekeeper.now_ms() == NOW + 3_000


def test_a_clock_that_the_system_sets_meanwhile_is_believed() -> None:
    """A hub that waits looks again: what counts is the clock as it is, not as it was at the start."""
    dial = Dial()
    timekeeper, _ = keeper(dial, 8 * DAY)
    assert doubt(timekeeper) is ClockDoubt.UNCONFIRMED
    dial.wall_ms -= 8 * DAY - 2 * HOUR
    assert doubt(timekeeper) is ClockDoubt.UNSYNCHRONISED
    dial.synchronised = True
    assert timekeeper.now_ms() == dial.wall_ms


def test_a_step_forward_is_gone_over_and_told_once() -> None:
    """A running hub goes on over three seconds and an hour in all, tells each step, and leaves signs."""
    dial = Dial()
    timekeeper, record = keeper(dial)
    timekeeper.now_ms()
    dial.wall_ms += 3_000
    dial.pass_ms(10)
    assert timekeeper.now_ms() == NOW + 3_010
    assert (timekeeper.take_steps(), timekeeper.take_steps()) == ([3_000], [])
    dial.wall_ms += HOUR - 3_000
    timekeeper.keep_life(7)
    assert record.sign == SignOfLife(NOW + HOUR + 10, 7)
    assert timekeeper.take_steps() == [HOUR - 3_000]


@pytest.mark.parametrize("step_ms", [2 * HOUR, -3_000, -HOUR, 3 * YEAR])
def test_a_clock_that_is_moved_too_far_is_never_believed_again(step_ms: int) -> None:
    """Not when it is moved back either, and not by a word: only a new start helps; no sign is left."""
    dial = Dial()
    timekeeper, record = keeper(dial)
    timekeeper.now_ms()
    before = record.sign
    dial.wall_ms += step_ms
    assert doubt(timekeeper) is ClockDoubt.MOVED
    dial.wall_ms -= step_ms
    for ask in (timekeeper.now_ms, lambda: timekeeper.keep_life(0), lambda: timekeeper.confirm(dial.wall_ms, 0)):
        with pytest.raises(ClockDoubted) as caught:
            ask()
        assert (caught.value.doubt, caught.value.is_moved) == (ClockDoubt.MOVED, True)
    assert record.sign == before


@pytest.mark.parametrize("away_ms", [DAY, 3 * YEAR, -HOUR, -YEAR])
def test_the_operators_word_is_believed(away_ms: int) -> None:
    """After it the hub goes on, also when it is started again within the hour."""
    dial = Dial()
    timekeeper, record = keeper(dial, away_ms)
    timekeeper.confirm(dial.wall_ms - 4 * MINUTE, 5)
    assert timekeeper.now_ms() == NOW
    assert record.sign == SignOfLife(NOW, 5)
    dial.pass_ms(HOUR)
    assert doubt(Timekeeper(dial, record, 5)) is None


@pytest.mark.parametrize("wrong_ms", [3 * YEAR, -6 * MINUTE, 6 * MINUTE])
def test_a_word_that_is_not_this_machines_time_is_refused(wrong_ms: int) -> None:
    """An operator who reads another clock notices that this one is wrong; nothing is kept."""
    dial = Dial()
    timekeeper, record = keeper(dial, 3 * YEAR)
    before = record.sign
    with pytest.raises(WordRefused) as caught:
        timekeeper.confirm(dial.wall_ms + wrong_ms, 0)
    assert "2026-11-30 00:53:20 UTC" in caught.value.detail
    assert "clock" in caught.value.problem.remedy
    assert (doubt(timekeeper), record.sign) == (ClockDoubt.UNCONFIRMED, before)


def test_a_ledger_that_is_ahead_needs_a_word() -> None:
    """A leaf that has come since the last sign counts as one, so a restored ledger from the future is noticed."""
    dial = Dial()
    record = MemoryLife(SignOfLife(NOW, NOW))
    assert doubt(Timekeeper(dial, record, NOW + 3 * YEAR)) is ClockDoubt.UNCONFIRMED
    Timekeeper(dial, record, NOW + 3 * YEAR).confirm(NOW, NOW + 3 * YEAR)
    assert doubt(Timekeeper(dial, record, NOW + 3 * YEAR)) is None


def test_what_is_told_has_words_for_the_operator() -> None:
    """Each doubt says what happened and what to do."""
    for each in ClockDoubt:
        fault = ClockDoubted(each)
        assert fault.detail == each.label.en
        assert "appends nothing" in fault.problem.title
        assert fault.problem.remedy == fault.remedy.en
        assert fault.remedy.ru not in ("", fault.remedy.en)
    assert Timekeeper(Dial(), MemoryLife(), 0).new_jti()
