"""The watch over the hub's clock: signs of life, and whatever the operator must be told of the time (PROTOCOL 8)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

import structlog

from broker.core.timekeeping import BEHIND_MS, ClockDoubt, ClockWarning, utc
from broker.core.token_times import DIFFERS_S, TokenTimes
from broker.ports import Timekeeping
from broker.service.metrics import Metrics
from broker.service.timekeeper import ClockDoubted
from schemas.addresses import Address
from schemas.errors import SeraiError

LIFE_EVERY_S: Final = 60.0
"""How often a sign of life is left."""

TOLD_EVERY_S: Final = 600.0
"""How often the log says again that the clock is not believed."""

_TICK_S: Final = 1.0
_STEP_TOLD_S: Final = 3_600.0

log = structlog.get_logger("serai.clock")


class ClockWatch:
    """The watch.

    Args:
        clock: the hub's time.
        metrics: where it is counted.
        newest_ms: time of the newest leaf, milliseconds since 1970 UTC.
        monotonic: seconds that never go back.
    """

    def __init__(
        self, clock: Timekeeping, metrics: Metrics, newest_ms: Callable[[], int], monotonic: Callable[[], float]
    ) -> None:
        self._clock = clock
        self._metrics = metrics
        self._newest_ms = newest_ms
        self._monotonic = monotonic
        self._tokens = TokenTimes()
        self._told: ClockDoubt | None = None
        self._tell_again_s = 0.0
        self._life_due_s = 0.0
        self._stepped_until_s = 0.0

    async def run(self) -> None:
        """Watch until cancelled.

        Raises:
            ClockDoubted: the clock was moved too far for this process.
        """
        while True:
            self._look()
            if self._told is ClockDoubt.MOVED:
                raise ClockDoubted(ClockDoubt.MOVED)
            if self._told is None and self._monotonic() >= self._life_due_s:
                await asyncio.to_thread(self.leave_sign)
            await asyncio.sleep(_TICK_S)

    def leave_sign(self) -> None:
        """Leave a sign of life if the clock is believed; a disk that does not take it ends nothing. Blocks."""
        self._life_due_s = self._monotonic() + LIFE_EVERY_S
        try:
            self._clock.keep_life(self._newest_ms())
        except ClockDoubted:
            self._life_due_s = 0.0
        except SeraiError as error:
            log.error("sign_of_life_failed", code=error.code.value, detail=error.detail)  # noqa: TRY400 - it is no fault here

    def _look(self) -> None:
        report, now_s = self._clock.report(), self._monotonic()
        for step_ms in self._clock.take_steps():
            self._stepped_until_s = now_s + _STEP_TOLD_S
            self._metrics.clock_steps.inc()
            log.warning("clock_stepped", forward_ms=step_ms, clock=utc(report.now_ms))
        self._metrics.clock_believed.set(report.doubt is None)
        self._metrics.clock_synchronised.set(report.synchronised)
        self._metrics.token_difference.set(self._tokens.difference_s(now_s))
        self._metrics.ledger_ahead.set(max(0, self._newest_ms() - report.now_ms) / 1000)
        if report.doubt is self._told and (report.doubt is None or now_s < self._tell_again_s):
            return
        self._told, self._tell_again_s = report.doubt, now_s + TOLD_EVERY_S
        last = utc(report.last_ms) if report.last_ms is not None else "unknown"
        facts = {"clock": utc(report.now_ms), "last_sign_of_life": last, "synchronised": report.synchronised}
        if report.doubt is None:
            log.info("clock_believed", **facts)
        else:
            fault = ClockDoubted(report.doubt)
            log.error("clock_doubted", why=report.doubt.value, **facts, remedy=fault.problem.remedy)

    def note_token(self, member: Address, difference_s: int) -> None:
        """Take in what a token, whose signature holds, says of the time: seconds ahead of the hub's."""
        self._tokens.note(member, difference_s, self._monotonic())

    def token_difference_s(self) -> int:
        """By how much the clocks of most members are ahead of the hub's, in seconds."""
        return self._tokens.difference_s(self._monotonic())

    def warnings(self) -> Sequence[ClockWarning]:
        """What is wrong with a clock that is believed all the same."""
        report, now_s = self._clock.report(), self._monotonic()
        found = {
            ClockWarning.UNSYNCHRONISED: not report.synchronised,
            ClockWarning.STEPPED: now_s < self._stepped_until_s,
            ClockWarning.DIFFERS: abs(self.token_difference_s()) > DIFFERS_S,
            ClockWarning.LEDGER_AHEAD: self._newest_ms() - report.now_ms > BEHIND_MS,
        }
        return [warning for warning, holds in found.items() if holds]
