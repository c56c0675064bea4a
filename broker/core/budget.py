"""What somebody may spend: so much at once, so much more with each second."""

from __future__ import annotations


class Budget:
    """A token bucket, full at first.

    Args:
        burst: what may be spent at once.
        per_s: what comes back in a second.
    """

    __slots__ = ("_burst", "_left", "_per_s", "_seen_s")

    def __init__(self, burst: float, per_s: float) -> None:
        self._burst = self._left = burst
        self._per_s = per_s
        self._seen_s = 0.0

    def spend(self, cost: float, now_s: float) -> bool:
        """Spend; false, and nothing is spent, if there is not so much left.

        Args:
            cost: how much.
            now_s: seconds of a clock that never goes back.
        """
        self._earn(now_s)
        if cost > self._left:
            return False
        self._left -= cost
        return True

    def give_back(self, amount: float) -> None:
        """Undo spending; no more than the burst is ever there."""
        self._left = min(self._burst, self._left + amount)

    def is_full(self, now_s: float) -> bool:
        """Whether all of the burst is there, as in a new one."""
        self._earn(now_s)
        return self._left == self._burst

    def _earn(self, now_s: float) -> None:
        self._left = min(self._burst, self._left + self._per_s * max(0.0, now_s - self._seen_s))
        self._seen_s = max(self._seen_s, now_s)
