"""Where clients meet the machine: clock, chance and waiting, each replaceable.

Nothing else in the package reads a clock or draws random bytes; tests hand in their own
`System` and are deterministic.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

_TOLERATED_MS: Final = 1_000
"""A difference below this is the line's delay, not the clock's fault."""


def _wall_ms() -> int:
    return time.time_ns() // 1_000_000


class Clock:
    """The network's time: this machine's clock, corrected by what the hub said.

    Args:
        wall_ms: milliseconds since 1970 UTC by this machine.
        offset_ms: what to add; kept from the last run.
    """

    def __init__(self, wall_ms: Callable[[], int] = _wall_ms, offset_ms: int = 0) -> None:
        self._wall_ms = wall_ms
        self.offset_ms = offset_ms

    def time_ms(self) -> int:
        """Milliseconds since 1970 UTC."""
        return self._wall_ms() + self.offset_ms

    def local_ms(self) -> int:
        """Milliseconds since 1970 UTC by this machine alone, which no hub can put off."""
        return self._wall_ms()

    def time_s(self) -> int:
        """Whole seconds since 1970 UTC."""
        return self.time_ms() // 1000

    def correct(self, hub_time_ms: int) -> None:
        """Take over the hub's time, if the difference is more than a line's delay."""
        if abs(hub_time_ms - self.time_ms()) > _TOLERATED_MS:
            self.offset_ms = hub_time_ms - self._wall_ms()


@dataclass(frozen=True, slots=True)
class System:
    """What a client takes from the machine.

    Attributes:
        clock: the network's time.
        entropy: so many random bytes.
        monotonic: seconds that never go back.
        sleep: waits for so many seconds.
    """

    clock: Clock = field(default_factory=Clock)
    entropy: Callable[[int], bytes] = secrets.token_bytes
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    def fraction(self) -> float:
        """A random number from 0 to below 1."""
        return int.from_bytes(self.entropy(6)) / (1 << 48)


def full_jitter_s(attempt: int, fraction: float) -> float:
    """How long to wait before a further attempt (PROTOCOL 13).

    Args:
        attempt: how many have failed, from 0.
        fraction: a random number from 0 to below 1.
    """
    return fraction * min(30.0, 0.5 * float(1 << min(attempt, 10)))
