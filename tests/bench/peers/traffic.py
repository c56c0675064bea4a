"""What is sent through the peers, and what is counted of it.

The bytes are those of the hub's own workloads: signed, sealed dispatches. A peer reads none of
them, so each sender has only a few, sent again and again with a number in front.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple, Protocol

from tests.bench.alerts import Alerts
from tests.bench.workloads import SEVEN, others_than
from tests.support.world import World

_NUMBER_BYTES = 12
_DIFFERENT = 4
_DRAIN_S = 180.0


class Parcel(NamedTuple):
    """One alert as a peer carries it.

    Attributes:
        number: which one, also at the beginning of its bytes.
        whole: what a member of Serai submits: statement, content, an entry for each recipient.
        own: what one recipient needs of it: statement, content, one entry.
    """

    number: int
    whole: bytes
    own: bytes


class Take(Protocol):
    """Called with the bytes of each alert that comes."""

    def __call__(self, data: bytes, /) -> None:
        """Take it."""


class Line(Protocol):
    """One member's connections."""

    async def send(self, parcel: Parcel, to: Sequence[str]) -> None:
        """Return when the alert is kept for all recipients."""

    async def close(self) -> None:
        """End them."""


class System(Protocol):
    """A peer."""

    def describe(self) -> str:
        """Version and settings; raises `MissingServerError`."""

    def serve(self, folder: Path) -> AbstractContextManager[int]:
        """The server at work; gives its process id."""

    async def prepare(self, names: Sequence[str]) -> None:
        """Make a durable queue for each of these."""

    async def connect(self, name: str, take: Take | None, tasks: asyncio.TaskGroup) -> Line:
        """Connect a member, that takes what comes unless ``take`` is ``None``; what it keeps doing is in ``tasks``."""


def queue_of(member: str) -> str:
    """The name of a member's queue."""
    return member.replace("/", ".")


def own_part(text: bytes) -> bytes:
    """A `submit` without the entries of all recipients but one."""
    frame = json.loads(text)
    frame["sealed"]["recipients"] = frame["sealed"]["recipients"][:1]
    return json.dumps(frame, separators=(",", ":")).encode()


def number_of(data: bytes) -> int:
    """Which alert these bytes are."""
    return int(data[:_NUMBER_BYTES])


class Parcels:
    """The alerts of one sender.

    Args:
        world: the network with everybody's keys.
        sender: a member with the officer ``DUTY-1``.
        to: the recipients.
        numbers: shared by all senders.
    """

    def __init__(self, world: World, sender: str, to: Sequence[str], numbers: Iterator[int]) -> None:
        alerts = Alerts(world, f"{sender}/DUTY-1", to, _DIFFERENT)
        texts = [alerts.text(alert) for alert in alerts.alerts]
        self.to = [queue_of(member) for member in to]
        self._numbers = numbers
        self._texts = itertools.cycle([(text, own_part(text)) for text in texts])

    def next(self) -> Parcel:
        """The next one."""
        number = next(self._numbers)
        head = b"%0*d" % (_NUMBER_BYTES, number)
        whole, own = next(self._texts)
        return Parcel(number, head + whole, head + own)


def make_parcels(senders: Sequence[str], to: Sequence[str] | None = None) -> list[Parcels]:
    """The alerts of several senders, each to ``to`` or to the six others."""
    world, numbers = World(SEVEN), itertools.count(1)
    return [Parcels(world, sender, others_than(sender) if to is None else to, numbers) for sender in senders]


class Tally:
    """What was accepted for whom, and what has come.

    Args:
        backlog: undelivered copies beyond which senders pause; ``None`` if they never do.
    """

    def __init__(self, backlog: int | None = None) -> None:
        self.accepted = self.copies = self.delivered = 0
        self.due: dict[str, list[int]] = {}
        self.came: dict[str, list[int]] = {}
        self.times: dict[int, float] = {}
        self.took: list[float] = []
        self._backlog = backlog
        self._limit = 0
        self._below = asyncio.Event()

    @property
    def outstanding(self) -> int:
        """Copies of accepted alerts that have not come; copies may come before the answer."""
        return self.copies - self.delivered

    def taker(self, queue: str) -> Take:
        """What counts the alerts that come for one member."""
        came = self.came.setdefault(queue, [])

        def take(data: bytes) -> None:
            number = number_of(data)
            came.append(number)
            self.delivered += 1
            if (start := self.times.get(number)) is not None:
                self.took.append(time.perf_counter() - start)
            if self.outstanding <= self._limit:
                self._below.set()

        return take

    async def send(self, line: Line, parcels: Parcels, *, timed: bool = False) -> None:
        """Send the next alert, and count it when it is accepted."""
        parcel = parcels.next()
        if timed:
            self.times[parcel.number] = time.perf_counter()
        await line.send(parcel, parcels.to)
        self.accepted += 1
        self.copies += len(parcels.to)
        for queue in parcels.to:
            self.due.setdefault(queue, []).append(parcel.number)

    async def keep_sending(self, line: Line, parcels: Parcels, turns: Iterator[object]) -> None:
        """One of the alerts in flight: send, wait until it is accepted, again, as long as there are turns."""
        for _ in turns:
            if self._backlog is not None and self.outstanding > self._backlog:
                await self.drop_to(self._backlog // 2)
            await self.send(line, parcels)

    async def drop_to(self, limit: int) -> None:
        """Wait until at most so many copies have not come.

        Raises:
            TimeoutError: they do not come.
        """
        try:
            async with asyncio.timeout(_DRAIN_S):
                while self.outstanding > limit:
                    self._limit = limit
                    self._below.clear()
                    await self._below.wait()
        except TimeoutError as error:
            raise TimeoutError(f"{self.outstanding} copies have not come in {_DRAIN_S:.0f} s") from error

    def check(self) -> int:
        """Demand that every recipient got each alert that was accepted for it, once; says how many alerts.

        Raises:
            AssertionError: something was lost, came twice, or came unasked.
        """
        for queue in self.due.keys() | self.came.keys():
            due, came = self.due.get(queue, []), self.came.get(queue, [])
            lost, more = set(due) - set(came), set(came) - set(due)
            twice = len(came) - len(set(came))
            wrong = len(lost) + len(more) + twice
            assert wrong == 0, f"{queue}: {len(lost)} lost, {len(more)} unexpected, {twice} twice"
        return self.accepted
