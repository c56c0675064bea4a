"""Where clients meet the machine: clock, chance and waiting, each replaceable.

Nothing else in the package reads a clock or draws random bytes; tests hand in their own
`System` and are deterministic.
"""

from __future__ import annotations

import asyncio
import ctypes
import resource
import secrets
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from schemas import limits

_TOLERATED_MS: Final = 1_000
"""A difference below this is the line's delay, not the clock's fault."""

_PR_SET_DUMPABLE: Final = 4


def _wall_ms() -> int:
    return time.time_ns() // 1_000_000


def may_correct(offset_ms: int, confirmed_ms: int) -> bool:
    """Whether a client takes over a time without asking a person (PROTOCOL 8).

    Args:
        offset_ms: how far it is ahead of this machine's clock.
        confirmed_ms: how far a person has confirmed that it may be; 0 if nobody has.
    """
    return min(abs(offset_ms), abs(offset_ms - confirmed_ms)) <= 1000 * limits.CLOCK_CORRECTION_S


class Clock:
    """The network's time: this machine's clock, corrected by what the hub said.

    Args:
        wall_ms: milliseconds since 1970 UTC by this machine.
        offset_ms: what to add; kept from the last run.

    Attributes:
        confirmed_ms: what has to be added to this machine's clock as far as a person has confirmed it; 0 if nobody has.
    """

    def __init__(self, wall_ms: Callable[[], int] = _wall_ms, offset_ms: int = 0) -> None:
        self._wall_ms = wall_ms
        self.offset_ms = offset_ms
        self.confirmed_ms = 0

    def time_ms(self) -> int:
        """Milliseconds since 1970 UTC."""
        return self._wall_ms() + self.offset_ms

    def local_ms(self) -> int:
        """Milliseconds since 1970 UTC by this machine alone, which no hub can put off."""
        return self._wall_ms()

    def time_s(self) -> int:
        """Whole seconds since 1970 UTC."""
        return self.time_ms() // 1000

    def correct(self, hub_time_ms: int) -> bool:
        """Take over the hub's time, if the difference is more than a line's delay.

        Returns:
            False, and nothing is changed, where that would be more than 24 hours from this machine's clock, and from
            what a person has confirmed (PROTOCOL 8).
        """
        offset_ms = hub_time_ms - self._wall_ms()
        if not may_correct(offset_ms, self.confirmed_ms):
            return False
        if abs(offset_ms - self.offset_ms) > _TOLERATED_MS:
            self.offset_ms = offset_ms
        return True

    def is_ahead(self, accepted_ms: int) -> bool:
        """Whether a leaf's time is more than an hour ahead of this machine's clock, as far as people have set it."""
        return accepted_ms - self._wall_ms() - self.confirmed_ms > 1000 * limits.LEAF_AHEAD_S


def _machine() -> str:
    """The identity that systemd gave this machine (machine-id(5))."""
    with suppress(OSError, UnicodeDecodeError):
        return Path("/etc/machine-id").read_text().strip()
    return ""


@dataclass(frozen=True, slots=True)
class System:
    """What a client takes from the machine.

    Attributes:
        clock: the network's time.
        entropy: so many random bytes.
        monotonic: seconds that never go back.
        sleep: waits for so many seconds.
        machine: what tells this machine from others; empty where nothing does.
    """

    clock: Clock = field(default_factory=Clock)
    entropy: Callable[[int], bytes] = secrets.token_bytes
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    machine: Callable[[], str] = _machine

    def fraction(self) -> float:
        """A random number from 0 to below 1."""
        return int.from_bytes(self.entropy(6)) / (1 << 48)


def hide_memory() -> None:
    """Keep other processes of the same user, and core files, from the keys in memory (prctl(2), getrlimit(2))."""
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError, AttributeError):  # not Linux
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def full_jitter_s(attempt: int, fraction: float) -> float:
    """How long to wait before a further attempt (PROTOCOL 13).

    Args:
        attempt: how many have failed, from 0.
        fraction: a random number from 0 to below 1.
    """
    return fraction * min(30.0, 0.5 * float(1 << min(attempt, 10)))
