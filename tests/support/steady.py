"""A hub's clock that a test moves and that is always believed: what `broker.ports.Timekeeping` has beside the time."""

from __future__ import annotations

from collections.abc import Sequence

from broker.core.timekeeping import TimeReport


class Steady:
    """To be mixed into a clock with `now_ms` and `new_jti`."""

    def now_ms(self) -> int:
        """Milliseconds since 1970 UTC."""
        raise NotImplementedError

    def report(self) -> TimeReport:
        """The clock is synchronised and believed."""
        now_ms = self.now_ms()
        return TimeReport(now_ms, synchronised=True, doubt=None, last_ms=now_ms)

    def take_steps(self) -> Sequence[int]:
        """None."""
        return ()

    def keep_life(self, newest_ms: int) -> None:
        """Nobody looks for it."""

    def confirm(self, said_ms: int, newest_ms: int) -> None:
        """It is believed anyway."""
