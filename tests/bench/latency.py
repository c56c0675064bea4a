"""Latency: alerts at a fixed rate to six members each, whatever the hub does, from send to arrival."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench.alerts import Alerts
from tests.bench.measure import percentile
from tests.bench.members import Load, Member
from tests.bench.network import Bench

RATE = 200
_DRAIN_S = 120.0


@dataclass(frozen=True, slots=True)
class Took:
    """How long copies took, in seconds, the fastest first."""

    seconds: Sequence[float]

    def ms(self, part: float) -> float:
        """In how many milliseconds this part of them had come, 0 to 1."""
        return round(percentile(list(self.seconds), part) * 1e3, 2)


class Latency:
    """Six members that send 200 alerts a second together, each to the six others of seven.

    Args:
        network: the network of seven members and its hub, at work.
        names: of the members.
        seconds: for how long alerts are prepared.
    """

    def __init__(self, network: Bench, names: Sequence[str], seconds: float) -> None:
        count = int(RATE * seconds)
        self.load = Load(len(names))
        self._sent_at: dict[bytes, float] = {}
        self._took: list[float] = []
        self._number = 0
        self._alerts = [
            Alerts(network.world, f"{name}/DUTY-1", [other for other in names if other != name], -(-count // 6))
            for name in names[:6]
        ]
        self.members = [Member(network, name, self.load, self._alerts[0].item_bytes, self._arrived) for name in names]

    def _arrived(self, buffer: bytearray, at: int, end: int) -> None:
        now = time.perf_counter()
        begin = buffer.index(b'"statement":"', at, end) + 13
        close = buffer.index(b'"', begin, end)
        if (start := self._sent_at.get(bytes(buffer[close - 24 : close]))) is not None:
            self._took.append(now - start)

    @property
    def sent(self) -> int:
        """How many alerts so far."""
        return self._number

    async def measure(self, seconds: float) -> Took:
        """Send for so long, and wait until everything has come."""
        self._sent_at.clear()
        self._took = []
        first = time.perf_counter() + 0.1
        for number in range(int(RATE * seconds)):
            await asyncio.sleep(max(0.0, first + number / RATE - time.perf_counter()))
            own = self._alerts[self._number % 6]
            alert = own.alerts[self._number // 6]
            self._sent_at[alert.statement[-24:]] = time.perf_counter()
            self.members[self._number % 6].send(own, alert)
            self._number += 1
        await self.load.until(lambda: self.load.accepted == self._number and not self.load.outstanding, _DRAIN_S)
        return Took(sorted(self._took))
