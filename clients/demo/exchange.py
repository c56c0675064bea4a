"""The exchange itself: every focal point sends, everybody receives and acknowledges, the hub dies once."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from clients.demo.parties import MEMBERS
from clients.focalpoint import FocalPoint
from clients.mail.cover import Cover
from clients.mail.sent import Sent
from clients.network.hub import HubProcess
from schemas import limits
from schemas.addresses import Address
from schemas.errors import Code, SeraiError
from schemas.reports import SeizureReport

_WINDOW: Final = 32
"""Reports of one sender on their way to the ledger at a time."""

_FLUSH_S: Final = 0.1
"""How long an officer gathers what came before acknowledging it."""

_STALL_S: Final = 60.0
"""Without any progress for so long, something is lost."""

Tell = Callable[[int, str], None]
"""Called with how many deliveries have come, and what goes on."""


@dataclass
class Exchange:
    """One run.

    Args:
        points: everybody, each with a line.
        reports: what is to be sent, by sender.
        hub: serves; is killed once, in the middle.
        tell: called with progress.

    Attributes:
        times_ms: from handing a report over to its arrival in an inbox, of each delivery.
    """

    points: Mapping[Address, FocalPoint]
    reports: Mapping[Address, list[SeizureReport]]
    hub: HubProcess
    tell: Tell
    times_ms: list[float] = field(default_factory=list)
    _handed_s: dict[str, float] = field(default_factory=dict)
    _gathered: dict[tuple[Address, Address], list[str]] = field(default_factory=lambda: defaultdict(list))
    _acknowledged: list[Sent] = field(default_factory=list)
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _what: str = "exchanging"

    @property
    def due(self) -> int:
        """How many deliveries there will be."""
        return (len(MEMBERS) - 1) * sum(len(reports) for reports in self.reports.values())

    async def run(self) -> None:
        """Send everything, until everything has come and is acknowledged.

        Raises:
            SeraiError: ``internal`` if nothing moves any more; what a sender was refused with.
        """
        try:
            async with asyncio.TaskGroup() as group:
                await self._run(group)
        except ExceptionGroup as faults:
            raise _first(faults) from faults

    async def _run(self, group: asyncio.TaskGroup) -> None:
        taking = [group.create_task(self._take(member)) for member in self.points]
        acknowledging = group.create_task(self._acknowledge())
        group.create_task(self._cut_power())
        for member, reports in self.reports.items():
            group.create_task(self._send(member, reports))
        await self._until(self.due)
        for task in (acknowledging, *taking):
            task.cancel()
        self._flush()
        async with asyncio.timeout(_STALL_S):
            for sent in self._acknowledged:
                await sent

    async def _send(self, member: Address, reports: list[SeizureReport]) -> None:
        room = asyncio.Semaphore(_WINDOW)
        others = Cover(tuple(each for each in MEMBERS if each != member))
        async with asyncio.TaskGroup() as group:
            for report in reports:
                await room.acquire()
                self._handed_s[report.our_reference] = time.monotonic()
                sent = self.points[member].send(report, others)
                group.create_task(_settle(sent)).add_done_callback(lambda _: room.release())

    async def _cut_power(self) -> None:
        await self._until(self.due // 2)
        self._say("hub killed, starting it again")
        await self.hub.kill()
        await self.hub.start()
        self._say("hub is back, exchanging")

    def _say(self, what: str) -> None:
        self._what = what
        self.tell(len(self.times_ms), what)

    async def _until(self, count: int) -> None:
        while len(self.times_ms) < count:
            self._arrived.clear()
            try:
                async with asyncio.timeout(_STALL_S):
                    await self._arrived.wait()
            except TimeoutError:
                detail = f"nothing has come for {_STALL_S:.0f} s; {len(self.times_ms)} of {self.due}"
                raise SeraiError(Code.INTERNAL, detail) from None

    async def _take(self, member: Address) -> None:
        async for delivery in self.points[member].deliveries():
            if delivery.report is None or delivery.sender is None:
                raise SeraiError(Code.INTERNAL, f"{member}: step {delivery.step} failed, {delivery.code}")
            self.times_ms.append(1000 * (time.monotonic() - self._handed_s[delivery.report.our_reference]))
            self._gathered[member, delivery.sender].append(delivery.digest)
            self._arrived.set()
            self.tell(len(self.times_ms), self._what)

    async def _acknowledge(self) -> None:
        while True:
            await asyncio.sleep(_FLUSH_S)
            self._flush()

    def _flush(self) -> None:
        """Each officer acknowledges what came, with one receipt for each sender."""
        for (member, _), digests in self._gathered.items():
            for part in _parts(digests):
                self._acknowledged.append(self.points[member].acknowledge(part))
        self._gathered.clear()


async def _settle(sent: Sent) -> None:
    await sent


def _parts(digests: list[str]) -> Iterator[list[str]]:
    return (digests[at : at + limits.DIGESTS] for at in range(0, len(digests), limits.DIGESTS))


def _first(faults: BaseExceptionGroup[BaseException]) -> BaseException:
    """The first fault that is no group."""
    fault = faults.exceptions[0]
    return _first(fault) if isinstance(fault, BaseExceptionGroup) else fault
