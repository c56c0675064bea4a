"""What the operator is told of the hub's clock, and when signs of life are left."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from broker.core.timekeeping import ClockDoubt, ClockWarning, SignOfLife
from broker.service.clock_watch import LIFE_EVERY_S, TOLD_EVERY_S, ClockWatch
from broker.service.metrics import Metrics
from broker.service.timekeeper import ClockDoubted, Timekeeper
from schemas.errors import Code, SeraiError
from tests.support.dial import DAY, HOUR, MINUTE, NOW, Dial, MemoryLife
from tests.support.world import KG, KZ, TJ


class Watched:
    """A watch over a clock that a test moves.

    Attributes:
        newest_ms: time of the newest leaf.
    """

    def __init__(self, away_ms: int = 0, *, synchronised: bool = True) -> None:
        self.dial = Dial(synchronised=synchronised)
        self.record = MemoryLife(SignOfLife(NOW - away_ms, 0))
        self.metrics = Metrics()
        self.newest_ms = 0
        self.keeper = Timekeeper(self.dial, self.record, 0)
        self.watch = ClockWatch(self.keeper, self.metrics, lambda: self.newest_ms, self.monotonic)

    def monotonic(self) -> float:
        """Seconds that nobody moves."""
        return self.dial.monotonic_ms() / 1000

    def count(self, name: str) -> float:
        """What was counted."""
        value = self.metrics.registry.get_sample_value(name)
        assert value is not None
        return value


async def run_on(watched: Watched, monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    """Let the watch run so long, by the clock that is watched."""
    left = seconds

    async def sleep(pause_s: float) -> None:
        nonlocal left
        watched.dial.pass_ms(int(pause_s * 1000))
        left -= 1
        if left < 0:
            raise asyncio.CancelledError

    monkeypatch.setattr(asyncio, "sleep", sleep)
    with pytest.raises(asyncio.CancelledError):
        await watched.watch.run()


async def test_a_sign_of_life_each_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """At once and then every minute, with the time of the newest leaf; none while the clock is not believed."""
    watched = Watched()
    signs: list[SignOfLife] = []
    monkeypatch.setattr(watched.record, "write", signs.append)
    watched.newest_ms = 7
    await run_on(watched, monkeypatch, 150)
    assert signs == [SignOfLife(NOW + at_s * 1000, 7) for at_s in (0, int(LIFE_EVERY_S), 2 * int(LIFE_EVERY_S))]
    doubted = Watched(8 * DAY)
    await run_on(doubted, monkeypatch, 150)
    assert doubted.record.sign == SignOfLife(NOW - 8 * DAY, 0)


async def test_a_disk_that_takes_no_sign_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is logged, and tried again a minute later."""

    def fail(_: SignOfLife) -> None:
        raise SeraiError(Code.STORAGE_FAILED, "sign of life")

    watched = Watched()
    monkeypatch.setattr(watched.record, "write", fail)
    with capture_logs() as logs:
        await run_on(watched, monkeypatch, 90)
    assert [(each["event"], each["code"]) for each in logs] == [("sign_of_life_failed", "storage_failed")] * 2


async def test_a_doubt_is_told_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """At once, every ten minutes, and when it has ended, with the clock, the last sign and what to do."""
    watched = Watched(2 * HOUR, synchronised=False)
    with capture_logs() as logs:
        await run_on(watched, monkeypatch, int(TOLD_EVERY_S) + 5)
        assert watched.count("serai_clock_believed") == 0
        watched.dial.synchronised = True
        await run_on(watched, monkeypatch, 5)
    assert [each["event"] for each in logs] == ["clock_doubted", "clock_doubted", "clock_believed"]
    assert (logs[0]["why"], logs[0]["log_level"]) == ("unsynchronised", "error")
    assert logs[0]["last_sign_of_life"] == "2026-11-29 22:53:20 UTC"
    assert "timedatectl" in logs[0]["remedy"]
    assert (watched.count("serai_clock_believed"), watched.count("serai_clock_synchronised")) == (1, 1)


async def test_a_clock_that_was_moved_ends_the_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process hears why."""
    watched = Watched()
    await run_on(watched, monkeypatch, 2)
    watched.dial.wall_ms -= HOUR
    with capture_logs() as logs, pytest.raises(ClockDoubted) as caught:
        await watched.watch.run()
    assert caught.value.doubt is ClockDoubt.MOVED
    assert [each["why"] for each in logs] == ["moved"]


async def test_a_step_is_told_and_warned_of_for_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once in the log, counted, and beside ``ready``."""
    watched = Watched()
    await run_on(watched, monkeypatch, 2)
    watched.dial.wall_ms += 30 * MINUTE
    with capture_logs() as logs:
        await run_on(watched, monkeypatch, 2)
    assert [(each["event"], each["forward_ms"]) for each in logs] == [("clock_stepped", 30 * MINUTE)]
    assert watched.count("serai_clock_steps_total") == 1
    assert watched.watch.warnings() == [ClockWarning.STEPPED]
    watched.dial.pass_ms(HOUR)
    assert watched.watch.warnings() == []


def test_what_members_say_is_a_warning() -> None:
    """Most members' tokens differ by more than a minute: the operator is warned, the clock is believed as before."""
    watched = Watched()
    for member in (KZ, KG, TJ):
        watched.watch.note_token(member, -60)
    assert watched.watch.warnings() == []
    for member in (KZ, KG, TJ):
        watched.watch.note_token(member, -61)
    assert (watched.watch.warnings(), watched.watch.token_difference_s()) == ([ClockWarning.DIFFERS], -61)
    assert watched.keeper.now_ms() == NOW


async def test_a_ledger_ahead_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    """A newest leaf more than five minutes ahead of the clock is told beside ``ready`` and measured."""
    watched = Watched()
    watched.newest_ms = NOW + 5 * MINUTE
    assert watched.watch.warnings() == []
    watched.newest_ms += 1_000
    assert watched.watch.warnings() == [ClockWarning.LEDGER_AHEAD]
    await run_on(watched, monkeypatch, 1)
    assert watched.count("serai_ledger_ahead_seconds") == 300


def test_an_unsynchronised_clock_is_a_warning() -> None:
    """It is believed, and the operator knows."""
    watched = Watched(synchronised=False)
    assert watched.watch.warnings() == [ClockWarning.UNSYNCHRONISED]
    assert watched.keeper.now_ms() == NOW
